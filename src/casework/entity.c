/* SPDX-License-Identifier: MIT */
#include "casework/entity.h"

#include "base/attr.h"
#include "identity/tree.h"
#include "identity/walk.h"
#include "model/field.h"
#include "query/parse.h"
#include "query/print.h"

enum { WORDS_MAX = 4096 };

void entity_init(struct entity *e)
{
	*e = (struct entity){ .kind = ENTITY_NONE };
	strbuf_init(&e->name);
}

void entity_release(struct entity *e)
{
	strbuf_release(&e->name);
	e->kind = ENTITY_NONE;
}

/* The columns whose values have pages, and what they are called. */
static const struct {
	enum event_column column;
	const char *field, *word;
} columns[] = {
	{ EVENT_NAME, "eventName", "API" },
	{ EVENT_AGENT, "userAgent", "user agent" },
	{ EVENT_IP, "ip", "address" },
	{ EVENT_SOURCE, "eventSource", "service" },
	{ EVENT_ACCOUNT, "account", "account" },
	{ EVENT_REGION, "awsRegion", "region" },
	{ EVENT_ERROR, "errorCode", "error" },
};

static void take_value(struct entity *e, enum event_column column,
		       uint32_t value, const char *field, struct str text)
{
	e->kind = ENTITY_VALUE;
	e->column = column;
	e->value = value;
	strbuf_clear(&e->name);
	strbuf_addf(&e->name, "%s:", field);
	strbuf_add(&e->name, text);
}

void entity_of_node(struct entity *e, const struct lineage *l, node_id node)
{
	e->kind = node ? ENTITY_NODE : ENTITY_NONE;
	e->node = node;
	strbuf_clear(&e->name);
	if (node)
		strbuf_add(&e->name, lineage_id(l, node));
}

static bool find_node(struct entity *e, const struct lineage *l,
		      const char *letters, struct str text)
{
	struct strbuf id;
	node_id node;

	strbuf_init(&id);
	strbuf_adds(&id, letters);
	strbuf_add(&id, text);
	node = lineage_node(l, strbuf_str(&id));
	strbuf_release(&id);
	if (node)
		entity_of_node(e, l, node);
	return node != NODE_NONE;
}

static bool find_column(struct entity *e, const struct store *s,
			enum event_column column, struct str text)
{
	uint32_t value = store_find_value(s, column, text);

	if (!value)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		if (columns[i].column == column) {
			take_value(e, column, value, columns[i].field, text);
			return true;
		}
	return false;
}

/* "iam" as "iam.amazonaws.com" */
static bool find_service(struct entity *e, const struct store *s,
			 struct str text)
{
	struct strbuf whole;
	bool found;

	if (find_column(e, s, EVENT_SOURCE, text))
		return true;
	strbuf_init(&whole);
	strbuf_add(&whole, text);
	strbuf_adds(&whole, ".amazonaws.com");
	found = find_column(e, s, EVENT_SOURCE, strbuf_str(&whole));
	strbuf_release(&whole);
	return found;
}

static void take_resource(struct entity *e, struct str text)
{
	struct strbuf name;

	/* The text may be the entity's own. */
	strbuf_init(&name);
	strbuf_adds(&name, "resource:");
	strbuf_add(&name, str_sub(text, 0, WORDS_MAX));
	strbuf_clear(&e->name);
	strbuf_add(&e->name, strbuf_str(&name));
	strbuf_release(&name);
	e->kind = ENTITY_RESOURCE;
}

/* A value of a field that is named. */
static bool find_in_field(struct entity *e, const struct snapshot *snap,
			  const struct field *f, struct str text)
{
	const struct store *s = snap->store;
	const struct lineage *l = snap->lineage;

	switch (f->kind) {
	case FIELD_IP:
		return find_node(e, l, "IP:", text) ||
		       find_column(e, s, EVENT_IP, text);
	case FIELD_ACCOUNT:
		return find_node(e, l, "A:", text) ||
		       find_column(e, s, EVENT_ACCOUNT, text);
	case FIELD_PRINCIPAL:
		return find_node(e, l, "P:", text);
	case FIELD_SESSION:
		return find_node(e, l, "S:", text);
	case FIELD_KEY:
		return find_node(e, l, "K:", text);
	case FIELD_SERVICE:
		return find_service(e, s, text);
	case FIELD_COLUMN:
		return (f->column == EVENT_ACCOUNT &&
			find_node(e, l, "A:", text)) ||
		       find_column(e, s, f->column, text);
	case FIELD_RESOURCE:
		take_resource(e, text);
		return text.n > 0;
	default:
		return false;
	}
}

