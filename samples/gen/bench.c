/* SPDX-License-Identifier: MIT */
#include "gen/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/gz.h"
#include "base/mem.h"
#include "gen/bench_world.h"
#include "gen/files.h"
#include "gen/routine.h"

enum {
	STEP = 330,          /* ms between events, on average */
	ATTACK_EVERY = 4000, /* events, on average */
	LATE_MIN = 60 * SECOND,
	LATE_MAX = 420 * SECOND,
	BUCKETS = BENCH_ACCOUNTS * BENCH_REGIONS,
};

/* The file of an account and region that is being filled. */
struct bucket {
	const char *account, *region;
	struct strbuf text; /* records without anything between */
	size_t *end;        /* where each ends */
	size_t n, cap;
	struct strbuf again; /* records that will come a second time */
	size_t *again_end;
	size_t again_n, again_cap;
	char folder[96]; /* that was made last, below the output */
};

struct bench {
	const struct bench_options *o;
	struct bench_world *world;
	struct scene scene;
	struct rng rng; /* of the delivery */
	struct bucket bucket[BUCKETS];
	struct strbuf file; /* being put together */
	size_t *order;
	int64_t now;
	uint64_t written;
	struct err *err;
};

static void append(struct strbuf *text, size_t **end, size_t *n, size_t *cap,
		   struct str record)
{
	strbuf_add(text, record);
	*end = mem_grow(*end, cap, *n + 1, sizeof(**end));
	(*end)[(*n)++] = text->n;
}

static struct str record_of(const struct bucket *b, size_t i)
{
	return str_sub(strbuf_str(&b->text), i ? b->end[i - 1] : 0, b->end[i]);
}

/* The records of a bucket in an order of chance, as a document. */
static void put_together(struct bench *x, const struct bucket *b)
{
	for (size_t i = 0; i < b->n; i++) {
		size_t k = rng_below(&x->rng, (uint32_t)i + 1);

		x->order[i] = x->order[k];
		x->order[k] = i;
	}
	strbuf_clear(&x->file);
	strbuf_adds(&x->file, "{\"Records\":[");
	for (size_t i = 0; i < b->n; i++) {
		if (i)
			strbuf_addc(&x->file, ',');
		strbuf_add(&x->file, record_of(b, x->order[i]));
	}
	strbuf_adds(&x->file, "]}");
}

static enum err_code write_file(struct bench *x, struct bucket *b)
{
	int64_t delivered = x->now + rng_between(&x->rng, LATE_MIN, LATE_MAX);
	enum err_code rc = ERR_OK;
	struct strbuf path;
	size_t root;

	strbuf_init(&path);
	strbuf_addf(&path, "%s/", x->o->folder);
	root = path.n;
	trail_folder(&path, b->account, b->region, delivered);
	if (strcmp(path.p + root, b->folder) != 0) {
		rc = files_make_folder(path.p, x->err);
		strncpy(b->folder, path.p + root, sizeof(b->folder) - 1);
	}
	strbuf_addc(&path, '/');
	trail_file_name(&path, b->account, b->region, delivered, &x->rng);
	strbuf_adds(&path, ".json.gz");
	put_together(x, b);
	if (rc == ERR_OK)
		rc = gz_write_file(path.p, strbuf_str(&x->file), x->err);
	strbuf_release(&path);
	return rc;
}

/* Some of what was written is kept for the next file, which has to have room
 * for one record more. */
static void choose_again(struct bench *x, struct bucket *b)
{
	uint32_t share = (uint32_t)(x->o->duplicates * 1000000);

	strbuf_clear(&b->again);
	b->again_n = 0;
	for (size_t i = 0; i < b->n; i++)
		if (rng_below(&x->rng, 1000000) < share &&
		    b->again_n + 1 < x->o->per_file)
			append(&b->again, &b->again_end, &b->again_n,
			       &b->again_cap, record_of(b, i));
}

