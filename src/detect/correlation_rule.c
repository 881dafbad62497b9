/* SPDX-License-Identifier: MIT */
#include "detect/correlation_rule.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/timefmt.h"
#include "model/field.h"

static const char *const type_names[] = {
#define X(code, name) [code] = (name),
	CORRELATION_TYPES(X)
#undef X
};

static const char *const op_names[] = {
#define X(code, name) [code] = (name),
	LIMIT_OPS(X)
#undef X
};

/* Where a section is read, and where to put it. */
struct reading {
	struct arena *arena;
	const struct rule *rule;
	struct correlation *out;
	struct err *err;
};

static enum err_code fail(struct reading *x, enum err_code code, unsigned line,
			  const char *fmt, ...) ATTR_PRINTF(4, 5);

static enum err_code fail(struct reading *x, enum err_code code, unsigned line,
			  const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(x->err, code, "%s:%u: %s", x->rule->file, line, text);
}

/* Conditions -------------------------------------------------------------- */

static bool limit_holds(enum limit_op op, double number, double than)
{
	switch (op) {
	case LIMIT_GT:
		return number > than;
	case LIMIT_GTE:
		return number >= than;
	case LIMIT_LT:
		return number < than;
	case LIMIT_LTE:
		return number <= than;
	case LIMIT_EQ:
		return number == than;
	default:
		return number != than;
	}
}

bool correlation_limits_hold(const struct correlation_limits *l, double number)
{
	for (size_t i = 0; i < l->n; i++)
		if (!limit_holds(l->limit[i].op, number, l->limit[i].than))
			return false;
	return true;
}

static bool find_op(struct str name, enum limit_op *out)
{
	for (unsigned i = 0; i < LIMIT_OP_COUNT; i++)
		if (str_eq_fold(name, str_of(op_names[i]))) {
			*out = (enum limit_op)i;
			return true;
		}
	return false;
}

/* A text, or a list of them, each once; at most `max`. */
static enum err_code take_texts(struct reading *x, const struct node_item *item,
				size_t max, struct rule_texts *out)
{
	const struct node *v = item->value;
	size_t n = v->kind == NODE_LIST ? v->n : 1;

	*out = (struct rule_texts){ NULL, 0 };
	if (v->kind == NODE_NULL)
		return ERR_OK;
	if (n > max)
		return fail(x, ERR_LIMIT, item->line, "%.*s: more than %zu",
			    STR_ARG(str_sub(item->key, 0, 40)), max);
	out->text = arena_alloc(x->arena, (n + 1) * sizeof(*out->text));
	for (size_t i = 0; i < n; i++) {
		struct str text =
			node_text(v->kind == NODE_LIST ? v->item[i].value : v);

		if (!text.n)
			return fail(x, ERR_FORMAT, item->line,
				    "%.*s is a text or a list of texts",
				    STR_ARG(str_sub(item->key, 0, 40)));
		for (size_t k = 0; k < out->n; k++)
			if (str_eq(out->text[k], text))
				return fail(x, ERR_FORMAT, item->line,
					    "%.*s has \"%.*s\" twice",
					    STR_ARG(str_sub(item->key, 0, 40)),
					    STR_ARG(str_sub(text, 0, 80)));
		out->text[out->n++] = text;
	}
	return ERR_OK;
}

static enum err_code take_number(struct reading *x,
				 const struct node_item *item, double *out)
{
	if (str_to_double(node_text(item->value), out))
		return ERR_OK;
	return fail(x, ERR_FORMAT, item->line, "%.*s takes a number",
		    STR_ARG(str_sub(item->key, 0, 40)));
}

static enum err_code take_limit(struct reading *x, const struct node_item *item)
{
	struct correlation_limits *l = &x->out->limits;
	enum limit_op op;

