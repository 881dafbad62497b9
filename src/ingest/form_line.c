/* SPDX-License-Identifier: MIT */
/*
 * Logs that have their entries as lines, delivered as JSON instead: CloudFront's
 * standard logs of version 2, S3's access log out of CloudWatch Logs. What a
 * member is called is what the line's field is; it is put together as that line
 * and read by the reader of lines.
 */
#include "ingest/unwrap_private.h"

#include "base/attr.h"
#include "base/timefmt.h"

enum { FIELDS_MOST = 128, NAME_MOST = 48 };

/* Without what would end a field or a line. */
static void add_field(struct strbuf *out, struct str text)
{
	if (!text.n)
		text = STR("-");
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < ' ')
			strbuf_addf(out, "%%%02X", (unsigned char)text.p[i]);
		else
			strbuf_addc(out, text.p[i]);
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ')
			return false;
	return s.n && s.n <= NAME_MOST;
}

/* Seconds or milliseconds in place of a date and a time. */
static void add_clock(struct strbuf *header, struct strbuf *line,
		      const struct json *v)
{
	static const struct time_zone utc = TIME_ZONE_UTC;
	struct str text = json_text_at(v, "timestamp(ms)");
	int64_t t;

	if (json_member(v, STR("date")))
		return;
	if (!text.n)
		text = json_text_at(v, "timestamp");
	t = time_parse_loose(text);
	if (t == TIME_NONE)
		return;
	strbuf_adds(header, " date time");
	time_format(line, t, TIME_DATE, &utc);
	strbuf_addc(line, '\t');
	time_format(line, t, TIME_CLOCK, &utc);
}

/* {"date":"2026-01-09","time":"21:40:00","x-edge-location":"NRT57-P1",
 * "c-ip":"198.51.100.7","cs-method":"GET", ...} */
bool form_edge(struct unwrapper *u, const struct json *v)
{
	struct strbuf header, line;
	unsigned left = FIELDS_MOST;
	bool taken;

	if (v->kind != JSON_OBJECT || !json_member(v, STR("c-ip")) ||
	    !json_member(v, STR("x-edge-location")) ||
	    !json_member(v, STR("cs-method")))
		return false;
	strbuf_init(&header);
	strbuf_init(&line);
	strbuf_adds(&header, "#Fields:");
	add_clock(&header, &line, v);
	for (const struct json *m = v->child; m && left--; m = m->next) {
		if (!is_name(m->key) || !json_is_scalar(m))
			continue;
		strbuf_addc(&header, ' ');
		strbuf_add(&header, m->key);
		if (line.n)
			strbuf_addc(&line, '\t');
		add_field(&line, m->kind == JSON_NULL ? STR_NULL : m->text);
	}
	taken = unwrap_entry(u, strbuf_str(&line), strbuf_str(&header));
	if (!taken)
		unwrap_skip(u, "a line that is no entry of a log", false);
	strbuf_release(&header);
	strbuf_release(&line);
	return true;
}

/* S3 -------------------------------------------------------------------------- */

/* Without what would end a word, or begin something else. */
static void add_token(struct strbuf *out, struct str text)
{
	if (!text.n)
		text = STR("-");
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c <= ' ' || c == '"' || c == '[' || c == ']')
			strbuf_addf(out, "%%%02X", c);
		else
			strbuf_addc(out, text.p[i]);
	}
}

static void add_quoted(struct strbuf *out, struct str text)
{
	strbuf_addc(out, '"');
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '"' || (unsigned char)text.p[i] < ' ')
			strbuf_addf(out, "%%%02X", (unsigned char)text.p[i]);
		else
			strbuf_addc(out, text.p[i]);
	strbuf_addc(out, '"');
}

/* "[09/Jan/2026:21:40:00 +0000]" of whatever the time was written in. */
static void add_time(struct strbuf *out, struct str text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static const struct time_zone utc = TIME_ZONE_UTC;
	int64_t t = time_parse_loose(text);
	struct time_parts p;

	if (t == TIME_NONE) {
		strbuf_addc(out, '[');
		add_token(out, text);
		strbuf_addc(out, ']');
		return;
	}
	p = time_split(t, &utc);
	strbuf_addf(out, "[%02d/%.3s/%04d:%02d:%02d:%02d +0000]", p.day,
		    months + (size_t)(p.month - 1) * 3, p.year, p.hour,
		    p.minute, p.second);
}

/* {"bucket_arn":"arn:aws:s3:::shop","request_time":...,"remote_ip":...} */
bool form_s3_access(struct unwrapper *u, const struct json *v)
{
	/* As a line has them; the time and what is quoted apart. */
	static const char *const before[] = { "remote_ip", "requester",
					      "request_id", "operation",
					      "key" };
	static const char *const middle[] = {
		"http_status", "error_code", "bytes_sent",
		"object_size", "total_time", "turn_around_time"
	};
	static const char *const after[] = {
		"version_id",          "host_id",
		"signature_version",   "cipher_suite",
		"authentication_type", "host_header",
		"tls_version",
	};
	struct str bucket = json_text_at(v, "bucket_arn");
	struct strbuf line;

	if (v->kind != JSON_OBJECT || !bucket.n ||
	    !json_member(v, STR("request_time")) ||
	    !json_member(v, STR("operation")) ||
	    !json_member(v, STR("request_id")))
		return false;
	strbuf_init(&line);
	add_token(&line, json_text_at(v, "bucket_owner"));
	/* A reader of lines tells S3's by an owner's length. */
	for (size_t n = line.n; n < 12; n++)
		strbuf_addc(&line, '-');
	strbuf_addc(&line, ' ');
	add_token(&line, str_from(bucket, str_find_last(bucket, ':') + 1));
	strbuf_addc(&line, ' ');
	add_time(&line, json_text_at(v, "request_time"));
	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		strbuf_addc(&line, ' ');
		add_token(&line, json_text_at(v, before[i]));
	}
	strbuf_addc(&line, ' ');
	add_quoted(&line, json_text_at(v, "request_uri"));
	for (size_t i = 0; i < ARRAY_SIZE(middle); i++) {
		strbuf_addc(&line, ' ');
		add_token(&line, json_text_at(v, middle[i]));
	}
	strbuf_addc(&line, ' ');
	add_quoted(&line, json_text_at(v, "referer"));
	strbuf_addc(&line, ' ');
	add_quoted(&line, json_text_at(v, "user_agent"));
	for (size_t i = 0; i < ARRAY_SIZE(after); i++) {
		strbuf_addc(&line, ' ');
		add_token(&line, json_text_at(v, after[i]));
	}
	if (!unwrap_entry(u, strbuf_str(&line), STR_NULL))
		unwrap_skip(u, "a line that is no entry of a log", false);
	strbuf_release(&line);
	return true;
}
