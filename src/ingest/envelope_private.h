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

struct envelope {
	struct source *source;
	const struct limits *limits;
	struct arena *arena;
	struct json_scan scan;
	struct strbuf clean;
	struct strbuf header; /* of a table, or of flows */
	struct strbuf print;  /* see envelope_enter_lines */
	char *buf;
	size_t n, cap; /* bytes in buf */
	size_t at;     /* the next one to look at */
	uint64_t base; /* offset of buf[0] in the file */
	bool ended;    /* the source has no more */
	enum state state;
	unsigned objects;  /* around the array */
	bool delivery;     /* the array is a member "Records" */
	unsigned wanted;   /* marks of a record that the next value has to have:
			       it was found behind a break */
	uint64_t records;  /* numbered so far */
	uint64_t waste;    /* bytes scanned in vain, see look_behind */
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
