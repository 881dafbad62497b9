/* SPDX-License-Identifier: MIT */
/* What is read of the files: digests whole, of logs their sums. */
#include "casework/verify_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tasks.h"
#include "ingest/source.h"

enum {
	PIECE = 128 * 1024,
	FIRST = 64 * 1024, /* bytes by which a file of any name is known */
	DIGEST_BATCH = 16, /* held in memory together */
	LOG_BATCH = 256,
};

/* One file of a batch. */
struct job {
	uint32_t file;
	struct strbuf content; /* of a digest */
	uint64_t first_end;    /* what of it the first member gave */
};

struct batch {
	struct verify *v;
	bool sums, logs;
	const uint32_t *file;
	struct job job[DIGEST_BATCH];
	struct sha256_sum **sum; /* a worker's */
	char **piece;
};

static struct str path_of(const struct verify *v, uint32_t file)
{
	return str_of(v->files->entry[file].path);
}

static struct source *open_file(struct verify *v, uint32_t file)
{
	const struct file_entry *e = &v->files->entry[file];
	struct source *s;
	struct err err;

	if (e->refused || source_open(&s, e->path, e->fd, file_part_of(e),
				      v->o->limits, NULL, &err)) {
		v->read[file].trouble = e->refused ? e->refused :
						     "cannot be read";
		v->read[file].refused = true;
		return NULL;
	}
	return s;
}

/*
 * Reads a source to its end and sums it up: what the first member gives, and
 * everything. What comes goes to `keep` as well, unless that is NULL.
 */
static void read_all(struct read_file *r, struct source *s,
		     struct sha256_sum *sum, char *piece, struct strbuf *keep)
{
	bool first = false;
	size_t n;

	if (sum)
		sha256_restart(sum);
	while ((n = source_read(s, piece, PIECE)) > 0) {
		uint64_t at = source_offset(s) - n;
		uint64_t end = source_first_end(s);
		struct str rest = { piece, n };

		if (keep)
			strbuf_add(keep, rest);
		if (!sum || (keep && keep->full))
			continue;
		if (!first && end >= at && end - at < n) {
			struct str head = str_sub(rest, 0, (size_t)(end - at));

			sha256_add(sum, head);
			r->first = sha256_so_far(sum);
			first = true;
			rest = str_from(rest, head.n);
		}
		sha256_add(sum, rest);
	}
	r->trouble = source_trouble(s);
	r->followed = source_trails(s) || source_members(s) > 1;
	if (source_trails(s))
		r->trouble = NULL;
	/* What stands in a damaged file is not what was delivered; what lies
	 * behind a limit may be. */
	r->refused = r->trouble && !source_damaged(s);
	if (!sum)
		return;
	r->all = sha256_so_far(sum);
	if (!first)
		r->first = r->all;
}

/* Digests ----------------------------------------------------------------- */

static bool begins_records(struct str first)
{
	first = str_trim(first);
	if (!first.n || first.p[0] != '{')
		return false;
	return str_starts(str_trim(str_from(first, 1)), STR("\"Records\""));
}

/* Of a file whose name does not tell: what it begins with. */
static void look_into(struct verify *v, uint32_t file, char *piece)
{
	struct source *s = open_file(v, file);
	size_t n = 0, got;

	if (!s)
		return;
	while (n < FIRST && (got = source_read(s, piece + n, FIRST - n)) > 0)
		n += got;
	source_close(s);
	if (digest_is_likely((struct str){ piece, n }))
		v->read[file].kind = READ_DIGEST;
	else if (begins_records((struct str){ piece, n }))
		v->read[file].kind = READ_LOG;
}

static void read_digest(void *context, size_t task, unsigned worker)
{
	struct batch *b = context;
	struct job *j = &b->job[task];
	struct read_file *r = &b->v->read[b->file[task]];
	struct source *s;

	j->file = b->file[task];
	strbuf_init_max(&j->content, b->v->o->limits->max_record);
	j->first_end = UINT64_MAX;
	if (r->kind == READ_OTHER)
		look_into(b->v, j->file, b->piece[worker]);
	if (r->kind == READ_OTHER || !(s = open_file(b->v, j->file)))
		return;
	read_all(r, s, b->sum ? b->sum[worker] : NULL, b->piece[worker],
		 &j->content);
	j->first_end = source_first_end(s);
	if (j->content.full)
		r->trouble = "a digest longer than the limit for a record";
	source_close(s);
}

/* A digest whose end is followed by something is what the first member says;
 * else, packed in another way, it may be all of them. */
static const char *parse(struct verify *v, struct known_digest *k,
			 const struct job *j)
{
	const struct read_file *r = &v->read[j->file];
	struct str text = strbuf_str(&j->content);
	struct arena *arena = &v->r->arena;

	if (r->trouble)
		return r->trouble;
	if (r->followed && j->first_end < text.n &&
	    !digest_read(&k->d, arena, str_sub(text, 0, (size_t)j->first_end),
			 v->o->limits)) {
		k->sum = r->first;
		k->appended = true;
		return NULL;
	}
	k->sum = r->all;
	k->appended = r->followed && j->first_end == text.n;
	return digest_read(&k->d, arena, text, v->o->limits);
}

