/* SPDX-License-Identifier: MIT */
#include "detect/score.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "detect/alert.h"
#include "identity/climb.h"
#include "model/addr.h"

enum {
	ALLOWED_POINTS = 8,
	RARE_POINTS_MAX = 8,
	TACTIC_POINTS = 2,
	TACTIC_POINTS_MAX = 10,
	ADDRESS_POINTS = 6,
	LINEAGE_POINTS = 8,
	OFFICE_OTHERS = 3,                /* that use an office's address */
	NEW_ADDRESS_MS = 24 * 3600 * 1000 /* for so long */
};

static const uint8_t level_points[LEVEL_COUNT] = {
	[LEVEL_INFORMATIONAL] = 5, [LEVEL_LOW] = 15,      [LEVEL_MEDIUM] = 30,
	[LEVEL_HIGH] = 45,         [LEVEL_CRITICAL] = 60,
};

/* What is worked with ------------------------------------------------------ */

struct scoring {
	const struct alerts *all;
	const struct store *store;
	const struct lineage *lineage;
	struct alert_score *score; /* of each alert */
	/* What single actors did of the rows of alerts, in the order of the
	 * actors. */
	struct deeds {
		uint32_t alert, actor;
		const row_id *row;
		size_t n;
	} * deeds;
	size_t n, cap;
	struct climb climb;
	node_id *family; /* by node; NODE_NONE: not asked yet */
};

static void add_deeds(struct scoring *x, struct deeds d)
{
	x->deeds = mem_grow(x->deeds, &x->cap, x->n + 1, sizeof(*x->deeds));
	x->deeds[x->n++] = d;
}

/* Who did the rows of an alert: one actor, but in episodes. */
static void split_alert(struct scoring *x, uint32_t i)
{
	const struct alert *a = &x->all->alert[i];
	const struct uints *actor = &x->store->column[EVENT_ACTOR];

	if (!a->episode && kind_is_call(x->store->kind[a->told])) {
		add_deeds(x,
			  (struct deeds){ i, a->actor, a->own.row, a->own.n });
		return;
	}
	for (size_t from = 0, to; from < a->own.n; from = to) {
		for (to = from; to < a->own.n &&
				uints_get_u32(actor, a->own.row[to]) ==
					uints_get_u32(actor, a->own.row[from]);
		     to++)
			;
		add_deeds(x, (struct deeds){
				     i, uints_get_u32(actor, a->own.row[from]),
				     a->own.row + from, to - from });
	}
}

static int compare_deeds(const void *x, const void *y)
{
	const struct deeds *a = x, *b = y;

	return a->actor < b->actor ? -1 : a->actor > b->actor;
}

static void list_deeds(struct scoring *x)
{
	for (uint32_t i = 0; i < x->all->n; i++)
		split_alert(x, i);
	if (x->n)
		qsort(x->deeds, x->n, sizeof(*x->deeds), compare_deeds);
}

static void raise_term(struct scoring *x, uint32_t alert, enum score_term t,
		       unsigned points)
{
	if (points > x->score[alert].term[t])
		x->score[alert].term[t] = (uint8_t)points;
}

/* What an actor usually does ----------------------------------------------- */

/* What is known of an address; each is asked about once. */
enum {
	CLASS_KNOWN = 1,
	CLASS_PUBLIC = 2,
	USERS_KNOWN = 4,
	USERS_MANY = 8,
};

/* Of one actor at a time; what is noted for another counts as nothing. */
struct habits {
	uint32_t actor;
	struct calls {
		uint32_t actor, n;
	} * calls; /* by value of EVENT_NAME */
	struct arrival {
		uint32_t actor;
		row_id row; /* its first */
	} * arrival;        /* by EVENT_IP */
	row_id came;        /* its first row from a public address */
	uint8_t *address;   /* by EVENT_IP: what is known */
};

static bool is_public(const struct store *s, struct habits *h, uint32_t ip)
{
	if (!(h->address[ip] & CLASS_KNOWN)) {
		bool is = ip && addr_class(store_value(s, EVENT_IP, ip)) ==
					ADDR_PUBLIC;

		h->address[ip] |= is ? CLASS_KNOWN | CLASS_PUBLIC : CLASS_KNOWN;
	}
	return h->address[ip] & CLASS_PUBLIC;
}

static bool has_many_users(const struct store *s, uint32_t ip)
{
	struct rowset rows = store_rows(s, EVENT_IP, ip);
	uint32_t seen[OFFICE_OTHERS + 1];
	size_t n = 0;

	for (size_t i = 0; i < rows.n && n <= OFFICE_OTHERS; i++) {
		uint32_t actor = store_value_at(s, EVENT_ACTOR, rows.row[i]);
		size_t k = 0;

		if (!actor)
			continue;
		while (k < n && seen[k] != actor)
			k++;
		if (k == n)
			seen[n++] = actor;
	}
	return n > OFFICE_OTHERS;
}

