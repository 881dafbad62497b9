/* SPDX-License-Identifier: MIT */
#include "casework/report_page.h"

#include "base/attr.h"
#include "detect/row_account.h"
#include "model/identity.h"

/* Common ---------------------------------------------------------------------- */

size_t report_input_number(const struct report *r, row_id row)
{
	uint32_t file = store_file(r->terms.snap->store, row);
	size_t low = 0, high = r->input_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->input[middle].file < file)
			low = middle + 1;
		else
			high = middle;
	}
	return low + 1;
}

const char *report_standing_name(enum report_standing s)
{
	switch (s) {
	case STANDING_ONLY:
		return "this incident alone";
	case STANDING_SHARED:
		return "others too";
	case STANDING_OWN:
		return "own network";
	}
	return "";
}

const char *report_indicator_kind(enum event_column c)
{
	return c == EVENT_IP  ? "address" :
	       c == EVENT_KEY ? "access key" :
				"user agent";
}

void page_rule_words(struct page *g, const struct rule *rule, struct str words)
{
	if (rule->builtin)
		document_say(&g->d, "%.*s", STR_ARG(words));
	else
		document_show(&g->d, words);
}

void page_node(struct page *g, node_id node)
{
	strbuf_clear(&g->text);
	node_describe(g->r->terms.snap->lineage, node, &g->text);
	document_show(&g->d, strbuf_str(&g->text));
}

void page_time(struct page *g, int64_t t)
{
	strbuf_clear(&g->text);
	time_format(&g->text, t, TIME_DATETIME, g->style->zone);
	document_say(&g->d, "%s", g->text.p);
}

static void show_id(struct page *g, row_id row)
{
	strbuf_clear(&g->text);
	store_id_text(g->r->terms.snap->store, row, &g->text);
	document_show(&g->d, strbuf_str(&g->text));
}

void page_event(struct page *g, row_id row)
{
	if (row == ROW_NONE) {
		document_say(&g->d, "none");
		return;
	}
	show_id(g, row);
	document_say(&g->d, " (file %zu, record %u)",
		     report_input_number(g->r, row),
		     store_place(g->r->terms.snap->store, row).record);
}

void page_evidence_of(struct page *g, row_id row)
{
	const struct store *s = g->r->terms.snap->store;

	if (row == ROW_NONE) {
		document_say(&g->d, "none");
		return;
	}
	show_id(g, row);
	document_say(&g->d, ", file %zu (", report_input_number(g->r, row));
	document_show(&g->d, str_of(file_base_name(store_path(s, row))));
	document_say(&g->d, ", record %u)", store_place(s, row).record);
}

/* Summary --------------------------------------------------------------------- */

/* Sessions of one name in two accounts are told once. */
static bool is_named(const struct store *s, const struct alert_values *v,
		     size_t i, struct str label, struct arena *a)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(actor_label(store_value(s, EVENT_ACTOR, v->value[k]),
				       a),
			   label))
			return true;
	return false;
}

static void say_values(struct page *g, enum event_column c,
		       const struct alert_values *v)
{
	const struct store *s = g->r->terms.snap->store;
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < v->n; i++) {
		struct str text = c == EVENT_ACCOUNT ?
					  row_account_text(s, v->value[i]) :
					  store_value(s, c, v->value[i]);

		if (c == EVENT_ACTOR) {
			text = actor_label(text, &arena);
			if (is_named(s, v, i, text, &arena))
				continue;
		}
		document_say(&g->d, i ? ", " : "");
		document_show(&g->d, text);
		if (c == EVENT_ACCOUNT) {
			struct str name = site_account_name(
				&g->r->terms.snap->site, text);

			if (name.n) {
				document_say(&g->d, " ");
				document_show(&g->d, name);
			}
		}
	}
	arena_release(&arena);
	if (!v->n)
		document_say(&g->d, "none is known");
}

static void summary_row(struct page *g, const char *title)
{
	document_cell(&g->d);
	document_say(&g->d, "%s", title);
	document_cell(&g->d);
}

/* The alert on a row, the gravest, or NULL. */
static const struct alert *alert_on(const struct page *g,
				    const struct report_part *p, row_id row)
{
	const struct alert *best = NULL;

	for (uint32_t i = 0; i < p->incident->alert_n; i++) {
		const struct alert *a = report_alert(g->r, p, i);

		if (rowset_has(&a->own, row) &&
		    (!best || a->level > best->level))
			best = a;
	}
	return best;
}

