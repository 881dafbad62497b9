/* SPDX-License-Identifier: MIT */
#include "detect/rule.h"

#include "base/attr.h"

static const struct {
	const char *key;
	enum step_kind kind;
} step_keys[] = {
	{ "filter", STEP_FILTER },
	{ "pivot", STEP_PIVOT },
	{ "view", STEP_VIEW },
	{ "section", STEP_SECTION },
};

static struct str text_at(const struct node *map, const char *key)
{
	return node_text(node_member(map, key));
}

/* A text, or a list of them. */
static struct rule_texts texts_at(struct arena *a, const struct node *map,
				  const char *key)
{
	const struct node *v = node_member(map, key);
	struct rule_texts t = { NULL, 0 };

	if (!v || v->kind == NODE_NULL || v->kind == NODE_MAP)
		return t;
	t.text = arena_alloc(a, (v->n + 1) * sizeof(*t.text));
	if (v->kind == NODE_TEXT)
		t.text[t.n++] = v->text;
	for (size_t i = 0; i < v->n; i++)
		if (v->item[i].value->kind == NODE_TEXT)
			t.text[t.n++] = v->item[i].value->text;
	return t;
}

static void add_technique(struct rule *r, const struct technique_id *id)
{
	for (size_t i = 0; i < r->technique_n; i++)
		if (strcmp(r->technique[i].text, id->text) == 0)
			return;
	r->technique[r->technique_n++] = *id;
}

/*
 * Tags name tactics and techniques of v19 and of v18. The one tactic of v18
 * that became two is the one that a technique of the rule serves; without
 * such a technique it is both.
 */
static void take_tags(struct arena *a, struct rule *r)
{
	tactic_set split = 0, served = 0;

	r->technique = arena_alloc(a, (r->tags.n + 1) * sizeof(*r->technique));
	for (size_t i = 0; i < r->tags.n; i++) {
		struct str tag = str_trim(r->tags.text[i]);
		struct technique_id id;
		tactic_set named;

		if (!str_starts_fold(tag, STR("attack.")))
			continue;
		tag = str_from(tag, sizeof("attack.") - 1);
		if (attack_technique_id(tag, &id)) {
			add_technique(r, &id);
			served |= attack_technique_tactics(&id);
			continue;
		}
		named = attack_tactics_named(tag);
		if (named & (named - 1))
			split |= named;
		else
			r->tactics |= named;
	}
	r->tactics |= split & served ? split & served : split;
}

static void take_steps(struct arena *a, struct rule *r)
{
	const struct node *list = node_member(r->document, "investigate");

	if (!list || list->kind != NODE_LIST)
		return;
	r->step = arena_zero(a, (list->n + 1) * sizeof(*r->step));
	for (size_t i = 0; i < list->n; i++) {
		const struct node *step = list->item[i].value;
		struct rule_step *out = &r->step[r->step_n];

		out->ask = text_at(step, "ask");
		if (!out->ask.n)
			continue;
		out->line = list->item[i].line;
		for (size_t k = 0; k < ARRAY_SIZE(step_keys); k++) {
			struct str argument = text_at(step, step_keys[k].key);

			if (!argument.n)
				continue;
			out->kind = step_keys[k].kind;
			out->argument = argument;
		}
		r->step_n++;
	}
}

static void take_ours(struct arena *a, struct rule *r)
{
	const struct node *samples = node_member(r->document, "samples");
	const struct node *ours = node_member(r->document, "trawl");
	struct rule_texts outcomes = texts_at(a, ours, "outcome");

	r->fire = rule_examples_read(a, node_member(samples, "fire"));
	r->quiet = rule_examples_read(a, node_member(samples, "quiet"));
	node_bool(node_member(ours, "fixed-level"), &r->fixed_level);
	node_bool(node_member(ours, "severity"), &r->severity);
	for (size_t i = 0; i < outcomes.n; i++)
		for (unsigned o = OUTCOME_OK; o <= OUTCOME_FAILED; o++)
			if (str_eq_fold(outcomes.text[i],
					str_of(event_outcome_name(
						(enum event_outcome)o))))
				r->outcomes |= 1u << o;
	if (!r->outcomes)
		r->outcomes = 1u << OUTCOME_OK | 1u << OUTCOME_DENIED |
			      1u << OUTCOME_FAILED;
}

static void take_level(struct rule *r)
{
	struct str text = text_at(r->document, "level");

	r->level = LEVEL_MEDIUM;
	for (int i = 0; i < LEVEL_COUNT; i++)
		if (str_eq_fold(text, str_of(level_name((enum level)i)))) {
			r->level = (enum level)i;
			r->has_level = true;
		}
}

