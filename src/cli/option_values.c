/* SPDX-License-Identifier: MIT */
#include "cli/option_values.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/strbuf.h"

enum err_code option_wrong_value(enum option_code code, const char *value,
				 const char *wanted, struct err *err)
{
	return err_set(err, ERR_USAGE, "--%s %s: %s", option_infos[code].name,
		       value, wanted);
}

static bool parse_size(const char *text, uint64_t *bytes)
{
	struct str s = str_of(text);
	unsigned shift = 0;
	uint64_t v;

	if (s.n) {
		switch (str_lower(s.p[s.n - 1])) {
		case 'k':
			shift = 10;
			break;
		case 'm':
			shift = 20;
			break;
		case 'g':
			shift = 30;
			break;
		default:
			break;
		}
		if (shift)
			s.n--;
	}
	if (!str_to_u64(s, &v) || v == 0 || v > UINT64_MAX >> shift)
		return false;
	*bytes = v << shift;
	return true;
}

/* A name of the zone database: its file must be there, else the C library
 * would silently take UTC. Folders and lists of zones lie there as well. */
static bool zone_exists(const char *name)
{
	struct strbuf path;
	char magic[4];
	FILE *f;
	bool ok;

	if (!*name || name[0] == '/' || strstr(name, ".."))
		return false;
	strbuf_init(&path);
	strbuf_adds(&path, "/usr/share/zoneinfo/");
	strbuf_adds(&path, name);
	f = fopen(path.p, "rb");
	strbuf_release(&path);
	if (!f)
		return false;
	ok = fread(magic, 1, sizeof(magic), f) == sizeof(magic) &&
	     memcmp(magic, "TZif", sizeof(magic)) == 0;
	fclose(f);
	return ok;
}

static enum err_code parse_zone(struct options *o, const char *text,
				struct err *err)
{
	struct str s = str_of(text);
	struct time_zone *z = &o->zone;

	if (time_zone_parse(s, z))
		return ERR_OK;
	if (s.n < sizeof(z->name) && zone_exists(text)) {
		z->kind = ZONE_LOCAL;
		memcpy(z->name, s.p, s.n + 1);
		return ERR_OK;
	}
	return option_wrong_value(
		OPT_TZ, text,
		"no such time zone; UTC, local, +09:00 or a name "
		"such as Asia/Tokyo was expected",
		err);
}

static bool offers(const char *formats, struct str name)
{
	struct str rest = str_of(formats), one;

	while (str_next(&rest, ' ', &one))
		if (str_eq(one, name))
			return true;
	return false;
}

static enum format format_named(struct str name)
{
	static const char *const names[] = { "table",    "jsonl", "json",
					     "csv",      "dot",   "navigator",
					     "markdown", "html",  "timesketch",
					     "records" };
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(names) && !str_eq(str_of(names[i]), name))
		i++;
	return (enum format)i;
}

/* The first that a command lists. */
enum format option_default_format(enum subcommand command)
{
	struct str rest = str_of(subcommands[command].formats), first;

	return str_next(&rest, ' ', &first) ? format_named(first) :
					      FORMAT_TABLE;
}

static enum err_code parse_format(struct options *o, const char *text,
				  struct err *err)
{
	const char *formats = subcommands[o->command].formats;

	if (!offers(formats, str_of(text)))
		return err_set(err, ERR_USAGE,
			       "--format %s: this command writes %s", text,
			       *formats ? formats : "to the screen alone");
	o->format = format_named(str_of(text));
	return ERR_OK;
}

static enum err_code parse_sort(struct options *o, const char *text,
				struct err *err)
{
	if (strcmp(text, "top") == 0)
		o->sort = STATS_TOP;
	else if (strcmp(text, "rare") == 0)
		o->sort = STATS_RARE;
	else if (strcmp(text, "first") == 0)
		o->sort = STATS_FIRST;
	else
		return option_wrong_value(
			OPT_SORT, text, "top, rare or first was expected", err);
	return ERR_OK;
}

static enum err_code parse_section(struct options *o, const char *text,
				   struct err *err)
{
	static const char *const names[] = { "",
#define X(code, name) name,
					     WALK_SECTIONS(X)
#undef X
	};

	for (size_t i = 1; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], text) == 0)
			o->section = (enum walk_section)i;
	if (o->section == SECTION_ALL)
		return option_wrong_value(
			OPT_SECTION, text,
			"did, on, persist, data, reach or revoke "
			"was expected",
			err);
	return ERR_OK;
}

static enum err_code parse_number(enum option_code code, const char *text,
				  uint64_t most, uint64_t *value,
				  struct err *err)
{
	if (!str_to_u64(str_of(text), value) || *value > most)
		return err_set(err, ERR_USAGE,
			       "--%s %s: a number up to %llu was expected",
			       option_infos[code].name, text,
			       (unsigned long long)most);
	return ERR_OK;
}

