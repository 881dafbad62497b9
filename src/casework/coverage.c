/* SPDX-License-Identifier: MIT */
#include "casework/coverage_private.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

/* Counting ---------------------------------------------------------------- */

/* Things by a pair of values: open addressing, positions and one. */
struct pairs {
	uint32_t *slot;
	uint32_t mask;
};

/* A slot of `key`, or the free one where it belongs. `key_of` tells the key of
 * a thing by its position. */
static uint32_t *pair_slot(const struct pairs *p, uint64_t key,
			   uint64_t (*key_of)(const void *list, size_t i),
			   const void *list)
{
	uint32_t at = (uint32_t)hash_u64(key) & p->mask;

	while (p->slot[at] && key_of(list, p->slot[at] - 1) != key)
		at = (at + 1) & p->mask;
	return &p->slot[at];
}

/* Room for `n` things. */
static void pairs_grow(struct pairs *p, size_t n,
		       uint64_t (*key_of)(const void *list, size_t i),
		       const void *list)
{
	if (p->slot && n * 2 <= p->mask)
		return;
	free(p->slot);
	p->mask = p->mask ? p->mask * 2 + 1 : 63;
	p->slot = mem_zero((size_t)p->mask + 1, sizeof(*p->slot));
	for (size_t i = 0; i < n; i++)
		*pair_slot(p, key_of(list, i), key_of, list) = (uint32_t)i + 1;
}

static uint64_t pair(uint32_t a, uint32_t b)
{
	return (uint64_t)a << 32 | b;
}

static uint64_t place_key(const void *list, size_t i)
{
	const struct coverage_place *p = (const struct coverage_place *)list +
					 i;

	return pair(p->account, p->region);
}

static uint64_t data_key(const void *list, size_t i)
{
	const struct coverage_data *d = (const struct coverage_data *)list + i;

	return pair(d->account, d->source);
}

struct counting {
	struct coverage *c;
	size_t place_cap, data_cap;
	struct pairs places, types;
	size_t at;          /* the place of the last row */
	uint8_t *calls;     /* by caller's account: it calls */
	uint32_t *account;  /* by account: its position and one */
	size_t account_cap; /* of c->account */
};

static size_t place_of(struct counting *n, uint32_t account, uint32_t region)
{
	struct coverage *c = n->c;
	uint32_t *slot;

	if (c->place_n && c->place[n->at].account == account &&
	    c->place[n->at].region == region)
		return n->at;
	pairs_grow(&n->places, c->place_n, place_key, c->place);
	slot = pair_slot(&n->places, pair(account, region), place_key,
			 c->place);
	if (!*slot) {
		c->place = mem_grow(c->place, &n->place_cap, c->place_n + 1,
				    sizeof(*c->place));
		c->place[c->place_n++] = (struct coverage_place){
			.account = account,
			.region = region,
			.first = ROW_NONE,
			.last = ROW_NONE,
		};
		*slot = (uint32_t)c->place_n;
	}
	return n->at = *slot - 1;
}

int64_t coverage_quarter(int64_t t)
{
	int64_t q = t / COVERAGE_QUARTER_MS;

	return t % COVERAGE_QUARTER_MS < 0 ? q - 1 : q;
}

static void count_time(struct coverage_place *p, row_id row, int64_t t,
		       bool data)
{
	struct coverage_quarter *q = p->quarter_n ?
					     &p->quarter[p->quarter_n - 1] :
					     NULL;

	/* Rows come in order of time, so most need no division. */
	if (!q || t >= (q->number + 1) * COVERAGE_QUARTER_MS) {
		p->quarter = mem_grow(p->quarter, &p->quarter_cap,
				      p->quarter_n + 1, sizeof(*p->quarter));
		q = &p->quarter[p->quarter_n++];
		*q = (struct coverage_quarter){ .number = coverage_quarter(t),
						.first = row };
	}
	q->events++;
	q->data += data;
	q->last = row;
	if (p->first == ROW_NONE)
		p->first = row;
	p->last = row;
}

