/* SPDX-License-Identifier: MIT */
#include "cli/navigator.h"

#include <stdlib.h>

#include "base/mem.h"

/* Version of the file format, and a program that reads it. */
#define LAYER_VERSION     "4.5"
#define NAVIGATOR_VERSION "5.1.0"

/* A technique under a tactic, or under all: TACTIC_COUNT. */
struct entry {
	const struct technique_id *id;
	unsigned tactic;
	size_t alerts;
	const struct rule **rule; /* of the alerts, each once */
	size_t *of_rule;          /* how many alerts */
	size_t rule_n, rule_cap, of_rule_cap;
};

struct layer {
	struct entry *entry;
	size_t n, cap;
};

static struct entry *find_entry(struct layer *l, const struct technique_id *id,
				unsigned tactic)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->entry[i].tactic == tactic &&
		    strcmp(l->entry[i].id->text, id->text) == 0)
			return &l->entry[i];
	l->entry = mem_grow(l->entry, &l->cap, l->n + 1, sizeof(*l->entry));
	l->entry[l->n] = (struct entry){ .id = id, .tactic = tactic };
	return &l->entry[l->n++];
}

static void count_alert(struct layer *l, const struct technique_id *id,
			unsigned tactic, const struct rule *rule)
{
	struct entry *e = find_entry(l, id, tactic);
	size_t i = 0;

	e->alerts++;
	while (i < e->rule_n && e->rule[i] != rule)
		i++;
	if (i == e->rule_n) {
		e->rule = mem_grow(e->rule, &e->rule_cap, i + 1,
				   sizeof(*e->rule));
		e->of_rule = mem_grow(e->of_rule, &e->of_rule_cap, i + 1,
				      sizeof(*e->of_rule));
		e->rule[i] = rule;
		e->of_rule[i] = 0;
		e->rule_n++;
	}
	e->of_rule[i]++;
}

static void add_alert(struct layer *l, const struct alert *al)
{
	const struct rule *r = al->rule;

	for (size_t i = 0; i < r->technique_n; i++) {
		const struct technique_id *id = &r->technique[i];
		tactic_set known = attack_technique_tactics(id);
		tactic_set under = known & r->tactics;

		under = under ? under : known;
		for (unsigned t = 0; t < TACTIC_COUNT; t++)
			if (under & TACTIC_BIT(t))
				count_alert(l, id, t, r);
		if (!under)
			count_alert(l, id, TACTIC_COUNT, r);
	}
}

static int compare_entries(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int by_id = strcmp(a->id->text, b->id->text);

	return by_id                 ? by_id :
	       a->tactic < b->tactic ? -1 :
				       a->tactic > b->tactic;
}

/* "T1562.008 in v18", and a line for each rule. */
static void write_comment(struct json_writer *w, const struct entry *e)
{
	const char *was = attack_technique_was(e->id);
	struct strbuf text;

	strbuf_init(&text);
	if (was)
		strbuf_addf(&text, "%s before " ATTACK_VERSION "\n", was);
	for (size_t i = 0; i < e->rule_n; i++)
		strbuf_addf(&text, "%s%.*s (%s): %zu %s", i ? "\n" : "",
			    STR_ARG(e->rule[i]->title),
			    level_name(e->rule[i]->level), e->of_rule[i],
			    e->of_rule[i] == 1 ? "alert" : "alerts");
	json_pair(w, "comment", strbuf_str(&text));
	strbuf_release(&text);
}

/* Is it a sub-technique, under the same tactic, of one with this id? */
static bool is_part(const struct entry *e, struct str id, unsigned tactic)
{
	struct str own = str_of(e->id->text);

	return e->tactic == tactic && own.n > id.n && str_starts(own, id);
}

static void write_id(struct json_writer *w, struct str id, unsigned tactic)
{
	json_pair(w, "techniqueID", id);
	if (tactic < TACTIC_COUNT)
		json_pair(
			w, "tactic",
			str_of(attack_tactic_name((enum attack_tactic)tactic)));
}

static void write_unfolded(struct json_writer *w)
{
	json_key(w, "showSubtechniques");
	json_bool(w, true);
}

