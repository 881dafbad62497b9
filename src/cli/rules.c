/* SPDX-License-Identifier: MIT */
/* trawl rules: list them, check files of rules; test, explain and tune have
 * files of their own. */
#include "cli/cli.h"
#include "cli/rules.h"
#include "cli/session.h"
#include "cli/rows.h"
#include "detect/rule_check.h"
#include "query/presence.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"

static bool is_rule_file(const char *path)
{
	return str_ends_fold(str_of(path), STR(".yml")) ||
	       str_ends_fold(str_of(path), STR(".yaml"));
}

void rule_operands_take(struct rule_operands *out, const struct options *o,
			bool first_is_rules)
{
	const char **path = mem_zero(2 * o->path_n + 1, sizeof(*path));

	*out = (struct rule_operands){ path, path + o->path_n, 0, 0 };
	for (size_t i = 0; i < o->path_n; i++)
		if ((i == 0 && first_is_rules) || is_rule_file(o->path[i]))
			out->rules[out->rules_n++] = o->path[i];
		else
			out->evidence[out->evidence_n++] = o->path[i];
}

void rule_operands_release(struct rule_operands *p)
{
	free(p->rules);
}

enum err_code rules_read(struct ruleset **out, const struct options *o,
			 const char *const *path, size_t path_n,
			 struct err *err)
{
	struct ruleset *rs = ruleset_new();
	enum err_code rc = o->placeholders ?
				   ruleset_placeholders(rs, o->placeholders,
							err) :
				   ERR_OK;

	/* Rules that are named are meant alone, for a check. */
	if (!o->no_builtin_rules && !path_n)
		ruleset_add_builtin(rs);
	for (size_t i = 0; i < o->rules_n && rc == ERR_OK; i++)
		rc = ruleset_add_path(rs, o->rules[i], err);
	for (size_t i = 0; i < path_n && rc == ERR_OK; i++)
		rc = ruleset_add_path(rs, path[i], err);
	if (rc) {
		ruleset_free(rs);
		return rc;
	}
	ruleset_seal(rs);
	*out = rs;
	return ERR_OK;
}

/* List -------------------------------------------------------------------- */

static const char *const states[] = {
	[RULE_ACTIVE] = "active",      [RULE_SILENT] = "silent",
	[RULE_OTHER] = "other source", [RULE_FILTER] = "filter",
	[RULE_BROKEN] = "broken",
};

static const struct column list_columns[] = {
	{ .name = "ruleId" },
	{ .name = "level" },
	{ .name = "title", .width = 64 },
	{ .name = "tactics", .width = 34 },
	{ .name = "techniques", .width = 30 },
	{ .name = "status" },
	{ .name = "state" },
	{ .name = "source", .middle = true },
	{ .name = "hits", .right = true }, /* the last: of evidence */
};

struct listing {
	struct rows rows;
	struct arena arena;
	size_t told;
};

static bool wants_rule(const struct options *o, const struct rule *r)
{
	if (o->has_min_level && r->level < o->min_level)
		return false;
	if (o->tactics && !(r->tactics & o->tactics))
		return false;
	return !o->has_technique || rule_names_technique(r, &o->technique);
}

/* Of rules that alert; what others matched is not kept, or nothing. */
static struct cell hits_cell(const struct ruleset_rule *r, const uint64_t *hits)
{
	return hits && r->state == RULE_ACTIVE ?
		       cell_number(*hits) :
		       (struct cell){ .kind = CELL_NONE };
}

/* `hits` are its own, or NULL. */
static void add_rule(struct listing *l, const struct ruleset_rule *r,
		     const uint64_t *hits)
{
	const struct rule *rule = &r->rule;
	struct arena *a = &l->arena;
	struct str *technique =
		arena_alloc(a, (rule->technique_n + 1) * sizeof(*technique));
	struct str *tactic = arena_alloc(a, TACTIC_COUNT * sizeof(*tactic));
	size_t tactics = 0;

	for (size_t i = 0; i < rule->technique_n; i++)
		technique[i] = str_of(rule->technique[i].text);
	for (int t = 0; t < TACTIC_COUNT; t++)
		if (rule->tactics & TACTIC_BIT(t))
			tactic[tactics++] = str_of(
				attack_tactic_name((enum attack_tactic)t));
	const struct cell cell[] = {
		cell_text(rule->id),
		cell_level(str_of(level_name(rule->level)), rule->level),
		cell_text(rule->title),
		cell_list(tactic, tactics),
		cell_list(technique, rule->technique_n),
		cell_text(rule->status),
		cell_text(str_of(states[r->state])),
		cell_text(rule->builtin ? STR("built-in") : str_of(rule->file)),
		hits_cell(r, hits),
	};

	rows_add(&l->rows, cell);
	l->told++;
}

