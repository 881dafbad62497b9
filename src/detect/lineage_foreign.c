/* SPDX-License-Identifier: MIT */
/* Callers, roles and principals of accounts that are not one's own. */
#include "detect/baseline_private.h"

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

/* The session that a call opened, or NODE_NONE. */
static node_id issued_in(const struct issued *issued, size_t n, row_id row)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (issued[mid].row < row)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && issued[low].row == row ? issued[low].session :
						   NODE_NONE;
}

DETECTION(role_of_account)
{
	struct issued *issued;
	size_t n;

	issued = list_issued(x->lineage, &n);
	for (size_t i = 0; i < seeds->n; i++) {
		row_id row = seeds->row[i];
		node_id session = issued_in(issued, n, row);
		/* Of none it is not known. */
		struct str account = lineage_account_text(x->lineage, session);

		if (!wants_owner(x, r, account))
			continue;
		strbuf_adds(&out->text, "the role is of ");
		tell_account(x, account, &out->text);
		found_add(out, row);
	}
	free(issued);
}

/* First times ---------------------------------------------------------------- */

/* Somebody of an account took a role of another one, which is one's own. */
struct crossing {
	node_id role;
	uint32_t caller; /* value of EVENT_CALLER */
	row_id row;
};

static int compare_crossings(const void *x, const void *y)
{
	const struct crossing *a = x, *b = y;

	if (a->role != b->role)
		return a->role < b->role ? -1 : 1;
	if (a->caller != b->caller)
		return a->caller < b->caller ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

static struct crossing *list_crossings(struct lineage_context *x,
				       const struct rowset *seeds, size_t *n)
{
	struct crossing *out = mem_alloc((seeds->n + 1) * sizeof(*out));
	struct issued *issued;
	size_t issued_n;

	*n = 0;
	issued = list_issued(x->lineage, &issued_n);
	for (size_t i = 0; i < seeds->n; i++) {
		row_id row = seeds->row[i];
		node_id session = issued_in(issued, issued_n, row);
		node_id role = session ? session_role(x, session) : NODE_NONE;
		uint32_t caller = store_value_at(x->store, EVENT_CALLER, row);
		struct str account = lineage_account_text(x->lineage, role);

		/* Who takes roles of others, those others know. */
		if (!role || !caller ||
		    site_owner_of(x->site, account) != SITE_OWN ||
		    str_eq(store_value(x->store, EVENT_CALLER, caller),
			   account))
			continue;
		out[(*n)++] = (struct crossing){ role, caller, row };
	}
	if (*n)
		qsort(out, *n, sizeof(*out), compare_crossings);
	free(issued);
	return out;
}

/* What the account that received a call is known by: how long, how much. */
static void tell_first(struct lineage_context *x, const struct lineage_rule *r,
		       const struct crossing *c, struct lineage_found *out)
{
	const struct store *s = x->store;
	struct rowset rows =
		postings_rows(context_postings(x, EVENT_ACCOUNT),
			      store_value_at(s, EVENT_ACCOUNT, c->row));
	size_t before = rowset_seek(&rows, c->row);
	int64_t since = before ? s->time[c->row] - s->time[rows.row[0]] : 0;
	bool thin = baseline_is_thin(r, since, before);

	strbuf_adds(&out->text, "first time that ");
	tell_account(x, store_value(s, EVENT_CALLER, c->caller), &out->text);
	strbuf_adds(&out->text, ", takes ");
	context_describe(x, c->role, &out->text);
	strbuf_adds(&out->text, ", ");
	baseline_tell(&out->text, since, before);
	if (thin)
		strbuf_adds(&out->text, "; little to compare with");
	found_add_lower(out, c->row, thin);
}

DETECTION(cross_account_first)
{
	struct crossing *c;
	size_t n;

	c = list_crossings(x, seeds, &n);
	for (size_t i = 0; i < n; i++) {
		bool first = i == 0 || c[i - 1].role != c[i].role ||
			     c[i - 1].caller != c[i].caller;

		if (first && c[i].row < x->store->timed &&
		    wants_owner(x, r,
				store_value(x->store, EVENT_CALLER,
					    c[i].caller)))
			tell_first(x, r, &c[i], out);
	}
	free(c);
}
