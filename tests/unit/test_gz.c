/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "base/gz.h"
#include "base/strbuf.h"

/* Reading ----------------------------------------------------------------- */

struct outcome {
	enum gz_state state;
	const char *reason;
	uint32_t members;
	size_t left; /* input that was not taken */
};

/* Reads `in` in pieces of `piece` bytes through a window of `room`. */
static struct outcome inflate_in_pieces(struct str in, size_t piece,
					size_t room, struct strbuf *out)
{
	struct gz_stream *z = gz_open(NULL);
	char *buf = mem_alloc(room);
	size_t seen = 0, at = 0, turns = 0;
	struct outcome o;

	strbuf_clear(out);
	while (gz_state(z) == GZ_RUNNING) {
		struct str offered;
		size_t before, n;

		seen = in.n - seen < piece ? in.n : seen + piece;
		/* What is left is offered again, with more behind it. */
		offered = exact_copy(str_sub(in, at, seen));
		do {
			struct str rest = offered;

			before = rest.n;
			n = gz_inflate(z, &rest, seen == in.n, buf, room);
			strbuf_add(out, (struct str){ buf, n });
			at += before - rest.n;
			exact_free(offered);
			offered = exact_copy(str_sub(in, at, seen));
			assert_true(++turns < 100 * (in.n + 100));
		} while (gz_state(z) == GZ_RUNNING &&
			 (n == room || before != offered.n));
		exact_free(offered);
	}
	o = (struct outcome){ gz_state(z), gz_reason(z), gz_members(z),
			      in.n - at };
	gz_close(z);
	free(buf);
	return o;
}

static struct strbuf out, file;

static struct outcome inflate_all(struct str in)
{
	return inflate_in_pieces(in, in.n ? in.n : 1, 1000, &out);
}

static void add_member(struct str content)
{
	char *packed;
	size_t n;

	gz_compress(content, &packed, &n);
	strbuf_add(&file, (struct str){ packed, n });
	free(packed);
}

static void check_done(struct outcome o, struct str want, uint32_t members)
{
	assert_int_equal(o.state, GZ_DONE);
	assert_str_eq(strbuf_str(&out), want);
	assert_int_equal(o.members, members);
}

/* Members ----------------------------------------------------------------- */

static void one_member(void **state)
{
	(void)state;
	strbuf_clear(&file);
	add_member(STR("{\"Records\":[]}"));
	assert_true(gz_magic(strbuf_str(&file)));
	check_done(inflate_all(strbuf_str(&file)), STR("{\"Records\":[]}"), 1);
	assert_null(inflate_all(strbuf_str(&file)).reason);
	strbuf_clear(&file);
	add_member(STR(""));
	check_done(inflate_all(strbuf_str(&file)), STR(""), 1);
}

static void many_members(void **state)
{
	struct strbuf want;

	(void)state;
	strbuf_init(&want);
	strbuf_clear(&file);
	for (int i = 0; i < 300; i++) {
		char text[40];
		int n = snprintf(text, sizeof(text), "line %d\n", i);
		struct str s = { text, i % 7 ? (size_t)n : 0 };

		add_member(s);
		strbuf_add(&want, s);
	}
	check_done(inflate_all(strbuf_str(&file)), strbuf_str(&want), 300);
	strbuf_release(&want);
}

