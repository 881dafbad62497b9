/* SPDX-License-Identifier: MIT */
/* Who may be behind a node, as question.h says. */

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "identity/climb.h"
#include "identity/question_private.h"
#include "model/identity.h"
#include "model/keyid.h"

enum {
	SLACK = 2 * 1000, /* ms: events of one second, and clocks */
	DAY = 24 * 60 * 60 * 1000,
	MOST_STEPS = 32, /* that are followed; real ones are under ten */
};

/* A node whose makers are looked for: what happened to it up to `bound`. */
struct step {
	node_id node;
	node_id person; /* whom the way here came through last, or NODE_NONE */
	int64_t bound;
	enum certainty certainty; /* of the way from the node asked */
};

/* What an actor has in common with the node asked. */
struct tie {
	bool known;
	bool session;
	node_id address; /* or NODE_NONE */
};

struct asking {
	const struct lineage *l;
	const struct question *q;
	node_id asked, origin;
	struct climb climb;
	int64_t first, last; /* of its activity; TIME_NONE */
	bool brief;          /* temporary: its whole life is one incident */
	uint8_t *own;        /* its chain, keys and sessions */
	uint8_t *address;    /* that it used */
	struct tie *tie;     /* by actor */
	int8_t *level;       /* by actor: of the worst alert that it raised */
	row_id *ending;      /* events that end credentials, ascending */
	size_t ending_n;
	node_id *below; /* by person: who stands between it and the node */
	int64_t *bound; /* by node, where bounded */
	uint8_t *bounded;
	uint8_t *used;           /* addresses of one key, for a moment */
	struct step *now, *next; /* steps of one depth */
	size_t now_n, now_cap, next_n, next_cap;
	struct suspect *found;
	size_t n, cap;
	uint32_t *head; /* by actor: its first candidate + 1, of one target */
	uint32_t *link; /* by candidate: the next of the same actor + 1 */
	size_t link_cap;
};

/* What is known of the node asked ------------------------------------------ */

static void note_activity(struct asking *a, node_id node)
{
	int64_t first = lineage_first(a->l, node);
	int64_t last = lineage_last(a->l, node);
	const struct lineage_edge *e;

	a->own[node] = 1;
	if (first != TIME_NONE && (a->first == TIME_NONE || first < a->first))
		a->first = first;
	if (last != TIME_NONE && (a->last == TIME_NONE || last > a->last))
		a->last = last;
	for (uint32_t i = 0; (e = lineage_out(a->l, node, i)); i++)
		if (e->kind == EDGE_USED_FROM)
			a->address[e->to] = 1;
}

/* A node's keys and sessions, and the session that a key is of. */
static void note_belongings(struct asking *a, node_id node)
{
	const struct lineage *l = a->l;
	const struct lineage_edge *e;

	note_activity(a, node);
	for (uint32_t i = 0; (e = lineage_out(l, node, i)); i++)
		if (e->kind == EDGE_OWNS || e->kind == EDGE_HAS_KEY ||
		    e->kind == EDGE_RUNS_AS)
			note_activity(a, e->to);
	for (uint32_t i = 0; (e = lineage_in(l, node, i)); i++)
		if (e->kind == EDGE_HAS_KEY || e->kind == EDGE_SESSION_OF ||
		    e->kind == EDGE_ON_BEHALF_OF)
			note_activity(a, e->from);
}

/* Of something that never acted, when it came to be. */
static int64_t made_at(const struct lineage *l, node_id node)
{
	const struct lineage_edge *e;
	int64_t t = TIME_NONE;

	for (uint32_t i = 0; (e = lineage_in(l, node, i)); i++)
		if ((e->kind == EDGE_CREATED || e->kind == EDGE_ISSUED) &&
		    lineage_edge_time(l, e) < t)
			t = lineage_edge_time(l, e);
	return t;
}

static bool is_temporary(const struct lineage *l, node_id node)
{
	const struct lineage_node *n = &l->node[node];

	return n->kind == NODE_SESSION ||
	       (n->kind == NODE_KEY &&
		keyid_kind(lineage_text(l, node)) == KEYID_TEMPORARY);
}

