/* SPDX-License-Identifier: MIT */
#include "detect/correlate.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tasks.h"
#include "detect/correlate_private.h"

/* Matches ----------------------------------------------------------------- */

/* The matches that correlations ask for: most rules are asked for by none. */
static void index_matches(struct correlating *x)
{
	const struct rule_matches *m = x->matches;
	size_t rules = ruleset_count(x->rs);
	bool *asked = mem_zero(rules + 1, sizeof(*asked));

	for (rule_index i = 0; i < rules; i++) {
		const struct correlation *c = ruleset_at(x->rs, i)->correlation;

		for (size_t k = 0; c && k < c->ref_n; k++)
			asked[c->ref[k].rule] = true;
	}
	x->start = mem_zero(rules + 2, sizeof(*x->start));
	for (size_t i = 0; i < m->n; i++)
		x->start[m->match[i].rule + 2] += asked[m->match[i].rule];
	for (size_t r = 2; r < rules + 2; r++)
		x->start[r] += x->start[r - 1];
	x->of_rule = mem_alloc(((size_t)x->start[rules + 1] + 1) *
			       sizeof(*x->of_rule));
	for (size_t i = 0; i < m->n; i++)
		if (asked[m->match[i].rule])
			x->of_rule[x->start[m->match[i].rule + 1]++] =
				(uint32_t)i;
	free(asked);
}

/* Drops what only correlations wanted, and forgets what was captured. */
static void clear_matches(const struct ruleset *rs, struct rule_matches *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n; i++) {
		struct rule_match x = m->match[i];
		const struct ruleset_rule *r = ruleset_at(rs, x.rule);

		if (r->state != RULE_ACTIVE)
			continue;
		/* What the lineage found has a note of its own. */
		if (r->capture_n && !r->lineage)
			x.note = 0;
		m->match[kept++] = x;
	}
	m->n = kept;
}

/* Episodes of rules that alert, as matches beside the others. */
static void add_matches(const struct ruleset *rs, struct rule_matches *m,
			struct episodes *e)
{
	struct rule_match *own;
	size_t n = 0;

	for (size_t i = 0; i < e->n; i++)
		if (ruleset_at(rs, e->item[i].rule)->state == RULE_ACTIVE)
			n += e->item[i].own_n;
	own = mem_alloc((n + 1) * sizeof(*own));
	n = 0;
	for (size_t i = 0; i < e->n; i++) {
		const struct episode *x = &e->item[i];

		if (ruleset_at(rs, x->rule)->state != RULE_ACTIVE)
			continue;
		for (size_t k = 0; k < x->own_n; k++)
			own[n++] = rule_match_of(
				x->own[k], x->rule, (uint32_t)i,
				x->own[k] == x->told ? 0 : LEVEL_COUNT);
	}
	rule_matches_sort(own, n);
	rule_matches_merge(m, own, n);
	free(own);
}

/* Running ----------------------------------------------------------------- */

static int compare_episodes(const void *a, const void *b)
{
	const struct episode *x = a, *y = b;

	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->row[0] < y->row[0] ? -1 : x->row[0] > y->row[0];
}

static bool runs(const struct ruleset_rule *r)
{
	return r->correlation &&
	       (r->state == RULE_ACTIVE || r->state == RULE_SILENT);
}

/* How deep correlations name each other; 0 when there are none. */
static unsigned depth_of(const struct ruleset *rs)
{
	unsigned depth = 0;

	for (rule_index i = 0; i < ruleset_count(rs); i++) {
		const struct ruleset_rule *r = ruleset_at(rs, i);

		if (runs(r) && r->correlation->depth > depth)
			depth = r->correlation->depth;
	}
	return depth;
}

/* All correlations over one snapshot. */
struct correlations {
	struct correlating *of_thread;
	unsigned threads;
	/* Those that are run at one time. Where a family begins: those that
	 * look at the same events in the same groups, which are put there once
	 * for all. */
	rule_index *rule;
	struct episodes **episodes;
	size_t n;
	size_t *family, families;
	struct episodes *all;
};

static void run_task(void *context, size_t task, unsigned worker)
{
	struct correlations *c = context;
	struct correlating *x = &c->of_thread[worker];
	size_t from = c->family[task];

	x->before = c->all;
	correlate_rules(x, c->rule + from, c->family[task + 1] - from,
			c->episodes + from);
}

