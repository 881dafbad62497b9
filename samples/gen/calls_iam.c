/* SPDX-License-Identifier: MIT */
/* Writes of IAM. Policy documents are text that holds JSON. */
#include "gen/calls.h"

#define STAR_DOCUMENT                                                     \
	"{`Version`:`2012-10-17`,`Statement`:[{`Effect`:`Allow`,`Action`" \
	":`*`,`Resource`:`*`}]}"
#define LAMBDA_TRUST                                               \
	"{`Version`:`2012-10-17`,`Statement`:[{`Effect`:`Allow`,"  \
	"`Principal`:{`Service`:`lambda.amazonaws.com`},`Action`:" \
	"`sts:AssumeRole`}]}"
#define USER_POLICY                                                       \
	"'userName':'${user}','policyName':'${policy}','policyDocument':" \
	"'${document|" STAR_DOCUMENT "}'"

const struct call calls_iam[] = {
	{ .name = "iam:CreateUser",
	  .request = "{'userName':'${user}'}",
	  .response = "{'user':{'path':'/','userName':'${user}','userId':"
		      "'${AIDA:user}','arn':'arn:aws:iam::${account}:user/"
		      "${user}','createDate':'${iam}'}}" },
	{ .name = "iam:DeleteUser", .request = "{'userName':'${user}'}" },
	{ .name = "iam:CreateAccessKey",
	  .request = "{'userName':'${user}'}",
	  .response = "{'accessKey':{'userName':'${user}','accessKeyId':"
		      "'${key}','status':'Active','createDate':'${iam}'}}" },
	{ .name = "iam:UpdateAccessKey",
	  .request = "{'userName':'${user}','accessKeyId':'${key}','status':"
		     "'${status|Inactive}'}" },
	{ .name = "iam:DeleteAccessKey",
	  .request = "{'userName':'${user}','accessKeyId':'${key}'}" },
	{ .name = "iam:CreateLoginProfile",
	  .request = "{'userName':'${user}','passwordResetRequired':"
		     "${reset|false}}",
	  .response = "{'loginProfile':{'userName':'${user}','createDate':"
		      "'${iam}','passwordResetRequired':${reset|false}}}" },
	{ .name = "iam:UpdateLoginProfile",
	  .request = "{'userName':'${user}'}" },
	{ .name = "iam:DeleteLoginProfile",
	  .request = "{'userName':'${user}'}" },
	{ .name = "iam:AttachUserPolicy",
	  .request = "{'userName':'${user}','policyArn':"
		     "'${policy|arn:aws:iam::aws:policy/"
		     "AdministratorAccess}'}" },
	{ .name = "iam:DetachUserPolicy",
	  .request = "{'userName':'${user}','policyArn':'${policy}'}" },
	{ .name = "iam:AttachRolePolicy",
	  .request = "{'roleName':'${role}','policyArn':'${policy}'}" },
	{ .name = "iam:AttachGroupPolicy",
	  .request = "{'groupName':'${group}','policyArn':'${policy}'}" },
	{ .name = "iam:PutUserPolicy", .request = "{" USER_POLICY "}" },
	{ .name = "iam:PutRolePolicy",
	  .request = "{'roleName':'${role}','policyName':'${policy}',"
		     "'policyDocument':'${document|" STAR_DOCUMENT "}'}" },
	{ .name = "iam:CreatePolicy",
	  .request = "{'policyName':'${policy}','policyDocument':"
		     "'${document|" STAR_DOCUMENT "}'}",
	  .response = "{'policy':{'policyName':'${policy}','policyId':"
		      "'${ANPA:policy}','arn':'arn:aws:iam::${account}:policy/"
		      "${policy}','path':'/','defaultVersionId':'v1',"
		      "'attachmentCount':0,'permissionsBoundaryUsageCount':0,"
		      "'isAttachable':true,'createDate':'${iam}','updateDate':"
		      "'${iam}'}}" },
	{ .name = "iam:CreatePolicyVersion",
	  .request = "{'policyArn':'arn:aws:iam::${account}:policy/"
		     "${policy}','policyDocument':'${document|" STAR_DOCUMENT
		     "}','setAsDefault':${default|true}}",
	  .response = "{'policyVersion':{'versionId':'${version|v2}',"
		      "'isDefaultVersion':${default|true},'createDate':"
		      "'${iam}'}}" },
	{ .name = "iam:SetDefaultPolicyVersion",
	  .request = "{'policyArn':'arn:aws:iam::${account}:policy/"
		     "${policy}','versionId':'${version|v1}'}" },
	{ .name = "iam:AddUserToGroup",
	  .request = "{'groupName':'${group}','userName':'${user}'}" },
	{ .name = "iam:UpdateAssumeRolePolicy",
	  .request = "{'roleName':'${role}','policyDocument':'${document}'}" },
	{ .name = "iam:CreateRole",
	  .request = "{'roleName':'${role}'${folder|},"
		     "'assumeRolePolicyDocument':'${document|" LAMBDA_TRUST
		     "}','maxSessionDuration':3600}",
	  .response = "{'role':{'path':'${path|/}','roleName':'${role}',"
		      "'roleId':'${AROA:role}','arn':'arn:aws:iam::"
		      "${account}:role${path|/}${role}','createDate':'${iam}',"
		      "'assumeRolePolicyDocument':'${encoded|"
		      "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22"
		      "%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22"
		      "%3A%7B%22Service%22%3A%22lambda.amazonaws.com%22%7D"
		      "%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D}'}}" },
	{ .name = "iam:CreateInstanceProfile",
	  .request = "{'instanceProfileName':'${role}','path':'/'}",
	  .response = "{'instanceProfile':{'path':'/',"
		      "'instanceProfileName':'${role}','instanceProfileId':"
		      "'${AIPA:role}','arn':'arn:aws:iam::${account}:"
		      "instance-profile/${role}','createDate':'${iam}',"
		      "'roles':[]}}" },
	{ .name = "iam:AddRoleToInstanceProfile",
	  .request = "{'instanceProfileName':'${role}','roleName':"
		     "'${role}'}" },
	{ .name = "iam:TagRole",
	  .request = "{'roleName':'${role}','tags':[{'key':'${tag}','value':"
		     "'${value}'}]}" },
	{ .name = "iam:CreateSAMLProvider",
	  .request = "{'name':'${provider}','sAMLMetadataDocument':"
		     "'HIDDEN_DUE_TO_SECURITY_REASONS'}",
	  .response = "{'sAMLProviderArn':'arn:aws:iam::${account}:"
		      "saml-provider/${provider}'}" },
	{ .name = "iam:CreateOpenIDConnectProvider",
	  .request = "{'url':'https://${provider}','clientIDList':"
		     "['sts.amazonaws.com'],'thumbprintList':['${hex40}']}",
	  .response = "{'openIDConnectProviderArn':'arn:aws:iam::"
		      "${account}:oidc-provider/${provider}'}" },
	{ .name = "rolesanywhere:CreateTrustAnchor",
	  .request = "{'enabled':true,'name':'${name}','source':"
		     "{'sourceData':{'x509CertificateData':'-----BEGIN "
		     "CERTIFICATE-----\\nMIIB${base64320}\\n-----END "
		     "CERTIFICATE-----'},'sourceType':"
		     "'CERTIFICATE_BUNDLE'}}",
	  .response = "{'trustAnchor':{'name':'${name}','enabled':true,"
		      "'createdAt':'${iso}','trustAnchorArn':"
		      "'arn:aws:rolesanywhere:${region}:${account}:"
		      "trust-anchor/${uuid}'}}" },
	{ .name = NULL }
};

