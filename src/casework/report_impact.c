/* SPDX-License-Identifier: MIT */
/* What an incident did to the service and its data, for people. */
#include "casework/report_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/mem.h"
#include "model/identity.h"

enum { SHOWN = 4 };

/* Resources of one kind that one actor touched alike from one address are a
 * row, unless they were shared: each of those matters. */
struct alike {
	const struct touched *of[SHOWN]; /* the first */
	struct touched sum;
	size_t n;
};

static unsigned touches_of(const struct touched *t)
{
	unsigned how = 0;

	for (int i = 0; i < TOUCH_COUNT; i++)
		how |= t->count[i] ? 1u << i : 0;
	return how;
}

static bool is_alike(const struct touched *a, const struct touched *b)
{
	return strcmp(a->kind, b->kind) == 0 && str_eq(a->actor, b->actor) &&
	       str_eq(a->address, b->address) &&
	       str_eq(a->account, b->account) &&
	       touches_of(a) == touches_of(b) && !a->count[TOUCH_SHARE];
}

static void add_alike(struct alike *a, const struct touched *t)
{
	if (a->n < SHOWN)
		a->of[a->n] = t;
	if (!a->n++) {
		a->sum = *t;
		return;
	}
	for (int i = 0; i < TOUCH_COUNT; i++)
		a->sum.count[i] += t->count[i];
	a->sum.denied += t->denied;
	a->sum.objects += t->objects;
	a->sum.bytes_out += t->bytes_out;
	if (t->first < a->sum.first)
		a->sum.first = t->first;
}

static size_t fold_data(const struct touched_data *data, struct alike *out)
{
	size_t n = 0;

	for (size_t i = 0; i < data->n; i++) {
		const struct touched *t = &data->touched[i];
		size_t k = 0;

		if (!touches_of(t))
			continue;
		while (k < n && !is_alike(out[k].of[0], t))
			k++;
		if (k == n)
			out[n++] = (struct alike){ .n = 0 };
		add_alike(&out[k], t);
	}
	return n;
}

static void say_touches(struct page *g, const struct touched *t)
{
	bool any = false;

	for (int i = 0; i < TOUCH_COUNT; i++) {
		if (!t->count[i])
			continue;
		document_say(&g->d, "%s%s %u time%s", any ? ", " : "",
			     touch_name((enum touch)i), t->count[i],
			     t->count[i] == 1 ? "" : "s");
		any = true;
		if (i == TOUCH_SHARE || i == TOUCH_COPY) {
			document_say(&g->d, "%s",
				     t->shared_with.n ? i == TOUCH_SHARE ?
							" with " :
							" to " :
							"");
			document_show(&g->d, t->shared_with);
		}
	}
	if (t->denied)
		document_say(&g->d, "%s%u refused", any ? ", " : "", t->denied);
}

static void write_alike(struct page *g, const struct alike *a)
{
	const struct store *s = g->r->terms.snap->store;
	const struct touched *t = &a->sum;
	struct arena arena;

	arena_init(&arena);
	document_cell(&g->d);
	document_say(&g->d, "%s", t->kind);
	document_cell(&g->d);
	for (size_t i = 0; i < a->n && i < SHOWN; i++) {
		document_say(&g->d, i ? ", " : "");
		document_show(&g->d, a->of[i]->resource.n ? a->of[i]->resource :
							    STR("(not said)"));
	}
	if (a->n > SHOWN)
		document_say(&g->d, " and %zu other%s", a->n - SHOWN,
			     a->n - SHOWN == 1 ? "" : "s");
	document_cell(&g->d);
	document_show(&g->d, actor_label(t->actor, &arena));
	arena_release(&arena);
	document_cell(&g->d);
	document_show(&g->d, t->address);
	document_cell(&g->d);
	say_touches(g, t);
	document_cell(&g->d);
	if (t->objects)
		document_say(&g->d, "%u", t->objects);
	document_cell(&g->d);
	if (t->bytes_out)
		document_say(&g->d, "%llu", (unsigned long long)t->bytes_out);
	document_cell(&g->d);
	page_time(g, s->time[t->first]);
	document_cell(&g->d);
	page_event(g, t->first);
}

static void write_data(struct page *g, const struct report_part *p)
{
	static const char *const titles[] = {
		"Kind",       "Resource", "By",
		"From",       "How",      "Objects",
		"Bytes read", "First",    "Evidence of the first"
	};
	struct alike *list = mem_alloc((p->data.n + 1) * sizeof(*list));
	size_t n = fold_data(&p->data, list), refused = 0;

	for (size_t i = 0; i < p->data.n; i++)
		refused += !touches_of(&p->data.touched[i]);
	if (n) {
		document_table(&g->d, titles, ARRAY_SIZE(titles));
		for (size_t i = 0; i < n; i++)
			write_alike(g, &list[i]);
		document_close(&g->d);
	}
	free(list);
	document_paragraph(&g->d);
	if (!n)
		document_say(&g->d, "No record shows that stored data was "
				    "read, written, deleted or shared. ");
	else
		document_say(&g->d, "What was touched alike is one row; the "
				    "JSON form of this report has each. ");
	if (refused)
		document_say(&g->d, "Tried without success: %zu more. ",
			     refused);
	if (p->data.unread)
		document_say(&g->d,
			     "Records that could not be read again: "
			     "%zu. ",
			     p->data.unread);
	document_say(&g->d,
		     "Bytes are those that records state. What a secret "
		     "or a key opens elsewhere, in a database, on a machine, "
		     "in another service, is in no CloudTrail record: take it "
		     "as reached.");
	document_close(&g->d);
}

static void write_harm(struct page *g, const struct report_part *p)
{
	const tactic_set harm = TACTIC_BIT(TACTIC_IMPACT) |
				TACTIC_BIT(TACTIC_EXFILTRATION);
	uint32_t *list = mem_alloc((p->incident->alert_n + 1) * sizeof(*list));
	size_t n = 0;

	for (size_t k = 0; k < p->incident->alert_n; k++) {
		const struct alert *a = report_alert(g->r, p, p->by_step[k]);

		if (a->rule->tactics & harm && a->level >= LEVEL_MEDIUM)
			list[n++] = p->by_step[k];
	}
	document_paragraph(&g->d);
	document_say(&g->d, n ? "Signs of harm, or of data that left:" :
				"No alert tells of harm or of data that "
				"left.");
	document_close(&g->d);
	page_alerts(g, p, list, n, NODE_NONE);
	free(list);
}

void page_impact(struct page *g, const struct report_part *p)
{
	document_heading(&g->d, g->level, "Impact on the service and its data");
	write_harm(g, p);
	document_paragraph(&g->d);
	document_say(&g->d, "Data that the identities of this incident touched "
			    "in its events:");
	document_close(&g->d);
	write_data(g, p);
}
