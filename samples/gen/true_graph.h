/* SPDX-License-Identifier: MIT */
/*
 * true_graph.h - who became whom, noted by the scenario that makes it so
 *
 * While a scene writes its records, its true graph notes what they mean: who
 * acts, whose credentials come out of which call, who makes, changes or
 * controls what. Nothing is read back from a record; what is noted comes from
 * the sessions and arguments that the record was made of. So the graph that
 * trawl finds in the records can be held against it.
 *
 * Nodes and edges are called as trawl calls them (lineage.h). Every edge is
 * certain: the scenario was there. Edges on which people may differ (a role's
 * trust in an account of its own organization) are noted as open.
 *
 * A scene without a graph notes nothing.
 */
#ifndef SAMPLEGEN_TRUE_GRAPH_H
#define SAMPLEGEN_TRUE_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/intern.h"
#include "base/strbuf.h"
#include "gen/event.h"
#include "gen/session.h"

enum { TRUE_ACCOUNTS_MAX = 4, TRUE_KNOWN_MAX = 64, TRUE_REVOKED_MAX = 8 };

#define TRUE_EDGE_KINDS(X)                 \
	X(TRUE_OWNS, "owns")               \
	X(TRUE_ISSUED, "issued")           \
	X(TRUE_HAS_KEY, "has_key")         \
	X(TRUE_SESSION_OF, "session_of")   \
	X(TRUE_BEHALF, "on_behalf_of")     \
	X(TRUE_CREATED, "created")         \
	X(TRUE_MODIFIED, "modified_auth")  \
	X(TRUE_TRUSTS, "trusts")           \
	X(TRUE_PASSED_ROLE, "passed_role") \
	X(TRUE_CONTROLS, "controls")       \
	X(TRUE_RUNS_AS, "runs_as")

enum true_edge_kind {
#define X(code, name) code,
	TRUE_EDGE_KINDS(X)
#undef X
		TRUE_EDGE_KIND_COUNT
};

/* A node's number is its id's number in `ids`; 0 is no node. */
typedef uint32_t true_id;

struct true_edge {
	enum true_edge_kind kind;
	true_id from, to;
	bool open;
};

struct true_node {
	true_id parent; /* a step towards its origin; 0 at the origin */
	true_id role;   /* of a session: what it is a session of */
	const char *session_kind; /* NULL: no session, or either kind */
	int64_t begins, expires;  /* of a session */
	int64_t ended;            /* revoked, deleted: when; 0: not */
	unsigned accounts;        /* bits: in whose trails it acted */
	unsigned incidents;       /* bits: whose intruder it was */
};

struct true_revoked {
	true_id role;
	int64_t time; /* sessions that began before it are worth nothing */
};

struct true_event {
	unsigned incident;
	char id[UUID_SIZE];
};

struct true_graph {
	struct intern ids;
	struct true_node *node;
	size_t node_cap;
	struct true_edge *edge;
	size_t edge_n, edge_cap;
	struct true_event *event; /* those of the incidents */
	size_t event_n, event_cap;
	const char *account[TRUE_ACCOUNTS_MAX]; /* the organization's own */
	size_t account_n;
	const struct principal *known[TRUE_KNOWN_MAX];
	size_t known_n;
	struct true_revoked revoked[TRUE_REVOKED_MAX];
	size_t revoked_n;
	unsigned incident; /* that is being played; 0: none */
	int64_t end;       /* of the evidence: the last event */
	size_t records;    /* events, without their second copies */
};

void true_graph_init(struct true_graph *g);
void true_graph_release(struct true_graph *g);

void true_graph_account(struct true_graph *g, const char *account);
/* Calls name roles and users without their path: here is the ARN to the
 * name. A call on somebody who is not known ends the program. */
void true_graph_know(struct true_graph *g, const struct principal *p);

/* A record was written. */
void true_graph_event(struct true_graph *g, const struct event *e);
/* e->by opened the session, which is good for so many seconds. `kind` as in
 * true_node. */
void true_graph_issued(struct true_graph *g, const struct session *by,
		       const struct session *child, const char *kind,
		       int64_t seconds);
/* The session was opened before the evidence begins. */
void true_graph_older(struct true_graph *g, const struct session *s);

/* The node of a caller as it is now: session, key or principal. */
true_id true_graph_caller(struct true_graph *g, const struct session *s);
true_id true_graph_node(struct true_graph *g, const char *prefix,
			struct str text);
void true_graph_edge(struct true_graph *g, enum true_edge_kind kind,
		     true_id from, true_id to);
void true_graph_open_edge(struct true_graph *g, enum true_edge_kind kind,
			  true_id from, true_id to);
true_id true_graph_origin(const struct true_graph *g, true_id node);
/* Still worth something when the evidence ends: a session or a key. */
bool true_graph_is_live(const struct true_graph *g, true_id node);

/* What a call does to others (true_calls.c). */
void true_graph_call(struct true_graph *g, const struct event *e,
		     true_id caller);

#endif /* SAMPLEGEN_TRUE_GRAPH_H */
