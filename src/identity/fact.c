/* SPDX-License-Identifier: MIT */
#include "identity/fact.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "identity/fact_private.h"
#include "model/arn.h"

/* ARNs and names are shorter; what is longer names nothing. */
enum { TEXT_MOST = 4096 };

#define AMAZON STR(".amazonaws.com")

/* The handlers by a hash of their names. */
enum { TABLE_SLOTS = 1024 };

struct fact_table {
	const struct fact_handler *slot[TABLE_SLOTS];
};

/* What a worker met lately: hash and the first time. It has one place for
 * things of like hash, so some are met for the first time again. */
enum { SEEN_SLOTS = 1 << 12 };

struct fact_seen {
	struct seen_slot {
		uint64_t hash; /* 0: free */
		int64_t first;
	} slot[SEEN_SLOTS];
};

/* In which file that was met last, and when first in it. */
struct fact_told {
	struct told_place {
		uint32_t file, first;
	} place[SEEN_SLOTS];
};

/* Handlers ---------------------------------------------------------------- */

/* Handlers compare sources and names before they run: any hash will do. */
static uint32_t name_hash(struct str name)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < name.n; i++)
		h = (h ^ (unsigned char)name.p[i]) * 16777619u;
	return h ^ h >> 15;
}

static void add_handlers(struct fact_table *t, const struct fact_handler *h)
{
	for (; h->name; h++) {
		uint32_t at = name_hash(str_of(h->name)) % TABLE_SLOTS;

		while (t->slot[at])
			at = (at + 1) % TABLE_SLOTS;
		t->slot[at] = h;
	}
}

struct fact_table *fact_table_new(void)
{
	struct fact_table *t = mem_zero(1, sizeof(*t));

	add_handlers(t, fact_sts_handlers);
	add_handlers(t, fact_signin_handlers);
	add_handlers(t, fact_iam_handlers);
	add_handlers(t, fact_compute_handlers);
	add_handlers(t, fact_lambda_handlers);
	add_handlers(t, fact_service_handlers);
	add_handlers(t, fact_grant_handlers);
	add_handlers(t, fact_beside_handlers);
	return t;
}

static const struct fact_handler *find_handler(const struct fact_table *t,
					       struct str source,
					       struct str name)
{
	uint32_t at = name_hash(name) % TABLE_SLOTS;

	for (; t->slot[at]; at = (at + 1) % TABLE_SLOTS)
		if (str_eq(name, str_of(t->slot[at]->name)) &&
		    str_eq(source, str_of(t->slot[at]->source)))
			return t->slot[at];
	return NULL;
}

/* Noting ------------------------------------------------------------------ */

static struct fact_part *part_of(struct fact_worker *w)
{
	if (!w->part) {
		w->part = mem_zero(1, sizeof(*w->part));
		arena_init(&w->part->arena);
	}
	return w->part;
}

void fact_begin(struct fact_worker *w, enum fact_kind kind, unsigned how)
{
	struct fact_part *p = part_of(w);

	p->fact = mem_grow(p->fact, &p->cap, p->n + 1, sizeof(*p->fact));
	w->fact = &p->fact[p->n];
	*w->fact = (struct raw_fact){ .row = w->row,
				      .kind = (uint8_t)kind,
				      .how = (uint8_t)how };
}

void fact_put(struct fact_worker *w, enum fact_slot slot, struct str text)
{
	if (!text.n || text.n > TEXT_MOST)
		return;
	w->fact->has |= 1u << slot;
	w->slot[slot].text = arena_dup(&w->part->arena, text);
}

void fact_put_number(struct fact_worker *w, enum fact_slot slot,
		     uint32_t number)
{
	if (!number)
		return;
	w->fact->has |= 1u << slot;
	w->slot[slot].number = number;
}

void fact_put_hash(struct fact_worker *w, enum fact_slot slot, struct str text)
{
	uint64_t hash = hash_str(w->all->key, text);

	if (!text.n)
		return;
	/* The two words stand for one another's absence: neither may be 0. */
	fact_put_number(w, slot, (uint32_t)hash | 1);
	fact_put_number(w, (enum fact_slot)(slot + 1),
			(uint32_t)(hash >> 32) | 1);
}

void fact_end(struct fact_worker *w)
{
	struct fact_part *p = w->part;
	struct raw_fact *f = w->fact;
	unsigned n = 0;

	f->slot = arena_alloc(&p->arena,
			      (fact_count_bits(f->has) + 1) * sizeof(*f->slot));
	for (unsigned i = 0; i < SLOTS; i++)
		if (f->has & 1u << i)
			f->slot[n++] = w->slot[i];
	p->n++;
}

