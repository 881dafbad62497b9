/* SPDX-License-Identifier: MIT */
#include "casework/touched.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/intern.h"
#include "base/mem.h"
#include "base/sort.h"
#include "casework/touched_calls.h"
#include "casework/touched_with.h"

enum { TEXT_MAX = 1024, NAMES_MAX = 100, SHARED_MAX = 400 };

/* One thing that one record touches. */
struct item {
	row_id row;
	uint32_t call;
	struct str resource, with;
	uint64_t bytes_in, bytes_out;
	struct str requester;    /* of S3's access log: who asked */
	size_t object, object_n; /* hashes in worker.object */
};

struct worker {
	struct touching *t;
	struct arena arena;
	struct item *item;
	size_t n, cap;
	uint64_t *object;
	size_t object_n, object_cap;
	row_id row;
	uint32_t call;
	size_t first; /* item of this record and call */
};

/* Whom one record shared something with, for later: threads come as they
 * will. */
struct share {
	size_t touched;
	row_id row;
	struct str with;
};

struct touching {
	const struct store *store;
	enum touched_by by;
	struct calls calls;
	struct touched_data *out;
	size_t cap;
	struct intern keys; /* kind, account, actor, resource: number in
			       `touched` */
	uint64_t *seen;     /* hashes of (touched, object); 0 is free */
	size_t seen_n, seen_cap;
	struct share *share;
	size_t share_n, share_cap;
};

/* Reading ------------------------------------------------------------------- */

static struct str shortened(struct worker *w, struct str text)
{
	return arena_dup(&w->arena, str_sub(text, 0, TEXT_MAX));
}

static void add_item(struct worker *w, struct str resource)
{
	w->item = mem_grow(w->item, &w->cap, w->n + 1, sizeof(*w->item));
	w->item[w->n++] = (struct item){ .row = w->row,
					 .call = w->call,
					 .resource = resource,
					 .object = w->object_n };
}

static bool see_resource(void *context, const struct json *v)
{
	struct worker *w = context;

	add_item(w, shortened(w, v->text));
	return w->n - w->first < NAMES_MAX;
}

static bool see_object(void *context, const struct json *v)
{
	struct worker *w = context;
	struct hash128 h = hash_content(v->text);

	w->object = mem_grow(w->object, &w->object_cap, w->object_n + 1,
			     sizeof(*w->object));
	w->object[w->object_n++] = h.lo ? h.lo : 1;
	return true;
}

static bool see_with(void *context, const struct json *v)
{
	struct strbuf *with = context;

	if (with->n)
		strbuf_addc(with, ' ');
	strbuf_add(with, v->text);
	return with->n < SHARED_MAX;
}

/* Whom it was shared with, or where it was copied to. */
static struct str read_with(struct worker *w, const struct touch_call *call,
			    const struct json *record)
{
	struct strbuf with;
	struct str text;

	strbuf_init_max(&with, SHARED_MAX);
	if (call->how == TOUCH_SHARE)
		touched_strangers(record, call->with, &w->arena, &with);
	else
		json_each(record, str_of(call->with), see_with, &with);
	text = arena_dup(&w->arena, strbuf_str(&with));
	strbuf_release(&with);
	return text;
}

static uint64_t bytes_at(const struct json *record, const char *path)
{
	double v;

	if (!str_to_double(json_text_at(record, path), &v) || v < 0 || v > 1e18)
		return 0;
	return (uint64_t)v;
}

/* Nobody acts in a log of S3, but it tells who asked; who signed nothing is
 * called what CloudTrail's callers are then. */
static struct str requester_of(struct worker *w, const struct json *record)
{
	struct str text = json_text_at(record, "requester");

	return text.n ? shortened(w, text) : STR("anonymous");
}

static void see_call(struct worker *w, const struct touch_call *call,
		     const struct json *record)
{
	struct item *item;

	w->first = w->n;
	json_each(record, str_of(call->resource), see_resource, w);
	/* Where nothing was found out, a denied call's parameters are null. */
	if (w->n == w->first)
		add_item(w, STR_NULL);
	item = &w->item[w->first];
	item->bytes_in = bytes_at(record,
				  "additionalEventData.bytesTransferredIn");
	item->bytes_out = bytes_at(record,
				   "additionalEventData.bytesTransferredOut");
	if (strcmp(call->name.service, "s3access") == 0) {
		item->requester = requester_of(w, record);
		*(call->how == TOUCH_WRITE ? &item->bytes_in :
					     &item->bytes_out) =
			bytes_at(record, call->how == TOUCH_WRITE ?
						 "object_size" :
						 "bytes_sent");
	}
	if (call->object)
		json_each(record, str_of(call->object), see_object, w);
	item->object_n = w->object_n - item->object;
	if (call->with)
		item->with = read_with(w, call, record);
	/* Who may use it was changed, and nobody else was let in. */
	if (call->how == TOUCH_SHARE && !item->with.n &&
	    store_outcome(w->t->store, w->row) == OUTCOME_OK)
		w->n = w->first;
}

