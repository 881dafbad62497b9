/* SPDX-License-Identifier: MIT */
/*
 * source.h - the decompressed bytes of a file, front to back
 *
 * Gzip is recognised by its first two bytes, with any number of members. The
 * bytes before a damaged place or a limit are handed out; source_trouble then
 * says why there are no more. Reading is by read(2), not mmap: a file that
 * shrinks while it is read would kill the program.
 *
 * Layer: ingest. Threads: a source is one thread's.
 */
#ifndef TRAWL_SOURCE_H
#define TRAWL_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/gz.h"
#include "base/limits.h"
#include "store/files.h"

struct source;

/*
 * Opens `path`, or reads `fd` from its start when that is not -1 (it stays
 * the caller's); `part`, unless NULL, is all of it that is read. `points` may be NULL; else access points are noted in it.
 * ERR_IO.
 */
ATTR_NODISCARD enum err_code source_open(struct source **out, const char *path,
					 int fd, const struct file_part *part,
					 const struct limits *limits,
					 struct gz_points *points,
					 struct err *err);
/* As source_open, beginning at an access point of a gzip file. */
ATTR_NODISCARD enum err_code source_open_at(struct source **out,
					    const char *path, int fd,
					    const struct file_part *part,
					    const struct limits *limits,
					    const struct gz_point *point,
					    struct err *err);
/* Another reader of the same plain file, which must stay open, from an offset
 * of its content on; for any thread. NULL of a gzip file and beyond the part. */
struct source *source_again(const struct source *s, uint64_t offset);
void source_close(struct source *s);
/* The next byte that is read is that one of the content. False of a gzip
 * file, which is read in order, and beyond the part. */
bool source_seek(struct source *s, uint64_t offset);

/* How much room the first read of a small gzip file is best given, or 0. */
size_t source_whole_size(const struct source *s);
/* Up to `room` bytes; 0 at the end. */
size_t source_read(struct source *s, char *buf, size_t room);
/* Why reading ended early or oddly, a constant, or NULL. */
const char *source_trouble(const struct source *s);

/* Bytes handed out so far. */
uint64_t source_offset(const struct source *s);
/* Bytes of the file read so far, for progress. */
uint64_t source_consumed(const struct source *s);
bool source_is_gzip(const struct source *s);
uint32_t source_members(const struct source *s);
/* Of a gzip file whose first member has been read to its end, how many bytes
 * that gave; else UINT64_MAX. */
uint64_t source_first_end(const struct source *s);
/* At the end of a gzip file: something that is no member follows the last. */
bool source_trails(const struct source *s);
/* Reading ended since the gzip data is damaged or cut off: not at a limit, nor
 * because the file could not be read. */
bool source_damaged(const struct source *s);

#endif /* TRAWL_SOURCE_H */
