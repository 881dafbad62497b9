/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "model/arn.h"

static void parts(void **state)
{
	static const struct {
		const char *text, *partition, *service, *region, *account,
			*resource;
	} cases[] = {
		{ "arn:aws:iam::111122223333:user/ci/build", "aws", "iam", "",
		  "111122223333", "user/ci/build" },
		{ "arn:aws-cn:s3:::bucket/key:with:colons", "aws-cn", "s3", "",
		  "", "bucket/key:with:colons" },
		{ "arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:f",
		  "aws-us-gov", "lambda", "us-gov-west-1", "111122223333",
		  "function:f" },
		{ "arn:aws:iam::111122223333:root", "aws", "iam", "",
		  "111122223333", "root" },
		{ "arn:aws:s3:::", "aws", "s3", "", "", "" },
		{ "arn:::::", "", "", "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str s = exact_copy(str_of(cases[i].text));
		struct arn arn;

		assert_true(arn_parse(s, &arn));
		assert_str_eq(arn.partition, str_of(cases[i].partition));
		assert_str_eq(arn.service, str_of(cases[i].service));
		assert_str_eq(arn.region, str_of(cases[i].region));
		assert_str_eq(arn.account, str_of(cases[i].account));
		assert_str_eq(arn.resource, str_of(cases[i].resource));
		exact_free(s);
	}
}

static void no_arns(void **state)
{
	static const char *const bad[] = { "",
					   "arn",
					   "arn:",
					   "arn:aws:iam::111122223333",
					   "ARN:aws:iam::111122223333:root",
					   " arn:aws:iam::1:root",
					   "AROAEXAMPLE:session",
					   "ec2.amazonaws.com" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct str s = exact_copy(str_of(bad[i]));
		struct arn arn;

		memset(&arn, 0xaa, sizeof(arn));
		assert_false(arn_parse(s, &arn));
		assert_int_equal(arn.partition.n, 0);
		assert_int_equal(arn.account.n, 0);
		assert_int_equal(arn.resource.n, 0);
		exact_free(s);
	}
}

static void last_segments(void **state)
{
	(void)state;
	assert_str(arn_last_segment(STR("user/ci/build")), "build");
	assert_str(arn_last_segment(STR("root")), "root");
	assert_str(arn_last_segment(STR("user/")), "");
	assert_str(arn_last_segment(STR_NULL), "");
}

static void assumed_roles(void **state)
{
	struct str account, role, session;

	(void)state;
	assert_true(arn_assumed_role(
		STR("arn:aws:sts::111122223333:assumed-role/Deploy/build-7"),
		&account, &role, &session));
	assert_str(account, "111122223333");
	assert_str(role, "Deploy");
	assert_str(session, "build-7");
	assert_true(arn_assumed_role(
		STR("arn:aws:sts::1:assumed-role/R/a@b.example/x"), &account,
		&role, &session));
	assert_str(session, "a@b.example/x");
	assert_false(arn_assumed_role(
		STR("arn:aws:sts::111122223333:assumed-role/Deploy"), &account,
		&role, &session));
	assert_false(arn_assumed_role(STR("arn:aws:iam::1:role/Deploy"),
				      &account, &role, &session));
	assert_false(arn_assumed_role(STR("assumed-role/a/b"), &account, &role,
				      &session));
	assert_false(arn_assumed_role(STR_NULL, &account, &role, &session));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts),
		cmocka_unit_test(no_arns),
		cmocka_unit_test(last_segments),
		cmocka_unit_test(assumed_roles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
