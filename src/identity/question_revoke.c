/* SPDX-License-Identifier: MIT */
/* Which credentials have to be revoked, as question.h says. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "identity/question_private.h"
#include "model/arn.h"
#include "model/identity.h"
#include "model/keyid.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

/* A session that is still good, before those of one name are put together. */
struct held {
	enum credential_kind kind;
	node_id session, machine; /* machine NODE_NONE: none */
	struct str name;          /* principalId, or the machine's id */
	int64_t issued, until;
	bool at_most;
	row_id row;
	enum certainty certainty;
};

struct credential *revoke_add(struct revoking *r, enum credential_kind kind,
			      node_id node, row_id row,
			      enum certainty certainty)
{
	struct revocation *out = r->out;

	out->credential = mem_grow(out->credential, &r->credential_cap,
				   (size_t)out->n + 1,
				   sizeof(*out->credential));
	out->credential[out->n] = (struct credential){
		.kind = kind,
		.node = node,
		.issued = row == ROW_NONE ? TIME_NONE : r->l->store->time[row],
		.until = TIME_NONE,
		.row = row,
		.certainty = certainty,
	};
	return &out->credential[out->n++];
}

bool revoke_is_root(const struct lineage *l, node_id principal)
{
	return l->node[principal].kind == NODE_PRINCIPAL &&
	       str_ends(lineage_text(l, principal), STR(":root"));
}

bool revoke_has_ended(const struct revoking *r, node_id node)
{
	struct lineage_end end;

	return lineage_ended(r->l, node, r->out->end, &end);
}

/* Sessions -------------------------------------------------------------------- */

/* Whose sessions end with it: what revoked them, or ended their principal. A
 * machine's end is none: credentials that were taken from it are good until
 * they expire. Nor is the portal's. */
static bool session_over(const struct revoking *r, node_id node, int64_t issued)
{
	const struct lineage *l = r->l;
	const struct lineage_edge *e;

	for (uint32_t k = 0; (e = lineage_out(l, node, k)); k++) {
		const struct lineage_end *end;
		uint32_t n;

		if (e->kind != EDGE_SESSION_OF)
			continue;
		end = lineage_ends(l, e->to, &n);
		for (uint32_t i = 0; i < n; i++)
			if ((end[i].kind == END_REVOKED &&
			     issued < end[i].before) ||
			    ((end[i].kind == END_USER_DELETED ||
			      end[i].kind == END_ROLE_DELETED) &&
			     issued <= end[i].time))
				return true;
	}
	return false;
}

static bool is_called(const struct lineage *l, node_id node, struct str prefix)
{
	return l->node[node].kind == NODE_PRINCIPAL &&
	       str_starts(lineage_text(l, node), prefix);
}

static enum credential_kind role_session_kind(const struct lineage *l,
					      node_id session, node_id role)
{
	struct lineage_session s;
	struct str name = arn_last_segment(lineage_text(l, role));
	const struct lineage_edge *e;
	enum credential_kind kind = CREDENTIAL_ROLE;

	if (str_starts(name, STR("AWSReservedSSO_")) ||
	    lineage_first_out(l, session, EDGE_ON_BEHALF_OF))
		return CREDENTIAL_CENTER;
	if (l->node[session].session_kind == SESSION_CONSOLE ||
	    (lineage_session(l, session, &s) && s.console_token))
		return CREDENTIAL_ROLE_CONSOLE;
	for (uint32_t i = 0; (e = lineage_in(l, session, i)); i++) {
		if (e->kind != EDGE_ISSUED)
			continue;
		if (is_called(l, e->from, STR("idc:")))
			return CREDENTIAL_CENTER;
		if (is_called(l, e->from, STR("saml:")))
			kind = CREDENTIAL_SAML;
		else if (is_called(l, e->from, STR("web:")) ||
			 is_called(l, e->from, STR("cognito:")))
			kind = CREDENTIAL_WEB;
	}
	return kind;
}

static bool is_instance(struct str text)
{
	return str_starts(text, STR("i-")) ||
	       str_find(text, STR(":instance/"), 0) != SIZE_MAX;
}

static enum credential_kind session_kind_of(const struct lineage *l,
					    node_id session, node_id machine,
					    node_id principal)
{
	switch (l->node[session].session_kind) {
	case SESSION_ASSUMED_ROOT:
		return CREDENTIAL_ASSUMED_ROOT;
	case SESSION_FEDERATED:
		return CREDENTIAL_FEDERATED;
	default:
		break;
	}
	if (machine)
		return is_instance(lineage_text(l, machine)) ?
			       CREDENTIAL_INSTANCE :
			       CREDENTIAL_WORKLOAD;
	if (revoke_is_root(l, principal))
		return CREDENTIAL_ROOT_CONSOLE;
	if (str_find_char(lineage_text(l, session), ':', 0) <
	    str_find_last(lineage_text(l, session), '@'))
		return role_session_kind(l, session, principal);
	return l->node[session].session_kind == SESSION_CONSOLE ?
		       CREDENTIAL_CONSOLE :
		       CREDENTIAL_TOKEN;
}

