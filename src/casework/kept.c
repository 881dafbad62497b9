/* SPDX-License-Identifier: MIT */
#include "casework/kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "base/sort.h"
#include "casework/kept_calls.h"

enum { TEXT_MAX = 512, NAMES_MAX = 1000 };

/* Something that a record makes, or takes away. */
struct thing {
	row_id row;
	uint32_t call; /* in kept_calls */
	/* In keeping.keys: what it is, and what it goes with; what takes it
	 * away has one of them. */
	uint32_t key, with;
	struct str name;
};

struct keeping {
	const struct store *store;
	struct calls calls;
	void (*see)(void *worker, row_id row, const struct event *e);
	struct intern keys; /* service, what undoes it, place, names */
	struct thing *thing;
	size_t n, cap;
	struct arena *arena;
	const atomic_bool *stop;
	/* Of the record that is being read. */
	row_id row;
	uint32_t call;
	bool with;       /* what it undoes goes with something else */
	struct str part; /* the second path's */
	size_t first;    /* thing of this call */
};

/* Reading ------------------------------------------------------------------- */

static void add_key_part(struct strbuf *key, struct str text)
{
	strbuf_addc(key, '\n');
	strbuf_add(key, str_sub(call_plain_name(text), 0, TEXT_MAX));
}

/* What takes something away, and what that is called: the same text for what
 * was made as for the record that undoes it. */
static void write_key_at(const struct keeping *k, struct strbuf *key,
			 row_id row, struct call_name taken_by, struct str name,
			 struct str part)
{
	strbuf_clear(key);
	strbuf_adds(key, taken_by.service);
	add_key_part(key, str_of(taken_by.name));
	add_key_part(key, store_text(k->store, EVENT_ACCOUNT, row));
	add_key_part(key, store_text(k->store, EVENT_REGION, row));
	add_key_part(key, name);
	add_key_part(key, part);
}

static void write_key(const struct keeping *k, struct strbuf *key,
		      const char *undone_by, struct str name, struct str part)
{
	write_key_at(k, key, k->row,
		     (struct call_name){ kept_calls[k->call].name.service,
					 undone_by },
		     name, part);
}

static struct thing *add_thing(struct keeping *k)
{
	k->thing = mem_grow(k->thing, &k->cap, k->n + 1, sizeof(*k->thing));
	k->thing[k->n] = (struct thing){ .row = k->row, .call = k->call };
	return &k->thing[k->n++];
}

static bool see_made(void *context, const struct json *v)
{
	struct keeping *k = context;
	const struct kept_call *call = &kept_calls[k->call];
	struct thing *thing = add_thing(k);
	struct strbuf text;

	strbuf_init(&text);
	strbuf_add(&text, str_sub(v->text, 0, TEXT_MAX));
	if (k->part.n && v->text.n)
		strbuf_adds(&text, ": ");
	strbuf_add(&text, str_sub(k->part, 0, TEXT_MAX));
	thing->name = arena_dup(k->arena, strbuf_str(&text));
	if (call->undone_by) {
		write_key(k, &text, call->undone_by, v->text, k->part);
		thing->key = intern_add(&k->keys, strbuf_str(&text));
	}
	if (call->gone_with) {
		write_key(k, &text, call->gone_with, v->text, STR_NULL);
		thing->with = intern_add(&k->keys, strbuf_str(&text));
	}
	strbuf_release(&text);
	return k->n - k->first < NAMES_MAX;
}

/* What was never made is passed over. */
static bool see_undone(void *context, const struct json *v)
{
	struct keeping *k = context;
	const struct kept_call *call = &kept_calls[k->call];
	struct strbuf text;
	uint32_t key;

	strbuf_init(&text);
	write_key(k, &text, k->with ? call->gone_with : call->undone_by,
		  v->text, k->part);
	key = intern_find(&k->keys, strbuf_str(&text));
	if (key != INTERN_NONE)
		add_thing(k)->key = key;
	strbuf_release(&text);
	return k->n - k->first < NAMES_MAX;
}

struct parting {
	struct keeping *k;
	const struct json *record;
	const char *name;
	json_see see_name;
	bool any;
};

static bool see_part(void *context, const struct json *v)
{
	struct parting *p = context;

	p->any = true;
	p->k->part = v->text;
	json_each(p->record, str_of(p->name), p->see_name, p->k);
	return p->k->n - p->k->first < NAMES_MAX;
}

