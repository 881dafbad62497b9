/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "detect/matches.h"

static uint64_t draw(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

static int compare(const void *a, const void *b)
{
	const struct rule_match *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return x->note < y->note ? -1 : x->note > y->note;
}

static void check_same(const struct rule_match *x, const struct rule_match *y,
		       size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(x[i].row, y[i].row);
		assert_int_equal(x[i].rule, y[i].rule);
		assert_int_equal(x[i].note, y[i].note);
		assert_int_equal(x[i].lower, y[i].lower);
	}
}

/* n matches, no two equal: some rows have many, most have none. */
static size_t draw_matches(uint64_t *seed, struct rule_match *m, size_t n,
			   row_id rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		row_id row = (row_id)(draw(seed) % rows);

		if (draw(seed) % 3 == 0)
			row = row / 64 * 64 % rows;
		m[i] = rule_match_of(row, (rule_index)(draw(seed) % 60000), 0,
				     0);
	}
	qsort(m, n, sizeof(*m), compare);
	for (size_t i = 0; i < n; i++)
		if (!kept || compare(&m[kept - 1], &m[i]) != 0)
			m[kept++] = m[i];
	for (size_t i = kept; i-- > 1;) {
		size_t k = draw(seed) % (i + 1);
		struct rule_match moved = m[i];

		m[i] = m[k];
		m[k] = moved;
	}
	/* So that it is seen when one is written over another. */
	for (size_t i = 0; i < kept; i++) {
		m[i].note = (uint32_t)draw(seed);
		m[i].lower = (uint8_t)draw(seed);
	}
	return kept;
}

static void many_are_placed(void **state)
{
	static const struct {
		size_t n;
		row_id rows;
	} size[] = { { 0, 1 },         { 1, 1 },       { 2, 2 },
		     { 500, 10 },      { 500, 2047 },  { 500, 2048 },
		     { 500, 2049 },    { 5000, 4097 }, { 50000, 1000000 },
		     { 50000, 100000 } };
	uint64_t seed = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(size) * 5; i++) {
		size_t most = size[i / 5].n, n;
		struct rule_match *m = mem_alloc((most + 1) * sizeof(*m)), *by;

		n = draw_matches(&seed, m, most, size[i / 5].rows);
		by = mem_dup(m, (n + 1) * sizeof(*m));
		qsort(by, n, sizeof(*by), compare);
		rule_matches_place(m, n, size[i / 5].rows);
		check_same(m, by, n);
		free(by);
		free(m);
	}
}

/* Rows and rules with their whole range; equal ones stay in their order, which
 * their notes tell. */
static void few_are_sorted_and_keep_their_order(void **state)
{
	static const row_id row[] = { 0, 1, 70000, UINT32_MAX - 1 };
	static const rule_index rule[] = { 0, 1, 300, RULES_MOST - 1 };
	uint64_t seed = 11;

	(void)state;
	for (size_t n = 0; n < 200; n++) {
		struct rule_match m[200], by[200];

		for (size_t i = 0; i < n; i++)
			m[i] = rule_match_of(row[draw(&seed) % 4],
					     rule[draw(&seed) % 4], (uint32_t)i,
					     (unsigned)(draw(&seed) % 7));
		memcpy(by, m, n * sizeof(*m));
		qsort(by, n, sizeof(*by), compare);
		rule_matches_sort(m, n);
		check_same(m, by, n);
	}
}

/* Those that are added stand behind those that were there. */
static void more_are_merged(void **state)
{
	static const struct rule_match had[] = { { .row = 1, .rule = 5 },
						 { .row = 3, .rule = 1 },
						 { .row = 3, .rule = 4 } };
	static const struct rule_match more[] = {
		{ .row = 0, .rule = 9, .note = 1 },
		{ .row = 1, .rule = 5, .note = 1 },
		{ .row = 3, .rule = 2, .note = 1 },
		{ .row = 3, .rule = 2, .note = 2 },
		{ .row = 4, .rule = 0, .note = 1 },
	};
	static const struct {
		row_id row;
		rule_index rule;
		uint32_t note;
	} want[] = { { 0, 9, 1 }, { 1, 5, 0 }, { 1, 5, 1 }, { 3, 1, 0 },
		     { 3, 2, 1 }, { 3, 2, 2 }, { 3, 4, 0 }, { 4, 0, 1 } };
	struct rule_matches m = { .match = mem_dup(had, sizeof(had)),
				  .n = ARRAY_SIZE(had) };

	(void)state;
	rule_matches_merge(&m, NULL, 0);
	assert_int_equal(m.n, ARRAY_SIZE(had));
	rule_matches_merge(&m, more, ARRAY_SIZE(more));
	assert_int_equal(m.n, ARRAY_SIZE(want));
	for (size_t i = 0; i < m.n; i++) {
		assert_int_equal(m.match[i].row, want[i].row);
		assert_int_equal(m.match[i].rule, want[i].rule);
		assert_int_equal(m.match[i].note, want[i].note);
	}
	rule_matches_release(&m);
	rule_matches_merge(&m, more, 1);
	assert_int_equal(m.n, 1);
	rule_matches_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_are_placed),
		cmocka_unit_test(few_are_sorted_and_keep_their_order),
		cmocka_unit_test(more_are_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
