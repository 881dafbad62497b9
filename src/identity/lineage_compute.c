/* SPDX-License-Identifier: MIT */
/* Machines: who made them, gave them a role, took them over. */
#include "identity/lineage_private.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "identity/fact_private.h"
#include "identity/lineage_compute.h"
#include "model/arn.h"

/* Where an instance is, best last: what its session's rows were about, where
 * its credentials were issued, where it was made, what AWS says outright. */
enum place_rank { PLACE_NONE, PLACE_ROWS, PLACE_ISSUED, PLACE_MADE, PLACE_ARN };

struct place {
	uint8_t rank;
	row_id row; /* of the event that says so */
	struct str region, account;
	struct str arn; /* of PLACE_ARN */
};

/* By number in m->instances: "account/id". */
struct places {
	struct lineage_maker *m;
	struct place *item;
	size_t cap;
};

/* Instances --------------------------------------------------------------- */

/* "...:instance/i-0123" -> "i-0123"; empty for other ARNs. */
static struct str instance_in(struct str arn_text)
{
	struct str word = STR("instance/"), id;
	struct arn arn;

	if (!arn_parse(arn_text, &arn) || !str_eq(arn.service, STR("ec2")) ||
	    !str_starts(arn.resource, word))
		return STR_NULL;
	id = str_from(arn.resource, word.n);
	return fact_is_instance(id) ? id : STR_NULL;
}

/* "111122223333/i-0123": ids alone are what somebody may have made up. */
static struct str instance_text(struct lineage_maker *m, struct str id,
				struct str account)
{
	strbuf_clear(&m->text);
	strbuf_add(&m->text, account);
	strbuf_addc(&m->text, '/');
	strbuf_add(&m->text, id);
	return strbuf_str(&m->text);
}

static void place(struct places *x, struct str id, struct place p)
{
	size_t was = x->cap;
	uint32_t n = intern_add(&x->m->instances,
				instance_text(x->m, id, p.account));
	struct place *best;

	x->item = mem_grow(x->item, &x->cap, (size_t)n + 1, sizeof(*x->item));
	memset(x->item + was, 0, (x->cap - was) * sizeof(*x->item));
	best = &x->item[n];
	if (p.rank < best->rank ||
	    (p.rank == best->rank &&
	     (p.row > best->row ||
	      (p.row == best->row && str_cmp(p.arn, best->arn) >= 0))))
		return;
	*best = p;
}

static void place_by_links(struct places *x)
{
	const struct facts *f = x->m->facts;

	for (size_t i = 0; i < f->link_n; i++) {
		struct str arn = intern_text(&f->strings, f->link[i].b), id;

		if (f->link[i].kind != LINK_SCOPE)
			continue;
		id = instance_in(arn);
		if (id.n)
			place(x, id,
			      (struct place){ .rank = PLACE_ARN, .arn = arn });
	}
}

static void place_by_facts(struct places *x)
{
	struct lineage_maker *m = x->m;
	const struct store *s = m->s;

	for (size_t i = 0; i < m->fact_n; i++) {
		const struct joined *j = &m->fact[i];
		struct place p = { .row = j->row };
		struct arn role;
		struct str id;

		p.region = store_text(s, EVENT_REGION, j->row);
		p.account = maker_row_account(m, j->row);
		if (j->fact->kind == FACT_COMPUTE &&
		    j->fact->how & COMPUTE_CREATED) {
			id = maker_text(m, j, SLOT_ARN);
			p.rank = PLACE_MADE;
		} else if (j->fact->kind == FACT_ISSUED &&
			   str_eq(store_text(s, EVENT_PRINCIPAL, j->row),
				  STR("ec2.amazonaws.com"))) {
			id = maker_text(m, j, SLOT_NAME);
			p.rank = PLACE_ISSUED;
			if (arn_parse(maker_text(m, j, SLOT_ROLE), &role))
				p.account = role.account;
		} else {
			continue;
		}
		if (fact_is_instance(id) && p.region.n && p.account.n)
			place(x, id, p);
	}
}

/* Services whose calls go to one region, wherever the caller is. */
static bool is_global(struct str source)
{
	return str_eq(source, STR("iam.amazonaws.com")) ||
	       str_eq(source, STR("sts.amazonaws.com")) ||
	       str_eq(source, STR("signin.amazonaws.com")) ||
	       str_eq(source, STR("organizations.amazonaws.com")) ||
	       str_eq(source, STR("route53.amazonaws.com")) ||
	       str_eq(source, STR("cloudfront.amazonaws.com"));
}

