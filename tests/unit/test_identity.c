/* SPDX-License-Identifier: MIT */
#include "arena_help.h"

#include "model/identity.h"

static struct identity identity(const char *json)
{
	struct err err = ERR_INIT;
	const struct json *v = json_read(&arena, str_of(json), &err);
	struct identity id;

	check(v != NULL, "%s: %s", err.msg, json);
	identity_of(&id, v, &arena);
	return id;
}

struct row {
	const char *json;
	enum identity_type type;
	const char *principal, *actor, *session;
};

#define SESSION(date) \
	"\"sessionContext\":{\"attributes\":{\"creationDate\":\"" date "\"}}"
#define ROLE_SESSION(issuer, date)                                    \
	"\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\","   \
	"\"principalId\":\"AROARTX3GSDSREXAMPLEX\",\"arn\":\"" issuer \
	"\",\"accountId\":\"111122223333\",\"userName\":\"Deploy\"}," \
	"\"attributes\":{\"creationDate\":\"" date                    \
	"\",\"mfaAuthenticated\":\"false\"}}"

/* Users and root ---------------------------------------------------------- */

static const struct row users[] = {
	{ "{\"type\":\"Root\",\"principalId\":\"111122223333\","
	  "\"arn\":\"arn:aws:iam::111122223333:root\","
	  "\"accountId\":\"111122223333\",\"accessKeyId\":\"\"}",
	  IDENTITY_ROOT, "arn:aws:iam::111122223333:root",
	  "arn:aws:iam::111122223333:root", "" },
	/* In the console, with an alias for a name. */
	{ "{\"type\":\"Root\",\"principalId\":\"111122223333\","
	  "\"arn\":\"arn:aws:iam::111122223333:root\","
	  "\"accountId\":\"111122223333\",\"userName\":\"acme-prod\","
	  "\"accessKeyId\":\"ASIARTX3GSDSREXAMPLE\"," SESSION(
		  "2026-01-09T21:37:03Z") "}",
	  IDENTITY_ROOT, "arn:aws:iam::111122223333:root",
	  "arn:aws:iam::111122223333:root",
	  "111122223333@2026-01-09T21:37:03Z" },
	/* With an access key of root's. */
	{ "{\"type\":\"Root\",\"principalId\":\"111122223333\","
	  "\"arn\":\"arn:aws:iam::111122223333:root\","
	  "\"accountId\":\"111122223333\","
	  "\"accessKeyId\":\"AKIARTX3GSDSREXAMPLE\"," SESSION(
		  "2026-01-09T21:37:03Z") "}",
	  IDENTITY_ROOT, "arn:aws:iam::111122223333:root",
	  "arn:aws:iam::111122223333:root", "" },
	/* AssumeRoot. */
	{ "{\"type\":\"Root\",\"principalId\":\"111122223333\","
	  "\"arn\":\"arn:aws:iam::111122223333:root\","
	  "\"accountId\":\"111122223333\","
	  "\"accessKeyId\":\"ASIARTX3GSDSREXAMPLE\",\"sessionContext\":{"
	  "\"attributes\":{\"creationDate\":\"2026-01-09T21:37:03Z\"},"
	  "\"assumedRoot\":\"true\"}}",
	  IDENTITY_ROOT, "arn:aws:iam::111122223333:root",
	  "arn:aws:iam::111122223333:root",
	  "111122223333@2026-01-09T21:37:03Z" },
	{ "{\"type\":\"Root\",\"accountId\":\"111122223333\"}", IDENTITY_ROOT,
	  "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root",
	  "" },
	/* A user's long-term key. */
	{ "{\"type\":\"IAMUser\",\"principalId\":\"AIDARTX3GSDSREXAMPLEX\","
	  "\"arn\":\"arn:aws:iam::111122223333:user/ci/alice\","
	  "\"accountId\":\"111122223333\","
	  "\"accessKeyId\":\"AKIARTX3GSDSREXAMPLE\",\"userName\":\"alice\"}",
	  IDENTITY_USER, "arn:aws:iam::111122223333:user/ci/alice",
	  "arn:aws:iam::111122223333:user/ci/alice", "" },
	/* The same key with a session context that has no creation date. */
	{ "{\"type\":\"IAMUser\",\"principalId\":\"AIDARTX3GSDSREXAMPLEX\","
	  "\"arn\":\"arn:aws:iam::111122223333:user/alice\","
	  "\"accountId\":\"111122223333\","
	  "\"accessKeyId\":\"AKIARTX3GSDSREXAMPLE\",\"userName\":\"alice\","
	  "\"sessionContext\":{\"sessionIssuer\":{},"
	  "\"webIdFederationData\":{},\"attributes\":{}}}",
	  IDENTITY_USER, "arn:aws:iam::111122223333:user/alice",
	  "arn:aws:iam::111122223333:user/alice", "" },
	/* A user's temporary credentials: console, GetSessionToken, FAS. */
	{ "{\"type\":\"IAMUser\",\"principalId\":\"AIDARTX3GSDSREXAMPLEX\","
	  "\"arn\":\"arn:aws:iam::111122223333:user/alice\","
	  "\"accountId\":\"111122223333\","
	  "\"accessKeyId\":\"ASIARTX3GSDSREXAMPLE\",\"userName\":\"alice\"," SESSION(
		  "2026-01-09T21:42:07Z") ",\"invokedBy\":\"AWS Internal\"}",
	  IDENTITY_USER, "arn:aws:iam::111122223333:user/alice",
	  "arn:aws:iam::111122223333:user/alice",
	  "AIDARTX3GSDSREXAMPLEX@2026-01-09T21:42:07Z" },
	/* ConsoleLogin: no key yet. */
	{ "{\"type\":\"IAMUser\",\"principalId\":\"AIDARTX3GSDSREXAMPLEX\","
	  "\"arn\":\"arn:aws:iam::111122223333:user/alice\","
	  "\"accountId\":\"111122223333\",\"userName\":\"alice\"}",
	  IDENTITY_USER, "arn:aws:iam::111122223333:user/alice",
	  "arn:aws:iam::111122223333:user/alice", "" },
	/* A sign-in that failed has the name alone. */
	{ "{\"type\":\"IAMUser\",\"accountId\":\"111122223333\","
	  "\"accessKeyId\":\"\",\"userName\":\"alice\"}",
	  IDENTITY_USER, "arn:aws:iam::111122223333:user/alice",
	  "arn:aws:iam::111122223333:user/alice", "" },
	/* With a name that no user has, it is nobody's. */
	{ "{\"type\":\"IAMUser\",\"accountId\":\"111122223333\","
	  "\"accessKeyId\":\"\","
	  "\"userName\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"}",
	  IDENTITY_USER, "unknown", "unknown", "" },
};

