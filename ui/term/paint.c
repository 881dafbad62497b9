/* SPDX-License-Identifier: MIT */
#include "ui/term/paint.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct cell blank_cell = { " ", 1, 1, STYLE_NORMAL, 0 };

void paint_init(struct paint *p, const struct paint_term *term)
{
	*p = (struct paint){ .term = term, .row = -1, .col = -1 };
}

void paint_release(struct paint *p)
{
	free(p->shown);
	free(p->wanted);
	free(p->blanks);
	*p = (struct paint){ .row = -1, .col = -1 };
}

static void blank_cells(struct cell *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cells[i] = blank_cell;
}

void paint_resize(struct paint *p, int rows, int cols)
{
	size_t n = (size_t)rows * (size_t)cols;

	p->rows = rows;
	p->cols = cols;
	p->shown = mem_resize(p->shown, n, sizeof(*p->shown));
	p->wanted = mem_resize(p->wanted, n, sizeof(*p->wanted));
	p->blanks = mem_resize(p->blanks, (size_t)cols, sizeof(*p->blanks));
	blank_cells(p->wanted, n);
	blank_cells(p->blanks, (size_t)cols);
	paint_cleared(p);
}

void paint_cleared(struct paint *p)
{
	blank_cells(p->shown, (size_t)p->rows * (size_t)p->cols);
	p->look = (struct paint_look){ 0, 0 };
	paint_lost(p);
}

void paint_lost(struct paint *p)
{
	p->row = p->col = -1;
}

/* Cells ------------------------------------------------------------------- */

static struct paint_look look_of(const struct paint *p, const struct cell *c)
{
	return p->term->look[c->style];
}

static bool same_look(struct paint_look a, struct paint_look b)
{
	return a.attrs == b.attrs && a.color == b.color;
}

static bool is_space(const struct cell *c)
{
	return c->n == 1 && c->text[0] == ' ';
}

static bool is_blank(const struct cell *c)
{
	return is_space(c) && c->style == STYLE_NORMAL;
}

/* Roles that look alike become one, so that cells compare as bytes. Of a blank
 * nobody sees whether it is dim. */
static struct cell normal_form(const struct paint *p, struct cell c)
{
	struct paint_look look = look_of(p, &c);

	if (is_space(&c) && !look.color)
		look.attrs &= (unsigned char)~PAINT_DIM;
	for (int s = 0; s < c.style; s++)
		if (same_look(p->term->look[s], look)) {
			c.style = (uint8_t)s;
			break;
		}
	return c;
}

static struct cell *row_of(const struct paint *p, struct cell *grid, int row)
{
	return grid + (size_t)row * (size_t)p->cols;
}

void paint_want(struct paint *p, int row, const struct cell *cells)
{
	struct cell *out = row_of(p, p->wanted, row);

	for (int col = 0; col < p->cols; col++)
		out[col] = normal_form(p, cells[col]);
	if (p->term->no_corner && row == p->rows - 1)
		out[p->cols - 1] = blank_cell;
}

