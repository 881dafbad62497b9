/* SPDX-License-Identifier: MIT */
#include "store/said.h"

#include <stdlib.h>

#include "base/mem.h"

/* Texts -------------------------------------------------------------------- */

struct said_rows *said_rows_new(void)
{
	struct said_rows *x = mem_zero(1, sizeof(*x));

	atomic_init(&x->holders, 1);
	arena_init(&x->arena);
	return x;
}

struct said_rows *said_rows_hold(struct said_rows *x)
{
	if (x)
		atomic_fetch_add(&x->holders, 1);
	return x;
}

void said_rows_release(struct said_rows *x)
{
	if (!x || atomic_fetch_sub(&x->holders, 1) != 1)
		return;
	free(x->item);
	arena_release(&x->arena);
	free(x);
}

void said_rows_add(struct said_rows *x, row_id row, enum said_kind kind,
		   struct str text, size_t item)
{
	x->item = mem_grow(x->item, &x->cap, x->n + 1, sizeof(*x->item));
	x->item[x->n++] = (struct said){
		row, kind, arena_dup(&x->arena, text.n ? text : STR("-")), item
	};
}

static int compare_to(const struct said *a, row_id row, enum said_kind kind)
{
	if (a->row != row)
		return a->row < row ? -1 : 1;
	return a->kind < kind ? -1 : a->kind > kind;
}

static int compare_said(const void *p, const void *q)
{
	const struct said *a = p, *b = q;
	int order = compare_to(a, b->row, b->kind);

	return order ? order : a->item < b->item ? -1 : a->item > b->item;
}

void said_rows_sort(struct said_rows *x)
{
	if (x->n)
		qsort(x->item, x->n, sizeof(*x->item), compare_said);
}

const struct said *said_of(const struct said_rows *x, row_id row,
			   enum said_kind kind, size_t *n)
{
	size_t low = 0, high = x ? x->n : 0, end;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_to(&x->item[mid], row, kind) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low;
	     x && end < x->n && compare_to(&x->item[end], row, kind) == 0;)
		end++;
	*n = end - low;
	return *n ? &x->item[low] : NULL;
}

/* Dispositions ------------------------------------------------------------- */

struct judged_rows *judged_rows_new(void)
{
	struct judged_rows *x = mem_zero(1, sizeof(*x));

	atomic_init(&x->holders, 1);
	return x;
}

struct judged_rows *judged_rows_hold(struct judged_rows *x)
{
	if (x)
		atomic_fetch_add(&x->holders, 1);
	return x;
}

void judged_rows_release(struct judged_rows *x)
{
	if (!x || atomic_fetch_sub(&x->holders, 1) != 1)
		return;
	free(x->item);
	free(x);
}

void judged_rows_add(struct judged_rows *x, const struct judged *one)
{
	x->item = mem_grow(x->item, &x->cap, x->n + 1, sizeof(*x->item));
	x->item[x->n++] = *one;
}

static int compare_match(const struct judged *a, row_id row, uint32_t label)
{
	if (a->row != row)
		return a->row < row ? -1 : 1;
	return a->label < label ? -1 : a->label > label;
}

static int compare_judged(const void *p, const void *q)
{
	const struct judged *a = p, *b = q;
	int order = compare_match(a, b->row, b->label);

	return order ? order : a->item < b->item ? -1 : a->item > b->item;
}

void judged_rows_sort(struct judged_rows *x)
{
	size_t kept = 0;

	if (x->n)
		qsort(x->item, x->n, sizeof(*x->item), compare_judged);
	for (size_t i = 0; i < x->n; i++) {
		const struct judged *one = &x->item[i];
		bool last = i + 1 == x->n ||
			    compare_match(&x->item[i + 1], one->row,
					  one->label) != 0;

		if (last && one->what != DISPOSITION_NEW)
			x->item[kept++] = *one;
	}
	x->n = kept;
}

const struct judged *judged_at(const struct judged_rows *x, row_id row,
			       uint32_t label)
{
	size_t low = 0, high = x ? x->n : 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_match(&x->item[mid], row, label) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return x && low < x->n &&
			       compare_match(&x->item[low], row, label) == 0 ?
		       &x->item[low] :
		       NULL;
}
