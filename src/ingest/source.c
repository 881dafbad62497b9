/* SPDX-License-Identifier: MIT */
#include "ingest/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum {
	INPUT_BUFFER = 64 * 1024,
	MOST_WHOLE = 1024 * 1024, /* files that are read in one piece */
	RATIO_FROM = 16 * 1024 * 1024,
};

struct source {
	int fd;
	bool own_fd;
	off_t at;        /* where in the file the next read begins */
	off_t begin;     /* where what is read begins */
	uint64_t length; /* of it, or UINT64_MAX: to the end */
	bool end_of_file;
	const struct limits *limits;
	struct gz_stream *gz; /* NULL for a plain file */
	uint64_t resumed_at;  /* output before the access point, or 0 */
	uint64_t out;         /* bytes handed out, the resumed ones too */
	uint64_t in;          /* bytes of the file read */
	struct str pending;   /* input not yet taken */
	const char *trouble;
	char *buf;
	size_t cap;
};

/* Reads more of the file into buf[0..room); 0 at its end. */
static size_t read_file(struct source *s, char *buf, size_t room)
{
	uint64_t left = s->length - (uint64_t)(s->at - s->begin);
	ssize_t n;

	if (s->end_of_file)
		return 0;
	if (left < room)
		room = (size_t)left;
	do {
		n = pread(s->fd, buf, room, s->at);
	} while (n < 0 && errno == EINTR);
	if (n <= 0) {
		s->end_of_file = true;
		if (n < 0)
			s->trouble = "the file could not be read further";
		return 0;
	}
	s->at += n;
	s->in += (uint64_t)n;
	return (size_t)n;
}

/* Reads more of the file behind what is pending, as much as there is room for:
 * that a small file has ended is then known. */
static void fill(struct source *s)
{
	size_t n = s->pending.n;

	if (n)
		memmove(s->buf, s->pending.p, n);
	while (n < s->cap && !s->end_of_file)
		n += read_file(s, s->buf + n, s->cap - n);
	s->pending = (struct str){ s->buf, n };
}

/* Gets all of a small gzip file: such a one is inflated in one go. */
static void fill_whole(struct source *s)
{
	struct stat st;
	uint64_t size = s->length;

	if (size == UINT64_MAX && !fstat(s->fd, &st) && st.st_size >= 0)
		size = (uint64_t)st.st_size;
	if (s->end_of_file || size >= MOST_WHOLE || size < s->cap)
		return;
	/* One byte more, to see that it ends. */
	s->cap = (size_t)size + 1;
	s->buf = mem_resize(s->buf, s->cap, 1);
	s->pending.p = s->buf;
	fill(s);
}

static struct source *source_new(int fd, const struct file_part *part,
				 const struct limits *limits)
{
	struct source *s = mem_alloc(sizeof(*s));

	s->buf = mem_alloc(INPUT_BUFFER);
	s->cap = INPUT_BUFFER;
	s->fd = fd;
	s->own_fd = false;
	s->at = s->begin = part ? (off_t)part->begin : 0;
	s->length = part ? part->length : UINT64_MAX;
	s->end_of_file = false;
	s->limits = limits;
	s->gz = NULL;
	s->resumed_at = s->out = s->in = 0;
	s->pending = STR_NULL;
	s->trouble = NULL;
	return s;
}

static enum err_code open_fd(struct source **out, const char *path, int fd,
			     const struct file_part *part,
			     const struct limits *limits, struct err *err)
{
	bool own = fd < 0;

	if (own)
		/* A pipe that took the file's place must not hold us up. */
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return err_errno(err, "%s", path);
	*out = source_new(fd, part, limits);
	(*out)->own_fd = own;
	return ERR_OK;
}

enum err_code source_open(struct source **out, const char *path, int fd,
			  const struct file_part *part,
			  const struct limits *limits, struct gz_points *points,
			  struct err *err)
{
	enum err_code rc = open_fd(out, path, fd, part, limits, err);

	if (rc)
		return rc;
	fill(*out);
	if ((*out)->trouble && !(*out)->pending.n) {
		source_close(*out);
		*out = NULL;
		return err_set(err, ERR_IO, "%s: cannot be read", path);
	}
	if (gz_magic((*out)->pending)) {
		(*out)->gz = gz_open(points);
		if (!points)
			fill_whole(*out);
	}
	return ERR_OK;
}

