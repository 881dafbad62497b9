/* SPDX-License-Identifier: MIT */
/* Roles that are taken from roles, and what sessions of outsiders do. */
#include "detect/lineage_detections.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

enum { CHAIN_MOST = 100 }; /* hops that are looked at */

/* The session or key that issued a session; by its key, the key's session. */
static node_id issuer_session(struct lineage_context *x, node_id session)
{
	node_id from = context_ties(x, session)->issuer;
	node_id has_key = context_ties(x, from)->key_session;

	return x->lineage->node[from].kind == NODE_KEY && has_key ? has_key :
								    from;
}

/* Pairs that are new ------------------------------------------------------- */

/* One hop from a role to a role. */
struct hop {
	node_id from, to; /* the roles */
	node_id issuer, session;
	row_id row;
};

struct hops {
	struct hop *hop;
	uint32_t n;
	size_t cap;
};

static int compare_hops(const void *x, const void *y)
{
	const struct hop *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->session < b->session ? -1 : a->session > b->session;
}

static void list_hops(struct lineage_context *x, struct hops *out)
{
	const struct lineage *l = x->lineage;

	*out = (struct hops){ .n = 0 };
	for (node_id n = 1; n < l->node_n; n++) {
		node_id to = session_role(x, n), issuer, from;

		if (!to)
			continue;
		issuer = issuer_session(x, n);
		from = session_role(x, issuer);
		if (!from || from == to)
			continue;
		out->hop = mem_grow(out->hop, &out->cap, (size_t)out->n + 1,
				    sizeof(*out->hop));
		out->hop[out->n++] = (struct hop){ from, to, issuer, n,
						   session_issued_in(x, n) };
	}
	if (out->n)
		qsort(out->hop, out->n, sizeof(*out->hop), compare_hops);
}

/* Was the caller's role at work for long enough before, to know its ways? */
static bool has_baseline(const struct lineage_context *x,
			 const struct lineage_rule *r, row_id row)
{
	const struct store *s = x->store;
	int64_t hours = r->number[SET_BASELINE_HOURS] * 60 * 60 * 1000;
	struct rowset rows;
	size_t before;

	if (row >= s->timed)
		return false;
	rows = store_rows(s, EVENT_PRINCIPAL,
			  store_value_at(s, EVENT_PRINCIPAL, row));
	before = rowset_seek(&rows, row);
	return before >= (size_t)r->number[SET_BASELINE_EVENTS] && before &&
	       s->time[row] - s->time[rows.row[0]] >= hours;
}

static void tell_hop(struct lineage_context *x, const struct hop *h,
		     const char *what, struct lineage_found *out)
{
	context_describe(x, h->issuer, &out->text);
	strbuf_adds(&out->text, " took ");
	context_describe(x, h->to, &out->text);
	strbuf_adds(&out->text, what);
	found_add(out, h->row);
}

DETECTION(role_chain_new)
{
	struct hops hops;

	(void)seeds;
	list_hops(x, &hops);
	for (uint32_t i = 0; i < hops.n; i++) {
		const struct hop *h = &hops.hop[i];
		bool first = i == 0 || hops.hop[i - 1].from != h->from ||
			     hops.hop[i - 1].to != h->to;

		if (first && has_baseline(x, r, h->row))
			tell_hop(x, h, ", which its role had not done before",
				 out);
	}
	free(hops.hop);
}

/* Long chains -------------------------------------------------------------- */

/* Accounts of a chain, few enough to be compared one by one. */
struct accounts {
	struct str account[CHAIN_MOST];
	uint32_t n;
};

static void add_account(struct accounts *a, struct str account)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (str_eq(a->account[i], account))
			return;
	if (account.n && a->n < CHAIN_MOST)
		a->account[a->n++] = account;
}

/* A session at the end of a chain that is long enough. */
struct chain {
	uint64_t roles; /* hash of their nodes, in order */
	int64_t day;
	node_id session;
	row_id row;
};

/* The roles one after the other that end in a session; false when they are
 * not enough, or their accounts. */
static bool find_chain(struct lineage_context *x, const struct lineage_rule *r,
		       node_id session, struct chain *out)
{
	const struct lineage *l = x->lineage;
	struct accounts accounts = { .n = 0 };
	uint32_t hops = 0;
	node_id at = session, role;

	*out = (struct chain){ .session = session,
			       .row = session_issued_in(x, session) };
	for (; hops < CHAIN_MOST && (role = session_role(x, at)); hops++) {
		add_account(&accounts, lineage_account_text(l, at));
		out->roles = hash_u64(out->roles ^ role);
		at = issuer_session(x, at);
	}
	if (out->row == ROW_NONE || out->row >= x->store->timed)
		return false;
	out->day = x->store->time[out->row] / ((int64_t)24 * 60 * 60 * 1000);
	return hops >= r->number[SET_HOPS] &&
	       accounts.n >= r->number[SET_ACCOUNTS];
}

