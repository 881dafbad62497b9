/* SPDX-License-Identifier: MIT */
/*
 * fill.h - words of a manual page, put into lines of a width
 *
 * A word is put together from parts, since marks and punctuation of roff
 * belong to the word before or behind them, and stands in a line when the next
 * one begins. Lines begin at an indentation that may change with each of them;
 * a word that is wider than the rest of a line begins another, one that is
 * wider than any stands alone. Words come as roff has them: its escapes are
 * undone here.
 *
 * Layer: command. Ownership: the output is the caller's. Threads: any.
 */
#ifndef TRAWL_FILL_H
#define TRAWL_FILL_H

#include "base/strbuf.h"

struct fill {
	struct strbuf *out;
	size_t width;
	size_t indent;      /* of lines that begin from here on */
	struct strbuf line; /* being filled, with its indentation */
	struct strbuf word; /* being put together */
	bool fresh;         /* nothing but indentation in the line */
	bool glued;         /* what comes next belongs to this word */
	bool blank;         /* a blank line would be one too many here */
};

void fill_init(struct fill *f, struct strbuf *out, size_t width);
/* What was not flushed is lost. */
void fill_release(struct fill *f);

/* A word, with a blank before it unless something glued it to the last. */
void fill_word(struct fill *f, struct str raw);
/* What comes next belongs to the word. */
void fill_glue(struct fill *f);
/* Belongs to the word, and lets the next one be of its own. */
void fill_attach(struct fill *f, struct str raw);

/* Puts the word into the line, and ends that. */
void fill_flush(struct fill *f);
/* One blank line, however often it is asked for. */
void fill_blank(struct fill *f);
/* A blank line here would be one too many: behind a heading. */
void fill_no_blank(struct fill *f);
/* What follows begins at a column, and so do the lines behind it: in the line
 * that is there, or in the next where that one is longer. */
void fill_beside(struct fill *f, size_t column);
/* A line as it is, however wide. */
void fill_literal(struct fill *f, struct str raw);

#endif /* TRAWL_FILL_H */
