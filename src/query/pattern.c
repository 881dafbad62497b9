/* SPDX-License-Identifier: MIT */
#include "query/pattern.h"

/*
 * How seldom a byte is found in CloudTrail records, roughly; the search for a
 * literal looks for its rarest one.
 */
static unsigned rarity(char c)
{
	static const char common[] =
		"eaotnsirclmdupwg:\".-0123456789/,_fhvbykA";
	const char *at = strchr(common, str_lower(c));

	if (c == '\0' || !at)
		return sizeof(common);
	return (unsigned)(at - common);
}

static bool is_special(char c)
{
	return c == '*' || c == '?' || c == '\\';
}

bool pattern_is_literal(struct str p)
{
	for (size_t i = 0; i < p.n; i++) {
		if (p.p[i] == '\\')
			i++;
		else if (p.p[i] == '*' || p.p[i] == '?')
			return false;
	}
	return true;
}

bool pattern_is_any(struct str p)
{
	return p.n == 1 && p.p[0] == '*';
}

struct str pattern_text(struct arena *a, struct str p)
{
	char *out = arena_alloc(a, p.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < p.n; i++) {
		if (p.p[i] == '\\' && i + 1 < p.n)
			i++;
		out[n++] = p.p[i];
	}
	out[n] = '\0';
	return (struct str){ out, n };
}

struct str pattern_of_text(struct arena *a, struct str text)
{
	char *out = arena_alloc(a, text.n * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (is_special(text.p[i]))
			out[n++] = '\\';
		out[n++] = text.p[i];
	}
	out[n] = '\0';
	return (struct str){ out, n };
}

/* With backslashes only where they are needed, and no two stars in a row. */
static struct str tidy(struct arena *a, struct str p)
{
	char *out = arena_alloc(a, p.n * 2 + 1);
	size_t n = 0;
	bool after_star = false;

	for (size_t i = 0; i < p.n; i++) {
		char c = p.p[i];
		bool escaped = false;

		if (c == '\\') {
			/* A last backslash stands for itself. */
			if (i + 1 < p.n)
				c = p.p[++i];
			escaped = is_special(c);
		} else if (c == '*') {
			if (after_star)
				continue;
			after_star = true;
			out[n++] = c;
			continue;
		}
		after_star = false;
		if (escaped)
			out[n++] = '\\';
		out[n++] = c;
	}
	out[n] = '\0';
	return (struct str){ out, n };
}

/* True when the last character of a tidy pattern is a star that is one. */
static bool ends_with_star(struct str p)
{
	size_t i = 0;

	while (i < p.n) {
		if (p.p[i] == '\\') {
			i += 2;
			continue;
		}
		if (p.p[i] == '*' && i + 1 == p.n)
			return true;
		i++;
	}
	return false;
}

struct str pattern_whole(struct arena *a, enum test_op op, struct str p)
{
	if (op == TEST_CONTAINS || op == TEST_ENDS)
		p = arena_join(a, STR("*"), p);
	if (op == TEST_CONTAINS || op == TEST_STARTS)
		p = arena_join(a, p, STR("*"));
	return p;
}

/* Makes a pattern of one of the first four ops normal; may change the op. */
static struct str normal(struct arena *a, enum test_op *op, struct str p)
{
	bool front = *op == TEST_CONTAINS || *op == TEST_ENDS;
	bool back = *op == TEST_CONTAINS || *op == TEST_STARTS;

	p = tidy(a, p);
	if (p.n && p.p[0] == '*') {
		front = true;
		p = str_from(p, 1);
	}
	if (ends_with_star(p)) {
		back = true;
		p = str_sub(p, 0, p.n - 1);
	}
	if (p.n == 0 && (front || back)) {
		*op = TEST_EQUALS;
		return STR("*");
	}
	*op = front && back ? TEST_CONTAINS :
	      front         ? TEST_ENDS :
	      back          ? TEST_STARTS :
			      TEST_EQUALS;
	return p;
}

const struct expr *pattern_test(struct arena *a, const struct expr_field *field,
				enum test_op op, bool cased, struct str pattern)
{
	struct str value = normal(a, &op, pattern);
	struct expr_test test = { .field = *field,
				  .op = op,
				  .cased = cased,
				  .value = &value,
				  .value_n = 1 };

	if (pattern_is_any(value) && op == TEST_EQUALS) {
		test.cased = false;
		if (field->kind == FIELD_ANY)
			return expr_constant(a, true);
	}
	if (field->kind == FIELD_ANY)
		test.op = TEST_CONTAINS;
	return expr_test(a, &test);
}

