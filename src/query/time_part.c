/* SPDX-License-Identifier: MIT */
#include "query/time_part.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/timefmt.h"

static const char *const part_names[] = {
#define X(code, name) [code] = (name),
	TIME_PARTS(X)
#undef X
};

/* The longer ones first. */
static const struct {
	const char *sign;
	enum test_op op;
} signs[] = {
	{ "<=", TEST_LE }, { ">=", TEST_GE },    { "<", TEST_LT },
	{ ">", TEST_GT },  { "=", TEST_EQUALS },
};

bool time_part_find(struct str name, enum time_part_kind *out)
{
	for (unsigned i = 0; i < ARRAY_SIZE(part_names); i++)
		if (str_eq_fold(name, str_of(part_names[i]))) {
			*out = (enum time_part_kind)i;
			return true;
		}
	return false;
}

bool time_part_parse(struct str text, struct time_part *out)
{
	size_t at = 0;
	uint64_t number;

	while (at < text.n && !strchr("<>=", text.p[at]))
		at++;
	if (!time_part_find(str_trim(str_sub(text, 0, at)), &out->kind))
		return false;
	text = str_from(text, at);
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		struct str sign = str_of(signs[i].sign);

		if (!str_starts(text, sign))
			continue;
		out->op = signs[i].op;
		if (!str_to_u64(str_trim(str_from(text, sign.n)), &number) ||
		    number > INT32_MAX)
			return false;
		out->number = (int64_t)number;
		return true;
	}
	return false;
}

struct str time_part_text(struct arena *a, const struct time_part *p)
{
	char text[64];
	const char *sign = "=";

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (signs[i].op == p->op)
			sign = signs[i].sign;
	snprintf(text, sizeof(text), "%s%s%" PRId64, part_names[p->kind], sign,
		 p->number);
	return arena_dup(a, str_of(text));
}

/* The week whose Thursday is in the year is the year's. */
static int week_of(int64_t t)
{
	const struct time_zone utc = TIME_ZONE_UTC;
	const int64_t day_ms = 86400000;
	int64_t day = t / day_ms - (t % day_ms < 0);
	/* 1970-01-01 was a Thursday; Monday is 0. */
	int64_t weekday = ((day + 3) % 7 + 7) % 7;
	int64_t thursday = day - weekday + 3;
	struct time_parts parts = time_split(thursday * day_ms, &utc);

	parts.month = parts.day = 1;
	return (int)((thursday - time_join(&parts) / day_ms) / 7) + 1;
}

static int part_of(enum time_part_kind kind, int64_t t)
{
	const struct time_zone utc = TIME_ZONE_UTC;
	struct time_parts parts = time_split(t, &utc);

	switch (kind) {
	case PART_MINUTE:
		return parts.minute;
	case PART_HOUR:
		return parts.hour;
	case PART_DAY:
		return parts.day;
	case PART_WEEK:
		return week_of(t);
	case PART_MONTH:
		return parts.month;
	case PART_YEAR:
	default:
		return parts.year;
	}
}

bool time_part_meets(const struct time_part *p, struct str text)
{
	int64_t t = time_parse(text, NULL), is;

	if (t == TIME_NONE)
		return false;
	is = part_of(p->kind, t);
	switch (p->op) {
	case TEST_LT:
		return is < p->number;
	case TEST_LE:
		return is <= p->number;
	case TEST_GT:
		return is > p->number;
	case TEST_GE:
		return is >= p->number;
	default:
		return is == p->number;
	}
}
