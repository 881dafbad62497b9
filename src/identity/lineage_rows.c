/* SPDX-License-Identifier: MIT */
/* What rows show by themselves: who acted, with what, from where. */
#include "identity/lineage_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"
#include "model/addr.h"
#include "model/keyid.h"

/* A principal's ARN may mean several nodes, over time or by its path. */
#define NODE_AMBIGUOUS UINT32_MAX

/* Nodes of the values of those columns that become nodes, by value. */
struct rows {
	struct lineage_maker *m;
	node_id *session, *key, *principal, *ip;
	uint8_t *agent; /* 1: not a function's, 2: a function's */
	/* By node: key, address and principal of its last row. */
	struct last {
		node_id key, ip, principal;
	} * last;
	size_t last_n, last_cap;
};

/* Nodes of values --------------------------------------------------------- */

/* Some exports write creationDate in a form of their own. */
static struct str session_text(struct lineage_maker *m, struct str text)
{
	size_t at = str_find_last(text, '@');
	struct str time = str_from(text, at + 1);
	int64_t t;

	if (time.n == 20 && time.p[10] == 'T' && time.p[19] == 'Z')
		return text;
	t = time_parse(time, NULL);
	if (t == TIME_NONE)
		return text;
	return maker_join3(m, str_sub(text, 0, at), STR("@"),
			   maker_time_text(m, t));
}

node_id maker_session(struct lineage_maker *m, struct str text)
{
	return maker_find(m, NODE_SESSION, session_text(m, text));
}

static node_id of_session(struct rows *r, uint32_t value)
{
	if (value && !r->session[value])
		r->session[value] = maker_node(
			r->m, NODE_SESSION,
			session_text(r->m, store_value(r->m->s, EVENT_SESSION,
						       value)));
	return r->session[value];
}

static node_id of_key(struct rows *r, uint32_t value)
{
	if (value && !r->key[value])
		r->key[value] = maker_node(
			r->m, NODE_KEY, store_value(r->m->s, EVENT_KEY, value));
	return r->key[value];
}

/* Another account's caller, by its unique id: whoever that is here. */
static node_id foreign_principal(struct lineage_maker *m, struct str text)
{
	size_t hash = str_find_char(text, '#', 0);
	node_id node = NODE_NONE;

	if (hash != SIZE_MAX)
		node = alias_unique_id(m, str_from(text, hash + 1));
	return node ? node : maker_node(m, NODE_PRINCIPAL, text);
}

static node_id of_principal_value(struct rows *r, uint32_t value)
{
	struct str text = store_value(r->m->s, EVENT_PRINCIPAL, value);

	if (str_starts(text, STR("acct:")))
		return foreign_principal(r->m, text);
	if (alias_is_ambiguous(r->m, text))
		return NODE_AMBIGUOUS;
	return alias_principal(r->m, text, STR_NULL, 0);
}

/* The unique id that a row shows of its caller, or empty. */
static struct str row_uid(const struct lineage_maker *m, row_id row)
{
	struct str session = store_text(m->s, EVENT_SESSION, row);
	struct str pid = session_text_pid(session);

	if (session.n)
		return str_sub(pid, 0, str_find_char(pid, ':', 0));
	return alias_key_owner(m, store_text(m->s, EVENT_KEY, row));
}

static node_id of_principal(struct rows *r, row_id row)
{
	struct lineage_maker *m = r->m;
	uint32_t value = store_value_at(m->s, EVENT_PRINCIPAL, row);

	if (!r->principal[value])
		r->principal[value] = of_principal_value(r, value);
	if (r->principal[value] != NODE_AMBIGUOUS)
		return r->principal[value];
	return alias_principal(m, store_value(m->s, EVENT_PRINCIPAL, value),
			       row_uid(m, row), m->s->time[row]);
}

/* Only what can be met again is a place: no services, no odd texts, and not
 * the inside of one's own network. */
