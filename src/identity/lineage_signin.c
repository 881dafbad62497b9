/* SPDX-License-Identifier: MIT */
/* Consoles, roles switched in them, and Identity Center. */
#include "identity/lineage_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "model/arn.h"

/* Identity Center's event and the role's differ by no more than this. */
#define CENTER_MS 2000

/* Most sign-ins of those seconds that are looked at. */
enum { CENTER_MOST = 256 };

struct sign_ins {
	struct lineage_maker *m;
	/* By fact: the session that a sign-in opened. */
	node_id *child;
	enum certainty *certainty;
	/* AssumeRoleWithSAML, in order of time: numbers of facts. */
	uint32_t *saml;
	uint32_t saml_n;
	/* Texts of Identity Center's users, by session. */
	uint32_t *behalf;
	/* By principalId: the session that last asked for a sign-in token. */
	struct intern asked;
	struct token {
		node_id session;
		int64_t time;
	} * token;
	size_t token_cap;
};

/* Consoles ---------------------------------------------------------------- */

/* Who signs in as a role's session says neither key nor beginning: who acts is
 * the session that the sign-in opens. */
static bool opens_its_own(const struct lineage_maker *m, const struct joined *j,
			  node_id child)
{
	return child &&
	       m->l->node[m->l->acting[j->row]].kind == NODE_PRINCIPAL &&
	       session_text_is_named(lineage_text(m->l, child));
}

/* A session of that principalId and time, or one of a user that no event
 * issued, within two seconds: one of a role that was there just before is what
 * a federated sign-in came of. */
static node_id near_session(struct lineage_maker *m, struct str pid,
			    int64_t time)
{
	static const int offsets[] = { 0, -1, 1, -2, 2 };
	size_t tries = str_find_char(pid, ':', 0) == SIZE_MAX ? 5 : 1;

	for (size_t i = 0; time != TIME_NONE && i < tries; i++) {
		struct str at = maker_time_text(m, time + offsets[i] * 1000);
		node_id n = maker_find(m, NODE_SESSION,
				       maker_join3(m, pid, STR("@"), at));

		if (n && (i == 0 || !(m->mark[n] & MARK_ISSUED)))
			return n;
	}
	return NODE_NONE;
}

static void open_consoles(struct sign_ins *x)
{
	struct lineage_maker *m = x->m;

	for (size_t i = 0; i < m->fact_n; i++) {
		const struct joined *j = &m->fact[i];
		int64_t time = m->s->time[j->row];
		struct str pid = maker_text(m, j, SLOT_PID), text;

		if (j->fact->kind != FACT_SIGN_IN ||
		    j->fact->how == SIGN_TOKEN || !pid.n || time == TIME_NONE)
			continue;
		arena_reset(&m->arena);
		text = maker_join3(m, pid, STR("@"), maker_time_text(m, time));
		x->child[i] = near_session(m, pid, time);
		if (!x->child[i])
			x->child[i] = maker_node(m, NODE_SESSION, text);
		x->certainty[i] = str_eq(lineage_text(m->l, x->child[i]),
					 text) ?
					  CERTAIN :
					  PROBABLE;
		if (!opens_its_own(m, j, x->child[i]))
			continue;
		m->l->acting[j->row] = x->child[i];
		maker_tie_row(m, j->row);
	}
	/* There are more sessions now than were sorted. */
	free(m->sorted);
	m->sorted = NULL;
}

/* GetSigninToken: a sign-in under that principalId will use its session. */
static void note_token(struct sign_ins *x, const struct joined *j)
{
	struct lineage_maker *m = x->m;
	node_id session = m->l->acting[j->row];
	size_t was = x->token_cap;
	uint32_t n;

	if (m->l->node[session].kind != NODE_SESSION)
		return;
	maker_note(m, session, 0, true);
	n = intern_add(&x->asked, maker_text(m, j, SLOT_PID));
	x->token = mem_grow(x->token, &x->token_cap, (size_t)n + 1,
			    sizeof(*x->token));
	memset(x->token + was, 0, (x->token_cap - was) * sizeof(*x->token));
	x->token[n] = (struct token){ session, m->s->time[j->row] };
}

/* The session that asked last for a token under a principalId, not long
 * before; tokens are good for a quarter of an hour. */
static node_id token_session(const struct sign_ins *x, struct str pid,
			     int64_t time)
{
	enum { MINUTES_15 = 15 * 60 * 1000 };
	uint32_t n = intern_find(&x->asked, pid);

	if (n == INTERN_NONE || n >= x->token_cap ||
	    x->token[n].time < time - MINUTES_15)
		return NODE_NONE;
	return x->token[n].session;
}

