/* SPDX-License-Identifier: MIT */
/*
 * Files plain and packed, whole and damaged: what comes out is always a
 * beginning of what went in, and why it is not all of it is said.
 */
#include "ingest_help.h"

#include "ingest/source.h"

static const struct limits usual = LIMITS_DEFAULT;

/* What a file gives, read `room` bytes at a time. */
struct got {
	struct strbuf bytes;
	const char *trouble;
	bool gzip;
	uint32_t members;
	uint64_t consumed;
};

static void read_all(struct got *g, struct source *s, size_t room)
{
	char *buf = malloc(room);
	size_t n;

	strbuf_init(&g->bytes);
	while ((n = source_read(s, buf, room))) {
		assert_true(n <= room);
		strbuf_add(&g->bytes, (struct str){ buf, n });
	}
	/* The end stays the end. */
	assert_int_equal(source_read(s, buf, room), 0);
	g->trouble = source_trouble(s);
	g->gzip = source_is_gzip(s);
	g->members = source_members(s);
	g->consumed = source_consumed(s);
	free(buf);
}

static void read_bytes(struct got *g, struct str bytes, size_t room,
		       const struct limits *limits)
{
	int fd = nameless_file(bytes);
	struct err err = ERR_INIT;
	struct source *s;

	assert_int_equal(source_open(&s, "bytes", fd, NULL, limits, NULL, &err),
			 ERR_OK);
	assert_int_equal(source_offset(s), 0);
	read_all(g, s, room);
	assert_int_equal(source_offset(s), g->bytes.n);
	source_close(s);
	/* The descriptor stays the caller's. */
	assert_int_equal(close(fd), 0);
}

static void got_release(struct got *g)
{
	strbuf_release(&g->bytes);
}

/* Text that does not shrink to nothing. */
static void add_noise(struct strbuf *out, struct rng *r, size_t n)
{
	strbuf_reserve(out, n);
	while (n--)
		strbuf_addc(out, "abcdefgh{}[]\",:\n"[rng_below(r, 16)]);
}

#define assert_trouble(got, text)                         \
	do {                                              \
		assert_non_null((got).trouble);           \
		assert_string_equal((got).trouble, text); \
	} while (0)

static void plain(void **state)
{
	static const size_t sizes[] = {
		0, 1, 2, 3, 65535, 65536, 65537, 200000
	};
	static const size_t rooms[] = { 1, 7, 65536, 300000 };
	struct rng r = { 1 };
	struct strbuf text;
	struct got g;

	(void)state;
	strbuf_init(&text);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		strbuf_clear(&text);
		add_noise(&text, &r, sizes[i]);
		for (size_t k = 0; k < ARRAY_SIZE(rooms); k++) {
			read_bytes(&g, strbuf_str(&text), rooms[k], &usual);
			assert_str_eq(strbuf_str(&g.bytes), strbuf_str(&text));
			assert_null(g.trouble);
			assert_false(g.gzip);
			assert_int_equal(g.members, 0);
			assert_int_equal(g.consumed, sizes[i]);
			got_release(&g);
		}
	}
	strbuf_release(&text);
}

static void packed(void **state)
{
	static const size_t sizes[] = { 0, 1, 1000, 65536, 300000 };
	static const size_t rooms[] = { 1, 4096, 300000 };
	struct strbuf text, file;
	struct rng r = { 2 };
	struct got g;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&file);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		strbuf_clear(&text);
		strbuf_clear(&file);
		add_noise(&text, &r, sizes[i]);
		add_member(&file, strbuf_str(&text));
		for (size_t k = 0; k < ARRAY_SIZE(rooms); k++) {
			read_bytes(&g, strbuf_str(&file), rooms[k], &usual);
			assert_str_eq(strbuf_str(&g.bytes), strbuf_str(&text));
			assert_null(g.trouble);
			assert_true(g.gzip);
			assert_int_equal(g.members, 1);
			assert_int_equal(g.consumed, file.n);
			got_release(&g);
		}
	}
	strbuf_release(&text);
	strbuf_release(&file);
}

/* Members of all sizes, empty ones too, with their headers falling on every
 * place of the input buffer. */