static void what_follows_the_last_member(void **state)
{
	static const struct {
		struct str tail;
		bool warns;
	} cases[] = {
		{ { "", 0 }, false },
		{ { "\0", 1 }, false },
		{ { "\0\0\0\0\0\0\0\0\0\0\0\0", 12 }, false },
		{ { "x", 1 }, true },
		{ { "\x1f", 1 }, true },
		{ { "garbage", 7 }, true },
		{ { "\0\0\0x", 4 }, true },
		{ { "\0\0\0\x1f\x8b", 5 }, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_clear(&file);
		add_member(STR("content"));
		strbuf_add(&file, cases[i].tail);
		for (size_t piece = 1; piece <= file.n; piece++) {
			struct outcome o = inflate_in_pieces(strbuf_str(&file),
							     piece, 3, &out);

			check_done(o, STR("content"), 1);
			check(!!o.reason == cases[i].warns,
			      "case %zu in pieces of %zu", i, piece);
		}
	}
}

static void no_gzip_at_all(void **state)
{
	static const char *const texts[] = {
		"", "x", "plain text", "\x1f", "\x1f\x8c...", "\x1f\x8b"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct outcome o = inflate_all(str_of(texts[i]));

		assert_int_equal(o.state, GZ_BROKEN);
		assert_non_null(o.reason);
		assert_int_equal(out.n, 0);
	}
	assert_false(gz_magic(STR_NULL));
	assert_false(gz_magic(STR("\x1f")));
	assert_false(gz_magic(STR("\x8b\x1f")));
}

/* Damage ------------------------------------------------------------------ */

static const char sample[] =
	"{\"eventName\":\"AssumeRole\",\"eventSource\":\"sts.amazonaws.com\","
	"\"eventName\":\"AssumeRole\",\"errorCode\":\"AccessDenied\"}\n";

static void cut_at_every_byte(void **state)
{
	(void)state;
	strbuf_clear(&file);
	add_member(STR(sample));
	for (size_t n = 0; n < file.n; n++) {
		struct outcome o =
			inflate_all(str_sub(strbuf_str(&file), 0, n));

		assert_int_equal(o.state, GZ_BROKEN);
		assert_non_null(o.reason);
		/* What came before the cut has been handed out. */
		assert_true(str_starts(STR(sample), strbuf_str(&out)));
		if (n >= file.n - 8)
			assert_int_equal(out.n, sizeof(sample) - 1);
	}
}

static void the_second_member_cut(void **state)
{
	size_t first;

	(void)state;
	strbuf_clear(&file);
	add_member(STR(sample));
	first = file.n;
	add_member(STR("second"));
	for (size_t n = first; n < file.n; n++) {
		struct outcome o =
			inflate_all(str_sub(strbuf_str(&file), 0, n));

		assert_true(str_starts(strbuf_str(&out), STR(sample)));
		/* One byte of it could be anything. */
		assert_int_equal(o.state, n < first + 2 ? GZ_DONE : GZ_BROKEN);
		assert_int_equal(!!o.reason, n > first);
	}
}

static void every_bit_flipped(void **state)
{
	int harmless = 0;

	(void)state;
	for (size_t bit = 0;; bit++) {
		struct outcome o;

		strbuf_clear(&file);
		add_member(STR(sample));
		if (bit == 8 * file.n)
			break;
		file.p[bit / 8] = (char)(file.p[bit / 8] ^ 1 << bit % 8);
		o = inflate_all(strbuf_str(&file));
		if (o.state == GZ_DONE) {
			/* The time, the system and the like; what is left of
			 * the last byte before the trailer. */
			assert_str(strbuf_str(&out), sample);
			if (bit / 8 < 10)
				harmless++;
			else
				assert_int_equal(bit / 8, file.n - 9);
		} else {
			assert_int_equal(o.state, GZ_BROKEN);
			assert_non_null(o.reason);
		}
	}
	/* Time 32 bits, extra flags 8, system 8, "is text" 1. */
	assert_int_equal(harmless, 49);
}

static void random_damage(void **state)
{
	struct rng r = { 23 };

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct str whole;

		strbuf_clear(&file);
		add_member(STR(sample));
		add_member(STR("second"));
		for (uint32_t n = rng_below(&r, 4); n; n--)
			file.p[rng_below(&r, (uint32_t)file.n)] = rng_byte(&r);
		whole = str_sub(strbuf_str(&file), 0,
				rng_below(&r, (uint32_t)file.n + 1));
		inflate_in_pieces(whole, 1 + rng_below(&r, 60),
				  1 + rng_below(&r, 60), &out);
	}
}

/* Pieces ------------------------------------------------------------------ */

