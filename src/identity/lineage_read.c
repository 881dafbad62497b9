/* SPDX-License-Identifier: MIT */
/* Questions to one node of a finished graph. */
#include "identity/lineage_private.h"

#include <stdio.h>

#include "base/timefmt.h"
#include "model/identity.h"
#include "model/keyid.h"

const struct lineage_edge *lineage_out(const struct lineage *l, node_id node,
				       uint32_t i)
{
	uint64_t at = (uint64_t)l->node[node].out + i;

	if (at >= l->edge_n || l->edge[at].from != node)
		return NULL;
	return &l->edge[at];
}

const struct lineage_edge *lineage_in(const struct lineage *l, node_id node,
				      uint32_t i)
{
	uint64_t at = (uint64_t)l->node[node].in + i;

	if (at >= l->edge_n || l->edge[l->by_target[at]].to != node)
		return NULL;
	return &l->edge[l->by_target[at]];
}

const struct lineage_edge *lineage_first_out(const struct lineage *l,
					     node_id node, enum edge_kind kind)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_out(l, node, i)); i++)
		if (e->kind == kind)
			return e;
	return NULL;
}

const struct lineage_edge *lineage_first_in(const struct lineage *l,
					    node_id node, enum edge_kind kind)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_in(l, node, i)); i++)
		if (e->kind == kind)
			return e;
	return NULL;
}

node_id lineage_leads_to(const struct lineage *l, node_id node,
			 enum edge_kind kind)
{
	const struct lineage_edge *e = lineage_first_out(l, node, kind);

	return e ? e->to : NODE_NONE;
}

struct str lineage_id(const struct lineage *l, node_id node)
{
	return intern_text(&l->ids, node);
}

struct str lineage_text(const struct lineage *l, node_id node)
{
	static const uint8_t letters[] = {
#define X(code, name, prefix) sizeof(prefix) - 1,
		NODE_KINDS(X)
#undef X
	};

	return str_from(lineage_id(l, node), letters[l->node[node].kind]);
}

struct str lineage_account_text(const struct lineage *l, node_id node)
{
	return intern_text(&l->texts, l->node[node].account);
}

int64_t lineage_first(const struct lineage *l, node_id node)
{
	row_id row = l->node[node].first;

	return row == ROW_NONE ? TIME_NONE : l->store->time[row];
}

int64_t lineage_last(const struct lineage *l, node_id node)
{
	row_id row = l->node[node].last;

	return row == ROW_NONE ? TIME_NONE : l->store->time[row];
}

row_id lineage_evidence(const struct lineage *l, const struct lineage_edge *e,
			unsigned i)
{
	return e->evidence_n == 1 ? e->evidence : l->evidence[e->evidence + i];
}

int64_t lineage_edge_time(const struct lineage *l, const struct lineage_edge *e)
{
	return l->store->time[lineage_evidence(l, e, 0)];
}

const char *lineage_reason(const struct lineage_edge *e)
{
	static const char *const texts[] = {
#define X(code, text) text,
		REASONS(X)
#undef X
	};

	return texts[e->reason];
}

bool lineage_session(const struct lineage *l, node_id node,
		     struct lineage_session *out)
{
	uint32_t i = l->node[node].session;
	struct str text = lineage_text(l, node), pid;
	const struct session_attributes *a;
	size_t at, colon;

	if (!i) {
		*out = (struct lineage_session){ .issued = TIME_NONE,
						 .expires = TIME_NONE };
		return false;
	}
	a = &l->session[i];
	at = str_find_last(text, '@');
	pid = str_sub(text, 0, at);
	colon = str_find_char(pid, ':', 0);
	*out = (struct lineage_session){
		.issued = time_parse(str_from(text, at + 1), NULL),
		.expires = a->expires ? (int64_t)a->expires * 1000 : TIME_NONE,
		.name = colon == SIZE_MAX ? STR_NULL : str_from(pid, colon + 1),
		.source_identity = intern_text(&l->texts, a->source_identity),
		.sign_in = intern_text(&l->texts, a->sign_in),
		.portal = intern_text(&l->texts, a->portal),
		.mfa = a->mfa,
		.delivery = a->delivery,
		.console_token = a->console_token,
	};
	return true;
}

const struct lineage_account *lineage_account(const struct lineage *l,
					      struct str account)
{
	uint32_t low = 0, high = l->account_n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int d = str_cmp(l->account[mid].account, account);