static enum err_code parse_limit_option(struct options *o,
					enum option_code code, const char *v,
					struct err *err)
{
	uint64_t n = 0;
	enum err_code rc = ERR_OK;

	switch (code) {
	case OPT_THREADS:
		rc = parse_number(code, v, 256, &n, err);
		o->threads = (unsigned)n;
		break;
	case OPT_MAX_DEPTH:
		/* The tree is walked by recursion: no more than is safe. */
		rc = parse_number(code, v, 900, &n, err);
		o->limits.max_depth = n ? (unsigned)n : 1;
		break;
	case OPT_MAX_RECORD:
		if (!parse_size(v, &n) || n > (uint64_t)1 << 30)
			return option_wrong_value(
				code, v, "a size up to 1G was expected", err);
		o->limits.max_record = (size_t)n;
		break;
	case OPT_MAX_FILE:
		if (!parse_size(v, &n))
			return option_wrong_value(
				code, v, "a size such as 500M was expected",
				err);
		o->limits.max_file = n;
		break;
	default:
		break;
	}
	return rc;
}

static bool parse_day(struct str s, int64_t *day)
{
	*day = s.n ? time_parse(s, NULL) : TIME_NONE;
	return !s.n || (s.n == sizeof("2026-01-09") - 1 && *day != TIME_NONE);
}

/* "2026-01-05..2026-01-09", either end left out, or one day. */
static enum err_code parse_days(struct options *o, const char *v,
				struct err *err)
{
	struct str text = str_of(v);
	size_t dots = str_find(text, STR(".."), 0);
	struct str first = dots == SIZE_MAX ? text : str_sub(text, 0, dots);
	struct str last = dots == SIZE_MAX ? text : str_from(text, dots + 2);

	o->days.given = true;
	if (!parse_day(first, &o->days.first) ||
	    !parse_day(last, &o->days.last) || (!first.n && !last.n) ||
	    (last.n && first.n && o->days.last < o->days.first))
		return option_wrong_value(
			OPT_DAYS, v,
			"days such as 2026-01-05..2026-01-09, "
			"2026-01-05.. or 2026-01-05 were expected",
			err);
	return ERR_OK;
}

static enum err_code parse_detection_option(struct options *o,
					    enum option_code code,
					    const char *v, struct err *err)
{
	static const char levels[] = "informational, low, medium, high or "
				     "critical was expected";

	switch (code) {
	case OPT_RULES:
		o->rules[o->rules_n++] = v;
		break;
	case OPT_MIN_LEVEL:
		o->has_min_level = true;
		if (!level_parse(str_of(v), &o->min_level))
			return option_wrong_value(code, v, levels, err);
		break;
	case OPT_FAIL_ON:
		o->has_fail_on = true;
		if (!level_parse(str_of(v), &o->fail_on))
			return option_wrong_value(code, v, levels, err);
		break;
	case OPT_TACTIC:
		o->tactics = attack_tactics_named(str_of(v));
		if (!o->tactics)
			return option_wrong_value(
				code, v,
				"no tactic of ATT&CK, such as "
				"persistence or TA0003",
				err);
		break;
	case OPT_TECHNIQUE:
		o->has_technique = true;
		if (!attack_technique_id(str_of(v), &o->technique))
			return option_wrong_value(
				code, v,
				"a technique such as T1098 or "
				"T1098.001 was expected",
				err);
		break;
	default:
		break;
	}
	return ERR_OK;
}

static enum err_code parse_when(enum option_code code, const char *v,
				enum option_when *when, struct err *err)
{
	if (strcmp(v, "auto") == 0)
		*when = WHEN_AUTO;
	else if (strcmp(v, "always") == 0)
		*when = WHEN_ALWAYS;
	else if (strcmp(v, "never") == 0)
		*when = WHEN_NEVER;
	else
		return option_wrong_value(
			code, v, "auto, always or never was expected", err);
	return ERR_OK;
}

static enum err_code parse_incident(struct options *o, const char *v,
				    struct err *err)
{
	uint64_t n = 0;

	o->has_incident = true;
	/* A GUID, or h: and a hash. */
	if (strpbrk(v, "-:")) {
		o->incident_of = v;
		return ERR_OK;
	}
	if (strcmp(v, "all") != 0 &&
	    (!str_to_u64(str_of(v), &n) || !n || n > UINT32_MAX))
		return option_wrong_value(
			OPT_INCIDENT, v,
			"a number from 1, all or the id of an event "
			"was expected",
			err);
	o->incident = (size_t)n;
	return ERR_OK;
}

static enum err_code parse_clipboard(struct options *o, const char *v,
				     struct err *err)
{
	o->clipboard_off = strcmp(v, "off") == 0;
	if (!o->clipboard_off && strcmp(v, "auto") != 0)
		return option_wrong_value(OPT_CLIPBOARD, v,
					  "auto or off was expected", err);
	return ERR_OK;
}

