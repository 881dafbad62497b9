/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "base/strbuf.h"

enum { SHOWN_EVERY_MS = 250, WIDTH = 79 };

void progress_begin(struct progress *p, const struct options *o, FILE *file)
{
	bool seen = o->progress == WHEN_ALWAYS ||
		    (o->progress == WHEN_AUTO && !o->quiet &&
		     isatty(fileno(file)));

	*p = (struct progress){ .file = seen ? file : NULL,
				.begun = clock_ms() };
	p->shown = p->begun;
}

bool progress_is_due(struct progress *p)
{
	return p->file && clock_ms() - p->shown >= SHOWN_EVERY_MS;
}

void progress_show(struct progress *p, struct str line)
{
	fprintf(p->file, "\r%-*.*s", WIDTH, (int)line.n, line.p);
	fflush(p->file);
	p->shown = clock_ms();
	p->drawn = true;
}

void progress_end(struct progress *p)
{
	if (p->drawn)
		fprintf(p->file, "\r%*s\r", WIDTH, "");
}

bool progress_files(struct progress *p, const char *what, uint64_t done,
		    uint64_t all)
{
	struct strbuf line;

	if (stop_number())
		return false;
	if (!progress_is_due(p))
		return true;
	strbuf_init(&line);
	strbuf_addf(&line, "%s%" PRIu64 "/%" PRIu64 " files", what, done, all);
	progress_show(p, strbuf_str(&line));
	strbuf_release(&line);
	return true;
}
