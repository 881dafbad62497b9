/* SPDX-License-Identifier: MIT */
/*
 * file.h - small files, whole
 *
 * For what people write: rules, a site file, lists of indicators. Evidence is
 * read by ingest/source.h.
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_FILE_H
#define TRAWL_FILE_H

#include "base/err.h"
#include "base/strbuf.h"

/* Adds what a file holds. ERR_IO with the path in the message; ERR_LIMIT when
 * it holds more than `max` bytes. */
ATTR_NODISCARD enum err_code file_read(struct strbuf *out, const char *path,
				       size_t max, struct err *err);

#endif /* TRAWL_FILE_H */
