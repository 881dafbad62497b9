/* SPDX-License-Identifier: MIT */
/* Workloads that change themselves, and machines that do something new after
 * somebody sent them a command. */
#include "detect/lineage_detections.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"

/* What the selected events did to workloads -------------------------------- */

/* A selected event that is about a workload. */
struct deed {
	node_id compute;
	row_id row;
};

struct deeds {
	struct deed *deed; /* by workload, then row */
	size_t n, cap;
};

static void list_deeds(const struct lineage_context *x,
		       const struct rowset *seeds, struct deeds *out)
{
	const struct lineage *l = x->lineage;

	*out = (struct deeds){ .n = 0 };
	for (node_id c = 1; c < l->node_n && seeds->n; c++) {
		const row_id *on;
		uint32_t n;

		if (l->node[c].kind != NODE_COMPUTE)
			continue;
		on = lineage_on(l, c, &n);
		for (uint32_t i = 0; i < n; i++) {
			if (!rowset_has(seeds, on[i]))
				continue;
			out->deed = mem_grow(out->deed, &out->cap, out->n + 1,
					     sizeof(*out->deed));
			out->deed[out->n++] = (struct deed){ c, on[i] };
		}
	}
}

/* The workload from which the caller of an event came, or NODE_NONE. */
static node_id caller_compute(struct lineage_context *x, row_id row)
{
	const struct lineage *l = x->lineage;
	node_id workload = workload_behind(x, l->acting[row]);

	if (!workload || l->node[workload].kind == NODE_COMPUTE)
		return workload;
	return context_ties(x, workload)->compute;
}

DETECTION(workload_changes_itself)
{
	const struct lineage *l = x->lineage;
	struct deeds deeds;

	(void)r;
	list_deeds(x, seeds, &deeds);
	for (size_t i = 0; i < deeds.n; i++) {
		const struct deed *d = &deeds.deed[i];

		if (caller_compute(x, d->row) != d->compute)
			continue;
		context_describe(x, l->acting[d->row], &out->text);
		strbuf_adds(&out->text, " changed ");
		context_describe(x, d->compute, &out->text);
		strbuf_adds(&out->text, ", which it comes from");
		found_add(out, d->row);
	}
	free(deeds.deed);
}

/* New calls ---------------------------------------------------------------- */

/* By workload; those of one stay in their order. */
static void sort_deeds(struct deeds *d)
{
	int64_t *key = mem_alloc((d->n + 1) * sizeof(*key));
	uint32_t *order = mem_alloc((d->n + 1) * sizeof(*order));
	struct deed *sorted = mem_alloc((d->n + 1) * sizeof(*sorted));

	for (size_t i = 0; i < d->n; i++)
		key[i] = d->deed[i].compute;
	sort_by_key(order, key, d->n);
	for (size_t i = 0; i < d->n; i++)
		sorted[i] = d->deed[order[i]];
	free(d->deed);
	free(key);
	free(order);
	d->deed = sorted;
}

/* Calls that sessions of these workloads made, by workload and row. */
static void list_calls(struct lineage_context *x, const struct lineage_rule *r,
		       const struct deeds *commands, struct deeds *out)
{
	const struct lineage *l = x->lineage;
	const struct store *s = x->store;
	uint8_t *wanted = mem_zero(l->node_n, sizeof(*wanted));

	*out = (struct deeds){ .n = 0 };
	for (size_t i = 0; i < commands->n; i++)
		wanted[commands->deed[i].compute] = 1;
	for (row_id row = 0; row < s->timed; row++) {
		node_id acting = l->acting[row];
		node_id compute = l->node[acting].kind == NODE_SESSION ?
					  context_ties(x, acting)->compute :
					  NODE_NONE;

		if (!wanted[compute] || s->flags[row] & EVENT_BY_SERVICE ||
		    context_agent(x, r, row))
			continue;
		out->deed = mem_grow(out->deed, &out->cap, out->n + 1,
				     sizeof(*out->deed));
		out->deed[out->n++] = (struct deed){ compute, row };
	}
	free(wanted);
	sort_deeds(out);
}

/* Of a workload's calls those of a kind that it had not made before, when so
 * many came before them. What is left is in order. */
static void keep_new(const struct lineage_context *x,
		     const struct lineage_rule *r, struct deeds *calls)
{
	const struct store *s = x->store;
	/* By value: the workload that made such a call last. */
	node_id *made = mem_zero(s->values[EVENT_NAME], sizeof(*made));
	size_t kept = 0, before = 0;
	node_id last = NODE_NONE;

	for (size_t i = 0; i < calls->n; i++) {
		struct deed d = calls->deed[i];
		uint32_t name = store_value_at(s, EVENT_NAME, d.row);

		if (d.compute != last)
			before = 0;
		last = d.compute;
		if (made[name] != d.compute &&
		    before >= (size_t)r->number[SET_LEAST_EVENTS])
			calls->deed[kept++] = d;
		made[name] = d.compute;
		before++;
	}
	free(made);
	calls->n = kept;
}

/* The first of a workload's calls after a row; NULL. */
static const struct deed *call_after(const struct deeds *calls, node_id compute,
				     row_id row)
{
	size_t low = 0, high = calls->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct deed *d = &calls->deed[mid];

		if (d->compute < compute ||
		    (d->compute == compute && d->row <= row))
			low = mid + 1;
		else
			high = mid;
	}
	return low < calls->n && calls->deed[low].compute == compute ?
		       &calls->deed[low] :
		       NULL;
}

static void tell_new_call(struct lineage_context *x, const struct deed *command,
			  const struct deed *call, struct lineage_found *out)
{
	context_describe(x, command->compute, &out->text);
	strbuf_adds(&out->text, " then called ");
	strbuf_add(&out->text, store_text(x->store, EVENT_NAME, call->row));
	strbuf_adds(&out->text, ", which it had not done before, in event ");
	store_id_text(x->store, call->row, &out->text);
	found_add(out, command->row);
}

DETECTION(new_calls_after_command)
{
	int64_t within = r->number[SET_WITHIN_MINUTES] * 60 * 1000;
	const struct store *s = x->store;
	struct deeds commands, calls;

	list_deeds(x, seeds, &commands);
	if (!commands.n)
		return;
	list_calls(x, r, &commands, &calls);
	keep_new(x, r, &calls);
	for (size_t i = 0; i < commands.n; i++) {
		const struct deed *d = &commands.deed[i];
		const struct deed *call = call_after(&calls, d->compute,
						     d->row);

		if (call && d->row < s->timed &&
		    s->time[call->row] - s->time[d->row] <= within &&
		    caller_compute(x, d->row) != d->compute)
			tell_new_call(x, d, call, out);
	}
	free(commands.deed);
	free(calls.deed);
}
