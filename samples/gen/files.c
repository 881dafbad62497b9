/* SPDX-License-Identifier: MIT */
#include "gen/files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"

enum err_code files_make_folder(const char *path, struct err *err)
{
	char *copy = mem_strdup(path);
	enum err_code rc = ERR_OK;

	for (char *p = copy + 1; rc == ERR_OK; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) != 0 && errno != EEXIST)
			rc = err_errno(err, "%s", copy);
		*p = c;
		if (c == '\0')
			break;
	}
	free(copy);
	return rc;
}

enum err_code files_write(const char *path, struct str content, struct err *err)
{
	enum err_code rc = ERR_OK;
	FILE *f = fopen(path, "wb");

	if (!f ||
	    (content.n && fwrite(content.p, 1, content.n, f) != content.n))
		rc = err_errno(err, "%s", path);
	if (f && fclose(f) != 0 && rc == ERR_OK)
		rc = err_errno(err, "%s", path);
	return rc;
}

enum err_code files_check_json(struct str text, struct err *err)
{
	struct arena arena;
	enum err_code rc = ERR_OK;

	arena_init(&arena);
	if (!json_read(&arena, text, err)) {
		err_wrap(err, "%.200s", text.p);
		rc = err->code;
	}
	arena_release(&arena);
	return rc;
}

enum err_code files_read(const char *path, struct str *content, struct err *err)
{
	FILE *f = fopen(path, "rb");
	struct strbuf text;
	char part[4096];
	size_t n;

	*content = STR_NULL;
	if (!f)
		return err_errno(err, "%s", path);
	strbuf_init(&text);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		strbuf_add(&text, (struct str){ part, n });
	if (ferror(f)) {
		fclose(f);
		strbuf_release(&text);
		return err_errno(err, "%s", path);
	}
	fclose(f);
	content->n = text.n;
	content->p = strbuf_detach(&text);
	/* It has begun a new one. */
	strbuf_release(&text);
	return ERR_OK;
}