static void see(void *worker, row_id row, const struct event *e)
{
	struct worker *w = worker;
	const struct calls *calls = &w->t->calls;

	w->row = row;
	for (w->call = calls_of(calls, row); w->call != CALL_NONE;
	     w->call = calls_next(calls, row, w->call))
		see_call(w, &touch_calls[w->call], e->record);
}

static void *worker_new(void *context)
{
	struct worker *w = mem_zero(1, sizeof(*w));

	w->t = context;
	arena_init(&w->arena);
	return w;
}

static void worker_free(void *worker)
{
	struct worker *w = worker;

	arena_release(&w->arena);
	free(w->item);
	free(w->object);
	free(w);
}

/* Counting ------------------------------------------------------------------ */

static bool is_new_hash(struct touching *t, uint64_t hash)
{
	size_t mask, at;

	if (t->seen_n * 3 >= t->seen_cap * 2) {
		uint64_t *old = t->seen;
		size_t n = t->seen_cap;

		t->seen_cap = n ? n * 2 : 1024;
		t->seen = mem_zero(t->seen_cap, sizeof(*t->seen));
		t->seen_n = 0;
		for (size_t i = 0; i < n; i++)
			if (old[i])
				is_new_hash(t, old[i]);
		free(old);
	}
	mask = t->seen_cap - 1;
	for (at = hash & mask; t->seen[at]; at = (at + 1) & mask)
		if (t->seen[at] == hash)
			return false;
	t->seen[at] = hash;
	t->seen_n++;
	return true;
}

static bool has_word(struct str words, struct str word)
{
	struct str one;

	while (str_next(&words, ' ', &one))
		if (str_eq(one, word))
			return true;
	return false;
}

static struct touched *find(struct touching *t, const struct item *item)
{
	struct touched_data *out = t->out;
	const struct touch_call *call = &touch_calls[item->call];
	struct str account = store_text(t->store, EVENT_ACCOUNT, item->row);
	struct str actor = t->by == TOUCHED_TOGETHER ?
				   STR_NULL :
			   item->requester.n ?
				   item->requester :
				   store_text(t->store, EVENT_ACTOR, item->row);
	struct str address = t->by == TOUCHED_BY_ADDRESS ?
				     store_text(t->store, EVENT_IP, item->row) :
				     STR_NULL;
	struct strbuf key;
	struct touched *x;
	uint32_t id;

	strbuf_init(&key);
	strbuf_addf(&key, "%s|%s|%.*s|%zu|%zu|", call->name.service, call->kind,
		    STR_ARG(account), actor.n, address.n);
	strbuf_add(&key, actor);
	strbuf_add(&key, address);
	strbuf_add(&key, call_plain_name(item->resource));
	id = intern_add(&t->keys, strbuf_str(&key));
	strbuf_release(&key);
	if (id > out->n) {
		out->touched = mem_grow(out->touched, &t->cap, id,
					sizeof(*out->touched));
		out->touched[out->n++] = (struct touched){
			.kind = call->kind,
			.service = str_of(call->name.service),
			.resource = arena_dup(&out->arena, item->resource),
			.account = account,
			.actor = arena_dup(&out->arena, actor),
			.address = address,
			.first = item->row,
			.last = item->row,
		};
	}
	x = &out->touched[id - 1];
	/* By its ARN, where a record says it. */
	if (str_starts(item->resource, STR("arn:")) &&
	    (!str_starts(x->resource, STR("arn:")) ||
	     str_cmp(item->resource, x->resource) < 0))
		x->resource = arena_dup(&out->arena, item->resource);
	return x;
}

static void count_item(struct touching *t, const struct item *item,
		       const uint64_t *object)
{
	const struct touch_call *call = &touch_calls[item->call];
	struct touched *x = find(t, item);
	enum event_outcome outcome = store_outcome(t->store, item->row);

	if (item->row < x->first)
		x->first = item->row;
	if (item->row > x->last)
		x->last = item->row;
	/* A row that is two calls of the table is one event. */
	if (calls_of(&t->calls, item->row) == item->call ||
	    strcmp(touch_calls[calls_of(&t->calls, item->row)].kind,
		   call->kind) != 0) {
		x->events++;
		x->denied += outcome == OUTCOME_DENIED;
		x->failed += outcome == OUTCOME_FAILED;
		x->count[call->how] += outcome == OUTCOME_OK;
	}
	if (outcome != OUTCOME_OK)
		return;
	x->bytes_in += item->bytes_in;
	x->bytes_out += item->bytes_out;
	if (item->with.n) {
		t->share = mem_grow(t->share, &t->share_cap, t->share_n + 1,
				    sizeof(*t->share));
		t->share[t->share_n++] =
			(struct share){ (size_t)(x - t->out->touched),
					item->row,
					arena_dup(&t->out->arena, item->with) };
	}
	/* Asking whether an object is there, or how big, takes nothing of it. */
	if (call->how == TOUCH_LIST)
		return;
	for (size_t i = 0; i < item->object_n; i++) {
		uint64_t hash = object[item->object + i] ^
				hash_u64((uint64_t)(x - t->out->touched) + 1);

		x->objects += is_new_hash(t, hash ? hash : 1);
	}
}

