/* SPDX-License-Identifier: MIT */
/*
 * What CloudTrail added to an event later: what becomes of the record, and
 * where it ends in a load, whichever came first.
 */
#include "ingest_help.h"

#include "ingest/addendum.h"
#include "ingest/reader.h"

static const struct limits usual = LIMITS_DEFAULT;

#define FIRST  "5e2d8a14-0000-4000-8000-000000000001"
#define SECOND "5e2d8a14-0000-4000-8000-000000000002"
#define THIRD  "5e2d8a14-0000-4000-8000-000000000003"

/* The event, and additions to it. */
#define CALL(more)                                                              \
	"{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\","    \
	"\"arn\":\"arn:aws:iam::111122223333:user/a\",\"accountId\":"           \
	"\"111122223333\"},\"eventTime\":\"2026-01-09T21:42:07Z\","             \
	"\"eventSource\":\"ec2.amazonaws.com\",\"eventName\":\"RunInstances\"," \
	"\"eventID\":\"" FIRST                                                  \
	"\",\"recipientAccountId\":\"111122223333\"" more "}"
#define ABOUT(fields)                                                       \
	"\"addendum\":{\"reason\":\"UPDATED_DATA\"" fields ",\"originalEve" \
	"ntID\":\"" FIRST "\"}"
#define ADDED(id, time, members, fields)                            \
	"{\"eventTime\":\"2026-01-09T" time "Z\",\"eventID\":\"" id \
	"\"," members                                               \
	ABOUT(fields) "}"
#define NAMES(text) ",\"updatedFields\":\"" text "\""

/* Records ------------------------------------------------------------------- */

enum { TEXTS = 4 };

/* What comes of the texts, without what the cases have in common. */
static void apply(struct strbuf *out, const char *const text[TEXTS],
		  const struct limits *limits)
{
	struct str texts[TEXTS];
	struct value_reader r;
	struct arena arena;
	struct event e;
	size_t n = 0;

	while (n < TEXTS && text[n]) {
		texts[n] = str_of(text[n]);
		n++;
	}
	arena_init(&arena);
	value_reader_init(&r, limits);
	if (addendum_apply(&e, texts, n, 0, &r, &arena, out)) {
		assert_true(e.flags & EVENT_AMENDED);
		assert_int_equal(e.flags & EVENT_NO_ID, 0);
		check(str_eq(e.id, STR(FIRST)), "%.*s", STR_ARG(e.id));
	} else {
		assert_int_equal(out->n, 0);
	}
	value_reader_release(&r);
	arena_release(&arena);
}

#define EVENT(members) "{\"eventID\":\"" FIRST "\"," members "}"

