/* SPDX-License-Identifier: MIT */
#include "identity/lineage_hints.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "identity/hint_private.h"
#include "identity/lineage_private.h"
#include "model/addr.h"
#include "model/agent.h"
#include "model/identity.h"

/* Pairs -------------------------------------------------------------------- */

enum { FIRST_PAIRS = 256 };

static struct pair_slot *find_pair(const struct pair_map *m, uint64_t key)
{
	size_t at = hash_u64(key) & m->mask;

	while (m->slot[at].key && m->slot[at].key != key)
		at = (at + 1) & m->mask;
	return &m->slot[at];
}

static void grow_pairs(struct pair_map *m)
{
	struct pair_map old = *m;
	size_t n = old.slot ? (old.mask + 1) * 2 : FIRST_PAIRS;

	m->slot = mem_zero(n, sizeof(*m->slot));
	m->mask = n - 1;
	for (size_t i = 0; old.slot && i <= old.mask; i++)
		if (old.slot[i].key)
			*find_pair(m, old.slot[i].key) = old.slot[i];
	free(old.slot);
}

uint32_t *pair_map_at(struct pair_map *m, uint32_t a, uint32_t b)
{
	uint64_t key = (uint64_t)a << 32 | b;
	struct pair_slot *slot;

	if (!m->slot || m->n * 3 > m->mask * 2)
		grow_pairs(m);
	slot = find_pair(m, key);
	if (!slot->key) {
		slot->key = key;
		m->n++;
	}
	return &slot->value;
}

void pair_map_release(struct pair_map *m)
{
	free(m->slot);
	*m = (struct pair_map){ .n = 0 };
}

/* What they share ---------------------------------------------------------- */

enum { PLACE_NOT_ASKED, PLACE_NO, PLACE_PRIVATE, PLACE_PUBLIC };

static uint8_t place_of(struct str address)
{
	switch (addr_class(address)) {
	case ADDR_PUBLIC:
		return PLACE_PUBLIC;
	case ADDR_PRIVATE:
		return PLACE_PRIVATE;
	default:
		return PLACE_NO;
	}
}

bool hints_is_placed(const struct hints *h, row_id row)
{
	uint32_t v = store_value_at(h->s, EVENT_IP, row);

	if (!v || h->s->flags[row] & EVENT_BY_SERVICE)
		return false;
	if (h->place[v] == PLACE_NOT_ASKED)
		h->place[v] = place_of(store_value(h->s, EVENT_IP, v));
	return h->place[v] == PLACE_PUBLIC ||
	       (h->place[v] == PLACE_PRIVATE &&
		!(h->s->flags[row] & EVENT_THROUGH_ENDPOINT));
}

/* Of an origin: edges may be many, so each is asked once. */
static node_id find_root(const struct lineage *l, node_id origin)
{
	node_id of = lineage_leads_to(l, origin, EDGE_SESSION_OF);

	return of ? of : origin;
}

node_id hints_root(struct hints *h, node_id node)
{
	node_id origin;

	if (h->root[node])
		return h->root[node];
	origin = climb_origin(&h->climb, node);
	if (!h->root[origin])
		h->root[origin] = find_root(h->l, origin);
	h->root[node] = h->root[origin];
	return h->root[node];
}

uint32_t hints_agent(struct hints *h, row_id row)
{
	uint32_t v = store_value_at(h->s, EVENT_AGENT, row);
	struct strbuf text;

	if (!v || h->agent[v] != UINT32_MAX)
		return v ? h->agent[v] : 0;
	strbuf_init(&text);
	agent_normalise(&text, store_value(h->s, EVENT_AGENT, v));
	h->agent[v] = intern_add(&h->agents, strbuf_str(&text));
	strbuf_release(&text);
	return h->agent[v];
}

static void list_placed(struct hints *h)
{
	h->placed = mem_zero((size_t)h->s->n / 64 + 1, sizeof(*h->placed));
	for (row_id r = 0; r < h->s->n; r++)
		if (hints_is_placed(h, r))
			h->placed[r / 64] |= (uint64_t)1 << r % 64;
}

row_id hints_placed(const struct hints *h, row_id from)
{
	for (; from < h->s->n; from = (from | 63) + 1)
		for (uint64_t left = h->placed[from / 64] >> from % 64; left;
		     left >>= 1, from++)
			if (left & 1)
				return from;
	return h->s->n;
}