static void join_console(struct sign_ins *x, size_t i)
{
	struct lineage_maker *m = x->m;
	const struct joined *j = &m->fact[i];
	struct str pid = maker_text(m, j, SLOT_PID);
	node_id acting = m->l->acting[j->row], child = x->child[i], before;
	struct str time = maker_time_text(m, m->s->time[j->row]);

	if (acting != child) {
		maker_edge(m, EDGE_ISSUED, acting, child, x->certainty[i],
			   j->row,
			   x->certainty[i] == CERTAIN ? REASON_SESSION :
							REASON_CLOCK);
		return;
	}
	/* A sign-in by SAML opens the very session that it was issued. */
	if (m->mark[child] & MARK_ISSUED)
		return;
	before = token_session(x, pid, m->s->time[j->row]);
	if (!before || before == child)
		before = maker_session_before(m, pid, time, false);
	maker_edge(m, EDGE_ISSUED, before, child, PROBABLE, j->row,
		   REASON_SESSION_BEFORE);
}

/* "arn:aws:sts::A:assumed-role/R/S": its last session before; a user's ARN. */
static void join_switch(struct sign_ins *x, size_t i)
{
	struct lineage_maker *m = x->m;
	const struct joined *j = &m->fact[i];
	struct str from = maker_text(m, j, SLOT_SUBJECT), account, role, name;
	struct str time = maker_time_text(m, m->s->time[j->row]), id;
	enum certainty certainty = x->certainty[i];
	node_id issuer;

	/* Its AssumeRole says better who it was. */
	if ((m->mark[x->child[i]] & MARK_ISSUED) || !from.n)
		return;
	if (arn_assumed_role(from, &account, &role, &name)) {
		struct str arn = arena_join(&m->arena, STR("r"), account);

		arn = maker_join3(m, arn, STR("/"), role);
		issuer = alias_name(m, arn, j->row);
		id = alias_id_of(m, lineage_text(m->l, issuer),
				 m->s->time[j->row]);
		certainty = PROBABLE;
		if (id.n) {
			node_id session = maker_session_before(
				m, maker_join3(m, id, STR(":"), name), time,
				false);

			issuer = session ? session : issuer;
		}
	} else {
		issuer = alias_of(m, from, j->row);
	}
	maker_edge(m, EDGE_ISSUED, issuer, x->child[i], certainty, j->row,
		   REASON_SWITCH);
}

static void join_consoles(struct sign_ins *x)
{
	struct lineage_maker *m = x->m;

	for (size_t i = 0; i < m->fact_n; i++) {
		const struct joined *j = &m->fact[i];
		node_id child = x->child[i];

		if (j->fact->kind != FACT_SIGN_IN)
			continue;
		arena_reset(&m->arena);
		if (j->fact->how == SIGN_TOKEN)
			note_token(x, j);
		if (!child)
			continue;
		m->l->node[child].session_kind = SESSION_CONSOLE;
		maker_account(m, child, store_text(m->s, EVENT_CALLER, j->row));
		maker_edge(m, EDGE_SESSION_OF, child,
			   alias_principal(
				   m, store_text(m->s, EVENT_PRINCIPAL, j->row),
				   STR_NULL, m->s->time[j->row]),
			   CERTAIN, j->row, REASON_SIGN_IN);
		if (j->fact->how == SIGN_CONSOLE)
			join_console(x, i);
		else
			join_switch(x, i);
	}
}

/* Users of Identity Center -------------------------------------------------- */

static void join_behalf(struct sign_ins *x)
{
	struct lineage_maker *m = x->m;

	for (size_t i = 0; i < m->on_behalf.n; i++) {
		const struct first_row *r = &m->on_behalf.item[i];
		struct str user = intern_text(&m->facts->strings,
					      x->behalf[r->session]);

		maker_edge(m, EDGE_ON_BEHALF_OF, r->session,
			   maker_node(m, NODE_PRINCIPAL, user), CERTAIN, r->row,
			   REASON_BEHALF);
	}
}

