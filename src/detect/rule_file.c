/* SPDX-License-Identifier: MIT */
#include "detect/rule_file.h"

#include <stdlib.h>
#include <yaml.h>

#include "base/attr.h"
#include "base/mem.h"

/* A node and what it adds up to when aliases are followed. */
struct built {
	struct node node; /* first, so that a node is found by its address */
	size_t weight;    /* nodes, itself too */
	unsigned height;  /* levels, itself too */
	bool open;        /* its end has not been read yet */
	size_t cap;
};

struct anchor {
	struct str name;
	struct built *node;
};

struct reading {
	struct arena *arena;
	yaml_parser_t parser;
	const char *name;
	struct err *err;
	struct anchor *anchor; /* of the document */
	size_t anchor_n, anchor_cap;
	size_t nodes; /* of the whole text, with what aliases repeat */
};

/* Errors ------------------------------------------------------------------ */

static struct built *fail(struct reading *r, enum err_code code, size_t line,
			  const char *what)
{
	err_set(r->err, code, "%s:%zu: %s", r->name, line, what);
	return NULL;
}

static struct built *syntax(struct reading *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem ? p->problem : "not YAML";

	err_set(r->err, ERR_SYNTAX, "%s:%zu: %s%s%s", r->name,
		p->problem_mark.line + 1, p->context ? p->context : "",
		p->context ? ", " : "", problem);
	return NULL;
}

/* Building ---------------------------------------------------------------- */

static struct built *node_new(struct reading *r, enum node_kind kind,
			      const yaml_event_t *e)
{
	struct built *b;

	if (++r->nodes > RULE_FILE_NODES)
		return fail(r, ERR_LIMIT, e->start_mark.line + 1,
			    "too many values");
	b = arena_zero(r->arena, sizeof(*b));
	b->node.kind = kind;
	b->node.line = (unsigned)e->start_mark.line + 1;
	b->weight = 1;
	b->height = 1;
	return b;
}

static void add_anchor(struct reading *r, const yaml_char_t *name,
		       struct built *b)
{
	if (!name)
		return;
	r->anchor = mem_grow(r->anchor, &r->anchor_cap, r->anchor_n + 1,
			     sizeof(*r->anchor));
	r->anchor[r->anchor_n++] = (struct anchor){
		arena_dup(r->arena, str_of((const char *)name)), b
	};
}

static bool is_null(const yaml_event_t *e)
{
	struct str text = { (const char *)e->data.scalar.value,
			    e->data.scalar.length };

	return e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (text.n == 0 || str_eq(text, STR("~")) ||
		str_eq_fold(text, STR("null")));
}

static struct built *take_scalar(struct reading *r, const yaml_event_t *e)
{
	struct built *b = node_new(r, is_null(e) ? NODE_NULL : NODE_TEXT, e);

	if (!b)
		return NULL;
	if (b->node.kind == NODE_TEXT)
		b->node.text = arena_dup(
			r->arena,
			(struct str){ (const char *)e->data.scalar.value,
				      e->data.scalar.length });
	b->node.plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	add_anchor(r, e->data.scalar.anchor, b);
	return b;
}

/* The newest anchor of a name is meant; what it adds up to counts again. */
static struct built *take_alias(struct reading *r, const yaml_event_t *e)
{
	struct str name = str_of((const char *)e->data.alias.anchor);
	size_t line = e->start_mark.line + 1;

	for (size_t i = r->anchor_n; i-- > 0;) {
		struct built *b = r->anchor[i].node;

		if (!str_eq(r->anchor[i].name, name))
			continue;
		if (b->open)
			return fail(r, ERR_SYNTAX, line,
				    "an alias inside what it stands for");
		r->nodes += b->weight;
		if (r->nodes > RULE_FILE_NODES)
			return fail(r, ERR_LIMIT, line, "too many values");
		return b;
	}
	return fail(r, ERR_SYNTAX, line, "an alias without its anchor");
}

static void add_item(struct reading *r, struct built *to, struct str key,
		     unsigned line, const struct built *value)
{
	struct node *n = &to->node;

	if (n->n == to->cap) {
		size_t cap = to->cap ? to->cap * 2 : 4;
		struct node_item *grown = arena_alloc(r->arena,
						      cap * sizeof(*grown));

		if (n->n)
			memcpy(grown, n->item, n->n * sizeof(*grown));
		n->item = grown;
		to->cap = cap;
	}
	n->item[n->n++] = (struct node_item){ key, line, &value->node };
	to->weight += value->weight;
	if (value->height + 1 > to->height)
		to->height = value->height + 1;
}

static struct built *take_node(struct reading *r, const yaml_event_t *e,
			       unsigned depth);

static bool next_event(struct reading *r, yaml_event_t *e)
{
	if (yaml_parser_parse(&r->parser, e))
		return true;
	syntax(r);
	return false;
}

