/* SPDX-License-Identifier: MIT */
/*
 * event.h - one record, taken out of its JSON
 *
 * An event is what ingest makes of a record, what rules and filters test and
 * what the store keeps as small integers. Its texts point into the record or
 * into the arena that it was extracted with, and live as long.
 *
 * Columns are the values that repeat over many events and are indexed. A
 * field of the wrong type counts as absent in a column (numbers and booleans
 * as their text); the record itself is shown and matched as it is.
 *
 * Layer: model. Threads: any.
 */
#ifndef TRAWL_EVENT_H
#define TRAWL_EVENT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

/* Name for code, CloudTrail's own path or what stands for it. */
#define EVENT_COLUMNS(X)                          \
	X(EVENT_NAME, "eventName")                \
	X(EVENT_SOURCE, "eventSource")            \
	X(EVENT_REGION, "awsRegion")              \
	X(EVENT_ACCOUNT, "recipientAccountId")    \
	X(EVENT_CALLER, "userIdentity.accountId") \
	X(EVENT_PRINCIPAL, "principal")           \
	X(EVENT_ACTOR, "actor")                   \
	X(EVENT_SESSION, "session")               \
	X(EVENT_IP, "sourceIPAddress")            \
	X(EVENT_AGENT, "userAgent")               \
	X(EVENT_KEY, "userIdentity.accessKeyId")  \
	X(EVENT_ERROR, "errorCode")

enum event_column {
#define X(name, path) name,
	EVENT_COLUMNS(X)
#undef X
		EVENT_COLUMN_COUNT
};

/*
 * What kind of row it is. The first two are calls, with a caller; what lies
 * beside them (an Insight, findings, access logs, flows) has addresses and
 * times and may name identities, but nobody acts in it: principal, actor,
 * session and key stay empty.
 */
#define EVENT_KINDS(X)                                                     \
	X(KIND_CLOUDTRAIL, "cloudtrail")                                   \
	X(KIND_NETWORK, "network")         /* through a VPC endpoint */    \
	X(KIND_INSIGHT, "insight")         /* of CloudTrail */             \
	X(KIND_GUARDDUTY, "guardduty")     /* a finding */                 \
	X(KIND_SECURITYHUB, "securityhub") /* a finding */                 \
	X(KIND_WEB, "web")                 /* a web server's access log */ \
	X(KIND_ELB, "elb")                 /* a load balancer's */         \
	X(KIND_S3_ACCESS, "s3access")      /* S3 server access */          \
	X(KIND_CLOUDFRONT, "cloudfront")   /* CloudFront's access log */   \
	X(KIND_WAF, "waf")                 /* requests judged by WAF */    \
	X(KIND_MYSQL, "mysql")             /* a database's audit */        \
	X(KIND_FLOW, "flow")               /* of a VPC */                  \
	X(KIND_CONFIG, "config")           /* what a resource was like */

enum event_kind {
#define X(name, text) name,
	EVENT_KINDS(X)
#undef X
		EVENT_KIND_COUNT,
	/* Of no log: what a case has beside them (casework/case_evidence.h).
	 * No row of a store is of this kind. */
	KIND_EVIDENCE = EVENT_KIND_COUNT
};

/* Is it a call that somebody made? */
static inline bool kind_is_call(unsigned kind)
{
	return kind <= KIND_NETWORK;
}

/* Is it CloudTrail's own? */
static inline bool kind_is_cloudtrail(unsigned kind)
{
	return kind <= KIND_INSIGHT;
}

/* Of rows that are no calls: is it told who it was? Of others whatever is named
 * was only met on the way, as the server that a request went to. */
static inline bool kind_tells_whom(unsigned kind)
{
	return kind == KIND_INSIGHT || kind == KIND_GUARDDUTY ||
	       kind == KIND_SECURITYHUB || kind == KIND_S3_ACCESS;
}

/* Does it tell of calls that are events of their own? */
static inline bool kind_tells_of_calls(unsigned kind)
{
	return kind == KIND_INSIGHT || kind == KIND_GUARDDUTY ||
	       kind == KIND_SECURITYHUB;
}

enum event_outcome {
	OUTCOME_OK,
	OUTCOME_DENIED, /* an access-denied code, or a failed sign-in */
	OUTCOME_FAILED, /* any other error */
};

