/* SPDX-License-Identifier: MIT */
/*
 * The pivot view: the tree of who became whom around the selected event's
 * identity, and the services and accounts in which one identity acted.
 */
#include "ui/app.h"

#include "base/mem.h"
#include "identity/walk.h"
#include "ui/panes/matrix.h"

#include <stdlib.h>

struct lineage_pane {
	struct list list;
	const struct lineage *l; /* of the snapshot that it was made of */
	uint64_t made_of;        /* that snapshot's version */
	struct strbuf at;        /* id of the node under the cursor */
	node_id focus;           /* the selected event's acting node */
	struct tree tree;
	uint32_t *visible; /* line numbers, without what is folded */
	uint32_t visible_n;
	struct intern folded; /* ids of folded nodes */
	bool shows_matrix;
	struct strbuf of; /* id of the node whose matrix it is */
	struct matrix matrix;
};

static void *lineage_open(void)
{
	struct lineage_pane *p = mem_zero(1, sizeof(*p));

	intern_init(&p->folded);
	strbuf_init(&p->of);
	strbuf_init(&p->at);
	return p;
}

static void drop_views(struct lineage_pane *p)
{
	tree_release(&p->tree);
	free(p->visible);
	p->visible = NULL;
	p->visible_n = 0;
	matrix_release(&p->matrix);
}

static void lineage_close(void *state)
{
	struct lineage_pane *p = state;

	drop_views(p);
	intern_release(&p->folded);
	strbuf_release(&p->of);
	strbuf_release(&p->at);
	free(p);
}

/* The tree ---------------------------------------------------------------- */

static bool is_folded(const struct lineage_pane *p, node_id node)
{
	return intern_find(&p->folded, lineage_id(p->l, node)) != INTERN_NONE;
}

/* Folding is remembered by adding the id; unfolding makes the table anew
 * without it. */
static void set_folded(struct lineage_pane *p, node_id node, bool folded)
{
	struct str id = lineage_id(p->l, node);
	struct intern kept;

	if (folded) {
		intern_add(&p->folded, id);
		return;
	}
	intern_init(&kept);
	for (uint32_t i = 1; i < p->folded.count; i++)
		if (!str_eq(intern_text(&p->folded, i), id))
			intern_add(&kept, intern_text(&p->folded, i));
	intern_release(&p->folded);
	p->folded = kept;
}

static const struct tree_line *line_at(const struct lineage_pane *p, size_t row)
{
	return row < p->visible_n ? &p->tree.line[p->visible[row]] : NULL;
}

/* The id outlives the snapshot whose node it names. */
static void keep_cursor(struct lineage_pane *p)
{
	const struct tree_line *line = line_at(p, p->list.cursor);

	strbuf_clear(&p->at);
	if (line && !p->shows_matrix)
		strbuf_add(&p->at, lineage_id(p->l, line->node));
}

static void list_visible(struct lineage_pane *p, node_id keep)
{
	size_t cursor = 0;

	free(p->visible);
	p->visible = mem_alloc(((size_t)p->tree.n + 1) * sizeof(*p->visible));
	p->visible_n = 0;
	for (uint32_t i = 0; i < p->tree.n;) {
		const struct tree_line *line = &p->tree.line[i];

		if (line->node == keep)
			cursor = p->visible_n;
		p->visible[p->visible_n++] = i;
		i = is_folded(p, line->node) ? line->end : i + 1;
	}
	list_replace(&p->list, p->visible_n, cursor);
	keep_cursor(p);
}

/* The matrix of a node takes the tree's place. */
static void show_matrix(struct lineage_pane *p, node_id node)
{
	p->shows_matrix = true;
	strbuf_clear(&p->of);
	strbuf_add(&p->of, lineage_id(p->l, node));
	matrix_make(&p->matrix, p->l, node);
	list_replace(&p->list, p->matrix.source_n,
		     p->list.cursor < p->matrix.source_n ? p->list.cursor : 0);
}

/* Refreshing -------------------------------------------------------------- */

