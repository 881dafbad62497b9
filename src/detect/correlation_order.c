/* SPDX-License-Identifier: MIT */
#include "detect/correlation_order.h"

#include <stdlib.h>

#include "base/mem.h"

void order_init(struct order *o, unsigned positions, unsigned wanted)
{
	*o = (struct order){ .positions = positions, .wanted = wanted };
}

/* When all are wanted, one length matters for each position. */
static bool wants_all(const struct order *o)
{
	return o->wanted == o->positions;
}

/* Does a reach to `a` leave less between than one to `b`? Going back the
 * later begin is the nearer one, going on the earlier end. */
static bool is_nearer(int64_t a, int64_t b, bool back)
{
	return back ? a > b : a < b;
}

static void add_reach(struct reach *r, int64_t time, uint32_t row, bool back)
{
	unsigned at = 0;

	/* Of one event the nearer one is enough. */
	while (at < r->n && r->row[at] != row)
		at++;
	if (at == r->n && r->n < 2) {
		r->n++;
	} else if (at == r->n) {
		at = 1;
		if (!is_nearer(time, r->time[at], back))
			return;
	} else if (!is_nearer(time, r->time[at], back)) {
		return;
	}
	r->time[at] = time;
	r->row[at] = row;
	if (r->n == 2 && is_nearer(r->time[1], r->time[0], back)) {
		struct reach was = *r;

		r->time[0] = was.time[1];
		r->row[0] = was.row[1];
		r->time[1] = was.time[0];
		r->row[1] = was.row[0];
	}
}

static bool find_reach(const struct reach *r, uint32_t row, int64_t *time)
{
	for (unsigned i = 0; i < r->n; i++)
		if (r->row[i] != row) {
			*time = r->time[i];
			return true;
		}
	return false;
}

/*
 * The nearest reach of a sequence of `length` items that ends (going back), or
 * begins, with this item; false when there is none.
 */
static bool reach_of(const struct order *o, const struct window_item *item,
		     unsigned length, bool back, int64_t *time)
{
	unsigned p = item->position, from, to;
	bool found = false;

	if (length == 1) {
		*time = item->time;
		return true;
	}
	from = back ? 0 : p + 1;
	to = back ? p : o->positions;
	/* When all are wanted only the neighbour can come before. */
	if (wants_all(o) && from < to) {
		from = back ? p - 1 : p + 1;
		to = from + 1;
	}
	for (unsigned q = from; q < to; q++) {
		int64_t t;

		if (!find_reach(&o->reach[q][length - 1], item->row, &t) ||
		    (found && !is_nearer(t, *time, back)))
			continue;
		*time = t;
		found = true;
	}
	return found;
}

/* The lengths that matter for an item at a position. */
static void lengths_of(const struct order *o, unsigned position, bool back,
		       unsigned *from, unsigned *to)
{
	unsigned most = back ? position + 1 : o->positions - position;

	*from = wants_all(o) ? most : 1;
	*to = most;
}

static size_t told_width(const struct order *o)
{
	return wants_all(o) ? 1 : o->wanted;
}

/*
 * Takes the items of one time, those of the positions that come first before
 * the others. `told`, when not NULL, gets the reach of each item: as many
 * numbers an item as told_width, by length.
 */
static void take_time(struct order *o, const struct window_item *item, size_t n,
		      bool back, int64_t *told)
{
	for (unsigned k = 0; k < o->positions; k++) {
		unsigned p = back ? k : o->positions - 1 - k, from, to;

		lengths_of(o, p, back, &from, &to);
		for (size_t i = 0; i < n; i++) {
			if (item[i].position != p)
				continue;
			for (unsigned l = from; l <= to; l++) {
				int64_t time;

				if (!reach_of(o, &item[i], l, back, &time))
					continue;
				add_reach(&o->reach[p][l], time, item[i].row,
					  back);
				if (told && wants_all(o))
					told[i] = time;
				else if (told && l <= o->wanted)
					told[i * o->wanted + l - 1] = time;
			}
		}
	}
}

void order_add(struct order *o, const struct window_item *item, size_t n)
{
	take_time(o, item, n, true, NULL);
}

unsigned order_longest(const struct order *o, int64_t since)
{
	for (unsigned l = o->positions; l > 0; l--)
		for (unsigned p = l - 1; p < o->positions; p++) {
			const struct reach *r = &o->reach[p][l];

			if (r->n && r->time[0] >= since &&
			    (!wants_all(o) || l == o->positions))
				return l;
		}
	return 0;
}

/* Marking ----------------------------------------------------------------- */

/* How many items from `from` on have its time. */
static size_t same_time(const struct window_item *item, size_t from, size_t n)
{
	size_t to = from + 1;

	while (to < n && item[to].time == item[from].time)
		to++;
	return to - from;
}

static int64_t *new_reaches(const struct order *o, size_t n, int64_t none)
{
	size_t all = n * told_width(o);
	int64_t *v = mem_alloc((all + 1) * sizeof(*v));

	for (size_t i = 0; i < all; i++)
		v[i] = none;
	return v;
}

void order_mark(unsigned positions, unsigned wanted, int64_t timespan,
		const struct window_item *item, size_t n, bool *in)
{
	struct order *o = mem_alloc(sizeof(*o));
	int64_t *begin, *end; /* of sequences that lead to an item, and on */
	size_t width;

	order_init(o, positions, wanted);
	width = told_width(o);
	begin = new_reaches(o, n, INT64_MIN);
	end = new_reaches(o, n, INT64_MAX);
	for (size_t i = 0, m; i < n; i += m) {
		m = same_time(item, i, n);
		take_time(o, item + i, m, true, begin + i * width);
	}
	order_init(o, positions, wanted);
	for (size_t to = n, m; to > 0; to -= m) {
		m = 1;
		while (m < to && item[to - m - 1].time == item[to - 1].time)
			m++;
		take_time(o, item + to - m, m, false, end + (to - m) * width);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < width; k++) {
			int64_t from = begin[i * width + k];
			int64_t to = end[i * width + width - 1 - k];

			if (from != INT64_MIN && to != INT64_MAX &&
			    to - from <= timespan)
				in[i] = true;
		}
	free(begin);
	free(end);
	free(o);
}
