/* SPDX-License-Identifier: MIT */
#include "detect/lineage_rules.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tasks.h"
#include "detect/lineage_detections.h"

/* What was found, and the notes of it. */
struct finding {
	const struct ruleset *rs;
	const struct store *store;
	struct rule_match *match;
	size_t n, cap;
	struct intern *notes;
};

/* The candidates of a lineage rule that starts from events. */
struct seeds {
	struct rowset rows;
	uint32_t *note; /* what was captured with each */
	size_t cap;
};

static void add_seed(struct seeds *s, const struct rule_match *x)
{
	s->note = mem_grow(s->note, &s->cap, s->rows.n + 1, sizeof(*s->note));
	s->note[s->rows.n] = x->note;
	rowset_add(&s->rows, x->row);
}

/* Takes the candidates out. */
static void part(const struct ruleset *rs, struct rule_matches *m,
		 struct seeds *seeds)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n; i++) {
		const struct rule_match *x = &m->match[i];

		if (ruleset_at(rs, x->rule)->lineage)
			add_seed(&seeds[x->rule], x);
		else
			m->match[kept++] = *x;
	}
	m->n = kept;
}

static void keep_found(struct finding *f, rule_index rule,
		       const struct lineage_found *found)
{
	const struct rule *r = &ruleset_at(f->rs, rule)->rule;

	for (size_t i = 0; i < found->n; i++) {
		const struct lineage_match *x = &found->match[i];
		struct str note = intern_text(found->notes, x->note);

		if (!(r->outcomes >> store_outcome(f->store, x->row) & 1))
			continue;
		f->match = mem_grow(f->match, &f->cap, f->n + 1,
				    sizeof(*f->match));
		f->match[f->n++] = rule_match_of(
			x->row, rule, intern_add(f->notes, note), x->lower);
	}
}

/* A detection may come to a row in several ways: the first one stays. */
static size_t drop_equal(struct rule_match *m, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!kept || rule_match_is_before(&m[kept - 1], &m[i]))
			m[kept++] = m[i];
	return kept;
}

/* One evaluation of the rules of a set that run after the load. */
struct evaluation {
	const struct ruleset *rs;
	const struct lineage_asked *asked;
	struct seeds *seeds;         /* by rule */
	struct lineage_found *found; /* likewise */
	struct intern *notes;        /* likewise: each its own */
	rule_index *baseline;        /* rules that do not ask for the graph */
	size_t baseline_n;
	struct bits calls;               /* that those look at */
	struct lineage_context *context; /* of each thread, for those */
};

static bool runs(const struct ruleset_rule *r)
{
	return r->lineage &&
	       (r->state == RULE_ACTIVE || r->state == RULE_SILENT);
}

static void run_rule(struct evaluation *e, rule_index rule,
		     struct lineage_context *x)
{
	const struct lineage_rule *r = ruleset_at(e->rs, rule)->lineage;
	struct lineage_found *found = &e->found[rule];

	found->notes = &e->notes[rule];
	intern_init(found->notes);
	strbuf_init(&found->text);
	x->captures = e->asked->captures;
	x->seed_note = e->seeds[rule].note;
	r->detection->run(x, r, &e->seeds[rule].rows, found);
	strbuf_release(&found->text);
}

/* The graph, and all that needs it. */
static void run_lineage(struct evaluation *e)
{
	const struct lineage_asked *a = e->asked;
	struct lineage_context x;

	context_init(&x, a->store, a->graph(a->context), a->site);
	for (rule_index i = 0; i < ruleset_count(e->rs); i++) {
		const struct ruleset_rule *r = ruleset_at(e->rs, i);

		if (runs(r) && !r->lineage->detection->of_baseline)
			run_rule(e, i, &x);
	}
	context_release(&x);
}

/* The graph is the longest task, so it is the first. */
static void run_task(void *context, size_t task, unsigned worker)
{
	struct evaluation *e = context;

	if (task == 0)
		run_lineage(e);
	else
		run_rule(e, e->baseline[task - 1], &e->context[worker]);
}

static void evaluate(struct evaluation *e)
{
	const struct lineage_asked *a = e->asked;
	unsigned threads = a->threads ? a->threads : 1;
	rule_index rules = (rule_index)ruleset_count(e->rs);

	e->baseline = mem_alloc((rules + 1) * sizeof(*e->baseline));
	for (rule_index i = 0; i < rules; i++) {
		const struct ruleset_rule *r = ruleset_at(e->rs, i);

		if (runs(r) && r->lineage->detection->of_baseline)
			e->baseline[e->baseline_n++] = i;
	}
	e->context = mem_alloc(threads * sizeof(*e->context));
	if (e->baseline_n)
		e->calls = baseline_calls(a->store);
	for (unsigned i = 0; i < threads; i++) {
		context_init(&e->context[i], a->store, NULL, a->site);
		e->context[i].calls = &e->calls;
	}
	tasks_run(threads, e->baseline_n + 1, run_task, e);
	for (unsigned i = 0; i < threads; i++)
		context_release(&e->context[i]);
	bits_release(&e->calls);
	free(e->context);
	free(e->baseline);
}

uint64_t lineage_rules_apply(const struct ruleset *rs,
			     const struct lineage_asked *asked,
			     struct rule_matches *matches)
{
	uint64_t left_out = 0;
	struct finding f = { .rs = rs, .store = asked->store };
	size_t rules = ruleset_count(rs) + 1;
	struct evaluation e = { .rs = rs, .asked = asked };

	e.seeds = mem_zero(rules, sizeof(*e.seeds));
	e.found = mem_zero(rules, sizeof(*e.found));
	e.notes = mem_alloc(rules * sizeof(*e.notes));
	part(rs, matches, e.seeds);
	evaluate(&e);
	f.notes = mem_alloc(sizeof(*f.notes));
	intern_init(f.notes);
	for (rule_index i = 0; i < ruleset_count(rs); i++) {
		if (e.found[i].notes) {
			keep_found(&f, i, &e.found[i]);
			left_out += e.found[i].left_out;
			intern_release(e.found[i].notes);
			free(e.found[i].match);
		}
		rowset_release(&e.seeds[i].rows);
		free(e.seeds[i].note);
	}
	free(e.seeds);
	free(e.found);
	free(e.notes);
	rule_matches_sort(f.match, f.n);
	rule_matches_merge(matches, f.match, drop_equal(f.match, f.n));
	free(f.match);
	matches->notes = f.notes;
	return left_out;
}
