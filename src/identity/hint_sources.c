/* SPDX-License-Identifier: MIT */
/* Who shares an address and a tool, and who an unusual tool alone. */
#include "identity/hint_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/agent.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

enum { SOURCE_EDGES = 20000 }; /* at most: the earliest ones */

struct sources {
	struct hints *h;
	struct pair_map last;  /* by address and agent: the last row + 1 */
	struct pair_map tied;  /* by two principals: they have an edge */
	struct pair_map tools; /* by principal and agent: counted */
	uint8_t *users;        /* by agent: principals, as far as counted */
	row_id *last_tool;     /* by agent: its last row */
	uint8_t *telling;      /* by agent */
	size_t edges;
};

/* Machines of one make have one agent: only people's say anything. */
static bool is_rare(struct str agent)
{
	return agent_is_telling(agent) &&
	       str_find(agent, STR("exec-env/"), 0) == SIZE_MAX;
}

static void tie(struct sources *x, enum edge_kind kind, unsigned sharers,
		row_id before, row_id row)
{
	const struct uints *who = &x->h->s->column[EVENT_PRINCIPAL];
	const node_id *acting = x->h->l->acting;
	node_id a = x->h->principal[uints_get_u32(who, before)];
	node_id b = x->h->principal[uints_get_u32(who, row)];
	uint32_t *tied;

	/* What hangs together anyhow needs no hint. */
	if (!a || !b || a == b || x->edges == SOURCE_EDGES ||
	    hints_root(x->h, acting[before]) == hints_root(x->h, acting[row]))
		return;
	/* One edge for two, and the closer tie: see the order of the calls. */
	tied = pair_map_at(&x->tied, a < b ? a : b, a < b ? b : a);
	if (*tied)
		return;
	*tied = 1;
	x->edges++;
	hints_add(x->h, kind, a, b, 0, sharers, before, row);
}

/* Within a day of somebody else with the same agent, from there. */
static void see_source(struct sources *x, row_id row)
{
	const struct store *s = x->h->s;
	const struct uints *who = &s->column[EVENT_PRINCIPAL];
	uint32_t address = store_value_at(s, EVENT_IP, row);
	uint32_t agent = hints_agent(x->h, row), *last;
	unsigned sharers = x->h->sharers[address];

	if (!agent || sharers < 2 || sharers > HINT_SHARERS)
		return;
	last = pair_map_at(&x->last, address, agent);
	if (*last && uints_get_u32(who, *last - 1) != uints_get_u32(who, row) &&
	    s->time[row] - s->time[*last - 1] <= DAY_MS)
		tie(x, EDGE_SAME_SOURCE, sharers, *last - 1, row);
	*last = row + 1;
}

static void count_tool(struct sources *x, row_id row)
{
	uint32_t agent = hints_agent(x->h, row);
	uint32_t who = store_value_at(x->h->s, EVENT_PRINCIPAL, row), *seen;

	if (!agent || !x->telling[agent] || x->users[agent] > HINT_FEW)
		return;
	seen = pair_map_at(&x->tools, who, agent);
	if (!*seen)
		x->users[agent]++;
	*seen = 1;
}

static void see_tool(struct sources *x, row_id row)
{
	const struct store *s = x->h->s;
	uint32_t agent = hints_agent(x->h, row);
	row_id before;

	if (!agent || x->users[agent] < 2 || x->users[agent] > HINT_FEW)
		return;
	before = x->last_tool[agent];
	x->last_tool[agent] = row;
	if (before != ROW_NONE && store_value_at(s, EVENT_IP, before) !=
					  store_value_at(s, EVENT_IP, row))
		tie(x, EDGE_SAME_TOOL, x->users[agent], before, row);
}

/* Every row whose user agent has a number by now. */
static void number_agents(struct hints *h)
{
	for (row_id r = hints_placed(h, 0); r < h->s->timed;
	     r = hints_placed(h, r + 1))
		hints_agent(h, r);
}

void hints_find_sources(struct hints *h)
{
	struct sources x = { .h = h };

	number_agents(h);
	x.users = mem_zero(h->agents.count, sizeof(*x.users));
	x.telling = mem_zero(h->agents.count, sizeof(*x.telling));
	x.last_tool = mem_alloc(h->agents.count * sizeof(*x.last_tool));
	for (uint32_t a = 0; a < h->agents.count; a++) {
		x.telling[a] = is_rare(intern_text(&h->agents, a));
		x.last_tool[a] = ROW_NONE;
	}
	for (row_id r = hints_placed(h, 0); r < h->s->timed;
	     r = hints_placed(h, r + 1)) {
		see_source(&x, r);
		count_tool(&x, r);
	}
	for (row_id r = hints_placed(h, 0); r < h->s->timed;
	     r = hints_placed(h, r + 1))
		see_tool(&x, r);
	pair_map_release(&x.last);
	pair_map_release(&x.tied);
	pair_map_release(&x.tools);
	free(x.users);
	free(x.telling);
	free(x.last_tool);
}
