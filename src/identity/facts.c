/* SPDX-License-Identifier: MIT */
/* What was noted, all of it: kept, merged, read. */
#include "identity/fact.h"

#include <stdlib.h>

#include "base/mem.h"
#include "identity/fact_private.h"

/* Slots are 32-bit words in the order of their numbers. */
#define UNIQUE_SLOTS (1u << SLOT_PID | 1u << SLOT_KEY)
#define NUMBER_SLOTS                                                       \
	(1u << SLOT_SHARED | 1u << SLOT_SHARED_HIGH | 1u << SLOT_REQUEST | \
	 1u << SLOT_REQUEST_HIGH | 1u << SLOT_TIME)

enum fact_slot_form fact_slot_form(enum fact_slot slot)
{
	if (NUMBER_SLOTS & 1u << slot)
		return SLOT_NUMBER;
	return UNIQUE_SLOTS & 1u << slot ? SLOT_UNIQUE : SLOT_STRING;
}

void facts_init(struct facts *f)
{
	*f = (struct facts){ .key = hash_key_new() };
	intern_init(&f->strings);
	strbuf_init(&f->bytes);
	f->table = fact_table_new();
}

void facts_release(struct facts *f)
{
	intern_release(&f->strings);
	strbuf_release(&f->bytes);
	free(f->fact);
	free(f->slot);
	free(f->link);
	free(f->link_slots);
	free(f->target);
	free(f->said);
	free(f->witness);
	free(f->table);
	*f = (struct facts){ .n = 0 };
}

void facts_keep_witnesses(struct facts *f)
{
	f->witnesses = true;
}

static uint32_t slot_word(const struct facts *f, const struct fact *fact,
			  enum fact_slot slot)
{
	uint32_t bit = 1u << slot;

	if (!(fact->has & bit))
		return 0;
	return f->slot[fact->at + fact_count_bits(fact->has & (bit - 1))];
}

struct str fact_text(const struct facts *f, const struct fact *fact,
		     enum fact_slot slot)
{
	uint32_t word = slot_word(f, fact, slot), n;

	if (!(1u << slot & UNIQUE_SLOTS))
		return intern_text(&f->strings, word);
	if (!(fact->has & 1u << slot))
		return STR_NULL;
	memcpy(&n, f->bytes.p + word, sizeof(n));
	return (struct str){ f->bytes.p + word + sizeof(n), n };
}

uint64_t fact_number(const struct facts *f, const struct fact *fact,
		     enum fact_slot slot)
{
	uint64_t word = slot_word(f, fact, slot);

	if (slot == SLOT_SHARED || slot == SLOT_REQUEST)
		word |= (uint64_t)slot_word(f, fact, (enum fact_slot)(slot + 1))
			<< 32;
	return word;
}

uint32_t fact_string(const struct facts *f, const struct fact *fact,
		     enum fact_slot slot)
{
	return slot_word(f, fact, slot);
}

/* Parts ------------------------------------------------------------------- */

void fact_part_free(void *part)
{
	struct fact_part *p = part;

	arena_release(&p->arena);
	free(p->fact);
	free(p->link);
	free(p->target);
	free(p->witness);
	free(p);
}

/* Merging ----------------------------------------------------------------- */

static uint32_t keep_bytes(struct facts *all, struct str text)
{
	uint32_t at = (uint32_t)all->bytes.n, n = (uint32_t)text.n;

	strbuf_add(&all->bytes, (struct str){ (const char *)&n, sizeof(n) });
	strbuf_add(&all->bytes, text);
	return at;
}

