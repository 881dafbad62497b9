/* SPDX-License-Identifier: MIT */
#include "detect/ruleset_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

enum { DEPTH_MAX = 8 }; /* correlations of correlations */

static void break_rule(struct ruleset *rs, rule_index i, const char *fmt, ...)
	ATTR_PRINTF(3, 4);

static void break_rule(struct ruleset *rs, rule_index i, const char *fmt, ...)
{
	struct ruleset_rule *r = rs->rule[i];
	const struct node_item *rules = node_find(r->rule.correlation, "rules");
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->state = RULE_BROKEN;
	ruleset_add_problem(rs, PROBLEM_BROKEN, i,
			    rules ? rules->line : r->correlation->line,
			    str_of(text));
}

/* References -------------------------------------------------------------- */

struct str ruleset_name_of(const struct rule *r, int by)
{
	return by == 0 ? r->id : by == 1 ? r->name : r->title;
}

static bool runs(const struct ruleset_rule *r)
{
	return r->state == RULE_ACTIVE || r->state == RULE_SILENT;
}

/*
 * The rules that a text names: by id, else name, else title; those of the same
 * file before others. Returns how many there are, of which out[] gets at most
 * `max`.
 */
static size_t find_named(const struct ruleset *rs, struct str name,
			 const char *file, rule_index *out, size_t max)
{
	size_t n = 0;

	for (int pass = 0; pass < 6 && n == 0; pass++)
		for (rule_index i = 0; i < rs->n; i++) {
			const struct rule *r = &rs->rule[i]->rule;
			bool here = strcmp(r->file, file) == 0;
			struct str have = ruleset_name_of(r, pass % 3);

			if ((pass < 3) != here || !have.n ||
			    !str_eq_fold(have, name))
				continue;
			if (n < max)
				out[n] = i;
			n++;
		}
	return n;
}

/* Arrays in the arena have room for 8, 16, 32, ... */
static bool is_full(size_t n)
{
	return n == 0 || (n >= 8 && (n & (n - 1)) == 0);
}

static void add_ref(struct ruleset *rs, struct correlation *c, rule_index rule,
		    size_t position, enum level least)
{
	if (is_full(c->ref_n)) {
		struct correlation_ref *grown = arena_alloc(
			&rs->arena, (c->ref_n * 2 + 8) * sizeof(*grown));

		if (c->ref_n)
			memcpy(grown, c->ref, c->ref_n * sizeof(*grown));
		c->ref = grown;
	}
	c->ref[c->ref_n++] = (struct correlation_ref){ rule, (uint32_t)position,
						       least };
}

/* "level>=high": all that is found elsewhere and can be so grave. False when
 * the text says no such thing. */
static bool find_by_level(struct ruleset *rs, const struct ruleset_rule *r,
			  size_t position)
{
	struct str name = r->correlation->rules.text[position];
	struct str word = STR("level>=");
	enum level least;

	if (!str_starts(name, word) ||
	    !level_parse(str_from(name, word.n), &least))
		return false;
	for (rule_index i = 0; i < rs->n; i++) {
		const struct ruleset_rule *other = rs->rule[i];

		if (runs(other) && !other->correlation &&
		    other->rule.level >= least &&
		    strcmp(other->rule.file, r->rule.file) != 0)
			add_ref(rs, r->correlation, i, position, least);
	}
	return true;
}

/* Namesakes stand for the reference together: an event counts once. */
static void find_refs(struct ruleset *rs, rule_index number)
{
	struct ruleset_rule *r = rs->rule[number];
	struct correlation *c = r->correlation;
	rule_index found[CORRELATION_RULES];

	for (size_t i = 0; i < c->rules.n; i++) {
		struct str name = c->rules.text[i];
		size_t n = find_named(rs, name, r->rule.file, found,
				      CORRELATION_RULES);
		size_t used = 0;

		if (find_by_level(rs, r, i))
			continue;
		for (size_t k = 0; k < n && k < CORRELATION_RULES; k++) {
			if (!runs(rs->rule[found[k]]))
				continue;
			add_ref(rs, c, found[k], i, LEVEL_INFORMATIONAL);
			used++;
		}
		if (used)
			continue;
		break_rule(rs, number,
			   n ? "the rule \"%.*s\" does not run" :
			       "there is no rule \"%.*s\"",
			   STR_ARG(str_sub(name, 0, 120)));
		return;
	}
}

