/* SPDX-License-Identifier: MIT */
/*
 * Every kind of envelope and every kind of damage, as texts with what has to
 * be found in them. Each text is read from several places of the reading
 * buffer, since where it was refilled must not matter.
 */
#include "ingest_help.h"

#include "ingest/envelope.h"
#include "model/event.h"

/* As envelope.c has it: bytes that are read at a time. */
enum { STEP = 256 * 1024 };

/* A record beyond doubt, and a short one. */
#define REC(name)                                       \
	"{\"eventVersion\":\"1\",\"eventName\":\"" name \
	"\",\"eventSource\":\"s\"}"
#define ODD(name) "{\"eventName\":\"" name "\"}"

struct reading {
	struct limits limits;
	struct arena arena;
	struct envelope *envelope;
	struct source *source;
	struct str text;
	int fd;
};

static void reading_open(struct reading *r, struct str text,
			 const struct limits *limits)
{
	struct err err = ERR_INIT;

	r->limits = *limits;
	r->text = text;
	r->fd = nameless_file(text);
	arena_init(&r->arena);
	r->envelope = envelope_new(&r->limits, &r->arena);
	assert_int_equal(source_open(&r->source, "text", r->fd, NULL,
				     &r->limits, NULL, &err),
			 ERR_OK);
	envelope_start(r->envelope, r->source);
}

static void reading_close(struct reading *r)
{
	source_close(r->source);
	envelope_free(r->envelope);
	arena_release(&r->arena);
	close(r->fd);
}

/* The next item, with what holds for any checked. */
static bool reading_next(struct reading *r, struct envelope_item *item)
{
	arena_reset(&r->arena);
	memset(item, 0xa5, sizeof(*item));
	envelope_next(r->envelope, item);
	if (item->kind == ITEM_END)
		return false;
	if (item->kind == ITEM_SKIP) {
		assert_non_null(item->reason);
		return true;
	}
	assert_int_equal(item->kind, ITEM_RECORD);
	assert_true(item->value->kind == JSON_OBJECT ||
		    item->value->kind == JSON_ARRAY);
	assert_true(item->offset + item->raw.n <= r->text.n);
	assert_str_eq(item->raw, str_sub(r->text, item->offset,
					 item->offset + item->raw.n));
	if (item->row)
		return true;
	assert_int_equal(item->raw.p[0],
			 item->value->kind == JSON_OBJECT ? 0x7b : 0x5b);
	assert_int_equal(item->raw.p[item->raw.n - 1],
			 item->value->kind == JSON_OBJECT ? 0x7d : 0x5d);
	return true;
}

/* "1=a 2!not an object 3=b": records with their names, skips with reasons. */
static void read_items(struct strbuf *out, struct str text,
		       const struct limits *limits, enum file_format *format)
{
	struct envelope_item item;
	struct reading r;

	reading_open(&r, text, limits);
	while (reading_next(&r, &item)) {
		strbuf_addf(out, "%s%u", out->n ? " " : "",
			    (unsigned)item.number);
		if (item.kind == ITEM_SKIP) {
			strbuf_addf(out, "!%s", item.reason);
		} else {
			strbuf_addc(out, '=');
			strbuf_add(out, json_text_at(item.value, "eventName"));
		}
	}
	/* The end stays the end. */
	assert_false(reading_next(&r, &item));
	*format = envelope_format(r.envelope);
	reading_close(&r);
}

static const struct limits usual = LIMITS_DEFAULT;

