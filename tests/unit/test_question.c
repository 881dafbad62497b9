/* SPDX-License-Identifier: MIT */
/*
 * Questions to drawn graphs: what is expected follows from the graph as it is
 * written and from what question.h says, nothing else.
 */
#include "question_help.h"

static struct question asked_of(const struct drawn *d)
{
	return (struct question){ .marks = &d->marks, .at = TIME_NONE };
}

static struct question with_hints(const struct drawn *d)
{
	return (struct question){ .marks = &d->marks,
				  .hints = true,
				  .at = TIME_NONE };
}

/* A list of people as "node via ...", a line each. */
static void list(struct strbuf *out, const struct lineage *l,
		 const struct suspect *s, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		strbuf_addf(out, "%.*s %s %s\n",
			    STR_ARG(lineage_id(l, s[i].node)),
			    edge_kind_name(s[i].edge->kind),
			    certainty_name(s[i].certainty));
}

static void expect_suspects(const struct drawn *d, const char *node,
			    const struct question *q, const char *responsible,
			    const char *built_by)
{
	struct suspects s;
	struct strbuf text;

	suspects_of(&s, &d->l, node_of(&d->l, node), q);
	strbuf_init(&text);
	list(&text, &d->l, s.responsible, s.responsible_n);
	assert_str_eq(strbuf_str(&text), str_of(responsible));
	strbuf_clear(&text);
	list(&text, &d->l, s.built_by, s.built_by_n);
	assert_str_eq(strbuf_str(&text), str_of(built_by));
	assert_false(s.cut);
	strbuf_release(&text);
	suspects_release(&s);
}

/* Origin ------------------------------------------------------------------- */

static void expect_chain(const struct drawn *d, const char *node,
			 const char *const *ids, uint32_t n,
			 enum certainty certainty)
{
	struct origin o;

	origin_of(&o, &d->l, node_of(&d->l, node));
	assert_int_equal(o.n, n);
	for (uint32_t i = 0; i < n; i++) {
		assert_str_eq(lineage_id(&d->l, o.step[i].node),
			      str_of(ids[i]));
		assert_int_equal(o.step[i].edge == NULL, i == 0);
	}
	assert_int_equal(o.certainty, certainty);
	origin_release(&o);
}

static void test_chain(void **state)
{
	static const char *const ids[] = { "P:arn:aws:iam::1:user/carol",
					   "K:AKIA1",
					   "S:AROA1:carol@2026-10-03T06:20:00Z",
					   "S:AROA2:carol@2026-10-03T06:21:00Z",
					   "K:ASIA2" };
	struct drawn d;

	(void)state;
	draw(&d, "06:10:00 X owns P:arn:aws:iam::1:user/carol K:AKIA1\n"
		 "06:20:00 AssumeRole issued K:AKIA1 "
		 "S:AROA1:carol@2026-10-03T06:20:00Z\n"
		 "06:21:00 AssumeRole issued S:AROA1:carol@2026-10-03T06:20:00Z"
		 " S:AROA2:carol@2026-10-03T06:21:00Z probable\n"
		 "06:22:00 X has_key S:AROA2:carol@2026-10-03T06:21:00Z "
		 "K:ASIA2\n");
	expect_chain(&d, "K:ASIA2", ids, 5, PROBABLE);
	expect_chain(&d, "S:AROA1:carol@2026-10-03T06:20:00Z", ids, 3, CERTAIN);
	expect_chain(&d, "P:arn:aws:iam::1:user/carol", ids, 1, CERTAIN);
	drawn_release(&d);
}

/* A session that issued itself through its own key: whoever is asked, the
 * climb ends at the same member of the circle. */
static void test_circle(void **state)
{
	static const char *const ends[] = { "K:Y",
					    "S:AROA1:a@2026-10-03T06:20:00Z",
					    "K:Z" };
	struct drawn d;

	(void)state;
	draw(&d, "06:20:00 X has_key S:AROA1:a@2026-10-03T06:20:00Z K:Z\n"
		 "06:20:00 X issued K:Z K:Y\n"
		 "06:20:00 X issued K:Y S:AROA1:a@2026-10-03T06:20:00Z\n");
	/* K:Y sorts first. */
	expect_chain(&d, "K:Z", ends, 3, CERTAIN);
	expect_chain(&d, "K:Y", ends, 1, CERTAIN);
	drawn_release(&d);
}

