/* SPDX-License-Identifier: MIT */
/*
 * What the evidence holds and lacks: small worlds whose holes were made by
 * hand, random ones against a plain count of quarters, and what is said where
 * nothing was found.
 */
#include "ingest_help.h"

#include "casework/coverage.h"
#include "query/parse.h"

#define HOME  "111122223333"
#define OTHER "444455556666"

static const struct time_zone utc = TIME_ZONE_UTC;

/* Minutes since 2026-01-09T00:00Z, which is the beginning of all worlds. */
static int64_t minute(int64_t m)
{
	return time_parse(STR("2026-01-09T00:00:00Z"), NULL) + m * 60000;
}

struct world {
	struct folder folder;
	struct strbuf text;
	unsigned n;
	struct loaded load;
	struct rowset rows;
	struct coverage *c;
};

static void world_begin(struct world *w)
{
	*w = (struct world){ .rows = ROWSET_INIT };
	folder_make(&w->folder);
	strbuf_init(&w->text);
}

/* A call; `more` begins with a comma when there is some. */
static void say(struct world *w, int64_t m, const char *account,
		const char *region, const char *service, const char *name,
		const char *more)
{
	struct strbuf time;

	strbuf_init(&time);
	time_format(&time, minute(m), TIME_ISO, &utc);
	strbuf_addf(&w->text,
		    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":"
		    "\"IAMUser\",\"principalId\":\"AIDA1\",\"accountId\":"
		    "\"%s\",\"arn\":\"arn:aws:iam::%s:user/u\"},\"eventTime\":"
		    "\"%s\",\"eventSource\":\"%s.amazonaws.com\","
		    "\"eventName\":\"%s\",\"awsRegion\":\"%s\","
		    "\"recipientAccountId\":\"%s\"%s,\"eventID\":\"",
		    account, account, time.p, service, name, region, account,
		    more);
	add_id(&w->text, w->n++);
	strbuf_adds(&w->text, "\"}\n");
	strbuf_release(&time);
}

static void call(struct world *w, int64_t m, const char *account,
		 const char *region)
{
	say(w, m, account, region, "ec2", "DescribeInstances",
	    ",\"readOnly\":true");
}

static void world_end(struct world *w, int64_t since, int64_t until)
{
	const char *path = w->folder.path;
	struct ingest_options options = load_options(&path, 1, 1);

	put_file(&w->folder, "log.json", strbuf_str(&w->text));
	load_with(&w->load, &options, NULL, NULL);
	assert_int_equal(w->load.store->n, w->n);
	rowset_add_range(&w->rows, 0, w->n);
	w->c = coverage_new(w->load.store, &w->rows, since, until);
}

static void world_release(struct world *w)
{
	coverage_free(w->c);
	rowset_release(&w->rows);
	load_release(&w->load);
	folder_remove(&w->folder);
	strbuf_release(&w->text);
}

static void assert_text(struct str is, const char *should)
{
	assert_true(str_eq(is, str_of(should)));
}

/* Holes -------------------------------------------------------------------- */

/*
 * Every ten minutes an event, from 00:00 to 06:00: in HOME/eu-west-1 but for
 * 02:10 to 03:20, in OTHER/eu-west-1 until 04:00. HOME/us-east-1 has two, which
 * is no noise; HOME/us-west-2 has noise from 03:00 on, which is no hole.
 */
static void two_holes(struct world *w)
{
	world_begin(w);
	for (int m = 0; m <= 360; m += 10) {
		if (m < 130 || m > 200)
			call(w, m, HOME, "eu-west-1");
		if (m <= 240)
			call(w, m, OTHER, "eu-west-1");
		if (m >= 180)
			call(w, m, HOME, "us-west-2");
	}
	call(w, 30, HOME, "us-east-1");
	call(w, 300, HOME, "us-east-1");
	say(w, 129, HOME, "eu-west-1", "cloudtrail", "StopLogging", "");
	say(w, 211, HOME, "eu-west-1", "cloudtrail", "StartLogging", "");
	say(w, 215, OTHER, "eu-west-1", "cloudtrail", "DeleteTrail",
	    ",\"errorCode\":\"AccessDenied\"");
	say(w, 216, OTHER, "eu-west-1", "s3", "GetObject",
	    ",\"managementEvent\":false,\"eventCategory\":\"Data\"");
	say(w, 217, OTHER, "eu-west-1", "s3", "GetObject",
	    ",\"managementEvent\":false,\"eventCategory\":\"Data\"");
	world_end(w, TIME_NONE, TIME_NONE);
}

