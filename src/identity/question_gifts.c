/* SPDX-License-Identifier: MIT */
/* What was given to users to sign in with, and whom policies let in: part of
 * what has to be revoked. */
#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "identity/question_private.h"

/* What users were given -------------------------------------------------------- */

/* Calls that give a user a password, and the account something that signs
 * others in; what takes it away. */
static const struct gift {
	const char *source, *given, *taken;
	enum credential_kind kind;
} gifts[] = {
	{ "iam.amazonaws.com", "CreateLoginProfile", "DeleteLoginProfile",
	  CREDENTIAL_PASSWORD },
	{ "iam.amazonaws.com", "UpdateLoginProfile", "DeleteLoginProfile",
	  CREDENTIAL_PASSWORD },
	{ "iam.amazonaws.com", "CreateSAMLProvider", "DeleteSAMLProvider",
	  CREDENTIAL_PROVIDER },
	{ "iam.amazonaws.com", "UpdateSAMLProvider", "DeleteSAMLProvider",
	  CREDENTIAL_PROVIDER },
	{ "iam.amazonaws.com", "CreateOpenIDConnectProvider",
	  "DeleteOpenIDConnectProvider", CREDENTIAL_PROVIDER },
	{ "rolesanywhere.amazonaws.com", "CreateTrustAnchor",
	  "DeleteTrustAnchor", CREDENTIAL_PROVIDER },
};

enum { GIFTS = ARRAY_SIZE(gifts) };

/* Their names as values of the store's columns; 0: not in the evidence. */
struct gift_values {
	uint32_t source[GIFTS], given[GIFTS], taken[GIFTS];
};

static void find_gifts(struct gift_values *v, const struct store *s)
{
	for (size_t i = 0; i < GIFTS; i++) {
		v->source[i] = store_find_value(s, EVENT_SOURCE,
						str_of(gifts[i].source));
		v->given[i] = store_find_value(s, EVENT_NAME,
					       str_of(gifts[i].given));
		v->taken[i] = store_find_value(s, EVENT_NAME,
					       str_of(gifts[i].taken));
	}
}

/* Is a gift to a user the identity's: its own, or given by it? */
static bool is_ours(const struct revoking *r, node_id user, row_id row)
{
	return r->reached[user] || r->reached[r->l->acting[row]];
}

static void add_gift(struct revoking *r, enum credential_kind kind,
		     node_id user, row_id row, uint32_t id)
{
	struct credential *c = revoke_add(r, kind, user, row, CERTAIN);

	c->id = intern_text(&r->l->texts, id);
	if (r->reached[user])
		c->certainty = r->reach.at[r->reached[user] - 1].certainty;
}

/* The password that the rows which name a user leave it with. */
static void add_set_password(struct revoking *r, const struct gift_values *v,
			     node_id user)
{
	const struct store *s = r->l->store;
	uint32_t n;
	const row_id *on = lineage_on(r->l, user, &n);
	row_id last = ROW_NONE;

	for (uint32_t k = 0; k < n; k++) {
		uint32_t name = store_value_at(s, EVENT_NAME, on[k]);

		if (store_outcome(s, on[k]) != OUTCOME_OK)
			continue;
		for (size_t i = 0; i < GIFTS; i++) {
			if (gifts[i].kind != CREDENTIAL_PASSWORD ||
			    store_value_at(s, EVENT_SOURCE, on[k]) !=
				    v->source[i])
				continue;
			if (name == v->given[i] && is_ours(r, user, on[k]))
				last = on[k];
			else if (name == v->taken[i])
				last = ROW_NONE;
		}
	}
	if (last != ROW_NONE)
		add_gift(r, CREDENTIAL_PASSWORD, user, last, 0);
}

/* What a user was left with to sign in. */
static void add_gifts(struct revoking *r, const struct gift_values *v,
		      node_id user)
{
	const struct lineage_gift *gift;
	uint32_t n;

	if (revoke_has_ended(r, user))
		return;
	add_set_password(r, v, user);
	gift = lineage_gifts(r->l, user, &n);
	for (uint32_t i = 0; i < n; i++)
		if (gift[i].taken == ROW_NONE && is_ours(r, user, gift[i].row))
			add_gift(r, CREDENTIAL_SPECIFIC, user, gift[i].row,
				 gift[i].id);
}

