/* SPDX-License-Identifier: MIT */
/* What a node is in a few words, as lineage.h declares it. */
#include "identity/lineage.h"

#include "base/attr.h"
#include "identity/lineage_hints.h"
#include "model/arn.h"
#include "model/identity.h"

/* The role and name of a session: "OrgAdmin/build"; for a user's session the
 * user. */
static void describe_session(const struct lineage *l, node_id node,
			     struct strbuf *out)
{
	struct str text = lineage_text(l, node);
	struct str pid = str_sub(text, 0, str_find_last(text, '@'));
	size_t colon = str_find_char(pid, ':', 0);
	const struct lineage_edge *e;
	struct arena arena;

	arena_init(&arena);
	for (uint32_t i = 0; (e = lineage_out(l, node, i)); i++)
		if (e->kind == EDGE_SESSION_OF) {
			strbuf_add(out, principal_label(lineage_text(l, e->to),
							&arena));
			if (colon != SIZE_MAX)
				strbuf_addc(out, '/');
			break;
		}
	if (colon != SIZE_MAX)
		strbuf_add(out, str_from(pid, colon + 1));
	else if (!e)
		strbuf_add(out, pid);
	arena_release(&arena);
}

/* "instance", "function", ... out of an ARN's resource, else its service. */
static const char *compute_kind(struct str text)
{
	static const struct {
		const char *prefix, *name;
	} kinds[] = {
		{ "instance/", "instance" },
		{ "function:", "function" },
		{ "task/", "task" },
		{ "project/", "build project" },
		{ "job/", "job" },
		{ "stack/", "stack" },
		{ "notebook-instance/", "notebook" },
	};
	struct arn arn;

	if (str_starts(text, STR("i-")))
		return "instance";
	if (!arn_parse(text, &arn))
		return "compute";
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_starts(arn.resource, str_of(kinds[i].prefix)))
			return kinds[i].name;
	return str_eq(arn.service, STR("s3")) ? "bucket" : "resource";
}

/* The name at the end of an ARN. */
static struct str compute_label(struct str text)
{
	struct arn arn;
	size_t at;

	if (!arn_parse(text, &arn))
		return text;
	at = str_find_char(arn.resource, '/', 0);
	if (at == SIZE_MAX)
		at = str_find_char(arn.resource, ':', 0);
	return at == SIZE_MAX ? arn.resource : str_from(arn.resource, at + 1);
}

void node_describe(const struct lineage *l, node_id node, struct strbuf *out)
{
	const struct lineage_node *n = &l->node[node];
	struct str text = lineage_text(l, node);
	struct arena arena;

	/* Web requests, flows: what is no call. */
	if (node == NODE_NONE) {
		strbuf_adds(out, "no caller");
		return;
	}
	arena_init(&arena);
	switch (n->kind) {
	case NODE_PRINCIPAL:
		strbuf_adds(out, principal_kind(text));
		strbuf_addc(out, ' ');
		strbuf_add(out, principal_label(text, &arena));
		break;
	case NODE_SESSION:
		if (n->session_kind == SESSION_CONSOLE)
			strbuf_adds(out, "console ");
		else if (n->session_kind == SESSION_FAS)
			strbuf_adds(out, "services for ");
		else if (n->session_kind == SESSION_FEDERATED)
			strbuf_adds(out, "federated ");
		strbuf_adds(out,
			    n->session_kind == SESSION_FAS ? "" : "session ");
		describe_session(l, node, out);
		break;
	case NODE_COMPUTE:
		strbuf_adds(out, compute_kind(text));
		strbuf_addc(out, ' ');
		strbuf_add(out, compute_label(text));
		break;
	case NODE_KEY:
	case NODE_ACCOUNT:
	case NODE_IP:
		strbuf_adds(out, n->kind == NODE_IP ?
					 "address" :
					 lineage_kind_name(n->kind));
		strbuf_addc(out, ' ');
		strbuf_add(out, text);
		break;
	case NODE_KIND_COUNT:
		break;
	}
	arena_release(&arena);
}

void link_describe(const struct lineage *l, node_id node,
		   const struct lineage_edge *e, struct strbuf *out)
{
	/* Whoever became something became a session. */
	if (e && e->kind == EDGE_ISSUED && l->node[node].kind == NODE_SESSION &&
	    l->node[node].session_kind == SESSION_STS)
		describe_session(l, node, out);
	else
		node_describe(l, node, out);
	if (e && e->kind == EDGE_ISSUED) {
		strbuf_adds(out, "  ");
		strbuf_add(out, event_base_name(
					store_text(l->store, EVENT_NAME,
						   lineage_evidence(l, e, 0))));
	}
}

void link_evidence(const struct lineage *l, const struct lineage_edge *e,
		   struct strbuf *out)
{
	strbuf_adds(out, certainty_name((enum certainty)e->certainty));
	strbuf_adds(out, ": ");
	strbuf_adds(out, lineage_reason(e));
	if (lineage_hint(l, e)) {
		strbuf_adds(out, ", ");
		lineage_hint_describe(lineage_hint(l, e), out);
	}
	if (e->evidence_n) {
		strbuf_adds(out, ", event ");
		store_id_text(l->store, lineage_evidence(l, e, 0), out);
	}
}
