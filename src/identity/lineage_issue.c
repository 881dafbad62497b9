/* SPDX-License-Identifier: MIT */
/* Which session came out of which event that issued credentials. */
#include "identity/lineage_private.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "model/arn.h"
#include "model/identity.h"
#include "model/keyid.h"

/* Clocks of the parts of AWS agree to this, in seconds. */
enum { CLOCK_SECONDS = 2 };

/* How much the actor of an issuing event tells. */
enum rank { RANK_FOREIGN = 1, RANK_PRINCIPAL, RANK_CREDENTIAL };

struct issue {
	const struct joined *fact;
	row_id row;
	node_id key;   /* that was issued, or none */
	node_id child; /* the session that came of it, or none */
	enum certainty certainty;
	enum lineage_reason reason;
	uint32_t next; /* another copy of the event: number + 1 */
	uint8_t rank;
};

struct issues {
	struct lineage_maker *m;
	struct issue *item;
	uint32_t n;
	struct intern late; /* principalIds of sessions that nothing issued */
	node_id *role; /* by number of an ARN's text, if it is always one */
};

/* Sessions ---------------------------------------------------------------- */

/* principalId of the session that an event opened, or empty. */
static struct str child_pid(struct lineage_maker *m, const struct joined *j)
{
	struct str pid = maker_text(m, j, SLOT_PID);
	struct str role = maker_text(m, j, SLOT_ROLE), uid;

	if (pid.n || !role.n)
		return pid;
	/* Services do not say whom they let in, but for the role and the
	 * session's name: the role's id is in its sessions. */
	uid = alias_id_of(m, role, m->s->time[j->row]);
	if (!uid.n)
		uid = arena_join(&m->arena, STR("?"), role);
	return maker_join3(m, uid, STR(":"), maker_text(m, j, SLOT_NAME));
}

static struct str child_text(struct lineage_maker *m, const struct joined *j)
{
	struct str pid = child_pid(m, j);
	struct str time = maker_time_text(m, m->s->time[j->row]);

	return pid.n && time.n ? maker_join3(m, pid, STR("@"), time) : STR_NULL;
}

/* Finds the session that is there for certain: by its name and second, or by
 * the key where the event does not say more. */
static void find_child(struct lineage_maker *m, struct issue *is)
{
	node_id by_key = m->link[is->key];
	struct str text = child_text(m, is->fact);
	node_id exact = maker_find(m, NODE_SESSION, text);

	is->certainty = CERTAIN;
	is->reason = REASON_ISSUED_KEY;
	if (by_key && !maker_text(m, is->fact, SLOT_PID).n) {
		is->child = by_key;
	} else if (exact) {
		is->reason = REASON_SESSION;
		is->child = exact;
	} else if (by_key) {
		is->certainty = PROBABLE;
		is->child = by_key;
	}
	if (is->child)
		m->mark[is->child] |= MARK_ISSUED;
}

/* Sessions that a sign-in at a console opened in that very second came of
 * nothing else. */
static void mark_sign_ins(struct lineage_maker *m)
{
	for (size_t i = 0; i < m->fact_n; i++) {
		const struct joined *j = &m->fact[i];
		node_id session;

		if (j->fact->kind != FACT_SIGN_IN || j->fact->how == SIGN_TOKEN)
			continue;
		arena_reset(&m->arena);
		session = maker_find(m, NODE_SESSION, child_text(m, j));
		m->mark[session] |= MARK_SIGN_IN;
	}
}

static void list_late(struct issues *x)
{
	struct lineage *l = x->m->l;

	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_SESSION &&
		    !(x->m->mark[n] & (MARK_ISSUED | MARK_SIGN_IN)))
			intern_add(&x->late,
				   session_text_pid(lineage_text(l, n)));
}

/* A session of that principalId that nothing else issued, and that began
 * within two seconds; the nearest. */
static node_id find_near(struct issues *x, struct str pid, int64_t time)
{
	static const int offsets[] = { -1, 1, -CLOCK_SECONDS, CLOCK_SECONDS };
	struct lineage_maker *m = x->m;

	if (time == TIME_NONE || intern_find(&x->late, pid) == INTERN_NONE)
		return NODE_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct str text = maker_time_text(m, time + offsets[i] * 1000);
		node_id n = maker_find(m, NODE_SESSION,
				       maker_join3(m, pid, STR("@"), text));

		if (n && !(m->mark[n] & (MARK_ISSUED | MARK_SIGN_IN)))
			return n;
	}
	return NODE_NONE;
}

/* The others: a session that began just before or after, else one that nobody
 * used in the evidence. */
