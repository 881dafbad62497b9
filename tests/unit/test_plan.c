/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "query/parse.h"
#include "query/plan.h"
#include "query/print.h"
#include "query/run.h"
#include "store/builder.h"

#include "naive_query.h"

enum { EVENTS = 300, LABELS = 3 };

/* A store of random events, each with its record at hand. */
struct world {
	struct arena arena;
	struct store *store;
	struct event event[EVENTS]; /* by row */
	struct str source[EVENTS];  /* by row */
	struct str id[EVENTS];      /* by row */
	struct marks marks;
	struct said_rows *said;
	struct judged_rows *judged;
	struct kin kin;
	struct technique_id technique[LABELS];
};

static void add_marks(struct world *w)
{
	static const char *const titles[] = { "Rule one", "abc", "" };
	struct mark_label *label = mem_zero(LABELS, sizeof(*label));
	struct mark *mark = mem_zero(EVENTS, sizeof(*mark));
	size_t n = 0;

	for (unsigned i = 0; i < LABELS; i++) {
		label[i].id = i ? STR("rule-1") : STR("b");
		label[i].title = str_of(titles[i]);
		label[i].tactics = i == 2 ? 0 :
					    TACTIC_BIT(TACTIC_PERSISTENCE) |
						    TACTIC_BIT(TACTIC_IMPACT);
		label[i].technique = &w->technique[i];
		label[i].technique_n = i == 2 ? 0 : 1;
	}
	assert_true(attack_technique_id(STR("T1098.001"), &w->technique[0]));
	assert_true(attack_technique_id(STR("T1562.007"), &w->technique[1]));
	for (row_id r = 0; r < w->store->n; r++)
		for (unsigned i = naive_random(3); i && n < EVENTS; i--)
			mark[n++] = (struct mark){ r, naive_random(LABELS) & 3,
						   naive_random(LEVEL_COUNT) &
							   7 };
	marks_init(&w->marks, label, LABELS, mark, n);
}

/* Of a row several things, of others none; of some matches what was decided,
 * twice. */
static void add_said(struct world *w)
{
	static const char *const texts[] = { "ab", "Admin", "x", "1", "" };
	struct said_rows *said = said_rows_new();
	struct judged_rows *judged = judged_rows_new();

	for (unsigned i = 0; i < EVENTS; i++)
		said_rows_add(said, naive_random(w->store->n),
			      (enum said_kind)naive_random(3),
			      str_of(NAIVE_PICK(texts)), i);
	for (unsigned i = 0; i < EVENTS; i++) {
		struct judged one = {
			naive_random(w->store->n), naive_random(LABELS), i,
			(enum disposition)naive_random(DISPOSITION_COUNT)
		};

		judged_rows_add(judged, &one);
	}
	said_rows_sort(said);
	judged_rows_sort(judged);
	w->said = said;
	w->judged = judged;
	w->marks.said = said;
	w->marks.judged = judged;
}

enum { GROUPS = 12, ACTING = 8, INCIDENTS = 4 };

/* Some groups act and come of others, four are other names of one; some rows
 * are nobody's, and in no incident. */
static void make_kin(struct kin *k)
{
	static const char *const names[] = { "P:ab",    "K:Admin", "S:x",
					     "C:1",     "P:abc",   "K:AB*",
					     "P:rule*", "S:new" };
	const struct world *w = k->context;
	uint32_t *group = arena_zero(&k->arena, w->store->n * sizeof(*group));

	k->rows = w->store->n;
	k->groups = GROUPS;
	k->incidents = INCIDENTS;
	k->name = mem_zero(GROUPS, sizeof(*k->name));
	k->up = mem_zero(GROUPS, sizeof(*k->up));
	k->alias = mem_zero(GROUPS, sizeof(*k->alias));
	k->incident = mem_zero(k->rows, sizeof(*k->incident));
	k->incident_name = mem_zero(INCIDENTS, sizeof(*k->incident_name));
	for (uint32_t g = 1; g < GROUPS; g++)
		k->name[g] = str_of(NAIVE_PICK(names));
	for (uint32_t g = 2; g < ACTING; g++)
		k->up[g] = naive_random(g);
	for (uint32_t g = ACTING; g < GROUPS; g++) {
		uint32_t of = 1 + naive_random(ACTING - 1);

		k->alias[g] = k->alias[of];
		k->alias[of] = g;
		k->up[g] = of;
	}
	for (uint32_t i = 1; i < INCIDENTS; i++)
		k->incident_name[i] = i == 1 ? STR("ab") : w->id[i];
	for (row_id r = 0; r < k->rows; r++) {
		group[r] = naive_random(ACTING);
		k->incident[r] = naive_random(INCIDENTS);
	}
	k->group = group;
}

