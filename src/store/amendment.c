/* SPDX-License-Identifier: MIT */
#include "store/amendment.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "store/builder_private.h"

void amendments_release(struct amendments *a)
{
	free(a->row);
	free(a->start);
	free(a->part);
	*a = (struct amendments){ .n = 0 };
}

const struct amend_part *amendments_find(const struct amendments *a, row_id row,
					 size_t *n)
{
	size_t low = 0, high = a->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (a->row[middle] < row)
			low = middle + 1;
		else
			high = middle;
	}
	*n = 0;
	if (low == a->n || a->row[low] != row)
		return NULL;
	*n = a->start[low + 1] - a->start[low];
	return a->part + a->start[low];
}

/* Who belongs to whom ------------------------------------------------------- */

/* Numbers of arrival: addenda, and what has the id of one. */
struct kin {
	const struct store_builder *b;
	uint32_t *of; /* by id; of one id by place */
	size_t n, cap;
	struct event_id *wanted; /* sorted, each once */
	size_t wanted_n;
	uint32_t *nth; /* of each of `of` */
};

static bool may_be_amended(const struct arrivals *r, uint32_t i)
{
	return !(r->flags[i] & (EVENT_NO_ID | EVENT_AMENDED)) &&
	       kind_is_cloudtrail(r->kind[i]);
}

static bool is_addendum(const struct arrivals *r, uint32_t i)
{
	return r->flags[i] & EVENT_UPDATES && may_be_amended(r, i);
}

static int compare_ids(const void *x, const void *y)
{
	const struct event_id *a = x, *b = y;

	if (a->hi != b->hi)
		return a->hi < b->hi ? -1 : 1;
	return a->lo < b->lo ? -1 : a->lo > b->lo;
}

static void add_kin(struct kin *k, uint32_t arrival)
{
	k->of = mem_grow(k->of, &k->cap, k->n + 1, sizeof(*k->of));
	k->of[k->n++] = arrival;
}

/* Which events addenda are of. */
static bool find_wanted(struct kin *k)
{
	const struct arrivals *r = &k->b->rows;
	size_t cap = 0, n = 0;

	for (uint32_t i = 0; i < r->n; i++) {
		if (!is_addendum(r, i))
			continue;
		k->wanted = mem_grow(k->wanted, &cap, n + 1,
				     sizeof(*k->wanted));
		k->wanted[n++] = r->id[i];
	}
	if (!n)
		return false;
	qsort(k->wanted, n, sizeof(*k->wanted), compare_ids);
	for (size_t i = 0; i < n; i++)
		if (!i || compare_ids(&k->wanted[i], &k->wanted[i - 1]))
			k->wanted[k->wanted_n++] = k->wanted[i];
	return true;
}

/* An id is looked for only when its last bits are those of one. */
enum { SIEVE_BITS = 1 << 16 };

static void find_kin(struct kin *k)
{
	const struct arrivals *r = &k->b->rows;
	uint8_t *sieve = mem_zero(SIEVE_BITS / 8, 1);

	for (size_t i = 0; i < k->wanted_n; i++) {
		uint64_t bit = k->wanted[i].lo % SIEVE_BITS;

		sieve[bit / 8] |= (uint8_t)(1u << bit % 8);
	}
	for (uint32_t i = 0; i < r->n; i++) {
		uint64_t bit = r->id[i].lo % SIEVE_BITS;

		if (sieve[bit / 8] & 1u << bit % 8 && may_be_amended(r, i) &&
		    bsearch(&r->id[i], k->wanted, k->wanted_n,
			    sizeof(*k->wanted), compare_ids))
			add_kin(k, i);
	}
	free(sieve);
}

static int compare_numbers(const struct uints *u, uint32_t x, uint32_t y)
{
	uint64_t a = uints_get(u, x), b = uints_get(u, y);

	return a < b ? -1 : a > b;
}

static int compare_places(const struct arrivals *r, uint32_t x, uint32_t y)
{
	int d = compare_numbers(&r->file, x, y);

	if (!d)
		d = compare_numbers(&r->offset, x, y);
	return d ? d : compare_numbers(&r->record, x, y);
}

static int compare_kin(uint32_t x, uint32_t y, const void *context)
{
	const struct arrivals *r = context;
	int d = compare_ids(&r->id[x], &r->id[y]);

	return d ? d : compare_places(r, x, y);
}

/* What one value carries lies at one place. */
static void count_carried(struct kin *k)
{
	const struct arrivals *r = &k->b->rows;

	sort_u32(k->of, k->n, compare_kin, r);
	k->nth = mem_zero(k->n, sizeof(*k->nth));
	for (size_t i = 1; i < k->n; i++) {
		uint32_t x = k->of[i - 1], y = k->of[i];

		if (!compare_ids(&r->id[x], &r->id[y]) &&
		    !compare_numbers(&r->file, x, y) &&
		    !compare_numbers(&r->offset, x, y))
			k->nth[i] = k->nth[i - 1] + 1;
	}
}

