/* SPDX-License-Identifier: MIT */
/*
 * Random correlations, and correlations of those, over random events, against
 * the plainest reading of what they mean: groups are texts, windows are all
 * that there are (naive_window.h). Nothing of src/detect is used to say what is
 * right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "correlate_help.h"
#include "naive_window.h"

static uint64_t seed = 1234567890123456789u;

static unsigned below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

/* Worlds ------------------------------------------------------------------ */

enum { EVENTS = 7, ITEMS = 200, FIELDS = 2 };

static const char *const names[] = { "A", "B", "C" };
static const char *const addresses[] = { "192.0.2.1", "192.0.2.2" };
static const char *const letters[] = { "x", "y" };

struct one_event {
	unsigned second, name, address;
	unsigned letter[2], letters; /* requestParameters.f */
	int number;                  /* requestParameters.g; below 0: none */
};

static void random_event(struct one_event *e)
{
	*e = (struct one_event){ .second = below(25),
				 .name = below(ARRAY_SIZE(names)),
				 .address = below(ARRAY_SIZE(addresses)),
				 .letters = below(3),
				 .number = (int)below(5) - 1 };
	e->letter[0] = below(2);
	e->letter[1] = !e->letter[0];
}

static void write_event(struct events *w, const struct one_event *e)
{
	struct strbuf more;

	strbuf_init(&more);
	strbuf_adds(&more, ",\"requestParameters\":{\"f\":[");
	for (unsigned i = 0; i < e->letters; i++)
		strbuf_addf(&more, "%s\"%s\"", i ? "," : "",
			    letters[e->letter[i]]);
	strbuf_adds(&more, "]");
	if (e->number >= 0)
		strbuf_addf(&more, ",\"g\":%d", e->number);
	strbuf_adds(&more, "}");
	event_at(w, e->second, names[e->name], addresses[e->address], more.p);
	strbuf_release(&more);
}

/* Rules ------------------------------------------------------------------- */

/* Base rules: one a name, one for two names. */
static const char *const base[] = { "base_A", "base_B", "base_C", "base_AB" };
static const char *const paths[] = { "sourceIPAddress", "requestParameters.f" };
static const char base_rules[] = "---\ntitle: 1\nname: base_A\ndetection: "
				 "{s: {eventName: A}, condition: s}\n"
				 "---\ntitle: 2\nname: base_B\ndetection: "
				 "{s: {eventName: B}, condition: s}\n"
				 "---\ntitle: 3\nname: base_C\ndetection: "
				 "{s: {eventName: C}, condition: s}\n"
				 "---\ntitle: 4\nname: base_AB\ndetection: "
				 "{s: {eventName: [A, B]}, condition: s}\n";

enum { INNER = ARRAY_SIZE(base) }; /* as a rule that is named */
enum { NO_FIELD = FIELDS + 1 };

struct one_rule {
	struct correlation c;
	struct str text[4];
	unsigned rule[4]; /* of base, or INNER */
	bool group[FIELDS];
	unsigned field, more; /* of paths; FIELDS: the number; more: a second
				 one, or NO_FIELD */
	/* Whether the first to group by is an alias, and what it stands for
	 * in events of each base rule. */
	bool alias;
	unsigned stands_for[ARRAY_SIZE(base)];
};

static bool is_base(unsigned event_name, unsigned rule)
{
	return event_name == rule || (rule == 3 && event_name < 2);
}

/* Further conditions, fields and aliases, now and then. */
static void random_extras(struct one_rule *r)
{
	r->more = NO_FIELD;
	if (r->c.type == CORRELATION_VALUE_COUNT && below(2))
		r->more = (r->field + 1 + below(FIELDS)) % (FIELDS + 1);
	if (below(4) == 0) {
		r->c.limits.n = 2;
		r->c.limits.limit[1].op = (r->c.limits.limit[0].op + 1 +
					   below(LIMIT_OP_COUNT - 1)) %
					  LIMIT_OP_COUNT;
		r->c.limits.limit[1].than = 1 + below(4);
	}
	r->alias = r->group[0] && below(2);
	for (unsigned i = 0; i < ARRAY_SIZE(base); i++)
		r->stands_for[i] = below(5) ? below(FIELDS) : NO_FIELD;
}

