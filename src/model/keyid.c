/* SPDX-License-Identifier: MIT */
#include "model/keyid.h"

#include "base/attr.h"

static const struct {
	char prefix[5];
	enum keyid_kind kind;
} kinds[] = {
	{ "AKIA", KEYID_LONG_TERM }, { "ASIA", KEYID_TEMPORARY },
	{ "AROA", KEYID_ROLE },      { "AIDA", KEYID_USER },
	{ "AGPA", KEYID_GROUP },     { "AIPA", KEYID_PROFILE },
	{ "ANPA", KEYID_POLICY },    { "ANVA", KEYID_POLICY },
	{ "ABIA", KEYID_BEARER },
};

enum keyid_kind keyid_kind(struct str id)
{
	if (id.n < 16)
		return KEYID_OTHER;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (memcmp(id.p, kinds[i].prefix, 4) == 0)
			return kinds[i].kind;
	return KEYID_OTHER;
}

bool keyid_is_access_key(struct str id)
{
	enum keyid_kind kind = keyid_kind(id);

	return kind == KEYID_LONG_TERM || kind == KEYID_TEMPORARY;
}

static int base32_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

bool keyid_account(struct str id, uint64_t *account)
{
	uint64_t v[9], x = 0;

	if (id.n < 4 + ARRAY_SIZE(v))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		int d = base32_digit(id.p[4 + i]);

		if (d < 0)
			return false;
		v[i] = (uint64_t)d;
	}
	if (v[0] < 16) /* the generation bit is 0 */
		return false;
	for (size_t i = 0; i < 8; i++)
		x = x << 5 | v[i];
	x = (x & 0x7fffffffffu) << 1 | v[8] >> 4;
	/* 40 bits can say more than the twelve digits of an account. */
	if (x > 999999999999)
		return false;
	*account = x;
	return true;
}
