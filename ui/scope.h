/* SPDX-License-Identifier: MIT */
/*
 * scope.h - what the timeline is about: everything, or what was drilled into
 *
 * A scope is named by ids and texts, not by rows, so it can be kept in the
 * history and found again in a newer snapshot. Its texts are its own.
 *
 * Layer: ui.
 */
#ifndef TRAWL_SCOPE_H
#define TRAWL_SCOPE_H

#include "base/str.h"
#include "casework/investigation.h"
#include "store/rowset.h"

enum scope_kind {
	SCOPE_ALL,
	SCOPE_ALERT,       /* rule id, actor: the events of an alert */
	SCOPE_NODE,        /* node id, address: the events in which it acted */
	SCOPE_SUBTREE,     /* node id, address: and all that came of it */
	SCOPE_GROUP,       /* node id, address, of: see tree_group_rows; `of` is
			      a node's id or an event's */
	SCOPE_GROUP_BELOW, /* the same, and all that came of them */
	SCOPE_EVENTS,      /* event ids, a blank between them */
	SCOPE_CALLS,       /* node id, value of sourceIPAddress, eventName: its
			      events that have these; an empty node is anybody */
	SCOPE_CALLS_BELOW, /* the same of all that came of it */
	SCOPE_CELL,        /* node id, account, service: of a matrix */
	SCOPE_AROUND,      /* event id, span (empty: SCOPE_AROUND_MS), what it
			      shares with the event (empty: nothing):
			      everything so near to it, filters off */
};

/* An address of SCOPE_NODE to SCOPE_GROUP_BELOW is empty for any, and this
 * for calls that AWS services made. */
#define SCOPE_BY_SERVICES "-"

enum {
	SCOPE_TEXTS = 3,
	SCOPE_AROUND_MS = 15 * 60 * 1000,
	SCOPE_IDS = 10000 /* of SCOPE_EVENTS; the first ones */
};

struct scope {
	enum scope_kind kind;
	struct str text[SCOPE_TEXTS]; /* see the kinds; owned */
	struct str label;             /* for the crumbs, raw; owned */
	/* Of SCOPE_NODE to SCOPE_GROUP_BELOW: not the events before, ms; or
	 * TIME_NONE. */
	int64_t since;
};

#define SCOPE_INIT                                     \
	{                                              \
		.kind = SCOPE_ALL, .since = TIME_NONE, \
	}

void scope_release(struct scope *s);
/* `to` is overwritten, without being released. */
void scope_copy(struct scope *to, const struct scope *from);
#define SCOPE_WIDEST_MS ((uint64_t)1 << 42) /* more than a century */

bool scope_equal(const struct scope *a, const struct scope *b);

/* Makes a scope, of all times; texts are copied. */
struct scope scope_make(enum scope_kind kind, struct str a, struct str b,
			struct str c, struct str label);

/* The events of an alert. Its rule is named by number: rules of users may have
 * no id, or one that another rule has. */
struct scope scope_of_alert(const struct alert *a);

/* Everything within `ms` of an event that has the same session, address or
 * actor ("session", "address", "actor"; empty: all of it); the event's name is
 * the label. */
struct scope scope_around(struct str event_id, int64_t ms, struct str same,
			  struct str label);
/* What comes after "", "session" and so on, around again; not what the event
 * has none of. */
struct str scope_around_next(const struct store *s, row_id row,
			     struct str same);
/* One of these names? */
bool scope_around_has(struct str same);
/* How far such a scope goes to either side, ms. */
int64_t scope_around_ms(const struct scope *s);

/* The rows of a scope in a snapshot: `out` is overwritten. For SCOPE_ALL all
 * rows; none when what it names is not there. */
void scope_rows(const struct scope *s, const struct snapshot *snap,
		struct rowset *out);

#endif /* TRAWL_SCOPE_H */
