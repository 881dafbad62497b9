/* SPDX-License-Identifier: MIT */
/*
 * graph.h - identities and their links, as commands write them
 *
 * JSON as trawl-output(5) has it; DOT for Graphviz; lines for people. What a
 * log holds is escaped by the rules of each.
 *
 * Layer: cli.
 */
#ifndef TRAWL_GRAPH_H
#define TRAWL_GRAPH_H

#include "cli/session.h"
#include "identity/question.h"
#include "identity/tree.h"
#include "identity/walk.h"

void graph_json_edge(struct json_writer *w, const struct lineage *l,
		     const struct lineage_edge *e);
/* Key and eventID in one; nothing for ROW_NONE. */
void graph_json_event(struct json_writer *w, const char *key,
		      const struct lineage *l, row_id row);

/* A part of the graph, written with its nodes in order of their ids and its
 * edges in order of the nodes that they leave. */
struct graph_part {
	const uint8_t *wanted; /* by node; NULL: all */
	bool hints;            /* edges that are hints too */
};

void graph_write_json(struct session *s, const struct graph_part *part);
void graph_write_dot(struct session *s, const struct graph_part *part);

enum { GRAPH_LINES = 1000000 }; /* of a tree that is not one of many parts */

/* The tree around a node, or below it, unfolded as far as that makes no more
 * than `lines`; the caller frees it. */
struct tree *graph_tree(const struct session *s, const struct tree_index *x,
			node_id node, bool below, uint32_t lines,
			enum tree_unfolding how);

/* Lines for people, through safetext. True: some are folded. */
bool graph_write_tree(struct session *s, const struct tree *t);
/* How to see what is folded. */
void graph_write_folded(struct session *s);
/* From its origin down to a node, a line a step. */
void graph_write_chain(struct session *s, node_id node);
void graph_write_steps(struct session *s, const struct origin *o);
/* "user ci-deploy  P:arn:..." at the end of a line begun. */
void graph_write_node(struct session *s, node_id node);

/* Adds "user emergency is break-glass (in the safe)", of a node or of what it
 * came of; false when the site file names none of these. */
bool graph_tell_break_glass(const struct session *s, node_id node,
			    struct strbuf *out);
/* The same as a pair, "breakGlass" and its node; nothing where it is none. */
void graph_json_break_glass(struct json_writer *w, const struct session *s,
			    node_id node);

/* The nodes in order of their ids, whatever order they were met in; the
 * caller frees the list. */
node_id *graph_nodes(const struct lineage *l, const uint8_t *wanted, size_t *n);

#endif /* TRAWL_GRAPH_H */
