/* SPDX-License-Identifier: MIT */
/*
 * What issues credentials: STS, sign-in, Identity Center. The arguments come
 * from issue.c. A session token is as long as ${token} says: real ones have
 * 500 to 1,400 characters, samples are smaller for it.
 */
#include "gen/calls.h"

#define CREDENTIALS                                              \
	"'credentials':{'accessKeyId':'${key}','sessionToken':"  \
	"'IQoJb3JpZ2luX2VjE${token|${base64239}}','expiration':" \
	"'${sts+${seconds|3600}}'}"
#define ASSUMED                                                       \
	"'assumedRoleUser':{'assumedRoleId':'${pid}','arn':"          \
	"'arn:aws:sts::${owner|${account}}:assumed-role/${roleName}/" \
	"${session}'}"
#define ROLE_RESOURCES                                                 \
	"[{'accountId':'${owner|${account}}','type':'AWS::IAM::Role'," \
	"'ARN':'${role}'}]"

#define HIDDEN "HIDDEN_DUE_TO_SECURITY_REASONS"

const struct call calls_sts[] = {
	{ .name = "sts:AssumeRole",
	  .flags = CALL_READ,
	  .request = "{'roleArn':'${role}','roleSessionName':'${session}'"
		     "${more|,'durationSeconds':${seconds|3600}}}",
	  .response = "{" CREDENTIALS "," ASSUMED "${source|}}",
	  .resources = ROLE_RESOURCES },
	/* EC2 and Lambda leave assumedRoleUser out. */
	{ .name = "sts:AssumeRole for compute",
	  .flags = CALL_READ,
	  .request = "{'roleArn':'${role}','roleSessionName':'${session}'}",
	  .response = "{" CREDENTIALS "}",
	  .resources = ROLE_RESOURCES },
	{ .name = "sts:AssumeRoleWithSAML",
	  .flags = CALL_READ,
	  .request = "{'sAMLAssertionID':'_${uuid}','roleSessionName':"
		     "'${session}','roleArn':'${role}','principalArn':"
		     "'arn:aws:iam::${account}:saml-provider/${provider}',"
		     "'durationSeconds':${seconds|3600}}",
	  .response = "{'subjectType':'persistent','issuer':"
		      "'https://portal.sso.example.com/saml','subject':"
		      "'${subject}','nameQualifier':'${base6427}=',"
		      "'audience':'https://signin.aws.amazon.com/"
		      "saml'," CREDENTIALS "," ASSUMED "}",
	  .resources = ROLE_RESOURCES },
	{ .name = "sts:AssumeRoleWithWebIdentity",
	  .flags = CALL_READ,
	  .request = "{'roleArn':'${role}','roleSessionName':'${session}',"
		     "'durationSeconds':${seconds|3600}}",
	  .response = "{'subjectFromWebIdentityToken':'${subject}',"
		      "'provider':'${provider}','audience':"
		      "'sts.amazonaws.com'," CREDENTIALS "," ASSUMED "}",
	  .resources = ROLE_RESOURCES },
	{ .name = "sts:GetSessionToken",
	  .flags = CALL_READ,
	  .request = "{'durationSeconds':${seconds|3600}${mfa|}}",
	  .response = "{" CREDENTIALS "}" },
	{ .name = "sts:GetFederationToken",
	  .flags = CALL_READ,
	  .request = "{'name':'${name}','policy':'{`Version`:`2012-10-17`,"
		     "`Statement`:[{`Effect`:`Allow`,`Action`:`*`,"
		     "`Resource`:`*`}]}','durationSeconds':"
		     "${seconds|129600}}",
	  .response = "{" CREDENTIALS ",'federatedUser':{'federatedUserId':"
		      "'${account}:${name}','arn':'arn:aws:sts::${account}:"
		      "federated-user/${name}'},'packedPolicySize':4}" },
	{ .name = "sts:GetCallerIdentity" },
	{ .name = "signin:ConsoleLogin",
	  .flags = CALL_SIGNIN | CALL_WRITE,
	  .response = "{'ConsoleLogin':'${result|Success}'}",
	  .additional = "{'LoginTo':'https://${region}.console.aws.amazon.com/"
			"console/home?region=${region}&state=hashArgs%23&"
			"isauthcode=true','MobileVersion':'No'${mfa|,"
			"'MFAIdentifier':'arn:aws:iam::${account}:mfa/${me}',"
			"'MFAUsed':'Yes'}}" },
	{ .name = "signin:CheckMfa",
	  .flags = CALL_SIGNIN | CALL_WRITE,
	  .response = "{'CheckMfa':'Success'}",
	  .additional = "{'MfaType':'Virtual MFA'}" },
	{ .name = "signin:SwitchRole",
	  .flags = CALL_SIGNIN | CALL_WRITE,
	  .response = "{'SwitchRole':'Success'}",
	  .additional = "{'SwitchFrom':'${from}','RedirectTo':"
			"'https://console.aws.amazon.com/console/home'}" },
	{ .name = "signin:GetSigninToken",
	  .flags = CALL_SIGNIN | CALL_WRITE,
	  .response = "{'GetSigninToken':'Success'}",
	  .additional = "{'MobileVersion':'No','MFAUsed':'No'}" },
	{ .name = "sso:GetRoleCredentials",
	  .details = "{'role_name':'${permission}','account_id':"
		     "'${target}'}" },
	{ .name = "sso:Federate",
	  .flags = CALL_READ,
	  .details = "{'role_name':'${permission}','account_id':"
		     "'${target}'}" },
	{ .name = "sso:Authenticate", .flags = CALL_READ },
	/* A device code that somebody approved in a browser. */
	{ .name = "sso-oauth:CreateToken",
	  .request = "{'clientId':'" HIDDEN "','clientSecret':'" HIDDEN
		     "','grantType':'${grant}','deviceCode':'" HIDDEN "'}",
	  .response = "{'accessToken':'" HIDDEN "','tokenType':'Bearer',"
		      "'expiresIn':${seconds|28800},'refreshToken':'" HIDDEN
		      "'}",
	  .additional = "{'identitycenter:CredentialId':'${credential}'}" },
	{ .name = NULL }
};
