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
#include "gen/bench.h"
#include "gen/files.h"
#include "gen/ids.h"
#include "gen/sets.h"

static const struct {
	const char *name;
	enum err_code (*write)(const char *folder, struct err *err);
} sets[] = {
	{ "secutter", set_secutter }, { "quiet", set_quiet },
	{ "rules", set_rules },       { "eight-tactics", set_tactics },
	{ "hostile", set_hostile },   { "org", set_org },
	{ "digests", set_digests },   { "forms", set_forms },
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

/* False when there is no such option or the value is no good. */
static bool read_option(struct bench_options *o, const char *name,
			const char *value)
{
	uint64_t n;

	if (strcmp(name, "--per-file") == 0) {
		if (!str_to_u64(str_of(value), &n) || n == 0 || n > 100000)
			return false;
		o->per_file = (unsigned)n;
		return true;
	}
	if (strcmp(name, "--duplicates") == 0)
		return str_to_double(str_of(value), &o->duplicates) &&
		       o->duplicates >= 0 && o->duplicates < 1;
	if (strcmp(name, "--seed") == 0) {
		o->seed = value;
		return true;
	}
	return false;
}

static int write_bench(char **args, int n)
{
	struct bench_options o = { .per_file = 60, .seed = "1" };
	struct err err = ERR_INIT;

	if (n < 2 || n % 2 || !str_to_u64(str_of(args[0]), &o.events))
		return usage();
	o.folder = args[1];
	for (int i = 2; i < n; i += 2)
		if (!read_option(&o, args[i], args[i + 1]))
			return usage();
	if (bench_write(&o, &err) == ERR_OK)
		return 0;
	fprintf(stderr, "samplegen: %s\n", err.msg);
	return 1;
}

int main(int argc, char **argv)
{
	json_init();
	if (argc == 2 && strcmp(argv[1], "--self-test") == 0)
		return ids_self_test() ? 0 : 1;
	if (argc > 2 && strcmp(argv[1], "--bench") == 0)
		return write_bench(argv + 2, argc - 2);
	if (argc < 2 || argv[1][0] == '-')
		return usage();
	return write_sets(argv[1], argv + 2, argc - 2);
}
