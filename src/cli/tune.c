/* SPDX-License-Identifier: MIT */
/* trawl rules tune: the mutes of a case as filters of Sigma. */
#include "casework/tune.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <sys/stat.h>

/* "Many reads, for ci-deploy: WHAT" */
static void tell(FILE *err_file, const struct mute *m, const char *what)
{
	struct strbuf text;

	strbuf_init(&text);
	mute_describe(m, &text);
	message(err_file, "%.*s: %s",
		STR_ARG(str_sub(strbuf_str(&text), 0, 400)), what);
	strbuf_release(&text);
}

static void tell_correlations(FILE *err_file, const struct mute *m, size_t n)
{
	char text[120];

	if (n == 0)
		return;
	snprintf(text, sizeof(text),
		 n == 1 ? "a correlation that counts these events loses them" :
			  "correlations that count these events lose them: %zu",
		 n);
	tell(err_file, m, text);
}

/* How many of them no filter can say. */
static size_t write_filters(const struct options *o, const struct mutes *mutes,
			    const struct ruleset *rules, struct output *out,
			    FILE *err_file)
{
	struct strbuf text;
	size_t written = 0;

	strbuf_init(&text);
	for (size_t i = 0; i < mutes->n; i++) {
		const struct mute *m = &mutes->item[i];
		size_t correlations;
		const char *why;

		strbuf_clear(&text);
		why = tune_filter(m, rules, &text, &correlations);
		if (why) {
			tell(err_file, m, why);
			continue;
		}
		if (!o->quiet)
			tell_correlations(err_file, m, correlations);
		/* ASCII, with a line's end that output_line adds. */
		if (written++)
			strbuf_adds(&out->line, "---\n");
		strbuf_add(&out->line,
			   str_sub(strbuf_str(&text), 0, text.n - 1));
		output_line(out);
	}
	strbuf_release(&text);
	if (!o->quiet)
		message(err_file, "mutes: %zu, written as filters: %zu",
			mutes->n, written);
	return mutes->n - written;
}

static enum err_code open_case(struct case_file **c, const struct options *o,
			       struct err *err)
{
	if (!o->case_path || o->path_n)
		return err_set(err, ERR_USAGE,
			       "usage: trawl rules tune --case FILE");
	if (o->format != FORMAT_TABLE)
		return err_set(err, ERR_USAGE,
			       "rules tune writes YAML and nothing else");
	return case_open(c, o->case_path, CASE_READ, NULL, err);
}

/* What an analyst wrote is not overwritten, not even with --force. */
static enum err_code open_output(struct output *output, const struct options *o,
				 FILE *out, struct err *err)
{
	struct stat st;
	enum err_code rc = output_open(output, o, out, err);

	if (rc != ERR_OK || stat(o->case_path, &st) != 0 ||
	    !output_is_file(output, (uint64_t)st.st_dev, (uint64_t)st.st_ino))
		return rc;
	output_discard(output);
	return err_set(err, ERR_USAGE, "%s is the case itself", o->output);
}

int cli_tune(const struct options *o, const struct ruleset *rules, FILE *out,
	     FILE *err_file)
{
	struct case_file *c = NULL;
	struct output output;
	struct mutes mutes;
	struct err err;
	size_t left;

	if (open_case(&c, o, &err))
		return cli_fail(err_file, &err);
	if (open_output(&output, o, out, &err)) {
		case_close(c);
		return cli_fail(err_file, &err);
	}
	if (case_damaged(c) && !o->quiet)
		message(err_file, "%s: lines that cannot be read: %zu",
			case_path(c), case_damaged(c));
	mutes_init(&mutes);
	mutes_read(&mutes, c);
	left = write_filters(o, &mutes, rules, &output, err_file);
	mutes_release(&mutes);
	case_close(c);
	if (output_close(&output, &err))
		return cli_fail(err_file, &err);
	return left ? EXIT_FINDINGS : EXIT_OK;
}
