/* SPDX-License-Identifier: MIT */
/*
 * From files through the detector to alerts and marks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "detect/alert.h"
#include "ingest/reader.h"

#include "naive_query.h"
#include "sigma_help.h"

enum { FILES = 6, EVENTS = 300 };

static const char rules_text[] =
	"title: Names\nid: names\nlevel: high\n"
	"tags: [attack.persistence, attack.t1098]\n"
	"detection: {s: {eventName: abc}, condition: s}\n"
	"---\n"
	"title: Errors\nid: errors\nlevel: critical\ntags: [attack.impact]\n"
	"detection: {s: {errorCode: '*'}, condition: s}\n"
	"---\n"
	"title: Fixed\nid: fixed\nlevel: medium\n"
	"detection: {s: {errorCode: AccessDenied}, condition: s}\n"
	"trawl: {fixed-level: true}\n"
	"---\n"
	"title: Silent\nid: silent\nlevel: critical\n"
	"detection: {s: {eventName|exists: true}, condition: s}\n"
	"---\n"
	"title: C\nlevel: high\ncorrelation: {type: event_count, "
	"rules: [silent], timespan: 1s, condition: {gte: 1000000}, "
	"generate: false}\n";

/* A loaded folder with its alerts. */
struct world {
	struct ruleset *rules;
	struct detector *detector;
	struct ingest *ingest;
	struct facts facts;
	struct store *store;
	struct lineage *lineage;
	struct alerts alerts;
	struct scores scores;
	struct marks marks;
	struct rule_matches matches;
};

static char dir[256];

static void file_path(unsigned i, char *out, size_t n)
{
	snprintf(out, n, "%s/%u.json", dir, i);
}

/* Each record is in two files: half of what is read are duplicates. */
static void write_files(void)
{
	const char *work = getenv("TRAWL_WORK_DIR");
	struct strbuf text[FILES], record;
	char path[300];

	if (work)
		mkdir(work, 0777);
	snprintf(dir, sizeof(dir), "%s/alert-%ld", work ? work : "/tmp",
		 (long)getpid());
	assert_int_equal(mkdir(dir, 0777), 0);
	strbuf_init(&record);
	for (unsigned i = 0; i < FILES; i++)
		strbuf_init(&text[i]);
	for (unsigned i = 0; i < EVENTS; i++) {
		strbuf_clear(&record);
		do {
			strbuf_clear(&record);
			naive_record(&record, i);
			/* With an id: without one copies count as events. */
		} while (!strstr(record.p, "eventID"));
		for (unsigned k = 0; k < 2; k++) {
			struct strbuf *t = &text[(i + k * 3) % FILES];

			strbuf_adds(t, t->n ? "," : "[");
			strbuf_add(t, strbuf_str(&record));
		}
	}
	for (unsigned i = 0; i < FILES; i++) {
		FILE *f;

		strbuf_addc(&text[i], ']');
		file_path(i, path, sizeof(path));
		f = fopen(path, "wb");
		assert_non_null(f);
		fwrite(text[i].p, 1, text[i].n, f);
		fclose(f);
		strbuf_release(&text[i]);
	}
	strbuf_release(&record);
}

static void remove_files(void)
{
	char path[300];

	for (unsigned i = 0; i < FILES; i++) {
		file_path(i, path, sizeof(path));
		unlink(path);
	}
	rmdir(dir);
}

static void load(struct world *w, unsigned threads, bool builtin)
{
	const char *path[] = { dir };
	struct ingest_options options = { .path = path,
					  .path_n = 1,
					  .threads = threads,
					  .limits = LIMITS_DEFAULT,
					  .visitor_n = 2 };
	struct err err = ERR_INIT;
	uint32_t arrivals;
	row_id *row_of;

	w->rules = ruleset_new();
	ruleset_add_text(w->rules, "r.yml", str_of(rules_text), builtin);
	ruleset_seal(w->rules);
	w->detector = detector_new(w->rules);
	options.visitor[0] = detector_visitor(w->detector);
	facts_init(&w->facts);
	options.visitor[1] = fact_visitor(&w->facts);
	assert_int_equal(ingest_new(&w->ingest, &options, &err), ERR_OK);
	assert_int_equal(ingest_find(w->ingest, NULL, NULL, &err), ERR_OK);
	assert_true(ingest_run(w->ingest, NULL, NULL));
	arrivals = builder_rows(ingest_builder(w->ingest));
	w->store = builder_publish(ingest_builder(w->ingest), PUBLISH_LAST,
				   &row_of);
	assert_int_equal(arrivals, EVENTS * 2);
	assert_int_equal(w->store->n, EVENTS);
	detector_matches(w->detector, row_of, arrivals, &w->matches);
	w->lineage = lineage_build(w->store, &w->facts, row_of);
	alerts_fold(&w->alerts, w->rules, w->store, &w->matches, NULL, 2);
	scores_find(&w->scores, &w->alerts, w->store, w->lineage);
	alerts_rank(&w->alerts, &w->scores);
	alerts_mark(&w->marks, w->rules, w->store, &w->matches, NULL);
	free(row_of);
}