static const struct {
	const char *text[TEXTS];
	const char *record; /* "": none comes of it */
} cases[] = {
	/* What is named is taken, what is not is not. */
	{ { EVENT("\"errorCode\":\"a\",\"awsRegion\":\"x\""),
	    ADDED(SECOND, "22:00:00",
		  "\"errorCode\":\"b\",\"awsRegion\":\"y\",",
		  NAMES("errorCode")) },
	  "{\"eventID\":\"" FIRST
	  "\",\"errorCode\":\"b\",\"awsRegion\":\"x\"," ABOUT(
		  NAMES("errorCode")) "}" },
	/* What was not there comes behind the rest. */
	{ { EVENT("\"awsRegion\":\"x\""),
	    ADDED(SECOND, "22:00:00",
		  "\"readOnly\":true,\"vpcEndpointId\":\"v\",",
		  NAMES("vpcEndpointId, readOnly")) },
	  "{\"eventID\":\"" FIRST
	  "\",\"awsRegion\":\"x\",\"vpcEndpointId\":\"v\",\"readOnly\":true," ABOUT(
		  NAMES("vpcEndpointId, readOnly")) "}" },
	/* Names in a list; a part of a field; one that it does not have. */
	{ { EVENT("\"userIdentity\":{\"type\":\"IAMUser\",\"sessionContext\":"
		  "{\"a\":1}}"),
	    ADDED(SECOND, "22:00:00",
		  "\"userIdentity\":{\"type\":\"Root\",\"sessionContext\":"
		  "{\"b\":2}},",
		  ",\"updatedFields\":[\"userIdentity.sessionContext\","
		  "\"errorCode\"]") },
	  "{\"eventID\":\"" FIRST
	  "\",\"userIdentity\":{\"type\":\"IAMUser\",\"sessionContext\":"
	  "{\"b\":2}}," ABOUT(",\"updatedFields\":[\"userIdentity."
			      "sessionContext\",\"errorCode\"]") "}" },
	/* A part of what was null. */
	{ { EVENT("\"responseElements\":null"),
	    ADDED(SECOND, "22:00:00",
		  "\"responseElements\":{\"credentials\":{\"accessKeyId\":"
		  "\"ASIA\",\"x\":1}},",
		  NAMES("responseElements.credentials.accessKeyId")) },
	  "{\"eventID\":\"" FIRST
	  "\",\"responseElements\":{\"credentials\":{\"accessKeyId\":"
	  "\"ASIA\"}}," ABOUT(
		  NAMES("responseElements.credentials.accessKeyId")) "}" },
	/* Null, when it is named. */
	{ { EVENT("\"errorCode\":\"a\""),
	    ADDED(SECOND, "22:00:00", "\"errorCode\":null,",
		  NAMES("errorCode")) },
	  "{\"eventID\":\"" FIRST
	  "\",\"errorCode\":null," ABOUT(NAMES("errorCode")) "}" },
	/* None are named: all, but for its id, its time and what is null. */
	{ { EVENT("\"errorCode\":\"a\",\"eventTime\":\"2026-01-09T09:00:00Z\""),
	    ADDED(SECOND, "22:00:00", "\"errorCode\":null,\"awsRegion\":\"y\",",
		  "") },
	  "{\"eventID\":\"" FIRST
	  "\",\"errorCode\":\"a\",\"eventTime\":\"2026-01-09T09:00:00Z\","
	  "\"awsRegion\":\"y\"," ABOUT("") "}" },
	/* Who it is stays; the time is another where that is what is new. */
	{ { EVENT("\"eventTime\":\"2026-01-09T09:00:00Z\""),
	    ADDED(SECOND, "22:00:00", "",
		  NAMES("eventID,eventTime,addendum")) },
	  "{\"eventID\":\"" FIRST
	  "\",\"eventTime\":\"2026-01-09T22:00:00Z\"," ABOUT(
		  NAMES("eventID,eventTime,addendum")) "}" },
	/* Two, one after the other; the list says both. */
	{ { EVENT("\"a\":1"),
	    ADDED(SECOND, "22:00:00", "\"a\":2,\"b\":2,", NAMES("a,b")),
	    ADDED(THIRD, "23:00:00", "\"a\":3,", NAMES("a")) },
	  "{\"eventID\":\"" FIRST
	  "\",\"a\":3,\"b\":2,\"addendum\":[{\"reason\":\"UPDATED_DATA\","
	  "\"updatedFields\":\"a,b\",\"originalEventID\":\"" FIRST
	  "\"},{\"reason\":\"UPDATED_DATA\",\"updatedFields\":\"a\","
	  "\"originalEventID\":\"" FIRST "\"}]}" },
	/* The same twice is one; one of another event is none. */
	{ { EVENT("\"a\":1"), ADDED(SECOND, "22:00:00", "\"a\":2,", NAMES("a")),
	    ADDED(SECOND, "22:00:00", "\"a\":2,", NAMES("a")),
	    "{\"eventID\":\"" THIRD
	    "\",\"a\":9,\"addendum\":{\"reason\":\"UPDATED_DATA\","
	    "\"originalEventID\":\"" THIRD "\"}}" },
	  "{\"eventID\":\"" FIRST "\",\"a\":2," ABOUT(NAMES("a")) "}" },
	/* A late event says so beside what was added. */
	{ { EVENT("\"addendum\":{\"reason\":\"DELIVERY_DELAY\"}"),
	    ADDED(SECOND, "22:00:00", "\"a\":2,", NAMES("a")) },
	  "{\"eventID\":\"" FIRST
	  "\",\"addendum\":[{\"reason\":\"DELIVERY_DELAY\"},{\"reason\":"
	  "\"UPDATED_DATA\",\"updatedFields\":\"a\",\"originalEventID\":"
	  "\"" FIRST "\"}],\"a\":2}" },
	/* Of a name that is there twice both go: one would hide the other. */
	{ { EVENT("\"a\":1,\"b\":1,\"a\":2"),
	    ADDED(SECOND, "22:00:00", "\"a\":3,", NAMES("a")) },
	  "{\"eventID\":\"" FIRST "\",\"a\":3,\"b\":1," ABOUT(NAMES("a")) "}" },
	/* Texts are data: quotes, controls, dots and blanks alone. */
	{ { EVENT("\"a\":1"),
	    ADDED(SECOND, "22:00:00", "\"a\":\"\\\"\\u001b]\",",
		  NAMES("a,..,  ,.a,a.")) },
	  "{\"eventID\":\"" FIRST
	  "\",\"a\":\"\\\"\\u001b]\"," ABOUT(NAMES("a,..,  ,.a,a.")) "}" },
	/* No record, no addendum, no event. */
	{ { EVENT("\"a\":1"), "[1]", "{", "" }, "" },
	{ { EVENT("\"a\":1"), EVENT("\"a\":2") }, "" },
	{ { "7", ADDED(SECOND, "22:00:00", "\"a\":2,", NAMES("a")) }, "" },
	{ { EVENT("\"a\":1") }, "" },
};

