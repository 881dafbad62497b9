/* SPDX-License-Identifier: MIT */
/*
 * fact.h - what events say about who became whom
 *
 * Most events only use credentials; a few issue or create them, change who
 * may use them, or end them. While the records are parsed, fact_visitor notes
 * those few. lineage.h joins what was noted to the rows.
 *
 * Three kinds of notes:
 *
 * - a fact is of one event: which credential came out of it, what it made;
 * - a link holds of many: a user's unique id, the function that a session
 *   runs on. It is noted once, with the first time that it was seen;
 * - a target is what an event's parameters name: a user, a role, a key, an
 *   instance, a function; and what a row beside the calls names: a requester,
 *   a private address, which is a machine's, an interface.
 *
 * Source: domain rules of AWS STS, sign-in, IAM and compute events; the paths
 * are those of real records.
 *
 * Cost: most events only a look at the members of userIdentity and
 * requestParameters. About 40 bytes a fact and 8 a target beside the texts.
 *
 * Layer: identity. Threads: as ingest.h says for visitors.
 */
#ifndef TRAWL_FACT_H
#define TRAWL_FACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/intern.h"
#include "ingest/ingest.h"

enum fact_kind {
	FACT_ISSUED,   /* temporary credentials were handed out */
	FACT_SIGN_IN,  /* a console was opened, or a role changed in it */
	FACT_CENTER,   /* Identity Center gave credentials of a role */
	FACT_KEY,      /* a long-term access key was created */
	FACT_CREATED,  /* a user, role, group or identity provider was made */
	FACT_MODIFIED, /* what a user, role or group may do was changed */
	FACT_TRUST,    /* a role lets somebody assume it */
	FACT_COMPUTE,  /* a resource was made, got a role, or was taken over */
	FACT_GRANT,    /* a resource's policy lets somebody in */
	FACT_GIFT,     /* a user got something else to sign in with */
	FACT_END,      /* credentials ended */
	FACT_KINDS,
};

/* fact.how of FACT_ISSUED. */
enum fact_issue {
	ISSUE_ROLE,       /* AssumeRole */
	ISSUE_SAML,       /* AssumeRoleWithSAML */
	ISSUE_WEB,        /* AssumeRoleWithWebIdentity */
	ISSUE_TOKEN,      /* GetSessionToken */
	ISSUE_FEDERATION, /* GetFederationToken */
	ISSUE_ROOT,       /* AssumeRoot */
	ISSUE_COGNITO,    /* GetCredentialsForIdentity */
	ISSUE_ANYWHERE,   /* Roles Anywhere's CreateSession */
};

/* Of FACT_SIGN_IN. */
enum fact_sign_in {
	SIGN_CONSOLE, /* ConsoleLogin */
	SIGN_SWITCH,  /* SwitchRole */
	SIGN_TOKEN,   /* GetSigninToken */
};

/* Of FACT_CENTER. */
enum fact_center {
	CENTER_ROLE,    /* GetRoleCredentials */
	CENTER_CONSOLE, /* Federate */
	CENTER_TOKEN,   /* CreateToken: opens the portal's session */
};

/* Of FACT_GIFT: SSH keys, certificates, service-specific credentials. */
enum fact_gift {
	GIFT_GIVEN, /* or made active again */
	GIFT_TAKEN, /* or made inactive */
};

/* Of FACT_END: how credentials end. Code, what happened. */
#define END_KINDS(X)                                                         \
	X(END_KEY_INACTIVE, "the key was deactivated")                       \
	X(END_KEY_ACTIVE, "the key was activated again") /* takes it back */ \
	X(END_KEY_DELETED, "the key was deleted")                            \
	X(END_USER_DELETED, "the user was deleted")                          \
	X(END_ROLE_DELETED, "the role was deleted")                          \
	X(END_LOGIN_DELETED, "the console password was deleted")             \
	X(END_REVOKED, "sessions issued before were denied")                 \
	X(END_PROFILE_REMOVED, "the instance profile was taken away")        \
	X(END_TERMINATED, "it was terminated or deleted")                    \
	X(END_PORTAL_REVOKED, "the Identity Center session was ended")       \
	X(END_EXPIRED, "it expired")

enum end_kind {
#define X(code, text) code,
	END_KINDS(X)
#undef X
		END_KIND_COUNT
};

/* Of FACT_COMPUTE, or-ed. */
enum fact_compute {
	COMPUTE_CREATED = 1,
	COMPUTE_PASSED = 2,   /* with a role, or an instance profile */
	COMPUTE_CONTROLS = 4, /* code, commands, configuration */
};

/*
 * What a fact says; absent where the event does not. Texts but for the last
 * ones. A name of a user, role or group is "u", "r" or "g", its account, "/"
 * and the name; an instance is its id.
 */
