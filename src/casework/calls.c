/* SPDX-License-Identifier: MIT */
#include "casework/calls.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/mem.h"

/* The value of a service's name, with its domain, or 0; a log beside CloudTrail
 * has none. */
static uint32_t source_value(const struct store *s, const char *service)
{
	struct strbuf text;
	uint32_t value;

	strbuf_init(&text);
	strbuf_addf(&text, "%s.amazonaws.com", service);
	value = store_find_value(s, EVENT_SOURCE, strbuf_str(&text));
	strbuf_release(&text);
	return value ? value :
		       store_find_value(s, EVENT_SOURCE, str_of(service));
}

void calls_init(struct calls *c, const struct store *s,
		const struct call_name *name, size_t n, size_t stride)
{
	struct intern names;
	uint32_t *last = mem_zero(n + 2, sizeof(*last));
	uint32_t *head = mem_zero(n + 2, sizeof(*head));
	const char *service = NULL;

	*c = (struct calls){ .store = s };
	c->first = mem_zero((size_t)s->values[EVENT_NAME] + 1,
			    sizeof(*c->first));
	c->next = mem_zero(n + 1, sizeof(*c->next));
	c->source = mem_zero(n + 1, sizeof(*c->source));
	intern_init(&names);
	for (size_t i = 0; i < n; i++) {
		const struct call_name *call =
			(const void *)((const char *)name + i * stride);
		uint32_t id = intern_add(&names, str_of(call->name));

		/* Tables are in order of services. */
		c->source[i] = service && strcmp(service, call->service) == 0 ?
				       c->source[i - 1] :
				       source_value(s, call->service);
		service = call->service;
		if (head[id])
			c->next[last[id] - 1] = (uint32_t)i + 1;
		else
			head[id] = (uint32_t)i + 1;
		last[id] = (uint32_t)i + 1;
	}
	for (uint32_t v = 1; v < s->values[EVENT_NAME]; v++) {
		uint32_t id = intern_find(
			&names, event_base_name(store_value(s, EVENT_NAME, v)));

		if (id != INTERN_NONE)
			c->first[v] = head[id];
	}
	intern_release(&names);
	free(last);
	free(head);
}

void calls_release(struct calls *c)
{
	free(c->first);
	free(c->next);
	free(c->source);
}

/* The first of a list that has the row's service. */
static uint32_t same_service(const struct calls *c, row_id row, uint32_t at)
{
	uint32_t source = store_value_at(c->store, EVENT_SOURCE, row);

	while (at && (!source || c->source[at - 1] != source))
		at = c->next[at - 1];
	return at ? at - 1 : CALL_NONE;
}

uint32_t calls_of(const struct calls *c, row_id row)
{
	return same_service(
		c, row, c->first[store_value_at(c->store, EVENT_NAME, row)]);
}

uint32_t calls_next(const struct calls *c, row_id row, uint32_t call)
{
	return same_service(c, row, c->next[call]);
}

struct str call_plain_name(struct str text)
{
	size_t at;

	if (!str_starts(text, STR("arn:")))
		return text;
	at = str_find_last(text, '/');
	if (at == SIZE_MAX)
		at = str_find_last(text, ':');
	return str_from(text, at + 1);
}