/* Can b's values join a's in an AND or OR? */
static bool can_merge(enum expr_kind kind, const struct expr *a,
		      const struct expr *b)
{
	const struct expr_test *x = &a->test, *y = &b->test;

	if (a->kind != EXPR_TEST || b->kind != EXPR_TEST ||
	    x->field.kind != y->field.kind ||
	    x->field.column != y->field.column ||
	    !str_eq(x->field.path, y->field.path) || x->op != y->op ||
	    x->op > TEST_PART || x->cased != y->cased ||
	    x->re_flags != y->re_flags)
		return false;
	if (kind == EXPR_AND)
		return (x->all || x->value_n == 1) &&
		       (y->all || y->value_n == 1);
	return !x->all && !y->all;
}

const struct expr *pattern_join(struct arena *a, enum expr_kind kind,
				const struct expr_list *list)
{
	struct expr_list out = { NULL, 0, 0 };
	bool *done = arena_zero(a, list->n + 1);

	for (size_t i = 0; i < list->n; i++) {
		struct expr_test test = list->member[i]->test;
		struct str *value;
		size_t n = 0;

		if (done[i])
			continue;
		for (size_t j = i; j < list->n; j++)
			if (j == i ||
			    can_merge(kind, list->member[i], list->member[j]))
				n += list->member[j]->test.value_n;
		if (list->member[i]->kind != EXPR_TEST || n == test.value_n) {
			expr_list_add(a, &out, list->member[i]);
			continue;
		}
		value = arena_alloc(a, n * sizeof(*value));
		n = 0;
		for (size_t j = i; j < list->n; j++) {
			const struct expr_test *t = &list->member[j]->test;

			if (j > i &&
			    (done[j] || !can_merge(kind, list->member[i],
						   list->member[j])))
				continue;
			done[j] = true;
			for (size_t k = 0; k < t->value_n; k++)
				value[n++] = t->value[k];
		}
		test.all = kind == EXPR_AND;
		test.value = value;
		test.value_n = n;
		expr_list_add(a, &out, expr_test(a, &test));
	}
	return expr_join(a, kind, out.member, out.n);
}

struct str pattern_lower(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		out[i] = str_lower(s.p[i]);
	out[s.n] = '\0';
	return (struct str){ out, s.n };
}

/* Needles ----------------------------------------------------------------- */

void needle_init(struct needle *n, struct str text, bool cased)
{
	unsigned best = 0;

	*n = (struct needle){ .text = text, .cased = cased };
	for (size_t i = 0; i < text.n; i++) {
		unsigned r = rarity(text.p[i]);

		if (r > best) {
			best = r;
			n->rare = i;
		}
	}
	if (text.n == 0)
		return;
	n->low = n->high = text.p[n->rare];
	if (!cased && n->low >= 'a' && n->low <= 'z')
		n->high = (char)(n->low - 32);
}

/* The needle against s at `at`; it fits there. */
static bool found_at(const struct needle *n, struct str s, size_t at)
{
	const char *p = s.p + at;

	if (n->cased)
		return memcmp(p, n->text.p, n->text.n) == 0;
	for (size_t i = 0; i < n->text.n; i++)
		if (p[i] != n->text.p[i] && str_lower(p[i]) != n->text.p[i])
			return false;
	return true;
}

/* Offset of c at or after `from` and before `to`, or `to`. */
static size_t find_byte(struct str s, char c, size_t from, size_t to)
{
	const char *hit = from < to ? memchr(s.p + from, c, to - from) : NULL;

	return hit ? (size_t)(hit - s.p) : to;
}

bool needle_in(const struct needle *n, struct str s)
{
	size_t from, to, low, high;

	if (n->text.n == 0)
		return true;
	if (s.n < n->text.n)
		return false;
	/* Where the rare character may stand. */
	from = n->rare;
	to = s.n - n->text.n + n->rare + 1;
	low = find_byte(s, n->low, from, to);
	high = n->high == n->low ? to : find_byte(s, n->high, from, to);
	while (low < to || high < to) {
		size_t at = low < high ? low : high;

		if (found_at(n, s, at - n->rare))
			return true;
		if (at == low)
			low = find_byte(s, n->low, at + 1, to);
		else
			high = find_byte(s, n->high, at + 1, to);
	}
	return false;
}
