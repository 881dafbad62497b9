/* SPDX-License-Identifier: MIT */
/*
 * The selected event's record as a tree that folds, or as it stands in its
 * file. The record is read when the selection comes to rest, not when it is
 * drawn.
 */
#include "ui/app.h"
#include "ui/panes/detail_lines.h"
#include "ui/panes/lit.h"
#include "ui/panes/profile.h"
#include "ui/panes/text.h"

#include "base/mem.h"
#include "ingest/reader.h"

#include <inttypes.h>
#include <stdlib.h>

enum detail_form { DETAIL_TREE, DETAIL_RAW, DETAIL_HEX, DETAIL_FORMS };

/* From so many columns on lines that have no room stand beside others. */
enum {
	TWO_COLUMNS = 100,
	HEX_COLUMNS = 78, /* for 16 bytes a line */
	BRIEF_ROWS = 12,
	RAW_LEAST = 36,
	RAW_MOST = 116,
};

struct detail_pane {
	struct list list;
	struct reader *reader;
	uint64_t made_of;      /* version of the snapshot of the reader */
	uint64_t edition;      /* of the case that the lines are of */
	size_t said;           /* lines of the case likewise */
	row_id row;            /* that the lines are of */
	uint64_t rows_version; /* of a line of evidence that they are of */
	size_t evidence;       /* that line, or SIZE_MAX */
	enum detail_form form;
	struct detail_lines lines;
	struct lit lit;        /* of the record */
	struct strbuf trouble; /* why the record cannot be shown */
	struct strbuf bytes;   /* of the record, in a form that shows them */
	int rows, cols;        /* of the pane */
	size_t width;          /* bytes a line, of raw and hex */
	bool rewrap;           /* and it is another now */
	int left;              /* columns scrolled off */
};

static void *detail_open(void)
{
	struct detail_pane *p = mem_zero(1, sizeof(*p));

	p->row = ROW_NONE;
	p->evidence = SIZE_MAX;
	p->width = RAW_LEAST;
	detail_lines_init(&p->lines);
	strbuf_init(&p->trouble);
	strbuf_init(&p->bytes);
	lit_init(&p->lit);
	return p;
}

static void detail_close(void *state)
{
	struct detail_pane *p = state;

	reader_free(p->reader);
	detail_lines_release(&p->lines);
	strbuf_release(&p->trouble);
	strbuf_release(&p->bytes);
	lit_release(&p->lit);
	free(p);
}

/* Refreshing -------------------------------------------------------------- */

/* The path of a scalar, as a filter names it. */
static void path_of_line(const struct detail_line *line, struct strbuf *path)
{
	strbuf_clear(path);
	strbuf_add(path, line->path);
	if (!line->in_array && path->n)
		strbuf_addc(path, '.');
	if (!line->in_array)
		strbuf_add(path, line->key);
}

static void light_lines(struct detail_pane *p, const struct desk *d,
			const struct event *e, size_t first)
{
	struct strbuf path;

	strbuf_init(&path);
	lit_gather(&p->lit, d, p->row, e);
	for (size_t i = first; i < p->lines.n; i++) {
		struct detail_line *line = &p->lines.line[i];

		if (!line->scalar || !line->named)
			continue;
		path_of_line(line, &path);
		line->lit = lit_has(&p->lit, strbuf_str(&path), line->value);
	}
	strbuf_release(&path);
}

static bool is_brief(const struct detail_pane *p)
{
	return p->rows < BRIEF_ROWS;
}

static enum err_code make_tree(struct detail_pane *p, struct desk *d,
			       struct err *err)
{
	size_t first = p->lines.n;
	const struct event *e;
	enum err_code rc = reader_event(p->reader, p->row, &e, err);

	if (rc != ERR_OK)
		return rc;
	detail_lines_record(&p->lines, e->record);
	light_lines(p, d, e, first);
	return ERR_OK;
}

static enum err_code make_bytes(struct detail_pane *p, struct err *err)
{
	struct str bytes;
	enum err_code rc = reader_raw(p->reader, p->row, &bytes, err);

	strbuf_clear(&p->bytes);
	if (rc != ERR_OK)
		return rc;
	strbuf_add(&p->bytes, bytes);
	if (p->form == DETAIL_HEX)
		detail_lines_hex(&p->lines, strbuf_str(&p->bytes), p->width);
	else
		detail_lines_raw(&p->lines, strbuf_str(&p->bytes), p->width);
	return ERR_OK;
}

