/* SPDX-License-Identifier: MIT */
/*
 * matcher.h - does an event meet a condition?
 *
 * A tree (expr.h) with everything prepared: literals in lower case, patterns,
 * regular expressions, networks, numbers. The same for filters and for rules:
 *
 * - Values compare as text: true, 22 and "22" are what they look like; case
 *   (ASCII) is ignored unless the test is cased; regexes decide for
 *   themselves.
 * - A path goes through arrays, of any depth, and matches when any member
 *   does. A key that holds a dot is found as well. Of duplicate keys each is
 *   looked at. Where the path meets a string that holds a JSON object or
 *   array (a policy document), it goes on inside.
 * - contains, startswith, endswith and regexes on an object or array look at
 *   each scalar inside, decoded, and at its compact JSON text.
 * - exists asks whether the field is there, null asks whether it is absent or
 *   null. `*` alone: there and not null; of an array, a member that is not.
 * - < <= > >= compare numbers, exactly; a text that is no number is neither.
 * - field compares with any value of the other field; when either is missing
 *   there is no match.
 * - FIELD_ANY looks at every scalar of the record, decoded; not at keys.
 * - FIELD_RESOURCE looks at the ARNs in `resources` and at every scalar of
 *   `requestParameters`; of an ARN also at its resource part and last name.
 * - FIELD_USER looks at the actor's ARN, its resource part, the user name, or
 *   the role and session names.
 * - In a column an empty text is an absent one. Fields of alerts ask the
 *   row's marks; without marks there is no alert.
 * - Bytes that are not UTF-8, NUL and lone surrogates are characters like any
 *   other. A regex that reaches its limit does not match and is counted.
 *
 * Cost: no allocation once the scratch has grown; a path costs its objects'
 * keys. Layer: query. Threads: a matcher is shared, a scratch is one thread's.
 */
#ifndef TRAWL_MATCHER_H
#define TRAWL_MATCHER_H

#include "base/err.h"
#include "query/answer.h"
#include "query/expr.h"
#include "store/marks.h"
#include "store/store.h"

struct matcher;
struct match_scratch;
struct bits;

/* What is known of an event beside its record. */
struct match_row {
	const struct store *store; /* or NULL: columns are the event's own */
	const struct marks *marks; /* or NULL */
	row_id row;
	const struct bits *known; /* of a plan, or NULL: see plan.h */
};

/*
 * Prepares a tree, which is not kept. ERR_SYNTAX for a regex that PCRE2
 * refuses, ERR_USAGE for a value that is no network, number, time or level.
 * The caller frees *out.
 */
ATTR_NODISCARD enum err_code matcher_new(struct matcher **out,
					 const struct expr *e, struct err *err);
void matcher_free(struct matcher *m);

struct match_scratch *match_scratch_new(void);
void match_scratch_free(struct match_scratch *s);
/* How often a regex gave up since the scratch was made. */
uint64_t match_scratch_gave_up(const struct match_scratch *s);

/* `row` may be NULL. */
bool matcher_test(const struct matcher *m, const struct event *e,
		  const struct match_row *row, struct match_scratch *s);

/*
 * Tells each value that a path of the record leads to, in the order in which
 * they stand there: of arrays each member, of objects the compact JSON, of
 * null nothing. Valid while it is told.
 */
typedef void (*match_told)(void *context, struct str value);
void match_values(const struct event *e, struct str path,
		  struct match_scratch *s, match_told told, void *context);

/* A path from the top of an event, looked up once. */
struct match_path {
	struct str text;
	enum event_member top; /* what it begins with */
	size_t dot;            /* where that ends; SIZE_MAX: it is all */
	bool two;              /* one other key follows */
};

/* The text is kept. */
struct match_path match_path(struct str text);

/* What a path leads to. */
enum match_sole {
	MATCH_NOTHING, /* nowhere */
	MATCH_NULL,
	MATCH_TEXT,  /* one scalar that holds no JSON */
	MATCH_THERE, /* one other value that is not null */
	MATCH_MORE,  /* an array, or several values */
};

/*
 * Tests of a path that leads to one text depend on that text alone. It is
 * borrowed from the event.
 */
enum match_sole match_sole_text(const struct event *e,
				const struct match_path *path,
				struct match_scratch *s, struct str *text);

/*
 * matcher_test from the record's bytes alone, where they tell: ANSWER_UNSURE is to
 * be decided by matcher_test. `flags` are the event's; `row` has to be given,
 * with what a plan knows.
 */
enum answer matcher_raw(const struct matcher *m, struct str raw, uint32_t flags,
			const struct match_row *row, struct match_scratch *s);

/* True for tests that the caller knows how to answer beforehand. */
typedef bool (*match_known)(const void *context, const struct expr_field *field,
			    enum test_op op);

/* matcher_test with the known tests alone: ANSWER_UNSURE where the others
 * decide. */
enum answer matcher_partly(const struct matcher *m, const struct event *e,
			   match_known known, const void *context,
			   struct match_scratch *s);

/* Fields whose tests depend on nothing but these flags and the kind of the
 * event. */
enum {
	MATCH_FLAGS = EVENT_OUTCOME_MASK | EVENT_READ | EVENT_WRITE |
		      EVENT_HAS_CONTROL | EVENT_HAS_BIDI | EVENT_HAS_NONASCII |
		      EVENT_HAS_TRUNCATED | EVENT_PARTIAL | EVENT_BY_SERVICE |
		      EVENT_AMENDED,
};

bool match_asks_flags(enum field_kind kind);

#endif /* TRAWL_MATCHER_H */
