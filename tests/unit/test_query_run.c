/* SPDX-License-Identifier: MIT */
/*
 * Runs and counts over files: records are read again, with and without
 * threads, and what is found is what the naive reading finds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/gz.h"
#include "base/mem.h"
#include "ingest/ingest.h"
#include "ingest/reader.h"
#include "query/need.h"
#include "query/parse.h"
#include "query/presence.h"
#include "query/print.h"
#include "query/run.h"
#include "query/stats.h"

#include "naive_query.h"

enum { FILES = 7, EVENTS = 420 };

/* A loaded folder, and each row's event. */
struct world {
	struct arena arena;
	char dir[256];
	struct ingest *ingest;
	struct store *store;
	struct event event[EVENTS];
	struct str id[EVENTS];
};

static void write_file(const char *path, struct str content, bool gzip)
{
	struct err err = ERR_INIT;
	FILE *f;

	if (gzip) {
		assert_int_equal(gz_write_file(path, content, &err), ERR_OK);
		return;
	}
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(content.p, 1, content.n, f), content.n);
	fclose(f);
}

static void file_name(const struct world *w, unsigned i, char *out, size_t n)
{
	snprintf(out, n, "%s/%u.json%s", w->dir, i, i % 2 ? ".gz" : "");
}

static void write_files(struct world *w)
{
	const char *work = getenv("TRAWL_WORK_DIR");
	struct strbuf text;
	char path[300];

	strbuf_init(&text);
	if (work)
		mkdir(work, 0777);
	snprintf(w->dir, sizeof(w->dir), "%s/query-run-%ld",
		 work ? work : "/tmp", (long)getpid());
	assert_int_equal(mkdir(w->dir, 0777), 0);
	for (unsigned i = 0; i < FILES; i++) {
		strbuf_clear(&text);
		strbuf_adds(&text, "{\"Records\":[");
		for (unsigned k = 0; k < EVENTS / FILES; k++) {
			if (k)
				strbuf_addc(&text, ',');
			naive_record(&text, i * 1000 + k);
		}
		strbuf_adds(&text, "]}");
		file_name(w, i, path, sizeof(path));
		write_file(path, strbuf_str(&text), i % 2);
	}
	strbuf_release(&text);
}

/* Copies a row's event out of the reader. */
static void keep_event(struct world *w, struct reader *reader, row_id r)
{
	unsigned notes[] = { JSON_SAW_CONTROL, JSON_SAW_BIDI, JSON_SAW_NONASCII,
			     JSON_SAW_DEEP };
	struct err err = ERR_INIT;
	struct strbuf id;
	unsigned seen = 0;
	struct str raw;

	assert_int_equal(reader_raw(reader, r, &raw, &err), ERR_OK);
	for (unsigned i = 0; i < ARRAY_SIZE(notes); i++)
		if (w->store->flags[r] >> 10 >> i & 1)
			seen |= notes[i];
	event_extract(&w->event[r], json_read(&w->arena, raw, &err), seen,
		      &w->arena);
	strbuf_init(&id);
	store_id_text(w->store, r, &id);
	w->id[r] = arena_dup(&w->arena, strbuf_str(&id));
	strbuf_release(&id);
}

static struct world *world_new(void)
{
	struct world *w = mem_zero(1, sizeof(*w));
	const char *path[] = { w->dir };
	struct ingest_options options = { .path = path,
					  .path_n = 1,
					  .threads = 2,
					  .limits = LIMITS_DEFAULT };
	struct err err = ERR_INIT;
	struct reader *reader;
	row_id *row_of;

	arena_init(&w->arena);
	write_files(w);
	assert_int_equal(ingest_new(&w->ingest, &options, &err), ERR_OK);
	assert_int_equal(ingest_find(w->ingest, NULL, NULL, &err), ERR_OK);
	assert_true(ingest_run(w->ingest, NULL, NULL));
	w->store = builder_publish(ingest_builder(w->ingest), PUBLISH_LAST,
				   &row_of);
	free(row_of);
	assert_int_equal(w->store->n, EVENTS);
	reader = reader_new(w->store, &options.limits);
	for (row_id r = 0; r < w->store->n; r++)
		keep_event(w, reader, r);
	reader_free(reader);
	return w;
}

