/* SPDX-License-Identifier: MIT */
#include "detect/captures.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

void captures_init(struct captures *c)
{
	*c = (struct captures){ .n = 0 };
	intern_init(&c->values);
}

void captures_release(struct captures *c)
{
	intern_release(&c->values);
	free(c->data);
}

static void add_number(struct captures *c, uint32_t number)
{
	c->data = mem_grow(c->data, &c->cap, c->n + 1, sizeof(*c->data));
	c->data[c->n++] = number;
}

/* The id of a value; its bytes count when it is new. */
static uint32_t add_value(struct captures *c, struct str value)
{
	uint32_t before = c->values.count, id = intern_add(&c->values, value);

	if (c->values.count > before)
		c->bytes += value.n;
	return id;
}

struct adding {
	struct captures *captures;
	size_t count; /* where the field's count stands */
};

static void take_value(void *context, struct str value)
{
	struct adding *a = context;
	struct captures *c = a->captures;
	char cut[CAPTURE_BYTES];
	uint32_t id;

	if (c->data[a->count] == CAPTURE_VALUES)
		return;
	if (value.n > CAPTURE_BYTES) {
		struct hash128 h = hash_content(value);
		size_t kept = CAPTURE_BYTES - 40;

		/* A NUL in it would end it early. */
		for (size_t i = 0; i < kept; i++)
			cut[i] = value.p[i] ? value.p[i] : ' ';
		snprintf(cut + kept, sizeof(cut) - kept,
			 "...%016" PRIx64 "%016" PRIx64, h.hi, h.lo);
		value = str_of(cut);
	}
	id = add_value(c, value);
	for (size_t i = a->count + 1; i < c->n; i++)
		if (c->data[i] == id)
			return;
	add_number(c, id);
	c->data[a->count]++;
}

static bool is_full(const struct captures *c)
{
	return c->n > CAPTURES_MAX || c->bytes > CAPTURES_BYTES;
}

uint32_t captures_add(struct captures *c, const struct event *e,
		      const struct str *path, size_t n, struct match_scratch *s)
{
	size_t note = c->n;

	if (is_full(c)) {
		c->lost++;
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		struct adding a = { c, c->n };

		add_number(c, 0);
		match_values(e, path[i], s, take_value, &a);
	}
	return (uint32_t)note + 1;
}

uint32_t captures_move(struct captures *to, const struct captures *from)
{
	uint32_t *map, base = (uint32_t)to->n;

	to->lost += from->lost;
	if (from->n == 0)
		return base;
	if (is_full(to)) {
		to->lost++;
		return UINT32_MAX;
	}
	map = mem_alloc(from->values.count * sizeof(*map));
	for (uint32_t i = 0; i < from->values.count; i++)
		map[i] = add_value(to, intern_text(&from->values, i));
	for (size_t i = 0; i < from->n;) {
		uint32_t count = from->data[i++];

		add_number(to, count);
		for (; count; count--)
			add_number(to, map[from->data[i++]]);
	}
	free(map);
	return base;
}

/* Where the fields of a note end, or 0. */
static size_t end_of(const struct captures *c, size_t at, size_t many)
{
	for (; many; many--) {
		uint32_t count;

		if (at >= c->n)
			return 0;
		count = c->data[at++];
		if (count > CAPTURE_VALUES || count > c->n - at)
			return 0;
		for (; count; count--)
			if (c->data[at++] >= c->values.count)
				return 0;
	}
	return at;
}

uint32_t captures_copy(struct captures *to, const struct captures *from,
		       uint32_t note, size_t many, uint32_t *map)
{
	size_t at = note - 1, end = end_of(from, at, many);
	uint32_t made = (uint32_t)to->n + 1;

	if (is_full(to)) {
		to->lost++;
		return 0;
	}
	if (!end)
		return 0;
	while (at < end) {
		uint32_t count = from->data[at++];

		add_number(to, count);
		for (; count; count--) {
			uint32_t id = from->data[at++];

			if (id && !map[id])
				map[id] = add_value(
					to, intern_text(&from->values, id));
			add_number(to, map[id]);
		}
	}
	return made;
}

const uint32_t *captures_field(const struct captures *c, uint32_t note,
			       size_t field, size_t *n)
{
	const uint32_t *at = c->data + note - 1;

	for (; field; field--)
		at += *at + 1;
	*n = *at;
	return at + 1;
}
