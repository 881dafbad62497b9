/* SPDX-License-Identifier: MIT */
/* The alerts, folded by rule and actor, highest score first. */
#include "ui/app.h"

#include "base/mem.h"
#include "model/identity.h"
#include "ui/panes/incidents.h"
#include "ui/panes/muting.h"
#include "ui/panes/said.h"
#include "ui/picks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What a place of the history begins with that shows incidents. */
#define INCIDENTS_SAVED "incidents\n"

struct alerts_pane {
	struct list list;
	/* The alert under the cursor, found again when the list changes. */
	bool kept, muted;
	rule_index rule;
	struct strbuf fold; /* its alert_fold_text */
	size_t fresh; /* alerts with matches that nothing was decided of, as */
	uint64_t fresh_of, fresh_edition; /* of these alerts and that case, */
	size_t fresh_decided;             /* with so many decisions */
	struct incident_view incidents;   /* shown instead, while it is on */
};

static void *alerts_open(void)
{
	struct alerts_pane *p = mem_zero(1, sizeof(*p));

	strbuf_init(&p->fold);
	incident_view_init(&p->incidents);
	return p;
}

static void alerts_close(void *state)
{
	struct alerts_pane *p = state;

	strbuf_release(&p->fold);
	incident_view_release(&p->incidents);
	free(p);
}

static const struct alert *selected(const struct alerts_pane *p,
				    const struct desk *d, bool *muted)
{
	return p->list.cursor < desk_alert_count(d) ?
		       desk_alert(d, p->list.cursor, muted) :
		       NULL;
}

static void keep_selected(struct alerts_pane *p, const struct desk *d)
{
	const struct alert *al = selected(p, d, &p->muted);

	strbuf_clear(&p->fold);
	p->kept = al != NULL;
	if (!al)
		return;
	p->rule = al->rule_number;
	strbuf_add(&p->fold, alert_fold_text(al));
}

/* The alert at `cursor` if it is about the selected event, else another one
 * that is, else the one at `cursor`. */
static size_t about_selected(const struct desk *d, size_t cursor)
{
	size_t n = desk_alert_count(d);
	bool muted;

	if (!n || rowset_has(&desk_alert(d, cursor, &muted)->rows, d->selected))
		return cursor;
	for (size_t i = 0; i < n; i++)
		if (rowset_has(&desk_alert(d, i, &muted)->rows, d->selected))
			return i;
	return cursor;
}

/* The alert that was kept, muted or not: that may have changed. */
static bool find_kept(const struct alerts_pane *p, const struct desk *d,
		      size_t *at)
{
	bool found = false;

	for (size_t i = 0; p->kept && i < desk_alert_count(d); i++) {
		bool muted;
		const struct alert *al = desk_alert(d, i, &muted);

		if (al->rule_number != p->rule ||
		    !str_eq(alert_fold_text(al), strbuf_str(&p->fold)))
			continue;
		if (!found || muted == p->muted)
			*at = i;
		found = true;
	}
	return found;
}

/* Asked of every match: once for alerts and case as they are. */
static void count_fresh(struct alerts_pane *p, const struct desk *d)
{
	if (p->fresh_of == d->alerts_version &&
	    p->fresh_edition == d->said.edition &&
	    p->fresh_decided == d->said.dispositions)
		return;
	p->fresh = 0;
	p->fresh_of = d->alerts_version;
	p->fresh_edition = d->said.edition;
	p->fresh_decided = d->said.dispositions;
	for (size_t i = 0; d->book.list[CASE_DISPOSITION].n && i < d->alerts.n;
	     i++) {
		struct alert_state state =
			desk_alert_state(d, &d->alerts.alert[i]);

		p->fresh += !state.covered || state.open;
	}
}

static void alerts_refresh(void *state, struct desk *d)
{
	struct alerts_pane *p = state;
	size_t n = desk_alert_count(d), cursor = p->kept ? p->list.cursor : 0;
	bool muted;

	if (!n)
		desk_none(d);
	incident_view_refresh(&p->incidents, d);
	count_fresh(p, d);
	find_kept(p, d, &cursor);
	if (cursor >= n)
		cursor = n ? n - 1 : 0;
	if (d->touched)
		cursor = about_selected(d, cursor);
	list_replace(&p->list, n, cursor);
	/* Until a key is pressed the highest alert is what is looked at. */
	if (!d->touched && n && desk_alert(d, 0, &muted)->rows.n)
		desk_select(d, desk_alert(d, 0, &muted)->told);
}

static void alerts_title(const void *state, const struct desk *d,
			 struct arena *arena, struct safetext *left,
			 struct safetext *right)
{
	const struct alerts_pane *p = state;

