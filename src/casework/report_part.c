/* SPDX-License-Identifier: MIT */
/* One incident of a report, for people. */
#include "casework/report_page.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "model/identity.h"
#include "store/whereabouts.h"

/* Deeds --------------------------------------------------------------------- */

/* The first of a line's names, and how many more there are. */
static void say_names(struct page *g, const struct report_line *line,
		      uint32_t most)
{
	uint32_t shown = line->names < most ? line->names : most;
	uint32_t left = line->names - shown + line->more_names;

	for (uint32_t i = 0; i < shown; i++) {
		document_say(&g->d, i ? ", " : "");
		document_show(&g->d, line->name[i]);
	}
	if (left)
		document_say(&g->d, " and %u other%s", left,
			     left == 1 ? "" : "s");
}

static void say_look(struct page *g, const struct report_line *line)
{
	document_say(&g->d, "looked around: ");
	say_names(g, line, REPORT_NAMES);
	document_say(&g->d, "; %u call%s", line->events,
		     line->events == 1 ? "" : "s");
	if (line->denied)
		document_say(&g->d, ", %u refused", line->denied);
	if (line->failed)
		document_say(&g->d, ", %u failed", line->failed);
}

void page_deed(struct page *g, const struct report_line *line)
{
	enum { SHOWN = 4 };

	if (line->look) {
		say_look(g, line);
		return;
	}
	for (uint32_t i = 0; i < line->deed.n; i++) {
		const struct deed_span *span = &line->deed.span[i];

		if (i == line->varies)
			say_names(g, line, SHOWN);
		else if (span->data)
			document_show(&g->d, span->text);
		else
			document_say(&g->d, "%.*s", STR_ARG(span->text));
	}
	if (line->events > 1)
		document_say(&g->d, "; %u events", line->events);
}

/* Timeline -------------------------------------------------------------------- */

static void write_timeline(struct page *g, const struct report_part *p)
{
	static const char *const titles[] = { "No",      "Time", "Who",
					      "From",    "What", "Alert",
					      "Evidence" };
	const struct store *s = g->r->terms.snap->store;

	document_heading(&g->d, g->level, "Timeline");
	document_paragraph(&g->d);
	document_say(&g->d,
		     "Times are in %s. The events of this incident that "
		     "raised alerts of level low or above, and what else its "
		     "identities called from the address that most alerts came "
		     "from. Calls that only ask are told together, and so are "
		     "those that differ by one name alone.",
		     g->style->zone->name);
	document_close(&g->d);
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < p->line_n; i++) {
		const struct report_line *line = &p->line[i];

		if (!line->shown)
			continue;
		document_cell(&g->d);
		document_say(&g->d, "%zu", i + 1);
		document_cell(&g->d);
		page_time(g, s->time[line->first]);
		if (s->time[line->last] - s->time[line->first] >= 1000) {
			document_say(&g->d, " to ");
			strbuf_clear(&g->text);
			time_format(&g->text, s->time[line->last], TIME_CLOCK,
				    g->style->zone);
			document_say(&g->d, "%s", g->text.p);
		}
		document_cell(&g->d);
		document_show(&g->d, line->who);
		document_cell(&g->d);
		document_show(&g->d, line->address);
		document_cell(&g->d);
		page_deed(g, line);
		document_cell(&g->d);
		if (line->level >= 0)
			document_say(&g->d, "%s",
				     level_name((enum level)line->level));
		document_cell(&g->d);
		page_evidence_of(g, line->first);
	}
	document_close(&g->d);
	if (!p->line_left && !p->rows_left && !p->rows_unread)
		return;
	document_paragraph(&g->d);
	if (p->line_left)
		document_say(&g->d,
			     "Left out here, being of lower levels: %zu lines; "
			     "the JSON form of this report has them. ",
			     p->line_left);
	if (p->rows_left)
		document_say(&g->d, "Events after these, not told: %u. ",
			     p->rows_left);
	if (p->rows_unread)
		document_say(&g->d,
			     "Records that could not be read again, and "
			     "are told by their columns alone: %u.",
			     p->rows_unread);
	document_close(&g->d);
}

/* Indicators and ATT&CK ------------------------------------------------------- */

static void say_standing(struct page *g, const struct report_indicator *x)
{
	switch (x->standing) {
	case STANDING_ONLY:
		document_say(&g->d, "seen in this incident alone");
		break;
	case STANDING_SHARED:
		document_say(
			&g->d,
			"in %u event%s of others, or from before: do not block "
			"it without a look",
			x->others, x->others == 1 ? "" : "s");
		break;
	case STANDING_OWN:
		document_say(&g->d, "of an own network, by the site file");
		break;
	}
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

/* The length of the unique id that begins there, 8-4-4-4-12, or 0. */
static size_t unique_id_at(struct str text, size_t at)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t n = sizeof(form) - 1;

	if (text.n - at < n)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (form[i] == '-' ? text.p[at + i] != '-' :
				     !is_hex(text.p[at + i]))
			return 0;
	return n;
}

