/* SPDX-License-Identifier: MIT */
/*
 * lineage_hints.h - what may hang together, though nothing proves it
 *
 * Three kinds of edges whose certainty is `hint`. Nothing follows them unless
 * it is asked to; they are there for a person to judge, with what speaks for
 * them.
 *
 * - exposed_by, session or key -> long-term key: somebody else read what may
 *   have held the key, and within the hour the key was used from the same
 *   address for the first time. It has a score, of the terms below; from
 *   HINT_SCORE_SHOWN on there is an edge. None where whoever read it made the
 *   key, where the key was made after the read, where both have one origin, or
 *   where the address is that of many.
 * - same_source, principal -> principal: the same address and user agent
 *   within a day, and no common origin. The more an address has of them, the
 *   less it says; each is tied to the one before.
 * - same_tool, principal -> principal: a user agent that few have, from
 *   different addresses.
 *
 * Cost: two passes over the rows, O(rows); a few hundred records are read
 * again for the names of what was read. Layer: identity. Threads: any number
 * may read.
 */
#ifndef TRAWL_LINEAGE_HINTS_H
#define TRAWL_LINEAGE_HINTS_H

#include "base/strbuf.h"
#include "identity/lineage.h"

/* Code, points, what speaks for it. */
#define HINT_TERMS(X)                                               \
	X(HINT_ADDRESS, 2, "same address")                          \
	X(HINT_AGENT, 2, "same user agent")                         \
	X(HINT_SOON, 1, "within 15 minutes")                        \
	X(HINT_NEW, 1, "the key was seen from no other address")    \
	X(HINT_NAME, 1, "a name like code or credentials was read") \
	X(HINT_ASKED, 1, "its first call there asked who it is")

enum hint_term {
#define X(code, points, text) code,
	HINT_TERMS(X)
#undef X
		HINT_TERM_COUNT
};

enum {
	HINT_SCORE_SHOWN = 4, /* an exposed_by edge from this score on */
	HINT_CROWD = 5,       /* people of an address that is of many */
	HINT_SHARERS = 16,    /* more of one address are tied to nobody */
	HINT_FEW = 4,         /* principals that a rare agent may have */
};

struct lineage_hint {
	node_id from, to;
	uint8_t kind;    /* of the edge */
	uint8_t terms;   /* of exposed_by: bit of each enum hint_term */
	uint8_t score;   /* of exposed_by */
	uint8_t sharers; /* people of the address, or of the agent */
};

/* What is behind an edge that is a hint; NULL for other edges. */
const struct lineage_hint *lineage_hint(const struct lineage *l,
					const struct lineage_edge *e);
/* The edge of a hint. */
const struct lineage_edge *lineage_hint_edge(const struct lineage *l,
					     const struct lineage_hint *h);
/* Adds it in words: "score 6: same address +2, same user agent +2, ...";
 * "one of 3 on that address". */
void lineage_hint_describe(const struct lineage_hint *h, struct strbuf *out);

#endif /* TRAWL_LINEAGE_HINTS_H */