static const struct envelope_case {
	const char *text;
	const char *items;
	enum file_format format;
} cases[] = {
	/* Whole files. */
	{ "", "", FILE_EMPTY },
	{ " \r\n\t ", "", FILE_EMPTY },
	{ "\xef\xbb\xbf", "", FILE_EMPTY },
	{ "\xef\xbb\xbf \n", "", FILE_EMPTY },
	{ "{\"Records\":[]}", "", FILE_RECORDS },
	{ "{\"Records\":[" REC("a") "]}", "1=a", FILE_RECORDS },
	{ "{\"Records\":[" REC("a") "," REC("b") "]}\n", "1=a 2=b",
	  FILE_RECORDS },
	{ " { \"Records\" : [ " REC("a") " , \n" REC("b") " ] } ", "1=a 2=b",
	  FILE_RECORDS },
	{ "{\"records\":[" REC("a") "]}", "1=a", FILE_RECORDS },
	/* What a delivery holds is a record, whatever it is like. */
	{ "{\"Records\":[{},{\"x\":1}," ODD("a") "]}", "1= 2= 3=a",
	  FILE_RECORDS },
	/* Other members, before and behind. */
	{ "{\"a\":1,\"b\":{\"Records\":[3]},\"Records\":[" REC("a") "]}", "1=a",
	  FILE_RECORDS },
	{ "{\"Records\":[" REC("a") "],\"a\":\"]}\",\"b\":[{}]}\n"
				    "{\"Records\":[" REC("b") "]}",
	  "1=a 2=b", FILE_RECORDS },
	{ "{\"Records\":{\"no\":1},\"Records\":[" REC("a") "]}", "1=a",
	  FILE_RECORDS },
	/* The name twice: neither hides the other. */
	{ "{\"Records\":[" REC("a") "],\"x\":0,\"Records\":[" REC("b") "]}",
	  "1=a 2=b", FILE_RECORDS },
	/* A record that has a member of that name is a record. */
	{ "{\"eventVersion\":\"1\",\"eventName\":\"a\",\"eventID\":\"i\","
	  "\"Records\":[" REC("no") "]}",
	  "1=a", FILE_LINES },
	{ "[" REC("a") "," REC("b") "]", "1=a 2=b", FILE_ARRAY },
	{ "\n[\n" REC("a") "\n]\n", "1=a", FILE_ARRAY },
	{ "[]", "", FILE_ARRAY },
	{ REC("a") "\n" REC("b") "\n", "1=a 2=b", FILE_LINES },
	{ "\n\n" REC("a") "\r\n\r\n" REC("b") "\r\n", "1=a 2=b", FILE_LINES },
	{ REC("a"), "1=a", FILE_LINES },
	{ "{\n    \"eventVersion\": \"1\",\n    \"eventName\": \"a\",\n"
	  "    \"requestParameters\": {\n        \"x\": [\n            1\n"
	  "        ]\n    }\n}\n",
	  "1=a", FILE_LINES },
	{ "\xef\xbb\xbf" REC("a"), "1=a", FILE_LINES },
	{ "\xef\xbb\xbf{\"Records\":[" REC("a") "]}", "1=a", FILE_RECORDS },
	/* One behind another. */
	{ REC("a") REC("b") ODD("c"), "1=a 2=b 3=c", FILE_LINES },
	{ "{\"Records\":[" REC("a") "]}{\"Records\":[" REC("b") "]}", "1=a 2=b",
	  FILE_RECORDS },
	{ "[" REC("a") "]\n[" REC("b") "]\n" REC("c"), "1=a 2=b 3=c",
	  FILE_ARRAY },
	/* Not records. */
	{ "{\"Records\":[1,\"two\",null,[" REC("no") "]," REC("a") "]}",
	  "1!not an object 2!not an object 3!not an object "
	  "4!not an object 5=a",
	  FILE_RECORDS },
	{ "{\"Records\":null}", "1=", FILE_LINES },
	{ "text\nwithout any\n", "0!no kind of log that trawl reads",
	  FILE_UNKNOWN },
	{ "12", "0!no kind of log that trawl reads", FILE_UNKNOWN },
	{ "\"eventVersion\"", "0!no kind of log that trawl reads",
	  FILE_UNKNOWN },
	{ "name,value\n{a},{b}\n", "0!no kind of log that trawl reads",
	  FILE_UNKNOWN },
	/* Something before the first record. */
	{ "Fri Jan 9 collected by hand\n" REC("a") "\n" REC("b"),
	  "1!not JSON 2=a 3=b", FILE_LINES },
	/* Lines of a log's export: a time, perhaps a stream's name. */
	{ "2026-01-09T21:42:07.000Z " REC("a") "\n", "1=a", FILE_LINES },
	{ "2026-01-09T21:42:07.000Z " REC(
		  "a") "\n"
		       "2026-01-09T21:42:08.000Z START RequestId: 1\n"
		       "2026-01-09T21:42:09.000Z " REC("b") "\n",
	  "1=a 2!a record was expected 3=b", FILE_LINES },
	{ "2026-01-09T21:42:07 111122223333_CloudTrail_us-east-1 " REC("a"),
	  "1=a", FILE_LINES },
	{ "2026-01-09T21:42:07.000Z\n" REC("a"), "1!not JSON 2=a", FILE_LINES },
	{ "2026-01-09T21:42:07.000Zx{", "0!no kind of log that trawl reads",
	  FILE_UNKNOWN },
	/* Objects that hold an array of another name. */
	{ "{\"Events\":[" REC("a") "," REC("b") "],\"NextToken\":\"t\"}",
	  "1=a 2=b", FILE_OBJECT },
	{ "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[" ODD(
		  "a") "]}{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[" ODD("b") "]}",
	  "1=a 2=b", FILE_OBJECT },
	{ "{\"took\":3,\"hits\":{\"total\":{\"value\":2},\"hits\":[" ODD(
		  "a") "," ODD("b") "],\"x\":[1]},\"aggregations\":{}}\n" REC("c"),
	  "1=a 2=b 3=c", FILE_OBJECT },
	{ "{\"hits\":{\"hits\":[]}}", "", FILE_OBJECT },
	{ "{\"hits\":3,\"events\":[" ODD("a") "]}", "1=a", FILE_OBJECT },
	{ "{\"results\":[[{\"field\":\"x\"}],[]],\"status\":\"Complete\"}",
	  "1= 2!not an object", FILE_OBJECT },
	/* Tables: rows are objects of their cells. */
	{ "eventName,eventID,awsRegion\na,1,r\r\n\"b\"\"c,\nd\",2,r",
	  "1=a 2=b\"c,\nd", FILE_TABLE },
	{ "\xef\xbb\xbf\"eventName\"\t\"eventID\"\t\"awsRegion\"\n\n\"a\"\t1\n",
	  "1=a", FILE_TABLE },
	{ "eventName;eventID;awsRegion\n", "", FILE_TABLE },
	{ "eventName,eventID,awsRegion\na,1,r\n\"b,2,r\n",
	  "1=a 2!the data ends inside a row", FILE_TABLE },
	{ "eventName,place,person\na,b,c\n",
	  "0!no kind of log that trawl reads", FILE_UNKNOWN },
	{ "x,\"eventName\",\"eventID\",\"awsRegion\":{}\na\n",
	  "0!no kind of log that trawl reads", FILE_UNKNOWN },
	/* Texts are no elements that count. */
	{ "{\"eventName\":\"a\",\"events\":[\"x\"]}", "1=a", FILE_LINES },

	/* Damage. */
	{ "{\"Records\":[" REC("a") ",{\"eventName\":bad,\"x\":1}," REC(
		  "b") "," REC("c") "]}",
	  "1=a 2!unexpected character 3=b 4=c", FILE_RECORDS },
	{ "{\"Records\":[{\"eventName\":bad}," REC("b") "]}",
	  "1!unexpected character 2=b", FILE_RECORDS },
	{ "{\"Records\":[" REC("a") ",{\"eventName\":bad}]}",
	  "1=a 2!unexpected character", FILE_RECORDS },
	/* A string or a bracket that is not closed. */
	{ "{\"Records\":[{\"eventName\":\"x,\"eventID\":\"1\"}," REC("b") "]}",
	  "1!',' was expected 2=b", FILE_RECORDS },
	{ "{\"Records\":[{\"eventName\":\"x\",\"a\":{\"b\":1," REC("b") "]}",
	  "1!a key was expected 2=b", FILE_RECORDS },
	{ "{\"Records\":[" REC("a") "," REC("b"),
	  "1=a 2=b 0!the data ends inside an array", FILE_RECORDS },
	{ "{\"Records\":[" REC("a") ",", "1=a 0!the data ends inside an array",
	  FILE_RECORDS },
	{ "{\"Records\":[" REC("a") "]", "1=a", FILE_RECORDS },
	{ "{\"Records\":[" REC("a") ",{\"eventVersion\":\"1\",\"even",
	  "1=a 2!the data ends inside a value", FILE_RECORDS },
	{ "{\"Records\":[" REC("a") ",," REC("b") ",]}", "1=a 2=b",
	  FILE_RECORDS },
	/* What hangs in something broken is no record of its own... */
	{ "{\"Records\":[{\"eventVersion\":\"1\",\"requestParameters\":"
	  "{\"eventName\":\"no\",\"awsRegion\":\"no\"},\"x\":nul}," REC(
		  "a") "]}",
	  "1!unexpected character 2=a", FILE_RECORDS },
	{ "{\"Records\":[{\"eventVersion\":\"1\",\"requestParameters\":"
	  "{\"Records\":[{\"Data\":\"no\"},{\"eventName\":\"no\"}]},"
	  "\"x\":nul}," REC("a") "," REC("b") "]}",
	  "1!unexpected character 2=a 3=b", FILE_RECORDS },
	/* ...not even where a line begins. */
	{ "{\"Records\":[\n{\"eventVersion\":\"1\",\n\"requestParameters\":\n"
	  "{\"a\":1},\n\"x\":nul},\n" REC("a") ",\n" ODD("b") "]}",
	  "1!unexpected character 2=a 3=b", FILE_RECORDS },
	/* One break is one complaint, however deep it is. */
	{ "{\"Records\":[{\"eventVersion\":\"1\",\"a\":[{\"eventName\":[{"
	  "\"eventName\":nul}]}]}," REC("a") "]}",
	  "1!unexpected character 2=a", FILE_RECORDS },
	{ "{\n  \"eventVersion\": \"1\",\n  \"x\": {\n    \"eventName\": \"no\","
	  "\n    \"awsRegion\": \"no\"\n  },\n  \"y\": nul\n}\n" REC("a"),
	  "1!unexpected character 2=a", FILE_LINES },
	/* Lines. */
	{ REC("a") "\nnot a line\n" REC("b") "\n",
	  "1=a 2!a record was expected 3=b", FILE_LINES },
	{ REC("a") "\n{\"eventName\":\"x\n" ODD("b") "\n",
	  "1=a 2!',' was expected 3=b", FILE_LINES },
	{ REC("a") "\n{\"eventName\":\n{\"x\":1}\n" ODD("b") "\n",
	  "1=a 2!',' was expected 3=b", FILE_LINES },
	{ "{\"eventVersion\":\"1\",\"eventN\r\n" ODD("b") "\r\n",
	  "1!':' was expected 2=b", FILE_LINES },
	{ REC("a") "]}\n" REC("b"), "1=a 2!a record was expected 3=b",
	  FILE_LINES },
	{ "[" REC("a") "]]\n[" REC("b") "]", "1=a 2!a record was expected 3=b",
	  FILE_ARRAY },
	/* A second document behind one that is broken. */
	{ "{\"Records\":[" REC("a") ",{\"eventName\":tr]}\n{\"Records\":[" REC(
		  "b") "," ODD("c") "]}",
	  "1=a 2!unexpected character 3=b 4=c", FILE_RECORDS },
	{ "{\"Records\":[" REC("a") "]} rest", "1=a 2!a record was expected",
	  FILE_RECORDS },
};

