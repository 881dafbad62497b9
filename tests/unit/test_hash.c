/* SPDX-License-Identifier: MIT */
/*
 * The naive model is SipHash written after the paper, with the number of
 * rounds as parameters; it is itself checked against the vectors that the
 * authors publish for 2-4.
 */
#include "helpers.h"

#include "base/hash.h"

/* The model --------------------------------------------------------------- */

struct state {
	uint64_t v[4];
};

static uint64_t rotate(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

static void rounds(struct state *s, unsigned n)
{
	uint64_t *v = s->v;

	while (n--) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13);
		v[3] = rotate(v[3], 16);
		v[1] ^= v[0];
		v[3] ^= v[2];
		v[0] = rotate(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotate(v[1], 17);
		v[3] = rotate(v[3], 21);
		v[1] ^= v[2];
		v[3] ^= v[0];
		v[2] = rotate(v[2], 32);
	}
}

/* c rounds a word, d at the end; out[] gets one word, or two when `wide`. */
static void model(struct hash_key key, struct str in, unsigned c, unsigned d,
		  bool wide, uint64_t out[2])
{
	struct state s = {
		{ key.k0 ^ 0x736f6d6570736575u, key.k1 ^ 0x646f72616e646f6du,
		  key.k0 ^ 0x6c7967656e657261u, key.k1 ^ 0x7465646279746573u }
	};
	uint64_t word = 0;

	if (wide)
		s.v[1] ^= 0xee;
	/* The last word holds the bytes left over and, on top, the length. */
	for (size_t i = 0; i <= in.n; i++) {
		uint64_t byte = i < in.n ? (unsigned char)in.p[i] : 0;

		if (i == in.n)
			word |= (uint64_t)(in.n & 0xff) << 56;
		else
			word |= byte << 8 * (i % 8);
		if (i % 8 == 7 || i == in.n) {
			if (i % 8 == 7 && i == in.n)
				word = (uint64_t)(in.n & 0xff) << 56 |
				       (word & 0xffffffffffffff);
			s.v[3] ^= word;
			rounds(&s, c);
			s.v[0] ^= word;
			word = 0;
		}
	}
	s.v[2] ^= wide ? 0xee : 0xff;
	rounds(&s, d);
	out[0] = s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
	if (!wide)
		return;
	s.v[1] ^= 0xdd;
	rounds(&s, d);
	out[1] = s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}

/* Bytes as the papers print them, the low one first. */
static uint64_t little(const char *hex)
{
	uint64_t v = 0;

	for (int i = 7; i >= 0; i--) {
		unsigned byte = 0;

		sscanf(hex + 2 * i, "%2x", &byte);
		v = v << 8 | byte;
	}
	return v;
}

static const struct hash_key paper_key = { 0x0706050403020100u,
					   0x0f0e0d0c0b0a0908u };

static void the_model_gives_the_published_vectors(void **state)
{
	static const struct {
		size_t n; /* of the message 00 01 02 ... */
		const char *narrow, *wide;
	} vectors[] = {
		{ 0, "310e0edd47db6f72", "a3817f04ba25a8e66df67214c7550293" },
		{ 1, "fd67dc93c539f874", "da87c1d86b99af44347659119b22fc45" },
		{ 2, "5a4fa9d909806c0d", "8177228da4a45dc7fca38bdef60affe4" },
		{ 3, NULL, "9c70b60c5267a94e5f33b6b02985ed51" },
		{ 15, "e545be4961ca29a1", "5493e99933b0a8117e08ec0f97cfc3d9" },
	};
	char message[16];

	(void)state;
	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (char)i;
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		struct str in = { message, vectors[i].n };
		uint64_t out[2];

		if (vectors[i].narrow) {
			model(paper_key, in, 2, 4, false, out);
			assert_true(out[0] == little(vectors[i].narrow));
		}
		model(paper_key, in, 2, 4, true, out);
		assert_true(out[0] == little(vectors[i].wide));
		assert_true(out[1] == little(vectors[i].wide + 16));
	}
}

/* The code ---------------------------------------------------------------- */

static void like_the_model(void **state)
{
	struct rng r = { 15 };
	char buf[600];

	(void)state;
	for (size_t i = 0; i < sizeof(buf); i++)
		buf[i] = rng_byte(&r);
	for (size_t n = 0; n < sizeof(buf); n++) {
		struct str in = exact_copy((struct str){ buf, n });
		struct hash_key key = { rng_next(&r), rng_next(&r) };
		struct hash128 h = hash_content(in);
		uint64_t out[2];

		model(key, in, 1, 3, false, out);
		assert_true(hash_str(key, in) == out[0]);
		model((struct hash_key){ 0, 0 }, in, 2, 4, true, out);
		assert_true(h.lo == out[0]);
		assert_true(h.hi == out[1]);
		exact_free(in);
	}
	assert_true(hash_str(paper_key, STR_NULL) ==
		    hash_str(paper_key, STR("")));
}

static void keys_differ(void **state)
{
	struct hash_key a = hash_key_new(), b = hash_key_new();

	(void)state;
	assert_true(a.k0 != b.k0 || a.k1 != b.k1);
	assert_true(hash_str(a, STR("x")) != hash_str(b, STR("x")));
}

/* A bijection: distinct numbers keep distinct hashes; low bits are mixed. */
static void numbers_are_mixed(void **state)
{
	enum { N = 1 << 16 };
	static unsigned char hits[N];
	unsigned most = 0;

	(void)state;
	for (uint64_t i = 0; i < N; i++) {
		uint64_t slot = hash_u64(i << 32) % N;

		if (hits[slot] < 255)
			hits[slot]++;
		if (hits[slot] > most)
			most = hits[slot];
	}
	/* As many balls as bins: more than 12 in one is once in a million. */
	assert_true(most <= 12);
	assert_true(hash_u64(1) != hash_u64(2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_model_gives_the_published_vectors),
		cmocka_unit_test(like_the_model),
		cmocka_unit_test(keys_differ),
		cmocka_unit_test(numbers_are_mixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
