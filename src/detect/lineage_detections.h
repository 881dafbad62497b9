/* SPDX-License-Identifier: MIT */
/*
 * lineage_detections.h - detections over a finished load, and what they share
 *
 * A detection looks at store, graph and site of one snapshot and names rows,
 * each with a note: who, from where, and against what. Some look at the events
 * which the rule's own `detection` selected, the others find their own. To add
 * one: a function in lineage_*.c or baseline_*.c, a line in the table of
 * lineage_detections.c, a rule file, a unit test with its harmless twin.
 *
 * Nothing here depends on the order in which events arrived: ties are broken
 * by row, and by text where nodes are compared.
 *
 * Layer: detect, inside. Threads: one thread, one context.
 */
#ifndef TRAWL_LINEAGE_DETECTIONS_H
#define TRAWL_LINEAGE_DETECTIONS_H

#include "detect/lineage_rule.h"
#include "identity/climb.h"
#include "identity/lineage.h"
#include "model/site.h"
#include "query/bits.h"

struct captures; /* see captures.h */

/* What all detections of one evaluation look at. What is made on first use
 * stays for the next. */
struct lineage_context {
	const struct store *store;
	const struct lineage *lineage;
	const struct site *site;
	const struct bits *calls; /* that make habits; for baselines alone */
	/* What was noted of the seeds in hand, by their place among them. */
	const struct captures *captures;
	const uint32_t *seed_note;
	struct climb climb;       /* see context_origin */
	uint32_t *rows_of, *row;  /* see context_rows */
	uint8_t *address;         /* of each value: see context_address */
	const struct str *family; /* of each user agent's value */
	uint8_t *agent;           /* likewise: see context_agent */
	const struct lineage_rule *agent_rule;
	struct opened *opened; /* see was_opened_to */
	struct node_ties *ties;
	struct postings by_account; /* see context_postings */
	struct arena arena;
};

/* What a detection found for one rule. */
struct lineage_found {
	struct lineage_match {
		row_id row;
		uint32_t note; /* in `notes` */
		uint8_t lower; /* levels below the rule's */
	} * match;
	size_t n, cap;
	struct intern *notes;
	struct strbuf text; /* the note in the making */
	uint64_t left_out;  /* rows that could not be judged: then nothing
			       found is no answer */
};

typedef void (*lineage_run)(struct lineage_context *x,
			    const struct lineage_rule *r,
			    const struct rowset *seeds,
			    struct lineage_found *out);

enum starts_from {
	STARTS_FROM_ALL,    /* whatever is there */
	STARTS_FROM_SEEDS,  /* what the rule's `detection` selects */
	STARTS_FROM_EITHER, /* that, or all when it has none */
};

struct lineage_detection {
	const char *name;
	lineage_run run;
	uint64_t takes; /* bit of each setting */
	enum starts_from starts;
	bool of_baseline;  /* for the section `baseline`; else for `lineage` */
	uint64_t optional; /* of those that it takes */
};

/* By its name, or NULL. */
const struct lineage_detection *lineage_detection(struct str name);
/* May a setting have this word? Anything, for most settings. */
bool lineage_word_is_known(enum lineage_setting setting, struct str word);

/* Found ------------------------------------------------------------------- */

/* Adds a row with the note that is in out->text, and empties that. */
void found_add(struct lineage_found *out, row_id row);
/* The same, with a level that is so much lower than the rule's. */
void found_add_lower(struct lineage_found *out, row_id row, unsigned lower);

/* Context ----------------------------------------------------------------- */

void context_init(struct lineage_context *x, const struct store *s,
		  const struct lineage *l, const struct site *site);
void context_release(struct lineage_context *x);

/* The calls that make habits: with a time, by somebody himself, each once. A set of bits
 * is small enough to stay near while one rule after the other asks for rows
 * that lie anywhere. The caller releases it. */
struct bits baseline_calls(const struct store *s);

/* Whose a node really is: lineage_origin, for each node once. */
node_id context_origin(struct lineage_context *x, node_id node);
/* The rows in which a node acted, as a view. */
struct rowset context_rows(struct lineage_context *x, node_id node);
/* Adds what a node is, for a note: "session ci/run", with its account where
 * events of several are loaded. */
void context_describe(const struct lineage_context *x, node_id node,
		      struct strbuf *out);
/* The rows of each value: the store's, or, of the account, of which the store
 * has none, made the first time. */
const struct postings *context_postings(struct lineage_context *x,
					enum event_column c);
/* The family of a row's user agent. */
struct str context_family(struct lineage_context *x, row_id row);
/* Is one of the rule's `agents` in a row's user agent? */
bool context_agent(struct lineage_context *x, const struct lineage_rule *r,
		   row_id row);

enum place {
	PLACE_NONE,     /* no address: a service's name, nothing */
	PLACE_ENDPOINT, /* a private address, through an endpoint of a VPC */
	PLACE_OWN,      /* a network that the site file names */
	PLACE_OUTSIDE,  /* public, or a network that nothing tells of */
};

