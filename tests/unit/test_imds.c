/* SPDX-License-Identifier: MIT */
/* Spellings of the metadata service's address, and what only looks like one. */
#include "helpers.h"

#include "model/imds.h"

static const char *named(const char *text)
{
	static struct arena arena;
	const char *found;

	arena_init(&arena);
	found = imds_named(imds_decode(&arena, str_of(text)));
	arena_release(&arena);
	return found ? found : "";
}

static void spellings(void **state)
{
	static const struct {
		const char *text, *address;
	} cases[] = {
		{ "/p?u=http://169.254.169.254/latest/meta-data/",
		  "169.254.169.254" },
		{ "u=http%3A%2F%2F169.254.169.254%2F", "169.254.169.254" },
		/* Each character encoded, and that once more. */
		{ "u=%31%36%39%2e%32%35%34%2e%31%36%39%2e%32%35%34",
		  "169.254.169.254" },
		{ "u=%2531%2536%2539.254.169.254", "169.254.169.254" },
		/* One number: 169*2^24 + 254*2^16 + 169*2^8 + 254. */
		{ "u=http://2852039166/", "169.254.169.254" },
		{ "u=http://0xA9FEA9FE/", "169.254.169.254" },
		{ "u=http://0xa9.0xfe.0xa9.0xfe:80/", "169.254.169.254" },
		{ "u=http://0251.0376.0251.0376/", "169.254.169.254" },
		{ "u=http://025177524776/", "169.254.169.254" },
		{ "u=http://0251.254.0xa9.254/", "169.254.169.254" },
		/* Three and two parts: 169 * 256 + 254, 254 * 65536 + that. */
		{ "u=http://169.254.43518/", "169.254.169.254" },
		{ "u=http://169.16689662/", "169.254.169.254" },
		/* 256 more in each part, and 2^32 more in one number. */
		{ "u=http://425.510.425.510/", "169.254.169.254" },
		{ "u=http://7147006462/", "169.254.169.254" },
		{ "u=http://user@169.254.169.254:80@x/", "169.254.169.254" },
		{ "u=http://[::ffff:169.254.169.254]/", "169.254.169.254" },
		{ "u=http://[::ffff:a9fe:a9fe]/", "169.254.169.254" },
		{ "u=http://%5B0:0:0:0:0:ffff:a9fe:a9fe%5D/",
		  "169.254.169.254" },
		{ "u=http://[64:ff9b::a9fe:a9fe]/", "169.254.169.254" },
		{ "u=http://[fd00:ec2::254]/", "fd00:ec2::254" },
		{ "u=http://[fd00:0ec2:0:0:0:0:0:254]/", "fd00:ec2::254" },
		{ "u=http://[fd00:ec2::23]/", "fd00:ec2::23" },
		{ "u=http://instance-data/latest/", "169.254.169.254" },
		{ "u=http://instance-data.ec2.internal/", "169.254.169.254" },
		{ "u=http://169.254.169.254.nip.io/", "169.254.169.254" },
		{ "u=http://x-169-254-169-254.sslip.io", "169.254.169.254" },
		/* Circled and full-width digits, ideographic full stops. */
		{ "u=http://\xe2\x91\xa0\xe2\x91\xa5\xe2\x91\xa8.254.169.254/",
		  "169.254.169.254" },
		{ "u=http://169\xe3\x80\x82"
		  "254\xe3\x80\x82"
		  "169\xe3\x80\x82"
		  "254",
		  "169.254.169.254" },
		{ "u=http://\xef\xbc\x91\x36\x39.254.169.254/",
		  "169.254.169.254" },
		{ "u=http://169.254.170.2/v2/credentials/x", "169.254.170.2" },
		{ "u=http://169.254.170.23/v1/credentials", "169.254.170.23" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(strcmp(named(cases[i].text), cases[i].address) == 0,
		      "%s: %s, not %s", cases[i].text, named(cases[i].text),
		      cases[i].address);
}

static void others(void **state)
{
	static const char *const cases[] = {
		"",
		"%",
		"%4",
		"/",
		"/latest/meta-data/",
		"u=http://169.254.169.253/",
		"u=http://169.254.169.2540/",
		"u=http://1169.254.169.254.5/",
		"id=2852039167",
		"id=12852039166",
		"u=http://0xA9FEA9FF/",
		"u=http://[::1]/",
		"u=http://[fd00:ec2::253]/",
		"u=http://[",
		"u=http://[169.254",
		"u=http://instance-database/",
		"u=http://nip.io/",
		"u=http://10.0.0.1.nip.io/",
		"u=http://169.254..169.254/",
		"v=0x",
		"v=08251.254.169.254",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(!*named(cases[i]), "%s: %s", cases[i], named(cases[i]));
}

/* Encoded more often than anybody decodes it stays as it is. */
static void rounds(void **state)
{
	(void)state;
	assert_string_equal(named("%2531%2536%2539.254.169.254"),
			    "169.254.169.254");
	assert_string_equal(named("%252531%252536%252539.254.169.254"),
			    "169.254.169.254");
	assert_string_equal(named("%25252531%25252536%25252539.254.169.254"),
			    "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings),
		cmocka_unit_test(others),
		cmocka_unit_test(rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
