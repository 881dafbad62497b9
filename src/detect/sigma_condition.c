/* SPDX-License-Identifier: MIT */
#include "detect/sigma_private.h"
#include "query/lex.h"

/* "3 of X*" becomes an OR of ANDs; more of them than this are refused. */
enum { CHOICES_MAX = 1000 };

enum word_kind { WORD_END, WORD_OPEN, WORD_CLOSE, WORD_BAR, WORD_NAME };

struct word {
	enum word_kind kind;
	struct str text;
};

struct condition {
	struct compiling *c;
	struct str rest;
	unsigned line;
	unsigned depth;
	size_t weight; /* of what has been referred to */
};

static struct word peek(const struct condition *p)
{
	struct str s = p->rest;
	size_t n = 0;

	while (s.n && lex_is_blank(s.p[0]))
		s = str_from(s, 1);
	if (s.n == 0)
		return (struct word){ WORD_END, s };
	if (s.p[0] == '(' || s.p[0] == ')' || s.p[0] == '|')
		return (struct word){ s.p[0] == '(' ? WORD_OPEN :
				      s.p[0] == ')' ? WORD_CLOSE :
						      WORD_BAR,
				      str_sub(s, 0, 1) };
	while (n < s.n && !lex_is_blank(s.p[n]) && s.p[n] != '(' &&
	       s.p[n] != ')' && s.p[n] != '|')
		n++;
	return (struct word){ WORD_NAME, str_sub(s, 0, n) };
}

static struct word take(struct condition *p)
{
	struct word w = peek(p);

	p->rest = str_from(p->rest, (size_t)(w.text.p - p->rest.p) + w.text.n);
	return w;
}

static bool is_word(const struct word *w, const char *text)
{
	return w->kind == WORD_NAME && str_eq_fold(w->text, str_of(text));
}

static const struct expr *expected(struct condition *p, const char *what,
				   const struct word *w)
{
	if (w->kind == WORD_BAR)
		return sigma_fail(p->c, ERR_UNSUPPORTED, p->line,
				  "condition: aggregations after \"|\" are not "
				  "supported; write a correlation");
	if (w->kind == WORD_END)
		return sigma_fail(p->c, ERR_SYNTAX, p->line,
				  "condition: %s is expected at the end", what);
	return sigma_fail(p->c, ERR_SYNTAX, p->line,
			  "condition: %s is expected before \"%.*s\"", what,
			  STR_ARG(str_sub(w->text, 0, 60)));
}

/* Counts what a reference adds, so that references cannot multiply. */
static const struct expr *refer(struct condition *p, const struct expr *e)
{
	p->weight += sigma_weight(e);
	if (p->weight > SIGMA_NODES)
		return sigma_fail(p->c, ERR_LIMIT, p->line,
				  "condition: too large");
	return e;
}

static const struct expr *use(struct condition *p, struct sigma_selection *s)
{
	s->used = true;
	return refer(p, s->expr);
}

static const struct expr *selection(struct condition *p, const struct word *w)
{
	const struct sigma *s = p->c->out;

	for (size_t i = 0; i < s->selection_n; i++)
		if (str_eq(s->selection[i].name, w->text))
			return use(p, &s->selection[i]);
	return sigma_fail(p->c, ERR_SYNTAX, p->line,
			  "condition: there is no selection \"%.*s\"",
			  STR_ARG(str_sub(w->text, 0, 60)));
}

/* Choosing n of the list's members, in all ways. */
static bool add_choices(struct condition *p, struct expr_list *out,
			const struct expr_list *from, size_t at, size_t wanted,
			struct expr_list *chosen)
{
	if (wanted == 0) {
		const struct expr *e = expr_join(p->c->arena, EXPR_AND,
						 chosen->member, chosen->n);

		if (out->n == CHOICES_MAX || !refer(p, e))
			return false;
		expr_list_add(p->c->arena, out, e);
		return true;
	}
	for (; from->n - at >= wanted && at < from->n; at++) {
		expr_list_add(p->c->arena, chosen, from->member[at]);
		if (!add_choices(p, out, from, at + 1, wanted - 1, chosen))
			return false;
		chosen->n--;
	}
	return true;
}

