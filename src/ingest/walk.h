/* SPDX-License-Identifier: MIT */
/*
 * walk.h - the files behind the paths that were given
 *
 * A folder is walked to its depth, in order of the names, so that the list
 * does not depend on the disk. Hidden files, and devices, pipes and sockets
 * inside a folder, are left out; a symbolic link is followed only when it
 * stays inside the folder given, where a file that it names may be hidden.
 * What is named outright is taken as it is: a pipe is read once, into a
 * nameless temporary file, since raw records are read again when they are
 * shown. A file that is reached twice is read once.
 *
 * Layer: ingest.
 */
#ifndef TRAWL_WALK_H
#define TRAWL_WALK_H

#include "base/err.h"
#include "base/timefmt.h"
#include "store/files.h"

/*
 * Days, from the first to the last; TIME_NONE is open, and what is all zero
 * is every day. CloudTrail delivers to
 * YYYY/MM/DD/ and puts the time of delivery into the names of its files.
 */
struct walk_days {
	bool given;
	int64_t first, last; /* when these days begin */
};

/*
 * By name: patterns as str_glob has them, of what lies below the path given:
 * with a slash in it of its way from there, else of its own name. Borrowed.
 */
struct walk_names {
	const char *const *only; /* files; none: all */
	size_t only_n;
	const char *const *never; /* files and folders */
	size_t never_n;
};

struct walk_terms {
	struct walk_days days;
	struct walk_names names;
	uint64_t left_out; /* counts folders and files that are not wanted */
	/* Asked now and then, with the files found so far; false ends the
	 * walk. May be NULL. */
	bool (*going)(void *context, uint32_t found);
	void *context;
};

/* ERR_IO when a path is not there at all. */
ATTR_NODISCARD enum err_code walk_check(const char *path, struct err *err);

/*
 * Adds the files behind `path` ("-" is standard input) to `files`. What
 * cannot be used inside a folder becomes an entry that says why (refused).
 * What a folder holds of other days, or of other names, is left out and
 * counted; what says no day is taken. `terms` may be NULL. ERR_IO and ERR_NOTFOUND when the path itself
 * cannot be used, ERR_CANCELLED when the walk was ended.
 */
ATTR_NODISCARD enum err_code walk_path(struct files *files, const char *path,
				       struct walk_terms *terms,
				       struct err *err);

/* Puts the files in order of their paths, whatever the order in which these
 * were given; files that are reached twice are kept once. */
void walk_finish(struct files *files);

#endif /* TRAWL_WALK_H */
