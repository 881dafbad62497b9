/* SPDX-License-Identifier: MIT */
/* Runs, gaps and bursts of the timeline, by hand and beside a naive model. */
#include "../unit/helpers.h"

#include "base/timefmt.h"
#include "ui/lines.h"

enum { MOST = 4000, MINUTE = 60000 };

/* A store of which only what lines read is there. */
struct world {
	struct store s;
	int64_t time[MOST];
	uint32_t column[EVENT_COLUMN_COUNT][MOST];
	uint32_t flags[MOST];
	uint8_t kind[MOST];
	struct rowset rows;
	struct marks marks;
	struct mark mark[MOST];
	struct evidence_line seen[MOST];
	struct case_evidence evidence; /* those that are set */
};

static struct world w;

static void begin(void)
{
	rowset_release(&w.rows);
	memset(&w, 0, sizeof(w));
	w.s.time = w.time;
	w.s.flags = w.flags;
	w.s.kind = w.kind;
	for (int c = 0; c < EVENT_COLUMN_COUNT; c++)
		w.s.column[c] = (struct uints){ w.column[c], 4 };
	w.marks.mark = w.mark;
	w.evidence.line = w.seen;
}

/* All rows, shown. */
static void add(int64_t time, uint32_t name)
{
	row_id row = w.s.n++;

	w.time[row] = time;
	w.column[EVENT_NAME][row] = name;
	if (time != TIME_NONE)
		w.s.timed = w.s.n;
	rowset_add(&w.rows, row);
}

/* Kept in order of time. */
static void add_seen(int64_t time)
{
	size_t at = w.evidence.n++;

	for (; at && w.seen[at - 1].event.time > time; at--)
		w.seen[at] = w.seen[at - 1];
	w.seen[at].event.time = time;
}

static void is(const struct lines *l, size_t i, enum line_kind kind,
	       size_t from, size_t n)
{
	struct line line = lines_at(l, i);

	if (line.kind != kind || line.from != from || line.n != n)
		fail_msg("line %zu: kind %d from %zu n %zu", i, line.kind,
			 line.from, line.n);
}

/* Until they are made each event is a line. */
static void is_plain(struct lines *l)
{
	assert_int_equal(l->n, w.rows.n);
	for (size_t i = 0; i < l->n; i++) {
		is(l, i, LINE_EVENT, i, 1);
		assert_int_equal(lines_find(l, i), i);
		assert_false(lines_fold(l, &w.rows, i, true));
	}
	assert_int_equal(lines_find_evidence(l, 0), l->n);
}

/* At once, or a few rows at a time: that makes no difference. */
static void make(struct lines *l, row_id alone)
{
	static unsigned turn;
	size_t step = ++turn % 4 * 7, steps = 0;

	if (!step) {
		lines_make(l, &w.s, &w.marks, &w.rows, alone, &w.evidence);
		return;
	}
	lines_begin(l, &w.s, &w.marks, &w.rows, alone, &w.evidence);
	is_plain(l);
	for (; !lines_step(l, step); steps++)
		if (steps % 8 == 0)
			is_plain(l);
	assert_true(steps + 1 >= w.rows.n / step);
	assert_false(l->plain);
}

static void is_seen(const struct lines *l, size_t i, size_t number)
{
	is(l, i, LINE_EVIDENCE, lines_at(l, i).from, 0);
	assert_int_equal(lines_at(l, i).seen, number);
	assert_int_equal(lines_find_evidence(l, number), i);
}

