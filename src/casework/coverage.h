/* SPDX-License-Identifier: MIT */
/*
 * coverage.h - what the evidence holds, and what it cannot show
 *
 * No event is not no action. CloudTrail's rows are counted by the account that
 * received them and their region (a place) and by quarter of an hour; that
 * tells where logs are, where they break off, which kinds of data events were
 * recorded at all, whether a trail records reading calls, which accounts only
 * called here, and where somebody changed what is logged.
 *
 * A place has regular noise when it has events in at least
 * COVERAGE_LEAST_QUARTERS quarters of an hour and, after such a quarter, the
 * next is empty at most once in COVERAGE_REGULAR_OF times: however long a
 * quiet stretch is, it counts once, so what was cut out of a log does not
 * hide itself. There, and only there, one or more whole quarters without any
 * event are a hole; where more than COVERAGE_FEW are quiet, short silence is
 * usual, and only COVERAGE_LONG quarters or more are one. A hole is open where
 * a place's events end before all that is looked at does. Where they begin
 * late there is none: it may not have been used until then.
 *
 * Layer: casework. Ownership: the store outlives it. Cost: one pass over five
 * columns, some 10 ns a row, and 32 bytes for each quarter with events of a
 * place; all else is in proportion to places and holes. Threads: any number
 * may read.
 */
#ifndef TRAWL_COVERAGE_H
#define TRAWL_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/timefmt.h"
#include "casework/verify.h"
#include "query/expr.h"
#include "store/store.h"

enum {
	COVERAGE_QUARTER_MS = 15 * 60 * 1000,
	COVERAGE_LEAST_QUARTERS = 8,
	COVERAGE_REGULAR_OF = 20,
	COVERAGE_FEW = 3,
	COVERAGE_LONG = 4,
};

/* Of a place, with at least one event. */
struct coverage_quarter {
	int64_t number; /* since 1970 */
	uint32_t events, data;
	row_id first, last;
};

/* One account and region. Either may be 0: the records do not say. */
struct coverage_place {
	uint32_t account, region; /* values of their columns */
	struct str account_text, region_text;
	uint64_t events, data; /* all, and data events of them */
	uint64_t timeless;     /* of all, without a time */
	row_id first, last;    /* ROW_NONE when none has a time */
	uint32_t quiet;        /* stretches of whole quarters inside */
	bool regular;
	struct coverage_quarter *quarter;
	size_t quarter_n, quarter_cap;
};

struct coverage_account {
	uint32_t account;
	struct str text;
	uint64_t events, data;
	uint64_t reads, writes; /* calls that say so, data events aside */
	row_id first, last;     /* of its rows with a time; or ROW_NONE */
	size_t place, place_n;  /* its places, in a row */
};

struct coverage_hole {
	size_t place;
	int64_t from, until;  /* the last event before, the first after */
	row_id before, after; /* after: ROW_NONE when it is open */
};

/* Data events of one service in one account. */
struct coverage_data {
	uint32_t account, source;
	struct str account_text, source_text;
	struct str type; /* coverage_data_type */
	uint64_t events;
	row_id first, last;
};

enum coverage_effect {
	COVERAGE_STOPPED, /* something is recorded no longer, or is gone */
	COVERAGE_CHANGED,
	COVERAGE_STARTED,
};

/* A call that changes what is recorded. */
struct coverage_call {
	const char *name, *source;
	enum coverage_effect effect;
	const char *log; /* of what: "CloudTrail", "VPC flow logs", ... */
};

struct coverage_change {
	row_id row;
	const struct coverage_call *call;
};

/* A gap between digests whose account and region is a place here. */
struct coverage_gap {
	size_t place, item; /* of digests.item[] */
};

struct coverage_kind {
	uint64_t events;
	row_id first, last; /* ROW_NONE when none has a time */
};

