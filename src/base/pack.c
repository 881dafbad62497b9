/* SPDX-License-Identifier: MIT */
#include "base/pack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/tasks.h"

enum { CHUNK = 1 << 20, SECTIONS_MOST = 256, LAYOUT = 0x01020304 };

static const char magic[8] = "trawlpk";

/* The beginning of a file. Behind it the sections lie, one after the other,
 * then the table: sections, then the sums of the chunks. A section begins a
 * chunk. */
struct head {
	char magic[8];
	uint32_t layout; /* other machines have the bytes in another order */
	uint32_t sections;
	uint64_t chunks, bytes; /* of all sections */
	struct hash_key number; /* of this file */
	struct pack_mark mark;
	uint64_t table_sum;
	uint64_t sum; /* of what is above */
};

struct section {
	uint32_t id, unused;
	uint64_t bytes;
};

static struct hash_key file_key(struct hash_key key, struct hash_key number)
{
	struct str n = { (const char *)&number, sizeof(number) };
	struct hash_key made = { hash_str(key, n), 0 };

	number.k0 = ~number.k0;
	made.k1 = hash_str(key, n);
	return made;
}

static uint64_t sum_of(struct hash_key key, const void *bytes, size_t n)
{
	return hash_str(key, (struct str){ bytes, n });
}

static uint64_t head_sum(struct hash_key key, const struct head *h)
{
	return sum_of(key, h, offsetof(struct head, sum));
}

/* Writing ----------------------------------------------------------------- */

struct pack_writer {
	int fd;
	struct hash_key key;
	struct head head;
	const atomic_bool *stop;
	bool failed;
	char *chunk;
	size_t n; /* bytes in it */
	struct section section[SECTIONS_MOST];
	uint64_t *sum;
	size_t sum_cap;
};

static void write_all(struct pack_writer *w, const char *p, size_t n)
{
	w->failed |= !w->failed && !file_write_all(w->fd, p, n);
}

struct pack_writer *pack_create(int fd, struct hash_key key,
				struct pack_mark mark, const atomic_bool *stop)
{
	struct pack_writer *w = mem_zero(1, sizeof(*w));

	w->fd = fd;
	w->stop = stop;
	memcpy(w->head.magic, magic, sizeof(magic));
	w->head.layout = LAYOUT;
	w->head.mark = mark;
	w->head.number = hash_key_new();
	w->key = file_key(key, w->head.number);
	w->chunk = mem_alloc(CHUNK);
	/* The head has its place, and nobody takes it for one. */
	write_all(w, w->chunk = memset(w->chunk, 0, CHUNK),
		  sizeof(struct head));
	return w;
}

static void put_chunk(struct pack_writer *w, const char *p, size_t n)
{
	w->sum = mem_grow(w->sum, &w->sum_cap, w->head.chunks + 1,
			  sizeof(*w->sum));
	w->sum[w->head.chunks++] = sum_of(w->key, p, n);
	w->head.bytes += n;
	w->failed |= w->stop && atomic_load(w->stop);
	write_all(w, p, n);
}

static void end_section(struct pack_writer *w)
{
	if (w->n)
		put_chunk(w, w->chunk, w->n);
	w->n = 0;
}

void pack_begin(struct pack_writer *w, uint32_t section)
{
	end_section(w);
	if (w->head.sections == SECTIONS_MOST) {
		w->failed = true;
		return;
	}
	w->section[w->head.sections++] = (struct section){ .id = section };
}

void pack_add(struct pack_writer *w, const void *bytes, size_t n)
{
	const char *p = bytes;

	if (!w->head.sections || w->failed)
		return;
	w->section[w->head.sections - 1].bytes += n;
	while (n) {
		size_t room = CHUNK - w->n, some = n < room ? n : room;

		if (some == CHUNK) {
			put_chunk(w, p, CHUNK);
		} else {
			memcpy(w->chunk + w->n, p, some);
			w->n += some;
			if (w->n == CHUNK)
				end_section(w);
		}
		p += some;
		n -= some;
	}
}

void pack_array(struct pack_writer *w, uint32_t section, const void *array,
		size_t n, size_t size)
{
	pack_begin(w, section);
	pack_add(w, array, n * size);
}

bool pack_finish(struct pack_writer *w)
{
	size_t list, sums;
	char *table;
	bool ok;

	end_section(w);
	list = w->head.sections * sizeof(*w->section);
	sums = w->head.chunks * sizeof(*w->sum);
	table = mem_alloc(list + sums);
	memcpy(table, w->section, list);
	if (sums)
		memcpy(table + list, w->sum, sums);
	w->head.table_sum = sum_of(w->key, table, list + sums);
	w->head.sum = head_sum(w->key, &w->head);
	write_all(w, table, list + sums);
	ok = !w->failed && pwrite(w->fd, &w->head, sizeof(w->head), 0) ==
				   (ssize_t)sizeof(w->head);
	free(table);
	free(w->sum);
	free(w->chunk);
	free(w);
	return ok;
}

/* Reading ----------------------------------------------------------------- */

struct pack {
	struct head head;
	struct hash_key key;
	int fd;
	struct section *section;
	char **data; /* of each section; NULL: taken */
	uint64_t *sum;
	/* Chunks to be read, now or later. */
	struct chunk {
		char *to;
		uint32_t n;
		uint64_t at;  /* in the file */
		uint64_t sum; /* that it has to have */
	} * chunk;
	size_t chunk_n;
	atomic_bool broken;
};

