/* SPDX-License-Identifier: MIT */
#include "identity/lineage_pack.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/intern_pack.h"
#include "base/mem.h"
#include "base/tasks.h"
#include "identity/lineage_hints.h"
#include "identity/lineage_private.h"

enum {
	SAVED_IDS = STORE_SECTIONS_END, /* strings, two each */
	SAVED_TEXTS = SAVED_IDS + 2,
	SAVED_INSTANCES = SAVED_TEXTS + 2,
	SAVED_INSTANCE = SAVED_INSTANCES + 2,
	SAVED_NODE,
	SAVED_EDGE,
	SAVED_EVIDENCE,
	SAVED_BY_TARGET,
	SAVED_ACTING,
	SAVED_SESSION,
	SAVED_END,
	SAVED_GIFT,
	SAVED_OPENING,
	SAVED_ON,
	SAVED_ON_START,
	SAVED_HINT,
	SAVED_UID,
	SAVED_ALL,
};

_Static_assert((int)SAVED_ALL <= (int)LINEAGE_SECTIONS_END, "numbers are free");

void lineage_save(const struct lineage *l, struct pack_writer *w)
{
	const node_id none = NODE_NONE;

	intern_save(&l->ids, w, SAVED_IDS);
	intern_save(&l->texts, w, SAVED_TEXTS);
	intern_save(&l->instances, w, SAVED_INSTANCES);
	/* That of no instance was never set. */
	pack_begin(w, SAVED_INSTANCE);
	pack_add(w, &none, sizeof(none));
	if (l->instances.count > 1)
		pack_add(w, l->instance + 1,
			 (l->instances.count - 1) * sizeof(*l->instance));
#define SAVE(section, field, n) \
	pack_array(w, section, l->field, n, sizeof(*l->field))
	SAVE(SAVED_NODE, node, l->node_n);
	SAVE(SAVED_EDGE, edge, l->edge_n);
	SAVE(SAVED_EVIDENCE, evidence, l->evidence_n);
	SAVE(SAVED_BY_TARGET, by_target, l->edge_n);
	SAVE(SAVED_ACTING, acting, l->store->n);
	SAVE(SAVED_SESSION, session, l->session_n);
	SAVE(SAVED_END, end, l->end_n);
	SAVE(SAVED_GIFT, gift, l->gift_n);
	SAVE(SAVED_OPENING, opening, l->opening_n);
	SAVE(SAVED_ON, on, l->on_start[l->node_n]);
	SAVE(SAVED_ON_START, on_start, (size_t)l->node_n + 1);
	SAVE(SAVED_HINT, hint, l->hint_n);
	SAVE(SAVED_UID, uid, l->uid_n);
#undef SAVE
}

/* Checks ------------------------------------------------------------------ */

static bool is_row(const struct lineage *l, row_id row)
{
	return row < l->store->n;
}

static bool is_row_or_none(const struct lineage *l, row_id row)
{
	return row == ROW_NONE || is_row(l, row);
}

static bool is_node(const struct lineage *l, node_id node)
{
	return node < l->node_n;
}

static bool is_text(const struct lineage *l, uint32_t text)
{
	return text < l->texts.count;
}

/* Sessions, and they alone, have attributes: one each, in order. */
static bool numbers_hold(const struct lineage *l)
{
	uint32_t sessions = 0;

	for (node_id i = 0; i < l->node_n; i++) {
		const struct lineage_node *n = &l->node[i];
		bool is_session = n->kind == NODE_SESSION;

		if (n->session != (is_session ? ++sessions : 0) ||
		    (!is_session && n->session_kind))
			return false;
		if (is_session &&
		    str_find_char(lineage_id(l, i), '@', 0) == SIZE_MAX)
			return false;
	}
	return l->session_n == sessions + 1;
}

/* Texts of nodes begin with what their kind says. */
static bool nodes_hold(const struct lineage *l)
{
	static const struct str prefix[] = {
#define X(code, name, prefix) { prefix, sizeof(prefix) - 1 },
		NODE_KINDS(X)
#undef X
	};

	if (l->node_n == 0 || l->ids.count != l->node_n || l->node[0].kind)
		return false;
	for (node_id i = 0; i < l->node_n; i++) {
		const struct lineage_node *n = &l->node[i];

		if (n->kind >= NODE_KIND_COUNT ||
		    n->session_kind >= SESSION_KIND_COUNT ||
		    !is_text(l, n->account) || !is_row_or_none(l, n->first) ||
		    !is_row_or_none(l, n->last) || n->out > l->edge_n ||
		    n->in > l->edge_n ||
		    (i && !str_starts(lineage_id(l, i), prefix[n->kind])))
			return false;
	}
	return numbers_hold(l);
}

static bool edges_hold(const struct lineage *l)
{
	for (uint32_t i = 0; i < l->evidence_n; i++)
		if (!is_row(l, l->evidence[i]))
			return false;
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];
		uint32_t n = e->evidence_n;

		if (!is_node(l, e->from) || !is_node(l, e->to) ||
		    e->kind >= EDGE_KIND_COUNT || e->certainty > HINT ||
		    e->reason >= REASON_COUNT || n == 0 || n > EDGE_EVIDENCE ||
		    l->by_target[i] >= l->edge_n)
			return false;
		if (n == 1 ? !is_row(l, e->evidence) :
			     e->evidence > l->evidence_n ||
				     n > l->evidence_n - e->evidence)
			return false;
	}
	return true;
}

