/* SPDX-License-Identifier: MIT */
/*
 * question.h - what is asked of the graph of identities
 *
 * Whose is this (origin), who else may be behind it (responsible), what came
 * of it (reach), which credentials have to be revoked (revoke). Answers point
 * into the lineage, which must outlive them; the caller releases them. They
 * are the same for any order of files.
 *
 * Every walk has a visited set and no recursion: a graph made by an attacker,
 * with cycles, chains or fans of any size, costs O(nodes + edges) a question,
 * O(edges log edges) where the answer is sorted.
 *
 * Layer: identity. Threads: any number may ask.
 */
#ifndef TRAWL_QUESTION_H
#define TRAWL_QUESTION_H

#include "identity/lineage.h"
#include "store/marks.h"

struct question {
	const struct marks *marks; /* alerts; NULL: none are known */
	bool hints;                /* follow hints too */
	/* The moment that is asked about, an event's time, or TIME_NONE: all
	 * of the node's activity. */
	int64_t at;
};

/* Origin ------------------------------------------------------------------ */

struct origin_step {
	node_id node;
	/* By which it hangs below the step before; NULL: it is the origin. */
	const struct lineage_edge *edge;
};

struct origin {
	struct origin_step *step; /* from the origin down to the node */
	uint32_t n;               /* at least one */
	enum certainty certainty; /* the least on the way */
	struct origin_gap gap;    /* why nothing comes before the origin */
};

void origin_of(struct origin *out, const struct lineage *l, node_id node);
void origin_release(struct origin *o);
/* Adds why nothing comes before it: "issued in an account that is not loaded:
 * 111122223333 (read out of its id)"; nothing for GAP_NONE. */
void origin_gap_describe(const struct origin_gap *gap, struct strbuf *out);

/* Who may be behind it ---------------------------------------------------- */

/* Why somebody is listed, the strongest first. */
#define SUSPICIONS(X)                                                      \
	X(SUSPECT_ALERT, "its event raised an alert")                      \
	X(SUSPECT_SESSION, "in the same session")                          \
	X(SUSPECT_ADDRESS, "from an address that the node used too")       \
	X(SUSPECT_DAY, "within 24 hours before the node's first activity") \
	X(SUSPECT_DURING, "while the credentials were in use")             \
	X(SUSPECT_EXPOSED, "it may have read the key")                     \
	X(SUSPECT_BUILT, "nothing else ties them together")

enum suspicion {
#define X(code, text) code,
	SUSPICIONS(X)
#undef X
		SUSPICION_COUNT
};

struct suspect {
	node_id node;   /* who: the origin of the actor */
	node_id actor;  /* the key, session or principal that acted */
	node_id target; /* what it made, changed or took: the step below */
	const struct lineage_edge *edge;
	row_id row; /* of the edge's events, the one that tells most */
	int64_t time;
	enum certainty certainty; /* the least on the way to the node asked */
	enum suspicion why;
	struct str alert; /* of SUSPECT_ALERT: its title */
	node_id address;  /* of SUSPECT_ADDRESS: the one that both used */
	uint32_t depth;   /* steps away from the node asked, from 1 */
	int actor_level;  /* of the worst alert that the actor raised, or -1 */
};

struct suspects {
	struct suspect *responsible; /* most likely first */
	uint32_t responsible_n;
	struct suspect *built_by; /* made the thing, is no suspect */
	uint32_t built_by_n;
	bool cut; /* there are more steps than are followed */
};

/*
 * From the chain of the node's origin, whoever made it, gave it a role, took
 * control of it or changed its rights, before it was used; then the same of
 * these, and so on. First come those whom an alert, a session or an address
 * ties to the node, then those of the day before; among these what is nearer,
 * and of one distance created, passed_role, controls, modified_auth; of one
 * kind those whose session or key raised the worse alerts. What came to an
 * issuer after it had issued the credentials has no part in them, nor has what
 * only ended credentials.
 *
 * An alert counts when it tells more than that something was made, which is
 * what pipelines do: for what made a thing or gave it a role from `high` on,
 * else from `low` on. An edge's evidence is its first events; the rows that
 * name the target are asked for the same deed done again later.
 *
 * With hints, also who may have read a key: that session, what it runs on
 * (`edge` is runs_as) and the addresses that both used (used_from).
 *
 * Each appears once for each kind of edge, further away than its nearest only
 * for an alert, a session or an address, and nobody because of what was made by
 * way of himself.
 */
void suspects_of(struct suspects *out, const struct lineage *l, node_id node,
		 const struct question *q);
void suspects_release(struct suspects *s);
/* Adds the reason in words: "made key AKIA... with key AKIA... (user eve); its
 * event raised an alert". Holds data: shown through safetext. */