/* The first region that a session's rows were about; of its own agent's rows
 * if there are any, since whoever stole its credentials may ask anywhere. */
static row_id row_at_home(const struct lineage_maker *m, node_id session)
{
	const struct store *s = m->s;
	row_id first = m->l->node[session].first, best = ROW_NONE;
	uint32_t value = intern_find(&s->strings->column[EVENT_SESSION],
				     lineage_text(m->l, session));
	struct rowset rows;

	if (value == INTERN_NONE || value >= s->values[EVENT_SESSION])
		return first;
	rows = store_rows(s, EVENT_SESSION, value);
	for (size_t i = 0; i < rows.n; i++) {
		struct str source = store_text(s, EVENT_SOURCE, rows.row[i]);

		if (str_eq(source, STR("ssm.amazonaws.com")) &&
		    str_eq(store_text(s, EVENT_NAME, rows.row[i]),
			   STR("UpdateInstanceInformation")))
			return rows.row[i];
		if (best == ROW_NONE && !is_global(source))
			best = rows.row[i];
	}
	return best == ROW_NONE ? first : best;
}

static bool is_known(const struct places *x, struct str id, struct str account)
{
	uint32_t n = intern_find(&x->m->instances,
				 instance_text(x->m, id, account));

	return n != INTERN_NONE && n < x->cap && x->item[n].rank > PLACE_ROWS;
}

/* Those of which nothing but their sessions is in the evidence. */
static void place_by_sessions(struct places *x)
{
	struct lineage_maker *m = x->m;

	for (node_id n = 1; n < m->l->node_n; n++) {
		struct place p = { .rank = PLACE_ROWS };
		struct str name;

		if (m->l->node[n].kind != NODE_SESSION ||
		    !(m->mark[n] & MARK_ROWS) || m->mark[n] & MARK_BY_PERSON)
			continue;
		name = session_text_name(lineage_text(m->l, n));
		p.account = lineage_account_text(m->l, n);
		if (!fact_is_instance(name) || is_known(x, name, p.account))
			continue;
		p.row = row_at_home(m, n);
		p.region = store_text(m->s, EVENT_REGION, p.row);
		if (p.region.n && p.account.n)
			place(x, name, p);
	}
}

static struct str place_text(struct lineage_maker *m, const struct place *p,
			     struct str id)
{
	struct str text;

	if (p->rank == PLACE_ARN)
		return p->arn;
	text = maker_join3(m, arn_partition(p->region), STR("ec2:"), p->region);
	text = maker_join3(m, text, STR(":"), p->account);
	return maker_join3(m, text, STR(":instance/"), id);
}

static void place_instances(struct lineage_maker *m)
{
	struct places x = { .m = m };
	uint32_t n;

	place_by_links(&x);
	place_by_facts(&x);
	place_by_sessions(&x);
	n = m->instances.count;
	m->place = mem_zero(n, sizeof(*m->place));
	for (uint32_t i = 1; i < n; i++) {
		struct str text = intern_text(&m->instances, i);

		arena_reset(&m->arena);
		text = place_text(m, &x.item[i],
				  str_from(text, str_find_last(text, '/') + 1));
		m->place[i] = intern_add(&m->l->texts, text);
	}
	m->place_n = n;
	free(x.item);
}

/* By its ARN; as `text` says where nothing tells that. */
static node_id instance_node(struct lineage_maker *m, struct str text,
			     struct str id, struct str account)
{
	struct lineage *l = m->l;
	uint32_t n = intern_find(&m->instances, instance_text(m, id, account));
	uint32_t known = l->instances.count, number;
	node_id node;

	if (n == INTERN_NONE)
		return maker_node(m, NODE_COMPUTE, text);
	node = maker_node(m, NODE_COMPUTE, intern_text(&l->texts, m->place[n]));
	number = intern_add(&l->instances, id);
	if (number < known)
		return node;
	l->instance = mem_grow(l->instance, &m->instance_cap,
			       (size_t)number + 1, sizeof(*l->instance));
	l->instance[number] = node;
	return node;
}

/* Nodes ------------------------------------------------------------------- */

