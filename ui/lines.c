/* SPDX-License-Identifier: MIT */
#include "ui/lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/timefmt.h"

enum {
	MINUTE_MS = 60000,
	TIMES_THE_USUAL = 10, /* of gaps and of bursts */
	BURST_LEAST = 30,     /* events a minute */
};

void lines_release(struct lines *l)
{
	free(l->line);
	free(l->run);
	free(l->brk);
	free(l->seen);
	free(l->except);
	free(l->making.burst);
	*l = (struct lines){ .n = 0 };
}

void lines_forget(struct lines *l)
{
	l->except_n = 0;
}

/* What is unfolded -------------------------------------------------------- */

/* The first exception at or behind a row. */
static size_t except_seek(const struct lines *l, row_id row)
{
	const struct rowset set = rowset_view(l->except, l->except_n);

	return rowset_seek(&set, row);
}

static bool is_excepted(const struct lines *l, const struct rowset *rows,
			const struct run *r)
{
	size_t at;

	if (!l->except_n)
		return false;
	at = except_seek(l, rows->row[r->from]);
	return at < l->except_n &&
	       l->except[at] <= rows->row[r->from + r->n - 1];
}

static bool is_folded(const struct lines *l, const struct rowset *rows,
		      const struct run *r)
{
	return l->unfolded == is_excepted(l, rows, r);
}

void lines_except(struct lines *l, row_id row)
{
	size_t at = except_seek(l, row);

	if (at < l->except_n && l->except[at] == row)
		return;
	l->except = mem_grow(l->except, &l->except_cap, l->except_n + 1,
			     sizeof(*l->except));
	memmove(l->except + at + 1, l->except + at,
		(l->except_n - at) * sizeof(*l->except));
	l->except[at] = row;
	l->except_n++;
}

static void no_exception(struct lines *l, row_id first, row_id last)
{
	size_t from = except_seek(l, first), to = from;

	while (to < l->except_n && l->except[to] <= last)
		to++;
	memmove(l->except + from, l->except + to,
		(l->except_n - to) * sizeof(*l->except));
	l->except_n -= to - from;
}

void lines_fold_all(struct lines *l, bool fold)
{
	l->unfolded = !fold;
	l->except_n = 0;
}

/* Breaks ------------------------------------------------------------------ */

/* From when on silence is a gap, in ms. */
static int64_t gap_of(const struct store *s, const struct rowset *rows,
		      size_t timed)
{
	int64_t span = 0, gap;

	if (timed > 1)
		span = s->time[rows->row[timed - 1]] - s->time[rows->row[0]];
	gap = span / (int64_t)(timed + 1) * TIMES_THE_USUAL;
	return gap > MINUTE_MS ? gap : MINUTE_MS;
}

/* How many events make a minute one of a burst. */
static size_t burst_of(const struct store *s, const struct rowset *rows,
		       size_t timed)
{
	int64_t span = s->time[rows->row[timed - 1]] - s->time[rows->row[0]];
	size_t minutes = (size_t)(span / MINUTE_MS) + 1;
	size_t often = timed * TIMES_THE_USUAL / minutes;

	return often > BURST_LEAST ? often : BURST_LEAST;
}

static int64_t minute_of(int64_t t)
{
	int64_t rest = t % MINUTE_MS;

	return t - (rest < 0 ? rest + MINUTE_MS : rest);
}

static void add_break(struct line_break **brk, size_t *n, size_t *cap,
		      struct line_break b)
{
	*brk = mem_grow(*brk, cap, *n + 1, sizeof(**brk));
	(*brk)[(*n)++] = b;
}

/* Notes where bursts begin, and how much they are: of minutes up to about
 * `most` rows more. */