enum event_flags {
	EVENT_OUTCOME_MASK = 3,           /* enum event_outcome */
	EVENT_READ = 1 << 2,              /* readOnly: true */
	EVENT_WRITE = 1 << 3,             /* readOnly: false */
	EVENT_DATA = 1 << 4,              /* a data event */
	EVENT_BY_SERVICE = 1 << 5,        /* a service called, or on behalf */
	EVENT_FROM_CONSOLE = 1 << 6,      /* sessionCredentialFromConsole */
	EVENT_ERROR_MESSAGE = 1 << 7,     /* errorMessage is there */
	EVENT_NO_TIME = 1 << 8,           /* eventTime missing or unreadable */
	EVENT_NO_ID = 1 << 9,             /* no eventID; id is the content's */
	EVENT_HAS_CONTROL = 1 << 10,      /* has:control */
	EVENT_HAS_BIDI = 1 << 11,         /* has:bidi */
	EVENT_HAS_NONASCII = 1 << 12,     /* has:nonascii */
	EVENT_HAS_TRUNCATED = 1 << 13,    /* something says "omitted": true, or
					   was nested too deep to keep */
	EVENT_THROUGH_ENDPOINT = 1 << 14, /* of a VPC: vpcEndpointId */
	EVENT_IMDS_V1 = 1 << 15,          /* ec2RoleDelivery 1.0 */
	EVENT_IMDS_V2 = 1 << 16,          /* and 2.0 */
	EVENT_IN_SCOPE = 1 << 17,         /* userIdentity.inScopeOf is there */
	EVENT_ON_BEHALF = 1 << 18,        /* userIdentity.onBehalfOf is */
	EVENT_MFA = 1 << 19,              /* mfaAuthenticated: true */
	EVENT_NO_MFA = 1 << 20,           /* mfaAuthenticated: false */
	EVENT_ASSUMED_ROOT = 1 << 21,     /* assumedRoot: true */
	EVENT_CARRIED = 1 << 22,          /* what lies in the file carries the
					     record: it has to be unwrapped */
	EVENT_PARTIAL = 1 << 23,          /* from a form that lacks something:
					     absent is not "was not" */
	EVENT_UPDATES = 1 << 27,          /* an addendum with what was missing:
					     id is the original's */
	EVENT_AMENDED = 1 << 28,          /* an event with its addenda, put
					     together (store/amendment.h) */
	EVENT_SEVERITY = 7 << 24,         /* of a finding: its level + 1 */
};

enum { EVENT_SEVERITY_SHIFT = 24 };

enum { EVENT_MORE_KEYS = 3 };

/* The members of a record that most is asked of. */
enum event_member {
	MEMBER_ADDENDUM,
	MEMBER_ADDITIONAL,
	MEMBER_ERROR_CODE,
	MEMBER_ERROR_MESSAGE,
	MEMBER_CATEGORY,
	MEMBER_ENDPOINT,
	MEMBER_ID,
	MEMBER_TIME,
	MEMBER_TYPE,
	MEMBER_VERSION,
	MEMBER_FROM_CONSOLE,
	MEMBER_MANAGEMENT,
	MEMBER_NAME,
	MEMBER_READ_ONLY,
	MEMBER_RECIPIENT,
	MEMBER_REGION,
	MEMBER_REQUEST,
	MEMBER_RESPONSE,
	MEMBER_SOURCE,
	MEMBER_ADDRESS,
	MEMBER_AGENT,
	MEMBER_IDENTITY,
	MEMBER_COUNT
};

/* Which of them a key names, or MEMBER_COUNT. */
enum event_member event_member_named(struct str key);

/* The first member of each name. */
struct event_members {
	const struct json *of[MEMBER_COUNT];
	/* There is no second one of a name, and no key of the record is empty
	 * or has a dot in it: what a path begins with is here or nowhere. */
	bool all;
};

struct event {
	struct str column[EVENT_COLUMN_COUNT]; /* empty when absent */
	struct str id;                         /* eventID, or empty; of an
						  addendum the original's */
	struct str raw_time;                   /* eventTime as written */
	int64_t time;                          /* ms, or TIME_NONE */
	uint32_t flags;                        /* enum event_flags */
	enum event_kind kind;
	struct str more_keys[EVENT_MORE_KEYS]; /* access keys that the record
						  issues or names */
	unsigned more_key_count;
	const struct json *record; /* all of it */
	struct event_members members;
};

/*
 * `record` is an object. `notes` are the scan's (enum json_note). Never
 * fails: what is not there stays empty.
 */
void event_extract(struct event *e, const struct json *record, unsigned notes,
		   struct arena *arena);

/*
 * Makes a row of another kind of an event that was extracted from such a
 * record: no caller, its account from accountId or account-id, an accessKeyId
 * that it names among more_keys, its severity.
 */
void event_of_kind(struct event *e, enum event_kind kind);

/* How many of the eight fields that mark a CloudTrail record an object has at
 * its top: none is something else, EVENT_CERTAIN_MARKS are one beyond doubt. */
enum { EVENT_CERTAIN_MARKS = 3 };
unsigned event_marks(const struct json *object);

const char *event_column_name(enum event_column c);
const char *event_kind_name(enum event_kind k);
const char *event_outcome_name(enum event_outcome o);

/* True for the codes that mean "you may not". */
bool event_is_denied_code(struct str error_code);

/* "Lambda's dated names": CreateFunction20150331 -> CreateFunction. */
struct str event_base_name(struct str event_name);
/* "iam.amazonaws.com" -> "iam". */
struct str event_service(struct str event_source);

#endif /* TRAWL_EVENT_H */
