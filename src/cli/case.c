/* SPDX-License-Identifier: MIT */
/* trawl case: what is said in a case, and two analysts' cases as one. */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "casework/case_merge.h"
#include "casework/mutes.h"
#include "casework/saved_filters.h"
#include "cli/cli.h"
#include "cli/rows.h"
#include "model/identity.h"

/* Showing ------------------------------------------------------------------ */

struct contents {
	struct case_file *c;
	struct case_book book;
	struct mutes mutes;
	struct saved_filters filters;
};

static enum err_code contents_open(struct contents *x, const char *path,
				   struct err *err)
{
	case_book_init(&x->book);
	mutes_init(&x->mutes);
	saved_filters_init(&x->filters);
	x->c = NULL;
	if (case_open(&x->c, path, CASE_READ, NULL, err))
		return err->code;
	case_book_update(&x->book, x->c);
	mutes_read(&x->mutes, x->c);
	saved_filters_read(&x->filters, x->c);
	return ERR_OK;
}

static void contents_close(struct contents *x)
{
	case_book_release(&x->book);
	mutes_release(&x->mutes);
	saved_filters_release(&x->filters);
	case_close(x->c);
}

static const struct column columns[] = {
	{ .name = "when", .whole = true },
	{ .name = "what" },
	{ .name = "about", .width = 44, .middle = true },
	{ .name = "text", .width = 80 },
	{ .name = "author" },
	{ .name = "said", .whole = true },
};

static const char *const words[CASE_KIND_COUNT] = {
	[CASE_STAR] = "star",         [CASE_LABEL] = "label",
	[CASE_NOTE] = "note",         [CASE_TEXT] = "notes",
	[CASE_EVIDENCE] = "evidence", [CASE_STEP] = "step done",
	[CASE_DISPOSITION] = "alert",
};

static struct cell time_cell_of(int64_t t)
{
	return t == TIME_NONE ? (struct cell){ .kind = CELL_NONE } :
				cell_time(t);
}

/* "StopLogging", "Many reads, for ci-deploy" */
static void about(const struct case_item *x, struct strbuf *out)
{
	struct arena arena;

	arena_init(&arena);
	if (x->event.id.n)
		strbuf_add(out, x->event.name.n ? x->event.name : x->event.id);
	else if (x->incident.n)
		strbuf_addf(out, "incident of %.*s", STR_ARG(x->incident));
	else if (x->kind == CASE_EVIDENCE)
		strbuf_add(out, x->name);
	else
		strbuf_add(out, x->title.n ? x->title : x->rule_id);
	if ((x->kind == CASE_STEP || x->kind == CASE_DISPOSITION) && x->actor.n)
		strbuf_addf(out, ", for %.*s",
			    STR_ARG(actor_label(x->actor, &arena)));
	arena_release(&arena);
}

static void add_item(struct rows *rows, const struct case_item *x)
{
	struct strbuf what, text;

	strbuf_init(&what);
	strbuf_init(&text);
	about(x, &what);
	if (x->kind == CASE_DISPOSITION)
		strbuf_addf(&text, "%s, %zu event%s",
			    disposition_words(x->disposition), x->event_n,
			    x->event_n == 1 ? "" : "s");
	else
		strbuf_add(&text, x->text);
	{
		const struct cell cell[ARRAY_SIZE(columns)] = {
			time_cell_of(x->event.time),
			cell_text(str_of(words[x->kind])),
			cell_text(strbuf_str(&what)),
			cell_text(strbuf_str(&text)),
			cell_text(x->author),
			time_cell_of(x->time),
		};

		rows_add(rows, cell);
	}
	strbuf_release(&what);
	strbuf_release(&text);
}

