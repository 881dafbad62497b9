/* SPDX-License-Identifier: MIT */
/* Access logs of web servers, load balancers and S3. */
#include "ingest/line_private.h"

#include "model/addr.h"

/* Web servers -------------------------------------------------------------- */

/* A list of addresses and nothing else. */
static bool is_forwarded(struct str s)
{
	struct str part;
	struct addr a;

	if (!s.n)
		return false;
	while (str_next(&s, ',', &part))
		if (!addr_parse(str_trim(part), &a) &&
		    !str_eq_fold(str_trim(part), STR("unknown")))
			return false;
	return true;
}

/* host - user [time] "request" status bytes "referer" "agent" "forwarded" */
bool line_web(struct line *l)
{
	struct str status, agent, forwarded = STR_NULL, remote;
	struct http_request request;
	struct json_writer w;
	unsigned at = 0;
	int64_t t;

	while (at < l->n && at < 8 && l->token[at].mark != '[')
		at++;
	if (at < 3 || at + 3 >= l->n || l->token[at].mark != '[' ||
	    l->token[at + 1].mark != '"')
		return false;
	t = line_time(l->token[at].text);
	status = l->token[at + 2].text;
	if (t == TIME_NONE || !line_is_status(status) ||
	    (l->token[at + 3].text.n != 1 &&
	     !str_all_digits(l->token[at + 3].text)))
		return false;
	request = http_request_split(l->token[at + 1].text);
	agent = line_text(l, at + 5);
	for (unsigned i = at + 6; i < l->n && !forwarded.n; i++)
		if (is_forwarded(line_text(l, i)))
			forwarded = line_text(l, i);
	/* A name before the address is a virtual host's; a user's name may
	 * have blanks in it. */
	remote =
		l->token[at == 4 && !str_eq(l->token[1].text, STR("-")) ? 1 : 0]
			.text;
	line_begin(l, &w, t, "web", http_request_name(&request, l->arena),
		   http_client(remote, forwarded));
	json_pair(&w, "userAgent", agent);
	line_put_error(&w, status);
	json_pair(&w, "c-ip", remote);
	json_pair(&w, "cs-username", line_text(l, at - 1));
	line_put_request(l, &w, &request, status);
	line_put(&w, "sc-bytes", line_text(l, at + 3));
	json_pair(&w, "cs-referer", line_text(l, at + 4));
	json_pair(&w, "cs-user-agent", agent);
	json_pair(&w, "x-forwarded-for", forwarded);
	line_end(l, &w);
	return true;
}

/* Load balancers ----------------------------------------------------------- */

static bool is_balancer_type(struct str s)
{
	return str_eq(s, STR("http")) || str_eq(s, STR("https")) ||
	       str_eq(s, STR("h2")) || str_eq(s, STR("grpcs")) ||
	       str_eq(s, STR("ws")) || str_eq(s, STR("wss"));
}

static void put_target(struct json_writer *w, struct str target)
{
	json_pair(w, "target", target);
	json_pair(w, "s-ip", target.n ? http_host(target) : STR_NULL);
}

/* [type] time elb client:port target:port 3 times, elb status, target status,
 * received, sent, "request" "agent" ...; a classic one has no type. */
