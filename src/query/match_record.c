/* SPDX-License-Identifier: MIT */
#include "base/bytes.h"
#include "model/arn.h"
#include "query/matcher_private.h"

/* Values ------------------------------------------------------------------ */

static bool is_quiet(struct str s)
{
	return s.n < 16 ? bytes_few_quiet(s.p, s.n) :
			  bytes_pass_quiet(s.p, s.p + s.n) == s.p + s.n;
}

static bool scalar_meets(struct values vs, const struct json *v, bool compact,
			 struct match_scratch *s);

/*
 * Does a scalar in v meet the values, or would the text of all of v if it were
 * printed? ANSWER_UNSURE: no scalar does, and something would be printed with
 * escapes. For values of which a match lies within a key or a scalar.
 */
static enum answer parts_meet(struct values vs, const struct json *v,
			      struct match_scratch *s)
{
	enum answer all = ANSWER_NO;

	for (const struct json *m = v->child; m; m = m->next) {
		bool quiet = is_quiet(m->key);
		enum answer a = ANSWER_NO;

		if (quiet && m->key.n && text_meets(vs, m->key, s))
			return ANSWER_YES;
		if (!json_is_scalar(m))
			a = parts_meet(vs, m, s);
		else if (m->kind == JSON_NULL ? text_meets(vs, m->text, s) :
						scalar_meets(vs, m, false, s))
			a = ANSWER_YES;
		if (a == ANSWER_YES)
			return a;
		if (m->kind == JSON_STRING)
			quiet = quiet && is_quiet(m->text);
		if (a == ANSWER_UNSURE || !quiet)
			all = ANSWER_UNSURE;
	}
	return all;
}

/* The compact text of an object or array. */
static bool compact_meets(struct values vs, const struct json *v,
			  struct match_scratch *s)
{
	enum answer a = looks_in_one(vs) ? parts_meet(vs, v, s) : ANSWER_UNSURE;

	if (a != ANSWER_UNSURE)
		return a == ANSWER_YES;
	strbuf_clear(&s->json);
	json_print(&s->json, v);
	return text_meets(vs, strbuf_str(&s->json), s);
}

/* Any scalar in v, however deep. */
static bool inside_meets(struct values vs, const struct json *v,
			 struct match_scratch *s)
{
	if (json_is_scalar(v))
		return scalar_meets(vs, v, false, s);
	for (const struct json *m = v->child; m; m = m->next)
		if (inside_meets(vs, m, s))
			return true;
	return false;
}

static bool scalar_meets(struct values vs, const struct json *v, bool compact,
			 struct match_scratch *s)
{
	const struct json *tree;

	if (v->kind == JSON_NULL)
		return false;
	if (text_meets(vs, v->text, s))
		return true;
	if (v->kind != JSON_STRING || !looks_inside(vs.t->op))
		return false;
	tree = embedded_in(&s->embedded, v->text);
	return tree && (inside_meets(vs, tree, s) ||
			(compact && compact_meets(vs, tree, s)));
}

/* Arrays in arrays are tested as text of their own down to here. Further in
 * they are part of the text of those around them: printing each again would
 * cost the product of depth and size. */
enum { PRINTED_ARRAYS = 3 };

/* What a path leads to: of an array any member. */
static bool node_meets(struct values vs, const struct json *v, unsigned arrays,
		       struct match_scratch *s)
{
	switch (v->kind) {
	case JSON_ARRAY:
		for (const struct json *m = v->child; m; m = m->next)
			if (node_meets(vs, m, arrays + 1, s))
				return true;
		if (arrays >= PRINTED_ARRAYS)
			return false;
		break;
	case JSON_OBJECT:
		if (any_present(vs))
			return true;
		/* Else compact_meets looks at the scalars, too. */
		if (looks_inside(vs.t->op) && !looks_in_one(vs) &&
		    inside_meets(vs, v, s))
			return true;
		break;
	default:
		return scalar_meets(vs, v, true, s);
	}
	return looks_inside(vs.t->op) && compact_meets(vs, v, s);
}

