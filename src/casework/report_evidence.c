/* SPDX-License-Identifier: MIT */
/* What a report says of the evidence itself, and of the case. */
#include "casework/report_page.h"

#include <inttypes.h>

#include "base/attr.h"
#include "model/identity.h"

enum { LISTED = 50, LISTED_SKIPS = 100, LISTED_INPUTS = 5000 };

/* Holds and lacks ------------------------------------------------------------- */

static void item_of(struct page *g, struct str words)
{
	document_item(&g->d);
	document_say(&g->d, "%.*s", STR_ARG(words));
	document_close(&g->d);
}

/* Sentences name accounts and services, which logs have: they are data. */
static void write_lack(void *context, struct str sentence)
{
	struct page *g = context;

	document_item(&g->d);
	document_show(&g->d, sentence);
	document_close(&g->d);
}

static void write_lacks(struct page *g)
{
	coverage_lacks(g->r->terms.coverage, write_lack, g);
	item_of(g, STR("What a shell on a machine did, what a database was "
		       "asked, what a function did inside itself, and the "
		       "theft of credentials from a machine leave no record "
		       "of CloudTrail."));
	item_of(g, STR("CloudTrail's times are those of the request's end, to "
		       "the second: what came first within a second is not "
		       "known."));
}

static void write_holes(struct page *g)
{
	static const char *const titles[] = { "Account", "Region", "From",
					      "Until" };
	const struct coverage *c = g->r->terms.coverage;

	if (!c->hole_n)
		return;
	document_paragraph(&g->d);
	document_say(&g->d,
		     "Holes in logs that otherwise have events all the "
		     "time: %zu.",
		     c->hole_n);
	document_close(&g->d);
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < c->hole_n && i < LISTED; i++) {
		const struct coverage_hole *h = &c->hole[i];

		document_cell(&g->d);
		document_show(&g->d, c->place[h->place].account_text);
		document_cell(&g->d);
		document_show(&g->d, c->place[h->place].region_text);
		document_cell(&g->d);
		page_time(g, h->from);
		document_cell(&g->d);
		page_time(g, h->until);
		if (h->after == ROW_NONE)
			document_say(&g->d, ", the end of the evidence");
	}
	document_close(&g->d);
}

static void write_changes(struct page *g)
{
	static const char *const titles[] = { "Time", "Call",    "Effect",
					      "Who",  "Outcome", "Evidence" };
	const struct coverage *c = g->r->terms.coverage;
	const struct store *s = c->store;
	struct arena arena;

	if (!c->change_n)
		return;
	arena_init(&arena);
	document_paragraph(&g->d);
	document_say(&g->d, "Calls that change what is recorded: %zu.",
		     c->change_n);
	document_close(&g->d);
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < c->change_n && i < LISTED; i++) {
		const struct coverage_change *x = &c->change[i];

		document_cell(&g->d);
		page_time(g, s->time[x->row]);
		document_cell(&g->d);
		document_show(&g->d, store_text(s, EVENT_NAME, x->row));
		document_cell(&g->d);
		document_say(&g->d, "%s: %s",
			     coverage_effect_name(x->call->effect),
			     x->call->log);
		document_cell(&g->d);
		document_show(&g->d,
			      actor_label(store_text(s, EVENT_ACTOR, x->row),
					  &arena));
		arena_reset(&arena);
		document_cell(&g->d);
		document_say(&g->d, "%s",
			     event_outcome_name(store_outcome(s, x->row)));
		document_cell(&g->d);
		page_event(g, x->row);
	}
	arena_release(&arena);
	document_close(&g->d);
}

static void write_loaded(struct page *g)
{
	const struct snapshot *snap = g->r->terms.snap;
	const struct store_counts *c = &snap->store->counts;
	int64_t first = TIME_NONE, last = TIME_NONE;

	document_paragraph(&g->d);
	document_say(&g->d,
		     "Loaded: %" PRIu32 " events, from %" PRIu64
		     " files; records found %" PRIu64 ", dropped as duplicates "
		     "%" PRIu64 ", rejected %" PRIu64 ". ",
		     snap->store->n, c->files_read, c->records, c->duplicates,
		     c->rejected);
	if (store_span(snap->store, &first, &last)) {
		document_say(&g->d, "They are of ");
		page_time(g, first);
		document_say(&g->d, " to ");
		page_time(g, last);
		document_say(&g->d, ". ");
	}
	if (snap->store->partial)
		document_strong(&g->d, "The load was cut short: this is a part "
				       "of the evidence. ");
	if (snap->gave_up || snap->left_out)
		document_say(&g->d,
			     "Rules that could not be decided: a "
			     "regular expression was given up %" PRIu64
			     " times, %" PRIu64 " events were too many for "
			     "correlations; there may be alerts that are not "
			     "told. ",
			     snap->gave_up, snap->left_out);
	if (snap->store->timed < snap->store->n)
		document_say(&g->d, "Events without a time: %" PRIu32 ".",
			     snap->store->n - snap->store->timed);
	document_close(&g->d);
}

/* Integrity ------------------------------------------------------------------- */

