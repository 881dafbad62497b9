/* SPDX-License-Identifier: MIT */
#include "ingest/unwrap_private.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/base64.h"
#include "base/gz.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "ingest/line.h"

enum {
	MOST_FOUND = 1 << 16, /* things in one value; real ones have a few */
	INFLATE_STEP = 64 * 1024,
};

/* The forms, those first that others could be taken for. */
static const form_reader readers[] = {
	form_guardduty, form_security_hub, form_waf,       form_edge,
	form_s3_access, form_config,       form_other,     form_eventbridge,
	form_lookup,    form_notice,       form_queued,    form_streamed,
	form_notified,  form_log_event,    form_log_query, form_search_hit,
	form_ecs,       form_ocsf,         form_splunk,    form_columns,
};

struct unwrapper *unwrapper_new(const struct limits *limits)
{
	struct unwrapper *u = mem_zero(1, sizeof(*u));

	u->limits = *limits;
	value_reader_init(&u->reader, limits);
	for (size_t i = 0; i < ARRAY_SIZE(u->level); i++)
		arena_init(&u->level[i]);
	arena_init(&u->texts);
	strbuf_init(&u->print);
	return u;
}

void unwrapper_free(struct unwrapper *u)
{
	if (!u)
		return;
	value_reader_release(&u->reader);
	for (size_t i = 0; i < ARRAY_SIZE(u->level); i++)
		arena_release(&u->level[i]);
	arena_release(&u->texts);
	strbuf_release(&u->print);
	free(u->found);
	free(u);
}

struct arena *unwrap_arena(struct unwrapper *u)
{
	return &u->level[u->depth];
}

/* What was found ---------------------------------------------------------- */

static struct unwrapped *add_found(struct unwrapper *u)
{
	struct unwrapped *last;

	if (u->n == MOST_FOUND) {
		last = &u->found[u->n - 1];
		*last = (struct unwrapped){
			.skip = "holds more than the limit"
		};
		u->spare = *last;
		return &u->spare;
	}
	u->found = mem_grow(u->found, &u->cap, u->n + 1, sizeof(*u->found));
	u->found[u->n] = (struct unwrapped){ .form = u->form };
	return &u->found[u->n++];
}

void unwrap_skip(struct unwrapper *u, const char *reason, bool foreign)
{
	struct unwrapped *f = add_found(u);

	f->skip = reason;
	f->foreign = foreign;
}

/* May so many bytes more be unfolded? */
static bool afford(struct unwrapper *u, size_t bytes)
{
	if (bytes > u->left) {
		u->left = 0;
		unwrap_skip(u, "unfolds to more than the limit", false);
		return false;
	}
	u->left -= bytes;
	return true;
}

static void add_record(struct unwrapper *u, struct str text)
{
	struct str copy;

	if (text.n > u->limits.max_record) {
		unwrap_skip(u, "longer than the limit for one record", false);
		return;
	}
	if (!afford(u, text.n))
		return;
	copy = arena_dup(&u->texts, text);
	add_found(u)->text = copy;
}

void unwrap_draft(struct unwrapper *u, const struct draft *d, enum form form)
{
	u->form = form;
	strbuf_clear(&u->print);
	draft_print(d, &u->print);
	add_record(u, strbuf_str(&u->print));
}

/* Values ------------------------------------------------------------------ */

bool unwrap_names_container(struct str key)
{
	static const char *const names[] = {
		"Events",  "events",          "logEvents",
		"results", "QueryResultRows", "Messages",
		"hits",    "Findings",        "configurationItems",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_eq(key, str_of(names[i])))
			return true;
	return str_eq_fold(key, STR("records"));
}

const struct json *unwrap_container(const struct json *object)
{
	for (const struct json *m = object->child; m; m = m->next) {
		const struct json *hits;

		if (m->kind == JSON_OBJECT && str_eq(m->key, STR("hits"))) {
			hits = json_member(m, STR("hits"));
			if (hits && hits->kind == JSON_ARRAY)
				return hits;
		}
		if (m->kind != JSON_ARRAY || !unwrap_names_container(m->key))
			continue;
		/* Other objects have lists of texts under such names. */
		if (!m->child || !json_is_scalar(m->child) ||
		    str_eq_fold(m->key, STR("records")))
			return m;
	}
	return NULL;
}