static void many_members(void **state)
{
	enum { MEMBERS = 4000 };
	struct strbuf text, part, file;
	struct rng r = { 3 };
	struct got g;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&part);
	strbuf_init(&file);
	for (unsigned i = 0; i < MEMBERS; i++) {
		strbuf_clear(&part);
		add_noise(&part, &r, rng_below(&r, 120));
		strbuf_add(&text, strbuf_str(&part));
		add_member(&file, strbuf_str(&part));
	}
	assert_true(file.n > 3 * 65536);
	read_bytes(&g, strbuf_str(&file), 5000, &usual);
	assert_str_eq(strbuf_str(&g.bytes), strbuf_str(&text));
	assert_null(g.trouble);
	assert_int_equal(g.members, MEMBERS);
	got_release(&g);
	/* Zeros behind it lose nothing, another byte might. */
	strbuf_addn(&file, '\0', 70000);
	read_bytes(&g, strbuf_str(&file), 5000, &usual);
	assert_str_eq(strbuf_str(&g.bytes), strbuf_str(&text));
	assert_null(g.trouble);
	got_release(&g);
	strbuf_addc(&file, 'x');
	read_bytes(&g, strbuf_str(&file), 5000, &usual);
	assert_str_eq(strbuf_str(&g.bytes), strbuf_str(&text));
	assert_trouble(g, "bytes after the last gzip member");
	got_release(&g);
	strbuf_release(&text);
	strbuf_release(&part);
	strbuf_release(&file);
}

static bool is_beginning(struct str part, struct str whole)
{
	return part.n <= whole.n && memcmp(part.p, whole.p, part.n) == 0;
}

/* Two members, cut off at every byte. */
static void cut_off(void **state)
{
	struct strbuf text, file;
	struct rng r = { 4 };
	size_t first, first_text, before = 0;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&file);
	add_noise(&text, &r, 700);
	add_member(&file, strbuf_str(&text));
	first = file.n;
	first_text = text.n;
	add_noise(&text, &r, 300);
	add_member(&file, str_from(strbuf_str(&text), first_text));
	for (size_t n = 2; n <= file.n; n++) {
		struct got g;

		read_bytes(&g, (struct str){ file.p, n }, 64, &usual);
		assert_true(
			is_beginning(strbuf_str(&g.bytes), strbuf_str(&text)));
		/* More of the file never gives less. */
		assert_true(g.bytes.n >= before);
		before = g.bytes.n;
		if (n >= first)
			assert_true(g.bytes.n >= first_text);
		if (n == first || n == file.n) {
			assert_null(g.trouble);
			assert_int_equal(g.bytes.n,
					 n == first ? first_text : text.n);
		} else {
			assert_non_null(g.trouble);
		}
		got_release(&g);
	}
	strbuf_release(&text);
	strbuf_release(&file);
}

static void damaged(void **state)
{
	struct strbuf text, file;
	struct rng r = { 5 };

	(void)state;
	strbuf_init(&text);
	strbuf_init(&file);
	add_noise(&text, &r, 40000);
	add_member(&file, strbuf_str(&text));
	for (int i = 0; i < 400; i++) {
		size_t at = 10 + rng_below(&r, (uint32_t)file.n - 10);
		char was = file.p[at];
		struct got g;

		file.p[at] ^= (char)(1 + rng_below(&r, 255));
		read_bytes(&g, strbuf_str(&file), 4096, &usual);
		/* The check sum sees what else does not. */
		check(g.trouble, "byte %zu of %zu", at, file.n);
		/* Deflate knows what it had before the damage. */
		assert_true(g.bytes.n <= 16 * (uint64_t)text.n);
		got_release(&g);
		file.p[at] = was;
	}
	/* Behind the last block the text is whole: the sum says that
	 * something in it may not be right. */
	for (size_t at = file.n - 8; at < file.n; at++) {
		struct got g;

		file.p[at] ^= 1;
		read_bytes(&g, strbuf_str(&file), 4096, &usual);
		assert_trouble(g, "gzip data is damaged");
		assert_str_eq(strbuf_str(&g.bytes), strbuf_str(&text));
		got_release(&g);
		file.p[at] ^= 1;
	}
	strbuf_release(&text);
	strbuf_release(&file);
}

static void not_gzip(void **state)
{
	struct got g;

	(void)state;
	/* One byte of two is no sign. */
	read_bytes(&g, STR("\x1f"), 10, &usual);
	assert_str(strbuf_str(&g.bytes), "\x1f");
	assert_null(g.trouble);
	got_release(&g);
	read_bytes(&g, STR("\x1f\x8b"), 10, &usual);
	assert_int_equal(g.bytes.n, 0);
	assert_trouble(g, "gzip data is cut off");
	got_release(&g);
	read_bytes(&g, STR("\x1f\x8b\x08 some text"), 10, &usual);
	assert_int_equal(g.bytes.n, 0);
	assert_trouble(g, "gzip data is damaged");
	got_release(&g);
}

