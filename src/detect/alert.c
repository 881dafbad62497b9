/* SPDX-License-Identifier: MIT */
#include "detect/alert_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/tasks.h"

/* Folding ----------------------------------------------------------------- */

/* What its matches raise. */
enum raises { RAISES_NONE, RAISES_ALERTS, RAISES_EPISODES };

static enum raises raises(const struct ruleset *rs, rule_index i)
{
	const struct ruleset_rule *r = ruleset_at(rs, i);

	if (r->state != RULE_ACTIVE)
		return RAISES_NONE;
	return r->correlation ? RAISES_EPISODES : RAISES_ALERTS;
}

/* What a match is folded by, beside its rule. */
static uint32_t fold_of(enum raises how, const struct store *s,
			const struct rule_matches *m,
			const struct rule_match *x)
{
	if (how == RAISES_EPISODES)
		return m->episodes->item[x->note].group;
	/* Nobody acts in what is no call: by its address, behind all actors. */
	if (!kind_is_call(s->kind[x->row]))
		return s->values[EVENT_ACTOR] +
		       store_value_at(s, EVENT_IP, x->row);
	return store_value_at(s, EVENT_ACTOR, x->row);
}

/* A match, where its fold is put together. */
struct folding {
	row_id row;
	uint32_t fold, match;
};

/* Matches of rules that raise alerts. */
struct foldings {
	struct folding *of;
	uint32_t *start; /* by rule, one more than there are; row by row */
};

static void foldings_init(struct foldings *f, const struct ruleset *rs,
			  const struct store *s, const struct rule_matches *m)
{
	size_t rules = ruleset_count(rs);
	enum raises *how = mem_zero(rules + 1, sizeof(*how));
	uint32_t *to;

	f->of = mem_alloc((m->n + 1) * sizeof(*f->of));
	f->start = mem_zero(rules + 2, sizeof(*f->start));
	/* One place further on: it is moved back while they are filled. */
	to = f->start + 1;
	for (rule_index i = 0; i < rules; i++)
		how[i] = raises(rs, i);
	for (size_t i = 0; i < m->n; i++)
		if (how[m->match[i].rule] != RAISES_NONE)
			to[m->match[i].rule + 1]++;
	for (size_t i = 1; i <= rules; i++)
		to[i] += to[i - 1];
	for (size_t i = 0; i < m->n; i++) {
		const struct rule_match *x = &m->match[i];

		if (how[x->rule] != RAISES_NONE)
			f->of[to[x->rule]++] = (struct folding){
				x->row, fold_of(how[x->rule], s, m, x),
				(uint32_t)i
			};
	}
	free(how);
}

static void foldings_release(struct foldings *f)
{
	free(f->of);
	free(f->start);
}

