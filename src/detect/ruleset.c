/* SPDX-License-Identifier: MIT */
#include "detect/ruleset.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/embedded.h"
#include "base/file.h"
#include "base/mem.h"
#include "detect/rule_paths.h"
#include "detect/ruleset_private.h"

/* Life cycle -------------------------------------------------------------- */

struct ruleset *ruleset_new(void)
{
	struct ruleset *rs = mem_zero(1, sizeof(*rs));

	arena_init(&rs->arena);
	rule_lookup_init(&rs->lookup);
	return rs;
}

void ruleset_free(struct ruleset *rs)
{
	if (!rs)
		return;
	for (size_t i = 0; i < rs->n; i++)
		matcher_free(rs->rule[i]->matcher);
	free(rs->rule);
	free(rs->problem);
	if (rs->sealed)
		rule_looks_release(&rs->looks);
	rule_lookup_release(&rs->lookup);
	arena_release(&rs->arena);
	free(rs);
}

/* Problems ---------------------------------------------------------------- */

static struct rule_problem *add_problem(struct ruleset *rs,
					enum problem_kind kind,
					const char *file, unsigned line,
					struct str text)
{
	rs->problem = mem_grow(rs->problem, &rs->problem_cap, rs->problem_n + 1,
			       sizeof(*rs->problem));
	rs->problem[rs->problem_n++] =
		(struct rule_problem){ .kind = kind,
				       .file = file,
				       .line = line,
				       .text = arena_dup(&rs->arena, text) };
	return &rs->problem[rs->problem_n - 1];
}

void ruleset_add_problem(struct ruleset *rs, enum problem_kind kind,
			 rule_index rule, unsigned line, struct str text)
{
	struct rule_problem *p =
		add_problem(rs, kind, rs->rule[rule]->rule.file, line, text);

	p->has_rule = true;
	p->rule = rule;
}

/* Messages begin with "FILE:LINE: " or "FILE: ", which is kept apart. */
static struct rule_problem *add_error(struct ruleset *rs, const char *file,
				      const struct err *err)
{
	struct str text = str_of(err->msg), name = str_of(file), number;
	uint64_t line = 0;
	size_t colon;

	if (str_starts(text, name) && text.n > name.n &&
	    text.p[name.n] == ':') {
		text = str_from(text, name.n + 1);
		colon = str_find_char(text, ':', 0);
		number = str_sub(text, 0, colon);
		if (colon != SIZE_MAX && str_to_u64(number, &line))
			text = str_from(text, colon + 1);
		text = str_trim(text);
	}
	return add_problem(rs, PROBLEM_BROKEN, file, (unsigned)line, text);
}

const struct rule_problem *ruleset_problems(const struct ruleset *rs, size_t *n)
{
	*n = rs->problem_n;
	return rs->problem;
}

/* Adding ------------------------------------------------------------------ */

static enum err_code compile_lineage(struct ruleset *rs, struct ruleset_rule *r,
				     struct err *err)
{
	r->lineage = arena_zero(&rs->arena, sizeof(*r->lineage));
	return lineage_rule_read(&rs->arena, &r->rule, r->lineage, err);
}

static enum err_code compile_correlation(struct ruleset *rs,
					 struct ruleset_rule *r,
					 struct err *err)
{
	r->correlation = arena_zero(&rs->arena, sizeof(*r->correlation));
	return correlation_read(&rs->arena, &r->rule, r->correlation, err);
}

static enum err_code compile_sigma(struct ruleset *rs, struct ruleset_rule *r,
				   struct err *err)
{
	enum err_code rc = sigma_compile(&rs->arena, &r->rule,
					 &rs->placeholders, &r->sigma, err);

	if (rc == ERR_OK && r->rule.filter)
		r->state = RULE_FILTER;
	else if (rc == ERR_OK)
		rc = matcher_new(&r->matcher, r->sigma.condition, err);
	return rc;
}

