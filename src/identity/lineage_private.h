/* SPDX-License-Identifier: MIT */
/*
 * lineage_private.h - a lineage under construction
 *
 * lineage.c keeps nodes and edges and calls the parts in turn: aliases (which
 * names mean one principal), the rows, then what events said. Each part reads
 * the facts in order of their rows, so that nothing depends on the order in
 * which files were read.
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
	X(REASON_CLOCK, "principalId, and a beginning within two seconds")    \
	X(REASON_SESSION_BEFORE,                                              \
	  "the session of that name before the sign-in")                      \
	X(REASON_SWITCH, "additionalEventData.SwitchFrom")                    \
	X(REASON_SHARED_SESSION,                                              \
	  "one of several who took that name in that second, with this key")  \
	X(REASON_SIGN_IN_SESSION, "one signInSessionArn")                     \
	X(REASON_ROLE, "requestParameters.roleArn")                           \
	X(REASON_OWN, "the caller's own credentials")                         \
	X(REASON_SIGN_IN, "the sign-in names it")                             \
	X(REASON_CENTER,                                                      \
	  "the permission set's role was given out in those seconds")         \
	X(REASON_CENTER_USER,                                                 \
	  "the permission set's role, and onBehalfOf names the user")         \
	X(REASON_BEHALF, "onBehalfOf")                                        \
	X(REASON_CREATED_KEY, "responseElements.accessKey")                   \
	X(REASON_KEY_USER, "responseElements.accessKey.userName")             \
	X(REASON_NO_USER, "no user is named: the caller's own")               \
	X(REASON_REQUEST_USER, "the request names the key and its user")      \
	X(REASON_CREATED, "responseElements names it")                        \
	X(REASON_REQUEST, "the request names it")                             \
	X(REASON_POLICY, "the policy document names it")                      \
	X(REASON_SCOPE, "inScopeOf.credentialsIssuedTo")                      \
	X(REASON_MACHINE_ISSUED,                                              \
	  "its service issued the session under its name")                    \
	X(REASON_MACHINE_CONTEXT,                                             \
	  "the session's name, and what only such a machine's calls carry")   \
	X(REASON_MACHINE_NAME, "the session's name alone")                    \
	X(REASON_MACHINE_ROLE,                                                \
	  "the only one of its service that was given the role")              \
	X(REASON_MACHINE_TEST, "a function with that role, made just then")   \
	X(REASON_TEMPLATE, "it was made of a template that has the role")     \
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
enum node_mark {
	MARK_OWNED = 1,      /* a key: some row shows its owner */
	MARK_ISSUED = 2,     /* a session: an event that issued it is known */
	MARK_ROWS = 4,       /* some row acts in it */
	MARK_SCOPE = 8,      /* a session: a row with inScopeOf is listed */
	MARK_BEHALF = 16,    /* likewise onBehalfOf */
	MARK_LAMBDA = 32,    /* a session: it said to be in a function */
	MARK_BY_PERSON = 64, /* a session: issued by other than a service */
	MARK_SHARED = 128,   /* a session: several issued it */
	MARK_IMDS = 256,     /* a session: its keys came by an instance */
	MARK_SIGN_IN = 512,  /* a session: a console was opened in its second */
};

/* A fact whose event is a row. */
struct joined {
	const struct fact *fact;
	row_id row;
};

/* The first row of a session that carries something, by MARK. */
struct first_row {
	node_id session;
	row_id row;
};

struct first_rows {
	struct first_row *item;
	size_t n, cap;
};

struct aliases;

struct lineage_maker {
	struct lineage *l;
	const struct store *s;
	const struct facts *facts;
	const row_id *row_of;
	struct aliases *aliases;
	/* By node. */
	uint16_t *mark; /* enum node_mark */
	/* Of a key, a session that used it; of a session, the role or user
	 * that it is of. */
	node_id *link;
	/* Number + 1 of the first edge to it that has, owns or issued it, and
	 * of the first session_of from it. */
	uint32_t *first_in, *first_out;
	size_t node_cap, mark_cap, link_cap, first_in_cap, first_out_cap;
	/* The other edges by (kind, from, to): number + 1; 0 free. */
	size_t edge_cap, evidence_cap;
	uint32_t *slots;
	uint32_t slot_mask, slotted;
	/* Facts in order of their rows; the session that one of FACT_ISSUED
	 * opened, or none. */
	struct joined *fact;
	node_id *child;
	size_t fact_n;
	/* Sessions in order of their texts, so of principalId and time. */
	node_id *sorted;
	uint32_t sorted_n;
	struct first_rows in_scope, on_behalf;
	/* Instances that are known with their ARN, by "account/id"; by number
	 * there, the ARN in l->texts; and room in l->instance. */
	struct intern instances;
	uint32_t *place;
	uint32_t place_n;
	size_t instance_cap;
	/* By number in facts->strings of a portal's credentialId: the number
	 * of its user's text. */
	uint32_t *portal_user;
	/* Attributes by session node, until sessions are numbered. */
	struct session_note {
		node_id session;
		uint32_t expires;
		bool console_token;
	} * note;
	size_t note_n, note_cap;
	struct lineage_end *end;
	size_t end_n, end_cap;
	/* `taken` of a gift is its own row where it was taken away. */
	struct lineage_gift *gift;
	size_t gift_n, gift_cap;
	struct lineage_opening *opening;
	size_t opening_n, opening_cap;
	struct arena arena; /* for one fact or row at a time */
	struct strbuf text;
};

/* Nodes and edges (lineage.c) --------------------------------------------- */