static bool is_record(const struct json *v)
{
	const struct json *name = json_member(v, STR("eventName"));

	if (v->kind != JSON_OBJECT ||
	    str_starts(string_of(v, STR("eventSource")), STR("aws:")))
		return false;
	return (name && name->kind == JSON_STRING && name->text.n &&
		event_marks(v) > 1) ||
	       event_marks(v) >= EVENT_CERTAIN_MARKS;
}

/* Recursion, here and by the readers, goes down the tree, which the scan
 * keeps from being deep. */
static bool take_carrier(struct unwrapper *u, const struct json *v)
{
	const struct json *inside;

	for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
		if (readers[i](u, v))
			return true;
	inside = v->kind == JSON_OBJECT ? unwrap_container(v) : NULL;
	if (!inside)
		return false;
	for (const struct json *m = inside->child; m; m = m->next)
		unwrap_value(u, m, u->form);
	return true;
}

void unwrap_value(struct unwrapper *u, const struct json *v, enum form form)
{
	enum form before = u->form;

	u->form = form;
	if (is_record(v)) {
		strbuf_clear(&u->print);
		json_print(&u->print, v);
		add_record(u, strbuf_str(&u->print));
	} else if (!take_carrier(u, v)) {
		unwrap_skip(u, "not a CloudTrail record", false);
	}
	u->form = before;
}

/* Texts ------------------------------------------------------------------- */

/* "2026-01-09T21:42:07.000Z {": what a log's export puts before a record. */
static struct str without_time(struct str text)
{
	struct str line = str_sub(text, 0, 64);
	size_t at = str_find_char(line, '{', 0);

	if (at == SIZE_MAX || at < 20 || line.p[4] != '-' || line.p[10] != 'T')
		return text;
	return str_from(text, at);
}

bool unwrap_entry(struct unwrapper *u, struct str line, struct str header)
{
	enum form form;

	form = line_read(line, header, unwrap_arena(u), &u->print);
	if (form == FORM_RECORD)
		return false;
	u->form = form;
	add_record(u, strbuf_str(&u->print));
	return true;
}

/* What Lambda writes of a function's run, and the function itself: a time, the
 * request's id, what it has to say. */
static const char *lambda_line(struct str text)
{
	static const char *const runs[] = {
		"START RequestId: ", "END RequestId: ", "REPORT RequestId: ",
		"INIT_START "
	};
	struct str time, id;

	for (size_t i = 0; i < ARRAY_SIZE(runs); i++)
		if (str_starts(text, str_of(runs[i])))
			return "a line of Lambda about the run of a function";
	if (!str_next(&text, '\t', &time) || !str_next(&text, '\t', &id) ||
	    !text.n || !str_is_uuid(id) || time_parse(time, NULL) == TIME_NONE)
		return NULL;
	return "a line that a Lambda function wrote";
}

/* A text that is no JSON: what is it then? */
static void skip_text(struct unwrapper *u, struct str text)
{
	if (unwrap_entry(u, text, STR_NULL))
		return;
	if (lambda_line(text))
		unwrap_skip(u, lambda_line(text), false);
	else if (str_starts(text, STR("CWL CONTROL MESSAGE")))
		unwrap_skip(u, "a control message of CloudWatch Logs", true);
	else
		unwrap_skip(u, "a message that is no CloudTrail record", false);
}

/* One value after another, with blanks or nothing between them. */
static void take_texts(struct unwrapper *u, struct str text, enum form form)
{
	while (text.n) {
		struct arena *arena = unwrap_arena(u);
		const struct json *v;
		size_t end;

		if (text.p[0] != '{' && text.p[0] != '[') {
			skip_text(u, text);
			return;
		}
		arena_reset(arena);
		v = value_read(&u->reader, arena, text);
		if (!v) {
			unwrap_skip(u, u->reader.scan.reason, false);
			return;
		}
		end = u->reader.end;
		u->form = form;
		if (is_record(v))
			add_record(u, str_sub(text, 0, end));
		else if (v->kind == JSON_ARRAY)
			for (v = v->child; v; v = v->next)
				unwrap_value(u, v, form);
		else if (!take_carrier(u, v))
			unwrap_skip(u,
				    "a message of JSON that is no CloudTrail "
				    "record",
				    false);
		text = without_time(str_trim(str_from(text, end)));
	}
}

