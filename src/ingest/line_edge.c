/* SPDX-License-Identifier: MIT */
/*
 * CloudFront's standard logs: fields set apart by tabs, named by the line
 * "#Fields:", or those of a distribution that nobody configured.
 */
#include "ingest/line_private.h"

#include "base/attr.h"
#include "base/percent.h"

static const char default_header[] =
	"#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) "
	"cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query "
	"cs(Cookie) x-edge-result-type x-edge-request-id x-host-header "
	"cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol "
	"ssl-cipher x-edge-response-result-type cs-protocol-version fle-status "
	"fle-encrypted-fields c-port time-to-first-byte "
	"x-edge-detailed-result-type sc-content-type sc-content-len "
	"sc-range-start sc-range-end";

enum {
	MOST_FIELDS = 128,
	LONGEST_NAME = 48,
	FEWEST_DEFAULT = 26, /* fields of the oldest lines with a protocol */
	ENCODED_TIMES = 2,   /* blanks of an agent were, once */
};

#define FIELDS_MARK STR("#Fields:")

/* The next name of a header; they are set apart by blanks or tabs. */
static bool next_name(struct str *rest, struct str *name)
{
	size_t end = 0;

	*rest = str_trim(*rest);
	if (!rest->n)
		return false;
	while (end < rest->n && rest->p[end] != ' ' && rest->p[end] != '\t')
		end++;
	*name = str_sub(*rest, 0, end);
	*rest = str_from(*rest, end);
	return true;
}

/* Names of the log's fields, which become keys. */
static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = str_lower(s.p[i]);

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' &&
		    c != '(' && c != ')')
			return false;
	}
	return s.n && s.n <= LONGEST_NAME;
}

bool line_is_edge_header(struct str line)
{
	bool edge = false, client = false;
	struct str rest, name;
	unsigned n = 0;

	if (!str_starts(line, FIELDS_MARK))
		return false;
	rest = str_from(line, FIELDS_MARK.n);
	while (next_name(&rest, &name)) {
		if (!is_name(name) || ++n > MOST_FIELDS)
			return false;
		edge |= str_eq(name, STR("x-edge-location"));
		client |= str_eq(name, STR("c-ip"));
	}
	return edge && client;
}

/* What a line has under a header's names. */
struct edge {
	struct str date, time, address, forwarded, stem, query, method, host,
		protocol, status, agent, referer, id;
};

static struct str *field_named(struct edge *e, struct str name)
{
	const struct {
		const char *name;
		struct str *at;
	} fields[] = {
		{ "date", &e->date },
		{ "time", &e->time },
		{ "c-ip", &e->address },
		{ "x-forwarded-for", &e->forwarded },
		{ "cs-uri-stem", &e->stem },
		{ "cs-uri-query", &e->query },
		{ "cs-method", &e->method },
		{ "x-host-header", &e->host },
		{ "cs-protocol-version", &e->protocol },
		{ "sc-status", &e->status },
		{ "cs(User-Agent)", &e->agent },
		{ "cs(Referer)", &e->referer },
		{ "x-edge-request-id", &e->id },
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (str_eq(name, str_of(fields[i].name)))
			return fields[i].at;
	return NULL;
}

/* The value of the next field; empty for "-". */
static bool next_value(struct str *rest, struct str *value)
{
	if (!str_next(rest, '\t', value))
		return false;
	if (str_eq(*value, STR("-")))
		*value = STR_NULL;
	return true;
}

/* False when the line has not so many fields as the header has names; of the
 * default ones the last may be missing, since there were fewer once. */
static bool take_fields(struct edge *e, struct str names, struct str values,
			bool named)
{
	struct str name, value, *at;
	unsigned n = 0;

	while (next_name(&names, &name)) {
		if (!next_value(&values, &value))
			return !named && n >= FEWEST_DEFAULT;
		at = field_named(e, name);
		if (at)
			*at = value;
		n++;
	}
	return !values.n;
}

/* "cs(User-Agent)" -> "cs-user-agent". */
static const char *key_of(struct line *l, struct str name)
{
	char *key = arena_zero(l->arena, name.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] != ')')
			key[n++] = name.p[i] == '(' ? '-' :
						      str_lower(name.p[i]);
	return key;
}

static void put_others(struct line *l, struct json_writer *w, struct str names,
		       struct str values)
{
	struct edge none;
	struct str name, value;

	while (next_name(&names, &name) && next_value(&values, &value))
		if (!field_named(&none, name) ||
		    str_eq(name, STR("x-host-header")))
			line_put(w, key_of(l, name), value);
}

bool line_edge(struct line *l, struct str header)
{
	bool named = str_starts(header, FIELDS_MARK);
	struct str names = named ? header : str_of(default_header), agent, when;
	struct edge e = { .date = STR_NULL };
	struct http_request request;
	struct json_writer w;
	int64_t t;

	if ((header.n && !named) ||
	    str_find_char(l->whole, '\t', 0) == SIZE_MAX)
		return false;
	names = str_from(names, FIELDS_MARK.n);
	if (!take_fields(&e, names, l->whole, named))
		return false;
	when = arena_join_all(l->arena,
			      (struct str[]){ e.date, STR("T"), e.time }, 3);
	t = e.date.n == 10 ? time_parse(when, NULL) : TIME_NONE;
	if (t == TIME_NONE || (e.status.n && !str_all_digits(e.status)))
		return false;
	request = (struct http_request){ e.method, STR_NULL, e.stem, e.query,
					 e.protocol };
	agent = percent_decode(l->arena, e.agent, ENCODED_TIMES);
	line_begin(l, &w, t, "cloudfront",
		   http_request_name(&request, l->arena), e.address);
	json_pair(&w, "userAgent", agent);
	line_put_error(&w, e.status);
	json_pair(&w, "requestID", e.id);
	json_pair(&w, "c-ip", e.address);
	line_put_request(l, &w, &request, e.status);
	json_pair(&w, "cs-referer", percent_decode(l->arena, e.referer, 1));
	json_pair(&w, "cs-user-agent", agent);
	json_pair(&w, "x-forwarded-for", e.forwarded);
	put_others(l, &w, names, l->whole);
	line_end(l, &w);
	return true;
}
