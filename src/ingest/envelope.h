/* SPDX-License-Identifier: MIT */
/*
 * envelope.h - records out of whatever they are wrapped in
 *
 * By content: {"Records":[...]} on one line of any length, objects that hold
 * an array of another name (unwrap_container), a bare array, one object after
 * another (JSON lines, a single record, lines that begin with a time), several
 * of these behind one another; or rows behind a header (ingest/table.h);
 * or lines of a log (ingest/line.h). What is found is a record or carries some
 * (ingest/unwrap.h). Records are found one at a time, so that memory is bounded by
 * the longest record and not by the file. What is broken is reported with its
 * place, and reading goes on at the next place that looks like the beginning
 * of a record.
 *
 * Layer: ingest. Threads: one.
 */
#ifndef TRAWL_ENVELOPE_H
#define TRAWL_ENVELOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/strbuf.h"
#include "ingest/source.h"
#include "store/files.h"

enum envelope_item_kind {
	ITEM_RECORD, /* an object; a row of a query's result is an array */
	ITEM_SKIP,   /* something that cannot be used; reason says why */
	ITEM_END,    /* nothing follows */
};

struct envelope_item {
	enum envelope_item_kind kind;
	uint64_t number;    /* of the record, from 1; 0: about the file */
	uint64_t offset;    /* into the decompressed file */
	const char *reason; /* of a skip, a constant */
	bool delivered;     /* a member of a "Records" array */
	bool row;           /* of a table: nothing but its cells */
	bool line;          /* of a log: there are its bytes, and no value */
	bool foreign;       /* of a skip: nothing that could be read is lost */
	/* Of a record; borrowed until the next call. */
	struct str raw;    /* its bytes in the file */
	struct str header; /* of a line, where its log has one */
	const struct json *value;
	unsigned notes; /* enum json_note */
};

struct envelope;

/* Records are parsed into `arena`, which is reset for each; until then it is
 * the caller's to add to. One envelope serves file after file, keeping its
 * buffers. */
struct envelope *envelope_new(const struct limits *limits, struct arena *arena);
void envelope_free(struct envelope *e);

/* Begins a file; the source stays the caller's and outlives its reading. */
void envelope_start(struct envelope *e, struct source *source);

void envelope_next(struct envelope *e, struct envelope_item *item);

/* What the file turned out to be; valid after the first call of next. */
enum file_format envelope_format(const struct envelope *e);

/*
 * Reading in pieces (envelope_cut.c). Between two items reading may rest; who
 * goes on from there, with the same file and another envelope, finds what the
 * first one would have found, but that numbers of records begin anew.
 */
struct envelope_place {
	uint64_t offset; /* of what comes next */
	unsigned state;  /* as in envelope_private.h; likewise */
	unsigned objects;
	bool delivery;
	enum file_format format;
};

/* What holds of a file from its first item on, for those who go on in it. */
struct envelope_file {
	struct strbuf header; /* of a table, or of flows */
	struct strbuf lead;   /* the first key of the first object */
};

void envelope_file_init(struct envelope_file *f);
void envelope_file_release(struct envelope_file *f);
/* After the first item. */
void envelope_file_note(const struct envelope *e, struct envelope_file *f);

/*
 * Between two calls of envelope_next: is this a place to rest, at or behind
 * the offset `from`? What separates items is passed. Beyond `must` any place
 * between items is one.
 */
bool envelope_rests(struct envelope *e, uint64_t from, uint64_t must);
struct envelope_place envelope_place(const struct envelope *e);
bool envelope_same_place(const struct envelope_place *a,
			 const struct envelope_place *b);
/* Has the file been read to where no item follows? */
bool envelope_at_end(const struct envelope *e);

/*
 * Goes on at a place of the file, whose source can seek that far. Where the
 * file has become shorter, at its end.
 */
void envelope_resume(struct envelope *e, struct source *source,
		     const struct envelope_place *place,
		     const struct envelope_file *file);
/*
 * Goes on at the first place from place->offset on where somebody who read up
 * to there would seem to rest, in the state of `place`; false when none is
 * near. Whether it is one only that reading can tell.
 */
bool envelope_guess(struct envelope *e, struct source *source,
		    const struct envelope_place *place,
		    const struct envelope_file *file);

/*
 * Work in vain that a file may cause is bounded for all of it (look_behind):
 * bytes of it so far, and how many more there could have been before without
 * that anything would have been read otherwise.
 */
uint64_t envelope_waste(const struct envelope *e);
uint64_t envelope_spare(const struct envelope *e);
/* After envelope_resume: the bytes before. */
void envelope_set_waste(struct envelope *e, uint64_t before);

#endif /* TRAWL_ENVELOPE_H */
