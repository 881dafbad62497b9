/* SPDX-License-Identifier: MIT */
/* How lines are known, and by what they are found again. */
#include "identity/lineage_hints.h"
#include "identity/tree_private.h"

/* Evidence ---------------------------------------------------------------- */

static void origin_evidence(const struct lineage *l, node_id node,
			    struct strbuf *out)
{
	struct origin_gap gap = lineage_gap(l, node);

	if (gap.kind == GAP_NONE) {
		strbuf_adds(out, "the origin, as far as the evidence goes");
		return;
	}
	strbuf_adds(out, "no event that issued it: ");
	strbuf_adds(out, gap_kind_text(gap.kind));
	if (!gap.account[0])
		return;
	strbuf_adds(out, ", account ");
	strbuf_adds(out, gap.account);
	if (gap.derived)
		strbuf_adds(out, " (probable: out of the id's characters)");
}

static void edge_evidence(const struct tree *t, const struct lineage_edge *e,
			  struct strbuf *out)
{
	const struct lineage *l = t->l;
	const struct lineage_hint *hint = lineage_hint(l, e);

	/* What a hint rests on matters more than between whom it is. */
	if (hint) {
		lineage_hint_describe(hint, out);
		strbuf_adds(out, "; ");
	}
	strbuf_adds(out, "link ");
	tree_add_short(l, e->from, out);
	strbuf_adds(out, " -> ");
	tree_add_short(l, e->to, out);
	strbuf_adds(out, ": ");
	strbuf_adds(out, lineage_reason(e));
	if (!e->evidence_n)
		return;
	strbuf_adds(out, ", ");
	strbuf_add(out, tree_event_name(t, e));
	strbuf_addc(out, ' ');
	store_id_text(l->store, lineage_evidence(l, e, 0), out);
}

static void deed_evidence(const struct tree *t, const struct tree_line *line,
			  const struct time_zone *zone, struct strbuf *out)
{
	const struct tree_deed *d = &t->parts->deed[line->extra];
	const struct marks *m = t->index->marks;
	const struct mark *mark;
	size_t n = 0;

	mark = m && d->level >= 0 ? marks_of(m, d->worst, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		if ((int)mark[i].level == d->level) {
			strbuf_adds(out, "alert: ");
			strbuf_add(out, m->label[mark[i].label].title);
			strbuf_adds(out, ", ");
			store_id_text(t->l->store, d->worst, out);
			return;
		}
	strbuf_add_count(out, d->n);
	strbuf_adds(out, d->n == 1 ? " event  " : " events  ");
	tree_add_times(t, line, zone, out);
}

void tree_evidence(const struct tree *t, uint32_t number,
		   const struct time_zone *zone, struct strbuf *out)
{
	const struct tree_line *line = &t->line[number];

	switch (line->kind) {
	case TREE_NODE:
		if (!line->edge || (line->edge->kind == EDGE_SESSION_OF &&
				    !lineage_parent(t->l, line->node)))
			origin_evidence(t->l, line->node, out);
		else
			edge_evidence(t, line->edge, out);
		break;
	case TREE_LINK:
	case TREE_GROUP:
		edge_evidence(t, line->edge, out);
		break;
	case TREE_SOURCE:
		tree_source_evidence(t, line, out);
		break;
	case TREE_DEED:
		deed_evidence(t, line, zone, out);
		break;
	case TREE_VALUE:
		tree_add_times(t, line, zone, out);
		break;
	case TREE_MORE:
		strbuf_adds(out, "less telling than the lines before");
		break;
	}
}

row_id tree_event(const struct tree *t, uint32_t number)
{
	const struct tree_line *line = &t->line[number];

	if (line->kind == TREE_DEED)
		return t->parts->deed[line->extra].worst;
	if (line->edge && line->kind != TREE_SOURCE && line->edge->evidence_n)
		return lineage_evidence(t->l, line->edge, 0);
	return line->first;
}

/* Names ------------------------------------------------------------------- */

void tree_name(const struct tree *t, uint32_t number, struct strbuf *out)
{
	const struct tree_line *line = &t->line[number];
	const struct lineage *l = t->l;
	node_id of = line->node;
	uint32_t up = line->parent;

	strbuf_addf(out, "%c%d ", 'a' + (int)line->kind, (int)line->verb);
	if (line->kind == TREE_GROUP && t->parts->group[line->extra].of)
		of = t->parts->group[line->extra].of;
	while (!of && up != TREE_NO_LINE) {
		of = t->line[up].node;
		up = t->line[up].parent;
	}
	if (of)
		strbuf_add(out, lineage_id(l, of));
	strbuf_addc(out, ' ');
	switch (line->kind) {
	case TREE_SOURCE:
		if (line->value != TREE_ELSEWHERE)
			strbuf_add(out, store_value(l->store, EVENT_IP,
						    line->value));
		break;
	case TREE_DEED:
	case TREE_GROUP:
		if (line->first != ROW_NONE)
			store_id_text(l->store, line->first, out);
		break;
	case TREE_VALUE:
		tree_describe(t, number, TREE_FULL,
			      &(struct time_zone)TIME_ZONE_UTC, out);
		break;
	default:
		break;
	}
}

uint32_t tree_find(const struct tree *t, struct str name)
{
	uint32_t found = TREE_NO_LINE;
	struct strbuf text;

	strbuf_init(&text);
	for (uint32_t i = 0; i < t->shown_n && found == TREE_NO_LINE; i++) {
		strbuf_clear(&text);
		tree_name(t, t->shown[i], &text);
		if (str_eq(strbuf_str(&text), name))
			found = t->shown[i];
	}
	strbuf_release(&text);
	return found;
}
