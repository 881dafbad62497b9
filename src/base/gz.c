/* SPDX-License-Identifier: MIT */
#include "base/gz.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "base/mem.h"

enum {
	GZIP_WINDOW_BITS = 15 + 16,
	HEADER = 10,
	TRAILER = 8,
	FLAGS_AT = 3,
	FLAG_NAME = 8,        /* the file's name follows the header */
	MOST_RATIO = 1032,    /* deflate cannot shrink anything further */
	MOST_WHOLE = 8 << 20, /* bytes of output worth having at once */
};

struct gz_stream {
	z_stream z;
	bool started; /* z is in use */
	bool fresh;   /* nothing of this member has been read */
#ifdef HAVE_LIBDEFLATE
	struct libdeflate_decompressor *whole; /* or NULL */
#endif
	struct gz_points *points;
	enum gz_state state;
	const char *reason;
	uint64_t in, out;   /* totals over all members */
	uint32_t members;   /* members that have begun */
	uint64_t first_end; /* output of the first, or UINT64_MAX */
	int prime_bits;     /* of the first byte fed, after gz_open_at */
	bool raw;           /* inside a member that was entered at a point */
	unsigned trailer;   /* bytes of a raw member's trailer still to skip */
	bool between;       /* a member ended; another may follow */
	bool padded;        /* zeros followed it: no other can */
};

void gz_points_release(struct gz_points *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->point[i].window);
	free(p->point);
	*p = (struct gz_points){ NULL, 0, 0 };
}

const struct gz_point *gz_points_before(const struct gz_points *p, uint64_t out)
{
	size_t low = 0, high = p->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->point[mid].out <= out)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &p->point[low - 1] : NULL;
}

bool gz_magic(struct str s)
{
	return s.n >= 2 && (unsigned char)s.p[0] == 0x1f &&
	       (unsigned char)s.p[1] == 0x8b;
}

size_t gz_whole_size(struct str file)
{
	const unsigned char *p;
	size_t size;

	if (file.n < HEADER + TRAILER)
		return 0;
	p = (const unsigned char *)file.p + file.n - 4;
	size = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 |
	       (size_t)p[3] << 24;
	return size <= MOST_WHOLE && size / MOST_RATIO <= file.n ? size : 0;
}

/* Puts zlib to the beginning of a member, or into the middle of one. */
static void start(struct gz_stream *s, int window_bits)
{
	int rc = s->started ? inflateReset2(&s->z, window_bits) :
			      inflateInit2(&s->z, window_bits);

	/* Only lack of memory and a mismatched library can fail here. */
	if (rc != Z_OK)
		abort();
	s->started = true;
}

struct gz_stream *gz_open(struct gz_points *points)
{
	struct gz_stream *s = mem_zero(1, sizeof(*s));

	s->points = points;
	s->members = 1;
	s->first_end = UINT64_MAX;
	s->fresh = true;
	return s;
}

struct gz_stream *gz_open_at(const struct gz_point *point)
{
	struct gz_stream *s = mem_zero(1, sizeof(*s));

	s->raw = true;
	s->members = 1;
	s->first_end = UINT64_MAX;
	s->in = point->in;
	s->out = point->out;
	s->prime_bits = point->bits;
	start(s, -15);
	if (point->window_size)
		inflateSetDictionary(&s->z, point->window, point->window_size);
	return s;
}

void gz_close(struct gz_stream *s)
{
	if (!s)
		return;
	if (s->started)
		inflateEnd(&s->z);
#ifdef HAVE_LIBDEFLATE
	libdeflate_free_decompressor(s->whole);
#endif
	free(s);
}

enum gz_state gz_state(const struct gz_stream *s)
{
	return s->state;
}

const char *gz_reason(const struct gz_stream *s)
{
	return s->reason;
}

uint32_t gz_members(const struct gz_stream *s)
{
	return s->members;
}

uint64_t gz_first_end(const struct gz_stream *s)
{
	return s->first_end;
}

bool gz_trails(const struct gz_stream *s)
{
	return s->padded || (s->state == GZ_DONE && s->reason);
}

static void stop(struct gz_stream *s, enum gz_state state, const char *reason)
{
	s->state = state;
	s->reason = reason;
}

/* Notes a point when inflate stands between two deflate blocks. */
static void note_point(struct gz_stream *s)
{
	struct gz_points *points = s->points;
	uint64_t before;
	struct gz_point *p;
	uInt size = 0;

	if (!points || s->raw)
		return;
	before = points->n ? points->point[points->n - 1].out : 0;
	if (s->out - before < GZ_POINT_SPACING)
		return;
	/* Bit 7: at a block boundary; bit 6: after the last block. */
	if (!(s->z.data_type & 128) || (s->z.data_type & 64))
		return;
	points->point = mem_grow(points->point, &points->cap, points->n + 1,
				 sizeof(*points->point));
	p = &points->point[points->n++];
	*p = (struct gz_point){ .out = s->out,
				.in = s->in,
				.bits = s->z.data_type & 7 };
	p->window = mem_alloc(GZ_WINDOW);
	inflateGetDictionary(&s->z, p->window, &size);
	p->window_size = size;
}

/* After a member: another one, the end, or something else. */
static void next_member(struct gz_stream *s, struct str *in, bool last)
{
	if (s->trailer) {
		size_t n = in->n < s->trailer ? in->n : s->trailer;

		*in = str_from(*in, n);
		s->in += n;
		s->trailer -= (unsigned)n;
		if (s->trailer) {
			if (last)
				stop(s, GZ_BROKEN,
				     "gzip data ends in a trailer");
			return;
		}
	}
	/* Padding, as tapes and some writers leave it. */
	while (in->n && in->p[0] == '\0') {
		*in = str_from(*in, 1);
		s->in++;
		s->padded = true;
	}
	if (in->n == 0) {
		if (last)
			stop(s, GZ_DONE, NULL);
		return;
	}
	if (in->n == 1 && !last && !s->padded)
		return;
	if (s->padded || !gz_magic(*in)) {
		stop(s, GZ_DONE, "bytes after the last gzip member");
		return;
	}
	s->between = false;
	s->raw = false;
	s->members++;
	s->fresh = true;
}

