/* SPDX-License-Identifier: MIT */
#include "ui/panes/matrix.h"

#include <stdlib.h>

#include "base/mem.h"
#include "identity/tree.h"
#include "ui/picks.h"

enum { SERVICE_WIDTH = 18, ACCOUNT_WIDTH = 20 };

void matrix_release(struct matrix *m)
{
	walk_release(&m->walk);
	m->walk = (struct walk){ .rows = ROWSET_INIT };
	free(m->source);
	free(m->level);
	m->source = NULL;
	m->level = NULL;
	m->source_n = m->account_n = 0;
}

/* Adds a value to a list of distinct ones. */
static void add_value(uint32_t *list, size_t *n, size_t most, uint32_t value)
{
	for (size_t i = 0; i < *n; i++)
		if (list[i] == value)
			return;
	if (*n < most)
		list[(*n)++] = value;
}

/* The number of a cell, in order of account and service texts. */
static size_t cell_number(const struct walk *w, const struct store *s,
			  row_id row)
{
	uint32_t account = store_value_at(s, EVENT_ACCOUNT, row);
	uint32_t source = store_value_at(s, EVENT_SOURCE, row);
	size_t i = 0;

	while (i < w->cell_n &&
	       (w->cell[i].account != account || w->cell[i].source != source))
		i++;
	return i;
}

/* Alerts are few beside the rows: each finds its cell. */
static void find_levels(struct matrix *m, const struct store *s,
			const struct marks *marks)
{
	m->level = mem_alloc((m->walk.cell_n + 1) * sizeof(*m->level));
	for (size_t i = 0; i <= m->walk.cell_n; i++)
		m->level[i] = -1;
	for (size_t i = 0; i < marks->n; i++) {
		const struct mark *k = &marks->mark[i];
		size_t cell;

		if (!rowset_has(&m->walk.rows, k->row))
			continue;
		cell = cell_number(&m->walk, s, k->row);
		if ((int)k->level > m->level[cell])
			m->level[cell] = (int)k->level;
	}
}

void matrix_make(struct matrix *m, const struct lineage *l,
		 const struct marks *marks, node_id node)
{
	matrix_release(m);
	walk_identity(&m->walk, l, &node, 1, NULL);
	find_levels(m, l->store, marks);
	m->source = mem_alloc((m->walk.cell_n + 1) * sizeof(*m->source));
	/* Cells are in order of account, then service: services of all
	 * accounts come in order of the first that has them. */
	for (size_t i = 0; i < m->walk.cell_n; i++) {
		add_value(m->account, &m->account_n, MATRIX_ACCOUNTS,
			  m->walk.cell[i].account);
		add_value(m->source, &m->source_n, m->walk.cell_n,
			  m->walk.cell[i].source);
	}
	if (m->column >= m->account_n)
		m->column = 0;
}

static const struct walk_cell *cell_at(const struct matrix *m, size_t row,
				       size_t column)
{
	if (row >= m->source_n || column >= m->account_n)
		return NULL;
	for (size_t i = 0; i < m->walk.cell_n; i++) {
		const struct walk_cell *c = &m->walk.cell[i];

		if (c->source == m->source[row] &&
		    c->account == m->account[column])
			return c;
	}
	return NULL;
}

/* The cell of a row in the chosen column, or NULL. */
static const struct walk_cell *chosen_cell(const struct matrix *m, size_t row)
{
	return cell_at(m, row, m->column);
}

void matrix_row_text(const struct matrix *m, const struct store *s, size_t row,
		     struct strbuf *out)
{
	if (row < m->source_n)
		strbuf_add(out, store_value(s, EVENT_SOURCE, m->source[row]));
}

void matrix_move(struct matrix *m, int by)
{
	if (by < 0 && m->column)
		m->column--;
	else if (by > 0 && m->column + 1 < m->account_n)
		m->column++;
}

/* Drawing ----------------------------------------------------------------- */

static int level_of(const struct matrix *m, const struct walk_cell *cell)
{
	return m->level[cell - m->walk.cell];
}

/* "120 M", "14 (14 denied)", "12 C (3 denied)": the letter is that of the
 * worst alert. */
static void draw_cell(const struct matrix *m, const struct walk_cell *cell,
		      struct canvas *c, int line, int col, struct arena *a)
{
	int level;

	if (!cell) {
		canvas_text(c, line, col, safe_literal("."), STYLE_MUTED);
		return;
	}
	level = level_of(m, cell);
	col = canvas_text(c, line, col, safe_count(a, cell->events),
			  STYLE_NORMAL) +
	      1;
	if (level >= 0)
		col = canvas_text(c, line, col, level_text((enum level)level),
				  level_style((enum level)level)) +
		      1;
	if (cell->denied)
		canvas_text(c, line, col,
			    safe_format(a, "(%u denied)", cell->denied),
			    STYLE_DENIED);
	else if (cell->failed)
		canvas_text(c, line, col,
			    safe_format(a, "(%u failed)", cell->failed),
			    STYLE_NORMAL);
}

