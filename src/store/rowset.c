/* SPDX-License-Identifier: MIT */
#include "store/rowset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void rowset_release(struct rowset *s)
{
	if (s->cap)
		free(s->row);
	*s = (struct rowset)ROWSET_INIT;
}

void rowset_clear(struct rowset *s)
{
	s->n = 0;
}

static void reserve(struct rowset *s, size_t n)
{
	if (n > s->cap)
		s->row = mem_grow(s->row, &s->cap, n, sizeof(*s->row));
}

void rowset_add(struct rowset *s, row_id row)
{
	assert(s->n == 0 || s->row[s->n - 1] < row);
	reserve(s, s->n + 1);
	s->row[s->n++] = row;
}

void rowset_add_range(struct rowset *s, row_id from, row_id to)
{
	if (from >= to)
		return;
	assert(s->n == 0 || s->row[s->n - 1] < from);
	reserve(s, s->n + (to - from));
	for (row_id r = from; r < to; r++)
		s->row[s->n++] = r;
}

void rowset_copy(struct rowset *out, const struct rowset *s)
{
	rowset_clear(out);
	reserve(out, s->n);
	if (s->n)
		memcpy(out->row, s->row, s->n * sizeof(*s->row));
	out->n = s->n;
}

size_t rowset_seek(const struct rowset *s, row_id row)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->row[mid] < row)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool rowset_has(const struct rowset *s, row_id row)
{
	size_t at = rowset_seek(s, row);

	return at < s->n && s->row[at] == row;
}

void rowset_intersect(struct rowset *out, const struct rowset *a,
		      const struct rowset *b)
{
	size_t i = 0, j = 0;

	rowset_clear(out);
	if (a->n > b->n) {
		const struct rowset *swap = a;

		a = b;
		b = swap;
	}
	reserve(out, a->n);
	if (a->n < b->n / 32) {
		for (; i < a->n; i++)
			if (rowset_has(b, a->row[i]))
				out->row[out->n++] = a->row[i];
		return;
	}
	while (i < a->n && j < b->n) {
		if (a->row[i] < b->row[j]) {
			i++;
		} else if (a->row[i] > b->row[j]) {
			j++;
		} else {
			out->row[out->n++] = a->row[i++];
			j++;
		}
	}
}

void rowset_union(struct rowset *out, const struct rowset *a,
		  const struct rowset *b)
{
	size_t i = 0, j = 0;

	rowset_clear(out);
	reserve(out, a->n + b->n);
	while (i < a->n || j < b->n) {
		if (j == b->n || (i < a->n && a->row[i] < b->row[j])) {
			out->row[out->n++] = a->row[i++];
		} else if (i == a->n || b->row[j] < a->row[i]) {
			out->row[out->n++] = b->row[j++];
		} else {
			out->row[out->n++] = a->row[i++];
			j++;
		}
	}
}

void rowset_subtract(struct rowset *out, const struct rowset *a,
		     const struct rowset *b)
{
	size_t j = 0;

	rowset_clear(out);
	reserve(out, a->n);
	for (size_t i = 0; i < a->n; i++) {
		while (j < b->n && b->row[j] < a->row[i])
			j++;
		if (j == b->n || b->row[j] != a->row[i])
			out->row[out->n++] = a->row[i];
	}
}

static int compare_rows(const void *x, const void *y)
{
	const row_id *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

void rowset_of(struct rowset *out, row_id *row, size_t n)
{
	rowset_clear(out);
	if (n)
		qsort(row, n, sizeof(*row), compare_rows);
	for (size_t i = 0; i < n; i++)
		if (!i || row[i] != row[i - 1])
			rowset_add(out, row[i]);
}
