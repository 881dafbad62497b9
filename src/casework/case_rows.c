/* SPDX-License-Identifier: MIT */
#include "casework/case_rows.h"

#include <stdlib.h>

#include "base/mem.h"

void case_rows_release(struct case_rows *x)
{
	said_rows_release(x->said);
	judged_rows_release(x->judged);
	*x = (struct case_rows)CASE_ROWS_INIT;
}

struct case_event case_event_of(const struct store *s, row_id row,
				struct strbuf *id)
{
	strbuf_clear(id);
	store_id_text(s, row, id);
	return (struct case_event){ .id = strbuf_str(id),
				    .time = s->time[row],
				    .name = store_text(s, EVENT_NAME, row),
				    .file = str_of(store_path(s, row)) };
}

/* Texts -------------------------------------------------------------------- */

static void put_list(struct said_rows *out, const struct case_book *b,
		     enum case_kind kind, enum said_kind as,
		     const struct store *s)
{
	const struct case_list *l = case_book_list(b, kind);

	for (size_t i = 0; i < l->n; i++) {
		const struct case_item *x = &l->item[i];
		row_id row = ROW_NONE;

		if (!x->event.id.n)
			continue;
		while ((row = store_find_id(s, x->event.id, row)) != ROW_NONE)
			said_rows_add(out, row, as,
				      kind == CASE_STAR ? x->author : x->text,
				      i);
	}
}

static struct said_rows *put_texts(const struct case_book *b,
				   const struct store *s)
{
	struct said_rows *out = said_rows_new();

	put_list(out, b, CASE_STAR, SAID_STAR, s);
	put_list(out, b, CASE_LABEL, SAID_LABEL, s);
	put_list(out, b, CASE_NOTE, SAID_NOTE, s);
	said_rows_sort(out);
	return out;
}

/* Dispositions ------------------------------------------------------------- */

/* The rules by name: items are many, and each names one. */
struct named_rules {
	struct intern names;
	uint32_t *first; /* by number of the name: rule + 1 */
	uint32_t *next;  /* by rule: the next of that name + 1 */
};

static uint32_t name_of(struct intern *names, struct str id, struct str title,
			bool add)
{
	struct strbuf text;
	uint32_t number;

	strbuf_init(&text);
	strbuf_addc(&text, id.n ? 'i' : 't');
	strbuf_add(&text, id.n ? id : title);
	number = add ? intern_add(names, strbuf_str(&text)) :
		       intern_find(names, strbuf_str(&text));
	strbuf_release(&text);
	return number;
}

static void name_rules(struct named_rules *x, const struct ruleset *rules)
{
	rule_index n = (rule_index)ruleset_count(rules);

	intern_init(&x->names);
	x->first = mem_zero((size_t)n + 2, sizeof(*x->first));
	x->next = mem_zero((size_t)n + 1, sizeof(*x->next));
	for (rule_index r = n; r-- > 0;) {
		const struct rule *rule = &ruleset_at(rules, r)->rule;
		uint32_t name = name_of(&x->names, rule->id, rule->title, true);

		x->next[r] = x->first[name];
		x->first[name] = r + 1;
	}
}

static void named_rules_release(struct named_rules *x)
{
	intern_release(&x->names);
	free(x->first);
	free(x->next);
}

static void put_row(struct judged_rows *out, const struct named_rules *rules,
		    uint32_t first, row_id row, const struct case_item *x,
		    size_t item)
{
	for (uint32_t r = first; r; r = rules->next[r - 1]) {
		const struct judged one = { row, r - 1, (uint32_t)item,
					    x->disposition };

		judged_rows_add(out, &one);
	}
}

static struct judged_rows *put_dispositions(const struct case_book *b,
					    const struct store *s,
					    const struct ruleset *rules)
{
	const struct case_list *l = case_book_list(b, CASE_DISPOSITION);
	struct judged_rows *out = judged_rows_new();
	struct named_rules named;

	name_rules(&named, rules);
	for (size_t i = 0; i < l->n; i++) {
		const struct case_item *x = &l->item[i];
		uint32_t name = name_of(&named.names, x->rule_id, x->title,
					false);

		if (name == INTERN_NONE)
			continue;
		for (size_t k = 0; k < x->event_n; k++) {
			row_id row = ROW_NONE;

			while ((row = store_find_id(s, x->events[k], row)) !=
			       ROW_NONE)
				put_row(out, &named, named.first[name], row, x,
					i);
		}
	}
	named_rules_release(&named);
	judged_rows_sort(out);
	return out;
}

void case_rows_put(struct case_rows *x, const struct case_book *b,
		   const struct snapshot *s, const struct ruleset *rules)
{
	size_t n = case_book_list(b, CASE_DISPOSITION)->n;

	said_rows_release(x->said);
	x->said = put_texts(b, s->store);
	if (x->judged && x->snapshot == snapshot_number(s) &&
	    x->edition == b->edition && x->dispositions == n)
		return;
	judged_rows_release(x->judged);
	x->judged = put_dispositions(b, s->store, rules);
	x->snapshot = snapshot_number(s);
	x->edition = b->edition;
	x->dispositions = n;
}

struct alert_state case_rows_alert(const struct case_rows *x,
				   const struct alert *a)
{
	struct alert_state out = { DISPOSITION_NEW, 0, 0, 0 };

	for (size_t i = 0; i < a->own.n; i++) {
		const struct judged *j = judged_at(x->judged, a->own.row[i],
						   a->rule_number);

		if (!j) {
			out.open++;
			continue;
		}
		if (!out.covered++ || j->item >= out.item) {
			out.item = j->item;
			out.disposition = j->what;
		}
	}
	return out;
}
