/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/mem.h"
#include "cli/option_values.h"
#include "cli/option_words.h"

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
		rc = option_set(o, code, w->option[i].value, err);
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
	o->format = option_default_format(o->command);
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
	o->format = option_default_format(command);
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
		return option_wrong_value(code, text,
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
