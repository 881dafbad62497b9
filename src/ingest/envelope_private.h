/* SPDX-License-Identifier: MIT */
/*
 * envelope_private.h - what the readers of JSON, of tables and of lines share
 */
#ifndef TRAWL_ENVELOPE_PRIVATE_H
#define TRAWL_ENVELOPE_PRIVATE_H

#include "ingest/envelope.h"

enum state {
	AT_START,
	BETWEEN,  /* values follow one another, or nothing */
	IN_ARRAY, /* elements follow */
	IN_TABLE, /* rows follow */
	IN_LINES, /* lines of a log follow */
	BEHIND,   /* after something broken: between values or elements */
	AT_END,
};

/* Bytes before the next one that stay in the buffer, as far as there are any:
 * they tell what an object is. */
enum { ENVELOPE_LOOK_BACK = 64 };

struct envelope {
	struct source *source;
	const struct limits *limits;
	struct arena *arena;
	struct json_scan scan;
	struct strbuf clean;
	struct strbuf header; /* of a table, or of flows */
	struct strbuf lead;   /* see struct envelope_file */
	struct strbuf print;  /* see envelope_enter_lines */
	char *buf;
	size_t n, cap; /* bytes in buf */
	size_t at;     /* the next one to look at */
	uint64_t base; /* offset of buf[0] in the file */
	uint64_t held; /* from this offset on the buffer keeps what was passed,
			  as much of it as the longest record has; or
			  UINT64_MAX */
	bool ended;    /* the source has no more */
	enum state state;
	unsigned objects;  /* around the array */
	bool delivery;     /* the array is a member "Records" */
	unsigned wanted;   /* marks of a record that the next value has to have:
			       it was found behind a break */
	uint64_t records;  /* numbered so far */
	uint64_t waste;    /* bytes scanned in vain, see look_behind */
	uint64_t spare;    /* so much more, and all had been read alike */
	uint64_t break_at; /* where the last value that was broken broke */
	enum file_format format;
	bool told_trouble;
};

/* The bytes that were read and not passed. */
static inline struct str envelope_ahead(const struct envelope *e)
{
	return (struct str){ e->buf + e->at, e->n - e->at };
}

/* Reads more behind what is there, dropping what was passed; false at the end
 * of the file. */
bool envelope_fill(struct envelope *e);
/* Passes blanks and any byte of `also`; false at the end of the file. */
bool envelope_pass(struct envelope *e, const char *also);
void envelope_skip(struct envelope *e, struct envelope_item *item,
		   uint64_t number, const char *reason);

/* At the end of an array: passes it and the rest of the objects around it. */
void envelope_leave_array(struct envelope *e);

/* envelope_look.c: what a place in the file looks like. */

enum {
	/* Bytes that the first key of an object is looked for in. */
	ENVELOPE_LONGEST_MARK = 64,
	/* Bytes of a time and a name before an object. */
	ENVELOPE_LONGEST_PREFIX = 128,
};

static inline bool envelope_is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Does a record seem to begin at buf[at]? */
bool envelope_begins_record(const struct envelope *e, size_t at);
/* Moves on to the next place from e->at where one does, and notes in e->wanted
 * how much it has to look like one; false when there is none. `within` bounds
 * the search in bytes. */
bool envelope_seek_record(struct envelope *e, uint64_t within);
/* The name of the first member of the object at text.p[0], when all of it can
 * be seen and it is plain. */
bool envelope_first_key(struct str text, struct str *key);
/* Is that the name of a delivery's array? */
bool envelope_names_records(struct str key);
/* How far behind e->at an object begins that has a time before it, reading as
 * far as it takes; 0: there is none. */
size_t envelope_prefix(struct envelope *e);

/* envelope_rows.c: rows behind a header, and lines of logs. */

/* Passes a table's header; false when there is none. */
bool envelope_pass_header(struct envelope *e);
/* The next row; false at the end of the file. */
bool envelope_row(struct envelope *e, struct envelope_item *item);
/* Are these lines of a log? Then they are what follows; a header of flows is
 * passed. */
bool envelope_enter_lines(struct envelope *e);
/* The next line; false at the end of the file. */
bool envelope_line(struct envelope *e, struct envelope_item *item);

#endif /* TRAWL_ENVELOPE_PRIVATE_H */