static enum err_code make_lines(struct detail_pane *p, struct desk *d,
				struct err *err)
{
	enum err_code rc;

	if (p->made_of != d->snap->version) {
		reader_free(p->reader);
		p->reader = reader_new(d->snap->store,
				       investigation_limits(d->inv));
		p->made_of = d->snap->version;
	}
	detail_lines_said(&p->lines, d, p->row, is_brief(p));
	rc = p->form == DETAIL_TREE ? make_tree(p, d, err) : make_bytes(p, err);
	detail_lines_source(&p->lines, d, p->row);
	return rc;
}

/* What fits into the pane beside offset and letters, or by itself. */
static size_t width_for(const struct detail_pane *p)
{
	if (p->form == DETAIL_HEX)
		return p->cols < HEX_COLUMNS ? 8 : 16;
	return p->cols - 2 < RAW_LEAST ? RAW_LEAST :
	       p->cols - 2 > RAW_MOST  ? RAW_MOST :
					 (size_t)p->cols - 2;
}

static void remake(struct detail_pane *p, struct desk *d)
{
	struct err err;

	p->rewrap = false;
	p->width = width_for(p);
	p->edition = d->book.edition;
	p->said = d->book.lines;
	detail_lines_clear(&p->lines);
	strbuf_clear(&p->trouble);
	p->row = d->snap ? d->selected : ROW_NONE;
	p->evidence = d->on_evidence;
	p->rows_version = d->rows_version;
	if (desk_evidence_here(d))
		detail_lines_record(&p->lines,
				    desk_evidence_here(d)->event.record);
	else if (p->row != ROW_NONE && make_lines(p, d, &err))
		strbuf_adds(&p->trouble, err.msg);
	list_set_count(&p->list, p->lines.n);
}

static void detail_refresh(void *state, struct desk *d)
{
	struct detail_pane *p = state;
	bool other = !d->snap || p->row != d->selected ||
		     p->evidence != d->on_evidence ||
		     (desk_evidence_here(d) &&
		      p->rows_version != d->rows_version) ||
		     (!desk_evidence_here(d) && p->made_of != d->snap->version);

	if (!other && p->lines.n && !p->rewrap &&
	    p->edition == d->book.edition && p->said == d->book.lines)
		return;
	if (p->row != d->selected)
		p->left = 0;
	remake(p, d);
	if (other && p->list.cursor >= p->list.n)
		list_first(&p->list);
}

/* The tree has two columns of lines where that many columns are. */
static int columns_of(const struct detail_pane *p)
{
	return p->form == DETAIL_TREE && !is_brief(p) &&
			       p->cols >= TWO_COLUMNS ?
		       2 :
		       1;
}

static int detail_resized(void *state, int rows, int cols)
{
	struct detail_pane *p = state;

	bool brief = is_brief(p);

	p->rows = rows;
	p->cols = cols;
	if (p->form == DETAIL_TREE ? is_brief(p) != brief :
				     width_for(p) != p->width)
		p->rewrap = true;
	return rows * columns_of(p);
}

/* Another form may have other columns. */
static void set_form(struct detail_pane *p, struct desk *d,
		     enum detail_form form)
{
	p->form = form;
	p->left = 0;
	remake(p, d);
	list_set_height(&p->list, (size_t)(p->rows * columns_of(p)));
}

static const char *const forms[DETAIL_FORMS] = {
	[DETAIL_TREE] = "tree (r: raw, hex)",
	[DETAIL_RAW] = "raw (r: hex, tree)",
	[DETAIL_HEX] = "hex (r: tree, raw)",
};

static void detail_title(const void *state, const struct desk *d,
			 struct arena *arena, struct safetext *left,
			 struct safetext *right)
{
	const struct detail_pane *p = state;
	struct strbuf text;

	*right = safe_literal(forms[p->form]);
	if (desk_evidence_here(d)) {
		*left = safe_literal("5 Detail] evidence of the case");
		*right = safe_literal("");
		return;
	}
	if (!d->snap || p->row == ROW_NONE) {
		*left = safe_literal("5 Detail] no event is selected");
		return;
	}
	strbuf_init(&text);
	strbuf_add(&text, store_text(d->snap->store, EVENT_NAME, p->row));
	strbuf_adds(&text, "  ");
	time_format(&text, d->snap->store->time[p->row], TIME_ISO, &d->zone);
	*left = safe_join(arena, safe_literal("5 Detail] "),
			  safe_text(arena, strbuf_str(&text), SAFE_LIST));
	strbuf_release(&text);
}

