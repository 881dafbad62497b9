/* SPDX-License-Identifier: MIT */
/*
 * What is muted: as a case says it, and on matches, held against the plain
 * reading of every mute for every match.
 */
#include "case_help.h"
#include "correlate_help.h"

#include "casework/mutes.h"

static struct case_file *opened(const char *name)
{
	struct case_file *c = NULL;
	struct err err = ERR_INIT;

	check(case_open(&c, in_folder(&dir, name), CASE_WRITE, NULL, &err) ==
		      ERR_OK,
	      "%s", err.msg);
	return c;
}

static void set(struct mutes *m, struct case_file *c, const struct mute *x,
		bool muted)
{
	struct err err = ERR_INIT;

	check(mutes_set(m, c, x, muted, &err) == ERR_OK, "%s", err.msg);
}

#define TEXT(s)                              \
	{                                    \
		.p = (s), .n = sizeof(s) - 1 \
	}

/* Muted, ended, muted again; what is so already is not written again; a
 * case that is opened again says the same. */
static void in_a_case(void **state)
{
	static const struct mute mutes[] = {
		{ .rule_id = TEXT("r1"), .title = TEXT("One") },
		{ .rule_id = TEXT("r1"),
		  .title = TEXT("One"),
		  .actor = TEXT("arn:aws:iam::111122223333:user/dan") },
		{ .rule_id = TEXT("r1"), .address = TEXT("203.0.113.1") },
		{ .title = TEXT("No id") },
		/* Bytes that JSON cannot say. */
		{ .rule_id = TEXT("r2"), .actor = TEXT("a\xff\"\x1b\n{b") },
	};
	struct case_file *c = opened("mutes.case");
	struct mutes m, again;

	(void)state;
	mutes_init(&m);
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < ARRAY_SIZE(mutes); i++) {
			assert_int_equal(mutes_have(&m, &mutes[i]), round);
			set(&m, c, &mutes[i], true);
			assert_true(mutes_have(&m, &mutes[i]));
		}
	assert_int_equal(m.n, 5);
	assert_int_equal(case_lines(c), 5);
	set(&m, c, &mutes[1], false);
	set(&m, c, &mutes[4], false);
	assert_int_equal(m.n, 3);
	set(&m, c, &mutes[1], true);
	assert_int_equal(case_lines(c), 8);
	case_close(c);
	c = opened("mutes.case");
	mutes_init(&again);
	mutes_read(&again, c);
	assert_int_equal(again.n, 4);
	for (size_t i = 0; i < again.n; i++) {
		assert_true(mute_equal(&again.item[i], &m.item[i]));
		assert_true(again.item[i].author.n > 0);
		assert_true(again.item[i].time != TIME_NONE);
	}
	assert_str_eq(again.item[3].actor, mutes[1].actor);
	mutes_release(&again);
	mutes_release(&m);
	case_close(c);
}

/* What is no mute says nothing; a mute of no rule neither. */
static void other_lines(void **state)
{
	static const char text[] =
		"{\"trawl\":\"case\",\"version\":1}\n"
		"{\"entry\":\"star\",\"ruleId\":\"r1\"}\n"
		"{\"entry\":\"mute\"}\n"
		"{\"entry\":\"mute\",\"ruleId\":17,\"actor\":[\"x\"]}\n"
		"{\"entry\":[\"mute\"],\"ruleId\":\"r1\"}\n"
		"{\"entry\":\"unmute\",\"ruleId\":\"r9\"}\n"
		"mute\n";
	struct case_file *c;
	struct mutes m;

	(void)state;
	put_file(&dir, "other.case", STR(text));
	c = opened("other.case");
	mutes_init(&m);
	mutes_read(&m, c);
	assert_int_equal(m.n, 1);
	assert_str(m.item[0].rule_id, "17");
	assert_int_equal(m.item[0].actor.n, 0);
	assert_true(m.item[0].time == TIME_NONE);
	mutes_read(&m, NULL);
	assert_int_equal(m.n, 0);
	mutes_release(&m);
	case_close(c);
}

static void in_words(void **state)
{
	static const struct mute some[] = {
		{ .title = TEXT("One"),
		  .actor = TEXT("arn:aws:sts::111122223333:assumed-role/Ops/"
				"dan"),
		  .address = TEXT("203.0.113.1") },
		{ .rule_id = TEXT("r1") },
	};
	struct strbuf out;

	(void)state;
	strbuf_init(&out);
	mute_describe(&some[0], &out);
	strbuf_adds(&out, " | ");
	mute_describe(&some[1], &out);
	assert_string_equal(out.p, "One, for Ops/dan, from 203.0.113.1 | r1, "
				   "everywhere");
	strbuf_release(&out);
}

/* Matches ------------------------------------------------------------------ */

