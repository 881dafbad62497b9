/* SPDX-License-Identifier: MIT */
/* What came of a node, as question.h says. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "identity/question_private.h"
#include "identity/walk.h"

enum { LONGEST = 36 * 60 * 60 * 1000 }; /* that a session lasts, ms */

/* A node that can be reached, waiting for its turn: earliest first. */
struct waiting {
	int64_t since; /* INT64_MIN: no beginning is known */
	uint32_t turn; /* in order of asking, so that equals stay in order */
	node_id node;
	uint32_t from;
	const struct lineage_edge *edge;
	enum certainty certainty;
};

/* An edge to another account, and who laid it. */
struct opening {
	node_id actor;
	uint32_t edge;
};

/* A session of a role, and the account of whoever issued it. */
struct entry {
	node_id role;
	struct str account;
	uint32_t edge;
};

struct spreading {
	const struct lineage *l;
	const struct reach_rules *rules;
	struct reach *out;
	size_t out_cap;
	uint8_t *reached;
	struct waiting *heap;
	size_t heap_n, heap_cap;
	uint32_t turns;
	struct opening *opening; /* by actor */
	size_t opening_n;
	struct entry *entry; /* by role, account, time */
	size_t entry_n;
};

/* Queue ---------------------------------------------------------------------- */

static bool comes_before(const struct waiting *a, const struct waiting *b)
{
	if (a->since != b->since)
		return a->since < b->since;
	if (a->certainty != b->certainty)
		return a->certainty < b->certainty;
	return a->turn < b->turn;
}

static void push(struct spreading *s, node_id node, uint32_t from,
		 const struct lineage_edge *edge, int64_t since,
		 enum certainty certainty)
{
	struct waiting w = { since, s->turns, node, from, edge, certainty };
	size_t at = s->heap_n;

	if (s->reached[node])
		return;
	s->turns++;
	s->heap = mem_grow(s->heap, &s->heap_cap, s->heap_n + 1,
			   sizeof(*s->heap));
	s->heap_n++;
	for (; at && comes_before(&w, &s->heap[(at - 1) / 2]);
	     at = (at - 1) / 2)
		s->heap[at] = s->heap[(at - 1) / 2];
	s->heap[at] = w;
}

static struct waiting pop(struct spreading *s)
{
	struct waiting top = s->heap[0], last = s->heap[--s->heap_n];
	size_t at = 0, child;

	while ((child = at * 2 + 1) < s->heap_n) {
		if (child + 1 < s->heap_n &&
		    comes_before(&s->heap[child + 1], &s->heap[child]))
			child++;
		if (!comes_before(&s->heap[child], &last))
			break;
		s->heap[at] = s->heap[child];
		at = child;
	}
	s->heap[at] = last;
	return top;
}

/* Time ----------------------------------------------------------------------- */

static int64_t with_slack(int64_t since)
{
	return since < INT64_MIN + REACH_SLACK ? INT64_MIN :
						 since - REACH_SLACK;
}

/* The first of an edge's events at or after a time; false: all were before. */
static bool happens_since(const struct lineage *l, const struct lineage_edge *e,
			  int64_t since, int64_t *when)
{
	bool found = false;

	for (uint32_t i = 0; i < e->evidence_n; i++) {
		int64_t t = l->store->time[lineage_evidence(l, e, i)];

		if (t == TIME_NONE)
			t = since;
		if (t < with_slack(since) || (found && t >= *when))
			continue;
		*when = t > since ? t : since;
		found = true;
	}
	return found;
}

/* Was a credential still of use then? What never acted may yet, a session for
 * as long as any lasts. */
static bool lives_since(const struct lineage *l, node_id node, int64_t since)
{
	struct lineage_session s;
	int64_t last = lineage_last(l, node);

	if (last != TIME_NONE && last >= with_slack(since))
		return true;
	if (!lineage_session(l, node, &s))
		return last == TIME_NONE;
	if (s.expires != TIME_NONE)
		return s.expires >= since;
	return last == TIME_NONE &&
	       (s.issued == TIME_NONE || s.issued >= INT64_MAX - LONGEST ||
		s.issued + LONGEST >= since);
}

