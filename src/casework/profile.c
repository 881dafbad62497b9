/* SPDX-License-Identifier: MIT */
#include "casework/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/intern.h"
#include "base/mem.h"
#include "model/agent.h"
#include "query/stats.h"

enum { STOP_ROWS = 65536, STEP_MS = 50 };

static const struct {
	const char *title, *list, *value;
	enum event_column column;
} cards[CARD_COUNT] = {
#define X(code, title, list, value, column) \
	[code] = { title, list, value, column },
	PROFILE_CARDS(X)
#undef X
};

const char *profile_card_title(enum profile_card_kind card)
{
	return cards[card].title;
}

const char *profile_card_list(enum profile_card_kind card)
{
	return cards[card].list;
}

const char *profile_card_value(enum profile_card_kind card)
{
	return cards[card].value;
}

const char *novelty_text(enum novelty n)
{
	return n == NOVELTY_TO_ALL ? "NEW" :
	       n == NOVELTY_TO_IT  ? "new to it" :
				     "";
}

bool profile_card_is_own(enum profile_card_kind card, const struct entity *e,
			 const struct lineage *l)
{
	if (e->kind == ENTITY_VALUE)
		return cards[card].column == e->column;
	if (e->kind == ENTITY_RESOURCE)
		return card == CARD_RESOURCES;
	if (e->kind != ENTITY_NODE)
		return false;
	switch ((enum lineage_kind)l->node[e->node].kind) {
	case NODE_PRINCIPAL:
	case NODE_KEY:
	case NODE_SESSION:
	case NODE_COMPUTE:
		return card == CARD_WHO;
	case NODE_IP:
		return card == CARD_SOURCES;
	case NODE_ACCOUNT:
	case NODE_KIND_COUNT:
		break;
	}
	return false;
}

/* What tells values apart ---------------------------------------------------- */

/* The key of a row in a card; 0: it has no value. Of user agents what stays of
 * them from call to call, of calls name and service. */
struct keyer {
	const struct store *s;
	enum profile_card_kind card;
	uint32_t *normal; /* of user agents, by value */
};

static void keyer_init(struct keyer *k, const struct store *s,
		       enum profile_card_kind card)
{
	struct intern names;
	struct strbuf text;

	*k = (struct keyer){ s, card, NULL };
	if (card != CARD_AGENTS)
		return;
	k->normal = mem_zero(s->values[EVENT_AGENT] + 1, sizeof(*k->normal));
	intern_init(&names);
	strbuf_init(&text);
	for (uint32_t v = 1; v < s->values[EVENT_AGENT]; v++) {
		strbuf_clear(&text);
		agent_normalise(&text, store_value(s, EVENT_AGENT, v));
		k->normal[v] = intern_add(&names, strbuf_str(&text)) + 1;
	}
	intern_release(&names);
	strbuf_release(&text);
}

static void keyer_release(struct keyer *k)
{
	free(k->normal);
}

static uint64_t key_of(const struct keyer *k, uint32_t value, uint32_t source)
{
	if (!value)
		return 0;
	if (k->card == CARD_AGENTS)
		return k->normal[value];
	if (k->card == CARD_CALLS)
		return (uint64_t)value << 32 | source;
	return value;
}

static uint64_t row_key(const struct keyer *k, row_id row)
{
	return key_of(k, store_value_at(k->s, cards[k->card].column, row),
		      k->card == CARD_CALLS ?
			      store_value_at(k->s, EVENT_SOURCE, row) :
			      0);
}

/* Keys to numbers of values. */
struct slots {
	uint64_t *key;
	uint32_t *at; /* number + 1 */
	size_t n, mask;
};

static size_t slot_of(const struct slots *s, uint64_t key)
{
	size_t i = hash_u64(key) & s->mask;

	while (s->key[i] && s->key[i] != key)
		i = (i + 1) & s->mask;
	return i;
}

/* UINT32_MAX when it is not there. */
static uint32_t slots_find(const struct slots *s, uint64_t key)
{
	size_t i;

	if (!key || !s->mask)
		return UINT32_MAX;
	i = slot_of(s, key);
	return s->key[i] ? s->at[i] - 1 : UINT32_MAX;
}

