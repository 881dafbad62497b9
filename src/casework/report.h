/* SPDX-License-Identifier: MIT */
/*
 * report.h - an investigation written up
 *
 * What a report states is found here, as facts that point to rows; two writers
 * put it into words for people (report_page.h) and for programs
 * (report_json.h). Nothing in it is anybody's opinion: events are what records
 * say, links say how certain they are, an alert is a rule's match, and what
 * the evidence cannot show is a part like the others.
 *
 * A part is an incident. Its timeline has the events that raised alerts of
 * level low and above, and every other call that its identities made from the
 * address from which the most alerts came, unless that is a network of the
 * site. Runs of one actor's calls that only ask are one line, and so are calls
 * that were repeated, or that differ by the name of one thing alone.
 *
 * Cost: reads again the records of the timeline, and all files once for their
 * sums. Layer: casework. Ownership: a report borrows from the snapshot, the
 * alerts and the coverage. Threads: made by one, read by any.
 */
#ifndef TRAWL_REPORT_H
#define TRAWL_REPORT_H

#include "base/crypto.h"
#include "casework/coverage.h"
#include "casework/deed.h"
#include "casework/investigation.h"
#include "casework/kept.h"
#include "casework/touched.h"
#include "casework/verify.h"
#include "detect/incident.h"
#include "identity/question.h"

enum {
	REPORT_INCIDENTS = 20, /* written up at most */
	REPORT_LINES = 500,    /* of a timeline that are shown */
	REPORT_ROWS = 20000,   /* whose records are read for it */
	REPORT_FOLD_MS = 15 * 60 *
			 1000, /* between what is repeated, or asked */
	REPORT_ALIKE_MS = 2 * 60 * 1000, /* between what is told alike */
	REPORT_NAMES = 12,               /* of calls in one line */
};

struct report_terms {
	const struct snapshot *snap;
	const struct alerts *alerts; /* of it */
	const struct coverage *coverage;
	const struct limits *limits;
	unsigned threads;
	size_t incident; /* from 1, by score; 0: all of them */
	struct str
		event; /* the incident that this one is of; empty: by number */
	const struct verify_keys *keys; /* to check digests by, or NULL */
	/* Told of the files summed now and then; false ends it. May be NULL. */
	bool (*going)(void *context, uint64_t done, uint64_t all);
	void *context;
};

#define REPORT_SAME UINT32_MAX

/* A line of the timeline: one event, or several that are told as one. */
struct report_line {
	row_id first, last;
	uint32_t events, denied, failed;
	struct str who; /* as actor_label has it; empty: nobody acts */
	struct str address;
	int level;       /* of the worst alert on them, or -1 */
	bool look;       /* calls that only ask: `name` lists them */
	bool shown;      /* else there are too many that matter more */
	uint32_t varies; /* the deed's value of which `name` lists those of all
			    that are told here, or REPORT_SAME */
	struct str name[REPORT_NAMES];
	uint32_t names, more_names;
	struct deed deed; /* of the first */
};

/* What one identity of an incident did, and how it was come by. */
struct report_step {
	node_id who;    /* NODE_NONE: alerts that are put to nobody */
	uint32_t first; /* in report_part.by_step */
	uint32_t n;
	row_id begun;
	row_id place; /* among the steps: who only informs comes behind the one
			 with whom it began */
	bool graver;  /* than informational alerts */
};

/* Something that an alert's rule says is to be mended. */
struct report_mend {
	struct str text; /* of the rule */
	const struct rule *rule[4];
	size_t rule_n; /* all of them; the first four are kept */
	row_id row;    /* the first event that shows it */
};

enum report_standing {
	STANDING_ONLY,   /* all its events are of this incident */
	STANDING_SHARED, /* others, or the same before, used it too */
	STANDING_OWN,    /* of the site's own networks */
};

struct report_indicator {
	enum event_column column; /* EVENT_IP, EVENT_KEY, EVENT_AGENT */
	uint32_t value;           /* the first of those that are this text */
	struct str text;          /* of user agents: what two calls share */
	uint32_t events;          /* in the timeline */
	uint32_t all;             /* in all evidence */
	uint32_t others;          /* of all, calls of others, or from before */
	row_id first, last;       /* in the timeline */
	enum report_standing standing;
};

/* From where a credential was used, as far as the evidence knows. */
struct report_use {
	uint32_t address[3]; /* the first, those of the incident alone before
				others */
	uint32_t n, more;    /* more: there are beside these */
	bool theirs;         /* the first is of the incident alone */
};

struct report_technique {
	struct technique_id id;
	size_t alerts;
	row_id first;
	enum level level; /* of the worst */
};

struct report_part {
	const struct incident *incident;
	size_t number; /* from 1, by score */
	struct rowset rows;
	uint32_t rows_unread, rows_left;
	struct report_line *line;
	size_t line_n, line_left; /* left: of these, not shown */
	uint32_t *line_of;        /* by number in `rows`: its line + 1, or 0 */
	struct report_step *step;
	size_t step_n;
	uint32_t *by_step; /* numbers in incident.alert, by step and time */
	struct revocation revoke;
	struct report_use *use; /* by credential */
	struct kept_list kept;
	struct touched_data data;
	struct report_mend *mend;
	size_t mend_n;
	struct report_indicator *indicator;
	size_t indicator_n;
	struct report_technique *technique;
	size_t technique_n;
};

/* A file of the evidence. */
struct report_input {
	uint32_t file;
	bool summed;
	struct sha256 sum; /* of its bytes as they lie there */
};

struct report {
	struct report_terms terms;
	struct incident_map map;
	struct incidents incidents; /* all of them */
	struct report_part *part;
	size_t part_n;
	struct report_input *input; /* those that rows came from, or rejects */
	size_t input_n;
	bool verified; /* digests were looked at */
	struct verify_result verify;
	int64_t made; /* when: ms since 1970 */
	struct arena arena;
};

/* ERR_USAGE when there is no such incident or event; ERR_CANCELLED. The caller
 * releases it in any case. */
ATTR_NODISCARD enum err_code report_make(struct report *out,
					 const struct report_terms *terms,
					 struct err *err);
void report_release(struct report *r);

/* An alert of a part. */
static inline const struct alert *report_alert(const struct report *r,
					       const struct report_part *p,
					       uint32_t i)
{
	return &r->terms.alerts->alert[p->incident->alert[i].alert];
}

/* The role or user that a credential's sessions are of, or NODE_NONE. */
node_id report_role(const struct report *r, const struct report_part *p,
		    const struct credential *c);

/* Inside: what makes a part. */
void report_timeline(struct report *r, struct report_part *p);
void report_fold(struct report *r, struct report_part *p);
void report_uses(struct report *r, struct report_part *p);

#endif /* TRAWL_REPORT_H */
