/* SPDX-License-Identifier: MIT */
/*
 * fact.h - what events say about who became whom
 *
 * Most events only use credentials; a few issue or create them. While the
 * records are parsed, fact_visitor notes those few: which credential came out
 * of which event. lineage.h joins the facts to the sessions that the rows
 * show.
 *
 * Source: domain rules of AWS STS, sign-in and IAM events; the paths are those
 * of real records.
 *
 * Layer: identity. Threads: as ingest.h says for visitors.
 */
#ifndef TRAWL_FACT_H
#define TRAWL_FACT_H

#include <stdint.h>

#include "base/intern.h"
#include "ingest/ingest.h"

enum fact_kind {
	FACT_ISSUED,  /* temporary credentials were handed out */
	FACT_CONSOLE, /* a console sign-in succeeded */
	FACT_KEY,     /* a long-term access key was created */
	FACT_CREATED, /* a user or role was created */
};

/* Texts of a fact; 0 where the event does not say. */
enum fact_text {
	FACT_PRINCIPAL_ID, /* of the session that comes of it */
	FACT_TIME,         /* eventTime, which is the session's creationDate */
	FACT_ROLE,         /* roleArn, or the ARN of what was created */
	FACT_SESSION_NAME,
	FACT_ACCESS_KEY, /* that was issued or created */
	FACT_OWNER,      /* user name that a key was created for */
	FACT_SHARED_ID,  /* sharedEventID */
	FACT_TEXTS,
};

struct fact {
	uint32_t arrival; /* number of arrival of its event */
	enum fact_kind kind;
	uint32_t text[FACT_TEXTS]; /* in facts.strings */
};

struct facts {
	struct intern strings;
	struct fact *fact; /* in order of arrival of the batches */
	size_t n, cap;
};

void facts_init(struct facts *f);
void facts_release(struct facts *f);

/* A visitor that gathers into `f`, which must outlive the load. */
struct ingest_visitor fact_visitor(struct facts *f);

/* The text of a fact, empty when absent. */
struct str fact_text(const struct facts *f, const struct fact *fact,
		     enum fact_text which);

#endif /* TRAWL_FACT_H */
