/* SPDX-License-Identifier: MIT */
#include "detect/told_twice.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

enum { APART = 2 }; /* seconds */

/* Rows of endpoints that wait for the call they tell of, by what both say. */
struct waiting {
	const struct store *s;
	struct hash_key hash;
	uint64_t *key;  /* 0: free */
	row_id *first;  /* of a key; ROW_NONE: all have been met */
	row_id *next;   /* of a row of an endpoint: by its number */
	row_id *row;    /* the rows of endpoints */
	uint8_t *named; /* of each value of EVENT_NAME: does one wait? */
	size_t mask, n;
};

/* The endpoint refused: nothing came to the service. */
static bool is_told_by_endpoint(const struct store *s, row_id r)
{
	return s->kind[r] == KIND_NETWORK &&
	       (s->flags[r] & EVENT_OUTCOME_MASK) != OUTCOME_DENIED;
}

static size_t count_rows(const struct store *s)
{
	size_t n = 0;

	for (row_id r = 0; r < s->timed; r++)
		n += is_told_by_endpoint(s, r);
	return n;
}

/* Times are whatever logs say: with a key of this run nobody can make them
 * meet. */
static uint64_t key_of(const struct waiting *w, row_id r, int64_t second)
{
	const uint64_t said[] = {
		(uint64_t)second,
		store_value_at(w->s, EVENT_NAME, r),
		store_value_at(w->s, EVENT_SOURCE, r),
		store_value_at(w->s, EVENT_PRINCIPAL, r),
	};

	return hash_str(w->hash,
			(struct str){ (const char *)said, sizeof(said) }) |
	       1;
}

static size_t slot_of(const struct waiting *w, uint64_t key)
{
	size_t at = (size_t)(key >> 1) & w->mask;

	while (w->key[at] && w->key[at] != key)
		at = (at + 1) & w->mask;
	return at;
}

static void wait_for_call(struct waiting *w, row_id r)
{
	size_t at = slot_of(w, key_of(w, r, w->s->time[r] / 1000));

	w->named[store_value_at(w->s, EVENT_NAME, r)] = 1;
	w->next[w->n] = w->key[at] ? w->first[at] : ROW_NONE;
	w->row[w->n] = r;
	w->key[at] = key_of(w, r, w->s->time[r] / 1000);
	w->first[at] = (row_id)w->n++;
}

static void begin(struct waiting *w, const struct store *s, size_t n)
{
	*w = (struct waiting){ .s = s, .hash = hash_key_new(), .mask = 15 };
	while (w->mask < n * 2)
		w->mask = w->mask * 2 + 1;
	w->key = mem_zero(w->mask + 1, sizeof(*w->key));
	w->first = mem_alloc((w->mask + 1) * sizeof(*w->first));
	w->next = mem_alloc(n * sizeof(*w->next));
	w->row = mem_alloc(n * sizeof(*w->row));
	w->named = mem_zero((size_t)s->values[EVENT_NAME] + 1, 1);
	for (row_id r = 0; r < s->timed; r++)
		if (is_told_by_endpoint(s, r))
			wait_for_call(w, r);
}

static void end(struct waiting *w)
{
	free(w->key);
	free(w->first);
	free(w->next);
	free(w->row);
	free(w->named);
}

/* The row of an endpoint that tells of that call, the nearest in time. */
static row_id take_nearest(struct waiting *w, row_id call)
{
	static const int apart[] = { 0, -1, 1, -APART, APART };

	for (size_t i = 0; i < sizeof(apart) / sizeof(*apart); i++) {
		int64_t second = w->s->time[call] / 1000 + apart[i];
		size_t at = slot_of(w, key_of(w, call, second));
		row_id n;

		if (!w->key[at] || w->first[at] == ROW_NONE)
			continue;
		n = w->first[at];
		w->first[at] = w->next[n];
		return w->row[n];
	}
	return ROW_NONE;
}

bool told_twice(const struct store *s, struct bits *rows)
{
	size_t n = count_rows(s);
	struct waiting w;
	bool any = false;

	if (!n)
		return false;
	*rows = bits_new(s->n, false);
	begin(&w, s, n);
	for (row_id r = 0; r < s->timed; r++) {
		row_id other;

		if (s->kind[r] != KIND_CLOUDTRAIL ||
		    !w.named[store_value_at(s, EVENT_NAME, r)])
			continue;
		other = take_nearest(&w, r);
		if (other == ROW_NONE)
			continue;
		bits_set(rows, other);
		any = true;
	}
	end(&w);
	if (!any)
		bits_release(rows);
	return any;
}

void told_twice_drop(const struct store *s, struct rule_matches *matches)
{
	struct bits rows;
	size_t n = 0;

	if (!matches->n || !told_twice(s, &rows))
		return;
	for (size_t i = 0; i < matches->n; i++)
		if (!bits_has(&rows, matches->match[i].row))
			matches->match[n++] = matches->match[i];
	matches->n = n;
	bits_release(&rows);
}
