/* SPDX-License-Identifier: MIT */
/* Rights that somebody gets by way of a workload, or of another name. */
#include "detect/lineage_detections.h"

#include <stdlib.h>

#include "base/mem.h"

enum { CLIMB_MOST = 32 }; /* steps from a credential to whose it is */

/* Workloads ---------------------------------------------------------------- */

static bool is_workload(struct lineage_context *x, node_id node)
{
	const struct lineage *l = x->lineage;

	if (l->node[node].kind == NODE_COMPUTE)
		return true;
	return l->node[node].kind == NODE_SESSION &&
	       (context_ties(x, node)->compute ||
		session_is_of_instance(x, node) ||
		session_is_of_function(x, node));
}

node_id workload_behind(struct lineage_context *x, node_id node)
{
	const struct lineage_edge *e;

	for (int i = 0; i < CLIMB_MOST; i++) {
		if (is_workload(x, node))
			return node;
		e = climb_parent(&x->climb, node);
		if (!e)
			break;
		node = lineage_other_end(e, node);
	}
	return NODE_NONE;
}

DETECTION(caller_is_workload)
{
	const struct lineage *l = x->lineage;

	(void)r;
	for (size_t i = 0; i < seeds->n; i++) {
		row_id row = seeds->row[i];
		node_id acting = l->acting[row];
		node_id workload = workload_behind(x, acting);

		if (!workload)
			continue;
		context_describe(x, acting, &out->text);
		if (workload != acting) {
			strbuf_adds(&out->text, " came of ");
			context_describe(x, workload, &out->text);
		} else if (context_ties(x, acting)->compute) {
			strbuf_adds(&out->text, " runs on ");
			context_describe(x, context_ties(x, acting)->compute,
					 &out->text);
		}
		found_add(out, row);
	}
}

/* Who has a workload in hand ----------------------------------------------- */

/* Somebody made a workload, gave it a role or took control of it. */
struct master {
	node_id compute;
	node_id who; /* the actor, or somebody whom it came of */
	row_id row;
};

struct masters {
	struct master *master; /* by compute, who, row */
	size_t n, cap;
};

static int compare_masters(const void *x, const void *y)
{
	const struct master *a = x, *b = y;

	if (a->compute != b->compute)
		return a->compute < b->compute ? -1 : 1;
	if (a->who != b->who)
		return a->who < b->who ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

static void add_master(struct masters *m, node_id compute, node_id who,
		       row_id row)
{
	m->master = mem_grow(m->master, &m->cap, m->n + 1, sizeof(*m->master));
	m->master[m->n++] = (struct master){ compute, who, row };
}

/* The users and roles behind an actor, nearest first; returns how many. */
static uint32_t people_behind(struct lineage_context *x, node_id actor,
			      node_id *who)
{
	const struct lineage_edge *e;
	uint32_t n = 0;

	for (int i = 0; i < CLIMB_MOST && actor; i++) {
		node_id principal = context_ties(x, actor)->principal;

		if (principal && (n == 0 || who[n - 1] != principal))
			who[n++] = principal;
		e = climb_parent(&x->climb, actor);
		actor = e ? lineage_other_end(e, actor) : NODE_NONE;
	}
	return n;
}

static void list_masters(struct lineage_context *x, struct masters *m)
{
	const struct lineage *l = x->lineage;

	*m = (struct masters){ .n = 0 };
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];
		node_id who[CLIMB_MOST];
		uint32_t n;

		if (l->node[e->to].kind != NODE_COMPUTE ||
		    (e->kind != EDGE_CREATED && e->kind != EDGE_PASSED_ROLE &&
		     e->kind != EDGE_CONTROLS))
			continue;
		n = people_behind(x, e->from, who);
		while (n--)
			for (unsigned k = 0; k < e->evidence_n; k++)
				add_master(m, e->to, who[n],
					   lineage_evidence(l, e, k));
	}
	if (m->n)
		qsort(m->master, m->n, sizeof(*m->master), compare_masters);
}

/* The last time before a row that somebody had a workload in hand. */
static const struct master *find_master(const struct masters *m,
					node_id compute, node_id who,
					row_id before)
{
	struct master wanted = { compute, who, before };
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_masters(&m->master[mid], &wanted) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0 || m->master[low - 1].compute != compute ||
	    m->master[low - 1].who != who)
		return NULL;
	return &m->master[low - 1];
}

/* Is this edge a workload's session changing a user or role, or making a key
 * or user? */
static bool is_iam_write(const struct lineage *l, const struct lineage_edge *e)
{
	return l->node[e->from].kind == NODE_SESSION &&
	       (e->kind == EDGE_MODIFIED_AUTH ||
		(e->kind == EDGE_CREATED &&
		 (l->node[e->to].kind == NODE_KEY ||
		  l->node[e->to].kind == NODE_PRINCIPAL)));
}

static bool is_within(const struct store *s, row_id from, row_id to,
		      int64_t minutes)
{
	return from < s->timed && to < s->timed &&
	       s->time[to] - s->time[from] <= minutes * 60 * 1000;
}

