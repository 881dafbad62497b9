/* SPDX-License-Identifier: MIT */
/*
 * text.h - overlays: texts to read, menus to choose from
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_TEXT_H
#define TRAWL_TEXT_H

#include "base/err.h"
#include "command/key.h"
#include "ui/pane.h"

/* A text to read, line by line; searchable. */
struct text_view;

/* The title begins behind the bracket of its bar: "?] help". */
struct text_view *text_view_new(const char *title);
/* Adds a line, raw; long lines are wrapped. `key` is drawn before it in a
 * column of its own; NULL: none. */
void text_view_add(struct text_view *v, const char *key, struct str line);
void text_view_heading(struct text_view *v, const char *text);
/* Lines that are set already, as command/mdoc.h does it. */
void text_view_page(struct text_view *v, struct str text);
extern const struct pane_class overlay_text;

/* Things to choose from, each with a letter or digit. */
struct menu;

/* Runs the choice; the menu is closed before. */
typedef void (*menu_run)(struct app *a, struct str argument);

/* The title as above. */
struct menu *menu_new(const char *title);
/* `key` 0: none. `argument` is copied and handed to run. */
void menu_add(struct menu *m, char key, struct str label, menu_run run,
	      struct str argument);
/* The same for a value of a field, whose events among those shown are counted
 * in the background; `filter` finds them, and is handed to run. */
void menu_add_value(struct menu *m, char key, const char *field,
		    struct str value, menu_run run, struct str filter);
/* Another key for what comes first. */
void menu_again(struct menu *m, char key);
/* A heading among them; it cannot be chosen. */
void menu_heading(struct menu *m, struct str text);
/* Of the item that was added last: what is told beside it, where there is
 * room, and below all of them when it is under the cursor; a tick. */
void menu_tell(struct menu *m, struct str beside, bool ticked);
/* Runs the item with that key; false when there is none. */
bool menu_key(struct app *app, struct menu *m, key_code key);
extern const struct pane_class overlay_menu;

/* The values of a field among the rows of the timeline. */
struct values_view;

struct values_view *values_view_new(struct desk *d, struct str field,
				    struct err *err);
extern const struct pane_class overlay_values;

/* The terms of the filter and the saved filters, as a list. */
struct filter_list;

struct filter_list *filter_list_new(void);
extern const struct pane_class overlay_filters;

/* What the case says of events and itself, as a list. */
struct case_view;

struct case_view *case_view_new(void);
/* With the cursor on a line of evidence. */
struct case_view *case_view_at(const struct evidence_line *e);
extern const struct pane_class overlay_case;

/* What the evidence holds and lacks. */
struct coverage_view;

struct coverage_view *coverage_view_new(void);
extern const struct pane_class overlay_coverage;

#endif /* TRAWL_TEXT_H */
