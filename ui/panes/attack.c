/* SPDX-License-Identifier: MIT */
/*
 * Tactics and techniques: how many alerts each has, and which are in scope;
 * a matrix where there is room for one, else lists. What is counted are the
 * alerts of filter and window whatever the scope, so that a tactic that was
 * put out can be put in again.
 */
#include "ui/app.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "ui/panes/attack_matrix.h"
#include "ui/picks.h"

/* Tactics take the columns before it; from BESIDE_COLS on there is room. */
enum { BESIDE_AT = 46, BESIDE_COLS = 60 };

struct attack_pane {
	struct list list;
	bool techniques; /* of the chosen tactic, instead of all tactics */
	bool wide;       /* there is room for the matrix */
	int rows, cols;  /* of the pane */
	struct attack_matrix matrix;
	struct attack_cells cells;
};

static void *attack_open(void)
{
	struct attack_pane *p = mem_zero(1, sizeof(*p));

	p->cells.n = attack_order(p->cells.version, p->cells.order);
	p->matrix.tactic = p->cells.order[0];
	return p;
}

static void attack_close(void *state)
{
	struct attack_pane *p = state;

	attack_cells_release(&p->cells);
	free(p);
}

static bool shows_matrix(const struct attack_pane *p)
{
	return p->wide && !p->techniques;
}

static const struct attack_column *chosen(const struct attack_pane *p)
{
	return &p->cells.column[p->matrix.tactic];
}

/* Those of the list have alerts, and come first. */
static size_t alerted(const struct attack_column *column)
{
	size_t n = 0;

	while (n < column->n && column->cell[n].alerts)
		n++;
	return n;
}

static size_t rows_of(const struct attack_pane *p)
{
	if (shows_matrix(p))
		return chosen(p)->n + 1;
	return p->techniques ? alerted(chosen(p)) : p->cells.n;
}

static int lines(const struct attack_pane *p)
{
	return shows_matrix(p) ? p->rows - ATTACK_MATRIX_LINES : p->rows;
}

/* Its rows may be others now, and so may how many fit. */
static void take_rows(struct attack_pane *p, size_t cursor)
{
	size_t n = rows_of(p);

	list_set_height(&p->list, lines(p) > 0 ? (size_t)lines(p) : 0);
	list_replace(&p->list, n, cursor < n ? cursor : n ? n - 1 : 0);
}

/* The row of the list of tactics that the chosen one has. */
static size_t tactic_row(const struct attack_pane *p)
{
	for (size_t i = 0; i < p->cells.n; i++)
		if (p->cells.order[i] == p->matrix.tactic)
			return i;
	return 0;
}

/* A tactic as the version that is shown has it. */
static struct attack_tactic_form tactic_form(const struct attack_pane *p,
					     enum attack_tactic t)
{
	return attack_tactic_as(p->cells.version, t);
}

/* The chosen one is the one that has a column, also where the version has one
 * for two. */
static void settle_tactic(struct attack_pane *p)
{
	tactic_set covers = tactic_form(p, p->matrix.tactic).covers;
	size_t i = 0;

	while (!(covers & TACTIC_BIT(p->cells.order[i])))
		i++;
	p->matrix.tactic = p->cells.order[i];
}

/* Another version: the cursor stays on its tactic. */
static void take_version(struct attack_pane *p, enum attack_version v)
{
	bool listed = !p->techniques && !shows_matrix(p);

	if (v == p->cells.version)
		return;
	if (listed)
		p->matrix.tactic = p->cells.order[p->list.cursor];
	p->cells.version = v;
	p->cells.n = attack_order(v, p->cells.order);
	settle_tactic(p);
	if (listed)
		take_rows(p, tactic_row(p));
}

static void attack_refresh(void *state, struct desk *d)
{
	struct attack_pane *p = state;
	struct alerts all = { .n = 0 };
	int64_t window[2];

	take_version(p, d->attack);
	if (!d->snap) {
		take_rows(p, p->list.cursor);
		return;
	}
	desk_all_alerts(d, &all);
	attack_cells_count(&p->cells, d->attack, investigation_rules(d->inv),
			   &all, d->snap->store,
			   desk_window(d, &window[0], &window[1]) ? window :
								    NULL);
	alerts_release(&all);
	if (shows_matrix(p))
		attack_matrix_settle(&p->matrix, &p->cells);
	take_rows(p, p->list.cursor);
	if (!p->list.n)
		desk_none(d);
}