/* Suspects ----------------------------------------------------------------- */

/* The incident of the instructors' report, in short: a key found in an object
 * makes a function that changes its user's rights, then a user with a key. */
static const char incident[] =
	"01T09:00:00 RunInstances created K:AKIADEV C:i-0e69\n"
	"01T09:00:00 RunInstances passed_role K:AKIADEV C:i-0e69\n"
	"01T08:00:00 X owns P:arn:aws:iam::1:user/super-developer K:AKIADEV\n"
	"06:00:01 AssumeRole runs_as C:i-0e69 "
	"S:AROAWEB:i-0e69@2026-10-03T06:00:01Z\n"
	"06:06:40 GetCallerIdentity acts S:AROAWEB:i-0e69@2026-10-03T06:00:01Z "
	"IP:35.233.183.126\n"
	"06:11:05 GetObject exposed_by S:AROAWEB:i-0e69@2026-10-03T06:00:01Z "
	"K:AKIALC hint\n"
	"06:11:42 GetCallerIdentity acts K:AKIALC IP:35.233.183.126\n"
	"06:11:42 X owns P:arn:aws:iam::1:user/lambda-creator-user K:AKIALC\n"
	"06:17:02 CreateFunction created K:AKIALC C:arn:f medium\n"
	"06:17:02 CreateFunction passed_role K:AKIALC C:arn:f\n"
	"06:17:02 CreateFunction controls K:AKIALC C:arn:f\n"
	"06:17:01 AssumeRole runs_as C:arn:f "
	"S:AROAGEN:f@2026-10-03T06:17:01Z\n"
	"06:17:12 AttachUserPolicy modified_auth "
	"S:AROAGEN:f@2026-10-03T06:17:01Z "
	"P:arn:aws:iam::1:user/lambda-creator-user high\n"
	"06:22:01 CreateUser created K:AKIALC P:arn:aws:iam::1:user/backdoor "
	"medium\n"
	"06:22:03 CreateAccessKey created K:AKIALC K:AKIABD high\n"
	"06:22:03 CreateAccessKey owns P:arn:aws:iam::1:user/backdoor "
	"K:AKIABD\n"
	"06:22:48 RunInstances acts K:AKIABD IP:35.233.183.126\n";

static void test_incident(void **state)
{
	struct drawn d;
	struct question q;

	(void)state;
	draw(&d, incident);
	q = asked_of(&d);
	/* The function made nothing more likely than its maker, who stands
	 * nearer; its maker is not listed behind itself. */
	expect_suspects(&d, "K:AKIABD", &q,
			"P:arn:aws:iam::1:user/lambda-creator-user created "
			"certain\n"
			"C:arn:f modified_auth certain\n",
			"");
	q = with_hints(&d);
	expect_suspects(
		&d, "K:AKIABD", &q,
		"P:arn:aws:iam::1:user/lambda-creator-user created "
		"certain\n"
		"C:arn:f modified_auth certain\n"
		"S:AROAWEB:i-0e69@2026-10-03T06:00:01Z exposed_by hint\n"
		"C:i-0e69 runs_as hint\n"
		"IP:35.233.183.126 used_from hint\n",
		"P:arn:aws:iam::1:user/super-developer created hint\n"
		"P:arn:aws:iam::1:user/super-developer passed_role "
		"hint\n");
	/* The function's session: its maker, although the role was assumed a
	 * second before the function was there. */
	expect_suspects(&d, "S:AROAGEN:f@2026-10-03T06:17:01Z", &plain,
			"P:arn:aws:iam::1:user/lambda-creator-user created "
			"certain\n"
			"P:arn:aws:iam::1:user/lambda-creator-user passed_role "
			"certain\n"
			"P:arn:aws:iam::1:user/lambda-creator-user controls "
			"certain\n",
			"");
	drawn_release(&d);
}

