/* SPDX-License-Identifier: MIT */
/* Rights by way of a workload or of another name, machines that are told what
 * to do: what is found, and what is not although it looks like it. */
#include "lineage_rules_help.h"

#define MASTER   "Workload gives rights to whoever controls it"
#define PASSED   "Role given to a workload that then changed IAM"
#define FUNCTION "Function made or changed that then changes IAM"
#define WORKLOAD "Workload changes users, roles or their rights"
#define ORIGIN   "Session changes the user or role it comes from"
#define ITSELF   "Workload changes itself"
#define COMMAND  "Machine makes calls that are new after a command"

#define CLI     "aws-cli/2.17.0 os/linux#6.8"
#define HERE    "198.51.100.30"
#define LAMBDA  "lambda.amazonaws.com"
#define MAKER_K "AKIAMAKER00000000001"
#define MAKER   USER("maker", MAKER_K)
#define RUN_K   "ASIARUN0000000000001"
#define RUN(since) \
	ROLE_MORE("writer", "helper", since, RUN_K, RUNS_ON("helper"))
#define RUNS_ON(function)                                             \
	"},\"inScopeOf\":{\"issuerType\":\"AWS::Lambda::Function\","  \
	"\"credentialsIssuedTo\":\"arn:aws:lambda:eu-west-1:" ACCOUNT \
	":function:" function "\""

#define PARAMETERS(text) ",\"requestParameters\":{" text "}"
#define OF(function)                                                       \
	PARAMETERS("\"functionName\":\"" function                          \
		   "\",\"role\":\"arn:aws:iam::" ACCOUNT ":role/writer\"") \
	",\"responseElements\":{\"functionName\":\"" function              \
	"\",\"functionArn\":\"arn:aws:lambda:eu-west-1:" ACCOUNT           \
	":function:" function "\",\"role\":\"arn:aws:iam::" ACCOUNT        \
	":role/writer\"}"
#define USER_IS(name) PARAMETERS("\"userName\":\"" name "\"")
#define DENIED        ",\"errorCode\":\"AccessDenied\""

static void make(struct small_world *w, unsigned number, const char *clock,
		 const char *call, const char *more)
{
	add_event(w, number, clock, MAKER, call, HERE, CLI, more);
}

/* The function's session, issued at `since`, calls at `clock`. */
static void run(struct small_world *w, unsigned number, const char *clock,
		const char *since, const char *call, const char *more)
{
	char who[2048];

	snprintf(who, sizeof(who), "%s",
		 strcmp(since, "06:00:10") == 0 ? RUN("06:00:10") :
						  RUN("07:00:10"));
	add_event(w, number, clock, who, call, "192.0.2.131",
		  "exec-env/AWS_Lambda_python3.12", more);
}

/* Workloads ---------------------------------------------------------------- */

static void functions_that_serve_their_maker(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	make(&w, 1, "06:00:00", "lambda:CreateFunction20150331", OF("helper"));
	run(&w, 2, "06:20:00", "06:00:10", "iam:AttachUserPolicy",
	    USER_IS("maker"));
	assert_found(&w, MASTER, "2");
	assert_true(note_says(
		&w, "function helper changed user maker, who had it in hand"));
	assert_found(&w, PASSED, "1");
	assert_found(&w, FUNCTION, "1");
	assert_found(&w, WORKLOAD, "2");
	small_end(&w);
	/* Somebody else profits: no circle, but the rest holds. */
	small_begin(&w);
	make(&w, 1, "06:00:00", "lambda:CreateFunction20150331", OF("helper"));
	run(&w, 2, "06:20:00", "06:00:10", "iam:AttachUserPolicy",
	    USER_IS("bob"));
	assert_found(&w, MASTER, "");
	assert_found(&w, PASSED, "1");
	assert_found(&w, FUNCTION, "1");
	small_end(&w);
}

/* Half an hour for the one, an hour for the others. */
static void functions_that_take_their_time(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	make(&w, 1, "06:00:00", "lambda:CreateFunction20150331", OF("helper"));
	run(&w, 2, "06:30:00", "06:00:10", "iam:AttachUserPolicy",
	    USER_IS("maker"));
	assert_found(&w, FUNCTION, "1");
	small_end(&w);
	small_begin(&w);
	make(&w, 1, "06:00:00", "lambda:CreateFunction20150331", OF("helper"));
	run(&w, 2, "07:00:00", "06:00:10", "iam:AttachUserPolicy",
	    USER_IS("maker"));
	assert_found(&w, FUNCTION, "");
	assert_found(&w, PASSED, "1");
	assert_found(&w, MASTER, "2");
	small_end(&w);
	small_begin(&w);
	make(&w, 1, "06:00:00", "lambda:CreateFunction20150331", OF("helper"));
	run(&w, 2, "07:00:11", "07:00:10", "iam:AttachUserPolicy",
	    USER_IS("maker"));
	assert_found(&w, PASSED, "");
	assert_found(&w, MASTER, "");
	/* New code puts it in hand again. */
	make(&w, 3, "06:50:00", "lambda:UpdateFunctionCode20150331v2",
	     OF("helper"));
	assert_found(&w, MASTER, "2");
	assert_found(&w, FUNCTION, "3");
	assert_found(&w, PASSED, "");
	small_end(&w);
}

