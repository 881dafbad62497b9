/* SPDX-License-Identifier: MIT */
#include "detect/rule_gate.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/need.h"

enum {
	TEXT_MAX = 1024,        /* longer ones are tested each time */
	MEMORY_MAX = 256 << 10, /* bytes of texts of one gate */
};

/* Building ---------------------------------------------------------------- */

void rule_gates_init(struct rule_gates *g)
{
	*g = (struct rule_gates){ .n = 0 };
	arena_init(&g->arena);
}

void rule_gates_release(struct rule_gates *g)
{
	for (size_t i = 0; i < g->n; i++) {
		for (size_t k = 0; k < g->gate[i].n; k++)
			matcher_free(g->gate[i].rule[k].part);
		free(g->gate[i].rule);
	}
	free(g->gate);
	arena_release(&g->arena);
}

/* A rule that is looking for a gate. */
struct candidate {
	struct need_values paths;
	bool done;
};

/* A path and how many rules would go behind it. */
struct choice {
	struct intern paths;
	size_t *rules; /* by path */
};

static void choice_count(struct choice *c, const struct candidate *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < x[i].paths.n; k++)
			intern_add(&c->paths, x[i].paths.text[k]);
	c->rules = mem_zero(c->paths.count, sizeof(*c->rules));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < x[i].paths.n; k++)
			c->rules[intern_find(&c->paths, x[i].paths.text[k])]++;
}

/* Of a rule's paths the one that most rules have. */
static struct str choose(const struct choice *c, const struct candidate *x)
{
	struct str best = STR_NULL;
	size_t most = 0;

	for (size_t k = 0; k < x->paths.n; k++) {
		struct str path = x->paths.text[k];
		size_t rules = c->rules[intern_find(&c->paths, path)];

		if (rules > most) {
			most = rules;
			best = path;
		}
	}
	return best;
}

static struct rule_gate *gate_of(struct rule_gates *g, struct str path)
{
	for (size_t i = 0; i < g->n; i++)
		if (str_eq(g->gate[i].path.text, path))
			return &g->gate[i];
	g->gate = mem_grow(g->gate, &g->cap, g->n + 1, sizeof(*g->gate));
	g->gate[g->n] = (struct rule_gate){
		.path = match_path(arena_dup(&g->arena, path))
	};
	return &g->gate[g->n++];
}

static bool put(struct rule_gates *g, struct arena *a, struct str path,
		const struct expr *condition, uint32_t rule)
{
	const struct expr *part = need_part(a, condition, path);
	struct err err = ERR_INIT;
	struct matcher *matcher;
	struct rule_gate *gate;

	/* What was prepared as part of the rule can be prepared alone. */
	if (!part || matcher_new(&matcher, part, &err) != ERR_OK)
		return false;
	gate = gate_of(g, path);
	gate->rule = mem_grow(gate->rule, &gate->cap, gate->n + 1,
			      sizeof(*gate->rule));
	gate->rule[gate->n++] = (struct gated){ rule, matcher };
	g->rules++;
	return true;
}

/* Only paths of which the whole condition says something are of use. */
static void keep_needed(struct arena *a, const struct expr *e,
			struct need_values *paths)
{
	size_t n = 0;

	for (size_t i = 0; i < paths->n; i++)
		if (need_part(a, e, paths->text[i]))
			paths->text[n++] = paths->text[i];
	paths->n = n;
}

size_t rule_gates_build(struct rule_gates *g,
			const struct expr *const *condition, uint32_t *rule,
			size_t n)
{
	struct candidate *x = mem_zero(n + 1, sizeof(*x));
	struct choice c = { .rules = NULL };
	struct arena a;
	size_t left = 0;

	arena_init(&a);
	intern_init(&c.paths);
	for (size_t i = 0; i < n; i++) {
		x[i].paths = need_paths(&a, condition[i]);
		keep_needed(&a, condition[i], &x[i].paths);
	}
	choice_count(&c, x, n);
	for (size_t i = 0; i < n; i++) {
		struct str path = choose(&c, &x[i]);

		if (!path.n || !put(g, &a, path, condition[i], rule[i]))
			rule[left++] = rule[i];
	}
	free(c.rules);
	intern_release(&c.paths);
	arena_release(&a);
	free(x);
	return left;
}

