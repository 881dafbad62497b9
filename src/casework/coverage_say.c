/* SPDX-License-Identifier: MIT */
/* What the evidence lacks, in words. */
#include "casework/coverage.h"

#include <inttypes.h>

#include "base/mem.h"
#include "model/form.h"

enum {
	LEAST_CALLS = 20, /* before "no reading call" means anything */
	LISTED = 4,
};

static void add_count(struct strbuf *out, uint64_t n, const char *one,
		      const char *many)
{
	strbuf_add_count(out, n);
	strbuf_addc(out, ' ');
	strbuf_adds(out, n == 1 ? one : many);
}

/* Sentences --------------------------------------------------------------- */

struct telling {
	coverage_sentence told;
	void *context;
	struct strbuf text; /* of the sentence that is being made */
};

/* Hands on the sentence that was made. */
static void tell(struct telling *t)
{
	t->told(t->context, strbuf_str(&t->text));
	strbuf_clear(&t->text);
}

static void tell_data(const struct coverage *c, struct telling *t)
{
	const char *type;

	if (!coverage_unseen(c, 0))
		return;
	if (!c->data_n) {
		strbuf_adds(&t->text,
			    "No data events at all: reading objects and "
			    "items, calling functions and the like left no "
			    "trace.");
		tell(t);
		return;
	}
	strbuf_adds(&t->text, "No data events of ");
	for (size_t i = 0; (type = coverage_unseen(c, i)); i++)
		strbuf_addf(&t->text, "%s%s", i ? ", " : "", type);
	strbuf_adds(&t->text, ": what was done with these left no trace.");
	tell(t);
}

/* Which accounts a sentence is about. */
typedef bool (*account_test)(const struct coverage_account *a);

static bool has_no_data(const struct coverage_account *a)
{
	return !a->data && a->text.n;
}

static bool has_no_reads(const struct coverage_account *a)
{
	return !a->reads && a->writes >= LEAST_CALLS;
}

static bool has_no_writes(const struct coverage_account *a)
{
	return !a->writes && a->reads >= LEAST_CALLS;
}

/* Adds the first few of them, and how many more there are: whoever writes logs
 * can name as many as he likes. Returns how many there are. */
static size_t add_accounts(const struct coverage *c, account_test test,
			   struct strbuf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < c->account_n; i++) {
		if (!test(&c->account[i]) || ++n > LISTED)
			continue;
		strbuf_adds(out, n > 1 ? ", " : "");
		strbuf_add(out, c->account[i].text);
	}
	if (n > LISTED)
		strbuf_addf(out, " and %zu more", n - LISTED);
	return n;
}

static size_t count_accounts(const struct coverage *c, account_test test,
			     const struct coverage_account **first)
{
	size_t n = 0;

	*first = NULL;
	for (size_t i = 0; i < c->account_n; i++)
		if (test(&c->account[i]) && n++ == 0)
			*first = &c->account[i];
	return n;
}

/* Accounts without data events where others have some. */
static void tell_no_data(const struct coverage *c, struct telling *t)
{
	const struct coverage_account *first;
	size_t n = c->data_n ? count_accounts(c, has_no_data, &first) : 0;

	if (!n)
		return;
	strbuf_addf(&t->text, "No data events of account%s ", n > 1 ? "s" : "");
	add_accounts(c, has_no_data, &t->text);
	strbuf_adds(&t->text, ", though others have some.");
	tell(t);
}

/* Accounts whose trails seem to leave calls out. */
static void tell_one_sided(const struct coverage *c, struct telling *t,
			   account_test test, const char *lacks,
			   const char *has)
{
	const struct coverage_account *first;
	size_t n = count_accounts(c, test, &first);

	if (!n)
		return;
	strbuf_addf(&t->text, "Account%s ", n > 1 ? "s" : "");
	add_accounts(c, test, &t->text);
	strbuf_addf(&t->text, " %s no %s management call",
		    n > 1 ? "have" : "has", lacks);
	if (n == 1) {
		strbuf_adds(&t->text, " among ");
		strbuf_add_count(&t->text, first->reads + first->writes);
	}
	strbuf_addf(&t->text, ": %s to record %s ones alone.",
		    n > 1 ? "their trails seem" : "its trail seems", has);
	tell(t);
}

static void tell_accounts(const struct coverage *c, struct telling *t)
{
	tell_no_data(c, t);
	tell_one_sided(c, t, has_no_reads, "reading", "writing");
	tell_one_sided(c, t, has_no_writes, "writing", "reading");
}

static void tell_callers(const struct coverage *c, struct telling *t)
{
	size_t i;

	if (!c->caller_n)
		return;
	strbuf_adds(&t->text, "Calls came from accounts of which no log is "
			      "here: ");
	for (i = 0; i < c->caller_n && i < LISTED; i++) {
		strbuf_adds(&t->text, i ? ", " : "");
		strbuf_add(&t->text, c->caller[i]);
	}
	if (i < c->caller_n)
		strbuf_addf(&t->text, " and %zu more", c->caller_n - i);
	strbuf_addc(&t->text, '.');
	tell(t);
}

