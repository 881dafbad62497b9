/* SPDX-License-Identifier: MIT */
/*
 * attack.h - MITRE ATT&CK: tactics and the techniques that touch the cloud
 *
 * The table is ATT&CK v19 (April 2026), which split Defense Evasion into
 * Stealth and Defense Impairment and renumbered T1562. The names of v18 are
 * taken as aliases and can be shown. Ids that the table does not have are
 * accepted as they are.
 *
 * Source: attack.mitre.org, enterprise matrix v19, platform IaaS.
 *
 * Layer: model. Threads: any; constant data.
 */
#ifndef TRAWL_ATTACK_H
#define TRAWL_ATTACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define ATTACK_VERSION "v19"

/* Code, id, Sigma's short name, title, abbreviation; in the matrix' order. */
#define ATTACK_TACTICS(X)                                                      \
	X(TACTIC_RECONNAISSANCE, "TA0043", "reconnaissance", "Reconnaissance", \
	  "Reco")                                                              \
	X(TACTIC_RESOURCE_DEVELOPMENT, "TA0042", "resource-development",       \
	  "Resource Development", "ResD")                                      \
	X(TACTIC_INITIAL_ACCESS, "TA0001", "initial-access", "Initial Access", \
	  "InAc")                                                              \
	X(TACTIC_EXECUTION, "TA0002", "execution", "Execution", "Exec")        \
	X(TACTIC_PERSISTENCE, "TA0003", "persistence", "Persistence", "Pers")  \
	X(TACTIC_PRIVILEGE_ESCALATION, "TA0004", "privilege-escalation",       \
	  "Privilege Escalation", "Priv")                                      \
	X(TACTIC_STEALTH, "TA0005", "stealth", "Stealth", "Stlh")              \
	X(TACTIC_DEFENSE_IMPAIRMENT, "TA0112", "defense-impairment",           \
	  "Defense Impairment", "Impr")                                        \
	X(TACTIC_CREDENTIAL_ACCESS, "TA0006", "credential-access",             \
	  "Credential Access", "Cred")                                         \
	X(TACTIC_DISCOVERY, "TA0007", "discovery", "Discovery", "Disc")        \
	X(TACTIC_LATERAL_MOVEMENT, "TA0008", "lateral-movement",               \
	  "Lateral Movement", "Late")                                          \
	X(TACTIC_COLLECTION, "TA0009", "collection", "Collection", "Coll")     \
	X(TACTIC_COMMAND_AND_CONTROL, "TA0011", "command-and-control",         \
	  "Command and Control", "CnC")                                        \
	X(TACTIC_EXFILTRATION, "TA0010", "exfiltration", "Exfiltration",       \
	  "Exfl")                                                              \
	X(TACTIC_IMPACT, "TA0040", "impact", "Impact", "Impt")

enum attack_tactic {
#define X(code, id, name, title, abbreviation) code,
	ATTACK_TACTICS(X)
#undef X
		TACTIC_COUNT
};

/* A set of tactics: bit t for tactic t. */
typedef uint32_t tactic_set;
#define TACTIC_BIT(t) ((tactic_set)1 << (t))

const char *attack_tactic_name(enum attack_tactic t);  /* "initial-access" */
const char *attack_tactic_title(enum attack_tactic t); /* "Initial Access" */
const char *attack_tactic_short(enum attack_tactic t); /* "InAc" */

/* Whose names are shown. */
enum attack_version { ATTACK_V19, ATTACK_V18 };
const char *attack_version_name(enum attack_version v); /* "v19" */
bool attack_version_parse(struct str text, enum attack_version *out);

/*
 * What a version has for a tactic, and which of v19's that stands for: v18 has
 * Defense Evasion for both Stealth and Defense Impairment.
 */
struct attack_tactic_form {
	tactic_set covers;
	const char *name, *title, *abbreviation;
};
struct attack_tactic_form attack_tactic_as(enum attack_version v,
					   enum attack_tactic t);

/*
 * The tactics that a text names: a short name with - or _, a title, a TA
 * number, an abbreviation; case is ignored. "defense-evasion", which v19 does
 * not have ("Evas" for short), names both of its successors. 0 for anything
 * else.
 */
tactic_set attack_tactics_named(struct str text);

/* Longest id: "T1685.002". */
struct technique_id {
	char text[12];
};

/*
 * "t1562.008", "T1685.002" and the like to the id of v19; false when the text
 * is no technique number.
 */
bool attack_technique_id(struct str text, struct technique_id *out);
/* The id it had in v18, or NULL when it kept it. */
const char *attack_technique_was(const struct technique_id *id);
/* Its title, "" when the table does not have it. */
const char *attack_technique_title(const struct technique_id *id);
/* The tactics that it serves, 0 when the table does not have it. */
tactic_set attack_technique_tactics(const struct technique_id *id);
/*
 * A technique as a version has it; `id` is the table's, or the one that was
 * given and must outlive this. `tactics` is of v19's: where v18 says Defense
 * Evasion, one or both of its successors.
 */
struct attack_technique_form {
	const char *id, *title; /* title "", tactics 0: not in the table */
	tactic_set tactics;
};
struct attack_technique_form attack_technique_as(enum attack_version v,
						 const struct technique_id *id);
/* Equal, or `have` is a sub-technique of `wanted`. */
bool attack_technique_within(const struct technique_id *have,
			     const struct technique_id *wanted);

/* Walks the table: entry i, or NULL past the end. */
const char *attack_technique_at(size_t i);

#endif /* TRAWL_ATTACK_H */
