/* SPDX-License-Identifier: MIT */
/*
 * desk.h - what the analyst has in front of them, without a terminal
 *
 * The desk holds the one focus that all panes share: the snapshot, the filter,
 * the window of time, the tactics in scope, what was drilled into, and the
 * selected event; and what follows from these: the rows of the timeline and
 * the alerts. Panes read it and show it; commands change it.
 *
 * A filter may have to read records: desk_step works on that for a bounded
 * time and the rows found so far are there at once.
 *
 * Every change raises `version`; a pane that has seen that version has
 * nothing to do.
 *
 * Layer: ui, no terminal. Threads: one.
 */
#ifndef TRAWL_DESK_H
#define TRAWL_DESK_H

#include "base/job.h"
#include "base/timefmt.h"
#include "casework/case_evidence.h"
#include "casework/case_say.h"
#include "casework/coverage.h"
#include "casework/investigation.h"
#include "casework/mutes.h"
#include "casework/saved_filters.h"
#include "query/run.h"
#include "ui/chosen.h"
#include "ui/alert_order.h"
#include "ui/filters.h"
#include "ui/histogram.h"
#include "ui/panes/timeline_columns.h"
#include "ui/scope.h"
#include "ui/toggles.h"

enum { HIDDEN_TECHNIQUES = 64 };

/* What is left of the evidence, before any drilling. */
struct narrowing {
	struct filters filters; /* its terms, also those that are off */
	struct str filter;      /* what they come to; owned */
	int64_t since;          /* TIME_NONE: from the first event on */
	int64_t until;          /* TIME_NONE: to the last; exclusive */
	tactic_set hidden;      /* tactics that are out of scope */
	unsigned toggles;       /* bits of enum toggle that are on */
	struct technique_id hidden_technique[HIDDEN_TECHNIQUES];
	size_t hidden_n;
};

void narrowing_release(struct narrowing *n);
/* `to` is overwritten, without being released. */
void narrowing_copy(struct narrowing *to, const struct narrowing *from);
bool narrowing_equal(const struct narrowing *a, const struct narrowing *b);

/* A change of what is narrowed or muted. Texts are its own. */
struct desk_change {
	struct narrowing narrowing; /* before it, or after one undone */
	bool is_mute;               /* then it is this instead */
	struct mute mute;
	bool muted; /* what it did: muted, or heard again */
	/* Then it is this instead: what was said in the case. */
	struct case_sayings *said, *unsaid;
};

struct desk_changes {
	struct desk_change *item;
	size_t n, cap;
};

void changes_push_narrowing(struct desk_changes *c, const struct narrowing *n);
void changes_push_mute(struct desk_changes *c, const struct mute *m,
		       bool muted);
/* Takes both over. */
void changes_push_said(struct desk_changes *c, struct case_sayings *said,
		       struct case_sayings *unsaid);
/* Takes the last one off; its narrowing is handed over, or NULL: goes. */
void changes_pop(struct desk_changes *c, struct narrowing *out);
void changes_clear(struct desk_changes *c);
void changes_release(struct desk_changes *c);

/* Origins and incidents of rows are found beside the screen. */
struct kin_making {
	struct job job;
	struct snapshot *snap; /* of which; NULL: none */
};

/* Read by panes, written by desk.c. */
struct desk {
	struct investigation *inv;
	struct snapshot *snap; /* NULL until the first rows are there */
	struct investigation_state load;
	struct time_zone zone;     /* that times are shown in */
	struct time_zone zones[2]; /* the first one, and what `D` changes to */
	int64_t relative_to; /* times are told from there; TIME_NONE: not */
	struct column_choice columns;   /* of the timeline */
	enum histogram_scale histogram; /* how high its bars are */
	enum attack_version attack;     /* whose tactics and numbers */

	struct narrowing now;
	struct scope scope;
	struct desk_changes done, undone;