/* Drawing ----------------------------------------------------------------- */

enum { KEY_WIDTH = 20 };

/* A user agent is on a list as a whole, blanks and all. */
static bool is_known_agent(const struct desk *d, const struct detail_line *line)
{
	const struct indicators *x = investigation_indicators(d->inv);

	return x && line->depth == 0 && str_eq(line->key, STR("userAgent")) &&
	       indicators_agent(x, line->value) != INDICATOR_NONE;
}

/* "H part of: Instance's ...  T1552.005           score 85" */
static void draw_heading(const struct detail_pane *p, struct canvas *c, int row,
			 const struct detail_line *line,
			 const struct drawing *how)
{
	struct safetext right = safe_text(how->arena, line->right, how->mode);
	struct safetext value = safe_text(how->arena, line->value, how->mode);
	int col = canvas_text(c, row, 1, level_text((enum level)line->level),
			      level_style((enum level)line->level)) +
		  1;
	int room = c->cols - col;
	/* In a few lines each is one: attributes tell nothing more. */
	enum style_role loud = is_brief(p) ? STYLE_NORMAL : STYLE_HEADING;
	enum style_role quiet = is_brief(p) ? STYLE_NORMAL : STYLE_MUTED;

	if (right.width && room > (int)right.width + 30) {
		canvas_text_end(c, row, c->cols - 1, right, quiet);
		room -= (int)right.width + 2;
	}
	if (p->left) {
		canvas_text(c, row, col - p->left, value, loud);
		return;
	}
	canvas_text(c, row, col,
		    safe_fit(how->arena, value, room > 0 ? (size_t)room : 0,
			     SAFE_CUT_END,
			     canvas_glyph_text(c, GLYPH_ELLIPSIS).p),
		    loud);
}

static void draw_bytes(const struct detail_pane *p, struct canvas *c, int row,
		       const struct detail_line *line,
		       const struct drawing *how)
{
	struct strbuf text;

	if (!line->hex) {
		canvas_text(c, row, 1 - p->left,
			    safe_text(how->arena, line->value, how->mode),
			    STYLE_NORMAL);
		return;
	}
	strbuf_init(&text);
	detail_hex_text(line, p->width, &text);
	canvas_text(c, row, 1 - p->left,
		    safe_text(how->arena, strbuf_str(&text), SAFE_LIST),
		    STYLE_NORMAL);
	strbuf_release(&text);
}

static enum style_role value_style(const struct desk *d,
				   const struct detail_line *line)
{
	if (is_known_agent(d, line))
		return STYLE_INDICATOR;
	if (line->lit || line->told)
		return STYLE_ACCENT;
	return line->scalar ? STYLE_NORMAL : STYLE_MUTED;
}

static void draw_line(const struct detail_pane *p, const struct desk *d,
		      struct canvas *c, int row, const struct detail_line *line,
		      const struct drawing *how)
{
	struct arena *a = how->arena;
	struct safetext value = safe_text(a, line->value, how->mode);
	int col = 1, room;

	if (line->heading) {
		draw_heading(p, c, row, line, how);
		return;
	}
	if (p->form != DETAIL_TREE && !line->key.n && !line->told) {
		draw_bytes(p, c, row, line, how);
		return;
	}
	for (unsigned i = 0; i < line->depth; i++, col += 2)
		canvas_glyph(c, row, col, GLYPH_PIPE, STYLE_MUTED);
	if (line->folds)
		canvas_glyph(c, row, col,
			     line->folded ? GLYPH_CLOSED : GLYPH_OPEN,
			     STYLE_NORMAL);
	col = canvas_text(c, row, col + 2, safe_text(a, line->key, how->mode),
			  STYLE_MUTED) +
	      1;
	if (col < KEY_WIDTH + 2 * (int)line->depth)
		col = KEY_WIDTH + 2 * (int)line->depth;
	room = c->cols - col - (line->lit ? 2 : 0);
	/* Enter shows what is cut off. */
	col = canvas_text(c, row, col,
			  safe_fit(a, value, room > 0 ? (size_t)room : 0,
				   line->tail ? SAFE_CUT_MIDDLE : SAFE_CUT_END,
				   canvas_glyph_text(c, GLYPH_ELLIPSIS).p),
			  value_style(d, line));
	/* By which a rule matched: not by its colour alone. */
	if (line->lit)
		canvas_glyph(c, row, col + 1, GLYPH_HERE, STYLE_ACCENT);
}

