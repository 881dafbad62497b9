/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "detect/correlate_private.h"
#include "detect/correlation_window.h"

/* Further away, a sum would no longer be a number. */
#define NUMBER_MOST 1e18

/* Events ------------------------------------------------------------------ */

static void add_event(struct grouping *g, struct seen_event e,
		      uint32_t captured, struct came_by by)
{
	if (by.moment == TIME_NONE)
		return;
	if (g->n == CORRELATE_EVENTS) {
		g->x->left_out++;
		return;
	}
	g->event = mem_grow(g->event, &g->cap, g->n + 1, sizeof(*g->event));
	g->event[g->n] = e;
	if (g->captures) {
		g->captured = mem_grow(g->captured, &g->captured_cap, g->n + 1,
				       sizeof(*g->captured));
		g->captured[g->n] = captured;
	}
	if (g->c->depth > 1) {
		g->came = mem_grow(g->came, &g->came_cap, g->n + 1,
				   sizeof(*g->came));
		g->came[g->n] = by;
	}
	g->n++;
}

/* Is anything noted with the matches of a rule for correlations? */
static bool is_captured(const struct correlating *x, rule_index rule)
{
	const struct ruleset_rule *r = ruleset_at(x->rs, rule);

	return r->capture_n && !r->lineage;
}

static enum level match_level(const struct correlating *x,
			      const struct rule_match *m)
{
	return level_lowered(rule_level_for(&ruleset_at(x->rs, m->rule)->rule,
					    x->store->flags[m->row]),
			     m->lower);
}

static void take_matches(struct grouping *g, const struct correlation_ref *ref)
{
	const struct correlating *x = g->x;
	bool captures = is_captured(x, ref->rule);

	for (uint32_t i = x->start[ref->rule]; i < x->start[ref->rule + 1];
	     i++) {
		const struct rule_match *m = &x->matches->match[x->of_rule[i]];

		if (ref->least && match_level(x, m) < ref->least)
			continue;
		add_event(g,
			  (struct seen_event){
				  .row = m->row,
				  .leaf = (g->leaf_of[ref->rule] - 1) &
					  LEAF_MOST,
				  .position = ref->position & POSITION_MOST,
				  .before = ref->least != 0,
			  },
			  captures ? m->note : 0,
			  (struct came_by){ x->store->time[m->row], 0 });
	}
}

static void take_feed(struct grouping *g, const struct correlation_ref *ref)
{
	const struct feed *feed = &g->x->feed[ref->rule];

	for (size_t i = 0; i < feed->n; i++) {
		const struct fed_event *e = &feed->event[i];

		add_event(g,
			  (struct seen_event){
				  .row = e->row,
				  .leaf = (g->leaf_of[e->rule] - 1) & LEAF_MOST,
				  .position = ref->position & POSITION_MOST,
				  .before = ref->least != 0 || e->before,
			  },
			  e->captured,
			  (struct came_by){ e->time, e->episode + 1 });
	}
}

static int compare_events(uint32_t i, uint32_t j, const void *context)
{
	const struct grouping *g = context;
	const struct seen_event *a = &g->event[i], *b = &g->event[j];
	int64_t t = correlate_time(g, i), u = correlate_time(g, j);

	if (t != u)
		return t < u ? -1 : 1;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	if (a->position != b->position)
		return a->position < b->position ? -1 : 1;
	return (correlate_came_by(g, i) > correlate_came_by(g, j)) -
	       (correlate_came_by(g, i) < correlate_came_by(g, j));
}

/* What each of n has, in another order; frees the old one. NULL: nothing. */
static void *reordered(void *from, const uint32_t *order, size_t n, size_t size)
{
	char *to = from ? mem_alloc((n + 1) * size) : NULL;

	for (size_t i = 0; to && i < n; i++)
		memcpy(to + i * size, (char *)from + order[i] * size, size);
	free(from);
	return to;
}

static void sort_events(struct grouping *g)
{
	uint32_t *order = sort_order(g->n, compare_events, g);

	g->event = reordered(g->event, order, g->n, sizeof(*g->event));
	g->captured = reordered(g->captured, order, g->n, sizeof(*g->captured));
	g->came = reordered(g->came, order, g->n, sizeof(*g->came));
	free(order);
}

/* Rules that count reads see a third of all events: no room to spare. */
static void reserve(struct grouping *g)
{
	const struct correlating *x = g->x;

	for (size_t i = 0; i < g->c->ref_n; i++) {
		rule_index rule = g->c->ref[i].rule;

		g->cap += ruleset_at(x->rs, rule)->correlation ?
				  x->feed[rule].n :
				  x->start[rule + 1] - x->start[rule];
		g->captures = g->captures || g->c->depth > 1 ||
			      is_captured(x, rule);
	}
	if (g->cap > CORRELATE_EVENTS)
		g->cap = CORRELATE_EVENTS;
	g->event = mem_alloc(g->cap * sizeof(*g->event));
	if (!g->captures)
		return;
	g->captured_cap = g->cap;
	g->captured = mem_alloc(g->cap * sizeof(*g->captured));
}