/* The first event of the timeline that raised an alert. */
static void say_earliest(struct page *g, const struct report_part *p)
{
	const struct store *s = g->r->terms.snap->store;

	for (size_t i = 0; i < p->rows.n; i++) {
		row_id row = p->rows.row[i];
		const struct alert *a = alert_on(g, p, row);

		if (!a)
			continue;
		page_time(g, s->time[row]);
		document_say(&g->d, " ");
		page_rule_words(g, a->rule, a->rule->title);
		document_say(&g->d, " (%s), from ", level_name(a->level));
		document_show(&g->d, store_text(s, EVENT_IP, row));
		return;
	}
}

/* Resources of which something was read, copied, written, deleted or shared. */
static void say_data(struct page *g, const struct report_part *p)
{
	enum { SHOWN = 8 };
	size_t n = 0;

	for (size_t i = 0; i < p->data.n; i++) {
		const struct touched *t = &p->data.touched[i];
		uint32_t calls = 0;

		for (int k = 0; k < TOUCH_COUNT; k++)
			calls += k == TOUCH_LIST ? 0 : t->count[k];
		for (size_t k = 0; k < i && calls; k++)
			if (p->data.touched[k].kind == t->kind &&
			    str_eq(p->data.touched[k].resource, t->resource))
				calls = 0;
		if (!calls || n++ >= SHOWN)
			continue;
		document_say(&g->d, "%s%s ", n > 1 ? ", " : "", t->kind);
		document_show(&g->d, t->resource);
	}
	if (n > SHOWN)
		document_say(&g->d, " and %zu more", n - SHOWN);
	if (!n)
		document_say(&g->d, "no record shows any");
}

static void write_summary_of(struct page *g, const struct report_part *p)
{
	static const char *const titles[] = { "What", "Finding" };
	const struct store *s = g->r->terms.snap->store;
	const struct incident *x = p->incident;
	size_t live = 0;

	for (size_t i = 0; i < p->kept.n; i++)
		live += p->kept.kept[i].gone == ROW_NONE;
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	summary_row(g, "Gravity");
	document_say(&g->d,
		     "%s; score %u of 100, which orders incidents and "
		     "is no verdict",
		     level_name(x->level), x->score);
	summary_row(g, "When");
	page_time(g, p->rows.n ? s->time[p->rows.row[0]] : x->first);
	document_say(&g->d, " to ");
	page_time(g, p->rows.n ? s->time[p->rows.row[p->rows.n - 1]] : x->last);
	document_say(&g->d, " (%s), by the timeline below",
		     g->style->zone->name);
	summary_row(g, "Earliest sign in the evidence");
	say_earliest(g, p);
	summary_row(g, "Stored data that was touched, beside lists");
	say_data(g, p);
	summary_row(g, "Identities, as they were first seen");
	say_values(g, EVENT_ACTOR, &x->actors);
	summary_row(g, "Accounts");
	say_values(g, EVENT_ACCOUNT, &x->accounts);
	summary_row(g, "Addresses, the most active first");
	say_values(g, EVENT_IP, &x->addresses);
	summary_row(g, "Tactics (ATT&CK " ATTACK_VERSION "), in order");
	for (size_t i = 0; i < x->tactic_n; i++)
		document_say(&g->d, "%s%s", i ? ", " : "",
			     attack_tactic_title(x->tactic[i]));
	summary_row(g, "Evidence");
	document_say(&g->d, "%zu alert%s on %zu event%s", x->alert_n,
		     x->alert_n == 1 ? "" : "s", x->rows.n,
		     x->rows.n == 1 ? "" : "s");
	summary_row(g, "Credentials to revoke");
	document_say(&g->d, "%u", p->revoke.n);
	summary_row(g, "Made or changed, and not undone in the evidence");
	document_say(&g->d, "%zu of %zu", live, p->kept.n);
	document_close(&g->d);
}

static void write_reading(struct page *g)
{
	const struct store *s = g->r->terms.snap->store;
	int64_t first = TIME_NONE, last = TIME_NONE;

	document_heading(&g->d, 2, "How to read this report");
	document_item(&g->d);
	document_say(&g->d,
		     "What happened is what records say. Each event is "
		     "named by its eventID, its file (numbered in the list of "
		     "inputs) and its place in it, so that anybody can look.");
	document_close(&g->d);
	document_item(&g->d);
	document_say(&g->d,
		     "Who stands behind it is a conclusion from several "
		     "records. It is certain, probable, or a hint, and says "
		     "which; a hint is a reason to look, not a finding.");
	document_close(&g->d);
	document_item(&g->d);
	document_say(&g->d, "An alert is a match of a rule, not a verdict.");
	document_close(&g->d);
	document_item(&g->d);
	document_say(&g->d,
		     "Nothing was asked of AWS. What is said to be "
		     "still there is what nothing in the logs took away; the "
		     "logs end at ");
	(void)store_span(s, &first, &last);
	page_time(g, last);
	document_say(&g->d, " %s. Look at the account before acting on it.",
		     g->style->zone->name);
	document_close(&g->d);
	if (g->style->redacted) {
		document_item(&g->d);
		document_say(&g->d,
			     "Accounts, names and keys are replaced by "
			     "pseudonyms: the same thing has the same one "
			     "wherever the same evidence is told of.");
		document_close(&g->d);
	}
	if (g->style->defanged) {
		document_item(&g->d);
		document_say(&g->d, "Addresses and links are written so that "
				    "nothing follows them: ");
		document_show(&g->d, STR("203.0.113.1"));
		document_say(&g->d, ", ");
		document_show(&g->d, STR("hxxp"));
		document_say(&g->d, ".");
		document_close(&g->d);
	}
}