static void records(void **state)
{
	struct strbuf out;

	(void)state;
	strbuf_init(&out);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		apply(&out, cases[i].text, &usual);
		check(str_eq(strbuf_str(&out), str_of(cases[i].record)),
		      "case %zu: %.*s", i, (int)out.n, out.n ? out.p : "");
	}
	strbuf_release(&out);
}

#define SIXTY "............................................................"

/* What is longer than a record may be, with what was added, stays as it was. */
static void too_long(void **state)
{
	struct limits small = usual;
	const char *const text[TEXTS] = {
		EVENT("\"a\":\"" SIXTY "\""),
		ADDED(SECOND, "22:00:00", "\"b\":\"..........\",", NAMES("b")),
	};
	struct strbuf out;

	(void)state;
	strbuf_init(&out);
	small.max_record = strlen(text[1]);
	apply(&out, text, &small);
	assert_int_equal(out.n, 0);
	small.max_record += 200;
	apply(&out, text, &small);
	assert_true(out.n > 0);
	strbuf_release(&out);
}

/* A record with very many members takes no memory for each field that is
 * named. */
static void very_many_members(void **state)
{
	struct strbuf event, addition, out;
	const char *text[TEXTS] = { NULL };

	(void)state;
	strbuf_init(&event);
	strbuf_init(&addition);
	strbuf_init(&out);
	strbuf_adds(&event, "{\"eventID\":\"" FIRST "\"");
	for (unsigned i = 0; i < 100000; i++)
		strbuf_addf(&event, ",\"m%u\":%u", i, i);
	strbuf_addc(&event, '}');
	strbuf_adds(&addition, "{\"eventID\":\"" SECOND "\"");
	for (unsigned i = 0; i < 60; i++)
		strbuf_addf(&addition, ",\"m%u\":true", i);
	strbuf_adds(&addition, "," ABOUT("") "}");
	text[0] = event.p;
	text[1] = addition.p;
	apply(&out, text, &usual);
	assert_int_equal(out.n, 0);
	text[1] = ADDED(SECOND, "22:00:00", "\"m7\":true,", NAMES("m7"));
	apply(&out, text, &usual);
	assert_true(str_find(strbuf_str(&out), STR("\"m7\":true"), 0) !=
		    SIZE_MAX);
	strbuf_release(&out);
	strbuf_release(&addition);
	strbuf_release(&event);
}

/* Loads --------------------------------------------------------------------- */

struct file {
	const char *name, *text;
};

#define LATER                                                        \
	ADDED(SECOND, "22:00:00", "\"errorCode\":\"AccessDenied\",", \
	      NAMES("errorCode"))
#define LATEST                                                               \
	ADDED(THIRD, "23:00:00",                                             \
	      "\"errorCode\":\"Client.Other\",\"awsRegion\":\"eu-west-1\",", \
	      NAMES("errorCode,awsRegion"))
