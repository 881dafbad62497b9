/* SPDX-License-Identifier: MIT */
/*
 * incident_private.h - who is one incident, in the making
 *
 * Layer: detect, inside.
 */
#ifndef TRAWL_INCIDENT_PRIVATE_H
#define TRAWL_INCIDENT_PRIVATE_H

#include "detect/incident.h"

/* Those who raised alerts, and where and when. */
struct suspects_now {
	const struct lineage *l;
	const struct marks *marks;
	struct incident_map *map;
	uint32_t *number; /* by identity, from 1; 0: raised none */
	uint32_t n;       /* numbers in use, 0 too */
	node_id *node;    /* by number */
	int64_t *first;   /* by number: first activity, or TIME_NONE */
	int64_t *last;    /* by number: last alert with a time, or INT64_MIN */
	/* Numbers and addresses from which they raised alerts, with the
	 * highest level there; sorted. */
	struct alarming_place {
		uint64_t key; /* number << 32 | value of EVENT_IP */
		uint32_t level;
	} * place;
	size_t place_n, place_cap;
};

/* incident_who.c: fills map->who and map->place. */
void incident_find_who(struct incident_map *m, const struct marks *marks);
bool incident_is_service(const struct lineage *l, node_id node);

/* incident_join.c: the links between those who raised alerts, each once, the
 * strongest first; the caller frees them. */
size_t incident_find_links(const struct suspects_now *x,
			   const struct site *site, struct incident_link **out);

#endif /* TRAWL_INCIDENT_PRIVATE_H */
