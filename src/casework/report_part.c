/* SPDX-License-Identifier: MIT */
/* One incident of a report, for people. */
#include "casework/report_page.h"

#include "base/attr.h"
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

static void say_deed(struct page *g, const struct report_line *line)
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

/* Impact ---------------------------------------------------------------------- */

static bool succeeded(const struct touched *t)
{
	for (int i = 0; i < TOUCH_COUNT; i++)
		if (t->count[i])
			return true;
	return false;
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
	}
	if (t->denied)
		document_say(&g->d, "%s%u refused", any ? ", " : "", t->denied);
	if (t->shared_with.n) {
		document_say(&g->d, " with ");
		document_show(&g->d, t->shared_with);
	}
}

static void write_data(struct page *g, const struct report_part *p)
{
	static const char *const titles[] = {
		"Kind",    "Resource",   "By",    "How",
		"Objects", "Bytes read", "First", "Evidence of the first"
	};
	const struct store *s = g->r->terms.snap->store;
	size_t refused = 0, shown = 0;
	struct arena arena;

	arena_init(&arena);

	for (size_t i = 0; i < p->data.n; i++)
		refused += !succeeded(&p->data.touched[i]);
	if (p->data.n > refused)
		document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < p->data.n; i++) {
		const struct touched *t = &p->data.touched[i];

		if (!succeeded(t))
			continue;
		shown++;
		document_cell(&g->d);
		document_say(&g->d, "%s", t->kind);
		document_cell(&g->d);
		document_show(&g->d,
			      t->resource.n ? t->resource : STR("(not said)"));
		document_cell(&g->d);
		document_show(&g->d, actor_label(t->actor, &arena));
		arena_reset(&arena);
		document_cell(&g->d);
		say_touches(g, t);
		document_cell(&g->d);
		if (t->objects)
			document_say(&g->d, "%u", t->objects);
		document_cell(&g->d);
		if (t->bytes_out)
			document_say(&g->d, "%llu",
				     (unsigned long long)t->bytes_out);
		document_cell(&g->d);
		page_time(g, s->time[t->first]);
		document_cell(&g->d);
		page_event(g, t->first);
	}
	if (shown)
		document_close(&g->d);
	arena_release(&arena);
	document_paragraph(&g->d);
	if (!shown)
		document_say(&g->d, "No record shows that stored data was "
				    "read, written, deleted or shared. ");
	if (refused)
		document_say(&g->d, "Tried and refused: %zu more. ", refused);
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

/* What no call tells: a request, a flow, a finding. */
static void say_beside(struct page *g, const struct report_part *p, row_id row)
{
	if (kind_is_call(g->r->terms.snap->store->kind[row]))
		return;
	for (size_t i = 0; i < p->line_n; i++)
		if (p->line[i].first == row) {
			document_say(&g->d, "; ");
			say_deed(g, &p->line[i]);
			return;
		}
}

static void write_alert_item(struct page *g, const struct report_part *p,
			     uint32_t i)
{
	const struct alert *a = report_alert(g->r, p, i);
	const struct incident_alert *part = &p->incident->alert[i];

	document_item(&g->d);
	page_time(g, g->r->terms.snap->store->time[part->first]);
	document_say(&g->d, " ");
	page_rule_words(g, a->rule, a->rule->title);
	document_say(&g->d, " (%s", level_name(a->level));
	for (size_t k = 0; k < a->rule->technique_n; k++)
		document_say(&g->d, ", %s", a->rule->technique[k].text);
	document_say(&g->d, "; %zu event%s", part->events,
		     part->events == 1 ? "" : "s");
	if (!a->outcome[OUTCOME_OK])
		document_say(&g->d, ", none succeeded");
	document_say(&g->d, "): ");
	page_event(g, part->first);
	say_beside(g, p, part->first);
	for (size_t k = 0; k < a->notes.n && k < 2; k++) {
		document_say(&g->d, "; ");
		document_show(&g->d, a->notes.note[k]);
	}
	document_close(&g->d);
}