static void random_rule(struct one_rule *r, bool outer)
{
	unsigned n = 1 + below(3), left[] = { 0, 1, 2, 3 };

	*r = (struct one_rule){ .c.timespan = 1000 * (1 + (int64_t)below(12)) };
	for (unsigned i = 0; i < n; i++) {
		unsigned k = i + below(4 - i), rule = left[k];

		left[k] = left[i];
		r->rule[i] = rule;
	}
	if (outer)
		r->rule[below(n)] = INNER;
	for (unsigned i = 0; i < n; i++)
		r->text[i] = str_of(r->rule[i] == INNER ? "inner" :
							  base[r->rule[i]]);
	r->c.rules = (struct rule_texts){ r->text, n };
	r->c.type = (enum correlation_type)below(CORRELATION_TYPE_COUNT);
	for (unsigned i = 0; i < FIELDS; i++)
		r->group[i] = below(2);
	r->field = below(FIELDS + 1);
	if (r->c.type == CORRELATION_VALUE_SUM ||
	    r->c.type == CORRELATION_VALUE_AVG)
		r->field = FIELDS;
	if (r->c.type == CORRELATION_VALUE_PERCENTILE && r->field == FIELDS) {
		r->c.has_percentile = true;
		r->c.percentile = 25 * below(5);
	}
	r->c.limits.n = 1;
	r->c.limits.limit[0].op = below(3) ?
					  LIMIT_GTE :
					  (enum limit_op)below(LIMIT_OP_COUNT);
	r->c.limits.limit[0].than = 1 + below(3);
	if (r->c.type == CORRELATION_VALUE_PERCENTILE && !r->c.has_percentile)
		r->c.limits.limit[0].than *= 25;
	random_extras(r);
}

static void write_aliases(struct strbuf *out, const struct one_rule *r)
{
	const char *sep = "";

	strbuf_adds(out, "  aliases: {who: {");
	for (unsigned i = 0; i < ARRAY_SIZE(base); i++)
		if (r->stands_for[i] != NO_FIELD) {
			strbuf_addf(out, "%s%s: %s", sep, base[i],
				    paths[r->stands_for[i]]);
			sep = ", ";
		}
	strbuf_adds(out, "}}\n");
}

/* What the first field to group by is called. */
static const char *first_name(const struct one_rule *r)
{
	return r->alias ? "who" : paths[0];
}

static const char *field_name(unsigned field)
{
	return field == FIELDS ? "requestParameters.g" : paths[field];
}

static void write_rule(struct strbuf *out, const struct one_rule *r,
		       const char *title)
{
	const char *sep = "";

	strbuf_addf(out, "title: %s\nname: %s\ncorrelation:\n  type: %s\n",
		    title, title, naive_types[r->c.type]);
	strbuf_adds(out, "  rules: [");
	for (size_t i = 0; i < r->c.rules.n; i++)
		strbuf_addf(out, "%s%.*s", i ? ", " : "", STR_ARG(r->text[i]));
	strbuf_adds(out, "]\n  group-by: [");
	for (unsigned i = 0; i < FIELDS; i++)
		if (r->group[i]) {
			strbuf_addf(out, "%s%s", sep,
				    i ? paths[i] : first_name(r));
			sep = ", ";
		}
	strbuf_addf(out, "]\n  timespan: %ds\n  condition: {",
		    (int)(r->c.timespan / 1000));
	for (size_t i = 0; i < r->c.limits.n; i++)
		strbuf_addf(out, "%s%s: %g", i ? ", " : "",
			    naive_ops[r->c.limits.limit[i].op],
			    r->c.limits.limit[i].than);
	if (r->c.type >= CORRELATION_VALUE_SUM ||
	    r->c.type == CORRELATION_VALUE_COUNT)
		strbuf_addf(out,
			    r->more == NO_FIELD ? ", field: %s" :
						  ", field: [%s, %s]",
			    field_name(r->field),
			    r->more == NO_FIELD ? "" : field_name(r->more));
	if (r->c.has_percentile)
		strbuf_addf(out, ", percentile: %g", r->c.percentile);
	strbuf_adds(out, "}\n");
	if (r->alias)
		write_aliases(out, r);
}

/* The plain reading ------------------------------------------------------- */

/* An event as a correlation sees it. */
struct sight {
	int64_t time;
	unsigned event, position;
	unsigned base; /* the rule that it matched */
	int episode;   /* that it came by; below 0: none */
};

/* What a correlation found. */
struct found {
	char label[200];
	uint32_t events; /* as bits */
};

struct plain {
	const struct one_event *event;
	unsigned n;
	struct found found[ITEMS];
	unsigned found_n;
	struct sight fed[ITEMS];
	unsigned fed_n;
	bool too_many;
};

/* Where an event stands in time: what comes first is smaller. */
static unsigned place(const struct plain *p, unsigned event)
{
	unsigned before = 0;

	for (unsigned i = 0; i < p->n; i++)
		before += p->event[i].second < p->event[event].second ||
			  (p->event[i].second == p->event[event].second &&
			   i < event);
	return before;
}

