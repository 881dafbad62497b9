/* SPDX-License-Identifier: MIT */
#include "detect/ruleset_private.h"

#include <stdarg.h>
#include <stdio.h>

static void tell(struct ruleset *rs, rule_index filter, enum problem_kind kind,
		 const char *fmt, ...) ATTR_PRINTF(4, 5);

static void tell(struct ruleset *rs, rule_index filter, enum problem_kind kind,
		 const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ruleset_add_problem(rs, kind, filter,
			    rs->rule[filter]->rule.filter->line, str_of(text));
}

/* What a filter says of a log source holds for all that say it too. */
static bool covers(struct str filter, struct str rule)
{
	return !filter.n || str_eq_fold(filter, rule);
}

static bool is_for(const struct rule *filter, const struct rule *r)
{
	return covers(filter->category, r->category) &&
	       covers(filter->product, r->product) &&
	       covers(filter->service, r->service);
}

/* The selections of both, those of the filter under its own name. */
static void join_selections(struct ruleset *rs, struct sigma *to,
			    const struct ruleset_rule *filter)
{
	const struct sigma *from = &filter->sigma;
	struct sigma_selection *all = arena_alloc(
		&rs->arena,
		(to->selection_n + from->selection_n + 1) * sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < to->selection_n; i++)
		all[n++] = to->selection[i];
	for (size_t i = 0; i < from->selection_n; i++) {
		all[n] = from->selection[i];
		all[n].name = arena_join(
			&rs->arena,
			arena_join(&rs->arena, filter->rule.title, STR(": ")),
			all[n].name);
		n++;
	}
	to->selection = all;
	to->selection_n = n;
}

static void note_filter(struct ruleset *rs, struct ruleset_rule *r,
			rule_index filter)
{
	const struct ruleset_rule **all =
		arena_alloc(&rs->arena, (r->filter_n + 1) * sizeof(*all));

	for (size_t i = 0; i < r->filter_n; i++)
		all[i] = r->filter[i];
	all[r->filter_n++] = rs->rule[filter];
	r->filter = all;
}

/* A rule is met when its condition is, and the filter's. */
static void filter_rule(struct ruleset *rs, rule_index filter, rule_index to)
{
	struct ruleset_rule *f = rs->rule[filter], *r = rs->rule[to];
	const struct expr *both[] = { r->sigma.condition, f->sigma.condition };
	struct err err = ERR_INIT;
	struct matcher *matcher;

	if (sigma_weight(both[0]) + sigma_weight(both[1]) > SIGMA_NODES ||
	    matcher_new(&matcher, expr_join(&rs->arena, EXPR_AND, both, 2),
			&err)) {
		tell(rs, filter, PROBLEM_BROKEN,
		     "it is too large to be part of \"%.*s\"",
		     STR_ARG(str_sub(r->rule.title, 0, 120)));
		return;
	}
	matcher_free(r->matcher);
	r->matcher = matcher;
	r->sigma.condition = expr_join(&rs->arena, EXPR_AND, both, 2);
	join_selections(rs, &r->sigma, f);
	note_filter(rs, r, filter);
}

static void filter_named(struct ruleset *rs, rule_index filter, struct str name)
{
	const struct rule *f = &rs->rule[filter]->rule;
	bool any = str_eq_fold(name, STR("any")), found = false;

	for (int by = 0; by < 3 && !found; by++)
		for (rule_index i = 0; i < rs->n; i++) {
			struct ruleset_rule *r = rs->rule[i];
			struct str have = ruleset_name_of(&r->rule, by);

			if (!any && (!have.n || !str_eq_fold(have, name)))
				continue;
			if (r->matcher && is_for(f, &r->rule))
				filter_rule(rs, filter, i);
			else if (!any && r->matcher)
				tell(rs, filter, PROBLEM_WARNING,
				     "\"%.*s\" is for another log source",
				     STR_ARG(str_sub(name, 0, 120)));
			else if (!any && (r->correlation || r->lineage))
				tell(rs, filter, PROBLEM_WARNING,
				     "\"%.*s\" tests no events of its own; "
				     "filter the rules that it names",
				     STR_ARG(str_sub(name, 0, 120)));
			found = true;
		}
	if (!found && !any)
		tell(rs, filter, PROBLEM_WARNING, "there is no rule \"%.*s\"",
		     STR_ARG(str_sub(name, 0, 120)));
}

void ruleset_filter(struct ruleset *rs)
{
	for (rule_index i = 0; i < rs->n; i++) {
		const struct node *rules;

		if (rs->rule[i]->state != RULE_FILTER)
			continue;
		rules = node_member(rs->rule[i]->rule.filter, "rules");
		if (rules && rules->kind == NODE_TEXT)
			filter_named(rs, i, rules->text);
		else if (rules && rules->kind == NODE_LIST && rules->n)
			for (size_t k = 0; k < rules->n; k++)
				filter_named(rs, i,
					     node_text(rules->item[k].value));
		else
			tell(rs, i, PROBLEM_BROKEN,
			     "a filter needs \"rules\": their ids, names or "
			     "titles, or any");
	}
}