static void know_asked(struct asking *a)
{
	const struct lineage_edge *e;

	a->first = a->last = TIME_NONE;
	note_belongings(a, a->asked);
	for (node_id n = a->asked; (e = climb_parent(&a->climb, n));) {
		n = lineage_other_end(e, n);
		a->own[n] = 1;
	}
	if (a->first == TIME_NONE)
		a->first = made_at(a->l, a->asked);
	if (a->q->at != TIME_NONE)
		a->first = a->last = a->q->at;
	a->brief = is_temporary(a->l, a->asked);
}

/* What ties an actor to the node asked ------------------------------------- */

static node_id used_address(const struct asking *a, node_id node)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_out(a->l, node, i)); i++)
		if (e->kind == EDGE_USED_FROM && a->address[e->to])
			return e->to;
	return NODE_NONE;
}

/* What an actor, or the session that its key is of, has in common with the
 * node asked. Found once an actor. */
static const struct tie *tie_of(struct asking *a, node_id actor)
{
	struct tie *tie = &a->tie[actor];
	const struct lineage_edge *e;

	if (tie->known)
		return tie;
	tie->known = true;
	tie->session = a->own[actor] && is_temporary(a->l, actor);
	tie->address = used_address(a, actor);
	for (uint32_t i = 0; (e = lineage_in(a->l, actor, i)); i++) {
		if (e->kind != EDGE_HAS_KEY)
			continue;
		if (a->own[e->from])
			tie->session = true;
		if (!tie->address)
			tie->address = used_address(a, e->from);
	}
	return tie;
}

/* To make something is what pipelines do, and rules tell it in passing. */
static bool raised_alert(const struct asking *a, enum edge_kind kind,
			 row_id row)
{
	int least = kind == EDGE_CREATED || kind == EDGE_PASSED_ROLE ?
			    LEVEL_HIGH :
			    LEVEL_LOW;

	return a->q->marks && marks_level(a->q->marks, row) >= least;
}

/* Who deactivates a key or deletes a password has no part in what is done
 * with them. */
static bool only_ends(const struct asking *a, row_id row)
{
	size_t low = 0, high = a->ending_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (a->ending[mid] < row)
			low = mid + 1;
		else
			high = mid;
	}
	return low < a->ending_n && a->ending[low] == row;
}

/* What an event by itself, without its actor, says. */
static enum suspicion row_suspicion(const struct asking *a, enum edge_kind kind,
				    row_id row)
{
	int64_t t = a->l->store->time[row];

	if (raised_alert(a, kind, row))
		return SUSPECT_ALERT;
	if (t == TIME_NONE || a->first == TIME_NONE || t < a->first - DAY)
		return SUSPECT_BUILT;
	if (t <= a->first + SLACK)
		return SUSPECT_DAY;
	return a->brief ? SUSPECT_DURING : SUSPECT_BUILT;
}

/* The event of an edge that says most, of those up to a time; ROW_NONE when
 * all are later. */
static row_id telling_row(const struct asking *a, const struct lineage_edge *e,
			  int64_t bound, enum suspicion *why)
{
	const int64_t *time = a->l->store->time;
	row_id best = ROW_NONE;

	*why = SUSPECT_BUILT;
	for (uint32_t i = 0; i < e->evidence_n; i++) {
		row_id row = lineage_evidence(a->l, e, i);
		enum suspicion s = row_suspicion(a, e->kind, row);

		if ((time[row] != TIME_NONE && time[row] > bound) ||
		    only_ends(a, row))
			continue;
		if (best == ROW_NONE || s < *why) {
			best = row;
			*why = s;
		}
	}
	return best;
}

/* Climbing ------------------------------------------------------------------ */

static bool is_made_by(enum edge_kind kind, bool hints)
{
	return kind == EDGE_CREATED || kind == EDGE_PASSED_ROLE ||
	       kind == EDGE_CONTROLS || kind == EDGE_MODIFIED_AUTH ||
	       (hints && kind == EDGE_EXPOSED_BY);
}

static int64_t later(int64_t t, int64_t by)
{
	return t > INT64_MAX - by ? INT64_MAX : t + by;
}

