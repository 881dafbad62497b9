/* SPDX-License-Identifier: MIT */
#include "casework/load_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/gz.h"
#include "base/mem.h"
#include "base/pack.h"
#include "base/re.h"
#include "base/tasks.h"
#include "base/unicode.h"
#include "casework/cache_folder.h"
#include "detect/matches_pack.h"
#include "identity/lineage_pack.h"
#include "store/store_pack.h"

enum {
	/* Goes up when a pack of before would be read wrongly. */
	LAYOUT = 1,
	SAVED_ENDS = MATCHES_SECTIONS_END, /* struct hash128 of each file */
	SAVED_TOLD,                        /* struct saved_told */
	END_BYTES = 512,                   /* of a file, at both ends */
	FILES_A_TASK = 256,
	LIST_MOST = 256 << 20, /* bytes of a list, a site file, ... */
};

struct saved_told {
	uint64_t gave_up, left_out;
};

struct load_cache {
	struct cache_terms terms;
	struct cache_folder *folder;
	struct limits limits;
	unsigned threads;
	struct pack_mark mark;
	char name[64];
	int64_t begun;   /* before the files were looked at, ns since 1970 */
	int64_t changed; /* when the last of them had changed */
	bool looked;
};

/* What a load is of ------------------------------------------------------- */

/* Bytes that tell one load from another, each behind its length. */
static void add_bytes(struct strbuf *out, const void *bytes, size_t n)
{
	uint64_t length = n;

	strbuf_add(out, (struct str){ (const char *)&length, sizeof(length) });
	strbuf_add(out, (struct str){ bytes, n });
}

static void add_text(struct strbuf *out, const char *text)
{
	add_bytes(out, text ? text : "", text ? strlen(text) : 0);
}

static void add_number(struct strbuf *out, uint64_t number)
{
	add_bytes(out, &number, sizeof(number));
}

static int64_t nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Another build has another idea of everything. */
static bool add_program(struct strbuf *out)
{
	struct stat st;
	char re[128];

	if (stat("/proc/self/exe", &st) != 0)
		return false;
	add_number(out, LAYOUT);
	add_text(out, TRAWL_VERSION);
	add_number(out, (uint64_t)st.st_size);
	add_number(out, (uint64_t)st.st_ino);
	add_number(out, (uint64_t)nanoseconds(st.st_mtim));
	add_number(out, (uint64_t)nanoseconds(st.st_ctim));
	add_text(out, re_version(re, sizeof(re)));
	add_text(out, gz_version());
	add_text(out, unicode_source());
	return true;
}

/* What is no regular file was read already, and says nothing, or something
 * else, when it is read again. */
static bool add_file(struct strbuf *out, const char *path)
{
	struct strbuf text;
	struct stat st;
	struct err err;
	struct hash128 h;
	bool ok;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	strbuf_init(&text);
	ok = file_read(&text, path, LIST_MOST, &err) == ERR_OK;
	h = hash_content(strbuf_str(&text));
	add_bytes(out, &h, sizeof(h));
	strbuf_release(&text);
	return ok;
}

static bool add_terms(struct strbuf *out, const struct investigation_options *o,
		      const struct ruleset *rules)
{
	struct hash128 digest = ruleset_digest(rules);
	bool ok = add_program(out);

	add_bytes(out, &digest, sizeof(digest));
	add_number(out, o->limits.max_record);
	add_number(out, o->limits.max_depth);
	add_number(out, o->limits.max_file);
	add_number(out, o->limits.max_ratio);
	add_number(out, o->days.given);
	add_number(out, (uint64_t)o->days.first);
	add_number(out, (uint64_t)o->days.last);
	add_number(out, o->site != NULL);
	add_number(out, o->ioc_n);
	ok = ok && (!o->site || add_file(out, o->site));
	for (size_t i = 0; ok && i < o->ioc_n; i++)
		ok = add_file(out, o->ioc[i]);
	return ok;
}

/* A load of the same paths on the same terms takes the place of the one
 * before; one on other terms lies beside it until there is no room. */
static bool choose_name(struct load_cache *c,
			const struct investigation_options *o,
			struct strbuf *text)
{
	bool relative = false, ok = true;
	struct hash128 h;

	for (size_t i = 0; i < o->path_n; i++) {
		add_text(text, o->path[i]);
		relative |= o->path[i][0] != '/';
	}
	if (relative) {
		char *here = getcwd(NULL, 0);

		add_text(text, here);
		ok = here != NULL;
		free(here);
	}
	h = hash_content(strbuf_str(text));
	snprintf(c->name, sizeof(c->name), "%016" PRIx64 "%016" PRIx64 ".load",
		 h.hi, h.lo);
	return ok;
}

