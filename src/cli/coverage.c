/* SPDX-License-Identifier: MIT */
/* trawl coverage: what the evidence holds and lacks. */
#include "casework/coverage.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "cli/coverage_digests.h"
#include "cli/session.h"
#include "cli/rows.h"
#include "model/identity.h"

/* Machine formats --------------------------------------------------------- */

/* One thing of the coverage: its members, into an object that is open. */
typedef void (*write_one)(struct json_writer *w, const struct coverage *c,
			  size_t i);

static void json_row_time(struct json_writer *w, const char *key,
			  const struct coverage *c, row_id row)
{
	json_pair_time(w, key,
		       row == ROW_NONE ? TIME_NONE : c->store->time[row]);
}

/* Hours that have events, from the quarters of a place. */
static void json_hours(struct json_writer *w, const struct coverage_place *p)
{
	const int64_t hour_ms = 4 * (int64_t)COVERAGE_QUARTER_MS;

	json_key(w, "hours");
	json_begin_array(w);
	for (size_t i = 0; i < p->quarter_n;) {
		int64_t t = p->quarter[i].number * COVERAGE_QUARTER_MS;
		int64_t from = t - ((t % hour_ms) + hour_ms) % hour_ms;
		uint64_t events = 0, data = 0;

		for (; i < p->quarter_n &&
		       p->quarter[i].number * COVERAGE_QUARTER_MS <
			       from + hour_ms;
		     i++) {
			events += p->quarter[i].events;
			data += p->quarter[i].data;
		}
		json_begin_object(w);
		json_pair_time(w, "hour", from);
		json_pair_uint(w, "events", events);
		json_pair_uint(w, "dataEvents", data);
		json_end_object(w);
	}
	json_end_array(w);
}

static void json_place(struct json_writer *w, const struct coverage *c,
		       size_t i)
{
	const struct coverage_place *p = &c->place[i];

	json_pair(w, "recipientAccountId", p->account_text);
	json_pair(w, "awsRegion", p->region_text);
	json_pair_uint(w, "events", p->events);
	json_pair_uint(w, "dataEvents", p->data);
	json_row_time(w, "first", c, p->first);
	json_row_time(w, "last", c, p->last);
	json_pair_uint(w, "quarters", p->quarter_n);
	json_pair_uint(w, "quietStretches", p->quiet);
	json_key(w, "regular");
	json_bool(w, p->regular);
	json_hours(w, p);
}

static void json_hole(struct json_writer *w, const struct coverage *c, size_t i)
{
	const struct coverage_hole *h = &c->hole[i];

	json_pair(w, "recipientAccountId", c->place[h->place].account_text);
	json_pair(w, "awsRegion", c->place[h->place].region_text);
	json_pair_time(w, "from", h->from);
	json_pair_time(w, "until", h->until);
	json_pair_uint(w, "seconds", (uint64_t)(h->until - h->from) / 1000);
	json_key(w, "open");
	json_bool(w, h->after == ROW_NONE);
}

static void json_data(struct json_writer *w, const struct coverage *c, size_t i)
{
	const struct coverage_data *d = &c->data[i];

	json_pair(w, "recipientAccountId", d->account_text);
	json_pair(w, "type", d->type);
	json_pair(w, "eventSource", d->source_text);
	json_pair_uint(w, "events", d->events);
	json_row_time(w, "first", c, d->first);
	json_row_time(w, "last", c, d->last);
}

static void json_change(struct json_writer *w, const struct coverage *c,
			size_t i)
{
	const struct store *s = c->store;
	const struct coverage_call *call = c->change[i].call;
	row_id row = c->change[i].row;
	struct strbuf id;

	strbuf_init(&id);
	store_id_text(s, row, &id);
	json_row_time(w, "eventTime", c, row);
	json_pair(w, "eventID", strbuf_str(&id));
	json_pair(w, "eventName", store_text(s, EVENT_NAME, row));
	json_pair(w, "log", str_of(call->log));
	json_pair(w, "effect", str_of(coverage_effect_name(call->effect)));
	json_pair(w, "outcome",
		  str_of(event_outcome_name(store_outcome(s, row))));
	json_pair(w, "recipientAccountId", store_text(s, EVENT_ACCOUNT, row));
	json_pair(w, "awsRegion", store_text(s, EVENT_REGION, row));
	json_pair(w, "actor", store_text(s, EVENT_ACTOR, row));
	strbuf_release(&id);
}

