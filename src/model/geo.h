/* SPDX-License-Identifier: MIT */
/*
 * geo.h - where addresses are, and whose networks they are in
 *
 * From what a user has: databases in MaxMind's format (countries, cities,
 * autonomous systems; several, of which the first that says a thing wins), and
 * AWS's own list of its ranges (ip-ranges.json), which tells inside from
 * outside. Nothing is asked over a network.
 *
 * Layer: model. Cost: an address O(bits). Threads: one adds, then any may
 * find.
 */
#ifndef TRAWL_GEO_H
#define TRAWL_GEO_H

#include "base/hash.h"
#include "base/mmdb.h"
#include "model/site.h"

struct geo;

struct geo_found {
	struct mmdb_found at;
	/* Of AWS's ranges: "EC2", "us-east-1"; empty outside. */
	struct str aws_service, aws_region;
};

struct geo *geo_new(void);
void geo_free(struct geo *g);
/* Nothing was added. */
bool geo_is_empty(const struct geo *g);

/* Of what was added: other files, another number. */
struct hash128 geo_digest(const struct geo *g);

/* ERR_IO, ERR_LIMIT, ERR_FORMAT, ERR_USAGE: with the path. */
ATTR_NODISCARD enum err_code geo_add_database(struct geo *g, const char *path,
					      struct err *err);
ATTR_NODISCARD enum err_code geo_add_ranges(struct geo *g, const char *path,
					    struct err *err);

/* The same of the files that a site file at `path` names. */
ATTR_NODISCARD enum err_code geo_add_site(struct geo *g, const struct site *s,
					  const char *path, struct err *err);

/* What is known of a public address; nothing of any other text. Texts are
 * borrowed. */
void geo_find(const struct geo *g, struct str address, struct geo_found *out);

/* Kilometres between two places on the globe, in degrees. */
double geo_distance(double lat_a, double lon_a, double lat_b, double lon_b);

#endif /* TRAWL_GEO_H */
