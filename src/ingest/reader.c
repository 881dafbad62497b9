/* SPDX-License-Identifier: MIT */
#include "ingest/reader.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "ingest/addendum.h"
#include "ingest/line.h"
#include "ingest/source.h"
#include "ingest/table.h"
#include "ingest/unwrap.h"
#include "ingest/value.h"

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

/* What is to be read: a row's record, or a part of one. */
struct wanted {
	file_id file;
	uint64_t offset;
	uint32_t length;
	uint32_t nth; /* of the records that one place carries and that have
			 this id */
	bool carried, no_id;
	struct event_id id; /* of a text, of its hash */
};

/* A record that the carrier read last holds. */
struct carried {
	struct str text;
	struct event_id id; /* as in the store; of a text, of its hash */
	bool no_id;
	enum form form;
};

/* What lay at one place of a file and was unwrapped: the rows that follow
 * often come from there too. */
struct carrier {
	struct unwrapper *unwrapper;
	struct strbuf header; /* of the file, when it is a table, or empty */
	file_id header_file;
	bool header_known;
	bool lines; /* the file is no JSON and no table */
	file_id file;
	uint64_t offset;
	struct carried *record;
	size_t n, cap;
	bool there;
};

struct reader {
	const struct store *store; /* NULL: there is none yet */
	const struct files *files;
	const struct string_tables *strings;
	bool points; /* those of the files are all there */
	struct limits limits;
	struct block block[CACHE_BLOCKS];
	struct open_source open[OPEN_SOURCES];
	uint64_t tick;
	struct strbuf bytes; /* a record that spans blocks */
	struct value_reader value;
	struct arena arena;
	struct event event;
	struct carrier carrier;
	struct strbuf amended; /* a record that was put together */
};

struct reader *reader_new_early(const struct files *files,
				const struct string_tables *strings,
				const struct limits *limits)
{
	struct reader *r = mem_zero(1, sizeof(*r));

	r->files = files;
	r->strings = strings;
	r->points = true;
	r->limits = *limits;
	strbuf_init(&r->amended);
	strbuf_init(&r->bytes);
	value_reader_init(&r->value, limits);
	r->value.careful = true;
	arena_init(&r->arena);
	r->carrier.unwrapper = unwrapper_new(limits);
	strbuf_init(&r->carrier.header);
	return r;
}

struct reader *reader_new(const struct store *s, const struct limits *limits)
{
	struct reader *r = reader_new_early(s->files, s->strings, limits);

	r->store = s;
	/* While the load runs the points are still being made. */
	r->points = s->complete;
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
	value_reader_release(&r->value);
	arena_release(&r->arena);
	unwrapper_free(r->carrier.unwrapper);
	strbuf_release(&r->carrier.header);
	strbuf_release(&r->amended);
	free(r->carrier.record);
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

/* A plain file need not be read up to the block. */
static enum err_code move_on(struct open_source *o, uint64_t number)
{
	if (o->next < number && source_seek(o->source, number * READER_BLOCK))
		o->next = number;
	return ERR_OK;
}

/* Makes `o` stand at or before the block, as near as can be. */
static enum err_code stand_before(struct reader *r, struct open_source *o,
				  file_id file, uint64_t number,
				  struct err *err)
{
	const struct file_entry *e = &r->files->entry[file];
	const struct gz_point *point = NULL;
	bool ours = o->source && o->file == file && o->next <= number;
	enum err_code rc;

	if (r->points)
		point = gz_points_before(&e->points, number * READER_BLOCK);
	if (ours && (!point || o->next * READER_BLOCK >= point->out))
		return move_on(o, number);
	source_close(o->source);
	*o = (struct open_source){ .file = file };
	rc = point ? source_open_at(&o->source, e->path, e->fd, file_part_of(e),
				    &r->limits, point, err) :
		     source_open(&o->source, e->path, e->fd, file_part_of(e),
				 &r->limits, NULL, err);
	if (rc) {
		o->source = NULL;
		return rc;
	}
	if (point)
		align(o, point->out);
	return move_on(o, number);
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
		r->files->entry[file].path, trouble ? ": " : "",
		trouble ? trouble : "");
	return NULL;
}

/* The bytes at a place. */
static enum err_code read_place(struct reader *r, const struct wanted *w,
				struct str *bytes, struct err *err)
{
	uint64_t at = w->offset, end = w->offset + w->length;

	strbuf_clear(&r->bytes);
	while (at < end) {
		const struct block *b = get_block(r, w->file, at / READER_BLOCK,
						  err);
		size_t from = at % READER_BLOCK, n;

		if (!b)
			return err->code;
		n = b->n > from ? b->n - from : 0;
		if (n > end - at)
			n = (size_t)(end - at);
		if (n == 0)
			return err_set(err, ERR_FORMAT,
				       "%s: is shorter than when it was loaded",
				       r->files->entry[w->file].path);
		if (n == w->length) { /* all of it in one block */
			*bytes = (struct str){ b->bytes + from, n };
			return ERR_OK;
		}
		strbuf_add(&r->bytes, (struct str){ b->bytes + from, n });
		at += n;
	}
	*bytes = strbuf_str(&r->bytes);
	return ERR_OK;
}

