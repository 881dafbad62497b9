/* SPDX-License-Identifier: MIT */
/*
 * Cases on the disk: what was confirmed is there again, whatever happens
 * between; two writers; files that are damaged, hostile, or something else.
 */
#include "case_help.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/file.h"
#include "casework/case_file.h"
#include "casework/case_path.h"

#define HEADER "{\"trawl\":\"case\",\"version\":1}\n"

static struct case_file *opened(const char *name, enum case_mode mode)
{
	struct case_file *c = NULL;
	struct err err = ERR_INIT;

	check(case_open(&c, in_folder(&dir, name), mode, NULL, &err) == ERR_OK,
	      "%s: %s", name, err.msg);
	return c;
}

static void refused(const char *name, enum case_mode mode, const char *why)
{
	struct case_file *c = NULL;
	struct err err = ERR_INIT;

	assert_int_equal(case_open(&c, in_folder(&dir, name), mode, NULL, &err),
			 ERR_CASE);
	check(strstr(err.msg, why) != NULL, "\"%s\" does not say \"%s\"",
	      err.msg, why);
}

static void add(struct case_file *c, const char *line)
{
	struct err err = ERR_INIT;

	check(case_add(c, str_of(line), &err) == ERR_OK, "%s", err.msg);
}

static void save(struct case_file *c)
{
	struct err err = ERR_INIT;

	check(case_save(c, &err) == ERR_OK, "%s", err.msg);
}

static bool there(const char *name)
{
	return access(in_folder(&dir, name), F_OK) == 0;
}

static void text_of(const char *name, struct strbuf *out)
{
	struct err err = ERR_INIT;

	strbuf_clear(out);
	check(file_read(out, in_folder(&dir, name), 1 << 20, &err) == ERR_OK,
	      "%s", err.msg);
}

/* The lines of a case, with a blank between. */
static void assert_lines(const char *name, const char *expected)
{
	struct case_file *c = opened(name, CASE_READ);
	struct strbuf all;

	strbuf_init(&all);
	for (size_t i = 0; i < case_lines(c); i++) {
		strbuf_adds(&all, i ? " " : "");
		strbuf_add(&all, case_line(c, i));
	}
	assert_string_equal(all.p, expected);
	strbuf_release(&all);
	case_close(c);
}

