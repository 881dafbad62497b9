/* SPDX-License-Identifier: MIT */
/*
 * time_part.h - conditions on a part of a time: "hour>=22", "day=1"
 *
 * Parts are those of Sigma's time modifiers: minute, hour, day, week, month,
 * year, in UTC; a week is ISO 8601's. A text that is no time meets none.
 *
 * Layer: query. Threads: any.
 */
#ifndef TRAWL_TIME_PART_H
#define TRAWL_TIME_PART_H

#include "query/expr.h"

#define TIME_PARTS(X)            \
	X(PART_MINUTE, "minute") \
	X(PART_HOUR, "hour")     \
	X(PART_DAY, "day")       \
	X(PART_WEEK, "week")     \
	X(PART_MONTH, "month")   \
	X(PART_YEAR, "year")

struct time_part {
	enum time_part_kind {
#define X(code, name) code,
		TIME_PARTS(X)
#undef X
	} kind;
	enum test_op op; /* TEST_EQUALS, or one of order */
	int64_t number;
};

/* The part of that name, in any case. */
bool time_part_find(struct str name, enum time_part_kind *out);
/* A name, one of = < <= > >=, a whole number; blanks do not matter. */
bool time_part_parse(struct str text, struct time_part *out);
/* As it is parsed. The arena's. */
struct str time_part_text(struct arena *a, const struct time_part *p);

/* Is the text a time of which the part is as it should be? */
bool time_part_meets(const struct time_part *p, struct str text);

#endif /* TRAWL_TIME_PART_H */
