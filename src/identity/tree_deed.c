/* SPDX-License-Identifier: MIT */
/* What a node's own rows did: alerts' calls, what was refused, what was read
 * of the customer's data, what changed others' rights. */
#include "identity/tree_private.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"

/* Gathering --------------------------------------------------------------- */

struct deeds {
	struct tree *t;
	size_t first;    /* the first deed of this line, in parts */
	uint32_t *slots; /* deeds by what tells them apart: number + 1 */
	uint32_t mask;
	uint32_t *deed_of; /* of each of the rows below */
	row_id *row;
	size_t n, cap, of_cap;
};

/* Denied calls without an alert are one line a service: their name is 0. */
static uint32_t key_name(const struct tree_deed *d)
{
	return d->many ? 0 : d->name[0];
}

static uint64_t hash_of(const struct tree_deed *d)
{
	return hash_u64((uint64_t)d->verb << 58 | (uint64_t)d->outcome << 56 |
			(uint64_t)(key_name(d) & 0xfffffff) << 28 |
			(d->source & 0xfffffff));
}

static bool is_same(const struct tree_deed *a, const struct tree_deed *b)
{
	return a->verb == b->verb && a->outcome == b->outcome &&
	       key_name(a) == key_name(b) && a->source == b->source;
}

static uint32_t deed_number(struct deeds *x, const struct tree_deed *key)
{
	struct tree_parts *p = x->t->parts;
	uint32_t n = (uint32_t)(p->deed_n - x->first), at;

	if ((n + 1) * 2 > x->mask) {
		x->mask = x->mask ? x->mask * 2 + 1 : 63;
		free(x->slots);
		x->slots = mem_zero((size_t)x->mask + 1, sizeof(*x->slots));
		for (uint32_t i = 0; i < n; i++) {
			at = (uint32_t)hash_of(&p->deed[x->first + i]) &
			     x->mask;
			while (x->slots[at])
				at = (at + 1) & x->mask;
			x->slots[at] = i + 1;
		}
	}
	at = (uint32_t)hash_of(key) & x->mask;
	for (; x->slots[at]; at = (at + 1) & x->mask)
		if (is_same(&p->deed[x->first + x->slots[at] - 1], key))
			return x->slots[at] - 1;
	x->slots[at] = n + 1;
	p->deed = mem_grow(p->deed, &p->deed_cap, (size_t)p->deed_n + 1,
			   sizeof(*p->deed));
	p->deed[p->deed_n] = *key;
	p->deed[p->deed_n].level = -1;
	p->deed[p->deed_n].worst = ROW_NONE;
	p->deed_n++;
	return n;
}

/* The verb of a row, or VERB_NONE when no line tells of it. */
static enum tree_verb verb_of(const struct tree_index *x, row_id row, int level,
			      bool changed)
{
	if (store_outcome(x->l->store, row) == OUTCOME_DENIED)
		return VERB_TRIED;
	if (x->reads[row / 8] >> row % 8 & 1)
		return VERB_READ;
	return level >= 0 || changed ? VERB_DID : VERB_NONE;
}

/* A few of the names; DEED_NAMES + 1 of them stand for more. */
static void add_name(struct tree_deed *d, uint32_t name)
{
	for (uint32_t i = 0; i < d->names && i < DEED_NAMES; i++)
		if (d->name[i] == name)
			return;
	if (d->names < DEED_NAMES)
		d->name[d->names] = name;
	if (d->names <= DEED_NAMES)
		d->names++;
}

static void add_row(struct deeds *x, row_id row, int level, bool changed)
{
	const struct store *s = x->t->l->store;
	struct tree_deed key = {
		.verb = verb_of(x->t->index, row, level, changed),
		.outcome = store_outcome(s, row),
		.name = { store_value_at(s, EVENT_NAME, row) },
		.names = 1,
		.source = store_value_at(s, EVENT_SOURCE, row)
	};
	struct tree_deed *d;
	uint32_t number;

	if (key.verb == VERB_NONE)
		return;
	key.many = key.verb == VERB_TRIED && level < 0;
	number = deed_number(x, &key);
	d = &x->t->parts->deed[x->first + number];
	add_name(d, key.name[0]);
	if (level > d->level || d->worst == ROW_NONE) {
		d->level = level;
		d->worst = row;
	}
	d->n++;
	x->row = mem_grow(x->row, &x->cap, x->n + 1, sizeof(*x->row));
	x->deed_of = mem_grow(x->deed_of, &x->of_cap, x->n + 1,
			      sizeof(*x->deed_of));
	x->row[x->n] = row;
	x->deed_of[x->n++] = number;
}

