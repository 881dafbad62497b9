/* SPDX-License-Identifier: MIT */
/* How the lines of the pivot view look. */
#include "ui/panes/lineage.h"

#include "base/mem.h"

/* From so many columns on keys are shown in full, and refusals are counted. */
enum { FULL_COLS = 100 };

/* Solid where a link is certain, dashed where it is probable, dotted where it
 * is a hint: without colour and without words it shows. */
static enum glyph branch(const struct tree_line *line)
{
	static const enum glyph tees[] = { GLYPH_TEE, GLYPH_TEE_DASHED,
					   GLYPH_TEE_DOTTED };
	static const enum glyph lasts[] = { GLYPH_LAST, GLYPH_LAST_DASHED,
					    GLYPH_LAST_DOTTED };

	return line->last_child ? lasts[line->certainty] :
				  tees[line->certainty];
}

/* Is there a line below that number `at` of those that are shown? */
static bool has_below(const struct tree *t, uint32_t at)
{
	return at + 1 < t->shown_n &&
	       t->line[t->shown[at + 1]].parent == t->shown[at];
}

/* The branches to the left of a line; returns the column after them. */
static int draw_branches(const struct tree *t, struct canvas *c, int row,
			 uint32_t place)
{
	uint32_t number = t->shown[place];
	const struct tree_line *line = &t->line[number];
	int col = 1 + 2 * (line->depth ? line->depth - 1 : 0);
	enum glyph mark = has_below(t, place) ? GLYPH_OPEN : GLYPH_CLOSED;
	uint32_t up = line->parent;

	for (int at = col - 2; up != TREE_NO_LINE && t->line[up].depth;
	     at -= 2) {
		if (at < c->cols && !t->line[up].last_child)
			canvas_glyph(c, row, at, GLYPH_PIPE, STYLE_NORMAL);
		up = t->line[up].parent;
	}
	if (line->depth)
		col = canvas_glyph(c, row, col, branch(line), STYLE_NORMAL);
	canvas_glyph(c, row, col, line->opens ? mark : GLYPH_BLANK,
		     STYLE_NORMAL);
	return col + 2;
}

/* Verbs that stand below each other get one column, as do the letters behind
 * them. */
static bool is_short_verb(enum tree_verb verb)
{
	return verb == VERB_DID || verb == VERB_TRIED || verb == VERB_MADE ||
	       verb == VERB_READ;
}

static int draw_level(struct canvas *c, int row, int col, int level)
{
	if (level < 0)
		return col;
	return canvas_text(c, row, col, level_text((enum level)level),
			   level_style((enum level)level)) +
	       1;
}

static struct safetext clock_text(const struct desk *d, int64_t t,
				  struct arena *a)
{
	return time_cell(d, t, TIME_NONE, desk_spans_days(d), a);
}

static bool is_call(const struct tree_line *line)
{
	return line->kind == TREE_DEED;
}

/* "C 02:24:18 became ", "did  H ": the worst alert's letter, when it came to
 * be, and how it hangs. */
static int draw_verb(const struct tree *t, const struct desk *d,
		     struct canvas *c, int row, int col,
		     const struct tree_line *line, struct arena *a)
{
	bool call = is_short_verb(line->verb);
	int level = line->open ? line->level : line->below;
	int64_t time = line->edge ? lineage_edge_time(t->l, line->edge) :
				    TIME_NONE;

	if (!call)
		col = draw_level(c, row, col, level);
	if (time != TIME_NONE && line->verb != VERB_NONE &&
	    line->verb != VERB_USED && line->kind != TREE_MORE)
		col = canvas_text(c, row, col, clock_text(d, time, a),
				  STYLE_NORMAL) +
		      1;
	if (line->verb == VERB_NONE)
		return col;
	col = canvas_text(c, row, col,
			  safe_format(a, call ? "%-4s" : "%s",
				      tree_verb_text(line->verb)),
			  line->verb == VERB_TRIED ? STYLE_DENIED :
						     STYLE_NORMAL) +
	      1;
	if (!call)
		return col;
	return level < 0 ? col + 2 : draw_level(c, row, col, level);
}

