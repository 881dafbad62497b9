/* SPDX-License-Identifier: MIT */
/* From a line of the pivot view to its events. */
#include "ui/panes/lineage.h"
#include "ui/picks.h"

/* A line of the forms by key, address and API. */
static node_id address_node(const struct tree *t, uint32_t line)
{
	struct strbuf id;
	node_id node;

	strbuf_init(&id);
	strbuf_adds(&id, "IP:");
	strbuf_add(&id,
		   store_value(t->l->store, EVENT_IP, t->line[line].value));
	node = lineage_node(t->l, strbuf_str(&id));
	strbuf_release(&id);
	return node;
}

node_id lineage_line_node(const struct tree *t, uint32_t line)
{
	for (; line != TREE_NO_LINE; line = t->line[line].parent)
		if (t->line[line].node)
			return t->line[line].node;
		else if (t->line[line].kind == TREE_VALUE &&
			 tree_column_of(t, line) == TREE_COLUMN_ADDRESS)
			return address_node(t, line);
	return NODE_NONE;
}

static struct str source_text(const struct tree *t, uint32_t line)
{
	if (t->line[line].kind != TREE_SOURCE)
		return STR_NULL;
	if (t->line[line].value == TREE_ELSEWHERE)
		return STR(SCOPE_BY_SERVICES);
	return store_value(t->l->store, EVENT_IP, t->line[line].value);
}

static struct scope events_scope(const struct tree *t,
				 const struct rowset *rows, struct str label)
{
	struct strbuf ids;
	struct scope scope;

	strbuf_init(&ids);
	for (size_t i = 0; i < rows->n && i < SCOPE_IDS; i++) {
		if (i)
			strbuf_addc(&ids, ' ');
		store_id_text(t->l->store, rows->row[i], &ids);
	}
	scope = scope_make(SCOPE_EVENTS, strbuf_str(&ids), STR_NULL, STR_NULL,
			   label);
	strbuf_release(&ids);
	return scope;
}

/* Other identities' part in it: the events that show it. */
static struct scope link_scope(const struct tree *t, uint32_t line,
			       struct str label)
{
	const struct lineage_edge *e = t->line[line].edge;
	struct rowset rows = ROWSET_INIT;
	struct scope scope;

	for (unsigned i = 0; i < e->evidence_n; i++)
		rowset_add(&rows, lineage_evidence(t->l, e, i));
	scope = events_scope(t, &rows, label);
	rowset_release(&rows);
	return scope;
}

/* What the group hangs below: its node, used from one address. */
static struct scope group_scope(const struct tree *t, uint32_t line, bool below,
				struct str label)
{
	uint32_t up = t->line[line].parent;
	struct strbuf id;
	struct scope scope;
	row_id row;
	node_id of;

	while (t->line[up].kind == TREE_GROUP || t->line[up].kind == TREE_MORE)
		up = t->line[up].parent;
	strbuf_init(&id);
	tree_group_of(t, line, &of, &row);
	if (of)
		strbuf_add(&id, lineage_id(t->l, of));
	else
		store_id_text(t->l->store, row, &id);
	scope = scope_make(below ? SCOPE_GROUP_BELOW : SCOPE_GROUP,
			   lineage_id(t->l, t->line[up].node),
			   source_text(t, up), strbuf_str(&id), label);
	strbuf_release(&id);
	return scope;
}

/* A value, and those above it. */
static struct scope value_scope(const struct tree *t, uint32_t line,
				struct str label)
{
	const struct store *s = t->l->store;
	struct str address = STR_NULL, name = STR_NULL;
	node_id node = NODE_NONE;

	for (uint32_t up = line; up != TREE_NO_LINE; up = t->line[up].parent)
		switch (tree_column_of(t, up)) {
		case TREE_COLUMN_NODE:
			node = t->line[up].node;
			break;
		case TREE_COLUMN_ADDRESS:
			address = store_value(s, EVENT_IP, t->line[up].value);
			break;
		case TREE_COLUMN_NAME:
			name = store_value(s, EVENT_NAME, t->line[up].value);
			break;
		}
	if (node)
		return scope_make(SCOPE_CALLS, lineage_id(t->l, node), address,
				  name, label);
	/* Of an address everybody is shown, of the rest this identity. */
	if (t->options.form != TREE_BY_ADDRESS)
		node = tree_root(t);
	return scope_make(SCOPE_CALLS_BELOW,
			  node ? lineage_id(t->l, node) : STR_NULL, address,
			  name, label);
}

