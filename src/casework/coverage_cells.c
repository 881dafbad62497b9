/* SPDX-License-Identifier: MIT */
/* Coverage as columns of time: what stands above them, and their cells. */
#include "casework/coverage_private.h"

#include <inttypes.h>

enum { HOUR_MS = 4 * COVERAGE_QUARTER_MS, DAY_MS = 24 * HOUR_MS };

struct coverage_axis coverage_axis(const struct coverage *c, size_t most)
{
	static const int64_t steps[] = {
		COVERAGE_QUARTER_MS, HOUR_MS,      2 * HOUR_MS, 3 * HOUR_MS,
		6 * HOUR_MS,         12 * HOUR_MS, DAY_MS
	};
	struct coverage_axis a = { .n = 0 };
	int64_t begin, end;
	size_t i = 0;

	if (c->first == TIME_NONE || !most)
		return a;
	begin = coverage_quarter(c->first);
	end = coverage_quarter(c->last);
	for (;;) {
		int64_t step, from, cells;

		/* Beyond a day in doubles, which is soon there. */
		step = i < ARRAY_SIZE(steps) ?
			       steps[i] / COVERAGE_QUARTER_MS :
			       (int64_t)(DAY_MS / COVERAGE_QUARTER_MS)
				       << (i - ARRAY_SIZE(steps) + 1);
		from = begin >= 0 ? begin / step :
				    -((-begin + step - 1) / step);
		cells = (end - from * step) / step + 1;
		if (cells <= (int64_t)most || i > 40) {
			a.from = from * step * COVERAGE_QUARTER_MS;
			a.step = step * COVERAGE_QUARTER_MS;
			a.n = (size_t)cells;
			return a;
		}
		i++;
	}
}

void coverage_step(const struct coverage_axis *axis, struct strbuf *out)
{
	if (axis->step % DAY_MS == 0)
		strbuf_addf(out, "%" PRId64 "d", axis->step / DAY_MS);
	else if (axis->step % HOUR_MS == 0)
		strbuf_addf(out, "%" PRId64 "h", axis->step / HOUR_MS);
	else
		strbuf_addf(out, "%" PRId64 "m", axis->step / 60000);
}

bool coverage_tick(const struct coverage_axis *axis, size_t k,
		   const struct time_zone *zone, struct strbuf *out)
{
	int64_t t = axis->from + (int64_t)k * axis->step;
	struct time_parts at = time_split(t, zone);
	struct time_parts before = time_split(t - axis->step, zone);

	if (k == 0 || at.day != before.day || at.month != before.month)
		strbuf_addf(out, "%02d-%02d", at.month, at.day);
	else if (at.minute == 0 &&
		 (axis->step < HOUR_MS ||
		  (axis->step == HOUR_MS && at.hour % 6 == 0)))
		strbuf_addf(out, "%02d:00", at.hour);
	else
		return false;
	return true;
}

/* How many holes there are in the places before one. */
static size_t holes_before(const struct coverage *c, size_t place)
{
	size_t low = 0, high = c->hole_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (c->hole[mid].place < place)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The same of changes, in their order by place. */
static size_t changes_before(const struct coverage *c,
			     const struct coverage_place *p)
{
	const struct coverage_changed key = { p->account, p->region, 0 };
	size_t low = 0, high = c->change_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (coverage_compare_changed(&c->changed[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void draw_holes(const struct coverage *c, size_t place,
		       const struct coverage_axis *axis,
		       struct coverage_cell *cell)
{
	for (size_t i = holes_before(c, place);
	     i < c->hole_n && c->hole[i].place == place; i++) {
		const struct coverage_hole *h = &c->hole[i];
		int64_t from, until;

		/* Whole quarters, in which there is nothing. */
		from = coverage_quarter(h->from) + 1;
		until = h->after == ROW_NONE ? coverage_quarter(h->until) + 1 :
					       coverage_quarter(h->until);
		from = from * COVERAGE_QUARTER_MS - axis->from;
		until = until * COVERAGE_QUARTER_MS - axis->from;
		for (int64_t k = from / axis->step;
		     k * axis->step < until && (size_t)k < axis->n; k++)
			cell[k].hole = true;
	}
}

void coverage_cells(const struct coverage *c, size_t place,
		    const struct coverage_axis *axis,
		    struct coverage_cell *cell)
{
	const struct coverage_place *p = &c->place[place];
	const struct store *s = c->store;

	for (size_t i = 0; i < axis->n; i++)
		cell[i] = (struct coverage_cell){ .effect = COVERAGE_STARTED };
	for (size_t i = 0; i < p->quarter_n; i++) {
		int64_t t = p->quarter[i].number * COVERAGE_QUARTER_MS;
		size_t k = (size_t)((t - axis->from) / axis->step);

		if (t >= axis->from && k < axis->n)
			cell[k].events += p->quarter[i].events;
	}
	draw_holes(c, place, axis, cell);
	coverage_draw_gaps(c, place, axis, cell);
	for (size_t i = changes_before(c, p);
	     i < c->change_n && c->changed[i].account == p->account &&
	     c->changed[i].region == p->region;
	     i++) {
		const struct coverage_change *change =
			&c->change[c->changed[i].change];
		row_id row = change->row;
		size_t k;

		if (row >= s->timed || s->time[row] < axis->from ||
		    store_outcome(s, row) != OUTCOME_OK)
			continue;
		k = (size_t)((s->time[row] - axis->from) / axis->step);
		if (k >= axis->n)
			continue;
		cell[k].changed = true;
		if (change->call->effect < cell[k].effect)
			cell[k].effect = change->call->effect;
	}
}