static void make_child(struct issues *x, struct issue *is)
{
	struct lineage_maker *m = x->m;
	struct str text = child_text(m, is->fact);

	if (!text.n)
		return;
	is->certainty = PROBABLE;
	is->reason = REASON_CLOCK;
	is->child = find_near(x, child_pid(m, is->fact), m->s->time[is->row]);
	if (is->child)
		return;
	is->certainty = CERTAIN;
	is->reason = REASON_SESSION;
	is->child = maker_node(m, NODE_SESSION, text);
}

static void find_children(struct issues *x)
{
	struct lineage_maker *m = x->m;

	for (size_t i = 0; i < m->fact_n; i++) {
		struct issue *is = &x->item[x->n];

		if (m->fact[i].fact->kind != FACT_ISSUED)
			continue;
		arena_reset(&m->arena);
		*is = (struct issue){ .fact = &m->fact[i],
				      .row = m->fact[i].row };
		is->key = maker_node(m, NODE_KEY,
				     maker_text(m, is->fact, SLOT_KEY));
		find_child(m, is);
		x->n++;
	}
	mark_sign_ins(m);
	list_late(x);
	for (uint32_t i = 0; i < x->n; i++) {
		struct issue *is = &x->item[i];

		arena_reset(&m->arena);
		if (!is->child)
			make_child(x, is);
		if (!is->child)
			continue;
		m->child[is->fact - m->fact] = is->child;
		m->mark[is->child] |= MARK_ISSUED;
		if (is->key && !m->link[is->key])
			m->link[is->key] = is->child;
	}
}

/* Who acted --------------------------------------------------------------- */

/* Rows that do not say their session, but use the key of one. */
static void find_acting_sessions(struct lineage_maker *m)
{
	struct lineage *l = m->l;

	for (row_id row = 0; row < m->s->n; row++) {
		node_id key = l->acting[row];

		if (l->node[key].kind != NODE_KEY ||
		    keyid_kind(lineage_text(l, key)) == KEYID_LONG_TERM)
			continue;
		arena_reset(&m->arena);
		if (m->link[key])
			l->acting[row] = m->link[key];
		maker_tie_row(m, row);
	}
}

/* What another account's session did here is told there by its principalId:
 * "acct:111122223333#AROA...:name". */
static void find_foreign_sessions(struct lineage_maker *m)
{
	const struct store *s = m->s;

	for (uint32_t v = 1; v < s->values[EVENT_PRINCIPAL]; v++) {
		struct str text = store_value(s, EVENT_PRINCIPAL, v), pid;
		size_t hash = str_find_char(text, '#', 0);
		struct rowset rows;

		if (!str_starts(text, STR("acct:")) || hash == SIZE_MAX)
			continue;
		pid = str_from(text, hash + 1);
		if (str_find_char(pid, ':', 0) == SIZE_MAX)
			continue;
		rows = store_rows(s, EVENT_PRINCIPAL, v);
		for (size_t i = 0; i < rows.n; i++) {
			row_id row = rows.row[i];
			node_id session;

			arena_reset(&m->arena);
			session = maker_session_before(
				m, pid, maker_time_text(m, s->time[row]), true);
			if (session)
				m->l->acting[row] = session;
		}
	}
}

/* Edges ------------------------------------------------------------------- */

static enum rank rank_of(const struct lineage_maker *m, row_id row)
{
	node_id acting = m->l->acting[row];

	/* Even if we know who it is, the other copy says more. */
	if (str_starts(store_text(m->s, EVENT_PRINCIPAL, row), STR("acct:")))
		return RANK_FOREIGN;
	return m->l->node[acting].kind == NODE_PRINCIPAL ? RANK_PRINCIPAL :
							   RANK_CREDENTIAL;
}

/* The actor of an issuing event: its acting node, or whom it names where that
 * is nobody. */
static node_id issuer_of(struct lineage_maker *m, const struct issue *is)
{
	node_id acting = m->l->acting[is->row];
	struct str subject = maker_text(m, is->fact, SLOT_SUBJECT);

	if (!subject.n || m->l->node[acting].kind != NODE_PRINCIPAL)
		return acting;
	return maker_node(m, NODE_PRINCIPAL, subject);
}

/*
 * Copies of one event, delivered to two accounts, issue one key (and have one
 * sharedEventID). They are listed from the first of them on; returns the
 * number of the first of each issue's list.
 */