static void world_free(struct world *w)
{
	char path[300];

	for (unsigned i = 0; i < FILES; i++) {
		file_name(w, i, path, sizeof(path));
		unlink(path);
	}
	rmdir(w->dir);
	store_release(w->store);
	ingest_free(w->ingest);
	arena_release(&w->arena);
	free(w);
}

static void check(const struct world *w, const struct expr *e,
		  const struct rowset *rows, struct arena *a)
{
	struct strbuf text;
	size_t at = 0;

	for (row_id r = 0; r < w->store->n; r++) {
		struct naive x = { a, &w->event[r], NULL, r, w->id[r] };
		bool found = at < rows->n && rows->row[at] == r;

		at += found;
		if (naive_holds(&x, e) == found)
			continue;
		strbuf_init(&text);
		query_print(&text, e);
		fail_msg("%s\nrow %u: found %d", text.p, r, found);
	}
	assert_int_equal(at, rows->n);
}

static bool count_calls(void *context, const struct query_progress *progress,
			const struct rowset *rows)
{
	(void)progress;
	(void)rows;
	++*(unsigned *)context;
	return true;
}

static void against_naive(void **state)
{
	struct world *w = world_new();
	struct rowset rows = ROWSET_INIT;
	size_t filtered = 0;
	struct arena a;

	(void)state;
	arena_init(&a);
	for (unsigned round = 0; round < 500; round++) {
		struct scan_options options = { .threads = round % 3 };
		const struct expr *e = naive_expr(&a, 2);
		struct query_progress progress;
		struct err err = ERR_INIT;
		struct need_bytes *need;
		unsigned calls = 0;
		struct plan *p;

		assert_int_equal(plan_new(&p, e, &err), ERR_OK);
		need = need_bytes_new(plan_matcher(p));
		filtered += need != NULL;
		need_bytes_free(need);
		assert_int_equal(query_rows(p, w->store, NULL, &options,
					    count_calls, &calls, &rows,
					    &progress, &err),
				 ERR_OK);
		assert_int_equal(progress.scan.done, progress.scan.total);
		assert_int_equal(progress.scan.unread, 0);
		assert_int_equal(progress.found, rows.n);
		check(w, e, &rows, &a);
		plan_free(p);
		arena_reset(&a);
	}
	/* The search for literals has to have been of use. */
	assert_true(filtered > 20);
	rowset_release(&rows);
	arena_release(&a);
	world_free(w);
}

static struct plan *plan_of(const char *filter)
{
	struct err err = ERR_INIT;
	const struct expr *e;
	struct plan *p;
	struct arena a;

	arena_init(&a);
	if (query_read(str_of(filter), NULL, &a, &e, &err) != ERR_OK)
		fail_msg("%s: %s", filter, err.msg);
	assert_int_equal(plan_new(&p, e, &err), ERR_OK);
	arena_release(&a);
	return p;
}

/* Steps of no time at all make progress and come to an end. */
static void steps(void **state)
{
	struct world *w = world_new();
	struct plan *p = plan_of("requestParameters:*");
	struct query_run *r;
	struct query_progress progress;
	unsigned steps = 0;

	(void)state;
	r = query_run_new(p, w->store, NULL, &(struct scan_options){ 0, NULL });
	while (!query_run_step(r, 0)) {
		size_t n = query_run_rows(r)->n;

		query_run_progress(r, &progress);
		assert_int_equal(progress.found, n);
		assert_true(progress.scan.done >= ++steps);
	}
	assert_true(steps > 5);
	query_run_free(r);
	/* Left in the middle, with threads and without. */
	for (unsigned threads = 0; threads < 3; threads++) {
		r = query_run_new(p, w->store, NULL,
				  &(struct scan_options){ threads, NULL });
		query_run_step(r, 0);
		query_run_free(r);
	}
	plan_free(p);
	world_free(w);
}

static bool stop_at_once(void *context, const struct query_progress *progress,
			 const struct rowset *rows)
{
	(void)context;
	(void)progress;
	(void)rows;
	return false;
}

