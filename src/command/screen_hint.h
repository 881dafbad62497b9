/* SPDX-License-Identifier: MIT */
/*
 * screen_hint.h - what the row of hints says: one table, data only
 *
 * One row a hint: where it is shown, the command, a word for what that does
 * there. They stand in this order, as many as there is room for, each with the
 * first key that its command has; help is always there. A test holds it against
 * the table of commands: a hint is shown only where its command works.
 *
 * Layer: command.
 */
#ifndef TRAWL_SCREEN_HINT_H
#define TRAWL_SCREEN_HINT_H

#include "command/screen_command.h"

/* Contexts, command, word. */
#define SCREEN_HINTS(X)                                                        \
	X(IN_ALERTS, DO_DRILL, "its events")                                   \
	X(IN_TIMELINE, DO_DRILL, "detail")                                     \
	X(IN_ATTACK, DO_DRILL, "open")                                         \
	X(IN_ATTACK, DO_TOGGLE, "in scope")                                    \
	X(IN_LINEAGE | IN_PROFILE, DO_DRILL, "its events")                     \
	X(IN_LINEAGE, DO_SUBTREE, "all below")                                 \
	X(IN_LINEAGE | IN_PROFILE, DO_REROOT, "re-root")                       \
	X(IN_LINEAGE, DO_MATRIX, "matrix")                                     \
	X(IN_LINEAGE, DO_PANE_PROFILE, "profile")                              \
	X(IN_PROFILE, DO_PANE_PROFILE, "of who is named")                      \
	X(IN_PROFILE, DO_REVOKE, "revoke")                                     \
	X(IN_PROFILE, DO_BACK, "back")                                         \
	X(IN_TREES, DO_FOLD, "fold")                                           \
	X(IN_DETAIL, DO_REPRESENT, "raw, hex")                                 \
	X(IN_VALUES, DO_DRILL, "timeline")                                     \
	X(IN_VALUES, DO_KEEP, "only this")                                     \
	X(IN_VALUES, DO_HIDE, "hide")                                          \
	X(IN_VALUES, DO_PANE_PROFILE, "profile")                               \
	X(IN_COVERAGE, DO_DRILL, "there")                                      \
	X(IN_LANES, DO_DRILL, "its events")                                    \
	X(IN_LANES, DO_RIGHT, "while")                                         \
	X(IN_LANES, DO_LANE_FIELD, "of what")                                  \
	X(IN_LANES, DO_SORT, "order")                                          \
	X(IN_LANES, DO_ZOOM_IN, "zoom")                                        \
	X(IN_TRACES, DO_DRILL, "its events")                                   \
	X(IN_TRACES, DO_REPRESENT, "whose")                                    \
	X(IN_TRACES, DO_PANE_PROFILE, "profile")                               \
	X(IN_PANES, DO_IDENTITY, "identity")                                   \
	X(IN_PANES, DO_PIVOT, "pivot")                                         \
	X(IN_PANES, DO_CONTEXT, "around")                                      \
	X(IN_ALERTS, DO_GUIDE, "ask next")                                     \
	X(IN_PANES, DO_FILTER, "filter")                                       \
	X(IN_LISTS, DO_SEARCH, "search")                                       \
	X(IN_PANES & ~(uint32_t)IN_PROFILE, DO_BACK, "back")                   \
	X(IN_PANES, DO_VALUES, "values")                                       \
	X(IN_PANES, DO_ZOOM_IN, "zoom")                                        \
	X(IN_TEXT | IN_VALUES | IN_PIVOT | IN_COVERAGE | IN_TRACES | IN_LANES, \
	  DO_CLOSE, "close")                                                   \
	X(IN_ALL, DO_HELP, "help")

struct screen_hint {
	uint32_t context;
	enum screen_command cmd;
	const char *word;
};

enum {
#define X(context, cmd, word) +1
	SCREEN_HINT_COUNT = 0 SCREEN_HINTS(X)
#undef X
};

extern const struct screen_hint screen_hints[SCREEN_HINT_COUNT];

#endif /* TRAWL_SCREEN_HINT_H */