static struct scope scope_of(const struct tree *t, uint32_t line, bool below,
			     struct str label)
{
	const struct tree_line *at = &t->line[line];
	struct rowset rows;

	switch (at->kind) {
	case TREE_NODE:
	case TREE_SOURCE:
		return scope_make(below ? SCOPE_SUBTREE : SCOPE_NODE,
				  lineage_id(t->l, at->node),
				  source_text(t, line), STR_NULL, label);
	case TREE_LINK:
		return link_scope(t, line, label);
	case TREE_GROUP:
		return group_scope(t, line, below, label);
	case TREE_DEED:
		rows = tree_line_rows(t, line);
		return events_scope(t, &rows, label);
	case TREE_VALUE:
		return value_scope(t, line, label);
	case TREE_MORE:
		break;
	}
	return (struct scope)SCOPE_INIT;
}

struct scope lineage_scope(const struct tree *t, uint32_t line, bool below,
			   const struct time_zone *zone)
{
	const struct tree_line *at = &t->line[line];
	int64_t since = TIME_NONE;
	struct strbuf label;
	struct scope scope;

	strbuf_init(&label);
	if (at->kind == TREE_DEED) {
		node_describe(t->l, lineage_line_node(t, line), &label);
		strbuf_addf(&label, ", %s ", tree_verb_text(at->verb));
		tree_describe(t, line, TREE_FULL, zone, &label);
	} else if (at->kind == TREE_NODE) {
		node_describe(t->l, at->node, &label);
	} else if (at->kind == TREE_SOURCE) {
		node_describe(t->l, at->node, &label);
		strbuf_adds(&label,
			    at->value == TREE_ELSEWHERE ? ", " : " from ");
		strbuf_add(&label, at->value == TREE_ELSEWHERE ?
					   STR("by AWS services") :
					   source_text(t, line));
	} else {
		tree_describe(t, line, TREE_FULL, zone, &label);
	}
	if (at->since && at->since < t->l->store->n)
		since = t->l->store->time[at->since];
	if (since != TIME_NONE && at->kind != TREE_DEED) {
		strbuf_adds(&label, " since ");
		time_format(&label, since, TIME_CLOCK, zone);
	}
	scope = scope_of(t, line, below, strbuf_str(&label));
	scope.since = since;
	strbuf_release(&label);
	return scope;
}

void lineage_line_picks(const struct lineage_pane *p, uint32_t line,
			struct picks *out)
{
	const struct tree *t = p->tree;
	const struct tree_line *at = &t->line[line];
	const struct store *s = t->l->store;
	node_id node = lineage_line_node(t, line);
	struct str address = source_text(t, line);
	struct rowset rows;

	if (at->kind == TREE_DEED) {
		rows = tree_line_rows(t, line);
		for (size_t i = 0; i < rows.n && out->n < PICKS_MOST / 2; i++)
			picks_add(out, 'e', "eventName",
				  store_text(s, EVENT_NAME, rows.row[i]));
	}
	if (at->kind == TREE_VALUE &&
	    tree_column_of(t, line) != TREE_COLUMN_NODE)
		picks_add(out,
			  tree_column_of(t, line) == TREE_COLUMN_NAME ? 'e' :
									'a',
			  tree_column_of(t, line) == TREE_COLUMN_NAME ?
				  "eventName" :
				  "ip",
			  store_value(s,
				      tree_column_of(t, line) ==
						      TREE_COLUMN_NAME ?
					      EVENT_NAME :
					      EVENT_IP,
				      at->value));
	if (address.n && !str_eq(address, STR(SCOPE_BY_SERVICES)))
		picks_add(out, 'a', "ip", address);
	if (node)
		picks_node(out, t->l, node);
}