/* Which user has a portal's session: other records of it say so. */
static void list_portals(struct lineage_maker *m)
{
	const struct facts *f = m->facts;
	uint32_t *user = mem_zero(f->strings.count, sizeof(*user));

	for (size_t i = 0; i < f->link_n; i++) {
		const struct fact_link *link = &f->link[i];
		struct str who = intern_text(&f->strings, link->a);

		if (link->kind != LINK_PORTAL || !str_starts(who, STR("idc:")))
			continue;
		/* Two users are a lie: the same one whatever the order. */
		if (!user[link->b] ||
		    str_cmp(who, intern_text(&f->strings, user[link->b])) < 0)
			user[link->b] = link->a;
	}
	m->portal_user = user;
}

/*
 * The user behind an event of Identity Center. Older records say "Unknown" and
 * a name: the portal's session tells who that is, else the name must do.
 */
static node_id center_user(struct lineage_maker *m, const struct joined *j)
{
	struct str principal = store_text(m->s, EVENT_PRINCIPAL, j->row);
	struct str name = maker_text(m, j, SLOT_SUBJECT);
	uint32_t user;

	if (!str_eq(principal, STR("unknown")))
		return m->l->acting[j->row];
	user = m->portal_user[fact_string(m->facts, j->fact, SLOT_PORTAL)];
	if (user)
		return maker_node(m, NODE_PRINCIPAL,
				  intern_text(&m->facts->strings, user));
	return maker_node(m, NODE_PRINCIPAL,
			  name.n ? arena_join(&m->arena, STR("idc:#"), name) :
				   STR_NULL);
}

/* Is that the role of a permission set, in an account? */
static bool is_set_role(struct str role, struct str set, struct str account)
{
	struct str prefix = STR("AWSReservedSSO_"), name, rest;
	struct arn arn;

	if (!arn_parse(role, &arn) || !str_eq(arn.account, account))
		return false;
	name = arn_last_segment(arn.resource);
	if (!str_starts(name, prefix))
		return false;
	rest = str_from(name, prefix.n);
	return rest.n > set.n && str_starts(rest, set) &&
	       rest.p[set.n] == '_' &&
	       str_find_char(str_from(rest, set.n + 1), '_', 0) == SIZE_MAX;
}

static void list_saml(struct sign_ins *x)
{
	struct lineage_maker *m = x->m;

	x->saml = mem_alloc((m->fact_n + 1) * sizeof(*x->saml));
	for (size_t i = 0; i < m->fact_n; i++)
		if (m->fact[i].fact->kind == FACT_ISSUED &&
		    m->fact[i].fact->how == ISSUE_SAML &&
		    m->s->time[m->fact[i].row] != TIME_NONE)
			x->saml[x->saml_n++] = (uint32_t)i;
}

/* One sign-in that may have followed from an event of Identity Center. */
struct candidate {
	node_id session;
	row_id row;
	int64_t apart; /* ms */
	bool named;    /* onBehalfOf names that user */
};

static struct candidate judge(struct sign_ins *x, const struct joined *center,
			      const struct joined *saml, node_id user)
{
	struct lineage_maker *m = x->m;
	struct candidate c = { NODE_NONE, saml->row, 0, false };
	node_id session = m->child[saml - m->fact], behalf;

	if (!session || !is_set_role(maker_text(m, saml, SLOT_ROLE),
				     maker_text(m, center, SLOT_NAME),
				     maker_text(m, center, SLOT_ACCOUNT)))
		return c;
	behalf =
		maker_find(m, NODE_PRINCIPAL,
			   intern_text(&m->facts->strings, x->behalf[session]));
	/* What somebody else did with it was given to somebody else. */
	if (behalf && behalf != user)
		return c;
	c.session = session;
	c.apart = m->s->time[saml->row] - m->s->time[center->row];
	if (c.apart < 0)
		c.apart = -c.apart;
	c.named = behalf != NODE_NONE;
	return c;
}

static bool is_nearer(const struct candidate *a, const struct candidate *b)
{
	if (a->named != b->named)
		return a->named;
	return a->apart < b->apart;
}

/* GetRoleCredentials or Federate, and the sign-in by SAML that it makes. Of
 * several in those seconds the nearest; of equals all, since nothing tells
 * them apart. */