static void check_case(const struct envelope_case *c, size_t blanks)
{
	struct strbuf text, items;
	enum file_format format;

	strbuf_init(&text);
	strbuf_init(&items);
	strbuf_addn(&text, ' ', blanks);
	strbuf_adds(&text, c->text);
	read_items(&items, strbuf_str(&text), &usual, &format);
	if (format != c->format ||
	    !str_eq(strbuf_str(&items), str_of(c->items)))
		fprintf(stderr, "behind %zu blanks: %s\n", blanks, c->text);
	assert_str_eq(strbuf_str(&items), str_of(c->items));
	assert_int_equal(format, c->format);
	strbuf_release(&text);
	strbuf_release(&items);
}

static void texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_case(&cases[i], 0);
}

/* The same with the end of what is read in one go within the text. */
static void texts_over_the_buffers_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t n = strlen(cases[i].text);

		/* A mark of byte order stands at the beginning alone. */
		if (str_starts(str_of(cases[i].text), STR("\xef")))
			continue;
		for (size_t in = 0; in <= n; in += 1 + n / 9)
			check_case(&cases[i], STEP - in);
	}
}

/* Cutting ----------------------------------------------------------------- */

/* Where the records of a text end, and how they are called. */
struct ends {
	size_t at[8];
	char name[8];
	size_t n;
};

