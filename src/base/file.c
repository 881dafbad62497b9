/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <stdio.h>

enum err_code file_read(struct strbuf *out, const char *path, size_t max,
			struct err *err)
{
	FILE *f = fopen(path, "rb");
	size_t before = out->n, n;
	char buf[16384];
	bool failed;

	if (!f)
		return err_errno(err, "%s", path);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0 &&
	       out->n - before <= max)
		strbuf_add(out, (struct str){ buf, n });
	failed = ferror(f);
	fclose(f);
	if (failed)
		return err_set(err, ERR_IO, "%s: cannot be read", path);
	if (out->n - before > max)
		return err_set(err, ERR_LIMIT, "%s: larger than %zu bytes",
			       path, max);
	return ERR_OK;
}