/* Where nothing says when it expires: the longest that AWS hands out. */
static int64_t longest(const struct lineage *l, enum credential_kind kind,
		       const struct lineage_edge *issued)
{
	switch (kind) {
	case CREDENTIAL_ASSUMED_ROOT:
		return 15 * (int64_t)MINUTE;
	case CREDENTIAL_TOKEN:
	case CREDENTIAL_FEDERATED:
		return 36 * (int64_t)HOUR;
	case CREDENTIAL_ROLE:
		/* A role that was assumed by a role's session: an hour. */
		return issued && l->node[issued->from].kind == NODE_SESSION &&
				       str_starts(lineage_text(l, issued->from),
						  STR("AROA")) ?
			       (int64_t)HOUR :
			       12 * (int64_t)HOUR;
	default:
		return 12 * (int64_t)HOUR;
	}
}

static void hold_session(struct revoking *r, node_id session,
			 enum certainty certainty)
{
	const struct lineage *l = r->l;
	const struct lineage_node *n = &l->node[session];
	struct lineage_session s = { .issued = TIME_NONE,
				     .expires = TIME_NONE };
	const struct lineage_edge *issued = lineage_first_in(l, session,
							     EDGE_ISSUED);
	const struct lineage_edge *runs = lineage_first_in(l, session,
							   EDGE_RUNS_AS);
	const struct lineage_edge *of = lineage_first_out(l, session,
							  EDGE_SESSION_OF);
	struct str text = lineage_text(l, session);
	struct held h = { .session = session, .row = ROW_NONE };

	if (n->session_kind == SESSION_FAS)
		return;
	h.machine = runs ? runs->from : NODE_NONE;
	h.kind = session_kind_of(l, session, h.machine,
				 of ? of->to : NODE_NONE);
	h.certainty = certainty;
	(void)lineage_session(l, session, &s);
	h.issued = s.issued != TIME_NONE ? s.issued : lineage_first(l, session);
	h.until = s.expires;
	if (h.until == TIME_NONE && h.issued != TIME_NONE) {
		h.until = h.issued + longest(l, h.kind, issued);
		h.at_most = true;
	}
	if (h.until <= r->out->end ||
	    session_over(r, session,
			 h.issued == TIME_NONE ? INT64_MIN : h.issued))
		return;
	if (issued)
		h.row = lineage_evidence(l, issued, 0);
	else if (of)
		h.row = lineage_evidence(l, of, 0);
	h.name = h.machine ? lineage_text(l, h.machine) :
			     str_sub(text, 0, str_find_last(text, '@'));
	r->held = mem_grow(r->held, &r->held_cap, r->held_n + 1,
			   sizeof(*r->held));
	r->held[r->held_n++] = h;
}

/* Keys ------------------------------------------------------------------------ */

static void add_key(struct revoking *r, const struct reached *at)
{
	const struct lineage *l = r->l;
	const struct lineage_edge *owner = lineage_first_in(l, at->node,
							    EDGE_OWNS);
	const struct lineage_edge *made = lineage_first_in(l, at->node,
							   EDGE_CREATED);
	const struct lineage_edge *has = lineage_first_in(l, at->node,
							  EDGE_HAS_KEY);
	row_id row = made  ? lineage_evidence(l, made, 0) :
		     owner ? lineage_evidence(l, owner, 0) :
			     ROW_NONE;
	struct credential *c;

	if (keyid_kind(lineage_text(l, at->node)) == KEYID_LONG_TERM || owner) {
		if (revoke_has_ended(r, at->node))
			return;
		c = revoke_add(r,
			       owner && revoke_is_root(l, owner->from) ?
				       CREDENTIAL_ROOT_KEY :
				       CREDENTIAL_KEY,
			       at->node, row, at->certainty);
		if (!made)
			c->issued = TIME_NONE;
		return;
	}
	if (has) {
		/* Its session stands for it. */
		if (!r->reached[has->from])
			hold_session(r, has->from, at->certainty);
		return;
	}
	if (lineage_last(l, at->node) != TIME_NONE &&
	    lineage_first(l, at->node) > r->out->end - 12 * (int64_t)HOUR) {
		c = revoke_add(r, CREDENTIAL_TEMPORARY, at->node, row,
			       at->certainty);
		c->until = lineage_first(l, at->node) + 12 * (int64_t)HOUR;
		c->at_most = true;
	}
}

/* Together ------------------------------------------------------------------ */

static int compare_held(uint32_t x, uint32_t y, const void *context)
{
	const struct revoking *r = context;
	const struct held *a = &r->held[x], *b = &r->held[y];
	int d = (int)a->kind - (int)b->kind;

	if (!d)
		d = str_cmp(a->name, b->name);
	if (!d)
		d = (a->until > b->until) - (a->until < b->until);
	if (!d)
		d = (a->issued > b->issued) - (a->issued < b->issued);
	return d ? d :
		   str_cmp(lineage_id(r->l, a->session),
			   lineage_id(r->l, b->session));
}