static void split_at_every_byte(void **state)
{
	struct strbuf want;

	(void)state;
	strbuf_init(&want);
	strbuf_clear(&file);
	for (int i = 0; i < 3; i++) {
		add_member(STR(sample));
		strbuf_adds(&want, sample);
	}
	strbuf_addn(&file, '\0', 5);
	for (size_t split = 0; split <= file.n; split++) {
		struct gz_stream *z = gz_open(NULL);
		struct str rest = str_sub(strbuf_str(&file), 0, split);
		char buf[2000];
		size_t n = gz_inflate(z, &rest, false, buf, sizeof(buf));

		rest = str_from(strbuf_str(&file), split - rest.n);
		n += gz_inflate(z, &rest, true, buf + n, sizeof(buf) - n);
		assert_str_eq(((struct str){ buf, n }), strbuf_str(&want));
		assert_int_equal(gz_state(z), GZ_DONE);
		assert_null(gz_reason(z));
		assert_int_equal(gz_members(z), 3);
		gz_close(z);
	}
	for (size_t piece = 1; piece < 40; piece++)
		for (size_t room = 1; room < 600; room *= 3)
			check_done(inflate_in_pieces(strbuf_str(&file), piece,
						     room, &out),
				   strbuf_str(&want), 3);
	strbuf_release(&want);
}

/* A file of some members, perhaps with a name, damaged in up to three places.
 */
static void damaged_file(struct rng *r)
{
	uint32_t members = 1 + rng_below(r, 3);

	strbuf_clear(&file);
	while (members--) {
		size_t from = file.n;

		add_member(rng_one_in(r, 3) ? STR("short") : STR(sample));
		if (rng_one_in(r, 4)) {
			char tail[512];
			size_t n = file.n - from - 10;

			memcpy(tail, file.p + from + 10, n);
			file.p[from + 3] = 8;
			strbuf_truncate(&file, from + 10);
			strbuf_add(&file, STR("name\0"));
			strbuf_add(&file, (struct str){ tail, n });
		}
	}
	if (rng_one_in(r, 4))
		strbuf_addn(&file, '\0', rng_below(r, 4));
	for (uint32_t n = rng_below(r, 4); n; n--)
		file.p[rng_below(r, (uint32_t)file.n)] = rng_byte(r);
	if (rng_one_in(r, 4))
		strbuf_truncate(&file, rng_below(r, (uint32_t)file.n + 1));
}

/* A member that is there in full may be read in another way than one that
 * comes byte by byte: both give the same. */
static void at_once_and_byte_by_byte(void **state)
{
	static const size_t rooms[] = { 1, 5, 126, 127, 4000 };
	struct strbuf first;
	struct rng r = { 29 };
	int good = 0;

	(void)state;
	strbuf_init(&first);
	for (int i = 0; i < 4000; i++) {
		size_t room = rooms[rng_below(&r, ARRAY_SIZE(rooms))];
		struct outcome a, b;

		damaged_file(&r);
		a = inflate_in_pieces(strbuf_str(&file), 1, room, &first);
		b = inflate_in_pieces(strbuf_str(&file), file.n + 1, room,
				      &out);
		assert_int_equal(a.state, b.state);
		assert_int_equal(a.members, b.members);
		assert_ptr_equal(a.reason, b.reason);
		assert_str_eq(strbuf_str(&first), strbuf_str(&out));
		good += a.state == GZ_DONE;
	}
	assert_true(good > 500 && good < 3500);
	strbuf_release(&first);
}

/* What a file says of its size is believed as far as that can be. */
static void whole_size(void **state)
{
	(void)state;
	strbuf_clear(&file);
	add_member(STR(sample));
	assert_int_equal(gz_whole_size(strbuf_str(&file)), sizeof(sample) - 1);
	for (size_t n = 0; n < 18; n++)
		assert_int_equal(
			gz_whole_size(str_sub(strbuf_str(&file), 0, n)), 0);
	memcpy(file.p + file.n - 4, "\xff\xff\xff\xff", 4);
	assert_int_equal(gz_whole_size(strbuf_str(&file)), 0);
	/* A megabyte out of a hundred bytes: no. */
	memcpy(file.p + file.n - 4, "\0\0\x10\0", 4);
	assert_int_equal(gz_whole_size(strbuf_str(&file)), 0);
}

/* Resuming ---------------------------------------------------------------- */

enum { LINE = 64 };

/* Text that shrinks well, each line of it another one. */
static struct str numbered_lines(size_t bytes, unsigned first)
{
	char *p = mem_alloc(bytes + LINE + 1);

	for (size_t at = 0; at < bytes; at += LINE)
		snprintf(p + at, LINE + 1,
			 "{\"record\":%010u,\"eventName\":\"GetCallerIdentity\""
			 ",\"k\":12345}\n",
			 first++ * 2654435761u);
	return (struct str){ p, bytes };
}

