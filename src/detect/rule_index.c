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
	*l = (struct rule_lookup){ .always_n = 0 };
	intern_init(&l->by_name.text);
	intern_init(&l->by_source.text);
	rule_gates_init(&l->gates);
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
	rule_gates_release(&l->gates);
	free(l->always);
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

void rule_lookup_build(struct rule_lookup *l, struct ruleset_rule *const *rule,
		       size_t n)
{
	struct entries names = { NULL, 0, 0 }, sources = { NULL, 0, 0 };
	const struct expr **condition = mem_alloc((n + 1) * sizeof(*condition));
	struct arena a;

	arena_init(&a);
	l->always = mem_alloc((n + 1) * sizeof(*l->always));
	for (rule_index i = 0; i < n; i++) {
		const struct expr *e = rule[i]->sigma.condition;
		struct need_values v;

		if (!rule[i]->matcher || !rule[i]->rule.cloudtrail)
			continue;
		if (needs(&a, e, "eventName", &v)) {
			add_entries(&names, &l->by_name, &v, i);
			l->counts.by_name++;
		} else if (needs(&a, e, "eventSource", &v)) {
			add_entries(&sources, &l->by_source, &v, i);
			l->counts.by_source++;
		} else {
			condition[l->always_n] = e;
			l->always[l->always_n++] = i;
		}
		arena_reset(&a);
	}
	l->always_n = rule_gates_build(&l->gates, condition, l->always,
				       l->always_n);
	l->counts.by_value = l->gates.rules;
	l->counts.always = l->always_n;
	l->counts.names = l->by_name.text.count - 1;
	table_build(&l->by_name, &names);
	table_build(&l->by_source, &sources);
	free(condition);
	free(names.entry);
	free(sources.entry);
	arena_release(&a);
}

/* Looking up -------------------------------------------------------------- */

static void find_text(const struct rule_table *t, struct str text,
		      struct rule_scratch *s)
{
	char lower[NAME_MAX_BYTES];
	uint32_t id;

	if (text.n == 0 || text.n > sizeof(lower) || t->text.count <= 1)
		return;
	for (size_t i = 0; i < text.n; i++)
		lower[i] = str_lower(text.p[i]);
	id = intern_find(&t->text, (struct str){ lower, text.n });
	if (id != INTERN_NONE)
		rule_list_add(&s->candidate, t->rule + t->start[id],
			      t->start[id + 1] - t->start[id]);
}

/* Every scalar that a path of one name leads to. */
static void find_node(const struct rule_table *t, const struct json *v,
		      struct rule_scratch *s)
{
	if (v->kind == JSON_ARRAY)
		for (const struct json *m = v->child; m; m = m->next)
			find_node(t, m, s);
	else if (json_is_scalar(v))
		find_text(t, v->text, s);
}

static int compare_rules(const void *x, const void *y)
{
	const rule_index *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* Of the few that there mostly are. */
enum { FEW = 16 };

static void sort_few(struct rule_list *l)
{
	for (size_t i = 1; i < l->n; i++) {
		rule_index moved = l->rule[i];
		size_t k = i;

		for (; k && l->rule[k - 1] > moved; k--)
			l->rule[k] = l->rule[k - 1];
		l->rule[k] = moved;
	}
}

static void sort_candidates(struct rule_list *l)
{
	size_t n = 0;
	bool ascending = true;

	for (size_t i = 1; i < l->n; i++)
		ascending &= l->rule[i - 1] < l->rule[i];
	if (ascending)
		return;
	if (l->n <= FEW)
		sort_few(l);
	else
		qsort(l->rule, l->n, sizeof(*l->rule), compare_rules);
	for (size_t i = 0; i < l->n; i++)
		if (n == 0 || l->rule[n - 1] != l->rule[i])
			l->rule[n++] = l->rule[i];
	l->n = n;
}

/* Keys are compared for every member of every event: without a call. */
static inline bool is_key(const struct json *m, const char *key, size_t n)
{
	return m->key.n == n && memcmp(m->key.p, key, n) == 0;
}

void rule_lookup_find(const struct rule_lookup *l, const struct event *e,
		      struct rule_scratch *s)
{
	s->candidate.n = 0;
	/* The record's own members: of duplicate keys each one counts. */
	for (const struct json *m = e->record->child; m; m = m->next) {
		if (is_key(m, "eventName", sizeof("eventName") - 1))
			find_node(&l->by_name, m, s);
		else if (is_key(m, "eventSource", sizeof("eventSource") - 1))
			find_node(&l->by_source, m, s);
	}
	rule_gates_pass(&l->gates, s->gates, e, s->match, &s->candidate);
	rule_list_add(&s->candidate, l->always, l->always_n);
	sort_candidates(&s->candidate);
}
