/* SPDX-License-Identifier: MIT */
/*
 * cache_folder.h - the folder of what need not be computed again
 *
 * $XDG_CACHE_HOME/trawl or ~/.cache/trawl: files of the user's alone (0600) in
 * a folder of his alone (0700), and the key with which they are sealed. A
 * folder that is somebody else's, or that others may enter, is not used. New
 * files appear whole, by a rename; together they are bounded, and those that
 * have not been used for longest go.
 *
 * Nothing that fails here is told: without a cache everything is computed.
 *
 * Layer: casework. Threads: one; processes may share a folder.
 */
#ifndef TRAWL_CACHE_FOLDER_H
#define TRAWL_CACHE_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"

struct cache_folder;

/* Opens it; it is made when it is missing. NULL when it cannot be used. */
struct cache_folder *cache_folder_open(const char *path);
void cache_folder_close(struct cache_folder *f);

struct hash_key cache_folder_key(const struct cache_folder *f);

/* A file of the user's own, to be read; -1 when there is none. It counts as
 * used. The caller closes it. */
int cache_folder_read(struct cache_folder *f, const char *name);

/*
 * A new file, to be written; it has its name, instead of one that has it now,
 * when it is kept. Room is made for so many bytes, of `most` in all; -1, and
 * nothing goes, when it would take more than half of that or of what the disk
 * has free.
 */
int cache_folder_write(struct cache_folder *f, const char *name, uint64_t bytes,
		       uint64_t most);
/* Closes it; gives it its name, or drops it. */
void cache_folder_keep(struct cache_folder *f, int fd, const char *name,
		       bool keep);

#endif /* TRAWL_CACHE_FOLDER_H */
