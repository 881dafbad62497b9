/* SPDX-License-Identifier: MIT */
/* What is to be said of an entity. */
#include "ui/panes/profile_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "identity/tree.h"
#include "query/run.h"

/* Calls by what tells them apart. */
struct calls {
	struct page_call *call;
	size_t n, cap;
	uint32_t *slots; /* number + 1; 0: free */
	uint32_t mask;
};

static uint32_t slot_of(const struct calls *c, uint32_t name, uint32_t source,
			node_id by)
{
	uint64_t h = hash_u64((uint64_t)name << 32 | source);
	uint32_t at = (uint32_t)hash_u64(h ^ by) & c->mask;

	for (; c->slots[at]; at = (at + 1) & c->mask) {
		const struct page_call *k = &c->call[c->slots[at] - 1];

		if (k->name == name && k->source == source && k->by == by)
			break;
	}
	return at;
}

static struct page_call *call_of(struct calls *c, uint32_t name,
				 uint32_t source, node_id by, row_id row)
{
	uint32_t at;

	if ((c->n + 1) * 2 > c->mask) {
		c->mask = c->mask ? c->mask * 2 + 1 : 63;
		free(c->slots);
		c->slots = mem_zero((size_t)c->mask + 1, sizeof(*c->slots));
		for (size_t i = 0; i < c->n; i++)
			c->slots[slot_of(c, c->call[i].name, c->call[i].source,
					 c->call[i].by)] = (uint32_t)i + 1;
	}
	at = slot_of(c, name, source, by);
	if (!c->slots[at]) {
		c->call = mem_grow(c->call, &c->cap, c->n + 1,
				   sizeof(*c->call));
		c->call[c->n] = (struct page_call){ .name = name,
						    .source = source,
						    .by = by,
						    .level = -1,
						    .first = row,
						    .rows = ROWSET_INIT };
		c->slots[at] = (uint32_t)++c->n;
	}
	return &c->call[c->slots[at] - 1];
}

static struct page_call *count_row(struct calls *c, const struct snapshot *snap,
				   row_id row, node_id by)
{
	const struct store *s = snap->store;
	struct page_call *k = call_of(c, store_value_at(s, EVENT_NAME, row),
				      store_value_at(s, EVENT_SOURCE, row), by,
				      row);

	k->events++;
	k->denied += store_outcome(s, row) == OUTCOME_DENIED;
	k->failed += store_outcome(s, row) == OUTCOME_FAILED;
	return k;
}

static int compare_on(const void *x, const void *y)
{
	const struct page_call *a = x, *b = y;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return a->by < b->by ? -1 : a->by > b->by;
}

/* The rows that name it, or one of its keys and sessions, in their
 * parameters; what it did to itself stands under what it did. */
static void note_on(struct page *p, const struct snapshot *snap)
{
	const struct lineage *l = snap->lineage;
	struct calls c = { NULL, 0, 0, NULL, 0 };
	struct tree_nodes members = { NULL, 0, 0 };
	struct rowset rows = ROWSET_INIT, more = ROWSET_INIT;
	struct rowset own = ROWSET_INIT;
	row_id *all = NULL;
	size_t n = 0, cap = 0;

	tree_members(l, p->node, &members);
	for (size_t i = 0; i < members.n; i++) {
		const row_id *row;
		uint32_t count;

		row_id ended = lineage_ended_by(l, members.node[i]);

		row = lineage_on(l, members.node[i], &count);
		all = mem_grow(all, &cap, n + count + 1, sizeof(*all));
		if (count)
			memcpy(all + n, row, count * sizeof(*all));
		n += count;
		if (ended != ROW_NONE)
			all[n++] = ended;
	}
	rowset_of(&rows, all, n);
	free(all);
	tree_node_rows(l, p->node, TREE_ANYWHERE, 0, &own);
	rowset_subtract(&more, &rows, &own);
	for (size_t i = 0; i < more.n; i++) {
		struct page_call *k =
			count_row(&c, snap, more.row[i],
				  tree_stand_in(l, l->acting[more.row[i]]));
		int level = marks_level(&snap->marks, more.row[i]);

		rowset_add(&k->rows, more.row[i]);
		if (level > k->level)
			k->level = level;
	}
	rowset_release(&rows);
	rowset_release(&more);
	rowset_release(&own);
	free(members.node);
	free(c.slots);
	if (c.n)
		qsort(c.call, c.n, sizeof(*c.call), compare_on);
	p->on = c.call;
	p->on_n = c.n;
}

/* Counting a row in all ways takes so much longer than looking at it, of which
 * so many are done in a millisecond. */
enum { WAYS = 20, ROWS_A_MS = 25000 };

void page_init(struct page *p)
{
	*p = (struct page){ .node = NODE_NONE };
	entity_init(&p->entity);
}

static void find_resource(struct page_more *m, const struct scan_options *scan,
			  struct rowset *out, const atomic_bool *stop)
{
	const struct store *s = m->snap->store;
	struct query_run *run;
	struct plan *plan;
	struct err err;

