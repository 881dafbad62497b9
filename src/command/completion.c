/* SPDX-License-Identifier: MIT */
#include "command/completion.h"

#include <string.h>

#include "base/attr.h"
#include "base/embedded.h"
#include "command/manual.h"
#include "model/attack.h"
#include "model/field.h"
#include "model/level.h"
#include "query/parse.h"

/* What an option's argument is called says what it is. */
static const struct {
	const char *argument;
	enum completion_kind kind;
	const char *words; /* of COMPLETE_WORDS, where no table has them */
} arguments[] = {
	{ "EXPR", COMPLETE_FILTER, NULL },
	{ "FILE", COMPLETE_FILE, NULL },
	{ "PATH", COMPLETE_FILE, NULL },
	{ "FORMAT", COMPLETE_FORMAT, NULL },
	{ "LEVEL", COMPLETE_WORDS, NULL },
	{ "TACTIC", COMPLETE_WORDS, NULL },
	{ "ZONE", COMPLETE_WORDS, "UTC local " },
	{ "WHEN", COMPLETE_WORDS, "auto always never " },
	{ "ORDER", COMPLETE_WORDS, "top rare first " },
};

static size_t find_argument(const char *name)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(arguments) &&
	       strcmp(arguments[i].argument, name) != 0)
		i++;
	return i;
}

/* "N|all": what is written in lower case is meant as it stands. */
static void add_alternatives(struct str argument, struct strbuf *out)
{
	struct str one;

	if (str_find_char(argument, '|', 0) == SIZE_MAX)
		return;
	while (str_next(&argument, '|', &one)) {
		if (!one.n || one.p[0] < 'a' || one.p[0] > 'z')
			continue;
		strbuf_add(out, one);
		strbuf_addc(out, ' ');
	}
}

enum completion_kind completion_of_option(enum option_code code)
{
	const char *argument = option_infos[code].argument;
	size_t i;

	if (!argument)
		return COMPLETE_NOTHING;
	if (code == OPT_CASE)
		return COMPLETE_CASE;
	if (code == OPT_SECTION)
		return COMPLETE_WORDS;
	if (strchr(argument, '|'))
		return COMPLETE_WORDS;
	i = find_argument(argument);
	return i < ARRAY_SIZE(arguments) ? arguments[i].kind : COMPLETE_FREE;
}

static void add_levels(struct strbuf *out, const char *before)
{
	for (int l = 0; l < LEVEL_COUNT; l++)
		strbuf_addf(out, "%s%s ", before, level_name((enum level)l));
}

static void add_tactics(struct strbuf *out, const char *before)
{
	for (int t = 0; t < TACTIC_COUNT; t++)
		strbuf_addf(out, "%s%s ", before,
			    attack_tactic_name((enum attack_tactic)t));
}

void completion_option_words(enum option_code code, struct strbuf *out)
{
	const char *argument = option_infos[code].argument;
	size_t i = argument ? find_argument(argument) : ARRAY_SIZE(arguments);

	if (code == OPT_SECTION)
		strbuf_adds(out, "did on persist data reach revoke ");
	else if (i == ARRAY_SIZE(arguments))
		add_alternatives(str_of(argument), out);
	else if (strcmp(argument, "LEVEL") == 0)
		add_levels(out, "");
	else if (strcmp(argument, "TACTIC") == 0)
		add_tactics(out, "");
	else if (arguments[i].words)
		strbuf_adds(out, arguments[i].words);
}

/* "list|check|test ..." */
static struct str verbs(enum subcommand sub)
{
	struct str operands = str_of(subcommands[sub].operands);
	struct str first = STR_NULL;

	str_next(&operands, ' ', &first);
	return str_find_char(first, '|', 0) == SIZE_MAX ? STR_NULL : first;
}

enum completion_kind completion_of_operand(enum subcommand sub)
{
	const char *operands = subcommands[sub].operands;

	if (sub == SUB_HELP || verbs(sub).n ||
	    strncmp(operands, "FIELD", 5) == 0)
		return COMPLETE_WORDS;
	if (strncmp(operands, "ID", 2) == 0)
		return COMPLETE_FREE;
	return COMPLETE_FILE;
}

static void add_topics(struct strbuf *out)
{
	const struct embedded_file *page;

	for (size_t i = 0; (page = manual_page(i)); i++) {
		struct str name = manual_page_name(page, NULL);

		if (str_starts(name, STR("trawl-")))
			name = str_from(name, strlen("trawl-"));
		strbuf_add(out, name);
		strbuf_addc(out, ' ');
	}
	for (int i = 1; i < SUBCOMMAND_COUNT; i++)
		strbuf_addf(out, "%s ", subcommands[i].name);
}

static void add_fields(struct strbuf *out, const char *after)
{
	for (const struct field *f = fields; f->name; f++)
		strbuf_addf(out, "%s%s ", f->name, after);
}

void completion_operand_words(enum subcommand sub, struct strbuf *out)
{
	struct str rest = verbs(sub), verb;

	if (sub == SUB_HELP)
		add_topics(out);
	if (sub == SUB_HELP ||
	    strncmp(subcommands[sub].operands, "FIELD", 5) == 0)
		add_fields(out, "");
	while (str_next(&rest, '|', &verb)) {
		strbuf_add(out, verb);
		strbuf_addc(out, ' ');
	}
}

void completion_filter_words(struct strbuf *out)
{
	add_fields(out, ":");
	for (const struct field *f = fields; f->name; f++) {
		const char *value;

		/* Hundreds: who asks for one knows it. */
		if (f->kind == FIELD_TECHNIQUE)
			continue;
		for (size_t i = 0; (value = query_value_name(f->kind, i)); i++)
			strbuf_addf(out, "%s:%s ", f->name, value);
	}
}
