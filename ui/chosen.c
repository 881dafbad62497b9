/* SPDX-License-Identifier: MIT */
#include "ui/chosen.h"

#include <stdlib.h>

#include "base/mem.h"

void chosen_init(struct chosen *p)
{
	*p = (struct chosen){ .rows = ROWSET_INIT };
}

static void forget_alert(struct chosen_alert *a)
{
	free((char *)(uintptr_t)a->fold.p);
}

void chosen_clear(struct chosen *p)
{
	rowset_clear(&p->rows);
	for (size_t i = 0; i < p->n; i++)
		forget_alert(&p->alert[i]);
	p->n = 0;
	p->ranging = false;
}

void chosen_release(struct chosen *p)
{
	chosen_clear(p);
	rowset_release(&p->rows);
	free(p->alert);
}

/* Rows ---------------------------------------------------------------------- */

void chosen_toggle_rows(struct chosen *p, const struct rowset *rows)
{
	struct rowset result = ROWSET_INIT, both = ROWSET_INIT;

	rowset_intersect(&both, &p->rows, rows);
	if (both.n == rows->n)
		rowset_subtract(&result, &p->rows, rows);
	else
		rowset_union(&result, &p->rows, rows);
	rowset_copy(&p->rows, &result);
	rowset_release(&both);
	rowset_release(&result);
}

void chosen_set_rows(struct chosen *p, const struct rowset *rows)
{
	struct rowset result = ROWSET_INIT;

	rowset_union(&result, &p->rows, rows);
	rowset_copy(&p->rows, &result);
	rowset_release(&result);
}

void chosen_move(struct chosen *p, const struct store *from,
		 const struct store *to)
{
	struct rowset moved = ROWSET_INIT;
	struct strbuf id;

	strbuf_init(&id);
	for (size_t i = 0; i < p->rows.n; i++) {
		struct rowset one = ROWSET_INIT, both = ROWSET_INIT;
		row_id row;

		strbuf_clear(&id);
		store_id_text(from, p->rows.row[i], &id);
		row = store_find_id(to, strbuf_str(&id), ROW_NONE);
		if (row == ROW_NONE)
			continue;
		/* Order in time is the same in both, but for ties. */
		if (!moved.n || moved.row[moved.n - 1] < row) {
			rowset_add(&moved, row);
			continue;
		}
		rowset_add(&one, row);
		rowset_union(&both, &moved, &one);
		rowset_copy(&moved, &both);
		rowset_release(&one);
		rowset_release(&both);
	}
	rowset_copy(&p->rows, &moved);
	rowset_release(&moved);
	strbuf_release(&id);
	p->ranging = false;
}

/* Alerts -------------------------------------------------------------------- */

static size_t find_alert(const struct chosen *p, const struct alert *a)
{
	size_t i = 0;

	while (i < p->n && (p->alert[i].rule != a->rule_number ||
			    !str_eq(p->alert[i].fold, alert_fold_text(a))))
		i++;
	return i;
}

bool chosen_has_alert(const struct chosen *p, const struct alert *a)
{
	return find_alert(p, a) < p->n;
}

void chosen_set_alert(struct chosen *p, const struct alert *a, bool picked)
{
	struct str fold = alert_fold_text(a);
	size_t i = find_alert(p, a);

	if ((i < p->n) == picked)
		return;
	if (!picked) {
		forget_alert(&p->alert[i]);
		p->alert[i] = p->alert[--p->n];
		return;
	}
	p->alert = mem_grow(p->alert, &p->cap, p->n + 1, sizeof(*p->alert));
	p->alert[p->n++] = (struct chosen_alert){
		a->rule_number,
		{ mem_dup(fold.p ? fold.p : "", fold.n), fold.n }
	};
}

bool chosen_in_range(const struct chosen *p, bool alerts, size_t i,
		     size_t cursor)
{
	size_t low = p->anchor < cursor ? p->anchor : cursor;
	size_t high = p->anchor < cursor ? cursor : p->anchor;

	return p->ranging && p->range_of_alerts == alerts && i >= low &&
	       i <= high;
}
