/* SPDX-License-Identifier: MIT */
/* JSON that is broken, cut off, or not what one expects. */
#include "gen/hostile.h"

#include "base/attr.h"
#include "gen/routine.h"

#define STOP "cloudtrail:StopLogging"

static const struct trick stop = { .name = "stop",
				   .call = STOP,
				   .args = "trail=org-trail",
				   .alarming = true };

static void stop_logging(struct hostile *h, const char *name)
{
	struct trick t = stop;

	t.name = name;
	hostile_record(h, &t);
}

static void add(struct hostile *h, const char *text)
{
	strbuf_adds(&h->text, text);
}

static void deep(struct hostile *h)
{
	static const char open[] = "{\"a\":[";
	struct strbuf nest;
	struct trick t = {
		.name = "deep beside a policy",
		.call = "iam:AttachUserPolicy",
		.args = "user=helper",
		.find = "\"policyArn\"",
		.alarming = true,
	};

	strbuf_init(&nest);
	strbuf_adds(&nest, "\"deep\":");
	for (int i = 0; i < 100; i++)
		strbuf_adds(&nest, open);
	strbuf_adds(&nest, "1");
	for (int i = 0; i < 100; i++)
		strbuf_adds(&nest, "]}");
	strbuf_adds(&nest, ",\"policyArn\"");
	t.bytes = strbuf_str(&nest);
	add(h, "{\"Records\":[");
	hostile_record(h, &t);
	add(h, ",");
	hostile_sound(h, "after deep");
	add(h, "]}");
	strbuf_release(&nest);
	hostile_write(h, "deep.json", 0, "200 levels beside the parameters");
}

static void odd_times(struct hostile *h)
{
	static const struct {
		const char *name;
		struct str bytes;
	} times[] = {
		{ "time with milliseconds", BYTES("2026-10-10T12:30:00.123Z") },
		{ "time with offset", BYTES("2026-10-10T21:30:00+09:00") },
		{ "time of the year 0001", BYTES("0001-01-01T00:00:00Z") },
		{ "time of the year 9999", BYTES("9999-12-31T23:59:59Z") },
		{ "time that is no date", BYTES("2026-02-30T25:61:61Z") },
		{ "time that is text", BYTES("yesterday") },
		{ "time that is empty", BYTES("") },
		{ "leap second", BYTES("2016-12-31T23:59:60Z") },
	};

	add(h, "{\"Records\":[");
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		struct trick t = stop;

		t.name = times[i].name;
		t.find = "@time";
		t.bytes = times[i].bytes;
		if (i)
			add(h, ",");
		hostile_record(h, &t);
	}
	add(h, "]}");
	hostile_write(h, "odd-times.json", 0,
		      "times that are unusual, impossible or no times");
}

#define WRONG "\"eventID\":\"@@\",\"recipientAccountId\":\"111122223333\"}"

