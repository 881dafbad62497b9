/* SPDX-License-Identifier: MIT */
#include "detect/lineage_detections.h"

#include <assert.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "model/agent.h"

/* The table --------------------------------------------------------------- */

#define LINEAGE(name, run, starts, takes)          \
	{                                          \
		name, run, takes, starts, false, 0 \
	}
#define BASELINE(name, run, starts, takes, optional)                      \
	{                                                                 \
		name, run, (takes) | (optional), starts, true, (optional) \
	}

static const struct lineage_detection detections[] = {
	LINEAGE("instance-credentials-elsewhere", instance_elsewhere,
		STARTS_FROM_ALL,
		SET_BIT(SET_EVIDENCE) | SET_BIT(SET_AGENTS) |
			SET_BIT(SET_SHARED_BY)),
	LINEAGE("function-credentials-elsewhere", function_elsewhere,
		STARTS_FROM_ALL, SET_BIT(SET_AGENTS) | SET_BIT(SET_TOOLS)),
	LINEAGE("pipeline-credentials-elsewhere", pipeline_elsewhere,
		STARTS_FROM_ALL, SET_BIT(SET_AGENTS) | SET_BIT(SET_PROVIDERS)),
	LINEAGE("credentials-on-two-networks", two_networks, STARTS_FROM_ALL,
		SET_BIT(SET_WITHIN_MINUTES)),
	LINEAGE("key-exposed", key_exposed, STARTS_FROM_ALL,
		SET_BIT(SET_SCORE)),
	LINEAGE("key-made-then-elsewhere", key_made_then_elsewhere,
		STARTS_FROM_ALL, SET_BIT(SET_WITHIN_MINUTES)),
	LINEAGE("keys-in-turn", keys_in_turn, STARTS_FROM_ALL,
		SET_BIT(SET_AT_LEAST) | SET_BIT(SET_WITHIN_MINUTES)),
	LINEAGE("role-chain-new", role_chain_new, STARTS_FROM_ALL,
		SET_BIT(SET_BASELINE_HOURS) | SET_BIT(SET_BASELINE_EVENTS)),
	LINEAGE("role-chain-long", role_chain_long, STARTS_FROM_ALL,
		SET_BIT(SET_HOPS) | SET_BIT(SET_ACCOUNTS) |
			SET_BIT(SET_USUAL_DAYS)),
	LINEAGE("session-issued-to", issued_to_does, STARTS_FROM_ALL,
		SET_BIT(SET_SUBJECTS) | SET_BIT(SET_EVENTS) |
			SET_BIT(SET_KINDS)),
	LINEAGE("session-issued-by", issued_by_does, STARTS_FROM_SEEDS,
		SET_BIT(SET_EVENTS) | SET_BIT(SET_KINDS)),
	LINEAGE("caller-of-account", caller_of, STARTS_FROM_SEEDS,
		SET_BIT(SET_OWNERS)),
	LINEAGE("role-of-account", role_of_account, STARTS_FROM_SEEDS,
		SET_BIT(SET_OWNERS)),
	LINEAGE("cross-account-first", cross_account_first, STARTS_FROM_SEEDS,
		SET_BIT(SET_OWNERS) | SET_BIT(SET_BASELINE_HOURS) |
			SET_BIT(SET_BASELINE_EVENTS)),
	{ "policy-opens", policy_opens,
	  SET_BIT(SET_OWNERS) | SET_BIT(SET_EVENTS), STARTS_FROM_SEEDS, false,
	  SET_BIT(SET_EVENTS) },
	LINEAGE("role-assumed-after-opened", assumed_after_opened,
		STARTS_FROM_ALL, SET_BIT(SET_OWNERS)),
	LINEAGE("break-glass-used", break_glass_used, STARTS_FROM_ALL, 0),
	LINEAGE("used-after-end", used_after_end, STARTS_FROM_ALL,
		SET_BIT(SET_ENDS) | SET_BIT(SET_GRACE_SECONDS)),
	LINEAGE("outlives-issuer", outlives_issuer, STARTS_FROM_ALL,
		SET_BIT(SET_GRACE_SECONDS)),
	LINEAGE("caller-is-workload", caller_is_workload, STARTS_FROM_SEEDS, 0),
	LINEAGE("workload-serves-its-master", workload_serves_its_master,
		STARTS_FROM_ALL, SET_BIT(SET_WITHIN_MINUTES)),
	LINEAGE("role-passed-to-iam-writer", role_passed_to_iam_writer,
		STARTS_FROM_ALL, SET_BIT(SET_WITHIN_MINUTES)),
	LINEAGE("taken-then-iam-write", taken_then_iam_write, STARTS_FROM_SEEDS,
		SET_BIT(SET_WITHIN_MINUTES)),
	LINEAGE("own-origin-changed", own_origin_changed, STARTS_FROM_ALL, 0),
	LINEAGE("read-unrecorded", read_unrecorded, STARTS_FROM_SEEDS,
		SET_BIT(SET_EVENTS) | SET_BIT(SET_WITHIN_MINUTES)),
	LINEAGE("change-unrecorded", change_unrecorded, STARTS_FROM_SEEDS,
		SET_BIT(SET_EVENTS) | SET_BIT(SET_WITHIN_MINUTES)),
	LINEAGE("insight", insight, STARTS_FROM_SEEDS, 0),
	LINEAGE("workload-changes-itself", workload_changes_itself,
		STARTS_FROM_SEEDS, 0),
	LINEAGE("new-calls-after-command", new_calls_after_command,
		STARTS_FROM_SEEDS,
		SET_BIT(SET_WITHIN_MINUTES) | SET_BIT(SET_LEAST_EVENTS) |
			SET_BIT(SET_AGENTS)),
	BASELINE("first-seen", first_seen, STARTS_FROM_EITHER,
		 SET_BIT(SET_OF) | SET_BIT(SET_BY) |
			 SET_BIT(SET_BASELINE_HOURS) |
			 SET_BIT(SET_BASELINE_EVENTS) |
			 SET_BIT(SET_LEAST_EVENTS),
		 SET_BIT(SET_SEEN_AT_MOST) | SET_BIT(SET_KNOWN_TO) |
			 SET_BIT(SET_SILENT_DAYS) | SET_BIT(SET_CALLS) |
			 SET_BIT(SET_IGNORE)),
	BASELINE("outcome-ratio", outcome_ratio, STARTS_FROM_EITHER,
		 SET_BIT(SET_OUTCOME) | SET_BIT(SET_BY) |
			 SET_BIT(SET_WITHIN_MINUTES) | SET_BIT(SET_AT_LEAST) |
			 SET_BIT(SET_PERCENT),
		 SET_BIT(SET_IGNORE)),
	BASELINE("burst", burst, STARTS_FROM_SEEDS,
		 SET_BIT(SET_BY) | SET_BIT(SET_WITHIN_MINUTES) |
			 SET_BIT(SET_AT_LEAST) | SET_BIT(SET_TIMES_USUAL) |
			 SET_BIT(SET_BASELINE_HOURS) |
			 SET_BIT(SET_BASELINE_EVENTS),
		 SET_BIT(SET_IGNORE) | SET_BIT(SET_SUM_OF) |
			 SET_BIT(SET_LEAST_EVENTS)),
	BASELINE("impossible-travel", impossible_travel, STARTS_FROM_ALL,
		 SET_BIT(SET_BY) | SET_BIT(SET_FARTHER) | SET_BIT(SET_FASTER),
		 SET_BIT(SET_IGNORE)),
	BASELINE("several-places", several_places, STARTS_FROM_EITHER,
		 SET_BIT(SET_OF) | SET_BIT(SET_BY) |
			 SET_BIT(SET_WITHIN_MINUTES) | SET_BIT(SET_AT_LEAST),
		 SET_BIT(SET_IGNORE)),
	BASELINE("unusual-hour", unusual_hour, STARTS_FROM_ALL,
		 SET_BIT(SET_BY) | SET_BIT(SET_AT_LEAST) |
			 SET_BIT(SET_ROBUST_Z) | SET_BIT(SET_BASELINE_HOURS),
		 SET_BIT(SET_IGNORE)),
};