static void slots_add(struct slots *s, uint64_t key, uint32_t at)
{
	size_t i;

	if ((s->n + 1) * 2 > s->mask) {
		struct slots old = *s;

		s->mask = old.mask ? old.mask * 2 + 1 : 63;
		s->key = mem_zero(s->mask + 1, sizeof(*s->key));
		s->at = mem_zero(s->mask + 1, sizeof(*s->at));
		for (size_t k = 0; old.mask && k <= old.mask; k++)
			if (old.key[k]) {
				i = slot_of(s, old.key[k]);
				s->key[i] = old.key[k];
				s->at[i] = old.at[k];
			}
		free(old.key);
		free(old.at);
	}
	i = slot_of(s, key);
	s->n += !s->key[i];
	s->key[i] = key;
	s->at[i] = at + 1;
}

static void slots_release(struct slots *s)
{
	free(s->key);
	free(s->at);
	*s = (struct slots){ .n = 0 };
}

/* Counting ------------------------------------------------------------------ */

struct counting {
	struct profile_card *card;
	size_t cap;
	struct keyer keyer;
	struct slots slots;
};

static void count_row(struct counting *c, row_id row, int level)
{
	const struct store *s = c->keyer.s;
	enum event_column column = cards[c->keyer.card].column;
	uint64_t key = row_key(&c->keyer, row);
	uint32_t at = slots_find(&c->slots, key);
	struct profile_value *v;

	if (!key)
		return;
	if (at == UINT32_MAX) {
		at = (uint32_t)c->card->n;
		c->card->value = mem_grow(c->card->value, &c->cap,
					  c->card->n + 1,
					  sizeof(*c->card->value));
		c->card->value[c->card->n++] = (struct profile_value){
			.text = store_text(s, column, row),
			.value = store_value_at(s, column, row),
			.source = store_value_at(s, EVENT_SOURCE, row),
			.first = row,
			.level = -1,
		};
		slots_add(&c->slots, key, at);
	}
	v = &c->card->value[at];
	v->events++;
	v->denied += store_outcome(s, row) == OUTCOME_DENIED;
	v->failed += store_outcome(s, row) == OUTCOME_FAILED;
	v->last = row;
	if (level > v->level)
		v->level = level;
}

/* What was there before the scope: of everybody, and of the entity. */
static void judge_novelty(struct counting *c, const struct profile *p,
			  const struct rowset *before, row_id scope)
{
	uint8_t *seen = mem_zero(c->card->n + 1, 1);
	uint32_t at;

	for (row_id r = 0; r < scope; r++) {
		at = slots_find(&c->slots, row_key(&c->keyer, r));
		if (at != UINT32_MAX)
			seen[at] |= 1;
	}
	for (size_t i = 0; i < before->n; i++) {
		at = slots_find(&c->slots, row_key(&c->keyer, before->row[i]));
		if (at != UINT32_MAX)
			seen[at] |= 2;
	}
	for (size_t i = 0; i < c->card->n; i++)
		c->card->value[i].novelty = !seen[i] ? NOVELTY_TO_ALL :
					    p->baseline.events &&
							    !(seen[i] & 2) ?
						       NOVELTY_TO_IT :
						       NOVELTY_NONE;
	free(seen);
}