static void unload(struct world *w)
{
	alerts_release(&w->alerts);
	scores_release(&w->scores);
	lineage_free(w->lineage);
	facts_release(&w->facts);
	marks_release(&w->marks);
	rule_matches_release(&w->matches);
	store_release(w->store);
	ingest_free(w->ingest);
	detector_free(w->detector);
	ruleset_free(w->rules);
}

/* Everything that an alert says, as text. */
static void describe(const struct world *w, struct strbuf *out)
{
	for (size_t i = 0; i < w->alerts.n; i++) {
		const struct alert *a = &w->alerts.alert[i];

		strbuf_addf(out, "%u %s %.*s %.*s %zu/%zu/%zu %lld %lld ",
			    a->score.total, level_name(a->level),
			    STR_ARG(a->rule->title), STR_ARG(a->actor_text),
			    a->outcome[0], a->outcome[1], a->outcome[2],
			    (long long)a->first, (long long)a->last);
		score_describe(&a->score, out);
		for (size_t k = 0; k < a->rows.n; k++) {
			strbuf_addc(out, ' ');
			store_id_text(w->store, a->rows.row[k], out);
		}
		for (size_t k = 0; k < a->addresses.n; k++)
			strbuf_addf(
				out, " %.*s",
				STR_ARG(store_value(w->store, EVENT_IP,
						    a->addresses.value[k])));
		strbuf_addc(out, '\n');
	}
}

/* The same alerts, whatever the order in which the events came in. */
static void deterministic(void **state)
{
	struct strbuf first, again;

	(void)state;
	strbuf_init(&first);
	strbuf_init(&again);
	for (unsigned i = 0; i < 6; i++) {
		struct world w;

		load(&w, 1 + i % 3, true);
		strbuf_clear(&again);
		describe(&w, &again);
		if (i == 0)
			strbuf_add(&first, strbuf_str(&again));
		assert_string_equal(first.p, again.p);
		unload(&w);
	}
	assert_true(first.n > 1000);
	strbuf_release(&first);
	strbuf_release(&again);
}

/* Each match of each rule, tested on the record again. */
static void complete(void **state)
{
	struct limits limits = LIMITS_DEFAULT;
	struct reader *reader;
	struct rule_scratch s;
	struct world w;
	size_t at = 0, marks = 0, rows = 0;

	(void)state;
	load(&w, 2, false);
	rule_scratch_init(&s, w.rules);
	reader = reader_new(w.store, &limits);
	for (row_id r = 0; r < w.store->n; r++) {
		const struct event *e;
		struct err err = ERR_INIT;
		size_t n, shown = 0;

		assert_int_equal(reader_event(reader, r, &e, &err), ERR_OK);
		ruleset_match(w.rules, e, &s);
		for (size_t i = 0; i < s.hit_n; i++) {
			assert_true(at < w.matches.n);
			assert_int_equal(w.matches.match[at].row, r);
			assert_int_equal(w.matches.match[at++].rule, s.hit[i]);
			/* Rule 3 is silent. */
			shown += s.hit[i] != 3;
		}
		marks_of(&w.marks, r, &n);
		assert_int_equal(n, shown);
		marks += n;
	}
	assert_int_equal(at, w.matches.n);
	for (size_t i = 0; i < w.alerts.n; i++) {
		const struct alert *a = &w.alerts.alert[i];

		rows += a->rows.n;
		assert_int_equal(a->outcome[0] + a->outcome[1] + a->outcome[2],
				 a->rows.n);
		for (size_t k = 0; k < a->rows.n; k++) {
			assert_int_equal(store_value_at(w.store, EVENT_ACTOR,
							a->rows.row[k]),
					 a->actor);
			assert_true(k == 0 ||
				    a->rows.row[k - 1] < a->rows.row[k]);
		}
	}
	assert_int_equal(rows, marks);
	assert_true(rows > 100);
	/* One alert a rule and actor, or address where nobody acts. */
	for (size_t i = 0; i < w.alerts.n; i++)
		for (size_t k = 0; k < i; k++)
			assert_false(w.alerts.alert[i].rule ==
					     w.alerts.alert[k].rule &&
				     w.alerts.alert[i].fold ==
					     w.alerts.alert[k].fold);
	reader_free(reader);
	rule_scratch_release(&s);
	unload(&w);
}

