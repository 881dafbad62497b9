/* SPDX-License-Identifier: MIT */
/*
 * lineage_rules_help.h - small worlds, and which rules find what in them
 *
 * A world is a few records, each with a number that is its eventID's. What a
 * rule finds is asked of the rules that the program carries, by their file's
 * title, three times: with the records in order, backwards and doubled. All
 * three have to say the same.
 */
#ifndef TRAWL_TEST_LINEAGE_RULES_HELP_H
#define TRAWL_TEST_LINEAGE_RULES_HELP_H

#include "lineage_help.h"

#include "detect/lineage_rules.h"

enum { WORLD_MOST = 64 };

struct small_world {
	struct str record[WORLD_MOST];
	unsigned n;
	struct arena arena;
	struct site site; /* what the site file says */
	struct str note;  /* of the last match that was asked for */
};

/* Who ---------------------------------------------------------------------- */

#define ACCOUNT "111122223333"

#define USER(name, key)                                                       \
	"{\"type\":\"IAMUser\",\"principalId\":\"AIDA-" name "\",\"arn\":"    \
	"\"arn:aws:iam::" ACCOUNT ":user/" name "\",\"accountId\":\"" ACCOUNT \
	"\",\"accessKeyId\":\"" key "\",\"userName\":\"" name "\"}"
/* A session of a role: its name, when it began, its key. */
#define ROLE_MORE(role, name, since, key, more)                                \
	"{\"type\":\"AssumedRole\",\"principalId\":\"AROA-" role ":" name      \
	"\",\"arn\":\"arn:aws:sts::" ACCOUNT ":assumed-role/" role "/" name    \
	"\",\"accountId\":\"" ACCOUNT "\",\"accessKeyId\":\"" key              \
	"\",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\","         \
	"\"principalId\":\"AROA-" role "\",\"arn\":\"arn:aws:iam::" ACCOUNT    \
	":role/" role "\",\"accountId\":\"" ACCOUNT "\",\"userName\":\"" role  \
	"\"},\"attributes\":{\"creationDate\":\"2026-01-09T" since "Z\"}" more \
	"}}"
#define ROLE(role, name, since, key) ROLE_MORE(role, name, since, key, "")
#define IMDS(version)                ",\"ec2RoleDelivery\":\"" version "\""
#define SERVICE(name)                "{\"type\":\"AWSService\",\"invokedBy\":\"" name "\"}"
#define WEB(subject)                                               \
	"{\"type\":\"WebIdentityUser\",\"principalId\":\"" subject \
	"\",\"userName\":\"u\",\"identityProvider\":\"p\"}"

/* What ---------------------------------------------------------------------- */

/* AssumeRole: a session of that name, its key in the answer. */
#define ASSUME(role, name, key)                                             \
	",\"requestParameters\":{\"roleArn\":\"arn:aws:iam::" ACCOUNT       \
	":role/" role "\",\"roleSessionName\":\"" name                      \
	"\"},\"responseElements\":{\"credentials\":{\"accessKeyId\":\"" key \
	"\"},\"assumedRoleUser\":{\"assumedRoleId\":\"AROA-" role ":" name  \
	"\",\"arn\":\"x\"}}"

static inline void small_begin(struct small_world *w)
{
	*w = (struct small_world){ .n = 0 };
	arena_init(&w->arena);
	site_init(&w->site);
}

static inline void small_end(struct small_world *w)
{
	site_release(&w->site);
	arena_release(&w->arena);
}

/* Record `number` at a time of the 9th of January; `call` is
 * "service:EventName"; `more` are members that begin with a comma. */
static inline void add_event(struct small_world *w, unsigned number,
			     const char *clock, const char *who,
			     const char *call, const char *ip,
			     const char *agent, const char *more)
{
	const char *colon = strchr(call, ':');
	struct strbuf out;

	strbuf_init(&out);
	strbuf_addf(&out,
		    "{\"eventVersion\":\"1.08\",\"userIdentity\":%s,"
		    "\"eventTime\":\"2026-01-09T%sZ\",\"eventSource\":"
		    "\"%.*s.amazonaws.com\",\"eventName\":\"%s\",",
		    who, clock, (int)(colon - call), call, colon + 1);
	strbuf_addf(&out,
		    "\"awsRegion\":\"eu-west-1\",\"sourceIPAddress\":\"%s\","
		    "\"userAgent\":\"%s\",\"eventID\":\"",
		    ip, agent);
	add_id(&out, number);
	strbuf_adds(&out, "\"");
	if (!strstr(more, "recipientAccountId"))
		strbuf_adds(&out, ",\"recipientAccountId\":\"" ACCOUNT "\"");
	strbuf_addf(&out, "%s}", more);
	check(w->n < WORLD_MOST, "too many records");
	w->record[w->n++] = arena_dup(&w->arena, strbuf_str(&out));
	strbuf_release(&out);
}

/* Finding ------------------------------------------------------------------- */

/* A load with its rules. */
struct run {
	struct graph graph;
	struct detector *detector;
	struct rule_matches matches;
};

static inline const struct lineage *same_lineage(void *context)
{
	return context;
}

static inline void assert_same_matches(const struct rule_matches *a,
				       const struct rule_matches *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		const struct rule_match *x = &a->match[i], *y = &b->match[i];

		assert_int_equal(x->row, y->row);
		assert_int_equal(x->rule, y->rule);
		assert_int_equal(x->lower, y->lower);
		assert_true(str_eq(intern_text(a->notes, x->note),
				   intern_text(b->notes, y->note)));
	}
}

