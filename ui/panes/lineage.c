/* SPDX-License-Identifier: MIT */
/*
 * The pivot view: the tree of who became whom around the selected event's
 * identity, and the services and accounts in which one identity acted.
 */
#include "ui/app.h"

#include "base/mem.h"
#include "identity/walk.h"

#include <stdlib.h>

enum { MATRIX_ACCOUNTS = 64 };

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
	/* The matrix: services by accounts. */
	bool matrix;
	struct strbuf of; /* id of the node whose matrix it is */
	struct walk walk;
	uint32_t account[MATRIX_ACCOUNTS], *source;
	size_t account_n, source_n;
	size_t column; /* the chosen account */
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
	walk_release(&p->walk);
	p->walk = (struct walk){ .rows = ROWSET_INIT };
	free(p->source);
	p->source = NULL;
	p->source_n = p->account_n = 0;
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
	return intern_find(&p->folded, p->l->node[node].id) != INTERN_NONE;
}

/* Folding is remembered by adding the id; unfolding makes the table anew
 * without it. */
static void set_folded(struct lineage_pane *p, node_id node, bool folded)
{
	struct str id = p->l->node[node].id;
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
	if (line && !p->matrix)
		strbuf_add(&p->at, p->l->node[line->node].id);
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

/* The matrix -------------------------------------------------------------- */

static void list_matrix(struct lineage_pane *p)
{
	p->source = mem_alloc((p->walk.cell_n + 1) * sizeof(*p->source));
	for (size_t i = 0; i < p->walk.cell_n; i++) {
		const struct walk_cell *c = &p->walk.cell[i];
		size_t k = 0;

		while (k < p->account_n && p->account[k] != c->account)
			k++;
		if (k == p->account_n && k < MATRIX_ACCOUNTS)
			p->account[p->account_n++] = c->account;
		k = 0;
		while (k < p->source_n && p->source[k] != c->source)
			k++;
		if (k == p->source_n)
			p->source[p->source_n++] = c->source;
	}
	if (p->column >= p->account_n)
		p->column = 0;
}

static const struct walk_cell *cell_at(const struct lineage_pane *p,
				       size_t source, size_t account)
{
	for (size_t i = 0; i < p->walk.cell_n; i++) {
		const struct walk_cell *c = &p->walk.cell[i];

		if (source < p->source_n && account < p->account_n &&
		    c->source == p->source[source] &&
		    c->account == p->account[account])
			return c;
	}
	return NULL;
}

static void make_matrix(struct lineage_pane *p, node_id node)
{
	walk_release(&p->walk);
	free(p->source);
	p->source_n = p->account_n = 0;
	walk_identity(&p->walk, p->l, &node, 1, NULL);
	list_matrix(p);
	list_replace(&p->list, p->source_n,
		     p->list.cursor < p->source_n ? p->list.cursor : 0);
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
	/* In a newer snapshot the cursor stays; for another identity it goes
	 * to that. */
	if (same)
		strbuf_clear(&p->at);
	drop_views(p);
	p->l = d->snap->lineage;
	p->made_of = d->snap->version;
	p->focus = focus;
	tree_around(&p->tree, p->l, focus);
	node = lineage_node(p->l, strbuf_str(&p->at));
	list_visible(p, node ? node : p->tree.line[p->tree.focus].node);
	node = p->matrix ? lineage_node(p->l, strbuf_str(&p->of)) : NODE_NONE;
	p->matrix = node != NODE_NONE;
	if (node)
		make_matrix(p, node);
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
		      p->matrix ? p->walk.member[0] : p->tree.line[0].node,
		      &text);
	*left = safe_join(arena, safe_literal("4 Lineage] "),
			  safe_text(arena, strbuf_str(&text), SAFE_LIST));
	*left = safe_join(arena, *left,
			  safe_literal(p->matrix ? ": services x accounts" :
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
	if (line->edge && line->edge->time != TIME_NONE) {
		time_format(&words, line->edge->time, TIME_CLOCK, &d->zone);
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

static struct safetext cell_words(const struct walk_cell *cell, struct arena *a)
{
	if (!cell)
		return safe_literal(".");
	if (cell->denied)
		return safe_format(a, "%u (%u denied)", cell->events,
				   cell->denied);
	if (cell->failed)
		return safe_format(a, "%u (%u failed)", cell->events,
				   cell->failed);
	return safe_format(a, "%u", cell->events);
}

enum { SERVICE_WIDTH = 18, ACCOUNT_WIDTH = 20 };

/* Accounts that fit, from the one that keeps the chosen in sight. */
static size_t first_account(const struct lineage_pane *p, int cols)
{
	size_t fit = cols > SERVICE_WIDTH + ACCOUNT_WIDTH ?
			     (size_t)(cols - SERVICE_WIDTH) / ACCOUNT_WIDTH :
			     1;

	return p->column >= fit ? p->column - fit + 1 : 0;
}

static void draw_matrix(const struct lineage_pane *p, const struct desk *d,
			struct canvas *c, const struct drawing *how)
{
	const struct store *s = d->snap->store;
	size_t from = first_account(p, c->cols), row;

	for (size_t k = from; k < p->account_n; k++) {
		int col = SERVICE_WIDTH + (int)(k - from) * ACCOUNT_WIDTH;
		struct str account = store_value(s, EVENT_ACCOUNT,
						 p->account[k]);

		canvas_text(c, 0, col,
			    list_cell(c, how->arena,
				      account.n ? account : STR("no account"),
				      ACCOUNT_WIDTH - 2, SAFE_CUT_END),
			    k == p->column ? STYLE_HEADING : STYLE_MUTED);
	}
	for (int line = 0; line + 1 < c->rows; line++) {
		if (!list_row_at(&p->list, (size_t)line, &row) ||
		    row >= p->source_n)
			break;
		canvas_text(c, line + 1, 1,
			    list_cell(c, how->arena,
				      event_service(store_value(
					      s, EVENT_SOURCE, p->source[row])),
				      SERVICE_WIDTH - 2, SAFE_CUT_END),
			    STYLE_NORMAL);
		draw_cursor(c, line + 1, row == p->list.cursor, false);
		for (size_t k = from; k < p->account_n; k++) {
			const struct walk_cell *cell = cell_at(p, row, k);
			int col = SERVICE_WIDTH +
				  (int)(k - from) * ACCOUNT_WIDTH;
			bool chosen = row == p->list.cursor && k == p->column;

			canvas_text(c, line + 1, col,
				    cell_words(cell, how->arena),
				    cell && cell->denied ? STYLE_DENIED :
							   STYLE_NORMAL);
			if (chosen)
				canvas_restyle(
					c,
					(struct rect){ line + 1, col, 1,
						       ACCOUNT_WIDTH - 2 },
					how->focused ? STYLE_SELECTED :
						       STYLE_SELECTED_BLUR);
		}
	}
}

static void draw_cell_times(const struct lineage_pane *p, const struct desk *d,
			    struct canvas *c, int row, struct arena *a)
{
	const struct walk_cell *cell = cell_at(p, p->list.cursor, p->column);
	struct strbuf words;

	if (!cell)
		return;
	strbuf_init(&words);
	strbuf_adds(&words, "first ");
	time_format(&words, cell->first, TIME_DATETIME, &d->zone);
	strbuf_adds(&words, "  last ");
	time_format(&words, cell->last, TIME_DATETIME, &d->zone);
	canvas_text(c, row, 1, safe_text(a, strbuf_str(&words), SAFE_LIST),
		    STYLE_MUTED);
	strbuf_release(&words);
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
	if (p->matrix) {
		draw_matrix(p, d, &body, how);
		if (c->rows > 2)
			draw_cell_times(p, d, c, c->rows - 1, how->arena);
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

	if (p->matrix && row < p->source_n)
		strbuf_add(out, store_value(d->snap->store, EVENT_SOURCE,
					    p->source[row]));
	else if (!p->matrix && line_at(p, row))
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
	app_drill(app, scope_make(SCOPE_SUBTREE, p->l->node[line->node].id,
				  STR_NULL, STR_NULL, strbuf_str(&label)));
	strbuf_release(&label);
}

static void drill_cell(struct lineage_pane *p, struct app *app)
{
	const struct store *s = app_desk(app)->snap->store;
	const struct walk_cell *cell = cell_at(p, p->list.cursor, p->column);
	struct strbuf label;

	if (!cell) {
		app_say(app, "nothing was done there");
		return;
	}
	strbuf_init(&label);
	node_describe(p->l, p->walk.member[0], &label);
	strbuf_adds(&label, ", ");
	strbuf_add(&label,
		   event_service(store_value(s, EVENT_SOURCE, cell->source)));
	strbuf_adds(&label, " in ");
	strbuf_add(&label, store_value(s, EVENT_ACCOUNT, cell->account));
	app_drill(app, scope_make(SCOPE_CELL, strbuf_str(&p->of),
				  store_value(s, EVENT_ACCOUNT, cell->account),
				  store_value(s, EVENT_SOURCE, cell->source),
				  strbuf_str(&label)));
	strbuf_release(&label);
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

	if (p->matrix) {
		node_id node = p->walk.member[0];

		p->matrix = false;
		list_visible(p, node);
		return;
	}
	if (!line)
		return;
	p->matrix = true;
	strbuf_clear(&p->of);
	strbuf_add(&p->of, p->l->node[line->node].id);
	p->list.cursor = 0;
	make_matrix(p, line->node);
}

static bool matrix_command(struct lineage_pane *p, struct app *app,
			   enum screen_command cmd)
{
	switch (cmd) {
	case DO_FOLD:
		if (p->column)
			p->column--;
		return true;
	case DO_UNFOLD:
		if (p->column + 1 < p->account_n)
			p->column++;
		return true;
	case DO_DRILL:
		drill_cell(p, app);
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
	if (p->matrix)
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
	if (p->matrix)
		strbuf_addf(out, "m %zu %zu ", p->list.cursor, p->column);
	else
		strbuf_adds(out, "t 0 0 ");
	if (p->matrix)
		strbuf_add(out, strbuf_str(&p->of));
	else if (line)
		strbuf_add(out, p->l->node[line->node].id);
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
	p->matrix = false;
	lineage_refresh(p, d);
	node = p->l ? lineage_node(p->l, saved) : NODE_NONE;
	if (!node || !p->tree.n)
		return;
	if (str_eq(mode, STR("m"))) {
		strbuf_clear(&p->of);
		strbuf_add(&p->of, saved);
		p->matrix = true;
		make_matrix(p, node);
		list_goto(&p->list, (size_t)r);
		p->column = k < p->account_n ? (size_t)k : 0;
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
