/* SPDX-License-Identifier: MIT */
#include "casework/case_say.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

enum { EVENTS_A_LINE = 2000 }; /* of one disposition */

/* Sayings ------------------------------------------------------------------ */

void case_sayings_init(struct case_sayings *s)
{
	*s = (struct case_sayings){ .n = 0 };
	arena_init(&s->arena);
}

void case_sayings_release(struct case_sayings *s)
{
	free(s->item);
	arena_release(&s->arena);
	*s = (struct case_sayings){ .n = 0 };
}

void case_sayings_add(struct case_sayings *s, const struct case_item *item,
		      bool ends)
{
	s->item = mem_grow(s->item, &s->cap, s->n + 1, sizeof(*s->item));
	s->item[s->n++] = (struct case_saying){ case_item_copy(&s->arena, item),
						ends };
}

/* A name for a note or a line of evidence, that no other has. */
static void new_id(struct strbuf *out)
{
	struct hash_key key = hash_key_new();

	strbuf_addf(out, "%016" PRIx64, key.k0);
}

/* What one says, and its contrary. */
static void add_both(struct case_sayings *say, struct case_sayings *undo,
		     const struct case_item *item, bool ends)
{
	case_sayings_add(say, item, ends);
	case_sayings_add(undo, item, !ends);
}

/* Events ------------------------------------------------------------------- */

static void say_once(struct case_sayings *say, struct case_sayings *undo,
		     const struct case_book *b, const struct case_item *item,
		     bool holds)
{
	const struct case_item *before = case_book_find(b, item);

	if ((before != NULL) == holds)
		return;
	case_sayings_add(say, item, !holds);
	/* Taken back, it says again what it said before. */
	case_sayings_add(undo, before ? before : item, holds);
}

void case_say_star(struct case_sayings *say, struct case_sayings *undo,
		   const struct case_book *b, const struct store *s, row_id row,
		   bool star)
{
	struct strbuf id;
	struct case_item x = { .kind = CASE_STAR, .time = TIME_NONE };

	strbuf_init(&id);
	x.event = case_event_of(s, row, &id);
	say_once(say, undo, b, &x, star);
	strbuf_release(&id);
}

void case_say_label(struct case_sayings *say, struct case_sayings *undo,
		    const struct case_book *b, const struct store *s,
		    row_id row, struct str label, bool has)
{
	struct strbuf id;
	struct case_item x = { .kind = CASE_LABEL,
			       .text = label,
			       .time = TIME_NONE };

	strbuf_init(&id);
	x.event = case_event_of(s, row, &id);
	say_once(say, undo, b, &x, has);
	strbuf_release(&id);
}

/* Notes and evidence ------------------------------------------------------- */

static void say_new(struct case_sayings *say, struct case_sayings *undo,
		    struct case_item x)
{
	struct strbuf own;

	strbuf_init(&own);
	new_id(&own);
	x.id = strbuf_str(&own);
	x.time = TIME_NONE;
	add_both(say, undo, &x, false);
	strbuf_release(&own);
}

void case_say_note(struct case_sayings *say, struct case_sayings *undo,
		   const struct store *s, row_id row, struct str text)
{
	struct case_item x = { .kind = CASE_NOTE, .text = text };
	struct strbuf id;

	strbuf_init(&id);
	x.event.time = TIME_NONE;
	if (row != ROW_NONE)
		x.event = case_event_of(s, row, &id);
	say_new(say, undo, x);
	strbuf_release(&id);
}

void case_say_incident_note(struct case_sayings *say, struct case_sayings *undo,
			    struct str incident, struct str text)
{
	say_new(say, undo,
		(struct case_item){ .kind = CASE_NOTE,
				    .event = { .time = TIME_NONE },
				    .incident = incident,
				    .text = text });
}

void case_say_evidence(struct case_sayings *say, struct case_sayings *undo,
		       int64_t time, struct str what, struct str where)
{
	say_new(say, undo,
		(struct case_item){ .kind = CASE_EVIDENCE,
				    .event = { .time = time },
				    .text = what,
				    .name = where });
}

void case_say_text(struct case_sayings *say, struct case_sayings *undo,
		   const struct case_book *b, struct str author,
		   struct str text)
{
	struct case_item x = { .kind = CASE_TEXT,
			       .event = { .time = TIME_NONE },
			       .author = author,
			       .text = text,
			       .time = TIME_NONE };
	const struct case_item *before = case_book_find(b, &x);

	if (before ? str_eq(before->text, text) : !text.n)
		return;
	case_sayings_add(say, &x, !text.n);
	case_sayings_add(undo, before ? before : &x, !before);
}

/* Dispositions ------------------------------------------------------------- */

/* Of the rows of which this was decided before, or (`all`) of each: a line for
 * so many events at most. */
static void dispose(struct case_sayings *out, struct case_item x,
		    const struct case_rows *said, uint32_t label,
		    const struct store *s, const struct rowset *rows, bool all)
{
	struct str *ids = mem_alloc(EVENTS_A_LINE * sizeof(*ids));
	struct strbuf id;
	struct arena arena;
	size_t n = 0;

	arena_init(&arena);
	strbuf_init(&id);
	x.events = ids;
	for (size_t i = 0; i < rows->n; i++) {
		const struct judged *j = judged_at(said->judged, rows->row[i],
						   label);

		if (all || (j ? j->what : DISPOSITION_NEW) == x.disposition) {
			strbuf_clear(&id);
			store_id_text(s, rows->row[i], &id);
			ids[n++] = arena_dup(&arena, strbuf_str(&id));
		}
		if (n == EVENTS_A_LINE || (n && i + 1 == rows->n)) {
			x.event_n = n;
			case_sayings_add(out, &x, false);
			arena_reset(&arena);
			n = 0;
		}
	}
	free(ids);
	strbuf_release(&id);
	arena_release(&arena);
}

void case_say_disposition(struct case_sayings *say, struct case_sayings *undo,
			  const struct case_rows *said, const struct rule *rule,
			  uint32_t label, struct str actor,
			  const struct store *s, const struct rowset *rows,
			  enum disposition what)
{
	struct case_item x = { .kind = CASE_DISPOSITION,
			       .disposition = what,
			       .event = { .time = TIME_NONE },
			       .rule_id = rule->id,
			       .title = rule->title,
			       .actor = actor,
			       .time = TIME_NONE };

	dispose(say, x, said, label, s, rows, true);
	for (int d = 0; d < DISPOSITION_COUNT; d++) {
		x.disposition = (enum disposition)d;
		dispose(undo, x, said, label, s, rows, false);
	}
}

/* Writing ------------------------------------------------------------------ */

enum err_code case_say(struct case_file *c, const struct case_sayings *s,
		       struct err *err)
{
	int64_t now = case_now();
	struct strbuf lines;
	enum err_code rc;

	if (!s->n)
		return ERR_OK;
	strbuf_init(&lines);
	for (size_t i = 0; i < s->n; i++) {
		struct case_item x = s->item[i].item;

		x.time = now;
		x.author = case_author(c);
		case_item_write(&x, s->item[i].ends, &lines);
		strbuf_addc(&lines, '\n');
	}
	rc = case_add(c, strbuf_str(&lines), err);
	strbuf_release(&lines);
	return rc;
}
