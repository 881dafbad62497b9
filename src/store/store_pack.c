/* SPDX-License-Identifier: MIT */
#include "store/pack_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/intern_pack.h"
#include "base/mem.h"
#include "base/tasks.h"
#include "base/timefmt.h"

struct saved_facts {
	uint64_t rows, slots;
	struct hash_key key; /* of the slots */
	uint64_t unlisted;
	uint64_t files_read, files_skipped, records, rejected, duplicates,
		content_bytes;
};

/* Numbers ----------------------------------------------------------------- */

void uints_save(const struct uints *u, size_t n, struct pack_writer *w,
		uint32_t section)
{
	pack_array(w, section, u->at, n, u->width);
}

bool uints_restore(struct uints *u, size_t n, struct pack *p, uint32_t section)
{
	size_t bytes, width;
	void *at = pack_take(p, section, 1, &bytes);

	width = n ? bytes / n : 1;
	if (!at || bytes != n * width || width > sizeof(uint64_t) || !width ||
	    (width & (width - 1))) {
		free(at);
		return false;
	}
	*u = (struct uints){ at, (uint8_t)width };
	return true;
}

/* Saving ------------------------------------------------------------------ */

bool store_can_be_saved(const struct store *s)
{
	if (!s->complete || s->partial || s->n == 0)
		return false;
	for (uint32_t f = 0; f < s->files->n; f++)
		if (s->files->entry[f].fd >= 0 || s->files->entry[f].spooled)
			return false;
	return true;
}

static void save_facts(const struct store *s, struct pack_writer *w)
{
	const struct store_counts *c = &s->counts;
	struct saved_facts facts = {
		.rows = s->n,
		.slots = (uint64_t)s->slot_mask + 1,
		.key = ((const struct store_box *)s)->shared->key,
		.unlisted = s->skips.unlisted,
		.files_read = c->files_read,
		.files_skipped = c->files_skipped,
		.records = c->records,
		.rejected = c->rejected,
		.duplicates = c->duplicates,
		.content_bytes = c->content_bytes,
	};

	pack_array(w, SAVED_FACTS, &facts, 1, sizeof(facts));
}

void store_save(const struct store *s, struct pack_writer *w)
{
	const struct postings *keys = &s->postings[EVENT_KEY];
	size_t values = s->values[EVENT_KEY];

	save_facts(s, w);
	files_save(s->files, w);
	skips_save(&s->skips, w);
	intern_save(&s->strings->ids, w, SAVED_IDS);
	for (uint32_t c = 0; c < EVENT_COLUMN_COUNT; c++) {
		uints_save(&s->column[c], s->n, w, SAVED_COLUMN + c);
		intern_save(&s->strings->column[c], w, SAVED_STRINGS + 2 * c);
	}
#define SAVE(section, field) \
	pack_array(w, section, s->field, s->n, sizeof(*s->field))
	SAVE(SAVED_TIME, time);
	SAVE(SAVED_ID, id);
	SAVE(SAVED_FLAGS, flags);
	SAVE(SAVED_KIND, kind);
	SAVE(SAVED_COPIES, copies);
#undef SAVE
	uints_save(&s->file, s->n, w, SAVED_FILE);
	uints_save(&s->record, s->n, w, SAVED_RECORD);
	uints_save(&s->offset, s->n, w, SAVED_OFFSET);
	uints_save(&s->length, s->n, w, SAVED_LENGTH);
	pack_array(w, SAVED_AMENDED, s->amended.row, s->amended.n,
		   sizeof(*s->amended.row));
	pack_array(w, SAVED_AMENDED_START, s->amended.start,
		   s->amended.start ? s->amended.n + 1 : 0,
		   sizeof(*s->amended.start));
	pack_array(w, SAVED_AMENDED_PART, s->amended.part,
		   s->amended.n ? s->amended.start[s->amended.n] : 0,
		   sizeof(*s->amended.part));
	pack_array(w, SAVED_SLOTS, s->slots, (size_t)s->slot_mask + 1,
		   sizeof(*s->slots));
	pack_array(w, SAVED_KEY_START, keys->start, values + 1,
		   sizeof(*keys->start));
	pack_array(w, SAVED_KEY_ROW, keys->row, keys->start[values],
		   sizeof(*keys->row));
}

/* Checks ------------------------------------------------------------------ */

static bool all_below(const struct uints *u, size_t n, uint64_t limit)
{
	return n == 0 || uints_most(u, n) < limit;
}

