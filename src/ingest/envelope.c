/* SPDX-License-Identifier: MIT */
#include "ingest/envelope_private.h"

#include <stdlib.h>

#include "base/json_plain.h"
#include "base/mem.h"
#include "ingest/archive.h"
#include "ingest/line.h"
#include "ingest/unwrap.h"
#include "model/event.h"

enum {
	READ_STEP = 256 * 1024,
	SNIFF = 64 * 1024, /* how far into a text the first record is sought */
	FREE_WASTE = 32 * 1024 * 1024,
};

struct envelope *envelope_new(const struct limits *limits, struct arena *arena)
{
	struct envelope *e = mem_zero(1, sizeof(*e));

	e->limits = limits;
	e->arena = arena;
	json_scan_init(&e->scan, limits->max_record, limits->max_depth);
	strbuf_init(&e->clean);
	strbuf_init(&e->header);
	strbuf_init(&e->lead);
	strbuf_init(&e->print);
	return e;
}

void envelope_free(struct envelope *e)
{
	if (!e)
		return;
	json_scan_release(&e->scan);
	strbuf_release(&e->clean);
	strbuf_release(&e->header);
	strbuf_release(&e->lead);
	strbuf_release(&e->print);
	free(e->buf);
	free(e);
}

void envelope_start(struct envelope *e, struct source *source)
{
	e->source = source;
	e->held = e->spare = UINT64_MAX;
	strbuf_clear(&e->header);
	strbuf_clear(&e->lead);
	e->n = e->at = 0;
	e->base = 0;
	e->ended = false;
	e->state = AT_START;
	e->objects = 0;
	e->delivery = false;
	e->wanted = 0;
	e->records = 0;
	e->waste = 0;
	e->break_at = 0;
	e->format = FILE_UNREAD;
	e->told_trouble = false;
}

enum file_format envelope_format(const struct envelope *e)
{
	return e->format;
}

/* Bytes ------------------------------------------------------------------- */

/* How much of what was passed nobody looks at again. */
static size_t passed(struct envelope *e)
{
	uint64_t at = e->base + e->at;

	if (e->held != UINT64_MAX && at - e->held > e->limits->max_record)
		e->held = UINT64_MAX;
	if (e->held < at)
		at = e->held;
	at -= at < ENVELOPE_LOOK_BACK ? at : ENVELOPE_LOOK_BACK;
	return at < e->base ? 0 : (size_t)(at - e->base);
}

bool envelope_fill(struct envelope *e)
{
	size_t step = READ_STEP, whole = source_whole_size(e->source), got;
	size_t drop = passed(e);

	if (e->ended)
		return false;
	if (step < whole)
		step = whole;
	if (drop && (drop >= e->n / 2 || e->cap - e->n < step)) {
		memmove(e->buf, e->buf + drop, e->n - drop);
		e->base += drop;
		e->n -= drop;
		e->at -= drop;
	}
	e->buf = mem_grow(e->buf, &e->cap, e->n + step, 1);
	got = source_read(e->source, e->buf + e->n, step);
	e->n += got;
	e->ended = got == 0;
	return got != 0;
}

bool envelope_pass(struct envelope *e, const char *also)
{
	for (;;) {
		while (e->at < e->n &&
		       (envelope_is_blank(e->buf[e->at]) ||
			(e->buf[e->at] && strchr(also, e->buf[e->at]))))
			e->at++;
		if (e->at < e->n)
			return true;
		if (!envelope_fill(e))
			return false;
	}
}

/*
 * Scans the value at e->at, reading as much as it takes. A value that does not
 * end in what was read is scanned anew with twice as much: the work stays in
 * proportion to its length.
 */
static enum json_status scan(struct envelope *e, struct strbuf *clean)
{
	for (;;) {
		enum json_status st = json_scan(&e->scan, envelope_ahead(e),
						e->ended, clean);
		size_t seen = envelope_ahead(e).n;

		if (st != JSON_MORE)
			return st;
		while (envelope_fill(e) && envelope_ahead(e).n < 2 * seen)
			;
	}
}

/* Envelopes --------------------------------------------------------------- */

static void enter_array(struct envelope *e, bool delivery)
{
	e->at++;
	e->state = IN_ARRAY;
	e->delivery = delivery;
	e->format = delivery   ? FILE_RECORDS :
		    e->objects ? FILE_OBJECT :
				 FILE_ARRAY;
}

