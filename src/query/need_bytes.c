/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "query/matcher_private.h"
#include "query/need.h"
#include "query/need_regex.h"

/* Shorter literals are found in every record; more of them cost more than
 * they save. */
enum { LITERAL_MIN = 3, LITERALS = 16, CLAUSES = 4 };

/* One of these; none at all is what can never be. */
struct clause {
	struct str text[LITERALS];
	size_t n;
	size_t shortest;
};

/* One of each of these; none of them says nothing. */
struct clauses {
	struct clause clause[CLAUSES];
	size_t n;
};

struct need_bytes {
	struct arena arena;
	struct {
		struct needle needle[LITERALS];
		size_t n;
	} clause[CLAUSES];
	size_t n;
};

/* Literals ---------------------------------------------------------------- */

/* Characters that JSON writes as they are, wherever they stand. */
static bool is_solid(char c)
{
	return c > ' ' && c < 0x7f && c != '*' && c != '?' &&
	       !strchr("\"\\/:,{}[]", c);
}

/*
 * The longest part of a pattern that its matches have in one piece in their
 * JSON. An n, t or r that follows a backslash or begins the pattern may be
 * half of an escape.
 */
static struct str longest_part(struct str p)
{
	struct str best = STR_NULL;

	for (size_t i = 0; i < p.n;) {
		size_t from = i;

		while (i < p.n && is_solid(p.p[i]))
			i++;
		if ((from == 0 || p.p[from - 1] == '\\') && from < i &&
		    strchr("ntr", str_lower(p.p[from])))
			from++;
		if (i - from > best.n)
			best = str_sub(p, from, i);
		i++;
	}
	return best;
}

static struct str last_name(struct str path)
{
	size_t dot = str_find_last(path, '.');

	return dot == SIZE_MAX ? path : str_from(path, dot + 1);
}

/* Clauses ----------------------------------------------------------------- */

/* False when the literal is too short, or one too many. */
static bool add_literal(struct clause *c, struct str text)
{
	if (text.n < LITERAL_MIN || c->n == LITERALS)
		return false;
	if (c->n == 0 || text.n < c->shortest)
		c->shortest = text.n;
	c->text[c->n++] = text;
	return true;
}

/* Which of two says more? */
static bool is_better(const struct clause *a, const struct clause *b)
{
	if (!a->n || !b->n)
		return !a->n;
	return a->shortest > b->shortest;
}

static void add_clause(struct clauses *to, const struct clause *c)
{
	size_t worst = 0;

	if (to->n < CLAUSES) {
		to->clause[to->n++] = *c;
		return;
	}
	for (size_t i = 1; i < to->n; i++)
		if (is_better(&to->clause[worst], &to->clause[i]))
			worst = i;
	if (is_better(c, &to->clause[worst]))
		to->clause[worst] = *c;
}

static const struct clause *best_clause(const struct clauses *of)
{
	size_t best = 0;

	for (size_t i = 1; i < of->n; i++)
		if (is_better(&of->clause[i], &of->clause[best]))
			best = i;
	return &of->clause[best];
}

/* Adds what one value needs to the clause; false when nothing is known. */
static bool add_value(struct clause *c, const struct mvalue *v)
{
	struct str part[REGEX_PARTS];
	size_t n;

	switch (v->how) {
	case VALUE_LITERAL:
	case VALUE_GLOB:
		return add_literal(c, longest_part(v->text));
	case VALUE_REGEX:
		n = regex_parts(v->text, part);
		for (size_t i = 0; i < n; i++)
			if (!add_literal(c, longest_part(part[i])))
				return false;
		return n > 0;
	default:
		return false;
	}
}

static struct clauses test_clauses(const struct mtest *t)
{
	struct clauses out = { .n = 0 };
	struct clause c = { .n = 0 };
	bool known = t->n > 0;

	if (t->op == TEST_NULL || !t->needs_record)
		return out;
	/* A field that is tested has to be there, by the last of its names. */
	if (t->field.kind == FIELD_PATH &&
	    add_literal(&c, longest_part(last_name(t->field.path))))
		add_clause(&out, &c);
	c = (struct clause){ .n = 0 };
	for (size_t i = 0; i < t->n && known; i++) {
		known = add_value(&c, &t->value[i]);
		if (!t->all)
			continue;
		/* Each of them has to be there. */
		if (known)
			add_clause(&out, &c);
		c = (struct clause){ .n = 0 };
		known = true;
	}
	if (known && !t->all)
		add_clause(&out, &c);
	return out;
}