static int compare_values(const void *x, const void *y)
{
	const struct profile_value *a = x, *b = y;

	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (a->events != b->events)
		return a->events > b->events ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

/* By what stays of them, which is what they were counted by. */
static void name_agents(struct profile_card *card, struct arena *arena)
{
	struct strbuf text;

	strbuf_init(&text);
	for (size_t i = 0; i < card->n; i++) {
		strbuf_clear(&text);
		agent_normalise(&text, card->value[i].text);
		if (text.n)
			card->value[i].text = arena_dup(arena,
							strbuf_str(&text));
	}
	strbuf_release(&text);
}

static void count_card(struct profile *p, const struct snapshot *snap,
		       enum profile_card_kind kind, const struct rowset *before,
		       row_id scope)
{
	struct counting c = { .card = &p->card[kind] };
	const struct marks *marks = &snap->marks;
	size_t m = 0;

	keyer_init(&c.keyer, snap->store, kind);
	for (size_t i = 0; i < p->rows.n; i++) {
		row_id row = p->rows.row[i];
		int level = -1;

		while (m < marks->n && marks->mark[m].row < row)
			m++;
		for (; m < marks->n && marks->mark[m].row == row; m++)
			if ((int)marks->mark[m].level > level)
				level = (int)marks->mark[m].level;
		count_row(&c, row, level);
	}
	if (kind == CARD_AGENTS)
		name_agents(c.card, &p->arena);
	if (p->baseline.known && c.card->n)
		judge_novelty(&c, p, before, scope);
	if (c.card->n)
		qsort(c.card->value, c.card->n, sizeof(*c.card->value),
		      compare_values);
	slots_release(&c.slots);
	keyer_release(&c.keyer);
}

/* Alerts -------------------------------------------------------------------- */

struct ranked {
	struct profile_alert a;
	enum level level;
};

static int compare_alerts(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;

	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (a->a.first != b->a.first)
		return a->a.first < b->a.first ? -1 : 1;
	return a->a.alert < b->a.alert ? -1 : 1;
}

static void find_alerts(struct profile *p, const struct snapshot *snap)
{
	const struct alerts *all = &snap->alerts;
	uint8_t *mine = mem_zero((size_t)snap->store->n + 1, 1);
	struct ranked *found = mem_alloc((all->n + 1) * sizeof(*found));
	size_t n = 0;

	for (size_t i = 0; i < p->rows.n; i++)
		mine[p->rows.row[i]] = 1;
	for (size_t i = 0; i < all->n; i++) {
		const struct alert *al = &all->alert[i];
		struct ranked x = { { i, ROW_NONE, 0 }, al->level };

		for (size_t k = 0; k < al->rows.n; k++) {
			if (!mine[al->rows.row[k]])
				continue;
			if (!x.a.events++)
				x.a.first = al->rows.row[k];
		}
		if (x.a.events)
			found[n++] = x;
	}
	if (n)
		qsort(found, n, sizeof(*found), compare_alerts);
	p->alert = mem_alloc((n + 1) * sizeof(*p->alert));
	for (size_t i = 0; i < n; i++)
		p->alert[i] = found[i].a;
	p->alert_n = n;
	free(found);
	free(mine);
}

/* All of it ----------------------------------------------------------------- */

static uint32_t count_principals(const struct store *s)
{
	uint32_t n = 0;

	for (uint32_t v = 1; v < s->values[EVENT_PRINCIPAL]; v++)
		n += store_rows(s, EVENT_PRINCIPAL, v).n > 0;
	return n;
}

static void split_rows(struct profile *p, const struct rowset *rows,
		       row_id from, row_id to, struct rowset *before)
{
	for (size_t i = 0; i < rows->n; i++) {
		row_id row = rows->row[i];

		if (row < from)
			rowset_add(before, row);
		else if (row < to)
			rowset_add(&p->rows, row);
	}
}

void profile_make(struct profile *p, const struct snapshot *snap,
		  const struct rowset *rows, int64_t since, int64_t until,
		  const atomic_bool *stop)
{
	const struct store *s = snap->store;
	struct rowset before = ROWSET_INIT;
	int64_t first = TIME_NONE, last;
	row_id from = since == TIME_NONE ? 0 : store_seek_time(s, since);
	/* What has no time is in no window of time. */
	row_id to = until == TIME_NONE ?
			    (since == TIME_NONE ? s->n : s->timed) :
			    store_seek_time(s, until);

	*p = (struct profile){ .rows = ROWSET_INIT };
	arena_init(&p->arena);
	split_rows(p, rows, from, to, &before);
	(void)store_span(s, &first, &last);
	p->baseline = (struct profile_baseline){ .known = from > 0,
						 .since = since,
						 .first = first,
						 .events = (uint32_t)before.n };
	p->principals = count_principals(s);
	for (size_t i = 0; i < p->rows.n; i++) {
		enum event_outcome outcome = store_outcome(s, p->rows.row[i]);

		p->denied += outcome == OUTCOME_DENIED;
		p->failed += outcome == OUTCOME_FAILED;
	}
	for (int i = 0; i < CARD_COUNT && !(stop && atomic_load(stop)); i++)
		if (i != CARD_RESOURCES)
			count_card(p, snap, (enum profile_card_kind)i, &before,
				   from);
	find_alerts(p, snap);
	rowset_release(&before);
}

void profile_release(struct profile *p)
{
	for (int i = 0; i < CARD_COUNT; i++)
		free(p->card[i].value);
	free(p->alert);
	rowset_release(&p->rows);
	arena_release(&p->arena);
	*p = (struct profile){ .rows = ROWSET_INIT };
}

void profile_value_rows(const struct profile *p, const struct snapshot *snap,
			enum profile_card_kind card, size_t i,
			struct rowset *out)
{
	const struct profile_value *v = &p->card[card].value[i];
	struct keyer k;
	uint64_t key;

	rowset_clear(out);
	keyer_init(&k, snap->store, card);
	key = key_of(&k, v->value, v->source);
	for (size_t r = 0; r < p->rows.n; r++)
		if (row_key(&k, p->rows.row[r]) == key)
			rowset_add(out, p->rows.row[r]);
	keyer_release(&k);
}

/* Deeper -------------------------------------------------------------------- */

static bool is_stopped(const atomic_bool *stop)
{
	return stop && atomic_load(stop);
}

/* Pairs of a value and a principal that were met. */
static bool is_new_pair(struct slots *pairs, uint32_t at, uint32_t principal)
{
	uint64_t key = (uint64_t)(at + 1) << 32 | principal;

	if (slots_find(pairs, key) != UINT32_MAX)
		return false;
	slots_add(pairs, key, 0);
	return true;
}

static void count_prevalence(struct profile_card *card,
			     enum profile_card_kind kind, const struct store *s,
			     const atomic_bool *stop)
{
	struct slots slots = { .n = 0 }, pairs = { .n = 0 };
	struct keyer k;

	keyer_init(&k, s, kind);
	for (size_t i = 0; i < card->n; i++) {
		card->value[i].principals = 0;
		slots_add(&slots,
			  key_of(&k, card->value[i].value,
				 card->value[i].source),
			  (uint32_t)i);
	}
	for (row_id r = 0; r < s->n && card->n; r++) {
		uint32_t who = store_value_at(s, EVENT_PRINCIPAL, r), at;

		if (r % STOP_ROWS == 0 && is_stopped(stop))
			break;
		if (!who)
			continue;
		at = slots_find(&slots, row_key(&k, r));
		if (at != UINT32_MAX && is_new_pair(&pairs, at, who))
			card->value[at].principals++;
	}
	slots_release(&slots);
	slots_release(&pairs);
	keyer_release(&k);
}

static void count_resources(struct profile *p, const struct snapshot *snap,
			    const struct scan_options *options,
			    const atomic_bool *stop)
{
	struct profile_card *card = &p->card[CARD_RESOURCES];
	struct stats_run *run;
	struct stats stats;
	struct err err;

	if (stats_run_new(&run, snap->store, &snap->marks, STR("resource"),
			  &p->rows, options, &err))
		return;
	while (!stats_run_step(run, STEP_MS) && !is_stopped(stop))
		;
	stats_run_take(run, &stats);
	p->unread = stats.unread;
	card->value = mem_zero(stats.n + 1, sizeof(*card->value));
	for (size_t i = 0; i < stats.n; i++)
		card->value[card->n++] = (struct profile_value){
			.text = arena_dup(&p->arena, stats.value[i].text),
			.events = stats.value[i].count,
			.first = stats.value[i].first,
			.last = stats.value[i].last,
			.level = -1,
		};
	stats_release(&stats);
	stats_run_free(run);
}

void profile_deepen(struct profile *p, const struct snapshot *snap,
		    const struct scan_options *options, const atomic_bool *stop)
{
	for (int i = 0; i < CARD_COUNT && !is_stopped(stop); i++)
		if (i != CARD_RESOURCES && i != CARD_WHO)
			count_prevalence(&p->card[i], (enum profile_card_kind)i,
					 snap->store, stop);
	if (!is_stopped(stop))
		count_resources(p, snap, options, stop);
	p->deep = !is_stopped(stop);
}

/* Words --------------------------------------------------------------------- */

void profile_baseline_describe(const struct profile *p, struct strbuf *out)
{
	const struct profile_baseline *b = &p->baseline;

	if (!b->known) {
		strbuf_adds(out, b->since == TIME_NONE ?
					 "baseline: none, all that is loaded "
					 "is in scope; nothing is called NEW" :
					 "baseline: nothing is loaded before "
					 "the scope; nothing is called NEW");
		return;
	}
	strbuf_adds(out, "NEW: not in the ");
	if (b->first != TIME_NONE && b->since != TIME_NONE)
		time_format_span(out, b->since - b->first);
	strbuf_adds(out, " loaded before the scope; ");
	if (b->events)
		strbuf_addf(out, "new to it: not in its %u events then",
			    b->events);
	else
		strbuf_adds(out, "it had no event then itself");
}
