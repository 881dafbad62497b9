/* SPDX-License-Identifier: MIT */
/*
 * unwrap.h - records out of what carries them
 *
 * An envelope splits a file into values; a value that is no record itself may
 * carry some: an EventBridge event, a queue's message with a topic's message
 * in it, a log event, a search hit, a row of a query's result. It is
 * recognised by what it holds, taken apart, and what is found is handed out as
 * the text of a CloudTrail record. What an export has taken apart is put
 * together again under CloudTrail's names. The same value gives the same
 * texts each time, so that a record is read again by unwrapping its value
 * again.
 *
 * Wrapping inside texts is followed through UNWRAP_LEVELS of them, and all
 * that a value unfolds to is bounded by UNWRAP_GROWTH times the longest
 * record, so that a small file cannot be made to fill the memory.
 *
 * Layer: ingest. Cost: O(bytes unfolded). Threads: an unwrapper is one
 * thread's.
 */
#ifndef TRAWL_UNWRAP_H
#define TRAWL_UNWRAP_H

#include "base/json.h"
#include "base/limits.h"
#include "ingest/value.h"
#include "model/event.h"
#include "model/form.h"

enum { UNWRAP_LEVELS = 4, UNWRAP_GROWTH = 4 };

/* Why a digest of CloudTrail's is no record: what checks them is
 * casework/verify.h. */
#define UNWRAP_DIGEST "a CloudTrail digest file"

/* One thing found in a value. */
struct unwrapped {
	struct str text;  /* a record as JSON, when skip is NULL */
	const char *skip; /* why there is no record, a constant */
	bool foreign;     /* of a skip: nothing of CloudTrail's is lost */
	enum form form;   /* of a record */
};

struct unwrapper;

struct unwrapper *unwrapper_new(const struct limits *limits);
void unwrapper_free(struct unwrapper *u);

/* Is that an event as it stands, nothing that has to be unwrapped first? Asked
 * of every record. */
static inline bool is_plain_event(const struct event *e)
{
	return e->column[EVENT_NAME].n &&
	       !str_starts(e->column[EVENT_SOURCE], STR("aws:"));
}

/*
 * Takes a value apart. The array is valid until the next call, its texts do
 * not depend on the value; *n is 0 when it is nothing that is known.
 */
const struct unwrapped *unwrap(struct unwrapper *u, const struct json *value,
			       size_t *n);

/*
 * The same of one line of a log (ingest/line.h), with the header of its file
 * or an empty one.
 */
const struct unwrapped *unwrap_line(struct unwrapper *u, struct str line,
				    struct str header, size_t *n);

/* The event in what was found, marked as carried; its texts are in the arena
 * and in found->text. False when it cannot be read: see r->scan.reason. */
bool unwrapped_event(struct event *e, const struct unwrapped *found,
		     struct value_reader *r, struct arena *arena);

/*
 * The array in `object` whose elements are what counts, when it is one of the
 * objects that hold nothing else: {"Records":[]}, {"Events":[]},
 * {"logEvents":[]}, {"hits":{"hits":[]}}, ...; else NULL.
 */
const struct json *unwrap_container(const struct json *object);

/* Is that the name of such an array? */
bool unwrap_names_container(struct str key);

#endif /* TRAWL_UNWRAP_H */