/* Limits ------------------------------------------------------------------ */

static void check_size_limit(struct str file, struct str text, uint64_t most)
{
	struct limits limits = LIMITS_DEFAULT;
	struct got g;

	limits.max_file = most;
	read_bytes(&g, file, 1000, &limits);
	assert_str_eq(strbuf_str(&g.bytes),
		      str_sub(text, 0, most < text.n ? (size_t)most : text.n));
	if (most < text.n)
		assert_trouble(g, "longer than the limit for one file");
	else
		assert_null(g.trouble);
	got_release(&g);
}

static void size_limit(void **state)
{
	static const uint64_t limits[] = { 1,     1000,   1001,  65536,
					   99999, 100000, 100001 };
	struct strbuf text, file;
	struct rng r = { 6 };

	(void)state;
	strbuf_init(&text);
	strbuf_init(&file);
	add_noise(&text, &r, 100000);
	add_member(&file, strbuf_str(&text));
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		check_size_limit(strbuf_str(&text), strbuf_str(&text),
				 limits[i]);
		check_size_limit(strbuf_str(&file), strbuf_str(&text),
				 limits[i]);
	}
	strbuf_release(&text);
	strbuf_release(&file);
}

/* Blanks shrink a thousand times: over 16 MiB that is no log. */
static void ratio_limit(void **state)
{
	enum { FREE = 16 << 20 };
	struct strbuf text, file;
	struct got g;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&file);
	strbuf_addn(&text, ' ', FREE);
	add_member(&file, strbuf_str(&text));
	read_bytes(&g, strbuf_str(&file), 100000, &usual);
	assert_int_equal(g.bytes.n, FREE);
	assert_null(g.trouble);
	got_release(&g);
	strbuf_clear(&file);
	strbuf_addn(&text, ' ', FREE);
	add_member(&file, strbuf_str(&text));
	read_bytes(&g, strbuf_str(&file), 100000, &usual);
	assert_true(g.bytes.n >= FREE && g.bytes.n < FREE + 200000);
	assert_trouble(g, "gzip data expands beyond the limit");
	got_release(&g);
	strbuf_release(&text);
	strbuf_release(&file);
}

/* Points ------------------------------------------------------------------ */

/* Reading from each access point gives the rest of the file. */
static void resume(void **state)
{
	enum { MEMBERS = 3 };
	struct gz_points points = { NULL, 0, 0 };
	struct strbuf text, file;
	struct rng r = { 7 };
	struct err err = ERR_INIT;
	struct source *s;
	struct got g;
	size_t from = 0;
	int fd;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&file);
	/* Points are 16 MiB apart; the members are not. */
	for (int i = 0; i < MEMBERS; i++) {
		for (int k = 0; k < 15 * 256; k++) {
			struct strbuf piece;

			strbuf_init(&piece);
			add_noise(&piece, &r, 64);
			for (int again = 0; again < 64; again++)
				strbuf_add(&text, strbuf_str(&piece));
			strbuf_release(&piece);
		}
		add_member(&file, str_from(strbuf_str(&text), from));
		from = text.n;
	}
	fd = nameless_file(strbuf_str(&file));
	assert_int_equal(source_open(&s, "large", fd, NULL, &usual, &points,
				     &err),
			 ERR_OK);
	read_all(&g, s, 1 << 20);
	assert_true(str_eq(strbuf_str(&g.bytes), strbuf_str(&text)));
	got_release(&g);
	source_close(s);
	assert_true(points.n >= 2);
	for (size_t i = 0; i < points.n; i++) {
		uint64_t at = points.point[i].out;

		assert_int_equal(source_open_at(&s, "large", fd, NULL, &usual,
						&points.point[i], &err),
				 ERR_OK);
		assert_int_equal(source_offset(s), at);
		read_all(&g, s, 1 << 20);
		assert_true(str_eq(strbuf_str(&g.bytes),
				   str_from(strbuf_str(&text), at)));
		assert_null(g.trouble);
		assert_int_equal(source_offset(s), text.n);
		got_release(&g);
		source_close(s);
	}
	gz_points_release(&points);
	strbuf_release(&text);
	strbuf_release(&file);
	close(fd);
}