static void lineage_refresh(void *state, struct desk *d)
{
	struct lineage_pane *p = state;
	bool same;
	node_id focus, node;

	if (!d->snap || d->selected == ROW_NONE)
		return;
	focus = d->snap->lineage->acting[d->selected];
	same = p->made_of == d->snap->version;
	if (same && p->focus == focus && p->tree.n)
		return;
	/* In a newer snapshot the cursor stays where the analyst left it; for
	 * another identity it goes to that. */
	if (same || !d->touched)
		strbuf_clear(&p->at);
	drop_views(p);
	p->l = d->snap->lineage;
	p->made_of = d->snap->version;
	p->focus = focus;
	tree_around(&p->tree, p->l, focus);
	node = lineage_node(p->l, strbuf_str(&p->at));
	list_visible(p, node ? node : p->tree.line[p->tree.focus].node);
	node = p->shows_matrix ? lineage_node(p->l, strbuf_str(&p->of)) :
				 NODE_NONE;
	p->shows_matrix = false;
	if (node)
		show_matrix(p, node);
}

static void lineage_title(const void *state, const struct desk *d,
			  struct arena *arena, struct safetext *left,
			  struct safetext *right)
{
	const struct lineage_pane *p = state;
	struct strbuf text;

	*right = list_position(&p->list, arena);
	if (!d->snap || !p->tree.n) {
		*left = safe_literal("4 Lineage] who became whom");
		return;
	}
	strbuf_init(&text);
	node_describe(p->l,
		      p->shows_matrix ? p->matrix.walk.member[0] :
					p->tree.line[0].node,
		      &text);
	*left = safe_join(arena, safe_literal("4 Lineage] "),
			  safe_text(arena, strbuf_str(&text), SAFE_LIST));
	*left = safe_join(arena, *left,
			  safe_literal(p->shows_matrix ?
					       ": services x accounts" :
					       ": who became whom"));
	strbuf_release(&text);
}

/* Drawing ----------------------------------------------------------------- */

/* The branches to the left of a line; returns the column after them. */
static int draw_branches(const struct lineage_pane *p, struct canvas *c,
			 int row, uint32_t number)
{
	const struct tree_line *line = &p->tree.line[number];
	int col = 1;

	/* From the root down: of each ancestor whether more follows. */
	for (uint16_t depth = 1; depth < line->depth; depth++) {
		uint32_t up = number;

		while (p->tree.line[up].depth > depth)
			up = p->tree.line[up].parent;
		canvas_glyph(c, row, col,
			     p->tree.line[up].last ? GLYPH_BLANK : GLYPH_PIPE,
			     STYLE_MUTED);
		col += 2;
	}
	if (line->depth)
		col = canvas_glyph(c, row, col,
				   line->last ? GLYPH_LAST : GLYPH_TEE,
				   STYLE_MUTED);
	if (line->end > number + 1)
		col = canvas_glyph(c, row, col,
				   is_folded(p, line->node) ? GLYPH_CLOSED :
							      GLYPH_OPEN,
				   STYLE_NORMAL);
	else
		col++;
	return col + 1;
}

static void draw_tree_line(const struct lineage_pane *p, const struct desk *d,
			   struct canvas *c, int row, uint32_t number,
			   struct arena *a)
{
	const struct tree_line *line = &p->tree.line[number];
	int col = draw_branches(p, c, row, number), end;
	struct safetext count, text;
	struct strbuf words;

	strbuf_init(&words);
	if (line->edge && lineage_edge_time(p->l, line->edge) != TIME_NONE) {
		time_format(&words, lineage_edge_time(p->l, line->edge),
			    TIME_CLOCK, &d->zone);
		strbuf_addc(&words, ' ');
	}
	tree_describe(p->l, line, &words);
	if (line->edge && line->edge->certainty != CERTAIN)
		strbuf_addf(&words, " (%s)",
			    certainty_name(line->edge->certainty));
	count = line->denied ? safe_format(a, "%u ev, %u denied", line->events,
					   line->denied) :
			       safe_format(a, "%u ev", line->events);
	end = c->cols - (int)count.width - 3;
	text = list_cell(c, a, strbuf_str(&words), end - col, SAFE_CUT_END);
	strbuf_release(&words);
	canvas_text(c, row, col, text, STYLE_NORMAL);
	canvas_text_end(c, row, c->cols - 2, count,
			line->denied ? STYLE_DENIED : STYLE_MUTED);
	if (number == p->tree.focus)
		canvas_glyph(c, row, c->cols - 1, GLYPH_HERE, STYLE_ACCENT);
}