static bool same(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static bool row_differs(const struct paint *p, int row)
{
	return memcmp(row_of(p, p->shown, row), row_of(p, p->wanted, row),
		      (size_t)p->cols * sizeof(*p->shown)) != 0;
}

bool paint_done(const struct paint *p)
{
	for (int row = 0; row < p->rows; row++)
		if (row_differs(p, row))
			return false;
	return true;
}

/* Attributes -------------------------------------------------------------- */

/* "\e[...m" without "\e[" and "m"; false for what has another shape. */
static bool sgr_of(struct str s, struct str *numbers)
{
	if (s.n < 3 || s.p[0] != '\x1b' || s.p[1] != '[' || s.p[s.n - 1] != 'm')
		return false;
	*numbers = str_sub(s, 2, s.n - 1);
	for (size_t i = 0; i < numbers->n; i++)
		if (numbers->p[i] != ';' &&
		    (numbers->p[i] < '0' || numbers->p[i] > '9'))
			return false;
	return true;
}

/* Adds a sequence that sets attributes; to one that stands before it (from
 * `from` on) in one go, where both are of the kind that can. */
static void add_sgr(struct strbuf *out, size_t from, const char *code)
{
	struct str before, more;

	if (out->n > from && sgr_of(str_from(strbuf_str(out), from), &before) &&
	    sgr_of(str_of(code), &more)) {
		strbuf_truncate(out, out->n - 1);
		/* No number at all means 0. */
		strbuf_adds(out, before.n ? ";" : "0;");
		strbuf_add(out, more);
		strbuf_addc(out, 'm');
		return;
	}
	strbuf_adds(out, code);
}

static void switch_look(struct paint *p, struct paint_look to,
			struct strbuf *out)
{
	const struct paint_term *t = p->term;
	struct paint_look from = p->look;
	size_t start = out->n;

	if (same_look(from, to))
		return;
	p->look = to;
	if ((from.attrs & ~to.attrs) || (from.color && !to.color)) {
		strbuf_adds(out, t->plain);
		from = (struct paint_look){ 0, 0 };
	}
	for (int i = 0; i < PAINT_ATTRS; i++)
		if (to.attrs & ~from.attrs & 1 << i)
			add_sgr(out, start, t->attr[i]);
	if (to.color != from.color)
		add_sgr(out, start, t->color[to.color]);
}

static const struct paint_look plain_look = { 0, 0 };

/* May blanks be written or erased while it is on? */
static bool shows_on_blanks(struct paint_look look)
{
	return look.attrs & (PAINT_UNDERLINE | PAINT_REVERSE);
}

/* Moving ------------------------------------------------------------------ */

static bool step(const struct paint *p, struct strbuf *out,
		 enum paint_step what, int a, int b)
{
	return p->term->step(out, what, a, b);
}

/* Keeps the shorter of two ways in `best`; an empty one is none yet. */
static void shorter(struct strbuf *best, struct strbuf *way, bool exists)
{
	if (exists && (!best->n || way->n < best->n)) {
		strbuf_clear(best);
		strbuf_add(best, strbuf_str(way));
	}
	strbuf_clear(way);
}

static bool steps(const struct paint *p, struct strbuf *out,
		  enum paint_step what, int n)
{
	for (int i = 0; i < n; i++)
		if (!step(p, out, what, 0, 0))
			return false;
	return true;
}

/* The shortest way along the row; nothing when it is there. */
static bool along(const struct paint *p, int from, int to, struct strbuf *out)
{
	enum { FEW = 4 };
	struct strbuf best, way;
	bool found;

	if (from == to)
		return true;
	strbuf_init(&best);
	strbuf_init(&way);
	shorter(&best, &way, step(p, &way, PAINT_COL, to, 0));
	if (to > from) {
		shorter(&best, &way, step(p, &way, PAINT_RIGHT, to - from, 0));
	} else {
		shorter(&best, &way, step(p, &way, PAINT_LEFT, from - to, 0));
		if (from - to <= FEW)
			shorter(&best, &way,
				steps(p, &way, PAINT_BACK, from - to));
	}
	shorter(&best, &way,
		step(p, &way, PAINT_FIRST, 0, 0) &&
			(!to || step(p, &way, PAINT_RIGHT, to, 0)));
	found = best.n > 0;
	strbuf_add(out, strbuf_str(&best));
	strbuf_release(&way);
	strbuf_release(&best);
	return found;
}

static void add_move(const struct paint *p, int row, int col,
		     struct strbuf *out)
{
	enum { FEW = 4 };
	struct strbuf best, way;
	int down = row - p->row;

	if (row == p->row && col == p->col)
		return;
	strbuf_init(&best);
	strbuf_init(&way);
	shorter(&best, &way, step(p, &way, PAINT_PLACE, row, col));
	if (p->row >= 0) {
		if (down >= 0 && down <= FEW)
			shorter(&best, &way,
				steps(p, &way, PAINT_DOWN, down) &&
					along(p, p->col, col, &way));
		shorter(&best, &way,
			step(p, &way, PAINT_ROW, row, 0) &&
				along(p, p->col, col, &way));
	}
	strbuf_add(out, strbuf_str(&best));
	strbuf_release(&way);
	strbuf_release(&best);
}

static void move_to(struct paint *p, int row, int col, struct strbuf *out)
{
	if (row == p->row && col == p->col)
		return;
	if (p->term->moves_plain)
		switch_look(p, plain_look, out);
	add_move(p, row, col, out);
	p->row = row;
	p->col = col;
}

void paint_cursor(struct paint *p, int row, int col, struct strbuf *out)
{
	move_to(p, row, col, out);
}

/* Writing ----------------------------------------------------------------- */

/* At the cursor. */
static void put_cell(struct paint *p, const struct cell *c, struct strbuf *out)
{
	/* A blank needs no more than that nothing shows on it. */
	if (!is_blank(c) || shows_on_blanks(p->look) || p->look.color ||
	    p->look.attrs & PAINT_BOLD)
		switch_look(p, look_of(p, c), out);
	strbuf_add(out, (struct str){ c->text, c->n });
	p->col += c->width;
	/* Where the cursor is behind the last column nobody knows. */
	if (p->col >= p->cols)
		paint_lost(p);
}

/* From the cursor to `col` in the same row, whose cells between are right: by
 * moving, or by writing them again where that takes no more. */
static void cross(struct paint *p, int row, int col, struct strbuf *out)
{
	enum { FAR = 12 }; /* no way takes more than that */
	const struct cell *cells = row_of(p, p->wanted, row);
	struct paint_look next = look_of(p, &cells[col]);
	struct paint moved = *p, written = *p;
	struct strbuf by_moving, by_writing;

	if (p->row != row || col <= p->col || col - p->col > FAR) {
		move_to(p, row, col, out);
		return;
	}
	strbuf_init(&by_moving);
	strbuf_init(&by_writing);
	move_to(&moved, row, col, &by_moving);
	for (int i = p->col; i < col; i += cells[i].width ? cells[i].width : 1)
		put_cell(&written, &cells[i], &by_writing);
	if (written.row == row && written.col == col) {
		struct paint m = moved, w = written;
		size_t moving = by_moving.n, writing = by_writing.n;

		switch_look(&m, next, &by_moving);
		switch_look(&w, next, &by_writing);
		if (by_writing.n <= by_moving.n) {
			strbuf_truncate(&by_writing, writing);
			strbuf_add(out, strbuf_str(&by_writing));
			*p = written;
		} else {
			strbuf_truncate(&by_moving, moving);
			strbuf_add(out, strbuf_str(&by_moving));
			*p = moved;
		}
	} else {
		strbuf_add(out, strbuf_str(&by_moving));
		*p = moved;
	}
	strbuf_release(&by_moving);
	strbuf_release(&by_writing);
}

/* Erases blanks from the cursor's column on where that is shorter than writing
 * them; `last` is the last column of the row that differs. Returns how many
 * columns are right then, 0 when nothing was done. */
static int erase_blanks(struct paint *p, int row, int last, struct strbuf *out)
{
	enum { NEXT_MOVE = 4 };
	const struct cell *cells = row_of(p, p->wanted, row);
	int from = p->col, to = from;
	struct strbuf code;
	size_t cost;
	bool can;

	while (to < p->cols && is_blank(&cells[to]))
		to++;
	strbuf_init(&code);
	can = to == p->cols && step(p, &code, PAINT_ERASE_ALL, 0, 0);
	if (to > last) {
		to = can ? p->cols : last + 1;
		cost = 0;
	} else {
		cost = NEXT_MOVE;
	}
	if (!can)
		can = to > from && step(p, &code, PAINT_ERASE, to - from, 0);
	if (shows_on_blanks(p->look))
		cost += strlen(p->term->plain);
	if (!can || code.n + cost >=
			    (size_t)(last < to ? last + 1 - from : to - from)) {
		strbuf_release(&code);
		return 0;
	}
	/* With attributes on, terminals differ in what erasing leaves. */
	switch_look(p, plain_look, out);
	strbuf_add(out, strbuf_str(&code));
	strbuf_release(&code);
	return to - from;
}

/* What it may take to write the letters of a row from a column on. */
static size_t cost_behind(const struct paint *p, int row, int col)
{
	enum { MOVE = 6, SWITCH = 8 };
	const struct cell *cells = row_of(p, p->wanted, row);
	size_t cost = 0;

	for (int i = col; i < p->cols; i++) {
		if (is_blank(&cells[i]))
			continue;
		if (i == col || is_blank(&cells[i - 1]))
			cost += MOVE;
		if (cells[i].style != STYLE_NORMAL)
			cost += SWITCH;
		cost += cells[i].n;
	}
	return cost;
}

static bool can(const struct paint *p, enum paint_step what)
{
	struct strbuf code;
	bool able;

	strbuf_init(&code);
	able = step(p, &code, what, 1, 0);
	strbuf_release(&code);
	return able;
}

/* Where no part of a row can be erased: erases all of it from the cursor on,
 * if that and writing again what stands behind the blanks is shorter. */
static bool erase_rest(struct paint *p, int row, struct strbuf *out)
{
	enum { ERASE = 6 }; /* with what ends attributes */
	const struct cell *cells = row_of(p, p->wanted, row);
	int from = p->col, to = from;

	while (to < p->cols && is_blank(&cells[to]))
		to++;
	if (cost_behind(p, row, to) + ERASE >= (size_t)(to - from) ||
	    !can(p, PAINT_ERASE_ALL) || can(p, PAINT_ERASE))
		return false;
	switch_look(p, plain_look, out);
	return step(p, out, PAINT_ERASE_ALL, 0, 0);
}

static int last_other(const struct paint *p, const struct cell *old,
		      const struct cell *new)
{
	int last = p->cols - 1;

	while (last >= 0 && same(&old[last], &new[last]))
		last--;
	return last;
}

static void paint_row(struct paint *p, int row, struct strbuf *out)
{
	const struct cell *old = row_of(p, p->shown, row);
	const struct cell *new = row_of(p, p->wanted, row);
	int last = last_other(p, old, new);

	for (int col = 0; col <= last;) {
		int begin = col, erased;

		if (same(&old[col], &new[col])) {
			col++;
			continue;
		}
		while (begin && !new[begin].width)
			begin--;
		cross(p, row, begin, out);
		erased = is_blank(&new[begin]) ?
				 erase_blanks(p, row, last, out) :
				 0;
		if (erased) {
			col = begin + erased;
			continue;
		}
		if (is_blank(&new[begin]) && erase_rest(p, row, out)) {
			old = p->blanks;
			last = last_other(p, old, new);
			continue;
		}
		put_cell(p, &new[begin], out);
		col = begin + (new[begin].width ? new[begin].width : 1);
	}
}

static void row_is_shown(struct paint *p, int row)
{
	memcpy(row_of(p, p->shown, row), row_of(p, p->wanted, row),
	       (size_t)p->cols * sizeof(*p->shown));
}

/* Rows ordered by how far they are from `near`: the i-th, or -1. */
static int row_near(const struct paint *p, int near, int i)
{
	int row = i % 2 ? near - (i + 1) / 2 : near + i / 2;

	return row >= 0 && row < p->rows ? row : -1;
}

/* Rows next to `near`, up to `most` bytes. */
static void send_near(struct paint *p, size_t most, int near,
		      struct strbuf *out)
{
	size_t start = out->n, room = strlen(p->term->plain);
	bool any = false;

	for (int i = 0; i < 2 * p->rows; i++) {
		int row = row_near(p, near, i);
		struct paint before = *p;
		size_t n = out->n;

		if (row < 0 || !row_differs(p, row))
			continue;
		paint_row(p, row, out);
		if (any && out->n - start + room > most) {
			strbuf_truncate(out, n);
			*p = before;
			return;
		}
		row_is_shown(p, row);
		any = true;
	}
}

bool paint_send(struct paint *p, size_t most, int near, struct strbuf *out)
{
	const struct paint before = *p;
	size_t start = out->n;
	bool all = true;

	for (int row = 0; row < p->rows; row++)
		if (row_differs(p, row))
			paint_row(p, row, out);
	switch_look(p, plain_look, out);
	if (most && out->n - start > most) {
		strbuf_truncate(out, start);
		*p = before;
		send_near(p, most, near, out);
		switch_look(p, plain_look, out);
		all = false;
	} else {
		memcpy(p->shown, p->wanted,
		       (size_t)p->rows * (size_t)p->cols * sizeof(*p->shown));
	}
	return all;
}
