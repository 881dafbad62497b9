/* SPDX-License-Identifier: MIT */
/*
 * One large plain file, read by several workers.
 *
 * Whoever takes a piece guesses where in it an item begins and what is around,
 * reads from there on, and ends where reading first rests behind the piece's
 * end. What it found counts when whoever read before it ended at that very
 * place and in that state; otherwise it is dropped, and the piece is read once
 * more from where the one before it ended. So what comes of a file is what
 * comes of reading it front to back, whatever is in it, and only how long that
 * takes depends on the guesses. Those that follow guess by the last state that
 * was known for sure.
 *
 * Pieces wait for those before them in a window, so memory is bounded.
 */
#include "ingest/ingest_private.h"

#include <stdlib.h>

#include "base/mem.h"

enum { PIECE_BYTES = 4 << 20 };

enum piece_state {
	PIECE_FREE,
	PIECE_READ, /* by a worker, at this moment */
	PIECE_DONE,
};

struct piece {
	struct pieces *of;
	uint64_t number;
	enum piece_state state;
	bool known; /* its beginning is where the one before it ended */
	bool found; /* where to begin, and it was read from there */
	struct envelope_place from, to;
	bool ended;      /* nothing follows in the file */
	uint64_t before; /* waste */
	uint64_t waste, spare;
	uint64_t content; /* bytes, when it ended */
	struct file_entry result;
	uint64_t listed; /* skips */
	struct delivery *delivery;
};

struct pieces {
	struct pieces *next;
	struct source *source;
	struct envelope_file about;
	uint64_t cut, count; /* bytes of a piece; pieces at first sight */
	uint64_t head;       /* the first that does not yet count */
	uint64_t fresh;      /* the first that nobody has taken */
	unsigned window, reading;
	struct envelope_place at;   /* where the head begins */
	struct envelope_place like; /* what those that guess begin in */
	uint64_t waste;             /* of all before the head */
	struct file_report report;
	uint64_t listed;
	bool ended;
	struct piece *piece; /* by number % window */
};

static struct piece *piece_at(struct pieces *p, uint64_t number)
{
	return &p->piece[number % p->window];
}

/* Opening and ending ------------------------------------------------------- */

static uint64_t plain_bytes(const struct ingest *in, file_id file)
{
	const struct file_entry *e = &builder_files(in->builder)->entry[file];

	return e->bytes < in->options.limits.max_file ?
		       e->bytes :
		       in->options.limits.max_file;
}

/* Reads the first item, to know what the others may be like. */
static bool look_at_head(struct worker *w, struct pieces *p)
{
	struct source *source = source_again(p->source, 0);
	struct envelope_item item;
	bool good;

	if (!source)
		return false;
	envelope_start(w->envelope, source);
	envelope_next(w->envelope, &item);
	good = item.kind != ITEM_END && !envelope_at_end(w->envelope);
	p->like = envelope_place(w->envelope);
	envelope_file_note(w->envelope, &p->about);
	source_close(source);
	return good;
}

static void pieces_free(struct pieces *p)
{
	envelope_file_release(&p->about);
	free(p->piece);
	free(p);
}

bool pieces_open(struct worker *w, file_id file, struct source *source)
{
	struct ingest *in = w->in;
	uint64_t bytes = plain_bytes(in, file);
	uint64_t cut = in->options.cut ? in->options.cut : PIECE_BYTES;
	struct pieces *p;

	if (in->workers < 2 || bytes / 2 < cut || source_is_gzip(source))
		return false;
	p = mem_zero(1, sizeof(*p));
	p->source = source;
	envelope_file_init(&p->about);
	if (!look_at_head(w, p)) {
		pieces_free(p);
		return false;
	}
	p->cut = cut;
	p->count = (bytes + cut - 1) / cut;
	p->window = in->workers * 2 + 2;
	p->piece = mem_zero(p->window, sizeof(*p->piece));
	p->report.file = file;
	pthread_mutex_lock(&in->lock);
	p->next = in->pieces;
	in->pieces = p;
	pthread_cond_broadcast(&in->more);
	pthread_mutex_unlock(&in->lock);
	return true;
}

/* When it has ended and nobody reads it any more; under the lock. */
static void close_ended(struct ingest *in, struct pieces *p)
{
	struct pieces **at = &in->pieces;

	if (!p->ended || p->reading)
		return;
	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	source_close(p->source);
	pieces_free(p);
}