/* The first account that is shown, so that the chosen one is in sight. */
static size_t first_column(const struct matrix *m, int cols)
{
	size_t fit = cols > SERVICE_WIDTH + ACCOUNT_WIDTH ?
			     (size_t)(cols - SERVICE_WIDTH) / ACCOUNT_WIDTH :
			     1;

	return m->column >= fit ? m->column - fit + 1 : 0;
}

/* "111122223333 prod": as the site file names it. */
static struct safetext account_text(const struct canvas *c,
				    const struct site *site, struct str account,
				    struct arena *a)
{
	struct str name = site_account_name(site, account);

	if (!account.n)
		return safe_literal("no account");
	if (name.n) {
		account = arena_join(a, account, STR(" "));
		account = arena_join(a, account, name);
	}
	return list_cell(c, a, account, ACCOUNT_WIDTH - 1, SAFE_CUT_END);
}

static void draw_accounts(const struct matrix *m, const struct desk *d,
			  struct canvas *c, size_t from, struct arena *a)
{
	for (size_t k = from; k < m->account_n; k++) {
		int col = SERVICE_WIDTH + (int)(k - from) * ACCOUNT_WIDTH;
		struct str account = store_value(d->snap->store, EVENT_ACCOUNT,
						 m->account[k]);

		canvas_text(c, 0, col,
			    account_text(c, &d->snap->site, account, a),
			    k == m->column ? STYLE_HEADING : STYLE_MUTED);
	}
}

static void draw_row(const struct matrix *m, const struct store *s,
		     struct canvas *c, int line, size_t row, size_t from,
		     bool chosen, const struct drawing *how)
{
	struct str service =
		event_service(store_value(s, EVENT_SOURCE, m->source[row]));

	canvas_text(c, line, 1,
		    list_cell(c, how->arena, service, SERVICE_WIDTH - 2,
			      SAFE_CUT_END),
		    STYLE_NORMAL);
	draw_cursor(c, line, chosen, false);
	for (size_t k = from; k < m->account_n; k++) {
		const struct walk_cell *cell = cell_at(m, row, k);
		int col = SERVICE_WIDTH + (int)(k - from) * ACCOUNT_WIDTH;

		draw_cell(m, cell, c, line, col, how->arena);
		if (chosen && k == m->column)
			canvas_restyle(c,
				       (struct rect){ line, col, 1,
						      ACCOUNT_WIDTH - 2 },
				       how->focused ? STYLE_SELECTED :
						      STYLE_SELECTED_BLUR);
	}
}

void matrix_draw(const struct matrix *m, const struct list *list,
		 const struct desk *d, struct canvas *c,
		 const struct drawing *how)
{
	const struct store *s = d->snap->store;
	size_t from = first_column(m, c->cols), row;

	draw_accounts(m, d, c, from, how->arena);
	for (int line = 1; line < c->rows; line++) {
		if (!list_row_at(list, (size_t)line - 1, &row) ||
		    row >= m->source_n)
			break;
		draw_row(m, s, c, line, row, from, row == list->cursor, how);
	}
}

void matrix_draw_times(const struct matrix *m, const struct list *list,
		       const struct desk *d, struct canvas *c, int row,
		       struct arena *a)
{
	const struct walk_cell *cell = chosen_cell(m, list->cursor);
	struct strbuf words;

	if (!cell)
		return;
	strbuf_init(&words);
	strbuf_adds(&words, "first ");
	time_format(&words, cell->first, TIME_DATETIME, &d->zone);
	strbuf_adds(&words, "  last ");
	time_format(&words, cell->last, TIME_DATETIME, &d->zone);
	strbuf_adds(&words, "  ");
	strbuf_add_count(&words, cell->events);
	strbuf_addf(&words, " ev, %u denied, %u failed", cell->denied,
		    cell->failed);
	canvas_text(c, row, 1, safe_text(a, strbuf_str(&words), SAFE_LIST),
		    STYLE_MUTED);
	strbuf_release(&words);
}

struct scope matrix_scope(const struct matrix *m, const struct lineage *l,
			  size_t row)
{
	const struct store *s = l->store;
	const struct walk_cell *cell = chosen_cell(m, row);
	struct str account, source;
	struct strbuf label;
	struct scope scope;

	if (!cell)
		return (struct scope)SCOPE_INIT;
	account = store_value(s, EVENT_ACCOUNT, cell->account);
	source = store_value(s, EVENT_SOURCE, cell->source);
	strbuf_init(&label);
	node_describe(l, m->walk.member[0], &label);
	strbuf_adds(&label, ", ");
	strbuf_add(&label, event_service(source));
	strbuf_adds(&label, " in ");
	strbuf_add(&label, account);
	scope = scope_make(SCOPE_CELL, lineage_id(l, m->walk.member[0]),
			   account, source, strbuf_str(&label));
	strbuf_release(&label);
	return scope;
}

void matrix_picks(const struct matrix *m, const struct store *s, size_t row,
		  struct picks *out)
{
	if (row < m->source_n)
		picks_add(out, 'v', "eventSource",
			  store_value(s, EVENT_SOURCE, m->source[row]));
	if (m->column < m->account_n)
		picks_add(out, 'c', "account",
			  store_value(s, EVENT_ACCOUNT, m->account[m->column]));
}