	if (!find_op(item->key, &op))
		return fail(x, ERR_FORMAT, item->line,
			    "condition: \"%.*s\" is not known",
			    STR_ARG(str_sub(item->key, 0, 80)));
	for (size_t i = 0; i < l->n; i++)
		if (l->limit[i].op == op)
			return fail(x, ERR_FORMAT, item->line,
				    "condition: %s twice", op_names[op]);
	l->limit[l->n].op = op;
	return take_number(x, item, &l->limit[l->n++].than);
}

static enum err_code take_condition(struct reading *x,
				    const struct node_item *item)
{
	struct correlation *c = x->out;
	const struct node *v = item->value;

	if (v->kind == NODE_TEXT)
		return fail(x, ERR_UNSUPPORTED, item->line,
			    "condition: rules joined by and, or, not are not "
			    "supported; it is a mapping such as {gte: 10}");
	if (v->kind != NODE_MAP)
		return fail(x, ERR_FORMAT, item->line,
			    "condition is a mapping such as {gte: 10}");
	for (size_t i = 0; i < v->n; i++) {
		const struct node_item *m = &v->item[i];
		enum err_code rc;

		if (str_eq(m->key, STR("field"))) {
			rc = take_texts(x, m, CORRELATION_FIELDS, &c->field);
		} else if (str_eq(m->key, STR("percentile"))) {
			rc = take_number(x, m, &c->percentile);
			c->has_percentile = true;
		} else {
			rc = take_limit(x, m);
		}
		if (rc)
			return rc;
	}
	return ERR_OK;
}

/* The section ------------------------------------------------------------- */

/* A number and one letter, as pySigma has them: M is a month, y a year. */
static bool read_timespan(struct str s, int64_t *ms)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = {
		{ 's', 1 },        { 'm', 60 },     { 'h', 3600 },
		{ 'd', 86400 },    { 'w', 604800 }, { 'M', 2629746 },
		{ 'y', 31556952 },
	};
	uint64_t count;

	s = str_trim(s);
	if (s.n < 2 || s.n > 10 || !str_to_u64(str_sub(s, 0, s.n - 1), &count))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (units[i].letter == s.p[s.n - 1]) {
			*ms = (int64_t)count * units[i].seconds * 1000;
			return count > 0;
		}
	return false;
}

static enum err_code take_timespan(struct reading *x,
				   const struct node_item *item)
{
	struct str text = node_text(item->value);

	if (read_timespan(text, &x->out->timespan))
		return ERR_OK;
	return fail(x, ERR_FORMAT, item->line,
		    "timespan: \"%.*s\" is no span such as 90s, 15m, 24h, 7d",
		    STR_ARG(str_sub(text, 0, 40)));
}

static enum err_code take_type(struct reading *x, const struct node_item *item)
{
	struct str name = node_text(item->value);
	struct correlation *c = x->out;

	for (unsigned i = 0; i < CORRELATION_TYPE_COUNT; i++)
		if (str_eq_fold(name, str_of(type_names[i]))) {
			c->type = (enum correlation_type)i;
			return ERR_OK;
		}
	if (str_eq_fold(name, STR("value_median"))) {
		c->type = CORRELATION_VALUE_PERCENTILE;
		c->percentile = 50;
		c->has_percentile = true;
		return ERR_OK;
	}
	return fail(x, ERR_UNSUPPORTED, item->line,
		    "correlation type \"%.*s\" is not known",
		    STR_ARG(str_sub(name, 0, 60)));
}

static enum err_code take_aliases(struct reading *x,
				  const struct node_item *item)
{
	const struct node *v = item->value;
	struct correlation *c = x->out;
	size_t n = 0;

	if (v->kind == NODE_NULL)
		return ERR_OK;
	for (size_t i = 0; v->kind == NODE_MAP && i < v->n; i++)
		n += v->item[i].value->n;
	c->alias = arena_alloc(x->arena, (n + 1) * sizeof(*c->alias));
	for (size_t i = 0; v->kind == NODE_MAP && i < v->n; i++) {
		const struct node *map = v->item[i].value;

		if (map->kind != NODE_MAP)
			break;
		for (size_t k = 0; k < map->n; k++)
			c->alias[c->alias_n++] = (struct correlation_alias){
				v->item[i].key, map->item[k].key,
				node_text(map->item[k].value)
			};
	}
	for (size_t i = 0; i < c->alias_n; i++)
		if (!c->alias[i].field.n)
			c->alias_n = 0;
	if (n && c->alias_n == n)
		return ERR_OK;
	return fail(x, ERR_FORMAT, item->line,
		    "aliases are mappings of an alias to {rule: field}");
}

