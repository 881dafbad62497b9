/* SPDX-License-Identifier: MIT */
/*
 * investigation.h - evidence, rules and what came of them, held together
 *
 * An investigation owns the rules, the load and the newest snapshot: the
 * store of all events so far with its marks, alerts and lineage. Everything
 * that shows something holds a snapshot, which never changes; while the load
 * runs newer ones appear.
 *
 * Two ways to load: investigation_load blocks (batch commands);
 * investigation_start returns at once and loads on a thread of its own (the
 * screen), which asks for news by investigation_latest and waits on a file
 * descriptor. Evidence that grows is loaded again by investigation_renew.
 *
 * Layer: casework. Threads: the functions may be called by one thread, the
 * one that made it; snapshots are read by any.
 */
#ifndef TRAWL_INVESTIGATION_H
#define TRAWL_INVESTIGATION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/limits.h"
#include "casework/watch.h"
#include "detect/alert.h"
#include "detect/indicator.h"
#include "detect/kinship.h"
#include "detect/ruleset.h"
#include "identity/lineage.h"
#include "ingest/ingest.h"
#include "model/site.h"
#include "store/marks.h"
#include "store/store.h"

/* Where loads are kept, and which (load_cache.h). */
struct cache_terms {
	const char *folder;    /* NULL: the user's */
	uint32_t least_events; /* of a load that is worth it */
	uint64_t most_bytes;   /* of all loads together */
	unsigned settled_ms;   /* that no file has changed for */
};
#define CACHE_TERMS_DEFAULT                                             \
	{                                                               \
		.least_events = 50000, .most_bytes = (uint64_t)4 << 30, \
		.settled_ms = 2000                                      \
	}

struct investigation_options {
	const char *const *path;
	size_t path_n;
	unsigned threads; /* 0: as many as there are processors */
	struct limits limits;
	const char *const *rules; /* files and folders */
	size_t rules_n;
	bool no_builtin_rules;
	const char *placeholders; /* a file (detect/placeholders.h), or NULL */
	const char *site;         /* a site file (model/site.h), or NULL */
	const char *const *ioc;   /* lists of indicators (detect/indicator.h) */
	size_t ioc_n;
	const char *const *geoip; /* databases of addresses (model/geo.h) */
	size_t geoip_n;
	const char *ip_ranges;           /* AWS's list of its own, or NULL */
	const struct cache_terms *cache; /* NULL: loads are not kept */
	struct walk_days days;           /* of S3's layout */
	struct walk_names names;         /* that are read */
	bool force;                      /* load what memory may not hold */
};

/* One moment of an investigation. Read, never written. */
struct snapshot {
	atomic_uint holders;
	/* What the marks point to. Both are this moment's own: what has the
	 * same version on is copied from here on. */
	struct kinship kinship;
	struct kin kin;
	uint64_t version; /* no two have the same that differ in more than in
			     what a case says */
	/* Of one whose marks leave out what is muted, the one that has all:
	 * everything else is that one's. */
	struct snapshot *whole;
	/* Of one that a case has spoken of, the one without that: marks are
	 * that one's, too. */
	struct snapshot *lender;
	struct said_rows *said;
	struct judged_rows *judged;
	struct store *store;
	struct rule_matches matches;
	struct alerts alerts; /* of all rows */
	struct scores scores; /* of these */
	struct marks marks;
	struct lineage *lineage;
	struct site site;  /* what is the responder's own */
	uint64_t gave_up;  /* times a rule's regex reached its limit: then
			     no alert is no answer */
	uint64_t left_out; /* events for which rules that look at several had
			      no room: likewise */
	bool restored;     /* taken from the cache, not loaded */
	unsigned threads;  /* to work on its rows with */
};

/* One holder more. Returns s. */
struct snapshot *snapshot_hold(struct snapshot *s);
void snapshot_release(struct snapshot *s);
/* Its marks, for those who keep them as long as its version is the same:
 * without what a case says. */
static inline const struct marks *snapshot_marks(const struct snapshot *s)
{
	return s->lender ? &s->lender->marks : &s->marks;
}
/* Its number among those of the load. */
static inline uint64_t snapshot_number(const struct snapshot *s)
{
	return s->whole ? s->whole->version : s->version;
}
/* Lets its marks tell of origins and incidents, once it has them. Of the
 * snapshot's makers. */
void snapshot_begin_kin(struct snapshot *s);
/*
 * The same moment without the marks of what is muted, as mutes_mark says of
 * its matches; one holder more of what has all when nothing is, or `muted` is
 * NULL. `version` is one that no other snapshot has. What is filtered by
 * alerts, put together to incidents or shown beside an event then knows
 * nothing of what is muted; scores stay as they are.
 */
