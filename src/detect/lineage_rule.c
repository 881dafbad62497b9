/* SPDX-License-Identifier: MIT */
#include "detect/lineage_rule.h"

#include "base/attr.h"
#include "detect/lineage_detections.h"

static const char *const setting_keys[SET_COUNT] = {
#define X(code, key, least, most) [code] = (key),
	LINEAGE_NUMBERS(X)
#undef X
#define X(code, key) [code] = (key),
		LINEAGE_TEXTS(X)
#undef X
};

static const struct {
	int64_t least, most;
} bounds[SET_NUMBERS] = {
#define X(code, key, least, most) [code] = { (least), (most) },
	LINEAGE_NUMBERS(X)
#undef X
};

/* Where a section is read, and where to put it. */
struct reading {
	struct arena *arena;
	const struct rule *rule;
	struct lineage_rule *out;
	struct err *err;
};

static enum err_code take_number(struct reading *x, enum lineage_setting s,
				 const struct node *value)
{
	uint64_t number;

	if (!str_to_u64(node_text(value), &number) ||
	    number < (uint64_t)bounds[s].least ||
	    number > (uint64_t)bounds[s].most)
		return err_set(x->err, ERR_FORMAT,
			       "%s:%u: %s is a number from %lld to %lld",
			       x->rule->file, value->line, setting_keys[s],
			       (long long)bounds[s].least,
			       (long long)bounds[s].most);
	x->out->number[s] = (int64_t)number;
	return ERR_OK;
}

/* A text, or a list of them; of settings that have one, known words. */
static enum err_code take_texts(struct reading *x, enum lineage_setting s,
				const struct node *value)
{
	struct rule_texts *t = &x->out->text[s];

	if (value->kind == NODE_TEXT) {
		t->text = arena_alloc(x->arena, sizeof(*t->text));
		t->text[t->n++] = value->text;
	} else if (value->kind == NODE_LIST) {
		t->text = arena_alloc(x->arena,
				      (value->n + 1) * sizeof(*t->text));
		for (size_t i = 0; i < value->n; i++)
			if (node_text(value->item[i].value).n)
				t->text[t->n++] = value->item[i].value->text;
	}
	if (t->n == 0 || (value->kind == NODE_LIST && t->n != value->n))
		return err_set(x->err, ERR_FORMAT,
			       "%s:%u: %s is a text or a list of texts",
			       x->rule->file, value->line, setting_keys[s]);
	if (t->n > 1 && (s == SET_OF || s == SET_BY || s == SET_SUM_OF))
		return err_set(x->err, ERR_FORMAT, "%s:%u: %s is one text",
			       x->rule->file, value->line, setting_keys[s]);
	for (size_t i = 0; i < t->n; i++)
		if (!lineage_word_is_known(s, t->text[i]))
			return err_set(x->err, ERR_FORMAT,
				       "%s:%u: %s: \"%.*s\" is not known",
				       x->rule->file, value->line,
				       setting_keys[s],
				       STR_ARG(str_sub(t->text[i], 0, 80)));
	return ERR_OK;
}

static enum err_code take_item(struct reading *x, const struct node_item *item,
			       uint64_t *given)
{
	for (unsigned s = 0; s < SET_COUNT; s++) {
		if (!str_eq(item->key, str_of(setting_keys[s])) ||
		    !(x->out->detection->takes & SET_BIT(s)))
			continue;
		*given |= SET_BIT(s);
		return s < SET_NUMBERS ? take_number(x, (enum lineage_setting)s,
						     item->value) :
					 take_texts(x, (enum lineage_setting)s,
						    item->value);
	}
	return err_set(x->err, ERR_FORMAT, "%s:%u: %s has no setting \"%.*s\"",
		       x->rule->file, item->line, x->out->detection->name,
		       STR_ARG(str_sub(item->key, 0, 80)));
}

/* The section that is read: of a rule that has one, and only one. */
static const struct node *section_of(const struct rule *r)
{
	return r->lineage ? r->lineage : r->baseline;
}

static enum err_code check_given(struct reading *x, uint64_t given)
{
	const struct lineage_detection *d = x->out->detection;
	unsigned line = section_of(x->rule)->line;

	for (unsigned s = 0; s < SET_COUNT; s++)
		if (d->takes & ~d->optional & ~given & SET_BIT(s))
			return err_set(x->err, ERR_FORMAT,
				       "%s:%u: %s needs \"%s\"", x->rule->file,
				       line, d->name, setting_keys[s]);
	if (d->starts == STARTS_FROM_SEEDS && !x->out->seeded)
		return err_set(x->err, ERR_FORMAT,
			       "%s:%u: %s needs \"detection\": the events that "
			       "it starts from",
			       x->rule->file, line, d->name);
	if (d->starts == STARTS_FROM_ALL && x->out->seeded)
		return err_set(x->err, ERR_FORMAT,
			       "%s:%u: %s starts from no events: \"detection\" "
			       "would do nothing",
			       x->rule->file, line, d->name);
	return ERR_OK;
}

bool lineage_rule_measures(const struct lineage_rule *r)
{
	return r->detection->of_baseline ||
	       (r->detection->takes & SET_BIT(SET_BASELINE_HOURS));
}

enum err_code lineage_rule_read(struct arena *a, const struct rule *r,
				struct lineage_rule *out, struct err *err)
{
	const struct node *section = section_of(r);
	const char *word = r->lineage ? "lineage" : "baseline";
	struct str name = node_text(node_member(section, "detect"));
	struct reading x = { a, r, out, err };
	uint64_t given = 0;

	*out = (struct lineage_rule){ .detection = lineage_detection(name),
				      .seeded = r->detection != NULL };
	if (r->lineage && r->baseline)
		return err_set(err, ERR_FORMAT,
			       "%s:%u: a rule has \"lineage\" or \"baseline\", "
			       "not both",
			       r->file, r->baseline->line);
	if (!out->detection ||
	    out->detection->of_baseline != (r->baseline != NULL))
		return err_set(err, ERR_FORMAT,
			       "%s:%u: %s needs \"detect\" with a "
			       "detection's name, and \"%.*s\" is none",
			       r->file, section->line, word,
			       STR_ARG(str_sub(name, 0, 80)));
	for (size_t i = 0; i < section->n; i++) {
		enum err_code rc;

		if (str_eq(section->item[i].key, STR("detect")))
			continue;
		rc = take_item(&x, &section->item[i], &given);
		if (rc)
			return rc;
	}
	return check_given(&x, given);
}

bool lineage_rule_says(const struct lineage_rule *r,
		       enum lineage_setting setting, struct str text)
{
	const struct rule_texts *t = &r->text[setting];

	for (size_t i = 0; i < t->n; i++)
		if (str_eq_fold(t->text[i], text))
			return true;
	return false;
}

bool lineage_rule_finds(const struct lineage_rule *r,
			enum lineage_setting setting, struct str in)
{
	const struct rule_texts *t = &r->text[setting];

	for (size_t i = 0; i < t->n; i++)
		if (str_find_fold(in, t->text[i], 0) != SIZE_MAX)
			return true;
	return false;
}

struct str lineage_rule_text(const struct lineage_rule *r,
			     enum lineage_setting setting)
{
	return r->text[setting].n ? r->text[setting].text[0] : STR_NULL;
}
