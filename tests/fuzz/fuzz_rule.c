/* SPDX-License-Identifier: MIT */
/*
 * Rule files: YAML to rules to matchers, run on a few records and examined.
 * Each condition that compiles prints, and reads again as the same.
 */
#include <stdlib.h>

#include "base/json.h"
#include "detect/rule_check.h"
#include "query/parse.h"
#include "query/print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Also where assert does nothing. */
static void check(bool holds)
{
	if (!holds)
		abort();
}

static const char *const records[] = {
	"{}",
	"{\"eventName\":\"StopLogging\",\"errorCode\":null,\"userIdentity\":"
	"{\"arn\":\"arn:aws:iam::111122223333:user/a\"}}",
	"{\"eventName\":[\"a\",1],\"requestParameters\":{\"a\":[1,{\"b\":"
	"\"{\\\"c\\\":[2]}\"}],\"a.b\":\"x\\u0000y\"},\"sourceIPAddress\":"
	"\"10.0.0.1\"}",
};

static void run(const struct ruleset *rs)
{
	struct rule_scratch s;
	struct arena a;

	arena_init(&a);
	rule_scratch_init(&s, rs);
	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		struct err err = ERR_INIT;
		struct event e;

		event_extract(&e, json_read(&a, str_of(records[i]), &err), 0,
			      &a);
		ruleset_match(rs, &e, &s);
		/* What the index leaves out does not match either. */
		for (rule_index r = 0; r < ruleset_count(rs); r++) {
			const struct ruleset_rule *x = ruleset_at(rs, r);
			bool hit = false;

			for (size_t k = 0; k < s.hit_n; k++)
				hit |= s.hit[k] == r;
			if (x->matcher && x->rule.outcomes == 7)
				check(hit == matcher_test(x->matcher, &e, NULL,
							  s.match));
		}
	}
	rule_scratch_release(&s);
	arena_release(&a);
}

/* A rule may say what the filter language has other words for. */
static void print(const struct ruleset *rs)
{
	struct strbuf text;
	struct arena a;

	arena_init(&a);
	strbuf_init(&text);
	for (rule_index r = 0; r < ruleset_count(rs); r++) {
		const struct ruleset_rule *x = ruleset_at(rs, r);
		struct query_error error;
		const struct expr *e;

		if (!x->matcher)
			continue;
		strbuf_clear(&text);
		query_print(&text, x->sigma.condition);
		if (text.n < QUERY_MAX_TEXT)
			(void)query_parse(strbuf_str(&text), NULL, &a, &e,
					  &error);
	}
	strbuf_release(&text);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ruleset *rs = ruleset_new();

	json_init();
	ruleset_add_text(rs, "fuzz.yml",
			 (struct str){ (const char *)data, size }, true);
	ruleset_seal(rs);
	run(rs);
	print(rs);
	rules_check(rs);
	ruleset_free(rs);
	return 0;
}
