/* SPDX-License-Identifier: MIT */
#include "casework/kept.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/mem.h"
#include "base/sort.h"
#include "casework/kept_calls.h"

enum { TEXT_MAX = 512, NAMES_MAX = 1000 };

/* Something that a record makes, or takes away. */
struct thing {
	row_id row;
	uint32_t call; /* in kept_calls */
	uint32_t key;  /* what it is, in keeping.keys */
	struct str name;
};

struct keeping {
	const struct store *store;
	struct calls calls;
	bool undoing;       /* looks for what takes things away */
	struct intern keys; /* service, what undoes it, place, names */
	struct thing *thing;
	size_t n, cap;
	struct arena *arena;
	/* Of the record that is being read. */
	row_id row;
	uint32_t call;
	struct str part; /* the second path's */
	size_t first;    /* thing of this call */
};

/* Reading ------------------------------------------------------------------- */

/* Of an ARN what names the thing, else the text. */
static struct str plain_name(struct str text)
{
	size_t at;

	if (!str_starts(text, STR("arn:")))
		return text;
	at = str_find_last(text, '/');
	if (at == SIZE_MAX)
		at = str_find_last(text, ':');
	return str_from(text, at + 1);
}

static void add_key_part(struct strbuf *key, struct str text)
{
	strbuf_addc(key, '\n');
	strbuf_add(key, str_sub(plain_name(text), 0, TEXT_MAX));
}

static bool see_name(void *context, const struct json *v)
{
	struct keeping *k = context;
	const struct kept_call *call = &kept_calls[k->call];
	struct strbuf key, name;
	struct thing *thing;

	strbuf_init(&key);
	strbuf_init(&name);
	strbuf_adds(&key, call->name.service);
	add_key_part(&key,
		     str_of(call->undone_by ? call->undone_by : call->what));
	add_key_part(&key, store_text(k->store, EVENT_ACCOUNT, k->row));
	add_key_part(&key, store_text(k->store, EVENT_REGION, k->row));
	add_key_part(&key, v->text);
	add_key_part(&key, k->part);
	strbuf_add(&name, str_sub(v->text, 0, TEXT_MAX));
	if (k->part.n && v->text.n)
		strbuf_adds(&name, ": ");
	strbuf_add(&name, str_sub(k->part, 0, TEXT_MAX));
	k->thing = mem_grow(k->thing, &k->cap, k->n + 1, sizeof(*k->thing));
	thing = &k->thing[k->n++];
	*thing = (struct thing){ .row = k->row, .call = k->call };
	if (k->undoing) {
		/* What was never made needs no key. */
		thing->key = intern_find(&k->keys, strbuf_str(&key));
		if (thing->key == INTERN_NONE)
			k->n--;
	} else {
		thing->key = intern_add(&k->keys, strbuf_str(&key));
		thing->name = arena_dup(k->arena, strbuf_str(&name));
	}
	strbuf_release(&key);
	strbuf_release(&name);
	return k->n - k->first < NAMES_MAX;
}

static bool see_part(void *context, const struct json *v)
{
	struct keeping *k = context;

	k->part = v->text;
	return false;
}

static void see(void *worker, row_id row, const struct event *e)
{
	static const struct json nothing = { .kind = JSON_STRING };
	struct keeping *k = worker;

	k->row = row;
	for (k->call = calls_of(&k->calls, row); k->call != CALL_NONE;
	     k->call = calls_next(&k->calls, row, k->call)) {
		const struct kept_call *call = &kept_calls[k->call];
		const char *const *path = k->undoing ? call->undone_path :
						       call->path;

		k->first = k->n;
		k->part = STR_NULL;
		if (path[1])
			json_each(e->record, str_of(path[1]), see_part, k);
		json_each(e->record, str_of(path[0]), see_name, k);
		/* What it is called is not said; it was made all the same. */
		if (k->n == k->first && !k->undoing)
			see_name(k, &nothing);
	}
}

static void *worker_new(void *context)
{
	return context;
}

static void worker_free(void *worker)
{
	(void)worker;
}