static void add_mute(struct rows *rows, const struct mute *m)
{
	struct strbuf text;

	strbuf_init(&text);
	mute_describe(m, &text);
	{
		const struct cell cell[ARRAY_SIZE(columns)] = {
			{ .kind = CELL_NONE },        cell_text(STR("mute")),
			cell_text(strbuf_str(&text)), { .kind = CELL_NONE },
			cell_text(m->author),         time_cell_of(m->time),
		};

		rows_add(rows, cell);
	}
	strbuf_release(&text);
}

static void show_table(const struct contents *x, struct output *out,
		       const struct options *o)
{
	struct rows rows;

	rows_begin(&rows, out, FORMAT_TABLE, columns, ARRAY_SIZE(columns),
		   &o->zone);
	for (int k = 0; k < CASE_KIND_COUNT; k++) {
		const struct case_list *l = case_book_list(&x->book,
							   (enum case_kind)k);

		for (size_t i = 0; i < l->n; i++)
			add_item(&rows, &l->item[i]);
	}
	for (size_t i = 0; i < x->mutes.n; i++)
		add_mute(&rows, &x->mutes.item[i]);
	for (size_t i = 0; i < x->filters.n; i++) {
		const struct saved_filter *f = &x->filters.item[i];
		const struct cell cell[ARRAY_SIZE(columns)] = {
			{ .kind = CELL_NONE }, cell_text(STR("filter")),
			cell_text(f->name),    cell_text(f->filter),
			cell_text(f->author),  { .kind = CELL_NONE },
		};

		rows_add(&rows, cell);
	}
	rows_end(&rows);
}