static void compile(struct ruleset *rs, struct ruleset_rule *r,
		    rule_index number)
{
	struct err err = ERR_INIT;
	struct rule_problem *p;
	enum err_code rc = ERR_OK;

	if (!rule_kinds(&r->rule)) {
		r->state = RULE_OTHER;
		return;
	}
	if (r->rule.correlation) {
		rc = compile_correlation(rs, r, &err);
	} else if (r->rule.indicator.n) {
		return; /* its matches come from the lists: indicator_watch.h */
	} else {
		if (r->rule.lineage || r->rule.baseline)
			rc = compile_lineage(rs, r, &err);
		if (rc == ERR_OK && (r->rule.detection || !r->lineage))
			rc = compile_sigma(rs, r, &err);
	}
	if (rc == ERR_OK)
		return;
	r->state = RULE_BROKEN;
	p = add_error(rs, r->rule.file, &err);
	if (p->line == 0)
		p->line = r->rule.line;
	p->has_rule = true;
	p->rule = number;
}

static void add_document(struct ruleset *rs, const char *file,
			 const struct node *document, bool builtin)
{
	struct ruleset_rule *r = arena_zero(&rs->arena, sizeof(*r));
	rule_index number = (rule_index)rs->n;
	struct err err = ERR_INIT;
	struct rule_problem *p;
	enum err_code rc = rule_read(&rs->arena, document, file, &r->rule,
				     &err);

	r->rule.builtin = builtin;
	rs->rule = mem_grow(rs->rule, &rs->cap, rs->n + 1, sizeof(*rs->rule));
	rs->rule[rs->n++] = r;
	if (rc == ERR_OK) {
		compile(rs, r, number);
		return;
	}
	r->state = RULE_BROKEN;
	p = add_error(rs, file, &err);
	p->has_rule = true;
	p->rule = number;
}

/* A text more: the digest of what came before, of its name and its bytes. */
static void digest(struct ruleset *rs, const char *file, struct str text)
{
	struct hash128 h[3] = { rs->digest, hash_content(str_of(file)),
				hash_content(text) };

	rs->digest = hash_content((struct str){ (const char *)h, sizeof(h) });
}

struct hash128 ruleset_digest(const struct ruleset *rs)
{
	return rs->digest;
}

void ruleset_add_text(struct ruleset *rs, const char *file, struct str text,
		      bool builtin)
{
	const char *name = arena_dup(&rs->arena, str_of(file)).p;
	struct rule_documents documents;
	struct err err = ERR_INIT;
	enum err_code rc = rule_file_read(&rs->arena, text, name, &documents,
					  &err);

	digest(rs, file, text);
	for (size_t i = 0; i < documents.n; i++) {
		if (rs->n == RULES_MOST) {
			err_set(&err, ERR_LIMIT,
				"more than %d rules: the rest is left out",
				RULES_MOST);
			add_error(rs, name, &err);
			break;
		}
		add_document(rs, name, documents.root[i], builtin);
	}
	if (rc != ERR_OK)
		add_error(rs, name, &err);
}

enum err_code ruleset_placeholders(struct ruleset *rs, const char *path,
				   struct err *err)
{
	struct strbuf text;
	enum err_code rc;

	strbuf_init(&text);
	rc = file_read(&text, path, RULE_FILE_MAX, err);
	digest(rs, path, strbuf_str(&text));
	if (rc == ERR_OK)
		rc = placeholders_read(&rs->arena, strbuf_str(&text), path,
				       &rs->placeholders, err);
	strbuf_release(&text);
	return rc;
}

void ruleset_add_builtin(struct ruleset *rs)
{
	for (const struct embedded_file *f = embedded_files; f->name; f++)
		if (str_starts(str_of(f->name), STR("rules/")) &&
		    str_ends(str_of(f->name), STR(".yml")))
			ruleset_add_text(rs, f->name,
					 (struct str){ (const char *)f->content,
						       f->size },
					 true);
}

static void add_file(struct ruleset *rs, const char *path)
{
	struct err err = ERR_INIT;
	struct strbuf text;

	strbuf_init(&text);
	if (file_read(&text, path, RULE_FILE_MAX, &err) == ERR_OK)
		ruleset_add_text(rs, path, strbuf_str(&text), false);
	else
		add_error(rs, arena_dup(&rs->arena, str_of(path)).p, &err);
	strbuf_release(&text);
}

enum err_code ruleset_add_path(struct ruleset *rs, const char *path,
			       struct err *err)
{
	struct rule_paths paths;
	enum err_code rc = rule_paths_find(&paths, path, err);