/* Every member has another type than it should have. */
static const struct trick wrong_types[] = {
	{ .name = "numbers for text",
	  .kind = TRICK_OPTIONAL,
	  .bytes = BYTES("{\"eventVersion\":1.11,\"userIdentity\":7,"
			 "\"eventTime\":1791633600,\"eventSource\":1,"
			 "\"eventName\":2,\"awsRegion\":3,"
			 "\"sourceIPAddress\":4,\"userAgent\":5," WRONG) },
	{ .name = "text for objects",
	  .bytes = BYTES("{\"eventVersion\":\"1.11\",\"userIdentity\":"
			 "\"root\",\"eventTime\":\"2026-10-10T12:40:00Z\","
			 "\"eventSource\":\"iam.amazonaws.com\","
			 "\"eventName\":\"CreateUser\",\"requestParameters\":"
			 "\"userName=helper\",\"resources\":\"none\","
			 "\"tlsDetails\":false," WRONG) },
	{ .name = "objects for text",
	  .kind = TRICK_OPTIONAL,
	  .bytes = BYTES("{\"eventVersion\":{},\"userIdentity\":[],"
			 "\"eventTime\":{\"t\":1},\"eventSource\":"
			 "[\"iam.amazonaws.com\"],\"eventName\":{\"n\":"
			 "\"CreateUser\"},\"sourceIPAddress\":[\"203.0.113.99\""
			 "],\"userAgent\":{},\"errorCode\":[]," WRONG) },
	{ .name = "null for everything",
	  .kind = TRICK_OPTIONAL,
	  .bytes = BYTES(
		  "{\"eventVersion\":null,\"userIdentity\":null,"
		  "\"eventTime\":null,\"eventSource\":null,"
		  "\"eventName\":null,\"awsRegion\":null,"
		  "\"sourceIPAddress\":null,\"userAgent\":null," WRONG) },
	{ .name = "identity of wrong parts",
	  .call = STOP,
	  .args = "trail=org-trail",
	  .find = "@identity",
	  .bytes = BYTES("{\"type\":[\"Root\"],\"principalId\":12,"
			 "\"arn\":{},\"accountId\":111122223333,"
			 "\"accessKeyId\":true,\"sessionContext\":\"x\"}"),
	  .alarming = true },
	{ .name = "identity that is null",
	  .call = STOP,
	  .args = "trail=org-trail",
	  .find = "@identity",
	  .bytes = BYTES("null"),
	  .alarming = true },
	{ .name = "no id",
	  .call = STOP,
	  .args = "trail=org-trail",
	  .find = "@id",
	  .kind = TRICK_ANONYMOUS },
	{ .name = "truth as text",
	  .call = STOP,
	  .args = "trail=org-trail",
	  .find = "\"readOnly\":false",
	  .bytes = BYTES("\"readOnly\":\"false\""),
	  .alarming = true },
	{ .name = "empty text everywhere",
	  .kind = TRICK_OPTIONAL,
	  .bytes = BYTES(
		  "{\"eventVersion\":\"\",\"userIdentity\":{},"
		  "\"eventTime\":\"\",\"eventSource\":\"\","
		  "\"eventName\":\"\",\"awsRegion\":\"\","
		  "\"sourceIPAddress\":\"\",\"userAgent\":\"\"," WRONG) },
};

static void types(struct hostile *h)
{
	add(h, "{\"Records\":[");
	for (size_t i = 0; i < ARRAY_SIZE(wrong_types); i++) {
		if (i)
			add(h, ",");
		hostile_record(h, &wrong_types[i]);
	}
	add(h, "]}");
	hostile_write(h, "wrong-types.json", 0,
		      "members of other types than they should have");
}

