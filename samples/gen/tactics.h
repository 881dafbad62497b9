/* SPDX-License-Identifier: MIT */
/*
 * tactics.h - eight short attacks, one a tactic
 *
 * set_tactics.c has the people and the noise that they share; the stories are
 * in tactics_in.c (getting in and up) and tactics_on.c (moving on and out).
 */
#ifndef SAMPLEGEN_TACTICS_H
#define SAMPLEGEN_TACTICS_H

#include "gen/scene.h"

#define TACTICS_ACCOUNT "111122223333"
#define TACTICS_OTHER   "444455556666" /* the same owner's */
#define TACTICS_FOREIGN "999988887777" /* the attacker's */
#define TACTICS_AWAY    "203.0.113.90" /* where the attacker is */

struct story {
	const char *tactic; /* also its folder */
	const char *date;
	const struct step *steps;
	size_t n;
	/* Casts what the steps need beside everybody's cast; or NULL. */
	void (*prepare)(struct scene *sc);
};

extern const struct story stories_in[];
extern const struct story stories_on[];
enum { STORIES_IN = 4, STORIES_ON = 4 };

#endif /* SAMPLEGEN_TACTICS_H */
