/* SPDX-License-Identifier: MIT */
#include "query/plan.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/plan_private.h"

struct plan {
	struct matcher *matcher;
	bool needs_records, asks_case, asks_kin;
};

/*
 * What is known of a part of the condition: rows that meet it, and rows that
 * may. When all is known the two are one and `may` is none.
 */
struct share {
	struct bits sure;
	struct bits may;
};

/* Life cycle -------------------------------------------------------------- */

enum err_code plan_new(struct plan **out, const struct expr *e, struct err *err)
{
	struct matcher *m;
	enum err_code rc = matcher_new(&m, e, err);

	if (rc != ERR_OK)
		return rc;
	*out = mem_zero(1, sizeof(**out));
	(*out)->matcher = m;
	for (size_t i = 0; i < m->test_n; i++) {
		(*out)->needs_records |= m->test[i]->needs_record;
		(*out)->asks_case |= m->test[i]->from == CLASS_SAID;
		(*out)->asks_kin |= m->test[i]->from == CLASS_KIN;
	}
	return ERR_OK;
}

void plan_free(struct plan *p)
{
	if (!p)
		return;
	matcher_free(p->matcher);
	free(p);
}

bool plan_asks_case(const struct plan *p)
{
	return p->asks_case;
}

bool plan_asks_kin(const struct plan *p)
{
	return p->asks_kin;
}

bool plan_needs_records(const struct plan *p)
{
	return p->needs_records;
}

const struct matcher *plan_matcher(const struct plan *p)
{
	return p->matcher;
}

/* Shares ------------------------------------------------------------------ */

static void share_release(struct share *s)
{
	bits_release(&s->sure);
	bits_release(&s->may);
}

static bool is_exact(const struct share *s)
{
	return !s->may.word;
}

/* Gives a share two sets, also when they are equal. */
static void split(struct share *s)
{
	if (is_exact(s))
		s->may = bits_copy(&s->sure);
}

static void join(struct share *a, struct share *b, enum expr_kind kind)
{
	void (*op)(struct bits *,
		   const struct bits *) = kind == EXPR_AND ? bits_and : bits_or;

	if (!is_exact(a) || !is_exact(b)) {
		split(a);
		split(b);
		op(&a->may, &b->may);
	}
	op(&a->sure, &b->sure);
	share_release(b);
}

static void invert(struct share *s)
{
	struct bits swap = s->sure;

	bits_invert(&s->sure);
	if (is_exact(s))
		return;
	bits_invert(&s->may);
	s->sure = s->may;
	s->may = swap;
}

/* Can no other member change what is known? */
static bool is_settled(const struct share *s, enum expr_kind kind)
{
	return kind == EXPR_AND && bits_empty(is_exact(s) ? &s->sure : &s->may);
}

static struct share ask(const struct plan_subject *x, const struct mnode *node,
			struct bits *known)
{
	struct share all = { BITS_NONE, BITS_NONE };

	switch (node->kind) {
	case EXPR_TRUE:
	case EXPR_FALSE:
		all.sure = bits_new(x->store->n, node->kind == EXPR_TRUE);
		return all;
	case EXPR_TEST:
		if (node->test->needs_record) {
			all.sure = bits_new(x->store->n, false);
			all.may = bits_new(x->store->n, true);
			return all;
		}
		all.sure = plan_leaf(x, node->test);
		known[node->test->number] = bits_copy(&all.sure);
		return all;
	case EXPR_NOT:
		all = ask(x, node->member[0], known);
		invert(&all);
		return all;
	case EXPR_AND:
	case EXPR_OR:
		break;
	}
	all = ask(x, node->member[0], known);
	for (size_t i = 1; i < node->n && !is_settled(&all, node->kind); i++) {
		struct share next = ask(x, node->member[i], known);

		join(&all, &next, node->kind);
	}
	return all;
}

/* Answers ----------------------------------------------------------------- */

void plan_ask(const struct plan *p, const struct store *s,
	      const struct marks *marks, struct plan_answer *out)
{
	struct plan_subject x = { s, marks, match_scratch_new() };
	struct share all;

	*out = (struct plan_answer){ .known_n = p->matcher->test_n };
	out->known = mem_zero(out->known_n + 1, sizeof(*out->known));
	all = ask(&x, p->matcher->root, out->known);
	bits_to_rows(&all.sure, &out->sure);
	if (!is_exact(&all)) {
		bits_subtract(&all.may, &all.sure);
		bits_to_rows(&all.may, &out->maybe);
	}
	share_release(&all);
	match_scratch_free(x.s);
}

void plan_answer_release(struct plan_answer *a)
{
	rowset_release(&a->sure);
	rowset_release(&a->maybe);
	for (size_t i = 0; i < a->known_n; i++)
		bits_release(&a->known[i]);
	free(a->known);
	*a = (struct plan_answer){ .known_n = 0 };
}

bool plan_rows(const struct plan *p, const struct store *s,
	       const struct marks *marks, struct rowset *out)
{
	struct plan_answer a;
	bool exact;

	plan_ask(p, s, marks, &a);
	exact = a.maybe.n == 0;
	if (exact)
		rowset_copy(out, &a.sure);
	else
		rowset_union(out, &a.sure, &a.maybe);
	plan_answer_release(&a);
	return exact;
}