static const struct expr *some_of(struct condition *p, struct word *count,
				  const struct expr_list *list)
{
	struct expr_list out = { NULL, 0, 0 }, chosen = { NULL, 0, 0 };
	uint64_t n = 1;

	if (is_word(count, "all"))
		return expr_join(p->c->arena, EXPR_AND, list->member, list->n);
	if (!is_word(count, "any"))
		str_to_u64(count->text, &n);
	if (n == 0 || n > list->n)
		return expr_constant(p->c->arena, n == 0);
	if (n == 1)
		return expr_join(p->c->arena, EXPR_OR, list->member, list->n);
	if (!add_choices(p, &out, list, 0, (size_t)n, &chosen))
		return sigma_fail(p->c, ERR_LIMIT, p->line,
				  "condition: too many ways to choose %.*s of "
				  "%zu",
				  STR_ARG(count->text), list->n);
	return expr_join(p->c->arena, EXPR_OR, out.member, out.n);
}

/* "1 of X*", "all of them"; `count` and "of" have been taken. */
static const struct expr *parse_of(struct condition *p, struct word *count)
{
	struct word w = take(p);
	struct expr_list list = { NULL, 0, 0 };
	const struct sigma *s = p->c->out;

	if (w.kind != WORD_NAME)
		return expected(p, "a selection or \"them\"", &w);
	for (size_t i = 0; i < s->selection_n; i++) {
		struct str name = s->selection[i].name;

		/* Names that begin with _ are not among "them". */
		if (is_word(&w, "them") ? name.n && name.p[0] == '_' :
					  !str_glob(name, w.text, false))
			continue;
		if (!use(p, &s->selection[i]))
			return NULL;
		expr_list_add(p->c->arena, &list, s->selection[i].expr);
	}
	if (list.n == 0)
		return sigma_fail(p->c, ERR_SYNTAX, p->line,
				  "condition: no selection is called \"%.*s\"",
				  STR_ARG(str_sub(w.text, 0, 60)));
	return some_of(p, count, &list);
}

static const struct expr *parse_or(struct condition *p);

static bool enter(struct condition *p)
{
	if (++p->depth <= SIGMA_DEPTH)
		return true;
	sigma_fail(p->c, ERR_LIMIT, p->line, "condition: nested too deep");
	return false;
}

static const struct expr *parse_primary(struct condition *p)
{
	struct word w = peek(p), next;
	const struct expr *e;
	struct condition ahead;

	if (w.kind == WORD_OPEN) {
		take(p);
		if (!enter(p))
			return NULL;
		e = parse_or(p);
		if (!e)
			return NULL;
		next = take(p);
		if (next.kind != WORD_CLOSE)
			return expected(p, "\")\"", &next);
		p->depth--;
		return e;
	}
	if (w.kind != WORD_NAME || is_word(&w, "and") || is_word(&w, "or"))
		return expected(p, "a selection", &w);
	take(p);
	if (is_word(&w, "not")) {
		if (!enter(p))
			return NULL;
		e = parse_primary(p);
		p->depth--;
		return e ? expr_not(p->c->arena, e) : NULL;
	}
	ahead = *p;
	next = take(&ahead);
	if (is_word(&next, "of") &&
	    (is_word(&w, "all") || is_word(&w, "any") ||
	     (str_all_digits(w.text) && w.text.n < 6))) {
		*p = ahead;
		return parse_of(p, &w);
	}
	return selection(p, &w);
}

static const struct expr *parse_and(struct condition *p)
{
	struct expr_list list = { NULL, 0, 0 };

	for (;;) {
		const struct expr *e = parse_primary(p);
		struct word w;

		if (!e)
			return NULL;
		expr_list_add(p->c->arena, &list, e);
		w = peek(p);
		if (!is_word(&w, "and"))
			break;
		take(p);
	}
	return expr_join(p->c->arena, EXPR_AND, list.member, list.n);
}

static const struct expr *parse_or(struct condition *p)
{
	struct expr_list list = { NULL, 0, 0 };

	for (;;) {
		const struct expr *e = parse_and(p);
		struct word w;

		if (!e)
			return NULL;
		expr_list_add(p->c->arena, &list, e);
		w = peek(p);
		if (!is_word(&w, "or"))
			break;
		take(p);
	}
	return expr_join(p->c->arena, EXPR_OR, list.member, list.n);
}

const struct expr *sigma_condition(struct compiling *c, struct str text,
				   unsigned line)
{
	struct condition p = { .c = c, .rest = text, .line = line };
	const struct expr *e = parse_or(&p);
	struct word w;

	if (!e)
		return NULL;
	w = peek(&p);
	return w.kind == WORD_END ? e : expected(&p, "\"and\" or \"or\"", &w);
}