static void json_account(struct json_writer *w, const struct coverage *c,
			 size_t i)
{
	const struct coverage_account *a = &c->account[i];

	json_pair(w, "recipientAccountId", a->text);
	json_pair_uint(w, "events", a->events);
	json_pair_uint(w, "dataEvents", a->data);
	json_pair_uint(w, "readingCalls", a->reads);
	json_pair_uint(w, "writingCalls", a->writes);
	json_row_time(w, "first", c, a->first);
	json_row_time(w, "last", c, a->last);
}

/* In a document an array of each; in lines objects that say what they are. */
struct things {
	const char *array, *kind;
	write_one write;
	size_t n;
};

enum { THINGS = 5 };

static void list_things(const struct coverage *c, struct things out[THINGS])
{
	const struct things things[THINGS] = {
		{ "accounts", "account", json_account, c->account_n },
		{ "places", "place", json_place, c->place_n },
		{ "holes", "hole", json_hole, c->hole_n },
		{ "dataEvents", "dataEvents", json_data, c->data_n },
		{ "changes", "change", json_change, c->change_n },
	};

	memcpy(out, things, sizeof(things));
}

static void json_head(struct json_writer *w, const struct coverage *c)
{
	json_pair_time(w, "first", c->first);
	json_pair_time(w, "last", c->last);
	json_key(w, "regularMeans");
	json_begin_object(w);
	json_pair_uint(w, "quarterMinutes", COVERAGE_QUARTER_MS / 60000);
	json_pair_uint(w, "leastQuarters", COVERAGE_LEAST_QUARTERS);
	json_pair_uint(w, "quartersPerQuietStretch", COVERAGE_REGULAR_OF);
	json_pair_uint(w, "usualStretches", COVERAGE_FEW + 1);
	json_pair_uint(w, "longQuarters", COVERAGE_LONG);
	json_end_object(w);
	json_key(w, "callersWithoutLogs");
	json_begin_array(w);
	for (size_t i = 0; i < c->caller_n; i++)
		json_string(w, c->caller[i]);
	json_end_array(w);
	json_key(w, "dataEventsUnseen");
	json_begin_array(w);
	for (size_t i = 0; coverage_unseen(c, i); i++)
		json_string(w, str_of(coverage_unseen(c, i)));
	json_end_array(w);
}

static void json_lack(void *context, struct str sentence)
{
	json_string(context, sentence);
}

static void json_lacks(struct json_writer *w, const struct coverage *c)
{
	json_key(w, "lacks");
	json_begin_array(w);
	coverage_lacks(c, json_lack, w);
	json_end_array(w);
}

/* What the case adds is of no log: it is told apart from what logs hold. */
static void json_added(struct json_writer *w, const struct session *s)
{
	if (s->evidence.n)
		json_pair_uint(w, "caseEvidence", s->evidence.n);
}