/* Order ------------------------------------------------------------------- */

enum visit { VISIT_NEW, VISIT_OPEN, VISIT_DONE };

/* Depth of a correlation over what it names; breaks it when that does not run
 * or leads back to it. The depth of the recursion is bounded. */
static void find_depth(struct ruleset *rs, rule_index number, uint8_t *visit,
		       unsigned level)
{
	struct correlation *c = rs->rule[number]->correlation;

	visit[number] = VISIT_OPEN;
	c->depth = 1;
	for (size_t i = 0; i < c->ref_n; i++) {
		rule_index to = c->ref[i].rule;
		struct ruleset_rule *named = rs->rule[to];

		if (!named->correlation)
			continue;
		if (visit[to] == VISIT_NEW && level < DEPTH_MAX)
			find_depth(rs, to, visit, level + 1);
		if (visit[to] != VISIT_DONE) {
			break_rule(rs, number,
				   "correlations that name each other, or too "
				   "many in a row");
			break;
		}
		if (!runs(named)) {
			break_rule(rs, number, "the rule \"%.*s\" does not run",
				   STR_ARG(str_sub(named->rule.title, 0, 120)));
			break;
		}
		named->correlation->feeds = true;
		if (named->correlation->depth + 1 > c->depth)
			c->depth = named->correlation->depth + 1;
	}
	visit[number] = VISIT_DONE;
}

/* Leaves and captures ----------------------------------------------------- */

static unsigned add_capture(struct ruleset *rs, struct ruleset_rule *r,
			    struct str path)
{
	struct str *grown;

	for (size_t i = 0; i < r->capture_n; i++)
		if (str_eq(r->capture[i], path))
			return (unsigned)i;
	grown = arena_alloc(&rs->arena, (r->capture_n + 1) * sizeof(*grown));
	for (size_t i = 0; i < r->capture_n; i++)
		grown[i] = r->capture[i];
	grown[r->capture_n] = path;
	r->capture = grown;
	return (unsigned)r->capture_n++;
}

static bool is_called(const struct rule *r, struct str name)
{
	for (int by = 0; by < 3; by++)
		if (name.n && str_eq_fold(ruleset_name_of(r, by), name))
			return true;
	return false;
}

/*
 * Where a leaf has a field of a correlation. An alias names the rule that the
 * correlation does (`via`), or the leaf itself.
 */
static struct correlation_source leaf_source(struct ruleset *rs,
					     const struct correlation *c,
					     struct str field,
					     const struct rule *via,
					     struct ruleset_rule *leaf)
{
	struct correlation_source s = { SOURCE_NONE, 0 };
	struct str meant = field;
	bool alias = false;

	for (size_t i = 0; i < c->alias_n; i++) {
		const struct correlation_alias *a = &c->alias[i];

		if (!str_eq(a->alias, field))
			continue;
		if (!alias)
			meant = STR_NULL;
		alias = true;
		if (is_called(via, a->rule) || is_called(&leaf->rule, a->rule))
			meant = a->field;
	}
	if (!meant.n || !correlation_source(meant, &s))
		return s;
	if (s.kind != SOURCE_CAPTURED)
		return s;
	if (str_starts(meant, STR("trawl.")))
		meant = str_from(meant, sizeof("trawl.") - 1);
	/* What the lineage found was not noted while the bytes were there. */
	if (!leaf->matcher || leaf->lineage)
		s.kind = SOURCE_NONE;
	else
		s.number = add_capture(rs, leaf, meant);
	return s;
}

static bool has_leaf(const struct correlation *c, rule_index rule)
{
	for (size_t i = 0; i < c->leaf_n; i++)
		if (c->leaf[i].rule == rule)
			return true;
	return false;
}

