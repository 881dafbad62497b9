/* SPDX-License-Identifier: MIT */
/* What is one's own: site files and what is asked of them. */
#include "helpers.h"

#include "model/site.h"

static const char text[] =
	"# our own\n"
	"account 111122223333 production\n"
	"account 444455556666 \"audit and logs\" # with a name of words\n"
	"\n"
	"  organization\to-a1b2c3d4e5\r\n"
	"network 198.51.100.0/24 office\n"
	"network 2001:db8::/32\n"
	"vendor 222233334444 Acme monitoring\n"
	"scanner 203.0.113.7 weekly scan\n"
	"break-glass arn:aws:iam::111122223333:user/emergency for fires";

static void a_whole_file(void **state)
{
	struct err err = ERR_INIT;
	struct site s;

	(void)state;
	site_init(&s);
	assert_int_equal(site_read(&s, STR(text), "site", &err), ERR_OK);
	assert_int_equal(site_owner_of(&s, STR("111122223333")), SITE_OWN);
	assert_int_equal(site_owner_of(&s, STR("222233334444")),
			 SITE_OF_VENDOR);
	assert_int_equal(site_owner_of(&s, STR("999988887777")), SITE_FOREIGN);
	assert_int_equal(site_owner_of(&s, STR("")), SITE_UNKNOWN_OWNER);
	assert_int_equal(site_owner_of(&s, STR("arn:aws:iam::1:x")),
			 SITE_UNKNOWN_OWNER);
	assert_str(site_account_name(&s, STR("111122223333")), "production");
	assert_str(site_account_name(&s, STR("444455556666")),
		   "audit and logs");
	assert_str(site_account_name(&s, STR("222233334444")),
		   "Acme monitoring");
	assert_str(site_account_name(&s, STR("999988887777")), "");
	assert_int_equal(site_organization_owner(&s, STR("o-a1b2c3d4e5")),
			 SITE_OWN);
	assert_int_equal(site_organization_owner(&s, STR("o-other")),
			 SITE_FOREIGN);
	assert_str(site_network_of(&s, STR("198.51.100.9"))->name, "office");
	assert_int_equal(site_network_of(&s, STR("2001:db8::1"))->kind,
			 SITE_NETWORK);
	assert_int_equal(site_network_of(&s, STR("203.0.113.7"))->kind,
			 SITE_SCANNER);
	assert_null(site_network_of(&s, STR("203.0.113.8")));
	assert_null(site_network_of(&s, STR("ec2.amazonaws.com")));
	assert_str(site_break_glass_of(
			   &s, STR("arn:aws:iam::111122223333:user/emergency"))
			   ->name,
		   "for fires");
	assert_non_null(site_break_glass_of(
		&s, STR("arn:aws:iam::111122223333:user/emergency#AIDAX")));
	assert_null(site_break_glass_of(
		&s, STR("arn:aws:iam::111122223333:user/e")));
	assert_null(site_break_glass_of(&s, STR("")));

	/* A file that says which are own is not added to. */
	site_deliver(&s, STR("777788889999"));
	assert_int_equal(site_owner_of(&s, STR("777788889999")), SITE_FOREIGN);
	site_deliver_organization(&s, STR("AWSLogs/o-zzzzzzzzzz/x.json"));
	assert_int_equal(site_organization_owner(&s, STR("o-zzzzzzzzzz")),
			 SITE_FOREIGN);
	site_release(&s);
}

static void without_a_file(void **state)
{
	struct site s;

	(void)state;
	site_init(&s);
	assert_int_equal(site_owner_of(&s, STR("111122223333")),
			 SITE_UNKNOWN_OWNER);
	site_deliver(&s, STR("111122223333"));
	site_deliver(&s, STR("111122223333"));
	site_deliver(&s, STR(""));
	site_deliver(&s, STR("no account"));
	assert_int_equal(s.n, 1);
	assert_int_equal(site_owner_of(&s, STR("111122223333")), SITE_OWN);
	assert_int_equal(site_owner_of(&s, STR("444455556666")), SITE_FOREIGN);
	site_release(&s);
}

static void whose_trail_delivered(void **state)
{
	static const char *const no_trail[] = {
		"AWSLogs/111122223333/CloudTrail/x.json",
		"AWSLogs/o-a1b2c3d4e5",
		"AWSLogs/o-short/111122223333/x.json",
		"AWSLogs/o-A1B2C3D4E5/111122223333/x.json",
		"o-a1b2c3d4e5/111122223333/x.json",
		"",
	};
	struct site s, copy;

	(void)state;
	site_init(&s);
	for (size_t i = 0; i < ARRAY_SIZE(no_trail); i++)
		site_deliver_organization(&s, str_of(no_trail[i]));
	assert_int_equal(s.n, 0);
	assert_int_equal(site_organization_owner(&s, STR("o-a1b2c3d4e5")),
			 SITE_UNKNOWN_OWNER);
	for (int i = 0; i < 2; i++)
		site_deliver_organization(
			&s, STR("/e/AWSLogs/o-a1b2c3d4e5/111122223333/x.json"));
	assert_int_equal(s.n, 1);
	site_init_copy(&copy, &s);
	assert_int_equal(site_organization_owner(&copy, STR("o-a1b2c3d4e5")),
			 SITE_OWN);
	assert_int_equal(site_organization_owner(&copy, STR("o-b1b2c3d4e5")),
			 SITE_FOREIGN);
	site_release(&copy);
	site_release(&s);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
	static const struct {
		const char *text, *told;
	} cases[] = {
		{ "acount 111122223333", "f:1: account, organization," },
		{ "# a\n\naccount 11112222333", "f:3: an account has twelve" },
		{ "account", "f:1: an account has twelve" },
		{ "account 111122223333 a\nnetwork office", "f:2: an address" },
		{ "organization 111122223333", "f:1: an organization's" },
		{ "break-glass emergency", "f:1: an ARN" },
		{ "\"account 111122223333", "f:1: account, organization," },
	};
	struct site s;

	(void)state;
	site_init(&s);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct err err = ERR_INIT;

		check(site_read(&s, str_of(cases[i].text), "f", &err) ==
			      ERR_SYNTAX,
		      "%s", cases[i].text);
		check(str_starts(str_of(err.msg), str_of(cases[i].told)), "%s",
		      err.msg);
		/* Nothing of such a file counts. */
		assert_int_equal(s.n, 0);
		assert_false(s.says_accounts);
		assert_false(s.says_organizations);
	}
	site_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_file),
		cmocka_unit_test(without_a_file),
		cmocka_unit_test(whose_trail_delivered),
		cmocka_unit_test(what_is_wrong_is_told_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