struct load_cache *load_cache_new(const struct investigation_options *options,
				  const struct ruleset *rules,
				  struct hash128 geo)
{
	struct load_cache *c;
	struct strbuf text, path;
	struct timespec now;
	bool ok;

	if (!options->cache)
		return NULL;
	c = mem_zero(1, sizeof(*c));
	clock_gettime(CLOCK_REALTIME, &now);
	c->begun = nanoseconds(now);
	c->terms = *options->cache;
	c->limits = options->limits;
	strbuf_init(&text);
	strbuf_init(&path);
	ok = add_terms(&text, options, rules);
	add_bytes(&text, &geo, sizeof(geo));
	c->mark.kind = hash_content(strbuf_str(&text));
	ok = ok && choose_name(c, options, &text);
	if (c->terms.folder)
		strbuf_adds(&path, c->terms.folder);
	else
		ok = ok && cache_folder_path(&path);
	if (ok)
		c->folder = cache_folder_open(path.p);
	strbuf_release(&path);
	strbuf_release(&text);
	if (c->folder)
		return c;
	load_cache_free(c);
	return NULL;
}

void load_cache_free(struct load_cache *c)
{
	if (!c)
		return;
	cache_folder_close(c->folder);
	free(c);
}

/* Files ------------------------------------------------------------------- */

/* Work on all files, some hundreds a task. */
struct looking {
	const struct files *files;
	struct hash128 *ends;
	atomic_bool differs;
};

static bool is_gzip_name(const char *path)
{
	return str_ends(str_of(path), STR(".gz"));
}

/* Of what is packed the last bytes are enough: its checksum is there. */
static struct hash128 ends_of(const struct file_entry *e)
{
	char bytes[2 * END_BYTES];
	ssize_t first = 0, last = 0;
	int fd = -1;

	if (!e->refused)
		fd = open(e->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return (struct hash128){ 0, 0 };
	if (e->bytes <= END_BYTES || !is_gzip_name(e->path))
		first = pread(fd, bytes, END_BYTES, 0);
	if (first < 0)
		first = 0;
	if (e->bytes > END_BYTES)
		last = pread(fd, bytes + first, END_BYTES,
			     (off_t)(e->bytes - END_BYTES));
	if (last < 0)
		last = 0;
	close(fd);
	return hash_content(
		(struct str){ bytes, (size_t)first + (size_t)last });
}

static void read_ends(void *context, size_t task, unsigned worker)
{
	struct looking *x = context;
	size_t to = (task + 1) * FILES_A_TASK;

	(void)worker;
	for (size_t f = task * FILES_A_TASK; f < to && f < x->files->n; f++)
		x->ends[f] = ends_of(&x->files->entry[f]);
}

/* What all files begin and end with; the caller frees it. */
static struct hash128 *look_into(const struct load_cache *c,
				 const struct files *files)
{
	struct looking x = { .files = files };

	x.ends = mem_zero(files->n, sizeof(*x.ends));
	tasks_run(c->threads, files->n / FILES_A_TASK + 1, read_ends, &x);
	return x.ends;
}

static bool is_as_found(const struct file_entry *e)
{
	struct stat st;

	return e->refused ||
	       (stat(e->path, &st) == 0 && (uint64_t)st.st_size == e->bytes &&
		(uint64_t)st.st_ino == e->inode &&
		nanoseconds(st.st_mtim) == e->changed[0] &&
		nanoseconds(st.st_ctim) == e->changed[1]);
}

static void look_again(void *context, size_t task, unsigned worker)
{
	struct looking *x = context;
	size_t to = (task + 1) * FILES_A_TASK;

	(void)worker;
	for (size_t f = task * FILES_A_TASK; f < to && f < x->files->n; f++)
		if (!is_as_found(&x->files->entry[f]))
			atomic_store(&x->differs, true);
}

/* Are all files still what they were when they were found? */
static bool are_as_found(const struct load_cache *c, const struct files *files)
{
	struct looking x = { .files = files };

	atomic_init(&x.differs, false);
	tasks_run(c->threads, files->n / FILES_A_TASK + 1, look_again, &x);
	return !atomic_load(&x.differs);
}

/* All files, as they were found, as one number; notes when the last of them
 * changed. */
static struct hash128 sum_of(struct load_cache *c, const struct files *files)
{
	struct strbuf all;
	struct hash128 h;