static bool read_at(int fd, void *to, size_t n, uint64_t at)
{
	return file_read_at(fd, to, n, at) == n;
}

static bool read_head(struct pack *p, struct hash_key key,
		      struct pack_mark mark, uint64_t size)
{
	struct head *h = &p->head;

	if (size < sizeof(*h) || !read_at(p->fd, h, sizeof(*h), 0) ||
	    memcmp(h->magic, magic, sizeof(magic)) != 0 ||
	    h->layout != LAYOUT || memcmp(&h->mark, &mark, sizeof(mark)) != 0)
		return false;
	p->key = file_key(key, h->number);
	if (head_sum(p->key, h) != h->sum)
		return false;
	/* These are ours; that they fit the file is still to be seen. */
	size -= sizeof(*h);
	return h->sections <= SECTIONS_MOST && h->bytes <= size &&
	       h->chunks <= size / sizeof(uint64_t) &&
	       size - h->bytes == h->sections * sizeof(struct section) +
					  h->chunks * sizeof(uint64_t);
}

static bool read_table(struct pack *p)
{
	size_t list = p->head.sections * sizeof(struct section);
	size_t sums = (size_t)p->head.chunks * sizeof(uint64_t);
	char *table = mem_alloc(list + sums);
	bool ok = read_at(p->fd, table, list + sums,
			  sizeof(struct head) + p->head.bytes) &&
		  sum_of(p->key, table, list + sums) == p->head.table_sum;

	if (ok) {
		p->section = mem_dup(table, list);
		p->sum = mem_dup(table + list, sums);
	}
	free(table);
	return ok;
}

/* Are the sections and their chunks all that there is? */
static bool adds_up(const struct pack *p)
{
	uint64_t at = 0, chunks = 0;

	for (uint32_t s = 0; s < p->head.sections; s++) {
		uint64_t n = p->section[s].bytes;

		if (n > p->head.bytes - at)
			return false;
		at += n;
		chunks += (n + CHUNK - 1) / CHUNK;
	}
	return at == p->head.bytes && chunks == p->head.chunks;
}

/* Room for the sections that are read now, or for the others, and where each
 * chunk of them lies. */
static void plan(struct pack *p, bool later)
{
	uint64_t at = sizeof(struct head);
	const uint64_t *sum = p->sum;

	p->chunk_n = 0;
	for (uint32_t s = 0; s < p->head.sections; s++) {
		uint64_t n = p->section[s].bytes;
		bool wanted = (p->section[s].id >= PACK_LATER) == later;

		if (wanted)
			p->data[s] = mem_large((size_t)n);
		for (uint64_t k = 0; k < n; k += CHUNK, sum++)
			if (wanted)
				p->chunk[p->chunk_n++] = (struct chunk){
					p->data[s] + k,
					(uint32_t)(n - k < CHUNK ? n - k :
								   CHUNK),
					at + k, *sum
				};
		at += n;
	}
}

static void read_chunk(void *context, size_t task, unsigned worker)
{
	struct pack *p = context;
	const struct chunk *c = &p->chunk[task];

	(void)worker;
	if (!read_at(p->fd, c->to, c->n, c->at) ||
	    sum_of(p->key, c->to, c->n) != c->sum)
		atomic_store(&p->broken, true);
}

static bool read_sections(struct pack *p, bool later, unsigned threads)
{
	plan(p, later);
	tasks_run(threads, p->chunk_n, read_chunk, p);
	return !atomic_load(&p->broken);
}

bool pack_read_later(struct pack *p, unsigned threads)
{
	return read_sections(p, true, threads);
}

struct pack *pack_open(int fd, struct hash_key key, struct pack_mark mark,
		       unsigned threads)
{
	struct pack *p = mem_zero(1, sizeof(*p));
	struct stat st;

	p->fd = fd;
	atomic_init(&p->broken, false);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) ||
	    !read_head(p, key, mark, (uint64_t)st.st_size) || !read_table(p) ||
	    !adds_up(p)) {
		pack_close(p);
		return NULL;
	}
	p->data = mem_zero(p->head.sections, sizeof(*p->data));
	p->chunk = mem_alloc((size_t)p->head.chunks * sizeof(*p->chunk));
	if (read_sections(p, false, threads))
		return p;
	pack_close(p);
	return NULL;
}

void pack_close(struct pack *p)
{
	if (!p)
		return;
	for (uint32_t s = 0; p->data && s < p->head.sections; s++)
		free(p->data[s]);
	free(p->data);
	free(p->section);
	free(p->sum);
	free(p->chunk);
	free(p);
}

void *pack_take(struct pack *p, uint32_t section, size_t size, size_t *n)
{
	for (uint32_t s = 0; s < p->head.sections; s++) {
		char *data;

		if (p->section[s].id != section)
			continue;
		data = p->data[s];
		if (!data || p->section[s].bytes % size)
			break;
		*n = (size_t)p->section[s].bytes / size;
		p->data[s] = NULL;
		return data;
	}
	*n = 0;
	return NULL;
}

void *pack_take_n(struct pack *p, uint32_t section, size_t size, size_t n)
{
	size_t there;
	void *array = pack_take(p, section, size, &there);

	if (!array || there == n)
		return array;
	free(array);
	return NULL;
}
