/* SPDX-License-Identifier: MIT */
/*
 * readbench.c - how long a raw record takes to be read again
 *
 * usage: readbench PATH... Loads without rules, then reads records by chance,
 * each with a reader that has read nothing, so that none is helped by the one
 * before (the system's cache of files is warm). Prints one line of JSON:
 * median, 99th percentile and worst, in milliseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "base/mem.h"
#include "ingest/ingest.h"
#include "ingest/reader.h"
#include "store/builder.h"

enum { READS = 400 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* The same rows in each run. */
static row_id by_chance(uint64_t *state, row_id n)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (row_id)((*state >> 33) % n);
}

static double read_one(const struct store *s, const struct limits *limits,
		       row_id row)
{
	double begun = now_ms();
	struct reader *r = reader_new(s, limits);
	struct str bytes;
	struct err err;
	enum err_code rc = reader_raw(r, row, &bytes, &err);
	double took = now_ms() - begun;

	if (rc || bytes.n != store_place(s, row).length) {
		fprintf(stderr, "readbench: row %u: %s\n", row, err.msg);
		exit(1);
	}
	reader_free(r);
	return took;
}

int main(int argc, char **argv)
{
	struct ingest_options options = {
		.path = (const char *const *)argv + 1,
		.path_n = argc > 1 ? (size_t)argc - 1 : 0,
		.limits = LIMITS_DEFAULT,
	};
	uint64_t chance = 1;
	double took[READS];
	struct ingest *in;
	struct store *s;
	row_id *row_of;
	struct err err;

	if (argc < 2) {
		fprintf(stderr, "usage: readbench PATH...\n");
		return 2;
	}
	json_init();
	if (ingest_new(&in, &options, &err) ||
	    ingest_find(in, NULL, NULL, &err)) {
		fprintf(stderr, "readbench: %s\n", err.msg);
		return 1;
	}
	ingest_run(in, NULL, NULL);
	s = builder_publish(ingest_builder(in), PUBLISH_LAST, &row_of);
	for (size_t i = 0; s->n && i < READS; i++)
		took[i] = read_one(s, &options.limits,
				   by_chance(&chance, s->n));
	if (s->n) {
		qsort(took, READS, sizeof(*took), compare);
		printf("{\"records\":%u,\"median_ms\":%.3f,\"p99_ms\":%.3f,"
		       "\"worst_ms\":%.3f}\n",
		       s->n, took[READS / 2], took[READS * 99 / 100],
		       took[READS - 1]);
	}
	free(row_of);
	store_release(s);
	ingest_free(in);
	return 0;
}
