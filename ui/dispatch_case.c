/* SPDX-License-Identifier: MIT */
/* What is said in the case: stars, labels, notes, dispositions, evidence. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "ui/dispatch_private.h"
#include "ui/panes/text.h"
#include "ui/targets.h"

/* What is about to be said, and its contrary. */
struct saying {
	struct case_sayings say, undo;
};

static void begin(struct saying *s)
{
	case_sayings_init(&s->say);
	case_sayings_init(&s->undo);
}

/* Says it; false, and why, when it cannot be written or changes nothing. */
static bool say(struct app *a, struct saying *s, const char *nothing)
{
	struct err err;

	if (!s->say.n)
		app_say(a, "%s", nothing);
	else if (desk_say(a->desk, &s->say, &s->undo, &err))
		app_say(a, "%s", err.msg);
	else
		return true;
	case_sayings_release(&s->say);
	case_sayings_release(&s->undo);
	return false;
}

/* Stars -------------------------------------------------------------------- */

static bool is_starred(const struct desk *d, row_id row)
{
	size_t n;

	return said_of(d->snap->marks.said, row, SAID_STAR, &n) != NULL;
}

/* All of them get a star, unless they all have one. */
static void star(struct app *a)
{
	struct desk *d = a->desk;
	struct targets t;
	struct saying s;
	bool all = true;

	if (targets_find(a, &t)) {
		begin(&s);
		for (size_t i = 0; i < t.rows.n; i++)
			all &= is_starred(d, t.rows.row[i]);
		for (size_t i = 0; i < t.rows.n; i++)
			case_say_star(&s.say, &s.undo, &d->book, d->snap->store,
				      t.rows.row[i], !all);
		if (say(a, &s, "nothing to star"))
			app_say(a, "%s: %s; u takes it back",
				all ? "no star any more" : "starred", t.text);
	}
	targets_release(&t);
}

static void next_star(struct app *a, bool forward)
{
	struct desk *d = a->desk;
	const struct said_rows *said = d->snap ? d->snap->marks.said : NULL;
	row_id found = ROW_NONE;
	size_t hidden = 0;

	for (size_t i = 0; said && i < said->n; i++) {
		row_id row = said->item[i].row;

		if (said->item[i].kind != SAID_STAR)
			continue;
		if (!rowset_has(&d->rows, row))
			hidden++;
		else if (forward ? row > d->selected && found == ROW_NONE :
				   row < d->selected)
			found = row;
	}
	if (found != ROW_NONE) {
		desk_select(d, found);
		d->version++;
	} else {
		app_say(a, "no star %s this event%s",
			forward ? "after" : "before",
			hidden ? " among those shown; ' lists all" : "");
	}
}

/* Labels and notes --------------------------------------------------------- */

static void label(struct app *a, struct str text)
{
	struct desk *d = a->desk;
	bool has = !str_starts(text, STR("-"));
	struct str word = str_trim(has ? text : str_from(text, 1));
	struct targets t;
	struct saying s;

	if (!targets_find(a, &t)) {
		targets_release(&t);
		return;
	}
	if (!text.n) {
		char asked[80];

		snprintf(asked, sizeof(asked), "label of %s: ", t.text);
		app_ask_about(a, ASK_LABEL, asked);
	} else if (!word.n || word.n > CASE_LABEL_MAX) {
		app_say(a, "a label of at most %d letters was expected",
			CASE_LABEL_MAX);
	} else {
		begin(&s);
		for (size_t i = 0; i < t.rows.n; i++)
			case_say_label(&s.say, &s.undo, &d->book,
				       d->snap->store, t.rows.row[i], word,
				       has);
		if (say(a, &s, has ? "it has that label" : "no such label"))
			app_say(a, "label %.*s %s: %s; u takes it back",
				STR_ARG(word), has ? "given" : "taken away",
				t.text);
	}
	targets_release(&t);
}

