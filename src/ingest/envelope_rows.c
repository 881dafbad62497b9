/* SPDX-License-Identifier: MIT */
/* Files that are no JSON: rows behind a header, lines of logs. */
#include "ingest/envelope_private.h"

#include "ingest/line.h"
#include "ingest/table.h"

/* Lines of a log may begin with one that was cut, or that is none. */
enum { LOOKED_AT = 16 };

/* Rows --------------------------------------------------------------------- */

/* The offset behind the row at e->at, which is read as far as it takes; SIZE_MAX
 * when it is too long or does not end. */
static size_t row_end(struct envelope *e)
{
	for (;;) {
		size_t seen = e->n - e->at;
		size_t end = table_row_end(envelope_ahead(e), e->ended);

		if (end != SIZE_MAX || e->ended || seen > e->limits->max_record)
			return end > e->limits->max_record ? SIZE_MAX : end;
		while (envelope_fill(e) && e->n - e->at < 2 * seen)
			;
	}
}

bool envelope_row(struct envelope *e, struct envelope_item *item)
{
	size_t end;

	if (!envelope_pass(e, "")) {
		e->state = AT_END;
		return false;
	}
	end = row_end(e);
	if (end == SIZE_MAX) {
		/* Where a quote is open nothing tells where a row begins. */
		envelope_skip(e, item, ++e->records,
			      e->ended ?
				      "the data ends inside a row" :
				      "longer than the limit for one record");
		e->state = AT_END;
		/* The rest was there all the same, be it damaged. */
		do
			e->at = e->n;
		while (envelope_fill(e));
		return true;
	}
	arena_reset(e->arena);
	*item = (struct envelope_item){
		.kind = ITEM_RECORD,
		.row = true,
		.number = ++e->records,
		.offset = e->base + e->at,
		.raw = str_sub(envelope_ahead(e), 0, end),
		.value = table_value(e->arena, strbuf_str(&e->header),
				     str_sub(envelope_ahead(e), 0, end)),
	};
	e->at += end;
	return true;
}

bool envelope_pass_header(struct envelope *e)
{
	struct str header;
	bool known;

	while (e->n - e->at < TABLE_LONGEST_HEADER && envelope_fill(e))
		;
	arena_reset(e->arena);
	known = table_header(envelope_ahead(e), e->arena, &header);
	if (known) {
		strbuf_clear(&e->header);
		strbuf_add(&e->header, header);
		e->at += table_row_end(envelope_ahead(e), true);
		e->state = IN_TABLE;
		e->format = FILE_TABLE;
	}
	return known;
}

/* Lines -------------------------------------------------------------------- */

/* The line at e->at, with its end; what is longer than LINE_LONGEST is cut. */
static struct str next_line(struct envelope *e)
{
	size_t seen = 0, end;

	for (;;) {
		struct str text = envelope_ahead(e);

		end = str_find_char(text, '\n', seen);
		seen = text.n;
		if (end != SIZE_MAX)
			return str_sub(text, 0, end + 1);
		if (seen > LINE_LONGEST || !envelope_fill(e))
			return envelope_ahead(e);
	}
}

bool envelope_enter_lines(struct envelope *e)
{
	struct str text, line;
	bool known = false;

	while (e->n - e->at < TABLE_LONGEST_HEADER && envelope_fill(e))
		;
	strbuf_clear(&e->header);
	text = envelope_ahead(e);
	strbuf_add(&e->header, line_header(text));
	known = e->header.n != 0;
	for (int i = 0; i < LOOKED_AT && text.n && !known; i++) {
		size_t end = str_find_char(text, '\n', 0);

		/* What was cut by the reading is no line. */
		if (end == SIZE_MAX && !e->ended)
			break;
		line = str_chomp(str_sub(text, 0, end));
		text = end == SIZE_MAX ? STR_NULL : str_from(text, end + 1);
		arena_reset(e->arena);
		known = line_read(line, STR_NULL, e->arena, &e->print) !=
			FORM_RECORD;
	}
	if (!known)
		return false;
	e->state = IN_LINES;
	e->format = FILE_LOG;
	return true;
}

/* A line that is longer than any: passed over, in pieces. */
static void pass_long_line(struct envelope *e)
{
	do {
		size_t end = str_find_char(envelope_ahead(e), '\n', 0);

		if (end != SIZE_MAX) {
			e->at += end + 1;
			return;
		}
		e->at = e->n;
	} while (envelope_fill(e));
}

bool envelope_line(struct envelope *e, struct envelope_item *item)
{
	for (;;) {
		struct str line = next_line(e), text = str_chomp(line);

		if (!line.n) {
			e->state = AT_END;
			return false;
		}
		if (line.n > LINE_LONGEST) {
			envelope_skip(e, item, ++e->records,
				      "longer than the limit for one line");
			pass_long_line(e);
			return true;
		}
		if (line_is_aside(text, strbuf_str(&e->header))) {
			e->at += line.n;
			continue;
		}
		arena_reset(e->arena);
		*item = (struct envelope_item){
			.kind = ITEM_RECORD,
			.line = true,
			.number = ++e->records,
			.offset = e->base + e->at,
			.raw = text,
			.header = strbuf_str(&e->header),
		};
		e->at += line.n;
		return true;
	}
}