static void test_holes(void **state)
{
	struct world w;
	const struct coverage_place *p;
	const struct coverage_hole *h;

	(void)state;
	two_holes(&w);
	p = w.c->place;
	assert_int_equal(w.c->place_n, 4);
	assert_text(p[0].account_text, HOME);
	assert_text(p[0].region_text, "eu-west-1");
	assert_text(p[1].region_text, "us-east-1");
	assert_text(p[2].region_text, "us-west-2");
	assert_text(p[3].account_text, OTHER);
	/* 37 tens of minutes, without eight, and the two calls. */
	assert_int_equal(p[0].events, 31);
	assert_int_equal(p[1].events, 2);
	assert_int_equal(p[3].events, 25 + 3);
	assert_int_equal(p[3].data, 2);
	/* 25 quarters of 00:00 to 06:00, without those of 02:15 to 03:30. */
	assert_int_equal(p[0].quarter_n, 20);
	assert_true(p[0].regular && p[2].regular && p[3].regular);
	assert_false(p[1].regular);
	assert_int_equal(w.c->first, minute(0));
	assert_int_equal(w.c->last, minute(360));
	assert_int_equal(w.c->hole_n, 2);
	h = w.c->hole;
	assert_int_equal(h[0].place, 0);
	assert_int_equal(h[0].from, minute(129));
	assert_int_equal(h[0].until, minute(210));
	assert_int_not_equal(h[0].after, ROW_NONE);
	assert_int_equal(h[1].place, 3);
	assert_int_equal(h[1].from, minute(240));
	assert_int_equal(h[1].until, minute(360));
	assert_int_equal(h[1].after, ROW_NONE);
	world_release(&w);
}

static void test_accounts(void **state)
{
	struct world w;

	(void)state;
	two_holes(&w);
	assert_int_equal(w.c->account_n, 2);
	assert_int_equal(w.c->account[0].place, 0);
	assert_int_equal(w.c->account[0].place_n, 3);
	assert_int_equal(w.c->account[1].place, 3);
	assert_int_equal(w.c->account[1].place_n, 1);
	assert_int_equal(w.c->account[1].data, 2);
	assert_int_equal(w.c->account[1].reads, 25);
	assert_int_equal(w.c->data_n, 1);
	assert_text(w.c->data[0].type, "AWS::S3::Object");
	assert_int_equal(w.c->data[0].events, 2);
	assert_true(coverage_has_data(w.c, str_of(OTHER), STR_NULL));
	assert_false(coverage_has_data(w.c, str_of(HOME), STR_NULL));
	assert_false(
		coverage_has_data(w.c, STR_NULL, STR("lambda.amazonaws.com")));
	assert_string_equal(coverage_unseen(w.c, 0), "AWS::Lambda::Function");
	assert_int_equal(w.c->caller_n, 0);
	assert_int_equal(w.c->change_n, 3);
	assert_string_equal(w.c->change[0].call->name, "StopLogging");
	assert_int_equal(w.c->change[0].call->effect, COVERAGE_STOPPED);
	assert_int_equal(w.c->change[1].call->effect, COVERAGE_STARTED);
	world_release(&w);
}

/* Where short silence is usual an hour of it is a hole, less is none. */
static void test_usual(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	for (int m = 0; m < 2400; m += 5) {
		int at = m % 480;

		/* Once in eight hours 15 minutes, so five times; and once 65:
		 * 20:00 to 21:05. */
		if ((at >= 60 && at < 75) || (m >= 1200 && m < 1265))
			continue;
		call(&w, m, HOME, "eu-west-1");
	}
	world_end(&w, TIME_NONE, TIME_NONE);
	assert_true(w.c->place[0].regular);
	assert_int_equal(w.c->place[0].quiet, 6);
	assert_int_equal(w.c->hole_n, 1);
	assert_int_equal(w.c->hole[0].from, minute(1195));
	assert_int_equal(w.c->hole[0].until, minute(1265));
	world_release(&w);
}

