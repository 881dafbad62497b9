/* SPDX-License-Identifier: MIT */
#include "detect/explain.h"

#include <stdlib.h>

#include "base/mem.h"
#include "detect/lineage_detections.h"
#include "detect/rule_file.h"

void explain_rule(struct explanation *out, const struct ruleset_rule *r,
		  const struct event *e, const struct match_row *row)
{
	struct match_scratch *s = match_scratch_new();
	size_t n = r->sigma.selection_n;

	*out = (struct explanation){ .rule = r, .selection_n = n };
	why_init(&out->why);
	out->selection = mem_zero(n + 1, sizeof(*out->selection));
	for (size_t i = 0; i < n; i++) {
		struct explained_selection *x = &out->selection[i];

		x->name = r->sigma.selection[i].name;
		x->first = out->why.n;
		x->met = why_add(&out->why, r->sigma.selection[i].expr, e, row,
				 s);
		x->n = out->why.n - x->first;
	}
	out->met = r->matcher && matcher_test(r->matcher, e, row, s);
	match_scratch_free(s);
}

void explanation_release(struct explanation *x)
{
	free(x->selection);
	why_release(&x->why);
	*x = (struct explanation){ .rule = NULL };
}

/* As text ----------------------------------------------------------------- */

static void add_found(struct strbuf *out, const struct why_line *line)
{
	if (!line->path.n)
		return;
	strbuf_adds(out, "   has ");
	if (!line->found_n)
		strbuf_adds(out, "nothing");
	for (size_t i = 0; i < line->found_n; i++) {
		strbuf_adds(out, i ? ", " : "");
		strbuf_add(out,
			   line->found[i].n ? line->found[i] : STR("\"\""));
	}
}

static void add_line(struct strbuf *out, const struct why_line *line)
{
	static const char *const words[] = {
		[EXPR_TRUE] = "always", [EXPR_FALSE] = "never",
		[EXPR_AND] = "all of",  [EXPR_OR] = "any of",
		[EXPR_NOT] = "not",
	};

	strbuf_addn(out, ' ', 2 * (size_t)line->depth + 2);
	strbuf_adds(out, line->met ? "+ " : "- ");
	if (line->kind == EXPR_TEST) {
		strbuf_add(out, line->wanted);
		add_found(out, line);
	} else {
		strbuf_adds(out, words[line->kind]);
	}
	strbuf_addc(out, '\n');
}

/* The condition as its author wrote it; several are alternatives. */
static void add_condition(struct strbuf *out, const struct node *section)
{
	const struct node *c = node_member(section, "condition");

	if (!c)
		return;
	strbuf_adds(out, "condition: ");
	if (c->kind == NODE_TEXT)
		strbuf_add(out, c->text);
	for (size_t i = 0; c->kind == NODE_LIST && i < c->n; i++) {
		strbuf_adds(out, i ? " | " : "");
		strbuf_add(out, node_text(c->item[i].value));
	}
	strbuf_addc(out, '\n');
}

static const char *verdict(const struct explanation *x)
{
	if (x->rule->state == RULE_BROKEN)
		return "the rule is broken and does not run";
	if (x->rule->state == RULE_FILTER)
		return "it is a filter, and part of the rules that it names";
	if (x->rule->state == RULE_OTHER)
		return "the rule is for other logs than CloudTrail";
	if (x->rule->lineage)
		return x->rule->matcher && !x->met ?
			       "the event is no candidate of it" :
		       x->rule->lineage->detection->of_baseline ?
			       "it is measured against what went before, after "
			       "the load: see the alert's own words" :
			       "it is found in the graph of identities after "
			       "the load: see the alert's own words";
	if (x->rule->rule.indicator.n)
		return "it tells of what is on a list: see the alert's own "
		       "words";
	if (x->rule->correlation)
		return "it counts the matches of other rules: explain those";
	return x->met ? "the event meets the condition" :
			"the event does not meet the condition";
}

/* A filter's condition is part of the rule's. */
static void add_filters(struct strbuf *out, const struct explanation *x)
{
	for (size_t i = 0; i < x->rule->filter_n; i++) {
		const struct rule *f = &x->rule->filter[i]->rule;

		strbuf_addf(out, "and, by the filter %.*s, ",
			    STR_ARG(f->title));
		add_condition(out, f->filter);
	}
}

void explanation_describe(const struct explanation *x, struct strbuf *out)
{
	strbuf_add(out, x->rule->rule.title);
	strbuf_adds(out, ": ");
	strbuf_adds(out, verdict(x));
	strbuf_addc(out, '\n');
	add_condition(out, x->rule->rule.detection);
	add_filters(out, x);
	for (size_t i = 0; i < x->selection_n; i++) {
		const struct explained_selection *s = &x->selection[i];

		strbuf_adds(out, s->met ? "+ " : "- ");
		strbuf_add(out, s->name);
		strbuf_addc(out, '\n');
		for (size_t k = s->first; k < s->first + s->n; k++)
			add_line(out, &x->why.line[k]);
	}
	if (x->why.cut)
		strbuf_adds(out, "(more parts are not shown)\n");
}