static uint32_t seconds_of(int64_t time)
{
	if (time == TIME_NONE || time < 0 || time / 1000 >= UINT32_MAX)
		return UINT32_MAX;
	return (uint32_t)(time / 1000);
}

/* A file says it, once for each, but for one that says it earlier still. */
static void note_witness(struct fact_worker *w, uint64_t hash, int64_t time)
{
	struct told_place *place = &w->told->place[(hash >> 32) % SEEN_SLOTS];
	uint32_t first = seconds_of(time);
	struct fact_part *p;

	if (place->file == w->file && place->first <= first)
		return;
	*place = (struct told_place){ w->file, first };
	p = part_of(w);
	p->witness = mem_grow(p->witness, &p->witness_cap, p->witness_n + 1,
			      sizeof(*p->witness));
	p->witness[p->witness_n++] = (struct raw_witness){ hash, w->row,
							   first };
}

bool fact_was_met(struct fact_worker *w, uint64_t hash, int64_t time)
{
	const struct seen_slot *slot =
		&w->seen->slot[(hash >> 32) % SEEN_SLOTS];

	if (slot->hash != hash || slot->first > time)
		return false;
	if (w->told)
		note_witness(w, hash, time);
	return true;
}

void fact_meet(struct fact_worker *w, uint64_t hash, int64_t time)
{
	w->seen->slot[(hash >> 32) % SEEN_SLOTS] = (struct seen_slot){ hash,
								       time };
	w->statement = hash;
	if (w->told) {
		/* Whatever had the place before, this is another. */
		w->told->place[(hash >> 32) % SEEN_SLOTS].file = 0;
		note_witness(w, hash, time);
	}
}

void fact_link(struct fact_worker *w, enum link_kind kind, struct str a,
	       struct str b)
{
	struct fact_part *p;

	if (!a.n || !b.n || a.n > TEXT_MOST || b.n > TEXT_MOST)
		return;
	p = part_of(w);
	p->link = mem_grow(p->link, &p->link_cap, p->link_n + 1,
			   sizeof(*p->link));
	p->link[p->link_n++] = (struct raw_link){
		w->statement, (uint8_t)kind, arena_dup(&p->arena, a),
		arena_dup(&p->arena, b),
		link_is_timed(kind) ? seconds_of(w->e->time) : 0
	};
}

void fact_target(struct fact_worker *w, struct str text)
{
	struct fact_part *p;

	if (!text.n || text.n > TEXT_MOST)
		return;
	p = part_of(w);
	/* One event often names a thing twice. */
	for (size_t i = p->target_n; i-- > 0 && p->target[i].row == w->row;)
		if (str_eq(p->target[i].text, text))
			return;
	p->target = mem_grow(p->target, &p->target_cap, p->target_n + 1,
			     sizeof(*p->target));
	p->target[p->target_n++] =
		(struct raw_target){ w->row, arena_dup(&p->arena, text) };
}

/* Texts ------------------------------------------------------------------- */

struct str fact_at(const struct fact_worker *w, const char *path)
{
	return json_text_at(w->e->record, path);
}

struct str fact_request(const struct fact_worker *w, const char *path)
{
	return json_text_at(w->request, path);
}

struct str fact_response(const struct fact_worker *w, const char *path)
{
	return json_text_at(w->response, path);
}

struct str fact_first(struct str a, struct str b)
{
	return a.n ? a : b;
}

struct str fact_join(struct fact_worker *w, struct str a, struct str b)
{
	return arena_join(&w->scratch, a, b);
}

struct str fact_name(struct fact_worker *w, char kind, struct str name)
{
	struct str text;

	if (!name.n)
		return STR_NULL;
	text = fact_join(w, (struct str){ &kind, 1 }, w->account);
	return fact_join(w, fact_join(w, text, STR("/")), name);
}

struct str fact_arn(struct fact_worker *w, const char *service,
		    const char *prefix, struct str name)
{
	struct str region = w->e->column[EVENT_REGION], text;

	if (!name.n)
		return STR_NULL;
	text = fact_join(w, arn_partition(region), str_of(service));
	text = fact_join(w, fact_join(w, text, STR(":")), region);
	text = fact_join(w, fact_join(w, text, STR(":")), w->account);
	text = fact_join(w, fact_join(w, text, STR(":")), str_of(prefix));
	return fact_join(w, text, name);
}

