/* SPDX-License-Identifier: MIT */
/*
 * Which sessions a machine runs as. Whoever assumes a role chooses the
 * session's name, so a name alone is no proof: that a machine's service issued
 * the session is, and so is what only such a machine's calls carry.
 */
#include "identity/lineage_compute.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "identity/fact_private.h"
#include "model/arn.h"

/* Lambda tries a role within so long of the call that gave it. */
#define TEST_MS 3000

/* Texts ------------------------------------------------------------------- */

static void text_nodes_init(struct text_nodes *t)
{
	*t = (struct text_nodes){ .cap = 0 };
	intern_init(&t->texts);
}

static void text_nodes_release(struct text_nodes *t)
{
	intern_release(&t->texts);
	free(t->node);
}

static void text_nodes_add(struct text_nodes *t, struct str text, node_id node)
{
	uint32_t n = intern_add(&t->texts, text);
	size_t was = t->cap;

	t->node = mem_grow(t->node, &t->cap, (size_t)n + 1, sizeof(*t->node));
	memset(t->node + was, 0, (t->cap - was) * sizeof(*t->node));
	if (t->node[n] && t->node[n] != node)
		node = NODE_SEVERAL;
	t->node[n] = node;
}

/* The one node with that text, or none. */
static node_id text_nodes_find(const struct text_nodes *t, struct str text)
{
	uint32_t n = text.n ? intern_find(&t->texts, text) : INTERN_NONE;

	if (n == INTERN_NONE || t->node[n] == NODE_SEVERAL)
		return NODE_NONE;
	return t->node[n];
}

/* "111122223333/role", in lower case and without its path. */
static struct str role_text(struct machines *x, struct str role,
			    struct str account)
{
	struct strbuf *text = &x->m->text;
	struct arn arn;
	struct str name = role;

	if (arn_parse(role, &arn)) {
		account = arn.account;
		name = arn.resource;
	}
	name = arn_last_segment(name);
	strbuf_clear(text);
	strbuf_add(text, account);
	strbuf_addc(text, '/');
	for (size_t i = 0; i < name.n; i++)
		strbuf_addc(text, str_lower(name.p[i]));
	return arena_dup(&x->m->arena, strbuf_str(text));
}

/* "glue 111122223333/role" */
static struct str sole_text(struct machines *x, struct str service,
			    struct str role)
{
	return maker_join3(x->m, service, STR(" "), role);
}

/* "glue" of its ARN, or of "glue:name". */
static struct str service_of(struct str compute)
{
	struct arn arn;

	if (arn_parse(compute, &arn))
		return arn.service;
	return str_sub(compute, 0, str_find_char(compute, ':', 0));
}

/* "name" of "arn:...:function:name", or empty. */
static struct str function_name(struct str text)
{
	struct str word = STR("function:");
	struct arn arn;

	if (!arn_parse(text, &arn) || !str_eq(arn.service, STR("lambda")) ||
	    !str_starts(arn.resource, word))
		return STR_NULL;
	return str_from(arn.resource, word.n);
}

/* Filling ----------------------------------------------------------------- */

void machines_init(struct machines *x, struct lineage_maker *m)
{
	*x = (struct machines){ .m = m };
	text_nodes_init(&x->named);
	text_nodes_init(&x->functions);
	text_nodes_init(&x->sole);
	intern_init(&x->roles);
}

void machines_release(struct machines *x)
{
	text_nodes_release(&x->named);
	text_nodes_release(&x->functions);
	text_nodes_release(&x->sole);
	intern_release(&x->roles);
	free(x->user);
	free(x->made);
	free(x->ran);
}

void machines_name(struct machines *x, struct str name, node_id node)
{
	if (name.n)
		text_nodes_add(&x->named, name, node);
}

void machines_add_function(struct machines *x, node_id node)
{
	struct lineage_maker *m = x->m;
	struct str name = function_name(lineage_text(m->l, node));

	if (name.n)
		text_nodes_add(&x->functions,
			       maker_join3(m, lineage_account_text(m->l, node),
					   STR("/"), name),
			       node);
}

