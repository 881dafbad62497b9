/* SPDX-License-Identifier: MIT */
/* What can be undone and redone: narrowings, and what was muted. */
#include <stdlib.h>

#include "base/mem.h"
#include "ui/desk.h"

enum { MOST_CHANGES = 500 };

/* Narrowings -------------------------------------------------------------- */

void narrowing_release(struct narrowing *n)
{
	free((char *)(uintptr_t)n->filter.p);
	n->filter = STR_NULL;
	filters_release(&n->filters);
}

void narrowing_copy(struct narrowing *to, const struct narrowing *from)
{
	*to = *from;
	filters_copy(&to->filters, &from->filters);
	to->filter = STR_NULL;
	if (from->filter.n)
		to->filter = (struct str){
			mem_dup(from->filter.p, from->filter.n), from->filter.n
		};
}

bool narrowing_equal(const struct narrowing *a, const struct narrowing *b)
{
	return filters_equal(&a->filters, &b->filters) &&
	       a->since == b->since && a->until == b->until &&
	       a->hidden == b->hidden && a->hidden_n == b->hidden_n &&
	       a->toggles == b->toggles &&
	       memcmp(a->hidden_technique, b->hidden_technique,
		      a->hidden_n * sizeof(a->hidden_technique[0])) == 0;
}

/* Changes ----------------------------------------------------------------- */

static struct str own_text(struct str s)
{
	return s.n ? (struct str){ mem_dup(s.p, s.n), s.n } : STR_NULL;
}

static void free_text(struct str s)
{
	free((char *)(uintptr_t)s.p);
}

static void free_sayings(struct case_sayings *s)
{
	if (s)
		case_sayings_release(s);
	free(s);
}

static void change_release(struct desk_change *c)
{
	narrowing_release(&c->narrowing);
	free_text(c->mute.rule_id);
	free_text(c->mute.title);
	free_text(c->mute.actor);
	free_text(c->mute.address);
	free_sayings(c->said);
	free_sayings(c->unsaid);
}

static struct desk_change *push(struct desk_changes *c)
{
	if (c->n == MOST_CHANGES) {
		change_release(&c->item[0]);
		memmove(c->item, c->item + 1, (c->n - 1) * sizeof(*c->item));
		c->n--;
	}
	c->item = mem_grow(c->item, &c->cap, c->n + 1, sizeof(*c->item));
	c->item[c->n] = (struct desk_change){ .is_mute = false };
	return &c->item[c->n++];
}

void changes_push_narrowing(struct desk_changes *c, const struct narrowing *n)
{
	narrowing_copy(&push(c)->narrowing, n);
}

void changes_push_mute(struct desk_changes *c, const struct mute *m, bool muted)
{
	const struct mute own = { .rule_id = own_text(m->rule_id),
				  .title = own_text(m->title),
				  .actor = own_text(m->actor),
				  .address = own_text(m->address) };
	struct desk_change *change = push(c);

	change->is_mute = true;
	change->mute = own;
	change->muted = muted;
}

void changes_push_said(struct desk_changes *c, struct case_sayings *said,
		       struct case_sayings *unsaid)
{
	struct desk_change *change = push(c);

	change->said = said;
	change->unsaid = unsaid;
}

void changes_pop(struct desk_changes *c, struct narrowing *out)
{
	struct desk_change *last = &c->item[--c->n];

	if (out) {
		*out = last->narrowing;
		last->narrowing = (struct narrowing){ .since = TIME_NONE };
	}
	change_release(last);
}

void changes_clear(struct desk_changes *c)
{
	while (c->n)
		changes_pop(c, NULL);
}

void changes_release(struct desk_changes *c)
{
	changes_clear(c);
	free(c->item);
}
