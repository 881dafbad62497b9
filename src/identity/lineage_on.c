/* SPDX-License-Identifier: MIT */
/* For each node the rows whose parameters name it. */
#include "identity/lineage_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "identity/fact_private.h"
#include "identity/lineage_place.h"
#include "model/arn.h"

/* Whom a policy lets in by something else than a name: an account as such,
 * everybody. */
static node_id policy_node(struct lineage_maker *m, struct str text)
{
	struct str account = text;
	struct arn arn;

	if (str_eq(text, STR("*")))
		return maker_find(m, NODE_PRINCIPAL, STR("anonymous"));
	if (arn_parse(text, &arn) && str_eq(arn.resource, STR("root")))
		account = arn.account;
	if (account.n != 12 || !str_all_digits(account))
		return NODE_NONE;
	return maker_find(m, NODE_PRINCIPAL,
			  arena_join(&m->arena, STR("acct:"), account));
}

/* The node that a target names at the time of a row, or none: nodes are not
 * made for what is only asked about. */
static node_id target_node(struct lineage_maker *m, struct str text, row_id row)
{
	struct str account, role, session, name;
	node_id n = NODE_NONE;

	/* A call that names such an ARN means the role. */
	if (!kind_is_call(m->s->kind[row]))
		n = places_session(m, text, row);
	if (n)
		return n;
	if (arn_assumed_role(text, &account, &role, &session)) {
		name = arena_join(&m->arena, STR("r"), account);
		return alias_find(m, maker_join3(m, name, STR("/"), role), row);
	}
	n = maker_known_compute(m, text, row);
	if (!n)
		n = maker_find(m, NODE_KEY, text);
	if (!n)
		n = alias_find(m, text, row);
	return n ? n : policy_node(m, text);
}

/* A private address, or an interface. */
static bool is_place(struct str text)
{
	return str_starts(text, STR("@")) || fact_is_interface(text);
}

/* Does it mean the same at all times? */
static bool is_steady(struct lineage_maker *m, struct str text)
{
	struct str account, role, session;

	return !is_place(text) && !fact_is_instance(text) &&
	       !arn_assumed_role(text, &account, &role, &session) &&
	       alias_is_steady(m, text);
}

/* Rows of targets, in order, with their nodes. */
struct found {
	row_id *row;
	node_id *node;
	uint32_t n;
};

static void find_nodes(struct lineage_maker *m, struct found *found)
{
	const struct facts *f = m->facts;
	/* By text: its node + 1, where that is the same at all times. */
	node_id *cached = mem_zero(f->strings.count, sizeof(*cached));
	struct machine_places places;

	places_make(&places, m);
	for (size_t i = 0; i < f->target_n; i++) {
		const struct fact_target *t = &f->target[i];
		row_id row = m->row_of[t->arrival];
		node_id node;

		if (row == ROW_NONE)
			continue;
		node = cached[t->text];
		if (!node) {
			struct str text = intern_text(&f->strings, t->text);

			if (m->arena.used)
				arena_reset(&m->arena);
			if (is_place(text))
				node = places_machine(&places, text, row) + 1;
			else
				node = target_node(m, text, row) + 1;
			if (is_steady(m, text))
				cached[t->text] = node;
		}
		if (node == NODE_NONE + 1)
			continue;
		found->row[found->n] = row;
		found->node[found->n++] = node - 1;
	}
	places_release(&places);
	free(cached);
}

/* Groups them by node: a list begins where the one before ends. */
static void group(struct lineage *l, const struct found *found)
{
	int64_t *key = mem_alloc(((size_t)found->n + 1) * sizeof(*key));
	uint32_t *order = mem_alloc(((size_t)found->n + 1) * sizeof(*order));
	uint32_t n = 0, at;

	for (uint32_t i = 0; i < found->n; i++)
		key[i] = (int64_t)found->node[i] << 32 | found->row[i];
	sort_by_key(order, key, found->n);
	l->on = mem_alloc(((size_t)found->n + 1) * sizeof(*l->on));
	for (uint32_t i = 0; i < found->n; i++) {
		/* One event may name a thing in two ways. */
		if (i && key[order[i]] == key[order[i - 1]])
			continue;
		l->on_start[found->node[order[i]] + 1]++;
		l->on[n++] = found->row[order[i]];
	}
	l->on = mem_resize(l->on, (size_t)n + 1, sizeof(*l->on));
	for (node_id i = at = 0; i < l->node_n; i++) {
		at += l->on_start[i + 1];
		l->on_start[i + 1] = at;
	}
	free(key);
	free(order);
}

void maker_index_targets(struct lineage_maker *m)
{
	struct lineage *l = m->l;
	size_t n = m->facts->target_n + 1;
	struct found found = { mem_alloc(n * sizeof(row_id)),
			       mem_alloc(n * sizeof(node_id)), 0 };

	l->on_start = mem_zero((size_t)l->node_n + 1, sizeof(*l->on_start));
	find_nodes(m, &found);
	group(l, &found);
	free(found.row);
	free(found.node);
}