static bool sessions_hold(const struct lineage *l)
{
	enum { DELIVERY_BOTH = 3 };

	for (uint32_t i = 0; i < l->session_n; i++) {
		const struct session_attributes *a = &l->session[i];

		if (!is_text(l, a->source_identity) ||
		    !is_text(l, a->sign_in) || !is_text(l, a->portal) ||
		    a->mfa > MFA_YES || a->delivery > DELIVERY_BOTH ||
		    a->console_token > 1)
			return false;
	}
	return true;
}

/* What happened to nodes. */
static bool deeds_hold(const struct lineage *l)
{
	for (uint32_t i = 0; i < l->end_n; i++)
		if (!is_node(l, l->end[i].node) ||
		    l->end[i].kind >= END_KIND_COUNT ||
		    !is_row(l, l->end[i].row))
			return false;
	for (uint32_t i = 0; i < l->gift_n; i++)
		if (!is_node(l, l->gift[i].user) ||
		    !is_text(l, l->gift[i].id) || !is_row(l, l->gift[i].row) ||
		    !is_row_or_none(l, l->gift[i].taken))
			return false;
	for (uint32_t i = 0; i < l->opening_n; i++)
		if (!is_node(l, l->opening[i].from) ||
		    !is_node(l, l->opening[i].to) ||
		    !is_row_or_none(l, l->opening[i].last))
			return false;
	for (uint32_t i = 0; i < l->hint_n; i++)
		if (!is_node(l, l->hint[i].from) ||
		    !is_node(l, l->hint[i].to) ||
		    l->hint[i].kind >= EDGE_KIND_COUNT)
			return false;
	for (uint32_t i = 0; i < l->uid_n; i++)
		if (!is_text(l, l->uid[i].text) || !is_node(l, l->uid[i].node))
			return false;
	for (uint32_t i = 0; i < l->instances.count; i++)
		if (!is_node(l, l->instance[i]))
			return false;
	return true;
}

static bool rows_hold(const struct lineage *l, size_t on_n)
{
	node_id most = 0;

	for (row_id r = 0; r < l->store->n; r++)
		most = l->acting[r] > most ? l->acting[r] : most;
	if (!is_node(l, most) || l->on_start[0] != 0 ||
	    l->on_start[l->node_n] != on_n)
		return false;
	for (node_id n = 0; n < l->node_n; n++) {
		uint32_t from = l->on_start[n], to = l->on_start[n + 1];

		if (to < from || to > on_n)
			return false;
		for (uint32_t i = from; i < to; i++)
			if (!is_row(l, l->on[i]) ||
			    (i > from && l->on[i] <= l->on[i - 1]))
				return false;
	}
	return true;
}

/* Restoring --------------------------------------------------------------- */

struct restoring {
	struct lineage *l;
	struct pack *p;
	bool ok[3];
};

static void restore_strings(void *context, size_t task, unsigned worker)
{
	struct restoring *x = context;
	struct intern *strings[] = { &x->l->ids, &x->l->texts,
				     &x->l->instances };

	(void)worker;
	x->ok[task] = intern_restore(strings[task], x->p,
				     SAVED_IDS + 2 * (uint32_t)task);
}

static bool take_all(struct lineage *l, struct pack *p, size_t *on_n)
{
	size_t n = 0, edges = 0;
	bool ok = true;

#define TAKE(section, field, count)                                        \
	do {                                                               \
		ok &= (l->field = pack_take(p, section, sizeof(*l->field), \
					    &n)) != NULL &&                \
		      n < UINT32_MAX;                                      \
		count = (uint32_t)n;                                       \
	} while (0)
#define TAKE_N(section, field, count)                                \
	ok &= (l->field = pack_take_n(p, section, sizeof(*l->field), \
				      count)) != NULL
	TAKE(SAVED_NODE, node, l->node_n);
	TAKE(SAVED_EDGE, edge, l->edge_n);
	TAKE(SAVED_EVIDENCE, evidence, l->evidence_n);
	TAKE(SAVED_SESSION, session, l->session_n);
	TAKE(SAVED_END, end, l->end_n);
	TAKE(SAVED_GIFT, gift, l->gift_n);
	TAKE(SAVED_OPENING, opening, l->opening_n);
	TAKE(SAVED_ON, on, *on_n);
	TAKE(SAVED_HINT, hint, l->hint_n);
	TAKE(SAVED_UID, uid, l->uid_n);
	edges = l->edge_n;
	TAKE_N(SAVED_BY_TARGET, by_target, edges);
	TAKE_N(SAVED_ACTING, acting, l->store->n);
	TAKE_N(SAVED_ON_START, on_start, (size_t)l->node_n + 1);
	TAKE_N(SAVED_INSTANCE, instance, l->instances.count);
#undef TAKE_N
#undef TAKE
	return ok;
}

struct lineage *lineage_restore(const struct store *s, struct pack *p,
				unsigned threads)
{
	struct lineage *l = mem_zero(1, sizeof(*l));
	struct restoring x = { .l = l, .p = p };
	size_t on_n = 0;

	l->store = s;
	intern_init(&l->ids);
	intern_init(&l->texts);
	intern_init(&l->instances);
	tasks_run(threads, ARRAY_SIZE(x.ok), restore_strings, &x);
	if (!x.ok[0] || !x.ok[1] || !x.ok[2] || !take_all(l, p, &on_n) ||
	    !nodes_hold(l) || !edges_hold(l) || !sessions_hold(l) ||
	    !deeds_hold(l) || !rows_hold(l, on_n)) {
		lineage_free(l);
		return NULL;
	}
	lineage_list_accounts(l);
	return l;
}
