/* SPDX-License-Identifier: MIT */
/*
 * mmdb.h - databases of addresses in MaxMind's format
 *
 * What a user's database says of an address: country, city, coordinates,
 * autonomous system. GeoLite2 and GeoIP2 (Country, City, ASN, ISP, Enterprise),
 * DB-IP's of the same form, and IPinfo's flat one.
 *
 * A database is copied into a nameless file before it is looked at: the
 * library maps it, and what is cut short by somebody else while it is mapped
 * would end the process. Every offset in it is checked by the library; texts
 * may hold anything, as those of a log.
 *
 * Without libmaxminddb no database can be opened.
 *
 * Layer: base. Cost: opening O(bytes), a look-up O(bits). Threads: any may
 * look up.
 */
#ifndef TRAWL_MMDB_H
#define TRAWL_MMDB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

struct mmdb;

/* Borrowed from the database. */
struct mmdb_found {
	struct str country; /* "JP" */
	struct str city;
	struct str organization; /* of the autonomous system */
	uint32_t asn;            /* 0: not said */
	bool located;
	double latitude, longitude;
	unsigned radius_km; /* how wrong that may be; 0: not said */
};

/* ERR_IO, ERR_LIMIT, ERR_FORMAT (with the path and what is wrong); ERR_USAGE
 * where the library is absent. */
ATTR_NODISCARD enum err_code mmdb_open(struct mmdb **out, const char *path,
				       struct err *err);
void mmdb_close(struct mmdb *m);
/* Of its bytes. */
struct hash128 mmdb_digest(const struct mmdb *m);

/* Adds what it knows of an address (16 bytes, IPv4 mapped) and *found has
 * not. */
void mmdb_find(const struct mmdb *m, const unsigned char address[16],
	       struct mmdb_found *found);

#endif /* TRAWL_MMDB_H */