/* Words that settings may have; a setting that is not here has any. */
static const struct {
	enum lineage_setting setting;
	const char *word;
} words[] = {
	{ SET_EVIDENCE, "strong" },
	{ SET_EVIDENCE, "weak" },
	{ SET_OWNERS, "own" },
	{ SET_OWNERS, "vendor" },
	{ SET_OWNERS, "foreign" },
	{ SET_OWNERS, "unknown" },
	{ SET_OWNERS, "foreign-organization" },
	{ SET_OWNERS, "unknown-organization" },
	{ SET_OWNERS, "everyone" },
	{ SET_CALLS, "read" },
	{ SET_CALLS, "write" },
	{ SET_OUTCOME, "ok" },
	{ SET_OUTCOME, "denied" },
	{ SET_OUTCOME, "failed" },
	{ SET_BY, "actor" },
	{ SET_BY, "principal" },
	{ SET_BY, "session" },
	{ SET_BY, "key" },
	{ SET_BY, "ip" },
	{ SET_BY, "account" },
	{ SET_OF, "event" },
	{ SET_OF, "service" },
	{ SET_OF, "region" },
	{ SET_OF, "ip" },
	{ SET_OF, "network" },
	{ SET_OF, "agent" },
	{ SET_OF, "key" },
	{ SET_OF, "account" },
	{ SET_OF, "country" },
	{ SET_OF, "asn" },
	{ SET_OF, "place" },
};

