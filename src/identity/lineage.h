/* SPDX-License-Identifier: MIT */
/*
 * lineage.h - the graph of identities: who became whom
 *
 * Nodes are identities and what they use: principals, access keys, sessions,
 * compute (instances, functions, tasks, jobs, and resources whose policy lets
 * others in), accounts, addresses; edges say how one came of another, how
 * certain that is, and by which events it is proven. There are thousands of
 * nodes for millions of rows: events are not nodes.
 *
 * A session is keyed by (principalId, creationDate), since the key that is
 * issued is often not the key that is used; the issued key is joined beside
 * it. Every row has one acting node: its session, else its key, else its
 * principal. In a session that several issued under one name in one second,
 * each key has an issuer of its own: the key is then the acting node.
 *
 * Node ids are a letter and a colon and then: P: the canonical principal,
 * K: an access key, S: principalId@creationDate, C: the ARN of an instance,
 * function or other resource, A: an account, IP: an address. An ARN that two
 * users or roles had, one after the other, is P:<arn>#<unique id> for each.
 *
 * The graph does not depend on the order of files, on duplicates or on the
 * number of threads. Cycles are possible (a user makes a role that changes
 * the user); walks carry a visited set.
 *
 * Cost: one pass over the rows and a fix-up over the facts; 4 bytes a row; for
 * a node 64 bytes beside its text, for an edge 20. What is read often is in
 * the structs, the rest is asked for by functions.
 *
 * Layer: identity. Threads: any number may read.
 */
#ifndef TRAWL_LINEAGE_H
#define TRAWL_LINEAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "identity/fact.h"
#include "store/store.h"

typedef uint32_t node_id;
#define NODE_NONE 0u

#define NODE_KINDS(X)                        \
	X(NODE_PRINCIPAL, "principal", "P:") \
	X(NODE_KEY, "key", "K:")             \
	X(NODE_SESSION, "session", "S:")     \
	X(NODE_COMPUTE, "compute", "C:")     \
	X(NODE_ACCOUNT, "account", "A:")     \
	X(NODE_IP, "ip", "IP:")

enum lineage_kind {
#define X(code, name, prefix) code,
	NODE_KINDS(X)
#undef X
		NODE_KIND_COUNT
};

#define SESSION_KINDS(X)                                        \
	X(SESSION_STS, "sts")                                   \
	X(SESSION_CONSOLE, "console")                           \
	/* A service acting for a user: no login of its own. */ \
	X(SESSION_FAS, "fas")                                   \
	X(SESSION_ASSUMED_ROOT, "assumed_root")                 \
	X(SESSION_FEDERATED, "federated") /* GetFederationToken */

enum session_kind {
#define X(code, name) code,
	SESSION_KINDS(X)
#undef X
		SESSION_KIND_COUNT
};

/* Code, name, verb from -> to. */
#define EDGE_KINDS(X)                                                   \
	X(EDGE_OWNS, "owns", "owns")                                    \
	X(EDGE_ISSUED, "issued", "became")                              \
	X(EDGE_HAS_KEY, "has_key", "has")                               \
	X(EDGE_SESSION_OF, "session_of", "is a session of")             \
	X(EDGE_ON_BEHALF_OF, "on_behalf_of", "acts for")                \
	X(EDGE_CREATED, "created", "made")                              \
	X(EDGE_MODIFIED_AUTH, "modified_auth", "changed")               \
	X(EDGE_TRUSTS, "trusts", "trusts")                              \
	X(EDGE_PASSED_ROLE, "passed_role", "gave a role to")            \
	X(EDGE_CONTROLS, "controls", "took control of")                 \
	X(EDGE_RUNS_AS, "runs_as", "runs as")                           \
	X(EDGE_GRANTS, "grants", "lets in")                             \
	X(EDGE_USED_FROM, "used_from", "was used from")                 \
	X(EDGE_IN_ACCOUNT, "in_account", "is in")                       \
	/* Hints: who read what may have held the key; who shares an  \
	 * address and a tool, or a tool that few have. */ \
	X(EDGE_EXPOSED_BY, "exposed_by", "may have read")               \
	X(EDGE_SAME_SOURCE, "same_source", "shares its source with")    \
	X(EDGE_SAME_TOOL, "same_tool", "has the unusual tool of")

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
	uint8_t kind;         /* enum lineage_kind */
	uint8_t session_kind; /* enum session_kind, of a session */
	uint32_t account;     /* see lineage_account_text */
	row_id first, last;   /* that it acted in; ROW_NONE: in none */
	uint32_t events;      /* rows that it acted in */
	uint32_t denied, failed;
	uint32_t out, in; /* where its edges begin in the lists below */
	uint32_t session; /* of a session: see lineage_session */
};

