/* SPDX-License-Identifier: MIT */
/* Policies that let other accounts in, and who came in by them. */
#include "detect/lineage_detections.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/identity.h"

/* Policies ----------------------------------------------------------------- */

/* The accounts other than the event's own that an event's policy names; of
 * several that a rule wants the first by text is told. */
struct naming {
	row_id row;
	node_id node;
};

static int compare_naming(const void *x, const void *y)
{
	const struct naming *a = x, *b = y;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->node < b->node ? -1 : a->node > b->node;
}

static const char *const organization_words[] = {
	[SITE_OWN] = "own",
	[SITE_FOREIGN] = "foreign-organization",
	[SITE_UNKNOWN_OWNER] = "unknown-organization",
};

static bool is_wanted(const struct lineage_context *x,
		      const struct lineage_rule *r, node_id node)
{
	struct str account = lineage_account_text(x->lineage, node);
	struct str text = lineage_text(x->lineage, node);
	struct str organization = principal_organization(text);

	if (account.n)
		return wants_owner(x, r, account);
	if (organization.n)
		return lineage_rule_says(
			r, SET_OWNERS,
			str_of(organization_words[site_organization_owner(
				x->site, organization)]));
	return str_eq(text, STR("anonymous")) &&
	       lineage_rule_says(r, SET_OWNERS, STR("everyone"));
}

/* Which of the seeds name a principal of a wanted owner's account. */
static struct naming *find_named(struct lineage_context *x,
				 const struct lineage_rule *r,
				 const struct rowset *seeds, size_t *n)
{
	const struct lineage *l = x->lineage;
	struct naming *out = NULL;
	size_t cap = 0;

	*n = 0;
	for (node_id node = 1; node < l->node_n; node++) {
		struct str account = lineage_account_text(l, node);
		const row_id *on;
		uint32_t on_n;

		if (l->node[node].kind != NODE_PRINCIPAL)
			continue;
		on = lineage_on(l, node, &on_n);
		if (!on_n || !is_wanted(x, r, node))
			continue;
		for (uint32_t i = 0; i < on_n; i++) {
			if (!rowset_has(seeds, on[i]) ||
			    (account.n &&
			     str_eq(store_text(x->store, EVENT_ACCOUNT, on[i]),
				    account)))
				continue;
			out = mem_grow(out, &cap, *n + 1, sizeof(*out));
			out[(*n)++] = (struct naming){ on[i], node };
		}
	}
	if (*n)
		qsort(out, *n, sizeof(*out), compare_naming);
	return out;
}

/* Adds ": account 999988887777, foreign"; of an organization likewise. True
 * when it may well be one's own, as nothing says which is. */
static bool tell_owner(const struct lineage_context *x, node_id node,
		       struct strbuf *out)
{
	struct str account = lineage_account_text(x->lineage, node);
	struct str organization =
		principal_organization(lineage_text(x->lineage, node));
	enum site_owner owner;

	if (account.n) {
		strbuf_adds(out, ": ");
		tell_account(x, account, out);
	}
	if (!organization.n)
		return false;
	owner = site_organization_owner(x->site, organization);
	strbuf_adds(out, owner == SITE_OWN     ? ", one's own" :
			 owner == SITE_FOREIGN ? ", foreign" :
						 ": nothing says which is "
						 "one's own");
	return owner == SITE_UNKNOWN_OWNER;
}

/* Calls whose policy the graph does not know: such as were refused, and those
 * that the rule lists. What selected them has to do. */
static void keep_unread(struct lineage_context *x, const struct lineage_rule *r,
			const struct rowset *seeds, struct lineage_found *out)
{
	bool unknown = lineage_rule_says(r, SET_OWNERS, STR("unknown")) ||
		       lineage_rule_says(r, SET_OWNERS, STR("everyone"));

	for (size_t i = 0; i < seeds->n; i++) {
		row_id row = seeds->row[i];
		struct str name =
			event_base_name(store_text(x->store, EVENT_NAME, row));

		if (lineage_rule_says(r, SET_EVENTS, name) ||
		    (unknown && store_outcome(x->store, row) != OUTCOME_OK))
			found_add(out, row);
	}
}

DETECTION(policy_opens)
{
	enum { LOWER_WHEN_UNKNOWN = 2 };
	struct naming *named;
	bool unknown;
	size_t n;

	named = find_named(x, r, seeds, &n);
	for (size_t i = 0; i < n; i++) {
		if (i && named[i].row == named[i - 1].row)
			continue;
		strbuf_adds(&out->text, "the policy names ");
		context_describe(x, named[i].node, &out->text);
		unknown = tell_owner(x, named[i].node, &out->text);
		found_add_lower(out, named[i].row,
				unknown ? LOWER_WHEN_UNKNOWN : 0);
	}
	keep_unread(x, r, seeds, out);
	free(named);
}

/* Who came in -------------------------------------------------------------- */

/* A role was opened to somebody outside: to an account, or to everybody. */
struct opening {
	node_id role;
	uint32_t account; /* in opened.accounts; 0: everybody */
	row_id row;
};

