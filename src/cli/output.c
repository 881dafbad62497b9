/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool wants_color(const struct options *o, bool terminal)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (o->color != WHEN_AUTO)
		return o->color == WHEN_ALWAYS;
	return terminal && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb") != 0;
}

/* A terminal that does not know its size is taken for one of 80 columns. */
static size_t terminal_columns(int fd)
{
	struct winsize size = { .ws_col = 0 };

	ioctl(fd, TIOCGWINSZ, &size);
	return size.ws_col ? size.ws_col : 80;
}

enum err_code output_open(struct output *out, const struct options *o,
			  FILE *standard, struct err *err)
{
	*out = (struct output){ .file = standard };
	if (o->output && strcmp(o->output, "-") != 0) {
		int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
		int fd = open(o->output, flags, 0600);

		out->file = NULL;
		if (fd >= 0)
			out->made = o->output;
		else if (errno != EEXIST)
			return err_errno(err, "%s", o->output);
		else if (!o->force)
			return err_set(err, ERR_IO,
				       "%s: is there already; --force "
				       "overwrites it",
				       o->output);
		else /* what it holds is cut off when it is closed */
			fd = open(o->output, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			return err_errno(err, "%s", o->output);
		out->file = fdopen(fd, "w");
		out->own_file = true;
	}
	out->terminal = isatty(fileno(out->file));
	out->columns = out->terminal ? terminal_columns(fileno(out->file)) :
				       SIZE_MAX;
	out->color = wants_color(o, out->terminal);
	out->csv_raw = o->csv_raw;
	strbuf_init(&out->line);
	arena_init(&out->arena);
	return ERR_OK;
}

void output_discard(struct output *out)
{
	if (!out->file)
		return;
	if (out->own_file)
		fclose(out->file);
	if (out->made)
		unlink(out->made);
	strbuf_release(&out->line);
	arena_release(&out->arena);
	*out = (struct output){ .file = NULL };
}

bool output_is_file(const struct output *out, uint64_t device, uint64_t inode)
{
	struct stat st;

	return inode && out->own_file && fstat(fileno(out->file), &st) == 0 &&
	       (uint64_t)st.st_dev == device && (uint64_t)st.st_ino == inode;
}

enum err_code output_spares(const struct output *out, const struct options *o,
			    const struct files *files, struct err *err)
{
	for (uint32_t i = 0; i < files->n; i++)
		if (output_is_file(out, files->entry[i].device,
				   files->entry[i].inode))
			return err_set(err, ERR_USAGE,
				       "--output %s: is part of the evidence",
				       o->output);
	return ERR_OK;
}

static void note_failure(struct output *out)
{
	if (!out->failed)
		out->failed = errno ? errno : EIO;
}

/* Of a file that was there before, what is behind what was written goes. */
static bool cut_rest(struct output *out)
{
	struct stat st;
	int fd = fileno(out->file);
	off_t end;

	if (!out->own_file || out->made || fstat(fd, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return true;
	end = lseek(fd, 0, SEEK_CUR);
	return end >= 0 && ftruncate(fd, end) == 0;
}

enum err_code output_close(struct output *out, struct err *err)
{
	enum err_code rc = ERR_OK;

	if (fflush(out->file) != 0 || !cut_rest(out))
		note_failure(out);
	if (out->own_file && fclose(out->file) != 0)
		note_failure(out);
	if (out->failed) {
		errno = out->failed;
		rc = err_errno(err, "the output could not be written");
	}
	strbuf_release(&out->line);
	arena_release(&out->arena);
	return rc;
}

void output_put(struct output *out, struct str s)
{
	if (s.n && fwrite(s.p, 1, s.n, out->file) != s.n)
		note_failure(out);
}

void output_safe(struct output *out, struct safetext text)
{
	output_put(out, (struct str){ text.p, text.n });
}

void output_text(struct output *out, struct str text)
{
	struct strbuf shown;

	if (!out->filter) {
		output_safe(out, safe_text(&out->arena, text, SAFE_ASCII));
		arena_reset(&out->arena);
		return;
	}
	strbuf_init(&shown);
	out->filter->apply(out->filter->context, text, &shown);
	output_safe(out,
		    safe_text(&out->arena, strbuf_str(&shown), SAFE_ASCII));
	arena_reset(&out->arena);
	strbuf_release(&shown);
}

void output_format(struct output *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vfprintf(out->file, fmt, ap) < 0)
		note_failure(out);
	va_end(ap);
}

void output_line(struct output *out)
{
	strbuf_addc(&out->line, '\n');
	output_put(out, strbuf_str(&out->line));
	strbuf_clear(&out->line);
}

void output_json(struct output *out, struct json_writer *w)
{
	json_writer_init(w, &out->line);
	w->filter = out->filter;
}

void message(FILE *file, const char *fmt, ...)
{
	struct safetext text;
	struct arena arena;
	char buf[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	arena_init(&arena);
	text = safe_text(&arena, str_of(buf), SAFE_ASCII);
	fprintf(file, "trawl: %s\n", text.p);
	arena_release(&arena);
}