enum { EDGE_EVIDENCE = 4 }; /* events at most */

struct lineage_edge {
	node_id from, to;
	uint8_t kind;      /* enum edge_kind */
	uint8_t certainty; /* enum certainty */
	uint8_t reason;    /* see lineage_reason */
	uint8_t evidence_n;
	/* The row; where they begin in lineage.evidence when there are several:
	 * see lineage_evidence. */
	uint32_t evidence;
};

/* What else is known of a session. Texts are empty where nothing is said. */
struct lineage_session {
	int64_t issued;  /* creationDate, ms; TIME_NONE: unreadable */
	int64_t expires; /* ms, or TIME_NONE where nothing says */
	struct str name; /* roleSessionName, or federated name */
	struct str source_identity; /* sourceIdentity */
	struct str sign_in;         /* signInSessionArn */
	struct str portal;          /* credentialId of Identity Center */
	enum { MFA_UNKNOWN, MFA_NO, MFA_YES } mfa; /* at its own beginning */
	uint8_t delivery; /* ec2RoleDelivery seen: 1 IMDSv1, 2 IMDSv2, 3 both */
	bool console_token; /* it asked for a console sign-in (GetSigninToken) */
};

/* The same, packed: numbers in lineage.texts. */
struct session_attributes {
	uint32_t expires; /* s since 1970; 0: nothing says */
	uint32_t source_identity, sign_in, portal;
	uint8_t mfa, delivery, console_token;
};

struct lineage_end {
	node_id node; /* the key, user, role, session or compute that ended */
	enum end_kind kind;
	row_id row;     /* the event; for END_EXPIRED the one that issued it */
	int64_t time;   /* from when on it holds */
	int64_t before; /* END_REVOKED: sessions issued before this have ended */
};

/* What a user was given to sign in with beside access keys and passwords: an
 * SSH key, a certificate, a service-specific credential. */
struct lineage_gift {
	node_id user;
	uint32_t id;  /* number in lineage.texts: "APKA...", or of "" */
	row_id row;   /* that gave it */
	row_id taken; /* that took it away, or ROW_NONE */
};

/* Whom a role trusts or a resource's policy lets in; to NODE_NONE: that the
 * whole policy was written, whoever it lets in. */
struct lineage_opening {
	node_id from, to; /* of the edge */
	row_id last;      /* the last event whose policy says so */
};

/* Why nothing comes before an origin. */
#define GAP_KINDS(X)                                                        \
	X(GAP_NONE, "")                                                     \
	X(GAP_BEFORE, "issued before the evidence begins")                  \
	X(GAP_CONSOLE, "a console session from before the evidence begins") \
	X(GAP_ACCOUNT, "issued in an account that is not loaded")           \
	X(GAP_CALLER, "a caller of an account that is not loaded")          \
	X(GAP_MISSING, "the event that issued it is missing in the evidence")

enum gap_kind {
#define X(code, text) code,
	GAP_KINDS(X)
#undef X
		GAP_KIND_COUNT
};

struct origin_gap {
	enum gap_kind kind;
	char account[16]; /* where the missing event must be, or "" */
	bool derived;     /* the account is read out of an id: probable */
};

/* An account whose trail is loaded. */
struct lineage_account {
	struct str account;  /* recipientAccountId */
	int64_t first, last; /* of its events */
};

struct lineage_hint; /* see lineage_hints.h */

/* A unique id (AIDA..., AROA...): numbers in lineage.texts. */
struct lineage_uid {
	uint32_t text;
	node_id node; /* the user or role */
};