void machines_give_role(struct machines *x, node_id node, struct str role,
			row_id row)
{
	struct lineage_maker *m = x->m;
	struct str text, compute = lineage_text(m->l, node);

	if (!role.n)
		return;
	text = role_text(x, role, maker_row_account(m, row));
	text_nodes_add(&x->sole, sole_text(x, service_of(compute), text), node);
	if (!function_name(compute).n)
		return;
	x->user = mem_grow(x->user, &x->user_cap, x->user_n + 1,
			   sizeof(*x->user));
	x->user[x->user_n++] = (struct role_user){ intern_add(&x->roles, text),
						   row, node };
}

static int compare_users(uint32_t x, uint32_t y, const void *context)
{
	const struct role_user *user = context;

	if (user[x].role != user[y].role)
		return user[x].role < user[y].role ? -1 : 1;
	return user[x].row < user[y].row ? -1 : user[x].row > user[y].row;
}

void machines_add_made(struct machines *x, node_id node, uint64_t request)
{
	if (!request)
		return;
	x->made = mem_grow(x->made, &x->made_cap, x->made_n + 1,
			   sizeof(*x->made));
	x->made[x->made_n++] = (struct made){ request, node };
}

static int compare_made(const void *x, const void *y)
{
	const struct made *a = x, *b = y;

	return a->request < b->request ? -1 : a->request > b->request;
}

/* Each request once, with its one instance. */
static void sort_made(struct machines *x)
{
	size_t n = 0;

	if (x->made_n)
		qsort(x->made, x->made_n, sizeof(*x->made), compare_made);
	for (size_t i = 0; i < x->made_n; i++) {
		if (n && x->made[n - 1].request == x->made[i].request) {
			if (x->made[n - 1].node != x->made[i].node)
				x->made[n - 1].node = NODE_SEVERAL;
		} else {
			x->made[n++] = x->made[i];
		}
	}
	x->made_n = n;
}

/* The instance that a request made alone, or none. */
static node_id made_by(const struct machines *x, uint64_t request)
{
	struct made key = { request, NODE_NONE };
	const struct made *found;

	if (!request || !x->made_n)
		return NODE_NONE;
	found = bsearch(&key, x->made, x->made_n, sizeof(key), compare_made);
	return found && found->node != NODE_SEVERAL ? found->node : NODE_NONE;
}

/* The function whose call made Lambda try a role just then. */
static const struct role_user *tested_function(const struct machines *x,
					       struct str role, int64_t time)
{
	const struct store *s = x->m->s;
	uint32_t number = intern_find(&x->roles, role);
	size_t low = 0, high = x->user_n;
	const struct role_user *u;

	if (number == INTERN_NONE || time == TIME_NONE)
		return NULL;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		u = &x->user[mid];
		if (u->role < number ||
		    (u->role == number && s->time[u->row] < time - TEST_MS))
			low = mid + 1;
		else
			high = mid;
	}
	u = &x->user[low];
	if (low == x->user_n || u->role != number ||
	    s->time[u->row] > time + TEST_MS)
		return NULL;
	return u;
}

/* Sessions that a service issued -------------------------------------------- */

/* A function's ARN by its name, in a region and account. */
static node_id function_node(struct machines *x, struct str name,
			     struct str account, row_id row)
{
	struct lineage_maker *m = x->m;
	struct str region = store_text(m->s, EVENT_REGION, row), text;

	text = maker_join3(m, arn_partition(region), STR("lambda:"), region);
	text = maker_join3(m, text, STR(":"), account);
	return maker_compute(m, maker_join3(m, text, STR(":function:"), name),
			     row);
}

struct run {
	node_id machine;
	enum certainty certainty;
	enum lineage_reason reason;
	row_id other; /* a second row of its evidence, or ROW_NONE */
};