static bool rows_hold(const struct store *s, uint32_t files, size_t max_record)
{
	uint32_t odd_ids = s->strings->ids.count;

	if (!all_below(&s->file, s->n, files) ||
	    !all_below(&s->length, s->n, (uint64_t)max_record + 1) ||
	    !all_below(&s->record, s->n, (uint64_t)UINT32_MAX + 1))
		return false;
	for (row_id r = 0; r < s->n; r++) {
		if (s->id[r].hi == EVENT_ID_TEXT &&
		    !(s->flags[r] & EVENT_NO_ID) && s->id[r].lo >= odd_ids)
			return false;
		if (s->kind[r] >= EVENT_KIND_COUNT ||
		    (s->flags[r] & EVENT_OUTCOME_MASK) > OUTCOME_FAILED ||
		    (r && s->time[r] < s->time[r - 1]))
			return false;
	}
	return true;
}

/* A search ends at a free one. */
static bool slots_hold(const struct store *s)
{
	size_t n = (size_t)s->slot_mask + 1, empty = 0;

	for (size_t i = 0; i < n; i++) {
		if (s->slots[i] != ROW_NONE && s->slots[i] >= s->n)
			return false;
		empty += s->slots[i] == ROW_NONE;
	}
	return empty != 0 && (n & (n - 1)) == 0;
}

/* Lists of rows by number: they begin at 0, end at the end, and ascend. */
static bool lists_hold(const struct postings *p, size_t values, size_t rows,
		       row_id limit)
{
	if (p->start[0] != 0 || p->start[values] != rows)
		return false;
	for (size_t v = 0; v < values; v++) {
		if (p->start[v + 1] < p->start[v] || p->start[v + 1] > rows)
			return false;
		for (uint32_t i = p->start[v]; i < p->start[v + 1]; i++)
			if (p->row[i] >= limit ||
			    (i > p->start[v] && p->row[i] < p->row[i - 1]))
				return false;
	}
	return true;
}

/* Restoring --------------------------------------------------------------- */

struct restoring {
	struct store_builder *b;
	struct pack *p;
	struct store *s;
	struct saved_facts facts;
	size_t max_record, key_rows;
	atomic_bool failed;
};

static void fail(struct restoring *x)
{
	atomic_store(&x->failed, true);
}