static uint32_t *find_copies(struct issues *x)
{
	struct lineage_maker *m = x->m;
	uint32_t *first = mem_alloc(((size_t)x->n + 1) * sizeof(*first));
	uint32_t *last = mem_alloc(((size_t)x->n + 1) * sizeof(*last));
	uint32_t *by_key = mem_zero(m->l->node_n, sizeof(*by_key));
	size_t mask = 15;
	uint32_t *by_shared;

	while (mask < (size_t)x->n * 2)
		mask = mask * 2 + 1;
	by_shared = mem_zero(mask + 1, sizeof(*by_shared));
	for (uint32_t i = 0; i < x->n; i++) {
		struct issue *is = &x->item[i];
		uint64_t shared = fact_number(m->facts, is->fact->fact,
					      SLOT_SHARED);
		uint32_t found = is->key ? by_key[is->key] : 0;
		size_t at = hash_u64(shared) & mask;

		for (; !found && shared && by_shared[at];
		     at = (at + 1) & mask) {
			uint32_t k = by_shared[at] - 1;

			if (fact_number(m->facts, x->item[k].fact->fact,
					SLOT_SHARED) == shared)
				found = k + 1;
		}
		first[i] = found ? first[found - 1] : i;
		if (found) {
			x->item[last[first[i]]].next = i + 1;
		} else if (shared) {
			while (by_shared[at])
				at = (at + 1) & mask;
			by_shared[at] = i + 1;
		}
		last[first[i]] = i;
		if (is->key && !by_key[is->key])
			by_key[is->key] = i + 1;
	}
	free(last);
	free(by_key);
	free(by_shared);
	return first;
}

/* The account that a session works in: the role's, else the issuing event's. */
static struct str account_of(const struct lineage_maker *m,
			     const struct issue *is)
{
	struct str account =
		principal_account(maker_text(m, is->fact, SLOT_ROLE));

	return account.n ? account : store_text(m->s, EVENT_ACCOUNT, is->row);
}

/* The principal whose session it is: without a role, the caller's own. */
static node_id whose(struct issues *x, const struct issue *is,
		     enum lineage_reason *reason)
{
	struct lineage_maker *m = x->m;
	uint32_t number = fact_string(m->facts, is->fact->fact, SLOT_ROLE);
	int64_t time = m->s->time[is->row];
	struct str text = maker_text(m, is->fact, SLOT_ROLE);
	struct arn arn;

	*reason = REASON_ROLE;
	if (x->role[number])
		return x->role[number];
	if (text.n) {
		node_id node = alias_principal(m, text, STR_NULL, time);

		if (alias_is_steady(m, text))
			x->role[number] = node;
		return node;
	}
	*reason = REASON_OWN;
	text = store_text(m->s, EVENT_PRINCIPAL, is->row);
	if (is->fact->fact->how == ISSUE_COGNITO || !arn_parse(text, &arn))
		return NODE_NONE;
	return alias_principal(m, text, STR_NULL, time);
}

static void describe_child(struct issues *x, const struct issue *is)
{
	struct lineage_maker *m = x->m;
	struct lineage_node *node = &m->l->node[is->child];
	enum lineage_reason reason;
	node_id principal;

	if (is->fact->fact->how == ISSUE_FEDERATION)
		node->session_kind = SESSION_FEDERATED;
	else if (is->fact->fact->how == ISSUE_ROOT)
		node->session_kind = SESSION_ASSUMED_ROOT;
	if (!node->account)
		maker_account(m, is->child, account_of(m, is));
	maker_edge(m, EDGE_HAS_KEY, is->child, is->key, CERTAIN, is->row,
		   REASON_ISSUED_WITH);
	principal = whose(x, is, &reason);
	maker_edge(m, EDGE_SESSION_OF, is->child, principal, CERTAIN, is->row,
		   reason);
	maker_note(m, is->child,
		   (uint32_t)fact_number(m->facts, is->fact->fact, SLOT_TIME),
		   false);
}

/* The rows of an issue and of the copies that say less of the actor. */
static unsigned evidence_of(const struct issues *x, const struct issue *is,
			    uint32_t first, row_id row[EDGE_EVIDENCE])
{
	unsigned n = 1;

	row[0] = is->row;
	/* Two or three copies are real; a long list is made up. */
	for (uint32_t i = first + 1, left = 16;
	     i && left-- && n < EDGE_EVIDENCE; i = x->item[i - 1].next) {
		const struct issue *copy = &x->item[i - 1];
		unsigned at = n;

		if (copy->rank >= is->rank || copy->child != is->child)
			continue;
		for (; at > 0 && row[at - 1] > copy->row; at--)
			row[at] = row[at - 1];
		row[at] = copy->row;
		n++;
	}
	return n;
}

