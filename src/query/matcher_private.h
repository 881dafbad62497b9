/* SPDX-License-Identifier: MIT */
/*
 * matcher_private.h - prepared conditions, for the files that test them
 *
 * matcher.c prepares, match_text.c compares one text with one value,
 * match_record.c finds the texts in records, with embedded.c for JSON inside
 * strings, match_event.c puts them together; plan_leaf.c asks match_text.c
 * about the values of columns.
 *
 * Layer: query, inside.
 */
#ifndef TRAWL_MATCHER_PRIVATE_H
#define TRAWL_MATCHER_PRIVATE_H

#include "base/re.h"
#include "base/strbuf.h"
#include "model/addr.h"
#include "query/bits.h"
#include "query/matcher.h"
#include "query/number.h"
#include "query/pattern.h"
#include "query/time_part.h"

/* How a value is compared. */
enum value_how {
	VALUE_PRESENT, /* "*": any text will do */
	VALUE_LITERAL,
	VALUE_GLOB,
	VALUE_REGEX,
	VALUE_NETWORK,
	VALUE_NUMBER,
	VALUE_PART,
	VALUE_TIME,
	VALUE_LEVEL,
	VALUE_TACTICS,
	VALUE_TECHNIQUES,
	VALUE_PATH,
};

struct mvalue {
	enum value_how how;
	bool is_address;
	bool in_one;          /* of a literal: none of its characters stands
				 between the keys and scalars of JSON */
	struct str text;      /* literal in lower case unless cased; whole glob;
				 path; regex */
	struct needle needle; /* of a literal that is looked for */
	struct addr address;  /* FIELD_IP: the literal as an address */
	struct network network;
	struct number number; /* borrows from `text` */
	struct time_part part;
	int64_t time;
	enum level level;
	tactic_set tactics;
	struct technique_id *technique;
	size_t technique_n;
	struct re *re;
};

/* Where a field's values come from. */
enum field_class {
	CLASS_COLUMN, /* the texts of one column */
	CLASS_ACCOUNT,
	CLASS_KEY,
	CLASS_ID,
	CLASS_TIME,
	CLASS_FLAGS, /* the flags and the kind of row */
	CLASS_MARKS,
	CLASS_SAID, /* by an analyst */
	CLASS_KIN,  /* origins, incidents */
	CLASS_RECORD,
};

enum field_class field_class(enum field_kind kind);

struct mtest {
	struct expr_field field;
	struct match_path path; /* of FIELD_PATH */
	enum field_class from;
	enum test_op op;
	bool all, cased;
	enum test_op refers; /* of TEST_FIELD */
	struct mvalue *value;
	size_t n;
	size_t number;     /* among the tests of the matcher */
	bool needs_record; /* the store cannot answer it */
};

struct mnode {
	enum expr_kind kind;
	const struct mnode **member;
	size_t n;
	const struct mtest *test;
	unsigned cost; /* of testing it */
};

struct matcher {
	struct arena arena;
	const struct mnode *root;
	const struct mtest **test;
	size_t test_n, test_cap;
	struct re **re; /* to be freed */
	size_t re_n, re_cap;
};

/* A string of the record that holds JSON, parsed. */
struct embedded {
	const char *p; /* of the string */
	uint64_t event;
	const struct json *tree; /* NULL: it is none */
};

/*
 * The embedded JSON of one event, by hash of the string's place. More than
 * EMBEDDED_MAX bytes an event stay text; CloudTrail writes at most 256 KB.
 */
enum { EMBEDDED_MAX = 1024 * 1024 };

struct embedded_cache {
	struct embedded *slot; /* those of other events are free */
	size_t mask;           /* slots less one; 0: none yet */
	size_t used;
	uint64_t event;
	size_t bytes; /* parsed for this event */
	struct arena arena;
	struct json_scan scan;
	struct strbuf clean;
};

void embedded_init(struct embedded_cache *c);
void embedded_release(struct embedded_cache *c);
/* Forgets what there is: another event begins. */
void embedded_reset(struct embedded_cache *c);
const struct json *embedded_find(struct embedded_cache *c, struct str text);

