/* SPDX-License-Identifier: MIT */
/* Lambda, EventBridge and Systems Manager: what runs code. */
#include "gen/calls.h"

#define FUNCTION_ARN "arn:aws:lambda:${region}:${account}:function:${function}"
#define FUNCTION                                                          \
	"'functionName':'${function}','functionArn':'" FUNCTION_ARN "',"  \
	"'runtime':'${runtime|python3.12}','role':'arn:aws:iam::"         \
	"${account}:role/${role}','handler':'${handler|index.handler}',"  \
	"'codeSize':${codeSize|1871},'description':'','timeout':"         \
	"${timeout|15},'memorySize':${memory|128},'lastModified':"        \
	"'${iso}','codeSha256':'${base6443}=','version':'$LATEST',"       \
	"'environment':{},'tracingConfig':{'mode':'PassThrough'},"        \
	"'revisionId':'${uuid}','state':'${state|Active}','packageType':" \
	"'Zip','architectures':['x86_64'],'ephemeralStorage':{'size':512}"
#define HIDDEN "'HIDDEN_DUE_TO_SECURITY_REASONS'"
#define INSTANCE_RESOURCE                                         \
	"{'accountId':'${account}','ARN':'arn:aws:ec2:${region}:" \
	"${account}:instance/${instance}'}"

