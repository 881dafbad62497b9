/* SPDX-License-Identifier: MIT */
/*
 * golden.h - a screen compared with the text it should be
 */
#ifndef SCREENS_GOLDEN_H
#define SCREENS_GOLDEN_H

#include <stdbool.h>

#include "base/strbuf.h"

/*
 * Compares strictly, byte by byte. On a difference prints both side by side,
 * writes `actual` to actual_path and returns false. With `update`, writes it
 * to path instead of comparing.
 */
bool golden_check(const char *path, const char *actual_path, struct str actual,
		  bool update);

/* Reads a file; false, with errno, when that fails. */
bool golden_read(const char *path, struct strbuf *out);

#endif /* SCREENS_GOLDEN_H */