static void join_issue(struct issues *x, const struct issue *is, uint32_t first)
{
	struct lineage_maker *m = x->m;
	node_id issuer = issuer_of(m, is);
	row_id row[EDGE_EVIDENCE];
	unsigned n;

	if (!is->child) {
		/* A key that nobody used, of a session without a name. */
		maker_edge(m, EDGE_ISSUED, issuer, is->key, CERTAIN, is->row,
			   REASON_ISSUED_KEY);
		return;
	}
	n = evidence_of(x, is, first, row);
	describe_child(x, is);
	maker_edge_of(m, EDGE_ISSUED, issuer, is->child, is->certainty, row, n,
		      is->reason);
	if (m->l->node[issuer].kind != NODE_PRINCIPAL ||
	    !str_ends(lineage_text(m->l, issuer), STR(".amazonaws.com")))
		m->mark[is->child] |= MARK_BY_PERSON;
}

static void rank_issues(struct issues *x, const uint32_t *first, uint8_t *best)
{
	for (uint32_t i = 0; i < x->n; i++) {
		x->item[i].rank = (uint8_t)rank_of(x->m, x->item[i].row);
		if (x->item[i].rank > best[first[i]])
			best[first[i]] = x->item[i].rank;
	}
}

/* A copy in another account that knows its caller by a unique id alone: who
 * acted there is who acted in the copy that says more. */
static void share_actors(struct issues *x, const uint32_t *first,
			 const uint8_t *best)
{
	node_id *acting = x->m->l->acting;

	for (uint32_t i = 0; i < x->n; i++) {
		const struct issue *is = &x->item[i];

		if (is->rank < best[first[i]] || is->rank != RANK_CREDENTIAL)
			continue;
		/* As in evidence_of. */
		for (uint32_t k = first[i] + 1, left = 16; k && left--;
		     k = x->item[k - 1].next) {
			const struct issue *copy = &x->item[k - 1];

			if (copy->rank == RANK_FOREIGN &&
			    copy->child == is->child)
				acting[copy->row] = acting[is->row];
		}
	}
}

/*
 * Several took one role under one name in one second: the session is all of
 * theirs, and what each did is told by the key. Each such key gets its own
 * issuer, and acts for itself.
 */
static void part_shared(struct issues *x, const uint32_t *first,
			const uint8_t *best)
{
	struct lineage_maker *m = x->m;
	struct lineage *l = m->l;
	node_id *issuer = mem_zero(l->node_n, sizeof(*issuer));
	bool any = false;

	for (uint32_t i = 0; i < x->n; i++) {
		const struct issue *is = &x->item[i];
		node_id by = issuer_of(m, is);

		if (!is->child || is->rank < best[first[i]])
			continue;
		if (!issuer[is->child])
			issuer[is->child] = by;
		else if (issuer[is->child] != by)
			m->mark[is->child] |= MARK_SHARED;
	}
	free(issuer);
	for (uint32_t i = 0; i < x->n; i++) {
		const struct issue *is = &x->item[i];

		if (is->rank < best[first[i]] || !is->key ||
		    !(m->mark[is->child] & MARK_SHARED))
			continue;
		any = true;
		maker_edge(m, EDGE_ISSUED, issuer_of(m, is), is->key, CERTAIN,
			   is->row, REASON_SHARED_SESSION);
		m->mark[is->key] |= MARK_ISSUED;
	}
	for (row_id row = 0; any && row < m->s->n; row++) {
		node_id key;

		if (!(m->mark[l->acting[row]] & MARK_SHARED) ||
		    l->node[l->acting[row]].kind != NODE_SESSION)
			continue;
		key = maker_find(m, NODE_KEY, store_text(m->s, EVENT_KEY, row));
		if (m->mark[key] & MARK_ISSUED)
			l->acting[row] = key;
	}
}

void maker_join_issues(struct lineage_maker *m)
{
	struct issues x = { .m = m };
	uint32_t *first;
	uint8_t *best;

	x.item = mem_alloc((m->fact_n + 1) * sizeof(*x.item));
	x.role = mem_zero(m->facts->strings.count, sizeof(*x.role));
	intern_init(&x.late);
	find_children(&x);
	find_acting_sessions(m);
	find_foreign_sessions(m);
	first = find_copies(&x);
	best = mem_zero((size_t)x.n + 1, 1);
	rank_issues(&x, first, best);
	for (uint32_t i = 0; i < x.n; i++) {
		arena_reset(&m->arena);
		if (x.item[i].rank == best[first[i]])
			join_issue(&x, &x.item[i], first[i]);
	}
	share_actors(&x, first, best);
	part_shared(&x, first, best);
	free(best);
	free(first);
	intern_release(&x.late);
	free(x.role);
	free(x.item);
}