/* Spreading ------------------------------------------------------------------- */

static enum certainty worse(enum certainty a, enum certainty b)
{
	return a > b ? a : b;
}

static void follow(struct spreading *s, uint32_t from,
		   const struct lineage_edge *e, node_id to, int64_t since)
{
	push(s, to, from, e, since,
	     worse(s->out->at[from].certainty, e->certainty));
}

static int compare_entry(const struct entry *e, node_id role,
			 struct str account)
{
	if (e->role != role)
		return e->role < role ? -1 : 1;
	return str_cmp(e->account, account);
}

/* Who came in by what a role trusts since then: the sessions of the role that
 * callers of that account issued. */
static void come_in(struct spreading *s, uint32_t from,
		    const struct lineage_edge *trust, int64_t since)
{
	struct str guest = lineage_text(s->l, trust->to);
	struct str account = str_from(guest, 5);
	size_t low = 0, high = s->entry_n;

	if (s->l->node[trust->to].kind == NODE_ACCOUNT)
		account = guest;
	else if (!str_starts(guest, STR("acct:")))
		return;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_entry(&s->entry[mid], trust->from, account) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < s->entry_n &&
	       compare_entry(&s->entry[low], trust->from, account) == 0;
	     low++) {
		const struct lineage_edge *issued =
			&s->l->edge[s->entry[low].edge];
		int64_t when = since;

		if (happens_since(s->l, issued, since, &when))
			follow(s, from, issued, issued->to, when);
	}
}

/* What a node's own events opened to others. */
static void follow_openings(struct spreading *s, uint32_t from, node_id node,
			    int64_t since)
{
	size_t low = 0, high = s->opening_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->opening[mid].actor < node)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < s->opening_n && s->opening[low].actor == node; low++) {
		const struct lineage_edge *e =
			&s->l->edge[s->opening[low].edge];
		int64_t when = since;

		if (!happens_since(s->l, e, since, &when))
			continue;
		follow(s, from, e, e->to, when);
		if (e->kind == EDGE_TRUSTS)
			come_in(s, from, e, when);
	}
}

static void follow_edge(struct spreading *s, uint32_t from,
			const struct lineage_edge *e, int64_t since)
{
	int64_t when = since;

	switch (e->kind) {
	case EDGE_ISSUED:
	case EDGE_CREATED:
	case EDGE_CONTROLS:
		if (happens_since(s->l, e, since, &when))
			follow(s, from, e, e->to, when);
		break;
	case EDGE_MODIFIED_AUTH:
		if (s->rules->changes && happens_since(s->l, e, since, &when))
			follow(s, from, e, e->to, when);
		break;
	case EDGE_OWNS:
	case EDGE_HAS_KEY:
	case EDGE_RUNS_AS:
		/* It may have begun, or been seen, later. */
		when = lineage_edge_time(s->l, e);
		if (when == TIME_NONE || when < since || since == INT64_MIN)
			when = since;
		if (lives_since(s->l, e->to, since))
			follow(s, from, e, e->to, when);
		break;
	case EDGE_TRUSTS:
	case EDGE_GRANTS:
		if (!s->rules->openings ||
		    !happens_since(s->l, e, since, &when))
			break;
		follow(s, from, e, e->to, when);
		if (e->kind == EDGE_TRUSTS)
			come_in(s, from, e, when);
		break;
	case EDGE_EXPOSED_BY:
		if (s->rules->hints && happens_since(s->l, e, since, &when))
			follow(s, from, e, e->to, when);
		break;
	default:
		break;
	}
}

/* Sessions that hang below a node by an edge that points up: all of the one
 * asked, of an account's and of what was made, else those by which services
 * act for it. */
