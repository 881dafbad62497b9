/* SPDX-License-Identifier: MIT */
/* Lines of what hangs below a node, and many of them in one. */
#include "identity/tree_private.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"

/* Groups ------------------------------------------------------------------ */

/* What makes nodes alike: sessions of one principal, things made by one
 * call. 0: it is always a line of its own. */
static uint64_t alike(const struct tree *t, const struct tree_seed *s)
{
	const struct lineage *l = t->l;
	node_id of;

	if (s->leaf)
		return 0;
	if (l->node[s->node].kind == NODE_SESSION) {
		of = tree_principal(l, s->node);
		return of ? (uint64_t)s->verb << 56 | of : 0;
	}
	if (l->node[s->node].kind == NODE_COMPUTE && s->verb == VERB_MADE)
		return (uint64_t)1 << 63 | lineage_evidence(l, s->edge, 0);
	return 0;
}

/* Kinds of seeds: how many there are of each, then its group. */
struct kinds {
	uint64_t *key; /* 0: free */
	uint32_t *n;
	uint32_t *group; /* number + 1; 0: there is none */
	uint32_t mask;
};

static uint32_t slot_of(const struct kinds *k, uint64_t key)
{
	uint32_t at = (uint32_t)hash_u64(key) & k->mask;

	while (k->key[at] && k->key[at] != key)
		at = (at + 1) & k->mask;
	return at;
}

/* A kind of which there are many gets a group, and room for its members. */
static void make_group(struct tree *t, struct kinds *k, uint32_t at,
		       const struct tree_seed *first)
{
	struct tree_parts *p = t->parts;
	bool launched = k->key[at] >> 63;

	if (k->n[at] < (launched ? (uint32_t)LAUNCHED_FROM : GROUP_FROM))
		return;
	p->group = mem_grow(p->group, &p->group_cap, (size_t)p->group_n + 1,
			    sizeof(*p->group));
	p->member = mem_grow(p->member, &p->member_cap,
			     (size_t)p->member_n + k->n[at],
			     sizeof(*p->member));
	p->group[p->group_n] = (struct tree_group){
		.from = p->member_n,
		.of = launched ? NODE_NONE : tree_principal(t->l, first->node),
		.row = lineage_evidence(t->l, first->edge, 0),
	};
	p->member_n += k->n[at];
	k->group[at] = ++p->group_n;
}

/* Sets for each seed the number + 1 of its group, 0 for a line of its own. */
static void find_groups(struct tree *t, const struct tree_seeds *seeds,
			uint32_t *group)
{
	struct kinds k = { .mask = 63 };

	while (k.mask < seeds->n * 2)
		k.mask = k.mask * 2 + 1;
	k.key = mem_zero((size_t)k.mask + 1, sizeof(*k.key));
	k.n = mem_zero((size_t)k.mask + 1, sizeof(*k.n));
	k.group = mem_zero((size_t)k.mask + 1, sizeof(*k.group));
	/* First the slot of each. */
	for (size_t i = 0; i < seeds->n; i++) {
		uint64_t key = alike(t, &seeds->seed[i]);

		group[i] = UINT32_MAX;
		if (!key)
			continue;
		group[i] = slot_of(&k, key);
		k.key[group[i]] = key;
		k.n[group[i]]++;
	}
	for (size_t i = 0; i < seeds->n; i++) {
		uint32_t at = group[i];

		group[i] = 0;
		if (at == UINT32_MAX)
			continue;
		/* The first of a kind decides for all. */
		if (k.n[at])
			make_group(t, &k, at, &seeds->seed[i]);
		k.n[at] = 0;
		group[i] = k.group[at];
	}
	free(k.key);
	free(k.n);
	free(k.group);
}

/* Adds a seed to its group's line, which `lines` may already hold. */
static void add_to_group(struct tree *t, uint32_t number,
			 const struct tree_seed *s, row_id since,
			 struct tree_lines *lines)
{
	struct tree_parts *p = t->parts;
	struct tree_group *g = &p->group[number];
	const struct tree_index *x = t->index;
	struct tree_line member = { .node = s->node,
				    .level = -1,
				    .below = -1,
				    .first = ROW_NONE,
				    .last = ROW_NONE,
				    .since = since };
	struct tree_line *line;

