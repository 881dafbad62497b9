/* SPDX-License-Identifier: MIT */
#include "store/skips.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void skips_init(struct skips *s)
{
	*s = (struct skips){ NULL, 0, 0, 0 };
}

void skips_release(struct skips *s)
{
	free(s->skip);
	skips_init(s);
}

void skips_add(struct skips *s, struct skip skip)
{
	s->skip = mem_grow(s->skip, &s->cap, s->n + 1, sizeof(*s->skip));
	s->skip[s->n++] = skip;
}

void skips_drop(struct skips *s, const char *reason)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->skip[i].reason, reason) != 0)
			s->skip[n++] = s->skip[i];
	s->n = n;
}

uint64_t skips_lost(const struct skips *s)
{
	uint64_t lost = s->unlisted;

	for (size_t i = 0; i < s->n; i++)
		lost += !s->skip[i].foreign;
	return lost;
}

static int compare_kinds(const void *x, const void *y)
{
	const struct skip_kind *a = x, *b = y;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return strcmp(a->reason, b->reason);
}

size_t skips_by_reason(const struct skips *s, struct skip_kind *kind)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		const char *reason = s->skip[i].reason;
		size_t k = 0;

		if (!s->skip[i].record)
			continue;
		while (k < n && kind[k].reason != reason &&
		       strcmp(kind[k].reason, reason) != 0)
			k++;
		if (k == SKIP_KINDS)
			continue;
		if (k == n)
			kind[n++] = (struct skip_kind){ reason, 0 };
		kind[k].n++;
	}
	if (n)
		qsort(kind, n, sizeof(*kind), compare_kinds);
	return n;
}

static int compare(const void *x, const void *y)
{
	const struct skip *a = x, *b = y;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->record != b->record)
		return a->record < b->record ? -1 : 1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

void skips_sort(struct skips *s)
{
	if (s->n)
		qsort(s->skip, s->n, sizeof(*s->skip), compare);
}
