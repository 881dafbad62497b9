/* SPDX-License-Identifier: MIT */
/*
 * json_plain.h - the tree of a plain record in one pass
 *
 * Nearly all records hold nothing that needs care: printable ASCII, the usual
 * escapes, not many levels. json_plain checks the grammar of such an object
 * and builds its tree in the same pass; strings without escapes stay where
 * they are in `in`. Whatever else it meets, be it only a character beyond
 * ASCII, it leaves to json_scan and json_parse, which say what it is. So
 * there is one judge of what is hostile, and for what is plain both give the
 * same tree, the same end and no notes.
 *
 * Layer: base. Cost: one to two cycles a byte; a node of 56 bytes a value.
 * Threads: any, an arena each.
 */
#ifndef TRAWL_JSON_PLAIN_H
#define TRAWL_JSON_PLAIN_H

#include "base/json.h"

/*
 * Reads the object that begins at in.p[0]; with more than max_depth levels it
 * is not plain. JSON_OK: *v is its tree, in the
 * arena and in the bytes of `in`, *end the offset behind it. JSON_MORE: what
 * is there is plain, and does not end in it. JSON_BAD: it is not plain; ask
 * json_scan.
 */
enum json_status json_plain(struct arena *arena, struct str in,
			    unsigned max_depth, const struct json **v,
			    size_t *end);

#endif /* TRAWL_JSON_PLAIN_H */
