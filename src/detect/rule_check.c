/* SPDX-License-Identifier: MIT */
#include "detect/rule_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "detect/rule_never.h"
#include "query/parse.h"

/* One rule under examination. */
struct checking {
	struct ruleset *rs;
	rule_index number;
	const struct rule *rule;
	size_t added;
};

static void tell(struct checking *c, enum problem_kind kind, unsigned line,
		 const char *fmt, ...) ATTR_PRINTF(4, 5);

static void tell(struct checking *c, enum problem_kind kind, unsigned line,
		 const char *fmt, ...)
{
	char text[500];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ruleset_add_problem(c->rs, kind, c->number, line, str_of(text));
	c->added++;
}

static unsigned line_of(const struct checking *c, const char *key)
{
	const struct node_item *item = node_find(c->rule->document, key);

	return item ? item->line : c->rule->line;
}

/* Keys -------------------------------------------------------------------- */

/* Sigma's own words for how far a rule is to be trusted. */
static void check_status(struct checking *c)
{
	static const char *const known[] = { "stable", "test", "experimental",
					     "deprecated", "unsupported" };
	struct str status = c->rule->status;

	if (!status.n)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (str_eq_fold(status, str_of(known[i])))
			return;
	tell(c, PROBLEM_WARNING, line_of(c, "status"),
	     "\"%.*s\" is no status: stable, test, experimental, deprecated "
	     "or unsupported is expected",
	     STR_ARG(str_sub(status, 0, 80)));
}

static void check_keys(struct checking *c)
{
	const struct rule *r = c->rule;
	const struct node *level = node_member(r->document, "level");

	if (!r->title.n)
		tell(c, PROBLEM_WARNING, r->line, "no title");
	if (!r->id.n)
		tell(c, PROBLEM_WARNING, r->line, "no id");
	else if (!str_is_uuid(r->id))
		tell(c, PROBLEM_WARNING, line_of(c, "id"),
		     "the id is no UUID: %.*s", STR_ARG(str_sub(r->id, 0, 80)));
	check_status(c);
	if (r->has_level || r->filter)
		return;
	if (level)
		tell(c, PROBLEM_WARNING, line_of(c, "level"),
		     "\"%.*s\" is no level; taken as %s",
		     STR_ARG(str_sub(node_text(level), 0, 80)),
		     level_name(r->level));
	else
		tell(c, PROBLEM_WARNING, r->line, "no level; taken as %s",
		     level_name(r->level));
}

/* "g0016", "s0002": groups and software of ATT&CK. */
static bool is_group_or_software(struct str name)
{
	char first = name.n ? str_lower(name.p[0]) : '\0';

	return (first == 'g' || first == 's') && name.n == 5 &&
	       str_all_digits(str_from(name, 1));
}

static void check_attack(struct checking *c, struct str name, unsigned line)
{
	struct technique_id id;

	if (attack_technique_id(name, &id)) {
		if (!*attack_technique_title(&id))
			tell(c, PROBLEM_NOTE, line,
			     "technique %s is not in the table for the cloud",
			     id.text);
	} else if (!attack_tactics_named(name) && !is_group_or_software(name)) {
		tell(c, PROBLEM_WARNING, line,
		     "ATT&CK has no \"%.*s\": a tactic, a technique, a group "
		     "or software is expected",
		     STR_ARG(str_sub(name, 0, 80)));
	}
}

static void check_tag(struct checking *c, struct str tag, unsigned line)
{
	static const char *const spaces[] = { "car",       "cve", "d3fend",
					      "detection", "stp", "tlp" };
	struct str rest = tag, space;

	if (str_starts_fold(tag, STR("attack."))) {
		check_attack(c, str_from(tag, sizeof("attack.") - 1), line);
		return;
	}
	str_next(&rest, '.', &space);
	for (size_t i = 0; i < ARRAY_SIZE(spaces); i++)
		if (rest.n && str_eq_fold(space, str_of(spaces[i])))
			return;
	tell(c, PROBLEM_WARNING, line,
	     "tag \"%.*s\" is of no namespace that Sigma knows",
	     STR_ARG(str_sub(tag, 0, 80)));
}

