/* SPDX-License-Identifier: MIT */
#include "detect/episode.h"

#include <stdlib.h>

#include "base/mem.h"

struct episodes *episodes_new(void)
{
	struct episodes *e = mem_zero(1, sizeof(*e));

	arena_init(&e->arena);
	return e;
}

void episodes_free(struct episodes *e)
{
	if (!e)
		return;
	free(e->item);
	arena_release(&e->arena);
	free(e);
}

struct episode *episodes_add(struct episodes *e)
{
	e->item = mem_grow(e->item, &e->cap, e->n + 1, sizeof(*e->item));
	e->item[e->n] = (struct episode){ .n = 0 };
	return &e->item[e->n++];
}
