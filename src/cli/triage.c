/* SPDX-License-Identifier: MIT */
/* trawl triage: one page for a person who has to decide where to look. */
#include "cli/cli.h"
#include "cli/graph.h"
#include "cli/incidents.h"
#include "cli/session.h"
#include "identity/lineage.h"
#include "model/identity.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SHOWN_INCIDENTS = 5, SHOWN_ALERTS = 12, SHOWN_IDENTITIES = 8 };

static void heading(struct output *out, const char *text)
{
	output_format(out, "\n%s\n", text);
	for (size_t i = 0; text[i]; i++)
		output_format(out, "-");
	output_format(out, "\n");
}

static void write_loaded(struct session *s)
{
	const struct store *store = s->snap->store;
	const struct store_counts *c = &store->counts;
	int64_t first = TIME_NONE, last = TIME_NONE;
	struct strbuf text;

	strbuf_init(&text);
	strbuf_add_count(&text, store->n);
	strbuf_adds(&text, store->n == 1 ? " event in " : " events in ");
	strbuf_add_count(&text, c->files_read);
	strbuf_adds(&text, c->files_read == 1 ? " file, " : " files, ");
	store_span(store, &first, &last);
	time_format(&text, first, TIME_MINUTE, &s->o->zone);
	strbuf_adds(&text, " to ");
	time_format(&text, last, TIME_MINUTE, &s->o->zone);
	strbuf_addf(&text, " %s", s->o->zone.name);
	if (c->duplicates) {
		strbuf_adds(&text, "; ");
		strbuf_add_count(&text, c->duplicates);
		strbuf_adds(&text, " duplicates dropped");
	}
	if (c->rejected) {
		strbuf_adds(&text, "; ");
		strbuf_add_count(&text, c->rejected);
		strbuf_adds(&text, " records REJECTED");
	}
	if (store->partial)
		strbuf_adds(&text, "; the load was cut short");
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n");
	if (!s->all_rows)
		output_format(&s->out, "%zu of them selected\n", s->rows.n);
	strbuf_release(&text);
}

static void write_tactics(struct session *s)
{
	unsigned count[TACTIC_COUNT] = { 0 };
	enum level worst[TACTIC_COUNT] = { LEVEL_INFORMATIONAL };
	bool any = false;

	for (size_t i = 0; i < s->alerts.n; i++) {
		const struct alert *a = &s->alerts.alert[i];

		for (int t = 0; t < TACTIC_COUNT; t++) {
			if (!(a->rule->tactics & TACTIC_BIT(t)))
				continue;
			count[t]++;
			if (a->level > worst[t])
				worst[t] = a->level;
		}
	}
	heading(&s->out, "Alerts by tactic (ATT&CK " ATTACK_VERSION ")");
	for (int t = 0; t < TACTIC_COUNT; t++) {
		if (!count[t])
			continue;
		any = true;
		output_format(&s->out, "  %-22s %4u  worst: %s\n",
			      attack_tactic_title((enum attack_tactic)t),
			      count[t], level_name(worst[t]));
	}
	if (!any)
		output_format(&s->out, "  none\n");
}

/* Alerts that are one story, the heaviest first. */
static void write_incidents(struct session *s)
{
	size_t n;

	heading(&s->out, "Incidents");
	n = incidents_brief(s, SHOWN_INCIDENTS);
	if (n > SHOWN_INCIDENTS)
		output_format(&s->out,
			      "  and %zu more: trawl alerts --incidents\n",
			      n - SHOWN_INCIDENTS);
	if (!n)
		output_format(&s->out, "  none\n");
}

static void write_alert(struct session *s, const struct alert *a)
{
	struct strbuf text;

	strbuf_init(&text);
	strbuf_addf(&text, "  %c %3u  ", level_letter(a->level),
		    a->score.total);
	time_format(&text, s->snap->store->time[a->told], TIME_DATETIME,
		    &s->o->zone);
	strbuf_adds(&text, "  ");
	strbuf_add(&text, a->rule->title);
	if (a->own.n > 1)
		strbuf_addf(&text, " x%zu", a->own.n);
	if (a->actor_text.n) {
		strbuf_adds(&text, "  by ");
		strbuf_add(&text, actor_label(a->actor_text, &s->out.arena));
	}
	if (a->outcome[OUTCOME_OK] == 0)
		strbuf_adds(&text, a->outcome[OUTCOME_DENIED] ? " (denied)" :
								" (failed)");
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n");
	strbuf_release(&text);
}

