/* SPDX-License-Identifier: MIT */
#include "ui/complete_path.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"

/* A key does not wait for a folder of any size; what is offered is for eyes. */
enum { ENTRIES_MOST = 50000, OFFERS_MOST = 400 };

struct found {
	char **name;
	size_t n, cap;
};

static int by_name(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

/* Hidden ones where the dot was typed. */
static bool goes_on(struct str name, struct str typed)
{
	return name.n && str_starts(name, typed) &&
	       (name.p[0] != '.' || typed.n) && !str_eq(name, STR(".")) &&
	       !str_eq(name, STR(".."));
}

static void read_folder(const char *folder, struct str typed, struct found *out)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	for (size_t i = 0; d && i < ENTRIES_MOST && (e = readdir(d)); i++) {
		if (out->n == OFFERS_MOST)
			break;
		if (!goes_on(str_of(e->d_name), typed))
			continue;
		out->name = mem_grow(out->name, &out->cap, out->n + 1,
				     sizeof(*out->name));
		out->name[out->n++] = mem_strdup(e->d_name);
	}
	if (d)
		closedir(d);
}

/* A folder with the slash behind which one goes on. */
static void offer(const struct strbuf *folder, const char *name,
		  struct prompt_candidates *out)
{
	struct strbuf path;
	struct stat st;

	strbuf_init(&path);
	strbuf_add(&path, strbuf_str(folder));
	strbuf_addf(&path, "/%s", name);
	if (stat(path.p, &st) == 0 && S_ISDIR(st.st_mode)) {
		strbuf_clear(&path);
		strbuf_addf(&path, "%s/", name);
		prompt_offer(out, strbuf_str(&path));
	} else {
		prompt_offer(out, str_of(name));
	}
	strbuf_release(&path);
}

void path_add_home(struct strbuf *out, struct str path)
{
	const char *home = getenv("HOME");

	if (home && *home && str_starts(path, STR("~/"))) {
		strbuf_adds(out, home);
		path = str_from(path, 1);
	}
	strbuf_add(out, path);
}

void complete_path(struct str typed, size_t *from,
		   struct prompt_candidates *out)
{
	struct found found = { .n = 0 };
	struct strbuf folder;
	size_t cut = typed.n;

	while (cut && typed.p[cut - 1] != '/')
		cut--;
	strbuf_init(&folder);
	path_add_home(&folder, str_sub(typed, 0, cut));
	if (!folder.n)
		strbuf_adds(&folder, ".");
	read_folder(folder.p, str_from(typed, cut), &found);
	if (found.n)
		qsort(found.name, found.n, sizeof(*found.name), by_name);
	*from += cut;
	for (size_t i = 0; i < found.n; i++) {
		offer(&folder, found.name[i], out);
		free(found.name[i]);
	}
	free(found.name);
	strbuf_release(&folder);
}