/* Read, never written, outside src/identity. */
struct lineage {
	const struct store *store;
	struct intern ids;         /* node id texts; a node's number is its
					id's number */
	struct lineage_node *node; /* node[0] is none */
	uint32_t node_n;
	struct lineage_edge *edge; /* sorted by from, kind, row, to */
	uint32_t edge_n;
	row_id *evidence; /* of edges that have several */
	uint32_t evidence_n;
	uint32_t *by_target; /* edge numbers sorted by to, ... */
	node_id *acting;     /* of each row */
	struct intern texts; /* accounts, and what sessions say */
	struct session_attributes *session; /* session[0] is none */
	uint32_t session_n;
	struct lineage_end *end; /* sorted by node, time, row */
	uint32_t end_n;
	struct lineage_gift *gift; /* sorted by user, row */
	uint32_t gift_n;
	struct lineage_opening *opening; /* sorted by from, to */
	uint32_t opening_n;
	/* Rows whose parameters name node n: on[on_start[n]] to
	 * on[on_start[n + 1]], ascending. */
	row_id *on;
	uint32_t *on_start;
	struct lineage_account *account; /* sorted by text */
	uint32_t account_n;
	struct lineage_hint *hint; /* sorted by from, to, kind */
	uint32_t hint_n;
	struct lineage_uid *uid; /* sorted by text */
	uint32_t uid_n;
	struct intern instances; /* ids of instances */
	node_id *instance;       /* by number there */
};

/*
 * Builds the graph of a store. `row_of` is what builder_publish gave: where
 * each arrival went. The store must outlive it; the facts need not.
 */
struct lineage *lineage_build(const struct store *s, const struct facts *facts,
			      const row_id *row_of);
/* The same of facts that will not be asked again: their memory is given back
 * before the last step, and they are empty after it. */
struct lineage *lineage_build_last(const struct store *s, struct facts *facts,
				   const row_id *row_of);
void lineage_free(struct lineage *l);

/* A node's id, with its letter and without, and its account, or empty. */
struct str lineage_id(const struct lineage *l, node_id node);
struct str lineage_text(const struct lineage *l, node_id node);
struct str lineage_account_text(const struct lineage *l, node_id node);
/* When it first and last acted, or TIME_NONE. */
int64_t lineage_first(const struct lineage *l, node_id node);
int64_t lineage_last(const struct lineage *l, node_id node);

/* Event i, below evidence_n, of those that prove an edge, the earliest first;
 * when that was; how it proves it, a constant. */
row_id lineage_evidence(const struct lineage *l, const struct lineage_edge *e,
			unsigned i);
int64_t lineage_edge_time(const struct lineage *l,
			  const struct lineage_edge *e);
const char *lineage_reason(const struct lineage_edge *e);

/* Edge i of the ones that leave, or arrive at, a node; NULL past the end. */
const struct lineage_edge *lineage_out(const struct lineage *l, node_id node,
				       uint32_t i);
const struct lineage_edge *lineage_in(const struct lineage *l, node_id node,
				      uint32_t i);
/* The first edge of a kind, which is the earliest, or NULL. */
const struct lineage_edge *lineage_first_out(const struct lineage *l,
					     node_id node, enum edge_kind kind);
const struct lineage_edge *lineage_first_in(const struct lineage *l,
					    node_id node, enum edge_kind kind);
/* Where the first edge of a kind leads from a node, or NODE_NONE. */
node_id lineage_leads_to(const struct lineage *l, node_id node,
			 enum edge_kind kind);

/* The node with exactly this id, letter included, or NODE_NONE. */
node_id lineage_node(const struct lineage *l, struct str id);

/* Of what a row's parameters name the one that says most of who it was: a
 * session, a key, a machine, a principal; NODE_NONE. O(nodes). */
node_id lineage_named(const struct lineage *l, row_id row);

/* Whom a row is about: who acts in it; of a finding and of a request to S3
 * whom it names, of another row that is no call its address, where somebody
 * was seen there, else whom it names. NODE_NONE: nobody. */
node_id lineage_subject(const struct lineage *l, row_id row);

