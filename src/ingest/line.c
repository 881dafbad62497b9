/* SPDX-License-Identifier: MIT */
#include "ingest/line_private.h"

#include "base/attr.h"
#include "model/imds.h"

enum {
	LONGEST_NAME = 120, /* bytes of a path that name a request */
	LONGEST_NUMBER = 15,
	LONGEST_ADDRESS = 64,
};

/* Tokens ------------------------------------------------------------------- */

/* Where a quoted text ends: at a quote before a blank or the end, unless a
 * backslash stands before it. Some logs do not escape quotes inside. */
static size_t quote_end(struct str s, size_t from)
{
	for (size_t i = from; i < s.n; i++) {
		if (s.p[i] == '\\') {
			i++;
			continue;
		}
		if (s.p[i] == '"' && (i + 1 == s.n || s.p[i + 1] == ' '))
			return i;
	}
	return SIZE_MAX;
}

/* "[2001:db8::1]:443": nothing in brackets, but an address. */
static bool is_address(struct str s)
{
	size_t end = str_find_char(str_sub(s, 0, LONGEST_ADDRESS), ']', 0);

	return end != SIZE_MAX && end + 1 < s.n && s.p[end + 1] == ':';
}

/* False when a quote or bracket does not end. What is beyond LINE_TOKENS is
 * not looked at: no log has so much. */
static bool take_tokens(struct line *l, struct str line)
{
	size_t at = 0;

	l->n = 0;
	while (l->n < LINE_TOKENS) {
		struct line_token *t = &l->token[l->n];
		size_t from, end;

		while (at < line.n && line.p[at] == ' ')
			at++;
		if (at == line.n)
			break;
		*t = (struct line_token){ .mark = line.p[at] };
		if (t->mark != '"' &&
		    (t->mark != '[' || is_address(str_from(line, at)))) {
			t->mark = '\0';
			from = at;
			end = str_find_char(line, ' ', from);
			if (end == SIZE_MAX)
				end = line.n;
			at = end;
		} else {
			from = at + 1;
			end = t->mark == '"' ? quote_end(line, from) :
					       str_find_char(line, ']', from);
			if (end == SIZE_MAX)
				return false;
			at = end + 1;
		}
		t->text = str_sub(line, from, end);
		l->n++;
	}
	return true;
}

/* What lines say ----------------------------------------------------------- */

static bool two_digits(struct str s, size_t at, int *out)
{
	if (at + 2 > s.n || s.p[at] < '0' || s.p[at] > '9' ||
	    s.p[at + 1] < '0' || s.p[at + 1] > '9')
		return false;
	*out = (s.p[at] - '0') * 10 + (s.p[at + 1] - '0');
	return true;
}

int64_t line_time(struct str s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	/* 2020-10-10T15:06:31+09:00, which has all the checks. */
	char iso[] = "2020-10-10T15:06:31+09:00";
	int day;

	if (s.n != 26 || s.p[2] != '/' || s.p[6] != '/' || s.p[11] != ':' ||
	    s.p[20] != ' ' || !two_digits(s, 0, &day))
		return TIME_NONE;
	for (int m = 0; m < 12; m++) {
		if (memcmp(s.p + 3, months + (size_t)m * 3, 3) != 0)
			continue;
		memcpy(iso, s.p + 7, 4);
		iso[5] = (char)('0' + (m + 1) / 10);
		iso[6] = (char)('0' + (m + 1) % 10);
		memcpy(iso + 8, s.p, 2);
		memcpy(iso + 11, s.p + 12, 8);
		memcpy(iso + 19, s.p + 21, 3);
		memcpy(iso + 23, s.p + 24, 2);
		return time_parse(str_of(iso), NULL);
	}
	return TIME_NONE;
}

struct str line_host(struct str text)
{
	size_t colon = str_find_last(text, ':');

	if (text.n && text.p[0] == '[')
		return str_sub(text, 1, str_find_char(text, ']', 0));
	return colon == SIZE_MAX ? text : str_sub(text, 0, colon);
}