struct coverage {
	const struct store *store;
	/* What is looked at: the times asked for, else those of CloudTrail's
	 * own rows; TIME_NONE when there are none. `last` is inclusive. */
	int64_t first, last;
	struct coverage_place *place; /* by account and region, as texts */
	size_t place_n;
	struct coverage_account *account; /* likewise */
	size_t account_n;
	struct coverage_hole *hole; /* by place and time */
	size_t hole_n;
	struct coverage_data *data; /* by account and name of the type */
	size_t data_n;
	struct coverage_change *change; /* by time */
	size_t change_n;
	/* By place: values of the columns, and which change. */
	struct coverage_changed {
		uint32_t account, region, change;
	} * changed;
	struct str *caller; /* accounts that called here and of which nothing
			       was delivered, by text */
	size_t caller_n;
	struct coverage_kind kind[EVENT_KIND_COUNT];
	/* Filled by coverage_find_gaps. */
	bool digests_read;
	struct verify_result digests; /* its items are gaps alone */
	struct coverage_gap *gap;     /* by place */
	size_t gap_n;
};

/* Of some rows; `since` and `until` (exclusive) are the times that were asked
 * for, or TIME_NONE. */
struct coverage *coverage_new(const struct store *s, const struct rowset *rows,
			      int64_t since, int64_t until);
void coverage_free(struct coverage *c);

/*
 * Reads CloudTrail's digests among the store's files and finds the gaps between
 * them, by what they say of themselves: `trawl verify` checks them. Nothing is
 * read when there are more than `most`. Returns how many there are. Once.
 */
size_t coverage_find_gaps(struct coverage *c, const struct limits *limits,
			  size_t most);

/* "AWS::S3::Object": what a trail calls the data events of a service; the
 * service itself where that has no such name. */
struct str coverage_data_type(struct str source);
/* Types that investigations ask for and of which no event was seen, one after
 * the other: NULL after the last. */
const char *coverage_unseen(const struct coverage *c, size_t i);
/* Are data events there, of that account ("": any) and service ("": any)? */
bool coverage_has_data(const struct coverage *c, struct str account,
		       struct str source);

const char *coverage_effect_name(enum coverage_effect e);
/* The calls that change what is recorded, by name and service. */
extern const struct coverage_call coverage_calls[];
extern const size_t coverage_calls_n;

/* Tells what the evidence lacks as a whole, a sentence each, which is gone
 * when `told` returns. */
typedef void (*coverage_sentence)(void *context, struct str sentence);
void coverage_lacks(const struct coverage *c, coverage_sentence told,
		    void *context);

/* Drawing ----------------------------------------------------------------- */

/* Columns of time that all have the same width. */
struct coverage_axis {
	int64_t from, step; /* ms; `from` is a multiple of step */
	size_t n;
};

/* At most `most` columns (from 1) over what is looked at, of a quarter of an
 * hour, an hour, ..., a day or days. */
struct coverage_axis coverage_axis(const struct coverage *c, size_t most);

/* The width of a column: "15m", "2h", "1d". */
void coverage_step(const struct coverage_axis *axis, struct strbuf *out);
/* What stands above column `k`, if anything does: "01-09" where a day begins,
 * "06:00" where columns are hours or less. */
bool coverage_tick(const struct coverage_axis *axis, size_t k,
		   const struct time_zone *zone, struct strbuf *out);

struct coverage_cell {
	uint64_t events;
	bool hole;                   /* some of it is in a hole */
	bool gap;                    /* digests are missing of some of it */
	bool changed;                /* logging was, with success */
	enum coverage_effect effect; /* the gravest of these changes */
};

/* Fills cell[0 .. axis->n - 1]. */
void coverage_cells(const struct coverage *c, size_t place,
		    const struct coverage_axis *axis,
		    struct coverage_cell *cell);

/* When nothing was found -------------------------------------------------- */

/* What was looked for. Texts may be empty, times TIME_NONE. */
struct coverage_question {
	enum event_kind kind;
	struct str account, region;
	int64_t since, until; /* exclusive */
	bool data;            /* it would be in data events, */
	struct str source;    /* of this service */
};
#define COVERAGE_QUESTION_INIT                          \
	{                                               \
		.since = TIME_NONE, .until = TIME_NONE, \
	}

/* Adds what a filter's terms that all have to hold say of these. The texts
 * are the filter's. */
void coverage_ask(struct coverage_question *q, const struct expr *filter);

/*
 * Adds the one line that belongs beside every "none": the first of these that
 * holds for the question: nothing was delivered there or then, data events
 * were not recorded, its logs have holes, logging was stopped, records are
 * chosen by the trails anyhow.
 */
void coverage_none(const struct coverage *c, const struct coverage_question *q,
		   const struct time_zone *zone, struct strbuf *out);

#endif /* TRAWL_COVERAGE_H */
