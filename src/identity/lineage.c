/* SPDX-License-Identifier: MIT */
#include "identity/lineage.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "identity/lineage_private.h"
#include "model/identity.h"

enum { FIRST_SLOTS = 1024 };

/* Nodes ------------------------------------------------------------------- */

static struct str prefixed(struct lineage_maker *m, enum lineage_kind kind,
			   struct str text)
{
	static const char *const prefixes[] = {
#define X(code, name, prefix) prefix,
		NODE_KINDS(X)
#undef X
	};

	strbuf_clear(&m->text);
	strbuf_adds(&m->text, prefixes[kind]);
	strbuf_add(&m->text, text);
	return strbuf_str(&m->text);
}

node_id maker_find(struct lineage_maker *m, enum lineage_kind kind,
		   struct str text)
{
	node_id n = text.n ? intern_find(&m->l->ids, prefixed(m, kind, text)) :
			     INTERN_NONE;

	return n == INTERN_NONE ? NODE_NONE : n;
}

node_id maker_node(struct lineage_maker *m, enum lineage_kind kind,
		   struct str text)
{
	struct lineage *l = m->l;
	node_id n;

	if (!text.n)
		return NODE_NONE;
	n = intern_add(&l->ids, prefixed(m, kind, text));
	if (n < l->node_n)
		return n;
	l->node = mem_grow(l->node, &m->node_cap, (size_t)n + 1,
			   sizeof(*l->node));
	m->mark = mem_grow(m->mark, &m->mark_cap, (size_t)n + 1,
			   sizeof(*m->mark));
	m->link = mem_grow(m->link, &m->link_cap, (size_t)n + 1,
			   sizeof(*m->link));
	m->first_in = mem_grow(m->first_in, &m->first_in_cap, (size_t)n + 1,
			       sizeof(*m->first_in));
	m->first_out = mem_grow(m->first_out, &m->first_out_cap, (size_t)n + 1,
				sizeof(*m->first_out));
	l->node[n] = (struct lineage_node){ .kind = (uint8_t)kind,
					    .first = ROW_NONE,
					    .last = ROW_NONE };
	m->mark[n] = 0;
	m->link[n] = NODE_NONE;
	m->first_in[n] = m->first_out[n] = 0;
	l->node_n = n + 1;
	if (kind == NODE_PRINCIPAL || kind == NODE_COMPUTE)
		maker_account(m, n, principal_account(lineage_text(l, n)));
	return n;
}