static const struct {
	struct file file[3];
	unsigned events, records;
	const char *error, *region;
	const char *parts; /* of the row of FIRST, "FILE#RECORD ..." */
} loads[] = {
	/* In one file, in either order. */
	{ { { "a.jsonl", CALL("") "\n" LATER "\n" } },
	  1,
	  2,
	  "AccessDenied",
	  "",
	  "a.jsonl#1 a.jsonl#2 " },
	{ { { "a.jsonl", LATER "\n" CALL("") "\n" } },
	  1,
	  2,
	  "AccessDenied",
	  "",
	  "a.jsonl#2 a.jsonl#1 " },
	/* In two files, in either order. */
	{ { { "a.jsonl", CALL("") "\n" }, { "b.jsonl", LATER "\n" } },
	  1,
	  2,
	  "AccessDenied",
	  "",
	  "a.jsonl#1 b.jsonl#1 " },
	{ { { "a.jsonl", LATER "\n" }, { "b.jsonl", CALL("") "\n" } },
	  1,
	  2,
	  "AccessDenied",
	  "",
	  "b.jsonl#1 a.jsonl#1 " },
	/* Two of them, in order of time, wherever they lie; copies of all. */
	{ { { "a.jsonl", LATEST "\n" LATER "\n" },
	    { "b.jsonl", CALL("") "\n" },
	    { "c.jsonl", CALL("") "\n" LATER "\n" } },
	  1,
	  5,
	  "Client.Other",
	  "eu-west-1",
	  "b.jsonl#1 a.jsonl#2 c.jsonl#2 a.jsonl#1 " },
	/* The longer copy is the one that is added to. */
	{ { { "a.jsonl", CALL("") "\n" LATER "\n" },
	    { "b.jsonl", CALL(",\"awsRegion\":\"eu-west-9\"") "\n" } },
	  1,
	  3,
	  "AccessDenied",
	  "eu-west-9",
	  "b.jsonl#1 a.jsonl#2 " },
	/* Without the event: what is known of it is under its id. */
	{ { { "a.jsonl", LATER "\n" } }, 1, 1, "AccessDenied", "", "" },
	{ { { "a.jsonl", LATER "\n" }, { "b.jsonl", LATEST "\n" } },
	  1,
	  2,
	  "Client.Other",
	  "eu-west-1",
	  "a.jsonl#1 b.jsonl#1 " },
	/* What came late is an event like any other. */
	{ { { "a.jsonl", CALL("") "\n" },
	    { "b.jsonl",
	      "{\"eventID\":\"" SECOND "\",\"eventName\":\"RunInstances\","
	      "\"eventSource\":\"ec2.amazonaws.com\",\"addendum\":{\"reason\":"
	      "\"DELIVERY_DELAY\"}}\n" } },
	  2,
	  2,
	  "",
	  "",
	  "" },
	/* Of another account it is another event's. */
	{ { { "a.jsonl", CALL("") "\n" },
	    { "b.jsonl",
	      ADDED(SECOND, "22:00:00",
		    "\"errorCode\":\"AccessDenied\",\"recipientAccountId\":"
		    "\"444455556666\",",
		    NAMES("errorCode")) "\n" } },
	  2,
	  2,
	  "",
	  "",
	  "" },
};

static void check_parts(const struct store *s, row_id row, const char *want)
{
	const struct amend_part *part;
	struct strbuf text;
	size_t n;

	strbuf_init(&text);
	part = amendments_find(&s->amended, row, &n);
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&text, "%s#%u ",
			    file_base_name(s->files->entry[part[i].file].path),
			    part[i].record);
	check(str_eq(strbuf_str(&text), str_of(want)), "%s, not %s",
	      text.n ? text.p : "none", want);
	assert_int_equal((s->flags[row] & EVENT_AMENDED) != 0, *want != '\0');
	strbuf_release(&text);
}

/* The row that the event's id names, and its record read again. */
static void check_row(const struct store *s, const char *error,
		      const char *region)
{
	row_id row = store_find_id(s, STR(FIRST), ROW_NONE);
	struct reader *r = reader_new(s, &usual);
	struct err err = ERR_INIT;
	const struct event *e;
	struct arena arena;
	struct str raw;

	assert_true(row != ROW_NONE);
	check(str_eq(store_text(s, EVENT_ERROR, row), str_of(error)), "%s",
	      error);
	check(str_eq(store_text(s, EVENT_REGION, row), str_of(region)), "%s",
	      region);
	check(reader_event(r, row, &e, &err) == ERR_OK, "%s", err.msg);
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		check(str_eq(e->column[c],
			     store_text(s, (enum event_column)c, row)) ||
			      c == EVENT_ACCOUNT,
		      "%s", event_column_name((enum event_column)c));
	assert_int_equal(e->flags, s->flags[row]);
	check(reader_raw(r, row, &raw, &err) == ERR_OK, "%s", err.msg);
	arena_init(&arena);
	check(str_eq(json_text_at(json_read(&arena, raw, &err), "errorCode"),
		     str_of(error)),
	      "%.*s", STR_ARG(raw));
	arena_release(&arena);
	reader_free(r);
}