	if (p->incidents.on) {
		incident_view_title(&p->incidents, arena, left, right);
		return;
	}
	*left = safe_format(arena, "1 Alerts] %zu", d->alerts.n);
	if (d->book.list[CASE_DISPOSITION].n)
		*left = safe_join(arena, *left,
				  safe_format(arena, ", %zu new", p->fresh));
	if (d->muted_alerts.n)
		*left = safe_join(arena, *left,
				  safe_format(arena, ", %zu muted%s",
					      d->muted_alerts.n,
					      d->show_muted ? " shown" : ""));
	*right = safe_join(arena,
			   safe_format(arena, "s:%s%s ",
				       alert_by_name(d->order.by),
				       d->order.reversed ? " reversed" : ""),
			   list_position(&p->list, arena));
}

/* In the order of rules: does the line above name the rule already? */
static bool goes_on(const struct desk *d, size_t row)
{
	bool muted;

	return d->order.by == ALERTS_BY_RULE && row && row < d->alerts.n &&
	       desk_alert(d, row, &muted)->rule_number ==
		       desk_alert(d, row - 1, &muted)->rule_number;
}

/* " x3 denied muted", behind the title. */
static struct safetext count_text(const struct alert *al, bool muted,
				  struct arena *a)
{
	const char *silent = muted ? " muted" : "";
	const char *what = al->outcome[OUTCOME_OK]     ? "" :
			   al->outcome[OUTCOME_DENIED] ? " denied" :
							 " failed";

	if (al->count == 1)
		return safe_format(a, "%s%s", what, silent);
	return safe_format(a, " x%zu%s%s", al->count, what, silent);
}

static void draw_alert(const struct desk *d, struct canvas *c, int row,
		       size_t row_of_list, bool dates, struct arena *a)
{
	bool muted;
	const struct alert *al = desk_alert(d, row_of_list, &muted);
	enum style_role style = muted ? STYLE_MUTED : STYLE_NORMAL;
	int technique = c->cols >= 60 ? 10 : 0;
	int who = c->cols >= 100 ? 36 : c->cols >= 70 ? 20 : 0;
	struct str name = actor_label(al->actor_text, a);
	struct safetext count = count_text(al, muted, a);
	bool again = goes_on(d, row_of_list);
	int title, col;

	col = canvas_text(c, row, 1, level_text(al->level),
			  muted ? STYLE_MUTED : level_style(al->level));
	if (draw_disposition(c, row, col + 1, d, al, a))
		col += DISPOSITION_WIDTH;
	if (d->book.list[CASE_STAR].n || d->book.list[CASE_NOTE].n) {
		draw_said(c, row, col + 1, d, &al->rows);
		col += 2;
	}
	col = canvas_text(c, row, col + 1,
			  time_cell(d, d->snap->store->time[al->told],
				    TIME_NONE, dates, a),
			  style) +
	      2;
	title = c->cols - col - technique - who - 1;
	canvas_text(
		c, row,
		canvas_text(
			c, row, col,
			again ? safe_join(
					a, safe_literal("  "),
					list_cell(c, a, name,
						  title - 2 - (int)count.width,
						  SAFE_CUT_MIDDLE)) :
				list_cell(c, a, al->rule->title,
					  title - (int)count.width,
					  SAFE_CUT_END),
			style),
		count,
		al->outcome[OUTCOME_OK] || muted ? STYLE_MUTED : STYLE_DENIED);
	col += title + 1;
	if (who && !again)
		canvas_text(c, row, col,
			    list_cell(c, a, name, who - 1, SAFE_CUT_MIDDLE),
			    style);
	if (technique && al->rule->technique_n)
		canvas_text(
			c, row, c->cols - technique,
			safe_format(a, "%s",
				    attack_technique_as(d->attack,
							&al->rule->technique[0])
					    .id),
			STYLE_MUTED);
}

static bool is_chosen(const struct alerts_pane *p, const struct desk *d,
		      size_t row)
{
	bool muted;

	return chosen_in_range(&d->chosen, true, row, p->list.cursor) ||
	       (d->chosen.n &&
		chosen_has_alert(&d->chosen, desk_alert(d, row, &muted)));
}

static void alerts_draw(const void *state, const struct desk *d,
			struct canvas *c, const struct drawing *how)
{
	const struct alerts_pane *p = state;
	bool dates = desk_spans_days(d);
	size_t row;

	if (p->incidents.on) {
		incident_view_draw(&p->incidents, d, c, how);
		return;
	}
	for (int line = 0; line < c->rows; line++) {
		if (!list_row_at(&p->list, (size_t)line, &row) ||
		    row >= desk_alert_count(d))
			break;
		draw_alert(d, c, line, row, dates, how->arena);
		if (is_chosen(p, d, row))
			draw_chosen(c, line);
		draw_cursor(c, line, row == p->list.cursor, how->focused);
		draw_matches(c, line, how->searched);
	}
	if (!desk_alert_count(d) && c->rows > 0)
		draw_none(c,
			  safe_literal(!d->snap ? "loading" :
				       d->muted_alerts.n ?
						  "all alerts in scope are "
						  "muted; :muted shows them" :
						  "no alerts in scope; no "
						  "alert is not no attack"),
			  d->muted_alerts.n ? STR_NULL : strbuf_str(&d->none),
			  how->arena);
}

