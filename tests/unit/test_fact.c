/* SPDX-License-Identifier: MIT */
/* What single events say about credentials, and how workers hand it over. */
#include "helpers.h"

#include "base/json.h"
#include "base/timefmt.h"
#include "identity/fact.h"

static const char *const kinds[FACT_KINDS] = {
	[FACT_ISSUED] = "issued",   [FACT_SIGN_IN] = "sign-in",
	[FACT_CENTER] = "center",   [FACT_KEY] = "key",
	[FACT_CREATED] = "created", [FACT_MODIFIED] = "modified",
	[FACT_TRUST] = "trust",     [FACT_COMPUTE] = "compute",
	[FACT_GRANT] = "grant",     [FACT_END] = "end",
	[FACT_GIFT] = "gift",
};

static const char *const slots[SLOTS] = {
	[SLOT_PID] = "pid",         [SLOT_KEY] = "key",
	[SLOT_ROLE] = "role",       [SLOT_NAME] = "name",
	[SLOT_SUBJECT] = "who",     [SLOT_ARN] = "arn",
	[SLOT_UID] = "uid",         [SLOT_ACCOUNT] = "account",
	[SLOT_PORTAL] = "portal",   [SLOT_TEMPLATE] = "from",
	[SLOT_AS_TEMPLATE] = "as",  [SLOT_SHARED] = "shared",
	[SLOT_REQUEST] = "request", [SLOT_TIME] = "time",
};

static const char *const links[LINK_KINDS] = {
	[LINK_UID] = "uid",       [LINK_KEY] = "key",
	[LINK_SCOPE] = "scope",   [LINK_BEHALF] = "behalf",
	[LINK_SOURCE] = "source", [LINK_SIGN_IN] = "signin",
	[LINK_PORTAL] = "portal",
};

/* "issued/0@7 pid=... role=...; ..." of all facts. */
static void print_facts(struct strbuf *out, const struct facts *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fact *fact = &f->fact[i];

		strbuf_addf(out, "%s%s/%u@%u", out->n ? "; " : "",
			    kinds[fact->kind], fact->how, fact->arrival);
		for (int k = 0; k < SLOTS; k++) {
			enum fact_slot slot = (enum fact_slot)k;

			if (!slots[k] || !(fact->has & 1u << k))
				continue;
			if (slot == SLOT_TIME)
				strbuf_addf(out, " time=%u",
					    (unsigned)fact_number(f, fact,
								  slot));
			else if (slot > SLOT_AS_TEMPLATE)
				strbuf_addf(out, " %s", slots[k]);
			else
				strbuf_addf(out, " %s=%.*s", slots[k],
					    STR_ARG(fact_text(f, fact, slot)));
		}
	}
}

/* "uid: a=b" */
static void print_links(struct strbuf *out, const struct facts *f)
{
	for (size_t i = 0; i < f->link_n; i++)
		strbuf_addf(out, "%s%s: %.*s=%.*s", out->n ? "; " : "",
			    links[f->link[i].kind],
			    STR_ARG(intern_text(&f->strings, f->link[i].a)),
			    STR_ARG(intern_text(&f->strings, f->link[i].b)));
}

static void print_targets(struct strbuf *out, const struct facts *f)
{
	for (size_t i = 0; i < f->target_n; i++)
		strbuf_addf(
			out, "%s-> %.*s", out->n ? "; " : "",
			STR_ARG(intern_text(&f->strings, f->target[i].text)));
}

static void see(const struct ingest_visitor *v, void *worker, const char *text,
		uint32_t row)
{
	struct err err = ERR_INIT;
	const struct json *record;
	struct arena arena;
	struct event e;

	arena_init(&arena);
	record = json_read(&arena, str_of(text), &err);
	check(record, "%s: %s", text, err.msg);
	event_extract(&e, record, 0, &arena);
	v->see(worker, &e, row);
	/* Nothing of the record is needed any more. */
	arena_release(&arena);
}

struct fact_case {
	const char *record;
	const char *want;
};

#define STS(name)                                                            \
	"{\"eventSource\":\"sts.amazonaws.com\",\"eventName\":\"" name "\"," \
	"\"eventTime\":\"2026-01-09T21:00:00Z\""
#define CALL(service, name)                                       \
	"{\"eventSource\":\"" service ".amazonaws.com\","         \
	"\"eventName\":\"" name "\",\"awsRegion\":\"eu-west-1\"," \
	"\"recipientAccountId\":\"111122223333\""
