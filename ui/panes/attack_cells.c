/* SPDX-License-Identifier: MIT */
#include "ui/panes/attack_cells.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"

static const enum attack_tactic order[TACTIC_COUNT] = {
	TACTIC_INITIAL_ACCESS,
	TACTIC_EXECUTION,
	TACTIC_PERSISTENCE,
	TACTIC_PRIVILEGE_ESCALATION,
	TACTIC_STEALTH,
	TACTIC_DEFENSE_IMPAIRMENT,
	TACTIC_CREDENTIAL_ACCESS,
	TACTIC_DISCOVERY,
	TACTIC_LATERAL_MOVEMENT,
	TACTIC_COLLECTION,
	TACTIC_COMMAND_AND_CONTROL,
	TACTIC_EXFILTRATION,
	TACTIC_IMPACT,
	TACTIC_RECONNAISSANCE,
	TACTIC_RESOURCE_DEVELOPMENT,
};

size_t attack_order(enum attack_version v, enum attack_tactic out[TACTIC_COUNT])
{
	tactic_set covered = 0;
	size_t n = 0;

	for (size_t i = 0; i < TACTIC_COUNT; i++) {
		if (covered & TACTIC_BIT(order[i]))
			continue;
		covered |= attack_tactic_as(v, order[i]).covers;
		out[n++] = order[i];
	}
	return n;
}

static void cell_begin(struct attack_cell *cell, enum attack_version v,
		       const struct technique_id *id)
{
	*cell = (struct attack_cell){ .level = -1,
				      .first = TIME_NONE,
				      .last = TIME_NONE };
	if (!id)
		return;
	cell->id = *id;
	snprintf(cell->shown.text, sizeof(cell->shown.text), "%s",
		 attack_technique_as(v, id).id);
}

static struct attack_cell *cell_of(struct attack_column *column,
				   enum attack_version v,
				   const struct technique_id *id)
{
	for (size_t i = 0; i < column->n; i++)
		if (strcmp(column->cell[i].id.text, id->text) == 0)
			return &column->cell[i];
	column->cell = mem_grow(column->cell, &column->cap, column->n + 1,
				sizeof(*column->cell));
	cell_begin(&column->cell[column->n], v, id);
	return &column->cell[column->n++];
}

static void note_actor(struct attack_cell *cell, uint32_t actor)
{
	for (unsigned i = 0; i < cell->actor_n; i++)
		if (cell->actor[i] == actor)
			return;
	if (cell->actor_n < CELL_ACTORS)
		cell->actor[cell->actor_n++] = actor;
}

static void note_rule(struct attack_cell *cell, const struct rule *rule)
{
	for (unsigned i = 0; i < cell->rule_n; i++)
		if (cell->rule[i] == rule)
			return;
	if (cell->rule_n < CELL_RULES)
		cell->rule[cell->rule_n++] = rule;
}

int64_t attack_cells_bucket(const struct attack_cells *c)
{
	return c->since == TIME_NONE ? 0 :
				       (c->until - c->since) / CELL_BUCKETS + 1;
}

static void note_rows(struct attack_cell *cell, const struct attack_cells *c,
		      const struct alert *a, const struct store *s)
{
	int64_t length = c->until - c->since;

	if (c->since == TIME_NONE || length <= 0)
		return;
	for (size_t i = 0; i < a->rows.n; i++) {
		row_id row = a->rows.row[i];
		int64_t at;

		if (row >= s->timed)
			continue;
		at = s->time[row] - c->since;
		if (at >= 0 && at < length)
			cell->bucket[at / attack_cells_bucket(c)]++;
	}
}

static void note_alert(struct attack_cell *cell, const struct attack_cells *c,
		       const struct alert *a, const struct store *s)
{
	cell->alerts++;
	if ((int)a->level > cell->level)
		cell->level = (int)a->level;
	if (a->first != TIME_NONE &&
	    (cell->first == TIME_NONE || a->first < cell->first))
		cell->first = a->first;
	if (a->last != TIME_NONE &&
	    (cell->last == TIME_NONE || a->last > cell->last))
		cell->last = a->last;
	note_actor(cell, a->actor);
	note_rule(cell, a->rule);
	note_rows(cell, c, a, s);
}

/* Under a tactic only techniques that serve it, as far as the table knows
 * them: a rule may name several of both. */
static bool serves(enum attack_version v, const struct technique_id *id,
		   tactic_set covers)
{
	tactic_set tactics = attack_technique_as(v, id).tactics;

	return !tactics || (tactics & covers);
}

