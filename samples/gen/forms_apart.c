/* SPDX-License-Identifier: MIT */
/* What takes records apart: tables, and the schemas of others. */
#include "gen/forms.h"

#include <stdio.h>

#include "base/attr.h"
#include "base/timefmt.h"
#include "ingest/draft.h"

/* Tables ------------------------------------------------------------------- */

/* The console's event history: no session, no caller but a name and a key. */
static void console_csv(struct strbuf *out, const struct forms_events *e)
{
	static const struct {
		const char *title, *path;
	} columns[] = {
		{ "Event name", "eventName" },
		{ "Event time", "eventTime" },
		{ "User name", "userIdentity.userName" },
		{ "Event source", "eventSource" },
		{ "AWS access key", "userIdentity.accessKeyId" },
		{ "Source IP address", "sourceIPAddress" },
		{ "AWS region", "awsRegion" },
		{ "Error code", "errorCode" },
		{ "Event ID", "eventID" },
		{ "Read-only", "readOnly" },
	};

	for (size_t c = 0; c < ARRAY_SIZE(columns); c++)
		strbuf_addf(out, "%s%s", c ? "," : "", columns[c].title);
	strbuf_addc(out, '\n');
	for (size_t i = 0; i < FORMS_EVENTS; i++) {
		for (size_t c = 0; c < ARRAY_SIZE(columns); c++) {
			strbuf_adds(out, c ? "," : "");
			forms_add_cell(out, json_text_at(e->event[i].v,
							 columns[c].path));
		}
		strbuf_addc(out, '\n');
	}
}

static void add_lower(struct strbuf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		strbuf_addc(out, str_lower(text.p[i]));
}

/* As Presto prints structures: {type=IAMUser, arn=...}, without quotes. The
 * samples' own records are not deep. */
static void add_structure(struct strbuf *out, const struct json *v)
{
	bool object = v->kind == JSON_OBJECT;

	if (v->kind == JSON_NULL) {
		strbuf_adds(out, "null");
		return;
	}
	if (!object && v->kind != JSON_ARRAY) {
		strbuf_add(out, v->text);
		return;
	}
	strbuf_addc(out, object ? '{' : '[');
	for (const struct json *m = v->child; m; m = m->next) {
		strbuf_adds(out, m == v->child ? "" : ", ");
		if (object) {
			add_lower(out, m->key);
			strbuf_addc(out, '=');
		}
		add_structure(out, m);
	}
	strbuf_addc(out, object ? '}' : ']');
}

/* A caller's structure has all members that the table's definition names. */
static void add_caller(struct strbuf *out, const struct json *v)
{
	struct strbuf text;

	strbuf_init(&text);
	add_structure(&text, v);
	if (!json_member(v, STR("invokedBy"))) {
		strbuf_adds(out, "{invokedby=null, ");
		strbuf_add(out, str_from(strbuf_str(&text), 1));
	} else {
		strbuf_add(out, strbuf_str(&text));
	}
	strbuf_release(&text);
}

/* What a cell of Athena's table holds. */
static void add_value(struct strbuf *out, struct str name, const struct json *v)
{
	if (str_eq(name, STR("userIdentity")))
		add_caller(out, v);
	else if (str_eq(name, STR("resources")))
		add_structure(out, v);
	else if (json_is_scalar(v))
		strbuf_add(out, v->text);
	else
		json_print(out, v);
}

static void athena_csv(struct strbuf *out, const struct forms_events *e)
{
	static const char *const names[] = {
		"eventVersion",
		"userIdentity",
		"eventTime",
		"eventSource",
		"eventName",
		"awsRegion",
		"sourceIPAddress",
		"userAgent",
		"errorCode",
		"errorMessage",
		"requestParameters",
		"responseElements",
		"additionalEventData",
		"requestID",
		"eventID",
		"readOnly",
		"resources",
		"eventType",
		"managementEvent",
		"recipientAccountId",
		"eventCategory",
		"sessionCredentialFromConsole",
	};
	struct strbuf cell;

	strbuf_init(&cell);
	for (size_t c = 0; c < ARRAY_SIZE(names); c++) {
		strbuf_adds(out, c ? "," : "");
		add_lower(out, str_of(names[c]));
	}
	strbuf_addc(out, '\n');
	for (size_t i = 0; i < FORMS_EVENTS; i++) {
		for (size_t c = 0; c < ARRAY_SIZE(names); c++) {
			const struct json *v = json_member(e->event[i].v,
							   str_of(names[c]));

			strbuf_adds(out, c ? "," : "");
			if (!v || v->kind == JSON_NULL)
				continue;
			strbuf_clear(&cell);
			add_value(&cell, str_of(names[c]), v);
			forms_add_cell(out, strbuf_str(&cell));
		}
		strbuf_addc(out, '\n');
	}
	strbuf_release(&cell);
}

