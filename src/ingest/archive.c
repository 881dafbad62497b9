/* SPDX-License-Identifier: MIT */
#include "ingest/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef HAVE_LIBARCHIVE
#include <archive.h>
#include <archive_entry.h>
#endif

#include "base/attr.h"
#include "base/file.h"
#include "base/gz.h"
#include "base/mem.h"
#include "base/strbuf.h"

enum {
	TELLING = 512, /* first bytes that tell an archive */
	TAR_MARK = 257,
	DEEPEST = 3,
	MOST_MEMBERS = 1 << 20,
	STEP = 256 * 1024,
	RATIO_FROM = 16 * 1024 * 1024,
};

enum container {
	CONTAINER_NONE,
	CONTAINER_ZIP,
	CONTAINER_TAR,
	CONTAINER_PACKED, /* one file, or a tar archive */
};

static bool is_tar(struct str first)
{
	return first.n > TAR_MARK &&
	       str_starts(str_from(first, TAR_MARK), STR("ustar"));
}

/* Does a gzip file hold a tar archive? Any other is left to the source. */
static bool packs_tar(struct str first)
{
	struct gz_stream *gz;
	char out[TELLING];
	size_t n = 0, got;

	if (!gz_magic(first))
		return false;
	gz = gz_open(NULL);
	do {
		got = gz_inflate(gz, &first, false, out + n, sizeof(out) - n);
		n += got;
	} while (got && n < sizeof(out) && gz_state(gz) == GZ_RUNNING);
	gz_close(gz);
	return is_tar((struct str){ out, n });
}

static enum container container_of(struct str first)
{
	if (str_starts(first, STR("PK\3\4")) ||
	    str_starts(first, STR("PK\5\6")))
		return CONTAINER_ZIP;
	if (str_starts(first, STR("\x28\xb5\x2f\xfd")) ||
	    str_starts(first, STR("\xfd"
				  "7zXZ")) ||
	    str_starts(first, STR("BZh")) || packs_tar(first))
		return CONTAINER_PACKED;
	return is_tar(first) ? CONTAINER_TAR : CONTAINER_NONE;
}

const char *archive_reason(struct str first)
{
	if (str_starts(first, STR("PAR1")))
		return "Parquet: convert it to JSON lines first, as trawl(1) "
		       "says under FORMS";
	if (str_starts(first, STR("ORC")))
		return "ORC: convert it to JSON lines first";
	switch (container_of(first)) {
	case CONTAINER_NONE:
		return NULL;
	case CONTAINER_ZIP:
		return "a zip archive under the name of something else";
	case CONTAINER_TAR:
		return "a tar archive under the name of something else";
	case CONTAINER_PACKED:
		return "packed data under the name of something else";
	}
	return NULL;
}

static bool has_usual_name(const struct file_entry *e)
{
	return str_ends(str_of(e->path), STR(".json.gz"));
}

static enum container look_into(const struct file_entry *e)
{
	char first[TELLING];
	int fd = e->fd;
	size_t n;

