/* SPDX-License-Identifier: MIT */
#include "casework/case_file.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "casework/case_journal.h"

enum {
	MOST_PLACES = 64,        /* authors whose place is kept */
	PLACES_MAX = 1024 * 1024 /* bytes of them that a journal collects */
};

struct place {
	struct str author, text;
};

struct case_file {
	char *path; /* resolved: no link */
	enum case_mode mode;
	char *author;
	char *refusal; /* or NULL */
	struct journal journal;
	struct arena text;   /* of the lines */
	struct str *line;    /* behind the header */
	struct str header;   /* as it stands in the file; empty: none yet */
	struct stat on_disk; /* of the file that was read or written last */
	bool exists;         /* then there was one */
	size_t n, cap, damaged, recovered;
	size_t saved; /* so many of the lines are in the file */
	struct place place[MOST_PLACES];
	size_t place_n;
	size_t place_bytes; /* in the journal, not yet in the file */
	uint64_t edition;
};

/* Small things ------------------------------------------------------------- */

static enum err_code wrong(const struct case_file *c, struct err *err,
			   const char *what)
{
	return err_set(err, ERR_CASE, "%s: %s", c->path, what);
}

/* Whatever went wrong went wrong with the case. */
static enum err_code as_case(enum err_code rc, struct err *err)
{
	if (rc)
		err->code = ERR_CASE;
	return rc ? ERR_CASE : ERR_OK;
}

static void refuse(struct case_file *c, const char *why, struct str who)
{
	struct strbuf text;

	strbuf_init(&text);
	strbuf_adds(&text, why);
	strbuf_add(&text, who);
	free(c->refusal);
	c->refusal = strbuf_detach(&text);
	strbuf_release(&text);
}

/* The name that was given, else $USER, else the account's. */
static char *find_author(const char *given)
{
	const char *user = given && *given ? given : getenv("USER");
	struct passwd entry, *found = NULL;
	char buf[4096], number[24];

	if (user && *user)
		return mem_strdup(user);
	if (getpwuid_r(geteuid(), &entry, buf, sizeof(buf), &found) == 0 &&
	    found)
		return mem_strdup(found->pw_name);
	snprintf(number, sizeof(number), "%lu", (unsigned long)geteuid());
	return mem_strdup(number);
}

struct str case_author(const struct case_file *c)
{
	return str_of(c->author);
}

int64_t case_now(void)
{
	return (int64_t)time(NULL) * 1000;
}

/* Lines -------------------------------------------------------------------- */

static bool is_object(struct str line)
{
	struct arena arena;
	const struct json *v;
	struct err err;
	bool is;

	arena_init(&arena);
	v = json_read(&arena, line, &err);
	is = v && v->kind == JSON_OBJECT;
	arena_release(&arena);
	return is;
}

static void keep_line(struct case_file *c, struct str line)
{
	c->line = mem_grow(c->line, &c->cap, c->n + 1, sizeof(*c->line));
	c->line[c->n++] = arena_dup(&c->text, line);
	c->damaged += line.n > CASE_LINE_MAX || !is_object(line);
}

static void forget_lines(struct case_file *c)
{
	arena_reset(&c->text);
	c->header = STR_NULL;
	c->n = c->damaged = c->recovered = c->saved = 0;
	c->place_n = c->place_bytes = 0;
	c->exists = false;
	c->edition++;
}

/* Of each author the last one. False for what is none. */
static bool keep_place(struct case_file *c, struct str line)
{
	const struct json *v;
	struct arena arena;
	struct str author;
	struct err err;
	size_t i = 0;

	if (!str_starts(line, STR(CASE_PLACE)) || line.n > CASE_LINE_MAX)
		return false;
	arena_init(&arena);
	v = json_read(&arena, line, &err);
	author = v ? json_text_at(v, "author") : STR_NULL;
	while (i < c->place_n && !str_eq(c->place[i].author, author))
		i++;
	if (v && i < MOST_PLACES) {
		c->place[i] = (struct place){ arena_dup(&c->text, author),
					      arena_dup(&c->text, line) };
		c->place_n += i == c->place_n;
	}
	arena_release(&arena);
	return v != NULL;
}

