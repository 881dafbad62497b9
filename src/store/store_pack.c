/* SPDX-License-Identifier: MIT */
#include "store/store_pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/intern_pack.h"
#include "base/mem.h"
#include "base/tasks.h"
#include "base/timefmt.h"
#include "store/builder_private.h"

enum {
	SAVED_FACTS = 1, /* struct saved_facts */
	SAVED_TIME,
	SAVED_ID,
	SAVED_FILE,
	SAVED_RECORD,
	SAVED_OFFSET,
	SAVED_LENGTH,
	SAVED_FLAGS,
	SAVED_KIND,
	SAVED_COPIES,
	SAVED_SLOTS,
	SAVED_KEY_START, /* posting lists of access keys */
	SAVED_KEY_ROW,
	SAVED_FILES,   /* struct saved_file */
	SAVED_POINTS,  /* struct saved_point, by file */
	SAVED_WINDOWS, /* of the points */
	SAVED_SKIPS,   /* struct saved_skip */
	SAVED_IDS,     /* strings, two */
	SAVED_REASONS = SAVED_IDS + 2,
	SAVED_COLUMN = SAVED_REASONS + 2,
	SAVED_STRINGS = SAVED_COLUMN + EVENT_COLUMN_COUNT,
	SAVED_END = SAVED_STRINGS + 2 * EVENT_COLUMN_COUNT,
};

_Static_assert((int)SAVED_END <= (int)STORE_SECTIONS_END, "numbers are free");

struct saved_facts {
	uint64_t rows, slots;
	struct hash_key key; /* of the slots */
	uint64_t unlisted;
	uint64_t files_read, files_skipped, records, rejected, duplicates,
		content_bytes;
};

struct saved_file {
	uint64_t content_bytes, records, rejected;
	uint32_t members, points;
	uint8_t gzip, format, form, unused[5];
};

struct saved_point {
	uint64_t out, in;
	uint32_t window_size, bits;
};

struct saved_skip {
	uint64_t record, offset;
	uint32_t file, reason; /* in SAVED_REASONS */
	uint8_t foreign, unused[7];
};

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

static void save_files(const struct files *files, struct pack_writer *w)
{
	pack_begin(w, SAVED_FILES);
	for (uint32_t f = 0; f < files->n; f++) {
		const struct file_entry *e = &files->entry[f];
		struct saved_file x = { .content_bytes = e->content_bytes,
					.records = e->records,
					.rejected = e->rejected,
					.members = e->members,
					.points = (uint32_t)e->points.n,
					.gzip = e->gzip,
					.format = (uint8_t)e->format,
					.form = (uint8_t)e->form };

		pack_add(w, &x, sizeof(x));
	}
	pack_begin(w, SAVED_POINTS);
	for (uint32_t f = 0; f < files->n; f++)
		for (size_t i = 0; i < files->entry[f].points.n; i++) {
			const struct gz_point *p =
				&files->entry[f].points.point[i];
			struct saved_point x = { p->out, p->in, p->window_size,
						 (uint32_t)p->bits };

			pack_add(w, &x, sizeof(x));
		}
	pack_begin(w, SAVED_WINDOWS);
	for (uint32_t f = 0; f < files->n; f++)
		for (size_t i = 0; i < files->entry[f].points.n; i++) {
			const struct gz_point *p =
				&files->entry[f].points.point[i];

			pack_add(w, p->window, p->window_size);
		}
}

static void save_skips(const struct skips *skips, struct pack_writer *w)
{
	struct intern reasons;

	intern_init(&reasons);
	pack_begin(w, SAVED_SKIPS);
	for (size_t i = 0; i < skips->n; i++) {
		const struct skip *k = &skips->skip[i];
		struct saved_skip x = {
			.record = k->record,
			.offset = k->offset,
			.file = k->file,
			.reason = intern_add(&reasons, str_of(k->reason)),
			.foreign = k->foreign,
		};

		pack_add(w, &x, sizeof(x));
	}
	intern_save(&reasons, w, SAVED_REASONS);
	intern_release(&reasons);
}

