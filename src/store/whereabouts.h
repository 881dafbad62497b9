/* SPDX-License-Identifier: MIT */
/*
 * whereabouts.h - what is known of the addresses of a store
 *
 * One entry for each distinct sourceIPAddress, by value of EVENT_IP: filters,
 * values, rules and pages ask for them by row, and no row carries more for it.
 *
 * Layer: store. Cost: made in O(distinct addresses), 32 bytes each; asked O(1).
 * Threads: any may read.
 */
#ifndef TRAWL_WHEREABOUTS_H
#define TRAWL_WHEREABOUTS_H

#include "base/intern.h"
#include "model/field.h"
#include "model/geo.h"
#include "store/store.h"

/* Texts are ids of the table; 0: not known. */
struct whereabouts_entry {
	uint32_t country; /* "JP" */
	uint32_t city;
	uint32_t asn; /* "AS64496", a blank and whose it is */
	uint32_t aws; /* "EC2 us-east-1": within AWS's own ranges */
	float latitude, longitude;
	uint16_t radius_km;
	bool located;
};

struct whereabouts {
	struct intern text;
	struct whereabouts_entry *of; /* by value of EVENT_IP */
	uint32_t n;
	bool located; /* some address has coordinates */
};

/* Looks all addresses up; the store has them from then on. Before anybody
 * else sees the store. Nothing when nothing was given to look in. */
void store_locate(struct store *s, const struct geo *g);
/* For the store's end. */
void whereabouts_free(struct whereabouts *w);

/* What is known of a value of EVENT_IP; NULL when nothing was given. */
const struct whereabouts_entry *store_whereabouts(const struct store *s,
						  uint32_t value);
/* What filters and lists call by FIELD_COUNTRY, FIELD_ASN and FIELD_AWS: the
 * text as it is shown; empty when it is not known. */
struct str store_whereabouts_shown(const struct store *s, enum field_kind kind,
				   uint32_t value);

/* "JP, Tokyo; AS64496 EXAMPLE; AWS EC2 us-east-1", or nothing. */
void store_tell_whereabouts(const struct store *s, uint32_t value,
			    struct strbuf *out);

#endif /* TRAWL_WHEREABOUTS_H */