static void take_head(struct verify *v, const struct job *j)
{
	struct str digest, signature;

	if (!head_name_read(path_of(v, j->file), &digest))
		return;
	signature = digest_head_signature(&v->r->arena,
					  strbuf_str(&j->content));
	if (!signature.n)
		return;
	v->head = mem_grow(v->head, &v->head_cap, v->heads + 1,
			   sizeof(*v->head));
	v->head[v->heads++] = (struct head){ name_unpacked(digest), signature };
}

static void take_digest(struct verify *v, const struct job *j)
{
	struct known_digest k = { .file = j->file, .chain = VERIFY_NONE };
	struct read_file *r = &v->read[j->file];
	struct digest_name name;

	if (r->kind == READ_HEAD)
		take_head(v, j);
	if (r->kind != READ_DIGEST)
		return;
	k.why = parse(v, &k, j);
	if (!k.why) {
		v->digest = mem_grow(v->digest, &v->digest_cap,
				     (size_t)v->digests + 1,
				     sizeof(*v->digest));
		v->digest[v->digests++] = k;
		return;
	}
	/* Something else that has the word in it. */
	if (!digest_name_read(path_of(v, j->file), &name) && !r->trouble) {
		r->kind = READ_OTHER;
		return;
	}
	r->trouble = k.why;
	r->refused = true;
}

/* Batches ----------------------------------------------------------------- */

static void begin_workers(struct batch *b, bool sums)
{
	unsigned n = b->v->o->threads;

	b->sum = sums ? mem_zero(n, sizeof(*b->sum)) : NULL;
	b->piece = mem_zero(n, sizeof(*b->piece));
	for (unsigned i = 0; i < n; i++) {
		if (sums)
			b->sum[i] = sha256_new();
		b->piece[i] = mem_alloc(PIECE);
	}
}

static void end_workers(struct batch *b)
{
	for (unsigned i = 0; i < b->v->o->threads; i++) {
		if (b->sum)
			sha256_free(b->sum[i]);
		free(b->piece[i]);
	}
	free(b->sum);
	free(b->piece);
}

static bool goes_on(const struct verify *v, uint64_t done, uint64_t all)
{
	return !v->o->going || v->o->going(v->o->context, done, all);
}

/* The files of a kind, and how many; the caller frees them. */
static uint32_t *files_of(const struct verify *v, bool logs, bool named,
			  size_t *n)
{
	uint32_t *file = mem_alloc(((size_t)v->files->n + 1) * sizeof(*file));

	*n = 0;
	for (uint32_t f = 0; f < v->files->n; f++) {
		bool is_log = v->read[f].kind == READ_LOG;

		if (is_log == logs &&
		    (!named || v->read[f].kind == READ_DIGEST))
			file[(*n)++] = f;
	}
	return file;
}

enum err_code verify_read_digests(struct verify *v, bool sums, struct err *err)
{
	struct batch b = { .v = v };
	struct delivery_name log;
	struct digest_name name;
	struct str beside;
	uint32_t *file;
	bool going = true;
	size_t n;

	for (uint32_t f = 0; f < v->files->n; f++)
		if (digest_name_read(path_of(v, f), &name))
			v->read[f].kind = READ_DIGEST;
		else if (delivery_name_read(path_of(v, f), &log))
			v->read[f].kind = READ_LOG;
		else if (head_name_read(path_of(v, f), &beside))
			v->read[f].kind = READ_HEAD;
	file = files_of(v, false, !sums, &n);
	begin_workers(&b, sums);
	for (size_t i = 0; i < n && going; i += DIGEST_BATCH) {
		size_t m = n - i < DIGEST_BATCH ? n - i : DIGEST_BATCH;

		b.file = file + i;
		tasks_run(v->o->threads, m, read_digest, &b);
		for (size_t k = 0; k < m; k++) {
			take_digest(v, &b.job[k]);
			strbuf_release(&b.job[k].content);
		}
		going = goes_on(v, i + m, v->files->n);
	}
	end_workers(&b);
	free(file);
	return going ? ERR_OK : err_set(err, ERR_CANCELLED, "stopped");
}

static void sum_log(void *context, size_t task, unsigned worker)
{
	struct batch *b = context;
	uint32_t file = b->file[task];
	struct source *s = open_file(b->v, file);

	if (!s)
		return;
	read_all(&b->v->read[file], s, b->sum[worker], b->piece[worker], NULL);
	source_close(s);
}

enum err_code verify_read_logs(struct verify *v, struct err *err)
{
	struct batch b = { .v = v };
	bool going = true;
	size_t n;
	uint32_t *file = files_of(v, true, false, &n);

	begin_workers(&b, true);
	for (size_t i = 0; i < n && going; i += LOG_BATCH) {
		size_t m = n - i < LOG_BATCH ? n - i : LOG_BATCH;

		b.file = file + i;
		tasks_run(v->o->threads, m, sum_log, &b);
		going = goes_on(v, v->files->n - n + i + m, v->files->n);
	}
	end_workers(&b);
	free(file);
	return going ? ERR_OK : err_set(err, ERR_CANCELLED, "stopped");
}
