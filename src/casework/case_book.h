/* SPDX-License-Identifier: MIT */
/*
 * case_book.h - what a case says, as it holds now
 *
 * A case is lines, in the order in which they were written (case_file.h); the
 * book is what they come to: stars, labels, notes and dispositions of events,
 * notes of the case, evidence from outside the logs, steps of guides that were
 * done. Mutes and saved filters are matters of their own (mutes.h,
 * saved_filters.h). trawl-case(5) describes the entries.
 *
 * Events are named by their id as store_id_text gives it, "h:..." for records
 * without one; what the entry says of the event beside it is for people who
 * read the case where the logs are not. All texts may come from a log, or from
 * a file that somebody else made: they are shown through safetext.
 *
 * Lists are in the order in which their items were made; of an item that was
 * changed later the newest text holds, at its old place. A book follows its
 * case: case_book_update takes what was added since.
 *
 * Cost: an update is O(lines that are new + items of lists that lost one).
 * Layer: casework. Ownership: texts are the book's, until the next update.
 * Threads: any may read between updates.
 */
#ifndef TRAWL_CASE_BOOK_H
#define TRAWL_CASE_BOOK_H

#include "base/intern.h"
#include "casework/case_file.h"
#include "model/disposition.h"

/*
 * Code, its entry, the entry that ends it ("": none does), what `text` and
 * `name` are called in the file ("": there is none), and what tells one item
 * from another.
 *
 * CASE_STAR         event
 * CASE_LABEL        event, text: the label
 * CASE_NOTE         id, text; of an event, of an incident (by its name), or,
 *                   without both, of the case
 * CASE_TEXT         text: all that an author keeps as notes of the case; each
 *                   author has one
 * CASE_DISPOSITION  rule, actor (the alert's fold), disposition, events: the
 *                   matches that it was given for
 * CASE_EVIDENCE     id, event.time, text: what, name: where it was seen
 * CASE_STEP         rule, actor, text: the step of the guide, as the rule has
 *                   it
 */
#define CASE_KINDS(X)                                                      \
	X(CASE_STAR, "star", "unstar", "", "", BY_EVENT)                   \
	X(CASE_LABEL, "label", "unlabel", "label", "", BY_EVENT_AND_TEXT)  \
	X(CASE_NOTE, "note", "unnote", "text", "", BY_ID)                  \
	X(CASE_TEXT, "text", "untext", "text", "", BY_AUTHOR)              \
	X(CASE_DISPOSITION, "disposition", "", "", "", BY_NOTHING)         \
	X(CASE_EVIDENCE, "evidence", "unevidence", "what", "where", BY_ID) \
	X(CASE_STEP, "step", "unstep", "step", "", BY_RULE_AND_TEXT)

enum case_kind {
#define X(code, entry, end, text, name, key) code,
	CASE_KINDS(X)
#undef X
		CASE_KIND_COUNT
};

/* An event as a case names it; all but the id may be missing. */
struct case_event {
	struct str id;
	int64_t time;    /* TIME_NONE: not said */
	struct str name; /* eventName */
	struct str file;
};

/* One thing that was said. What its kind does not have is empty. */
struct case_item {
	enum case_kind kind;
	enum disposition disposition;
	struct case_event event;
	struct str id;             /* its own */
	struct str incident;       /* the event id that names it */
	struct str rule_id, title; /* of a rule; either may be empty */
	struct str actor;
	struct str text, name; /* see CASE_KINDS */
	const struct str *events;
	size_t event_n;
	struct str author;
	int64_t time; /* when it was said; TIME_NONE: not said */
};

struct case_list {
	struct case_item *item;
	size_t n, cap;
};

struct case_book {
	struct case_list list[CASE_KIND_COUNT];
	/* Inside: */
	size_t lines;     /* of the case that were taken */
	uint64_t edition; /* of the case that they are of */
	struct intern keys;
	struct case_at {
		uint32_t at; /* place in its list + 1; 0: it holds no more */
	} * at;              /* by number of the key */
	size_t at_cap;
	uint32_t *key_of[CASE_KIND_COUNT]; /* by item */
	size_t key_cap[CASE_KIND_COUNT];
	struct arena arena;
};

void case_book_init(struct case_book *b);
void case_book_release(struct case_book *b);
/* Takes what the case says beyond what was taken; true when that was anything.
 * `c` is the same one each time; NULL says nothing. */
bool case_book_update(struct case_book *b, const struct case_file *c);
/* What a JSON text says: one line of a case, by whoever holds no case. */
void case_book_take(struct case_book *b, struct str line);

static inline const struct case_list *case_book_list(const struct case_book *b,
						     enum case_kind kind)
{
	return &b->list[kind];
}

/* The item of a list that is the same thing as `like`, as its kind tells things
 * apart, or NULL. */
const struct case_item *case_book_find(const struct case_book *b,
				       const struct case_item *like);
/* Was a step of a rule's guide done for an actor (an alert's fold)? A rule is
 * named by its id, one without by its title. */
bool case_book_step_done(const struct case_book *b, struct str rule_id,
			 struct str title, struct str actor, struct str step);

/*
 * Writes an entry without its end of line: what an item says, or, with `ends`,
 * that it holds no more. Author and time are written when the item has them;
 * texts become valid UTF-8.
 */
void case_item_write(const struct case_item *item, bool ends,
		     struct strbuf *out);
/* The same, with texts in an arena. */
struct case_item case_item_copy(struct arena *a, const struct case_item *x);
/* Reads one; false for what is no entry of these kinds. Texts are the tree's,
 * arrays the arena's. */
bool case_item_read(const struct json *v, struct case_item *out, bool *ends,
		    struct arena *a);

#endif /* TRAWL_CASE_BOOK_H */
