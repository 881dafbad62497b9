/* SPDX-License-Identifier: MIT */
/* The page of an identity. */
#include "ui/app.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "identity/tree.h"
#include "ui/histogram.h"
#include "ui/panes/profile.h"
#include "ui/panes/profile_private.h"
#include "ui/picks.h"

enum {
	SIDE_COLS = 110, /* from there on did and was done to stand abreast */
	SUSPECTS = 8,    /* of each list */
	HOW_COLS = 72,   /* words of advice are wrapped there at the latest */
};

static void *profile_open(void)
{
	struct profile_pane *p = mem_zero(1, sizeof(*p));

	strbuf_init(&p->of);
	strbuf_init(&p->why);
	return p;
}

static void profile_close(void *state)
{
	struct profile_pane *p = state;

	page_release(&p->page);
	strbuf_release(&p->of);
	strbuf_release(&p->why);
	free(p->row);
	free(p);
}

/* Rows -------------------------------------------------------------------- */

static struct profile_row *add_row(struct profile_pane *p)
{
	p->row = mem_grow(p->row, &p->cap, p->n + 1, sizeof(*p->row));
	p->row[p->n] = (struct profile_row){ .abreast = false };
	return &p->row[p->n++];
}

static void add_heading(struct profile_pane *p, const char *left,
			const char *right)
{
	struct profile_row *r;

	if (p->n)
		add_row(p);
	r = add_row(p);
	r->cell[0].heading = left;
	r->cell[1].heading = right;
	r->abreast = right != NULL;
}

static void add_parts(struct profile_pane *p, enum part part, size_t n,
		      const char *nothing)
{
	for (size_t i = 0; i < n; i++)
		add_row(p)->cell[0] = (struct profile_cell){
			.part = part, .number = (uint32_t)i
		};
	if (!n)
		add_row(p)->cell[0].heading = nothing;
}

static const char did_text[] = "did";
static const char on_text[] = "was done to it";
const char profile_nothing[] = "nothing";

static struct profile_cell cell_of(enum part part, size_t i, size_t n)
{
	struct profile_cell c = { .part = PART_NONE };

	if (i < n)
		c = (struct profile_cell){ .part = part,
					   .number = (uint32_t)i };
	else if (!n && !i)
		c.heading = profile_nothing;
	return c;
}

static void add_abreast(struct profile_pane *p)
{
	size_t did = p->page.did_n, on = p->page.on_n;
	size_t n = did > on ? did : on;

	add_heading(p, did_text, on_text);
	p->on = p->n - 1;
	for (size_t i = 0; i < (n ? n : 1); i++) {
		struct profile_row *r = add_row(p);

		r->abreast = true;
		r->cell[0] = cell_of(PART_DID, i, did);
		r->cell[1] = cell_of(PART_ON, i, on);
	}
}

/* A sentence, wrapped at blanks. */
static void add_wrapped(struct profile_pane *p, enum part part, uint32_t number,
			struct str text)
{
	size_t width = (size_t)(p->cols > 20 ? p->cols - 8 : 12);

	if (width > HOW_COLS && p->cols < SIDE_COLS)
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