/* Entries as the file has them, list by list. */
static void show_json(const struct contents *x, struct output *out)
{
	static const char *const keys[CASE_KIND_COUNT] = {
		[CASE_STAR] = "stars",
		[CASE_LABEL] = "labels",
		[CASE_NOTE] = "notes",
		[CASE_TEXT] = "texts",
		[CASE_EVIDENCE] = "evidence",
		[CASE_STEP] = "steps",
		[CASE_DISPOSITION] = "dispositions",
	};
	struct json_writer w;
	struct strbuf one;

	strbuf_init(&one);
	json_writer_init(&w, &out->line);
	json_begin_object(&w);
	json_pair_time(&w, "created", case_created(x->c));
	for (int k = 0; k < CASE_KIND_COUNT; k++) {
		const struct case_list *l = case_book_list(&x->book,
							   (enum case_kind)k);

		json_key(&w, keys[k]);
		json_begin_array(&w);
		for (size_t i = 0; i < l->n; i++) {
			strbuf_clear(&one);
			case_item_write(&l->item[i], false, &one);
			json_raw(&w, strbuf_str(&one));
		}
		json_end_array(&w);
	}
	json_key(&w, "mutes");
	json_begin_array(&w);
	for (size_t i = 0; i < x->mutes.n; i++) {
		const struct mute *m = &x->mutes.item[i];

		json_begin_object(&w);
		json_pair_time(&w, "time", m->time);
		json_pair(&w, "author", m->author);
		json_pair(&w, "ruleId", m->rule_id);
		json_pair(&w, "title", m->title);
		json_pair(&w, "actor", m->actor);
		json_pair(&w, "sourceIPAddress", m->address);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_key(&w, "filters");
	json_begin_array(&w);
	for (size_t i = 0; i < x->filters.n; i++) {
		json_begin_object(&w);
		json_pair(&w, "author", x->filters.item[i].author);
		json_pair(&w, "name", x->filters.item[i].name);
		json_pair(&w, "filter", x->filters.item[i].filter);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_end_object(&w);
	output_line(out);
	strbuf_release(&one);
}

static int show(const struct options *o, FILE *out, FILE *err_file)
{
	struct contents x = { .c = NULL };
	struct output output;
	struct err err;
	enum err_code rc;

	if (o->path_n != 1) {
		err_set(&err, ERR_USAGE, "usage: trawl case show FILE");
		return cli_fail(err_file, &err);
	}
	rc = contents_open(&x, o->path[0], &err);
	if (rc == ERR_OK)
		rc = output_open(&output, o, out, &err);
	if (rc == ERR_OK) {
		if (o->format == FORMAT_JSON)
			show_json(&x, &output);
		else
			show_table(&x, &output, o);
		if (case_damaged(x.c) && !o->quiet)
			message(err_file, "%s: lines that cannot be read: %zu",
				o->path[0], case_damaged(x.c));
		rc = output_close(&output, &err);
	}
	contents_close(&x);
	return rc ? cli_fail(err_file, &err) : EXIT_OK;
}

/* Merging ------------------------------------------------------------------ */

/* "false positive by js, 2026-01-10 09:12:00" */
static void describe(const struct case_item *x, const struct time_zone *zone,
		     struct strbuf *out)
{
	strbuf_adds(out, disposition_words(x->disposition));
	strbuf_addf(out, " by %.*s, ", STR_ARG(x->author));
	time_format(out, x->time, TIME_DATETIME, zone);
}

static void tell_conflict(FILE *err_file, const struct case_conflict *c,
			  const struct time_zone *zone)
{
	struct strbuf text;

	strbuf_init(&text);
	about(&c->holds, &text);
	strbuf_adds(&text, ": ");
	describe(&c->holds, zone, &text);
	strbuf_adds(&text, ", holds; ");
	describe(&c->other, zone, &text);
	message(err_file, "conflict: %.*s: %zu event%s",
		STR_ARG(str_sub(strbuf_str(&text), 0, 600)), c->events,
		c->events == 1 ? "" : "s");
	strbuf_release(&text);
}

/* Neither what is there, unless that was asked for, nor one that somebody
 * writes. */
static enum err_code check_target(const struct options *o, struct err *err)
{
	struct strbuf journal;
	bool there;

	if (access(o->output, F_OK) == 0 && !o->force)
		return err_set(err, ERR_IO,
			       "%s: is there already; --force overwrites it",
			       o->output);
	strbuf_init(&journal);
	strbuf_addf(&journal, "%s.journal", o->output);
	there = access(journal.p, F_OK) == 0;
	strbuf_release(&journal);
	return there ? err_set(err, ERR_CASE,
			       "%s: has a journal: somebody writes it, or it "
			       "has to be opened once",
			       o->output) :
		       ERR_OK;
}

static enum err_code merge(const struct options *o, FILE *err_file,
			   struct err *err)
{
	struct case_file *a = NULL, *b = NULL;
	struct case_conflicts conflicts;
	struct strbuf text;
	enum err_code rc;

	if (o->path_n != 2 || !o->output)
		return err_set(err, ERR_USAGE,
			       "usage: trawl case merge FILE FILE -o FILE");
	rc = check_target(o, err);
	if (rc == ERR_OK)
		rc = case_open(&a, o->path[0], CASE_READ, NULL, err);
	if (rc == ERR_OK)
		rc = case_open(&b, o->path[1], CASE_READ, NULL, err);
	strbuf_init(&text);
	case_conflicts_init(&conflicts);
	if (rc == ERR_OK) {
		case_merge(a, b, &text, &conflicts);
		rc = file_replace(o->output, strbuf_str(&text), err);
	}
	for (size_t i = 0; rc == ERR_OK && i < conflicts.n && !o->quiet; i++)
		tell_conflict(err_file, &conflicts.item[i], &o->zone);
	strbuf_release(&text);
	case_conflicts_release(&conflicts);
	case_close(a);
	case_close(b);
	return rc;
}

int cli_case(const struct options *o, FILE *out, FILE *err_file)
{
	struct err err;

	if (strcmp(o->subject, "show") == 0)
		return show(o, out, err_file);
	if (strcmp(o->subject, "merge") == 0)
		return merge(o, err_file, &err) ? cli_fail(err_file, &err) :
						  EXIT_OK;
	err_set(&err, ERR_USAGE, "case %s: show or merge was expected",
		o->subject);
	return cli_fail(err_file, &err);
}
