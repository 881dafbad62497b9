/* SPDX-License-Identifier: MIT */
/* How an incident went, identity by identity, for people. */
#include "casework/report_page.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "model/identity.h"

/* Alerts of one rule on calls are told as one; what is no call says more than
 * its rule does. */
struct telling_alerts {
	struct page *g;
	const struct report_part *p;
	const uint32_t *list;
	size_t n;
	bool *told;
	node_id who; /* whose step it is: that he did it goes without saying */
};

static bool is_told_with(const struct telling_alerts *t, uint32_t a, uint32_t b)
{
	const struct store *s = t->g->r->terms.snap->store;

	return a == b ||
	       (report_alert(t->g->r, t->p, a)->rule ==
			report_alert(t->g->r, t->p, b)->rule &&
		kind_is_call(s->kind[t->p->incident->alert[a].first]) &&
		kind_is_call(s->kind[t->p->incident->alert[b].first]));
}

/* What a request, a flow, a finding tells. */
static void say_beside(const struct telling_alerts *t, row_id row)
{
	if (kind_is_call(t->g->r->terms.snap->store->kind[row]))
		return;
	for (size_t i = 0; i < t->p->line_n; i++)
		if (t->p->line[i].first == row) {
			document_say(&t->g->d, "; ");
			page_deed(t->g, &t->p->line[i]);
			return;
		}
}

/* Of a correlation how much in how long; whose and where the step says, and of
 * several kinds that they came the title does. */
static void say_notes(struct page *g, const struct alert *a)
{
	for (size_t k = 0; k < a->notes.n && k < 2; k++) {
		struct str note = a->notes.note[k];

		if (a->rule->correlation) {
			note = str_sub(note, 0, str_find_char(note, ';', 0));
			if (str_find(note, STR(" kinds "), 0) != SIZE_MAX)
				continue;
		}
		document_say(&g->d, "; ");
		document_show(&g->d, note);
	}
}

/* Who they are, where they are several, or others than whose step it is. */
static void say_actors(const struct telling_alerts *t, size_t from)
{
	enum { SHOWN = 3 };
	const struct report *r = t->g->r;
	struct str seen[SHOWN + 1];
	size_t n = 0, more = 0;
	struct arena arena;

	arena_init(&arena);
	for (size_t i = from; i < t->n; i++) {
		const struct alert *a = report_alert(r, t->p, t->list[i]);
		struct str label = actor_label(a->actor_text, &arena);
		size_t k = 0;

		if (!a->actor || !is_told_with(t, t->list[from], t->list[i]))
			continue;
		while (k < n && !str_eq(seen[k], label))
			k++;
		if (k < n)
			continue;
		if (n < SHOWN)
			seen[n++] = label;
		else
			more++;
	}
	if (n > 1 || (n && t->who == NODE_NONE)) {
		document_say(&t->g->d, "; by ");
		for (size_t k = 0; k < n; k++) {
			document_say(&t->g->d, k ? ", " : "");
			document_show(&t->g->d, seen[k]);
		}
		if (more)
			document_say(&t->g->d, " and others");
	}
	arena_release(&arena);
}

static void write_alert(const struct telling_alerts *t, size_t from)
{
	struct page *g = t->g;
	const struct alert *first = report_alert(g->r, t->p, t->list[from]);
	const struct incident_alert *part =
		&t->p->incident->alert[t->list[from]];
	enum level level = first->level;
	size_t events = 0, ok = 0;

	for (size_t i = from; i < t->n; i++) {
		const struct alert *a = report_alert(g->r, t->p, t->list[i]);

		if (!is_told_with(t, t->list[from], t->list[i]))
			continue;
		t->told[i] = true;
		events += t->p->incident->alert[t->list[i]].events;
		ok += a->outcome[OUTCOME_OK];
		if (a->level > level)
			level = a->level;
	}
	document_item(&g->d);
	page_time(g, g->r->terms.snap->store->time[part->first]);
	document_say(&g->d, " ");
	page_rule_words(g, first->rule, first->rule->title);
	document_say(&g->d, " (%s", level_name(level));
	for (size_t k = 0; k < first->rule->technique_n; k++)
		document_say(&g->d, ", %s", first->rule->technique[k].text);
	document_say(&g->d, "; %zu event%s", events, events == 1 ? "" : "s");
	if (!ok)
		document_say(&g->d, ", none succeeded");
	document_say(&g->d, "): ");
	page_event(g, part->first);
	say_actors(t, from);
	say_beside(t, part->first);
	say_notes(g, first);
	document_close(&g->d);
}

