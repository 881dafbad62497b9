/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "model/keyid.h"

static void kinds_by_prefix(void **state)
{
	static const struct {
		const char *prefix;
		enum keyid_kind kind;
	} cases[] = {
		{ "AKIA", KEYID_LONG_TERM }, { "ASIA", KEYID_TEMPORARY },
		{ "AROA", KEYID_ROLE },      { "AIDA", KEYID_USER },
		{ "AGPA", KEYID_GROUP },     { "AIPA", KEYID_PROFILE },
		{ "ANPA", KEYID_POLICY },    { "ANVA", KEYID_POLICY },
		{ "ABIA", KEYID_BEARER },    { "APKA", KEYID_OTHER },
		{ "akia", KEYID_OTHER },     { "XKIA", KEYID_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char id[40];
		bool signs = cases[i].kind == KEYID_LONG_TERM ||
			     cases[i].kind == KEYID_TEMPORARY;

		snprintf(id, sizeof(id), "%sRTX3GSDSREXAMPLE", cases[i].prefix);
		assert_int_equal(keyid_kind(str_of(id)), cases[i].kind);
		assert_int_equal(keyid_is_access_key(str_of(id)), signs);
	}
	assert_int_equal(keyid_kind(STR("AROAEXAMPLEEXAMPLE:session")),
			 KEYID_ROLE);
}

static void short_texts_are_no_ids(void **state)
{
	struct str whole = STR("AKIARTX3GSDSREXAMPLE");

	(void)state;
	for (size_t n = 0; n < whole.n; n++) {
		struct str exact = exact_copy(str_sub(whole, 0, n));
		uint64_t account = 0;
		enum keyid_kind kind = keyid_kind(exact);

		assert_true(kind == KEYID_OTHER || n >= 16);
		(void)keyid_account(exact, &account);
		exact_free(exact);
	}
	assert_int_equal(keyid_kind(STR_NULL), KEYID_OTHER);
}

/* Published and verified pairs of ids and accounts. */
static void accounts_of_known_ids(void **state)
{
	static const struct {
		const char *id;
		uint64_t account; /* 0: none */
	} cases[] = {
		{ "ASIAQNZGKIQY56JQ7WML", 29608264753 },
		{ "ASIAY34FZKBOKMUTVV7A", 609629065308 },
		{ "ASIA5FLZVX4OPVKKVBMX", 904882667292 },
		{ "ASIA52RQV4232GGDZ2HL", 950363612855 },
		{ "ASIAY24FZKAOLBRPB3V3", 607481581596 },
		{ "AKIARTX3GSDSREXAMPLE", 111122223333 },
		{ "AKIAIOSFODNN7EXAMPLE", 0 },
		{ "ASIATFQR7NSCSHSEVYP5", 218007301253 },
		{ "AROATFQR7NSC4RHD6IN2N", 218007301253 },
		{ "AIDATFQR7NSC5AU2ZV3IE", 218007301253 },
		{ "AIDAU7JNXC7KR6DMIZUTP", 342082656213 },
		{ "AIDARTX3GSDSREXAMPLEX", 111122223333 },
		{ "ASIAJ7WTMUK276RKAG4A", 0 },
		/* Digits that base32 does not have. */
		{ "AKIATFQR8NSCAQ4X2ABJ", 0 },
		{ "AKIATFQR7NS0AQ4X2ABJ", 0 },
		{ "AKIAtfqr7nscaq4x2abj", 0 },
		{ "AKIATFQR7NSC8Q4X20BJ", 0 },
		{ "AKIA0123456789", 0 },
		{ "AKIA", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str id = exact_copy(str_of(cases[i].id));
		uint64_t account = 0;

		check(keyid_account(id, &account) == (cases[i].account != 0),
		      "%s", cases[i].id);
		check(account == cases[i].account, "%s gives %llu", cases[i].id,
		      (unsigned long long)account);
		exact_free(id);
	}
}

/*
 * The other way round: one generation bit, 40 bits of account, the rest as it
 * comes, five bits a character.
 */
static void encode(uint64_t account, uint64_t rest, char id[21])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	memcpy(id, "ASIA", 4);
	for (int i = 0; i < 16; i++) {
		uint64_t five = 0;

		for (int bit = 5 * i; bit < 5 * i + 5; bit++) {
			uint64_t b = bit == 0  ? 1 :
				     bit <= 40 ? account >> (40 - bit) & 1 :
						 rest >> (bit - 41) & 1;

			five = five << 1 | b;
		}
		id[4 + i] = digits[five];
	}
	id[20] = '\0';
}

static void accounts_come_back(void **state)
{
	static const uint64_t ends[] = { 0, 1, 999999999998, 999999999999 };
	struct rng r = { 24 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t want = i < 4 ? ends[i] : rng_next(&r) % 1000000000000;
		uint64_t account = 77;
		char id[21];

		encode(want, rng_next(&r), id);
		assert_true(keyid_account(str_of(id), &account));
		assert_true(account == want);
	}
}

/* 40 bits hold more than twelve digits: no account has such a number. */
static void numbers_that_are_no_account(void **state)
{
	static const uint64_t bad[] = { 1000000000000, 1099511627775 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		uint64_t account = 0;
		char id[21];

		encode(bad[i], 0, id);
		assert_false(keyid_account(str_of(id), &account));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_by_prefix),
		cmocka_unit_test(short_texts_are_no_ids),
		cmocka_unit_test(accounts_of_known_ids),
		cmocka_unit_test(accounts_come_back),
		cmocka_unit_test(numbers_that_are_no_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
