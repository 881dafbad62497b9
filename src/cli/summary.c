/* SPDX-License-Identifier: MIT */
/* trawl summary: what was loaded. */
#include "cli/cli.h"
#include "cli/session.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"

static int compare_texts(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Texts of the values of a column that occur in some rows, sorted. */
static struct str *texts_of(const struct session *s, enum event_column c,
			    size_t *n)
{
	const struct store *store = s->snap->store;
	uint8_t *seen = mem_zero(store->values[c], 1);
	struct str *text = mem_alloc((size_t)store->values[c] * sizeof(*text));

	*n = 0;
	for (size_t i = 0; i < s->rows.n; i++)
		seen[store_value_at(store, c, s->rows.row[i])] = 1;
	for (uint32_t v = 1; v < store->values[c]; v++)
		if (seen[v])
			text[(*n)++] = store_value(store, c, v);
	free(seen);
	qsort(text, *n, sizeof(*text), compare_texts);
	return text;
}

/* Kinds of data events that were seen: what the trails let through. */
static struct str *data_types(const struct session *s, size_t *n)
{
	struct coverage *c = coverage_new(s->snap->store, &s->rows, s->o->since,
					  s->o->until);
	struct str *text = mem_alloc((c->data_n + 1) * sizeof(*text));
	size_t kept = 0;

	for (*n = 0; *n < c->data_n; ++*n)
		text[*n] = c->data[*n].type;
	if (*n)
		qsort(text, *n, sizeof(*text), compare_texts);
	for (size_t i = 0; i < *n; i++)
		if (!kept || !str_eq(text[kept - 1], text[i]))
			text[kept++] = text[i];
	*n = kept;
	coverage_free(c);
	return text;
}

static void json_texts(struct json_writer *w, const char *key, struct str *text,
		       size_t n)
{
	json_key(w, key);
	json_begin_array(w);
	for (size_t i = 0; i < n; i++)
		json_string(w, text[i]);
	json_end_array(w);
	free(text);
}

static void json_column(struct json_writer *w, const char *key,
			const struct session *s, enum event_column c)
{
	size_t n;
	struct str *text = texts_of(s, c, &n);

	json_texts(w, key, text, n);
}

/* First and last time of the rows; TIME_NONE when none has one. */
static void span_of(const struct session *s, int64_t *first, int64_t *last)
{
	const struct store *store = s->snap->store;

	*first = *last = TIME_NONE;
	for (size_t i = 0; i < s->rows.n; i++) {
		int64_t t = store->time[s->rows.row[i]];

		if (t == TIME_NONE)
			continue;
		if (*first == TIME_NONE)
			*first = t;
		*last = t;
	}
}

static void json_counts(struct json_writer *w, const struct session *s)
{
	const struct store_counts *c = &s->snap->store->counts;

	json_key(w, "files");
	json_begin_object(w);
	json_pair_uint(w, "read", c->files_read);
	json_pair_uint(w, "skipped", c->files_skipped);
	if (options_choose_files(s->o))
		json_pair_uint(w, "leftOut", c->left_out);
	json_end_object(w);
	json_key(w, "records");
	json_begin_object(w);
	json_pair_uint(w, "read", c->records);
	json_pair_uint(w, "duplicates", c->duplicates);
	json_pair_uint(w, "rejected", c->rejected);
	json_pair_uint(w, "events", s->snap->store->n);
	json_pair_uint(w, "amended", s->snap->store->amended.n);
	json_end_object(w);
}

/* Rows of a kind, and what the case adds, which no row is. */
enum { COUNTED_KINDS = KIND_EVIDENCE + 1 };

static void count_kinds(const struct session *s, uint64_t count[COUNTED_KINDS])
{
	for (int k = 0; k < COUNTED_KINDS; k++)
		count[k] = 0;
	for (size_t i = 0; i < s->rows.n; i++)
		count[s->snap->store->kind[s->rows.row[i]]]++;
	count[KIND_EVIDENCE] += s->evidence.n;
}

/* Only where there is something beside calls. */
static void text_kinds(struct session *s)
{
	uint64_t count[COUNTED_KINDS];
	const char *before = "kinds         ";

	count_kinds(s, count);
	if (count[KIND_CLOUDTRAIL] == s->rows.n && !s->evidence.n)
		return;
	for (int k = 0; k < COUNTED_KINDS; k++) {
		if (!count[k])
			continue;
		output_format(&s->out, "%s %s %llu", before,
			      event_kind_name((enum event_kind)k),
			      (unsigned long long)count[k]);
		before = ",";
	}
	output_format(&s->out, "\n");
}

static void json_kinds(struct json_writer *w, const struct session *s)
{
	uint64_t count[COUNTED_KINDS];

	count_kinds(s, count);
	json_key(w, "kinds");
	json_begin_object(w);
	for (int k = 0; k < COUNTED_KINDS; k++)
		if (count[k])
			json_pair_uint(w, event_kind_name((enum event_kind)k),
				       count[k]);
	json_end_object(w);
}

static void json_skips(struct json_writer *w, const struct session *s)
{
	const struct store *store = s->snap->store;
	struct skip_kind kind[SKIP_KINDS];
	size_t kinds = skips_by_reason(&store->skips, kind);

	json_key(w, "others");
	json_begin_array(w);
	for (size_t i = 0; i < kinds; i++) {
		json_begin_object(w);
		json_pair(w, "reason", str_of(kind[i].reason));
		json_pair_uint(w, "records", kind[i].n);
		json_end_object(w);
	}
	json_end_array(w);

	json_key(w, "skips");
	json_begin_array(w);
	for (size_t i = 0; i < store->skips.n; i++) {
		const struct skip *k = &store->skips.skip[i];

		json_begin_object(w);
		json_pair(w, "file", str_of(store->files->entry[k->file].path));
		if (k->record)
			json_pair_uint(w, "record", k->record);
		json_pair_uint(w, "offset", k->offset);
		json_pair(w, "reason", str_of(k->reason));
		json_end_object(w);
	}
	json_end_array(w);
	if (store->skips.unlisted)
		json_pair_uint(w, "unlistedSkips", store->skips.unlisted);
}

/* How many files held records of each form. */
static void count_forms(const struct store *store, uint64_t *count)
{
	memset(count, 0, FORM_COUNT * sizeof(*count));
	for (uint32_t i = 0; i < store->files->n; i++) {
		const struct file_entry *e = &store->files->entry[i];

		count[e->form] += e->records > e->rejected;
	}
}

static void json_forms(struct json_writer *w, const struct session *s)
{
	uint64_t count[FORM_COUNT];

	count_forms(s->snap->store, count);
	json_key(w, "forms");
	json_begin_array(w);
	for (int f = 0; f < FORM_COUNT; f++) {
		const char *lacks = form_lacks((enum form)f);

		if (!count[f])
			continue;
		json_begin_object(w);
		json_pair(w, "form", str_of(form_name((enum form)f)));
		json_pair_uint(w, "files", count[f]);
		json_pair(w, "lacks", str_of(lacks));
		json_end_object(w);
	}
	json_end_array(w);
}

/* Records as CloudTrail delivers them need no words. */
static void text_forms(struct session *s)
{
	uint64_t count[FORM_COUNT];

	count_forms(s->snap->store, count);
	for (int f = FORM_RECORD + 1; f < FORM_COUNT; f++) {
		const char *lacks = form_lacks((enum form)f);

		if (!count[f])
			continue;
		output_format(&s->out, "%-14s %s: %" PRIu64 " file%s", "form",
			      form_name((enum form)f), count[f],
			      count[f] == 1 ? "" : "s");
		if (lacks)
			output_format(&s->out, "; lacks %s", lacks);
		output_format(&s->out, "\n");
	}
}

static void write_json(struct session *s)
{
	struct json_writer w;
	int64_t first, last;
	struct str *services;
	size_t n;

	span_of(s, &first, &last);
	output_json(&s->out, &w);
	json_begin_object(&w);
	json_counts(&w, s);
	json_key(&w, "partial");
	json_bool(&w, s->snap->store->partial);
	json_kinds(&w, s);
	json_pair_time(&w, "first", first);
	json_pair_time(&w, "last", last);
	json_column(&w, "accounts", s, EVENT_ACCOUNT);
	json_column(&w, "regions", s, EVENT_REGION);
	json_column(&w, "eventSources", s, EVENT_SOURCE);
	json_column(&w, "principals", s, EVENT_PRINCIPAL);
	services = data_types(s, &n);
	json_texts(&w, "dataEventTypes", services, n);
	json_forms(&w, s);
	json_pair_uint(&w, "digests", session_digests(s));
	json_skips(&w, s);
	json_end_object(&w);
	output_line(&s->out);
}

static void text_count(struct output *out, const char *what, uint64_t n)
{
	struct strbuf text;

	strbuf_init(&text);
	strbuf_add_count(&text, n);
	output_format(out, "%-14s %s\n", what, text.p);
	strbuf_release(&text);
}

/* "accounts       2: 111122223333, 444455556666" */
static void text_list(struct session *s, const char *what, enum event_column c)
{
	enum { SHOWN = 12 };
	size_t n;
	struct str *text = texts_of(s, c, &n);

	output_format(&s->out, "%-14s %zu", what, n);
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		output_format(&s->out, "%s", i ? ", " : ": ");
		output_text(&s->out, text[i]);
	}
	if (n > SHOWN)
		output_format(&s->out, ", and %zu more", n - SHOWN);
	output_format(&s->out, "\n");
	free(text);
}

