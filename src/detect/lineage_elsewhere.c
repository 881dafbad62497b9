/* SPDX-License-Identifier: MIT */
/* Credentials that are used where their owner is not. */
#include "detect/lineage_detections.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "store/whereabouts.h"

/* Addresses and tools of one owner that are told apart: beyond that it has no
 * place of its own, and nothing is said. */
enum { PLACES = 64, FAMILIES = 16, SHOWN_PLACES = 3 };

/* Where an owner of credentials is at home. */
struct home {
	struct home_place {
		uint32_t address;  /* value of EVENT_IP */
		uint32_t session;  /* in which it was first seen */
		struct str family; /* of the call by which it is known */
		bool certain;      /* by what runs there alone */
		bool used;         /* in the session that is looked at */
	} place[PLACES];
	uint32_t n;
	bool full;
	struct str family[FAMILIES]; /* of the tools used there */
	uint32_t families;
	uint32_t deliveries; /* EVENT_IMDS_V1, EVENT_IMDS_V2, or both */
};

static struct home_place *find_place(struct home *h, uint32_t address)
{
	for (uint32_t i = 0; i < h->n; i++)
		if (h->place[i].address == address)
			return &h->place[i];
	return NULL;
}

static void add_place(struct home *h, uint32_t address, uint32_t session,
		      struct str family, bool certain)
{
	if (find_place(h, address))
		return;
	if (h->n == PLACES) {
		h->full = true;
		return;
	}
	h->place[h->n++] = (struct home_place){ .address = address,
						.session = session,
						.family = family,
						.certain = certain };
}

static bool is_v6(const struct store *s, uint32_t address)
{
	return str_find_char(store_value(s, EVENT_IP, address), ':', 0) !=
	       SIZE_MAX;
}

/* Is any place known of the same family, IPv4 or IPv6? A machine has one of
 * each: that the other one turns up is no news. */
static bool has_place_like(const struct home *h, const struct store *s,
			   uint32_t address)
{
	for (uint32_t i = 0; i < h->n; i++)
		if (is_v6(s, h->place[i].address) == is_v6(s, address))
			return true;
	return false;
}

static bool knows_family(const struct home *h, struct str family)
{
	for (uint32_t i = 0; i < h->families; i++)
		if (str_eq(h->family[i], family))
			return true;
	return h->families == FAMILIES;
}

static void add_family(struct home *h, struct str family)
{
	if (!knows_family(h, family))
		h->family[h->families++] = family;
}

/* "at 192.0.2.30 (amazon-ssm-agent)", those of this session first. */
static void describe_home(struct strbuf *out, const struct home *h,
			  const struct store *s)
{
	bool any_used = false;
	uint32_t shown = 0;

	for (uint32_t i = 0; i < h->n; i++)
		any_used |= h->place[i].used;
	for (uint32_t i = 0; i < h->n && shown < SHOWN_PLACES; i++) {
		const struct home_place *p = &h->place[i];

		if (any_used && !p->used)
			continue;
		strbuf_adds(out, shown++ ? ", " : "");
		strbuf_add(out, store_value(s, EVENT_IP, p->address));
		if (p->family.n)
			strbuf_addf(out, " (%.*s)", STR_ARG(p->family));
	}
}

/* "session ci/run: key ASIA... used from 203.0.113.66 (aws-cli)". */
static void describe_use(struct lineage_context *x, struct strbuf *out,
			 node_id node, row_id row)
{
	const struct store *s = x->store;
	struct str key = store_text(s, EVENT_KEY, row);
	struct str family = context_family(x, row);
	size_t before;

	context_describe(x, node, out);
	if (key.n && !str_eq(key, lineage_text(x->lineage, node)))
		strbuf_addf(out, ": key %.*s", STR_ARG(key));
	strbuf_adds(out, " used from ");
	strbuf_add(out, store_text(s, EVENT_IP, row));
	if (family.n)
		strbuf_addf(out, " (%.*s)", STR_ARG(family));
	/* Inside AWS or outside, and whose network, where that is known. */
	before = out->n;
	strbuf_adds(out, " in ");
	store_tell_whereabouts(s, store_value_at(s, EVENT_IP, row), out);
	if (out->n == before + 4)
		strbuf_truncate(out, before);
}

/* Instances --------------------------------------------------------------- */

/* The sessions of one machine, in order of their beginning. */
struct machine {
	const node_id *session;
	uint32_t n;
	struct home home;
};

struct machines {
	struct lineage_context *x;
	const struct lineage_rule *r;
	node_id *session; /* of all machines, by machine and time */
	uint32_t n;
	uint16_t *shared; /* by address: machines whose agents call from it */
};

