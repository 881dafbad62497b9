/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "base/timefmt.h"

#define DAY ((int64_t)86400000)

static struct strbuf out;

static struct str formatted(int64_t t, enum time_style style,
			    const struct time_zone *zone)
{
	strbuf_clear(&out);
	time_format(&out, t, style, zone);
	return strbuf_str(&out);
}

/* Calendar ---------------------------------------------------------------- */

/* A calendar that only counts: the naive model. */
struct date {
	int year, month, day;
};

static int month_length(int year, int month)
{
	switch (month) {
	case 2:
		if (year % 400 == 0)
			return 29;
		if (year % 100 == 0)
			return 28;
		return year % 4 == 0 ? 29 : 28;
	case 4:
	case 6:
	case 9:
	case 11:
		return 30;
	default:
		return 31;
	}
}

static void next_day(struct date *d)
{
	if (++d->day <= month_length(d->year, d->month))
		return;
	d->day = 1;
	if (++d->month <= 12)
		return;
	d->month = 1;
	d->year++;
}

/* Days from 1600-01-01 to 1970-01-01, counted year by year. */
static int64_t days_before_1970(void)
{
	int64_t days = 0;

	for (int y = 1600; y < 1970; y++)
		days += 337 + month_length(y, 2);
	return days;
}

static void eight_centuries(void **state)
{
	struct date d = { 1600, 1, 1 };
	struct rng r = { 11 };
	int64_t day = -days_before_1970();

	(void)state;
	assert_int_equal(day, -135140);
	for (; d.year < 2401; day++, next_day(&d)) {
		int64_t of_day = rng_below(&r, 86400000);
		int64_t t = day * DAY + of_day;
		struct time_parts p = time_split(t, NULL);
		char text[120];

		assert_int_equal(p.year, d.year);
		assert_int_equal(p.month, d.month);
		assert_int_equal(p.day, d.day);
		assert_int_equal(p.offset, 0);
		assert_int_equal(p.hour * 3600000 + p.minute * 60000 +
					 p.second * 1000 + p.millisecond,
				 of_day);
		assert_true(p.minute < 60 && p.second < 60 &&
			    p.millisecond < 1000);
		assert_true(time_join(&p) == t);
		snprintf(text, sizeof(text),
			 "%04d-%02d-%02dT%02d:%02d:%02d."
			 "%03dZ",
			 d.year, d.month, d.day, p.hour, p.minute, p.second,
			 p.millisecond);
		assert_true(time_parse(str_of(text), NULL) == t);
		if (day % 5 == 0 && p.millisecond)
			assert_str_eq(formatted(t, TIME_ISO, NULL),
				      str_of(text));
	}
}

static void dates_that_do_not_exist(void **state)
{
	char text[16];
	struct rng r = { 12 };

	(void)state;
	for (int i = 0; i < 30000; i++) {
		int year = (int)rng_below(&r, 10000);
		int month = (int)rng_below(&r, 16);
		int day = (int)rng_below(&r, 40);
		bool valid = month >= 1 && month <= 12 && day >= 1 &&
			     day <= month_length(year, month);

		snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month,
			 day);
		assert_int_equal(time_parse(str_of(text), NULL) != TIME_NONE,
				 valid);
	}
	assert_true(time_parse(STR("1900-02-29"), NULL) == TIME_NONE);
	assert_true(time_parse(STR("2000-02-29"), NULL) != TIME_NONE);
	assert_true(time_parse(STR("2024-02-29"), NULL) != TIME_NONE);
	assert_true(time_parse(STR("2100-02-29"), NULL) == TIME_NONE);
	assert_true(time_parse(STR("2026-04-31"), NULL) == TIME_NONE);
}

/* Reading ----------------------------------------------------------------- */

/* `date -u -d ... +%s` gives these. */
#define T_214207 ((int64_t)1767994927000) /* 2026-01-09T21:42:07Z */

