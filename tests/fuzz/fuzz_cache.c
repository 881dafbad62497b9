/* SPDX-License-Identifier: MIT */
/*
 * Kept loads: the input says what is spoilt in one.
 *
 * Input that begins with "trawlpk" is a pack as it is, with whatever sums;
 * the rest are choices: which section of a real load is changed, where, how.
 * That is sealed with the right key, so that the checks of its content are all
 * that stands before the arrays. What is restored all the same is walked
 * through as panes and commands do.
 */
#include "fuzz_help.h"

#include <stdio.h>

#include "../unit/load_spoil.h"

#include "base/json.h"

/* A few events with a session, a key, a user made, a correlation. */
static const char log_text[] =
	"{\"Records\":[{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":"
	"\"IAMUser\",\"principalId\":\"AIDAEXAMPLEALICE0001\",\"arn\":\"arn:aws"
	":iam::111122223333:user/alice\",\"accountId\":\"111122223333\","
	"\"accessKeyId\":\"AKIAEXAMPLEALICE0001\",\"userName\":\"alice\"},"
	"\"eventTime\":\"2026-01-09T10:00:00Z\",\"eventSource\":"
	"\"sts.amazonaws.com\",\"eventName\":\"AssumeRole\",\"awsRegion\":"
	"\"eu-west-1\",\"sourceIPAddress\":\"198.51.100.7\",\"userAgent\":"
	"\"aws-cli/2\",\"requestParameters\":{\"roleArn\":\"arn:aws:iam::"
	"111122223333:role/admin\",\"roleSessionName\":\"a\"},"
	"\"responseElements\":{\"credentials\":{\"accessKeyId\":"
	"\"ASIAEXAMPLEALICE0001\",\"expiration\":\"Jan 9, 2026, 11:00:00 AM\"},"
	"\"assumedRoleUser\":{\"assumedRoleId\":\"AROAEXAMPLEADMIN0001:a\","
	"\"arn\":\"arn:aws:sts::111122223333:assumed-role/admin/a\"}},"
	"\"eventID\":\"e0000000-0000-4000-8000-000000000001\","
	"\"recipientAccountId\":\"111122223333\"},{\"eventVersion\":\"1.08\","
	"\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":"
	"\"AROAEXAMPLEADMIN0001:a\",\"arn\":\"arn:aws:sts::111122223333:"
	"assumed-role/admin/a\",\"accountId\":\"111122223333\",\"accessKeyId\":"
	"\"ASIAEXAMPLEALICE0001\",\"sessionContext\":{\"sessionIssuer\":"
	"{\"type\":\"Role\",\"principalId\":\"AROAEXAMPLEADMIN0001\",\"arn\":"
	"\"arn:aws:iam::111122223333:role/admin\",\"accountId\":"
	"\"111122223333\",\"userName\":\"admin\"},\"attributes\":"
	"{\"creationDate\":\"2026-01-09T10:00:00Z\",\"mfaAuthenticated\":"
	"\"false\"}}},\"eventTime\":\"2026-01-09T10:01:00Z\",\"eventSource\":"
	"\"iam.amazonaws.com\",\"eventName\":\"CreateAccessKey\",\"awsRegion\":"
	"\"us-east-1\",\"sourceIPAddress\":\"203.0.113.9\",\"userAgent\":"
	"\"Boto3\",\"requestParameters\":{\"userName\":\"bob\"},"
	"\"responseElements\":{\"accessKey\":{\"accessKeyId\":"
	"\"AKIAEXAMPLEBOB000001\",\"userName\":\"bob\",\"status\":\"Active\"}},"
	"\"eventID\":\"odd\",\"recipientAccountId\":\"111122223333\"},7]}";

static struct spoil base;
static const char *path[1];

/* Once: a load of that log, taken apart. */
static void prepare(void)
{
	static char name[] = "/tmp/trawl-fuzz-log-XXXXXX";
	struct ruleset *rules = ruleset_new();
	struct investigation_options o = { .path = path,
					   .path_n = 1,
					   .threads = 1,
					   .limits = LIMITS_DEFAULT };
	struct investigation *inv;
	struct snapshot *s;
	struct err err;
	int fd = mkstemp(name);
	ssize_t n = (ssize_t)sizeof(log_text) - 1;

	json_init();
	spoil_must(fd >= 0 && write(fd, log_text, (size_t)n) == n);
	close(fd);
	path[0] = name;
	ruleset_add_builtin(rules);
	ruleset_seal(rules);
	spoil_must(investigation_new(&inv, &o, &err) == ERR_OK);
	spoil_must(investigation_find(inv, NULL, NULL, &err) == ERR_OK);
	s = investigation_load(inv, NULL, NULL);
	spoil_must(s->store->n == 2);
	spoil_init(&base, s, rules, path, 1);
	snapshot_release(s);
	investigation_free(inv);
}

struct choices {
	const uint8_t *data;
	size_t n;
};

static uint32_t choose(void *context, uint32_t below)
{
	struct choices *c = context;
	uint32_t v = 0;

	for (int i = 0; i < 2 && c->n; i++, c->n--)
		v = v << 8 | *c->data++;
	return v % below;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices c = { data, size };
	struct strbuf dump;
	int fd;

	if (!base.n)
		prepare();
	strbuf_init(&dump);
	if (size >= 7 && memcmp(data, "trawlpk", 7) == 0) {
		fd = spoil_file();
		spoil_must(write(fd, data, size) == (ssize_t)size);
	} else {
		fd = spoil_pack(&base, (unsigned)(size / 8), choose, &c);
	}
	spoil_restore(&base, fd, &dump);
	close(fd);
	strbuf_release(&dump);
	return 0;
}