	tree_count_node(t, &member);
	p->member[g->from + g->n++] = (struct tree_member){ s->node, s->edge };
	g->telling += tree_tells(x, s->node);
	g->probable += s->edge->certainty != CERTAIN;
	if (g->n == 1) {
		g->line = (uint32_t)lines->n;
		member.kind = TREE_GROUP;
		member.verb = s->verb;
		member.certainty = (enum certainty)s->edge->certainty;
		member.edge = s->edge;
		member.extra = number;
		member.opens = true;
		member.count = 1;
		member.level = tree_worse(member.level,
					  tree_edge_level(x, s->edge));
		member.below = tree_worse(member.below, member.level);
		tree_add_line(lines, &member);
		return;
	}
	line = &lines->line[g->line];
	line->count++;
	line->events += member.events;
	line->denied += member.denied;
	line->level = tree_worse(line->level, member.level);
	line->below = tree_worse(line->below, member.below);
	/* How many are less certain the words say. */
	if (s->edge->certainty < line->certainty)
		line->certainty = (enum certainty)s->edge->certainty;
	if (member.first != ROW_NONE &&
	    (line->first == ROW_NONE || member.first < line->first))
		line->first = member.first;
	if (member.last != ROW_NONE &&
	    (line->last == ROW_NONE || member.last > line->last))
		line->last = member.last;
}

/* The lines of seeds ------------------------------------------------------ */

struct seed_order {
	const struct lineage *l;
	const struct tree_seed *seed;
};

static int compare_seeds(uint32_t x, uint32_t y, const void *context)
{
	const struct seed_order *o = context;
	const struct tree_seed *a = &o->seed[x], *b = &o->seed[y];

	if (a->verb != b->verb)
		return a->verb < b->verb ? -1 : 1;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return str_cmp(lineage_id(o->l, a->node), lineage_id(o->l, b->node));
}

static void sort_seeds(const struct lineage *l, struct tree_seeds *seeds)
{
	struct seed_order context = { l, seeds->seed };
	size_t i;

	for (i = 1; i < seeds->n; i++)
		if (compare_seeds((uint32_t)i - 1, (uint32_t)i, &context) > 0)
			break;
	/* Edges come sorted by kind and time: most often nothing is to do. */
	if (i >= seeds->n)
		return;
	sort_items(seeds->seed, seeds->n, sizeof(*seeds->seed), compare_seeds,
		   &context);
}

/* Who else had to do with it: named, and nothing below. */
static struct tree_line link_line(const struct tree *t,
				  const struct tree_seed *seed)
{
	const struct tree_index *x = t->index;
	const struct lineage_edge *e = seed->edge;

	return (struct tree_line){
		.kind = TREE_LINK,
		.verb = seed->verb,
		.certainty = (enum certainty)e->certainty,
		.level = tree_edge_level(x, e),
		.below = tree_edge_level(x, e),
		.node = seed->node,
		.edge = e,
		.events = e->evidence_n,
		.first = lineage_evidence(x->l, e, 0),
		.last = lineage_evidence(x->l, e, e->evidence_n - 1u),
	};
}

static void add_seed(struct tree *t, const struct tree_seed *s, row_id since,
		     struct tree_lines *lines)
{
	struct tree_line line;

	if (s->leaf) {
		line = link_line(t, s);
		tree_add_line(lines, &line);
		return;
	}
	/* A key that belongs to its owner is as many lines as addresses. */
	if (s->verb == VERB_NONE && t->l->node[s->node].kind == NODE_KEY &&
	    tree_add_sources(t, s->node, VERB_NONE, s->edge, since, NULL) > 1) {
		tree_add_sources(t, s->node, VERB_NONE, s->edge, since, lines);
		return;
	}
	line = tree_node_line(t, s->node, s->edge, s->verb, since);
	tree_note_source(t, &line);
	tree_add_line(lines, &line);
}