/* Each part of each thing; false when a part is asked for and none is named. */
static bool read_call(struct keeping *k, const struct json *record,
		      const char *name, const char *part, json_see see_name)
{
	struct parting p = { k, record, name, see_name, false };

	k->first = k->n;
	k->part = STR_NULL;
	if (part)
		json_each(record, str_of(part), see_part, &p);
	if (!p.any)
		json_each(record, str_of(name), see_name, k);
	return p.any || !part;
}

/* A call that gives and takes back under one name says which by its part. */
static bool gives_and_takes(const struct kept_call *call)
{
	return call->path[1] && call->undone_by &&
	       strcmp(call->undone_by, call->name.name) == 0;
}

static void see_making(void *worker, row_id row, const struct event *e)
{
	static const struct json nothing = { .kind = JSON_STRING };
	struct keeping *k = worker;

	k->row = row;
	for (k->call = calls_of(&k->calls, row); k->call != CALL_NONE;
	     k->call = calls_next(&k->calls, row, k->call)) {
		const struct kept_call *call = &kept_calls[k->call];

		if (!read_call(k, e->record, call->path[0], call->path[1],
			       see_made) &&
		    gives_and_takes(call))
			k->n = k->first;
		/* What it is called is not said; it was made all the same. */
		else if (k->n == k->first)
			see_made(k, &nothing);
	}
}

/* The calls are those that undo the table's, and then those with which what
 * the table's calls made goes as well. */
static void see_undoing(void *worker, row_id row, const struct event *e)
{
	struct keeping *k = worker;

	k->row = row;
	for (uint32_t at = calls_of(&k->calls, row); at != CALL_NONE;
	     at = calls_next(&k->calls, row, at)) {
		const struct kept_call *call = &kept_calls[at % kept_calls_n];

		k->call = (uint32_t)(at % kept_calls_n);
		k->with = at >= kept_calls_n;
		if (k->with)
			(void)read_call(k, e->record, call->gone_path, NULL,
					see_undone);
		else
			(void)read_call(k, e->record, call->undone_path[0],
					call->undone_path[1], see_undone);
	}
}

/* In this thread: there are few such records. */
static size_t read_rows(struct keeping *k, const struct rowset *rows,
			const struct scan_options *options)
{
	struct scan_state state;

	scan_alone(k->store, rows, options->limits, k->see, k, k->stop, &state);
	return state.unread;
}

/* What takes away ----------------------------------------------------------- */

static int compare_things(const void *x, const void *y)
{
	const struct thing *a = x, *b = y;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* The first thing of a key at or after a row's time, or `behind` that row,
 * where a call takes the place of its own kind; things are sorted. */
static row_id first_after(const struct keeping *undone, uint32_t key,
			  row_id made, bool behind)
{
	const int64_t *time = undone->store->time;
	size_t low = 0, high = undone->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct thing *t = &undone->thing[mid];

		if (t->key < key || (t->key == key && t->row <= made &&
				     (behind || time[t->row] < time[made])))
			low = mid + 1;
		else
			high = mid;
	}
	if (low < undone->n && undone->thing[low].key == key &&
	    undone->thing[low].row != made)
		return undone->thing[low].row;
	return ROW_NONE;
}

static row_id gone_after(const struct keeping *undone, const struct thing *t)
{
	const struct kept_call *call = &kept_calls[t->call];
	row_id itself = ROW_NONE, with = ROW_NONE;

	if (t->key)
		itself = first_after(undone, t->key, t->row,
				     strcmp(call->undone_by, call->name.name) ==
					     0);
	if (t->with)
		with = first_after(undone, t->with, t->row, false);
	return itself < with ? itself : with;
}

/* All rows that undo what calls that were made make, whoever did it. */
static void undoing_rows(const struct keeping *k, const uint8_t *made,
			 struct rowset *out)
{
	const struct store *s = k->store;

	for (row_id r = 0; r < s->n; r++) {
		uint32_t call = calls_of(&k->calls, r);

		while (call != CALL_NONE && !made[call % kept_calls_n])
			call = calls_next(&k->calls, r, call);
		if (call != CALL_NONE && store_outcome(s, r) == OUTCOME_OK)
			rowset_add(out, r);
	}
}