void facts_add(struct facts *all, const struct raw_fact *raw, uint32_t arrival)
{
	unsigned n = 0, count = fact_count_bits(raw->has);

	all->fact = mem_grow(all->fact, &all->cap, all->n + 1,
			     sizeof(*all->fact));
	all->slot = mem_grow(all->slot, &all->slot_cap, all->slot_n + count,
			     sizeof(*all->slot));
	all->fact[all->n++] = (struct fact){ .arrival = arrival,
					     .at = (uint32_t)all->slot_n,
					     .has = raw->has,
					     .kind = raw->kind,
					     .how = raw->how };
	for (unsigned i = 0; i < SLOTS; i++) {
		uint32_t word;

		if (!(raw->has & 1u << i))
			continue;
		if (NUMBER_SLOTS & 1u << i)
			word = raw->slot[n].number;
		else if (UNIQUE_SLOTS & 1u << i)
			word = keep_bytes(all, raw->slot[n].text);
		else
			word = intern_add(&all->strings, raw->slot[n].text);
		all->slot[all->slot_n++] = word;
		n++;
	}
}

static uint32_t link_slot(const struct facts *all, uint8_t kind, uint32_t a,
			  uint32_t b)
{
	uint32_t at = (uint32_t)hash_u64((uint64_t)kind << 60 ^
					 (uint64_t)a << 30 ^ b) &
		      all->link_mask;

	for (; all->link_slots[at]; at = (at + 1) & all->link_mask) {
		const struct fact_link *l = &all->link[all->link_slots[at] - 1];

		if (l->kind == kind && l->a == a && l->b == b)
			break;
	}
	return at;
}

static void grow_links(struct facts *all)
{
	all->link_mask = all->link_mask ? all->link_mask * 2 + 1 : 255;
	free(all->link_slots);
	all->link_slots = mem_zero((size_t)all->link_mask + 1,
				   sizeof(*all->link_slots));
	for (size_t i = 0; i < all->link_n; i++) {
		const struct fact_link *l = &all->link[i];

		all->link_slots[link_slot(all, l->kind, l->a, l->b)] =
			(uint32_t)i + 1;
	}
}

uint32_t facts_add_link(struct facts *all, uint8_t kind, uint32_t a, uint32_t b,
			uint32_t first)
{
	struct fact_link *l;
	uint32_t at;

	if (all->link_n * 3 >= (size_t)all->link_mask * 2)
		grow_links(all);
	at = link_slot(all, kind, a, b);
	if (all->link_slots[at]) {
		l = &all->link[all->link_slots[at] - 1];
		if (first < l->first)
			l->first = first;
		return all->link_slots[at] - 1;
	}
	all->link = mem_grow(all->link, &all->link_cap, all->link_n + 1,
			     sizeof(*all->link));
	all->link[all->link_n++] = (struct fact_link){ kind, a, b, first };
	all->link_slots[at] = (uint32_t)all->link_n;
	return (uint32_t)all->link_n - 1;
}

static void merge_link(struct facts *all, const struct raw_link *raw)
{
	uint32_t a = intern_add(&all->strings, raw->a);
	uint32_t b = intern_add(&all->strings, raw->b);
	uint32_t link = facts_add_link(all, raw->kind, a, b, raw->first);

	if (!all->witnesses)
		return;
	all->said = mem_grow(all->said, &all->said_cap, all->said_n + 1,
			     sizeof(*all->said));
	all->said[all->said_n++] = (struct fact_said){ raw->statement, link };
}

void facts_merge(void *context, void *part, uint32_t first)
{
	struct facts *all = context;
	struct fact_part *p = part;

	for (size_t i = 0; i < p->n; i++)
		facts_add(all, &p->fact[i], first + p->fact[i].row);
	for (size_t i = 0; i < p->link_n; i++)
		merge_link(all, &p->link[i]);
	all->target = mem_grow(all->target, &all->target_cap,
			       all->target_n + p->target_n,
			       sizeof(*all->target));
	for (size_t i = 0; i < p->target_n; i++)
		all->target[all->target_n++] = (struct fact_target){
			first + p->target[i].row,
			intern_add(&all->strings, p->target[i].text)
		};
	all->witness = mem_grow(all->witness, &all->witness_cap,
				all->witness_n + p->witness_n,
				sizeof(*all->witness));
	for (size_t i = 0; i < p->witness_n; i++)
		all->witness[all->witness_n++] =
			(struct fact_witness){ p->witness[i].statement,
					       first + p->witness[i].row,
					       p->witness[i].first };
	fact_part_free(p);
}