void tree_add_seeds(struct tree *t, struct tree_seeds *seeds, row_id since,
		    struct tree_lines *lines)
{
	uint32_t *group = mem_alloc((seeds->n + 1) * sizeof(*group));

	sort_seeds(t->l, seeds);
	find_groups(t, seeds, group);
	for (size_t i = 0; i < seeds->n; i++) {
		if (group[i])
			add_to_group(t, group[i] - 1, &seeds->seed[i], since,
				     lines);
		else
			add_seed(t, &seeds->seed[i], since, lines);
	}
	free(group);
}

enum { RANKS = LEVEL_COUNT + 2 };

/* How much a member has to tell: nothing, an address that nobody used before,
 * alerts. */
static unsigned rank_of(const struct tree_index *x, node_id node)
{
	if (x->below[node] >= 0)
		return 2u + (unsigned)x->below[node];
	return x->strange[node] ? 1 : 0;
}

/* How many members of each rank are shown: of those with something to tell the
 * most telling ones, else the first. */
static void share_out(const struct tree *t, const struct tree_group *g,
		      uint32_t *take)
{
	const struct tree_member *member = t->parts->member + g->from;
	uint32_t of_rank[RANKS] = { 0 }, room = GROUP_NOTABLE;
	bool any = g->n > GROUP_SHOWN && g->telling;

	for (uint32_t i = 0; i < g->n; i++) {
		of_rank[rank_of(t->index, member[i].node)]++;
		any = any || tree_on_path(t, member[i].node);
	}
	for (unsigned rank = RANKS; rank-- > 0;) {
		take[rank] = of_rank[rank] < room ? of_rank[rank] : room;
		if (g->n <= GROUP_SHOWN)
			take[rank] = of_rank[rank];
		else if (!rank && any)
			take[rank] = 0;
		room -= g->n <= GROUP_SHOWN ? 0 : take[rank];
	}
}

/* Members, all of them or those that have something to tell, else the first
 * ones. */
void tree_grow_group(struct tree *t, uint32_t number)
{
	const struct tree_group g = t->parts->group[t->line[number].extra];
	enum tree_verb verb = t->line[number].verb;
	row_id since = t->line[number].since;
	bool more = t->line[number].kind == TREE_MORE;
	struct tree_lines lines = { NULL, 0, 0 };
	struct tree_parts *p = t->parts;
	uint32_t shown = 0;
	struct tree_group rest;
	struct tree_line line;
	uint32_t take[RANKS];

	share_out(t, &g, take);
	/* The rest, if any, becomes a group of its own. */
	p->member = mem_grow(p->member, &p->member_cap,
			     (size_t)p->member_n + g.n, sizeof(*p->member));
	rest = (struct tree_group){ .from = p->member_n,
				    .of = g.of,
				    .row = g.row };
	for (uint32_t i = 0; i < g.n; i++) {
		struct tree_member m = p->member[g.from + i];

		uint32_t *left = &take[rank_of(t->index, m.node)];

		if (more ? shown >= MORE_SHOWN :
			   !*left && !tree_on_path(t, m.node)) {
			p->member[rest.from + rest.n++] = m;
			continue;
		}
		shown++;
		*left -= *left > 0;
		line = tree_node_line(t, m.node, m.edge, verb, since);
		tree_note_source(t, &line);
		tree_add_line(&lines, &line);
	}
	if (rest.n) {
		p->member_n += rest.n;
		p->group = mem_grow(p->group, &p->group_cap,
				    (size_t)p->group_n + 1, sizeof(*p->group));
		p->group[p->group_n] = rest;
		line = (struct tree_line){ .kind = TREE_MORE,
					   .verb = verb,
					   .level = -1,
					   .below = -1,
					   .first = ROW_NONE,
					   .last = ROW_NONE,
					   .count = rest.n,
					   .extra = p->group_n++,
					   .since = since,
					   .opens = true };
		for (uint32_t i = 0; i < rest.n; i++) {
			line.node = p->member[rest.from + i].node;
			tree_count_node(t, &line);
		}
		line.node = NODE_NONE;
		tree_add_line(&lines, &line);
	}
	tree_commit(t, number, &lines, false);
}