static void run_function(struct machines *x, const struct joined *j,
			 struct str name, struct str role, struct run *run)
{
	struct lineage_maker *m = x->m;
	const struct role_user *u;
	struct arn arn;

	if (!str_starts(name, STR("awslambda_"))) {
		if (arn_parse(role, &arn))
			run->machine = function_node(x, name, arn.account,
						     j->row);
		return;
	}
	u = tested_function(x, role_text(x, role, STR_NULL),
			    m->s->time[j->row]);
	if (!u)
		return;
	*run = (struct run){ u->node, PROBABLE, REASON_MACHINE_TEST, u->row };
}

/* The one machine of a service that was given the role. */
static void run_sole(struct machines *x, struct str service, struct str role,
		     struct run *run)
{
	run->machine = text_nodes_find(
		&x->sole, sole_text(x, service, role_text(x, role, STR_NULL)));
	run->certainty = PROBABLE;
	run->reason = REASON_MACHINE_ROLE;
}

static struct run run_of_issue(struct machines *x, const struct joined *j,
			       struct str service)
{
	struct lineage_maker *m = x->m;
	struct str name = maker_text(m, j, SLOT_NAME);
	struct str role = maker_text(m, j, SLOT_ROLE);
	struct run run = { NODE_NONE, CERTAIN, REASON_MACHINE_ISSUED,
			   ROW_NONE };

	if (str_eq(service, STR("ec2"))) {
		if (fact_is_instance(name))
			run.machine = maker_compute(m, name, j->row);
		else
			run.machine = made_by(x, fact_number(m->facts, j->fact,
							     SLOT_REQUEST));
	} else if (str_eq(service, STR("lambda"))) {
		run_function(x, j, name, role, &run);
	} else if (str_eq(service, STR("ecs-tasks"))) {
		run.machine = text_nodes_find(&x->named, name);
		if (!run.machine && name.n == 32 && str_all_hex(name))
			run.machine = maker_compute(
				m, arena_join(&m->arena, STR("ecs:"), name),
				j->row);
	} else {
		run.machine = text_nodes_find(&x->named, name);
		if (!run.machine)
			run_sole(x, service, role, &run);
	}
	return run;
}

/* The same, remembered where nothing but the name, the role and the region
 * decides. */
static struct run run_of_service(struct machines *x, const struct joined *j,
				 struct str service)
{
	struct lineage_maker *m = x->m;
	const struct store *s = m->s;
	struct ran now = { store_value_at(s, EVENT_PRINCIPAL, j->row),
			   fact_string(m->facts, j->fact, SLOT_ROLE),
			   store_value_at(s, EVENT_REGION, j->row), NODE_NONE };
	struct ran *last = &x->ran[fact_string(m->facts, j->fact, SLOT_NAME)];
	struct run run = { last->node, CERTAIN, REASON_MACHINE_ISSUED,
			   ROW_NONE };

	if (last->node && last->service == now.service &&
	    last->role == now.role && last->region == now.region)
		return run;
	run = run_of_issue(x, j, service);
	if (run.certainty == CERTAIN) {
		now.node = run.machine;
		*last = now;
	}
	return run;
}

static void draw(struct lineage_maker *m, const struct run *run,
		 node_id session, row_id row)
{
	row_id rows[2] = { row, run->other };
	unsigned n = run->other == ROW_NONE ? 1 : 2;

	if (n == 2 && rows[1] < rows[0]) {
		rows[0] = run->other;
		rows[1] = row;
	}
	maker_edge_of(m, EDGE_RUNS_AS, run->machine, session, run->certainty,
		      rows, n, run->reason);
}

static void join_issued(struct machines *x)
{
	struct lineage_maker *m = x->m;

	for (size_t i = 0; i < m->fact_n; i++) {
		const struct joined *j = &m->fact[i];
		struct str issuer, suffix = STR(".amazonaws.com");
		struct run run;

		if (j->fact->kind != FACT_ISSUED || !m->child[i])
			continue;
		issuer = store_text(m->s, EVENT_PRINCIPAL, j->row);
		if (!str_ends(issuer, suffix))
			continue;
		arena_reset(&m->arena);
		run = run_of_service(x, j,
				     str_sub(issuer, 0, issuer.n - suffix.n));
		draw(m, &run, m->child[i], j->row);
	}
}

