/* SPDX-License-Identifier: MIT */
#include "identity/facts_pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern_pack.h"
#include "base/mem.h"
#include "identity/fact_private.h"

enum {
	SAVED_KEY = FACTS_LATER, /* struct hash_key */
	SAVED_FACTS,             /* struct saved_fact */
	SAVED_SLOTS,
	SAVED_BYTES,
	SAVED_LINKS, /* struct saved_link */
	SAVED_SAID,  /* struct saved_said */
	SAVED_WITNESSES,
	SAVED_TARGETS,
	SAVED_STRINGS, /* two */
	SAVED_ALL = SAVED_STRINGS + 2,
};

_Static_assert((int)SAVED_ALL <= (int)FACTS_LATER_END, "numbers are free");

/* As the structures of fact.h, all of whose bytes say something. */
struct saved_fact {
	uint32_t number, at, has;
	uint16_t kind, how;
};

struct saved_link {
	uint32_t kind, a, b;
};

struct saved_said {
	uint64_t statement, link;
};

/* Saving ------------------------------------------------------------------ */

uint64_t facts_bytes(const struct facts *f)
{
	return f->n * sizeof(struct saved_fact) + f->slot_n * 4 + f->bytes.n +
	       f->link_n * sizeof(struct saved_link) +
	       f->said_n * sizeof(struct saved_said) +
	       f->witness_n * sizeof(*f->witness) +
	       f->target_n * sizeof(*f->target) + intern_memory(&f->strings);
}

void facts_save(const struct facts *f, const uint32_t *number,
		struct pack_writer *w)
{
	pack_array(w, SAVED_KEY, &f->key, 1, sizeof(f->key));
	pack_begin(w, SAVED_FACTS);
	for (size_t i = 0; i < f->n; i++) {
		const struct fact *from = &f->fact[i];
		struct saved_fact x = { number[from->arrival], from->at,
					from->has, from->kind, from->how };

		pack_add(w, &x, sizeof(x));
	}
	pack_array(w, SAVED_SLOTS, f->slot, f->slot_n, sizeof(*f->slot));
	pack_array(w, SAVED_BYTES, f->bytes.p, f->bytes.n, 1);
	pack_begin(w, SAVED_LINKS);
	for (size_t i = 0; i < f->link_n; i++) {
		struct saved_link x = { f->link[i].kind, f->link[i].a,
					f->link[i].b };

		pack_add(w, &x, sizeof(x));
	}
	pack_begin(w, SAVED_SAID);
	for (size_t i = 0; i < f->said_n; i++) {
		struct saved_said x = { f->said[i].statement, f->said[i].link };

		pack_add(w, &x, sizeof(x));
	}
	pack_begin(w, SAVED_WITNESSES);
	for (size_t i = 0; i < f->witness_n; i++) {
		struct fact_witness x = f->witness[i];

		x.arrival = number[x.arrival];
		pack_add(w, &x, sizeof(x));
	}
	pack_begin(w, SAVED_TARGETS);
	for (size_t i = 0; i < f->target_n; i++) {
		struct fact_target x = f->target[i];

		x.arrival = number[x.arrival];
		pack_add(w, &x, sizeof(x));
	}
	intern_save(&f->strings, w, SAVED_STRINGS);
}

void facts_reset(struct facts *f)
{
	bool witnesses = f->witnesses;

	facts_release(f);
	facts_init(f);
	f->witnesses = witnesses;
}

/* Restoring --------------------------------------------------------------- */

/* What a pack has. */
struct kept {
	struct facts *to;
	const struct rest_arrived *arrived;
	struct saved_fact *fact;
	uint32_t *slot;
	char *bytes;
	struct saved_link *link;
	struct saved_said *said;
	struct fact_witness *witness;
	struct fact_target *target;
	size_t fact_n, slot_n, byte_n, link_n, said_n, witness_n, target_n;
	struct intern strings;
	uint32_t *string_of; /* of each, in to->strings; 0: not there yet */
	/* What the files that are wanted say, and when first. */
	struct first {
		uint64_t statement;
		uint32_t first, used;
	} * first;
	size_t first_mask;
};

static bool take_all(struct kept *x, struct pack *p)
{
	struct hash_key *key = pack_take_n(p, SAVED_KEY, sizeof(*key), 1);
	bool ok = key != NULL;

	if (ok)
		x->to->key = *key;
	free(key);
#define TAKE(section, field, count) \
	x->field = pack_take(p, section, sizeof(*x->field), &x->count)
	TAKE(SAVED_FACTS, fact, fact_n);
	TAKE(SAVED_SLOTS, slot, slot_n);
	TAKE(SAVED_BYTES, bytes, byte_n);
	TAKE(SAVED_LINKS, link, link_n);
	TAKE(SAVED_SAID, said, said_n);
	TAKE(SAVED_WITNESSES, witness, witness_n);
	TAKE(SAVED_TARGETS, target, target_n);
#undef TAKE
	return ok && x->fact && x->slot && x->bytes && x->link && x->said &&
	       x->witness && x->target &&
	       intern_restore(&x->strings, p, SAVED_STRINGS);
}

/* Where a number of the pack went: false when it is none. */
static bool arrival_of(const struct kept *x, uint32_t number, uint32_t *arrival)
{
	if (number >= x->arrived->n)
		return false;
	*arrival = x->arrived->of[number];
	return true;
}

static uint32_t string_of(struct kept *x, uint32_t id)
{
	if (id && !x->string_of[id])
		x->string_of[id] = intern_add(&x->to->strings,
					      intern_text(&x->strings, id));
	return x->string_of[id];
}

