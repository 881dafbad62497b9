/* SPDX-License-Identifier: MIT */
/*
 * unwrap_private.h - what the readers of single forms share
 *
 * A reader is given a value and says whether it is of its form; if so it hands
 * on what is inside: a text (unwrap_text), a value that may be a record or
 * carry one (unwrap_value), a record that it put together (unwrap_draft), or
 * the reason why there is none (unwrap_skip).
 */
#ifndef TRAWL_UNWRAP_PRIVATE_H
#define TRAWL_UNWRAP_PRIVATE_H

#include "ingest/draft.h"
#include "ingest/unwrap.h"
#include "ingest/value.h"

struct unwrapper {
	struct limits limits;
	struct value_reader reader;
	/* Trees and texts of each level of texts; the value that was given is
	 * the caller's, what is inside its texts is level 1. */
	struct arena level[UNWRAP_LEVELS + 1];
	unsigned depth;     /* the level that is being read */
	struct arena texts; /* of what was found */
	struct strbuf print;
	struct unwrapped *found;
	size_t n, cap;
	struct unwrapped spare; /* where it goes when there are too many */
	uint64_t left;          /* bytes that may still be unfolded */
	enum form form;         /* of what is being read */
};

/* True when it was of the form; what is inside was then handed on. */
typedef bool (*form_reader)(struct unwrapper *u, const struct json *v);

/* form_carried.c: what carries records whole. */
bool form_eventbridge(struct unwrapper *u, const struct json *v);
bool form_lookup(struct unwrapper *u, const struct json *v);
bool form_notice(struct unwrapper *u, const struct json *v);
bool form_queued(struct unwrapper *u, const struct json *v);
bool form_streamed(struct unwrapper *u, const struct json *v);
bool form_notified(struct unwrapper *u, const struct json *v);
bool form_log_event(struct unwrapper *u, const struct json *v);
bool form_log_query(struct unwrapper *u, const struct json *v);
bool form_search_hit(struct unwrapper *u, const struct json *v);
bool form_splunk(struct unwrapper *u, const struct json *v);
/* form_ecs.c, form_ocsf.c, form_columns.c: what took them apart. */
bool form_ecs(struct unwrapper *u, const struct json *v);
bool form_ocsf(struct unwrapper *u, const struct json *v);
bool form_columns(struct unwrapper *u, const struct json *v);
/* form_finding.c: findings, which are rows of kinds of their own. */
bool form_guardduty(struct unwrapper *u, const struct json *v);
bool form_security_hub(struct unwrapper *u, const struct json *v);
#define FINDING_BROKEN "a finding without the parts that findings have"
/* form_waf.c: requests, rows of a kind of their own. */
bool form_waf(struct unwrapper *u, const struct json *v);
/* form_config.c: what resources were like, rows of a kind of their own. */
bool form_config(struct unwrapper *u, const struct json *v);
/* form_line.c: entries of logs, as JSON instead of lines. */
bool form_edge(struct unwrapper *u, const struct json *v);
bool form_s3_access(struct unwrapper *u, const struct json *v);
/* form_other.c: what is known and carries none. */
bool form_other(struct unwrapper *u, const struct json *v);

/* A text that should hold one or more records, or carriers of them. */
void unwrap_text(struct unwrapper *u, struct str text, enum form form);
/* As unwrap_text, of base64 with or without gzip. */
void unwrap_packed(struct unwrapper *u, struct str text, enum form form);
/* A member of what is being read. */
void unwrap_value(struct unwrapper *u, const struct json *v, enum form form);
void unwrap_draft(struct unwrapper *u, const struct draft *d, enum form form);
/* A line of a log; false when it is of none that is known. */
bool unwrap_entry(struct unwrapper *u, struct str line, struct str header);
void unwrap_skip(struct unwrapper *u, const char *reason, bool foreign);
/* Where texts of the value that is being read may be kept until it is done. */
struct arena *unwrap_arena(struct unwrapper *u);

/* The text of a member that is a string; empty for any other. */
static inline struct str string_of(const struct json *v, struct str key)
{
	const struct json *m = json_member(v, key);

	return m && m->kind == JSON_STRING ? m->text : STR_NULL;
}

#endif /* TRAWL_UNWRAP_PRIVATE_H */
