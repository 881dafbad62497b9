/* SPDX-License-Identifier: MIT */
#include "detect/rule_index.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/need.h"

/* Longer names are no names of AWS; they are not looked up. */
enum { NAME_MAX_BYTES = 256 };

/* A rule and a text that finds it. */
struct entry {
	uint32_t text;
	rule_index rule;
};

struct entries {
	struct entry *entry;
	size_t n, cap;
};

void rule_lookup_init(struct rule_lookup *l)
{
	*l = (struct rule_lookup){ .always = { NULL, 0, 0 } };
	intern_init(&l->by_name.text);
	intern_init(&l->by_source.text);
}

static void table_release(struct rule_table *t)
{
	intern_release(&t->text);
	free(t->start);
	free(t->rule);
}

void rule_lookup_release(struct rule_lookup *l)
{
	table_release(&l->by_name);
	table_release(&l->by_source);
	free(l->always.rule);
	for (unsigned k = 0; k < EVENT_KIND_COUNT; k++)
		free(l->beside[k].rule);
}

static void add_rules(struct rule_list *l, const rule_index *rule, size_t n)
{
	if (n == 0)
		return;
	l->rule = mem_grow(l->rule, &l->cap, l->n + n, sizeof(*l->rule));
	memcpy(l->rule + l->n, rule, n * sizeof(*rule));
	l->n += n;
}

/* Building ---------------------------------------------------------------- */

static void add_entries(struct entries *to, struct rule_table *t,
			const struct need_values *v, rule_index rule)
{
	for (size_t i = 0; i < v->n; i++) {
		/* The empty text has a number of its own, which is never
		 * looked up: no event has an empty name in the index. */
		uint32_t text = intern_add(&t->text, v->text[i]);

		to->entry = mem_grow(to->entry, &to->cap, to->n + 1,
				     sizeof(*to->entry));
		to->entry[to->n++] = (struct entry){ text, rule };
	}
}

/* Entries come by ascending rule, and stay so within a text. */
static void table_build(struct rule_table *t, const struct entries *from)
{
	t->start = mem_zero((size_t)t->text.count + 2, sizeof(*t->start));
	t->rule = mem_alloc((from->n + 1) * sizeof(*t->rule));
	for (size_t i = 0; i < from->n; i++)
		t->start[from->entry[i].text + 2]++;
	for (size_t v = 2; v < (size_t)t->text.count + 2; v++)
		t->start[v] += t->start[v - 1];
	for (size_t i = 0; i < from->n; i++)
		t->rule[t->start[from->entry[i].text + 1]++] =
			from->entry[i].rule;
}

static bool has_empty(const struct need_values *v)
{
	return v->n && v->text[0].n == 0;
}

/* True when a field of that name has to have one of a few texts. */
static bool needs(struct arena *a, const struct expr *e, const char *field,
		  struct need_values *out)
{
	if (!need_values(a, e, str_of(field), out) || has_empty(out))
		return false;
	for (size_t i = 0; i < out->n; i++)
		if (out->text[i].n > NAME_MAX_BYTES)
			return false;
	return true;
}

static void add_beside(struct rule_lookup *l, const struct rule *r,
		       rule_index rule)
{
	unsigned kinds = rule_kinds(r);

	for (unsigned k = 0; k < EVENT_KIND_COUNT; k++)
		if (!kind_is_cloudtrail(k) && kinds & 1u << k)
			add_rules(&l->beside[k], &rule, 1);
}

void rule_lookup_build(struct rule_lookup *l, struct ruleset_rule *const *rule,
		       size_t n)
{
	struct entries names = { NULL, 0, 0 }, sources = { NULL, 0, 0 };
	struct arena a;

	arena_init(&a);
	for (rule_index i = 0; i < n; i++) {
		const struct expr *e = rule[i]->sigma.condition;
		struct need_values v;

		if (!rule[i]->matcher)
			continue;
		add_beside(l, &rule[i]->rule, i);
		if (!rule[i]->rule.cloudtrail)
			continue;
		if (needs(&a, e, "eventName", &v))
			add_entries(&names, &l->by_name, &v, i);
		else if (needs(&a, e, "eventSource", &v))
			add_entries(&sources, &l->by_source, &v, i);
		else
			add_rules(&l->always, &i, 1);
		arena_reset(&a);
	}
	table_build(&l->by_name, &names);
	table_build(&l->by_source, &sources);
	free(names.entry);
	free(sources.entry);
	arena_release(&a);
}

/* Looking up -------------------------------------------------------------- */

static void find_text(const struct rule_table *t, struct str text,
		      struct rule_list *out)
{
	char lower[NAME_MAX_BYTES];
	uint32_t id;

	if (text.n == 0 || text.n > sizeof(lower) || t->text.count <= 1)
		return;
	for (size_t i = 0; i < text.n; i++)
		lower[i] = str_lower(text.p[i]);
	id = intern_find(&t->text, (struct str){ lower, text.n });
	if (id != INTERN_NONE)
		add_rules(out, t->rule + t->start[id],
			  t->start[id + 1] - t->start[id]);
}

/* Every scalar that a path of one name leads to. */
static void find_node(const struct rule_table *t, const struct json *v,
		      struct rule_list *out)
{
	if (v->kind == JSON_ARRAY)
		for (const struct json *m = v->child; m; m = m->next)
			find_node(t, m, out);
	else if (json_is_scalar(v))
		find_text(t, v->text, out);
}

static int compare_rules(const void *x, const void *y)
{
	const rule_index *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static void sort_rules(struct rule_list *l)
{
	size_t n = 0;

	if (l->n)
		qsort(l->rule, l->n, sizeof(*l->rule), compare_rules);
	for (size_t i = 0; i < l->n; i++)
		if (n == 0 || l->rule[n - 1] != l->rule[i])
			l->rule[n++] = l->rule[i];
	l->n = n;
}

void rule_lookup_find(const struct rule_lookup *l, const struct event *e,
		      struct rule_list *out)
{
	out->n = 0;
	if (!kind_is_cloudtrail(e->kind)) {
		add_rules(out, l->beside[e->kind].rule, l->beside[e->kind].n);
		return;
	}
	add_rules(out, l->always.rule, l->always.n);
	/* The record's own members: of duplicate keys each one counts. */
	for (const struct json *m = e->record->child; m; m = m->next) {
		if (str_eq(m->key, STR("eventName")))
			find_node(&l->by_name, m, out);
		else if (str_eq(m->key, STR("eventSource")))
			find_node(&l->by_source, m, out);
	}
	sort_rules(out);
}