/* A pipeline made the user long ago and its key, an attacker changed it. */
static const char pipeline[] =
	"01T00:00:00 X owns P:arn:aws:iam::1:user/pipeline K:AKIAPIPE\n"
	"01T01:00:00 CreateUser created K:AKIAPIPE P:arn:aws:iam::1:user/bob "
	"medium\n"
	"01T01:00:01 CreateAccessKey created K:AKIAPIPE K:AKIABOB low\n"
	"01T01:00:01 X owns P:arn:aws:iam::1:user/bob K:AKIABOB\n"
	"01T01:00:02 AttachUserPolicy modified_auth K:AKIAPIPE "
	"P:arn:aws:iam::1:user/bob\n"
	"03T05:00:00 X owns P:arn:aws:iam::1:user/eve K:AKIAEVE\n"
	"03T05:30:00 PutUserPolicy modified_auth K:AKIAEVE "
	"P:arn:aws:iam::1:user/bob\n"
	"03T06:00:00 ListUsers acts K:AKIABOB IP:198.51.100.1\n"
	"03T06:30:00 ListUsers acts K:AKIABOB IP:198.51.100.1\n"
	"03T07:00:00 X owns P:arn:aws:iam::1:user/late K:AKIALATE\n"
	"03T07:30:00 PutUserPolicy modified_auth K:AKIALATE "
	"P:arn:aws:iam::1:user/bob critical\n";

static void test_built_by(void **state)
{
	struct drawn d;
	struct question q;

	(void)state;
	draw(&d, pipeline);
	q = asked_of(&d);
	/* What came after the last use had no part in it. That a rule told the
	 * making in passing makes no suspect. */
	expect_suspects(
		&d, "K:AKIABOB", &q,
		"P:arn:aws:iam::1:user/eve modified_auth certain\n",
		"P:arn:aws:iam::1:user/pipeline created certain\n"
		"P:arn:aws:iam::1:user/pipeline modified_auth certain\n");
	/* Asked about a moment before eve came. */
	q.at = drawn_time(STR("03T05:10:00"));
	expect_suspects(
		&d, "K:AKIABOB", &q, "",
		"P:arn:aws:iam::1:user/pipeline created certain\n"
		"P:arn:aws:iam::1:user/pipeline modified_auth certain\n");
	drawn_release(&d);
}

/* The day before the first use is a limit to the second. */
static void test_day(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, "02T06:00:00 CreateUser created P:a P:b\n"
		 "02T05:59:59 CreateUser created P:c P:b\n"
		 "03T06:00:00 ListUsers acts P:b\n");
	expect_suspects(&d, "P:b", &plain, "P:a created certain\n",
			"P:c created certain\n");
	drawn_release(&d);
}

/* So is its end: clocks and whole seconds may put the making two seconds behind
 * the first use, and what comes later built on what was there. */
static void test_first_use(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, "03T06:00:00 ListUsers acts P:b\n"
		 "03T06:00:02 CreateLoginProfile modified_auth P:a P:b\n"
		 "03T06:00:03 CreateLoginProfile modified_auth P:c P:b\n"
		 "03T07:00:00 ListUsers acts P:b\n");
	expect_suspects(&d, "P:b", &plain, "P:a modified_auth certain\n",
			"P:c modified_auth certain\n");
	drawn_release(&d);
}

/* What ties a maker of long ago to the node: an alert of weight, the same
 * address. Those weigh more than the time of day. */
static void test_ties(void **state)
{
	struct drawn d;
	struct question q;
	struct suspects s;
	struct strbuf text;

	(void)state;
	draw(&d, "01T06:00:00 CreateUser created P:alerted P:b high\n"
		 "01T06:00:01 CreateUser created P:told P:b medium\n"
		 "01T06:00:02 UpdateFunctionCode controls P:armed P:b medium\n"
		 "01T06:00:03 CreateUser created K:near P:b\n"
		 "01T06:00:03 X owns P:near K:near\n"
		 "01T06:00:04 CreateUser acts K:near IP:203.0.113.5\n"
		 "03T05:00:00 CreateUser created P:recent P:b\n"
		 "03T06:00:00 ListUsers acts P:b IP:203.0.113.5\n");
	q = asked_of(&d);
	expect_suspects(&d, "P:b", &q,
			"P:alerted created certain\n"
			"P:near created certain\n"
			"P:armed controls certain\n"
			"P:recent created certain\n",
			"P:told created certain\n");
	suspects_of(&s, &d.l, node_of(&d.l, "P:b"), &q);
	assert_int_equal(s.responsible[0].why, SUSPECT_ALERT);
	assert_str(s.responsible[0].alert, "an alert");
	assert_int_equal(s.responsible[1].why, SUSPECT_ADDRESS);
	assert_int_equal(s.responsible[3].why, SUSPECT_DAY);
	strbuf_init(&text);
	suspect_describe(&d.l, &s.responsible[1], &text);
	assert_true(str_ends(strbuf_str(&text),
			     STR("from an address that the node used too "
				 "203.0.113.5")));
	strbuf_release(&text);
	suspects_release(&s);
	drawn_release(&d);
}

