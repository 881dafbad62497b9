/* SPDX-License-Identifier: MIT */
/*
 * lineage.h - the graph of identities: who became whom
 *
 * Nodes are identities and what they use: principals, access keys, sessions,
 * accounts, addresses; edges say how one came of another, how certain that
 * is, and by which events it is proven. There are thousands of nodes for
 * millions of rows: events are not nodes.
 *
 * A session is keyed by (principalId, creationDate), since the key that is
 * issued is often not the key that is used; the issued key is joined beside
 * it. Every row has one acting node: its session, else its key, else its
 * principal.
 *
 * Node ids are a letter and a colon and then: P: the canonical principal,
 * K: an access key, S: principalId@creationDate, A: an account, IP: an
 * address.
 *
 * The graph does not depend on the order of files, on duplicates or on the
 * number of threads. Cycles are possible (a user makes a role that changes
 * the user); walks carry a visited set.
 *
 * Cost: one pass over the rows and a fix-up over the facts; 4 bytes a row and
 * about 120 a node.
 *
 * Layer: identity. Threads: any number may read.
 */
#ifndef TRAWL_LINEAGE_H
#define TRAWL_LINEAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "identity/fact.h"
#include "store/store.h"

typedef uint32_t node_id;
#define NODE_NONE 0u

#define NODE_KINDS(X)                        \
	X(NODE_PRINCIPAL, "principal", "P:") \
	X(NODE_KEY, "key", "K:")             \
	X(NODE_SESSION, "session", "S:")     \
	X(NODE_ACCOUNT, "account", "A:")     \
	X(NODE_IP, "ip", "IP:")

enum lineage_kind {
#define X(code, name, prefix) code,
	NODE_KINDS(X)
#undef X
		NODE_KIND_COUNT
};

enum session_kind {
	SESSION_STS,
	SESSION_CONSOLE,
	SESSION_FAS, /* a service acting for a user: no login of its own */
	SESSION_FEDERATED, /* GetFederationToken */
};

/* Code, name, verb from -> to. */
#define EDGE_KINDS(X)                                       \
	X(EDGE_OWNS, "owns", "owns")                        \
	X(EDGE_ISSUED, "issued", "became")                  \
	X(EDGE_HAS_KEY, "has_key", "has")                   \
	X(EDGE_SESSION_OF, "session_of", "is a session of") \
	X(EDGE_CREATED, "created", "made")                  \
	X(EDGE_USED_FROM, "used_from", "was used from")     \
	X(EDGE_IN_ACCOUNT, "in_account", "is in")

enum edge_kind {
#define X(code, name, verb) code,
	EDGE_KINDS(X)
#undef X
		EDGE_KIND_COUNT
};

enum certainty {
	CERTAIN,
	PROBABLE,
	HINT,
};

struct lineage_node {
	enum lineage_kind kind;
	struct str id;       /* with its letter */
	struct str text;     /* without */
	struct str account;  /* or empty */
	int64_t first, last; /* of the rows that it acted in; TIME_NONE */
	uint32_t events;     /* rows that it acted in */
	uint32_t denied, failed;
	enum session_kind session_kind; /* of a session */
	uint32_t out, in; /* where its edges begin in the lists below */
};

enum { EDGE_EVIDENCE = 4 };

struct lineage_edge {
	enum edge_kind kind;
	enum certainty certainty;
	node_id from, to;
	int64_t time;                   /* of the first event behind it */
	row_id evidence[EDGE_EVIDENCE]; /* the events that prove it */
	uint32_t evidence_n;
	const char *reason; /* how it was joined, a constant */
};

/* Read, never written, outside src/identity. */
struct lineage {
	const struct store *store;
	struct intern ids;         /* node id texts; a node's number is its
					id's number */
	struct lineage_node *node; /* node[0] is none */
	uint32_t node_n;
	struct lineage_edge *edge; /* sorted by from, kind, time, to */
	uint32_t edge_n;
	uint32_t *by_target; /* edge numbers sorted by to, ... */
	node_id *acting;     /* of each row */
};

/*
 * Builds the graph of a store. `row_of` is what builder_publish gave: where
 * each arrival went. The store must outlive it; the facts need not.
 */
struct lineage *lineage_build(const struct store *s, const struct facts *facts,
			      const row_id *row_of);
void lineage_free(struct lineage *l);

/* Edge i of the ones that leave, or arrive at, a node; NULL past the end. */
const struct lineage_edge *lineage_out(const struct lineage *l, node_id node,
				       uint32_t i);
const struct lineage_edge *lineage_in(const struct lineage *l, node_id node,
				      uint32_t i);

/* The node with exactly this id, letter included, or NODE_NONE. */
node_id lineage_node(const struct lineage *l, struct str id);

/*
 * The nodes that an id given by a person may mean, most of the kind first
 * that is asked for most: an id with its letter; an ARN, key, principalId,
 * eventID (its acting node), address or account; a user, role or session
 * name. Returns how many there are, of which out[] gets at most `max`; several
 * mean that the id is ambiguous. O(nodes), for a name also O(rows).
 */
size_t lineage_find(const struct lineage *l, struct str id, node_id *out,
		    size_t max);

/* Climbs to whose a node really is, as far as the evidence goes: from a
 * session to what issued it, from a key to its owner. */
node_id lineage_origin(const struct lineage *l, node_id node,
		       enum certainty *certainty);
/* The edge by which the climb leaves a node, or NULL at the origin. */
const struct lineage_edge *lineage_parent(const struct lineage *l,
					  node_id node);

const char *lineage_kind_name(enum lineage_kind kind);
const char *session_kind_name(enum session_kind kind);
const char *edge_kind_name(enum edge_kind kind);
const char *edge_kind_verb(enum edge_kind kind);
const char *certainty_name(enum certainty c);

#endif /* TRAWL_LINEAGE_H */
