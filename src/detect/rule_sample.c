/* SPDX-License-Identifier: MIT */
#include "detect/rule_sample.h"

#include "base/mem.h"
#include "detect/lineage_sample.h"
#include "ingest/unwrap.h"

/* Samples ----------------------------------------------------------------- */

static bool takes(const struct ruleset_rule *r, const struct event *e,
		  struct match_scratch *s)
{
	return r->rule.outcomes >> (e->flags & EVENT_OUTCOME_MASK) & 1 &&
	       matcher_test(r->matcher, e, NULL, s);
}

static bool fires(const struct ruleset *rs, rule_index number,
		  const struct rule_sample *sample, struct match_scratch *s)
{
	const struct ruleset_rule *r = ruleset_at(rs, number);

	if (r->lineage || r->correlation)
		return lineage_sample_fires(rs, number, sample);
	for (size_t i = 0; r->matcher && i < sample->n; i++)
		if (takes(r, sample->event[i], s))
			return true;
	return false;
}

/* The event in a record, or in what carries one: a finding, a message. */
static bool record_of(struct event *e, const struct json *v,
		      struct unwrapper *u, struct value_reader *reader,
		      struct arena *a)
{
	const struct unwrapped *found;
	size_t n;

	event_extract(e, v, reader->notes, a);
	if (is_plain_event(e))
		return true;
	found = unwrap(u, v, &n);
	if (n && !found->skip)
		return unwrapped_event(e, found, reader, a);
	return true;
}

/* Any of the records, or all of them as a world of their own. */
static bool records_fire(const struct ruleset *rs, rule_index number,
			 const struct rule_texts *records, struct arena *a,
			 struct match_scratch *s)
{
	static const struct limits limits = LIMITS_DEFAULT;
	const struct ruleset_rule *r = ruleset_at(rs, number);
	struct unwrapper *u;
	struct value_reader reader;
	bool fired = false;

	if (r->lineage || r->correlation)
		return lineage_records_fire(rs, number, records->text,
					    records->n);
	u = unwrapper_new(&limits);
	value_reader_init(&reader, &limits);
	for (size_t i = 0; r->matcher && i < records->n && !fired; i++) {
		const struct json *v = value_read(&reader, a, records->text[i]);
		struct event e;

		fired = v && record_of(&e, v, u, &reader, a) && takes(r, &e, s);
	}
	value_reader_release(&reader);
	unwrapper_free(u);
	return fired;
}

/* What a run over samples needs. */
struct testing {
	const struct ruleset *rs;
	rule_sample_find find;
	void *find_context;
	rule_sample_told told;
	void *told_context;
	struct match_scratch *scratch;
	struct sample_counts counts;
};

static enum sample_result judge(bool fired, bool should_fire)
{
	return fired == should_fire ? SAMPLE_RIGHT :
	       fired                ? SAMPLE_FIRED :
				      SAMPLE_QUIET;
}

static enum sample_result try_named(struct testing *t, rule_index number,
				    struct str name, bool should_fire)
{
	struct rule_sample sample;

	if (!t->find(t->find_context, name, &sample))
		return SAMPLE_UNKNOWN;
	return judge(fires(t->rs, number, &sample, t->scratch), should_fire);
}

static enum sample_result try_records(struct testing *t, rule_index number,
				      const struct rule_example *x,
				      bool should_fire)
{
	struct rule_texts records;
	struct arena arena;
	enum sample_result result = SAMPLE_BROKEN;

	arena_init(&arena);
	if (rule_example_records(&arena, x, &records))
		result = judge(records_fire(t->rs, number, &records, &arena,
					    t->scratch),
			       should_fire);
	arena_release(&arena);
	return result;
}

static void tell(struct testing *t, rule_index number,
		 const struct rule_example *x, bool should_fire,
		 enum sample_result result)
{
	struct strbuf text;

	t->counts.right += result == SAMPLE_RIGHT;
	t->counts.unknown += result == SAMPLE_UNKNOWN;
	t->counts.wrong += result != SAMPLE_RIGHT && result != SAMPLE_UNKNOWN;
	if (!t->told)
		return;
	strbuf_init(&text);
	if (x->name.n)
		strbuf_add(&text, x->name);
	else
		strbuf_addf(&text, "line %u", x->line);
	t->told(t->told_context, number, strbuf_str(&text), should_fire,
		result);
	strbuf_release(&text);
}

static void test_samples(struct testing *t, rule_index number,
			 const struct rule_examples *examples, bool should_fire)
{
	for (size_t i = 0; i < examples->n; i++) {
		const struct rule_example *x = &examples->item[i];

		if (x->records.n)
			tell(t, number, x, should_fire,
			     try_records(t, number, x, should_fire));
		else if (t->find)
			tell(t, number, x, should_fire,
			     try_named(t, number, x->name, should_fire));
		else
			t->counts.untried++;
	}
}

struct sample_counts rules_test(const struct ruleset *rs, rule_sample_find find,
				void *find_context, rule_sample_told told,
				void *told_context)
{
	struct testing t = { .rs = rs,
			     .find = find,
			     .find_context = find_context,
			     .told = told,
			     .told_context = told_context };

	t.scratch = match_scratch_new();
	for (rule_index i = 0; i < ruleset_count(rs); i++) {
		const struct ruleset_rule *r = ruleset_at(rs, i);

		if (r->state == RULE_OTHER)
			continue;
		t.counts.rules += r->rule.fire.n || r->rule.quiet.n;
		test_samples(&t, i, &r->rule.fire, true);
		test_samples(&t, i, &r->rule.quiet, false);
	}
	match_scratch_free(t.scratch);
	return t.counts;
}
