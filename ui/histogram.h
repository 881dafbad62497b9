/* SPDX-License-Identifier: MIT */
/*
 * histogram.h - events over time, in as many buckets as there are columns
 *
 * A bucket is a round length of time (1m, 5m, 1h ...). It counts its events
 * and knows the worst alert in it.
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_HISTOGRAM_H
#define TRAWL_HISTOGRAM_H

#include "store/marks.h"
#include "store/store.h"

struct bucket {
	uint32_t events;
	int level;  /* of the worst alert, or -1 */
	bool noted; /* something that is no row was added */
};

struct histogram {
	int64_t start;  /* of the first bucket; a multiple of its length */
	int64_t length; /* of a bucket, ms; 0: no events */
	struct bucket *bucket;
	size_t n;
	uint32_t most; /* events of the fullest bucket */
};

/* At most `columns` buckets over [since, until); rows outside are left out.
 * O(buckets log rows + marks log rows). */
void histogram_make(struct histogram *h, const struct store *s,
		    const struct marks *marks, const struct rowset *rows,
		    int64_t since, int64_t until, size_t columns);
/* Counts something that is no row, unless it is outside. */
void histogram_add(struct histogram *h, int64_t t);
void histogram_release(struct histogram *h);

/* The bucket of a time, or SIZE_MAX. */
size_t histogram_at(const struct histogram *h, int64_t t);

enum histogram_scale { HISTOGRAM_SQRT, HISTOGRAM_LIN, HISTOGRAM_LOG };

/* Height 1 to 8 of a bucket, 0 when it is empty. By the square root unless
 * told otherwise, since one burst would flatten everything else. */
unsigned histogram_height(const struct histogram *h, size_t i,
			  enum histogram_scale scale);
/* "sqrt", "lin", "log"; false, and nothing changed, for anything else. */
const char *histogram_scale_name(enum histogram_scale scale);
bool histogram_scale_parse(struct str name, enum histogram_scale *scale);
/* How far marks on an axis are apart that takes so many columns for each. */
int64_t histogram_tick(const struct histogram *h, size_t columns);

#endif /* TRAWL_HISTOGRAM_H */