static int compare_sessions(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage *l = context;
	struct str a = lineage_text(l, x), b = lineage_text(l, y);
	int d = str_cmp(session_name(l, x), session_name(l, y));

	/* "...@2026-01-09T06:00:00Z": in order of its letters. */
	if (d == 0)
		d = str_cmp(str_from(a, str_find_last(a, '@')),
			    str_from(b, str_find_last(b, '@')));
	return d ? d : str_cmp(a, b);
}

static void list_sessions(struct machines *m)
{
	const struct lineage *l = m->x->lineage;

	m->session = mem_alloc((size_t)l->node_n * sizeof(*m->session));
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_SESSION && l->node[n].events &&
		    session_is_of_instance(m->x, n))
			m->session[m->n++] = n;
	sort_u32(m->session, m->n, compare_sessions, l);
}

/* The machine whose sessions begin at `from`; returns where the next does. */
static uint32_t next_machine(const struct machines *m, uint32_t from,
			     struct machine *out)
{
	const struct lineage *l = m->x->lineage;
	struct str name = session_name(l, m->session[from]);
	uint32_t to = from + 1;

	while (to < m->n && str_eq(session_name(l, m->session[to]), name))
		to++;
	*out = (struct machine){ .session = m->session + from, .n = to - from };
	return to;
}

static bool is_agent(const struct machines *m, row_id row)
{
	return context_agent(m->x, m->r, row);
}

/* What agents of the machine call from. */
static void find_agents(struct machines *m, struct machine *of)
{
	const struct store *s = m->x->store;

	for (uint32_t i = 0; i < of->n; i++) {
		struct rowset rows = context_rows(m->x, of->session[i]);
		uint32_t last = 0; /* runs of one address cost no look */

		for (size_t k = 0; k < rows.n; k++) {
			row_id row = rows.row[k];
			uint32_t address = store_value_at(s, EVENT_IP, row);

			if (address == last ||
			    context_place(m->x, row) != PLACE_OUTSIDE ||
			    !is_agent(m, row))
				continue;
			add_place(&of->home, address, i,
				  context_family(m->x, row), true);
			last = address;
		}
	}
}

/* Of a machine without agents: the first address that is seen. And what is
 * used from there. */
static void find_home(struct machines *m, struct machine *of)
{
	const struct store *s = m->x->store;
	struct home *h = &of->home;

	find_agents(m, of);
	for (uint32_t i = 0; i < of->n; i++) {
		struct rowset rows = context_rows(m->x, of->session[i]);

		for (size_t k = 0; k < rows.n; k++) {
			row_id row = rows.row[k];
			uint32_t address = store_value_at(s, EVENT_IP, row);

			if (context_place(m->x, row) != PLACE_OUTSIDE)
				continue;
			if (!has_place_like(h, s, address))
				add_place(h, address, i,
					  context_family(m->x, row), false);
			if (!find_place(h, address))
				continue;
			add_family(h, context_family(m->x, row));
			h->deliveries |= s->flags[row] &
					 (EVENT_IMDS_V1 | EVENT_IMDS_V2);
		}
	}
}

static void count_shared(struct machines *m)
{
	struct machine of;

	m->shared = mem_zero(m->x->store->values[EVENT_IP], sizeof(*m->shared));
	for (uint32_t at = 0; at < m->n;) {
		at = next_machine(m, at, &of);
		find_agents(m, &of);
		for (uint32_t i = 0; i < of.home.n; i++) {
			uint16_t *n = &m->shared[of.home.place[i].address];

			if (*n < UINT16_MAX)
				++*n;
		}
	}
}

/* Which places a session used. Returns whether one of them is the machine's
 * for certain, or was before this session. */
static bool mark_used(struct machines *m, struct machine *of, uint32_t i,
		      bool *several)
{
	struct rowset rows = context_rows(m->x, of->session[i]);
	uint32_t first = 0;
	bool known = false;

	*several = false;
	for (uint32_t k = 0; k < of->home.n; k++)
		of->home.place[k].used = false;
	for (size_t k = 0; k < rows.n; k++) {
		uint32_t address = store_value_at(m->x->store, EVENT_IP,
						  rows.row[k]);
		struct home_place *p;

		if (context_place(m->x, rows.row[k]) != PLACE_OUTSIDE)
			continue;
		*several |= first && address != first;
		first = first ? first : address;
		p = find_place(&of->home, address);
		if (!p)
			continue;
		p->used = true;
		known |= p->certain || p->session < i;
	}
	return known;
}