static void forms_that_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = {
		{ "2026-01-09T21:42:07Z", T_214207 },
		{ "2026-01-09t21:42:07z", T_214207 },
		{ "2026-01-09 21:42:07", T_214207 },
		{ "  2026-01-09 21:42:07 Z\n", T_214207 },
		{ "2026-01-09T21:42:07", T_214207 },
		{ "2026-01-09T21:42Z", T_214207 - 7000 },
		{ "2026-01-09 21:42", T_214207 - 7000 },
		{ "2026-01-09T21Z", T_214207 - 42 * 60000 - 7000 },
		{ "2026-01-09", T_214207 - 21 * 3600000 - 42 * 60000 - 7000 },
		{ "20260109", T_214207 - 21 * 3600000 - 42 * 60000 - 7000 },
		{ "20260109T214207Z", T_214207 },
		{ "20260109T214207", T_214207 },
		{ "20260109T2142Z", T_214207 - 7000 },
		{ "20260109T214207.250Z", T_214207 + 250 },
		/* Fractions are cut, never rounded. */
		{ "2026-01-09T21:42:07.1Z", T_214207 + 100 },
		{ "2026-01-09T21:42:07.12Z", T_214207 + 120 },
		{ "2026-01-09T21:42:07.1239999999999Z", T_214207 + 123 },
		{ "2026-01-09T21:42:07.9999Z", T_214207 + 999 },
		{ "2026-01-09T21:42:07,5Z", T_214207 + 500 },
		{ "2026-01-09 21:42:07.000", T_214207 },
		/* Offsets. */
		{ "2026-01-10T06:42:07+09:00", T_214207 },
		{ "2026-01-10T06:42:07+0900", T_214207 },
		{ "2026-01-10T06:42:07+09", T_214207 },
		{ "2026-01-10 06:42:07 +09:00", T_214207 },
		{ "2026-01-09T16:12:07-05:30", T_214207 },
		{ "2026-01-09T21:12:07-00:30", T_214207 },
		{ "2026-01-10T11:42:07+14:00", T_214207 },
		{ "20260110T064207+0900", T_214207 },
		/* A leap second is the next one. */
		{ "2016-12-31T23:59:60Z", 1483228800000 },
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1969-12-31T23:59:59.999Z", -1 },
		{ "1600-01-01T00:00:00Z", -135140 * DAY },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str exact = exact_copy(str_of(cases[i].text));

		check(time_parse(exact, NULL) == cases[i].want, "%s gives %lld",
		      cases[i].text, (long long)time_parse(exact, NULL));
		exact_free(exact);
	}
}

static void forms_that_are_not(void **state)
{
	static const char *const bad[] = {
		"",
		"now",
		"2026",
		"2026-01",
		"2026-1-9",
		"202601",
		"26-01-09",
		"2026-01-0",
		"2026/01/09",
		"2026-01-09T",
		"2026-01-09 ",
		"2026-01-09Z21:42",
		"2026-01-09T21:",
		"2026-01-09T2:42:07Z",
		"2026-01-09T21:42:",
		"2026-01-09T21:42:7Z",
		"2026-01-09T21:42:07.Z",
		"2026-01-09T21:42:07.",
		"2026-01-09T21:42:07ZZ",
		"2026-01-09T21:42:07Z x",
		"2026-01-09T21:42:07 UTC",
		"2026-01-09T24:00:00Z",
		"2026-01-09T21:60:00Z",
		"2026-01-09T21:42:61Z",
		"2026-01-09T21:42:07+",
		"2026-01-09T21:42:07+9",
		"2026-01-09T21:42:07+09:",
		"2026-01-09T21:42:07+09:0",
		"2026-01-09T21:42:07+09:60",
		"2026-01-09T21:42:07+15:00",
		"2026-01-09T21:42:07+09:00x",
		"2026-00-09T21:42:07Z",
		"2026-13-09T21:42:07Z",
		"2026-01-00T21:42:07Z",
		"2026-01-32T21:42:07Z",
		"2026-02-29T21:42:07Z",
		"-026-01-09T21:42:07Z",
		"+2026-01-09T21:42:07Z",
		"12026-01-09T21:42:07Z",
		"202601-09",
		"2026-0109",
		"Jan 09, 2026 9:42:07 PM",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct str exact = exact_copy(str_of(bad[i]));

		/* "2026-01-09 " is a date and a blank, which is trimmed. */
		if (strcmp(bad[i], "2026-01-09 ") != 0)
			check(time_parse(exact, NULL) == TIME_NONE, "%s",
			      bad[i]);
		exact_free(exact);
	}
	assert_true(time_parse(STR("2026-01-09T21:42:07Z\0"), NULL) ==
		    TIME_NONE);
}

static void every_prefix_is_harmless(void **state)
{
	struct str whole = STR("2026-01-09T21:42:07.123456+09:00");

	(void)state;
	for (size_t n = 0; n <= whole.n; n++) {
		struct str exact = exact_copy(str_sub(whole, 0, n));

		(void)time_parse(exact, NULL);
		(void)time_parse_loose(exact);
		exact_free(exact);
	}
}

