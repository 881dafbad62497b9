/* SPDX-License-Identifier: MIT */
#include "ui/panes/incidents.h"

#include "model/identity.h"
#include "ui/picks.h"

void incident_view_init(struct incident_view *v)
{
	*v = (struct incident_view){ .on = false };
	strbuf_init(&v->kept);
}

/* What was made of another snapshot. */
static void forget(struct incident_view *v)
{
	if (!v->mapped)
		return;
	incidents_release(&v->all);
	alerts_release(&v->alerts);
	incident_map_release(&v->map);
	v->all.n = 0;
	v->mapped = 0;
}

void incident_view_release(struct incident_view *v)
{
	forget(v);
	strbuf_release(&v->kept);
}

static const struct incident *selected(const struct incident_view *v)
{
	return v->list.cursor < v->all.n ? &v->all.incident[v->list.cursor] :
					   NULL;
}

static void id_of(const struct desk *d, const struct incident *x,
		  struct strbuf *out)
{
	strbuf_clear(out);
	store_id_text(d->snap->store, x->first_row, out);
}

/* Who is one is asked once a snapshot, what is shown once a list of alerts. */
static void form(struct incident_view *v, const struct desk *d)
{
	const struct snapshot *snap = d->snap;

	if (v->mapped == snap->version && v->formed == d->alerts_version)
		return;
	if (v->mapped != snap->version)
		forget(v);
	if (v->mapped) {
		incidents_release(&v->all);
		alerts_release(&v->alerts);
	} else {
		incident_map_make(&v->map, snap->lineage, &snap->marks,
				  &snap->site);
	}
	v->mapped = snap->version;
	v->formed = d->alerts_version;
	desk_fold_shown(d, &v->alerts);
	incidents_form(&v->all, &v->map, &v->alerts, snap->store);
}

/* The incident that an event belongs to, whether or not it is shown itself;
 * `otherwise` when that is none of those that are. */
static size_t find_row(const struct incident_view *v, row_id row,
		       size_t otherwise)
{
	const struct incident_map *m = &v->map;
	uint32_t group = row == ROW_NONE ? 0 :
					   m->group[incident_identity(m, row)];

	for (size_t i = 0; group && i < v->all.n; i++)
		if (m->group[v->all.incident[i].identity[0]] == group)
			return i;
	return otherwise;
}

static void make(struct incident_view *v, struct desk *d)
{
	row_id kept = ROW_NONE;
	size_t cursor;

	v->late = false;
	form(v, d);
	if (v->kept.n)
		kept = store_find_id(d->snap->store, strbuf_str(&v->kept),
				     ROW_NONE);
	cursor = find_row(v, kept, 0);
	if (d->touched && v->all.n &&
	    !rowset_has(&v->all.incident[cursor].rows, d->selected))
		cursor = find_row(v, d->selected, cursor);
	list_replace(&v->list, v->all.n, cursor);
}

void incident_view_refresh(struct incident_view *v, struct desk *d)
{
	if (!v->on)
		return;
	v->late = d->snap && v->mapped != d->snap->version &&
		  d->snap->store->n > d->at_once;
	if (v->late)
		forget(v);
	if (v->late || !d->snap)
		list_replace(&v->list, 0, 0);
	else
		make(v, d);
}

void incident_view_ready(struct incident_view *v, struct desk *d)
{
	if (!v->on || !v->late || !d->snap)
		return;
	make(v, d);
	if (v->turned)
		incident_view_moved(v, d);
	v->turned = false;
}

void incident_view_turn(struct incident_view *v, struct desk *d)
{
	v->on = true;
	incident_view_refresh(v, d);
	v->turned = v->late;
	if (!v->late)
		incident_view_moved(v, d);
}

void incident_view_moved(struct incident_view *v, struct desk *d)
{
	const struct incident *x = selected(v);

	strbuf_clear(&v->kept);
	if (!x)
		return;
	id_of(d, x, &v->kept);
	desk_select(d, x->first_row);
}

void incident_view_agree(struct incident_view *v, struct desk *d)
{
	const struct incident *x = selected(v);

	if (x && d->touched && !rowset_has(&x->rows, d->selected))
		incident_view_moved(v, d);
}

/* Texts -------------------------------------------------------------------- */

void incident_view_title(const struct incident_view *v, struct arena *arena,
			 struct safetext *left, struct safetext *right)
{
	size_t alerts = 0;

	for (size_t i = 0; i < v->all.n; i++)
		alerts += v->all.incident[i].alert_n;
	*left = safe_format(arena, "1 Alerts] %zu incidents of %zu alerts",
			    v->all.n, alerts);
	*right = safe_join(arena, safe_literal("I:alerts  "),
			   list_position(&v->list, arena));
}