static void write_alerts(struct session *s)
{
	heading(&s->out, "Highest alerts");
	for (size_t i = 0; i < s->alerts.n && i < SHOWN_ALERTS; i++)
		write_alert(s, &s->alerts.alert[i]);
	if (s->alerts.n > SHOWN_ALERTS)
		output_format(&s->out, "  and %zu more: trawl alerts\n",
			      s->alerts.n - SHOWN_ALERTS);
	if (s->muted_alerts.n)
		output_format(&s->out, "  muted by the case: %zu\n",
			      s->muted_alerts.n);
	if (!s->alerts.n)
		output_format(&s->out,
			      "  none. No alert is not no attack: see what the "
			      "evidence holds, trawl coverage\n");
}

/* An actor with what its alerts come to. */
struct alarmed {
	uint32_t actor;
	unsigned alerts, best;
	size_t rows;
	row_id first_row;
};

static int compare_alarmed(const void *x, const void *y)
{
	const struct alarmed *a = x, *b = y;

	if (a->best != b->best)
		return a->best > b->best ? -1 : 1;
	if (a->alerts != b->alerts)
		return a->alerts > b->alerts ? -1 : 1;
	return a->first_row < b->first_row ? -1 : a->first_row > b->first_row;
}

static struct alarmed *find_alarmed(const struct session *s, size_t *n)
{
	struct alarmed *list = mem_alloc((s->alerts.n + 1) * sizeof(*list));
	/* By actor: its number in the list, and one. */
	size_t *listed = mem_zero(s->snap->store->values[EVENT_ACTOR],
				  sizeof(*listed));

	*n = 0;
	for (size_t i = 0; i < s->alerts.n; i++) {
		const struct alert *a = &s->alerts.alert[i];
		size_t k;

		/* Nobody acts in a request, a flow, a finding. */
		if (!a->actor)
			continue;
		if (!listed[a->actor]) {
			list[*n] = (struct alarmed){
				.actor = a->actor, .first_row = a->own.row[0]
			};
			listed[a->actor] = ++*n;
		}
		k = listed[a->actor] - 1;
		list[k].alerts++;
		list[k].rows += a->own.n;
		if (a->score.total > list[k].best)
			list[k].best = a->score.total;
		if (a->own.row[0] < list[k].first_row)
			list[k].first_row = a->own.row[0];
	}
	free(listed);
	qsort(list, *n, sizeof(*list), compare_alarmed);
	return list;
}

/* As their own account calls them. */
static struct str label_of(struct session *s, const struct alarmed *x)
{
	const struct store *store = s->snap->store;
	row_id row = lineage_own_row(s->snap->lineage, x->first_row);

	return actor_label(store_text(store, EVENT_ACTOR, row), &s->out.arena);
}

static bool shares_name(struct session *s, const struct alarmed *list, size_t n,
			size_t i)
{
	for (size_t k = 0; k < n; k++)
		if (k != i &&
		    str_eq(label_of(s, &list[k]), label_of(s, &list[i])))
			return true;
	return false;
}

/* "came of instance i-1 (certain)"; of a user's own console or key nothing,
 * which the name says. */
static void tell_origin(struct session *s, node_id acting, struct str label,
			struct strbuf *text)
{
	const struct lineage *l = s->snap->lineage;
	enum certainty certainty;
	node_id origin = lineage_origin(l, acting, &certainty);
	struct strbuf name;

	if (origin == acting || lineage_parent(l, acting)->kind == EDGE_OWNS)
		return;
	strbuf_init(&name);
	node_describe(l, origin, &name);
	if (!str_ends(strbuf_str(&name), label)) {
		strbuf_adds(text, ", came of ");
		strbuf_add(text, strbuf_str(&name));
		strbuf_addf(text, " (%s)", certainty_name(certainty));
	}
	strbuf_release(&name);
}