static int attack_resized(void *state, int rows, int cols)
{
	struct attack_pane *p = state;
	bool wide = cols >= ATTACK_MATRIX_COLS &&
		    rows >= 2 * ATTACK_MATRIX_LINES;

	p->rows = rows;
	p->cols = cols;
	if (wide != p->wide) {
		p->wide = wide;
		if (!p->techniques) {
			if (wide)
				attack_matrix_settle(&p->matrix, &p->cells);
			take_rows(p, wide ? 0 : tactic_row(p));
		}
	}
	return lines(p);
}

/* Tactics that have no room: "1 more right  ". */
static struct safetext beyond_text(const struct attack_pane *p, struct arena *a)
{
	size_t left, right;

	attack_matrix_beyond(&p->matrix, &p->cells, p->cols, &left, &right);
	if (left && right)
		return safe_format(a, "%zu more left, %zu right  ", left,
				   right);
	if (left)
		return safe_format(a, "%zu more left  ", left);
	if (right)
		return safe_format(a, "%zu more right  ", right);
	return safe_literal("");
}

static void attack_title(const void *state, const struct desk *d,
			 struct arena *arena, struct safetext *left,
			 struct safetext *right)
{
	const struct attack_pane *p = state;
	const char *version = attack_version_name(p->cells.version);
	unsigned hidden = attack_matrix_hidden(&p->matrix, &p->cells);

	if (p->techniques)
		*left = safe_format(arena, "3 ATT&CK %s] %s: techniques",
				    version,
				    tactic_form(p, p->matrix.tactic).title);
	else if (shows_matrix(p) && hidden)
		*left = safe_format(arena,
				    "3 ATT&CK %s] alerts of techniques   "
				    "%u empty tactic%s hidden (*: all)",
				    version, hidden, hidden == 1 ? "" : "s");
	else
		*left = safe_format(arena, "3 ATT&CK %s] %s%s", version,
				    shows_matrix(p) ? "alerts of techniques" :
						      "tactics",
				    d->now.hidden || d->now.hidden_n ?
					    ", some out of scope" :
					    "");
	*right = list_position(&p->list, arena);
	if (shows_matrix(p))
		*right = safe_join(arena, beyond_text(p, arena), *right);
}

static bool hides(const struct narrowing *n, const struct technique_id *id)
{
	for (size_t i = 0; i < n->hidden_n; i++)
		if (strcmp(n->hidden_technique[i].text, id->text) == 0)
			return true;
	return false;
}

/* "[x] Persistence          5 M #####" */
static void draw_line(struct canvas *c, int line, const char *in,
		      const char *id, const char *name, unsigned alerts,
		      int level, unsigned most, struct arena *a)
{
	int id_width = *id ? 11 : 0, bar, name_width;
	enum style_role style = alerts ? STYLE_NORMAL : STYLE_MUTED;

	canvas_text(c, line, 1, safe_literal(in), style);
	canvas_text(c, line, 5, safe_literal(id), style);
	name_width = c->cols - 5 - id_width - 16;
	if (name_width > 24 && !*id)
		name_width = 24;
	if (name_width < 8)
		name_width = 8;
	canvas_text(c, line, 5 + id_width,
		    list_cell(c, a, str_of(name), name_width, SAFE_CUT_END),
		    style);
	canvas_text_end(c, line, 5 + id_width + name_width + 5,
			safe_format(a, "%u", alerts), style);
	if (level < 0)
		return;
	bar = 5 + id_width + name_width + 6;
	canvas_text(c, line, bar, level_text((enum level)level),
		    level_style((enum level)level));
	bar += 2;
	for (unsigned i = 0; most && i < alerts * 8 / most + (alerts > 0) &&
			     bar + (int)i < c->cols;
	     i++)
		canvas_glyph(c, line, bar + (int)i, GLYPH_SPARK_8, STYLE_MUTED);
}

static void draw_list(const struct attack_pane *p, const struct desk *d,
		      struct canvas *c, const struct drawing *how)
{
	const struct attack_column *column = chosen(p);
	unsigned most = 0;
	size_t row;

	for (size_t i = 0; i < p->list.n; i++) {
		unsigned n =
			p->techniques ?
				column->cell[i].alerts :
				p->cells.column[p->cells.order[i]].whole.alerts;

		most = n > most ? n : most;
	}
	for (int line = 0; line < c->rows; line++) {
		if (!list_row_at(&p->list, (size_t)line, &row))
			break;
		if (p->techniques) {
			const struct attack_cell *t = &column->cell[row];
			const struct attack_technique_form form =
				attack_technique_as(p->cells.version, &t->id);

			draw_line(c, line,
				  hides(&d->now, &t->id) ? "[ ]" : "[x]",
				  form.id, form.title, t->alerts, t->level,
				  most, how->arena);
		} else {
			enum attack_tactic t = p->cells.order[row];
			const struct attack_tactic_form form = tactic_form(p,
									   t);
			const struct attack_cell *whole =
				&p->cells.column[t].whole;

			draw_line(c, line,
				  attack_scope_mark(form.covers, d->now.hidden),
				  "", form.title, whole->alerts, whole->level,
				  most, how->arena);
		}
		draw_cursor(c, line, row == p->list.cursor, how->focused);
		draw_matches(c, line, how->searched);
	}
	if (p->techniques && !p->list.n)
		draw_none(c, safe_literal("no alerts of this tactic"),
			  strbuf_str(&d->none), how->arena);
}

