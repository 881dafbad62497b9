/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

struct sip {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotl(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static void sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v1 = rotl(s->v1, 13) ^ s->v0;
	s->v0 = rotl(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rotl(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rotl(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rotl(s->v1, 17) ^ s->v2;
	s->v2 = rotl(s->v2, 32);
}

/* The least byte first, as SipHash has it; compilers make one load of it. */
static uint64_t load64(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 |
	       (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
	       (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
	       (uint64_t)b[7] << 56;
}

static struct sip sip_start(struct hash_key key)
{
	return (struct sip){ key.k0 ^ 0x736f6d6570736575u,
			     key.k1 ^ 0x646f72616e646f6du,
			     key.k0 ^ 0x6c7967656e657261u,
			     key.k1 ^ 0x7465646279746573u };
}

static void sip_absorb(struct sip *s, struct str in, int rounds)
{
	uint64_t last = (uint64_t)in.n << 56;
	size_t i;

	for (i = 0; i + 8 <= in.n; i += 8) {
		uint64_t m = load64(in.p + i);

		s->v3 ^= m;
		for (int r = 0; r < rounds; r++)
			sip_round(s);
		s->v0 ^= m;
	}
	for (int shift = 0; i < in.n; i++, shift += 8)
		last |= (uint64_t)(unsigned char)in.p[i] << shift;
	s->v3 ^= last;
	for (int r = 0; r < rounds; r++)
		sip_round(s);
	s->v0 ^= last;
}

static uint64_t sip_out(struct sip *s, int rounds)
{
	for (int r = 0; r < rounds; r++)
		sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

struct hash_key hash_key_new(void)
{
	struct hash_key key = { 0, 0 };
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	struct timespec now;

	if (fd >= 0) {
		ssize_t n = read(fd, &key, sizeof(key));

		close(fd);
		if (n == (ssize_t)sizeof(key))
			return key;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	key.k0 = (uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15u;
	key.k1 = (uint64_t)getpid() ^ (uint64_t)now.tv_sec;
	return key;
}

uint64_t hash_str(struct hash_key key, struct str s)
{
	struct sip sip = sip_start(key);

	sip_absorb(&sip, s, 1);
	sip.v2 ^= 0xff;
	return sip_out(&sip, 3);
}

uint64_t hash_u64(uint64_t v)
{
	v ^= v >> 33;
	v *= 0xff51afd7ed558ccdu;
	v ^= v >> 33;
	v *= 0xc4ceb9fe1a85ec53u;
	v ^= v >> 33;
	return v;
}

struct hash128 hash_content(struct str s)
{
	struct sip sip = sip_start((struct hash_key){ 0, 0 });
	struct hash128 h;

	sip.v1 ^= 0xee;
	sip_absorb(&sip, s, 2);
	sip.v2 ^= 0xee;
	h.lo = sip_out(&sip, 4);
	sip.v1 ^= 0xdd;
	h.hi = sip_out(&sip, 4);
	return h;
}
