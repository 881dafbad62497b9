/* SPDX-License-Identifier: MIT */
#include "gen/true_graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/timefmt.h"

void true_graph_init(struct true_graph *g)
{
	*g = (struct true_graph){ .node_cap = 0 };
	intern_init(&g->ids);
}

void true_graph_release(struct true_graph *g)
{
	intern_release(&g->ids);
	free(g->node);
	free(g->edge);
	free(g->event);
}

static void full(const char *what)
{
	fprintf(stderr, "samplegen: too many %s in a true graph\n", what);
	exit(1);
}

void true_graph_account(struct true_graph *g, const char *account)
{
	if (g->account_n == TRUE_ACCOUNTS_MAX)
		full("accounts");
	g->account[g->account_n++] = account;
}

void true_graph_know(struct true_graph *g, const struct principal *p)
{
	if (g->known_n == TRUE_KNOWN_MAX)
		full("principals");
	g->known[g->known_n++] = p;
}

/* The bit of an account; 0 for those of others. */
static unsigned account_bit(const struct true_graph *g, const char *account)
{
	for (size_t i = 0; i < g->account_n; i++)
		if (strcmp(g->account[i], account) == 0)
			return 1u << i;
	return 0;
}

true_id true_graph_node(struct true_graph *g, const char *prefix,
			struct str text)
{
	struct strbuf id;
	size_t had = g->node_cap;
	true_id node;

	strbuf_init(&id);
	strbuf_adds(&id, prefix);
	strbuf_add(&id, text);
	node = intern_add(&g->ids, strbuf_str(&id));
	strbuf_release(&id);
	g->node = mem_grow(g->node, &g->node_cap, node + 1, sizeof(*g->node));
	if (g->node_cap > had)
		memset(g->node + had, 0,
		       (g->node_cap - had) * sizeof(*g->node));
	return node;
}

static void add_edge(struct true_graph *g, struct true_edge edge)
{
	g->edge = mem_grow(g->edge, &g->edge_cap, g->edge_n + 1,
			   sizeof(*g->edge));
	g->edge[g->edge_n++] = edge;
}

/* The way to the origin: whom a key belongs to, what opened a session. */
static void note_parent(struct true_graph *g, enum true_edge_kind kind,
			true_id from, true_id to)
{
	struct true_node *n = &g->node[to];

	switch (kind) {
	case TRUE_OWNS:
	case TRUE_HAS_KEY:
	case TRUE_ISSUED:
		if (!n->parent)
			n->parent = from;
		break;
	case TRUE_RUNS_AS:
		/* The machine rather than the service that hands out. */
		n->parent = from;
		break;
	default:
		break;
	}
}

void true_graph_edge(struct true_graph *g, enum true_edge_kind kind,
		     true_id from, true_id to)
{
	add_edge(g, (struct true_edge){ kind, from, to, false });
	note_parent(g, kind, from, to);
}

void true_graph_open_edge(struct true_graph *g, enum true_edge_kind kind,
			  true_id from, true_id to)
{
	add_edge(g, (struct true_edge){ kind, from, to, true });
}

static true_id session_node(struct true_graph *g, const struct session *s,
			    int64_t begins)
{
	struct strbuf id;
	true_id node;

	strbuf_init(&id);
	session_principal_id(&id, s);
	strbuf_addc(&id, '@');
	time_format(&id, begins, TIME_ISO, NULL);
	node = true_graph_node(g, "S:", strbuf_str(&id));
	strbuf_release(&id);
	g->node[node].begins = begins;
	return node;
}

static true_id principal_node(struct true_graph *g, const struct session *s)
{
	struct strbuf id;
	true_id node;

	strbuf_init(&id);
	switch (s->kind) {
	case SESSION_SAML:
	case SESSION_WEB:
		strbuf_addf(&id, "%s:%s",
			    s->kind == SESSION_SAML ? "saml" : "web", s->name);
		break;
	case SESSION_PORTAL:
		strbuf_addf(&id, "idc:%s#%s", s->idc_store, s->idc_user);
		break;
	case SESSION_FOREIGN:
		strbuf_addf(&id, "acct:%s#%s", s->account, s->name);
		break;
	default:
		strbuf_adds(&id, s->who ? s->who->arn : s->name);
	}
	node = true_graph_node(g, "P:", strbuf_str(&id));
	strbuf_release(&id);
	return node;
}

true_id true_graph_caller(struct true_graph *g, const struct session *s)
{
	if (s->kind == SESSION_KEY)
		return true_graph_node(g, "K:", str_of(s->key));
	if (s->created)
		return session_node(g, s, s->created);
	return principal_node(g, s);
}

