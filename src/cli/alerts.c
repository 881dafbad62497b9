/* SPDX-License-Identifier: MIT */
/* trawl alerts: what the rules found, folded by rule and actor. */
#include "cli/cli.h"
#include "cli/incidents.h"
#include "cli/navigator.h"
#include "cli/session.h"
#include "cli/rows.h"
#include "model/identity.h"

/* The keys of the machine formats: a contract, see trawl-output. */
static const struct column columns[] = {
	{ .name = "ruleId" },      { .name = "title" },
	{ .name = "level" },       { .name = "status" },
	{ .name = "tactics" },     { .name = "techniques" },
	{ .name = "score" },       { .name = "count" },
	{ .name = "denied" },      { .name = "failed" },
	{ .name = "firstSeen" },   { .name = "lastSeen" },
	{ .name = "actor" },       { .name = "principal" },
	{ .name = "accounts" },    { .name = "regions" },
	{ .name = "sourceIPs" },   { .name = "eventIDs" },
	{ .name = "notes" },       { .name = "group" },
	{ .name = "scoreTerms" },  { .name = "muted" },
	{ .name = "disposition" }, { .name = "undecided" },
};

static const struct column table_columns[] = {
	{ .name = "level" },
	{ .name = "score", .right = true },
	{ .name = "count", .right = true },
	{ .name = "first", .whole = true },
	{ .name = "last", .whole = true },
	{ .name = "alert", .width = 60 },
	{ .name = "actor", .width = 44, .middle = true },
	{ .name = "techniques", .width = 20 },
	{ .name = "outcome" },
};

static struct cell tactics_cell(tactic_set tactics, struct arena *a)
{
	struct str *item = arena_alloc(a, TACTIC_COUNT * sizeof(*item));
	size_t n = 0;

	for (int t = 0; t < TACTIC_COUNT; t++)
		if (tactics & TACTIC_BIT(t))
			item[n++] = str_of(
				attack_tactic_name((enum attack_tactic)t));
	return cell_list(item, n);
}

static struct cell techniques_cell(const struct rule *r, struct arena *a)
{
	struct str *item = arena_alloc(a, (r->technique_n + 1) * sizeof(*item));

	for (size_t i = 0; i < r->technique_n; i++)
		item[i] = str_of(r->technique[i].text);
	return cell_list(item, r->technique_n);
}

static struct cell values_cell(const struct store *s, enum event_column c,
			       const struct alert_values *v, struct arena *a)
{
	struct str *item = arena_alloc(a, (v->n + 1) * sizeof(*item));
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		if (v->value[i])
			item[n++] = c == EVENT_ACCOUNT ?
					    row_account_text(s, v->value[i]) :
					    store_value(s, c, v->value[i]);
	return cell_list(item, n);
}

/* "level 45", "allowed 8" */
static struct cell terms_cell(const struct alert_score *score, struct arena *a)
{
	struct str *item = arena_alloc(a, SCORE_TERM_COUNT * sizeof(*item));
	struct strbuf text;
	size_t n = 0;

	strbuf_init(&text);
	for (int t = 0; t < SCORE_TERM_COUNT; t++) {
		if (!score->term[t])
			continue;
		strbuf_clear(&text);
		strbuf_addf(&text, "%s %u", score_term_name((enum score_term)t),
			    score->term[t]);
		item[n++] = arena_dup(a, strbuf_str(&text));
	}
	strbuf_release(&text);
	return cell_list(item, n);
}

static struct cell ids_cell(const struct store *s, const struct rowset *rows,
			    struct arena *a)
{
	struct str *item = arena_alloc(a, (rows->n + 1) * sizeof(*item));
	struct strbuf id;

	strbuf_init(&id);
	for (size_t i = 0; i < rows->n; i++) {
		strbuf_clear(&id);
		store_id_text(s, rows->row[i], &id);
		item[i] = arena_dup(a, strbuf_str(&id));
	}
	strbuf_release(&id);
	return cell_list(item, rows->n);
}

/* What was decided: an alert with matches that nobody decided is new. */
static enum disposition decided(const struct alert_state *state)
{
	return state->open ? DISPOSITION_NEW : state->disposition;
}

/* What only a case says; CELL_NONE without one. */
struct case_cells {
	struct cell muted, disposition, open;
};

static struct case_cells case_cells_of(const struct session *s,
				       const struct alert *al, bool muted)
{
	const struct cell none = { .kind = CELL_NONE };
	struct alert_state state;

	if (!s->case_file)
		return (struct case_cells){ none, none, none };
	state = case_rows_alert(&s->said, al);
	return (struct case_cells){
		cell_bool(muted),
		cell_text(str_of(disposition_name(decided(&state)))),
		cell_number(state.open),
	};
}

