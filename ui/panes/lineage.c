/* SPDX-License-Identifier: MIT */
/*
 * The pivot view: the tree of who became whom around the selected event's
 * identity, and the services and accounts in which one identity acted.
 */
#include "ui/app.h"

#include "base/mem.h"
#include "casework/touched.h"
#include "ui/panes/lineage.h"

#include <stdlib.h>

enum {
	TITLE_NAME = 40, /* columns for whose tree it is */
	FEW_ROWS = 16,   /* of a box beside others */
};

static void *lineage_open(void)
{
	struct lineage_pane *p = mem_zero(1, sizeof(*p));

	p->row = ROW_NONE;
	strbuf_init(&p->of);
	strbuf_init(&p->at);
	return p;
}

static void drop_views(struct lineage_pane *p)
{
	tree_free(p->tree);
	p->tree = NULL;
	matrix_release(&p->matrix);
}

static void drop_snapshot(struct lineage_pane *p)
{
	drop_views(p);
	tree_index_free(p->index);
	p->index = NULL;
	reader_free(p->reader);
	p->reader = NULL;
}

void lineage_drop_folds(struct lineage_pane *p)
{
	for (size_t i = 0; i < p->fold_n; i++)
		strbuf_release(&p->fold[i].name);
	p->fold_n = 0;
}

static void lineage_close(void *state)
{
	struct lineage_pane *p = state;

	drop_snapshot(p);
	lineage_drop_folds(p);
	free(p->fold);
	strbuf_release(&p->of);
	strbuf_release(&p->at);
	free(p);
}

/* The list ---------------------------------------------------------------- */

uint32_t lineage_line(const struct lineage_pane *p)
{
	return p->tree && p->list.cursor < p->tree->shown_n ?
		       p->tree->shown[p->list.cursor] :
		       TREE_NO_LINE;
}

/* The name outlives the tree whose line it is. */
static void keep_cursor(struct lineage_pane *p)
{
	uint32_t line = lineage_line(p);

	if (p->shows_matrix)
		return;
	strbuf_clear(&p->at);
	if (line != TREE_NO_LINE)
		tree_name(p->tree, line, &p->at);
}

static void place_cursor(struct lineage_pane *p, uint32_t line)
{
	list_replace(&p->list, p->tree->shown_n,
		     line == TREE_NO_LINE ? 0 : tree_position(p->tree, line));
}

void lineage_list_lines(struct lineage_pane *p, uint32_t line)
{
	place_cursor(p, line);
	keep_cursor(p);
}

void lineage_list_tree(struct lineage_pane *p, uint32_t line)
{
	list_replace(&p->list, p->tree->shown_n, 0);
	list_first(&p->list);
	if (line != TREE_NO_LINE)
		list_goto(&p->list, tree_position(p->tree, line));
	keep_cursor(p);
}

void lineage_note_fold(struct lineage_pane *p, uint32_t line, bool open)
{
	struct lineage_fold *f = NULL;
	struct strbuf name;

	strbuf_init(&name);
	tree_name(p->tree, line, &name);
	for (size_t i = 0; i < p->fold_n; i++)
		if (str_eq(strbuf_str(&p->fold[i].name), strbuf_str(&name)))
			f = &p->fold[i];
	if (f) {
		strbuf_release(&name);
		f->open = open;
		return;
	}
	p->fold = mem_grow(p->fold, &p->fold_cap, p->fold_n + 1,
			   sizeof(*p->fold));
	p->fold[p->fold_n++] = (struct lineage_fold){ name, open };
}

static void apply_folds(struct lineage_pane *p)
{
	for (size_t i = 0; i < p->fold_n; i++) {
		uint32_t line = tree_find(p->tree,
					  strbuf_str(&p->fold[i].name));

		if (line == TREE_NO_LINE)
			continue;
		if (p->fold[i].open)
			tree_open(p->tree, line);
		else
			tree_close(p->tree, line);
	}
}

uint32_t lineage_kept_line(const struct lineage_pane *p)
{
	uint32_t line = p->at.n ? tree_find(p->tree, strbuf_str(&p->at)) :
				  TREE_NO_LINE;

	if (line != TREE_NO_LINE)
		return line;
	/* A tree by key has no lines where there is no key. */
	return p->tree->n ? p->tree->focus : TREE_NO_LINE;
}