static void text_span(struct session *s)
{
	struct strbuf text;
	int64_t first, last;

	span_of(s, &first, &last);
	strbuf_init(&text);
	if (first == TIME_NONE) {
		strbuf_adds(&text, "none");
	} else {
		time_format(&text, first, TIME_DATETIME, &s->o->zone);
		strbuf_adds(&text, " to ");
		time_format(&text, last, TIME_DATETIME, &s->o->zone);
		strbuf_addf(&text, " %s", s->o->zone.name);
	}
	output_format(&s->out, "%-14s ", "span");
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n");
	strbuf_release(&text);
}

/* Records that are no events, by what they are. */
static void text_others(struct session *s)
{
	struct skip_kind kind[SKIP_KINDS];
	size_t n = skips_by_reason(&s->snap->store->skips, kind);

	for (size_t i = 0; i < n; i++)
		output_format(&s->out, "%-14s %" PRIu64 " %s\n",
			      i ? "" : "other records", kind[i].n,
			      kind[i].reason);
}

static void text_digests(struct session *s)
{
	size_t n = session_digests(s);

	if (n)
		output_format(&s->out,
			      "%-14s %zu: trawl verify checks the "
			      "logs against them\n",
			      "digests", n);
	else
		output_format(&s->out,
			      "%-14s none: that the logs are what "
			      "was delivered cannot be checked\n",
			      "digests");
}