/* A user that signed in to the console has a password. */
static void add_password(struct revoking *r, const struct reached *at)
{
	const struct lineage *l = r->l;
	const struct lineage_edge *e, *login = NULL;
	const struct lineage_end *end;
	uint32_t n;

	for (uint32_t i = 0; (e = lineage_out(l, at->node, i)); i++)
		if (e->kind == EDGE_ISSUED &&
		    l->node[e->to].session_kind == SESSION_CONSOLE)
			login = e;
	if (!login || revoke_is_root(l, at->node) ||
	    revoke_has_ended(r, at->node))
		return;
	end = lineage_ends(l, at->node, &n);
	for (uint32_t i = 0; i < n; i++)
		if (end[i].kind == END_LOGIN_DELETED &&
		    end[i].row > lineage_evidence(l, login, 0))
			return;
	revoke_add(r, CREDENTIAL_PASSWORD, at->node,
		   lineage_evidence(l, login, 0), at->certainty)
		->issued = TIME_NONE;
}

/* The identity's users, and those whose rights it changed: each once. */
static void add_users(struct revoking *r, const struct gift_values *v)
{
	uint8_t *seen = mem_zero(r->l->node_n, 1);
	const struct lineage_edge *e;
	uint32_t n = r->out->n;

	for (uint32_t i = 0; i < r->reach.n; i++) {
		node_id node = r->reach.at[i].node;

		if (r->l->node[node].kind == NODE_PRINCIPAL && !seen[node]) {
			seen[node] = 1;
			add_gifts(r, v, node);
		}
		for (uint32_t k = 0; (e = lineage_out(r->l, node, k)); k++) {
			if (e->kind != EDGE_MODIFIED_AUTH || seen[e->to])
				continue;
			seen[e->to] = 1;
			add_gifts(r, v, e->to);
		}
	}
	/* `seen` now says who has a password already. */
	for (node_id i = 0; i < r->l->node_n; i++)
		seen[i] = 0;
	for (; n < r->out->n; n++)
		if (r->out->credential[n].kind == CREDENTIAL_PASSWORD)
			seen[r->out->credential[n].node] = 1;
	for (uint32_t i = 0; i < r->reach.n; i++)
		if (r->l->node[r->reach.at[i].node].kind == NODE_PRINCIPAL &&
		    !seen[r->reach.at[i].node])
			add_password(r, &r->reach.at[i]);
	free(seen);
}

/* A provider or trust anchor, by the event that made it. */
struct provider {
	row_id row;
	node_id node;
};

static int compare_providers(const void *x, const void *y)
{
	const struct provider *a = x, *b = y;

	return a->row < b->row ? -1 : a->row > b->row;
}

/* What the identity created under a name of the graph. */
static struct provider *list_made(const struct revoking *r, size_t *n)
{
	const struct lineage_edge *e;
	struct provider *list = NULL;
	size_t cap = 0;

	*n = 0;
	for (uint32_t i = 0; i < r->reach.n; i++)
		for (uint32_t k = 0;
		     (e = lineage_out(r->l, r->reach.at[i].node, k)); k++) {
			if (e->kind != EDGE_CREATED ||
			    r->l->node[e->to].kind != NODE_PRINCIPAL)
				continue;
			list = mem_grow(list, &cap, *n + 1, sizeof(*list));
			list[(*n)++] = (struct provider){
				lineage_evidence(r->l, e, 0), e->to
			};
		}
	if (*n)
		qsort(list, *n, sizeof(*list), compare_providers);
	return list;
}

/* The provider, else whoever made it. */
static node_id made_at(const struct provider *list, size_t n, row_id row,
		       node_id by)
{
	struct provider key = { .row = row };
	const struct provider *found = n ? bsearch(&key, list, n, sizeof(*list),
						   compare_providers) :
					   NULL;

	return found ? found->node : by;
}

