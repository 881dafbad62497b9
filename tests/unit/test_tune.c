/* SPDX-License-Identifier: MIT */
/*
 * Mutes as filters: over random identities a filter takes the very events
 * whose actor the mute names; hostile names stay one name; what no filter can
 * say is refused.
 */
#include "helpers.h"

#include "base/json_writer.h"
#include "casework/tune.h"
#include "sigma_help.h"

#define TEXT(s)                              \
	{                                    \
		.p = (s), .n = sizeof(s) - 1 \
	}

static const char rules_text[] =
	"title: One\nid: one\n"
	"logsource: {product: aws, service: cloudtrail}\n"
	"detection: {s: {eventName: X}, condition: s}\n"
	"---\n"
	"title: No id\n"
	"detection: {s: {eventName: Y}, condition: s}\n"
	"---\n"
	"title: Twin\nid: twin-1\n"
	"detection: {s: {eventName: Y}, condition: s}\n"
	"---\n"
	"title: twin\n"
	"detection: {s: {eventName: Y}, condition: s}\n"
	"---\n"
	"title: any\n"
	"detection: {s: {eventName: Y}, condition: s}\n"
	"---\n"
	"title: Many\nid: many\ncorrelation: {type: event_count, rules: [one], "
	"group-by: [awsRegion], timespan: 2s, condition: {gte: 2}, "
	"generate: true}\n"
	"---\n"
	"title: Broken\nid: broken\n"
	"detection: {s: {eventName|nosuch: Y}, condition: s}\n"
	"---\n"
	"title: List\nid: list\nindicator: address\n"
	"logsource: {product: aws, service: cloudtrail}\n"
	"---\n"
	"title: Kept\nid: kept\nname: dup\n"
	"detection: {s: {eventName: Z}, condition: s}\n";

/* The rules, and with them the filter of a mute. */
static struct ruleset *tuned(const struct mute *m)
{
	struct ruleset *rs = rules_of(rules_text);
	struct strbuf text;
	const char *why;
	size_t n, before, correlations;

	strbuf_init(&text);
	why = tune_filter(m, rs, &text, &correlations);
	if (why)
		fail_msg("refused: %s", why);
	for (size_t i = 0; i < text.n; i++)
		assert_true(text.p[i] == '\n' ||
			    (text.p[i] >= ' ' && text.p[i] <= '~'));
	ruleset_problems(rs, &before);
	ruleset_free(rs);
	rs = ruleset_new();
	ruleset_add_text(rs, "rule.yml", STR(rules_text), false);
	ruleset_add_text(rs, "tuned.yml", strbuf_str(&text), false);
	ruleset_seal(rs);
	ruleset_problems(rs, &n);
	if (n != before)
		fail_msg("problems: %zu, not %zu\n%s", n, before, text.p);
	strbuf_release(&text);
	return rs;
}

/* Random identities -------------------------------------------------------- */

static void add_member(struct strbuf *out, struct rng *r, const char *key,
		       const char *const *value, uint32_t n)
{
	uint32_t i = rng_below(r, n + 3);

	if (i < n)
		strbuf_addf(out, ",\"%s\":\"%s\"", key, value[i]);
	else if (i < n + 2)
		strbuf_addf(out, ",\"%s\":%s", key, i == n ? "null" : "\"\"");
}

#define ANY_OF(key, ...)                                              \
	add_member(out, r, key, (const char *const[]){ __VA_ARGS__ }, \
		   ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })))

static void add_event(struct strbuf *out, struct rng *r)
{
	strbuf_addf(out,
		    "{\"eventName\":\"X\",\"eventSource\":\"s3.amazonaws.com\","
		    "\"sourceIPAddress\":\"203.0.113.%u\","
		    "\"userIdentity\":{\"x\":1",
		    rng_below(r, 2));
	ANY_OF("type", "Root", "IAMUser", "AssumedRole", "Role",
	       "FederatedUser", "SAMLUser", "WebIdentityUser", "AWSAccount",
	       "AWSService", "IdentityCenterUser", "Directory", "Unknown");
	ANY_OF("arn", "arn:aws:iam::111122223333:root",
	       "arn:aws:iam::111122223333:user/dan",
	       "arn:aws:iam::111122223333:user/DAN",
	       "arn:aws:iam::111122223333:role/Ops",
	       "arn:aws:sts::111122223333:assumed-role/Ops/dan");
	ANY_OF("accountId", "111122223333", "ANONYMOUS_PRINCIPAL", "anonymous");
	ANY_OF("userName", "dan", "HIDDEN_DUE_TO_SECURITY_REASONS");
	ANY_OF("principalId", "AIDA1", "aida1");
	if (rng_one_in(r, 3))
		ANY_OF("invokedBy", "ec2.amazonaws.com", "AWS Internal");
	if (rng_one_in(r, 3)) {
		strbuf_adds(out, ",\"onBehalfOf\":{\"x\":1");
		ANY_OF("userId", "u1", "u2");
		ANY_OF("identityStoreArn",
		       "arn:aws:identitystore::1:identitystore/d-1");
		strbuf_addc(out, '}');
	}
	if (rng_one_in(r, 2)) {
		strbuf_adds(out,
			    ",\"sessionContext\":{\"sessionIssuer\":{\"x\":1");
		ANY_OF("arn", "arn:aws:iam::111122223333:user/dan",
		       "arn:aws:iam::111122223333:role/Ops");
		strbuf_adds(out, "}}");
	}
	strbuf_adds(out, "}}");
}