static void note(struct app *a, struct str text)
{
	struct desk *d = a->desk;
	struct targets t;
	struct saying s;

	if (!targets_find(a, &t)) {
		targets_release(&t);
		return;
	}
	if (!text.n) {
		char asked[80];

		snprintf(asked, sizeof(asked), "note on %s: ", t.text);
		app_ask_about(a, ASK_NOTE, asked);
	} else {
		begin(&s);
		for (size_t i = 0; i < t.rows.n; i++)
			case_say_note(&s.say, &s.undo, d->snap->store,
				      t.rows.row[i], text);
		if (say(a, &s, "no note"))
			app_say(a, "noted: %s; u takes it back", t.text);
	}
	targets_release(&t);
}

void app_note_incident(struct app *a, struct str incident, struct str text)
{
	struct saying s;

	if (!text.n) {
		app_ask_about(a, ASK_NOTE, "note on this incident: ");
		return;
	}
	begin(&s);
	case_say_incident_note(&s.say, &s.undo, incident, text);
	if (say(a, &s, "no note"))
		app_say(a, "noted: this incident; u takes it back");
}

/* Dispositions ------------------------------------------------------------- */

static int by_rule(const void *x, const void *y)
{
	const struct mark *a = x, *b = y;

	if (a->label != b->label)
		return a->label < b->label ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* The alerts on some rows: rule by rule, whatever actor they fold by. */
static size_t dispose_rows(struct desk *d, const struct targets *t,
			   struct saying *s, enum disposition what)
{
	const struct marks *marks = &d->snap->marks;
	struct mark *all = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < t->rows.n; i++) {
		size_t of_row;
		const struct mark *m = marks_of(marks, t->rows.row[i], &of_row);

		all = mem_grow(all, &cap, n + of_row + 1, sizeof(*all));
		for (size_t k = 0; k < of_row; k++)
			all[n++] = m[k];
	}
	if (n)
		qsort(all, n, sizeof(*all), by_rule);
	for (size_t i = 0, end; i < n; i = end) {
		struct rowset rows = ROWSET_INIT;
		const struct rule *rule =
			&ruleset_at(investigation_rules(d->inv), all[i].label)
				 ->rule;

		for (end = i; end < n && all[end].label == all[i].label; end++)
			if (end == i || all[end].row != all[end - 1].row)
				rowset_add(&rows, all[end].row);
		case_say_disposition(&s->say, &s->undo, &d->said, rule,
				     all[i].label, STR_NULL, d->snap->store,
				     &rows, what);
		rowset_release(&rows);
	}
	free(all);
	return n;
}

static size_t dispose_alerts(struct desk *d, const struct targets *t,
			     struct saying *s, enum disposition what)
{
	size_t matches = 0;
	bool muted;

	for (size_t i = 0; i < t->n; i++) {
		const struct alert *al = desk_alert(d, t->alert[i], &muted);

		case_say_disposition(&s->say, &s->undo, &d->said, al->rule,
				     al->rule_number, alert_fold_text(al),
				     d->snap->store, &al->own, what);
		matches += al->own.n;
	}
	return matches;
}

static void dispose(struct app *a, enum disposition what)
{
	struct targets t;
	struct saying s;
	size_t matches;

	if (targets_find(a, &t)) {
		begin(&s);
		matches = t.alert ? dispose_alerts(a->desk, &t, &s, what) :
				    dispose_rows(a->desk, &t, &s, what);
		if (say(a, &s, "no alert is here"))
			app_say(a, "%s: %s, %zu match%s; u takes it back",
				disposition_words(what), t.text, matches,
				matches == 1 ? "" : "es");
	}
	targets_release(&t);
}

static void run_disposition(struct app *a, struct str name)
{
	enum disposition what = disposition_find(name);

	if (what < DISPOSITION_COUNT)
		dispose(a, what);
}

/* By its name or its letter. */
static enum disposition disposition_of(struct str word)
{
	for (int d = 0; word.n == 1 && d < DISPOSITION_COUNT; d++)
		if (word.p[0] == disposition_letter((enum disposition)d))
			return (enum disposition)d;
	return disposition_find(word);
}

