/* SPDX-License-Identifier: MIT */
/*
 * keyid.h - AWS unique identifiers: AKIA..., ASIA..., AROA..., AIDA...
 *
 * Layer: model. Threads: any.
 */
#ifndef TRAWL_KEYID_H
#define TRAWL_KEYID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum keyid_kind {
	KEYID_OTHER,
	KEYID_LONG_TERM, /* AKIA: an access key of a user or of root */
	KEYID_TEMPORARY, /* ASIA: an access key of a session */
	KEYID_ROLE,      /* AROA */
	KEYID_USER,      /* AIDA */
	KEYID_GROUP,     /* AGPA */
	KEYID_PROFILE,   /* AIPA: an EC2 instance profile */
	KEYID_POLICY,    /* ANPA, ANVA */
	KEYID_BEARER,    /* ABIA: a bearer token */
};

enum keyid_kind keyid_kind(struct str id);

/* True for access keys, the kinds that sign requests. */
bool keyid_is_access_key(struct str id);

/*
 * The account that an id belongs to, from its own characters: after the
 * prefix, base32 digits hold one generation bit and 40 bits of account.
 * False for ids of the old generation and for text that is not base32 or
 * gives no number of twelve digits (anonymised data). AWS does not document this: what it gives is probable.
 */
bool keyid_account(struct str id, uint64_t *account);

#endif /* TRAWL_KEYID_H */
