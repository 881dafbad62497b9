/* SPDX-License-Identifier: MIT */
/*
 * Which names mean one principal. A user or role is known by its ARN, by its
 * name (in any case, without its path) and by its unique id; it can be deleted
 * and made again under the same name, with another unique id.
 */
#include "identity/lineage_lives.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "model/keyid.h"

/* The life that an ARN led at a time; the first one before all of them. */
static const struct life *life_at(const struct aliases *a, uint32_t arn,
				  int64_t time)
{
	const struct named_arn *n = &a->arn[arn];
	const struct life *found = NULL;
	uint32_t low = 0, high = n->life_n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (a->life[n->life + mid].from <= time)
			low = mid + 1;
		else
			high = mid;
	}
	if (n->life_n)
		found = &a->life[n->life + (low ? low - 1 : 0)];
	return found;
}

/* Of the ARNs of one name the one that was there at a time: the one whose life
 * began last before, else the first in order of text. */
static uint32_t arn_at(const struct aliases *a, uint32_t name, int64_t time)
{
	uint32_t best = 0;
	int64_t best_from = INT64_MIN;

	for (uint32_t n = a->first_arn[name]; n; n = a->arn[n].next) {
		const struct life *life = life_at(a, n, time);
		int64_t from = life && life->from <= time ? life->from :
							    INT64_MIN;

		if (!best || from > best_from ||
		    (from == best_from &&
		     str_cmp(intern_text(&a->arns, n),
			     intern_text(&a->arns, best)) < 0)) {
			best = n;
			best_from = from;
		}
	}
	return best;
}

static uint32_t find_name(struct lineage_maker *m, char kind,
			  struct str account, struct str name)
{
	uint32_t n = intern_find(&m->aliases->names,
				 lives_name_text(m, kind, account, name));

	return n == INTERN_NONE ? 0 : n;
}

/* The number of an ARN, its path given back, or 0. */
static uint32_t find_arn(struct lineage_maker *m, struct str text, int64_t time)
{
	struct aliases *a = m->aliases;
	uint32_t n = intern_find(&a->arns, text), name;
	struct arn arn;
	char kind;

	if (n != INTERN_NONE)
		return n;
	if (!arn_parse(text, &arn) || !(kind = lives_kind_of(&arn)))
		return 0;
	name = find_name(m, kind, arn.account, arn_last_segment(arn.resource));
	return name ? arn_at(a, name, time) : 0;
}

static struct str text_of_life(struct lineage_maker *m, uint32_t arn,
			       struct str uid)
{
	struct aliases *a = m->aliases;
	struct str text = intern_text(&a->arns, arn);

	if (a->arn[arn].life_n < 2 || !uid.n)
		return text;
	return maker_join3(m, text, STR("#"), uid);
}

static node_id node_of_life(struct lineage_maker *m, uint32_t arn,
			    struct str uid)
{
	return maker_node(m, NODE_PRINCIPAL, text_of_life(m, arn, uid));
}

node_id alias_principal(struct lineage_maker *m, struct str text,
			struct str uid, int64_t time)
{
	struct aliases *a = m->aliases;
	uint32_t arn = find_arn(m, text, time), known;
	const struct life *life;

	if (!arn)
		return maker_node(m, NODE_PRINCIPAL, text);
	if (a->arn[arn].life_n < 2)
		return node_of_life(m, arn, STR_NULL);
	known = uid.n ? intern_find(&a->uids, uid) : INTERN_NONE;
	if (known != INTERN_NONE)
		return node_of_life(m, arn, uid);
	life = life_at(a, arn, time);
	return node_of_life(m, arn, intern_text(&a->uids, life->uid));
}

bool alias_is_ambiguous(const struct lineage_maker *m, struct str text)
{
	const struct aliases *a = m->aliases;
	uint32_t n = intern_find(&a->arns, text);
	struct arn arn;

	if (n != INTERN_NONE)
		return a->arn[n].life_n > 1;
	/* Without its path it may be any of its name. */
	return arn_parse(text, &arn) && lives_kind_of(&arn) == 'r';
}