/* Built-in rules count a call that failed for less; users' rules do not. */
static void levels(void **state)
{
	static const enum level lowered[] = {
		[OUTCOME_OK] = LEVEL_CRITICAL,
		[OUTCOME_DENIED] = LEVEL_HIGH,
		[OUTCOME_FAILED] = LEVEL_MEDIUM,
	};
	unsigned seen = 0;
	bool mixed = false;

	(void)state;
	for (int builtin = 0; builtin < 2; builtin++) {
		struct world w;

		load(&w, 1, builtin);
		for (size_t i = 0; i < w.marks.n; i++) {
			const struct mark *m = &w.marks.mark[i];
			enum event_outcome o = store_outcome(w.store, m->row);

			if (m->label == 1)
				assert_int_equal(m->level,
						 builtin ? lowered[o] :
							   LEVEL_CRITICAL);
			if (m->label == 2)
				assert_int_equal(m->level, LEVEL_MEDIUM);
			seen |= m->label == 1 ? 1u << o : 0;
		}
		for (size_t i = 0; i < w.alerts.n; i++) {
			const struct alert *a = &w.alerts.alert[i];

			enum level highest = LEVEL_INFORMATIONAL;

			/* The highest of its matches, in whatever order. */
			for (size_t k = 0; k < a->rows.n; k++) {
				enum level level = rule_level_for(
					a->rule,
					w.store->flags[a->rows.row[k]]);

				mixed |= k && level < highest;
				if (level > highest)
					highest = level;
			}
			assert_int_equal(a->level, highest);
		}
		unload(&w);
	}
	assert_true(mixed);
	assert_true(seen & 1u << OUTCOME_DENIED);
	assert_true(seen & 1u << OUTCOME_FAILED);
}

/* The first terms of the score, what they come to, and the order. */
static void scores(void **state)
{
	static const unsigned points[] = { 5, 15, 30, 45, 60 };
	struct world w;

	(void)state;
	load(&w, 2, true);
	for (size_t i = 0; i < w.alerts.n; i++) {
		const struct alert *a = &w.alerts.alert[i];
		unsigned sum = 0;

		for (int t = 0; t < SCORE_TERM_COUNT; t++)
			sum += a->score.term[t];
		assert_int_equal(a->score.term[SCORE_LEVEL], points[a->level]);
		assert_int_equal(a->score.term[SCORE_ALLOWED],
				 a->outcome[0] ? 8 : 0);
		assert_int_equal(a->score.total, sum);
		if (i)
			assert_true(w.alerts.alert[i - 1].score.total >=
				    a->score.total);
	}
	assert_int_equal(detector_counts(w.detector).events, EVENTS * 2);
	unload(&w);
}

/* An alert weighs the same whether all matches are folded or some. */
static void some_of_the_matches(void **state)
{
	struct alerts some;
	struct world w;
	bool more = false;

	(void)state;
	load(&w, 1, true);
	for (rule_index i = 0; i < ruleset_count(w.rules); i++) {
		struct rule_matches of = { .n = 0 };

		of.match = test_calloc(w.matches.n + 1, sizeof(*of.match));
		for (size_t k = 0; k < w.matches.n; k++)
			if (w.matches.match[k].rule == i)
				of.match[of.n++] = w.matches.match[k];
		alerts_fold(&some, w.rules, w.store, &of, &w.scores, 2);
		for (size_t k = 0; k < some.n; k++)
			for (size_t n = 0; n < w.alerts.n; n++) {
				const struct alert *a = &w.alerts.alert[n];

				if (a->rule_number != i ||
				    a->actor != some.alert[k].actor)
					continue;
				assert_int_equal(some.alert[k].score.total,
						 a->score.total);
				more |= a->score.term[SCORE_TACTICS] > 0;
			}
		alerts_release(&some);
		test_free(of.match);
	}
	assert_true(more); /* else the test could not fail */
	unload(&w);
}

/* No rules, or no events, are no trouble. */
static void nothing(void **state)
{
	struct ruleset *rs = rules_of("");
	struct rule_matches none = { .n = 0 };
	struct alerts alerts;
	struct marks marks;
	struct world w;

	(void)state;
	load(&w, 1, true);
	alerts_fold(&alerts, rs, w.store, &none, NULL, 2);
	assert_int_equal(alerts.n, 0);
	alerts_release(&alerts);
	alerts_mark(&marks, rs, w.store, &none, NULL);
	assert_int_equal(marks.n, 0);
	marks_release(&marks);
	ruleset_free(rs);
	unload(&w);
}

static int set_up(void **state)
{
	(void)state;
	write_files();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	remove_files();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deterministic),
		cmocka_unit_test(complete),
		cmocka_unit_test(levels),
		cmocka_unit_test(scores),
		cmocka_unit_test(some_of_the_matches),
		cmocka_unit_test(nothing),
	};

	json_init();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
