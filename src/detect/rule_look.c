/* SPDX-License-Identifier: MIT */
#include "detect/rule_look.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"

enum {
	TEXT_MAX = 1024,       /* longer ones are tested each time */
	TEXTS_MAX = 256 << 10, /* bytes of the texts of one path */
	LOOKS_MAX = 4 << 20,   /* of all that is known of looks */
};

void rule_looks_build(struct rule_looks *l, struct ruleset_rule *const *rule,
		      size_t n, const struct rule_lookup *lookup)
{
	*l = (struct rule_looks){ .name = match_path(STR("eventName")),
				  .source = match_path(STR("eventSource")),
				  .rule = rule,
				  .lookup = lookup };
	look_paths_choose(&l->paths, rule, n);
	for (size_t i = 0; i < n; i++)
		l->rules += rule[i]->matcher != NULL;
}

void rule_looks_release(struct rule_looks *l)
{
	look_paths_release(&l->paths);
}

/* Memory ------------------------------------------------------------------ */

/* How a path or a name looks. */
enum {
	LOOK_UNKNOWN,
	LOOK_NOTHING, /* it leads nowhere */
	LOOK_NULL,
	LOOK_THERE, /* to something that is not null */
	LOOK_ANY,   /* nothing is known */
	LOOK_FIRST, /* this and what is above: texts, or classes of them */
};

struct path_memory {
	struct intern text;
	struct intern classes; /* what the tests say, a bit each */
	uint32_t *look;        /* by text */
	size_t n, cap;
};

/*
 * What is known of events that look alike so far, and what to look at next.
 * Those that differ there are told apart by a child each.
 */
struct look_node {
	uint32_t start, n; /* rules, a part of the list of all */
	int ask;           /* a path, or -1: no path tells more */
	uint32_t *child;   /* by look: a node, or 0 */
	size_t child_n, child_cap;
};

struct look_list {
	struct look_rule *rule;
	size_t n, cap;
};

struct look_memory {
	struct intern calls;     /* names and flags */
	uint32_t *call;          /* the node of each, or 0 */
	struct look_node *node;  /* from 1 */
	struct look_list rules;  /* of all nodes */
	struct look_list latest; /* of an event like none before */
	struct rule_list candidate;
	size_t call_n, call_cap, node_n, node_cap;
	size_t children; /* of all nodes */
	bool full;
	size_t n;
	struct path_memory path[]; /* as many as there are paths */
};

static void path_init(struct path_memory *p)
{
	intern_init(&p->text);
	p->n = 0;
}

static void memory_init(struct look_memory *m)
{
	intern_init(&m->calls);
	m->call_n = 0;
	m->node_n = 1;
	m->children = 0;
	m->full = false;
	m->rules.n = 0;
	for (size_t i = 0; i < m->n; i++) {
		path_init(&m->path[i]);
		intern_init(&m->path[i].classes);
	}
}

static void memory_release(struct look_memory *m)
{
	intern_release(&m->calls);
	for (size_t i = 1; i < m->node_n; i++)
		free(m->node[i].child);
	for (size_t i = 0; i < m->n; i++) {
		intern_release(&m->path[i].text);
		intern_release(&m->path[i].classes);
	}
}

struct look_memory *look_memory_new(const struct rule_looks *l)
{
	struct look_memory *m =
		mem_zero(1, sizeof(*m) + l->paths.n * sizeof(m->path[0]));

	m->n = l->paths.n;
	memory_init(m);
	return m;
}

void look_memory_free(struct look_memory *m)
{
	if (!m)
		return;
	memory_release(m);
	for (size_t i = 0; i < m->n; i++)
		free(m->path[i].look);
	free(m->call);
	free(m->node);
	free(m->rules.rule);
	free(m->latest.rule);
	free(m->candidate.rule);
	free(m);
}

/* Before the next event all is forgotten that has become too much. */
static void check_size(struct look_memory *m)
{
	m->full = intern_memory(&m->calls) + m->node_n * sizeof(*m->node) +
			  m->children * sizeof(*m->node->child) +
			  m->rules.n * sizeof(*m->rules.rule) >
		  LOOKS_MAX;
}

static void add_rule(struct look_list *l, rule_index rule, bool sure)
{
	l->rule = mem_grow(l->rule, &l->cap, l->n + 1, sizeof(*l->rule));
	l->rule[l->n++] = (struct look_rule){ rule, sure };
}

static struct rule_look rules_of(const struct look_memory *m,
				 const struct look_node *node)
{
	return (struct rule_look){ node->n ? m->rules.rule + node->start : NULL,
				   node->n };
}

static struct rule_look all_of(const struct look_list *l)
{
	return (struct rule_look){ l->rule, l->n };
}

