/* SPDX-License-Identifier: MIT */
/*
 * correlate_help.h - correlations over a few records, from files to episodes
 *
 * A world is a few records, each with a number that is its eventID's, and a
 * text of rules. Every world is loaded three times: in order, backwards in
 * two files by two threads, and doubled. All three have to find the same.
 */
#ifndef TRAWL_TEST_CORRELATE_HELP_H
#define TRAWL_TEST_CORRELATE_HELP_H

#include "lineage_help.h"

#include "detect/alert.h"
#include "detect/correlate.h"

enum { EVENTS_MOST = 64 };

struct events {
	struct str record[EVENTS_MOST];
	unsigned n;
	struct arena arena;
};

static inline void events_begin(struct events *w)
{
	w->n = 0;
	arena_init(&w->arena);
}

static inline void events_end(struct events *w)
{
	arena_release(&w->arena);
}

/* Adds event number w->n at a second of the 9th of January, below 100,000;
 * `more` are members that begin with a comma. */
static inline void event_at(struct events *w, unsigned second, const char *name,
			    const char *ip, const char *more)
{
	struct strbuf out;

	strbuf_init(&out);
	strbuf_addf(&out,
		    "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-01-%02uT"
		    "%02u:%02u:%02uZ\",\"eventSource\":\"iam.amazonaws.com\","
		    "\"eventName\":\"%s\",\"awsRegion\":\"us-east-1\","
		    "\"sourceIPAddress\":\"%s\",\"recipientAccountId\":"
		    "\"111122223333\",\"eventID\":\"00000000-0000-4000-8000-"
		    "%012u\"%s}",
		    9 + second / 86400, second / 3600 % 24, second / 60 % 60,
		    second % 60, name, ip, w->n, more);
	w->record[w->n++] = arena_dup(&w->arena, strbuf_str(&out));
	strbuf_release(&out);
}

/* What came of one load. */
struct correlated {
	struct ruleset *rules;
	struct graph graph;
	struct detector *detector;
	struct rule_matches matches;
	struct alerts alerts;
};

static inline void correlated_begin(struct correlated *x, const char *rules,
				    const char *const *path, size_t n,
				    unsigned threads)
{
	struct ingest_options options = load_options(path, n, threads);
	struct str rest = str_of(rules), file;
	const struct rule_problem *p;
	struct graph *g = &x->graph;
	struct scores scores;
	size_t problems;

	x->rules = ruleset_new();
	/* A form feed parts files. */
	for (unsigned i = 0; str_next(&rest, '\f', &file); i++)
		ruleset_add_text(x->rules, i ? "more.yml" : "rule.yml", file,
				 false);
	ruleset_seal(x->rules);
	p = ruleset_problems(x->rules, &problems);
	if (problems)
		fail_msg("%s\n%u: %.*s", rules, p->line, STR_ARG(p->text));
	x->detector = detector_new(x->rules);
	facts_init(&g->facts);
	options.visitor[options.visitor_n++] = fact_visitor(&g->facts);
	options.visitor[options.visitor_n++] = detector_visitor(x->detector);
	load_with(&g->load, &options, NULL, NULL);
	g->lineage = lineage_build(g->load.store, &g->facts, g->load.row_of);
	detector_matches(x->detector, g->load.row_of, g->load.arrivals,
			 &x->matches);
	assert_int_equal(correlations_apply(x->rules, g->load.store, g->lineage,
					    detector_captures(x->detector),
					    threads, &x->matches),
			 0);
	alerts_fold(&x->alerts, x->rules, g->load.store, &x->matches, NULL,
		    threads);
	scores_find(&scores, &x->alerts, g->load.store, g->lineage);
	alerts_rank(&x->alerts, &scores);
	scores_release(&scores);
}

static inline void correlated_end(struct correlated *x)
{
	alerts_release(&x->alerts);
	rule_matches_release(&x->matches);
	detector_free(x->detector);
	graph_release(&x->graph);
	ruleset_free(x->rules);
}

static inline unsigned event_number(const struct store *s, row_id row)
{
	struct strbuf id;
	uint64_t number;

	strbuf_init(&id);
	store_id_text(s, row, &id);
	assert_true(str_to_u64(str_from(strbuf_str(&id), 24), &number));
	strbuf_release(&id);
	return (unsigned)number;
}