static size_t find_undone(struct keeping *undone, const struct keeping *made,
			  const struct scan_options *options)
{
	struct call_name *names = mem_zero(kept_calls_n * 2, sizeof(*names));
	uint8_t *was_made = mem_zero(kept_calls_n, 1);
	struct rowset rows = ROWSET_INIT;
	size_t unread;

	for (size_t i = 0; i < kept_calls_n; i++) {
		const struct kept_call *c = &kept_calls[i];

		names[i] = (struct call_name){ c->name.service,
					       c->undone_by ? c->undone_by :
							      "" };
		names[kept_calls_n + i] = (struct call_name){
			c->name.service, c->gone_with ? c->gone_with : ""
		};
	}
	*undone = (struct keeping){ .store = made->store,
				    .see = see_undoing,
				    .keys = made->keys,
				    .arena = made->arena,
				    .stop = made->stop };
	calls_init(&undone->calls, made->store, names, kept_calls_n * 2,
		   sizeof(*names));
	for (size_t i = 0; i < made->n; i++)
		was_made[made->thing[i].call] = 1;
	undoing_rows(undone, was_made, &rows);
	unread = read_rows(undone, &rows, options);
	if (undone->n)
		qsort(undone->thing, undone->n, sizeof(*undone->thing),
		      compare_things);
	calls_release(&undone->calls);
	rowset_release(&rows);
	free(was_made);
	free(names);
	return unread;
}

/* What was their own ---------------------------------------------------------- */

/* Things that calls of kept_makers made, by what takes them away. */
static bool see_own(void *context, const struct json *v)
{
	struct keeping *k = context;
	const struct kept_maker *maker = &kept_makers[k->call];
	struct strbuf text;

	strbuf_init(&text);
	write_key_at(k, &text, k->row,
		     (struct call_name){ maker->name.service, maker->lost_by },
		     v->text, STR_NULL);
	add_thing(k)->key = intern_add(&k->keys, strbuf_str(&text));
	strbuf_release(&text);
	return k->n - k->first < NAMES_MAX;
}

static void see_owning(void *worker, row_id row, const struct event *e)
{
	struct keeping *k = worker;

	k->row = row;
	for (k->call = calls_of(&k->calls, row); k->call != CALL_NONE;
	     k->call = calls_next(&k->calls, row, k->call))
		(void)read_call(k, e->record, kept_makers[k->call].path, NULL,
				see_own);
}

/* Was it made by one of these before? `first` has the first row of each key. */
static bool was_own(const struct keeping *own, const row_id *first,
		    const struct thing *t)
{
	struct strbuf text;
	uint32_t key;

	strbuf_init(&text);
	write_key_at(own, &text, t->row, kept_calls[t->call].name, t->name,
		     STR_NULL);
	key = intern_find(&own->keys, strbuf_str(&text));
	strbuf_release(&text);
	return key != INTERN_NONE && first[key] < t->row;
}

static bool is_loss(const struct thing *t)
{
	const struct call_name *name = &kept_calls[t->call].name;

	for (size_t i = 0; i < kept_makers_n; i++)
		if (strcmp(kept_makers[i].name.service, name->service) == 0 &&
		    strcmp(kept_makers[i].lost_by, name->name) == 0)
			return true;
	return false;
}

/* Rows of calls of a table that succeeded. */
static void rows_of_calls(const struct calls *calls, const struct rowset *rows,
			  struct rowset *out)
{
	for (size_t i = 0; i < rows->n; i++)
		if (calls_of(calls, rows->row[i]) != CALL_NONE &&
		    store_outcome(calls->store, rows->row[i]) == OUTCOME_OK)
			rowset_add(out, rows->row[i]);
}

/* Who makes a trail and deletes it has deleted nobody's. */
static size_t drop_own(struct keeping *made, const struct rowset *rows,
		       const struct scan_options *options)
{
	struct keeping own = { .store = made->store,
			       .see = see_owning,
			       .arena = made->arena,
			       .stop = made->stop };
	struct rowset makers = ROWSET_INIT;
	size_t kept = 0, unread;
	row_id *first;

	intern_init(&own.keys);
	calls_init(&own.calls, made->store, &kept_makers[0].name, kept_makers_n,
		   sizeof(kept_makers[0]));
	rows_of_calls(&own.calls, rows, &makers);
	unread = read_rows(&own, &makers, options);
	first = mem_alloc(((size_t)own.keys.count + 1) * sizeof(*first));
	for (size_t i = own.n; i-- > 0;)
		first[own.thing[i].key] = own.thing[i].row;
	for (size_t i = 0; i < made->n; i++)
		if (!is_loss(&made->thing[i]) ||
		    !was_own(&own, first, &made->thing[i]))
			made->thing[kept++] = made->thing[i];
	made->n = kept;
	free(first);
	rowset_release(&makers);
	calls_release(&own.calls);
	intern_release(&own.keys);
	free(own.thing);
	return unread;
}

