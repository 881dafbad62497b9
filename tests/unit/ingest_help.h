/* SPDX-License-Identifier: MIT */
/*
 * ingest_help.h - what the tests of ingest and identity share
 *
 * Files that exist for one test, in a folder of their own; records with the
 * members that make one; whole loads, and stores as text, so that two of them
 * can be compared.
 */
#ifndef TRAWL_TEST_INGEST_HELP_H
#define TRAWL_TEST_INGEST_HELP_H

#include "helpers.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "base/gz.h"
#include "base/strbuf.h"
#include "base/timefmt.h"
#include "ingest/ingest.h"

/* Folders ----------------------------------------------------------------- */

struct folder {
	char path[256];
};

static inline void folder_make(struct folder *f)
{
	const char *work = getenv("TRAWL_WORK_DIR");

	if (work)
		mkdir(work, 0777);
	snprintf(f->path, sizeof(f->path), "%s/ingest-XXXXXX",
		 work ? work : "/tmp");
	assert_non_null(mkdtemp(f->path));
}

/* Everything below a path, and the path; links are not followed. */
static inline void remove_all(const char *path)
{
	struct stat st;
	struct dirent *d;
	DIR *dir;

	if (lstat(path, &st) != 0)
		return;
	if (!S_ISDIR(st.st_mode)) {
		unlink(path);
		return;
	}
	chmod(path, 0700);
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		struct strbuf child;

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		strbuf_init(&child);
		strbuf_addf(&child, "%s/%s", path, d->d_name);
		remove_all(child.p);
		strbuf_release(&child);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

static inline void folder_remove(struct folder *f)
{
	remove_all(f->path);
}

/* "FOLDER/NAME", in one of a few buffers that take turns. */
static inline const char *in_folder(const struct folder *f, const char *name)
{
	static char buf[8][512];
	static unsigned turn;
	char *out = buf[turn++ % 8];

	snprintf(out, sizeof(buf[0]), "%s/%s", f->path, name);
	return out;
}

static inline void make_folder(const struct folder *f, const char *name)
{
	assert_int_equal(mkdir(in_folder(f, name), 0777), 0);
}

static inline void write_bytes(const char *path, struct str bytes)
{
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	if (bytes.n)
		assert_int_equal(fwrite(bytes.p, 1, bytes.n, out), bytes.n);
	assert_int_equal(fclose(out), 0);
}

static inline void put_file(const struct folder *f, const char *name,
			    struct str bytes)
{
	write_bytes(in_folder(f, name), bytes);
}

/* The bytes as one gzip member behind what `out` holds. */
static inline void add_member(struct strbuf *out, struct str bytes)
{
	char *packed;
	size_t n;

	gz_compress(bytes, &packed, &n);
	strbuf_add(out, (struct str){ packed, n });
	free(packed);
}

static inline void put_gzip(const struct folder *f, const char *name,
			    struct str bytes)
{
	struct strbuf packed;

	strbuf_init(&packed);
	add_member(&packed, bytes);
	put_file(f, name, strbuf_str(&packed));
	strbuf_release(&packed);
}

/* A descriptor of a file that has no name and holds these bytes. */
static inline int nameless_file(struct str bytes)
{
	char path[] = "/tmp/trawl-test-XXXXXX";
	int fd = mkstemp(path);
	size_t done = 0;

	assert_true(fd >= 0);
	unlink(path);
	while (done < bytes.n) {
		ssize_t n = write(fd, bytes.p + done, bytes.n - done);

		assert_true(n > 0);
		done += (size_t)n;
	}
	return fd;
}

/* Records ----------------------------------------------------------------- */

/* "e0000000-0000-4000-8000-" and the number. */
static inline void add_id(struct strbuf *out, unsigned n)
{
	strbuf_addf(out, "e0000000-0000-4000-8000-%012u", n);
}

/* A record of a user's call with this number in its eventID; `more` are
 * members that follow, "" or beginning with a comma. */
static inline void add_record(struct strbuf *out, unsigned n, const char *more)
{
	strbuf_adds(out, "{\"eventVersion\":\"1.08\",\"userIdentity\":"
			 "{\"type\":\"IAMUser\",\"arn\":"
			 "\"arn:aws:iam::111122223333:user/u");
	strbuf_addf(out, "%u\",\"accountId\":\"111122223333\"},", n % 5);
	strbuf_addf(out, "\"eventTime\":\"2026-01-%02uT%02u:00:%02uZ\",",
		    1 + n % 28, n % 24, n % 60);
	strbuf_addf(out,
		    "\"eventSource\":\"s%u.amazonaws.com\",\"eventName\":"
		    "\"Call%u\",\"awsRegion\":\"eu-west-%u\",",
		    n % 4, n % 7, n % 3);
	strbuf_addf(out, "\"sourceIPAddress\":\"198.51.100.%u\",\"eventID\":\"",
		    n % 9);
	add_id(out, n);
	strbuf_addf(out, "\",\"recipientAccountId\":\"111122223333\"%s}", more);
}

/* {"Records":[...]} with `n` records from number `first` on. */
static inline void add_delivery(struct strbuf *out, unsigned first, unsigned n)
{
	strbuf_adds(out, "{\"Records\":[");
	for (unsigned i = 0; i < n; i++) {
		if (i)
			strbuf_addc(out, ',');
		add_record(out, first + i, "");
	}
	strbuf_adds(out, "]}");
}

/* Loads ------------------------------------------------------------------- */

struct loaded {
	struct ingest *ingest;
	struct store *store;
	row_id *row_of;
	uint32_t arrivals;
	bool whole;
};

static inline struct ingest_options load_options(const char *const *path,
						 size_t n, unsigned threads)
{
	return (struct ingest_options){ .path = path,
					.path_n = n,
					.threads = threads,
					.limits = LIMITS_DEFAULT };
}

static inline void load_with(struct loaded *l,
			     const struct ingest_options *options,
			     ingest_tick tick, void *context)
{
	struct err err = ERR_INIT;

	check(ingest_new(&l->ingest, options, &err) == ERR_OK, "%s", err.msg);
	check(ingest_find(l->ingest, NULL, NULL, &err) == ERR_OK, "%s",
	      err.msg);
	l->whole = ingest_run(l->ingest, tick, context);
	l->arrivals = builder_rows(ingest_builder(l->ingest));
	l->store = builder_publish(ingest_builder(l->ingest), PUBLISH_LAST,
				   &l->row_of);
}

static inline void load_path(struct loaded *l, const char *path,
			     unsigned threads)
{
	struct ingest_options options = load_options(&path, 1, threads);

	load_with(l, &options, NULL, NULL);
}

static inline void load_release(struct loaded *l)
{
	store_release(l->store);
	free(l->row_of);
	ingest_free(l->ingest);
}

/* All that a store says of its rows, skips and counts, as text. */
static inline void store_dump(struct strbuf *out, const struct store *s)
{
	for (row_id r = 0; r < s->n; r++) {
		struct store_place place = store_place(s, r);

		store_id_text(s, r, out);
		strbuf_addf(out,
			    " %" PRId64 " %s#%u@%" PRIu64 "+%u f%x k%u c%u",
			    s->time[r], store_path(s, r), place.record,
			    place.offset, place.length, s->flags[r], s->kind[r],
			    s->copies[r]);
		for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++) {
			strbuf_addc(out, '|');
			strbuf_add(out, store_text(s, (enum event_column)c, r));
		}
		strbuf_addc(out, '\n');
	}
	strbuf_addf(out, "files %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		    s->counts.files_total, s->counts.files_read,
		    s->counts.files_skipped);
	strbuf_addf(out,
		    "records %" PRIu64 " rejected %" PRIu64
		    " duplicates %" PRIu64 " bytes %" PRIu64 "\n",
		    s->counts.records, s->counts.rejected, s->counts.duplicates,
		    s->counts.content_bytes);
	strbuf_addf(out, "unlisted %" PRIu64 "\n", s->skips.unlisted);
	for (size_t i = 0; i < s->skips.n; i++) {
		const struct skip *k = &s->skips.skip[i];

		strbuf_addf(out, "skip %u#%" PRIu64 "@%" PRIu64 " %s%s\n",
			    k->file, k->record, k->offset, k->reason,
			    k->foreign ? ", foreign" : "");
	}
}

/* The row of the record with this number in its eventID. */
static inline row_id row_numbered(const struct store *s, unsigned n)
{
	struct strbuf id;
	row_id row;

	strbuf_init(&id);
	add_id(&id, n);
	row = store_find_id(s, strbuf_str(&id), ROW_NONE);
	strbuf_release(&id);
	return row;
}

static inline bool has_skip(const struct store *s, const char *reason)
{
	for (size_t i = 0; i < s->skips.n; i++)
		if (strcmp(s->skips.skip[i].reason, reason) == 0)
			return true;
	return false;
}

#endif /* TRAWL_TEST_INGEST_HELP_H */