static void find_bursts(struct lines_making *m, size_t most)
{
	const struct store *s = m->store;
	const struct rowset *rows = m->rows;
	size_t end = m->timed - m->minute > most ? m->minute + most : m->timed;

	while (m->minute < end) {
		size_t i = m->minute, next = i + 1;
		int64_t minute = minute_of(s->time[rows->row[i]]);
		struct line_break *b;

		while (next < m->timed &&
		       s->time[rows->row[next]] < minute + MINUTE_MS)
			next++;
		m->minute = next;
		if (next - i < m->often)
			continue;
		if (m->burst_end != minute)
			add_break(&m->burst, &m->burst_n, &m->burst_cap,
				  (struct line_break){ .at = (uint32_t)i });
		b = &m->burst[m->burst_n - 1];
		b->burst_n += (uint32_t)(next - i);
		b->burst_ms = s->time[rows->row[next - 1]] -
			      s->time[rows->row[b->at]];
		m->burst_end = minute + MINUTE_MS;
	}
}

/* Lines ------------------------------------------------------------------- */

/* Is it the same call by the same, but for time and record? */
static bool same_call(const struct store *s, row_id a, row_id b)
{
	/* What differs most often comes first. */
	static const enum event_column same[] = {
		EVENT_NAME, EVENT_ACTOR,  EVENT_IP,      EVENT_SOURCE,
		EVENT_KEY,  EVENT_REGION, EVENT_ACCOUNT, EVENT_ERROR,
	};

	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		if (store_value_at(s, same[i], a) !=
		    store_value_at(s, same[i], b))
			return false;
	return store_outcome(s, a) == store_outcome(s, b) &&
	       s->kind[a] == s->kind[b];
}

static void add_line(struct lines *l, uint32_t line)
{
	l->line[l->making.line_n++] = line;
}

/* The level of the worst alert on rows [from, to), which are behind those
 * that were asked about before. */
static int worst_of(struct lines_making *m, size_t from, size_t to)
{
	const struct marks *marks = m->marks;
	const row_id *row = m->rows->row;
	int worst = -1;

	for (size_t i = from; i < to; i++) {
		while (m->mark < marks->n && marks->mark[m->mark].row < row[i])
			m->mark++;
		for (; m->mark < marks->n && marks->mark[m->mark].row == row[i];
		     m->mark++)
			if ((int)marks->mark[m->mark].level > worst)
				worst = (int)marks->mark[m->mark].level;
	}
	return worst;
}

/* The events up to `to` from where the last run began: one run if they are
 * enough. The next one begins there. */
static void add_events(struct lines *l, size_t to)
{
	struct lines_making *m = &l->making;
	struct run r = { (uint32_t)m->run, (uint32_t)(to - m->run), -1 };
	size_t from = m->run;

	m->run = to;
	if (r.n >= RUN_LEAST) {
		r.level = worst_of(m, from, to);
		l->run = mem_grow(l->run, &l->run_cap, l->run_n + 1,
				  sizeof(*l->run));
		l->run[l->run_n++] = r;
		if (is_folded(l, m->rows, &r)) {
			add_line(l, r.from);
			return;
		}
	}
	for (size_t i = from; i < to; i++)
		add_line(l, (uint32_t)i);
}

/* The gap before a row: its length, TIME_NONE before the first row without a
 * time, 0 where there is none. */
static int64_t gap_before(const struct store *s, const struct rowset *rows,
			  size_t at, int64_t least)
{
	int64_t before = s->time[rows->row[at - 1]], t = s->time[rows->row[at]];

	if (t == TIME_NONE)
		return before != TIME_NONE ? TIME_NONE : 0;
	return t - before >= least ? t - before : 0;
}

static const uint32_t POSITION = ~(LINE_BREAK | LINE_SEEN);

/* Lines of evidence that stand before an event at a time. */
static void add_seen(struct lines *l, size_t at, int64_t time)
{
	struct lines_making *m = &l->making;
	size_t n = m->evidence ? evidence_before(m->evidence, m->seen_n, time) :
				 0;

	for (size_t i = 0; i < n; i++) {
		l->seen[m->seen_n++] = (uint32_t)at;
		add_line(l, (uint32_t)at | LINE_SEEN);
	}
}

static bool is_before(const struct lines_making *m, int64_t time)
{
	return m->evidence && m->seen_n < m->evidence->n &&
	       m->evidence->line[m->seen_n].event.time <= time;
}