static void add_named(struct strbuf *text, struct ends *ends, char name,
		      const char *behind)
{
	strbuf_addf(text,
		    "{\"eventVersion\":\"1.08\",\"eventName\":\"%c\","
		    "\"eventID\":\"i-%c\",\"requestParameters\":{\"a\":[1,"
		    "{\"eventName\":\"no\"}],\"t\":\"\\u00e9\\\"}]\"}}",
		    name, name);
	ends->at[ends->n] = text->n;
	ends->name[ends->n++] = name;
	strbuf_adds(text, behind);
}

static void check_cut(struct str text, const struct ends *ends)
{
	struct envelope_item item;
	struct reading r;
	size_t seen = 0, skips = 0;

	reading_open(&r, text, &usual);
	while (reading_next(&r, &item)) {
		if (item.kind == ITEM_SKIP) {
			skips++;
			continue;
		}
		assert_true(seen < ends->n);
		assert_int_equal(json_text_at(item.value, "eventName").p[0],
				 ends->name[seen]);
		assert_true(ends->at[seen] <= text.n);
		seen++;
	}
	/* All that were whole, no more, and no more than one complaint. */
	for (size_t i = 0; i < ends->n; i++)
		assert_int_equal(i < seen, ends->at[i] <= text.n);
	assert_true(skips <= 1);
	reading_close(&r);
}

