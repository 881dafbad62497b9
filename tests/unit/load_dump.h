/* SPDX-License-Identifier: MIT */
/*
 * load_dump.h - a snapshot as text, all of it
 *
 * Rows, strings, lists, the graph, matches, alerts: what two loads have in
 * common when nobody can tell them apart. It asks for everything that panes
 * and commands ask for, so it also walks through what is wrong in a snapshot
 * that was restored from something hostile.
 */
#ifndef TRAWL_TEST_LOAD_DUMP_H
#define TRAWL_TEST_LOAD_DUMP_H

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/strbuf.h"
#include "casework/investigation.h"
#include "identity/lineage_hints.h"

static inline void dump_str(struct strbuf *out, struct str s)
{
	strbuf_addf(out, " %zu:", s.n);
	strbuf_add(out, s);
}

static inline void dump_row(struct strbuf *out, const struct store *s, row_id r)
{
	struct store_place place = store_place(s, r);
	struct strbuf id;

	strbuf_addf(out, "row %u %" PRId64 " %x %u %u at %u %u %" PRIu64 " %u",
		    r, s->time[r], s->flags[r], s->kind[r], s->copies[r],
		    place.file, place.record, place.offset, place.length);
	strbuf_init(&id);
	store_id_text(s, r, &id);
	dump_str(out, strbuf_str(&id));
	strbuf_addf(out, " found %u",
		    store_find_id(s, strbuf_str(&id), ROW_NONE));
	strbuf_release(&id);
	for (int c = 0; c < EVENT_COLUMN_COUNT; c++)
		dump_str(out, store_text(s, (enum event_column)c, r));
	strbuf_adds(out, "\n");
}

struct dump_column {
	const struct store *s;
	enum event_column c;
};

static inline int dump_compare(uint32_t x, uint32_t y, const void *context)
{
	const struct dump_column *k = context;

	return str_cmp(store_value(k->s, k->c, x), store_value(k->s, k->c, y));
}

/* Values have the numbers that chance gave them: by text. */
static inline void dump_values(struct strbuf *out, const struct store *s,
			       enum event_column c)
{
	struct dump_column k = { s, c };
	uint32_t n = s->values[c];
	uint32_t *order = mem_alloc(n * sizeof(*order));

	for (uint32_t v = 0; v < n; v++)
		order[v] = v;
	sort_u32(order, n, dump_compare, &k);
	for (uint32_t i = 0; i < n; i++) {
		struct rowset rows = ROWSET_INIT;

		strbuf_addf(out, "%d", (int)c);
		dump_str(out, store_value(s, c, order[i]));
		if (order[i] && store_is_indexed(s, c))
			rows = store_rows(s, c, order[i]);
		for (size_t r = 0; r < rows.n; r++)
			strbuf_addf(out, " %u", rows.row[r]);
		strbuf_adds(out, "\n");
	}
	free(order);
}

static inline void dump_store(struct strbuf *out, const struct store *s)
{
	const struct store_counts *n = &s->counts;
	int64_t first, last;

	strbuf_addf(out,
		    "%u rows %u timed %d %d; %" PRIu64 " %" PRIu64 " %" PRIu64
		    " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
		    "\n",
		    s->n, s->timed, s->complete, s->partial, n->files_total,
		    n->files_read, n->files_skipped, n->left_out, n->records,
		    n->rejected, n->duplicates, n->content_bytes);
	if (store_span(s, &first, &last))
		strbuf_addf(out, "%" PRId64 " %" PRId64 "\n", first, last);
	for (row_id r = 0; r < s->n; r++)
		dump_row(out, s, r);
	for (int c = 0; c < EVENT_COLUMN_COUNT; c++)
		dump_values(out, s, (enum event_column)c);
	for (uint32_t f = 0; f < s->files->n; f++) {
		const struct file_entry *e = &s->files->entry[f];

		strbuf_addf(out,
			    "%s %d %d %d %u %" PRIu64 " %" PRIu64 " %" PRIu64
			    "\n",
			    e->path, e->gzip, e->format, e->form, e->members,
			    e->records, e->rejected, e->content_bytes);
		for (size_t i = 0; i < e->points.n; i++) {
			const struct gz_point *p = &e->points.point[i];

			strbuf_addf(out, "%" PRIu64 " %" PRIu64 " %d", p->out,
				    p->in, p->bits);
			dump_str(out, (struct str){ (const char *)p->window,
						    p->window_size });
		}
	}
	for (size_t i = 0; i < s->skips.n; i++) {
		const struct skip *k = &s->skips.skip[i];

		strbuf_addf(out, "skip %u %" PRIu64 " %" PRIu64 " %d %s\n",
			    k->file, k->record, k->offset, k->foreign,
			    k->reason);
	}
	strbuf_addf(out, "%" PRIu64 " more\n", s->skips.unlisted);
}

static inline void dump_edge(struct strbuf *out, const struct lineage *l,
			     const struct lineage_edge *e)
{
	const struct lineage_hint *h = lineage_hint(l, e);
	bool closed = false;

	strbuf_addf(out, "  %s %s", edge_kind_name((enum edge_kind)e->kind),
		    certainty_name((enum certainty)e->certainty));
	dump_str(out, lineage_id(l, e->from));
	dump_str(out, lineage_id(l, e->to));
	for (unsigned i = 0; i < e->evidence_n; i++)
		strbuf_addf(out, " %u", lineage_evidence(l, e, i));
	strbuf_addf(out, " %s %u", lineage_reason(e),
		    lineage_opened(l, e, &closed));
	strbuf_addf(out, " %d ", closed);
	link_evidence(l, e, out);
	if (h)
		lineage_hint_describe(h, out);
	strbuf_adds(out, "\n");
}