static void write_states(struct page *g, const struct verify_result *v)
{
	static const char *const titles[] = { "State", "Things",
					      "What that means" };

	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (int i = 0; i < VERIFY_STATE_COUNT; i++) {
		enum verify_state state = (enum verify_state)i;

		if (!v->of[i])
			continue;
		document_cell(&g->d);
		document_say(&g->d, "%s", verify_state_name(state));
		document_cell(&g->d);
		document_say(&g->d, "%" PRIu64, v->of[i]);
		document_cell(&g->d);
		document_say(&g->d, "%s", verify_state_help(state));
	}
	document_close(&g->d);
}

static void write_wrong(struct page *g, const struct verify_result *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		const struct verify_item *m = &v->item[i];

		if (!verify_state_is_wrong(m->state) || n++ >= LISTED)
			continue;
		document_item(&g->d);
		document_say(&g->d, "%s: ", verify_state_name(m->state));
		if (m->file != VERIFY_NONE)
			document_show(&g->d,
				      str_of(v->files->entry[m->file].path));
		else if (m->object.n)
			document_show(&g->d, m->object);
		else
			page_time(g, m->first);
		if (m->detail.n) {
			document_say(&g->d, "; ");
			document_show(&g->d, m->detail);
		}
		document_close(&g->d);
	}
	if (n > LISTED) {
		document_item(&g->d);
		document_say(&g->d, "and %zu more: trawl verify lists them",
			     n - LISTED);
		document_close(&g->d);
	}
}

static void write_integrity(struct page *g)
{
	const struct report *r = g->r;

	document_heading(&g->d, 2, "Integrity of the logs");
	document_paragraph(&g->d);
	if (!crypto_exists())
		document_say(&g->d,
			     "This trawl was built without libcrypto: "
			     "neither sums of files nor CloudTrail's digests "
			     "could be checked.");
	else if (!r->verified)
		document_say(&g->d,
			     "No digest of CloudTrail is among the "
			     "files: that the logs are what was delivered "
			     "cannot be checked. The sums below say what was "
			     "looked at, not where it came from.");
	else
		document_say(&g->d,
			     "Digests: %" PRIu64 ", logs: %" PRIu64 ". %s",
			     r->verify.digests, r->verify.logs,
			     r->verify.keys ?
				     "Signatures were checked with the keys "
				     "that were given." :
				     "No public key was given: what agrees "
				     "could have been made up by whoever can "
				     "write to the bucket.");
	document_close(&g->d);
	if (r->verified) {
		write_states(g, &r->verify);
		write_wrong(g, &r->verify);
	}
}

/* The case -------------------------------------------------------------------- */

static void say_author(struct page *g, const struct case_item *x)
{
	document_say(&g->d, " (");
	document_quote(&g->d, x->author);
	if (x->time != TIME_NONE) {
		document_say(&g->d, ", ");
		page_time(g, x->time);
	}
	document_say(&g->d, ")");
}

static void say_event(struct page *g, const struct case_event *e)
{
	const struct store *s = g->r->terms.snap->store;
	row_id row = e->id.n ? store_find_id(s, e->id, ROW_NONE) : ROW_NONE;

	if (!e->id.n)
		return;
	if (row != ROW_NONE) {
		page_time(g, s->time[row]);
		document_say(&g->d, " ");
		document_show(&g->d, store_text(s, EVENT_NAME, row));
		document_say(&g->d, ", ");
		page_event(g, row);
	} else {
		document_show(&g->d, e->id);
		document_say(&g->d, " (not in the loaded evidence)");
	}
	document_say(&g->d, ": ");
}

static void write_item(struct page *g, const struct case_item *x)
{
	document_item(&g->d);
	switch (x->kind) {
	case CASE_DISPOSITION:
		document_quote(&g->d, x->title.n ? x->title : x->rule_id);
		document_say(&g->d, " by ");
		document_show(&g->d, x->actor);
		document_say(&g->d, ": %s", disposition_words(x->disposition));
		break;
	case CASE_EVIDENCE:
		page_time(g, x->event.time);
		document_say(&g->d, " ");
		document_quote(&g->d, x->text);
		if (x->name.n) {
			document_say(&g->d, ", seen in ");
			document_quote(&g->d, x->name);
		}
		break;
	default:
		say_event(g, &x->event);
		if (x->incident.n && !x->event.id.n) {
			document_say(&g->d, "incident ");
			document_show(&g->d, x->incident);
			document_say(&g->d, ": ");
		}
		document_quote(&g->d, x->text);
		break;
	}
	say_author(g, x);
	document_close(&g->d);
}

