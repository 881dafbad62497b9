/* SPDX-License-Identifier: MIT */
/*
 * case_inputs.h - the files that a case was made on
 *
 * Entries of a case: {"entry":"inputs", "files":[{"file":..., "bytes":...,
 * "modified":..., "sha256":...}]}, see trawl-case(5). They are added when a
 * session ends; of a file that was other bytes then than before both stand
 * there. What a case says names events, not files: so other files are no
 * error, and told.
 *
 * A file is the same when path, size and time are, or else when its sum is one
 * of the case's: logs may be moved.
 *
 * Layer: casework. Cost: reads the files that are not known so. Threads: one.
 */
#ifndef TRAWL_CASE_INPUTS_H
#define TRAWL_CASE_INPUTS_H

#include "casework/case_file.h"
#include "store/files.h"

/* Bytes that are summed at most when a case is opened, and when it is left:
 * nobody waits longer. What is beyond is told apart by path and size, and kept
 * without a sum. */
#define CASE_INPUTS_OPENED ((uint64_t)64 << 20)
#define CASE_INPUTS_LEFT   ((uint64_t)4 << 30)

/* Adds a sentence about what is other than the case was made on; nothing when
 * all is as it was, or the case names no file. */
void case_inputs_compare(const struct case_file *c, const struct files *files,
			 struct strbuf *out);

/* Adds to a case that says something the files that it does not name as they
 * are. Nothing to one that cannot be written. ERR_CASE. */
ATTR_NODISCARD enum err_code case_inputs_keep(struct case_file *c,
					      const struct files *files,
					      struct err *err);

#endif /* TRAWL_CASE_INPUTS_H */