/* The members up to the end of a list or map that has begun. */
static struct built *take_members(struct reading *r, struct built *b,
				  yaml_event_type_t end, unsigned depth)
{
	bool ended = false;

	while (!ended) {
		struct str key = STR_NULL;
		struct built *value;
		yaml_event_t e;
		unsigned line;

		if (!next_event(r, &e))
			return NULL;
		line = (unsigned)e.start_mark.line + 1;
		ended = e.type == end;
		if (!ended && end == YAML_MAPPING_END_EVENT) {
			value = take_node(r, &e, depth);
			if (value && value->node.kind > NODE_TEXT)
				value = fail(r, ERR_SYNTAX, line,
					     "a key has to be a text");
			yaml_event_delete(&e);
			if (!value || !next_event(r, &e))
				return NULL;
			key = value->node.text;
		}
		value = ended ? b : take_node(r, &e, depth);
		yaml_event_delete(&e);
		if (!value)
			return NULL;
		if (!ended)
			add_item(r, b, key, line, value);
		if (b->height + depth > RULE_FILE_DEPTH)
			return fail(r, ERR_LIMIT, line, "nested too deep");
	}
	b->open = false;
	return b;
}

/* `depth` counts the levels around the node. */
static struct built *take_node(struct reading *r, const yaml_event_t *e,
			       unsigned depth)
{
	struct built *b;

	if (depth >= RULE_FILE_DEPTH)
		return fail(r, ERR_LIMIT, e->start_mark.line + 1,
			    "nested too deep");
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return take_scalar(r, e);
	case YAML_ALIAS_EVENT:
		return take_alias(r, e);
	case YAML_SEQUENCE_START_EVENT:
		b = node_new(r, NODE_LIST, e);
		if (!b)
			return NULL;
		b->open = true;
		add_anchor(r, e->data.sequence_start.anchor, b);
		return take_members(r, b, YAML_SEQUENCE_END_EVENT, depth + 1);
	case YAML_MAPPING_START_EVENT:
		b = node_new(r, NODE_MAP, e);
		if (!b)
			return NULL;
		b->open = true;
		add_anchor(r, e->data.mapping_start.anchor, b);
		return take_members(r, b, YAML_MAPPING_END_EVENT, depth + 1);
	default:
		return fail(r, ERR_SYNTAX, e->start_mark.line + 1,
			    "a value is expected");
	}
}

/* Documents --------------------------------------------------------------- */

static void add_document(struct arena *a, struct rule_documents *out,
			 size_t *cap, const struct node *root)
{
	if (out->n == *cap) {
		const struct node **grown;

		*cap = *cap ? *cap * 2 : 4;
		grown = arena_alloc(a, *cap * sizeof(*grown));
		for (size_t i = 0; i < out->n; i++)
			grown[i] = out->root[i];
		out->root = grown;
	}
	out->root[out->n++] = root;
}

static bool take_documents(struct reading *r, struct rule_documents *out)
{
	size_t cap = 0;

	for (;;) {
		struct built *root = NULL;
		yaml_event_type_t type;
		yaml_event_t e;

		if (!next_event(r, &e))
			return false;
		type = e.type;
		if (type == YAML_SCALAR_EVENT || type == YAML_ALIAS_EVENT ||
		    type == YAML_SEQUENCE_START_EVENT ||
		    type == YAML_MAPPING_START_EVENT) {
			root = take_node(r, &e, 0);
			if (root && root->node.kind != NODE_NULL)
				add_document(r->arena, out, &cap, &root->node);
			type = root ? type : YAML_NO_EVENT;
		} else if (type == YAML_DOCUMENT_START_EVENT) {
			r->anchor_n = 0;
		}
		yaml_event_delete(&e);
		if (type == YAML_NO_EVENT)
			return false;
		if (type == YAML_STREAM_END_EVENT)
			return true;
	}
}

enum err_code rule_file_read(struct arena *a, struct str text, const char *name,
			     struct rule_documents *out, struct err *err)
{
	struct reading r = { .arena = a, .name = name, .err = err };
	bool whole;

	*out = (struct rule_documents){ NULL, 0 };
	if (text.n > RULE_FILE_MAX)
		return err_set(err, ERR_LIMIT, "%s: larger than %d MiB", name,
			       RULE_FILE_MAX / 1024 / 1024);
	if (!yaml_parser_initialize(&r.parser))
		return err_set(err, ERR_LIMIT, "%s: no memory for a parser",
			       name);
	yaml_parser_set_input_string(
		&r.parser, (const unsigned char *)(text.p ? text.p : ""),
		text.n);
	whole = take_documents(&r, out);
	yaml_parser_delete(&r.parser);
	free(r.anchor);
	return whole ? ERR_OK : err->code;
}

/* Looking ----------------------------------------------------------------- */

const struct node_item *node_find(const struct node *map, const char *key)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	for (size_t i = map->n; i-- > 0;)
		if (str_eq(map->item[i].key, str_of(key)))
			return &map->item[i];
	return NULL;
}

const struct node *node_member(const struct node *map, const char *key)
{
	const struct node_item *item = node_find(map, key);

	return item ? item->value : NULL;
}

struct str node_text(const struct node *n)
{
	return n && n->kind == NODE_TEXT ? n->text : STR_NULL;
}

bool node_bool(const struct node *n, bool *value)
{
	static const char *const yes[] = { "true", "yes", "on" };
	static const char *const no[] = { "false", "no", "off" };
	struct str text = node_text(n);

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		if (str_eq_fold(text, str_of(yes[i])))
			*value = true;
		else if (str_eq_fold(text, str_of(no[i])))
			*value = false;
		else
			continue;
		return true;
	}
	return false;
}
