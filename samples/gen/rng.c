/* SPDX-License-Identifier: MIT */
#include "gen/rng.h"

#include "base/hash.h"

void rng_seed(struct rng *r, const char *name)
{
	struct hash128 h = hash_content(str_of(name));

	r->state = h.hi ^ h.lo;
}

uint64_t rng_next(struct rng *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint32_t rng_below(struct rng *r, uint32_t below)
{
	return (uint32_t)((rng_next(r) >> 32) * below >> 32);
}

int64_t rng_between(struct rng *r, int64_t low, int64_t high)
{
	return low + (int64_t)rng_below(r, (uint32_t)(high - low + 1));
}

bool rng_chance(struct rng *r, unsigned percent)
{
	return rng_below(r, 100) < percent;
}

/* Characters of an alphabet of 2^bits, as many as fit from each number. */
static void draw(struct rng *r, char *out, size_t n, const char *alphabet,
		 unsigned bits)
{
	uint64_t mask = ((uint64_t)1 << bits) - 1, x = 0;
	unsigned left = 0;

	for (size_t i = 0; i < n; i++) {
		if (left < bits) {
			x = rng_next(r);
			left = 64;
		}
		out[i] = alphabet[x & mask];
		x >>= bits;
		left -= bits;
	}
}

void rng_hex(struct rng *r, char *out, size_t n)
{
	draw(r, out, n, "0123456789abcdef", 4);
}

void rng_base32(struct rng *r, char *out, size_t n)
{
	draw(r, out, n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5);
}

void rng_base64(struct rng *r, char *out, size_t n)
{
	draw(r, out, n,
	     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	     "0123456789+/",
	     6);
}

/* Two letters stand twice: 62 is no power of two and nobody counts. */
void rng_alnum(struct rng *r, char *out, size_t n)
{
	draw(r, out, n,
	     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	     "0123456789xQ",
	     6);
}

void rng_upper(struct rng *r, char *out, size_t n)
{
	draw(r, out, n, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 5);
}

void rng_digits(struct rng *r, char *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (char)('0' + rng_below(r, 10));
	/* They are written as numbers too: JSON knows no leading zero. */
	if (n > 1 && out[0] == '0')
		out[0] = '1';
}
