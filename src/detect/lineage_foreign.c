/* SPDX-License-Identifier: MIT */
/* Callers, roles and principals of accounts that are not one's own. */
#include "detect/lineage_detections.h"

#include <stdlib.h>

#include "base/mem.h"

static const char *const owner_words[] = {
	[SITE_OWN] = "own",
	[SITE_OF_VENDOR] = "vendor",
	[SITE_FOREIGN] = "foreign",
	[SITE_UNKNOWN_OWNER] = "unknown",
};

bool wants_owner(const struct lineage_context *x, const struct lineage_rule *r,
		 struct str account)
{
	enum site_owner owner = site_owner_of(x->site, account);

	return lineage_rule_says(r, SET_OWNERS, str_of(owner_words[owner]));
}

void tell_account(const struct lineage_context *x, struct str account,
		  struct strbuf *out)
{
	struct str name = site_account_name(x->site, account);

	strbuf_adds(out, "account ");
	strbuf_add(out, account.n ? account : STR("not named"));
	if (name.n)
		strbuf_addf(out, " (%.*s)", STR_ARG(name));
	strbuf_adds(out, ", ");
	strbuf_adds(out, owner_words[site_owner_of(x->site, account)]);
}

DETECTION(caller_of)
{
	for (size_t i = 0; i < seeds->n; i++) {
		row_id row = seeds->row[i];
		struct str account = store_text(x->store, EVENT_CALLER, row);

		/* That it was let in before is told with more weight. */
		if (!wants_owner(x, r, account) || was_opened_to(x, row))
			continue;
		strbuf_adds(&out->text, "the caller is of ");
		tell_account(x, account, &out->text);
		found_add(out, row);
	}
}

/* Sessions by the row that issued them. */
struct issued {
	row_id row;
	node_id session;
};

static int compare_issued(const void *x, const void *y)
{
	const struct issued *a = x, *b = y;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->session < b->session ? -1 : a->session > b->session;
}

static struct issued *list_issued(const struct lineage *l, size_t *n)
{
	struct issued *out = NULL;
	size_t cap = 0;

	*n = 0;
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];

		if (e->kind != EDGE_ISSUED)
			continue;
		out = mem_grow(out, &cap, *n + 1, sizeof(*out));
		out[(*n)++] = (struct issued){ lineage_evidence(l, e, 0),
					       e->to };
	}
	if (*n)
		qsort(out, *n, sizeof(*out), compare_issued);
	return out;
}

/* The account of the role that a call took; empty when it is not known. */
static struct str role_account(const struct lineage *l,
			       const struct issued *issued, size_t n,
			       row_id row)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (issued[mid].row < row)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == n || issued[low].row != row)
		return STR_NULL;
	return lineage_account_text(l, issued[low].session);
}

DETECTION(role_of_account)
{
	struct issued *issued;
	size_t n;

	issued = list_issued(x->lineage, &n);
	for (size_t i = 0; i < seeds->n; i++) {
		row_id row = seeds->row[i];
		struct str account = role_account(x->lineage, issued, n, row);

		if (!wants_owner(x, r, account))
			continue;
		strbuf_adds(&out->text, "the role is of ");
		tell_account(x, account, &out->text);
		found_add(out, row);
	}
	free(issued);
}
