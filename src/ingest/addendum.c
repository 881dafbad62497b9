/* SPDX-License-Identifier: MIT */
#include "ingest/addendum.h"

#include <string.h>

/* Copies of members that one record may take: those of a record with a million
 * members are not made for each field that an addendum names. */
enum { COPIES_MOST = 1 << 18 };

struct updating {
	struct arena *arena;
	const struct json *record;   /* as far as it is */
	const struct json *addendum; /* that is being applied */
	unsigned named;
	uint32_t copies;
};

/* Trees that are built here may be written; those that were read are shared. */

static struct json *copy_value(struct arena *arena, const struct json *v)
{
	struct json *copy = arena_alloc(arena, sizeof(*copy));

	*copy = *v;
	copy->next = NULL;
	return copy;
}

static struct json *new_object(struct arena *arena, struct str key)
{
	struct json *v = arena_zero(arena, sizeof(*v));

	v->kind = JSON_OBJECT;
	v->key = key;
	return v;
}

/*
 * The object's members with the named one set to v. It stands where the first
 * of that name stood, else at the end; others of that name go.
 */
static const struct json *with_member(struct updating *u,
				      const struct json *object,
				      struct str name, const struct json *v)
{
	struct json *out, *copy = copy_value(u->arena, v);
	const struct json **tail;
	bool done = false;

	u->copies += object->n + 1;
	if (u->copies > COPIES_MOST)
		return object;
	out = copy_value(u->arena, object);
	tail = &out->child;
	out->n = 0;
	copy->key = name;
	for (const struct json *m = object->child; m; m = m->next) {
		bool named = str_eq(m->key, name);
		struct json *one;

		if (named && done)
			continue;
		one = named ? copy : copy_value(u->arena, m);
		*tail = one;
		tail = &one->next;
		done |= named;
		out->n++;
	}
	*tail = done ? NULL : copy;
	out->n += !done;
	return out;
}

/* What stands between two dots of "a.b.c". */
static struct str next_part(struct str *path)
{
	size_t dot = str_find_char(*path, '.', 0);
	struct str part = str_sub(*path, 0, dot);

	*path = dot == SIZE_MAX ? STR_NULL : str_from(*path, dot + 1);
	return part;
}

enum { PARTS_MOST = 8 };

/* The object with v at a path. Where that leads through what is no object,
 * one takes its place. */
static const struct json *with_value(struct updating *u, struct str path,
				     const struct json *v)
{
	const struct json *at[PARTS_MOST];
	const struct json *object = u->record;
	struct str part[PARTS_MOST];
	unsigned n = 0;

	for (; path.n && n < PARTS_MOST; n++) {
		at[n] = object;
		part[n] = next_part(&path);
		object = json_member(object, part[n]);
		if (!object || object->kind != JSON_OBJECT)
			object = new_object(u->arena, part[n]);
	}
	while (n--)
		v = with_member(u, at[n], part[n], v);
	return v;
}

/* Fields -------------------------------------------------------------------- */

/* What tells who and of what it is stays the event's own. */
static bool is_fixed(struct str path)
{
	return str_eq(path, STR("eventID")) ||
	       str_starts(path, STR("eventID.")) ||
	       str_eq(path, STR("addendum")) ||
	       str_starts(path, STR("addendum."));
}

static void update_field(struct updating *u, struct str path)
{
	const struct json *v = u->addendum;
	struct str rest = path, part = STR_NULL;
	unsigned parts = 0;

	if (!path.n || is_fixed(path) || u->named++ >= ADDENDUM_FIELDS)
		return;
	while (rest.n && v && parts++ < PARTS_MOST) {
		part = next_part(&rest);
		v = json_member(v, part);
	}
	if (!v || rest.n || !part.n)
		return;
	u->record = with_value(u, path, v);
}

/* "requestParameters, responseElements" */
static void update_named(struct updating *u, struct str names)
{
	while (names.n) {
		size_t end = 0;

		while (end < names.n && names.p[end] != ',' &&
		       names.p[end] != ' ')
			end++;
		update_field(u, str_sub(names, 0, end));
		names = end < names.n ? str_from(names, end + 1) : STR_NULL;
	}
}

/* Of an addendum that names none: each of its members once. */
static void update_all(struct updating *u)
{
	for (const struct json *m = u->addendum->child; m; m = m->next) {
		if (m->kind == JSON_NULL || is_fixed(m->key) ||
		    str_eq(m->key, STR("eventTime")) ||
		    json_member(u->addendum, m->key) != m)
			continue;
		if (u->named++ >= ADDENDUM_FIELDS)
			break;
		u->record = with_member(u, u->record, m->key, m);
	}
}