static bool needs_record(const struct mnode *node)
{
	if (node->kind == EXPR_TEST)
		return node->test->needs_record;
	for (size_t i = 0; i < node->n; i++)
		if (needs_record(node->member[i]))
			return true;
	return false;
}

static struct clauses node_clauses(const struct mnode *node, bool top);

/* One of what each member needs most. */
static struct clauses or_clauses(const struct mnode *node, bool top)
{
	struct clauses out = { .n = 0 }, next;
	struct clause c = { .n = 0 };

	for (size_t i = 0; i < node->n; i++) {
		const struct clause *best;

		/* At the top, rows that the store accepts have been accepted:
		 * such a member is false in all others. */
		if (top && !needs_record(node->member[i]))
			continue;
		next = node_clauses(node->member[i], false);
		if (next.n == 0)
			return out;
		best = best_clause(&next);
		for (size_t k = 0; k < best->n; k++)
			if (!add_literal(&c, best->text[k]))
				return out;
	}
	add_clause(&out, &c);
	return out;
}

static struct clauses node_clauses(const struct mnode *node, bool top)
{
	struct clauses out = { .n = 0 }, next;
	struct clause never = { .n = 0 };

	switch (node->kind) {
	case EXPR_FALSE:
		add_clause(&out, &never);
		break;
	case EXPR_TEST:
		return test_clauses(node->test);
	case EXPR_AND:
		for (size_t i = 0; i < node->n; i++) {
			next = node_clauses(node->member[i], false);
			for (size_t k = 0; k < next.n; k++)
				add_clause(&out, &next.clause[k]);
		}
		break;
	case EXPR_OR:
		return or_clauses(node, top);
	case EXPR_TRUE:
	case EXPR_NOT:
		break;
	}
	return out;
}

/* Needs ------------------------------------------------------------------- */

/* The longest literals first: they rule out most. */
static int compare_clauses(const void *x, const void *y)
{
	const struct clause *a = x, *b = y;

	return is_better(a, b) ? -1 : is_better(b, a);
}

static struct need_bytes *from_clauses(struct clauses *all)
{
	struct need_bytes *n;

	if (all->n == 0)
		return NULL;
	qsort(all->clause, all->n, sizeof(all->clause[0]), compare_clauses);
	n = mem_zero(1, sizeof(*n));
	arena_init(&n->arena);
	n->n = all->n;
	for (size_t i = 0; i < all->n; i++) {
		const struct clause *c = &all->clause[i];

		n->clause[i].n = c->n;
		for (size_t k = 0; k < c->n; k++)
			needle_init(&n->clause[i].needle[k],
				    pattern_lower(&n->arena, c->text[k]),
				    false);
	}
	return n;
}

struct need_bytes *need_bytes_new(const struct matcher *m)
{
	struct clauses all = node_clauses(m->root, true);

	return from_clauses(&all);
}

struct need_bytes *need_bytes_of_path(struct str path)
{
	struct clauses all = { .n = 0 };
	struct clause c = { .n = 0 };

	if (add_literal(&c, longest_part(last_name(path))))
		add_clause(&all, &c);
	return from_clauses(&all);
}

void need_bytes_free(struct need_bytes *n)
{
	if (!n)
		return;
	arena_release(&n->arena);
	free(n);
}

static bool has_all(const struct need_bytes *n, struct str raw)
{
	for (size_t i = 0; i < n->n; i++) {
		bool found = false;

		for (size_t k = 0; k < n->clause[i].n && !found; k++)
			found = needle_in(&n->clause[i].needle[k], raw);
		if (!found)
			return false;
	}
	return true;
}

bool need_bytes_in(const struct need_bytes *n, struct str raw, uint32_t flags)
{
	struct needle escape;

	if (flags & (EVENT_HAS_CONTROL | EVENT_HAS_NONASCII) || has_all(n, raw))
		return true;
	/* Any character may hide behind an escape. */
	needle_init(&escape, STR("\\u"), true);
	return needle_in(&escape, raw);
}