static void cut_at_every_byte(void **state)
{
	static const struct {
		const char *before, *between, *behind;
	} forms[] = {
		{ "{\"Records\":[", ",", "]}" },
		{ "{\"x\":[{\"Records\":1}],\"Records\":[", ",", "],\"y\":2}" },
		{ "[", ",\n", "]" },
		{ "", "\n", "\n" },
		{ "\xef\xbb\xbf{\"Records\":[", " , ", "]}" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct ends ends = { .n = 0 };
		struct strbuf text;

		strbuf_init(&text);
		strbuf_adds(&text, forms[i].before);
		add_named(&text, &ends, 'a', forms[i].between);
		add_named(&text, &ends, 'b', forms[i].between);
		add_named(&text, &ends, 'c', forms[i].behind);
		for (size_t n = 0; n <= text.n; n++)
			check_cut((struct str){ text.p, n }, &ends);
		strbuf_release(&text);
	}
}

/* Any byte changed: the records before it are there, and the last one, which
 * begins far behind it, is found again. */
static void any_byte_overwritten(void **state)
{
	static const char bytes[] = { '"', '{', '}', ']', ',', '\0', 'x' };
	struct ends ends = { .n = 0 };
	struct strbuf text;

	(void)state;
	strbuf_init(&text);
	strbuf_adds(&text, "{\"Records\":[");
	for (char name = 'a'; name <= 'e'; name++)
		add_named(&text, &ends, name, name == 'e' ? "]}" : ",");
	/* Up to the end of the second one. */
	for (size_t at = 13; at < ends.at[1]; at++) {
		for (size_t b = 0; b < sizeof(bytes); b++) {
			char was = text.p[at];
			struct envelope_item item;
			struct reading r;
			char seen[64] = "";
			size_t n = 0;

			text.p[at] = bytes[b];
			reading_open(&r, strbuf_str(&text), &usual);
			while (reading_next(&r, &item) && n < 60)
				if (item.kind == ITEM_RECORD) {
					struct str name = json_text_at(
						item.value, "eventName");

					seen[n++] = name.n == 1 && name.p[0] ?
							    name.p[0] :
							    '?';
				}
			reading_close(&r);
			text.p[at] = was;
			check(at < ends.at[0] || strchr(seen, 'a'),
			      "byte %zu: %s", at, seen);
			check(strstr(seen, "de"), "byte %zu as %d: %s", at,
			      bytes[b], seen);
			check(!strstr(seen, "no"), "byte %zu: %s", at, seen);
		}
	}
	strbuf_release(&text);
}

/* Sizes ------------------------------------------------------------------- */

static void add_filled(struct strbuf *text, const char *name, size_t fill)
{
	strbuf_addf(text,
		    "{\"eventVersion\":\"1\",\"eventName\":\"%s\","
		    "\"eventID\":\"i\",\"x\":\"",
		    name);
	strbuf_addn(text, 'x', fill);
	strbuf_adds(text, "\"}");
}

/* Records whose ends fall before, at and behind where a reading ends. */
static void records_of_every_size(void **state)
{
	struct strbuf text, items, wanted;
	enum file_format format;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&items);
	strbuf_init(&wanted);
	for (unsigned shift = 0; shift < 12; shift++) {
		unsigned n = 0;

		strbuf_clear(&text);
		strbuf_clear(&items);
		strbuf_clear(&wanted);
		strbuf_adds(&text, "{\"Records\":[");
		for (size_t k = 1; k < 4; k++) {
			/* Up to a little before the end of step k. */
			add_filled(&text, "long",
				   k * STEP - text.n - 90 - shift * 9);
			strbuf_addf(&wanted, "%s%u=long", n ? " " : "", n + 1);
			n++;
			for (unsigned i = 0; i < 4; i++, n++) {
				strbuf_adds(&text, "," REC("short"));
				strbuf_addf(&wanted, " %u=short", n + 1);
			}
			strbuf_adds(&text, k == 3 ? "]}" : ",");
		}
		read_items(&items, strbuf_str(&text), &usual, &format);
		assert_str_eq(strbuf_str(&items), strbuf_str(&wanted));
	}
	strbuf_release(&text);
	strbuf_release(&items);
	strbuf_release(&wanted);
}

