/* SPDX-License-Identifier: MIT */
/* A report for programs: trawl-output(5) describes each key. */
#include "casework/report_page.h"

#include "base/json_writer.h"
#include "detect/row_account.h"
#include "model/identity.h"

struct telling {
	const struct report *r;
	const struct report_style *style;
	const struct store *s;
	const struct lineage *l;
	struct json_writer w;
	struct strbuf text;
	struct arena arena;
};

/* Pieces ---------------------------------------------------------------------- */

static void pair(struct telling *t, const char *key, struct str s)
{
	if (!s.n)
		return;
	json_key(&t->w, key);
	json_string(&t->w, s);
}

static void put_node(struct telling *t, const char *key, node_id node)
{
	if (node != NODE_NONE)
		pair(t, key, lineage_id(t->l, node));
}

static void put_event(struct telling *t, row_id row)
{
	const struct store *s = t->s;

	json_begin_object(&t->w);
	if (row != ROW_NONE) {
		strbuf_clear(&t->text);
		store_id_text(s, row, &t->text);
		json_pair(&t->w, "eventID", strbuf_str(&t->text));
		json_pair_time(&t->w, "eventTime", s->time[row]);
		pair(t, "eventName", store_text(s, EVENT_NAME, row));
		pair(t, "file", str_of(store_path(s, row)));
		json_pair_uint(&t->w, "input", report_input_number(t->r, row));
		json_pair_uint(&t->w, "record", store_place(s, row).record);
		json_pair_uint(&t->w, "offset", store_place(s, row).offset);
	}
	json_end_object(&t->w);
}

static void pair_event(struct telling *t, const char *key, row_id row)
{
	json_key(&t->w, key);
	put_event(t, row);
}

static void pair_bool(struct telling *t, const char *key, bool v)
{
	json_key(&t->w, key);
	json_bool(&t->w, v);
}

static void begin_list(struct telling *t, const char *key)
{
	json_key(&t->w, key);
	json_begin_array(&t->w);
}

static void put_values(struct telling *t, const char *key, enum event_column c,
		       const struct alert_values *v)
{
	begin_list(t, key);
	for (size_t i = 0; i < v->n; i++) {
		struct str text = c == EVENT_ACCOUNT ?
					  row_account_text(t->s, v->value[i]) :
					  store_value(t->s, c, v->value[i]);

		json_string(&t->w, c == EVENT_ACTOR ?
					   actor_label(text, &t->arena) :
					   text);
	}
	json_end_array(&t->w);
	arena_reset(&t->arena);
}

/* An incident ------------------------------------------------------------------ */

static void put_alert(struct telling *t, const struct report_part *p,
		      uint32_t i)
{
	const struct alert *a = report_alert(t->r, p, i);
	const struct incident_alert *part = &p->incident->alert[i];

	json_begin_object(&t->w);
	pair(t, "ruleId", a->rule->id);
	pair(t, "title", a->rule->title);
	json_pair(&t->w, "level", str_of(level_name(a->level)));
	begin_list(t, "techniques");
	for (size_t k = 0; k < a->rule->technique_n; k++)
		json_string(&t->w, str_of(a->rule->technique[k].text));
	json_end_array(&t->w);
	json_pair_uint(&t->w, "events", part->events);
	begin_list(t, "notes");
	for (size_t k = 0; k < a->notes.n; k++)
		json_string(&t->w, a->notes.note[k]);
	json_end_array(&t->w);
	pair_event(t, "evidence", part->first);
	json_end_object(&t->w);
}

static void put_link(struct telling *t, const struct incident_link *link)
{
	json_begin_object(&t->w);
	put_node(t, "from", link->edge->from);
	json_pair(&t->w, "kind",
		  str_of(edge_kind_name((enum edge_kind)link->edge->kind)));
	put_node(t, "to", link->edge->to);
	json_pair(&t->w, "certainty",
		  str_of(certainty_name(incident_link_certainty(link))));
	json_pair(&t->w, "why", str_of(incident_why_text(link->why)));
	pair_event(t, "evidence", link->row);
	json_end_object(&t->w);
}