static void write_entry(struct json_writer *w, const struct layer *l, size_t i)
{
	const struct entry *e = &l->entry[i];
	struct str id = str_of(e->id->text);

	json_begin_object(w);
	write_id(w, id, e->tactic);
	json_pair_uint(w, "score", e->alerts);
	write_comment(w, e);
	json_key(w, "enabled");
	json_bool(w, true);
	for (size_t k = i + 1; k < l->n; k++)
		if (is_part(&l->entry[k], id, e->tactic)) {
			write_unfolded(w);
			break;
		}
	json_end_object(w);
}

/* Sub-techniques are seen only where their technique is unfolded, which has
 * an entry of its own for that when it has none. */
static void write_parent(struct json_writer *w, const struct layer *l, size_t i)
{
	const struct entry *e = &l->entry[i];
	struct str id = str_of(e->id->text);
	struct str parent = str_sub(id, 0, str_find_char(id, '.', 0));

	if (parent.n == id.n)
		return;
	for (size_t k = 0; k < i; k++)
		if (is_part(&l->entry[k], parent, e->tactic) ||
		    (l->entry[k].tactic == e->tactic &&
		     str_eq(str_of(l->entry[k].id->text), parent)))
			return;
	json_begin_object(w);
	write_id(w, parent, e->tactic);
	write_unfolded(w);
	json_end_object(w);
}

static void write_versions(struct json_writer *w)
{
	json_key(w, "versions");
	json_begin_object(w);
	json_pair(w, "attack", str_of(&ATTACK_VERSION[1]));
	json_pair(w, "navigator", STR(NAVIGATOR_VERSION));
	json_pair(w, "layer", STR(LAYER_VERSION));
	json_end_object(w);
}

static void write_gradient(struct json_writer *w, const struct layer *l)
{
	static const char *const colors[] = { "#ffe3c2", "#ff8c42", "#d7263d" };
	size_t most = 1;

	for (size_t i = 0; i < l->n; i++)
		if (l->entry[i].alerts > most)
			most = l->entry[i].alerts;
	json_key(w, "gradient");
	json_begin_object(w);
	json_key(w, "colors");
	json_begin_array(w);
	for (size_t i = 0; i < ARRAY_SIZE(colors); i++)
		json_string(w, str_of(colors[i]));
	json_end_array(w);
	json_pair_uint(w, "minValue", 0);
	json_pair_uint(w, "maxValue", most);
	json_end_object(w);
}

static void write_description(struct json_writer *w, struct str selection)
{
	struct strbuf text;

	strbuf_init(&text);
	strbuf_adds(&text,
		    "Alerts of trawl " TRAWL_VERSION
		    " on CloudTrail. Score: alerts that name the technique. "
		    "Nothing is known of techniques that leave no trace "
		    "there.");
	if (selection.n) {
		strbuf_adds(&text, " Only events that ");
		strbuf_add(&text, selection);
		strbuf_addc(&text, '.');
	}
	json_pair(w, "description", strbuf_str(&text));
	strbuf_release(&text);
}

static void write_layer(struct json_writer *w, const struct layer *l,
			struct str selection)
{
	json_begin_object(w);
	json_pair(w, "name", STR("trawl"));
	write_versions(w);
	json_pair(w, "domain", STR("enterprise-attack"));
	write_description(w, selection);
	write_gradient(w, l);
	json_key(w, "techniques");
	json_begin_array(w);
	for (size_t i = 0; i < l->n; i++) {
		write_parent(w, l, i);
		write_entry(w, l, i);
	}
	json_end_array(w);
	json_end_object(w);
}

void navigator_write(struct output *out, const struct alerts *alerts,
		     size_t limit, struct str selection)
{
	struct layer l = { NULL, 0, 0 };
	struct json_writer w;

	for (size_t i = 0; i < alerts->n && i < limit; i++)
		add_alert(&l, &alerts->alert[i]);
	if (l.n)
		qsort(l.entry, l.n, sizeof(*l.entry), compare_entries);
	output_json(out, &w);
	write_layer(&w, &l, selection);
	output_line(out);
	for (size_t i = 0; i < l.n; i++) {
		free(l.entry[i].rule);
		free(l.entry[i].of_rule);
	}
	free(l.entry);
}