/* In a small box beside others it is about who became whom: what they did
 * stands in the timeline, and here as soon as the pane has the focus. */
static bool is_brief(const struct lineage_pane *p)
{
	return !p->focused && p->rows < FEW_ROWS;
}

/* Keeps the name of the line under the cursor: it may be that of a call that
 * is hidden now. */
static void set_brief(struct lineage_pane *p)
{
	if (!p->tree || p->tree->brief == is_brief(p))
		return;
	tree_set_brief(p->tree, is_brief(p));
	if (!p->shows_matrix)
		place_cursor(p, lineage_kept_line(p));
}

void lineage_plant(struct lineage_pane *p)
{
	const struct tree_options options = {
		.form = p->form, .hints = p->hints, .deeds = true, .row = p->row
	};

	tree_free(p->tree);
	p->tree = tree_new(p->index, p->focus, &options);
	apply_folds(p);
	tree_set_brief(p->tree, is_brief(p));
}

void lineage_turn_to_matrix(struct lineage_pane *p, const struct desk *d,
			    node_id node)
{
	p->shows_matrix = true;
	strbuf_clear(&p->of);
	strbuf_add(&p->of, lineage_id(p->l, node));
	matrix_make(&p->matrix, p->l, &d->snap->marks, node);
	list_replace(&p->list, p->matrix.source_n,
		     p->list.cursor < p->matrix.source_n ? p->list.cursor : 0);
}

/* Refreshing -------------------------------------------------------------- */

static void take_snapshot(struct lineage_pane *p, const struct desk *d)
{
	struct rowset reads = ROWSET_INIT;

	drop_snapshot(p);
	p->l = d->snap->lineage;
	p->made_of = d->snap->version;
	touched_reads(d->snap->store, &reads);
	p->index = tree_index_new(p->l, snapshot_marks(d->snap), &reads);
	rowset_release(&reads);
	p->reader = reader_new(d->snap->store, investigation_limits(d->inv));
}

static void forget_snapshot(struct lineage_pane *p)
{
	drop_snapshot(p);
	p->l = NULL;
	p->made_of = 0;
	p->shows_matrix = false;
	list_replace(&p->list, 0, 0);
}

static void lineage_focused(void *state, bool focused)
{
	struct lineage_pane *p = state;

	p->focused = focused;
	set_brief(p);
}

/* A row in which nobody acts, and whose address nobody used. */
static void show_nobody(struct lineage_pane *p, bool same)
{
	if (!same) {
		forget_snapshot(p);
		return;
	}
	tree_free(p->tree);
	p->tree = NULL;
	p->shows_matrix = false;
	list_replace(&p->list, 0, 0);
}

/* Another event of the same identity: from another address it is another
 * line. */
static void look_at_row(struct lineage_pane *p, const struct desk *d)
{
	const struct uints *ip = &d->snap->store->column[EVENT_IP];
	row_id before = p->row;

	p->row = d->selected;
	if (p->form != TREE_BY_PERSON || p->row == before ||
	    (before != ROW_NONE &&
	     uints_get_u32(ip, before) == uints_get_u32(ip, p->row)) ||
	    p->shows_matrix)
		return;
	if (tree_refocus(p->tree, p->focus, p->row))
		lineage_list_lines(p, lineage_kept_line(p));
}

static void lineage_refresh(void *state, struct desk *d)
{
	struct lineage_pane *p = state;
	bool same, turned = p->shows_matrix;
	node_id focus;

	same = d->snap && p->made_of == d->snap->version;
	if (!d->snap || d->selected == ROW_NONE) {
		/* The snapshot before is gone; nothing is left to show. */
		if (!same)
			forget_snapshot(p);
		return;
	}
	focus = lineage_subject(d->snap->lineage, d->selected);
	if (!focus) {
		show_nobody(p, same);
		return;
	}
	if (same && p->focus == focus && p->tree) {
		look_at_row(p, d);
		return;
	}
	/* In a newer snapshot the cursor stays where the analyst left it; for
	 * another identity it goes to that. */
	if ((same && p->focus != focus) || !d->touched)
		strbuf_clear(&p->at);
	if (!same)
		take_snapshot(p, d);
	p->focus = focus;
	p->row = d->selected;
	p->shows_matrix = false;
	if (p->tree && tree_refocus(p->tree, focus, p->row)) {
		lineage_list_lines(p, lineage_kept_line(p));
	} else {
		lineage_plant(p);
		lineage_list_tree(p, lineage_kept_line(p));
	}
	focus = turned ? lineage_node(p->l, strbuf_str(&p->of)) : NODE_NONE;
	if (focus)
		lineage_turn_to_matrix(p, d, focus);
}

