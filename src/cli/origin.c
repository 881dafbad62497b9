/* SPDX-License-Identifier: MIT */
/* trawl origin: whose session or key it is, and who else may be behind it. */
#include "cli/behind.h"
#include "cli/cli.h"
#include "cli/graph.h"
#include "cli/subject.h"

/* JSON -------------------------------------------------------------------- */

static void json_suspects(struct json_writer *w, const char *key,
			  const struct lineage *l, const struct suspect *s,
			  uint32_t n)
{
	struct strbuf reason;

	strbuf_init(&reason);
	json_key(w, key);
	json_begin_array(w);
	for (uint32_t i = 0; i < n; i++) {
		strbuf_clear(&reason);
		suspect_describe(l, &s[i], &reason);
		json_begin_object(w);
		json_pair(w, "node", lineage_id(l, s[i].node));
		json_pair(w, "via", str_of(edge_kind_name(s[i].edge->kind)));
		graph_json_event(w, "eventID", l, s[i].row);
		json_pair_time(w, "time", s[i].time);
		json_pair(w, "certainty",
			  str_of(certainty_name(s[i].certainty)));
		json_pair(w, "reason", strbuf_str(&reason));
		json_pair(w, "actor", lineage_id(l, s[i].actor));
		json_pair(w, "target", lineage_id(l, s[i].target));
		json_pair_uint(w, "steps", s[i].depth);
		json_end_object(w);
	}
	json_end_array(w);
	strbuf_release(&reason);
}

static void write_json(struct session *s, node_id node, const struct origin *o,
		       const struct suspects *behind)
{
	const struct lineage *l = s->snap->lineage;
	struct strbuf reason;
	struct json_writer w;

	strbuf_init(&reason);
	origin_gap_describe(&o->gap, &reason);
	output_json(&s->out, &w);
	json_begin_object(&w);
	json_pair(&w, "node", lineage_id(l, node));
	graph_json_break_glass(&w, s, node);
	json_key(&w, "chain");
	json_begin_array(&w);
	for (uint32_t i = 0; i < o->n; i++)
		json_string(&w, lineage_id(l, o->step[i].node));
	json_end_array(&w);
	json_pair(&w, "origin", lineage_id(l, o->step[0].node));
	json_pair(&w, "certainty", str_of(certainty_name(o->certainty)));
	json_pair(&w, "reason", strbuf_str(&reason));
	if (o->gap.kind != GAP_NONE) {
		json_pair(&w, "missingIn", str_of(o->gap.account));
		if (o->gap.account[0])
			json_pair(&w, "missingInCertainty",
				  str_of(certainty_name(o->gap.derived ?
								PROBABLE :
								CERTAIN)));
	}
	json_key(&w, "edges");
	json_begin_array(&w);
	for (uint32_t i = 1; i < o->n; i++)
		graph_json_edge(&w, l, o->step[i].edge);
	json_end_array(&w);
	json_suspects(&w, "responsible", l, behind->responsible,
		      behind->responsible_n);
	json_suspects(&w, "builtBy", l, behind->built_by, behind->built_by_n);
	json_end_object(&w);
	output_line(&s->out);
	strbuf_release(&reason);
}

/* The event that is missing: in which account, and when. */
static struct coverage_question question_of_gap(const struct session *s,
						const struct origin *o)
{
	enum { AROUND_MS = 15 * 60 * 1000 };
	struct coverage_question q = COVERAGE_QUESTION_INIT;
	const struct lineage *l = s->snap->lineage;
	struct lineage_session about;

	q.account = str_of(o->gap.account);
	if (lineage_session(l, o->step[0].node, &about) &&
	    about.issued != TIME_NONE) {
		q.since = about.issued - AROUND_MS;
		q.until = about.issued + AROUND_MS;
	}
	return q;
}

/* A page ------------------------------------------------------------------ */

static void write_page(struct session *s, node_id node, const struct origin *o,
		       const struct suspects *behind)
{
	node_id origin = o->step[0].node;
	struct strbuf text;

	strbuf_init(&text);
	output_format(&s->out, "origin, %s\n  ", certainty_name(o->certainty));
	graph_write_node(s, origin);
	origin_gap_describe(&o->gap, &text);
	if (text.n) {
		struct coverage_question q = question_of_gap(s, o);

		output_format(&s->out, "  nothing comes before it: ");
		output_text(&s->out, strbuf_str(&text));
		output_format(&s->out, "\n");
		session_tell_none(s, "  ", &q);
	}
	strbuf_clear(&text);
	if (graph_tell_break_glass(s, node, &text)) {
		output_format(&s->out, "  ");
		output_text(&s->out, strbuf_str(&text));
		output_format(&s->out, "\n");
	}
	output_format(&s->out, "\nthe way from there\n");
	graph_write_steps(s, o);
	behind_write(s, behind);
	strbuf_release(&text);
}

int cli_origin(const struct options *o, FILE *out, FILE *err_file)
{
	struct subject subject;
	struct question q;
	struct suspects behind;
	struct origin origin;
	struct session s;
	struct err err;
	node_id node;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	if (subject_find(&subject, &s, o->subject, false, &err))
		return session_fail(&s, &err);
	node = subject.node[0];
	q = (struct question){ .marks = &s.snap->marks,
			       .hints = o->hints,
			       .at = subject.at };
	origin_of(&origin, s.snap->lineage, node);
	suspects_of(&behind, s.snap->lineage, node, &q);
	if (o->format == FORMAT_JSON)
		write_json(&s, node, &origin, &behind);
	else
		write_page(&s, node, &origin, &behind);
	origin_release(&origin);
	suspects_release(&behind);
	subject_release(&subject);
	return session_close(&s);
}