static void handle_end_of_member(struct gz_stream *s)
{
	s->between = true;
	s->trailer = s->raw ? TRAILER : 0;
	if (s->members == 1)
		s->first_end = s->out;
}

#ifdef HAVE_LIBDEFLATE
/*
 * The member at the beginning of *in in one go, which takes less than half of
 * zlib's time. False, and nothing taken, when it does not fit, is damaged or
 * is not of the usual kind: zlib gives what can be had.
 */
static bool inflate_whole(struct gz_stream *s, struct str *in, char *out,
			  size_t room, size_t *done)
{
	size_t taken, made;

	if (in->n < HEADER + TRAILER || (in->p[FLAGS_AT] & ~FLAG_NAME) ||
	    (!s->whole && !(s->whole = libdeflate_alloc_decompressor())))
		return false;
	if (libdeflate_gzip_decompress_ex(s->whole, in->p, in->n, out + *done,
					  room - *done, &taken,
					  &made) != LIBDEFLATE_SUCCESS)
		return false;
	*in = str_from(*in, taken);
	*done += made;
	s->in += taken;
	s->out += made;
	handle_end_of_member(s);
	return true;
}
#else
static bool inflate_whole(struct gz_stream *s, struct str *in, char *out,
			  size_t room, size_t *done)
{
	(void)s;
	(void)in;
	(void)out;
	(void)room;
	(void)done;
	return false;
}
#endif

static void inflate_some(struct gz_stream *s, struct str *in, bool last,
			 char *out, size_t room, size_t *done)
{
	size_t give = in->n < (1u << 30) ? in->n : (1u << 30);
	size_t want = room - *done < (1u << 30) ? room - *done : (1u << 30);
	size_t taken, made;
	int rc;

	if (s->prime_bits && in->n) {
		/* The point stands inside this byte. */
		inflatePrime(&s->z, s->prime_bits,
			     (unsigned char)in->p[0] >> (8 - s->prime_bits));
		s->prime_bits = 0;
		*in = str_from(*in, 1);
		give--;
	}
	/* zlib's interface is older than const. */
	s->z.next_in = (Bytef *)(uintptr_t)in->p;
	s->z.avail_in = (uInt)give;
	s->z.next_out = (Bytef *)(out + *done);
	s->z.avail_out = (uInt)want;
	rc = inflate(&s->z, s->points ? Z_BLOCK : Z_NO_FLUSH);
	taken = give - s->z.avail_in;
	made = want - s->z.avail_out;
	*in = str_from(*in, taken);
	*done += made;
	s->in += taken;
	s->out += made;
	switch (rc) {
	case Z_OK:
	case Z_BUF_ERROR:
		if (rc == Z_OK)
			note_point(s);
		if (in->n == 0 && last && s->z.avail_out)
			stop(s, GZ_BROKEN, "gzip data is cut off");
		break;
	case Z_STREAM_END:
		handle_end_of_member(s);
		break;
	case Z_MEM_ERROR:
		abort();
	default:
		stop(s, GZ_BROKEN, "gzip data is damaged");
	}
}

/* All of a member, when that can be, or more of it. */
static void inflate_member(struct gz_stream *s, struct str *in, bool last,
			   char *out, size_t room, size_t *done)
{
	if (s->fresh) {
		s->fresh = false;
		if (last && !s->points && inflate_whole(s, in, out, room, done))
			return;
		start(s, GZIP_WINDOW_BITS);
	}
	inflate_some(s, in, last, out, room, done);
}

size_t gz_inflate(struct gz_stream *s, struct str *in, bool last, char *out,
		  size_t room)
{
	size_t done = 0;

	while (s->state == GZ_RUNNING && done < room) {
		size_t offered = in->n;

		if (s->between)
			next_member(s, in, last);
		else if (in->n || last)
			inflate_member(s, in, last, out, room, &done);
		if (in->n == 0 && !last)
			break;
		/* The first byte of a member needs the second. */
		if (s->between && in->n == offered && !last)
			break;
	}
	return done;
}

void gz_compress(struct str content, char **out, size_t *out_n)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)content.p };
	size_t room;

	assert(content.n < (1u << 30));
	if (deflateInit2(&z, 6, Z_DEFLATED, GZIP_WINDOW_BITS, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	room = deflateBound(&z, (uLong)content.n);
	*out = mem_alloc(room);
	z.avail_in = (uInt)content.n;
	z.next_out = (Bytef *)*out;
	z.avail_out = (uInt)room;
	deflate(&z, Z_FINISH);
	*out_n = z.total_out;
	deflateEnd(&z);
}

enum err_code gz_write_file(const char *path, struct str content,
			    struct err *err)
{
	enum err_code rc = ERR_OK;
	char *packed;
	size_t n;
	FILE *f;

	gz_compress(content, &packed, &n);
	f = fopen(path, "wb");
	if (!f || fwrite(packed, 1, n, f) != n)
		rc = err_errno(err, "%s", path);
	if (f && fclose(f) != 0 && rc == ERR_OK)
		rc = err_errno(err, "%s", path);
	free(packed);
	return rc;
}

const char *gz_version(void)
{
	return zlibVersion();
}