static void functions_that_do_no_harm(void **state)
{
	struct small_world w;

	(void)state;
	/* They read, or are refused; another function writes. */
	small_begin(&w);
	make(&w, 1, "06:00:00", "lambda:CreateFunction20150331", OF("helper"));
	run(&w, 2, "06:01:00", "06:00:10", "iam:ListUsers", "");
	run(&w, 3, "06:02:00", "06:00:10", "iam:AttachUserPolicy",
	    USER_IS("maker") DENIED);
	make(&w, 4, "06:03:00", "lambda:CreateFunction20150331", OF("other"));
	assert_found(&w, MASTER, "");
	assert_found(&w, PASSED, "");
	assert_found(&w, FUNCTION, "");
	small_end(&w);
	/* Whose making failed. */
	small_begin(&w);
	make(&w, 1, "06:00:00", "lambda:CreateFunction20150331",
	     OF("helper") DENIED);
	run(&w, 2, "06:20:00", "06:00:10", "iam:AttachUserPolicy",
	    USER_IS("maker"));
	assert_found(&w, MASTER, "");
	assert_found(&w, FUNCTION, "");
	small_end(&w);
}

static void functions_that_change_themselves(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	run(&w, 1, "06:01:00", "06:00:10",
	    "lambda:UpdateFunctionConfiguration20150331v2", OF("helper"));
	run(&w, 2, "06:02:00", "06:00:10",
	    "lambda:UpdateFunctionConfiguration20150331v2", OF("other"));
	make(&w, 3, "06:03:00", "lambda:UpdateFunctionCode20150331v2",
	     OF("helper"));
	assert_found(&w, ITSELF, "1");
	assert_true(note_says(
		&w,
		"session writer/helper changed function helper, which it comes from"));
	/* The role that its session took is still the function. */
	run(&w, 4, "06:04:00", "06:00:10", "sts:AssumeRole",
	    ASSUME("deploy", "helper", "ASIADEPLOY0000000001"));
	add_event(&w, 5, "06:05:00",
		  ROLE("deploy", "helper", "06:04:00", "ASIADEPLOY0000000001"),
		  "lambda:UpdateFunctionCode20150331v2", "192.0.2.131", CLI,
		  OF("helper"));
	assert_found(&w, ITSELF, "1 5");
	small_end(&w);
}

/* One's own origin ---------------------------------------------------------- */

#define DAN USER("dan", "AKIADAN0000000000001")
#define OPS ROLE("ops", "dan", "06:00:00", "ASIAOPS0000000000001")
#define TOP ROLE("top", "dan", "06:10:00", "ASIATOP0000000000001")

static void sessions_that_serve_their_user(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", DAN, "sts:AssumeRole", HERE, CLI,
		  ASSUME("ops", "dan", "ASIAOPS0000000000001"));
	add_event(&w, 2, "06:01:00", OPS, "iam:AttachUserPolicy", HERE, CLI,
		  USER_IS("bob"));
	add_event(&w, 3, "06:02:00", OPS, "iam:AttachUserPolicy", HERE, CLI,
		  USER_IS("dan") DENIED);
	/* His own name says so in one event: that is another rule. */
	add_event(&w, 4, "06:03:00", DAN, "iam:AttachUserPolicy", HERE, CLI,
		  USER_IS("dan"));
	assert_found(&w, ORIGIN, "");
	add_event(&w, 5, "06:04:00", OPS, "iam:AttachUserPolicy", HERE, CLI,
		  USER_IS("dan"));
	assert_found(&w, ORIGIN, "5");
	assert_true(note_says(&w, "session ops/dan changed user dan"));
	small_end(&w);
}

