/* SPDX-License-Identifier: MIT */
#include "casework/load_files.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/strbuf.h"
#include "base/tasks.h"

enum {
	END_BYTES = 512, /* of a file, at both ends */
	FILES_A_TASK = 256,
};

/* Work on all files, some hundreds a task. */
struct looking {
	const struct files *files;
	const bool *wanted;
	struct file_look *look;
	int64_t settled;
	atomic_uint_fast64_t records;
};

static bool same_hash(struct hash128 a, struct hash128 b)
{
	return a.hi == b.hi && a.lo == b.lo;
}

static bool is_trusted(const struct file_look *l)
{
	return l->is.hi || l->is.lo;
}

/* As it was found ---------------------------------------------------------- */

static bool is_gzip_name(const char *path)
{
	return str_ends(str_of(path), STR(".gz"));
}

/* The name from its first dot on. */
static const char *name_end(const char *path)
{
	const char *name = file_base_name(path), *dot = strchr(name, '.');

	return dot ? dot : "";
}

static struct file_look look_of(const struct file_entry *e, struct hash_key key,
				struct strbuf *text)
{
	uint64_t v[] = { key.k0,
			 key.k1,
			 e->bytes,
			 e->inode,
			 (uint64_t)e->changed[0],
			 e->named,
			 e->refused != NULL };
	uint64_t changed = (uint64_t)e->changed[1];
	struct file_look look = { .body = { 0, 0 } };
	size_t body;

	strbuf_clear(text);
	strbuf_add_part(text, v, sizeof(v));
	if (e->refused)
		strbuf_add_part(text, e->refused, strlen(e->refused));
	body = text->n;
	/* A member of an archive, or what came from a pipe, is no file of its
	 * own that could be moved. What is not packed has no checksum at its
	 * end: without its time of change nothing tells of other bytes. */
	if (e->inode && !e->spooled && is_gzip_name(e->path)) {
		strbuf_add_part(text, &e->device, sizeof(e->device));
		strbuf_add_part(text, name_end(e->path),
				strlen(name_end(e->path)));
		look.body = hash_content(strbuf_str(text));
		strbuf_truncate(text, body);
	}
	strbuf_add_part(text, &changed, sizeof(changed));
	strbuf_add_part(text, e->path, strlen(e->path));
	look.is = hash_content(strbuf_str(text));
	return look;
}

struct file_look *load_files_look(const struct files *files,
				  struct hash_key key)
{
	struct file_look *look = mem_zero(files->n, sizeof(*look));
	struct strbuf text;

	strbuf_init(&text);
	for (uint32_t f = 0; f < files->n; f++)
		look[f] = look_of(&files->entry[f], key, &text);
	strbuf_release(&text);
	return look;
}

/* Ends --------------------------------------------------------------------- */

/* Of what is packed the last bytes are enough: its checksum is there. */
static struct hash128 ends_of(const struct file_entry *e)
{
	char bytes[2 * END_BYTES];
	size_t n = 0;
	int fd = -1;

	if (!e->refused)
		fd = open(e->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return (struct hash128){ 0, 0 };
	if (e->bytes <= END_BYTES || !is_gzip_name(e->path))
		n = file_read_at(fd, bytes, END_BYTES, 0);
	if (e->bytes > END_BYTES)
		n += file_read_at(fd, bytes + n, END_BYTES,
				  e->bytes - END_BYTES);
	close(fd);
	return hash_content((struct str){ bytes, n });
}

static void read_ends(void *context, size_t task, unsigned worker)
{
	struct looking *x = context;
	size_t to = (task + 1) * FILES_A_TASK;

	(void)worker;
	for (size_t f = task * FILES_A_TASK; f < to && f < x->files->n; f++)
		if (!x->wanted || x->wanted[f])
			x->look[f].ends = ends_of(&x->files->entry[f]);
}

void load_files_read_ends(const struct files *files, const bool *wanted,
			  struct file_look *look, unsigned threads)
{
	struct looking x = { .files = files, .wanted = wanted, .look = look };

