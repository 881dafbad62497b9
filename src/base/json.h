/* SPDX-License-Identifier: MIT */
/*
 * json.h - JSON values out of hostile bytes
 *
 * Reading goes in two steps. json_scan finds where a value ends, checks its
 * grammar and writes a clean copy; json_parse makes a tree of the copy with
 * cJSON and hands it out as struct json, so that no caller sees cJSON.
 *
 * Why a clean copy: cJSON ends a string at \u0000, refuses a whole document
 * for one lone surrogate, turns numbers into doubles and stops at its own
 * depth limit, so one hostile value could hide the rest of itself or of its
 * record. In the copy NUL, the byte FF and numbers are spelled with FF as an
 * escape byte (it occurs in no UTF-8 text), lone surrogates are their WTF-8
 * bytes, and what is nested deeper than the limit is one string that holds
 * its JSON text. json_parse undoes the escapes. The caller sees:
 *
 * - strings decoded, with NUL bytes and invalid bytes where they were;
 * - numbers as their own text ("89.0", "1e999", "9007199254740993");
 * - duplicate keys all present, in order; json_member gives the first;
 * - keys compared byte for byte.
 *
 * Layer: base. The one file with cJSON. Threads: any, an arena each; the
 * cJSON hooks find the arena through a thread-local pointer.
 */
#ifndef TRAWL_JSON_H
#define TRAWL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/strbuf.h"

enum json_kind {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* A value. Read, never written, by callers. */
struct json {
	enum json_kind kind;
	uint32_t n;               /* members of an array or object */
	struct str key;           /* its name in the object around it */
	struct str text;          /* of a scalar: "null", "true", 89.0, decoded
				    string; empty for arrays and objects */
	const struct json *child; /* first member */
	const struct json *next;  /* next sibling */
};

/* Once, before any other function and before any thread. */
void json_init(void);

/* Scanning ---------------------------------------------------------------- */

enum json_status {
	JSON_OK,
	JSON_MORE, /* the value does not end in the bytes given */
	JSON_BAD,  /* not JSON: see bad_at and reason */
	JSON_LONG, /* longer than max_bytes, or of too many values */
};

/* Most values in a tree. One takes 150 bytes, so that 16 MiB of "1," would
 * make a gigabyte; a record of CloudTrail's has at most 256 KB. */
#define JSON_MAX_VALUES ((uint32_t)1 << 20)

enum json_note {
	/* In keys or values: C0 but tab and line ends, DEL, C1, NUL. */
	JSON_SAW_CONTROL = 1 << 0,
	JSON_SAW_BIDI = 1 << 1,     /* bidirectional controls */
	JSON_SAW_NONASCII = 1 << 2, /* anything above 7e */
	JSON_SAW_DEEP = 1 << 3,     /* something was nested beyond max_depth */
};

struct json_scan {
	/* Set by the caller. */
	size_t max_bytes;   /* a longer value is JSON_LONG */
	unsigned max_depth; /* deeper parts become text; at most 1,000 */
	/* Results. */
	size_t end;         /* offset after the value */
	unsigned notes;     /* enum json_note, or-ed */
	size_t bad_at;      /* offset of the byte that broke it */
	const char *reason; /* why it is bad, a constant */
	/* Working memory, kept between calls. */
	struct strbuf levels;
};

void json_scan_init(struct json_scan *s, size_t max_bytes, unsigned max_depth);
void json_scan_release(struct json_scan *s);

/*
 * Scans the value that begins at in.p[0] (no blanks before it). `last` says
 * that no more bytes will follow. The clean copy replaces what `clean` holds;
 * `clean` may be NULL when only the end is wanted. O(length), no recursion.
 */
enum json_status json_scan(struct json_scan *s, struct str in, bool last,
			   struct strbuf *clean);

/* Parsing ----------------------------------------------------------------- */

/*
 * The tree of a clean copy, in `arena`; valid until the arena is reset. NULL
 * with err set when cJSON refuses it (ERR_FORMAT).
 */
const struct json *json_parse(struct arena *arena, struct str clean,
			      struct err *err);

/* Scan and parse in one go, for small documents of the program's own tests
 * and files: the whole of `text` must be one value. */
const struct json *json_read(struct arena *arena, struct str text,
			     struct err *err);

/* Looking ----------------------------------------------------------------- */

/* The first member with exactly this key, or NULL; v may be NULL. */
const struct json *json_member(const struct json *v, struct str key);
/* The value at "a.b.c", by json_member; NULL when any is missing. */
const struct json *json_at(const struct json *v, const char *path);
/* Text of a string, number or boolean at a path; empty when absent or null. */
struct str json_text_at(const struct json *v, const char *path);

/*
 * Tells every string, number and boolean at a path, through arrays; false from
 * `see` ends it. O(what lies below the path's parts).
 */
typedef bool (*json_see)(void *context, const struct json *v);
void json_each(const struct json *v, struct str path, json_see see,
	       void *context);

static inline bool json_is_scalar(const struct json *v)
{
	return v->kind < JSON_ARRAY;
}

/*
 * Adds v as compact JSON in ASCII-safe form: what could act on a terminal is
 * \u-escaped, bytes that are not UTF-8 become \ufffd, numbers keep their text.
 */
void json_print(struct strbuf *out, const struct json *v);
/* A string as a quoted JSON string, by the same rules. */
void json_print_string(struct strbuf *out, struct str s);

#endif /* TRAWL_JSON_H */
