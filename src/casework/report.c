/* SPDX-License-Identifier: MIT */
#include "casework/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "casework/case_file.h"
#include "casework/file_sum.h"
#include "ingest/unwrap.h"
#include "model/agent.h"

/* Steps: who did it, one after the other -------------------------------------- */

struct placed {
	uint32_t alert; /* in incident.alert */
	size_t who;     /* in incident.identity; identity_n: nobody's */
	row_id first;
};

static int compare_placed(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;

	if (a->who != b->who)
		return a->who < b->who ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return a->alert < b->alert ? -1 : a->alert > b->alert;
}

static size_t place_of(const struct incident *x, node_id who)
{
	size_t i = 0;

	while (i < x->identity_n && x->identity[i] != who)
		i++;
	return i;
}

static int compare_steps(const void *x, const void *y)
{
	const struct report_step *a = x, *b = y;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->graver != b->graver)
		return a->graver ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

/* A step begins with its first alert that is more than informational, where it
 * has one. */
static void add_to_step(struct report *r, struct report_part *p,
			const struct placed *x, uint32_t at, bool fresh)
{
	const struct alert *a = report_alert(r, p, x->alert);
	struct report_step *step;

	if (fresh)
		p->step[p->step_n++] = (struct report_step){
			.who = x->who < p->incident->identity_n ?
				       p->incident->identity[x->who] :
				       NODE_NONE,
			.first = at,
			.begun = ROW_NONE,
		};
	step = &p->step[p->step_n - 1];
	step->n++;
	if (step->begun == ROW_NONE ||
	    (!step->graver && a->level > LEVEL_INFORMATIONAL))
		step->begun = x->first;
	step->graver |= a->level > LEVEL_INFORMATIONAL;
}

static void place_steps(struct report_part *p)
{
	row_id began = ROW_NONE;

	for (size_t i = 0; i < p->step_n; i++)
		if (p->step[i].graver && p->step[i].begun < began)
			began = p->step[i].begun;
	for (size_t i = 0; i < p->step_n; i++) {
		struct report_step *step = &p->step[i];

		step->place = step->begun;
		if (!step->graver && began != ROW_NONE && step->begun < began)
			step->place = began;
	}
	if (p->step_n)
		qsort(p->step, p->step_n, sizeof(*p->step), compare_steps);
}

static void find_steps(struct report *r, struct report_part *p)
{
	const struct incident *x = p->incident;
	struct placed *list = mem_alloc((x->alert_n + 1) * sizeof(*list));

	for (size_t i = 0; i < x->alert_n; i++)
		list[i] = (struct placed){
			.alert = (uint32_t)i,
			.who = place_of(x, incident_identity(
						   &r->map, x->alert[i].first)),
			.first = x->alert[i].first
		};
	qsort(list, x->alert_n, sizeof(*list), compare_placed);
	p->by_step = mem_alloc((x->alert_n + 1) * sizeof(*p->by_step));
	p->step = mem_zero(x->identity_n + 1, sizeof(*p->step));
	for (size_t i = 0; i < x->alert_n; i++) {
		p->by_step[i] = list[i].alert;
		add_to_step(r, p, &list[i], (uint32_t)i,
			    !i || list[i].who != list[i - 1].who);
	}
	place_steps(p);
	free(list);
}

/* What to mend ---------------------------------------------------------------- */

static void add_mend(struct report_part *p, const struct rule *rule, row_id row)
{
	struct report_mend *m = p->mend;

	while (m < p->mend + p->mend_n && !str_eq(m->text, rule->mend))
		m++;
	if (m == p->mend + p->mend_n) {
		*m = (struct report_mend){ .text = rule->mend, .row = row };
		p->mend_n++;
	}
	for (size_t i = 0; i < m->rule_n && i < ARRAY_SIZE(m->rule); i++)
		if (m->rule[i] == rule)
			return;
	if (m->rule_n < ARRAY_SIZE(m->rule))
		m->rule[m->rule_n] = rule;
	m->rule_n++;
	if (row < m->row)
		m->row = row;
}

static int compare_mends(const void *x, const void *y)
{
	const struct report_mend *a = x, *b = y;

	return a->row != b->row ? (a->row < b->row ? -1 : 1) :
				  str_cmp(a->text, b->text);
}