/* An edge's evidence is its first events; the stolen key did the same again
 * an hour before the instance's session was used. */
static void test_again(void **state)
{
	struct drawn d;
	struct suspects s;

	(void)state;
	draw(&d, "01T06:00:00 SendCommand controls K:ops C:i-1\n"
		 "01T06:00:00 X owns P:ops K:ops\n"
		 "03T05:00:00 DescribeInstances on K:ops C:i-1\n"
		 "03T05:10:00 SendCommand on K:ops C:i-1 denied\n"
		 "03T05:20:00 SendCommand on K:ops C:i-1\n"
		 "03T06:00:00 X runs_as C:i-1 S:AROA:i-1@2026-10-03T06:00:00Z\n"
		 "03T06:30:00 X acts S:AROA:i-1@2026-10-03T06:00:00Z\n"
		 "03T09:30:00 SendCommand on K:ops C:i-1\n");
	suspects_of(&s, &d.l, node_of(&d.l, "S:AROA:i-1@2026-10-03T06:00:00Z"),
		    &plain);
	assert_int_equal(s.responsible_n, 1);
	assert_int_equal(s.built_by_n, 0);
	assert_int_equal(s.responsible[0].time, drawn_time(STR("03T05:20:00")));
	assert_int_equal(s.responsible[0].why, SUSPECT_DAY);
	suspects_release(&s);
	drawn_release(&d);
}

/* Users who made each other, and a role whose trust was changed. */
static void test_circles_and_roles(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, "03T05:00:00 CreateUser created P:a P:b\n"
		 "03T05:00:01 CreateUser created P:b P:a\n"
		 "03T06:00:00 ListUsers acts P:b\n"
		 "03T06:00:00 X session_of S:AROA:x@2026-10-03T06:00:00Z P:r\n"
		 "03T06:00:00 X issued P:acct:9 S:AROA:x@2026-10-03T06:00:00Z\n"
		 "03T05:30:00 UpdateAssumeRolePolicy modified_auth P:a P:r\n");
	expect_suspects(&d, "P:b", &plain, "P:a created certain\n", "");
	expect_suspects(&d, "S:AROA:x@2026-10-03T06:00:00Z", &plain,
			"P:a modified_auth certain\n"
			"P:b created certain\n",
			"");
	drawn_release(&d);
}

/* Reach -------------------------------------------------------------------- */

static void test_reach(void **state)
{
	struct drawn d;
	struct question q;

	(void)state;
	draw(&d, incident);
	q = with_hints(&d);
	expect_reach(&d, "S:AROAWEB:i-0e69@2026-10-03T06:00:01Z", &plain, "");
	expect_reach(&d, "S:AROAWEB:i-0e69@2026-10-03T06:00:01Z", &q,
		     "K:AKIALC exposed_by\n"
		     "C:arn:f created\n"
		     "S:AROAGEN:f@2026-10-03T06:17:01Z runs_as\n"
		     "P:arn:aws:iam::1:user/lambda-creator-user modified_auth\n"
		     "P:arn:aws:iam::1:user/backdoor created\n"
		     "K:AKIABD created\n");
	drawn_release(&d);
}

/* Not what happened before first contact; a key that was used on after it. */
static void test_reach_time(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, "01T06:00:00 X owns P:bob K:old\n"
		 "01T06:00:00 X acts K:old\n"
		 "01T06:00:00 X owns P:bob K:used\n"
		 "01T06:10:00 AssumeRole issued K:used "
		 "S:AROA:early2026-10-01T06:10:00Z\n"
		 "03T06:00:00 PutUserPolicy modified_auth K:eve P:bob\n"
		 "03T07:00:00 AssumeRole issued K:used "
		 "S:AROA:late@2026-10-03T07:00:00Z\n");
	expect_reach(&d, "K:eve", &plain,
		     "P:bob modified_auth\n"
		     "K:used owns\n"
		     "S:AROA:late@2026-10-03T07:00:00Z issued\n");
	drawn_release(&d);
}

