/* SPDX-License-Identifier: MIT */
/*
 * kinship.h - rows put to origins and incidents, for filters
 *
 * Origins are those of the lineage's climb (climb.h); incidents are found as
 * incident.h says. An incident has all rows of its identities, not only those
 * that raised alerts, and is named by the event of its first step.
 *
 * Cost: O(nodes + edges + marks). Layer: detect.
 */
#ifndef TRAWL_KINSHIP_H
#define TRAWL_KINSHIP_H

#include "detect/alert.h"
#include "identity/lineage.h"
#include "model/site.h"
#include "store/kin.h"
#include "store/marks.h"

/* What kin is made of; all of it outlives the kin. */
struct kinship {
	const struct lineage *lineage;
	const struct store *store;
	const struct marks *marks;
	const struct alerts *alerts;
	const struct site *site;
};

/* kin->context is a struct kinship. */
void kinship_make(struct kin *k);

#endif /* TRAWL_KINSHIP_H */
