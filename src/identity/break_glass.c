/* SPDX-License-Identifier: MIT */
#include "identity/break_glass.h"

/* The user or role that a node is of; of a principal itself. */
static node_id principal_of(const struct lineage *l, node_id node)
{
	return l->node[node].kind == NODE_SESSION ?
		       lineage_leads_to(l, node, EDGE_SESSION_OF) :
		       node;
}

const struct site_entry *break_glass_behind(struct climb *c,
					    const struct site *site,
					    node_id node, node_id *who)
{
	const struct lineage *l = c->l;

	for (;;) {
		node_id principal = principal_of(l, node);
		const struct site_entry *named = NULL;
		const struct lineage_edge *up;

		if (principal && l->node[principal].kind == NODE_PRINCIPAL)
			named = site_break_glass_of(site,
						    lineage_text(l, principal));
		if (named) {
			if (who)
				*who = principal;
			return named;
		}
		up = climb_parent(c, node);
		if (!up)
			return NULL;
		node = lineage_other_end(up, node);
	}
}

const struct site_entry *break_glass_of(const struct lineage *l,
					const struct site *site, node_id node,
					node_id *who)
{
	const struct site_entry *named;
	struct climb climb;

	if (!site_names(site, SITE_BREAK_GLASS))
		return NULL;
	climb_init(&climb, l);
	named = break_glass_behind(&climb, site, node, who);
	climb_release(&climb);
	return named;
}

void break_glass_describe(const struct site_entry *named, struct strbuf *out)
{
	strbuf_adds(out, "break-glass");
	if (named->name.n)
		strbuf_addf(out, " (%.*s)", STR_ARG(named->name));
}
