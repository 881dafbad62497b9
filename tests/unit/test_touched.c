/* SPDX-License-Identifier: MIT */
/*
 * Which data was touched, and what was made and is still there: of small logs,
 * whose records say it in the ways that real ones do.
 */
#include "ingest_help.h"

#include "casework/kept.h"
#include "casework/touched.h"

/* A log, and all of its rows. */
struct log {
	struct folder folder;
	struct loaded load;
	struct rowset rows;
};

/* Each line: minute, service, call, then members of the record. */
struct line {
	unsigned minute;
	const char *service, *name, *members;
};

static void log_make(struct log *g, const struct line *line, size_t n)
{
	struct strbuf text;
	const char *path = g->folder.path;
	struct ingest_options options;

	folder_make(&g->folder);
	strbuf_init(&text);
	for (size_t i = 0; i < n; i++) {
		strbuf_addf(&text,
			    "{\"eventVersion\":\"1.08\",\"userIdentity\":"
			    "{\"type\":\"IAMUser\",\"principalId\":\"AIDA1\","
			    "\"arn\":\"arn:aws:iam::111122223333:user/u\"},"
			    "\"eventTime\":\"2026-01-09T10:%02u:00Z\","
			    "\"eventSource\":\"%s.amazonaws.com\","
			    "\"eventName\":\"%s\",\"awsRegion\":\"eu-west-1\","
			    "\"recipientAccountId\":\"111122223333\"%s%s,"
			    "\"eventID\":\"",
			    line[i].minute, line[i].service, line[i].name,
			    *line[i].members ? "," : "", line[i].members);
		add_id(&text, (unsigned)i);
		strbuf_adds(&text, "\"}\n");
	}
	put_file(&g->folder, "log.json", strbuf_str(&text));
	options = load_options(&path, 1, 1);
	load_with(&g->load, &options, NULL, NULL);
	assert_int_equal(g->load.store->n, n);
	g->rows = (struct rowset)ROWSET_INIT;
	rowset_add_range(&g->rows, 0, g->load.store->n);
	strbuf_release(&text);
}

static void log_release(struct log *g)
{
	rowset_release(&g->rows);
	load_release(&g->load);
	folder_remove(&g->folder);
}

/* Touched ------------------------------------------------------------------ */

#define DENIED "\"errorCode\":\"AccessDenied\","

