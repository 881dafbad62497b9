/* SPDX-License-Identifier: MIT */
/* Cells of events that several formats have. */
#include "cli/event_rows_private.h"

struct cell event_node_cell(const struct store *s, enum event_column column,
			    row_id row, const char *prefix, struct arena *a)
{
	struct str text = store_text(s, column, row);

	return cell_text(text.n ? arena_join(a, str_of(prefix), text) :
				  STR_NULL);
}

struct cell event_account_cell(const struct store *s, row_id row)
{
	return cell_text(store_text(
		s,
		kind_is_cloudtrail(s->kind[row]) ? EVENT_ACCOUNT : EVENT_CALLER,
		row));
}

struct cell event_kind_cell(const struct store *s, row_id row)
{
	return cell_text(
		str_of(event_kind_name((enum event_kind)s->kind[row])));
}

struct cell event_level_cell(const struct snapshot *snap, row_id row)
{
	int level = marks_level(&snap->marks, row);

	return level < 0 ? cell_text(STR_NULL) :
			   cell_text(str_of(level_name((enum level)level)));
}

/* What the case says --------------------------------------------------------- */

/* What is told in a list of a row: rules, or what an analyst said. */
struct told {
	struct str *item;
	size_t n, cap;
};

static void tell(struct told *t, struct str text)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->item[i], text))
			return;
	if (text.n && t->n < t->cap)
		t->item[t->n++] = text;
}

static struct told told_new(struct arena *a)
{
	enum { MOST = 64 };

	return (struct told){ arena_alloc(a, MOST * sizeof(struct str)), 0,
			      MOST };
}

static void tell_said(struct told *t, const struct marks *m, row_id row,
		      enum said_kind kind)
{
	size_t n;
	const struct said *said = said_of(m->said, row, kind, &n);

	for (size_t i = 0; said && i < n; i++)
		tell(t, said[i].text);
}

bool event_is_starred(const struct marks *m, row_id row)
{
	return said_of(m->said, row, SAID_STAR, &(size_t){ 0 }) != NULL;
}

struct cell event_said_cell(const struct marks *m, row_id row,
			    enum said_kind kind, struct arena *a)
{
	struct told t = told_new(a);

	tell_said(&t, m, row, kind);
	return t.n ? cell_list(t.item, t.n) : cell_text(STR_NULL);
}

struct cell event_decided_cell(const struct marks *m, row_id row,
			       struct arena *a)
{
	enum disposition all[DISPOSITION_COUNT];
	size_t n = marks_dispositions(m, row, all);
	struct told t = told_new(a);

	for (size_t i = 0; i < n; i++)
		if (all[i] != DISPOSITION_NEW)
			tell(&t, str_of(disposition_name(all[i])));
	return t.n ? cell_list(t.item, t.n) : cell_text(STR_NULL);
}

struct cell event_tags_cell(const struct snapshot *snap, row_id row,
			    struct arena *a)
{
	struct told t = told_new(a);
	size_t n;
	const struct mark *mark = marks_of(&snap->marks, row, &n);

	tell_said(&t, &snap->marks, row, SAID_LABEL);
	if (event_is_starred(&snap->marks, row))
		tell(&t, STR("star"));
	for (size_t i = 0; mark && i < n; i++) {
		const struct mark_label *label =
			&snap->marks.label[mark[i].label];

		for (size_t k = 0; k < label->technique_n; k++)
			tell(&t, str_of(label->technique[k].text));
	}
	return cell_list(t.item, t.n);
}

struct cell event_alerts_cell(const struct snapshot *snap, row_id row,
			      struct arena *a)
{
	struct told t = told_new(a);
	size_t n;
	const struct mark *mark = marks_of(&snap->marks, row, &n);

	for (size_t i = 0; mark && i < n; i++)
		tell(&t, snap->marks.label[mark[i].label].title);
	return t.n ? cell_list(t.item, t.n) : cell_text(STR_NULL);
}
