/* SPDX-License-Identifier: MIT */
#include "casework/load_cache.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/gz.h"
#include "base/mem.h"
#include "base/pack.h"
#include "base/re.h"
#include "base/tasks.h"
#include "base/unicode.h"
#include "base/xdg.h"
#include "casework/cache_folder.h"
#include "casework/load_files.h"
#include "store/store_pack.h"

enum {
	/* Goes up when a pack of before would be read wrongly. */
	LAYOUT = 3,
	SAVED_LOOKS = PARTS_SECTIONS_END, /* struct file_look of each file */
};

struct load_cache {
	struct cache_terms terms;
	struct cache_folder *folder;
	struct limits limits;
	unsigned threads;
	struct pack_mark mark;
	char name[64];
	int64_t begun;          /* before the files were looked at, ns since
				   1970 */
	struct file_look *look; /* at them; NULL: nobody looked */
	/* What was kept, read while the files are being looked for. */
	struct task_aside reading;
	struct pack *pack; /* NULL: nothing was kept */
	int pack_fd;
	/* What is being kept; NULL: nothing. */
	struct pack_writer *writer;
	int fd;
};

/* What a load is of ------------------------------------------------------- */

static void add_text(struct strbuf *out, const char *text)
{
	strbuf_add_part(out, text ? text : "", text ? strlen(text) : 0);
}

static void add_number(struct strbuf *out, uint64_t number)
{
	strbuf_add_part(out, &number, sizeof(number));
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
	add_number(out, (uint64_t)clock_ns_of(st.st_mtim));
	add_number(out, (uint64_t)clock_ns_of(st.st_ctim));
	add_text(out, re_version(re, sizeof(re)));
	add_text(out, gz_version());
	add_text(out, unicode_source());
	return true;
}

