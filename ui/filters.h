/* SPDX-License-Identifier: MIT */
/*
 * filters.h - the terms of the filter, each of which can be switched off
 *
 * What is typed is taken apart at its outermost "and"; each term is a crumb.
 * A term that is off stays where it is and narrows nothing. All of them can
 * be off at once, which forgets nothing about each.
 *
 * Texts are owned. Layer: ui, no terminal.
 */
#ifndef TRAWL_FILTERS_H
#define TRAWL_FILTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/strbuf.h"

struct filter_term {
	struct str text; /* in the filter language; owned */
	bool off;
	bool either; /* "a or b": in parentheses beside others */
};

struct filters {
	struct filter_term *term;
	size_t n, cap;
	bool off; /* all of them */
};

void filters_release(struct filters *f);
/* `to` is overwritten, without being released. */
void filters_copy(struct filters *to, const struct filters *from);
bool filters_equal(const struct filters *a, const struct filters *b);

/* Puts a filter that is known to be right in the place of the terms that are
 * on; those that are off stay. All are no longer off. */
void filters_set(struct filters *f, struct str text);
/* Adds its terms. When all were off, only those are on afterwards. */
void filters_add(struct filters *f, struct str text);
void filters_drop(struct filters *f, size_t i);

/* Adds the filter of all terms that are on, whether or not all are off. */
void filters_join(const struct filters *f, struct strbuf *out);

#endif /* TRAWL_FILTERS_H */