enum fact_slot {
	/* Texts that are seldom said twice. */
	SLOT_PID, /* principalId of the session that comes of it */
	SLOT_KEY, /* the access key */
	/* Texts that are. */
	SLOT_ROLE,        /* ARN of the role, or the instance profile's name */
	SLOT_NAME,        /* of a session, of the permission set, of a user */
	SLOT_SUBJECT,     /* who: another principal */
	SLOT_ARN,         /* of what was created, changed, named */
	SLOT_UID,         /* its unique id */
	SLOT_ACCOUNT,     /* of a permission set */
	SLOT_PORTAL,      /* credentialId of a portal's session */
	SLOT_TEMPLATE,    /* launch template or task definition used */
	SLOT_AS_TEMPLATE, /* how others name what was made, to use it so */
	/* Numbers. */
	SLOT_SHARED,      /* hash of sharedEventID, two words */
	SLOT_SHARED_HIGH, /* its second word */
	SLOT_REQUEST,     /* hash of requestID, likewise */
	SLOT_REQUEST_HIGH,
	SLOT_TIME, /* seconds since 1970: expiry, or before when */
	SLOTS,
};

struct fact {
	uint32_t arrival; /* number of arrival of its event */
	uint32_t at;      /* of its slots in facts.slot */
	uint32_t has;     /* bit i: slot i is there */
	uint8_t kind;     /* enum fact_kind */
	uint8_t how;
};

enum link_kind {
	LINK_UID,     /* ARN of a user or role - its unique id */
	LINK_KEY,     /* long-term key - unique id of its user */
	LINK_SCOPE,   /* session - ARN in inScopeOf.credentialsIssuedTo */
	LINK_BEHALF,  /* session - idc:store#user of onBehalfOf */
	LINK_SOURCE,  /* session - sourceIdentity */
	LINK_SIGN_IN, /* session - signInSessionArn */
	LINK_PORTAL,  /* session or principal - credentialId */
	LINK_PLACE,   /* "account/i-..." - a private address or an interface */
	LINK_KINDS,
};

/* Does it matter when a link of that kind was first seen? */
static inline bool link_is_timed(unsigned kind)
{
	return kind == LINK_UID || kind == LINK_PLACE;
}

struct fact_link {
	uint8_t kind;
	uint32_t a, b;  /* in facts.strings */
	uint32_t first; /* seconds since 1970 of the first; UINT32_MAX */
};

/*
 * Links are noted when what says them is met for the first time. So that those
 * of one file can be told from those of another, each thing said has a number,
 * a keyed hash of it, and for each file that says it there is a witness. Only
 * when they are asked for (facts_keep_witnesses).
 */
struct fact_said {
	uint64_t statement;
	uint32_t link; /* that it makes */
};

struct fact_witness {
	uint64_t statement;
	uint32_t arrival; /* of an event of the file */
	uint32_t first;   /* in it, as in struct fact_link */
};

struct fact_target {
	uint32_t arrival;
	uint32_t text; /* in facts.strings; see enum fact_slot, or an ARN */
};

struct facts {
	struct intern strings;
	struct strbuf bytes; /* the texts that are seldom said twice */
	struct fact *fact;   /* in order of arrival of the batches */
	size_t n, cap;
	uint32_t *slot;
	size_t slot_n, slot_cap;
	struct fact_link *link; /* each (kind, a, b) once, in any order */
	size_t link_n, link_cap;
	uint32_t *link_slots; /* by (kind, a, b): number + 1 */
	uint32_t link_mask;
	struct fact_target *target;
	size_t target_n, target_cap;
	bool witnesses; /* are wanted */
	struct fact_said *said;
	size_t said_n, said_cap;
	struct fact_witness *witness;
	size_t witness_n, witness_cap;
	struct hash_key key; /* of requestIDs and sharedEventIDs */
	struct fact_table *table;
};

void facts_init(struct facts *f);
void facts_release(struct facts *f);

/* Before the load: which files say what is noted, too. */
void facts_keep_witnesses(struct facts *f);

/* A visitor that gathers into `f`, which must outlive the load. */
struct ingest_visitor fact_visitor(struct facts *f);

/* The text of a fact's slot, empty when absent. */
struct str fact_text(const struct facts *f, const struct fact *fact,
		     enum fact_slot slot);
/* A number, 0 when absent; SLOT_SHARED and SLOT_REQUEST have 64 bits. */
uint64_t fact_number(const struct facts *f, const struct fact *fact,
		     enum fact_slot slot);
/* The number of a repeated text in facts.strings, 0 when absent. */
uint32_t fact_string(const struct facts *f, const struct fact *fact,
		     enum fact_slot slot);

#endif /* TRAWL_FACT_H */
