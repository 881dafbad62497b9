/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Descriptors -------------------------------------------------------------- */

size_t file_read_at(int fd, void *to, size_t n, uint64_t at)
{
	char *p = to;
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, p + done, n - done, (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		done += (size_t)got;
	}
	return done;
}

bool file_write_all(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

/* Replacing ---------------------------------------------------------------- */

enum err_code file_create(const char *path, struct str text, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return err_errno(err, "%s", path);
	ok = file_write_all(fd, text.p, text.n);
	if (close(fd) != 0 || !ok) {
		err_errno(err, "%s", path);
		unlink(path);
		return err->code;
	}
	return ERR_OK;
}

enum err_code file_sync_folder(const char *path, struct err *err)
{
	struct strbuf folder;
	size_t slash = str_find_last(str_of(path), '/');
	enum err_code rc = ERR_OK;
	int fd;

	strbuf_init(&folder);
	if (slash == SIZE_MAX)
		strbuf_addc(&folder, '.');
	else
		strbuf_add(&folder, str_sub(str_of(path), 0, slash + 1));
	fd = open(folder.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some file systems know no such thing: then there is none to do. */
	if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
		rc = err_errno(err, "%s", folder.p);
	if (fd >= 0)
		close(fd);
	strbuf_release(&folder);
	return rc;
}

static enum err_code fill_new(int fd, const char *path, struct str text,
			      const char *new_path, struct err *err)
{
	struct stat before;
	enum err_code rc = ERR_OK;

	if (stat(path, &before) == 0 && fchmod(fd, before.st_mode & 07777) != 0)
		rc = err_errno(err, "%s", new_path);
	if (rc == ERR_OK)
		rc = file_write_all(fd, text.p, text.n) ?
			     ERR_OK :
			     err_errno(err, "%s", new_path);
	if (rc == ERR_OK && fsync(fd) != 0)
		rc = err_errno(err, "%s", new_path);
	if (close(fd) != 0 && rc == ERR_OK)
		rc = err_errno(err, "%s", new_path);
	return rc;
}

enum err_code file_replace(const char *path, struct str text, struct err *err)
{
	struct strbuf made;
	enum err_code rc;
	int fd;

	strbuf_init(&made);
	strbuf_addf(&made, "%s.XXXXXX", path);
	fd = mkstemp(made.p);
	if (fd < 0) {
		rc = err_errno(err, "%s", path);
		strbuf_release(&made);
		return rc;
	}
	rc = fill_new(fd, path, text, made.p, err);
	if (rc == ERR_OK && rename(made.p, path) != 0)
		rc = err_errno(err, "%s", path);
	if (rc)
		unlink(made.p);
	else
		rc = file_sync_folder(path, err);
	strbuf_release(&made);
	return rc;
}

enum err_code file_make_folders(const char *path, struct err *err)
{
	struct strbuf folder;
	enum err_code rc = ERR_OK;
	struct stat st;

	strbuf_init(&folder);
	for (const char *p = path; *p && rc == ERR_OK; p++) {
		if (*p == '/' && p > path && stat(folder.p, &st) != 0 &&
		    mkdir(folder.p, 0700) != 0 && errno != EEXIST)
			rc = err_errno(err, "%s", folder.p);
		strbuf_addc(&folder, *p);
	}
	strbuf_release(&folder);
	return rc;
}

int file_nameless(struct err *err)
{
	const char *folder = getenv("TMPDIR");
	struct strbuf path;
	int fd;

	strbuf_init(&path);
	strbuf_adds(&path, folder && folder[0] == '/' ? folder : "/tmp");
	strbuf_adds(&path, "/trawl-XXXXXX");
	fd = mkstemp(path.p);
	if (fd < 0) {
		err_errno(err, "%s", path.p);
	} else {
		unlink(path.p);
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	strbuf_release(&path);
	return fd;
}