/* An event in hand. */
struct looking {
	const struct rule_looks *l;
	struct look_memory *m;
	const struct event *e;
	struct match_scratch *s;
	uint64_t gave_up; /* before it came */
	uint64_t ask;     /* the paths that were looked at */
	uint32_t look[LOOK_PATHS];
};

/* Times that a regex gives up are counted for each event, so nothing is
 * remembered of one. */
static bool gave_up(const struct looking *x)
{
	return match_scratch_gave_up(x->s) != x->gave_up;
}

/* Looking ----------------------------------------------------------------- */

/* What all tests say of a text: those that say the same look alike. */
static uint32_t class_of(const struct looking *x, const struct look_path *p,
			 struct path_memory *known)
{
	uint64_t before = match_scratch_gave_up(x->s);
	char says[LOOK_TESTS / 8] = { 0 };

	for (size_t i = 0; i < p->test_n; i++)
		if (matcher_test(p->test[i], x->e, NULL, x->s))
			says[i / 8] |= (char)(1 << i % 8);
	if (match_scratch_gave_up(x->s) != before)
		return LOOK_THERE;
	return LOOK_FIRST +
	       intern_add(&known->classes,
			  (struct str){ says, (p->test_n + 7) / 8 });
}

static uint32_t text_look(const struct looking *x, const struct look_path *p,
			  struct path_memory *known, struct str text)
{
	uint32_t id, look;

	if (p->test_n == 0 || text.n > TEXT_MAX)
		return LOOK_THERE;
	id = intern_add(&known->text, text);
	if (id < known->n && known->look[id] != LOOK_UNKNOWN)
		return known->look[id];
	known->look = mem_grow(known->look, &known->cap, (size_t)id + 1,
			       sizeof(*known->look));
	while (known->n <= id)
		known->look[known->n++] = LOOK_UNKNOWN;
	look = known->look[id] = class_of(x, p, known);
	/* Classes stay: few have most of the texts. */
	if (intern_memory(&known->text) > TEXTS_MAX) {
		intern_release(&known->text);
		path_init(known);
	}
	return look;
}

static uint32_t path_look(const struct looking *x, const struct look_path *p,
			  struct path_memory *known)
{
	struct str text;

	switch (match_sole_text(x->e, &p->path, x->s, &text)) {
	case MATCH_NOTHING:
		return LOOK_NOTHING;
	case MATCH_NULL:
		return LOOK_NULL;
	case MATCH_TEXT:
		return text_look(x, p, known, text);
	case MATCH_THERE:
		return LOOK_THERE;
	case MATCH_MORE:
		break;
	}
	return LOOK_ANY;
}

/* What calls are told apart by: two names, each with what it is and how long,
 * flags and kind. */
struct call {
	char bytes[2 * (3 + TEXT_MAX) + 8];
	size_t n;
};

/* False: it is not one text, or a long one. */
static bool add_name(const struct looking *x, const struct match_path *path,
		     struct call *call)
{
	struct str text;
	enum match_sole found = match_sole_text(x->e, path, x->s, &text);
	char *to = call->bytes + call->n;

	if (found == MATCH_THERE || found == MATCH_MORE || text.n > TEXT_MAX)
		return false;
	to[0] = (char)found;
	to[1] = (char)(text.n >> 8);
	to[2] = (char)(text.n & 0xff);
	if (text.n)
		memcpy(to + 3, text.p, text.n);
	call->n += 3 + text.n;
	return true;
}

/* Rules ------------------------------------------------------------------- */

static bool is_known(const void *context, const struct expr_field *field,
		     enum test_op op)
{
	const struct looking *x = context;

	if (match_asks_flags(field->kind))
		return true;
	if (field->kind == FIELD_PATH && op != TEST_FIELD &&
	    (str_eq(field->path, x->l->name.text) ||
	     str_eq(field->path, x->l->source.text)))
		return true;
	for (uint64_t left = x->ask; left; left &= left - 1) {
		int i = __builtin_ctzll(left);

		if (x->look[i] != LOOK_ANY &&
		    look_path_answers(&x->l->paths.path[i], field, op,
				      x->look[i] == LOOK_THERE))
			return true;
	}
	return false;
}

/* Puts a rule on the latest list when the event can match it. */
static void add_possible(const struct looking *x, rule_index rule)
{
	const struct ruleset_rule *r = x->l->rule[rule];
	enum answer a;

	if (!(r->rule.outcomes & 1u << (x->e->flags & EVENT_OUTCOME_MASK)))
		return;
	a = matcher_partly(r->matcher, x->e, is_known, x, x->s);
	if (a != ANSWER_NO)
		add_rule(&x->m->latest, rule, a == ANSWER_YES);
}