struct snapshot *snapshot_heard(struct snapshot *s, const struct ruleset *rules,
				const uint8_t *muted, uint64_t version);

/*
 * The same moment, with what a case says of its rows in its marks, in place of
 * what was said in them before; one holder more of the latter two, which may be
 * NULL. Cheap: nothing is made anew.
 */
struct snapshot *snapshot_said(struct snapshot *s, struct said_rows *said,
			       struct judged_rows *judged);

/*
 * Alerts folded from the matches on some rows alone; the caller releases them
 * before the snapshot. `muted` is what mutes_mark says of the snapshot's
 * matches, or NULL: those that it names are in `out_muted`, which may be NULL,
 * and not in `out`.
 */
void snapshot_alerts(const struct snapshot *s, const struct ruleset *rules,
		     const struct rowset *rows, const uint8_t *muted,
		     struct alerts *out, struct alerts *out_muted);

struct investigation;

/*
 * Reads rules, lists and site file. ERR_IO for paths that are not there,
 * ERR_SYNTAX for what is wrong in the site file or a list; a broken rule is no
 * error (ruleset_problems).
 */
ATTR_NODISCARD enum err_code investigation_new(
	struct investigation **out, const struct investigation_options *options,
	struct err *err);
/* Ends a load that is running. Snapshots that are held stay valid. */
void investigation_free(struct investigation *inv);

const struct ruleset *investigation_rules(const struct investigation *inv);
/* What was given as lists of indicators, or NULL. */
const struct indicators *investigation_indicators(
	const struct investigation *inv);
const struct limits *investigation_limits(const struct investigation *inv);
/* The paths that it was made of. */
const char *const *investigation_paths(const struct investigation *inv,
				       size_t *n);
/* The files that were found. */
const struct files *investigation_files(const struct investigation *inv);

/*
 * Finds the evidence, before investigation_load. ERR_IO and ERR_NOTFOUND for
 * paths that cannot be used, ERR_LIMIT when memory would not hold the events,
 * ERR_CANCELLED when a tick (may be NULL) ended it.
 */
ATTR_NODISCARD enum err_code investigation_find(struct investigation *inv,
						ingest_tick tick, void *context,
						struct err *err);

/* Loads everything and returns the snapshot, which the caller releases. A
 * tick that returns false cuts the load short: the store says partial. */
struct snapshot *investigation_load(struct investigation *inv, ingest_tick tick,
				    void *context);

/* Finds and loads on a thread of its own. ERR_IO when the system gives none. */
ATTR_NODISCARD enum err_code investigation_start(struct investigation *inv,
						 struct err *err);
/*
 * Looks at the paths again, on that thread. When a file is another, was added
 * or went away, what is new is loaded, what is kept of the others is taken from
 * the cache, and a newer snapshot appears when all of it is there; rows that
 * both have are found by their ids. When nothing is new, nothing appears. A
 * failure is told as that of a load is (investigation_state.failed), and the
 * snapshot of before stays.
 *
 * False, and nothing is begun, while a load is running, before the first has
 * ended, or when the system has no thread. What investigation_cancel had cut
 * short is loaded as a whole. investigation_files is not to be asked for meanwhile.
 */
bool investigation_renew(struct investigation *inv);
/*
 * One more path is looked at from now on, and what is behind it is loaded as
 * by investigation_renew. When that fails the path is forgotten. ERR_IO: it is
 * not there; ERR_USAGE: as investigation_renew is false.
 */
ATTR_NODISCARD enum err_code investigation_open(struct investigation *inv,
						const char *path,
						struct err *err);
/* A watch on the paths; the investigation outlives it. As watch_new. */
ATTR_NODISCARD enum err_code investigation_watch(
	const struct investigation *inv, struct watch **out, struct err *err);
/* Cuts a load short; what was loaded stays, and one that was loaded again
 * leaves what was there. */
void investigation_cancel(struct investigation *inv);
/* Becomes readable when there is a newer snapshot or progress to show, at
 * most a few times a second; investigation_poll empties it. */
int investigation_fd(const struct investigation *inv);

struct investigation_state {
	struct ingest_progress progress;
	bool loading;
	int64_t elapsed_ms; /* since the load began */
	uint64_t version;   /* of the newest snapshot; 0: none yet */
	struct err failed;  /* ERR_OK, or why there will be none, or no newer
			       one */
};

void investigation_poll(struct investigation *inv,
			struct investigation_state *state);
/* The newest snapshot, to be released, or NULL while there is none. */
struct snapshot *investigation_latest(struct investigation *inv);

#endif /* TRAWL_INVESTIGATION_H */
