/* SPDX-License-Identifier: MIT */
/*
 * workbench.h - the one entry into the screen
 *
 * Declared here and defined in ui/, so that the batch tool knows that there
 * is a screen and nothing else about it. A build without curses links
 * ui/no_ui.c, which answers ERR_UNSUPPORTED.
 *
 * Layer: cli.
 */
#ifndef TRAWL_WORKBENCH_H
#define TRAWL_WORKBENCH_H

#include <stdbool.h>

#include "base/err.h"

struct options;

/*
 * Runs the screen until the analyst leaves it. *status becomes the exit status
 * of the process. ERR_UNSUPPORTED when there is no usable terminal; err says
 * why in a sentence.
 */
ATTR_NODISCARD enum err_code workbench_run(const struct options *options,
					   int *status, struct err *err);

/* True in a build that has a screen. */
bool workbench_exists(void);

#endif /* TRAWL_WORKBENCH_H */