/* Sessions that say where they are ------------------------------------------ */

static void join_scopes(struct machines *x)
{
	struct lineage_maker *m = x->m;
	uint32_t *scope = maker_links(m, LINK_SCOPE);

	for (size_t i = 0; i < m->in_scope.n; i++) {
		const struct first_row *r = &m->in_scope.item[i];
		node_id node = maker_compute(
			m, intern_text(&m->facts->strings, scope[r->session]),
			r->row);

		maker_edge(m, EDGE_RUNS_AS, node, r->session, CERTAIN, r->row,
			   REASON_SCOPE);
		if (node)
			machines_add_function(x, node);
		arena_reset(&m->arena);
	}
	free(scope);
}

/* Sessions whose issue is not in the evidence ------------------------------- */

/* The role of a session. */
static struct str role_of(const struct machines *x, node_id session)
{
	return lineage_text(x->m->l, x->m->link[session]);
}

static void run_by_name(struct machines *x, node_id session, struct run *run)
{
	struct lineage_maker *m = x->m;
	struct str name = session_text_name(lineage_text(m->l, session));
	struct str account = lineage_account_text(m->l, session);
	row_id row = m->l->node[session].first;
	struct str role;

	run->reason = REASON_MACHINE_NAME;
	if (fact_is_instance(name)) {
		run->machine = maker_compute(m, name, row);
		if (m->mark[session] & MARK_IMDS) {
			run->certainty = CERTAIN;
			run->reason = REASON_MACHINE_CONTEXT;
		}
		return;
	}
	run->machine = text_nodes_find(&x->functions,
				       maker_join3(m, account, STR("/"), name));
	if (m->mark[session] & MARK_LAMBDA) {
		if (!run->machine)
			run->machine = function_node(x, name, account, row);
		run->certainty = CERTAIN;
		run->reason = REASON_MACHINE_CONTEXT;
	}
	if (!run->machine)
		run->machine = text_nodes_find(&x->named, name);
	if (run->machine)
		return;
	role = role_of(x, session);
	if (str_starts(name, STR("GlueJobRunner")) ||
	    str_starts(name, STR("AWSGlue")))
		run_sole(x, STR("glue"), role, run);
	else if (str_starts(name, STR("AWSCodeBuild-")))
		run_sole(x, STR("codebuild"), role, run);
	else if (str_eq(name, STR("SageMaker")))
		run_sole(x, STR("sagemaker"), role, run);
	else if (str_eq(name, STR("AWSCloudFormation")))
		run_sole(x, STR("cloudformation"), role, run);
}

static void join_unissued(struct machines *x)
{
	struct lineage_maker *m = x->m;
	node_id sessions = m->l->node_n;

	for (node_id n = 1; n < sessions; n++) {
		struct run run = { NODE_NONE, PROBABLE, REASON_MACHINE_NAME,
				   ROW_NONE };

		if (m->l->node[n].kind != NODE_SESSION ||
		    !(m->mark[n] & MARK_ROWS) ||
		    m->mark[n] & (MARK_ISSUED | MARK_SCOPE) ||
		    !session_text_is_named(lineage_text(m->l, n)))
			continue;
		arena_reset(&m->arena);
		run_by_name(x, n, &run);
		draw(m, &run, n, m->l->node[n].first);
	}
}

void machines_join_sessions(struct machines *x)
{
	x->ran = mem_zero(x->m->facts->strings.count, sizeof(*x->ran));
	sort_items(x->user, x->user_n, sizeof(*x->user), compare_users,
		   x->user);
	sort_made(x);
	join_scopes(x);
	join_issued(x);
	join_unissued(x);
}