static enum err_code find_anything(struct entity *e,
				   const struct snapshot *snap,
				   struct str words, struct err *err)
{
	node_id found[2];
	size_t n = lineage_find(snap->lineage, words, found, 2);

	if (n == 1) {
		entity_of_node(e, snap->lineage, found[0]);
		return ERR_OK;
	}
	if (n > 1)
		return err_set(err, ERR_USAGE,
			       "%.*s may mean several identities; give an id, "
			       "as lineage prints it",
			       STR_ARG(str_sub(words, 0, 200)));
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		if (find_column(e, snap->store, columns[i].column, words))
			return ERR_OK;
	if (find_service(e, snap->store, words))
		return ERR_OK;
	take_resource(e, words);
	return ERR_OK;
}

enum err_code entity_find(struct entity *e, const struct snapshot *snap,
			  struct str words, struct err *err)
{
	const struct field *f = NULL;
	struct strbuf copy;
	enum err_code rc = ERR_OK;
	size_t colon;

	strbuf_init(&copy);
	strbuf_add(&copy, str_trim(str_sub(words, 0, WORDS_MAX)));
	words = strbuf_str(&copy);
	colon = str_find_char(words, ':', 0);
	if (lineage_node(snap->lineage, words)) {
		entity_of_node(e, snap->lineage,
			       lineage_node(snap->lineage, words));
	} else if (colon != SIZE_MAX &&
		   (f = field_find(str_sub(words, 0, colon))) != NULL) {
		if (!find_in_field(e, snap, f, str_from(words, colon + 1)))
			rc = err_set(err, ERR_USAGE,
				     "%.*s: nothing in the evidence has that",
				     STR_ARG(str_sub(words, 0, 200)));
	} else {
		rc = find_anything(e, snap, words, err);
	}
	strbuf_release(&copy);
	return rc;
}

/* Rows ---------------------------------------------------------------------- */

static void value_rows(const struct entity *e, const struct store *s,
		       struct rowset *out)
{
	struct rowset posted;

	if (store_is_indexed(s, e->column)) {
		posted = store_rows(s, e->column, e->value);
		rowset_copy(out, &posted);
		return;
	}
	for (row_id r = 0; r < s->n; r++)
		if (store_value_at(s, e->column, r) == e->value)
			rowset_add(out, r);
}

void entity_rows(const struct entity *e, const struct snapshot *snap,
		 struct rowset *out)
{
	const struct lineage *l = snap->lineage;

	rowset_clear(out);
	if (e->kind == ENTITY_VALUE)
		value_rows(e, snap->store, out);
	else if (e->kind == ENTITY_NODE &&
		 l->node[e->node].kind == NODE_ACCOUNT)
		walk_node_rows(l, e->node, out);
	else if (e->kind == ENTITY_NODE)
		tree_node_rows(l, e->node, TREE_ANYWHERE, 0, out);
}

/* The value behind the field. */
static struct str value_of(const struct entity *e)
{
	struct str name = strbuf_str(&e->name);

	return str_from(name, str_find_char(name, ':', 0) + 1);
}

enum err_code entity_plan(const struct entity *e, struct plan **out,
			  struct err *err)
{
	const struct expr *tree;
	struct strbuf filter;
	struct arena arena;
	enum err_code rc;

	arena_init(&arena);
	strbuf_init(&filter);
	query_term(&filter, STR("resource"), value_of(e));
	rc = query_read(strbuf_str(&filter), NULL, &arena, &tree, err);
	if (rc == ERR_OK)
		rc = plan_new(out, tree, err);
	strbuf_release(&filter);
	arena_release(&arena);
	return rc;
}

/* Words --------------------------------------------------------------------- */

const char *entity_word(const struct entity *e, const struct lineage *l)
{
	if (e->kind == ENTITY_NODE)
		return lineage_kind_name(
			(enum lineage_kind)l->node[e->node].kind);
	for (size_t i = 0; e->kind == ENTITY_VALUE && i < ARRAY_SIZE(columns);
	     i++)
		if (columns[i].column == e->column)
			return columns[i].word;
	return "resource";
}

void entity_describe(const struct entity *e, const struct snapshot *snap,
		     struct strbuf *out)
{
	if (e->kind == ENTITY_NODE) {
		node_describe(snap->lineage, e->node, out);
	} else if (e->kind != ENTITY_NONE) {
		strbuf_addf(out, "%s ", entity_word(e, snap->lineage));
		strbuf_add(out, value_of(e));
	}
}