static void a_record_beyond_the_limit(void **state)
{
	struct limits limits = LIMITS_DEFAULT;
	struct strbuf text, items;
	enum file_format format;
	size_t start;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&items);
	limits.max_record = 1000;
	/* Exactly as long as is allowed, and a byte more. */
	for (size_t over = 0; over < 2; over++) {
		strbuf_clear(&text);
		strbuf_clear(&items);
		strbuf_adds(&text, "{\"Records\":[" REC("a") ",");
		start = text.n;
		add_filled(&text, "b", 0);
		strbuf_truncate(&text, text.n - 2);
		strbuf_addn(&text, 'x', 1000 + over - 2 - (text.n - start));
		strbuf_adds(&text, "\"}," REC("c") "," ODD("d") "]}");
		read_items(&items, strbuf_str(&text), &limits, &format);
		assert_str_eq(strbuf_str(&items),
			      over ? STR("1=a 2!longer than the limit for one "
					 "record 3=c 4=d") :
				     STR("1=a 2=b 3=c 4=d"));
	}
	/* An envelope of any length is no record. */
	strbuf_clear(&text);
	strbuf_clear(&items);
	strbuf_adds(&text, "{\"x\":1,\"y\":{\"z\":[2]},\"Records\":[");
	for (unsigned i = 0; i < 20; i++)
		strbuf_addf(&text, "%s{\"eventName\":\"%u\",\"n\":\"%0100u\"}",
			    i ? "," : "", i, i);
	strbuf_adds(&text, "]}");
	read_items(&items, strbuf_str(&text), &limits, &format);
	assert_true(str_starts(strbuf_str(&items), STR("1=0 2=1 3=2")));
	assert_true(str_ends(strbuf_str(&items), STR(" 20=19")));
	assert_int_equal(format, FILE_RECORDS);
	strbuf_release(&text);
	strbuf_release(&items);
}

/* An object that begins like an envelope, is none, and whose beginning is no
 * longer at hand when that is seen. */
static void a_false_envelope_longer_than_the_buffer(void **state)
{
	struct strbuf text, items;
	enum file_format format;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&items);
	strbuf_adds(&text, "{\"Records\":{\"no\":\"");
	strbuf_addn(&text, 'x', 3 * STEP);
	strbuf_adds(&text, "\"},\"y\":\"");
	strbuf_addn(&text, 'x', 3 * STEP);
	strbuf_adds(&text, "\"}\n" REC("a") "\n" REC("b") "\n");
	read_items(&items, strbuf_str(&text), &usual, &format);
	assert_true(str_ends(strbuf_str(&items), STR(" 2=a 3=b")));
	strbuf_release(&text);
	strbuf_release(&items);
}

/* However many members stand before the records, none of them is kept. */
static void members_before_the_records(void **state)
{
	enum { MEMBERS = 1100000 }; /* more than a record may have */
	struct envelope_item item;
	struct strbuf text;
	struct reading r;

	(void)state;
	strbuf_init(&text);
	strbuf_addc(&text, '{');
	for (int i = 0; i < MEMBERS; i++)
		strbuf_adds(&text, "\"m\":1,");
	strbuf_adds(&text, "\"Records\":[" REC("a") "]}");
	reading_open(&r, strbuf_str(&text), &usual);
	assert_true(reading_next(&r, &item));
	assert_str_eq(json_text_at(item.value, "eventName"), STR("a"));
	check(arena_memory(&r.arena) < (size_t)8 << 20, "%zu bytes of memory",
	      arena_memory(&r.arena));
	assert_false(reading_next(&r, &item));
	reading_close(&r);
	strbuf_release(&text);
}