void store_save(const struct store *s, struct pack_writer *w)
{
	const struct postings *keys = &s->postings[EVENT_KEY];
	size_t values = s->values[EVENT_KEY];

	save_facts(s, w);
	save_files(s->files, w);
	save_skips(&s->skips, w);
	intern_save(&s->strings->ids, w, SAVED_IDS);
	for (uint32_t c = 0; c < EVENT_COLUMN_COUNT; c++) {
		pack_array(w, SAVED_COLUMN + c, s->column[c], s->n,
			   sizeof(*s->column[c]));
		intern_save(&s->strings->column[c], w, SAVED_STRINGS + 2 * c);
	}
#define SAVE(section, field) \
	pack_array(w, section, s->field, s->n, sizeof(*s->field))
	SAVE(SAVED_TIME, time);
	SAVE(SAVED_ID, id);
	SAVE(SAVED_FILE, file);
	SAVE(SAVED_RECORD, record);
	SAVE(SAVED_OFFSET, offset);
	SAVE(SAVED_LENGTH, length);
	SAVE(SAVED_FLAGS, flags);
	SAVE(SAVED_KIND, kind);
	SAVE(SAVED_COPIES, copies);
#undef SAVE
	pack_array(w, SAVED_SLOTS, s->slots, (size_t)s->slot_mask + 1,
		   sizeof(*s->slots));
	pack_array(w, SAVED_KEY_START, keys->start, values + 1,
		   sizeof(*keys->start));
	pack_array(w, SAVED_KEY_ROW, keys->row, keys->start[values],
		   sizeof(*keys->row));
}

/* Checks ------------------------------------------------------------------ */

static bool all_below(const uint32_t *v, size_t n, uint32_t limit)
{
	uint32_t most = 0;

	for (size_t i = 0; i < n; i++)
		most = v[i] > most ? v[i] : most;
	return n == 0 || most < limit;
}

