/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/mem.h"
#include "cli/option_words.h"

static enum err_code wrong_value(enum option_code code, const char *value,
				 const char *wanted, struct err *err)
{
	return err_set(err, ERR_USAGE, "--%s %s: %s", option_infos[code].name,
		       value, wanted);
}

/* Values ------------------------------------------------------------------ */

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
	return wrong_value(OPT_TZ, text,
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
static enum format default_format(enum subcommand command)
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
		return wrong_value(OPT_SORT, text,
				   "top, rare or first was expected", err);
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
		return wrong_value(OPT_SECTION, text,
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
			return wrong_value(code, v,
					   "a size up to 1G was expected", err);
		o->limits.max_record = (size_t)n;
		break;
	case OPT_MAX_FILE:
		if (!parse_size(v, &n))
			return wrong_value(code, v,
					   "a size such as 500M was expected",
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
		return wrong_value(OPT_DAYS, v,
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
			return wrong_value(code, v, levels, err);
		break;
	case OPT_FAIL_ON:
		o->has_fail_on = true;
		if (!level_parse(str_of(v), &o->fail_on))
			return wrong_value(code, v, levels, err);
		break;
	case OPT_TACTIC:
		o->tactics = attack_tactics_named(str_of(v));
		if (!o->tactics)
			return wrong_value(code, v,
					   "no tactic of ATT&CK, such as "
					   "persistence or TA0003",
					   err);
		break;
	case OPT_TECHNIQUE:
		o->has_technique = true;
		if (!attack_technique_id(str_of(v), &o->technique))
			return wrong_value(code, v,
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
		return wrong_value(code, v,
				   "auto, always or never was expected", err);
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
		return wrong_value(OPT_INCIDENT, v,
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
		return wrong_value(OPT_CLIPBOARD, v, "auto or off was expected",
				   err);
	return ERR_OK;
}

static enum err_code set_option(struct options *o, enum option_code code,
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
	case OPT_NO_SAVE:
		o->no_save = true;
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

/* All of them ------------------------------------------------------------- */

static enum err_code set_options(struct options *o,
				 const struct option_words *w, struct err *err)
{
	for (size_t i = 0; i < w->option_n; i++) {
		enum option_code code = w->option[i].code;
		enum err_code rc;

		if (!(option_infos[code].on & ON(o->command)))
			return err_set(err, ERR_USAGE,
				       "--%s does not go with %s",
				       option_infos[code].name,
				       o->command == SUB_WORKBENCH ?
					       "the workbench" :
					       subcommands[o->command].name);
		rc = set_option(o, code, w->option[i].value, err);
		if (rc)
			return rc;
	}
	return ERR_OK;
}

static enum err_code set_operands(struct options *o,
				  const struct option_words *w, struct err *err)
{
	const char *operands = subcommands[o->command].operands;
	size_t i = o->command == SUB_WORKBENCH ? 0 : 1;
	/* "ID PATH...": the first operand is no path. */
	bool subject = strncmp(operands, "PATH", 4) != 0;
	/* "[TOPIC]": it may be left out, and no path follows. */
	bool optional = operands[0] == '[';

	if (o->help || o->version)
		return ERR_OK;
	if (optional) {
		o->subject = i < w->operand_n ? w->operand[i] : NULL;
		if (i + 1 < w->operand_n)
			return err_set(err, ERR_USAGE, "usage: trawl %s %s",
				       subcommands[o->command].name, operands);
		return ERR_OK;
	}
	if (subject) {
		if (i >= w->operand_n)
			return err_set(err, ERR_USAGE, "usage: trawl %s %s",
				       subcommands[o->command].name, operands);
		o->subject = w->operand[i++];
	}
	for (; i < w->operand_n; i++)
		o->path[o->path_n++] = w->operand[i];
	if (o->path_n || o->command == SUB_RULES || o->command == SUB_CASE)
		return ERR_OK;
	/* Data may come through a pipe; nobody waits for a keyboard. */
	if (!isatty(STDIN_FILENO)) {
		o->path[o->path_n++] = "-";
		return ERR_OK;
	}
	return err_set(err, ERR_USAGE, "no PATH given");
}

static void begin(struct options *o, int argc, char **argv)
{
	size_t words = option_words_most(argc, argv);

	*o = (struct options){
		.argc = argc,
		.argv = argv,
		.incident = 1,
		.since = TIME_NONE,
		.until = TIME_NONE,
		.zone = TIME_ZONE_UTC,
		.limit = UINT64_MAX,
		.limits = LIMITS_DEFAULT,
	};
	o->path = mem_zero(words, sizeof(*o->path));
	o->rules = mem_zero(words, sizeof(*o->rules));
	o->ioc = mem_zero(words, sizeof(*o->ioc));
	o->public_keys = mem_zero(words, sizeof(*o->public_keys));
	o->geoip = mem_zero(words, sizeof(*o->geoip));
	o->include = mem_zero(words, sizeof(*o->include));
	o->exclude = mem_zero(words, sizeof(*o->exclude));
}

enum err_code options_parse(struct options *o, int argc, char **argv,
			    struct err *err)
{
	struct option_words w;
	enum err_code rc;

	begin(o, argc, argv);
	rc = option_words_sort(&w, argc, argv, err);
	if (rc == ERR_OK && w.operand_n) {
		enum subcommand sub = subcommand_find(str_of(w.operand[0]));

		o->command = sub == SUBCOMMAND_COUNT ? SUB_WORKBENCH : sub;
	}
	o->format = default_format(o->command);
	if (rc == ERR_OK)
		rc = set_options(o, &w, err);
	if (rc == ERR_OK)
		rc = set_operands(o, &w, err);
	if (rc == ERR_OK && o->muted && !o->case_path)
		rc = err_set(err, ERR_USAGE,
			     "--muted goes with --case: nothing is muted "
			     "without one");
	option_words_release(&w);
	return rc;
}

/* What chooses, loads or draws is there already on the screen. */
static bool is_of_screen(enum option_code code)
{
	static const enum option_code of_screen[] = {
		OPT_INCIDENT, OPT_PUBLIC_KEYS, OPT_FORMAT,
		OPT_OUTPUT,   OPT_FORCE,       OPT_DEFANG,
		OPT_REDACT,   OPT_CSV_RAW,     OPT_LIMIT,
	};

	for (size_t i = 0; i < ARRAY_SIZE(of_screen); i++)
		if (of_screen[i] == code)
			return true;
	return false;
}

enum err_code options_parse_screen(struct options *o, enum subcommand command,
				   int argc, char **argv, struct err *err)
{
	struct option_words w;
	enum err_code rc;

	begin(o, argc, argv);
	o->command = command;
	o->format = default_format(command);
	rc = option_words_sort(&w, argc, argv, err);
	for (size_t i = 0; i < w.option_n && rc == ERR_OK; i++)
		if (!is_of_screen(w.option[i].code))
			rc = err_set(err, ERR_USAGE,
				     "--%s is for the command line: what is "
				     "shown is written",
				     option_infos[w.option[i].code].name);
	if (rc == ERR_OK)
		rc = set_options(o, &w, err);
	for (size_t i = 0; i < w.operand_n; i++)
		o->path[o->path_n++] = w.operand[i];
	option_words_release(&w);
	return rc;
}

static enum err_code read_time(const struct options *o, enum option_code code,
			       const char *text, int64_t *t, struct err *err)
{
	if (!text)
		return ERR_OK;
	*t = time_parse(str_of(text), &o->zone);
	if (*t == TIME_NONE)
		return wrong_value(code, text,
				   "a time such as 2026-01-09 or "
				   "\"2026-01-09 21:40\" was expected",
				   err);
	return ERR_OK;
}

enum err_code options_read_times(struct options *o, struct err *err)
{
	enum err_code rc = read_time(o, OPT_SINCE, o->since_text, &o->since,
				     err);

	if (rc)
		return rc;
	return read_time(o, OPT_UNTIL, o->until_text, &o->until, err);
}

void options_selection(const struct options *o, struct strbuf *out)
{
	if (o->filter.n) {
		strbuf_adds(out, "match ");
		strbuf_add(out, o->filter);
	}
	if (o->since_text)
		strbuf_addf(out, "%sare at or after %s", out->n ? ", " : "",
			    o->since_text);
	if (o->until_text)
		strbuf_addf(out, "%sare before %s", out->n ? ", " : "",
			    o->until_text);
	if (o->has_min_level)
		strbuf_addf(out, "%sraise alerts of level %s or above",
			    out->n ? ", " : "", level_name(o->min_level));
}

void options_release(struct options *o)
{
	free(o->path);
	free(o->rules);
	free(o->ioc);
	free(o->public_keys);
	free(o->geoip);
	free(o->include);
	free(o->exclude);
}

bool options_choose_files(const struct options *o)
{
	return o->days.given || o->include_n || o->exclude_n;
}

struct investigation_options options_evidence(const struct options *o)
{
	static const struct cache_terms cache = CACHE_TERMS_DEFAULT;

	return (struct investigation_options){
		.path = o->path,
		.path_n = o->path_n,
		.threads = o->threads,
		.limits = o->limits,
		.rules = o->rules,
		.rules_n = o->rules_n,
		.ioc = o->ioc,
		.ioc_n = o->ioc_n,
		.geoip = o->geoip,
		.geoip_n = o->geoip_n,
		.ip_ranges = o->ip_ranges,
		.no_builtin_rules = o->no_builtin_rules,
		.placeholders = o->placeholders,
		.site = o->site,
		.days = o->days,
		.names = { o->include, o->include_n, o->exclude, o->exclude_n },
		.force = o->force,
		.cache = o->no_cache ? NULL : &cache,
	};
}
