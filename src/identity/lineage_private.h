/* SPDX-License-Identifier: MIT */
/*
 * lineage_private.h - a lineage under construction
 *
 * Layer: identity, inside.
 */
#ifndef TRAWL_LINEAGE_PRIVATE_H
#define TRAWL_LINEAGE_PRIVATE_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "identity/lineage.h"

/* How an edge is known. */
#define REASONS(X)                                                            \
	X(REASON_IDENTITY, "userIdentity names both")                         \
	X(REASON_USED, "the session used the key")                            \
	X(REASON_ISSUED_WITH, "issued with it")                               \
	X(REASON_ISSUED_KEY, "responseElements.credentials.accessKeyId")      \
	X(REASON_SESSION, "principalId and creationDate")                     \
	X(REASON_SESSION_BEFORE,                                              \
	  "the session of that name before the sign-in")                      \
	X(REASON_ROLE, "requestParameters.roleArn")                           \
	X(REASON_OWN, "the caller's own credentials")                         \
	X(REASON_SIGN_IN, "the sign-in names it")                             \
	X(REASON_CREATED_KEY, "responseElements.accessKey")                   \
	X(REASON_KEY_USER, "responseElements.accessKey.userName")             \
	X(REASON_NO_USER, "no user is named: the caller's own")               \
	X(REASON_CREATED, "responseElements names its ARN")                   \
	X(REASON_ADDRESS, "sourceIPAddress")                                  \
	X(REASON_ACCOUNT, "the account in its ARN")                           \
	X(REASON_EXPOSED, "read it, then the key was used from that address") \
	X(REASON_SAME_SOURCE, "same address and user agent")                  \
	X(REASON_SAME_TOOL, "a user agent that few have")

enum lineage_reason {
#define X(code, text) code,
	REASONS(X)
#undef X
		REASON_COUNT
};

/* What is known of a node only while the graph is made. */
struct lineage_extra {
	node_id last_key, last_ip, last_principal; /* of its last row */
	node_id session; /* of a key: a session that used it */
	bool owned;      /* of a key: some row shows its owner */
	struct str uid;  /* of a role: AROA..., from a session of it */
};

struct lineage_maker {
	struct lineage *l;
	const struct store *s;
	const struct facts *facts;
	const row_id *row_of;
	struct lineage_extra *extra; /* by node */
	size_t node_cap, extra_cap, edge_cap, evidence_n, evidence_cap;
	uint32_t *slots; /* edges by (kind, from, to): number + 1; 0 free */
	uint32_t slot_mask;
	struct arena arena;
	struct strbuf text;
};

/* The node of a kind and text, added when new; NODE_NONE for no text. */
node_id maker_node(struct lineage_maker *m, enum lineage_kind kind,
		   struct str text);
/* Says in which account a node is, unless that is known. */
void maker_account(struct lineage_maker *m, node_id node, struct str account);

/*
 * One edge a (kind, from, to): the first event that shows it is its evidence,
 * unless a later one shows it with more certainty. Nothing happens when an
 * end is missing or both are one.
 */
void maker_edge(struct lineage_maker *m, enum edge_kind kind, node_id from,
		node_id to, enum certainty certainty, row_id row,
		enum lineage_reason reason);
/* As that, of `n` rows that together prove it, ascending; of equal certainty
 * fewer are better. */
void maker_edge_of(struct lineage_maker *m, enum edge_kind kind, node_id from,
		   node_id to, enum certainty certainty, const row_id *row,
		   unsigned n, enum lineage_reason reason);
/* Adds an edge that is not there yet, after the slots are no longer asked. */
void maker_append_edge(struct lineage_maker *m, enum edge_kind kind,
		       node_id from, node_id to, enum certainty certainty,
		       const row_id *row, unsigned n,
		       enum lineage_reason reason);

/* The edges of a row whose acting node was found later than the others'. */
void maker_tie_row(struct lineage_maker *m, row_id row);

/* Joins the facts to the nodes that the rows gave. */
void maker_join_facts(struct lineage_maker *m);

/* Adds hints to a graph that is finished but for them, at the end of its
 * edges: these have to be sorted again when there are any. */
bool maker_add_hints(struct lineage_maker *m);

#endif /* TRAWL_LINEAGE_PRIVATE_H */