enum err_code source_open_at(struct source **out, const char *path, int fd,
			     const struct file_part *part,
			     const struct limits *limits,
			     const struct gz_point *point, struct err *err)
{
	enum err_code rc = open_fd(out, path, fd, part, limits, err);

	if (rc)
		return rc;
	(*out)->gz = gz_open_at(point);
	(*out)->at += (off_t)(point->in - (point->bits ? 1 : 0));
	(*out)->resumed_at = (*out)->out = point->out;
	return ERR_OK;
}

struct source *source_again(const struct source *s, uint64_t offset)
{
	const struct file_part part = { (uint64_t)s->begin, s->length };
	struct source *again;

	if (s->gz)
		return NULL;
	again = source_new(s->fd, &part, s->limits);
	if (source_seek(again, offset))
		return again;
	source_close(again);
	return NULL;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	gz_close(s->gz);
	if (s->own_fd)
		close(s->fd);
	free(s->buf);
	free(s);
}

bool source_seek(struct source *s, uint64_t offset)
{
	if (s->gz || offset > s->length || offset > INT64_MAX / 2)
		return false;
	s->pending = STR_NULL;
	s->at = s->begin + (off_t)offset;
	s->end_of_file = false;
	s->out = offset;
	return true;
}

static size_t read_plain(struct source *s, char *buf, size_t room)
{
	size_t n;

	if (s->pending.n == 0)
		return read_file(s, buf, room);
	n = s->pending.n < room ? s->pending.n : room;
	memcpy(buf, s->pending.p, n);
	s->pending = str_from(s->pending, n);
	return n;
}

static size_t read_gzip(struct source *s, char *buf, size_t room)
{
	size_t done = 0;

	while (done == 0 && gz_state(s->gz) == GZ_RUNNING) {
		size_t before = s->pending.n;

		done = gz_inflate(s->gz, &s->pending, s->end_of_file, buf,
				  room);
		if (done == 0 && gz_state(s->gz) == GZ_RUNNING &&
		    (s->pending.n == 0 || s->pending.n == before))
			fill(s);
	}
	if (done == 0 && !s->trouble)
		s->trouble = gz_reason(s->gz);
	return done;
}

size_t source_read(struct source *s, char *buf, size_t room)
{
	uint64_t left = s->limits->max_file - s->out;
	char beyond;
	size_t n;

	if (s->out >= s->limits->max_file) {
		/* A file of exactly that length is none too long. */
		if (s->gz ? read_gzip(s, &beyond, 1) :
			    read_plain(s, &beyond, 1))
			s->trouble = "longer than the limit for one file";
		return 0;
	}
	if (left < room)
		room = (size_t)left;
	if (s->gz && s->out - s->resumed_at > RATIO_FROM &&
	    (s->out - s->resumed_at) / s->limits->max_ratio > s->in) {
		s->trouble = "gzip data expands beyond the limit";
		return 0;
	}
	n = s->gz ? read_gzip(s, buf, room) : read_plain(s, buf, room);
	s->out += n;
	return n;
}

size_t source_whole_size(const struct source *s)
{
	if (!s->gz || !s->end_of_file || s->out)
		return 0;
	return gz_whole_size(s->pending);
}

const char *source_trouble(const struct source *s)
{
	return s->trouble;
}

uint64_t source_offset(const struct source *s)
{
	return s->out;
}

uint64_t source_consumed(const struct source *s)
{
	return s->in;
}

bool source_is_gzip(const struct source *s)
{
	return s->gz != NULL;
}

uint32_t source_members(const struct source *s)
{
	return s->gz ? gz_members(s->gz) : 0;
}

uint64_t source_first_end(const struct source *s)
{
	return s->gz ? gz_first_end(s->gz) : UINT64_MAX;
}

bool source_trails(const struct source *s)
{
	return s->gz && gz_trails(s->gz);
}

bool source_damaged(const struct source *s)
{
	return s->gz && gz_state(s->gz) == GZ_BROKEN &&
	       s->trouble == gz_reason(s->gz);
}
