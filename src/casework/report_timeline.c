/* SPDX-License-Identifier: MIT */
/* The timeline of a report: which events, and which of them are one line. */
#include "casework/report.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/intern.h"
#include "base/mem.h"
#include "ingest/reader.h"
#include "model/identity.h"

/* Which events --------------------------------------------------------------- */

static bool has_identity(const struct incident *x, node_id who)
{
	for (size_t i = 0; i < x->identity_n; i++)
		if (x->identity[i] == who)
			return true;
	return false;
}

/* The address from which the most alerts came, where it is a stranger's. */
static uint32_t attacking_address(const struct report *r,
				  const struct incident *x)
{
	const struct snapshot *snap = r->terms.snap;
	struct str text;

	if (!x->addresses.n)
		return 0;
	text = store_value(snap->store, EVENT_IP, x->addresses.value[0]);
	if (addr_class(text) != ADDR_PUBLIC ||
	    site_network_of(&snap->site, text))
		return 0;
	return x->addresses.value[0];
}

static void choose_rows(struct report *r, struct report_part *p)
{
	const struct snapshot *snap = r->terms.snap;
	const struct incident *x = p->incident;
	uint32_t address = attacking_address(r, x);
	struct rowset alerted = ROWSET_INIT, others = ROWSET_INIT;

	for (size_t i = 0; i < x->rows.n; i++) {
		row_id row = x->rows.row[i];

		if (marks_level(&snap->marks, row) >= LEVEL_LOW ||
		    x->level < LEVEL_LOW ||
		    (address &&
		     store_value_at(snap->store, EVENT_IP, row) == address))
			rowset_add(&alerted, row);
	}
	if (address) {
		struct rowset from = store_rows(snap->store, EVENT_IP, address);

		for (size_t i = 0; i < from.n; i++)
			if (kind_is_call(snap->store->kind[from.row[i]]) &&
			    has_identity(x, incident_identity(&r->map,
							      from.row[i])))
				rowset_add(&others, from.row[i]);
	}
	rowset_union(&p->rows, &alerted, &others);
	rowset_release(&alerted);
	rowset_release(&others);
}

/* Lines ---------------------------------------------------------------------- */

struct folding {
	struct report *report;
	struct report_part *part;
	const struct store *store;
	struct intern keys; /* who, and what: rows of one are one line */
	uint32_t *line_of;  /* by key: number of its last line + 1 */
	size_t line_of_cap;
	struct strbuf key;
	size_t line_cap;
};

/* Does it tell the same request, or flow, once more? Numbers of bytes differ
 * from one to the next. */
static size_t telling_spans(const struct store *s, row_id row)
{
	switch ((enum event_kind)s->kind[row]) {
	case KIND_WEB:
	case KIND_ELB:
	case KIND_CLOUDFRONT:
	case KIND_WAF:
		return 1;
	case KIND_FLOW:
		return 3;
	default:
		return SIZE_MAX;
	}
}

static bool is_request(unsigned kind)
{
	return kind == KIND_WEB || kind == KIND_ELB ||
	       kind == KIND_CLOUDFRONT || kind == KIND_WAF;
}

static void write_key(struct folding *f, row_id row, const struct deed *d,
		      bool look)
{
	const struct store *s = f->store;
	size_t spans = telling_spans(s, row), told = 0;

	strbuf_clear(&f->key);
	strbuf_addf(
		&f->key, "%u %u ",
		is_request(s->kind[row]) ? KIND_WEB : s->kind[row],
		store_value_at(s, EVENT_ACTOR,
			       lineage_own_row(f->report->terms.snap->lineage,
					       row)));
	if (s->kind[row] != KIND_GUARDDUTY && s->kind[row] != KIND_SECURITYHUB)
		strbuf_addf(&f->key, "%u ", store_value_at(s, EVENT_IP, row));
	if (look) {
		strbuf_adds(&f->key, "looks");
		return;
	}
	for (size_t i = 0; i < d->n && told < spans; i++) {
		if (!d->span[i].data && spans != SIZE_MAX)
			continue;
		strbuf_add(&f->key, d->span[i].text);
		strbuf_addc(&f->key, '\n');
		told++;
	}
}

/* What came between two looks of one actor ends their line: its last line is
 * another one. */
