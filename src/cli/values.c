/* SPDX-License-Identifier: MIT */
/* trawl values: what a field holds, and how often. */
#include "cli/cli.h"
#include "cli/session.h"
#include "cli/rows.h"
#include "query/stats.h"

/* The keys of the machine formats: a contract, see trawl-output. */
static const struct column columns[] = {
	{ .name = "value", .width = 70, .middle = true },
	{ .name = "count", .right = true },
	{ .name = "principals", .right = true },
	{ .name = "first", .whole = true },
	{ .name = "last", .whole = true },
	{ .name = "new" },
};

static const char *const orders[] = { "top", "rare", "first" };

static void print_values(struct session *s, const struct stats *stats)
{
	const struct store *store = s->snap->store;
	struct rows rows;

	rows_begin(&rows, &s->out, s->o->format, columns, ARRAY_SIZE(columns),
		   &s->o->zone);
	for (size_t i = 0; i < stats->n && i < s->o->limit; i++) {
		const struct stat_value *v = &stats->value[i];
		const struct cell cell[] = {
			{ .kind = CELL_TEXT, .text = v->text },
			cell_number(v->count),
			cell_number(v->principals),
			cell_time(store->time[v->first]),
			cell_time(store->time[v->last]),
			stats->compared ? cell_bool(v->is_new) :
					  (struct cell){ .kind = CELL_NONE },
		};

		rows_add(&rows, cell);
	}
	rows_end(&rows);
}

/* With --since, what was loaded before it tells what is new. */
static enum err_code note_new(struct session *s, struct stats *stats,
			      const struct scan_options *scan, struct err *err)
{
	const struct store *store = s->snap->store;
	row_id from = s->o->since == TIME_NONE ?
			      0 :
			      store_seek_time(store, s->o->since);
	struct rowset rows = ROWSET_INIT;
	struct stats before;
	enum err_code rc;

	if (!from)
		return ERR_OK;
	rowset_add_range(&rows, 0, from);
	rc = stats_of(&before, store, &s->snap->marks, str_of(s->o->subject),
		      &rows, scan, err);
	rowset_release(&rows);
	if (rc)
		return rc;
	stats_note_new(stats, &before);
	stats_release(&before);
	return ERR_OK;
}

int cli_values(const struct options *o, FILE *out, FILE *err_file)
{
	struct session s;
	struct stats stats;
	struct scan_options scan = { o->threads ? o->threads : 2, &o->limits };
	struct err err;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	if (stats_of(&stats, s.snap->store, &s.snap->marks, str_of(o->subject),
		     &s.rows, &scan, &err))
		return session_fail(&s, &err);
	if (note_new(&s, &stats, &scan, &err)) {
		stats_release(&stats);
		return session_fail(&s, &err);
	}
	stats_sort(&stats, o->sort);
	print_values(&s, &stats);
	if (o->format == FORMAT_TABLE && !o->quiet)
		message(err_file,
			"%zu values in %zu events, %s first; %zu events "
			"without one",
			stats.n, stats.rows, orders[o->sort], stats.without);
	if (!stats.rows)
		session_tell_none_left(&s);
	stats_release(&stats);
	return session_close(&s);
}
