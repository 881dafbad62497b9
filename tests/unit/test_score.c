/* SPDX-License-Identifier: MIT */
/*
 * How much alerts weigh: each term in a small world, and beside it the world
 * that is the same but for what makes the term.
 */
#include "lineage_rules_help.h"

#include "detect/alert.h"

#define DAN USER("dan", "AKIAIOSFODNN7EXAMPLE")
#define EVE USER("eve", "AKIAI44QH8DHBEXAMPLE")
#define BOB USER("bob", "AKIAIOSFODNN7EXAMPL2")

static const char rules_text[] =
	"title: Stop\nlevel: high\ntags: [attack.stealth]\n"
	"detection: {s: {eventName: StopLogging}, condition: s}\n"
	"---\n"
	"title: Made\nlevel: low\ntags: [attack.persistence]\n"
	"detection: {s: {eventName: CreateUser}, condition: s}\n"
	"---\n"
	"title: Key\nlevel: medium\ntags: [attack.credential-access]\n"
	"detection: {s: {eventName: GetSecretValue}, condition: s}\n";

static struct ruleset *rules;

/* The terms of the alert of a rule by an actor whose ARN ends so. */
static struct alert_score score_in(struct small_world *w, const char *title,
				   const char *actor)
{
	struct alert_score found = { .total = 0 };
	struct alerts alerts;
	struct scores scores;
	struct folder f;
	struct run run;

	for (int order = IN_ORDER; order <= DOUBLED; order++) {
		bool there = false;

		folder_make(&f);
		put_world(w, &f, (enum world_order)order);
		run_begin(&run, rules, &w->site, f.path);
		alerts_fold(&alerts, rules, run.graph.load.store, &run.matches,
			    NULL, 2);
		scores_find(&scores, &alerts, run.graph.load.store,
			    run.graph.lineage);
		alerts_rank(&alerts, &scores);
		for (size_t i = 0; i < alerts.n; i++) {
			const struct alert *a = &alerts.alert[i];

			if (!str_eq(a->rule->title, str_of(title)) ||
			    !str_ends(a->actor_text, str_of(actor)))
				continue;
			there = true;
			if (order == IN_ORDER)
				found = a->score;
			assert_memory_equal(&found, &a->score, sizeof(found));
		}
		check(there, "no alert %s by %s", title, actor);
		alerts_release(&alerts);
		scores_release(&scores);
		run_end(&run);
		folder_remove(&f);
	}
	return found;
}

/* A call on the 9th of January. */
static void call(struct small_world *w, const char *clock, const char *who,
		 const char *what, const char *ip, const char *more)
{
	add_event(w, w->n + 1, clock, who, what, ip, "aws-cli/2", more);
}

#define DENIED ",\"errorCode\":\"AccessDenied\""

static void level_and_outcome(void **state)
{
	struct small_world w;
	struct alert_score s;

	(void)state;
	small_begin(&w);
	call(&w, "06:00:00", DAN, "cloudtrail:StopLogging", "198.51.100.1", "");
	s = score_in(&w, "Stop", "user/dan");
	assert_int_equal(s.term[SCORE_LEVEL], 45);
	assert_int_equal(s.term[SCORE_ALLOWED], 8);
	assert_int_equal(s.total, 53);
	small_end(&w);

	small_begin(&w);
	call(&w, "06:00:00", DAN, "cloudtrail:StopLogging", "198.51.100.1",
	     DENIED);
	s = score_in(&w, "Stop", "user/dan");
	assert_int_equal(s.total, 45);
	small_end(&w);
}

/* One call in eight is three halvings; the twin makes it half of the time. */
static void rarity(void **state)
{
	struct small_world w;

	(void)state;
	for (unsigned often = 1; often <= 4; often *= 4) {
		small_begin(&w);
		for (unsigned i = 0; i < 8; i++)
			call(&w, "06:00:00", DAN,
			     i < often ? "cloudtrail:StopLogging" :
					 "s3:ListBuckets",
			     "198.51.100.1", "");
		/* What others do is no habit of his. */
		for (unsigned i = 0; i < 8; i++)
			call(&w, "06:00:00", EVE, "cloudtrail:StopLogging",
			     "198.51.100.1", "");
		assert_int_equal(
			score_in(&w, "Stop", "user/dan").term[SCORE_RARE],
			often == 1 ? 3 : 1);
		assert_int_equal(
			score_in(&w, "Stop", "user/eve").term[SCORE_RARE], 0);
		small_end(&w);
	}
}

static unsigned address_term(const char *before, const char *from,
			     const char *clock, unsigned others)
{
	static const char *const other[] = {
		EVE, BOB, USER("amy", "AKIAIOSFODNN7EXAMPL3")
	};
	struct small_world w;
	unsigned points;

	small_begin(&w);
	if (before)
		call(&w, "00:00:00", DAN, "s3:ListBuckets", before, "");
	call(&w, "00:30:00", DAN, "s3:ListBuckets", from, "");
	for (unsigned i = 0; i < others; i++)
		call(&w, "01:00:00", other[i], "s3:ListBuckets", from, "");
	call(&w, clock, DAN, "cloudtrail:StopLogging", from, "");
	points = score_in(&w, "Stop", "user/dan").term[SCORE_ADDRESS];
	small_end(&w);
	return points;
}

