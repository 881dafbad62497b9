/* SPDX-License-Identifier: MIT */
/*
 * quiet.h - three accounts in which nothing happens for two days
 *
 * Nothing here may raise an alert above level low. So what a first day does,
 * the second does again from the same addresses; reads come a few at a time;
 * and of the alarming calls only harmless forms occur.
 */
#ifndef SAMPLEGEN_QUIET_H
#define SAMPLEGEN_QUIET_H

#include "gen/scene.h"

#define QUIET_SHARED "222233334444" /* people, pipelines, the portal */
#define QUIET_PROD   "444455556666"
#define QUIET_DEV    "777788889999"

/* What the machines and the people of one day do; sc->date is the day. */
void quiet_machines(struct scene *sc, int day);
void quiet_people(struct scene *sc, int day);

#endif /* SAMPLEGEN_QUIET_H */
