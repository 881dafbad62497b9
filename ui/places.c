/* SPDX-License-Identifier: MIT */
/* Where the analyst has been, as a list. */
#include <inttypes.h>
#include <stdio.h>

#include "ui/app_private.h"
#include "ui/panes/text.h"

static void go(struct app *a, struct str argument)
{
	uint64_t n = 0;

	if (str_to_u64(argument, &n) && n < a->history.n)
		app_go_to_place(a, (size_t)n);
}

/* "Timeline  of: session x  event:Get*  CreateUser 06:22:01" */
static void describe(const struct app *a, const struct place *p,
		     struct strbuf *out)
{
	const struct store *s = a->desk->snap->store;
	const struct pane_class *class = a->pane[p->focus].class;
	row_id row = p->event.n ?
			     store_find_id(s, strbuf_str(&p->event), ROW_NONE) :
			     ROW_NONE;

	if (p->question.n) {
		strbuf_add(out, p->question);
		strbuf_adds(out, "  ");
	}
	strbuf_adds(out, class ? class->name : "");
	if (p->scope.kind != SCOPE_ALL) {
		strbuf_adds(out, "  ");
		strbuf_add(out, p->scope.label);
	}
	if (p->narrowing.filter.n) {
		strbuf_adds(out, "  ");
		strbuf_add(out, p->narrowing.filter);
	}
	if (p->narrowing.since != TIME_NONE) {
		strbuf_adds(out, "  from ");
		time_format(out, p->narrowing.since, TIME_CLOCK,
			    &a->desk->zone);
	}
	if (p->narrowing.until != TIME_NONE) {
		strbuf_adds(out, "  to ");
		time_format(out, p->narrowing.until, TIME_CLOCK,
			    &a->desk->zone);
	}
	if (row == ROW_NONE)
		return;
	strbuf_adds(out, "  ");
	strbuf_add(out, store_text(s, EVENT_NAME, row));
	strbuf_addc(out, ' ');
	time_format(out, s->time[row], TIME_CLOCK, &a->desk->zone);
}

static void add(struct app *a, struct menu *m, size_t n, char key)
{
	struct strbuf label;
	char number[24];

	strbuf_init(&label);
	describe(a, &a->history.place[n], &label);
	snprintf(number, sizeof(number), "%zu", n);
	menu_add(m, key, strbuf_str(&label), go, str_of(number));
	strbuf_release(&label);
}

void app_open_places(struct app *a)
{
	const struct history *h = &a->history;
	struct menu *m;
	char key = '1';

	if (!h->n || !a->desk->snap) {
		app_say(a, "no place beside this one");
		return;
	}
	m = menu_new("history] where you have been, the last place first");
	if (h->at < h->n)
		menu_heading(m, STR("forward"));
	for (size_t i = h->n; i > h->at; i--)
		add(a, m, i - 1, '\0');
	if (h->at)
		menu_heading(m, STR("back"));
	for (size_t i = h->at; i; i--)
		add(a, m, i - 1, key <= '9' ? key++ : '\0');
	app_open(a, &overlay_menu, m);
}