static void join_center(struct sign_ins *x, const struct joined *j)
{
	struct lineage_maker *m = x->m;
	int64_t time = m->s->time[j->row];
	node_id user = center_user(m, j);
	struct candidate best = { NODE_NONE, 0, 0, false };
	uint32_t low = 0, high = x->saml_n, end;

	if (m->l->node[m->l->acting[j->row]].kind == NODE_PRINCIPAL && user)
		m->l->acting[j->row] = user;
	if (j->fact->how == CENTER_TOKEN || time == TIME_NONE || !user)
		return;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (m->s->time[m->fact[x->saml[mid]].row] < time - CENTER_MS)
			low = mid + 1;
		else
			high = mid;
	}
	end = low + CENTER_MOST < x->saml_n ? low + CENTER_MOST : x->saml_n;
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = low; i < end; i++) {
			const struct joined *saml = &m->fact[x->saml[i]];
			row_id rows[2] = { j->row, saml->row };
			struct candidate c;

			if (m->s->time[saml->row] > time + CENTER_MS)
				break;
			c = judge(x, j, saml, user);
			if (!c.session)
				continue;
			if (pass == 0) {
				if (!best.session || is_nearer(&c, &best))
					best = c;
				continue;
			}
			if (c.named != best.named || c.apart != best.apart)
				continue;
			if (rows[0] > rows[1]) {
				rows[0] = saml->row;
				rows[1] = j->row;
			}
			maker_edge_of(m, EDGE_ISSUED, user, c.session,
				      c.named ? CERTAIN : PROBABLE, rows, 2,
				      c.named ? REASON_CENTER_USER :
						REASON_CENTER);
			if (j->fact->how == CENTER_CONSOLE)
				m->l->node[c.session].session_kind =
					SESSION_CONSOLE;
		}
}

static void join_centers(struct sign_ins *x)
{
	struct lineage_maker *m = x->m;

	list_portals(m);
	list_saml(x);
	for (size_t i = 0; i < m->fact_n; i++) {
		arena_reset(&m->arena);
		if (m->fact[i].fact->kind == FACT_CENTER)
			join_center(x, &m->fact[i]);
	}
}

/* Command lines that got their credentials from a console -------------------- */

struct sign_in_session {
	uint32_t text; /* signInSessionArn, in facts.strings */
	node_id session;
};

struct sign_in_order {
	const struct lineage_maker *m;
	const struct sign_in_session *item;
};

static int compare_sign_ins(uint32_t x, uint32_t y, const void *context)
{
	const struct sign_in_order *o = context;
	struct str a = lineage_text(o->m->l, o->item[x].session);
	struct str b = lineage_text(o->m->l, o->item[y].session);
	int d;

	if (o->item[x].text != o->item[y].text)
		return o->item[x].text < o->item[y].text ? -1 : 1;
	/* By their beginning. */
	d = str_cmp(str_from(a, session_text_pid(a).n),
		    str_from(b, session_text_pid(b).n));
	return d ? d : str_cmp(a, b);
}

/* Sessions of one signInSessionArn came out of the first of them. */
static void join_sign_in_sessions(struct lineage_maker *m)
{
	const struct facts *f = m->facts;
	struct sign_in_session *item =
		mem_alloc((f->link_n + 1) * sizeof(*item));
	struct sign_in_order order = { m, item };
	uint32_t *at = mem_alloc((f->link_n + 1) * sizeof(*at)), n = 0;

	for (size_t i = 0; i < f->link_n; i++) {
		node_id session;

		if (f->link[i].kind != LINK_SIGN_IN)
			continue;
		arena_reset(&m->arena);
		session = maker_session(m,
					intern_text(&f->strings, f->link[i].a));
		item[n] = (struct sign_in_session){ f->link[i].b, session };
		at[n] = n;
		n += session != NODE_NONE;
	}
	sort_u32(at, n, compare_sign_ins, &order);
	for (uint32_t i = 1, first = 0; i < n; i++) {
		node_id session = item[at[i]].session;

		if (item[at[i]].text != item[at[first]].text) {
			first = i;
			continue;
		}
		if (!(m->mark[session] & MARK_ISSUED))
			maker_edge(m, EDGE_ISSUED, item[at[first]].session,
				   session, CERTAIN, m->l->node[session].first,
				   REASON_SIGN_IN_SESSION);
	}
	free(item);
	free(at);
}

void maker_join_sign_ins(struct lineage_maker *m)
{
	struct sign_ins x = { .m = m };

	x.child = mem_zero(m->fact_n + 1, sizeof(*x.child));
	x.certainty = mem_zero(m->fact_n + 1, sizeof(*x.certainty));
	intern_init(&x.asked);
	open_consoles(&x);
	join_consoles(&x);
	x.behalf = maker_links(m, LINK_BEHALF);
	join_behalf(&x);
	join_centers(&x);
	join_sign_in_sessions(m);
	intern_release(&x.asked);
	free(x.token);
	free(x.saml);
	free(x.behalf);
	free(x.child);
	free(x.certainty);
}
