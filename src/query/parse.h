/* SPDX-License-Identifier: MIT */
/*
 * parse.h - the filter language, from text to tree
 *
 *	eventName:StopLogging and not ip:10.0.0.0/8
 *	service:(iam or sts) level>=high "no such user"
 *
 * - `field:value`; `not` binds tightest, then `and`, then `or`; terms side by
 *   side are joined by `and`; parentheses group. The three words may be
 *   written in any case; as words to look for they need quotes.
 * - A value is a word or a quoted text. In both `*` and `?` are wildcards and
 *   a backslash takes the meaning of the next character away; quotes take it
 *   from blanks, parentheses and colons. Case is ignored.
 * - `/regex/` with flags i, m, s: PCRE2, found anywhere; `\/` is a slash.
 * - `field:(a or b)`, `field:(*a* and not b)`: the same field for each value.
 * - `field:*`: there, and not null. `field:null()`: not there, or null.
 *   `field:exists()`: there, be it null.
 * - `field:cased(value)`: upper and lower case differ. `field:cidr(network)`:
 *   an address in it; for `ip` the network alone will do.
 *   `field:field(other)`: equal to the value of another field.
 * - `field<value` and <= > >=: numbers, times (`eventTime`), levels. A time
 *   without a zone is in the zone that the caller passes; one that names only
 *   a day or a minute means its beginning, or after a colon all of it.
 * - A bare word, quoted text or regex is looked for in every value of the
 *   record, decoded; `any:value` says the same. `*` alone is always true.
 * - A field is a name of model/field.h in any case, or a path that begins
 *   with a field that CloudTrail records have; a quoted name is a path
 *   whatever it begins with: "status":success.
 *
 * Empty text is EXPR_TRUE. Any bytes may come in; nesting and length are
 * bounded.
 *
 * Layer: query. Memory: the arena passed; the tree keeps no pointer into the
 * text. Threads: any.
 */
#ifndef TRAWL_PARSE_H
#define TRAWL_PARSE_H

#include "base/err.h"
#include "base/timefmt.h"
#include "query/expr.h"

enum { QUERY_MAX_TEXT = 64 * 1024, QUERY_MAX_DEPTH = 100 };

enum query_state {
	QUERY_OK,
	QUERY_INCOMPLETE, /* right so far: more text could make it whole */
	QUERY_WRONG,
};

/* Where it went wrong and why. The text quotes the filter, raw. */
struct query_error {
	size_t offset, length; /* the bytes that it is about; 0 at the end */
	size_t column;         /* of the first one, in characters from 1 */
	char text[400];
};

/* zone NULL is UTC. *out is set only for QUERY_OK, *error only otherwise. */
enum query_state query_parse(struct str text, const struct time_zone *zone,
			     struct arena *arena, const struct expr **out,
			     struct query_error *error);

/* The same for callers without a prompt: ERR_SYNTAX "column 16: unknown field
 * "usr"; did you mean "user"?", also for incomplete text. */
ATTR_NODISCARD enum err_code query_read(struct str text,
					const struct time_zone *zone,
					struct arena *arena,
					const struct expr **out,
					struct err *err);

/* The terms that a filter joins by "and" at its top, as they are written. */
struct query_terms {
	struct str *term; /* pieces of the text; in the arena */
	size_t n;
	bool either; /* there is but one, and it is "a or b" */
};

/* False when the text is no whole filter. None for a filter without terms. */
bool query_split(struct str text, struct arena *arena, struct query_terms *out);

/* What a name means: a name of model/field.h in any case, a column's path,
 * "any", or a path that begins with a field that records have. The text is
 * kept. */
bool query_field(struct str name, struct expr_field *out);

/* The values that a field can only have, for fields such as level, tactic and
 * outcome: number i, or NULL past the end and for other fields. */
const char *query_value_name(enum field_kind kind, size_t i);

#endif /* TRAWL_PARSE_H */