	strbuf_init(&all);
	c->changed = 0;
	for (uint32_t f = 0; f < files->n; f++) {
		const struct file_entry *e = &files->entry[f];
		uint64_t v[] = { e->bytes, e->inode, (uint64_t)e->changed[0],
				 (uint64_t)e->changed[1], e->named };

		add_text(&all, e->path);
		add_text(&all, e->refused);
		add_bytes(&all, v, sizeof(v));
		for (int i = 0; i < 2; i++)
			if (e->changed[i] > c->changed)
				c->changed = e->changed[i];
	}
	h = hash_content(strbuf_str(&all));
	strbuf_release(&all);
	return h;
}

/* Restoring --------------------------------------------------------------- */

static bool ends_agree(const struct load_cache *c, const struct files *files,
		       struct pack *p)
{
	struct hash128 *kept = pack_take_n(p, SAVED_ENDS, sizeof(*kept),
					   files->n);
	struct hash128 *ends = kept ? look_into(c, files) : NULL;
	bool ok = kept != NULL;

	for (uint32_t f = 0; ok && f < files->n; f++)
		ok = ends[f].hi == kept[f].hi && ends[f].lo == kept[f].lo;
	free(ends);
	free(kept);
	return ok;
}

static bool restore_told(struct snapshot *s, struct pack *p)
{
	struct saved_told *told = pack_take_n(p, SAVED_TOLD, sizeof(*told), 1);

	if (!told)
		return false;
	s->gave_up = told->gave_up;
	s->left_out = told->left_out;
	free(told);
	return true;
}

bool load_parts_restore(struct snapshot *s, struct store_builder *b,
			const struct ruleset *rules, size_t max_record,
			unsigned threads, struct pack *p)
{
	struct store *store;

	if (!restore_told(s, p))
		return false;
	store = store_restore(b, p, max_record, threads);
	if (!store)
		return false;
	s->store = store;
	s->lineage = lineage_restore(store, p, threads);
	if (s->lineage && matches_restore(&s->matches, rules, store, p))
		return true;
	lineage_free(s->lineage);
	s->lineage = NULL;
	store_undo(b, store);
	s->store = NULL;
	return false;
}

bool load_cache_restore(struct load_cache *c, struct store_builder *b,
			const struct ruleset *rules, unsigned threads,
			struct snapshot *s)
{
	const struct files *files = builder_files(b);
	struct pack *p;
	bool ok;
	int fd;

	c->threads = threads;
	c->mark.of = sum_of(c, files);
	c->looked = true;
	fd = cache_folder_read(c->folder, c->name);
	if (fd < 0)
		return false;
	p = pack_open(fd, cache_folder_key(c->folder), c->mark, threads);
	close(fd);
	ok = p && ends_agree(c, files, p) &&
	     load_parts_restore(s, b, rules, c->limits.max_record, threads, p);
	pack_close(p);
	return ok;
}

/* Saving ------------------------------------------------------------------ */

void load_parts_save(const struct snapshot *s, struct pack_writer *w)
{
	struct saved_told told = { s->gave_up, s->left_out };

	pack_array(w, SAVED_TOLD, &told, 1, sizeof(told));
	store_save(s->store, w);
	lineage_save(s->lineage, w);
	matches_save(&s->matches, w);
}

/* A little more rather than less. */
static uint64_t bytes_of(const struct snapshot *s)
{
	return store_memory(s->store) +
	       string_tables_memory(s->store->strings) +
	       (uint64_t)s->store->n * 8 + (uint64_t)s->lineage->node_n * 256 +
	       (uint64_t)s->lineage->edge_n * 24 + s->matches.n * 24;
}

/* What changes twice within the grain of its file system's clock looks as if
 * it had changed once. */
static bool is_settled(const struct load_cache *c)
{
	return c->changed < c->begun - (int64_t)c->terms.settled_ms * 1000000;
}

void load_cache_save(struct load_cache *c, const struct snapshot *s,
		     const atomic_bool *stop)
{
	const struct files *files = s->store->files;
	struct pack_writer *w;
	struct hash128 *ends;
	int fd;

	if (!c->looked || !store_can_be_saved(s->store) ||
	    s->store->n < c->terms.least_events || !is_settled(c) ||
	    !are_as_found(c, files))
		return;
	fd = cache_folder_write(c->folder, bytes_of(s), c->terms.most_bytes);
	if (fd < 0)
		return;
	ends = look_into(c, files);
	w = pack_create(fd, cache_folder_key(c->folder), c->mark, stop);
	pack_array(w, SAVED_ENDS, ends, files->n, sizeof(*ends));
	load_parts_save(s, w);
	cache_folder_keep(c->folder, fd, c->name, pack_finish(w));
	free(ends);
}