static void find_mends(struct report *r, struct report_part *p)
{
	const struct incident *x = p->incident;

	p->mend = mem_zero(x->alert_n + 1, sizeof(*p->mend));
	for (size_t i = 0; i < x->alert_n; i++) {
		const struct alert *a = report_alert(r, p, (uint32_t)i);

		if (a->rule->mend.n)
			add_mend(p, a->rule, x->alert[i].first);
	}
	qsort(p->mend, p->mend_n, sizeof(*p->mend), compare_mends);
}

/* Techniques ------------------------------------------------------------------ */

static int compare_techniques(const void *x, const void *y)
{
	const struct report_technique *a = x, *b = y;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return strcmp(a->id.text, b->id.text);
}

static void add_technique(struct report_part *p, size_t *cap,
			  const struct technique_id *id, const struct alert *a,
			  row_id first)
{
	struct report_technique *t = p->technique;
	size_t i = 0;

	while (i < p->technique_n && strcmp(t[i].id.text, id->text) != 0)
		i++;
	if (i == p->technique_n) {
		p->technique = mem_grow(p->technique, cap, i + 1, sizeof(*t));
		t = p->technique;
		t[i] = (struct report_technique){ .id = *id, .first = first };
		p->technique_n++;
	}
	t[i].alerts++;
	if (first < t[i].first)
		t[i].first = first;
	if (a->level > t[i].level)
		t[i].level = a->level;
}

static void find_techniques(struct report *r, struct report_part *p)
{
	const struct incident *x = p->incident;
	size_t cap = 0;

	for (size_t i = 0; i < x->alert_n; i++) {
		const struct alert *a = report_alert(r, p, (uint32_t)i);

		if (a->level < LEVEL_LOW && x->level >= LEVEL_LOW)
			continue;
		for (size_t k = 0; k < a->rule->technique_n; k++)
			add_technique(p, &cap, &a->rule->technique[k], a,
				      x->alert[i].first);
	}
	if (p->technique_n)
		qsort(p->technique, p->technique_n, sizeof(*p->technique),
		      compare_techniques);
}

/* Indicators ------------------------------------------------------------------ */

static bool tells(const struct report *r, enum event_column c, uint32_t value)
{
	const struct store *s = r->terms.snap->store;
	enum addr_class class;

	if (!value || c == EVENT_KEY)
		return value;
	class = addr_class(store_value(s, c, value));
	/* A service that calls itself by its name tells of nobody. */
	if (c == EVENT_AGENT)
		return class != ADDR_SERVICE && class != ADDR_INTERNAL;
	return class == ADDR_PUBLIC || class == ADDR_PRIVATE;
}

static bool has_address(const struct incident *x, uint32_t address)
{
	for (size_t i = 0; i < x->addresses.n; i++)
		if (x->addresses.value[i] == address)
			return true;
	return false;
}

/* Is it of somebody else, or a call from before the incident began? Requests
 * and flows are their address'. */
static bool is_foreign(const struct report *r, const struct incident *x,
		       row_id row)
{
	const struct store *s = r->terms.snap->store;

	if (!kind_is_call(s->kind[row]))
		return !has_address(x, store_value_at(s, EVENT_IP, row));
	return s->time[row] < x->first ||
	       place_of(x, incident_identity(&r->map, row)) == x->identity_n;
}

/* A column's values as indicators: those whose text is the same are one. */
struct indicating {
	struct report *r;
	struct report_part *p;
	enum event_column column;
	struct intern texts;
	uint32_t *of_value; /* by value: its text + 1; 0: not asked yet */
	uint32_t *of_text;  /* by text: number of its indicator + 1 */
	size_t *cap;
};

static uint32_t text_of(struct indicating *x, uint32_t value)
{
	struct str text = store_value(x->r->terms.snap->store, x->column,
				      value);
	struct strbuf normal;

	if (x->of_value[value])
		return x->of_value[value] - 1;
	strbuf_init(&normal);
	if (x->column == EVENT_AGENT)
		agent_normalise(&normal, text);
	else
		strbuf_add(&normal, text);
	x->of_value[value] = intern_add(&x->texts, strbuf_str(&normal)) + 1;
	strbuf_release(&normal);
	return x->of_value[value] - 1;
}