static enum err_code has_changed(const struct reader *r, const struct wanted *w,
				 struct err *err)
{
	return err_set(err, ERR_FORMAT, "%s: has changed since it was loaded",
		       r->files->entry[w->file].path);
}

/* What a row is known by, out of its record. */
static struct carried identify(const struct event *e, struct str raw)
{
	struct carried c = { .text = raw, .no_id = e->flags & EVENT_NO_ID };
	struct hash128 h;

	if (!c.no_id && event_id_pack(e->id, &c.id))
		return c;
	h = hash_content(c.no_id ? raw : e->id);
	c.id = (struct event_id){ h.hi, h.lo };
	return c;
}

/* The id as identify tells it. */
static struct event_id known_id(const struct reader *r, struct event_id id,
				bool no_id)
{
	struct hash128 h;

	if (no_id || id.hi != EVENT_ID_TEXT)
		return id;
	h = hash_content(intern_text(&r->strings->ids, (uint32_t)id.lo));
	return (struct event_id){ h.hi, h.lo };
}

static struct wanted wanted_row(const struct reader *r, row_id row)
{
	const struct store *s = r->store;
	struct store_place place = store_place(s, row);
	bool no_id = s->flags[row] & EVENT_NO_ID;

	return (struct wanted){
		.file = place.file,
		.offset = place.offset,
		.length = place.length,
		.carried = s->flags[row] & EVENT_CARRIED,
		.no_id = no_id,
		.id = known_id(r, s->id[row], no_id),
	};
}

static bool is_wanted(const struct wanted *w, const struct carried *c)
{
	return w->no_id == c->no_id && w->id.hi == c->id.hi &&
	       w->id.lo == c->id.lo;
}

/* Finds the header of a file that is a table: its first row. */
static enum err_code read_header(struct reader *r, file_id file,
				 struct err *err)
{
	struct carrier *c = &r->carrier;
	const struct block *b;
	struct str text, header;

	if (c->header_known && c->header_file == file)
		return ERR_OK;
	b = get_block(r, file, 0, err);
	if (!b)
		return err->code;
	strbuf_clear(&c->header);
	text = (struct str){ b->bytes, b->n };
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_from(text, 3);
	text = str_trim(text);
	arena_reset(&r->arena);
	c->lines = false;
	if (text.n && text.p[0] != '{' &&
	    (text.p[0] != '[' || line_begins_address(text))) {
		c->lines = !table_header(text, &r->arena, &header);
		if (c->lines)
			header = line_header(text);
		strbuf_add(&c->header, header);
	}
	c->header_file = file;
	c->header_known = true;
	return ERR_OK;
}

/* Unwraps what lies at a place. */
static enum err_code unwrap_place(struct reader *r, const struct wanted *w,
				  const struct unwrapped **found, size_t *n,
				  struct err *err)
{
	struct carrier *c = &r->carrier;
	enum err_code rc = read_header(r, w->file, err);
	const struct json *value;
	struct str bytes;

	if (!rc)
		rc = read_place(r, w, &bytes, err);
	if (rc)
		return rc;
	arena_reset(&r->arena);
	/* A record that stands behind a time on its line is JSON. */
	if (c->lines && bytes.p[0] != '{') {
		*found = unwrap_line(c->unwrapper, bytes,
				     strbuf_str(&c->header), n);
		return ERR_OK;
	}
	if (c->header.n) {
		value = table_value(&r->arena, strbuf_str(&c->header), bytes);
	} else {
		value = value_read(&r->value, &r->arena, bytes);
		if (!value || r->value.end != bytes.n)
			return has_changed(r, w, err);
	}
	*found = unwrap(c->unwrapper, value, n);
	return ERR_OK;
}

/* Unwraps what lies at a place, unless that was done a moment ago. */
static enum err_code read_carrier(struct reader *r, const struct wanted *w,
				  struct err *err)
{
	struct carrier *c = &r->carrier;
	const struct unwrapped *found = NULL;
	struct event e;
	enum err_code rc;
	size_t n;

	if (c->there && c->file == w->file && c->offset == w->offset)
		return ERR_OK;
	c->there = false;
	c->n = 0;
	rc = unwrap_place(r, w, &found, &n, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++) {
		arena_reset(&r->arena);
		if (found[i].skip ||
		    !unwrapped_event(&e, &found[i], &r->value, &r->arena))
			continue;
		c->record = mem_grow(c->record, &c->cap, c->n + 1,
				     sizeof(*c->record));
		c->record[c->n] = identify(&e, found[i].text);
		c->record[c->n++].form = found[i].form;
	}
	c->file = w->file;
	c->offset = w->offset;
	c->there = true;
	return ERR_OK;
}