/* Is there more to it than another address? */
static bool is_other_tool(struct machines *m, const struct machine *of,
			  row_id row)
{
	uint32_t delivery = m->x->store->flags[row] &
			    (EVENT_IMDS_V1 | EVENT_IMDS_V2);

	if (!knows_family(&of->home, context_family(m->x, row)))
		return true;
	return delivery && of->home.deliveries &&
	       !(delivery & of->home.deliveries);
}

static void tell_use(struct machines *m, const struct machine *of, uint32_t i,
		     row_id row, struct lineage_found *out)
{
	describe_use(m->x, &out->text, of->session[i], row);
	strbuf_adds(&out->text, "; the instance calls from ");
	describe_home(&out->text, &of->home, m->x->store);
	found_add(out, row);
}

static void judge_session(struct machines *m, struct machine *of, uint32_t i,
			  struct lineage_found *out)
{
	bool strong_wanted = lineage_rule_says(m->r, SET_EVIDENCE,
					       STR("strong"));
	uint16_t shared_by = (uint16_t)m->r->number[SET_SHARED_BY];
	struct rowset rows = context_rows(m->x, of->session[i]);
	bool several, known = mark_used(m, of, i, &several);

	for (size_t k = 0; k < rows.n; k++) {
		row_id row = rows.row[k];
		uint32_t address = store_value_at(m->x->store, EVENT_IP, row);
		bool strong;

		if (context_place(m->x, row) != PLACE_OUTSIDE ||
		    find_place(&of->home, address) ||
		    m->shared[address] >= shared_by)
			continue;
		strong = known || is_other_tool(m, of, row);
		if (strong == strong_wanted && (strong || several))
			tell_use(m, of, i, row, out);
	}
}

DETECTION(instance_elsewhere)
{
	struct machines m = { .x = x, .r = r };
	struct machine of;

	(void)seeds;
	list_sessions(&m);
	count_shared(&m);
	for (uint32_t at = 0; at < m.n;) {
		at = next_machine(&m, at, &of);
		find_home(&m, &of);
		for (uint32_t i = 0; i < of.n && !of.home.full; i++)
			judge_session(&m, &of, i, out);
	}
	free(m.session);
	free(m.shared);
}

/* Functions --------------------------------------------------------------- */

/* The addresses of a node's calls that carry one of a setting's agents. */
static void find_marked(struct lineage_context *x, const struct lineage_rule *r,
			node_id node, struct home *h)
{
	struct rowset rows = context_rows(x, node);

	for (size_t k = 0; k < rows.n; k++) {
		row_id row = rows.row[k];

		if (context_place(x, row) == PLACE_OUTSIDE &&
		    context_agent(x, r, row))
			add_place(h, store_value_at(x->store, EVENT_IP, row), 0,
				  context_family(x, row), true);
	}
}

/* Is the address in the network of one of the places? */
static bool is_near(const struct home *h, const struct store *s,
		    uint32_t address)
{
	struct str text = store_value(s, EVENT_IP, address);

	for (uint32_t i = 0; i < h->n; i++)
		if (same_network(store_value(s, EVENT_IP, h->place[i].address),
				 text))
			return true;
	return false;
}

/* A function's environment marks the calls of every SDK. One without the mark
 * is out of place when a person's tool made it, or when it comes from a
 * network that the marked calls of the session do not come from. */
static void judge_function(struct lineage_context *x,
			   const struct lineage_rule *r, node_id node,
			   struct lineage_found *out)
{
	struct rowset rows = context_rows(x, node);
	struct home h = { .n = 0 };

	find_marked(x, r, node, &h);
	for (size_t k = 0; k < rows.n; k++) {
		row_id row = rows.row[k];
		uint32_t address = store_value_at(x->store, EVENT_IP, row);

		if (context_place(x, row) != PLACE_OUTSIDE ||
		    context_agent(x, r, row))
			continue;
		if (!lineage_rule_says(r, SET_TOOLS, context_family(x, row)) &&
		    (h.full || !has_place_like(&h, x->store, address) ||
		     is_near(&h, x->store, address)))
			continue;
		describe_use(x, &out->text, node, row);
		if (h.n) {
			strbuf_adds(&out->text, "; the function calls from ");
			describe_home(&out->text, &h, x->store);
		}
		found_add(out, row);
	}
}

DETECTION(function_elsewhere)
{
	const struct lineage *l = x->lineage;

	(void)seeds;
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_SESSION && l->node[n].events &&
		    session_is_of_function(x, n))
			judge_function(x, r, n, out);
}

/* Pipelines --------------------------------------------------------------- */