enum { EVENTS = 260 };

struct world {
	struct str record[EVENTS], actor[EVENTS], address[EVENTS];
	struct arena arena;
};

static void make_world(struct world *w)
{
	struct rng r = { 17 };
	struct strbuf text;

	arena_init(&w->arena);
	strbuf_init(&text);
	for (size_t i = 0; i < EVENTS; i++) {
		struct err err = ERR_INIT;
		const struct json *v;
		struct event e;

		strbuf_clear(&text);
		add_event(&text, &r);
		w->record[i] = arena_dup(&w->arena, strbuf_str(&text));
		v = json_read(&w->arena, w->record[i], &err);
		assert_non_null(v);
		event_extract(&e, v, 0, &w->arena);
		w->actor[i] = e.column[EVENT_ACTOR];
		w->address[i] = e.column[EVENT_IP];
	}
	strbuf_release(&text);
}

/* What a mute takes, by the columns that mutes_mark reads. */
static bool takes(const struct mute *m, const struct world *w, size_t i)
{
	return (!m->actor.n || str_eq(m->actor, w->actor[i])) &&
	       (!m->address.n || str_eq(m->address, w->address[i]));
}

static void hold(const struct mute *m, const struct world *w)
{
	struct ruleset *rs = tuned(m);
	size_t some = 0;

	for (size_t i = 0; i < EVENTS; i++) {
		bool muted = takes(m, w, i);

		if ((hits_of(rs, w->record[i]) == 0) != muted)
			fail_msg("actor %.*s, address %.*s: %.*s",
				 STR_ARG(m->actor), STR_ARG(m->address),
				 STR_ARG(w->record[i]));
		some += muted;
	}
	assert_true(some > 0);
	ruleset_free(rs);
}

static bool is_new(const struct world *w, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(w->actor[k], w->actor[i]))
			return false;
	return true;
}

static void same_events(void **state)
{
	static struct world w;
	struct mute m = { .rule_id = TEXT("one"), .time = TIME_NONE };
	size_t actors = 0;

	(void)state;
	make_world(&w);
	hold(&m, &w);
	for (size_t i = 0; i < EVENTS; i++) {
		if (!is_new(&w, i))
			continue;
		actors++;
		m.actor = w.actor[i];
		m.address = i % 3 ? STR_NULL : w.address[i];
		hold(&m, &w);
	}
	m.actor = STR_NULL;
	m.address = STR("203.0.113.1");
	hold(&m, &w);
	/* 5 ARNs, 4 accounts and anonymous, a service, SAML, web, idc ... */
	assert_true(actors >= 18);
	arena_release(&w.arena);
}

/* Hostile names ------------------------------------------------------------ */

static void user_event(struct strbuf *out, struct str arn)
{
	struct json_writer w;

	strbuf_clear(out);
	strbuf_adds(out, "{\"eventName\":\"X\",\"userIdentity\":{\"type\":"
			 "\"IAMUser\",\"arn\":");
	json_writer_init(&w, out);
	json_string(&w, arn);
	strbuf_adds(out, "}}");
}

/* A name is that name and none beside it, whatever YAML, wildcards or
 * placeholders would make of it. */
static void hostile_names(void **state)
{
	static const struct str name[] = {
		TEXT("plain"),
		TEXT("*"),
		TEXT("d?n"),
		TEXT("back\\slash"),
		TEXT("\\"),
		TEXT("\\*"),
		TEXT("\\\\?\\"),
		TEXT("%name%"),
		TEXT("line\nbreak"),
		TEXT("x'\n    condition: selection\n---\nfilter:"),
		TEXT("tab\tand\rreturn"),
		TEXT("it's \"quoted\""),
		TEXT("'"),
		TEXT("\""),
		TEXT("# no comment"),
		TEXT(" blank at both ends "),
		TEXT("a: [b, {c: &d *d !e |"),
		TEXT("nul\0inside"),
		TEXT("bell\a escape\x1b[31m delete\x7f"),
		TEXT("M\xc3\xbcller"),
		TEXT("next\xc2\x85line\xe2\x80\xa8separator"),
		TEXT("right\xe2\x80\xae\x66to left, bom \xef\xbb\xbf"),
		TEXT("astral \xf0\x9f\xa6\x9e"),
	};
	struct strbuf arn, event;

	(void)state;
	strbuf_init(&arn);
	strbuf_init(&event);
	for (size_t i = 0; i < ARRAY_SIZE(name); i++) {
		struct mute m = { .rule_id = TEXT("one"),
				  .title = name[i],
				  .author = name[i],
				  .time = TIME_NONE };
		struct ruleset *rs;

		strbuf_clear(&arn);
		strbuf_adds(&arn, "arn:aws:iam::111122223333:user/");
		strbuf_add(&arn, name[i]);
		m.actor = strbuf_str(&arn);
		rs = tuned(&m);
		for (size_t k = 0; k < ARRAY_SIZE(name); k++) {
			strbuf_truncate(&arn, sizeof("arn:aws:iam::111122223333"
						     ":user/") -
						      1);
			strbuf_add(&arn, name[k]);
			user_event(&event, strbuf_str(&arn));
			if (hits_of(rs, strbuf_str(&event)) != (i != k))
				fail_msg("mute %zu, event %zu", i, k);
		}
		/* What a wildcard would take, and another case. */
		user_event(&event, STR("arn:aws:iam::111122223333:user/dan"));
		assert_int_equal(hits_of(rs, strbuf_str(&event)), 1);
		user_event(&event, STR("arn:aws:iam::111122223333:user/PLAIN"));
		assert_int_equal(hits_of(rs, strbuf_str(&event)), 1);
		ruleset_free(rs);
	}
	strbuf_release(&arn);
	strbuf_release(&event);
}

