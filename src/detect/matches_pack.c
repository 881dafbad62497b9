/* SPDX-License-Identifier: MIT */
#include "detect/matches_pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern_pack.h"
#include "base/mem.h"

enum {
	SAVED_MATCHES = LINEAGE_SECTIONS_END, /* struct saved_match */
	SAVED_NOTES,                          /* strings, two */
	SAVED_EPISODES = SAVED_NOTES + 2,     /* struct saved_episode */
	SAVED_ROWS,                           /* of the episodes */
	SAVED_TEXTS,                          /* strings, two */
	SAVED_ALL = SAVED_TEXTS + 2,
};

_Static_assert((int)SAVED_ALL <= (int)MATCHES_SECTIONS_END, "numbers are free");

/* As struct rule_match, all of whose bytes say something. */
struct saved_match {
	row_id row;
	rule_index rule;
	uint32_t note, lower;
};

struct saved_episode {
	uint32_t rule, group, rows;
	uint32_t own; /* rows that follow those; 0: they are its own */
	uint32_t told;
	uint32_t label, note; /* in SAVED_TEXTS */
};

/* Saving ------------------------------------------------------------------ */

/* Rows of its own that are not all of its rows. */
static size_t own_rows(const struct episode *e)
{
	return e->own == e->row ? 0 : e->own_n;
}

static void save_episodes(const struct episodes *e, struct pack_writer *w)
{
	size_t n = e ? e->n : 0;
	struct intern texts;

	intern_init(&texts);
	pack_begin(w, SAVED_EPISODES);
	for (size_t i = 0; i < n; i++) {
		const struct episode *x = &e->item[i];
		struct saved_episode out = {
			.rule = x->rule,
			.group = x->group,
			.rows = (uint32_t)x->n,
			.own = (uint32_t)own_rows(x),
			.told = x->told,
			.label = intern_add(&texts, x->label),
			.note = intern_add(&texts, x->note),
		};

		pack_add(w, &out, sizeof(out));
	}
	pack_begin(w, SAVED_ROWS);
	for (size_t i = 0; i < n; i++) {
		const struct episode *x = &e->item[i];

		pack_add(w, x->row, x->n * sizeof(*x->row));
		pack_add(w, x->own, own_rows(x) * sizeof(*x->own));
	}
	intern_save(&texts, w, SAVED_TEXTS);
	intern_release(&texts);
}

void matches_save(const struct rule_matches *m, struct pack_writer *w)
{
	struct intern none;

	intern_init(&none);
	pack_begin(w, SAVED_MATCHES);
	for (size_t i = 0; i < m->n; i++) {
		struct saved_match x = { m->match[i].row, m->match[i].rule,
					 m->match[i].note, m->match[i].lower };

		pack_add(w, &x, sizeof(x));
	}
	intern_save(m->notes ? m->notes : &none, w, SAVED_NOTES);
	save_episodes(m->episodes, w);
	intern_release(&none);
}

/* Restoring --------------------------------------------------------------- */

static bool rows_ascend(const row_id *row, size_t n, row_id limit)
{
	for (size_t i = 0; i < n; i++)
		if (row[i] >= limit || (i && row[i] <= row[i - 1]))
			return false;
	return true;
}

/* Some of the rows that are left, kept; NULL when they are none. */
static const row_id *take_rows(struct episodes *to, const row_id **row,
			       size_t *rows, size_t n, row_id limit)
{
	row_id *kept;

	if (n > *rows || !rows_ascend(*row, n, limit))
		return NULL;
	kept = arena_alloc(&to->arena, (n + 1) * sizeof(*kept));
	memcpy(kept, *row, n * sizeof(*kept));
	*row += n;
	*rows -= n;
	return kept;
}

