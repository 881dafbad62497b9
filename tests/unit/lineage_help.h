/* SPDX-License-Identifier: MIT */
/*
 * lineage_help.h - a load with its graph of identities
 *
 * Records are made with rec_*: a caller and a call, the rest as real records
 * have it. The graph of some records is built from a file in a folder of the
 * test's own, as a load does.
 */
#ifndef TRAWL_TEST_LINEAGE_HELP_H
#define TRAWL_TEST_LINEAGE_HELP_H

#include "ingest_help.h"

#include "identity/lineage.h"

struct graph {
	struct loaded load;
	struct facts facts;
	struct lineage *lineage;
};

static inline void graph_of_paths(struct graph *g, const char *const *path,
				  size_t n, unsigned threads)
{
	struct ingest_options options = load_options(path, n, threads);

	facts_init(&g->facts);
	options.visitor[options.visitor_n++] = fact_visitor(&g->facts);
	load_with(&g->load, &options, NULL, NULL);
	g->lineage = lineage_build(g->load.store, &g->facts, g->load.row_of);
}

/* Of records, each without what separates it from the next. */
static inline void graph_of(struct graph *g, const struct str *record, size_t n)
{
	struct strbuf text;
	struct folder f;
	const char *path = f.path;

	folder_make(&f);
	strbuf_init(&text);
	for (size_t i = 0; i < n; i++) {
		strbuf_add(&text, record[i]);
		strbuf_addc(&text, '\n');
	}
	put_file(&f, "log.json", strbuf_str(&text));
	graph_of_paths(g, &path, 1, 1);
	assert_int_equal(g->load.store->counts.rejected, 0);
	strbuf_release(&text);
	folder_remove(&f);
}

static inline void graph_release(struct graph *g)
{
	lineage_free(g->lineage);
	facts_release(&g->facts);
	load_release(&g->load);
}

/* The node with an id, which has to be there. */
static inline node_id node_of(const struct lineage *l, const char *id)
{
	node_id n = lineage_node(l, str_of(id));

	check(n != NODE_NONE, "no node %s", id);
	return n;
}

static inline const struct lineage_edge *find_edge(const struct lineage *l,
						   struct str kind,
						   struct str from,
						   struct str to)
{
	node_id a = lineage_node(l, from), b = lineage_node(l, to);

	for (uint32_t i = 0; a && b && i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];

		if (e->from == a && e->to == b &&
		    str_eq(kind, str_of(edge_kind_name(e->kind))))
			return e;
	}
	return NULL;
}

static inline bool has_edge(const struct lineage *l, const char *kind,
			    const char *from, const char *to)
{
	return find_edge(l, str_of(kind), str_of(from), str_of(to)) != NULL;
}

/* Everything that a graph says, by texts alone, in its own order. */
static inline void graph_dump(struct strbuf *out, const struct lineage *l)
{
	const struct store *s = l->store;

	for (node_id i = 1; i < l->node_n; i++) {
		const struct lineage_node *n = &l->node[i];

		strbuf_addf(out, "node %.*s account %.*s",
			    STR_ARG(lineage_id(l, i)),
			    STR_ARG(lineage_account_text(l, i)));
		strbuf_addf(out, " %" PRId64 " %" PRId64 " %u %u %u %s\n",
			    lineage_first(l, i), lineage_last(l, i), n->events,
			    n->denied, n->failed,
			    n->kind == NODE_SESSION ?
				    session_kind_name(n->session_kind) :
				    "");
	}
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];

		strbuf_addf(out, "edge %s %.*s -> %.*s %s %" PRId64 " (%s)",
			    edge_kind_name(e->kind),
			    STR_ARG(lineage_id(l, e->from)),
			    STR_ARG(lineage_id(l, e->to)),
			    certainty_name(e->certainty),
			    lineage_edge_time(l, e), lineage_reason(e));
		for (uint32_t k = 0; k < e->evidence_n; k++) {
			strbuf_addc(out, ' ');
			store_id_text(s, lineage_evidence(l, e, k), out);
		}
		strbuf_addc(out, '\n');
	}
	for (row_id r = 0; r < s->n; r++) {
		strbuf_adds(out, "row ");
		store_id_text(s, r, out);
		strbuf_addf(out, " acted by %.*s\n",
			    STR_ARG(lineage_id(l, l->acting[r])));
	}
}

/* What holds of any graph. */
static inline void graph_check(const struct lineage *l)
{
	uint32_t out = 0, in = 0, events = 0;
	const struct lineage_edge *e;

	for (node_id n = 1; n < l->node_n; n++) {
		assert_int_equal(lineage_node(l, lineage_id(l, n)), n);
		for (uint32_t i = 0; (e = lineage_out(l, n, i)); i++, out++) {
			assert_int_equal(e->from, n);
			assert_int_not_equal(e->to, n);
			assert_true(e->evidence_n >= 1 &&
				    e->evidence_n <= EDGE_EVIDENCE);
			assert_non_null(lineage_reason(e));
			for (unsigned k = 0; k < e->evidence_n; k++)
				assert_true(lineage_evidence(l, e, k) <
					    l->store->n);
		}
		for (uint32_t i = 0; (e = lineage_in(l, n, i)); i++, in++)
			assert_int_equal(e->to, n);
		events += l->node[n].events;
	}
	assert_int_equal(out, l->edge_n);
	assert_int_equal(in, l->edge_n);
	/* One edge a kind and pair. */
	for (uint32_t i = 0; i + 1 < l->edge_n; i++)
		for (uint32_t k = i + 1;
		     k < l->edge_n && l->edge[k].from == l->edge[i].from; k++)
			assert_false(l->edge[k].kind == l->edge[i].kind &&
				     l->edge[k].to == l->edge[i].to);
	assert_int_equal(events, l->store->n);
	for (row_id r = 0; r < l->store->n; r++)
		assert_int_not_equal(l->acting[r], NODE_NONE);
}

#endif /* TRAWL_TEST_LINEAGE_HELP_H */