/* How the line under the cursor is known. */
static void draw_evidence(const struct lineage_pane *p, struct canvas *c,
			  int row, struct arena *a)
{
	const struct tree_line *line = line_at(p, p->list.cursor);
	struct strbuf words;

	if (!line)
		return;
	strbuf_init(&words);
	strbuf_adds(&words, "link: ");
	tree_evidence(p->l, line, &words);
	canvas_text(c, row, 1,
		    list_cell(c, a, strbuf_str(&words), c->cols - 2,
			      SAFE_CUT_END),
		    STYLE_MUTED);
	strbuf_release(&words);
}

static void draw_tree(const struct lineage_pane *p, const struct desk *d,
		      struct canvas *c, const struct drawing *how)
{
	size_t row;

	for (int line = 0; line < c->rows; line++) {
		if (!list_row_at(&p->list, (size_t)line, &row) ||
		    row >= p->visible_n)
			break;
		draw_tree_line(p, d, c, line, p->visible[row], how->arena);
		draw_cursor(c, line, row == p->list.cursor, how->focused);
		draw_matches(c, line, how->searched);
	}
}

static void lineage_draw(const void *state, const struct desk *d,
			 struct canvas *c, const struct drawing *how)
{
	const struct lineage_pane *p = state;
	struct canvas body = canvas_sub(
		c, (struct rect){ 0, 0, c->rows > 2 ? c->rows - 1 : c->rows,
				  c->cols });

	if (!d->snap || !p->tree.n) {
		canvas_text(c, 0, 1, safe_literal("no event is selected"),
			    STYLE_MUTED);
		return;
	}
	if (p->shows_matrix) {
		matrix_draw(&p->matrix, &p->list, d, &body, how);
		if (c->rows > 2)
			matrix_draw_times(&p->matrix, &p->list, d, c,
					  c->rows - 1, how->arena);
		return;
	}
	draw_tree(p, d, &body, how);
	if (c->rows > 2)
		draw_evidence(p, c, c->rows - 1, how->arena);
}

/* Commands ---------------------------------------------------------------- */

static struct list *lineage_list(void *state)
{
	return &((struct lineage_pane *)state)->list;
}

static void lineage_moved(void *state, struct desk *d)
{
	(void)d;
	keep_cursor(state);
}

static void lineage_row_text(const void *state, const struct desk *d,
			     size_t row, struct strbuf *out)
{
	const struct lineage_pane *p = state;

	if (p->shows_matrix)
		matrix_row_text(&p->matrix, d->snap->store, row, out);
	else if (line_at(p, row))
		tree_describe(p->l, line_at(p, row), out);
}

static void drill_line(struct lineage_pane *p, struct app *app)
{
	const struct tree_line *line = line_at(p, p->list.cursor);
	struct strbuf label;

	if (!line)
		return;
	strbuf_init(&label);
	node_describe(p->l, line->node, &label);
	app_drill(app, scope_make(SCOPE_SUBTREE, lineage_id(p->l, line->node),
				  STR_NULL, STR_NULL, strbuf_str(&label)));
	strbuf_release(&label);
}

/* To the event by which the line is known. False: it hangs on nothing. */
static bool go_to_evidence(struct lineage_pane *p, struct app *app)
{
	const struct tree_line *line = line_at(p, p->list.cursor);

	if (!line || !line->edge || !line->edge->evidence_n)
		return false;
	app_look_around(app, lineage_evidence(p->l, line->edge, 0));
	return true;
}

static void fold(struct lineage_pane *p, bool folded)
{
	const struct tree_line *line = line_at(p, p->list.cursor);
	node_id node;

	if (!line)
		return;
	node = line->node;
	if (folded && (is_folded(p, node) ||
		       line->end == p->visible[p->list.cursor] + 1)) {
		/* Nothing to fold: go to the line above it in the tree. */
		if (line->parent != UINT32_MAX)
			node = p->tree.line[line->parent].node;
	} else {
		set_folded(p, node, folded);
	}
	list_visible(p, node);
}

