/* SPDX-License-Identifier: MIT */
/* Keys that changed hands: found in what somebody read, made and used by
 * somebody elsewhere. */
#include "detect/lineage_detections.h"

#include "base/timefmt.h"
#include "identity/lineage_hints.h"

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
