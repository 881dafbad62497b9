/* SPDX-License-Identifier: MIT */
/* What Insights say, also those that say it wrongly. */
#include "helpers.h"

#include "base/arena.h"
#include "base/timefmt.h"
#include "model/insight.h"

static struct arena arena;

static bool read_of(const char *text, struct insight *out)
{
	struct event e;
	struct err err = ERR_INIT;
	const struct json *v = json_read(&arena, str_of(text), &err);

	assert_non_null(v);
	event_extract(&e, v, 0, &arena);
	return insight_read(out, &e);
}

static int64_t at(const char *text)
{
	return time_parse(str_of(text), NULL);
}

#define HEAD(time, state)                                                          \
	"{\"eventType\":\"AwsCloudTrailInsight\",\"eventTime\":\"2026-01-09T" time \
	"Z\",\"insightDetails\":{\"state\":\"" state                               \
	"\",\"eventName\":\"RunInstances\",\"insightContext\":"
#define STATISTICS(minutes)                                             \
	"{\"statistics\":{\"baseline\":{\"average\":0.25},\"insight\":" \
	"{\"average\":3},\"insightDuration\":" minutes "}"

/* The minute before and the one after are part of it. */
static void test_times(void **state)
{
	struct insight i;

	(void)state;
	assert_true(
		read_of(HEAD("06:00:00", "Start") STATISTICS("5") "}}}", &i));
	assert_int_equal(i.from, at("2026-01-09T05:59:00Z"));
	assert_int_equal(i.to, at("2026-01-09T06:06:00Z"));
	assert_true(read_of(HEAD("06:00:00", "End") STATISTICS("5") "}}}", &i));
	assert_int_equal(i.from, at("2026-01-09T05:54:00Z"));
	assert_int_equal(i.to, at("2026-01-09T06:01:00Z"));
	/* A minute at least, a day at most, whatever is written there. */
	assert_true(
		read_of(HEAD("06:00:00", "Start") STATISTICS("-7") "}}}", &i));
	assert_int_equal(i.to, at("2026-01-09T06:02:00Z"));
	assert_true(read_of(HEAD("06:00:00", "Start") STATISTICS("1e300") "}}}",
			    &i));
	assert_int_equal(i.to, at("2026-01-10T06:01:00Z"));
	assert_true(read_of(HEAD("never", "Start") STATISTICS("5") "}}}", &i));
	assert_int_equal(i.from, TIME_NONE);
}

static void test_rates(void **state)
{
	struct strbuf text;
	struct insight i;

	(void)state;
	strbuf_init(&text);
	assert_true(
		read_of(HEAD("06:00:00", "Start") STATISTICS("5") "}}}", &i));
	insight_tell_rates(&i, &text);
	assert_str_eq(strbuf_str(&text),
		      STR("3 calls a minute, 0.25 are usual"));
	strbuf_clear(&text);
	assert_true(read_of(HEAD("06:00:00", "Start") "{}}}", &i));
	insight_tell_rates(&i, &text);
	assert_int_equal(text.n, 0);
	insight_tell_rate(0.0000882145, &text);
	assert_str_eq(strbuf_str(&text), STR("0.000088"));
	strbuf_release(&text);
	assert_false(read_of("{\"eventType\":\"AwsCloudTrailInsight\"}", &i));
	assert_false(read_of("{\"eventName\":\"RunInstances\"}", &i));
}

static void test_attributions(void **state)
{
	struct insight i;

	(void)state;
	assert_true(read_of(
		HEAD("06:00:00", "Start") STATISTICS(
			"5") ",\"attributions\":["
			     "{\"attribute\":\"userIdentityArn\",\"insight\":["
			     "{\"value\":\"a\",\"average\":1},{\"value\":\"b\",\"average\":2},"
			     "{\"value\":\"c\",\"average\":\"x\"}],\"baseline\":["
			     "{\"value\":\"b\",\"average\":1},{\"value\":\"z\",\"average\":9}]},"
			     "{\"attribute\":\"errorCode\",\"insight\":{}},"
			     "{\"attribute\":\"other\",\"insight\":[{\"value\":\"a\"}]},7]}}}",
		&i));
	assert_int_equal(i.identities.n, 3);
	assert_int_equal(i.agents.n + i.codes.n, 0);
	/* The one that called most comes first. Twice as often is not more than
	 * twice; what was never seen before stands out. */
	assert_str_eq(i.identities.value[0].text, STR("b"));
	assert_false(insight_stands_out(&i.identities.value[0]));
	assert_true(insight_stands_out(&i.identities.value[1]));
	assert_false(insight_stands_out(&i.identities.value[2]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_attributions),
	};
	int failed;

	json_init();
	arena_init(&arena);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return failed;
}