/* What userIdentity says of itself. */
static void note_caller(struct true_graph *g, const struct session *s,
			true_id node)
{
	true_id key = 0;

	if (s->key[0])
		key = true_graph_node(g, "K:", str_of(s->key));
	if (s->kind == SESSION_KEY) {
		true_graph_edge(g, TRUE_OWNS, principal_node(g, s), key);
		return;
	}
	if (!s->created)
		return;
	if (key)
		true_graph_edge(g, TRUE_HAS_KEY, node, key);
	g->node[node].role = principal_node(g, s);
	true_graph_edge(g, TRUE_SESSION_OF, node, g->node[node].role);
	if (s->idc_user) {
		struct session person = *s;

		person.kind = SESSION_PORTAL;
		true_graph_edge(g, TRUE_BEHALF, node,
				principal_node(g, &person));
	}
	if (s->scope_arn)
		true_graph_edge(g, TRUE_RUNS_AS,
				true_graph_node(g, "C:", str_of(s->scope_arn)),
				node);
	/* A service acts for a key of its user: nobody opened that session. */
	if (s->kind == SESSION_TOKEN && s->invoked_by &&
	    !g->node[node].session_kind) {
		g->node[node].session_kind = "fas";
		g->node[node].parent = g->node[node].role;
	}
}

static void note_incident(struct true_graph *g, const char *event_id)
{
	struct true_event *e;

	g->event = mem_grow(g->event, &g->event_cap, g->event_n + 1,
			    sizeof(*g->event));
	e = &g->event[g->event_n++];
	e->incident = g->incident;
	memcpy(e->id, event_id, UUID_SIZE);
}

/* Nobody acts in a session before it is opened, or after it has run out. */
static void check_time(const struct true_graph *g, const struct event *e,
		       true_id caller)
{
	const struct true_node *n = &g->node[caller];

	if (!e->by->created || (e->time >= e->by->created &&
				(!n->expires || e->time < n->expires)))
		return;
	fprintf(stderr, "samplegen: %s in %s at %lld, out of its time\n",
		e->call, intern_text(&g->ids, caller).p, (long long)e->time);
	exit(1);
}

void true_graph_event(struct true_graph *g, const struct event *e)
{
	const struct session *by = e->by;
	true_id caller;

	g->records++;
	if (e->time > g->end)
		g->end = e->time;
	if (g->incident)
		note_incident(g, e->id);
	/* The same act, as another account of ours is told of it. */
	if (by->kind == SESSION_FOREIGN && account_bit(g, by->account))
		return;
	/* Without a key yet, it is the session that is opened now. */
	caller = by->kind == SESSION_ROLE && !by->created ?
			 session_node(g, by, e->time) :
			 true_graph_caller(g, by);
	note_caller(g, by, caller);
	check_time(g, e, caller);
	g->node[caller].accounts |= account_bit(g, event_account(e));
	if (g->incident && by->kind != SESSION_SERVICE)
		g->node[caller].incidents |= 1u << g->incident;
	if (!e->outcome)
		true_graph_call(g, e, caller);
}

void true_graph_issued(struct true_graph *g, const struct session *by,
		       const struct session *child, const char *kind,
		       int64_t seconds)
{
	true_id parent = true_graph_caller(g, by);
	true_id node = true_graph_caller(g, child);
	struct true_node *n = &g->node[node];

	if (n->session_kind && !child->scope_arn) {
		fprintf(stderr, "samplegen: opened twice: %s\n",
			intern_text(&g->ids, node).p);
		exit(1);
	}
	n->session_kind = kind;
	n->expires = child->created + seconds * 1000;
	if (g->incident)
		n->incidents |= 1u << g->incident;
	true_graph_edge(g, TRUE_ISSUED, parent, node);
	note_caller(g, child, node);
}

void true_graph_older(struct true_graph *g, const struct session *s)
{
	true_id node = true_graph_caller(g, s);

	g->node[node].session_kind = session_is_console(s) ? "console" : "sts";
}

true_id true_graph_origin(const struct true_graph *g, true_id node)
{
	while (g->node[node].parent)
		node = g->node[node].parent;
	return node;
}

bool true_graph_is_live(const struct true_graph *g, true_id node)
{
	const struct true_node *n = &g->node[node];
	struct str id = intern_text(&g->ids, node);

	if (str_starts(id, STR("K:AKIA")))
		return n->ended == 0;
	if (!str_starts(id, STR("S:")) || n->expires <= g->end)
		return false;
	for (size_t i = 0; i < g->revoked_n; i++)
		if (g->revoked[i].role == n->role &&
		    n->begins < g->revoked[i].time)
			return false;
	return true;
}
