/* SPDX-License-Identifier: MIT */
/* Whom policies let in: principals, and what conditions make of everybody. */
#include "helpers.h"

#include "base/json.h"
#include "base/strbuf.h"
#include "identity/policy.h"

static void add_guest(void *context, const struct policy_guest *guest)
{
	struct strbuf *out = context;

	if (out->n)
		strbuf_addc(out, ' ');
	strbuf_add(out, guest->principal);
	if (guest->organization.n) {
		strbuf_addc(out, '@');
		strbuf_add(out, guest->organization);
	}
}

/* The guests of a document, "PRINCIPAL@ORGANIZATION", one after the other. */
static bool guests(const char *document, struct strbuf *out)
{
	struct err err = ERR_INIT;
	struct arena arena;
	const struct json *v;
	bool all;

	arena_init(&arena);
	v = json_read(&arena, str_of(document), &err);
	check(v != NULL, "%s: %s", document, err.msg);
	all = policy_each_guest(policy_document(v, &arena), add_guest, out);
	arena_release(&arena);
	return all;
}

static void assert_guests(const char *document, const char *expected)
{
	struct strbuf out;

	strbuf_init(&out);
	check(guests(document, &out), "%s", document);
	check(str_eq(strbuf_str(&out), str_of(expected)),
	      "%s: \"%.*s\", not \"%s\"", document, STR_ARG(strbuf_str(&out)),
	      expected);
	strbuf_release(&out);
}

#define STATEMENT(more) \
	"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\"," more "}]}"
#define EVERYBODY(condition)             \
	STATEMENT("\"Principal\":\"*\"," \
		  "\"Condition\":{" condition "}")

static void principals(void **state)
{
	static const char *const cases[][2] = {
		{ STATEMENT("\"Principal\":\"*\""), "*" },
		{ STATEMENT("\"Principal\":{\"AWS\":[\"111122223333\",\"*\"],"
			    "\"Service\":\"s3.amazonaws.com\"}"),
		  "111122223333 *" },
		{ STATEMENT("\"NotPrincipal\":{\"AWS\":\"111122223333\"}"),
		  "*" },
		{ "{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\"}}",
		  "" },
	};
	struct strbuf out;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_guests(cases[i][0], cases[i][1]);
	strbuf_init(&out);
	assert_false(guests("{}", &out));
	strbuf_release(&out);
}

/* What fixes who calls, or from where. */
static void conditions_that_narrow(void **state)
{
	static const char *const cases[][2] = {
		{ "\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-a1b2c3d4e5\"}",
		  "*@o-a1b2c3d4e5" },
		{ "\"stringequals\":{\"AWS:principalorgid\":"
		  "[\"o-a1b2c3d4e5\",\"o-z1b2c3d4e5\"]}",
		  "*@o-a1b2c3d4e5 *@o-z1b2c3d4e5" },
		{ "\"ForAnyValue:StringLike\":{\"aws:PrincipalOrgPaths\":"
		  "\"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*\"}",
		  "*@o-a1b2c3d4e5" },
		{ "\"StringEquals\":{\"aws:PrincipalOrgID\":"
		  "\"${aws:ResourceOrgID}\"}",
		  "" },
		{ "\"StringEquals\":{\"aws:ResourceOrgID\":"
		  "\"${aws:PrincipalOrgID}\"}",
		  "" },
		{ "\"StringEquals\":{\"kms:ViaService\":"
		  "\"s3.us-east-1.amazonaws.com\",\"kms:CallerAccount\":"
		  "\"111122223333\"}",
		  "111122223333" },
		{ "\"ArnLike\":{\"aws:PrincipalArn\":"
		  "\"arn:aws:iam::999988887777:role/*\"}",
		  "999988887777" },
		{ "\"ArnEquals\":{\"aws:SourceArn\":\"arn:aws:s3:::shop\"}",
		  "" },
		{ "\"StringEquals\":{\"aws:SourceVpce\":\"vpce-1a2b3c4d\"}",
		  "" },
		{ "\"StringLike\":{\"aws:userid\":\"AROAEXAMPLE:*\"}", "" },
		{ "\"IpAddress\":{\"aws:SourceIp\":[\"198.51.100.0/24\","
		  "\"2001:db8::/32\"]}",
		  "" },
		{ "\"Bool\":{\"aws:PrincipalIsAWSService\":\"true\"}", "" },
		/* The organization says more than the place does. */
		{ "\"IpAddress\":{\"aws:SourceIp\":\"198.51.100.0/24\"},"
		  "\"StringEquals\":{\"aws:PrincipalOrgID\":"
		  "\"o-a1b2c3d4e5\"}",
		  "*@o-a1b2c3d4e5" },
	};
	struct strbuf document;

	(void)state;
	strbuf_init(&document);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_clear(&document);
		strbuf_addf(&document, "%s%s%s",
			    "{\"Statement\":[{\"Effect\":\"Allow\","
			    "\"Principal\":{\"AWS\":\"*\"},\"Condition\":{",
			    cases[i][0], "}}]}");
		assert_guests(document.p, cases[i][1]);
	}
	strbuf_release(&document);
}