/* How many people each address has, as far as it matters. */
static void count_sharers(struct hints *h)
{
	struct pair_map seen = { .n = 0 };
	uint32_t last_address = 0;
	node_id last_who = NODE_NONE;

	for (row_id r = hints_placed(h, 0); r < h->s->n;
	     r = hints_placed(h, r + 1)) {
		uint32_t address = store_value_at(h->s, EVENT_IP, r), *met;
		node_id who = h->l->acting[r];

		if ((address == last_address && who == last_who) ||
		    !h->principal[store_value_at(h->s, EVENT_PRINCIPAL, r)] ||
		    h->sharers[address] > HINT_SHARERS)
			continue;
		last_address = address;
		last_who = who;
		met = pair_map_at(&seen, address, hints_root(h, who));
		if (!*met)
			h->sharers[address]++;
		*met = 1;
	}
	pair_map_release(&seen);
}

/* Found -------------------------------------------------------------------- */

static const uint8_t points[] = {
#define X(code, points, text) (points),
	HINT_TERMS(X)
#undef X
};

static const char *const term_texts[] = {
#define X(code, points, text) (text),
	HINT_TERMS(X)
#undef X
};

void hints_add(struct hints *h, enum edge_kind kind, node_id from, node_id to,
	       unsigned terms, unsigned sharers, row_id a, row_id b)
{
	struct lineage_hint hint = { from,           to, (uint8_t)kind,
				     (uint8_t)terms, 0,  (uint8_t)sharers };

	for (unsigned t = 0; t < HINT_TERM_COUNT; t++)
		if (terms & 1u << t)
			hint.score = (uint8_t)(hint.score + points[t]);
	if (kind == EDGE_EXPOSED_BY && hint.score < HINT_SCORE_SHOWN)
		return;
	h->found = mem_grow(h->found, &h->cap, h->n + 1, sizeof(*h->found));
	h->found[h->n++] = (struct found_hint){ hint, { a, b } };
}

static int compare_ends(const struct lineage_hint *a,
			const struct lineage_hint *b)
{
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return a->kind < b->kind ? -1 : a->kind > b->kind;
}

/* Of one edge's hints the best first, of equals the earliest. */
static int compare_found(const void *x, const void *y)
{
	const struct found_hint *a = x, *b = y;
	int d = compare_ends(&a->hint, &b->hint);

	if (d)
		return d;
	if (a->hint.score != b->hint.score)
		return a->hint.score > b->hint.score ? -1 : 1;
	if (a->row[1] != b->row[1])
		return a->row[1] < b->row[1] ? -1 : 1;
	return a->row[0] < b->row[0] ? -1 : a->row[0] > b->row[0];
}

static enum lineage_reason reason_of(uint8_t kind)
{
	return kind == EDGE_EXPOSED_BY  ? REASON_EXPOSED :
	       kind == EDGE_SAME_SOURCE ? REASON_SAME_SOURCE :
					  REASON_SAME_TOOL;
}

/* One hint an edge. */
static void merge_found(struct hints *h)
{
	size_t n = 0;

	if (h->n)
		qsort(h->found, h->n, sizeof(*h->found), compare_found);
	for (size_t i = 0; i < h->n; i++)
		if (!n ||
		    compare_ends(&h->found[n - 1].hint, &h->found[i].hint) != 0)
			h->found[n++] = h->found[i];
	h->n = n;
}

static uint32_t keep_rows(struct lineage *l, const struct found_hint *f)
{
	if (f->row[0] == f->row[1])
		return f->row[0];
	l->evidence[l->evidence_n++] = f->row[0];
	l->evidence[l->evidence_n++] = f->row[1];
	return l->evidence_n - 2;
}

/* Moves what was found into the graph; the lists grow no further. */
static void keep_hints(struct lineage *l, struct hints *h)
{
	merge_found(h);
	l->hint = mem_alloc((h->n + 1) * sizeof(*l->hint));
	if (!h->n)
		return;
	l->edge = mem_resize(l->edge, l->edge_n + h->n, sizeof(*l->edge));
	l->evidence = mem_resize(l->evidence, l->evidence_n + 2 * h->n,
				 sizeof(*l->evidence));
	for (size_t i = 0; i < h->n; i++) {
		const struct found_hint *f = &h->found[i];

		l->hint[l->hint_n++] = f->hint;
		l->edge[l->edge_n++] = (struct lineage_edge){
			.from = f->hint.from,
			.to = f->hint.to,
			.kind = f->hint.kind,
			.certainty = HINT,
			.reason = (uint8_t)reason_of(f->hint.kind),
			.evidence_n = f->row[0] == f->row[1] ? 1 : 2,
			.evidence = keep_rows(l, f)
		};
	}
}

