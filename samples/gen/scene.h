/* SPDX-License-Identifier: MIT */
/*
 * scene.h - a scenario while it is written: cast, clock, records, truth
 *
 * A scenario names its sessions in a cast and plays steps, rows of a table,
 * beside the routine of everybody else (routine.h). A step that has a number
 * is part of the story: its eventID is derived from its number and call, so it
 * stays when noise is added, and it is listed in the set's truth file.
 *
 * Everything lives in the scene's arena until scene_end.
 */
#ifndef SAMPLEGEN_SCENE_H
#define SAMPLEGEN_SCENE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "gen/event.h"
#include "gen/session.h"
#include "gen/trail.h"
#include "gen/true_graph.h"

enum { SCENE_CAST_MAX = 256 };

struct scene {
	const char *set;     /* "secutter": the root of all its ids */
	const char *chapter; /* NULL, or what truth puts before a step */
	const char *date;    /* "2026-10-03", the day of times in steps */
	const char *region;  /* where things happen unless said otherwise */
	struct arena arena;
	struct trail trail;
	struct rng rng;
	struct session *cast[SCENE_CAST_MAX];
	size_t cast_n;
	struct strbuf truth; /* step, time, eventName, eventID */
	struct strbuf older; /* sessions issued before the evidence begins */
	struct true_graph *graph; /* NULL: nobody wants to know */
};

void scene_begin(struct scene *sc, const char *set, const char *date,
		 const char *region);
void scene_end(struct scene *sc);

/* Midnight of the scene's date plus "HH:MM:SS". */
int64_t scene_at(const struct scene *sc, const char *clock);
const char *scene_format(struct scene *sc, const char *fmt, ...)
	ATTR_PRINTF(2, 3);

/* Copies a session into the cast; label names it. */
struct session *scene_cast(struct scene *sc, struct session s);
/* The one with that label; a label that is not there ends the program. */
struct session *scene_find(struct scene *sc, const char *label);

/* A user with a long-term key; a user in the console, signed in later. */
struct session *scene_user(struct scene *sc, const char *label,
			   const char *account, const char *user,
			   const char *ip, const char *agent);
struct session *scene_console(struct scene *sc, const char *label,
			      const char *account, const char *user,
			      const char *ip, const char *agent);
/* A role session, not issued yet. `role` may have a path. */
struct session *scene_role(struct scene *sc, const char *label,
			   const char *account, const char *role,
			   const char *name, const char *ip, const char *agent);
/* The same for the role of an instance and of a function. */
struct session *scene_instance(struct scene *sc, const char *label,
			       const char *account, const char *role,
			       const char *instance, const char *ip,
			       const char *agent);
struct session *scene_function(struct scene *sc, const char *label,
			       const char *account, const char *role,
			       const char *function, const char *ip);
/* "config.amazonaws.com" itself. */
struct session *scene_service(struct scene *sc, const char *account,
			      const char *name);
/* The role that a service has in an account, used by it: no key. */
struct session *scene_linked(struct scene *sc, const char *label,
			     const char *account, const char *role,
			     const char *name, const char *service);
/* A session that was issued before the evidence begins. */
void scene_issued_before(struct scene *sc, struct session *s, int64_t created);

/* Writes one record into the trail. */
void scene_record(struct scene *sc, struct event *e);
/* The same for a call that needs no more said. */
void scene_call(struct scene *sc, struct session *by, int64_t time,
		const char *call, const char *args);

struct step {
	const char *step;  /* number in the story, or "" */
	const char *clock; /* "06:06:40" */
	const char *who;   /* label in the cast */
	const char *call;
	const char *args;    /* and "region=", "to=", "join=" */
	const char *outcome; /* NULL, "denied", "CODE: message" */
};

/*
 * Plays a table of steps. Arguments that mean something to the scene:
 * region=R where it is recorded; join=LABEL a requestID that the steps with
 * the same label share; to=LABEL the session that an issuing call
 * opens.
 */
void scene_play(struct scene *sc, const struct step *steps, size_t n);

/* Delivers the records to d->folder, which is made. */
ATTR_NODISCARD enum err_code scene_deliver(struct scene *sc,
					   const struct delivery *d,
					   struct err *err);

/* FOLDER/SET.truth.tsv and FOLDER/SET.older.tsv. */
ATTR_NODISCARD enum err_code scene_write_lists(const char *folder,
					       const char *set,
					       struct str truth,
					       struct str older,
					       struct err *err);

#endif /* SAMPLEGEN_SCENE_H */