static struct world *world_new(void)
{
	struct world *w = mem_zero(1, sizeof(*w));
	struct event *event = mem_zero(EVENTS, sizeof(*event));
	struct str *source = mem_zero(EVENTS, sizeof(*source));
	struct string_tables tables;
	struct store_builder *b;
	struct files files;
	struct batch batch;
	struct strbuf json;
	row_id *row_of;

	arena_init(&w->arena);
	files_init(&files);
	files_add(&files, "a.json", 1);
	b = builder_new(&files, 1);
	string_tables_init(&tables);
	batch_init(&batch, 0);
	strbuf_init(&json);
	for (unsigned i = 0; i < EVENTS; i++) {
		struct record_place place = { 0, i + 1, i * 1000, 100 };
		struct err err = ERR_INIT;

		strbuf_clear(&json);
		naive_record(&json, i);
		source[i] = arena_dup(&w->arena, strbuf_str(&json));
		event_extract(&event[i], json_read(&w->arena, source[i], &err),
			      naive_random(16), &w->arena);
		batch_add(&batch, &tables, &event[i], place, source[i]);
	}
	batch_seal(&batch, &tables);
	builder_append(b, &batch, &tables);
	w->store = builder_publish(b, PUBLISH_LAST, &row_of);
	assert_int_equal(w->store->n, EVENTS);
	for (unsigned i = 0; i < EVENTS; i++) {
		row_id r = row_of[i];

		w->event[r] = event[i];
		w->source[r] = source[i];
		strbuf_clear(&json);
		store_id_text(w->store, r, &json);
		w->id[r] = arena_dup(&w->arena, strbuf_str(&json));
	}
	add_marks(w);
	add_said(w);
	kin_init(&w->kin, make_kin, w);
	w->marks.kin = &w->kin;
	kin_know(&w->kin);
	free(row_of);
	free(event);
	free(source);
	strbuf_release(&json);
	batch_release(&batch);
	string_tables_release(&tables);
	builder_free(b);
	return w;
}

static void world_free(struct world *w)
{
	marks_release(&w->marks);
	kin_release(&w->kin);
	said_rows_release(w->said);
	judged_rows_release(w->judged);
	store_release(w->store);
	arena_release(&w->arena);
	free(w);
}

static void check_row(const struct world *w, const struct expr *e,
		      const struct plan *p, const struct plan_answer *answer,
		      row_id r, struct arena *a, struct match_scratch *s)
{
	struct naive x = { a, &w->event[r], &w->marks, r, w->id[r] };
	struct match_row row = { w->store, &w->marks, r, NULL };
	bool sure = rowset_has(&answer->sure, r);
	bool maybe = rowset_has(&answer->maybe, r);
	bool expected = naive_holds(&x, e), plain, known;
	struct strbuf text;

	plain = matcher_test(plan_matcher(p), &w->event[r], &row, s);
	row.known = answer->known;
	known = matcher_test(plan_matcher(p), &w->event[r], &row, s);
	if (plain == expected && known == expected && !(sure && maybe) &&
	    (maybe || sure == expected))
		return;
	strbuf_init(&text);
	query_print(&text, e);
	fail_msg("%s\n%.*s\nexpected %d, sure %d, maybe %d, matcher %d, %d",
		 text.p, STR_ARG(w->source[r]), expected, sure, maybe, plain,
		 known);
}

/* What the store says, and the records of what it leaves open, are what the
 * naive reading says of every row. */
static void against_naive(void **state)
{
	struct world *w = world_new();
	struct match_scratch *s = match_scratch_new();
	size_t open = 0, decided = 0;
	struct arena a;

	(void)state;
	arena_init(&a);
	for (int round = 0; round < 2500; round++) {
		const struct expr *e = naive_expr(&a, 3);
		struct plan_answer answer;
		struct err err = ERR_INIT;
		struct rowset rows = ROWSET_INIT;
		struct plan *p;

		assert_int_equal(plan_new(&p, e, &err), ERR_OK);
		plan_ask(p, w->store, &w->marks, &answer);
		open += answer.maybe.n;
		decided += w->store->n - answer.maybe.n;
		if (!plan_needs_records(p))
			assert_int_equal(answer.maybe.n, 0);
		for (row_id r = 0; r < w->store->n; r++)
			check_row(w, e, p, &answer, r, &a, s);
		assert_int_equal(plan_rows(p, w->store, &w->marks, &rows),
				 answer.maybe.n == 0);
		assert_int_equal(rows.n, answer.sure.n + answer.maybe.n);
		rowset_release(&rows);
		plan_answer_release(&answer);
		plan_free(p);
		arena_reset(&a);
	}
	assert_true(open > 1000 && decided > 1000);
	arena_release(&a);
	match_scratch_free(s);
	world_free(w);
}