static void print_list(const struct options *o, const struct ruleset *rs,
		       const uint64_t *hits, struct output *out, FILE *err_file)
{
	struct listing l = { .told = 0 };

	arena_init(&l.arena);
	rows_begin(&l.rows, out, o->format, list_columns,
		   ARRAY_SIZE(list_columns) - !hits, NULL);
	for (rule_index i = 0; i < ruleset_count(rs); i++) {
		const struct ruleset_rule *r = ruleset_at(rs, i);

		if (wants_rule(o, &r->rule))
			add_rule(&l, r, hits ? &hits[i] : NULL);
		arena_reset(&l.arena);
	}
	rows_end(&l.rows);
	arena_release(&l.arena);
	if (!o->quiet && o->format == FORMAT_TABLE)
		message(err_file, "%zu rules", l.told);
}

/* How often each rule matched, muted or not: events, or episodes of a
 * correlation. */
static uint64_t *count_hits(const struct ruleset *rs, const struct snapshot *s)
{
	uint64_t *hits = mem_zero(ruleset_count(rs) + 1, sizeof(*hits));

	for (size_t i = 0; i < s->matches.n; i++) {
		rule_index rule = s->matches.match[i].rule;

		hits[rule] += !ruleset_at(rs, rule)->correlation;
	}
	for (size_t i = 0; i < s->alerts.n; i++) {
		const struct alert *a = &s->alerts.alert[i];

		if (ruleset_at(rs, a->rule_number)->correlation)
			hits[a->rule_number] += a->count;
	}
	return hits;
}

static int list_with_hits(const struct options *o, FILE *out, FILE *err_file)
{
	const struct ruleset *rs;
	struct session s;
	struct err err;
	uint64_t *hits;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	rs = investigation_rules(s.inv);
	hits = count_hits(rs, s.snap);
	print_list(o, rs, hits, &s.out, err_file);
	free(hits);
	return session_close(&s);
}

static int list(const struct options *o, FILE *out, FILE *err_file)
{
	struct output output;
	struct ruleset *rs;
	struct err err;

	if (o->path_n)
		return list_with_hits(o, out, err_file);
	if (rules_read(&rs, o, NULL, 0, &err))
		return cli_fail(err_file, &err);
	if (output_open(&output, o, out, &err)) {
		ruleset_free(rs);
		return cli_fail(err_file, &err);
	}
	print_list(o, rs, NULL, &output, err_file);
	ruleset_free(rs);
	return output_close(&output, &err) ? cli_fail(err_file, &err) : EXIT_OK;
}

/* Check ------------------------------------------------------------------- */

/* The fields that rules ask for. */
struct asked {
	struct intern path;
	bool *there; /* by path; NULL: they are still being collected */
};

/* Of fields that no record has, rules_check has told already. */
static bool is_there(void *context, struct str path)
{
	struct asked *a = context;

	if (!field_is_record_path(path))
		return true;
	if (!a->there) {
		intern_add(&a->path, path);
		return true;
	}
	return a->there[intern_find(&a->path, path)];
}

static void look_for(struct session *s, struct asked *a)
{
	struct scan_options scan = { s->o->threads ? s->o->threads : 2,
				     &s->o->limits };
	struct str *path = mem_zero(a->path.count, sizeof(*path));
	struct scan_state state;

	for (uint32_t i = 1; i < a->path.count; i++)
		path[i] = intern_text(&a->path, i);
	a->there = mem_zero(a->path.count, sizeof(*a->there));
	presence_find(s->snap->store, &s->rows, path + 1, a->path.count - 1,
		      &scan, a->there + 1, &state);
	free(path);
	if (!state.unread)
		return;
	s->status = EXIT_SKIPPED;
	if (!s->o->quiet)
		message(s->err, "%zu records could not be read again: %s",
			state.unread, state.why.msg);
}

/* Fields that no event of the evidence has. */
static void check_evidence(struct session *s, struct ruleset *rs)
{
	struct asked asked = { .there = NULL };

	if (s->snap->store->n == 0) /* which is told */
		return;
	intern_init(&asked.path);
	rules_check_fields(rs, is_there, &asked);
	look_for(s, &asked);
	rules_check_fields(rs, is_there, &asked);
	free(asked.there);
	intern_release(&asked.path);
}

static const struct column problem_columns[] = {
	{ .name = "problem" },
	{ .name = "file" },
	{ .name = "line", .right = true },
	{ .name = "text" },
};