static void write_impact(struct page *g, const struct report_part *p)
{
	const tactic_set harm = TACTIC_BIT(TACTIC_IMPACT) |
				TACTIC_BIT(TACTIC_EXFILTRATION);
	size_t n = 0;

	document_heading(&g->d, g->level, "Impact on the service and its data");
	for (size_t k = 0; k < p->incident->alert_n; k++) {
		uint32_t i = p->by_step[k];
		const struct alert *a = report_alert(g->r, p, i);

		if (!(a->rule->tactics & harm) || a->level < LEVEL_MEDIUM)
			continue;
		if (!n++) {
			document_paragraph(&g->d);
			document_say(&g->d, "Signs of harm, or of data that "
					    "left:");
			document_close(&g->d);
		}
		write_alert_item(g, p, i);
	}
	if (!n) {
		document_paragraph(&g->d);
		document_say(&g->d, "No alert tells of harm or of data that "
				    "left.");
		document_close(&g->d);
	}
	document_paragraph(&g->d);
	document_say(&g->d, "Data that the identities of this incident touched "
			    "in its events:");
	document_close(&g->d);
	write_data(g, p);
}

/* Cause and path -------------------------------------------------------------- */

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

static void write_step(struct page *g, const struct report_part *p, size_t n)
{
	const struct report_step *step = &p->step[n];
	const struct incident *x = p->incident;
	size_t lower = 0;

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
	for (size_t i = 0; step->who != NODE_NONE && i < x->link_n; i++)
		if (x->link[i].with == step->who)
			write_link(g, &x->link[i]);
	for (uint32_t k = 0; k < step->n; k++) {
		uint32_t i = p->by_step[step->first + k];

		if (report_alert(g->r, p, i)->level >= LEVEL_MEDIUM ||
		    x->level < LEVEL_MEDIUM)
			write_alert_item(g, p, i);
		else
			lower++;
	}
	if (lower) {
		document_item(&g->d);
		document_say(&g->d, "And %zu alert%s of lower levels.", lower,
			     lower == 1 ? "" : "s");
		document_close(&g->d);
	}
}

static void write_path(struct page *g, const struct report_part *p)
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

/* What to do ------------------------------------------------------------------ */

static void write_credential(struct page *g, const struct report_part *p,
			     const struct credential *c, size_t number)
{
	node_id role = report_role(g->r, p, c);

	document_cell(&g->d);
	document_say(&g->d, "%zu", number);
	document_cell(&g->d);
	document_say(&g->d, "%s ", credential_kind_what(c->kind));
	page_node(g, c->node);
	if (c->id.n) {
		document_say(&g->d, " ");
		document_show(&g->d, c->id);
	}
	if (c->other) {
		document_say(&g->d, " lets in ");
		page_node(g, c->other);
	}
	document_cell(&g->d);
	if (role == NODE_NONE) {
		enum certainty certainty;

		role = lineage_origin(g->r->terms.snap->lineage, c->node,
				      &certainty);
	}
	page_node(g, role);
	document_cell(&g->d);
	if (c->until == TIME_NONE) {
		document_say(&g->d, "until it is revoked");
	} else {
		document_say(&g->d, "until ");
		page_time(g, c->until);
		if (c->at_most)
			document_say(&g->d, " at most");
	}
	if (c->n > 1)
		document_say(&g->d, ", %u sessions", c->n);
	if (c->rewritten)
		document_say(&g->d, "; written or deleted again later: look");
	document_say(&g->d, " (%s)",
		     certainty_name((enum certainty)c->certainty));
	document_cell(&g->d);
	document_say(&g->d, "%s", credential_kind_how(c->kind));
	document_cell(&g->d);
	page_event(g, c->row);
}

static void write_credentials(struct page *g, const struct report_part *p)
{
	static const char *const titles[] = {
		"No",       "Credential",       "Of",
		"Good for", "How to revoke it", "Evidence"
	};

	document_heading(&g->d, g->level + 1, "Revoke these credentials");
	if (!p->revoke.n) {
		document_paragraph(&g->d);
		document_say(&g->d, "None that the evidence knows of is still "
				    "good.");
		document_close(&g->d);
		return;
	}
	document_paragraph(&g->d);
	document_say(&g->d, "Good at the end of the evidence, ");
	page_time(g, p->revoke.end);
	document_say(&g->d,
		     ". Identities come before what they issued: a "
		     "session that is ended while its issuer lives is issued "
		     "again.");
	document_close(&g->d);
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (uint32_t i = 0; i < p->revoke.n; i++)
		write_credential(g, p, &p->revoke.credential[i], i + 1);
	document_close(&g->d);
}

