/* SPDX-License-Identifier: MIT */
#include "ingest/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"

enum { DEEPEST_FOLDER = 200, ASKED_EVERY = 1024, ASKED_MS = 100 };

struct walk {
	struct files *files;
	const char *root; /* the folder given, resolved; NULL outside one */
	size_t given;     /* length of its path as given */
	struct walk_terms *terms;
	bool ended;
};

/* Days -------------------------------------------------------------------- */

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* "/2026/01/09" at the end of a path, as "2026-01-09". */
static int64_t day_of_folder(struct str path)
{
	char text[10];

	while (path.n && path.p[path.n - 1] == '/')
		path.n--;
	if (path.n < 11)
		return TIME_NONE;
	path = str_from(path, path.n - 11);
	if (path.p[0] != '/' || path.p[5] != '/' || path.p[8] != '/')
		return TIME_NONE;
	memcpy(text, path.p + 1, sizeof(text));
	text[4] = text[7] = '-';
	return time_parse((struct str){ text, sizeof(text) }, NULL);
}

/* "_20260109T2140Z_" in a name. */
static int64_t day_of_name(struct str name)
{
	enum { LENGTH = sizeof("_20260109T2140Z_") - 1 };

	for (size_t i = 0; i + LENGTH <= name.n; i++) {
		struct str s = str_sub(name, i, i + LENGTH);
		char text[] = "2026-01-09";

		if (s.p[0] != '_' || s.p[9] != 'T' || s.p[14] != 'Z' ||
		    s.p[15] != '_' || !is_digits(str_sub(s, 1, 9)) ||
		    !is_digits(str_sub(s, 10, 14)))
			continue;
		memcpy(text, s.p + 1, 4);
		memcpy(text + 5, s.p + 5, 2);
		memcpy(text + 8, s.p + 7, 2);
		return time_parse(str_of(text), NULL);
	}
	return TIME_NONE;
}

/* When the day begins that a path in S3's layout tells, or TIME_NONE: of a
 * folder, YYYY/MM/DD at its end; of a file, _YYYYMMDDTHHMMZ_ in its name. */
static int64_t day_of(const char *path, bool folder)
{
	return folder ? day_of_folder(str_of(path)) :
			day_of_name(str_of(file_base_name(path)));
}

/* True for what lies below the folder given and is of another day. */
static bool is_other_day(struct walk *w, const char *path, bool folder)
{
	const struct walk_days *days = w->terms ? &w->terms->days : NULL;
	const char *below = path + w->given;
	struct strbuf whole;
	int64_t day;

	if (!days || !days->given)
		return false;
	/* The year may stand in what "." stands for. */
	while (*below == '/')
		below++;
	strbuf_init(&whole);
	strbuf_addf(&whole, "%s/%s", w->root, below);
	day = day_of(whole.p, folder);
	strbuf_release(&whole);
	if (day == TIME_NONE ||
	    ((days->first == TIME_NONE || day >= days->first) &&
	     (days->last == TIME_NONE || day <= days->last)))
		return false;
	w->terms->left_out++;
	return true;
}

/* Names ------------------------------------------------------------------- */

static bool has_name(const char *const *pattern, size_t n, struct str below,
		     struct str name)
{
	for (size_t i = 0; i < n; i++) {
		struct str p = str_of(pattern[i]);

		if (str_glob(str_find_char(p, '/', 0) == SIZE_MAX ? name :
								    below,
			     p, false))
			return true;
	}
	return false;
}

/* True for what lies below the folder given under a name that is not wanted. */
static bool is_other_name(struct walk *w, const char *path, bool folder)
{
	const struct walk_names *names = w->terms ? &w->terms->names : NULL;
	struct str below = str_from(str_of(path), w->given);
	struct str name = str_of(file_base_name(path));

	if (!names)
		return false;
	while (below.n && below.p[0] == '/')
		below = str_from(below, 1);
	if (!has_name(names->never, names->never_n, below, name) &&
	    (folder || !names->only_n ||
	     has_name(names->only, names->only_n, below, name)))
		return false;
	w->terms->left_out++;
	return true;
}

static bool is_unwanted(struct walk *w, const char *path, bool folder)
{
	return is_other_day(w, path, folder) || is_other_name(w, path, folder);
}

/* Entries ----------------------------------------------------------------- */

/* A path that cannot be used, as a file of which nothing was read. */
static void refuse(struct walk *w, const char *path, const char *reason,
		   bool foreign)
{
	file_id id = files_add(w->files, path, 0);

	w->files->entry[id].format = FILE_UNKNOWN;
	w->files->entry[id].refused = reason;
	w->files->entry[id].foreign = foreign;
}

static void add_file(struct walk *w, const char *path, const struct stat *st,
		     bool named)
{
	struct file_entry *e;
	file_id id;

	if (!named && is_unwanted(w, path, false))
		return;
	id = files_add(w->files, path, (uint64_t)st->st_size);
	if (w->terms && w->terms->going && id % ASKED_EVERY == 0)
		w->ended |= !w->terms->going(w->terms->context, id);
	e = &w->files->entry[id];
	e->named = named;
	e->device = (uint64_t)st->st_dev;
	e->inode = (uint64_t)st->st_ino;
	e->changed[0] = clock_ns_of(st->st_mtim);
	e->changed[1] = clock_ns_of(st->st_ctim);
}