/* The first record behind too much of something else is not sought. */
static void noise_has_an_end(void **state)
{
	struct strbuf text, items;
	enum file_format format;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&items);
	for (int far = 0; far < 2; far++) {
		strbuf_clear(&text);
		strbuf_clear(&items);
		while (text.n < (far ? 70000u : 60000u))
			strbuf_adds(&text, "a line of something else { \n");
		strbuf_adds(&text, REC("a") "\n");
		read_items(&items, strbuf_str(&text), &usual, &format);
		assert_str_eq(strbuf_str(&items),
			      far ? STR("0!no kind of log that trawl reads") :
				    STR("1!not JSON 2=a"));
	}
	strbuf_release(&text);
	strbuf_release(&items);
}

/* Traps ------------------------------------------------------------------- */

/* Seconds that reading takes; the last record has to be found. */
static double read_trap(struct str text, bool ends_well)
{
	double begun = cpu_seconds();
	struct envelope_item item;
	struct reading r;
	bool last = false;

	reading_open(&r, text, &usual);
	while (reading_next(&r, &item)) {
		last = item.kind == ITEM_RECORD &&
		       str_eq(json_text_at(item.value, "eventName"),
			      STR("last"));
		/* Neither does what is dropped pile up. */
		check(arena_memory(&r.arena) < (size_t)400 << 20,
		      "%zu bytes of memory", arena_memory(&r.arena));
	}
	check(last == ends_well, "%.40s", text.p);
	reading_close(&r);
	return cpu_seconds() - begun;
}

static void add_times(struct strbuf *out, const char *text, size_t times)
{
	while (times--)
		strbuf_adds(out, text);
}

/* Files that would take the square of their length if each beginning of a
 * record were gone through to the end. */
static void traps(void **state)
{
	enum { MANY = 200000 };
	static const struct {
		const char *before, *open, *close;
		bool ends_well;
	} trap[] = {
		{ "", "{\"eventVersion\":", "", true },
		{ "", "{\"eventVersion\":[", "", false },
		{ "", "{\"eventVersion\":\"1\",", "", true },
		{ "", "{\"eventVersion\":\"1\",\n", "", true },
		{ "", "{\"eventVersion\":\"", "", true },
		{ "", "{\"Records\":", "", true },
		{ "", "{\"Records\":[", "", false },
		{ "", "{\"x\":", "", true },
		{ "", "{\"hits\":", "", true },
		{ "", "{\"Events\":[", "", true },
		/* Sound, but for what stands before it. */
		{ "junk ", "{\"eventName\":", "}", true },
		{ "junk ", "{\"eventName\":[", "]}", true },
		{ "junk\n", "{\"Records\":", "}", true },
	};
	struct strbuf text;

	(void)state;
	strbuf_init(&text);
	for (size_t i = 0; i < ARRAY_SIZE(trap); i++) {
		double took;

		strbuf_clear(&text);
		strbuf_adds(&text, trap[i].before);
		add_times(&text, trap[i].open, MANY);
		if (*trap[i].close) {
			strbuf_adds(&text, "1");
			add_times(&text, trap[i].close, MANY);
		}
		strbuf_adds(&text, "\n" REC("last") "\n");
		took = read_trap(strbuf_str(&text), trap[i].ends_well);
		check(took < 10, "%s%s takes %.1f s", trap[i].before,
		      trap[i].open, took);
	}
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(texts_over_the_buffers_end),
		cmocka_unit_test(cut_at_every_byte),
		cmocka_unit_test(any_byte_overwritten),
		cmocka_unit_test(records_of_every_size),
		cmocka_unit_test(a_record_beyond_the_limit),
		cmocka_unit_test(a_false_envelope_longer_than_the_buffer),
		cmocka_unit_test(members_before_the_records),
		cmocka_unit_test(noise_has_an_end),
		cmocka_unit_test(traps),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
