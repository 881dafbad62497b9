/* SPDX-License-Identifier: MIT */
/*
 * example.h - what to type, for --help: one table, data only
 *
 * Each line is run by tests/docs/check_examples.sh beside the sample incident
 * as logs/. Every command has one; those marked to be told at once stand in
 * the help of the program itself.
 *
 * Layer: command. Threads: any.
 */
#ifndef TRAWL_EXAMPLE_H
#define TRAWL_EXAMPLE_H

#include <stdbool.h>

#include "command/subcommand.h"

/* Command, is it told at once, what to type, what it gives. */
#define EXAMPLES(X)                                                            \
	X(SUB_WORKBENCH, true, "trawl logs/", "open the workbench")            \
	X(SUB_WORKBENCH, false, "trawl logs/ --since 2026-10-03T06:00",        \
	  "from a time on")                                                    \
	X(SUB_TRIAGE, true, "trawl triage logs/", "the page to read first")    \
	X(SUB_TRIAGE, false, "trawl triage logs/ --site site",                 \
	  "knowing what is your own")                                          \
	X(SUB_SUMMARY, false, "trawl summary logs/ --format json",             \
	  "for a script")                                                      \
	X(SUB_EVENTS, true,                                                    \
	  "trawl events logs/ -f 'user:ci-* and not ip:10.0.0.0/8'", "")       \
	X(SUB_EVENTS, false,                                                   \
	  "trawl events logs/ --around 008fe890-3daa-59df-bba4-77f556ffd70a",  \
	  "")                                                                  \
	X(SUB_ALERTS, true, "trawl alerts logs/ --min-level high", "")         \
	X(SUB_ALERTS, true, "trawl alerts logs/ --incidents",                  \
	  "what is one story together")                                        \
	X(SUB_LINEAGE, false, "trawl lineage logs/ --of ci-deployer",          \
	  "who became whom around one user")                                   \
	X(SUB_ORIGIN, false, "trawl origin lambda-creator-user logs/ --hints", \
	  "")                                                                  \
	X(SUB_WALK, true, "trawl walk ci-deployer logs/",                      \
	  "all that one identity did")                                         \
	X(SUB_WALK, false, "trawl walk 203.0.113.66 logs/ --section revoke",   \
	  "")                                                                  \
	X(SUB_PROFILE, false, "trawl profile 203.0.113.66 logs/",              \
	  "an address: who, which keys, what is new")                          \
	X(SUB_VALUES, true, "trawl values sourceIPAddress logs/ --sort rare",  \
	  "")                                                                  \
	X(SUB_REPORT, true, "trawl report logs/ -o report.md",                 \
	  "the incident written up")                                           \
	X(SUB_COVERAGE, false, "trawl coverage logs/", "")                     \
	X(SUB_VERIFY, false, "trawl verify logs/ --public-keys keys.json", "") \
	X(SUB_RULES, false, "trawl rules list logs/", "what each rule hit")    \
	X(SUB_RULES, false, "trawl rules check rules/ logs/", "")              \
	X(SUB_CASE, false, "trawl case show night.case",                       \
	  "what is said in a case")                                            \
	X(SUB_CASE, false, "trawl case merge js.case ak.case -o both.case",    \
	  "two analysts' as one")                                              \
	X(SUB_HELP, true, "trawl help tutorial", "a first investigation")      \
	X(SUB_HELP, false, "trawl help userIdentity", "what a field says")

struct example {
	enum subcommand command;
	bool first; /* told in the program's own help */
	const char *line;
	const char *gives; /* "": the line says it */
};

/* Ends with an entry whose line is NULL. */
extern const struct example examples[];

#endif /* TRAWL_EXAMPLE_H */