static void check_tags(struct checking *c)
{
	const struct node *tags = node_member(c->rule->document, "tags");

	for (size_t i = 0; tags && i < tags->n; i++)
		check_tag(c, str_trim(node_text(tags->item[i].value)),
			  tags->item[i].line);
}

/* Fields ------------------------------------------------------------------ */

typedef void (*test_told)(struct checking *c, const struct expr_test *t,
			  void *context);

static void each_test(struct checking *c, const struct expr *e, test_told told,
		      void *context)
{
	if (e->kind == EXPR_TEST)
		told(c, &e->test, context);
	for (size_t i = 0; i < e->member_n; i++)
		each_test(c, e->member[i], told, context);
}

static bool told_before(const struct expr_list *list, struct str path)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->member[i]->test.field.path, path))
			return true;
	return false;
}

/* Which paths of a rule have been told of, and what decides. */
struct fields {
	struct arena arena;
	struct expr_list told;
	bool (*seen)(void *context, struct str path);
	void *context;
};

/* The line of the first item that asks for a field, or 0. The tree's depth is
 * bounded. */
static unsigned line_of_field(const struct node *n, struct str path)
{
	for (size_t i = 0; n && i < n->n; i++) {
		const struct node_item *item = &n->item[i];
		struct str rest = item->key, name;
		unsigned line;

		if (n->kind == NODE_MAP && str_next(&rest, '|', &name) &&
		    str_eq(name, path))
			return item->line;
		line = line_of_field(item->value, path);
		if (line)
			return line;
	}
	return 0;
}

static unsigned field_line(const struct checking *c, struct str path)
{
	unsigned line = line_of_field(c->rule->detection, path);

	return line ? line : line_of(c, "detection");
}

static void check_path(struct checking *c, struct fields *f, struct str path,
		       unsigned line)
{
	if (f->seen ? f->seen(f->context, path) : field_is_record_path(path))
		return;
	tell(c, PROBLEM_NOTE, line,
	     f->seen ? "no event of this data has the field \"%.*s\"" :
		       "CloudTrail has no field \"%.*s\"",
	     STR_ARG(str_sub(path, 0, 200)));
}

static void check_field(struct checking *c, const struct expr_test *t,
			void *context)
{
	struct fields *f = context;
	struct str path = t->field.path;

	if (t->field.kind != FIELD_PATH || told_before(&f->told, path))
		return;
	expr_list_add(&f->arena, &f->told, expr_test(&f->arena, t));
	check_path(c, f, path, field_line(c, path));
}

/* The line of a text in a part of a section, which may be a list. */
static unsigned line_of_text(const struct node *n, struct str text)
{
	unsigned line = 0;

	if (n && n->kind == NODE_TEXT && str_eq(n->text, text))
		return n->line;
	for (size_t i = 0; n && i < n->n && !line; i++)
		line = line_of_text(n->item[i].value, text);
	return line;
}

/* What a correlation groups or counts by, and stands in no column. */
static void check_source(struct checking *c, struct fields *f, struct str name)
{
	const struct correlation *x = ruleset_at(c->rs, c->number)->correlation;
	struct correlation_source source;
	unsigned line = line_of_text(c->rule->correlation, name);

	for (size_t i = 0; i < x->alias_n; i++)
		if (str_eq(x->alias[i].alias, name))
			return;
	if (correlation_source(name, &source) && source.kind == SOURCE_CAPTURED)
		check_path(c, f, name, line ? line : x->line);
}

static void check_sources(struct checking *c, struct fields *f)
{
	const struct correlation *x = ruleset_at(c->rs, c->number)->correlation;

	for (size_t i = 0; i < x->group.n; i++)
		check_source(c, f, x->group.text[i]);
	for (size_t i = 0; i < x->field.n; i++)
		check_source(c, f, x->field.text[i]);
	for (size_t i = 0; i < x->alias_n; i++)
		check_source(c, f, x->alias[i].field);
}

