/* SPDX-License-Identifier: MIT */
/* What the rows of an alert say of it: how grave, where, when and by whom. */
#include "detect/alert_private.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/timefmt.h"

static void distinct_init(struct alert_distinct *d, size_t values)
{
	*d = (struct alert_distinct){ .n = 0 };
	d->seen = mem_zero(values + 1, sizeof(*d->seen));
}

static void distinct_release(struct alert_distinct *d)
{
	free(d->seen);
	free(d->value);
}

static inline void see_value(struct alert_distinct *d, uint32_t v,
			     uint32_t mark)
{
	if (v == 0 || d->seen[v] == mark)
		return;
	d->seen[v] = mark;
	d->value = mem_grow(d->value, &d->cap, d->n + 1, sizeof(*d->value));
	d->value[d->n++] = v;
}

/* What was seen since the last time. */
static struct alert_values take_values(struct alert_distinct *d,
				       struct arena *a)
{
	size_t n = d->n;
	uint32_t *value = arena_alloc(a, (n + 1) * sizeof(*value));

	if (n)
		memcpy(value, d->value, n * sizeof(*value));
	d->n = 0;
	return (struct alert_values){ value, n };
}

void alert_seen_init(struct alert_seen *x, const struct store *s)
{
	row_accounts_init(&x->accounts, s);
	distinct_init(&x->account, row_accounts_count(s));
	distinct_init(&x->region, s->values[EVENT_REGION]);
	distinct_init(&x->address, s->values[EVENT_IP]);
	x->mark = 0;
}

void alert_seen_release(struct alert_seen *x)
{
	row_accounts_release(&x->accounts);
	distinct_release(&x->account);
	distinct_release(&x->region);
	distinct_release(&x->address);
}

/* Rows without a time come last. */
static void find_span(struct alert *a, const struct store *s)
{
	size_t n = a->rows.n;

	while (n && a->rows.row[n - 1] >= s->timed)
		n--;
	a->first = n ? s->time[a->rows.row[0]] : TIME_NONE;
	a->last = n ? s->time[a->rows.row[n - 1]] : TIME_NONE;
}

void alert_describe(struct alert *a, const struct store *s, struct arena *arena,
		    struct alert_seen *seen)
{
	a->level = LEVEL_INFORMATIONAL;
	a->told = a->episode ? a->episode[0]->told : a->rows.row[0];
	seen->mark++;
	for (size_t i = 0; i < a->rows.n; i++) {
		row_id r = a->rows.row[i];
		enum event_outcome o = store_outcome(s, r);
		enum level level =
			level_lowered(rule_level_for(a->rule, s->flags[r]),
				      a->lower ? a->lower[i] : 0);

		if ((size_t)o < ARRAY_SIZE(a->outcome))
			a->outcome[o]++;
		if (level > a->level) {
			a->level = level;
			a->told = a->episode ? a->told : r;
		}
		see_value(&seen->account, row_account(&seen->accounts, r),
			  seen->mark);
		see_value(&seen->region, store_value_at(s, EVENT_REGION, r),
			  seen->mark);
		see_value(&seen->address, store_value_at(s, EVENT_IP, r),
			  seen->mark);
	}
	find_span(a, s);
	a->actor = store_value_at(s, EVENT_ACTOR, a->told);
	/* Where nobody acts the address stands for whoever it was. */
	a->actor_text = kind_is_call(s->kind[a->told]) ?
				store_value(s, EVENT_ACTOR, a->actor) :
				store_text(s, EVENT_IP, a->told);
	a->accounts = take_values(&seen->account, arena);
	a->regions = take_values(&seen->region, arena);
	a->addresses = take_values(&seen->address, arena);
}