	add_heading(p, "credentials to revoke, live at the end of the evidence",
		    NULL);
	p->revoke = p->n - 1;
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

static void arrange(struct profile_pane *p)
{
	const struct suspects *s = &p->page.suspects;
	size_t n = s->responsible_n < SUSPECTS ? s->responsible_n : SUSPECTS;

	p->n = 0;
	if (!p->page.node)
		return;
	if (p->cols >= SIDE_COLS) {
		add_abreast(p);
	} else {
		add_heading(p, did_text, NULL);
		add_parts(p, PART_DID, p->page.did_n, profile_nothing);
		add_heading(p, on_text, NULL);
		p->on = p->n - 1;
		add_parts(p, PART_ON, p->page.on_n, profile_nothing);
	}
	add_heading(p, "who may be behind it, most likely first", NULL);
	add_parts(p, PART_SUSPECT, n, "nobody, as far as the evidence goes");
	if (s->built_by_n) {
		add_heading(p, "built or changed by, and no suspects", NULL);
		for (size_t i = 0; i < s->built_by_n && i < SUSPECTS; i++)
			add_row(p)->cell[0] = (struct profile_cell){
				.part = PART_SUSPECT,
				.number = s->responsible_n + (uint32_t)i
			};
	}
	add_credentials(p);
	if (!p->page.did_n || !p->page.on_n || !n || !p->page.revocation.n) {
		add_heading(p, "where nothing stands", NULL);
		add_wrapped(p, PART_NONE_WHY, 0, strbuf_str(&p->why));
	}
}

static int profile_resized(void *state, int rows, int cols)
{
	struct profile_pane *p = state;

	if (p->cols != cols) {
		p->cols = cols;
		arrange(p);
		list_replace(&p->list, p->n,
			     p->list.cursor < p->n ? p->list.cursor : 0);
	}
	return rows > 2 * HEAD_ROWS ? rows - HEAD_ROWS : rows;
}

/* Refreshing -------------------------------------------------------------- */

static void profile_refresh(void *state, struct desk *d)
{
	struct profile_pane *p = state;
	bool same = d->snap && p->made_of == d->snap->version;
	node_id node;

	if (!d->snap)
		return;
	if (!same) {
		page_release(&p->page);
		p->made_of = d->snap->version;
	}
	node = p->of.n ? lineage_node(d->snap->lineage, strbuf_str(&p->of)) :
			 NODE_NONE;
	if (!node && d->selected != ROW_NONE)
		node = profile_subject(d->snap->lineage,
				       lineage_subject(d->snap->lineage,
						       d->selected));
	if (same && node == p->page.node)
		return;
	page_release(&p->page);
	strbuf_clear(&p->why);
	if (node) {
		page_make(&p->page, d->snap, node);
		desk_none_of(d, lineage_account_text(d->snap->lineage, node),
			     &p->why);
	}
	arrange(p);
	list_replace(&p->list, p->n,
		     p->list.cursor < p->n ? p->list.cursor : 0);
}

node_id profile_subject(const struct lineage *l, node_id acting)
{
	node_id node = tree_stand_in(l, acting);
	const struct lineage_edge *up = lineage_parent(l, node);

	return up && up->kind == EDGE_OWNS ? up->from : node;
}

void profile_go(struct app *app, const struct lineage *l, node_id node,
		enum profile_part part)
{
	struct profile_pane *p = app_pane(app, PANE_PROFILE)->state;
	size_t row;

	app_remember(app);
	strbuf_clear(&p->of);
	strbuf_add(&p->of, lineage_id(l, node));
	p->side = 0;
	list_first(&p->list);
	app_focus(app, PANE_PROFILE);
	if (part == PROFILE_TOP)
		return;
	row = part == PROFILE_REVOKE ? p->revoke : p->on;
	if (row >= p->n)
		return;
	p->side = part == PROFILE_DONE_TO && p->row[row].abreast;
	list_last(&p->list);
	list_goto(&p->list, row + 1);
	list_show_from(&p->list, row);
}

static void profile_title(const void *state, const struct desk *d,
			  struct arena *arena, struct safetext *left,
			  struct safetext *right)
{
	const struct profile_pane *p = state;
	struct strbuf text;