/*
 * Passes the name of a member and what is between it and its value, at which
 * e->at then is; false where there is none. An object may have any number of
 * members: nothing of them is kept.
 */
static bool pass_key(struct envelope *e, bool *container, bool *delivery)
{
	struct str key;

	if (scan(e, NULL) != JSON_OK)
		return false;
	key = str_sub(envelope_ahead(e), 1, e->scan.end - 1);
	*container = unwrap_names_container(key);
	*delivery = envelope_names_records(key);
	/* {"hits":{"hits":[...]}} */
	if (str_eq(key, STR("hits")) && e->objects == 1) {
		e->at += e->scan.end;
		if (!envelope_pass(e, ":"))
			return false;
		if (e->buf[e->at] != '{')
			return true;
		e->at++;
		e->objects++;
		return envelope_pass(e, "") && e->buf[e->at] == '"' &&
		       pass_key(e, container, delivery);
	}
	e->at += e->scan.end;
	return envelope_pass(e, ":");
}

/* Goes on through the members of an object up to an array that holds what
 * counts and enters it; false at the end or when there is none. */
static bool pass_members(struct envelope *e)
{
	while (envelope_pass(e, ",") && e->buf[e->at] == '"') {
		bool container, delivery;

		if (!pass_key(e, &container, &delivery))
			break;
		if (container && e->buf[e->at] == '[') {
			enter_array(e, delivery);
			return true;
		}
		if (scan(e, NULL) != JSON_OK)
			break;
		e->at += e->scan.end;
	}
	return false;
}

/*
 * Goes through the members of the object at e->at up to such an array and
 * enters it. False, with e->at where it was or, when that is further away than
 * the longest record, behind what was passed, when there is none that can be
 * reached.
 */
static bool enter_records(struct envelope *e)
{
	uint64_t start = e->base + e->at;
	bool entered;

	e->at++;
	e->objects = 1;
	e->held = start;
	entered = pass_members(e);
	e->held = UINT64_MAX;
	if (entered)
		return true;
	e->objects = 0;
	if (e->base + e->at - start <= e->limits->max_record)
		e->at = (size_t)(start - e->base);
	return false;
}

/* There, another array of these names would be read as well. */
void envelope_leave_array(struct envelope *e)
{
	e->at++;
	e->state = BETWEEN;
	while (e->objects) {
		if (pass_members(e))
			return;
		if (e->at >= e->n || e->buf[e->at] != '}')
			break;
		e->at++;
		e->objects--;
	}
	e->objects = 0;
}

/* Items ------------------------------------------------------------------- */

void envelope_skip(struct envelope *e, struct envelope_item *item,
		   uint64_t number, const char *reason)
{
	*item = (struct envelope_item){ .kind = ITEM_SKIP,
					.number = number,
					.offset = e->base + e->at,
					.reason = reason };
}

/*
 * Goes on at the next record behind the beginning of what is at e->at, of
 * which `scanned` bytes were looked at in vain. They are searched for it,
 * unless so much has been looked at in vain that the file must have been made
 * for it: then they are passed over, so that the work stays in proportion to
 * the file. e->at is before the end, and so is e->at + scanned or at it.
 */
static void look_behind(struct envelope *e, size_t scanned)
{
	uint64_t most = FREE_WASTE + 4 * (e->base + e->at);

	e->waste += scanned;
	if (e->waste > most) {
		e->at += scanned;
	} else {
		if (most - e->waste < e->spare)
			e->spare = most - e->waste;
		e->at++;
	}
	e->state = envelope_seek_record(e, UINT64_MAX) ? BEHIND : AT_END;
}

/*
 * A piece of what was called broken already: it breaks at the same place, or
 * it lies within what was too long.
 */
static bool is_told(const struct envelope *e, enum json_status st)
{
	uint64_t at = e->base + e->at;

	if (e->wanted != EVENT_CERTAIN_MARKS)
		return false;
	return st == JSON_LONG ? at < e->break_at :
				 at + e->scan.bad_at == e->break_at;
}

/* Something broken at e->at: moves on to what can be read and, unless that was
 * said before, says so. */
static bool give_up(struct envelope *e, struct envelope_item *item,
		    enum json_status st)
{
	size_t scanned = e->scan.bad_at;
	bool told = is_told(e, st);

