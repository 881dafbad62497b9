/* SPDX-License-Identifier: MIT */
/*
 * app_private.h - the parts of the workbench that know each other
 *
 * Layer: ui, inside.
 */
#ifndef TRAWL_APP_PRIVATE_H
#define TRAWL_APP_PRIVATE_H

#include "casework/case_book.h"
#include "ui/app.h"
#include "ui/follow.h"
#include "ui/histogram.h"
#include "ui/saving.h"

enum { MOST_OVERLAYS = 8, MOST_PLACES = 500 };

enum prompt_kind {
	ASK_NOTHING,
	ASK_COMMAND,
	ASK_FILTER,
	ASK_SEARCH,
	ASK_GOTO,
	ASK_CHOOSE, /* a filter, for selecting */
	ASK_LABEL,
	ASK_NOTE,
	ASK_KINDS,
};

/* Where the analyst has been. Texts are owned. */
struct place {
	struct str question; /* that was asked here; as app.question */
	enum pane_id focus;
	bool zoomed;
	struct narrowing narrowing;
	struct scope scope;
	struct strbuf event;             /* id of the selected event */
	struct strbuf evidence;          /* and of the line of evidence */
	row_id row;                      /* its row; several have one id */
	struct strbuf saved[PANE_COUNT]; /* what the panes keep */
	size_t top[PANE_COUNT];          /* the first rows that they show */
};

struct history {
	struct place *place;
	size_t n; /* places; those from `at` on are forward */
	size_t at;
	size_t cap;
};

/* A search in a pane, in slices. */
struct finding {
	bool active;
	bool backward;
	size_t at, left; /* the row to look at, rows still to look at */
	struct pane *pane;
};

/* Rows that match a filter are being looked for, to be selected. */
struct choosing {
	struct plan *plan;
	struct query_run *run; /* or NULL */
	bool alerts;
	struct rowset among; /* rows shown when it began */
};

struct app {
	struct desk *desk;
	struct app_options options;
	struct config *config; /* the options', or its own */
	struct config own_config;
	bool mouse;     /* clicks and the wheel are wanted */
	bool wide_text; /* lists show letters beyond ASCII */
	const struct glyphs *glyphs;
	struct strbuf name;
	int rows, cols;

	struct pane pane[PANE_COUNT]; /* class NULL: there is none */
	enum pane_id focus;
	bool zoomed;
	int widen; /* columns that the left side got, or gave */
	struct pane overlay[MOST_OVERLAYS];
	size_t overlay_n;
	struct history history;

	enum prompt_kind asking;
	struct prompt prompt[ASK_KINDS];
	struct strbuf prompt_label;  /* raw; of the filter: its state */
	struct strbuf prompt_hint;   /* raw; what is wrong or possible */
	struct plan *typed_plan;     /* of the filter that is being typed */
	struct query_run *typed_run; /* while its rows are counted */
	unsigned typed_ms;           /* that may still be spent on it */
	bool prompt_wrong;           /* the hint is an error */
	bool prompt_unfinished;      /* a filter that goes on */
	size_t wrong_at, wrong_n;    /* the bytes that it is about */
	struct strbuf searched;
	struct finding finding;
	struct choosing choosing;
	struct follow follow;

	struct writing *writing; /* a file that is being written, or NULL */
	struct strbuf copied;    /* the last copy */
	bool inputs_pending;     /* nobody looked what the case was made on */
	bool place_pending;      /* the case has one that was not gone to */
	int64_t place_due; /* when the place is kept: clock_ms, or 0; INT64_MAX:
			       that failed */
	struct strbuf message; /* raw; the bottom line */
	bool asked_to_quit;
	bool ended;
	enum app_wish wish;
	int64_t touched; /* when the last key came; monotonic ms */
	bool stale;      /* panes beside the focused one have to follow */

	/* What is shown answers it: constant, or of a rule; empty: none. Of an
	 * overlay it goes with that. */
	struct str question;
	size_t asked_overlays; /* with the question's own; 0: it is no overlay */
	bool asking_question;  /* while it goes there: the place is kept */
	struct case_book steps; /* of guides that were done */
	struct guide *guide;    /* what the open menu of questions asks */

	struct histogram histogram;
	uint64_t histogram_of; /* the desk's version it was made of */
	size_t histogram_columns;
	struct arena frame;
	struct layout layout;
};

/* The pane that takes keys: the top overlay or the focused one. */
struct pane *app_active(struct app *a);
void app_refresh_pane(struct app *a, struct pane *p);
void app_layout(struct app *a);

/* history.c */
/* A place of one's own: where the analyst is, to be released. */
void place_take(struct place *p, const struct app *a);
void place_release(struct place *p);
void place_restore(struct app *a, const struct place *p);
/* The last one before where the analyst is; takes it over. */
void history_add(struct history *h, struct place p);
void history_release(struct history *h);
/* What answered a question is gone, and nothing was moved for it: neither it
 * nor the place that was kept for it is remembered. */
void app_forget_question(struct app *a);
/* Goes to one of the places; where the analyst is becomes one. */
void app_go_to_place(struct app *a, size_t n);
void app_go_back(struct app *a);
void app_go_forward(struct app *a);