/* Providers belong to the account: found among what the identity did. */
static void add_providers(struct revoking *r, const struct gift_values *v)
{
	const struct store *s = r->l->store;
	size_t made_n;
	struct provider *made = list_made(r, &made_n);

	for (size_t i = 0; i < GIFTS; i++) {
		struct rowset rows, undone = ROWSET_INIT;

		if (gifts[i].kind != CREDENTIAL_PROVIDER || !v->given[i])
			continue;
		rows = store_rows(s, EVENT_NAME, v->given[i]);
		if (v->taken[i])
			undone = store_rows(s, EVENT_NAME, v->taken[i]);
		for (size_t k = 0; k < rows.n; k++) {
			row_id row = rows.row[k];
			node_id by = r->l->acting[row], node;

			if (!r->reached[by] ||
			    store_value_at(s, EVENT_SOURCE, row) !=
				    v->source[i] ||
			    store_outcome(s, row) != OUTCOME_OK)
				continue;
			node = made_at(made, made_n, row, by);
			if (node != by && revoke_has_ended(r, node))
				continue;
			revoke_add(r, CREDENTIAL_PROVIDER, node, row, CERTAIN)
				->rewritten = rowset_seek(&undone, row) <
					      undone.n;
		}
	}
	free(made);
}

void revoke_gifts(struct revoking *r)
{
	struct gift_values values;

	find_gifts(&values, r->l->store);
	add_users(r, &values);
	add_providers(r, &values);
}

/* Whom policies let in ---------------------------------------------------------- */

static bool laid_by(const struct revoking *r, const struct lineage_edge *e)
{
	if (r->reached[e->from])
		return true;
	for (uint32_t i = 0; i < e->evidence_n; i++)
		if (r->reached[r->l->acting[lineage_evidence(r->l, e, i)]])
			return true;
	return false;
}

/* Calls that change a policy in a way that only their records tell. */
static bool may_rewrite(struct str name)
{
	return str_eq(name, STR("UpdateAssumeRolePolicy")) ||
	       str_ends(name, STR("Permission")) ||
	       str_ends(name, STR("Attributes")) ||
	       str_ends(name, STR("ResourcePolicy")) ||
	       str_ends(name, STR("BucketPolicy")) ||
	       str_ends(name, STR("KeyPolicy")) ||
	       str_ends(name, STR("RepositoryPolicy"));
}

/* When a policy of that node may last have been written. The rows that name it
 * are many: the last that matters is kept for the next edge of the node. */
static row_id last_written(const struct revoking *r, node_id node)
{
	const struct store *s = r->l->store;
	uint32_t n;
	const row_id *on = lineage_on(r->l, node, &n);

	while (n-- > 0)
		if (store_outcome(s, on[n]) == OUTCOME_OK &&
		    !(s->flags[on[n]] & EVENT_READ) &&
		    may_rewrite(
			    event_base_name(store_text(s, EVENT_NAME, on[n]))))
			return on[n];
	return ROW_NONE;
}

void revoke_openings(struct revoking *r)
{
	const struct lineage *l = r->l;
	node_id of = NODE_NONE;
	row_id written = ROW_NONE;

	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];
		struct credential *c;
		bool closed;
		row_id last;

		if ((e->kind != EDGE_TRUSTS && e->kind != EDGE_GRANTS) ||
		    !laid_by(r, e) || revoke_has_ended(r, e->from))
			continue;
		last = lineage_opened(l, e, &closed);
		if (closed)
			continue;
		/* Edges come in order of where they leave. */
		if (e->from != of) {
			of = e->from;
			written = last_written(r, of);
		}
		c = revoke_add(r,
			       e->kind == EDGE_TRUSTS ? CREDENTIAL_TRUST :
							CREDENTIAL_GRANT,
			       e->from, last, e->certainty);
		c->other = e->to;
		c->rewritten = written != ROW_NONE && written > last;
	}
}
