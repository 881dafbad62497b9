/* SPDX-License-Identifier: MIT */
/*
 * What the entries of a case come to, held against lists written down by hand
 * and, on random entries, against reading them all from the first each time.
 */
#include "case_help.h"

#include "casework/case_book.h"

static void say(struct case_book *b, const char *line)
{
	case_book_take(b, str_of(line));
}

static const struct case_item *item(const struct case_book *b,
				    enum case_kind kind, size_t i)
{
	const struct case_list *l = case_book_list(b, kind);

	check(i < l->n, "there are %zu, not %zu", l->n, i + 1);
	return &l->item[i];
}

#define E1 "\"eventID\":\"e1\""
#define E2 "\"eventID\":\"e2\""

static void stars_and_labels(void **state)
{
	struct case_book b;

	(void)state;
	case_book_init(&b);
	say(&b, "{\"entry\":\"star\",\"author\":\"js\","
		"\"time\":\"2026-01-10T09:12:00Z\"," E1
		",\"eventName\":\"StopLogging\","
		"\"eventTime\":\"2026-01-09T06:00:00Z\",\"file\":\"a.json\"}");
	say(&b, "{\"entry\":\"star\",\"author\":\"ak\"," E1 "}");
	say(&b, "{\"entry\":\"star\"," E2 "}");
	say(&b, "{\"entry\":\"star\"}");
	say(&b, "{\"entry\":\"unstar\",\"eventID\":\"e3\"}");
	assert_int_equal(b.list[CASE_STAR].n, 2);
	/* Who said it first keeps it. */
	assert_str_eq(item(&b, CASE_STAR, 0)->author, STR("js"));
	assert_str_eq(item(&b, CASE_STAR, 0)->event.name, STR("StopLogging"));
	assert_str_eq(item(&b, CASE_STAR, 0)->event.file, STR("a.json"));
	/* 2026-01-10 09:12 and 2026-01-09 06:00, by date(1). */
	assert_true(item(&b, CASE_STAR, 0)->time == 1768036320000);
	assert_true(item(&b, CASE_STAR, 0)->event.time == 1767938400000);
	say(&b, "{\"entry\":\"unstar\"," E1 "}");
	assert_int_equal(b.list[CASE_STAR].n, 1);
	assert_str_eq(item(&b, CASE_STAR, 0)->event.id, STR("e2"));
	say(&b, "{\"entry\":\"star\",\"author\":\"ak\"," E1 "}");
	assert_str_eq(item(&b, CASE_STAR, 1)->author, STR("ak"));
	say(&b, "{\"entry\":\"label\"," E1 ",\"label\":\"exfil\"}");
	say(&b, "{\"entry\":\"label\"," E1 ",\"label\":\"to ask\"}");
	say(&b, "{\"entry\":\"label\"," E2 ",\"label\":\"exfil\"}");
	say(&b, "{\"entry\":\"label\"," E1 ",\"label\":\"exfil\"}");
	assert_int_equal(b.list[CASE_LABEL].n, 3);
	say(&b, "{\"entry\":\"unlabel\"," E1 ",\"label\":\"exfil\"}");
	assert_int_equal(b.list[CASE_LABEL].n, 2);
	assert_str_eq(item(&b, CASE_LABEL, 0)->text, STR("to ask"));
	assert_str_eq(item(&b, CASE_LABEL, 1)->event.id, STR("e2"));
	case_book_release(&b);
}

/* A note that is written anew stays in its place; one that was taken back and
 * is said again stands last; what has no id of its own stays for good. */
static void notes(void **state)
{
	struct case_book b;

	(void)state;
	case_book_init(&b);
	say(&b, "{\"entry\":\"note\",\"id\":\"1\"," E1 ",\"text\":\"a\"}");
	say(&b, "{\"entry\":\"note\",\"id\":\"2\",\"incident\":\"e9\","
		"\"text\":\"b\"}");
	say(&b, "{\"entry\":\"note\",\"id\":\"1\"," E1 ",\"text\":\"c\"}");
	assert_int_equal(b.list[CASE_NOTE].n, 2);
	assert_str_eq(item(&b, CASE_NOTE, 0)->text, STR("c"));
	assert_str_eq(item(&b, CASE_NOTE, 1)->incident, STR("e9"));
	say(&b, "{\"entry\":\"unnote\",\"id\":\"1\"}");
	say(&b, "{\"entry\":\"note\",\"text\":\"by hand\"}");
	say(&b, "{\"entry\":\"note\",\"text\":\"by hand\"}");
	say(&b, "{\"entry\":\"unnote\"}");
	say(&b, "{\"entry\":\"note\",\"id\":\"1\",\"text\":\"again\"}");
	assert_int_equal(b.list[CASE_NOTE].n, 4);
	assert_str_eq(item(&b, CASE_NOTE, 0)->id, STR("2"));
	assert_str_eq(item(&b, CASE_NOTE, 1)->text, STR("by hand"));
	assert_str_eq(item(&b, CASE_NOTE, 3)->text, STR("again"));
	/* Each author keeps one text. */
	say(&b, "{\"entry\":\"text\",\"author\":\"js\",\"text\":\"x\"}");
	say(&b, "{\"entry\":\"text\",\"author\":\"ak\",\"text\":\"y\"}");
	say(&b, "{\"entry\":\"text\",\"author\":\"js\",\"text\":\"z\"}");
	assert_int_equal(b.list[CASE_TEXT].n, 2);
	assert_str_eq(item(&b, CASE_TEXT, 0)->text, STR("z"));
	case_book_release(&b);
}