static inline void run_begin(struct run *run, const struct ruleset *rs,
			     const struct site *given, const char *path)
{
	struct ingest_options options = load_options(&path, 1, 1);
	struct graph *g = &run->graph;
	struct lineage_asked asked;
	struct rule_matches again;
	struct site site;

	run->detector = detector_new(rs);
	facts_init(&g->facts);
	options.visitor[options.visitor_n++] = fact_visitor(&g->facts);
	options.visitor[options.visitor_n++] = detector_visitor(run->detector);
	load_with(&g->load, &options, NULL, NULL);
	assert_int_equal(g->load.store->counts.rejected, 0);
	g->lineage = lineage_build(g->load.store, &g->facts, g->load.row_of);
	site_init_copy(&site, given);
	for (uint32_t v = 1; v < g->load.store->values[EVENT_ACCOUNT]; v++)
		site_deliver(&site,
			     store_value(g->load.store, EVENT_ACCOUNT, v));
	detector_matches(run->detector, g->load.row_of, g->load.arrivals,
			 &run->matches);
	asked = (struct lineage_asked){
		g->load.store, &site, same_lineage,
		g->lineage,    1,     detector_captures(run->detector)
	};
	lineage_rules_apply(rs, &asked, &run->matches);
	/* The same on several threads. */
	detector_matches(run->detector, g->load.row_of, g->load.arrivals,
			 &again);
	asked.threads = 3;
	lineage_rules_apply(rs, &asked, &again);
	assert_same_matches(&run->matches, &again);
	rule_matches_release(&again);
	site_release(&site);
}

static inline void run_end(struct run *run)
{
	rule_matches_release(&run->matches);
	detector_free(run->detector);
	graph_release(&run->graph);
}

/* "2 3": the numbers of the events that a rule found, in order of time. */
static inline void add_numbers(struct strbuf *out, const struct run *run,
			       rule_index rule, struct small_world *w)
{
	const struct store *s = run->graph.load.store;

	for (size_t i = 0; i < run->matches.n; i++) {
		const struct rule_match *m = &run->matches.match[i];
		struct strbuf id;
		uint64_t number;

		if (m->rule != rule)
			continue;
		strbuf_init(&id);
		store_id_text(s, m->row, &id);
		assert_true(str_to_u64(str_from(strbuf_str(&id), 24), &number));
		strbuf_addf(out, "%s%u", out->n ? " " : "", (unsigned)number);
		strbuf_release(&id);
		if (w)
			w->note = arena_dup(&w->arena,
					    intern_text(run->matches.notes,
							m->note));
	}
}

enum world_order { IN_ORDER, BACKWARDS, DOUBLED };

static inline void put_world(const struct small_world *w, struct folder *f,
			     enum world_order order)
{
	struct strbuf text;

	strbuf_init(&text);
	for (unsigned round = 0; round < (order == DOUBLED ? 2u : 1u); round++)
		for (unsigned i = 0; i < w->n; i++) {
			unsigned at = order == BACKWARDS ? w->n - 1 - i : i;

			strbuf_add(&text, w->record[at]);
			strbuf_addc(&text, '\n');
		}
	put_file(f, "log.json", strbuf_str(&text));
	strbuf_release(&text);
}

static inline rule_index rule_titled(const struct ruleset *rs,
				     const char *title)
{
	rule_index rule = ruleset_find(rs, str_of(title), UINT32_MAX);

	check(rule != UINT32_MAX, "no rule \"%s\"", title);
	return rule;
}

/* Which events a rule of a set finds. */
static inline void find_with(struct small_world *w, const struct ruleset *rs,
			     const char *title, struct strbuf *out)
{
	rule_index rule = rule_titled(rs, title);
	struct strbuf again;

	strbuf_init(&again);
	for (int order = IN_ORDER; order <= DOUBLED; order++) {
		struct folder f;
		struct run run;

		folder_make(&f);
		put_world(w, &f, (enum world_order)order);
		run_begin(&run, rs, &w->site, f.path);
		strbuf_clear(&again);
		add_numbers(&again, &run, rule, w);
		if (order == IN_ORDER)
			strbuf_add(out, strbuf_str(&again));
		check(str_eq(strbuf_str(out), strbuf_str(&again)),
		      "%s: %.*s, in another order %.*s", title,
		      STR_ARG(strbuf_str(out)), STR_ARG(strbuf_str(&again)));
		run_end(&run);
		folder_remove(&f);
	}
	strbuf_release(&again);
}

static inline struct ruleset *builtin_rules(void)
{
	struct ruleset *rs = ruleset_new();

	ruleset_add_builtin(rs);
	ruleset_seal(rs);
	return rs;
}

static inline void check_found(struct small_world *w, const char *title,
			       const char *expected, const char *file, int line)
{
	struct ruleset *rs = builtin_rules();
	struct strbuf found;

	strbuf_init(&found);
	find_with(w, rs, title, &found);
	if (!str_eq(strbuf_str(&found), str_of(expected))) {
		fprintf(stderr, "%s: found \"%.*s\", not \"%s\"\n", title,
			STR_ARG(strbuf_str(&found)), expected);
		_fail(file, line);
	}
	strbuf_release(&found);
	ruleset_free(rs);
}

/* A rule finds the events of these numbers, "" for none. */
#define assert_found(w, title, expected) \
	check_found((w), (title), (expected), __FILE__, __LINE__)

static inline bool note_says(const struct small_world *w, const char *text)
{
	return str_find(w->note, str_of(text), 0) != SIZE_MAX;
}

#endif /* TRAWL_TEST_LINEAGE_RULES_HELP_H */
