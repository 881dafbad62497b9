/* SPDX-License-Identifier: MIT */
/*
 * replay_main.c - runs a fuzzer's entry point on files
 *
 * usage: fuzz_X FILE|FOLDER...
 *
 * For builds without libFuzzer: what it once found must stay mended.
 */
#include "fuzz_help.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

static unsigned replayed;

static int replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	struct stat st;
	size_t n;

	if (!f || fstat(fileno(f), &st)) {
		fprintf(stderr, "cannot read %s\n", path);
		if (f)
			fclose(f);
		return 1;
	}
	/* Exactly as large as the file, so that a step beyond is seen. */
	data = malloc(st.st_size > 0 ? (size_t)st.st_size : 1);
	n = data ? fread(data, 1, (size_t)st.st_size, f) : 0;
	fclose(f);
	if (data)
		LLVMFuzzerTestOneInput(data, n);
	free(data);
	replayed++;
	return 0;
}

static int replay(const char *path)
{
	struct dirent *e;
	char name[4096];
	int failed = 0;
	DIR *d = opendir(path);

	if (!d)
		return replay_file(path);
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		failed |= replay_file(name);
	}
	closedir(d);
	return failed;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	printf("%u inputs\n", replayed);
	return failed || replayed == 0;
}