/* ": 2 an item of AWS Config: AWS::EC2, 1 an aggregated event" */
static void tell_skips(const struct coverage *c, struct telling *t)
{
	struct skip_kind kind[SKIP_KINDS];
	size_t n = skips_by_reason(&c->store->skips, kind), i;

	for (i = 0; i < n && i < LISTED; i++) {
		strbuf_adds(&t->text, i ? ", " : ": ");
		strbuf_add_count(&t->text, kind[i].n);
		strbuf_addc(&t->text, ' ');
		strbuf_adds(&t->text, kind[i].reason);
	}
	if (i < n)
		strbuf_adds(&t->text, ", and others");
}

static void tell_load(const struct coverage *c, struct telling *t)
{
	const struct store_counts *k = &c->store->counts;

	if (c->store->partial) {
		strbuf_adds(&t->text, "The load was cut short: what was not "
				      "read is not here.");
		tell(t);
	}
	if (k->left_out) {
		strbuf_adds(&t->text, "Left unread because of their days or "
				      "names: ");
		add_count(&t->text, k->left_out, "file or folder.",
			  "files and folders.");
		tell(t);
	}
	if (k->rejected || k->files_skipped) {
		strbuf_adds(&t->text, "Not usable: ");
		if (k->rejected)
			add_count(&t->text, k->rejected, "record", "records");
		if (k->rejected && k->files_skipped)
			strbuf_adds(&t->text, " and ");
		if (k->files_skipped)
			add_count(&t->text, k->files_skipped, "file", "files");
		tell_skips(c, t);
		strbuf_adds(&t->text, "; trawl -v lists them.");
		tell(t);
	}
	if (c->store->timed < c->store->n) {
		add_count(&t->text, c->store->n - c->store->timed,
			  "event has no time and is",
			  "events have no time "
			  "and are");
		strbuf_adds(&t->text, " in no hour.");
		tell(t);
	}
}

static void tell_forms(const struct coverage *c, struct telling *t)
{
	uint64_t count[FORM_COUNT] = { 0 };

	for (uint32_t i = 0; i < c->store->files->n; i++) {
		const struct file_entry *e = &c->store->files->entry[i];

		count[e->form] += e->records > e->rejected;
	}
	for (int f = 0; f < FORM_COUNT; f++) {
		if (!count[f] || !form_lacks((enum form)f))
			continue;
		add_count(&t->text, count[f], "file holds ", "files hold ");
		strbuf_addf(&t->text, "%s, which lacks %s.",
			    form_name((enum form)f), form_lacks((enum form)f));
		tell(t);
	}
}

static void tell_kinds(const struct coverage *c, struct telling *t)
{
	bool any = false;

	for (int k = KIND_INSIGHT; k < EVENT_KIND_COUNT; k++)
		any = any || !c->kind[k].events;
	if (!any)
		return;
	strbuf_adds(&t->text, "Beside calls there are no rows of kind ");
	any = false;
	for (int k = KIND_INSIGHT; k < EVENT_KIND_COUNT; k++) {
		if (c->kind[k].events)
			continue;
		strbuf_addf(&t->text, "%s%s", any ? ", " : "",
			    event_kind_name((enum event_kind)k));
		any = true;
	}
	strbuf_addc(&t->text, '.');
	tell(t);
}

void coverage_lacks(const struct coverage *c, coverage_sentence told,
		    void *context)
{
	struct telling t = { .told = told, .context = context };

	strbuf_init(&t.text);
	tell_data(c, &t);
	tell_accounts(c, &t);
	tell_callers(c, &t);
	tell_load(c, &t);
	tell_forms(c, &t);
	tell_kinds(c, &t);
	strbuf_adds(&t.text,
		    "No event is not no action: trails record only what they "
		    "select, in the accounts and regions where they are on.");
	tell(&t);
	strbuf_release(&t.text);
}

/* When nothing was found -------------------------------------------------- */

static bool is_asked(const struct coverage_question *q,
		     const struct coverage_place *p)
{
	return (!q->account.n || str_eq(q->account, p->account_text)) &&
	       (!q->region.n || str_eq(q->region, p->region_text));
}

/* Do [from, until] and what is asked for share a time? */
static bool overlaps(const struct coverage_question *q, int64_t from,
		     int64_t until)
{
	return (q->since == TIME_NONE || until >= q->since) &&
	       (q->until == TIME_NONE || from < q->until);
}

/* " of account 111122223333 in us-east-1" */
static void add_place(const struct coverage_question *q, struct strbuf *out)
{
	if (q->account.n) {
		strbuf_adds(out, " of account ");
		strbuf_add(out, q->account);
	}
	if (q->region.n) {
		strbuf_adds(out, " in ");
		strbuf_add(out, q->region);
	}
}

static void add_time(struct strbuf *out, int64_t t,
		     const struct time_zone *zone)
{
	time_format(out, t, TIME_MINUTE, zone);
	strbuf_addf(out, " %s", zone->name);
}

