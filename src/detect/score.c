/* SPDX-License-Identifier: MIT */
#include "detect/score.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/sort.h"
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
	/* The rows of all alerts, in the order of their actors: which alert,
	 * and which of its rows. */
	struct scored_row {
		uint32_t alert;
		row_id row;
	} * row;
	size_t n;
	struct climb climb;
};

static void list_rows(struct scoring *x)
{
	size_t n = 0;
	int64_t *key;
	uint32_t *order;
	struct scored_row *row;

	for (size_t i = 0; i < x->all->n; i++)
		n += x->all->alert[i].own.n;
	row = mem_alloc((n + 1) * sizeof(*row));
	key = mem_alloc((n + 1) * sizeof(*key));
	order = mem_alloc((n + 1) * sizeof(*order));
	x->row = mem_alloc((n + 1) * sizeof(*x->row));
	for (uint32_t i = 0; i < x->all->n; i++)
		for (size_t k = 0; k < x->all->alert[i].own.n; k++) {
			row_id r = x->all->alert[i].own.row[k];

			row[x->n] = (struct scored_row){ i, r };
			key[x->n++] = x->store->column[EVENT_ACTOR][r];
		}
	sort_by_key(order, key, x->n);
	for (size_t i = 0; i < x->n; i++)
		x->row[i] = row[order[i]];
	free(row);
	free(key);
	free(order);
}

static void raise_term(struct scoring *x, uint32_t alert, enum score_term t,
		       unsigned points)
{
	if (points > x->score[alert].term[t])
		x->score[alert].term[t] = (uint8_t)points;
}

/* What an actor usually does ----------------------------------------------- */

enum address_use { USE_UNKNOWN, USE_OWN, USE_SHARED };

struct habits {
	uint32_t *calls;       /* of the actor, by value of EVENT_NAME */
	row_id *first;         /* likewise its first row by EVENT_IP */
	row_id came;           /* its first row from a public address */
	uint8_t *address_uses; /* by EVENT_IP: enum address_use */
};

static bool is_public(const struct store *s, uint32_t ip)
{
	return ip && addr_class(store_value(s, EVENT_IP, ip)) == ADDR_PUBLIC;
}

/* More than a few actors use it. Each address is asked about once. */
static bool is_office(const struct store *s, struct habits *h, uint32_t ip)
{
	struct rowset rows;
	uint32_t seen[OFFICE_OTHERS + 1];
	size_t n = 0;

	if (h->address_uses[ip] != USE_UNKNOWN)
		return h->address_uses[ip] == USE_SHARED;
	rows = store_rows(s, EVENT_IP, ip);
	for (size_t i = 0; i < rows.n && n <= OFFICE_OTHERS; i++) {
		uint32_t actor = s->column[EVENT_ACTOR][rows.row[i]];
		size_t k = 0;

		if (!actor)
			continue;
		while (k < n && seen[k] != actor)
			k++;
		if (k == n)
			seen[n++] = actor;
	}
	h->address_uses[ip] = n > OFFICE_OTHERS ? USE_SHARED : USE_OWN;
	return n > OFFICE_OTHERS;
}

static void count_habits(const struct store *s, const struct rowset *rows,
			 struct habits *h)
{
	h->came = ROW_NONE;
	for (size_t i = 0; i < rows->n; i++) {
		row_id r = rows->row[i];
		uint32_t ip = s->column[EVENT_IP][r];

		h->calls[s->column[EVENT_NAME][r]]++;
		if (h->first[ip] != ROW_NONE)
			continue;
		h->first[ip] = r;
		if (h->came == ROW_NONE && is_public(s, ip))
			h->came = r;
	}
}

static void forget_habits(const struct store *s, const struct rowset *rows,
			  struct habits *h)
{
	for (size_t i = 0; i < rows->n; i++) {
		h->calls[s->column[EVENT_NAME][rows->row[i]]] = 0;
		h->first[s->column[EVENT_IP][rows->row[i]]] = ROW_NONE;
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
	uint32_t ip = s->column[EVENT_IP][r];
	row_id first = h->first[ip];

	return h->came != ROW_NONE && r < s->timed &&
	       s->column[EVENT_IP][h->came] != ip &&
	       s->time[h->came] < s->time[first] &&
	       s->time[r] - s->time[first] <= NEW_ADDRESS_MS &&
	       is_public(s, ip) && !is_office(s, h, ip);
}

static void score_habits(struct scoring *x)
{
	const struct store *s = x->store;
	struct habits h;

	h.calls = mem_zero((size_t)s->values[EVENT_NAME] + 1, sizeof(*h.calls));
	h.first =
		mem_alloc(((size_t)s->values[EVENT_IP] + 1) * sizeof(*h.first));
	for (uint32_t v = 0; v <= s->values[EVENT_IP]; v++)
		h.first[v] = ROW_NONE;
	h.address_uses = mem_zero((size_t)s->values[EVENT_IP] + 1, 1);
	for (size_t from = 0, to; from < x->n; from = to) {
		uint32_t actor = s->column[EVENT_ACTOR][x->row[from].row];
		struct rowset rows;

		for (to = from; to < x->n &&
				s->column[EVENT_ACTOR][x->row[to].row] == actor;
		     to++)
			;
		if (!actor)
			continue;
		rows = store_rows(s, EVENT_ACTOR, actor);
		count_habits(s, &rows, &h);
		for (size_t i = from; i < to; i++) {
			row_id r = x->row[i].row;
			uint32_t calls = h.calls[s->column[EVENT_NAME][r]];

			raise_term(x, x->row[i].alert, SCORE_RARE,
				   rarity(rows.n, calls));
			if (is_new_address(s, &h, r))
				raise_term(x, x->row[i].alert, SCORE_ADDRESS,
					   ADDRESS_POINTS);
		}
		forget_habits(s, &rows, &h);
	}
	free(h.calls);
	free(h.first);
	free(h.address_uses);
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
static node_id family_of(struct scoring *x, node_id node)
{
	node_id origin = climb_origin(&x->climb, node);

	return str_ends(lineage_text(x->lineage, origin),
			STR(".amazonaws.com")) ?
		       node :
		       origin;
}

static void join_families(struct scoring *x, struct family *family)
{
	for (size_t i = 0; i < x->n; i++) {
		const struct alert *a = &x->all->alert[x->row[i].alert];
		row_id r = x->row[i].row;
		uint32_t actor = x->store->column[EVENT_ACTOR][r];
		struct family *f = &family[family_of(x, x->lineage->acting[r])];

		f->tactics |= a->rule->tactics;
		if (a->level < LEVEL_MEDIUM)
			continue;
		f->several |= f->actor && f->actor != actor;
		f->actor = actor;
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
		alerted[x->row[i].row] = 1;
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

static void score_families(struct scoring *x)
{
	struct family *family = mem_zero((size_t)x->lineage->node_n + 1,
					 sizeof(*family));

	join_families(x, family);
	tie_families(x, family);
	for (size_t i = 0; i < x->n; i++) {
		row_id r = x->row[i].row;
		const struct family *f =
			&family[family_of(x, x->lineage->acting[r])];
		uint32_t actor = x->store->column[EVENT_ACTOR][r];

		raise_term(x, x->row[i].alert, SCORE_TACTICS,
			   tactic_points(f->tactics));
		if (f->tied || f->several || (f->actor && f->actor != actor))
			raise_term(x, x->row[i].alert, SCORE_LINEAGE,
				   LINEAGE_POINTS);
	}
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
	list_rows(&x);
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
	free(x.row);
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
