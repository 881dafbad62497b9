/* SPDX-License-Identifier: MIT */
/*
 * struct_text.h - structures as query engines print them
 *
 * {type=AssumedRole, principalid=AROA:s, sessioncontext={attributes={...}}}:
 * names in any case, values without quotes that may hold commas. A value ends
 * where a name that CloudTrail knows follows, or where the structure does.
 * Structures that are trees already, with names in any case, are put under
 * CloudTrail's names likewise.
 *
 * Layer: ingest. Cost: O(length). Threads: any.
 */
#ifndef TRAWL_STRUCT_TEXT_H
#define TRAWL_STRUCT_TEXT_H

#include "ingest/draft.h"

/* Puts the parts of a structure below `path`. */
void struct_text_put(struct draft *d, const char *path,
		     const struct json *value);
/* A list of resources: [{arn=..., accountid=..., type=...}]. */
void struct_text_resources(struct draft *d, const char *path,
			   const struct json *value);

#endif /* TRAWL_STRUCT_TEXT_H */
