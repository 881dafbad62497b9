/* SPDX-License-Identifier: MIT */
/*
 * Requests that AWS WAF looked at, as records: who asked what and what became
 * of it, by the names that access logs have for these, and WAF's own.
 */
#include "ingest/http_request.h"
#include "ingest/unwrap_private.h"

#include "base/attr.h"
#include "model/arn.h"

enum { MOST_HEADERS = 256 };

/* The value of a header of the request, of any case. */
static struct str header_of(const struct json *request, struct str name)
{
	const struct json *list = json_member(request, STR("headers")), *h;
	int n = 0;

	if (!list || list->kind != JSON_ARRAY)
		return STR_NULL;
	for (h = list->child; h && n < MOST_HEADERS; h = h->next, n++)
		if (str_eq_fold(string_of(h, STR("name")), name))
			return string_of(h, STR("value"));
	return STR_NULL;
}

static void put_request(struct draft *d, const struct json *request)
{
	struct http_request r = {
		.method = string_of(request, STR("httpMethod")),
		.host = header_of(request, STR("Host")),
		.stem = string_of(request, STR("uri")),
		.query = string_of(request, STR("args")),
		.protocol = string_of(request, STR("httpVersion")),
	};
	struct str client = string_of(request, STR("clientIp"));
	struct str forwarded = header_of(request, STR("X-Forwarded-For"));
	struct str agent = header_of(request, STR("User-Agent"));
	const char *metadata = http_metadata(&r, d->arena);

	draft_text(d, "eventName", http_request_name(&r, d->arena));
	draft_text(d, "sourceIPAddress", http_client(client, forwarded));
	draft_text(d, "userAgent", agent);
	draft_text(d, "requestID", string_of(request, STR("requestId")));
	draft_text(d, "c-ip", client);
	draft_text(d, "cs-method", r.method);
	draft_text(d, "cs-host", r.host);
	draft_text(d, "cs-uri-stem", r.stem);
	draft_text(d, "cs-uri-query", r.query);
	draft_text(d, "cs-version", r.protocol);
	draft_text(d, "cs-referer", header_of(request, STR("Referer")));
	draft_text(d, "cs-user-agent", agent);
	draft_text(d, "x-forwarded-for", forwarded);
	if (metadata)
		draft_text(d, "metadataAddress", str_of(metadata));
}

bool form_waf(struct unwrapper *u, const struct json *v)
{
	static const char *const own[] = {
		"action",         "terminatingRuleId", "terminatingRuleType",
		"httpSourceName", "httpSourceId",      "webaclId",
		"labels",         "httpRequest",
	};
	const struct json *request = json_member(v, STR("httpRequest"));
	struct str action = string_of(v, STR("action"));
	struct arn arn;
	struct draft d;

	if (v->kind != JSON_OBJECT || !request ||
	    request->kind != JSON_OBJECT || !action.n ||
	    !string_of(v, STR("webaclId")).n ||
	    !json_member(v, STR("terminatingRuleId")))
		return false;
	draft_init(&d, unwrap_arena(u));
	draft_time(&d, "eventTime", json_text_at(v, "timestamp"));
	draft_text(&d, "eventSource", STR("waf"));
	if (arn_parse(string_of(v, STR("webaclId")), &arn)) {
		draft_text(&d, "awsRegion", arn.region);
		draft_text(&d, "accountId", arn.account);
	}
	put_request(&d, request);
	if (!str_eq(action, STR("ALLOW")) && !str_eq(action, STR("COUNT")))
		draft_text(&d, "errorCode", action);
	draft_text(&d, "sc-status", json_text_at(v, "responseCodeSent"));
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		draft_value(&d, own[i], json_member(v, str_of(own[i])));
	unwrap_draft(u, &d, FORM_WAF);
	return true;
}
