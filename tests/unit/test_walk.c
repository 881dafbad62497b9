/* SPDX-License-Identifier: MIT */
/* Which files are found behind a path, in which order, and which are not. */
#include "ingest_help.h"

#include "ingest/walk.h"

/* The files found, one a line, below the folder: "a.json", "x: REASON",
 * with a star for what was named. */
static void walked(struct strbuf *out, const struct folder *f,
		   const char *const *path, size_t n)
{
	struct err err = ERR_INIT;
	size_t skip = strlen(f->path) + 1;
	struct files files;

	strbuf_clear(out);
	files_init(&files);
	for (size_t i = 0; i < n; i++)
		check(walk_path(&files, path[i], NULL, &err) == ERR_OK, "%s",
		      err.msg);
	walk_finish(&files);
	for (uint32_t i = 0; i < files.n; i++) {
		const struct file_entry *e = &files.entry[i];

		assert_int_equal(e->foreign && !e->refused, 0);
		strbuf_adds(out, strncmp(e->path, f->path, skip - 1) == 0 ?
					 e->path + skip :
					 e->path);
		if (e->refused)
			strbuf_addf(out, ": %s%s", e->refused,
				    e->foreign ? "" : " (lost)");
		strbuf_adds(out, e->named ? "*\n" : "\n");
		if (!e->refused && e->inode)
			assert_int_equal(e->bytes, 2);
	}
	files_release(&files);
}

static void check_walk(const struct folder *f, const char *expected)
{
	const char *path = f->path;
	struct strbuf found;

	strbuf_init(&found);
	walked(&found, f, &path, 1);
	assert_str_eq(strbuf_str(&found), str_of(expected));
	strbuf_release(&found);
}

static void put(const struct folder *f, const char *name)
{
	put_file(f, name, STR("{}"));
}

static void link_to(const struct folder *f, const char *name, const char *to)
{
	assert_int_equal(symlink(to, in_folder(f, name)), 0);
}

static void folders(void **state)
{
	struct folder f;

	(void)state;
	folder_make(&f);
	check_walk(&f, "");
	put(&f, "b.json");
	put(&f, "B.json");
	put(&f, "a.json.gz");
	put(&f, ".hidden.json");
	make_folder(&f, "b");
	make_folder(&f, "b/empty");
	make_folder(&f, "b/deep");
	put(&f, "b/deep/2");
	put(&f, "b/deep/10");
	make_folder(&f, ".git");
	put(&f, ".git/x.json");
	/* In order of the bytes of the paths, folders among the files. */
	check_walk(&f, ".git: hidden: read only when named\n"
		       ".hidden.json: hidden: read only when named\n"
		       "B.json\na.json.gz\nb.json\nb/deep/10\nb/deep/2\n");
	folder_remove(&f);
}

static void odd_names(void **state)
{
	struct folder f;

	(void)state;
	folder_make(&f);
	put(&f, "new\nline");
	put(&f, "esc\x1b[31m");
	put(&f, "not\xffutf8");
	put(&f, "%s%n");
	put(&f, " ");
	put(&f, "-");
	check_walk(&f, " \n%s%n\n-\nesc\x1b[31m\nnew\nline\nnot\xffutf8\n");
	folder_remove(&f);
}

