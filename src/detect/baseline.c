/* SPDX-License-Identifier: MIT */
#include "detect/baseline_private.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "detect/told_twice.h"
#include "model/identity.h"
#include "query/bits.h"

#define HOUR_MS ((int64_t)3600 * 1000)

static const struct {
	const char *word;
	enum event_column column;
} group_columns[] = {
	{ "actor", EVENT_ACTOR },     { "principal", EVENT_PRINCIPAL },
	{ "session", EVENT_SESSION }, { "key", EVENT_KEY },
	{ "ip", EVENT_IP },           { "account", EVENT_ACCOUNT },
};

struct bits baseline_calls(const struct store *s)
{
	struct bits calls = bits_new(s->n, false), again;

	for (row_id r = 0; r < s->timed; r++)
		if (kind_is_call(s->kind[r]) &&
		    !(s->flags[r] & EVENT_BY_SERVICE))
			bits_set(&calls, r);
	if (told_twice(s, &again)) {
		bits_subtract(&calls, &again);
		bits_release(&again);
	}
	return calls;
}

void groups_init(struct groups *g, struct lineage_context *x,
		 const struct lineage_rule *r)
{
	const struct store *s = x->store;
	struct str by = lineage_rule_text(r, SET_BY);

	*g = (struct groups){ .store = s,
			      .calls = x->calls,
			      .by = EVENT_ACTOR };
	for (size_t i = 0; i < ARRAY_SIZE(group_columns); i++)
		if (str_eq_fold(by, str_of(group_columns[i].word)))
			g->by = group_columns[i].column;
	g->rows = context_postings(x, g->by);
	for (uint32_t v = 1; v < s->values[g->by]; v++) {
		size_t n = postings_rows(g->rows, v).n;

		g->most = n > g->most ? n : g->most;
	}
	if (!r->text[SET_IGNORE].n)
		return;
	g->ignored = mem_zero((size_t)s->values[EVENT_SOURCE] + 1, 1);
	for (uint32_t v = 1; v < s->values[EVENT_SOURCE]; v++)
		g->ignored[v] = lineage_rule_says(
			r, SET_IGNORE,
			event_service(store_value(s, EVENT_SOURCE, v)));
}

void groups_release(struct groups *g)
{
	free(g->ignored);
}

row_id *groups_room(const struct groups *g)
{
	/* What does not count is written, too, before it is left out. */
	return mem_alloc((g->most + 1) * sizeof(row_id));
}

size_t groups_rows(const struct groups *g, uint32_t group, row_id *row)
{
	const struct store *s = g->store;
	struct rowset rows = postings_rows(g->rows, group);
	size_t n = 0;

	if ((g->by == EVENT_ACTOR || g->by == EVENT_PRINCIPAL) &&
	    principal_is_nobody(store_value(s, g->by, group)))
		return 0;

	for (size_t i = 0; i < rows.n; i++) {
		row_id r = rows.row[i];

		row[n] = r;
		n += bits_has(g->calls, r) &&
		     !(g->ignored &&
		       g->ignored[store_value_at(s, EVENT_SOURCE, r)]);
	}
	return n;
}

struct str groups_text(const struct groups *g, uint32_t group)
{
	return store_value(g->store, g->by, group);
}

void baseline_tell(struct strbuf *out, int64_t span, uint64_t events)
{
	strbuf_adds(out, "in ");
	time_format_span(out, span);
	strbuf_adds(out, " and ");
	strbuf_add_count(out, events);
	strbuf_adds(out, events == 1 ? " event before" : " events before");
}

bool baseline_is_thin(const struct lineage_rule *r, int64_t span,
		      uint64_t events)
{
	return span < r->number[SET_BASELINE_HOURS] * HOUR_MS ||
	       events < (uint64_t)r->number[SET_BASELINE_EVENTS];
}
