/* SPDX-License-Identifier: MIT */
/*
 * subcommand.h - the batch commands and their options: tables, data only
 *
 * One row a command, one row an option. The parser, --help, the manual's
 * tables, completion and the tests read these tables; nothing is said twice.
 *
 * Layer: command.
 */
#ifndef TRAWL_SUBCOMMAND_H
#define TRAWL_SUBCOMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Code, name, what follows it, formats (the first is the default), what it
 * is for. */
#define SUBCOMMANDS(X)                                                          \
	X(SUB_WORKBENCH, "", "PATH...", "",                                     \
	  "open the workbench; the triage page when standard output is no "     \
	  "terminal")                                                           \
	X(SUB_TRIAGE, "triage", "PATH...", "table",                             \
	  "one page: what was loaded, alerts, identities, where to look first") \
	X(SUB_SUMMARY, "summary", "PATH...", "table json",                      \
	  "what was loaded: files, records, duplicates, rejects, span")         \
	X(SUB_EVENTS, "events", "PATH...",                                      \
	  "table jsonl csv records timesketch", "the timeline")                 \
	X(SUB_ALERTS, "alerts", "PATH...", "table jsonl json csv navigator",    \
	  "alerts, grouped by rule and actor")                                  \
	X(SUB_LINEAGE, "lineage", "PATH...", "table json dot",                  \
	  "who became whom: the identity graph")                                \
	X(SUB_ORIGIN, "origin", "ID PATH...", "table json",                     \
	  "whose session or key it is, and who else may be behind it")          \
	X(SUB_WALK, "walk", "ID PATH...", "table json",                         \
	  "what one identity did, over sessions, services and accounts")        \
	X(SUB_PROFILE, "profile", "ID PATH...", "table json",                   \
	  "one identity, address, key, user agent, API or resource in a page")  \
	X(SUB_VALUES, "values", "FIELD PATH...", "table jsonl csv",             \
	  "the values of a field, most frequent first")                         \
	X(SUB_REPORT, "report", "PATH...", "markdown html json",                \
	  "the investigation written up: impact, path, what to revoke and "     \
	  "mend, timeline, indicators, evidence")                               \
	X(SUB_COVERAGE, "coverage", "PATH...", "table json jsonl",              \
	  "what the evidence holds and lacks: accounts, regions and hours, "    \
	  "holes, data events, where logging was stopped")                      \
	X(SUB_VERIFY, "verify", "PATH...", "table jsonl json",                  \
	  "are the logs what CloudTrail delivered? By its digests, see "        \
	  "INTEGRITY")                                                          \
	X(SUB_RULES, "rules", "list|check|test|explain|tune ...",               \
	  "table jsonl",                                                        \
	  "the rules: list [PATH...]: all of them, with what they hit; check "  \
	  "RULES [PATH...]: what is wrong with them; test [RULES] [PATH...]: "  \
	  "on samples; explain RULE EVENTID PATH...: why one matches, or not; " \
	  "tune --case FILE: what is muted, as filters of Sigma")               \
	X(SUB_CASE, "case", "show|merge ...", "table json",                     \
	  "cases: show FILE: what is said in one; merge FILE FILE -o FILE: "    \
	  "those of two analysts as one")                                       \
	X(SUB_HELP, "help", "[TOPIC]", "table",                                 \
	  "the manual: a page (query), a section (FILTERS), a field of a "      \
	  "record or of the filter, a key, a command, an option")

enum subcommand {
#define X(code, name, operands, formats, help) code,
	SUBCOMMANDS(X)
#undef X
		SUBCOMMAND_COUNT
};

struct subcommand_info {
	const char *name;
	const char *operands;
	const char *formats; /* separated by blanks */
	const char *help;
};

extern const struct subcommand_info subcommands[SUBCOMMAND_COUNT];

/* SUBCOMMAND_COUNT when there is none of that name. */
enum subcommand subcommand_find(struct str name);
/* The command nearest to a mistyped one, or NULL. */
const char *subcommand_nearest(struct str name);

/* Options ----------------------------------------------------------------- */

#define ON(sub) (1u << (sub))
#define ON_ALL  ((1u << SUBCOMMAND_COUNT) - 1)
/* Commands that load evidence. */
#define ON_LOADS (ON_READS & ~ON(SUB_RULES) & ~ON(SUB_VERIFY))
/* Commands about events that can be chosen: what is there, and what is not,
 * can not. */
