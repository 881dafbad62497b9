/* SPDX-License-Identifier: MIT */
#include "store/postings.h"

#include <stdlib.h>

#include "base/mem.h"

void postings_make(struct postings *p, const struct uints *column, row_id rows,
		   uint32_t values, const struct more_values *more)
{
	static const struct more_values none = { NULL, NULL, 0 };
	uint32_t sum = 0, *next;
	size_t m = 0;

	more = more ? more : &none;
	p->start = mem_zero((size_t)values + 1, sizeof(*p->start));
	for (row_id r = 0; r < rows; r++)
		p->start[uints_get_u32(column, r)]++;
	p->start[0] = 0;
	for (size_t i = 0; i < more->n; i++)
		p->start[more->value[i]]++;
	for (uint32_t v = 0; v <= values; v++) {
		uint32_t count = p->start[v];

		p->start[v] = sum;
		sum += count;
	}
	p->row = mem_alloc(((size_t)sum + 1) * sizeof(*p->row));
	next = mem_dup(p->start, (size_t)values * sizeof(*next));
	for (row_id r = 0; r < rows; r++) {
		uint32_t value = uints_get_u32(column, r);

		if (value)
			p->row[next[value]++] = r;
		for (; m < more->n && more->row[m] == r; m++)
			p->row[next[more->value[m]]++] = r;
	}
	free(next);
}

void postings_release(struct postings *p)
{
	free(p->start);
	free(p->row);
	*p = (struct postings){ NULL, NULL };
}
