/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "ui/term/layout.h"

static struct layout make(int cols, int rows, enum pane_id focus, bool zoomed)
{
	struct layout_state state = {
		.rows = rows, .cols = cols, .focus = focus, .zoomed = zoomed
	};
	struct layout l;

	layout_make(&l, &state);
	return l;
}

static void is(const char *what, struct rect r, int row, int col, int rows,
	       int cols)
{
	if (r.row != row || r.col != col || r.rows != rows || r.cols != cols)
		fail_msg("%s is %d,%d %dx%d instead of %d,%d %dx%d", what,
			 r.row, r.col, r.rows, r.cols, row, col, rows, cols);
}

#define IS(r, row, col, rows, cols) is(#r, r, row, col, rows, cols)

static void at_24x4(void **state)
{
	struct layout l = make(24, 4, PANE_ALERTS, false);

	(void)state;
	assert_int_equal(l.kind, LAYOUT_MESSAGE);
	IS(l.message, 0, 0, 3, 24);
	IS(l.prompt, 3, 0, 1, 24);
	l = make(1, 1, PANE_DETAIL, true);
	IS(l.message, 0, 0, 1, 1);
	IS(l.prompt, 0, 0, 0, 0);
}

static void at_40x10(void **state)
{
	struct layout l = make(40, 10, PANE_TIMELINE, false);

	(void)state;
	assert_int_equal(l.kind, LAYOUT_ONE);
	IS(l.tabs, 0, 0, 1, 40);
	/* The histogram is at every size; its letters have a row from 14 rows
	 * on, as the crumbs do. */
	IS(l.histogram, 1, 0, 1, 40);
	IS(l.letters, 0, 0, 0, 0);
	IS(l.crumbs, 0, 0, 0, 0);
	IS(l.pane[PANE_TIMELINE], 2, 0, 7, 40);
	IS(layout_inner(&l, PANE_TIMELINE), 3, 0, 6, 40);
	IS(l.prompt, 9, 0, 1, 40);
	assert_false(layout_shows(&l, PANE_ALERTS));
	l = make(60, 14, PANE_TIMELINE, false);
	IS(l.crumbs, 1, 0, 1, 60);
	IS(l.histogram, 2, 0, 1, 60);
	IS(l.letters, 3, 0, 1, 60);
	IS(l.pane[PANE_TIMELINE], 4, 0, 9, 60);
}

static void at_80x24(void **state)
{
	struct layout l = make(80, 24, PANE_ALERTS, false);

	(void)state;
	assert_int_equal(l.kind, LAYOUT_STACK);
	assert_false(l.boxes);
	IS(l.title, 0, 0, 1, 80);
	IS(l.crumbs, 1, 0, 1, 80);
	IS(l.tactics, 2, 0, 1, 80);
	IS(l.histogram, 3, 0, 1, 80);
	IS(l.letters, 4, 0, 1, 80);
	IS(l.pane[PANE_ALERTS], 5, 0, 7, 80);
	IS(layout_inner(&l, PANE_ALERTS), 6, 0, 6, 80);
	IS(l.pane[PANE_TIMELINE], 12, 0, 9, 80);
	IS(layout_inner(&l, PANE_TIMELINE), 13, 0, 8, 80);
	IS(l.preview, 21, 0, 1, 80);
	IS(l.hints, 22, 0, 1, 80);
	IS(l.prompt, 23, 0, 1, 80);
	IS(l.body, 5, 0, 16, 80);
}

static void lineage_at_80x24(void **state)
{
	struct layout_state s = {
		.rows = 24, .cols = 80, .focus = PANE_TIMELINE, .lineage = true
	};
	struct layout l = make(80, 24, PANE_LINEAGE, false), same;

	(void)state;
	IS(l.title, 0, 0, 1, 80);
	IS(l.crumbs, 0, 0, 0, 0);
	IS(l.pane[PANE_LINEAGE], 1, 0, 15, 80);
	IS(l.pane[PANE_TIMELINE], 16, 0, 5, 80);
	IS(l.preview, 21, 0, 1, 80);
	assert_false(layout_shows(&l, PANE_ALERTS));
	/* Going to the timeline below leaves the tree where it is. */
	layout_make(&same, &s);
	assert_memory_equal(&l, &same, sizeof(l));
}