static void count_rule(struct attack_cells *c, const struct rule *r)
{
	for (size_t i = 0; i < c->n; i++) {
		struct attack_column *column = &c->column[c->order[i]];
		tactic_set covers =
			attack_tactic_as(c->version, c->order[i]).covers;

		if (!(r->tactics & covers))
			continue;
		column->whole.rules++;
		for (size_t k = 0; k < r->technique_n; k++)
			if (serves(c->version, &r->technique[k], covers))
				cell_of(column, c->version, &r->technique[k])
					->rules++;
	}
}

static void count_alert(struct attack_cells *c, const struct alert *a,
			const struct store *s)
{
	const struct rule *r = a->rule;

	for (size_t i = 0; i < c->n; i++) {
		struct attack_column *column = &c->column[c->order[i]];
		tactic_set covers =
			attack_tactic_as(c->version, c->order[i]).covers;

		if (!(r->tactics & covers))
			continue;
		note_alert(&column->whole, c, a, s);
		for (size_t k = 0; k < r->technique_n; k++)
			if (serves(c->version, &r->technique[k], covers))
				note_alert(cell_of(column, c->version,
						   &r->technique[k]),
					   c, a, s);
	}
}

static int compare_cells(const void *x, const void *y)
{
	const struct attack_cell *a = x, *b = y;

	if (a->alerts != b->alerts)
		return a->alerts > b->alerts ? -1 : 1;
	return strcmp(a->shown.text, b->shown.text);
}

void attack_cells_count(struct attack_cells *out, enum attack_version v,
			const struct ruleset *rules,
			const struct alerts *alerts, const struct store *s,
			const int64_t window[2])
{
	out->version = v;
	out->n = attack_order(v, out->order);
	out->since = window ? window[0] : TIME_NONE;
	out->until = window ? window[1] : TIME_NONE;
	for (int t = 0; t < TACTIC_COUNT; t++) {
		out->column[t].n = 0;
		cell_begin(&out->column[t].whole, v, NULL);
	}
	for (rule_index i = 0; i < ruleset_count(rules); i++)
		if (ruleset_at(rules, i)->state == RULE_ACTIVE)
			count_rule(out, &ruleset_at(rules, i)->rule);
	for (size_t i = 0; i < alerts->n; i++)
		count_alert(out, &alerts->alert[i], s);
	for (int t = 0; t < TACTIC_COUNT; t++)
		if (out->column[t].n)
			qsort(out->column[t].cell, out->column[t].n,
			      sizeof(*out->column[t].cell), compare_cells);
}

void attack_cells_release(struct attack_cells *c)
{
	for (int t = 0; t < TACTIC_COUNT; t++)
		free(c->column[t].cell);
}

const char *attack_scope_mark(tactic_set tactics, tactic_set hidden)
{
	if (!(tactics & hidden))
		return "[x]";
	return tactics & ~hidden ? "[-]" : "[ ]";
}

static void add_number(struct strbuf *out, unsigned n, const char *what)
{
	strbuf_addf(out, "  %u %s%s", n, what, n == 1 ? "" : "s");
}

void attack_technique_text(enum attack_version v, const struct technique_id *id,
			   struct strbuf *out)
{
	const char *was = attack_technique_was(id);

	strbuf_adds(out, attack_technique_as(v, id).id);
	if (was && v == ATTACK_V18)
		strbuf_addf(out, " (now %s)", id->text);
	else if (was)
		strbuf_addf(out, " (was %s)", was);
}

void attack_cell_describe(const struct attack_cell *cell, enum attack_version v,
			  enum attack_tactic t, struct strbuf *out)
{
	if (*cell->id.text) {
		attack_technique_text(v, &cell->id, out);
		strbuf_addf(out, " %s",
			    attack_technique_as(v, &cell->id).title);
	} else {
		strbuf_adds(out, attack_tactic_as(v, t).title);
	}
	if (!cell->alerts) {
		strbuf_adds(out, "  no alerts,");
		strbuf_addf(out,
			    cell->rules == 1 ? " %u rule watches for it" :
					       " %u rules watch for it",
			    cell->rules);
		return;
	}
	add_number(out, cell->alerts, "alert");
	if (cell->actor_n == CELL_ACTORS)
		strbuf_addf(out, "  %d actors or more", CELL_ACTORS);
	else
		add_number(out, cell->actor_n, "actor");
}
