/* SPDX-License-Identifier: MIT */
/*
 * file_sum.h - what a file of the evidence was, by its bytes
 *
 * Layer: casework. Cost: reads the file. Threads: any.
 */
#ifndef TRAWL_FILE_SUM_H
#define TRAWL_FILE_SUM_H

#include <stdbool.h>

#include "base/crypto.h"
#include "store/files.h"

/* Of the bytes as they lie on the disk, or came from a pipe. False for what
 * cannot be read again, or is shorter than when it was read. Only where
 * crypto_exists. */
bool file_sum(const struct file_entry *e, struct sha256 *out);

#endif /* TRAWL_FILE_SUM_H */