#define IAM(name)    CALL("iam", name)
#define REQUEST(...) ",\"requestParameters\":{" __VA_ARGS__ "}"
#define ANSWER(...)  ",\"responseElements\":{" __VA_ARGS__ "}"
#define SIGNIN                                       \
	"{\"eventSource\":\"signin.amazonaws.com\"," \
	"\"eventName\":\"ConsoleLogin\",\"eventTime\":\"2026-01-09T21:00:00Z\""
#define CREDENTIALS "\"credentials\":{\"accessKeyId\":\"ASIAX\"}"
#define FUNCTION    "arn:aws:lambda:eu-west-1:111122223333:function:f"
#define ROLE        "arn:aws:iam::111122223333:role/R"
#define INSTANCE    "i-0123456789abcdef0"
/* A policy document as IAM has it in a request. */
#define POLICY(principal)                                      \
	"\"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\"," \
	"\\\"Principal\\\":" principal ",\\\"Action\\\":\\\"sts:*\\\"}]}\""

static const struct fact_case fact_cases[] = {
	/* Temporary credentials. */
	{ STS("AssumeRole") REQUEST("\"roleArn\":\"R\","
				    "\"roleSessionName\":\"s\"")
		  ANSWER(CREDENTIALS
			 ",\"assumedRoleUser\":"
			 "{\"assumedRoleId\":\"AROA:s\"}") ",\"sharedEventID\":\"x\"}",
	  "issued/0@7 pid=AROA:s key=ASIAX role=R name=s shared" },
	/* 2026-01-09T22:00:00Z is 1767996000. */
	{ STS("AssumeRole") ANSWER("\"credentials\":{\"expiration\":"
				   "\"Jan 9, 2026, 10:00:00 PM\"}") "}",
	  "issued/0@7 time=1767996000" },
	{ STS("AssumeRole") REQUEST("\"durationSeconds\":3600") "}",
	  "issued/0@7 time=1767996000" },
	/* An end before the beginning is none. */
	{ STS("AssumeRole") ANSWER("\"credentials\":{\"expiration\":"
				   "\"Jan 9, 2026, 8:00:00 PM\"}") "}",
	  "issued/0@7" },
	/* A service's copy went to an account that nobody can load; the first
	 * credentials of an instance have the request that made it. */
	{ STS("AssumeRole") ",\"userIdentity\":{\"type\":\"AWSService\","
			    "\"invokedBy\":\"ec2.amazonaws.com\"},"
			    "\"sharedEventID\":\"x\",\"requestID\":\"r\"}",
	  "issued/0@7 request" },
	{ STS("AssumeRoleWithSAML") ANSWER(CREDENTIALS) "}",
	  "issued/1@7 key=ASIAX" },
	{ STS("AssumeRoleWithWebIdentity") "}", "issued/2@7" },
	{ STS("GetSessionToken") ",\"userIdentity\":{\"principalId\":\"AIDA\"}" ANSWER(
		  CREDENTIALS) "}",
	  "issued/3@7 pid=AIDA key=ASIAX" },
	{ STS("GetFederationToken") ",\"userIdentity\":{\"principalId\":"
				    "\"AIDA\"}" ANSWER(
					    CREDENTIALS
					    ",\"federatedUser\":"
					    "{\"federatedUserId\":\"1:g\"}") "}",
	  "issued/4@7 pid=1:g key=ASIAX" },
	{ STS("AssumeRoot") REQUEST("\"targetPrincipal\":\"444455556666\"")
		  ANSWER(CREDENTIALS) "}",
	  "issued/5@7 pid=444455556666 key=ASIAX "
	  "role=arn:aws:iam::444455556666:root" },
	{ STS("AssumeRoot") REQUEST("\"targetPrincipal\":"
				    "\"arn:aws:iam::444455556666:root\"") "}",
	  "issued/5@7 pid=444455556666 role=arn:aws:iam::444455556666:root" },
	{ STS("AssumeRoot") "}", "" },
	{ CALL("cognito-identity", "GetCredentialsForIdentity") REQUEST(
		  "\"identityId\":\"eu-west-1:x\"") ANSWER(CREDENTIALS) "}",
	  "issued/6@7 key=ASIAX who=cognito:eu-west-1:x" },
	{ CALL("rolesanywhere", "CreateSession")
		  ANSWER("\"subjectArn\":\"S\",\"credentialSet\":[{"
			 "\"assumedRoleUser\":{\"assumedRoleId\":\"AROA:1f\"},"
			 "\"roleArn\":\"R\"," CREDENTIALS "}]") "}",
	  "issued/7@7 pid=AROA:1f key=ASIAX role=R who=S" },
	{ CALL("rolesanywhere", "CreateSession") "}", "" },
	/* Consoles. */
	{ SIGNIN ",\"userIdentity\":{\"principalId\":\"AIDA\"}" ANSWER(
		  "\"ConsoleLogin\":\"Success\"") "}",
	  "sign-in/0@7 pid=AIDA" },
	{ SIGNIN ANSWER("\"ConsoleLogin\":\"Failure\"") "}", "" },
	{ SIGNIN "}", "" },
	{ CALL("signin",
	       "SwitchRole") ",\"userIdentity\":{\"principalId\":\"AROA:s\"},"
			     "\"additionalEventData\":{\"SwitchFrom\":\"U\"}" ANSWER(
				     "\"SwitchRole\":\"Success\"") "}",
	  "sign-in/1@7 pid=AROA:s who=U" },
	{ CALL("signin",
	       "GetSigninToken") ",\"userIdentity\":{\"principalId\":\"AROA:s\"}}",
	  "sign-in/2@7 pid=AROA:s" },
	/* Identity Center, and as it was before it had a type. */
	{ CALL("sso",
	       "GetRoleCredentials") ",\"userIdentity\":{\"type\":\"IdentityCenterUser\","
				     "\"onBehalfOf\":{\"userId\":\"u\"},\"credentialId\":\"c\"},"
				     "\"serviceEventDetails\":{\"role_name\":\"Admin\","
				     "\"account_id\":\"444455556666\"}}",
	  "center/0@7 name=Admin account=444455556666 portal=c" },
	{ CALL("sso",
	       "Federate") ",\"userIdentity\":{\"type\":\"Unknown\","
			   "\"userName\":\"frank\"},"
			   "\"serviceEventDetails\":{\"role_name\":\"Admin\","
			   "\"account_id\":\"444455556666\"}}",
	  "center/1@7 name=Admin who=frank account=444455556666" },
	{ CALL("sso-oauth",
	       "CreateToken") ",\"additionalEventData\":"
			      "{\"identitycenter:CredentialId\":\"c\"}}",
	  "center/2@7 portal=c" },
	{ CALL("sso", "Logout") ",\"userIdentity\":{\"credentialId\":\"c\"}}",
	  "end/9@7 portal=c" },
	/* Keys, users, roles. */
	{ IAM("CreateAccessKey") REQUEST("\"userName\":\"Bob\"")
		  ANSWER("\"accessKey\":{\"accessKeyId\":\"AKIA\","
			 "\"userName\":\"bob\"}") "}",
	  "key/0@7 key=AKIA name=u111122223333/bob; "
	  "modified/0@7 arn=u111122223333/Bob" },
	{ IAM("CreateAccessKey") ANSWER("\"accessKey\":{\"accessKeyId\":"
					"\"AKIA\"}") "}",
	  "key/0@7 key=AKIA" },
	{ IAM("CreateUser") REQUEST("\"userName\":\"b\"")
		  ANSWER("\"user\":{\"arn\":\"U\",\"userId\":\"AIDA\"}") "}",
	  "created/0@7 arn=U uid=AIDA" },
	{ IAM("CreateGroup") ANSWER("\"group\":{\"arn\":\"G\"}") "}",
	  "created/0@7 arn=G" },
	{ IAM("CreateUser") ",\"responseElements\":null}", "" },
	{ IAM("CreateSAMLProvider") ANSWER("\"sAMLProviderArn\":\"P\"") "}",
	  "created/0@7 arn=P" },
	{ IAM("CreateRole") REQUEST(
		  "\"roleName\":\"R\",\"assumeRolePolicyDocument\":" POLICY(
			  "{\\\"AWS\\\":[\\\"999988887777\\\",\\\"*\\\"],"
			  "\\\"Service\\\":\\\"ec2.amazonaws.com\\\"}"))
		  ANSWER("\"role\":{\"arn\":\"" ROLE "\"}") "}",
	  "created/0@7 arn=" ROLE "; trust/0@7 who=999988887777 arn=" ROLE
	  "; trust/0@7 who=* arn=" ROLE "; trust/0@7 arn=" ROLE },
	{ IAM("UpdateAssumeRolePolicy")
		  REQUEST("\"roleName\":\"R\",\"policyDocument\":" POLICY(
			  "{\\\"Federated\\\":\\\"P\\\"}")) "}",
	  "trust/0@7 who=P arn=r111122223333/R; "
	  "trust/0@7 arn=r111122223333/R; "
	  "modified/0@7 arn=r111122223333/R" },
	{ IAM("AddUserToGroup") REQUEST("\"userName\":\"b\","
					"\"groupName\":\"g\"") "}",
	  "modified/0@7 arn=u111122223333/b; modified/0@7 "
	  "arn=g111122223333/g" },
	{ IAM("GetUser") REQUEST("\"userName\":\"b\"") "}", "" },
	{ IAM("TagUser") REQUEST("\"userName\":\"b\"") ",\"readOnly\":true}",
	  "" },
	/* Other things to sign in with; what makes them useless takes them. */
	{ IAM("UploadSSHPublicKey") REQUEST("\"userName\":\"b\"")
		  ANSWER("\"sSHPublicKey\":{\"sSHPublicKeyId\":\"APKA1\"}") "}",
	  "gift/0@7 name=u111122223333/b uid=APKA1; "
	  "modified/0@7 arn=u111122223333/b" },
	{ IAM("CreateServiceSpecificCredential")
		  ANSWER("\"serviceSpecificCredential\":{"
			 "\"serviceSpecificCredentialId\":\"ACCA1\"}") "}",
	  "gift/0@7 uid=ACCA1" },
	{ IAM("UpdateSSHPublicKey") REQUEST("\"sSHPublicKeyId\":\"APKA1\","
					    "\"status\":\"Inactive\"") "}",
	  "gift/1@7 uid=APKA1" },
	{ IAM("UpdateSSHPublicKey") REQUEST("\"sSHPublicKeyId\":\"APKA1\","
					    "\"status\":\"Active\"") "}",
	  "gift/0@7 uid=APKA1" },
	{ IAM("DeleteSigningCertificate")
		  REQUEST("\"certificateId\":\"ASCA1\"") "}",
	  "gift/1@7 uid=ASCA1" },
	/* Ends. */
	{ IAM("UpdateAccessKey") REQUEST("\"accessKeyId\":\"AKIA\","
					 "\"status\":\"Inactive\","
					 "\"userName\":\"b\"") "}",
	  "end/0@7 key=AKIA name=u111122223333/b; "
	  "modified/0@7 arn=u111122223333/b" },
	{ IAM("UpdateAccessKey") REQUEST("\"accessKeyId\":\"AKIA\","
					 "\"status\":\"Active\"") "}",
	  "end/1@7 key=AKIA" },
	{ IAM("UpdateAccessKey") REQUEST("\"accessKeyId\":\"AKIA\"") "}", "" },
	{ IAM("DeleteAccessKey") REQUEST("\"accessKeyId\":\"AKIA\"") "}",
	  "end/2@7 key=AKIA" },
	{ IAM("DeleteUser") REQUEST("\"userName\":\"b\"") "}",
	  "end/3@7 arn=u111122223333/b; modified/0@7 arn=u111122223333/b" },
	{ IAM("PutRolePolicy")
		  REQUEST("\"roleName\":\"R\",\"policyDocument\":"
			  "\"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Deny\\\","
			  "\\\"Action\\\":\\\"*\\\",\\\"Resource\\\":\\\"*\\\","
			  "\\\"Condition\\\":{\\\"DateLessThan\\\":"
			  "{\\\"aws:TokenIssueTime\\\":"
			  "\\\"2026-01-09T22:00:00Z\\\"}}}]}\"") "}",
	  "end/6@7 arn=r111122223333/R time=1767996000; "
	  "modified/0@7 arn=r111122223333/R" },
	/* Instances. */
	{ CALL("ec2", "RunInstances")
		  REQUEST("\"iamInstanceProfile\":{\"name\":\"p\"},"
			  "\"launchTemplate\":{\"launchTemplateId\":\"lt-1\"}")
			  ANSWER("\"instancesSet\":{\"items\":[{"
				 "\"instanceId\":\"" INSTANCE "\"}]}") "}",
	  "compute/3@7 role=p arn=" INSTANCE " from=lt-1" },
	{ CALL("ec2", "RunInstances")
		  ANSWER("\"instancesSet\":{\"items\":[{"
			 "\"instanceId\":\"" INSTANCE "\"}]}") "}",
	  "compute/1@7 arn=" INSTANCE },
	{ CALL("ec2", "AssociateIamInstanceProfile")
		  REQUEST("\"AssociateIamInstanceProfileRequest\":{"
			  "\"IamInstanceProfile\":{\"Name\":\"p\"},"
			  "\"InstanceId\":\"" INSTANCE "\"}") "}",
	  "compute/2@7 role=p arn=" INSTANCE },
	{ CALL("ec2", "CreateLaunchTemplate")
		  REQUEST("\"CreateLaunchTemplateRequest\":{"
			  "\"LaunchTemplateName\":\"web\","
			  "\"LaunchTemplateData\":{\"IamInstanceProfile\":"
			  "{\"Name\":\"p\"}}}")
			  ANSWER("\"CreateLaunchTemplateResponse\":{"
				 "\"launchTemplate\":{"
				 "\"launchTemplateId\":\"lt-1\"}}") "}",
	  "compute/3@7 role=p arn=arn:aws:ec2:eu-west-1:111122223333:"
	  "launch-template/lt-1 as=lt-1; "
	  "compute/3@7 arn=arn:aws:ec2:eu-west-1:111122223333:"
	  "launch-template/lt-1 as=web" },
	{ CALL("ssm", "SendCommand")
		  REQUEST("\"instanceIds\":[\"" INSTANCE "\"],"
			  "\"targets\":[{\"key\":\"InstanceIds\","
			  "\"values\":[\"i-0123456789abcdef1\"]}]") "}",
	  "compute/4@7 arn=" INSTANCE "; compute/4@7 arn=i-0123456789abcdef1" },
	{ CALL("ssm", "StartSession") REQUEST("\"target\":\"mi-"
					      "01234567\"") "}",
	  "compute/4@7 arn=mi-01234567" },
	{ CALL("ec2", "GetPasswordData") REQUEST("\"instanceId\":\"" INSTANCE
						 "\"") ",\"readOnly\":true}",
	  "compute/4@7 arn=" INSTANCE },
	{ CALL("ec2", "ModifyInstanceAttribute")
		  REQUEST("\"instanceId\":\"" INSTANCE "\",\"userData\":"
			  "\"<sensitiveDataRemoved>\"") "}",
	  "compute/4@7 arn=" INSTANCE },
	{ CALL("ec2", "ModifyInstanceAttribute")
		  REQUEST("\"instanceId\":\"" INSTANCE "\","
			  "\"instanceType\":{\"value\":\"t3.micro\"}") "}",
	  "" },
	{ CALL("ec2", "TerminateInstances")
		  REQUEST("\"instancesSet\":{\"items\":[{\"instanceId\":"
			  "\"" INSTANCE "\"}]}") "}",
	  "end/8@7 arn=" INSTANCE },
	{ CALL("ec2", "DisassociateIamInstanceProfile")
		  ANSWER("\"DisassociateIamInstanceProfileResponse\":{"
			 "\"iamInstanceProfileAssociation\":{\"instanceId\":"
			 "\"" INSTANCE "\"}}") "}",
	  "end/7@7 arn=" INSTANCE },
	/* Functions. */
	{ CALL("lambda", "CreateFunction20150331")
		  REQUEST("\"functionName\":\"f\",\"role\":\"" ROLE "\"") "}",
	  "compute/3@7 role=" ROLE " arn=" FUNCTION },
	{ CALL("lambda", "UpdateFunctionCode20150331v2")
		  REQUEST("\"functionName\":\"" FUNCTION ":7\"")
			  ANSWER("\"role\":\"" ROLE "\"") "}",
	  "compute/4@7 role=" ROLE " arn=" FUNCTION },
	{ CALL("lambda", "Invoke") REQUEST("\"functionName\":\"f:live\"") "}",
	  "compute/4@7 arn=" FUNCTION },
	{ CALL("lambda", "Invoke")
		  REQUEST("\"functionName\":\"111122223333:function:f\"") "}",
	  "compute/4@7 arn=" FUNCTION },
	{ CALL("events", "PutTargets")
		  REQUEST("\"rule\":\"r\",\"targets\":[{\"arn\":\"" FUNCTION
			  "\"},{\"arn\":\"arn:aws:sqs:eu-west-1:1:q\"}]") "}",
	  "compute/4@7 arn=" FUNCTION },
	{ CALL("lambda", "AddPermission20150331v2")
		  REQUEST("\"functionName\":\"f\",\"principal\":\"*\"") "}",
	  "compute/4@7 arn=" FUNCTION "; grant/0@7 who=* arn=" FUNCTION },
	{ CALL("lambda", "AddPermission20150331v2")
		  REQUEST("\"functionName\":\"f\","
			  "\"principal\":\"s3.amazonaws.com\"") "}",
	  "compute/4@7 arn=" FUNCTION },
	{ CALL("lambda", "DeleteFunction20150331")
		  REQUEST("\"functionName\":\"f\"") "}",
	  "end/8@7 arn=" FUNCTION },
	/* Other services. */
	{ CALL("ecs", "RunTask")
		  ANSWER("\"tasks\":[{\"taskArn\":\"arn:aws:ecs:eu-west-1:"
			 "111122223333:task/c/0123\",\"taskDefinitionArn\":"
			 "\"D\"}]") "}",
	  "compute/1@7 name=0123 arn=arn:aws:ecs:eu-west-1:111122223333:"
	  "task/c/0123 from=D" },
	{ CALL("ecs", "ExecuteCommand")
		  REQUEST("\"task\":\"0123\",\"cluster\":\"c\"") "}",
	  "compute/4@7 arn=arn:aws:ecs:eu-west-1:111122223333:task/c/0123" },
	{ CALL("codebuild", "CreateProject")
		  REQUEST("\"name\":\"b\",\"serviceRole\":\"" ROLE "\"") "}",
	  "compute/3@7 role=" ROLE
	  " arn=arn:aws:codebuild:eu-west-1:111122223333:project/b" },
	{ CALL("codebuild", "StartBuild") REQUEST("\"projectName\":\"b\"")
		  ANSWER("\"build\":{\"id\":\"b:0f-1\"}") "}",
	  "compute/4@7 name=AWSCodeBuild-0f-1 "
	  "arn=arn:aws:codebuild:eu-west-1:111122223333:project/b" },
	{ CALL("glue", "UpdateJob") REQUEST(
		  "\"jobName\":\"j\",\"jobUpdate\":{\"role\":\"R\"}") "}",
	  "compute/6@7 role=R arn=arn:aws:glue:eu-west-1:111122223333:job/j" },
	{ CALL("cloudformation", "CreateStack") REQUEST(
		  "\"stackName\":\"s\",\"roleARN\":\"" ROLE "\"")
		  ANSWER("\"stackId\":\"arn:aws:cloudformation:x\"") "}",
	  "compute/3@7 role=" ROLE " arn=arn:aws:cloudformation:x" },
	{ CALL("cloudformation", "CreateStack")
		  REQUEST("\"stackName\":\"s\"") "}",
	  "" },
	/* Whatever takes a role. */
	{ CALL("states", "CreateStateMachine")
		  REQUEST("\"name\":\"m\",\"roleArn\":\"" ROLE "\"") ANSWER(
			  "\"stateMachineArn\":\"arn:aws:states:x:1:m\"") "}",
	  "compute/3@7 role=" ROLE " arn=arn:aws:states:x:1:m" },
	{ CALL("batch", "SubmitJob")
		  REQUEST("\"jobName\":\"j\",\"overrides\":{\"jobRole\":\"" ROLE
			  "\"}") "}",
	  "compute/2@7 role=" ROLE " arn=batch:j" },
	{ CALL("batch", "SubmitJob")
		  REQUEST("\"jobName\":\"j\",\"jobRole\":\"R\"") "}",
	  "" },
	/* Policies of resources; their own account is none from outside. */
	{ CALL("s3", "PutBucketPolicy")
		  REQUEST("\"bucketName\":\"b\",\"bucketPolicy\":{"
			  "\"Statement\":{\"Effect\":\"Allow\",\"Principal\":"
			  "{\"AWS\":[\"arn:aws:iam::999988887777:root\","
			  "\"111122223333\"]}}}") "}",
	  "grant/0@7 who=arn:aws:iam::999988887777:root arn=arn:aws:s3:::b; "
	  "grant/0@7 arn=arn:aws:s3:::b" },
	{ CALL("s3", "PutBucketPolicy")
		  REQUEST("\"bucketName\":\"b\",\"bucketPolicy\":{}") "}",
	  "" },
	{ CALL("s3", "DeleteBucketPolicy") REQUEST("\"bucketName\":\"b\"") "}",
	  "grant/0@7 arn=arn:aws:s3:::b" },
	{ CALL("sqs", "SetQueueAttributes")
		  REQUEST("\"queueUrl\":\"https://sqs/1/q\",\"attributes\":{"
			  "\"Policy\":" POLICY("\\\"*\\\"") "}") "}",
	  "grant/0@7 who=* arn=arn:aws:sqs:eu-west-1:111122223333:q; "
	  "grant/0@7 arn=arn:aws:sqs:eu-west-1:111122223333:q" },
	/* What failed, and what others call by the same names. */
	{ STS("AssumeRole") ",\"errorCode\":\"AccessDenied\"}", "" },
	{ IAM("CreateUser") ",\"errorCode\":\"x\",\"responseElements\":"
			    "{\"user\":{\"arn\":\"U\"}}}",
	  "" },
	{ "{\"eventSource\":\"x.amazonaws.com\",\"eventName\":\"AssumeRole\"}",
	  "" },
	{ "{\"eventName\":\"AssumeRole\"}", "" },
	{ STS("assumerole") "}", "" },
	{ STS("AssumeRole2") "}", "" },
	/* Wrong types say nothing. */
	{ STS("AssumeRole") ",\"requestParameters\":\"HIDDEN\","
			    "\"responseElements\":[1],\"sharedEventID\":{}}",
	  "issued/0@7" },
	{ STS("AssumeRole") REQUEST("\"roleArn\":null")
		  ANSWER("\"credentials\":{\"accessKeyId\":[\"x\"]}") "}",
	  "issued/0@7" },
	{ IAM("CreateRole") REQUEST("\"assumeRolePolicyDocument\":\"{\"")
		  ANSWER("\"role\":{\"arn\":\"" ROLE "\"}") "}",
	  "created/0@7 arn=" ROLE },
};

