/* SPDX-License-Identifier: MIT */
/*
 * prompt.h - a line of text being edited
 *
 * A model: keys go in, the text and the cursor change, a row of a canvas can
 * be drawn. Whoever owns the prompt decides what the text means.
 *
 *	^A Home, ^E End		to the start, the end
 *	Left, Right		a character
 *	Backspace ^H, Delete ^D	delete before, under the cursor
 *	^W ^U ^K		delete a word before, all before, all behind
 *	Up ^P, Down ^N		through the history; the line is kept
 *	Tab, S-Tab		complete; again: the next candidate
 *	Enter; Esc ^G ^C	accept; cancel
 *
 * The text is the analyst's own UTF-8 but may have been pasted, so it is
 * drawn through safe_text: what is not visible shows as an escape, in
 * reverse. Backslashes are shown as typed, not doubled.
 *
 * Layer: ui/term. Threads: one at a time.
 */
#ifndef TRAWL_PROMPT_H
#define TRAWL_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/safetext.h"
#include "base/str.h"
#include "base/strbuf.h"
#include "command/key.h"
#include "ui/term/canvas.h"

enum {
	PROMPT_TEXT_MAX = 65536,  /* bytes of one line */
	PROMPT_HISTORY_MAX = 200, /* lines; the oldest go first */
};

enum prompt_result {
	PROMPT_IGNORED,   /* not a key of the prompt */
	PROMPT_MOVED,     /* the cursor moved, or nothing happened */
	PROMPT_EDITED,    /* the text changed */
	PROMPT_ACCEPTED,  /* Enter; the line is in the history */
	PROMPT_CANCELLED, /* Esc */
};

#define PROMPT_UNCOUNTED UINT64_MAX

/* Where completions are collected. */
struct prompt_candidates;

/* Adds one; the text is copied. */
void prompt_offer(struct prompt_candidates *out, struct str text);

/* The same with how often it is met, which is shown beside it. */
void prompt_offer_counted(struct prompt_candidates *out, struct str text,
			  uint64_t count);

/*
 * Offers what may stand in place of text[*from, cursor); sets *from, which
 * comes as the start of the word that the cursor is in or behind.
 */
typedef void (*prompt_complete_fn)(void *user, struct str text, size_t cursor,
				   size_t *from, struct prompt_candidates *out);

struct prompt_candidates {
	char **text;     /* n zero-terminated strings */
	uint64_t *count; /* of each; PROMPT_UNCOUNTED: none is shown */
	size_t n, cap, count_cap;
};

/* Read by anyone, written by prompt.c. */
struct prompt {
	struct strbuf text;
	size_t cursor; /* bytes before it; always between two characters */

	char **history; /* oldest first */
	size_t history_n, history_cap;
	size_t history_at;   /* == history_n: the line that was being typed */
	struct strbuf draft; /* that line, while another one is shown */

	prompt_complete_fn complete; /* NULL: Tab does nothing */
	void *user;
	struct prompt_candidates found; /* of the last Tab */
	size_t found_at;   /* which one is in the text; == n: none */
	size_t found_from; /* where it begins */

	int left; /* columns scrolled off to the left */
};

void prompt_init(struct prompt *p);
void prompt_release(struct prompt *p);

/* Begins a line with `text`, the cursor at its end. History stays. */
void prompt_open(struct prompt *p, struct str text);
/* Who is asked on Tab; NULL for nobody. */
void prompt_completer(struct prompt *p, prompt_complete_fn complete,
		      void *user);

enum prompt_result prompt_key(struct prompt *p, key_code key);
/* Inserts pasted text as one line: line ends and tabs become blanks, those
 * at the end are dropped, other control characters too. */
enum prompt_result prompt_paste(struct prompt *p, struct str text);

/* The text; valid until the next call. */
struct str prompt_text(const struct prompt *p);

/* Adds a line to the history, as Enter does: when it is neither empty nor
 * the line before it. For lines that were saved by an earlier session. */
void prompt_remember(struct prompt *p, struct str line);

/*
 * Draws label and text in a row of the canvas, scrolled so that the cursor is
 * visible, and puts the canvas's cursor there. `mode` is SAFE_ASCII where the
 * terminal cannot show more.
 */
void prompt_draw(struct prompt *p, struct canvas *c, int row,
		 struct safetext label, enum safe_mode mode, struct arena *a);
/* The column at which a byte of the text stands after prompt_draw. */
int prompt_column(const struct prompt *p, const struct canvas *c, size_t at,
		  struct safetext label, enum safe_mode mode, struct arena *a);
/* Draws the candidates of the last Tab in a row, the chosen one selected;
 * nothing when there are fewer than two. Returns whether it drew. */
bool prompt_draw_candidates(const struct prompt *p, struct canvas *c, int row,
			    enum safe_mode mode, struct arena *a);

#endif /* TRAWL_PROMPT_H */
