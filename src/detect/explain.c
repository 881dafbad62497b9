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

static void add_here(struct explained_after *a, struct str note,
		     struct str group)
{
	a->here++;
	if (a->note_n == EXPLAINED_NOTES)
		return;
	a->note[a->note_n] = note;
	a->group[a->note_n++] = group;
}

static void look_at_episodes(struct explanation *x, const struct episodes *e,
			     rule_index rule, row_id row)
{
	for (size_t i = 0; e && i < e->n; i++) {
		const struct episode *one = &e->item[i];
		struct rowset rows = rowset_view(one->row, one->n);

		if (one->rule != rule)
			continue;
		if (rowset_has(&rows, row))
			add_here(&x->after, one->note, one->label);
		else
			x->after.elsewhere++;
	}
}

static void look_at_matches(struct explanation *x, const struct rule_matches *m,
			    rule_index rule, row_id row)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct rule_match *one = &m->match[i];

		if (one->rule != rule)
			continue;
		if (one->row == row)
			add_here(&x->after,
				 one->note && m->notes ?
					 intern_text(m->notes, one->note) :
					 STR(""),
				 STR_NULL);
		else
			x->after.elsewhere++;
	}
}

/* Does the event match a rule that a correlation counts? What only
 * correlations wanted is not kept, so it is tested again. */
static bool is_met(const struct ruleset *rs, const struct rule_matches *m,
		   rule_index rule, const struct event *e,
		   const struct match_row *row)
{
	const struct ruleset_rule *r = ruleset_at(rs, rule);
	struct explanation x = { .rule = r };
	struct match_scratch *s;
	bool met;

	if (r->correlation)
		look_at_episodes(&x, m->episodes, rule, row->row);
	else if (r->lineage || r->state == RULE_ACTIVE)
		look_at_matches(&x, m, rule, row->row);
	if (x.after.here || !r->matcher || r->lineage)
		return x.after.here != 0;
	s = match_scratch_new();
	met = matcher_test(r->matcher, e, row, s);
	match_scratch_free(s);
	return met;
}

static rule_index number_of(const struct ruleset *rs,
			    const struct ruleset_rule *r)
{
	rule_index i = 0;

	while (ruleset_at(rs, i) != r)
		i++;
	return i;
}

void explain_after(struct explanation *x, const struct ruleset *rs,
		   const struct rule_matches *m, const struct event *e,
		   const struct match_row *row)
{
	const struct ruleset_rule *r = x->rule;
	const struct correlation *c = r->correlation;

	if ((r->state != RULE_ACTIVE && r->state != RULE_SILENT) ||
	    !(c || r->lineage || r->rule.indicator.n))
		return;
	x->after.known = true;
	if (!c) {
		look_at_matches(x, m, number_of(rs, r), row->row);
		return;
	}
	look_at_episodes(x, m->episodes, number_of(rs, r), row->row);
	x->after.ref = mem_alloc((c->ref_n + 1) * sizeof(*x->after.ref));
	for (size_t i = 0; i < c->ref_n; i++)
		x->after.ref[x->after.ref_n++] = (struct explained_ref){
			&ruleset_at(rs, c->ref[i].rule)->rule,
			is_met(rs, m, c->ref[i].rule, e, row)
		};
}

void explanation_release(struct explanation *x)
{
	free(x->selection);
	free(x->after.ref);
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
	if (x->after.known && x->after.here)
		return x->rule->correlation ?
			       "the event is part of what it found" :
			       "it is found at this event";
	if (x->rule->lineage)
		return x->rule->matcher && !x->met ?
			       "the event is no candidate of it" :
		       x->rule->lineage->detection->of_baseline ?
			       "not at this event: against what went before "
			       "it is nothing unusual, or there was too little "
			       "to compare with" :
			       "not at this event: the graph of identities "
			       "does not say so of it";
	if (x->rule->rule.indicator.n)
		return "nothing in the event is on a list";
	if (x->rule->correlation)
		return "the event is part of nothing that it found";
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

static void add_after(struct strbuf *out, const struct explanation *x)
{
	const struct explained_after *a = &x->after;

	for (size_t i = 0; i < a->note_n; i++) {
		strbuf_adds(out, "+ ");
		strbuf_add(out, a->group[i]);
		strbuf_adds(out, a->group[i].n && a->note[i].n ? ": " : "");
		strbuf_add(out, a->note[i].n || a->group[i].n ?
					a->note[i] :
					STR("without words of its own"));
		strbuf_addc(out, '\n');
	}
	if (a->here > a->note_n)
		strbuf_addf(out, "+ and %zu more\n", a->here - a->note_n);
	if (x->rule->correlation) {
		strbuf_adds(out, "counts ");
		correlation_describe(x->rule->correlation, out);
		strbuf_addc(out, '\n');
	}
	for (size_t i = 0; i < a->ref_n; i++) {
		strbuf_adds(out, a->ref[i].met ? "+ " : "- ");
		strbuf_adds(out, "this event matches ");
		strbuf_add(out, a->ref[i].rule->title.n ?
					a->ref[i].rule->title :
					a->ref[i].rule->id);
		strbuf_addc(out, '\n');
	}
	if (a->known)
		strbuf_addf(out, "found elsewhere: %zu\n", a->elsewhere);
}

void explanation_describe(const struct explanation *x, struct strbuf *out)
{
	strbuf_add(out, x->rule->rule.title);
	strbuf_adds(out, ": ");
	strbuf_adds(out, verdict(x));
	strbuf_addc(out, '\n');
	add_after(out, x);
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
