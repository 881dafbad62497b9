/* SPDX-License-Identifier: MIT */
/*
 * screen_option.h - what can be set on the screen: one table, data only
 *
 * `:set NAME VALUE` and `set NAME VALUE` in the configuration. The prompt's
 * completion, the manual and the tests read it.
 *
 * Layer: command.
 */
#ifndef TRAWL_SCREEN_OPTION_H
#define TRAWL_SCREEN_OPTION_H

#include "base/str.h"

/* Code, name, values with a bar between them or what is expected, what it
 * begins with, help. */
#define SCREEN_OPTIONS(X)                                                      \
	X(SET_TZ, "tz", "ZONE", "UTC",                                         \
	  "the zone that times are shown in: UTC, local, relative, an offset " \
	  "such as +09:00")                                                    \
	X(SET_HIST, "hist", "lin|sqrt|log", "sqrt",                            \
	  "how high the bars of the histogram are: one burst flattens all "    \
	  "others on a linear scale")                                          \
	X(SET_TEXT, "text", "ascii|unicode", "ascii",                          \
	  "letters beyond ASCII in lists, where the terminal has them; what "  \
	  "is invisible, or turns text around, is spelled out either way")     \
	X(SET_COLUMNS, "columns", "NAMES", "",                                 \
	  "the columns of the timeline, as :columns takes them")               \
	X(SET_ATTACK, "attack", "v19|v18", "v19",                              \
	  "whose tactics and technique numbers are shown: v18 has Defense "    \
	  "Evasion for Stealth and Defense Impairment; filters take both")     \
	X(SET_MOUSE, "mouse", "off|on", "off",                                 \
	  "a click goes to a pane and a line, the wheel moves the cursor; "    \
	  "the terminal's own selection of text needs Shift then")             \
	X(SET_THEME, "theme", "color|mono", "color",                           \
	  "mono shows what colour says by bold, underlined and reverse text; " \
	  "in the configuration only")

enum screen_option {
#define X(code, name, values, initial, help) code,
	SCREEN_OPTIONS(X)
#undef X
		SCREEN_OPTION_COUNT
};

struct screen_option_info {
	const char *name, *values, *initial, *help;
};

extern const struct screen_option_info screen_options[SCREEN_OPTION_COUNT];

/* The option of that name; SCREEN_OPTION_COUNT when there is none. */
enum screen_option screen_option_find(struct str name);
/* False when an option has a list of values and this is none of them. */
bool screen_option_takes(enum screen_option option, struct str value);

#endif /* TRAWL_SCREEN_OPTION_H */