/* places.c */
/* The places as a list to choose from. */
void app_open_places(struct app *a);

/* place_file.c */
/* Keeps in the case where the analyst is, and the way there. */
void app_keep_place(struct app *a);
/* Something changed: the place is kept a little later, see app_delay. */
void app_place_changed(struct app *a);
/* Milliseconds until then, or -1. */
int app_place_delay(const struct app *a);
/* Goes where the last session ended, once everything is loaded; says when the
 * case was made on other evidence. */
void app_restore_place(struct app *a);

/* prompts.c */
void prompts_init(struct app *a);
void prompts_release(struct app *a);
void app_ask(struct app *a, enum prompt_kind kind, struct str text);
/* The same for what is asked about something: "note on 12 selected rows: ". */
void app_ask_about(struct app *a, enum prompt_kind kind, const char *label);
void app_prompt_key(struct app *a, key_code key);
void app_prompt_paste(struct app *a, struct str text);
/* prompt_judge.c */
/* Says of a filter that is typed, also behind a command, whether it can be
 * read and what it would leave. */
void app_prompt_judge(struct app *a);
/* Goes on counting what a typed filter would leave. */
bool app_prompt_busy(const struct app *a);
void app_prompt_step(struct app *a, unsigned ms);
/* The snapshot that was counted in goes. */
void app_prompt_forget(struct app *a);

/* picks.c: keeps or hides a value of what is under the cursor. */
void app_pick(struct app *a, bool keep);

/* Runs a line as it is typed behind a colon. */
void app_run_line(struct app *a, struct str line);

/* prompt_complete.c, prompt_history.c */
void prompt_completers(struct app *a);
void prompt_history_load(struct app *a);
void prompt_history_add(struct app *a, enum prompt_kind kind, struct str line);

/* search.c */
void app_search(struct app *a, struct str text);
void app_search_again(struct app *a, bool backward);
/* A slice; true while there is more to do. */
bool app_search_step(struct app *a);

/* dispatch_choose.c */
bool choosing_busy(const struct app *a);
void choosing_step(struct app *a, unsigned ms);
/* ^C: true when something was looked for. */
bool choosing_interrupt(struct app *a);
/* Its snapshot goes. */
void choosing_forget(struct app *a);

/* dispatch_look.c: moves a wide pane sideways; false: the key is for something
 * else. */
bool app_scroll_wide(struct app *a, struct pane *p, enum screen_command cmd);
/* dispatch_about.c: what acts on an event acts on the one that the line under
 * the pane's cursor is about. False when there is none: it was told why, or
 * done. */
bool app_take_event(struct app *a, struct pane *p, enum screen_command cmd,
		    struct str argument);

/* dispatch_ask.c */
/* The one node that a person's words mean, or NODE_NONE: it was told why. */
node_id app_find_identity(struct app *a, struct str words);

/* guide.c */
void guide_free(struct guide *g);

/* pivots.c */
void app_open_pivots(struct app *a);
void app_open_values(struct app *a, struct str field);
void app_open_lanes(struct app *a, struct str field);
void app_open_coverage(struct app *a);
/* Why the rules with alerts on the selected event match it, or why the one
 * that is named matches or does not. */
void app_open_why(struct app *a, struct str rule);
void app_open_errors(struct app *a);
/* By a pivot's name ("address", ...); false when there is none. */
bool app_pivot(struct app *a, struct str name);
/* Adds the filter that finds the calls which the selected event, an Insight or
 * a finding, is about; false when it is about none. And goes there
 * (pivot_about.c). */
bool app_about(struct app *a, struct strbuf *filter);
void app_pivot_about(struct app *a);
/* Of a row that is no call the machine or identity that it names, or
 * NODE_NONE; and goes to what that one did. */
node_id app_named(const struct app *a);
void app_pivot_named(struct app *a);

struct menu;

/* To what names the same resource, or has the same request's id: its record is
 * read (pivot_record.c). */
void app_add_record_pivots(const struct app *a, struct menu *m);
/* By name; false when there is none. */
bool app_pivot_record(struct app *a, struct str name);

/* settings.c */
/* At the start: what the configuration sets. */
void app_configure(struct app *a);
void app_set(struct app *a, struct str line);
void app_map(struct app *a, struct str line);
void app_unmap(struct app *a, struct str key);

/* dispatch_time.c: by its name; false for what is none. */
bool app_set_zone(struct app *a, struct str name);

/* crumbs.c */
void app_draw_crumbs(struct app *a, struct canvas *c);
/* Something narrows what is shown. */
bool app_narrows(const struct app *a);
/* The same in the title's row, from a column on; `behind` stands at its end. */
void app_draw_way(struct app *a, struct canvas *c, int col,
		  struct safetext behind);

/* help.c */
/* The keys of this pane, or what the manual says of a topic. */
void app_open_help(struct app *a, struct str topic);
/* The topics that begin so: pages, commands, fields. */
void app_complete_help(struct str typed, struct prompt_candidates *out);

/* screen.c */
void app_draw_header(struct app *a, struct canvas *c);
void app_draw_footer(struct app *a, struct canvas *c);

#endif /* TRAWL_APP_PRIVATE_H */