/* A text of x->bytes, behind its length. */
static bool text_at(const struct kept *x, uint32_t at, struct str *text)
{
	uint32_t n;

	if (at > x->byte_n || x->byte_n - at < sizeof(n))
		return false;
	memcpy(&n, x->bytes + at, sizeof(n));
	if (n > x->byte_n - at - sizeof(n))
		return false;
	*text = (struct str){ x->bytes + at + sizeof(n), n };
	return true;
}

static bool put_slot(const struct kept *x, unsigned slot, uint32_t word,
		     union raw_slot *to)
{
	switch (fact_slot_form((enum fact_slot)slot)) {
	case SLOT_NUMBER:
		to->number = word;
		return true;
	case SLOT_UNIQUE:
		return text_at(x, word, &to->text);
	case SLOT_STRING:
		break;
	}
	if (word >= x->strings.count)
		return false;
	to->text = intern_text(&x->strings, word);
	return true;
}

static bool put_fact(struct kept *x, const struct saved_fact *from)
{
	union raw_slot slot[SLOTS];
	struct raw_fact raw = { .has = from->has,
				.kind = (uint8_t)from->kind,
				.how = (uint8_t)from->how,
				.slot = slot };
	uint32_t arrival, n = 0;

	if (!arrival_of(x, from->number, &arrival) ||
	    from->kind >= FACT_KINDS || from->how > UINT8_MAX ||
	    (from->kind == FACT_END && from->how >= END_KIND_COUNT) ||
	    from->has >> SLOTS || from->at > x->slot_n ||
	    fact_count_bits(from->has) > x->slot_n - from->at)
		return false;
	if (arrival == ROW_NONE)
		return true;
	for (unsigned i = 0; i < SLOTS; i++) {
		if (!(from->has & 1u << i))
			continue;
		if (!put_slot(x, i, x->slot[from->at + n], &slot[n]))
			return false;
		n++;
	}
	facts_add(x->to, &raw, arrival);
	return true;
}

static bool put_targets(struct kept *x)
{
	struct facts *to = x->to;

	to->target = mem_grow(to->target, &to->target_cap, x->target_n,
			      sizeof(*to->target));
	for (size_t i = 0; i < x->target_n; i++) {
		const struct fact_target *from = &x->target[i];
		uint32_t arrival;

		if (!arrival_of(x, from->arrival, &arrival) ||
		    from->text >= x->strings.count)
			return false;
		if (arrival != ROW_NONE)
			to->target[to->target_n++] = (struct fact_target){
				arrival, string_of(x, from->text)
			};
	}
	return true;
}

/* Statements are keyed hashes: any bits of them will do. */
static struct first *first_of(const struct kept *x, uint64_t statement)
{
	size_t at = (statement >> 16) & x->first_mask;

	while (x->first[at].used && x->first[at].statement != statement)
		at = (at + 1) & x->first_mask;
	return &x->first[at];
}

static bool put_witnesses(struct kept *x)
{
	struct facts *to = x->to;

	x->first_mask = 63;
	while (x->first_mask < x->witness_n * 2)
		x->first_mask = x->first_mask * 2 + 1;
	x->first = mem_zero(x->first_mask + 1, sizeof(*x->first));
	to->witness = mem_grow(to->witness, &to->witness_cap, x->witness_n,
			       sizeof(*to->witness));
	for (size_t i = 0; i < x->witness_n; i++) {
		struct fact_witness w = x->witness[i];
		struct first *f;

		if (!arrival_of(x, w.arrival, &w.arrival))
			return false;
		if (w.arrival == ROW_NONE)
			continue;
		to->witness[to->witness_n++] = w;
		f = first_of(x, w.statement);
		if (!f->used || w.first < f->first)
			*f = (struct first){ w.statement, w.first, 1 };
	}
	return true;
}

/* The links that somebody who is left says. */
static bool put_links(struct kept *x)
{
	struct facts *to = x->to;

	to->said = mem_grow(to->said, &to->said_cap, x->said_n,
			    sizeof(*to->said));
	for (size_t i = 0; i < x->said_n; i++) {
		const struct saved_said *s = &x->said[i];
		const struct saved_link *l;
		const struct first *f;

		if (s->link >= x->link_n)
			return false;
		l = &x->link[s->link];
		if (l->kind >= LINK_KINDS || l->a >= x->strings.count ||
		    l->b >= x->strings.count)
			return false;
		f = first_of(x, s->statement);
		if (!f->used)
			continue;
		to->said[to->said_n++] = (struct fact_said){
			s->statement,
			facts_add_link(to, (uint8_t)l->kind, string_of(x, l->a),
				       string_of(x, l->b),
				       link_is_timed(l->kind) ? f->first : 0)
		};
	}
	return true;
}

static bool put_all(struct kept *x)
{
	x->string_of = mem_zero(x->strings.count, sizeof(*x->string_of));
	for (size_t i = 0; i < x->fact_n; i++)
		if (!put_fact(x, &x->fact[i]))
			return false;
	return put_targets(x) && put_witnesses(x) && put_links(x);
}

bool facts_restore(struct facts *f, const struct rest_arrived *arrived,
		   struct pack *p)
{
	struct kept x = { .to = f, .arrived = arrived };
	bool ok;

	intern_init(&x.strings);
	ok = take_all(&x, p) && put_all(&x);
	intern_release(&x.strings);
	free(x.fact);
	free(x.slot);
	free(x.bytes);
	free(x.link);
	free(x.said);
	free(x.witness);
	free(x.target);
	free(x.string_of);
	free(x.first);
	if (!ok)
		facts_reset(f);
	return ok;
}