/* As an editor would go through them; those of one line as they were found. */
static int compare_problems(const void *x, const void *y)
{
	const struct rule_problem *a = *(const struct rule_problem *const *)x;
	const struct rule_problem *b = *(const struct rule_problem *const *)y;
	int files = strcmp(a->file, b->file);

	if (files)
		return files;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int print_problems(const struct options *o, const struct ruleset *rs,
			  struct output *out, FILE *err_file)
{
	static const char *const kinds[] = {
		[PROBLEM_BROKEN] = "broken",
		[PROBLEM_WARNING] = "warning",
		[PROBLEM_NOTE] = "note",
	};
	size_t n, told[ARRAY_SIZE(kinds)] = { 0 };
	const struct rule_problem *p = ruleset_problems(rs, &n);
	const struct rule_problem **in_order = mem_zero(n + 1,
							sizeof(*in_order));
	struct rows rows;

	for (size_t i = 0; i < n; i++)
		in_order[i] = &p[i];
	qsort(in_order, n, sizeof(*in_order), compare_problems);
	rows_begin(&rows, out, o->format, problem_columns,
		   ARRAY_SIZE(problem_columns), NULL);
	for (size_t i = 0; i < n; i++) {
		const struct cell cell[] = {
			cell_text(str_of(kinds[in_order[i]->kind])),
			cell_text(str_of(in_order[i]->file)),
			cell_number(in_order[i]->line),
			cell_text(in_order[i]->text),
		};

		rows_add(&rows, cell);
		told[in_order[i]->kind]++;
	}
	rows_end(&rows);
	free(in_order);
	if (!o->quiet)
		message(err_file,
			"%zu rules, %zu broken, %zu warnings, %zu notes",
			ruleset_count(rs), told[PROBLEM_BROKEN],
			told[PROBLEM_WARNING], told[PROBLEM_NOTE]);
	return told[PROBLEM_BROKEN] || told[PROBLEM_WARNING] ? EXIT_FINDINGS :
							       EXIT_OK;
}

static int check_rules(const struct options *o, struct ruleset *rs, FILE *out,
		       FILE *err_file)
{
	struct output output;
	struct err err;
	int status;

	if (output_open(&output, o, out, &err))
		return cli_fail(err_file, &err);
	status = print_problems(o, rs, &output, err_file);
	return output_close(&output, &err) ? cli_fail(err_file, &err) : status;
}

/* The evidence is loaded without rules: it is asked for its fields alone. */
static int check_both(const struct options *o, struct ruleset *rs,
		      const struct rule_operands *operands, FILE *out,
		      FILE *err_file)
{
	struct options evidence = *o;
	struct session s;
	struct err err;
	int status;

	evidence.no_builtin_rules = true;
	evidence.rules_n = evidence.ioc_n = 0;
	evidence.path = operands->evidence;
	evidence.path_n = operands->evidence_n;
	if (session_open(&s, &evidence, out, err_file, &err))
		return cli_fail(err_file, &err);
	check_evidence(&s, rs);
	status = print_problems(o, rs, &s.out, err_file);
	if (s.status == EXIT_OK)
		s.status = status;
	return session_close(&s);
}

static int check(const struct options *o, FILE *out, FILE *err_file)
{
	struct rule_operands p;
	struct ruleset *rs;
	struct err err;
	int status;

	rule_operands_take(&p, o, true);
	if (rules_read(&rs, o, p.rules, p.rules_n, &err)) {
		rule_operands_release(&p);
		return cli_fail(err_file, &err);
	}
	rules_check(rs);
	status = p.evidence_n ? check_both(o, rs, &p, out, err_file) :
				check_rules(o, rs, out, err_file);
	ruleset_free(rs);
	rule_operands_release(&p);
	return status;
}

/* ------------------------------------------------------------------------- */

static int tune(const struct options *o, FILE *out, FILE *err_file)
{
	struct ruleset *rs;
	struct err err;
	int status;

	if (rules_read(&rs, o, NULL, 0, &err))
		return cli_fail(err_file, &err);
	status = cli_tune(o, rs, out, err_file);
	ruleset_free(rs);
	return status;
}

int cli_rules(const struct options *o, FILE *out, FILE *err_file)
{
	static const struct {
		const char *name;
		int (*run)(const struct options *o, FILE *out, FILE *err);
	} verbs[] = {
		{ "list", list },           { "check", check },
		{ "test", cli_rules_test }, { "explain", cli_explain },
		{ "tune", tune },
	};
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (strcmp(o->subject, verbs[i].name) == 0)
			return verbs[i].run(o, out, err_file);
	err_set(&err, ERR_USAGE,
		"rules %s: list, check, test, explain or tune was expected",
		o->subject);
	return cli_fail(err_file, &err);
}
