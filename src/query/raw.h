/* SPDX-License-Identifier: MIT */
/*
 * raw.h - values in a record's bytes, found without parsing it
 *
 * Parsing a record takes several times as long as inflating it. Most tests of
 * a path look at one plain value; these walk to it over the bytes and hand it
 * out as it stands. What would have to be decoded or entered to be sure of is
 * said to be unsure, and the caller parses.
 *
 * The bytes were a record when they were loaded; bytes that are no JSON any
 * more are unsure too.
 *
 * Layer: query. Cost: a byte or two a cycle. Threads: any.
 */
#ifndef TRAWL_RAW_H
#define TRAWL_RAW_H

#include "base/json.h"
#include "query/answer.h"

struct raw_value {
	enum json_kind kind; /* JSON_TRUE for false as well */
	bool escaped;        /* a string that holds a backslash */
	struct str text;     /* of a string between the quotes; of an array or
				object with its brackets */
};

/* What one value means; ANSWER_YES ends the walk. */
typedef enum answer (*raw_leaf)(void *context, const struct raw_value *v);

/*
 * Calls `leaf` for each place that a path leads to, by the rules of
 * matcher.h. ANSWER_YES when a leaf said so; else ANSWER_UNSURE when a leaf did or
 * the walk met something that it does not enter; else ANSWER_NO.
 */
enum answer raw_walk(struct str record, struct str path, raw_leaf leaf,
		     void *context);
/* For each member of an array. */
enum answer raw_members(struct str array, raw_leaf leaf, void *context);
/* For each scalar of a record, however deep. */
enum answer raw_scalars(struct str record, raw_leaf leaf, void *context);

/* True for a string that may hold an object or array as JSON. */
bool raw_is_embedded(const struct raw_value *v);

#endif /* TRAWL_RAW_H */
