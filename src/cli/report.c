/* SPDX-License-Identifier: MIT */
/* trawl report: the investigation written up. */
#include <string.h>

#include "base/stop.h"
#include "cli/cli.h"
#include "cli/handed_on.h"
#include "cli/progress.h"
#include "cli/session.h"

static bool going(void *context, uint64_t done, uint64_t all)
{
	return progress_files(context, "sums: ", done, all);
}

/* The command as it was typed, words with blanks in quotes. */
static void write_command(const struct options *o, struct strbuf *out)
{
	for (int i = 0; i < o->argc; i++) {
		const char *word = i ? o->argv[i] : "trawl";
		bool quoted = !*word || strpbrk(word, " \t\"'\\*?$&|<>;()");

		strbuf_adds(out, i ? " " : "");
		strbuf_adds(out, quoted ? "'" : "");
		strbuf_adds(out, word);
		strbuf_adds(out, quoted ? "'" : "");
	}
}

static void write_report(struct session *s, const struct report *r)
{
	const struct options *o = s->o;
	struct strbuf command, selection;
	struct report_style style = { .zone = &o->zone,
				      .muted = s->muted_alerts.n };

	strbuf_init(&command);
	strbuf_init(&selection);
	if (s->case_file)
		style.book = &s->book;
	/* The command names files of whoever made the report. */
	if (o->redact)
		strbuf_adds(&command, "trawl report --redact ...");
	else
		write_command(o, &command);
	options_selection(o, &selection);
	style.command = strbuf_str(&command);
	style.selection = strbuf_str(&selection);
	handed_on_report(&s->out, o, r, &style);
	strbuf_release(&selection);
	strbuf_release(&command);
}

static enum err_code make_report(struct session *s, struct report *r,
				 const struct verify_keys *keys,
				 struct err *err)
{
	const struct options *o = s->o;
	struct progress progress;
	const struct report_terms terms = {
		.snap = s->snap,
		.alerts = &s->alerts,
		.coverage = session_coverage(s),
		.limits = &o->limits,
		.threads = o->threads,
		.incident = o->incident,
		.event = o->incident_of ? str_of(o->incident_of) : STR_NULL,
		.keys = o->public_keys_n ? keys : NULL,
		.going = going,
		.context = &progress,
	};
	struct stop stop;
	enum err_code rc;

	progress_begin(&progress, o, s->err);
	stop_catch(&stop);
	rc = report_make(r, &terms, err);
	stop_release(&stop);
	progress_end(&progress);
	return rc;
}

int cli_report(const struct options *o, FILE *out, FILE *err_file)
{
	struct verify_keys keys;
	struct session s;
	struct report r;
	struct err err;
	int status;

	verify_keys_init(&keys);
	if (verify_keys_read_all(&keys, o->public_keys, o->public_keys_n,
				 &err)) {
		verify_keys_release(&keys);
		return cli_fail(err_file, &err);
	}
	if (session_open(&s, o, out, err_file, &err)) {
		verify_keys_release(&keys);
		return cli_fail(err_file, &err);
	}
	if (make_report(&s, &r, &keys, &err)) {
		report_release(&r);
		status = session_fail(&s, &err);
	} else {
		write_report(&s, &r);
		report_release(&r);
		status = session_close(&s);
	}
	verify_keys_release(&keys);
	return status;
}
