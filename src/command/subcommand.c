/* SPDX-License-Identifier: MIT */
#include "command/subcommand.h"

const struct subcommand_info subcommands[SUBCOMMAND_COUNT] = {
#define X(code, name, operands, formats, help) \
	[code] = { name, operands, formats, help },
	SUBCOMMANDS(X)
#undef X
};

const struct option_info option_infos[OPTION_COUNT] = {
#define X(code, name, letter, argument, on, group, help) \
	[code] = { name, letter, argument, on, group, help },
	OPTIONS(X)
#undef X
};

const struct exit_status_info exit_statuses[] = {
	{ EXIT_OK, "done" },
	{ EXIT_FINDINGS,
	  "findings, where findings were asked about (--fail-on, rules check, "
	  "rules test, verify), or mutes that no filter can say (rules tune)" },
	{ EXIT_USAGE,
	  "wrong usage, or something that was named cannot be read or "
	  "written" },
	{ EXIT_SKIPPED,
	  "done, but some input could not be read, some records were "
	  "skipped, a rule could not run, or no event (verify: no digest) was "
	  "found; outranks 1" },
	{ EXIT_NO_TERMINAL, "no usable terminal for the workbench" },
	{ 128, "128 and the number of a signal: ended by it, after saving" },
	{ 0, NULL },
};

enum subcommand subcommand_find(struct str name)
{
	for (int i = 1; i < SUBCOMMAND_COUNT; i++)
		if (str_eq(name, str_of(subcommands[i].name)))
			return (enum subcommand)i;
	return SUBCOMMAND_COUNT;
}

const char *subcommand_nearest(struct str name)
{
	const char *found = NULL;
	size_t best = 3;

	for (int i = 1; i < SUBCOMMAND_COUNT; i++) {
		size_t d = str_distance(name, str_of(subcommands[i].name));

		if (d < best) {
			best = d;
			found = subcommands[i].name;
		}
	}
	return found;
}

enum option_code option_find(struct str name)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (str_eq(name, str_of(option_infos[i].name)))
			return (enum option_code)i;
	return OPTION_COUNT;
}

enum option_code option_find_letter(char letter)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (option_infos[i].letter && option_infos[i].letter == letter)
			return (enum option_code)i;
	return OPTION_COUNT;
}

const char *option_nearest(struct str name)
{
	const char *found = NULL;
	size_t best = name.n / 3 + 2;

	for (int i = 0; i < OPTION_COUNT; i++) {
		size_t d = str_distance(name, str_of(option_infos[i].name));

		if (d < best) {
			best = d;
			found = option_infos[i].name;
		}
	}
	return found;
}
