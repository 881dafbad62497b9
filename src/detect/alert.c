/* SPDX-License-Identifier: MIT */
#include "detect/alert.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"

enum { TACTIC_POINTS = 2, TACTIC_POINTS_MAX = 10, ALLOWED_POINTS = 10 };

static const unsigned level_points[LEVEL_COUNT] = {
	[LEVEL_INFORMATIONAL] = 5, [LEVEL_LOW] = 20,      [LEVEL_MEDIUM] = 40,
	[LEVEL_HIGH] = 60,         [LEVEL_CRITICAL] = 80,
};

static bool alerts_of(const struct ruleset *rs, rule_index i)
{
	return ruleset_at(rs, i)->state == RULE_ACTIVE;
}

/* Folding ----------------------------------------------------------------- */

/* Matches in the order of rule, actor, row. */
static uint32_t *fold_order(const struct ruleset *rs, const struct store *s,
			    const struct rule_matches *m, size_t *n)
{
	int64_t *key = mem_alloc((m->n + 1) * sizeof(*key));
	uint32_t *at = mem_alloc((m->n + 1) * sizeof(*at));
	uint32_t *order = mem_alloc((m->n + 1) * sizeof(*order));

	*n = 0;
	for (size_t i = 0; i < m->n; i++) {
		const struct rule_match *x = &m->match[i];

		if (!alerts_of(rs, x->rule))
			continue;
		key[*n] = (int64_t)((uint64_t)x->rule << 32 |
				    s->column[EVENT_ACTOR][x->row]);
		at[(*n)++] = (uint32_t)i;
	}
	/* Stable, and the matches come by row. */
	sort_by_key(order, key, *n);
	for (size_t i = 0; i < *n; i++)
		order[i] = at[order[i]];
	free(key);
	free(at);
	return order;
}

/* The distinct values of a column, in the order of the rows. */
static struct alert_values values_of(struct arena *a, const struct store *s,
				     enum event_column c,
				     const struct rowset *rows,
				     uint32_t *seen_by, uint32_t mark)
{
	uint32_t *value;
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		uint32_t v = s->column[c][rows->row[i]];

		if (v == 0 || seen_by[v] == mark)
			continue;
		seen_by[v] = mark;
		n++;
	}
	value = arena_alloc(a, (n + 1) * sizeof(*value));
	n = 0;
	for (size_t i = 0; i < rows->n; i++) {
		uint32_t v = s->column[c][rows->row[i]];

		/* The second mark: listed. */
		if (v == 0 || seen_by[v] == mark + 1)
			continue;
		seen_by[v] = mark + 1;
		value[n++] = v;
	}
	return (struct alert_values){ value, n };
}

/* Where each column's values were last seen: see values_of. */
struct seen {
	uint32_t *account, *region, *address;
	uint32_t mark;
};

static void seen_init(struct seen *x, const struct store *s)
{
	x->account = mem_zero((size_t)s->values[EVENT_ACCOUNT] + 1,
			      sizeof(uint32_t));
	x->region = mem_zero((size_t)s->values[EVENT_REGION] + 1,
			     sizeof(uint32_t));
	x->address = mem_zero((size_t)s->values[EVENT_IP] + 1,
			      sizeof(uint32_t));
	x->mark = 1;
}

static void seen_release(struct seen *x)
{
	free(x->account);
	free(x->region);
	free(x->address);
}

/* Fills an alert whose rule, actor and rows are known. */
static void describe(struct alert *a, const struct store *s,
		     struct arena *arena, struct seen *seen)
{
	a->first = a->last = TIME_NONE;
	a->level = LEVEL_INFORMATIONAL;
	for (size_t i = 0; i < a->rows.n; i++) {
		row_id r = a->rows.row[i];
		enum event_outcome o = store_outcome(s, r);
		enum level level = rule_level_for(a->rule, o);

		if ((size_t)o < ARRAY_SIZE(a->outcome))
			a->outcome[o]++;
		if (level > a->level)
			a->level = level;
		if (s->time[r] == TIME_NONE)
			continue;
		if (a->first == TIME_NONE)
			a->first = s->time[r];
		a->last = s->time[r];
	}
	a->accounts = values_of(arena, s, EVENT_ACCOUNT, &a->rows,
				seen->account, seen->mark);
	a->regions = values_of(arena, s, EVENT_REGION, &a->rows, seen->region,
			       seen->mark);
	a->addresses = values_of(arena, s, EVENT_IP, &a->rows, seen->address,
				 seen->mark);
	seen->mark += 2;
}

/* Scores ------------------------------------------------------------------ */

static unsigned count_tactics(tactic_set set)
{
	unsigned n = 0;

	for (; set; set &= set - 1)
		n++;
	return n;
}

/* The tactics that each actor's alerts show, by value of EVENT_ACTOR. */
static tactic_set *tactics_of_actors(const struct ruleset *rs,
				     const struct store *s,
				     const struct rule_matches *all)
{
	tactic_set *of = mem_zero((size_t)s->values[EVENT_ACTOR] + 1,
				  sizeof(*of));

	for (size_t i = 0; i < all->n; i++)
		if (alerts_of(rs, all->match[i].rule))
			of[s->column[EVENT_ACTOR][all->match[i].row]] |=
				ruleset_at(rs, all->match[i].rule)
					->rule.tactics;
	return of;
}