static void lineage_title(const void *state, const struct desk *d,
			  struct arena *arena, struct safetext *left,
			  struct safetext *right)
{
	const struct lineage_pane *p = state;
	struct strbuf text;

	*right = list_position(&p->list, arena);
	if (!d->snap || !p->tree) {
		*left = safe_literal("4 Lineage] who became whom");
		return;
	}
	strbuf_init(&text);
	node_describe(p->l,
		      p->shows_matrix ? p->matrix.walk.member[0] :
					tree_root(p->tree),
		      &text);
	*left = safe_join(
		arena, safe_literal("4 Lineage] "),
		safe_fit(arena, safe_text(arena, strbuf_str(&text), SAFE_LIST),
			 TITLE_NAME, SAFE_CUT_MIDDLE, "~"));
	*left = safe_join(arena, *left, safe_literal(": "));
	*left = safe_join(arena, *left,
			  safe_literal(p->shows_matrix ?
					       "services x accounts" :
					       tree_form_text(p->form)));
	if (p->hints && !p->shows_matrix)
		*left = safe_join(arena, *left, safe_literal(", with hints"));
	*right = safe_join(
		arena, safe_literal(p->shows_matrix ? "M:tree " : "r:re-root "),
		*right);
	strbuf_release(&text);
}

static bool has_evidence(const struct lineage_pane *p, int rows)
{
	return rows > 2 && (p->shows_matrix || !is_brief(p));
}

/* The last row is for words about the link. A tree that nobody could see so
 * far begins with its root. */
static int lineage_resized(void *state, int rows, int cols)
{
	struct lineage_pane *p = state;
	bool unseen = !p->list.height;

	(void)cols;
	p->rows = rows;
	set_brief(p);
	if (has_evidence(p, rows))
		rows--;
	if (unseen && rows > 0) {
		list_set_height(&p->list, (size_t)rows);
		list_show_from(&p->list, 0);
	}
	return rows;
}

/* Drawing ----------------------------------------------------------------- */

static void lineage_draw(const void *state, const struct desk *d,
			 struct canvas *c, const struct drawing *how)
{
	const struct lineage_pane *p = state;
	struct canvas body = canvas_sub(
		c, (struct rect){ 0, 0, c->rows - has_evidence(p, c->rows),
				  c->cols });

	if (!d->snap || !p->tree) {
		canvas_text(c, 0, 1,
			    d->snap && d->selected != ROW_NONE ?
				    safe_literal("nobody acts in this row") :
				    safe_literal("no event is selected"),
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
	lineage_draw_tree(p, d, &body, how);
	if (has_evidence(p, c->rows))
		lineage_draw_evidence(p, d, c, c->rows - 1, how->arena);
}

/* What others ask of it ---------------------------------------------------- */

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
	uint32_t line;

	if (p->shows_matrix) {
		matrix_row_text(&p->matrix, d->snap->store, row, out);
		return;
	}
	if (!p->tree || row >= p->tree->shown_n)
		return;
	line = p->tree->shown[row];
	strbuf_adds(out, tree_verb_text(p->tree->line[line].verb));
	strbuf_addc(out, ' ');
	tree_describe(p->tree, line, TREE_FULL, &d->zone, out);
}

static node_id lineage_identity(const void *state, const struct desk *d)
{
	const struct lineage_pane *p = state;
	node_id node;

	if (!p->tree || p->l != d->snap->lineage)
		return NODE_NONE;
	if (p->shows_matrix)
		return p->matrix.walk.member[0];
	node = lineage_line_node(p->tree, lineage_line(p));
	return node ? node : tree_root(p->tree);
}

static void lineage_picks(const void *state, const struct desk *d,
			  struct picks *out)
{
	const struct lineage_pane *p = state;