/* "T1087.004 Cloud Account            6 M" */
static void draw_technique(struct canvas *c, int line,
			   const struct attack_cell *t, enum attack_version v,
			   bool in, struct arena *a)
{
	const struct attack_technique_form form = attack_technique_as(v,
								      &t->id);
	enum style_role style = in ? STYLE_NORMAL : STYLE_MUTED;
	int room = c->cols - 17;

	canvas_text(c, line, 0, safe_literal(form.id), style);
	if (room >= 8)
		canvas_text(c, line, 11,
			    list_cell(c, a, str_of(form.title), room,
				      SAFE_CUT_END),
			    style);
	canvas_text_end(c, line, c->cols - 2, safe_format(a, "%u", t->alerts),
			style);
	canvas_text_end(c, line, c->cols, level_text((enum level)t->level),
			level_style((enum level)t->level));
}

/* Beside the tactics the techniques of the one under the cursor. */
static void draw_beside(const struct attack_pane *p, const struct desk *d,
			struct canvas *all, const struct drawing *how)
{
	struct canvas c = canvas_sub(all,
				     (struct rect){ 0, BESIDE_AT, all->rows,
						    all->cols - BESIDE_AT });
	enum attack_tactic tactic = p->cells.order[p->list.cursor];
	const struct attack_column *column = &p->cells.column[tactic];
	size_t n = alerted(column), lines = c.rows > 1 ? (size_t)c.rows - 1 : 0;
	size_t fit = n <= lines ? n : lines ? lines - 1 : 0;

	for (int row = 0; row < all->rows; row++)
		canvas_glyph(all, row, BESIDE_AT - 2, GLYPH_PIPE, STYLE_MUTED);
	canvas_text(&c, 0, 0,
		    list_cell(&c, how->arena,
			      n ? str_of(tactic_form(p, tactic).title) :
				  STR("no techniques"),
			      c.cols, SAFE_CUT_END),
		    n ? STYLE_HEADING : STYLE_MUTED);
	for (size_t i = 0; i < fit; i++)
		draw_technique(&c, (int)i + 1, &column->cell[i],
			       p->cells.version,
			       !hides(&d->now, &column->cell[i].id),
			       how->arena);
	if (fit < n && lines)
		canvas_text(&c, c.rows - 1, 0,
			    safe_format(how->arena, "and %zu more", n - fit),
			    STYLE_MUTED);
}

static void attack_draw(const void *state, const struct desk *d,
			struct canvas *c, const struct drawing *how)
{
	const struct attack_pane *p = state;

	if (shows_matrix(p)) {
		attack_matrix_draw(&p->matrix, &p->cells, &p->list, d, c, how);
		return;
	}
	if (!p->techniques && c->cols >= BESIDE_COLS && p->list.n) {
		struct canvas tactics = canvas_sub(
			c, (struct rect){ 0, 0, c->rows, BESIDE_AT - 2 });

		draw_list(p, d, &tactics, how);
		draw_beside(p, d, c, how);
		return;
	}
	draw_list(p, d, c, how);
}

static struct list *attack_list(void *state)
{
	return &((struct attack_pane *)state)->list;
}

/* The cell that the cursor is on, or a row is. */
static const struct attack_cell *cell_at(const struct attack_pane *p,
					 size_t row)
{
	if (shows_matrix(p))
		return attack_matrix_cell(&p->matrix, &p->cells, row);
	return p->techniques ? &chosen(p)->cell[row] :
			       &p->cells.column[p->cells.order[row]].whole;
}

static enum attack_tactic tactic_at(const struct attack_pane *p, size_t row)
{
	return shows_matrix(p) || p->techniques ? p->matrix.tactic :
						  p->cells.order[row];
}

static void attack_row_text(const void *state, const struct desk *d, size_t row,
			    struct strbuf *out)
{
	const struct attack_pane *p = state;

	(void)d;
	attack_cell_describe(cell_at(p, row), p->cells.version,
			     tactic_at(p, row), out);
}

