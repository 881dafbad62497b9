/* SPDX-License-Identifier: MIT */
/*
 * cli.h - the batch commands
 *
 * One file a command. Each takes the options, writes results to `out` and
 * messages to `err`, and returns the exit status of the process.
 *
 * Layer: cli.
 */
#ifndef TRAWL_CLI_H
#define TRAWL_CLI_H

#include <stdio.h>

#include "cli/options.h"
#include "detect/ruleset.h"

/* Runs what the options ask for, the workbench too. */
int cli_run(const struct options *o, FILE *out, FILE *err);

/* --help: of all, or of the command that the options name. */
void cli_help(const struct options *o, FILE *out);
/* What it is and what to type, for who has typed nothing. */
void cli_usage(FILE *out);
/* --version */
void cli_version(FILE *out);

int cli_triage(const struct options *o, FILE *out, FILE *err);
int cli_summary(const struct options *o, FILE *out, FILE *err);
int cli_events(const struct options *o, FILE *out, FILE *err);
int cli_alerts(const struct options *o, FILE *out, FILE *err);
int cli_lineage(const struct options *o, FILE *out, FILE *err);
int cli_origin(const struct options *o, FILE *out, FILE *err);
int cli_report(const struct options *o, FILE *out, FILE *err);
int cli_walk(const struct options *o, FILE *out, FILE *err);
int cli_coverage(const struct options *o, FILE *out, FILE *err);
int cli_profile(const struct options *o, FILE *out, FILE *err);
int cli_values(const struct options *o, FILE *out, FILE *err);
int cli_verify(const struct options *o, FILE *out, FILE *err);
int cli_case(const struct options *o, FILE *out, FILE *err);
int cli_rules(const struct options *o, FILE *out, FILE *err);
/* "rules test" */
int cli_rules_test(const struct options *o, FILE *out, FILE *err);
/* "rules explain", which needs evidence as well. */
int cli_explain(const struct options *o, FILE *out, FILE *err);
/* "rules tune": the mutes of a case as filters of Sigma, beside the rules that
 * they are about. */
int cli_tune(const struct options *o, const struct ruleset *rules, FILE *out,
	     FILE *err);

/* "help": the manual. */
int cli_manual(const struct options *o, FILE *out, FILE *err);

/* The message of an error and the exit status that goes with it. */
int cli_fail(FILE *err_file, const struct err *err);

#endif /* TRAWL_CLI_H */
