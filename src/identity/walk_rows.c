/* SPDX-License-Identifier: MIT */
/* The rows of one node, and how many of them all nodes have. */
#include "identity/walk.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/keyid.h"

bool walk_is_used(const struct lineage *l, node_id node)
{
	switch (l->node[node].kind) {
	case NODE_ACCOUNT:
	case NODE_IP:
		return true;
	case NODE_KEY:
		return keyid_kind(lineage_text(l, node)) != KEYID_LONG_TERM;
	default:
		return false;
	}
}

static void add_account_rows(const struct lineage *l, node_id account,
			     struct rowset *out)
{
	const struct store *s = l->store;
	struct str text = lineage_text(l, account);
	uint32_t recipient = store_find_value(s, EVENT_ACCOUNT, text);
	uint32_t caller = store_find_value(s, EVENT_CALLER, text);

	for (row_id r = 0; r < s->n; r++)
		if ((recipient &&
		     store_value_at(s, EVENT_ACCOUNT, r) == recipient) ||
		    (caller && store_value_at(s, EVENT_CALLER, r) == caller))
			rowset_add(out, r);
}

void walk_node_rows(const struct lineage *l, node_id node, struct rowset *out)
{
	const struct store *s = l->store;
	struct str text = lineage_text(l, node);
	struct rowset rows;
	uint32_t value = 0;

	rowset_clear(out);
	switch (l->node[node].kind) {
	case NODE_ACCOUNT:
		add_account_rows(l, node, out);
		return;
	case NODE_IP:
		value = store_find_value(s, EVENT_IP, text);
		if (!value)
			return;
		rows = store_rows(s, EVENT_IP, value);
		rowset_copy(out, &rows);
		return;
	case NODE_KEY:
		value = store_find_value(s, EVENT_KEY, text);
		break;
	default:
		break;
	}
	for (row_id r = 0; r < s->n; r++)
		if (l->acting[r] == node ||
		    (value && store_value_at(s, EVENT_KEY, r) == value))
			rowset_add(out, r);
}

/* Counts ------------------------------------------------------------------- */

static void count(struct walk_count *c, const struct store *s, row_id row)
{
	c->events++;
	c->denied += store_outcome(s, row) == OUTCOME_DENIED;
	c->failed += store_outcome(s, row) == OUTCOME_FAILED;
	if (c->first == ROW_NONE)
		c->first = row;
	/* Rows without a time come last, and say nothing of when. */
	if (row < s->timed || c->last == ROW_NONE)
		c->last = row;
}

/* The nodes of a column's values, by value. */
static node_id *nodes_of(const struct lineage *l, enum event_column c,
			 const char *prefix)
{
	const struct store *s = l->store;
	node_id *node = mem_zero((size_t)s->values[c] + 1, sizeof(*node));
	struct strbuf id;

	strbuf_init(&id);
	for (uint32_t v = 1; v < s->values[c]; v++) {
		strbuf_clear(&id);
		strbuf_adds(&id, prefix);
		strbuf_add(&id, store_value(s, c, v));
		node[v] = lineage_node(l, strbuf_str(&id));
	}
	strbuf_release(&id);
	return node;
}

struct walk_count *walk_counts(const struct lineage *l)
{
	const struct store *s = l->store;
	struct walk_count *c = mem_alloc((size_t)l->node_n * sizeof(*c));
	node_id *key = nodes_of(l, EVENT_KEY, "K:");
	node_id *ip = nodes_of(l, EVENT_IP, "IP:");
	node_id *account = nodes_of(l, EVENT_ACCOUNT, "A:");
	node_id *caller = nodes_of(l, EVENT_CALLER, "A:");

	for (node_id n = 0; n < l->node_n; n++)
		c[n] = (struct walk_count){ .first = ROW_NONE,
					    .last = ROW_NONE };
	for (row_id r = 0; r < s->n; r++) {
		node_id acting = l->acting[r];
		node_id with = key[store_value_at(s, EVENT_KEY, r)];
		node_id to = account[store_value_at(s, EVENT_ACCOUNT, r)];
		node_id of = caller[store_value_at(s, EVENT_CALLER, r)];

		count(&c[acting], s, r);
		if (with != acting)
			count(&c[with], s, r);
		count(&c[ip[store_value_at(s, EVENT_IP, r)]], s, r);
		count(&c[to], s, r);
		if (of != to)
			count(&c[of], s, r);
	}
	free(key);
	free(ip);
	free(account);
	free(caller);
	return c;
}
