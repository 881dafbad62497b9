/* SPDX-License-Identifier: MIT */
#include "casework/cache_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

/* What is being written has this before its number. */
#define UNFINISHED "new-"
#define KEY_NAME   "key"

enum {
	STALE_SECONDS = 3600, /* nobody writes that long */
	TRIES = 100,          /* for a name that is free */
};

struct cache_folder {
	int fd;
	struct hash_key key;
	char made[32]; /* the name of what is being written */
};

/* Opening ----------------------------------------------------------------- */

static bool is_own(const struct stat *st)
{
	return st->st_uid == geteuid() && (st->st_mode & 077) == 0;
}

/* The folder, and the one that it is in. */
static int open_folder(const char *path)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	char *above = mem_strdup(path), *slash = strrchr(above, '/');
	struct stat st;
	int fd;

	if (slash && slash != above) {
		*slash = '\0';
		mkdir(above, 0700);
	}
	free(above);
	mkdir(path, 0700);
	fd = open(path, flags);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && is_own(&st))
		return fd;
	close(fd);
	return -1;
}

static int open_own(const struct cache_folder *f, const char *name)
{
	int fd = openat(f->fd, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && is_own(&st))
		return fd;
	close(fd);
	return -1;
}

/* True when it was read; `there` when there is something of that name. */
static bool read_key(struct cache_folder *f, bool *there)
{
	int fd = open_own(f, KEY_NAME);
	bool ok;

	*there = fd >= 0;
	if (fd < 0)
		return false;
	ok = read(fd, &f->key, sizeof(f->key)) == (ssize_t)sizeof(f->key);
	close(fd);
	return ok;
}

/* One that was torn while it was written seals nothing: it goes. Of two
 * processes that make one at a time the first has its way. */
static bool find_key(struct cache_folder *f)
{
	struct hash_key key;
	bool there, ok;
	int fd;

	if (read_key(f, &there))
		return true;
	if (there)
		unlinkat(f->fd, KEY_NAME, 0);
	key = hash_key_new();
	fd = openat(f->fd, KEY_NAME,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return read_key(f, &there);
	ok = write(fd, &key, sizeof(key)) == (ssize_t)sizeof(key);
	ok &= close(fd) == 0;
	f->key = key;
	if (!ok)
		unlinkat(f->fd, KEY_NAME, 0);
	return ok;
}

struct cache_folder *cache_folder_open(const char *path)
{
	struct cache_folder *f = mem_zero(1, sizeof(*f));

	f->fd = open_folder(path);
	if (f->fd >= 0 && find_key(f))
		return f;
	cache_folder_close(f);
	return NULL;
}

void cache_folder_close(struct cache_folder *f)
{
	if (!f)
		return;
	if (f->fd >= 0)
		close(f->fd);
	free(f);
}

struct hash_key cache_folder_key(const struct cache_folder *f)
{
	return f->key;
}

int cache_folder_read(struct cache_folder *f, const char *name)
{
	int fd = open_own(f, name);

	if (fd >= 0)
		futimens(fd, NULL);
	return fd;
}

/* Room -------------------------------------------------------------------- */

struct kept_file {
	char *name;
	struct timespec used;
	uint64_t bytes;
};

static int compare_used(const void *x, const void *y)
{
	const struct kept_file *a = x, *b = y;

	if (a->used.tv_sec != b->used.tv_sec)
		return a->used.tv_sec < b->used.tv_sec ? -1 : 1;
	if (a->used.tv_nsec != b->used.tv_nsec)
		return a->used.tv_nsec < b->used.tv_nsec ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* All files but the key; what somebody left unfinished is removed. */
static struct kept_file *list(const struct cache_folder *f, size_t *n)
{
	int fd = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct kept_file *file = NULL;
	time_t now = time(NULL);
	struct dirent *d;
	struct stat st;
	size_t cap = 0;

	*n = 0;
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	while ((d = readdir(dir))) {
		if (strcmp(d->d_name, KEY_NAME) == 0 ||
		    fstatat(f->fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(st.st_mode))
			continue;
		if (strncmp(d->d_name, UNFINISHED, strlen(UNFINISHED)) == 0 &&
		    st.st_mtime < now - STALE_SECONDS) {
			unlinkat(f->fd, d->d_name, 0);
			continue;
		}
		file = mem_grow(file, &cap, *n + 1, sizeof(*file));
		file[(*n)++] = (struct kept_file){ mem_strdup(d->d_name),
						   st.st_mtim,
						   (uint64_t)st.st_size };
	}
	closedir(dir);
	return file;
}

/* What is going to be replaced takes no room, and stays until then. */
static bool make_room(const struct cache_folder *f, const char *name,
		      uint64_t bytes, uint64_t most)
{
	struct statvfs disk;
	struct kept_file *file;
	uint64_t sum = 0;
	size_t n;

	if (bytes > most / 2 || fstatvfs(f->fd, &disk) != 0 ||
	    bytes / disk.f_frsize >= disk.f_bavail / 2)
		return false;
	file = list(f, &n);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(file[i].name, name) == 0)
			file[i].bytes = 0;
		sum += file[i].bytes;
	}
	if (n)
		qsort(file, n, sizeof(*file), compare_used);
	for (size_t i = 0; i < n; i++) {
		if (sum + bytes > most && file[i].bytes &&
		    unlinkat(f->fd, file[i].name, 0) == 0)
			sum -= file[i].bytes;
		free(file[i].name);
	}
	free(file);
	return sum + bytes <= most;
}

/* Writing ----------------------------------------------------------------- */

int cache_folder_write(struct cache_folder *f, const char *name, uint64_t bytes,
		       uint64_t most)
{
	if (!make_room(f, name, bytes, most))
		return -1;
	for (int i = 0; i < TRIES; i++) {
		int fd;

		snprintf(f->made, sizeof(f->made), UNFINISHED "%016llx",
			 (unsigned long long)hash_key_new().k0);
		fd = openat(f->fd, f->made,
			    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    0600);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

void cache_folder_keep(struct cache_folder *f, int fd, const char *name,
		       bool keep)
{
	keep &= close(fd) == 0;
	if (!keep || renameat(f->fd, f->made, f->fd, name) != 0)
		unlinkat(f->fd, f->made, 0);
}
