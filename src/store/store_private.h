/* SPDX-License-Identifier: MIT */
/*
 * store_private.h - what builder.c and store.c share
 *
 * Layer: store, inside.
 */
#ifndef TRAWL_STORE_PRIVATE_H
#define TRAWL_STORE_PRIVATE_H

#include <stdatomic.h>

#include "base/hash.h"
#include "store/store.h"

/* What all stores of one builder have in common. */
struct store_shared {
	atomic_uint holders; /* the builder and each store */
	struct string_tables strings;
	struct files files;
	struct hash_key key;  /* of the slots: ids come out of files, too */
	struct arena reasons; /* why something was skipped, out of a pack */
};

/* A store with what it has in common; the address of `store` is handed out. */
struct store_box {
	struct store store;
	struct store_shared *shared;
};

void store_shared_drop(struct store_shared *shared);
/* An empty store. */
struct store_box *store_box_new(struct store_shared *shared);

/* Slot where an id's search begins. */
uint32_t store_id_slot(struct hash_key key, const struct event_id *id,
		       uint32_t mask);

/* <0, 0, >0: the order of two ids that does not depend on their arrival. */
int event_id_compare(const struct string_tables *strings, struct event_id a,
		     struct event_id b);

#endif /* TRAWL_STORE_PRIVATE_H */