/* Remembering ------------------------------------------------------------- */

/* What is known of a text: a part of the list of all rules that passed. */
struct verdict {
	uint32_t start, n;
};

/* A regex gave up: this is counted for each event, so it is tried again. */
#define NO_VERDICT UINT32_MAX

struct remembered {
	struct intern text;
	struct verdict *verdict; /* by text */
	size_t cap;
	struct rule_list passed;
};

struct gate_memory {
	size_t n;
	struct remembered gate[]; /* as many as there are gates */
};

static void remembered_init(struct remembered *r)
{
	intern_init(&r->text);
	r->passed.n = 0;
}

struct gate_memory *gate_memory_new(const struct rule_gates *g)
{
	struct gate_memory *m =
		mem_zero(1, sizeof(*m) + g->n * sizeof(m->gate[0]));

	m->n = g->n;
	for (size_t i = 0; i < m->n; i++)
		remembered_init(&m->gate[i]);
	return m;
}

void gate_memory_free(struct gate_memory *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++) {
		intern_release(&m->gate[i].text);
		free(m->gate[i].verdict);
		free(m->gate[i].passed.rule);
	}
	free(m);
}

void rule_list_add(struct rule_list *l, const uint32_t *rule, size_t n)
{
	if (n == 0)
		return;
	l->rule = mem_grow(l->rule, &l->cap, l->n + n, sizeof(*l->rule));
	memcpy(l->rule + l->n, rule, n * sizeof(*rule));
	l->n += n;
}

static void test_all(const struct rule_gate *g, const struct event *e,
		     struct match_scratch *s, struct rule_list *out)
{
	for (size_t i = 0; i < g->n; i++)
		if (matcher_test(g->rule[i].part, e, NULL, s))
			rule_list_add(out, &g->rule[i].rule, 1);
}

static struct verdict judge(const struct rule_gate *g, struct remembered *r,
			    const struct event *e, struct match_scratch *s)
{
	uint64_t gave_up = match_scratch_gave_up(s);
	struct verdict v = { (uint32_t)r->passed.n, 0 };

	test_all(g, e, s, &r->passed);
	v.n = (uint32_t)r->passed.n - v.start;
	if (match_scratch_gave_up(s) != gave_up) {
		r->passed.n = v.start;
		v.n = NO_VERDICT;
	}
	return v;
}

/* The rules for a text, from memory or by testing. */
static void pass_text(const struct rule_gate *g, struct remembered *r,
		      struct str text, const struct event *e,
		      struct match_scratch *s, struct rule_list *out)
{
	uint32_t id, known;

	if (text.n == 0 || text.n > TEXT_MAX) {
		test_all(g, e, s, out);
		return;
	}
	if (intern_memory(&r->text) > MEMORY_MAX) {
		intern_release(&r->text);
		remembered_init(r);
	}
	known = r->text.count;
	id = intern_add(&r->text, text);
	if (id == known) {
		r->verdict = mem_grow(r->verdict, &r->cap, (size_t)id + 1,
				      sizeof(*r->verdict));
		r->verdict[id] = judge(g, r, e, s);
	}
	if (r->verdict[id].n == NO_VERDICT)
		test_all(g, e, s, out);
	else
		rule_list_add(out, r->passed.rule + r->verdict[id].start,
			      r->verdict[id].n);
}

void rule_gates_pass(const struct rule_gates *g, struct gate_memory *m,
		     const struct event *e, struct match_scratch *s,
		     struct rule_list *out)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct rule_gate *gate = &g->gate[i];
		struct str text;

		switch (match_sole_text(e, &gate->path, s, &text)) {
		case MATCH_NOTHING:
			break;
		case MATCH_TEXT:
			pass_text(gate, &m->gate[i], text, e, s, out);
			break;
		case MATCH_MORE:
			test_all(gate, e, s, out);
			break;
		}
	}
}
