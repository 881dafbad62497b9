/* SPDX-License-Identifier: MIT */
/*
 * placeholders.h - values that the responder puts in for %names% of rules
 *
 * A YAML mapping of names to a value or a list of values; that of a pySigma
 * pipeline, under `vars`, will do. Only values that carry the modifier
 * `expand` have placeholders; a backslash before a percent sign makes it
 * plain. Case of names matters. Values may hold wildcards.
 *
 * Layer: detect. Memory: the arena passed. Threads: any number may read.
 */
#ifndef TRAWL_PLACEHOLDERS_H
#define TRAWL_PLACEHOLDERS_H

#include "detect/rule_file.h"

enum { PLACEHOLDER_VALUES = 10000 }; /* that one value may become */

/* The mapping, or NULL when there is none. */
struct placeholders {
	const struct node *map;
};

/* ERR_SYNTAX, ERR_FORMAT or ERR_LIMIT "NAME:LINE: ...". */
ATTR_NODISCARD enum err_code placeholders_read(struct arena *a, struct str text,
					       const char *name,
					       struct placeholders *out,
					       struct err *err);

/* Texts in the making. */
struct expansion {
	struct str *text;
	size_t n;
	struct str unknown; /* the name that has no value */
	bool too_many;
};

/* All that a value becomes; false when a name has no value, or there are too
 * many. */
bool placeholders_expand(const struct placeholders *p, struct arena *a,
			 struct str value, struct expansion *out);

#endif /* TRAWL_PLACEHOLDERS_H */
