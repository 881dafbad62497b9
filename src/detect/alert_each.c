/* SPDX-License-Identifier: MIT */
/* The matches of alerts one by one, each as an alert of its own. */
#include "detect/alert_private.h"

#include <stdlib.h>

#include "base/mem.h"

/* A match of an alert, by its first row. */
struct each {
	row_id row;
	uint32_t alert, match;
};

static int compare_each(const void *x, const void *y)
{
	const struct each *a = x, *b = y;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	if (a->alert != b->alert)
		return a->alert < b->alert ? -1 : 1;
	return a->match < b->match ? -1 : a->match > b->match;
}

static struct each *each_match(const struct alerts *a, size_t *n)
{
	struct each *each;

	*n = 0;
	for (size_t i = 0; i < a->n; i++)
		*n += a->alert[i].count;
	each = mem_alloc((*n + 1) * sizeof(*each));
	*n = 0;
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < a->alert[i].count; k++)
			each[(*n)++] = (struct each){
				a->alert[i].episode ?
					a->alert[i].episode[k]->row[0] :
					a->alert[i].rows.row[k],
				(uint32_t)i, (uint32_t)k
			};
	qsort(each, *n, sizeof(*each), compare_each);
	return each;
}

/* One match: the same but for its rows and what follows from them. */
static struct alert one_match(const struct alert *a, size_t i)
{
	struct alert one = *a;

	one.count = 1;
	one.notes = (struct alert_notes){ .n = 0 };
	memset(one.outcome, 0, sizeof(one.outcome));
	if (a->episode) {
		one.rows = alert_episode_rows(a->episode[i], false);
		one.own = alert_episode_rows(a->episode[i], true);
		one.notes.note = &a->episode[i]->note;
		one.notes.n = 1;
		one.episode = &a->episode[i];
		return one;
	}
	one.rows = one.own = rowset_view(&a->rows.row[i], 1);
	one.lower = a->lower ? a->lower + i : NULL;
	if (a->notes.of_row && a->notes.of_row[i].n) {
		one.notes.note = &a->notes.of_row[i];
		one.notes.n = 1;
	}
	return one;
}

void alerts_each(const struct alerts *a, const struct store *s, alert_told told,
		 void *context)
{
	size_t n;
	struct each *each = each_match(a, &n);
	struct arena arena;
	struct alert_seen seen;
	bool more = true;

	arena_init(&arena);
	alert_seen_init(&seen, s);
	for (size_t i = 0; i < n && more; i++) {
		struct alert one = one_match(&a->alert[each[i].alert],
					     each[i].match);

		arena_reset(&arena);
		alert_describe(&one, s, &arena, &seen);
		more = told(context, &one);
	}
	alert_seen_release(&seen);
	arena_release(&arena);
	free(each);
}