/* A file that has gone is counted, and the rest is found. */
static void unreadable(void **state)
{
	struct world *w = world_new();
	struct plan *p = plan_of("requestParameters:* or not number");
	struct scan_options options = { 2, NULL };
	struct rowset rows = ROWSET_INIT;
	struct query_progress progress;
	struct err err = ERR_INIT;
	char path[300];

	(void)state;
	file_name(w, 2, path, sizeof(path));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(query_rows(p, w->store, NULL, &options, NULL, NULL,
				    &rows, &progress, &err),
			 ERR_OK);
	assert_int_equal(progress.scan.unread, EVENTS / FILES);
	assert_int_equal(rows.n, EVENTS - EVENTS / FILES);
	assert_true(progress.scan.why.code == ERR_IO);
	options.threads = 0;
	if (query_rows(p, w->store, NULL, &options, stop_at_once, NULL, &rows,
		       &progress, &err) != ERR_OK)
		assert_int_equal(err.code, ERR_CANCELLED);
	rowset_release(&rows);
	plan_free(p);
	world_free(w);
}

/* Which paths the records of a few rows have, against the naive reading. */
static void presence(void **state)
{
	static const char *const paths[] = {
		"number",
		"errorCode",
		"resources",
		"resources.ARN",
		"requestParameters",
		"requestParameters.abc",
		"requestParameters.a.b",
		"responseElements.credentials.accessKeyId",
		"responseElements.credentials.accessKey",
		"eventCategory",
		"nosuch",
	};
	enum { PATHS = ARRAY_SIZE(paths) };
	struct world *w = world_new();
	unsigned yes = 0, no = 0;
	struct arena a;

	(void)state;
	arena_init(&a);
	for (row_id from = 0; from + 3 < EVENTS; from += 3) {
		struct scan_options options = { .threads = from % 4 };
		struct rowset rows = ROWSET_INIT;
		struct str path[PATHS];
		struct scan_state told;
		bool there[PATHS];

		rowset_add_range(&rows, from, from + 3);
		for (size_t i = 0; i < PATHS; i++)
			path[i] = str_of(paths[i]);
		presence_find(w->store, &rows, path, PATHS, &options, there,
			      &told);
		assert_int_equal(told.done, 3);
		for (size_t i = 0; i < PATHS; i++) {
			const struct expr_test test = {
				.field = { FIELD_PATH, EVENT_NAME, path[i] },
				.op = TEST_EXISTS,
			};
			const struct expr *e = expr_test(&a, &test);
			bool wanted = false;

			for (row_id r = from; r < from + 3; r++) {
				struct naive x = { &a, &w->event[r], NULL, r,
						   w->id[r] };

				wanted |= naive_holds(&x, e);
			}
			if (there[i] != wanted)
				fail_msg("%s, rows from %u: %d", paths[i], from,
					 there[i]);
			yes += wanted;
			no += !wanted;
		}
		rowset_release(&rows);
		arena_reset(&a);
	}
	assert_true(yes > 200 && no > 200);
	arena_release(&a);
	world_free(w);
}

static const struct stat_value *find(const struct stats *s, const char *text)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->value[i].text, str_of(text)))
			return &s->value[i];
	return NULL;
}

/* What a field's count of a value has to be: the rows that a filter finds. */
static void check_value(const struct world *w, const struct stats *s,
			const char *field, const char *value)
{
	const struct stat_value *v = find(s, value);
	struct rowset rows = ROWSET_INIT;
	struct scan_options options = { 0, NULL };
	struct err err = ERR_INIT;
	struct strbuf filter;
	struct plan *p;

	strbuf_init(&filter);
	strbuf_addf(&filter, "%s:cased(\"%s\")", field, value);
	p = plan_of(filter.p);
	assert_int_equal(query_rows(p, w->store, NULL, &options, NULL, NULL,
				    &rows, NULL, &err),
			 ERR_OK);
	assert_true(rows.n > 0);
	if (!v || v->count != rows.n || v->first != rows.row[0] ||
	    v->last != rows.row[rows.n - 1])
		fail_msg("%s: %u for %zu", filter.p, v ? v->count : 0, rows.n);
	assert_in_range(v->principals, 1, 6);
	plan_free(p);
	rowset_release(&rows);
	strbuf_release(&filter);
}

