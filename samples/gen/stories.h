/* SPDX-License-Identifier: MIT */
/*
 * stories.h - small worlds for the tests of lineage rules
 *
 * A story is a few steps of a few people, one variant of it with what must
 * alert and others that are harmless. Each has a day and a cast of its own.
 * Its events are named lineage/STORY/VARIANT/1, /2, ... in INDEX.tsv: the
 * name without the number stands for all of them.
 */
#ifndef SAMPLEGEN_STORIES_H
#define SAMPLEGEN_STORIES_H

#include "gen/scene.h"

#define HERE   "111122223333"
#define OTHER  "444455556666" /* another account of the same owner */
#define THIRD  "777788889999" /* and one more */
#define ABROAD "999988887777" /* somebody else's */

/* The same credentials in other hands, or from another place. */
struct alias {
	const char *label, *of;
	const char *ip, *agent, *delivery; /* NULL: as before */
};

struct story {
	const char *name; /* "instance-elsewhere/fire" */
	void (*cast)(struct scene *sc);
	/* As scene_play has them; "@LABEL" in an argument is that session's
	 * key. */
	const struct step *step;
	size_t step_n;
	const struct alias *alias;
	size_t alias_n;
};

/* Each ends with a name of NULL. */
extern const struct story stories_elsewhere[];
extern const struct story stories_chain[];
extern const struct story stories_trust[];
extern const struct story stories_escalate[];
extern const struct story stories_first[];
extern const struct story stories_series[];
extern const struct story stories_workload[];
extern const struct story stories_places[];
extern const struct story stories_named[];

/* For casts: a call over and over, from "HH:MM:SS" on, so many seconds apart.
 * A `#` in its arguments is the number of the call, from 1. */
void stories_repeat(struct scene *sc, const char *who, const char *from,
		    unsigned times, unsigned seconds, const char *call,
		    const char *args, const char *outcome);

/* Writes all stories as lines to `lines`, and their events to `index`. */
void stories_write(struct strbuf *lines, struct strbuf *index);

/* Those of requests to S3: their events to `records`, the access log's lines to
 * `lines`. */
void stories_write_requests(struct strbuf *records, struct strbuf *lines,
			    struct strbuf *index);

#endif /* SAMPLEGEN_STORIES_H */
