/* SPDX-License-Identifier: MIT */
/*
 * options.h - the command line, read
 *
 * Options stand before or after operands, as --opt VALUE, --opt=VALUE or -o
 * VALUE; `--` ends them. The first operand that is a command's name is the
 * command; a folder of that name is written ./name.
 *
 * Layer: cli. Texts point into argv.
 */
#ifndef TRAWL_OPTIONS_H
#define TRAWL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/timefmt.h"
#include "casework/investigation.h"
#include "command/subcommand.h"
#include "ingest/walk.h"
#include "model/attack.h"
#include "model/level.h"
#include "query/stats.h"

enum format {
	FORMAT_TABLE,
	FORMAT_JSONL,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_DOT,
	FORMAT_NAVIGATOR,
	FORMAT_MARKDOWN,
	FORMAT_HTML,
	FORMAT_TIMESKETCH,
	FORMAT_RECORDS,
};

/* Parts of what is said of one identity. Code, name. */
#define WALK_SECTIONS(X)              \
	X(SECTION_DID, "did")         \
	X(SECTION_ON, "on")           \
	X(SECTION_PERSIST, "persist") \
	X(SECTION_DATA, "data")       \
	X(SECTION_REACH, "reach")     \
	X(SECTION_REVOKE, "revoke")

enum walk_section {
	SECTION_ALL,
#define X(code, name) code,
	WALK_SECTIONS(X)
#undef X
};

enum option_when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

struct options {
	enum subcommand command;
	int argc; /* as it was given */
	char **argv;
	/* What comes before the paths: an ID, a FIELD, a verb; or NULL. */
	const char *subject;
	const char **path;
	size_t path_n;

	struct str filter;
	const char *since_text, *until_text; /* NULL: not given */
	int64_t since, until; /* from options_read_times; TIME_NONE: none */
	struct time_zone zone;
	uint64_t limit; /* UINT64_MAX: not given */
	const char *around, *about, *of;
	bool each, incidents, up, down, hints, unfold;
	enum walk_section section;
	size_t incident;         /* from 1; 0: all of them */
	const char *incident_of; /* an event of it; NULL: by number */
	bool has_incident;       /* one was named */
	enum stats_order sort;

	const char **rules, **ioc, **public_keys, **geoip, **include, **exclude;
	size_t rules_n, ioc_n, public_keys_n, geoip_n, include_n, exclude_n;
	bool no_builtin_rules, no_cache;
	/* NULL when not given. */
	const char *placeholders, *site, *ip_ranges, *case_path, *config;
	const char *author; /* NULL: $USER */
	bool muted, read_only, no_save, has_zone, mouse;
	bool strict, no_input;
	enum level min_level;
	bool has_min_level, has_fail_on;
	enum level fail_on;
	tactic_set tactics; /* 0: any */
	bool has_technique;
	struct technique_id technique;

	enum format format;
	const char *output;  /* NULL: standard output */
	bool defang, redact; /* of data that is written */
	bool clipboard_off;
	bool csv_raw; /* cells as they are, also what looks like a formula */
	bool force, ascii, utf8, quiet, verbose, help, version;
	enum option_when color, progress;
	bool term_fallback;
	unsigned threads;
	struct limits limits;
	struct walk_days days;
};

/*
 * ERR_USAGE with one line that says what is wrong and, for a mistyped name,
 * what is near. The caller calls release in any case.
 */
ATTR_NODISCARD enum err_code options_parse(struct options *o, int argc,
					   char **argv, struct err *err);
/*
 * The same of a line that was typed on the screen, for a command that is known:
 * argv[0] is nothing, operands are in `path`, whatever they are. ERR_USAGE also
 * for options that choose what is loaded or looked at, which the screen has.
 */
ATTR_NODISCARD enum err_code options_parse_screen(struct options *o,
						  enum subcommand command,
						  int argc, char **argv,
						  struct err *err);
/* Reads the times given, in the zone given: that has to be the process' own
 * before, when it is a named one. ERR_USAGE. */
ATTR_NODISCARD enum err_code options_read_times(struct options *o,
						struct err *err);
/* What of the events was chosen, in words: "match ip:10.*, are before ...". */
void options_selection(const struct options *o, struct strbuf *out);
void options_release(struct options *o);
/* Is there a choice among the files of folders? */
bool options_choose_files(const struct options *o);
/* What to open, and how: borrowed from the options. */
struct investigation_options options_evidence(const struct options *o);

#endif /* TRAWL_OPTIONS_H */
