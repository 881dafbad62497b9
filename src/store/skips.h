/* SPDX-License-Identifier: MIT */
/*
 * skips.h - what was found and not kept, and where
 *
 * Every record or file that cannot be used is counted; the first
 * SKIPS_PER_FILE of a file are listed one by one with their place and reason,
 * and the rest of that file's as a number, so that a hostile file cannot fill
 * the memory with complaints.
 *
 * Layer: store. Threads: one at a time.
 */
#ifndef TRAWL_SKIPS_H
#define TRAWL_SKIPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/files.h"

enum { SKIPS_PER_FILE = 1000 };

struct skip {
	file_id file;
	uint64_t record;    /* from 1; 0 when it concerns the file */
	uint64_t offset;    /* into the decompressed file */
	const char *reason; /* a constant of the program's */
	bool foreign;       /* no log at all, met in a folder: listed, but
			       nothing that could be read was lost */
};

struct skips {
	struct skip *skip; /* in the order of adding, see skips_sort */
	size_t n, cap;
	uint64_t unlisted; /* beyond the limit of their file */
};

/* Skips that are not foreign, unlisted ones too. */
uint64_t skips_lost(const struct skips *s);

/* How many there are of a reason. */
struct skip_kind {
	const char *reason;
	uint64_t n;
};

enum { SKIP_KINDS = 64 };

/* Those of records that are listed, by reason: the most first, then by reason.
 * Fills kind[], of SKIP_KINDS, and returns how many; beyond these, and beyond
 * what is listed of a file, nobody is told apart. */
size_t skips_by_reason(const struct skips *s, struct skip_kind *kind);

void skips_init(struct skips *s);
void skips_release(struct skips *s);
void skips_add(struct skips *s, struct skip skip);
/* Those of that reason go. */
void skips_drop(struct skips *s, const char *reason);
/* By file, record, offset. */
void skips_sort(struct skips *s);

#endif /* TRAWL_SKIPS_H */