/* The node of a kind and text, added when new; NODE_NONE for no text. */
node_id maker_node(struct lineage_maker *m, enum lineage_kind kind,
		   struct str text);
/* The same if it is there, else NODE_NONE. */
node_id maker_find(struct lineage_maker *m, enum lineage_kind kind,
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
static inline struct str maker_text(const struct lineage_maker *m,
				    const struct joined *j, enum fact_slot slot)
{
	return fact_text(m->facts, j->fact, slot);
}

/* Texts in m->arena. */
struct str maker_join3(struct lineage_maker *m, struct str a, struct str b,
		       struct str c);
/* A time as creationDate has it, to the second; empty for TIME_NONE. */
struct str maker_time_text(struct lineage_maker *m, int64_t time);
/* The account that a row's event was delivered to, else its caller's. */
struct str maker_row_account(const struct lineage_maker *m, row_id row);

/* A session's text taken apart: principalId, its name or empty. */
struct str session_text_pid(struct str text);
struct str session_text_name(struct str text);
/* Is it a role's or a federated user's, "...:name@time"? */
bool session_text_is_named(struct str text);

/* The last session of a principalId that began before, or at, a time that is
 * given as text. */
node_id maker_session_before(struct lineage_maker *m, struct str pid,
			     struct str time, bool or_at);

/* The session of a row's text, whatever form its time has. */
node_id maker_session(struct lineage_maker *m, struct str text);
/* What a kind of links says of each session, by node: numbers in the facts'
 * strings. Freed by the caller; valid for the nodes that there are now. */
uint32_t *maker_links(struct lineage_maker *m, enum link_kind kind);

/* Aliases (lineage_alias.c) ------------------------------------------------ */

/* lineage_lives.c: reads the unique ids out of the facts; before the rows. */
void aliases_make(struct lineage_maker *m);
void aliases_free(struct aliases *a);

/*
 * The node of a principal, by its ARN as some record has it: with its path if
 * that was dropped, and, for an ARN that had several unique ids, of `uid` or,
 * when that is empty, of the one that was valid at a time.
 */
node_id alias_principal(struct lineage_maker *m, struct str arn, struct str uid,
			int64_t time);
/* Has that ARN had several unique ids? */
bool alias_is_ambiguous(const struct lineage_maker *m, struct str arn);
/* The user, role or group that fact_name named, at the time of a row; made up
 * from the name when nothing else knows it. */
node_id alias_name(struct lineage_maker *m, struct str name, row_id row);
/* The user or role with a unique id, or NODE_NONE. */
node_id alias_unique_id(struct lineage_maker *m, struct str uid);
/* The unique id of the user that a long-term key is of, or empty. */
struct str alias_key_owner(const struct lineage_maker *m, struct str key);
/* The unique id that an ARN had at a time, or empty. */
struct str alias_id_of(const struct lineage_maker *m, struct str arn,
		       int64_t time);
/* An ARN or a name of fact_name. */
node_id alias_of(struct lineage_maker *m, struct str text, row_id row);
/* The same, without making a node; and does it mean the same at all times? */
node_id alias_find(struct lineage_maker *m, struct str text, row_id row);
bool alias_is_steady(struct lineage_maker *m, struct str text);
/* Somebody in a policy: an account, an ARN, an id, "*". */
node_id alias_in_policy(struct lineage_maker *m, struct str text, row_id row);
/* Hands the unique ids over to the finished graph. */
void aliases_keep(struct lineage_maker *m);

/* Parts -------------------------------------------------------------------- */

/* lineage_rows.c: the nodes and edges that rows show by themselves. */
void maker_see_rows(struct lineage_maker *m);
/* The edges of a row whose acting node was found later than the others'. */
void maker_tie_row(struct lineage_maker *m, row_id row);

/* lineage_issue.c: credentials that were issued. */
void maker_join_issues(struct lineage_maker *m);
/* lineage_signin.c: consoles and Identity Center; after the issues. */
void maker_join_sign_ins(struct lineage_maker *m);
/* lineage_compute.c: machines and what they run as. */
void maker_join_compute(struct lineage_maker *m);
/* lineage_change.c: what was made, changed, let in, ended; last. */
void maker_join_changes(struct lineage_maker *m);
/* The node of compute as facts name it, an instance by its id. */
node_id maker_compute(struct lineage_maker *m, struct str text, row_id row);
/* The same if it is there, else NODE_NONE. */
node_id maker_known_compute(struct lineage_maker *m, struct str text,
			    row_id row);
/* lineage_session.c: kinds and attributes of sessions; counts. */
void maker_finish_sessions(struct lineage_maker *m);
/* lineage_on.c: what parameters name. */
void maker_index_targets(struct lineage_maker *m);

/* Notes what an issuing event says of a session. */
void maker_note(struct lineage_maker *m, node_id session, uint32_t expires,
		bool console_token);
/* Notes what ended. */
/* What a user was given, or what was taken from it; a policy that lets `to` in,
 * or that was read and lets nobody else in, NODE_NONE (lineage_left.c). */
void maker_gift(struct lineage_maker *m, node_id user, struct str id,
		row_id row, bool taken);
void maker_opening(struct lineage_maker *m, node_id from, node_id to,
		   row_id row);
/* Both, into the graph. */
void maker_keep_left(struct lineage_maker *m);

/* The accounts that received events, with the first and last of them. */
void lineage_list_accounts(struct lineage *l);

/* Adds hints to a graph that is finished but for them, at the end of its
 * edges: these have to be sorted again when there are any. */
bool lineage_add_hints(struct lineage *l);

#endif /* TRAWL_LINEAGE_PRIVATE_H */
