/* SPDX-License-Identifier: MIT */
/* Those who may be behind a node, in order and in words. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "identity/climb.h"
#include "identity/lineage_hints.h"
#include "identity/question_private.h"
#include "identity/walk.h"

/* What the alert of an event is called: of several the weightiest. */
static struct str alert_title(const struct marks *marks, row_id row)
{
	size_t n;
	const struct mark *m = marks_of(marks, row, &n), *best = m;

	for (size_t i = 1; i < n; i++)
		if (m[i].level > best->level)
			best = &m[i];
	return n ? marks->label[best->label].title : STR_NULL;
}

/* Order ---------------------------------------------------------------------- */

static int kind_order(enum edge_kind kind)
{
	switch (kind) {
	case EDGE_CREATED:
		return 0;
	case EDGE_PASSED_ROLE:
		return 1;
	case EDGE_CONTROLS:
		return 2;
	case EDGE_MODIFIED_AUTH:
		return 3;
	case EDGE_EXPOSED_BY:
		return 4;
	case EDGE_RUNS_AS:
		return 5;
	default:
		return 6;
	}
}

/* Tied to it by more than the time of day. */
static int weight(enum suspicion why)
{
	if (why <= SUSPECT_ADDRESS)
		return 0;
	return why == SUSPECT_BUILT ? 2 : 1;
}

struct suspect_order {
	const struct lineage *l;
	const struct suspect *suspect;
};

static int compare_suspects(uint32_t x, uint32_t y, const void *context)
{
	const struct suspect_order *o = context;
	const struct suspect *a = &o->suspect[x], *b = &o->suspect[y];
	int d = (a->certainty == HINT) - (b->certainty == HINT);

	if (!d && a->certainty == HINT)
		d = (a->depth > b->depth) - (a->depth < b->depth);
	if (!d)
		d = weight(a->why) - weight(b->why);
	if (!d)
		d = (a->depth > b->depth) - (a->depth < b->depth);
	if (!d)
		d = kind_order(a->edge->kind) - kind_order(b->edge->kind);
	if (!d)
		d = b->actor_level - a->actor_level;
	if (!d)
		d = (int)a->why - (int)b->why;
	if (!d)
		d = (int)a->certainty - (int)b->certainty;
	if (!d)
		d = (a->time < b->time) - (a->time > b->time);
	if (!d)
		d = str_cmp(lineage_id(o->l, a->node),
			    lineage_id(o->l, b->node));
	if (!d)
		d = str_cmp(lineage_id(o->l, a->actor),
			    lineage_id(o->l, b->actor));
	return d ? d :
		   str_cmp(lineage_id(o->l, a->target),
			   lineage_id(o->l, b->target));
}

static void add_to(struct suspect **list, uint32_t *n, size_t *cap,
		   const struct suspect *s, const struct marks *marks)
{
	*list = mem_grow(*list, cap, (size_t)*n + 1, sizeof(**list));
	(*list)[*n] = *s;
	if (s->why == SUSPECT_ALERT)
		(*list)[*n].alert = alert_title(marks, s->row);
	++*n;
}

/* The best of each person and kind of edge, further away than a person's
 * nearest only what ties them together; those who made the thing long ago stand apart, unless something
 * else ties them to it. */
void suspects_list(struct suspects *out, const struct lineage *l,
		   const struct marks *marks, const struct suspect *found,
		   size_t n)
{
	struct suspect_order context = { l, found };
	uint32_t *order = sort_order(n, compare_suspects, &context);
	uint32_t *seen = mem_zero(l->node_n, sizeof(*seen));
	uint32_t *nearest = mem_zero(l->node_n, sizeof(*nearest));
	uint8_t *suspected = mem_zero(l->node_n, 1);
	size_t responsible_cap = 0, built_cap = 0;

	for (size_t i = 0; i < n; i++) {
		suspected[found[i].node] |= found[i].why != SUSPECT_BUILT;
		if (!nearest[found[i].node] ||
		    found[i].depth < nearest[found[i].node])
			nearest[found[i].node] = found[i].depth;
	}
	for (size_t i = 0; i < n; i++) {
		const struct suspect *s = &found[order[i]];
		bool built = s->why == SUSPECT_BUILT;

		if (seen[s->node] & 1u << s->edge->kind ||
		    (s->depth > nearest[s->node] && weight(s->why)) ||
		    (built && suspected[s->node]))
			continue;
		seen[s->node] |= 1u << s->edge->kind;
		if (built)
			add_to(&out->built_by, &out->built_by_n, &built_cap, s,
			       marks);
		else
			add_to(&out->responsible, &out->responsible_n,
			       &responsible_cap, s, marks);
	}
	free(order);
	free(seen);
	free(nearest);
	free(suspected);
}

void suspects_release(struct suspects *s)
{
	free(s->responsible);
	free(s->built_by);
	*s = (struct suspects){ .cut = false };
}

/* Up to the first node that is marked already: the rest was, too. */
static void mark_chain(struct climb *c, uint8_t *marked, node_id node)
{
	const struct lineage_edge *e;

	while (!marked[node]) {
		marked[node] = 1;
		e = climb_parent(c, node);
		if (!e)
			break;
		node = lineage_other_end(e, node);
	}
}

static void mark_suspects(struct climb *c, uint8_t *marked,
			  const struct suspect *s, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		mark_chain(c, marked, s[i].target);
		mark_chain(c, marked, s[i].actor);
	}
}

void suspects_mark(uint8_t *marked, const struct lineage *l, node_id node,
		   const struct question *q)
{
	uint8_t *mine = mem_zero(l->node_n, 1);
	struct suspects s;
	struct climb c;

	climb_init(&c, l);
	suspects_of(&s, l, node, q);
	mark_chain(&c, mine, node);
	mark_suspects(&c, mine, s.responsible, s.responsible_n);
	mark_suspects(&c, mine, s.built_by, s.built_by_n);
	for (node_id n = 0; n < l->node_n; n++)
		marked[n] |= mine[n];
	suspects_release(&s);
	climb_release(&c);
	free(mine);
}

/* Words ----------------------------------------------------------------------- */

void suspect_describe(const struct lineage *l, const struct suspect *s,
		      struct strbuf *out)
{
	switch (s->edge->kind) {
	case EDGE_RUNS_AS:
		node_describe(l, s->target, out);
		strbuf_adds(out, " ran on it");
		break;
	case EDGE_USED_FROM:
		node_describe(l, s->actor, out);
		strbuf_adds(out, " and the key were used from it");
		break;
	default:
		strbuf_adds(out, edge_kind_verb(s->edge->kind));
		strbuf_addc(out, ' ');
		node_describe(l, s->target, out);
		if (s->actor != s->node) {
			strbuf_adds(out, " with ");
			node_describe(l, s->actor, out);
		}
	}
	/* The link itself says so. */
	if (s->why != SUSPECT_EXPOSED) {
		strbuf_adds(out, "; ");
		strbuf_adds(out, suspicion_text(s->why));
	}
	if (s->alert.n) {
		strbuf_adds(out, ": ");
		strbuf_add(out, s->alert);
	}
	if (s->why == SUSPECT_ADDRESS) {
		strbuf_addc(out, ' ');
		strbuf_add(out, lineage_text(l, s->address));
	}
	if (lineage_hint(l, s->edge)) {
		strbuf_adds(out, "; ");
		lineage_hint_describe(lineage_hint(l, s->edge), out);
	}
}