/* Athena's rows as JSON, as converters of Parquet write them. */
static void rows(struct strbuf *out, const struct forms_events *e)
{
	for (size_t i = 0; i < FORMS_EVENTS; i++) {
		const struct json *first = e->event[i].v->child;

		for (const struct json *m = first; m; m = m->next) {
			strbuf_adds(out, m == first ? "{\"" : ",\"");
			add_lower(out, m->key);
			strbuf_adds(out, "\":");
			json_print(out, m);
		}
		strbuf_adds(out, "}\n");
	}
}

/* Logstash takes eventTime away. */
static void logstash(struct strbuf *out, const struct forms_events *e)
{
	for (size_t i = 0; i < FORMS_EVENTS; i++) {
		strbuf_adds(out, "{\"@version\":\"1\"");
		for (const struct json *m = e->event[i].v->child; m;
		     m = m->next) {
			bool time = str_eq(m->key, STR("eventTime"));

			strbuf_addc(out, ',');
			forms_add_string(out,
					 time ? STR("@timestamp") : m->key);
			strbuf_addc(out, ':');
			json_print(out, m);
		}
		strbuf_adds(out, "}\n");
	}
}

/* Schemas ------------------------------------------------------------------ */

struct move {
	const char *from, *to;
};

static void put_moves(struct draft *d, const struct json *v,
		      const struct move *move, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct json *m = json_at(v, move[i].from);

		if (m && m->kind != JSON_NULL)
			draft_value(d, move[i].to, m);
	}
}

static void put_number(struct draft *d, const char *path, int64_t n)
{
	struct err err;
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	draft_value(d, path,
		    json_read(d->arena, arena_dup(d->arena, str_of(text)),
			      &err));
}

/* OCSF as Security Lake maps it; the response's data as a text. */
static void ocsf(struct strbuf *out, const struct forms_events *e)
{
	static const struct move moves[] = {
		{ "eventID", "metadata.uid" },
		{ "eventVersion", "metadata.product.version" },
		{ "eventCategory", "metadata.product.feature.name" },
		{ "eventType", "metadata.event_code" },
		{ "eventName", "api.operation" },
		{ "eventSource", "api.service.name" },
		{ "requestID", "api.request.uid" },
		{ "requestParameters", "api.request.data" },
		{ "errorCode", "api.response.error" },
		{ "errorMessage", "api.response.message" },
		{ "awsRegion", "cloud.region" },
		{ "userAgent", "http_request.user_agent" },
		{ "userIdentity.type", "actor.user.type" },
		{ "userIdentity.arn", "actor.user.uid" },
		{ "userIdentity.principalId", "actor.user.uid_alt" },
		{ "userIdentity.userName", "actor.user.name" },
		{ "userIdentity.accessKeyId", "actor.user.credential_uid" },
		{ "userIdentity.accountId", "actor.user.account.uid" },
		{ "userIdentity.sessionContext.attributes.creationDate",
		  "actor.session.created_time_dt" },
		{ "userIdentity.sessionContext.sessionIssuer.arn",
		  "actor.session.issuer" },
		{ "userIdentity.invokedBy", "actor.invoked_by" },
		{ "readOnly", "unmapped.readOnly" },
		{ "managementEvent", "unmapped.managementEvent" },
		{ "recipientAccountId", "unmapped.recipientAccountId" },
		{ "sharedEventID", "unmapped.sharedEventID" },
		{ "sessionCredentialFromConsole",
		  "unmapped.sessionCredentialFromConsole" },
		{ "additionalEventData", "unmapped.additionalEventData" },
		{ "userIdentity.sessionContext",
		  "unmapped.userIdentity.sessionContext" },
	};

	for (size_t i = 0; i < FORMS_EVENTS; i++) {
		const struct json *v = e->event[i].v, *response;
		struct str address = json_text_at(v, "sourceIPAddress");
		struct strbuf text;
		struct draft d;

		draft_init(&d, e->arena);
		put_number(&d, "class_uid", 3005);
		put_number(&d, "time",
			   time_parse(json_text_at(v, "eventTime"), NULL));
		draft_text(&d, "metadata.product.name", STR("CloudTrail"));
		put_moves(&d, v, moves, ARRAY_SIZE(moves));
		draft_text(&d,
			   address.n && address.p[0] >= '0' &&
					   address.p[0] <= '9' ?
				   "src_endpoint.ip" :
				   "src_endpoint.domain",
			   address);
		response = json_member(v, STR("responseElements"));
		strbuf_init(&text);
		if (response && response->kind != JSON_NULL) {
			json_print(&text, response);
			draft_text(&d, "api.response.data",
				   arena_dup(e->arena, strbuf_str(&text)));
		}
		strbuf_release(&text);
		draft_print(&d, out);
		strbuf_addc(out, '\n');
	}
}