#define SESSION(more)                                                        \
	"{\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":"       \
	"\"AROA:s\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/R/s\"," \
	"\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\","          \
	"\"principalId\":\"AROA\",\"arn\":\"" ROLE "\"},\"attributes\":{"    \
	"\"creationDate\":\"2026-01-09T21:00:00Z\"}" more "}"
#define UID     "uid: " ROLE "=AROA"
#define ITS_KEY "AROA:s@2026-01-09T21:00:00Z"

static const struct fact_case link_cases[] = {
	{ SESSION("") "}}", UID },
	{ SESSION(",\"sourceIdentity\":\"carol\",\"signInSessionArn\":\"S\"") "}}",
	  UID "; source: " ITS_KEY "=carol; signin: " ITS_KEY "=S" },
	{ SESSION("") ",\"inScopeOf\":{\"credentialsIssuedTo\":\"" FUNCTION
		      ":3\"}}}",
	  UID "; scope: " ITS_KEY "=" FUNCTION },
	{ SESSION("") ",\"inScopeOf\":{\"credentialsIssuedTo\":\"x\"}}}", UID },
	{ SESSION("") ",\"onBehalfOf\":{\"userId\":\"u\","
		      "\"identityStoreArn\":\"I\"},\"credentialId\":\"c\"}}",
	  UID "; behalf: " ITS_KEY "=idc:I#u; portal: " ITS_KEY "=c" },
	{ "{\"userIdentity\":{\"type\":\"IAMUser\",\"principalId\":\"AIDA\","
	  "\"arn\":\"U\",\"accessKeyId\":\"AKIA0000000000000000\"}}",
	  "uid: U=AIDA; key: AKIA0000000000000000=AIDA" },
	{ "{\"userIdentity\":{\"type\":\"IdentityCenterUser\",\"onBehalfOf\":"
	  "{\"userId\":\"u\",\"identityStoreArn\":\"I\"},"
	  "\"credentialId\":\"c\"}}",
	  "portal: idc:I#u=c" },
	/* A session's ARN alone has lost the path of its role. */
	{ "{\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":"
	  "\"AROA:s\",\"arn\":\"arn:aws:sts::1:assumed-role/R/s\"}}",
	  "" },
	{ "{\"userIdentity\":\"x\"}", "" },
	{ "{}", "" },
};