static void write_nothing(struct page *g)
{
	document_heading(&g->d, 2, "Summary");
	document_paragraph(&g->d);
	document_strong(&g->d, "No incident was found.");
	document_say(&g->d,
		     " No rule matched anything of it. That is what the "
		     "rules say of the events that were loaded, and no proof "
		     "that nothing happened: the part about the evidence says "
		     "what it cannot show.");
	document_close(&g->d);
}

static bool is_written(const struct report *r, const struct incident *x)
{
	for (size_t k = 0; k < r->part_n; k++)
		if (r->part[k].incident == x)
			return true;
	return false;
}

/* A reader of the first page alone must not take one incident for all. */
static void write_left_out(struct page *g)
{
	const struct incidents *all = &g->r->incidents;
	size_t grave = 0, medium = 0, first = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct incident *x = &all->incident[i];

		if (is_written(g->r, x) || x->level < LEVEL_MEDIUM)
			continue;
		if (!grave++)
			first = i + 1;
		medium += x->level == LEVEL_MEDIUM;
	}
	if (!grave)
		return;
	document_paragraph(&g->d);
	document_strong(&g->d, "Not all incidents are written up here.");
	document_say(&g->d,
		     " Left out of level high or above: %zu, of level medium: "
		     "%zu, the first of them number %zu; they are listed "
		     "under other incidents. ",
		     grave - medium, medium, first);
	document_show(&g->d, STR("trawl report --incident all"));
	document_say(&g->d, " writes up all.");
	document_close(&g->d);
}

static void write_others(struct page *g)
{
	static const char *const titles[] = { "No",        "Level", "Score",
					      "First",     "Last",  "Alerts",
					      "Identities" };
	const struct incidents *all = &g->r->incidents;
	size_t written = g->r->part_n, listed = 0;

	if (all->n <= written)
		return;
	document_heading(&g->d, 2, "Other incidents");
	document_paragraph(&g->d);
	document_say(&g->d,
		     "Not written up here: %zu. They are other "
		     "identities, which nothing certain joins to the above.",
		     all->n - written);
	document_close(&g->d);
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < all->n && listed < REPORT_INCIDENTS; i++) {
		const struct incident *x = &all->incident[i];

		if (is_written(g->r, x))
			continue;
		listed++;
		document_cell(&g->d);
		document_say(&g->d, "%zu", i + 1);
		document_cell(&g->d);
		document_say(&g->d, "%s", level_name(x->level));
		document_cell(&g->d);
		document_say(&g->d, "%u", x->score);
		document_cell(&g->d);
		page_time(g, x->first);
		document_cell(&g->d);
		page_time(g, x->last);
		document_cell(&g->d);
		document_say(&g->d, "%zu", x->alert_n);
		document_cell(&g->d);
		say_values(g, EVENT_ACTOR, &x->actors);
	}
	document_close(&g->d);
}

void report_page(const struct report *r, const struct report_style *style,
		 enum document_form form, struct strbuf *out)
{
	struct page g = { .r = r, .style = style, .level = 2 };

	strbuf_init(&g.text);
	document_begin(&g.d, form, out, style->filter,
		       "Incident report: AWS CloudTrail");
	document_paragraph(&g.d);
	document_say(&g.d, "Made by trawl " TRAWL_VERSION " on ");
	page_time(&g, r->made);
	document_say(&g.d, ". Times are in %s.", style->zone->name);
	document_close(&g.d);
	write_left_out(&g);
	if (!r->part_n)
		write_nothing(&g);
	for (size_t i = 0; i < r->part_n; i++) {
		if (r->part_n > 1) {
			document_heading(&g.d, 2, "Incident %zu of %zu",
					 r->part[i].number, r->incidents.n);
			g.level = 3;
		}
		document_heading(&g.d, g.level, "Summary");
		write_summary_of(&g, &r->part[i]);
		page_part(&g, &r->part[i]);
	}
	write_others(&g);
	write_reading(&g);
	page_evidence(&g);
	document_end(&g.d);
	strbuf_release(&g.text);
}
