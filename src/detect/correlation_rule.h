/* SPDX-License-Identifier: MIT */
/*
 * correlation_rule.h - the correlation section of a rule
 *
 *	correlation:
 *	    type: value_count
 *	    rules: [recon_event]
 *	    group-by: [sourceIPAddress, principal]
 *	    timespan: 10m
 *	    condition: {field: eventName, gte: 15}
 *	    aliases: {who: {recon_event: userIdentity.arn}}
 *	    generate: false
 *
 * Beside paths into the record, group-by and field take what a filter would
 * ask for by name and a store keeps as a column (principal, actor, session,
 * key, ip, account, service, ...), outcome, and origin: whose the acting
 * identity really is. A percentile is that of the numbers of a field when the
 * condition names one, as in `percentile: 95`; without, the condition is about
 * the share in percent that an event's own value has of all of them.
 *
 * Among `rules`, `level>=high` stands for the matches of that level or above
 * of all rules that test events or were found after the load, but for those of
 * the same file.
 *
 * Source: Sigma correlation rules specification 2.1.0; percentile and
 * value_median as pySigma has them.
 *
 * Layer: detect. Memory: the arena passed. Threads: any.
 */
#ifndef TRAWL_CORRELATION_RULE_H
#define TRAWL_CORRELATION_RULE_H

#include "detect/rule.h"

#define CORRELATION_TYPES(X)                                \
	X(CORRELATION_EVENT_COUNT, "event_count")           \
	X(CORRELATION_VALUE_COUNT, "value_count")           \
	X(CORRELATION_TEMPORAL, "temporal")                 \
	X(CORRELATION_TEMPORAL_ORDERED, "temporal_ordered") \
	X(CORRELATION_VALUE_SUM, "value_sum")               \
	X(CORRELATION_VALUE_AVG, "value_avg")               \
	X(CORRELATION_VALUE_PERCENTILE, "value_percentile")

enum correlation_type {
#define X(code, name) code,
	CORRELATION_TYPES(X)
#undef X
		CORRELATION_TYPE_COUNT
};

#define LIMIT_OPS(X)        \
	X(LIMIT_GT, "gt")   \
	X(LIMIT_GTE, "gte") \
	X(LIMIT_LT, "lt")   \
	X(LIMIT_LTE, "lte") \
	X(LIMIT_EQ, "eq")   \
	X(LIMIT_NEQ, "neq")

enum limit_op {
#define X(code, name) code,
	LIMIT_OPS(X)
#undef X
		LIMIT_OP_COUNT
};

enum {
	CORRELATION_RULES = 64,   /* that one may name */
	CORRELATION_ORDERED = 16, /* the same, in an order */
	CORRELATION_FIELDS = 8,   /* to group by; to count values of */
};

/* What a number has to be: all of them. */
struct correlation_limits {
	struct {
		enum limit_op op;
		double than;
	} limit[LIMIT_OP_COUNT];
	size_t n;
};

bool correlation_limits_hold(const struct correlation_limits *l, double number);

/* In events of a rule that is so named, the alias stands for a field. */
struct correlation_alias {
	struct str alias, rule, field;
};

/* Where the values of a field come from. */
enum source_kind {
	SOURCE_NONE,     /* nowhere: always missing */
	SOURCE_COLUMN,   /* a column of the store */
	SOURCE_CAPTURED, /* noted with the match */
	SOURCE_ORIGIN,   /* the lineage */
	SOURCE_OUTCOME,
};

struct correlation_source {
	enum source_kind kind;
	unsigned number; /* the column; which of the leaf's captures */
};

/* A rule whose events are counted in the end, by whatever way. */
struct correlation_leaf {
	uint32_t rule;
	struct correlation_source group[CORRELATION_FIELDS];
	struct correlation_source field[CORRELATION_FIELDS];
};

/* A rule that is named: several when they are namesakes. */
struct correlation_ref {
	uint32_t rule;
	uint32_t position; /* in rules */
	enum level least;  /* of a match, to count */
};

struct correlation {
	enum correlation_type type;
	struct rule_texts rules; /* as written */
	struct rule_texts group; /* group-by */
	struct rule_texts field; /* whose values count */
	struct correlation_alias *alias;
	size_t alias_n;
	int64_t timespan; /* ms */
	struct correlation_limits limits;
	bool has_percentile;
	double percentile; /* 0 to 100 */
	bool generate, says_generate;
	unsigned line;

	/* From here on filled by correlations_link. */
	struct correlation_ref *ref;
	size_t ref_n;
	struct correlation_leaf *leaf; /* by rule */
	size_t leaf_n;
	unsigned depth; /* 1: of plain rules alone */
	bool feeds;     /* another correlation names it */
};

/*
 * Reads the section of a rule that has one. ERR_FORMAT or ERR_UNSUPPORTED
 * "FILE:LINE: ..." for what is no correlation.
 */
ATTR_NODISCARD enum err_code correlation_read(struct arena *a,
					      const struct rule *r,
					      struct correlation *out,
					      struct err *err);

/* Adds it in a line: "value_count of eventName, by actor, within 5m: gte 12".
 * Raw: a rule's texts are in it. */
void correlation_describe(const struct correlation *c, struct strbuf *out);

/* Where a field is found, but for which capture: `number` is then 0. False
 * for names of the filter language that are no values of an event. */
bool correlation_source(struct str field, struct correlation_source *out);

#endif /* TRAWL_CORRELATION_RULE_H */
