/* SPDX-License-Identifier: MIT */
/* From windows in which a condition holds to episodes, and what is told. */
#include "detect/correlate_private.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"

static void add_number(struct strbuf *out, double number)
{
	if (number == floor(number) && fabs(number) < 1e15)
		strbuf_addf(out, "%.0f", number);
	else
		strbuf_addf(out, "%.6g", number);
}

static void add_measure(struct strbuf *out, const struct correlation *c,
			double measure)
{
	struct str field = c->field.n ? c->field.text[0] : STR_NULL;

	if (c->type == CORRELATION_VALUE_AVG)
		strbuf_addf(out, "%.*s is ", STR_ARG(field));
	else if (c->has_percentile)
		strbuf_addf(out, "percentile %g of %.*s is ", c->percentile,
			    STR_ARG(field));
	add_number(out, measure);
	switch (c->type) {
	case CORRELATION_EVENT_COUNT:
		strbuf_adds(out, c->depth > 1 ? " times" : " events");
		break;
	case CORRELATION_VALUE_COUNT:
		strbuf_adds(out, " values of ");
		for (size_t i = 0; i < c->field.n; i++) {
			strbuf_adds(out, i ? " with " : "");
			strbuf_add(out, c->field.text[i]);
		}
		break;
	case CORRELATION_TEMPORAL:
	case CORRELATION_TEMPORAL_ORDERED:
		strbuf_addf(out, " of %zu kinds%s", c->rules.n,
			    c->type == CORRELATION_TEMPORAL ? "" : " in order");
		break;
	case CORRELATION_VALUE_SUM:
		strbuf_addf(out, " of %.*s", STR_ARG(field));
		break;
	case CORRELATION_VALUE_AVG:
		strbuf_adds(out, " on average");
		break;
	case CORRELATION_VALUE_PERCENTILE:
	default:
		if (!c->has_percentile)
			strbuf_addf(out, " %% have that value of %.*s",
				    STR_ARG(field));
	}
}

/* "sourceIPAddress 203.0.113.66, errorCode missing" */
static void add_label(struct grouping *g, uint32_t group)
{
	struct str ids = intern_text(&g->groups.key, group);
	uint32_t id[CORRELATION_FIELDS];

	memcpy(id, ids.p ? ids.p : "", ids.n);
	for (size_t i = 0; i < g->c->group.n; i++) {
		strbuf_adds(&g->text, i ? ", " : "");
		strbuf_add(&g->text, g->c->group.text[i]);
		strbuf_addc(&g->text, ' ');
		if (id[i])
			strbuf_add(&g->text, intern_text(&g->x->texts, id[i]));
		else
			strbuf_adds(&g->text, "missing");
	}
}

static struct str keep_text(struct grouping *g)
{
	return arena_dup(&g->x->episodes->arena, strbuf_str(&g->text));
}

static int compare_rows(uint32_t a, uint32_t b, const void *unused)
{
	(void)unused;
	return a < b ? -1 : a > b;
}

/* All events: those of the group, and of episodes that are in it; or only the
 * episode's own. Returns how many. */
static size_t collect_rows(struct grouping *g, const uint32_t *member,
			   const struct window_result *r,
			   const struct window_episode *e, bool own,
			   const row_id **out)
{
	const struct episodes *before = g->x->before;
	row_id *row = NULL, *kept;
	size_t n = 0, cap = 0, kept_n = 0;

	g->seen++; /* each episode once */
	for (size_t i = e->from; i < e->to; i++) {
		const struct seen_event *x = &g->event[member[i]];
		uint32_t came_by = correlate_came_by(g, member[i]);
		const row_id *from = &x->row;
		size_t rows = 1;

		if (!r->in[i] || (own && x->before))
			continue;
		if (came_by) {
			const struct episode *inner =
				&before->item[came_by - 1];
			struct seen_as *seen = &g->episode.of[came_by - 1];

			if (seen->group == g->seen)
				continue;
			seen->group = g->seen;
			from = own ? inner->own : inner->row;
			rows = own ? inner->own_n : inner->n;
		}
		row = mem_grow(row, &cap, n + rows, sizeof(*row));
		memcpy(row + n, from, rows * sizeof(*row));
		n += rows;
	}
	sort_u32(row, n, compare_rows, NULL);
	kept = arena_alloc(&g->x->episodes->arena, (n + 1) * sizeof(*kept));
	for (size_t i = 0; i < n; i++)
		if (i == 0 || row[i] != row[i - 1])
			kept[kept_n++] = row[i];
	*out = kept;
	free(row);
	return kept_n;
}