bool line_elb(struct line *l)
{
	unsigned at = l->n && is_balancer_type(l->token[0].text) ? 1 : 0;
	struct http_request request;
	struct str status, agent;
	struct json_writer w;
	int64_t t;

	if (l->n < at + 12 || l->token[at + 11].mark != '"' ||
	    l->token[at].text.n < 20)
		return false;
	t = time_parse(l->token[at].text, NULL);
	status = line_text(l, at + 7);
	if (t == TIME_NONE || (status.n && !line_is_status(status)))
		return false;
	request = http_request_split(l->token[at + 11].text);
	agent = line_text(l, at + 12);
	line_begin(l, &w, t, "elb", http_request_name(&request, l->arena),
		   http_host(l->token[at + 2].text));
	json_pair(&w, "userAgent", agent);
	line_put_error(&w, status);
	if (at)
		json_pair(&w, "type", l->token[0].text);
	json_pair(&w, "elb", line_text(l, at + 1));
	json_pair(&w, "client", line_text(l, at + 2));
	json_pair(&w, "c-ip", http_host(l->token[at + 2].text));
	put_target(&w, line_text(l, at + 3));
	line_put(&w, "target_status_code", line_text(l, at + 8));
	line_put(&w, "cs-bytes", line_text(l, at + 9));
	line_put(&w, "sc-bytes", line_text(l, at + 10));
	line_put_request(l, &w, &request, status);
	json_pair(&w, "cs-user-agent", agent);
	if (at) {
		json_pair(&w, "target_group_arn", line_text(l, 16));
		json_pair(&w, "trace_id", line_text(l, 17));
		json_pair(&w, "domain_name", line_text(l, 18));
		json_pair(&w, "actions_executed", line_text(l, 22));
		json_pair(&w, "error_reason", line_text(l, 24));
	}
	line_end(l, &w);
	return true;
}

/* tls 2.0 time elb listener client:port target:port 2 times, received, sent */
bool line_nlb(struct line *l)
{
	struct json_writer w;
	int64_t t;

	if (l->n < 11 || !str_eq(l->token[0].text, STR("tls")))
		return false;
	t = time_parse(l->token[2].text, NULL);
	if (t == TIME_NONE)
		return false;
	line_begin(l, &w, t, "elb", STR("TLS connection"),
		   http_host(l->token[5].text));
	json_pair(&w, "type", l->token[0].text);
	json_pair(&w, "elb", line_text(l, 3));
	json_pair(&w, "client", line_text(l, 5));
	json_pair(&w, "c-ip", http_host(l->token[5].text));
	put_target(&w, line_text(l, 6));
	line_put(&w, "cs-bytes", line_text(l, 9));
	line_put(&w, "sc-bytes", line_text(l, 10));
	json_pair(&w, "domain_name", line_text(l, 17));
	line_end(l, &w);
	return true;
}

/* S3 ----------------------------------------------------------------------- */

/* owner bucket [time] address requester request_id operation key "request"
 * status error sent size 2 times "referer" "agent" version host_id ... */
bool line_s3(struct line *l)
{
	static const struct {
		const char *key;
		unsigned at;
	} texts[] = {
		{ "requester", 4 },    { "requestID", 5 },
		{ "operation", 6 },    { "objectKey", 7 },
		{ "bytes_sent", 11 },  { "object_size", 12 },
		{ "cs-referer", 15 },  { "version_id", 17 },
		{ "host_id", 18 },     { "signature", 19 },
		{ "auth_type", 21 },   { "cs-host", 22 },
		{ "tls_version", 23 },
	};
	struct str status, agent;
	struct json_writer w;
	int64_t t;

	if (l->n < 17 || l->token[2].mark != '[' || l->token[0].text.n < 12 ||
	    str_find_char(l->token[6].text, '.', 0) == SIZE_MAX)
		return false;
	t = line_time(l->token[2].text);
	status = line_text(l, 9);
	if (t == TIME_NONE || (status.n && !line_is_status(status)))
		return false;
	agent = line_text(l, 16);
	line_begin(l, &w, t, "s3access", l->token[6].text, line_text(l, 3));
	json_pair(&w, "userAgent", agent);
	if (line_text(l, 10).n)
		json_pair(&w, "errorCode", line_text(l, 10));
	else
		line_put_error(&w, status);
	json_pair(&w, "bucket", line_text(l, 1));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		line_put(&w, texts[i].key, line_text(l, texts[i].at));
	line_put(&w, "sc-status", status);
	json_pair(&w, "request-uri", line_text(l, 8));
	line_end(l, &w);
	return true;
}