#define ON_FILTERS (ON_LOADS & ~ON(SUB_COVERAGE))
/* Commands that read evidence; of rules only what they hit. */
#define ON_READS (ON_ALL & ~ON(SUB_HELP) & ~ON(SUB_CASE))
/* Commands that know of rules. */
#define ON_DETECTS (ON_READS & ~ON(SUB_VERIFY))
/* Commands that print rows, one after the other. */
#define ON_ROWS (ON(SUB_EVENTS) | ON(SUB_ALERTS) | ON(SUB_VALUES))
/* Commands that know of alerts. */
#define ON_ALERTS \
	(ON_ROWS | ON(SUB_WORKBENCH) | ON(SUB_TRIAGE) | ON(SUB_REPORT))
/* Commands whose output is handed on. */
#define ON_HANDED_ON                                                         \
	(ON(SUB_REPORT) | ON(SUB_EVENTS) | ON(SUB_ALERTS) | ON(SUB_ORIGIN) | \
	 ON(SUB_WALK))
/* Commands that can be asked for some rules alone. */
#define ON_KINDS (ON_ALERTS | ON(SUB_RULES))

/* Code, long name, letter, argument, commands, group, what it does. The most
 * used come first in their group. */
#define OPTIONS(X)                                                             \
	X(OPT_FILTER, "filter", 'f', "EXPR", ON_FILTERS, "What to show",       \
	  "only events that match, see FILTERS")                               \
	X(OPT_SINCE, "since", 0, "TIME", ON_LOADS, "What to show",             \
	  "only events at or after a time")                                    \
	X(OPT_UNTIL, "until", 0, "TIME", ON_LOADS, "What to show",             \
	  "only events before a time")                                         \
	X(OPT_TZ, "tz", 0, "ZONE", ON_READS | ON(SUB_CASE), "What to show",    \
	  "zone of times given and shown: UTC (default), local, +09:00, "      \
	  "Asia/Tokyo")                                                        \
	X(OPT_LIMIT, "limit", 'n', "N", ON_ROWS, "What to show",               \
	  "at most N rows")                                                    \
	X(OPT_AROUND, "around", 0, "EVENTID", ON(SUB_EVENTS), "What to show",  \
	  "the surroundings of one event, filters off")                        \
	X(OPT_ABOUT, "about", 0, "EVENTID", ON(SUB_EVENTS), "What to show",    \
	  "the calls that an Insight or a finding tells of")                   \
	X(OPT_EACH, "each", 0, NULL, ON(SUB_ALERTS), "What to show",           \
	  "one line a match instead of one a rule and actor")                  \
	X(OPT_MUTED, "muted", 0, NULL, ON(SUB_ALERTS), "What to show",         \
	  "with --case: muted alerts, too, behind the others")                 \
	X(OPT_INCIDENTS, "incidents", 0, NULL, ON(SUB_ALERTS), "What to show", \
	  "alerts that are one story together: by origin, by who made or "     \
	  "took over whom, by a hint")                                         \
	X(OPT_INCIDENT, "incident", 0, "N|all|EVENTID", ON(SUB_REPORT),        \
	  "What to show",                                                      \
	  "which incident to write up, by score: 1 (default), 2, ..., or "     \
	  "all; or by an event of it")                                         \
	X(OPT_OF, "of", 0, "ID", ON(SUB_LINEAGE), "What to show",              \
	  "only what is connected with one identity")                          \
	X(OPT_UP, "up", 0, NULL, ON(SUB_LINEAGE), "What to show",              \
	  "with --of: what it came from, and who may be behind it")            \
	X(OPT_DOWN, "down", 0, NULL, ON(SUB_LINEAGE), "What to show",          \
	  "with --of: what came of it")                                        \
	X(OPT_HINTS, "hints", 0, NULL,                                         \
	  ON(SUB_LINEAGE) | ON(SUB_ORIGIN) | ON(SUB_WALK), "What to show",     \
	  "links that are likely at best, too: who may have read a key")       \
	X(OPT_UNFOLD, "unfold", 0, NULL, ON(SUB_LINEAGE) | ON(SUB_WALK),       \
	  "What to show",                                                      \
	  "trees with every line, also each session of a machine")             \
	X(OPT_SECTION, "section", 0, "NAME", ON(SUB_WALK), "What to show",     \
	  "one part alone: did, on, persist, data, reach or revoke")           \
	X(OPT_SORT, "sort", 0, "ORDER", ON(SUB_VALUES), "What to show",        \
	  "order of values: top (default), rare or first")                     \
	X(OPT_PUBLIC_KEYS, "public-keys", 0, "FILE",                           \
	  ON(SUB_VERIFY) | ON(SUB_REPORT), "What to show",                     \
	  "keys to check signatures with, as aws cloudtrail list-public-keys " \
	  "prints them; may be given again")                                   \
	X(OPT_RULES, "rules", 'r', "PATH", ON_DETECTS, "Detection",            \
	  "Sigma rules from a file or folder; may be given again")             \
	X(OPT_NO_BUILTIN, "no-builtin-rules", 0, NULL, ON_DETECTS,             \
	  "Detection", "without the rules inside the program")                 \
	X(OPT_PLACEHOLDERS, "placeholders", 0, "FILE", ON_DETECTS,             \
	  "Detection", "what %names% of rules stand for, see RULES")           \
	X(OPT_SITE, "site", 0, "FILE", ON_DETECTS, "Detection",                \
	  "what is your own: accounts, networks, vendors, see SITE FILE")      \
	X(OPT_IOC, "ioc", 0, "FILE", ON_DETECTS, "Detection",                  \
	  "indicators, one a line: each match is an alert, see INDICATORS; "   \
	  "may be given again")                                                \
	X(OPT_GEOIP, "geoip", 0, "FILE", ON_DETECTS, "Detection",              \
	  "a database of addresses in MaxMind's format: countries, cities, "   \
	  "networks; may be given again, see WHERE ADDRESSES ARE")             \
	X(OPT_IP_RANGES, "ip-ranges", 0, "FILE", ON_DETECTS, "Detection",      \
	  "AWS's list of its ranges, ip-ranges.json: what is inside AWS")      \
	X(OPT_CASE, "case", 'C', "FILE", ON_DETECTS, "Detection",              \
	  "a case file: what is muted in it is muted here; the workbench "     \
	  "writes it")                                                         \
	X(OPT_AUTHOR, "author", 0, "NAME", ON(SUB_WORKBENCH), "Detection",     \
	  "who writes into the case; $USER when not given")                    \
	X(OPT_READ_ONLY, "read-only", 0, NULL, ON(SUB_WORKBENCH), "Detection", \
	  "read the case and write nothing into it")                           \
	X(OPT_NO_SAVE, "no-save", 0, NULL, ON(SUB_WORKBENCH), "Detection",     \
	  "what is said in the case stays in memory and is gone at the end")   \
	X(OPT_MIN_LEVEL, "min-level", 0, "LEVEL", ON_KINDS, "Detection",       \
	  "alerts of this level and above; such rules")                        \
	X(OPT_TACTIC, "tactic", 0, "TACTIC", ON_KINDS, "Detection",            \
	  "alerts of one ATT&CK tactic; such rules")                           \
	X(OPT_TECHNIQUE, "technique", 0, "ID", ON_KINDS, "Detection",          \
	  "alerts of one ATT&CK technique and its sub-techniques; such "       \
	  "rules")                                                             \
	X(OPT_FAIL_ON, "fail-on", 0, "LEVEL", ON(SUB_TRIAGE) | ON(SUB_ALERTS), \
	  "Detection",                                                         \
	  "exit with 1 when an alert has this level or a higher one")          \
	X(OPT_STRICT, "strict", 0, NULL, ON_LOADS & ~ON(SUB_WORKBENCH),        \
	  "Output",                                                            \
	  "print nothing, and exit with 3, when some input could not be read") \
	X(OPT_NO_INPUT, "no-input", 0, NULL, ON(SUB_WORKBENCH), "Output",      \
	  "open no workbench, wait for no key: the triage page, as where "     \
	  "standard output is no terminal")                                    \
	X(OPT_FORMAT, "format", 0, "FORMAT", ON_ALL, "Output",                 \
	  "format of the output; each command lists its own")                  \
	X(OPT_OUTPUT, "output", 'o', "FILE", ON_ALL, "Output",                 \
	  "write to a new file instead of standard output")                    \
	X(OPT_FORCE, "force", 0, NULL, ON_ALL, "Output",                       \
	  "overwrite the file given with --output; load what memory may not "  \
	  "hold")                                                              \
	X(OPT_CLIPBOARD, "clipboard", 0, "auto|off", ON(SUB_WORKBENCH),        \
	  "Output",                                                            \
	  "copies go to the terminal's clipboard: auto (default) or off")      \
	X(OPT_DEFANG, "defang", 0, NULL, ON_HANDED_ON, "Output",               \
	  "write addresses and links so that nothing follows them: "           \
	  "203[.]0[.]113[.]66")                                                \
	X(OPT_REDACT, "redact", 0, NULL, ON_HANDED_ON, "Output",               \
	  "accounts, names and keys as pseudonyms, see REDACTION")             \
	X(OPT_CSV_RAW, "csv-raw", 0, NULL, ON_ROWS, "Output",                  \
	  "CSV for programs: no quote before what a spreadsheet would run")    \
	X(OPT_CONFIG, "config", 'c', "FILE", ON(SUB_WORKBENCH), "Output",      \
	  "keys and settings of the screen in place of the user's own, see "   \
	  "trawl-config(5)")                                                   \
	X(OPT_MOUSE, "mouse", 0, NULL, ON(SUB_WORKBENCH), "Output",            \
	  "a click goes to a pane and a line, the wheel moves the cursor; as " \
	  ":set mouse on")                                                     \
	X(OPT_COLOR, "color", 0, "WHEN", ON_ALL, "Output",                     \
	  "colours: auto (default), always or never")                          \
	X(OPT_ASCII, "ascii", 0, NULL, ON_ALL, "Output",                       \
	  "draw with ASCII characters alone")                                  \
	X(OPT_UTF8, "utf8", 0, NULL, ON_ALL, "Output",                         \
	  "draw with UTF-8 whatever the locale says")                          \
	X(OPT_PROGRESS, "progress", 0, "WHEN", ON_ALL, "Output",               \
	  "how far it is, on standard error: auto (on a terminal), always "    \
	  "or never")                                                          \
	X(OPT_TERM_FALLBACK, "term-fallback", 0, NULL, ON(SUB_WORKBENCH),      \
	  "Output",                                                            \
	  "draw as for xterm-256color where this host does not know TERM")     \
	X(OPT_QUIET, "quiet", 'q', NULL, ON_ALL, "Output",                     \
	  "no progress and no notes on standard error")                        \
	X(OPT_VERBOSE, "verbose", 'v', NULL, ON_ALL, "Output",                 \
	  "list everything that was skipped on standard error")                \
	X(OPT_THREADS, "threads", 'j', "N", ON_READS, "Loading",               \
	  "threads that read; the number of processors when not given")        \
	X(OPT_DAYS, "days", 0, "DAYS", ON_DETECTS, "Loading",                  \
	  "of S3's folders read these days alone: 2026-01-05..2026-01-09")     \
	X(OPT_INCLUDE, "include", 0, "GLOB", ON_DETECTS, "Loading",            \
	  "read of folders only files of such a name: '*.json.gz'")            \
	X(OPT_EXCLUDE, "exclude", 0, "GLOB", ON_DETECTS, "Loading",            \
	  "pass over files and folders of such a name: Config, '*/old/*'")     \
	X(OPT_NO_CACHE, "no-cache", 0, NULL, ON_DETECTS, "Loading",            \
	  "neither take a load from the cache nor keep it there, see FILES")   \
	X(OPT_MAX_RECORD, "max-record", 0, "SIZE", ON_READS, "Loading",        \
	  "skip records longer than this (16M)")                               \
	X(OPT_MAX_DEPTH, "max-depth", 0, "N", ON_DETECTS, "Loading",           \
	  "keep what is nested deeper than this as text (128)")                \
	X(OPT_MAX_FILE, "max-file", 0, "SIZE", ON_READS, "Loading",            \
	  "read at most this much of one file, decompressed (8G)")             \
	X(OPT_HELP, "help", 'h', NULL, ON_ALL, "Help",                         \
	  "this text, or the help of a command")                               \
	X(OPT_VERSION, "version", 'V', NULL, ON_ALL, "Help",                   \
	  "version, and what the program was built with")

enum option_code {
#define X(code, name, letter, argument, on, group, help) code,
	OPTIONS(X)
#undef X
		OPTION_COUNT
};

struct option_info {
	const char *name;
	char letter;          /* 0: none */
	const char *argument; /* NULL: takes none */
	uint32_t on;          /* commands that know it */
	const char *group;
	const char *help;
};

extern const struct option_info option_infos[OPTION_COUNT];

/* OPTION_COUNT when there is none of that name or letter. */
enum option_code option_find(struct str name);
enum option_code option_find_letter(char letter);
/* The long name nearest to a mistyped one, or NULL. */
const char *option_nearest(struct str name);

/* Exit statuses, for --help and the manual. */
enum exit_status {
	EXIT_OK = 0,
	EXIT_FINDINGS = 1,
	EXIT_USAGE = 2,
	EXIT_SKIPPED = 3,
	EXIT_NO_TERMINAL = 4,
	EXIT_CASE = 5,
};

struct exit_status_info {
	int status;
	const char *meaning;
};

/* Ends with an entry whose meaning is NULL. */
extern const struct exit_status_info exit_statuses[];

#endif /* TRAWL_SUBCOMMAND_H */