static void fold_all(struct lineage_pane *p)
{
	bool any = p->folded.count > 1;
	node_id root = p->tree.line[0].node;

	intern_release(&p->folded);
	intern_init(&p->folded);
	for (uint32_t i = 1; !any && i < p->tree.n; i++)
		if (p->tree.line[i].end > i + 1)
			set_folded(p, p->tree.line[i].node, true);
	list_visible(p, root);
}

static void toggle_matrix(struct lineage_pane *p)
{
	const struct tree_line *line = line_at(p, p->list.cursor);

	if (p->shows_matrix) {
		node_id node = p->matrix.walk.member[0];

		p->shows_matrix = false;
		list_visible(p, node);
		return;
	}
	if (!line)
		return;
	p->list.cursor = 0;
	show_matrix(p, line->node);
}

static bool matrix_command(struct lineage_pane *p, struct app *app,
			   enum screen_command cmd)
{
	struct scope scope;

	switch (cmd) {
	case DO_FOLD:
	case DO_UNFOLD:
		matrix_move(&p->matrix, cmd == DO_FOLD ? -1 : 1);
		return true;
	case DO_DRILL:
		scope = matrix_scope(&p->matrix, p->l, p->list.cursor);
		if (scope.kind == SCOPE_ALL)
			app_say(app, "nothing was done there");
		else
			app_drill(app, scope);
		return true;
	case DO_CLOSE:
		toggle_matrix(p);
		return true;
	default:
		return false;
	}
}

static bool lineage_command(void *state, struct app *app,
			    enum screen_command cmd)
{
	struct lineage_pane *p = state;

	if (!p->tree.n)
		return false;
	if (cmd == DO_MATRIX) {
		toggle_matrix(p);
		return true;
	}
	if (p->shows_matrix)
		return matrix_command(p, app, cmd);
	switch (cmd) {
	case DO_FOLD:
		fold(p, true);
		return true;
	case DO_UNFOLD:
		fold(p, false);
		return true;
	case DO_FOLD_ALL:
		fold_all(p);
		return true;
	case DO_DRILL:
		drill_line(p, app);
		return true;
	case DO_CONTEXT:
		return go_to_evidence(p, app);
	default:
		return false;
	}
}

/* Places ------------------------------------------------------------------ */

static void lineage_save(const void *state, const struct desk *d,
			 struct strbuf *out)
{
	const struct lineage_pane *p = state;
	const struct tree_line *line = line_at(p, p->list.cursor);

	(void)d;
	if (p->shows_matrix)
		strbuf_addf(out, "m %zu %zu ", p->list.cursor,
			    p->matrix.column);
	else
		strbuf_adds(out, "t 0 0 ");
	if (p->shows_matrix)
		strbuf_add(out, strbuf_str(&p->of));
	else if (line)
		strbuf_add(out, lineage_id(p->l, line->node));
}

static void lineage_restore(void *state, struct desk *d, struct str saved)
{
	struct lineage_pane *p = state;
	struct str mode = STR_NULL, row = STR_NULL, column = STR_NULL;
	uint64_t r = 0, k = 0;
	node_id node;

	str_next(&saved, ' ', &mode);
	str_next(&saved, ' ', &row);
	str_next(&saved, ' ', &column);
	str_to_u64(row, &r);
	str_to_u64(column, &k);
	p->shows_matrix = false;
	lineage_refresh(p, d);
	node = p->l ? lineage_node(p->l, saved) : NODE_NONE;
	if (!node || !p->tree.n)
		return;
	if (str_eq(mode, STR("m"))) {
		show_matrix(p, node);
		list_goto(&p->list, (size_t)r);
		p->matrix.column = k < p->matrix.account_n ? (size_t)k : 0;
	} else {
		list_visible(p, node);
	}
}

const struct pane_class pane_lineage = {
	.name = "Lineage",
	.context = IN_LINEAGE,
	.open = lineage_open,
	.close = lineage_close,
	.refresh = lineage_refresh,
	.title = lineage_title,
	.draw = lineage_draw,
	.command = lineage_command,
	.list = lineage_list,
	.row_text = lineage_row_text,
	.moved = lineage_moved,
	.save = lineage_save,
	.restore = lineage_restore,
};