	struct rowset found;    /* rows of the filter */
	struct rowset narrowed; /* of these, in the window and tactics */
	struct rowset rows;     /* of these, in the scope: the timeline */
	/* Of filter and window, tactics in scope; muted ones apart. */
	struct alerts alerts, muted_alerts;
	struct alert_order order;    /* of `alerts`, in the list */
	uint64_t alerts_version;     /* grows whenever they are others */
	struct case_file *case_file; /* where mutes are kept, or NULL */
	struct mutes mutes;
	struct case_book book; /* what else the case says */
	struct case_rows said; /* of the snapshot's rows */
	/* Lines of evidence of the case that stand among `rows`, and the one
	 * that the cursor is on, beside the selected event; or SIZE_MAX. */
	struct case_evidence evidence;
	size_t on_evidence;
	struct strbuf wanted_evidence; /* id of the line that was last selected
					  on purpose; empty: it was a row */
	struct strbuf trouble;         /* what could not be written; stays until
				  something can */
	struct chosen chosen;       /* the rows and alerts that were selected */
	struct saved_filters saved; /* of the case, and of the user */
	uint8_t *muted;             /* of each match of the snapshot */
	bool show_muted;
	uint64_t hearings; /* snapshots made without what is muted */
	struct kin_making kin;
	struct toggles toggles;
	uint64_t rows_version; /* grows whenever `rows` or `evidence` may be
				  others */
	row_id selected;       /* ROW_NONE when there are no rows */
	row_id wanted;         /* what was last selected on purpose */
	uint64_t version;

	struct plan *plan;     /* of the filter; NULL without one */
	struct query_run *run; /* while records are read */
	struct query_progress searched;
	bool cut; /* the search was stopped before its end */

	struct coverage *coverage; /* of the snapshot `covered`, or NULL */
	uint64_t covered;
	size_t digests;     /* see desk_digests; of that snapshot */
	struct strbuf none; /* desk_none of the version `none_of` */
	uint64_t none_of;
	bool touched; /* the analyst has pressed a key */
	/* Of so many rows all is made before the frame that answers a key; of
	 * more what takes its time comes behind it, for so many at a time. */
	size_t at_once;
};

/* The investigation outlives it. */
struct desk *desk_new(struct investigation *inv, const struct time_zone *zone);
void desk_free(struct desk *d);

/* Is there a newer snapshot than the one on the desk? */
bool desk_news(struct desk *d);
/* Takes over what the load has to offer; true when rows are new. The
 * selection, the filter and the scope stay. */
bool desk_poll(struct desk *d);
/* Goes on with a search for about `ms` milliseconds, or finds out what a key
 * would have to wait for; true when there is more to do. */
bool desk_step(struct desk *d, unsigned ms);
bool desk_busy(const struct desk *d);
/* Stops a search, keeping what was found; false when none is running. */
bool desk_stop(struct desk *d);

/* Narrowing; each can be undone. ---------------------------------------- */

/* ERR_SYNTAX: nothing changes. Terms that are off stay. */
ATTR_NODISCARD enum err_code desk_set_filter(struct desk *d, struct str text,
					     struct err *err);
/* Adds to the filter: this, or (`keep` false) its contrary. ERR_SYNTAX also
 * when it gets longer than a filter may be: nothing changes. */
ATTR_NODISCARD enum err_code desk_add_filter(struct desk *d, struct str text,
					     bool keep, struct err *err);
/* The same for a field that has this value. */
ATTR_NODISCARD enum err_code desk_add_term(struct desk *d, struct str field,
					   struct str value, bool keep,
					   struct err *err);
/* The same for a field that is null. */
ATTR_NODISCARD enum err_code desk_add_null(struct desk *d, struct str field,
					   bool keep, struct err *err);
/* All terms of the filter off, or those on again that are not off each. */
ATTR_NODISCARD enum err_code desk_filters_off(struct desk *d, bool off,
					      struct err *err);
/* One term off or on; `i` is below now.filters.n. */
ATTR_NODISCARD enum err_code desk_toggle_filter(struct desk *d, size_t i,
						struct err *err);
/* That one on, all others off. */
ATTR_NODISCARD enum err_code desk_only_filter(struct desk *d, size_t i,
					      struct err *err);
void desk_drop_filter(struct desk *d, size_t i);
/* Saves the filter in the case; with `forget` drops what has that name there.
 * ERR_SYNTAX, ERR_CASE, ERR_NOTFOUND: nothing changes. */
ATTR_NODISCARD enum err_code desk_save_filter(struct desk *d, struct str name,
					      bool forget, struct err *err);
void desk_set_window(struct desk *d, int64_t since, int64_t until);
/* Hides what a toggle hides, or shows it again. */
void desk_toggle(struct desk *d, enum toggle t);
/* All of them out of scope, or, where they are, in again. */
void desk_toggle_tactics(struct desk *d, tactic_set tactics);
void desk_toggle_technique(struct desk *d, const struct technique_id *id);
/* Drops filter, window and tactics. */
void desk_clear(struct desk *d);
/* The last change of narrowing or mutes. ERR_NOTFOUND when there is none,
 * ERR_CASE when a mute cannot be written: nothing changes. */
