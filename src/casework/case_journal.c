/* SPDX-License-Identifier: MIT */
#include "casework/case_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/mem.h"
#include "casework/case_file.h"

enum { LOCK_TRIES = 20 };

void journal_init(struct journal *j, const char *case_path, const char *author)
{
	struct strbuf path;

	*j = (struct journal){ .fd = -1, .author = author };
	strbuf_init(&path);
	strbuf_addf(&path, "%s.journal", case_path);
	j->path = strbuf_detach(&path);
	strbuf_release(&path);
}

void journal_release(struct journal *j)
{
	journal_unlock(j);
	free(j->path);
}

/* Reading ------------------------------------------------------------------ */

/* A line about the journal itself. */
static bool is_own(struct str line, const struct json **out, struct arena *a)
{
	struct err err;
	const struct json *v = json_read(a, line, &err);

	*out = v;
	return v && v->kind == JSON_OBJECT &&
	       str_eq(json_text_at(v, "trawl"), STR("journal"));
}

/* Who holds it, as the last line about itself says; nothing without one. */
static void add_holder(const struct json *v, struct strbuf *out)
{
	strbuf_clear(out);
	strbuf_add(out, json_text_at(v, "author"));
	strbuf_adds(out, " on ");
	strbuf_add(out, json_text_at(v, "host"));
	strbuf_adds(out, ", process ");
	strbuf_add(out, json_text_at(v, "pid"));
}

/* Takes its text apart. `holder` may be NULL. */
static void take_apart(struct journal *j, struct str text, struct strbuf *out,
		       struct strbuf *holder)
{
	struct arena arena;
	size_t at = 0, end;

	arena_init(&arena);
	j->name[0] = '\0';
	j->line_n = 0;
	j->end = 0;
	for (; (end = str_find_char(text, '\n', at)) != SIZE_MAX;
	     at = end + 1) {
		struct str line = str_sub(text, at, end), name;
		const struct json *v;

		j->end = (off_t)end + 1;
		arena_reset(&arena);
		if (is_own(line, &v, &arena)) {
			name = json_text_at(v, "journal");
			if (!j->name[0] && name.n == JOURNAL_NAME)
				memcpy(j->name, name.p, JOURNAL_NAME);
			if (holder)
				add_holder(v, holder);
			continue;
		}
		strbuf_add(out, str_sub(text, at, end + 1));
		j->line_n++;
	}
	arena_release(&arena);
}

enum err_code journal_read(struct journal *j, struct strbuf *out,
			   struct err *err)
{
	struct strbuf text;
	enum err_code rc = ERR_OK;
	struct stat st;

	strbuf_clear(out);
	strbuf_init(&text);
	if (lstat(j->path, &st) == 0) {
		rc = S_ISREG(st.st_mode) ?
			     file_read(&text, j->path, CASE_FILE_MAX, err) :
			     err_set(err, ERR_IO, "%s: is no plain file",
				     j->path);
		/* It may have gone since. */
		if (rc == ERR_IO && access(j->path, F_OK) != 0)
			rc = ERR_OK;
	}
	if (rc == ERR_OK)
		take_apart(j, strbuf_str(&text), out, NULL);
	strbuf_release(&text);
	return rc;
}

/* Locking ------------------------------------------------------------------ */

static enum err_code held_by(struct journal *j, struct err *err)
{
	struct strbuf text, lines, holder;
	struct err why;

	strbuf_init(&text);
	strbuf_init(&lines);
	strbuf_init(&holder);
	if (file_read(&text, j->path, CASE_FILE_MAX, &why) == ERR_OK)
		take_apart(j, strbuf_str(&text), &lines, &holder);
	err_set(err, ERR_IO, "%.*s",
		STR_ARG(holder.n ? strbuf_str(&holder) : STR("somebody else")));
	strbuf_release(&text);
	strbuf_release(&lines);
	strbuf_release(&holder);
	return ERR_IO;
}