/* Paths ------------------------------------------------------------------- */

struct path_walk {
	path_leaf leaf;
	void *context;
	struct match_scratch *s;
};

static bool walk(const struct path_walk *w, const struct json *v,
		 struct str rest);

struct match_path match_path(struct str text)
{
	size_t dot = str_find_char(text, '.', 0);

	return (struct match_path){
		.text = text,
		.top = event_member_named(str_sub(text, 0, dot)),
		.dot = dot,
		.two = dot != SIZE_MAX &&
		       str_find_char(text, '.', dot + 1) == SIZE_MAX,
	};
}

/* The same from the top of an event, whose members are mostly known. */
static bool walk_event(const struct path_walk *w, const struct json *record,
		       const struct match_path *path)
{
	const struct event *e = w->s->event;
	const struct json *top;

	if (path->top == MEMBER_COUNT || !e || e->record != record ||
	    !e->members.all)
		return walk(w, record, path->text);
	top = e->members.of[path->top];
	if (!top)
		return false;
	return path->dot == SIZE_MAX ?
		       w->leaf(w->context, top) :
		       walk(w, top, str_from(path->text, path->dot + 1));
}

/*
 * Walks from v along `rest`. A key is what the rest begins with up to a dot or
 * its end, whatever dots it holds itself, so every node is met at most once.
 */
static bool walk(const struct path_walk *w, const struct json *v,
		 struct str rest)
{
	switch (v->kind) {
	case JSON_STRING:
		v = embedded_in(&w->s->embedded, v->text);
		return v && walk(w, v, rest);
	case JSON_ARRAY:
		for (const struct json *m = v->child; m; m = m->next)
			if (walk(w, m, rest))
				return true;
		return false;
	case JSON_OBJECT:
		break;
	default:
		return false;
	}
	for (const struct json *m = v->child; m; m = m->next) {
		size_t n = m->key.n;

		if (n > rest.n || (n < rest.n && rest.p[n] != '.') ||
		    (n && (rest.p[0] != m->key.p[0] ||
			   memcmp(rest.p, m->key.p, n) != 0)))
			continue;
		if (n == rest.n ? w->leaf(w->context, m) :
				  walk(w, m, str_from(rest, n + 1)))
			return true;
	}
	return false;
}

bool record_walk(const struct json *record, struct str path, path_leaf leaf,
		 void *context, struct match_scratch *s)
{
	struct path_walk w = { leaf, context, s };
	struct match_path from = match_path(path);

	return walk_event(&w, record, &from);
}

struct leaf_context {
	struct values vs;
	struct match_scratch *s;
	const struct json *record;
	bool found;
	const struct str *text;
	size_t text_n;
};

static bool leaf_meets(void *context, const struct json *v)
{
	struct leaf_context *c = context;

	return node_meets(c->vs, v, 0, c->s);
}

static bool leaf_exists(void *context, const struct json *v)
{
	(void)context;
	(void)v;
	return true;
}

static bool holds_null(const struct json *v)
{
	if (v->kind != JSON_ARRAY)
		return v->kind == JSON_NULL;
	for (const struct json *m = v->child; m; m = m->next)
		if (holds_null(m))
			return true;
	return false;
}

static bool leaf_is_null(void *context, const struct json *v)
{
	struct leaf_context *c = context;

	c->found = true;
	return holds_null(v);
}

/* Is what this field has to the other one's text as the test says? */
static bool text_refers(const struct mtest *t, struct str text,
			struct str other)
{
	if (t->refers != TEST_EQUALS && other.n == 0)
		return false;
	switch (t->refers) {
	case TEST_CONTAINS:
		return (t->cased ? str_find(text, other, 0) :
				   str_find_fold(text, other, 0)) != SIZE_MAX;
	case TEST_STARTS:
		return t->cased ? str_starts(text, other) :
				  str_starts_fold(text, other);
	case TEST_ENDS:
		return t->cased ? str_ends(text, other) :
				  str_ends_fold(text, other);
	default:
		return t->cased ? str_eq(text, other) :
				  str_eq_fold(text, other);
	}
}