/* What stands before the event at a position, and where its run begins. */
static void add_position(struct lines *l, size_t i)
{
	struct lines_making *m = &l->making;
	const row_id *row = &m->rows->row[i];
	struct line_break here = { .at = (uint32_t)i };

	if (m->burst_at < m->burst_n && m->burst[m->burst_at].at == i)
		here = m->burst[m->burst_at++];
	if (i)
		here.gap = gap_before(m->store, m->rows, i, m->gap);
	if (is_before(m, m->store->time[*row])) {
		add_events(l, i);
		add_seen(l, i, m->store->time[*row]);
	}
	if (here.gap || here.burst_n) {
		add_events(l, i);
		add_break(&l->brk, &l->brk_n, &l->brk_cap, here);
		add_line(l, (uint32_t)i | LINE_BREAK);
	} else if (i && (*row == m->alone || row[-1] == m->alone ||
			 !same_call(m->store, *row, row[-1]))) {
		add_events(l, i);
	}
}

static void end_making(struct lines *l)
{
	struct lines_making *m = &l->making;

	add_events(l, m->n);
	add_seen(l, m->n, TIME_NONE);
	l->n = m->line_n;
	l->seen_n = m->seen_n;
	l->plain = false;
	free(m->burst);
	*m = (struct lines_making){ .n = 0 };
}

void lines_begin(struct lines *l, const struct store *s,
		 const struct marks *marks, const struct rowset *rows,
		 row_id alone, const struct case_evidence *evidence)
{
	size_t n = rows->n < LINE_SEEN ? rows->n : LINE_SEEN - 1;
	size_t most = 2 * n + (evidence ? evidence->n : 0);
	size_t timed = rowset_seek(rows, s->timed);

	if (timed > n)
		timed = n;
	free(l->making.burst);
	l->making = (struct lines_making){
		.store = s,
		.marks = marks,
		.rows = rows,
		.evidence = evidence,
		.alone = alone,
		.n = n,
		.timed = timed,
		.often = timed ? burst_of(s, rows, timed) : 0,
		.burst_end = TIME_NONE,
		.gap = n ? gap_of(s, rows, timed) : 0,
	};
	l->run_n = l->brk_n = l->seen_n = 0;
	l->n = n;
	l->rows = rows->n;
	l->plain = true;
	if (evidence)
		l->seen = mem_grow(l->seen, &l->seen_cap, evidence->n,
				   sizeof(*l->seen));
	/* No event has more than a break before it. */
	if (l->cap < most) {
		free(l->line);
		l->cap = most;
		l->line = mem_alloc(l->cap * sizeof(*l->line));
	}
}

bool lines_step(struct lines *l, size_t rows)
{
	struct lines_making *m = &l->making;
	size_t end;

	if (!l->plain)
		return true;
	if (m->minute < m->timed) {
		size_t before = m->minute;

		find_bursts(m, rows);
		if (m->minute < m->timed)
			return false;
		/* Another pass, over less of each row: a fourth. */
		rows -= (m->minute - before) / 4 < rows ?
				(m->minute - before) / 4 :
				rows;
	}
	end = m->n - m->at > rows ? m->at + rows : m->n;
	while (m->at < end)
		add_position(l, m->at++);
	if (m->at < m->n)
		return false;
	end_making(l);
	return true;
}

void lines_make(struct lines *l, const struct store *s,
		const struct marks *marks, const struct rowset *rows,
		row_id alone, const struct case_evidence *evidence)
{
	lines_begin(l, s, marks, rows, alone, evidence);
	lines_step(l, SIZE_MAX);
}

/* Reading ----------------------------------------------------------------- */

/* The run that a position is in, or NULL. */
static const struct run *run_of(const struct lines *l, size_t position)
{
	size_t low = 0, high = l->run_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->run[mid].from + l->run[mid].n > position)
			high = mid;
		else
			low = mid + 1;
	}
	return low < l->run_n && l->run[low].from <= position ? &l->run[low] :
								NULL;
}