struct str fact_function(struct fact_worker *w, struct str name)
{
	struct str at = STR("function:"), last;
	struct arn arn;
	size_t end;

	if (arn_parse(name, &arn)) {
		if (!str_starts(arn.resource, at))
			return STR_NULL;
		last = str_from(arn.resource, at.n);
		end = str_find_char(last, ':', 0);
		return end == SIZE_MAX ?
			       name :
			       str_sub(name, 0, name.n - (last.n - end));
	}
	/* "name", "name:alias", "123456789012:function:name" */
	end = str_find(name, at, 0);
	if (end != SIZE_MAX)
		name = str_from(name, end + at.n);
	name = str_sub(name, 0, str_find_char(name, ':', 0));
	return fact_arn(w, "lambda", "function:", name);
}

/* Visitor ----------------------------------------------------------------- */

/* The members of the record that are asked for, in one go; of two of one name
 * the first, and objects alone: what is hidden is a string. */
static void find_members(struct fact_worker *w)
{
	const struct json *user = NULL, *request = NULL, *response = NULL;
	const struct json *resources = NULL;

	for (const struct json *v = w->e->record->child; v; v = v->next)
		switch (v->key.n) {
		case 9:
			if (!resources && str_eq(v->key, STR("resources")))
				resources = v;
			break;
		case 12:
			if (!user && str_eq(v->key, STR("userIdentity")))
				user = v;
			break;
		case 16:
			if (!response &&
			    str_eq(v->key, STR("responseElements")))
				response = v;
			break;
		case 17:
			if (!request &&
			    str_eq(v->key, STR("requestParameters")))
				request = v;
			break;
		default:
			break;
		}
	w->user = user && user->kind == JSON_OBJECT ? user : NULL;
	w->request = request && request->kind == JSON_OBJECT ? request : NULL;
	w->response = response && response->kind == JSON_OBJECT ? response :
								  NULL;
	w->resources = resources && resources->kind == JSON_ARRAY ? resources :
								    NULL;
}

static void see(void *worker, const struct event *e, uint32_t row)
{
	struct fact_worker *w = worker;
	struct str source = e->column[EVENT_SOURCE], suffix = AMAZON;
	const struct fact_handler *h;

	if (str_ends(source, suffix))
		source = str_sub(source, 0, source.n - suffix.n);

	w->e = e;
	w->row = row;
	w->account = fact_first(e->column[EVENT_ACCOUNT],
				e->column[EVENT_CALLER]);
	w->iam = str_eq(source, STR("iam"));
	if (w->scratch.used)
		arena_reset(&w->scratch);
	find_members(w);
	if (!kind_is_call(e->kind)) {
		fact_read_beside(w);
		return;
	}
	fact_read_session(w);
	fact_read_targets(w);
	if (e->flags & EVENT_THROUGH_ENDPOINT)
		fact_read_endpoint(w);
	/* Only what succeeded issues or changes anything. */
	if (e->column[EVENT_ERROR].n)
		return;
	h = find_handler(w->all->table, source,
			 event_base_name(e->column[EVENT_NAME]));
	if (h)
		h->read(w, h->how);
	if (e->flags & EVENT_READ)
		return;
	if (w->iam)
		fact_read_iam_write(w);
	else if (!h)
		fact_read_role_passed(w);
}

static void *worker_new(void *context)
{
	struct fact_worker *w = mem_zero(1, sizeof(*w));

	w->all = context;
	w->seen = mem_zero(1, sizeof(*w->seen));
	if (w->all->witnesses)
		w->told = mem_zero(1, sizeof(*w->told));
	arena_init(&w->scratch);
	return w;
}

static void worker_free(void *worker)
{
	struct fact_worker *w = worker;

	if (w->part)
		fact_part_free(w->part);
	arena_release(&w->scratch);
	free(w->seen);
	free(w->told);
	free(w);
}

static void begin(void *worker)
{
	struct fact_worker *w = worker;

	w->file++;
}

static void afresh(void *worker)
{
	struct fact_worker *w = worker;

	*w->seen = (struct fact_seen){ 0 };
}

static void *take(void *worker)
{
	struct fact_worker *w = worker;
	struct fact_part *p = w->part;

	w->part = NULL;
	return p;
}

struct ingest_visitor fact_visitor(struct facts *f)
{
	return (struct ingest_visitor){
		.context = f,
		.worker_new = worker_new,
		.worker_free = worker_free,
		.begin = begin,
		.afresh = afresh,
		.see = see,
		.take = take,
		.merge = facts_merge,
		.drop = fact_part_free,
	};
}
