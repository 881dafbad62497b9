/* SPDX-License-Identifier: MIT */
/*
 * compile.h - a rule's detection section as a tree
 *
 * Selections are maps (all items), lists of maps (any), lists of keywords
 * (any, in the whole record); values are texts with Sigma's wildcards, lists
 * (any, or all with `all`), null. Modifiers: contains startswith endswith all
 * re (i m s) exists cidr fieldref gt gte lt lte minute hour day week month
 * year cased neq expand base64 base64offset wide utf16le utf16be utf16 windash.
 * Conditions: and, or, not, parentheses,
 * `1 of X*`, `all of X*`, `any of`, `N of`, `them`, lists of conditions (any).
 *
 * Fields are paths into the record. A field that begins with "trawl." is what
 * a filter would call by the rest: trawl.outcome, trawl.has, trawl.actor.
 *
 * Layer: detect. Memory: the arena passed; the tree borrows from the rule's.
 */
#ifndef TRAWL_COMPILE_H
#define TRAWL_COMPILE_H

#include "detect/placeholders.h"
#include "detect/rule.h"
#include "query/expr.h"

struct sigma_selection {
	struct str name;
	const struct expr *expr;
	unsigned line;
	bool used; /* by the condition */
};

struct sigma {
	const struct expr *condition;
	struct sigma_selection *selection;
	size_t selection_n;
};

/*
 * The detection of a rule, or what a filter has like one. ERR_SYNTAX or
 * ERR_UNSUPPORTED with "FILE:12: ..." for a condition or modifier that is wrong
 * or not known. `placeholders` may be NULL.
 */
ATTR_NODISCARD enum err_code sigma_compile(
	struct arena *a, const struct rule *r,
	const struct placeholders *placeholders, struct sigma *out,
	struct err *err);

/* Nodes and values of a tree, what is shared counted each time; at most
 * SIGMA_NODES + 1. A tree may not grow beyond it, however often parts are
 * referred to. */
enum { SIGMA_NODES = 100000 };
size_t sigma_weight(const struct expr *e);

#endif /* TRAWL_COMPILE_H */