static struct list *alerts_list(void *state)
{
	struct alerts_pane *p = state;

	return p->incidents.on ? &p->incidents.list : &p->list;
}

/* An incident has two lines. */
static int alerts_resized(void *state, int rows, int cols)
{
	struct alerts_pane *p = state;
	int shown = rows / INCIDENT_LINES;

	(void)cols;
	list_set_height(&p->list, rows > 0 ? (size_t)rows : 0);
	list_set_height(&p->incidents.list, shown > 0 ? (size_t)shown : 1);
	return p->incidents.on ? (shown > 0 ? shown : 1) : rows;
}

/* All that a row shows at its widest. */
static void alerts_row_text(const void *state, const struct desk *d, size_t row,
			    struct strbuf *out)
{
	const struct alerts_pane *p = state;
	const struct alert *al;
	struct arena a;
	bool muted;

	if (p->incidents.on) {
		incident_view_row_text(&p->incidents, d, row, out);
		return;
	}
	/* A search goes on while the desk's alerts become fewer. */
	if (row >= desk_alert_count(d))
		return;
	al = desk_alert(d, row, &muted);
	arena_init(&a);
	strbuf_adds(out, level_name(al->level));
	strbuf_addc(out, ' ');
	time_format(out, d->snap->store->time[al->told], TIME_DATETIME,
		    &d->zone);
	strbuf_addc(out, ' ');
	strbuf_add(out, al->rule->title);
	strbuf_adds(out, count_text(al, muted, &a).p);
	strbuf_addc(out, ' ');
	strbuf_add(out, actor_label(al->actor_text, &a));
	for (size_t i = 0; i < al->rule->technique_n; i++)
		strbuf_addf(out, " %s",
			    attack_technique_as(d->attack,
						&al->rule->technique[i])
				    .id);
	arena_release(&a);
}

static void alerts_moved(void *state, struct desk *d)
{
	struct alerts_pane *p = state;
	bool muted;
	const struct alert *al = selected(p, d, &muted);

	if (p->incidents.on) {
		incident_view_moved(&p->incidents, d);
		return;
	}
	keep_selected(p, d);
	if (al && al->rows.n)
		desk_select(d, al->told);
}

static void alerts_agree(void *state, struct desk *d)
{
	struct alerts_pane *p = state;
	bool muted;
	const struct alert *al = selected(p, d, &muted);

	if (p->incidents.on) {
		incident_view_agree(&p->incidents, d);
		return;
	}
	if (al && d->touched && !rowset_has(&al->rows, d->selected))
		alerts_moved(p, d);
}

/* Turns the list over, staying with what is selected. */
static void turn_over(struct alerts_pane *p, struct desk *d, bool incidents)
{
	if (incidents) {
		incident_view_turn(&p->incidents, d);
	} else {
		p->incidents.on = false;
		alerts_refresh(p, d);
		keep_selected(p, d);
	}
}

/* True when the command is one for incidents. */
static bool incidents_command(struct alerts_pane *p, struct app *app,
			      enum screen_command cmd, struct str argument)
{
	struct scope scope;

	switch (cmd) {
	case DO_INCIDENTS:
		turn_over(p, app_desk(app), false);
		return true;
	case DO_DRILL:
		if (incident_view_scope(&p->incidents, app_desk(app), &scope))
			app_drill(app, scope);
		else
			app_say(app, "no incident is selected");
		return true;
	case DO_MUTE:
	case DO_DISPOSE:
	case DO_CHOOSE:
	case DO_CHOOSE_RANGE:
	case DO_CHOOSE_MATCHING:
	case DO_SORT:
	case DO_REVERSE:
		app_say(app, "that is for alerts, not for incidents; I turns "
			     "to them");
		return true;
	case DO_NOTE:
		if (p->incidents.kept.n)
			app_note_incident(app, strbuf_str(&p->incidents.kept),
					  argument);
		else
			app_say(app, "no incident is selected");
		return true;
	default:
		return false;
	}
}

/* The next order, or the one that is named. */
static void change_order(struct app *app, struct str name, bool reverse)
{
	struct desk *d = app_desk(app);
	enum alert_by by = d->order.by;

	if (reverse) {
		desk_order_alerts(d, by, !d->order.reversed);
	} else if (name.n && !alert_by_parse(name, &by)) {
		app_say(app, "%.*s: score, level, time, actor or rule",
			STR_ARG(name));
		return;
	} else {
		if (!name.n)
			by = (enum alert_by)((by + 1) % ALERT_ORDER_COUNT);
		desk_order_alerts(d, by, d->order.reversed);
	}
	app_say(app, "alerts by %s%s", alert_by_name(d->order.by),
		d->order.reversed ? ", reversed" : "");
}

