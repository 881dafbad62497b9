/* SPDX-License-Identifier: MIT */
#include "detect/matches.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"

void rule_matches_release(struct rule_matches *m)
{
	free(m->match);
	if (m->notes)
		intern_release(m->notes);
	free(m->notes);
	episodes_free(m->episodes);
	*m = (struct rule_matches){ .n = 0 };
}

void rule_matches_sort(struct rule_match *m, size_t n)
{
	struct rule_match *from;
	uint32_t *order;
	int64_t *key;

	if (n < 2)
		return;
	from = mem_dup(m, n * sizeof(*from));
	order = mem_alloc(n * sizeof(*order));
	key = mem_alloc(n * sizeof(*key));
	for (size_t i = 0; i < n; i++)
		key[i] = (int64_t)((uint64_t)m[i].row << 16 | m[i].rule);
	sort_by_key(order, key, n);
	for (size_t i = 0; i < n; i++)
		m[i] = from[order[i]];
	free(from);
	free(order);
	free(key);
}

void rule_matches_merge(struct rule_matches *m, const struct rule_match *more,
			size_t more_n)
{
	size_t at = m->n, to = m->n + more_n;

	if (!more_n)
		return;
	m->match = mem_resize(m->match, to + 1, sizeof(*m->match));
	m->n = to;
	while (more_n) {
		if (at &&
		    rule_match_is_before(&more[more_n - 1], &m->match[at - 1]))
			m->match[--to] = m->match[--at];
		else
			m->match[--to] = more[--more_n];
	}
}

/* Many, in place ---------------------------------------------------------- */

enum { SHARE_BITS = 11, SHARES = 1 << SHARE_BITS };

/* Rows are dealt to shares of 1 << shift rows each. */
struct shares {
	struct rule_match *match;
	unsigned shift;
	size_t from[SHARES], to[SHARES]; /* of each share, in match */
	size_t most;                     /* in one of them */
};

static void count_shares(struct shares *s, size_t n, row_id rows)
{
	size_t sum = 0;

	s->shift = 0;
	while ((rows - 1) >> s->shift >= SHARES)
		s->shift++;
	memset(s->to, 0, sizeof(s->to));
	for (size_t i = 0; i < n; i++)
		s->to[s->match[i].row >> s->shift]++;
	s->most = 0;
	for (size_t b = 0; b < SHARES; b++) {
		if (s->to[b] > s->most)
			s->most = s->to[b];
		s->from[b] = sum;
		sum += s->to[b];
		s->to[b] = sum;
	}
}

/* Each to its share: whoever is in the way is carried on to its own. */
static void deal(struct shares *s)
{
	size_t next[SHARES];

	memcpy(next, s->from, sizeof(next));
	for (size_t b = 0; b < SHARES; b++) {
		while (next[b] < s->to[b]) {
			struct rule_match *hole = &s->match[next[b]];
			struct rule_match carried = *hole;
			size_t own = carried.row >> s->shift;

			while (own != b) {
				struct rule_match *at = &s->match[next[own]++];
				struct rule_match met = *at;

				*at = carried;
				carried = met;
				own = carried.row >> s->shift;
			}
			*hole = carried;
			next[b]++;
		}
	}
}

/* One share by row. */
static void sort_share(const struct shares *s, size_t b,
		       struct rule_match *spare, uint32_t *start)
{
	struct rule_match *m = s->match + s->from[b];
	size_t n = s->to[b] - s->from[b], rows = (size_t)1 << s->shift;
	uint32_t first = (uint32_t)(b << s->shift);

	memset(start, 0, (rows + 1) * sizeof(*start));
	for (size_t i = 0; i < n; i++)
		start[m[i].row - first + 1]++;
	for (size_t r = 1; r <= rows; r++)
		start[r] += start[r - 1];
	memcpy(spare, m, n * sizeof(*m));
	for (size_t i = 0; i < n; i++)
		m[start[spare[i].row - first]++] = spare[i];
}

/* Those of one row by rule. */
static void sort_rules(struct rule_match *m, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct rule_match moved = m[i];
		size_t k = i;

		for (; k && m[k - 1].row == moved.row &&
		       m[k - 1].rule > moved.rule;
		     k--)
			m[k] = m[k - 1];
		m[k] = moved;
	}
}

void rule_matches_place(struct rule_match *m, size_t n, row_id rows)
{
	struct rule_match *spare;
	uint32_t *start;
	struct shares *s;

	if (n < 2)
		return;
	s = mem_alloc(sizeof(*s));
	s->match = m;
	count_shares(s, n, rows);
	deal(s);
	spare = mem_alloc(s->most * sizeof(*spare));
	start = mem_alloc((((size_t)1 << s->shift) + 1) * sizeof(*start));
	for (size_t b = 0; b < SHARES; b++)
		if (s->to[b] > s->from[b])
			sort_share(s, b, spare, start);
	free(start);
	free(spare);
	free(s);
	sort_rules(m, n);
}
