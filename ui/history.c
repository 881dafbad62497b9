/* SPDX-License-Identifier: MIT */
/* Places where the analyst has been: back and forward, exactly. */
#include "ui/app_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/panes/timeline.h"

void place_release(struct place *p)
{
	narrowing_release(&p->narrowing);
	scope_release(&p->scope);
	strbuf_release(&p->event);
	strbuf_release(&p->evidence);
	for (int i = 0; i < PANE_COUNT; i++)
		strbuf_release(&p->saved[i]);
}

void history_release(struct history *h)
{
	for (size_t i = 0; i < h->n; i++)
		place_release(&h->place[i]);
	free(h->place);
}

void place_take(struct place *p, const struct app *a)
{
	*p = (struct place){ .focus = a->focus, .zoomed = a->zoomed };
	/* Views over the panes are no places. */
	if (!a->asked_overlays)
		p->question = a->question;
	narrowing_copy(&p->narrowing, &a->desk->now);
	scope_copy(&p->scope, &a->desk->scope);
	strbuf_init(&p->event);
	desk_selected_id(a->desk, &p->event);
	p->row = a->desk->selected;
	strbuf_init(&p->evidence);
	if (desk_evidence_here(a->desk))
		strbuf_add(&p->evidence, desk_evidence_here(a->desk)->event.id);
	for (int i = 0; i < PANE_COUNT; i++) {
		const struct pane *pane = &a->pane[i];

		strbuf_init(&p->saved[i]);
		if (pane->class && pane->class->save && a->desk->snap)
			pane->class->save(pane->state, a->desk, &p->saved[i]);
		if (pane->class)
			p->top[i] = pane->class->list(pane->state)->top;
	}
	p->top[PANE_TIMELINE] = timeline_top(&a->pane[PANE_TIMELINE]);
}

static void drop_forward(struct history *h)
{
	while (h->n > h->at)
		place_release(&h->place[--h->n]);
}

void history_add(struct history *h, struct place p)
{
	drop_forward(h);
	if (h->n == MOST_PLACES) {
		place_release(&h->place[0]);
		memmove(h->place, h->place + 1, (h->n - 1) * sizeof(*h->place));
		h->n--;
	}
	h->place = mem_grow(h->place, &h->cap, h->n + 1, sizeof(*h->place));
	h->place[h->n++] = p;
	h->at = h->n;
}

void app_remember(struct app *a)
{
	struct place here;

	/* The way to an answer is one step; the place that a view lies over is
	 * kept already. */
	if (a->asking_question)
		return;
	if (a->asked_overlays) {
		a->asked_overlays = 0;
		a->question = STR_NULL;
		return;
	}
	place_take(&here, a);
	history_add(&a->history, here);
	a->question = STR_NULL;
}

/* The row that it was, as long as that has its id: an event that several
 * accounts received has a row for each. */
static row_id row_of(const struct desk *d, const struct place *p)
{
	struct strbuf id;
	bool same;

	if (!d->snap || !p->event.n)
		return ROW_NONE;
	strbuf_init(&id);
	if (p->row < d->snap->store->n)
		store_id_text(d->snap->store, p->row, &id);
	same = str_eq(strbuf_str(&id), strbuf_str(&p->event));
	strbuf_release(&id);
	return same ? p->row :
		      store_find_id(d->snap->store, strbuf_str(&p->event),
				    ROW_NONE);
}

void place_restore(struct app *a, const struct place *p)
{
	struct desk *d = a->desk;
	row_id row;

	a->asked_overlays = 0;
	while (a->overlay_n)
		app_close_overlay(a);
	a->question = p->question;
	desk_restore(d, &p->narrowing, &p->scope);
	row = row_of(d, p);
	if (row != ROW_NONE)
		desk_select(d, row);
	desk_select_evidence_of(d, strbuf_str(&p->evidence));
	d->version++;
	a->focus = p->focus;
	a->zoomed = p->zoomed;
	app_layout(a);
	for (int i = 0; d->snap && i < PANE_COUNT; i++) {
		struct pane *pane = &a->pane[i];

		if (!pane->class)
			continue;
		app_refresh_pane(a, pane);
		/* Exactly where it was needs the lines that it showed. */
		if (pane->class->ready)
			pane->class->ready(pane->state, a->desk);
		if (pane->class->restore)
			pane->class->restore(pane->state, d,
					     strbuf_str(&p->saved[i]));
		if (pane->class->show_from)
			pane->class->show_from(pane->state, p->top[i]);
		else
			list_show_from(pane->class->list(pane->state),
				       p->top[i]);
	}
}

void app_go_to_place(struct app *a, size_t n)
{
	struct history *h = &a->history;
	struct place here, there = h->place[n];

	/* What lies between here and there stays in order. */
	place_take(&here, a);
	if (n < h->at) {
		memmove(h->place + n, h->place + n + 1,
			(h->at - n - 1) * sizeof(*h->place));
		h->place[h->at - 1] = here;
		h->at = n;
	} else {
		memmove(h->place + h->at + 1, h->place + h->at,
			(n - h->at) * sizeof(*h->place));
		h->place[h->at] = here;
		h->at = n + 1;
	}
	place_restore(a, &there);
	place_release(&there);
}

void app_forget_question(struct app *a)
{
	struct history *h = &a->history;

	a->asked_overlays = 0;
	a->question = STR_NULL;
	if (h->n && h->at == h->n) {
		place_release(&h->place[--h->n]);
		h->at = h->n;
	}
}

void app_go_back(struct app *a)
{
	struct history *h = &a->history;

	if (!h->at) {
		app_say(a, "no place before this one");
		return;
	}
	app_go_to_place(a, h->at - 1);
}

void app_go_forward(struct app *a)
{
	struct history *h = &a->history;

	if (h->at == h->n) {
		app_say(a, "no place after this one");
		return;
	}
	app_go_to_place(a, h->at);
}
