/* SPDX-License-Identifier: MIT */
#include "detect/alert.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"

static bool alerts_of(const struct ruleset *rs, rule_index i)
{
	return ruleset_at(rs, i)->state == RULE_ACTIVE;
}

/* Folding ----------------------------------------------------------------- */

/* What a match is folded by, beside its rule. */
static uint32_t fold_of(const struct ruleset *rs, const struct store *s,
			const struct rule_matches *m,
			const struct rule_match *x)
{
	if (ruleset_at(rs, x->rule)->correlation)
		return m->episodes->item[x->note].group;
	/* Nobody acts in what is no call: by its address, behind all actors. */
	if (!kind_is_call(s->kind[x->row]))
		return s->values[EVENT_ACTOR] + s->column[EVENT_IP][x->row];
	return s->column[EVENT_ACTOR][x->row];
}

/* Matches in the order of rule, actor or group, row. */
static uint32_t *fold_order(const struct ruleset *rs, const struct store *s,
			    const struct rule_matches *m, size_t *n)
{
	int64_t *key = mem_alloc((m->n + 1) * sizeof(*key));
	uint32_t *at = mem_alloc((m->n + 1) * sizeof(*at));
	uint32_t *order = mem_alloc((m->n + 1) * sizeof(*order));
	uint32_t folds = 0;

	*n = 0;
	for (size_t i = 0; i < m->n; i++) {
		const struct rule_match *x = &m->match[i];
		uint32_t fold;

		if (!alerts_of(rs, x->rule))
			continue;
		fold = fold_of(rs, s, m, x);
		folds = fold > folds ? fold : folds;
		key[*n] = fold;
		at[(*n)++] = (uint32_t)i;
	}
	/* Dense keys are sorted in fewer steps. */
	for (size_t i = 0; i < *n; i++)
		key[i] += (int64_t)m->match[at[i]].rule * ((int64_t)folds + 1);
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

/* Fills an alert whose rule and rows are known. */
static void describe(struct alert *a, const struct store *s,
		     struct arena *arena, struct seen *seen)
{
	a->first = a->last = TIME_NONE;
	a->level = LEVEL_INFORMATIONAL;
	a->told = a->episode ? a->episode[0]->told : a->rows.row[0];
	for (size_t i = 0; i < a->rows.n; i++) {
		row_id r = a->rows.row[i];
		enum event_outcome o = store_outcome(s, r);
		enum level level =
			level_lowered(rule_level_for(a->rule, s->flags[r]),
				      a->lower ? a->lower[i] : 0);

		if ((size_t)o < ARRAY_SIZE(a->outcome))
			a->outcome[o]++;
		if (level > a->level) {
			a->level = level;
			a->told = a->episode ? a->told : r;
		}
		if (s->time[r] == TIME_NONE)
			continue;
		if (a->first == TIME_NONE)
			a->first = s->time[r];
		a->last = s->time[r];
	}
	a->actor = s->column[EVENT_ACTOR][a->told];
	/* Where nobody acts the address stands for whoever it was. */
	a->actor_text = kind_is_call(s->kind[a->told]) ?
				store_value(s, EVENT_ACTOR, a->actor) :
				store_text(s, EVENT_IP, a->told);
	a->accounts = values_of(arena, s, EVENT_ACCOUNT, &a->rows,
				seen->account, seen->mark);
	a->regions = values_of(arena, s, EVENT_REGION, &a->rows, seen->region,
			       seen->mark);
	a->addresses = values_of(arena, s, EVENT_IP, &a->rows, seen->address,
				 seen->mark);
	seen->mark += 2;
}

/* Order -------------------------------------------------------------------- */

static int compare_alerts(const void *x, const void *y)
{
	const struct alert *a = x, *b = y;
	int d;

	if (a->score.total != b->score.total)
		return a->score.total > b->score.total ? -1 : 1;
	/* Rows are in order of time. */
	if (a->told != b->told)
		return a->told < b->told ? -1 : 1;
	d = str_cmp(a->rule->title, b->rule->title);
	if (d)
		return d;
	d = str_cmp(a->rule->id, b->rule->id);
	if (d)
		return d;
	d = str_cmp(alert_fold_text(a), alert_fold_text(b));
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

/* How much lower than the rule's the level of each match is; NULL: none. */
static const uint8_t *lower_of(struct arena *a, const struct rule_matches *m,
			       const uint32_t *order, size_t n)
{
	uint8_t *lower = NULL;

	for (size_t i = 0; i < n; i++) {
		if (!m->match[order[i]].lower)
			continue;
		if (!lower)
			lower = arena_zero(a, n);
		lower[i] = m->match[order[i]].lower;
	}
	return lower;
}

/* Episodes ---------------------------------------------------------------- */

static int compare_episodes(const void *x, const void *y)
{
	const struct episode *const *a = x, *const *b = y;

	return *a < *b ? -1 : *a > *b;
}

static int compare_rows(uint32_t a, uint32_t b, const void *unused)
{
	(void)unused;
	return a < b ? -1 : a > b;
}

static struct rowset rows_of_episode(const struct episode *e, bool own)
{
	return own ? rowset_view(e->own, e->own_n) : rowset_view(e->row, e->n);
}

/* All rows of some episodes, or their own, each once. */
static struct rowset rows_of(struct arena *arena,
			     const struct episode *const *episode, size_t n,
			     bool own)
{
	size_t rows = 0, kept = 0;
	row_id *row;

	for (size_t i = 0; i < n; i++)
		rows += rows_of_episode(episode[i], own).n;
	row = arena_alloc(arena, (rows + 1) * sizeof(*row));
	rows = 0;
	for (size_t i = 0; i < n; i++) {
		struct rowset one = rows_of_episode(episode[i], own);

		for (size_t k = 0; k < one.n; k++)
			row[rows++] = one.row[k];
	}
	sort_u32(row, rows, compare_rows, NULL);
	for (size_t i = 0; i < rows; i++)
		if (i == 0 || row[i] != row[i - 1])
			row[kept++] = row[i];
	return rowset_view(row, kept);
}

static bool any_before(const struct episode *const *episode, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (episode[i]->own != episode[i]->row)
			return true;
	return false;
}

/* The episodes that some matches belong to, whole. */
static void take_episodes(struct alert *a, struct arena *arena,
			  const struct rule_matches *m, const uint32_t *order,
			  size_t n)
{
	const struct episode **e = arena_alloc(arena, n * sizeof(*e));
	struct str *note;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		e[i] = &m->episodes->item[m->match[order[i]].note];
	qsort(e, n, sizeof(*e), compare_episodes);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || e[i] != e[i - 1])
			e[kept++] = e[i];
	note = arena_alloc(arena, ALERT_NOTES * sizeof(*note));
	for (size_t i = 0; i < kept; i++)
		if (i < ALERT_NOTES)
			note[a->notes.n++] = e[i]->note;
		else
			a->notes.more++;
	a->notes.note = note;
	a->group = e[0]->label;
	a->episode = e;
	a->count = kept;
	a->rows = rows_of(arena, e, kept, false);
	a->own = any_before(e, kept) ? rows_of(arena, e, kept, true) : a->rows;
}

/* Alerts ------------------------------------------------------------------ */

/* One alert of the matches order[0] to order[n - 1]. */
static struct alert make_alert(struct alerts *out, const struct ruleset *rs,
			       const struct store *s,
			       const struct rule_matches *matches,
			       const uint32_t *order, size_t n, uint32_t *told)
{
	const struct ruleset_rule *r =
		ruleset_at(rs, matches->match[order[0]].rule);
	struct alert a = { .rule_number = matches->match[order[0]].rule,
			   .rule = &r->rule,
			   .fold = fold_of(rs, s, matches,
					   &matches->match[order[0]]) };

	if (r->correlation) {
		take_episodes(&a, &out->arena, matches, order, n);
	} else {
		row_id *row = arena_alloc(&out->arena, n * sizeof(*row));

		for (size_t i = 0; i < n; i++)
			row[i] = matches->match[order[i]].row;
		a.rows = a.own = rowset_view(row, n);
		a.count = n;
		a.lower = lower_of(&out->arena, matches, order, n);
		a.notes = notes_of(&out->arena, matches, order, n, told,
				   (uint32_t)out->n + 1);
	}
	return a;
}

void alerts_fold(struct alerts *out, const struct ruleset *rs,
		 const struct store *s, const struct rule_matches *matches,
		 const struct scores *scores)
{
	size_t n, cap = 0;
	uint32_t *order = fold_order(rs, s, matches, &n);
	uint32_t *told =
		mem_zero((matches->notes ? matches->notes->count : 0) + 1,
			 sizeof(*told));
	struct seen seen;

	*out = (struct alerts){ .n = 0 };
	arena_init(&out->arena);
	seen_init(&seen, s);
	for (size_t from = 0, to; from < n; from = to) {
		const struct rule_match *first = &matches->match[order[from]];
		uint32_t fold = fold_of(rs, s, matches, first);

		for (to = from; to < n; to++) {
			const struct rule_match *x = &matches->match[order[to]];

			if (x->rule != first->rule ||
			    fold_of(rs, s, matches, x) != fold)
				break;
		}
		out->alert = mem_grow(out->alert, &cap, out->n + 1,
				      sizeof(*out->alert));
		out->alert[out->n] = make_alert(out, rs, s, matches,
						order + from, to - from, told);
		describe(&out->alert[out->n++], s, &out->arena, &seen);
	}
	seen_release(&seen);
	free(order);
	free(told);
	if (scores)
		alerts_rank(out, scores);
}

void alerts_rank(struct alerts *a, const struct scores *scores)
{
	for (size_t i = 0; i < a->n; i++)
		a->alert[i].score = *scores_of(scores, a->alert[i].rule_number,
					       a->alert[i].fold);
	if (a->n)
		qsort(a->alert, a->n, sizeof(*a->alert), compare_alerts);
}

const struct alert *alerts_find(const struct alerts *a, rule_index rule,
				row_id row)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->alert[i].rule_number == rule &&
		    rowset_has(&a->alert[i].rows, row))
			return &a->alert[i];
	return NULL;
}