static inline int compare_numbers(const void *x, const void *y)
{
	const unsigned *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* "TITLE [GROUP] 0 1 2": an episode, its events by number. */
static inline void episode_text(struct strbuf *out, const struct correlated *x,
				const struct episode *e)
{
	unsigned number[EVENTS_MOST];

	strbuf_addf(out, "%.*s",
		    STR_ARG(ruleset_at(x->rules, e->rule)->rule.title));
	if (e->label.n)
		strbuf_addf(out, " [%.*s]", STR_ARG(e->label));
	for (size_t i = 0; i < e->n; i++) {
		assert_true(i == 0 || e->row[i] > e->row[i - 1]);
		number[i] = event_number(x->graph.load.store, e->row[i]);
	}
	qsort(number, e->n, sizeof(*number), compare_numbers);
	for (size_t i = 0; i < e->n; i++)
		strbuf_addf(out, " %u", number[i]);
	strbuf_addc(out, '\n');
}

static inline int compare_lines(const void *x, const void *y)
{
	const struct str *a = x, *b = y;

	return str_cmp(*a, *b);
}

/* Lines in order of their text. */
static inline void sort_lines(struct strbuf *text)
{
	struct str rest = strbuf_str(text), line[256], kept;
	struct strbuf out;
	size_t n = 0;

	while (n < 256 && str_next(&rest, '\n', &kept))
		if (kept.n)
			line[n++] = kept;
	qsort(line, n, sizeof(*line), compare_lines);
	strbuf_init(&out);
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&out, "%.*s\n", STR_ARG(line[i]));
	strbuf_clear(text);
	strbuf_add(text, strbuf_str(&out));
	strbuf_release(&out);
}

/* The episodes of rules that alert, one a line. */
static inline void episodes_text(struct strbuf *out, const struct correlated *x)
{
	const struct episodes *all = x->matches.episodes;

	for (size_t i = 0; all && i < all->n; i++)
		if (ruleset_at(x->rules, all->item[i].rule)->state ==
		    RULE_ACTIVE)
			episode_text(out, x, &all->item[i]);
	sort_lines(out);
}

/* The other matches: "TITLE 3". */
static inline void matches_text(struct strbuf *out, const struct correlated *x)
{
	for (size_t i = 0; i < x->matches.n; i++) {
		const struct rule_match *m = &x->matches.match[i];
		const struct ruleset_rule *r = ruleset_at(x->rules, m->rule);

		if (!r->correlation)
			strbuf_addf(out, "%.*s %u\n", STR_ARG(r->rule.title),
				    event_number(x->graph.load.store, m->row));
	}
	sort_lines(out);
}

/* Every `step`-th record from number `first` on, the last one first. */
static inline void put_backwards(const struct folder *f, const char *name,
				 const struct events *w, unsigned first,
				 unsigned step)
{
	struct strbuf text;

	strbuf_init(&text);
	for (unsigned i = w->n; i-- > 0;)
		if (i % step == first) {
			strbuf_add(&text, w->record[i]);
			strbuf_addc(&text, '\n');
		}
	put_file(f, name, strbuf_str(&text));
	strbuf_release(&text);
}

static inline void put_in_order(const struct folder *f, const char *name,
				const struct events *w)
{
	struct strbuf text;

	strbuf_init(&text);
	for (unsigned i = 0; i < w->n; i++) {
		strbuf_add(&text, w->record[i]);
		strbuf_addc(&text, '\n');
	}
	put_file(f, name, strbuf_str(&text));
	strbuf_release(&text);
}

typedef void (*correlated_told)(struct strbuf *out, const struct correlated *x);

/* What `told` says of the world, three times the same, is what is wanted. */
static inline void check_world(const struct events *w, const char *rules,
			       correlated_told told, const char *wanted)
{
	for (int way = 0; way < 3; way++) {
		static const char *const names[] = { "1.json", "2.json",
						     "3.json" };
		const char *path[ARRAY_SIZE(names)];
		size_t from = way == 1, to = way == 0 ? 1 : 3;
		struct correlated x;
		struct strbuf text;
		struct folder f;

		folder_make(&f);
		put_in_order(&f, names[0], w);
		put_backwards(&f, names[1], w, 0, 2);
		put_backwards(&f, names[2], w, 1, 2);
		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			path[i] = in_folder(&f, names[i]);
		correlated_begin(&x, rules, path + from, to - from,
				 way == 1 ? 2 : 1);
		assert_int_equal(x.graph.load.store->n, w->n);
		strbuf_init(&text);
		strbuf_adds(&text, "");
		told(&text, &x);
		if (!str_eq(strbuf_str(&text), str_of(wanted)))
			fail_msg("way %d, rules\n%s\nfind\n%sand not\n%s", way,
				 rules, text.p, wanted);
		strbuf_release(&text);
		correlated_end(&x);
		folder_remove(&f);
	}
}

#endif /* TRAWL_TEST_CORRELATE_HELP_H */