/* The window, as far as it has ends. */
static void add_window(const struct coverage_question *q,
		       const struct time_zone *zone, struct strbuf *out)
{
	if (q->since != TIME_NONE) {
		strbuf_adds(out, " from ");
		add_time(out, q->since, zone);
		strbuf_adds(out, q->until == TIME_NONE ? " on" : "");
	}
	if (q->until != TIME_NONE) {
		strbuf_adds(out, q->since == TIME_NONE ? " before " : " to ");
		add_time(out, q->until, zone);
	}
}

/* Has the place any event at these times? */
static bool has_events(const struct coverage *c, const struct coverage_place *p,
		       const struct coverage_question *q)
{
	const int64_t *time = c->store->time;

	if (q->since == TIME_NONE && q->until == TIME_NONE)
		return true;
	for (size_t i = 0; i < p->quarter_n; i++)
		if (overlaps(q, time[p->quarter[i].first],
			     time[p->quarter[i].last]))
			return true;
	return false;
}

static bool say_place(const struct coverage *c,
		      const struct coverage_question *q,
		      const struct time_zone *zone, struct strbuf *out)
{
	bool delivered = false;

	for (size_t i = 0; i < c->place_n; i++) {
		if (!is_asked(q, &c->place[i]))
			continue;
		delivered = true;
		if (has_events(c, &c->place[i], q))
			return false;
	}
	strbuf_adds(out, delivered ? "no event at all" : "no CloudTrail log");
	add_place(q, out);
	if (delivered)
		add_window(q, zone, out);
	strbuf_adds(out, " is in the evidence: what was done there is not "
			 "known");
	return true;
}

static bool say_data(const struct coverage *c,
		     const struct coverage_question *q, struct strbuf *out)
{
	if (!q->data || coverage_has_data(c, q->account, q->source))
		return false;
	strbuf_adds(out, "no data events ");
	if (q->source.n) {
		strbuf_adds(out, "of ");
		strbuf_add(out, coverage_data_type(q->source));
		strbuf_addc(out, ' ');
	}
	if (q->account.n) {
		strbuf_adds(out, "of account ");
		strbuf_add(out, q->account);
		strbuf_addc(out, ' ');
	}
	strbuf_adds(out, "are in the evidence: what was read of objects and "
			 "items is not known");
	return true;
}

static bool say_holes(const struct coverage *c,
		      const struct coverage_question *q,
		      const struct time_zone *zone, struct strbuf *out)
{
	const struct coverage_hole *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < c->hole_n; i++) {
		const struct coverage_hole *h = &c->hole[i];

		if (!is_asked(q, &c->place[h->place]) ||
		    !overlaps(q, h->from, h->until))
			continue;
		if (!first || h->from < first->from)
			first = h;
		n++;
	}
	if (!n)
		return false;
	strbuf_adds(out, "the logs there have ");
	add_count(out, n, "hole", "holes");
	strbuf_adds(out, n == 1 ? ": " : ", the first ");
	strbuf_add(out, c->place[first->place].region_text);
	strbuf_adds(out, " from ");
	add_time(out, first->from, zone);
	strbuf_adds(out, " for ");
	time_format_span(out, first->until - first->from);
	return true;
}

static bool say_stopped(const struct coverage *c,
			const struct coverage_question *q,
			const struct time_zone *zone, struct strbuf *out)
{
	const struct store *s = c->store;

	for (size_t i = 0; i < c->change_n; i++) {
		const struct coverage_call *call = c->change[i].call;
		row_id row = c->change[i].row;

		if (call->effect != COVERAGE_STOPPED ||
		    !str_eq(str_of(call->log), STR("CloudTrail")) ||
		    store_outcome(s, row) != OUTCOME_OK ||
		    (q->account.n &&
		     !str_eq(q->account, store_text(s, EVENT_ACCOUNT, row))) ||
		    (q->until != TIME_NONE && s->time[row] >= q->until))
			continue;
		strbuf_addf(out, "logging was stopped there: %s at ",
			    call->name);
		add_time(out, s->time[row], zone);
		return true;
	}
	return false;
}

/* Of what is no call there is nothing to say but that it is there. */
static bool say_kind(const struct coverage *c,
		     const struct coverage_question *q, struct strbuf *out)
{
	if (kind_is_call(q->kind))
		return false;
	if (!c->kind[q->kind].events)
		strbuf_addf(out, "nothing of kind %s is in the evidence",
			    event_kind_name(q->kind));
	else
		strbuf_addf(out,
			    "no row is not no action: logs of kind %s tell "
			    "what they were told to record",
			    event_kind_name(q->kind));
	return true;
}

void coverage_none(const struct coverage *c, const struct coverage_question *q,
		   const struct time_zone *zone, struct strbuf *out)
{
	if (say_kind(c, q, out) || say_place(c, q, zone, out) ||
	    say_data(c, q, out) || say_holes(c, q, zone, out) ||
	    say_stopped(c, q, zone, out))
		return;
	strbuf_adds(out, "no event is not no action: trails record only what "
			 "they select");
}
