/* SPDX-License-Identifier: MIT */
/*
 * fact_private.h - how the readers of single events note what they say
 *
 * A reader is a function for some event names; fact.c finds it by source and
 * name and hands it the event in a struct fact_worker. It notes facts with
 * fact_begin and fact_put; texts may point into the record, they are copied.
 *
 * Layer: identity, inside. Threads: one fact_worker each.
 */
#ifndef TRAWL_FACT_PRIVATE_H
#define TRAWL_FACT_PRIVATE_H

#include "identity/fact.h"
#include "identity/policy.h"

struct fact_seen;

/* A fact whose texts still lie in the part's arena. */
struct raw_fact {
	uint32_t row; /* in the batch */
	uint32_t has;
	uint8_t kind, how;
	union raw_slot {
		struct str text;
		uint32_t number;
	} * slot; /* those that it has, in order */
};

struct raw_link {
	uint64_t statement;
	uint8_t kind;
	struct str a, b;
	uint32_t first;
};

struct raw_target {
	uint32_t row;
	struct str text;
};

struct raw_witness {
	uint64_t statement;
	uint32_t row, first;
};

struct fact_part {
	struct arena arena;
	struct raw_witness *witness;
	size_t witness_n, witness_cap;
	struct raw_fact *fact;
	struct raw_link *link;
	struct raw_target *target;
	size_t n, cap, link_n, link_cap, target_n, target_cap;
};

struct fact_worker {
	const struct facts *all; /* table and key: read only */
	struct fact_part *part;  /* noted since the last take, or NULL */
	struct fact_seen *seen;  /* links noted before */
	struct fact_told *told;  /* in which file; NULL: nobody asks */
	uint32_t file;           /* how many there were */
	uint64_t statement;      /* whose links are being noted */
	/* The event at hand. */
	const struct event *e;
	uint32_t row;
	const struct json *user;      /* userIdentity, or NULL */
	const struct json *request;   /* requestParameters, or NULL */
	const struct json *response;  /* responseElements, or NULL */
	const struct json *resources; /* an array, or NULL */
	bool iam;                     /* the source is IAM */
	struct str account;           /* recipientAccountId, or the caller's */
	struct arena scratch;         /* for the event at hand */
	/* The fact being noted. */
	struct raw_fact *fact;
	union raw_slot slot[SLOTS];
};

struct fact_handler {
	const char *source; /* without .amazonaws.com */
	const char *name;   /* without the date of Lambda's names */
	void (*read)(struct fact_worker *w, unsigned how);
	unsigned how;
};

/* Each ends with a NULL name. */
extern const struct fact_handler fact_sts_handlers[];
extern const struct fact_handler fact_signin_handlers[];
extern const struct fact_handler fact_iam_handlers[];
extern const struct fact_handler fact_compute_handlers[];
extern const struct fact_handler fact_lambda_handlers[];
extern const struct fact_handler fact_service_handlers[];
extern const struct fact_handler fact_grant_handlers[];
extern const struct fact_handler fact_beside_handlers[];

/* How a slot's word says what it says. */
enum fact_slot_form {
	SLOT_NUMBER, /* is it */
	SLOT_UNIQUE, /* where it lies in facts.bytes, behind its length */
	SLOT_STRING, /* its number in facts.strings */
};

enum fact_slot_form fact_slot_form(enum fact_slot slot);

/* One link, into a table that has each once (facts.c). Its number. */
uint32_t facts_add_link(struct facts *all, uint8_t kind, uint32_t a, uint32_t b,
			uint32_t first);
/* One fact whose texts lie anywhere, of an event of that number. */
void facts_add(struct facts *all, const struct raw_fact *raw, uint32_t arrival);
/* What a worker noted since the last take (facts.c). */
void fact_part_free(void *part);
void facts_merge(void *context, void *part, uint32_t first);
/* The handlers of all tables, to be freed. */
struct fact_table *fact_table_new(void);

static inline unsigned fact_count_bits(uint32_t v)
{
	unsigned n = 0;

	for (; v; v &= v - 1)
		n++;
	return n;
}

