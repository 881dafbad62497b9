/* SPDX-License-Identifier: MIT */
#include "ui/histogram.h"

#include <math.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"

static const int64_t round_seconds[] = {
	1,     2,      3,      5,       10,      15,      20,      30,
	60,    120,    180,    240,     300,     600,     900,     1200,
	1800,  3600,   7200,   10800,   14400,   21600,   28800,   43200,
	86400, 172800, 604800, 1209600, 2419200, 4838400, 9676800, 31536000
};

static int64_t round_length(int64_t span, size_t columns)
{
	int64_t least = span / (int64_t)columns + 1;

	for (size_t i = 0; i < ARRAY_SIZE(round_seconds); i++)
		if (round_seconds[i] * 1000 >= least)
			return round_seconds[i] * 1000;
	return least * 2;
}

static int64_t floor_to(int64_t t, int64_t length)
{
	int64_t rest = t % length;

	return t - (rest < 0 ? rest + length : rest);
}

/* Position of the first of the rows at or after a time. */
static size_t seek(const struct store *s, const struct rowset *rows, int64_t t)
{
	return rowset_seek(rows, store_seek_time(s, t));
}

/* The first mark at or behind a row, from mark `low` on. */
static size_t mark_seek(const struct marks *m, row_id row, size_t low)
{
	size_t high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->mark[mid].row >= row)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
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
	for (size_t i = 0; i < h->n; i++) {
		struct bucket *b = &h->bucket[i];
		size_t from = seek(s, rows, h->start + (int64_t)i * h->length);
		size_t to = seek(s, rows,
				 h->start + (int64_t)(i + 1) * h->length);

		b->events = (uint32_t)(to - from);
		b->level = -1;
		b->noted = false;
		if (b->events > h->most)
			h->most = b->events;
		if (from == to)
			continue;
		/* Rows between them that are not shown have marks too. */
		m = mark_seek(marks, rows->row[from], m);
		for (; m < marks->n && marks->mark[m].row <= rows->row[to - 1];
		     m++)
			if ((int)marks->mark[m].level > b->level &&
			    rowset_has(rows, marks->mark[m].row))
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

void histogram_add(struct histogram *h, int64_t t)
{
	size_t i = histogram_at(h, t);

	if (i == SIZE_MAX)
		return;
	h->bucket[i].noted = true;
	if (++h->bucket[i].events > h->most)
		h->most = h->bucket[i].events;
}

unsigned histogram_height(const struct histogram *h, size_t i,
			  enum histogram_scale scale)
{
	double events = (double)h->bucket[i].events, most = (double)h->most;
	double share;

	if (!h->bucket[i].events)
		return 0;
	switch (scale) {
	case HISTOGRAM_LIN:
		share = events / most;
		break;
	case HISTOGRAM_LOG:
		share = log1p(events) / log1p(most);
		break;
	default:
		share = sqrt(events / most);
	}
	return 1 + (unsigned)(share * 7.0);
}

static const char *const scales[] = {
	[HISTOGRAM_SQRT] = "sqrt",
	[HISTOGRAM_LIN] = "lin",
	[HISTOGRAM_LOG] = "log",
};

const char *histogram_scale_name(enum histogram_scale scale)
{
	return scales[scale];
}

bool histogram_scale_parse(struct str name, enum histogram_scale *scale)
{
	for (size_t i = 0; i < ARRAY_SIZE(scales); i++)
		if (str_eq_fold(name, str_of(scales[i]))) {
			*scale = (enum histogram_scale)i;
			return true;
		}
	return false;
}

/* A round length that is a multiple of a bucket's. */
int64_t histogram_tick(const struct histogram *h, size_t columns)
{
	int64_t least = h->length * (int64_t)columns;

	for (size_t i = 0; i < ARRAY_SIZE(round_seconds); i++) {
		int64_t tick = round_seconds[i] * 1000;

		if (tick >= least && tick % h->length == 0)
			return tick;
	}
	return least;
}