/* Roles ------------------------------------------------------------------- */

static const struct row roles[] = {
	/* The role's path is in the issuer alone. */
	{ "{\"type\":\"AssumedRole\","
	  "\"principalId\":\"AROARTX3GSDSREXAMPLEX:build\","
	  "\"arn\":\"arn:aws:sts::111122223333:assumed-role/Deploy/build\","
	  "\"accountId\":\"111122223333\","
	  "\"accessKeyId\":\"ASIARTX3GSDSREXAMPLE\"," ROLE_SESSION(
		  "arn:aws:iam::111122223333:role/ci/Deploy",
		  "2026-01-09T21:42:07Z") "}",
	  IDENTITY_ASSUMED_ROLE, "arn:aws:iam::111122223333:role/ci/Deploy",
	  "arn:aws:sts::111122223333:assumed-role/Deploy/build",
	  "AROARTX3GSDSREXAMPLEX:build@2026-01-09T21:42:07Z" },
	/* A service-linked role's calls have no key. */
	{ "{\"type\":\"AssumedRole\","
	  "\"principalId\":\"AROARTX3GSDSREXAMPLEX:SLRManagement\","
	  "\"arn\":\"arn:aws:sts::111122223333:assumed-role/"
	  "AWSServiceRoleForConfig/SLRManagement\","
	  "\"accountId\":\"111122223333\"," ROLE_SESSION(
		  "arn:aws:iam::111122223333:role/aws-service-role/"
		  "config.amazonaws.com/AWSServiceRoleForConfig",
		  "2026-01-09T21:42:07Z") ",\"invokedBy\":\"config.amazonaws.com\"}",
	  IDENTITY_ASSUMED_ROLE,
	  "arn:aws:iam::111122223333:role/aws-service-role/"
	  "config.amazonaws.com/AWSServiceRoleForConfig",
	  "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForConfig/"
	  "SLRManagement",
	  "AROARTX3GSDSREXAMPLEX:SLRManagement@2026-01-09T21:42:07Z" },
	/* From Identity Center: still a role. */
	{ "{\"type\":\"AssumedRole\","
	  "\"principalId\":\"AROARTX3GSDSREXAMPLEX:ann@example.com\","
	  "\"arn\":\"arn:aws:sts::111122223333:assumed-role/"
	  "AWSReservedSSO_Admin_0123456789abcdef/ann@example.com\","
	  "\"accountId\":\"111122223333\","
	  "\"accessKeyId\":\"ASIARTX3GSDSREXAMPLE\"," ROLE_SESSION(
		  "arn:aws:iam::111122223333:role/aws-reserved/"
		  "sso.amazonaws.com/AWSReservedSSO_Admin_"
		  "0123456789abcdef",
		  "2026-01-09T21:42:07Z") ",\"onBehalfOf\":{\"userId\":\"u-1\",\"identityStoreArn\":"
					  "\"arn:aws:identitystore::1:identitystore/d-1\"}}",
	  IDENTITY_ASSUMED_ROLE,
	  "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/"
	  "AWSReservedSSO_Admin_0123456789abcdef",
	  "arn:aws:sts::111122223333:assumed-role/"
	  "AWSReservedSSO_Admin_0123456789abcdef/ann@example.com",
	  "AROARTX3GSDSREXAMPLEX:ann@example.com@2026-01-09T21:42:07Z" },
	/* Without an issuer: what the session's ARN tells, in any partition. */
	{ "{\"type\":\"AssumedRole\","
	  "\"principalId\":\"AROARTX3GSDSREXAMPLEX:build\","
	  "\"arn\":\"arn:aws:sts::111122223333:assumed-role/Deploy/build\","
	  "\"accountId\":\"111122223333\"}",
	  IDENTITY_ASSUMED_ROLE, "arn:aws:iam::111122223333:role/Deploy",
	  "arn:aws:sts::111122223333:assumed-role/Deploy/build", "" },
	{ "{\"type\":\"AssumedRole\","
	  "\"principalId\":\"AROARTX3GSDSREXAMPLEX:build\","
	  "\"arn\":\"arn:aws-cn:sts::111122223333:assumed-role/Deploy/"
	  "build\"}",
	  IDENTITY_ASSUMED_ROLE, "arn:aws-cn:iam::111122223333:role/Deploy",
	  "arn:aws-cn:sts::111122223333:assumed-role/Deploy/build", "" },
	/* A role that acts itself. */
	{ "{\"type\":\"Role\",\"principalId\":\"AROARTX3GSDSREXAMPLEX\","
	  "\"arn\":\"arn:aws:iam::111122223333:role/Deploy\","
	  "\"accountId\":\"111122223333\"}",
	  IDENTITY_ROLE, "arn:aws:iam::111122223333:role/Deploy",
	  "arn:aws:iam::111122223333:role/Deploy", "" },
	/* GetFederationToken: the issuer is a user, or root. */
	{ "{\"type\":\"FederatedUser\",\"principalId\":\"111122223333:bob\","
	  "\"arn\":\"arn:aws:sts::111122223333:federated-user/bob\","
	  "\"accountId\":\"111122223333\","
	  "\"accessKeyId\":\"ASIARTX3GSDSREXAMPLE\"," ROLE_SESSION(
		  "arn:aws:iam::111122223333:user/alice",
		  "2026-01-09T21:42:07Z") "}",
	  IDENTITY_FEDERATED, "arn:aws:iam::111122223333:user/alice",
	  "arn:aws:sts::111122223333:federated-user/bob",
	  "111122223333:bob@2026-01-09T21:42:07Z" },
	{ "{\"type\":\"FederatedUser\",\"principalId\":\"111122223333:bob\","
	  "\"arn\":\"arn:aws:sts::111122223333:federated-user/bob\","
	  "\"accountId\":\"111122223333\"}",
	  IDENTITY_FEDERATED, "arn:aws:sts::111122223333:federated-user/bob",
	  "arn:aws:sts::111122223333:federated-user/bob", "" },
};

