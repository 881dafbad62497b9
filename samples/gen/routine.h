/* SPDX-License-Identifier: MIT */
/*
 * routine.h - what goes on in an account when nothing happens
 *
 * Agents reporting, services writing logs, people clicking through the
 * console, pipelines. Times run from `from` to `to`; what falls behind `to`
 * is left out.
 */
#ifndef SAMPLEGEN_ROUTINE_H
#define SAMPLEGEN_ROUTINE_H

#include "gen/scene.h"

/* Milliseconds. */
enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

/* A call that somebody makes now and then; args may hold placeholders. */
struct habit {
	unsigned weight; /* how often, beside the others of its table */
	const char *call;
	const char *args;
};

/* One of the habits every so often, by chance. */
void routine_now_and_then(struct scene *sc, struct session *by, int64_t from,
			  int64_t to, int64_t every, const struct habit *habits,
			  size_t n);
/* All of them, in order, from `t` on; returns the time after the last. */
int64_t routine_all(struct scene *sc, struct session *by, int64_t t,
		    int64_t gap, const struct habit *habits, size_t n);
/*
 * Pages of the console: after a pause, a run of neighbouring calls of the
 * table within a second or two. The weight of a row marks the page that it
 * belongs to: rows of one page follow one another.
 */
void routine_pages(struct scene *sc, struct session *by, int64_t from,
		   int64_t to, int64_t pause, const struct habit *pages,
		   size_t n);
/* A service acts with the caller's rights (forward access session). */
void routine_on_behalf(struct scene *sc, struct session *by, int64_t t,
		       const char *service, const char *call, const char *args);

/* CloudTrail and log delivery write into `bucket`. */
void routine_log_delivery(struct scene *sc, const char *account,
			  const char *bucket, int64_t from, int64_t to,
			  int64_t every);
/* The SSM agent of an instance: heartbeat, associations, inventory. */
void routine_agent(struct scene *sc, struct session *agent,
		   const char *instance, const char *private_ip, int64_t from,
		   int64_t to, int64_t every);
/* AWS Config looks around, each time in a session of its own. */
void routine_config(struct scene *sc, const char *account, int64_t from,
		    int64_t to, int64_t every);
/* Auto Scaling and load balancing check their targets; a session an hour. */
void routine_scaling(struct scene *sc, const char *account, const char *target,
		     int64_t from, int64_t to, int64_t every);
/* A function that handles objects of a bucket. */
void routine_function(struct scene *sc, struct session *function,
		      const char *bucket, int64_t from, int64_t to,
		      int64_t every);

#endif /* SAMPLEGEN_ROUTINE_H */
