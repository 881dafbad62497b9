/* SPDX-License-Identifier: MIT */
#include "gen/ids.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "model/keyid.h"

static void spell_uuid(uint64_t hi, uint64_t lo, char out[UUID_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	for (unsigned i = 0; i < 32; i++) {
		uint64_t half = i < 16 ? hi : lo;

		if (i == 8 || i == 12 || i == 16 || i == 20)
			out[n++] = '-';
		out[n++] = digits[half >> (60 - 4 * (i % 16)) & 15];
	}
	out[n] = '\0';
}

void uuid_random(struct rng *r, char out[UUID_SIZE])
{
	uint64_t hi = rng_next(r), lo = rng_next(r);

	hi = (hi & ~(uint64_t)0xf000) | 0x4000;
	lo = (lo & ~((uint64_t)3 << 62)) | (uint64_t)2 << 62;
	spell_uuid(hi, lo, out);
}

void uuid_of_name(struct str name, char out[UUID_SIZE])
{
	struct hash128 h = hash_content(name);

	h.hi = (h.hi & ~(uint64_t)0xf000) | 0x5000;
	h.lo = (h.lo & ~((uint64_t)3 << 62)) | (uint64_t)2 << 62;
	spell_uuid(h.hi, h.lo, out);
}

/* Prefix and account take 13 characters, chance the rest. */
static void spell_id(struct rng *r, const char *prefix, const char *account,
		     char *out, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint64_t number = 0, x;

	str_to_u64(str_of(account), &number);
	x = (uint64_t)1 << 39 | number >> 1;
	memcpy(out, prefix, 4);
	for (unsigned i = 0; i < 8; i++)
		out[4 + i] = digits[x >> (35 - 5 * i) & 31];
	out[12] = digits[(number & 1) << 4 | rng_below(r, 16)];
	rng_base32(r, out + 13, size - 14);
	out[size - 1] = '\0';
}

void key_random(struct rng *r, const char *prefix, const char *account,
		char out[KEY_SIZE])
{
	spell_id(r, prefix, account, out, KEY_SIZE);
}

void uid_of_name(const char *prefix, const char *account, struct str name,
		 char out[UID_SIZE])
{
	char seed[256];
	struct rng r;

	snprintf(seed, sizeof(seed), "%s/%s/%.*s", prefix, account,
		 STR_ARG(name));
	rng_seed(&r, seed);
	spell_id(&r, prefix, account, out, UID_SIZE);
}

static const struct {
	const char *id;
	const char *account; /* NULL: the id does not tell */
} known[] = {
	{ "ASIAQNZGKIQY56JQ7WML", "029608264753" },
	{ "ASIAY34FZKBOKMUTVV7A", "609629065308" },
	{ "ASIA5FLZVX4OPVKKVBMX", "904882667292" },
	{ "ASIA52RQV4232GGDZ2HL", "950363612855" },
	{ "ASIAY24FZKAOLBRPB3V3", "607481581596" },
	{ "AKIARTX3GSDSREXAMPLE", "111122223333" },
	{ "ASIATFQR7NSCSHSEVYP5", "218007301253" },
	{ "AROATFQR7NSC4RHD6IN2N", "218007301253" },
	{ "AIDATFQR7NSC5AU2ZV3IE", "218007301253" },
	{ "AIDAU7JNXC7KR6DMIZUTP", "342082656213" },
	{ "AIDARTX3GSDSREXAMPLEX", "111122223333" },
	{ "AKIATFQR7NSC8Q4X20BJ", NULL },
	{ "AKIAIOSFODNN7EXAMPLE", NULL },
	{ "ASIAJ7WTMUK276RKAG4A", NULL },
};

static bool decodes_to(const char *id, const char *account)
{
	uint64_t got = 0, want = 0;
	bool known_account = keyid_account(str_of(id), &got);

	if (account)
		str_to_u64(str_of(account), &want);
	if (known_account == (account != NULL) && got == want)
		return true;
	fprintf(stderr, "samplegen: %s decodes to %012" PRIu64 "\n", id, got);
	return false;
}

bool ids_self_test(void)
{
	bool good = true;
	struct rng r;

	rng_seed(&r, "self-test");
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		const char *account = known[i].account;
		char key[KEY_SIZE], uid[UID_SIZE];

		good &= decodes_to(known[i].id, account);
		if (!account)
			continue;
		key_random(&r, "ASIA", account, key);
		uid_of_name("AROA", account, STR("some-role"), uid);
		good &= decodes_to(key, account) && decodes_to(uid, account);
		/* What encodes the account is the same in all its ids. */
		good &= memcmp(key + 4, known[i].id + 4, 8) == 0;
	}
	return good;
}
