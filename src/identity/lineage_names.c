/* SPDX-License-Identifier: MIT */
/* What the kinds are called, and finding nodes by what people type. */
#include "identity/lineage.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
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
	static const char *const names[] = {
#define X(code, name) name,
		SESSION_KINDS(X)
#undef X
	};

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

const char *end_kind_text(enum end_kind kind)
{
	static const char *const texts[] = {
#define X(code, text) text,
		END_KINDS(X)
#undef X
	};

	return texts[kind];
}

const char *gap_kind_text(enum gap_kind kind)
{
	static const char *const texts[] = {
#define X(code, text) text,
		GAP_KINDS(X)
#undef X
	};

	return texts[kind];
}

/* Finding ----------------------------------------------------------------- */

node_id lineage_node(const struct lineage *l, struct str id)
{
	node_id node = id.n ? intern_find(&l->ids, id) : NODE_NONE;
	uint32_t n;

	if (node != INTERN_NONE)
		return node;
	/* An instance by its id alone is the instance whose ARN is known. */
	if (!str_starts(id, STR("C:i-")) && !str_starts(id, STR("C:mi-")))
		return NODE_NONE;
	n = intern_find(&l->instances, str_from(id, 2));
	return n == INTERN_NONE ? NODE_NONE : l->instance[n];
}

/* The user or role with a unique id, or none. */
static node_id node_of_uid(const struct lineage *l, struct str uid)
{
	uint32_t low = 0, high = l->uid_n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (str_cmp(intern_text(&l->texts, l->uid[mid].text), uid) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == l->uid_n ||
	    !str_eq(intern_text(&l->texts, l->uid[low].text), uid))
		return NODE_NONE;
	return l->uid[low].node;
}

struct finding {
	node_id *out;
	size_t n, max;
	uint8_t *seen; /* by node */
};

static void add(struct finding *f, node_id node)
{
	if (node == NODE_NONE || f->seen[node])
		return;
	f->seen[node] = 1;
	if (f->n < f->max)
		f->out[f->n] = node;
	f->n++;
}

static bool names_node(const struct lineage *l, row_id row, node_id node)
{
	uint32_t low = l->on_start[node], high = l->on_start[node + 1];
	uint32_t end = high;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (l->on[mid] < row)
			low = mid + 1;
		else
			high = mid;
	}
	return low < end && l->on[low] == row;
}

node_id lineage_named(const struct lineage *l, row_id row)
{
	/* What says most of who it was comes first. */
	static const uint8_t order[] = { NODE_SESSION, NODE_KEY, NODE_COMPUTE,
					 NODE_PRINCIPAL };
	node_id first[ARRAY_SIZE(order)] = { NODE_NONE };

	for (node_id n = 1; n < l->node_n; n++)
		for (size_t k = 0; k < ARRAY_SIZE(order); k++)
			if (!first[k] && l->node[n].kind == order[k] &&
			    names_node(l, row, n))
				first[k] = n;
	for (size_t k = 0; k < ARRAY_SIZE(order); k++)
		if (first[k])
			return first[k];
	return NODE_NONE;
}

static node_id address_node(const struct lineage *l, row_id row)
{
	struct str ip = store_text(l->store, EVENT_IP, row);
	struct strbuf id;
	node_id node;

	strbuf_init(&id);
	strbuf_adds(&id, "IP:");
	strbuf_add(&id, ip);
	node = ip.n ? lineage_node(l, strbuf_str(&id)) : NODE_NONE;
	strbuf_release(&id);
	return node;
}

node_id lineage_subject(const struct lineage *l, row_id row)
{
	unsigned kind = l->store->kind[row];
	node_id node, named;

	if (kind_is_call(kind))
		return l->acting[row];
	/* Of requests and flows their address is what is known for certain. */
	node = kind_tells_whom(kind) ? NODE_NONE : address_node(l, row);
	if (node)
		return node;
	named = lineage_named(l, row);
	if (named)
		return named;
	node = address_node(l, row);
	return node || store_text(l->store, EVENT_IP, row).n ? node :
							       l->acting[row];
}

/* Does a person mean this node by that text? */
static bool is_called(const struct lineage *l, node_id node, struct str text)
{
	struct str own = lineage_text(l, node);
	struct arn arn;
	struct str session;
	size_t at;

	switch (l->node[node].kind) {
	case NODE_PRINCIPAL:
		/* Another account's caller: its unique id. */
		at = str_starts(own, STR("acct:")) ?
			     str_find_char(own, '#', 0) :
			     SIZE_MAX;
		if (at != SIZE_MAX)
			return str_eq(str_from(own, at + 1), text);
		return arn_parse(own, &arn) &&
		       str_eq(arn_last_segment(arn.resource), text);
	case NODE_SESSION:
		/* principalId, its part before the colon, session name */
		at = str_find_last(own, '@');
		if (str_eq(str_sub(own, 0, at), text))
			return true;
		session = str_sub(own, 0, at);
		at = str_find_char(session, ':', 0);
		return at != SIZE_MAX &&
		       (str_eq(str_sub(session, 0, at), text) ||
			str_eq(str_from(session, at + 1), text));
	case NODE_COMPUTE:
		/* "...:instance/i-0123", "...:function:name" */
		at = str_find_last(own, '/');
		if (at == SIZE_MAX)
			at = str_find_last(own, ':');
		return str_eq(own, text) ||
		       (at != SIZE_MAX && str_eq(str_from(own, at + 1), text));
	case NODE_KEY:
	case NODE_ACCOUNT:
	case NODE_IP:
		return str_eq(own, text);
	default:
		break;
	}
	return false;
}

/* What has exactly this text, whatever kind it is. */
static void add_exact(struct finding *f, const struct lineage *l, struct str id)
{
	static const char *const prefixes[] = {
#define X(code, name, prefix) prefix,
		NODE_KINDS(X)
#undef X
	};
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		add(f, lineage_node(l, arena_join(&arena, str_of(prefixes[i]),
						  id)));
	arena_release(&arena);
}

size_t lineage_find(const struct lineage *l, struct str id, node_id *out,
		    size_t max)
{
	struct finding f = { out, 0, max, mem_zero(l->node_n, 1) };
	const struct store *s = l->store;
	row_id row = ROW_NONE;

	add(&f, lineage_node(l, id));
	if (!f.n) {
		add_exact(&f, l, id);
		add(&f, node_of_uid(l, id));
		while ((row = store_find_id(s, id, row)) != ROW_NONE)
			add(&f, lineage_subject(l, row));
	}
	if (!f.n && id.n)
		for (node_id n = 1; n < l->node_n; n++)
			if (is_called(l, n, id))
				add(&f, n);
	/* An assumed role's ARN names all its sessions of that name. */
	if (!f.n && id.n)
		for (row = 0; row < s->n; row++)
			if (str_eq(store_text(s, EVENT_ACTOR, row), id))
				add(&f, l->acting[row]);
	free(f.seen);
	return f.n;
}