static void write_json(struct session *s, const struct coverage *c,
		       const struct verify_result *gaps)
{
	struct things things[THINGS];
	struct json_writer w;

	list_things(c, things);
	output_json(&s->out, &w);
	json_begin_object(&w);
	json_head(&w, c);
	json_added(&w, s);
	for (size_t t = 0; t < THINGS; t++) {
		json_key(&w, things[t].array);
		json_begin_array(&w);
		for (size_t i = 0; i < things[t].n; i++) {
			json_begin_object(&w);
			things[t].write(&w, c, i);
			json_end_object(&w);
		}
		json_end_array(&w);
	}
	json_key(&w, "digestGaps");
	json_begin_array(&w);
	for (size_t i = 0; i < gaps->n; i++) {
		json_begin_object(&w);
		digest_gap_json(&w, gaps, i);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_lacks(&w, c);
	json_end_object(&w);
	output_line(&s->out);
}

static void write_lines(struct session *s, const struct coverage *c,
			const struct verify_result *gaps)
{
	struct things things[THINGS];
	struct json_writer w;

	list_things(c, things);
	output_json(&s->out, &w);
	json_begin_object(&w);
	json_pair(&w, "kind", STR("coverage"));
	json_head(&w, c);
	json_added(&w, s);
	json_lacks(&w, c);
	json_end_object(&w);
	output_line(&s->out);
	for (size_t t = 0; t < THINGS; t++)
		for (size_t i = 0; i < things[t].n; i++) {
			output_json(&s->out, &w);
			json_begin_object(&w);
			json_pair(&w, "kind", str_of(things[t].kind));
			things[t].write(&w, c, i);
			json_end_object(&w);
			output_line(&s->out);
		}
	for (size_t i = 0; i < gaps->n; i++) {
		output_json(&s->out, &w);
		json_begin_object(&w);
		json_pair(&w, "kind", STR("digestGap"));
		digest_gap_json(&w, gaps, i);
		json_end_object(&w);
		output_line(&s->out);
	}
}

/* A page ------------------------------------------------------------------ */

enum {
	REGION_COLUMNS = 15,
	LABEL_COLUMNS = 30, /* region and number of events */
	PAGE_COLUMNS = 100, /* without a terminal */
	LEAST_COLUMNS = 16,
};

static void title(struct session *s, const char *text)
{
	output_format(&s->out, "\n%s\n", text);
	for (size_t i = 0; text[i]; i++)
		output_format(&s->out, "-");
	output_format(&s->out, "\n");
}

static void add_time(struct strbuf *out, int64_t t, const struct session *s)
{
	time_format(out, t, TIME_MINUTE, &s->o->zone);
}

/* What stands for a cell in a page of text. */
static char cell_sign(const struct coverage_cell *cell)
{
	static const char changed[] = { [COVERAGE_STOPPED] = 'X',
					[COVERAGE_CHANGED] = '~',
					[COVERAGE_STARTED] = '^' };

	if (cell->changed)
		return changed[cell->effect];
	if (cell->hole)
		return 'o';
	if (cell->gap)
		return cell->events ? 'D' : 'd';
	return cell->events >= 100 ? '#' :
	       cell->events >= 10  ? '+' :
	       cell->events        ? ':' :
				     '.';
}

static void write_ticks(struct session *s, const struct coverage_axis *axis)
{
	struct strbuf line, tick;

	strbuf_init(&line);
	strbuf_init(&tick);
	for (size_t k = 0; k < axis->n; k++) {
		strbuf_clear(&tick);
		if (k < line.n || !coverage_tick(axis, k, &s->o->zone, &tick) ||
		    k + tick.n > axis->n + 4)
			continue;
		while (line.n < k)
			strbuf_addc(&line, ' ');
		strbuf_add(&line, strbuf_str(&tick));
		strbuf_addc(&line, ' ');
	}
	output_format(&s->out, "%*s", LABEL_COLUMNS, "events  ");
	output_text(&s->out, str_trim(strbuf_str(&line)));
	output_format(&s->out, "\n");
	strbuf_release(&line);
	strbuf_release(&tick);
}

static void write_place(struct session *s, const struct coverage *c, size_t i,
			const struct coverage_axis *axis,
			struct coverage_cell *cell)
{
	const struct coverage_place *p = &c->place[i];
	struct safetext region = safe_text(
		&s->out.arena,
		p->region_text.n ? p->region_text : STR("(no region)"),
		SAFE_LIST);
	struct strbuf count;

	strbuf_init(&count);
	strbuf_add_count(&count, p->events);
	region = safe_fit(&s->out.arena, region, REGION_COLUMNS, SAFE_CUT_END,
			  "~");
	output_format(&s->out, "  ");
	output_safe(&s->out, region);
	output_format(&s->out, "%*s  ", LABEL_COLUMNS - 4 - (int)region.width,
		      count.p);
	coverage_cells(c, i, axis, cell);
	for (size_t k = 0; k < axis->n; k++)
		output_format(&s->out, "%c", cell_sign(&cell[k]));
	output_format(&s->out, "%s\n", p->regular ? "  regular" : "");
	strbuf_release(&count);
}

static void write_grid(struct session *s, const struct coverage *c)
{
	size_t columns = s->out.columns == SIZE_MAX ? PAGE_COLUMNS :
						      s->out.columns;
	struct coverage_axis axis =
		coverage_axis(c, columns > LABEL_COLUMNS + LEAST_COLUMNS + 10 ?
					 columns - LABEL_COLUMNS - 10 :
					 LEAST_COLUMNS);
	struct coverage_cell *cell = mem_alloc((axis.n + 1) * sizeof(*cell));
	struct strbuf text;

	strbuf_init(&text);
	strbuf_adds(&text, "CloudTrail by account and region, a column ");
	coverage_step(&axis, &text);
	strbuf_addf(&text, ", %s", s->o->zone.name);
	title(s, text.p);
	write_ticks(s, &axis);
	for (size_t a = 0; a < c->account_n; a++) {
		const struct coverage_account *account = &c->account[a];

		output_text(&s->out, account->text.n ? account->text :
						       STR("(no account)"));
		output_format(&s->out, "\n");
		for (size_t i = 0; i < account->place_n; i++)
			write_place(s, c, account->place + i, &axis, cell);
	}
	output_format(&s->out,
		      "  . none   : to 9   + to 99   # more   o in a hole   "
		      "X logging stopped   ~ changed   ^ started\n"
		      "  d digests missing, or begun anew   D with events all "
		      "the same\n");
	free(cell);
	strbuf_release(&text);
}

static void write_holes(struct session *s, const struct coverage *c)
{
	struct strbuf text;
	size_t regular = 0;

	for (size_t i = 0; i < c->place_n; i++)
		regular += c->place[i].regular;
	title(s, "holes");
	output_format(&s->out,
		      "  looked for in %zu of %zu regions, those with regular "
		      "noise: events in %d quarters\n  of an hour or more, and "
		      "after one of these an empty one at most once in %d "
		      "times.\n  A hole is a whole quarter of an hour or more "
		      "without any event; where such\n  silence is usual (more "
		      "than %d times), an hour or more.\n",
		      regular, c->place_n, COVERAGE_LEAST_QUARTERS,
		      COVERAGE_REGULAR_OF, COVERAGE_FEW);
	strbuf_init(&text);
	for (size_t i = 0; i < c->hole_n; i++) {
		const struct coverage_hole *h = &c->hole[i];
		const struct coverage_place *p = &c->place[h->place];

		strbuf_clear(&text);
		strbuf_adds(&text, "  ");
		add_time(&text, h->from, s);
		strbuf_adds(&text, " to ");
		add_time(&text, h->until, s);
		strbuf_adds(&text, "  ");
		time_format_span(&text, h->until - h->from);
		strbuf_adds(&text, "  ");
		strbuf_add(&text, p->account_text);
		strbuf_addc(&text, ' ');
		strbuf_add(&text, p->region_text);
		if (h->after == ROW_NONE)
			strbuf_adds(&text, "  after its last event");
		output_text(&s->out, strbuf_str(&text));
		output_format(&s->out, "\n");
	}
	if (!c->hole_n)
		output_format(&s->out, "  none%s\n",
			      regular ? "" :
					": nowhere are there enough events to "
					"tell one");
	strbuf_release(&text);
}

static void write_data(struct session *s, const struct coverage *c)
{
	static const struct column columns[] = {
		{ .name = "account" },
		{ .name = "data events", .width = 40, .middle = true },
		{ .name = "events", .right = true },
		{ .name = "first", .whole = true },
		{ .name = "last", .whole = true },
	};
	const int64_t *time = c->store->time;
	struct rows rows;

	title(s, "data events");
	rows_begin(&rows, &s->out, FORMAT_TABLE, columns, ARRAY_SIZE(columns),
		   &s->o->zone);
	for (size_t i = 0; i < c->data_n; i++) {
		const struct coverage_data *d = &c->data[i];
		const struct cell cell[] = {
			cell_text(d->account_text), cell_text(d->type),
			cell_number(d->events),     cell_time(time[d->first]),
			cell_time(time[d->last]),
		};

		rows_add(&rows, cell);
	}
	if (c->data_n)
		rows_end(&rows);
	else
		output_format(&s->out, "  none\n");
}

static void write_changes(struct session *s, const struct coverage *c)
{
	static const struct column columns[] = {
		{ .name = "time", .whole = true },
		{ .name = "log" },
		{ .name = "effect" },
		{ .name = "call", .width = 28 },
		{ .name = "outcome" },
		{ .name = "account" },
		{ .name = "region", .width = 14 },
		{ .name = "actor", .width = 40, .middle = true },
	};
	const struct store *store = c->store;
	struct rows rows;
	struct arena arena;

	title(s, "logging stopped, changed or started");
	if (!c->change_n) {
		output_format(&s->out, "  none\n");
		return;
	}
	arena_init(&arena);
	rows_begin(&rows, &s->out, FORMAT_TABLE, columns, ARRAY_SIZE(columns),
		   &s->o->zone);
	for (size_t i = 0; i < c->change_n; i++) {
		const struct coverage_call *call = c->change[i].call;
		row_id row = c->change[i].row;
		enum event_outcome outcome = store_outcome(store, row);
		struct str actor = store_text(store, EVENT_ACTOR, row);
		const struct cell cell[] = {
			cell_time(store->time[row]),
			cell_text(str_of(call->log)),
			cell_text(str_of(coverage_effect_name(call->effect))),
			cell_text(str_of(call->name)),
			cell_text(str_of(event_outcome_name(outcome))),
			cell_text(store_text(store, EVENT_ACCOUNT, row)),
			cell_text(store_text(store, EVENT_REGION, row)),
			cell_text(actor_label(actor, &arena)),
		};

		rows_add(&rows, cell);
	}
	rows_end(&rows);
	arena_release(&arena);
}

static void write_page(struct session *s, const struct coverage *c,
		       const struct verify_result *gaps)
{
	struct strbuf text;

	strbuf_init(&text);
	if (c->first == TIME_NONE) {
		strbuf_adds(&text, "no CloudTrail event with a time");
	} else {
		add_time(&text, c->first, s);
		strbuf_adds(&text, " to ");
		add_time(&text, c->last, s);
		strbuf_addf(&text, " %s, %zu account%s, %zu region%s of %s",
			    s->o->zone.name, c->account_n,
			    c->account_n == 1 ? "" : "s", c->place_n,
			    c->place_n == 1 ? "" : "s",
			    c->account_n == 1 ? "it" : "them");
	}
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n");
	if (s->evidence.n)
		output_format(&s->out,
			      "beside the logs: %zu line%s of evidence of the "
			      "case\n",
			      s->evidence.n, s->evidence.n == 1 ? "" : "s");
	strbuf_release(&text);
	if (c->first != TIME_NONE) {
		write_grid(s, c);
		write_holes(s, c);
	}
	write_data(s, c);
	write_changes(s, c);
	title(s, "gaps between digests");
	digest_gaps_table(s, gaps);
	title(s, "what the evidence cannot show");
	session_tell_lacks(s);
}

int cli_coverage(const struct options *o, FILE *out, FILE *err_file)
{
	struct coverage *c;
	struct session s;
	struct err err;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	c = coverage_new(s.snap->store, &s.rows, o->since, o->until);
	coverage_find_gaps(c, &o->limits, SIZE_MAX);
	if (o->format == FORMAT_JSON)
		write_json(&s, c, &c->digests);
	else if (o->format == FORMAT_JSONL)
		write_lines(&s, c, &c->digests);
	else
		write_page(&s, c, &c->digests);
	coverage_free(c);
	return session_close(&s);
}
