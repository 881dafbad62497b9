/* SPDX-License-Identifier: MIT */
/*
 * option_words.h - the words of a command line, sorted out
 *
 * Options with their values, and operands. What an option means may depend on
 * the command, so values are read afterwards (options.h).
 *
 * Layer: cli. What is sorted points into argv.
 */
#ifndef TRAWL_OPTION_WORDS_H
#define TRAWL_OPTION_WORDS_H

#include "base/err.h"
#include "base/strbuf.h"
#include "command/subcommand.h"

struct option_words {
	struct {
		enum option_code code;
		const char *value;
	} * option;
	size_t option_n;
	const char **operand;
	size_t operand_n;
};

/* From argv[1] on. ERR_USAGE with one line that says what is wrong; released
 * in any case. */
ATTR_NODISCARD enum err_code option_words_sort(struct option_words *w, int argc,
					       char **argv, struct err *err);
void option_words_release(struct option_words *w);

/* No more options and operands than that: each letter of a word may be one. */
size_t option_words_most(int argc, char **argv);

/* A line that was typed on the screen, as words: quotes and backslashes are as
 * in a shell, and nothing else of one. */
struct option_line {
	struct strbuf text;
	char **argv; /* argv[0] is empty */
	int argc;
};

/* ERR_USAGE when a quote does not end; released in any case. A byte 0 ends a
 * word. */
ATTR_NODISCARD enum err_code option_line_read(struct option_line *l,
					      struct str line, struct err *err);
void option_line_release(struct option_line *l);

#endif /* TRAWL_OPTION_WORDS_H */