static void add_indicator(struct indicating *x, row_id row)
{
	uint32_t value = store_value_at(x->r->terms.snap->store, x->column,
					row);
	struct report_part *p = x->p;
	struct report_indicator *i;
	uint32_t text;

	if (!tells(x->r, x->column, value))
		return;
	text = text_of(x, value);
	if (!x->of_text[text]) {
		p->indicator = mem_grow(p->indicator, x->cap,
					p->indicator_n + 1,
					sizeof(*p->indicator));
		p->indicator[p->indicator_n++] = (struct report_indicator){
			.column = x->column,
			.value = value,
			.text = arena_dup(&x->r->arena,
					  intern_text(&x->texts, text)),
			.first = row
		};
		x->of_text[text] = (uint32_t)p->indicator_n;
	}
	i = &p->indicator[x->of_text[text] - 1];
	i->events++;
	i->last = row;
}

static enum report_standing standing_of(const struct report *r,
					const struct report_indicator *x)
{
	if (x->column == EVENT_IP &&
	    site_network_of(&r->terms.snap->site, x->text))
		return STANDING_OWN;
	return x->others ? STANDING_SHARED : STANDING_ONLY;
}

static void find_indicators(struct report *r, struct report_part *p,
			    enum event_column c, size_t *cap)
{
	const struct store *s = r->terms.snap->store;
	struct indicating x = { .r = r, .p = p, .column = c, .cap = cap };
	size_t before = p->indicator_n;

	intern_init(&x.texts);
	x.of_value = mem_zero(s->values[c], sizeof(*x.of_value));
	x.of_text = mem_zero((size_t)s->values[c] + 1, sizeof(*x.of_text));
	for (size_t i = 0; i < p->rows.n; i++)
		add_indicator(&x, p->rows.row[i]);
	for (row_id row = 0; row < s->n; row++) {
		uint32_t value = store_value_at(s, c, row), at;

		if (!value)
			continue;
		at = x.of_text[text_of(&x, value)];
		if (!at)
			continue;
		p->indicator[at - 1].all++;
		p->indicator[at - 1].others += is_foreign(r, p->incident, row);
	}
	for (size_t i = before; i < p->indicator_n; i++)
		p->indicator[i].standing = standing_of(r, &p->indicator[i]);
	intern_release(&x.texts);
	free(x.of_value);
	free(x.of_text);
}

/* Credentials ----------------------------------------------------------------- */

/* An address is nobody, and a service's identity cannot be revoked. */
static void find_credentials(struct report *r, struct report_part *p,
			     const struct scan_options *scan)
{
	const struct lineage *l = r->terms.snap->lineage;
	const struct incident *x = p->incident;
	const struct question q = { .marks = &r->terms.snap->marks,
				    .at = TIME_NONE };
	node_id *node = mem_alloc((x->identity_n + 1) * sizeof(*node));
	size_t n = 0;

	for (size_t i = 0; i < x->identity_n; i++)
		if (l->node[x->identity[i]].kind != NODE_IP &&
		    l->node[x->identity[i]].kind != NODE_ACCOUNT)
			node[n++] = x->identity[i];
	if (n) {
		revocation_of(&p->revoke, l, node, n, &q);
		kept_prune(&p->revoke, l->store, scan);
	}
	free(node);
}

node_id report_role(const struct report *r, const struct report_part *p,
		    const struct credential *c)
{
	const struct lineage *l = r->terms.snap->lineage;
	node_id of = c->n ? p->revoke.session[c->first] : c->node;

	if (l->node[of].kind == NODE_COMPUTE)
		of = lineage_leads_to(l, of, EDGE_RUNS_AS);
	return of == NODE_NONE ? of : lineage_leads_to(l, of, EDGE_SESSION_OF);
}

/* Parts ----------------------------------------------------------------------- */

static void make_part(struct report *r, size_t number)
{
	struct report_part *p = &r->part[r->part_n++];
	const struct store *s = r->terms.snap->store;
	const struct scan_options scan = { r->terms.threads, r->terms.limits };
	size_t cap = 0;

	*p = (struct report_part){ .incident = &r->incidents.incident[number],
				   .number = number + 1 };
	report_timeline(r, p);
	find_steps(r, p);
	find_mends(r, p);
	find_techniques(r, p);
	find_indicators(r, p, EVENT_IP, &cap);
	find_indicators(r, p, EVENT_KEY, &cap);
	find_indicators(r, p, EVENT_AGENT, &cap);
	find_credentials(r, p, &scan);
	report_uses(r, p);
	kept_of(&p->kept, s, &p->rows, &scan, NULL);
	touched_of(&p->data, s, &p->rows, TOUCHED_BY_ADDRESS, &scan, NULL);
}