static void new_address(void **state)
{
	(void)state;
	assert_int_equal(
		address_term("198.51.100.1", "203.0.113.1", "06:00:00", 0), 6);
	assert_int_equal(
		address_term("198.51.100.1", "2001:db8::1", "06:00:00", 2), 6);
	/* Nothing came before; the same address; inside; three others use it. */
	assert_int_equal(address_term(NULL, "203.0.113.1", "06:00:00", 0), 0);
	assert_int_equal(
		address_term("203.0.113.1", "203.0.113.1", "06:00:00", 0), 0);
	assert_int_equal(
		address_term("198.51.100.1", "10.0.0.1", "06:00:00", 0), 0);
	assert_int_equal(
		address_term("198.51.100.1", "203.0.113.1", "06:00:00", 3), 0);
}

/* A day after its first use an address is new no more. */
static void address_grows_old(void **state)
{
	(void)state;
	for (unsigned late = 0; late < 2; late++) {
		struct small_world w;

		small_begin(&w);
		call(&w, "00:00:00", DAN, "s3:ListBuckets", "198.51.100.1", "");
		call(&w, "00:00:01", DAN, "s3:ListBuckets", "203.0.113.1", "");
		call(&w, "23:59:00", DAN, "cloudtrail:StopLogging",
		     "203.0.113.1", "");
		if (late) {
			/* Two minutes later it is the 10th. */
			struct str r = w.record[2];
			size_t at = str_find(r, STR("09T23:59:00Z"), 0);
			char *p = mem_dup(r.p, r.n);

			memcpy(p + at, "10T00:01:00Z", 12);
			w.record[2] = arena_dup(&w.arena,
						(struct str){ p, r.n });
			free(p);
		}
		assert_int_equal(
			score_in(&w, "Stop", "user/dan").term[SCORE_ADDRESS],
			late ? 0 : 6);
		small_end(&w);
	}
}

/* Tactics are counted over all that came of one origin, not over a tool. */
static void tactics_of_an_origin(void **state)
{
	static const char assumed[] = ASSUME("Admin", "dan",
					     "ASIAIOSFODNN7EXAMPLE");

	(void)state;
	for (unsigned foreign = 0; foreign < 2; foreign++) {
		struct small_world w;
		struct alert_score s;

		small_begin(&w);
		call(&w, "06:00:00", foreign ? EVE : DAN, "sts:AssumeRole",
		     "198.51.100.1", assumed);
		call(&w, "06:01:00",
		     ROLE("Admin", "dan", "06:00:00", "ASIAIOSFODNN7EXAMPLE"),
		     "cloudtrail:StopLogging", "198.51.100.1", "");
		call(&w, "06:02:00", DAN, "iam:CreateUser", "198.51.100.1", "");
		call(&w, "06:02:00", DAN, "secretsmanager:GetSecretValue",
		     "198.51.100.1", "");
		s = score_in(&w, "Stop", "Admin/dan");
		/* Three tactics of one origin; its user has a medium alert. */
		assert_int_equal(s.term[SCORE_TACTICS], foreign ? 0 : 4);
		assert_int_equal(s.term[SCORE_LINEAGE], foreign ? 0 : 8);
		s = score_in(&w, "Made", "user/dan");
		assert_int_equal(s.term[SCORE_TACTICS], foreign ? 2 : 4);
		assert_int_equal(s.term[SCORE_LINEAGE], foreign ? 0 : 8);
		small_end(&w);
	}
}

/* Whom an alerted event made is tied to its maker, if both have an alert
 * that counts. */
static void ties(void **state)
{
	static const char made[] =
		",\"requestParameters\":{\"userName\":\"eve\"},"
		"\"responseElements\":{\"user\":{\"userName\":\"eve\",\"arn\":"
		"\"arn:aws:iam::" ACCOUNT ":user/eve\",\"userId\":"
		"\"AIDA-eve\"}}";

	(void)state;
	for (unsigned way = 0; way < 3; way++) {
		struct small_world w;
		unsigned points = way == 0 ? 8 : 0;

		small_begin(&w);
		call(&w, "06:00:00", DAN,
		     way == 1 ? "iam:GetUser" : "iam:CreateUser",
		     "198.51.100.1", made);
		call(&w, "06:01:00", DAN, "cloudtrail:StopLogging",
		     "198.51.100.1", "");
		call(&w, "06:02:00", EVE,
		     way == 2 ? "iam:CreateUser" : "cloudtrail:StopLogging",
		     "203.0.113.1", "");
		assert_int_equal(
			score_in(&w, "Stop", "user/dan").term[SCORE_LINEAGE],
			points);
		assert_int_equal(score_in(&w, way == 2 ? "Made" : "Stop",
					  "user/eve")
					 .term[SCORE_LINEAGE],
				 points);
		small_end(&w);
	}
}

static void in_words(void **state)
{
	struct alert_score s = { .term = { [SCORE_LEVEL] = 45,
					   [SCORE_TACTICS] = 4,
					   [SCORE_LINEAGE] = 8 } };
	struct strbuf out;

	(void)state;
	strbuf_init(&out);
	strbuf_adds(&out, "57: ");
	score_describe(&s, &out);
	assert_string_equal(out.p, "57: level 45, tactics 4, lineage 8");
	strbuf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(level_and_outcome),
		cmocka_unit_test(rarity),
		cmocka_unit_test(new_address),
		cmocka_unit_test(address_grows_old),
		cmocka_unit_test(tactics_of_an_origin),
		cmocka_unit_test(ties),
		cmocka_unit_test(in_words),
	};
	int failed;

	json_init();
	rules = ruleset_new();
	ruleset_add_text(rules, "r.yml", str_of(rules_text), false);
	ruleset_seal(rules);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	ruleset_free(rules);
	return failed;
}