void unwrap_text(struct unwrapper *u, struct str text, enum form form)
{
	enum form before = u->form;

	u->form = form;
	text = without_time(str_trim(text));
	if (u->depth == UNWRAP_LEVELS)
		unwrap_skip(u, "wrapped too many times", false);
	else if (!text.n)
		unwrap_skip(u, "an empty message", false);
	else if (afford(u, text.n)) {
		u->depth++;
		if (str_starts(text, STR("H4sI")))
			unwrap_packed(u, text, form);
		else
			take_texts(u, text, form);
		u->depth--;
	}
	u->form = before;
}

/* All of a gzip file in memory, as far as it may be; false when it is damaged
 * or too long. */
static bool inflate(struct unwrapper *u, struct str packed, struct strbuf *out)
{
	struct gz_stream *gz = gz_open(NULL);
	size_t most = u->left < u->limits.max_record ? (size_t)u->left :
						       u->limits.max_record;
	size_t before = SIZE_MAX, got = 1;
	bool whole;

	while (gz_state(gz) == GZ_RUNNING && out->n <= most &&
	       (got || packed.n != before)) {
		before = packed.n;
		strbuf_reserve(out, INFLATE_STEP + gz_whole_size(packed));
		got = gz_inflate(gz, &packed, true, out->p + out->n,
				 out->cap - out->n - 1);
		out->n += got;
	}
	whole = gz_state(gz) == GZ_DONE && out->n <= most;
	gz_close(gz);
	strbuf_truncate(out, out->n < most ? out->n : most);
	return whole;
}

void unwrap_packed(struct unwrapper *u, struct str text, enum form form)
{
	struct str bytes;
	struct strbuf plain;
	bool whole;

	if (!base64_decode(unwrap_arena(u), text, &bytes)) {
		unwrap_skip(u, "base64 that is none", false);
		return;
	}
	if (!gz_magic(bytes)) {
		unwrap_text(u, bytes, form);
		return;
	}
	strbuf_init(&plain);
	whole = inflate(u, bytes, &plain);
	if (plain.n && afford(u, plain.n))
		unwrap_text(u, strbuf_str(&plain), form);
	if (!whole)
		unwrap_skip(u, "compressed data that is damaged or too long",
			    false);
	strbuf_release(&plain);
}

static void begin(struct unwrapper *u)
{
	u->n = 0;
	u->depth = 0;
	u->form = FORM_RECORD;
	u->left = (uint64_t)u->limits.max_record * UNWRAP_GROWTH;
	arena_reset(&u->texts);
	arena_reset(&u->level[0]);
}

const struct unwrapped *unwrap_line(struct unwrapper *u, struct str line,
				    struct str header, size_t *n)
{
	begin(u);
	if (!unwrap_entry(u, line, header))
		unwrap_skip(u, "a line that is no entry of a log", false);
	*n = u->n;
	return u->found;
}

const struct unwrapped *unwrap(struct unwrapper *u, const struct json *value,
			       size_t *n)
{
	begin(u);
	if (value->kind == JSON_OBJECT || value->kind == JSON_ARRAY)
		take_carrier(u, value);
	*n = u->n;
	return u->found;
}

bool unwrapped_event(struct event *e, const struct unwrapped *found,
		     struct value_reader *r, struct arena *arena)
{
	const struct json *record = value_read(r, arena, found->text);

	if (!record)
		return false;
	event_extract(e, record, r->notes, arena);
	e->flags |= EVENT_CARRIED;
	if (form_kind(found->form) != KIND_CLOUDTRAIL)
		event_of_kind(e, form_kind(found->form));
	if (form_lacks(found->form))
		e->flags |= EVENT_PARTIAL;
	return true;
}
