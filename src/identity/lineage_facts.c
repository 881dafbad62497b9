/* SPDX-License-Identifier: MIT */
/* The fix-up: which credential came out of which event. */
#include "identity/lineage_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "model/arn.h"
#include "model/identity.h"
#include "model/keyid.h"

/* A fact whose event is a row, with what it says. */
struct issue {
	const struct fact *fact;
	row_id row;
	struct str pid, time, key, role, session_name;
	node_id child; /* the session that the event opened, or NODE_NONE */
	enum certainty certainty;
	enum lineage_reason reason;
};

/* The facts of a graph under construction, in order of their rows. */
struct fixup {
	struct lineage_maker *m;
	struct issue *issue;
	size_t n;
	/* Users by "account/name": intern number -> node. */
	struct intern names;
	node_id *named;
	size_t named_cap;
	/* Sessions in order of their texts, so of principalId and time. */
	node_id *session;
	uint32_t session_n;
};

/* Facts in order ---------------------------------------------------------- */

struct issue_order {
	const struct lineage_maker *m;
};

static int compare_facts(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage_maker *m =
		((const struct issue_order *)context)->m;
	row_id a = m->row_of[m->facts->fact[x].arrival];
	row_id b = m->row_of[m->facts->fact[y].arrival];

	if (a != b)
		return a < b ? -1 : 1;
	return x < y ? -1 : x > y;
}

static struct issue issue_of(const struct lineage_maker *m,
			     const struct fact *f)
{
	return (struct issue){
		.fact = f,
		.row = m->row_of[f->arrival],
		.pid = fact_text(m->facts, f, FACT_PRINCIPAL_ID),
		.time = fact_text(m->facts, f, FACT_TIME),
		.key = fact_text(m->facts, f, FACT_ACCESS_KEY),
		.role = fact_text(m->facts, f, FACT_ROLE),
		.session_name = fact_text(m->facts, f, FACT_SESSION_NAME),
		.child = NODE_NONE,
	};
}

/* Facts arrive in any order; what is made of them must not depend on it. Of a
 * duplicate that was dropped its other copy speaks. */
static void sort_facts(struct fixup *x)
{
	const struct lineage_maker *m = x->m;
	const struct facts *facts = m->facts;
	struct issue_order context = { m };
	uint32_t *order = mem_alloc((facts->n + 1) * sizeof(*order));
	uint32_t n = 0;

	for (size_t i = 0; i < facts->n; i++)
		if (m->row_of[facts->fact[i].arrival] != ROW_NONE)
			order[n++] = (uint32_t)i;
	sort_u32(order, n, compare_facts, &context);
	x->issue = mem_alloc(((size_t)n + 1) * sizeof(*x->issue));
	for (x->n = 0; x->n < n; x->n++)
		x->issue[x->n] = issue_of(m, &facts->fact[order[x->n]]);
	free(order);
}

/* Sessions ---------------------------------------------------------------- */

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
		struct str uid = m->extra[role].uid;

		if (!uid.n)
			uid = arena_join(&m->arena, STR("?"), is->role);
		pid = join3(m, uid, ":", is->session_name);
	}
	return join3(m, pid, "@", is->time);
}

/* Finds the session that an event opened, and how that is known; none when
 * the event says too little. */
static void find_child(struct lineage_maker *m, struct issue *is)
{
	node_id key = maker_node(m, NODE_KEY, is->key);
	node_id by_key = key ? m->extra[key].session : NODE_NONE;
	bool named = is->time.n && (is->pid.n || is->role.n);
	struct str text;

	is->certainty = CERTAIN;
	is->reason = REASON_ISSUED_KEY;
	is->child = by_key;
	if (!named || (!is->pid.n && by_key))
		return;
	text = session_text(m, is);
	if (by_key &&
	    !lineage_node(m->l, arena_join(&m->arena, STR("S:"), text))) {
		/* The clocks of the two may differ by a second. */
		is->certainty = PROBABLE;
		return;
	}
	is->reason = REASON_SESSION;
	is->child = maker_node(m, NODE_SESSION, text);
}