	*left = safe_literal("6 Profile] ");
	*right = list_position(&p->list, arena);
	if (!d->snap || !p->page.node)
		return;
	strbuf_init(&text);
	node_describe(d->snap->lineage, p->page.node, &text);
	*left = safe_join(arena, *left,
			  safe_text(arena, strbuf_str(&text), SAFE_LIST));
	strbuf_release(&text);
}

/* Commands ---------------------------------------------------------------- */

static const struct profile_cell *chosen_cell(const struct profile_pane *p)
{
	const struct profile_row *r;

	if (p->list.cursor >= p->n)
		return NULL;
	r = &p->row[p->list.cursor];
	return &r->cell[r->abreast ? p->side : 0];
}

/* What it did by name; what was done to it by event, for there are few. */
static void drill(struct profile_pane *p, struct app *app, const struct desk *d)
{
	const struct profile_cell *cell = chosen_cell(p);
	const struct lineage *l = d->snap->lineage;
	const struct store *s = d->snap->store;
	const struct page_call *k;
	struct strbuf label, ids;
	row_id row = ROW_NONE;

	if (!cell || cell->part == PART_NONE || cell->part == PART_NONE_WHY)
		return;
	if (cell->part == PART_SUSPECT)
		row = profile_suspect(p, cell->number)->row;
	else if (cell->part == PART_CREDENTIAL || cell->part == PART_HOW)
		row = p->page.revocation.credential[cell->number].row;
	if (cell->part != PART_DID && cell->part != PART_ON) {
		if (row == ROW_NONE)
			app_say(app, "no event shows it");
		else
			app_look_around(app, row);
		return;
	}
	k = cell->part == PART_DID ? &p->page.did[cell->number] :
				     &p->page.on[cell->number];
	strbuf_init(&label);
	strbuf_init(&ids);
	node_describe(l, p->page.node, &label);
	strbuf_adds(&label, cell->part == PART_DID ? ", " : ", done to it: ");
	strbuf_add(&label, store_value(s, EVENT_NAME, k->name));
	for (size_t i = 0; i < k->rows.n && i < SCOPE_IDS; i++) {
		if (i)
			strbuf_addc(&ids, ' ');
		store_id_text(s, k->rows.row[i], &ids);
	}
	if (cell->part == PART_DID)
		app_drill(app, scope_make(SCOPE_CALLS,
					  lineage_id(l, p->page.node), STR_NULL,
					  store_value(s, EVENT_NAME, k->name),
					  strbuf_str(&label)));
	else
		app_drill(app,
			  scope_make(SCOPE_EVENTS, strbuf_str(&ids), STR_NULL,
				     STR_NULL, strbuf_str(&label)));
	strbuf_release(&label);
	strbuf_release(&ids);
}

/* Whoever the row names; NODE_NONE for the page's own. */
static node_id named(const struct profile_pane *p)
{
	const struct profile_cell *cell = chosen_cell(p);

	if (!cell)
		return NODE_NONE;
	switch (cell->part) {
	case PART_ON:
		return p->page.on[cell->number].by;
	case PART_SUSPECT:
		return profile_suspect(p, cell->number)->node;
	case PART_CREDENTIAL:
		return p->page.revocation.credential[cell->number].node;
	default:
		return NODE_NONE;
	}
}

static bool profile_command(void *state, struct app *app,
			    enum screen_command cmd, struct str argument)
{
	const struct desk *d = app_desk(app);
	struct profile_pane *p = state;
	node_id node;

	if (!d->snap || !p->page.node || argument.n)
		return false;
	switch (cmd) {
	case DO_LEFT:
	case DO_RIGHT:
		p->side = cmd == DO_RIGHT;
		return true;
	case DO_DRILL:
		drill(p, app, d);
		return true;
	case DO_PANE_PROFILE:
		node = named(p);
		if (!node)
			app_say(app, "the row names nobody else");
		else
			profile_go(app, d->snap->lineage, node, PROFILE_TOP);
		return true;
	case DO_REVOKE:
		profile_go(app, d->snap->lineage, p->page.node, PROFILE_REVOKE);
		return true;
	default:
		return false;
	}
}

static node_id profile_identity(const void *state, const struct desk *d)
{
	const struct profile_pane *p = state;

	return p->made_of == d->snap->version ? p->page.node : NODE_NONE;
}

static void profile_picks(const void *state, const struct desk *d,
			  struct picks *out)
{
	const struct profile_pane *p = state;
	const struct profile_cell *cell = chosen_cell(p);
	const struct page_call *k = NULL;