/* Rows by which others' rights were changed. */
static void changes_of(const struct lineage *l, node_id node,
		       struct rowset *out)
{
	const struct lineage_edge *e;
	row_id *row = NULL;
	size_t n = 0, cap = 0;

	for (uint32_t i = 0; (e = lineage_out(l, node, i)); i++)
		for (unsigned k = 0;
		     e->kind == EDGE_MODIFIED_AUTH && k < e->evidence_n; k++) {
			row = mem_grow(row, &cap, n + 1, sizeof(*row));
			row[n++] = lineage_evidence(l, e, k);
		}
	rowset_of(out, row, n);
	free(row);
}

static void add_rows_of(struct deeds *x, node_id node, uint32_t ip,
			row_id since, const struct rowset *except)
{
	const struct tree_index *index = x->t->index;
	const struct store *s = index->l->store;
	struct rowset rows = index_rows_since(index, node, since);
	struct rowset changes = ROWSET_INIT;
	size_t mark = 0, left_out = 0, change = 0;

	changes_of(index->l, node, &changes);
	for (size_t i = 0; i < rows.n; i++) {
		row_id row = rows.row[i];
		bool changed;

		if (!tree_is_from(s, row, ip))
			continue;
		while (left_out < except->n && except->row[left_out] < row)
			left_out++;
		while (change < changes.n && changes.row[change] < row)
			change++;
		if (left_out < except->n && except->row[left_out] == row)
			continue;
		changed = change < changes.n && changes.row[change] == row;
		add_row(x, row, tree_row_level(index, row, &mark), changed);
	}
	rowset_release(&changes);
}

/* Services that act for a principal are part of it. */
static void add_all_rows(struct deeds *x, node_id node, uint32_t ip,
			 row_id since, const struct rowset *except)
{
	const struct lineage *l = x->t->l;
	const struct lineage_edge *e;

	add_rows_of(x, node, ip, since, except);
	for (uint32_t i = 0; l->node[node].kind == NODE_PRINCIPAL &&
			     (e = lineage_in(l, node, i));
	     i++)
		if (e->kind == EDGE_SESSION_OF &&
		    l->node[e->from].session_kind == SESSION_FAS)
			add_rows_of(x, e->from, ip, since, except);
}

/* Rows go into one array, deed after deed. */
static void place_rows(struct deeds *x)
{
	struct tree_parts *p = x->t->parts;
	uint32_t at = p->row_n;

	p->row = mem_grow(p->row, &p->row_cap, (size_t)p->row_n + x->n,
			  sizeof(*p->row));
	p->row_n += (uint32_t)x->n;
	for (size_t i = x->first; i < p->deed_n; i++) {
		p->deed[i].from = at;
		at += p->deed[i].n;
		p->deed[i].n = 0;
	}
	for (size_t i = 0; i < x->n; i++) {
		struct tree_deed *d = &p->deed[x->first + x->deed_of[i]];

		p->row[d->from + d->n++] = x->row[i];
	}
}

/* What they were about ---------------------------------------------------- */

row_id tree_deed_sample(const struct tree *t, const struct tree_deed *d,
			uint32_t i)
{
	uint64_t step = d->n > DEED_READ ? d->n : DEED_READ;

	return t->parts->row[d->from + (uint32_t)(i * step / DEED_READ)];
}

uint32_t tree_deed_samples(const struct tree_deed *d)
{
	return d->n > DEED_READ ? DEED_READ : d->n;
}

/* Is there a record that could still say something? */
static bool is_unread(const struct tree *t, const struct tree_deed *d)
{
	for (uint32_t i = 0; i < tree_deed_samples(d); i++)
		if (!tree_said(t, tree_deed_sample(t, d, i)))
			return true;
	return false;
}

/* Distinct objects that the rows read; 0 when a record did not say. */
static uint32_t count_objects(struct tree *t, const struct tree_deed *d)
{
	uint32_t *seen = tree_scratch(t, t->parts->texts.count), n = 0;
	const row_id *row = t->parts->row + d->from;
	bool all = true;

	for (uint32_t i = 0; i < d->n; i++) {
		uint32_t object = tree_said(t, row[i])->object;

		all = all && object;
		n += !seen[object];
		seen[object] = 1;
	}
	for (uint32_t i = 0; i < d->n; i++)
		seen[tree_said(t, row[i])->object] = 0;
	return all ? n : 0;
}