static void flush(void *context, void *worker)
{
	struct worker *w = worker;

	for (size_t i = 0; i < w->n; i++)
		count_item(context, &w->item[i], w->object);
	w->n = 0;
	w->object_n = 0;
	arena_reset(&w->arena);
}

static void share_with(struct touched_data *out, struct touched *x,
		       struct str with)
{
	struct str word;

	while (x->shared_with.n < SHARED_MAX && str_next(&with, ' ', &word)) {
		if (!word.n || has_word(x->shared_with, word))
			continue;
		if (x->shared_with.n)
			x->shared_with = arena_join(&out->arena,
						    arena_join(&out->arena,
							       x->shared_with,
							       STR(" ")),
						    word);
		else
			x->shared_with = arena_dup(&out->arena, word);
	}
}

static int compare_shares(const void *x, const void *y)
{
	const struct share *a = x, *b = y;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return str_cmp(a->with, b->with);
}

static void name_sharers(struct touching *t)
{
	if (t->share_n)
		qsort(t->share, t->share_n, sizeof(*t->share), compare_shares);
	for (size_t i = 0; i < t->share_n; i++)
		share_with(t->out, &t->out->touched[t->share[i].touched],
			   t->share[i].with);
	free(t->share);
}

/* Order --------------------------------------------------------------------- */

static int compare(uint32_t a, uint32_t b, const void *context)
{
	const struct touched *t = context, *x = &t[a], *y = &t[b];
	int d = (x->count[TOUCH_SHARE] == 0) - (y->count[TOUCH_SHARE] == 0);

	if (!d)
		d = (x->bytes_out < y->bytes_out) -
		    (x->bytes_out > y->bytes_out);
	if (!d)
		d = (x->events < y->events) - (x->events > y->events);
	if (!d)
		d = strcmp(x->kind, y->kind);
	if (!d)
		d = str_cmp(x->resource, y->resource);
	if (!d)
		d = str_cmp(x->account, y->account);
	if (!d)
		d = str_cmp(x->actor, y->actor);
	return d ? d : str_cmp(x->address, y->address);
}

void touched_of(struct touched_data *out, const struct store *s,
		const struct rowset *rows, enum touched_by by,
		const struct scan_options *options, const atomic_bool *stop)
{
	struct touching t = { .store = s, .by = by, .out = out };
	const struct scan_visitor visitor = { .context = &t,
					      .worker_new = worker_new,
					      .worker_free = worker_free,
					      .see = see,
					      .flush = flush };
	struct rowset wanted = ROWSET_INIT;
	struct scan_state state;
	struct scan *scan;

	*out = (struct touched_data){ .n = 0 };
	arena_init(&out->arena);
	calls_init(&t.calls, s, &touch_calls[0].name, touch_calls_n,
		   sizeof(touch_calls[0]));
	intern_init(&t.keys);
	for (size_t i = 0; i < rows->n; i++)
		if (calls_of(&t.calls, rows->row[i]) != CALL_NONE)
			rowset_add(&wanted, rows->row[i]);
	scan = scan_new(s, &wanted, &visitor, options);
	scan_finish(scan, stop);
	scan_state(scan, &state);
	out->unread = state.unread;
	scan_free(scan);
	name_sharers(&t);
	sort_items(out->touched, out->n, sizeof(*out->touched), compare,
		   out->touched);
	rowset_release(&wanted);
	calls_release(&t.calls);
	intern_release(&t.keys);
	free(t.seen);
}

void touched_release(struct touched_data *t)
{
	free(t->touched);
	arena_release(&t->arena);
	*t = (struct touched_data){ .n = 0 };
}

const char *touch_name(enum touch t)
{
	static const char *const names[] = {
#define X(code, name) name,
		TOUCHES(X)
#undef X
	};

	return names[t];
}

void touched_reads(const struct store *s, struct rowset *out)
{
	struct calls calls;

	rowset_clear(out);
	calls_init(&calls, s, &touch_calls[0].name, touch_calls_n,
		   sizeof(touch_calls[0]));
	for (row_id row = 0; row < s->n; row++) {
		uint32_t call = calls_of(&calls, row);

		if (call != CALL_NONE && touch_calls[call].how == TOUCH_READ &&
		    store_outcome(s, row) == OUTCOME_OK)
			rowset_add(out, row);
	}
	calls_release(&calls);
}
