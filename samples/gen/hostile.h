/* SPDX-License-Identifier: MIT */
/*
 * hostile.h - files that try to harm, hide or confuse
 *
 * A file is built in h->text, out of records with something hostile in them,
 * and finished by hostile_write or hostile_pack, which add its line to
 * EXPECT.tsv: how many records a reader finds, how many places it has to
 * report as broken (at least; 0: none), which events must be there, and
 * which of them a rule must see.
 */
#ifndef SAMPLEGEN_HOSTILE_H
#define SAMPLEGEN_HOSTILE_H

#include "gen/scene.h"

/* Something hostile in one record. */
struct trick {
	const char *name; /* the id of the record is derived from it */
	const char *call; /* NULL: `bytes` is the whole record */
	const char *args;
	const char *agent; /* NULL: an ordinary one */
	const char *find;  /* what is replaced, everywhere: NULL is "@@",
			      which stands in args or agent; "@identity" is
			      the value of userIdentity, "@time" that of
			      eventTime, "@id" the whole member eventID */
	struct str bytes;  /* by this */
	bool alarming;     /* a rule must see it */
	enum trick_kind {
		TRICK_SEEN,      /* has to be found by its id */
		TRICK_ANONYMOUS, /* has no id */
		TRICK_OPTIONAL,  /* may be reported as broken instead */
	} kind;
};

#define BYTES(literal)                         \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}

struct hostile {
	struct scene scene;
	struct session *attacker;
	const char *folder;
	int64_t clock;        /* time of the next record */
	struct strbuf text;   /* of the file that is being made */
	unsigned records;     /* that a reader finds in it */
	bool more;            /* it may find more */
	struct strbuf ids;    /* of them, with commas between */
	struct strbuf alarms; /* of those that a rule must see */
	struct strbuf expect;
	enum err_code rc; /* the first failure; what follows is left out */
	struct err *err;
};

/* Adds a record to the text. */
void hostile_record(struct hostile *h, const struct trick *t);
/* A sound one, of no interest. */
void hostile_sound(struct hostile *h, const char *name);

/* The text as a file, and gzipped. `what` is a note for EXPECT.tsv. */
void hostile_write(struct hostile *h, const char *name, unsigned broken,
		   const char *what);
void hostile_pack(struct hostile *h, const char *name, unsigned broken,
		  const char *what);
/* Bytes that were made otherwise; `more` says that a reader may find more
 * records than counted. */
void hostile_bytes(struct hostile *h, const char *name, struct str bytes,
		   unsigned broken, bool more, const char *what);

/* hostile_text.c: values and keys. hostile_form.c: JSON that is broken or
 * unusual. hostile_gzip.c: compression. */
void hostile_text(struct hostile *h);
void hostile_form(struct hostile *h);
void hostile_gzip(struct hostile *h);

#endif /* SAMPLEGEN_HOSTILE_H */
