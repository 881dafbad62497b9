/* SPDX-License-Identifier: MIT */
/*
 * samplegen - writes the sample sets, and load data
 *
 * The same program writes the same bytes: it reads no clock and no random
 * source. See samples/README.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"
#include "gen/files.h"
#include "gen/ids.h"
#include "gen/sets.h"

static const struct {
	const char *name;
	enum err_code (*write)(const char *folder, struct err *err);
} sets[] = {
	{ "secutter", set_secutter },
	{ "quiet", set_quiet },
	{ "rules", set_rules },
};

static int usage(void)
{
	fprintf(stderr,
		"usage: samplegen OUTDIR [NAME...]\n"
		"       samplegen --bench EVENTS OUTDIR [--per-file N]\n"
		"                 [--duplicates SHARE] [--seed TEXT]\n"
		"       samplegen --self-test\n"
		"NAMEs:");
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		fprintf(stderr, " %s", sets[i].name);
	fputc('\n', stderr);
	return 2;
}

static bool is_wanted(const char *name, char **names, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return n == 0;
}

static bool is_set(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		if (strcmp(sets[i].name, name) == 0)
			return true;
	return false;
}

static int write_sets(const char *folder, char **names, int n)
{
	struct err err = ERR_INIT;

	for (int i = 0; i < n; i++)
		if (!is_set(names[i]))
			return usage();
	if (files_make_folder(folder, &err) != ERR_OK)
		goto failed;
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		if (is_wanted(sets[i].name, names, n) &&
		    sets[i].write(folder, &err) != ERR_OK)
			goto failed;
	return 0;
failed:
	fprintf(stderr, "samplegen: %s\n", err.msg);
	return 1;
}

int main(int argc, char **argv)
{
	json_init();
	if (argc == 2 && strcmp(argv[1], "--self-test") == 0)
		return ids_self_test() ? 0 : 1;
	if (argc < 2 || argv[1][0] == '-')
		return usage();
	return write_sets(argv[1], argv + 2, argc - 2);
}