/* What looks like a limit and is none: everybody is still let in. */
static void conditions_that_do_not(void **state)
{
	static const char *const cases[] = {
		EVERYBODY("\"Bool\":{\"aws:SecureTransport\":\"true\"}"),
		EVERYBODY("\"StringEquals\":{\"sts:ExternalId\":\"x\"}"),
		EVERYBODY("\"StringEquals\":{\"aws:PrincipalTag/team\":"
			  "\"shop\"}"),
		EVERYBODY("\"StringLike\":{\"aws:PrincipalOrgID\":\"o-*\"}"),
		EVERYBODY("\"StringLike\":{\"aws:PrincipalOrgPaths\":\"*\"}"),
		EVERYBODY("\"StringEquals\":{\"aws:PrincipalOrgID\":"
			  "[\"o-a1b2c3d4e5\",\"*\"]}"),
		EVERYBODY("\"StringEqualsIfExists\":{\"aws:PrincipalOrgID\":"
			  "\"o-a1b2c3d4e5\"}"),
		EVERYBODY("\"ForAllValues:StringLike\":"
			  "{\"aws:PrincipalOrgPaths\":\"o-a1b2c3d4e5/*\"}"),
		EVERYBODY("\"StringNotEquals\":{\"aws:PrincipalOrgID\":"
			  "\"o-a1b2c3d4e5\"}"),
		/* The resource is of its own organization, whoever calls. */
		EVERYBODY("\"StringEquals\":{\"aws:ResourceOrgID\":"
			  "\"o-a1b2c3d4e5\"}"),
		EVERYBODY("\"StringEquals\":{\"aws:ResourceAccount\":"
			  "\"111122223333\"}"),
		EVERYBODY("\"ArnLike\":{\"aws:PrincipalArn\":"
			  "\"arn:aws:iam::*:role/shop\"}"),
		EVERYBODY("\"ArnLike\":{\"aws:SourceArn\":"
			  "\"arn:aws:s3:::*\"}"),
		EVERYBODY("\"StringLike\":{\"aws:SourceVpce\":\"vpce-*\"}"),
		EVERYBODY("\"IpAddress\":{\"aws:SourceIp\":\"0.0.0.0/0\"}"),
		EVERYBODY("\"IpAddress\":{\"aws:SourceIp\":"
			  "[\"198.51.100.0/24\",\"128.0.0.0/1\"]}"),
		EVERYBODY("\"NotIpAddress\":{\"aws:SourceIp\":"
			  "\"198.51.100.0/24\"}"),
		EVERYBODY("\"StringEquals\":{\"aws:SourceAccount\":{}}"),
		EVERYBODY("\"StringEquals\":[]"),
		EVERYBODY(""),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_guests(cases[i], "*");
}

/* Whoever is named is let in only as far as the condition does. */
static void named_and_narrowed(void **state)
{
	(void)state;
	assert_guests(STATEMENT("\"Principal\":{\"AWS\":\"999988887777\"},"
				"\"Condition\":{\"StringEquals\":"
				"{\"aws:PrincipalOrgID\":"
				"\"o-a1b2c3d4e5\"}}"),
		      "999988887777@o-a1b2c3d4e5");
	assert_guests(STATEMENT("\"Principal\":{\"AWS\":\"999988887777\"},"
				"\"Condition\":{\"StringEquals\":"
				"{\"aws:SourceAccount\":"
				"\"111122223333\"}}"),
		      "999988887777");
	/* A condition is of its own statement. */
	assert_guests("{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
		      "\"*\",\"Condition\":{\"StringEquals\":"
		      "{\"aws:PrincipalOrgID\":\"o-a1b2c3d4e5\"}}},"
		      "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
		      "\"999988887777\"}}]}",
		      "*@o-a1b2c3d4e5 999988887777");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(principals),
		cmocka_unit_test(conditions_that_narrow),
		cmocka_unit_test(conditions_that_do_not),
		cmocka_unit_test(named_and_narrowed),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
