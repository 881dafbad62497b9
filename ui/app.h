/* SPDX-License-Identifier: MIT */
/*
 * app.h - the workbench: panes, overlays, prompt, history, commands
 *
 * The app is driven by keys and draws to a canvas; the terminal is the
 * business of workbench.c, so that tests drive it without one.
 *
 * Layer: ui, no terminal. Threads: one.
 */
#ifndef TRAWL_APP_H
#define TRAWL_APP_H

#include "command/key.h"
#include "ui/config.h"
#include "ui/desk.h"
#include "ui/pane.h"
#include "ui/term/layout.h"
#include "ui/term/mouse.h"
#include "ui/term/prompt.h"

struct app;

struct app_options {
	const struct time_zone *zone;
	bool unicode;                /* what the terminal can show */
	const char *name;            /* of the evidence, for the title; raw */
	struct case_file *case_file; /* or NULL; it outlives the app */
	bool clipboard_off;          /* nothing is sent there */
	struct config *config;       /* likewise; `:map` changes it */
	const char *history; /* file of typed lines, or NULL: none is kept */
	bool has_zone;       /* `zone` was asked for: none is configured */
	bool mouse;          /* asked for, whatever is configured */
};

struct app *app_new(struct investigation *inv,
		    const struct app_options *options);
void app_free(struct app *a);
struct desk *app_desk(struct app *a);

/* Driving ----------------------------------------------------------------- */

/* A key, or pasted text. */
void app_key(struct app *a, key_code key);
void app_paste(struct app *a, struct str text);
/* A click or the wheel, which are told where app_wants_mouse. */
void app_mouse(struct app *a, const struct mouse *m);
bool app_wants_mouse(const struct app *a);
void app_resize(struct app *a, int rows, int cols);
/* News of the load, and a slice of work in the background. */
void app_poll(struct app *a);
/* True while something goes on in the background. */
bool app_busy(const struct app *a);
/* Milliseconds after which app_poll should be called though nothing came, or
 * -1: what is not in the focused pane follows a little later. */
int app_delay(const struct app *a);
/* A descriptor that is readable when app_poll has something to do, or -1. */
int app_follow_fd(const struct app *a);
/* True once the analyst has left. */
bool app_ended(const struct app *a);
/* Is something still to follow that is not in the focused pane? */
bool app_is_behind(const struct app *a);
/* What the terminal has to do, once: suspend, draw anew. */
enum app_wish {
	APP_WISHES_NOTHING,
	APP_WISHES_SUSPEND,
	APP_WISHES_REDRAW,
	APP_WISHES_COPY, /* app_copied to the clipboard */
	APP_WISHES_EDIT, /* app_case_notes in an editor, then app_edited */
};
enum { APP_COPY_MAX = 74994 / 4 * 3 }; /* bytes that terminals take */
enum app_wish app_take_wish(struct app *a);
/* What was copied last. */
struct str app_copied(const struct app *a);

/* Draws all of it; `c` has the size of the last app_resize. */
void app_draw(struct app *a, struct canvas *c);

/* The author's notes of the case, and what they were made. */
struct str app_case_notes(const struct app *a);
void app_edited(struct app *a, struct str text);

/* For panes --------------------------------------------------------------- */

/* Runs a command as if its key had been pressed. */
void app_command(struct app *a, enum screen_command cmd, struct str argument);
/* The place is kept for `[`: call before going anywhere else. */
void app_remember(struct app *a);
void app_focus(struct app *a, enum pane_id pane);
/* Goes to a scope in the timeline; takes the scope over. */
void app_drill(struct app *a, struct scope scope);
/* Goes to everything around an event, filters off. */
void app_look_around(struct app *a, row_id row);
/* A note on the incident that this event names; asks for the text when there
 * is none. */
void app_note_incident(struct app *a, struct str incident, struct str text);
/* Opens an overlay; takes the state over. */
void app_open(struct app *a, const struct pane_class *class, void *state);
void app_close_overlay(struct app *a);
/* A text over the panes, wrapped; copied. */
void app_open_text(struct app *a, const char *title, struct str text);
/* A line for the bottom of the screen; data may be in it. */
void app_say(struct app *a, const char *fmt, ...) ATTR_PRINTF(2, 3);

/* What to ask next about the selected event, first the steps of a rule that
 * alerted on it, or of the worst one: GUIDE_WORST. */
#define GUIDE_WORST UINT32_MAX
void app_open_guide(struct app *a, uint32_t rule);

/* Whom questions are about: who stands under the cursor, else who is behind
 * the selected event, of a user's key the user; or NODE_NONE. */
node_id app_identity(struct app *a);

/* The pane itself, to send it somewhere. */
struct pane *app_pane(struct app *a, enum pane_id id);

#endif /* TRAWL_APP_H */