/* The first break at or behind a position; brk_n when there is none. */
static size_t break_seek(const struct lines *l, size_t position)
{
	size_t low = 0, high = l->brk_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->brk[mid].at >= position)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

/* The first line of evidence before a position or a later one; seen_n when
 * there is none. */
static size_t seen_seek(const struct lines *l, size_t position)
{
	const struct rowset at = rowset_view(l->seen, l->seen_n);

	return rowset_seek(&at, (row_id)position);
}

struct line lines_at(const struct lines *l, size_t i)
{
	struct line line = {
		.kind = LINE_EVENT, .from = i, .n = 1, .level = -1
	};
	const struct run *r;
	size_t at, next = i + 1;

	if (l->plain)
		return line;
	at = line.from = l->line[i] & POSITION;
	if (l->line[i] & LINE_SEEN) {
		line.kind = LINE_EVIDENCE;
		line.n = 0;
		line.seen = seen_seek(l, at);
		for (; i && l->line[i - 1] == l->line[i]; i--)
			line.seen++;
		return line;
	}
	if (l->line[i] & LINE_BREAK) {
		line.kind = LINE_GAP;
		line.n = 0;
		line.brk = &l->brk[break_seek(l, at)];
		return line;
	}
	r = run_of(l, at);
	if (!r)
		return line;
	/* Unfolded, the next line is the run's second event. */
	line.first_of = r->from == at;
	if (line.first_of && !(next < l->n && l->line[next] == at + 1)) {
		line.kind = LINE_RUN;
		line.n = r->n;
		line.level = r->level;
		line.first_of = false;
	}
	return line;
}

/* The first line that begins behind a position, or (`from`) at it; n when
 * there is none. */
static size_t line_behind(const struct lines *l, size_t position, bool from)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		size_t at = l->line[mid] & POSITION;

		if (at > position || (from && at == position))
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

size_t lines_find(const struct lines *l, size_t position)
{
	size_t behind;

	if (position >= l->rows)
		return l->n;
	if (l->plain)
		return position < l->n ? position : l->n;
	/* The last line that begins at or before it: what stands before an
	 * event counts as before it. */
	behind = line_behind(l, position, false);
	return behind ? behind - 1 : l->n;
}

size_t lines_find_evidence(const struct lines *l, size_t number)
{
	size_t at;

	if (number >= l->seen_n)
		return l->n;
	/* They are the first of those that begin there. */
	at = l->seen[number];
	return line_behind(l, at, true) + number - seen_seek(l, at);
}

/* Folding ----------------------------------------------------------------- */

bool lines_fold(struct lines *l, const struct rowset *rows, size_t i, bool fold)
{
	size_t at, first, more;
	const struct run *r;

	if (l->plain || i >= l->n || l->line[i] & ~POSITION)
		return false;
	at = l->line[i];
	r = run_of(l, at);
	if (!r || is_folded(l, rows, r) == fold)
		return false;
	if (fold == l->unfolded)
		lines_except(l, rows->row[r->from]);
	else
		no_exception(l, rows->row[r->from],
			     rows->row[r->from + r->n - 1]);
	first = i - (at - r->from);
	more = r->n - 1;
	if (fold) {
		memmove(l->line + first + 1, l->line + first + 1 + more,
			(l->n - first - 1 - more) * sizeof(*l->line));
		l->n -= more;
		return true;
	}
	memmove(l->line + first + 1 + more, l->line + first + 1,
		(l->n - first - 1) * sizeof(*l->line));
	for (size_t k = 1; k <= more; k++)
		l->line[first + k] = (uint32_t)(r->from + k);
	l->n += more;
	return true;
}

size_t lines_next_break(const struct lines *l, size_t position, bool forward)
{
	size_t i = break_seek(l, forward ? position + 1 : position);

	if (forward)
		return i < l->brk_n ? l->brk[i].at : SIZE_MAX;
	if (i)
		return l->brk[i - 1].at;
	return position ? 0 : SIZE_MAX;
}