/* The last event of the moment at which the condition first holds. */
static row_id telling_row(const struct grouping *g, const uint32_t *member,
			  const struct window_result *r,
			  const struct window_episode *e, bool own)
{
	int64_t first = INT64_MAX;
	row_id told = ROW_NONE;

	for (size_t i = e->from; i < e->to; i++)
		if (r->in[i] && r->moment[i] < first)
			first = r->moment[i];
	for (size_t i = e->from; i < e->to; i++) {
		const struct seen_event *x = &g->event[member[i]];

		if (!r->in[i] || (own && x->before))
			continue;
		if (told == ROW_NONE || correlate_when(g, member + i) <= first)
			told = x->row;
	}
	return told;
}

/* Is anything in it by other rules' alerts alone? */
static bool has_before(const struct grouping *g, const uint32_t *member,
		       const struct window_result *r,
		       const struct window_episode *e)
{
	for (size_t i = e->from; i < e->to; i++) {
		const struct seen_event *x = &g->event[member[i]];
		uint32_t came_by = correlate_came_by(g, member[i]);
		const struct episode *inner =
			came_by ? &g->x->before->item[came_by - 1] : NULL;

		if (r->in[i] &&
		    (x->before || (inner && inner->own != inner->row)))
			return true;
	}
	return false;
}

static void take_rows(struct grouping *g, const uint32_t *member,
		      const struct window_result *r,
		      const struct window_episode *e, struct episode *out)
{
	const row_id *own = NULL;
	size_t n = 0;

	out->n = collect_rows(g, member, r, e, false, &out->row);
	out->own = out->row;
	out->own_n = out->n;
	if (has_before(g, member, r, e))
		n = collect_rows(g, member, r, e, true, &own);
	/* None: a rule of nothing but others' alerts. */
	if (n && n != out->n) {
		out->own = own;
		out->own_n = n;
	}
	out->told = telling_row(g, member, r, e, n != 0);
}

static void add_fed(struct grouping *g, const uint32_t *member,
		    const struct window_result *r,
		    const struct window_episode *e, uint32_t episode)
{
	struct feed *feed = &g->x->feed[g->rule];

	for (size_t i = e->from; i < e->to; i++) {
		const struct seen_event *x = &g->event[member[i]];

		if (!r->in[i])
			continue;
		feed->event = mem_grow(feed->event, &feed->cap, feed->n + 1,
				       sizeof(*feed->event));
		feed->event[feed->n++] = (struct fed_event){
			.time = r->moment[i],
			.row = x->row,
			.rule = (uint16_t)g->c->leaf[x->leaf].rule,
			.captured = correlate_captured(g, member[i]),
			.episode = episode,
			.before = x->before,
		};
	}
}

static void add_episode(struct grouping *g, const uint32_t *member,
			const struct window_result *r,
			const struct window_episode *e, uint32_t group,
			struct str label)
{
	struct episodes *all = g->x->episodes;
	uint32_t number = (uint32_t)all->n;
	struct episode *made;
	struct episode out = { .rule = g->rule,
			       .group = group,
			       .label = label };
	const struct store *s = g->x->store;

	take_rows(g, member, r, e, &out);
	strbuf_clear(&g->text);
	add_measure(&g->text, g->c, e->measure);
	strbuf_adds(&g->text, " in ");
	time_format_span(&g->text,
			 s->time[out.row[out.n - 1]] - s->time[out.row[0]]);
	if (label.n) {
		strbuf_adds(&g->text, "; ");
		strbuf_add(&g->text, label);
	}
	out.note = keep_text(g);
	made = episodes_add(all);
	*made = out;
	if (g->c->feeds)
		add_fed(g, member, r, e, number);
}

void correlate_episodes(struct grouping *g, uint32_t group,
			const uint32_t *member, const struct window_result *r)
{
	struct str label;

	if (!r->episode_n)
		return;
	strbuf_clear(&g->text);
	add_label(g, group);
	label = keep_text(g);
	for (size_t i = 0; i < r->episode_n; i++)
		add_episode(g, member, r, &r->episode[i],
			    g->x->episodes->groups, label);
	g->x->episodes->groups++;
}