/* The ARN of "u111122223333/alice" when nothing else is known of it, in the
 * partition of whoever named it; empty for other texts. */
static struct str plain_arn(struct lineage_maker *m, struct str text,
			    row_id row)
{
	size_t slash = str_find_char(text, '/', 0);
	struct str kind, arn;
	struct arn caller;

	if (slash == SIZE_MAX || slash + 1 >= text.n ||
	    str_find_char(STR("urg"), text.p[0], 0) == SIZE_MAX)
		return STR_NULL;
	kind = text.p[0] == 'u' ? STR(":user/") :
	       text.p[0] == 'r' ? STR(":role/") :
				  STR(":group/");
	if (!arn_parse(store_text(m->s, EVENT_PRINCIPAL, row), &caller) ||
	    !caller.partition.n)
		caller.partition = STR("aws");
	arn = maker_join3(m, STR("arn:"), caller.partition, STR(":iam::"));
	arn = maker_join3(m, arn, str_sub(text, 1, slash), kind);
	return arena_join(&m->arena, arn, str_from(text, slash + 1));
}

node_id alias_name(struct lineage_maker *m, struct str text, row_id row)
{
	int64_t time = m->s->time[row];
	struct str account = str_sub(text, 1, str_find_char(text, '/', 0));
	struct str name = str_from(text, account.n + 2), plain;
	uint32_t known;

	if (text.n < 2 || !name.n)
		return NODE_NONE;
	known = find_name(m, text.p[0], account, name);
	if (known) {
		uint32_t n = arn_at(m->aliases, known, time);
		const struct life *life = life_at(m->aliases, n, time);

		return node_of_life(m, n,
				    life ? intern_text(&m->aliases->uids,
						       life->uid) :
					   STR_NULL);
	}
	plain = plain_arn(m, text, row);
	/* From now on it is known, in whatever case it is written. */
	lives_add_arn(m, plain);
	return maker_node(m, NODE_PRINCIPAL, plain);
}

node_id alias_unique_id(struct lineage_maker *m, struct str uid)
{
	struct aliases *a = m->aliases;
	uint32_t n = intern_find(&a->uids, uid);

	if (n == INTERN_NONE || n >= a->uid_cap || !a->arn_of[n])
		return NODE_NONE;
	return node_of_life(m, a->arn_of[n], uid);
}

struct str alias_key_owner(const struct lineage_maker *m, struct str key)
{
	const struct aliases *a = m->aliases;
	uint32_t n = intern_find(&a->keys, key);

	return n == INTERN_NONE || !n ? STR_NULL :
					intern_text(&a->uids, a->uid_of[n]);
}

struct str alias_id_of(const struct lineage_maker *m, struct str text,
		       int64_t time)
{
	const struct aliases *a = m->aliases;
	uint32_t n = intern_find(&a->arns, text);
	const struct life *life;

	if (n == INTERN_NONE)
		return STR_NULL;
	life = life_at(a, n, time);
	return life ? intern_text(&a->uids, life->uid) : STR_NULL;
}

node_id alias_of(struct lineage_maker *m, struct str text, row_id row)
{
	if (str_starts(text, STR("arn:")))
		return alias_principal(m, text, STR_NULL, m->s->time[row]);
	return alias_name(m, text, row);
}

/* "acct:111122223333" */
static node_id account_node(struct lineage_maker *m, struct str account)
{
	return maker_node(m, NODE_PRINCIPAL,
			  arena_join(&m->arena, STR("acct:"), account));
}

/* "u111122223333/alice": the number of the name, or 0. */
static uint32_t find_text_name(struct lineage_maker *m, struct str text)
{
	size_t slash = str_find_char(text, '/', 0);

	if (text.n < 2 || slash == SIZE_MAX)
		return 0;
	return find_name(m, text.p[0], str_sub(text, 1, slash),
			 str_from(text, slash + 1));
}

