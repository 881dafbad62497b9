/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "query/matcher_private.h"

/* Enough for any policy; deeper parts stay text. */
enum { EMBEDDED_DEPTH = 60, FIRST_SLOTS = 16 };

void embedded_init(struct embedded_cache *c)
{
	*c = (struct embedded_cache){ .event = 1 };
	arena_init(&c->arena);
	strbuf_init(&c->clean);
	json_scan_init(&c->scan, EMBEDDED_MAX, EMBEDDED_DEPTH);
}

void embedded_release(struct embedded_cache *c)
{
	free(c->slot);
	arena_release(&c->arena);
	strbuf_release(&c->clean);
	json_scan_release(&c->scan);
}

void embedded_reset(struct embedded_cache *c)
{
	c->event++;
	c->used = 0;
	c->bytes = 0;
	arena_reset(&c->arena);
}

static struct embedded *find_slot(struct embedded_cache *c, const char *p)
{
	size_t at = (size_t)hash_u64((uint64_t)(uintptr_t)p) & c->mask;

	while (c->slot[at].event == c->event && c->slot[at].p != p)
		at = (at + 1) & c->mask;
	return &c->slot[at];
}

/* Makes room for one more; at most half of the slots are in use. */
static void grow(struct embedded_cache *c)
{
	struct embedded_cache old = *c;
	size_t slots = c->mask ? (c->mask + 1) * 2 : FIRST_SLOTS;

	c->slot = mem_zero(slots, sizeof(*c->slot));
	c->mask = slots - 1;
	for (size_t i = 0; old.mask && i <= old.mask; i++)
		if (old.slot[i].event == c->event)
			*find_slot(c, old.slot[i].p) = old.slot[i];
	free(old.slot);
}

static const struct json *parse(struct embedded_cache *c, struct str text)
{
	struct err err = ERR_INIT;

	if (text.n > EMBEDDED_MAX - c->bytes)
		return NULL;
	c->bytes += text.n;
	if (json_scan(&c->scan, text, true, &c->clean) != JSON_OK ||
	    c->scan.end != text.n)
		return NULL;
	return json_parse(&c->arena, strbuf_str(&c->clean), &err);
}

const struct json *embedded_find(struct embedded_cache *c, struct str text)
{
	struct str trimmed = str_trim(text);
	struct embedded *slot;

	if (trimmed.n < 2 || (trimmed.p[0] != '{' && trimmed.p[0] != '['))
		return NULL;
	if (c->used * 2 >= c->mask)
		grow(c);
	slot = find_slot(c, text.p);
	if (slot->event != c->event) {
		c->used++;
		*slot = (struct embedded){ text.p, c->event,
					   parse(c, trimmed) };
	}
	return slot->tree;
}
