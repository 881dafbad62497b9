/* SPDX-License-Identifier: MIT */
#include "ingest/draft.h"

#include "base/timefmt.h"

struct draft_member {
	struct str key;
	struct str text;            /* of a string, when the others are NULL */
	const struct json *value;   /* or a value */
	const char *word;           /* or true, false */
	struct draft_member *first; /* or members of its own */
	struct draft_member *next;
};

void draft_init(struct draft *d, struct arena *arena)
{
	*d = (struct draft){ .arena = arena };
}

static struct draft_member *find(struct draft_member *first, struct str key)
{
	for (; first; first = first->next)
		if (str_eq(first->key, key))
			return first;
	return NULL;
}

/* A new member at the path, or NULL when something is in the way. Paths are
 * the program's own: few parts, few members beside each other. */
static struct draft_member *place(struct draft *d, const char *path)
{
	struct draft_member **tail = &d->first, *m = NULL;
	struct str rest = str_of(path), name;
	bool fresh = true;

	while (str_next(&rest, '.', &name)) {
		if (m && !m->first && !fresh)
			return NULL; /* a text or value */
		if (m)
			tail = &m->first;
		m = find(*tail, name);
		fresh = !m;
		if (m)
			continue;
		while (*tail)
			tail = &(*tail)->next;
		m = arena_zero(d->arena, sizeof(*m));
		m->key = arena_dup(d->arena, name);
		*tail = m;
	}
	return fresh ? m : NULL;
}

void draft_text(struct draft *d, const char *path, struct str text)
{
	struct draft_member *m = text.n ? place(d, path) : NULL;

	if (m)
		m->text = text;
}

void draft_flag(struct draft *d, const char *path, struct str text)
{
	bool yes = str_eq_fold(text, STR("true"));
	struct draft_member *m;

	if (!yes && !str_eq_fold(text, STR("false"))) {
		draft_text(d, path, text);
		return;
	}
	m = place(d, path);
	if (m)
		m->word = yes ? "true" : "false";
}

/* "January 10, 2026, 12:05:06 (UTC+09:00)", as the console shows it: the date
 * by its words, put into the form that is read with a zone. */
static int64_t console_time(struct str text)
{
	struct str rest = text, month, day, year, clock, zone;
	struct strbuf iso;
	int64_t t;

	if (!str_next(&rest, ' ', &month) || !time_month(month) ||
	    !str_next(&rest, ',', &day) || !str_next(&rest, ',', &year) ||
	    !str_next(&rest, '(', &clock))
		return TIME_NONE;
	day = str_trim(day);
	year = str_trim(year);
	if (!day.n || day.n > 2 || year.n != 4)
		return TIME_NONE;
	zone = str_starts(rest, STR("UTC")) ?
		       str_sub(rest, 3, str_find_char(rest, ')', 0)) :
		       STR_NULL;
	strbuf_init(&iso);
	strbuf_addf(&iso, "%.*s-%02d-%s%.*sT%.*s%.*s", STR_ARG(year),
		    time_month(month), day.n == 1 ? "0" : "", STR_ARG(day),
		    STR_ARG(str_trim(clock)), STR_ARG(zone));
	t = time_parse(strbuf_str(&iso), NULL);
	strbuf_release(&iso);
	return t;
}

void draft_time(struct draft *d, const char *path, struct str text)
{
	static const struct time_zone utc = TIME_ZONE_UTC;
	int64_t t = time_parse_loose(text);
	struct strbuf iso;

	if (t == TIME_NONE)
		t = console_time(text);
	if (t != TIME_NONE) {
		strbuf_init(&iso);
		time_format(&iso, t, TIME_ISO, &utc);
		text = arena_dup(d->arena, strbuf_str(&iso));
		strbuf_release(&iso);
	}
	draft_text(d, path, text);
}

void draft_value(struct draft *d, const char *path, const struct json *v)
{
	struct draft_member *m = v ? place(d, path) : NULL;

	if (m)
		m->value = v;
}

void draft_document(struct draft *d, const char *path, const struct json *v)
{
	const struct json *parsed = NULL;
	struct err err;

	if (v && v->kind == JSON_STRING && str_eq(v->text, STR("null")))
		return;
	if (v && v->kind == JSON_STRING && v->text.n &&
	    (v->text.p[0] == '{' || v->text.p[0] == '['))
		parsed = json_read(d->arena, v->text, &err);
	draft_value(d, path, parsed ? parsed : v);
}

/* Recurses as deep as the longest path has parts. */
static void print(const struct draft_member *m, struct strbuf *out)
{
	strbuf_addc(out, '{');
	for (bool first = true; m; m = m->next, first = false) {
		if (!first)
			strbuf_addc(out, ',');
		json_print_string(out, m->key);
		strbuf_addc(out, ':');
		if (m->first)
			print(m->first, out);
		else if (m->value)
			json_print(out, m->value);
		else if (m->word)
			strbuf_adds(out, m->word);
		else
			json_print_string(out, m->text);
	}
	strbuf_addc(out, '}');
}

void draft_print(const struct draft *d, struct strbuf *out)
{
	print(d->first, out);
}
