/* SPDX-License-Identifier: MIT */
/*
 * compgen.c - completions for shells, out of the program's own tables
 *
 * usage: compgen FILE.in FILE
 *
 * Copies a file of completions/, with the tables of src/command in the place
 * of its marks. Bash and zsh share functions that print what there is, and
 * have one of their own to choose among it; fish takes a line for each option.
 */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "command/completion.h"

/* Text between single quotes; none of the tables has a quote that matters. */
static void quoted(const char *s)
{
	for (; *s; s++)
		putchar(*s == '\'' ? '`' : *s);
}

static const char *kind_name(enum completion_kind kind)
{
	static const char *const names[] = { "nothing", "free",   "file",
					     "case",    "filter", "format",
					     "words" };

	return names[kind];
}

/* Tables ------------------------------------------------------------------ */

static void print_option_names(enum subcommand sub)
{
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_info *o = &option_infos[i];

		if (!(o->on & ON(sub)))
			continue;
		if (o->letter)
			printf("-%c ", o->letter);
		printf("--%s ", o->name);
	}
}

/* Pattern of a case: "-f|--filter". */
static void print_pattern(const struct option_info *o)
{
	if (o->letter)
		printf("-%c|", o->letter);
	printf("--%s", o->name);
}

static void print_words_of_options(void)
{
	struct strbuf words;

	strbuf_init(&words);
	printf("_trawl_words() {\n\tcase $1 in\n");
	for (int i = 0; i < OPTION_COUNT; i++) {
		strbuf_clear(&words);
		completion_option_words((enum option_code)i, &words);
		if (!words.n)
			continue;
		printf("\t");
		print_pattern(&option_infos[i]);
		printf(") echo '%s' ;;\n", words.p);
	}
	printf("\tesac\n}\n\n");
	strbuf_release(&words);
}

static void print_operands(void)
{
	struct strbuf words;

	strbuf_init(&words);
	printf("_trawl_operand() {\n\tcase $1 in\n");
	for (int i = 1; i < SUBCOMMAND_COUNT; i++) {
		enum completion_kind kind =
			completion_of_operand((enum subcommand)i);

		strbuf_clear(&words);
		completion_operand_words((enum subcommand)i, &words);
		printf("\t%s) echo '%s %s' ;;\n", subcommands[i].name,
		       kind_name(kind), words.p);
	}
	printf("\t*) echo file ;;\n\tesac\n}\n\n");
	strbuf_release(&words);
}

static void print_filter_words(void)
{
	struct strbuf words;

	strbuf_init(&words);
	completion_filter_words(&words);
	printf("%s", words.p);
	strbuf_release(&words);
}

static void print_tables(void)
{
	printf("_trawl_commands() {\n\techo '");
	for (int i = 1; i < SUBCOMMAND_COUNT; i++)
		printf("%s ", subcommands[i].name);
	printf("'\n}\n\n_trawl_options() {\n\tcase $1 in\n");
	for (int i = 1; i < SUBCOMMAND_COUNT; i++) {
		printf("\t%s) echo '", subcommands[i].name);
		print_option_names((enum subcommand)i);
		printf("' ;;\n");
	}
	printf("\t*) echo '");
	print_option_names(SUB_WORKBENCH);
	printf("' ;;\n\tesac\n}\n\n_trawl_kind() {\n\tcase $1 in\n");
	for (int i = 0; i < OPTION_COUNT; i++) {
		if (!option_infos[i].argument)
			continue;
		printf("\t");
		print_pattern(&option_infos[i]);
		printf(") echo %s ;;\n",
		       kind_name(completion_of_option((enum option_code)i)));
	}
	printf("\tesac\n}\n\n_trawl_formats() {\n\tcase $1 in\n");
	for (int i = 1; i < SUBCOMMAND_COUNT; i++)
		printf("\t%s) echo '%s' ;;\n", subcommands[i].name,
		       subcommands[i].formats);
	printf("\tesac\n}\n\n");
	print_words_of_options();
	print_operands();
	printf("_trawl_filter() {\n\techo '");
	print_filter_words();
	printf("'\n}\n\n");
}

/* Zsh and fish ------------------------------------------------------------- */