static void write_kept(struct page *g, const struct report_part *p)
{
	static const char *const titles[] = { "Time",         "What",
					      "Name",         "By",
					      "Still there?", "Undone by",
					      "Evidence" };
	const struct store *s = g->r->terms.snap->store;
	const struct lineage *l = g->r->terms.snap->lineage;

	document_heading(&g->d, g->level + 1, "Undo what was made and changed");
	if (!p->kept.n) {
		document_paragraph(&g->d);
		document_say(&g->d, "No call of this incident made or changed "
				    "anything that outlives it.");
		document_close(&g->d);
		return;
	}
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < p->kept.n; i++) {
		const struct kept *k = &p->kept.kept[i];

		document_cell(&g->d);
		page_time(g, s->time[k->row]);
		document_cell(&g->d);
		document_say(&g->d, "%s", k->what);
		document_cell(&g->d);
		document_show(&g->d, k->name);
		document_cell(&g->d);
		if (l->acting[k->row])
			page_node(g, l->acting[k->row]);
		document_cell(&g->d);
		if (k->gone == ROW_NONE) {
			document_strong(&g->d, "yes");
		} else {
			document_say(&g->d, "no, since ");
			page_time(g, s->time[k->gone]);
		}
		document_cell(&g->d);
		document_say(&g->d, "%s", k->undone_by ? k->undone_by : "");
		document_cell(&g->d);
		page_event(g, k->row);
	}
	document_close(&g->d);
	document_paragraph(&g->d);
	if (p->kept.unread)
		document_say(&g->d,
			     "Records that could not be read again: "
			     "%zu. ",
			     p->kept.unread);
	document_say(&g->d,
		     "Keep a copy of what is evidence (code of "
		     "functions, disks and memory of instances) before it is "
		     "deleted.");
	document_close(&g->d);
}

static void write_mends(struct page *g, const struct report_part *p)
{
	document_heading(&g->d, g->level, "Mend before service resumes");
	if (!p->mend_n) {
		document_paragraph(&g->d);
		document_say(&g->d, "The rules that matched say nothing of "
				    "what made this possible.");
		document_close(&g->d);
	}
	for (size_t i = 0; i < p->mend_n; i++) {
		const struct report_mend *m = &p->mend[i];

		document_step(&g->d);
		page_rule_words(g, m->rule[0], m->text);
		document_say(&g->d, " (");
		for (size_t k = 0; k < m->rule_n && k < ARRAY_SIZE(m->rule);
		     k++) {
			document_say(&g->d, k ? "; " : "");
			page_rule_words(g, m->rule[k], m->rule[k]->title);
		}
		if (m->rule_n > ARRAY_SIZE(m->rule))
			document_say(&g->d, "; and %zu more",
				     m->rule_n - ARRAY_SIZE(m->rule));
		document_say(&g->d, ": ");
		page_event(g, m->row);
		document_say(&g->d, ")");
		document_close(&g->d);
	}
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
		say_deed(g, line);
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
			"in %u events of others, or from before: do not block it "
			"without a look",
			x->others);
		break;
	case STANDING_OWN:
		document_say(&g->d, "of an own network, by the site file");
		break;
	}
}

static void write_indicators(struct page *g, const struct report_part *p)
{
	static const char *const titles[] = { "Kind",  "Value", "Events",
					      "First", "Last",  "Standing" };
	const struct store *s = g->r->terms.snap->store;

	document_heading(&g->d, g->level, "Indicators");
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < p->indicator_n; i++) {
		const struct report_indicator *x = &p->indicator[i];

		document_cell(&g->d);
		document_say(&g->d, "%s", report_indicator_kind(x->column));
		document_cell(&g->d);
		document_show(&g->d, x->text);
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
	document_close(&g->d);
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
	write_impact(g, p);
	write_path(g, p);
	document_heading(&g->d, g->level, "To do now");
	write_credentials(g, p);
	write_kept(g, p);
	write_mends(g, p);
	write_timeline(g, p);
	write_indicators(g, p);
	write_techniques(g, p);
}