/* Lines that say nothing at all are not kept. */
static void keep_lines(struct case_file *c, struct str text)
{
	struct str line;

	while (str_next(&text, '\n', &line))
		if (str_trim(line).n && !keep_place(c, line))
			keep_line(c, line);
}

/* Reading ------------------------------------------------------------------ */

static enum err_code take_header(struct case_file *c, struct str line,
				 struct str *journal, uint64_t *entries,
				 struct err *err)
{
	struct arena arena;
	const struct json *v;
	struct err why;
	uint64_t version;
	enum err_code rc = ERR_OK;

	arena_init(&arena);
	v = json_read(&arena, line, &why);
	if (!v || !str_eq(json_text_at(v, "trawl"), STR("case")) ||
	    !str_to_u64(json_text_at(v, "version"), &version))
		rc = wrong(c, err,
			   "is no case of trawl's: its first line is "
			   "no header");
	else if (version > CASE_VERSION)
		rc = wrong(c, err, "was written by a newer trawl");
	if (rc == ERR_OK) {
		c->header = arena_dup(&c->text, line);
		*journal = arena_dup(&c->text, json_text_at(v, "journal"));
		if (!str_to_u64(json_text_at(v, "entries"), entries))
			*entries = 0;
	}
	arena_release(&arena);
	return rc;
}

static enum err_code read_disk(struct case_file *c, struct strbuf *text,
			       struct err *err)
{
	if (lstat(c->path, &c->on_disk) != 0)
		return errno == ENOENT ? ERR_OK : err_errno(err, "%s", c->path);
	if (!S_ISREG(c->on_disk.st_mode))
		return wrong(c, err, "is no plain file");
	c->exists = true;
	return file_read(text, c->path, CASE_FILE_MAX, err);
}

/* The journal is read first: what its writer moves into the file meanwhile is
 * then there twice, which the file's header tells, and never missing. */
static enum err_code load(struct case_file *c, struct err *err)
{
	struct str rest, line, journal = STR_NULL;
	struct strbuf text, late;
	uint64_t entries = 0;
	enum err_code rc;

	forget_lines(c);
	strbuf_init(&text);
	strbuf_init(&late);
	rc = journal_read(&c->journal, &late, err);
	if (rc == ERR_OK)
		rc = read_disk(c, &text, err);
	rest = strbuf_str(&text);
	if (rc == ERR_OK && str_next(&rest, '\n', &line)) {
		rc = take_header(c, line, &journal, &entries, err);
		keep_lines(c, rest);
	}
	c->saved = c->n;
	if (rc == ERR_OK) {
		rest = strbuf_str(&late);
		if (!journal.n || !str_eq(journal, str_of(c->journal.name)))
			entries = 0;
		while (entries && str_next(&rest, '\n', &line))
			entries--;
		keep_lines(c, rest);
	}
	c->recovered = c->n - c->saved;
	c->place_bytes = c->journal.line_n;
	strbuf_release(&text);
	strbuf_release(&late);
	return as_case(rc, err);
}

/* Saving ------------------------------------------------------------------- */

/* What the header says beside what is ours stays. */
static void write_header(const struct case_file *c, struct strbuf *out)
{
	static const char *const ours[] = { "trawl", "version", "journal",
					    "entries" };
	const struct json *before = NULL;
	struct json_writer w;
	struct arena arena;
	struct err err;

	arena_init(&arena);
	if (c->header.n)
		before = json_read(&arena, c->header, &err);
	json_writer_init(&w, out);
	json_begin_object(&w);
	json_pair(&w, "trawl", STR("case"));
	json_pair_uint(&w, "version", CASE_VERSION);
	json_pair(&w, "journal", str_of(c->journal.name));
	json_pair_uint(&w, "entries", c->journal.line_n);
	for (const struct json *m = before ? before->child : NULL; m;
	     m = m->next) {
		bool own = false;

		for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
			own |= str_eq(m->key, str_of(ours[i]));
		if (own)
			continue;
		strbuf_addc(out, ',');
		json_print_string(out, m->key);
		strbuf_addc(out, ':');
		json_print(out, m);
	}
	if (!before)
		json_pair_time(&w, "created", case_now());
	json_end_object(&w);
	strbuf_addc(out, '\n');
	arena_release(&arena);
}

