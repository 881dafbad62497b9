/* SPDX-License-Identifier: MIT */
/*
 * expr.h - the one tree that filters and rule conditions become
 *
 * Pure data: what is to be true of an event, and nothing of how that is found
 * out. The filter language (parse.h) and Sigma rules (detect/compile.h) both
 * produce it; matcher.h tests an event with it, plan.h answers it from the
 * store's indexes, print.h writes it back in the filter language, and another
 * back end could print it as SQL.
 *
 * Both producers write patterns in one form (pattern.h): "starts with ab" is
 * TEST_STARTS of "ab" and never TEST_EQUALS of "ab*", and a lone "*" is
 * TEST_EQUALS and means: there, and not null.
 *
 * Layer: query. Memory: an arena; a tree lives as long as it.
 */
#ifndef TRAWL_EXPR_H
#define TRAWL_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/event.h"
#include "model/field.h"

enum expr_kind {
	EXPR_TRUE,
	EXPR_FALSE,
	EXPR_AND, /* of its members, at least one */
	EXPR_OR,  /* likewise */
	EXPR_NOT, /* of its one member */
	EXPR_TEST,
};

enum test_op {
	TEST_EQUALS,   /* a pattern: * and ? are wildcards, \ escapes */
	TEST_CONTAINS, /* the next two take patterns likewise */
	TEST_STARTS,
	TEST_ENDS,
	TEST_RE,     /* PCRE2, partial */
	TEST_CIDR,   /* in one of the networks */
	TEST_PART,   /* a time of which a part is so: time_part.h */
	TEST_EXISTS, /* the field is there, be it empty or null; no values */
	TEST_NULL,   /* the field is not there, or is null; no values */
	TEST_LT,     /* numbers; for eventTime times; for level levels */
	TEST_LE,
	TEST_GT,
	TEST_GE,
	TEST_FIELD, /* compares with the value of another field: values are
		       paths */
};

/* What is tested. */
struct expr_field {
	enum field_kind kind;
	enum event_column column; /* for FIELD_COLUMN and its relatives */
	struct str path;          /* its name; for FIELD_PATH the path */
};

struct expr_test {
	struct expr_field field;
	enum test_op op;
	bool all;          /* every value has to match; else one is enough */
	bool cased;        /* upper and lower case differ */
	unsigned re_flags; /* enum re_flags, for TEST_RE */
	/* For TEST_FIELD: this field equals, contains, starts or ends with the
	 * other one. */
	enum test_op refers;
	const struct str *value; /* times as ISO 8601 in UTC */
	size_t value_n;
};

struct expr {
	enum expr_kind kind;
	const struct expr *const *member; /* for AND, OR, NOT */
	size_t member_n;
	struct expr_test test; /* for EXPR_TEST */
};

/* Makers; members and texts are kept, not copied, arrays are copied. */
const struct expr *expr_constant(struct arena *a, bool value);
const struct expr *expr_test(struct arena *a, const struct expr_test *test);
/* Of a constant, the other constant. */
const struct expr *expr_not(struct arena *a, const struct expr *member);
/* AND or OR of n members; of one member that member, of none a constant
 * (true for AND, false for OR). */
const struct expr *expr_join(struct arena *a, enum expr_kind kind,
			     const struct expr *const *member, size_t n);

/* The same tree, node for node. */
bool expr_equal(const struct expr *a, const struct expr *b);

/* True for fields that TEST_FIELD may compare with another. */
bool expr_can_refer(enum field_kind kind);

/* A growing list of members. */
struct expr_list {
	const struct expr **member;
	size_t n, cap;
};

void expr_list_add(struct arena *a, struct expr_list *list,
		   const struct expr *member);

#endif /* TRAWL_EXPR_H */