static struct suspect *add_found(struct asking *a, const struct step *s,
				 const struct lineage_edge *e, node_id node,
				 row_id row, uint32_t depth)
{
	a->found = mem_grow(a->found, &a->cap, a->n + 1, sizeof(*a->found));
	a->found[a->n] = (struct suspect){
		.node = node,
		.actor = e->from,
		.target = e->to,
		.edge = e,
		.row = row,
		.time = a->l->store->time[row],
		.certainty = s->certainty > e->certainty ? s->certainty :
							   e->certainty,
		.why = SUSPECT_BUILT,
		.depth = depth,
		.actor_level = a->level[e->from],
	};
	return &a->found[a->n++];
}

static bool is_of_kind(const struct lineage *l, node_id node, const char *kind)
{
	return l->node[node].kind == NODE_PRINCIPAL &&
	       strcmp(principal_kind(lineage_text(l, node)), kind) == 0;
}

static void mark_addresses(struct asking *a, node_id node, uint8_t mark)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_out(a->l, node, i)); i++)
		if (e->kind == EDGE_USED_FROM)
			a->used[e->to] = mark;
}

/* Who may have read a key: the session, and below it what it runs on and
 * the addresses that both used. */
static void add_exposure(struct asking *a, const struct step *s,
			 const struct lineage_edge *e, uint32_t depth)
{
	const struct lineage_edge *up;
	node_id at = e->from;
	struct suspect *x = add_found(a, s, e, at, lineage_evidence(a->l, e, 0),
				      depth);

	x->why = SUSPECT_EXPOSED;
	while ((up = climb_parent(&a->climb, at))) {
		at = lineage_other_end(up, at);
		if (up->kind == EDGE_RUNS_AS || !climb_parent(&a->climb, at))
			break;
	}
	/* The machine, or the person; that a service issued it says little. */
	if (up &&
	    (up->kind == EDGE_RUNS_AS || !is_of_kind(a->l, at, "service"))) {
		x = add_found(a, s, up, at, lineage_evidence(a->l, up, 0),
			      depth);
		x->why = SUSPECT_EXPOSED;
		x->certainty = HINT;
	}
	mark_addresses(a, e->to, 1);
	for (uint32_t i = 0; (up = lineage_out(a->l, e->from, i)); i++) {
		if (up->kind != EDGE_USED_FROM || !a->used[up->to])
			continue;
		x = add_found(a, s, up, up->to, lineage_evidence(a->l, up, 0),
			      depth);
		x->why = SUSPECT_EXPOSED;
		x->certainty = HINT;
	}
	mark_addresses(a, e->to, 0);
}

static void add_next(struct asking *a, node_id node, node_id person,
		     int64_t bound, enum certainty certainty)
{
	a->next = mem_grow(a->next, &a->next_cap, a->next_n + 1,
			   sizeof(*a->next));
	a->next[a->next_n++] = (struct step){ node, person, bound, certainty };
}

/*
 * Do the rows that name the target show the same deed again, nearer to the
 * node's activity? An edge's evidence is its earliest events; whoever used a
 * stolen key may have done what its owner did before.
 */
static void look_again(struct asking *a, const struct step *s, size_t from)
{
	const struct store *store = a->l->store;
	uint32_t n;
	const row_id *on = lineage_on(a->l, s->node, &n);
	size_t old = 0;

	for (size_t i = from; i < a->n; i++)
		old += a->found[i].why == SUSPECT_BUILT;
	if (!old || !n)
		return;
	a->link = mem_grow(a->link, &a->link_cap, a->n - from,
			   sizeof(*a->link));
	for (size_t i = from; i < a->n; i++) {
		if (a->found[i].why != SUSPECT_BUILT)
			continue;
		a->link[i - from] = a->head[a->found[i].actor];
		a->head[a->found[i].actor] = (uint32_t)(i - from) + 1;
	}
	for (uint32_t k = 0; k < n && store->time[on[k]] <= s->bound; k++) {
		row_id row = on[k];
		uint32_t at = a->head[a->l->acting[row]];

		if (!at || store_outcome(store, row) != OUTCOME_OK)
			continue;
		for (; at; at = a->link[at - 1]) {
			struct suspect *x = &a->found[from + at - 1];
			enum suspicion why;

			if (store_value_at(store, EVENT_NAME, row) !=
				    store_value_at(store, EVENT_NAME, x->row) ||
			    only_ends(a, row))
				continue;
			why = row_suspicion(a, x->edge->kind, row);
			if (why >= x->why)
				continue;
			x->why = why;
			x->row = row;
			x->time = store->time[row];
		}
	}
	for (size_t i = from; i < a->n; i++)
		a->head[a->found[i].actor] = 0;
}