node_id maker_compute(struct lineage_maker *m, struct str text, row_id row)
{
	struct str id = instance_in(text), account;
	struct arn arn;
	node_id node;

	account = arn_parse(text, &arn) && arn.account.n ?
			  arn.account :
			  maker_row_account(m, row);
	if (!id.n && fact_is_instance(text))
		id = text;
	node = id.n ? instance_node(m, text, id, account) :
		      maker_node(m, NODE_COMPUTE, text);

	if (!node)
		return NODE_NONE;
	maker_account(m, node, account);
	maker_edge(m, EDGE_IN_ACCOUNT, node,
		   maker_node(m, NODE_ACCOUNT,
			      lineage_account_text(m->l, node)),
		   CERTAIN, row, REASON_ACCOUNT);
	return node;
}

node_id maker_known_compute(struct lineage_maker *m, struct str text,
			    row_id row)
{
	struct str id = fact_is_instance(text) ? text : instance_in(text);
	uint32_t n;

	if (!id.n)
		return maker_find(m, NODE_COMPUTE, text);
	n = intern_find(&m->instances,
			instance_text(m, id, maker_row_account(m, row)));
	return maker_find(m, NODE_COMPUTE,
			  n == INTERN_NONE || n >= m->place_n ?
				  text :
				  intern_text(&m->l->texts, m->place[n]));
}

/* Facts ------------------------------------------------------------------- */

static void join_fact(struct machines *x, const struct joined *j)
{
	struct lineage_maker *m = x->m;
	node_id actor = m->l->acting[j->row];
	struct str what = maker_text(m, j, SLOT_ARN);
	node_id node = maker_compute(m, what, j->row);

	if (!node)
		return;
	if (j->fact->how & COMPUTE_CREATED)
		maker_edge(m, EDGE_CREATED, actor, node, CERTAIN, j->row,
			   REASON_CREATED);
	if (j->fact->how & COMPUTE_CONTROLS)
		maker_edge(m, EDGE_CONTROLS, actor, node, CERTAIN, j->row,
			   REASON_REQUEST);
	if (j->fact->how & COMPUTE_PASSED)
		maker_edge(m, EDGE_PASSED_ROLE, actor, node, CERTAIN, j->row,
			   REASON_REQUEST);
	machines_give_role(x, node, maker_text(m, j, SLOT_ROLE), j->row);
	machines_add_function(x, node);
	machines_add_made(x, node,
			  fact_number(m->facts, j->fact, SLOT_REQUEST));
	machines_name(x, maker_text(m, j, SLOT_NAME), node);
}

/* Who gave a template its role gave it to what is made of it. `template` has
 * the last fact of each so far, by its name's number: index + 1. */
static void join_template(struct lineage_maker *m, const uint32_t *template,
			  const struct joined *j)
{
	uint32_t number = fact_string(m->facts, j->fact, SLOT_TEMPLATE);
	const struct joined *by;
	row_id rows[2];

	if (!template[number])
		return;
	by = &m->fact[template[number] - 1];
	rows[0] = by->row;
	rows[1] = j->row;
	maker_edge_of(m, EDGE_PASSED_ROLE, m->l->acting[by->row],
		      maker_compute(m, maker_text(m, j, SLOT_ARN), j->row),
		      PROBABLE, rows, 2, REASON_TEMPLATE);
}

static void join_templates(struct lineage_maker *m)
{
	uint32_t *template = mem_zero(m->facts->strings.count,
				      sizeof(*template));

	for (size_t i = 0; i < m->fact_n; i++) {
		const struct joined *j = &m->fact[i];
		uint32_t as = fact_string(m->facts, j->fact, SLOT_AS_TEMPLATE);

		arena_reset(&m->arena);
		if (fact_string(m->facts, j->fact, SLOT_TEMPLATE))
			join_template(m, template, j);
		if (as && j->fact->how & COMPUTE_PASSED)
			template[as] = (uint32_t)i + 1;
	}
	free(template);
}

void maker_join_compute(struct lineage_maker *m)
{
	struct machines x;

	place_instances(m);
	machines_init(&x, m);
	for (size_t i = 0; i < m->fact_n; i++) {
		if (m->fact[i].fact->kind != FACT_COMPUTE)
			continue;
		arena_reset(&m->arena);
		join_fact(&x, &m->fact[i]);
	}
	join_templates(m);
	machines_join_sessions(&x);
	machines_release(&x);
}