DETECTION(workload_serves_its_master)
{
	int64_t minutes = r->number[SET_WITHIN_MINUTES];
	const struct lineage *l = x->lineage;
	struct masters masters;

	(void)seeds;
	list_masters(x, &masters);
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];
		const struct master *m;
		node_id compute, who;
		row_id row;

		if (!is_iam_write(l, e))
			continue;
		compute = context_ties(x, e->from)->compute;
		who = context_ties(x, e->to)->principal;
		row = lineage_evidence(l, e, 0);
		if (!compute || !who)
			continue;
		m = find_master(&masters, compute, who, row);
		if (!m || !is_within(x->store, m->row, row, minutes))
			continue;
		context_describe(x, compute, &out->text);
		strbuf_adds(&out->text, " changed ");
		context_describe(x, who, &out->text);
		strbuf_adds(&out->text, ", who had it in hand by event ");
		store_id_text(x->store, m->row, &out->text);
		found_add(out, row);
	}
	free(masters.master);
}

/* Roles that are passed on ------------------------------------------------- */

/* A write to IAM by a session of a workload. */
struct write {
	node_id compute;
	row_id row;
};

static int compare_writes(const void *x, const void *y)
{
	const struct write *a = x, *b = y;

	if (a->compute != b->compute)
		return a->compute < b->compute ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

static struct write *list_writes(struct lineage_context *x, size_t *n)
{
	const struct lineage *l = x->lineage;
	struct write *out = NULL;
	size_t cap = 0;

	*n = 0;
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];
		node_id compute;

		if (!is_iam_write(l, e))
			continue;
		compute = context_ties(x, e->from)->compute;
		if (!compute)
			continue;
		out = mem_grow(out, &cap, *n + 1, sizeof(*out));
		out[(*n)++] = (struct write){ compute,
					      lineage_evidence(l, e, 0) };
	}
	if (*n)
		qsort(out, *n, sizeof(*out), compare_writes);
	return out;
}

/* The first write of a workload after a row; ROW_NONE. */
static row_id write_after(const struct write *write, size_t n, node_id compute,
			  row_id row)
{
	struct write wanted = { compute, row };
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_writes(&write[mid], &wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && write[low].compute == compute ? write[low].row :
							  ROW_NONE;
}

DETECTION(role_passed_to_iam_writer)
{
	int64_t minutes = r->number[SET_WITHIN_MINUTES];
	const struct lineage *l = x->lineage;
	struct write *write;
	size_t n;

	(void)seeds;
	write = list_writes(x, &n);
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];
		row_id row, next;

		if (e->kind != EDGE_PASSED_ROLE)
			continue;
		row = lineage_evidence(l, e, 0);
		next = write_after(write, n, e->to, row);
		if (next == ROW_NONE ||
		    !is_within(x->store, row, next, minutes))
			continue;
		context_describe(x, e->from, &out->text);
		strbuf_adds(&out->text, " gave a role to ");
		context_describe(x, e->to, &out->text);
		strbuf_adds(&out->text, ", which then wrote to IAM in event ");
		store_id_text(x->store, next, &out->text);
		found_add(out, row);
	}
	free(write);
}

/* The same of a workload that somebody made or changed, whoever he was. */
DETECTION(taken_then_iam_write)
{
	int64_t minutes = r->number[SET_WITHIN_MINUTES];
	const struct lineage *l = x->lineage;
	struct write *write;
	size_t n;

	if (!seeds->n)
		return;
	write = list_writes(x, &n);
	for (size_t i = 0; i < n; i++) {
		const row_id *on;
		uint32_t on_n;

		if (i && write[i].compute == write[i - 1].compute)
			continue;
		on = lineage_on(l, write[i].compute, &on_n);
		for (uint32_t k = 0; k < on_n; k++) {
			row_id next = write_after(write, n, write[i].compute,
						  on[k]);

			if (!rowset_has(seeds, on[k]) || next == ROW_NONE ||
			    !is_within(x->store, on[k], next, minutes))
				continue;
			context_describe(x, l->acting[on[k]], &out->text);
			strbuf_adds(&out->text, " had ");
			context_describe(x, write[i].compute, &out->text);
			strbuf_adds(&out->text,
				    " in hand, which then wrote to IAM in "
				    "event ");
			store_id_text(x->store, next, &out->text);
			found_add(out, on[k]);
		}
	}
	free(write);
}

/* One's own rights --------------------------------------------------------- */

/* A session of a role changes the user who took the role, or a role on the
 * way. What it does to its own name a single event tells. */
DETECTION(own_origin_changed)
{
	const struct lineage *l = x->lineage;

	(void)r;
	(void)seeds;
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];
		node_id who[CLIMB_MOST], changed;
		uint32_t n;

		if (e->kind != EDGE_MODIFIED_AUTH &&
		    (e->kind != EDGE_CREATED ||
		     l->node[e->to].kind != NODE_KEY))
			continue;
		changed = context_ties(x, e->to)->principal;
		n = people_behind(x, e->from, who);
		for (uint32_t k = 1; k < n && changed; k++) {
			if (who[k] != changed)
				continue;
			context_describe(x, e->from, &out->text);
			strbuf_adds(&out->text, " changed ");
			context_describe(x, changed, &out->text);
			strbuf_adds(&out->text, ", from whom it comes");
			found_add(out, lineage_evidence(l, e, 0));
			break;
		}
	}
}