static void drop_delivery(struct ingest *in, struct delivery *d)
{
	if (!d)
		return;
	delivery_drop_parts(in, d);
	delivery_free(d);
}

void pieces_free_all(struct ingest *in)
{
	while (in->pieces) {
		struct pieces *p = in->pieces;

		for (unsigned i = 0; i < p->window; i++)
			drop_delivery(in, p->piece[i].delivery);
		p->ended = true;
		close_ended(in, p);
	}
}

/* Taking ------------------------------------------------------------------- */

static struct piece *take_from(struct pieces *p)
{
	bool head = piece_at(p, p->head)->state == PIECE_FREE;
	uint64_t number = head ? p->head : p->fresh;
	struct piece *piece = piece_at(p, number);

	if (p->ended || number - p->head >= p->window ||
	    (!head && number >= p->count))
		return NULL;
	*piece = (struct piece){ .of = p,
				 .number = number,
				 .state = PIECE_READ,
				 .known = head,
				 .from = head ? p->at : p->like,
				 .before = head ? p->waste : 0 };
	if (!head)
		piece->from.offset = number * p->cut;
	if (number == p->fresh)
		p->fresh++;
	p->reading++;
	return piece;
}

struct piece *pieces_take(struct ingest *in)
{
	struct piece *piece = NULL;

	for (struct pieces *p = in->pieces; p && !piece; p = p->next)
		piece = take_from(p);
	return piece;
}

/* Reading ------------------------------------------------------------------ */

/* All items of a piece; what is left of a load that was cancelled is nothing
 * that counts. */
static void read_items(struct file_reading *r, struct piece *piece)
{
	struct worker *w = r->worker;
	const struct pieces *p = piece->of;
	uint64_t until = UINT64_MAX, must = UINT64_MAX;
	struct envelope_item item;

	if (piece->number + 1 < p->count) {
		until = (piece->number + 1) * p->cut;
		must = until + p->cut;
	}
	while (!envelope_rests(w->envelope, until, must)) {
		if (atomic_load_explicit(&w->in->cancelled,
					 memory_order_relaxed))
			break;
		envelope_next(w->envelope, &item);
		if (item.kind == ITEM_END) {
			piece->ended = true;
			break;
		}
		worker_take(r, &item);
	}
}

/* Finds where to begin, and reads. */
static void read_piece(struct file_reading *r, struct piece *piece)
{
	struct worker *w = r->worker;
	const struct pieces *p = piece->of;
	struct source *source = source_again(p->source, 0);

	piece->found = piece->known || envelope_guess(w->envelope, source,
						      &piece->from, &p->about);
	if (piece->known)
		envelope_resume(w->envelope, source, &piece->from, &p->about);
	if (piece->found) {
		envelope_set_waste(w->envelope, piece->before);
		piece->from = envelope_place(w->envelope);
		r->report.result.format = piece->from.format;
		w->more = 0;
		read_items(r, piece);
		piece->to = envelope_place(w->envelope);
		r->report.result.format = piece->to.format;
		piece->waste = envelope_waste(w->envelope);
		piece->spare = envelope_spare(w->envelope);
		piece->content = source_offset(source);
	}
	source_close(source);
}

static void start_afresh(struct worker *w)
{
	for (size_t v = 0; v < w->in->options.visitor_n; v++)
		if (w->in->options.visitor[v].afresh)
			w->in->options.visitor[v].afresh(w->visitor[v]);
}

/* The piece's rows, with tables of their own. */
static struct delivery *gathered(struct worker *w)
{
	struct delivery *d = worker_gather(w);

	d->own_tables = true;
	return d;
}

/* Counting ----------------------------------------------------------------- */

/* Numbers of records in the file, of those in the piece. */
static void renumber(struct batch *b, uint64_t before)
{
	for (size_t i = 0; i < b->n; i++)
		b->row[i].record += (uint32_t)before;
	for (size_t i = 0; i < b->skips.n; i++)
		if (b->skips.skip[i].record)
			b->skips.skip[i].record += before;
}

/* Of the file as many skips are listed as of any, the first ones. */
static void limit_skips(struct pieces *p, struct piece *piece)
{
	struct batch *b = &piece->delivery->batch;
	size_t room = p->listed < SKIPS_PER_FILE ?
			      (size_t)(SKIPS_PER_FILE - p->listed) :
			      0;

	p->listed += piece->listed;
	if (b->skips.n <= room)
		return;
	b->unlisted += b->skips.n - room;
	piece->result.unlisted += b->skips.n - room;
	b->skips.n = room;
}