static void gather(struct grouping *g)
{
	const struct correlation *c = g->c;

	g->leaf_of = mem_zero(ruleset_count(g->x->rs) + 1, sizeof(uint32_t));
	for (size_t i = 0; i < c->leaf_n; i++)
		g->leaf_of[c->leaf[i].rule] = (uint32_t)i + 1;
	reserve(g);
	for (size_t i = 0; i < c->ref_n; i++) {
		if (ruleset_at(g->x->rs, c->ref[i].rule)->correlation)
			take_feed(g, &c->ref[i]);
		else
			take_matches(g, &c->ref[i]);
	}
	/* Matches of one rule are in order already. */
	if (c->ref_n > 1 || c->depth > 1)
		sort_events(g);
}

/* Values ------------------------------------------------------------------ */

/* The values of some fields of an event. */
struct lists {
	uint32_t id[CORRELATION_FIELDS][CAPTURE_VALUES];
	size_t n[CORRELATION_FIELDS];
	size_t fields;
	size_t at[CORRELATION_FIELDS]; /* the combination in hand */
};

static void read_lists(struct grouping *g, uint32_t event,
		       const struct correlation_source *source, size_t n,
		       struct lists *out)
{
	row_id row = g->event[event].row;
	uint32_t captured = correlate_captured(g, event);

	out->fields = n;
	for (size_t i = 0; i < n; i++) {
		out->n[i] = correlate_values(g->x, &source[i], row, captured,
					     out->id[i]);
		out->at[i] = 0;
	}
}

/* The combination in hand as a text, for a table. */
static struct str combination(const struct lists *l, uint32_t *ids)
{
	for (size_t i = 0; i < l->fields; i++)
		ids[i] = l->n[i] ? l->id[i][l->at[i]] : 0;
	return (struct str){ (const char *)ids, l->fields * sizeof(*ids) };
}

static bool next_combination(struct lists *l)
{
	for (size_t i = l->fields; i-- > 0;) {
		if (++l->at[i] < l->n[i])
			return true;
		l->at[i] = 0;
	}
	return false;
}

/* Most have one field: their texts are numbers already. */
static uint32_t combination_id(struct combinations *c, const struct lists *l)
{
	uint32_t ids[CORRELATION_FIELDS];
	struct str key = combination(l, ids);

	if (l->fields != 1)
		return intern_add(&c->key, key);
	if (ids[0] >= c->n) {
		c->of_text = mem_grow(c->of_text, &c->cap, (size_t)ids[0] + 1,
				      sizeof(*c->of_text));
		while (c->n <= ids[0])
			c->of_text[c->n++] = 0;
	}
	if (!c->of_text[ids[0]])
		c->of_text[ids[0]] = intern_add(&c->key, key) + 1;
	return c->of_text[ids[0]] - 1;
}

static void combinations_init(struct combinations *c)
{
	*c = (struct combinations){ .n = 0 };
	intern_init(&c->key);
}

static void combinations_release(struct combinations *c)
{
	intern_release(&c->key);
	free(c->of_text);
}

static bool has_all(const struct lists *l)
{
	for (size_t i = 0; i < l->fields; i++)
		if (l->n[i] == 0)
			return false;
	return l->fields != 0;
}

static double number_of(const struct grouping *g, const struct lists *l)
{
	double sum = 0, one;
	bool any = false;

	for (size_t i = 0; i < l->n[0]; i++) {
		struct str text = intern_text(&g->x->texts, l->id[0][i]);

		if (!str_to_double(text, &one) || isnan(one))
			continue;
		one = one > NUMBER_MOST ? NUMBER_MOST : one;
		sum += one < -NUMBER_MOST ? -NUMBER_MOST : one;
		any = true;
	}
	return any ? sum : NAN;
}

static bool wants_number(const struct correlation *c)
{
	return c->type == CORRELATION_VALUE_SUM ||
	       c->type == CORRELATION_VALUE_AVG || c->has_percentile;
}

/* Groups ------------------------------------------------------------------ */

static void add_entry(struct grouping *g, uint32_t entry)
{
	if (g->entry_n == CORRELATE_EVENTS) {
		g->x->left_out++;
		return;
	}
	g->entry = mem_grow(g->entry, &g->entry_cap, g->entry_n + 1,
			    sizeof(*g->entry));
	g->entry[g->entry_n++] = entry;
}

