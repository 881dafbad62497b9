/* SPDX-License-Identifier: MIT */
/*
 * document.h - a page for people, as Markdown or as HTML
 *
 * A document is written in order: headings, paragraphs, lists, tables. Words
 * are the program's own and are said; data is shown, and nothing of it is ever
 * more than text: it passes safetext, and in Markdown it stands in a code span
 * whose fence is longer than any run of backticks in it, so that no address,
 * link, image or tag in it is live in any reader. HTML is written by itself,
 * not through Markdown; it has no script, no link, nothing from outside, and a
 * policy that says so.
 *
 * Order of use: begin; heading, or paragraph/item/table ... end of it; end.
 * Misuse asserts.
 *
 * Layer: casework. Memory: the caller's strbuf. Threads: one.
 */
#ifndef TRAWL_DOCUMENT_H
#define TRAWL_DOCUMENT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/strbuf.h"
#include "base/text_filter.h"

enum document_form { DOCUMENT_MARKDOWN, DOCUMENT_HTML };

struct document {
	enum document_form form;
	struct strbuf *out;
	const struct text_filter *filter; /* of data; NULL: as it is */
	struct arena arena;
	struct strbuf text;
	enum { DOC_NOTHING, DOC_PARAGRAPH, DOC_ITEM, DOC_CELL } inside;
	bool list, numbered; /* a list is open */
	size_t item;         /* its number in the list */
	size_t columns;      /* of the table that is open; 0: none */
	size_t cell;         /* cells of the row so far */
};

void document_begin(struct document *d, enum document_form form,
		    struct strbuf *out, const struct text_filter *filter,
		    const char *title);
void document_end(struct document *d);

/* Levels 1 to 4. */
void document_heading(struct document *d, unsigned level, const char *fmt, ...)
	ATTR_PRINTF(3, 4);
void document_paragraph(struct document *d);
/* An item of a list, which begins and ends by itself; one after a paragraph
 * begins a new list. */
void document_item(struct document *d);
void document_step(struct document *d); /* numbered */
void document_table(struct document *d, const char *const *title, size_t n);
/* The next cell; a row is as many as there are titles. */
void document_cell(struct document *d);
/* Ends what is open: a paragraph, an item, a table. */
void document_close(struct document *d);

/* Words of the program's own; takes no data but numbers. */
void document_say(struct document *d, const char *fmt, ...) ATTR_PRINTF(2, 3);
void document_strong(struct document *d, const char *words);
/* Data: raw. Nothing is shown of nothing. */
void document_show(struct document *d, struct str data);
/* What a person wrote about the case, in whatever script: data, too. */
void document_quote(struct document *d, struct str words);

#endif /* TRAWL_DOCUMENT_H */