static void loose_exports(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = {
		{ "2026-01-09T21:42:07Z", T_214207 },
		{ "1767994927", T_214207 },
		{ "1767994927000", T_214207 },
		{ "1767994927123", T_214207 + 123 },
		{ "1.767994927e9", T_214207 },
		{ "123456789", 123456789000 },
		{ "12345", TIME_NONE },
		{ "0", TIME_NONE },
		{ "-1767994927", TIME_NONE },
		{ "1e300", TIME_NONE },
		{ "99999999999999999999", TIME_NONE },
		/* A date without its T must not become the year 2612. */
		{ "20260109214207", TIME_NONE },
		{ "176799492x", TIME_NONE },
		{ "", TIME_NONE },
	};
	char text[120];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check(time_parse_loose(str_of(cases[i].text)) == cases[i].want,
		      "%s", cases[i].text);
	for (int ms = 0; ms < 1000; ms++) {
		snprintf(text, sizeof(text), "1767994927.%03d", ms);
		check(time_parse_loose(str_of(text)) == T_214207 + ms, "%s",
		      text);
	}
}

/* Zones ------------------------------------------------------------------- */

static void fixed_zones(void **state)
{
	struct time_zone tokyo = { ZONE_FIXED, 9 * 3600, "+09:00" };
	struct time_zone india = { ZONE_FIXED, 19800, "+05:30" };
	struct time_zone west = { ZONE_FIXED, -(3 * 3600 + 1800), "-03:30" };
	struct time_zone just = { ZONE_FIXED, -1800, "-00:30" };
	struct time_zone utc = TIME_ZONE_UTC;

	(void)state;
	assert_str(formatted(T_214207, TIME_ISO, &utc), "2026-01-09T21:42:07Z");
	assert_str(formatted(T_214207, TIME_ISO, &tokyo),
		   "2026-01-10T06:42:07+09:00");
	assert_str(formatted(T_214207, TIME_ISO, &india),
		   "2026-01-10T03:12:07+05:30");
	assert_str(formatted(T_214207, TIME_ISO, &west),
		   "2026-01-09T18:12:07-03:30");
	assert_str(formatted(T_214207, TIME_ISO, &just),
		   "2026-01-09T21:12:07-00:30");
	assert_true(time_parse(STR("2026-01-10 06:42:07"), &tokyo) == T_214207);
	assert_true(time_parse(STR("2026-01-09 18:12:07"), &west) == T_214207);
	/* A zone in the text wins. */
	assert_true(time_parse(STR("2026-01-09T21:42:07Z"), &tokyo) ==
		    T_214207);
}

static void styles(void **state)
{
	(void)state;
	assert_str(formatted(T_214207 + 45, TIME_ISO, NULL),
		   "2026-01-09T21:42:07.045Z");
	assert_str(formatted(T_214207, TIME_DATE, NULL), "2026-01-09");
	assert_str(formatted(T_214207, TIME_CLOCK, NULL), "21:42:07");
	assert_str(formatted(T_214207, TIME_MINUTE, NULL), "2026-01-09 21:42");
	assert_str(formatted(T_214207 + 999, TIME_DATETIME, NULL),
		   "2026-01-09 21:42:07");
	assert_str(formatted(-1, TIME_ISO, NULL), "1969-12-31T23:59:59.999Z");
	for (int style = TIME_ISO; style <= TIME_DATETIME; style++)
		assert_str(formatted(TIME_NONE, (enum time_style)style, NULL),
			   "-");
}

/* In a child, since the C library reads TZ once. Rules in POSIX' own form need
 * no zone files. */
static void in_local_zone(const char *tz, void (*f)(const struct time_zone *))
{
	struct time_zone zone = { ZONE_LOCAL, 0, "local" };
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		setenv("TZ", tz, 1);
		tzset();
		f(&zone);
		/* A failed assertion never comes here. */
		_exit(42);
	}
	assert_true(child > 0);
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
}

