/* SPDX-License-Identifier: MIT */
/* trawl walk: what one identity did. */
#include "cli/cli.h"
#include "cli/graph.h"
#include "cli/subject.h"

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
				graph_json_edge(&j, l, e);
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
		{ .name = "first", .whole = true },
		{ .name = "last", .whole = true },
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

static void write_trees(struct session *s, const struct subject *subject)
{
	for (size_t i = 0; i < subject->n; i++) {
		struct tree tree;

		tree_around(&tree, s->snap->lineage, subject->node[i]);
		graph_write_tree(s, &tree);
		tree_release(&tree);
	}
}

int cli_walk(const struct options *o, FILE *out, FILE *err_file)
{
	struct subject subject;
	struct session s;
	struct walk walk;
	struct err err;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	if (subject_find(&subject, &s, o->subject, true, &err))
		return session_fail(&s, &err);
	walk_identity(&walk, s.snap->lineage, subject.node, subject.n, &s.rows);
	if (o->format == FORMAT_JSON) {
		write_walk_json(&s, &walk);
	} else {
		write_walk_table(&s, &walk);
		output_format(&s.out, "\n");
		write_trees(&s, &subject);
	}
	walk_release(&walk);
	subject_release(&subject);
	return session_close(&s);
}