/* Each --------------------------------------------------------------------- */

/* A match of an alert, by its first row. */
struct each {
	row_id row;
	uint32_t alert, match;
};

static int compare_each(const void *x, const void *y)
{
	const struct each *a = x, *b = y;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	if (a->alert != b->alert)
		return a->alert < b->alert ? -1 : 1;
	return a->match < b->match ? -1 : a->match > b->match;
}

static struct each *each_match(const struct alerts *a, size_t *n)
{
	struct each *each;

	*n = 0;
	for (size_t i = 0; i < a->n; i++)
		*n += a->alert[i].count;
	each = mem_alloc((*n + 1) * sizeof(*each));
	*n = 0;
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < a->alert[i].count; k++)
			each[(*n)++] = (struct each){
				a->alert[i].episode ?
					a->alert[i].episode[k]->row[0] :
					a->alert[i].rows.row[k],
				(uint32_t)i, (uint32_t)k
			};
	qsort(each, *n, sizeof(*each), compare_each);
	return each;
}

/* One match: the same but for its rows and what follows from them. */
static struct alert one_match(const struct alert *a, size_t i)
{
	struct alert one = *a;

	one.count = 1;
	one.notes = (struct alert_notes){ .n = 0 };
	memset(one.outcome, 0, sizeof(one.outcome));
	if (a->episode) {
		one.rows = rows_of_episode(a->episode[i], false);
		one.own = rows_of_episode(a->episode[i], true);
		one.notes.note = &a->episode[i]->note;
		one.notes.n = 1;
		one.episode = &a->episode[i];
		return one;
	}
	one.rows = one.own = rowset_view(&a->rows.row[i], 1);
	one.lower = a->lower ? a->lower + i : NULL;
	if (a->notes.of_row && a->notes.of_row[i].n) {
		one.notes.note = &a->notes.of_row[i];
		one.notes.n = 1;
	}
	return one;
}