void maker_account(struct lineage_maker *m, node_id node, struct str account)
{
	if (!m->l->node[node].account)
		m->l->node[node].account = intern_add(&m->l->texts, account);
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

/*
 * Most keys have one session or owner, most sessions one issuer and one
 * principal: such an edge is found by its end, the others by their slot.
 */
static uint32_t *first_edge(struct lineage_maker *m, enum edge_kind kind,
			    node_id from, node_id to)
{
	switch (kind) {
	case EDGE_HAS_KEY:
	case EDGE_OWNS:
	case EDGE_ISSUED:
		return &m->first_in[to];
	case EDGE_SESSION_OF:
		return &m->first_out[from];
	default:
		return NULL;
	}
}

/* Where the number + 1 of an edge is, or will be: 0 when it is new. */
static uint32_t *edge_place(struct lineage_maker *m, enum edge_kind kind,
			    node_id from, node_id to)
{
	uint32_t *place = first_edge(m, kind, from, to);
	const struct lineage_edge *e;

	if (place && !*place)
		return place;
	if (place) {
		e = &m->l->edge[*place - 1];
		if (e->kind == kind && e->from == from && e->to == to)
			return place;
	}
	place = &m->slots[edge_slot(m, kind, from, to)];
	m->slotted += !*place;
	return place;
}

static void grow_slots(struct lineage_maker *m)
{
	uint32_t n = (m->slot_mask + 1) * 2;

	free(m->slots);
	m->slots = mem_zero(n, sizeof(*m->slots));
	m->slot_mask = n - 1;
	for (uint32_t i = 0; i < m->l->edge_n; i++) {
		const struct lineage_edge *e = &m->l->edge[i];
		const uint32_t *first = first_edge(m, e->kind, e->from, e->to);

		if (!first || *first != i + 1)
			m->slots[edge_slot(m, e->kind, e->from, e->to)] = i + 1;
	}
}

/* Rows that prove something: the row itself, or its place among those of
 * edges with several. */
static uint32_t keep_evidence(struct lineage_maker *m, const row_id *row,
			      unsigned n)
{
	struct lineage *l = m->l;
	uint32_t at = l->evidence_n;

	if (n == 1)
		return row[0];
	l->evidence = mem_grow(l->evidence, &m->evidence_cap, (size_t)at + n,
			       sizeof(*l->evidence));
	memcpy(l->evidence + at, row, n * sizeof(*row));
	l->evidence_n += n;
	return at;
}

/* Is an edge proven better by these rows than it was? Facts come in order of
 * their rows, but not all of them at once: the earliest of equals stays. */
static bool is_better(const struct lineage *l, const struct lineage_edge *e,
		      enum certainty certainty, const row_id *row, unsigned n)
{
	if (certainty != e->certainty)
		return certainty < e->certainty;
	if (n != e->evidence_n)
		return n < e->evidence_n;
	return row[0] < lineage_evidence(l, e, 0);
}

void maker_edge_of(struct lineage_maker *m, enum edge_kind kind, node_id from,
		   node_id to, enum certainty certainty, const row_id *row,
		   unsigned n, enum lineage_reason reason)
{
	struct lineage *l = m->l;
	struct lineage_edge *e;
	uint32_t *place;

	if (!from || !to || from == to)
		return;
	if (n > EDGE_EVIDENCE)
		n = EDGE_EVIDENCE;
	if ((uint64_t)m->slotted * 3 > (uint64_t)m->slot_mask * 2)
		grow_slots(m);
	place = edge_place(m, kind, from, to);
	if (*place) {
		e = &l->edge[*place - 1];
		if (!is_better(l, e, certainty, row, n))
			return;
	} else {
		l->edge = mem_grow(l->edge, &m->edge_cap, (size_t)l->edge_n + 1,
				   sizeof(*l->edge));
		e = &l->edge[l->edge_n++];
		*place = l->edge_n;
	}
	*e = (struct lineage_edge){ .from = from,
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

/* Texts ------------------------------------------------------------------- */

struct str maker_join3(struct lineage_maker *m, struct str a, struct str b,
		       struct str c)
{
	return arena_join(&m->arena, arena_join(&m->arena, a, b), c);
}

static void put_digits(char *to, int digits, int value, char after)
{
	to[digits] = after;
	for (int i = digits; i-- > 0; value /= 10)
		to[i] = (char)('0' + value % 10);
}

struct str maker_time_text(struct lineage_maker *m, int64_t time)
{
	struct time_parts p;
	char *to;

	if (time == TIME_NONE)
		return STR_NULL;
	p = time_split(time, NULL);
	if (p.year < 0 || p.year > 9999)
		return STR_NULL;
	/* "2026-01-09T21:42:07Z"; asked for too often for printf. */
	to = arena_alloc(&m->arena, 20);
	put_digits(to, 4, p.year, '-');
	put_digits(to + 5, 2, p.month, '-');
	put_digits(to + 8, 2, p.day, 'T');
	put_digits(to + 11, 2, p.hour, ':');
	put_digits(to + 14, 2, p.minute, ':');
	put_digits(to + 17, 2, p.second, 'Z');
	return (struct str){ to, 20 };
}

struct str maker_row_account(const struct lineage_maker *m, row_id row)
{
	struct str account = store_text(m->s, EVENT_ACCOUNT, row);

	return account.n ? account : store_text(m->s, EVENT_CALLER, row);
}

struct str session_text_pid(struct str text)
{
	return str_sub(text, 0, str_find_last(text, '@'));
}

struct str session_text_name(struct str text)
{
	struct str pid = session_text_pid(text);
	size_t colon = str_find_char(pid, ':', 0);

	return colon == SIZE_MAX ? STR_NULL : str_from(pid, colon + 1);
}

bool session_text_is_named(struct str text)
{
	return str_find_char(session_text_pid(text), ':', 0) != SIZE_MAX;
}

/* Sessions in order ------------------------------------------------------- */

static int compare_node_texts(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage *l = context;

	return str_cmp(lineage_text(l, x), lineage_text(l, y));
}

/* Sorts what sessions there are; again after more were added. */
static void sort_sessions(struct lineage_maker *m)
{
	struct lineage *l = m->l;

	free(m->sorted);
	m->sorted = mem_alloc((size_t)l->node_n * sizeof(*m->sorted));
	m->sorted_n = 0;
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_SESSION)
			m->sorted[m->sorted_n++] = n;
	sort_u32(m->sorted, m->sorted_n, compare_node_texts, l);
}

node_id maker_session_before(struct lineage_maker *m, struct str pid,
			     struct str time, bool or_at)
{
	struct str prefix = arena_join(&m->arena, pid, STR("@"));
	struct str text = arena_join(&m->arena, prefix, time);
	uint32_t low = 0, high;

	if (!m->sorted)
		sort_sessions(m);
	for (high = m->sorted_n; low < high;) {
		uint32_t mid = low + (high - low) / 2;
		int d = str_cmp(lineage_text(m->l, m->sorted[mid]), text);

		if (d < 0 || (d == 0 && or_at))
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0 ||
	    !str_starts(lineage_text(m->l, m->sorted[low - 1]), prefix))
		return NODE_NONE;
	return m->sorted[low - 1];
}

/* Facts in order ---------------------------------------------------------- */

static int compare_facts(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage_maker *m = context;
	row_id a = m->row_of[m->facts->fact[x].arrival];
	row_id b = m->row_of[m->facts->fact[y].arrival];

	if (a != b)
		return a < b ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Facts arrive in any order; what is made of them must not depend on it. Of a
 * duplicate that was dropped its other copy speaks. */
static void sort_facts(struct lineage_maker *m)
{
	const struct facts *facts = m->facts;
	uint32_t *order = mem_alloc((facts->n + 1) * sizeof(*order));
	uint32_t n = 0;

	for (size_t i = 0; i < facts->n; i++)
		if (m->row_of[facts->fact[i].arrival] != ROW_NONE)
			order[n++] = (uint32_t)i;
	sort_u32(order, n, compare_facts, m);
	m->fact = mem_alloc(((size_t)n + 1) * sizeof(*m->fact));
	m->child = mem_zero((size_t)n + 1, sizeof(*m->child));
	for (m->fact_n = 0; m->fact_n < n; m->fact_n++) {
		const struct fact *f = &facts->fact[order[m->fact_n]];

		m->fact[m->fact_n] = (struct joined){ f,
						      m->row_of[f->arrival] };
	}
	free(order);
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

static int compare_numbers(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage *l = context;

	return compare_edges(l, &l->edge[x], &l->edge[y]);
}

/* Sorts one node's edges, which are in order already for the most part. */
static void sort_group(const struct lineage *l, uint32_t *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (compare_numbers(v[i - 1], v[i], l) > 0) {
			sort_u32(v, n, compare_numbers, l);
			return;
		}
}

static node_id end_of(const struct lineage_edge *e, bool target)
{
	return target ? e->to : e->from;
}

/* Edge numbers by one end, those of a node in order. begin[n] becomes where
 * those of node n begin. */
static uint32_t *group_edges(const struct lineage *l, bool target,
			     uint32_t *begin)
{
	uint32_t *order = mem_alloc(((size_t)l->edge_n + 1) * sizeof(*order));

	memset(begin, 0, ((size_t)l->node_n + 2) * sizeof(*begin));
	for (uint32_t i = 0; i < l->edge_n; i++)
		begin[end_of(&l->edge[i], target) + 2]++;
	for (node_id n = 2; n < l->node_n + 2; n++)
		begin[n] += begin[n - 1];
	for (uint32_t i = 0; i < l->edge_n; i++)
		order[begin[end_of(&l->edge[i], target) + 1]++] = i;
	for (node_id n = 0; n < l->node_n; n++)
		sort_group(l, order + begin[n], begin[n + 1] - begin[n]);
	return order;
}

static void sort_edges(struct lineage *l)
{
	uint32_t *begin = mem_alloc(((size_t)l->node_n + 2) * sizeof(*begin));
	uint32_t *order = group_edges(l, false, begin);
	struct lineage_edge *sorted =
		mem_alloc(((size_t)l->edge_n + 1) * sizeof(*sorted));

	for (uint32_t i = 0; i < l->edge_n; i++)
		sorted[i] = l->edge[order[i]];
	for (node_id n = 0; n < l->node_n; n++)
		l->node[n].out = begin[n];
	free(order);
	free(l->edge);
	l->edge = sorted;
	free(l->by_target);
	l->by_target = group_edges(l, true, begin);
	for (node_id n = 0; n < l->node_n; n++)
		l->node[n].in = begin[n];
	free(begin);
}

static int compare_account_values(uint32_t x, uint32_t y, const void *context)
{
	const struct store *s = context;

	return str_cmp(store_value(s, EVENT_ACCOUNT, x),
		       store_value(s, EVENT_ACCOUNT, y));
}

void lineage_list_accounts(struct lineage *l)
{
	const struct store *s = l->store;
	uint32_t values = s->values[EVENT_ACCOUNT], n = 0;
	uint32_t *order = mem_alloc(((size_t)values + 1) * sizeof(*order));
	struct span {
		int64_t first, last;
		bool seen;
	} *span = mem_zero((size_t)values + 1, sizeof(*span));

	/* Rows without a time come last: they tell only who has no other. */
	for (row_id r = 0; r < s->n; r++) {
		struct span *x = &span[store_value_at(s, EVENT_ACCOUNT, r)];

		if (!x->seen)
			*x = (struct span){ s->time[r], s->time[r], true };
		else if (r < s->timed)
			x->last = s->time[r];
	}
	for (uint32_t v = 1; v < values; v++)
		if (span[v].seen)
			order[n++] = v;
	sort_u32(order, n, compare_account_values, s);
	l->account = mem_zero((size_t)n + 1, sizeof(*l->account));
	for (uint32_t i = 0; i < n; i++)
		l->account[l->account_n++] = (struct lineage_account){
			store_value(s, EVENT_ACCOUNT, order[i]),
			span[order[i]].first, span[order[i]].last
		};
	free(order);
	free(span);
}

static void maker_init(struct lineage_maker *m)
{
	struct lineage *l = m->l;

	l->store = m->s;
	intern_init(&l->ids);
	intern_init(&l->texts);
	intern_init(&l->instances);
	l->acting = mem_zero((size_t)m->s->n + 1, sizeof(*l->acting));
	l->node = mem_grow(NULL, &m->node_cap, 1, sizeof(*l->node));
	l->node[0] = (struct lineage_node){ .first = ROW_NONE,
					    .last = ROW_NONE };
	l->node_n = 1;
	m->mark = mem_grow(NULL, &m->mark_cap, 1, sizeof(*m->mark));
	m->link = mem_grow(NULL, &m->link_cap, 1, sizeof(*m->link));
	m->first_in = mem_grow(NULL, &m->first_in_cap, 1, sizeof(*m->first_in));
	m->first_out = mem_grow(NULL, &m->first_out_cap, 1,
				sizeof(*m->first_out));
	m->mark[0] = 0;
	m->link[0] = NODE_NONE;
	m->first_in[0] = m->first_out[0] = 0;
	m->slots = mem_zero(FIRST_SLOTS, sizeof(*m->slots));
	m->slot_mask = FIRST_SLOTS - 1;
	intern_init(&m->instances);
	arena_init(&m->arena);
	strbuf_init(&m->text);
}

static void maker_release(struct lineage_maker *m)
{
	aliases_free(m->aliases);
	intern_release(&m->instances);
	free(m->mark);
	free(m->link);
	free(m->first_in);
	free(m->first_out);
	free(m->slots);
	free(m->fact);
	free(m->child);
	free(m->place);
	free(m->portal_user);
	free(m->sorted);
	free(m->in_scope.item);
	free(m->on_behalf.item);
	free(m->note);
	free(m->end);
	free(m->gift);
	free(m->opening);
	arena_release(&m->arena);
	strbuf_release(&m->text);
}

static struct lineage *build(const struct store *s, const struct facts *facts,
			     const row_id *row_of, struct facts *spent)
{
	struct lineage_maker m = { .l = mem_zero(1, sizeof(struct lineage)),
				   .s = s,
				   .facts = facts,
				   .row_of = row_of };
	struct lineage *l = m.l;

	maker_init(&m);
	sort_facts(&m);
	aliases_make(&m);
	maker_see_rows(&m);
	maker_join_issues(&m);
	maker_join_sign_ins(&m);
	maker_join_compute(&m);
	maker_join_changes(&m);
	maker_keep_left(&m);
	maker_finish_sessions(&m);
	lineage_list_accounts(l);
	sort_edges(l);
	maker_index_targets(&m);
	aliases_keep(&m);
	l->node = mem_resize(l->node, l->node_n, sizeof(*l->node));
	/* Hints ask the finished graph; what it was made of makes room. */
	maker_release(&m);
	if (spent) {
		facts_release(spent);
		facts_init(spent);
	}
	if (lineage_add_hints(l))
		sort_edges(l);
	return l;
}

struct lineage *lineage_build(const struct store *s, const struct facts *facts,
			      const row_id *row_of)
{
	return build(s, facts, row_of, NULL);
}

struct lineage *lineage_build_last(const struct store *s, struct facts *facts,
				   const row_id *row_of)
{
	return build(s, facts, row_of, facts);
}

void lineage_free(struct lineage *l)
{
	if (!l)
		return;
	intern_release(&l->ids);
	intern_release(&l->texts);
	intern_release(&l->instances);
	free(l->instance);
	free(l->node);
	free(l->edge);
	free(l->evidence);
	free(l->by_target);
	free(l->acting);
	free(l->session);
	free(l->end);
	free(l->gift);
	free(l->opening);
	free(l->on);
	free(l->on_start);
	free(l->account);
	free(l->hint);
	free(l->uid);
	free(l);
}