/* Opening ----------------------------------------------------------------- */

static void opening(void **state)
{
	struct err err = ERR_INIT;
	struct source *s;
	struct folder f;
	struct got g;
	int fd;

	(void)state;
	folder_make(&f);
	assert_int_equal(source_open(&s, in_folder(&f, "none"), -1, NULL,
				     &usual, NULL, &err),
			 ERR_IO);
	assert_non_null(strstr(err.msg, "none"));
	assert_int_equal(source_open(&s, f.path, -1, NULL, &usual, NULL, &err),
			 ERR_IO);
	assert_non_null(strstr(err.msg, f.path));
	put_file(&f, "name\nwith \x1b[31m", STR("{}"));
	assert_int_equal(source_open(&s, in_folder(&f, "name\nwith \x1b[31m"),
				     -1, NULL, &usual, NULL, &err),
			 ERR_OK);
	read_all(&g, s, 10);
	assert_str(strbuf_str(&g.bytes), "{}");
	got_release(&g);
	source_close(s);
	source_close(NULL);
	/* Wherever the descriptor stands, reading begins at the start. */
	fd = nameless_file(STR("12345"));
	assert_int_equal(lseek(fd, 3, SEEK_SET), 3);
	assert_int_equal(source_open(&s, "fd", fd, NULL, &usual, NULL, &err),
			 ERR_OK);
	read_all(&g, s, 10);
	assert_str(strbuf_str(&g.bytes), "12345");
	got_release(&g);
	source_close(s);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 3);
	close(fd);
	folder_remove(&f);
}

/* A file that is cut while it is read ends earlier, and that is all. */
static void shrinks_while_read(void **state)
{
	struct err err = ERR_INIT;
	struct strbuf text;
	struct source *s;
	char buf[1000];
	size_t n, all = 0;
	int fd;

	(void)state;
	strbuf_init(&text);
	strbuf_addn(&text, 'x', 1000000);
	fd = nameless_file(strbuf_str(&text));
	assert_int_equal(source_open(&s, "shrinks", fd, NULL, &usual, NULL,
				     &err),
			 ERR_OK);
	assert_int_equal(source_read(s, buf, sizeof(buf)), sizeof(buf));
	assert_int_equal(ftruncate(fd, 10), 0);
	while ((n = source_read(s, buf, sizeof(buf))))
		all += n;
	assert_true(all < 100000);
	source_close(s);
	close(fd);
	strbuf_release(&text);
}

/* A plain file goes on anywhere, also back and in a part; a packed one does
 * not. */
static void anywhere(void **state)
{
	struct str text = STR("0123456789abcdefghijklmnopqrstuvwxyz");
	struct file_part part = { 10, 20 };
	static const uint64_t to[] = { 5, 0, 19, 3, 20 };
	struct strbuf packed;
	struct err err;
	struct source *s;
	char buf[64];
	int fd;

	(void)state;
	fd = nameless_file(text);
	assert_int_equal(source_open(&s, "x", fd, &part, &usual, NULL, &err),
			 ERR_OK);
	for (size_t i = 0; i < ARRAY_SIZE(to); i++) {
		size_t n = 0, got;

		assert_true(source_seek(s, to[i]));
		assert_int_equal(source_offset(s), to[i]);
		while ((got = source_read(s, buf + n, sizeof(buf) - n)))
			n += got;
		assert_str_eq(((struct str){ buf, n }),
			      str_sub(text, 10 + to[i], 30));
	}
	assert_false(source_seek(s, 21));
	source_close(s);
	close(fd);
	strbuf_init(&packed);
	add_member(&packed, text);
	fd = nameless_file(strbuf_str(&packed));
	assert_int_equal(source_open(&s, "x", fd, NULL, &usual, NULL, &err),
			 ERR_OK);
	assert_false(source_seek(s, 3));
	assert_int_equal(source_read(s, buf, 1), 1);
	assert_int_equal(buf[0], '0');
	source_close(s);
	close(fd);
	strbuf_release(&packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(packed),
		cmocka_unit_test(many_members),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(damaged),
		cmocka_unit_test(not_gzip),
		cmocka_unit_test(size_limit),
		cmocka_unit_test(ratio_limit),
		cmocka_unit_test(resume),
		cmocka_unit_test(opening),
		cmocka_unit_test(shrinks_while_read),
		cmocka_unit_test(anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