/* Things that are no records between records. */
static void broken(struct hostile *h)
{
	add(h, "{\"Records\":[");
	stop_logging(h, "before the broken one");
	add(h, ",{\"eventVersion\":\"1.11\",\"eventTime\":\"2026-10-10T12:00"
	       ":00Z\",\"eventName\":\"Broken\" \"eventSource\":,},");
	stop_logging(h, "after the broken one");
	add(h, "]}");
	hostile_write(h, "broken-record.json", 1,
		      "a record that is no JSON between two sound ones");
	add(h, "{\"Records\":[");
	stop_logging(h, "before the others");
	add(h, ",null,42,\"text\",true,[1,2],");
	stop_logging(h, "after the others");
	add(h, "]}");
	hostile_write(h, "not-objects.json", 5,
		      "members of Records that are no objects");
	add(h, "{\"Records\":[");
	stop_logging(h, "before the cut");
	add(h, ",");
	hostile_sound(h, "last before the cut");
	hostile_write(h, "no-end.json", 1, "the closing brackets are missing");
	add(h, "{\"Records\":[");
	stop_logging(h, "whole before the half");
	add(h, ",{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"IAMU");
	hostile_write(h, "cut-off.json", 1, "ends inside a record");
	add(h, "{\"Records\":[");
	stop_logging(h, "before the comma");
	add(h, ",]}");
	hostile_write(h, "trailing-comma.json", 0,
		      "a comma before the end, which loses nothing");
}

static void lines(struct hostile *h)
{
	stop_logging(h, "first line");
	add(h, "\n\n   \n{\"eventVersion\":\"1.11\",\"eventName\":}\n");
	hostile_sound(h, "line after the bad one");
	add(h, "\r\nnot JSON at all\n");
	stop_logging(h, "last line, without an end");
	hostile_write(h, "bad-lines.jsonl", 2,
		      "JSON lines; two bad ones, blank ones, CRLF");
	stop_logging(h, "line before one that is cut off");
	add(h, "\n{\"eventVersion\":\"1.11\",\"eventName\":\n");
	stop_logging(h, "line after one that is cut off");
	add(h, "\n");
	hostile_write(h, "cut-line.jsonl", 1, "JSON lines; one is cut off");
	stop_logging(h, "first of two without a line end");
	hostile_sound(h, "second of two without a line end");
	hostile_write(h, "no-line-ends.json", 0,
		      "objects behind one another, without line ends");
	add(h, "{\"Records\":[");
	hostile_sound(h, "in the first document");
	add(h, "]}\n{\"Records\":[");
	stop_logging(h, "in the second document");
	add(h, "]}");
	hostile_write(h, "two-documents.json", 0,
		      "two delivered files behind one another");
}

static void shapes(struct hostile *h)
{
	add(h, "[\n  ");
	stop_logging(h, "in a bare array");
	add(h, "\n ,\n  ");
	hostile_sound(h, "second in a bare array");
	add(h, "\n]\n");
	hostile_write(h, "array.json", 0, "a bare array");
	add(h, "\xef\xbb\xbf{\"Records\":[");
	stop_logging(h, "behind a byte order mark");
	add(h, "]}");
	hostile_write(h, "bom.json", 0, "a byte order mark before it");
	add(h, "{\"Records\":[]}");
	hostile_write(h, "no-records.json", 0, "an empty delivery");
	add(h, "{\"comment\":{\"Records\":[1,2,3]},\"Records\":[");
	stop_logging(h, "behind other members");
	add(h, "],\"more\":[]}");
	hostile_write(h, "more-members.json", 0,
		      "Records is not the only member");
	hostile_write(h, "empty.json", 0, "no bytes");
	add(h, " \n\t\r\n    ");
	hostile_write(h, "blanks.json", 0, "blanks only");
	add(h, "Dear reader,\nthis is a letter.\n");
	hostile_write(h, "letter.json", 1, "no JSON at all");
}

/* One record over many lines, as people save it. */
static void pretty(struct hostile *h)
{
	struct strbuf flat;
	bool quoted = false;
	unsigned depth = 0;

	stop_logging(h, "pretty");
	strbuf_init(&flat);
	strbuf_add(&flat, strbuf_str(&h->text));
	strbuf_clear(&h->text);
	for (size_t i = 0; i < flat.n; i++) {
		char c = flat.p[i];

		if (c == '"' && (i == 0 || flat.p[i - 1] != '\\'))
			quoted = !quoted;
		if (!quoted && (c == '}' || c == ']')) {
			strbuf_addc(&h->text, '\n');
			strbuf_addn(&h->text, ' ', (size_t)--depth * 4);
		}
		strbuf_addc(&h->text, c);
		if (!quoted && c == ':')
			strbuf_addc(&h->text, ' ');
		if (!quoted && (c == '{' || c == '[' || c == ',')) {
			depth += c != ',';
			strbuf_addc(&h->text, '\n');
			strbuf_addn(&h->text, ' ', (size_t)depth * 4);
		}
	}
	strbuf_addc(&h->text, '\n');
	strbuf_release(&flat);
	hostile_write(h, "pretty.json", 0, "one record over many lines");
}

void hostile_form(struct hostile *h)
{
	deep(h);
	odd_times(h);
	types(h);
	broken(h);
	lines(h);
	shapes(h);
	pretty(h);
}