	tasks_run(threads, files->n / FILES_A_TASK + 1, read_ends, &x);
}

/* Trust -------------------------------------------------------------------- */

static bool is_as_found(const struct file_entry *e)
{
	struct stat st;

	return e->refused ||
	       (stat(e->path, &st) == 0 && (uint64_t)st.st_size == e->bytes &&
		(uint64_t)st.st_ino == e->inode &&
		clock_ns_of(st.st_mtim) == e->changed[0] &&
		clock_ns_of(st.st_ctim) == e->changed[1]);
}

static void look_again(void *context, size_t task, unsigned worker)
{
	struct looking *x = context;
	size_t to = (task + 1) * FILES_A_TASK;
	uint64_t records = 0;

	(void)worker;
	for (size_t f = task * FILES_A_TASK; f < to && f < x->files->n; f++) {
		const struct file_entry *e = &x->files->entry[f];

		if (e->changed[0] < x->settled && e->changed[1] < x->settled &&
		    is_as_found(e))
			records += e->records;
		else
			x->look[f].is = (struct hash128){ 0, 0 };
	}
	atomic_fetch_add(&x->records, records);
}

uint64_t load_files_distrust(const struct files *files, int64_t settled,
			     struct file_look *look, unsigned threads)
{
	struct looking x = { .files = files, .look = look, .settled = settled };

	atomic_init(&x.records, 0);
	tasks_run(threads, files->n / FILES_A_TASK + 1, look_again, &x);
	return atomic_load(&x.records);
}

/* Before and now ----------------------------------------------------------- */

bool load_files_all_same(const struct file_look *before, uint32_t n,
			 const struct file_look *look, const struct files *now)
{
	bool same = n == now->n;

	for (uint32_t f = 0; same && f < n; f++)
		same = is_trusted(&before[f]) &&
		       same_hash(before[f].is, look[f].is);
	return same;
}

/* The files that there are now, by one of their sums. */
struct now_files {
	const struct files *files;
	const struct file_look *look;
	bool bodies;     /* else by what they are, path and all */
	uint32_t *order; /* by that sum */
	bool *taken;
};

static struct hash128 sum_at(const struct now_files *now, uint32_t f)
{
	return now->bodies ? now->look[f].body : now->look[f].is;
}

static int compare_hashes(struct hash128 a, struct hash128 b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return a.lo < b.lo ? -1 : a.lo > b.lo;
}

/* Of like ones the first in the list is the first. */
static int compare_sums(uint32_t x, uint32_t y, const void *context)
{
	const struct now_files *now = context;
	int d = compare_hashes(sum_at(now, x), sum_at(now, y));

	return d ? d : x < y ? -1 : x > y;
}

static void order_by(struct now_files *now, bool bodies)
{
	now->bodies = bodies;
	for (uint32_t f = 0; f < now->files->n; f++)
		now->order[f] = f;
	sort_u32(now->order, now->files->n, compare_sums, now);
}

/* The first file with that sum that nobody is yet, which he then is; refused
 * ones are not: nothing was read of them. */
static file_id take_file(struct now_files *now, struct hash128 sum)
{
	uint32_t low = 0, n = now->files->n, high = n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (compare_hashes(sum_at(now, now->order[middle]), sum) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == n || compare_hashes(sum_at(now, now->order[low]), sum) ||
	    now->taken[now->order[low]] ||
	    now->files->entry[now->order[low]].refused)
		return UINT32_MAX;
	now->taken[now->order[low]] = true;
	return now->order[low];
}

/* Those that are where they were, then those that are elsewhere. */
static file_id *find_files(struct now_files *now,
			   const struct file_look *before, uint32_t n)
{
	file_id *of = mem_alloc(((size_t)n + 1) * sizeof(*of));
	uint32_t left = 0;

	order_by(now, false);
	for (uint32_t f = 0; f < n; f++) {
		of[f] = is_trusted(&before[f]) ? take_file(now, before[f].is) :
						 UINT32_MAX;
		left += of[f] == UINT32_MAX;
	}
	if (!left)
		return of;
	order_by(now, true);
	for (uint32_t f = 0; f < n; f++)
		if (of[f] == UINT32_MAX && is_trusted(&before[f]) &&
		    (before[f].body.hi || before[f].body.lo))
			of[f] = take_file(now, before[f].body);
	return of;
}

file_id *load_files_match(const struct file_look *before, uint32_t n,
			  struct file_look *look, const struct files *files,
			  unsigned threads, uint32_t *same)
{
	struct now_files now = {
		.files = files,
		.look = look,
		.order = mem_alloc(((size_t)files->n + 1) * sizeof(*now.order)),
		.taken = mem_zero(files->n, sizeof(*now.taken)),
	};
	file_id *of = find_files(&now, before, n);

	load_files_read_ends(files, now.taken, look, threads);
	*same = 0;
	for (uint32_t f = 0; f < n; f++) {
		if (of[f] == UINT32_MAX)
			continue;
		if (same_hash(look[of[f]].ends, before[f].ends))
			++*same;
		else
			of[f] = UINT32_MAX;
	}
	free(now.order);
	free(now.taken);
	return of;
}
