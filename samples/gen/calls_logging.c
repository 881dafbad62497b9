/* SPDX-License-Identifier: MIT */
/* Trails, log groups, detectors: what is watched, and by whom. */
#include "gen/calls.h"

const struct call calls_logging[] = {
	{ .name = "cloudtrail:StopLogging", .request = "{'name':'${trail}'}" },
	{ .name = "cloudtrail:StartLogging", .request = "{'name':'${trail}'}" },
	{ .name = "cloudtrail:DeleteTrail", .request = "{'name':'${trail}'}" },
	{ .name = "cloudtrail:UpdateTrail",
	  .request = "{'name':'${trail}',${change}}",
	  .response = "{'name':'${trail}','trailARN':'arn:aws:cloudtrail:"
		      "${region}:${account}:trail/${trail}',"
		      "${state|${change}}}" },
	{ .name = "cloudtrail:PutEventSelectors",
	  .request = "{'trailName':'${trail}','eventSelectors':["
		     "${selector}]}",
	  .response = "{'trailARN':'arn:aws:cloudtrail:${region}:"
		      "${account}:trail/${trail}','eventSelectors':["
		      "${selector}]}" },
	{ .name = "cloudtrail:PutInsightSelectors",
	  .request = "{'trailName':'${trail}','insightSelectors':["
		     "${selector|}]}",
	  .response = "{'trailARN':'arn:aws:cloudtrail:${region}:"
		      "${account}:trail/${trail}','insightSelectors':["
		      "${selector|}]}" },
	{ .name = "cloudtrail:DescribeTrails",
	  .request = "{'trailNameList':[],'includeShadowTrails':true}" },
	{ .name = "cloudtrail:GetTrailStatus",
	  .request = "{'name':'${trail}'}" },
	{ .name = "cloudtrail:GetEventSelectors",
	  .request = "{'trailName':'${trail}'}" },
	{ .name = "cloudtrail:LookupEvents",
	  .request = "{'maxResults':50${more|}}" },
	{ .name = "logs:CreateLogGroup",
	  .request = "{'logGroupName':'${group}'}" },
	{ .name = "logs:CreateLogStream",
	  .request = "{'logGroupName':'${group}','logStreamName':"
		     "'${stream}'}" },
	{ .name = "logs:DeleteLogGroup",
	  .request = "{'logGroupName':'${group}'}" },
	{ .name = "logs:DeleteLogStream",
	  .request = "{'logGroupName':'${group}','logStreamName':"
		     "'${stream}'}" },
	{ .name = "logs:PutRetentionPolicy",
	  .request = "{'logGroupName':'${group}','retentionInDays':"
		     "${days}}" },
	{ .name = "logs:DescribeLogGroups",
	  .request = "{'logGroupNamePrefix':'${group|/aws/lambda/}'}" },
	{ .name = "monitoring:PutMetricAlarm",
	  .request = "{'alarmName':'${alarm}','metricName':"
		     "'${metric|CPUUtilization}','namespace':"
		     "'${namespace|AWS/EC2}','statistic':'Average',"
		     "'period':300,'evaluationPeriods':2,'threshold':"
		     "${threshold|80.0},'comparisonOperator':"
		     "'GreaterThanThreshold','actionsEnabled':true}" },
	{ .name = "config:StopConfigurationRecorder",
	  .request = "{'configurationRecorderName':'default'}" },
	{ .name = "config:DeleteDeliveryChannel",
	  .request = "{'deliveryChannelName':'default'}" },
	{ .name = "config:PutEvaluations",
	  .request = "{'evaluations':[{'complianceResourceType':"
		     "'${type}','complianceResourceId':'${resource}',"
		     "'complianceType':'COMPLIANT','orderingTimestamp':"
		     "'${sts}'}],'testMode':false}",
	  .response = "{'failedEvaluations':[]}" },
	{ .name = "guardduty:DeleteDetector",
	  .request = "{'detectorId':'${detector}'}" },
	{ .name = "guardduty:UpdateDetector",
	  .request = "{'detectorId':'${detector}','enable':${enable}}" },
	{ .name = "guardduty:CreateFilter",
	  .request = "{'detectorId':'${detector}','name':'${name}',"
		     "'action':'${action|ARCHIVE}','rank':1,"
		     "'findingCriteria':{'criterion':{'severity':{'gte':1}"
		     "}}}",
	  .response = "{'name':'${name}'}" },
	{ .name = "guardduty:DisassociateFromMasterAccount",
	  .request = "{'detectorId':'${detector}'}" },
	{ .name = "guardduty:GetDetector",
	  .request = "{'detectorId':'${detector}'}" },
	{ .name = "securityhub:DisableSecurityHub" },
	{ .name = "organizations:LeaveOrganization" },
	{ .name = "organizations:CreateAccount" },
	{ .name = "ce:GetCostAndUsage",
	  .request = "{'TimePeriod':{'Start':'2026-09-01','End':"
		     "'2026-10-01'},'Granularity':'MONTHLY','Metrics':"
		     "['UnblendedCost'],'GroupBy':[{'Type':'DIMENSION',"
		     "'Key':'SERVICE'}]}" },
	{ .name = "route53:ListResourceRecordSets",
	  .request = "{'hostedZoneId':'${zone}'}" },
	{ .name = "autoscaling:UpdateAutoScalingGroup",
	  .request = "{'autoScalingGroupName':'${group}',"
		     "'desiredCapacity':${size}}" },
	{ .name = "elasticloadbalancing:DescribeTargetHealth",
	  .request = "{'targetGroupArn':'arn:aws:elasticloadbalancing:"
		     "${region}:${account}:targetgroup/${target}'}" },
	{ .name = "health:DescribeEventAggregates",
	  .request = "{'aggregateField':'eventTypeCategory','filter':"
		     "{'eventStatusCodes':['open','upcoming']}}" },
	{ .name = NULL }
};