/* The times that were asked for are the span, whatever was delivered. */
static void test_asked(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	for (int m = 0; m < 240; m += 10)
		call(&w, m, HOME, "eu-west-1");
	world_end(&w, minute(-60), minute(480));
	assert_int_equal(w.c->first, minute(-60));
	assert_int_equal(w.c->last, minute(480) - 1);
	assert_int_equal(w.c->hole_n, 1);
	assert_int_equal(w.c->hole[0].from, minute(230));
	assert_int_equal(w.c->hole[0].until, minute(480) - 1);
	world_release(&w);
}

static void test_empty(void **state)
{
	struct coverage_question q = COVERAGE_QUESTION_INIT;
	struct strbuf text;
	struct world w;

	(void)state;
	world_begin(&w);
	strbuf_adds(&w.text, "{}\n");
	put_file(&w.folder, "log.json", strbuf_str(&w.text));
	load_path(&w.load, w.folder.path, 1);
	w.c = coverage_new(w.load.store, &w.rows, TIME_NONE, TIME_NONE);
	assert_int_equal(w.c->first, TIME_NONE);
	assert_int_equal(coverage_axis(w.c, 40).n, 0);
	strbuf_init(&text);
	coverage_none(w.c, &q, &utc, &text);
	assert_text(strbuf_str(&text), "no CloudTrail log is in the evidence: "
				       "what was done there is not known");
	strbuf_release(&text);
	world_release(&w);
}

/* Quarters of random events as a row of marks, counted plainly. */
static void test_random(void **state)
{
	enum { QUARTERS = 96 };
	struct rng rng = { 20261122 };

	(void)state;
	for (int round = 0; round < 40; round++) {
		bool has[QUARTERS] = { false };
		size_t n = 0, quiet = 0, holes = 0, run = 0, least;
		int first = -1, last = -1;
		uint32_t empty = 2 + rng_below(&rng, 40);
		struct world w;

		world_begin(&w);
		for (int q = 0; q < QUARTERS; q++) {
			if (rng_one_in(&rng, empty))
				continue;
			has[q] = true;
			call(&w, q * 15 + (int)rng_below(&rng, 15), HOME, "r");
		}
		/* Something else goes on all day. */
		call(&w, 0, HOME, "s");
		call(&w, QUARTERS * 15 - 1, HOME, "s");
		world_end(&w, TIME_NONE, TIME_NONE);
		for (int q = 0; q < QUARTERS; q++) {
			n += has[q];
			last = has[q] ? q : last;
			first = first < 0 && has[q] ? q : first;
		}
		for (int q = first; q < last; q++)
			quiet += has[q] && !has[q + 1];
		assert_int_equal(w.c->place[0].quiet, quiet);
		assert_int_equal(w.c->place[0].regular,
				 n >= 8 && quiet * 20 <= n);
		least = quiet > 3 ? 4 : 1;
		for (int q = first; q < QUARTERS; q++) {
			if (!has[q])
				run++;
			/* The last quarter is not over. */
			if ((has[q] && run >= least) ||
			    (!has[q] && q == QUARTERS - 1 && run > least))
				holes++;
			if (has[q])
				run = 0;
		}
		assert_int_equal(w.c->hole_n,
				 w.c->place[0].regular ? holes : 0);
		world_release(&w);
	}
}

/* Drawing ------------------------------------------------------------------ */

static void test_cells(void **state)
{
	struct coverage_cell cell[64];
	struct coverage_axis axis;
	struct strbuf tick;
	struct world w;

	(void)state;
	two_holes(&w);
	axis = coverage_axis(w.c, 30);
	assert_int_equal(axis.n, 25); /* quarters: 00:00 to 06:00 */
	axis = coverage_axis(w.c, 24);
	assert_int_equal(axis.n, 7); /* hours */
	assert_int_equal(axis.from, minute(0));
	coverage_cells(w.c, 0, &axis, cell);
	assert_int_equal(cell[0].events, 6);
	/* 02:00 and 02:09, and from 02:15 on nothing; 03:30, 03:31 and on. */
	assert_int_equal(cell[2].events, 2);
	assert_true(cell[2].hole && cell[2].changed);
	assert_int_equal(cell[2].effect, COVERAGE_STOPPED);
	assert_int_equal(cell[3].events, 4);
	assert_true(cell[3].hole && cell[3].changed);
	assert_int_equal(cell[3].effect, COVERAGE_STARTED);
	assert_false(cell[1].hole || cell[4].hole || cell[1].changed);
	/* What was denied changed nothing. */
	coverage_cells(w.c, 3, &axis, cell);
	assert_false(cell[3].changed);
	assert_true(cell[4].hole && cell[5].hole && cell[6].hole);
	strbuf_init(&tick);
	assert_true(coverage_tick(&axis, 0, &utc, &tick));
	assert_text(strbuf_str(&tick), "01-09");
	assert_false(coverage_tick(&axis, 1, &utc, &tick));
	strbuf_clear(&tick);
	assert_true(coverage_tick(&axis, 6, &utc, &tick));
	assert_text(strbuf_str(&tick), "06:00");
	strbuf_release(&tick);
	assert_int_equal(coverage_axis(w.c, 1).n, 1);
	world_release(&w);
}

