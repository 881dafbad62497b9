/* SPDX-License-Identifier: MIT */
/* Gaps between CloudTrail's digests, put to the places of coverage. */
#include "casework/coverage_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "casework/verify_name.h"

/* The place of an account and region, by their texts, or c->place_n. */
static size_t place_of(const struct coverage *c, struct str account,
		       struct str region)
{
	size_t low = 0, high = c->place_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct coverage_place *p = &c->place[mid];
		int d = str_cmp(p->account_text, account);

		if (!d)
			d = str_cmp(p->region_text, region);
		if (!d)
			return mid;
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return c->place_n;
}

static int compare_gaps(const void *x, const void *y)
{
	const struct coverage_gap *a = x, *b = y;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return a->item < b->item ? -1 : a->item > b->item;
}

size_t coverage_find_gaps(struct coverage *c, const struct limits *limits,
			  size_t most)
{
	const struct files *files = c->store->files;
	struct digest_name name;
	size_t digests = 0;

	for (uint32_t f = 0; f < files->n; f++)
		digests += digest_name_read(str_of(files->entry[f].path),
					    &name);
	if (c->digests_read || digests > most)
		return digests;
	c->digests_read = true;
	verify_gaps(&c->digests, files, limits);
	c->gap = mem_alloc((c->digests.n + 1) * sizeof(*c->gap));
	for (size_t i = 0; i < c->digests.n; i++) {
		const struct verify_chain *chain =
			&c->digests.chain[c->digests.item[i].chain];
		size_t place = place_of(c, chain->account, chain->region);

		if (place < c->place_n)
			c->gap[c->gap_n++] = (struct coverage_gap){ place, i };
	}
	if (c->gap_n)
		qsort(c->gap, c->gap_n, sizeof(*c->gap), compare_gaps);
	return digests;
}

void coverage_draw_gaps(const struct coverage *c, size_t place,
			const struct coverage_axis *axis,
			struct coverage_cell *cell)
{
	size_t low = 0, high = c->gap_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (c->gap[mid].place < place)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < c->gap_n && c->gap[low].place == place; low++) {
		const struct verify_item *m =
			&c->digests.item[c->gap[low].item];
		int64_t from = m->first - axis->from;
		int64_t end = axis->step * (int64_t)axis->n;

		if (m->first == TIME_NONE || m->last == TIME_NONE ||
		    m->last - axis->from <= 0 || from >= end)
			continue;
		for (int64_t k = from > 0 ? from / axis->step : 0;
		     k * axis->step < m->last - axis->from &&
		     (size_t)k < axis->n;
		     k++)
			cell[k].gap = true;
	}
}