/* Groups -------------------------------------------------------------------- */

/* Those of one id: k->of[from] to k->of[to]. */
struct family {
	const struct kin *k;
	size_t from, to;
	uint32_t account; /* whose event it is; 0: not said */
};

static struct amend_part part_of(const struct kin *k, size_t i)
{
	const struct arrivals *r = &k->b->rows;
	uint32_t x = k->of[i];

	return (struct amend_part){
		.offset = uints_get(&r->offset, x),
		.length = uints_get_u32(&r->length, x),
		.file = uints_get_u32(&r->file, x),
		.record = uints_get_u32(&r->record, x),
		.nth = k->nth[i],
		.flags = r->flags[x] & (EVENT_CARRIED | EVENT_PARTIAL),
	};
}

/* <0: x comes first, whatever the order in which they arrived. Files are in
 * the order of their paths. */
static int compare_times(const struct arrivals *r, uint32_t x, uint32_t y)
{
	if (r->time[x] != r->time[y])
		return r->time[x] < r->time[y] ? -1 : 1;
	return compare_places(r, x, y);
}

static bool is_of(const struct family *f, size_t i)
{
	const struct arrivals *r = &f->k->b->rows;
	uint32_t account = uints_get_u32(&r->column[EVENT_ACCOUNT],
					 f->k->of[i]);

	return !account || !f->account || account == f->account;
}

/* The copy of the event that would stay, were there no addenda; f->to when
 * there is none. */
static size_t find_event(const struct family *f)
{
	const struct arrivals *r = &f->k->b->rows;
	size_t best = f->to;

	for (size_t i = f->from; i < f->to; i++) {
		uint32_t x = f->k->of[i], y;

		if (is_addendum(r, x) || !is_of(f, i))
			continue;
		y = best == f->to ? x : f->k->of[best];
		if (best == f->to || copy_is_better(r, x, y) ||
		    (!copy_is_better(r, y, x) && compare_times(r, x, y) < 0))
			best = i;
	}
	return best;
}

struct chosen {
	size_t at[AMEND_ADDENDA + 1]; /* in order */
	size_t n;
};

static void leave_out(struct amend_plan *plan, const struct kin *k, size_t i)
{
	plan->left = mem_grow(plan->left, &plan->left_cap, plan->left_n + 1,
			      sizeof(*plan->left));
	plan->left[plan->left_n++] = part_of(k, i);
}

/* Keeps the last ones, in order. */
static void choose(struct chosen *c, const struct family *f, size_t i,
		   size_t most, struct amend_plan *plan)
{
	const struct arrivals *r = &f->k->b->rows;
	size_t to = c->n;

	while (to && compare_times(r, f->k->of[i], f->k->of[c->at[to - 1]]) < 0)
		to--;
	if (c->n == most) {
		leave_out(plan, f->k, to ? c->at[0] : i);
		if (!to)
			return;
		memmove(c->at, c->at + 1, (to - 1) * sizeof(*c->at));
		c->at[to - 1] = i;
		return;
	}
	memmove(c->at + to + 1, c->at + to, (c->n - to) * sizeof(*c->at));
	c->at[to] = i;
	c->n++;
}

static void add_part(struct amend_plan *plan, struct amend_part part)
{
	plan->part = mem_grow(plan->part, &plan->part_cap, plan->part_n + 1,
			      sizeof(*plan->part));
	plan->part[plan->part_n++] = part;
}

static void add_group(struct amend_plan *plan, const struct family *f)
{
	const struct arrivals *r = &f->k->b->rows;
	size_t event = find_event(f);
	bool headless = event == f->to;
	struct chosen c = { .n = 0 };
	struct amend_group g = { .id = r->id[f->k->of[f->from]],
				 .part = (uint32_t)plan->part_n,
				 .headless = headless };

	for (size_t i = f->from; i < f->to; i++)
		if (is_addendum(r, f->k->of[i]) && is_of(f, i))
			choose(&c, f, i, AMEND_ADDENDA + headless, plan);
	/* One addendum alone is what it is. */
	if (!c.n || (headless && c.n == 1))
		return;
	if (!headless)
		add_part(plan, part_of(f->k, event));
	for (size_t i = 0; i < c.n; i++)
		add_part(plan, part_of(f->k, c.at[i]));
	g.n = (uint32_t)(plan->part_n - g.part);
	plan->group = mem_grow(plan->group, &plan->cap, plan->n + 1,
			       sizeof(*plan->group));
	plan->group[plan->n++] = g;
}