/* When nothing was found --------------------------------------------------- */

static void assert_said(const struct world *w, const char *filter,
			const char *should)
{
	struct coverage_question q = COVERAGE_QUESTION_INIT;
	const struct expr *e;
	struct arena arena;
	struct strbuf text;
	struct err err;

	arena_init(&arena);
	strbuf_init(&text);
	assert_int_equal(query_read(str_of(filter), NULL, &arena, &e, &err),
			 ERR_OK);
	coverage_ask(&q, e);
	coverage_none(w->c, &q, &utc, &text);
	if (!strstr(text.p, should))
		fail_msg("%s: %s", filter, text.p);
	strbuf_release(&text);
	arena_release(&arena);
}

static void test_said(void **state)
{
	struct world w;

	(void)state;
	two_holes(&w);
	assert_said(&w, "account:999988887777",
		    "no CloudTrail log of account 999988887777 is in");
	assert_said(&w, "region:sa-east-1 and user:x",
		    "no CloudTrail log in sa-east-1 is in");
	/* What one of two has to hold says nothing. */
	assert_said(&w, "region:sa-east-1 or user:x", "the logs there have");
	assert_said(&w, "not region:sa-east-1", "the logs there have");
	assert_said(&w,
		    "region:us-east-1 and eventTime>=2026-01-09T01:00Z and "
		    "eventTime<2026-01-09T02:00Z",
		    "no event at all in us-east-1 from 2026-01-09 01:00 UTC to "
		    "2026-01-09 02:00 UTC is");
	assert_said(&w, "eventName:GetObject and account:" HOME,
		    "no data events of AWS::S3::Object of account " HOME);
	assert_said(&w, "eventName:GetObject and account:" OTHER,
		    "the logs there have 1 hole: eu-west-1 from 2026-01-09 "
		    "04:00 UTC for 2h 0m");
	assert_said(&w, "eventName:Foo",
		    "the logs there have 2 holes, the "
		    "first eu-west-1 from 2026-01-09 "
		    "02:09 UTC for 1h 21m");
	assert_said(&w, "account:" HOME " and eventTime>=2026-01-09T05:00Z",
		    "logging was stopped there: StopLogging at 2026-01-09 "
		    "02:09 UTC");
	assert_said(&w, "account:" HOME " and eventTime<2026-01-09T01:00Z",
		    "no event is not no action");
	assert_said(&w, "kind:web", "nothing of kind web is in the evidence");
	world_release(&w);
}

static void add_sentence(void *context, struct str sentence)
{
	strbuf_add(context, sentence);
	strbuf_addc(context, '\n');
}

static void test_lacks(void **state)
{
	struct strbuf text;
	struct world w;

	(void)state;
	world_begin(&w);
	for (int m = 0; m < 20; m++)
		say(&w, m, HOME, "eu-west-1", "ec2", "RunInstances",
		    ",\"readOnly\":false");
	world_end(&w, TIME_NONE, TIME_NONE);
	strbuf_init(&text);
	coverage_lacks(w.c, add_sentence, &text);
	assert_non_null(strstr(text.p, "No data events at all"));
	assert_non_null(strstr(text.p,
			       "Account " HOME " has no reading management "
			       "call among 20"));
	assert_null(strstr(text.p, "accounts of which no log"));
	strbuf_release(&text);
	world_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holes), cmocka_unit_test(test_accounts),
		cmocka_unit_test(test_usual), cmocka_unit_test(test_asked),
		cmocka_unit_test(test_empty), cmocka_unit_test(test_random),
		cmocka_unit_test(test_cells), cmocka_unit_test(test_said),
		cmocka_unit_test(test_lacks),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