/* A trust that was changed lets an account in: its callers' sessions of that
 * role since then, no others'. */
static uint32_t events_since(const struct drawn *d, const char *from,
			     const char *node)
{
	uint32_t events = UINT32_MAX;
	struct reach r;

	reach_of(&r, &d->l, node_of(&d->l, from), &plain);
	for (uint32_t i = 0; i < r.n; i++)
		if (r.at[i].node == node_of(&d->l, node))
			events = r.at[i].events;
	reach_release(&r);
	return events;
}

/* What a user did with its own key before somebody changed its rights came of
 * nobody; what was made then has no past. */
static void test_reach_counts(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, "03T05:00:00 ListBuckets acts K:own\n"
		 "03T05:00:00 X owns P:victim K:own\n"
		 "03T05:30:00 ListBuckets acts K:eve\n"
		 "03T06:00:00 CreateAccessKey created K:eve K:new\n"
		 "03T05:59:59 ListBuckets acts K:new\n"
		 "03T06:00:00 PutUserPolicy modified_auth K:eve P:victim\n"
		 "03T06:00:00 ListBuckets acts K:own\n"
		 "03T07:00:01 GetObject acts K:own\n");
	assert_int_equal(events_since(&d, "K:eve", "K:own"), 2);
	assert_int_equal(events_since(&d, "P:victim", "K:own"), 3);
	assert_int_equal(events_since(&d, "K:eve", "K:new"), 1);
	drawn_release(&d);
}

static void test_reach_trust(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, "03T06:00:00 UpdateAssumeRolePolicy modified_auth K:eve "
		 "P:role\n"
		 "03T06:00:00 UpdateAssumeRolePolicy trusts P:role "
		 "P:acct:999988887777 by=K:eve\n"
		 "03T05:00:00 X session_of S:AROA:a@2026-10-03T05:00:00Z "
		 "P:role\n"
		 "03T05:00:00 X issued P:acct:999988887777#AIDA1 "
		 "S:AROA:a@2026-10-03T05:00:00Z\n"
		 "03T07:00:00 X session_of S:AROA:b@2026-10-03T07:00:00Z "
		 "P:role\n"
		 "03T07:00:00 X issued P:acct:999988887777#AIDA1 "
		 "S:AROA:b@2026-10-03T07:00:00Z\n"
		 "03T08:00:00 X session_of S:AROA:c@2026-10-03T08:00:00Z "
		 "P:role\n"
		 "03T08:00:00 X issued P:acct:111188887777#AIDA1 "
		 "S:AROA:c@2026-10-03T08:00:00Z\n"
		 "03T08:00:00 PutBucketPolicy grants C:arn:aws:s3:::hr "
		 "P:acct:555566667777 by=K:eve\n");
	expect_reach(&d, "K:eve", &plain,
		     "P:role modified_auth\n"
		     "P:acct:999988887777 trusts\n"
		     "S:AROA:b@2026-10-03T07:00:00Z issued\n"
		     "P:acct:555566667777 grants\n");
	drawn_release(&d);
}

/* Size --------------------------------------------------------------------- */

enum { MANY = 10000 };

/* A function with very many sessions, a fan of makers and a long chain: each
 * question is asked in time that grows with the graph alone. */