static const struct fact_case target_cases[] = {
	{ IAM("GetUser") REQUEST("\"userName\":\"bob\"") "}",
	  "-> u111122223333/bob" },
	{ IAM("AddUserToGroup") REQUEST("\"userName\":\"b\","
					"\"groupName\":\"g\"") "}",
	  "-> u111122223333/b; -> g111122223333/g" },
	/* Other services have users, roles and groups of their own. */
	{ CALL("cognito-idp", "AdminGetUser") REQUEST("\"userName\":\"b\"") "}",
	  "" },
	{ CALL("ec2", "CreateSecurityGroup") REQUEST("\"groupName\":\"g\"") "}",
	  "" },
	{ IAM("DeleteAccessKey")
		  REQUEST("\"accessKeyId\":\"AKIA0000000000000000\","
			  "\"userName\":\"b\"") "}",
	  "-> AKIA0000000000000000; -> u111122223333/b" },
	/* Without a name it is the caller. */
	{ IAM("ListAccessKeys") ",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":"
				"\"arn:aws:iam::111122223333:user/b\"}}",
	  "-> arn:aws:iam::111122223333:user/b" },
	{ STS("AssumeRole") REQUEST("\"roleArn\":\"" ROLE
				    "\"") ",\"resources\":[{\"ARN\":\"" ROLE
					  "\"}]}",
	  "-> " ROLE },
	{ STS("AssumeRole") ",\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User: x "
			    "is not authorized to perform: sts:AssumeRole on resource: " ROLE
			    "\"}",
	  "-> " ROLE },
	{ CALL("ssm", "SendCommand")
		  REQUEST("\"instanceIds\":[\"" INSTANCE "\"]") "}",
	  "-> " INSTANCE },
	{ CALL("lambda", "GetFunction20150331v2")
		  REQUEST("\"functionName\":\"f\"") "}",
	  "-> " FUNCTION },
	{ CALL("s3", "GetObject") REQUEST(
		  "\"bucketName\":\"b\",\"key\":\"k\"") ",\"resources\":[{\"ARN\":\"arn:aws:s3:::b/k\"}]}",
	  "" },
	{ IAM("UpdateAssumeRolePolicy")
		  REQUEST("\"roleName\":\"R\",\"policyDocument\":" POLICY(
			  "{\\\"AWS\\\":\\\"arn:aws:iam::9:user/x\\\"}")) "}",
	  "-> r111122223333/R; -> arn:aws:iam::9:user/x" },
};

