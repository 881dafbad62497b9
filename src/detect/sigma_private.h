/* SPDX-License-Identifier: MIT */
/*
 * sigma_private.h - what compile.c, sigma_item.c and sigma_condition.c share
 *
 * Layer: detect, inside.
 */
#ifndef TRAWL_SIGMA_PRIVATE_H
#define TRAWL_SIGMA_PRIVATE_H

#include "detect/compile.h"

enum { SIGMA_DEPTH = 100 };

struct compiling {
	struct arena *arena;
	const struct rule *rule;
	const struct placeholders *placeholders;
	struct sigma *out;
	struct err *err;
};

/* Fills err with "FILE:LINE: ..."; returns NULL. */
const struct expr *sigma_fail(struct compiling *c, enum err_code code,
			      unsigned line, const char *fmt, ...)
	ATTR_PRINTF(4, 5);

/* "field|modifier: value" of a selection. NULL after sigma_fail. */
const struct expr *sigma_item(struct compiling *c,
			      const struct node_item *item);
/* A keyword, looked for in the whole record. */
const struct expr *sigma_keyword(struct compiling *c, const struct node *value);

/* A condition's text. NULL after sigma_fail. */
const struct expr *sigma_condition(struct compiling *c, struct str text,
				   unsigned line);

#endif /* TRAWL_SIGMA_PRIVATE_H */
