/* SPDX-License-Identifier: MIT */
/*
 * xdg.h - where a user's own files are, by the XDG Base Directory spec
 *
 * Layer: base. Threads: as getenv.
 */
#ifndef TRAWL_XDG_H
#define TRAWL_XDG_H

#include <stdbool.h>

#include "base/strbuf.h"

enum xdg_home { XDG_CACHE, XDG_CONFIG, XDG_DATA, XDG_STATE };

/* Adds $XDG_..._HOME/trawl/NAME, or the default below HOME; the folder itself for
 * "". A relative path in the environment does not count. False when there is no
 * such place. */
bool xdg_path(struct strbuf *out, enum xdg_home home, const char *name);

#endif /* TRAWL_XDG_H */
