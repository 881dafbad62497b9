/* SPDX-License-Identifier: MIT */
#include "ui/toggles.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/timefmt.h"
#include "query/parse.h"
#include "query/plan.h"

static const struct {
	const char *keeps, *hides;
} toggles[TOGGLE_COUNT] = {
#define X(id, keeps, hides) [id] = { keeps, hides },
	TOGGLES(X)
#undef X
};

const char *toggle_keeps(enum toggle t)
{
	return toggles[t].keeps;
}

const char *toggle_hides(enum toggle t)
{
	return toggles[t].hides;
}

void toggles_release(struct toggles *t)
{
	free(t->hides);
	*t = (struct toggles){ .known = 0 };
}

/* Its filter is right, a test says so. */
static struct plan *plan_of(enum toggle which)
{
	static const struct time_zone zone = TIME_ZONE_UTC;
	const struct expr *expr;
	struct plan *plan = NULL;
	struct arena arena;
	struct err err;

	arena_init(&arena);
	if (query_read(str_of(toggles[which].keeps), &zone, &arena, &expr,
		       &err) ||
	    plan_new(&plan, expr, &err))
		plan = NULL;
	arena_release(&arena);
	return plan;
}

/* Which rows a toggle hides. */
static void ask(struct toggles *t, enum toggle which,
		const struct snapshot *snap)
{
	uint8_t bit = (uint8_t)(1u << which);
	struct plan *plan = plan_of(which);
	struct rowset kept = ROWSET_INIT;

	if (plan) {
		plan_rows(plan, snap->store, &snap->marks, &kept);
		for (row_id row = 0; row < snap->store->n; row++)
			t->hides[row] |= bit;
		for (size_t i = 0; i < kept.n; i++)
			t->hides[kept.row[i]] &= (uint8_t)~bit;
	}
	plan_free(plan);
	rowset_release(&kept);
	t->known |= bit;
}

bool toggles_keep(unsigned on, const struct event *e)
{
	struct match_scratch *scratch = match_scratch_new();
	bool kept = true;

	for (unsigned which = 0; kept && which < TOGGLE_COUNT; which++) {
		struct plan *plan = on & 1u << which ?
					    plan_of((enum toggle)which) :
					    NULL;

		kept = !plan ||
		       matcher_test(plan_matcher(plan), e, NULL, scratch);
		plan_free(plan);
	}
	match_scratch_free(scratch);
	return kept;
}

static void know(struct toggles *t, unsigned on, const struct snapshot *snap)
{
	if (!t->hides || t->of != snap->version) {
		free(t->hides);
		t->hides = mem_zero(snap->store->n + (size_t)1, 1);
		t->known = 0;
		t->of = snap->version;
	}
	for (unsigned which = 0; which < TOGGLE_COUNT; which++)
		if (on & ~t->known & 1u << which)
			ask(t, (enum toggle)which, snap);
}

bool toggles_known(const struct toggles *t, const struct snapshot *snap)
{
	return t->hides && t->of == snap->version &&
	       t->known == (1u << TOGGLE_COUNT) - 1;
}

bool toggles_step(struct toggles *t, const struct snapshot *snap)
{
	unsigned which = 0;

	if (toggles_known(t, snap))
		return false;
	while (t->of == snap->version && t->known & 1u << which)
		which++;
	know(t, 1u << which, snap);
	return true;
}

void toggles_hide(const struct toggles *t, unsigned on, struct rowset *rows)
{
	size_t kept = 0;

	if (!on)
		return;
	for (size_t i = 0; i < rows->n; i++)
		if (!(t->hides[rows->row[i]] & on))
			rows->row[kept++] = rows->row[i];
	rows->n = kept;
}

void toggles_apply(struct toggles *t, unsigned on, const struct snapshot *snap,
		   struct rowset *rows)
{
	size_t by[1 << TOGGLE_COUNT] = { 0 };

	memset(t->hidden, 0, sizeof(t->hidden));
	if (!on)
		return;
	know(t, on, snap);
	for (size_t i = 0; i < rows->n; i++)
		by[t->hides[rows->row[i]] & on]++;
	for (unsigned set = 0; set < 1u << TOGGLE_COUNT; set++)
		for (unsigned which = 0; which < TOGGLE_COUNT; which++)
			if (set & 1u << which)
				t->hidden[which] += by[set];
	toggles_hide(t, on, rows);
}