static void count_data(struct counting *n, uint32_t account, row_id row)
{
	struct coverage *c = n->c;
	uint32_t source = store_value_at(c->store, EVENT_SOURCE, row);
	uint32_t *slot;

	pairs_grow(&n->types, c->data_n, data_key, c->data);
	slot = pair_slot(&n->types, pair(account, source), data_key, c->data);
	if (!*slot) {
		c->data = mem_grow(c->data, &n->data_cap, c->data_n + 1,
				   sizeof(*c->data));
		c->data[c->data_n++] = (struct coverage_data){
			.account = account, .source = source, .first = row
		};
		*slot = (uint32_t)c->data_n;
	}
	c->data[*slot - 1].events++;
	c->data[*slot - 1].last = row;
}

static void count_account(struct counting *n, uint32_t account, row_id row)
{
	struct coverage *c = n->c;
	uint32_t flags = c->store->flags[row];
	struct coverage_account *a;

	if (!n->account[account]) {
		c->account = mem_grow(c->account, &n->account_cap,
				      c->account_n + 1, sizeof(*c->account));
		c->account[c->account_n++] = (struct coverage_account){
			.account = account,
			.first = ROW_NONE,
			.last = ROW_NONE,
		};
		n->account[account] = (uint32_t)c->account_n;
	}
	a = &c->account[n->account[account] - 1];
	a->events++;
	if (flags & EVENT_DATA)
		a->data++;
	else if (flags & EVENT_READ)
		a->reads++;
	else if (flags & EVENT_WRITE)
		a->writes++;
	if (row >= c->store->timed)
		return;
	if (a->first == ROW_NONE)
		a->first = row;
	a->last = row;
}

static void count_row(struct counting *n, row_id row)
{
	struct coverage *c = n->c;
	const struct store *s = c->store;
	struct coverage_kind *kind = &c->kind[s->kind[row]];
	bool data = s->flags[row] & EVENT_DATA, timed = row < s->timed;
	uint32_t account = store_value_at(s, EVENT_ACCOUNT, row);
	struct coverage_place *p;
	size_t at;

	kind->events++;
	if (timed && kind->first == ROW_NONE)
		kind->first = row;
	if (timed)
		kind->last = row;
	if (!kind_is_cloudtrail(s->kind[row]))
		return;
	at = place_of(n, account, store_value_at(s, EVENT_REGION, row));
	p = &c->place[at];
	p->events++;
	p->data += data;
	if (timed)
		count_time(p, row, s->time[row], data);
	else
		p->timeless++;
	count_account(n, account, row);
	if (data)
		count_data(n, account, row);
	n->calls[store_value_at(s, EVENT_CALLER, row)] = 1;
}

/* Order ------------------------------------------------------------------- */

static int compare_places(const void *x, const void *y)
{
	const struct coverage_place *a = x, *b = y;
	int order = str_cmp(a->account_text, b->account_text);

	return order ? order : str_cmp(a->region_text, b->region_text);
}

static int compare_accounts(const void *x, const void *y)
{
	const struct coverage_account *a = x, *b = y;

	return str_cmp(a->text, b->text);
}

static int compare_data(const void *x, const void *y)
{
	const struct coverage_data *a = x, *b = y;
	int order = str_cmp(a->account_text, b->account_text);

	if (!order)
		order = str_cmp(a->type, b->type);
	return order ? order : str_cmp(a->source_text, b->source_text);
}

