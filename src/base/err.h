/* SPDX-License-Identifier: MIT */
/*
 * err.h - what went wrong, as a value
 *
 * A function that can fail returns an enum err_code and fills the struct err
 * that its caller owns and passes as the last argument. On success the struct
 * is left alone. The message is a sentence fragment without a final stop,
 * complete enough to be shown as it is; it may quote bytes of a file or a
 * file's name, so it reaches a terminal only through safetext.
 *
 * Bad data is not an error: records that cannot be read are counted and
 * listed (store/skips.h). A program's own mistake is not one either: assert.
 *
 * Layer: base. Threads: an err belongs to one thread.
 */
#ifndef TRAWL_ERR_H
#define TRAWL_ERR_H

#include "base/attr.h"

/* Code and the words that stand for it. */
#define ERR_CODES(X)                        \
	X(ERR_OK, "no error")               \
	X(ERR_IO, "input/output error")     \
	X(ERR_FORMAT, "malformed data")     \
	X(ERR_LIMIT, "limit reached")       \
	X(ERR_SYNTAX, "syntax error")       \
	X(ERR_NOTFOUND, "not found")        \
	X(ERR_USAGE, "wrong usage")         \
	X(ERR_UNSUPPORTED, "not supported") \
	X(ERR_CANCELLED, "cancelled")       \
	X(ERR_CASE, "case file")            \
	X(ERR_LOST, "input was lost")

enum err_code {
#define X(code, text) code,
	ERR_CODES(X)
#undef X
};

#define ERR_MSG_MAX 1024

struct err {
	enum err_code code;
	char msg[ERR_MSG_MAX];
};

#define ERR_INIT           \
	{                  \
		ERR_OK, "" \
	}

/* The words for a code, for messages that have no better ones. */
const char *err_text(enum err_code code);

/* Fills `err` (longer messages are cut) and returns `code`. */
enum err_code err_set(struct err *err, enum err_code code, const char *fmt, ...)
	ATTR_PRINTF(3, 4);

/* As err_set with the text of errno appended: "FMT: No such file". */
enum err_code err_errno(struct err *err, const char *fmt, ...)
	ATTR_PRINTF(2, 3);

/* Puts "FMT: " before the message that is there; returns its code. */
enum err_code err_wrap(struct err *err, const char *fmt, ...) ATTR_PRINTF(2, 3);

#endif /* TRAWL_ERR_H */
