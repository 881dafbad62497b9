/* SPDX-License-Identifier: MIT */
/*
 * screen_command.h - what can be done on the screen: one table, data only
 *
 * One row a command: its name for the `:` line, its keys, where it works,
 * what it does. The dispatcher, the help screen, the hint line, completion,
 * the manual's key tables and the tests read it. A key works where its row
 * says; a row for one context wins over the row for all of them.
 *
 * Layer: command.
 */
#ifndef TRAWL_SCREEN_COMMAND_H
#define TRAWL_SCREEN_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Where a command works. */
enum screen_context {
	IN_ALERTS = 1 << 0,
	IN_TIMELINE = 1 << 1,
	IN_ATTACK = 1 << 2,
	IN_LINEAGE = 1 << 3,
	IN_DETAIL = 1 << 4,
	IN_TEXT = 1 << 5,   /* help, skipped records */
	IN_VALUES = 1 << 6, /* the values of a field */
	IN_PIVOT = 1 << 7,  /* the pivot menu */
	IN_PROFILE = 1 << 8,
	IN_COVERAGE = 1 << 9, /* what the evidence holds */
	IN_FILTERS = 1 << 10, /* the filters as a list */
	IN_STARS = 1 << 11,   /* what the case says, as a list */
	IN_TRACES = 1 << 16,  /* what somebody left */
	IN_LANES = 1 << 20,   /* who by when */
	IN_PANES = IN_ALERTS | IN_TIMELINE | IN_ATTACK | IN_LINEAGE |
		   IN_DETAIL | IN_PROFILE,
	IN_TREES = IN_LINEAGE | IN_DETAIL,
	IN_LISTS = IN_PANES | IN_TEXT | IN_VALUES | IN_COVERAGE | IN_FILTERS |
		   IN_TRACES | IN_STARS | IN_LANES,
	IN_ALL = IN_LISTS | IN_PIVOT,
	/* Where the cursor stands on something that is about an event. */
	IN_ABOUT = IN_PANES | IN_LANES | IN_VALUES | IN_TRACES | IN_STARS |
		   IN_COVERAGE,
	/* What is drawn as wide as it needs, when asked to. */
	IN_WIDENED = IN_ALERTS | IN_LINEAGE | IN_DETAIL | IN_VALUES |
		     IN_TRACES | IN_COVERAGE | IN_FILTERS | IN_STARS,
	/* What follows filter and window. */
	IN_TIMED = IN_PANES | IN_VALUES | IN_LANES | IN_TRACES,
	/* Where what is narrowed is seen, or how much of it there is. */
	IN_NARROWED = IN_ABOUT | IN_FILTERS,
};