/* Episodes of one correlation behind those that there are. */
static void put_together(struct episodes *all, struct episodes *more,
			 struct feed *feed)
{
	uint32_t base = (uint32_t)all->n;

	for (size_t i = 0; i < more->n; i++) {
		struct episode *to = episodes_add(all);

		*to = more->item[i];
		to->group += all->groups;
	}
	arena_take(&all->arena, &more->arena);
	all->groups += more->groups;
	for (size_t i = 0; i < feed->n; i++)
		feed->event[i].episode += base;
}

static bool is_related(const struct ruleset *rs, rule_index a, rule_index b)
{
	return correlate_same_groups(ruleset_at(rs, a)->correlation,
				     ruleset_at(rs, b)->correlation);
}

/* Puts those of a family beside each other. */
static void find_families(struct correlations *c, const struct ruleset *rs)
{
	c->families = 0;
	for (size_t from = 0, to; from < c->n; from = to) {
		c->family[c->families++] = from;
		to = from + 1;
		for (size_t i = to; i < c->n; i++) {
			rule_index rule = c->rule[i];

			if (!is_related(rs, c->rule[from], rule))
				continue;
			c->rule[i] = c->rule[to];
			c->rule[to++] = rule;
		}
	}
	c->family[c->families] = c->n;
}

/* The correlations of one depth do not name each other. */
static void run_depth(struct correlations *c, unsigned depth)
{
	const struct correlating *x = &c->of_thread[0];

	c->n = 0;
	for (rule_index i = 0; i < ruleset_count(x->rs); i++) {
		const struct ruleset_rule *r = ruleset_at(x->rs, i);

		if (runs(r) && r->correlation->depth == depth)
			c->rule[c->n++] = i;
	}
	find_families(c, x->rs);
	tasks_run(c->threads, c->families, run_task, c);
	for (size_t i = 0; i < c->n; i++) {
		put_together(c->all, c->episodes[i], &x->feed[c->rule[i]]);
		episodes_free(c->episodes[i]);
	}
}

/* Returns how many events were left out. */
static uint64_t run(struct correlating *x, unsigned depth, unsigned threads,
		    struct episodes *all)
{
	size_t rules = ruleset_count(x->rs);
	struct correlations c = { .threads = threads ? threads : 1,
				  .all = all };
	uint64_t left_out = 0;

	index_matches(x);
	x->feed = mem_zero(rules + 1, sizeof(*x->feed));
	c.rule = mem_alloc((rules + 1) * sizeof(*c.rule));
	c.episodes = mem_alloc((rules + 1) * sizeof(*c.episodes));
	c.family = mem_alloc((rules + 1) * sizeof(*c.family));
	c.of_thread = mem_alloc(c.threads * sizeof(*c.of_thread));
	for (unsigned i = 0; i < c.threads; i++) {
		c.of_thread[i] = *x;
		intern_init(&c.of_thread[i].texts);
	}
	for (unsigned d = 1; d <= depth; d++)
		run_depth(&c, d);
	for (unsigned i = 0; i < c.threads; i++) {
		left_out += c.of_thread[i].left_out;
		correlate_values_release(&c.of_thread[i]);
	}
	for (size_t i = 0; i < rules; i++)
		free(x->feed[i].event);
	free(x->feed);
	free(x->of_rule);
	free(x->start);
	free(c.of_thread);
	free(c.episodes);
	free(c.family);
	free(c.rule);
	return left_out;
}

uint64_t correlations_apply(const struct ruleset *rs, const struct store *s,
			    const struct lineage *l,
			    const struct captures *captures, unsigned threads,
			    struct rule_matches *matches)
{
	unsigned depth = depth_of(rs);
	struct correlating x = { .rs = rs,
				 .store = s,
				 .lineage = l,
				 .captures = captures,
				 .matches = matches };
	struct episodes *all = NULL;
	uint64_t left_out = 0;

	if (depth) {
		all = episodes_new();
		left_out = run(&x, depth, threads, all);
		if (all->n)
			qsort(all->item, all->n, sizeof(*all->item),
			      compare_episodes);
	}
	clear_matches(rs, matches);
	if (depth)
		add_matches(rs, matches, all);
	matches->episodes = all;
	return left_out;
}