static bool take_rows(struct restoring *x)
{
	struct store *s = x->s;
	struct pack *p = x->p;
	row_id n = s->n;
	bool ok = true;

#define TAKE(section, field) \
	ok &= (s->field = pack_take_n(p, section, sizeof(*s->field), n)) != NULL
	TAKE(SAVED_TIME, time);
	TAKE(SAVED_ID, id);
	TAKE(SAVED_FLAGS, flags);
	TAKE(SAVED_KIND, kind);
	TAKE(SAVED_COPIES, copies);
#undef TAKE
	ok &= uints_restore(&s->file, n, p, SAVED_FILE);
	ok &= uints_restore(&s->record, n, p, SAVED_RECORD);
	ok &= uints_restore(&s->offset, n, p, SAVED_OFFSET);
	ok &= uints_restore(&s->length, n, p, SAVED_LENGTH);
	for (uint32_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		ok &= uints_restore(&s->column[c], n, p, SAVED_COLUMN + c);
	s->slots = pack_take_n(p, SAVED_SLOTS, sizeof(*s->slots),
			       (size_t)x->facts.slots);
	return ok && s->slots;
}

/* The parts of amended rows, each as a row's place has to be. */
static bool restore_amended(struct restoring *x)
{
	struct amendments *a = &x->s->amended;
	uint32_t files = x->b->shared->files.n;
	size_t parts, starts;
	bool ok;

	a->row = pack_take(x->p, SAVED_AMENDED, sizeof(*a->row), &a->n);
	a->start = pack_take(x->p, SAVED_AMENDED_START, sizeof(*a->start),
			     &starts);
	a->part = pack_take(x->p, SAVED_AMENDED_PART, sizeof(*a->part), &parts);
	ok = a->row && a->start && a->part && starts == a->n + 1 &&
	     a->start[0] == 0 && a->start[a->n] == parts;
	for (size_t i = 0; ok && i < a->n; i++)
		ok = a->row[i] < x->s->n && (!i || a->row[i - 1] < a->row[i]) &&
		     a->start[i] < a->start[i + 1] && a->start[i + 1] <= parts;
	for (size_t i = 0; ok && i < parts; i++)
		ok = a->part[i].file < files &&
		     a->part[i].length <= x->max_record;
	if (!ok)
		a->n = 0;
	return ok;
}

/* A column: its strings, its numbers, its posting lists. */
static void restore_column(struct restoring *x, enum event_column c)
{
	struct intern *strings = &x->b->shared->strings.column[c];
	struct store *s = x->s;
	struct postings *keys = &s->postings[c];

	if (!intern_restore(strings, x->p, SAVED_STRINGS + 2 * c) ||
	    !all_below(&s->column[c], s->n, strings->count)) {
		fail(x);
		return;
	}
	s->values[c] = strings->count;
	if (c != EVENT_KEY) {
		if (builder_indexes(c))
			builder_index(s, c);
		return;
	}
	keys->start = pack_take_n(x->p, SAVED_KEY_START, sizeof(*keys->start),
				  (size_t)s->values[c] + 1);
	keys->row = pack_take(x->p, SAVED_KEY_ROW, sizeof(*keys->row),
			      &x->key_rows);
	if (!keys->start || !keys->row ||
	    !lists_hold(keys, s->values[c], x->key_rows, s->n))
		fail(x);
}

static void restore_task(void *context, size_t task, unsigned worker)
{
	struct restoring *x = context;

	(void)worker;
	if (task < EVENT_COLUMN_COUNT)
		restore_column(x, (enum event_column)task);
	else if (task == EVENT_COLUMN_COUNT ?
			 !slots_hold(x->s) :
			 !rows_hold(x->s, x->b->shared->files.n, x->max_record))
		fail(x);
}

static bool restore(struct restoring *x, unsigned threads)
{
	struct store_shared *shared = x->b->shared;
	struct files *files = &shared->files;
	struct store *s = x->s;

	if (!intern_restore(&shared->strings.ids, x->p, SAVED_IDS) ||
	    !take_rows(x) || !restore_amended(x) ||
	    !files_restore(files, NULL, files->n, x->p) ||
	    !skips_restore(&s->skips, &shared->reasons, NULL, files->n, x->p))
		return false;
	s->skips.unlisted = x->facts.unlisted;
	s->slot_mask = (uint32_t)(x->facts.slots - 1);
	tasks_run(threads, EVENT_COLUMN_COUNT + 2, restore_task, x);
	return !atomic_load(&x->failed);
}

/* What the pack says, but for what looking for the files tells anew. */
static void restore_counts(struct restoring *x)
{
	const struct saved_facts *f = &x->facts;
	struct store *s = x->s;

	s->counts = x->b->counts;
	s->counts.files_read = f->files_read;
	s->counts.files_skipped = f->files_skipped;
	s->counts.records = f->records;
	s->counts.rejected = f->rejected;
	s->counts.duplicates = f->duplicates;
	s->counts.content_bytes = f->content_bytes;
}

static bool read_facts(struct restoring *x)
{
	struct saved_facts *facts = pack_take_n(x->p, SAVED_FACTS,
						sizeof(*facts), 1);
	bool ok = facts && facts->rows && facts->rows < ROW_NONE &&
		  facts->slots && facts->slots <= (uint64_t)1 << 32;

	if (ok)
		x->facts = *facts;
	free(facts);
	return ok;
}

void store_undo(struct store_builder *b, struct store *s)
{
	string_tables_release(&b->shared->strings);
	string_tables_init(&b->shared->strings);
	files_forget(&b->shared->files);
	store_release(s);
}

struct store *store_restore(struct store_builder *b, struct pack *p,
			    size_t max_record, unsigned threads)
{
	struct restoring x = { .b = b, .p = p, .max_record = max_record };
	struct store_box *box;
	struct store *s;
	bool ok;

	atomic_init(&x.failed, false);
	if (!read_facts(&x))
		return NULL;
	box = store_box_new(b->shared);
	x.s = s = &box->store;
	s->n = (row_id)x.facts.rows;
	ok = restore(&x, threads);
	if (!ok) {
		store_undo(b, s);
		return NULL;
	}
	b->shared->key = x.facts.key;
	s->odd_ids = s->strings->ids.count;
	s->timed = s->n;
	while (s->timed && s->time[s->timed - 1] == TIME_NONE)
		s->timed--;
	restore_counts(&x);
	s->complete = true;
	return s;
}
