/* SPDX-License-Identifier: MIT */
/*
 * incident.h - alerts that are one story
 *
 * Alerts belong together when those who raised them share an origin, or are
 * joined:
 *
 * - by a link of the lineage (made, gave a role to, took control of, changed
 *   the rights of) whose own event raised an alert, of level medium or above,
 *   for what made a thing or gave it a role from high on;
 * - by such a link within 24 hours before the other's first activity;
 * - by an address that no identity stands for: what raised an alert there and
 *   is no call, a web request, a flow, and those who raised alerts of level
 *   medium or above from it, unless they are many;
 * - by a hint, who may have read a key or shares an address and a tool, when
 *   both sides raised alerts from that one address, and the address is none
 *   of the site's own networks. The incident shows it as the hint that it is.
 *
 * A finding is put to the key, machine or identity that it names, anything else
 * that is no call to its address, when somebody was seen there.
 *
 * No service of AWS joins anybody, nor a role that more than a few people
 * raise alerts in, nor a pipeline: an identity that made or changed eight
 * things or more without an alert about it.
 *
 * Who is one is decided by all alerts of a snapshot (incident_map); what is
 * filtered or muted does not tear an incident apart, it only shows less of it
 * (incidents_form).
 *
 * Cost: the map O(nodes + edges + matches, sorted); incidents O(matches, by
 * radix). Nothing depends on the order of files. Layer: detect. Ownership:
 * incidents borrow from map, alerts and store. Threads: any number may read.
 */
#ifndef TRAWL_INCIDENT_H
#define TRAWL_INCIDENT_H

#include "detect/alert.h"
#include "identity/lineage.h"
#include "model/site.h"

/* Why two identities are one incident; the strongest first. */
#define INCIDENT_WHYS(X)                                            \
	X(INCIDENT_ALERTED, "its event raised an alert")            \
	X(INCIDENT_DAY, "within 24 hours before the other's first " \
			"activity")                                 \
	X(INCIDENT_HINT, "a hint: both raised alerts from one address")

enum incident_why {
#define X(code, text) code,
	INCIDENT_WHYS(X)
#undef X
		INCIDENT_WHY_COUNT
};

struct incident_link {
	node_id of, with; /* the identities: who did it, whom it concerns */
	const struct lineage_edge *edge;
	row_id row; /* the event that speaks for it */
	enum incident_why why;
};

/* A row that is no call and raised an alert, and whom it is put to. */
struct incident_beside {
	row_id row;
	node_id who;
};

struct incident_map {
	const struct lineage *lineage;
	node_id *who;   /* by node: the identity that acts in it */
	node_id *place; /* by value of EVENT_IP: who has no name there */
	struct incident_beside *beside; /* by row */
	size_t beside_n;
	uint32_t *group; /* by identity: number of its incident + 1 */
	uint32_t group_n;
	struct incident_link *link; /* by group; within it by kind and time */
	uint32_t *link_start;       /* by group: where its links begin */
};

void incident_map_make(struct incident_map *out, const struct lineage *l,
		       const struct marks *marks, const struct site *site);
void incident_map_release(struct incident_map *m);

/* Whose an event is, as incidents are formed. */
node_id incident_identity(const struct incident_map *m, row_id row);

/* The part of an alert that belongs to an incident. */
struct incident_alert {
	size_t alert; /* its number among the alerts */
	row_id first; /* of its events here */
	size_t events;
};

struct incident {
	row_id first_row; /* of its first step, whose event's id names it */
	enum level level; /* the highest */
	unsigned score;   /* 0 to 100, see below */
	/* As they were first seen; of informational alerts only when there
	 * are no others. */
	enum attack_tactic tactic[TACTIC_COUNT];
	size_t tactic_n;
	const node_id *identity; /* likewise */
	size_t identity_n;
	/* Likewise; addresses are those that can be met again, the one from
	 * which the most alerts came first, weighed by level. */
	struct alert_values actors, accounts, addresses; /* as alert's */
	int64_t first, last;
	const struct incident_alert *alert; /* in the alerts' order */
	size_t alert_n;
	struct rowset rows; /* a view: their events, ascending */
	const struct incident_link *link;
	size_t link_n;
};

/* By score, then time; sums as score.h's: the highest score of the alerts, 2
 * for each tactic and account beyond the first, at most 12 and 6. */
struct incidents {
	struct incident *incident;
	size_t n;
	struct arena arena; /* what they point to */
};

/* Of the alerts given, all of which have rows of the map's store. */
void incidents_form(struct incidents *out, const struct incident_map *m,
		    const struct alerts *alerts, const struct store *s);
void incidents_release(struct incidents *x);

/* How certain it is that the two are one story: a hint where an address alone
 * says so, however certain the edge. */
enum certainty incident_link_certainty(const struct incident_link *link);
/* "its event raised an alert" */
const char *incident_why_text(enum incident_why why);
/* Adds a link in words: "user eve made user mallory: its event raised an
 * alert". Holds data: shown through safetext. */
void incident_link_describe(const struct incident_map *m,
			    const struct incident_link *link,
			    struct strbuf *out);

#endif /* TRAWL_INCIDENT_H */