/* The path that most of the latest rules still ask of, or -1. */
static int next_path(const struct looking *x)
{
	const struct look_list *l = &x->m->latest;
	size_t asked[LOOK_PATHS] = { 0 }, most = 0;
	int next = -1;

	for (size_t i = 0; i < l->n; i++) {
		uint64_t left = x->l->paths.asked[l->rule[i].rule] & ~x->ask;

		for (; !l->rule[i].sure && left; left &= left - 1)
			asked[__builtin_ctzll(left)]++;
	}
	for (size_t i = 0; i < x->l->paths.n; i++)
		if (asked[i] > most) {
			most = asked[i];
			next = (int)i;
		}
	return next;
}

/* A node for the latest rules. */
static uint32_t add_node(const struct looking *x)
{
	struct look_memory *m = x->m;

	m->node = mem_grow(m->node, &m->node_cap, m->node_n + 1,
			   sizeof(*m->node));
	m->node[m->node_n] = (struct look_node){ .start = (uint32_t)m->rules.n,
						 .n = (uint32_t)m->latest.n,
						 .ask = next_path(x) };
	for (size_t i = 0; i < m->latest.n; i++)
		add_rule(&m->rules, m->latest.rule[i].rule,
			 m->latest.rule[i].sure);
	return (uint32_t)m->node_n++;
}

static void find_candidates(const struct looking *x)
{
	rule_lookup_find(x->l->lookup, x->e, &x->m->candidate);
	x->m->latest.n = 0;
}

/* Each of them has to be tested. */
static struct rule_look test_all(const struct looking *x)
{
	struct look_memory *m = x->m;

	find_candidates(x);
	for (size_t i = 0; i < m->candidate.n; i++)
		if (x->l->rule[m->candidate.rule[i]]->rule.outcomes &
		    1u << (x->e->flags & EVENT_OUTCOME_MASK))
			add_rule(&m->latest, m->candidate.rule[i], false);
	return all_of(&m->latest);
}

/* A node for events of these names and flags; 0: they may not be remembered. */
static uint32_t add_call(const struct looking *x, uint32_t id)
{
	struct look_memory *m = x->m;

	check_size(m);
	find_candidates(x);
	for (size_t i = 0; i < m->candidate.n; i++)
		add_possible(x, m->candidate.rule[i]);
	if (gave_up(x))
		return 0;
	m->call = mem_grow(m->call, &m->call_cap, (size_t)id + 1,
			   sizeof(*m->call));
	while (m->call_n <= id)
		m->call[m->call_n++] = 0;
	return m->call[id] = add_node(x);
}

static uint32_t call_of(const struct looking *x)
{
	struct look_memory *m = x->m;
	uint32_t id, more[] = { x->e->flags & MATCH_FLAGS, x->e->kind };
	struct call call;

	call.n = 0;
	if (!add_name(x, &x->l->name, &call) ||
	    !add_name(x, &x->l->source, &call))
		return 0;
	memcpy(call.bytes + call.n, more, sizeof(more));
	id = intern_add(&m->calls,
			(struct str){ call.bytes, call.n + sizeof(more) });
	return id < m->call_n && m->call[id] ? m->call[id] : add_call(x, id);
}

/* The child of a node for how the path looks that it asks for. */
static uint32_t add_child(const struct looking *x, uint32_t at, uint32_t look)
{
	struct look_memory *m = x->m;
	struct look_node *node = &m->node[at];
	uint32_t start = node->start, n = node->n, child;

	check_size(m);
	m->latest.n = 0;
	for (uint32_t i = 0; i < n; i++)
		add_possible(x, m->rules.rule[start + i].rule);
	if (gave_up(x))
		return 0;
	child = add_node(x);
	node = &m->node[at];
	if (look >= node->child_n) {
		node->child = mem_grow(node->child, &node->child_cap,
				       (size_t)look + 1, sizeof(*node->child));
		m->children += look + 1 - node->child_n;
		while (node->child_n <= look)
			node->child[node->child_n++] = 0;
	}
	return node->child[look] = child;
}

struct rule_look rule_look_of(const struct rule_looks *l, struct look_memory *m,
			      const struct event *e, struct match_scratch *s)
{
	struct looking x;
	uint32_t at;

	if (l->rules == 0)
		return (struct rule_look){ NULL, 0 };
	if (m->full) {
		memory_release(m);
		memory_init(m);
	}
	x.l = l;
	x.m = m;
	x.e = e;
	x.s = s;
	x.gave_up = match_scratch_gave_up(s);
	x.ask = 0;
	at = call_of(&x);
	if (!at)
		return test_all(&x);
	while (m->node[at].ask >= 0) {
		const struct look_node *node = &m->node[at];
		int i = node->ask;
		uint32_t look = path_look(&x, &l->paths.path[i], &m->path[i]);

		x.look[i] = look;
		x.ask |= (uint64_t)1 << i;
		if (look < node->child_n && node->child[look])
			at = node->child[look];
		else if (!(at = add_child(&x, at, look)))
			return all_of(&m->latest);
	}
	return rules_of(m, &m->node[at]);
}