static bool is_place(const struct store *s, row_id row)
{
	switch (addr_class(store_text(s, EVENT_IP, row))) {
	case ADDR_PUBLIC:
		return true;
	case ADDR_PRIVATE:
		return !(s->flags[row] & EVENT_THROUGH_ENDPOINT);
	default:
		return false;
	}
}

static node_id of_ip(struct rows *r, row_id row)
{
	const struct store *s = r->m->s;
	uint32_t value = store_value_at(s, EVENT_IP, row);

	if (!value)
		return NODE_NONE;
	if (r->ip[value] && !(s->flags[row] & EVENT_THROUGH_ENDPOINT))
		return r->ip[value] == NODE_AMBIGUOUS ? NODE_NONE :
							r->ip[value];
	if (!is_place(s, row)) {
		if (!(s->flags[row] & EVENT_THROUGH_ENDPOINT))
			r->ip[value] = NODE_AMBIGUOUS; /* never one */
		return NODE_NONE;
	}
	r->ip[value] = maker_node(r->m, NODE_IP, store_text(s, EVENT_IP, row));
	return r->ip[value];
}

/* Edges of a row ---------------------------------------------------------- */

static void tie_session(struct lineage_maker *m, node_id session, node_id key,
			node_id principal, row_id row)
{
	maker_account(m, session, store_text(m->s, EVENT_CALLER, row));
	maker_edge(m, EDGE_SESSION_OF, session, principal, CERTAIN, row,
		   REASON_IDENTITY);
	maker_edge(m, EDGE_HAS_KEY, session, key, CERTAIN, row, REASON_USED);
	m->mark[session] |= MARK_ROWS;
	m->link[session] = principal;
	if (key)
		m->link[key] = session;
}

static void tie_key(struct lineage_maker *m, node_id key, node_id principal,
		    row_id row)
{
	maker_account(m, key, store_text(m->s, EVENT_CALLER, row));
	m->mark[key] |= MARK_OWNED;
	maker_edge(m, EDGE_OWNS, principal, key, CERTAIN, row, REASON_IDENTITY);
}

static void tie(struct lineage_maker *m, node_id acting, node_id key,
		node_id principal, node_id ip, row_id row)
{
	if (m->l->node[acting].kind == NODE_SESSION)
		tie_session(m, acting, key, principal, row);
	else if (m->l->node[acting].kind == NODE_KEY)
		tie_key(m, acting, principal, row);
	if (acting != principal)
		maker_edge(m, EDGE_USED_FROM, acting, ip, CERTAIN, row,
			   REASON_ADDRESS);
	maker_edge(m, EDGE_IN_ACCOUNT, principal,
		   maker_node(m, NODE_ACCOUNT,
			      lineage_account_text(m->l, principal)),
		   CERTAIN, row, REASON_ACCOUNT);
}

/* Runs of rows with the same key, address and principal cost no lookups. */
static bool tied_before(struct rows *r, node_id acting, node_id key, node_id ip,
			node_id principal)
{
	struct last now = { key, ip, principal }, *last;
	size_t was = r->last_cap;
	bool same;

	r->last = mem_grow(r->last, &r->last_cap, (size_t)acting + 1,
			   sizeof(*r->last));
	memset(r->last + was, 0, (r->last_cap - was) * sizeof(*r->last));
	last = &r->last[acting];
	same = last->key == key && last->ip == ip &&
	       last->principal == principal && principal;
	*last = now;
	return same;
}

/* The first row of each session that carries something. */
static void list_first(struct lineage_maker *m, struct first_rows *list,
		       node_id session, row_id row, enum node_mark mark)
{
	if (m->mark[session] & mark)
		return;
	m->mark[session] |= (uint16_t)mark;
	list->item = mem_grow(list->item, &list->cap, list->n + 1,
			      sizeof(*list->item));
	list->item[list->n++] = (struct first_row){ session, row };
}