static int compare_chains(const void *x, const void *y)
{
	const struct chain *a = x, *b = y;

	if (a->roles != b->roles)
		return a->roles < b->roles ? -1 : 1;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->session < b->session ? -1 : a->session > b->session;
}

/* Who took it, and who took that, as far as a line goes. */
static void tell_chain(struct lineage_context *x, node_id session,
		       struct strbuf *out)
{
	const struct lineage *l = x->lineage;
	enum { SHOWN = 6 };

	context_describe(x, session, out);
	for (int i = 0; i < SHOWN; i++) {
		session = issuer_session(x, session);
		if (!session)
			return;
		strbuf_adds(out, ", taken by ");
		context_describe(x, session, out);
		if (l->node[session].kind != NODE_SESSION)
			return;
	}
	strbuf_adds(out, ", and so on");
}

/* Chains of one row of roles: usual when they are taken on many days. */
static void judge_chains(struct lineage_context *x,
			 const struct lineage_rule *r,
			 const struct chain *chain, size_t n,
			 struct lineage_found *out)
{
	int64_t days = 0;

	for (size_t i = 0; i < n; i++)
		days += i == 0 || chain[i].day != chain[i - 1].day;
	for (size_t i = 0; i < n && days < r->number[SET_USUAL_DAYS]; i++) {
		tell_chain(x, chain[i].session, &out->text);
		found_add(out, chain[i].row);
	}
}

DETECTION(role_chain_long)
{
	const struct lineage *l = x->lineage;
	struct chain *chain = NULL;
	size_t n = 0, cap = 0;

	(void)seeds;
	for (node_id s = 1; s < l->node_n; s++) {
		struct chain found;

		if (l->node[s].kind != NODE_SESSION ||
		    !find_chain(x, r, s, &found))
			continue;
		chain = mem_grow(chain, &cap, n + 1, sizeof(*chain));
		chain[n++] = found;
	}
	if (n)
		qsort(chain, n, sizeof(*chain), compare_chains);
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from; to < n && chain[to].roles == chain[from].roles;)
			to++;
		judge_chains(x, r, chain + from, to - from, out);
	}
	free(chain);
}

/* What sessions do --------------------------------------------------------- */

static int compare_values(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* The session's calls that the rule lists, when there are enough kinds of
 * them. */
static void judge_calls(struct lineage_context *x, const struct lineage_rule *r,
			node_id session, struct lineage_found *out)
{
	const struct store *s = x->store;
	struct rowset rows = context_rows(x, session);
	uint32_t *name = mem_alloc((rows.n + 1) * sizeof(*name));
	row_id *row = mem_alloc((rows.n + 1) * sizeof(*row));
	size_t n = 0, kinds = 0;

	for (size_t i = 0; i < rows.n; i++) {
		row_id at = rows.row[i];
		struct str event =
			event_base_name(store_text(s, EVENT_NAME, at));

		if (s->flags[at] & EVENT_BY_SERVICE ||
		    !lineage_rule_says(r, SET_EVENTS, event))
			continue;
		name[n] = store_value_at(s, EVENT_NAME, at);
		row[n++] = at;
	}
	if (n)
		qsort(name, n, sizeof(*name), compare_values);
	for (size_t i = 0; i < n; i++)
		kinds += i == 0 || name[i] != name[i - 1];
	for (size_t i = 0; i < n && kinds >= (size_t)r->number[SET_KINDS];
	     i++) {
		context_describe(x, session, &out->text);
		strbuf_addf(&out->text, ": %zu kinds of such calls; opened by ",
			    kinds);
		context_describe(x, context_ties(x, session)->issuer,
				 &out->text);
		found_add(out, row[i]);
	}
	free(name);
	free(row);
}

DETECTION(issued_to_does)
{
	const struct lineage *l = x->lineage;

	(void)seeds;
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_SESSION && l->node[n].events &&
		    lineage_rule_finds(
			    r, SET_SUBJECTS,
			    lineage_text(l, context_ties(x, n)->issuer)))
			judge_calls(x, r, n, out);
}

DETECTION(issued_by_does)
{
	const struct lineage *l = x->lineage;

	for (node_id n = 1; n < l->node_n; n++) {
		row_id row;

		if (l->node[n].kind != NODE_SESSION || !l->node[n].events)
			continue;
		row = session_issued_in(x, n);
		if (row != ROW_NONE && rowset_has(seeds, row))
			judge_calls(x, r, n, out);
	}
}