/* Does one of the texts refer to a scalar, or to one in an array? */
static bool texts_refer(const struct leaf_context *c, const struct json *v)
{
	if (v->kind == JSON_ARRAY) {
		for (const struct json *m = v->child; m; m = m->next)
			if (texts_refer(c, m))
				return true;
		return false;
	}
	if (!json_is_scalar(v) || v->kind == JSON_NULL)
		return false;
	for (size_t i = 0; i < c->text_n; i++)
		if (text_refers(c->vs.t, c->text[i], v->text))
			return true;
	return false;
}

static bool leaf_is_other(void *context, const struct json *v)
{
	return texts_refer(context, v);
}

bool record_refers(struct values vs, const struct str *text, size_t n,
		   const struct json *record, struct match_scratch *s)
{
	struct leaf_context c = { .vs = vs, .s = s, .text = text, .text_n = n };
	struct path_walk w = { leaf_is_other, &c, s };

	for (size_t i = 0; n && i < vs.n; i++) {
		struct match_path other = match_path(vs.v[i].text);

		if (walk_event(&w, record, &other))
			return true;
	}
	return false;
}

/* The scalars of this field, each against the other field. */
static bool node_refers(const struct leaf_context *c, const struct json *v)
{
	if (v->kind == JSON_ARRAY) {
		for (const struct json *m = v->child; m; m = m->next)
			if (node_refers(c, m))
				return true;
		return false;
	}
	if (!json_is_scalar(v) || v->kind == JSON_NULL)
		return false;
	return record_refers(c->vs, &v->text, 1, c->record, c->s);
}

static bool leaf_refers(void *context, const struct json *v)
{
	return node_refers(context, v);
}

/* Resources --------------------------------------------------------------- */

static bool resource_text(struct values vs, struct str text,
			  struct match_scratch *s)
{
	struct arn arn;

	if (text_meets(vs, text, s))
		return true;
	return arn_parse(text, &arn) &&
	       (text_meets(vs, arn.resource, s) ||
		text_meets(vs, arn_last_segment(arn.resource), s));
}

/* vs.n 0: is there any text at all? */
static bool resource_inside(struct values vs, const struct json *v,
			    struct match_scratch *s)
{
	if (!json_is_scalar(v)) {
		for (const struct json *m = v->child; m; m = m->next)
			if (resource_inside(vs, m, s))
				return true;
		return false;
	}
	if (v->kind == JSON_NULL || !v->text.n)
		return false;
	return vs.n == 0 || resource_text(vs, v->text, s);
}

struct resource_context {
	struct values vs;
	struct match_scratch *s;
};

static bool leaf_resource(void *context, const struct json *v)
{
	struct resource_context *c = context;

	return resource_inside(c->vs, v, c->s);
}

static bool resource_meets(struct values vs, const struct json *record,
			   struct match_scratch *s)
{
	struct resource_context c = { vs, s };
	struct path_walk w = { leaf_resource, &c, s };

	return walk(&w, record, STR("resources.ARN")) ||
	       walk(&w, record, STR("requestParameters"));
}

/* Tests ------------------------------------------------------------------- */

bool record_meets(struct values vs, const struct json *record,
		  struct match_scratch *s)
{
	struct leaf_context c = { .vs = vs, .s = s, .record = record };
	struct path_walk w = { leaf_meets, &c, s };

	switch (vs.t->field.kind) {
	case FIELD_ANY:
		return inside_meets(vs, record, s);
	case FIELD_RESOURCE:
		return resource_meets(vs, record, s);
	default:
		if (vs.t->op == TEST_FIELD)
			w.leaf = leaf_refers;
		return walk_event(&w, record, &vs.t->path);
	}
}