static inline void dump_session(struct strbuf *out, const struct lineage *l,
				node_id n)
{
	struct lineage_session s;

	if (!lineage_session(l, n, &s))
		return;
	strbuf_addf(out, "  %" PRId64 " %" PRId64 " %d %u %d", s.issued,
		    s.expires, (int)s.mfa, s.delivery, s.console_token);
	dump_str(out, s.name);
	dump_str(out, s.source_identity);
	dump_str(out, s.sign_in);
	dump_str(out, s.portal);
	strbuf_adds(out, "\n");
}

static inline void dump_node(struct strbuf *out, const struct lineage *l,
			     node_id n)
{
	const struct lineage_node *x = &l->node[n];
	const struct lineage_edge *e;
	const struct lineage_end *end;
	const struct lineage_gift *gift;
	const row_id *on;
	enum certainty certainty;
	struct origin_gap gap;
	uint32_t count;

	strbuf_addf(out, "node %u %d %d %u %u %u %u %u", n, x->kind,
		    x->session_kind, x->first, x->last, x->events, x->denied,
		    x->failed);
	dump_str(out, lineage_id(l, n));
	dump_str(out, lineage_text(l, n));
	dump_str(out, lineage_account_text(l, n));
	strbuf_addf(out, " %" PRId64 " %" PRId64, lineage_first(l, n),
		    lineage_last(l, n));
	strbuf_addf(out, " is %u", lineage_node(l, lineage_id(l, n)));
	strbuf_addf(out, " origin %u", lineage_origin(l, n, &certainty));
	gap = lineage_gap(l, n);
	strbuf_addf(out, " gap %d %s %d ", (int)gap.kind, gap.account,
		    gap.derived);
	node_describe(l, n, out);
	strbuf_adds(out, "\n");
	for (uint32_t i = 0; (e = lineage_out(l, n, i)); i++)
		dump_edge(out, l, e);
	for (uint32_t i = 0; (e = lineage_in(l, n, i)); i++)
		strbuf_addf(out, "  in %u", e->from);
	dump_session(out, l, n);
	end = lineage_ends(l, n, &count);
	for (uint32_t i = 0; i < count; i++)
		strbuf_addf(out, "  end %d %u %" PRId64 " %" PRId64,
			    (int)end[i].kind, end[i].row, end[i].time,
			    end[i].before);
	gift = lineage_gifts(l, n, &count);
	for (uint32_t i = 0; i < count; i++)
		strbuf_addf(out, "  gift %u %u", gift[i].row, gift[i].taken);
	on = lineage_on(l, n, &count);
	for (uint32_t i = 0; i < count; i++)
		strbuf_addf(out, " on %u", on[i]);
	strbuf_adds(out, "\n");
}

static inline void dump_alerts(struct strbuf *out, const struct snapshot *s)
{
	for (size_t i = 0; i < s->matches.n; i++)
		strbuf_addf(out, "match %u %u %u\n", s->matches.match[i].row,
			    s->matches.match[i].rule,
			    s->matches.match[i].lower);
	for (size_t i = 0; i < s->alerts.n; i++) {
		const struct alert *a = &s->alerts.alert[i];

		strbuf_addf(out, "alert %u %zu %d", a->rule_number, a->count,
			    (int)a->level);
		dump_str(out, alert_fold_text(a));
		for (size_t k = 0; k < a->rows.n; k++)
			strbuf_addf(out, " %u", a->rows.row[k]);
		for (size_t k = 0; k < a->notes.n; k++)
			dump_str(out, a->notes.note[k]);
		strbuf_adds(out, "\n");
	}
	for (size_t i = 0; i < s->marks.n; i++)
		strbuf_addf(out, "mark %u %u\n", s->marks.mark[i].row,
			    s->marks.mark[i].label);
}

static inline void dump_snapshot(struct strbuf *out, const struct snapshot *s)
{
	const struct lineage *l = s->lineage;

	dump_store(out, s->store);
	for (row_id r = 0; r < s->store->n; r++)
		strbuf_addf(out, "%u ", l->acting[r]);
	for (node_id n = 1; n < l->node_n; n++)
		dump_node(out, l, n);
	for (uint32_t i = 0; i < l->account_n; i++) {
		dump_str(out, l->account[i].account);
		strbuf_addf(out, " %" PRId64 " %" PRId64 "\n",
			    l->account[i].first, l->account[i].last);
	}
	for (uint32_t i = 0; i < l->uid_n; i++) {
		dump_str(out, intern_text(&l->texts, l->uid[i].text));
		strbuf_addf(out, " %u\n", l->uid[i].node);
	}
	for (uint32_t i = 1; i < l->instances.count; i++) {
		dump_str(out, intern_text(&l->instances, i));
		strbuf_addf(out, " %u\n", l->instance[i]);
	}
	dump_alerts(out, s);
	strbuf_addf(out, "%" PRIu64 " %" PRIu64 "\n", s->gave_up, s->left_out);
}

#endif /* TRAWL_TEST_LOAD_DUMP_H */
