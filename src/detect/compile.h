/* SPDX-License-Identifier: MIT */
/*
 * compile.h - a rule's detection section as a tree
 *
 * Selections are maps (all items), lists of maps (any), lists of keywords
 * (any, in the whole record); values are texts with Sigma's wildcards, lists
 * (any, or all with `all`), null. Modifiers: contains startswith endswith all
 * re (i m s) exists cidr fieldref gt gte lt lte cased neq base64 base64offset
 * wide utf16le utf16be utf16 windash. Conditions: and, or, not, parentheses,
 * `1 of X*`, `all of X*`, `any of`, `N of`, `them`, lists of conditions (any).
 *
 * Fields are paths into the record. A field that begins with "trawl." is what
 * a filter would call by the rest: trawl.outcome, trawl.has, trawl.actor.
 *
 * Layer: detect. Memory: the arena passed; the tree borrows from the rule's.
 */
#ifndef TRAWL_COMPILE_H
#define TRAWL_COMPILE_H

#include "detect/rule.h"
#include "query/expr.h"

struct sigma_selection {
	struct str name;
	const struct expr *expr;
	unsigned line;
};

struct sigma {
	const struct expr *condition;
	struct sigma_selection *selection;
	size_t selection_n;
};

/*
 * ERR_SYNTAX or ERR_UNSUPPORTED with "FILE:12: ..." for a condition or
 * modifier that is wrong or not known.
 */
ATTR_NODISCARD enum err_code sigma_compile(struct arena *a,
					   const struct rule *r,
					   struct sigma *out, struct err *err);

#endif /* TRAWL_COMPILE_H */
