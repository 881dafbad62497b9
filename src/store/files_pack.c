/* SPDX-License-Identifier: MIT */
/* What reading found out about files, and what was skipped in them. */
#include "store/pack_private.h"

#include <stdlib.h>

#include "base/intern_pack.h"
#include "base/mem.h"

struct saved_file {
	uint64_t content_bytes, records, rejected, unlisted;
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

void files_save(const struct files *files, struct pack_writer *w)
{
	pack_begin(w, SAVED_FILES);
	for (uint32_t f = 0; f < files->n; f++) {
		const struct file_entry *e = &files->entry[f];
		struct saved_file x = { .content_bytes = e->content_bytes,
					.records = e->records,
					.rejected = e->rejected,
					.unlisted = e->unlisted,
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

void skips_save(const struct skips *skips, struct pack_writer *w)
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

/* Restoring --------------------------------------------------------------- */

static file_id now(const file_id *of, uint32_t f)
{
	return of ? of[f] : f;
}

/* What is left of the points, and of their windows. */
struct points {
	const struct saved_point *point;
	size_t n;
	const char *window;
	size_t bytes;
};

/* The next `n` are of this file, or, when it is NULL, of none. */
static bool take_points(struct points *left, struct file_entry *e, size_t n)
{
	uint64_t out = 0, in = 0;

	if (n > left->n)
		return false;
	if (e) {
		e->points.point = mem_zero(n, sizeof(*e->points.point));
		e->points.cap = n;
	}
	for (; n; n--, left->point++, left->n--) {
		const struct saved_point *from = left->point;

		if (from->window_size > left->bytes ||
		    from->window_size > GZ_WINDOW || from->bits > 7 ||
		    from->out < out || from->in < in ||
		    (e && from->in > e->bytes) || (from->bits && from->in == 0))
			return false;
		out = from->out;
		in = from->in;
		if (e)
			e->points.point[e->points.n++] = (struct gz_point){
				.out = out,
				.in = in,
				.bits = (int)from->bits,
				.window_size = from->window_size,
				.window = mem_dup(left->window,
						  from->window_size),
			};
		left->window += from->window_size;
		left->bytes -= from->window_size;
	}
	return true;
}

void files_forget(struct files *files)
{
	for (uint32_t f = 0; f < files->n; f++) {
		struct file_entry *e = &files->entry[f];

		gz_points_release(&e->points);
		e->points = (struct gz_points){ NULL, 0, 0 };
		e->content_bytes = e->records = e->rejected = e->unlisted = 0;
		e->members = 0;
		e->gzip = false;
		e->kept = false;
		if (!e->refused)
			e->format = FILE_UNREAD;
		e->form = FORM_RECORD;
	}
}

static void restore_file(struct file_entry *e, const struct saved_file *x)
{
	e->content_bytes = x->content_bytes;
	e->records = x->records;
	e->rejected = x->rejected;
	e->unlisted = x->unlisted;
	e->members = x->members;
	e->gzip = x->gzip != 0;
	e->format = (enum file_format)x->format;
	e->form = (enum form)x->form;
	e->kept = true;
}

bool files_restore(struct files *files, const file_id *of, uint32_t n,
		   struct pack *p)
{
	struct saved_file *file = pack_take_n(p, SAVED_FILES, sizeof(*file), n);
	struct points left;
	struct saved_point *point = pack_take(p, SAVED_POINTS, sizeof(*point),
					      &left.n);
	char *window = pack_take(p, SAVED_WINDOWS, 1, &left.bytes);
	bool ok = file && point && window;

	left.point = point;
	left.window = window;
	for (uint32_t f = 0; ok && f < n; f++) {
		struct file_entry *e = NULL;

		ok = file[f].format <= FILE_EMPTY && file[f].form < FORM_COUNT;
		if (ok && now(of, f) != FILE_NONE) {
			e = &files->entry[now(of, f)];
			restore_file(e, &file[f]);
		}
		ok = ok && take_points(&left, e, file[f].points);
	}
	free(file);
	free(point);
	free(window);
	return ok;
}

static bool add_skips(struct skips *to, const struct saved_skip *skip, size_t n,
		      const char *const *reason, uint32_t reasons,
		      const file_id *of, uint32_t files)
{
	for (; n; n--, skip++) {
		if (skip->file >= files || skip->reason >= reasons)
			return false;
		if (now(of, skip->file) == FILE_NONE)
			continue;
		skips_add(to, (struct skip){ .file = now(of, skip->file),
					     .record = skip->record,
					     .offset = skip->offset,
					     .reason = reason[skip->reason],
					     .foreign = skip->foreign != 0 });
	}
	return true;
}

bool skips_restore(struct skips *to, struct arena *arena, const file_id *of,
		   uint32_t files, struct pack *p)
{
	size_t n;
	struct saved_skip *skip = pack_take(p, SAVED_SKIPS, sizeof(*skip), &n);
	const char **reason;
	struct intern texts;
	bool ok;

	intern_init(&texts);
	ok = skip && intern_restore(&texts, p, SAVED_REASONS);
	reason = mem_alloc(texts.count * sizeof(*reason));
	for (uint32_t i = 0; i < texts.count; i++)
		reason[i] = arena_dup(arena, intern_text(&texts, i)).p;
	ok = ok && add_skips(to, skip, n, reason, texts.count, of, files);
	free(reason);
	free(skip);
	intern_release(&texts);
	return ok;
}
