/* SPDX-License-Identifier: MIT */
#include "ui/histogram.h"

#include <math.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"

static int64_t round_length(int64_t span, size_t columns)
{
	static const int64_t seconds[] = {
		1,       2,       3,       5,       10,     15,     20,
		30,      60,      120,     180,     240,    300,    600,
		900,     1200,    1800,    3600,    7200,   10800,  14400,
		21600,   28800,   43200,   86400,   172800, 604800, 1209600,
		2419200, 4838400, 9676800, 31536000
	};
	int64_t least = span / (int64_t)columns + 1;

	for (size_t i = 0; i < ARRAY_SIZE(seconds); i++)
		if (seconds[i] * 1000 >= least)
			return seconds[i] * 1000;
	return least * 2;
}

static int64_t floor_to(int64_t t, int64_t length)
{
	int64_t rest = t % length;

	return t - (rest < 0 ? rest + length : rest);
}

void histogram_make(struct histogram *h, const struct store *s,
		    const struct marks *marks, const struct rowset *rows,
		    int64_t since, int64_t until, size_t columns)
{
	size_t m = 0;

	*h = (struct histogram){ .start = since };
	if (since >= until || columns == 0)
		return;
	h->length = round_length(until - since, columns);
	/* Rounding the start down may take one bucket more. */
	while ((until - floor_to(since, h->length) + h->length - 1) /
		       h->length >
	       (int64_t)columns)
		h->length = round_length(h->length * (int64_t)columns, columns);
	h->start = floor_to(since, h->length);
	h->n = (size_t)((until - h->start + h->length - 1) / h->length);
	h->bucket = mem_alloc(h->n * sizeof(*h->bucket));
	for (size_t i = 0; i < h->n; i++)
		h->bucket[i] = (struct bucket){ 0, -1 };
	for (size_t i = 0; i < rows->n; i++) {
		size_t at = histogram_at(h, s->time[rows->row[i]]);
		struct bucket *b;

		if (at == SIZE_MAX)
			continue;
		b = &h->bucket[at];
		if (++b->events > h->most)
			h->most = b->events;
		while (m < marks->n && marks->mark[m].row < rows->row[i])
			m++;
		for (; m < marks->n && marks->mark[m].row == rows->row[i]; m++)
			if ((int)marks->mark[m].level > b->level)
				b->level = (int)marks->mark[m].level;
	}
}

void histogram_release(struct histogram *h)
{
	free(h->bucket);
	*h = (struct histogram){ .n = 0 };
}

size_t histogram_at(const struct histogram *h, int64_t t)
{
	if (h->n == 0 || t < h->start ||
	    t >= h->start + (int64_t)h->n * h->length)
		return SIZE_MAX;
	return (size_t)((t - h->start) / h->length);
}

unsigned histogram_height(const struct histogram *h, size_t i)
{
	uint32_t events = h->bucket[i].events;
	double share;

	if (!events)
		return 0;
	share = sqrt((double)events / (double)h->most);
	return 1 + (unsigned)(share * 7.0);
}
