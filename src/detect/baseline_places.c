/* SPDX-License-Identifier: MIT */
/*
 * One identity or key in several places at a time: countries, or networks of
 * several providers in several cities. How far apart they are does not matter.
 */
#include "detect/baseline_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"
#include "store/whereabouts.h"

#define MINUTE_MS ((int64_t)60 * 1000)

/* So many calls back the other place is looked for, to be named. */
enum { LOOK_BACK = 256 };

/* How often each text of the table is in the window. */
struct presence {
	uint32_t *times; /* by id of the whereabouts' texts */
	uint32_t distinct;
};

struct gathering {
	struct lineage_context *x;
	const struct lineage_rule *r;
	struct groups groups;
	row_id *row; /* of the group in hand, those that tell a place */
	bool country;
	struct presence one, other; /* countries; or providers and cities */
};

static const struct whereabouts_entry *place_of(const struct gathering *g,
						row_id row)
{
	const struct store *s = g->x->store;

	return store_whereabouts(s, store_value_at(s, EVENT_IP, row));
}

static uint32_t first_of(const struct gathering *g, row_id row)
{
	const struct whereabouts_entry *e = place_of(g, row);

	return g->country ? e->country : e->asn;
}

static uint32_t second_of(const struct gathering *g, row_id row)
{
	return g->country ? 0 : place_of(g, row)->city;
}

static bool says_where(const struct gathering *g, row_id row)
{
	return place_of(g, row) && first_of(g, row) &&
	       (g->country || second_of(g, row));
}

/* True when it was not there before. */
static bool enter(struct presence *p, uint32_t id)
{
	p->distinct += id && p->times[id] == 0;
	return id && p->times[id]++ == 0;
}

static void leave(struct presence *p, uint32_t id)
{
	p->distinct -= id && --p->times[id] == 0;
}

static void tell(struct gathering *g, uint32_t group, size_t first, size_t at,
		 struct lineage_found *out)
{
	const struct store *s = g->x->store;
	size_t k = at, least = at > LOOK_BACK ? at - LOOK_BACK : 0;

	while (k > first && k > least &&
	       (first_of(g, g->row[k]) == first_of(g, g->row[at]) ||
		(!g->country &&
		 second_of(g, g->row[k]) == second_of(g, g->row[at]))))
		k--;
	strbuf_add(&out->text, groups_text(&g->groups, group));
	strbuf_adds(&out->text, " from ");
	baseline_add_place(&out->text, s, g->row[at]);
	strbuf_adds(&out->text, ", ");
	time_format_span(&out->text, s->time[g->row[at]] - s->time[g->row[k]]);
	strbuf_adds(&out->text, " before from ");
	baseline_add_place(&out->text, s, g->row[k]);
	found_add(out, g->row[at]);
}

/* A place that comes anew where others are is told, until it was out of the
 * window once. */
static void look(struct gathering *g, uint32_t group, size_t n,
		 struct lineage_found *out)
{
	const struct store *s = g->x->store;
	int64_t window = g->r->number[SET_WITHIN_MINUTES] * MINUTE_MS;
	uint64_t least = (uint64_t)g->r->number[SET_AT_LEAST];
	size_t first = 0;

	for (size_t i = 0; i < n; i++) {
		bool is_new, is_new_city;

		for (; s->time[g->row[first]] < s->time[g->row[i]] - window;
		     first++) {
			leave(&g->one, first_of(g, g->row[first]));
			leave(&g->other, second_of(g, g->row[first]));
		}
		is_new = enter(&g->one, first_of(g, g->row[i]));
		is_new_city = enter(&g->other, second_of(g, g->row[i]));
		if ((is_new || is_new_city) && g->one.distinct >= least &&
		    (g->country || g->other.distinct >= least))
			tell(g, group, first, i, out);
	}
	for (; first < n; first++) {
		leave(&g->one, first_of(g, g->row[first]));
		leave(&g->other, second_of(g, g->row[first]));
	}
}

DETECTION(several_places)
{
	struct gathering g = { .x = x, .r = r };
	const struct store *s = x->store;

	if (!s->whereabouts)
		return;
	g.country = str_eq(lineage_rule_text(r, SET_OF), STR("country"));
	groups_init(&g.groups, x, r);
	g.row = groups_room(&g.groups);
	g.one.times = mem_zero((size_t)s->whereabouts->text.count + 1,
			       sizeof(*g.one.times));
	g.other.times = mem_zero((size_t)s->whereabouts->text.count + 1,
				 sizeof(*g.other.times));
	for (uint32_t v = 1; v < s->values[g.groups.by]; v++) {
		size_t n = groups_rows(&g.groups, v, g.row), kept = 0;

		for (size_t i = 0; i < n; i++)
			if ((!r->seeded || rowset_has(seeds, g.row[i])) &&
			    says_where(&g, g.row[i]) &&
			    baseline_tells_place(x, g.row[i]))
				g.row[kept++] = g.row[i];
		look(&g, v, kept, out);
	}
	free(g.row);
	free(g.one.times);
	free(g.other.times);
	groups_release(&g.groups);
}