static void put_path(struct telling *t, const struct report_part *p)
{
	const struct incident *x = p->incident;

	begin_list(t, "path");
	for (size_t n = 0; n < p->step_n; n++) {
		const struct report_step *step = &p->step[n];

		json_begin_object(&t->w);
		json_pair_uint(&t->w, "step", n + 1);
		put_node(t, "identity", step->who);
		json_pair_time(&t->w, "begun", t->s->time[step->begun]);
		begin_list(t, "how");
		for (size_t i = 0; step->who && i < x->link_n; i++)
			if (x->link[i].with == step->who)
				put_link(t, &x->link[i]);
		json_end_array(&t->w);
		begin_list(t, "alerts");
		for (uint32_t k = 0; k < step->n; k++)
			put_alert(t, p, p->by_step[step->first + k]);
		json_end_array(&t->w);
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
}

static void put_revoke(struct telling *t, const struct report_part *p)
{
	begin_list(t, "revoke");
	for (uint32_t i = 0; i < p->revoke.n; i++) {
		const struct credential *c = &p->revoke.credential[i];

		json_begin_object(&t->w);
		json_pair(&t->w, "kind", str_of(credential_kind_name(c->kind)));
		put_node(t, "node", c->node);
		pair(t, "credentialId", c->id);
		put_node(t, "principal", report_role(t->r, p, c));
		put_node(t, "letsIn", c->other);
		begin_list(t, "usedFrom");
		for (uint32_t k = 0; k < p->use[i].n; k++)
			json_string(&t->w, store_value(t->s, EVENT_IP,
						       p->use[i].address[k]));
		json_end_array(&t->w);
		pair_bool(t, "usedFromIncidentAlone", p->use[i].theirs);
		json_pair_uint(&t->w, "sessions", c->n);
		json_pair_time(&t->w, "issued", c->issued);
		json_pair_time(&t->w, "until", c->until);
		json_pair(&t->w, "certainty",
			  str_of(certainty_name((enum certainty)c->certainty)));
		json_pair(&t->w, "what", str_of(credential_kind_what(c->kind)));
		json_pair(&t->w, "how", str_of(credential_kind_how(c->kind)));
		pair_event(t, "evidence", c->row);
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
}

static void put_made(struct telling *t, const struct report_part *p)
{
	begin_list(t, "made");
	for (size_t i = 0; i < p->kept.n; i++) {
		const struct kept *k = &p->kept.kept[i];

		json_begin_object(&t->w);
		json_pair(&t->w, "what", str_of(k->what));
		pair(t, "name", k->name);
		put_node(t, "by", t->l->acting[k->row]);
		pair_bool(t, "stillThere", k->gone == ROW_NONE);
		if (k->undone_by)
			json_pair(&t->w, "undoneBy", str_of(k->undone_by));
		if (k->gone != ROW_NONE)
			pair_event(t, "gone", k->gone);
		pair_event(t, "evidence", k->row);
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
}

static void put_data(struct telling *t, const struct report_part *p)
{
	begin_list(t, "data");
	for (size_t i = 0; i < p->data.n; i++) {
		const struct touched *x = &p->data.touched[i];

		json_begin_object(&t->w);
		json_pair(&t->w, "kind", str_of(x->kind));
		pair(t, "resource", x->resource);
		pair(t, "actor", actor_label(x->actor, &t->arena));
		pair(t, "sourceIPAddress", x->address);
		pair(t, "recipientAccountId", x->account);
		for (int k = 0; k < TOUCH_COUNT; k++)
			json_pair_uint(&t->w, touch_name((enum touch)k),
				       x->count[k]);
		json_pair_uint(&t->w, "denied", x->denied);
		json_pair_uint(&t->w, "failed", x->failed);
		json_pair_uint(&t->w, "objects", x->objects);
		json_pair_uint(&t->w, "bytesIn", x->bytes_in);
		json_pair_uint(&t->w, "bytesOut", x->bytes_out);
		pair(t, "sharedWith", x->shared_with);
		pair_event(t, "evidence", x->first);
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
}

static void put_mends(struct telling *t, const struct report_part *p)
{
	begin_list(t, "mend");
	for (size_t i = 0; i < p->mend_n; i++) {
		const struct report_mend *m = &p->mend[i];

		json_begin_object(&t->w);
		pair(t, "text", m->text);
		begin_list(t, "rules");
		for (size_t k = 0; k < m->rule_n && k < 4; k++)
			json_string(&t->w, m->rule[k]->id.n ?
						   m->rule[k]->id :
						   m->rule[k]->title);
		json_end_array(&t->w);
		pair_event(t, "evidence", m->row);
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
}

/* All that are told in one line. */
static void put_event_ids(struct telling *t, const struct report_part *p,
			  uint32_t number)
{
	uint32_t left = p->line[number - 1].events;

	begin_list(t, "eventIDs");
	for (size_t i = 0; i < p->rows.n && left; i++) {
		if (p->line_of[i] != number)
			continue;
		strbuf_clear(&t->text);
		store_id_text(t->s, p->rows.row[i], &t->text);
		json_string(&t->w, strbuf_str(&t->text));
		left--;
	}
	json_end_array(&t->w);
}

static void put_timeline(struct telling *t, const struct report_part *p)
{
	begin_list(t, "timeline");
	for (size_t i = 0; i < p->line_n; i++) {
		const struct report_line *line = &p->line[i];

		json_begin_object(&t->w);
		json_pair_uint(&t->w, "no", i + 1);
		json_pair_time(&t->w, "firstSeen", t->s->time[line->first]);
		json_pair_time(&t->w, "lastSeen", t->s->time[line->last]);
		pair(t, "actor", line->who);
		pair(t, "sourceIPAddress", line->address);
		strbuf_clear(&t->text);
		if (line->look)
			strbuf_adds(&t->text, "looked around");
		else
			deed_text(&line->deed, &t->text);
		pair(t, "what", strbuf_str(&t->text));
		if (line->names) {
			begin_list(t, line->look ? "eventNames" : "names");
			for (uint32_t k = 0; k < line->names; k++)
				json_string(&t->w, line->name[k]);
			json_end_array(&t->w);
		}
		json_pair_uint(&t->w, "events", line->events);
		json_pair_uint(&t->w, "denied", line->denied);
		json_pair_uint(&t->w, "failed", line->failed);
		if (line->level >= 0)
			json_pair(&t->w, "level",
				  str_of(level_name((enum level)line->level)));
		pair_event(t, "evidence", line->first);
		if (line->events > 1)
			put_event_ids(t, p, (uint32_t)i + 1);
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
	json_pair_uint(&t->w, "timelineLeftOut", p->rows_left);
}

static void put_indicators(struct telling *t, const struct report_part *p)
{
	begin_list(t, "indicators");
	for (size_t i = 0; i < p->indicator_n; i++) {
		const struct report_indicator *x = &p->indicator[i];

		json_begin_object(&t->w);
		json_pair(&t->w, "kind",
			  str_of(report_indicator_kind(x->column)));
		pair(t, "value", x->text);
		json_pair_uint(&t->w, "events", x->events);
		json_pair_uint(&t->w, "eventsInEvidence", x->all);
		json_pair_uint(&t->w, "eventsOfOthers", x->others);
		json_pair_time(&t->w, "firstSeen", t->s->time[x->first]);
		json_pair_time(&t->w, "lastSeen", t->s->time[x->last]);
		json_pair(&t->w, "seen",
			  str_of(report_standing_name(x->standing)));
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
}

static void put_techniques(struct telling *t, const struct report_part *p)
{
	begin_list(t, "techniques");
	for (size_t i = 0; i < p->technique_n; i++) {
		const struct report_technique *x = &p->technique[i];
		tactic_set of = attack_technique_tactics(&x->id);

		json_begin_object(&t->w);
		json_pair(&t->w, "id", str_of(x->id.text));
		json_pair(&t->w, "name",
			  str_of(attack_technique_title(&x->id)));
		begin_list(t, "tactics");
		for (int k = 0; k < TACTIC_COUNT; k++)
			if (of & TACTIC_BIT(k))
				json_string(&t->w,
					    str_of(attack_tactic_name(
						    (enum attack_tactic)k)));
		json_end_array(&t->w);
		json_pair_uint(&t->w, "alerts", x->alerts);
		json_pair(&t->w, "level", str_of(level_name(x->level)));
		json_pair_time(&t->w, "firstSeen", t->s->time[x->first]);
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
}

static void put_incident(struct telling *t, const struct incident *x,
			 size_t number)
{
	strbuf_clear(&t->text);
	store_id_text(t->s, x->first_row, &t->text);
	json_pair(&t->w, "incident", strbuf_str(&t->text));
	json_pair_uint(&t->w, "number", number);
	json_pair_uint(&t->w, "score", x->score);
	json_pair(&t->w, "level", str_of(level_name(x->level)));
	begin_list(t, "tactics");
	for (size_t i = 0; i < x->tactic_n; i++)
		json_string(&t->w, str_of(attack_tactic_name(x->tactic[i])));
	json_end_array(&t->w);
	put_values(t, "actors", EVENT_ACTOR, &x->actors);
	put_values(t, "accounts", EVENT_ACCOUNT, &x->accounts);
	put_values(t, "sourceIPs", EVENT_IP, &x->addresses);
	json_pair_time(&t->w, "firstSeen", x->first);
	json_pair_time(&t->w, "lastSeen", x->last);
	json_pair_uint(&t->w, "events", x->rows.n);
}

static void put_part(struct telling *t, const struct report_part *p)
{
	json_begin_object(&t->w);
	put_incident(t, p->incident, p->number);
	put_data(t, p);
	put_path(t, p);
	put_revoke(t, p);
	put_made(t, p);
	put_mends(t, p);
	put_timeline(t, p);
	put_indicators(t, p);
	put_techniques(t, p);
	json_end_object(&t->w);
}

/* The evidence ----------------------------------------------------------------- */

static void put_lack(void *context, struct str sentence)
{
	json_string(context, sentence);
}

static void put_coverage(struct telling *t)
{
	const struct coverage *c = t->r->terms.coverage;
	const struct store_counts *n = &t->s->counts;

	json_key(&t->w, "evidence");
	json_begin_object(&t->w);
	json_pair_uint(&t->w, "events", t->s->n);
	json_pair_uint(&t->w, "records", n->records);
	json_pair_uint(&t->w, "duplicates", n->duplicates);
	json_pair_uint(&t->w, "rejected", n->rejected);
	pair_bool(t, "partial", t->s->partial);
	json_pair_time(&t->w, "first", c->first);
	json_pair_time(&t->w, "last", c->last);
	begin_list(t, "lacks");
	coverage_lacks(c, put_lack, &t->w);
	json_end_array(&t->w);
	begin_list(t, "holes");
	for (size_t i = 0; i < c->hole_n; i++) {
		const struct coverage_hole *h = &c->hole[i];

		json_begin_object(&t->w);
		pair(t, "recipientAccountId", c->place[h->place].account_text);
		pair(t, "awsRegion", c->place[h->place].region_text);
		json_pair_time(&t->w, "from", h->from);
		json_pair_time(&t->w, "until", h->until);
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
	begin_list(t, "loggingChanged");
	for (size_t i = 0; i < c->change_n; i++) {
		json_begin_object(&t->w);
		json_pair(&t->w, "effect",
			  str_of(coverage_effect_name(
				  c->change[i].call->effect)));
		json_pair(&t->w, "log", str_of(c->change[i].call->log));
		pair_event(t, "evidence", c->change[i].row);
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
	json_end_object(&t->w);
}

static void put_integrity(struct telling *t)
{
	const struct report *r = t->r;

	json_key(&t->w, "integrity");
	json_begin_object(&t->w);
	pair_bool(t, "libcrypto", crypto_exists());
	pair_bool(t, "digests", r->verified);
	if (r->verified) {
		pair_bool(t, "publicKeys", r->verify.keys);
		json_key(&t->w, "states");
		json_begin_object(&t->w);
		for (int i = 0; i < VERIFY_STATE_COUNT; i++)
			if (r->verify.of[i])
				json_pair_uint(
					&t->w,
					verify_state_name((enum verify_state)i),
					r->verify.of[i]);
		json_end_object(&t->w);
	}
	json_end_object(&t->w);
}

static void put_inputs(struct telling *t)
{
	const struct report *r = t->r;

	begin_list(t, "inputs");
	for (size_t i = 0; i < r->input_n; i++) {
		const struct report_input *in = &r->input[i];
		const struct file_entry *e = &t->s->files->entry[in->file];

		json_begin_object(&t->w);
		json_pair_uint(&t->w, "input", i + 1);
		pair(t, "file", str_of(e->path));
		json_pair_uint(&t->w, "bytes", e->bytes);
		json_pair_uint(&t->w, "records", e->records);
		json_pair_uint(&t->w, "rejected", e->rejected);
		if (in->summed) {
			strbuf_clear(&t->text);
			sha256_print(&t->text, &in->sum);
			json_pair(&t->w, "sha256", strbuf_str(&t->text));
		}
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
	begin_list(t, "skips");
	for (size_t i = 0; i < t->s->skips.n; i++) {
		const struct skip *k = &t->s->skips.skip[i];

		json_begin_object(&t->w);
		pair(t, "file", str_of(t->s->files->entry[k->file].path));
		json_pair_uint(&t->w, "record", k->record);
		json_pair_uint(&t->w, "offset", k->offset);
		json_pair(&t->w, "reason", str_of(k->reason));
		json_end_object(&t->w);
	}
	json_end_array(&t->w);
	json_pair_uint(&t->w, "skipsUnlisted", t->s->skips.unlisted);
}

/* Lines of a case as they are, but for what is hidden in texts. */
static void put_case(struct telling *t)
{
	static const enum case_kind kinds[] = { CASE_TEXT,        CASE_NOTE,
						CASE_DISPOSITION, CASE_EVIDENCE,
						CASE_STAR,        CASE_LABEL };
	static const char *const names[] = { "text",     "note", "disposition",
					     "evidence", "star", "label" };

	if (!t->style->book)
		return;
	begin_list(t, "case");
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		const struct case_list *list = case_book_list(t->style->book,
							      kinds[k]);

		for (size_t i = 0; i < list->n; i++) {
			const struct case_item *x = &list->item[i];

			json_begin_object(&t->w);
			json_pair(&t->w, "kind", str_of(names[k]));
			pair(t, "eventID", x->event.id);
			pair(t, "incident", x->incident);
			pair(t, "ruleId", x->rule_id);
			pair(t, "title", x->title);
			pair(t, "actor", x->actor);
			if (kinds[k] == CASE_DISPOSITION)
				json_pair(&t->w, "disposition",
					  str_of(disposition_name(
						  x->disposition)));
			pair(t, "text", x->text);
			pair(t, "where", x->name);
			pair(t, "author", x->author);
			json_pair_time(&t->w, "time", x->time);
			json_end_object(&t->w);
		}
	}
	json_end_array(&t->w);
}

void report_json(const struct report *r, const struct report_style *style,
		 struct strbuf *out)
{
	struct telling t = { .r = r,
			     .style = style,
			     .s = r->terms.snap->store,
			     .l = r->terms.snap->lineage };

	strbuf_init(&t.text);
	arena_init(&t.arena);
	json_writer_init(&t.w, out);
	t.w.filter = style->filter;
	json_begin_object(&t.w);
	json_pair(&t.w, "trawl", STR(TRAWL_VERSION));
	json_pair(&t.w, "attack", STR(ATTACK_VERSION));
	json_pair_time(&t.w, "made", r->made);
	pair(&t, "command", style->command);
	pair(&t, "selection", style->selection);
	pair_bool(&t, "redacted", style->redacted);
	pair_bool(&t, "defanged", style->defanged);
	begin_list(&t, "incidents");
	for (size_t i = 0; i < r->part_n; i++)
		put_part(&t, &r->part[i]);
	json_end_array(&t.w);
	begin_list(&t, "otherIncidents");
	for (size_t i = 0; i < r->incidents.n; i++) {
		bool told = false;

		for (size_t k = 0; k < r->part_n; k++)
			told |= r->part[k].number == i + 1;
		if (told)
			continue;
		json_begin_object(&t.w);
		put_incident(&t, &r->incidents.incident[i], i + 1);
		json_end_object(&t.w);
	}
	json_end_array(&t.w);
	put_case(&t);
	put_coverage(&t);
	put_integrity(&t);
	put_inputs(&t);
	json_end_object(&t.w);
	strbuf_addc(out, '\n');
	arena_release(&t.arena);
	strbuf_release(&t.text);
}