		if (d == 0)
			return &l->account[mid];
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const row_id *lineage_on(const struct lineage *l, node_id node, uint32_t *n)
{
	*n = l->on_start[node + 1] - l->on_start[node];
	return l->on + l->on_start[node];
}

/* Climbing ---------------------------------------------------------------- */

static bool is_center_user(const struct lineage *l, node_id node)
{
	return l->node[node].kind == NODE_PRINCIPAL &&
	       str_starts(lineage_text(l, node), STR("idc:"));
}

/* Of two edges by which a session or key was issued, is the first the one to
 * climb? Edges come in order of time. */
static bool is_better_issue(const struct lineage *l,
			    const struct lineage_edge *a,
			    const struct lineage_edge *b)
{
	bool center = is_center_user(l, a->from);

	if (!b)
		return true;
	if (center != is_center_user(l, b->from))
		return center;
	return a->certainty < b->certainty;
}

const struct lineage_edge *lineage_parent(const struct lineage *l, node_id node)
{
	const struct lineage_edge *issued = NULL, *owner = NULL, *has = NULL;
	const struct lineage_edge *machine = NULL, *behalf, *e;
	bool by_credential;

	for (uint32_t i = 0; (e = lineage_in(l, node, i)); i++) {
		if (e->kind == EDGE_ISSUED && is_better_issue(l, e, issued))
			issued = e;
		else if (e->kind == EDGE_RUNS_AS &&
			 (!machine || e->certainty < machine->certainty))
			machine = e;
		else if (e->kind == EDGE_OWNS && !owner)
			owner = e;
		else if (e->kind == EDGE_HAS_KEY && !has)
			has = e;
	}
	if (machine)
		return machine;
	/* Behind a sign-in by a name of the identity provider's, the Identity
	 * Center user; behind another session, that session. */
	by_credential = issued && (l->node[issued->from].kind == NODE_SESSION ||
				   l->node[issued->from].kind == NODE_KEY ||
				   is_center_user(l, issued->from));
	behalf = lineage_first_out(l, node, EDGE_ON_BEHALF_OF);
	if (behalf && !by_credential)
		return behalf;
	if (issued)
		return issued;
	if (l->node[node].kind == NODE_SESSION &&
	    l->node[node].session_kind == SESSION_FAS)
		return lineage_first_out(l, node, EDGE_SESSION_OF);
	return has ? has : owner;
}

node_id lineage_origin(const struct lineage *l, node_id node,
		       enum certainty *certainty)
{
	const struct lineage_edge *e;

	*certainty = CERTAIN;
	/* Nobody climbs further than there are nodes: cycles end here. */
	for (uint32_t steps = 0; steps < l->node_n; steps++) {
		e = lineage_parent(l, node);
		if (!e)
			break;
		if (e->certainty > *certainty)
			*certainty = e->certainty;
		node = lineage_other_end(e, node);
	}
	return node;
}

/* Gaps -------------------------------------------------------------------- */

static void set_account(struct origin_gap *gap, struct str account)
{
	snprintf(gap->account, sizeof(gap->account), "%.*s",
		 (int)(account.n < 15 ? account.n : 15),
		 account.n ? account.p : "");
}

/* Out of an id's own characters. */
static void derive_account(struct origin_gap *gap, struct str id)
{
	uint64_t account;

	if (gap->account[0] || !keyid_account(id, &account))
		return;
	snprintf(gap->account, sizeof(gap->account), "%012llu",
		 (unsigned long long)account);
	gap->derived = true;
}

static struct origin_gap session_gap(const struct lineage *l, node_id node)
{
	const struct lineage_node *n = &l->node[node];
	struct origin_gap gap = { .kind = GAP_MISSING };
	struct lineage_session s;
	const struct lineage_account *loaded;
	const struct lineage_edge *e;

	lineage_session(l, node, &s);
	set_account(&gap, lineage_account_text(l, node));
	derive_account(&gap, lineage_text(l, node));
	for (uint32_t i = 0; (e = lineage_out(l, node, i)); i++)
		if (e->kind == EDGE_HAS_KEY)
			derive_account(&gap, lineage_text(l, e->to));
	loaded = lineage_account(l, str_of(gap.account));
	if (gap.account[0] && !loaded)
		gap.kind = GAP_ACCOUNT;
	else if (loaded && s.issued < loaded->first)
		gap.kind = n->session_kind == SESSION_CONSOLE ? GAP_CONSOLE :
								GAP_BEFORE;
	return gap;
}

struct origin_gap lineage_gap(const struct lineage *l, node_id origin)
{
	const struct lineage_node *n = &l->node[origin];
	struct str text = lineage_text(l, origin);
	struct origin_gap gap = { .kind = GAP_NONE };
	size_t hash;

