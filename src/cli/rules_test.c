/* SPDX-License-Identifier: MIT */
/* trawl rules test: what rules do to their samples. */
#include "cli/cli.h"
#include "cli/rules.h"
#include "cli/session.h"
#include "cli/rows.h"
#include "detect/rule_sample.h"
#include "ingest/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "model/geo.h"
#include "model/site.h"

/* Names of sample events: lines of name, eventID, file, from INDEX.tsv. */
struct sample_names {
	struct arena arena;
	struct sample_name {
		struct str name, id;
	} * item;
	size_t n, cap;
	struct site site;
	struct geo *geo;
};

/* A site file beside an index says whose accounts are whose in the samples. */
static enum err_code read_sample_site(struct sample_names *names,
				      const char *folder, struct err *err)
{
	struct strbuf path, text;
	enum err_code rc = ERR_OK;

	strbuf_init(&path);
	strbuf_init(&text);
	strbuf_addf(&path, "%s/site", folder);
	if (access(path.p, R_OK) == 0)
		rc = file_read(&text, path.p, SITE_FILE_MAX, err);
	if (rc == ERR_OK && text.n)
		rc = site_read(&names->site, strbuf_str(&text), path.p, err);
	if (rc == ERR_OK && text.n)
		rc = geo_add_site(names->geo, &names->site, path.p, err);
	strbuf_release(&path);
	strbuf_release(&text);
	return rc;
}

static void read_index(struct sample_names *names, const char *folder)
{
	struct strbuf path;
	char line[4096];
	FILE *f;

	strbuf_init(&path);
	strbuf_addf(&path, "%s/INDEX.tsv", folder);
	f = fopen(path.p, "r");
	strbuf_release(&path);
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		struct str rest = str_trim(str_of(line)), name, id;

		if (!str_next(&rest, '\t', &name) ||
		    !str_next(&rest, '\t', &id))
			continue;
		names->item = mem_grow(names->item, &names->cap, names->n + 1,
				       sizeof(*names->item));
		names->item[names->n++] =
			(struct sample_name){ arena_dup(&names->arena, name),
					      arena_dup(&names->arena, id) };
	}
	fclose(f);
}

static enum err_code read_names(struct sample_names *names,
				const struct options *o, struct err *err)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < o->path_n && rc == ERR_OK; i++) {
		struct strbuf below;

		strbuf_init(&below);
		strbuf_addf(&below, "%s/rules", o->path[i]);
		read_index(names, o->path[i]);
		read_index(names, below.p);
		rc = read_sample_site(names, o->path[i], err);
		if (rc == ERR_OK)
			rc = read_sample_site(names, below.p, err);
		strbuf_release(&below);
	}
	return rc;
}

struct finder {
	const struct sample_names *names;
	const struct store *store;
	struct reader *reader;
	const struct event *event;
	struct rowset row;
};

/* "NAME", or "NAME/1", "NAME/2", ... of a sample of several events. */
static bool is_part_of(struct str part, struct str name)
{
	struct str number = str_from(part, name.n + 1);

	return str_starts(part, name) &&
	       (part.n == name.n ||
		(part.p[name.n] == '/' && str_all_digits(number)));
}

static int compare_rows(const void *x, const void *y)
{
	const row_id *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* All rows of an event: it may have been delivered to two accounts. */
static bool add_sample_rows(struct finder *f, struct str id, row_id **row,
			    size_t *n, size_t *cap)
{
	size_t before = *n;
	row_id at = ROW_NONE;

	while ((at = store_find_id(f->store, id, at)) != ROW_NONE) {
		*row = mem_grow(*row, cap, *n + 1, sizeof(**row));
		(*row)[(*n)++] = at;
	}
	return *n > before;
}

/* Fills f->row; false when one of the events is not there. */
static bool find_sample_rows(struct finder *f, struct str name)
{
	row_id *row = NULL;
	size_t n = 0, cap = 0;
	bool known = false, found = true;

	for (size_t i = 0; i < f->names->n; i++) {
		const struct sample_name *s = &f->names->item[i];

		if (!is_part_of(s->name, name))
			continue;
		known = true;
		found &= add_sample_rows(f, s->id, &row, &n, &cap);
	}
	if (!known) /* an eventID itself */
		found = add_sample_rows(f, name, &row, &n, &cap);
	if (n)
		qsort(row, n, sizeof(*row), compare_rows);
	rowset_clear(&f->row);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || row[i] != row[i - 1])
			rowset_add(&f->row, row[i]);
	free(row);
	return found && f->row.n;
}

static bool find_sample(void *context, struct str name, struct rule_sample *out)
{
	struct finder *f = context;
	struct err err;

	if (!find_sample_rows(f, name) ||
	    reader_event(f->reader, f->row.row[0], &f->event, &err))
		return false;
	*out = (struct rule_sample){
		.event = &f->event,
		.n = 1,
		.store = f->store,
		.reader = f->reader,
		.row = f->row.row,
		.row_n = f->row.n,
		.site = &f->names->site,
		.geo = f->names->geo,
	};
	return true;
}

struct teller {
	struct rows *rows;
	const struct ruleset *rules;
	bool all;
};

static void tell_sample(void *context, rule_index rule, struct str sample,
			bool should_fire, enum sample_result result)
{
	static const char *const results[] = {
		[SAMPLE_RIGHT] = "right",
		[SAMPLE_QUIET] = "did not fire",
		[SAMPLE_FIRED] = "fired",
		[SAMPLE_UNKNOWN] = "no such sample",
		[SAMPLE_BROKEN] = "no record",
	};
	struct teller *t = context;
	const struct rule *r = &ruleset_at(t->rules, rule)->rule;
	const struct cell cell[] = {
		cell_text(str_of(results[result])),
		cell_text(should_fire ? STR("fire") : STR("quiet")),
		cell_text(sample),
		cell_text(r->title),
		cell_text(r->builtin ? STR("built-in") : str_of(r->file)),
	};

	if (t->all || result != SAMPLE_RIGHT)
		rows_add(t->rows, cell);
}