static bool add_terms(struct strbuf *out, const struct investigation_options *o,
		      const struct load_terms *terms)
{
	struct hash128 rules = ruleset_digest(terms->rules);
	struct hash128 lists = { 0, 0 };

	if (terms->lists)
		lists = indicators_digest(terms->lists);
	strbuf_add_part(out, &rules, sizeof(rules));
	strbuf_add_part(out, &lists, sizeof(lists));
	strbuf_add_part(out, &terms->site, sizeof(terms->site));
	strbuf_add_part(out, &terms->geo, sizeof(terms->geo));
	add_number(out, o->limits.max_record);
	add_number(out, o->limits.max_depth);
	add_number(out, o->limits.max_file);
	add_number(out, o->limits.max_ratio);
	add_number(out, o->days.given);
	add_number(out, (uint64_t)o->days.first);
	add_number(out, (uint64_t)o->days.last);
	add_number(out, o->names.only_n);
	for (size_t i = 0; i < o->names.only_n; i++)
		add_text(out, o->names.only[i]);
	add_number(out, o->names.never_n);
	for (size_t i = 0; i < o->names.never_n; i++)
		add_text(out, o->names.never[i]);
	add_number(out, o->site != NULL);
	add_number(out, o->ioc_n);
	return add_program(out);
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

static void read_pack(void *context)
{
	struct load_cache *c = context;

	c->pack_fd = cache_folder_read(c->folder, c->name);
	if (c->pack_fd >= 0)
		c->pack = pack_open(c->pack_fd, cache_folder_key(c->folder),
				    c->mark, c->threads);
}

static void close_pack(struct load_cache *c)
{
	pack_close(c->pack);
	c->pack = NULL;
	if (c->pack_fd >= 0)
		close(c->pack_fd);
	c->pack_fd = -1;
}

struct load_cache *load_cache_new(const struct investigation_options *options,
				  const struct load_terms *terms,
				  unsigned threads)
{
	struct load_cache *c;
	struct strbuf text, path;
	struct timespec now;
	bool ok;

	if (!options->cache)
		return NULL;
	c = mem_zero(1, sizeof(*c));
	clock_gettime(CLOCK_REALTIME, &now);
	c->begun = clock_ns_of(now);
	c->terms = *options->cache;
	c->limits = options->limits;
	c->threads = threads;
	c->pack_fd = -1;
	strbuf_init(&text);
	strbuf_init(&path);
	ok = add_terms(&text, options, terms);
	c->mark.kind = hash_content(strbuf_str(&text));
	ok = ok && choose_name(c, options, &text);
	if (c->terms.folder)
		strbuf_adds(&path, c->terms.folder);
	else
		ok = ok && xdg_path(&path, XDG_CACHE, "");
	if (ok)
		c->folder = cache_folder_open(path.p);
	strbuf_release(&path);
	strbuf_release(&text);
	if (!c->folder) {
		free(c);
		return NULL;
	}
	task_aside_begin(&c->reading, threads, read_pack, c);
	return c;
}

/* Restoring --------------------------------------------------------------- */

static uint32_t refused(const struct files *files)
{
	uint32_t n = 0;

	for (uint32_t f = 0; f < files->n; f++)
		n += files->entry[f].refused != NULL;
	return n;
}

static enum load_kept restore_from(struct load_cache *c,
				   struct store_builder *b,
				   const struct ruleset *rules,
				   struct load_noted *noted, struct snapshot *s,
				   struct pack *p)
{
	const struct files *files = builder_files(b);
	size_t max_record = c->limits.max_record, n;
	struct file_look *before = pack_take(p, SAVED_LOOKS, sizeof(*before),
					     &n);
	enum load_kept kept = KEPT_NOTHING;
	uint32_t same;
	file_id *of;

	if (!before || n >= UINT32_MAX) {
		free(before);
		return KEPT_NOTHING;
	}
	of = load_files_match(before, (uint32_t)n, c->look, files, c->threads,
			      &same);
	if (same == files->n - refused(files) &&
	    load_files_all_same(before, (uint32_t)n, c->look, files)) {
		if (load_parts_restore(s, b, rules, max_record, c->threads, p))
			kept = KEPT_ALL;
	} else if (same && load_rest_restore(b, noted, of, (uint32_t)n,
					     max_record, c->threads, p)) {
		kept = KEPT_FILES;
	}
	free(of);
	free(before);
	return kept;
}

enum load_kept load_cache_restore(struct load_cache *c, struct store_builder *b,
				  const struct ruleset *rules,
				  struct load_noted *noted, struct snapshot *s)
{
	enum load_kept kept = KEPT_NOTHING;

	c->look = load_files_look(builder_files(b),
				  cache_folder_key(c->folder));
	task_aside_wait(&c->reading);
	c->reading.started = false;
	if (c->pack)
		kept = restore_from(c, b, rules, noted, s, c->pack);
	close_pack(c);
	return kept;
}

/* Saving ------------------------------------------------------------------ */

/* Of what is saved last, before it is there; a little more rather than
 * less. */
static uint64_t bytes_of(const struct store *s, const struct facts *facts)
{
	return store_memory(s) + string_tables_memory(s->strings) +
	       (uint64_t)s->n * 12 + (uint64_t)(facts->n + facts->link_n) * 512;
}

void load_cache_begin(struct load_cache *c, struct store_builder *b,
		      const struct store *s, const row_id *row_of,
		      uint32_t arrivals, const struct load_noted *noted,
		      const atomic_bool *stop)
{
	uint64_t rest;
	bool with_rest = load_rest_can_be_saved(b, noted, &rest);

	c->fd = -1;
	if (c->look && !c->writer && store_can_be_saved(s) &&
	    s->n >= c->terms.least_events)
		c->fd = cache_folder_write(c->folder, c->name,
					   bytes_of(s, noted->facts) + rest,
					   c->terms.most_bytes);
	if (c->fd < 0) {
		rest_drop(b);
		return;
	}
	c->writer = pack_create(c->fd, cache_folder_key(c->folder), c->mark,
				stop);
	if (with_rest)
		load_rest_save(b, s, row_of, arrivals, noted, c->writer);
	rest_drop(b);
}

/* Ends what was begun. */
static void end(struct load_cache *c, bool keep)
{
	if (!c->writer)
		return;
	keep &= pack_finish(c->writer);
	cache_folder_keep(c->folder, c->fd, c->name, keep);
	c->writer = NULL;
}

void load_cache_save(struct load_cache *c, const struct snapshot *s)
{
	const struct files *files = s->store->files;
	int64_t settled = c->begun - (int64_t)c->terms.settled_ms * 1000000;
	uint64_t records;

	if (!c->writer)
		return;
	records = load_files_distrust(files, settled, c->look, c->threads);
	load_files_read_ends(files, NULL, c->look, c->threads);
	pack_array(c->writer, SAVED_LOOKS, c->look, files->n, sizeof(*c->look));
	load_parts_save(s, c->writer);
	end(c, records >= c->terms.least_events);
}

void load_cache_free(struct load_cache *c)
{
	if (!c)
		return;
	if (c->reading.started)
		task_aside_wait(&c->reading);
	close_pack(c);
	end(c, false);
	cache_folder_close(c->folder);
	free(c->look);
	free(c);
}
