/* SPDX-License-Identifier: MIT */
/* trawl lineage and trawl walk: who became whom, and what one identity did. */
#include "cli/cli.h"
#include "cli/session.h"
#include "identity/walk.h"
#include "model/identity.h"

#include <stdlib.h>

#include "base/mem.h"

enum { SHOWN_MEANINGS = 20 };

/* Ids --------------------------------------------------------------------- */

/* The principalId of a session; empty for other nodes. */
static struct str principal_id(const struct lineage *l, node_id node)
{
	struct str text = lineage_text(l, node);

	if (l->node[node].kind != NODE_SESSION)
		return STR_NULL;
	return str_sub(text, 0, str_find_last(text, '@'));
}

/* Sessions of one role and name, one after the other, are one to a person:
 * those of an instance, which renews hourly, say. */
static bool is_one_actor(const struct lineage *l, const node_id *node, size_t n)
{
	struct str first = principal_id(l, node[0]);

	for (size_t i = 1; i < n; i++)
		if (!str_eq(principal_id(l, node[i]), first))
			return false;
	return first.n > 0;
}

static void list_meanings(struct session *s, const char *id,
			  const node_id *found, size_t n)
{
	const struct lineage *l = s->snap->lineage;
	struct strbuf text;

	message(s->err, "%s may mean any of these; give one of the ids:", id);
	strbuf_init(&text);
	for (size_t i = 0; i < n && i < SHOWN_MEANINGS; i++) {
		strbuf_clear(&text);
		strbuf_add(&text, lineage_id(l, found[i]));
		strbuf_adds(&text, "  ");
		node_describe(l, found[i], &text);
		message(s->err, "  %.*s", STR_ARG(strbuf_str(&text)));
	}
	if (n > SHOWN_MEANINGS)
		message(s->err, "  and %zu more", n - SHOWN_MEANINGS);
	strbuf_release(&text);
}

/* The nodes that an id means, which the caller frees; when they are several
 * things, these are listed and nothing is guessed. */
static enum err_code resolve(struct session *s, const char *id, node_id **found,
			     size_t *n, struct err *err)
{
	const struct lineage *l = s->snap->lineage;

	*found = mem_alloc((size_t)l->node_n * sizeof(**found));
	*n = lineage_find(l, str_of(id), *found, l->node_n);
	if (*n == 1 || (*n && is_one_actor(l, *found, *n)))
		return ERR_OK;
	if (*n) {
		list_meanings(s, id, *found, *n);
		err_set(err, ERR_USAGE, "%s: ambiguous", id);
	} else {
		err_set(err, ERR_USAGE,
			"%s: no identity of that name in the evidence", id);
	}
	free(*found);
	*found = NULL;
	return ERR_USAGE;
}

/* JSON -------------------------------------------------------------------- */

/* Of the events that prove an edge. */
static void json_event_ids(struct json_writer *w, const struct lineage *l,
			   const struct lineage_edge *e)
{
	struct strbuf id;

	strbuf_init(&id);
	json_begin_array(w);
	for (unsigned i = 0; i < e->evidence_n; i++) {
		strbuf_clear(&id);
		store_id_text(l->store, lineage_evidence(l, e, i), &id);
		json_string(w, strbuf_str(&id));
	}
	json_end_array(w);
	strbuf_release(&id);
}

static void json_node(struct json_writer *w, const struct lineage *l,
		      node_id node)
{
	const struct lineage_node *n = &l->node[node];
	struct strbuf label;

	strbuf_init(&label);
	node_describe(l, node, &label);
	json_begin_object(w);
	json_pair(w, "id", lineage_id(l, node));
	json_pair(w, "kind", str_of(lineage_kind_name(n->kind)));
	json_pair(w, "label", strbuf_str(&label));
	json_pair(w, "account", lineage_account_text(l, node));
	if (n->kind == NODE_SESSION)
		json_pair(w, "sessionKind",
			  str_of(session_kind_name(n->session_kind)));
	json_pair_time(w, "first", lineage_first(l, node));
	json_pair_time(w, "last", lineage_last(l, node));
	json_pair_uint(w, "events", n->events);
	json_pair_uint(w, "denied", n->denied);
	json_pair_uint(w, "failed", n->failed);
	json_end_object(w);
	strbuf_release(&label);
}

static void json_edge(struct json_writer *w, const struct lineage *l,
		      const struct lineage_edge *e)
{
	json_begin_object(w);
	json_pair(w, "kind", str_of(edge_kind_name(e->kind)));
	json_pair(w, "from", lineage_id(l, e->from));
	json_pair(w, "to", lineage_id(l, e->to));
	json_pair(w, "certainty", str_of(certainty_name(e->certainty)));
	json_pair(w, "reason", str_of(lineage_reason(e)));
	json_key(w, "evidence");
	json_event_ids(w, l, e);
	json_end_object(w);
}

