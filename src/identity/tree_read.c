/* SPDX-License-Identifier: MIT */
/* What calls were about: records are read, and lines of calls made anew. */
#include "identity/tree_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "model/target.h"

/* What records said ------------------------------------------------------- */

const struct tree_said *tree_said(const struct tree *t, row_id row)
{
	const struct tree_parts *p = t->parts;
	uint32_t at;

	if (!p->said)
		return NULL;
	at = (uint32_t)hash_u64(row) & p->said_mask;
	for (; p->said[at].row != ROW_NONE; at = (at + 1) & p->said_mask)
		if (p->said[at].row == row)
			return &p->said[at];
	return NULL;
}

static void place(struct tree_said *said, uint32_t mask, struct tree_said what)
{
	uint32_t at = (uint32_t)hash_u64(what.row) & mask;

	while (said[at].row != ROW_NONE)
		at = (at + 1) & mask;
	said[at] = what;
}

static void keep(struct tree_parts *p, struct tree_said what)
{
	if ((p->said_n + 1) * 2 > p->said_mask) {
		uint32_t mask = p->said_mask ? p->said_mask * 2 + 1 : 255;
		struct tree_said *said =
			mem_alloc(((size_t)mask + 1) * sizeof(*said));

		for (uint32_t i = 0; i <= mask; i++)
			said[i] = (struct tree_said){ .row = ROW_NONE };
		for (uint32_t i = 0; p->said && i <= p->said_mask; i++)
			if (p->said[i].row != ROW_NONE)
				place(said, mask, p->said[i]);
		free(p->said);
		p->said = said;
		p->said_mask = mask;
	}
	place(p->said, p->said_mask, what);
	p->said_n++;
}

/* A record that cannot be read says nothing, and is not tried again. */
static void read_row(struct tree *t, struct reader *r, row_id row)
{
	struct tree_said what = { row, 0, 0 };
	const struct event *e;
	struct arena arena;
	struct str object;
	struct err err;

	if (reader_event(r, row, &e, &err) == ERR_OK) {
		arena_init(&arena);
		what.about = intern_add(&t->parts->texts,
					event_target(e, &arena));
		object = event_object(e);
		what.object = object.n ? intern_add(&t->parts->texts, object) :
					 0;
		arena_release(&arena);
	}
	keep(t->parts, what);
}

/* Lines anew -------------------------------------------------------------- */

/* Reads for one line; true when all that could be read was. */
static bool read_deed(struct tree *t, struct reader *r,
		      const struct tree_deed *d, int64_t until)
{
	for (uint32_t k = 0; d->unread && k < tree_deed_samples(d); k++) {
		row_id row = tree_deed_sample(t, d, k);

		if (tree_said(t, row))
			continue;
		if (clock_ms() >= until)
			return false;
		read_row(t, r, row);
	}
	return true;
}

static bool read_deeds(struct tree *t, struct reader *r, uint32_t number,
		       int64_t until)
{
	const struct tree_line *line = &t->line[number];

	for (uint32_t i = line->deed; i < line->deed + line->deed_n; i++) {
		const struct tree_line *c = &t->line[i];

		if (c->kind == TREE_DEED &&
		    !read_deed(t, r, &t->parts->deed[c->extra], until))
			return false;
		/* Those that are not worth a line each. */
		for (uint32_t k = c->child; k < c->child + c->child_n; k++)
			if (!read_deed(t, r, &t->parts->deed[t->line[k].extra],
				       until))
				return false;
	}
	return true;
}

bool tree_unread(const struct tree *t)
{
	return t->parts->pending_n > 0;
}

bool tree_step(struct tree *t, struct reader *r, unsigned ms)
{
	struct tree_parts *p = t->parts;
	int64_t until = clock_ms() + (int64_t)ms;
	bool changed = false;

	while (p->pending_n) {
		uint32_t number = p->pending[0];

		if (!read_deeds(t, r, number, until))
			break;
		memmove(p->pending, p->pending + 1,
			--p->pending_n * sizeof(*p->pending));
		tree_grow_deeds(t, number);
		changed = true;
	}
	if (changed)
		tree_show(t);
	return changed;
}