void page_alerts(struct page *g, const struct report_part *p,
		 const uint32_t *list, size_t n, node_id who)
{
	struct telling_alerts t = { g, p, list, n, mem_zero(n + 1, 1), who };

	for (size_t i = 0; i < n; i++)
		if (!t.told[i])
			write_alert(&t, i);
	free(t.told);
}

/* Steps ----------------------------------------------------------------------- */

static void write_link(struct page *g, const struct incident_link *link)
{
	const struct store *s = g->r->terms.snap->store;

	document_item(&g->d);
	page_time(g, s->time[link->row]);
	document_say(&g->d, " Link, %s: ",
		     certainty_name(incident_link_certainty(link)));
	page_node(g, link->edge->from);
	document_say(&g->d, " %s ",
		     edge_kind_verb((enum edge_kind)link->edge->kind));
	page_node(g, link->edge->to);
	document_say(&g->d, "; %s", incident_why_text(link->why));
	if (link->why == INCIDENT_HINT) {
		document_say(&g->d, " ");
		document_show(&g->d, store_text(s, EVENT_IP, link->row));
	}
	document_say(&g->d, ": ");
	page_event(g, link->row);
	document_close(&g->d);
}

/* What only informs is told where there is nothing else: an incident does not
 * begin with it. */
static bool is_told(const struct incident *x, enum level level)
{
	return level >= LEVEL_MEDIUM ||
	       (x->level < LEVEL_MEDIUM && (level > LEVEL_INFORMATIONAL ||
					    x->level == LEVEL_INFORMATIONAL));
}

/* The alerts of a step that are told, in order of time; how many there are of
 * lower levels. */
static size_t choose_alerts(const struct page *g, const struct report_part *p,
			    const struct report_step *step, uint32_t *out,
			    size_t *lower)
{
	size_t n = 0;

	*lower = 0;
	for (uint32_t k = 0; k < step->n; k++) {
		uint32_t i = p->by_step[step->first + k];

		if (is_told(p->incident, report_alert(g->r, p, i)->level))
			out[n++] = i;
		else
			++*lower;
	}
	return n;
}

/* What linked it to the others before it began, and what did after. */
static void write_links(struct page *g, const struct incident *x,
			const struct report_step *step, bool after)
{
	const int64_t *time = g->r->terms.snap->store->time;

	for (size_t i = 0; step->who != NODE_NONE && i < x->link_n; i++)
		if (x->link[i].with == step->who &&
		    (time[x->link[i].row] > time[step->begun]) == after)
			write_link(g, &x->link[i]);
}

static void write_step(struct page *g, const struct report_part *p, size_t n)
{
	const struct report_step *step = &p->step[n];
	const struct incident *x = p->incident;
	uint32_t *list = mem_alloc(((size_t)step->n + 1) * sizeof(*list));
	size_t lower, alerts = choose_alerts(g, p, step, list, &lower);

	document_paragraph(&g->d);
	strbuf_clear(&g->text);
	strbuf_addf(&g->text, "Step %zu.", n + 1);
	document_strong(&g->d, g->text.p);
	document_say(&g->d, " ");
	page_time(g, g->r->terms.snap->store->time[step->begun]);
	document_say(&g->d, ": ");
	if (step->who == NODE_NONE)
		document_say(&g->d, "nobody that the evidence names");
	else
		page_node(g, step->who);
	document_close(&g->d);
	write_links(g, x, step, false);
	page_alerts(g, p, list, alerts, step->who);
	write_links(g, x, step, true);
	free(list);
	if (lower) {
		document_item(&g->d);
		document_say(&g->d, "And %zu alert%s of lower levels.", lower,
			     lower == 1 ? "" : "s");
		document_close(&g->d);
	}
}

void page_path(struct page *g, const struct report_part *p)
{
	document_heading(&g->d, g->level, "Cause and path");
	document_paragraph(&g->d);
	document_say(&g->d,
		     "The identities in the order in which their first "
		     "alerts came, each with what links it to the others, "
		     "and what was found. The first step is the earliest sign "
		     "in the evidence, which need not be the first contact.");
	document_close(&g->d);
	for (size_t i = 0; i < p->step_n; i++)
		write_step(g, p, i);
}
