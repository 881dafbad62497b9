/* SPDX-License-Identifier: MIT */
/* What the kinds are called, and finding nodes by what people type. */
#include "identity/lineage.h"

#include "base/attr.h"
#include "model/arn.h"
#include "model/identity.h"

const char *lineage_kind_name(enum lineage_kind kind)
{
	static const char *const names[] = {
#define X(code, name, prefix) name,
		NODE_KINDS(X)
#undef X
	};

	return names[kind];
}

const char *session_kind_name(enum session_kind kind)
{
	static const char *const names[] = { "sts", "console", "fas",
					     "federated" };

	return names[kind];
}

const char *edge_kind_name(enum edge_kind kind)
{
	static const char *const names[] = {
#define X(code, name, verb) name,
		EDGE_KINDS(X)
#undef X
	};

	return names[kind];
}

const char *edge_kind_verb(enum edge_kind kind)
{
	static const char *const verbs[] = {
#define X(code, name, verb) verb,
		EDGE_KINDS(X)
#undef X
	};

	return verbs[kind];
}

const char *certainty_name(enum certainty c)
{
	static const char *const names[] = { "certain", "probable", "hint" };

	return names[c];
}

/* Finding ----------------------------------------------------------------- */

node_id lineage_node(const struct lineage *l, struct str id)
{
	node_id node = id.n ? intern_find(&l->ids, id) : NODE_NONE;

	return node == INTERN_NONE ? NODE_NONE : node;
}

struct finding {
	node_id *out;
	size_t n, max;
};

static void add(struct finding *f, node_id node)
{
	if (node == NODE_NONE)
		return;
	for (size_t i = 0; i < f->n; i++)
		if (f->out[i] == node)
			return;
	if (f->n < f->max)
		f->out[f->n++] = node;
}

/* Does a person mean this node by that text? */
static bool is_called(const struct lineage_node *node, struct str text)
{
	struct arn arn;
	struct str session;
	size_t at;

	switch (node->kind) {
	case NODE_PRINCIPAL:
		return arn_parse(node->text, &arn) &&
		       str_eq(arn_last_segment(arn.resource), text);
	case NODE_SESSION:
		/* principalId, its part before the colon, session name */
		at = str_find_last(node->text, '@');
		if (str_eq(str_sub(node->text, 0, at), text))
			return true;
		session = str_sub(node->text, 0, at);
		at = str_find_char(session, ':', 0);
		return at != SIZE_MAX &&
		       (str_eq(str_sub(session, 0, at), text) ||
			str_eq(str_from(session, at + 1), text));
	case NODE_KEY:
	case NODE_ACCOUNT:
	case NODE_IP:
		return str_eq(node->text, text);
	case NODE_KIND_COUNT:
		break;
	}
	return false;
}

size_t lineage_find(const struct lineage *l, struct str id, node_id *out,
		    size_t max)
{
	static const char *const prefixes[] = {
#define X(code, name, prefix) prefix,
		NODE_KINDS(X)
#undef X
	};
	struct finding f = { out, 0, max };
	struct arena arena;
	row_id row;

	if (lineage_node(l, id)) {
		add(&f, lineage_node(l, id));
		return f.n;
	}
	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		add(&f, lineage_node(l, arena_join(&arena, str_of(prefixes[i]),
						   id)));
	arena_release(&arena);
	row = store_find_id(l->store, id, ROW_NONE);
	if (row != ROW_NONE)
		add(&f, l->acting[row]);
	if (f.n)
		return f.n;
	for (node_id n = 1; n < l->node_n; n++)
		if (is_called(&l->node[n], id))
			add(&f, n);
	if (f.n)
		return f.n;
	/* An assumed role's ARN names all its sessions of that name. */
	for (row = 0; row < l->store->n; row++)
		if (str_eq(store_text(l->store, EVENT_ACTOR, row), id))
			add(&f, l->acting[row]);
	return f.n;
}
