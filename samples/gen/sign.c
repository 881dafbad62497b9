/* SPDX-License-Identifier: MIT */
#include "gen/sign.h"

#include <stdbool.h>

const char sign_public_key[] =
	"MIIBCgKCAQEA6gsv7mEikSEmriwmol3BgXT/kamT19Vk2IjHGxHz75vtfGvU9xKZ"
	"dGmwzdreJZXrZPs4MRNismgDmXBaHit3FKqVnEbemfvVaQlJRkD/ibxKIvuuuOfS"
	"AiWHhl16SJ+Dj9wG/Og7Ubd6/YjOyWiDwGr//JuZ/SxLUQOms32E8+lSgePdaKPM"
	"YgsSB3/znxLiise7WKEy4YcBldTspfVjuaHEGj8UaO3yjtIygTFYJNa00O8W61Qd"
	"OYqRv1pEW0kUiwm99IJ0Pl1fOswGMeye5G0n4HmljctQtVa184AKJUvEIYguTMD6"
	"3eb0F0517gNc2HbbiEFs4FGg4fDQgPXitwIDAQAB";

static const char modulus[] =
	"ea0b2fee6122912126ae2c26a25dc18174ff91a993d7d564d888c71b11f3ef9b"
	"ed7c6bd4f712997469b0cddade2595eb64fb38311362b2680399705a1e2b7714"
	"aa959c46de99fbd56909494640ff89bc4a22fbaeb8e7d2022587865d7a489f83"
	"8fdc06fce83b51b77afd88cec96883c06afffc9b99fd2c4b5103a6b37d84f3e9"
	"5281e3dd68a3cc620b12077ff39f12e28ac7bb58a132e1870195d4eca5f563b9"
	"a1c41a3f1468edf28ed23281315824d6b4d0ef16eb541d398a91bf5a445b4914"
	"8b09bdf482743e5d5f3acc0631ec9ee46d27e079a58dcb50b556b5f3800a254b"
	"c421882e4cc0fadde6f4174e75ee035cd876db88416ce051a0e1f0d080f5e2b7";

static const char exponent[] =
	"48adbbaf3383d7fcaaf5d86910efbb79179b8ba0d4f3e7e4fea70ee9759c4252"
	"b21f7a9ef230d8ed812ab1ea5f24ddd6f10f606641065baf983a8c5cb7d4b890"
	"76dea9de8a1ed848efeabdd1eeba4c0be81bcffb74992caa94fbee7a55d07a94"
	"90d67b670b38ec89e54c193159f33642c917805ad3a97e994ee9aad93f47cbb4"
	"176a928a6764c263296a641d06dc404f8a6647d7bc7188650693c74239019954"
	"cc4c4093057662f155ed84bf1780dcccf8c6f068b474886509579f120bdf5166"
	"d99b4e8588729f77bee4995f1f04357315117aa1d895ece31d871edc24020bdd"
	"2dbb2e3b0f13a97541f27d9d698e795b47d9733171a816ddc6ab6217bab8643d";

/* SHA-256 ----------------------------------------------------------------- */

enum { SUM = 32, BLOCK = 64, LIMBS = 64, BYTES = 4 * LIMBS };

/* The first 32 bits of the fractions of the cube roots of the first primes. */
static const uint32_t constants[BLOCK] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turn(uint32_t v, unsigned n)
{
	return v >> n | v << (32 - n);
}

static void add_block(uint32_t h[8], const unsigned char *p)
{
	uint32_t w[BLOCK], s[8];

	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
		       (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
	for (int i = 16; i < BLOCK; i++)
		w[i] = w[i - 16] + w[i - 7] +
		       (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^
			w[i - 15] >> 3) +
		       (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^
			w[i - 2] >> 10);
	memcpy(s, h, sizeof(s));
	for (int i = 0; i < BLOCK; i++) {
		uint32_t x = s[7] + constants[i] + w[i] +
			     (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) +
			     ((s[4] & s[5]) ^ (~s[4] & s[6]));
		uint32_t y = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) +
			     ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += x;
		s[0] = x + y;
	}
	for (int i = 0; i < 8; i++)
		h[i] += s[i];
}

