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
#include "store/files.h"

/*
 * Adds the files behind `path` ("-" is standard input) to `files`. What
 * cannot be used inside a folder becomes an entry that says why (refused).
 * ERR_IO and ERR_NOTFOUND when the path itself cannot be used.
 */
ATTR_NODISCARD enum err_code walk_path(struct files *files, const char *path,
				       struct err *err);

/* Puts the files in order of their paths, whatever the order in which these
 * were given; files that are reached twice are kept once. */
void walk_finish(struct files *files);

#endif /* TRAWL_WALK_H */
