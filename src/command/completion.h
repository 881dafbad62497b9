/* SPDX-License-Identifier: MIT */
/*
 * completion.h - what may stand behind an option or a command
 *
 * The completions of shells are made of this and of the tables of commands
 * and options; see tools/compgen.c.
 *
 * Layer: command. Threads: any.
 */
#ifndef TRAWL_COMPLETION_H
#define TRAWL_COMPLETION_H

#include "base/strbuf.h"
#include "command/subcommand.h"

enum completion_kind {
	COMPLETE_NOTHING, /* takes no argument */
	COMPLETE_FREE,    /* a time, a number, an id */
	COMPLETE_FILE,
	COMPLETE_CASE,   /* a case file, from the user's folder too */
	COMPLETE_FILTER, /* an expression: fields, and values of some */
	COMPLETE_FORMAT, /* of the command */
	COMPLETE_WORDS,  /* one of a few */
};

enum completion_kind completion_of_option(enum option_code code);
/* Of the first operand of a command. */
enum completion_kind completion_of_operand(enum subcommand sub);

/* The few words, separated by blanks. Each is added with a blank behind it. */
void completion_option_words(enum option_code code, struct strbuf *out);
void completion_operand_words(enum subcommand sub, struct strbuf *out);
/* Fields of filters, each with a colon; and "field:value" of fields with few
 * values. */
void completion_filter_words(struct strbuf *out);

#endif /* TRAWL_COMPLETION_H */
