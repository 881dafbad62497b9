/* SPDX-License-Identifier: MIT */
/* Asks what somebody left; runs on a thread of its own. */
#include "ui/panes/traces_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "detect/incident.h"
#include "identity/walk.h"

/* Those whose traces are asked for; the caller frees the list. */
struct whose {
	node_id *node;
	size_t n;
};

static void take_incident(struct whose *w, const struct incident_map *m,
			  const struct incidents *all, row_id row)
{
	uint32_t group = row == ROW_NONE ? 0 :
					   m->group[incident_identity(m, row)];

	for (size_t i = 0; group && i < all->n; i++) {
		const struct incident *x = &all->incident[i];

		if (m->group[x->identity[0]] != group)
			continue;
		w->n = x->identity_n;
		w->node = mem_alloc(w->n * sizeof(*w->node));
		memcpy(w->node, x->identity, w->n * sizeof(*w->node));
		return;
	}
}

static void find_whose(const struct traces_find *f, struct whose *out)
{
	const struct snapshot *s = f->snap;
	struct incident_map map;
	struct incidents all;

	*out = (struct whose){ NULL, 0 };
	if (f->of == TRACES_INCIDENT) {
		incident_map_make(&map, s->lineage, &s->marks, &s->site);
		incidents_form(&all, &map, &s->alerts, s->store);
		take_incident(out, &map, &all, f->row);
		incidents_release(&all);
		incident_map_release(&map);
	} else if (f->of == TRACES_IDENTITY && f->node) {
		out->node = mem_alloc(sizeof(*out->node));
		out->node[out->n++] = f->node;
	}
}

static void find_within(const struct traces_find *f, struct rowset *out)
{
	const struct store *s = f->snap->store;
	row_id from = f->since == TIME_NONE ? 0 : store_seek_time(s, f->since);
	row_id to = f->until == TIME_NONE ? s->n : store_seek_time(s, f->until);

	if (from < to)
		rowset_add_range(out, from, to);
}

static void find_reach(struct traces_find *f, const struct whose *w)
{
	const struct question q = { .marks = &f->snap->marks, .at = TIME_NONE };

	reach_of_all(&f->reach, f->snap->lineage, w->node, w->n, &q);
	reach_lines_of(&f->lines, f->snap->lineage, &f->reach);
}

void traces_find(void *context, const atomic_bool *stop)
{
	struct traces_find *f = context;
	const struct scan_options scan = { .threads = f->snap->threads,
					   .limits = f->limits };
	struct rowset within = ROWSET_INIT;
	struct walk walk = { .rows = ROWSET_INIT };
	struct whose w;

	find_whose(f, &w);
	f->nobody = !w.n && f->of != TRACES_EVERYBODY;
	find_within(f, &within);
	if (w.n && f->kind == TRACES_REACH)
		find_reach(f, &w);
	if (w.n)
		walk_identity(&walk, f->snap->lineage, w.node, w.n, &within);
	else if (!f->nobody)
		rowset_copy(&walk.rows, &within);
	if (f->kind == TRACES_PERSIST)
		lasting_of(&f->lasting, f->snap->lineage, &walk.rows,
			   w.n ? walk.member : NULL, walk.member_n, &scan,
			   stop);
	else if (f->kind == TRACES_DATA)
		touched_of(&f->touched, f->snap->store, &walk.rows,
			   TOUCHED_BY_ACTOR, &scan, stop);
	for (size_t i = 0; i < f->lasting.n; i++)
		f->still += f->lasting.lasting[i].gone == ROW_NONE;
	rowset_copy(&f->rows, &walk.rows);
	walk_release(&walk);
	rowset_release(&within);
	free(w.node);
}

void traces_find_release(struct traces_find *f)
{
	if (f->kind == TRACES_PERSIST)
		lasting_release(&f->lasting);
	else if (f->kind == TRACES_DATA)
		touched_release(&f->touched);
	else if (f->reach.at) {
		reach_lines_release(&f->lines);
		reach_release(&f->reach);
	}
	rowset_release(&f->rows);
	snapshot_release(f->snap);
	*f = (struct traces_find){ .rows = ROWSET_INIT };
}

size_t traces_count(const struct traces_find *f)
{
	return f->kind == TRACES_PERSIST ? f->lasting.n :
	       f->kind == TRACES_DATA    ? f->touched.n :
					   f->lines.n;
}
