/* SPDX-License-Identifier: MIT */
#include "detect/kinship.h"

#include <stdlib.h>

#include "base/mem.h"
#include "detect/incident.h"
#include "identity/climb.h"

static void find_origins(struct kin *k, const struct lineage *l)
{
	struct climb climb;

	k->name = mem_zero((size_t)l->node_n + 1, sizeof(*k->name));
	k->up = mem_zero((size_t)l->node_n + 1, sizeof(*k->up));
	k->alias = mem_zero((size_t)l->node_n + 1, sizeof(*k->alias));
	climb_init(&climb, l);
	/* First: circles are cut where they are met. */
	for (node_id n = 1; n < l->node_n; n++)
		climb_origin(&climb, n);
	for (node_id n = 1; n < l->node_n; n++) {
		const struct lineage_edge *e = climb_parent(&climb, n);

		k->name[n] = lineage_id(l, n);
		k->up[n] = e ? lineage_other_end(e, n) : NODE_NONE;
		/* A session's key: the session is what acts. */
		if (e && e->kind == EDGE_HAS_KEY && !l->node[n].events) {
			k->alias[n] = k->alias[k->up[n]];
			k->alias[k->up[n]] = n;
		}
	}
	climb_release(&climb);
}

/* The names of incidents, as the list of all alerts has them. */
static void name_incidents(struct kin *k, const struct kinship *x,
			   const struct incident_map *map)
{
	struct incidents all;
	struct strbuf id;

	incidents_form(&all, map, x->alerts, x->store);
	strbuf_init(&id);
	for (size_t i = 0; i < all.n; i++) {
		const struct incident *one = &all.incident[i];
		uint32_t group = one->identity_n ?
					 map->group[one->identity[0]] :
					 0;

		if (one->first_row == ROW_NONE || group >= k->incidents)
			continue;
		strbuf_clear(&id);
		store_id_text(x->store, one->first_row, &id);
		k->incident_name[group] = arena_dup(&k->arena, strbuf_str(&id));
	}
	strbuf_release(&id);
	incidents_release(&all);
}

static void find_incidents(struct kin *k, const struct kinship *x)
{
	const struct lineage *l = x->lineage;
	struct incident_map map;

	incident_map_make(&map, l, x->marks, x->site);
	k->incidents = map.group_n + 1;
	k->incident_name = mem_zero((size_t)k->incidents + 1,
				    sizeof(*k->incident_name));
	k->incident = mem_zero((size_t)k->rows + 1, sizeof(*k->incident));
	for (row_id r = 0; r < k->rows; r++) {
		node_id who = incident_identity(&map, r);

		k->incident[r] = who ? map.group[who] : 0;
	}
	name_incidents(k, x, &map);
	incident_map_release(&map);
}

void kinship_make(struct kin *k)
{
	const struct kinship *x = k->context;

	if (!x->lineage)
		return;
	k->group = x->lineage->acting;
	k->rows = x->store->n;
	k->groups = x->lineage->node_n;
	find_origins(k, x->lineage);
	find_incidents(k, x);
}