const struct call calls_iam_read[] = {
	{ .name = "iam:GetUser", .request = "{'userName':'${user}'}" },
	{ .name = "iam:GetRole", .request = "{'roleName':'${role}'}" },
	{ .name = "iam:GetPolicy", .request = "{'policyArn':'${policy}'}" },
	{ .name = "iam:GetPolicyVersion",
	  .request = "{'policyArn':'${policy}','versionId':"
		     "'${version|v1}'}" },
	{ .name = "iam:GetRolePolicy",
	  .request = "{'roleName':'${role}','policyName':'${policy}'}" },
	{ .name = "iam:GetUserPolicy",
	  .request = "{'userName':'${user}','policyName':'${policy}'}" },
	{ .name = "iam:GetInstanceProfile",
	  .request = "{'instanceProfileName':'${profile}'}" },
	{ .name = "iam:GetAccessKeyLastUsed",
	  .request = "{'accessKeyId':'${key}'}" },
	{ .name = "iam:GetLoginProfile", .request = "{'userName':'${user}'}" },
	{ .name = "iam:GetAccountAuthorizationDetails",
	  .request = "{'maxItems':1000}" },
	{ .name = "iam:ListAttachedRolePolicies",
	  .request = "{'roleName':'${role}'}" },
	{ .name = "iam:ListRolePolicies", .request = "{'roleName':'${role}'}" },
	{ .name = "iam:ListAttachedUserPolicies",
	  .request = "{'userName':'${user}'}" },
	{ .name = "iam:ListUserPolicies", .request = "{'userName':'${user}'}" },
	{ .name = "iam:ListGroupsForUser",
	  .request = "{'userName':'${user}'}" },
	{ .name = "iam:ListAccessKeys", .request = "{'userName':'${user}'}" },
	{ .name = "iam:ListMFADevices", .request = "{'userName':'${user}'}" },
	{ .name = "iam:ListPolicies",
	  .request = "{'scope':'Local','onlyAttached':false}" },
	{ .name = "iam:ListEntitiesForPolicy",
	  .request = "{'policyArn':'${policy}'}" },
	{ .name = "iam:SimulatePrincipalPolicy",
	  .request = "{'policySourceArn':'${caller}','actionNames':"
		     "['iam:CreateUser','iam:PassRole','s3:GetObject',"
		     "'ec2:RunInstances'],'resourceArns':['*']}" },
	{ .name = NULL }
};