	if (e->refused || has_usual_name(e))
		return CONTAINER_NONE;
	if (fd < 0)
		fd = open(e->path,
			  O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return CONTAINER_NONE;
	n = file_read_at(fd, first, sizeof(first), e->part.begin);
	if (fd != e->fd)
		close(fd);
	return container_of((struct str){ first, n });
}

#ifdef HAVE_LIBARCHIVE

/* The stretch of a file that libarchive reads. */
struct input {
	int fd;
	uint64_t begin, length, at; /* at: behind begin */
	char buf[STEP];
};

struct opening {
	struct files *out;
	const struct limits *limits;
	archive_going going;
	void *context;
	uint64_t spooled; /* bytes in out->spool */
	bool ended;
	unsigned members; /* of one file, and of the archives in it */
};

static la_ssize_t read_input(struct archive *a, void *context,
			     const void **bytes)
{
	struct input *in = context;
	uint64_t left = in->length - in->at;
	size_t n = file_read_at(in->fd, in->buf,
				left < sizeof(in->buf) ? (size_t)left :
							 sizeof(in->buf),
				in->begin + in->at);

	(void)a;
	in->at += n;
	*bytes = in->buf;
	return (la_ssize_t)n;
}

static la_int64_t seek_input(struct archive *a, void *context,
			     la_int64_t offset, int whence)
{
	struct input *in = context;
	la_int64_t from = whence == SEEK_SET ? 0 :
			  whence == SEEK_CUR ? (la_int64_t)in->at :
					       (la_int64_t)in->length;

	(void)a;
	if (offset < -from || (uint64_t)(from + offset) > in->length)
		return ARCHIVE_FATAL;
	in->at = (uint64_t)(from + offset);
	return (la_int64_t)in->at;
}

static void refuse(struct opening *o, const char *path, uint64_t bytes,
		   const char *reason, bool foreign)
{
	file_id id = files_add(o->out, path, bytes);

	o->out->entry[id].format = FILE_UNKNOWN;
	o->out->entry[id].refused = reason;
	o->out->entry[id].foreign = foreign;
}

static bool spool(struct opening *o, const char *bytes, size_t n)
{
	while (n) {
		ssize_t put = pwrite(o->out->spool, bytes, n,
				     (off_t)o->spooled);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		bytes += put;
		n -= (size_t)put;
		o->spooled += (uint64_t)put;
	}
	return true;
}

/* Copies the member's bytes; why not all of them, or NULL. */
static const char *copy_member(struct opening *o, struct archive *a,
			       const struct input *in, uint64_t before)
{
	char *buf = mem_alloc(STEP);
	const char *why = NULL;

	for (;;) {
		la_ssize_t n = archive_read_data(a, buf, STEP);
		uint64_t total = o->spooled - before;

		if (n <= 0) {
			if (n < 0)
				why = "damaged, or encrypted, in its archive";
			break;
		}
		if (total > o->limits->max_file)
			why = "the archive is longer than the limit for one "
			      "file";
		else if (total > RATIO_FROM &&
			 total / o->limits->max_ratio > in->length)
			why = "the archive expands beyond the limit";
		else if (!spool(o, buf, (size_t)n))
			why = "no room for what is in the archive: see TMPDIR";
		if (why)
			break;
	}
	free(buf);
	return why;
}

/* Hidden, or what a Mac puts beside each file. */
static bool is_hidden(const char *member)
{
	struct str rest = str_of(member), part;

	while (str_next(&rest, '/', &part))
		if ((str_starts(part, STR(".")) && !str_eq(part, STR(".")) &&
		     !str_eq(part, STR(".."))) ||
		    str_eq(part, STR("__MACOSX")))
			return true;
	return false;
}

static void open_archive(struct opening *o, const char *path, int fd,
			 struct file_part part, enum container kind,
			 unsigned depth);

/* One member, whose name may be NULL: what a packed file holds. False when the
 * rest of the archive is not worth reading. */
static bool take_member(struct opening *o, struct archive *a, const char *path,
			const char *member, const struct input *in,
			uint64_t before, unsigned depth)
{
	struct strbuf name;
	struct file_entry *e;
	file_id id;
	struct file_part part = { .begin = o->spooled };
	const char *why = NULL;
	enum container kind = CONTAINER_NONE;
	char first[TELLING];
	bool hidden = member && is_hidden(member);

	strbuf_init(&name);
	strbuf_adds(&name, path);
	if (member)
		strbuf_addf(&name, "/%s", member);
	/* What is left out is unpacked all the same when what is behind it is
	 * looked for: so that the limits hold, as the rest is. */
	why = copy_member(o, a, in, before);
	part.length = o->spooled - part.begin;
	if (hidden)
		refuse(o, name.p, 0, "hidden: read only when named", true);
	else if (why)
		refuse(o, name.p, part.length, why, false);
	if (!hidden && depth < DEEPEST)
		kind = container_of((struct str){
			first, file_read_at(o->out->spool, first,
					    part.length < TELLING ?
						    (size_t)part.length :
						    TELLING,
					    part.begin) });
	if (kind != CONTAINER_NONE && !why) {
		open_archive(o, name.p, o->out->spool, part, kind, depth + 1);
	} else if (!hidden && (part.length || !why)) {
		id = files_add(o->out, name.p, part.length);
		e = &o->out->entry[id];
		e->fd = o->out->spool;
		e->spooled = true;
		e->part = part;
	}
	strbuf_release(&name);
	if (o->going && !o->going(o->context, o->out->n))
		o->ended = true;
	return !why && !o->ended;
}

static struct archive *reader_for(enum container kind)
{
	struct archive *a = archive_read_new();

