/* SPDX-License-Identifier: MIT */
/* In which order what somebody left is listed. */
#include <stdlib.h>

#include "base/mem.h"
#include "ui/panes/traces_private.h"

enum persist_order {
	PERSIST_TIME, /* as they were found */
	PERSIST_KIND,
	PERSIST_NAME,
	PERSIST_WHO,
	PERSIST_GONE, /* what is still there first */
};
enum data_order {
	DATA_MOST, /* as they were found: shared, most bytes out, most events */
	DATA_EVENTS,
	DATA_TIME,
	DATA_NAME,
	DATA_WHO,
};

static const char *const persist_orders[] = { "time", "kind", "name",
					      "who",  "gone", NULL };
static const char *const data_orders[] = { "most", "events", "time",
					   "name", "who",    NULL };
static const char *const reach_orders[] = { "tree", NULL };

const char *const *traces_orders(enum traces_kind kind)
{
	return kind == TRACES_PERSIST ? persist_orders :
	       kind == TRACES_DATA    ? data_orders :
					reach_orders;
}

/* By number, then by text, then as they were found. */
struct sort_key {
	uint64_t number;
	struct str text;
	uint32_t place;
};

static int compare_keys(const void *x, const void *y)
{
	const struct sort_key *a = x, *b = y;
	int by_text = str_cmp(a->text, b->text);

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	if (by_text)
		return by_text;
	return a->place < b->place ? -1 : a->place > b->place;
}

static void key_of_lasting(struct sort_key *k, const struct store *s,
			   const struct lasting *x, size_t order)
{
	if (order == PERSIST_KIND)
		k->text = str_of(x->what);
	else if (order == PERSIST_NAME)
		k->text = x->name;
	else if (order == PERSIST_WHO)
		k->text = store_text(s, EVENT_ACTOR, x->row);
	else if (order == PERSIST_GONE)
		k->number = x->gone != ROW_NONE;
}

static void key_of_touched(struct sort_key *k, const struct touched *t,
			   size_t order)
{
	if (order == DATA_EVENTS)
		k->number = UINT64_MAX - t->events;
	else if (order == DATA_TIME)
		k->number = t->first;
	else if (order == DATA_NAME)
		k->text = t->resource;
	else if (order == DATA_WHO)
		k->text = t->actor;
}

void traces_sort(struct traces_view *v, const struct desk *d)
{
	size_t n = traces_count(&v->find);
	struct sort_key *key = mem_zero(n + 1, sizeof(*key));

	for (size_t i = 0; i < n; i++) {
		key[i].place = (uint32_t)i;
		if (v->find.kind == TRACES_PERSIST)
			key_of_lasting(&key[i], d->snap->store,
				       &v->find.lasting.lasting[i], v->order);
		else if (v->find.kind == TRACES_DATA)
			key_of_touched(&key[i], &v->find.touched.touched[i],
				       v->order);
	}
	if (n && v->order)
		qsort(key, n, sizeof(*key), compare_keys);
	free(v->place);
	v->place = mem_alloc((n + 1) * sizeof(*v->place));
	for (size_t i = 0; i < n; i++)
		v->place[i] = key[v->reversed ? n - 1 - i : i].place;
	free(key);
}
