/* SPDX-License-Identifier: MIT */
/*
 * desk_private.h - what the desk's own files share
 *
 * Layer: ui, inside.
 */
#ifndef TRAWL_DESK_PRIVATE_H
#define TRAWL_DESK_PRIVATE_H

#include "ui/desk.h"

/* The plan of a filter; NULL for one that is empty. */
ATTR_NODISCARD enum err_code desk_plan(struct desk *d, struct str filter,
				       struct plan **out, struct err *err);
/* Takes a narrowing over, as a change that can be undone. Its filter is known
 * to be right. */
void desk_change(struct desk *d, struct narrowing next);

#endif /* TRAWL_DESK_PRIVATE_H */
