/* SPDX-License-Identifier: MIT */
/* What was made, changed, let in and ended. */
#include "identity/lineage_private.h"

#include "base/mem.h"
#include "base/timefmt.h"
#include "model/arn.h"
#include "model/identity.h"

static void join_created(struct lineage_maker *m, const struct joined *j)
{
	maker_edge(m, EDGE_CREATED, m->l->acting[j->row],
		   alias_principal(m, maker_text(m, j, SLOT_ARN),
				   maker_text(m, j, SLOT_UID),
				   m->s->time[j->row]),
		   CERTAIN, j->row, REASON_CREATED);
}

/* The user that a new key is of: the one that is named, else the caller. */
static node_id key_owner(struct lineage_maker *m, const struct joined *j,
			 struct str name)
{
	struct str caller = store_text(m->s, EVENT_PRINCIPAL, j->row);
	struct arn arn;

	if (name.n)
		return alias_name(m, name, j->row);
	if (!arn_parse(caller, &arn) ||
	    !(str_starts(arn.resource, STR("user/")) ||
	      str_eq(arn.resource, STR("root"))))
		return NODE_NONE;
	return alias_principal(m, caller, STR_NULL, m->s->time[j->row]);
}

static void join_key(struct lineage_maker *m, const struct joined *j)
{
	struct str name = maker_text(m, j, SLOT_NAME);
	node_id key = maker_node(m, NODE_KEY, maker_text(m, j, SLOT_KEY));

	if (!key)
		return;
	maker_account(m, key, maker_row_account(m, j->row));
	maker_edge(m, EDGE_CREATED, m->l->acting[j->row], key, CERTAIN, j->row,
		   REASON_CREATED_KEY);
	/* Rows that use the key name the user as it is: better. */
	if (m->mark[key] & MARK_OWNED)
		return;
	maker_edge(m, EDGE_OWNS, key_owner(m, j, name), key, CERTAIN, j->row,
		   name.n ? REASON_KEY_USER : REASON_NO_USER);
}

static void join_modified(struct lineage_maker *m, const struct joined *j)
{
	maker_edge(m, EDGE_MODIFIED_AUTH, m->l->acting[j->row],
		   alias_of(m, maker_text(m, j, SLOT_ARN), j->row), CERTAIN,
		   j->row, REASON_REQUEST);
}

/* That an account lets itself in says nothing. */
static void join_trust(struct lineage_maker *m, const struct joined *j)
{
	node_id role = alias_of(m, maker_text(m, j, SLOT_ARN), j->row);
	node_id who = alias_in_policy(m, maker_text(m, j, SLOT_SUBJECT),
				      j->row);
	struct str own, text;

	if (!role)
		return;
	if (!who) {
		maker_opening(m, role, NODE_NONE, j->row);
		return;
	}
	own = lineage_account_text(m->l, role);
	text = lineage_text(m->l, who);
	if (str_starts(text, STR("acct:")) && own.n &&
	    str_eq(str_from(text, 5), own))
		return;
	maker_edge(m, EDGE_TRUSTS, role, who, CERTAIN, j->row, REASON_POLICY);
	maker_opening(m, role, who, j->row);
}

/* Who writes a resource's policy has it in hand; the policy lets others in. */
static void join_grant(struct lineage_maker *m, const struct joined *j)
{
	struct str arn = maker_text(m, j, SLOT_ARN);
	struct str subject = maker_text(m, j, SLOT_SUBJECT);
	node_id resource, who;

	/* Of a policy that lets nobody in only its writing is known. */
	if (!subject.n) {
		maker_opening(m, maker_known_compute(m, arn, j->row), NODE_NONE,
			      j->row);
		return;
	}
	resource = maker_compute(m, arn, j->row);
	who = alias_in_policy(m, subject, j->row);
	maker_account(m, resource, maker_row_account(m, j->row));
	maker_edge(m, EDGE_CONTROLS, m->l->acting[j->row], resource, CERTAIN,
		   j->row, REASON_REQUEST);
	maker_edge(m, EDGE_GRANTS, resource, who, CERTAIN, j->row,
		   REASON_POLICY);
	maker_opening(m, resource, who, j->row);
}

static void join_gift(struct lineage_maker *m, const struct joined *j)
{
	node_id user = key_owner(m, j, maker_text(m, j, SLOT_NAME));

	if (user)
		maker_gift(m, user, maker_text(m, j, SLOT_UID), j->row,
			   j->fact->how == GIFT_TAKEN);
}

static void add_end(struct lineage_maker *m, node_id node, enum end_kind kind,
		    row_id row, uint32_t before)
{
	if (!node)
		return;
	m->end = mem_grow(m->end, &m->end_cap, m->end_n + 1, sizeof(*m->end));
	m->end[m->end_n++] = (struct lineage_end){
		.node = node,
		.kind = kind,
		.row = row,
		.time = m->s->time[row],
		.before = before ? (int64_t)before * 1000 : m->s->time[row]
	};
}

/* The user whose portal session it was, else who ended it. */
static void end_portal(struct lineage_maker *m, const struct joined *j)
{
	const struct facts *f = m->facts;
	uint32_t who = m->portal_user[fact_string(f, j->fact, SLOT_PORTAL)];
	node_id user = who ? maker_node(m, NODE_PRINCIPAL,
					intern_text(&f->strings, who)) :
			     m->l->acting[j->row];

	if (str_starts(lineage_text(m->l, user), STR("idc:")))
		add_end(m, user, END_PORTAL_REVOKED, j->row, 0);
}

static void join_end(struct lineage_maker *m, const struct joined *j)
{
	struct str key = maker_text(m, j, SLOT_KEY);
	struct str what = maker_text(m, j, SLOT_ARN);
	uint32_t before = (uint32_t)fact_number(m->facts, j->fact, SLOT_TIME);
	node_id node;

	if (key.n) {
		struct str user = maker_text(m, j, SLOT_NAME);

		node = maker_node(m, NODE_KEY, key);
		maker_account(m, node, maker_row_account(m, j->row));
		if (!(m->mark[node] & MARK_OWNED))
			maker_edge(m, EDGE_OWNS, key_owner(m, j, user), node,
				   CERTAIN, j->row, REASON_REQUEST_USER);
	} else if (fact_string(m->facts, j->fact, SLOT_PORTAL)) {
		end_portal(m, j);
		return;
	} else if (j->fact->how == END_TERMINATED ||
		   j->fact->how == END_PROFILE_REMOVED) {
		/* Providers and trust anchors sign principals in. */
		node = maker_find(m, NODE_PRINCIPAL, what);
		if (!node)
			node = maker_known_compute(m, what, j->row);
	} else {
		node = alias_of(m, what, j->row);
	}
	add_end(m, node, (enum end_kind)j->fact->how, j->row, before);
}

void maker_join_changes(struct lineage_maker *m)
{
	static void (*const join[FACT_KINDS])(struct lineage_maker * m,
					      const struct joined *j) = {
		[FACT_CREATED] = join_created,   [FACT_KEY] = join_key,
		[FACT_MODIFIED] = join_modified, [FACT_TRUST] = join_trust,
		[FACT_GRANT] = join_grant,       [FACT_GIFT] = join_gift,
		[FACT_END] = join_end,
	};

	for (size_t i = 0; i < m->fact_n; i++) {
		const struct joined *j = &m->fact[i];

		if (!join[j->fact->kind])
			continue;
		if (m->arena.used)
			arena_reset(&m->arena);
		join[j->fact->kind](m, j);
	}
}
