/* SPDX-License-Identifier: MIT */
#include "store/kin.h"

#include <stdlib.h>

void kin_init(struct kin *k, void (*make)(struct kin *k), const void *context)
{
	*k = (struct kin){ .make = make, .context = context };
	pthread_mutex_init(&k->lock, NULL);
	arena_init(&k->arena);
}

void kin_release(struct kin *k)
{
	free(k->name);
	free(k->up);
	free(k->alias);
	free(k->incident);
	free(k->incident_name);
	arena_release(&k->arena);
	pthread_mutex_destroy(&k->lock);
	*k = (struct kin){ .make = NULL };
}

bool kin_is_known(const struct kin *k)
{
	return atomic_load_explicit(&k->known, memory_order_acquire);
}

const struct kin *kin_know(struct kin *k)
{
	if (!k || kin_is_known(k))
		return k;
	pthread_mutex_lock(&k->lock);
	if (!atomic_load(&k->known)) {
		k->make(k);
		atomic_store_explicit(&k->known, true, memory_order_release);
	}
	pthread_mutex_unlock(&k->lock);
	return k;
}

void kin_promise(struct kin *k)
{
	atomic_store(&k->promised, true);
}

bool kin_is_coming(const struct kin *k)
{
	return k && atomic_load(&k->promised) && !kin_is_known(k);
}

uint32_t kin_origin(const struct kin *k, row_id row)
{
	uint32_t group = row < k->rows ? k->group[row] : 0;

	while (group && k->up[group])
		group = k->up[group];
	return group;
}

struct str kin_origin_name(const struct kin *k, row_id row)
{
	uint32_t group = kin_origin(k, row);

	return group ? k->name[group] : STR_NULL;
}

struct str kin_incident_name(const struct kin *k, row_id row)
{
	uint32_t incident = kin_incident(k, row);

	return incident ? k->incident_name[incident] : STR_NULL;
}
