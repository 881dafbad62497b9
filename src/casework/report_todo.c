/* SPDX-License-Identifier: MIT */
/* What is to be done about an incident, for people: now, and before service
 * resumes. */
#include "casework/report_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/mem.h"
#include "model/identity.h"

/* Credentials ----------------------------------------------------------------- */

static void say_use(struct page *g, const struct report_use *use)
{
	const struct store *s = g->r->terms.snap->store;

	if (!use->n)
		document_say(&g->d, "not seen in use");
	for (uint32_t i = 0; i < use->n; i++) {
		document_say(&g->d, i ? ", " : "");
		document_show(&g->d, store_value(s, EVENT_IP, use->address[i]));
		if (!i && use->theirs)
			document_say(&g->d, " (of this incident alone)");
	}
	if (use->more)
		document_say(&g->d, " and others");
}

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
	say_use(g, &p->use[number - 1]);
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
	static const char *const titles[] = { "No",       "Credential",
					      "Of",       "Used from",
					      "Good for", "How to revoke it",
					      "Evidence" };

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
		     "again. What was used, but only from addresses that "
		     "others use too, may be of whoever answered the "
		     "incident: ask before you revoke it.");
	document_close(&g->d);
	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (uint32_t i = 0; i < p->revoke.n; i++)
		write_credential(g, p, &p->revoke.credential[i], i + 1);
	document_close(&g->d);
}

/* Secrets --------------------------------------------------------------------- */

/* What opens something else, and was read: a password is known until it is
 * changed where it opens. */
static bool is_read_secret(const struct touched *t)
{
	static const char *const kinds[] = { "secret", "parameter" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(t->kind, kinds[i]) == 0)
			return t->count[TOUCH_READ] && t->resource.n;
	return false;
}

static bool was_listed(const struct touched_data *data, size_t i)
{
	const struct touched *t = &data->touched[i];

	for (size_t k = 0; k < i; k++)
		if (is_read_secret(&data->touched[k]) &&
		    str_eq(data->touched[k].resource, t->resource) &&
		    strcmp(data->touched[k].kind, t->kind) == 0)
			return true;
	return false;
}

static void write_secrets(struct page *g, const struct report_part *p)
{
	enum { SHOWN = 20 };
	size_t n = 0;

	for (size_t i = 0; i < p->data.n; i++) {
		const struct touched *t = &p->data.touched[i];

		if (!is_read_secret(t) || was_listed(&p->data, i))
			continue;
		if (!n++) {
			document_heading(&g->d, g->level + 1,
					 "Change these secrets");
			document_paragraph(&g->d);
			document_say(&g->d,
				     "They were read. Change each where it "
				     "opens something, a database, a service "
				     "outside, and not in its store alone; "
				     "until then take it as known.");
			document_close(&g->d);
		}
		if (n > SHOWN)
			continue;
		document_item(&g->d);
		document_say(&g->d, "%s ", t->kind);
		document_show(&g->d, t->resource);
		document_say(&g->d, ": ");
		page_event(g, t->first);
		document_close(&g->d);
	}
	if (n > SHOWN) {
		document_item(&g->d);
		document_say(&g->d,
			     "and %zu more: the JSON form of this report has "
			     "them among the data.",
			     n - SHOWN);
		document_close(&g->d);
	}
}

/* What stays ------------------------------------------------------------------ */

/* Things that were made, and are gone again: those of one kind by one actor that
 * went by one call are a row. */
struct gone {
	const struct kept *of[4]; /* the first; each name once */
	size_t n;
	row_id last; /* that took one away */
};

static bool is_gone_alike(const struct store *s, const struct kept *a,
			  const struct kept *b)
{
	return strcmp(a->what, b->what) == 0 &&
	       store_value_at(s, EVENT_ACTOR, a->row) ==
		       store_value_at(s, EVENT_ACTOR, b->row) &&
	       store_value_at(s, EVENT_NAME, a->gone) ==
		       store_value_at(s, EVENT_NAME, b->gone);
}

/* In the same row, by an earlier making of it. */
static bool was_named(const struct store *s, const struct kept_list *list,
		      size_t i)
{
	const struct kept *k = &list->kept[i];

	for (size_t at = 0; at < i; at++)
		if (list->kept[at].gone != ROW_NONE &&
		    str_eq(list->kept[at].name, k->name) &&
		    is_gone_alike(s, &list->kept[at], k))
			return true;
	return false;
}

static size_t fold_gone(const struct page *g, const struct kept_list *list,
			struct gone *out)
{
	const struct store *s = g->r->terms.snap->store;
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct kept *k = &list->kept[i];
		size_t at = 0;