	if (!told) {
		envelope_skip(e, item, ++e->records,
			      st == JSON_LONG ?
				      "longer than the limit for one record" :
				      e->scan.reason);
		e->break_at = e->base + e->at + scanned;
	}
	look_behind(e, scanned ? scanned : 1);
	return !told;
}

/* An envelope with other members first, of any length or broken somewhere: what
 * is in its array can be read all the same. */
static bool enter_broken(struct envelope *e)
{
	uint64_t start = e->base + e->at;
	size_t bad_at = e->scan.bad_at;
	const char *reason = e->scan.reason;

	if (enter_records(e))
		return true;
	if (e->base + e->at == start) {
		e->scan.bad_at = bad_at;
		e->scan.reason = reason;
	}
	return false;
}

/* The same with the value's tree: of nearly all in one pass. *v is NULL when
 * the parser refuses what was scanned. */
static enum json_status scan_tree(struct envelope *e, const struct json **v)
{
	enum json_status st;
	struct err err;

	for (;;) {
		struct str seen = str_sub(envelope_ahead(e), 0,
					  e->limits->max_record);

		arena_reset(e->arena);
		st = json_plain(e->arena, seen, e->limits->max_depth, v,
				&e->scan.end);
		if (st == JSON_OK) {
			e->scan.notes = 0;
			return JSON_OK;
		}
		if (st != JSON_MORE || seen.n == e->limits->max_record ||
		    !envelope_fill(e))
			break;
		while (envelope_ahead(e).n < 2 * seen.n && envelope_fill(e))
			;
	}
	arena_reset(e->arena);
	st = scan(e, &e->clean);
	if (st == JSON_OK)
		*v = json_parse(e->arena, strbuf_str(&e->clean), &err);
	return st;
}

static bool take_value(struct envelope *e, struct envelope_item *item)
{
	const struct json *value = NULL;
	enum json_status st = scan_tree(e, &value);

	if (st != JSON_OK && e->state != IN_ARRAY && enter_broken(e))
		return false;
	if (st != JSON_OK)
		return give_up(e, item, st);
	*item = (struct envelope_item){
		.kind = ITEM_RECORD,
		.delivered = e->state == IN_ARRAY && e->delivery,
		.offset = e->base + e->at,
		.raw = str_sub(envelope_ahead(e), 0, e->scan.end),
		.notes = e->scan.notes,
		.value = value,
	};
	/* Rows of a query are arrays of cells. */
	if (!value ||
	    !(value->kind == JSON_OBJECT ||
	      (value->kind == JSON_ARRAY && e->objects && !e->delivery &&
	       value->child && value->child->kind == JSON_OBJECT))) {
		item->kind = ITEM_SKIP;
		item->reason = value ? "not an object" :
				       "refused by the JSON parser";
	}
	if (e->wanted &&
	    (item->kind == ITEM_SKIP || event_marks(item->value) < e->wanted)) {
		/* A part of what is broken, no record. */
		look_behind(e, e->scan.end);
		return false;
	}
	e->wanted = 0;
	if (!e->lead.n && value && value->child &&
	    value->child->key.n < ENVELOPE_LONGEST_MARK)
		strbuf_add(&e->lead, value->child->key);
	item->number = ++e->records;
	e->at += e->scan.end;
	return true;
}

/* Is that an envelope and no record? */
static bool wraps_records(const struct json *object)
{
	return unwrap_container(object) &&
	       event_marks(object) < EVENT_CERTAIN_MARKS;
}

/* An object that stands by itself: a record, or an envelope. */
static bool take_object(struct envelope *e, struct envelope_item *item)
{
	struct str key;

	while (e->n - e->at < ENVELOPE_LONGEST_MARK && envelope_fill(e))
		;
	if (envelope_first_key(envelope_ahead(e), &key) &&
	    envelope_names_records(key) && enter_records(e))
		return false;
	if (!take_value(e, item))
		return false;
	if (item->kind == ITEM_RECORD && wraps_records(item->value)) {
		/* An envelope with other members first. */
		e->records--;
		e->at = (size_t)(item->offset - e->base);
		if (enter_records(e)) {
			/* What counts begins inside. */
			strbuf_clear(&e->lead);
			return false;
		}
		e->records++;
		e->at = (size_t)(item->offset - e->base) + item->raw.n;
	}
	if (item->kind == ITEM_RECORD && e->format == FILE_UNREAD)
		e->format = FILE_LINES;
	return true;
}

