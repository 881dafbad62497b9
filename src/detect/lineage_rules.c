/* SPDX-License-Identifier: MIT */
#include "detect/lineage_rules.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "detect/lineage_detections.h"

/* Matches in the making: those that stay, then those that are found. */
struct matching {
	const struct ruleset *rs;
	const struct store *store;
	struct rule_match *match;
	size_t n, cap;
	struct intern *notes;
};

static void add(struct matching *m, struct rule_match match)
{
	m->match = mem_grow(m->match, &m->cap, m->n + 1, sizeof(*m->match));
	m->match[m->n++] = match;
}

/* Candidates of each lineage rule that starts from events. */
static void part(struct matching *m, const struct rule_matches *from,
		 struct rowset *seeds)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct rule_match *x = &from->match[i];

		if (ruleset_at(m->rs, x->rule)->lineage)
			rowset_add(&seeds[x->rule], x->row);
		else
			add(m, *x);
	}
}

/* A detection may come to a row in several ways: the first one stays. */
static void keep_found(struct matching *m, rule_index rule,
		       const struct lineage_found *found)
{
	const struct rule *r = &ruleset_at(m->rs, rule)->rule;

	for (size_t i = 0; i < found->n; i++) {
		row_id row = found->match[i].row;

		if (r->outcomes >> store_outcome(m->store, row) & 1)
			add(m, (struct rule_match){ row, rule,
						    found->match[i].note,
						    found->match[i].lower });
	}
}

/* By row, then rule; of equals the first that came. */
static void sort_matches(struct matching *m)
{
	int64_t *key = mem_alloc((m->n + 1) * sizeof(*key));
	uint32_t *order = mem_alloc((m->n + 1) * sizeof(*order));
	struct rule_match *sorted = mem_alloc((m->n + 1) * sizeof(*sorted));
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		key[i] = (int64_t)((uint64_t)m->match[i].row << 31 |
				   m->match[i].rule);
	sort_by_key(order, key, m->n);
	for (size_t i = 0; i < m->n; i++)
		if (i == 0 || key[order[i]] != key[order[i - 1]])
			sorted[n++] = m->match[order[i]];
	free(m->match);
	free(key);
	free(order);
	m->match = sorted;
	m->n = n;
}

static bool any_lineage(const struct ruleset *rs)
{
	for (rule_index i = 0; i < ruleset_count(rs); i++)
		if (ruleset_at(rs, i)->lineage)
			return true;
	return false;
}

void lineage_rules_apply(const struct ruleset *rs, const struct store *s,
			 const struct lineage *l, const struct site *site,
			 struct rule_matches *matches)
{
	struct matching m = { .rs = rs, .store = s };
	struct rowset *seeds;
	struct lineage_context x;

	if (!any_lineage(rs))
		return;
	m.notes = mem_alloc(sizeof(*m.notes));
	intern_init(m.notes);
	seeds = mem_zero(ruleset_count(rs) + 1, sizeof(*seeds));
	part(&m, matches, seeds);
	context_init(&x, s, l, site);
	for (rule_index i = 0; i < ruleset_count(rs); i++) {
		const struct ruleset_rule *r = ruleset_at(rs, i);
		struct lineage_found found = { .notes = m.notes };

		if (r->lineage && r->state == RULE_ACTIVE) {
			strbuf_init(&found.text);
			r->lineage->detection->run(&x, r->lineage, &seeds[i],
						   &found);
			keep_found(&m, i, &found);
			strbuf_release(&found.text);
			free(found.match);
		}
		rowset_release(&seeds[i]);
	}
	free(seeds);
	context_release(&x);
	sort_matches(&m);
	rule_matches_release(matches);
	*matches = (struct rule_matches){ .match = m.match,
					  .n = m.n,
					  .notes = m.notes };
}