struct opened {
	struct intern accounts;
	struct opening *opening; /* by role, account, row */
	size_t n, cap;
	row_id *taken; /* calls that took a role so opened, ascending */
	size_t taken_n, taken_cap;
};

static int compare_openings(const void *x, const void *y)
{
	const struct opening *a = x, *b = y;

	if (a->role != b->role)
		return a->role < b->role ? -1 : 1;
	if (a->account != b->account)
		return a->account < b->account ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

void opened_free(struct opened *o)
{
	if (!o)
		return;
	intern_release(&o->accounts);
	free(o->opening);
	free(o->taken);
	free(o);
}

/* Of whom nobody says which accounts they are: everybody, and whoever is of a
 * foreign organization. */
static bool lets_in_many(const struct lineage_context *x, node_id guest)
{
	struct str text = lineage_text(x->lineage, guest);
	struct str organization = principal_organization(text);

	return organization.n ?
		       site_organization_owner(x->site, organization) ==
			       SITE_FOREIGN :
		       str_eq(text, STR("anonymous"));
}

static struct opened *list_openings(const struct lineage_context *x)
{
	const struct lineage *l = x->lineage;
	struct opened *o = mem_zero(1, sizeof(*o));

	intern_init(&o->accounts);
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];
		struct str account;

		if (e->kind != EDGE_TRUSTS)
			continue;
		account = lineage_account_text(l, e->to);
		if (!account.n && !lets_in_many(x, e->to))
			continue;
		o->opening = mem_grow(o->opening, &o->cap, o->n + 1,
				      sizeof(*o->opening));
		o->opening[o->n++] =
			(struct opening){ e->from,
					  intern_add(&o->accounts, account),
					  lineage_evidence(l, e, 0) };
	}
	if (o->n)
		qsort(o->opening, o->n, sizeof(*o->opening), compare_openings);
	return o;
}

/* The first event that opened a role to an account; ROW_NONE. */
static row_id opened_in(const struct opened *o, node_id role, uint32_t account)
{
	struct opening wanted = { role, account, 0 };
	size_t low = 0, high = o->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_openings(&o->opening[mid], &wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < o->n && o->opening[low].role == role &&
			       o->opening[low].account == account ?
		       o->opening[low].row :
		       ROW_NONE;
}

/* The event before a call that let its account in, or everybody. */
static row_id opened_before(const struct opened *o, node_id role,
			    struct str account, row_id row)
{
	row_id to_all, to_one = ROW_NONE;
	uint32_t id = intern_find(&o->accounts, account);

	if (id != INTERN_NONE && id)
		to_one = opened_in(o, role, id);
	if (to_one != ROW_NONE && to_one < row)
		return to_one;
	to_all = opened_in(o, role, 0);
	return to_all != ROW_NONE && to_all < row ? to_all : ROW_NONE;
}

/* The event before a session by which the account that took it was let in;
 * ROW_NONE when there is none, or it was none of another account. */
static row_id let_in(struct lineage_context *x, const struct opened *o,
		     const struct lineage_edge *e)
{
	const struct lineage *l = x->lineage;

	if (e->kind != EDGE_ISSUED ||
	    !str_starts(lineage_text(l, e->from), STR("acct:")))
		return ROW_NONE;
	return opened_before(o, session_role(x, e->to),
			     lineage_account_text(l, e->from),
			     lineage_evidence(l, e, 0));
}

static int compare_rows(const void *x, const void *y)
{
	const row_id *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static void list_taken(struct lineage_context *x, struct opened *o)
{
	const struct lineage *l = x->lineage;

	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];

		if (let_in(x, o, e) == ROW_NONE)
			continue;
		o->taken = mem_grow(o->taken, &o->taken_cap, o->taken_n + 1,
				    sizeof(*o->taken));
		o->taken[o->taken_n++] = lineage_evidence(l, e, 0);
	}
	if (o->taken_n)
		qsort(o->taken, o->taken_n, sizeof(*o->taken), compare_rows);
}

static const struct opened *opened(struct lineage_context *x)
{
	if (!x->opened) {
		x->opened = list_openings(x);
		list_taken(x, x->opened);
	}
	return x->opened;
}

bool was_opened_to(struct lineage_context *x, row_id row)
{
	const struct opened *o = opened(x);
	struct rowset taken = rowset_view(o->taken, o->taken_n);

	return rowset_has(&taken, row);
}

DETECTION(assumed_after_opened)
{
	const struct lineage *l = x->lineage;
	const struct opened *o = opened(x);

	(void)seeds;
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];
		struct str account = lineage_account_text(l, e->from);
		row_id before = let_in(x, o, e);

		if (before == ROW_NONE || !wants_owner(x, r, account))
			continue;
		context_describe(x, e->to, &out->text);
		strbuf_adds(&out->text, ": taken by ");
		tell_account(x, account, &out->text);
		strbuf_adds(&out->text, "; its role was opened by ");
		context_describe(x, l->acting[before], &out->text);
		strbuf_adds(&out->text, " in event ");
		store_id_text(x->store, before, &out->text);
		found_add(out, lineage_evidence(l, e, 0));
	}
}