static int compare_ids(const void *x, const void *y)
{
	const struct str *a = x, *b = y;

	return str_cmp(*a, *b);
}

/* Nodes in order of their ids, whatever order they were met in. */
static node_id *nodes_by_id(const struct lineage *l, const uint8_t *wanted,
			    size_t *n)
{
	struct str *ids = mem_alloc(((size_t)l->node_n + 1) * sizeof(*ids));
	node_id *node = mem_alloc(((size_t)l->node_n + 1) * sizeof(*node));

	*n = 0;
	for (node_id i = 1; i < l->node_n; i++)
		if (!wanted || wanted[i])
			ids[(*n)++] = lineage_id(l, i);
	qsort(ids, *n, sizeof(*ids), compare_ids);
	for (size_t i = 0; i < *n; i++)
		node[i] = lineage_node(l, ids[i]);
	free(ids);
	return node;
}

static void write_graph(struct session *s, const uint8_t *wanted)
{
	const struct lineage *l = s->snap->lineage;
	const struct lineage_edge *e;
	struct json_writer w;
	size_t n;
	node_id *node = nodes_by_id(l, wanted, &n);

	json_writer_init(&w, &s->out.line);
	json_begin_object(&w);
	json_key(&w, "nodes");
	json_begin_array(&w);
	for (size_t i = 0; i < n; i++)
		json_node(&w, l, node[i]);
	json_end_array(&w);
	json_key(&w, "edges");
	json_begin_array(&w);
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; (e = lineage_out(l, node[i], k)); k++)
			if (!wanted || wanted[e->to])
				json_edge(&w, l, e);
	json_end_array(&w);
	json_end_object(&w);
	output_line(&s->out);
	free(node);
}

/* What hangs together with some nodes: their trees, and what the members of
 * these touch. */
static uint8_t *connected(const struct lineage *l, const node_id *node,
			  size_t n)
{
	uint8_t *wanted = mem_zero(l->node_n, 1);
	const struct lineage_edge *e;

	for (size_t k = 0; k < n; k++) {
		struct tree tree;

		tree_around(&tree, l, node[k]);
		wanted[node[k]] = 1;
		for (uint32_t i = 0; i < tree.n; i++) {
			node_id at = tree.line[i].node;

			wanted[at] = 1;
			for (uint32_t j = 0; (e = lineage_out(l, at, j)); j++)
				wanted[e->to] = 1;
		}
		tree_release(&tree);
	}
	return wanted;
}

/* Trees ------------------------------------------------------------------- */

static void write_tree_line(struct session *s, const struct tree *t, uint32_t i)
{
	const struct tree_line *line = &t->line[i];
	const struct lineage *l = s->snap->lineage;
	struct strbuf prefix, text;

	strbuf_init(&prefix);
	strbuf_init(&text);
	/* The branches that go on past this line. */
	for (uint32_t up = i; up != UINT32_MAX && t->line[up].depth > 0;
	     up = t->line[up].parent) {
		const char *piece = up == i ?
					    (line->last ? "`- " : "|- ") :
					    (t->line[up].last ? "   " : "|  ");
		struct strbuf joined;

		strbuf_init(&joined);
		strbuf_adds(&joined, piece);
		strbuf_add(&joined, strbuf_str(&prefix));
		strbuf_release(&prefix);
		prefix = joined;
	}
	if (line->edge && lineage_edge_time(l, line->edge) != TIME_NONE) {
		time_format(&text, lineage_edge_time(l, line->edge),
			    TIME_DATETIME, &s->o->zone);
		strbuf_addc(&text, ' ');
	}
	tree_describe(l, line, &text);
	strbuf_addf(&text, "  %u events", line->events);
	if (line->denied)
		strbuf_addf(&text, ", %u denied", line->denied);
	if (line->edge && line->edge->certainty != CERTAIN)
		strbuf_addf(&text, "  [%s]",
			    certainty_name(line->edge->certainty));
	output_format(&s->out, "%s", prefix.p);
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n");
	strbuf_release(&prefix);
	strbuf_release(&text);
}

static void write_tree(struct session *s, const struct tree *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		write_tree_line(s, t, i);
}

static void write_trees(struct session *s, const node_id *node, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct tree tree;

		tree_around(&tree, s->snap->lineage, node[i]);
		write_tree(s, &tree);
		tree_release(&tree);
	}
}

/* Everything: one tree an origin, services last. */
static void write_forest(struct session *s)
{
	const struct lineage *l = s->snap->lineage;
	size_t n;
	node_id *node = nodes_by_id(l, NULL, &n);
	enum certainty certainty;

	for (size_t i = 0; i < n; i++) {
		struct tree tree;

		if (l->node[node[i]].kind != NODE_PRINCIPAL ||
		    lineage_origin(l, node[i], &certainty) != node[i])
			continue;
		tree_below(&tree, l, node[i]);
		if (tree.line[0].events || tree.n > 1)
			write_tree(s, &tree);
		tree_release(&tree);
	}
	free(node);
}