/* Lines go down the first column, then down the second. Where one column has
 * room for all of them it has the whole width. */
static void detail_draw(const void *state, const struct desk *d,
			struct canvas *c, const struct drawing *how)
{
	const struct detail_pane *p = state;
	int top = p->trouble.n ? 1 : 0, rows = c->rows - top;
	int columns = (int)p->list.n > rows ? columns_of(p) : 1;
	int width = c->cols / columns;

	if (p->trouble.n)
		canvas_text(c, 0, 1,
			    safe_text(how->arena, strbuf_str(&p->trouble),
				      SAFE_LIST),
			    STYLE_ERROR);
	for (int i = 0; rows > 0 && i < rows * columns; i++) {
		struct canvas column = canvas_sub(
			c, (struct rect){ top, i / rows * width, rows,
					  columns > 1 ? width - 1 : width });
		size_t row;

		if (!list_row_at(&p->list, (size_t)i, &row) ||
		    row >= p->lines.n)
			break;
		draw_line(p, d, &column, i % rows, &p->lines.line[row], how);
		draw_cursor(&column, i % rows, row == p->list.cursor,
			    how->focused);
		draw_matches(&column, i % rows, how->searched);
	}
}

/* Commands ---------------------------------------------------------------- */

static struct list *detail_list(void *state)
{
	return &((struct detail_pane *)state)->list;
}

static void detail_row_text(const void *state, const struct desk *d, size_t row,
			    struct strbuf *out)
{
	const struct detail_pane *p = state;
	const struct detail_line *line = &p->lines.line[row];

	(void)d;

	if (line->hex) {
		detail_hex_text(line, p->width, out);
		return;
	}
	strbuf_add(out, line->key);
	strbuf_addc(out, ' ');
	strbuf_add(out, line->value);
	/* What is wrapped may lie across the break. */
	if (p->form == DETAIL_RAW && row + 1 < p->lines.n &&
	    !p->lines.line[row + 1].key.n)
		strbuf_add(out, str_sub(p->lines.line[row + 1].value, 0,
					p->width / 2));
}

static void fold(struct detail_pane *p, struct desk *d, bool folded)
{
	size_t at = p->list.cursor;
	const struct detail_line *line;

	if (at >= p->lines.n || p->form != DETAIL_TREE)
		return;
	line = &p->lines.line[at];
	if (line->folds && line->folded != folded) {
		detail_lines_fold(&p->lines, line->path, folded);
		remake(p, d);
		return;
	}
	/* Nothing to fold: the line above it in the tree. */
	for (; folded && at && p->lines.line[at].depth >= line->depth; at--)
		;
	if (folded && line->depth)
		list_goto(&p->list, at);
}

/* True when something was folded. Each pass shows what may be folded in
 * turn; they end because a part that was unfolded stays so. */
static bool unfold_all(struct detail_pane *p, struct desk *d)
{
	bool was_folded = false, any;

	do {
		any = false;
		for (size_t i = 0; i < p->lines.n; i++)
			if (p->lines.line[i].folds && p->lines.line[i].folded) {
				detail_lines_fold(&p->lines,
						  p->lines.line[i].path, false);
				any = true;
			}
		if (any)
			remake(p, d);
		was_folded |= any;
	} while (any);
	return was_folded;
}

/* The lines are others then: a search that follows begins at the first. */
static void detail_reveal(void *state, struct desk *d)
{
	struct detail_pane *p = state;

	if (unfold_all(p, d))
		list_first(&p->list);
}

static void fold_all(struct detail_pane *p, struct desk *d)
{
	if (unfold_all(p, d))
		return;
	for (size_t i = 0; i < p->lines.n; i++)
		if (p->lines.line[i].folds && p->lines.line[i].depth == 0)
			detail_lines_fold(&p->lines, p->lines.line[i].path,
					  true);
	remake(p, d);
	list_first(&p->list);
}

