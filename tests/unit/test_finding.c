/* SPDX-License-Identifier: MIT */
/*
 * Findings of GuardDuty and Security Hub, in every way in which they are held:
 * what they say, how grave they are; what is told again, and what updates it.
 */
#include "ingest_help.h"

#include "ingest/reader.h"
#include "model/level.h"

/* As EventBridge and exports write it; %s: severity, more of the service. */
#define FINDING(severity, more)                                               \
	"{\"schemaVersion\":\"2.0\",\"accountId\":\"111122223333\","          \
	"\"region\":\"eu-west-1\",\"id\":\"36b0\",\"type\":"                  \
	"\"UnauthorizedAccess:IAMUser/TorIPCaller\",\"severity\":" severity   \
	",\"title\":\"t\",\"createdAt\":\"2026-01-09T22:00:00Z\","            \
	"\"resource\":{\"resourceType\":\"AccessKey\",\"accessKeyDetails\":{" \
	"\"accessKeyId\":\"AKIAIOSFODNN7EXAMPLE\",\"principalId\":"           \
	"\"AIDAIOSFODNN7EXAMPLE\",\"userType\":\"IAMUser\",\"userName\":"     \
	"\"alice\"}},\"service\":{\"eventFirstSeen\":"                        \
	"\"2026-01-09T21:42:07Z\",\"eventLastSeen\":"                         \
	"\"2026-01-09T21:50:00Z\",\"count\":3" more                           \
	",\"action\":{\"awsApiCallAction\":{\"remoteIpDetails\":{"            \
	"\"ipAddressV4\":\"203.0.113.66\"}}}}}"

/* As get-findings answers. */
#define PASCAL                                                               \
	"{\"Findings\":[{\"SchemaVersion\":\"2.0\",\"AccountId\":"           \
	"\"111122223333\",\"Region\":\"eu-west-1\",\"Id\":\"9d9\",\"Type\":" \
	"\"CryptoCurrency:EC2/BitcoinTool.B\",\"Severity\":8,\"Resource\":{" \
	"\"InstanceDetails\":{\"InstanceId\":\"i-0e6921bc7de8aa9e9\"}},"     \
	"\"Service\":{\"EventFirstSeen\":\"2026-01-09T21:42:09.000Z\","      \
	"\"Action\":{\"NetworkConnectionAction\":{\"RemoteIpDetails\":{"     \
	"\"IpAddressV4\":\"198.51.100.9\"}}}}}]}"

#define HUB                                                                   \
	"{\"version\":\"0\",\"detail-type\":\"Security Hub Findings - "       \
	"Imported\",\"detail\":{\"findings\":[{\"SchemaVersion\":"            \
	"\"2018-10-08\",\"Id\":\"arn:x\",\"ProductArn\":\"arn:p\","           \
	"\"GeneratorId\":\"g\",\"AwsAccountId\":\"111122223333\",\"Types\":"  \
	"[\"TTPs/Discovery/Recon:IAMUser-TorIPCaller\"],\"FirstObservedAt\":" \
	"\"2026-01-09T21:42:11Z\",\"Severity\":{\"Label\":\"HIGH\"},"         \
	"\"ProductFields\":{\"action/awsApiCallAction/remoteIpDetails/"       \
	"ipAddressV4\":\"203.0.113.9\"},\"Resources\":[{\"Type\":"            \
	"\"AwsIamAccessKey\",\"Id\":\"AWS::IAM::AccessKey:"                   \
	"AKIAIOSFODNN7EXAMPLE\"}]}]}}"

static unsigned level_of(const struct store *s, row_id row)
{
	return (s->flags[row] & EVENT_SEVERITY) >> EVENT_SEVERITY_SHIFT;
}

static void check_text(const struct store *s, enum event_column c, row_id row,
		       const char *expected)
{
	struct str text = store_text(s, c, row);

	check(str_eq(text, str_of(expected)), "%s: %.*s, not %s",
	      event_column_name(c), STR_ARG(text), expected);
}

