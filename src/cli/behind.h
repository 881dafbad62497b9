/* SPDX-License-Identifier: MIT */
/*
 * behind.h - who may be behind an identity, on a page
 *
 * Layer: cli.
 */
#ifndef TRAWL_BEHIND_H
#define TRAWL_BEHIND_H

#include "cli/session.h"
#include "identity/question.h"

/* Those who may be behind it, and those who built or changed it. */
void behind_write(struct session *s, const struct suspects *behind);

#endif /* TRAWL_BEHIND_H */