/* "ci-deploy > Build > OrgAdmin": who, in order of time. */
static struct str who_text(const struct desk *d, const struct incident *x,
			   struct arena *a)
{
	struct strbuf text;
	struct str kept;

	strbuf_init(&text);
	for (size_t i = 0; i < x->actors.n; i++) {
		if (i)
			strbuf_adds(&text, " > ");
		strbuf_add(&text,
			   actor_label(store_value(d->snap->store, EVENT_ACTOR,
						   x->actors.value[i]),
				       a));
	}
	kept = arena_dup(a, strbuf_str(&text));
	strbuf_release(&text);
	return kept;
}

/* The same in a row: several names share it, so each is cut. */
static struct safetext who_cell(const struct canvas *c, const struct desk *d,
				const struct incident *x, int width,
				struct arena *a)
{
	enum { NAME = 22 };
	struct safetext text = safe_literal("");
	size_t most = (size_t)(width > 0 ? width : 0);

	for (size_t i = 0; i < x->actors.n && text.width <= most; i++) {
		struct str name = actor_label(store_value(d->snap->store,
							  EVENT_ACTOR,
							  x->actors.value[i]),
					      a);

		if (i)
			text = safe_join(a, text, safe_literal(" > "));
		text = safe_join(a, text,
				 list_cell(c, a, name,
					   x->actors.n > 1 ? NAME : width,
					   SAFE_CUT_MIDDLE));
	}
	return safe_fit(a, text, most, SAFE_CUT_END,
			canvas_glyph_text(c, GLYPH_ELLIPSIS).p);
}

/* Each once, also where two of today's are one of the version's. */
static struct safetext tactics_text(const struct incident *x,
				    enum attack_version v, struct arena *a)
{
	struct safetext text = safe_literal("");
	tactic_set seen = 0;

	for (size_t i = 0; i < x->tactic_n; i++) {
		struct attack_tactic_form t = attack_tactic_as(v, x->tactic[i]);

		if (seen & t.covers)
			continue;
		text = safe_join(a, text,
				 safe_format(a, "%s%s", seen ? " > " : "",
					     t.abbreviation));
		seen |= t.covers;
	}
	return text;
}

static size_t count_hints(const struct incident *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->link_n; i++)
		n += x->link[i].why == INCIDENT_HINT;
	return n;
}

/* "joined by 1 hint" */
static struct safetext hints_text(const struct incident *x, struct arena *a)
{
	size_t hints = count_hints(x);

	return hints ? safe_format(a, "joined by %zu hint%s", hints,
				   hints == 1 ? "" : "s") :
		       safe_literal("");
}

/* "joined by 1 hint  ip 203.0.113.66 +2" */
static struct safetext where_text(const struct desk *d,
				  const struct incident *x, struct arena *a)
{
	struct safetext text = hints_text(x, a);

	if (!x->addresses.n)
		return text;
	if (text.width)
		text = safe_join(a, text, safe_literal("  "));
	text = safe_join(a, text, safe_literal("ip "));
	text = safe_join(a, text,
			 safe_text(a,
				   store_value(d->snap->store, EVENT_IP,
					       x->addresses.value[0]),
				   SAFE_LIST));
	if (x->addresses.n > 1)
		text = safe_join(a, text,
				 safe_format(a, " +%zu", x->addresses.n - 1));
	return text;
}

/* "3 accounts  14 alerts" */
static struct safetext counts_text(const struct incident *x, bool accounts,
				   struct arena *a)
{
	struct safetext alerts = safe_format(a, "%zu alert%s", x->alert_n,
					     x->alert_n == 1 ? "" : "s");

	if (!accounts)
		return alerts;
	return safe_join(a,
			 safe_format(a, "%zu account%s  ", x->accounts.n,
				     x->accounts.n == 1 ? "" : "s"),
			 alerts);
}

/* Drawing ------------------------------------------------------------------ */

static void draw_first(const struct desk *d, struct canvas *c, int row,
		       const struct incident *x, bool dates, struct arena *a)
{
	struct safetext counts = counts_text(x, c->cols >= 70, a);
	int end = c->cols - 1 - (int)counts.width, col;

	col = canvas_text(c, row, 1, level_text(x->level),
			  level_style(x->level));
	col = canvas_text(c, row, col, safe_format(a, "%4u", x->score),
			  STYLE_NORMAL);
	col = canvas_text(c, row, col + 2,
			  time_cell(d, x->first, TIME_NONE, dates, a),
			  STYLE_NORMAL);
	if (c->cols >= 70)
		col = canvas_text(c, row,
				  canvas_text(c, row, col, safe_literal(" -> "),
					      STYLE_MUTED),
				  time_cell(d, x->last, x->first, dates, a),
				  STYLE_NORMAL);
	col += 2;
	if (end > col + 1)
		canvas_text(c, row, col, who_cell(c, d, x, end - col - 1, a),
			    STYLE_NORMAL);
	canvas_text_end(c, row, c->cols, counts, STYLE_MUTED);
}