static void find_groups(struct grouping *g)
{
	struct lists l;

	g->entry_cap = g->n;
	g->entry = mem_alloc(g->entry_cap * sizeof(*g->entry));
	for (uint32_t i = 0; i < g->n; i++) {
		const struct seen_event *e = &g->event[i];
		size_t most = CORRELATE_GROUPS;
		uint32_t more = 0;

		read_lists(g, i, g->c->leaf[e->leaf].group, g->c->group.n, &l);
		do {
			if (most-- == 0) {
				g->x->left_out++;
				break;
			}
			add_entry(g, combination_id(&g->groups, &l) | more);
			more = GROUP_MORE;
		} while (next_combination(&l));
	}
}

/* Members by group; they stay in order. Returns where each begins. */
static size_t *sort_entries(struct grouping *g)
{
	size_t groups = g->groups.key.count;
	size_t *start = mem_zero(groups + 2, sizeof(*start));
	uint32_t event = 0;

	g->member = mem_alloc((g->entry_n + 1) * sizeof(*g->member));
	g->when = mem_alloc((g->entry_n + 1) * sizeof(*g->when));
	for (size_t i = 0; i < g->entry_n; i++)
		start[(g->entry[i] & ~GROUP_MORE) + 2]++;
	for (size_t i = 2; i < groups + 2; i++)
		start[i] += start[i - 1];
	for (size_t i = 0; i < g->entry_n; i++) {
		size_t to = start[(g->entry[i] & ~GROUP_MORE) + 1]++;

		if (i && !(g->entry[i] & GROUP_MORE))
			event++;
		g->member[to] = event;
		g->when[to] = correlate_time(g, event);
	}
	free(g->entry);
	g->entry = NULL;
	return start;
}

/* Items ------------------------------------------------------------------- */

/* What the events of one group are to the windows. */
struct items {
	struct window_group group;
	struct window_item *item;
	uint32_t *value;
	size_t value_n, value_cap;
};

/* What `what` is to the group in hand: its numbers begin at 0. */
static uint32_t as(struct grouping *g, struct seen_by_group *seen,
		   uint32_t what, uint32_t *next)
{
	if (what >= seen->n) {
		seen->of = mem_grow(seen->of, &seen->cap, (size_t)what + 1,
				    sizeof(*seen->of));
		while (seen->n <= what)
			seen->of[seen->n++] = (struct seen_as){ 0, 0 };
	}
	if (seen->of[what].group != g->seen)
		seen->of[what] = (struct seen_as){ g->seen, (*next)++ };
	return seen->of[what].as;
}

static void add_value(struct items *out, uint32_t value)
{
	out->value = mem_grow(out->value, &out->value_cap, out->value_n + 1,
			      sizeof(*out->value));
	out->value[out->value_n++] = value;
}

/* What is counted of an event. */
static void read_values(struct grouping *g, uint32_t event,
			struct window_item *item, struct items *out)
{
	const struct correlation *c = g->c;
	uint32_t leaf = g->event[event].leaf;
	size_t most = CORRELATE_GROUPS;
	struct lists l;

	if (!c->field.n)
		return;
	read_lists(g, event, c->leaf[leaf].field, c->field.n, &l);
	if (!has_all(&l))
		return;
	if (wants_number(c)) {
		item->number = number_of(g, &l);
		return;
	}
	item->number = 1;
	do {
		if (most-- == 0) {
			g->x->left_out++;
			break;
		}
		add_value(out, as(g, &g->tuple, combination_id(&g->tuples, &l),
				  &out->group.values));
	} while (next_combination(&l));
	item->value_n = (uint32_t)out->value_n - item->value;
}

/* Members lie anywhere: they are asked for a while before they are looked at. */
static void prefetch(const struct grouping *g, const uint32_t *member)
{
	enum { AHEAD = 16 };

	if (member + AHEAD < g->member + g->entry_n)
		__builtin_prefetch(&g->event[member[AHEAD]]);
}

static void make_items(struct grouping *g, const uint32_t *member, size_t n,
		       struct items *out)
{
	row_id last = ROW_NONE;
	uint32_t unit = 0;

	*out = (struct items){ .group = { .n = n } };
	out->item = mem_alloc((n + 1) * sizeof(*out->item));
	g->seen++;
	for (size_t i = 0; i < n; i++) {
		const struct seen_event *e = &g->event[member[i]];
		uint32_t came_by = correlate_came_by(g, member[i]);
		/* An event that several rules matched has its values once. */
		bool again = !came_by && e->row == last;

		prefetch(g, member + i);
		if (!came_by && !again) {
			last = e->row;
			unit = out->group.units++;
		}
		out->item[i] = (struct window_item){
			.time = correlate_when(g, member + i),
			.row = e->row,
			.unit = came_by ? as(g, &g->episode, came_by - 1,
					     &out->group.units) :
					  unit,
			.position = e->position,
			.value = (uint32_t)out->value_n,
			.number = NAN,
		};
		if (!again)
			read_values(g, member[i], &out->item[i], out);
	}
	out->group.item = out->item;
	out->group.value = out->value;
}

