/* SPDX-License-Identifier: MIT */
/* Lines of evidence of the case, among the rows of the timeline. */
#include "ui/desk_private.h"

static bool same_lines(const struct case_evidence *a,
		       const struct case_evidence *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!str_eq(a->line[i].event.id, b->line[i].event.id))
			return false;
	return true;
}

/* Evidence is nobody's call: it is no part of what was drilled into, but of the
 * hour around an event it is. */
static void keep_of_scope(struct desk *d, struct case_evidence *x)
{
	int64_t time = TIME_NONE, ms;
	row_id row;

	if (d->scope.kind == SCOPE_ALL)
		return;
	if (d->scope.kind == SCOPE_AROUND && !d->scope.text[2].n) {
		row = store_find_id(d->snap->store, d->scope.text[0], ROW_NONE);
		time = row == ROW_NONE ? TIME_NONE : d->snap->store->time[row];
	}
	ms = scope_around_ms(&d->scope);
	if (time == TIME_NONE)
		x->n = 0;
	else
		case_evidence_keep(x, NULL, time - ms, time + ms + 1);
}

static void keep_of_narrowing(struct desk *d, struct case_evidence *x)
{
	size_t kept = 0;

	/* Which a look around an event leaves off. */
	if (d->scope.kind == SCOPE_AROUND)
		return;
	case_evidence_keep(x, d->plan, d->now.since, d->now.until);
	for (size_t i = 0; i < x->n; i++)
		if (toggles_keep(d->now.toggles, &x->line[i].event))
			x->line[kept++] = x->line[i];
	/* No rule has an alert on it. */
	x->n = desk_attack_is_narrowed(d) ? 0 : kept;
}

/* Which of these lines has that id. */
static size_t find_line(const struct case_evidence *in, struct str id)
{
	for (size_t i = 0; id.n && i < in->n; i++)
		if (str_eq(in->line[i].event.id, id))
			return i;
	return SIZE_MAX;
}

bool desk_put_evidence(struct desk *d)
{
	struct case_evidence fresh;
	size_t selected;
	bool same;

	case_evidence_init(&fresh);
	case_evidence_make(&fresh, &d->book);
	if (d->snap && fresh.n) {
		keep_of_scope(d, &fresh);
		keep_of_narrowing(d, &fresh);
	}
	same = same_lines(&fresh, &d->evidence);
	selected = find_line(&fresh, strbuf_str(&d->wanted_evidence));
	case_evidence_release(&d->evidence);
	d->evidence = fresh;
	d->on_evidence = selected;
	return !same;
}

void desk_select_evidence(struct desk *d, size_t line)
{
	int64_t time = d->evidence.line[line].event.time;
	row_id row = ROW_NONE;

	if (d->snap && d->snap->store->n)
		row = time == TIME_NONE ? d->snap->store->n - 1 :
					  store_seek_time(d->snap->store, time);
	desk_select(d, row);
	d->on_evidence = line;
	strbuf_add(&d->wanted_evidence, d->evidence.line[line].event.id);
}

void desk_select_evidence_of(struct desk *d, struct str id)
{
	size_t line = find_line(&d->evidence, id);

	if (line != SIZE_MAX)
		desk_select_evidence(d, line);
}

const struct evidence_line *desk_evidence_here(const struct desk *d)
{
	return d->on_evidence < d->evidence.n ?
		       &d->evidence.line[d->on_evidence] :
		       NULL;
}
