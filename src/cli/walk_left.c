/* SPDX-License-Identifier: MIT */
/* What an identity left behind, and which data it touched. */
#include "cli/walk_view.h"
#include "cli/rows.h"

#include "base/attr.h"
#include "casework/lasting.h"
#include "casework/touched.h"
#include "model/identity.h"

/* What stays ---------------------------------------------------------------- */

static void find_lasting(struct walk_view *v, struct lasting_list *out)
{
	lasting_of(out, v->s->snap->lineage, &v->walk->rows,
		   v->everybody ? NULL : v->walk->member, v->walk->member_n,
		   &v->scan, NULL);
}

static void json_event(struct json_writer *w, const struct lineage *l,
		       row_id row)
{
	const struct store *s = l->store;

	graph_json_event(w, "eventID", l, row);
	json_pair_time(w, "time", s->time[row]);
	json_pair(w, "eventSource", store_text(s, EVENT_SOURCE, row));
	json_pair(w, "eventName", store_text(s, EVENT_NAME, row));
	json_pair(w, "recipientAccountId", store_text(s, EVENT_ACCOUNT, row));
	json_pair(w, "by", lineage_id(l, l->acting[row]));
}

void walk_persist_json(struct walk_view *v, struct json_writer *w)
{
	const struct lineage *l = v->s->snap->lineage;
	struct lasting_list list;

	find_lasting(v, &list);
	json_key(w, "persist");
	json_begin_array(w);
	for (size_t i = 0; i < list.n; i++) {
		const struct lasting *x = &list.lasting[i];

		json_begin_object(w);
		json_pair(w, "what", str_of(x->what));
		json_pair(w, "name", x->name);
		if (x->node)
			json_pair(w, "node", lineage_id(l, x->node));
		json_event(w, l, x->row);
		json_key(w, "stillThere");
		json_bool(w, x->gone == ROW_NONE);
		if (x->gone != ROW_NONE) {
			json_key(w, "gone");
			json_begin_object(w);
			json_event(w, l, x->gone);
			json_end_object(w);
		}
		json_end_object(w);
	}
	json_end_array(w);
	if (list.kept.unread)
		json_pair_uint(w, "persistUnread", list.kept.unread);
	lasting_release(&list);
}

static void describe_gone(const struct walk_view *v, const struct lasting *x,
			  struct strbuf *out)
{
	const struct store *s = v->s->snap->store;

	strbuf_clear(out);
	if (x->gone == ROW_NONE) {
		strbuf_adds(out, "yes");
		return;
	}
	strbuf_adds(out, "no, ");
	strbuf_add(out, store_text(s, EVENT_NAME, x->gone));
	strbuf_addc(out, ' ');
	time_format(out, s->time[x->gone], TIME_DATETIME, &v->s->o->zone);
}

static void write_lasting(struct walk_view *v, const struct lasting_list *list)
{
	static const struct column columns[] = {
		{ .name = "time", .whole = true },
		{ .name = "what" },
		{ .name = "name", .width = 60, .middle = true },
		{ .name = "call" },
		{ .name = "still there" },
		{ .name = "by", .width = 40, .middle = true },
	};
	const struct store *s = v->s->snap->store;
	struct strbuf gone;
	struct arena arena;
	struct rows rows;
	size_t i;

	strbuf_init(&gone);
	arena_init(&arena);
	/* Of one identity who it was is known. */
	rows_begin(&rows, &v->s->out, FORMAT_TABLE, columns,
		   ARRAY_SIZE(columns) - !v->everybody, &v->s->o->zone);
	for (i = 0; i < list->n && (v->whole || i < PAGE_LINES); i++) {
		const struct lasting *x = &list->lasting[i];
		struct cell cell[ARRAY_SIZE(columns)] = {
			cell_time(s->time[x->row]),
			cell_text(str_of(x->what)),
			cell_text(x->name),
			cell_text(store_text(s, EVENT_NAME, x->row)),
		};

		describe_gone(v, x, &gone);
		cell[4] = cell_text(strbuf_str(&gone));
		cell[5] = cell_text(actor_label(
			store_text(s, EVENT_ACTOR, x->row), &arena));
		rows_add(&rows, cell);
		arena_reset(&arena);
	}
	rows_end(&rows);
	if (i < list->n)
		walk_line(v, "persist", i, list->n);
	strbuf_release(&gone);
	arena_release(&arena);
}

void walk_persist_table(struct walk_view *v)
{
	struct lasting_list list;

	find_lasting(v, &list);
	walk_title(v, "made or changed, and is it still there?");
	if (list.n)
		write_lasting(v, &list);
	else
		walk_none(v, "nothing", false);
	if (list.kept.unread)
		output_format(&v->s->out, "  %zu records could not be read\n",
			      list.kept.unread);
	lasting_release(&list);
}

/* Data ---------------------------------------------------------------------- */