/* Episodes one by one, with rows and texts of their own. */
static bool add_episodes(struct episodes *to, const struct saved_episode *e,
			 size_t n, const row_id *row, size_t rows,
			 const struct intern *texts, const struct ruleset *rs,
			 const struct store *s)
{
	for (size_t i = 0; i < n; i++, e++) {
		struct episode *out = episodes_add(to);

		if (e->rows == 0 || e->group >= n || e->told >= s->n ||
		    e->label >= texts->count || e->note >= texts->count ||
		    e->rule >= ruleset_count(rs) ||
		    !ruleset_at(rs, e->rule)->correlation)
			return false;
		*out = (struct episode){
			.rule = e->rule,
			.group = e->group,
			.label = arena_dup(&to->arena,
					   intern_text(texts, e->label)),
			.note = arena_dup(&to->arena,
					  intern_text(texts, e->note)),
			.n = e->rows,
			.own_n = e->own ? e->own : e->rows,
			.told = e->told,
		};
		out->row = take_rows(to, &row, &rows, e->rows, s->n);
		out->own = e->own ? take_rows(to, &row, &rows, e->own, s->n) :
				    out->row;
		if (!out->row || !out->own)
			return false;
		if (out->group >= to->groups)
			to->groups = out->group + 1;
	}
	return rows == 0;
}

static struct episodes *restore_episodes(const struct ruleset *rs,
					 const struct store *s, struct pack *p)
{
	struct episodes *made = episodes_new();
	struct intern texts;
	size_t n, rows;
	struct saved_episode *e = pack_take(p, SAVED_EPISODES, sizeof(*e), &n);
	row_id *row = pack_take(p, SAVED_ROWS, sizeof(*row), &rows);
	bool ok;

	intern_init(&texts);
	ok = e && row && n < UINT32_MAX &&
	     intern_restore(&texts, p, SAVED_TEXTS) &&
	     add_episodes(made, e, n, row, rows, &texts, rs, s);
	intern_release(&texts);
	free(e);
	free(row);
	if (ok)
		return made;
	episodes_free(made);
	return NULL;
}

/* A match of a correlation is one of its episodes'; any other has a note. */
static bool match_holds(const struct saved_match *x, const struct ruleset *rs,
			const struct store *s, const struct rule_matches *m)
{
	const struct ruleset_rule *r;

	if (x->row >= s->n || x->rule >= ruleset_count(rs))
		return false;
	r = ruleset_at(rs, x->rule);
	if (r->state != RULE_ACTIVE || x->lower > LEVEL_COUNT)
		return false;
	if (!r->correlation)
		return x->note < m->notes->count;
	return x->note < m->episodes->n &&
	       m->episodes->item[x->note].rule == x->rule;
}

static bool add_matches(struct rule_matches *m, const struct saved_match *x,
			size_t n, const struct ruleset *rs,
			const struct store *s)
{
	m->match = mem_alloc((n + 1) * sizeof(*m->match));
	for (; m->n < n; m->n++, x++) {
		const struct rule_match *before = &m->match[m->n] - 1;

		if (!match_holds(x, rs, s, m) ||
		    (m->n &&
		     (x->row < before->row ||
		      (x->row == before->row && x->rule < before->rule))))
			return false;
		m->match[m->n] = rule_match_of(x->row, x->rule, x->note,
					       x->lower);
	}
	return true;
}

bool matches_restore(struct rule_matches *out, const struct ruleset *rs,
		     const struct store *s, struct pack *p)
{
	size_t n;
	struct saved_match *x = pack_take(p, SAVED_MATCHES, sizeof(*x), &n);
	bool ok;

	*out = (struct rule_matches){ .n = 0 };
	out->notes = mem_alloc(sizeof(*out->notes));
	intern_init(out->notes);
	out->episodes = restore_episodes(rs, s, p);
	ok = x && out->episodes && intern_restore(out->notes, p, SAVED_NOTES) &&
	     add_matches(out, x, n, rs, s);
	free(x);
	if (!ok)
		rule_matches_release(out);
	return ok;
}
