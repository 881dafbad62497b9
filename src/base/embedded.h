/* SPDX-License-Identifier: MIT */
/*
 * embedded.h - the files that travel inside the binary
 *
 * Rules (rules/<tactic>/<name>.yml) and manual pages (man/trawl.1), as the
 * build found them; tools/embed.c writes the table.
 *
 * Layer: base.
 */
#ifndef TRAWL_EMBEDDED_H
#define TRAWL_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name;             /* relative to the source tree */
	const unsigned char *content; /* a NUL follows the last byte */
	size_t size;
};

/* Ends with an entry whose name is NULL. */
extern const struct embedded_file embedded_files[];

#endif /* TRAWL_EMBEDDED_H */
