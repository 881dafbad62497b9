/* SPDX-License-Identifier: MIT */
#include "identity/lineage_lives.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"

char lives_kind_of(const struct arn *arn)
{
	if (!str_eq(arn->service, STR("iam")))
		return '\0';
	if (str_starts(arn->resource, STR("user/")))
		return 'u';
	if (str_starts(arn->resource, STR("role/")))
		return 'r';
	return str_starts(arn->resource, STR("group/")) ? 'g' : '\0';
}

struct str lives_name_text(struct lineage_maker *m, char kind,
			   struct str account, struct str name)
{
	strbuf_clear(&m->text);
	strbuf_addc(&m->text, kind);
	strbuf_add(&m->text, account);
	strbuf_addc(&m->text, '/');
	for (size_t i = 0; i < name.n; i++)
		strbuf_addc(&m->text, str_lower(name.p[i]));
	return strbuf_str(&m->text);
}

static uint32_t *by_number(uint32_t *v, size_t *cap, uint32_t number)
{
	size_t was = *cap;

	v = mem_grow(v, cap, (size_t)number + 1, sizeof(*v));
	memset(v + was, 0, (*cap - was) * sizeof(*v));
	return v;
}

uint32_t lives_add_arn(struct lineage_maker *m, struct str text)
{
	struct aliases *a = m->aliases;
	uint32_t n, name, known = a->arns.count;
	struct arn arn;
	char kind;

	if (!arn_parse(text, &arn) || !(kind = lives_kind_of(&arn)))
		return 0;
	n = intern_add(&a->arns, text);
	if (n < known)
		return n;
	a->arn = mem_grow(a->arn, &a->arn_cap, (size_t)n + 1, sizeof(*a->arn));
	name = intern_add(&a->names,
			  lives_name_text(m, kind, arn.account,
					  arn_last_segment(arn.resource)));
	a->first_arn = by_number(a->first_arn, &a->name_cap, name);
	a->arn[n] = (struct named_arn){ .next = a->first_arn[name] };
	a->first_arn[name] = n;
	return n;
}

/* Mostly it is the one that was mentioned last. */
static void add_life_of(struct aliases *a, uint32_t arn, struct str uid,
			int64_t from)
{
	uint32_t last = a->arn[arn].life;
	struct life *life;

	if (last && str_eq(intern_text(&a->uids, a->life[last - 1].uid), uid)) {
		life = &a->life[last - 1];
		life->from = from < life->from ? from : life->from;
		return;
	}
	a->life = mem_grow(a->life, &a->life_cap, a->life_n + 1,
			   sizeof(*a->life));
	a->life[a->life_n++] = (struct life){ arn, intern_add(&a->uids, uid),
					      from };
	a->arn[arn].life = (uint32_t)a->life_n;
}

static void add_life(struct lineage_maker *m, struct str arn, struct str uid,
		     int64_t from)
{
	struct aliases *a = m->aliases;
	uint32_t n = lives_add_arn(m, arn);

	if (n && uid.n)
		add_life_of(a, n, uid, from);
}

static void read_links(struct lineage_maker *m)
{
	const struct facts *f = m->facts;
	struct aliases *a = m->aliases;

	for (size_t i = 0; i < f->link_n; i++) {
		const struct fact_link *link = &f->link[i];
		struct str x = intern_text(&f->strings, link->a);
		struct str y = intern_text(&f->strings, link->b);

		if (link->kind == LINK_UID) {
			add_life(m, x, y,
				 link->first == UINT32_MAX ?
					 TIME_NONE :
					 (int64_t)link->first * 1000);
		} else if (link->kind == LINK_KEY) {
			uint32_t key = intern_add(&a->keys, x);
			uint32_t uid = intern_add(&a->uids, y);

			a->uid_of = by_number(a->uid_of, &a->key_cap, key);
			/* Two owners are a lie: the same one whatever the
			 * order. */
			if (!a->uid_of[key] ||
			    str_cmp(y, intern_text(&a->uids, a->uid_of[key])) <
				    0)
				a->uid_of[key] = uid;
		}
	}
}

/* The role that credentials are of, with its id if the answer has it. Roles
 * are few: each ARN is parsed once, `known` has its number + 1 by text. */
static void read_issue(struct lineage_maker *m, const struct joined *j,
		       uint32_t *known)
{
	uint32_t role = fact_string(m->facts, j->fact, SLOT_ROLE);
	struct str pid = maker_text(m, j, SLOT_PID);
	size_t colon = str_find_char(pid, ':', 0);

	if (!known[role])
		known[role] = lives_add_arn(m, maker_text(m, j, SLOT_ROLE)) + 1;
	if (known[role] > 1 && colon != SIZE_MAX && colon)
		add_life_of(m->aliases, known[role] - 1, str_sub(pid, 0, colon),
			    m->s->time[j->row]);
}