static void read_with_points(struct str in, struct gz_points *points,
			     struct str want)
{
	struct gz_stream *z = gz_open(points);
	size_t room = 1 << 20, at = 0;
	char *buf = mem_alloc(room);

	while (gz_state(z) == GZ_RUNNING) {
		/* As from a file: in pieces that know no borders. */
		struct str piece = str_sub(in, 0, 100003);
		size_t had = piece.n, n;

		n = gz_inflate(z, &piece, had == in.n, buf, room);
		assert_true(at + n <= want.n);
		assert_memory_equal(buf, want.p + at, n);
		at += n;
		in = str_from(in, had - piece.n);
	}
	assert_int_equal(gz_state(z), GZ_DONE);
	assert_int_equal(at, want.n);
	gz_close(z);
	free(buf);
}

static void resume_at(const struct gz_point *point, struct str in,
		      struct str want, size_t piece)
{
	struct gz_stream *z = gz_open_at(point);
	size_t room = 1 << 20, at = point->out, kept = 0;
	char *buf = mem_alloc(room);

	in = str_from(in, point->in - (point->bits ? 1 : 0));
	while (gz_state(z) == GZ_RUNNING) {
		/* What was not taken comes again with more behind it. */
		struct str rest = str_sub(in, 0, kept + piece);
		size_t had = rest.n, n;

		n = gz_inflate(z, &rest, had == in.n, buf, room);
		assert_true(at + n <= want.n);
		assert_memory_equal(buf, want.p + at, n);
		at += n;
		in = str_from(in, had - rest.n);
		kept = rest.n;
	}
	assert_int_equal(gz_state(z), GZ_DONE);
	assert_null(gz_reason(z));
	assert_int_equal(at, want.n);
	gz_close(z);
	free(buf);
}

static void from_every_access_point(void **state)
{
	size_t mib = 1 << 20;
	struct str want = numbered_lines(56 * mib, 1);
	struct gz_points points = { NULL, 0, 0 };

	(void)state;
	/* Two members: the second point lies in one, the third in the other. */
	strbuf_clear(&file);
	add_member(str_sub(want, 0, 40 * mib));
	add_member(str_from(want, 40 * mib));
	read_with_points(strbuf_str(&file), &points, want);
	assert_int_equal(points.n, 3);
	assert_null(gz_points_before(&points, points.point[0].out - 1));
	for (size_t i = 0; i < points.n; i++) {
		const struct gz_point *p = &points.point[i];
		uint64_t before = i ? points.point[i - 1].out : 0;

		assert_true(p->out - before >= GZ_POINT_SPACING);
		assert_true(p->out - before < GZ_POINT_SPACING + 2 * mib);
		assert_true(p->window_size <= 32768);
		assert_ptr_equal(gz_points_before(&points, p->out), p);
		assert_ptr_equal(gz_points_before(&points, p->out + 1), p);
		resume_at(p, strbuf_str(&file), want, 1 << 18);
	}
	assert_ptr_equal(gz_points_before(&points, UINT64_MAX),
			 &points.point[2]);
	/* Byte by byte over what is left of the last member. */
	resume_at(&points.point[2], strbuf_str(&file), want, 1);
	gz_points_release(&points);
	assert_null(gz_points_before(&points, UINT64_MAX));
	free((void *)(uintptr_t)want.p);
}

/* A point right where a member begins, and trailers in pieces. */
static void resuming_by_hand(void **state)
{
	struct gz_point point;
	size_t second;

	(void)state;
	strbuf_clear(&file);
	add_member(STR(sample));
	second = file.n;
	add_member(STR(sample));
	add_member(STR("third"));
	/* The header of such a file has ten bytes, the trailer eight. */
	point = (struct gz_point){ .out = sizeof(sample) - 1,
				   .in = second + 10 };
	for (size_t piece = 1; piece < 70; piece++) {
		struct strbuf want;

		strbuf_init(&want);
		strbuf_adds(&want, sample);
		strbuf_adds(&want, sample);
		strbuf_adds(&want, "third");
		resume_at(&point, strbuf_str(&file), strbuf_str(&want), piece);
		strbuf_release(&want);
	}
	/* Cut inside the trailer. */
	for (size_t cut = 1; cut < 8; cut++) {
		struct gz_stream *z = gz_open_at(&point);
		struct str rest = str_sub(strbuf_str(&file), second + 10,
					  2 * second - cut);
		char buf[500];

		assert_int_equal(gz_inflate(z, &rest, true, buf, sizeof(buf)),
				 sizeof(sample) - 1);
		assert_int_equal(gz_state(z), GZ_BROKEN);
		gz_close(z);
	}
	gz_close(NULL);
}

