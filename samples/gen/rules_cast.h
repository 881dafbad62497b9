/* SPDX-License-Identifier: MIT */
/*
 * rules_cast.h - who makes the calls of the rule templates
 *
 * The names that a template's "as" may have are those of the table in
 * rules_cast.c. None of their sessions has an issuing event in the set.
 */
#ifndef SAMPLEGEN_RULES_CAST_H
#define SAMPLEGEN_RULES_CAST_H

#include "gen/scene.h"

void rules_cast(struct scene *sc);
/* NULL stands for "developer"; an unknown name ends the program. */
const struct session *rules_actor(struct scene *sc, const char *as);

#endif /* SAMPLEGEN_RULES_CAST_H */
