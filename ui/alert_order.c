/* SPDX-License-Identifier: MIT */
#include "ui/alert_order.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/identity.h"

static const char *const names[ALERT_ORDER_COUNT] = {
#define X(by, name) [by] = name,
	ALERT_ORDERS(X)
#undef X
};

const char *alert_by_name(enum alert_by by)
{
	return names[by];
}

bool alert_by_parse(struct str name, enum alert_by *by)
{
	for (int i = 0; i < ALERT_ORDER_COUNT; i++)
		if (str_eq_fold(name, str_of(names[i]))) {
			*by = (enum alert_by)i;
			return true;
		}
	return false;
}

void alert_order_release(struct alert_order *o)
{
	free(o->at);
	*o = (struct alert_order){ .n = 0 };
}

/* An alert by what it is ordered by: number, then text, then its place. */
struct keyed {
	int64_t number;
	struct str text;
	uint32_t at;
};

static int compare(const void *x, const void *y)
{
	const struct keyed *a = x, *b = y;
	int by;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	by = str_cmp(a->text, b->text);
	if (by)
		return by;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* For each alert where the first one of its rule is. */
static void by_rule(struct keyed *k, const struct alerts *a)
{
	uint32_t rules = 0, *first;

	for (size_t i = 0; i < a->n; i++)
		if (a->alert[i].rule_number >= rules)
			rules = a->alert[i].rule_number + 1;
	first = mem_zero(rules + (size_t)1, sizeof(*first));
	for (size_t i = a->n; i; i--)
		first[a->alert[i - 1].rule_number] = (uint32_t)(i - 1);
	for (size_t i = 0; i < a->n; i++)
		k[i].number = first[a->alert[i].rule_number];
	free(first);
}

static void key(struct keyed *k, enum alert_by by, const struct alert *al,
		const struct store *s, struct arena *a)
{
	switch (by) {
	case ALERTS_BY_LEVEL:
		k->number = -(int64_t)al->level;
		break;
	case ALERTS_BY_TIME:
		k->number = s->time[al->told];
		break;
	case ALERTS_BY_ACTOR:
		k->text = actor_label(al->actor_text, a);
		break;
	default:
		break;
	}
}

void alert_order_make(struct alert_order *o, const struct alerts *a,
		      const struct store *s)
{
	struct keyed *k = mem_zero(a->n + 1, sizeof(*k));
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < a->n; i++) {
		k[i].at = (uint32_t)i;
		key(&k[i], o->by, &a->alert[i], s, &arena);
	}
	if (o->by == ALERTS_BY_RULE)
		by_rule(k, a);
	if (o->by != ALERTS_BY_SCORE)
		qsort(k, a->n, sizeof(*k), compare);
	o->at = mem_grow(o->at, &o->cap, a->n + 1, sizeof(*o->at));
	o->n = a->n;
	for (size_t i = 0; i < a->n; i++)
		o->at[o->reversed ? a->n - 1 - i : i] = k[i].at;
	arena_release(&arena);
	free(k);
}
