/* SPDX-License-Identifier: MIT */
/* What changes what is recorded, and what trails call data events. */
#include "casework/coverage.h"

const struct coverage_call coverage_calls[] = {
	{ "StopLogging", "cloudtrail.amazonaws.com", COVERAGE_STOPPED,
	  "CloudTrail" },
	{ "DeleteTrail", "cloudtrail.amazonaws.com", COVERAGE_STOPPED,
	  "CloudTrail" },
	{ "UpdateTrail", "cloudtrail.amazonaws.com", COVERAGE_CHANGED,
	  "CloudTrail" },
	{ "PutEventSelectors", "cloudtrail.amazonaws.com", COVERAGE_CHANGED,
	  "CloudTrail" },
	{ "PutInsightSelectors", "cloudtrail.amazonaws.com", COVERAGE_CHANGED,
	  "CloudTrail Insights" },
	{ "CreateTrail", "cloudtrail.amazonaws.com", COVERAGE_STARTED,
	  "CloudTrail" },
	{ "StartLogging", "cloudtrail.amazonaws.com", COVERAGE_STARTED,
	  "CloudTrail" },
	{ "DeleteEventDataStore", "cloudtrail.amazonaws.com", COVERAGE_STOPPED,
	  "CloudTrail Lake" },
	{ "StopEventDataStoreIngestion", "cloudtrail.amazonaws.com",
	  COVERAGE_STOPPED, "CloudTrail Lake" },
	{ "UpdateEventDataStore", "cloudtrail.amazonaws.com", COVERAGE_CHANGED,
	  "CloudTrail Lake" },
	{ "CreateEventDataStore", "cloudtrail.amazonaws.com", COVERAGE_STARTED,
	  "CloudTrail Lake" },
	{ "StartEventDataStoreIngestion", "cloudtrail.amazonaws.com",
	  COVERAGE_STARTED, "CloudTrail Lake" },
	{ "DeleteFlowLogs", "ec2.amazonaws.com", COVERAGE_STOPPED,
	  "VPC flow logs" },
	{ "CreateFlowLogs", "ec2.amazonaws.com", COVERAGE_STARTED,
	  "VPC flow logs" },
	{ "PutBucketLogging", "s3.amazonaws.com", COVERAGE_CHANGED,
	  "S3 access logs" },
	{ "DeleteDetector", "guardduty.amazonaws.com", COVERAGE_STOPPED,
	  "GuardDuty" },
	{ "UpdateDetector", "guardduty.amazonaws.com", COVERAGE_CHANGED,
	  "GuardDuty" },
	{ "CreateDetector", "guardduty.amazonaws.com", COVERAGE_STARTED,
	  "GuardDuty" },
	{ "StopConfigurationRecorder", "config.amazonaws.com", COVERAGE_STOPPED,
	  "AWS Config" },
	{ "DeleteConfigurationRecorder", "config.amazonaws.com",
	  COVERAGE_STOPPED, "AWS Config" },
	{ "DeleteDeliveryChannel", "config.amazonaws.com", COVERAGE_STOPPED,
	  "AWS Config" },
	{ "StartConfigurationRecorder", "config.amazonaws.com",
	  COVERAGE_STARTED, "AWS Config" },
	{ "DeleteResolverQueryLogConfig", "route53resolver.amazonaws.com",
	  COVERAGE_STOPPED, "DNS query logs" },
	{ "DisassociateResolverQueryLogConfig", "route53resolver.amazonaws.com",
	  COVERAGE_STOPPED, "DNS query logs" },
	{ "DeleteLoggingConfiguration", "wafv2.amazonaws.com", COVERAGE_STOPPED,
	  "AWS WAF logs" },
	{ "DisableSecurityHub", "securityhub.amazonaws.com", COVERAGE_STOPPED,
	  "Security Hub" },
	{ "DeleteLogGroup", "logs.amazonaws.com", COVERAGE_STOPPED,
	  "CloudWatch Logs" },
	{ "DeleteLogStream", "logs.amazonaws.com", COVERAGE_STOPPED,
	  "CloudWatch Logs" },
};

const size_t coverage_calls_n = ARRAY_SIZE(coverage_calls);

const char *coverage_effect_name(enum coverage_effect e)
{
	static const char *const names[] = {
		[COVERAGE_STOPPED] = "stopped",
		[COVERAGE_CHANGED] = "changed",
		[COVERAGE_STARTED] = "started",
	};

	return names[e];
}

/* Where one name stands for all data events of a service. */
static const struct data_type {
	const char *source, *type;
	bool asked_for; /* by investigations */
} data_types[] = {
	{ "s3.amazonaws.com", "AWS::S3::Object", true },
	{ "lambda.amazonaws.com", "AWS::Lambda::Function", true },
	{ "dynamodb.amazonaws.com", "AWS::DynamoDB::Table", true },
	{ "sns.amazonaws.com", "AWS::SNS::Topic", true },
	{ "sqs.amazonaws.com", "AWS::SQS::Queue", true },
	{ "cognito-identity.amazonaws.com", "AWS::Cognito::IdentityPool",
	  true },
	{ "ebs.amazonaws.com", "AWS::EC2::Snapshot", true },
	{ "kinesis.amazonaws.com", "AWS::Kinesis::Stream", false },
	{ "ssmmessages.amazonaws.com", "AWS::SSMMessages::ControlChannel",
	  false },
};

struct str coverage_data_type(struct str source)
{
	for (size_t i = 0; i < ARRAY_SIZE(data_types); i++)
		if (str_eq(source, str_of(data_types[i].source)))
			return str_of(data_types[i].type);
	return source;
}

bool coverage_has_data(const struct coverage *c, struct str account,
		       struct str source)
{
	for (size_t i = 0; i < c->data_n; i++) {
		const struct coverage_data *d = &c->data[i];

		if ((!account.n || str_eq(d->account_text, account)) &&
		    (!source.n || str_eq(d->source_text, source)))
			return true;
	}
	return false;
}

const char *coverage_unseen(const struct coverage *c, size_t i)
{
	for (size_t k = 0; k < ARRAY_SIZE(data_types); k++) {
		const struct data_type *t = &data_types[k];

		if (t->asked_for &&
		    !coverage_has_data(c, STR_NULL, str_of(t->source)) &&
		    i-- == 0)
			return t->type;
	}
	return NULL;
}
