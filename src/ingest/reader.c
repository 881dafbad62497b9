/* SPDX-License-Identifier: MIT */
#include "ingest/reader.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "ingest/source.h"

enum { CACHE_BLOCKS = READER_CACHE_BYTES / READER_BLOCK, OPEN_SOURCES = 4 };

/* READER_BLOCK decompressed bytes of a file, from number * READER_BLOCK on. */
struct block {
	file_id file;
	uint64_t number;
	uint64_t used; /* tick of the last use; 0: empty */
	size_t n;      /* fewer than READER_BLOCK at the end of the file */
	char *bytes;
};

/* A file that was read up to some block and may be read on from there. */
struct open_source {
	struct source *source; /* NULL: free */
	file_id file;
	uint64_t next; /* number of the block that comes next */
	uint64_t used;
};

struct reader {
	const struct store *store;
	struct limits limits;
	struct block block[CACHE_BLOCKS];
	struct open_source open[OPEN_SOURCES];
	uint64_t tick;
	struct strbuf bytes; /* a record that spans blocks */
	struct strbuf clean;
	struct json_scan scan;
	struct arena arena;
	struct event event;
};

struct reader *reader_new(const struct store *s, const struct limits *limits)
{
	struct reader *r = mem_zero(1, sizeof(*r));

	r->store = s;
	r->limits = *limits;
	strbuf_init(&r->bytes);
	strbuf_init(&r->clean);
	json_scan_init(&r->scan, limits->max_record, limits->max_depth);
	arena_init(&r->arena);
	return r;
}

void reader_free(struct reader *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < CACHE_BLOCKS; i++)
		free(r->block[i].bytes);
	for (size_t i = 0; i < OPEN_SOURCES; i++)
		source_close(r->open[i].source);
	strbuf_release(&r->bytes);
	strbuf_release(&r->clean);
	json_scan_release(&r->scan);
	arena_release(&r->arena);
	free(r);
}

static struct block *find_block(struct reader *r, file_id file, uint64_t number)
{
	for (size_t i = 0; i < CACHE_BLOCKS; i++) {
		struct block *b = &r->block[i];

		if (b->used && b->file == file && b->number == number) {
			b->used = ++r->tick;
			return b;
		}
	}
	return NULL;
}

/* The block that was not used for the longest time, to be filled anew. */
static struct block *oldest_block(struct reader *r)
{
	struct block *oldest = &r->block[0];

	for (size_t i = 1; i < CACHE_BLOCKS; i++)
		if (r->block[i].used < oldest->used)
			oldest = &r->block[i];
	if (!oldest->bytes)
		oldest->bytes = mem_alloc(READER_BLOCK);
	return oldest;
}

/* A source that stands before the block, or a free place for one. */
static struct open_source *pick_source(struct reader *r, file_id file,
				       uint64_t number)
{
	struct open_source *best = NULL, *oldest = &r->open[0];

	for (size_t i = 0; i < OPEN_SOURCES; i++) {
		struct open_source *o = &r->open[i];

		if (o->source && o->file == file && o->next <= number &&
		    (!best || o->next > best->next))
			best = o;
		if (o->used < oldest->used)
			oldest = o;
	}
	return best ? best : oldest;
}

/* Drops bytes up to the next block's beginning after resuming at a point. */
static void align(struct open_source *o, uint64_t offset)
{
	char waste[4096];

	o->next = (offset + READER_BLOCK - 1) / READER_BLOCK;
	while (offset < o->next * READER_BLOCK) {
		uint64_t want = o->next * READER_BLOCK - offset;
		size_t n = source_read(o->source, waste,
				       want < sizeof(waste) ? (size_t)want :
							      sizeof(waste));

		if (n == 0)
			break;
		offset += n;
	}
}

/* Makes `o` stand at or before the block, as near as can be. */
static enum err_code stand_before(struct reader *r, struct open_source *o,
				  file_id file, uint64_t number,
				  struct err *err)
{
	const struct file_entry *e = &r->store->files->entry[file];
	const struct gz_point *point = NULL;
	bool ours = o->source && o->file == file && o->next <= number;
	enum err_code rc;