static void release_part(struct report_part *p)
{
	rowset_release(&p->rows);
	free(p->line);
	free(p->line_of);
	free(p->step);
	free(p->by_step);
	revocation_release(&p->revoke);
	free(p->use);
	kept_release(&p->kept);
	touched_release(&p->data);
	free(p->mend);
	free(p->indicator);
	free(p->technique);
}

/* Inputs ---------------------------------------------------------------------- */

static enum err_code find_inputs(struct report *r, struct err *err)
{
	const struct files *files = r->terms.snap->store->files;

	r->input = mem_zero((size_t)files->n + 1, sizeof(*r->input));
	for (uint32_t i = 0; i < files->n; i++) {
		const struct file_entry *e = &files->entry[i];
		struct report_input *in;

		if (e->foreign || e->refused)
			continue;
		in = &r->input[r->input_n++];
		in->file = i;
		if (crypto_exists())
			in->summed = file_sum(e, &in->sum);
		if (r->terms.going &&
		    !r->terms.going(r->terms.context, i, files->n))
			return err_set(err, ERR_CANCELLED, "stopped");
	}
	return ERR_OK;
}

static bool has_digests(const struct store *s)
{
	for (size_t i = 0; i < s->skips.n; i++)
		if (strcmp(s->skips.skip[i].reason, UNWRAP_DIGEST) == 0)
			return true;
	return false;
}

static enum err_code check_digests(struct report *r, struct err *err)
{
	const struct verify_options options = {
		.limits = r->terms.limits,
		.threads = r->terms.threads ? r->terms.threads : 1,
		.keys = r->terms.keys,
		.going = r->terms.going,
		.context = r->terms.context,
	};
	enum err_code rc;

	if (!crypto_exists() || !has_digests(r->terms.snap->store))
		return ERR_OK;
	rc = verify_run(&r->verify, r->terms.snap->store->files, &options, err);
	r->verified = rc == ERR_OK;
	return rc;
}

/* All of it ------------------------------------------------------------------- */

/* The number of the incident that an event is of. */
static enum err_code find_incident(struct report *r, struct err *err)
{
	struct str id = r->terms.event;
	row_id row = store_find_id(r->terms.snap->store, id, ROW_NONE);
	uint32_t group;

	if (row == ROW_NONE)
		return err_set(err, ERR_USAGE, "there is no event %.*s",
			       STR_ARG(id));
	group = r->map.group[incident_identity(&r->map, row)];
	for (size_t i = 0; group && i < r->incidents.n; i++)
		if (r->map.group[r->incidents.incident[i].identity[0]] ==
		    group) {
			r->terms.incident = i + 1;
			return ERR_OK;
		}
	return err_set(err, ERR_USAGE, "event %.*s is of no incident",
		       STR_ARG(id));
}

enum err_code report_make(struct report *out, const struct report_terms *terms,
			  struct err *err)
{
	const struct snapshot *snap = terms->snap;
	enum err_code rc;
	size_t wanted, wished;

	*out = (struct report){ .terms = *terms, .made = case_now() };
	arena_init(&out->arena);
	incident_map_make(&out->map, snap->lineage, &snap->marks, &snap->site);
	incidents_form(&out->incidents, &out->map, terms->alerts, snap->store);
	if (terms->event.n && out->incidents.n && find_incident(out, err))
		return err->code;
	wished = out->terms.incident;
	if (wished > out->incidents.n && wished > 1)
		return err_set(err, ERR_USAGE,
			       "there is no incident %zu; there are %zu",
			       wished, out->incidents.n);
	wanted = out->incidents.n < REPORT_INCIDENTS ? out->incidents.n :
						       REPORT_INCIDENTS;
	out->part = mem_zero(wanted + 1, sizeof(*out->part));
	if (wished) {
		if (out->incidents.n)
			make_part(out, wished - 1);
	} else {
		for (size_t i = 0; i < wanted; i++)
			make_part(out, i);
	}
	rc = find_inputs(out, err);
	return rc ? rc : check_digests(out, err);
}

void report_release(struct report *r)
{
	for (size_t i = 0; i < r->part_n; i++)
		release_part(&r->part[i]);
	free(r->part);
	free(r->input);
	if (r->verified)
		verify_result_release(&r->verify);
	incidents_release(&r->incidents);
	incident_map_release(&r->map);
	arena_release(&r->arena);
	*r = (struct report){ .part_n = 0 };
}