static void runs_fold(void **state)
{
	struct lines l = { .n = 0 };

	(void)state;
	begin();
	add(0, 1);
	add(1000, 2); /* two are no run */
	add(2000, 2);
	for (int i = 0; i < 120; i++)
		add(3000 + i * 100, 3);
	add(20000, 4);
	w.mark[w.marks.n++] = (struct mark){ .row = 2, .level = 4 };
	w.mark[w.marks.n++] = (struct mark){ .row = 40, .level = 1 };
	w.mark[w.marks.n++] = (struct mark){ .row = 122, .level = 3 };
	w.mark[w.marks.n++] = (struct mark){ .row = 123, .level = 4 };
	make(&l, ROW_NONE);
	assert_int_equal(l.n, 5);
	is(&l, 0, LINE_EVENT, 0, 1);
	is(&l, 1, LINE_EVENT, 1, 1);
	is(&l, 2, LINE_EVENT, 2, 1);
	is(&l, 3, LINE_RUN, 3, 120);
	is(&l, 4, LINE_EVENT, 123, 1);
	assert_int_equal(lines_at(&l, 3).level, 3);
	/* Any of its events is found at its line. */
	assert_int_equal(lines_find(&l, 3), 3);
	assert_int_equal(lines_find(&l, 122), 3);
	assert_int_equal(lines_find(&l, 123), 4);
	assert_int_equal(lines_find(&l, 124), l.n);

	assert_false(lines_fold(&l, &w.rows, 3, true));
	assert_false(lines_fold(&l, &w.rows, 0, false));
	assert_true(lines_fold(&l, &w.rows, 3, false));
	assert_int_equal(l.n, 124);
	is(&l, 3, LINE_EVENT, 3, 1);
	assert_true(lines_at(&l, 3).first_of);
	is(&l, 122, LINE_EVENT, 122, 1);
	assert_false(lines_at(&l, 122).first_of);
	is(&l, 123, LINE_EVENT, 123, 1);
	/* It stays unfolded when the lines are made anew. */
	make(&l, ROW_NONE);
	assert_int_equal(l.n, 124);
	/* From any of its events. */
	assert_true(lines_fold(&l, &w.rows, 77, true));
	assert_int_equal(l.n, 5);
	is(&l, 3, LINE_RUN, 3, 120);
	/* An event that is to be seen splits it. */
	make(&l, 50);
	assert_int_equal(l.n, 7);
	is(&l, 3, LINE_RUN, 3, 47);
	is(&l, 4, LINE_EVENT, 50, 1);
	is(&l, 5, LINE_RUN, 51, 72);
	lines_release(&l);
}

/* What tells calls apart, tells lines apart. */
static void what_is_the_same(void **state)
{
	static const enum event_column same[] = {
		EVENT_NAME, EVENT_ACTOR,  EVENT_IP,      EVENT_SOURCE,
		EVENT_KEY,  EVENT_REGION, EVENT_ACCOUNT, EVENT_ERROR,
	};
	struct lines l = { .n = 0 };

	(void)state;
	begin();
	for (int i = 0; i < 5; i++)
		add(i, 1);
	for (size_t c = 0; c < ARRAY_SIZE(same); c++) {
		w.column[same[c]][2] = 9;
		make(&l, ROW_NONE);
		assert_int_equal(l.n, 5);
		w.column[same[c]][2] = w.column[same[c]][1];
	}
	w.flags[2] = OUTCOME_DENIED;
	make(&l, ROW_NONE);
	assert_int_equal(l.n, 5);
	w.flags[2] = EVENT_READ; /* no difference that is shown */
	w.column[EVENT_AGENT][2] = 7;
	make(&l, ROW_NONE);
	assert_int_equal(l.n, 1);
	w.kind[2] = KIND_WEB;
	make(&l, ROW_NONE);
	assert_int_equal(l.n, 5);
	lines_release(&l);
}

static void gaps_and_bursts(void **state)
{
	struct lines l = { .n = 0 };
	struct line line;

	(void)state;
	begin();
	/* One a minute for two hours; then 11:20 of silence, which is more
	 * than ten times that. */
	for (int i = 0; i < 120; i++)
		add(i * (int64_t)MINUTE, (uint32_t)i);
	add(119 * (int64_t)MINUTE + 680000, 500);
	make(&l, ROW_NONE);
	assert_int_equal(l.n, 122);
	is(&l, 120, LINE_GAP, 120, 0);
	is(&l, 121, LINE_EVENT, 120, 1);
	line = lines_at(&l, 120);
	assert_int_equal(line.brk->gap, 680000);
	assert_int_equal(line.brk->burst_n, 0);
	assert_int_equal(lines_next_break(&l, 0, true), 120);
	assert_int_equal(lines_next_break(&l, 120, true), SIZE_MAX);
	assert_int_equal(lines_next_break(&l, 120, false), 0);
	assert_int_equal(lines_next_break(&l, 0, false), SIZE_MAX);
	/* The event behind a gap has its own line. */
	assert_int_equal(lines_find(&l, 120), 121);

	/* 40 and 35 events in the two minutes that follow at once, where it
	 * is about one on the whole: a burst; 29 would be none. */
	begin();
	for (int i = 0; i < 120; i++)
		add(i * (int64_t)MINUTE, (uint32_t)i);
	for (int i = 0; i < 40; i++)
		add(120 * (int64_t)MINUTE + i * 1000, 1000 + (uint32_t)i);
	for (int i = 0; i < 35; i++)
		add(121 * (int64_t)MINUTE + i * 1000, 2000 + (uint32_t)i);
	for (int i = 122; i < 200; i++)
		add(i * (int64_t)MINUTE, (uint32_t)i);
	for (int i = 0; i < 28; i++)
		add(199 * (int64_t)MINUTE + 1 + i, 3000 + (uint32_t)i);
	make(&l, ROW_NONE);
	assert_int_equal(l.brk_n, 1);
	line = lines_at(&l, 120);
	assert_int_equal(line.kind, LINE_GAP);
	assert_int_equal(line.brk->gap, 0);
	assert_int_equal(line.brk->burst_n, 75);
	assert_int_equal(line.brk->burst_ms, MINUTE + 34000);

	/* Rows without a time come last, behind a break of their own. */
	add(TIME_NONE, 1);
	add(TIME_NONE, 2);
	make(&l, ROW_NONE);
	assert_int_equal(l.brk_n, 2);
	assert_true(l.brk[1].gap == TIME_NONE);
	assert_int_equal(l.brk[1].at, w.rows.n - 2);
	lines_release(&l);
}