/* Somebody replaced it who does not ask for locks. */
static bool changed_meanwhile(const struct case_file *c)
{
	struct stat now;

	if (lstat(c->path, &now) != 0)
		return c->exists;
	return !c->exists || now.st_ino != c->on_disk.st_ino ||
	       now.st_dev != c->on_disk.st_dev ||
	       now.st_size != c->on_disk.st_size ||
	       now.st_mtim.tv_sec != c->on_disk.st_mtim.tv_sec ||
	       now.st_mtim.tv_nsec != c->on_disk.st_mtim.tv_nsec;
}

enum err_code case_save(struct case_file *c, struct err *err)
{
	struct strbuf text;
	enum err_code rc;

	/* To one that is read alone nothing was added. */
	if ((c->saved == c->n && !c->place_bytes) || c->refusal ||
	    c->mode == CASE_MEMORY)
		return ERR_OK;
	if (changed_meanwhile(c))
		return wrong(c, err,
			     "somebody else has changed it; what was added "
			     "since is in its journal");
	strbuf_init(&text);
	write_header(c, &text);
	for (size_t i = 0; i < c->n; i++) {
		strbuf_add(&text, c->line[i]);
		strbuf_addc(&text, '\n');
	}
	for (size_t i = 0; i < c->place_n; i++) {
		strbuf_add(&text, c->place[i].text);
		strbuf_addc(&text, '\n');
	}
	rc = file_replace(c->path, strbuf_str(&text), err);
	strbuf_release(&text);
	if (rc)
		return as_case(rc, err);
	c->saved = c->n;
	c->place_bytes = 0;
	c->exists = lstat(c->path, &c->on_disk) == 0;
	return as_case(journal_restart(&c->journal, err), err);
}

/* Opening ------------------------------------------------------------------ */

/* Becomes the one who writes, and reads what is there by then. */
static enum err_code acquire(struct case_file *c, struct err *err)
{
	enum err_code rc = ERR_OK;

	if (c->mode == CASE_OWN)
		rc = file_make_folders(c->path, err);
	if (rc == ERR_OK)
		rc = journal_lock(&c->journal, err);
	if (rc == ERR_OK)
		rc = load(c, err);
	if (rc == ERR_OK)
		rc = c->journal.line_n ? journal_resume(&c->journal, err) :
					 journal_restart(&c->journal, err);
	return rc;
}

/* What cannot be locked is read alone. */
static enum err_code begin_writing(struct case_file *c, struct err *err)
{
	struct err why;
	enum err_code rc = acquire(c, &why);

	if (rc == ERR_OK)
		return ERR_OK;
	journal_unlock(&c->journal);
	if (rc == ERR_CASE) {
		*err = why; /* what is there is no case */
		return rc;
	}
	refuse(c,
	       c->journal.held ? "it is read only: open by " :
				 "it is read only: ",
	       str_of(why.msg));
	return load(c, err);
}

/* The file itself, where `path` is a link. */
static enum err_code resolve(struct case_file *c, const char *path,
			     struct err *err)
{
	struct stat st;
	char *real = realpath(path, NULL);

	c->path = mem_strdup(real ? real : path);
	free(real);
	if (lstat(c->path, &st) != 0)
		return ERR_OK;
	if (S_ISLNK(st.st_mode))
		return wrong(c, err, "is a link to nothing");
	return ERR_OK;
}

static enum err_code open_all(struct case_file *c, struct err *err)
{
	bool there = access(c->path, F_OK) == 0;

	if (c->mode == CASE_READ) {
		if (!there && access(c->journal.path, F_OK) != 0)
			return wrong(c, err, "there is no such case");
		refuse(c, "it is read only", STR_NULL);
		return load(c, err);
	}
	if (!there && access(c->journal.path, F_OK) != 0)
		return ERR_OK; /* nothing is made before it is needed */
	if (c->mode == CASE_MEMORY)
		return load(c, err);
	return begin_writing(c, err);
}

enum err_code case_open(struct case_file **out, const char *path,
			enum case_mode mode, const char *author,
			struct err *err)
{
	struct case_file *c = mem_zero(1, sizeof(*c));
	enum err_code rc;