/*
 * A link whose target lies inside the folder that is being walked: the target
 * is met there, unless something in its path is hidden. A file is added then
 * (and once, see walk_finish); a folder could lead round and round.
 */
static void follow(struct walk *w, const char *link)
{
	char *target = realpath(link, NULL);
	size_t n = strlen(w->root);
	struct stat st;

	/* "/" ends in the slash that begins what is below. */
	if (n && w->root[n - 1] == '/')
		n--;
	if (!target || strncmp(target, w->root, n) != 0 ||
	    (target[n] != '/' && target[n] != '\0') || stat(target, &st) != 0)
		refuse(w, link, "a symbolic link that leads elsewhere", true);
	else if (strstr(target + n, "/.") && S_ISREG(st.st_mode))
		add_file(w, link, &st, false);
	else if (strstr(target + n, "/.") && S_ISDIR(st.st_mode))
		refuse(w, link, "a symbolic link to a hidden folder", false);
	free(target);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted. *whole: to its end. */
static char **list_names(DIR *dir, size_t *n, bool *whole)
{
	struct dirent *d;
	char **names = NULL;
	size_t cap = 0;

	*n = 0;
	while (errno = 0, (d = readdir(dir))) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		names = mem_grow(names, &cap, *n + 1, sizeof(*names));
		names[(*n)++] = mem_strdup(d->d_name);
	}
	*whole = errno == 0;
	if (*n)
		qsort(names, *n, sizeof(*names), compare_names);
	return names;
}

/* A folder that is being read. What lies in it is looked at from there: with
 * the folders of S3 a whole path is ten names long. */
struct folder {
	int fd;           /* AT_FDCWD: where paths begin */
	const char *path; /* its own */
	unsigned depth;
};

static void walk_folder(struct walk *w, const struct folder *in,
			const char *name, const char *path, int flags);