static void ask_disposition(struct app *a)
{
	static const enum disposition order[] = {
		DISPOSITION_TRUE, DISPOSITION_FALSE, DISPOSITION_BENIGN,
		DISPOSITION_ACKNOWLEDGED, DISPOSITION_NEW
	};
	struct targets t;
	struct menu *m;
	char title[80];

	if (targets_find(a, &t)) {
		snprintf(title, sizeof(title), "d] disposition of %s", t.text);
		m = menu_new(title);
		for (size_t i = 0; i < ARRAY_SIZE(order); i++)
			menu_add(m, disposition_letter(order[i]),
				 str_of(disposition_words(order[i])),
				 run_disposition,
				 str_of(disposition_name(order[i])));
		app_open(a, &overlay_menu, m);
	}
	targets_release(&t);
}

static void disposition(struct app *a, struct str word)
{
	enum disposition what = disposition_of(word);

	if (!word.n)
		ask_disposition(a);
	else if (what < DISPOSITION_COUNT)
		dispose(a, what);
	else
		app_say(a,
			"%.*s is no disposition; true-positive, "
			"false-positive, benign, acknowledged or new was "
			"expected",
			STR_ARG(word));
}

/* Evidence from elsewhere -------------------------------------------------- */

static void evidence(struct app *a, struct str text)
{
	struct str time = STR_NULL, what = STR_NULL;
	struct saying s;
	int64_t t;

	str_next(&text, ';', &time);
	str_next(&text, ';', &what);
	t = time_parse(str_trim(time), &a->desk->zone);
	if (t == TIME_NONE || !str_trim(what).n) {
		app_say(a, "TIME; WHAT; WHERE SEEN was expected, such as "
			   "2026-01-09 21:40; curl 169.254.169.254; "
			   "web1:.bash_history");
		return;
	}
	begin(&s);
	case_say_evidence(&s.say, &s.undo, t, str_trim(what), str_trim(text));
	if (say(a, &s, "no evidence"))
		app_say(a, "evidence added; ' lists it, u takes it back");
}

/* Notes of the case -------------------------------------------------------- */

struct str app_case_notes(const struct app *a)
{
	const struct desk *d = a->desk;
	struct case_item own = { .kind = CASE_TEXT };
	const struct case_item *x;

	if (!d->case_file)
		return STR_NULL;
	own.author = case_author(d->case_file);
	x = case_book_find(&d->book, &own);
	return x ? x->text : STR_NULL;
}

/* Editors end a text with a line's end. */
void app_edited(struct app *a, struct str text)
{
	struct desk *d = a->desk;
	struct saying s;

	begin(&s);
	case_say_text(&s.say, &s.undo, &d->book, case_author(d->case_file),
		      str_trim(text));
	if (say(a, &s, "the notes of the case are as they were"))
		app_say(a, "the notes of the case are kept; u takes that back");
}

static void edit_notes(struct app *a)
{
	struct err err;

	if (desk_has_case(a->desk, &err))
		app_say(a, "%s", err.msg);
	else
		a->wish = APP_WISHES_EDIT;
}

bool dispatch_case(struct app *a, enum screen_command cmd, struct str argument)
{
	switch (cmd) {
	case DO_STAR:
		star(a);
		return true;
	case DO_NEXT_STAR:
	case DO_PREV_STAR:
		next_star(a, cmd == DO_NEXT_STAR);
		return true;
	case DO_STARS:
		app_open(a, &overlay_case, case_view_new());
		return true;
	case DO_DISPOSE:
		disposition(a, argument);
		return true;
	case DO_TAG:
		label(a, argument);
		return true;
	case DO_NOTE:
		note(a, argument);
		return true;
	case DO_CASE_NOTES:
		edit_notes(a);
		return true;
	case DO_EVIDENCE:
		evidence(a, argument);
		return true;
	default:
		return false;
	}
}
