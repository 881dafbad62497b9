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

static struct hash128 sum_of(const struct file_entry *e, struct hash_key key,
			     struct strbuf *text)
{
	uint64_t v[] = { key.k0,
			 key.k1,
			 e->bytes,
			 e->inode,
			 (uint64_t)e->changed[0],
			 (uint64_t)e->changed[1],
			 e->named,
			 e->refused != NULL };

	strbuf_clear(text);
	strbuf_add_part(text, v, sizeof(v));
	strbuf_add_part(text, e->path, strlen(e->path));
	if (e->refused)
		strbuf_add_part(text, e->refused, strlen(e->refused));
	return hash_content(strbuf_str(text));
}

struct file_look *load_files_look(const struct files *files,
				  struct hash_key key)
{
	struct file_look *look = mem_zero(files->n, sizeof(*look));
	struct strbuf text;

	strbuf_init(&text);
	for (uint32_t f = 0; f < files->n; f++)
		look[f].is = sum_of(&files->entry[f], key, &text);
	strbuf_release(&text);
	return look;
}

/* Ends --------------------------------------------------------------------- */

static bool is_gzip_name(const char *path)
{
	return str_ends(str_of(path), STR(".gz"));
}

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

static int compare_sums(uint32_t x, uint32_t y, const void *context)
{
	const struct file_look *look = context;
	struct hash128 a = look[x].is, b = look[y].is;

	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return a.lo < b.lo ? -1 : a.lo > b.lo;
}

/* The file that is `sum` now, by the order of their sums. */
static file_id find(const struct file_look *look, const uint32_t *order,
		    uint32_t n, struct hash128 sum)
{
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct hash128 at = look[order[middle]].is;

		if (at.hi < sum.hi || (at.hi == sum.hi && at.lo < sum.lo))
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && same_hash(look[order[low]].is, sum) ? order[low] :
								UINT32_MAX;
}

file_id *load_files_match(const struct file_look *before, uint32_t n,
			  struct file_look *look, const struct files *now,
			  unsigned threads, uint32_t *same)
{
	uint32_t *order = mem_alloc(((size_t)now->n + 1) * sizeof(*order));
	file_id *of = mem_alloc(((size_t)n + 1) * sizeof(*of));
	bool *wanted = mem_zero(now->n, sizeof(*wanted));

	for (uint32_t f = 0; f < now->n; f++)
		order[f] = f;
	sort_u32(order, now->n, compare_sums, look);
	for (uint32_t f = 0; f < n; f++) {
		of[f] = is_trusted(&before[f]) ?
				find(look, order, now->n, before[f].is) :
				UINT32_MAX;
		/* Nothing was read of it. Of two that say they are one file
		 * the first is. */
		if (of[f] != UINT32_MAX &&
		    (now->entry[of[f]].refused || wanted[of[f]]))
			of[f] = UINT32_MAX;
		if (of[f] != UINT32_MAX)
			wanted[of[f]] = true;
	}
	load_files_read_ends(now, wanted, look, threads);
	*same = 0;
	for (uint32_t f = 0; f < n; f++) {
		if (of[f] == UINT32_MAX)
			continue;
		if (same_hash(look[of[f]].ends, before[f].ends))
			++*same;
		else
			of[f] = UINT32_MAX;
	}
	free(order);
	free(wanted);
	return of;
}