/* "--filter:only events that match": zsh shows what is behind the colon. */
static void print_zsh_help(void)
{
	printf("_trawl_help() {\n\tcase $1 in\n");
	for (int i = SUBCOMMAND_COUNT - 1; i >= 0; i--) {
		printf("\t%s)\n\t\tprint -l -- \\\n",
		       i ? subcommands[i].name : "*");
		for (int k = 0; k < OPTION_COUNT; k++) {
			if (!(option_infos[k].on & ON(i)))
				continue;
			printf("\t\t\t'--%s:", option_infos[k].name);
			quoted(option_infos[k].help);
			printf("' \\\n");
		}
		printf("\t\t\t;;\n");
	}
	printf("\tesac\n}\n\n");
}

static void print_fish_option(int code, struct strbuf *words)
{
	const struct option_info *o = &option_infos[code];
	enum completion_kind kind =
		completion_of_option((enum option_code)code);

	printf("complete -c trawl -n '__trawl_on ");
	for (int i = 0; i < SUBCOMMAND_COUNT; i++)
		if (o->on & ON(i))
			printf("%s ", i ? subcommands[i].name : "workbench");
	printf("' -l %s", o->name);
	if (o->letter)
		printf(" -s %c", o->letter);
	strbuf_clear(words);
	completion_option_words((enum option_code)code, words);
	switch (kind) {
	case COMPLETE_NOTHING:
		break;
	case COMPLETE_FREE:
		printf(" -x");
		break;
	case COMPLETE_FILE:
		printf(" -r -F");
		break;
	case COMPLETE_CASE:
		printf(" -x -a '(__trawl_cases)'");
		break;
	case COMPLETE_FILTER:
		printf(" -x -a '(__trawl_filter)'");
		break;
	case COMPLETE_FORMAT:
		printf(" -x -a '(__trawl_formats)'");
		break;
	case COMPLETE_WORDS:
		printf(" -x -a '%s'", words->p);
		break;
	}
	printf(" -d '");
	quoted(o->help);
	printf("'\n");
}

static void print_fish_tables(void)
{
	printf("function __trawl_commands\n\tprintf '%%s\\n'");
	for (int i = 1; i < SUBCOMMAND_COUNT; i++)
		printf(" %s", subcommands[i].name);
	printf("\nend\n\n"
	       "function __trawl_formats\n\tswitch (__trawl_command)\n");
	for (int i = 1; i < SUBCOMMAND_COUNT; i++)
		printf("\tcase %s\n\t\tprintf '%%s\\n' %s\n",
		       subcommands[i].name, subcommands[i].formats);
	printf("\tend\nend\n\n"
	       "function __trawl_filter_words\n\tprintf '%%s\\n' ");
	print_filter_words();
	printf("\nend\n");
}

static void print_fish_lines(void)
{
	struct strbuf words;

	strbuf_init(&words);
	for (int i = 1; i < SUBCOMMAND_COUNT; i++) {
		printf("complete -c trawl -n '__trawl_on workbench' -a %s -d '",
		       subcommands[i].name);
		quoted(subcommands[i].help);
		printf("'\n");
		strbuf_clear(&words);
		completion_operand_words((enum subcommand)i, &words);
		if (words.n)
			printf("complete -c trawl -n '__trawl_on %s' -a '%s'\n",
			       subcommands[i].name, words.p);
	}
	for (int i = 0; i < OPTION_COUNT; i++)
		print_fish_option(i, &words);
	strbuf_release(&words);
}

static const struct {
	const char *mark;
	void (*print)(void);
} parts[] = {
	{ "@TABLES@\n", print_tables },
	{ "@HELP@\n", print_zsh_help },
	{ "@FISH_TABLES@\n", print_fish_tables },
	{ "@FISH_COMPLETE@\n", print_fish_lines },
};

int main(int argc, char **argv)
{
	char line[4096];
	FILE *in;

	if (argc != 3 || !(in = fopen(argv[1], "r")) ||
	    !freopen(argv[2], "w", stdout)) {
		fprintf(stderr, "usage: compgen FILE.in FILE\n");
		return 1;
	}
	while (fgets(line, sizeof(line), in)) {
		size_t i = 0;

		while (i < ARRAY_SIZE(parts) &&
		       strcmp(line, parts[i].mark) != 0)
			i++;
		if (i < ARRAY_SIZE(parts))
			parts[i].print();
		else
			fputs(line, stdout);
	}
	fclose(in);
	return fclose(stdout) == 0 ? 0 : 1;
}
