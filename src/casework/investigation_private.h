/* SPDX-License-Identifier: MIT */
/*
 * investigation_private.h - what loads, and what its loads share
 *
 * Layer: casework, inside.
 */
#ifndef TRAWL_INVESTIGATION_PRIVATE_H
#define TRAWL_INVESTIGATION_PRIVATE_H

#include <pthread.h>

#include "casework/investigation.h"
#include "casework/load_cache.h"
#include "detect/detector.h"
#include "base/arena.h"
#include "detect/indicator_watch.h"
#include "identity/fact.h"
#include "store/builder.h"

struct investigation {
	struct investigation_options options;
	struct arena paths; /* that were opened later, and their lists */
	bool opened;        /* one is being loaded for the first time */
	struct load_terms terms;
	struct limits limits;
	struct ruleset *rules;
	struct detector *detector;
	struct indicators *indicators; /* NULL: no list was given */
	struct indicator_watch *watch; /* likewise */
	struct facts facts;
	struct site site; /* as its file says */
	struct geo *geo;
	struct ingest *ingest;
	struct load_cache *cache; /* NULL: loads are not kept */
	uint64_t free_bytes;      /* of memory, before the load */
	/* What keeps a load that was waited for. */
	pthread_t keeper;
	struct snapshot *kept; /* NULL: nobody does */
	/* Of a load on a thread of its own. */
	pthread_t thread;
	pthread_t before; /* whose work that thread goes on with */
	bool started;
	atomic_bool cancelled;
	int news[2];          /* a pipe */
	pthread_mutex_t lock; /* of what follows */
	struct snapshot *latest;
	struct ingest_progress progress;
	bool loading;
	struct err failed;
	/* The loading thread's own. */
	uint64_t version;
	int64_t begun, published, told; /* monotonic, ms */
	uint32_t published_rows;
};

/* investigation.c: all that a load takes, and that another one needs anew.
 * Errors as of ingest_new. */
ATTR_NODISCARD enum err_code investigation_prepare(struct investigation *inv,
						   struct err *err);
void investigation_forget_load(struct investigation *inv);

/* investigation_publish.c: what the builder has, as a snapshot. */
struct snapshot *investigation_publish(struct investigation *inv,
				       enum publish_mode mode);
/* A load that was done before, or NULL: then what is left of it to be done is
 * what the builder does not have. */
struct snapshot *investigation_restore(struct investigation *inv);

#endif /* TRAWL_INVESTIGATION_PRIVATE_H */
