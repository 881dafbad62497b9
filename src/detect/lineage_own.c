/* SPDX-License-Identifier: MIT */
/* Identities of one's own that the site file names. */
#include "detect/lineage_detections.h"
#include "identity/break_glass.h"

static void tell_use(const struct lineage_context *x, node_id node, node_id who,
		     const struct site_entry *named, struct strbuf *out)
{
	context_describe(x, node, out);
	if (node != who) {
		strbuf_adds(out, " came of ");
		context_describe(x, who, out);
		strbuf_adds(out, ", which");
	}
	strbuf_adds(out, " the site file names as ");
	break_glass_describe(named, out);
}

DETECTION(break_glass_used)
{
	const struct lineage *l = x->lineage;

	(void)r;
	(void)seeds;
	if (!site_names(x->site, SITE_BREAK_GLASS))
		return;
	for (node_id n = 1; n < l->node_n; n++) {
		struct rowset rows = context_rows(x, n);
		const struct site_entry *named;
		node_id who;

		named = rows.n ? break_glass_behind(&x->climb, x->site, n,
						    &who) :
				 NULL;
		for (size_t i = 0; named && i < rows.n; i++) {
			/* What a service does for somebody is no use of it. */
			if (x->store->flags[rows.row[i]] & EVENT_BY_SERVICE)
				continue;
			tell_use(x, n, who, named, &out->text);
			found_add(out, rows.row[i]);
		}
	}
}
