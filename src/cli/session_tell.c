/* SPDX-License-Identifier: MIT */
/* What a batch command says of its load on standard error, and what of it is
 * in its exit status. */
#include "cli/session_private.h"

#include <inttypes.h>
#include <string.h>

#include "casework/case_inputs.h"
#include "cli/cli.h"
#include "detect/indicator.h"
#include "ingest/unwrap.h"

enum { SHOWN_SKIPS = 10 };

void session_tell_undecided(struct session *s, const struct query_progress *p)
{
	if (!p->scan.unread && !p->gave_up)
		return;
	s->status = EXIT_SKIPPED;
	if (s->o->quiet)
		return;
	if (p->scan.unread)
		message(s->err, "%zu records could not be read again: %s",
			p->scan.unread, p->scan.why.msg);
	if (p->gave_up)
		message(s->err,
			"%" PRIu64 " times a regular expression of the filter "
			"was given up: it takes too long",
			p->gave_up);
}

/* Neither is what a rule could not decide. */
static void tell_rules_undecided(struct session *s)
{
	if (!s->snap->gave_up && !s->snap->left_out)
		return;
	s->status = EXIT_SKIPPED;
	if (s->snap->left_out && !s->o->quiet)
		message(s->err,
			"%" PRIu64 " events were too many for rules that "
			"look at several, so there may be alerts that are not "
			"told",
			s->snap->left_out);
	if (s->snap->gave_up && !s->o->quiet)
		message(s->err,
			"%" PRIu64 " times a regular expression of a rule was "
			"given up: it takes too long, so there may be alerts "
			"that are not told",
			s->snap->gave_up);
}

/* What lines were taken for: an address with a word before it is none. */
static void tell_indicators(const struct session *s)
{
	const struct indicators *x = investigation_indicators(s->inv);
	size_t of[INDICATOR_KIND_COUNT] = { 0 };
	struct strbuf text;

	if (!x || s->o->quiet)
		return;
	for (uint32_t i = 0; i < indicators_count(x); i++)
		of[indicators_at(x, i)->kind]++;
	strbuf_init(&text);
	for (int k = 0; k < INDICATOR_KIND_COUNT; k++)
		strbuf_addf(&text, "%s%s %zu", k ? ", " : "",
			    indicator_kind_name((enum indicator_kind)k), of[k]);
	message(s->err, "indicators by kind: %s", text.p);
	strbuf_release(&text);
}

/* "None" of what no rule looks for would be no answer. */
static void tell_technique(const struct session *s)
{
	const struct ruleset *rules = investigation_rules(s->inv);
	const struct technique_id *wanted = &s->o->technique;

	if (!s->o->has_technique || s->o->quiet)
		return;
	for (size_t i = 0; i < ruleset_count(rules); i++)
		if (rule_names_technique(
			    &ruleset_at(rules, (rule_index)i)->rule, wanted))
			return;
	message(s->err, "no rule names %s%s, so nothing is found by it",
		wanted->text,
		*attack_technique_title(wanted) ?
			"" :
			", which the table of ATT&CK does not have either");
}

/* What was loaded until a signal came is worth having. */
static void tell_stopped(const struct session *s)
{
	if (s->snap->store->partial)
		message(s->err,
			"stopped: what follows is of the %" PRIu32
			" events that were loaded until then",
			s->snap->store->n);
}

void session_tell_load(struct session *s)
{
	tell_indicators(s);
	tell_technique(s);
	tell_rules_undecided(s);
	tell_stopped(s);
}

void session_tell_untimed(const struct session *s)
{
	const struct store *store = s->snap->store;

	if (store->timed < store->n && !s->o->quiet)
		message(s->err,
			"events without a time that --since and --until leave "
			"out: %" PRIu32,
			store->n - store->timed);
}

void session_tell_rule_problems(struct session *s)
{
	size_t n;
	const struct rule_problem *p =
		ruleset_problems(investigation_rules(s->inv), &n);

	for (size_t i = 0; i < n; i++) {
		if (p[i].kind == PROBLEM_BROKEN)
			s->status = EXIT_SKIPPED;
		if (!s->o->quiet &&
		    (p[i].kind == PROBLEM_BROKEN ||
		     (p[i].kind == PROBLEM_WARNING && s->o->verbose)))
			message(s->err, "%s:%u: %.*s", p[i].file, p[i].line,
				STR_ARG(p[i].text));
	}
}

void session_tell_case(const struct session *s)
{
	struct strbuf text;

	if (!s->case_file || s->o->quiet)
		return;
	if (case_damaged(s->case_file))
		message(s->err, "%s: lines that cannot be read: %zu",
			case_path(s->case_file), case_damaged(s->case_file));
	if (s->muted_alerts.n)
		message(s->err, "alerts muted by %s: %zu%s",
			case_path(s->case_file), s->muted_alerts.n,
			s->o->command == SUB_ALERTS && !s->o->muted ?
				"; --muted lists them" :
				"");
	strbuf_init(&text);
	case_inputs_compare(s->case_file, s->snap->store->files, &text);
	if (text.n)
		message(s->err, "%s: %s", case_path(s->case_file), text.p);
	strbuf_release(&text);
}

static bool is_digest(const struct skip *k)
{
	return strcmp(k->reason, UNWRAP_DIGEST) == 0;
}

size_t session_digests(const struct session *s)
{
	const struct skips *skips = &s->snap->store->skips;
	size_t n = 0;

	for (size_t i = 0; i < skips->n; i++)
		n += is_digest(&skips->skip[i]);
	return n;
}

static void tell_skip(const struct session *s, const struct skip *k)
{
	const char *path = s->snap->store->files->entry[k->file].path;

	if (k->record)
		message(s->err,
			"%s: record %" PRIu64 " at byte %" PRIu64
			" skipped: %s",
			path, k->record, k->offset, k->reason);
	else
		message(s->err, "%s: %s", path, k->reason);
}

void session_tell_skips(const struct session *s)
{
	const struct skips *skips = &s->snap->store->skips;
	uint64_t told = 0, left = skips->unlisted;

	for (size_t i = 0; i < skips->n; i++) {
		const struct skip *k = &skips->skip[i];

		if (!s->o->verbose && is_digest(k))
			continue;
		if (s->o->verbose || told < SHOWN_SKIPS)
			tell_skip(s, k);
		else
			left++;
		told++;
	}
	if (left)
		message(s->err,
			"%" PRIu64 " more skipped; trawl summary --format "
			"json lists them",
			left);
}