static int compare_callers(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static int compare_changes(const void *x, const void *y)
{
	const struct coverage_change *a = x, *b = y;

	return a->row < b->row ? -1 : a->row > b->row;
}

static void sort(void *list, size_t n, size_t size,
		 int (*compare)(const void *, const void *))
{
	if (n)
		qsort(list, n, size, compare);
}

static void put_in_order(struct coverage *c)
{
	const struct store *s = c->store;

	for (size_t i = 0; i < c->place_n; i++) {
		struct coverage_place *p = &c->place[i];

		p->account_text = store_value(s, EVENT_ACCOUNT, p->account);
		p->region_text = store_value(s, EVENT_REGION, p->region);
	}
	for (size_t i = 0; i < c->account_n; i++)
		c->account[i].text = store_value(s, EVENT_ACCOUNT,
						 c->account[i].account);
	for (size_t i = 0; i < c->data_n; i++) {
		struct coverage_data *d = &c->data[i];

		d->account_text = store_value(s, EVENT_ACCOUNT, d->account);
		d->source_text = store_value(s, EVENT_SOURCE, d->source);
		d->type = coverage_data_type(d->source_text);
	}
	sort(c->place, c->place_n, sizeof(*c->place), compare_places);
	sort(c->account, c->account_n, sizeof(*c->account), compare_accounts);
	sort(c->data, c->data_n, sizeof(*c->data), compare_data);
	for (size_t a = 0, p = 0; a < c->account_n; a++) {
		struct coverage_account *account = &c->account[a];

		account->place = p;
		while (p < c->place_n &&
		       c->place[p].account == account->account)
			p++;
		account->place_n = p - account->place;
	}
}

/* Holes ------------------------------------------------------------------- */

static void find_regular(struct coverage_place *p)
{
	for (size_t i = 1; i < p->quarter_n; i++)
		if (p->quarter[i].number > p->quarter[i - 1].number + 1)
			p->quiet++;
	p->regular = p->quarter_n >= COVERAGE_LEAST_QUARTERS &&
		     (uint64_t)p->quiet * COVERAGE_REGULAR_OF <= p->quarter_n;
}

static void add_hole(struct coverage *c, size_t *cap, size_t place,
		     row_id before, row_id after)
{
	const int64_t *time = c->store->time;

	c->hole = mem_grow(c->hole, cap, c->hole_n + 1, sizeof(*c->hole));
	c->hole[c->hole_n++] = (struct coverage_hole){
		.place = place,
		.from = time[before],
		.until = after == ROW_NONE ? c->last : time[after],
		.before = before,
		.after = after,
	};
}

static void find_holes(struct coverage *c)
{
	size_t cap = 0;

	for (size_t i = 0; i < c->place_n; i++) {
		struct coverage_place *p = &c->place[i];
		const struct coverage_quarter *q = p->quarter;
		int64_t least;

		find_regular(p);
		if (!p->regular)
			continue;
		least = p->quiet > COVERAGE_FEW ? COVERAGE_LONG : 1;
		for (size_t k = 1; k < p->quarter_n; k++)
			if (q[k].number - q[k - 1].number > least)
				add_hole(c, &cap, i, q[k - 1].last, q[k].first);
		if (coverage_quarter(c->last) - q[p->quarter_n - 1].number >
		    least)
			add_hole(c, &cap, i, q[p->quarter_n - 1].last,
				 ROW_NONE);
	}
}

/* Logging ----------------------------------------------------------------- */

int coverage_compare_changed(const void *x, const void *y)
{
	const struct coverage_changed *a = x, *b = y;

	if (a->account != b->account)
		return a->account < b->account ? -1 : 1;
	if (a->region != b->region)
		return a->region < b->region ? -1 : 1;
	return a->change < b->change ? -1 : a->change > b->change;
}

static void put_changes_to_places(struct coverage *c)
{
	const struct store *s = c->store;

	c->changed = mem_alloc((c->change_n + 1) * sizeof(*c->changed));
	for (size_t i = 0; i < c->change_n; i++) {
		row_id row = c->change[i].row;

		c->changed[i] = (struct coverage_changed){
			store_value_at(s, EVENT_ACCOUNT, row),
			store_value_at(s, EVENT_REGION, row), (uint32_t)i
		};
	}
	sort(c->changed, c->change_n, sizeof(*c->changed),
	     coverage_compare_changed);
}

static void find_changes(struct coverage *c, const struct rowset *rows)
{
	const struct store *s = c->store;
	size_t cap = 0;

	for (size_t k = 0; k < coverage_calls_n; k++) {
		const struct coverage_call *call = &coverage_calls[k];
		uint32_t name = store_find_value(s, EVENT_NAME,
						 str_of(call->name));
		uint32_t source = store_find_value(s, EVENT_SOURCE,
						   str_of(call->source));
		struct rowset named;

		if (!name || !source)
			continue;
		named = store_rows(s, EVENT_NAME, name);
		for (size_t i = 0; i < named.n; i++) {
			row_id row = named.row[i];

			if (store_value_at(s, EVENT_SOURCE, row) != source ||
			    !kind_is_call(s->kind[row]) ||
			    !rowset_has(rows, row))
				continue;
			c->change = mem_grow(c->change, &cap, c->change_n + 1,
					     sizeof(*c->change));
			c->change[c->change_n++] =
				(struct coverage_change){ row, call };
		}
	}
	sort(c->change, c->change_n, sizeof(*c->change), compare_changes);
	put_changes_to_places(c);
}

static bool is_delivered(const struct coverage *c, struct str account)
{
	const struct coverage_account key = { .text = account };

	return c->account_n && bsearch(&key, c->account, c->account_n,
				       sizeof(*c->account), compare_accounts);
}

/* Accounts that called and to which nothing was delivered. */
static void find_callers(struct coverage *c, const uint8_t *calls)
{
	const struct store *s = c->store;
	size_t cap = 0;

	for (uint32_t v = 1; v < s->values[EVENT_CALLER]; v++) {
		struct str text = store_value(s, EVENT_CALLER, v);

		if (!calls[v] || text.n != 12 || !str_all_digits(text) ||
		    is_delivered(c, text))
			continue;
		c->caller = mem_grow(c->caller, &cap, c->caller_n + 1,
				     sizeof(*c->caller));
		c->caller[c->caller_n++] = text;
	}
	sort(c->caller, c->caller_n, sizeof(*c->caller), compare_callers);
}

static void find_span(struct coverage *c, int64_t since, int64_t until)
{
	c->first = since;
	c->last = until == TIME_NONE ? TIME_NONE : until - 1;
	for (int k = 0; k < EVENT_KIND_COUNT; k++) {
		const struct coverage_kind *kind = &c->kind[k];

		if (!kind_is_cloudtrail((unsigned)k) || kind->first == ROW_NONE)
			continue;
		if (since == TIME_NONE &&
		    (c->first == TIME_NONE ||
		     c->store->time[kind->first] < c->first))
			c->first = c->store->time[kind->first];
		if (until == TIME_NONE &&
		    (c->last == TIME_NONE ||
		     c->store->time[kind->last] > c->last))
			c->last = c->store->time[kind->last];
	}
	/* One end alone is no span. */
	if (c->first == TIME_NONE || c->last == TIME_NONE || c->last < c->first)
		c->first = c->last = TIME_NONE;
}

struct coverage *coverage_new(const struct store *s, const struct rowset *rows,
			      int64_t since, int64_t until)
{
	struct coverage *c = mem_zero(1, sizeof(*c));
	struct counting n = {
		.c = c,
		.calls = mem_zero(s->values[EVENT_CALLER] + 1, 1),
		.account = mem_zero(s->values[EVENT_ACCOUNT] + 1,
				    sizeof(*n.account)),
	};

	c->store = s;
	for (int k = 0; k < EVENT_KIND_COUNT; k++)
		c->kind[k].first = c->kind[k].last = ROW_NONE;
	for (size_t i = 0; i < rows->n; i++)
		count_row(&n, rows->row[i]);
	find_span(c, since, until);
	put_in_order(c);
	if (c->first != TIME_NONE)
		find_holes(c);
	find_changes(c, rows);
	find_callers(c, n.calls);
	free(n.places.slot);
	free(n.types.slot);
	free(n.calls);
	free(n.account);
	return c;
}

void coverage_free(struct coverage *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->place_n; i++)
		free(c->place[i].quarter);
	free(c->place);
	free(c->account);
	free(c->hole);
	free(c->data);
	free(c->change);
	free(c->changed);
	free(c->caller);
	free(c->gap);
	if (c->digests_read)
		verify_result_release(&c->digests);
	free(c);
}
