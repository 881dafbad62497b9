/* SPDX-License-Identifier: MIT */
/*
 * option_values.h - what the value of an option means
 *
 * One option at a time: a size, a zone, a level, a format that the command
 * writes. Which options there are, and which of them go with a command, says
 * command/subcommand.h; what they make together, options.h.
 *
 * Layer: cli. Texts point to the values.
 */
#ifndef TRAWL_OPTION_VALUES_H
#define TRAWL_OPTION_VALUES_H

#include "base/err.h"
#include "cli/options.h"
#include "command/subcommand.h"

/* Puts it into `o`, whose command is known; `value` is NULL where the option
 * has none. ERR_USAGE with what was expected. */
ATTR_NODISCARD enum err_code option_set(struct options *o,
					enum option_code code,
					const char *value, struct err *err);

/* What a command writes when nothing is said: the first that it lists. */
enum format option_default_format(enum subcommand command);

/* "--NAME VALUE: WANTED", as ERR_USAGE. */
enum err_code option_wrong_value(enum option_code code, const char *value,
				 const char *wanted, struct err *err);

#endif /* TRAWL_OPTION_VALUES_H */
