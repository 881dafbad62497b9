/* SPDX-License-Identifier: MIT */
/*
 * rule.h - one Sigma rule, as its document states it
 *
 * Beside Sigma's own keys some are ours, which other programs ignore:
 *
 *	investigate:
 *	    - ask: Which session made the call, and whose is it?
 *	      pivot: identity
 *	    - ask: What else did this address do?
 *	      filter: ip:203.0.113.66
 *	mend: >-
 *	    Deny cloudtrail:StopLogging by a service control policy.
 *	samples:
 *	    fire: [stop-logging]
 *	    quiet: [stop-logging-denied, {eventName: StartLogging}]
 *	trawl:
 *	    fixed-level: true
 *	    outcome: ok
 *	    severity: true
 *
 * `fixed-level` keeps a built-in rule's level for calls that failed; `outcome`
 * names the outcomes (ok, denied, failed) that the rule is about, others do
 * not match; `severity` takes the level of the finding for the rule's own. Two more, `lineage` and `baseline`, ask the graph of identities
 * and what went before, instead of, or after, single events: see
 * lineage_rule.h. Unknown keys are ignored.
 *
 * Layer: detect. Memory: the arena passed; texts end with a NUL.
 */
#ifndef TRAWL_RULE_H
#define TRAWL_RULE_H

#include "detect/rule_example.h"
#include "detect/rule_file.h"
#include "model/attack.h"
#include "model/level.h"

enum step_kind { STEP_NONE, STEP_FILTER, STEP_PIVOT, STEP_VIEW, STEP_SECTION };

/* A question that an analyst asks next, and what answers it. */
struct rule_step {
	struct str ask;
	enum step_kind kind;
	struct str argument; /* a filter; identity, key, address, ...; lineage,
				detail, ...; a section of `trawl walk` */
	unsigned line;
};

struct rule_texts {
	struct str *text;
	size_t n;
};

struct rule {
	struct str title, id, name, status, description, author, date, modified;
	struct rule_texts references, falsepositives, fields, tags;
	struct rule_examples fire, quiet; /* samples */
	struct rule_step *step;
	size_t step_n;
	struct str mend; /* what to mend before service resumes */

	bool has_level;
	enum level level; /* medium when the document has none */
	tactic_set tactics;
	struct technique_id *technique;
	size_t technique_n;

	struct str category, product, service; /* logsource */
	bool cloudtrail; /* it is about what CloudTrail records */
	bool fixed_level;
	bool severity;     /* its level is that of the finding */
	unsigned outcomes; /* bit of each enum event_outcome it is about */

	const struct node *detection;   /* or NULL */
	const struct node *correlation; /* or NULL */
	const struct node *lineage;     /* or NULL */
	const struct node *baseline;    /* or NULL */
	struct str indicator;           /* kind of indicators it tells of */
	const struct node *filter;      /* or NULL: then it is no rule but a
					   filter of others */
	const struct node *document;

	const char *file; /* as named on loading; not the rule's */
	unsigned line;    /* where the document begins */
	bool builtin;
};

/*
 * Takes a document apart. ERR_FORMAT "FILE:12: ..." for what makes it no
 * rule: not a map, or none of detection, correlation, lineage and filter.
 * Other keys that do not say what they should are as good as absent;
 * rule_check.h tells of them.
 * `file` is kept.
 */
ATTR_NODISCARD enum err_code rule_read(struct arena *a,
				       const struct node *document,
				       const char *file, struct rule *out,
				       struct err *err);

/*
 * The kinds of rows that the rule is for, a bit of each enum event_kind; 0:
 * none that are known. CloudTrail's when its logsource says aws and cloudtrail or
 * leaves either open; else what the logs beside CloudTrail are called there
 * (the table is in rule.c).
 */
unsigned rule_kinds(const struct rule *r);

/* Does it name that technique, or one of its sub-techniques? */
bool rule_names_technique(const struct rule *r, const struct technique_id *id);

/* The level of a match on a row with these flags (enum event_flags): see
 * level_for_outcome; users' rules keep theirs, and so do correlations, which
 * are about many calls. */
enum level rule_level_for(const struct rule *r, uint32_t flags);

#endif /* TRAWL_RULE_H */