static void draw_second(const struct desk *d, struct canvas *c, int row,
			const struct incident *x, struct arena *a)
{
	struct safetext tactics = tactics_text(x, d->attack, a);
	struct safetext where = where_text(d, x, a);
	struct safetext ellipsis = canvas_glyph_text(c, GLYPH_ELLIPSIS);
	int col = 8, room = c->cols - col;

	/* That a hint joins it is told before where it came from. */
	if ((int)(tactics.width + where.width) + 2 > room)
		where = hints_text(x, a);
	if (where.width)
		room -= (int)where.width + 2;
	if (room > 0)
		tactics = safe_fit(a, tactics, (size_t)room, SAFE_CUT_END,
				   ellipsis.p);
	canvas_text_end(c, row, c->cols, where, STYLE_MUTED);
	canvas_text(c, row, col, tactics, STYLE_MUTED);
}

void incident_view_draw(const struct incident_view *v, const struct desk *d,
			struct canvas *c, const struct drawing *how)
{
	bool dates = desk_spans_days(d);
	size_t row;

	for (int line = 0; line < c->rows; line++) {
		size_t at = (size_t)line / INCIDENT_LINES;

		if (!list_row_at(&v->list, at, &row) || row >= v->all.n)
			break;
		if (line % INCIDENT_LINES == 0)
			draw_first(d, c, line, &v->all.incident[row], dates,
				   how->arena);
		else
			draw_second(d, c, line, &v->all.incident[row],
				    how->arena);
		draw_cursor(c, line, row == v->list.cursor, how->focused);
		draw_matches(c, line, how->searched);
	}
	if (!v->all.n && c->rows > 0)
		draw_none(c,
			  safe_literal(!d->snap ? "loading" :
				       v->late  ? "putting alerts together" :
						  "no alerts in scope, so no "
						  "incidents"),
			  strbuf_str(&d->none), how->arena);
}

/* All that a row can show, and what holds it together. */
void incident_view_row_text(const struct incident_view *v, const struct desk *d,
			    size_t row, struct strbuf *out)
{
	const struct incident *x = &v->all.incident[row];
	const struct store *s = d->snap->store;
	struct arena a;

	arena_init(&a);
	strbuf_addf(out, "%s %u ", level_name(x->level), x->score);
	time_format(out, x->first, TIME_DATETIME, &d->zone);
	strbuf_addc(out, ' ');
	strbuf_add(out, who_text(d, x, &a));
	strbuf_addc(out, ' ');
	strbuf_adds(out, tactics_text(x, d->attack, &a).p);
	for (size_t i = 0; i < x->addresses.n; i++) {
		strbuf_addc(out, ' ');
		strbuf_add(out,
			   store_value(s, EVENT_IP, x->addresses.value[i]));
	}
	for (size_t i = 0; i < x->link_n; i++) {
		strbuf_addc(out, ' ');
		incident_link_describe(&v->map, &x->link[i], out);
	}
	arena_release(&a);
}

bool incident_view_scope(const struct incident_view *v, const struct desk *d,
			 struct scope *out)
{
	const struct incident *x = selected(v);
	struct strbuf ids, label;
	struct arena a;

	if (!x)
		return false;
	arena_init(&a);
	strbuf_init(&ids);
	strbuf_init(&label);
	for (size_t i = 0; i < x->rows.n && i < SCOPE_IDS; i++) {
		if (i)
			strbuf_addc(&ids, ' ');
		store_id_text(d->snap->store, x->rows.row[i], &ids);
	}
	strbuf_adds(&label, "incident: ");
	strbuf_add(&label, who_text(d, x, &a));
	*out = scope_make(SCOPE_EVENTS, strbuf_str(&ids), STR_NULL, STR_NULL,
			  strbuf_str(&label));
	strbuf_release(&ids);
	strbuf_release(&label);
	arena_release(&a);
	return true;
}

void incident_view_picks(const struct incident_view *v, const struct desk *d,
			 struct picks *out)
{
	const struct incident *x = selected(v);

	for (size_t i = 0; x && i < x->actors.n; i++)
		picks_add(out, 'n', "actor",
			  store_value(d->snap->store, EVENT_ACTOR,
				      x->actors.value[i]));
	for (size_t i = 0; x && i < x->addresses.n; i++)
		picks_add(out, 'a', "ip",
			  store_value(d->snap->store, EVENT_IP,
				      x->addresses.value[i]));
}
