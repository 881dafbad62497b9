/* SPDX-License-Identifier: MIT */
/* Counts of nodes; kinds and attributes of sessions. */
#include "identity/lineage_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"

/* What the rows of a session say, by node. */
struct seen {
	uint32_t console; /* rows by sessionCredentialFromConsole */
	uint32_t flags;   /* of all its rows, or-ed */
	bool other;       /* some row is not by a service */
};

void maker_note(struct lineage_maker *m, node_id session, uint32_t expires,
		bool console_token)
{
	if (!session || (!expires && !console_token))
		return;
	m->note = mem_grow(m->note, &m->note_cap, m->note_n + 1,
			   sizeof(*m->note));
	m->note[m->note_n++] = (struct session_note){ session, expires,
						      console_token };
}

/* Counting ---------------------------------------------------------------- */

static void count_row(struct lineage_node *n, const struct store *s, row_id row)
{
	n->events++;
	n->denied += store_outcome(s, row) == OUTCOME_DENIED;
	n->failed += store_outcome(s, row) == OUTCOME_FAILED;
	if (n->first == ROW_NONE)
		n->first = row;
	/* Rows without a time come last, and say nothing of when. */
	if (row < s->timed || n->last == ROW_NONE)
		n->last = row;
}

static void count_rows(struct lineage_maker *m, struct seen *seen)
{
	const struct store *s = m->s;
	struct lineage *l = m->l;

	for (node_id n = 1; n < l->node_n; n++)
		l->node[n].first = ROW_NONE;
	for (row_id row = 0; row < s->n; row++) {
		node_id n = l->acting[row];

		if (!n)
			continue;
		count_row(&l->node[n], s, row);
		seen[n].console += (s->flags[row] & EVENT_FROM_CONSOLE) != 0;
		seen[n].other |= !(s->flags[row] & EVENT_BY_SERVICE);
		seen[n].flags |= s->flags[row];
	}
}

/* Kinds ------------------------------------------------------------------- */

/* Is it a session of GetFederationToken, by the ARN that it acts under? */
static bool is_federated(const struct lineage_maker *m, node_id n)
{
	row_id row = m->l->node[n].first;

	return row != ROW_NONE &&
	       str_find(store_text(m->s, EVENT_ACTOR, row),
			STR(":federated-user/"), 0) != SIZE_MAX;
}

/*
 * Sessions of users that nothing issued and that only services used are those
 * services acting for the user (forward access sessions). A session that was
 * mostly used at a console is one, whatever opened it.
 */
static void find_kind(struct lineage_maker *m, node_id n,
		      const struct seen *seen, bool issued)
{
	struct lineage_node *node = &m->l->node[n];
	bool named = session_text_is_named(lineage_text(m->l, n));

	if (node->session_kind != SESSION_STS)
		return;
	if (seen->flags & EVENT_ASSUMED_ROOT)
		node->session_kind = SESSION_ASSUMED_ROOT;
	else if (!issued && node->events && !seen->other && !named)
		node->session_kind = SESSION_FAS;
	else if (seen->console > node->events / 2)
		node->session_kind = SESSION_CONSOLE;
	else if (named && is_federated(m, n))
		node->session_kind = SESSION_FEDERATED;
}

static void find_kinds(struct lineage_maker *m, const struct seen *seen)
{
	struct lineage *l = m->l;
	uint8_t *issued = mem_zero(l->node_n, 1);

	for (uint32_t i = 0; i < l->edge_n; i++)
		if (l->edge[i].kind == EDGE_ISSUED)
			issued[l->edge[i].to] = 1;
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_SESSION)
			find_kind(m, n, &seen[n], issued[n]);
	free(issued);
}

/* Attributes -------------------------------------------------------------- */

static void number_sessions(struct lineage *l)
{
	l->session_n = 1;
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_SESSION)
			l->node[n].session = l->session_n++;
	l->session = mem_zero(l->session_n, sizeof(*l->session));
}

static void put_texts(struct lineage_maker *m)
{
	static const enum link_kind kinds[] = { LINK_SOURCE, LINK_SIGN_IN,
						LINK_PORTAL };
	struct lineage *l = m->l;

	for (int k = 0; k < 3; k++) {
		uint32_t *text = maker_links(m, kinds[k]);

		for (node_id n = 1; n < l->node_n; n++) {
			struct session_attributes *a =
				&l->session[l->node[n].session];
			uint32_t number;

			if (!text[n])
				continue;
			number = intern_add(&l->texts,
					    intern_text(&m->facts->strings,
							text[n]));
			*(k == 0 ? &a->source_identity :
			  k == 1 ? &a->sign_in :
				   &a->portal) = number;
		}
		free(text);
	}
}

static void put_attributes(struct lineage_maker *m, const struct seen *seen)
{
	struct lineage *l = m->l;

	for (node_id n = 1; n < l->node_n; n++) {
		struct session_attributes *a = &l->session[l->node[n].session];
		uint32_t flags = seen[n].flags;

		if (!l->node[n].session)
			continue;
		a->mfa = flags & EVENT_MFA    ? MFA_YES :
			 flags & EVENT_NO_MFA ? MFA_NO :
						MFA_UNKNOWN;
		a->delivery = (flags & EVENT_IMDS_V1 ? 1 : 0) |
			      (flags & EVENT_IMDS_V2 ? 2 : 0);
	}
	for (size_t i = 0; i < m->note_n; i++) {
		struct session_attributes *a =
			&l->session[l->node[m->note[i].session].session];

		/* Of several keys the one that lasts longest. */
		if (m->note[i].expires > a->expires)
			a->expires = m->note[i].expires;
		a->console_token |= m->note[i].console_token;
	}
}

/* Ends -------------------------------------------------------------------- */

static int compare_ends(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage_end *end = context;

	if (end[x].node != end[y].node)
		return end[x].node < end[y].node ? -1 : 1;
	if (end[x].row != end[y].row)
		return end[x].row < end[y].row ? -1 : 1;
	return (int)end[x].kind - (int)end[y].kind;
}

static void sort_ends(struct lineage_maker *m)
{
	struct lineage *l = m->l;
	uint32_t *order = sort_order(m->end_n, compare_ends, m->end);

	l->end = mem_alloc((m->end_n + 1) * sizeof(*l->end));
	for (size_t i = 0; i < m->end_n; i++)
		l->end[i] = m->end[order[i]];
	l->end_n = (uint32_t)m->end_n;
	free(order);
}

void maker_finish_sessions(struct lineage_maker *m)
{
	struct seen *seen = mem_zero(m->l->node_n, sizeof(*seen));

	count_rows(m, seen);
	find_kinds(m, seen);
	number_sessions(m->l);
	put_texts(m);
	put_attributes(m, seen);
	sort_ends(m);
	free(seen);
}