/* Tools that put an id of each run into their name are one tool. */
static bool is_same_tool(struct str a, struct str b)
{
	size_t x = 0, y = 0;

	while (x < a.n && y < b.n) {
		size_t id = unique_id_at(a, x);

		if (id && unique_id_at(b, y)) {
			x += id;
			y += id;
		} else if (a.p[x++] != b.p[y++]) {
			return false;
		}
	}
	return x == a.n && y == b.n;
}

static void write_indicator(struct page *g, const struct report_indicator *x,
			    size_t alike)
{
	const struct store *s = g->r->terms.snap->store;

	document_cell(&g->d);
	document_say(&g->d, "%s", report_indicator_kind(x->column));
	document_cell(&g->d);
	document_show(&g->d, x->text);
	if (alike)
		document_say(&g->d, " and %zu that differ%s by an id alone",
			     alike, alike == 1 ? "s" : "");
	strbuf_clear(&g->text);
	if (x->column == EVENT_IP)
		store_tell_whereabouts(s, x->value, &g->text);
	if (x->column == EVENT_IP && g->text.n) {
		document_say(&g->d, " ");
		document_show(&g->d, strbuf_str(&g->text));
	}
	document_cell(&g->d);
	document_say(&g->d, "%u", x->events);
	document_cell(&g->d);
	page_time(g, s->time[x->first]);
	document_cell(&g->d);
	page_time(g, s->time[x->last]);
	document_cell(&g->d);
	say_standing(g, x);
}

static void write_indicators(struct page *g, const struct report_part *p)
{
	static const char *const titles[] = { "Kind",  "Value", "Events",
					      "First", "Last",  "Standing" };
	bool *told = mem_zero(p->indicator_n + 1, sizeof(*told));

	document_heading(&g->d, g->level, "Indicators");
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < p->indicator_n; i++) {
		struct report_indicator x = p->indicator[i];
		size_t alike = 0;

		if (told[i])
			continue;
		for (size_t k = i + 1;
		     x.column == EVENT_AGENT && k < p->indicator_n; k++) {
			const struct report_indicator *y = &p->indicator[k];

			if (told[k] || y->standing != x.standing ||
			    !is_same_tool(x.text, y->text))
				continue;
			told[k] = true;
			alike++;
			x.events += y->events;
			x.others += y->others;
			x.last = y->last > x.last ? y->last : x.last;
		}
		write_indicator(g, &x, alike);
	}
	document_close(&g->d);
	free(told);
}

static void write_techniques(struct page *g, const struct report_part *p)
{
	static const char *const titles[] = { "Technique", "Name",  "Tactics",
					      "Alerts",    "First", "Worst" };

	document_heading(&g->d, g->level, "ATT&CK " ATTACK_VERSION);
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < p->technique_n; i++) {
		const struct report_technique *t = &p->technique[i];
		tactic_set of = attack_technique_tactics(&t->id);
		bool any = false;

		document_cell(&g->d);
		document_say(&g->d, "%s", t->id.text);
		document_cell(&g->d);
		document_say(&g->d, "%s", attack_technique_title(&t->id));
		document_cell(&g->d);
		for (int k = 0; k < TACTIC_COUNT; k++)
			if (of & TACTIC_BIT(k)) {
				document_say(&g->d, "%s%s", any ? ", " : "",
					     attack_tactic_title(
						     (enum attack_tactic)k));
				any = true;
			}
		document_cell(&g->d);
		document_say(&g->d, "%zu", t->alerts);
		document_cell(&g->d);
		page_time(g, g->r->terms.snap->store->time[t->first]);
		document_cell(&g->d);
		document_say(&g->d, "%s", level_name(t->level));
	}
	document_close(&g->d);
	document_paragraph(&g->d);
	document_say(&g->d, "As a layer of the ATT&CK Navigator: ");
	document_show(&g->d, STR("trawl alerts --format navigator"));
	document_say(&g->d, ".");
	document_close(&g->d);
}

void page_part(struct page *g, const struct report_part *p)
{
	page_impact(g, p);
	page_path(g, p);
	page_todo(g, p);
	write_timeline(g, p);
	write_indicators(g, p);
	write_techniques(g, p);
}
