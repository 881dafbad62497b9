/* SPDX-License-Identifier: MIT */
#include "base/timefmt.h"

#include <inttypes.h>
#include <time.h>

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
static int64_t days_from_date(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t shifted = (month + 9) % 12; /* March is 0 */
	int64_t of_year = (153 * shifted + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static void date_from_days(int64_t days, struct time_parts *p)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t year_of_era =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 -
				    year_of_era / 100);
	int64_t shifted = (5 * of_year + 2) / 153;

	p->day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
	p->month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	p->year = (int)(year_of_era + era * 400 + (p->month <= 2));
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

int64_t time_join(const struct time_parts *p)
{
	int64_t s = days_from_date(p->year, p->month, p->day) * 86400 +
		    p->hour * 3600 + p->minute * 60 + p->second - p->offset;

	return s * 1000 + p->millisecond;
}

/* Exactly `digits` digits at *at. */
static bool take_number(struct str s, size_t *at, int digits, int *value)
{
	int v = 0;

	for (int i = 0; i < digits; i++, (*at)++) {
		if (*at >= s.n || s.p[*at] < '0' || s.p[*at] > '9')
			return false;
		v = v * 10 + (s.p[*at] - '0');
	}
	*value = v;
	return true;
}

static bool take_char(struct str s, size_t *at, char c)
{
	if (*at >= s.n || s.p[*at] != c)
		return false;
	(*at)++;
	return true;
}

/* ".123456789": kept to milliseconds. */
static bool take_fraction(struct str s, size_t *at, int *ms)
{
	int scale = 100;
	size_t from;

	*ms = 0;
	if (!take_char(s, at, '.') && !take_char(s, at, ','))
		return true;
	from = *at;
	for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; (*at)++) {
		*ms += (s.p[*at] - '0') * scale;
		scale /= 10;
	}
	return *at > from;
}

static bool take_zone(struct str s, size_t *at, int *offset)
{
	int hours, minutes = 0, sign;

	if (take_char(s, at, 'Z') || take_char(s, at, 'z')) {
		*offset = 0;
		return true;
	}
	if (*at >= s.n || (s.p[*at] != '+' && s.p[*at] != '-'))
		return false;
	sign = s.p[(*at)++] == '-' ? -1 : 1;
	if (!take_number(s, at, 2, &hours))
		return false;
	if (take_char(s, at, ':') || *at < s.n) {
		if (!take_number(s, at, 2, &minutes))
			return false;
	}
	if (hours > 14 || minutes > 59)
		return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* "HH", "HH:MM", "HH:MM:SS.fff" after a date; `basic` is without colons. */
static bool take_clock(struct str s, size_t *at, bool basic,
		       struct time_parts *p)
{
	if (!take_number(s, at, 2, &p->hour))
		return false;
	if (!basic && !take_char(s, at, ':'))
		return true;
	if (!take_number(s, at, 2, &p->minute))
		return false;
	if (basic ? *at >= s.n || s.p[*at] < '0' || s.p[*at] > '9' :
		    !take_char(s, at, ':'))
		return true;
	return take_number(s, at, 2, &p->second) &&
	       take_fraction(s, at, &p->millisecond);
}

static int64_t join_in_zone(struct time_parts *p, const struct time_zone *zone)
{
	struct tm tm = { .tm_year = p->year - 1900,
			 .tm_mon = p->month - 1,
			 .tm_mday = p->day,
			 .tm_hour = p->hour,
			 .tm_min = p->minute,
			 .tm_sec = p->second,
			 .tm_isdst = -1 };
	time_t t;

	if (!zone || zone->kind == ZONE_UTC)
		return time_join(p);
	if (zone->kind == ZONE_FIXED) {
		p->offset = zone->offset;
		return time_join(p);
	}
	t = mktime(&tm);
	return (int64_t)t * 1000 + p->millisecond;
}

int64_t time_parse(struct str s, const struct time_zone *zone)
{
	struct time_parts p = { .month = 1, .day = 1 };
	size_t at = 0;
	bool basic, zoned = false;

	s = str_trim(s);
	if (!take_number(s, &at, 4, &p.year))
		return TIME_NONE;
	basic = !take_char(s, &at, '-');
	if (!take_number(s, &at, 2, &p.month) ||
	    (!basic && !take_char(s, &at, '-')) ||
	    !take_number(s, &at, 2, &p.day))
		return TIME_NONE;
	if (at < s.n) {
		if (!take_char(s, &at, 'T') && !take_char(s, &at, 't') &&
		    !take_char(s, &at, ' '))
			return TIME_NONE;
		if (!take_clock(s, &at, basic, &p))
			return TIME_NONE;
		if (at < s.n && s.p[at] == ' ')
			at++;
		if (at < s.n) {
			if (!take_zone(s, &at, &p.offset) || at < s.n)
				return TIME_NONE;
			zoned = true;
		}
	}
	if (p.month < 1 || p.month > 12 || p.day < 1 ||
	    p.day > days_in_month(p.year, p.month) || p.hour > 23 ||
	    p.minute > 59 || p.second > 60)
		return TIME_NONE;
	return zoned ? time_join(&p) : join_in_zone(&p, zone);
}

/* One or two digits. */
static bool take_short_number(struct str s, size_t *at, int *value)
{
	return take_number(s, at,
			   *at + 1 < s.n && s.p[*at + 1] >= '0' &&
					   s.p[*at + 1] <= '9' ?
				   2 :
				   1,
			   value);
}

/* Blanks, among them the narrow one that does not break (U+202F). */
static void skip_blanks(struct str s, size_t *at)
{
	for (;;) {
		if (str_starts(str_from(s, *at), STR("\xe2\x80\xaf")))
			*at += 3;
		else if (*at < s.n && s.p[*at] == ' ')
			++*at;
		else
			return;
	}
}

int time_month(struct str name)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	struct str all = STR(months);

	for (int m = 0; m < 12 && name.n >= 3; m++)
		if (str_eq_fold(str_sub(name, 0, 3),
				str_sub(all, (size_t)m * 3, (size_t)m * 3 + 3)))
			return m + 1;
	return 0;
}