static uint32_t *last_line(struct folding *f, struct str key)
{
	uint32_t number = intern_add(&f->keys, key);

	while (f->line_of_cap <= number) {
		size_t before = f->line_of_cap;

		f->line_of = mem_grow(f->line_of, &f->line_of_cap, number + 1,
				      sizeof(*f->line_of));
		memset(f->line_of + before, 0,
		       (f->line_of_cap - before) * sizeof(*f->line_of));
	}
	return &f->line_of[number];
}

static void add_name(struct report_line *line, struct str name)
{
	for (uint32_t i = 0; i < line->names; i++)
		if (str_eq(line->name[i], name))
			return;
	if (line->names < REPORT_NAMES)
		line->name[line->names++] = name;
	else
		line->more_names++;
}

static void add_to_line(struct folding *f, struct report_line *line, row_id row)
{
	enum event_outcome outcome = store_outcome(f->store, row);
	int level = marks_level(&f->report->terms.snap->marks, row);

	line->last = row;
	line->events++;
	line->denied += outcome == OUTCOME_DENIED;
	line->failed += outcome == OUTCOME_FAILED;
	if (level > line->level)
		line->level = level;
	if (line->look)
		add_name(line, event_base_name(
				       store_text(f->store, EVENT_NAME, row)));
}

static struct report_line *new_line(struct folding *f, row_id row,
				    const struct deed *d, bool look)
{
	struct report_part *p = f->part;
	struct str actor = store_text(
		f->store, EVENT_ACTOR,
		lineage_own_row(f->report->terms.snap->lineage, row));
	struct report_line *line;

	p->line = mem_grow(p->line, &f->line_cap, p->line_n + 1,
			   sizeof(*p->line));
	line = &p->line[p->line_n++];
	*line = (struct report_line){
		.first = row, .level = -1, .look = look, .varies = REPORT_SAME
	};
	if (actor.n)
		line->who = actor_label(actor, &f->report->arena);
	line->address = store_text(f->store, EVENT_IP, row);
	line->deed = *d;
	return line;
}

/* The number of its line. */
static uint32_t fold_row(struct folding *f, row_id row, const struct event *e)
{
	struct report_part *p = f->part;
	bool look = deed_is_look(f->store, row);
	struct report_line *line = NULL;
	struct deed deed = { .n = 0 };
	uint32_t *last;

	if (!look)
		deed_of(&deed, f->store, row, e, &f->report->arena);
	write_key(f, row, &deed, look);
	last = last_line(f, strbuf_str(&f->key));
	if (*last) {
		int64_t gap, before;

		line = &p->line[*last - 1];
		before = f->store->time[line->last];
		gap = f->store->time[row] == TIME_NONE || before == TIME_NONE ?
			      0 :
			      f->store->time[row] - before;
		if (gap > REPORT_FOLD_MS)
			line = NULL;
	}
	if (!line) {
		line = new_line(f, row, &deed, look);
		*last = (uint32_t)p->line_n;
	}
	add_to_line(f, line, row);
	/* What an actor does ends the run of what it asked. */
	if (!look && kind_is_call(f->store->kind[row])) {
		write_key(f, row, &deed, true);
		*last_line(f, strbuf_str(&f->key)) = 0;
	}
	return (uint32_t)(line - p->line);
}

void report_timeline(struct report *r, struct report_part *p)
{
	const struct store *s = r->terms.snap->store;
	struct folding f = { .report = r, .part = p, .store = s };
	struct reader *reader;

	choose_rows(r, p);
	p->line_of = mem_zero(p->rows.n + 1, sizeof(*p->line_of));
	reader = reader_new(s, r->terms.limits);
	intern_init(&f.keys);
	strbuf_init(&f.key);
	for (size_t i = 0; i < p->rows.n; i++) {
		const struct event *e = NULL;
		struct err err;

		if (i >= REPORT_ROWS) {
			p->rows_left = (uint32_t)(p->rows.n - i);
			break;
		}
		if (!deed_is_look(s, p->rows.row[i]) &&
		    reader_event(reader, p->rows.row[i], &e, &err)) {
			p->rows_unread++;
			e = NULL;
		}
		p->line_of[i] = fold_row(&f, p->rows.row[i], e) + 1;
	}
	report_fold(r, p);
	intern_release(&f.keys);
	strbuf_release(&f.key);
	free(f.line_of);
	reader_free(reader);
}
