/* SPDX-License-Identifier: MIT */
#include "identity/lineage.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "identity/lineage_private.h"
#include "model/addr.h"
#include "model/identity.h"
#include "model/keyid.h"

enum { FIRST_SLOTS = 1024 };

/* Nodes of the values of those columns that become nodes, by value. */
struct value_nodes {
	node_id *session, *key, *principal, *ip;
};

/* Nodes ------------------------------------------------------------------- */

node_id maker_node(struct lineage_maker *m, enum lineage_kind kind,
		   struct str text)
{
	static const char *const prefixes[] = {
#define X(code, name, prefix) prefix,
		NODE_KINDS(X)
#undef X
	};
	struct lineage *l = m->l;
	struct str prefix = str_of(prefixes[kind]);
	node_id n;

	if (!text.n)
		return NODE_NONE;
	strbuf_clear(&m->text);
	strbuf_add(&m->text, prefix);
	strbuf_add(&m->text, text);
	n = intern_add(&l->ids, strbuf_str(&m->text));
	if (n < l->node_n)
		return n;
	l->node = mem_grow(l->node, &m->node_cap, (size_t)n + 1,
			   sizeof(*l->node));
	m->extra = mem_grow(m->extra, &m->extra_cap, (size_t)n + 1,
			    sizeof(*m->extra));
	l->node[n] = (struct lineage_node){ .kind = (uint8_t)kind,
					    .first = ROW_NONE,
					    .last = ROW_NONE };
	m->extra[n] = (struct lineage_extra){ .owned = false };
	l->node_n = n + 1;
	if (kind == NODE_PRINCIPAL)
		maker_account(m, n, principal_account(lineage_text(l, n)));
	return n;
}

void maker_account(struct lineage_maker *m, node_id node, struct str account)
{
	if (!m->l->node[node].account)
		m->l->node[node].account = intern_add(&m->l->texts, account);
}

static node_id value_node(struct lineage_maker *m, node_id *nodes,
			  enum lineage_kind kind, enum event_column c,
			  uint32_t value)
{
	if (value && !nodes[value])
		nodes[value] = maker_node(m, kind, store_value(m->s, c, value));
	return nodes[value];
}

/* Edges ------------------------------------------------------------------- */

static uint32_t edge_slot(const struct lineage_maker *m, enum edge_kind kind,
			  node_id from, node_id to)
{
	uint64_t key = (uint64_t)kind << 58 ^ (uint64_t)from << 29 ^ to;
	uint32_t at = (uint32_t)hash_u64(key) & m->slot_mask;

	for (; m->slots[at]; at = (at + 1) & m->slot_mask) {
		const struct lineage_edge *e = &m->l->edge[m->slots[at] - 1];

		if (e->kind == kind && e->from == from && e->to == to)
			break;
	}
	return at;
}

static void grow_slots(struct lineage_maker *m)
{
	uint32_t n = (m->slot_mask + 1) * 2;

	free(m->slots);
	m->slots = mem_zero(n, sizeof(*m->slots));
	m->slot_mask = n - 1;
	for (uint32_t i = 0; i < m->l->edge_n; i++) {
		const struct lineage_edge *e = &m->l->edge[i];

		m->slots[edge_slot(m, e->kind, e->from, e->to)] = i + 1;
	}
}

/* Rows that prove something: the row itself, or its place among those of
 * edges with several. */
static uint32_t keep_evidence(struct lineage_maker *m, const row_id *row,
			      unsigned n)
{
	struct lineage *l = m->l;
	uint32_t at = (uint32_t)m->evidence_n;

	if (n == 1)
		return row[0];
	l->evidence = mem_grow(l->evidence, &m->evidence_cap, at + n,
			       sizeof(*l->evidence));
	memcpy(l->evidence + at, row, n * sizeof(*row));
	m->evidence_n += n;
	return at;
}

void maker_edge_of(struct lineage_maker *m, enum edge_kind kind, node_id from,
		   node_id to, enum certainty certainty, const row_id *row,
		   unsigned n, enum lineage_reason reason)
{
	struct lineage *l = m->l;
	struct lineage_edge *e;
	uint32_t at;

	if (!from || !to || from == to)
		return;
	if (n > EDGE_EVIDENCE)
		n = EDGE_EVIDENCE;
	if ((uint64_t)l->edge_n * 3 > (uint64_t)m->slot_mask * 2)
		grow_slots(m);
	at = edge_slot(m, kind, from, to);
	if (m->slots[at]) {
		e = &l->edge[m->slots[at] - 1];
		if (certainty > e->certainty)
			return;
		/* Facts come in any order: the earliest of equals stays. */
		if (certainty == e->certainty &&
		    (n > e->evidence_n ||
		     (n == e->evidence_n &&
		      row[0] >= lineage_evidence(l, e, 0))))
			return;
	} else {
		l->edge = mem_grow(l->edge, &m->edge_cap, (size_t)l->edge_n + 1,
				   sizeof(*l->edge));
		e = &l->edge[l->edge_n++];
		m->slots[at] = l->edge_n;
	}
	*e = (struct lineage_edge){ .from = from,
				    .to = to,
				    .kind = (uint8_t)kind,
				    .certainty = (uint8_t)certainty,
				    .reason = (uint8_t)reason,
				    .evidence_n = (uint8_t)n,
				    .evidence = keep_evidence(m, row, n) };
}

