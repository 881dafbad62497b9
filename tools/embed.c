/* SPDX-License-Identifier: MIT */
/*
 * embed.c - files as C arrays, at build time
 *
 * usage: embed OUTPUT.c ROOT FILE...
 *
 * Writes a table of the files, sorted by name as the build lists them: the
 * name relative to ROOT and the content. See src/base/embedded.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "embed: %s %s\n", what, name);
	exit(1);
}

static size_t write_content(FILE *out, const char *path)
{
	FILE *in = fopen(path, "rb");
	size_t n = 0;
	int c;

	if (!in)
		fail("cannot open", path);
	while ((c = getc(in)) != EOF)
		fprintf(out, "%d,%s", c, ++n % 20 ? "" : "\n");
	fclose(in);
	return n;
}

int main(int argc, char **argv)
{
	size_t *sizes, root;
	FILE *out;

	if (argc < 3)
		fail("usage:", "embed OUTPUT.c ROOT FILE...");
	root = strlen(argv[2]);
	out = fopen(argv[1], "w");
	if (!out)
		fail("cannot write", argv[1]);
	sizes = calloc((size_t)argc, sizeof(*sizes));
	if (!sizes)
		fail("no memory for", argv[1]);
	fprintf(out, "#include \"base/embedded.h\"\n");
	for (int i = 3; i < argc; i++) {
		fprintf(out, "static const unsigned char f%d[] = {\n", i);
		sizes[i] = write_content(out, argv[i]);
		fprintf(out, "0};\n");
	}
	fprintf(out, "const struct embedded_file embedded_files[] = {\n");
	for (int i = 3; i < argc; i++) {
		const char *name = argv[i];

		if (strncmp(name, argv[2], root) == 0)
			name += root + 1;
		fprintf(out, "{ \"%s\", f%d, %zu },\n", name, i, sizes[i]);
	}
	fprintf(out, "{ 0, 0, 0 } };\n");
	free(sizes);
	if (fclose(out) != 0)
		fail("cannot write", argv[1]);
	return 0;
}