	if (entity_plan(&m->entity, &plan, &err))
		return;
	run = query_run_new(plan, s, &m->snap->marks, scan);
	while (!atomic_load(stop) && !query_run_step(run, 50))
		;
	rowset_copy(out, query_run_rows(run));
	query_run_free(run);
	plan_free(plan);
}

/* What graph and store say of an identity. */
static void ask(struct page *p, const struct snapshot *snap)
{
	const struct question q = { .marks = &snap->marks, .at = TIME_NONE };

	note_on(p, snap);
	origin_of(&p->origin, snap->lineage, p->node);
	p->break_glass = break_glass_of(snap->lineage, &snap->site, p->node,
					NULL);
	suspects_of(&p->suspects, snap->lineage, p->node, &q);
	revocation_of(&p->revocation, snap->lineage, &p->node, 1, &q);
	p->revoked = revocation_of_origin(&p->revocation, snap->lineage,
					  p->node, &q);
}

static void release_answers(struct page *p)
{
	for (size_t i = 0; i < p->on_n; i++)
		rowset_release(&p->on[i].rows);
	free(p->on);
	origin_release(&p->origin);
	suspects_release(&p->suspects);
	revocation_release(&p->revocation);
}

static void find_more(void *context, const atomic_bool *stop)
{
	struct page_more *m = context;
	const struct scan_options scan = { .threads = m->snap->threads,
					   .limits = m->limits };
	struct rowset rows = ROWSET_INIT;

	if (m->asks)
		ask(&m->answers, m->snap);
	if (m->entity.kind == ENTITY_RESOURCE)
		find_resource(m, &scan, &rows, stop);
	else
		entity_rows(&m->entity, m->snap, &rows);
	profile_make(&m->profile, m->snap, &rows, m->since, m->until, stop);
	profile_deepen(&m->profile, m->snap, &scan, stop);
	rowset_release(&rows);
}

static void begin_more(struct page *p, struct page_more *m,
		       const struct desk *d)
{
	m->snap = snapshot_hold(d->snap);
	m->limits = investigation_limits(d->inv);
	m->since = d->now.since;
	m->until = d->now.until;
	entity_init(&m->entity);
	m->entity.kind = p->entity.kind;
	m->entity.node = p->entity.node;
	m->entity.column = p->entity.column;
	m->entity.value = p->entity.value;
	m->asks = !p->asked && p->node;
	m->answers = (struct page){ .node = p->node };
	strbuf_add(&m->entity.name, strbuf_str(&p->entity.name));
	m->running = true;
	job_begin(&m->job, find_more, m);
}

static void end_more(struct page_more *m)
{
	entity_release(&m->entity);
	snapshot_release(m->snap);
	m->running = false;
}

void page_make(struct page *p, struct page_more *m, struct entity *e,
	       const struct desk *d)
{
	const struct snapshot *snap = d->snap;
	struct rowset rows = ROWSET_INIT;

	page_release(p, m);
	strbuf_release(&p->entity.name);
	p->entity = *e;
	p->node = e->kind == ENTITY_NODE ? e->node : NODE_NONE;
	entity_init(e);
	if (p->entity.kind == ENTITY_NONE)
		return;
	if (snap->store->n > d->at_once) {
		begin_more(p, m, d);
		page_step(p, m, (unsigned)(d->at_once / ROWS_A_MS));
		return;
	}
	entity_rows(&p->entity, snap, &rows);
	p->has = p->entity.kind != ENTITY_RESOURCE &&
		 rows.n <= d->at_once / WAYS;
	if (p->has)
		profile_make(&p->profile, snap, &rows, d->now.since,
			     d->now.until, NULL);
	rowset_release(&rows);
	if (p->node)
		ask(p, snap);
	p->asked = true;
	begin_more(p, m, d);
}

bool page_stop(struct page_more *m)
{
	if (!m->running)
		return true;
	job_stop(&m->job);
	return job_ended(&m->job, 0);
}

bool page_step(struct page *p, struct page_more *m, unsigned ms)
{
	if (!m->running || !job_ended(&m->job, ms))
		return false;
	job_wait(&m->job);
	if (p->has)
		profile_release(&p->profile);
	p->profile = m->profile;
	p->has = true;
	if (m->asks) {
		p->on = m->answers.on;
		p->on_n = m->answers.on_n;
		p->origin = m->answers.origin;
		p->break_glass = m->answers.break_glass;
		p->suspects = m->answers.suspects;
		p->revocation = m->answers.revocation;
		p->revoked = m->answers.revoked;
		p->asked = true;
	}
	end_more(m);
	return true;
}

void page_forget(struct page *p)
{
	if (p->has)
		profile_release(&p->profile);
	if (p->node && p->asked)
		release_answers(p);
	strbuf_release(&p->entity.name);
	page_init(p);
}

void page_release(struct page *p, struct page_more *m)
{
	if (m->running) {
		job_wait(&m->job);
		profile_release(&m->profile);
		if (m->asks)
			release_answers(&m->answers);
		end_more(m);
	}
	page_forget(p);
}