void maker_append_edge(struct lineage_maker *m, enum edge_kind kind,
		       node_id from, node_id to, enum certainty certainty,
		       const row_id *row, unsigned n,
		       enum lineage_reason reason)
{
	struct lineage *l = m->l;

	l->edge = mem_grow(l->edge, &m->edge_cap, (size_t)l->edge_n + 1,
			   sizeof(*l->edge));
	l->edge[l->edge_n++] =
		(struct lineage_edge){ .from = from,
				       .to = to,
				       .kind = (uint8_t)kind,
				       .certainty = (uint8_t)certainty,
				       .reason = (uint8_t)reason,
				       .evidence_n = (uint8_t)n,
				       .evidence = keep_evidence(m, row, n) };
}

void maker_edge(struct lineage_maker *m, enum edge_kind kind, node_id from,
		node_id to, enum certainty certainty, row_id row,
		enum lineage_reason reason)
{
	maker_edge_of(m, kind, from, to, certainty, &row, 1, reason);
}

/* The rows ---------------------------------------------------------------- */

static void count_row(struct lineage_node *n, const struct store *s, row_id row)
{
	n->events++;
	n->denied += store_outcome(s, row) == OUTCOME_DENIED;
	n->failed += store_outcome(s, row) == OUTCOME_FAILED;
	if (n->first == ROW_NONE)
		n->first = row;
	/* Rows without a time come last, and say nothing of when. */
	if (row < s->timed || n->last == ROW_NONE)
		n->last = row;
}

/* Runs of rows with the same key, address and principal cost no lookups. */
static bool tied_before(struct lineage_extra *x, node_id key, node_id ip,
			node_id principal)
{
	bool same = x->last_key == key && x->last_ip == ip &&
		    x->last_principal == principal && principal;

	x->last_key = key;
	x->last_ip = ip;
	x->last_principal = principal;
	return same;
}

/* Only what can be met again is a place: no services, no odd texts. */
static node_id ip_node(struct lineage_maker *m, struct value_nodes *of,
		       uint32_t value)
{
	enum addr_class class;

	if (!value || of->ip[value])
		return of->ip[value];
	class = addr_class(store_value(m->s, EVENT_IP, value));
	if (class != ADDR_PUBLIC && class != ADDR_PRIVATE)
		return NODE_NONE;
	return value_node(m, of->ip, NODE_IP, EVENT_IP, value);
}

/* Has the principalId a session's name, "AROA...:name@time"? */
static bool is_role_session(struct str text)
{
	return str_find_char(text, ':', 0) < str_find_last(text, '@');
}

static void tie_session(struct lineage_maker *m, node_id session, node_id key,
			node_id principal, row_id row)
{
	struct lineage_extra *role = &m->extra[principal];
	struct str text = lineage_text(m->l, session);

	maker_account(m, session, store_text(m->s, EVENT_CALLER, row));
	if (!role->uid.n && is_role_session(text))
		role->uid = str_sub(text, 0, str_find_char(text, ':', 0));
	maker_edge(m, EDGE_SESSION_OF, session, principal, CERTAIN, row,
		   REASON_IDENTITY);
	maker_edge(m, EDGE_HAS_KEY, session, key, CERTAIN, row, REASON_USED);
	if (key)
		m->extra[key].session = session;
}

static void tie_key(struct lineage_maker *m, node_id key, node_id principal,
		    row_id row)
{
	maker_account(m, key, store_text(m->s, EVENT_CALLER, row));
	m->extra[key].owned = true;
	maker_edge(m, EDGE_OWNS, principal, key, CERTAIN, row, REASON_IDENTITY);
}