/* Writing ----------------------------------------------------------------- */

static void writing_files(void **state)
{
	char path[] = "/tmp/trawl-test-gz-XXXXXX";
	int fd = mkstemp(path);
	struct err err = ERR_INIT;
	char buf[500];
	ssize_t n;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(gz_write_file(path, STR(sample), &err), ERR_OK);
	n = read(fd, buf, sizeof(buf));
	close(fd);
	unlink(path);
	strbuf_clear(&file);
	add_member(STR(sample));
	assert_str_eq(((struct str){ buf, (size_t)n }), strbuf_str(&file));
	/* No name, no time: equal content gives equal files. */
	assert_memory_equal(buf + 3, "\0\0\0\0\0", 5);
	assert_int_equal(gz_write_file("/nonexistent/x.gz", STR("x"), &err),
			 ERR_IO);
	assert_non_null(strstr(err.msg, "/nonexistent/x.gz"));
	if (access("/dev/full", W_OK) == 0)
		assert_int_equal(gz_write_file("/dev/full", STR("x"), &err),
				 ERR_IO);
	assert_true(strlen(gz_version()) > 0);
}

/* Where the first member ends, and whether anything but members follows. */
static void the_first_end(void **state)
{
	static const struct {
		const char *member[2], *behind;
		size_t behind_n;
		bool trails;
	} cases[] = {
		{ { "one", NULL }, "", 0, false },
		{ { "one", "two" }, "", 0, false },
		{ { "one", "" }, "", 0, false },
		{ { "one", NULL }, "\0\0", 2, true },
		{ { "one", "two" }, "text", 4, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (size_t piece = 1; piece < 200; piece += 33) {
			struct gz_stream *z = gz_open(NULL);
			char buf[64];
			struct str in;
			size_t seen = 0;

			strbuf_clear(&file);
			for (int m = 0; m < 2 && cases[i].member[m]; m++) {
				char *packed;
				size_t n;

				gz_compress(str_of(cases[i].member[m]), &packed,
					    &n);
				strbuf_add(&file, (struct str){ packed, n });
				free(packed);
			}
			strbuf_add(&file, (struct str){ cases[i].behind,
							cases[i].behind_n });
			assert_true(gz_first_end(z) == UINT64_MAX);
			in = (struct str){ file.p, 0 };
			while (gz_state(z) == GZ_RUNNING) {
				seen = seen + piece < file.n ? seen + piece :
							       file.n;
				in.n = (size_t)(file.p + seen - in.p);
				gz_inflate(z, &in, seen == file.n, buf,
					   sizeof(buf));
			}
			assert_int_equal(gz_state(z), GZ_DONE);
			assert_int_equal(gz_first_end(z), 3);
			assert_int_equal(gz_trails(z), cases[i].trails);
			gz_close(z);
		}
}

static int set_up(void **state)
{
	(void)state;
	strbuf_init(&out);
	strbuf_init(&file);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	strbuf_release(&out);
	strbuf_release(&file);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_member),
		cmocka_unit_test(many_members),
		cmocka_unit_test(what_follows_the_last_member),
		cmocka_unit_test(no_gzip_at_all),
		cmocka_unit_test(cut_at_every_byte),
		cmocka_unit_test(the_second_member_cut),
		cmocka_unit_test(every_bit_flipped),
		cmocka_unit_test(random_damage),
		cmocka_unit_test(split_at_every_byte),
		cmocka_unit_test(at_once_and_byte_by_byte),
		cmocka_unit_test(whole_size),
		cmocka_unit_test(from_every_access_point),
		cmocka_unit_test(resuming_by_hand),
		cmocka_unit_test(writing_files),
		cmocka_unit_test(the_first_end),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
