/* SPDX-License-Identifier: MIT */
/* What a page says, in rows: cards abreast where there is room. */
#include "ui/panes/profile_private.h"

#include <stdlib.h>

#include "base/mem.h"

enum {
	TWO_COLS = 76, /* from there on two cards stand abreast */
	ABREAST_COLS = 110,
	THREE_COLS = 170,
	SUSPECTS = 8,   /* of each list */
	HOW_COLS = 72,  /* words of advice are wrapped there at the latest */
	CARD_LINES = 8, /* of a card that is not open */
};

const char profile_nothing[] = "nothing";

/* Rows -------------------------------------------------------------------- */

static struct profile_row *add_row(struct profile_pane *p)
{
	p->row = mem_grow(p->row, &p->cap, p->n + 1, sizeof(*p->row));
	p->row[p->n] = (struct profile_row){ .n = 1 };
	return &p->row[p->n++];
}

static void add_heading(struct profile_pane *p, const char *text)
{
	if (p->n)
		add_row(p);
	add_row(p)->cell[0].heading = text;
}

/* A sentence, wrapped at blanks. */
static void add_wrapped(struct profile_pane *p, enum part part, uint32_t number,
			struct str text)
{
	size_t width = (size_t)(p->cols > 20 ? p->cols - 8 : 12);

	if (width > HOW_COLS && p->cols < ABREAST_COLS)
		width = HOW_COLS;
	while (text.n) {
		size_t n = text.n;

		if (n > width) {
			n = width;
			while (n > 1 && text.p[n] != ' ')
				n--;
		}
		add_row(p)->cell[0] =
			(struct profile_cell){ .part = part,
					       .number = number,
					       .how = str_sub(text, 0, n) };
		text = str_trim(str_from(text, n));
	}
}

static void add_how(struct profile_pane *p, uint32_t number)
{
	add_wrapped(p, PART_HOW, number,
		    str_of(credential_kind_how(
			    p->page.revocation.credential[number].kind)));
}

static void add_credentials(struct profile_pane *p)
{
	const struct revocation *r = &p->page.revocation;

	add_heading(p,
		    "credentials to revoke, live at the end of the evidence");
	p->revoke = p->n - 1;
	if (p->page.revoked != NODE_NONE)
		add_row(p)->cell[0].heading =
			"nothing of its own; of its origin:";
	for (uint32_t i = 0; i < r->n; i++) {
		add_row(p)->cell[0] = (struct profile_cell){
			.part = PART_CREDENTIAL, .number = i
		};
		/* Of a kind that has several the advice stands once. */
		if (i + 1 == r->n ||
		    r->credential[i + 1].kind != r->credential[i].kind)
			add_how(p, i);
	}
	if (!r->n)
		add_row(p)->cell[0].heading = profile_nothing;
}

/* Cards abreast ----------------------------------------------------------- */

/* One column of a band. */
struct stack {
	struct profile_cell *cell;
	size_t n, cap;
};

static struct profile_cell *put(struct stack *s, enum part part)
{
	s->cell = mem_grow(s->cell, &s->cap, s->n + 1, sizeof(*s->cell));
	s->cell[s->n] = (struct profile_cell){ .part = part };
	return &s->cell[s->n++];
}

static void put_heading(struct stack *s, const char *text)
{
	if (s->n)
		put(s, PART_NONE);
	put(s, PART_NONE)->heading = text;
}

/* `n` lines of a part, the first few unless it is open. */
static void put_lines(struct profile_pane *p, struct stack *s, enum part part,
		      enum profile_card_kind card, size_t n)
{
	bool open = p->open & 1u << card;

	for (size_t i = 0; i < n; i++) {
		struct profile_cell *cell;

		if (!open && i == CARD_LINES - 1 && n > CARD_LINES) {
			cell = put(s, PART_MORE);
			cell->card = card;
			cell->number = (uint32_t)(n - i);
			return;
		}
		cell = put(s, part);
		cell->card = card;
		cell->number = (uint32_t)i;
	}
	if (!n)
		put(s, PART_NONE)->heading = profile_nothing;
}

