/* SPDX-License-Identifier: MIT */
/*
 * sigma_help.h - rules and records as texts, for tests
 */
#ifndef SIGMA_HELP_H
#define SIGMA_HELP_H

#include "base/json.h"
#include "base/strbuf.h"
#include "detect/ruleset.h"
#include "query/print.h"

/* A rule around a detection section, which is indented by four blanks. */
static inline void rule_text(struct strbuf *out, const char *detection)
{
	strbuf_adds(out, "title: T\nid: 00000000-0000-4000-8000-000000000001\n"
			 "level: high\nlogsource:\n    product: aws\n"
			 "    service: cloudtrail\ndetection:\n");
	strbuf_adds(out, detection);
}

static inline struct ruleset *rules_of(const char *text)
{
	struct ruleset *rs = ruleset_new();

	ruleset_add_text(rs, "rule.yml", str_of(text), false);
	ruleset_seal(rs);
	return rs;
}

static inline struct ruleset *rules_of_detection(const char *detection)
{
	struct ruleset *rs;
	struct strbuf text;

	strbuf_init(&text);
	rule_text(&text, detection);
	rs = rules_of(text.p);
	strbuf_release(&text);
	return rs;
}

/* How many rules match a record. */
static inline size_t hits_of(const struct ruleset *rs, struct str json)
{
	const struct json *record;
	struct err err = ERR_INIT;
	struct rule_scratch s;
	struct event event;
	struct arena a;
	size_t n;

	arena_init(&a);
	rule_scratch_init(&s, rs);
	record = json_read(&a, json, &err);
	if (!record)
		fail_msg("%.*s: %s", STR_ARG(json), err.msg);
	event_extract(&event, record, 0, &a);
	ruleset_match(rs, &event, &s);
	n = s.hit_n;
	rule_scratch_release(&s);
	arena_release(&a);
	return n;
}

/* Does the one rule with this detection match? It must have no problem. */
static inline bool fires_on(const char *detection, struct str json)
{
	struct ruleset *rs = rules_of_detection(detection);
	const struct rule_problem *p;
	size_t n;
	bool hit;

	p = ruleset_problems(rs, &n);
	if (n)
		fail_msg("%s\n%u: %.*s", detection, p->line, STR_ARG(p->text));
	hit = hits_of(rs, json) == 1;
	ruleset_free(rs);
	return hit;
}

#define fires(detection, json) assert_true(fires_on(detection, str_of(json)))
#define quiet(detection, json) assert_false(fires_on(detection, str_of(json)))

#endif /* SIGMA_HELP_H */