static void zoomed_at_80x24(void **state)
{
	struct layout l = make(80, 24, PANE_TIMELINE, true);

	(void)state;
	IS(l.title, 0, 0, 1, 80);
	IS(l.pane[PANE_TIMELINE], 1, 0, 21, 80);
	IS(l.hints, 22, 0, 1, 80);
	IS(l.preview, 0, 0, 0, 0);
	assert_false(layout_shows(&l, PANE_ALERTS));
	/* These have no other place at this size. */
	l = make(80, 24, PANE_DETAIL, false);
	IS(l.pane[PANE_DETAIL], 1, 0, 21, 80);
	l = make(80, 24, PANE_ATTACK, false);
	IS(l.pane[PANE_ATTACK], 1, 0, 21, 80);
	l = make(120, 40, PANE_PROFILE, false);
	IS(l.pane[PANE_PROFILE], 1, 0, 37, 120);
}

static void at_120x40(void **state)
{
	struct layout l = make(120, 40, PANE_ALERTS, false);

	(void)state;
	assert_int_equal(l.kind, LAYOUT_GRID);
	assert_true(l.boxes);
	IS(l.title, 0, 0, 1, 120);
	IS(l.letters, 3, 0, 1, 120);
	IS(l.tactics, 0, 0, 0, 0);
	IS(l.pane[PANE_ALERTS], 4, 0, 12, 62);
	IS(l.pane[PANE_ATTACK], 16, 0, 14, 62);
	IS(l.pane[PANE_TIMELINE], 4, 62, 13, 58);
	IS(l.pane[PANE_LINEAGE], 17, 62, 13, 58);
	IS(l.pane[PANE_DETAIL], 30, 0, 8, 120);
	IS(layout_inner(&l, PANE_DETAIL), 31, 1, 6, 118);
	IS(layout_inner(&l, PANE_ATTACK), 17, 1, 12, 60);
	IS(l.hints, 38, 0, 1, 120);
	IS(l.prompt, 39, 0, 1, 120);
}

static void at_200x60(void **state)
{
	struct layout l = make(200, 60, PANE_ALERTS, false);

	(void)state;
	assert_int_equal(l.kind, LAYOUT_WIDE);
	IS(l.histogram, 2, 0, 2, 200);
	IS(l.letters, 4, 0, 1, 200);
	IS(l.axis, 5, 0, 1, 200);
	IS(l.pane[PANE_ALERTS], 6, 0, 25, 62);
	IS(l.pane[PANE_ATTACK], 31, 0, 27, 62);
	IS(l.pane[PANE_TIMELINE], 6, 62, 25, 80);
	IS(l.pane[PANE_LINEAGE], 31, 62, 27, 80);
	IS(l.pane[PANE_DETAIL], 6, 142, 52, 58);
	assert_false(layout_shows(&l, PANE_PROFILE));
	l = make(200, 60, PANE_PROFILE, false);
	assert_false(layout_shows(&l, PANE_LINEAGE));
	IS(l.pane[PANE_PROFILE], 1, 0, 57, 200);
}

