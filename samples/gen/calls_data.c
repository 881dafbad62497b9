/* SPDX-License-Identifier: MIT */
/* Databases, secrets and keys. */
#include "gen/calls.h"

#define KEY_RESOURCE                                               \
	"[{'accountId':'${account}','type':'AWS::KMS::Key','ARN':" \
	"'arn:aws:kms:${region}:${account}:key/${kms}'}]"
#define SNAPSHOT                                                       \
	"'dBSnapshotIdentifier':'${snapshot}','dBInstanceIdentifier':" \
	"'${db}','allocatedStorage':20,'instanceCreateTime':"          \
	"'Jun 12, 2026 3:14:09 AM','engine':'mysql','status':"         \
	"'${status|creating}','port':3306,'availabilityZone':"         \
	"'${region}a','vpcId':'${vpc|vpc-0a31f0c8b27e5d946}',"         \
	"'masterUsername':'admin','engineVersion':'8.0.39',"           \
	"'snapshotType':'manual','encrypted':${encrypted|false},"      \
	"'storageType':'gp3','dBSnapshotArn':'arn:aws:rds:${region}:"  \
	"${account}:snapshot:${snapshot}'"

const struct call calls_data[] = {
	{ .name = "rds:CreateDBSnapshot",
	  .request = "{'dBSnapshotIdentifier':'${snapshot}',"
		     "'dBInstanceIdentifier':'${db}'}",
	  .response = "{" SNAPSHOT "}" },
	{ .name = "rds:CopyDBSnapshot",
	  .request = "{'sourceDBSnapshotIdentifier':'${source}',"
		     "'targetDBSnapshotIdentifier':'${snapshot}'"
		     "${more|}}",
	  .response = "{" SNAPSHOT "}" },
	{ .name = "rds:DeleteDBSnapshot",
	  .request = "{'dBSnapshotIdentifier':'${snapshot}'}",
	  .response = "{" SNAPSHOT "}" },
	{ .name = "rds:DescribeDBSnapshots",
	  .request = "{'includePublic':false,'includeShared':false}" },
	{ .name = "rds:ModifyDBSnapshotAttribute",
	  .request = "{'dBSnapshotIdentifier':'${snapshot}',"
		     "'attributeName':'restore','${verb|valuesToAdd}':["
		     "'${who}']}",
	  .response = "{'dBSnapshotIdentifier':'${snapshot}',"
		      "'dBSnapshotAttributes':[{'attributeName':'restore',"
		      "'attributeValues':[${left|'${who}'}]}]}" },
	{ .name = "rds:ModifyDBClusterSnapshotAttribute",
	  .request = "{'dBClusterSnapshotIdentifier':'${snapshot}',"
		     "'attributeName':'restore','${verb|valuesToAdd}':["
		     "'${who}']}",
	  .response = "{'dBClusterSnapshotIdentifier':'${snapshot}',"
		      "'dBClusterSnapshotAttributes':[{'attributeName':"
		      "'restore','attributeValues':['${who}']}]}" },
	{ .name = "rds:ModifyDBInstance",
	  .request = "{'dBInstanceIdentifier':'${db}',${change},"
		     "'applyImmediately':${now|true}}",
	  .response = "{'dBInstanceIdentifier':'${db}','dBInstanceStatus':"
		      "'available','engine':'mysql','publiclyAccessible':"
		      "${public|false},'dBInstanceArn':'arn:aws:rds:"
		      "${region}:${account}:db:${db}'}" },
	{ .name = "secretsmanager:GetSecretValue",
	  .request = "{'secretId':'${secret}'}" },
	{ .name = "secretsmanager:DescribeSecret",
	  .request = "{'secretId':'${secret}'}" },
	{ .name = "secretsmanager:ListSecrets",
	  .request = "{'maxResults':100}" },
	{ .name = "kms:Decrypt",
	  .flags = CALL_READ,
	  .request = "{'encryptionAlgorithm':'SYMMETRIC_DEFAULT',"
		     "'encryptionContext':{${context}}}",
	  .resources = KEY_RESOURCE },
	{ .name = "kms:GenerateDataKey",
	  .flags = CALL_READ,
	  .request = "{'keyId':'arn:aws:kms:${region}:${account}:key/"
		     "${kms}','keySpec':'AES_256','encryptionContext':{"
		     "${context}}}",
	  .resources = KEY_RESOURCE },
	{ .name = "kms:DescribeKey",
	  .request = "{'keyId':'${kms}'}",
	  .resources = KEY_RESOURCE },
	{ .name = "kms:CreateGrant",
	  .request = "{'keyId':'arn:aws:kms:${region}:${account}:key/"
		     "${kms}','granteePrincipal':'${grantee}','operations':"
		     "[${operations|'Decrypt','DescribeKey'}]}",
	  .response = "{'grantId':'${hex64}','keyId':'arn:aws:kms:"
		      "${region}:${account}:key/${kms}'}",
	  .resources = KEY_RESOURCE },
	{ .name = "kms:RotateKey", .resources = KEY_RESOURCE },
	{ .name = "kms:PutKeyPolicy",
	  .request = "{'keyId':'${kms}','policyName':'default','policy':"
		     "'${document}','bypassPolicyLockoutSafetyCheck':"
		     "false}",
	  .resources = KEY_RESOURCE },
	{ .name = "cognito-identity:GetCredentialsForIdentity",
	  .flags = CALL_DATA | CALL_READ,
	  .request = "{'identityId':'${identity}'${logins|}}",
	  .response = "{'identityId':'${identity}','credentials':"
		      "{'accessKeyId':'${key}','sessionToken':"
		      "'HIDDEN_DUE_TO_SECURITY_REASONS','expiration':"
		      "'${sts+3600}'}}" },
	{ .name = "dynamodb:CreateBackup",
	  .request = "{'tableName':'${table}','backupName':'${backup}'}",
	  .response = "{'backupDetails':{'backupArn':'arn:aws:dynamodb:"
		      "${region}:${account}:table/${table}/backup/${backup}',"
		      "'backupName':'${backup}','backupStatus':'CREATING'}}" },
	{ .name = "dynamodb:RestoreTableFromBackup",
	  .request = "{'targetTableName':'${target}','backupArn':"
		     "'arn:aws:dynamodb:${region}:${account}:table/${table}/"
		     "backup/${backup}'}",
	  .response = "{'tableDescription':{'tableName':'${target}',"
		      "'tableStatus':'CREATING'}}" },
	{ .name = "dynamodb:Scan",
	  .flags = CALL_DATA | CALL_READ,
	  .request = "{'tableName':'${table}'}" },
	{ .name = "dynamodb:DescribeTable",
	  .request = "{'tableName':'${table}'}" },
	{ .name = "backup:StartBackupJob",
	  .request = "{'backupVaultName':'${vault}','resourceArn':"
		     "'${resource}','iamRoleArn':'arn:aws:iam::${account}:"
		     "role/service-role/AWSBackupDefaultServiceRole',"
		     "'lifecycle':{'deleteAfterDays':35}}",
	  .response = "{'backupJobId':'${uuid}','creationDate':'${sts}'}" },
	{ .name = "backup:BackupJobCompleted",
	  .details = "{'completionDate':{'seconds':${epoch},'nanos':0},"
		     "'state':'COMPLETED','percentDone':100,"
		     "'backupVaultName':'${vault}','resourceArn':"
		     "'${resource}'}" },
	{ .name = "ecr:GetAuthorizationToken",
	  .flags = CALL_READ,
	  .response = "null" },
	{ .name = "ecr:PutImage",
	  .request = "{'repositoryName':'${repository}','imageTag':"
		     "'${tag}','registryId':'${account}'}",
	  .response = "{'image':{'repositoryName':'${repository}',"
		      "'registryId':'${account}','imageId':{'imageDigest':"
		      "'sha256:${hex64}','imageTag':'${tag}'}}}" },
	{ .name = "ecs:UpdateService",
	  .request = "{'cluster':'${cluster}','service':'${service}',"
		     "'taskDefinition':'${task}','forceNewDeployment':true"
		     "}",
	  .response = "{'service':{'serviceArn':'arn:aws:ecs:${region}:"
		      "${account}:service/${cluster}/${service}','status':"
		      "'ACTIVE','desiredCount':2,'runningCount':2}}" },
	{ .name = "cloudformation:CreateChangeSet",
	  .request = "{'stackName':'${stack}','changeSetName':'${change}',"
		     "'capabilities':['CAPABILITY_NAMED_IAM']}",
	  .response = "{'id':'arn:aws:cloudformation:${region}:${account}:"
		      "changeSet/${change}/${uuid}'}" },
	{ .name = "cloudformation:ExecuteChangeSet",
	  .request = "{'stackName':'${stack}','changeSetName':"
		     "'${change}'}" },
	{ .name = "cloudformation:CreateStack",
	  .request = "{'stackName':'${stack}','capabilities':"
		     "['CAPABILITY_NAMED_IAM'],'enableTerminationProtection'"
		     ":true}",
	  .response = "{'stackId':'arn:aws:cloudformation:${region}:"
		      "${account}:stack/${stack}/${id|${uuid}}'}" },
	{ .name = "cloudformation:DescribeStacks",
	  .request = "{'stackName':'${stack}'}" },
	{ .name = NULL }
};