/* Noting ------------------------------------------------------------------ */

/* A new fact of the event at hand; the puts fill it, fact_end keeps it. */
void fact_begin(struct fact_worker *w, enum fact_kind kind, unsigned how);
/* Nothing for an empty text. */
void fact_put(struct fact_worker *w, enum fact_slot slot, struct str text);
/* Nothing for 0. */
void fact_put_number(struct fact_worker *w, enum fact_slot slot,
		     uint32_t number);
/* SLOT_SHARED or SLOT_REQUEST: a hash of the text. */
void fact_put_hash(struct fact_worker *w, enum fact_slot slot, struct str text);
void fact_end(struct fact_worker *w);

/* What holds of many events; nothing when a or b is empty. */
void fact_link(struct fact_worker *w, enum link_kind kind, struct str a,
	       struct str b);
/* What the parameters name; nothing for an empty text. */
void fact_target(struct fact_worker *w, struct str text);

/* Has something of that hash, not 0, been met, no later than a time? The
 * memory is bounded: some things are met for the first time again. */
bool fact_was_met(struct fact_worker *w, uint64_t hash, int64_t time);
/* It is met; its links are noted next. */
void fact_meet(struct fact_worker *w, uint64_t hash, int64_t time);

/* Texts ------------------------------------------------------------------- */

/* The scalar at a path, empty when absent: of the record, of its request and
 * of its response. */
struct str fact_at(const struct fact_worker *w, const char *path);
struct str fact_request(const struct fact_worker *w, const char *path);
struct str fact_response(const struct fact_worker *w, const char *path);
/* The first that is not empty. */
struct str fact_first(struct str a, struct str b);

/* "u111122223333/alice": a user ('u'), role ('r') or group ('g') of the
 * account at hand; empty for an empty name. */
struct str fact_name(struct fact_worker *w, char kind, struct str name);
/* "arn:aws:SERVICE:REGION:ACCOUNT:" and a resource, of the event's region;
 * empty for an empty name. */
struct str fact_arn(struct fact_worker *w, const char *service,
		    const char *prefix, struct str name);
/* A function's ARN without version or alias, from a name or an ARN. */
struct str fact_function(struct fact_worker *w, struct str name);
/* Whom a policy lets in, as slots and targets have it: the principal; where its
 * caller may be of any account as long as it is of an organization,
 * "org:o-...". */
struct str fact_guest(struct fact_worker *w, const struct policy_guest *guest);
/* The account in a principal of a policy, or empty. */
struct str fact_guest_account(struct str principal);
/* "i-0123..." or "mi-0123...", an instance's id. */
bool fact_is_instance(struct str s);
/* "eni-...", a network interface's. */
bool fact_is_interface(struct str s);
/* A keyed hash of a text and of one before it, for fact_was_met. */
uint64_t fact_mix(const struct fact_worker *w, uint64_t h, struct str s);
/* Joined texts in w->scratch. */
struct str fact_join(struct fact_worker *w, struct str a, struct str b);

/* Of one event, whatever it is ---------------------------------------------- */

/* fact_session.c: what userIdentity says of its session. */
void fact_read_session(struct fact_worker *w);
/* fact_target.c: what the parameters name. */
void fact_read_targets(struct fact_worker *w);
void fact_read_named(struct fact_worker *w);
/* fact_beside.c: what a row that is no call names; that a machine has these
 * interfaces, that address or interface; the machine whose session calls
 * through an endpoint of its network. */
void fact_read_beside(struct fact_worker *w);
void fact_read_places(struct fact_worker *w, struct str instance,
		      const struct json *interfaces);
void fact_read_place(struct fact_worker *w, struct str instance,
		     struct str place);
void fact_read_endpoint(struct fact_worker *w);
/* fact_iam.c: any successful write of IAM's that names a principal. */
void fact_read_iam_write(struct fact_worker *w);
/* fact_service.c: any successful write that hands over a role. */
void fact_read_role_passed(struct fact_worker *w);

#endif /* TRAWL_FACT_PRIVATE_H */