void suspect_describe(const struct lineage *l, const struct suspect *s,
		      struct strbuf *out);

/* Marks, in an array of lineage.node_n bytes, what a node came of: its chain,
 * those who may be behind it or built it, and their chains. */
void suspects_mark(uint8_t *marked, const struct lineage *l, node_id node,
		   const struct question *q);

/* What came of it --------------------------------------------------------- */

struct reached {
	node_id node;
	const struct lineage_edge *edge; /* NULL: the node asked */
	uint32_t from;                   /* number of the one before */
	int64_t since;            /* from when on it was in reach; TIME_NONE */
	enum certainty certainty; /* the least on the way */
	uint32_t events;          /* that it acted in since then */
};

struct reach {
	struct reached *at; /* by time; at[0] is the node asked */
	uint32_t n;
};

/*
 * Forward from first contact on: what it issued, the keys that it had, what
 * it made and changed, what it took control of and the sessions that ran on
 * that, the accounts that it let in, and who came in by that. An address leads
 * to those who used it, from then on, a session's key to its session, an
 * account to who is in it. What a node did before it was in reach is not
 * counted. O(rows) besides.
 */
void reach_of(struct reach *out, const struct lineage *l, node_id node,
	      const struct question *q);
/* Of several nodes together: the sessions of one name. */
void reach_of_all(struct reach *out, const struct lineage *l,
		  const node_id *node, size_t n, const struct question *q);
void reach_release(struct reach *r);

/* Credentials to revoke --------------------------------------------------- */

/* Code, name in JSON, what it is, how it is revoked. */
#define CREDENTIAL_KINDS(X)                                                     \
	X(CREDENTIAL_KEY, "access_key", "long-term access key",                 \
	  "Set the key to Inactive (iam UpdateAccessKey), then delete it; "     \
	  "the sessions that it issued live on and are listed by themselves.")  \
	X(CREDENTIAL_ROOT_KEY, "root_access_key", "access key of root",         \
	  "Sign in as root and delete the key; change root's password and "     \
	  "check its MFA devices.")                                             \
	X(CREDENTIAL_PASSWORD, "console_password", "console password",          \
	  "Delete the user's login profile (iam DeleteLoginProfile) and MFA "   \
	  "devices that were added; console sessions that are open live on.")   \
	X(CREDENTIAL_CONSOLE, "console_session", "console session",             \
	  "Deny every action to the user by an inline policy on "               \
	  "aws:TokenIssueTime before now; neither a new password nor the "      \
	  "key's deactivation ends an open console session.")                   \
	X(CREDENTIAL_ROLE_CONSOLE, "role_console_session",                      \
	  "console session of a role",                                          \
	  "Revoke the role's active sessions (inline policy "                   \
	  "AWSRevokeOlderSessions, a deny on aws:TokenIssueTime), and end "     \
	  "the session that asked for the sign-in.")                            \
	X(CREDENTIAL_ROOT_CONSOLE, "root_session", "session of root",           \
	  "Change root's password and its MFA devices; in a member account "    \
	  "deny root by a service control policy, for no policy of the "        \
	  "account itself holds for root.")                                     \
	X(CREDENTIAL_TOKEN, "session_token", "session token of a user",         \
	  "Deny every action to the user by an inline policy on "               \
	  "aws:TokenIssueTime before now; deactivating the key does not end "   \
	  "it.")                                                                \
	X(CREDENTIAL_FEDERATED, "federation_session",                           \
	  "federation session of a user",                                       \
	  "Deny every action to the user that asked for it, or delete that "    \
	  "user: it survives the deactivation of its parent key, and can "      \
	  "open the console.")                                                  \
	X(CREDENTIAL_ROLE, "role_session", "role session",                      \
	  "Revoke the role's active sessions (inline policy "                   \
	  "AWSRevokeOlderSessions, a deny on aws:TokenIssueTime); first stop "  \
	  "whoever issued it, or it is issued again.")                          \
	X(CREDENTIAL_SAML, "saml_role_session",                                 \
	  "role session of a SAML sign-in",                                     \
	  "Block the person at the identity provider, then revoke the role's "  \
	  "active sessions (a deny on aws:TokenIssueTime).")                    \
	X(CREDENTIAL_WEB, "web_identity_role_session",                          \
	  "role session of a web identity",                                     \
	  "Take the subject out of the role's trust policy or revoke it at "    \
	  "the provider, then revoke the role's active sessions (a deny on "    \
	  "aws:TokenIssueTime).")                                               \
	X(CREDENTIAL_CENTER, "identity_center_session",                         \
	  "role session of an Identity Center user",                            \
	  "Disable the user in Identity Center and end its portal sessions; "   \
	  "the role session lives on until it expires unless the permission "   \
	  "set denies aws:TokenIssueTime before now.")                          \
	X(CREDENTIAL_INSTANCE, "instance_credentials",                          \
	  "credentials of an instance",                                         \
	  "Isolate the instance, replace or detach its instance profile and "   \
	  "deny older sessions on the role (aws:TokenIssueTime); without "      \
	  "both, new credentials are fetched or stolen ones live on.")          \
	X(CREDENTIAL_WORKLOAD, "workload_credentials",                          \
	  "credentials of a workload",                                          \
	  "Stop the workload (a function: reserved concurrency 0) or take "     \
	  "its role away, and deny older sessions on the role "                 \
	  "(aws:TokenIssueTime); it gets new credentials with every start.")    \
	X(CREDENTIAL_ASSUMED_ROOT, "assumed_root_session",                      \
	  "assumed root session",                                               \
	  "It ends by itself within 15 minutes; take sts:AssumeRoot from the "  \
	  "caller, or disable privileged root actions in the organization.")    \
	X(CREDENTIAL_TEMPORARY, "temporary_key",                                \
	  "temporary key without a session",                                    \
	  "Revoke the active sessions of the role or user that it belongs to "  \
	  "(a deny on aws:TokenIssueTime); a temporary key itself cannot be "   \
	  "deactivated.")                                                       \
	X(CREDENTIAL_SPECIFIC, "service_specific_credential",                   \
	  "SSH key, certificate or service-specific credential",                \
	  "Delete it from the user (iam DeleteServiceSpecificCredential, "      \
	  "DeleteSSHPublicKey, DeleteSigningCertificate); an access key's "     \
	  "deactivation does not touch it.")                                    \
	X(CREDENTIAL_PROVIDER, "identity_provider",                             \
	  "identity provider or trust anchor",                                  \
	  "Delete the provider, or disable the trust anchor and its profiles, " \
	  "then revoke the sessions of the roles that trust it.")               \
	X(CREDENTIAL_TRUST, "trust_policy",                                     \
	  "trust policy that lets others in",                                   \
	  "Take the statement out of the role's trust policy, then revoke the " \
	  "role's active sessions: those that came in live on.")                \
	X(CREDENTIAL_GRANT, "resource_grant",                                   \
	  "resource policy that lets others in",                                \
	  "Take the statement out of the resource's policy; what was copied "   \
	  "or shared meanwhile stays with the other account.")