static const struct line touching[] = {
	{ 1, "s3", "GetObject",
	  "\"requestParameters\":{\"bucketName\":\"hr\",\"key\":\"a\"},"
	  "\"additionalEventData\":{\"bytesTransferredOut\":89.0,"
	  "\"bytesTransferredIn\":0}" },
	{ 2, "s3", "GetObject",
	  "\"requestParameters\":{\"bucketName\":\"hr\",\"key\":\"b\"},"
	  "\"additionalEventData\":{\"bytesTransferredOut\":11}" },
	{ 3, "s3", "GetObject",
	  "\"requestParameters\":{\"bucketName\":\"hr\",\"key\":\"a\"},"
	  "\"additionalEventData\":{\"bytesTransferredOut\":\"900\"}" },
	{ 4, "s3", "GetObject",
	  DENIED
	  "\"requestParameters\":{\"bucketName\":\"hr\",\"key\":\"z\"}" },
	/* Looking at a bucket's settings touches no data. */
	{ 5, "s3", "GetBucketPolicy",
	  "\"requestParameters\":{\"bucketName\":\"hr\"}" },
	{ 6, "s3", "ListObjects",
	  "\"requestParameters\":{\"bucketName\":\"hr\"}" },
	{ 7, "secretsmanager", "GetSecretValue",
	  DENIED "\"requestParameters\":null" },
	{ 8, "secretsmanager", "BatchGetSecretValue",
	  "\"requestParameters\":{\"secretIdList\":[\"db\",\"api\"]}" },
	{ 9, "secretsmanager", "GetSecretValue",
	  "\"requestParameters\":{\"secretId\":\"db\"}" },
	{ 10, "rds", "ModifyDBSnapshotAttribute",
	  "\"requestParameters\":{\"dBSnapshotIdentifier\":\"s\","
	  "\"attributeName\":\"restore\",\"valuesToAdd\":[\"999988887777\"]}" },
	{ 11, "ec2", "ModifySnapshotAttribute",
	  "\"requestParameters\":{\"snapshotId\":\"snap-1\","
	  "\"createVolumePermission\":{\"add\":{\"items\":"
	  "[{\"userId\":\"222233334444\"},{\"group\":\"all\"}]}}}" },
	{ 12, "ec2", "ModifySnapshotAttribute",
	  "\"requestParameters\":{\"snapshotId\":\"snap-1\","
	  "\"createVolumePermission\":{\"add\":{\"items\":"
	  "[{\"userId\":\"222233334444\"}]}}}" },
	/* The same name of another service is another call. */
	{ 13, "example", "GetObject",
	  "\"requestParameters\":{\"bucketName\":\"hr\",\"key\":\"a\"}" },
	{ 14, "lambda", "GetFunction20150331v2",
	  "\"requestParameters\":{\"functionName\":\"f\"}" },
	/* By name or by ARN, it is one. */
	{ 15, "lambda", "UpdateFunctionCode20150331v2",
	  "\"requestParameters\":{\"functionName\":"
	  "\"arn:aws:lambda:eu-west-1:111122223333:function:f\"}" },
	/* Who may use it was changed, and no stranger was let in. */
	{ 16, "ec2", "ModifySnapshotAttribute",
	  "\"requestParameters\":{\"snapshotId\":\"snap-1\","
	  "\"createVolumePermission\":{\"remove\":{\"items\":"
	  "[{\"userId\":\"222233334444\"}]}}}" },
	{ 17, "s3", "PutBucketPolicy",
	  "\"requestParameters\":{\"bucketName\":\"logs\",\"bucketPolicy\":"
	  "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
	  "{\"Service\":\"cloudtrail.amazonaws.com\"}},"
	  "{\"Effect\":\"Deny\",\"Principal\":\"*\"}]},\"policy\":\"\"}" },
	{ 18, "kms", "PutKeyPolicy",
	  "\"requestParameters\":{\"keyId\":\"k\",\"policy\":\"{"
	  "\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","
	  "\\\"Principal\\\":{\\\"AWS\\\":"
	  "\\\"arn:aws:iam::111122223333:root\\\"}}]}\"}" },
	{ 19, "s3", "PutBucketAcl",
	  "\"requestParameters\":{\"bucketName\":\"logs\","
	  "\"x-amz-acl\":[\"private\"]}" },
	/* In a policy that is text, and for everybody. */
	{ 20, "secretsmanager", "PutResourcePolicy",
	  "\"requestParameters\":{\"secretId\":\"pay\",\"resourcePolicy\":"
	  "\"{\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\","
	  "\\\"Principal\\\":{\\\"AWS\\\":[\\\"999988887777\\\","
	  "\\\"arn:aws:iam::111122223333:role/own\\\"]}}}\"}" },
	{ 21, "s3", "PutBucketPolicy",
	  "\"requestParameters\":{\"bucketName\":\"web\",\"bucketPolicy\":"
	  "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\"}]}}" },
	{ 22, "s3", "PutBucketPolicy", DENIED "\"requestParameters\":null" },
};

static void describe(struct strbuf *out, const struct touched *t)
{
	strbuf_addf(out, "%s %.*s e%u d%u r%u l%u s%u o%u %u/%u %.*s\n",
		    t->kind, STR_ARG(t->resource), t->events, t->denied,
		    t->count[TOUCH_READ], t->count[TOUCH_LIST],
		    t->count[TOUCH_SHARE], t->objects, (unsigned)t->bytes_in,
		    (unsigned)t->bytes_out, STR_ARG(t->shared_with));
}

static void test_touched(void **state)
{
	static const char want[] =
		"snapshot snap-1 e2 d0 r0 l0 s2 o0 0/0 222233334444 all\n"
		"bucket web e1 d0 r0 l0 s1 o0 0/0 *\n"
		"database snapshot s e1 d0 r0 l0 s1 o0 0/0 999988887777\n"
		"secret pay e1 d0 r0 l0 s1 o0 0/0 999988887777\n"
		"bucket hr e5 d1 r3 l1 s0 o2 0/1000 \n"
		"function code "
		"arn:aws:lambda:eu-west-1:111122223333:function:f "
		"e2 d0 r1 l0 s0 o0 0/0 \n"
		"secret db e2 d0 r2 l0 s0 o0 0/0 \n"
		"bucket  e1 d1 r0 l0 s0 o0 0/0 \n"
		"secret  e1 d1 r0 l0 s0 o0 0/0 \n"
		"secret api e1 d0 r1 l0 s0 o0 0/0 \n";
	struct log g;

	(void)state;
	log_make(&g, touching, ARRAY_SIZE(touching));
	for (unsigned threads = 0; threads < 4; threads += 3) {
		struct scan_options options = { .threads = threads };
		struct touched_data data;
		struct strbuf text;

		touched_of(&data, g.load.store, &g.rows, TOUCHED_TOGETHER,
			   &options, NULL);
		strbuf_init(&text);
		for (size_t i = 0; i < data.n; i++)
			describe(&text, &data.touched[i]);
		assert_str_eq(strbuf_str(&text), STR(want));
		assert_int_equal(data.unread, 0);
		strbuf_release(&text);
		touched_release(&data);
	}
	log_release(&g);
}