static bool is_office(const struct store *s, struct habits *h, uint32_t ip)
{
	if (!(h->address[ip] & USERS_KNOWN))
		h->address[ip] |= has_many_users(s, ip) ?
					  USERS_KNOWN | USERS_MANY :
					  USERS_KNOWN;
	return h->address[ip] & USERS_MANY;
}

static void count_habits(const struct store *s, const struct rowset *rows,
			 struct habits *h)
{
	const struct uints *name = &s->column[EVENT_NAME];
	const struct uints *address = &s->column[EVENT_IP];

	h->came = ROW_NONE;
	for (size_t i = 0; i < rows->n; i++) {
		row_id r = rows->row[i];
		struct calls *calls = &h->calls[uints_get_u32(name, r)];
		struct arrival *arrival =
			&h->arrival[uints_get_u32(address, r)];

		if (calls->actor != h->actor)
			*calls = (struct calls){ h->actor, 0 };
		calls->n++;
		if (arrival->actor == h->actor)
			continue;
		*arrival = (struct arrival){ h->actor, r };
		if (h->came == ROW_NONE &&
		    is_public(s, h, uints_get_u32(address, r)))
			h->came = r;
	}
}

/* How often `all` can be halved until `some` are left. */
static unsigned rarity(size_t all, uint32_t some)
{
	unsigned points = 0;

	while (points < RARE_POINTS_MAX && all / 2 >= some) {
		all /= 2;
		points++;
	}
	return points;
}

static bool is_new_address(const struct store *s, struct habits *h, row_id r)
{
	uint32_t ip = store_value_at(s, EVENT_IP, r);
	row_id first = h->arrival[ip].row;

	return h->came != ROW_NONE &&
	       store_value_at(s, EVENT_IP, h->came) != ip && r < s->timed &&
	       s->time[h->came] < s->time[first] &&
	       s->time[r] - s->time[first] <= NEW_ADDRESS_MS &&
	       is_public(s, h, ip) && !is_office(s, h, ip);
}

static void score_deeds(struct scoring *x, const struct deeds *d,
			struct habits *h, size_t calls)
{
	const struct store *s = x->store;
	uint32_t rarest = UINT32_MAX;
	bool new_address = false;

	for (size_t i = 0; i < d->n; i++) {
		uint32_t n =
			h->calls[store_value_at(s, EVENT_NAME, d->row[i])].n;

		rarest = n < rarest ? n : rarest;
		new_address = new_address || is_new_address(s, h, d->row[i]);
	}
	raise_term(x, d->alert, SCORE_RARE, rarity(calls, rarest));
	if (new_address)
		raise_term(x, d->alert, SCORE_ADDRESS, ADDRESS_POINTS);
}

static void score_habits(struct scoring *x)
{
	const struct store *s = x->store;
	struct habits h = { .actor = 0 };
	struct rowset rows = { .n = 0 };

	h.calls = mem_zero((size_t)s->values[EVENT_NAME] + 1, sizeof(*h.calls));
	h.arrival = mem_zero((size_t)s->values[EVENT_IP] + 1,
			     sizeof(*h.arrival));
	h.address = mem_zero((size_t)s->values[EVENT_IP] + 1, 1);
	for (size_t i = 0; i < x->n; i++) {
		const struct deeds *d = &x->deeds[i];

		/* Nobody has no habits. */
		if (!d->actor)
			continue;
		if (d->actor != h.actor) {
			h.actor = d->actor;
			rows = store_rows(s, EVENT_ACTOR, d->actor);
			count_habits(s, &rows, &h);
		}
		score_deeds(x, d, &h, rows.n);
	}
	free(h.calls);
	free(h.arrival);
	free(h.address);
}

/* Whom it belongs to ------------------------------------------------------- */

/* What is known of an origin, by its node. */
struct family {
	tactic_set tactics; /* of its alerts */
	uint32_t actor;     /* one who has an alert that counts; 0: nobody */
	bool several;       /* another one has, too */
	bool tied;          /* an alerted event ties it to such a family */
};

/* A service opens sessions for all the world: what it opened is no family. */
static node_id find_family(struct scoring *x, node_id node)
{
	node_id origin = climb_origin(&x->climb, node);

	return str_ends(lineage_text(x->lineage, origin),
			STR(".amazonaws.com")) ?
		       node :
		       origin;
}

static node_id family_of(struct scoring *x, node_id node)
{
	if (x->family[node] == NODE_NONE)
		x->family[node] = find_family(x, node);
	return x->family[node];
}

/* Calls that follow each other are mostly of one node. */
static bool is_same_node(const struct scoring *x, const struct deeds *d,
			 size_t i)
{
	return i && x->lineage->acting[d->row[i]] ==
			    x->lineage->acting[d->row[i - 1]];
}

static void join_families(struct scoring *x, struct family *family,
			  const struct deeds *d)
{
	const struct alert *a = &x->all->alert[d->alert];

	for (size_t i = 0; i < d->n; i++) {
		struct family *f;

		if (is_same_node(x, d, i))
			continue;
		f = &family[family_of(x, x->lineage->acting[d->row[i]])];
		f->tactics |= a->rule->tactics;
		if (a->level < LEVEL_MEDIUM)
			continue;
		f->several |= f->actor && f->actor != d->actor;
		f->actor = d->actor;
	}
}