	c->mode = mode;
	c->edition = 1;
	c->author = find_author(author);
	arena_init(&c->text);
	rc = resolve(c, path, err);
	journal_init(&c->journal, c->path, c->author);
	if (rc == ERR_OK)
		rc = open_all(c, err);
	if (rc) {
		case_close(c);
		return as_case(rc, err);
	}
	*out = c;
	return ERR_OK;
}

void case_close(struct case_file *c)
{
	if (!c)
		return;
	journal_release(&c->journal);
	arena_release(&c->text);
	free(c->line);
	free(c->refusal);
	free(c->author);
	free(c->path);
	free(c);
}

/* Asking and adding -------------------------------------------------------- */

const char *case_path(const struct case_file *c)
{
	return c->path;
}

const char *case_refusal(const struct case_file *c)
{
	return c->refusal;
}

bool case_is_kept(const struct case_file *c)
{
	return c->mode != CASE_MEMORY;
}

size_t case_recovered(const struct case_file *c)
{
	return c->recovered;
}

int64_t case_created(const struct case_file *c)
{
	static const struct time_zone utc = TIME_ZONE_UTC;
	const struct json *v;
	struct arena arena;
	struct err err;
	int64_t t = TIME_NONE;

	arena_init(&arena);
	v = c->header.n ? json_read(&arena, c->header, &err) : NULL;
	if (v)
		t = time_parse(json_text_at(v, "created"), &utc);
	arena_release(&arena);
	return t;
}

size_t case_damaged(const struct case_file *c)
{
	return c->damaged;
}

uint64_t case_edition(const struct case_file *c)
{
	return c->edition;
}

size_t case_lines(const struct case_file *c)
{
	return c->n;
}

struct str case_line(const struct case_file *c, size_t i)
{
	return c->line[i];
}

const struct json *case_entry(const struct case_file *c, size_t i,
			      struct arena *a)
{
	struct err err;
	const struct json *v = c->line[i].n > CASE_LINE_MAX ?
				       NULL :
				       json_read(a, c->line[i], &err);

	return v && v->kind == JSON_OBJECT ? v : NULL;
}

/* Becomes the one who writes, when the first line is to be added. */
static enum err_code begin_adding(struct case_file *c, struct err *err)
{
	enum err_code rc;

	if (c->mode == CASE_MEMORY || c->journal.fd >= 0)
		return ERR_OK;
	rc = acquire(c, err);
	if (rc)
		journal_unlock(&c->journal);
	if (rc && c->journal.held)
		err_wrap(err, "%s: open by", c->path);
	return rc;
}

static bool too_long(struct str lines)
{
	struct str line;

	while (str_next(&lines, '\n', &line))
		if (line.n > CASE_LINE_MAX)
			return true;
	return false;
}

enum err_code case_add(struct case_file *c, struct str lines, struct err *err)
{
	enum err_code rc;

	if (c->refusal)
		return wrong(c, err, c->refusal);
	if (too_long(lines))
		return wrong(c, err, "what was to be added is too long");
	rc = begin_adding(c, err);
	if (rc == ERR_OK && c->mode != CASE_MEMORY)
		rc = journal_add(&c->journal, lines, true, err);
	if (rc)
		return as_case(rc, err);
	keep_lines(c, lines);
	return ERR_OK;
}

/* Where the author stands -------------------------------------------------- */

struct str case_place(const struct case_file *c)
{
	for (size_t i = 0; i < c->place_n; i++)
		if (str_eq(c->place[i].author, case_author(c)))
			return c->place[i].text;
	return STR_NULL;
}

enum err_code case_set_place(struct case_file *c, struct str object,
			     struct err *err)
{
	enum err_code rc;

	if (c->refusal || c->mode == CASE_MEMORY || (!c->exists && !c->n) ||
	    object.n > CASE_LINE_MAX || str_eq(object, case_place(c)))
		return ERR_OK;
	rc = begin_adding(c, err);
	if (rc == ERR_OK)
		rc = journal_add(&c->journal, object, false, err);
	if (rc)
		return as_case(rc, err);
	keep_place(c, object);
	c->place_bytes += object.n;
	return c->place_bytes > PLACES_MAX ? case_save(c, err) : ERR_OK;
}
