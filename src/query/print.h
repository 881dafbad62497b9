/* SPDX-License-Identifier: MIT */
/*
 * print.h - trees back into the filter language
 *
 * For every tree that the parser or the rule compiler makes, parsing what is
 * printed gives an equal tree. Text that came out of logs gets into a filter
 * only through query_term, so that no value can add to the filter.
 *
 * Layer: query. Threads: any.
 */
#ifndef TRAWL_PRINT_H
#define TRAWL_PRINT_H

#include "base/strbuf.h"
#include "query/expr.h"

void query_print(struct strbuf *out, const struct expr *e);

/*
 * Adds the term that is true when `field` (a name of model/field.h, or a path)
 * has exactly this text, but for case. An empty value gives the term for "not
 * there".
 */
void query_term(struct strbuf *out, struct str field, struct str value);

/* Adds a test for a JSON null at a field. */
void query_null(struct strbuf *out, struct str field);

/* Adds a text as a value that means just this text, with quotes if need be. */
void query_value(struct strbuf *out, struct str text);

#endif /* TRAWL_PRINT_H */
