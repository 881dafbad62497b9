/* SPDX-License-Identifier: MIT */
#include "base/gz.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/mem.h"

enum { WINDOW = 32768, GZIP_WINDOW_BITS = 15 + 16, TRAILER = 8 };

struct gz_stream {
	z_stream z;
	struct gz_points *points;
	enum gz_state state;
	const char *reason;
	uint64_t in, out; /* totals over all members */
	uint32_t members; /* members that have begun */
	int prime_bits;   /* of the first byte fed, after gz_open_at */
	bool raw;         /* inside a member that was entered at a point */
	unsigned trailer; /* bytes of a raw member's trailer still to skip */
	bool between;     /* a member ended; another may follow */
	bool padded;      /* zeros followed it: no other can */
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

static void start(struct gz_stream *s, int window_bits)
{
	/* Only lack of memory and a mismatched library can fail here. */
	if (inflateInit2(&s->z, window_bits) != Z_OK)
		abort();
}

struct gz_stream *gz_open(struct gz_points *points)
{
	struct gz_stream *s = mem_zero(1, sizeof(*s));

	s->points = points;
	s->members = 1;
	start(s, GZIP_WINDOW_BITS);
	return s;
}

struct gz_stream *gz_open_at(const struct gz_point *point)
{
	struct gz_stream *s = mem_zero(1, sizeof(*s));

	s->raw = true;
	s->members = 1;
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
	inflateEnd(&s->z);
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
	p->window = mem_alloc(WINDOW);
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
	inflateReset2(&s->z, GZIP_WINDOW_BITS);
}

static void handle_end_of_member(struct gz_stream *s)
{
	s->between = true;
	s->trailer = s->raw ? TRAILER : 0;
}

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

size_t gz_inflate(struct gz_stream *s, struct str *in, bool last, char *out,
		  size_t room)
{
	size_t done = 0;

	while (s->state == GZ_RUNNING && done < room) {
		size_t offered = in->n;

		if (s->between)
			next_member(s, in, last);
		else if (in->n || last)
			inflate_some(s, in, last, out, room, &done);
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