/* All of it ----------------------------------------------------------------- */

static int compare_made(const void *x, const void *y)
{
	const struct thing *a = x, *b = y;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return str_cmp(a->name, b->name);
}

void kept_of(struct kept_list *out, const struct store *s,
	     const struct rowset *rows, const struct scan_options *options,
	     const atomic_bool *stop)
{
	struct keeping made = { .store = s,
				.see = see_making,
				.arena = &out->arena,
				.stop = stop };
	struct keeping undone;
	struct rowset wanted = ROWSET_INIT;

	*out = (struct kept_list){ .n = 0 };
	arena_init(&out->arena);
	intern_init(&made.keys);
	calls_init(&made.calls, s, &kept_calls[0].name, kept_calls_n,
		   sizeof(kept_calls[0]));
	rows_of_calls(&made.calls, rows, &wanted);
	out->unread = read_rows(&made, &wanted, options);
	out->unread += drop_own(&made, rows, options);
	out->unread += find_undone(&undone, &made, options);
	if (made.n)
		qsort(made.thing, made.n, sizeof(*made.thing), compare_made);
	out->kept = mem_alloc((made.n + 1) * sizeof(*out->kept));
	for (size_t i = 0; i < made.n; i++) {
		const struct thing *t = &made.thing[i];
		const struct kept_call *call = &kept_calls[t->call];

		out->kept[out->n++] = (struct kept){
			.what = call->what,
			.undone_by = call->undone_by,
			.name = t->name,
			.row = t->row,
			.gone = gone_after(&undone, t),
		};
	}
	rowset_release(&wanted);
	calls_release(&made.calls);
	intern_release(&made.keys);
	free(made.thing);
	free(undone.thing);
}

void kept_release(struct kept_list *k)
{
	free(k->kept);
	arena_release(&k->arena);
	*k = (struct kept_list){ .n = 0 };
}

/* Credentials ---------------------------------------------------------------- */

static bool is_by_record(enum credential_kind kind)
{
	return kind == CREDENTIAL_PROVIDER || kind == CREDENTIAL_TRUST ||
	       kind == CREDENTIAL_GRANT;
}

static int compare_row_ids(const void *x, const void *y)
{
	const row_id *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* Is everything that an event made gone? False when it is none of the calls
 * that are known. */
static bool all_gone(const struct kept_list *list, row_id row)
{
	size_t low = 0, high = list->n;
	bool gone = false;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (list->kept[mid].row < row)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < list->n && list->kept[low].row == row; low++) {
		gone = list->kept[low].gone != ROW_NONE;
		if (!gone)
			break;
	}
	return gone;
}

void kept_prune(struct revocation *r, const struct store *s,
		const struct scan_options *options)
{
	row_id *row = mem_alloc(((size_t)r->n + 1) * sizeof(*row));
	struct rowset rows = ROWSET_INIT;
	struct kept_list list;
	uint32_t kept = 0;
	size_t n = 0;

	for (uint32_t i = 0; i < r->n; i++)
		if (is_by_record(r->credential[i].kind) &&
		    r->credential[i].row != ROW_NONE)
			row[n++] = r->credential[i].row;
	if (n)
		qsort(row, n, sizeof(*row), compare_row_ids);
	for (size_t i = 0; i < n; i++)
		if (!i || row[i] != row[i - 1])
			rowset_add(&rows, row[i]);
	kept_of(&list, s, &rows, options, NULL);
	for (uint32_t i = 0; i < r->n; i++)
		if (!is_by_record(r->credential[i].kind) ||
		    !all_gone(&list, r->credential[i].row))
			r->credential[kept++] = r->credential[i];
	r->n = kept;
	kept_release(&list);
	rowset_release(&rows);
	free(row);
}