	if (lineage_parent(l, origin))
		return gap;
	if (n->kind == NODE_SESSION)
		return session_gap(l, origin);
	if (n->kind == NODE_KEY && keyid_kind(text) == KEYID_TEMPORARY) {
		gap.kind = GAP_MISSING;
		set_account(&gap, lineage_account_text(l, origin));
		derive_account(&gap, text);
	} else if (n->kind == NODE_PRINCIPAL &&
		   str_starts(text, STR("acct:")) &&
		   !lineage_account(l, lineage_account_text(l, origin))) {
		gap.kind = GAP_CALLER;
		set_account(&gap, lineage_account_text(l, origin));
		hash = str_find_char(text, '#', 0);
		if (hash != SIZE_MAX)
			derive_account(&gap, str_from(text, hash + 1));
	}
	return gap;
}

/* Ends -------------------------------------------------------------------- */

const struct lineage_end *lineage_ends(const struct lineage *l, node_id node,
				       uint32_t *n)
{
	uint32_t low = 0, high = l->end_n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (l->end[mid].node < node)
			low = mid + 1;
		else
			high = mid;
	}
	for (*n = 0; low + *n < l->end_n && l->end[low + *n].node == node;)
		++*n;
	return *n ? &l->end[low] : NULL;
}

struct ending {
	const struct lineage *l;
	int64_t at;
	const struct lineage_end *first; /* that holds */
};

static void hold(struct ending *x, const struct lineage_end *e)
{
	if (!x->first || e->time < x->first->time)
		x->first = e;
}

/* Was what has this name made again after that? */
static bool made_again(const struct ending *x, const struct lineage_end *end)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_in(x->l, end->node, i)); i++)
		if (e->kind == EDGE_CREATED &&
		    lineage_edge_time(x->l, e) > end->time &&
		    lineage_edge_time(x->l, e) <= x->at)
			return true;
	return false;
}

/* A node's own ends, as they concern credentials issued at a time, or itself
 * when that is TIME_NONE. */
static void end_by(struct ending *x, node_id node, int64_t issued)
{
	const struct lineage_end *e, *inactive = NULL;
	uint32_t n;

	e = lineage_ends(x->l, node, &n);
	for (uint32_t i = 0; i < n && e[i].time <= x->at; i++) {
		bool itself = issued == TIME_NONE;

		switch (e[i].kind) {
		case END_KEY_INACTIVE:
			inactive = inactive ? inactive : &e[i];
			break;
		case END_KEY_ACTIVE:
			inactive = NULL;
			break;
		case END_REVOKED:
			if (!itself && issued < e[i].before)
				hold(x, &e[i]);
			break;
		case END_LOGIN_DELETED:
			break; /* of the password, not of what it opened */
		case END_PROFILE_REMOVED:
		case END_TERMINATED:
			if (itself || issued <= e[i].time)
				hold(x, &e[i]);
			break;
		default:
			if ((itself || issued <= e[i].time) &&
			    !made_again(x, &e[i]))
				hold(x, &e[i]);
		}
	}
	if (inactive)
		hold(x, inactive);
}

static void end_session(struct ending *x, node_id node)
{
	const struct lineage_edge *e;
	struct lineage_session s;
	int64_t issued;

	lineage_session(x->l, node, &s);
	issued = s.issued == TIME_NONE ? INT64_MIN : s.issued;
	end_by(x, node, TIME_NONE);
	for (uint32_t i = 0; (e = lineage_out(x->l, node, i)); i++)
		if (e->kind == EDGE_SESSION_OF)
			end_by(x, e->to, issued);
	for (uint32_t i = 0; (e = lineage_in(x->l, node, i)); i++)
		if (e->kind == EDGE_RUNS_AS)
			end_by(x, e->from, issued);
}

bool lineage_ended(const struct lineage *l, node_id node, int64_t at,
		   struct lineage_end *end)
{
	struct ending x = { l, at, NULL };
	const struct lineage_edge *e;

	if (l->node[node].kind == NODE_SESSION) {
		end_session(&x, node);
	} else {
		end_by(&x, node, TIME_NONE);
		for (uint32_t i = 0; l->node[node].kind == NODE_KEY &&
				     (e = lineage_in(l, node, i));
		     i++)
			if (e->kind == EDGE_OWNS)
				end_by(&x, e->from, INT64_MIN);
			else if (e->kind == EDGE_HAS_KEY)
				end_session(&x, e->from);
	}
	if (x.first)
		*end = *x.first;
	return x.first != NULL;
}

row_id lineage_ended_by(const struct lineage *l, node_id session)
{
	struct lineage_end end;

	/* Before the end of times, which no event has. */
	if (l->node[session].kind != NODE_SESSION ||
	    !lineage_ended(l, session, TIME_NONE - 1, &end) ||
	    end.node == session || end.kind == END_EXPIRED)
		return ROW_NONE;
	return end.row;
}

row_id lineage_own_row(const struct lineage *l, row_id row)
{
	const struct lineage_node *n = &l->node[l->acting[row]];

	return str_starts(store_text(l->store, EVENT_PRINCIPAL, row),
			  STR("acct:")) &&
			       (n->kind == NODE_KEY ||
				n->kind == NODE_SESSION) ?
		       n->first :
		       row;
}