static void load_files(struct folder *f, struct loaded *l,
		       const struct file file[3], unsigned threads)
{
	folder_make(f);
	for (size_t i = 0; i < 3 && file[i].name; i++)
		put_file(f, file[i].name, str_of(file[i].text));
	load_path(l, f->path, threads);
}

static void in_loads(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(loads) * 2; i++) {
		size_t k = i / 2;
		struct folder f;
		struct loaded l;
		row_id row;

		load_files(&f, &l, loads[k].file, i % 2 ? 3 : 1);
		check(l.store->n == loads[k].events, "load %zu: %u", k,
		      l.store->n);
		assert_int_equal(l.store->counts.records, loads[k].records);
		assert_int_equal(l.store->counts.duplicates,
				 loads[k].records - loads[k].events);
		row = store_find_id(l.store, STR(FIRST), ROW_NONE);
		assert_true(row != ROW_NONE);
		assert_int_equal(l.store->copies[row],
				 loads[k].records - loads[k].events + 1);
		check_row(l.store, loads[k].error, loads[k].region);
		check_parts(l.store, row, loads[k].parts);
		load_release(&l);
		folder_remove(&f);
	}
}

/* Of two accounts' copies each has its own addendum, or both the one that
 * names none. */
static void two_accounts(void **state)
{
#define OTHER                                                           \
	"{\"eventName\":\"RunInstances\",\"eventSource\":"              \
	"\"ec2.amazonaws.com\",\"eventTime\":\"2026-01-09T21:42:07Z\"," \
	"\"eventID\":\"" FIRST "\",\"recipientAccountId\":\"444455556666\"}"
	static const struct file both[3] = {
		{ "a.jsonl", CALL("") "\n" OTHER "\n" LATER "\n" },
	};
	static const struct file one[3] = {
		{ "a.jsonl", CALL("") "\n" OTHER "\n" ADDED(
				     SECOND, "22:00:00",
				     "\"errorCode\":\"AccessDenied\","
				     "\"recipientAccountId\":\"444455556666\",",
				     NAMES("errorCode")) "\n" },
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct folder f;
		struct loaded l;

		load_files(&f, &l, i ? one : both, 2);
		assert_int_equal(l.store->n, 2);
		assert_int_equal(l.store->amended.n, i ? 1 : 2);
		for (row_id r = 0; r < 2; r++) {
			bool theirs =
				str_eq(store_text(l.store, EVENT_ACCOUNT, r),
				       STR("444455556666"));

			assert_int_equal(l.store->flags[r] & EVENT_AMENDED ? 1 :
									     0,
					 !i || theirs);
		}
		load_release(&l);
		folder_remove(&f);
	}
}

/* What something carries has no place of its own: event and addendum lie at
 * one, under one id. */
static void carried(void **state)
{
	static const char event[] =
		"{\\\"eventName\\\":\\\"RunInstances\\\",\\\"eventSource\\\":"
		"\\\"ec2.amazonaws.com\\\",\\\"eventTime\\\":"
		"\\\"2026-01-09T21:42:07Z\\\",\\\"eventID\\\":\\\"" FIRST
		"\\\",\\\"eventVersion\\\":\\\"1.08\\\"}";
	static const char addition[] =
		"{\\\"eventName\\\":\\\"RunInstances\\\",\\\"eventSource\\\":"
		"\\\"ec2.amazonaws.com\\\",\\\"eventTime\\\":"
		"\\\"2026-01-09T22:00:00Z\\\",\\\"eventID\\\":\\\"" SECOND
		"\\\",\\\"errorCode\\\":\\\"AccessDenied\\\",\\\"addendum\\\":"
		"{\\\"reason\\\":\\\"UPDATED_DATA\\\",\\\"updatedFields\\\":"
		"\\\"errorCode\\\",\\\"originalEventID\\\":\\\"" FIRST "\\\"}}";

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct strbuf text;
		struct folder f;
		struct loaded l;

		strbuf_init(&text);
		strbuf_addf(&text,
			    "{\"Messages\":[{\"MessageId\":\"m\","
			    "\"ReceiptHandle\":\"r\",\"Body\":\"%s\\n%s\"}]}",
			    i ? addition : event, i ? event : addition);
		folder_make(&f);
		put_file(&f, "queue.json", strbuf_str(&text));
		load_path(&l, f.path, 2);
		assert_int_equal(l.store->n, 1);
		check_row(l.store, "AccessDenied", "");
		assert_true(l.store->flags[0] & EVENT_CARRIED);
		check_parts(l.store, 0,
			    i ? "queue.json#2 queue.json#1 " :
				"queue.json#1 queue.json#2 ");
		load_release(&l);
		folder_remove(&f);
		strbuf_release(&text);
	}
}

