/* SPDX-License-Identifier: MIT */
/* What a place in a file looks like: a record, a member, a time before one. */
#include "base/attr.h"
#include "ingest/envelope_private.h"
#include "model/event.h"

/* Fields that an object at the beginning of a line has to have. */
enum { LIKELY_MARKS = 1 };

/* Fields that the first one of a record may be: real records begin with
 * eventVersion, sorted exports with one of the others. */
static bool is_first_field(struct str name)
{
	static const char *const names[] = {
		"eventVersion", "userIdentity",  "eventTime",
		"eventSource",  "eventName",     "eventID",
		"awsRegion",    "eventCategory", "additionalEventData",
		"Records",      "apiVersion",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	return false;
}

bool envelope_first_key(struct str text, struct str *key)
{
	size_t at = 1, end;

	while (at < text.n && envelope_is_blank(text.p[at]))
		at++;
	if (at >= text.n || text.p[at] != '"')
		return false;
	end = str_find_char(text, '"', at + 1);
	if (end == SIZE_MAX)
		return false;
	*key = str_sub(text, at + 1, end);
	return true;
}

static bool begins_line(const struct envelope *e, size_t at)
{
	return at > 0 && e->buf[at - 1] == '\n';
}

/* Does "name": stand before buf[at]? Then it is a member of something. As many
 * bytes are looked at as are always there, or it would depend on where the
 * buffer was filled. */
static bool follows_name(const struct envelope *e, size_t at)
{
	size_t from = at < ENVELOPE_LOOK_BACK ? 0 : at - ENVELOPE_LOOK_BACK;

	while (at > from && envelope_is_blank(e->buf[at - 1]))
		at--;
	if (at == from || e->buf[--at] != ':')
		return false;
	while (at > from && envelope_is_blank(e->buf[at - 1]))
		at--;
	return at > from && e->buf[at - 1] == '"';
}

bool envelope_begins_record(const struct envelope *e, size_t at)
{
	struct str text = { e->buf + at, e->n - at };
	struct str key;

	if (text.n > ENVELOPE_LONGEST_MARK)
		text.n = ENVELOPE_LONGEST_MARK;
	if (!envelope_first_key(text, &key))
		return false;
	/* JSON lines of any kind: an object at the beginning of a line. */
	if (begins_line(e, at))
		return true;
	return is_first_field(key) && !follows_name(e, at);
}

/*
 * How much an object at buf[at] that follows something broken has to look like
 * a record. In the middle of a line it may be a part of what is broken; at the
 * beginning of one it hardly is, and in JSON lines never.
 */
static unsigned marks_wanted(const struct envelope *e, size_t at)
{
	if (!begins_line(e, at) || follows_name(e, at))
		return EVENT_CERTAIN_MARKS;
	return e->format == FILE_RECORDS || e->format == FILE_ARRAY ?
		       LIKELY_MARKS :
		       0;
}

bool envelope_seek_record(struct envelope *e, uint64_t within)
{
	uint64_t from = e->base + e->at;

	for (;;) {
		const char *hit = NULL;

		while (e->at < e->n &&
		       (hit = memchr(e->buf + e->at, '{', e->n - e->at))) {
			e->at = (size_t)(hit - e->buf);
			if (e->n - e->at < ENVELOPE_LONGEST_MARK && !e->ended)
				break;
			if (e->base + e->at - from > within)
				return false;
			if (envelope_begins_record(e, e->at)) {
				e->wanted = marks_wanted(e, e->at);
				return true;
			}
			e->at++;
		}
		if (!hit)
			e->at = e->n;
		if (e->ended || e->base + e->at - from > within)
			return false;
		envelope_fill(e);
	}
}

bool envelope_names_records(struct str key)
{
	return str_eq_fold(key, STR("records"));
}

/* The time, and perhaps the name of a stream, that a log's export puts before
 * a record on its line. */
size_t envelope_prefix(struct envelope *e)
{
	struct str line;
	size_t at;

	while (e->n - e->at < ENVELOPE_LONGEST_PREFIX && envelope_fill(e))
		;
	line = str_sub(envelope_ahead(e), 0, ENVELOPE_LONGEST_PREFIX);
	at = str_find_char(line, '{', 0);
	if (at == SIZE_MAX || at < 20 || line.p[4] != '-' || line.p[7] != '-' ||
	    line.p[10] != 'T' || line.p[13] != ':' ||
	    !envelope_is_blank(line.p[at - 1]) ||
	    str_find_char(str_sub(line, 0, at), '\n', 0) != SIZE_MAX)
		return 0;
	return at;
}