/* Nothing is made before it is needed; then the journal, then the file. */
static void life_of_a_case(void **state)
{
	struct case_file *c = opened("life.case", CASE_WRITE);
	struct strbuf text;
	struct stat st;

	(void)state;
	strbuf_init(&text);
	assert_null(case_refusal(c));
	assert_false(there("life.case") || there("life.case.journal"));
	add(c, "{\"a\":1}");
	assert_true(there("life.case.journal"));
	assert_false(there("life.case"));
	assert_lines("life.case", "{\"a\":1}");
	save(c);
	assert_lines("life.case", "{\"a\":1}");
	add(c, "{\"a\":2}");
	assert_lines("life.case", "{\"a\":1} {\"a\":2}");
	save(c);
	case_close(c);
	assert_false(there("life.case.journal"));
	text_of("life.case", &text);
	assert_non_null(strstr(text.p, "{\"trawl\":\"case\",\"version\":1,"));
	assert_non_null(strstr(text.p, "\n{\"a\":1}\n{\"a\":2}\n"));
	assert_int_equal(stat(in_folder(&dir, "life.case"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	strbuf_release(&text);
}

/* What was not saved is there at the next opening, and is told. */
static void recovered(void **state)
{
	struct case_file *c = opened("lost.case", CASE_WRITE);

	(void)state;
	add(c, "{\"a\":1}");
	save(c);
	add(c, "{\"a\":2}");
	add(c, "{\"a\":3}");
	case_close(c);
	assert_true(there("lost.case.journal"));
	for (int i = 0; i < 2; i++) {
		c = opened("lost.case", CASE_WRITE);
		assert_int_equal(case_recovered(c), 2);
		case_close(c);
	}
	c = opened("lost.case", CASE_WRITE);
	add(c, "{\"a\":4}");
	save(c);
	case_close(c);
	assert_false(there("lost.case.journal"));
	assert_lines("lost.case", "{\"a\":1} {\"a\":2} {\"a\":3} {\"a\":4}");
	c = opened("lost.case", CASE_WRITE);
	assert_int_equal(case_recovered(c), 0);
	case_close(c);
}

/* A journal cut at every byte: all whole lines are there, each once, and the
 * next one does not stand in the rest of a torn one. */
static void torn_anywhere(void **state)
{
	struct case_file *c = opened("torn.case", CASE_WRITE);
	struct strbuf journal, file;

	(void)state;
	strbuf_init(&journal);
	strbuf_init(&file);
	add(c, "{\"a\":1}");
	save(c);
	add(c, "{\"a\":2}");
	add(c, "{\"a\":3}");
	text_of("torn.case", &file);
	text_of("torn.case.journal", &journal);
	case_close(c);
	for (size_t n = 0; n <= journal.n; n++) {
		struct str left = { journal.p, n };
		size_t two = str_find(left, STR("{\"a\":2}\n"), 0);
		size_t three = str_find(left, STR("{\"a\":3}\n"), 0);

		put_file(&dir, "torn.case", strbuf_str(&file));
		put_file(&dir, "torn.case.journal", left);
		c = opened("torn.case", CASE_WRITE);
		add(c, "{\"a\":4}");
		if (n % 2)
			save(c);
		case_close(c);
		assert_lines("torn.case",
			     three != SIZE_MAX ?
				     "{\"a\":1} {\"a\":2} {\"a\":3} {\"a\":4}" :
			     two != SIZE_MAX ? "{\"a\":1} {\"a\":2} {\"a\":4}" :
					       "{\"a\":1} {\"a\":4}");
	}
	unlink(in_folder(&dir, "torn.case.journal"));
	strbuf_release(&journal);
	strbuf_release(&file);
}

/* The moment between the new file and the emptied journal: lines that both
 * have count once. */
static void both_have_it(void **state)
{
	struct case_file *c = opened("both.case", CASE_WRITE);
	struct strbuf journal;

	(void)state;
	strbuf_init(&journal);
	add(c, "{\"a\":1}");
	add(c, "{\"a\":1}");
	text_of("both.case.journal", &journal);
	save(c);
	case_close(c);
	put_file(&dir, "both.case.journal", strbuf_str(&journal));
	assert_lines("both.case", "{\"a\":1} {\"a\":1}");
	/* A journal of another name is another session's. */
	journal.p[str_find(strbuf_str(&journal), STR("\"journal\":\""), 0) +
		  11] = 'x';
	put_file(&dir, "both.case.journal", strbuf_str(&journal));
	assert_lines("both.case", "{\"a\":1} {\"a\":1} {\"a\":1} {\"a\":1}");
	unlink(in_folder(&dir, "both.case.journal"));
	strbuf_release(&journal);
}

/* What a file holds that nobody knows stays, in its place. */
static void unknown_stays(void **state)
{
	static const char text[] =
		"{\"trawl\":\"case\",\"version\":1,\"owner\":{\"a\":[1]}}\n"
		"{\"entry\":\"star\"}\n"
		"\n"
		"{\"entry\":\"of the future\",\"x\":1e999}\n"
		"no JSON\n"
		"[1]\n"
		"{\"last\":\"without an end\"}";
	struct case_file *c;
	struct strbuf out;

	(void)state;
	put_file(&dir, "odd.case", STR(text));
	c = opened("odd.case", CASE_WRITE);
	assert_int_equal(case_lines(c), 5);
	assert_int_equal(case_damaged(c), 2);
	add(c, "{\"a\":1}");
	save(c);
	case_close(c);
	strbuf_init(&out);
	text_of("odd.case", &out);
	assert_non_null(strstr(out.p, ",\"owner\":{\"a\":[1]}}\n"
				      "{\"entry\":\"star\"}\n"
				      "{\"entry\":\"of the future\","
				      "\"x\":1e999}\n"
				      "no JSON\n[1]\n"
				      "{\"last\":\"without an end\"}\n"
				      "{\"a\":1}\n"));
	strbuf_release(&out);
}

/* Nothing but a case is taken for one, and nothing else is written to. */
static void no_case(void **state)
{
	struct strbuf out;

	(void)state;
	put_file(&dir, "log.json", STR("{\"Records\":[]}\n"));
	refused("log.json", CASE_WRITE, "no case of trawl's");
	refused("log.json", CASE_READ, "no case of trawl's");
	put_file(&dir, "text", STR("hello"));
	refused("text", CASE_WRITE, "no case of trawl's");
	put_file(&dir, "new.case", STR("{\"trawl\":\"case\",\"version\":2}\n"));
	refused("new.case", CASE_WRITE, "newer");
	refused("nosuch.case", CASE_READ, "no such case");
	make_folder(&dir, "folder");
	refused("folder", CASE_WRITE, "no plain file");
	assert_int_equal(mkfifo(in_folder(&dir, "pipe"), 0600), 0);
	refused("pipe", CASE_WRITE, "no plain file");
	assert_int_equal(symlink("nothing", in_folder(&dir, "dangling")), 0);
	refused("dangling", CASE_WRITE, "link to nothing");
	assert_false(there("log.json.journal"));
	strbuf_init(&out);
	text_of("log.json", &out);
	assert_string_equal(out.p, "{\"Records\":[]}\n");
	strbuf_release(&out);
	/* A file that somebody has touched is a case that is not begun. */
	put_file(&dir, "empty.case", STR(""));
	case_close(opened("empty.case", CASE_WRITE));
}

/* A link is followed to its file, which is replaced where it is and keeps
 * its mode. */
static void links_and_modes(void **state)
{
	struct case_file *c;
	struct stat st;

	(void)state;
	put_file(&dir, "real.case", STR(HEADER));
	assert_int_equal(chmod(in_folder(&dir, "real.case"), 0640), 0);
	assert_int_equal(symlink("real.case", in_folder(&dir, "link.case")), 0);
	c = opened("link.case", CASE_WRITE);
	add(c, "{\"a\":1}");
	save(c);
	case_close(c);
	assert_int_equal(lstat(in_folder(&dir, "link.case"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(in_folder(&dir, "real.case"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_lines("real.case", "{\"a\":1}");
	/* A journal that is a link is not written through. */
	put_file(&dir, "victim", STR("precious"));
	assert_int_equal(
		symlink("victim", in_folder(&dir, "real.case.journal")), 0);
	refused("real.case", CASE_WRITE, "no plain file");
	unlink(in_folder(&dir, "real.case.journal"));
}

/* The second one reads, and is told who writes. */
static void two_analysts(void **state)
{
	struct case_file *first, *second;
	struct err err = ERR_INIT;

	(void)state;
	setenv("USER", "js", 1);
	first = opened("two.case", CASE_WRITE);
	second = opened("two.case", CASE_WRITE);
	assert_null(case_refusal(second));
	add(first, "{\"a\":1}");
	/* Both found nothing; the one who writes first has it. */
	assert_int_equal(case_add(second, STR("{\"a\":2}"), &err), ERR_CASE);
	check(strstr(err.msg, "open by: js on ") != NULL, "%s", err.msg);
	case_close(second);
	second = opened("two.case", CASE_WRITE);
	assert_non_null(case_refusal(second));
	assert_non_null(strstr(case_refusal(second), "open by js on "));
	assert_int_equal(case_lines(second), 1);
	assert_int_equal(case_add(second, STR("{\"a\":2}"), &err), ERR_CASE);
	assert_int_equal(case_save(second, &err), ERR_OK); /* nothing to */
	save(first);
	case_close(first);
	case_close(second);
	second = opened("two.case", CASE_WRITE);
	assert_null(case_refusal(second));
	add(second, "{\"a\":2}");
	save(second);
	case_close(second);
	assert_lines("two.case", "{\"a\":1} {\"a\":2}");
}

/* Kept in memory: nothing on the disk changes, whatever is added. */
static void in_memory(void **state)
{
	struct case_file *c;
	struct strbuf before, after;

	(void)state;
	strbuf_init(&before);
	strbuf_init(&after);
	put_file(&dir, "memory.case", STR(HEADER "{\"a\":1}\n"));
	text_of("memory.case", &before);
	c = opened("memory.case", CASE_MEMORY);
	assert_null(case_refusal(c));
	assert_false(case_is_kept(c));
	add(c, "{\"a\":2}");
	assert_int_equal(case_lines(c), 2);
	save(c);
	case_close(c);
	text_of("memory.case", &after);
	assert_string_equal(before.p, after.p);
	assert_false(there("memory.case.journal"));
	c = opened("nosuch.case", CASE_MEMORY);
	add(c, "{\"a\":1}");
	save(c);
	case_close(c);
	assert_false(there("nosuch.case") || there("nosuch.case.journal"));
	strbuf_release(&before);
	strbuf_release(&after);
}

#define PLACE(author, at) CASE_PLACE "\"author\":\"" author "\",\"at\":" at "}"

static void put_place(struct case_file *c, const char *text)
{
	struct err err = ERR_INIT;

	check(case_set_place(c, str_of(text), &err) == ERR_OK, "%s", err.msg);
}

/* Of each author the last place, which is none of the lines; nothing is begun
 * for it, and a journal of places is none to be told of. */
static void places(void **state)
{
	struct case_file *c = NULL;
	struct strbuf text;
	struct err err = ERR_INIT;

	(void)state;
	strbuf_init(&text);
	assert_int_equal(case_open(&c, in_folder(&dir, "place.case"),
				   CASE_WRITE, "js", &err),
			 ERR_OK);
	put_place(c, PLACE("js", "1"));
	assert_false(there("place.case.journal"));
	assert_int_equal(case_place(c).n, 0);
	add(c, "{\"a\":1}");
	put_place(c, PLACE("js", "2"));
	put_place(c, PLACE("js", "3"));
	put_place(c, PLACE("ak", "4"));
	assert_str_eq(case_place(c), STR(PLACE("js", "3")));
	assert_int_equal(case_lines(c), 1);
	case_close(c);
	/* Out of the journal, and then out of the file. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(case_open(&c, in_folder(&dir, "place.case"),
					   CASE_WRITE, i ? "ak" : "js", &err),
				 ERR_OK);
		assert_int_equal(case_recovered(c), i ? 0 : 1);
		assert_int_equal(case_lines(c), 1);
		assert_str_eq(case_place(c), i ? STR(PLACE("ak", "4")) :
						 STR(PLACE("js", "3")));
		save(c);
		case_close(c);
	}
	text_of("place.case", &text);
	assert_non_null(strstr(
		text.p,
		"\n{\"a\":1}\n" PLACE("js", "3") "\n" PLACE("ak", "4") "\n"));
	assert_null(strstr(text.p, PLACE("js", "2")));
	strbuf_release(&text);
}

/* Several lines at once are there together, and count one by one when the
 * file has them and the journal still does, too. */
static void several_lines(void **state)
{
	struct case_file *c = opened("several.case", CASE_WRITE);
	struct strbuf journal;

	(void)state;
	strbuf_init(&journal);
	add(c, "{\"a\":1}\n{\"a\":2}\n");
	add(c, "{\"a\":3}");
	assert_int_equal(case_lines(c), 3);
	text_of("several.case.journal", &journal);
	save(c);
	case_close(c);
	put_file(&dir, "several.case.journal", strbuf_str(&journal));
	assert_lines("several.case", "{\"a\":1} {\"a\":2} {\"a\":3}");
	unlink(in_folder(&dir, "several.case.journal"));
	strbuf_release(&journal);
}

/* The name that was given signs; it is who a second one is told of. */
static void author_is_told(void **state)
{
	struct case_file *first = NULL, *second;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(case_open(&first, in_folder(&dir, "author.case"),
				   CASE_WRITE, "ak", &err),
			 ERR_OK);
	assert_str_eq(case_author(first), STR("ak"));
	add(first, "{\"a\":1}");
	second = opened("author.case", CASE_WRITE);
	assert_non_null(strstr(case_refusal(second), "open by ak on "));
	case_close(second);
	case_close(first);
}

/* Who replaces the file without asking does not lose what they wrote. */
static void replaced_meanwhile(void **state)
{
	struct case_file *c = opened("swap.case", CASE_WRITE);
	struct err err = ERR_INIT;

	(void)state;
	add(c, "{\"a\":1}");
	save(c);
	add(c, "{\"a\":2}");
	put_file(&dir, "swap.case", STR(HEADER "{\"b\":1}\n"));
	assert_int_equal(case_save(c, &err), ERR_CASE);
	assert_non_null(strstr(err.msg, "somebody else has changed it"));
	case_close(c);
	assert_lines("swap.case", "{\"b\":1} {\"a\":2}");
	unlink(in_folder(&dir, "swap.case.journal"));
}

/* On a disk that is full, nothing is confirmed that is not there, and the
 * file stays as it was. A limit on the size of files is such a disk. */
static void full_disk(void **state)
{
	struct case_file *c = opened("full.case", CASE_WRITE);
	struct rlimit before, small;
	struct strbuf long_line, text;
	struct err err = ERR_INIT;
	struct stat st;

	(void)state;
	strbuf_init(&long_line);
	strbuf_init(&text);
	strbuf_adds(&long_line, "{\"a\":\"");
	strbuf_addn(&long_line, 'x', 4000);
	strbuf_adds(&long_line, "\"}");
	add(c, "{\"a\":1}");
	save(c);
	add(c, "{\"a\":2}");
	text_of("full.case", &text);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	assert_int_equal(stat(in_folder(&dir, "full.case.journal"), &st), 0);
	small.rlim_cur = (rlim_t)st.st_size + 100;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(case_add(c, strbuf_str(&long_line), &err), ERR_CASE);
	small.rlim_cur = 20;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(case_save(c, &err), ERR_CASE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	/* Room again: what was refused is not there, what comes next is. */
	assert_lines("full.case", "{\"a\":1} {\"a\":2}");
	strbuf_clear(&long_line);
	text_of("full.case", &long_line);
	assert_string_equal(text.p, long_line.p);
	add(c, "{\"a\":3}");
	save(c);
	case_close(c);
	assert_lines("full.case", "{\"a\":1} {\"a\":2} {\"a\":3}");
	strbuf_release(&long_line);
	strbuf_release(&text);
}

/* Where nothing can be written the case is read, and says why. */
static void no_rights(void **state)
{
	struct case_file *c;

	(void)state;
	if (geteuid() == 0) {
		print_message("SKIP: root may write anywhere\n");
		return;
	}
	make_folder(&dir, "locked");
	put_file(&dir, "locked/a.case", STR(HEADER "{\"a\":1}\n"));
	assert_int_equal(chmod(in_folder(&dir, "locked"), 0500), 0);
	c = opened("locked/a.case", CASE_WRITE);
	assert_non_null(strstr(case_refusal(c), "Permission denied"));
	assert_int_equal(case_lines(c), 1);
	case_close(c);
	chmod(in_folder(&dir, "locked"), 0700);
}

/* A process that is killed while it adds: each line that it told of through
 * a pipe is there. */
static void killed(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 8; round++) {
		unsigned last = 0, told;
		char seen[32], line[64];
		struct case_file *c;
		int tell[2];
		pid_t child;

		unlink(in_folder(&dir, "kill.case"));
		unlink(in_folder(&dir, "kill.case.journal"));
		assert_int_equal(pipe(tell), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			struct err err;

			close(tell[0]);
			c = NULL;
			if (case_open(&c, in_folder(&dir, "kill.case"),
				      CASE_WRITE, NULL, &err))
				_exit(1);
			for (unsigned i = 1; i < 100000; i++) {
				snprintf(line, sizeof(line), "{\"a\":%u}", i);
				if (case_add(c, str_of(line), &err) ||
				    (i % 7 == 0 && case_save(c, &err)) ||
				    write(tell[1], &i, sizeof(i)) != sizeof(i))
					_exit(1);
			}
			_exit(0);
		}
		close(tell[1]);
		while (last < 20 + round * 5 &&
		       read(tell[0], &told, sizeof(told)) == sizeof(told))
			last = told;
		kill(child, SIGKILL);
		while (read(tell[0], &told, sizeof(told)) == sizeof(told))
			last = told;
		waitpid(child, NULL, 0);
		close(tell[0]);
		assert_true(last >= 20);
		c = opened("kill.case", CASE_WRITE);
		assert_null(case_refusal(c));
		/* The one that it was at may be there as well. */
		assert_true(case_lines(c) == last || case_lines(c) == last + 1);
		for (unsigned i = 0; i < last; i++) {
			snprintf(seen, sizeof(seen), "{\"a\":%u}", i + 1);
			assert_true(str_eq(case_line(c, i), str_of(seen)));
		}
		case_close(c);
	}
}

static void where_it_lies(void **state)
{
	struct strbuf a, b;
	struct case_file *c;
	struct err err = ERR_INIT;

	(void)state;
	strbuf_init(&a);
	strbuf_init(&b);
	setenv("XDG_DATA_HOME", in_folder(&dir, "data"), 1);
	make_folder(&dir, "x");
	make_folder(&dir, "x/lo gs");
	make_folder(&dir, "y");
	make_folder(&dir, "y/lo gs");
	assert_true(case_default_path(&a, in_folder(&dir, "x/lo gs")));
	assert_true(case_default_path(&b, in_folder(&dir, "y/lo gs")));
	assert_true(
		str_starts(strbuf_str(&a),
			   str_of(in_folder(&dir, "data/trawl/cases/lo_gs-"))));
	assert_true(str_ends(strbuf_str(&a), STR(".case")));
	assert_false(str_eq(strbuf_str(&a), strbuf_str(&b)));
	/* The same from wherever it is named. */
	strbuf_clear(&b);
	assert_true(case_default_path(&b, in_folder(&dir, "x/../x/lo gs/")));
	assert_string_equal(a.p, b.p);
	assert_int_equal(case_open(&c, a.p, CASE_OWN, NULL, &err), ERR_OK);
	assert_false(there("data"));
	add(c, "{\"a\":1}");
	save(c);
	case_close(c);
	assert_int_equal(access(a.p, F_OK), 0);
	/* Relative paths do not count, and nothing is nowhere. */
	setenv("XDG_DATA_HOME", "data", 1);
	setenv("HOME", "/home/js", 1);
	strbuf_clear(&b);
	assert_true(case_default_path(&b, "-"));
	assert_true(str_starts(strbuf_str(&b),
			       STR("/home/js/.local/share/trawl/cases/")));
	unsetenv("HOME");
	strbuf_clear(&b);
	assert_false(case_default_path(&b, "-"));
	strbuf_release(&a);
	strbuf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(life_of_a_case),
		cmocka_unit_test(recovered),
		cmocka_unit_test(torn_anywhere),
		cmocka_unit_test(both_have_it),
		cmocka_unit_test(unknown_stays),
		cmocka_unit_test(no_case),
		cmocka_unit_test(links_and_modes),
		cmocka_unit_test(two_analysts),
		cmocka_unit_test(in_memory),
		cmocka_unit_test(several_lines),
		cmocka_unit_test(places),
		cmocka_unit_test(author_is_told),
		cmocka_unit_test(replaced_meanwhile),
		cmocka_unit_test(full_disk),
		cmocka_unit_test(no_rights),
		cmocka_unit_test(killed),
		cmocka_unit_test(where_it_lies),
	};

	return run_case_tests(tests);
}
