/* SPDX-License-Identifier: MIT */
/* Credentials by the addresses that they were used from. */
#include "identity/tree_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"

enum {
	/* Evidence before an address is first seen, for that to mean
	 * something. */
	BASELINE_MS = 60 * 60 * 1000,
	/* Of a hundred principals, those that a rare address is used by. */
	RARE_PERCENT = 1,
	/* Fewer principals than that say nothing about rarity. */
	RARE_AMONG = 10,
};

/* Counting ---------------------------------------------------------------- */

/* The place of a value among the lines, added when new. */
static struct tree_line *source_at(struct tree_lines *lines, uint32_t *slot,
				   uint32_t value, uint32_t slots)
{
	uint32_t at = value == TREE_ELSEWHERE ? slots - 1 : value;
	struct tree_line line = { .kind = TREE_SOURCE,
				  .level = -1,
				  .below = -1,
				  .value = value,
				  .first = ROW_NONE,
				  .last = ROW_NONE,
				  .opens = true };

	if (!slot[at]) {
		tree_add_line(lines, &line);
		slot[at] = (uint32_t)lines->n;
	}
	return &lines->line[slot[at] - 1];
}

static void clean(const struct tree_lines *lines, uint32_t *slot,
		  uint32_t slots)
{
	for (size_t i = 0; i < lines->n; i++)
		slot[lines->line[i].value == TREE_ELSEWHERE ?
			     slots - 1 :
			     lines->line[i].value] = 0;
}

/* Addresses of the node's rows, in order of their first use, and those from
 * which something came of it. */
static void count_sources(struct tree *t, node_id node, row_id since,
			  struct tree_lines *lines)
{
	const struct tree_index *x = t->index;
	const struct store *s = x->l->store;
	uint32_t slots = s->values[EVENT_IP] + 1;
	uint32_t *slot = tree_scratch(t, slots);
	struct rowset rows = index_rows_since(x, node, since);
	const struct lineage_edge *e;
	size_t mark = 0;
	int level;

	for (size_t i = 0; i < rows.n; i++) {
		row_id row = rows.row[i];
		uint32_t value = store_value_at(s, EVENT_IP, row);
		struct tree_line *line;

		/* A value that has a line is an address. */
		if (!slot[value] && !tree_is_address(s, value))
			value = TREE_ELSEWHERE;
		line = source_at(lines, slot, value, slots);
		line->events++;
		line->denied += store_outcome(s, row) == OUTCOME_DENIED;
		if (line->first == ROW_NONE)
			line->first = row;
		line->last = row;
		level = tree_row_level(x, row, &mark);
		if (level > line->level)
			line->level = level;
	}
	for (uint32_t i = 0; (e = lineage_out(x->l, node, i)); i++)
		if ((e->kind == EDGE_ISSUED || e->kind == EDGE_CREATED ||
		     e->kind == EDGE_CONTROLS || e->kind == EDGE_PASSED_ROLE) &&
		    tree_lives(x->l, NODE_NONE, e, since))
			source_at(lines, slot, tree_edge_ip(x->l, e), slots);
	clean(lines, slot, slots);
	for (size_t i = 0; i < lines->n; i++)
		lines->line[i].below = lines->line[i].level;
}

size_t tree_add_sources(struct tree *t, node_id node, enum tree_verb verb,
			const struct lineage_edge *edge, row_id since,
			struct tree_lines *lines)
{
	struct tree_lines found = { NULL, 0, 0 };
	size_t n;

	count_sources(t, node, since, &found);
	n = found.n;
	for (size_t i = 0; lines && i < n; i++) {
		struct tree_line *line = &found.line[i];

		line->verb = verb;
		line->node = node;
		line->edge = edge;
		line->certainty = CERTAIN;
		line->since = since;
		tree_add_line(lines, line);
	}
	free(found.line);
	return n;
}

void tree_note_source(struct tree *t, struct tree_line *line)
{
	enum lineage_kind kind = (enum lineage_kind)t->l->node[line->node].kind;
	struct tree_lines found = { NULL, 0, 0 };

	/* What was made says below from where it was used. */
	if ((kind != NODE_KEY && kind != NODE_SESSION) ||
	    line->verb == VERB_MADE)
		return;
	count_sources(t, line->node, line->since, &found);
	if (found.n == 1 && found.line[0].value != TREE_ELSEWHERE)
		line->value = found.line[0].value;
	free(found.line);
}