static void update(struct updating *u)
{
	const struct json *fields = json_at(u->addendum,
					    "addendum.updatedFields");
	bool any = false;

	u->named = 0;
	if (fields && fields->kind == JSON_STRING) {
		any = str_trim(fields->text).n != 0;
		update_named(u, fields->text);
	}
	if (fields && fields->kind == JSON_ARRAY)
		for (const struct json *f = fields->child; f; f = f->next) {
			any |= f->kind == JSON_STRING && f->text.n;
			if (f->kind == JSON_STRING)
				update_named(u, f->text);
		}
	if (!any)
		update_all(u);
}

/* Records ------------------------------------------------------------------- */

static const struct json *read_record(struct str text, struct value_reader *r,
				      struct arena *arena)
{
	const struct json *v = text.n ? value_read(r, arena, text) : NULL;

	return v && r->end == text.n && v->kind == JSON_OBJECT ? v : NULL;
}

/* One that an event names once is an object, as CloudTrail has it. */
static const struct json *said_of_all(struct arena *arena,
				      const struct json *const *said, size_t n)
{
	struct json *list;

	if (n == 1)
		return said[0];
	list = arena_zero(arena, sizeof(*list));
	list->kind = JSON_ARRAY;
	for (; n; n--) {
		struct json *one = copy_value(arena, said[n - 1]);

		one->key = STR_NULL;
		one->next = list->child;
		list->child = one;
		list->n++;
	}
	return list;
}

struct merging {
	struct updating updating;
	struct str id; /* the event's */
	struct str seen[AMEND_ADDENDA + 1];
	const struct json *said[AMEND_ADDENDA + 1];
	size_t seen_n, said_n;
	bool headless;
};

/* Has that one come already? It is known by its own id. */
static bool has_come(struct merging *m, const struct json *record)
{
	struct str own = json_text_at(record, "eventID");

	if (!own.n)
		return false;
	for (size_t i = 0; i < m->seen_n; i++)
		if (str_eq(own, m->seen[i]))
			return true;
	m->seen[m->seen_n++] = own;
	return false;
}

static void merge(struct merging *m, const struct json *record)
{
	const struct json *said = json_member(record, STR("addendum"));

	if (!str_eq(json_text_at(said, "originalEventID"), m->id) ||
	    has_come(m, record))
		return;
	m->updating.addendum = record;
	update(&m->updating);
	m->said[m->said_n++] = said;
}

/* The first text: an event, or an addendum that stands in its place. */
static bool begin(struct merging *m, const struct json *record)
{
	const struct json *said = json_member(record, STR("addendum"));
	struct event e;

	event_extract(&e, record, 0, m->updating.arena);
	m->updating.record = record;
	m->id = e.id;
	m->headless = e.flags & EVENT_UPDATES;
	/* An event that came late says so there. */
	if (said && said->kind == JSON_OBJECT)
		m->said[m->said_n++] = said;
	if (m->headless)
		has_come(m, record);
	return e.id.n != 0;
}

/* The record with all that is known of its addenda, printed and read again. */
static const struct json *finish(struct merging *m, struct value_reader *r,
				 struct strbuf *record)
{
	struct updating *u = &m->updating;
	const struct json *said = said_of_all(u->arena, m->said, m->said_n);

	u->record = with_member(u, u->record, STR("addendum"), said);
	if (u->copies > COPIES_MOST)
		return NULL;
	json_print(record, u->record);
	return read_record(strbuf_str(record), r, u->arena);
}

bool addendum_apply(struct event *e, const struct str *text, size_t n,
		    uint32_t flags, struct value_reader *r, struct arena *arena,
		    struct strbuf *record)
{
	struct merging m = { .updating = { .arena = arena } };
	const struct json *v;
	size_t before;

	strbuf_clear(record);
	v = n ? read_record(text[0], r, arena) : NULL;
	if (!v || !begin(&m, v))
		return false;
	before = m.said_n;
	for (size_t i = 1; i < n && i <= AMEND_ADDENDA; i++) {
		v = read_record(text[i], r, arena);
		if (v)
			merge(&m, v);
	}
	v = m.said_n == before ? NULL : finish(&m, r, record);
	if (!v) {
		strbuf_clear(record);
		return false;
	}
	event_extract(e, v, r->notes, arena);
	e->id = m.id;
	e->flags &= ~(uint32_t)(EVENT_NO_ID | EVENT_UPDATES);
	e->flags |= flags | EVENT_AMENDED | (m.headless ? EVENT_UPDATES : 0);
	return true;
}