enum err_code option_set(struct options *o, enum option_code code,
			 const char *v, struct err *err)
{
	switch (code) {
	case OPT_FILTER:
		o->filter = str_of(v);
		return ERR_OK;
	case OPT_SINCE:
		o->since_text = v;
		return ERR_OK;
	case OPT_UNTIL:
		o->until_text = v;
		return ERR_OK;
	case OPT_TZ:
		o->has_zone = true;
		return parse_zone(o, v, err);
	case OPT_LIMIT:
		return parse_number(code, v, UINT64_MAX, &o->limit, err);
	case OPT_AROUND:
		o->around = v;
		return ERR_OK;
	case OPT_ABOUT:
		o->about = v;
		return ERR_OK;
	case OPT_OF:
		o->of = v;
		return ERR_OK;
	case OPT_SORT:
		return parse_sort(o, v, err);
	case OPT_RULES:
	case OPT_MIN_LEVEL:
	case OPT_FAIL_ON:
	case OPT_TACTIC:
	case OPT_TECHNIQUE:
		return parse_detection_option(o, code, v, err);
	case OPT_FORMAT:
		return parse_format(o, v, err);
	case OPT_OUTPUT:
		o->output = v;
		return ERR_OK;
	case OPT_COLOR:
		return parse_when(code, v, &o->color, err);
	case OPT_PROGRESS:
		return parse_when(code, v, &o->progress, err);
	case OPT_TERM_FALLBACK:
		o->term_fallback = true;
		return ERR_OK;
	case OPT_THREADS:
	case OPT_MAX_RECORD:
	case OPT_MAX_DEPTH:
	case OPT_MAX_FILE:
		return parse_limit_option(o, code, v, err);
	case OPT_DAYS:
		return parse_days(o, v, err);
	case OPT_SECTION:
		return parse_section(o, v, err);
	case OPT_UP:
		o->up = true;
		return ERR_OK;
	case OPT_DOWN:
		o->down = true;
		return ERR_OK;
	case OPT_UNFOLD:
		o->unfold = true;
		break;
	case OPT_HINTS:
		o->hints = true;
		return ERR_OK;
	case OPT_EACH:
		o->each = true;
		return ERR_OK;
	case OPT_INCIDENTS:
		o->incidents = true;
		return ERR_OK;
	case OPT_INCIDENT:
		return parse_incident(o, v, err);
	case OPT_PLACEHOLDERS:
		o->placeholders = v;
		return ERR_OK;
	case OPT_SITE:
		o->site = v;
		return ERR_OK;
	case OPT_IOC:
		o->ioc[o->ioc_n++] = v;
		return ERR_OK;
	case OPT_PUBLIC_KEYS:
		o->public_keys[o->public_keys_n++] = v;
		return ERR_OK;
	case OPT_GEOIP:
		o->geoip[o->geoip_n++] = v;
		return ERR_OK;
	case OPT_IP_RANGES:
		o->ip_ranges = v;
		return ERR_OK;
	case OPT_INCLUDE:
		o->include[o->include_n++] = v;
		return ERR_OK;
	case OPT_EXCLUDE:
		o->exclude[o->exclude_n++] = v;
		return ERR_OK;
	case OPT_CONFIG:
		o->config = v;
		return ERR_OK;
	case OPT_CASE:
		o->case_path = v;
		return ERR_OK;
	case OPT_MUTED:
		o->muted = true;
		return ERR_OK;
	case OPT_AUTHOR:
		o->author = v;
		return ERR_OK;
	case OPT_READ_ONLY:
		o->read_only = true;
		return ERR_OK;
	case OPT_MOUSE:
		o->mouse = true;
		return ERR_OK;
	case OPT_NO_SAVE:
		o->no_save = true;
		return ERR_OK;
	case OPT_STRICT:
		o->strict = true;
		return ERR_OK;
	case OPT_NO_INPUT:
		o->no_input = true;
		return ERR_OK;
	case OPT_NO_BUILTIN:
		o->no_builtin_rules = true;
		return ERR_OK;
	case OPT_NO_CACHE:
		o->no_cache = true;
		return ERR_OK;
	case OPT_CLIPBOARD:
		return parse_clipboard(o, v, err);
	case OPT_DEFANG:
		o->defang = true;
		return ERR_OK;
	case OPT_REDACT:
		o->redact = true;
		return ERR_OK;
	case OPT_CSV_RAW:
		o->csv_raw = true;
		return ERR_OK;
	case OPT_FORCE:
		o->force = true;
		return ERR_OK;
	case OPT_ASCII:
		o->ascii = true;
		return ERR_OK;
	case OPT_UTF8:
		o->utf8 = true;
		return ERR_OK;
	case OPT_QUIET:
		o->quiet = true;
		return ERR_OK;
	case OPT_VERBOSE:
		o->verbose = true;
		return ERR_OK;
	case OPT_HELP:
		o->help = true;
		return ERR_OK;
	case OPT_VERSION:
		o->version = true;
		return ERR_OK;
	case OPTION_COUNT:
		break;
	}
	return ERR_OK;
}