int64_t time_parse_words(struct str s)
{
	struct time_parts p = { .millisecond = 0 };
	struct str half;
	size_t at = 4;

	s = str_trim(s);
	p.month = time_month(s);
	if (!p.month || !take_short_number(s, &at, &p.day) ||
	    !take_char(s, &at, ','))
		return TIME_NONE;
	skip_blanks(s, &at);
	if (!take_number(s, &at, 4, &p.year))
		return TIME_NONE;
	take_char(s, &at, ',');
	skip_blanks(s, &at);
	if (!take_short_number(s, &at, &p.hour) || !take_char(s, &at, ':') ||
	    !take_number(s, &at, 2, &p.minute) || !take_char(s, &at, ':') ||
	    !take_number(s, &at, 2, &p.second))
		return TIME_NONE;
	skip_blanks(s, &at);
	half = str_from(s, at);
	if (p.day < 1 || p.day > days_in_month(p.year, p.month) || p.hour < 1 ||
	    p.hour > 12 || p.minute > 59 || p.second > 59 ||
	    (!str_eq_fold(half, STR("AM")) && !str_eq_fold(half, STR("PM"))))
		return TIME_NONE;
	p.hour = p.hour % 12 + (str_eq_fold(half, STR("PM")) ? 12 : 0);
	return time_join(&p);
}

int64_t time_parse_loose(struct str s)
{
	int64_t t = time_parse(s, NULL);
	double v;

	if (t != TIME_NONE)
		return t;
	/* Up to 2286; "20260109214207" is neither, but a date in digits. */
	if (s.n >= 9 && str_to_double(s, &v) && v > 1e8 && v < 1e13)
		return (int64_t)(v < 1e11 ? v * 1000 : v);
	return TIME_NONE;
}

struct time_parts time_split(int64_t t, const struct time_zone *zone)
{
	struct time_parts p = { .year = 1970 };
	int64_t s = t / 1000, days, rest;

	if (t % 1000 < 0)
		s--;
	p.millisecond = (int)(t - s * 1000);
	if (zone && zone->kind == ZONE_LOCAL) {
		time_t clock = (time_t)s;
		struct tm tm;

		if (localtime_r(&clock, &tm)) {
			p.year = tm.tm_year + 1900;
			p.month = tm.tm_mon + 1;
			p.day = tm.tm_mday;
			p.hour = tm.tm_hour;
			p.minute = tm.tm_min;
			p.second = tm.tm_sec;
			p.offset =
				(int)((time_join(&p) - p.millisecond) / 1000 -
				      s);
			return p;
		}
	}
	if (zone && zone->kind == ZONE_FIXED)
		p.offset = zone->offset;
	s += p.offset;
	days = s / 86400;
	if (s % 86400 < 0)
		days--;
	rest = s - days * 86400;
	date_from_days(days, &p);
	p.hour = (int)(rest / 3600);
	p.minute = (int)(rest / 60 % 60);
	p.second = (int)(rest % 60);
	return p;
}

