/* SPDX-License-Identifier: MIT */
/* Entries of a case, as JSON and as items. */
#include "base/json_writer.h"
#include "base/timefmt.h"
#include "casework/case_book.h"

/* Names -------------------------------------------------------------------- */

static const struct kind {
	const char *entry, *end, *text, *name;
} kinds[CASE_KIND_COUNT] = {
#define X(code, entry, end, text, name, key) \
	[code] = { entry, end, text, name },
	CASE_KINDS(X)
#undef X
};

/* Members that several kinds have. */
static const struct member {
	const char *name;
	size_t offset;
} members[] = {
	{ "id", offsetof(struct case_item, id) },
	{ "eventID", offsetof(struct case_item, event.id) },
	{ "eventName", offsetof(struct case_item, event.name) },
	{ "file", offsetof(struct case_item, event.file) },
	{ "incident", offsetof(struct case_item, incident) },
	{ "ruleId", offsetof(struct case_item, rule_id) },
	{ "title", offsetof(struct case_item, title) },
	{ "actor", offsetof(struct case_item, actor) },
	{ "author", offsetof(struct case_item, author) },
};

static struct str *member_at(struct case_item *item, const struct member *m)
{
	return (struct str *)(void *)((char *)item + m->offset);
}

/* Writing ------------------------------------------------------------------ */

static void write_events(struct json_writer *w, const struct case_item *item)
{
	json_key(w, "eventIDs");
	json_begin_array(w);
	for (size_t i = 0; i < item->event_n; i++)
		json_string(w, item->events[i]);
	json_end_array(w);
}

static void write_time(struct json_writer *w, const char *name, int64_t t)
{
	if (t != TIME_NONE)
		json_pair_time(w, name, t);
}

void case_item_write(const struct case_item *item, bool ends,
		     struct strbuf *out)
{
	const struct kind *k = &kinds[item->kind];
	struct case_item own = *item;
	struct json_writer w;

	json_writer_init(&w, out);
	json_begin_object(&w);
	json_pair(&w, "entry", str_of(ends ? k->end : k->entry));
	write_time(&w, "time", item->time);
	json_pair(&w, "author", item->author);
	for (size_t i = 0; i + 1 < ARRAY_SIZE(members); i++)
		json_pair(&w, members[i].name, *member_at(&own, &members[i]));
	write_time(&w, "eventTime", item->event.time);
	if (item->kind == CASE_DISPOSITION) {
		json_pair(&w, "disposition",
			  str_of(disposition_name(item->disposition)));
		write_events(&w, item);
	}
	if (*k->name)
		json_pair(&w, k->name, item->name);
	if (*k->text)
		json_pair(&w, k->text, item->text);
	json_end_object(&w);
}

/* Reading ------------------------------------------------------------------ */

static bool find_kind(struct str entry, enum case_kind *kind, bool *ends)
{
	for (int k = 0; entry.n && k < CASE_KIND_COUNT; k++) {
		*kind = (enum case_kind)k;
		*ends = str_eq(entry, str_of(kinds[k].end));
		if (*ends || str_eq(entry, str_of(kinds[k].entry)))
			return true;
	}
	return false;
}

static void read_events(const struct json *v, struct case_item *out,
			struct arena *a)
{
	const struct json *list = json_member(v, STR("eventIDs"));
	struct str *id;

	if (!list || list->kind != JSON_ARRAY || !list->n)
		return;
	id = arena_alloc(a, list->n * sizeof(*id));
	for (const struct json *m = list->child; m; m = m->next)
		if (m->kind == JSON_STRING && m->text.n)
			id[out->event_n++] = m->text;
	out->events = id;
}

bool case_item_read(const struct json *v, struct case_item *out, bool *ends,
		    struct arena *a)
{
	static const struct time_zone utc = TIME_ZONE_UTC;
	const struct kind *k;
	enum case_kind kind;

	if (!v || !find_kind(json_text_at(v, "entry"), &kind, ends))
		return false;
	k = &kinds[kind];
	*out = (struct case_item){ .kind = kind };
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		*member_at(out, &members[i]) = json_text_at(v, members[i].name);
	out->time = time_parse(json_text_at(v, "time"), &utc);
	out->event.time = time_parse(json_text_at(v, "eventTime"), &utc);
	if (*k->text)
		out->text = json_text_at(v, k->text);
	if (*k->name)
		out->name = json_text_at(v, k->name);
	if (kind != CASE_DISPOSITION)
		return true;
	out->disposition = disposition_find(json_text_at(v, "disposition"));
	read_events(v, out, a);
	return out->disposition < DISPOSITION_COUNT;
}