enum credential_kind {
#define X(code, name, what, how) code,
	CREDENTIAL_KINDS(X)
#undef X
		CREDENTIAL_KIND_COUNT
};

struct credential {
	enum credential_kind kind;
	/* The key, session, workload, user, role or resource it is of. Of
	 * several sessions under one name it is the last to end. */
	node_id node;
	struct str id;  /* of what a user was given: "APKA...", or empty */
	node_id other;  /* whom a policy lets in, or NODE_NONE */
	uint32_t first; /* its sessions in revocation.session */
	uint32_t n;     /* how many these are; 0: no sessions */
	int64_t issued; /* or TIME_NONE */
	int64_t until;  /* TIME_NONE: until somebody ends it */
	bool at_most;   /* nothing says until when: the longest there is */
	bool rewritten; /* the policy was written again later: look at it */
	row_id row;     /* the event that shows it, or ROW_NONE */
	enum certainty certainty;
};

struct revocation {
	struct credential *credential; /* by kind, then time, then id */
	uint32_t n;
	node_id *session; /* those of a credential are together */
	uint32_t session_n;
	int64_t end; /* of the evidence: what "still live" means */
};

/*
 * The credentials that a node holds or issued, that what it made or took
 * control of holds, or that those have whom it let in, and that nothing in the
 * evidence ends. What ends an
 * access key does not end the sessions that it issued, what ends a machine
 * does not end the credentials that were stolen from it.
 */
void revocation_of(struct revocation *out, const struct lineage *l,
		   const node_id *node, size_t n, const struct question *q);
void revocation_release(struct revocation *r);
/*
 * Where an answer about a node is empty, that about its origin in its place: a
 * session that has expired is nothing, the machine that it ran on goes on.
 * That origin, or NODE_NONE when `r` stays as it is.
 */
node_id revocation_of_origin(struct revocation *r, const struct lineage *l,
			     node_id node, const struct question *q);

const char *suspicion_text(enum suspicion why);
const char *credential_kind_name(enum credential_kind kind);
const char *credential_kind_what(enum credential_kind kind);
const char *credential_kind_how(enum credential_kind kind);

#endif /* TRAWL_QUESTION_H */
