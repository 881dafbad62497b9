/* SPDX-License-Identifier: MIT */
/*
 * navigator.h - alerts as a layer of the ATT&CK Navigator
 *
 * One JSON document of layer format 4.5, which names the version of ATT&CK
 * that its ids are of. A technique's score is the number of alerts that name
 * it, its comment says of which rules. A technique stands under those tactics
 * of the rules that it serves; where it serves none of them, under its own;
 * where the table does not know it, under all.
 *
 * Layer: cli. Threads: one.
 */
#ifndef TRAWL_NAVIGATOR_H
#define TRAWL_NAVIGATOR_H

#include "cli/output.h"
#include "detect/alert.h"

/* Of the first `limit` alerts. */
void navigator_write(struct output *out, const struct alerts *alerts,
		     size_t limit, struct str selection);

#endif /* TRAWL_NAVIGATOR_H */
