/* SPDX-License-Identifier: MIT */
#include "casework/about.h"

#include "base/timefmt.h"
#include "model/arn.h"
#include "model/insight.h"
#include "query/print.h"

#define MINUTE_MS ((int64_t)60 * 1000)

static void add_term(struct strbuf *out, const char *field, struct str value)
{
	if (!value.n)
		return;
	if (out->n)
		strbuf_adds(out, " and ");
	query_term(out, str_of(field), value);
}

/* eventTime>="..." and eventTime<"..." */
static void add_times(struct strbuf *out, int64_t from, int64_t to)
{
	static const struct time_zone utc = TIME_ZONE_UTC;

	if (from == TIME_NONE || to == TIME_NONE)
		return;
	strbuf_adds(out, out->n ? " and eventTime>=\"" : "eventTime>=\"");
	time_format(out, from, TIME_ISO, &utc);
	strbuf_adds(out, "\" and eventTime<\"");
	time_format(out, to, TIME_ISO, &utc);
	strbuf_addc(out, '"');
}

/* Insights ----------------------------------------------------------------- */

/* An assumed role's ARN may have come without its session. */
static void add_identity(struct strbuf *out, struct str arn)
{
	struct str account, role, session;
	struct arn parts;

	if (arn_assumed_role(arn, &account, &role, &session) ||
	    !arn_parse(arn, &parts) ||
	    !str_starts(parts.resource, STR("assumed-role/")))
		query_term(out, STR("user"), arn);
	else
		query_term(out, STR("user"), arn_last_segment(parts.resource));
}

/* Those who called far more than before; all, when none stands out. */
static void add_identities(struct strbuf *out, const struct insight_values *v)
{
	bool any = false;
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		any |= insight_stands_out(&v->value[i]);
	for (size_t i = 0; i < v->n; i++) {
		if (any && !insight_stands_out(&v->value[i]))
			continue;
		strbuf_adds(out, n++ ? " or " : " and (");
		add_identity(out, v->value[i].text);
	}
	if (n)
		strbuf_addc(out, ')');
}

static bool about_insight(const struct event *e, struct strbuf *out)
{
	struct insight i;

	if (!insight_read(&i, e))
		return false;
	strbuf_adds(out, "kind:cloudtrail");
	add_term(out, "eventName", i.name);
	add_term(out, "eventSource", i.source);
	add_term(out, "awsRegion", e->column[EVENT_REGION]);
	add_term(out, "account", e->column[EVENT_ACCOUNT]);
	if (i.error.n)
		add_term(out, "errorCode", i.error);
	else if (i.errors)
		strbuf_adds(out, " and not outcome:ok");
	add_identities(out, &i.identities);
	add_times(out, i.from, i.to);
	return true;
}

/* Findings ------------------------------------------------------------------ */

/* Whoever it names: by the key, else by the machine's sessions, and the address
 * that it saw. */
static bool about_finding(const struct event *e, struct strbuf *out)
{
	struct str key = json_text_at(e->record, "about.accessKeyId");
	struct str instance = json_text_at(e->record, "about.instanceId");
	int64_t last = time_parse(json_text_at(e->record, "lastSeen"), NULL);

	strbuf_adds(out, "kind:cloudtrail");
	if (key.n) {
		add_term(out, "key", key);
	} else if (instance.n) {
		strbuf_adds(out, " and (");
		query_term(out, STR("user"), instance);
		strbuf_adds(out, " or ");
		query_term(out, STR("resource"), instance);
		strbuf_adds(out, ")");
	} else if (e->column[EVENT_IP].n) {
		add_term(out, "ip", e->column[EVENT_IP]);
	} else {
		return false;
	}
	if (e->time != TIME_NONE)
		add_times(out, e->time - MINUTE_MS,
			  (last == TIME_NONE || last < e->time ? e->time :
								 last) +
				  MINUTE_MS);
	return true;
}

/* Calls that stand for others ----------------------------------------------- */

/* What went through an endpoint is the call as its caller's account has it. */
static bool about_call(const struct event *e, struct strbuf *out)
{
	struct str shared = json_text_at(e->record, "sharedEventID");

	if (e->kind != KIND_NETWORK || !shared.n)
		return false;
	add_term(out, "sharedEventID", shared);
	strbuf_adds(out, " and kind:cloudtrail");
	return true;
}

bool about_filter(const struct event *e, struct strbuf *out)
{
	struct strbuf text;
	bool known;

	strbuf_init(&text);
	known = e->kind == KIND_INSIGHT ? about_insight(e, &text) :
		e->kind == KIND_GUARDDUTY || e->kind == KIND_SECURITYHUB ?
					  about_finding(e, &text) :
		kind_is_call(e->kind) ? about_call(e, &text) :
					false;
	if (known)
		strbuf_add(out, strbuf_str(&text));
	strbuf_release(&text);
	return known;
}