/* How many events of a group have to lie within one timespan for anything to
 * come of it: 1 where that cannot be told. */
static size_t fewest_events(const struct correlation *c)
{
	double most = 1;

	if (c->type != CORRELATION_EVENT_COUNT &&
	    c->type != CORRELATION_VALUE_COUNT)
		return 1;
	/* What was noted of an event may be many values. */
	for (size_t i = 0; i < c->leaf_n; i++)
		for (size_t k = 0; k < c->field.n; k++)
			if (c->leaf[i].field[k].kind == SOURCE_CAPTURED)
				return 1;
	for (size_t i = 0; i < c->limits.n; i++) {
		double than = c->limits.limit[i].than;

		switch (c->limits.limit[i].op) {
		case LIMIT_GT:
		case LIMIT_GTE:
		case LIMIT_EQ:
			most = than > most ? than : most;
			break;
		default:
			break;
		}
	}
	return most < CORRELATE_EVENTS ? (size_t)most : CORRELATE_EVENTS;
}

static bool is_dense(const struct grouping *g, const uint32_t *member, size_t n)
{
	size_t few = g->fewest;
	int64_t *recent, time;
	bool dense = false;

	if (n < few || few == 1)
		return n >= few;
	recent = mem_alloc(few * sizeof(*recent)); /* the last so many */
	for (size_t i = 0; i < n && !dense; i++) {
		time = correlate_when(g, member + i);
		recent[i % few] = time;
		dense = i + 1 >= few &&
			time - recent[(i + 1) % few] <= g->c->timespan;
	}
	free(recent);
	return dense;
}

/* One group ---------------------------------------------------------------- */

static void take_group(struct grouping *g, uint32_t group,
		       const uint32_t *member, size_t n)
{
	struct window_result r;
	struct items items;

	if (!is_dense(g, member, n))
		return;
	make_items(g, member, n, &items);
	windows_find(g->c, &items.group, &r);
	correlate_episodes(g, group, member, &r);
	window_result_release(&r);
	free(items.item);
	free(items.value);
}

/* One correlation --------------------------------------------------------- */

/* The events of some correlations, in their groups. Returns where the members
 * of each begin. */
static size_t *begin(struct grouping *g)
{
	combinations_init(&g->groups);
	strbuf_init(&g->text);
	gather(g);
	find_groups(g);
	return sort_entries(g);
}

static void end(struct grouping *g)
{
	combinations_release(&g->groups);
	strbuf_release(&g->text);
	free(g->leaf_of);
	free(g->event);
	free(g->captured);
	free(g->came);
	free(g->member);
	free(g->when);
	free(g->tuple.of);
	free(g->episode.of);
}

static void find_episodes(struct grouping *g, rule_index rule,
			  const size_t *start)
{
	g->rule = rule;
	g->c = ruleset_at(g->x->rs, rule)->correlation;
	g->fewest = fewest_events(g->c);
	combinations_init(&g->tuples);
	for (uint32_t i = 0; i < g->groups.key.count; i++)
		if (start[i + 1] > start[i])
			take_group(g, i, g->member + start[i],
				   start[i + 1] - start[i]);
	combinations_release(&g->tuples);
}

void correlate_rules(struct correlating *x, const rule_index *rule, size_t n,
		     struct episodes **episodes)
{
	struct grouping g = { .x = x,
			      .c = ruleset_at(x->rs, rule[0])->correlation };
	size_t *start = begin(&g);

	for (size_t i = 0; i < n; i++) {
		x->episodes = episodes[i] = episodes_new();
		find_episodes(&g, rule[i], start);
	}
	free(start);
	end(&g);
}

static bool is_same_source(const struct correlation_source *a,
			   const struct correlation_source *b)
{
	return a->kind == b->kind && a->number == b->number;
}

bool correlate_same_groups(const struct correlation *a,
			   const struct correlation *b)
{
	if (a->ref_n != b->ref_n || a->leaf_n != b->leaf_n ||
	    a->group.n != b->group.n || a->depth != b->depth)
		return false;
	for (size_t i = 0; i < a->ref_n; i++)
		if (a->ref[i].rule != b->ref[i].rule ||
		    a->ref[i].position != b->ref[i].position ||
		    a->ref[i].least != b->ref[i].least)
			return false;
	for (size_t i = 0; i < a->leaf_n; i++) {
		if (a->leaf[i].rule != b->leaf[i].rule)
			return false;
		for (size_t k = 0; k < a->group.n; k++)
			if (!is_same_source(&a->leaf[i].group[k],
					    &b->leaf[i].group[k]))
				return false;
	}
	return true;
}