/* Was the way to the step through that person? Who stands behind somebody
 * because of what that one did himself is nobody new. */
static bool came_through(const struct asking *a, const struct step *s,
			 node_id person)
{
	node_id at = s->person;

	for (int i = 0; at && i < MOST_STEPS; i++, at = a->below[at])
		if (at == person)
			return true;
	return false;
}

/* Everything that made one node, before a time. */
static void expand(struct asking *a, const struct step *s, uint32_t depth)
{
	const struct lineage_edge *e;
	size_t from = a->n;

	for (uint32_t i = 0; (e = lineage_in(a->l, s->node, i)); i++) {
		enum suspicion why;
		struct suspect *x;
		node_id who;
		row_id row;

		if (!is_made_by(e->kind, a->q->hints))
			continue;
		row = telling_row(a, e, s->bound, &why);
		if (row == ROW_NONE)
			continue;
		if (e->kind == EDGE_EXPOSED_BY) {
			add_exposure(a, s, e, depth);
			add_next(a, e->from, s->person,
				 later(a->l->store->time[row], SLACK), HINT);
			continue;
		}
		who = climb_origin(&a->climb, e->from);
		if (came_through(a, s, who))
			continue;
		if (!a->below[who] && who != s->person)
			a->below[who] = s->person;
		add_next(a, e->from, who, later(a->l->store->time[row], SLACK),
			 s->certainty > e->certainty ? s->certainty :
						       e->certainty);
		if (who == a->origin || who == a->asked)
			continue; /* not somebody else */
		x = add_found(a, s, e, who, row, depth);
		if (climb_certainty(&a->climb, e->from) > x->certainty)
			x->certainty = climb_certainty(&a->climb, e->from);
		x->why = why;
		if (why != SUSPECT_ALERT) {
			const struct tie *tie = tie_of(a, e->from);

			x->address = tie->address;
			if (tie->session)
				x->why = SUSPECT_SESSION;
			else if (tie->address)
				x->why = SUSPECT_ADDRESS;
		}
	}
	look_again(a, s, from);
}

static int64_t earlier(int64_t x, int64_t y)
{
	return x < y ? x : y;
}

static int64_t issued_at(const struct lineage *l, const struct lineage_edge *e)
{
	return later(lineage_edge_time(l, e), SLACK);
}

static int compare_steps(uint32_t x, uint32_t y, const void *context)
{
	const struct step *step = context, *s = &step[x], *t = &step[y];

	if (s->bound != t->bound)
		return s->bound > t->bound ? -1 : 1;
	if (s->certainty != t->certainty)
		return s->certainty < t->certainty ? -1 : 1;
	return s->node < t->node ? -1 : s->node > t->node;
}

/* The nodes of the next depth, with what stands above them in their chains,
 * those that may be asked about the latest time first: each is taken once. */
static void take_next(struct asking *a)
{
	size_t n = a->next_n;
	uint32_t *order = sort_order(n, compare_steps, a->next);

	a->now_n = 0;
	a->next_n = 0;
	for (size_t i = 0; i < n; i++) {
		struct step s = a->next[order[i]];
		const struct lineage_edge *e;

		for (;; s.node = lineage_other_end(e, s.node)) {
			if (a->bounded[s.node] && a->bound[s.node] >= s.bound)
				break;
			a->bounded[s.node] = 1;
			a->bound[s.node] = s.bound;
			a->now = mem_grow(a->now, &a->now_cap, a->now_n + 1,
					  sizeof(*a->now));
			a->now[a->now_n++] = s;
			e = climb_parent(&a->climb, s.node);
			if (!e)
				break;
			if (e->certainty > s.certainty)
				s.certainty = e->certainty;
			/* What came to an issuer later has no part in what it
			 * had issued. */
			if (e->kind == EDGE_ISSUED)
				s.bound = earlier(s.bound, issued_at(a->l, e));
		}
	}
	free(order);
}

