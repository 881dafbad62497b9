/* SPDX-License-Identifier: MIT */
/*
 * ids.h - identifiers as AWS makes them
 *
 * UUIDs, access keys and the unique ids of principals. The characters of a
 * key encode its account (see model/keyid.h): what is made here decodes
 * to the account that it was made for.
 */
#ifndef SAMPLEGEN_IDS_H
#define SAMPLEGEN_IDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "gen/rng.h"

enum {
	UUID_SIZE = 37, /* with the NUL */
	KEY_SIZE = 21,  /* an access key id */
	UID_SIZE = 22,  /* the id of a user or a role */
};

void uuid_random(struct rng *r, char out[UUID_SIZE]);
/* The same for the same name, for ever. */
void uuid_of_name(struct str name, char out[UUID_SIZE]);

/* A fresh access key id: prefix "AKIA" or "ASIA". */
void key_random(struct rng *r, const char *prefix, const char *account,
		char out[KEY_SIZE]);
/* The id that a principal of this name has: "AIDA", "AROA", "ANPA", ... */
void uid_of_name(const char *prefix, const char *account, struct str name,
		 char out[UID_SIZE]);

/* Checks the encoding against known ids; writes what differs to stderr. */
bool ids_self_test(void);

#endif /* SAMPLEGEN_IDS_H */