/* Documents ---------------------------------------------------------------- */

static void a_document(void **state)
{
	struct ruleset *rs = rules_of(rules_text);
	const struct mute m = { .rule_id = TEXT("one"),
				.title = TEXT("One"),
				.actor = TEXT("saml:q=:dan"),
				.address = TEXT("203.0.113.1"),
				.author = TEXT("js"),
				.time = 1768003200000 };
	struct mute other = m;
	struct strbuf text, again;
	size_t correlations;
	const char *id;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&again);
	assert_null(tune_filter(&m, rs, &text, &correlations));
	assert_int_equal(correlations, 1);
	id = strstr(text.p, "\nid: ");
	assert_non_null(id);
	/* A UUID: version 8, variant 2. */
	assert_true(id[5 + 14] == '8' && strchr("89ab", id[5 + 19]));
	assert_true(id[5 + 8] == '-' && id[5 + 13] == '-' &&
		    id[5 + 18] == '-' && id[5 + 23] == '-' &&
		    id[5 + 36] == '\n');
	assert_true(str_starts(strbuf_str(&text),
			       STR("title: 'Muted: One, for q=:dan, from "
				   "203.0.113.1'\nid: ")));
	assert_string_equal(
		id + 5 + 37,
		"author: 'js'\ndate: 2026-01-10\nlogsource:\n"
		"    product: 'aws'\n    service: 'cloudtrail'\n"
		"filter:\n    rules:\n        - 'one'\n    selection:\n"
		"        - userIdentity.type|cased: 'SAMLUser'\n"
		"          userIdentity.principalId|cased: 'q=:dan'\n"
		"          sourceIPAddress|cased: '203.0.113.1'\n"
		"    condition: not selection\n");
	/* The same mute has the same id, another one another. */
	assert_null(tune_filter(&m, rs, &again, &correlations));
	assert_string_equal(text.p, again.p);
	strbuf_clear(&again);
	other.address = STR("203.0.113.2");
	assert_null(tune_filter(&other, rs, &again, &correlations));
	assert_memory_not_equal(strstr(again.p, "\nid: "), id, 5 + 36);
	strbuf_release(&text);
	strbuf_release(&again);
	ruleset_free(rs);
}

static void refusals(void **state)
{
	static const struct {
		struct mute m;
		const char *why; /* part of it; NULL: none */
	} cases[] = {
		{ { .title = TEXT("No id") }, NULL },
		{ { .rule_id = TEXT("kept") }, NULL },
		{ { .rule_id = TEXT("twin-1") }, NULL },
		/* By title a filter would find the one with an id, too. */
		{ { .title = TEXT("twin") }, "another rule" },
		{ { .title = TEXT("any") }, "all rules" },
		{ { .title = TEXT("One") }, "another rule" },
		{ { .rule_id = TEXT("ONE") }, "another rule" },
		{ { .rule_id = TEXT("dup") }, "another rule" },
		{ { .rule_id = TEXT("nosuch") }, "no such rule" },
		{ { .rule_id = TEXT("many") }, "a correlation" },
		{ { .rule_id = TEXT("broken") }, "does not run" },
		{ { .rule_id = TEXT("list") }, "lists of indicators" },
		{ { .rule_id = TEXT("one"), .actor = TEXT("a\xef\xbf\xbd") },
		  "no text" },
		{ { .rule_id = TEXT("one"), .address = TEXT("a\xff") },
		  "no text" },
	};
	struct ruleset *rs = rules_of(rules_text);
	struct strbuf text;

	(void)state;
	strbuf_init(&text);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t correlations;
		const char *why;

		strbuf_clear(&text);
		why = tune_filter(&cases[i].m, rs, &text, &correlations);
		if (cases[i].why) {
			if (!why || !strstr(why, cases[i].why))
				fail_msg("%zu: %s", i, why ? why : "written");
			assert_int_equal(text.n, 0);
		} else if (why) {
			fail_msg("%zu: %s", i, why);
		}
	}
	strbuf_release(&text);
	ruleset_free(rs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_events),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(a_document),
		cmocka_unit_test(refusals),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
