/* SPDX-License-Identifier: MIT */
#include "identity/reach_lines.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/mem.h"

void reach_lines_of(struct reach_lines *out, const struct lineage *l,
		    const struct reach *r)
{
	struct intern names;
	struct strbuf name;
	size_t cap = 0;

	*out = (struct reach_lines){ .n = 0 };
	intern_init(&names);
	strbuf_init(&name);
	for (uint32_t i = 0; i < r->n; i++) {
		const struct reached *at = &r->at[i];
		uint32_t line;

		if (!at->edge || at->edge->kind == EDGE_HAS_KEY)
			continue;
		strbuf_clear(&name);
		strbuf_addf(&name, "%u %u ",
			    lineage_other_end(at->edge, at->node),
			    (unsigned)at->edge->kind);
		if (l->node[at->node].kind == NODE_SESSION)
			node_describe(l, at->node, &name);
		else
			strbuf_add(&name, lineage_id(l, at->node));
		line = intern_add(&names, strbuf_str(&name));
		if (line > out->n) {
			out->line = mem_grow(out->line, &cap, line,
					     sizeof(*out->line));
			out->line[out->n++] = (struct reach_line){ .at = i };
		}
		out->line[line - 1].n++;
		out->line[line - 1].events += at->events;
	}
	intern_release(&names);
	strbuf_release(&name);
}

void reach_lines_release(struct reach_lines *r)
{
	free(r->line);
	*r = (struct reach_lines){ .n = 0 };
}

const char *reached_verb(const struct reached *at)
{
	if (at->edge->to == at->node)
		return edge_kind_verb((enum edge_kind)at->edge->kind);
	return at->edge->kind == EDGE_SESSION_OF   ? "has the session" :
	       at->edge->kind == EDGE_ON_BEHALF_OF ? "became" :
						     "belongs to";
}