static void see_row(struct lineage_maker *m, struct value_nodes *of, row_id row)
{
	const struct store *s = m->s;
	struct lineage *l = m->l;
	node_id principal = value_node(m, of->principal, NODE_PRINCIPAL,
				       EVENT_PRINCIPAL,
				       s->column[EVENT_PRINCIPAL][row]);
	node_id key = value_node(m, of->key, NODE_KEY, EVENT_KEY,
				 s->column[EVENT_KEY][row]);
	node_id session = value_node(m, of->session, NODE_SESSION,
				     EVENT_SESSION,
				     s->column[EVENT_SESSION][row]);
	node_id ip = ip_node(m, of, s->column[EVENT_IP][row]);
	node_id acting = session ? session : key ? key : principal;
	struct str account;

	l->acting[row] = acting;
	/* Whose temporary keys are is not known before the facts are. */
	if (!session && key &&
	    keyid_kind(lineage_text(l, key)) != KEYID_LONG_TERM)
		return;
	if (tied_before(&m->extra[acting], key, ip, principal))
		return;
	if (session)
		tie_session(m, session, key, principal, row);
	else if (key)
		tie_key(m, key, principal, row);
	if (acting != principal)
		maker_edge(m, EDGE_USED_FROM, acting, ip, CERTAIN, row,
			   REASON_ADDRESS);
	account = lineage_account_text(l, principal);
	maker_edge(m, EDGE_IN_ACCOUNT, principal,
		   maker_node(m, NODE_ACCOUNT, account), CERTAIN, row,
		   REASON_ACCOUNT);
}

static void see_rows(struct lineage_maker *m)
{
	const struct store *s = m->s;
	struct value_nodes of = {
		mem_zero(s->values[EVENT_SESSION], sizeof(node_id)),
		mem_zero(s->values[EVENT_KEY], sizeof(node_id)),
		mem_zero(s->values[EVENT_PRINCIPAL], sizeof(node_id)),
		mem_zero(s->values[EVENT_IP], sizeof(node_id)),
	};

	for (row_id row = 0; row < s->n; row++)
		see_row(m, &of, row);
	free(of.session);
	free(of.key);
	free(of.principal);
	free(of.ip);
}

void maker_tie_row(struct lineage_maker *m, row_id row)
{
	const struct store *s = m->s;
	struct lineage *l = m->l;
	node_id acting = l->acting[row], principal, ip = NODE_NONE;
	node_id key = maker_node(m, NODE_KEY, store_text(s, EVENT_KEY, row));
	struct str text = store_text(s, EVENT_IP, row);
	enum addr_class class = addr_class(text);

	principal = maker_node(m, NODE_PRINCIPAL,
			       store_text(s, EVENT_PRINCIPAL, row));
	if (class == ADDR_PUBLIC || class == ADDR_PRIVATE)
		ip = maker_node(m, NODE_IP, text);
	if (l->node[acting].kind == NODE_SESSION)
		tie_session(m, acting, key, principal, row);
	else
		tie_key(m, acting, principal, row);
	maker_edge(m, EDGE_USED_FROM, acting, ip, CERTAIN, row, REASON_ADDRESS);
	text = lineage_account_text(l, principal);
	maker_edge(m, EDGE_IN_ACCOUNT, principal,
		   maker_node(m, NODE_ACCOUNT, text), CERTAIN, row,
		   REASON_ACCOUNT);
}

static void count_rows(struct lineage_maker *m)
{
	for (row_id row = 0; row < m->s->n; row++)
		count_row(&m->l->node[m->l->acting[row]], m->s, row);
}

/* Sessions of users that nothing issued and that only services used are those
 * services acting for the user (forward access sessions). */
static void find_forward_access(struct lineage_maker *m)
{
	struct lineage *l = m->l;
	uint8_t *other = mem_zero(l->node_n, 1);

	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];

		if (e->kind == EDGE_ISSUED)
			other[e->to] = 1;
	}
	for (row_id r = 0; r < m->s->n; r++)
		if (!(m->s->flags[r] & EVENT_BY_SERVICE))
			other[l->acting[r]] = 1;
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_SESSION && !other[n] &&
		    l->node[n].session_kind == SESSION_STS &&
		    l->node[n].events && !is_role_session(lineage_text(l, n)))
			l->node[n].session_kind = SESSION_FAS;
	free(other);
}

/* Finishing --------------------------------------------------------------- */

static int compare_edges(const struct lineage *l, const struct lineage_edge *a,
			 const struct lineage_edge *b)
{
	row_id x = lineage_evidence(l, a, 0), y = lineage_evidence(l, b, 0);
	int d;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (x != y)
		return x < y ? -1 : 1;
	d = str_cmp(lineage_id(l, a->to), lineage_id(l, b->to));
	return d ? d : str_cmp(lineage_id(l, a->from), lineage_id(l, b->from));
}

static int compare_by_source(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage *l = context;
	const struct lineage_edge *a = &l->edge[x], *b = &l->edge[y];

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return compare_edges(l, a, b);
}

static int compare_by_target(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage *l = context;
	const struct lineage_edge *a = &l->edge[x], *b = &l->edge[y];

	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return compare_edges(l, a, b);
}