/*
 * The nodes that an id given by a person may mean, most of the kind first
 * that is asked for most: an id with its letter; an ARN, key, principalId,
 * eventID (its acting node), address or account; a user, role or session
 * name. Returns how many there are, of which out[] gets at most `max`; several
 * mean that the id is ambiguous. O(nodes), for a name also O(rows).
 */
size_t lineage_find(const struct lineage *l, struct str id, node_id *out,
		    size_t max);

/*
 * Climbs to whose a node really is, as far as the evidence goes: from a key
 * to its session, from a session to the machine that it runs on, else to what
 * issued it (an Identity Center user before the subject of its sign-in), from
 * a long-term key to its owner. `certainty` is the least on the way.
 */
node_id lineage_origin(const struct lineage *l, node_id node,
		       enum certainty *certainty);
/* The edge by which the climb leaves a node, or NULL at the origin. */
const struct lineage_edge *lineage_parent(const struct lineage *l,
					  node_id node);
/* The end of an edge that is not `node`: the next one up, for an edge that
 * lineage_parent gave. */
static inline node_id lineage_other_end(const struct lineage_edge *e,
					node_id node)
{
	return e->from == node ? e->to : e->from;
}

/* Why nothing comes before a node that has no parent, and in which account
 * what is missing must be. GAP_NONE for an identity that needs no issuer. */
struct origin_gap lineage_gap(const struct lineage *l, node_id origin);

/* What else is known of a session; false, and nothing known, for other nodes. */
bool lineage_session(const struct lineage *l, node_id node,
		     struct lineage_session *out);
/* The account, when events that it received are loaded, or NULL. */
const struct lineage_account *lineage_account(const struct lineage *l,
					      struct str account);

/* What ended a node itself, in order of time; NULL and 0 for nothing. */
const struct lineage_end *lineage_ends(const struct lineage *l, node_id node,
				       uint32_t *n);
/*
 * What holds for a node at a time, its own ends and those that it inherits: a
 * key its owner's, a session its role's or user's and its machine's; when a
 * session expires, lineage_session says. False when none of these had ended
 * its credentials. O(ends of these nodes).
 */
bool lineage_ended(const struct lineage *l, node_id node, int64_t at,
		   struct lineage_end *end);

/* A row in which whoever acts is called what their own account calls them: the
 * row itself, or, of the copy that another account received of a call by a
 * session or key that is known, the first row of that. */
row_id lineage_own_row(const struct lineage *l, row_id row);
/* What ended a session without naming it: its role's sessions were revoked, its
 * user deleted, its machine terminated; the row, or ROW_NONE. */
row_id lineage_ended_by(const struct lineage *l, node_id session);

/* What a user was given, in order of time; NULL and 0 for nothing. */
const struct lineage_gift *lineage_gifts(const struct lineage *l, node_id user,
					 uint32_t *n);
/* The last event whose policy makes a `trusts` or `grants` edge; `closed` when
 * a later one wrote the policy without it. */
row_id lineage_opened(const struct lineage *l, const struct lineage_edge *e,
		      bool *closed);

/* Rows whose parameters name a node ("what was done to it"), ascending;
 * whether they succeeded the row says. */
const row_id *lineage_on(const struct lineage *l, node_id node, uint32_t *n);

/* Adds what a node is, raw: "user ci-deploy", "key AKIA...", "session ...".
 * Data is in it: it is shown through safetext. */
void node_describe(const struct lineage *l, node_id node, struct strbuf *out);
/* The same for one who came of another by a link (or NULL), and by which call:
 * "OrgAdmin/build  AssumeRole". */
void link_describe(const struct lineage *l, node_id node,
		   const struct lineage_edge *e, struct strbuf *out);
/* Adds how a link is known: "certain: principalId and creationDate, event
 * e9f3...". */
void link_evidence(const struct lineage *l, const struct lineage_edge *e,
		   struct strbuf *out);

const char *lineage_kind_name(enum lineage_kind kind);
const char *session_kind_name(enum session_kind kind);
const char *edge_kind_name(enum edge_kind kind);
const char *edge_kind_verb(enum edge_kind kind);
const char *certainty_name(enum certainty c);
const char *end_kind_text(enum end_kind kind);
const char *gap_kind_text(enum gap_kind kind);

#endif /* TRAWL_LINEAGE_H */