/* The naive model --------------------------------------------------------- */

static int64_t naive_gap;
static size_t naive_often;

static void naive_usual(void)
{
	size_t timed = 0;
	int64_t span;

	while (timed < w.rows.n && w.time[w.rows.row[timed]] != TIME_NONE)
		timed++;
	span = timed ? w.time[w.rows.row[timed - 1]] - w.time[w.rows.row[0]] :
		       0;
	naive_gap = span / (int64_t)(timed + 1) * 10;
	if (naive_gap < MINUTE)
		naive_gap = MINUTE;
	naive_often = timed * 10 / (size_t)(span / MINUTE + 1);
	if (naive_often < 30)
		naive_often = 30;
}

static bool naive_busy(int64_t minute)
{
	size_t n = 0;

	for (size_t i = 0; i < w.rows.n; i++)
		n += w.time[w.rows.row[i]] != TIME_NONE &&
		     w.time[w.rows.row[i]] / MINUTE == minute;
	return n >= naive_often;
}

/* Lines of evidence that stand before it: not earlier than the event before,
 * and not later than it. */
static bool naive_seen(size_t at, size_t number)
{
	int64_t t = w.seen[number].event.time;

	return t <= w.time[w.rows.row[at]] &&
	       (!at || t > w.time[w.rows.row[at - 1]]);
}

static bool naive_any_seen(size_t at)
{
	for (size_t i = 0; i < w.evidence.n; i++)
		if (naive_seen(at, i))
			return true;
	return false;
}

static bool naive_break(size_t at)
{
	int64_t t = w.time[w.rows.row[at]], before;

	before = at ? w.time[w.rows.row[at - 1]] : 0;
	if (t == TIME_NONE)
		return at && before != TIME_NONE;
	if (at && t - before >= naive_gap)
		return true;
	/* The first of its minute, which is busy, and the one before not. */
	if (at && before / MINUTE == t / MINUTE)
		return false;
	return naive_busy(t / MINUTE) && !naive_busy(t / MINUTE - 1);
}

/* Does the run go on from the event before? */
static bool naive_goes_on(size_t at, row_id alone)
{
	row_id a = w.rows.row[at], b = w.rows.row[at - 1];

	return !naive_break(at) && !naive_any_seen(at) && a != alone &&
	       b != alone && w.column[EVENT_NAME][a] == w.column[EVENT_NAME][b];
}

static void compare(const struct lines *l, row_id alone, bool unfolded,
		    const bool *except)
{
	size_t line = 0;

	naive_usual();
	for (size_t at = 0, to; at < w.rows.n; at = to) {
		bool folded = !unfolded;

		to = at + 1;
		while (to < w.rows.n && naive_goes_on(to, alone))
			to++;
		for (size_t i = at; i < to; i++)
			if (except[w.rows.row[i]]) {
				folded = unfolded;
				break;
			}
		for (size_t i = 0; i < w.evidence.n; i++)
			if (naive_seen(at, i))
				is_seen(l, line++, i);
		if (naive_break(at))
			is(l, line++, LINE_GAP, at, 0);
		for (size_t i = at; i < to; i++) {
			bool run = to - at >= RUN_LEAST && folded;

			if (!run || i == at)
				is(l, line++, run ? LINE_RUN : LINE_EVENT, i,
				   run ? to - at : 1);
			assert_int_equal(lines_find(l, i), line - 1);
		}
	}
	for (size_t i = 0; i < w.evidence.n; i++)
		if (!w.rows.n ||
		    w.seen[i].event.time > w.time[w.rows.row[w.rows.n - 1]])
			is_seen(l, line++, i);
	assert_int_equal(l->n, line);
}