static void json_touched(struct json_writer *w, const struct store *s,
			 const struct touched *t)
{
	struct arena arena;

	arena_init(&arena);
	json_begin_object(w);
	if (t->actor.n)
		json_pair(w, "actor", actor_label(t->actor, &arena));
	json_pair(w, "kind", str_of(t->kind));
	json_pair(w, "resource", t->resource);
	json_pair(w, "service", t->service);
	json_pair(w, "recipientAccountId", t->account);
	json_pair_uint(w, "events", t->events);
	json_pair_uint(w, "denied", t->denied);
	json_pair_uint(w, "failed", t->failed);
	for (int i = 0; i < TOUCH_COUNT; i++)
		json_pair_uint(w, touch_name((enum touch)i), t->count[i]);
	json_pair_uint(w, "objects", t->objects);
	json_pair_uint(w, "bytesIn", t->bytes_in);
	json_pair_uint(w, "bytesOut", t->bytes_out);
	json_pair(w, "sharedWith", t->shared_with);
	json_pair_time(w, "first", s->time[t->first]);
	json_pair_time(w, "last", s->time[t->last]);
	json_end_object(w);
	arena_release(&arena);
}

/* What it did, and what S3's access log says that it did. */
static void find_touched(struct walk_view *v, struct touched_data *out)
{
	const struct walk *w = v->walk;
	struct rowset rows = ROWSET_INIT;

	touched_told(&rows, v->s->snap->lineage, &w->rows, w->member,
		     w->whole_n);
	touched_of(out, v->s->snap->store, &rows,
		   v->everybody ? TOUCHED_BY_ACTOR : TOUCHED_TOGETHER, &v->scan,
		   NULL);
	rowset_release(&rows);
}

void walk_data_json(struct walk_view *v, struct json_writer *w)
{
	const struct store *s = v->s->snap->store;
	struct touched_data data;

	find_touched(v, &data);
	json_key(w, "data");
	json_begin_array(w);
	for (size_t i = 0; i < data.n; i++)
		json_touched(w, s, &data.touched[i]);
	json_end_array(w);
	json_key(w, "dataEvents");
	json_bool(w, !walk_lacks_data(v));
	if (data.unread)
		json_pair_uint(w, "dataUnread", data.unread);
	touched_release(&data);
}

/* "12 read, 3 listed, shared" */
static void describe_touches(const struct touched *t, struct strbuf *out)
{
	for (int i = 0; i < TOUCH_COUNT; i++)
		if (t->count[i])
			strbuf_addf(out, "%s%u %s", out->n ? ", " : "",
				    t->count[i], touch_name((enum touch)i));
	if (t->denied)
		strbuf_addf(out, "%s%u denied", out->n ? ", " : "", t->denied);
	if (t->failed)
		strbuf_addf(out, "%s%u failed", out->n ? ", " : "", t->failed);
	if (t->shared_with.n) {
		strbuf_adds(out, " with ");
		strbuf_add(out, t->shared_with);
	}
}

static void write_touched(struct walk_view *v, const struct touched_data *data)
{
	static const struct column columns[] = {
		{ .name = "what" },
		{ .name = "resource", .width = 56, .middle = true },
		{ .name = "account" },
		{ .name = "objects", .right = true },
		{ .name = "bytes in", .right = true },
		{ .name = "bytes out", .right = true },
		{ .name = "first", .whole = true },
		{ .name = "last", .whole = true },
		{ .name = "how" },
		{ .name = "by", .width = 40, .middle = true },
	};
	const struct store *s = v->s->snap->store;
	struct strbuf how;
	struct arena arena;
	struct rows rows;
	size_t i;

	strbuf_init(&how);
	arena_init(&arena);
	rows_begin(&rows, &v->s->out, FORMAT_TABLE, columns,
		   ARRAY_SIZE(columns) - !v->everybody, &v->s->o->zone);
	for (i = 0; i < data->n && (v->whole || i < PAGE_LINES); i++) {
		const struct touched *t = &data->touched[i];

		strbuf_clear(&how);
		describe_touches(t, &how);
		{
			const struct cell cell[] = {
				cell_text(str_of(t->kind)),
				cell_text(t->resource.n ? t->resource :
							  STR("(not said)")),
				cell_text(t->account),
				cell_number(t->objects),
				cell_number(t->bytes_in),
				cell_number(t->bytes_out),
				cell_time(s->time[t->first]),
				cell_time(s->time[t->last]),
				cell_text(strbuf_str(&how)),
				cell_text(actor_label(t->actor, &arena)),
			};

			rows_add(&rows, cell);
		}
		arena_reset(&arena);
	}
	rows_end(&rows);
	if (i < data->n)
		walk_line(v, "data", i, data->n);
	strbuf_release(&how);
	arena_release(&arena);
}

void walk_data_table(struct walk_view *v)
{
	struct touched_data data;

	find_touched(v, &data);
	walk_title(v, v->everybody ? "data that was touched" :
				     "data that it touched");
	if (data.n)
		write_touched(v, &data);
	else
		walk_none(v, "none", true);
	if (data.n && walk_lacks_data(v))
		walk_none(v, "nothing of objects and items", true);
	if (data.unread)
		output_format(&v->s->out, "  %zu records could not be read\n",
			      data.unread);
	touched_release(&data);
}
