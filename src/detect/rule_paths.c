/* SPDX-License-Identifier: MIT */
#include "detect/rule_paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "detect/rule_file.h"

/* Deeper folders are listed as unreadable. */
enum { FOLDERS_DEEP = 32 };

static void add(char ***list, size_t *n, size_t *cap, const char *path)
{
	*list = mem_grow(*list, cap, *n + 1, sizeof(**list));
	(*list)[(*n)++] = mem_strdup(path);
}

static bool is_rule_name(const char *name)
{
	struct str s = str_of(name);

	return str_ends_fold(s, STR(".yml")) || str_ends_fold(s, STR(".yaml"));
}

static void walk(struct rule_paths *out, const char *folder, unsigned depth)
{
	DIR *d = depth < FOLDERS_DEEP ? opendir(folder) : NULL;
	struct strbuf path;
	struct dirent *e;

	if (!d) {
		add(&out->unreadable, &out->unreadable_n, &out->unreadable_cap,
		    folder);
		return;
	}
	strbuf_init(&path);
	while (errno = 0, (e = readdir(d))) {
		struct stat st;

		if (e->d_name[0] == '.')
			continue;
		if (out->n == RULE_PATHS_MAX) {
			out->cut = true;
			break;
		}
		strbuf_clear(&path);
		strbuf_addf(&path, "%s/%s", folder, e->d_name);
		if (lstat(path.p, &st)) {
			add(&out->unreadable, &out->unreadable_n,
			    &out->unreadable_cap, path.p);
			continue;
		}
		if (S_ISDIR(st.st_mode))
			walk(out, path.p, depth + 1);
		/* Not pipes and devices: reading one might never end. */
		else if (is_rule_name(e->d_name) && !stat(path.p, &st) &&
			 S_ISREG(st.st_mode))
			add(&out->path, &out->n, &out->cap, path.p);
	}
	if (errno && !out->cut)
		add(&out->unreadable, &out->unreadable_n, &out->unreadable_cap,
		    folder);
	strbuf_release(&path);
	closedir(d);
}

static int compare(const void *x, const void *y)
{
	char *const *a = x, *const *b = y;

	return strcmp(*a, *b);
}

enum err_code rule_paths_find(struct rule_paths *out, const char *path,
			      struct err *err)
{
	struct strbuf folder;
	struct stat st;

	*out = (struct rule_paths){ .n = 0 };
	if (stat(path, &st))
		return err_errno(err, "%s", path);
	if (!S_ISDIR(st.st_mode)) {
		add(&out->path, &out->n, &out->cap, path);
		return ERR_OK;
	}
	/* "rules/" and "rules" name the same files. */
	strbuf_init(&folder);
	strbuf_adds(&folder, path);
	while (folder.n > 1 && folder.p[folder.n - 1] == '/')
		strbuf_truncate(&folder, folder.n - 1);
	walk(out, folder.p, 0);
	strbuf_release(&folder);
	if (out->n)
		qsort(out->path, out->n, sizeof(*out->path), compare);
	if (out->n == 0 && out->unreadable_n)
		return err_set(err, ERR_IO, "%s: cannot be read", path);
	return ERR_OK;
}

void rule_paths_release(struct rule_paths *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->path[i]);
	for (size_t i = 0; i < p->unreadable_n; i++)
		free(p->unreadable[i]);
	free(p->path);
	free(p->unreadable);
}
