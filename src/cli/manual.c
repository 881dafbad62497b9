/* SPDX-License-Identifier: MIT */
/* trawl help: the manual where there is no man. */
#include "cli/cli.h"
#include "cli/output.h"
#include "command/manual.h"

/* No topic: what is asked for most, then what there is. */
static bool write_topic(const struct options *o, struct strbuf *text)
{
	struct strbuf title;
	bool found;

	if (!o->subject) {
		manual_topics(text);
		return true;
	}
	strbuf_init(&title);
	found = manual_topic(str_of(o->subject), &title, text);
	strbuf_release(&title);
	return found;
}

int cli_manual(const struct options *o, FILE *out_file, FILE *err_file)
{
	struct output out;
	struct strbuf text;
	struct str rest, line;
	struct err err;

	strbuf_init(&text);
	if (!write_topic(o, &text)) {
		message(err_file, "%s", text.p);
		strbuf_release(&text);
		return EXIT_USAGE;
	}
	if (output_open(&out, o, out_file, &err)) {
		strbuf_release(&text);
		return cli_fail(err_file, &err);
	}
	rest = strbuf_str(&text);
	while (str_next(&rest, '\n', &line)) {
		output_text(&out, line);
		output_format(&out, "\n");
	}
	strbuf_release(&text);
	if (output_close(&out, &err))
		return cli_fail(err_file, &err);
	return EXIT_OK;
}
