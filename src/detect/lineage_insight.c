/* SPDX-License-Identifier: MIT */
/*
 * CloudTrail's Insights: how far from usual it was, whose calls they were, and
 * how many of these the evidence has.
 */
#include "detect/lineage_detections.h"

#include "base/timefmt.h"
#include "ingest/reader.h"
#include "model/insight.h"

enum {
	INSIGHTS_MOST = 1000, /* read again, at most */
	ROWS_MOST = 20000000, /* looked at for all of them together */
};

/* Is it a call of that kind? Its name is that. */
static bool is_of(const struct insight *i, const struct store *s, row_id row)
{
	return kind_is_call(s->kind[row]) &&
	       (!i->source.n ||
		str_eq_fold(store_text(s, EVENT_SOURCE, row), i->source)) &&
	       (!i->errors ||
		(i->error.n ? str_eq_fold(store_text(s, EVENT_ERROR, row),
					  i->error) :
			      store_outcome(s, row) != OUTCOME_OK));
}

/* In the same account and region, as far as both say. */
static bool is_there(const struct store *s, row_id row, row_id insight)
{
	static const enum event_column places[] = { EVENT_ACCOUNT,
						    EVENT_REGION };

	for (size_t k = 0; k < 2; k++) {
		uint32_t a = store_value_at(s, places[k], row);
		uint32_t b = store_value_at(s, places[k], insight);

		if (a && b && a != b)
			return false;
	}
	return true;
}

static void tell_values(const struct insight_values *v, const char *before,
			struct strbuf *out)
{
	size_t told = 0;

	for (size_t i = 0; i < v->n && told < 3; i++) {
		if (!insight_stands_out(&v->value[i]) ||
		    str_eq(v->value[i].text, STR("null")))
			continue;
		strbuf_adds(out, told++ ? ", " : before);
		strbuf_add(out, str_sub(v->value[i].text, 0, 200));
		strbuf_adds(out, " (");
		insight_tell_rate(v->value[i].then, out);
		strbuf_adds(out, ", usual ");
		insight_tell_rate(v->value[i].usual, out);
		strbuf_addc(out, ')');
	}
}

/* The calls in the evidence. False when there was no time left to count. */
static bool count_calls(const struct insight *i, const struct store *s,
			row_id insight, uint64_t *left, uint64_t *calls)
{
	uint32_t value = intern_find(&s->strings->column[EVENT_NAME], i->name);
	struct rowset rows;
	row_id first;

	*calls = 0;
	if (i->from == TIME_NONE)
		return false;
	if (value == INTERN_NONE || value >= s->values[EVENT_NAME])
		return true;
	rows = store_rows(s, EVENT_NAME, value);
	first = store_seek_time(s, i->from);
	for (size_t k = rowset_seek(&rows, first);
	     k < rows.n && rows.row[k] < s->timed &&
	     s->time[rows.row[k]] < i->to;
	     k++) {
		if (!*left)
			return false;
		--*left;
		*calls += is_of(i, s, rows.row[k]) &&
			  is_there(s, rows.row[k], insight);
	}
	return true;
}

DETECTION(insight)
{
	static const struct limits limits = LIMITS_DEFAULT;
	struct reader *reader = seeds->n ? reader_new(x->store, &limits) : NULL;
	uint64_t left = ROWS_MOST;
	const struct event *e;
	struct insight i;
	struct err err = ERR_INIT;

	(void)r;
	for (size_t k = 0; k < seeds->n; k++) {
		row_id row = seeds->row[k];
		uint64_t calls;

		if (k == INSIGHTS_MOST || reader_event(reader, row, &e, &err) ||
		    !insight_read(&i, e)) {
			found_add(out, row);
			continue;
		}
		insight_tell_rates(&i, &out->text);
		tell_values(&i.identities, "; by ", &out->text);
		tell_values(&i.agents, "; with ", &out->text);
		if (i.errors && i.error.n) {
			strbuf_adds(&out->text, "; ");
			strbuf_add(&out->text, i.error);
		}
		if (count_calls(&i, x->store, row, &left, &calls)) {
			strbuf_adds(&out->text, "; ");
			strbuf_add_count(&out->text, calls);
			strbuf_adds(&out->text, calls == 1 ? " such call is" :
							     " such calls are");
			strbuf_adds(&out->text, " in the evidence then");
		}
		found_add(out, row);
	}
	reader_free(reader);
}