static void write_identity(struct session *s, const struct alarmed *list,
			   size_t n, size_t i)
{
	const struct store *store = s->snap->store;
	node_id acting = s->snap->lineage->acting[list[i].first_row];
	struct rowset all = store_rows(store, EVENT_ACTOR, list[i].actor);
	struct str label = label_of(s, &list[i]);
	struct str account = store_text(store, EVENT_ACCOUNT,
					list[i].first_row);
	struct strbuf text;

	strbuf_init(&text);
	strbuf_adds(&text, "  ");
	strbuf_add(&text, label);
	if (account.n && shares_name(s, list, n, i)) {
		strbuf_adds(&text, " of ");
		strbuf_add(&text, account);
	}
	strbuf_addf(&text, "  %u alert%s, %zu event%s", list[i].alerts,
		    list[i].alerts == 1 ? "" : "s", all.n,
		    all.n == 1 ? "" : "s");
	tell_origin(s, acting, label, &text);
	strbuf_adds(&text, ", ");
	if (!graph_tell_break_glass(s, acting, &text))
		strbuf_truncate(&text, text.n - 2);
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n");
	strbuf_release(&text);
}

/* Who is alerted most, and whose they really are. */
static void write_identities(struct session *s)
{
	size_t n;
	struct alarmed *list = find_alarmed(s, &n);

	heading(&s->out, "Identities behind them");
	for (size_t i = 0; i < n && i < SHOWN_IDENTITIES; i++)
		write_identity(s, list,
			       n < SHOWN_IDENTITIES ? n : SHOWN_IDENTITIES, i);
	if (!n)
		output_format(&s->out, "  none\n");
	free(list);
}

/* What comes from a log or a command line and is to be typed again is shown
 * only when no shell sees anything in it. */
static bool is_plain(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789:/._@+=,-",
			    word.p[i]))
			return false;
	return word.n && word.p[0] != '-';
}

static void write_command(struct session *s, struct str command, struct str id,
			  const char *why)
{
	struct strbuf text;

	strbuf_init(&text);
	strbuf_adds(&text, "  ");
	strbuf_add(&text, command);
	if (id.n) {
		strbuf_addc(&text, ' ');
		strbuf_add(&text, id);
	}
	for (size_t i = 0; i < s->o->path_n; i++) {
		struct str path = str_of(s->o->path[i]);

		strbuf_addc(&text, ' ');
		strbuf_add(&text, is_plain(path) ? path : STR("PATH"));
	}
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n      %s\n", why);
	strbuf_release(&text);
}

/* Three commands to go on with. */
static void write_first(struct session *s)
{
	const struct lineage *l = s->snap->lineage;
	const struct alert *a = s->alerts.n ? &s->alerts.alert[0] : NULL;
	enum certainty certainty;
	struct strbuf event;
	struct str who;

	if (!a)
		return;
	heading(&s->out, "To look at first");
	write_command(s, STR("trawl report --incident 1"), STR_NULL,
		      "the first incident: what was touched, how, what to "
		      "revoke and undo");
	strbuf_init(&event);
	store_id_text(s->snap->store, a->told, &event);
	if (is_plain(strbuf_str(&event)))
		write_command(s, STR("trawl events --around"),
			      strbuf_str(&event),
			      "what happened around the highest alert");
	strbuf_release(&event);
	who = lineage_id(l, lineage_origin(l, l->acting[a->told], &certainty));
	if (is_plain(who))
		write_command(
			s, STR("trawl walk"), who,
			"what whoever is behind it did, left and reached");
}

static void write_advice(struct session *s)
{
	const struct coverage *c = session_coverage(s);
	size_t stopped = 0;

	heading(&s->out, "To keep in mind");
	session_tell_lacks(s);
	for (size_t i = 0; i < c->change_n; i++)
		stopped += c->change[i].call->effect == COVERAGE_STOPPED &&
			   store_outcome(c->store, c->change[i].row) ==
				   OUTCOME_OK;
	if (stopped)
		output_format(&s->out,
			      "  Calls that stopped logging or deleted logs: "
			      "%zu; trawl coverage lists them.\n",
			      stopped);
	if (c->hole_n)
		output_format(&s->out,
			      "  Holes in logs that otherwise have events all "
			      "the time: %zu; trawl coverage draws them.\n",
			      c->hole_n);
	if (session_digests(s))
		output_format(&s->out,
			      "  Digests of CloudTrail: %zu; trawl verify "
			      "checks the logs against them.\n",
			      session_digests(s));
	else
		output_format(&s->out,
			      "  No digest of CloudTrail is here: that logs "
			      "are what was delivered cannot be checked.\n");
}

int cli_triage(const struct options *o, FILE *out, FILE *err_file)
{
	struct session s;
	struct err err;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	write_loaded(&s);
	write_incidents(&s);
	write_first(&s);
	write_tactics(&s);
	write_alerts(&s);
	write_identities(&s);
	write_advice(&s);
	session_fail_on(&s);
	return session_close(&s);
}