/* Kept --------------------------------------------------------------------- */

static const struct line keeping[] = {
	{ 1, "iam", "CreateUser",
	  "\"requestParameters\":{\"userName\":\"bob\"}" },
	{ 2, "iam", "CreateAccessKey",
	  "\"requestParameters\":{\"userName\":\"bob\"},\"responseElements\":"
	  "{\"accessKey\":{\"accessKeyId\":\"AKIAONE\"}}" },
	{ 3, "iam", "CreateAccessKey",
	  "\"requestParameters\":{\"userName\":\"bob\"},\"responseElements\":"
	  "{\"accessKey\":{\"accessKeyId\":\"AKIATWO\"}}" },
	{ 4, "iam", "AttachUserPolicy",
	  "\"requestParameters\":{\"userName\":\"bob\",\"policyArn\":"
	  "\"arn:aws:iam::aws:policy/Admin\"}" },
	{ 5, "iam", "AttachUserPolicy",
	  "\"requestParameters\":{\"userName\":\"joe\",\"policyArn\":"
	  "\"arn:aws:iam::aws:policy/Admin\"}" },
	{ 6, "lambda", "CreateFunction20150331",
	  "\"requestParameters\":{\"functionName\":\"f\"}" },
	{ 7, "ec2", "RunInstances",
	  "\"responseElements\":{\"instancesSet\":{\"items\":[{\"instanceId\":"
	  "\"i-1\"},{\"instanceId\":\"i-2\"}]}}" },
	/* Was refused: nothing was made. */
	{ 8, "iam", "CreateUser",
	  DENIED "\"requestParameters\":{\"userName\":\"eve\"}" },
	{ 9, "lambda", "UpdateFunctionCode20150331v2",
	  "\"requestParameters\":{\"functionName\":\"g\"}" },
	/* Deleted before it was made anew. */
	{ 10, "iam", "DeleteUser",
	  "\"requestParameters\":{\"userName\":\"tom\"}" },
	{ 11, "iam", "CreateUser",
	  "\"requestParameters\":{\"userName\":\"tom\"}" },
	/* Goes with its role; one of the same name of another role does not. */
	{ 12, "iam", "PutRolePolicy",
	  "\"requestParameters\":{\"roleName\":\"r\",\"policyName\":"
	  "\"p\"}" },
	{ 13, "iam", "PutRolePolicy",
	  "\"requestParameters\":{\"roleName\":\"q\",\"policyName\":"
	  "\"p\"}" },
	{ 14, "iam", "DeleteRole",
	  "\"requestParameters\":{\"roleName\":\"r\"}" },
	{ 15, "iam", "DeleteRolePolicy",
	  "\"requestParameters\":{\"roleName\":\"q\",\"policyName\":"
	  "\"other\"}" },
	{ 20, "iam", "DeleteAccessKey",
	  "\"requestParameters\":{\"userName\":\"bob\",\"accessKeyId\":"
	  "\"AKIAONE\"}" },
	{ 21, "iam", "DetachUserPolicy",
	  "\"requestParameters\":{\"userName\":\"joe\",\"policyArn\":"
	  "\"arn:aws:iam::aws:policy/Admin\"}" },
	{ 22, "lambda", "DeleteFunction20150331",
	  "\"requestParameters\":{\"functionName\":"
	  "\"arn:aws:lambda:eu-west-1:111122223333:function:f\"}" },
	{ 23, "ec2", "TerminateInstances",
	  "\"requestParameters\":{\"instancesSet\":{\"items\":"
	  "[{\"instanceId\":\"i-2\"}]}}" },
	{ 24, "iam", "DeleteAccessKey",
	  DENIED "\"requestParameters\":{\"userName\":\"bob\","
		 "\"accessKeyId\":\"AKIATWO\"}" },
	{ 25, "iam", "DeleteUser",
	  "\"requestParameters\":{\"userName\":\"stranger\"}" },
	/* A trail that was there is lost; one that they made is not, by name or
	 * by ARN, but one that they made after it was lost. */
	{ 30, "cloudtrail", "DeleteTrail",
	  "\"requestParameters\":{\"name\":\"all\"}" },
	{ 31, "cloudtrail", "CreateTrail",
	  "\"requestParameters\":{\"name\":\"all\"}" },
	{ 32, "cloudtrail", "CreateTrail",
	  "\"requestParameters\":{\"name\":\"own\"}" },
	{ 33, "cloudtrail", "DeleteTrail",
	  "\"requestParameters\":{\"name\":\"arn:aws:cloudtrail:eu-west-1:"
	  "111122223333:trail/own\"}" },
	{ 34, "cloudtrail", "CreateTrail",
	  DENIED "\"requestParameters\":{\"name\":\"tried\"}" },
	{ 35, "cloudtrail", "DeleteTrail",
	  "\"requestParameters\":{\"name\":\"tried\"}" },
	{ 36, "ec2", "CreateFlowLogs",
	  "\"responseElements\":{\"CreateFlowLogsResponse\":{"
	  "\"flowLogIdSet\":{\"item\":[\"fl-1\",\"fl-2\"]}}}" },
	{ 37, "ec2", "DeleteFlowLogs",
	  "\"requestParameters\":{\"DeleteFlowLogsRequest\":{"
	  "\"FlowLogId\":[{\"tag\":1,\"content\":\"fl-2\"},"
	  "{\"tag\":2,\"content\":\"fl-9\"}]}}" },
	/* A share is one for each that it is with, and goes with what takes it
	 * back, which makes nothing. */
	{ 40, "rds", "ModifyDBSnapshotAttribute",
	  "\"requestParameters\":{\"dBSnapshotIdentifier\":\"s\","
	  "\"valuesToAdd\":[\"all\",\"999988887777\"]}" },
	{ 41, "rds", "ModifyDBSnapshotAttribute",
	  "\"requestParameters\":{\"dBSnapshotIdentifier\":\"s\","
	  "\"valuesToRemove\":[\"all\"]}" },
	{ 42, "ec2", "ModifySnapshotAttribute",
	  "\"requestParameters\":{\"snapshotId\":\"snap-1\","
	  "\"createVolumePermission\":{\"add\":{\"items\":"
	  "[{\"group\":\"all\"}]}}}" },
	{ 43, "ec2", "ModifySnapshotAttribute",
	  "\"requestParameters\":{\"snapshotId\":\"snap-2\","
	  "\"createVolumePermission\":{\"remove\":{\"items\":"
	  "[{\"group\":\"all\"}]}}}" },
	{ 44, "rds", "CopyDBSnapshot",
	  "\"requestParameters\":{\"sourceDBSnapshotIdentifier\":\"s\","
	  "\"targetDBSnapshotIdentifier\":\"t\"}" },
	{ 45, "rds", "DeleteDBSnapshot",
	  "\"requestParameters\":{\"dBSnapshotIdentifier\":\"t\"}" },
};

