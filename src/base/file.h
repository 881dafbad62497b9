/* SPDX-License-Identifier: MIT */
/*
 * file.h - small files, whole
 *
 * For what people write: rules, a site file, a case, lists of indicators.
 * Evidence is read by ingest/source.h. And what everybody who reads or writes
 * by descriptors needs: reads and writes that were interrupted go on.
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_FILE_H
#define TRAWL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

/* Adds what a file holds. ERR_IO with the path in the message; ERR_LIMIT when
 * it holds more than `max` bytes. */
ATTR_NODISCARD enum err_code file_read(struct strbuf *out, const char *path,
				       size_t max, struct err *err);

/*
 * Puts a text in the place of what a file holds, in one step: whoever reads
 * it, whenever the system stops, finds the old text or the new one. It keeps
 * its mode; a new file is its owner's alone. ERR_IO: the old text is there, or
 * the new one, which a power cut could still take away.
 */
ATTR_NODISCARD enum err_code file_replace(const char *path, struct str text,
					  struct err *err);
/* Makes a new file, its owner's alone. ERR_IO, and nothing made, when one of
 * that name is there. */
ATTR_NODISCARD enum err_code file_create(const char *path, struct str text,
					 struct err *err);
/* Makes a name that was put into a file's folder last. ERR_IO. */
ATTR_NODISCARD enum err_code file_sync_folder(const char *path,
					      struct err *err);

/* The folders that a path leads through, as `mkdir -p` would; new ones are their
 * owner's alone. ERR_IO. */
ATTR_NODISCARD enum err_code file_make_folders(const char *path,
					       struct err *err);

/* A file without a name in TMPDIR or /tmp, gone when it is closed; its
 * descriptor, or -1. ERR_IO. */
int file_nameless(struct err *err);

/* Bytes of an open file, as many as are there up to `n`: how many; fewer at
 * its end, and where it cannot be read. */
size_t file_read_at(int fd, void *to, size_t n, uint64_t at);
/* All of them, behind what was written before; false, with errno set, when
 * they could not be. */
bool file_write_all(int fd, const void *bytes, size_t n);

#endif /* TRAWL_FILE_H */