static void show_techniques(struct attack_pane *p, bool on)
{
	if (on && !shows_matrix(p))
		p->matrix.tactic = p->cells.order[p->list.cursor];
	p->techniques = on;
	take_rows(p, 0);
	if (!on && !shows_matrix(p))
		list_goto(&p->list, tactic_row(p));
}

static void attack_picks(const void *state, const struct desk *d,
			 struct picks *out)
{
	const struct attack_pane *p = state;
	size_t at = p->list.cursor;

	(void)d;
	if (at >= p->list.n)
		return;
	if (*cell_at(p, at)->id.text)
		picks_add(out, 't', "technique",
			  str_of(cell_at(p, at)->shown.text));
	else
		picks_add(out, 'T', "tactic",
			  str_of(tactic_form(p, tactic_at(p, at)).name));
}

/* Enter on a technique, or on a tactic of the matrix: its events, as a filter
 * that can be undone. */
static void filter_cell(struct app *app, const struct attack_pane *p)
{
	struct picks here = { .n = 0 };
	struct err err;
	enum err_code rc;

	app_remember(app);
	attack_picks(p, app_desk(app), &here);
	rc = desk_add_term(app_desk(app), str_of(here.item[0].field),
			   here.item[0].value, true, &err);
	if (rc)
		app_say(app, "%s", err.msg);
	app_focus(app, PANE_TIMELINE);
}

static void move_column(struct attack_pane *p, int by)
{
	attack_matrix_move(&p->matrix, &p->cells, by);
	take_rows(p, p->list.cursor);
}

/* What only the matrix has. */
static bool matrix_command(struct attack_pane *p, enum screen_command cmd)
{
	if (!shows_matrix(p))
		return false;
	switch (cmd) {
	case DO_LEFT:
		move_column(p, -1);
		return true;
	case DO_RIGHT:
		move_column(p, 1);
		return true;
	case DO_FOLD_ALL:
		p->matrix.all = !p->matrix.all;
		attack_matrix_settle(&p->matrix, &p->cells);
		take_rows(p, p->list.cursor);
		return true;
	default:
		return false;
	}
}

static bool attack_command(void *state, struct app *app,
			   enum screen_command cmd, struct str argument)
{
	struct attack_pane *p = state;
	struct desk *d = app_desk(app);
	size_t at = p->list.cursor;

	(void)argument;
	if (at >= p->list.n && cmd != DO_REPRESENT && cmd != DO_CLOSE)
		return false;
	switch (cmd) {
	case DO_TOGGLE:
		if (*cell_at(p, at)->id.text)
			desk_toggle_technique(d, &cell_at(p, at)->id);
		else
			desk_toggle_tactics(
				d, tactic_form(p, tactic_at(p, at)).covers);
		return true;
	case DO_DRILL:
		if (p->techniques || shows_matrix(p))
			filter_cell(app, p);
		else
			show_techniques(p, true);
		return true;
	case DO_REPRESENT:
		show_techniques(p, !p->techniques);
		return true;
	case DO_CLOSE:
		if (!p->techniques)
			return false;
		show_techniques(p, false);
		return true;
	default:
		return matrix_command(p, cmd);
	}
}

static void attack_save(const void *state, const struct desk *d,
			struct strbuf *out)
{
	const struct attack_pane *p = state;

	(void)d;
	strbuf_addf(out, "%d %d %zu %d", p->techniques, (int)p->matrix.tactic,
		    p->list.cursor, p->matrix.all);
}

static void attack_restore(void *state, struct desk *d, struct str saved)
{
	struct attack_pane *p = state;
	struct str field;
	uint64_t v[4] = { 0, 0, 0, 0 };

	for (int i = 0; i < 4 && str_next(&saved, ' ', &field); i++)
		str_to_u64(field, &v[i]);
	p->techniques = v[0] != 0;
	if (v[1] < TACTIC_COUNT)
		p->matrix.tactic = (enum attack_tactic)v[1];
	settle_tactic(p);
	p->matrix.all = v[3] != 0;
	attack_refresh(p, d);
	list_goto(&p->list, (size_t)v[2]);
}

const struct pane_class pane_attack = {
	.name = "ATT&CK",
	.context = IN_ATTACK,
	.open = attack_open,
	.close = attack_close,
	.refresh = attack_refresh,
	.resized = attack_resized,
	.title = attack_title,
	.draw = attack_draw,
	.command = attack_command,
	.list = attack_list,
	.row_text = attack_row_text,
	.picks = attack_picks,
	.save = attack_save,
	.restore = attack_restore,
};
