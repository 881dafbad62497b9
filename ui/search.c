/* SPDX-License-Identifier: MIT */
/* Searching the focused pane's rows, in slices that keep the screen alive. */
#include "ui/app_private.h"

enum { ROWS_A_SLICE = 8000 }; /* some milliseconds */

static void begin(struct app *a, bool backward, bool from_here)
{
	struct pane *p = app_active(a);
	struct list *l = p->class->list(p->state);

	if (!l->n || !a->searched.n)
		return;
	if (p->class->reveal)
		p->class->reveal(p->state, a->desk);
	a->finding = (struct finding){ .active = true,
				       .backward = backward,
				       .at = l->cursor,
				       .left = l->n,
				       .pane = p };
	if (!from_here)
		a->finding.at = backward ? (l->cursor ? l->cursor : l->n) - 1 :
					   (l->cursor + 1) % l->n;
	app_search_step(a);
}

void app_search(struct app *a, struct str text)
{
	strbuf_clear(&a->searched);
	strbuf_add(&a->searched, text);
	begin(a, false, true);
}

void app_search_again(struct app *a, bool backward)
{
	if (!a->searched.n)
		app_say(a, "nothing has been searched for yet");
	begin(a, backward, false);
}

static void found(struct app *a, struct list *l)
{
	struct finding *f = &a->finding;
	bool wrapped = f->backward ? f->at > l->cursor : f->at < l->cursor;

	f->active = false;
	list_goto(l, f->at);
	if (f->pane->class->moved)
		f->pane->class->moved(f->pane->state, a->desk);
	a->stale = true;
	if (wrapped)
		app_say(a, "search went past the end");
}

bool app_search_step(struct app *a)
{
	struct finding *f = &a->finding;
	struct list *l;
	struct strbuf text;

	if (!f->active)
		return false;
	/* The pane may have gone, or changed its rows. */
	l = f->pane->class->list(f->pane->state);
	if (f->pane != app_active(a) || f->at >= l->n) {
		f->active = false;
		return false;
	}
	strbuf_init(&text);
	for (size_t i = 0; i < ROWS_A_SLICE && f->left; i++, f->left--) {
		strbuf_clear(&text);
		f->pane->class->row_text(f->pane->state, a->desk, f->at, &text);
		if (str_find_fold(strbuf_str(&text), strbuf_str(&a->searched),
				  0) != SIZE_MAX) {
			found(a, l);
			break;
		}
		f->at = f->backward ? (f->at ? f->at : l->n) - 1 :
				      (f->at + 1) % l->n;
	}
	strbuf_release(&text);
	if (f->active && !f->left) {
		f->active = false;
		app_say(a, "not found: %.*s",
			STR_ARG(strbuf_str(&a->searched)));
	}
	return f->active;
}