/* Who changed a role stands behind its sessions too, a step further off; who
 * changed a user only behind what that had not issued yet. */
static void add_roles(struct asking *a, const struct step *s)
{
	const struct lineage *l = a->l;
	const struct lineage_edge *e;
	struct lineage_session about;
	int64_t bound = s->bound;

	if (l->node[s->node].kind != NODE_SESSION)
		return;
	for (uint32_t i = 0; (e = lineage_out(l, s->node, i)); i++) {
		if (e->kind != EDGE_SESSION_OF)
			continue;
		if (!is_of_kind(l, e->to, "role") &&
		    lineage_session(l, s->node, &about) &&
		    about.issued != TIME_NONE)
			bound = earlier(bound, later(about.issued, SLACK));
		add_next(a, e->to, s->person, bound, s->certainty);
	}
}

static void know_alerts(struct asking *a)
{
	const struct marks *marks = a->q->marks;

	for (node_id n = 0; n < a->l->node_n; n++)
		a->level[n] = -1;
	for (size_t i = 0; marks && i < marks->n; i++) {
		node_id actor = a->l->acting[marks->mark[i].row];

		if (marks->mark[i].level > a->level[actor])
			a->level[actor] = (int8_t)marks->mark[i].level;
	}
}

static int compare_rows(const void *x, const void *y)
{
	row_id a = *(const row_id *)x, b = *(const row_id *)y;

	return a < b ? -1 : a > b;
}

static void know_endings(struct asking *a)
{
	a->ending = mem_alloc(((size_t)a->l->end_n + 1) * sizeof(*a->ending));
	for (uint32_t i = 0; i < a->l->end_n; i++)
		if (a->l->end[i].kind != END_KEY_ACTIVE)
			a->ending[a->ending_n++] = a->l->end[i].row;
	qsort(a->ending, a->ending_n, sizeof(*a->ending), compare_rows);
}

static bool climb_makers(struct asking *a)
{
	add_next(a, a->asked, NODE_NONE,
		 a->last == TIME_NONE ? INT64_MAX - 1 : later(a->last, SLACK),
		 CERTAIN);
	for (uint32_t depth = 1; a->next_n; depth++) {
		size_t done = 0;

		if (depth > MOST_STEPS)
			return true;
		/* `next` is filled anew while `now` is gone through. */
		take_next(a);
		for (; done < a->now_n; done++) {
			struct step s = a->now[done];

			expand(a, &s, depth);
			add_roles(a, &s);
		}
	}
	return false;
}

void suspects_of(struct suspects *out, const struct lineage *l, node_id node,
		 const struct question *q)
{
	struct asking a = { .l = l, .q = q, .asked = node };

	*out = (struct suspects){ .cut = false };
	climb_init(&a.climb, l);
	a.origin = climb_origin(&a.climb, node);
	a.own = mem_zero(l->node_n, 1);
	a.address = mem_zero(l->node_n, 1);
	a.tie = mem_zero(l->node_n, sizeof(*a.tie));
	a.bound = mem_zero(l->node_n, sizeof(*a.bound));
	a.bounded = mem_zero(l->node_n, 1);
	a.used = mem_zero(l->node_n, 1);
	a.head = mem_zero(l->node_n, sizeof(*a.head));
	a.level = mem_zero(l->node_n, sizeof(*a.level));
	a.below = mem_zero(l->node_n, sizeof(*a.below));
	know_alerts(&a);
	know_endings(&a);
	know_asked(&a);
	out->cut = climb_makers(&a);
	suspects_list(out, l, q->marks, a.found, a.n);
	climb_release(&a.climb);
	free(a.own);
	free(a.address);
	free(a.tie);
	free(a.bound);
	free(a.bounded);
	free(a.now);
	free(a.next);
	free(a.found);
	free(a.used);
	free(a.head);
	free(a.link);
	free(a.level);
	free(a.below);
	free(a.ending);
}