		if (k->gone == ROW_NONE)
			continue;
		while (at < n && !is_gone_alike(s, out[at].of[0], k))
			at++;
		if (at == n)
			out[n++] = (struct gone){ .last = k->gone };
		if (k->gone > out[at].last)
			out[at].last = k->gone;
		if (was_named(s, list, i))
			continue;
		if (out[at].n < ARRAY_SIZE(out[at].of))
			out[at].of[out[at].n] = k;
		out[at].n++;
	}
	return n;
}

static void show_actor(struct page *g, row_id row)
{
	struct arena arena;

	arena_init(&arena);
	document_show(&g->d, actor_label(store_text(g->r->terms.snap->store,
						    EVENT_ACTOR, row),
					 &arena));
	arena_release(&arena);
}

static void write_gone(struct page *g, const struct report_part *p)
{
	static const char *const titles[] = { "First made",
					      "What",
					      "Names",
					      "By",
					      "Last of them gone",
					      "Gone by",
					      "Evidence of the first" };
	const struct store *s = g->r->terms.snap->store;
	struct gone *list = mem_alloc((p->kept.n + 1) * sizeof(*list));
	size_t n = fold_gone(g, &p->kept, list);

	if (n) {
		document_paragraph(&g->d);
		document_say(&g->d, "Made or changed, and gone again in the "
				    "evidence; the JSON form of this report "
				    "has each:");
		document_close(&g->d);
		document_table(&g->d, titles, ARRAY_SIZE(titles));
	}
	for (size_t i = 0; i < n; i++) {
		const struct gone *x = &list[i];

		document_cell(&g->d);
		page_time(g, s->time[x->of[0]->row]);
		document_cell(&g->d);
		document_say(&g->d, "%s", x->of[0]->what);
		document_cell(&g->d);
		for (size_t k = 0; k < x->n && k < ARRAY_SIZE(x->of); k++) {
			document_say(&g->d, k ? ", " : "");
			document_show(&g->d, x->of[k]->name);
		}
		if (x->n > ARRAY_SIZE(x->of))
			document_say(&g->d, " and %zu other%s",
				     x->n - ARRAY_SIZE(x->of),
				     x->n - ARRAY_SIZE(x->of) == 1 ? "" : "s");
		document_cell(&g->d);
		show_actor(g, x->of[0]->row);
		document_cell(&g->d);
		page_time(g, s->time[x->last]);
		document_cell(&g->d);
		document_show(&g->d, store_text(s, EVENT_NAME, x->of[0]->gone));
		document_cell(&g->d);
		page_event(g, x->of[0]->row);
	}
	if (n)
		document_close(&g->d);
	free(list);
}

static void write_there(struct page *g, const struct report_part *p)
{
	static const char *const titles[] = { "Time",         "What",
					      "Name",         "By",
					      "Still there?", "Undone by",
					      "Evidence" };
	const struct store *s = g->r->terms.snap->store;

	document_table(&g->d, titles, ARRAY_SIZE(titles));
	for (size_t i = 0; i < p->kept.n; i++) {
		const struct kept *k = &p->kept.kept[i];

		if (k->gone != ROW_NONE)
			continue;
		document_cell(&g->d);
		page_time(g, s->time[k->row]);
		document_cell(&g->d);
		document_say(&g->d, "%s", k->what);
		document_cell(&g->d);
		document_show(&g->d, k->name);
		document_cell(&g->d);
		show_actor(g, k->row);
		document_cell(&g->d);
		document_strong(&g->d, "yes");
		document_cell(&g->d);
		document_say(&g->d, "%s", k->undone_by ? k->undone_by : "");
		document_cell(&g->d);
		page_event(g, k->row);
	}
	document_close(&g->d);
	document_paragraph(&g->d);
	document_say(&g->d,
		     "Keep a copy of what is evidence (code of "
		     "functions, disks and memory of instances) before it is "
		     "deleted.");
	document_close(&g->d);
}

static void write_kept(struct page *g, const struct report_part *p)
{
	size_t there = 0;

	for (size_t i = 0; i < p->kept.n; i++)
		there += p->kept.kept[i].gone == ROW_NONE;
	document_heading(&g->d, g->level + 1, "Undo what was made and changed");
	if (there) {
		write_there(g, p);
	} else {
		document_paragraph(&g->d);
		document_say(&g->d,
			     p->kept.n ?
				     "Nothing that calls of this incident made "
				     "or changed is still there." :
				     "No call of this incident made or changed "
				     "anything that outlives it.");
		document_close(&g->d);
	}
	write_gone(g, p);
	if (p->kept.unread) {
		document_paragraph(&g->d);
		document_say(&g->d,
			     "Records that could not be read again: "
			     "%zu.",
			     p->kept.unread);
		document_close(&g->d);
	}
}

/* Mending --------------------------------------------------------------------- */

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

void page_todo(struct page *g, const struct report_part *p)
{
	document_heading(&g->d, g->level, "To do now");
	write_credentials(g, p);
	write_secrets(g, p);
	write_kept(g, p);
	write_mends(g, p);
}
