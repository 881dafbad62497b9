/* SPDX-License-Identifier: MIT */
#include "ingest/line_private.h"

#include "base/attr.h"
#include "base/percent.h"

enum {
	LONGEST_NUMBER = 15,
	LONGEST_ADDRESS = 64,
	LOOKED_AT = 8, /* lines of comments before a header */
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

bool line_begins_address(struct str s)
{
	size_t end = str_find_char(str_sub(s, 0, LONGEST_ADDRESS), ']', 0);

	if (!s.n || s.p[0] != '[' || end == SIZE_MAX || end + 1 >= s.n ||
	    s.p[end + 1] != ':')
		return false;
	for (size_t i = 1; i < end; i++)
		if (str_hex(s.p[i]) < 0 && s.p[i] != ':' && s.p[i] != '.')
			return false;
	return end > 2;
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
		    (t->mark != '[' ||
		     line_begins_address(str_from(line, at)))) {
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

int64_t line_time(struct str s)
{
	/* 2020-10-10T15:06:31+09:00, which has all the checks. */
	char iso[] = "2020-10-10T15:06:31+09:00";
	int month;

	if (s.n != 26 || s.p[2] != '/' || s.p[6] != '/' || s.p[11] != ':' ||
	    s.p[20] != ' ')
		return TIME_NONE;
	month = time_month(str_sub(s, 3, 6));
	if (!month)
		return TIME_NONE;
	memcpy(iso, s.p + 7, 4);
	iso[5] = (char)('0' + month / 10);
	iso[6] = (char)('0' + month % 10);
	memcpy(iso + 8, s.p, 2);
	memcpy(iso + 11, s.p + 12, 8);
	memcpy(iso + 19, s.p + 21, 3);
	memcpy(iso + 23, s.p + 24, 2);
	return time_parse(str_of(iso), NULL);
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

void line_put_request(struct line *l, struct json_writer *w,
		      const struct http_request *r, struct str status)
{
	const char *metadata = http_metadata(r, l->arena);

	line_put(w, "cs-method", r->method);
	json_pair(w, "cs-host", r->host);
	json_pair(w, "cs-uri-stem", r->stem);
	json_pair(w, "cs-uri-query", r->query);
	json_pair(w, "cs-version", r->protocol);
	line_put(w, "sc-status", status);
	if (metadata)
		json_pair(w, "metadataAddress", str_of(metadata));
}

void line_put_error(struct json_writer *w, struct str status)
{
	if (line_is_status(status) && status.p[0] >= '4')
		json_pair(w, "errorCode", status);
}

void line_end(struct line *l, struct json_writer *w)
{
	json_pair(w, "message", l->whole);
	json_end_object(w);
}

/* Lines -------------------------------------------------------------------- */

static bool is_comment(struct str line)
{
	return line.n && line.p[0] == '#';
}

struct str line_header(struct str text)
{
	struct str line;

	text = str_sub(text, 0, LINE_LOOK_AHEAD);
	for (int i = 0; i < LOOKED_AT; i++) {
		size_t end = str_find_char(text, '\n', 0);

		if (end == SIZE_MAX)
			break;
		line = str_chomp(str_sub(text, 0, end));
		if (line_is_flow_header(line) || line_is_edge_header(line))
			return line;
		if (!is_comment(line))
			break;
		text = str_from(text, end + 1);
	}
	return STR_NULL;
}

bool line_is_aside(struct str line, struct str header)
{
	return !str_trim(line).n || (header.n && str_eq(line, header)) ||
	       (is_comment(header) && is_comment(line) &&
		!line_is_edge_header(line));
}

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
	/* Set apart by tabs and commas, with blanks and quotes inside. */
	if (line_edge(&l, header))
		return FORM_CLOUDFRONT;
	if (!header.n && line_mysql(&l))
		return FORM_MYSQL;
	if (is_comment(header) || !take_tokens(&l, line))
		return FORM_RECORD;
	for (size_t i = 0; i < ARRAY_SIZE(readers) && !header.n; i++)
		if (readers[i].read(&l))
			return readers[i].form;
	return line_flow(&l, header) ? FORM_FLOW : FORM_RECORD;
}