node_id alias_find(struct lineage_maker *m, struct str text, row_id row)
{
	struct aliases *a = m->aliases;
	int64_t time = m->s->time[row];
	const struct life *life;
	uint32_t name, arn;

	if (str_starts(text, STR("arn:"))) {
		arn = find_arn(m, text, time);
	} else {
		name = find_text_name(m, text);
		arn = name ? arn_at(a, name, time) : 0;
	}
	if (!arn) {
		struct str plain = plain_arn(m, text, row);

		return maker_find(m, NODE_PRINCIPAL, plain.n ? plain : text);
	}
	life = life_at(a, arn, time);
	return maker_find(m, NODE_PRINCIPAL,
			  text_of_life(m, arn,
				       life ? intern_text(&a->uids, life->uid) :
					      STR_NULL));
}

bool alias_is_steady(struct lineage_maker *m, struct str text)
{
	const struct aliases *a = m->aliases;
	struct arn arn;
	uint32_t n;
	char kind;

	if (arn_parse(text, &arn)) {
		n = intern_find(&a->arns, text);
		if (n != INTERN_NONE)
			return a->arn[n].life_n < 2;
		kind = lives_kind_of(&arn);
		n = kind ? find_name(m, kind, arn.account,
				     arn_last_segment(arn.resource)) :
			   0;
	} else {
		n = find_text_name(m, text);
	}
	if (!n)
		return true;
	n = a->first_arn[n];
	return !a->arn[n].next && a->arn[n].life_n < 2;
}

node_id alias_in_policy(struct lineage_maker *m, struct str text, row_id row)
{
	struct str account, role, session;
	char derived[16] = "";
	uint64_t number;
	struct arn arn;
	node_id node;

	if (str_eq(text, STR("*")))
		return maker_node(m, NODE_PRINCIPAL, STR("anonymous"));
	if (text.n == 12 && str_all_digits(text))
		return account_node(m, text);
	if (arn_parse(text, &arn)) {
		if (str_eq(arn.service, STR("iam")) &&
		    str_eq(arn.resource, STR("root")))
			return account_node(m, arn.account);
		if (!arn_assumed_role(text, &account, &role, &session))
			return alias_principal(m, text, STR_NULL,
					       m->s->time[row]);
		/* A session may be named; what is trusted is its role. */
		return alias_name(
			m,
			maker_join3(m, arena_join(&m->arena, STR("r"), account),
				    STR("/"), role),
			row);
	}
	if (keyid_kind(text) != KEYID_USER && keyid_kind(text) != KEYID_ROLE)
		return maker_node(m, NODE_PRINCIPAL, text);
	/* What was deleted stays in policies as its unique id. */
	node = alias_unique_id(m, text);
	if (node)
		return node;
	if (keyid_account(text, &number))
		snprintf(derived, sizeof(derived), "%012llu",
			 (unsigned long long)number);
	return maker_node(m, NODE_PRINCIPAL,
			  maker_join3(m,
				      arena_join(&m->arena, STR("acct:"),
						 str_of(derived)),
				      STR("#"), text));
}

static int compare_uids(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage *l = context;

	return str_cmp(intern_text(&l->texts, l->uid[x].text),
		       intern_text(&l->texts, l->uid[y].text));
}

void aliases_keep(struct lineage_maker *m)
{
	const struct aliases *a = m->aliases;
	struct lineage *l = m->l;
	uint32_t n = 0;

	l->uid = mem_alloc((a->life_n + 1) * sizeof(*l->uid));
	for (size_t i = 0; i < a->life_n; i++) {
		struct str arn = intern_text(&a->arns, a->life[i].arn);
		struct str uid = intern_text(&a->uids, a->life[i].uid);
		node_id node;

		arena_reset(&m->arena);
		if (a->arn[a->life[i].arn].life_n > 1)
			arn = maker_join3(m, arn, STR("#"), uid);
		node = maker_find(m, NODE_PRINCIPAL, arn);
		if (node)
			l->uid[n++] = (struct lineage_uid){
				intern_add(&l->texts, uid), node
			};
	}
	sort_items(l->uid, n, sizeof(*l->uid), compare_uids, l);
	l->uid_n = n;
}