static void test_kept(void **state)
{
	static const char want[] =
		"1 user bob -\n"
		"2 access key AKIAONE 20\n"
		"3 access key AKIATWO -\n"
		"4 policy of a user bob: arn:aws:iam::aws:policy/Admin -\n"
		"5 policy of a user joe: arn:aws:iam::aws:policy/Admin 21\n"
		"6 function f 22\n"
		"7 instance i-1 -\n"
		"7 instance i-2 23\n"
		"9 code of a function g -\n"
		"11 user tom -\n"
		"12 policy of a role r: p 14\n"
		"13 policy of a role q: p -\n"
		"30 trail deleted all -\n"
		"35 trail deleted tried -\n"
		"37 flow logs deleted fl-9 -\n"
		"40 database snapshot's sharing s: 999988887777 -\n"
		"40 database snapshot's sharing s: all 41\n"
		"42 snapshot's sharing snap-1: all -\n"
		"44 database snapshot t 45\n";
	const struct scan_options options = { .threads = 0 };
	struct kept_list list;
	struct strbuf text;
	struct log g;

	(void)state;
	log_make(&g, keeping, ARRAY_SIZE(keeping));
	kept_of(&list, g.load.store, &g.rows, &options, NULL);
	strbuf_init(&text);
	for (size_t i = 0; i < list.n; i++) {
		const struct kept *k = &list.kept[i];
		struct time_parts made = time_split(g.load.store->time[k->row],
						    NULL);

		strbuf_addf(&text, "%d %s %.*s ", made.minute, k->what,
			    STR_ARG(k->name));
		if (k->gone == ROW_NONE)
			strbuf_adds(&text, "-\n");
		else
			strbuf_addf(&text, "%d\n",
				    time_split(g.load.store->time[k->gone],
					       NULL)
					    .minute);
	}
	assert_str_eq(strbuf_str(&text), STR(want));
	assert_int_equal(list.unread, 0);
	strbuf_release(&text);
	kept_release(&list);
	log_release(&g);
}