/* The texts of a field: how many. */
static unsigned texts_of(const struct one_event *e, unsigned field,
			 const char **out)
{
	static const char *const digits[] = { "0", "1", "2", "3" };

	if (field == 0) {
		out[0] = addresses[e->address];
		return 1;
	}
	if (field == FIELDS) {
		out[0] = e->number >= 0 ? digits[e->number] : "";
		return e->number >= 0;
	}
	for (unsigned i = 0; i < e->letters; i++)
		out[i] = letters[e->letter[i]];
	return e->letters;
}

/* The labels of the groups that an event is in. */
static unsigned labels_of(const struct plain *p, const struct sight *at,
			  const struct one_rule *r, char label[][200])
{
	const struct one_event *e = &p->event[at->event];
	const char *value[FIELDS][2];
	unsigned many[FIELDS], n = 0;

	for (unsigned f = 0; f < FIELDS; f++) {
		unsigned from = f == 0 && r->alias ? r->stands_for[at->base] :
						     f;

		many[f] = r->group[f] && from != NO_FIELD ?
				  texts_of(e, from, value[f]) :
				  0;
		if (many[f] == 0) {
			value[f][0] = "missing";
			many[f] = 1;
		}
	}
	for (unsigned i = 0; i < many[0]; i++)
		for (unsigned k = 0; k < many[1]; k++, n++) {
			label[n][0] = '\0';
			if (r->group[0])
				snprintf(label[n], 200, "%s %s", first_name(r),
					 value[0][i]);
			if (r->group[1])
				snprintf(label[n] + strlen(label[n]), 100,
					 "%s%s %s", r->group[0] ? ", " : "",
					 paths[1], value[1][k]);
		}
	return n;
}

static unsigned gather(const struct plain *p, const struct one_rule *r,
		       const struct plain *inner, struct sight *out)
{
	unsigned n = 0;

	for (unsigned i = 0; i < r->c.rules.n; i++) {
		for (unsigned e = 0; e < p->n; e++)
			if (is_base(p->event[e].name, r->rule[i]) &&
			    r->rule[i] != INNER)
				out[n++] = (struct sight){
					(int64_t)p->event[e].second * 1000, e,
					i, r->rule[i], -1
				};
		for (unsigned k = 0;
		     r->rule[i] == INNER && inner && k < inner->fed_n; k++) {
			out[n] = inner->fed[k];
			out[n++].position = i;
		}
	}
	/* In order of time. */
	for (unsigned i = 1; i < n; i++)
		for (unsigned k = i; k && out[k].time < out[k - 1].time; k--) {
			struct sight swap = out[k];

			out[k] = out[k - 1];
			out[k - 1] = swap;
		}
	return n;
}

/* Numbers for the values of an event, or pairs of them. */
static unsigned numbers_of(const struct one_event *e, const struct one_rule *r,
			   uint32_t *out)
{
	static const char *const values[] = { "192.0.2.1", "192.0.2.2", "x",
					      "y",         "0",         "1",
					      "2",         "3" };
	const char *text[2][2] = { { NULL } };
	unsigned many[2] = { texts_of(e, r->field, text[0]), 1 }, n = 0;

	if (r->more != NO_FIELD)
		many[1] = texts_of(e, r->more, text[1]);
	for (unsigned i = 0; i < many[0]; i++)
		for (unsigned k = 0; k < many[1]; k++, n++) {
			out[n] = 0;
			for (unsigned v = 0; v < ARRAY_SIZE(values); v++) {
				if (strcmp(values[v], text[0][i]) == 0)
					out[n] += v;
				if (text[1][k] &&
				    strcmp(values[v], text[1][k]) == 0)
					out[n] += 8 * v;
			}
		}
	return n;
}

