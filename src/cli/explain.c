/* SPDX-License-Identifier: MIT */
/* trawl rules explain: why a rule matches an event, or why it does not. */
#include "cli/cli.h"
#include "cli/session.h"
#include "detect/explain.h"
#include "ingest/reader.h"

static void json_part(struct json_writer *w, const struct why_line *line)
{
	static const char *const kinds[] = {
		[EXPR_TRUE] = "true", [EXPR_FALSE] = "false",
		[EXPR_AND] = "and",   [EXPR_OR] = "or",
		[EXPR_NOT] = "not",   [EXPR_TEST] = "test",
	};

	json_begin_object(w);
	json_pair_uint(w, "depth", line->depth);
	json_pair(w, "kind", str_of(kinds[line->kind]));
	json_key(w, "met");
	json_bool(w, line->met);
	if (line->kind == EXPR_TEST) {
		json_pair(w, "wanted", line->wanted);
		json_pair(w, "field", line->path);
		json_key(w, "found");
		json_begin_array(w);
		for (size_t i = 0; i < line->found_n; i++)
			json_string(w, line->found[i]);
		json_end_array(w);
	}
	json_end_object(w);
}

/* Of a rule that is decided after the load. */
static void json_after(struct json_writer *w, const struct explanation *x)
{
	const struct explained_after *a = &x->after;

	if (!a->known)
		return;
	json_key(w, "found");
	json_bool(w, a->here != 0);
	json_pair_uint(w, "foundElsewhere", a->elsewhere);
	json_key(w, "notes");
	json_begin_array(w);
	for (size_t i = 0; i < a->note_n; i++)
		json_string(w, a->note[i]);
	json_end_array(w);
	if (!x->rule->correlation)
		return;
	json_key(w, "groups");
	json_begin_array(w);
	for (size_t i = 0; i < a->note_n; i++)
		json_string(w, a->group[i]);
	json_end_array(w);
	json_key(w, "rules");
	json_begin_array(w);
	for (size_t i = 0; i < a->ref_n; i++) {
		json_begin_object(w);
		json_pair(w, "ruleId", a->ref[i].rule->id);
		json_pair(w, "title", a->ref[i].rule->title);
		json_key(w, "met");
		json_bool(w, a->ref[i].met);
		json_end_object(w);
	}
	json_end_array(w);
}

static void write_json(struct output *out, const struct explanation *x)
{
	struct json_writer w;

	output_json(out, &w);
	json_begin_object(&w);
	json_pair(&w, "ruleId", x->rule->rule.id);
	json_pair(&w, "title", x->rule->rule.title);
	json_key(&w, "met");
	json_bool(&w, x->met);
	json_key(&w, "selections");
	json_begin_array(&w);
	for (size_t i = 0; i < x->selection_n; i++) {
		const struct explained_selection *s = &x->selection[i];

		json_begin_object(&w);
		json_pair(&w, "name", s->name);
		json_key(&w, "met");
		json_bool(&w, s->met);
		json_key(&w, "parts");
		json_begin_array(&w);
		for (size_t k = s->first; k < s->first + s->n; k++)
			json_part(&w, &x->why.line[k]);
		json_end_array(&w);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_after(&w, x);
	json_end_object(&w);
	output_line(out);
}

static void write_text(struct output *out, const struct explanation *x)
{
	struct strbuf text;
	struct str rest, line;

	strbuf_init(&text);
	explanation_describe(x, &text);
	rest = strbuf_str(&text);
	while (str_next(&rest, '\n', &line)) {
		output_text(out, line);
		output_format(out, "\n");
	}
	strbuf_release(&text);
}

static enum err_code explain_row(struct session *s, rule_index rule, row_id row,
				 struct err *err)
{
	const struct match_row where = { .store = s->snap->store,
					 .marks = &s->snap->marks,
					 .row = row };
	struct reader *reader = reader_new(s->snap->store, &s->o->limits);
	const struct event *e;
	struct explanation x;
	enum err_code rc = reader_event(reader, row, &e, err);

	if (rc == ERR_OK) {
		explain_rule(&x, ruleset_at(investigation_rules(s->inv), rule),
			     e, &where);
		explain_after(&x, investigation_rules(s->inv),
			      &s->snap->matches, e, &where);
		if (s->o->format == FORMAT_JSONL)
			write_json(&s->out, &x);
		else
			write_text(&s->out, &x);
		explanation_release(&x);
	}
	reader_free(reader);
	return rc;
}

/* All rules of that name: two packs may hold rules of one title. */
static enum err_code explain(struct session *s, const char *name,
			     const char *id, struct err *err)
{
	const struct ruleset *rules = investigation_rules(s->inv);
	rule_index rule = ruleset_find(rules, str_of(name), UINT32_MAX);
	row_id row = store_find_id(s->snap->store, str_of(id), ROW_NONE);
	enum err_code rc = ERR_OK;

	if (rule == UINT32_MAX)
		return err_set(err, ERR_USAGE, "no rule has the id or title %s",
			       name);
	if (row == ROW_NONE)
		return err_set(err, ERR_USAGE, "no event has the id %s", id);
	for (; rule != UINT32_MAX && rc == ERR_OK;
	     rule = ruleset_find(rules, str_of(name), rule))
		rc = explain_row(s, rule, row, err);
	return rc;
}

int cli_explain(const struct options *o, FILE *out, FILE *err_file)
{
	struct options evidence = *o;
	struct session s;
	struct err err;

	if (o->path_n < 3) {
		err_set(&err, ERR_USAGE,
			"usage: trawl rules explain RULE EVENTID PATH...");
		return cli_fail(err_file, &err);
	}
	evidence.path += 2;
	evidence.path_n -= 2;
	if (session_open(&s, &evidence, out, err_file, &err))
		return cli_fail(err_file, &err);
	if (explain(&s, o->path[0], o->path[1], &err))
		return session_fail(&s, &err);
	return session_close(&s);
}