static void evidence_stands_among_events(void **state)
{
	struct lines l = { .n = 0 };

	(void)state;
	/* Without any event. */
	begin();
	add_seen(5);
	add_seen(TIME_NONE);
	make(&l, ROW_NONE);
	assert_int_equal(l.n, 2);
	is_seen(&l, 0, 0);
	is_seen(&l, 1, 1);
	assert_int_equal(lines_find(&l, 0), l.n);

	/* A run is two where something was seen between; before an event of
	 * the same second; before the gap; and behind all. */
	begin();
	for (int i = 0; i < 12; i++)
		add(i * 1000, 1);
	add(5 * (int64_t)MINUTE, 2);
	add_seen(3000);
	add_seen(3000);
	add_seen(2 * (int64_t)MINUTE);
	add_seen(9 * (int64_t)MINUTE);
	make(&l, ROW_NONE);
	assert_int_equal(l.n, 8);
	is(&l, 0, LINE_RUN, 0, 3);
	is_seen(&l, 1, 0);
	is_seen(&l, 2, 1);
	is(&l, 3, LINE_RUN, 3, 9);
	is_seen(&l, 4, 2);
	is(&l, 5, LINE_GAP, 12, 0);
	is(&l, 6, LINE_EVENT, 12, 1);
	is_seen(&l, 7, 3);
	assert_int_equal(lines_find(&l, 2), 0);
	assert_int_equal(lines_find(&l, 3), 3);
	assert_int_equal(lines_find(&l, 12), 6);
	assert_int_equal(lines_find_evidence(&l, 4), l.n);
	/* What is no run does not fold. */
	assert_false(lines_fold(&l, &w.rows, 1, false));
	assert_true(lines_fold(&l, &w.rows, 3, false));
	is(&l, 11, LINE_EVENT, 11, 1);
	is_seen(&l, 12, 2);
	lines_release(&l);
}

static void random_timelines(void **state)
{
	struct rng r = { 4 };

	(void)state;
	for (int round = 0; round < 60; round++) {
		static bool except[MOST];
		struct lines l = { .n = 0 };
		int64_t t = rng_below(&r, 1000000);
		row_id alone;

		begin();
		memset(except, 0, sizeof(except));
		for (int i = 0; i < 300; i++) {
			t += rng_one_in(&r, 40) ? rng_below(&r, 4000000) :
			     rng_one_in(&r, 3)  ? rng_below(&r, 30000) :
						  rng_below(&r, 500);
			add(i > 296 && round % 3 == 0 ? TIME_NONE : t,
			    rng_below(&r, 3));
		}
		/* Some are not shown. */
		rowset_clear(&w.rows);
		for (row_id i = 0; i < w.s.n; i++)
			if (round % 2 || !rng_one_in(&r, 4))
				rowset_add(&w.rows, i);
		/* Evidence at, between, before and behind the events. */
		for (row_id i = 0; round % 4 && i < w.s.n; i++) {
			if (w.time[i] == TIME_NONE)
				break;
			if (i == 0 && round % 4 == 2)
				add_seen(w.time[i] - 5);
			if (rng_one_in(&r, 20))
				add_seen(w.time[i] - (rng_below(&r, 2) != 0));
			if (rng_one_in(&r, 30))
				add_seen(w.time[i]);
		}
		if (round % 4 == 3)
			add_seen(TIME_NONE);
		alone = rng_one_in(&r, 2) ? rng_below(&r, 300) : ROW_NONE;
		make(&l, alone);
		compare(&l, alone, false, except);
		for (int step = 0; step < 30; step++) {
			size_t i = rng_below(&r, (uint32_t)l.n);
			size_t at = lines_at(&l, i).from;
			bool fold = rng_one_in(&r, 2);
			bool before = l.unfolded;

			if (rng_one_in(&r, 20)) {
				lines_fold_all(&l, l.unfolded);
				memset(except, 0, sizeof(except));
				make(&l, alone);
			} else if (lines_fold(&l, &w.rows, i, fold)) {
				size_t from = at, to = at + 1;

				while (from && naive_goes_on(from, alone))
					from--;
				while (to < w.rows.n &&
				       naive_goes_on(to, alone))
					to++;
				for (size_t k = from; k < to; k++)
					except[w.rows.row[k]] = false;
				except[w.rows.row[from]] = fold == before;
			}
			compare(&l, alone, l.unfolded, except);
		}
		lines_release(&l);
	}
	rowset_release(&w.rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_fold),
		cmocka_unit_test(what_is_the_same),
		cmocka_unit_test(gaps_and_bursts),
		cmocka_unit_test(evidence_stands_among_events),
		cmocka_unit_test(random_timelines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