const struct lineage_detection *lineage_detection(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(detections); i++)
		if (str_eq(name, str_of(detections[i].name)))
			return &detections[i];
	return NULL;
}

bool lineage_word_is_known(enum lineage_setting setting, struct str word)
{
	bool any = true;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (words[i].setting != setting)
			continue;
		if (str_eq(word, str_of(words[i].word)))
			return true;
		any = false;
	}
	return any;
}

/* Found ------------------------------------------------------------------- */

void found_add(struct lineage_found *out, row_id row)
{
	found_add_lower(out, row, 0);
}

void found_add_lower(struct lineage_found *out, row_id row, unsigned lower)
{
	out->match = mem_grow(out->match, &out->cap, out->n + 1,
			      sizeof(*out->match));
	out->match[out->n++] = (struct lineage_match){
		row, intern_add(out->notes, strbuf_str(&out->text)),
		(uint8_t)lower
	};
	strbuf_clear(&out->text);
}

/* Context ----------------------------------------------------------------- */

enum { PLACE_UNKNOWN = PLACE_OUTSIDE + 1 }; /* not looked at yet */

void context_init(struct lineage_context *x, const struct store *s,
		  const struct lineage *l, const struct site *site)
{
	*x = (struct lineage_context){ .store = s, .lineage = l, .site = site };
	climb_init(&x->climb, l);
	arena_init(&x->arena);
}

void context_release(struct lineage_context *x)
{
	climb_release(&x->climb);
	free(x->rows_of);
	free(x->row);
	free(x->address);
	free(x->agent);
	opened_free(x->opened);
	free(x->ties);
	arena_release(&x->arena);
	postings_release(&x->by_account);
}

node_id context_origin(struct lineage_context *x, node_id node)
{
	return climb_origin(&x->climb, node);
}

static void sort_rows(struct lineage_context *x)
{
	const struct lineage *l = x->lineage;
	uint32_t *start = mem_zero((size_t)l->node_n + 2, sizeof(*start));

	x->row = mem_alloc(((size_t)x->store->n + 1) * sizeof(*x->row));
	for (row_id r = 0; r < x->store->n; r++)
		start[l->acting[r] + 2]++;
	for (node_id n = 2; n < l->node_n + 2; n++)
		start[n] += start[n - 1];
	for (row_id r = 0; r < x->store->n; r++)
		x->row[start[l->acting[r] + 1]++] = r;
	x->rows_of = start;
}

const struct postings *context_postings(struct lineage_context *x,
					enum event_column c)
{
	const struct store *s = x->store;

	if (store_is_indexed(s, c))
		return &s->postings[c];
	assert(c == EVENT_ACCOUNT);
	if (!x->by_account.start)
		postings_make(&x->by_account, &s->column[c], s->n, s->values[c],
			      NULL);
	return &x->by_account;
}