/* What some thread is still making is waited for, in steps. */
static void waits_for_kin(void **state)
{
	const struct scan_options options = { 0, NULL };
	struct world *w = world_new();
	const struct time_zone zone = TIME_ZONE_UTC;
	struct rowset known = ROWSET_INIT;
	const struct expr *e;
	struct query_run *run;
	struct plan *p;
	struct err err;
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_int_equal(query_read(STR("origin:*"), &zone, &a, &e, &err),
			 ERR_OK);
	assert_int_equal(plan_new(&p, e, &err), ERR_OK);
	assert_true(plan_asks_kin(p));
	plan_rows(p, w->store, &w->marks, &known);
	assert_true(known.n > 0);
	/* It is there, whatever was promised. */
	kin_promise(&w->kin);
	run = query_run_new(p, w->store, &w->marks, &options);
	assert_true(query_run_finished(run));
	assert_int_equal(query_run_rows(run)->n, known.n);
	query_run_free(run);

	kin_release(&w->kin);
	kin_init(&w->kin, make_kin, w);
	kin_promise(&w->kin);
	run = query_run_new(p, w->store, &w->marks, &options);
	assert_false(query_run_finished(run));
	assert_false(query_run_step(run, 3));
	assert_int_equal(query_run_rows(run)->n, 0);
	kin_know(&w->kin);
	plan_rows(p, w->store, &w->marks, &known);
	assert_true(query_run_step(run, 3));
	assert_int_equal(query_run_rows(run)->n, known.n);
	query_run_free(run);
	rowset_release(&known);
	plan_free(p);
	arena_release(&a);
	world_free(w);
}

static size_t count(const struct world *w, const char *filter, bool exact)
{
	struct rowset rows = ROWSET_INIT;
	struct err err = ERR_INIT;
	const struct expr *e;
	struct plan *p;
	struct arena a;
	size_t n;

	arena_init(&a);
	if (query_read(str_of(filter), NULL, &a, &e, &err) != ERR_OK)
		fail_msg("%s: %s", filter, err.msg);
	assert_int_equal(plan_new(&p, e, &err), ERR_OK);
	assert_int_equal(plan_rows(p, w->store, &w->marks, &rows), exact);
	n = rows.n;
	rowset_release(&rows);
	plan_free(p);
	arena_release(&a);
	return n;
}

/* Every row is found by its own id, also those that have none. */
static void ids(void **state)
{
	struct world *w = world_new();
	struct strbuf filter;

	(void)state;
	strbuf_init(&filter);
	for (row_id r = 0; r < w->store->n; r++) {
		strbuf_clear(&filter);
		query_term(&filter, STR("eventID"), w->id[r]);
		assert_int_equal(count(w, filter.p, true), 1);
	}
	strbuf_release(&filter);
	world_free(w);
}

static void times(void **state)
{
	struct world *w = world_new();
	size_t all = w->store->n, timed = w->store->timed;

	(void)state;
	assert_true(timed > 10 && timed < all);
	assert_int_equal(count(w, "eventTime:*", true), timed);
	assert_int_equal(count(w, "eventTime:null()", true), all - timed);
	assert_int_equal(count(w, "eventTime>=2026-01-01", true), timed);
	assert_int_equal(count(w, "eventTime<2030-01-01", true), timed);
	assert_int_equal(count(w, "not eventTime<2030-01-01", true),
			 all - timed);
	assert_int_equal(count(w, "eventTime<\"2026-01-09 21:41:07\"", true) +
				 count(w, "eventTime>=\"2026-01-09 21:41:07\"",
				       true),
			 timed);
	assert_int_equal(count(w, "eventTime<=\"2026-01-09 21:41:07\"", true) +
				 count(w, "eventTime>\"2026-01-09 21:41:07\"",
				       true),
			 timed);
	world_free(w);
}

/* What needs no record gives an exact answer, also beside what does. */
static void exactness(void **state)
{
	struct world *w = world_new();
	size_t all = w->store->n;

	(void)state;
	assert_int_equal(count(w, "", true), all);
	assert_int_equal(count(w, "not *", true), 0);
	assert_int_equal(count(w, "level>=low or level:informational", true),
			 count(w, "alert:*", true));
	assert_int_equal(count(w, "alert:* or not alert:*", true), all);
	assert_int_equal(count(w, "technique:T1098 or technique:T1562", true),
			 count(w, "technique:*", true));
	assert_int_equal(count(w, "tactic:impact", true),
			 count(w, "tactic:*", true));
	assert_int_equal(count(w, "\"status\":x or *", true), all);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_for_kin),
		cmocka_unit_test(against_naive),
		cmocka_unit_test(ids),
		cmocka_unit_test(times),
		cmocka_unit_test(exactness),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