static void links(void **state)
{
	struct folder f, outside;
	char path[300];

	(void)state;
	folder_make(&f);
	folder_make(&outside);
	put(&outside, "away.json");
	make_folder(&f, "in");
	put(&f, "in/a.json");
	/* To what is met anyway. */
	link_to(&f, "1-file", "in/a.json");
	link_to(&f, "2-folder", "in");
	snprintf(path, sizeof(path), "%s/in/a.json", f.path);
	link_to(&f, "3-absolute", path);
	/* Out of the folder, nowhere, and round. */
	snprintf(path, sizeof(path), "%s/away.json", outside.path);
	link_to(&f, "4-file", path);
	link_to(&f, "5-folder", outside.path);
	link_to(&f, "6-up", "..");
	link_to(&f, "7-none", "nothing");
	link_to(&f, "8-loop", "9-loop");
	link_to(&f, "9-loop", "8-loop");
	link_to(&f, "in/self", ".");
	link_to(&f, "in/parent", "..");
	/* A name that begins like the folder's is another folder. */
	snprintf(path, sizeof(path), "%s-more", f.path);
	assert_int_equal(mkdir(path, 0777), 0);
	link_to(&f, "a-more", path);
	check_walk(&f, "4-file: a symbolic link that leads elsewhere\n"
		       "5-folder: a symbolic link that leads elsewhere\n"
		       "6-up: a symbolic link that leads elsewhere\n"
		       "7-none: a symbolic link that leads elsewhere\n"
		       "8-loop: a symbolic link that leads elsewhere\n"
		       "9-loop: a symbolic link that leads elsewhere\n"
		       "a-more: a symbolic link that leads elsewhere\n"
		       "in/a.json\n");
	rmdir(path);
	folder_remove(&f);
	folder_remove(&outside);
}

/* What only a link leads to, as where data is swapped in one step. */
static void links_to_what_is_hidden(void **state)
{
	struct folder f;

	(void)state;
	folder_make(&f);
	make_folder(&f, ".data");
	put(&f, ".data/a.json");
	put(&f, ".data/b.json");
	put(&f, ".c.json");
	link_to(&f, "a.json", ".data/a.json");
	link_to(&f, "again.json", "a.json");
	link_to(&f, "c.json", ".c.json");
	link_to(&f, "data", ".data");
	check_walk(&f, ".c.json: hidden: read only when named\n"
		       ".data: hidden: read only when named\n"
		       "a.json\nc.json\n"
		       "data: a symbolic link to a hidden folder (lost)\n");
	folder_remove(&f);
}

/* The folder that is given may itself be reached by a link. */
static void a_link_that_is_named(void **state)
{
	struct folder f;
	const char *path;
	struct strbuf found;

	(void)state;
	folder_make(&f);
	strbuf_init(&found);
	make_folder(&f, "real");
	put(&f, "real/a.json");
	link_to(&f, "real/b.json", "a.json");
	link_to(&f, "way", "real");
	link_to(&f, "file", "real/a.json");
	path = in_folder(&f, "way");
	walked(&found, &f, &path, 1);
	assert_str(strbuf_str(&found), "way/a.json\n");
	path = in_folder(&f, "way/");
	walked(&found, &f, &path, 1);
	assert_str(strbuf_str(&found), "way/a.json\n");
	path = in_folder(&f, "file");
	walked(&found, &f, &path, 1);
	assert_str(strbuf_str(&found), "file*\n");
	strbuf_release(&found);
	folder_remove(&f);
}

static void special_files(void **state)
{
	struct folder f;

	(void)state;
	folder_make(&f);
	put(&f, "a.json");
	/* Nobody writes to it: opening it would wait for ever. */
	assert_int_equal(mkfifo(in_folder(&f, "pipe"), 0666), 0);
	link_to(&f, "device", "/dev/null");
	check_walk(&f, "a.json\n"
		       "device: a symbolic link that leads elsewhere\n"
		       "pipe: a device, pipe or socket\n");
	folder_remove(&f);
}

static void what_is_given_twice(void **state)
{
	struct folder f;
	struct strbuf found;
	const char *path[4], *swap;

	(void)state;
	folder_make(&f);
	strbuf_init(&found);
	make_folder(&f, "d");
	put(&f, "d/a.json");
	put(&f, "d/b.json");
	assert_int_equal(link(in_folder(&f, "d/a.json"),
			      in_folder(&f, "d/c-hard.json")),
			 0);
	link_to(&f, "soft.json", "d/b.json");
	path[0] = in_folder(&f, "d");
	path[1] = in_folder(&f, "d/b.json");
	path[2] = in_folder(&f, "soft.json");
	path[3] = in_folder(&f, "d/../d");
	walked(&found, &f, path, 4);
	/* The path that sorts first is kept, and that it was named. */
	assert_str(strbuf_str(&found), "d/../d/a.json\nd/../d/b.json*\n");
	swap = path[0];
	path[0] = path[3];
	path[3] = swap;
	walked(&found, &f, path, 4);
	assert_str(strbuf_str(&found), "d/../d/a.json\nd/../d/b.json*\n");
	walked(&found, &f, path + 1, 3);
	assert_str(strbuf_str(&found), "d/a.json\nd/b.json*\n");
	strbuf_release(&found);
	folder_remove(&f);
}

