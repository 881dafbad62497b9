/* SPDX-License-Identifier: MIT */
/*
 * complete_path.h - names of files and folders that a typed path goes on with
 *
 * Layer: ui, no terminal. Cost: a look at the folder, of a large one at its
 * first names only. Names are raw: whoever shows them makes them safe.
 */
#ifndef TRAWL_COMPLETE_PATH_H
#define TRAWL_COMPLETE_PATH_H

#include "ui/term/prompt.h"

/* Offers the names, in order, folders with a slash; *from goes behind the last
 * slash that was typed. "~/" is the user's home. */
void complete_path(struct str typed, size_t *from,
		   struct prompt_candidates *out);
/* Adds a path as it was typed, "~/" as the user's home. */
void path_add_home(struct strbuf *out, struct str path);

#endif /* TRAWL_COMPLETE_PATH_H */