/* Code, name, argument, keys separated by blanks, context, group, help. */
#define SCREEN_COMMANDS(X)                                                     \
	X(DO_DOWN, "down", "", "j Down", IN_LISTS | IN_PIVOT, "Move",          \
	  "next line")                                                         \
	X(DO_UP, "up", "", "k Up", IN_LISTS | IN_PIVOT, "Move", "line before") \
	X(DO_TOP, "top", "", "g Home", IN_ALL, "Move", "first line")           \
	X(DO_BOTTOM, "bottom", "", "G End", IN_ALL, "Move", "last line")       \
	X(DO_HALF_DOWN, "half-down", "", "^D", IN_ALL, "Move",                 \
	  "half a page down")                                                  \
	X(DO_HALF_UP, "half-up", "", "^U", IN_ALL, "Move", "half a page up")   \
	X(DO_PAGE_DOWN, "page-down", "", "PgDn ^F", IN_ALL, "Move",            \
	  "page down")                                                         \
	X(DO_PAGE_ON, "page-on", "", "Space",                                  \
	  IN_TEXT | IN_DETAIL | IN_PROFILE | IN_COVERAGE | IN_LINEAGE |        \
		  IN_VALUES | IN_STARS | IN_TRACES | IN_LANES | IN_PIVOT,      \
	  "Move", "page down where there is nothing to select")                \
	X(DO_PAGE_UP, "page-up", "", "PgUp b", IN_ALL, "Move", "page up")      \
	X(DO_FOLD, "fold", "", "h Left", IN_TREES | IN_TIMELINE, "Move",       \
	  "fold a tree, a run of calls; go to the line above it in the tree, " \
	  "scroll a wide table to the left")                                   \
	X(DO_UNFOLD, "unfold", "", "l Right", IN_TREES | IN_TIMELINE, "Move",  \
	  "unfold; scroll a wide table to the right")                          \
	X(DO_FOLD_ALL, "fold-all", "", "*",                                    \
	  IN_TREES | IN_ATTACK | IN_TIMELINE, "Move",                          \
	  "fold or unfold everything; empty tactics in the ATT&CK matrix")     \
	X(DO_LEFT, "left", "", "h Left", IN_LISTS & ~(IN_TREES | IN_TIMELINE), \
	  "Move", "scroll to the left, column to the left")                    \
	X(DO_RIGHT, "right", "", "l Right",                                    \
	  IN_LISTS & ~(IN_TREES | IN_TIMELINE), "Move",                        \
	  "scroll to the right, column to the right")                          \
	X(DO_NEXT_ROW, "next-row", "", "J", IN_PANES, "Move",                  \
	  "next event of the timeline, from any pane")                         \
	X(DO_PREV_ROW, "prev-row", "", "K", IN_PANES, "Move",                  \
	  "event before in the timeline, from any pane")                       \
	X(DO_NEXT_ALERT, "next-alert", "", "e", IN_PANES, "Move",              \
	  "next event that carries an alert")                                  \
	X(DO_PREV_ALERT, "prev-alert", "", "E", IN_PANES, "Move",              \
	  "event before that carries an alert")                                \
	X(DO_NEXT_GAP, "next-group", "", "}", IN_PANES, "Move",                \
	  "first event after the next gap in time, or of the next burst")      \
	X(DO_PREV_GAP, "prev-group", "", "{", IN_PANES, "Move",                \
	  "first event after the gap before, or of the burst")                 \
	X(DO_PANE_ALERTS, "alerts", "", "1", IN_ALL, "Panes", "the alerts")    \
	X(DO_PANE_TIMELINE, "timeline", "", "2", IN_ALL, "Panes",              \
	  "the timeline")                                                      \
	X(DO_PANE_ATTACK, "attack", "", "3", IN_ALL, "Panes",                  \
	  "tactics and techniques in scope")                                   \
	X(DO_PANE_LINEAGE, "lineage", "", "4", IN_ALL, "Panes",                \
	  "the identity of the selected event: who became whom")               \
	X(DO_PANE_DETAIL, "detail", "", "5", IN_ALL, "Panes",                  \
	  "the selected event's record")                                       \
	X(DO_PANE_PROFILE, "profile", "[VALUE]", "P 6", IN_ALL, "Panes",       \
	  "the page of the value under the cursor, or of who is behind the "   \
	  "event: calls, who, sources, agents, resources, alerts")             \
	X(DO_TRIAGE, "triage", "", "0", IN_ALL, "Panes",                       \
	  "back to the triage layout")                                         \
	X(DO_NEXT_PANE, "next-pane", "", "Tab", IN_LISTS, "Panes",             \
	  "next pane")                                                         \
	X(DO_PREV_PANE, "prev-pane", "", "S-Tab", IN_LISTS, "Panes",           \
	  "pane before")                                                       \
	X(DO_ONLY, "only-pane", "", "o", IN_PANES, "Panes",                    \
	  "this pane alone, or all of them again")                             \
	X(DO_NARROWER, "narrower", "", "<", IN_PANES, "Panes",                 \
	  "this pane narrower, where panes stand side by side")                \
	X(DO_WIDER, "wider", "", ">", IN_PANES, "Panes", "this pane wider")    \
	X(DO_EQUAL, "equal", "", "=", IN_PANES, "Panes",                       \
	  "panes as wide as in the beginning")                                 \
	X(DO_RESIZE, "resize", "N", "", IN_ALL, "Panes",                       \
	  "this pane N columns wide")                                          \
	X(DO_WIDE, "wide", "", "w", IN_TIMELINE | IN_WIDENED, "Panes",         \
	  "the columns of the timeline at their best width, other lists as "   \
	  "wide as they need, scrolled by h and l; and back")                  \
	X(DO_COLUMNS, "columns", "[NAMES]", "", IN_ALL, "Panes",               \
	  "the timeline's columns: service, event, who, ip, region, account, " \
	  "key, ua, error, outcome; auto: by width")                           \
	X(DO_DRILL, "drill", "", "Enter", IN_ALL, "Drill and pivot",           \
	  "go into it: alert to its events, event to its record, line of the " \
	  "lineage to its events, tactic to its techniques")                   \
	X(DO_PIVOT, "pivot", "[FIELD]", "p", IN_ABOUT, "Drill and pivot",      \
	  "from the selected event to everything that shares a value with it") \
	X(DO_IDENTITY, "identity", "[ID]", "i", IN_ABOUT, "Drill and pivot",   \
	  "the lineage of the identity behind it")                             \
	X(DO_MATRIX, "matrix", "[ID]", "M", IN_ABOUT, "Drill and pivot",       \
	  "services and accounts of the identity, and back to its tree")       \
	X(DO_SUBTREE, "subtree", "", "A", IN_LINEAGE, "Drill and pivot",       \
	  "the events of this line and of all that it became and made")        \
	X(DO_REROOT, "reroot", "[FORM]", "r", IN_LINEAGE | IN_PROFILE,         \
	  "Drill and pivot",                                                   \
	  "the same rows by person, key, address, API; in the profile, its "   \
	  "events so")                                                         \
	X(DO_HINTS, "hints", "", "H", IN_LINEAGE, "Drill and pivot",           \
	  "show or hide hints: who may have read a key, who shares an "        \
	  "address")                                                           \
	X(DO_REVOKE, "revoke", "[ID]", "R", IN_ABOUT, "Drill and pivot",       \
	  "credentials of the identity to revoke")                             \
	X(DO_DONE_TO, "done-to", "[ID]", "", IN_ALL, "Drill and pivot",        \
	  "what was done to the identity, on its page")                        \
	X(DO_ENTRY, "entry", "", "", IN_ALL, "Drill and pivot",                \
	  "how they got in: the incident of the selected event, from its "     \
	  "first step on")                                                     \
	X(DO_PERSIST, "persist", "[ID|incident|all]", "", IN_ALL,              \
	  "Drill and pivot",                                                   \
	  "what was made or changed, and whether it is still there: by the "   \
	  "identity, its incident or all")                                     \
	X(DO_DATA, "data", "[ID|incident|all]", "", IN_ALL, "Drill and pivot", \
	  "which data was touched, by whom, how many objects and bytes")       \
	X(DO_REACH, "reach", "[ID|incident]", "", IN_ALL, "Drill and pivot",   \
	  "what came of the identity: sessions, keys, machines, accounts")     \
	X(DO_GUIDE, "guide", "", "a", IN_ABOUT, "Drill and pivot",             \
	  "the questions to ask next about this alert or identity; a digit "   \
	  "or letter runs one")                                                \
	X(DO_CONTEXT, "context", "[SPAN] [session|address|actor]", "x",        \
	  IN_ABOUT, "Drill and pivot",                                         \
	  "everything around this event, filters off; again: of that only "    \
	  "what has the same session, address, actor; in the lineage, around " \
	  "the event that proves the link")                                    \
	X(DO_VALUES, "values", "[FIELD]", "v", IN_NARROWED & ~IN_LANES,        \
	  "Drill and pivot",                                                   \
	  "values of a field among the events shown; in there of the next "    \
	  "field")                                                             \
	X(DO_VALUES_TOP, "values-top", "", "t", IN_VALUES, "Drill and pivot",  \
	  "the values that most events have first")                            \
	X(DO_VALUES_RARE, "values-rare", "", "r", IN_VALUES,                   \
	  "Drill and pivot", "the values that fewest events have first")       \
	X(DO_VALUES_FIRST, "values-first", "", "f", IN_VALUES,                 \
	  "Drill and pivot", "the values that were first seen last first")     \
	X(DO_LANES, "lanes", "[FIELD]", "L", IN_NARROWED, "Drill and pivot",   \
	  "principals by time: how dense, and the worst alert; or sessions, "  \
	  "addresses, APIs, accounts, regions")                                \
	X(DO_LANE_FIELD, "lane-field", "[FIELD]", "v", IN_LANES,               \
	  "Drill and pivot",                                                   \
	  "lanes of the next field: principal, session, "                      \
	  "address, API, account, region")                                     \
	X(DO_COVERAGE, "coverage", "[TEXT]", "B", IN_ALL, "Drill and pivot",   \
	  "what the evidence holds and lacks: hours, holes, data events, "     \
	  "where logging was stopped")                                         \
	X(DO_BACK, "back", "", "[ Backspace", IN_ALL, "Drill and pivot",       \
	  "back to the place before: pane, filter, window, selection")         \
	X(DO_FORWARD, "fwd", "", "]", IN_ALL, "Drill and pivot",               \
	  "forward again")                                                     \
	X(DO_HISTORY, "history", "", "", IN_ALL, "Drill and pivot",            \
	  "the places where you have been as a list; Enter goes there")        \
	X(DO_SEARCH, "search", "[TEXT]", "/", IN_LISTS, "Narrow",              \
	  "search in this pane")                                               \
	X(DO_SEARCH_NEXT, "search-next", "", "n", IN_LISTS, "Narrow",          \
	  "next line that was searched for")                                   \
	X(DO_SEARCH_PREV, "search-prev", "", "N", IN_LISTS, "Narrow",          \
	  "line before that was searched for")                                 \
	X(DO_FILTER, "filter", "[EXPR]", "f", IN_NARROWED & ~IN_VALUES,        \
	  "Narrow", "edit the filter; it is checked while you type")           \
	X(DO_KEEP, "only", "[EXPR]", "+", IN_TIMED, "Narrow",                  \
	  "keep only events with a value of this line")                        \
	X(DO_HIDE, "hide", "[EXPR]", "-", IN_TIMED, "Narrow",                  \
	  "hide events with a value of this line")                             \
	X(DO_FILTERS, "filters", "[on|off|N]", "\\", IN_NARROWED, "Narrow",    \
	  "all filters off, kept, and on again; with a number this one")       \
	X(DO_FILTER_LIST, "filter-list", "", "&", IN_ABOUT, "Narrow",          \
	  "the filters and the saved ones as a list")                          \
	X(DO_TOGGLE_FILTER, "filter-toggle", "", "Space", IN_FILTERS,          \
	  "Narrow", "this filter off, kept, or on again")                      \
	X(DO_DROP_FILTER, "filter-drop", "[N]", "-", IN_FILTERS, "Narrow",     \
	  "drop this filter; of the saved ones, forget it")                    \
	X(DO_SAVE, "save", "NAME", "", IN_ALL, "Narrow",                       \
	  "save the filter in the case under a name")                          \
	X(DO_LOAD, "load", "NAME", "", IN_ALL, "Narrow",                       \
	  "a saved filter in the place of the one there is")                   \
	X(DO_WRITES, "writes", "", "$", IN_LISTS, "Narrow",                    \
	  "hide calls that only read, or show them again")                     \
	X(DO_FAILURES, "failures", "", "%", IN_LISTS, "Narrow",                \
	  "hide what succeeded, or show it again")                             \
	X(DO_NOISE, "noise", "", "~", IN_LISTS, "Narrow",                      \
	  "hide what AWS services and health checks did, but what has an "     \
	  "alert; or show it again")                                           \
	X(DO_INCIDENTS, "incidents", "", "I", IN_LISTS, "Narrow",              \
	  "alerts that are one story as one incident, and back")               \
	X(DO_MUTE, "mute", "[actor|everywhere|ADDRESS]", "O", IN_ALERTS,       \
	  "Narrow",                                                            \
	  "mute this rule for an actor, an address or everywhere, "            \
	  "or hear it again")                                                  \
	X(DO_MUTED, "muted", "", "", IN_ALL, "Narrow",                         \
	  "show or hide the alerts that are muted")                            \
	X(DO_SORT, "sort", "[BY]", "s", IN_LISTS, "Narrow",                    \
	  "the next order of the list, which its bar names; what has one "     \
	  "order alone says why")                                              \
	X(DO_REVERSE, "reverse", "", "S", IN_LISTS, "Narrow",                  \
	  "the same order the other way round")                                \
	X(DO_UNDO, "undo", "", "u", IN_LISTS, "Narrow",                        \
	  "undo the last change of filter, window, tactics, mutes or case")    \
	X(DO_REDO, "redo", "", "U ^R", IN_LISTS, "Narrow", "redo it")          \
	X(DO_CLEAR, "clear", "", "X", IN_LISTS, "Narrow",                      \
	  "drop filter, window and tactics; undo brings them back")            \
	X(DO_TOGGLE, "toggle", "", "Space", IN_ATTACK, "Narrow",               \
	  "put this tactic or technique in or out of scope")                   \
	X(DO_TACTIC, "tactic", "NAME", "", IN_ALL, "Narrow",                   \
	  "only events with alerts of one tactic")                             \
	X(DO_CHOOSE, "select", "", "Space", IN_ALERTS | IN_TIMELINE,           \
	  "Case work", "select this row and move down, or leave it out again") \
	X(DO_CHOOSE_RANGE, "range", "", "V", IN_ALERTS | IN_TIMELINE,          \
	  "Case work", "begin a range at this row; Space selects it")          \
	X(DO_CHOOSE_MATCHING, "select-filter", "[EXPR]", "T",                  \
	  IN_ALERTS | IN_TIMELINE, "Case work",                                \
	  "select all rows that match a filter")                               \
	X(DO_STAR, "star", "", "m", IN_ABOUT, "Case work",                     \
	  "star this event or the selected rows, or take the star away")       \
	X(DO_NEXT_STAR, "next-star", "", ".", IN_PANES, "Case work",           \
	  "next star of the timeline")                                         \
	X(DO_PREV_STAR, "prev-star", "", ",", IN_PANES, "Case work",           \
	  "star before in the timeline")                                       \
	X(DO_STARS, "stars", "", "'", IN_ALL, "Case work",                     \
	  "stars, notes and evidence as a list; Enter goes there")             \
	X(DO_DISPOSE, "disposition", "[WORD]", "d", IN_ABOUT, "Case work",     \
	  "decide about this alert or the selected ones: t true positive, "    \
	  "f false positive, b benign, a acknowledged, n new")                 \
	X(DO_TAG, "tag", "[LABEL]", "t", IN_ABOUT & ~IN_VALUES, "Case work",   \
	  "label this event or the selected rows; -LABEL takes it away")       \
	X(DO_NOTE, "note", "[TEXT]", "c", IN_ABOUT, "Case work",               \
	  "note on this event or the selected rows; on an incident of its "    \
	  "list")                                                              \
	X(DO_CASE_NOTES, "case-notes", "", "C", IN_LISTS, "Case work",         \
	  "your notes of the case, in $EDITOR")                                \
	X(DO_EVIDENCE, "evidence", "TIME; WHAT; WHERE", "", IN_ALL,            \
	  "Case work",                                                         \
	  "add what is not in the logs: when, what, where it was seen")        \
	X(DO_UNSAY, "drop-said", "", "-", IN_STARS, "Case work",               \
	  "take this star, note or line of evidence back")                     \
	X(DO_WRITE, "write", "", "", IN_ALL, "Case work",                      \
	  "save the case file; what is said is in its journal at once")        \
	X(DO_ZOOM_IN, "zoom-in", "", "z", IN_TIMED, "Time",                    \
	  "narrow the window around the selected event")                       \
	X(DO_ZOOM_OUT, "zoom-out", "", "Z", IN_TIMED, "Time",                  \
	  "widen the window")                                                  \
	X(DO_MORE, "more", "", "", IN_PANES, "Time",                           \
	  "around an event: more to either side, as Z does there")             \
	X(DO_LESS, "less", "", "", IN_PANES, "Time",                           \
	  "around an event: less to either side, as z does there")             \
	X(DO_EARLIER, "earlier", "", "(", IN_TIMED, "Time",                    \
	  "shift the window by half, to earlier times")                        \
	X(DO_LATER, "later", "", ")", IN_TIMED, "Time",                        \
	  "shift the window by half, to later times")                          \
	X(DO_SCOPE, "scope", "[TIME to TIME]", "", IN_ALL, "Time",             \
	  "only events from a time to another, as goto takes them; without "   \
	  "times all again")                                                   \
	X(DO_GOTO, "goto", "TIME", "@", IN_TIMED, "Time",                      \
	  "go to a time: 21:40, +5m, -1d, 2026-01-09 21:40")                   \
	X(DO_ZONE, "zone", "[ZONE]", "D", IN_LISTS, "Time",                    \
	  "show times in UTC, in the zone given with --tz or local time, or "  \
	  "from the selected event on")                                        \
	X(DO_WHY, "why", "[RULE]", "W", IN_ABOUT, "Go",                        \
	  "why the event's rules match it, or why a rule does not")            \
	X(DO_REPRESENT, "represent", "", "r",                                  \
	  IN_DETAIL | IN_ATTACK | IN_TRACES, "Program",                        \
	  "next form: tree, raw record, its bytes; tactics or techniques; of " \
	  "the identity, its incident or everybody")                           \
	X(DO_ERRORS, "errors", "", "!", IN_ALL, "Program",                     \
	  "what was skipped while loading, and why")                           \
	X(DO_COPY, "copy", "[WHAT [FILE]]", "y", IN_LISTS, "Program",          \
	  "copy: a value, an ARN, an event's id, its record, the line; or "    \
	  "write it to a file")                                                \
	X(DO_REPORT, "report", "[FORMAT] [N|all|EVENTID] [OPTIONS] [FILE]",    \
	  "", IN_ALL, "Program",                                               \
	  "write the investigation up: markdown, html or json; :report! "      \
	  "overwrites")                                                        \
	X(DO_EXPORT, "export", "FORMAT [OPTIONS] FILE", "", IN_ALL, "Program", \
	  "write the events shown: csv, jsonl, records, timesketch; "          \
	  "navigator: the alerts; :export! overwrites")                        \
	X(DO_HELP, "help", "[TOPIC]", "? F1", IN_ALL, "Program",               \
	  "help for this pane; all keys")                                      \
	X(DO_COMMAND, "command", "", ":", IN_ALL, "Program",                   \
	  "type a command by its name; Tab completes")                         \
	X(DO_CLOSE, "close", "", "q", IN_ALL, "Program",                       \
	  "close the top view or go one level back; at the bottom ask once")   \
	X(DO_CANCEL, "cancel", "", "Esc ^G", IN_ALL, "Program",                \
	  "clear search marks, then close what lies on top; never quits")      \
	X(DO_QUIT, "q", "", "Q", IN_ALL, "Program", "quit")                    \
	X(DO_INTERRUPT, "interrupt", "", "^C", IN_ALL, "Program",              \
	  "stop what is running; keeps what was found")                        \
	X(DO_SUSPEND, "suspend", "", "^Z", IN_ALL, "Program",                  \
	  "suspend the program")                                               \
	X(DO_FOLLOW, "follow", "[on|off]", "F", IN_LISTS, "Program",           \
	  "load what comes into the folders while you read; again: stop")      \
	X(DO_OPEN, "open", "PATH", "", IN_ALL, "Program",                      \
	  "load a file or folder beside what there is; Tab completes")         \
	X(DO_SET, "set", "[OPTION VALUE]", "", IN_ALL, "Program",              \
	  "how things are shown: time zone, histogram, letters, columns")      \
	X(DO_MAP, "map", "[KEY [COMMAND]]", "", IN_ALL, "Program",             \
	  "what keys do; with a command binds one until the end")              \
	X(DO_UNMAP, "unmap", "KEY", "", IN_ALL, "Program",                     \
	  "a key that does nothing any more")                                  \
	X(DO_REDRAW, "redraw", "", "^L F5", IN_ALL, "Program",                 \
	  "draw the screen anew")

enum screen_command {
#define X(code, name, argument, keys, context, group, help) code,
	SCREEN_COMMANDS(X)
#undef X
		SCREEN_COMMAND_COUNT
};

struct screen_command_info {
	const char *name;
	const char *argument; /* "" when it takes none; [X] when it may */
	const char *keys;     /* as key.h parses them */
	uint32_t context;     /* enum screen_context, or-ed */
	const char *group;
	const char *help;
};

extern const struct screen_command_info screen_commands[SCREEN_COMMAND_COUNT];

/* The command of that name, or of the only one that begins so;
 * SCREEN_COMMAND_COUNT when there is none. */
enum screen_command screen_command_find(struct str name);
const char *screen_command_nearest(struct str name);

#endif /* TRAWL_SCREEN_COMMAND_H */