	for (size_t i = 0; i < paths.n; i++)
		add_file(rs, paths.path[i]);
	for (size_t i = 0; i < paths.unreadable_n; i++)
		add_problem(
			rs, PROBLEM_BROKEN,
			arena_dup(&rs->arena, str_of(paths.unreadable[i])).p, 0,
			STR("cannot be read"));
	if (paths.cut)
		add_problem(rs, PROBLEM_BROKEN,
			    arena_dup(&rs->arena, str_of(path)).p, 0,
			    STR("too many files; the rest were not read"));
	rule_paths_release(&paths);
	return rc;
}

/* Sealing ----------------------------------------------------------------- */

rule_index ruleset_find(const struct ruleset *rs, struct str name,
			rule_index after)
{
	for (int by = 0; by < 3; by++) {
		bool known = false;

		for (size_t i = 0; i < rs->n; i++) {
			const struct rule *r = &rs->rule[i]->rule;
			struct str have = ruleset_name_of(r, by);

			if (!have.n || !str_eq_fold(have, name))
				continue;
			known = true;
			if (after == UINT32_MAX || i > after)
				return (rule_index)i;
		}
		if (known)
			break;
	}
	return UINT32_MAX;
}

static int compare_ids(const void *x, const void *y)
{
	const struct ruleset_rule *const *a = x, *const *b = y;
	int d = str_cmp_fold((*a)->rule.id, (*b)->rule.id);

	if (d)
		return d;
	d = strcmp((*a)->rule.file, (*b)->rule.file);
	if (d)
		return d;
	return (*a)->rule.line < (*b)->rule.line ?
		       -1 :
		       (*a)->rule.line > (*b)->rule.line;
}

static void warn_duplicates(struct ruleset *rs)
{
	struct ruleset_rule **sorted = mem_alloc((rs->n + 1) * sizeof(*sorted));
	char text[400];

	for (size_t i = 0; i < rs->n; i++)
		sorted[i] = rs->rule[i];
	if (rs->n)
		qsort(sorted, rs->n, sizeof(*sorted), compare_ids);
	for (size_t i = 1; i < rs->n; i++) {
		const struct rule *a = &sorted[i - 1]->rule;
		const struct rule *b = &sorted[i]->rule;

		if (!a->id.n || !str_eq_fold(a->id, b->id))
			continue;
		snprintf(text, sizeof(text),
			 "the id %.*s is also that of %.200s:%u; both run",
			 STR_ARG(str_sub(b->id, 0, 80)), a->file, a->line);
		add_problem(rs, PROBLEM_WARNING, b->file, b->line,
			    str_of(text));
	}
	free(sorted);
}

void ruleset_seal(struct ruleset *rs)
{
	if (rs->sealed)
		return;
	rs->sealed = true;
	ruleset_filter(rs);
	ruleset_link(rs);
	warn_duplicates(rs);
	rule_lookup_build(&rs->lookup, rs->rule, rs->n);
	rule_looks_build(&rs->looks, rs->rule, rs->n, &rs->lookup);
}

size_t ruleset_count(const struct ruleset *rs)
{
	return rs->n;
}

const struct ruleset_rule *ruleset_at(const struct ruleset *rs, rule_index i)
{
	return rs->rule[i];
}

/* Matching ---------------------------------------------------------------- */

void rule_scratch_init(struct rule_scratch *s, const struct ruleset *rs)
{
	*s = (struct rule_scratch){ .match = match_scratch_new(),
				    .looks = look_memory_new(&rs->looks) };
}

void rule_scratch_release(struct rule_scratch *s)
{
	match_scratch_free(s->match);
	look_memory_free(s->looks);
	free(s->hit);
}

void ruleset_match(const struct ruleset *rs, const struct event *e,
		   struct rule_scratch *s)
{
	struct rule_look look = rule_look_of(&rs->looks, s->looks, e, s->match);

	s->hit_n = 0;
	for (size_t i = 0; i < look.n; i++) {
		rule_index rule = look.rule[i].rule;

		if (!look.rule[i].sure) {
			s->tried++;
			if (!matcher_test(rs->rule[rule]->matcher, e, NULL,
					  s->match))
				continue;
		}
		s->hit = mem_grow(s->hit, &s->hit_cap, s->hit_n + 1,
				  sizeof(*s->hit));
		s->hit[s->hit_n++] = rule;
	}
}