ATTR_NODISCARD enum err_code desk_undo(struct desk *d, struct err *err);
ATTR_NODISCARD enum err_code desk_redo(struct desk *d, struct err *err);
/* Puts everything back as it was at a place of the history. */
void desk_restore(struct desk *d, const struct narrowing *n,
		  const struct scope *s);
bool desk_is_narrowed(const struct desk *d);

/* Muting ---------------------------------------------------------------- */

/* Mutes and saved filters are read from a case, and kept in it; it outlives
 * the desk. */
void desk_use_case(struct desk *d, struct case_file *c);
/* Can be undone. ERR_CASE when it cannot be written: nothing changes. */
ATTR_NODISCARD enum err_code desk_mute(struct desk *d, const struct mute *m,
				       bool muted, struct err *err);
/* A step of a guide was done: the case says so. It cannot be undone, and
 * changes nothing that is shown. ERR_CASE when it cannot be written. */
ATTR_NODISCARD enum err_code desk_tick(struct desk *d,
				       const struct case_item *step,
				       struct err *err);
/* Says something in the case; `undo` is its contrary. Can be undone. Both are
 * taken over, and released when there is nothing to say. ERR_CASE when it
 * cannot be written: nothing changes, and the trouble stays on the screen. */
ATTR_NODISCARD enum err_code desk_say(struct desk *d, struct case_sayings *say,
				      struct case_sayings *undo,
				      struct err *err);
/* ERR_CASE when there is none that can be written. */
ATTR_NODISCARD enum err_code desk_has_case(const struct desk *d,
					   struct err *err);
/* What was decided of an alert. */
struct alert_state desk_alert_state(const struct desk *d,
				    const struct alert *a);
/* Muted alerts are at the end of the list, or are not. */
void desk_show_muted(struct desk *d, bool show);
/* The alerts as one list, muted ones in their places when they are shown. The
 * caller releases it before the snapshot. */
void desk_fold_shown(const struct desk *d, struct alerts *out);
void desk_order_alerts(struct desk *d, enum alert_by by, bool reversed);
/* The list of alerts as it is shown. */
size_t desk_alert_count(const struct desk *d);
const struct alert *desk_alert(const struct desk *d, size_t i, bool *muted);

/* Drilling -------------------------------------------------------------- */

/* Takes the scope over. */
void desk_set_scope(struct desk *d, struct scope scope);

/* Selecting ------------------------------------------------------------- */

/* Selects a row, or the one of the timeline that is nearest to it. */
void desk_select(struct desk *d, row_id row);
/* Selects a line of evidence, and the row that is nearest to it. */
void desk_select_evidence(struct desk *d, size_t line);
/* The line of that id, when it is there. */
void desk_select_evidence_of(struct desk *d, struct str id);
/* The line that is selected, or NULL. */
const struct evidence_line *desk_evidence_here(const struct desk *d);
/* Position of the selected row in the timeline. */
size_t desk_cursor(const struct desk *d);
/* The selected event's id, for the history; empty without one. */
void desk_selected_id(const struct desk *d, struct strbuf *out);

/* The alerts on the rows that are shown: of the scope as well, and without what
 * is muted; the caller releases them. */
void desk_shown_alerts(const struct desk *d, struct alerts *out);
/* All alerts of filter and window, whatever tactics are in scope; the caller
 * releases them. */
void desk_all_alerts(const struct desk *d, struct alerts *out);

/* Coverage -------------------------------------------------------------- */

/* What the snapshot's events hold; made when it is first asked for, and valid
 * until there is another snapshot. */
const struct coverage *desk_coverage(struct desk *d);
/* Gaps between digests, too, unless these are too many: how many there are. */
size_t desk_digests(struct desk *d);
/* What to say below "none" of what is narrowed to; empty while there may be
 * more to come. Valid until the desk changes. */
struct str desk_none(struct desk *d);
/* The same of one account ("": none in particular), added to `out`. */
void desk_none_of(struct desk *d, struct str account, struct strbuf *out);

/* Names how times are shown: "UTC", "UTC, from 06:22:02". */
void desk_zone_text(const struct desk *d, struct strbuf *out);

/* Times of the window, or of the evidence; false when there are none. */
bool desk_window(const struct desk *d, int64_t *since, int64_t *until);

/* The same; of a look around an event what it shows. */
bool desk_shown_span(const struct desk *d, int64_t *since, int64_t *until);

#endif /* TRAWL_DESK_H */