/* Is it still the file of that name? Its last holder may have removed it. */
static bool is_there(const struct journal *j)
{
	struct stat ours, named;

	return fstat(j->fd, &ours) == 0 && lstat(j->path, &named) == 0 &&
	       ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

static void drop(struct journal *j)
{
	close(j->fd);
	j->fd = -1;
}

enum err_code journal_lock(struct journal *j, struct err *err)
{
	j->held = false;
	for (int try = 0; try < LOCK_TRIES; try++) {
		struct stat st;

		j->fd = open(j->path,
			     O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC |
				     O_NOFOLLOW | O_NONBLOCK,
			     0600);
		if (j->fd < 0)
			return err_errno(err, "%s", j->path);
		if (fstat(j->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
			drop(j);
			return err_set(err, ERR_IO, "%s: is no plain file",
				       j->path);
		}
		if (flock(j->fd, LOCK_EX | LOCK_NB) != 0) {
			enum err_code rc;

			j->held = errno == EWOULDBLOCK;
			rc = j->held ? held_by(j, err) :
				       err_errno(err, "%s: no lock", j->path);
			drop(j);
			return rc;
		}
		if (is_there(j))
			return ERR_OK;
		drop(j);
	}
	return err_set(err, ERR_IO, "%s: comes and goes", j->path);
}

/* Writing ------------------------------------------------------------------ */

/* What an error left of it goes again. */
static enum err_code take_back(struct journal *j, struct err *err)
{
	enum err_code rc = err_errno(err, "%s", j->path);

	if (ftruncate(j->fd, j->end) != 0)
		drop(j); /* nothing more may go behind a torn line */
	return rc;
}

static enum err_code append(struct journal *j, struct str line, bool sync,
			    struct err *err)
{
	struct strbuf text;
	size_t done = 0;
	enum err_code rc = ERR_OK;

	if (j->fd < 0)
		return err_set(err, ERR_IO, "%s: is not open", j->path);
	strbuf_init(&text);
	strbuf_add(&text, line);
	strbuf_addc(&text, '\n');
	while (rc == ERR_OK && done < text.n) {
		ssize_t n = write(j->fd, text.p + done, text.n - done);

		if (n < 0 && errno != EINTR)
			rc = take_back(j, err);
		else if (n > 0)
			done += (size_t)n;
	}
	if (rc == ERR_OK && sync && fdatasync(j->fd) != 0)
		rc = take_back(j, err);
	if (rc == ERR_OK)
		j->end += (off_t)text.n;
	strbuf_release(&text);
	return rc;
}

enum err_code journal_add(struct journal *j, struct str lines, bool sync,
			  struct err *err)
{
	enum err_code rc;
	struct str line;
	size_t n = 0;

	if (str_ends(lines, STR("\n")))
		lines.n--;
	rc = append(j, lines, sync, err);
	while (str_next(&lines, '\n', &line))
		n++;
	if (rc == ERR_OK)
		j->line_n += n;
	return rc;
}

static void sign(const struct journal *j, struct strbuf *line)
{
	struct json_writer w;
	char host[256] = "";

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	json_writer_init(&w, line);
	json_begin_object(&w);
	json_pair(&w, "trawl", STR("journal"));
	json_pair(&w, "journal", str_of(j->name));
	json_pair(&w, "author", str_of(j->author));
	json_pair(&w, "host", str_of(host));
	json_pair_uint(&w, "pid", (uint64_t)getpid());
	json_end_object(&w);
}

static enum err_code append_signature(struct journal *j, struct err *err)
{
	struct strbuf line;
	enum err_code rc;

	strbuf_init(&line);
	sign(j, &line);
	rc = append(j, strbuf_str(&line), true, err);
	strbuf_release(&line);
	return rc;
}

static enum err_code cut(struct journal *j, off_t end, struct err *err)
{
	if (j->fd < 0)
		return err_set(err, ERR_IO, "%s: is not open", j->path);
	if (ftruncate(j->fd, end) != 0)
		return err_errno(err, "%s", j->path);
	j->end = end;
	return ERR_OK;
}

enum err_code journal_resume(struct journal *j, struct err *err)
{
	enum err_code rc = cut(j, j->end, err);

	return rc ? rc : append_signature(j, err);
}

enum err_code journal_restart(struct journal *j, struct err *err)
{
	struct hash_key key = hash_key_new();
	enum err_code rc = cut(j, 0, err);

	if (rc)
		return rc;
	snprintf(j->name, sizeof(j->name), "%016" PRIx64, key.k0);
	j->line_n = 0;
	rc = append_signature(j, err);
	return rc ? rc : file_sync_folder(j->path, err);
}

void journal_unlock(struct journal *j)
{
	if (j->fd < 0)
		return;
	if (j->line_n == 0 && is_there(j))
		unlink(j->path);
	drop(j);
}