struct rowset context_rows(struct lineage_context *x, node_id node)
{
	if (!x->row)
		sort_rows(x);
	return rowset_view(x->row + x->rows_of[node],
			   x->rows_of[node + 1] - x->rows_of[node]);
}

void context_describe(const struct lineage_context *x, node_id node,
		      struct strbuf *out)
{
	enum { ONE_ACCOUNT = 2 }; /* and the value for none */
	struct str account = lineage_account_text(x->lineage, node);

	node_describe(x->lineage, node, out);
	if (account.n && !str_ends(strbuf_str(out), account) &&
	    x->store->values[EVENT_ACCOUNT] > ONE_ACCOUNT)
		strbuf_addf(out, " of %.*s", STR_ARG(account));
}

struct str context_family(struct lineage_context *x, row_id row)
{
	uint32_t v = store_value_at(x->store, EVENT_AGENT, row);
	uint32_t n = x->store->values[EVENT_AGENT];
	struct str *family;

	if (!x->family) {
		family = arena_zero(&x->arena, n * sizeof(*family));
		for (uint32_t i = 1; i < n; i++)
			family[i] = agent_family(
				store_value(x->store, EVENT_AGENT, i));
		x->family = family;
	}
	return x->family[v];
}

bool context_agent(struct lineage_context *x, const struct lineage_rule *r,
		   row_id row)
{
	enum { NOT_ASKED, NO, YES };
	uint32_t v = store_value_at(x->store, EVENT_AGENT, row);

	if (!x->agent)
		x->agent = mem_alloc(x->store->values[EVENT_AGENT]);
	if (x->agent_rule != r)
		memset(x->agent, NOT_ASKED, x->store->values[EVENT_AGENT]);
	x->agent_rule = r;
	if (x->agent[v] == NOT_ASKED)
		x->agent[v] = lineage_rule_finds(r, SET_AGENTS,
						 store_value(x->store,
							     EVENT_AGENT, v)) ?
				      YES :
				      NO;
	return x->agent[v] == YES;
}

/* Of an address by itself. */
static enum place place_of(const struct lineage_context *x, uint32_t value)
{
	struct str text = store_value(x->store, EVENT_IP, value);
	enum addr_class class = addr_class(text);

	if (class != ADDR_PUBLIC && class != ADDR_PRIVATE)
		return PLACE_NONE;
	return site_network_of(x->site, text) ? PLACE_OWN : PLACE_OUTSIDE;
}

enum place context_place_of(struct lineage_context *x, uint32_t v)
{
	uint32_t n = x->store->values[EVENT_IP];

	if (v == 0)
		return PLACE_NONE;
	if (!x->address) {
		x->address = mem_alloc(n);
		memset(x->address, PLACE_UNKNOWN, n);
	}
	if (x->address[v] == PLACE_UNKNOWN)
		x->address[v] = (uint8_t)place_of(x, v);
	return (enum place)x->address[v];
}

enum place context_place(struct lineage_context *x, row_id row)
{
	const struct store *s = x->store;
	uint32_t v = store_value_at(s, EVENT_IP, row);
	enum place place = context_place_of(x, v);

	if (s->flags[row] & EVENT_BY_SERVICE)
		return PLACE_NONE;
	if (place == PLACE_OUTSIDE && s->flags[row] & EVENT_THROUGH_ENDPOINT &&
	    addr_class(store_value(s, EVENT_IP, v)) == ADDR_PRIVATE)
		return PLACE_ENDPOINT;
	return place;
}

bool same_network(struct str a, struct str b)
{
	struct network net;
	struct addr x, y;

	if (!addr_parse(a, &x) || !addr_parse(b, &y))
		return str_eq(a, b);
	/* IPv4 is mapped into the last 32 of the 128 bits. */
	net.base = x;
	net.bits = str_find_char(a, ':', 0) == SIZE_MAX ? 96 + 16 : 32;
	return network_has(&net, &y);
}

/* Ties --------------------------------------------------------------------- */

/* Edges come by node, kind and time: of one kind the first is the earliest.
 * The most certain machine wins, and the first of everything else. */