/* What a record's facts are, after one hand-over. */
static void facts_of(struct facts *facts, const char *record)
{
	struct ingest_visitor v;
	void *worker, *part;

	facts_init(facts);
	v = fact_visitor(facts);
	worker = v.worker_new(v.context);
	see(&v, worker, record, 3);
	part = v.take(worker);
	if (part)
		v.merge(v.context, part, 4);
	v.worker_free(worker);
}

static void check_cases(const struct fact_case *cases, size_t n,
			void (*print)(struct strbuf *out,
				      const struct facts *f))
{
	struct strbuf text;

	strbuf_init(&text);
	for (size_t i = 0; i < n; i++) {
		struct facts facts;

		facts_of(&facts, cases[i].record);
		strbuf_clear(&text);
		print(&text, &facts);
		if (!str_eq(strbuf_str(&text), str_of(cases[i].want)))
			fprintf(stderr, "%s\n", cases[i].record);
		assert_str_eq(strbuf_str(&text), str_of(cases[i].want));
		facts_release(&facts);
	}
	strbuf_release(&text);
}

static void single_events(void **state)
{
	(void)state;
	check_cases(fact_cases, ARRAY_SIZE(fact_cases), print_facts);
}

static void single_links(void **state)
{
	(void)state;
	check_cases(link_cases, ARRAY_SIZE(link_cases), print_links);
}