static bool alerts_command(void *state, struct app *app,
			   enum screen_command cmd, struct str argument)
{
	struct alerts_pane *p = state;
	bool muted;
	const struct alert *al = selected(p, app_desk(app), &muted);

	if (p->incidents.on)
		return incidents_command(p, app, cmd, argument);
	if (cmd == DO_INCIDENTS) {
		turn_over(p, app_desk(app), true);
		return true;
	}
	if (cmd == DO_SORT || cmd == DO_REVERSE) {
		change_order(app, argument, cmd == DO_REVERSE);
		return true;
	}
	if (cmd != DO_DRILL && cmd != DO_MUTE && cmd != DO_GUIDE)
		return false;
	if (!al)
		app_say(app, "no alert is selected");
	else if (cmd == DO_GUIDE)
		app_open_guide(app, al->rule_number);
	else if (cmd == DO_DRILL)
		app_drill(app, scope_of_alert(al));
	else
		mute_alert(app, al, muted, argument);
	return true;
}

static void alerts_picks(const void *state, const struct desk *d,
			 struct picks *out)
{
	const struct alerts_pane *p = state;
	bool muted;
	const struct alert *al;

	if (p->incidents.on) {
		incident_view_picks(&p->incidents, d, out);
		return;
	}
	al = selected(p, d, &muted);
	if (!al)
		return;
	picks_add(out, 'r', "rule", al->rule->title);
	picks_add(out, 'n', "actor", al->actor_text);
	for (size_t i = 0; i < al->rule->technique_n; i++)
		picks_add(out, 't', "technique",
			  str_of(attack_technique_as(d->attack,
						     &al->rule->technique[i])
					 .id));
	for (int t = 0; t < TACTIC_COUNT; t++)
		if (al->rule->tactics & TACTIC_BIT(t))
			picks_add(out, 'T', "tactic",
				  str_of(attack_tactic_as(d->attack,
							  (enum attack_tactic)t)
						 .name));
	picks_add(out, 'l', "level", str_of(level_name(al->level)));
	picks_event(out, d, al->told);
}

static void alerts_save(const void *state, const struct desk *d,
			struct strbuf *out)
{
	const struct alerts_pane *p = state;

	(void)d;
	if (p->incidents.on) {
		strbuf_adds(out, INCIDENTS_SAVED);
		strbuf_add(out, strbuf_str(&p->incidents.kept));
		return;
	}
	if (!p->kept)
		return;
	strbuf_addf(out, "%" PRIu32 "\n", p->rule);
	strbuf_add(out, strbuf_str(&p->fold));
}

static void alerts_restore(void *state, struct desk *d, struct str saved)
{
	struct alerts_pane *p = state;
	size_t cut = str_find_char(saved, '\n', 0);
	uint64_t rule = 0;

	p->incidents.on = str_starts(saved, STR(INCIDENTS_SAVED));
	if (p->incidents.on) {
		strbuf_clear(&p->incidents.kept);
		strbuf_add(&p->incidents.kept,
			   str_from(saved, strlen(INCIDENTS_SAVED)));
		alerts_refresh(p, d);
		return;
	}
	strbuf_clear(&p->fold);
	p->kept = str_to_u64(str_sub(saved, 0, cut), &rule);
	p->rule = (rule_index)rule;
	if (p->kept)
		strbuf_add(&p->fold, str_from(saved, cut + 1));
	alerts_refresh(p, d);
}

static bool alerts_busy(const void *state)
{
	const struct alerts_pane *p = state;

	return p->incidents.on && p->incidents.late;
}

static void alerts_ready(void *state, struct desk *d)
{
	incident_view_ready(&((struct alerts_pane *)state)->incidents, d);
}

static void alerts_step(void *state, struct desk *d, unsigned ms)
{
	(void)ms;
	alerts_ready(state, d);
}

bool alerts_shows_incidents(const struct pane *alerts)
{
	return ((const struct alerts_pane *)alerts->state)->incidents.on;
}

const struct pane_class pane_alerts = {
	.name = "Alerts",
	.context = IN_ALERTS,
	.open = alerts_open,
	.close = alerts_close,
	.refresh = alerts_refresh,
	.title = alerts_title,
	.draw = alerts_draw,
	.command = alerts_command,
	.list = alerts_list,
	.resized = alerts_resized,
	.row_text = alerts_row_text,
	.picks = alerts_picks,
	.moved = alerts_moved,
	.agree = alerts_agree,
	.busy = alerts_busy,
	.step = alerts_step,
	.ready = alerts_ready,
	.save = alerts_save,
	.restore = alerts_restore,
};