/* A machine has new credentials whenever it asks, as long as it may. */
static bool is_renewed(const struct revoking *r, node_id machine)
{
	return machine && !revoke_has_ended(r, machine);
}

/* Sessions of one kind and name are revoked together. */
static void put_together(struct revoking *r)
{
	uint32_t *order = sort_order(r->held_n, compare_held, r);
	struct revocation *out = r->out;
	struct credential *c = NULL;
	const struct held *last = NULL;

	out->session = mem_alloc((r->held_n + 1) * sizeof(*out->session));
	for (size_t i = 0; i < r->held_n; i++) {
		const struct held *h = &r->held[order[i]];

		if (!last || last->kind != h->kind ||
		    !str_eq(last->name, h->name)) {
			c = revoke_add(r, h->kind, h->session, h->row,
				       h->certainty);
			c->first = out->session_n;
			c->issued = h->issued;
		}
		last = h;
		out->session[out->session_n++] = h->session;
		c->n++;
		c->node = h->machine ? h->machine : h->session;
		c->until = h->until;
		c->at_most = h->at_most;
		c->row = h->row;
		if (h->certainty < c->certainty)
			c->certainty = h->certainty;
		if (h->machine && is_renewed(r, h->machine)) {
			c->until = TIME_NONE;
			c->at_most = false;
		}
		if (h->machine)
			r->listed[h->machine] = 1;
	}
	free(order);
}

/* A machine that has a role, whether it was seen to use it or not. */
static void add_machine(struct revoking *r, const struct reached *at)
{
	const struct lineage *l = r->l;
	const struct lineage_edge *role = lineage_first_in(l, at->node,
							   EDGE_PASSED_ROLE);

	if (!role)
		role = lineage_first_out(l, at->node, EDGE_RUNS_AS);
	if (!role || r->listed[at->node] || revoke_has_ended(r, at->node))
		return;
	revoke_add(r,
		   is_instance(lineage_text(l, at->node)) ?
			   CREDENTIAL_INSTANCE :
			   CREDENTIAL_WORKLOAD,
		   at->node, lineage_evidence(l, role, 0),
		   at->certainty > role->certainty ? at->certainty :
						     role->certainty);
}

/* All of it ---------------------------------------------------------------------- */

static int compare_credentials(uint32_t x, uint32_t y, const void *context)
{
	const struct revoking *r = context;
	const struct credential *a = &r->out->credential[x],
				*b = &r->out->credential[y];
	int d = (int)a->kind - (int)b->kind;

	if (!d)
		d = (a->issued > b->issued) - (a->issued < b->issued);
	if (!d)
		d = str_cmp(lineage_id(r->l, a->node),
			    lineage_id(r->l, b->node));
	if (!d)
		d = str_cmp(lineage_id(r->l, a->other),
			    lineage_id(r->l, b->other));
	return d ? d : (a->row > b->row) - (a->row < b->row);
}

void revocation_of(struct revocation *out, const struct lineage *l,
		   const node_id *node, size_t n, const struct question *q)
{
	struct reach_rules rules = { .openings = true,
				     .hints = q->hints,
				     .since = q->at };
	struct revoking r = { .l = l, .out = out };
	int64_t first;

	*out = (struct revocation){ .n = 0 };
	if (!store_span(l->store, &first, &out->end))
		out->end = INT64_MIN + 48 * (int64_t)HOUR;
	reach_spread(&r.reach, l, node, n, &rules);
	r.reached = mem_zero(l->node_n, sizeof(*r.reached));
	r.listed = mem_zero(l->node_n, 1);
	for (uint32_t i = 0; i < r.reach.n; i++)
		r.reached[r.reach.at[i].node] = i + 1;
	for (uint32_t i = 0; i < r.reach.n; i++) {
		const struct reached *at = &r.reach.at[i];

		if (l->node[at->node].kind == NODE_KEY)
			add_key(&r, at);
		else if (l->node[at->node].kind == NODE_SESSION)
			hold_session(&r, at->node, at->certainty);
	}
	put_together(&r);
	for (uint32_t i = 0; i < r.reach.n; i++)
		if (l->node[r.reach.at[i].node].kind == NODE_COMPUTE)
			add_machine(&r, &r.reach.at[i]);
	revoke_gifts(&r);
	revoke_openings(&r);
	sort_items(out->credential, out->n, sizeof(*out->credential),
		   compare_credentials, &r);
	reach_release(&r.reach);
	free(r.reached);
	free(r.listed);
	free(r.held);
}

void revocation_release(struct revocation *r)
{
	free(r->credential);
	free(r->session);
	*r = (struct revocation){ .n = 0 };
}

node_id revocation_of_origin(struct revocation *r, const struct lineage *l,
			     node_id node, const struct question *q)
{
	enum certainty certainty;
	node_id origin = lineage_origin(l, node, &certainty);
	struct revocation other;

	if (r->n || origin == node)
		return NODE_NONE;
	revocation_of(&other, l, &origin, 1, q);
	if (!other.n) {
		revocation_release(&other);
		return NODE_NONE;
	}
	revocation_release(r);
	*r = other;
	return origin;
}