static void score(struct alerts *alerts, const tactic_set *of_actor)
{
	for (size_t i = 0; i < alerts->n; i++) {
		struct alert *a = &alerts->alert[i];
		unsigned tactics = count_tactics(of_actor[a->actor]);

		a->score.level = level_points[a->level];
		a->score.allowed = a->outcome[OUTCOME_OK] ? ALLOWED_POINTS : 0;
		a->score.tactics = tactics > 1 ? (tactics - 1) * TACTIC_POINTS :
						 0;
		if (a->score.tactics > TACTIC_POINTS_MAX)
			a->score.tactics = TACTIC_POINTS_MAX;
		a->score.total = a->score.level + a->score.allowed +
				 a->score.tactics;
	}
}

static int compare_alerts(const void *x, const void *y)
{
	const struct alert *a = x, *b = y;
	int d;

	if (a->score.total != b->score.total)
		return a->score.total > b->score.total ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	d = str_cmp(a->rule->title, b->rule->title);
	if (d)
		return d;
	d = str_cmp(a->rule->id, b->rule->id);
	if (d)
		return d;
	d = str_cmp(a->actor_text, b->actor_text);
	if (d)
		return d;
	return a->rule_number < b->rule_number ?
		       -1 :
		       a->rule_number > b->rule_number;
}

/* Notes ------------------------------------------------------------------- */

/* The distinct notes of some matches. `told` says, by note, which alert told
 * it last. */
static struct alert_notes notes_of(struct arena *a,
				   const struct rule_matches *m,
				   const uint32_t *order, size_t n,
				   uint32_t *told, uint32_t alert)
{
	struct alert_notes out = { .n = 0 };
	struct str *note = NULL, *of_row = NULL;

	for (size_t i = 0; i < n; i++) {
		uint32_t id = m->match[order[i]].note;

		if (!id)
			continue;
		if (!of_row) {
			note = arena_alloc(a, ALERT_NOTES * sizeof(*note));
			of_row = arena_zero(a, n * sizeof(*of_row));
		}
		of_row[i] = intern_text(m->notes, id);
		if (told[id] == alert)
			continue;
		told[id] = alert;
		if (out.n < ALERT_NOTES)
			note[out.n++] = of_row[i];
		else
			out.more++;
	}
	out.note = note;
	out.of_row = of_row;
	return out;
}

/* Alerts ------------------------------------------------------------------ */

void alerts_fold(struct alerts *out, const struct ruleset *rs,
		 const struct store *s, const struct rule_matches *matches,
		 const struct rule_matches *all)
{
	size_t n, cap = 0;
	uint32_t *order = fold_order(rs, s, matches, &n);
	tactic_set *of_actor = tactics_of_actors(rs, s, all);
	uint32_t *told =
		mem_zero((matches->notes ? matches->notes->count : 0) + 1,
			 sizeof(*told));
	struct seen seen;
	row_id *row;

	*out = (struct alerts){ .n = 0 };
	arena_init(&out->arena);
	seen_init(&seen, s);
	row = arena_alloc(&out->arena, (n + 1) * sizeof(*row));
	for (size_t from = 0, to; from < n; from = to) {
		const struct rule_match *first = &matches->match[order[from]];
		uint32_t actor = s->column[EVENT_ACTOR][first->row];
		struct alert *a;

		for (to = from; to < n; to++) {
			const struct rule_match *x = &matches->match[order[to]];

			if (x->rule != first->rule ||
			    s->column[EVENT_ACTOR][x->row] != actor)
				break;
			row[to] = x->row;
		}
		out->alert = mem_grow(out->alert, &cap, out->n + 1,
				      sizeof(*out->alert));
		a = &out->alert[out->n++];
		*a = (struct alert){
			.rule_number = first->rule,
			.rule = &ruleset_at(rs, first->rule)->rule,
			.actor = actor,
			.actor_text = store_value(s, EVENT_ACTOR, actor),
			.rows = rowset_view(row + from, to - from),
		};
		describe(a, s, &out->arena, &seen);
		a->notes = notes_of(&out->arena, matches, order + from,
				    to - from, told, (uint32_t)out->n);
	}
	seen_release(&seen);
	free(order);
	free(told);
	score(out, of_actor);
	free(of_actor);
	if (out->n)
		qsort(out->alert, out->n, sizeof(*out->alert), compare_alerts);
}

void alerts_release(struct alerts *a)
{
	free(a->alert);
	arena_release(&a->arena);
	*a = (struct alerts){ .n = 0 };
}

void alerts_mark(struct marks *out, const struct ruleset *rs,
		 const struct store *s, const struct rule_matches *matches)
{
	size_t rules = ruleset_count(rs), n = 0;
	struct mark_label *label = mem_zero(rules + 1, sizeof(*label));
	struct mark *mark = mem_alloc((matches->n + 1) * sizeof(*mark));

	for (rule_index i = 0; i < rules; i++) {
		const struct rule *r = &ruleset_at(rs, i)->rule;

		label[i] = (struct mark_label){ r->id, r->title, r->tactics,
						r->technique, r->technique_n };
	}
	for (size_t i = 0; i < matches->n; i++) {
		const struct rule_match *x = &matches->match[i];
		enum level level;

		if (!alerts_of(rs, x->rule))
			continue;
		level = rule_level_for(&ruleset_at(rs, x->rule)->rule,
				       store_outcome(s, x->row));
		mark[n].row = x->row;
		mark[n].label = x->rule & 0xffffff;
		mark[n++].level = (uint8_t)level;
	}
	marks_init(out, label, rules, mark, n);
}