static void sort_edges(struct lineage_maker *m)
{
	struct lineage *l = m->l;
	uint32_t *order = mem_alloc(((size_t)l->edge_n + 1) * sizeof(*order));
	struct lineage_edge *sorted =
		mem_alloc(((size_t)l->edge_n + 1) * sizeof(*sorted));

	for (uint32_t i = 0; i < l->edge_n; i++)
		order[i] = i;
	sort_u32(order, l->edge_n, compare_by_source, l);
	for (uint32_t i = 0; i < l->edge_n; i++)
		sorted[i] = l->edge[order[i]];
	free(l->edge);
	l->edge = sorted;
	m->edge_cap = (size_t)l->edge_n + 1;
	for (uint32_t i = 0; i < l->edge_n; i++)
		order[i] = i;
	sort_u32(order, l->edge_n, compare_by_target, l);
	free(l->by_target);
	l->by_target = order;
	for (uint32_t i = l->edge_n; i-- > 0;) {
		l->node[l->edge[i].from].out = i;
		l->node[l->edge[order[i]].to].in = i;
	}
}

/* Sessions get numbers, in the order of their nodes. */
static void number_sessions(struct lineage *l)
{
	l->session_n = 1;
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_SESSION)
			l->node[n].session = l->session_n++;
	l->session = mem_zero(l->session_n, sizeof(*l->session));
}

static int compare_account_values(uint32_t x, uint32_t y, const void *context)
{
	const struct store *s = context;

	return str_cmp(store_value(s, EVENT_ACCOUNT, x),
		       store_value(s, EVENT_ACCOUNT, y));
}

/* The accounts that received events, with the first and last of them. */
static void list_accounts(struct lineage *l)
{
	const struct store *s = l->store;
	uint32_t values = s->values[EVENT_ACCOUNT], n = 0;
	uint32_t *order = mem_alloc(((size_t)values + 1) * sizeof(*order));

	for (uint32_t v = 1; v < values; v++)
		if (store_rows(s, EVENT_ACCOUNT, v).n)
			order[n++] = v;
	sort_u32(order, n, compare_account_values, s);
	l->account = mem_zero((size_t)n + 1, sizeof(*l->account));
	for (uint32_t i = 0; i < n; i++) {
		struct rowset rows = store_rows(s, EVENT_ACCOUNT, order[i]);
		row_id last = rows.row[rows.n - 1];

		/* Rows without a time come last. */
		for (size_t k = rows.n; k-- > 0 && last >= s->timed;)
			last = rows.row[k];
		l->account[l->account_n++] = (struct lineage_account){
			store_value(s, EVENT_ACCOUNT, order[i]),
			s->time[rows.row[0]], s->time[last]
		};
	}
	free(order);
}

struct lineage *lineage_build(const struct store *s, const struct facts *facts,
			      const row_id *row_of)
{
	struct lineage *l = mem_zero(1, sizeof(*l));
	struct lineage_maker m = { .l = l,
				   .s = s,
				   .facts = facts,
				   .row_of = row_of,
				   .slot_mask = FIRST_SLOTS - 1 };

	l->store = s;
	intern_init(&l->ids);
	intern_init(&l->texts);
	l->acting = mem_zero((size_t)s->n + 1, sizeof(*l->acting));
	l->node = mem_grow(NULL, &m.node_cap, 1, sizeof(*l->node));
	l->node[0] = (struct lineage_node){ .first = ROW_NONE,
					    .last = ROW_NONE };
	l->node_n = 1;
	m.extra = mem_grow(NULL, &m.extra_cap, 1, sizeof(*m.extra));
	m.extra[0] = (struct lineage_extra){ .owned = false };
	m.slots = mem_zero(FIRST_SLOTS, sizeof(*m.slots));
	arena_init(&m.arena);
	strbuf_init(&m.text);
	see_rows(&m);
	maker_join_facts(&m);
	count_rows(&m);
	find_forward_access(&m);
	sort_edges(&m);
	if (maker_add_hints(&m))
		sort_edges(&m);
	number_sessions(l);
	list_accounts(l);
	l->on_start = mem_zero((size_t)l->node_n + 1, sizeof(*l->on_start));
	l->node = mem_resize(l->node, l->node_n, sizeof(*l->node));
	free(m.extra);
	free(m.slots);
	arena_release(&m.arena);
	strbuf_release(&m.text);
	return l;
}

void lineage_free(struct lineage *l)
{
	if (!l)
		return;
	intern_release(&l->ids);
	intern_release(&l->texts);
	free(l->node);
	free(l->edge);
	free(l->evidence);
	free(l->by_target);
	free(l->acting);
	free(l->session);
	free(l->end);
	free(l->on);
	free(l->on_start);
	free(l->account);
	free(l->hint);
	free(l);
}