static void narrow(struct detail_pane *p, struct app *app, bool keep)
{
	const struct detail_line *line =
		p->list.cursor < p->lines.n ? &p->lines.line[p->list.cursor] :
					      NULL;

	struct strbuf path;
	struct err err;

	if (!line || !line->scalar || !line->named) {
		app_say(app, "no value of the record is under the cursor");
		return;
	}
	strbuf_init(&path);
	path_of_line(line, &path);
	app_remember(app);
	if (line->null ? desk_add_null(app_desk(app), strbuf_str(&path), keep,
				       &err) :
			 desk_add_term(app_desk(app), strbuf_str(&path),
				       line->value, keep, &err))
		app_say(app, "%s", err.msg);
	strbuf_release(&path);
}

/* All that is known of an alert. */
static void open_alert(struct app *app, struct str whole)
{
	struct text_view *v = text_view_new("alert] of this event");
	struct str line;

	while (str_next(&whole, '\n', &line))
		text_view_add(v, NULL, line);
	app_open(app, &overlay_text, v);
}

/* Into a part that folds, or all of a value that may be cut off. */
static void drill(struct detail_pane *p, struct app *app)
{
	const struct detail_line *line =
		p->list.cursor < p->lines.n ? &p->lines.line[p->list.cursor] :
					      NULL;

	if (line && line->folds)
		fold(p, app_desk(app), !line->folded);
	else if (line && line->whole.n)
		open_alert(app, line->whole);
	else if (line)
		app_open_text(app, "value]", line->value);
}

/* The page of the value under the cursor. */
static bool show_page(struct detail_pane *p, struct app *app)
{
	const struct detail_line *line =
		p->list.cursor < p->lines.n ? &p->lines.line[p->list.cursor] :
					      NULL;
	struct strbuf path;
	bool found;

	if (!line || !line->scalar || !line->named)
		return false;
	strbuf_init(&path);
	path_of_line(line, &path);
	found = profile_go_to_value(app, strbuf_str(&path), line->value);
	strbuf_release(&path);
	return found;
}

static bool detail_command(void *state, struct app *app,
			   enum screen_command cmd, struct str argument)
{
	struct detail_pane *p = state;
	struct desk *d = app_desk(app);

	switch (cmd) {
	case DO_PANE_PROFILE:
		return !argument.n && show_page(p, app);
	case DO_FOLD:
	case DO_UNFOLD:
		if (p->form != DETAIL_TREE)
			p->left = cmd == DO_UNFOLD ? p->left + 8 :
				  p->left > 8      ? p->left - 8 :
						     0;
		else
			fold(p, d, cmd == DO_FOLD);
		return true;
	case DO_DRILL:
		drill(p, app);
		return true;
	case DO_FOLD_ALL:
		fold_all(p, d);
		return true;
	case DO_REPRESENT:
		set_form(p, d,
			 (enum detail_form)((p->form + 1) % DETAIL_FORMS));
		list_first(&p->list);
		return true;
	case DO_KEEP:
	case DO_HIDE:
		narrow(p, app, cmd == DO_KEEP);
		return true;
	default:
		return false;
	}
}

static void detail_save(const void *state, const struct desk *d,
			struct strbuf *out)
{
	const struct detail_pane *p = state;

	(void)d;
	strbuf_addf(out, "%d %zu", (int)p->form, p->list.cursor);
}

static void detail_restore(void *state, struct desk *d, struct str saved)
{
	struct detail_pane *p = state;
	struct str field;
	uint64_t v[2] = { 0, 0 };

	for (int i = 0; i < 2 && str_next(&saved, ' ', &field); i++)
		str_to_u64(field, &v[i]);
	set_form(p, d,
		 v[0] < DETAIL_FORMS ? (enum detail_form)v[0] : DETAIL_TREE);
	list_goto(&p->list, (size_t)v[1]);
}

const struct pane_class pane_detail = {
	.name = "Detail",
	.context = IN_DETAIL,
	.open = detail_open,
	.close = detail_close,
	.refresh = detail_refresh,
	.resized = detail_resized,
	.title = detail_title,
	.draw = detail_draw,
	.command = detail_command,
	.list = detail_list,
	.reveal = detail_reveal,
	.row_text = detail_row_text,
	.save = detail_save,
	.restore = detail_restore,
};
