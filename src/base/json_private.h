/* SPDX-License-Identifier: MIT */
/* json_private.h - what the scanner and the parser agree upon. */
#ifndef TRAWL_JSON_PRIVATE_H
#define TRAWL_JSON_PRIVATE_H

#include "base/json.h"

/*
 * The escape byte of the clean copy and what may follow it. FF occurs in no
 * UTF-8 text; one that the file holds is doubled.
 */
#define MARK     '\xff'
#define MARK_NUL '\x01'
#define MARK_NUM '#'

/* Deeper than that the parser would refuse the copy. */
enum { JSON_MOST_DEPTH = 1000 };

#endif /* TRAWL_JSON_PRIVATE_H */