void alerts_each(const struct alerts *a, const struct store *s, alert_told told,
		 void *context)
{
	size_t n;
	struct each *each = each_match(a, &n);
	struct arena arena;
	struct seen seen;
	bool more = true;

	arena_init(&arena);
	seen_init(&seen, s);
	for (size_t i = 0; i < n && more; i++) {
		struct alert one = one_match(&a->alert[each[i].alert],
					     each[i].match);

		arena_reset(&arena);
		describe(&one, s, &arena, &seen);
		more = told(context, &one);
	}
	seen_release(&seen);
	arena_release(&arena);
	free(each);
}

void alerts_release(struct alerts *a)
{
	free(a->alert);
	arena_release(&a->arena);
	*a = (struct alerts){ .n = 0 };
}

void alerts_mark(struct marks *out, const struct ruleset *rs,
		 const struct store *s, const struct rule_matches *matches,
		 const uint8_t *muted)
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

		if (!alerts_of(rs, x->rule) || (muted && muted[i]))
			continue;
		level = level_lowered(
			rule_level_for(&ruleset_at(rs, x->rule)->rule,
				       s->flags[x->row]),
			x->lower);
		/* An event is in several episodes of a correlation, and has
		 * one mark of it, the highest. */
		if (n && mark[n - 1].row == x->row &&
		    mark[n - 1].label == (x->rule & 0xffffff)) {
			if (mark[n - 1].level < level)
				mark[n - 1].level = (uint8_t)level;
			continue;
		}
		mark[n].row = x->row;
		mark[n].label = x->rule & 0xffffff;
		mark[n++].level = (uint8_t)level;
	}
	marks_init(out, label, rules, mark, n);
}
