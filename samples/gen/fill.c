/* SPDX-License-Identifier: MIT */
#include "gen/fill.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/timefmt.h"

enum { CHANCE_MAX = 2048 };

static bool find_arg(const char *args, struct str name, struct str *value)
{
	struct str rest = str_of(args), field;

	while (str_next(&rest, ';', &field)) {
		if (field.n > name.n && field.p[name.n] == '=' &&
		    memcmp(field.p, name.p, name.n) == 0) {
			*value = str_from(field, name.n + 1);
			return true;
		}
	}
	return false;
}

bool fill_arg(const struct fill *f, const char *name, struct str *value)
{
	return find_arg(f->args, str_of(name), value);
}

static void mistake(struct str name, const struct fill *f)
{
	fprintf(stderr, "samplegen: nothing for ${%.*s} in \"%s\"\n",
		STR_ARG(name), f->args ? f->args : "");
	exit(1);
}

/* "Oct 3, 2026 6:22:01 AM", as IAM writes times; STS has one more comma. */
static void add_us_time(struct strbuf *out, int64_t t, const char *comma)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct time_zone utc = TIME_ZONE_UTC;
	struct time_parts p = time_split(t, &utc);
	int hour = p.hour % 12 ? p.hour % 12 : 12;

	strbuf_addf(out, "%.3s %d, %d%s %d:%02d:%02d %s",
		    months + (size_t)(p.month - 1) * 3, p.day, p.year, comma,
		    hour, p.minute, p.second, p.hour < 12 ? "AM" : "PM");
}

typedef void (*chance_fn)(struct rng *, char *, size_t);

static bool add_chance(struct strbuf *out, struct str name, struct rng *r)
{
	static const struct {
		const char *name;
		chance_fn draw;
	} kinds[] = {
		{ "hex", rng_hex },       { "upper", rng_upper },
		{ "alnum", rng_alnum },   { "digits", rng_digits },
		{ "base64", rng_base64 },
	};
	char text[CHANCE_MAX];
	uint64_t n;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct str kind = str_of(kinds[i].name);

		if (!str_starts(name, kind) ||
		    !str_to_u64(str_from(name, kind.n), &n) || n > CHANCE_MAX)
			continue;
		kinds[i].draw(r, text, (size_t)n);
		strbuf_add(out, (struct str){ text, (size_t)n });
		return true;
	}
	return false;
}

static bool add_time(struct strbuf *out, struct str name, int64_t t)
{
	uint64_t later;

	if (str_eq(name, STR("iso"))) {
		time_format(out, t, TIME_ISO, NULL);
	} else if (str_eq(name, STR("date"))) {
		time_format(out, t, TIME_DATE, NULL);
	} else if (str_eq(name, STR("iam"))) {
		add_us_time(out, t, "");
	} else if (str_eq(name, STR("sts"))) {
		add_us_time(out, t, ",");
	} else if (str_starts(name, STR("sts+")) &&
		   str_to_u64(str_from(name, 4), &later)) {
		add_us_time(out, t + (int64_t)later * 1000, ",");
	} else if (str_eq(name, STR("epoch"))) {
		strbuf_addf(out, "%lld", (long long)t / 1000);
	} else if (str_eq(name, STR("ms"))) {
		strbuf_addf(out, "%lld", (long long)t);
	} else {
		return false;
	}
	return true;
}

static bool add_caller(struct strbuf *out, struct str name,
		       const struct fill *f)
{
	if (str_eq(name, STR("account")))
		strbuf_adds(out, f->account);
	else if (str_eq(name, STR("region")))
		strbuf_adds(out, f->region);
	else if (str_eq(name, STR("host")))
		strbuf_adds(out, f->host);
	else if (str_eq(name, STR("request")))
		strbuf_adds(out, f->request_id);
	else if (str_eq(name, STR("me")))
		strbuf_adds(out, f->by->who ? f->by->who->name : f->by->name);
	else if (str_eq(name, STR("caller")))
		session_arn(out, f->by);
	else if (str_eq(name, STR("callerId")))
		session_principal_id(out, f->by);
	else
		return false;
	return true;
}

static bool add_uid(struct strbuf *out, struct str name, const struct fill *f)
{
	char prefix[5], uid[UID_SIZE];
	struct str value;

	if (name.n < 6 || name.p[4] != ':' || name.p[0] != 'A')
		return false;
	snprintf(prefix, sizeof(prefix), "%.4s", name.p);
	if (!find_arg(f->args, str_from(name, 5), &value))
		mistake(name, f);
	uid_of_name(prefix, f->account, value, uid);
	strbuf_adds(out, uid);
	return true;
}

/* The bar that begins the default, outside of placeholders inside; or
 * SIZE_MAX. */
static size_t find_bar(struct str name)
{
	unsigned depth = 0;

	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '{')
			depth++;
		else if (name.p[i] == '}' && depth)
			depth--;
		else if (name.p[i] == '|' && depth == 0)
			return i;
	}
	return SIZE_MAX;
}

static void add_known(struct strbuf *out, struct str name, const struct fill *f)
{
	char uuid[UUID_SIZE];

	if (str_eq(name, STR("uuid"))) {
		uuid_random(f->rng, uuid);
		strbuf_adds(out, uuid);
	} else if (!add_caller(out, name, f) && !add_time(out, name, f->time) &&
		   !add_chance(out, name, f->rng) && !add_uid(out, name, f)) {
		mistake(name, f);
	}
}

static void add_value(struct strbuf *out, struct str name, const struct fill *f)
{
	size_t bar = find_bar(name);
	struct str bare = str_sub(name, 0, bar), value;
	struct strbuf spelled;

	if (find_arg(f->args, bare, &value)) {
		fill_text(out, value, f);
	} else if (bar != SIZE_MAX) {
		fill_text(out, str_from(name, bar + 1), f);
	} else if (str_find_char(name, '{', 0) == SIZE_MAX) {
		add_known(out, name, f);
	} else {
		/* "sts+${seconds|3600}" */
		strbuf_init(&spelled);
		fill_text(&spelled, name, f);
		add_known(out, strbuf_str(&spelled), f);
		strbuf_release(&spelled);
	}
}

/* End of the placeholder whose "${" ends at `from`; they nest. */
static size_t find_close(struct str s, size_t from)
{
	unsigned depth = 1;

	for (size_t i = from; i < s.n; i++) {
		if (s.p[i] == '{')
			depth++;
		else if (s.p[i] == '}' && --depth == 0)
			return i;
	}
	return s.n;
}

void fill_text(struct strbuf *out, struct str t, const struct fill *f)
{
	size_t from = 0;

	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (c == '$' && i + 1 < t.n && t.p[i + 1] == '{') {
			size_t end = find_close(t, i + 2);

			strbuf_add(out, str_sub(t, from, i));
			add_value(out, str_sub(t, i + 2, end), f);
			i = end;
			from = end + 1;
		} else if (!f->text && (c == '\'' || c == '`')) {
			strbuf_add(out, str_sub(t, from, i));
			strbuf_adds(out, c == '`' ? "\\\"" : "\"");
			from = i + 1;
		}
	}
	strbuf_add(out, str_sub(t, from, t.n));
}