static void mark_session(struct rows *r, node_id session, row_id row)
{
	struct lineage_maker *m = r->m;
	const struct store *s = m->s;
	uint32_t flags = s->flags[row],
		 agent = store_value_at(s, EVENT_AGENT, row);

	if (flags & EVENT_IN_SCOPE)
		list_first(m, &m->in_scope, session, row, MARK_SCOPE);
	if (flags & EVENT_ON_BEHALF)
		list_first(m, &m->on_behalf, session, row, MARK_BEHALF);
	if (flags & (EVENT_IMDS_V1 | EVENT_IMDS_V2))
		m->mark[session] |= MARK_IMDS;
	if (agent && !r->agent[agent])
		r->agent[agent] = str_find(store_value(s, EVENT_AGENT, agent),
					   STR("exec-env/AWS_Lambda_"),
					   0) == SIZE_MAX ?
					  1 :
					  2;
	if (r->agent[agent] == 2)
		m->mark[session] |= MARK_LAMBDA;
}

static void see_row(struct rows *r, row_id row)
{
	struct lineage_maker *m = r->m;
	const struct store *s = m->s;
	node_id principal = of_principal(r, row);
	node_id key = of_key(r, store_value_at(s, EVENT_KEY, row));
	node_id session = of_session(r, store_value_at(s, EVENT_SESSION, row));
	node_id ip = of_ip(r, row);
	node_id acting = session ? session : key ? key : principal;

	m->l->acting[row] = acting;
	/* Counting comes later; what was the first row is asked for before. */
	if (m->l->node[acting].first == ROW_NONE)
		m->l->node[acting].first = row;
	if (session)
		mark_session(r, session, row);
	else if (key && keyid_kind(lineage_text(m->l, key)) != KEYID_LONG_TERM)
		/* Whose temporary keys are is not known before the facts are. */
		return;
	if (!tied_before(r, acting, key, ip, principal))
		tie(m, acting, key, principal, ip, row);
}

void maker_see_rows(struct lineage_maker *m)
{
	const struct store *s = m->s;
	struct rows r = {
		.m = m,
		.session = mem_zero(s->values[EVENT_SESSION], sizeof(node_id)),
		.key = mem_zero(s->values[EVENT_KEY], sizeof(node_id)),
		.principal = mem_zero(s->values[EVENT_PRINCIPAL],
				      sizeof(node_id)),
		.ip = mem_zero(s->values[EVENT_IP], sizeof(node_id)),
		.agent = mem_zero(s->values[EVENT_AGENT], 1),
	};

	for (row_id row = 0; row < s->n; row++) {
		if (kind_is_call(s->kind[row]))
			see_row(&r, row);
		if (m->arena.used)
			arena_reset(&m->arena);
	}
	free(r.session);
	free(r.key);
	free(r.principal);
	free(r.ip);
	free(r.agent);
	free(r.last);
}

uint32_t *maker_links(struct lineage_maker *m, enum link_kind kind)
{
	const struct facts *f = m->facts;
	uint32_t *text = mem_zero(m->l->node_n, sizeof(*text));

	for (size_t i = 0; i < f->link_n; i++) {
		const struct fact_link *link = &f->link[i];
		node_id n;

		if (link->kind != kind)
			continue;
		if (m->arena.used)
			arena_reset(&m->arena);
		n = maker_session(m, intern_text(&f->strings, link->a));
		/* Two of one session are a lie: the same one whatever the
		 * order of files. */
		if (n && (!text[n] ||
			  str_cmp(intern_text(&f->strings, link->b),
				  intern_text(&f->strings, text[n])) < 0))
			text[n] = link->b;
	}
	return text;
}

void maker_tie_row(struct lineage_maker *m, row_id row)
{
	const struct store *s = m->s;
	struct str text = store_text(s, EVENT_PRINCIPAL, row);
	node_id principal, ip = NODE_NONE;

	principal = str_starts(text, STR("acct:")) ?
			    foreign_principal(m, text) :
			    alias_principal(m, text, row_uid(m, row),
					    s->time[row]);
	if (is_place(s, row))
		ip = maker_node(m, NODE_IP, store_text(s, EVENT_IP, row));
	tie(m, m->l->acting[row],
	    maker_node(m, NODE_KEY, store_text(s, EVENT_KEY, row)), principal,
	    ip, row);
}