static void the_kinds_change_where_they_should(void **state)
{
	static const struct {
		int cols, rows;
		enum layout_kind kind;
	} sizes[] = {
		{ 39, 100, LAYOUT_MESSAGE }, { 100, 7, LAYOUT_MESSAGE },
		{ 40, 8, LAYOUT_ONE },       { 79, 60, LAYOUT_ONE },
		{ 200, 23, LAYOUT_ONE },     { 80, 24, LAYOUT_STACK },
		{ 119, 60, LAYOUT_STACK },   { 200, 39, LAYOUT_STACK },
		{ 120, 40, LAYOUT_GRID },    { 199, 80, LAYOUT_GRID },
		{ 250, 59, LAYOUT_GRID },    { 200, 60, LAYOUT_WIDE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct layout l = make(sizes[i].cols, sizes[i].rows,
				       PANE_ALERTS, false);

		if (l.kind != sizes[i].kind)
			fail_msg("%dx%d is %d", sizes[i].cols, sizes[i].rows,
				 l.kind);
	}
}

/* All sizes ------------------------------------------------------------- */

/* The rectangles of one layout, which must share the screen. */
struct shares {
	struct rect r[16];
	size_t n;
	int area;
};

static bool overlap(struct rect a, struct rect b)
{
	return a.row < b.row + b.rows && b.row < a.row + a.rows &&
	       a.col < b.col + b.cols && b.col < a.col + a.cols;
}

static void add(struct shares *all, const struct layout_state *s, struct rect r,
		const char *what)
{
	if (r.rows < 0 || r.cols < 0)
		fail_msg("%s is negative at %dx%d", what, s->cols, s->rows);
	if (rect_empty(r))
		return;
	if (r.row < 0 || r.col < 0 || r.row + r.rows > s->rows ||
	    r.col + r.cols > s->cols)
		fail_msg("%s leaves the screen at %dx%d", what, s->cols,
			 s->rows);
	for (size_t i = 0; i < all->n; i++)
		if (overlap(all->r[i], r))
			fail_msg("%s overlaps at %dx%d", what, s->cols,
				 s->rows);
	all->r[all->n++] = r;
	all->area += r.rows * r.cols;
}

static bool is_inside(struct rect r, struct rect outer)
{
	return rect_empty(r) || (r.row >= outer.row && r.col >= outer.col &&
				 r.row + r.rows <= outer.row + outer.rows &&
				 r.col + r.cols <= outer.col + outer.cols);
}

static void check(const struct layout_state *s)
{
	struct shares all = { .n = 0 };
	struct layout l;

	layout_make(&l, s);
	add(&all, s, l.message, "message");
	add(&all, s, l.title, "title");
	add(&all, s, l.crumbs, "crumbs");
	add(&all, s, l.tactics, "tactics");
	add(&all, s, l.histogram, "histogram");
	add(&all, s, l.letters, "letters");
	add(&all, s, l.axis, "axis");
	add(&all, s, l.tabs, "tabs");
	for (enum pane_id i = 0; i < PANE_COUNT; i++) {
		struct rect inner = layout_inner(&l, i);

		add(&all, s, l.pane[i], "a pane");
		if (!is_inside(l.pane[i], l.body))
			fail_msg("pane %d outside of the body", (int)i);
		if (inner.rows < 0 || inner.cols < 0 ||
		    !is_inside(inner, l.pane[i]))
			fail_msg("pane %d: inside is outside", (int)i);
		if (layout_shows(&l, i) && rect_empty(inner))
			fail_msg("pane %d has only a frame at %dx%d", (int)i,
				 s->cols, s->rows);
	}
	add(&all, s, l.preview, "preview");
	add(&all, s, l.hints, "hints");
	add(&all, s, l.prompt, "prompt");
	if (all.area != s->rows * s->cols)
		fail_msg("a cell belongs to nothing at %dx%d", s->cols,
			 s->rows);
	if (l.kind != LAYOUT_MESSAGE && !layout_shows(&l, s->focus))
		fail_msg("the focused pane does not show at %dx%d", s->cols,
			 s->rows);
}

static void all_sizes(void **state)
{
	static const int widths[] = { -1000, -7, 0, 9, 1000 };

	(void)state;
	for (int rows = 1; rows <= 80; rows++) {
		for (int cols = 1; cols <= 250; cols++) {
			for (int i = 0; i < 4 * PANE_COUNT; i++) {
				struct layout_state s = {
					.rows = rows,
					.cols = cols,
					.focus = (enum pane_id)(i % PANE_COUNT),
					.zoomed = (i / PANE_COUNT) & 1,
					.lineage = (i / PANE_COUNT) & 2,
				};

				s.widen = widths[(rows + cols + i) % 5];
				check(&s);
			}
		}
	}
}

static void no_size_at_all(void **state)
{
	struct layout l = make(0, 0, PANE_ALERTS, false);

	(void)state;
	IS(l.message, 0, 0, 0, 0);
	IS(l.prompt, 0, 0, 0, 0);
	l = make(-5, 10, PANE_ALERTS, false);
	IS(l.message, 0, 0, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_24x4),
		cmocka_unit_test(at_40x10),
		cmocka_unit_test(at_80x24),
		cmocka_unit_test(lineage_at_80x24),
		cmocka_unit_test(zoomed_at_80x24),
		cmocka_unit_test(at_120x40),
		cmocka_unit_test(at_200x60),
		cmocka_unit_test(the_kinds_change_where_they_should),
		cmocka_unit_test(all_sizes),
		cmocka_unit_test(no_size_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
