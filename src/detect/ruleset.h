/* SPDX-License-Identifier: MIT */
/*
 * ruleset.h - the rules of a session, ready to run
 *
 * Rules come from the binary, from files and from folders. One that is broken
 * is listed with file, line and reason, and the others run. An event meets
 * only the rules that can match it: rules are found by the eventName that
 * they cannot do without, else by the eventSource (rule_index.h), and what they
 * say of events that look alike is remembered (rule_look.h).
 *
 * Order of use: new, add..., seal, then everything else. Layer: detect.
 * Threads: once sealed, any number may read and match, a scratch each.
 */
#ifndef TRAWL_RULESET_H
#define TRAWL_RULESET_H

#include "detect/compile.h"
#include "detect/correlation_rule.h"
#include "detect/lineage_rule.h"
#include "detect/rule.h"
#include "query/matcher.h"

typedef uint32_t rule_index;

/* Rules of a set; of a file with more, the rest is a problem of the file. */
enum { RULES_MOST = 1 << 16 };

enum rule_state {
	RULE_ACTIVE,
	RULE_SILENT, /* runs for a correlation, alerts of its own: none */
	RULE_FILTER, /* no rule: what it says is part of others */
	RULE_OTHER,  /* for another log source */
	RULE_BROKEN, /* see the problem of its line */
};

struct ruleset_rule {
	struct rule rule;
	enum rule_state state;
	struct sigma sigma;      /* of rules that run, and of filters */
	struct matcher *matcher; /* of rules that run, else NULL */
	/* The filters that are part of it. */
	const struct ruleset_rule **filter;
	size_t filter_n;
	/* What it asks of the graph, or NULL. When it has a matcher too, an
	 * event that the matcher takes is only a candidate. */
	struct lineage_rule *lineage;
	/* Or what it correlates; then it has no matcher. */
	struct correlation *correlation;
	/* Paths whose values are noted with each match, for correlations. */
	const struct str *capture;
	size_t capture_n;
};

/* Something to tell about a rule or a file; not all of it is an error. */
enum problem_kind {
	PROBLEM_BROKEN, /* the rule or the file does not run */
	PROBLEM_WARNING,
	PROBLEM_NOTE,
};

struct rule_problem {
	enum problem_kind kind;
	const char *file;
	unsigned line; /* 0: the file as such */
	struct str text;
	bool has_rule;
	rule_index rule;
};

struct ruleset;

struct ruleset *ruleset_new(void);
void ruleset_free(struct ruleset *rs);

/* What placeholders stand for, before any rule is added: see placeholders.h. */
ATTR_NODISCARD enum err_code ruleset_placeholders(struct ruleset *rs,
						  const char *path,
						  struct err *err);
/* Rules that travel inside the binary. */
void ruleset_add_builtin(struct ruleset *rs);
/* A file, or a folder with all *.yml and *.yaml below it, in order of their
 * paths. ERR_IO when the path itself cannot be read; what is wrong further
 * down is a problem. */
ATTR_NODISCARD enum err_code ruleset_add_path(struct ruleset *rs,
					      const char *path,
					      struct err *err);
/* All documents of a text; `file` is copied. */
void ruleset_add_text(struct ruleset *rs, const char *file, struct str text,
		      bool builtin);
/* Ends adding: correlations find the rules that they name, duplicates are told
 * of, the index is made. */
void ruleset_seal(struct ruleset *rs);

/* Of the texts that were added, in their order: equal ones make equal rules. */
struct hash128 ruleset_digest(const struct ruleset *rs);

size_t ruleset_count(const struct ruleset *rs);
const struct ruleset_rule *ruleset_at(const struct ruleset *rs, rule_index i);
/* The rule that a text names: by id, else name, else title, in any case;
 * `after` is the one before, to find namesakes, or UINT32_MAX. Returns
 * UINT32_MAX when there is none. */
rule_index ruleset_find(const struct ruleset *rs, struct str name,
			rule_index after);

/* In order of adding; those of the seal last. */
const struct rule_problem *ruleset_problems(const struct ruleset *rs,
					    size_t *n);
/* Adds one, for rule_check.h. The text is copied. */
void ruleset_add_problem(struct ruleset *rs, enum problem_kind kind,
			 rule_index rule, unsigned line, struct str text);

/* What matching with one ruleset needs beside the event; one thread's. */
struct rule_scratch {
	struct match_scratch *match;
	struct look_memory *looks;
	rule_index *hit; /* the rules that matched, ascending */
	size_t hit_n, hit_cap;
	uint64_t tried; /* rules tested since init */
};

/* The rules are sealed, and outlive it. */
void rule_scratch_init(struct rule_scratch *s, const struct ruleset *rs);
void rule_scratch_release(struct rule_scratch *s);

/* Fills s->hit with the rules that match; silent ones are among them. */
void ruleset_match(const struct ruleset *rs, const struct event *e,
		   struct rule_scratch *s);

#endif /* TRAWL_RULESET_H */
