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

/* What tells a file from what it was. */
struct file_print {
	struct hash128 stat; /* of its path, size, times and number */
	struct hash128 ends;
	int64_t changed; /* ns since 1970, the later of its times */
};

struct load_cache {
	struct cache_terms terms;
	struct cache_folder *folder;
	struct limits limits;
	unsigned threads;
	struct pack_mark mark;
	char name[64];
	int64_t begun; /* when the files were looked at, ns since 1970 */
	int64_t changed;
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

static bool add_file(struct strbuf *out, const char *path)
{
	struct strbuf text;
	struct err err;
	struct hash128 h;
	bool ok;

	if (!path)
		return true;
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
	ok = ok && add_file(out, o->site);
	for (size_t i = 0; ok && i < o->ioc_n; i++)
		ok = add_file(out, o->ioc[i]);
	return ok;
}

/* A load of the same paths takes the place of the one before. */
static bool choose_name(struct load_cache *c,
			const struct investigation_options *o,
			struct strbuf *text)
{
	char *here = getcwd(NULL, 0);
	struct hash128 h;

	add_text(text, here);
	free(here);
	for (size_t i = 0; i < o->path_n; i++)
		add_text(text, o->path[i]);
	h = hash_content(strbuf_str(text));
	snprintf(c->name, sizeof(c->name), "%016" PRIx64 "%016" PRIx64 ".load",
		 h.hi, h.lo);
	return here != NULL;
}

struct load_cache *load_cache_new(const struct investigation_options *options,
				  const struct ruleset *rules)
{
	struct load_cache *c;
	struct strbuf text, path;
	bool ok;

	if (!options->cache)
		return NULL;
	c = mem_zero(1, sizeof(*c));
	c->terms = *options->cache;
	c->limits = options->limits;
	strbuf_init(&text);
	strbuf_init(&path);
	ok = add_terms(&text, options, rules);
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

struct printing {
	const struct files *files;
	struct file_print *print;
	bool ends;
};

static void print_stat(const struct file_entry *e, struct file_print *out)
{
	struct hash128 path = hash_content(str_of(e->path));
	struct hash128 why = hash_content(str_of(e->refused ? e->refused : ""));
	struct stat st;
	uint64_t v[10] = { path.hi, path.lo, why.hi, why.lo, e->named };

	out->changed = 0;
	if (!e->refused && stat(e->path, &st) == 0) {
		int64_t m = nanoseconds(st.st_mtim),
			k = nanoseconds(st.st_ctim);

		v[5] = (uint64_t)st.st_size;
		v[6] = (uint64_t)st.st_ino;
		v[7] = (uint64_t)m;
		v[8] = (uint64_t)k;
		v[9] = st.st_mode;
		out->changed = m > k ? m : k;
	}
	out->stat = hash_content((struct str){ (const char *)v, sizeof(v) });
}

static void print_ends(const struct file_entry *e, struct file_print *out)
{
	char bytes[2 * END_BYTES];
	ssize_t first = 0, last = 0;
	int fd;

	if (e->refused)
		return;
	fd = open(e->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	first = pread(fd, bytes, END_BYTES, 0);
	if (first < 0)
		first = 0;
	if (e->bytes > END_BYTES)
		last = pread(fd, bytes + first, END_BYTES,
			     (off_t)(e->bytes - END_BYTES));
	if (last < 0)
		last = 0;
	close(fd);
	out->ends = hash_content(
		(struct str){ bytes, (size_t)first + (size_t)last });
}

static void print_files(void *context, size_t task, unsigned worker)
{
	struct printing *p = context;
	size_t to = (task + 1) * FILES_A_TASK;

	(void)worker;
	for (size_t f = task * FILES_A_TASK; f < to && f < p->files->n; f++) {
		const struct file_entry *e = &p->files->entry[f];

		if (p->ends)
			print_ends(e, &p->print[f]);
		else
			print_stat(e, &p->print[f]);
	}
}

static struct file_print *look_at(const struct load_cache *c,
				  const struct files *files)
{
	struct printing p = { files, mem_zero(files->n, sizeof(*p.print)),
			      false };

	tasks_run(c->threads, files->n / FILES_A_TASK + 1, print_files, &p);
	return p.print;
}

static void look_into(const struct load_cache *c, const struct files *files,
		      struct file_print *print)
{
	struct printing p = { files, print, true };

	tasks_run(c->threads, files->n / FILES_A_TASK + 1, print_files, &p);
}

/* All files as one number, and when the last of them changed. */
static struct hash128 sum_of(const struct file_print *print, uint32_t n,
			     int64_t *changed)
{
	struct strbuf all;
	struct hash128 h;

	strbuf_init(&all);
	*changed = 0;
	for (uint32_t f = 0; f < n; f++) {
		add_bytes(&all, &print[f].stat, sizeof(print[f].stat));
		if (print[f].changed > *changed)
			*changed = print[f].changed;
	}
	h = hash_content(strbuf_str(&all));
	strbuf_release(&all);
	return h;
}

/* Restoring --------------------------------------------------------------- */

static bool ends_agree(const struct load_cache *c, const struct files *files,
		       struct file_print *print, struct pack *p)
{
	struct hash128 *ends = pack_take_n(p, SAVED_ENDS, sizeof(*ends),
					   files->n);
	bool ok = ends != NULL;

	if (ok)
		look_into(c, files, print);
	for (uint32_t f = 0; ok && f < files->n; f++)
		ok = ends[f].hi == print[f].ends.hi &&
		     ends[f].lo == print[f].ends.lo;
	free(ends);
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
	struct file_print *print;
	struct timespec now;
	struct pack *p = NULL;
	bool ok = false;
	int fd;

	clock_gettime(CLOCK_REALTIME, &now);
	c->begun = nanoseconds(now);
	c->threads = threads;
	print = look_at(c, files);
	c->mark.of = sum_of(print, files->n, &c->changed);
	c->looked = true;
	fd = cache_folder_read(c->folder, c->name);
	if (fd >= 0) {
		p = pack_open(fd, cache_folder_key(c->folder), c->mark,
			      threads);
		close(fd);
	}
	if (p)
		ok = ends_agree(c, files, print, p) &&
		     load_parts_restore(s, b, rules, c->limits.max_record,
					threads, p);
	pack_close(p);
	free(print);
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

static void save_ends(const struct file_print *print, uint32_t n,
		      struct pack_writer *w)
{
	pack_begin(w, SAVED_ENDS);
	for (uint32_t f = 0; f < n; f++)
		pack_add(w, &print[f].ends, sizeof(print[f].ends));
}

void load_cache_save(struct load_cache *c, const struct snapshot *s,
		     const atomic_bool *stop)
{
	const struct files *files = s->store->files;
	struct file_print *print;
	struct pack_writer *w;
	struct hash128 of;
	int64_t changed;
	int fd;

	if (!c->looked || !store_can_be_saved(s->store) ||
	    s->store->n < c->terms.least_events || !is_settled(c))
		return;
	print = look_at(c, files);
	of = sum_of(print, files->n, &changed);
	if (of.hi == c->mark.of.hi && of.lo == c->mark.of.lo) {
		fd = cache_folder_write(c->folder, bytes_of(s),
					c->terms.most_bytes);
		if (fd >= 0) {
			look_into(c, files, print);
			w = pack_create(fd, cache_folder_key(c->folder),
					c->mark, stop);
			save_ends(print, files->n, w);
			load_parts_save(s, w);
			cache_folder_keep(c->folder, fd, c->name,
					  pack_finish(w));
		}
	}
	free(print);
}
