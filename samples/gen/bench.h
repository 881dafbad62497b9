/* SPDX-License-Identifier: MIT */
/*
 * bench.h - load data of any size
 *
 * Some hundred principals in six accounts and five regions go about their
 * work, sessions come and go, services write logs, and now and then somebody
 * attacks. Files are written as they fill up, so memory does not grow with
 * the number of events.
 */
#ifndef SAMPLEGEN_BENCH_H
#define SAMPLEGEN_BENCH_H

#include <stdint.h>

#include "base/err.h"

struct bench_options {
	uint64_t events; /* different ones */
	const char *folder;
	unsigned per_file; /* most records in a file */
	double duplicates; /* share of the events that come twice */
	const char *seed;
};

ATTR_NODISCARD enum err_code bench_write(const struct bench_options *o,
					 struct err *err);

#endif /* SAMPLEGEN_BENCH_H */
