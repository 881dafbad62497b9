/* SPDX-License-Identifier: MIT */
/*
 * look_paths.h - the paths that make the look of an event
 *
 * Rules ask the same few fields again and again: was it refused, by whom,
 * with which client. These are chosen when the rules are sealed: what is asked
 * of values that repeat, what is asked by rules that no eventName leads to,
 * and all of which it is only asked whether it is there.
 *
 * Layer: detect. Threads: shared once it is built.
 */
#ifndef TRAWL_LOOK_PATHS_H
#define TRAWL_LOOK_PATHS_H

#include "detect/ruleset.h"

struct look_path {
	struct match_path path;
	/* All that rules ask of a text; none: only whether it is there. */
	struct matcher **test;
	size_t test_n;
};

enum {
	LOOK_PATHS = 64,
	LOOK_TESTS = 256, /* of one path */
};

struct look_paths {
	struct arena arena;
	struct look_path path[LOOK_PATHS];
	size_t n;
	uint64_t *asked; /* by rule: a bit for each path that it asks of */
};

void look_paths_choose(struct look_paths *out, struct ruleset_rule *const *rule,
		       size_t n);
void look_paths_release(struct look_paths *p);

/* Can a test be answered from a path that has a text, null or nothing? With
 * `there`: from one of which only this is known. */
bool look_path_answers(const struct look_path *p,
		       const struct expr_field *field, enum test_op op,
		       bool there);

#endif /* TRAWL_LOOK_PATHS_H */