static void write_text(struct session *s)
{
	const struct store *store = s->snap->store;
	const struct store_counts *c = &store->counts;
	struct coverage_question question = COVERAGE_QUESTION_INIT;
	struct str *services;
	size_t n;

	question.data = true;
	text_count(&s->out, "files read", c->files_read);
	text_count(&s->out, "files skipped", c->files_skipped);
	if (options_choose_files(s->o))
		text_count(&s->out, "files left out", c->left_out);
	text_count(&s->out, "records", c->records);
	text_count(&s->out, "duplicates", c->duplicates);
	text_count(&s->out, "rejected", c->rejected);
	text_count(&s->out, "events", store->n);
	if (store->amended.n)
		text_count(&s->out, "amended", store->amended.n);
	if (!s->all_rows)
		text_count(&s->out, "selected", s->rows.n);
	text_kinds(s);
	text_forms(s);
	text_others(s);
	text_span(s);
	text_list(s, "accounts", EVENT_ACCOUNT);
	text_list(s, "regions", EVENT_REGION);
	text_list(s, "services", EVENT_SOURCE);
	text_list(s, "principals", EVENT_PRINCIPAL);
	services = data_types(s, &n);
	output_format(&s->out, "%-14s ", "data events");
	if (!n)
		session_tell_none(s, "none: ", &question);
	for (size_t i = 0; i < n; i++) {
		output_format(&s->out, "%s", i ? ", " : "");
		output_text(&s->out, services[i]);
	}
	if (n)
		output_format(&s->out, "\n");
	free(services);
	text_digests(s);
}

int cli_summary(const struct options *o, FILE *out, FILE *err_file)
{
	struct session s;
	struct err err;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	if (o->format == FORMAT_JSON)
		write_json(&s);
	else
		write_text(&s);
	return session_close(&s);
}