static enum err_code take_member(struct reading *x,
				 const struct node_item *item)
{
	struct correlation *c = x->out;

	if (str_eq(item->key, STR("type")))
		return take_type(x, item);
	if (str_eq(item->key, STR("rules")))
		return take_texts(x, item, CORRELATION_RULES, &c->rules);
	if (str_eq(item->key, STR("group-by")))
		return take_texts(x, item, CORRELATION_FIELDS, &c->group);
	if (str_eq(item->key, STR("timespan")))
		return take_timespan(x, item);
	if (str_eq(item->key, STR("condition")))
		return take_condition(x, item);
	if (str_eq(item->key, STR("aliases")))
		return take_aliases(x, item);
	if (str_eq(item->key, STR("generate")))
		return ERR_OK; /* see take_generate */
	return fail(x, ERR_FORMAT, item->line,
		    "correlation: \"%.*s\" is not known",
		    STR_ARG(str_sub(item->key, 0, 80)));
}

/* It stands in the section or beside it. */
static void take_generate(struct reading *x)
{
	struct correlation *c = x->out;

	c->says_generate =
		node_bool(node_member(x->rule->correlation, "generate"),
			  &c->generate) ||
		node_bool(node_member(x->rule->document, "generate"),
			  &c->generate);
}

static bool is_temporal(const struct correlation *c)
{
	return c->type == CORRELATION_TEMPORAL ||
	       c->type == CORRELATION_TEMPORAL_ORDERED;
}

static bool is_alias(const struct correlation *c, struct str name)
{
	for (size_t i = 0; i < c->alias_n; i++)
		if (str_eq(c->alias[i].alias, name))
			return true;
	return false;
}

static enum err_code check_fields(struct reading *x)
{
	struct correlation *c = x->out;
	bool counts = c->type == CORRELATION_EVENT_COUNT || is_temporal(c);
	struct correlation_source source;

	if (counts && c->field.n)
		return fail(x, ERR_FORMAT, c->line, "%s has no field",
			    type_names[c->type]);
	if (!counts && c->field.n == 0)
		return fail(x, ERR_FORMAT, c->line,
			    "%s needs a field in its condition",
			    type_names[c->type]);
	if (c->type != CORRELATION_VALUE_COUNT && c->field.n > 1)
		return fail(x, ERR_FORMAT, c->line, "%s takes one field",
			    type_names[c->type]);
	for (size_t i = 0; i < c->group.n + c->field.n; i++) {
		struct str name = i < c->group.n ?
					  c->group.text[i] :
					  c->field.text[i - c->group.n];

		if (!is_alias(c, name) && !correlation_source(name, &source))
			return fail(x, ERR_UNSUPPORTED, c->line,
				    "\"%.*s\" is no value of an event",
				    STR_ARG(str_sub(name, 0, 80)));
	}
	for (size_t i = 0; i < c->alias_n; i++)
		if (!correlation_source(c->alias[i].field, &source))
			return fail(x, ERR_UNSUPPORTED, c->line,
				    "\"%.*s\" is no value of an event",
				    STR_ARG(str_sub(c->alias[i].field, 0, 80)));
	return ERR_OK;
}

static enum err_code check_whole(struct reading *x)
{
	struct correlation *c = x->out;