/* Of credentials that are known by a record alone, those whose record was
 * undone go; what the graph knows ends itself. */
static void test_prune(void **state)
{
	static const struct line policies[] = {
		{ 1, "s3", "PutBucketPolicy",
		  "\"requestParameters\":{\"bucketName\":\"hr\"}" },
		{ 2, "s3", "PutBucketPolicy",
		  "\"requestParameters\":{\"bucketName\":\"logs\"}" },
		{ 3, "iam", "UploadSSHPublicKey",
		  "\"responseElements\":{\"sSHPublicKey\":"
		  "{\"sSHPublicKeyId\":\"APKA1\"}}" },
		{ 4, "iam", "CreateAccessKey",
		  "\"responseElements\":{\"accessKey\":{\"accessKeyId\":"
		  "\"AKIAONE\"}}" },
		{ 5, "sns", "SetTopicAttributes", "" },
		{ 6, "s3", "DeleteBucketPolicy",
		  "\"requestParameters\":{\"bucketName\":\"hr\"}" },
		{ 7, "iam", "DeleteSSHPublicKey",
		  "\"requestParameters\":{\"sSHPublicKeyId\":\"APKA1\"}" },
		{ 8, "iam", "DeleteAccessKey",
		  "\"requestParameters\":{\"accessKeyId\":\"AKIAONE\"}" },
	};
	const struct scan_options options = { .threads = 0 };
	struct credential credential[] = {
		{ .kind = CREDENTIAL_KEY, .row = 3 },
		{ .kind = CREDENTIAL_SPECIFIC, .row = 2 },
		{ .kind = CREDENTIAL_GRANT, .row = 0 },
		{ .kind = CREDENTIAL_GRANT, .row = 1 },
		{ .kind = CREDENTIAL_GRANT, .row = 4 },
		{ .kind = CREDENTIAL_GRANT, .row = ROW_NONE },
	};
	struct revocation r = { .credential = credential,
				.n = ARRAY_SIZE(credential) };
	struct log g;

	(void)state;
	log_make(&g, policies, ARRAY_SIZE(policies));
	kept_prune(&r, g.load.store, &options);
	/* A user's key and what else it was given by an id end in the graph. */
	assert_int_equal(r.n, 5);
	assert_int_equal(r.credential[0].kind, CREDENTIAL_KEY);
	assert_int_equal(r.credential[1].kind, CREDENTIAL_SPECIFIC);
	assert_int_equal(r.credential[2].row, 1);
	assert_int_equal(r.credential[3].row, 4);
	assert_int_equal(r.credential[4].row, ROW_NONE);
	log_release(&g);
}

/* Nothing, records without what was asked for, records that are gone. */
static void test_little(void **state)
{
	static const struct line odd[] = {
		{ 1, "s3", "GetObject", "\"requestParameters\":\"odd\"" },
		{ 2, "iam", "CreateUser", "\"requestParameters\":[1,null,[]]" },
	};
	const struct scan_options options = { .threads = 0 };
	const struct rowset none = ROWSET_INIT;
	struct touched_data data;
	struct kept_list list;
	struct log g;

	(void)state;
	log_make(&g, odd, ARRAY_SIZE(odd));
	touched_of(&data, g.load.store, &none, TOUCHED_TOGETHER, &options,
		   NULL);
	assert_int_equal(data.n, 0);
	touched_release(&data);
	touched_of(&data, g.load.store, &g.rows, TOUCHED_TOGETHER, &options,
		   NULL);
	assert_int_equal(data.n, 1);
	assert_int_equal(data.touched[0].resource.n, 0);
	touched_release(&data);
	kept_of(&list, g.load.store, &g.rows, &options, NULL);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.kept[0].name.n, 0);
	kept_release(&list);
	remove_all(g.folder.path);
	touched_of(&data, g.load.store, &g.rows, TOUCHED_TOGETHER, &options,
		   NULL);
	assert_int_equal(data.n, 0);
	assert_int_equal(data.unread, 1);
	touched_release(&data);
	log_release(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_touched),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_prune),
		cmocka_unit_test(test_little),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