static void single_targets(void **state)
{
	(void)state;
	check_cases(target_cases, ARRAY_SIZE(target_cases), print_targets);
}

static void handing_over(void **state)
{
	static const char user[] = IAM("CreateUser") ",\"responseElements\":"
						     "{\"user\":{\"arn\":"
						     "\"U\"}}}";
	static const char other[] = IAM("ListUsers") "}";
	struct ingest_visitor v;
	struct strbuf text;
	struct facts facts;
	void *worker[2], *part[3];

	(void)state;
	strbuf_init(&text);
	facts_init(&facts);
	v = fact_visitor(&facts);
	worker[0] = v.worker_new(v.context);
	worker[1] = v.worker_new(v.context);
	/* Nothing seen is nothing to take. */
	assert_null(v.take(worker[0]));
	see(&v, worker[0], other, 0);
	assert_null(v.take(worker[0]));
	see(&v, worker[0], user, 0);
	see(&v, worker[0], other, 1);
	see(&v, worker[0], user, 2);
	see(&v, worker[1], user, 1);
	part[0] = v.take(worker[0]);
	part[1] = v.take(worker[1]);
	/* A part is what was seen since the one before. */
	assert_null(v.take(worker[0]));
	see(&v, worker[0], user, 5);
	part[2] = v.take(worker[0]);
	v.merge(v.context, part[1], 0);
	v.merge(v.context, part[0], 10);
	v.drop(part[2]);
	/* What was never taken goes with its worker. */
	see(&v, worker[1], user, 9);
	v.worker_free(worker[0]);
	v.worker_free(worker[1]);
	print_facts(&text, &facts);
	assert_str(strbuf_str(&text),
		   "created/0@1 arn=U; created/0@10 arn=U; created/0@12 arn=U");
	facts_release(&facts);
	assert_int_equal(facts.n, 0);
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_events),
		cmocka_unit_test(single_links),
		cmocka_unit_test(single_targets),
		cmocka_unit_test(handing_over),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