/* Many under one name; or the copy that a role's account got of a call whose
 * own account is loaded as well. */
static bool is_nobody(const struct hints *h, struct str principal)
{
	if (principal_is_nobody(principal))
		return true;
	return str_starts(principal, STR("acct:")) &&
	       lineage_account(h->l, str_sub(principal, 5, 17));
}

static void find_principals(struct hints *h)
{
	uint32_t n = h->s->values[EVENT_PRINCIPAL];
	struct strbuf id;

	strbuf_init(&id);
	h->principal = mem_zero(n, sizeof(*h->principal));
	for (uint32_t v = 1; v < n; v++) {
		struct str text = store_value(h->s, EVENT_PRINCIPAL, v);

		if (is_nobody(h, text))
			continue;
		strbuf_clear(&id);
		strbuf_adds(&id, "P:");
		strbuf_add(&id, text);
		h->principal[v] = lineage_node(h->l, strbuf_str(&id));
	}
	strbuf_release(&id);
}

bool lineage_add_hints(struct lineage *l)
{
	const struct store *s = l->store;
	struct hints h = { .l = l, .s = s };
	uint32_t agents = s->values[EVENT_AGENT];

	climb_init(&h.climb, l);
	h.root = mem_zero(l->node_n, sizeof(*h.root));
	intern_init(&h.agents);
	h.place = mem_zero(s->values[EVENT_IP], 1);
	h.sharers = mem_zero(s->values[EVENT_IP], 1);
	h.agent = mem_alloc(agents * sizeof(*h.agent));
	for (uint32_t v = 0; v < agents; v++)
		h.agent[v] = UINT32_MAX;
	find_principals(&h);
	list_placed(&h);
	count_sharers(&h);
	hints_find_exposed(&h);
	hints_find_sources(&h);
	if (h.reader)
		reader_free(h.reader);
	keep_hints(l, &h);
	climb_release(&h.climb);
	intern_release(&h.agents);
	free(h.root);
	free(h.place);
	free(h.placed);
	free(h.sharers);
	free(h.agent);
	free(h.principal);
	free(h.found);
	return l->hint_n > 0;
}

/* Looking ------------------------------------------------------------------ */

const struct lineage_hint *lineage_hint(const struct lineage *l,
					const struct lineage_edge *e)
{
	struct lineage_hint wanted = { .from = e->from,
				       .to = e->to,
				       .kind = e->kind };
	uint32_t low = 0, high = l->hint_n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int d = compare_ends(&l->hint[mid], &wanted);

		if (d == 0)
			return &l->hint[mid];
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct lineage_edge *lineage_hint_edge(const struct lineage *l,
					     const struct lineage_hint *h)
{
	uint32_t low = 0, high = l->edge_n;

	/* From the first edge of that kind on; edges of one node and kind are
	 * in order of time. */
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct lineage_edge *e = &l->edge[mid];

		if (e->from < h->from ||
		    (e->from == h->from && e->kind < h->kind))
			low = mid + 1;
		else
			high = mid;
	}
	while (low < l->edge_n && l->edge[low].from == h->from &&
	       l->edge[low].kind == h->kind) {
		if (l->edge[low].to == h->to)
			return &l->edge[low];
		low++;
	}
	return NULL;
}

void lineage_hint_describe(const struct lineage_hint *h, struct strbuf *out)
{
	const char *between = "";

	if (h->kind != EDGE_EXPOSED_BY) {
		strbuf_addf(out, "one of %u %s", h->sharers,
			    h->kind == EDGE_SAME_SOURCE ?
				    "on that address" :
				    "with that user agent");
		return;
	}
	strbuf_addf(out, "score %u: ", h->score);
	for (unsigned t = 0; t < HINT_TERM_COUNT; t++) {
		if (!(h->terms & 1u << t))
			continue;
		strbuf_addf(out, "%s%s +%u", between, term_texts[t], points[t]);
		between = ", ";
	}
}