int cli_lineage(const struct options *o, FILE *out, FILE *err_file)
{
	node_id *node = NULL;
	struct session s;
	struct err err;
	size_t n = 0;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	if (o->of && resolve(&s, o->of, &node, &n, &err))
		return session_fail(&s, &err);
	if (o->format == FORMAT_JSON) {
		uint8_t *wanted = n ? connected(s.snap->lineage, node, n) :
				      NULL;

		write_graph(&s, wanted);
		free(wanted);
	} else if (n) {
		write_trees(&s, node, n);
	} else {
		write_forest(&s);
	}
	free(node);
	return session_close(&s);
}

/* Walk -------------------------------------------------------------------- */

static void write_walk_json(struct session *s, const struct walk *w)
{
	const struct lineage *l = s->snap->lineage;
	const struct store *store = s->snap->store;
	struct json_writer j;

	json_writer_init(&j, &s->out.line);
	json_begin_object(&j);
	json_pair(&j, "identity", lineage_id(l, w->member[0]));
	json_key(&j, "nodes");
	json_begin_array(&j);
	for (size_t i = 0; i < w->member_n; i++)
		json_string(&j, lineage_id(l, w->member[i]));
	json_end_array(&j);
	json_key(&j, "matrix");
	json_begin_array(&j);
	for (size_t i = 0; i < w->cell_n; i++) {
		const struct walk_cell *c = &w->cell[i];

		json_begin_object(&j);
		json_pair(&j, "recipientAccountId",
			  store_value(store, EVENT_ACCOUNT, c->account));
		json_pair(&j, "eventSource",
			  store_value(store, EVENT_SOURCE, c->source));
		json_pair_uint(&j, "events", c->events);
		json_pair_uint(&j, "denied", c->denied);
		json_pair_uint(&j, "failed", c->failed);
		json_pair_time(&j, "first", c->first);
		json_pair_time(&j, "last", c->last);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_key(&j, "created");
	json_begin_array(&j);
	for (size_t i = 0; i < w->member_n; i++) {
		const struct lineage_edge *e;

		for (uint32_t k = 0; (e = lineage_out(l, w->member[i], k)); k++)
			if (e->kind == EDGE_CREATED)
				json_edge(&j, l, e);
	}
	json_end_array(&j);
	json_pair_uint(&j, "events", w->rows.n);
	json_end_object(&j);
	output_line(&s->out);
}

static void write_walk_table(struct session *s, const struct walk *w)
{
	static const struct column columns[] = {
		{ .name = "account" },
		{ .name = "service" },
		{ .name = "events", .right = true },
		{ .name = "denied", .right = true },
		{ .name = "failed", .right = true },
		{ .name = "first" },
		{ .name = "last" },
	};
	const struct store *store = s->snap->store;
	struct strbuf text;
	struct rows rows;

	strbuf_init(&text);
	node_describe(s->snap->lineage, w->member[0], &text);
	strbuf_addf(&text, ": %zu events, %zu keys, sessions and principals",
		    w->rows.n, w->member_n);
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n\n");
	strbuf_release(&text);
	rows_begin(&rows, &s->out, FORMAT_TABLE, columns, ARRAY_SIZE(columns),
		   &s->o->zone);
	for (size_t i = 0; i < w->cell_n; i++) {
		const struct walk_cell *c = &w->cell[i];
		struct str account = store_value(store, EVENT_ACCOUNT,
						 c->account);
		const struct cell cell[] = {
			cell_text(account.n ? account : STR("-")),
			cell_text(event_service(
				store_value(store, EVENT_SOURCE, c->source))),
			cell_number(c->events),
			cell_number(c->denied),
			cell_number(c->failed),
			cell_time(c->first),
			cell_time(c->last),
		};

		rows_add(&rows, cell);
	}
	rows_end(&rows);
}

int cli_walk(const struct options *o, FILE *out, FILE *err_file)
{
	node_id *node;
	struct session s;
	struct walk walk;
	struct err err;
	size_t n;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	if (resolve(&s, o->subject, &node, &n, &err))
		return session_fail(&s, &err);
	walk_identity(&walk, s.snap->lineage, node, n, &s.rows);
	if (o->format == FORMAT_JSON) {
		write_walk_json(&s, &walk);
	} else {
		write_walk_table(&s, &walk);
		output_format(&s.out, "\n");
		write_trees(&s, node, n);
	}
	walk_release(&walk);
	free(node);
	return session_close(&s);
}
