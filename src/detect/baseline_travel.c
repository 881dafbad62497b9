/* SPDX-License-Identifier: MIT */
/*
 * Two successful calls of one identity from places between which nobody
 * travels in the time that lies between them. Where places are is what the
 * user's database says; how wrong it may be by its own word is given away.
 */
#include "detect/baseline_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"
#include "store/whereabouts.h"

enum {
	MOST_PAIRS = 32, /* of places, told of one identity */
	SECOND_MS = 1000,
};
#define HOUR_MS 3600000.0

/* A way that was told of already. */
struct way {
	float from[2], to[2];
};

struct traveller {
	struct lineage_context *x;
	const struct lineage_rule *r;
	struct groups groups;
	row_id *row;
	struct way way[MOST_PAIRS];
	size_t ways;
};

static const struct whereabouts_entry *place_of(const struct traveller *t,
						row_id row)
{
	const struct store *s = t->x->store;

	return store_whereabouts(s, store_value_at(s, EVENT_IP, row));
}

bool baseline_tells_place(struct lineage_context *x, row_id row)
{
	return store_outcome(x->store, row) == OUTCOME_OK &&
	       context_place(x, row) == PLACE_OUTSIDE &&
	       !str_eq(context_family(x, row), STR("CloudShell"));
}

static bool tells_place(struct traveller *t, row_id row)
{
	const struct whereabouts_entry *e = place_of(t, row);

	return e && e->located && baseline_tells_place(t->x, row);
}

/* False when it was told before, or when there is no end of them: who is
 * everywhere has no place. */
static bool is_new_way(struct traveller *t, const struct whereabouts_entry *a,
		       const struct whereabouts_entry *b)
{
	struct way w = { { a->latitude, a->longitude },
			 { b->latitude, b->longitude } };

	for (size_t i = 0; i < t->ways; i++)
		if (memcmp(&t->way[i], &w, sizeof(w)) == 0)
			return false;
	if (t->ways == MOST_PAIRS)
		return false;
	t->way[t->ways++] = w;
	return true;
}

void baseline_add_place(struct strbuf *out, const struct store *s, row_id row)
{
	strbuf_add(out, store_text(s, EVENT_IP, row));
	strbuf_adds(out, " (");
	store_tell_whereabouts(s, store_value_at(s, EVENT_IP, row), out);
	strbuf_addc(out, ')');
}

static void judge(struct traveller *t, uint32_t group, row_id before,
		  row_id row, struct lineage_found *out)
{
	const struct store *s = t->x->store;
	const struct whereabouts_entry *a = place_of(t, before);
	const struct whereabouts_entry *b = place_of(t, row);
	int64_t ms = s->time[row] - s->time[before];
	double km, hours;

	km = geo_distance((double)a->latitude, (double)a->longitude,
			  (double)b->latitude, (double)b->longitude) -
	     a->radius_km - b->radius_km;
	hours = (double)(ms < SECOND_MS ? SECOND_MS : ms) / HOUR_MS;
	if (km <= (double)t->r->number[SET_FARTHER] ||
	    km / hours <= (double)t->r->number[SET_FASTER] ||
	    !is_new_way(t, a, b))
		return;
	strbuf_add(&out->text, groups_text(&t->groups, group));
	strbuf_adds(&out->text, " from ");
	baseline_add_place(&out->text, s, row);
	strbuf_adds(&out->text, ", ");
	time_format_span(&out->text, ms);
	strbuf_adds(&out->text, " before from ");
	baseline_add_place(&out->text, s, before);
	strbuf_adds(&out->text, ": at least ");
	strbuf_add_count(&out->text, (uint64_t)km);
	strbuf_adds(&out->text, " km, ");
	strbuf_add_count(&out->text, (uint64_t)(km / hours));
	strbuf_adds(&out->text, " km/h");
	found_add(out, row);
}

DETECTION(impossible_travel)
{
	struct traveller t = { .x = x, .r = r };
	const struct store *s = x->store;

	(void)seeds;
	if (!s->whereabouts || !s->whereabouts->located)
		return;
	groups_init(&t.groups, x, r);
	t.row = groups_room(&t.groups);
	for (uint32_t g = 1; g < s->values[t.groups.by]; g++) {
		size_t n = groups_rows(&t.groups, g, t.row);
		row_id before = ROW_NONE;

		t.ways = 0;
		for (size_t i = 0; i < n; i++) {
			if (!tells_place(&t, t.row[i]))
				continue;
			if (before != ROW_NONE)
				judge(&t, g, before, t.row[i], out);
			before = t.row[i];
		}
	}
	free(t.row);
	groups_release(&t.groups);
}
