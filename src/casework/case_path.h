/* SPDX-License-Identifier: MIT */
/*
 * case_path.h - where the case of some evidence lies unless somebody says so
 *
 * In the user's own folder, $XDG_DATA_HOME/trawl/cases, under the evidence's
 * name and what tells it from others of that name.
 *
 * Layer: casework. Threads: as getenv.
 */
#ifndef TRAWL_CASE_PATH_H
#define TRAWL_CASE_PATH_H

#include <stdbool.h>

#include "base/strbuf.h"

/* Adds that path; false when there is no such folder to be. */
bool case_default_path(struct strbuf *out, const char *evidence);

#endif /* TRAWL_CASE_PATH_H */