static void the_rest(void **state)
{
	struct case_book b;
	const struct case_item *x;

	(void)state;
	case_book_init(&b);
	say(&b, "{\"entry\":\"disposition\",\"ruleId\":\"r\",\"actor\":\"dan\","
		"\"disposition\":\"benign\",\"eventIDs\":[\"e1\",7,\"\","
		"\"e2\"]}");
	say(&b, "{\"entry\":\"disposition\",\"ruleId\":\"r\","
		"\"disposition\":\"perhaps\",\"eventIDs\":[\"e1\"]}");
	say(&b, "{\"entry\":\"disposition\",\"ruleId\":\"r\","
		"\"disposition\":\"new\",\"eventIDs\":[\"e2\"]}");
	assert_int_equal(b.list[CASE_DISPOSITION].n, 2);
	x = item(&b, CASE_DISPOSITION, 0);
	assert_int_equal(x->disposition, DISPOSITION_BENIGN);
	assert_int_equal(x->event_n, 2);
	assert_str_eq(x->events[1], STR("e2"));
	assert_str_eq(x->actor, STR("dan"));
	say(&b, "{\"entry\":\"evidence\",\"id\":\"v\",\"eventTime\":"
		"\"2026-01-09T06:00:00Z\",\"what\":\"scp\",\"where\":\"h1\"}");
	x = item(&b, CASE_EVIDENCE, 0);
	assert_str_eq(x->text, STR("scp"));
	assert_str_eq(x->name, STR("h1"));
	assert_true(x->event.time == 1767938400000);
	say(&b, "{\"entry\":\"step\",\"ruleId\":\"r\",\"actor\":\"dan\","
		"\"step\":\"Who else?\"}");
	assert_true(case_book_step_done(&b, STR("r"), STR("any title"),
					STR("dan"), STR("Who else?")));
	assert_false(case_book_step_done(&b, STR("r"), STR_NULL, STR("eve"),
					 STR("Who else?")));
	assert_false(case_book_step_done(&b, STR_NULL, STR("r"), STR("dan"),
					 STR("Who else?")));
	say(&b, "{\"entry\":\"unstep\",\"ruleId\":\"r\",\"actor\":\"dan\","
		"\"step\":\"Who else?\"}");
	assert_false(case_book_step_done(&b, STR("r"), STR_NULL, STR("dan"),
					 STR("Who else?")));
	case_book_release(&b);
}

/* What is written is read as the same, whatever is in it. */
static void there_and_back(void **state)
{
	static const struct str events[] = { { "e1", 2 }, { "h:\"0", 4 } };
	struct case_item x = { .event = { .id = STR("e\"1\n"),
					  .time = 1767938400000,
					  .name = STR("\x1b[31m"),
					  .file = STR("a b") },
			       .id = STR("i"),
			       .rule_id = STR("r"),
			       .title = STR("T"),
			       .actor = STR("\xe2\x80\xae"),
			       .author = STR("js"),
			       .time = 1768036320000,
			       .events = events,
			       .event_n = 2 },
			 back;
	const struct json *v;
	struct strbuf out;
	struct arena a;
	struct err err;
	bool ends;

	(void)state;
	arena_init(&a);
	strbuf_init(&out);
	for (int k = 0; k < CASE_KIND_COUNT; k++) {
		x.kind = (enum case_kind)k;
		x.disposition = DISPOSITION_TRUE;
		x.text = k == CASE_STAR || k == CASE_DISPOSITION ?
				 STR_NULL :
				 STR("line\n");
		x.name = k == CASE_EVIDENCE ? STR("n") : STR_NULL;
		strbuf_clear(&out);
		case_item_write(&x, false, &out);
		assert_true(str_find_char(strbuf_str(&out), '\n', 0) ==
			    SIZE_MAX);
		v = json_read(&a, strbuf_str(&out), &err);
		assert_true(case_item_read(v, &back, &ends, &a));
		assert_false(ends);
		assert_int_equal(back.kind, k);
		assert_str_eq(back.event.id, x.event.id);
		assert_str_eq(back.event.name, x.event.name);
		assert_str_eq(back.text, x.text);
		assert_str_eq(back.name, x.name);
		assert_str_eq(back.actor, x.actor);
		assert_str_eq(back.author, x.author);
		assert_true(back.time == x.time &&
			    back.event.time == x.event.time);
		if (k == CASE_DISPOSITION) {
			assert_int_equal(back.event_n, 2);
			assert_str_eq(back.events[1], events[1]);
			continue;
		}
		strbuf_clear(&out);
		case_item_write(&x, true, &out);
		v = json_read(&a, strbuf_str(&out), &err);
		assert_true(case_item_read(v, &back, &ends, &a));
		assert_true(ends);
		assert_int_equal(back.kind, k);
	}
	strbuf_release(&out);
	arena_release(&a);
}

