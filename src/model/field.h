/* SPDX-License-Identifier: MIT */
/*
 * field.h - the names that a filter can ask for
 *
 * One table: CloudTrail's own names, the short aliases, and what is derived
 * from the rest of the evidence. The filter language, its errors and hints,
 * `trawl values`, the manual and completion all read it. A name that is not
 * in it but begins with a field that CloudTrail records have at their top is
 * a path into the record.
 *
 * Layer: model. Threads: any; constant data.
 */
#ifndef TRAWL_FIELD_H
#define TRAWL_FIELD_H

#include <stdbool.h>

#include "base/str.h"
#include "model/event.h"

enum field_kind {
	FIELD_COLUMN,    /* the text of one column */
	FIELD_ACCOUNT,   /* either account */
	FIELD_SERVICE,   /* eventSource with or without .amazonaws.com */
	FIELD_USER,      /* the actor's names */
	FIELD_PRINCIPAL, /* text of a P: node */
	FIELD_SESSION,   /* text of an S: node */
	FIELD_KEY,       /* used, issued or named access key */
	FIELD_IP,        /* address, network or wildcard */
	FIELD_COUNTRY,   /* of the address: its texts are the store's */
	FIELD_ASN,       /* likewise */
	FIELD_AWS,       /* likewise */
	FIELD_RESOURCE,  /* any resource in resources or the request */
	FIELD_ID,        /* eventID */
	FIELD_TIME,      /* eventTime */
	FIELD_OUTCOME,   /* ok, denied, failed */
	FIELD_KIND,      /* kind of row */
	FIELD_HAS,       /* control, bidi, nonascii, truncated, partial,
			    service, amended */
	FIELD_READ_ONLY, /* readOnly */
	FIELD_LEVEL,     /* of an alert on the event */
	FIELD_RULE,      /* id or title of a rule that alerts on it */
	FIELD_TACTIC,
	FIELD_TECHNIQUE,
	FIELD_ALERT,       /* any alert at all */
	FIELD_STAR,        /* who starred the event in the case */
	FIELD_LABEL,       /* a label of the case */
	FIELD_NOTE,        /* text of a note of the case */
	FIELD_DISPOSITION, /* of the alerts on it, by the case */
	FIELD_ORIGIN,      /* whose it is in the end, or on the way there */
	FIELD_INCIDENT,    /* by the event that names it */
	FIELD_ANY,         /* a bare word: the whole record */
	FIELD_PATH,        /* a path into the record */
};