bool record_has(const struct mtest *t, const struct json *record,
		struct match_scratch *s)
{
	struct leaf_context c = { .found = false };
	struct path_walk w = { leaf_exists, &c, s };
	bool there;

	if (t->field.kind == FIELD_PATH && t->op == TEST_NULL) {
		w.leaf = leaf_is_null;
		return walk_event(&w, record, &t->path) || !c.found;
	}
	if (t->field.kind == FIELD_PATH)
		there = walk_event(&w, record, &t->path);
	else
		there = resource_meets((struct values){ t, NULL, 0 }, record,
				       s);
	return there == (t->op == TEST_EXISTS);
}

/* Values for others ------------------------------------------------------- */

struct telling {
	struct match_scratch *s;
	match_told told;
	void *context;
};

static bool leaf_tell(void *context, const struct json *v)
{
	struct telling *t = context;

	switch (v->kind) {
	case JSON_NULL:
		break;
	case JSON_ARRAY:
		for (const struct json *m = v->child; m; m = m->next)
			leaf_tell(t, m);
		break;
	case JSON_OBJECT:
		strbuf_clear(&t->s->json);
		json_print(&t->s->json, v);
		t->told(t->context, strbuf_str(&t->s->json));
		break;
	default:
		t->told(t->context, v->text);
	}
	return false;
}

void match_values(const struct event *e, struct str path,
		  struct match_scratch *s, match_told told, void *context)
{
	struct telling t = { s, told, context };

	match_begin(s, e);
	record_walk(e->record, path, leaf_tell, &t, s);
}

/* The one text ------------------------------------------------------------ */

struct sole {
	struct embedded_cache *embedded;
	enum match_sole found;
	struct str text;
};

static enum match_sole sole_of(struct sole *c, const struct json *v)
{
	if (v->kind == JSON_NULL)
		return MATCH_NULL;
	if (v->kind == JSON_ARRAY)
		return MATCH_MORE;
	/* What stands in JSON in a string goes when the next test begins. */
	if (!json_is_scalar(v) || c->embedded->used ||
	    embedded_in(c->embedded, v->text))
		return MATCH_THERE;
	c->text = v->text;
	return MATCH_TEXT;
}

static bool leaf_sole(void *context, const struct json *v)
{
	struct sole *c = context;

	c->found = c->found == MATCH_NOTHING ? sole_of(c, v) : MATCH_MORE;
	return c->found == MATCH_MORE;
}

/* Of the members of an object. */
static enum match_sole sole_member(struct sole *c, const struct json *object,
				   struct str key)
{
	enum match_sole found = MATCH_NOTHING;

	for (const struct json *m = object->child; m; m = m->next) {
		if (m->key.n != key.n || memcmp(m->key.p, key.p, key.n) != 0)
			continue;
		if (found != MATCH_NOTHING)
			return MATCH_MORE;
		found = sole_of(c, m);
	}
	return found;
}

enum match_sole match_sole_text(const struct event *e,
				const struct match_path *path,
				struct match_scratch *s, struct str *text)
{
	struct sole c = { &s->embedded, MATCH_NOTHING, STR_NULL };
	struct path_walk w = { leaf_sole, &c, s };
	bool known = path->top != MEMBER_COUNT && e->members.all;
	const struct json *top = known ? e->members.of[path->top] : NULL;

	match_begin(s, e);
	/* Nearly all paths that are asked for so are one of these. */
	if (known && !top)
		c.found = MATCH_NOTHING;
	else if (known && path->dot == SIZE_MAX)
		c.found = sole_of(&c, top);
	else if (known && path->two && top->kind == JSON_OBJECT)
		c.found = sole_member(&c, top,
				      str_from(path->text, path->dot + 1));
	else
		walk_event(&w, e->record, path);
	*text = c.text;
	return c.found;
}
