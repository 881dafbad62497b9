/* SPDX-License-Identifier: MIT */
/*
 * rule_paths.h - the rule files of a path
 *
 * Layer: detect. Threads: any.
 */
#ifndef TRAWL_RULE_PATHS_H
#define TRAWL_RULE_PATHS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strbuf.h"

enum { RULE_PATHS_MAX = 100000 };

/* Files in order of their paths; folders that could not be read. */
struct rule_paths {
	char **path;
	size_t n, cap;
	char **unreadable;
	size_t unreadable_n, unreadable_cap;
	bool cut; /* there are more than RULE_PATHS_MAX */
};

/*
 * The path itself when it is a file, else all *.yml and *.yaml below it; names
 * that begin with a dot are passed over, and links to folders are not
 * followed. ERR_IO when there is nothing at the path; *out is always to be
 * released.
 */
ATTR_NODISCARD enum err_code rule_paths_find(struct rule_paths *out,
					     const char *path, struct err *err);
void rule_paths_release(struct rule_paths *p);

#endif /* TRAWL_RULE_PATHS_H */
