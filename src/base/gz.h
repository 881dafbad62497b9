/* SPDX-License-Identifier: MIT */
/*
 * gz.h - gzip streams: reading, resuming in the middle, writing
 *
 * A gz_stream decompresses what gz_feed gives it. Any number of members may
 * follow one another; bytes after the last that are no member are reported
 * as trailing and ignored. On damage everything before it has been handed
 * out.
 *
 * Resuming: while reading, gz_stream can note access points, one each
 * GZ_POINT_SPACING bytes of output: where the input stood and the last 32 KiB
 * of output, from which inflating can start again. That is 2 KiB a MiB.
 *
 * A member that is there in full, with room for all of it, is given to
 * libdeflate where that is present; zlib reads what is streamed, damaged,
 * resumed or odd, so that only the time depends on libdeflate.
 *
 * Layer: base. The one file with zlib and libdeflate. Threads: a stream is one
 * thread's.
 */
#ifndef TRAWL_GZ_H
#define TRAWL_GZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define GZ_POINT_SPACING ((uint64_t)16 << 20)
enum { GZ_WINDOW = 32768 }; /* bytes of output that deflate refers back to */

struct gz_point {
	uint64_t out;          /* bytes of output before it */
	uint64_t in;           /* bytes of input before it */
	int bits;              /* bits of the byte before that belong to it */
	uint32_t window_size;  /* bytes in window */
	unsigned char *window; /* the output before it */
};

struct gz_points {
	struct gz_point *point;
	size_t n, cap;
};

void gz_points_release(struct gz_points *p);
/* The last point at or before `out` bytes of output, or NULL. */
const struct gz_point *gz_points_before(const struct gz_points *p,
					uint64_t out);

enum gz_state {
	GZ_RUNNING, /* wants input or room for output */
	GZ_DONE,    /* the last member ended and no other follows */
	GZ_BROKEN,  /* damaged; gz_reason says how */
};

struct gz_stream;

/* `points` may be NULL; else it is filled while reading. */
struct gz_stream *gz_open(struct gz_points *points);
/* Resumes at a point: the next output byte is number point->out. The caller
 * feeds input from byte point->in on; when point->bits is not 0, from the byte
 * before. */
struct gz_stream *gz_open_at(const struct gz_point *point);
void gz_close(struct gz_stream *z);

/*
 * Decompresses from *in into out[0..room). *in loses the bytes that were
 * taken; what is left has to be offered again with more behind it. Returns how
 * many bytes were put out. `last` says that *in holds the end of the file.
 */
size_t gz_inflate(struct gz_stream *z, struct str *in, bool last, char *out,
		  size_t room);
enum gz_state gz_state(const struct gz_stream *z);
/* Why it is broken, a constant; or, when done, NULL or a warning. */
const char *gz_reason(const struct gz_stream *z);
uint32_t gz_members(const struct gz_stream *z);
/* Bytes of output of the first member, when it has ended; else UINT64_MAX. */
uint64_t gz_first_end(const struct gz_stream *z);
/* Behind the last member there is something that is none: padding, too. */
bool gz_trails(const struct gz_stream *z);

/*
 * How many bytes a file of one member gives, going by its own last bytes, when
 * it is worth having them at once; 0 when not, or when that cannot be. Offered
 * the whole file and so much room, gz_inflate is at its fastest.
 */
size_t gz_whole_size(struct str file);

/* True for the two bytes that begin a gzip member. */
bool gz_magic(struct str s);

/* Writes `content` as a one-member gzip file without name and time, so that
 * the same content gives the same bytes. */
ATTR_NODISCARD enum err_code gz_write_file(const char *path, struct str content,
					   struct err *err);
/* The same bytes in memory; the caller frees out->p. */
void gz_compress(struct str content, char **out, size_t *out_n);

const char *gz_version(void);

#endif /* TRAWL_GZ_H */
