/* SPDX-License-Identifier: MIT */
#include "ingest_help.h"

#include "base/intern_pack.h"
#include "base/pack.h"

static const struct hash_key key = { 1, 2 };
static const struct pack_mark mark = { { 3, 4 }, { 5, 6 } };

enum { LARGE = 2 * 1024 * 1024 + 5 };

static int nameless(void)
{
	char path[] = "/tmp/trawl-pack-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	return fd;
}

/* Sections: 7 of numbers, 8 empty, 9 of LARGE bytes, 10 a table. */
static int pack_some(void)
{
	const uint32_t numbers[] = { 1, 2, 0xffffffff };
	char *large = malloc(LARGE);
	struct pack_writer *w;
	struct intern table;
	int fd = nameless();

	for (size_t i = 0; i < LARGE; i++)
		large[i] = (char)(i * 7 + i / 256);
	intern_init(&table);
	intern_add(&table, STR("one"));
	intern_add(&table, STR("a\0b"));
	w = pack_create(fd, key, mark, NULL);
	pack_array(w, 7, numbers, 3, sizeof(*numbers));
	pack_begin(w, 8);
	pack_begin(w, 9);
	/* In pieces, which chunks do not follow. */
	pack_add(w, large, 5);
	pack_add(w, large + 5, LARGE - 5);
	intern_save(&table, w, 10);
	assert_true(pack_finish(w));
	intern_release(&table);
	free(large);
	return fd;
}

static void what_was_packed(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 4; threads++) {
		int fd = pack_some();
		struct pack *p = pack_open(fd, key, mark, threads);
		struct intern table;
		uint32_t *numbers;
		char *large;
		size_t n;

		assert_non_null(p);
		/* No whole number of items, or not so many. */
		assert_null(pack_take(p, 7, 8, &n));
		numbers = pack_take(p, 7, sizeof(*numbers), &n);
		assert_int_equal(n, 3);
		assert_int_equal(numbers[0], 1);
		assert_int_equal(numbers[2], 0xffffffff);
		free(numbers);
		assert_null(pack_take(p, 7, sizeof(*numbers), &n));
		large = pack_take(p, 8, 16, &n);
		assert_non_null(large);
		assert_int_equal(n, 0);
		free(large);
		assert_null(pack_take(p, 99, 1, &n));
		large = pack_take_n(p, 9, 1, LARGE);
		assert_non_null(large);
		for (size_t i = 0; i < LARGE; i++)
			assert_int_equal(large[i], (char)(i * 7 + i / 256));
		free(large);
		intern_init(&table);
		assert_true(intern_restore(&table, p, 10));
		assert_int_equal(table.count, 3);
		assert_str_eq(intern_text(&table, 1), STR("one"));
		assert_str_eq(intern_text(&table, 2), STR("a\0b"));
		intern_release(&table);
		pack_close(p);
		close(fd);
	}
}

static void only_so_many(void **state)
{
	int fd = pack_some();
	struct pack *p = pack_open(fd, key, mark, 1);

	(void)state;
	assert_null(pack_take_n(p, 7, sizeof(uint32_t), 2));
	pack_close(p);
	close(fd);
}

/* Tables that could not have been written. */
static void no_tables(void **state)
{
	static const struct {
		uint32_t length[2];
		const char *bytes;
	} cases[] = {
		{ { 3, 3 }, "oneone" },     /* a text twice */
		{ { 3, 0 }, "one" },        /* the empty one */
		{ { 3, 4 }, "onetwo" },     /* beyond the end */
		{ { 3, 2 }, "onetwo" },     /* not to the end */
		{ { 0xffffffff, 1 }, "o" }, /* far beyond */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int fd = nameless();
		struct pack_writer *w = pack_create(fd, key, mark, NULL);
		struct intern table;
		struct pack *p;

		pack_array(w, 1, cases[i].length, 2, sizeof(uint32_t));
		pack_array(w, 2, cases[i].bytes, strlen(cases[i].bytes), 1);
		assert_true(pack_finish(w));
		p = pack_open(fd, key, mark, 1);
		assert_non_null(p);
		intern_init(&table);
		assert_false(intern_restore(&table, p, 1));
		intern_release(&table);
		pack_close(p);
		close(fd);
	}
}

static void another_key_or_mark(void **state)
{
	const struct hash_key other = { 1, 3 };
	struct pack_mark of = mark;
	int fd = pack_some();

	(void)state;
	assert_null(pack_open(fd, other, mark, 2));
	of.of.lo++;
	assert_null(pack_open(fd, key, of, 2));
	close(fd);
}

static void stopped(void **state)
{
	atomic_bool stop = true;
	int fd = nameless();
	struct pack_writer *w = pack_create(fd, key, mark, &stop);

	(void)state;
	pack_array(w, 1, "abc", 3, 1);
	assert_false(pack_finish(w));
	assert_null(pack_open(fd, key, mark, 1));
	close(fd);
}

/* Any byte that is another one, and any end, makes it no pack. */
static void damage(void **state)
{
	int fd = pack_some();
	off_t size = lseek(fd, 0, SEEK_END);
	struct rng r = { 11 };

	(void)state;
	for (int i = 0; i < 180; i++) {
		off_t at = i < 100 ? i :
			   i < 140 ? size - 1 - (i - 100) :
				     (off_t)(rng_next(&r) % (uint64_t)size);
		char was, is;

		assert_int_equal(pread(fd, &was, 1, at), 1);
		is = (char)(was ^ (1 << rng_below(&r, 8)));
		assert_int_equal(pwrite(fd, &is, 1, at), 1);
		/* All bytes of the head are its own or are summed. */
		assert_null(pack_open(fd, key, mark, 2));
		assert_int_equal(pwrite(fd, &was, 1, at), 1);
	}
	pack_close(pack_open(fd, key, mark, 2));
	assert_int_equal(write(fd, "x", 1), 1);
	assert_null(pack_open(fd, key, mark, 2));
	for (off_t n = 0; n < size; n += n < 100 ? 9 : size / 10) {
		assert_int_equal(ftruncate(fd, n), 0);
		assert_null(pack_open(fd, key, mark, 2));
		close(fd);
		fd = pack_some();
	}
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_packed),
		cmocka_unit_test(only_so_many),
		cmocka_unit_test(no_tables),
		cmocka_unit_test(another_key_or_mark),
		cmocka_unit_test(stopped),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