static void follow_below(struct spreading *s, uint32_t from, node_id node,
			 int64_t since)
{
	const struct lineage_edge *e, *by = s->out->at[from].edge;

	if (s->l->node[node].kind != NODE_PRINCIPAL)
		return;
	for (uint32_t i = 0; (e = lineage_in(s->l, node, i)); i++) {
		bool below = false;

		if (e->kind == EDGE_SESSION_OF)
			below = !by || by->kind == EDGE_CREATED ||
				by->kind == EDGE_IN_ACCOUNT ||
				s->l->node[e->from].session_kind == SESSION_FAS;
		else if (e->kind == EDGE_ON_BEHALF_OF)
			below = true;
		if (below && lives_since(s->l, e->from, since))
			follow(s, from, e, e->from, since);
	}
}

/* What somebody who only signed in from an address, and had no key there, did
 * in doing so. */
static void follow_sign_ins(struct spreading *s, uint32_t from, node_id address,
			    int64_t since)
{
	const struct lineage *l = s->l;
	uint8_t *asked = mem_zero(l->node_n, 1);
	struct rowset rows = ROWSET_INIT;
	const struct lineage_edge *e;

	walk_node_rows(l, address, &rows);
	for (size_t i = 0; i < rows.n; i++) {
		node_id by = l->acting[rows.row[i]];

		if (asked[by] || l->node[by].kind != NODE_PRINCIPAL)
			continue;
		asked[by] = 1;
		for (uint32_t k = 0; (e = lineage_out(l, by, k)); k++)
			if (e->evidence_n == 1 &&
			    rowset_has(&rows, e->evidence))
				follow_edge(s, from, e, since);
	}
	rowset_release(&rows);
	free(asked);
}

/*
 * What the node asked for is not an identity itself but leads to some: whoever
 * used the address, from then on; the session of a key; who is in the account.
 */
static void follow_users(struct spreading *s, uint32_t from, node_id node,
			 int64_t since)
{
	static const enum edge_kind users[NODE_KIND_COUNT] = {
		[NODE_IP] = EDGE_USED_FROM,
		[NODE_KEY] = EDGE_HAS_KEY,
		[NODE_ACCOUNT] = EDGE_IN_ACCOUNT,
	};
	const struct lineage_edge *e;
	uint8_t kind = s->l->node[node].kind;

	if (!walk_is_used(s->l, node))
		return;
	for (uint32_t i = 0; (e = lineage_in(s->l, node, i)); i++) {
		int64_t when = lineage_edge_time(s->l, e);

		if (e->kind != users[kind])
			continue;
		if (kind == NODE_ACCOUNT || when == TIME_NONE || when < since)
			when = since;
		follow(s, from, e, e->from, when);
	}
	if (kind == NODE_IP)
		follow_sign_ins(s, from, node, since);
}

static int compare_openings(const void *x, const void *y)
{
	const struct opening *a = x, *b = y;

	if (a->actor != b->actor)
		return a->actor < b->actor ? -1 : 1;
	return a->edge < b->edge ? -1 : a->edge > b->edge;
}

static int compare_entries(uint32_t x, uint32_t y, const void *context)
{
	const struct entry *entry = context;
	int d = compare_entry(&entry[x], entry[y].role, entry[y].account);

	/* Edges are numbered in order of their sources alone. */
	return d ? d :
		   (entry[x].edge > entry[y].edge) -
			       (entry[x].edge < entry[y].edge);
}

/* Which accounts' callers issued sessions of which roles. */
static void list_entries(struct spreading *s)
{
	const struct lineage *l = s->l;
	node_id *role = mem_zero(l->node_n, sizeof(*role));
	struct entry *entry = NULL;
	size_t cap = 0;

	for (uint32_t i = 0; i < l->edge_n; i++)
		if (l->edge[i].kind == EDGE_SESSION_OF)
			role[l->edge[i].from] = l->edge[i].to;
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];

		if (e->kind != EDGE_ISSUED || !role[e->to] ||
		    !l->node[e->from].account)
			continue;
		entry = mem_grow(entry, &cap, s->entry_n + 1, sizeof(*entry));
		entry[s->entry_n++] = (struct entry){
			role[e->to], lineage_account_text(l, e->from), i
		};
	}
	sort_items(entry, s->entry_n, sizeof(*entry), compare_entries, entry);
	s->entry = entry;
	free(role);
}

