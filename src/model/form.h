/* SPDX-License-Identifier: MIT */
/*
 * form.h - the forms that records come in
 *
 * A record as CloudTrail writes it, one that something else carries whole, or
 * one that an export has taken apart. The last kind lacks something: which
 * fields is said here, so that nobody takes "not in the export" for "was not".
 *
 * Layer: model. Threads: any.
 */
#ifndef TRAWL_FORM_H
#define TRAWL_FORM_H

#include "model/event.h"

/* Constant, name, and what it lacks (NULL: nothing). */
#define FORMS(X)                                                             \
	X(FORM_RECORD, "CloudTrail record", NULL)                            \
	X(FORM_LOOKUP, "lookup-events", NULL)                                \
	X(FORM_LOOKUP_BARE, "lookup-events without records",                 \
	  "the record: there is who by name and key, which call and when")   \
	X(FORM_LOG_EVENT, "CloudWatch Logs events", NULL)                    \
	X(FORM_LOG_DATA, "CloudWatch Logs subscription data", NULL)          \
	X(FORM_LOG_QUERY, "CloudWatch Logs Insights results", NULL)          \
	X(FORM_EVENTBRIDGE, "EventBridge events", NULL)                      \
	X(FORM_SNS, "SNS messages", NULL)                                    \
	X(FORM_SQS, "SQS messages", NULL)                                    \
	X(FORM_STREAM, "Kinesis or Firehose records", NULL)                  \
	X(FORM_SEARCH_HIT, "Elasticsearch or OpenSearch documents", NULL)    \
	X(FORM_ECS, "Elastic Common Schema without the original",            \
	  "what the schema has no place for, and the types of requests and " \
	  "responses where only their text was kept")                        \
	X(FORM_SPLUNK, "Splunk results", NULL)                               \
	X(FORM_OCSF, "OCSF",                                                 \
	  "what the schema has no place for: the event's category, shared "  \
	  "id, TLS details and additional data unless they were kept aside") \
	X(FORM_LAKE, "CloudTrail Lake records", NULL)                        \
	X(FORM_COLUMNS, "rows of chosen columns",                            \
	  "every column that was not chosen, and the types of those that "   \
	  "were")                                                            \
	/* What is no call: rows of a kind of their own. */                  \
	X(FORM_WEB, "access log of a web server", NULL)                      \
	X(FORM_ELB, "access log of a load balancer", NULL)                   \
	X(FORM_S3_ACCESS, "S3 server access log", NULL)                      \
	X(FORM_CLOUDFRONT, "CloudFront standard log", NULL)                  \
	X(FORM_WAF, "AWS WAF log", NULL)                                     \
	X(FORM_MYSQL, "audit log of a MySQL database", NULL)                 \
	X(FORM_FLOW, "VPC flow log", NULL)                                   \
	X(FORM_GUARDDUTY, "GuardDuty finding", NULL)                         \
	X(FORM_SECURITY_HUB, "Security Hub finding", NULL)                   \
	X(FORM_CONFIG, "configuration item of AWS Config", NULL)

enum form {
#define X(name, text, lacks) name,
	FORMS(X)
#undef X
		FORM_COUNT
};

const char *form_name(enum form f);
/* What its rows are; KIND_CLOUDTRAIL where the records themselves say. */
enum event_kind form_kind(enum form f);
/* What records of this form lack, for a reader; NULL: nothing. */
const char *form_lacks(enum form f);

#endif /* TRAWL_FORM_H */