static void add_alert(struct rows *rows, const struct store *s,
		      const struct alert *al, const struct case_cells *of_case,
		      struct arena *a)
{
	const struct rule *r = al->rule;
	struct str principal = store_text(s, EVENT_PRINCIPAL, al->told);
	const struct cell cell[ARRAY_SIZE(columns)] = {
		cell_text(r->id),
		cell_text(r->title),
		cell_level(str_of(level_name(al->level)), al->level),
		cell_text(r->status),
		tactics_cell(r->tactics, a),
		techniques_cell(r, a),
		cell_number(al->score.total),
		cell_number(al->count),
		cell_number(al->outcome[OUTCOME_DENIED]),
		cell_number(al->outcome[OUTCOME_FAILED]),
		cell_time(al->first),
		cell_time(al->last),
		cell_text(actor_label(al->actor_text, a)),
		cell_text(principal.n ? arena_join(a, STR("P:"), principal) :
					STR_NULL),
		values_cell(s, EVENT_ACCOUNT, &al->accounts, a),
		values_cell(s, EVENT_REGION, &al->regions, a),
		values_cell(s, EVENT_IP, &al->addresses, a),
		ids_cell(s, &al->rows, a),
		cell_list(al->notes.note, al->notes.n),
		cell_text(al->group),
		terms_cell(&al->score, a),
		of_case->muted,
		of_case->disposition,
		of_case->open,
	};

	rows_add(rows, cell);
}

/* "3 denied, 1 failed, muted, true positive" */
static struct str outcome_text(const struct session *s, const struct alert *al,
			       bool muted, struct arena *a)
{
	struct alert_state state = case_rows_alert(&s->said, al);
	struct strbuf text;
	struct str kept;

	strbuf_init(&text);
	if (al->outcome[OUTCOME_DENIED])
		strbuf_addf(&text, "%zu denied", al->outcome[OUTCOME_DENIED]);
	if (al->outcome[OUTCOME_FAILED])
		strbuf_addf(&text, "%s%zu failed", text.n ? ", " : "",
			    al->outcome[OUTCOME_FAILED]);
	if (muted)
		strbuf_addf(&text, "%smuted", text.n ? ", " : "");
	if (state.covered)
		strbuf_addf(&text, "%s%s%s", text.n ? ", " : "",
			    disposition_words(state.disposition),
			    state.open ? " before" : "");
	kept = arena_dup(a, strbuf_str(&text));
	strbuf_release(&text);
	return kept;
}

static void add_line(struct rows *rows, const struct session *s,
		     const struct alert *al, bool muted, struct arena *a)
{
	const struct cell cell[] = {
		cell_level(str_of(level_name(al->level)), al->level),
		cell_number(al->score.total),
		cell_number(al->count),
		cell_time(al->first),
		cell_time(al->last),
		cell_text(al->rule->title),
		cell_text(actor_label(al->actor_text, a)),
		techniques_cell(al->rule, a),
		cell_text(outcome_text(s, al, muted, a)),
	};

	rows_add(rows, cell);
}

struct printing {
	struct session *session;
	struct rows *rows;
	struct arena *arena;
	bool muted; /* what comes now */
	size_t told;
};

/* False when there are as many as were asked for. */
static bool print_alert(struct printing *p, const struct alert *al)
{
	const struct session *s = p->session;
	struct case_cells of_case = case_cells_of(s, al, p->muted);

	if (p->told == s->o->limit)
		return false;
	if (s->o->format == FORMAT_TABLE)
		add_line(p->rows, s, al, p->muted, p->arena);
	else
		add_alert(p->rows, s->snap->store, al, &of_case, p->arena);
	p->told++;
	arena_reset(p->arena);
	return true;
}

static bool print_match(void *context, const struct alert *one)
{
	struct printing *p = context;
	const struct options *o = p->session->o;

	if (o->has_min_level && one->level < o->min_level)
		return true;
	return print_alert(p, one);
}

static void print_all(struct printing *p, const struct alerts *alerts)
{
	if (p->session->o->each) {
		alerts_each(alerts, p->session->snap->store, print_match, p);
		return;
	}
	for (size_t i = 0; i < alerts->n; i++)
		if (!print_alert(p, &alerts->alert[i]))
			return;
}

static void print_rows(struct session *s)
{
	const struct options *o = s->o;
	bool table = o->format == FORMAT_TABLE;
	struct rows rows;
	struct arena arena;
	struct printing p = { s, &rows, &arena, false, 0 };

	arena_init(&arena);
	rows_begin(&rows, &s->out, o->format, table ? table_columns : columns,
		   table ? ARRAY_SIZE(table_columns) : ARRAY_SIZE(columns),
		   &o->zone);
	print_all(&p, &s->alerts);
	p.muted = true;
	if (o->muted)
		print_all(&p, &s->muted_alerts);
	rows_end(&rows);
	arena_release(&arena);
	if (!p.told && o->limit)
		session_tell_none_left(s);
}

static void write_layer(struct session *s)
{
	struct strbuf selection;

	strbuf_init(&selection);
	options_selection(s->o, &selection);
	navigator_write(&s->out, &s->alerts, s->o->limit,
			strbuf_str(&selection));
	strbuf_release(&selection);
}

int cli_alerts(const struct options *o, FILE *out, FILE *err_file)
{
	struct session s;
	struct err err;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	if (o->format == FORMAT_NAVIGATOR)
		write_layer(&s);
	else if (o->incidents)
		incidents_print(&s);
	else
		print_rows(&s);
	session_fail_on(&s);
	return session_close(&s);
}