/* cmocka's assertions jump out of the child's test: it must end at once. */
#define child_check(condition)                            \
	do {                                              \
		if (!(condition)) {                       \
			fprintf(stderr, #condition "\n"); \
			_exit(1);                         \
		}                                         \
	} while (0)

static bool shows(int64_t t, const struct time_zone *zone, const char *want)
{
	struct str s = formatted(t, TIME_ISO, zone);

	if (!str_eq(s, str_of(want)))
		print_bytes(want, s);
	return str_eq(s, str_of(want));
}

static void new_york(const struct time_zone *z)
{
	child_check(shows(T_214207, z, "2026-01-09T16:42:07-05:00"));
	child_check(time_parse(STR("2026-01-09 16:42:07"), z) == T_214207);
	child_check(time_parse(STR("2026-01-09 16:42:07.25"), z) ==
		    T_214207 + 250);
	child_check(time_parse(STR("2026-01-09T21:42:07Z"), z) == T_214207);
	/* Summer: 2026-07-01T12:00:00Z. */
	child_check(shows(1782907200000, z, "2026-07-01T08:00:00-04:00"));
	child_check(time_parse(STR("2026-07-01 08:00"), z) == 1782907200000);
	/* Clocks go forward on 2026-03-08 at 07:00:00Z. */
	child_check(shows(1772953199000, z, "2026-03-08T01:59:59-05:00"));
	child_check(shows(1772953200000, z, "2026-03-08T03:00:00-04:00"));
	/* And back on 2026-11-01 at 06:00:00Z: 01:30 comes twice. */
	child_check(shows(1793511000000, z, "2026-11-01T01:30:00-04:00"));
	child_check(shows(1793514600000, z, "2026-11-01T01:30:00-05:00"));
	child_check(shows(-1, z, "1969-12-31T18:59:59.999-05:00"));
}

static void tokyo(const struct time_zone *z)
{
	child_check(shows(T_214207, z, "2026-01-10T06:42:07+09:00"));
	child_check(time_parse(STR("2026-01-10"), z) == 1767970800000);
	for (int64_t t = -40 * 365 * DAY; t < 80 * 365 * DAY;
	     t += 12345678901) {
		struct time_parts p = time_split(t, z);

		child_check(time_join(&p) == t);
	}
}

static void local_zone(void **state)
{
	(void)state;
	in_local_zone("EST5EDT,M3.2.0,M11.1.0", new_york);
	in_local_zone("JST-9", tokyo);
}

/* Spans ------------------------------------------------------------------- */

static void spans_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: refused */
	} cases[] = {
		{ "90s", 90000 },
		{ "15m", 900000 },
		{ "36h", 129600000 },
		{ "7d", 604800000 },
		{ "2w", 1209600000 },
		{ "1h30m", 5400000 },
		{ "1d2h3m4s", 93784000 },
		{ "0s", 0 },
		{ "", -1 },
		{ "15", -1 },
		{ "m", -1 },
		{ "1h30", -1 },
		{ "-5m", -1 },
		{ "1.5h", -1 },
		{ "5 m", -1 },
		{ "5y", -1 },
		{ "99999999999s", -1 },
		{ "1000000000000000000000s", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str exact = exact_copy(str_of(cases[i].text));
		int64_t ms = -1;

		check(time_parse_span(exact, &ms) == (cases[i].want >= 0), "%s",
		      cases[i].text);
		assert_true(ms == cases[i].want);
		exact_free(exact);
	}
}

static void endless_spans_are_refused(void **state)
{
	struct strbuf text;
	int64_t ms = 0;

	(void)state;
	strbuf_init(&text);
	for (int i = 0; i < 40; i++)
		strbuf_adds(&text, "1000000000w");
	assert_false(time_parse_span(strbuf_str(&text), &ms));
	strbuf_release(&text);
}

static void spans_are_written(void **state)
{
	static const struct {
		int64_t ms;
		const char *want;
	} cases[] = {
		{ 0, "0s" },
		{ 999, "0s" },
		{ 45000, "45s" },
		{ 59999, "59s" },
		{ 60000, "1m" },
		{ 12 * 60000, "12m" },
		{ 3600000, "1h 0m" },
		{ 12000000, "3h 20m" },
		{ 86399999, "23h 59m" },
		{ 86400000, "1d 0h" },
		{ 5 * DAY + 4 * 3600000, "5d 4h" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_clear(&out);
		time_format_span(&out, cases[i].ms);
		assert_string_equal(out.p, cases[i].want);
	}
}

static int set_up(void **state)
{
	(void)state;
	strbuf_init(&out);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	strbuf_release(&out);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eight_centuries),
		cmocka_unit_test(dates_that_do_not_exist),
		cmocka_unit_test(forms_that_are_read),
		cmocka_unit_test(forms_that_are_not),
		cmocka_unit_test(every_prefix_is_harmless),
		cmocka_unit_test(loose_exports),
		cmocka_unit_test(fixed_zones),
		cmocka_unit_test(styles),
		cmocka_unit_test(local_zone),
		cmocka_unit_test(spans_are_read),
		cmocka_unit_test(endless_spans_are_refused),
		cmocka_unit_test(spans_are_written),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
