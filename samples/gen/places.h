/* SPDX-License-Identifier: MIT */
/*
 * places.h - a small database of addresses in MaxMind's format
 *
 * The networks of the stories, which are reserved for documentation, with
 * countries, cities and providers that somebody made up: what a user's own
 * database is for real ones. The format is MaxMind's, version 2.0.
 */
#ifndef SAMPLEGEN_PLACES_H
#define SAMPLEGEN_PLACES_H

#include "base/strbuf.h"

/* Adds the database; always the same bytes. */
void places_write(struct strbuf *out);

#endif /* SAMPLEGEN_PLACES_H */