static void read_facts(struct lineage_maker *m)
{
	uint32_t *known = mem_zero(m->facts->strings.count, sizeof(*known));

	for (size_t i = 0; i < m->fact_n; i++) {
		const struct joined *j = &m->fact[i];
		int64_t time = m->s->time[j->row];

		if (j->fact->kind == FACT_CREATED) {
			lives_add_arn(m, maker_text(m, j, SLOT_ARN));
			add_life(m, maker_text(m, j, SLOT_ARN),
				 maker_text(m, j, SLOT_UID), time);
		} else if (j->fact->kind == FACT_ISSUED) {
			read_issue(m, j, known);
		}
	}
	free(known);
}

static int compare_lives(uint32_t x, uint32_t y, const void *context)
{
	const struct aliases *a = context;
	const struct life *p = &a->life[x], *q = &a->life[y];
	int d;

	if (p->arn != q->arn)
		return p->arn < q->arn ? -1 : 1;
	d = str_cmp(intern_text(&a->uids, p->uid),
		    intern_text(&a->uids, q->uid));
	if (d)
		return d;
	return p->from < q->from ? -1 : p->from > q->from;
}

static int compare_beginnings(uint32_t x, uint32_t y, const void *context)
{
	const struct aliases *a = context;
	const struct life *p = &a->life[x], *q = &a->life[y];

	if (p->arn != q->arn)
		return p->arn < q->arn ? -1 : 1;
	if (p->from != q->from)
		return p->from < q->from ? -1 : 1;
	return str_cmp(intern_text(&a->uids, p->uid),
		       intern_text(&a->uids, q->uid));
}

static void sort_lives_by(struct aliases *a, sort_compare compare)
{
	sort_items(a->life, a->life_n, sizeof(*a->life), compare, a);
}

/* A user that was renamed has two ARNs: the later one. */
static void place_uid(struct aliases *a, const struct life *life, int64_t *from)
{
	uint32_t was = a->arn_of[life->uid];

	if (was &&
	    (life->from < *from ||
	     (life->from == *from && str_cmp(intern_text(&a->arns, life->arn),
					     intern_text(&a->arns, was)) < 0)))
		return;
	a->arn_of[life->uid] = life->arn;
	*from = life->from;
}

/* One life a unique id, from its earliest mention on, in order of time. */
static void settle_lives(struct aliases *a)
{
	int64_t *from = mem_zero(a->uids.count, sizeof(*from));
	size_t n = 0;

	sort_lives_by(a, compare_lives);
	for (size_t i = 0; i < a->life_n; i++)
		if (n == 0 || a->life[n - 1].arn != a->life[i].arn ||
		    a->life[n - 1].uid != a->life[i].uid)
			a->life[n++] = a->life[i];
	a->life_n = n;
	sort_lives_by(a, compare_beginnings);
	for (size_t i = 0; i < a->life_n; i++) {
		const struct life *life = &a->life[i];
		struct named_arn *arn = &a->arn[life->arn];

		if (!arn->life_n++)
			arn->life = (uint32_t)i;
		a->arn_of = by_number(a->arn_of, &a->uid_cap, life->uid);
		place_uid(a, life, &from[life->uid]);
	}
	free(from);
}

void aliases_make(struct lineage_maker *m)
{
	struct aliases *a = mem_zero(1, sizeof(*a));
	const struct store *s = m->s;

	m->aliases = a;
	intern_init(&a->arns);
	intern_init(&a->uids);
	intern_init(&a->names);
	intern_init(&a->keys);
	a->arn = mem_grow(NULL, &a->arn_cap, 1, sizeof(*a->arn));
	a->arn[0] = (struct named_arn){ .next = 0 };
	read_links(m);
	read_facts(m);
	settle_lives(a);
	/* Users that are named in full by nothing but themselves. */
	for (uint32_t v = 1; v < s->values[EVENT_PRINCIPAL]; v++) {
		struct str text = store_value(s, EVENT_PRINCIPAL, v);
		struct arn arn;

		if (arn_parse(text, &arn) && lives_kind_of(&arn) == 'u')
			lives_add_arn(m, text);
	}
}

void aliases_free(struct aliases *a)
{
	intern_release(&a->arns);
	intern_release(&a->uids);
	intern_release(&a->names);
	intern_release(&a->keys);
	free(a->arn);
	free(a->life);
	free(a->first_arn);
	free(a->arn_of);
	free(a->uid_of);
	free(a);
}
