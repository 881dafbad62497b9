/* SPDX-License-Identifier: MIT */
/* Keys that changed hands: found in what somebody read, made and used by
 * somebody elsewhere. */
#include "detect/lineage_detections.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"
#include "identity/lineage_hints.h"
#include "model/identity.h"

/* The row of an edge's two in which its key was used. */
static row_id use_of(struct lineage_context *x, const struct lineage_edge *e)
{
	struct str key = lineage_text(x->lineage, e->to);

	for (unsigned i = 0; i < e->evidence_n; i++) {
		row_id row = lineage_evidence(x->lineage, e, i);

		if (str_eq(store_text(x->store, EVENT_KEY, row), key))
			return row;
	}
	return lineage_evidence(x->lineage, e, 0);
}

DETECTION(key_exposed)
{
	const struct lineage *l = x->lineage;

	(void)seeds;
	for (uint32_t i = 0; i < l->hint_n; i++) {
		const struct lineage_hint *h = &l->hint[i];
		const struct lineage_edge *e;
		row_id use;

		if (h->kind != EDGE_EXPOSED_BY ||
		    h->score < r->number[SET_SCORE])
			continue;
		e = lineage_hint_edge(l, h);
		use = use_of(x, e);
		if (context_place(x, use) != PLACE_OUTSIDE)
			continue;
		context_describe(x, h->to, &out->text);
		strbuf_adds(&out->text, " used from ");
		strbuf_add(&out->text, store_text(x->store, EVENT_IP, use));
		strbuf_adds(&out->text, " after ");
		context_describe(x, h->from, &out->text);
		strbuf_adds(&out->text, " had read there what may hold it; ");
		lineage_hint_describe(h, &out->text);
		found_add(out, use);
	}
}

/* Made here, used there ---------------------------------------------------- */

/* The first use of a key from a network other than the one in which it was
 * made. Its first use decides: a key that went to its place is no news when
 * it is used in a second one. */
static void judge_key(struct lineage_context *x, const struct lineage_rule *r,
		      const struct lineage_edge *made,
		      struct lineage_found *out)
{
	int64_t within = r->number[SET_WITHIN_MINUTES] * 60 * 1000;
	const struct lineage *l = x->lineage;
	const struct store *s = x->store;
	row_id birth = lineage_evidence(l, made, 0);
	struct rowset rows = context_rows(x, made->to);
	struct str from = store_text(s, EVENT_IP, birth);

	if (context_place(x, birth) != PLACE_OUTSIDE || birth >= s->timed)
		return;
	for (size_t i = 0; i < rows.n && rows.row[i] < s->timed; i++) {
		row_id row = rows.row[i];
		struct str ip = store_text(s, EVENT_IP, row);

		if (context_place(x, row) == PLACE_NONE)
			continue;
		if (context_place(x, row) != PLACE_OUTSIDE ||
		    s->time[row] - s->time[birth] > within ||
		    same_network(from, ip))
			return;
		context_describe(x, made->to, &out->text);
		strbuf_adds(&out->text, " made from ");
		strbuf_add(&out->text, from);
		strbuf_adds(&out->text, " by ");
		context_describe(x, made->from, &out->text);
		strbuf_adds(&out->text, ", first used from ");
		strbuf_add(&out->text, ip);
		found_add(out, row);
		return;
	}
}

DETECTION(key_made_then_elsewhere)
{
	const struct lineage *l = x->lineage;

	(void)seeds;
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];

		if (e->kind == EDGE_CREATED && l->node[e->to].kind == NODE_KEY)
			judge_key(x, r, e, out);
	}
}

/* One after the other ------------------------------------------------------- */

/* A long-term key, and in whose hand it may be: its user's, or his who made it
 * or the user. Makers are met at an address: others may have the key from him.
 */
struct held {
	node_id hand;
	bool made;
	node_id key;
};

struct held_keys {
	struct held *held;
	size_t n, cap;
};

static int compare_held(const void *x, const void *y)
{
	const struct held *a = x, *b = y;

	if (a->hand != b->hand)
		return a->hand < b->hand ? -1 : 1;
	if (a->made != b->made)
		return a->made < b->made ? -1 : 1;
	return a->key < b->key ? -1 : a->key > b->key;
}

static void add_held(struct held_keys *h, node_id hand, bool made, node_id key)
{
	h->held = mem_grow(h->held, &h->cap, h->n + 1, sizeof(*h->held));
	h->held[h->n++] = (struct held){ hand, made, key };
}

