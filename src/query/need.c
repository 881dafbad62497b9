/* SPDX-License-Identifier: MIT */
#include "query/need.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/matcher_private.h"

/* Values ------------------------------------------------------------------ */

static int compare_texts(const void *x, const void *y)
{
	const struct str *a = x, *b = y;

	return str_cmp(*a, *b);
}

static void sort_values(struct need_values *v)
{
	size_t n = 0;

	if (v->n)
		qsort(v->text, v->n, sizeof(*v->text), compare_texts);
	for (size_t i = 0; i < v->n; i++)
		if (n == 0 || !str_eq(v->text[n - 1], v->text[i]))
			v->text[n++] = v->text[i];
	v->n = n;
}

static bool test_values(struct arena *a, const struct expr_test *t,
			struct str path, struct need_values *out)
{
	size_t n = t->all ? 1 : t->value_n;

	if (t->field.kind != FIELD_PATH || !str_eq(t->field.path, path) ||
	    t->op != TEST_EQUALS || n == 0 || n > NEED_MAX)
		return false;
	out->text = arena_alloc(a, n * sizeof(*out->text));
	out->n = 0;
	for (size_t i = 0; i < n; i++) {
		if (!pattern_is_literal(t->value[i]))
			return false;
		out->text[out->n++] =
			pattern_lower(a, pattern_text(a, t->value[i]));
	}
	sort_values(out);
	return true;
}

/* The best member will do: the one with the fewest values. */
static bool and_values(struct arena *a, const struct expr *e, struct str path,
		       struct need_values *out)
{
	struct need_values v;
	bool found = false;

	for (size_t i = 0; i < e->member_n; i++) {
		if (!need_values(a, e->member[i], path, &v) ||
		    (found && v.n >= out->n))
			continue;
		*out = v;
		found = true;
	}
	return found;
}

/* Every member must say something. */
static bool or_values(struct arena *a, const struct expr *e, struct str path,
		      struct need_values *out)
{
	struct need_values v, all = { NULL, 0 };

	all.text = arena_alloc(a, NEED_MAX * sizeof(*all.text));
	for (size_t i = 0; i < e->member_n; i++) {
		if (!need_values(a, e->member[i], path, &v) ||
		    all.n + v.n > NEED_MAX)
			return false;
		for (size_t j = 0; j < v.n; j++)
			all.text[all.n++] = v.text[j];
		sort_values(&all);
	}
	*out = all;
	return true;
}

bool need_values(struct arena *a, const struct expr *e, struct str path,
		 struct need_values *out)
{
	switch (e->kind) {
	case EXPR_FALSE:
		*out = (struct need_values){ NULL, 0 };
		return true;
	case EXPR_TEST:
		return test_values(a, &e->test, path, out);
	case EXPR_AND:
		return and_values(a, e, path, out);
	case EXPR_OR:
		return or_values(a, e, path, out);
	case EXPR_TRUE:
	case EXPR_NOT:
		break;
	}
	return false;
}

/* Bytes ------------------------------------------------------------------- */

/* Shorter ones are found in every record; more of them cost more than they
 * save. */
enum { BYTES_MIN = 3, BYTES_LITERALS = 16 };

struct need_bytes {
	struct arena arena;
	struct needle needle[BYTES_LITERALS];
	size_t n;
};

/* Literals under consideration; `known` false: none can be named. */
struct literals {
	struct str text[BYTES_LITERALS];
	size_t n;
	size_t shortest;
	bool known;
};

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
		    p.p[from] != '\0' && strchr("ntr", str_lower(p.p[from])))
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

static void add_literal(struct literals *l, struct str text)
{
	if (text.n < BYTES_MIN || l->n == BYTES_LITERALS) {
		l->known = false;
		return;
	}
	if (l->n == 0 || text.n < l->shortest)
		l->shortest = text.n;
	l->text[l->n++] = text;
}

/* Which of two sets says more? */
static bool is_better(const struct literals *a, const struct literals *b)
{
	if (!a->known || !b->known)
		return a->known;
	if (a->n != b->n && (a->n == 0 || b->n == 0))
		return a->n == 0;
	return a->shortest > b->shortest;
}

/* A field that the record must have: the last name of its path. */
static struct literals name_literals(const struct mtest *t)
{
	struct literals l = { .known = t->field.kind == FIELD_PATH };

	if (l.known)
		add_literal(&l, longest_part(last_name(t->field.path)));
	return l;
}

static struct literals test_literals(const struct mtest *t)
{
	struct literals name = name_literals(t), l = { .known = true }, one;

	if (t->op == TEST_NULL || !t->needs_record)
		return (struct literals){ .known = false };
	if (t->op > TEST_ENDS)
		return name;
	for (size_t i = 0; i < t->n; i++) {
		const struct mvalue *v = &t->value[i];

		one = (struct literals){ .known = true };
		if (v->how == VALUE_LITERAL || v->how == VALUE_GLOB)
			add_literal(&one, longest_part(v->text));
		else
			one.known = false;
		if (t->all) {
			if (i == 0 || is_better(&one, &l))
				l = one;
		} else if (one.known) {
			add_literal(&l, one.text[0]);
		} else {
			l.known = false;
		}
	}
	return is_better(&name, &l) ? name : l;
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

static struct literals node_literals(const struct mnode *node, bool top)
{
	struct literals l = { .known = false }, next;

	switch (node->kind) {
	case EXPR_FALSE:
		l.known = true;
		return l;
	case EXPR_TEST:
		return test_literals(node->test);
	case EXPR_AND:
		for (size_t i = 0; i < node->n; i++) {
			next = node_literals(node->member[i], false);
			if (is_better(&next, &l))
				l = next;
		}
		return l;
	case EXPR_OR:
		l.known = true;
		for (size_t i = 0; i < node->n && l.known; i++) {
			/* At the top, rows that the store accepts have been
			 * accepted: such a member is false in all others. */
			if (top && !needs_record(node->member[i]))
				continue;
			next = node_literals(node->member[i], false);
			l.known &= next.known;
			for (size_t j = 0; j < next.n; j++)
				add_literal(&l, next.text[j]);
		}
		return l;
	case EXPR_TRUE:
	case EXPR_NOT:
		break;
	}
	return l;
}

struct need_bytes *need_bytes_new(const struct matcher *m)
{
	struct literals l = node_literals(m->root, true);
	struct need_bytes *n;

	if (!l.known)
		return NULL;
	n = mem_zero(1, sizeof(*n));
	arena_init(&n->arena);
	for (size_t i = 0; i < l.n; i++)
		needle_init(&n->needle[n->n++],
			    pattern_lower(&n->arena, l.text[i]), false);
	return n;
}

void need_bytes_free(struct need_bytes *n)
{
	if (!n)
		return;
	arena_release(&n->arena);
	free(n);
}

bool need_bytes_in(const struct need_bytes *n, struct str raw, uint32_t flags)
{
	struct needle escape;

	if (flags & (EVENT_HAS_CONTROL | EVENT_HAS_NONASCII))
		return true;
	for (size_t i = 0; i < n->n; i++)
		if (needle_in(&n->needle[i], raw))
			return true;
	/* Any character may hide behind an escape. */
	needle_init(&escape, STR("\\u"), true);
	return needle_in(&escape, raw);
}