	if (c->rules.n == 0)
		return fail(x, ERR_FORMAT, c->line,
			    "a correlation needs \"rules\"");
	if (!c->timespan)
		return fail(x, ERR_FORMAT, c->line,
			    "a correlation needs a \"timespan\"");
	if (c->type == CORRELATION_TEMPORAL_ORDERED &&
	    c->rules.n > CORRELATION_ORDERED)
		return fail(x, ERR_LIMIT, c->line, "%s takes at most %d rules",
			    type_names[c->type], CORRELATION_ORDERED);
	if (c->has_percentile && (c->type != CORRELATION_VALUE_PERCENTILE ||
				  c->percentile < 0 || c->percentile > 100))
		return fail(x, ERR_FORMAT, c->line,
			    "percentile is from 0 to 100, of value_percentile");
	if (c->limits.n == 0 && !is_temporal(c))
		return fail(x, ERR_FORMAT, c->line,
			    "%s needs a condition such as {gte: 10}",
			    type_names[c->type]);
	if (c->limits.n == 0) {
		c->limits.limit[0].op = LIMIT_GTE;
		c->limits.limit[0].than = (double)c->rules.n;
		c->limits.n = 1;
	}
	return check_fields(x);
}

enum err_code correlation_read(struct arena *a, const struct rule *r,
			       struct correlation *out, struct err *err)
{
	const struct node *section = r->correlation;
	struct reading x = { a, r, out, err };
	bool typed = false;

	*out = (struct correlation){ .line = section->line };
	if (section->kind != NODE_MAP)
		return fail(&x, ERR_FORMAT, section->line,
			    "correlation has to be a mapping");
	for (size_t i = 0; i < section->n; i++) {
		enum err_code rc = take_member(&x, &section->item[i]);

		if (rc)
			return rc;
		typed |= str_eq(section->item[i].key, STR("type"));
	}
	if (!typed)
		return fail(&x, ERR_FORMAT, section->line,
			    "a correlation needs a \"type\"");
	take_generate(&x);
	return check_whole(&x);
}

/* Fields ------------------------------------------------------------------ */

bool correlation_source(struct str field, struct correlation_source *out)
{
	const struct field *f;

	*out = (struct correlation_source){ SOURCE_CAPTURED, 0 };
	if (str_starts(field, STR("trawl.")))
		field = str_from(field, sizeof("trawl.") - 1);
	/* A path whose text the column has as it is. The caller's account may
	 * have been read out of something else. */
	for (unsigned c = 0; c < EVENT_COLUMN_COUNT; c++)
		if (c != EVENT_CALLER &&
		    str_eq(field,
			   str_of(event_column_name((enum event_column)c)))) {
			*out = (struct correlation_source){ SOURCE_COLUMN, c };
			return true;
		}
	if (field_is_record_path(field))
		return true;
	if (str_eq_fold(field, STR("origin"))) {
		out->kind = SOURCE_ORIGIN;
		return true;
	}
	f = field_find(field);
	if (!f)
		return true;
	switch (f->kind) {
	case FIELD_COLUMN:
	case FIELD_SERVICE:
	case FIELD_USER:
	case FIELD_PRINCIPAL:
	case FIELD_SESSION:
	case FIELD_KEY:
	case FIELD_IP:
	case FIELD_ACCOUNT:
		*out = (struct correlation_source){ SOURCE_COLUMN, f->column };
		return true;
	case FIELD_OUTCOME:
		out->kind = SOURCE_OUTCOME;
		return true;
	default:
		return false;
	}
}

static void add_texts(struct strbuf *out, const char *before,
		      const struct rule_texts *t)
{
	for (size_t i = 0; i < t->n; i++) {
		strbuf_adds(out, i ? ", " : before);
		strbuf_add(out, t->text[i]);
	}
}

void correlation_describe(const struct correlation *c, struct strbuf *out)
{
	strbuf_adds(out, type_names[c->type]);
	add_texts(out, " of ", &c->field);
	add_texts(out, ", by ", &c->group);
	strbuf_adds(out, ", within ");
	time_format_span(out, c->timespan);
	for (size_t i = 0; i < c->limits.n; i++)
		strbuf_addf(out, "%s%s %g", i ? ", " : ": ",
			    op_names[c->limits.limit[i].op],
			    c->limits.limit[i].than);
}