/* The object or array that a string holds as JSON, or NULL. Valid until
 * reset. Asked of nearly every text that is tested: a glance tells of most. */
static inline const struct json *embedded_in(struct embedded_cache *c,
					     struct str text)
{
	if (text.n < 2 ||
	    (text.p[0] > ' ' && text.p[0] != '{' && text.p[0] != '['))
		return NULL;
	return embedded_find(c, text);
}

struct match_scratch {
	struct re_scratch *re;
	struct strbuf json; /* compact text of an object */
	struct strbuf text; /* of a time or an id */
	struct str *said;   /* of a row */
	size_t said_cap;
	struct embedded_cache embedded;
	const struct event *event; /* in hand; not for longer than a call */
	uint64_t gave_up;
};

/* Every call that is about an event begins with it. */
static inline void match_begin(struct match_scratch *s, const struct event *e)
{
	if (s->embedded.used)
		embedded_reset(&s->embedded);
	s->event = e;
}

/* Some values of a test: one is enough. */
struct values {
	const struct mtest *t;
	const struct mvalue *v;
	size_t n;
};

/* match_text.c ------------------------------------------------------------ */

/* Does the test look at what is inside of objects and arrays? */
bool looks_inside(enum test_op op);
/* Is there a value that anything meets which is there? */
bool any_present(struct values vs);
/* Is a match in the text of an object within a key or scalar of it? */
bool looks_in_one(struct values vs);
/* Does a text that is there meet one of the values? */
bool text_meets(struct values vs, struct str text, struct match_scratch *s);
/* The whole test of a field that has these texts, none of them empty. */
bool texts_meet(const struct mtest *t, const struct str *text, size_t n,
		struct match_scratch *s);

enum { FIELD_TEXTS = 8 };

/* The texts that a field takes from a column's text: up to FIELD_TEXTS. */
size_t column_texts(enum field_kind kind, struct str column, struct str *out);
/* The same of a value of the store, which knows of addresses what no event
 * says. */
size_t stored_texts(const struct store *s, enum field_kind kind,
		    enum event_column c, uint32_t value, struct str *out);
/* The texts that a field takes from the flags and the kind of an event. */
size_t flag_texts(enum field_kind kind, uint32_t flags, enum event_kind event,
		  struct str *out);

/* The whole test of a field of what an analyst said of a row; without marks
 * nothing is said. */
bool said_meets(const struct mtest *t, const struct marks *marks, row_id row,
		struct match_scratch *s);

/* The names in an actor's ARN, itself among them. */
size_t user_texts(struct str actor, struct str *out);

/* The whole test of an origin or an incident. */
bool kin_meets(const struct mtest *t, const struct match_row *row,
	       struct match_scratch *s);

/* For FIELD_LEVEL and its relatives: what a mark is to one of the values. */
bool mark_meets(struct values vs, enum level level,
		const struct mark_label *label, struct match_scratch *s);
bool time_meets(const struct mtest *t, int64_t time, struct match_scratch *s);

/* match_event.c ----------------------------------------------------------- */

typedef enum answer (*answer_test)(const void *context, const struct mtest *t);

/* A tree of which not every test has an answer. */
enum answer node_partly(const struct mnode *node, answer_test test,
			const void *context);

/* match_record.c ---------------------------------------------------------- */

/* A test of FIELD_PATH, FIELD_ANY or FIELD_RESOURCE, for some values. */
bool record_meets(struct values vs, const struct json *record,
		  struct match_scratch *s);
/* TEST_EXISTS and TEST_NULL of these. */
bool record_has(const struct mtest *t, const struct json *record,
		struct match_scratch *s);
/* TEST_FIELD: does one of the texts compare with the value of another field as
 * it should? */
bool record_refers(struct values vs, const struct str *text, size_t n,
		   const struct json *record, struct match_scratch *s);

/* Called for what a path leads to; true ends the walk. */
typedef bool (*path_leaf)(void *context, const struct json *v);

/* Calls `leaf` for each place that a path leads to, until it returns true;
 * returns whether it did. */
bool record_walk(const struct json *record, struct str path, path_leaf leaf,
		 void *context, struct match_scratch *s);

#endif /* TRAWL_MATCHER_PRIVATE_H */