static const char rules_text[] =
	"title: Names\nid: names\nlevel: low\n"
	"detection: {s: {eventName: '*s'}, condition: s}\n"
	"---\n"
	"title: Also\nid: also\nlevel: low\n"
	"detection: {s: {eventName: ListBuckets}, condition: s}\n"
	"---\n"
	"title: No id\nlevel: low\n"
	"detection: {s: {eventSource: s3.amazonaws.com}, condition: s}\n"
	"---\n"
	"title: Many\nid: many\nlevel: low\ncorrelation: {type: event_count, "
	"rules: [No id], group-by: [awsRegion], timespan: 2s, "
	"condition: {gte: 2}, generate: true}\n";

static void add_random(struct strbuf *out, struct rng *r, unsigned i)
{
	static const char *const names[] = { "ListBuckets", "GetUsers", "Put" };
	static const char *const sources[] = { "s3", "iam" };
	static const char *const users[] = { "dan", "eve", "b\\u00e9a" };

	strbuf_addf(out, "{\"eventVersion\":\"1.08\",\"eventID\":\"");
	add_id(out, i + 1);
	strbuf_addf(
		out,
		"\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:"
		"iam::111122223333:user/%s\"},\"eventTime\":\"2026-01-09T"
		"06:%02u:%02uZ\",\"eventSource\":\"%s.amazonaws.com\","
		"\"eventName\":\"%s\",\"awsRegion\":\"r%u\","
		"\"sourceIPAddress\":\"203.0.113.%u\"}\n",
		users[rng_below(r, 3)], rng_below(r, 4), rng_below(r, 60),
		sources[rng_below(r, 2)], names[rng_below(r, 3)],
		rng_below(r, 2), rng_below(r, 3));
}

/* The plain reading: does a mute speak of this event of a rule? */
static bool speaks_of(const struct mute *m, const struct rule *rule,
		      const struct store *s, row_id row)
{
	bool named = m->rule_id.n ?
			     str_eq(m->rule_id, rule->id) :
			     !rule->id.n && str_eq(m->title, rule->title);

	return named &&
	       (!m->actor.n ||
		str_eq(m->actor, store_text(s, EVENT_ACTOR, row))) &&
	       (!m->address.n ||
		str_eq(m->address, store_text(s, EVENT_IP, row)));
}

static bool naive(const struct mutes *m, const struct correlated *x,
		  const struct rule_match *match)
{
	const struct ruleset_rule *r = ruleset_at(x->rules, match->rule);
	const row_id *row = &match->row;
	size_t n = 1;

	if (r->correlation) {
		row = x->matches.episodes->item[match->note].row;
		n = x->matches.episodes->item[match->note].n;
	}
	for (size_t i = 0; i < n; i++) {
		bool any = false;

		for (size_t k = 0; k < m->n; k++)
			any |= speaks_of(&m->item[k], &r->rule,
					 x->graph.load.store, row[i]);
		if (!any)
			return false;
	}
	return true;
}

static struct mute random_mute(struct rng *r)
{
	static const struct str rules[] = { TEXT("names"), TEXT("many"),
					    TEXT("also") };
	static const struct str users[] = {
		TEXT(""),
		TEXT("arn:aws:iam::111122223333:user/dan"),
		TEXT("arn:aws:iam::111122223333:user/eve"),
		TEXT("arn:aws:iam::111122223333:user/b\xc3\xa9"
		     "a"),
	};
	static const struct str addresses[] = { TEXT(""), TEXT("203.0.113.0"),
						TEXT("203.0.113.1"),
						TEXT("198.51.100.1") };
	struct mute m = { .actor = users[rng_below(r, 4)],
			  .address = addresses[rng_below(r, 4)] };

	if (rng_one_in(r, 3))
		m.title = STR("No id");
	else
		m.rule_id = rules[rng_below(r, 3)];
	return m;
}

static void on_matches(void **state)
{
	struct rng r = { 41 };
	size_t some = 0, all = 0;

	(void)state;
	for (unsigned round = 0; round < 40; round++) {
		struct strbuf text;
		struct correlated x;
		struct folder f;
		const char *path = f.path;
		struct mutes m;
		uint8_t *muted;

		strbuf_init(&text);
		for (unsigned i = 0; i < 60; i++)
			add_random(&text, &r, i);
		folder_make(&f);
		put_file(&f, "log.json", strbuf_str(&text));
		correlated_begin(&x, rules_text, &path, 1, 1);
		mutes_init(&m);
		m.cap = m.n = rng_below(&r, 7);
		m.item = mem_zero(m.n + 1, sizeof(*m.item));
		for (size_t i = 0; i < m.n; i++)
			m.item[i] = random_mute(&r);
		muted = mem_alloc(x.matches.n + 1);
		mutes_mark(&m, x.rules, x.graph.load.store, &x.matches, muted);
		for (size_t i = 0; i < x.matches.n; i++) {
			assert_int_equal(muted[i],
					 naive(&m, &x, &x.matches.match[i]));
			some += muted[i];
			all++;
		}
		free(muted);
		mutes_release(&m);
		correlated_end(&x);
		folder_remove(&f);
		strbuf_release(&text);
	}
	assert_true(some > all / 20 && some < all / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_a_case),
		cmocka_unit_test(other_lines),
		cmocka_unit_test(in_words),
		cmocka_unit_test(on_matches),
	};

	return run_case_tests(tests);
}
