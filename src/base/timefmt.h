/* SPDX-License-Identifier: MIT */
/*
 * timefmt.h - points in time: reading and writing them
 *
 * A time is a count of milliseconds since 1970-01-01T00:00:00Z, in UTC.
 * CloudTrail's eventTime has a resolution of one second.
 *
 * A zone for display is UTC, a fixed offset, or the process's local zone (the
 * C library's, which main may set from --tz before any thread starts).
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_TIMEFMT_H
#define TRAWL_TIMEFMT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/strbuf.h"

#define TIME_NONE INT64_MAX /* no time, or one that could not be read */

struct time_zone {
	enum time_zone_kind { ZONE_UTC, ZONE_FIXED, ZONE_LOCAL } kind;
	int offset;    /* seconds east of UTC, for ZONE_FIXED */
	char name[40]; /* as shown: "UTC", "+09:00", "Asia/Tokyo" */
};

#define TIME_ZONE_UTC              \
	{                          \
		ZONE_UTC, 0, "UTC" \
	}

/* Reads "UTC", "Z", an offset such as "+09:00", or "local"; false, and nothing
 * changed, for anything else: names of zones are the process' own business. */
bool time_zone_parse(struct str s, struct time_zone *zone);

/*
 * Reads "2026-01-09T21:42:07Z" and its relatives: a blank for the T, seconds
 * or minutes left out, fractions (cut to milliseconds), "Z", "+09:00",
 * "+0900" or nothing (then `zone` decides), a date alone, the basic form
 * "20260109T214207Z". Returns TIME_NONE for anything else, and for dates that
 * the calendar does not have.
 */
int64_t time_parse(struct str s, const struct time_zone *zone);

/*
 * Reads "Jul 10, 2023 12:25:04 PM" as IAM writes it and "Jul 10, 2023,
 * 12:21:41 PM" as STS does (with whatever blank newer Java puts before PM),
 * in UTC. TIME_NONE for anything else.
 */
int64_t time_parse_words(struct str s);

/* 1 to 12 by the first three letters of a month's English name, of any case; 0
 * for anything else. */
int time_month(struct str name);

/* As time_parse, also epoch seconds or milliseconds; for loose exports. */
int64_t time_parse_loose(struct str s);

/* The parts of a time in a zone. */
struct time_parts {
	int year, month, day, hour, minute, second, millisecond;
	int offset; /* seconds east of UTC that were in force */
};

struct time_parts time_split(int64_t t, const struct time_zone *zone);
int64_t time_join(const struct time_parts *parts);

enum time_style {
	TIME_ISO,      /* 2026-01-09T21:42:07Z or with +09:00; ms when not 0 */
	TIME_DATE,     /* 2026-01-09 */
	TIME_CLOCK,    /* 21:42:07 */
	TIME_MINUTE,   /* 2026-01-09 21:42 */
	TIME_DATETIME, /* 2026-01-09 21:42:07 */
};

/* Adds it to `out`; "-" for TIME_NONE. */
void time_format(struct strbuf *out, int64_t t, enum time_style style,
		 const struct time_zone *zone);

/* "90s", "15m", "36h", "7d" and sums such as "1h30m", in milliseconds;
 * false for anything else. */
bool time_parse_span(struct str s, int64_t *ms);
/* Adds "45s", "12m", "3h 20m", "5d 4h". */
void time_format_span(struct strbuf *out, int64_t ms);

#endif /* TRAWL_TIMEFMT_H */
