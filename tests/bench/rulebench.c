/* SPDX-License-Identifier: MIT */
/*
 * rulebench.c - what rules cost an event: usage: rulebench RULES PATH...
 * Loads with one thread and measures the matching alone. Prints JSON: rules
 * that run, events, rules tested on them, matches, and each by the second.
 */
#include <stdio.h>
#include <time.h>

#include "base/json.h"
#include "detect/ruleset.h"
#include "ingest/ingest.h"

struct measured {
	const struct ruleset *rules;
	struct rule_scratch scratch;
	size_t events, matches;
	double seconds;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *worker_new(void *context)
{
	return context;
}

static void worker_free(void *worker)
{
	(void)worker;
}

static void see(void *worker, const struct event *e, uint32_t row)
{
	struct measured *m = worker;
	double begun = now();

	(void)row;
	ruleset_match(m->rules, e, &m->scratch);
	m->seconds += now() - begun;
	m->matches += m->scratch.hit_n;
	m->events++;
}

static void *take(void *worker)
{
	(void)worker;
	return NULL;
}

static void merge(void *context, void *part, uint32_t first)
{
	(void)context;
	(void)part;
	(void)first;
}

static void drop(void *part)
{
	(void)part;
}

static size_t running(const struct ruleset *rs)
{
	size_t n = 0;

	for (rule_index i = 0; i < ruleset_count(rs); i++)
		n += ruleset_at(rs, i)->matcher != NULL;
	return n;
}

static void print(const struct measured *m)
{
	double tested = (double)m->scratch.tried;

	printf("{\"rules\":%zu,\"events\":%zu,\"tested\":%.0f,"
	       "\"matches\":%zu,\"seconds\":%.3f,\"eventsPerSecond\":%.0f,"
	       "\"testedPerSecond\":%.0f}\n",
	       running(m->rules), m->events, tested, m->matches, m->seconds,
	       (double)m->events / m->seconds, tested / m->seconds);
}

int main(int argc, char **argv)
{
	struct ingest_options options = {
		.path = (const char *const *)argv + 2,
		.path_n = argc > 2 ? (size_t)argc - 2 : 0,
		.threads = 1,
		.limits = LIMITS_DEFAULT,
	};
	struct ruleset *rs = ruleset_new();
	struct measured m = { .rules = rs };
	struct ingest *in;
	struct err err;

	if (argc < 3) {
		fprintf(stderr, "usage: rulebench RULES PATH...\n");
		return 2;
	}
	json_init();
	if (ruleset_add_path(rs, argv[1], &err)) {
		fprintf(stderr, "rulebench: %s\n", err.msg);
		return 1;
	}
	ruleset_seal(rs);
	rule_scratch_init(&m.scratch, rs);
	options.visitor[options.visitor_n++] = (struct ingest_visitor){
		.context = &m,
		.worker_new = worker_new,
		.worker_free = worker_free,
		.see = see,
		.take = take,
		.merge = merge,
		.drop = drop,
	};
	if (ingest_new(&in, &options, &err) ||
	    ingest_find(in, NULL, NULL, &err)) {
		fprintf(stderr, "rulebench: %s\n", err.msg);
		return 1;
	}
	ingest_run(in, NULL, NULL);
	if (m.events == 0) {
		fprintf(stderr, "rulebench: no events\n");
		return 1;
	}
	print(&m);
	ingest_free(in);
	rule_scratch_release(&m.scratch);
	ruleset_free(rs);
	return 0;
}