static void flush(void *context, void *worker)
{
	(void)context;
	(void)worker;
}

/* In this thread: there are few such records. */
static size_t read_rows(struct keeping *k, const struct rowset *rows,
			const struct scan_options *options)
{
	const struct scan_visitor visitor = { .context = k,
					      .worker_new = worker_new,
					      .worker_free = worker_free,
					      .see = see,
					      .flush = flush };
	const struct scan_options alone = { .limits = options->limits };
	struct scan_state state;
	struct scan *scan = scan_new(k->store, rows, &visitor, &alone);

	while (!scan_step(scan, 1000))
		;
	scan_state(scan, &state);
	scan_free(scan);
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

/* The first thing of a key at or after a time, other than a row; things are
 * sorted. */
static row_id first_after(const struct keeping *undone, uint32_t key,
			  row_id made)
{
	const int64_t *time = undone->store->time;
	size_t low = 0, high = undone->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct thing *t = &undone->thing[mid];

		if (t->key < key || (t->key == key && t->row < made &&
				     time[t->row] < time[made]))
			low = mid + 1;
		else
			high = mid;
	}
	if (low < undone->n && undone->thing[low].key == key &&
	    undone->thing[low].row != made)
		return undone->thing[low].row;
	return ROW_NONE;
}

/* All rows that undo such things, whoever did it. */
static void undoing_rows(const struct keeping *k, struct rowset *out)
{
	const struct store *s = k->store;

	for (row_id r = 0; r < s->n; r++)
		if (calls_of(&k->calls, r) != CALL_NONE &&
		    store_outcome(s, r) == OUTCOME_OK)
			rowset_add(out, r);
}

static size_t find_undone(struct keeping *undone, const struct keeping *made,
			  const struct scan_options *options)
{
	struct call_name *names = mem_zero(kept_calls_n, sizeof(*names));
	struct rowset rows = ROWSET_INIT;
	size_t unread;

	for (size_t i = 0; i < kept_calls_n; i++)
		names[i] = (struct call_name){ kept_calls[i].name.service,
					       kept_calls[i].undone_by ?
						       kept_calls[i].undone_by :
						       "" };
	*undone = (struct keeping){ .store = made->store,
				    .undoing = true,
				    .keys = made->keys,
				    .arena = made->arena };
	calls_init(&undone->calls, made->store, names, kept_calls_n,
		   sizeof(*names));
	undoing_rows(undone, &rows);
	unread = read_rows(undone, &rows, options);
	if (undone->n)
		qsort(undone->thing, undone->n, sizeof(*undone->thing),
		      compare_things);
	calls_release(&undone->calls);
	rowset_release(&rows);
	free(names);
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
	     const struct rowset *rows, const struct scan_options *options)
{
	struct keeping made = { .store = s, .arena = &out->arena }, undone;
	struct rowset wanted = ROWSET_INIT;

	*out = (struct kept_list){ .n = 0 };
	arena_init(&out->arena);
	intern_init(&made.keys);
	calls_init(&made.calls, s, &kept_calls[0].name, kept_calls_n,
		   sizeof(kept_calls[0]));
	for (size_t i = 0; i < rows->n; i++)
		if (calls_of(&made.calls, rows->row[i]) != CALL_NONE &&
		    store_outcome(s, rows->row[i]) == OUTCOME_OK)
			rowset_add(&wanted, rows->row[i]);
	out->unread = read_rows(&made, &wanted, options);
	out->unread += find_undone(&undone, &made, options);
	if (made.n)
		qsort(made.thing, made.n, sizeof(*made.thing), compare_made);
	out->kept = mem_alloc((made.n + 1) * sizeof(*out->kept));
	for (size_t i = 0; i < made.n; i++) {
		const struct thing *t = &made.thing[i];
		const struct kept_call *call = &kept_calls[t->call];

		out->kept[out->n++] = (struct kept){
			.what = call->what,
			.name = t->name,
			.row = t->row,
			.gone = first_after(&undone, t->key, t->row),
			.forever = !call->undone_by,
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