/* Pipes ------------------------------------------------------------------- */

/* Standard input is a pipe that a child writes to. */
static pid_t feed(struct str bytes, int *saved)
{
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		size_t done = 0;

		close(ends[0]);
		while (done < bytes.n) {
			ssize_t n = write(ends[1], bytes.p + done,
					  bytes.n - done);

			if (n <= 0)
				_exit(1);
			done += (size_t)n;
		}
		_exit(0);
	}
	assert_true(child > 0);
	close(ends[1]);
	*saved = dup(STDIN_FILENO);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	return child;
}

static void standard_input(void **state)
{
	static const size_t sizes[] = { 0, 1, 5, 65536, 65537, 700000 };
	struct strbuf text;

	(void)state;
	strbuf_init(&text);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct err err = ERR_INIT;
		struct files files;
		struct stat st;
		char *back;
		pid_t child;
		int saved;

		strbuf_clear(&text);
		while (text.n < sizes[i])
			strbuf_addf(&text, "%zu,", text.n);
		strbuf_truncate(&text, sizes[i]);
		child = feed(strbuf_str(&text), &saved);
		files_init(&files);
		assert_int_equal(walk_path(&files, "-", NULL, &err), ERR_OK);
		waitpid(child, NULL, 0);
		dup2(saved, STDIN_FILENO);
		close(saved);
		assert_int_equal(files.n, 1);
		assert_string_equal(files.entry[0].path, "-");
		assert_true(files.entry[0].named);
		assert_int_equal(files.entry[0].bytes, sizes[i]);
		assert_int_equal(files.entry[0].inode, 0);
		/* A copy that can be read anywhere, without a name. */
		assert_int_equal(fstat(files.entry[0].fd, &st), 0);
		assert_int_equal(st.st_nlink, 0);
		assert_int_equal(st.st_size, sizes[i]);
		back = malloc(sizes[i] + 1);
		assert_int_equal(pread(files.entry[0].fd, back, sizes[i] + 1,
				       0),
				 sizes[i]);
		assert_memory_equal(back, text.p, sizes[i]);
		free(back);
		files_release(&files);
	}
	strbuf_release(&text);
}

static void a_pipe_that_is_named(void **state)
{
	struct err err = ERR_INIT;
	struct files files;
	struct folder f;
	const char *path;
	pid_t child;

	(void)state;
	folder_make(&f);
	path = in_folder(&f, "pipe");
	assert_int_equal(mkfifo(path, 0666), 0);
	child = fork();
	if (child == 0) {
		int fd = open(path, O_WRONLY);

		_exit(fd < 0 || write(fd, "{}\n", 3) != 3);
	}
	files_init(&files);
	assert_int_equal(walk_path(&files, path, NULL, &err), ERR_OK);
	waitpid(child, NULL, 0);
	assert_int_equal(files.n, 1);
	assert_int_equal(files.entry[0].bytes, 3);
	assert_true(files.entry[0].fd >= 0);
	files_release(&files);
	folder_remove(&f);
}

/* Errors ------------------------------------------------------------------ */