static const struct column sample_columns[] = {
	{ .name = "result" },
	{ .name = "wanted" },
	{ .name = "sample" },
	{ .name = "rule" },
	{ .name = "source", .middle = true },
};

/* Without a finder, samples that are named are not tried. */
static struct sample_counts run_samples(const struct options *o,
					const struct ruleset *rs,
					struct finder *finder,
					struct output *out)
{
	struct sample_counts counts;
	struct rows rows;
	struct teller teller = { &rows, rs, o->verbose };

	rows_begin(&rows, out, o->format, sample_columns,
		   ARRAY_SIZE(sample_columns), NULL);
	counts = rules_test(rs, finder ? find_sample : NULL, finder,
			    tell_sample, &teller);
	rows_end(&rows);
	return counts;
}

/* Rules that do not run have not passed. */
static size_t count_broken(const struct ruleset *rs)
{
	size_t n, broken = 0;
	const struct rule_problem *p = ruleset_problems(rs, &n);

	for (size_t i = 0; i < n; i++)
		broken += p[i].kind == PROBLEM_BROKEN;
	return broken;
}

static int tell_counts(const struct options *o, const struct ruleset *rs,
		       const struct sample_counts *c, FILE *err_file)
{
	size_t broken = count_broken(rs);

	if (!o->quiet && broken)
		message(err_file,
			"rules that are broken: %zu; rules check tells why",
			broken);
	if (!o->quiet)
		message(err_file,
			"%zu rules with samples: %zu right, %zu wrong, %zu "
			"samples not found",
			c->rules, c->right, c->wrong, c->unknown);
	if (!o->quiet && c->untried)
		message(err_file,
			"samples that are named, and not tried without their "
			"folder: %zu",
			c->untried);
	return c->wrong || c->unknown || broken ? EXIT_FINDINGS : EXIT_OK;
}

static int test_loaded(struct session *s, struct sample_names *names)
{
	struct finder finder = { .names = names, .store = s->snap->store };
	struct sample_counts counts;

	finder.reader = reader_new(s->snap->store, &s->o->limits);
	counts = run_samples(s->o, investigation_rules(s->inv), &finder,
			     &s->out);
	rowset_release(&finder.row);
	reader_free(finder.reader);
	return tell_counts(s->o, investigation_rules(s->inv), &counts, s->err);
}

/* `o` names rules, and folders with samples. */
static int test_in_folders(const struct options *o, FILE *out, FILE *err_file)
{
	struct sample_names names = { .n = 0 };
	struct options quiet = *o;
	struct session s;
	struct err err;
	int status;

	/* What the samples hold beside records is no news here. */
	if (session_open(&s, &quiet, out, err_file, &err))
		return cli_fail(err_file, &err);
	arena_init(&names.arena);
	site_init(&names.site);
	names.geo = geo_new();
	status = read_names(&names, o, &err) ? cli_fail(err_file, &err) :
					       test_loaded(&s, &names);
	site_release(&names.site);
	geo_free(names.geo);
	free(names.item);
	arena_release(&names.arena);
	quiet.quiet = true;
	if (session_close(&s) == EXIT_USAGE)
		status = EXIT_USAGE; /* the results were not written */
	return status;
}

/* What is in the rules' own files. */
static int test_alone(const struct options *o, const struct ruleset *rs,
		      FILE *out, FILE *err_file)
{
	struct sample_counts counts;
	struct output output;
	struct err err;

	if (output_open(&output, o, out, &err))
		return cli_fail(err_file, &err);
	counts = run_samples(o, rs, NULL, &output);
	if (output_close(&output, &err))
		return cli_fail(err_file, &err);
	if (counts.right + counts.wrong == 0) {
		err_set(&err, ERR_USAGE,
			"no rule has records as samples, and the folder of "
			"those that are named was not given");
		return cli_fail(err_file, &err);
	}
	return tell_counts(o, rs, &counts, err_file);
}

static int test_operands(const struct options *o, const struct rule_operands *p,
			 FILE *out, FILE *err_file)
{
	const char **rules = mem_zero(o->rules_n + p->rules_n + 1,
				      sizeof(*rules));
	struct options with = *o;
	struct ruleset *rs;
	struct err err;
	int status;

	for (size_t i = 0; i < o->rules_n; i++)
		rules[i] = o->rules[i];
	for (size_t i = 0; i < p->rules_n; i++)
		rules[o->rules_n + i] = p->rules[i];
	with.rules = rules;
	with.rules_n = o->rules_n + p->rules_n;
	with.no_builtin_rules |= p->rules_n > 0;
	with.path = p->evidence;
	with.path_n = p->evidence_n;
	if (p->evidence_n) {
		status = test_in_folders(&with, out, err_file);
	} else if (rules_read(&rs, &with, NULL, 0, &err)) {
		status = cli_fail(err_file, &err);
	} else {
		status = test_alone(&with, rs, out, err_file);
		ruleset_free(rs);
	}
	free(rules);
	return status;
}

int cli_rules_test(const struct options *o, FILE *out, FILE *err_file)
{
	struct rule_operands p;
	int status;

	rule_operands_take(&p, o, false);
	status = test_operands(o, &p, out, err_file);
	rule_operands_release(&p);
	return status;
}