/* Over two roles; the role in between is an origin as well. */
static void sessions_further_on(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", DAN, "sts:AssumeRole", HERE, CLI,
		  ASSUME("ops", "dan", "ASIAOPS0000000000001"));
	add_event(&w, 2, "06:10:00", OPS, "sts:AssumeRole", HERE, CLI,
		  ASSUME("top", "dan", "ASIATOP0000000000001"));
	add_event(&w, 3, "06:11:00", TOP, "iam:PutUserPolicy", HERE, CLI,
		  USER_IS("dan"));
	add_event(&w, 4, "06:12:00", TOP, "iam:PutRolePolicy", HERE, CLI,
		  PARAMETERS("\"roleName\":\"ops\""));
	add_event(&w, 5, "06:13:00", TOP, "iam:PutRolePolicy", HERE, CLI,
		  PARAMETERS("\"roleName\":\"top\""));
	assert_found(&w, ORIGIN, "3 4");
	/* A key is a right like any other. */
	add_event(&w, 6, "06:14:00", TOP, "iam:CreateAccessKey", HERE, CLI,
		  USER_IS("dan") ",\"responseElements\":{\"accessKey\":{"
				 "\"accessKeyId\":\"AKIADAN0000000000002\","
				 "\"userName\":\"dan\"}}");
	assert_found(&w, ORIGIN, "3 4 6");
	small_end(&w);
}

/* Commands ------------------------------------------------------------------ */

#define BOX "i-0e6921bc7de8aa9e9"
#define APP \
	ROLE_MORE("web", BOX, "05:00:00", "ASIAAPP0000000000001", IMDS("2.0"))
#define TO_WEB PARAMETERS("\"instanceIds\":[\"" BOX "\"]")
#define AGENT  "aws-sdk-go/1.55.5 amazon-ssm-agent/3.3.551.0"

/* A machine that has made so many calls before six. */
static void machine(struct small_world *w, unsigned calls)
{
	add_event(w, 1, "05:00:00", SERVICE("ec2.amazonaws.com"),
		  "sts:AssumeRole", "ec2.amazonaws.com", "ec2.amazonaws.com",
		  ASSUME("web", BOX, "ASIAAPP0000000000001"));
	for (unsigned i = 0; i < calls; i++)
		add_event(w, 2 + i, "05:30:00", APP, "s3:GetObject",
			  "192.0.2.30", "php", "");
}

static void app(struct small_world *w, unsigned number, const char *clock,
		const char *call, const char *agent)
{
	add_event(w, number, clock, APP, call, "192.0.2.30", agent, "");
}

static void new_calls(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	machine(&w, 5);
	make(&w, 20, "06:00:00", "ssm:SendCommand", TO_WEB);
	app(&w, 21, "06:01:00", "s3:GetObject", "php");
	app(&w, 22, "06:02:00", "ssm:UpdateInstanceInformation", AGENT);
	app(&w, 23, "06:30:01", "secretsmanager:GetSecretValue", "php");
	assert_found(&w, COMMAND, "");
	app(&w, 24, "06:30:00", "sts:GetCallerIdentity", "php");
	assert_found(&w, COMMAND, "20");
	assert_true(note_says(&w, "instance " BOX " then called "
				  "GetCallerIdentity, which it had not done "
				  "before, in event "));
	/* A command that was refused does nothing; after the calls neither. */
	make(&w, 25, "06:20:00", "ssm:StartSession",
	     PARAMETERS("\"target\":\"" BOX "\"") DENIED);
	make(&w, 26, "07:00:00", "ssm:SendCommand", TO_WEB);
	assert_found(&w, COMMAND, "20");
	make(&w, 27, "06:21:00", "ssm:StartSession",
	     PARAMETERS("\"target\":\"" BOX "\""));
	assert_found(&w, COMMAND, "20 27");
	small_end(&w);
}

/* Of a machine that is new nothing is usual; one that commands itself is
 * nobody's victim. */
static void new_calls_of_little_weight(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	machine(&w, 4);
	make(&w, 20, "06:00:00", "ssm:SendCommand", TO_WEB);
	app(&w, 21, "06:01:00", "secretsmanager:GetSecretValue", "php");
	assert_found(&w, COMMAND, "");
	small_end(&w);
	small_begin(&w);
	machine(&w, 5);
	add_event(&w, 20, "06:00:00", APP, "ssm:SendCommand", "192.0.2.30",
		  "php", TO_WEB);
	app(&w, 21, "06:01:00", "secretsmanager:GetSecretValue", "php");
	assert_found(&w, COMMAND, "");
	small_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_that_serve_their_maker),
		cmocka_unit_test(functions_that_take_their_time),
		cmocka_unit_test(functions_that_do_no_harm),
		cmocka_unit_test(functions_that_change_themselves),
		cmocka_unit_test(sessions_that_serve_their_user),
		cmocka_unit_test(sessions_further_on),
		cmocka_unit_test(new_calls),
		cmocka_unit_test(new_calls_of_little_weight),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