	if (!d->snap || !p->page.node)
		return;
	if (cell && cell->part == PART_DID)
		k = &p->page.did[cell->number];
	else if (cell && cell->part == PART_ON)
		k = &p->page.on[cell->number];
	if (k) {
		picks_add(out, 'e', "eventName",
			  store_value(d->snap->store, EVENT_NAME, k->name));
		picks_add(out, 'v', "eventSource",
			  store_value(d->snap->store, EVENT_SOURCE, k->source));
	}
	if (named(p))
		picks_node(out, d->snap->lineage, named(p));
	picks_node(out, d->snap->lineage, p->page.node);
}

static struct list *profile_list(void *state)
{
	return &((struct profile_pane *)state)->list;
}

static void cell_text(const struct profile_pane *p, const struct desk *d,
		      const struct profile_cell *cell, struct strbuf *out)
{
	const struct lineage *l = d->snap->lineage;
	const struct page_call *k;

	switch (cell->part) {
	case PART_NONE:
		strbuf_adds(out, cell->heading ? cell->heading : "");
		break;
	case PART_DID:
	case PART_ON:
		k = cell->part == PART_DID ? &p->page.did[cell->number] :
					     &p->page.on[cell->number];
		strbuf_add(out,
			   store_value(d->snap->store, EVENT_NAME, k->name));
		if (k->by) {
			strbuf_addc(out, ' ');
			node_describe(l, k->by, out);
		}
		break;
	case PART_SUSPECT:
		node_describe(l, profile_suspect(p, cell->number)->node, out);
		strbuf_addc(out, ' ');
		suspect_describe(l, profile_suspect(p, cell->number), out);
		break;
	case PART_CREDENTIAL:
		node_describe(l,
			      p->page.revocation.credential[cell->number].node,
			      out);
		break;
	case PART_HOW:
	case PART_NONE_WHY:
		strbuf_add(out, cell->how);
		break;
	}
}

static void profile_row_text(const void *state, const struct desk *d,
			     size_t row, struct strbuf *out)
{
	const struct profile_pane *p = state;

	if (row >= p->n || !p->page.node)
		return;
	cell_text(p, d, &p->row[row].cell[0], out);
	strbuf_addc(out, ' ');
	if (p->row[row].abreast)
		cell_text(p, d, &p->row[row].cell[1], out);
}

/* Places ------------------------------------------------------------------ */

static void profile_save(const void *state, const struct desk *d,
			 struct strbuf *out)
{
	const struct profile_pane *p = state;

	(void)d;
	strbuf_addf(out, "%zu %d ", p->list.cursor, p->side);
	strbuf_add(out, strbuf_str(&p->of));
}

static void profile_restore(void *state, struct desk *d, struct str saved)
{
	struct profile_pane *p = state;
	struct str row = STR_NULL, side = STR_NULL;
	uint64_t r = 0;

	str_next(&saved, ' ', &row);
	str_next(&saved, ' ', &side);
	str_to_u64(row, &r);
	p->side = str_eq(side, STR("1"));
	strbuf_clear(&p->of);
	strbuf_add(&p->of, saved);
	profile_refresh(p, d);
	list_goto(&p->list, (size_t)r);
}

const struct pane_class pane_profile = {
	.name = "Profile",
	.context = IN_PROFILE,
	.open = profile_open,
	.close = profile_close,
	.refresh = profile_refresh,
	.title = profile_title,
	.draw = profile_draw,
	.command = profile_command,
	.list = profile_list,
	.identity = profile_identity,
	.resized = profile_resized,
	.row_text = profile_row_text,
	.picks = profile_picks,
	.save = profile_save,
	.restore = profile_restore,
};