/* Name, kind, column (for FIELD_COLUMN), what it means, an example. */
#define FIELDS(X)                                                              \
	X("eventName", FIELD_COLUMN, EVENT_NAME, "the API call",               \
	  "eventName:StopLogging")                                             \
	X("event", FIELD_COLUMN, EVENT_NAME, "the same as eventName",          \
	  "event:Describe*")                                                   \
	X("eventSource", FIELD_COLUMN, EVENT_SOURCE,                           \
	  "the service that was called", "eventSource:iam.amazonaws.com")      \
	X("service", FIELD_SERVICE, EVENT_SOURCE,                              \
	  "eventSource, with or without .amazonaws.com",                       \
	  "service:(iam or sts)")                                              \
	X("awsRegion", FIELD_COLUMN, EVENT_REGION, "the region",               \
	  "awsRegion:us-west-2")                                               \
	X("region", FIELD_COLUMN, EVENT_REGION, "the same as awsRegion",       \
	  "region:eu-*")                                                       \
	X("recipientAccountId", FIELD_COLUMN, EVENT_ACCOUNT,                   \
	  "the account that received the event",                               \
	  "recipientAccountId:111122223333")                                   \
	X("account", FIELD_ACCOUNT, EVENT_ACCOUNT,                             \
	  "recipientAccountId, or the caller's account where it differs",      \
	  "account:111122223333")                                              \
	X("sourceIPAddress", FIELD_IP, EVENT_IP, "where the call came from",   \
	  "sourceIPAddress:203.0.113.66")                                      \
	X("ip", FIELD_IP, EVENT_IP,                                            \
	  "sourceIPAddress: an address, a network or a wildcard",              \
	  "ip:10.0.0.0/8")                                                     \
	X("country", FIELD_COUNTRY, EVENT_IP,                                  \
	  "where the address is, by the database of --geoip: two letters",     \
	  "country:JP")                                                        \
	X("asn", FIELD_ASN, EVENT_IP,                                          \
	  "the address' network by --geoip: number or whose it is",            \
	  "asn:AS64496")                                                       \
	X("aws", FIELD_AWS, EVENT_IP,                                          \
	  "AWS's range that the address is in, by --ip-ranges", "aws:ec2*")    \
	X("userAgent", FIELD_COLUMN, EVENT_AGENT, "the program that called",   \
	  "userAgent:/kali|parrot/i")                                          \
	X("ua", FIELD_COLUMN, EVENT_AGENT, "the same as userAgent",            \
	  "ua:*boto3*")                                                        \
	X("errorCode", FIELD_COLUMN, EVENT_ERROR,                              \
	  "why the call did not succeed", "errorCode:*")                       \
	X("error", FIELD_COLUMN, EVENT_ERROR, "the same as errorCode",         \
	  "error:*Denied*")                                                    \
	X("eventTime", FIELD_TIME, EVENT_NAME,                                 \
	  "when the request was completed", "eventTime>=\"2026-01-09 21:40\"") \
	X("eventID", FIELD_ID, EVENT_NAME, "the event's own id",               \
	  "eventID:5e2d8a14-0000-4000-8000-000000000001")                      \
	X("readOnly", FIELD_READ_ONLY, EVENT_NAME,                             \
	  "true for calls that change nothing", "readOnly:false")              \
	X("user", FIELD_USER, EVENT_ACTOR,                                     \
	  "the actor: user, role or session name, or ARN", "user:ci-*")        \
	X("principal", FIELD_PRINCIPAL, EVENT_PRINCIPAL,                       \
	  "the canonical identity, as in node ids P:",                         \
	  "principal:*role/Admin")                                             \
	X("actor", FIELD_COLUMN, EVENT_ACTOR,                                  \
	  "what alerts fold on: a user, or a role's sessions of one name",     \
	  "actor:*assumed-role/Admin/alice")                                   \
	X("session", FIELD_SESSION, EVENT_SESSION,                             \
	  "one set of temporary credentials, as in node ids S:",               \
	  "session:AROA*")                                                     \
	X("key", FIELD_KEY, EVENT_KEY,                                         \
	  "an access key that was used, issued or named", "key:ASIA*")         \
	X("resource", FIELD_RESOURCE, EVENT_NAME,                              \
	  "a resource's ARN or name, from resources or the request",           \
	  "resource:*AdministratorAccess")                                     \
	X("outcome", FIELD_OUTCOME, EVENT_NAME, "ok, denied or failed",        \
	  "outcome:denied")                                                    \
	X("kind", FIELD_KIND, EVENT_NAME,                                      \
	  "kind of row: cloudtrail, web, flow, ..., evidence", "kind:web")     \
	X("has", FIELD_HAS, EVENT_NAME,                                        \
	  "control, bidi, nonascii or truncated content, partial records, "    \
	  "calls by a service or on its behalf, events with an addendum",      \
	  "has:control")                                                       \
	X("level", FIELD_LEVEL, EVENT_NAME, "level of an alert on the event",  \
	  "level>=high")                                                       \
	X("rule", FIELD_RULE, EVENT_NAME,                                      \
	  "id or title of a rule that alerts on the event",                    \
	  "rule:\"CloudTrail logging*\"")                                      \
	X("tactic", FIELD_TACTIC, EVENT_NAME,                                  \
	  "ATT&CK tactic of an alert on the event", "tactic:persistence")      \
	X("technique", FIELD_TECHNIQUE, EVENT_NAME,                            \
	  "ATT&CK technique, with its sub-techniques", "technique:T1098")      \
	X("alert", FIELD_ALERT, EVENT_NAME, "* for events with any alert",     \
	  "alert:*")                                                           \
	X("origin", FIELD_ORIGIN, EVENT_NAME,                                  \
	  "all that came of an identity, machine or key: its name, ARN or "    \
	  "node id, or an event whose origin it is",                           \
	  "origin:ci-deploy")                                                  \
	X("incident", FIELD_INCIDENT, EVENT_NAME,                              \
	  "all that an incident's identities did: its id, or any event of it", \
	  "incident:*")                                                        \
	X("star", FIELD_STAR, EVENT_NAME,                                      \
	  "who starred the event in the case; * for any star", "star:*")       \
	X("label", FIELD_LABEL, EVENT_NAME, "a label that the case gives it",  \
	  "label:exfil*")                                                      \
	X("note", FIELD_NOTE, EVENT_NAME, "text of a note of the case",        \
	  "note:*password*")                                                   \
	X("disposition", FIELD_DISPOSITION, EVENT_NAME,                        \
	  "what the case says of an alert on the event, new when nothing",     \
	  "disposition:new")

struct field {
	const char *name;
	enum field_kind kind;
	enum event_column column;
	const char *help;
	const char *example;
};

/* Ends with an entry whose name is NULL. */
extern const struct field fields[];

/* The entry of that name (case is ignored), or NULL. */
const struct field *field_find(struct str name);

/* True when the first part of a path is a field that records have. */
bool field_is_record_path(struct str path);

/* The known name nearest to a mistyped one, or NULL when none is near. */
const char *field_nearest(struct str name);

#endif /* TRAWL_FIELD_H */