static void take_group(struct plain *p, const struct one_rule *r,
		       const struct plain *inner, const struct sight *sight,
		       unsigned n, const char *label)
{
	struct window_item item[NAIVE_ITEMS];
	uint32_t value[NAIVE_ITEMS * 4];
	struct naive_group g = { &r->c, item, value, n };
	struct naive_result result;
	unsigned used = 0;

	if (n > NAIVE_ITEMS || p->found_n + n > ITEMS) {
		p->too_many = true;
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		const struct one_event *e = &p->event[sight[i].event];
		bool again = false;

		for (unsigned k = 0; k < i; k++)
			again |= sight[k].event == sight[i].event &&
				 sight[k].episode < 0 && sight[i].episode < 0;
		item[i] = (struct window_item){
			.time = sight[i].time,
			.row = place(p, sight[i].event),
			.unit = sight[i].episode < 0 ?
					sight[i].event :
					1000 + (unsigned)sight[i].episode,
			.position = sight[i].position,
			.value = used,
			.number = r->field == FIELDS && e->number >= 0 &&
						  !again ?
					  e->number :
					  (double)NAN,
		};
		if (!again)
			used += numbers_of(e, r, value + used);
		item[i].value_n = used - item[i].value;
	}
	naive_find(&g, &result);
	for (unsigned k = 0; k < result.n; k++) {
		struct found *f = &p->found[p->found_n];

		f->events = 0;
		snprintf(f->label, sizeof(f->label), "%s", label);
		for (unsigned i = 0; i < n; i++) {
			if (!(result.episode[k] >> i & 1))
				continue;
			f->events |=
				sight[i].episode < 0 ?
					1u << sight[i].event :
					inner->found[sight[i].episode].events;
			if (p->fed_n == ITEMS) {
				p->too_many = true;
				return;
			}
			p->fed[p->fed_n++] = (struct sight){ result.moment[i],
							     sight[i].event, 0,
							     sight[i].base,
							     (int)p->found_n };
		}
		p->found_n++;
	}
}

static void read_plainly(struct plain *p, const struct one_rule *r,
			 const struct plain *inner)
{
	struct sight sight[ITEMS * 3], in[ITEMS * 3];
	unsigned n = gather(p, r, inner, sight);
	char seen[64][200], label[4][200];
	unsigned seen_n = 0;

	for (unsigned i = 0; i < n && !p->too_many; i++) {
		unsigned labels = labels_of(p, &sight[i], r, label);

		for (unsigned l = 0; l < labels; l++) {
			bool known = false;
			unsigned many = 0;

			for (unsigned k = 0; k < seen_n; k++)
				known |= strcmp(seen[k], label[l]) == 0;
			if (known)
				continue;
			memcpy(seen[seen_n++], label[l], sizeof(label[l]));
			for (unsigned k = 0; k < n; k++) {
				char other[4][200];
				unsigned m = labels_of(p, &sight[k], r, other);

				for (unsigned j = 0; j < m; j++)
					if (strcmp(other[j], label[l]) == 0)
						in[many++] = sight[k];
			}
			take_group(p, r, inner, in, many, label[l]);
		}
	}
}

static void plain_text(struct strbuf *out, const struct plain *p,
		       const char *title)
{
	for (unsigned i = 0; i < p->found_n; i++) {
		strbuf_adds(out, title);
		if (p->found[i].label[0])
			strbuf_addf(out, " [%s]", p->found[i].label);
		for (unsigned e = 0; e < p->n; e++)
			if (p->found[i].events >> e & 1)
				strbuf_addf(out, " %u", e);
		strbuf_addc(out, '\n');
	}
	sort_lines(out);
}

/* Both -------------------------------------------------------------------- */

static void against_plain(void **state)
{
	unsigned found = 0, checked = 0;

	(void)state;
	for (unsigned round = 0; round < 500; round++) {
		struct one_event event[EVENTS];
		struct one_rule inner_rule, outer_rule;
		static struct plain inner, outer;
		struct strbuf rules, wanted;
		bool chained = below(2);
		struct events w;

		events_begin(&w);
		for (unsigned i = 0; i < EVENTS; i++) {
			random_event(&event[i]);
			write_event(&w, &event[i]);
		}
		random_rule(&inner_rule, false);
		random_rule(&outer_rule, true);
		memset(&inner, 0, sizeof(inner));
		inner.event = event;
		inner.n = EVENTS;
		outer = inner;
		read_plainly(&inner, &inner_rule, NULL);
		if (chained)
			read_plainly(&outer, &outer_rule, &inner);
		if (inner.too_many || outer.too_many) {
			events_end(&w);
			continue;
		}
		strbuf_init(&rules);
		strbuf_init(&wanted);
		strbuf_adds(&wanted, "");
		write_rule(&rules, &inner_rule, "inner");
		if (chained) {
			strbuf_adds(&rules, "---\n");
			write_rule(&rules, &outer_rule, "outer");
		}
		strbuf_adds(&rules, base_rules);
		plain_text(&wanted, chained ? &outer : &inner,
			   chained ? "outer" : "inner");
		check_world(&w, rules.p, episodes_text, wanted.p);
		found += (chained ? outer : inner).found_n;
		checked++;
		strbuf_release(&rules);
		strbuf_release(&wanted);
		events_end(&w);
	}
	/* The rounds were worth it. */
	assert_true(checked > 450);
	assert_true(found > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_plain),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