static void write_case(struct page *g)
{
	static const struct {
		enum case_kind kind;
		const char *title;
	} lists[] = {
		{ CASE_TEXT, "Notes of the case" },
		{ CASE_NOTE, "Notes" },
		{ CASE_DISPOSITION, "Dispositions of alerts" },
		{ CASE_EVIDENCE, "Evidence from outside the logs" },
		{ CASE_STAR, "Starred events" },
		{ CASE_LABEL, "Labels" },
	};

	if (!g->style->book)
		return;
	document_heading(&g->d, 2, "What the analysts say");
	document_paragraph(&g->d);
	document_say(&g->d, "From the case file: what people wrote, which "
			    "nothing here checks.");
	if (g->style->muted)
		document_say(&g->d,
			     " Alerts that the case mutes, and that "
			     "this report leaves out: %zu.",
			     g->style->muted);
	document_close(&g->d);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		const struct case_list *list = case_book_list(g->style->book,
							      lists[i].kind);

		if (!list->n)
			continue;
		document_heading(&g->d, 3, "%s", lists[i].title);
		for (size_t k = 0; k < list->n; k++)
			write_item(g, &list->item[k]);
	}
}

/* Inputs ---------------------------------------------------------------------- */

static void write_inputs(struct page *g)
{
	static const char *const titles[] = {
		"No", "File", "Bytes", "Records", "Rejected", "SHA-256"
	};
	const struct report *r = g->r;
	const struct files *files = r->terms.snap->store->files;

	document_heading(&g->d, 2, "Inputs");
	document_paragraph(&g->d);
	if (crypto_exists())
		document_say(&g->d,
			     "SHA-256 is of each file's bytes as they "
			     "lay on the disk when the report was made.");
	else
		document_say(&g->d, "No sums: this trawl was built without "
				    "libcrypto.");
	document_close(&g->d);
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < r->input_n && i < LISTED_INPUTS; i++) {
		const struct report_input *in = &r->input[i];
		const struct file_entry *e = &files->entry[in->file];

		document_cell(&g->d);
		document_say(&g->d, "%zu", i + 1);
		document_cell(&g->d);
		document_show(&g->d, str_of(e->path));
		document_cell(&g->d);
		document_say(&g->d, "%" PRIu64, e->bytes);
		document_cell(&g->d);
		document_say(&g->d, "%" PRIu64, e->records);
		document_cell(&g->d);
		document_say(&g->d, "%" PRIu64, e->rejected);
		document_cell(&g->d);
		strbuf_clear(&g->text);
		if (in->summed)
			sha256_print(&g->text, &in->sum);
		else
			strbuf_adds(&g->text,
				    crypto_exists() ?
					    "could not be read again" :
					    "-");
		document_say(&g->d, "%s", g->text.p);
	}
	document_close(&g->d);
	if (r->input_n > LISTED_INPUTS) {
		document_paragraph(&g->d);
		document_say(&g->d,
			     "And %zu more; the JSON form of this "
			     "report lists all of them.",
			     r->input_n - LISTED_INPUTS);
		document_close(&g->d);
	}
}

static void write_skips(struct page *g)
{
	static const char *const titles[] = { "File", "Record", "Byte", "Why" };
	const struct store *s = g->r->terms.snap->store;

	document_heading(&g->d, 2, "Skipped records and files");
	document_paragraph(&g->d);
	document_say(&g->d,
		     "Lost: %" PRIu64 ". Listed are also files that are "
		     "no logs, and digests, which are checked apart.",
		     skips_lost(&s->skips));
	document_close(&g->d);
	if (!s->skips.n)
		return;
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < s->skips.n && i < LISTED_SKIPS; i++) {
		const struct skip *k = &s->skips.skip[i];

		document_cell(&g->d);
		document_show(&g->d, str_of(s->files->entry[k->file].path));
		document_cell(&g->d);
		if (k->record)
			document_say(&g->d, "%" PRIu64, k->record);
		document_cell(&g->d);
		if (k->record)
			document_say(&g->d, "%" PRIu64, k->offset);
		document_cell(&g->d);
		document_say(&g->d, "%s", k->reason);
	}
	document_close(&g->d);
	if (s->skips.n > LISTED_SKIPS || s->skips.unlisted) {
		document_paragraph(&g->d);
		document_say(&g->d,
			     "And %" PRIu64 " more: trawl summary "
			     "--format json lists them.",
			     s->skips.n > LISTED_SKIPS ?
				     s->skips.n - LISTED_SKIPS +
					     s->skips.unlisted :
				     s->skips.unlisted);
		document_close(&g->d);
	}
}

static void write_making(struct page *g)
{
	const struct report_style *style = g->style;

	document_heading(&g->d, 2, "How this report was made");
	document_item(&g->d);
	document_say(&g->d,
		     "trawl " TRAWL_VERSION ", ATT&CK " ATTACK_VERSION
		     ", libcrypto: %s.",
		     crypto_version());
	document_close(&g->d);
	document_item(&g->d);
	document_say(&g->d, "Command: ");
	document_show(&g->d, style->command);
	document_close(&g->d);
	if (style->selection.n) {
		document_item(&g->d);
		document_say(&g->d, "Only events that: ");
		document_show(&g->d, style->selection);
		document_close(&g->d);
	}
}

void page_evidence(struct page *g)
{
	write_case(g);
	document_heading(&g->d, 2,
			 "What the evidence holds, and what it cannot show");
	write_loaded(g);
	write_lacks(g);
	write_holes(g);
	write_changes(g);
	write_integrity(g);
	write_inputs(g);
	write_skips(g);
	write_making(g);
}
