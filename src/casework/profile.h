/* SPDX-License-Identifier: MIT */
/*
 * profile.h - what stands on the page of an entity
 *
 * Its rows counted by what they have: calls, who, addresses, user agents,
 * regions, accounts, errors, resources; each value with how often, how often
 * refused, when first; the alerts on its rows.
 *
 * What is new is measured against what was loaded before the scope, and said
 * only where there is such a thing: NEW is what nobody in that evidence had,
 * "new to it" what others had but not this entity, which had rows before. With
 * nothing before the scope nothing is new.
 *
 * How many principals of all the evidence have a value costs a pass over the
 * columns, and resources are in records: profile_deepen asks both, and may run
 * on a thread.
 *
 * Layer: casework. Cost: O(rows of the entity), with a scope O(rows before it).
 * Threads: one; several may deepen different profiles.
 */
#ifndef TRAWL_PROFILE_H
#define TRAWL_PROFILE_H

#include "casework/entity.h"
#include "query/scan.h"

/* Code, title, its list in JSON, its value there, the column. */
#define PROFILE_CARDS(X)                                                      \
	X(CARD_CALLS, "calls", "calls", "eventName", EVENT_NAME)              \
	X(CARD_WHO, "who", "principals", "principal", EVENT_PRINCIPAL)        \
	X(CARD_SOURCES, "sources", "sourceIPAddresses", "sourceIPAddress",    \
	  EVENT_IP)                                                           \
	X(CARD_AGENTS, "user agents", "userAgents", "userAgent", EVENT_AGENT) \
	X(CARD_REGIONS, "regions", "awsRegions", "awsRegion", EVENT_REGION)   \
	X(CARD_ACCOUNTS, "accounts", "accounts", "recipientAccountId",        \
	  EVENT_ACCOUNT)                                                      \
	X(CARD_ERRORS, "errors", "errorCodes", "errorCode", EVENT_ERROR)      \
	X(CARD_RESOURCES, "resources", "resources", "resource",               \
	  EVENT_COLUMN_COUNT)

enum profile_card_kind {
#define X(code, title, list, value, column) code,
	PROFILE_CARDS(X)
#undef X
		CARD_COUNT
};

enum novelty { NOVELTY_NONE, NOVELTY_TO_IT, NOVELTY_TO_ALL };

struct profile_value {
	struct str text;
	uint32_t value, source; /* of the first row; source of a call's */
	uint32_t events, denied, failed;
	row_id first, last;
	int level; /* worst alert, -1: none */
	enum novelty novelty;
	uint32_t principals; /* of all the evidence; 0: not counted */
};

struct profile_card {
	struct profile_value *value; /* worst alert, most events first */
	size_t n;
};

struct profile_alert {
	size_t alert; /* number in snapshot.alerts */
	row_id first; /* of its rows here */
	uint32_t events;
};

/* What is compared with. */
struct profile_baseline {
	bool known;      /* something is loaded before the scope */
	int64_t since;   /* of the scope, or TIME_NONE */
	int64_t first;   /* of what is loaded */
	uint32_t events; /* of the entity before the scope */
};

struct profile {
	struct arena arena;
	struct rowset rows; /* in scope */
	uint32_t denied, failed;
	struct profile_card card[CARD_COUNT];
	struct profile_alert *alert; /* worst first, then by time */
	size_t alert_n;
	struct profile_baseline baseline;
	uint32_t principals; /* in all the evidence */
	bool deep;           /* profile_deepen has been here */
	size_t unread;       /* rows whose record could not be read */
};

/* Of an entity's rows, those of [since, until); TIME_NONE: no bound. */
void profile_make(struct profile *p, const struct snapshot *snap,
		  const struct rowset *rows, int64_t since, int64_t until,
		  const atomic_bool *stop);
void profile_release(struct profile *p);
/* Counts principals and resources. `stop`, or NULL, ends it early: then it is
 * not deep. */
void profile_deepen(struct profile *p, const struct snapshot *snap,
		    const struct scan_options *options,
		    const atomic_bool *stop);

/* The rows in scope that have a value of a card other than resources. */
void profile_value_rows(const struct profile *p, const struct snapshot *snap,
			enum profile_card_kind card, size_t i,
			struct rowset *out);

const char *profile_card_title(enum profile_card_kind card);
const char *profile_card_list(enum profile_card_kind card);
const char *profile_card_value(enum profile_card_kind card);
/* Is the card about what the entity is itself? Then it says nothing. */
bool profile_card_is_own(enum profile_card_kind card, const struct entity *e,
			 const struct lineage *l);
/* "NEW", "new to it", or "". */
const char *novelty_text(enum novelty n);
/* Adds what is compared with, in words: "NEW: not in the 30d loaded before the
 * scope; it had 12 events then". */
void profile_baseline_describe(const struct profile *p, struct strbuf *out);

#endif /* TRAWL_PROFILE_H */
