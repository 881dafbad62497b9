/* SPDX-License-Identifier: MIT */
/*
 * kin.h - of each row whose it is in the end, and which incident it is part of
 *
 * Rows belong to groups, those that one identity acted in; a group may have
 * come of another. A row is part of at most one incident. Identity and detect
 * know which; filters ask by row. It is made when it is first asked for, or
 * before by a thread that has time; who may not wait sees by kin_is_coming
 * that there is such a thread.
 *
 * Cost: 4 bytes a row, 8 and a text for each group.
 *
 * Layer: store. Ownership: names are the maker's, or in the arena. Threads:
 * any number may ask, one of them makes it.
 */
#ifndef TRAWL_KIN_H
#define TRAWL_KIN_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/arena.h"
#include "store/rowset.h"

struct kin {
	/* Fills what follows; `context` is its own. */
	void (*make)(struct kin *k);
	const void *context;
	pthread_mutex_t lock; /* of what makes it */
	atomic_bool promised; /* some thread makes it before long */
	atomic_bool known;

	const uint32_t *group; /* by row; 0: nobody's */
	size_t rows;
	uint32_t groups;  /* numbers in use, 0 too */
	struct str *name; /* by group: the node's id */
	uint32_t *up;     /* by group: which it came of; 0: it is first */
	/* Groups that are other names of a group, and act in no row: the first
	 * one by that group, and then by each the next; 0: no more. */
	uint32_t *alias;
	uint32_t *incident;        /* by row; 0: none */
	struct str *incident_name; /* from 1; raw */
	uint32_t incidents;        /* numbers in use, 0 too */
	struct arena arena;
};

void kin_init(struct kin *k, void (*make)(struct kin *k), const void *context);
void kin_release(struct kin *k);

/* Makes it, if need be; NULL when `k` is. */
const struct kin *kin_know(struct kin *k);
bool kin_is_known(const struct kin *k);
/* Somebody is going to call kin_know, whatever happens. */
void kin_promise(struct kin *k);
/* It was promised, and is not there yet. */
bool kin_is_coming(const struct kin *k);

/* The group at which the way up from a row ends; 0: nobody's. */
uint32_t kin_origin(const struct kin *k, row_id row);
/* The incident of a row; 0: none. */
static inline uint32_t kin_incident(const struct kin *k, row_id row)
{
	return row < k->rows ? k->incident[row] : 0;
}

/* Their names; empty for none. */
struct str kin_origin_name(const struct kin *k, row_id row);
struct str kin_incident_name(const struct kin *k, row_id row);

#endif /* TRAWL_KIN_H */
