/* SPDX-License-Identifier: MIT */
/*
 * no_ui.c - what a build without curses says when asked for the screen
 */
#include "cli/workbench.h"

bool workbench_exists(void)
{
	return false;
}

enum err_code workbench_run(const struct options *options, int *status,
			    struct err *err)
{
	(void)options;
	(void)status;
	return err_set(err, ERR_UNSUPPORTED,
		       "this trawl was built without its screen; "
		       "the commands work, see trawl --help");
}
