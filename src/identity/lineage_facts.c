/* SPDX-License-Identifier: MIT */
/* The fix-up: which credential came out of which event. */
#include "identity/lineage_private.h"

#include <stdlib.h>

#include "base/mem.h"

/* An issuing event of one row, with what it says. */
struct issue {
	row_id row;
	struct str pid, time, key, role, session_name;
};

static struct issue issue_of(const struct lineage_maker *m,
			     const struct fact *f)
{
	return (struct issue){
		.row = m->row_of[f->arrival],
		.pid = fact_text(m->facts, f, FACT_PRINCIPAL_ID),
		.time = fact_text(m->facts, f, FACT_TIME),
		.key = fact_text(m->facts, f, FACT_ACCESS_KEY),
		.role = fact_text(m->facts, f, FACT_ROLE),
		.session_name = fact_text(m->facts, f, FACT_SESSION_NAME),
	};
}

static struct str join3(struct lineage_maker *m, struct str a, const char *sep,
			struct str b)
{
	return arena_join(&m->arena, arena_join(&m->arena, a, str_of(sep)), b);
}

/* Session text: principalId@creationDate. */
static struct str session_text(struct lineage_maker *m, const struct issue *is)
{
	struct str pid = is->pid;

	if (!pid.n) {
		/* Services do not say whom they let in, but for the role and
		 * the session's name: the role's id is in its sessions. */
		node_id role = maker_node(m, NODE_PRINCIPAL, is->role);
		struct str uid = role ? m->extra[role].uid : STR_NULL;

		if (!uid.n)
			uid = arena_join(&m->arena, STR("?"), is->role);
		pid = join3(m, uid, ":", is->session_name);
	}
	return join3(m, pid, "@", is->time);
}

/* The session that the event opened, and how that is known. */
static node_id issued_session(struct lineage_maker *m, const struct issue *is,
			      enum certainty *certainty, const char **reason)
{
	node_id key = maker_node(m, NODE_KEY, is->key);
	node_id by_key = key ? m->extra[key].session : NODE_NONE;
	struct str text;

	*certainty = CERTAIN;
	*reason = "responseElements.credentials.accessKeyId";
	if (!is->pid.n && by_key)
		return by_key;
	text = session_text(m, is);
	if (by_key &&
	    !lineage_node(m->l, arena_join(&m->arena, STR("S:"), text))) {
		/* The clocks of the two may differ by a second. */
		*certainty = PROBABLE;
		return by_key;
	}
	*reason = "principalId and creationDate";
	return maker_node(m, NODE_SESSION, text);
}

static void join_issued(struct lineage_maker *m, const struct fact *f)
{
	struct issue is = issue_of(m, f);
	enum certainty certainty;
	const char *reason;
	node_id child = issued_session(m, &is, &certainty, &reason);
	struct lineage_node *node = &m->l->node[child];

	if (str_eq(store_text(m->s, EVENT_NAME, is.row),
		   STR("GetFederationToken")))
		node->session_kind = SESSION_FEDERATED;
	if (!node->account.n)
		node->account = store_text(m->s, EVENT_ACCOUNT, is.row);
	maker_edge(m, EDGE_ISSUED, m->l->acting[is.row], child, certainty,
		   is.row, reason);
	maker_edge(m, EDGE_HAS_KEY, child, maker_node(m, NODE_KEY, is.key),
		   CERTAIN, is.row, "issued with it");
	maker_edge(m, EDGE_SESSION_OF, child,
		   maker_node(m, NODE_PRINCIPAL, is.role), CERTAIN, is.row,
		   "requestParameters.roleArn");
}