static void counts(void **state)
{
	static const char *const cases[][2] = {
		{ "eventName", "abc" },
		{ "eventName", "22" },
		{ "service", "iam" },
		{ "account", "111122223333" },
		{ "key", "ASIAIOSFODNN7NEWNEW1" },
		{ "key", "AKIAIOSFODNN7EXAMPLE" },
		{ "user", "Admin/abc" },
		{ "outcome", "denied" },
		{ "readOnly", "true" },
		{ "eventTime", "2026-01-09T21:40:00Z" },
		{ "requestParameters.a", "abc" },
		{ "requestParameters.a", "22" },
		{ "userIdentity.type", "IAMUser" },
	};
	struct world *w = world_new();
	struct rowset all = ROWSET_INIT;
	struct err err = ERR_INIT;
	struct stats s;

	(void)state;
	rowset_add_range(&all, 0, w->store->n);
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scan_options options = { i % 3, NULL };
		size_t n = 0;

		assert_int_equal(stats_of(&s, w->store, NULL,
					  str_of(cases[i][0]), &all, &options,
					  &err),
				 ERR_OK);
		assert_int_equal(s.rows, w->store->n);
		if (strcmp(cases[i][0], "eventTime"))
			check_value(w, &s, cases[i][0], cases[i][1]);
		for (size_t k = 1; k < s.n; k++)
			assert_true(s.value[k - 1].count >= s.value[k].count);
		stats_sort(&s, STATS_RARE);
		for (size_t k = 1; k < s.n; k++)
			assert_true(s.value[k - 1].count <= s.value[k].count);
		stats_sort(&s, STATS_FIRST);
		for (size_t k = 1; k < s.n; k++)
			assert_true(s.value[k - 1].first >= s.value[k].first);
		for (size_t k = 0; k < s.n; k++)
			n += s.value[k].count;
		if (strcmp(cases[i][0], "eventName") == 0)
			assert_int_equal(n + s.without, w->store->n);
		stats_release(&s);
	}
	assert_int_equal(stats_of(&s, w->store, NULL, STR("usr"), &all,
				  &(struct scan_options){ 0, NULL }, &err),
			 ERR_USAGE);
	assert_string_equal(err.msg,
			    "unknown field \"usr\"; did you mean \"user\"?");
	rowset_release(&all);
	world_free(w);
}

/* A part at a time the order is the same; stopped, nothing is lost. */
static void sorted_in_parts(void **state)
{
	enum { MANY = 30011 };
	struct stats a = { .n = 0 }, b = { .n = 0 };
	atomic_bool stop = false;
	size_t total = 0;

	(void)state;
	a.value = mem_zero(MANY, sizeof(*a.value));
	b.value = mem_zero(MANY, sizeof(*b.value));
	arena_init(&a.arena);
	arena_init(&b.arena);
	for (; a.n < MANY; a.n++) {
		struct strbuf text;

		strbuf_init(&text);
		strbuf_addf(&text, "%05zu", a.n * 7919 % MANY);
		a.value[a.n] = (struct stat_value){
			.text = arena_dup(&a.arena, strbuf_str(&text)),
			.count = naive_random(50),
			.principals = naive_random(3),
			.first = naive_random(1000),
		};
		strbuf_release(&text);
	}
	for (int order = STATS_TOP; order <= STATS_FIRST; order++) {
		memcpy(b.value, a.value, MANY * sizeof(*b.value));
		b.n = MANY;
		stats_sort_until(&b, (enum stats_order)order, &stop);
		stats_sort(&a, (enum stats_order)order);
		for (size_t i = 0; i < MANY; i++)
			assert_ptr_equal(a.value[i].text.p, b.value[i].text.p);
	}
	stop = true;
	stats_sort_until(&b, STATS_RARE, &stop);
	assert_int_equal(b.n, MANY);
	for (size_t i = 0; i < MANY; i++) {
		uint64_t number = 0;

		assert_true(str_to_u64(b.value[i].text, &number));
		total += number;
	}
	assert_int_equal(total, (size_t)MANY * (MANY - 1) / 2);
	stats_release(&a);
	stats_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_naive),
		cmocka_unit_test(steps),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(presence),
		cmocka_unit_test(counts),
		cmocka_unit_test(sorted_in_parts),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