/* Elastic Common Schema, without the original. */
static void ecs(struct strbuf *out, const struct forms_events *e)
{
#define CT "_source.aws.cloudtrail."
	static const struct move moves[] = {
		{ "eventTime", "_source.@timestamp" },
		{ "eventID", "_source.event.id" },
		{ "eventName", "_source.event.action" },
		{ "eventSource", "_source.event.provider" },
		{ "userIdentity.principalId", "_source.user.id" },
		{ "userIdentity.userName", "_source.user.name" },
		{ "awsRegion", "_source.cloud.region" },
		{ "userIdentity.accountId", "_source.cloud.account.id" },
		{ "sourceIPAddress", "_source.source.address" },
		{ "userAgent", "_source.user_agent.original" },
		{ "eventVersion", CT "event_version" },
		{ "eventType", CT "event_type" },
		{ "eventCategory", CT "event_category" },
		{ "errorCode", CT "error_code" },
		{ "errorMessage", CT "error_message" },
		{ "requestID", CT "request_id" },
		{ "readOnly", CT "read_only" },
		{ "managementEvent", CT "management_event" },
		{ "recipientAccountId", CT "recipient_account_id" },
		{ "requestParameters", CT "flattened.request_parameters" },
		{ "responseElements", CT "flattened.response_elements" },
		{ "additionalEventData", CT "flattened.additional_eventdata" },
		{ "userIdentity.type", CT "user_identity.type" },
		{ "userIdentity.arn", CT "user_identity.arn" },
		{ "userIdentity.accessKeyId",
		  CT "user_identity.access_key_id" },
		{ "userIdentity.invokedBy", CT "user_identity.invoked_by" },
		{ "userIdentity.sessionContext.attributes.mfaAuthenticated",
		  CT "user_identity.session_context.mfa_authenticated" },
		{ "userIdentity.sessionContext.attributes.creationDate",
		  CT "user_identity.session_context.creation_date" },
		{ "userIdentity.sessionContext.sessionIssuer.type",
		  CT "user_identity.session_context.session_issuer.type" },
		{ "userIdentity.sessionContext.sessionIssuer.arn",
		  CT "user_identity.session_context.session_issuer.arn" },
		{ "userIdentity.sessionContext.sessionIssuer.principalId",
		  CT "user_identity.session_context.session_issuer."
		     "principal_id" },
		{ "userIdentity.sessionContext.sessionIssuer.accountId",
		  CT "user_identity.session_context.session_issuer."
		     "account_id" },
	};
#undef CT

	for (size_t i = 0; i < FORMS_EVENTS; i++) {
		struct draft d;

		draft_init(&d, e->arena);
		put_moves(&d, e->event[i].v, moves, ARRAY_SIZE(moves));
		draft_print(&d, out);
		strbuf_addc(out, '\n');
	}
}

const struct forms_file forms_apart[] = {
	{ "F06-event-history.csv", console_csv, false },
	{ "F08-athena.csv", athena_csv, false },
	{ "F08-rows.jsonl", rows, false },
	{ "F14-ecs.jsonl", ecs, false },
	{ "F14-logstash.jsonl", logstash, false },
	{ "F16-ocsf.jsonl", ocsf, false },
	{ .name = NULL },
};
