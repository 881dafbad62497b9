/* SPDX-License-Identifier: MIT */
/*
 * lex.h - the tokens of the filter language
 *
 * What a character means depends on whether a term or a value is expected: a
 * colon ends a field name and belongs to a value. The lexer is told which; it
 * keeps no state but its place, so the parser may look ahead by copying it.
 *
 * Layer: query. Tokens borrow from the text. Threads: any.
 */
#ifndef TRAWL_LEX_H
#define TRAWL_LEX_H

#include <stdbool.h>

#include "base/str.h"

enum token_kind {
	TOKEN_END,
	TOKEN_OPEN,     /* ( */
	TOKEN_CLOSE,    /* ) */
	TOKEN_WORD,     /* text has the escapes in it */
	TOKEN_QUOTED,   /* text is between the quotes, escapes in it */
	TOKEN_REGEX,    /* text is between the slashes; flags follow them */
	TOKEN_OPERATOR, /* : < <= > >= */
	TOKEN_OPEN_END, /* a quote or slash is not closed; text is the rest */
};

enum lex_mode {
	LEX_TERM,  /* a word ends where an operator begins */
	LEX_VALUE, /* a word may hold : < > */
};

struct token {
	enum token_kind kind;
	size_t from, to; /* bytes of the text */
	struct str text;
	struct str flags; /* of a regex */
};

struct lexer {
	struct str text;
	size_t at;
};

struct token lex_next(struct lexer *l, enum lex_mode mode);
struct token lex_peek(const struct lexer *l, enum lex_mode mode);
/* True when the next byte, without a blank before it, is c. */
bool lex_follows(const struct lexer *l, char c);

/* and, or, not; in any case. */
bool token_is(const struct token *t, const char *keyword);
bool token_is_keyword(const struct token *t);

bool lex_is_blank(char c);

#endif /* TRAWL_LEX_H */