static void find_children(struct fixup *x)
{
	struct lineage_maker *m = x->m;

	for (size_t i = 0; i < x->n; i++) {
		struct issue *is = &x->issue[i];
		node_id key;

		arena_reset(&m->arena);
		if (is->fact->kind == FACT_CONSOLE && is->pid.n && is->time.n)
			is->child = maker_node(m, NODE_SESSION,
					       session_text(m, is));
		if (is->fact->kind != FACT_ISSUED)
			continue;
		find_child(m, is);
		key = maker_node(m, NODE_KEY, is->key);
		if (key && is->child && !m->extra[key].session)
			m->extra[key].session = is->child;
	}
}

/* Rows that do not say their session, but use the key of one. */
static void find_acting_sessions(struct fixup *x)
{
	struct lineage_maker *m = x->m;
	struct lineage *l = m->l;

	for (row_id row = 0; row < m->s->n; row++) {
		node_id key = l->acting[row];

		if (l->node[key].kind != NODE_KEY ||
		    keyid_kind(lineage_text(l, key)) == KEYID_LONG_TERM)
			continue;
		if (m->extra[key].session)
			l->acting[row] = m->extra[key].session;
		maker_tie_row(m, row);
	}
}

/*
 * A federated console sign-in names the role's session, but neither its key
 * nor its beginning: who acts is the session that it opens.
 */
static bool is_federated_console(const struct lineage_maker *m,
				 const struct issue *is)
{
	return is->fact->kind == FACT_CONSOLE && is->child &&
	       str_find_char(is->pid, ':', 0) != SIZE_MAX &&
	       m->l->node[m->l->acting[is->row]].kind == NODE_PRINCIPAL;
}

static void find_acting_consoles(struct fixup *x)
{
	struct lineage_maker *m = x->m;

	for (size_t i = 0; i < x->n; i++) {
		const struct issue *is = &x->issue[i];

		if (!is_federated_console(m, is))
			continue;
		m->l->acting[is->row] = is->child;
		maker_tie_row(m, is->row);
	}
}

static int compare_node_texts(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage *l = context;

	return str_cmp(lineage_text(l, x), lineage_text(l, y));
}

static void sort_sessions(struct fixup *x)
{
	struct lineage *l = x->m->l;

	x->session = mem_alloc((size_t)l->node_n * sizeof(*x->session));
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_SESSION)
			x->session[x->session_n++] = n;
	sort_u32(x->session, x->session_n, compare_node_texts, l);
}