static void add_leaf(struct ruleset *rs, struct correlation *c, rule_index rule,
		     const struct rule *via)
{
	struct ruleset_rule *leaf = rs->rule[rule];
	struct correlation_leaf l = { .rule = rule };

	if (has_leaf(c, rule))
		return;
	for (size_t i = 0; i < c->group.n; i++)
		l.group[i] = leaf_source(rs, c, c->group.text[i], via, leaf);
	for (size_t i = 0; i < c->field.n; i++)
		l.field[i] = leaf_source(rs, c, c->field.text[i], via, leaf);
	if (is_full(c->leaf_n)) {
		struct correlation_leaf *grown = arena_alloc(
			&rs->arena, (c->leaf_n * 2 + 8) * sizeof(*grown));

		if (c->leaf_n)
			memcpy(grown, c->leaf, c->leaf_n * sizeof(*grown));
		c->leaf = grown;
	}
	c->leaf[c->leaf_n++] = l;
}

/* Those of correlations that it names have been found. */
static void find_leaves(struct ruleset *rs, struct correlation *c)
{
	for (size_t i = 0; i < c->ref_n; i++) {
		const struct ruleset_rule *named = rs->rule[c->ref[i].rule];

		if (!named->correlation) {
			add_leaf(rs, c, c->ref[i].rule, &named->rule);
			continue;
		}
		for (size_t k = 0; k < named->correlation->leaf_n; k++)
			add_leaf(rs, c, named->correlation->leaf[k].rule,
				 &named->rule);
	}
}

/* What a baseline sums up is noted while the bytes are there. */
static void note_sums(struct ruleset *rs)
{
	for (rule_index i = 0; i < rs->n; i++) {
		struct ruleset_rule *r = rs->rule[i];
		struct str path = r->lineage ? lineage_rule_text(r->lineage,
								 SET_SUM_OF) :
					       STR_NULL;

		if (path.n && r->matcher)
			add_capture(rs, r, path);
	}
}

/* Silence ----------------------------------------------------------------- */

/*
 * `generate: false` silences what is named, `generate: true` by another
 * correlation keeps it. Nothing said is false, as Sigma has it, for rules of
 * the same file: they were written to be counted. A rule that stands on its
 * own elsewhere goes on alerting.
 */
static void find_silence(struct ruleset *rs)
{
	uint8_t *says = mem_zero(rs->n + 1, 1); /* 1 silent, 2 not */

	for (rule_index i = 0; i < rs->n; i++) {
		const struct correlation *c = rs->rule[i]->correlation;
		const char *file = rs->rule[i]->rule.file;

		if (!c || !runs(rs->rule[i]))
			continue;
		for (size_t k = 0; k < c->ref_n; k++) {
			rule_index to = c->ref[k].rule;

			if (c->says_generate ?
				    !c->generate :
				    strcmp(rs->rule[to]->rule.file, file) == 0)
				says[to] |= 1;
			if (c->says_generate && c->generate)
				says[to] |= 2;
		}
	}
	for (rule_index i = 0; i < rs->n; i++)
		if (says[i] == 1 && rs->rule[i]->state == RULE_ACTIVE)
			rs->rule[i]->state = RULE_SILENT;
	free(says);
}

void ruleset_link(struct ruleset *rs)
{
	uint8_t *visit = mem_zero(rs->n + 1, 1);

	note_sums(rs);
	for (rule_index i = 0; i < rs->n; i++)
		if (rs->rule[i]->correlation && runs(rs->rule[i]))
			find_refs(rs, i);
	for (rule_index i = 0; i < rs->n; i++)
		if (rs->rule[i]->correlation && runs(rs->rule[i]) &&
		    visit[i] == VISIT_NEW)
			find_depth(rs, i, visit, 0);
	free(visit);
	for (unsigned depth = 1; depth <= DEPTH_MAX + 1; depth++)
		for (rule_index i = 0; i < rs->n; i++) {
			struct ruleset_rule *r = rs->rule[i];

			if (r->correlation && runs(r) &&
			    r->correlation->depth == depth)
				find_leaves(rs, r->correlation);
		}
	find_silence(rs);
}
