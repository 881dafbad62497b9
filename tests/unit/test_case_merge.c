/* SPDX-License-Identifier: MIT */
/*
 * Two cases as one: what comes out has all lines of both, whichever is named
 * first, keeps each author's order, and is told where two decided differently.
 */
#include "case_help.h"

#include "casework/case_merge.h"

#define HEADER "{\"trawl\":\"case\",\"version\":1}\n"

static struct case_file *case_of(const char *name, struct str lines)
{
	struct case_file *c = NULL;
	struct strbuf text;
	struct err err = ERR_INIT;

	strbuf_init(&text);
	strbuf_adds(&text, HEADER);
	strbuf_add(&text, lines);
	put_file(&dir, name, strbuf_str(&text));
	strbuf_release(&text);
	check(case_open(&c, in_folder(&dir, name), CASE_READ, NULL, &err) ==
		      ERR_OK,
	      "%s", err.msg);
	return c;
}

/* The lines behind the header of what two come to. */
static size_t merge(struct str a, struct str b, struct strbuf *out)
{
	struct case_file *x = case_of("a.case", a), *y = case_of("b.case", b);
	struct case_conflicts conflicts;
	struct strbuf text;
	struct str rest, header;
	size_t n;

	strbuf_init(&text);
	case_conflicts_init(&conflicts);
	case_merge(x, y, &text, &conflicts);
	rest = strbuf_str(&text);
	assert_true(str_next(&rest, '\n', &header));
	strbuf_clear(out);
	strbuf_add(out, rest);
	n = conflicts.n;
	strbuf_release(&text);
	case_conflicts_release(&conflicts);
	case_close(x);
	case_close(y);
	return n;
}

static void comes_to(const char *a, const char *b, const char *wanted)
{
	struct strbuf out;

	strbuf_init(&out);
	merge(str_of(a), str_of(b), &out);
	assert_string_equal(out.p, wanted);
	merge(str_of(b), str_of(a), &out);
	assert_string_equal(out.p, wanted);
	strbuf_release(&out);
}

#define LINE(author, time, n)                                       \
	"{\"author\":\"" author "\",\"time\":\"2026-01-10T09:" time \
	"Z\",\"n\":" n "}\n"

static void by_hand(void **state)
{
	(void)state;
	comes_to("", "", "");
	comes_to(LINE("js", "00:00", "1"), "", LINE("js", "00:00", "1"));
	/* By time; what both have stands there once. */
	comes_to(LINE("js", "00:00", "1") LINE("js", "02:00", "2"),
		 LINE("js", "00:00", "1") LINE("ak", "01:00", "3"),
		 LINE("js", "00:00", "1") LINE("ak", "01:00", "3")
			 LINE("js", "02:00", "2"));
	/* Of one second as the author wrote them, not by their text. */
	comes_to(LINE("js", "00:00", "9") LINE("js", "00:00", "1"),
		 LINE("ak", "00:00", "5"),
		 LINE("ak", "00:00", "5") LINE("js", "00:00", "9")
			 LINE("js", "00:00", "1"));
	/* A copy that was made in the middle of a second. */
	comes_to(LINE("js", "00:00", "9") LINE("js", "00:00", "1"),
		 LINE("js", "00:00", "9"),
		 LINE("js", "00:00", "9") LINE("js", "00:00", "1"));
	/* The same said twice was said twice. */
	comes_to(LINE("js", "00:00", "1") LINE("js", "00:00", "1"),
		 LINE("js", "00:00", "1"),
		 LINE("js", "00:00", "1") LINE("js", "00:00", "1"));
	/* A clock that was put back does not turn an author's order round. */
	comes_to(LINE("js", "05:00", "1") LINE("js", "03:00", "2"),
		 LINE("ak", "04:00", "3"),
		 LINE("ak", "04:00", "3") LINE("js", "05:00", "1")
			 LINE("js", "03:00", "2"));
	/* What says neither who nor when stays with the line above it. */
	comes_to(LINE("js", "02:00", "1") "no JSON\n", LINE("ak", "01:00", "3"),
		 LINE("ak", "01:00", "3") LINE("js", "02:00", "1") "no JSON\n");
}

static size_t count_lines(struct str text)
{
	struct str line;
	size_t n = 0;

	while (str_next(&text, '\n', &line))
		n++;
	return n;
}