static void sum_of(struct str text, unsigned char out[SUM])
{
	uint32_t h[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
			  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	const unsigned char *p = (const unsigned char *)text.p;
	unsigned char last[2 * BLOCK] = { 0 };
	size_t whole = text.n / BLOCK * BLOCK, rest = text.n - whole;
	size_t end = rest + 9 > BLOCK ? 2 * BLOCK : BLOCK;
	uint64_t bits = (uint64_t)text.n * 8;

	for (size_t i = 0; i < whole; i += BLOCK)
		add_block(h, p + i);
	if (rest)
		memcpy(last, p + whole, rest);
	last[rest] = 0x80;
	for (int i = 0; i < 8; i++)
		last[end - 1 - (size_t)i] = (unsigned char)(bits >> 8 * i);
	for (size_t i = 0; i < end; i += BLOCK)
		add_block(h, last + i);
	for (int i = 0; i < SUM; i++)
		out[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

static void add_hex(struct strbuf *out, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		strbuf_addf(out, "%02x", p[i]);
}

void sign_add_sum(struct strbuf *out, struct str text)
{
	unsigned char sum[SUM];

	sum_of(text, sum);
	add_hex(out, sum, sizeof(sum));
}

/* RSA --------------------------------------------------------------------- */

/* The least part first. */
struct number {
	uint32_t limb[LIMBS];
};

static unsigned char byte_of_hex(const char *p)
{
	unsigned v = 0;

	for (int i = 0; i < 2; i++)
		v = v << 4 |
		    (unsigned)(p[i] <= '9' ? p[i] - '0' : p[i] - 'a' + 10);
	return (unsigned char)v;
}

static void from_bytes(struct number *out, const unsigned char b[BYTES])
{
	for (int i = 0; i < LIMBS; i++) {
		const unsigned char *p = b + BYTES - 4 * (i + 1);

		out->limb[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
			       (uint32_t)p[2] << 8 | p[3];
	}
}

static void from_hex(struct number *out, const char *hex)
{
	unsigned char b[BYTES];

	for (int i = 0; i < BYTES; i++)
		b[i] = byte_of_hex(hex + 2 * i);
	from_bytes(out, b);
}

/* a - n, or a again when that is less; `over` is what does not fit into a. */
static void reduce(struct number *a, const struct number *n, uint32_t over)
{
	struct number less;
	int64_t borrow = 0;

	for (int i = 0; i < LIMBS; i++) {
		int64_t d = (int64_t)a->limb[i] - n->limb[i] + borrow;

		less.limb[i] = (uint32_t)d;
		borrow = d < 0 ? -1 : 0;
	}
	if (over || !borrow)
		*a = less;
}

/* a * b / 2^2048 modulo n; `inverse` is -1 / n modulo 2^32. */
static void multiply(struct number *out, const struct number *a,
		     const struct number *b, const struct number *n,
		     uint32_t inverse)
{
	uint32_t t[LIMBS + 2] = { 0 };

	for (int i = 0; i < LIMBS; i++) {
		uint64_t c = 0;
		uint32_t m;

		for (int j = 0; j < LIMBS; j++) {
			c += t[j] + (uint64_t)a->limb[j] * b->limb[i];
			t[j] = (uint32_t)c;
			c >>= 32;
		}
		c += t[LIMBS];
		t[LIMBS] = (uint32_t)c;
		t[LIMBS + 1] = (uint32_t)(c >> 32);
		m = t[0] * inverse;
		c = (t[0] + (uint64_t)m * n->limb[0]) >> 32;
		for (int j = 1; j < LIMBS; j++) {
			c += t[j] + (uint64_t)m * n->limb[j];
			t[j - 1] = (uint32_t)c;
			c >>= 32;
		}
		c += t[LIMBS];
		t[LIMBS - 1] = (uint32_t)c;
		t[LIMBS] = t[LIMBS + 1] + (uint32_t)(c >> 32);
	}
	memcpy(out->limb, t, sizeof(out->limb));
	reduce(out, n, t[LIMBS]);
}

/* 2^(2048 + more) modulo n. */
static void power_of_two(struct number *out, const struct number *n, int more)
{
	*out = (struct number){ { 1 } };
	for (int i = 0; i < 8 * BYTES + more; i++) {
		uint32_t over = 0;

		for (int k = 0; k < LIMBS; k++) {
			uint32_t v = out->limb[k];

			out->limb[k] = v << 1 | over;
			over = v >> 31;
		}
		reduce(out, n, over);
	}
}

static void raise(struct number *a)
{
	struct number n, e, one = { { 1 } }, result, square;
	uint32_t inverse = 1;

	from_hex(&n, modulus);
	from_hex(&e, exponent);
	for (int i = 0; i < 5;
	     i++) /* each step doubles the bits that are right */
		inverse *= 2 - n.limb[0] * inverse;
	inverse = 0 - inverse;
	power_of_two(&result, &n, 0);
	power_of_two(&square, &n, 8 * BYTES);
	multiply(a, a, &square, &n, inverse);
	for (int i = 8 * BYTES - 1; i >= 0; i--) {
		multiply(&result, &result, &result, &n, inverse);
		if (e.limb[i / 32] >> (i % 32) & 1)
			multiply(&result, &result, a, &n, inverse);
	}
	multiply(a, &result, &one, &n, inverse);
}

void sign_add_signature(struct strbuf *out, struct str text)
{
	/* DigestInfo of SHA-256, but for the sum itself. */
	static const unsigned char head[] = {
		0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
	};
	unsigned char b[BYTES];
	struct number a;

	memset(b, 0xff, sizeof(b));
	b[0] = 0x00;
	b[1] = 0x01;
	b[BYTES - SUM - sizeof(head) - 1] = 0x00;
	memcpy(b + BYTES - SUM - sizeof(head), head, sizeof(head));
	sum_of(text, b + BYTES - SUM);
	from_bytes(&a, b);
	raise(&a);
	for (int i = 0; i < LIMBS; i++)
		strbuf_addf(out, "%08x", a.limb[LIMBS - 1 - i]);
}
