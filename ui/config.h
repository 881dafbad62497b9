/* SPDX-License-Identifier: MIT */
/*
 * config.h - the user's configuration: trawl-config(5)
 *
 *	# a comment
 *	bind F2 filter outcome:denied
 *	unbind q
 *	set hist log
 *	filter denied outcome:denied and not service:sts
 *
 * One word of the table of options or commands a line; what is wrong is said
 * with file and line, and nothing is taken then.
 *
 * Layer: ui, no terminal. Ownership: texts are the config's own.
 */
#ifndef TRAWL_CONFIG_H
#define TRAWL_CONFIG_H

#include "command/screen_option.h"
#include "ui/keymap.h"

enum { CONFIG_MAX = 256 * 1024 /* bytes of a file */ };

struct config_filter {
	struct str name, filter;
};

struct config {
	struct keymap keymap;
	struct str set[SCREEN_OPTION_COUNT]; /* p is NULL: not set */
	struct config_filter *filter;
	size_t filter_n, filter_cap;
	struct arena arena;
};

void config_init(struct config *c);
void config_release(struct config *c);

/* Takes a text over the table's keys; `name` is for errors, which are
 * ERR_SYNTAX. */
ATTR_NODISCARD enum err_code config_read(struct config *c, struct str text,
					 const char *name, struct err *err);
/* The file that is named (it has to be there), or else the user's own, if
 * there is one: $XDG_CONFIG_HOME/trawl/config. */
ATTR_NODISCARD enum err_code config_load(struct config *c, const char *path,
					 struct err *err);

/* "hist=log" and "hist log"; ERR_SYNTAX for what is no option, or no value of
 * it. */
ATTR_NODISCARD enum err_code config_parse_set(struct str line,
					      enum screen_option *option,
					      struct str *value,
					      struct err *err);

#endif /* TRAWL_CONFIG_H */
