/* SPDX-License-Identifier: MIT */
/*
 * From where the credentials of an incident were used: one that nobody used
 * from an address of the incident may be that of whoever answered it.
 */
#include "casework/report.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"

struct using
{
	const struct store *store;
	struct report_part *part;
	uint32_t *of;  /* by node: number of its credential + 1 */
	uint8_t *only; /* by address: of the incident alone? */
};

/* The sessions that a machine ever had. */
static void mark_sessions(struct using *u, const struct lineage *l,
			  node_id machine, uint32_t number)
{
	const struct lineage_edge *e;

	for (uint32_t k = 0; (e = lineage_out(l, machine, k)); k++)
		if (e->kind == EDGE_RUNS_AS && !u->of[e->to])
			u->of[e->to] = number;
}

static void mark_nodes(struct using *u, const struct lineage *l)
{
	const struct revocation *v = &u->part->revoke;

	for (uint32_t i = 0; i < v->n; i++) {
		const struct credential *c = &v->credential[i];

		if (!u->of[c->node])
			u->of[c->node] = i + 1;
		for (uint32_t k = 0; k < c->n; k++)
			u->of[v->session[c->first + k]] = i + 1;
		if (l->node[c->node].kind == NODE_COMPUTE)
			mark_sessions(u, l, c->node, i + 1);
	}
}

static void add_use(const struct using *u, struct report_use *use, uint32_t ip)
{
	uint32_t at = use->n;

	for (uint32_t i = 0; i < use->n; i++)
		if (use->address[i] == ip)
			return;
	if (use->n == ARRAY_SIZE(use->address)) {
		use->more = 1;
		if (!u->only[ip] || u->only[use->address[at - 1]])
			return;
		at--;
	} else {
		use->n++;
	}
	/* Of the incident alone: before the others. */
	while (u->only[ip] && at && !u->only[use->address[at - 1]]) {
		use->address[at] = use->address[at - 1];
		at--;
	}
	use->address[at] = ip;
	use->theirs |= u->only[ip];
}

void report_uses(struct report *r, struct report_part *p)
{
	const struct store *s = r->terms.snap->store;
	const struct lineage *l = r->terms.snap->lineage;
	struct using u = { .store = s, .part = p };

	p->use = mem_zero((size_t)p->revoke.n + 1, sizeof(*p->use));
	if (!p->revoke.n)
		return;
	u.of = mem_zero((size_t)l->node_n + 1, sizeof(*u.of));
	u.only = mem_zero((size_t)s->values[EVENT_IP] + 1, 1);
	for (size_t i = 0; i < p->indicator_n; i++)
		if (p->indicator[i].column == EVENT_IP &&
		    p->indicator[i].standing == STANDING_ONLY)
			u.only[p->indicator[i].value] = 1;
	mark_nodes(&u, l);
	for (row_id row = 0; row < s->n; row++) {
		uint32_t number = u.of[l->acting[row]];
		uint32_t ip = store_value_at(s, EVENT_IP, row);
		enum addr_class class;

		if (!number || !kind_is_call(s->kind[row]))
			continue;
		class = addr_class(store_value(s, EVENT_IP, ip));
		if (class == ADDR_PUBLIC || class == ADDR_PRIVATE)
			add_use(&u, &p->use[number - 1], ip);
	}
	free(u.of);
	free(u.only);
}
