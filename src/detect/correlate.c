/* SPDX-License-Identifier: MIT */
#include "detect/correlate.h"

#include <stdlib.h>

#include "base/mem.h"
#include "detect/correlate_private.h"

/* Matches ----------------------------------------------------------------- */

static void index_matches(struct correlating *x)
{
	const struct rule_matches *m = x->matches;
	size_t rules = ruleset_count(x->rs);

	x->start = mem_zero(rules + 2, sizeof(*x->start));
	x->of_rule = mem_alloc((m->n + 1) * sizeof(*x->of_rule));
	for (size_t i = 0; i < m->n; i++)
		x->start[m->match[i].rule + 2]++;
	for (size_t r = 2; r < rules + 2; r++)
		x->start[r] += x->start[r - 1];
	for (size_t i = 0; i < m->n; i++)
		x->of_rule[x->start[m->match[i].rule + 1]++] = (uint32_t)i;
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
		if (r->capture_n)
			x.note = 0;
		m->match[kept++] = x;
	}
	m->n = kept;
}

/* Episodes of rules that alert, as matches beside the others. */
static void add_matches(const struct ruleset *rs, struct rule_matches *m,
			struct episodes *e)
{
	size_t n = m->n;

	for (size_t i = 0; i < e->n; i++)
		if (ruleset_at(rs, e->item[i].rule)->state == RULE_ACTIVE)
			n += e->item[i].n;
	if (n == m->n)
		return;
	m->match = mem_resize(m->match, n + 1, sizeof(*m->match));
	for (size_t i = 0; i < e->n; i++) {
		const struct episode *x = &e->item[i];

		if (ruleset_at(rs, x->rule)->state != RULE_ACTIVE)
			continue;
		for (size_t k = 0; k < x->n; k++)
			m->match[m->n++] = (struct rule_match){
				x->row[k], x->rule, (uint32_t)i, 0
			};
	}
	rule_matches_sort(m->match, m->n);
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

static void run(struct correlating *x, unsigned depth)
{
	index_matches(x);
	intern_init(&x->texts);
	x->feed = mem_zero(ruleset_count(x->rs) + 1, sizeof(*x->feed));
	for (unsigned d = 1; d <= depth; d++)
		for (rule_index i = 0; i < ruleset_count(x->rs); i++) {
			const struct ruleset_rule *r = ruleset_at(x->rs, i);

			if (runs(r) && r->correlation->depth == d)
				correlate_rule(x, i);
		}
	for (size_t i = 0; i < ruleset_count(x->rs); i++)
		free(x->feed[i].event);
	free(x->feed);
	free(x->of_rule);
	free(x->start);
	correlate_values_release(x);
}

uint64_t correlations_apply(const struct ruleset *rs, const struct store *s,
			    const struct lineage *l,
			    const struct captures *captures,
			    struct rule_matches *matches)
{
	unsigned depth = depth_of(rs);
	struct correlating x = { .rs = rs,
				 .store = s,
				 .lineage = l,
				 .captures = captures,
				 .matches = matches };

	if (depth) {
		x.episodes = episodes_new();
		run(&x, depth);
		if (x.episodes->n)
			qsort(x.episodes->item, x.episodes->n,
			      sizeof(*x.episodes->item), compare_episodes);
	}
	clear_matches(rs, matches);
	if (depth)
		add_matches(rs, matches, x.episodes);
	matches->episodes = x.episodes;
	return x.left_out;
}