const struct call calls_lambda[] = {
	{ .name = "lambda:CreateFunction20150331",
	  .request = "{'functionName':'${function}','runtime':"
		     "'${runtime|python3.12}','role':'arn:aws:iam::"
		     "${account}:role/${role}','handler':"
		     "'${handler|index.handler}','code':{},'description':'',"
		     "'timeout':${timeout|15},'memorySize':${memory|128},"
		     "'publish':false,'packageType':'Zip'}",
	  .response = "{" FUNCTION "}" },
	{ .name = "lambda:UpdateFunctionCode20150331v2",
	  .request = "{'functionName':'${function}','publish':"
		     "${publish|false},'dryRun':false${from|}}",
	  .response = "{" FUNCTION "}" },
	{ .name = "lambda:UpdateFunctionConfiguration20150331v2",
	  .request = "{'functionName':'${function}',${change}}",
	  .response = "{" FUNCTION "}" },
	{ .name = "lambda:GetFunction20150331v2",
	  .request = "{'functionName':'${function}'}" },
	{ .name = "lambda:GetPolicy20150331v2",
	  .request = "{'functionName':'${function}'}" },
	{ .name = "lambda:ListFunctions20150331" },
	{ .name = "lambda:Invoke",
	  .flags = CALL_DATA,
	  .request = "{'functionName':'" FUNCTION_ARN "','sourceArn':"
		     "${source|null},'invocationType':'RequestResponse'}",
	  .resources = "[{'accountId':'${account}','type':"
		       "'AWS::Lambda::Function','ARN':'" FUNCTION_ARN "'}]" },
	{ .name = "lambda:AddPermission20150331v2",
	  .request = "{'functionName':'${function}','statementId':"
		     "'${sid|invoke}','action':'lambda:InvokeFunction',"
		     "'principal':'${principal}'}",
	  .response = "{'statement':'{`Sid`:`${sid|invoke}`,`Effect`:"
		      "`Allow`,`Principal`:`${principal}`,`Action`:"
		      "`lambda:InvokeFunction`,`Resource`:`" FUNCTION_ARN
		      "`}'}" },
	{ .name = "lambda:CreateFunctionUrlConfig",
	  .request = "{'functionName':'${function}','authType':"
		     "'${auth|NONE}'}",
	  .response = "{'functionUrl':'https://${hex32}.lambda-url."
		      "${region}.on.aws/','functionArn':'" FUNCTION_ARN
		      "','authType':'${auth|NONE}','creationTime':"
		      "'${iso}'}" },
	{ .name = "lambda:PublishVersion20150331",
	  .request = "{'functionName':'${function}'}",
	  .response = "{" FUNCTION "}" },
	{ .name = "events:PutRule",
	  .request = "{'name':'${rule}','scheduleExpression':"
		     "'${schedule|rate(5 minutes)}','state':'ENABLED'}",
	  .response = "{'ruleArn':'arn:aws:events:${region}:${account}:"
		      "rule/${rule}'}" },
	{ .name = "events:PutTargets",
	  .request = "{'rule':'${rule}','targets':[{'id':'1','arn':"
		     "'" FUNCTION_ARN "'}]}",
	  .response = "{'failedEntryCount':0,'failedEntries':[]}" },
	{ .name = "ssm:DescribeInstanceInformation",
	  .request = "{'maxResults':50}" },
	{ .name = "ssm:SendCommand",
	  .request = "{'instanceIds':[${instances|'${instance}'}],"
		     "'documentName':'${document|AWS-RunShellScript}',"
		     "'parameters':" HIDDEN ",'interactive':false}",
	  .response = "{'command':{'commandId':'${command}','documentName':"
		      "'${document|AWS-RunShellScript}','documentVersion':"
		      "'$DEFAULT','comment':'','expiresAfter':"
		      "'${sts+7200}','parameters':" HIDDEN
		      ",'instanceIds':[${instances|'${instance}'}],"
		      "'targets':[],'requestedDateTime':'${sts}','status':"
		      "'Pending','statusDetails':'Pending','maxConcurrency':"
		      "'50','maxErrors':'0','targetCount':${targets|1},"
		      "'completedCount':0,'errorCount':0,'interactive':"
		      "false,'timeoutSeconds':3600}}" },
	{ .name = "ssm:GetCommandInvocation",
	  .request = "{'commandId':'${command}','instanceId':"
		     "'${instance}'}" },
	{ .name = "ssm:StartSession",
	  .request = "{'target':'${instance}'${document|}}",
	  .response = "{'sessionId':'${me}-0${hex16}','tokenValue':"
		      "'Value hidden due to security reasons.','streamUrl':"
		      "'wss://ssmmessages.${region}.amazonaws.com/v1/"
		      "data-channel/${me}-0${hex16}?role=publish_subscribe'"
		      "}" },
	{ .name = "ssm:TerminateSession",
	  .request = "{'sessionId':'${me}-0${hex16}'}",
	  .response = "{'sessionId':'${me}-0${hex16}'}" },
	{ .name = "ssm:UpdateInstanceInformation",
	  .request = "{'instanceId':'${instance}','agentVersion':"
		     "'3.3.551.0','agentStatus':'Active','platformType':"
		     "'Linux','platformName':'Amazon Linux',"
		     "'platformVersion':'2023','iPAddress':'${private}',"
		     "'computerName':'${computer|ip-10-0-30-91.internal}',"
		     "'agentName':'amazon-ssm-agent'}" },
	{ .name = "ssm:ListInstanceAssociations",
	  .request = "{'instanceId':'${instance}','maxResults':20}",
	  .resources = "[" INSTANCE_RESOURCE "]" },
	{ .name = "ssm:UpdateInstanceAssociationStatus",
	  .request = "{'associationId':'${association}','instanceId':"
		     "'${instance}','executionResult':{'executionDate':"
		     "'${sts}','status':'Success','executionSummary':"
		     "'1 out of 1 plugin processed, 1 success',"
		     "'errorCode':''}}",
	  .resources = "[" INSTANCE_RESOURCE "]" },
	{ .name = "ssm:PutInventory",
	  .request = "{'instanceId':'${instance}','items':[{'typeName':"
		     "'AWS:Application','schemaVersion':'1.1',"
		     "'captureTime':'${iso}','contentHash':'${base6422}=='"
		     "},{'typeName':'AWS:Network','schemaVersion':'1.0',"
		     "'captureTime':'${iso}','contentHash':"
		     "'${base6422}=='}]}",
	  .resources = "[" INSTANCE_RESOURCE "]" },
	{ .name = "ssm:GetParameter",
	  .request = "{'name':'${name}','withDecryption':"
		     "${decrypt|true}}",
	  .resources = "[{'accountId':'${account}','ARN':'arn:aws:ssm:"
		       "${region}:${account}:parameter${name}'}]" },
	{ .name = NULL }
};
