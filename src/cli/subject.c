/* SPDX-License-Identifier: MIT */
#include "cli/subject.h"

#include <stdlib.h>

#include "base/mem.h"
#include "identity/walk.h"
#include "model/keyid.h"

/* The principalId of a session; empty for other nodes. */
static struct str principal_id(const struct lineage *l, node_id node)
{
	struct str text = lineage_text(l, node);

	if (l->node[node].kind != NODE_SESSION)
		return STR_NULL;
	return str_sub(text, 0, str_find_last(text, '@'));
}

static bool is_one_actor(const struct lineage *l, const node_id *node, size_t n)
{
	struct str first = principal_id(l, node[0]);

	for (size_t i = 1; i < n; i++)
		if (!str_eq(principal_id(l, node[i]), first))
			return false;
	return first.n > 0;
}

static bool runs_on(const struct lineage *l, node_id session, node_id machine)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_in(l, session, i)); i++)
		if (e->kind == EDGE_RUNS_AS && e->from == machine)
			return true;
	return false;
}

/* A function's sessions have its name: they are its own, and no other meaning
 * of it. Leaves the machine alone, where that is so. */
static size_t machine_alone(const struct lineage *l, node_id *node, size_t n)
{
	node_id machine = NODE_NONE;

	for (size_t i = 0; i < n; i++)
		if (l->node[node[i]].kind == NODE_COMPUTE)
			machine = machine ? NODE_NONE : node[i];
	for (size_t i = 0; machine && i < n; i++)
		if (node[i] != machine && !runs_on(l, node[i], machine))
			machine = NODE_NONE;
	if (!machine)
		return n;
	node[0] = machine;
	return 1;
}

/* "P:arn:...  user alice, 12 events" */
static void list_meanings(struct session *s, const char *id,
			  const node_id *found, size_t n)
{
	const struct lineage *l = s->snap->lineage;
	struct strbuf text;

	message(s->err, "%s may mean any of these; give one of the ids:", id);
	strbuf_init(&text);
	for (size_t i = 0; i < n; i++) {
		uint32_t events = l->node[found[i]].events;

		strbuf_clear(&text);
		strbuf_add(&text, lineage_id(l, found[i]));
		strbuf_adds(&text, "  ");
		node_describe(l, found[i], &text);
		strbuf_addf(&text, ", %u event%s", events,
			    events == 1 ? "" : "s");
		message(s->err, "  %.*s", STR_ARG(strbuf_str(&text)));
	}
	strbuf_release(&text);
}

/* Nobody in the evidence is called that; an id may still say whose account it
 * must be in. */
static void not_found(const char *id, struct err *err)
{
	struct str text = str_of(id);
	uint64_t account;

	if (str_starts(text, STR("K:")))
		text = str_from(text, 2);
	if (keyid_kind(text) != KEYID_OTHER && keyid_account(text, &account))
		err_set(err, ERR_USAGE,
			"%s: no identity of that name in the evidence; by its "
			"own characters it is of account %012llu (probable)",
			id, (unsigned long long)account);
	else
		err_set(err, ERR_USAGE,
			"%s: no identity of that name in the evidence", id);
}

enum err_code subject_find(struct subject *out, struct session *s,
			   const char *id, bool sessions, struct err *err)
{
	const struct lineage *l = s->snap->lineage;
	row_id row = store_find_id(l->store, str_of(id), ROW_NONE);

	*out = (struct subject){ .at = TIME_NONE };
	out->node = mem_alloc(((size_t)l->node_n + 1) * sizeof(*out->node));
	out->n = lineage_find(l, str_of(id), out->node, l->node_n);
	if (out->n > 1)
		out->n = machine_alone(l, out->node, out->n);
	if (row != ROW_NONE && lineage_node(l, str_of(id)) == NODE_NONE)
		out->at = l->store->time[row];
	if (out->n == 1 ||
	    (sessions && out->n && is_one_actor(l, out->node, out->n)))
		return ERR_OK;
	if (out->n) {
		list_meanings(s, id, out->node, out->n);
		err_set(err, ERR_USAGE, "%s: ambiguous", id);
	} else {
		not_found(id, err);
	}
	subject_release(out);
	return ERR_USAGE;
}

void subject_release(struct subject *subject)
{
	free(subject->node);
	subject->node = NULL;
}