static void walk_entry(struct walk *w, const struct folder *in,
		       const char *name, const char *path)
{
	struct stat st;

	if (fstatat(in->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		refuse(w, path, "cannot be looked at", false);
	else if (S_ISREG(st.st_mode))
		add_file(w, path, &st, false);
	else if (S_ISDIR(st.st_mode) && is_unwanted(w, path, true))
		return;
	else if (S_ISDIR(st.st_mode) && in->depth > DEEPEST_FOLDER)
		refuse(w, path, "too many folders inside one another", false);
	else if (S_ISDIR(st.st_mode))
		walk_folder(w, in, name, path, O_NOFOLLOW);
	else if (S_ISLNK(st.st_mode))
		follow(w, path);
	else
		refuse(w, path, "a device, pipe or socket", true);
}

static void walk_names(struct walk *w, const struct folder *in, char **names,
		       size_t n)
{
	size_t end = strlen(in->path);
	struct strbuf child;

	strbuf_init(&child);
	for (size_t i = 0; i < n; i++) {
		strbuf_clear(&child);
		strbuf_adds(&child, in->path);
		if (end && in->path[end - 1] != '/')
			strbuf_addc(&child, '/');
		strbuf_adds(&child, names[i]);
		/* Not passed over in silence: evidence may lie there. */
		if (names[i][0] == '.')
			refuse(w, child.p, "hidden: read only when named",
			       true);
		else if (!w->ended)
			walk_entry(w, in, names[i], child.p);
		free(names[i]);
	}
	strbuf_release(&child);
}

/* Recursion is bounded by DEEPEST_FOLDER, and so are the folders open. */
static void walk_folder(struct walk *w, const struct folder *in,
			const char *name, const char *path, int flags)
{
	struct folder f = { .path = path, .depth = in->depth + 1 };
	DIR *dir = NULL;
	bool whole;
	size_t n;
	char **names;

	f.fd = openat(in->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
	if (f.fd >= 0)
		dir = fdopendir(f.fd);
	if (!dir) {
		if (f.fd >= 0)
			close(f.fd);
		refuse(w, path, "the folder cannot be read", false);
		return;
	}
	names = list_names(dir, &n, &whole);
	if (!whole)
		refuse(w, path, "the folder cannot be read to its end", false);
	walk_names(w, &f, names, n);
	free(names);
	closedir(dir);
}

/* Waits until there is something to read, or the walk is ended. */
static bool wait_for(const struct walk *w, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	const struct walk_terms *terms = w->terms;
	int n;

	for (;;) {
		if (terms && terms->going &&
		    !terms->going(terms->context, w->files->n))
			return false;
		n = poll(&p, 1, ASKED_MS);
		if (n > 0 || (n < 0 && errno != EINTR))
			return true;
	}
}

static bool copy_bytes(const struct walk *w, int from, int to, uint64_t *total,
		       struct err *err)
{
	static const size_t size = 256 * 1024;
	char *buf = mem_alloc(size);
	bool ok = false;

	*total = 0;
	for (;;) {
		ssize_t n;

		if (!wait_for(w, from)) {
			err_set(err, ERR_CANCELLED, "stopped");
			break;
		}
		n = read(from, buf, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err_errno(err, "reading a pipe");
		if (n <= 0) {
			ok = n == 0;
			break;
		}
		for (ssize_t done = 0, put; done < n; done += put) {
			put = write(to, buf + done, (size_t)(n - done));
			if (put < 0 && errno == EINTR)
				put = 0;
			if (put < 0) {
				err_errno(err, "keeping a copy of a pipe");
				free(buf);
				return false;
			}
		}
		*total += (uint64_t)n;
	}
	free(buf);
	return ok;
}

/* Pipes cannot be read twice: a copy can. */
static enum err_code spool(struct walk *w, const char *path, int from,
			   struct err *err)
{
	uint64_t bytes = 0;
	int fd = file_nameless(err);
	file_id id;

	if (fd < 0)
		return err->code;
	if (!copy_bytes(w, from, fd, &bytes, err)) {
		close(fd);
		return err_wrap(err, "%s", path);
	}
	id = files_add(w->files, path, bytes);
	w->files->entry[id].fd = fd;
	w->files->entry[id].named = true;
	return ERR_OK;
}

enum err_code walk_check(const char *path, struct err *err)
{
	struct stat st;

	if (strcmp(path, "-") != 0 && stat(path, &st) != 0)
		return err_errno(err, "%s", path);
	return ERR_OK;
}

enum err_code walk_path(struct files *files, const char *path,
			struct walk_terms *terms, struct err *err)
{
	const struct folder here = { .fd = AT_FDCWD, .path = "" };
	struct walk w = { .files = files,
			  .given = strlen(path),
			  .terms = terms };
	struct stat st;
	enum err_code rc;
	char *root;
	int fd;

	if (strcmp(path, "-") == 0)
		return spool(&w, path, STDIN_FILENO, err);
	if (stat(path, &st) != 0)
		return err_errno(err, "%s", path);
	if (S_ISREG(st.st_mode)) {
		add_file(&w, path, &st, true);
		return ERR_OK;
	}
	if (S_ISDIR(st.st_mode)) {
		root = realpath(path, NULL);
		if (!root)
			return err_errno(err, "%s", path);
		w.root = root;
		walk_folder(&w, &here, path, path, 0);
		free(root);
		return w.ended ? err_set(err, ERR_CANCELLED, "stopped") :
				 ERR_OK;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_errno(err, "%s", path);
	rc = spool(&w, path, fd, err);
	close(fd);
	return rc;
}

/* Order and repeats ------------------------------------------------------- */

static int compare_paths(const void *x, const void *y)
{
	const struct file_entry *const *a = x, *const *b = y;
	int d = strcmp((*a)->path, (*b)->path);

	return d ? d : *a < *b ? -1 : *a > *b;
}

static int compare_inodes(const void *x, const void *y)
{
	const struct file_entry *const *a = x, *const *b = y;

	if ((*a)->device != (*b)->device)
		return (*a)->device < (*b)->device ? -1 : 1;
	if ((*a)->inode != (*b)->inode)
		return (*a)->inode < (*b)->inode ? -1 : 1;
	return *a < *b ? -1 : *a > *b;
}

static struct file_entry **entries_of(struct files *files)
{
	struct file_entry **entry =
		mem_alloc(((size_t)files->n + 1) * sizeof(*entry));

	for (uint32_t i = 0; i < files->n; i++)
		entry[i] = &files->entry[i];
	return entry;
}

static void sort_by_path(struct files *files)
{
	struct file_entry **entry = entries_of(files);
	struct file_entry *sorted =
		mem_alloc(((size_t)files->n + 1) * sizeof(*sorted));

	qsort(entry, files->n, sizeof(*entry), compare_paths);
	for (uint32_t i = 0; i < files->n; i++)
		sorted[i] = *entry[i];
	free(entry);
	free(files->entry);
	files->entry = sorted;
	files->cap = (size_t)files->n + 1;
}

void walk_finish(struct files *files)
{
	struct file_entry **entry;
	uint32_t kept = 0;

	sort_by_path(files);
	entry = entries_of(files);
	qsort(entry, files->n, sizeof(*entry), compare_inodes);
	for (uint32_t i = 1, first = 0; i < files->n; i++) {
		struct file_entry *a = entry[first], *b = entry[i];

		if (b->inode && b->inode == a->inode &&
		    b->device == a->device) {
			a->named |= b->named;
			b->bytes = UINT64_MAX; /* marked to go */
		} else {
			first = i;
		}
	}
	free(entry);
	for (uint32_t i = 0; i < files->n; i++) {
		if (files->entry[i].bytes == UINT64_MAX)
			free(files->entry[i].path);
		else
			files->entry[kept++] = files->entry[i];
	}
	files->n = kept;
}
