/* SPDX-License-Identifier: MIT */
/*
 * archive.h - members of archives as files of their own
 *
 * A zip or tar archive, one that gzip has packed, and whatever zstd, xz or
 * bzip2 has, is recognised by its first bytes. Its members are copied, unpacked, into one nameless
 * temporary file of the list (TMPDIR), since records are read again when they
 * are shown and an archive can only be read from its beginning. Each becomes a
 * file with the path ARCHIVE/MEMBER; any other gzip is left to the source. Of an
 * archive in an archive the same is done, three deep. Nothing is written
 * under a member's name.
 *
 * Names that CloudTrail's deliveries have (.json.gz) are not looked into, so
 * that a folder of them costs nothing.
 *
 * Layer: ingest. The one file with libarchive; without it archives are
 * refused with a reason. Cost: O(bytes unpacked). Threads: one.
 */
#ifndef TRAWL_ARCHIVE_H
#define TRAWL_ARCHIVE_H

#include <stdbool.h>

#include "base/limits.h"
#include "store/files.h"

/* Asked after each member with the files so far; false ends it. */
typedef bool (*archive_going)(void *context, uint32_t found);

/*
 * Replaces the archives among the files by what is in them. What cannot be
 * unpacked stays as a file that is refused. False when it was ended.
 */
bool archives_open(struct files *files, const struct limits *limits,
		   archive_going going, void *context);

/* What a file that is no log begins with, as a reason to skip it; NULL when
 * the bytes tell nothing. */
const char *archive_reason(struct str first);

#endif /* TRAWL_ARCHIVE_H */
