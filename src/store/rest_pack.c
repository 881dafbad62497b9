/* SPDX-License-Identifier: MIT */
#include "store/pack_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/intern_pack.h"
#include "base/mem.h"
#include "base/tasks.h"

struct saved_rest {
	uint64_t rows, dropped;
};

void builder_keep_rest(struct store_builder *b)
{
	b->keeps_rest = true;
}

/* Left out ---------------------------------------------------------------- */

static void copy_arrival(struct arrivals *to, const struct arrivals *from,
			 uint32_t i)
{
	uint32_t n = to->n++;

	to->time[n] = from->time[i];
	to->id[n] = from->id[i];
#define COPY(field) uints_put(&to->field, n, uints_get(&from->field, i));
	EACH_NARROW(COPY)
#undef COPY
	to->flags[n] = from->flags[i];
	to->kind[n] = from->kind[i];
}

void builder_note_rest(struct store_builder *b, const struct dedupe *d,
		       const row_id *row_of, row_id rows)
{
	const struct uints *account = &b->rows.column[EVENT_ACCOUNT];
	struct arrivals *rest = &b->rest;

	arrivals_reserve(rest, b->rows.n - rows);
#define FIT(field)                                  \
	uints_fit(&rest->field, rest->cap, rest->n, \
		  uints_most(&b->rows.field, b->rows.n));
	EACH_NARROW(FIT)
#undef FIT
	for (uint32_t i = 0; i < b->rows.n; i++)
		if (row_of[i] == ROW_NONE)
			copy_arrival(&b->rest, &b->rows, i);
	for (row_id r = 0; r < rows; r++) {
		if (d->account[r] == uints_get_u32(account, d->order[r]))
			continue;
		b->learned = mem_grow(b->learned, &b->learned_cap,
				      b->learned_n + 1, sizeof(*b->learned));
		b->learned[b->learned_n++] = r;
	}
}

void rest_drop(struct store_builder *b)
{
	arrivals_free(&b->rest);
	free(b->learned);
	b->learned = NULL;
	b->learned_n = b->learned_cap = 0;
	if (b->keeps_rest)
		b->more_n = 0;
}

/* Saving ------------------------------------------------------------------ */

uint32_t *rest_numbers(const row_id *row_of, uint32_t arrivals, row_id rows)
{
	uint32_t *number = mem_alloc(((size_t)arrivals + 1) * sizeof(*number));

	for (uint32_t i = 0; i < arrivals; i++)
		number[i] = row_of[i] == ROW_NONE ? rows++ : row_of[i];
	return number;
}

uint64_t rest_bytes(const struct store_builder *b)
{
	return (uint64_t)b->rest.n * 104 + b->learned_n * 4 + b->more_n * 8;
}