/* A story that two copied at some point and went on with, each alone. */
static void any_two(void **state)
{
	static const char *const authors[] = { "js", "ak", "" };
	struct rng r = { 11 };

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct strbuf a, b, out, back, again;
		unsigned common = rng_below(&r, 8), second = 0;

		strbuf_init(&a);
		strbuf_init(&b);
		strbuf_init(&out);
		strbuf_init(&back);
		strbuf_init(&again);
		for (unsigned i = 0; i < 24; i++) {
			char line[120];
			bool both = i < common, first = rng_one_in(&r, 2);
			/* An author alone goes on with each copy. */
			const char *who = both  ? authors[rng_below(&r, 3)] :
					  first ? "js" :
						  "ak";

			second += rng_below(&r, 2);
			if (rng_one_in(&r, 9) && second)
				second--;
			snprintf(line, sizeof(line),
				 "{\"author\":\"%s\",\"time\":\"2026-01-10T"
				 "09:00:%02uZ\",\"n\":%u}\n",
				 who, second, rng_below(&r, 3));
			if (both || first)
				strbuf_adds(&a, line);
			if (both || !first)
				strbuf_adds(&b, line);
		}
		merge(strbuf_str(&a), strbuf_str(&b), &out);
		merge(strbuf_str(&b), strbuf_str(&a), &back);
		assert_string_equal(out.p, back.p);
		assert_int_equal(count_lines(strbuf_str(&out)), 24);
		/* Merging what came out with what went in changes nothing. */
		merge(strbuf_str(&out), strbuf_str(&a), &again);
		assert_string_equal(again.p, out.p);
		merge(strbuf_str(&b), strbuf_str(&out), &again);
		assert_string_equal(again.p, out.p);
		merge(strbuf_str(&out), strbuf_str(&out), &again);
		assert_string_equal(again.p, out.p);
		strbuf_release(&a);
		strbuf_release(&b);
		strbuf_release(&out);
		strbuf_release(&back);
		strbuf_release(&again);
	}
}

#define DECIDE(author, time, what, events)                             \
	"{\"entry\":\"disposition\",\"author\":\"" author              \
	"\",\"time\":\"2026-01-10T09:" time                            \
	"Z\",\"ruleId\":\"r\",\"title\":\"T\",\"disposition\":\"" what \
	"\",\"eventIDs\":[" events "]}\n"

static void conflicts_are_told(void **state)
{
	static const char a[] = DECIDE("js", "00:00", "benign",
				       "\"e1\",\"e2\",\"e3\"");
	static const char b[] = DECIDE("ak", "01:00", "true-positive",
				       "\"e2\",\"e3\",\"e4\"");
	struct case_file *x, *y;
	struct case_conflicts c;
	struct strbuf out;

	(void)state;
	strbuf_init(&out);
	for (int turn = 0; turn < 2; turn++) {
		x = case_of("a.case", turn ? STR(b) : STR(a));
		y = case_of("b.case", turn ? STR(a) : STR(b));
		case_conflicts_init(&c);
		strbuf_clear(&out);
		case_merge(x, y, &out, &c);
		assert_int_equal(c.n, 1);
		assert_int_equal(c.item[0].events, 2);
		assert_str_eq(c.item[0].holds.author, STR("ak"));
		assert_int_equal(c.item[0].holds.disposition, DISPOSITION_TRUE);
		assert_str_eq(c.item[0].other.author, STR("js"));
		case_conflicts_release(&c);
		case_close(x);
		case_close(y);
	}
	/* Whoever knew the other's decision has changed it, no more. */
	assert_int_equal(merge(STR(a),
			       STR(DECIDE("js", "00:00", "benign",
					  "\"e1\",\"e2\",\"e3\"")
					   DECIDE("ak", "01:00",
						  "true-positive", "\"e2\"")),
			       &out),
			 0);
	/* Both say the same. */
	assert_int_equal(merge(STR(a),
			       STR(DECIDE("ak", "01:00", "benign", "\"e1\"")),
			       &out),
			 0);
	/* About other events. */
	assert_int_equal(merge(STR(a),
			       STR(DECIDE("ak", "01:00", "new", "\"e9\"")),
			       &out),
			 0);
	strbuf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),
		cmocka_unit_test(any_two),
		cmocka_unit_test(conflicts_are_told),
	};

	return run_case_tests(tests);
}
