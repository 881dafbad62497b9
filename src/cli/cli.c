/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/stop.h"
#include "cli/output.h"
#include "cli/workbench.h"

int cli_fail(FILE *err_file, const struct err *err)
{
	message(err_file, "%s", err->msg);
	if (err->code == ERR_CANCELLED)
		return 128 + stop_number();
	if (err->code == ERR_USAGE)
		fputs("try: trawl --help\n", err_file);
	switch (err->code) {
	case ERR_UNSUPPORTED:
		return EXIT_NO_TERMINAL;
	case ERR_CASE:
		return EXIT_CASE;
	case ERR_LOST:
		return EXIT_SKIPPED;
	default:
		return EXIT_USAGE;
	}
}

/* A command's name mistyped is taken for a path that is not there. */
static void hint_at_command(const struct options *o, FILE *err)
{
	const char *near;
	struct stat st;

	if (o->command != SUB_WORKBENCH || o->path_n == 0 ||
	    stat(o->path[0], &st) == 0)
		return;
	near = subcommand_nearest(str_of(o->path[0]));
	if (near)
		message(err, "%s is no file; did you mean the command %s?",
			o->path[0], near);
}

static int run_workbench(const struct options *o, FILE *out, FILE *err)
{
	struct options triage = *o;
	struct err why;
	int status = EXIT_OK;

	if (isatty(fileno(out)) && !o->output && !o->no_input &&
	    workbench_exists()) {
		if (workbench_run(o, &status, &why))
			return cli_fail(err, &why);
		return status;
	}
	if (!o->quiet && !o->no_input)
		message(err, "standard output is no terminal: this is the "
			     "triage page; see trawl --help for commands");
	triage.command = SUB_TRIAGE;
	return cli_triage(&triage, out, err);
}

int cli_run(const struct options *o, FILE *out, FILE *err)
{
	hint_at_command(o, err);
	switch (o->command) {
	case SUB_TRIAGE:
		return cli_triage(o, out, err);
	case SUB_SUMMARY:
		return cli_summary(o, out, err);
	case SUB_EVENTS:
		return cli_events(o, out, err);
	case SUB_ALERTS:
		return cli_alerts(o, out, err);
	case SUB_LINEAGE:
		return cli_lineage(o, out, err);
	case SUB_ORIGIN:
		return cli_origin(o, out, err);
	case SUB_WALK:
		return cli_walk(o, out, err);
	case SUB_PROFILE:
		return cli_profile(o, out, err);
	case SUB_VALUES:
		return cli_values(o, out, err);
	case SUB_REPORT:
		return cli_report(o, out, err);
	case SUB_COVERAGE:
		return cli_coverage(o, out, err);
	case SUB_VERIFY:
		return cli_verify(o, out, err);
	case SUB_RULES:
		return cli_rules(o, out, err);
	case SUB_CASE:
		return cli_case(o, out, err);
	case SUB_HELP:
		return cli_manual(o, out, err);
	case SUB_WORKBENCH:
	case SUBCOMMAND_COUNT:
		break;
	}
	return run_workbench(o, out, err);
}