void rest_save(struct store_builder *b, const struct store *s,
	       const uint32_t *number, struct pack_writer *w)
{
	const struct arrivals *r = &b->rest;
	struct saved_rest head = { s->n, r->n };

	pack_array(w, SAVED_REST, &head, 1, sizeof(head));
	pack_array(w, SAVED_LEARNED, b->learned, b->learned_n,
		   sizeof(*b->learned));
	pack_begin(w, SAVED_MORE);
	for (size_t i = 0; i < b->more_n; i++) {
		struct batch_key key = { number[b->more[i].row],
					 b->more[i].key };

		pack_add(w, &key, sizeof(key));
	}
#define SAVE(section, field) \
	pack_array(w, section, r->field, r->n, sizeof(*r->field))
	SAVE(SAVED_DROPPED_TIME, time);
	SAVE(SAVED_DROPPED_ID, id);
	SAVE(SAVED_DROPPED_FLAGS, flags);
	SAVE(SAVED_DROPPED_KIND, kind);
#undef SAVE
	uints_save(&r->file, r->n, w, SAVED_DROPPED_FILE);
	uints_save(&r->record, r->n, w, SAVED_DROPPED_RECORD);
	uints_save(&r->offset, r->n, w, SAVED_DROPPED_OFFSET);
	uints_save(&r->length, r->n, w, SAVED_DROPPED_LENGTH);
	for (uint32_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		uints_save(&r->column[c], r->n, w, SAVED_DROPPED_COLUMN + c);
}

/* Restoring --------------------------------------------------------------- */

struct arriving {
	struct store_builder *b;
	struct pack *p;
	const file_id *file_of;
	uint32_t files;
	struct arrivals all; /* rows, then what was dropped */
	uint32_t rows;
	struct string_tables strings; /* of the pack */
	uint32_t *of;                 /* as in struct rest_arrived */
	uint32_t kept;
	struct batch_key *more;
	size_t more_n;
	atomic_bool failed;
};

/* The rows' array with that of what was dropped behind it. */
static void *take_joined(struct arriving *x, uint32_t section, uint32_t dropped,
			 size_t size)
{
	size_t more = x->all.n - x->rows;
	char *a = pack_take_n(x->p, section, size, x->rows);
	char *b = pack_take_n(x->p, dropped, size, more);

	if (!a || !b) {
		free(a);
		free(b);
		return NULL;
	}
	if (more) {
		a = mem_resize(a, x->all.n, size);
		memcpy(a + x->rows * size, b, more * size);
	}
	free(b);
	return a;
}

/* The same of numbers, as wide as the wider of the two. */
static bool take_numbers(struct arriving *x, uint32_t section, uint32_t dropped,
			 struct uints *out)
{
	size_t more = x->all.n - x->rows;
	struct uints b = { NULL, 0 };

	if (!uints_restore(out, x->rows, x->p, section) ||
	    !uints_restore(&b, more, x->p, dropped)) {
		uints_free(&b);
		return false;
	}
	if (more) {
		uints_resize(out, x->all.n);
		uints_fit(out, x->all.n, x->rows, uints_most(&b, more));
		for (size_t i = 0; i < more; i++)
			uints_put(out, x->rows + i, uints_get(&b, i));
	}
	uints_free(&b);
	return true;
}

static bool take_all(struct arriving *x)
{
	struct arrivals *r = &x->all;
	bool ok = true;

	r->cap = r->n;
#define TAKE(section, dropped, field)                      \
	ok &= (r->field = take_joined(x, section, dropped, \
				      sizeof(*r->field))) != NULL
	TAKE(SAVED_TIME, SAVED_DROPPED_TIME, time);
	TAKE(SAVED_ID, SAVED_DROPPED_ID, id);
	TAKE(SAVED_FLAGS, SAVED_DROPPED_FLAGS, flags);
	TAKE(SAVED_KIND, SAVED_DROPPED_KIND, kind);
#undef TAKE
#define TAKE(section, dropped, field) \
	ok &= take_numbers(x, section, dropped, &r->field)
	TAKE(SAVED_FILE, SAVED_DROPPED_FILE, file);
	TAKE(SAVED_RECORD, SAVED_DROPPED_RECORD, record);
	TAKE(SAVED_OFFSET, SAVED_DROPPED_OFFSET, offset);
	TAKE(SAVED_LENGTH, SAVED_DROPPED_LENGTH, length);
	for (uint32_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		TAKE(SAVED_COLUMN + c, SAVED_DROPPED_COLUMN + c, column[c]);
#undef TAKE
	return ok;
}

/* As they were before copies told them their account. */
static bool unlearn(struct arriving *x)
{
	size_t n;
	uint32_t *row = pack_take(x->p, SAVED_LEARNED, sizeof(*row), &n);
	bool ok = row != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		ok = row[i] < x->rows;
		if (ok)
			uints_put(&x->all.column[EVENT_ACCOUNT], row[i], 0);
	}
	free(row);
	return ok;
}

/* Which of them are wanted. */
static bool number_all(struct arriving *x, size_t max_record)
{
	const struct arrivals *r = &x->all;
	uint32_t odd_ids = x->strings.ids.count;

	if (r->n && (uints_most(&r->file, r->n) >= x->files ||
		     uints_most(&r->length, r->n) > max_record ||
		     uints_most(&r->record, r->n) > UINT32_MAX))
		return false;
	x->of = mem_alloc(((size_t)r->n + 1) * sizeof(*x->of));
	for (uint32_t i = 0; i < r->n; i++) {
		file_id file = uints_get_u32(&r->file, i);

		if (r->kind[i] >= EVENT_KIND_COUNT ||
		    (r->flags[i] & EVENT_OUTCOME_MASK) > OUTCOME_FAILED ||
		    (r->id[i].hi == EVENT_ID_TEXT &&
		     !(r->flags[i] & EVENT_NO_ID) && r->id[i].lo >= odd_ids))
			return false;
		/* What was put together of several records is so anew: one of
		 * them may be another. */
		if (x->file_of[file] == FILE_NONE ||
		    r->flags[i] & EVENT_AMENDED)
			x->of[i] = ROW_NONE;
		else
			x->of[i] = x->kept++;
	}
	return true;
}

static bool take_more(struct arriving *x)
{
	x->more = pack_take(x->p, SAVED_MORE, sizeof(*x->more), &x->more_n);
	for (size_t i = 0; x->more && i < x->more_n; i++)
		if (x->more[i].row >= x->all.n ||
		    x->more[i].key >= x->strings.column[EVENT_KEY].count)
			return false;
	return x->more != NULL;
}

/*
 * Strings that somebody uses, into a new table; used[] becomes their numbers
 * there. When all are used the table itself moves, and used[] says so.
 */
static void move_strings(struct intern *from, struct intern *to, uint32_t *used)
{
	uint32_t all = 1;

	for (uint32_t i = 1; i < from->count; i++)
		all &= used[i];
	used[0] = 0;
	if (all) {
		intern_release(to);
		*to = *from;
		*from = (struct intern){ .count = 0 };
		for (uint32_t i = 1; i < to->count; i++)
			used[i] = i;
		return;
	}
	for (uint32_t i = 1; i < from->count; i++)
		if (used[i])
			used[i] = intern_add(to, intern_text(from, i));
}

static void arrive_column(struct arriving *x, enum event_column c)
{
	struct intern *from = &x->strings.column[c];
	struct intern *to = &x->b->shared->strings.column[c];
	struct uints *v = &x->all.column[c];
	uint32_t *used;
	uint32_t count = from->count;

	if (x->all.n && uints_most(v, x->all.n) >= count) {
		atomic_store(&x->failed, true);
		return;
	}
	used = mem_zero(count, sizeof(*used));
	for (uint32_t i = 0; i < x->all.n; i++)
		if (x->of[i] != ROW_NONE)
			used[uints_get_u32(v, i)] = 1;
	for (size_t i = 0; c == EVENT_KEY && i < x->more_n; i++)
		if (x->of[x->more[i].row] != ROW_NONE)
			used[x->more[i].key] = 1;
	move_strings(from, to, used);
	uints_fit(v, x->all.n, x->all.n, to->count);
	for (uint32_t i = 0; i < x->all.n; i++)
		if (x->of[i] != ROW_NONE)
			uints_put(v, x->of[i], used[uints_get_u32(v, i)]);
	for (size_t i = 0; c == EVENT_KEY && i < x->more_n; i++)
		x->more[i].key = used[x->more[i].key];
	free(used);
}

static void arrive_ids(struct arriving *x)
{
	struct arrivals *r = &x->all;
	uint32_t *used = mem_zero(x->strings.ids.count, sizeof(*used));

#define IS_TEXT(i) \
	(r->id[i].hi == EVENT_ID_TEXT && !(r->flags[i] & EVENT_NO_ID))
	for (uint32_t i = 0; i < r->n; i++)
		if (x->of[i] != ROW_NONE && IS_TEXT(i))
			used[r->id[i].lo] = 1;
	move_strings(&x->strings.ids, &x->b->shared->strings.ids, used);
	for (uint32_t i = 0; i < r->n; i++) {
		struct event_id id = r->id[i];

		if (x->of[i] == ROW_NONE)
			continue;
		if (IS_TEXT(i))
			id.lo = used[id.lo];
		r->id[x->of[i]] = id;
	}
#undef IS_TEXT
	free(used);
	for (uint32_t i = 0; i < r->n; i++)
		if (x->of[i] != ROW_NONE)
			r->flags[x->of[i]] = r->flags[i];
}

static void arrive_rest(struct arriving *x)
{
	struct arrivals *r = &x->all;

	uints_fit(&r->file, r->n, r->n, x->b->shared->files.n);
	for (uint32_t i = 0; i < r->n; i++) {
		uint32_t to = x->of[i];

		if (to == ROW_NONE)
			continue;
		r->time[to] = r->time[i];
		uints_put(&r->file, to, x->file_of[uints_get_u32(&r->file, i)]);
		uints_put(&r->record, to, uints_get(&r->record, i));
		uints_put(&r->offset, to, uints_get(&r->offset, i));
		uints_put(&r->length, to, uints_get(&r->length, i));
		r->kind[to] = r->kind[i];
	}
}

/* Those that are wanted move up, with the numbers of today. */
static void arrive_task(void *context, size_t task, unsigned worker)
{
	struct arriving *x = context;

	(void)worker;
	if (task == 0)
		arrive_ids(x);
	else if (task == 1)
		arrive_rest(x);
	else
		arrive_column(x, (enum event_column)(task - 2));
}

static void keep_more(struct arriving *x)
{
	struct store_builder *b = x->b;
	size_t n = 0;

	for (size_t i = 0; i < x->more_n; i++)
		if (x->of[x->more[i].row] != ROW_NONE)
			x->more[n++] = (struct batch_key){
				x->of[x->more[i].row], x->more[i].key
			};
	free(b->more);
	b->more = x->more;
	b->more_n = b->more_cap = n;
	x->more = NULL;
}

static bool read_tables(struct arriving *x)
{
	bool ok = intern_restore(&x->strings.ids, x->p, SAVED_IDS);

	for (uint32_t c = 0; ok && c < EVENT_COLUMN_COUNT; c++)
		ok = intern_restore(&x->strings.column[c], x->p,
				    SAVED_STRINGS + 2 * c);
	return ok;
}

static bool read_head(struct arriving *x)
{
	struct saved_rest *head = pack_take_n(x->p, SAVED_REST, sizeof(*head),
					      1);
	bool ok = head && head->rows < ROW_NONE && head->dropped < ROW_NONE &&
		  head->rows + head->dropped < ROW_NONE;

	if (ok) {
		x->rows = (uint32_t)head->rows;
		x->all.n = (uint32_t)(head->rows + head->dropped);
	}
	free(head);
	return ok;
}

/* What kept files count for is added, or taken away again. */
static void count_kept(struct store_builder *b, bool add)
{
	const struct files *files = &b->shared->files;
	uint64_t sign = add ? 1 : UINT64_MAX;
	struct store_counts *n = &b->counts;

	for (uint32_t f = 0; f < files->n; f++) {
		const struct file_entry *e = &files->entry[f];

		if (!e->kept)
			continue;
		n->records += sign * e->records;
		n->rejected += sign * e->rejected;
		n->content_bytes += sign * e->content_bytes;
		if (file_says_nothing(e))
			n->files_skipped += sign;
		else
			n->files_read += sign;
		b->skips.unlisted += sign * e->unlisted;
	}
}

static bool arrive(struct arriving *x, size_t max_record, unsigned threads)
{
	struct store_builder *b = x->b;
	struct store_shared *shared = b->shared;

	if (!take_all(x) || !unlearn(x) || !read_tables(x) ||
	    !number_all(x, max_record) || !take_more(x) ||
	    !files_restore(&shared->files, x->file_of, x->files, x->p) ||
	    !skips_restore(&b->skips, &shared->reasons, x->file_of, x->files,
			   x->p))
		return false;
	tasks_run(threads, EVENT_COLUMN_COUNT + 2, arrive_task, x);
	return !atomic_load(&x->failed);
}

/* Rows, strings, skips and what is known of the files. */
static void drop_arrived(struct store_builder *b)
{
	struct files *files = &b->shared->files;
	size_t n = 0;

	arrivals_free(&b->rows);
	b->more_n = 0;
	for (size_t i = 0; i < b->skips.n; i++)
		if (!files->entry[b->skips.skip[i].file].kept)
			b->skips.skip[n++] = b->skips.skip[i];
	b->skips.n = n;
	string_tables_release(&b->shared->strings);
	string_tables_init(&b->shared->strings);
	files_forget(files);
}

bool rest_restore(struct store_builder *b, struct pack *p, const file_id *of,
		  uint32_t n, size_t max_record, unsigned threads,
		  struct rest_arrived *out)
{
	struct arriving x = { .b = b, .p = p, .file_of = of, .files = n };
	bool ok;

	*out = (struct rest_arrived){ NULL, 0 };
	if (!read_head(&x))
		return false;
	atomic_init(&x.failed, false);
	string_tables_init(&x.strings);
	ok = arrive(&x, max_record, threads);
	if (ok) {
		*out = (struct rest_arrived){ x.of, x.all.n };
		keep_more(&x);
		x.all.n = x.kept;
		b->rows = x.all;
		count_kept(b, true);
	} else {
		arrivals_free(&x.all);
		free(x.of);
		drop_arrived(b);
	}
	free(x.more);
	string_tables_release(&x.strings);
	return ok;
}

void rest_undo(struct store_builder *b)
{
	count_kept(b, false);
	drop_arrived(b);
}
