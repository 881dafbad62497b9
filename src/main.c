/* SPDX-License-Identifier: MIT */
/*
 * main.c - the process: locale, zone, command line, exit
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/output.h"

/* Before any thread starts: the C library reads TZ for local times. */
static void set_zone(const struct options *o)
{
	if (o->zone.kind == ZONE_LOCAL &&
	    str_cmp_fold(str_of(o->zone.name), STR("local")) != 0)
		setenv("TZ", o->zone.name, 1);
	tzset();
}

/* After what was only printed. */
static int written(FILE *out)
{
	if (fflush(out) == 0 && !ferror(out))
		return EXIT_OK;
	message(stderr, "the output could not be written");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct options options;
	struct err err;
	int status;

	mem_setup();
	setlocale(LC_ALL, "");
	/* Numbers in logs and output have a point, whatever the locale. */
	setlocale(LC_NUMERIC, "C");
	json_init();
	if (options_parse(&options, argc, argv, &err)) {
		if (argc == 1)
			cli_usage(stderr);
		status = cli_fail(stderr, &err);
	} else if (options.help) {
		cli_help(&options, stdout);
		status = written(stdout);
	} else if (options.version) {
		cli_version(stdout);
		status = written(stdout);
	} else {
		set_zone(&options);
		if (options_read_times(&options, &err))
			status = cli_fail(stderr, &err);
		else
			status = cli_run(&options, stdout, stderr);
	}
	options_release(&options);
	return status;
}