static void test_size(void **state)
{
	struct strbuf text;
	struct drawn d;
	struct question q;
	struct suspects s;
	struct revocation v;
	struct reach r;
	struct origin o;
	node_id user;
	clock_t begun;

	(void)state;
	strbuf_init(&text);
	strbuf_adds(&text, "00:00:00 CreateFunction created K:a C:arn:f\n"
			   "00:00:00 X owns P:a K:a\n");
	for (unsigned i = 0; i < MANY; i++) {
		unsigned h = i / 3600 % 24, m = i / 60 % 60, sec = i % 60;

		strbuf_addf(&text,
			    "%02u:%02u:%02u X runs_as C:arn:f "
			    "S:AROA:f%u@2026-10-03T%02u:%02u:%02uZ\n",
			    h, m, sec, i, h, m, sec);
		strbuf_addf(&text,
			    "%02u:%02u:%02u PutUserPolicy modified_auth "
			    "S:AROA:f%u@2026-10-03T%02u:%02u:%02uZ P:a\n",
			    h, m, sec, i, h, m, sec);
		strbuf_addf(&text, "%02u:%02u:%02u X issued K:c%u K:c%u\n", h,
			    m, sec, i, i + 1);
	}
	draw(&d, text.p);
	q = with_hints(&d);
	user = node_of(&d.l, "P:a");
	begun = clock();
	suspects_of(&s, &d.l, user, &q);
	assert_int_equal(s.responsible_n + s.built_by_n, 1);
	suspects_release(&s);
	reach_of(&r, &d.l, user, &q);
	assert_int_equal(r.n, MANY + 3);
	reach_release(&r);
	revocation_of(&v, &d.l, &user, 1, &q);
	assert_true(v.n >= 2);
	revocation_release(&v);
	suspects_of(&s, &d.l, node_of(&d.l, "K:c10000"), &q);
	suspects_release(&s);
	origin_of(&o, &d.l, node_of(&d.l, "K:c10000"));
	assert_int_equal(o.n, MANY + 1);
	origin_release(&o);
	/* Quadratic, this would take minutes. */
	assert_true(clock() - begun < 5 * CLOCKS_PER_SEC);
	drawn_release(&d);
	strbuf_release(&text);
}

/* Whatever the graph is, answers are bounded and end. */
static void test_random(void **state)
{
	static const char *const nodes[] = { "P:a",
					     "P:b",
					     "K:a",
					     "K:b",
					     "C:i-1",
					     "S:AROA:x@2026-10-03T00:00:01Z",
					     "S:AROA:y@2026-10-03T00:00:02Z",
					     "P:acct:999988887777" };
	struct rng rng = { 7 };

	(void)state;
	for (unsigned round = 0; round < 30; round++) {
		struct strbuf text;
		struct drawn d;
		struct question q;

		strbuf_init(&text);
		for (unsigned i = 0; i < 30; i++) {
			uint32_t a = rng_below(&rng, ARRAY_SIZE(nodes));
			uint32_t b = rng_below(&rng, ARRAY_SIZE(nodes));

			if (a == b)
				continue;
			strbuf_addf(&text, "00:00:%02u X %s %s %s %s\n",
				    rng_below(&rng, 10),
				    edge_kind_name((enum edge_kind)rng_below(
					    &rng, EDGE_KIND_COUNT)),
				    nodes[a], nodes[b],
				    rng_one_in(&rng, 4) ? "high" :
				    rng_one_in(&rng, 4) ? "hint" :
							  "");
		}
		draw(&d, text.p);
		q = with_hints(&d);
		for (node_id n = 1; n < d.l.node_n; n++) {
			struct suspects s;
			struct revocation v;
			struct origin o;
			struct reach r;

			origin_of(&o, &d.l, n);
			assert_true(o.n >= 1 && o.n < d.l.node_n);
			assert_int_equal(o.step[o.n - 1].node, n);
			suspects_of(&s, &d.l, n, &q);
			for (uint32_t i = 0; i < s.responsible_n; i++)
				for (uint32_t k = 0; k < s.built_by_n; k++)
					assert_int_not_equal(
						s.responsible[i].node,
						s.built_by[k].node);
			reach_of(&r, &d.l, n, &q);
			assert_true(r.n >= 1 && r.n < d.l.node_n);
			for (uint32_t i = 1; i < r.n; i++)
				assert_true(r.at[i].from < i);
			revocation_of(&v, &d.l, &n, 1, &q);
			origin_release(&o);
			suspects_release(&s);
			reach_release(&r);
			revocation_release(&v);
		}
		drawn_release(&d);
		strbuf_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_circle),
		cmocka_unit_test(test_incident),
		cmocka_unit_test(test_built_by),
		cmocka_unit_test(test_day),
		cmocka_unit_test(test_first_use),
		cmocka_unit_test(test_ties),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_circles_and_roles),
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_reach_time),
		cmocka_unit_test(test_reach_counts),
		cmocka_unit_test(test_reach_trust),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_random),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