/* What kind of place a call came from. Calls of services for somebody come
 * from no place. */
enum place context_place(struct lineage_context *x, row_id row);
/* The same of an address by itself: a call may still be a service's, or come
 * through an endpoint. */
enum place context_place_of(struct lineage_context *x, uint32_t value);

/* Do two addresses lie in one network, /16 or /32? */
bool same_network(struct str a, struct str b);

/*
 * Ties of a node, found for all nodes in one pass over the edges: a node may
 * have any number of edges, and what asks for each node must not walk them.
 */
struct node_ties {
	node_id principal;   /* the user or role that it is of; of a principal
				itself */
	node_id compute;     /* of a session: what it ran on */
	node_id issuer;      /* of a session: who opened it */
	uint32_t issued;     /* by which edge, its number + 1 */
	node_id key_session; /* of a key: the session that has it */
};

const struct node_ties *context_ties(struct lineage_context *x, node_id node);

/* The role that a session is of, or NODE_NONE. */
node_id session_role(struct lineage_context *x, node_id session);
/* In which event it was opened, of several copies in the caller's own;
 * ROW_NONE. */
row_id session_issued_in(struct lineage_context *x, node_id session);
/* Is it a session of an instance, a function? By what it ran on, or else by
 * its name where nothing says that somebody else opened it. */
bool session_is_of_instance(struct lineage_context *x, node_id session);
bool session_is_of_function(struct lineage_context *x, node_id session);
/* roleSessionName, or empty. */
struct str session_name(const struct lineage *l, node_id session);

/* The workload from which a node's credentials came, itself or up the chain: a
 * compute node, or a session of one; NODE_NONE. */
node_id workload_behind(struct lineage_context *x, node_id node);

/* Whose account (lineage_foreign.c, lineage_trust.c) ------------------------ */

/* Does the rule want accounts of that owner? */
bool wants_owner(const struct lineage_context *x, const struct lineage_rule *r,
		 struct str account);
/* Adds "account 999988887777 (Acme), foreign". */
void tell_account(const struct lineage_context *x, struct str account,
		  struct strbuf *out);
/* What was found once is kept for the next rule. */
struct opened;
void opened_free(struct opened *o);
/* Did a call take a role whose trust had been opened to its account, in the
 * evidence? */
bool was_opened_to(struct lineage_context *x, row_id row);

/* Detections -------------------------------------------------------------- */

#define DETECTION(function)                                                    \
	void function(struct lineage_context *x, const struct lineage_rule *r, \
		      const struct rowset *seeds, struct lineage_found *out)

/* lineage_elsewhere.c: credentials where they do not belong */
DETECTION(instance_elsewhere);
DETECTION(function_elsewhere);
DETECTION(pipeline_elsewhere);
DETECTION(two_networks);

/* lineage_keys.c: keys that changed hands */
DETECTION(key_exposed);
DETECTION(key_made_then_elsewhere);
DETECTION(keys_in_turn);

/* lineage_chain.c: roles taken from roles, what sessions do */
DETECTION(role_chain_new);
DETECTION(role_chain_long);
DETECTION(issued_to_does);
DETECTION(issued_by_does);

/* lineage_foreign.c: whose account it is */
DETECTION(caller_of);
DETECTION(role_of_account);
DETECTION(cross_account_first);

/* lineage_trust.c: policies that let others in, and who came in */
DETECTION(policy_opens);
DETECTION(assumed_after_opened);

/* lineage_own.c: identities that the site file names */
DETECTION(break_glass_used);

/* lineage_after.c: credentials after their end */
DETECTION(used_after_end);
DETECTION(outlives_issuer);

/* lineage_escalate.c: rights by way of somebody or something else */
DETECTION(caller_is_workload);
DETECTION(workload_serves_its_master);
DETECTION(role_passed_to_iam_writer);
DETECTION(taken_then_iam_write);
DETECTION(own_origin_changed);

/* lineage_unrecorded.c: what other logs have and CloudTrail does not */
DETECTION(read_unrecorded);
DETECTION(change_unrecorded);

/* lineage_insight.c: what CloudTrail's Insights tell of */
DETECTION(insight);

/* lineage_workload.c: what workloads do to themselves, or as they are told */
DETECTION(workload_changes_itself);
DETECTION(new_calls_after_command);

/* baseline_first.c: what somebody had not done before */
DETECTION(first_seen);

/* baseline_rate.c: more, or more of it, than is usual */
DETECTION(outcome_ratio);
DETECTION(burst);
DETECTION(unusual_hour);

/* baseline_travel.c: nobody is that fast */
DETECTION(impossible_travel);

/* baseline_places.c: nobody is in two places */
DETECTION(several_places);

#endif /* TRAWL_LINEAGE_DETECTIONS_H */