/* The accounts of an id's events, or of its addenda when there are none. */
static size_t find_accounts(const struct family *f,
			    uint32_t account[AMEND_ACCOUNTS])
{
	const struct arrivals *r = &f->k->b->rows;
	bool addenda = true;
	size_t n = 0;

	for (size_t i = f->from; i < f->to; i++)
		addenda &= is_addendum(r, f->k->of[i]);
	for (size_t i = f->from; i < f->to && n < AMEND_ACCOUNTS; i++) {
		uint32_t a = uints_get_u32(&r->column[EVENT_ACCOUNT],
					   f->k->of[i]);
		size_t at = 0;

		while (at < n && account[at] != a)
			at++;
		if (a && at == n && is_addendum(r, f->k->of[i]) == addenda)
			account[n++] = a;
	}
	if (!n)
		account[n++] = 0;
	return n;
}

/* Addenda of further accounts than those. */
static void leave_others(struct amend_plan *plan, struct family *f,
			 const uint32_t *account, size_t n)
{
	if (n < AMEND_ACCOUNTS)
		return;
	for (size_t i = f->from; i < f->to; i++) {
		bool of_one = !is_addendum(&f->k->b->rows, f->k->of[i]);

		for (size_t a = 0; a < n && !of_one; a++) {
			f->account = account[a];
			of_one = is_of(f, i);
		}
		if (!of_one)
			leave_out(plan, f->k, i);
	}
}

void builder_plan_amendments(const struct store_builder *b,
			     struct amend_plan *plan)
{
	const struct arrivals *r = &b->rows;
	struct kin k = { .b = b };
	struct family f = { .k = &k };

	*plan = (struct amend_plan){ .n = 0 };
	if (!find_wanted(&k))
		return;
	find_kin(&k);
	count_carried(&k);
	for (; f.from < k.n; f.from = f.to) {
		uint32_t account[AMEND_ACCOUNTS];
		size_t n;

		for (f.to = f.from + 1;
		     f.to < k.n &&
		     !compare_ids(&r->id[k.of[f.to]], &r->id[k.of[f.from]]);
		     f.to++)
			;
		n = find_accounts(&f, account);
		for (size_t i = 0; i < n; i++) {
			f.account = account[i];
			add_group(plan, &f);
		}
		leave_others(plan, &f, account, n);
	}
	free(k.of);
	free(k.nth);
	free(k.wanted);
}

void amend_plan_release(struct amend_plan *plan)
{
	free(plan->group);
	free(plan->part);
	free(plan->left);
	*plan = (struct amend_plan){ .n = 0 };
}

/* Rows ---------------------------------------------------------------------- */

void builder_amended(struct store_builder *b, uint32_t arrival,
		     const struct amend_plan *plan,
		     const struct amend_group *group)
{
	struct amended *a = &b->amended;

	a->arrival = mem_grow(a->arrival, &a->cap, a->n + 1,
			      sizeof(*a->arrival));
	a->end = mem_grow(a->end, &a->end_cap, a->n + 1, sizeof(*a->end));
	a->part = mem_grow(a->part, &a->part_cap, a->part_n + group->n,
			   sizeof(*a->part));
	memcpy(a->part + a->part_n, plan->part + group->part,
	       group->n * sizeof(*a->part));
	a->part_n += group->n;
	a->arrival[a->n] = arrival;
	a->end[a->n++] = (uint32_t)a->part_n;
}

void amended_release(struct amended *a)
{
	free(a->arrival);
	free(a->end);
	free(a->part);
	*a = (struct amended){ .n = 0 };
}

static int compare_rows(uint32_t x, uint32_t y, const void *context)
{
	const row_id *row = context;

	return row[x] < row[y] ? -1 : row[x] > row[y];
}

void amended_publish(const struct amended *a, const row_id *row_of,
		     struct amendments *out)
{
	uint32_t *order = mem_alloc((a->n + 1) * sizeof(*order));
	row_id *row = mem_alloc((a->n + 1) * sizeof(*row));
	uint32_t n = 0, parts = 0;

	*out = (struct amendments){ .n = 0 };
	for (uint32_t i = 0; i < a->n; i++) {
		row[i] = row_of[a->arrival[i]];
		if (row[i] != ROW_NONE)
			order[n++] = i;
	}
	sort_u32(order, n, compare_rows, row);
	out->row = mem_alloc((n + 1) * sizeof(*out->row));
	out->start = mem_alloc((n + 1) * sizeof(*out->start));
	out->part = mem_alloc((a->part_n + 1) * sizeof(*out->part));
	out->start[0] = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t from = order[i] ? a->end[order[i] - 1] : 0;
		uint32_t count = a->end[order[i]] - from;

		memcpy(out->part + parts, a->part + from,
		       count * sizeof(*out->part));
		parts += count;
		out->row[i] = row[order[i]];
		out->start[i + 1] = parts;
	}
	out->n = n;
	free(order);
	free(row);
}