/* `last` leaves nothing behind: the file's own second copies are left out. */
static enum err_code flush(struct bench *x, struct bucket *b, bool last)
{
	enum err_code rc;
	size_t from = 0;

	if (b->n == 0)
		return ERR_OK;
	rc = write_file(x, b);
	if (last)
		return rc;
	choose_again(x, b);
	strbuf_clear(&b->text);
	b->n = 0;
	for (size_t i = 0; i < b->again_n; i++) {
		append(&b->text, &b->end, &b->n, &b->cap,
		       str_sub(strbuf_str(&b->again), from, b->again_end[i]));
		from = b->again_end[i];
	}
	return rc;
}

static struct bucket *find_bucket(struct bench *x,
				  const struct trail_record *rec)
{
	for (int i = 0; i < BUCKETS; i++)
		if (strcmp(x->bucket[i].region, rec->region) == 0 &&
		    strcmp(x->bucket[i].account, rec->account) == 0)
			return &x->bucket[i];
	/* Not reached: the world has no other accounts and regions. */
	return &x->bucket[0];
}

/* Moves what the scene recorded into the buckets, and empties the scene. */
static enum err_code drain(struct bench *x)
{
	struct trail *t = &x->scene.trail;
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < t->n && rc == ERR_OK; i++) {
		const struct trail_record *rec = &t->record[i];
		struct bucket *b = find_bucket(x, rec);

		if (x->written == x->o->events)
			break;
		append(&b->text, &b->end, &b->n, &b->cap,
		       str_sub(strbuf_str(&t->text), rec->offset,
			       rec->offset + rec->size));
		x->written++;
		if (b->n >= x->o->per_file)
			rc = flush(x, b, false);
	}
	strbuf_clear(&t->text);
	t->n = 0;
	arena_reset(&x->scene.arena);
	return rc;
}

static void begin(struct bench *x)
{
	char seed[96];

	snprintf(seed, sizeof(seed), "bench/%.80s", x->o->seed);
	bench_world_begin(x->world, seed);
	scene_begin(&x->scene, seed, "2026-09-01", bench_regions[0]);
	x->now = scene_at(&x->scene, "00:00:00");
	rng_seed(&x->rng, x->o->seed);
	strbuf_init(&x->file);
	x->order = mem_zero(x->o->per_file, sizeof(*x->order));
	for (int i = 0; i < BUCKETS; i++) {
		x->bucket[i].account = bench_accounts[i % BENCH_ACCOUNTS];
		x->bucket[i].region = bench_regions[i / BENCH_ACCOUNTS];
		strbuf_init(&x->bucket[i].text);
		strbuf_init(&x->bucket[i].again);
	}
}

static void end(struct bench *x)
{
	for (int i = 0; i < BUCKETS; i++) {
		strbuf_release(&x->bucket[i].text);
		strbuf_release(&x->bucket[i].again);
		free(x->bucket[i].end);
		free(x->bucket[i].again_end);
	}
	strbuf_release(&x->file);
	free(x->order);
	scene_end(&x->scene);
	bench_world_end(x->world);
	free(x->world);
}

enum err_code bench_write(const struct bench_options *o, struct err *err)
{
	struct bench x = { .o = o, .err = err };
	enum err_code rc = files_make_folder(o->folder, err);

	if (rc != ERR_OK)
		return rc;
	x.world = mem_alloc(sizeof(*x.world));
	begin(&x);
	while (x.written < o->events && rc == ERR_OK) {
		x.now += rng_between(&x.rng, 0, 2 * STEP);
		if (rng_below(&x.rng, ATTACK_EVERY) == 0)
			bench_world_attack(x.world, &x.scene, x.now);
		else
			bench_world_step(x.world, &x.scene, x.now);
		rc = drain(&x);
	}
	for (int i = 0; i < BUCKETS && rc == ERR_OK; i++)
		rc = flush(&x, &x.bucket[i], true);
	end(&x);
	return rc;
}