/* The rows of `d` that were about one thing become a line of their own. */
static void add_part(struct tree *t, const struct tree_deed *d, uint32_t about)
{
	struct tree_parts *p = t->parts;
	const struct tree_index *x = t->index;
	struct tree_deed part = *d;
	size_t mark = 0;

	part.about = about;
	part.from = p->row_n;
	part.n = 0;
	part.level = -1;
	p->row = mem_grow(p->row, &p->row_cap, (size_t)p->row_n + d->n,
			  sizeof(*p->row));
	for (uint32_t i = 0; i < d->n; i++) {
		row_id row = p->row[d->from + i];
		int level;

		if (tree_said(t, row)->about != about)
			continue;
		p->row[part.from + part.n++] = row;
		level = tree_row_level(x, row, &mark);
		if (level > part.level || part.n == 1) {
			part.level = level;
			part.worst = row;
		}
	}
	p->row_n += part.n;
	if (part.verb == VERB_READ)
		part.objects = count_objects(t, &part);
	p->deed = mem_grow(p->deed, &p->deed_cap, (size_t)p->deed_n + 1,
			   sizeof(*p->deed));
	p->deed[p->deed_n++] = part;
}

/* Calls whose records were read are told apart by what they were about. Of
 * very many only some were read: they stay one line. */
static void split(struct tree *t, uint32_t number)
{
	struct tree_parts *p = t->parts;
	struct tree_deed d = p->deed[number];
	uint32_t *seen, *about, n = 0;

	if (d.n > DEED_READ) {
		uint32_t first =
			tree_said(t, tree_deed_sample(t, &d, 0))->about;

		for (uint32_t i = 1; i < DEED_READ && first; i++)
			if (tree_said(t, tree_deed_sample(t, &d, i))->about !=
			    first)
				first = 0;
		p->deed[number].about = first;
		p->deed[number].sampled = true;
		return;
	}
	seen = tree_scratch(t, p->texts.count);
	about = mem_alloc(((size_t)d.n + 1) * sizeof(*about));
	for (uint32_t i = 0; i < d.n; i++) {
		uint32_t a = tree_said(t, p->row[d.from + i])->about;

		if (!seen[a])
			about[n++] = a;
		seen[a] = 1;
	}
	for (uint32_t i = 0; i < n; i++)
		seen[about[i]] = 0;
	/* One part for each thing costs a pass: of too many things each call
	 * was about another, and they stay together. */
	for (uint32_t i = 0; i < n && n <= DEED_PARTS; i++)
		add_part(t, &d, about[i]);
	if (n <= DEED_PARTS)
		p->deed[number].n = 0;
	free(about);
}

/* Lines ------------------------------------------------------------------- */

static int compare_deeds(uint32_t x, uint32_t y, const void *context)
{
	const struct tree_parts *p = context;
	const struct tree_deed *a = &p->deed[x], *b = &p->deed[y];

	if (a->verb != b->verb)
		return a->verb < b->verb ? -1 : 1;
	if (p->row[a->from] != p->row[b->from])
		return p->row[a->from] < p->row[b->from] ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void add_lines(struct deeds *x, struct tree_lines *lines)
{
	struct tree_parts *p = x->t->parts;
	uint32_t *order, n = 0, base = p->deed_n;

	for (uint32_t i = (uint32_t)x->first; i < base; i++) {
		if (p->deed[i].many)
			continue;
		p->deed[i].unread = is_unread(x->t, &p->deed[i]);
		if (!p->deed[i].unread)
			split(x->t, i);
	}
	order = mem_alloc((p->deed_n - x->first + 1) * sizeof(*order));
	for (uint32_t i = (uint32_t)x->first; i < p->deed_n; i++)
		if (p->deed[i].n)
			order[n++] = i;
	sort_u32(order, n, compare_deeds, p);
	for (uint32_t i = 0; i < n; i++) {
		const struct tree_deed *d = &p->deed[order[i]];
		struct tree_line line = {
			.kind = TREE_DEED,
			.verb = d->verb,
			.level = d->level,
			.below = d->level,
			.events = d->n,
			.denied = d->outcome == OUTCOME_DENIED ? d->n : 0,
			.first = p->row[d->from],
			.last = p->row[d->from + d->n - 1],
			.extra = order[i],
		};

		tree_add_line(lines, &line);
	}
	free(order);
}

void tree_add_deeds(struct tree *t, node_id node, uint32_t ip, row_id since,
		    const struct rowset *except, struct tree_lines *lines)
{
	struct deeds x = { .t = t, .first = t->parts->deed_n };

	add_all_rows(&x, node, ip, since, except);
	place_rows(&x);
	add_lines(&x, lines);
	free(x.slots);
	free(x.row);
	free(x.deed_of);
}