static void said(void **state)
{
	static const struct limits usual = LIMITS_DEFAULT;
	struct folder f;
	struct loaded l;
	struct reader *r;

	(void)state;
	folder_make(&f);
	put_file(
		&f, "a.jsonl",
		STR("{\"detail-type\":\"GuardDuty Finding\",\"detail\":" FINDING(
			"5", "") "}\n"));
	put_file(&f, "b.json", STR(PASCAL));
	put_file(&f, "c.json", STR(HUB));
	load_path(&l, f.path, 2);
	assert_int_equal(l.store->n, 3);
	assert_int_equal(l.store->kind[0], KIND_GUARDDUTY);
	assert_int_equal(l.store->kind[1], KIND_GUARDDUTY);
	assert_int_equal(l.store->kind[2], KIND_SECURITYHUB);
	check_text(l.store, EVENT_NAME, 0,
		   "UnauthorizedAccess:IAMUser/TorIPCaller");
	check_text(l.store, EVENT_NAME, 1, "CryptoCurrency:EC2/BitcoinTool.B");
	check_text(l.store, EVENT_NAME, 2,
		   "TTPs/Discovery/Recon:IAMUser-TorIPCaller");
	check_text(l.store, EVENT_IP, 0, "203.0.113.66");
	check_text(l.store, EVENT_IP, 1, "198.51.100.9");
	check_text(l.store, EVENT_IP, 2, "203.0.113.9");
	check_text(l.store, EVENT_REGION, 0, "eu-west-1");
	check_text(l.store, EVENT_CALLER, 1, "111122223333");
	assert_int_equal(level_of(l.store, 0), LEVEL_MEDIUM + 1);
	assert_int_equal(level_of(l.store, 1), LEVEL_HIGH + 1);
	assert_int_equal(level_of(l.store, 2), LEVEL_HIGH + 1);
	/* The keys named are found, and are nobody's that acts. */
	assert_int_equal(
		store_rows(l.store, EVENT_KEY,
			   store_find_value(l.store, EVENT_KEY,
					    STR("AKIAIOSFODNN7EXAMPLE")))
			.n,
		2);
	r = reader_new(l.store, &usual);
	for (row_id row = 0; row < 3; row++) {
		const struct event *e;
		struct err err = ERR_INIT;

		check_text(l.store, EVENT_PRINCIPAL, row, "");
		check_text(l.store, EVENT_KEY, row, "");
		check(reader_event(r, row, &e, &err) == ERR_OK, "%s", err.msg);
		assert_non_null(json_member(e->record, STR("finding")));
	}
	reader_free(r);
	load_release(&l);
	folder_remove(&f);
}

/* GuardDuty's steps: 1 low, 4 medium, 7 high, 9 critical. */
static void severities(void **state)
{
	static const struct {
		const char *json;
		unsigned level;
		const char *name;
	} cases[] = {
		{ FINDING("0.9", ""), LEVEL_INFORMATIONAL,
		  "UnauthorizedAccess:IAMUser/TorIPCaller" },
		{ FINDING("1", ""), LEVEL_LOW,
		  "UnauthorizedAccess:IAMUser/TorIPCaller" },
		{ FINDING("3.9", ""), LEVEL_LOW,
		  "UnauthorizedAccess:IAMUser/TorIPCaller" },
		{ FINDING("6.9", ""), LEVEL_MEDIUM,
		  "UnauthorizedAccess:IAMUser/TorIPCaller" },
		{ FINDING("7.0", ""), LEVEL_HIGH,
		  "UnauthorizedAccess:IAMUser/TorIPCaller" },
		{ FINDING("9", ""), LEVEL_CRITICAL,
		  "UnauthorizedAccess:IAMUser/TorIPCaller" },
		/* A drill. */
		{ FINDING("8", ",\"additionalInfo\":{\"sample\":true}"),
		  LEVEL_INFORMATIONAL,
		  "[sample] UnauthorizedAccess:IAMUser/TorIPCaller" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct folder f;
		struct loaded l;

		folder_make(&f);
		put_file(&f, "a.json", str_of(cases[i].json));
		load_path(&l, f.path, 1);
		assert_int_equal(l.store->n, 1);
		assert_int_equal(level_of(l.store, 0), cases[i].level + 1);
		check_text(l.store, EVENT_NAME, 0, cases[i].name);
		load_release(&l);
		folder_remove(&f);
	}
}

/* A finding is told again as it goes on: it is one, as it was told last. */
static void updated(void **state)
{
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	put_file(
		&f, "a.jsonl",
		STR(FINDING("5", ",\"additionalInfo\":{\"x\":\"long\"}") "\n" FINDING(
			"6", "") "\n"));
	put_file(&f, "b.jsonl", STR(FINDING("8", "") "\n"));
	load_path(&l, f.path, 2);
	assert_int_equal(l.store->n, 1);
	assert_int_equal(l.store->copies[0], 3);
	assert_int_equal(level_of(l.store, 0), LEVEL_HIGH + 1);
	assert_string_equal(file_base_name(store_path(l.store, 0)), "b.jsonl");
	load_release(&l);
	folder_remove(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(said),
		cmocka_unit_test(severities),
		cmocka_unit_test(updated),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