/* More additions than are applied: the last ones are. */
static void very_many(void **state)
{
	struct strbuf text, id;
	struct folder f;
	struct loaded l;
	size_t n;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&id);
	for (unsigned i = 0; i < 500; i++)
		strbuf_addf(&text,
			    "{\"eventTime\":\"2026-01-10T0%u:%02u:00Z\","
			    "\"eventID\":\"5e2d8a14-0000-4000-8000-%012u\","
			    "\"errorCode\":\"E%u\"," ABOUT(
				    NAMES("errorCode")) "}\n",
			    i / 60, i % 60, 100 + i * 7 % 500, i);
	strbuf_adds(&text, CALL("") "\n");
	folder_make(&f);
	put_file(&f, "a.jsonl", strbuf_str(&text));
	load_path(&l, f.path, 2);
	assert_int_equal(l.store->n, 1);
	check_row(l.store, "E499", "");
	assert_non_null(amendments_find(&l.store->amended, 0, &n));
	assert_int_equal(n, AMEND_ADDENDA + 1);
	/* The others changed nothing, and that is said. */
	assert_int_equal(l.store->skips.n, 500 - AMEND_ADDENDA);
	check(str_eq(str_of(l.store->skips.skip[0].reason),
		     STR("an addition to an event that has too many")),
	      "%s", l.store->skips.skip[0].reason);
	load_release(&l);
	folder_remove(&f);
	strbuf_release(&id);
	strbuf_release(&text);
}

/* An event of more accounts than are told apart, and one that would become too
 * long: what was not put into them is listed. */
static void told(void **state)
{
	struct strbuf text;
	struct folder f;
	struct loaded l;
	row_id row;

	(void)state;
	strbuf_init(&text);
	for (unsigned i = 0; i < 10; i++)
		strbuf_addf(
			&text,
			"{\"eventName\":\"RunInstances\",\"eventSource\":"
			"\"ec2.amazonaws.com\",\"eventTime\":\"2026-01-09T"
			"21:42:07Z\",\"eventID\":\"" FIRST
			"\",\"recipientAccountId\":\"%012u\"}\n"
			"{\"eventTime\":\"2026-01-09T22:00:00Z\",\"eventID"
			"\":\"5e2d8a14-0000-4000-8000-%012u\",\"errorCode\":"
			"\"E\",\"recipientAccountId\":\"%012u\"," ABOUT(
				NAMES("errorCode")) "}\n",
			i, 100 + i, i);
	folder_make(&f);
	put_file(&f, "a.jsonl", strbuf_str(&text));
	load_path(&l, f.path, 2);
	assert_int_equal(l.store->amended.n, AMEND_ACCOUNTS);
	assert_int_equal(l.store->skips.n, 10 - AMEND_ACCOUNTS);
	load_release(&l);
	folder_remove(&f);

	strbuf_clear(&text);
	strbuf_adds(&text, "{\"eventID\":\"" FIRST
			   "\",\"eventName\":\"a\",\"eventSource\":"
			   "\"s.amazonaws.com\",\"eventVersion\":\"1.08\"");
	for (unsigned i = 0; i < 300000; i++)
		strbuf_addf(&text, ",\"m%u\":0", i);
	strbuf_adds(&text, "}\n" LATER "\n");
	folder_make(&f);
	put_file(&f, "a.jsonl", strbuf_str(&text));
	load_path(&l, f.path, 1);
	row = store_find_id(l.store, STR(FIRST), ROW_NONE);
	assert_true(row != ROW_NONE);
	assert_int_equal(l.store->n, 1);
	assert_int_equal(l.store->amended.n, 0);
	assert_int_equal(l.store->skips.n, 1);
	assert_int_equal(l.store->skips.skip[0].record, 2);
	load_release(&l);
	folder_remove(&f);
	strbuf_release(&text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(records),           cmocka_unit_test(too_long),
		cmocka_unit_test(very_many_members), cmocka_unit_test(in_loads),
		cmocka_unit_test(two_accounts),      cmocka_unit_test(carried),
		cmocka_unit_test(very_many),         cmocka_unit_test(told),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