/* Others ------------------------------------------------------------------ */

static const struct row others[] = {
	{ "{\"type\":\"SAMLUser\",\"principalId\":\"GZ2sE=:ann@example.com\","
	  "\"userName\":\"ann@example.com\",\"identityProvider\":\"GZ2sE=\"}",
	  IDENTITY_SAML, "saml:GZ2sE=:ann@example.com",
	  "saml:GZ2sE=:ann@example.com", "" },
	{ "{\"type\":\"WebIdentityUser\",\"principalId\":"
	  "\"token.actions.githubusercontent.com:sts.amazonaws.com:"
	  "repo:acme/app:ref:refs/heads/main\","
	  "\"userName\":\"repo:acme/app:ref:refs/heads/main\","
	  "\"identityProvider\":\"token.actions.githubusercontent.com\"}",
	  IDENTITY_WEB,
	  "web:token.actions.githubusercontent.com:sts.amazonaws.com:"
	  "repo:acme/app:ref:refs/heads/main",
	  "web:token.actions.githubusercontent.com:sts.amazonaws.com:"
	  "repo:acme/app:ref:refs/heads/main",
	  "" },
	/* Another account's caller: a user, a session, the account alone. */
	{ "{\"type\":\"AWSAccount\",\"principalId\":\"AIDAU7JNXC7KR6DMIZUTP\","
	  "\"accountId\":\"342082656213\"}",
	  IDENTITY_ACCOUNT, "acct:342082656213#AIDAU7JNXC7KR6DMIZUTP",
	  "acct:342082656213#AIDAU7JNXC7KR6DMIZUTP", "" },
	{ "{\"type\":\"AWSAccount\","
	  "\"principalId\":\"AROATFQR7NSC4RHD6IN2N:x\","
	  "\"accountId\":\"999988887777\"}",
	  IDENTITY_ACCOUNT, "acct:999988887777#AROATFQR7NSC4RHD6IN2N:x",
	  "acct:999988887777#AROATFQR7NSC4RHD6IN2N:x", "" },
	{ "{\"type\":\"AWSAccount\",\"accountId\":\"999988887777\"}",
	  IDENTITY_ACCOUNT, "acct:999988887777", "acct:999988887777", "" },
	{ "{\"type\":\"AWSAccount\",\"principalId\":\"\","
	  "\"accountId\":\"ANONYMOUS_PRINCIPAL\"}",
	  IDENTITY_ANONYMOUS, "anonymous", "anonymous", "" },
	{ "{\"type\":\"AWSAccount\",\"principalId\":\"\","
	  "\"accountId\":\"anonymous\"}",
	  IDENTITY_ANONYMOUS, "anonymous", "anonymous", "" },
	/* Services, also when the type is left out. */
	{ "{\"type\":\"AWSService\",\"invokedBy\":\"ec2.amazonaws.com\"}",
	  IDENTITY_SERVICE, "ec2.amazonaws.com", "ec2.amazonaws.com", "" },
	{ "{\"accountId\":\"111122223333\",\"invokedBy\":"
	  "\"kms.amazonaws.com\"}",
	  IDENTITY_SERVICE, "kms.amazonaws.com", "kms.amazonaws.com", "" },
	/* Identity Center, new and old. */
	{ "{\"type\":\"IdentityCenterUser\",\"accountId\":\"111122223333\","
	  "\"onBehalfOf\":{\"userId\":\"9067-u\",\"identityStoreArn\":"
	  "\"arn:aws:identitystore::111122223333:identitystore/d-9067\"},"
	  "\"credentialId\":\"c-1\"}",
	  IDENTITY_CENTER,
	  "idc:arn:aws:identitystore::111122223333:identitystore/d-9067"
	  "#9067-u",
	  "idc:arn:aws:identitystore::111122223333:identitystore/d-9067"
	  "#9067-u",
	  "" },
	{ "{\"type\":\"Unknown\",\"principalId\":\"111122223333\","
	  "\"accountId\":\"111122223333\",\"userName\":\"ann\","
	  "\"onBehalfOf\":{\"userId\":\"9067-u\",\"identityStoreArn\":"
	  "\"arn:aws:identitystore::111122223333:identitystore/d-9067\"}}",
	  IDENTITY_CENTER,
	  "idc:arn:aws:identitystore::111122223333:identitystore/d-9067"
	  "#9067-u",
	  "idc:arn:aws:identitystore::111122223333:identitystore/d-9067"
	  "#9067-u",
	  "" },
	{ "{\"type\":\"Directory\",\"accountId\":\"111122223333\"}",
	  IDENTITY_DIRECTORY, "unknown", "unknown", "" },
	{ "{\"type\":\"Unknown\"}", IDENTITY_UNKNOWN, "unknown", "unknown",
	  "" },
	{ "{\"type\":\"Unknown\",\"principalId\":\"\",\"accountId\":"
	  "\"111122223333\"}",
	  IDENTITY_UNKNOWN, "unknown", "unknown", "" },
	{ "{\"type\":\"SomethingNew\",\"arn\":\"arn:aws:x::1:y\"}",
	  IDENTITY_UNKNOWN, "unknown", "unknown", "" },
	/* Wrong types and nothing at all. */
	{ "{}", IDENTITY_UNKNOWN, "unknown", "unknown", "" },
	{ "null", IDENTITY_UNKNOWN, "unknown", "unknown", "" },
	{ "\"alice\"", IDENTITY_UNKNOWN, "unknown", "unknown", "" },
	{ "[]", IDENTITY_UNKNOWN, "unknown", "unknown", "" },
	{ "{\"type\":{\"type\":\"Root\"},\"arn\":[1]}", IDENTITY_UNKNOWN,
	  "unknown", "unknown", "" },
	{ "{\"type\":\"IAMUser\",\"arn\":null,\"userName\":null,"
	  "\"accountId\":null,\"sessionContext\":null}",
	  IDENTITY_USER, "unknown", "unknown", "" },
	{ "{\"type\":\"AssumedRole\",\"arn\":{},\"sessionContext\":\"x\","
	  "\"principalId\":7}",
	  IDENTITY_ASSUMED_ROLE, "unknown", "unknown", "" },
	{ "{\"type\":\"AWSAccount\"}", IDENTITY_ACCOUNT, "unknown", "unknown",
	  "" },
	{ "{\"type\":\"AWSService\"}", IDENTITY_SERVICE, "unknown", "unknown",
	  "" },
	{ "{\"type\":\"SAMLUser\"}", IDENTITY_SAML, "unknown", "unknown", "" },
	{ "{\"type\":\"IdentityCenterUser\"}", IDENTITY_CENTER, "unknown",
	  "unknown", "" },
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct identity id = identity(rows[i].json);

		check(id.type == rows[i].type, "%s is %d", rows[i].json,
		      (int)id.type);
		assert_str_eq(id.principal, str_of(rows[i].principal));
		assert_str_eq(id.actor, str_of(rows[i].actor));
		assert_str_eq(id.session, str_of(rows[i].session));
		arena_reset(&arena);
	}
}