/* What stands at the right edge: when calls began, how many events others
 * are. */
static struct safetext right_text(const struct tree *t, const struct desk *d,
				  const struct tree_line *line, bool wide,
				  struct arena *a)
{
	struct safetext cell;
	struct strbuf text;

	if (is_call(line))
		return clock_text(d, t->l->store->time[line->first], a);
	if ((t->brief && t->options.form == TREE_BY_PERSON) ||
	    line->kind == TREE_LINK || !line->events)
		return safe_literal("");
	strbuf_init(&text);
	strbuf_add_count(&text, line->events);
	strbuf_adds(&text, " ev");
	if (line->denied && wide) {
		strbuf_adds(&text, ", ");
		strbuf_add_count(&text, line->denied);
		strbuf_adds(&text, " denied");
	}
	cell = safe_text(a, strbuf_str(&text), SAFE_LIST);
	strbuf_release(&text);
	return cell;
}

static void draw_line(const struct tree *t, const struct desk *d,
		      struct canvas *c, int row, uint32_t at, struct arena *a)
{
	uint32_t number = t->shown[at];
	const struct tree_line *line = &t->line[number];
	struct safetext right = right_text(t, d, line, c->cols >= FULL_COLS, a);
	int end = c->cols - (int)right.width - 3;
	int col = draw_branches(t, c, row, at);
	struct strbuf words;

	col = draw_verb(t, d, c, row, col, line, a);
	strbuf_init(&words);
	/* First, so that a narrow pane does not cut it off. */
	if (line->certainty != CERTAIN)
		strbuf_addf(&words, "(%s) ", certainty_name(line->certainty));
	tree_describe(t, number, c->cols >= FULL_COLS ? TREE_FULL : TREE_NARROW,
		      &d->zone, &words);
	if (col < end)
		canvas_text(c, row, col,
			    list_cell(c, a, strbuf_str(&words), end - col,
				      SAFE_CUT_END),
			    STYLE_NORMAL);
	strbuf_release(&words);
	canvas_text_end(c, row, c->cols - 2, right,
			line->denied && !is_call(line) ? STYLE_DENIED :
							 STYLE_MUTED);
	if (number == t->focus)
		canvas_glyph(c, row, c->cols - 1, GLYPH_HERE, STYLE_ACCENT);
}

void lineage_draw_tree(const struct lineage_pane *p, const struct desk *d,
		       struct canvas *c, const struct drawing *how)
{
	size_t row;

	for (int line = 0; line < c->rows; line++) {
		if (!list_row_at(&p->list, (size_t)line, &row) ||
		    row >= p->tree->shown_n)
			break;
		draw_line(p->tree, d, c, line, (uint32_t)row, how->arena);
		if (!p->tree->brief)
			draw_cursor(c, line, row == p->list.cursor,
				    how->focused);
		else if (row == p->list.cursor)
			canvas_glyph(c, line, 0, GLYPH_CURSOR,
				     STYLE_SELECTED_BLUR);
		draw_matches(c, line, how->searched);
	}
}

void lineage_draw_evidence(const struct lineage_pane *p, const struct desk *d,
			   struct canvas *c, int row, struct arena *a)
{
	uint32_t line = lineage_line(p);
	struct safetext certainty = safe_literal("");
	struct strbuf words;

	if (line == TREE_NO_LINE)
		return;
	if (p->tree->line[line].edge && !is_call(&p->tree->line[line]))
		certainty = safe_format(
			a, "%s", certainty_name(p->tree->line[line].certainty));
	strbuf_init(&words);
	tree_evidence(p->tree, line, &d->zone, &words);
	canvas_text(c, row, 1,
		    list_cell(c, a, strbuf_str(&words),
			      c->cols - 4 - (int)certainty.width, SAFE_CUT_END),
		    STYLE_MUTED);
	canvas_text_end(c, row, c->cols - 1, certainty, STYLE_HEADING);
	strbuf_release(&words);
}