static void paths_that_cannot_be_used(void **state)
{
	struct err err = ERR_INIT;
	struct files files;
	struct folder f;
	char *was;

	(void)state;
	folder_make(&f);
	put(&f, "file");
	files_init(&files);
	assert_int_equal(walk_path(&files, in_folder(&f, "none"), NULL, &err),
			 ERR_IO);
	assert_non_null(strstr(err.msg, "/none: "));
	assert_int_equal(walk_path(&files, in_folder(&f, "file/x"), NULL, &err),
			 ERR_IO);
	assert_int_equal(walk_path(&files, "", NULL, &err), ERR_IO);
	link_to(&f, "loop", "loop");
	assert_int_equal(walk_path(&files, in_folder(&f, "loop"), NULL, &err),
			 ERR_IO);
	assert_int_equal(files.n, 0);
	/* Nowhere to keep a copy of a pipe. */
	was = getenv("TMPDIR") ? strdup(getenv("TMPDIR")) : NULL;
	setenv("TMPDIR", in_folder(&f, "none"), 1);
	assert_int_equal(walk_path(&files, "/dev/null", NULL, &err), ERR_IO);
	assert_int_equal(files.n, 0);
	unsetenv("TMPDIR");
	if (was)
		setenv("TMPDIR", was, 1);
	free(was);
	assert_int_equal(walk_path(&files, "/dev/null", NULL, &err), ERR_OK);
	assert_int_equal(files.n, 1);
	files_release(&files);
	folder_remove(&f);
}

static void what_may_not_be_read(void **state)
{
	struct folder f;

	(void)state;
	if (geteuid() == 0)
		skip(); /* root may read everything */
	folder_make(&f);
	make_folder(&f, "closed");
	put(&f, "closed/a.json");
	make_folder(&f, "names");
	put(&f, "names/a.json");
	assert_int_equal(chmod(in_folder(&f, "closed"), 0), 0);
	/* Names can be read, what they are cannot. */
	assert_int_equal(chmod(in_folder(&f, "names"), 0400), 0);
	check_walk(&f, "closed: the folder cannot be read (lost)\n"
		       "names/a.json: cannot be looked at (lost)\n");
	folder_remove(&f);
}

/* Folders inside one another, more than a path may be long. */
static void depth(void **state)
{
	struct folder f;
	struct strbuf found;
	const char *path = f.path;
	int here = open(".", O_RDONLY);

	(void)state;
	folder_make(&f);
	strbuf_init(&found);
	assert_int_equal(chdir(f.path), 0);
	for (int i = 0; i < 230; i++) {
		assert_int_equal(mkdir("d", 0777), 0);
		assert_int_equal(chdir("d"), 0);
	}
	write_bytes("a.json", STR("{}"));
	assert_int_equal(fchdir(here), 0);
	close(here);
	walked(&found, &f, &path, 1);
	assert_true(str_ends(strbuf_str(&found),
			     STR("/d: too many folders inside one another "
				 "(lost)\n")));
	assert_int_equal(str_find_char(strbuf_str(&found), '\n', 0),
			 found.n - 1);
	strbuf_release(&found);
	folder_remove(&f);
}

/* Days ------------------------------------------------------------------- */

static int64_t day(const char *text)
{
	return *text ? time_parse(str_of(text), NULL) : TIME_NONE;
}

/* The files of these days, one a line; returns what was left out. */
static uint64_t of_days(struct strbuf *out, const char *path, const char *first,
			const char *last)
{
	struct walk_terms terms = { .days = { true, day(first), day(last) } };
	struct err err = ERR_INIT;
	struct files files;

	strbuf_clear(out);
	files_init(&files);
	check(walk_path(&files, path, &terms, &err) == ERR_OK, "%s", err.msg);
	walk_finish(&files);
	for (uint32_t i = 0; i < files.n; i++)
		strbuf_addf(out, "%s ", file_base_name(files.entry[i].path));
	files_release(&files);
	return terms.left_out;
}

static void make_days(const struct folder *f)
{
	static const char *const made[] = {
		"2025",       "2025/12",    "2025/12/31", "2026",
		"2026/01",    "2026/01/05", "2026/01/06", "2026/02",
		"2026/02/01", "2026/13",    "2026/13/40", "flat"
	};
	static const char *const files[] = {
		"2025/12/31/a",
		"2026/01/05/b",
		"2026/01/06/c",
		"2026/02/01/d",
		"2026/13/40/e",
		"flat/f",
		"flat/1_CloudTrail_eu-west-1_20260105T2355Z_g.json.gz",
		"flat/1_CloudTrail_eu-west-1_20260106T0005Z_h.json.gz",
		/* No times, or none that there are. */
		"flat/1_CloudTrail_eu-west-1_20260106X0005Z_i.json.gz",
		"flat/1_CloudTrail_eu-west-1_20261306T0005Z_j.json.gz",
	};

	for (size_t i = 0; i < ARRAY_SIZE(made); i++)
		make_folder(f, made[i]);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		put(f, files[i]);
}

