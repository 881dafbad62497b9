/* SPDX-License-Identifier: MIT */
/*
 * question_help.h - what drawn graphs are asked, and what is expected of it
 */
#ifndef TRAWL_TEST_QUESTION_HELP_H
#define TRAWL_TEST_QUESTION_HELP_H

#include "drawn_graph.h"

#include "base/json.h"
#include "identity/question.h"

static const struct question plain = { .at = TIME_NONE };

static inline void expect_reach(const struct drawn *d, const char *node,
				const struct question *q, const char *expected)
{
	struct reach r;
	struct strbuf text;

	reach_of(&r, &d->l, node_of(&d->l, node), q);
	strbuf_init(&text);
	for (uint32_t i = 1; i < r.n; i++)
		strbuf_addf(&text, "%.*s %s\n",
			    STR_ARG(lineage_id(&d->l, r.at[i].node)),
			    edge_kind_name(r.at[i].edge->kind));
	assert_str_eq(strbuf_str(&text), str_of(expected));
	strbuf_release(&text);
	reach_release(&r);
}

static inline void expect_revoke(const struct drawn *d, const char *node,
				 const char *expected)
{
	struct revocation r;
	struct strbuf text;
	node_id n = node_of(&d->l, node);

	revocation_of(&r, &d->l, &n, 1, &plain);
	strbuf_init(&text);
	for (uint32_t i = 0; i < r.n; i++) {
		const struct credential *c = &r.credential[i];

		strbuf_addf(&text, "%s %.*s %u ", credential_kind_name(c->kind),
			    STR_ARG(lineage_id(&d->l, c->node)), c->n);
		time_format(&text, c->until, TIME_CLOCK, NULL);
		strbuf_addf(&text, "%s%s\n", c->at_most ? " at most" : "",
			    c->rewritten ? " rewritten" : "");
		assert_true(strlen(credential_kind_how(c->kind)) > 20);
	}
	assert_str_eq(strbuf_str(&text), str_of(expected));
	strbuf_release(&text);
	revocation_release(&r);
}

#endif /* TRAWL_TEST_QUESTION_HELP_H */