/* Words ------------------------------------------------------------------- */

/* Principals among rows; counting stops beyond `most`. */
static uint32_t count_principals(const struct store *s,
				 const struct rowset *rows, uint32_t most)
{
	uint32_t *seen = mem_alloc(((size_t)most + 2) * sizeof(*seen)), n = 0;

	for (size_t i = 0; i < rows->n && n <= most; i++) {
		uint32_t value = store_value_at(s, EVENT_PRINCIPAL,
						rows->row[i]);
		uint32_t k = 0;

		while (k < n && seen[k] != value)
			k++;
		if (k == n)
			seen[n++] = value;
	}
	free(seen);
	return n;
}

/* Most of what the credential did came from there, and it was used from
 * elsewhere too. */
static bool is_usual(const struct tree *t, const struct tree_line *line)
{
	size_t all = index_rows_since(t->index, line->node, line->since).n;

	return line->events < all && (uint64_t)line->events * 2 > all;
}

int64_t tree_first_seen(const struct store *s, const struct rowset *rows)
{
	int64_t begin, seen;

	if (!rows->n || !s->timed)
		return TIME_NONE;
	begin = s->time[0];
	seen = s->time[rows->row[0]];
	return seen != TIME_NONE && seen - begin >= BASELINE_MS ? seen :
								  TIME_NONE;
}

/* Principals that used the address, when they are few among many; else 0. */
static uint32_t rare(const struct tree *t, const struct rowset *rows)
{
	uint32_t all = t->index->principals;
	uint32_t most = all * RARE_PERCENT / 100, n;

	if (all < RARE_AMONG)
		return 0;
	most = most ? most : 1;
	n = count_principals(t->l->store, rows, most);
	return n <= most ? n : 0;
}

static bool is_same_day(const struct store *s, int64_t t, row_id row,
			const struct time_zone *zone)
{
	struct time_parts a, b;

	if (row == ROW_NONE || s->time[row] == TIME_NONE)
		return false;
	a = time_split(t, zone);
	b = time_split(s->time[row], zone);
	return a.day == b.day && a.month == b.month && a.year == b.year;
}

void tree_describe_source(const struct tree *t, const struct tree_line *line,
			  const struct time_zone *zone, struct strbuf *out)
{
	const struct store *s = t->l->store;
	struct rowset rows;
	int64_t seen;
	uint32_t few;

	if (line->value == TREE_ELSEWHERE) {
		strbuf_adds(out, "by AWS services");
		return;
	}
	strbuf_adds(out, "from ");
	strbuf_add(out, store_value(s, EVENT_IP, line->value));
	rows = store_rows(s, EVENT_IP, line->value);
	seen = tree_first_seen(s, &rows);
	/* Most of what a thief does may come from a new address. */
	if (line->kind == TREE_SOURCE && seen == TIME_NONE &&
	    is_usual(t, line)) {
		strbuf_adds(out, "  usual");
		return;
	}
	few = rare(t, &rows);
	if (seen != TIME_NONE) {
		strbuf_adds(out, "  FIRST SEEN ");
		time_format(out, seen,
			    is_same_day(s, seen, line->first, zone) ?
				    TIME_CLOCK :
				    TIME_MINUTE,
			    zone);
	}
	if (few)
		strbuf_addf(out, "  rare %u/%u", few, t->index->principals);
}

void tree_source_evidence(const struct tree *t, const struct tree_line *line,
			  struct strbuf *out)
{
	const struct store *s = t->l->store;
	struct rowset rows;
	int64_t seen;

	strbuf_adds(out, "sourceIPAddress of ");
	strbuf_add_count(out, line->events);
	strbuf_adds(out, " of its ");
	strbuf_add_count(out,
			 index_rows_since(t->index, line->node, line->since).n);
	strbuf_adds(out, " events");
	if (line->value == TREE_ELSEWHERE)
		return;
	rows = store_rows(s, EVENT_IP, line->value);
	seen = tree_first_seen(s, &rows);
	if (seen == TIME_NONE)
		return;
	strbuf_adds(out, "; first seen ");
	time_format_span(out, seen - s->time[0]);
	strbuf_adds(out, " after the evidence begins");
}