static void of_users_and_root(void **state)
{
	(void)state;
	check_rows(users, ARRAY_SIZE(users));
}

static void of_roles(void **state)
{
	(void)state;
	check_rows(roles, ARRAY_SIZE(roles));
}

static void of_all_others(void **state)
{
	struct identity id;

	(void)state;
	check_rows(others, ARRAY_SIZE(others));
	identity_of(&id, NULL, &arena);
	assert_int_equal(id.type, IDENTITY_UNKNOWN);
	assert_str(id.principal, "unknown");
	assert_str(id.actor, "unknown");
}

static void plain_fields(void **state)
{
	struct identity id = identity(roles[0].json);

	(void)state;
	assert_str(id.account, "111122223333");
	assert_str(id.key, "ASIARTX3GSDSREXAMPLE");
	assert_str(id.principal_id, "AROARTX3GSDSREXAMPLEX:build");
	/* A number is taken as its text. */
	id = identity("{\"type\":\"AWSAccount\",\"accountId\":999988887777}");
	assert_str(id.account, "999988887777");
	assert_str(id.principal, "acct:999988887777");
	arena_reset(&arena);
}

/* Labels ------------------------------------------------------------------ */

static void labels(void **state)
{
	static const struct {
		const char *principal, *label, *kind, *account;
	} cases[] = {
		{ "arn:aws:iam::111122223333:user/ci/ci-deploy", "ci-deploy",
		  "user", "111122223333" },
		{ "arn:aws:iam::111122223333:role/aws-service-role/x/R", "R",
		  "role", "111122223333" },
		{ "arn:aws:sts::111122223333:assumed-role/OrgAdmin/build",
		  "OrgAdmin/build", "role session", "111122223333" },
		{ "arn:aws:sts::111122223333:federated-user/bob",
		  "federated-user/bob", "federated user", "111122223333" },
		{ "arn:aws:iam::111122223333:root", "root", "root",
		  "111122223333" },
		{ "arn:aws-cn:iam::1:user/a", "a", "user", "1" },
		{ "ec2.amazonaws.com", "ec2.amazonaws.com", "service", "" },
		{ "acct:999988887777#AIDAX", "999988887777/AIDAX", "foreign",
		  "999988887777" },
		{ "acct:999988887777", "999988887777", "account",
		  "999988887777" },
		{ "saml:idp:ann@example.com", "idp:ann@example.com",
		  "SAML user", "" },
		{ "web:p:aud:sub", "p:aud:sub", "web identity", "" },
		{ "idc:arn:aws:identitystore::1:identitystore/d-1#u-1", "u-1",
		  "Identity Center user", "" },
		{ "cognito:us-east-1:1234", "cognito:us-east-1:1234",
		  "Cognito identity", "" },
		{ "anonymous", "anonymous", "caller", "" },
		{ "unknown", "unknown", "caller", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str p = exact_copy(str_of(cases[i].principal));

		assert_str_eq(principal_label(p, &arena),
			      str_of(cases[i].label));
		assert_str_eq(actor_label(p, &arena), str_of(cases[i].label));
		assert_string_equal(principal_kind(p), cases[i].kind);
		assert_str_eq(principal_account(p), str_of(cases[i].account));
		exact_free(p);
		arena_reset(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_users_and_root),
		cmocka_unit_test(of_roles),
		cmocka_unit_test(of_all_others),
		cmocka_unit_test(plain_fields),
		cmocka_unit_test(labels),
	};

	return run_arena_tests(tests);
}
