/* SPDX-License-Identifier: MIT */
/* Where the reading of a file may be cut, and going on from there. */
#include "ingest/envelope_private.h"

/* Bytes in which a place to begin at is looked for. */
enum { GUESS_WITHIN = 1024 * 1024 };

void envelope_file_init(struct envelope_file *f)
{
	strbuf_init(&f->header);
	strbuf_init(&f->lead);
}

void envelope_file_release(struct envelope_file *f)
{
	strbuf_release(&f->header);
	strbuf_release(&f->lead);
}

void envelope_file_note(const struct envelope *e, struct envelope_file *f)
{
	strbuf_clear(&f->header);
	strbuf_add(&f->header, strbuf_str(&e->header));
	strbuf_clear(&f->lead);
	strbuf_add(&f->lead, strbuf_str(&e->lead));
}

/* Resting ------------------------------------------------------------------ */

/* Does as envelope_next would before it finds an item; false where that does
 * not lead to one. */
static bool pass_to_item(struct envelope *e)
{
	while (e->state == IN_ARRAY) {
		if (!envelope_pass(e, ","))
			return false;
		if (e->buf[e->at] != ']')
			return true;
		envelope_leave_array(e);
	}
	switch (e->state) {
	case BETWEEN:
	case IN_TABLE:
		return envelope_pass(e, "");
	case BEHIND:
		return envelope_pass(e, ",]}");
	case IN_LINES:
		return true;
	default:
		return false;
	}
}

/* A guess finds such a place. */
static bool is_marked(struct envelope *e)
{
	switch (e->state) {
	case IN_TABLE:
	case IN_LINES:
		return true;
	case IN_ARRAY:
		return e->buf[e->at] == '{';
	default:
		return e->buf[e->at] == '{' || envelope_prefix(e);
	}
}

bool envelope_rests(struct envelope *e, uint64_t from, uint64_t must)
{
	/* Behind a break the next value is looked at more strictly. */
	if (e->base + e->n < from || e->wanted || !pass_to_item(e) ||
	    e->base + e->at < from)
		return false;
	return e->base + e->at >= must || is_marked(e);
}

bool envelope_at_end(const struct envelope *e)
{
	return e->state == AT_END;
}

struct envelope_place envelope_place(const struct envelope *e)
{
	return (struct envelope_place){ .offset = e->base + e->at,
					.state = e->state,
					.objects = e->objects,
					.delivery = e->delivery,
					.format = e->format };
}

bool envelope_same_place(const struct envelope_place *a,
			 const struct envelope_place *b)
{
	if (a->offset != b->offset || a->state != b->state ||
	    a->format != b->format)
		return false;
	/* Elsewhere nobody asks what is around. */
	return a->state != IN_ARRAY ||
	       (a->objects == b->objects && a->delivery == b->delivery);
}

/* Going on ----------------------------------------------------------------- */

void envelope_resume(struct envelope *e, struct source *source,
		     const struct envelope_place *place,
		     const struct envelope_file *file)
{
	uint64_t back = place->offset < ENVELOPE_LOOK_BACK ? place->offset :
							     ENVELOPE_LOOK_BACK;

	envelope_start(e, source);
	if (place->state == AT_START)
		return;
	source_seek(source, place->offset - back);
	while (e->n < back && envelope_fill(e))
		;
	e->at = e->n < back ? e->n : (size_t)back;
	e->base = place->offset - e->at;
	e->state = place->state;
	e->objects = place->objects;
	e->delivery = place->delivery;
	e->format = place->format;
	strbuf_add(&e->header, strbuf_str(&file->header));
}

uint64_t envelope_waste(const struct envelope *e)
{
	return e->waste;
}

uint64_t envelope_spare(const struct envelope *e)
{
	return e->spare;
}

void envelope_set_waste(struct envelope *e, uint64_t before)
{
	e->waste = before;
}

/* Guessing ----------------------------------------------------------------- */

/* Moves on to the next line that begins at e->at or behind; false at the end
 * of the file, or where none begins before `limit`. */
static bool pass_to_line(struct envelope *e, uint64_t limit)
{
	if (e->at && e->buf[e->at - 1] == '\n')
		return e->at < e->n || envelope_fill(e);
	while (e->base + e->at < limit) {
		const char *hit = memchr(e->buf + e->at, '\n', e->n - e->at);

		e->at = hit ? (size_t)(hit - e->buf) + 1 : e->n;
		if (hit && e->at < e->n)
			return true;
		if (!envelope_fill(e))
			return false;
		if (hit)
			return true;
	}
	return false;
}

/* The last byte before buf[at] that is no blank, or NUL. */
static char before(const struct envelope *e, size_t at)
{
	for (size_t back = 1; back <= at && back <= ENVELOPE_LOOK_BACK; back++)
		if (!strchr(" \t\r\n", e->buf[at - back]))
			return e->buf[at - back];
	return '\0';
}

/* A time stands on the line before the object at e->at: moves there. */
static bool go_to_prefix(struct envelope *e)
{
	size_t at = e->at, line = at;

	while (line && e->buf[line - 1] != '\n' &&
	       at - line < ENVELOPE_LOOK_BACK)
		line--;
	e->at = line;
	if (line < at && envelope_prefix(e) == at - line)
		return true;
	e->at = at;
	return false;
}

/*
 * Would somebody who reads in this state rest at the object at e->at? Then the
 * state in which he would.
 */
static bool is_place(struct envelope *e, const struct envelope_file *file)
{
	struct str text = str_sub(envelope_ahead(e), 0, ENVELOPE_LOOK_BACK);
	struct str key;
	char sep = before(e, e->at);

	if (!envelope_first_key(text, &key) ||
	    !(envelope_begins_record(e, e->at) || envelope_names_records(key) ||
	      str_eq(key, strbuf_str(&file->lead))))
		return false;
	if (sep == ',')
		return e->state != BETWEEN;
	if (e->state != BEHIND)
		e->state = BETWEEN;
	return sep == '}' || sep == ']' || sep == '\0' || go_to_prefix(e);
}

/* The next object from e->at on that looks like that. */
static bool pass_to_object(struct envelope *e, const struct envelope_file *file,
			   uint64_t limit)
{
	enum state state = e->state;

	while (e->base + e->at < limit) {
		const char *hit = memchr(e->buf + e->at, '{', e->n - e->at);

		if (!hit) {
			e->at = e->n;
			if (!envelope_fill(e))
				return false;
			continue;
		}
		e->at = (size_t)(hit - e->buf);
		if (e->n - e->at < ENVELOPE_LONGEST_MARK && envelope_fill(e))
			continue;
		e->state = state;
		if (is_place(e, file))
			return true;
		e->at++;
	}
	return false;
}

bool envelope_guess(struct envelope *e, struct source *source,
		    const struct envelope_place *place,
		    const struct envelope_file *file)
{
	uint64_t limit = place->offset + GUESS_WITHIN;

	envelope_resume(e, source, place, file);
	switch (e->state) {
	case IN_LINES:
		return pass_to_line(e, limit);
	case IN_TABLE:
		return pass_to_line(e, limit) && envelope_pass(e, "");
	case BETWEEN:
	case BEHIND:
	case IN_ARRAY:
		return pass_to_object(e, file, limit);
	default:
		return false;
	}
}
