/* SPDX-License-Identifier: MIT */
/* The rows of an identity by key, by address, by API: three levels. */
#include "identity/tree_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"

enum { LEVELS = 3 };

enum dimension {
	BY_NODE, /* the acting one: a key, a session */
	BY_ADDRESS,
	BY_NAME,
};

/*
 * By address, who used it comes before what they called: that somebody else
 * used it too is what makes an address worth looking at.
 */
static const enum dimension dimensions[TREE_FORM_COUNT][LEVELS] = {
	[TREE_BY_KEY] = { BY_NODE, BY_ADDRESS, BY_NAME },
	[TREE_BY_ADDRESS] = { BY_ADDRESS, BY_NODE, BY_NAME },
	[TREE_BY_API] = { BY_NAME, BY_ADDRESS, BY_NODE },
};

static uint32_t value_of(const struct lineage *l, enum dimension d, row_id row)
{
	switch (d) {
	case BY_NODE:
		return l->acting[row];
	case BY_ADDRESS:
		return store_value_at(l->store, EVENT_IP, row);
	case BY_NAME:
		return store_value_at(l->store, EVENT_NAME, row);
	}
	return 0;
}

static uint32_t values_of(const struct lineage *l, enum dimension d)
{
	switch (d) {
	case BY_NODE:
		return l->node_n;
	case BY_ADDRESS:
		return l->store->values[EVENT_IP];
	case BY_NAME:
		return l->store->values[EVENT_NAME];
	}
	return 0;
}

/* Rows sorted by value into parts.row, a line for each, in order of the first
 * rows. */
static void part_rows(struct tree *t, const row_id *row, size_t n,
		      enum dimension d, uint16_t depth,
		      struct tree_lines *lines)
{
	const struct tree_index *x = t->index;
	const struct store *s = x->l->store;
	uint32_t *slot = tree_scratch(t, values_of(x->l, d)), at;
	struct tree_parts *p = t->parts;
	size_t mark = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t value = value_of(x->l, d, row[i]);
		struct tree_line *line, fresh = { .kind = TREE_VALUE,
						  .level = -1,
						  .value = value,
						  .first = row[i],
						  .opens = depth + 1 < LEVELS };
		int level;

		if (!slot[value]) {
			if (d == BY_NODE)
				fresh.node = value;
			tree_add_line(lines, &fresh);
			slot[value] = (uint32_t)lines->n;
		}
		line = &lines->line[slot[value] - 1];
		line->events++;
		line->denied += store_outcome(s, row[i]) == OUTCOME_DENIED;
		line->last = row[i];
		level = tree_row_level(x, row[i], &mark);
		if (level > line->level)
			line->level = level;
	}
	p->row = mem_grow(p->row, &p->row_cap, (size_t)p->row_n + n,
			  sizeof(*p->row));
	at = p->row_n;
	for (size_t i = 0; i < lines->n; i++) {
		lines->line[i].below = lines->line[i].level;
		lines->line[i].extra = at;
		at += lines->line[i].events;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t value = value_of(x->l, d, row[i]);

		p->row[lines->line[slot[value] - 1].extra++] = row[i];
	}
	p->row_n = at;
	for (size_t i = 0; i < lines->n; i++) {
		lines->line[i].extra -= lines->line[i].events;
		slot[lines->line[i].value] = 0;
	}
}

struct rowset tree_line_rows(const struct tree *t, uint32_t number)
{
	const struct tree_line *line = &t->line[number];
	const struct tree_parts *p = t->parts;

	if (line->kind == TREE_DEED)
		return rowset_view(p->row + p->deed[line->extra].from,
				   p->deed[line->extra].n);
	if (line->kind == TREE_VALUE)
		return rowset_view(p->row + line->extra, line->events);
	return (struct rowset)ROWSET_INIT;
}

enum tree_column tree_column_of(const struct tree *t, uint32_t number)
{
	static const enum tree_column columns[] = {
		[BY_NODE] = TREE_COLUMN_NODE,
		[BY_ADDRESS] = TREE_COLUMN_ADDRESS,
		[BY_NAME] = TREE_COLUMN_NAME,
	};

	return columns[dimensions[t->options.form][t->line[number].depth]];
}

void tree_grow_value(struct tree *t, uint32_t number)
{
	uint16_t depth = t->line[number].depth;
	struct tree_lines lines = { NULL, 0, 0 };
	struct rowset rows = ROWSET_INIT, view;

	if (depth + 1 >= LEVELS)
		return;
	/* A copy: the array that holds the rows grows. */
	view = tree_line_rows(t, number);
	rowset_copy(&rows, &view);
	part_rows(t, rows.row, rows.n, dimensions[t->options.form][depth + 1],
		  (uint16_t)(depth + 1), &lines);
	rowset_release(&rows);
	tree_commit(t, number, &lines, false);
}

/* Everything that came from the addresses that the rows came from. */
static void add_others(const struct lineage *l, struct rowset *rows)
{
	const struct store *s = l->store;
	uint8_t *wanted = mem_zero(s->values[EVENT_IP], 1);

	for (size_t i = 0; i < rows->n; i++) {
		uint32_t value = store_value_at(s, EVENT_IP, rows->row[i]);

		if (!wanted[value])
			wanted[value] = tree_is_address(s, value) ? 2 : 1;
	}
	rowset_clear(rows);
	for (row_id r = 0; r < s->n; r++)
		if (wanted[store_value_at(s, EVENT_IP, r)] == 2)
			rowset_add(rows, r);
	free(wanted);
}

/* The focus is the first line that has its row, else its node. */
static void find_focus(struct tree *t, node_id focus)
{
	const struct lineage *l = t->l;
	enum dimension d = dimensions[t->options.form][0];
	row_id row = t->options.row;

	t->focus = 0;
	for (uint32_t i = 0; i < t->n; i++)
		if (row != ROW_NONE ? t->line[i].value == value_of(l, d, row) :
				      t->line[i].node == focus) {
			t->focus = i;
			break;
		}
}

void tree_plant_values(struct tree *t, node_id root, node_id focus)
{
	struct tree_lines lines = { NULL, 0, 0 };
	struct rowset rows = ROWSET_INIT;

	tree_below_rows(t->l, root, TREE_ANYWHERE, 0, &rows);
	if (t->options.form == TREE_BY_ADDRESS)
		add_others(t->l, &rows);
	part_rows(t, rows.row, rows.n, dimensions[t->options.form][0], 0,
		  &lines);
	for (size_t i = 0; i < lines.n; i++)
		tree_add_root(t, &lines.line[i]);
	free(lines.line);
	rowset_release(&rows);
	find_focus(t, focus);
	if (t->n)
		tree_open(t, t->focus);
}