	if (!p->tree)
		return;
	if (p->shows_matrix)
		matrix_picks(&p->matrix, d->snap->store, p->list.cursor, out);
	else if (lineage_line(p) != TREE_NO_LINE)
		lineage_line_picks(p, lineage_line(p), out);
}

/* A search finds what is folded, too. */
static void lineage_reveal(void *state, struct desk *d)
{
	struct lineage_pane *p = state;

	(void)d;
	if (!p->tree || p->shows_matrix)
		return;
	tree_open_all(p->tree, LINEAGE_UNFOLD_LINES, TREE_UNFOLD_WHOLE);
	lineage_list_lines(p, lineage_kept_line(p));
}

/* In the background ------------------------------------------------------- */

static bool lineage_busy(const void *state)
{
	const struct lineage_pane *p = state;

	return p->tree && !p->tree->brief && tree_unread(p->tree);
}

/* Lines of calls learn what they were about; the cursor stays on its line. */
static void lineage_step(void *state, struct desk *d, unsigned ms)
{
	struct lineage_pane *p = state;
	uint32_t line;

	(void)d;
	if (!p->tree || !tree_step(p->tree, p->reader, ms) || p->shows_matrix)
		return;
	line = p->at.n ? tree_find(p->tree, strbuf_str(&p->at)) : TREE_NO_LINE;
	lineage_list_lines(p, line == TREE_NO_LINE ? p->tree->focus : line);
}

/* Places ------------------------------------------------------------------ */

static void lineage_save(const void *state, const struct desk *d,
			 struct strbuf *out)
{
	const struct lineage_pane *p = state;

	(void)d;
	strbuf_addf(out, "%c %zu %zu %d %d ", p->shows_matrix ? 'm' : 't',
		    p->list.cursor, p->shows_matrix ? p->matrix.column : 0,
		    (int)p->form, p->hints);
	strbuf_add(out, strbuf_str(p->shows_matrix ? &p->of : &p->at));
}

static uint64_t next_number(struct str *rest)
{
	struct str word = STR_NULL;
	uint64_t n = 0;

	str_next(rest, ' ', &word);
	str_to_u64(word, &n);
	return n;
}

static void lineage_restore(void *state, struct desk *d, struct str saved)
{
	struct lineage_pane *p = state;
	struct str mode = STR_NULL;
	uint64_t row, column, form, hints;
	node_id node;

	str_next(&saved, ' ', &mode);
	row = next_number(&saved);
	column = next_number(&saved);
	form = next_number(&saved);
	hints = next_number(&saved);
	if (form != (uint64_t)p->form || (hints != 0) != p->hints) {
		p->form = form < TREE_FORM_COUNT ? (enum tree_form)form :
						   TREE_BY_PERSON;
		p->hints = hints != 0;
		if (p->tree)
			lineage_plant(p);
	}
	p->shows_matrix = false;
	lineage_refresh(p, d);
	if (!p->tree)
		return;
	node = str_eq(mode, STR("m")) ? lineage_node(p->l, saved) : NODE_NONE;
	if (node) {
		lineage_turn_to_matrix(p, d, node);
		list_goto(&p->list, (size_t)row);
		p->matrix.column = column < p->matrix.account_n ?
					   (size_t)column :
					   0;
		return;
	}
	strbuf_clear(&p->at);
	strbuf_add(&p->at, saved);
	lineage_list_lines(p, lineage_kept_line(p));
}

const struct pane_class pane_lineage = {
	.name = "Lineage",
	.context = IN_LINEAGE,
	.open = lineage_open,
	.close = lineage_close,
	.focused = lineage_focused,
	.refresh = lineage_refresh,
	.title = lineage_title,
	.draw = lineage_draw,
	.command = lineage_command,
	.list = lineage_list,
	.resized = lineage_resized,
	.reveal = lineage_reveal,
	.identity = lineage_identity,
	.row_text = lineage_row_text,
	.picks = lineage_picks,
	.moved = lineage_moved,
	.busy = lineage_busy,
	.step = lineage_step,
	.save = lineage_save,
	.restore = lineage_restore,
};