static void same_books(const struct case_book *a, const struct case_book *b)
{
	for (int k = 0; k < CASE_KIND_COUNT; k++) {
		assert_int_equal(a->list[k].n, b->list[k].n);
		for (size_t i = 0; i < a->list[k].n; i++) {
			const struct case_item *x = &a->list[k].item[i];
			const struct case_item *y = &b->list[k].item[i];

			assert_str_eq(x->event.id, y->event.id);
			assert_str_eq(x->id, y->id);
			assert_str_eq(x->text, y->text);
			if (x->id.n || x->event.id.n)
				assert_ptr_equal(case_book_find(a, x), x);
		}
	}
}

/* Taken little by little a case comes to what it does at once. */
static void little_by_little(void **state)
{
	static const char *const words[] = { "star",     "unstar",    "label",
					     "unlabel",  "note",      "unnote",
					     "evidence", "unevidence" };
	struct rng r = { 7 };

	(void)state;
	for (int round = 0; round < 40; round++) {
		struct case_book whole, part;
		struct case_file *c = NULL;
		char name[32], line[200];
		struct err err;

		snprintf(name, sizeof(name), "random%d.case", round);
		assert_int_equal(case_open(&c, in_folder(&dir, name),
					   CASE_WRITE, NULL, &err),
				 ERR_OK);
		case_book_init(&part);
		case_book_update(&part, c);
		for (int i = 0; i < 60; i++) {
			snprintf(line, sizeof(line),
				 "{\"entry\":\"%s\",\"eventID\":\"e%u\","
				 "\"id\":\"%u\",\"name\":\"%u\","
				 "\"label\":\"%u\",\"text\":\"t%d\"}",
				 words[rng_below(&r, 8)], rng_below(&r, 4),
				 rng_below(&r, 4), rng_below(&r, 3),
				 rng_below(&r, 3), i);
			assert_int_equal(case_add(c, str_of(line), &err),
					 ERR_OK);
			if (rng_one_in(&r, 3))
				assert_true(case_book_update(&part, c));
		}
		case_book_update(&part, c);
		assert_false(case_book_update(&part, c));
		case_book_init(&whole);
		case_book_update(&whole, c);
		same_books(&whole, &part);
		case_book_release(&whole);
		case_book_release(&part);
		case_close(c);
	}
}

/* Nothing that somebody puts into a file does harm. */
static void hostile(void **state)
{
	struct case_book b;

	(void)state;
	case_book_init(&b);
	say(&b, "");
	say(&b, "[]");
	say(&b, "{\"entry\":[]}");
	say(&b, "{\"entry\":\"\"}");
	say(&b, "{\"entry\":\"star\",\"eventID\":{}}");
	say(&b, "{\"entry\":\"star\",\"eventID\":\"\\u0000\"}");
	say(&b, "{\"entry\":\"note\",\"text\":\"\\ud800\"}");
	say(&b, "{\"entry\":\"disposition\",\"disposition\":\"new\","
		"\"eventIDs\":{\"a\":1}}");
	say(&b, "{\"entry\":\"disposition\",\"disposition\":\"new\"}");
	say(&b, "{\"entry\":\"evidence\",\"eventTime\":\"yesterday\","
		"\"what\":\"x\"}");
	assert_int_equal(b.list[CASE_STAR].n, 1);
	assert_int_equal(item(&b, CASE_STAR, 0)->event.id.n, 1);
	assert_int_equal(b.list[CASE_NOTE].n, 1);
	assert_int_equal(b.list[CASE_DISPOSITION].n, 0);
	assert_true(item(&b, CASE_EVIDENCE, 0)->event.time == TIME_NONE);
	case_book_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stars_and_labels),
		cmocka_unit_test(notes),
		cmocka_unit_test(the_rest),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(little_by_little),
		cmocka_unit_test(hostile),
	};

	return run_case_tests(tests);
}