static void put_card(struct profile_pane *p, struct stack *s,
		     enum profile_card_kind card)
{
	size_t n = p->page.profile.card[card].n;

	if (profile_card_is_own(card, &p->page.entity, p->l))
		return;
	/* What is empty is told of calls alone. */
	if (!n && card != CARD_CALLS && card != CARD_SOURCES)
		return;
	put_heading(s, profile_card_title(card));
	s->cell[s->n - 1].number = 1;
	s->cell[s->n - 1].card = card;
	put_lines(p, s, PART_VALUE, card, n);
}

static void put_alerts(struct profile_pane *p, struct stack *s)
{
	put_heading(s, "alerts");
	put_lines(p, s, PART_ALERT, CARD_COUNT, p->page.profile.alert_n);
}

static void put_on(struct profile_pane *p, struct stack *s)
{
	put_heading(s, "was done to it");
	for (size_t i = 0; i < p->page.on_n; i++)
		put(s, PART_ON)->number = (uint32_t)i;
	if (!p->page.on_n)
		put(s, PART_NONE)->heading = profile_nothing;
}

/* Puts the columns side by side. */
static void add_band(struct profile_pane *p, struct stack *s, int n)
{
	size_t most = 0;

	for (int k = 0; k < n; k++)
		most = s[k].n > most ? s[k].n : most;
	if (p->n && most)
		add_row(p);
	for (size_t i = 0; i < most; i++) {
		struct profile_row *r = add_row(p);

		r->n = n;
		for (int k = 0; k < n; k++)
			if (i < s[k].n)
				r->cell[k] = s[k].cell[i];
	}
	for (int k = 0; k < n; k++)
		s[k].n = 0;
}

static void add_cards(struct profile_pane *p)
{
	int n = p->cols >= THREE_COLS ? 3 : p->cols >= TWO_COLS ? 2 : 1;
	struct stack stack[PROFILE_COLS] = { { NULL, 0, 0 } };
	struct stack *second = &stack[n > 1], *third = &stack[n - 1];

	put_card(p, &stack[0], CARD_CALLS);
	/* Of an API there is one call: who made it takes that place. */
	put_card(p, stack[0].n ? second : &stack[0], CARD_WHO);
	put_card(p, second, CARD_SOURCES);
	put_card(p, second, CARD_AGENTS);
	put_card(p, third, CARD_REGIONS);
	put_card(p, third, CARD_ACCOUNTS);
	put_card(p, third, CARD_ERRORS);
	add_band(p, stack, n);
	put_card(p, &stack[0], CARD_RESOURCES);
	put_alerts(p, second);
	if (p->page.node) {
		p->on_side = n - 1;
		p->on = third->n ? third->n + 1 : 0;
		put_on(p, third);
		p->on += p->n + (p->n > 0);
	}
	add_band(p, stack, n);
	for (int k = 0; k < PROFILE_COLS; k++)
		free(stack[k].cell);
}

static void add_suspects(struct profile_pane *p, const char *heading,
			 uint32_t first, uint32_t n, const char *nothing)
{
	add_heading(p, heading);
	for (uint32_t i = 0; i < n && i < SUSPECTS; i++)
		add_row(p)->cell[0] = (struct profile_cell){
			.part = PART_SUSPECT, .number = first + i
		};
	if (!n)
		add_row(p)->cell[0].heading = nothing;
}

void profile_arrange(struct profile_pane *p)
{
	const struct suspects *s = &p->page.suspects;

	p->n = 0;
	p->on = p->revoke = SIZE_MAX;
	if (!p->page.has)
		return;
	add_cards(p);
	if (!p->page.node)
		return;
	add_suspects(p, "who may be behind it, most likely first", 0,
		     s->responsible_n, "nobody, as far as the evidence goes");
	if (s->built_by_n)
		add_suspects(p, "built or changed by, and no suspects",
			     s->responsible_n, s->built_by_n, "");
	add_credentials(p);
	if (!p->page.profile.rows.n || !p->page.on_n || !s->responsible_n ||
	    !p->page.revocation.n) {
		add_heading(p, "where nothing stands");
		add_wrapped(p, PART_NONE_WHY, 0, strbuf_str(&p->why));
	}
}
