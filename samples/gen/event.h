/* SPDX-License-Identifier: MIT */
/*
 * event.h - one call, written as a CloudTrail record
 *
 * A call is known by "service:EventName". Its shape (what the service puts
 * into requestParameters and so on) comes from the catalogue (calls.h) or
 * from the event itself; reads that are in neither have no parameters. The
 * rest of the record follows from who calls, when and where.
 */
#ifndef SAMPLEGEN_EVENT_H
#define SAMPLEGEN_EVENT_H

#include <stdint.h>

#include "base/strbuf.h"
#include "gen/ids.h"
#include "gen/rng.h"
#include "gen/session.h"

enum {
	CALL_READ = 1 << 0,   /* readOnly though its name does not say so */
	CALL_GLOBAL = 1 << 1, /* recorded in us-east-1 */
	CALL_DATA = 1 << 2,   /* a data event */
	CALL_OBJECT = 1 << 3, /* names an S3 object: ${bucket} and ${key} */
	CALL_SIGNIN = 1 << 4, /* AwsConsoleSignIn */
	CALL_WRITE = 1 << 5,  /* not readOnly though it sounds like it */
};

/* Templates of fill.h; NULL is null in a record, or an absent member. */
struct call {
	const char *name; /* "iam:CreateUser" */
	unsigned flags;
	const char *request;
	const char *response;
	const char *additional; /* additionalEventData */
	const char *resources;
	const char *details; /* serviceEventDetails */
};

struct event {
	int64_t time;
	struct session *by;
	const char *call;
	const char *args;    /* for the templates */
	const char *outcome; /* NULL: fine; "denied"; "CODE: message" */
	const char *region;
	const char *account;      /* whose trail; NULL: the caller's */
	const char *ip, *agent;   /* NULL: the session's */
	const char *shared_id;    /* NULL: none */
	const struct call *shape; /* NULL: the catalogue's */
	/* Filled in by event_write when they are empty. */
	char id[UUID_SIZE];
	char request_id[UUID_SIZE];
};

/* Adds the record, without a line end. */
void event_write(struct strbuf *out, struct event *e, struct rng *r);

/* Where it is recorded: the event's region, or us-east-1. */
const char *event_region(const struct event *e);
const char *event_account(const struct event *e);

#endif /* SAMPLEGEN_EVENT_H */