bool line_is_status(struct str s)
{
	return s.n == 3 && str_all_digits(s);
}

/* Writing ------------------------------------------------------------------ */

void line_begin(struct line *l, struct json_writer *w, int64_t time,
		const char *source, struct str name, struct str address)
{
	strbuf_clear(l->out);
	json_writer_init(w, l->out);
	json_begin_object(w);
	json_pair_time(w, "eventTime", time);
	json_pair(w, "eventSource", str_of(source));
	json_pair(w, "eventName", name);
	json_pair(w, "sourceIPAddress", address);
}

void line_put(struct json_writer *w, const char *key, struct str text)
{
	if (!text.n)
		return;
	json_key(w, key);
	if (text.n <= LONGEST_NUMBER && str_all_digits(text) &&
	    (text.p[0] != '0' || text.n == 1))
		json_raw(w, text);
	else
		json_string(w, text);
}

/* "GET /a?b HTTP/1.1"; a load balancer writes the whole address of the page.
 * What is no request is all URI. */
struct request {
	struct str method, host, stem, query, protocol;
};

static struct request split_request(struct str s)
{
	struct request r = { .stem = STR_NULL };
	size_t first = str_find_char(s, ' ', 0), last = str_find_last(s, ' ');
	struct str uri = s;
	size_t at;

	if (first != SIZE_MAX && last > first &&
	    str_starts(str_from(s, last + 1), STR("HTTP/"))) {
		r.method = str_sub(s, 0, first);
		uri = str_sub(s, first + 1, last);
		r.protocol = str_from(s, last + 1);
	}
	at = str_find(uri, STR("://"), 0);
	if (at != SIZE_MAX && at < 6 && r.method.n) {
		uri = str_from(uri, at + 3);
		at = str_find_char(uri, '/', 0);
		r.host = str_sub(uri, 0, at);
		uri = at == SIZE_MAX ? STR("/") : str_from(uri, at);
	}
	at = str_find_char(uri, '?', 0);
	r.stem = str_sub(uri, 0, at);
	r.query = at == SIZE_MAX ? STR_NULL : str_from(uri, at + 1);
	return r;
}

struct str line_request_name(struct line *l, struct str request)
{
	struct request r = split_request(request);
	struct str path = str_sub(r.stem, 0, LONGEST_NAME);

	if (!r.method.n)
		return STR("request");
	return arena_join_all(l->arena,
			      (struct str[]){ r.method, STR(" "), path }, 3);
}

void line_put_request(struct line *l, struct json_writer *w, struct str request,
		      struct str status)
{
	struct request r = split_request(request);
	const char *metadata = imds_named(imds_decode(l->arena, request));

	line_put(w, "cs-method", r.method);
	json_pair(w, "cs-host", line_host(r.host));
	json_pair(w, "cs-uri-stem", r.stem);
	json_pair(w, "cs-uri-query", r.query);
	json_pair(w, "cs-version", r.protocol);
	line_put(w, "sc-status", status);
	if (metadata)
		json_pair(w, "metadataAddress", str_of(metadata));
}

void line_end(struct line *l, struct json_writer *w)
{
	json_pair(w, "message", l->whole);
	json_end_object(w);
}

/* Lines -------------------------------------------------------------------- */

enum form line_read(struct str line, struct str header, struct arena *arena,
		    struct strbuf *out)
{
	static const struct {
		line_reader read;
		enum form form;
	} readers[] = {
		{ line_s3, FORM_S3_ACCESS },
		{ line_web, FORM_WEB },
		{ line_elb, FORM_ELB },
		{ line_nlb, FORM_ELB },
	};
	struct line l = { .whole = line, .arena = arena, .out = out };

	if (line.n > LINE_LONGEST)
		return FORM_RECORD;
	if (!take_tokens(&l, line))
		return FORM_RECORD;
	for (size_t i = 0; i < ARRAY_SIZE(readers) && !header.n; i++)
		if (readers[i].read(&l))
			return readers[i].form;
	return line_flow(&l, header) ? FORM_FLOW : FORM_RECORD;
}
