/* SPDX-License-Identifier: MIT */
/*
 * pattern.h - the wildcard patterns that tests take
 *
 * `*` stands for any run of characters, `?` for any one, and a backslash
 * before one of * ? \ takes its meaning away; any other character, and a
 * backslash before any other character, stands for itself and for the
 * character. A normal pattern has backslashes only where they are needed, no
 * two stars in a row, and stars at its ends only where the test's op does not
 * say so already.
 *
 * Layer: query. Memory: the arena passed. Threads: any.
 */
#ifndef TRAWL_PATTERN_H
#define TRAWL_PATTERN_H

#include "query/expr.h"

/* True when nothing in it is a wildcard. */
bool pattern_is_literal(struct str pattern);
/* True for "*" alone. */
bool pattern_is_any(struct str pattern);

/* The text that a pattern without wildcards stands for. */
struct str pattern_text(struct arena *a, struct str pattern);
/* The pattern that matches this text and no other. */
struct str pattern_of_text(struct arena *a, struct str text);

/* The pattern that TEST_EQUALS would need to say the same as this op. */
struct str pattern_whole(struct arena *a, enum test_op op, struct str pattern);

/*
 * The test of one pattern, made normal. For FIELD_ANY it is always contained
 * in, and a lone star is true of every record.
 */
const struct expr *pattern_test(struct arena *a, const struct expr_field *field,
				enum test_op op, bool cased,
				struct str pattern);

/*
 * AND or OR in which tests that differ only in their values become one test.
 */
const struct expr *pattern_join(struct arena *a, enum expr_kind kind,
				const struct expr_list *list);

/* A literal to look for, prepared. */
struct needle {
	struct str text; /* in lower case unless cased */
	bool cased;
	size_t rare;    /* offset of its rarest character */
	char low, high; /* that character in both cases */
};

/* `text` is kept. When not cased it has to be in lower case already. */
void needle_init(struct needle *n, struct str text, bool cased);
/* True when it occurs anywhere in s. About memchr's speed. */
bool needle_in(const struct needle *n, struct str s);
/* A copy in lower case. */
struct str pattern_lower(struct arena *a, struct str s);

#endif /* TRAWL_PATTERN_H */
