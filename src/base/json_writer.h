/* SPDX-License-Identifier: MIT */
/*
 * json_writer.h - JSON documents, written in order
 *
 * Places the commas; strings are written by json_print_string, so whatever
 * they hold the output is valid JSON that does nothing to a terminal.
 * Order of use: begin_object, key, value, key, value, end. Misuse asserts.
 *
 * Layer: base. Memory: the caller's strbuf. Threads: one at a time.
 */
#ifndef TRAWL_JSON_WRITER_H
#define TRAWL_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/strbuf.h"
#include "base/text_filter.h"

struct json_writer {
	struct strbuf *out;
	unsigned depth;
	uint64_t has_members; /* bit d: level d has one already; 64 levels */
	uint64_t is_object;   /* bit d: level d is one */
	bool after_key;
	const struct text_filter *filter; /* of strings; NULL: as they are */
};

void json_writer_init(struct json_writer *w, struct strbuf *out);

void json_begin_object(struct json_writer *w);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w);
void json_end_array(struct json_writer *w);

void json_key(struct json_writer *w, const char *key);
void json_string(struct json_writer *w, struct str s);
void json_uint(struct json_writer *w, uint64_t v);
void json_bool(struct json_writer *w, bool v);
void json_null(struct json_writer *w);
/* JSON text as it is. */
void json_raw(struct json_writer *w, struct str text);

/* Key and string in one; the pair is left out when the string is empty. */
void json_pair(struct json_writer *w, const char *key, struct str s);
/* Key and time as ISO 8601 in UTC; null for TIME_NONE. */
void json_pair_time(struct json_writer *w, const char *key, int64_t t);
void json_pair_uint(struct json_writer *w, const char *key, uint64_t v);

#endif /* TRAWL_JSON_WRITER_H */