static bool ties(const struct lineage_edge *e)
{
	switch (e->kind) {
	case EDGE_CREATED:
	case EDGE_MODIFIED_AUTH:
	case EDGE_PASSED_ROLE:
	case EDGE_CONTROLS:
	case EDGE_TRUSTS:
	case EDGE_GRANTS:
		return e->certainty != HINT;
	default:
		return false;
	}
}

static void tie_families(struct scoring *x, struct family *family)
{
	const struct lineage *l = x->lineage;
	uint8_t *alerted = mem_zero((size_t)x->store->n + 1, 1);

	for (size_t i = 0; i < x->n; i++)
		for (size_t k = 0; k < x->deeds[i].n; k++)
			alerted[x->deeds[i].row[k]] = 1;
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];
		struct family *from, *to;
		bool told = false;

		if (!ties(e))
			continue;
		for (unsigned k = 0; k < e->evidence_n; k++)
			told |= alerted[lineage_evidence(l, e, k)];
		from = &family[family_of(x, e->from)];
		to = &family[family_of(x, e->to)];
		if (told && from != to && from->actor && to->actor)
			from->tied = to->tied = true;
	}
	free(alerted);
}

static unsigned tactic_points(tactic_set set)
{
	unsigned n = 0;

	for (; set; set &= set - 1)
		n++;
	n = n > 1 ? (n - 1) * TACTIC_POINTS : 0;
	return n > TACTIC_POINTS_MAX ? TACTIC_POINTS_MAX : n;
}

static void score_by_families(struct scoring *x, const struct family *family,
			      const struct deeds *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct family *f;

		if (is_same_node(x, d, i))
			continue;
		f = &family[family_of(x, x->lineage->acting[d->row[i]])];
		raise_term(x, d->alert, SCORE_TACTICS,
			   tactic_points(f->tactics));
		if (f->tied || f->several || (f->actor && f->actor != d->actor))
			raise_term(x, d->alert, SCORE_LINEAGE, LINEAGE_POINTS);
	}
}

static void score_families(struct scoring *x)
{
	struct family *family = mem_zero((size_t)x->lineage->node_n + 1,
					 sizeof(*family));

	for (size_t i = 0; i < x->n; i++)
		join_families(x, family, &x->deeds[i]);
	tie_families(x, family);
	for (size_t i = 0; i < x->n; i++)
		score_by_families(x, family, &x->deeds[i]);
	free(family);
}

/* Scores ------------------------------------------------------------------- */

void scores_find(struct scores *out, const struct alerts *all,
		 const struct store *s, const struct lineage *l)
{
	struct scoring x = { .all = all, .store = s, .lineage = l };

	out->n = all->n;
	out->key = mem_alloc((all->n + 1) * sizeof(*out->key));
	out->score = mem_zero(all->n + 1, sizeof(*out->score));
	x.score = out->score;
	climb_init(&x.climb, l);
	x.family = mem_zero((size_t)l->node_n + 1, sizeof(*x.family));
	list_deeds(&x);
	score_habits(&x);
	score_families(&x);
	for (size_t i = 0; i < all->n; i++) {
		const struct alert *a = &all->alert[i];
		struct alert_score *score = &out->score[i];

		out->key[i] = (uint64_t)a->rule_number << 32 | a->fold;
		score->term[SCORE_LEVEL] = level_points[a->level];
		if (a->outcome[OUTCOME_OK])
			score->term[SCORE_ALLOWED] = ALLOWED_POINTS;
		for (int t = 0; t < SCORE_TERM_COUNT; t++)
			score->total += score->term[t];
	}
	climb_release(&x.climb);
	free(x.family);
	free(x.deeds);
}

void scores_release(struct scores *s)
{
	free(s->key);
	free(s->score);
	*s = (struct scores){ .n = 0 };
}

const struct alert_score *scores_of(const struct scores *s, uint32_t rule,
				    uint32_t fold)
{
	uint64_t key = (uint64_t)rule << 32 | fold;
	size_t from = 0, to = s->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (s->key[middle] < key)
			from = middle + 1;
		else
			to = middle;
	}
	return from < s->n && s->key[from] == key ? &s->score[from] : NULL;
}

const char *score_term_name(enum score_term t)
{
	static const char *const names[] = {
#define X(code, name, most) name,
		SCORE_TERMS(X)
#undef X
	};

	return names[t];
}

void score_describe(const struct alert_score *s, struct strbuf *out)
{
	size_t before = out->n;

	for (int t = 0; t < SCORE_TERM_COUNT; t++)
		if (s->term[t])
			strbuf_addf(out, "%s%s %u", out->n > before ? ", " : "",
				    score_term_name((enum score_term)t),
				    s->term[t]);
}