	/* While the load runs the points are still being made. */
	if (r->store->complete)
		point = gz_points_before(&e->points, number * READER_BLOCK);
	if (ours && (!point || o->next * READER_BLOCK >= point->out))
		return ERR_OK;
	source_close(o->source);
	*o = (struct open_source){ .file = file };
	rc = point ? source_open_at(&o->source, e->path, e->fd, &r->limits,
				    point, err) :
		     source_open(&o->source, e->path, e->fd, &r->limits, NULL,
				 err);
	if (rc) {
		o->source = NULL;
		return rc;
	}
	if (point)
		align(o, point->out);
	return ERR_OK;
}

static size_t read_block(struct source *s, char *to)
{
	size_t n = 0, got;

	while (n < READER_BLOCK &&
	       (got = source_read(s, to + n, READER_BLOCK - n)))
		n += got;
	return n;
}

/* The block, read if need be; NULL with err set when the file ends first. */
static const struct block *get_block(struct reader *r, file_id file,
				     uint64_t number, struct err *err)
{
	struct block *b = find_block(r, file, number);
	struct open_source *o;
	const char *trouble;

	if (b)
		return b;
	o = pick_source(r, file, number);
	if (stand_before(r, o, file, number, err))
		return NULL;
	do {
		b = oldest_block(r);
		b->used = 0;
		b->file = file;
		b->number = o->next++;
		b->n = read_block(o->source, b->bytes);
		b->used = o->used = ++r->tick;
	} while (b->n == READER_BLOCK && b->number < number);
	if (b->number == number && b->n)
		return b;
	b->used = 0;
	trouble = source_trouble(o->source);
	err_set(err, ERR_FORMAT, "%s: has changed since it was loaded%s%s",
		r->store->files->entry[file].path, trouble ? ": " : "",
		trouble ? trouble : "");
	return NULL;
}

enum err_code reader_raw(struct reader *r, row_id row, struct str *bytes,
			 struct err *err)
{
	struct store_place place = store_place(r->store, row);
	uint64_t at = place.offset, end = place.offset + place.length;

	strbuf_clear(&r->bytes);
	while (at < end) {
		const struct block *b = get_block(r, place.file,
						  at / READER_BLOCK, err);
		size_t from = at % READER_BLOCK, n;

		if (!b)
			return err->code;
		n = b->n > from ? b->n - from : 0;
		if (n > end - at)
			n = (size_t)(end - at);
		if (n == 0)
			return err_set(err, ERR_FORMAT,
				       "%s: is shorter than when it was loaded",
				       store_path(r->store, row));
		if (n == place.length) { /* all of it in one block */
			*bytes = (struct str){ b->bytes + from, n };
			return ERR_OK;
		}
		strbuf_add(&r->bytes, (struct str){ b->bytes + from, n });
		at += n;
	}
	*bytes = strbuf_str(&r->bytes);
	return ERR_OK;
}

static enum err_code has_changed(const struct reader *r, row_id row,
				 struct err *err)
{
	return err_set(err, ERR_FORMAT, "%s: has changed since it was loaded",
		       store_path(r->store, row));
}

/* Is the record that stands there now the one that stood there? */
static bool is_row(const struct store *s, row_id row, const struct event *e,
		   struct str raw)
{
	struct event_id id = s->id[row], now;
	struct hash128 h;

	if ((s->flags[row] ^ e->flags) & EVENT_NO_ID)
		return false;
	if (e->flags & EVENT_NO_ID) {
		h = hash_content(raw);
		return h.hi == id.hi && h.lo == id.lo;
	}
	if (event_id_pack(e->id, &now))
		return now.hi == id.hi && now.lo == id.lo;
	return id.hi == EVENT_ID_TEXT &&
	       str_eq(e->id, intern_text(&s->strings->ids, (uint32_t)id.lo));
}

enum err_code reader_event(struct reader *r, row_id row,
			   const struct event **event, struct err *err)
{
	const struct json *record;
	enum err_code rc;
	struct str bytes;

	rc = reader_raw(r, row, &bytes, err);
	if (rc)
		return rc;
	arena_reset(&r->arena);
	if (json_scan(&r->scan, bytes, true, &r->clean) != JSON_OK ||
	    r->scan.end != bytes.n)
		return has_changed(r, row, err);
	record = json_parse(&r->arena, strbuf_str(&r->clean), err);
	if (!record || record->kind != JSON_OBJECT)
		return has_changed(r, row, err);
	event_extract(&r->event, record, r->scan.notes, &r->arena);
	if (!is_row(r->store, row, &r->event, bytes))
		return has_changed(r, row, err);
	*event = &r->event;
	return ERR_OK;
}