/* The record among those carried. */
static enum err_code find_carried(struct reader *r, const struct wanted *w,
				  const struct carried **record,
				  struct err *err)
{
	struct carrier *c = &r->carrier;
	enum err_code rc = read_carrier(r, w, err);
	uint32_t nth = 0;

	if (rc)
		return rc;
	for (size_t i = 0; i < c->n; i++)
		if (is_wanted(w, &c->record[i]) && nth++ == w->nth) {
			*record = &c->record[i];
			return ERR_OK;
		}
	return has_changed(r, w, err);
}

static enum err_code read_text(struct reader *r, const struct wanted *w,
			       struct str *bytes, struct err *err)
{
	const struct carried *record = NULL;
	enum err_code rc;

	if (!w->carried)
		return read_place(r, w, bytes, err);
	rc = find_carried(r, w, &record, err);
	if (rc)
		return rc;
	*bytes = record->text;
	return ERR_OK;
}

/* Amended events ------------------------------------------------------------ */

enum err_code reader_part(struct reader *r, const struct amend_part *part,
			  const struct event_id *id, struct str *bytes,
			  struct err *err)
{
	struct wanted w = {
		.file = part->file,
		.offset = part->offset,
		.length = part->length,
		.nth = part->nth,
		.carried = part->flags & EVENT_CARRIED,
		.id = known_id(r, *id, false),
	};

	return read_text(r, &w, bytes, err);
}

/* All parts are read before they are put together: each call takes the place
 * of what the one before had read. */
static enum err_code read_amended(struct reader *r, row_id row, struct err *err)
{
	struct wanted w = wanted_row(r, row);
	struct str text[AMEND_ADDENDA + 1];
	const struct amend_part *part;
	struct carried now;
	struct arena texts;
	enum err_code rc = ERR_OK;
	bool ok = false;
	size_t n;

	part = amendments_find(&r->store->amended, row, &n);
	if (!part || n > ARRAY_SIZE(text))
		return has_changed(r, &w, err);
	arena_init(&texts);
	for (size_t i = 0; i < n && rc == ERR_OK; i++) {
		rc = reader_part(r, &part[i], &r->store->id[row], &text[i],
				 err);
		if (rc == ERR_OK)
			text[i] = arena_dup(&texts, text[i]);
	}
	if (rc == ERR_OK) {
		arena_reset(&r->arena);
		ok = addendum_apply(&r->event, text, n, part->flags, &r->value,
				    &r->arena, &r->amended);
		/* Its id lies in what was read. */
		r->event.id = arena_dup(&r->arena, r->event.id);
		now = identify(&r->event, strbuf_str(&r->amended));
		if (!ok || !is_wanted(&w, &now))
			rc = has_changed(r, &w, err);
	}
	arena_release(&texts);
	return rc;
}

/* Rows ---------------------------------------------------------------------- */

enum err_code reader_raw(struct reader *r, row_id row, struct str *bytes,
			 struct err *err)
{
	struct wanted w = wanted_row(r, row);
	enum err_code rc;

	if (!(r->store->flags[row] & EVENT_AMENDED))
		return read_text(r, &w, bytes, err);
	rc = read_amended(r, row, err);
	*bytes = strbuf_str(&r->amended);
	return rc;
}

static enum err_code carried_event(struct reader *r, const struct wanted *w,
				   struct err *err)
{
	struct unwrapped found = { .skip = NULL };
	const struct carried *record = NULL;
	enum err_code rc = find_carried(r, w, &record, err);

	if (rc)
		return rc;
	found.text = record->text;
	found.form = record->form;
	arena_reset(&r->arena);
	if (!unwrapped_event(&r->event, &found, &r->value, &r->arena))
		return has_changed(r, w, err);
	return ERR_OK;
}

enum err_code reader_event(struct reader *r, row_id row,
			   const struct event **event, struct err *err)
{
	struct wanted w = wanted_row(r, row);
	const struct json *record;
	struct carried now;
	enum err_code rc;
	struct str bytes;

	*event = &r->event;
	if (r->store->flags[row] & EVENT_AMENDED)
		return read_amended(r, row, err);
	if (w.carried)
		return carried_event(r, &w, err);
	rc = read_place(r, &w, &bytes, err);
	if (rc)
		return rc;
	arena_reset(&r->arena);
	record = value_read(&r->value, &r->arena, bytes);
	if (!record || r->value.end != bytes.n || record->kind != JSON_OBJECT)
		return has_changed(r, &w, err);
	event_extract(&r->event, record, r->value.notes, &r->arena);
	now = identify(&r->event, bytes);
	return is_wanted(&w, &now) ? ERR_OK : has_changed(r, &w, err);
}