/* Where the runner was when it asked for the session. */
static bool find_runner(struct lineage_context *x, const struct lineage_rule *r,
			node_id session, struct home *h)
{
	const struct lineage *l = x->lineage;
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_in(l, session, i)); i++) {
		row_id row = lineage_evidence(l, e, 0);

		if (e->kind != EDGE_ISSUED ||
		    !str_starts(lineage_text(l, e->from), STR("web:")) ||
		    !lineage_rule_finds(r, SET_PROVIDERS,
					lineage_text(l, e->from)))
			continue;
		if (context_place(x, row) == PLACE_OUTSIDE)
			add_place(h, store_value_at(x->store, EVENT_IP, row), 0,
				  context_family(x, row), true);
	}
	return h->n > 0;
}

static void judge_pipeline(struct lineage_context *x,
			   const struct lineage_rule *r, node_id node,
			   struct home *h, struct lineage_found *out)
{
	struct rowset rows = context_rows(x, node);

	for (size_t k = 0; k < rows.n && !h->full; k++) {
		row_id row = rows.row[k];
		uint32_t address = store_value_at(x->store, EVENT_IP, row);

		if (context_place(x, row) != PLACE_OUTSIDE ||
		    context_agent(x, r, row) ||
		    !has_place_like(h, x->store, address) ||
		    find_place(h, address))
			continue;
		describe_use(x, &out->text, node, row);
		strbuf_adds(&out->text, "; the runner calls from ");
		describe_home(&out->text, h, x->store);
		found_add(out, row);
	}
}

DETECTION(pipeline_elsewhere)
{
	const struct lineage *l = x->lineage;

	(void)seeds;
	for (node_id n = 1; n < l->node_n; n++) {
		struct home h = { .n = 0 };

		if (!l->node[n].events || (l->node[n].kind != NODE_SESSION &&
					   l->node[n].kind != NODE_KEY))
			continue;
		find_marked(x, r, n, &h);
		if (l->node[n].kind == NODE_SESSION)
			find_runner(x, r, n, &h);
		if (h.n)
			judge_pipeline(x, r, n, &h, out);
	}
}

/* Two networks ------------------------------------------------------------ */

/* Workloads and pipelines have many places, and rules of their own. */
static bool is_of_a_person(struct lineage_context *x, node_id node)
{
	const struct lineage *l = x->lineage;
	struct rowset rows = context_rows(x, node);
	struct str issuer;

	if (l->node[node].kind == NODE_SESSION) {
		issuer = lineage_text(l, context_ties(x, node)->issuer);
		return l->node[node].session_kind != SESSION_FAS &&
		       !context_ties(x, node)->compute &&
		       !session_is_of_instance(x, node) &&
		       !str_starts(issuer, STR("web:")) &&
		       !str_starts(issuer, STR("cognito:")) &&
		       !str_ends(issuer, STR(".amazonaws.com"));
	}
	if (l->node[node].kind != NODE_KEY)
		return false;
	for (size_t k = 0; k < rows.n; k++)
		if (str_find(context_family(x, rows.row[k]),
			     STR("github-actions"), 0) != SIZE_MAX)
			return false;
	return true;
}

/* The row before this one that came from another network, of the last row
 * and the last one from another network than that one's. */
struct trail {
	row_id last, other;
};

static row_id other_network(const struct store *s, struct trail *t, row_id row)
{
	const struct uints *address = &s->column[EVENT_IP];

	if (t->last != ROW_NONE &&
	    uints_get_u32(address, t->last) != uints_get_u32(address, row) &&
	    !same_network(store_text(s, EVENT_IP, t->last),
			  store_text(s, EVENT_IP, row)))
		t->other = t->last;
	t->last = row;
	return t->other;
}

static void judge_networks(struct lineage_context *x,
			   const struct lineage_rule *r, node_id node,
			   struct lineage_found *out)
{
	int64_t within = r->number[SET_WITHIN_MINUTES] * 60 * 1000;
	struct rowset rows = context_rows(x, node);
	const struct store *s = x->store;
	struct trail t = { ROW_NONE, ROW_NONE };

	for (size_t k = 0; k < rows.n && rows.row[k] < s->timed; k++) {
		row_id row = rows.row[k], other;

		/* A shell in the cloud has an address of its own. */
		if (context_place(x, row) != PLACE_OUTSIDE ||
		    str_eq(context_family(x, row), STR("CloudShell")))
			continue;
		other = other_network(s, &t, row);
		if (other == ROW_NONE || s->time[row] - s->time[other] > within)
			continue;
		describe_use(x, &out->text, node, row);
		strbuf_adds(&out->text, ", and shortly before from ");
		strbuf_add(&out->text, store_text(s, EVENT_IP, other));
		found_add(out, row);
	}
}

DETECTION(two_networks)
{
	const struct lineage *l = x->lineage;

	(void)seeds;
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].events && is_of_a_person(x, n))
			judge_networks(x, r, n, out);
}
