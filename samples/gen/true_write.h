/* SPDX-License-Identifier: MIT */
/*
 * true_write.h - a true graph as a file
 *
 * One JSON object: `expect` as the lineage cases of the tests have it (edges
 * as [kind, from, to, certainty], open ones without the certainty, origin_of,
 * chain, accounts_of and so on),
 * `complete` the kinds of edges of which there are no others, and the
 * incidents.
 */
#ifndef SAMPLEGEN_TRUE_WRITE_H
#define SAMPLEGEN_TRUE_WRITE_H

#include "base/err.h"
#include "gen/true_graph.h"

enum { TRUE_ADDRESSES_MAX = 4, TRUE_ASKED_MAX = 16 };

struct true_incident {
	const char *title;
	true_id root; /* the person or user whose credential was misused */
	const char *address[TRUE_ADDRESSES_MAX]; /* the intruder's; NULL ends */
};

/* A node, and a session that made what it is or runs on, long before. */
struct true_built {
	true_id node, builder;
};

/* A node, and who is behind it before anybody else. */
struct true_responsible {
	true_id node, who;
};

struct true_story {
	const char *id, *title;
	struct true_incident incident[4]; /* number 1 is the first */
	size_t incident_n;
	true_id chain[TRUE_ASKED_MAX]; /* nodes whose way to the origin is
					  written out */
	size_t chain_n;
	struct true_built built[TRUE_ASKED_MAX];
	size_t built_n;
	struct true_responsible responsible[TRUE_ASKED_MAX];
	size_t responsible_n;
};

ATTR_NODISCARD enum err_code true_graph_write(const struct true_graph *g,
					      const struct true_story *story,
					      const char *path,
					      struct err *err);

#endif /* SAMPLEGEN_TRUE_WRITE_H */
