/* SPDX-License-Identifier: MIT */
#include "store/files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

const char *file_format_name(enum file_format f)
{
	switch (f) {
	case FILE_UNREAD:
		return "unread";
	case FILE_RECORDS:
		return "CloudTrail delivery";
	case FILE_OBJECT:
		return "object with an array";
	case FILE_ARRAY:
		return "array";
	case FILE_LINES:
		return "JSON lines";
	case FILE_TABLE:
		return "table";
	case FILE_LOG:
		return "log";
	case FILE_CLOSED:
		return "not read";
	case FILE_UNKNOWN:
		return "unknown";
	case FILE_EMPTY:
		return "empty";
	}
	return "unknown";
}

void files_init(struct files *f)
{
	*f = (struct files){ .spool = -1 };
}

void files_release(struct files *f)
{
	for (uint32_t i = 0; i < f->n; i++) {
		struct file_entry *e = &f->entry[i];

		gz_points_release(&e->points);
		if (e->fd >= 0 && !e->spooled)
			close(e->fd);
		free(e->path);
	}
	if (f->spool >= 0)
		close(f->spool);
	free(f->entry);
	files_init(f);
}

file_id files_add(struct files *f, const char *path, uint64_t bytes)
{
	f->entry = mem_grow(f->entry, &f->cap, (size_t)f->n + 1,
			    sizeof(*f->entry));
	f->entry[f->n] = (struct file_entry){ .path = mem_strdup(path),
					      .fd = -1,
					      .bytes = bytes };
	return f->n++;
}

const char *file_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool files_same(const struct files *a, const struct files *b)
{
	bool same = a->n == b->n;

	for (uint32_t f = 0; same && f < a->n; f++) {
		const struct file_entry *x = &a->entry[f], *y = &b->entry[f];

		same = x->bytes == y->bytes && x->inode == y->inode &&
		       x->changed[0] == y->changed[0] &&
		       x->changed[1] == y->changed[1] &&
		       strcmp(x->path, y->path) == 0;
	}
	return same;
}
