/* SPDX-License-Identifier: MIT */
/*
 * parse_private.h - what parse.c and the readers of values share
 *
 * parse_value.c reads any value; parse_name.c and parse_time.c those of fields
 * that have only certain ones, and of times.
 *
 * Layer: query, inside.
 */
#ifndef TRAWL_PARSE_PRIVATE_H
#define TRAWL_PARSE_PRIVATE_H

#include "query/lex.h"
#include "query/parse.h"

struct parser {
	struct lexer lex;
	struct arena *arena;
	const struct time_zone *zone;
	struct query_error *error;
	enum query_state state;
	unsigned depth;
	size_t last_from, last_to; /* the token before, for messages */
	struct query_terms *terms; /* to be noted, or NULL */
};

/* Which field a value is for, and how it is written. */
struct value_context {
	struct expr_field field;
	enum value_form {
		VALUE_PLAIN,
		VALUE_CASED,
		VALUE_CIDR,
		VALUE_FIELD,
		VALUE_FIELD_CONTAINS,
		VALUE_FIELD_STARTS,
		VALUE_FIELD_ENDS,
		VALUE_PART,
	} form;
};

/* Notes what is wrong with the bytes [from, to); returns NULL. */
const struct expr *parse_fail(struct parser *p, enum query_state state,
			      size_t from, size_t to, const char *fmt, ...)
	ATTR_PRINTF(5, 6);

/* The test of one value that is no regex, as it was written. */
const struct expr *parse_value_word(struct parser *p,
				    const struct value_context *c,
				    const struct token *t);
const struct expr *parse_value_regex(struct parser *p,
				     const struct value_context *c,
				     const struct token *t);
/* The value of a comparison. */
const struct expr *parse_value_compare(struct parser *p,
				       const struct expr_field *field,
				       enum test_op op,
				       const struct token *sign,
				       const struct token *t);

/* True when nothing follows the token, so that typing could go on in it. */
bool parse_at_end(const struct parser *p, const struct token *t);

/* Has the field only certain values? */
bool parse_has_names(enum field_kind kind);
/* False after parse_fail when it does not have that one. What is left in `text`
 * is how it is written; the same text where that is no matter. */
bool parse_name(struct parser *p, const struct expr_field *field,
		const struct token *t, struct str *text);

/* "eventTime:2026-01-09": from its beginning to its end. Either takes a clock
 * that follows the date as a word of its own. */
const struct expr *parse_time_range(struct parser *p,
				    const struct expr_field *field,
				    const struct token *t, struct str text);
const struct expr *parse_time_compare(struct parser *p,
				      const struct expr_field *field,
				      enum test_op op, const struct token *t,
				      struct str text);

/* What the name of a field means; false after parse_fail. */
bool parse_field(struct parser *p, const struct token *name,
		 struct expr_field *out);

#endif /* TRAWL_PARSE_PRIVATE_H */