enum err_code rule_read(struct arena *a, const struct node *d, const char *file,
			struct rule *r, struct err *err)
{
	const struct node *logsource = node_member(d, "logsource");
	bool asks; /* something of events; a filter does not */

	*r = (struct rule){ .document = d, .file = file, .line = d->line };
	if (d->kind != NODE_MAP)
		return err_set(err, ERR_FORMAT, "%s:%u: a rule is a mapping",
			       file, d->line);
	r->title = text_at(d, "title");
	r->id = text_at(d, "id");
	r->name = text_at(d, "name");
	r->status = text_at(d, "status");
	r->description = text_at(d, "description");
	r->author = text_at(d, "author");
	r->date = text_at(d, "date");
	r->modified = text_at(d, "modified");
	r->references = texts_at(a, d, "references");
	r->falsepositives = texts_at(a, d, "falsepositives");
	r->fields = texts_at(a, d, "fields");
	r->tags = texts_at(a, d, "tags");
	r->category = text_at(logsource, "category");
	r->product = text_at(logsource, "product");
	r->service = text_at(logsource, "service");
	r->cloudtrail = rule_kinds(r) & 1u << KIND_CLOUDTRAIL;
	r->detection = node_member(d, "detection");
	r->correlation = node_member(d, "correlation");
	r->lineage = node_member(d, "lineage");
	r->baseline = node_member(d, "baseline");
	r->indicator = text_at(d, "indicator");
	asks = r->detection || r->correlation || r->lineage || r->baseline ||
	       r->indicator.n;
	if (!asks)
		r->filter = node_member(d, "filter");
	r->mend = str_trim(text_at(d, "mend"));
	take_tags(a, r);
	take_steps(a, r);
	take_ours(a, r);
	take_level(r);
	if (!asks && !r->filter)
		return err_set(err, ERR_FORMAT,
			       "%s:%u: a rule needs \"detection\", "
			       "\"correlation\", \"lineage\", \"baseline\" or "
			       "\"filter\"",
			       file, d->line);
	return ERR_OK;
}

/* What logsource calls the logs: category, service (NULL: none is said). */
static const struct {
	const char *category, *service;
	unsigned kinds;
} sources[] = {
	{ "webserver", NULL,
	  1u << KIND_WEB | 1u << KIND_ELB | 1u << KIND_CLOUDFRONT |
		  1u << KIND_WAF },
	{ "database", NULL, 1u << KIND_MYSQL },
	{ NULL, "guardduty", 1u << KIND_GUARDDUTY },
	{ NULL, "securityhub", 1u << KIND_SECURITYHUB },
	{ NULL, "elb", 1u << KIND_ELB },
	{ NULL, "s3access", 1u << KIND_S3_ACCESS },
	{ NULL, "cloudfront", 1u << KIND_CLOUDFRONT },
	{ NULL, "waf", 1u << KIND_WAF },
	{ NULL, "mysql", 1u << KIND_MYSQL },
	{ NULL, "vpcflow", 1u << KIND_FLOW },
	{ NULL, "config", 1u << KIND_CONFIG },
};

static bool says(struct str text, const char *name)
{
	return name ? str_eq_fold(text, str_of(name)) : !text.n;
}

unsigned rule_kinds(const struct rule *r)
{
	bool aws = !r->product.n || str_eq_fold(r->product, STR("aws"));
	bool cloudtrail = str_eq_fold(r->service, STR("cloudtrail"));

	if (aws && (!r->service.n || cloudtrail) &&
	    (!r->category.n || str_eq_fold(r->category, STR("cloudtrail"))))
		return 1u << KIND_CLOUDTRAIL | 1u << KIND_NETWORK |
		       1u << KIND_INSIGHT;
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		if ((aws || sources[i].category) &&
		    says(r->category, sources[i].category) &&
		    says(r->service, sources[i].service))
			return sources[i].kinds;
	return 0;
}

bool rule_names_technique(const struct rule *r, const struct technique_id *id)
{
	for (size_t i = 0; i < r->technique_n; i++)
		if (attack_technique_within(&r->technique[i], id))
			return true;
	return false;
}

enum level rule_level_for(const struct rule *r, uint32_t flags)
{
	uint32_t severity = (flags & EVENT_SEVERITY) >> EVENT_SEVERITY_SHIFT;

	if (r->severity && severity)
		return (enum level)(severity - 1);
	if (!r->builtin || r->fixed_level || r->correlation)
		return r->level;
	return level_for_outcome(
		r->level, (enum event_outcome)(flags & EVENT_OUTCOME_MASK));
}