static bool pass_prefix(struct envelope *e)
{
	size_t n = envelope_prefix(e);

	e->at += n;
	return n != 0;
}

static bool begin(struct envelope *e, struct envelope_item *item)
{
	const char *why;

	e->state = BETWEEN;
	while (e->n < 3 && envelope_fill(e))
		;
	if (str_starts(envelope_ahead(e), STR("\xef\xbb\xbf")))
		e->at += 3;
	if (!envelope_pass(e, "")) {
		e->format = FILE_EMPTY;
		return false;
	}
	while (e->n - e->at < ENVELOPE_LONGEST_PREFIX && envelope_fill(e))
		;
	if (e->buf[e->at] == '{' ||
	    (e->buf[e->at] == '[' && !line_begins_address(envelope_ahead(e))))
		return false;
	if ((why = archive_reason(envelope_ahead(e)))) {
		envelope_skip(e, item, 0, why);
		e->format = FILE_CLOSED;
		e->state = AT_END;
		return true;
	}
	if (pass_prefix(e) || envelope_pass_header(e) ||
	    envelope_enter_lines(e))
		return false;
	/* Perhaps lines with something before the first record. */
	envelope_skip(e, item, 0, "no kind of log that trawl reads");
	if (envelope_seek_record(e, SNIFF)) {
		e->format = FILE_LINES;
		item->number = ++e->records;
		item->reason = "not JSON";
		return true;
	}
	e->format = FILE_UNKNOWN;
	e->state = AT_END;
	return source_trouble(e->source) == NULL;
}

static bool between(struct envelope *e, struct envelope_item *item)
{
	if (!envelope_pass(e, "")) {
		e->state = AT_END;
		return false;
	}
	if (e->buf[e->at] == '[') {
		enter_array(e, false);
		return false;
	}
	if (e->buf[e->at] == '{' || pass_prefix(e))
		return take_object(e, item);
	e->scan.reason = "a record was expected";
	e->scan.bad_at = 0;
	return give_up(e, item, JSON_BAD);
}

static bool in_array(struct envelope *e, struct envelope_item *item)
{
	if (!envelope_pass(e, ",")) {
		e->state = AT_END;
		if (source_trouble(e->source))
			return false;
		envelope_skip(e, item, 0, "the data ends inside an array");
		return true;
	}
	if (e->buf[e->at] == ']') {
		envelope_leave_array(e);
		return false;
	}
	return take_value(e, item);
}

/* After a break no bracket can be trusted: any may be left over. */
static bool behind(struct envelope *e, struct envelope_item *item)
{
	if (!envelope_pass(e, ",]}")) {
		e->state = AT_END;
		return false;
	}
	if (e->buf[e->at] != '{' && !pass_prefix(e)) {
		bool line = e->at && e->buf[e->at - 1] == '\n';

		/* A line of something else is a record lost; the rest of
		 * what is broken was told with its beginning. */
		if (line)
			envelope_skip(e, item, ++e->records,
				      "a record was expected");
		e->state = envelope_seek_record(e, UINT64_MAX) ? BEHIND :
								 AT_END;
		return line;
	}
	return take_object(e, item);
}

static bool at_end(struct envelope *e, struct envelope_item *item)
{
	const char *trouble = source_trouble(e->source);

	if (trouble && !e->told_trouble) {
		e->told_trouble = true;
		envelope_skip(e, item, 0, trouble);
		item->offset = source_offset(e->source);
		return true;
	}
	*item = (struct envelope_item){ .kind = ITEM_END };
	return true;
}

void envelope_next(struct envelope *e, struct envelope_item *item)
{
	for (;;) {
		bool found = false;

		switch (e->state) {
		case AT_START:
			found = begin(e, item);
			break;
		case BETWEEN:
			found = between(e, item);
			break;
		case IN_ARRAY:
			found = in_array(e, item);
			break;
		case IN_TABLE:
			found = envelope_row(e, item);
			break;
		case IN_LINES:
			found = envelope_line(e, item);
			break;
		case BEHIND:
			found = behind(e, item);
			break;
		case AT_END:
			found = at_end(e, item);
			break;
		}
		if (found)
			return;
	}
}