static bool rows_hold(const struct store *s, uint32_t files, size_t max_record)
{
	uint32_t odd_ids = s->strings->ids.count;

	for (row_id r = 0; r < s->n; r++) {
		if (s->id[r].hi == EVENT_ID_TEXT &&
		    !(s->flags[r] & EVENT_NO_ID) && s->id[r].lo >= odd_ids)
			return false;
		if (s->length[r] > max_record || s->file[r] >= files ||
		    s->kind[r] >= EVENT_KIND_COUNT ||
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
	struct intern reasons;
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
	TAKE(SAVED_FILE, file);
	TAKE(SAVED_RECORD, record);
	TAKE(SAVED_OFFSET, offset);
	TAKE(SAVED_LENGTH, length);
	TAKE(SAVED_FLAGS, flags);
	TAKE(SAVED_KIND, kind);
	TAKE(SAVED_COPIES, copies);
	for (uint32_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		TAKE(SAVED_COLUMN + c, column[c]);
#undef TAKE
	s->slots = pack_take_n(p, SAVED_SLOTS, sizeof(*s->slots),
			       (size_t)x->facts.slots);
	return ok && s->slots;
}

/* A column: its strings, its numbers, its posting lists. */
static void restore_column(struct restoring *x, enum event_column c)
{
	struct intern *strings = &x->b->shared->strings.column[c];
	struct store *s = x->s;
	struct postings *keys = &s->postings[c];

	if (!intern_restore(strings, x->p, SAVED_STRINGS + 2 * c) ||
	    !all_below(s->column[c], s->n, strings->count)) {
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
	else if (!slots_hold(x->s))
		fail(x);
}

static bool restore_points(struct file_entry *e, size_t n,
			   const struct saved_point **point, size_t *points,
			   const char **window, size_t *windows)
{
	uint64_t out = 0, in = 0;

	if (n > *points)
		return false;
	e->points.point = mem_zero(n, sizeof(*e->points.point));
	e->points.cap = n;
	for (; e->points.n < n; (*point)++, (*points)--) {
		const struct saved_point *from = *point;

		if (from->window_size > *windows ||
		    from->window_size > GZ_WINDOW || from->bits > 7 ||
		    from->out < out || from->in < in || from->in > e->bytes ||
		    (from->bits && from->in == 0))
			return false;
		out = from->out;
		in = from->in;
		e->points.point[e->points.n++] = (struct gz_point){
			.out = out,
			.in = in,
			.bits = (int)from->bits,
			.window_size = from->window_size,
			.window = mem_dup(*window, from->window_size),
		};
		*window += from->window_size;
		*windows -= from->window_size;
	}
	return true;
}

static void forget_files(struct files *files)
{
	for (uint32_t f = 0; f < files->n; f++) {
		struct file_entry *e = &files->entry[f];

		gz_points_release(&e->points);
		e->points = (struct gz_points){ NULL, 0, 0 };
		e->content_bytes = e->records = e->rejected = 0;
		e->members = 0;
		e->gzip = false;
		if (!e->refused)
			e->format = FILE_UNREAD;
		e->form = FORM_RECORD;
	}
}

static bool restore_files(struct restoring *x)
{
	struct files *files = &x->b->shared->files;
	size_t points, windows;
	struct saved_file *file = pack_take_n(x->p, SAVED_FILES, sizeof(*file),
					      files->n);
	struct saved_point *point = pack_take(x->p, SAVED_POINTS,
					      sizeof(*point), &points);
	char *window = pack_take(x->p, SAVED_WINDOWS, 1, &windows);
	const struct saved_point *next = point;
	const char *bytes = window;
	bool ok = file && point && window;

	for (uint32_t f = 0; ok && f < files->n; f++) {
		struct file_entry *e = &files->entry[f];

		ok = file[f].format <= FILE_EMPTY && file[f].form < FORM_COUNT;
		if (!ok)
			break;
		e->content_bytes = file[f].content_bytes;
		e->records = file[f].records;
		e->rejected = file[f].rejected;
		e->members = file[f].members;
		e->gzip = file[f].gzip != 0;
		e->format = (enum file_format)file[f].format;
		e->form = (enum form)file[f].form;
		ok = restore_points(e, file[f].points, &next, &points, &bytes,
				    &windows);
	}
	free(file);
	free(point);
	free(window);
	return ok;
}

static bool restore_skips(struct restoring *x)
{
	struct store_shared *shared = x->b->shared;
	struct skips *skips = &x->s->skips;
	size_t n;
	struct saved_skip *skip = pack_take(x->p, SAVED_SKIPS, sizeof(*skip),
					    &n);
	bool ok = skip && intern_restore(&x->reasons, x->p, SAVED_REASONS);
	const char **reason = mem_alloc(x->reasons.count * sizeof(*reason));

	for (uint32_t i = 0; ok && i < x->reasons.count; i++)
		reason[i] = arena_dup(&shared->reasons,
				      intern_text(&x->reasons, i))
				    .p;
	for (size_t i = 0; ok && i < n; i++) {
		ok = skip[i].file < shared->files.n &&
		     skip[i].reason < x->reasons.count;
		if (ok)
			skips_add(skips,
				  (struct skip){
					  .file = skip[i].file,
					  .record = skip[i].record,
					  .offset = skip[i].offset,
					  .reason = reason[skip[i].reason],
					  .foreign = skip[i].foreign != 0 });
	}
	skips->unlisted = x->facts.unlisted;
	free(reason);
	free(skip);
	return ok;
}

static bool restore(struct restoring *x, unsigned threads)
{
	struct store_shared *shared = x->b->shared;
	struct store *s = x->s;

	if (!intern_restore(&shared->strings.ids, x->p, SAVED_IDS) ||
	    !take_rows(x) || !restore_files(x) || !restore_skips(x))
		return false;
	s->slot_mask = (uint32_t)(x->facts.slots - 1);
	tasks_run(threads, EVENT_COLUMN_COUNT + 1, restore_task, x);
	return !atomic_load(&x->failed) &&
	       rows_hold(s, shared->files.n, x->max_record);
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
	forget_files(&b->shared->files);
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
	intern_init(&x.reasons);
	ok = restore(&x, threads);
	intern_release(&x.reasons);
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
