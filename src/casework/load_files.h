/* SPDX-License-Identifier: MIT */
/*
 * load_files.h - the files of a load, and whether they still are what they were
 *
 * A file is what it was when path, size, times and number on the disk are the
 * same, and both its ends (of a packed file the last bytes, its checksum). A
 * packed file that was renamed or moved on its disk is recognised by all of
 * these but its path and the time of that; the end of its name, which says how
 * it is read, has to be the same. It is trusted only when it had not changed
 * for a while before it was looked at: what changes twice within the grain of
 * its file system's clock looks as if it had changed once.
 *
 * Layer: casework. Threads: one, which starts some.
 */
#ifndef TRAWL_LOAD_FILES_H
#define TRAWL_LOAD_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "store/files.h"

/* What a file is. */
struct file_look {
	struct hash128 is;   /* 0: it is not to be trusted */
	struct hash128 body; /* wherever it lies; 0: that cannot be told */
	struct hash128 ends;
};

/*
 * All files as they were found, to be freed; the ends are yet to be read. Sums
 * are keyed.
 */
struct file_look *load_files_look(const struct files *files,
				  struct hash_key key);
/* Reads the ends of those with wanted[i]; NULL: of all. */
void load_files_read_ends(const struct files *files, const bool *wanted,
			  struct file_look *look, unsigned threads);
/*
 * Takes the trust from files that changed at `settled` or later (ns since
 * 1970), or are something else than when they were found. Returns how many
 * records those have that are left.
 */
uint64_t load_files_distrust(const struct files *files, int64_t settled,
			     struct file_look *look, unsigned threads);

/* Are n looks of before the same files, one by one? Ends are not compared. */
bool load_files_all_same(const struct file_look *before, uint32_t n,
			 const struct file_look *look, const struct files *now);

/*
 * Which file each of n looks of before is now: its number, or UINT32_MAX. Reads
 * the ends of those that are left. To be freed; *same says how many there are.
 */
file_id *load_files_match(const struct file_look *before, uint32_t n,
			  struct file_look *look, const struct files *now,
			  unsigned threads, uint32_t *same);

#endif /* TRAWL_LOAD_FILES_H */