static void count_piece(struct ingest *in, struct pieces *p,
			struct piece *piece)
{
	struct file_entry *all = &p->report.result;
	const struct file_entry *its = &piece->result;
	uint64_t end = piece->ended ? piece->content : piece->to.offset;
	/* A file that was cut short while it was read has less. */
	uint64_t bytes = end < p->at.offset ? 0 : end - p->at.offset;

	renumber(&piece->delivery->batch, all->records);
	limit_skips(p, piece);
	all->records += its->records;
	all->rejected += its->rejected;
	all->unlisted += its->unlisted;
	all->format = its->format;
	if (all->form == FORM_RECORD)
		all->form = its->form;
	atomic_fetch_add(&in->bytes, bytes);
	atomic_fetch_add(&in->content, bytes);
	atomic_fetch_add(&in->records, its->records);
	atomic_fetch_add(&in->rejected, its->rejected);
	p->waste = piece->known ? piece->waste : p->waste + piece->waste;
	p->at = p->like = piece->to;
	p->head++;
	if (!piece->ended)
		return;
	all->content_bytes = piece->content;
	delivery_report(piece->delivery, &p->report);
	p->ended = true;
}

/* Is what was read what reading from the front would have found? */
static bool counts(const struct pieces *p, const struct piece *piece)
{
	return piece->known ||
	       (piece->found && envelope_same_place(&piece->from, &p->at) &&
		p->waste <= piece->spare);
}

/*
 * Takes what counts from the head on, as much as there is: its deliveries go
 * to out[], others to drop[], both of p->window. Under the lock.
 */
static void advance(struct ingest *in, struct pieces *p, struct delivery **out,
		    size_t *out_n, struct delivery **drop, size_t *drop_n)
{
	struct piece *piece;

	while (!p->ended &&
	       (piece = piece_at(p, p->head))->state == PIECE_DONE &&
	       piece->number == p->head) {
		bool good = counts(p, piece);

		if (good) {
			count_piece(in, p, piece);
			out[(*out_n)++] = piece->delivery;
		} else {
			drop[(*drop_n)++] = piece->delivery;
		}
		*piece = (struct piece){ .state = PIECE_FREE };
		if (!good)
			break;
	}
	for (unsigned i = 0; p->ended && i < p->window; i++)
		if (p->piece[i].state == PIECE_DONE) {
			drop[(*drop_n)++] = p->piece[i].delivery;
			p->piece[i] = (struct piece){ .state = PIECE_FREE };
		}
}

/* The piece has been read: it counts, or waits for others, or is dropped. */
static void put(struct ingest *in, struct piece *piece)
{
	struct pieces *p = piece->of;
	size_t out_n = 0, drop_n = 0;
	struct delivery **out = mem_alloc(p->window * sizeof(*out));
	struct delivery **drop = mem_alloc(p->window * sizeof(*drop));

	pthread_mutex_lock(&in->lock);
	piece->state = PIECE_DONE;
	p->reading--;
	advance(in, p, out, &out_n, drop, &drop_n);
	close_ended(in, p);
	pthread_cond_broadcast(&in->more);
	pthread_mutex_unlock(&in->lock);
	for (size_t i = 0; i < drop_n; i++)
		drop_delivery(in, drop[i]);
	for (size_t i = 0; i < out_n; i++)
		if (!queue_push(&in->queue, out[i]))
			drop_delivery(in, out[i]);
	free(out);
	free(drop);
}

void pieces_read(struct worker *w, struct piece *piece)
{
	struct ingest *in = w->in;
	struct file_reading r = {
		.worker = w, .report = { .file = piece->of->report.file }
	};
	struct string_tables *tables;
	struct delivery *delivery;

	/* What comes of the piece may be dropped: nothing else goes with it. */
	worker_flush(w);
	tables = w->tables;
	delivery = w->delivery;
	w->tables = worker_tables_new();
	w->delivery = delivery_new(in->workers);
	for (size_t v = 0; v < in->options.visitor_n; v++)
		if (in->options.visitor[v].begin)
			in->options.visitor[v].begin(w->visitor[v]);
	start_afresh(w);
	read_piece(&r, piece);
	piece->delivery = gathered(w);
	piece->result = r.report.result;
	piece->listed = r.listed;
	start_afresh(w);
	w->tables = tables;
	w->delivery = delivery;
	put(in, piece);
}