static void join_console(struct lineage_maker *m, const struct fact *f)
{
	struct issue is = issue_of(m, f);
	struct str principal = store_text(m->s, EVENT_PRINCIPAL, is.row);
	node_id child;

	if (!is.pid.n)
		return;
	child = maker_node(m, NODE_SESSION, session_text(m, &is));
	m->l->node[child].session_kind = SESSION_CONSOLE;
	if (!m->l->node[child].account.n)
		m->l->node[child].account = store_text(m->s, EVENT_CALLER,
						       is.row);
	maker_edge(m, EDGE_ISSUED, m->l->acting[is.row], child, CERTAIN, is.row,
		   "principalId and creationDate");
	maker_edge(m, EDGE_SESSION_OF, child,
		   maker_node(m, NODE_PRINCIPAL, principal), CERTAIN, is.row,
		   "the sign-in names it");
}

static void join_key(struct lineage_maker *m, const struct fact *f)
{
	row_id row = m->row_of[f->arrival];
	struct str name = fact_text(m->facts, f, FACT_OWNER);
	struct str account = store_text(m->s, EVENT_ACCOUNT, row);
	node_id key = maker_node(m, NODE_KEY,
				 fact_text(m->facts, f, FACT_ACCESS_KEY));
	struct str arn;

	if (!key)
		return;
	if (!account.n)
		account = store_text(m->s, EVENT_CALLER, row);
	m->l->node[key].account = account;
	maker_edge(m, EDGE_CREATED, m->l->acting[row], key, CERTAIN, row,
		   "responseElements.accessKey");
	/* Rows that use the key name the user with its path: better. */
	if (!name.n || m->extra[key].owned)
		return;
	arn = join3(m, arena_join(&m->arena, STR("arn:aws:iam::"), account),
		    ":user/", name);
	maker_edge(m, EDGE_OWNS, maker_node(m, NODE_PRINCIPAL, arn), key,
		   CERTAIN, row, "responseElements.accessKey.userName");
}

static void join_created(struct lineage_maker *m, const struct fact *f)
{
	row_id row = m->row_of[f->arrival];

	maker_edge(m, EDGE_CREATED, m->l->acting[row],
		   maker_node(m, NODE_PRINCIPAL,
			      fact_text(m->facts, f, FACT_ROLE)),
		   CERTAIN, row, "responseElements names its ARN");
}

/*
 * How much the actor of an issuing event tells. One AssumeRole over accounts
 * is delivered to both: the role's account knows the caller only by an id.
 */
static uint8_t actor_rank(const struct lineage_maker *m, const struct fact *f)
{
	const struct lineage_node *n =
		&m->l->node[m->l->acting[m->row_of[f->arrival]]];

	if (n->kind == NODE_SESSION || n->kind == NODE_KEY)
		return 3;
	return str_starts(n->text, STR("acct:")) ? 1 : 2;
}

/* By number of sharedEventID: the best rank among the copies. */
static uint8_t *best_ranks(const struct lineage_maker *m)
{
	const struct facts *facts = m->facts;
	uint8_t *best = mem_zero(facts->strings.count, 1);

	for (size_t i = 0; i < facts->n; i++) {
		const struct fact *f = &facts->fact[i];
		uint8_t rank;

		if (m->row_of[f->arrival] == ROW_NONE)
			continue;
		rank = actor_rank(m, f);
		if (rank > best[f->text[FACT_SHARED_ID]])
			best[f->text[FACT_SHARED_ID]] = rank;
	}
	return best;
}

void maker_join_facts(struct lineage_maker *m)
{
	uint8_t *best = best_ranks(m);

	for (size_t i = 0; i < m->facts->n; i++) {
		const struct fact *f = &m->facts->fact[i];
		uint32_t shared = f->text[FACT_SHARED_ID];

		/* Of a duplicate that was dropped its other copy speaks. */
		if (m->row_of[f->arrival] == ROW_NONE)
			continue;
		arena_reset(&m->arena);
		switch (f->kind) {
		case FACT_ISSUED:
			if (!shared || actor_rank(m, f) == best[shared])
				join_issued(m, f);
			break;
		case FACT_CONSOLE:
			join_console(m, f);
			break;
		case FACT_KEY:
			join_key(m, f);
			break;
		case FACT_CREATED:
			join_created(m, f);
			break;
		}
	}
	free(best);
}