static void check_fields(struct checking *c,
			 bool (*seen)(void *context, struct str path),
			 void *context)
{
	const struct ruleset_rule *r = ruleset_at(c->rs, c->number);
	struct fields f = { .seen = seen, .context = context };

	arena_init(&f.arena);
	if (r->matcher)
		each_test(c, r->sigma.condition, check_field, &f);
	if (r->correlation)
		check_sources(c, &f);
	arena_release(&f.arena);
}

/* Conditions -------------------------------------------------------------- */

static void check_condition(struct checking *c)
{
	const struct ruleset_rule *r = ruleset_at(c->rs, c->number);
	const struct node_item *item = node_find(c->rule->detection,
						 "condition");

	if (r->matcher && rule_never(r->sigma.condition))
		tell(c, PROBLEM_WARNING, item ? item->line : c->rule->line,
		     "no event can meet the condition%s",
		     r->filter_n ? " and the filters" : "");
	for (size_t i = 0; i < r->sigma.selection_n; i++)
		if (!r->sigma.selection[i].used)
			tell(c, PROBLEM_WARNING, r->sigma.selection[i].line,
			     "the condition does not use the selection "
			     "\"%.*s\"",
			     STR_ARG(str_sub(r->sigma.selection[i].name, 0,
					     80)));
	item = node_find(c->rule->correlation, "condition");
	if (r->correlation && correlation_never(r->correlation))
		tell(c, PROBLEM_WARNING, item ? item->line : c->rule->line,
		     "no number can meet the condition");
}

/* Our own keys ------------------------------------------------------------ */

static void check_steps(struct checking *c)
{
	const struct node_item *item = node_find(c->rule->document,
						 "investigate");
	struct err err = ERR_INIT;
	const struct expr *e;
	struct arena a;

	if (!item)
		return;
	if (item->value->kind != NODE_LIST || item->value->n != c->rule->step_n)
		tell(c, PROBLEM_WARNING, item->line,
		     "investigate is a list of mappings, each with \"ask\"");
	arena_init(&a);
	for (size_t i = 0; i < c->rule->step_n; i++) {
		const struct rule_step *s = &c->rule->step[i];

		if (s->kind == STEP_FILTER &&
		    query_read(s->argument, NULL, &a, &e, &err) != ERR_OK)
			tell(c, PROBLEM_WARNING, s->line, "filter: %.300s",
			     err.msg);
	}
	arena_release(&a);
}

static void check_mend(struct checking *c)
{
	const struct node_item *item = node_find(c->rule->document, "mend");

	if (item && !c->rule->mend.n)
		tell(c, PROBLEM_WARNING, item->line,
		     "mend is a text: what to mend before service resumes");
}

static void check_examples(struct checking *c, const struct rule_examples *x)
{
	struct rule_texts records;
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < x->n; i++)
		if (x->item[i].records.n &&
		    !rule_example_records(&a, &x->item[i], &records))
			tell(c, PROBLEM_WARNING, x->item[i].line,
			     "the sample is no record, and no list of them");
	arena_release(&a);
}

size_t rules_check(struct ruleset *rs)
{
	size_t added = 0;

	for (rule_index i = 0; i < ruleset_count(rs); i++) {
		struct checking c = { rs, i, &ruleset_at(rs, i)->rule, 0 };

		if (c.rule->document->kind != NODE_MAP)
			continue;
		check_keys(&c);
		check_tags(&c);
		check_fields(&c, NULL, NULL);
		check_condition(&c);
		check_steps(&c);
		check_mend(&c);
		check_examples(&c, &c.rule->fire);
		check_examples(&c, &c.rule->quiet);
		added += c.added;
	}
	return added;
}

size_t rules_check_fields(struct ruleset *rs,
			  bool (*seen)(void *context, struct str path),
			  void *context)
{
	size_t added = 0;

	for (rule_index i = 0; i < ruleset_count(rs); i++) {
		struct checking c = { rs, i, &ruleset_at(rs, i)->rule, 0 };

		check_fields(&c, seen, context);
		added += c.added;
	}
	return added;
}
