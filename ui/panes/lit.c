/* SPDX-License-Identifier: MIT */
#include "ui/panes/lit.h"

#include "detect/explain.h"

void lit_init(struct lit *l)
{
	intern_init(&l->pairs);
	strbuf_init(&l->key);
}

void lit_release(struct lit *l)
{
	intern_release(&l->pairs);
	strbuf_release(&l->key);
}

static struct str key_of(struct lit *l, struct str path, struct str value)
{
	strbuf_clear(&l->key);
	for (size_t i = 0; i < path.n; i++)
		strbuf_addc(&l->key, str_lower(path.p[i]));
	strbuf_addc(&l->key, '\0');
	strbuf_add(&l->key, value);
	return strbuf_str(&l->key);
}

/* A selection that is met speaks for the match; one that is not is what the
 * rule excludes, or a part that another one made up for. */
static void gather_rule(struct lit *l, const struct explanation *x)
{
	for (size_t i = 0; i < x->selection_n; i++) {
		const struct explained_selection *s = &x->selection[i];

		for (size_t k = s->first; s->met && k < s->first + s->n; k++) {
			const struct why_line *line = &x->why.line[k];

			if (line->kind != EXPR_TEST || !line->met)
				continue;
			for (size_t v = 0; v < line->found_n; v++)
				intern_add(&l->pairs, key_of(l, line->path,
							     line->found[v]));
		}
	}
}

void lit_gather(struct lit *l, const struct desk *d, row_id row,
		const struct event *e)
{
	const struct match_row where = { .store = d->snap->store,
					 .marks = &d->snap->marks,
					 .row = row };
	const struct ruleset *rules = investigation_rules(d->inv);
	size_t n;
	const struct mark *mark = marks_of(&d->snap->marks, row, &n);

	intern_release(&l->pairs);
	intern_init(&l->pairs);
	for (size_t i = 0; i < n; i++) {
		struct explanation x;

		explain_rule(&x, ruleset_at(rules, mark[i].label), e, &where);
		gather_rule(l, &x);
		explanation_release(&x);
	}
}

bool lit_has(struct lit *l, struct str path, struct str value)
{
	return l->pairs.count > 1 &&
	       intern_find(&l->pairs, key_of(l, path, value)) != INTERN_NONE;
}