void time_format(struct strbuf *out, int64_t t, enum time_style style,
		 const struct time_zone *zone)
{
	struct time_parts p;

	if (t == TIME_NONE) {
		strbuf_addc(out, '-');
		return;
	}
	p = time_split(t, zone);
	if (style != TIME_CLOCK)
		strbuf_addf(out, "%04d-%02d-%02d", p.year, p.month, p.day);
	if (style == TIME_DATE)
		return;
	if (style != TIME_CLOCK)
		strbuf_addc(out, style == TIME_ISO ? 'T' : ' ');
	strbuf_addf(out, "%02d:%02d", p.hour, p.minute);
	if (style == TIME_MINUTE)
		return;
	strbuf_addf(out, ":%02d", p.second);
	if (style != TIME_ISO)
		return;
	if (p.millisecond)
		strbuf_addf(out, ".%03d", p.millisecond);
	if (p.offset == 0)
		strbuf_addc(out, 'Z');
	else
		strbuf_addf(out, "%c%02d:%02d", p.offset < 0 ? '-' : '+',
			    (p.offset < 0 ? -p.offset : p.offset) / 3600,
			    (p.offset < 0 ? -p.offset : p.offset) / 60 % 60);
}

/* Milliseconds in a unit of a span; 0 for what is none. */
static int64_t span_unit(char c)
{
	switch (c) {
	case 's':
		return 1000;
	case 'm':
		return 60000;
	case 'h':
		return 3600000;
	case 'd':
		return 86400000;
	case 'w':
		return 604800000;
	default:
		return 0;
	}
}

bool time_parse_span(struct str s, int64_t *ms)
{
	int64_t total = 0;
	size_t at = 0;

	if (s.n == 0)
		return false;
	while (at < s.n) {
		int64_t v = 0, unit;
		size_t from = at;

		for (; at < s.n && s.p[at] >= '0' && s.p[at] <= '9'; at++) {
			if (v > 100000000)
				return false;
			v = v * 10 + (s.p[at] - '0');
		}
		if (at == from || at >= s.n)
			return false;
		unit = span_unit(s.p[at++]);
		if (!unit || v > (INT64_MAX - total) / unit)
			return false;
		total += v * unit;
	}
	*ms = total;
	return true;
}

void time_format_span(struct strbuf *out, int64_t ms)
{
	int64_t s = ms / 1000;

	if (s < 60)
		strbuf_addf(out, "%" PRId64 "s", s);
	else if (s < 3600)
		strbuf_addf(out, "%" PRId64 "m", s / 60);
	else if (s < 86400)
		strbuf_addf(out, "%" PRId64 "h %" PRId64 "m", s / 3600,
			    s / 60 % 60);
	else
		strbuf_addf(out, "%" PRId64 "d %" PRId64 "h", s / 86400,
			    s / 3600 % 24);
}

bool time_zone_parse(struct str s, struct time_zone *zone)
{
	struct time_zone z = { .kind = ZONE_FIXED };
	struct strbuf text;
	int64_t t;

	if (str_eq_fold(s, STR("UTC")) || str_eq(s, STR("Z"))) {
		*zone = (struct time_zone)TIME_ZONE_UTC;
		return true;
	}
	if (str_eq_fold(s, STR("local"))) {
		*zone = (struct time_zone){ ZONE_LOCAL, 0, "local" };
		return true;
	}
	if (s.n < 3 || s.n >= sizeof(z.name) ||
	    (s.p[0] != '+' && s.p[0] != '-'))
		return false;
	/* An offset is what may follow a time: that parser reads it. */
	strbuf_init(&text);
	strbuf_adds(&text, "2000-01-01T12:00:00");
	strbuf_add(&text, s);
	t = time_parse(strbuf_str(&text), NULL);
	strbuf_release(&text);
	if (t == TIME_NONE)
		return false;
	z.offset = (int)((time_parse(STR("2000-01-01T12:00:00Z"), NULL) - t) /
			 1000);
	memcpy(z.name, s.p, s.n);
	*zone = z;
	return true;
}
