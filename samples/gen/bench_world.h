/* SPDX-License-Identifier: MIT */
/*
 * bench_world.h - who is there, and what they do next
 *
 * bench_world_step lets somebody do something: it records one event or a few
 * in the scene that it is given, whose arena and trail the caller empties
 * afterwards. The world itself lives in a scene of its own.
 */
#ifndef SAMPLEGEN_BENCH_WORLD_H
#define SAMPLEGEN_BENCH_WORLD_H

#include "gen/scene.h"

enum {
	BENCH_ACCOUNTS = 6,
	BENCH_REGIONS = 5,
	BENCH_USERS = 240,
	BENCH_WORKERS = 200, /* sessions alive at a time */
};

extern const char *const bench_accounts[BENCH_ACCOUNTS];
extern const char *const bench_regions[BENCH_REGIONS];

struct bench_worker {
	struct session s;
	struct session *issuer; /* who assumes the role for it */
	int kind;               /* enum in bench_world.c */
	const char *region;
	unsigned left; /* calls until the next session */
};

struct bench_world {
	struct scene home; /* names and principals */
	struct session user[BENCH_USERS];
	struct session service[BENCH_ACCOUNTS][4];
	struct session linked[BENCH_ACCOUNTS];
	struct bench_worker worker[BENCH_WORKERS];
	struct rng rng;
};

void bench_world_begin(struct bench_world *w, const char *seed);
void bench_world_end(struct bench_world *w);

/* Somebody does something at time t. */
void bench_world_step(struct bench_world *w, struct scene *sc, int64_t t);
/* Somebody is attacked; events from t to a few minutes later. */
void bench_world_attack(struct bench_world *w, struct scene *sc, int64_t t);

#endif /* SAMPLEGEN_BENCH_WORLD_H */