static void list_openings(struct spreading *s)
{
	const struct lineage *l = s->l;
	size_t cap = 0;

	if (!s->rules->openings)
		return;
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];

		if (e->kind != EDGE_TRUSTS && e->kind != EDGE_GRANTS)
			continue;
		for (uint32_t k = 0; k < e->evidence_n; k++) {
			s->opening = mem_grow(s->opening, &cap,
					      s->opening_n + 1,
					      sizeof(*s->opening));
			s->opening[s->opening_n++] = (struct opening){
				l->acting[lineage_evidence(l, e, k)], i
			};
		}
	}
	if (!s->opening_n)
		return;
	qsort(s->opening, s->opening_n, sizeof(*s->opening), compare_openings);
	list_entries(s);
}

static uint32_t settle(struct spreading *s, const struct waiting *w)
{
	struct reach *out = s->out;

	s->reached[w->node] = 1;
	out->at = mem_grow(out->at, &s->out_cap, (size_t)out->n + 1,
			   sizeof(*out->at));
	out->at[out->n] = (struct reached){
		.node = w->node,
		.edge = w->edge,
		.from = w->from,
		.since = w->since == INT64_MIN ? TIME_NONE : w->since,
		.certainty = w->certainty,
	};
	return out->n++;
}

void reach_spread(struct reach *out, const struct lineage *l,
		  const node_id *node, size_t n,
		  const struct reach_rules *rules)
{
	struct spreading s = { .l = l, .rules = rules, .out = out };
	const struct lineage_edge *e;

	*out = (struct reach){ .n = 0 };
	s.reached = mem_zero(l->node_n, 1);
	list_openings(&s);
	for (size_t i = 0; i < n; i++)
		push(&s, node[i], 0, NULL,
		     rules->since == TIME_NONE ? INT64_MIN : rules->since,
		     CERTAIN);
	while (s.heap_n) {
		struct waiting w = pop(&s);
		uint32_t at;

		if (s.reached[w.node])
			continue;
		at = settle(&s, &w);
		for (uint32_t i = 0; (e = lineage_out(l, w.node, i)); i++)
			follow_edge(&s, at, e, w.since);
		follow_openings(&s, at, w.node, w.since);
		follow_below(&s, at, w.node, w.since);
		if (!w.edge)
			follow_users(&s, at, w.node, w.since);
	}
	free(s.reached);
	free(s.heap);
	free(s.opening);
	free(s.entry);
}

/* What was made or issued has no past, though clocks may say so. */
static bool is_news(const struct lineage *l, const struct reached *at)
{
	if (!at->edge || at->since == TIME_NONE)
		return true;
	return (at->edge->kind == EDGE_ISSUED ||
		at->edge->kind == EDGE_CREATED) &&
	       lineage_edge_time(l, at->edge) >= at->since;
}

static void count_events(struct reach *r, const struct lineage *l)
{
	uint32_t *number = mem_zero(l->node_n, sizeof(*number));

	for (uint32_t i = 0; i < r->n; i++) {
		const struct lineage_node *node = &l->node[r->at[i].node];

		if (is_news(l, &r->at[i]))
			r->at[i].events = node->events;
		else
			number[r->at[i].node] = i + 1;
	}
	for (row_id row = 0; row < l->store->n; row++) {
		uint32_t i = number[l->acting[row]];

		if (i && (l->store->time[row] == TIME_NONE ||
			  l->store->time[row] >= r->at[i - 1].since))
			r->at[i - 1].events++;
	}
	free(number);
}

void reach_of_all(struct reach *out, const struct lineage *l,
		  const node_id *node, size_t n, const struct question *q)
{
	struct reach_rules rules = { .changes = true,
				     .openings = true,
				     .hints = q->hints,
				     .since = q->at };

	reach_spread(out, l, node, n, &rules);
	count_events(out, l);
}

void reach_of(struct reach *out, const struct lineage *l, node_id node,
	      const struct question *q)
{
	reach_of_all(out, l, &node, 1, q);
}

void reach_release(struct reach *r)
{
	free(r->at);
	*r = (struct reach){ .n = 0 };
}
