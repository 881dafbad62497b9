/* SPDX-License-Identifier: MIT */
/*
 * secutter.h - the places of the Secutter incident
 *
 * set_secutter.c tells the story, secutter_routine.c what went on around it.
 */
#ifndef SAMPLEGEN_SECUTTER_H
#define SAMPLEGEN_SECUTTER_H

#include "gen/scene.h"

#define SECUTTER_ACCOUNT  "111122223333"
#define SECUTTER_WEB      "i-0e6921bc7de8aa9e9"
#define SECUTTER_WEB_IP   "192.0.2.30" /* its own, public */
#define SECUTTER_MINER    "i-07b1c4e5d2f3a9860"
#define SECUTTER_ATTACKER "203.0.113.66"
#define SECUTTER_OFFICE   "198.51.100.10"
#define SECUTTER_CODES    "serverless-codes-4f1c2a"
#define SECUTTER_IMAGES   "secutter-images-4f1c2a"
#define SECUTTER_LOGS     "awslogs-4f1c2a"

/* The hours of the evidence. */
#define SECUTTER_FROM "04:30:00"
#define SECUTTER_TO   "08:30:00"

void secutter_routine(struct scene *sc);
/* What lies beside CloudTrail; the session is the one that was stolen. */
ATTR_NODISCARD enum err_code secutter_logs(const char *folder,
					   const struct session *stolen,
					   struct err *err);

/* The whole story, played; the caller ends the scene. */
void secutter_begin(struct scene *sc);

#endif /* SAMPLEGEN_SECUTTER_H */
