/* SPDX-License-Identifier: MIT */
/* --help and --version, from the tables. */
#include "cli/cli.h"

#include <inttypes.h>

#include "base/crypto.h"
#include "base/gz.h"
#include "base/re.h"
#include "base/unicode.h"
#include "cli/workbench.h"
#include "command/example.h"
#include "command/guide_questions.h"
#include "detect/ruleset.h"

enum { HELP_COLUMN = 26, HELP_WIDTH = 78 };

/* Words from column `from` on, wrapped. */
static void wrap(FILE *out, const char *text, int from)
{
	struct str rest = str_of(text), word;
	int column = from;

	while (str_next(&rest, ' ', &word)) {
		if (column == from) {
			column += (int)word.n;
		} else if (column + 1 + (int)word.n > HELP_WIDTH) {
			fprintf(out, "\n%*s", from, "");
			column = from + (int)word.n;
		} else {
			fputc(' ', out);
			column += 1 + (int)word.n;
		}
		fprintf(out, "%.*s", (int)word.n, word.p);
	}
	fputc('\n', out);
}

static void entry(FILE *out, const char *left, const char *text)
{
	int n = fprintf(out, "  %s", left);

	if (n >= HELP_COLUMN)
		fprintf(out, "\n%*s", HELP_COLUMN, "");
	else
		fprintf(out, "%*s", HELP_COLUMN - n, "");
	wrap(out, text, HELP_COLUMN);
}

static void print_options(FILE *out, uint32_t on)
{
	const char *group = "";

	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_info *o = &option_infos[i];
		char left[64], letter[8] = "";

		if (!(o->on & on))
			continue;
		if (strcmp(group, o->group) != 0) {
			group = o->group;
			fprintf(out, "\n%s:\n", group);
		}
		if (o->letter)
			snprintf(letter, sizeof(letter), "-%c, ", o->letter);
		snprintf(left, sizeof(left), "%s--%s%s%s", letter, o->name,
			 o->argument ? " " : "",
			 o->argument ? o->argument : "");
		entry(out, left, o->help);
	}
}

/* Of one command, or those that the program's own help begins with. */
static void print_examples(FILE *out, enum subcommand command)
{
	fputs("examples:\n", out);
	for (const struct example *e = examples; e->line; e++) {
		if (command == SUB_WORKBENCH ? !e->first :
					       e->command != command)
			continue;
		if (*e->gives)
			fprintf(out, "  %-34s  %s\n", e->line, e->gives);
		else
			fprintf(out, "  %s\n", e->line);
	}
}

static void print_commands(FILE *out)
{
	fputs("\ncommands:\n", out);
	for (int i = 0; i < SUBCOMMAND_COUNT; i++) {
		char left[64];

		snprintf(left, sizeof(left), "%s%s%s", subcommands[i].name,
			 *subcommands[i].name ? " " : "",
			 subcommands[i].operands);
		entry(out, left, subcommands[i].help);
	}
}

/* The way through an investigation. */
static void print_questions(FILE *out)
{
	fputs("\nquestions, in the order of an investigation (a in the "
	      "workbench):\n",
	      out);
	for (int i = 0; i < GUIDE_QUESTION_COUNT; i++)
		fprintf(out, "  %s\n      %s\n", guide_questions[i].ask,
			guide_questions[i].batch);
}

void cli_usage(FILE *out)
{
	fputs("usage: trawl [OPTIONS] PATH...\n"
	      "       trawl COMMAND [OPTIONS] ...\n\n"
	      "Investigates AWS CloudTrail logs. PATH is a file, a folder "
	      "(with all below it)\nor - for standard input; what is in it is "
	      "recognised by content.\n\n",
	      out);
	print_examples(out, SUB_WORKBENCH);
}

void cli_help(const struct options *o, FILE *out)
{
	const struct subcommand_info *sub = &subcommands[o->command];

	if (o->command != SUB_WORKBENCH) {
		fprintf(out, "usage: trawl %s [OPTIONS] %s\n\n", sub->name,
			sub->operands);
		wrap(out, sub->help, 0);
		fputc('\n', out);
		print_examples(out, o->command);
		fprintf(out, "\nformats: %s\n", sub->formats);
		print_options(out, ON(o->command));
		return;
	}
	cli_usage(out);
	print_commands(out);
	print_options(out, ON_ALL);
	print_questions(out);
	fputs("\nexit status:\n", out);
	for (const struct exit_status_info *e = exit_statuses; e->meaning;
	     e++) {
		char left[16];

		snprintf(left, sizeof(left), "%d%s", e->status,
			 e->status == 128 ? "+N" : "");
		entry(out, left, e->meaning);
	}
	fputs("\nThe manual: trawl help trawl, or man trawl. In the workbench: "
	      "? for help.\n",
	      out);
}

void cli_version(FILE *out)
{
	struct ruleset *rs = ruleset_new();
	char buf[128];

	ruleset_add_builtin(rs);
	ruleset_seal(rs);
	fprintf(out, "trawl %s\n", TRAWL_VERSION);
	fprintf(out,
		"screen: %s; zlib %s; PCRE2 %s; Unicode %s; crypto: %s; "
		"ATT&CK %s; %zu rules built in\n",
		workbench_exists() ? "ncurses" : "none", gz_version(),
		re_version(buf, sizeof(buf)), unicode_source(),
		crypto_version(), ATTACK_VERSION, ruleset_count(rs));
	ruleset_free(rs);
}