static void find_ties(struct lineage_context *x)
{
	const struct lineage *l = x->lineage;
	uint8_t *certainty = mem_zero(l->node_n, 1);
	struct node_ties *t;

	x->ties = t = mem_zero(l->node_n, sizeof(*t));
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_PRINCIPAL)
			t[n].principal = n;
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e =
			&l->edge[l->by_target[i]]; /* by target: issuers */

		if (e->kind == EDGE_ISSUED && !t[e->to].issuer) {
			t[e->to].issuer = e->from;
			t[e->to].issued = l->by_target[i] + 1;
		} else if (e->kind == EDGE_RUNS_AS &&
			   (!t[e->to].compute ||
			    e->certainty < certainty[e->to])) {
			t[e->to].compute = e->from;
			certainty[e->to] = e->certainty;
		} else if (e->kind == EDGE_OWNS && !t[e->to].principal) {
			t[e->to].principal = e->from;
		} else if (e->kind == EDGE_HAS_KEY && !t[e->to].key_session) {
			t[e->to].key_session = e->from;
		}
	}
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];

		if (e->kind == EDGE_SESSION_OF && !t[e->from].principal)
			t[e->from].principal = e->to;
	}
	free(certainty);
}

const struct node_ties *context_ties(struct lineage_context *x, node_id node)
{
	if (!x->ties)
		find_ties(x);
	return &x->ties[node];
}

row_id session_issued_in(struct lineage_context *x, node_id session)
{
	const struct lineage *l = x->lineage;
	uint32_t issued = context_ties(x, session)->issued;
	const struct lineage_edge *e;

	if (!issued)
		return ROW_NONE;
	e = &l->edge[issued - 1];
	for (unsigned k = 0; k < e->evidence_n; k++)
		if (!str_starts(store_text(x->store, EVENT_PRINCIPAL,
					   lineage_evidence(l, e, k)),
				STR("acct:")))
			return lineage_evidence(l, e, k);
	return lineage_evidence(l, e, 0);
}

node_id session_role(struct lineage_context *x, node_id session)
{
	const struct lineage *l = x->lineage;
	node_id role;

	if (l->node[session].kind != NODE_SESSION ||
	    !session_name(l, session).n)
		return NODE_NONE;
	role = context_ties(x, session)->principal;
	return str_find(lineage_text(l, role), STR(":role/"), 0) != SIZE_MAX ?
		       role :
		       NODE_NONE;
}

/* Sessions ----------------------------------------------------------------- */

/* principalId of a session's id. */
static struct str principal_id(const struct lineage *l, node_id session)
{
	struct str text = lineage_text(l, session);

	return str_sub(text, 0, str_find_last(text, '@'));
}

struct str session_name(const struct lineage *l, node_id session)
{
	struct str id = principal_id(l, session);
	size_t colon = str_find_char(id, ':', 0);

	return colon == SIZE_MAX ? STR_NULL : str_from(id, colon + 1);
}

/* "i-" and 8 or 17 hexadecimal digits. AWS's own roles on a machine have
 * "aws:ec2-instance:i-..." as a name: they are no instance profile. */
static bool is_instance_id(struct str s)
{
	return str_starts(s, STR("i-")) && (s.n == 10 || s.n == 19) &&
	       str_all_hex(str_from(s, 2));
}

/* Nobody is known to have opened it, or this service has. */
static bool may_be_issued_by(struct lineage_context *x, node_id session,
			     const char *service)
{
	node_id issuer = context_ties(x, session)->issuer;

	return issuer == NODE_NONE ||
	       str_eq(lineage_text(x->lineage, issuer), str_of(service));
}

bool session_is_of_instance(struct lineage_context *x, node_id session)
{
	return is_instance_id(session_name(x->lineage, session)) &&
	       may_be_issued_by(x, session, "ec2.amazonaws.com");
}

bool session_is_of_function(struct lineage_context *x, node_id session)
{
	const struct node_ties *t = context_ties(x, session);
	const struct lineage *l = x->lineage;

	if (t->compute)
		return str_find(lineage_text(l, t->compute), STR(":function:"),
				0) != SIZE_MAX;
	return t->issuer &&
	       str_eq(lineage_text(l, t->issuer), STR("lambda.amazonaws.com"));
}
