/* SPDX-License-Identifier: MIT */
#include "casework/verify_name.h"

#include "base/timefmt.h"

struct str name_base(struct str path)
{
	size_t slash = str_find_last(path, '/');

	return slash == SIZE_MAX ? path : str_from(path, slash + 1);
}

static struct str without(struct str s, struct str end)
{
	if (str_ends(s, end))
		s.n -= end.n;
	return s;
}

struct str name_unpacked(struct str path)
{
	return without(name_base(path), STR(".gz"));
}

/* "20261003T0605Z" or, with seconds, "20261003T060531Z". */
static int64_t read_time(struct str s)
{
	bool seconds = s.n == sizeof("20261003T060531Z") - 1;
	char text[] = "2026-10-03T06:05:00Z";

	if (!seconds && s.n != sizeof("20261003T0605Z") - 1)
		return TIME_NONE;
	if (s.p[8] != 'T' || s.p[s.n - 1] != 'Z')
		return TIME_NONE;
	memcpy(text, s.p, 4);
	memcpy(text + 5, s.p + 4, 2);
	memcpy(text + 8, s.p + 6, 2);
	memcpy(text + 11, s.p + 9, 2);
	memcpy(text + 14, s.p + 11, 2);
	if (seconds)
		memcpy(text + 17, s.p + 13, 2);
	return time_parse(str_of(text), NULL);
}

static bool is_region(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') &&
		    !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '-')
			return false;
	return s.n > 0;
}

/* "ACCOUNT_KIND_REGION_", and what follows. */
static bool read_head(struct str *rest, struct str *account, struct str *kind,
		      struct str *region)
{
	enum { ACCOUNT = 12 };

	return str_next(rest, '_', account) && account->n == ACCOUNT &&
	       str_all_digits(*account) && str_next(rest, '_', kind) &&
	       str_starts(*kind, STR("CloudTrail")) &&
	       str_next(rest, '_', region) && is_region(*region);
}

bool delivery_name_read(struct str path, struct delivery_name *out)
{
	struct str rest = name_base(path), time;

	if (!read_head(&rest, &out->account, &out->kind, &out->region) ||
	    str_eq(out->kind, STR("CloudTrail-Digest")) ||
	    !str_next(&rest, '_', &time))
		return false;
	out->time = read_time(time);
	return out->time != TIME_NONE;
}

bool digest_name_read(struct str path, struct digest_name *out)
{
	struct str base = name_base(path), rest = base, kind, tail;
	size_t at;

	if (!read_head(&rest, &out->account, &kind, &out->region) ||
	    !str_eq(kind, STR("CloudTrail-Digest")))
		return false;
	rest = without(without(rest, STR(".gz")), STR(".json"));
	tail = without(rest, STR("_backfill"));
	out->backfill = tail.n != rest.n;
	at = str_find_last(tail, '_');
	if (at == SIZE_MAX)
		return false;
	out->end = read_time(str_from(tail, at + 1));
	tail.n = at;
	out->stem = (struct str){ base.p, (size_t)(tail.p + at - base.p) };
	at = str_find_last(tail, '_');
	if (at == SIZE_MAX || out->end == TIME_NONE)
		return false;
	out->home = str_from(tail, at + 1);
	out->trail = str_sub(tail, 0, at);
	return is_region(out->home) && out->trail.n > 0;
}

bool head_name_read(struct str path, struct str *digest)
{
	struct digest_name name;

	*digest = without(path, STR(".head.json"));
	return digest->n != path.n && digest_name_read(*digest, &name);
}