	if (kind == CONTAINER_ZIP) {
		archive_read_support_format_zip(a);
		return a;
	}
	archive_read_support_format_tar(a);
	if (kind == CONTAINER_PACKED) {
		archive_read_support_filter_gzip(a);
		archive_read_support_filter_zstd(a);
		archive_read_support_filter_xz(a);
		archive_read_support_filter_bzip2(a);
		archive_read_support_format_raw(a);
	}
	return a;
}

/* Recursion is bounded by DEEPEST. */
static void open_archive(struct opening *o, const char *path, int fd,
			 struct file_part part, enum container kind,
			 unsigned depth)
{
	struct archive *a = reader_for(kind);
	struct input *in = mem_alloc(sizeof(*in));
	struct archive_entry *entry;
	uint64_t before = o->spooled;
	bool any = false;
	int rc;

	in->fd = fd;
	in->begin = part.begin;
	in->length = part.length;
	in->at = 0;
	archive_read_set_read_callback(a, read_input);
	archive_read_set_seek_callback(a, seek_input);
	archive_read_set_callback_data(a, in);
	rc = archive_read_open1(a);
	while (rc >= ARCHIVE_WARN && !o->ended) {
		const char *member = NULL;

		rc = archive_read_next_header(a, &entry);
		if (rc == ARCHIVE_EOF || rc < ARCHIVE_WARN)
			break;
		if (++o->members > MOST_MEMBERS) {
			refuse(o, path, part.length,
			       "more files than are taken out of an archive",
			       false);
			break;
		}
		if (archive_format(a) != ARCHIVE_FORMAT_RAW) {
			member = archive_entry_pathname(entry);
			if (!member)
				member = archive_entry_pathname_utf8(entry);
			if (!member)
				member = "a name that cannot be read";
			if (archive_entry_filetype(entry) != AE_IFREG)
				continue;
		}
		any = true;
		if (!take_member(o, a, path, member, in, before, depth))
			break;
	}
	if (rc < ARCHIVE_WARN && rc != ARCHIVE_EOF)
		refuse(o, path, part.length, "the archive is damaged", false);
	else if (!any)
		refuse(o, path, part.length, "an archive without files", true);
	archive_read_free(a);
	free(in);
}

/* Unpacks one of the files that were found; false when it cannot be opened,
 * which reading it will tell. */
static bool open_file(struct opening *o, const struct file_entry *e,
		      enum container kind)
{
	struct file_part part = { .length = e->bytes };
	struct err err;
	int fd = e->fd;

	if (o->out->spool < 0)
		o->out->spool = file_nameless(&err);
	if (o->out->spool < 0) {
		refuse(o, e->path, e->bytes,
		       "no temporary file for what is in it: see TMPDIR",
		       false);
		return true;
	}
	if (fd < 0)
		fd = open(e->path,
			  O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return false;
	o->members = 0;
	open_archive(o, e->path, fd, part, kind, 1);
	close(fd);
	return true;
}

bool archives_open(struct files *files, const struct limits *limits,
		   archive_going going, void *context)
{
	struct files out;
	struct opening o = { .out = &out,
			     .limits = limits,
			     .going = going,
			     .context = context };

	files_init(&out);
	for (uint32_t i = 0; i < files->n; i++) {
		struct file_entry *e = &files->entry[i];
		enum container kind = o.ended ? CONTAINER_NONE : look_into(e);
		uint32_t from = out.n;
		file_id id;

		if (kind != CONTAINER_NONE && open_file(&o, e, kind)) {
			/* What an archive was, its members are. */
			for (uint32_t m = from; m < out.n; m++)
				out.entry[m].named = e->named;
			free(e->path);
			continue;
		}
		id = files_add(&out, "", 0);
		free(out.entry[id].path);
		out.entry[id] = *e;
	}
	free(files->entry);
	*files = out;
	return !o.ended;
}

#else

bool archives_open(struct files *files, const struct limits *limits,
		   archive_going going, void *context)
{
	(void)limits;
	(void)going;
	(void)context;
	for (uint32_t i = 0; i < files->n; i++) {
		struct file_entry *e = &files->entry[i];

		if (look_into(e) == CONTAINER_NONE)
			continue;
		e->format = FILE_UNKNOWN;
		e->refused = "an archive, and this program was built without "
			     "libarchive";
	}
	return true;
}

#endif