/* The session of the same principalId that began last before this one. */
static node_id session_before(struct fixup *x, node_id session)
{
	struct lineage *l = x->m->l;
	struct str text = lineage_text(l, session), before;
	uint32_t low = 0, high;

	if (!x->session)
		sort_sessions(x);
	for (high = x->session_n; low < high;) {
		uint32_t mid = low + (high - low) / 2;

		if (str_cmp(lineage_text(l, x->session[mid]), text) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0)
		return NODE_NONE;
	before = lineage_text(l, x->session[low - 1]);
	/* Up to the "@", it too. */
	return str_starts(before,
			  str_sub(text, 0, str_find_last(text, '@') + 1)) ?
		       x->session[low - 1] :
		       NODE_NONE;
}

/* Names of users ---------------------------------------------------------- */

/* "account/name", in lower case, since IAM's names ignore it. */
static struct str user_text(struct lineage_maker *m, struct str account,
			    struct str name)
{
	strbuf_clear(&m->text);
	strbuf_add(&m->text, account);
	strbuf_addc(&m->text, '/');
	for (size_t i = 0; i < name.n; i++)
		strbuf_addc(&m->text, str_lower(name.p[i]));
	return strbuf_str(&m->text);
}

/* The users that are known by their ARN, which has the path as well. */
static void name_users(struct fixup *x)
{
	struct lineage *l = x->m->l;

	for (node_id n = 1; n < l->node_n; n++) {
		struct arn arn;
		uint32_t id;

		if (l->node[n].kind != NODE_PRINCIPAL ||
		    !arn_parse(lineage_text(l, n), &arn) ||
		    !str_starts(arn.resource, STR("user/")))
			continue;
		id = intern_add(&x->names,
				user_text(x->m, arn.account,
					  arn_last_segment(arn.resource)));
		if (id < x->named_cap && x->named[id])
			continue; /* two paths: the one that was seen first */
		while (x->named_cap <= id) {
			size_t was = x->named_cap;

			x->named = mem_grow(x->named, &x->named_cap,
					    (size_t)id + 1, sizeof(*x->named));
			memset(x->named + was, 0,
			       (x->named_cap - was) * sizeof(*x->named));
		}
		x->named[id] = n;
	}
}

/* The user of that name, in the partition of the one who made the call. */
static node_id user_node(struct fixup *x, struct str account, struct str name,
			 struct str caller)
{
	struct lineage_maker *m = x->m;
	uint32_t id = intern_find(&x->names, user_text(m, account, name));
	struct arn arn;
	struct str text;

	if (id != INTERN_NONE)
		return x->named[id];
	text = arn_parse(caller, &arn) ? arn.partition : STR("aws");
	text = arena_join(&m->arena, STR("arn:"), text);
	text = join3(m, text, ":iam::", account);
	return maker_node(m, NODE_PRINCIPAL, join3(m, text, ":user/", name));
}

/* Edges ------------------------------------------------------------------- */

/* The account that a session works in: the role's, else the issuing event's. */
static struct str account_of(const struct lineage_maker *m,
			     const struct issue *is)
{
	struct str account = principal_account(is->role);

	return account.n ? account : store_text(m->s, EVENT_ACCOUNT, is->row);
}

static void join_issued(struct lineage_maker *m, const struct issue *is)
{
	struct lineage_node *node = &m->l->node[is->child];
	struct str whose = is->role;
	struct arn arn;

	if (!is->child)
		return;
	if (str_eq(store_text(m->s, EVENT_NAME, is->row),
		   STR("GetFederationToken")))
		node->session_kind = SESSION_FEDERATED;
	maker_account(m, is->child, account_of(m, is));
	maker_edge(m, EDGE_ISSUED, m->l->acting[is->row], is->child,
		   is->certainty, is->row, is->reason);
	maker_edge(m, EDGE_HAS_KEY, is->child, maker_node(m, NODE_KEY, is->key),
		   CERTAIN, is->row, REASON_ISSUED_WITH);
	/* Without a role it is the caller's own, under another name. */
	if (!whose.n)
		whose = store_text(m->s, EVENT_PRINCIPAL, is->row);
	if (arn_parse(whose, &arn))
		maker_edge(m, EDGE_SESSION_OF, is->child,
			   maker_node(m, NODE_PRINCIPAL, whose), CERTAIN,
			   is->row, is->role.n ? REASON_ROLE : REASON_OWN);
}

static void join_console(struct fixup *x, const struct issue *is)
{
	struct lineage_maker *m = x->m;
	struct str principal = store_text(m->s, EVENT_PRINCIPAL, is->row);
	node_id acting = m->l->acting[is->row];

	if (!is->child)
		return;
	m->l->node[is->child].session_kind = SESSION_CONSOLE;
	maker_account(m, is->child, store_text(m->s, EVENT_CALLER, is->row));
	maker_edge(m, EDGE_SESSION_OF, is->child,
		   maker_node(m, NODE_PRINCIPAL, principal), CERTAIN, is->row,
		   REASON_SIGN_IN);
	if (acting != is->child)
		maker_edge(m, EDGE_ISSUED, acting, is->child, CERTAIN, is->row,
			   REASON_SESSION);
	else
		maker_edge(m, EDGE_ISSUED, session_before(x, is->child),
			   is->child, PROBABLE, is->row, REASON_SESSION_BEFORE);
}

static void join_key(struct fixup *x, const struct issue *is)
{
	struct lineage_maker *m = x->m;
	row_id row = is->row;
	struct str name = fact_text(m->facts, is->fact, FACT_OWNER);
	struct str caller = store_text(m->s, EVENT_PRINCIPAL, row);
	struct str account = store_text(m->s, EVENT_ACCOUNT, row);
	node_id key = maker_node(m, NODE_KEY, is->key), owner;
	struct arn arn;

	if (!key)
		return;
	if (!account.n)
		account = store_text(m->s, EVENT_CALLER, row);
	maker_account(m, key, account);
	maker_edge(m, EDGE_CREATED, m->l->acting[row], key, CERTAIN, row,
		   REASON_CREATED_KEY);
	/* Rows that use the key name the user as it is: better. */
	if (m->extra[key].owned)
		return;
	if (name.n)
		owner = user_node(x, account, name, caller);
	else if (arn_parse(caller, &arn) &&
		 (str_starts(arn.resource, STR("user/")) ||
		  str_eq(arn.resource, STR("root"))))
		owner = maker_node(m, NODE_PRINCIPAL, caller);
	else
		return;
	maker_edge(m, EDGE_OWNS, owner, key, CERTAIN, row,
		   name.n ? REASON_KEY_USER : REASON_NO_USER);
}

static void join_created(struct lineage_maker *m, const struct issue *is)
{
	maker_edge(m, EDGE_CREATED, m->l->acting[is->row],
		   maker_node(m, NODE_PRINCIPAL, is->role), CERTAIN, is->row,
		   REASON_CREATED);
}

/*
 * How much the actor of an issuing event tells. One AssumeRole over accounts
 * is delivered to both: the role's account knows the caller only by an id.
 */
static uint8_t actor_rank(const struct lineage_maker *m, const struct issue *is)
{
	const struct lineage_node *n = &m->l->node[m->l->acting[is->row]];

	if (n->kind == NODE_SESSION || n->kind == NODE_KEY)
		return 3;
	return str_starts(lineage_text(m->l, m->l->acting[is->row]),
			  STR("acct:")) ?
		       1 :
		       2;
}

/* By number of a text, a sharedEventID or the key that was issued: the best
 * rank among the copies of one event. */
static uint8_t *best_ranks(const struct fixup *x)
{
	uint8_t *best = mem_zero(x->m->facts->strings.count, 1);

	for (size_t i = 0; i < x->n; i++) {
		const uint32_t *text = x->issue[i].fact->text;
		uint8_t rank = actor_rank(x->m, &x->issue[i]);

		if (x->issue[i].fact->kind != FACT_ISSUED)
			continue;
		if (rank > best[text[FACT_SHARED_ID]])
			best[text[FACT_SHARED_ID]] = rank;
		if (rank > best[text[FACT_ACCESS_KEY]])
			best[text[FACT_ACCESS_KEY]] = rank;
	}
	return best;
}

/* Does another copy of the event say better who it was? */
static bool is_outranked(const struct fixup *x, const uint8_t *best,
			 const struct issue *is)
{
	const uint32_t *text = is->fact->text;
	uint8_t rank = actor_rank(x->m, is);

	return (text[FACT_SHARED_ID] && rank < best[text[FACT_SHARED_ID]]) ||
	       (text[FACT_ACCESS_KEY] && rank < best[text[FACT_ACCESS_KEY]]);
}

static void join(struct fixup *x)
{
	struct lineage_maker *m = x->m;
	uint8_t *best = best_ranks(x);

	/* What was created first, so that keys find their users. */
	for (size_t i = 0; i < x->n; i++)
		if (x->issue[i].fact->kind == FACT_CREATED)
			join_created(m, &x->issue[i]);
	name_users(x);
	for (size_t i = 0; i < x->n; i++) {
		const struct issue *is = &x->issue[i];

		arena_reset(&m->arena);
		switch (is->fact->kind) {
		case FACT_ISSUED:
			if (!is_outranked(x, best, is))
				join_issued(m, is);
			break;
		case FACT_CONSOLE:
			join_console(x, is);
			break;
		case FACT_KEY:
			join_key(x, is);
			break;
		case FACT_CREATED:
			break;
		}
	}
	free(best);
}

void maker_join_facts(struct lineage_maker *m)
{
	struct fixup x = { .m = m };

	intern_init(&x.names);
	sort_facts(&x);
	find_children(&x);
	find_acting_sessions(&x);
	find_acting_consoles(&x);
	join(&x);
	intern_release(&x.names);
	free(x.named);
	free(x.session);
	free(x.issue);
}