static void some_days(void **state)
{
#define G "1_CloudTrail_eu-west-1_20260105T2355Z_g.json.gz "
#define H "1_CloudTrail_eu-west-1_20260106T0005Z_h.json.gz "
#define I_J                                                \
	"1_CloudTrail_eu-west-1_20260106X0005Z_i.json.gz " \
	"1_CloudTrail_eu-west-1_20261306T0005Z_j.json.gz f "
	struct strbuf found;
	struct folder f;
	char *there;

	(void)state;
	folder_make(&f);
	strbuf_init(&found);
	make_days(&f);
	/* Three folders and a file are of other days. */
	assert_int_equal(of_days(&found, f.path, "2026-01-05", "2026-01-05"),
			 4);
	assert_string_equal(found.p, "b e " G I_J);
	assert_int_equal(of_days(&found, f.path, "2026-01-06", ""), 3);
	assert_string_equal(found.p, "c d e " H I_J);
	assert_int_equal(of_days(&found, f.path, "", "2026-01-05"), 3);
	assert_string_equal(found.p, "a b e " G I_J);
	assert_int_equal(of_days(&found, f.path, "2024-01-01", "2027-01-01"),
			 0);
	assert_string_equal(found.p, "a b c d e " G H I_J);
	/* The year may lie above what is given. */
	there = getcwd(NULL, 0);
	assert_int_equal(chdir(in_folder(&f, "2026")), 0);
	of_days(&found, ".", "2026-02-01", "2026-02-01");
	assert_string_equal(found.p, "d e ");
	of_days(&found, "01/", "2026-01-06", "");
	assert_string_equal(found.p, "c ");
	/* What is named outright is read. */
	of_days(&found, "01/05", "2026-02-01", "");
	assert_string_equal(found.p, "b ");
	assert_int_equal(chdir(there), 0);
	free(there);
	of_days(&found,
		in_folder(&f, "flat/1_CloudTrail_eu-west-1_"
			      "20260105T2355Z_g.json.gz"),
		"2027-01-01", "");
	assert_string_equal(found.p, G);
	strbuf_release(&found);
	folder_remove(&f);
#undef G
#undef H
#undef I_J
}

static bool after_some(void *context, uint32_t found)
{
	(void)found;
	return --*(int *)context > 0;
}

static void ended(void **state)
{
	int left = 1;
	struct walk_terms terms = { .going = after_some, .context = &left };
	struct err err = ERR_INIT;
	struct files files;
	struct folder f;

	(void)state;
	folder_make(&f);
	put(&f, "a");
	put(&f, "b");
	files_init(&files);
	assert_int_equal(walk_path(&files, f.path, &terms, &err),
			 ERR_CANCELLED);
	assert_int_equal(files.n, 1);
	files_release(&files);
	assert_int_equal(walk_check(f.path, &err), ERR_OK);
	assert_int_equal(walk_check("-", &err), ERR_OK);
	assert_int_equal(walk_check(in_folder(&f, "none"), &err), ERR_IO);
	folder_remove(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folders),
		cmocka_unit_test(odd_names),
		cmocka_unit_test(links),
		cmocka_unit_test(links_to_what_is_hidden),
		cmocka_unit_test(a_link_that_is_named),
		cmocka_unit_test(special_files),
		cmocka_unit_test(what_is_given_twice),
		cmocka_unit_test(standard_input),
		cmocka_unit_test(a_pipe_that_is_named),
		cmocka_unit_test(paths_that_cannot_be_used),
		cmocka_unit_test(what_may_not_be_read),
		cmocka_unit_test(depth),
		cmocka_unit_test(some_days),
		cmocka_unit_test(ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