/* Who made each user and key: the principal that he really is. */
static node_id *list_makers(struct lineage_context *x)
{
	const struct lineage *l = x->lineage;
	node_id *maker = mem_zero(l->node_n, sizeof(*maker));

	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];
		node_id origin, who;

		if (e->kind != EDGE_CREATED || maker[e->to])
			continue;
		origin = context_origin(x, e->from);
		who = context_ties(x, origin)->principal;
		maker[e->to] = who ? who : origin;
	}
	return maker;
}

static void list_held(struct lineage_context *x, struct held_keys *out)
{
	const struct lineage *l = x->lineage;
	node_id *maker = list_makers(x);

	*out = (struct held_keys){ .n = 0 };
	for (node_id key = 1; key < l->node_n; key++) {
		const struct node_ties *t = context_ties(x, key);
		node_id user = t->principal, by;

		if (l->node[key].kind != NODE_KEY || !l->node[key].events ||
		    t->key_session || !user)
			continue;
		by = maker[key] && maker[key] != user ? maker[key] :
							maker[user];
		add_held(out, user, false, key);
		if (by && by != user)
			add_held(out, by, true, key);
	}
	free(maker);
	if (out->n)
		qsort(out->held, out->n, sizeof(*out->held), compare_held);
}

struct key_use {
	uint32_t address; /* value of EVENT_IP; 0: any */
	row_id row;
	node_id key;
};

static int compare_uses(const void *x, const void *y)
{
	const struct key_use *a = x, *b = y;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* The uses of a hand's keys, by address and row. */
static struct key_use *list_uses(struct lineage_context *x,
				 const struct held *held, size_t keys,
				 size_t *n)
{
	const struct store *s = x->store;
	struct key_use *use = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < keys; i++) {
		struct rowset rows = context_rows(x, held[i].key);

		for (size_t k = 0; k < rows.n && rows.row[k] < s->timed; k++) {
			row_id row = rows.row[k];
			enum place place = context_place(x, row);

			if (place == PLACE_NONE ||
			    (held[i].made && place != PLACE_OUTSIDE))
				continue;
			use = mem_grow(use, &cap, *n + 1, sizeof(*use));
			use[(*n)++] = (struct key_use){
				held[i].made ?
					store_value_at(s, EVENT_IP, row) :
					0,
				row, held[i].key
			};
		}
	}
	if (*n)
		qsort(use, *n, sizeof(*use), compare_uses);
	return use;
}

static void tell_turn(struct lineage_context *x, const struct held *held,
		      const struct key_use *use, size_t keys,
		      struct lineage_found *out)
{
	context_describe(x, use->key, &out->text);
	strbuf_addf(&out->text, " is one of %zu keys %s ", keys,
		    held->made ? "that" : "of");
	context_describe(x, held->hand, &out->text);
	if (held->made) {
		strbuf_adds(&out->text, " made, for himself or others, that "
					"were used from ");
		strbuf_add(&out->text,
			   store_text(x->store, EVENT_IP, use->row));
	} else {
		strbuf_adds(&out->text, " that were used");
	}
	strbuf_adds(&out->text, " one after the other");
	found_add(out, use->row);
}

/* The first use of each key with which they are enough, in windows that
 * slide. `times` is by node, all 0, and is left so. */
static void judge_hand(struct lineage_context *x, const struct lineage_rule *r,
		       const struct held *held, size_t keys, uint32_t *times,
		       struct lineage_found *out)
{
	int64_t within = r->number[SET_WITHIN_MINUTES] * 60 * 1000;
	const int64_t *time = x->store->time;
	size_t n, first = 0, different = 0;
	struct key_use *use = list_uses(x, held, keys, &n);

	for (size_t i = 0; i < n; i++) {
		const struct key_use *u = &use[i];

		while (first < i &&
		       (use[first].address != u->address ||
			time[u->row] - time[use[first].row] > within))
			different -= --times[use[first++].key] == 0;
		different += times[u->key] == 0;
		if (times[u->key]++ == 0 &&
		    different >= (size_t)r->number[SET_AT_LEAST])
			tell_turn(x, held, u, different, out);
	}
	while (first < n)
		times[use[first++].key]--;
	free(use);
}

DETECTION(keys_in_turn)
{
	uint32_t *times = mem_zero(x->lineage->node_n, sizeof(*times));
	struct held_keys held;

	(void)seeds;
	list_held(x, &held);
	for (size_t from = 0, to; from < held.n; from = to) {
		const struct held *h = &held.held[from];

		for (to = from; to < held.n && held.held[to].hand == h->hand &&
				held.held[to].made == h->made;)
			to++;
		if (to - from >= (size_t)r->number[SET_AT_LEAST] &&
		    !principal_is_nobody(lineage_text(x->lineage, h->hand)))
			judge_hand(x, r, h, to - from, times, out);
	}
	free(held.held);
	free(times);
}