/* The matches of one rule in the order of fold, row. */
static void sort_folds(struct folding *of, size_t n)
{
	int64_t *key = mem_alloc((n + 1) * sizeof(*key));
	uint32_t *order = mem_alloc((n + 1) * sizeof(*order));
	struct folding *sorted = mem_alloc((n + 1) * sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		key[i] = of[i].fold;
	/* Stable, and the matches come by row. */
	sort_by_key(order, key, n);
	for (size_t i = 0; i < n; i++)
		sorted[i] = of[order[i]];
	memcpy(of, sorted, n * sizeof(*of));
	free(key);
	free(order);
	free(sorted);
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
				   const struct folding *of, size_t n,
				   uint32_t *told, uint32_t alert)
{
	struct alert_notes out = { .n = 0 };
	struct str *note = NULL, *of_row = NULL;

	for (size_t i = 0; i < n; i++) {
		uint32_t id = m->match[of[i].match].note;

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
			       const struct folding *of, size_t n)
{
	uint8_t *lower = NULL;

	for (size_t i = 0; i < n; i++) {
		if (!m->match[of[i].match].lower)
			continue;
		if (!lower)
			lower = arena_zero(a, n);
		lower[i] = m->match[of[i].match].lower;
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

/* All rows of some episodes, or their own, each once. */
static struct rowset rows_of(struct arena *arena,
			     const struct episode *const *episode, size_t n,
			     bool own)
{
	size_t rows = 0, kept = 0;
	row_id *row;

	for (size_t i = 0; i < n; i++)
		rows += alert_episode_rows(episode[i], own).n;
	row = arena_alloc(arena, (rows + 1) * sizeof(*row));
	rows = 0;
	for (size_t i = 0; i < n; i++) {
		struct rowset one = alert_episode_rows(episode[i], own);

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
			  const struct rule_matches *m,
			  const struct folding *of, size_t n)
{
	const struct episode **e = arena_alloc(arena, n * sizeof(*e));
	struct str *note;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		e[i] = &m->episodes->item[m->match[of[i].match].note];
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

/* What one thread folds with, and what it folded: made when it has a rule. */
struct folder {
	struct alert *alert;
	size_t n, cap;
	struct arena arena;
	struct alert_seen seen;
	uint32_t *told; /* by note: the alert that told it last, from 1; NULL
			   until it is made */
};

/* Rules are folded by themselves, on several threads. */
struct fold_work {
	const struct ruleset *rs;
	const struct store *store;
	const struct rule_matches *matches;
	struct foldings all;
	struct folder *folder;
	/* By rule: where its alerts are. */
	struct folded {
		unsigned folder;
		size_t from, n;
	} * folded;
};

static void folder_init(struct folder *f, const struct fold_work *x)
{
	const struct intern *notes = x->matches->notes;

	*f = (struct folder){ .n = 0 };
	arena_init(&f->arena);
	alert_seen_init(&f->seen, x->store);
	f->told = mem_zero((notes ? notes->count : 0) + 1, sizeof(*f->told));
}

/* What alert_describe will look at: rows of an alert lie far apart, and waiting
 * for each in turn is most of what folding costs. */
static inline void fetch(const struct store *s, row_id r)
{
	__builtin_prefetch(&s->flags[r]);
	uints_ask(&s->column[EVENT_ACCOUNT], r);
	uints_ask(&s->column[EVENT_REGION], r);
	uints_ask(&s->column[EVENT_IP], r);
}

/* One alert of some matches of a rule. */
static struct alert make_alert(struct folder *f, const struct fold_work *x,
			       rule_index rule, const struct folding *of,
			       size_t n)
{
	const struct ruleset_rule *r = ruleset_at(x->rs, rule);
	struct alert a = { .rule_number = rule,
			   .rule = &r->rule,
			   .fold = of[0].fold };
	row_id *row;

	if (r->correlation) {
		take_episodes(&a, &f->arena, x->matches, of, n);
		return a;
	}
	row = arena_alloc(&f->arena, n * sizeof(*row));
	for (size_t i = 0; i < n; i++) {
		row[i] = of[i].row;
		fetch(x->store, row[i]);
	}
	a.rows = a.own = rowset_view(row, n);
	a.count = n;
	a.lower = lower_of(&f->arena, x->matches, of, n);
	a.notes = notes_of(&f->arena, x->matches, of, n, f->told,
			   (uint32_t)f->n + 1);
	return a;
}

static void fold_rule(void *context, size_t rule, unsigned worker)
{
	struct fold_work *x = context;
	struct folder *f = &x->folder[worker];
	struct folding *of = x->all.of + x->all.start[rule];
	size_t n = x->all.start[rule + 1] - x->all.start[rule];
	size_t before = f->n;

	if (n == 0)
		return;
	if (!f->told)
		folder_init(f, x);
	sort_folds(of, n);
	for (size_t from = 0, to; from < n; from = to) {
		struct alert *a;

		for (to = from; to < n && of[to].fold == of[from].fold; to++)
			;
		f->alert = mem_grow(f->alert, &f->cap, f->n + 1,
				    sizeof(*f->alert));
		a = &f->alert[f->n];
		*a = make_alert(f, x, (rule_index)rule, of + from, to - from);
		alert_describe(a, x->store, &f->arena, &f->seen);
		f->n++;
	}
	x->folded[rule] = (struct folded){ worker, before, f->n - before };
}

/* In the order of the rules, whoever folded them. */
static void gather(struct alerts *out, const struct fold_work *x,
		   unsigned folders)
{
	size_t n = 0;

	for (unsigned i = 0; i < folders; i++)
		n += x->folder[i].n;
	out->alert = mem_alloc((n + 1) * sizeof(*out->alert));
	for (rule_index i = 0; i < ruleset_count(x->rs); i++) {
		const struct folded *some = &x->folded[i];

		if (some->n)
			memcpy(out->alert + out->n,
			       x->folder[some->folder].alert + some->from,
			       some->n * sizeof(*out->alert));
		out->n += some->n;
	}
	out->arena = mem_alloc(folders * sizeof(*out->arena));
	for (unsigned i = 0; i < folders; i++) {
		if (!x->folder[i].told)
			continue;
		out->arena[out->arena_n++] = x->folder[i].arena;
		alert_seen_release(&x->folder[i].seen);
		free(x->folder[i].told);
		free(x->folder[i].alert);
	}
}

void alerts_fold(struct alerts *out, const struct ruleset *rs,
		 const struct store *s, const struct rule_matches *matches,
		 const struct scores *scores, unsigned threads)
{
	struct fold_work x = { .rs = rs, .store = s, .matches = matches };
	unsigned folders = threads > 1 ? threads : 1;

	*out = (struct alerts){ .n = 0 };
	foldings_init(&x.all, rs, s, matches);
	x.folded = mem_zero(ruleset_count(rs) + 1, sizeof(*x.folded));
	x.folder = mem_zero(folders, sizeof(*x.folder));
	tasks_run(folders, ruleset_count(rs), fold_rule, &x);
	gather(out, &x, folders);
	free(x.folder);
	free(x.folded);
	foldings_release(&x.all);
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

void alerts_copy(struct alerts *out, const struct alerts *a)
{
	*out = (struct alerts){ .n = a->n };
	out->alert = mem_alloc((a->n + 1) * sizeof(*out->alert));
	if (a->n)
		memcpy(out->alert, a->alert, a->n * sizeof(*out->alert));
}

void alerts_release(struct alerts *a)
{
	free(a->alert);
	for (size_t i = 0; i < a->arena_n; i++)
		arena_release(&a->arena[i]);
	free(a->arena);
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

		if (raises(rs, x->rule) == RAISES_NONE || (muted && muted[i]))
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
