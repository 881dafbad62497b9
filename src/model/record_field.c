/* SPDX-License-Identifier: MIT */
#include "model/record_field.h"

/* Of CloudTrail records, version 1.11, and Insights; the parts of a field
 * follow it. */
const struct record_field cloudtrail_fields[] = {
	{ "additionalEventData",
	  "What a service adds that is neither request nor answer: whether MFA "
	  "was used to sign in, how many bytes an S3 request moved, how it was "
	  "signed. At most 28 KB." },
	{ "additionalEventData.MFAUsed",
	  "Yes or No, of sign-ins to the console. Sign-ins by role or Identity "
	  "Center say No: MFA was asked for by the provider." },
	{ "additionalEventData.LoginTo", "The page that a sign-in led to." },
	{ "additionalEventData.SwitchFrom",
	  "Who switched roles in the console: the identity before." },
	{ "additionalEventData.bytesTransferredOut",
	  "Bytes that an S3 request sent out: what was read." },
	{ "additionalEventData.bytesTransferredIn",
	  "Bytes that an S3 request took in: what was written." },
	{ "additionalEventData.AuthenticationMethod",
	  "How an S3 request was signed: AuthHeader, or QueryString for a "
	  "presigned URL, which works without credentials of its own." },
	{ "additionalEventData.SignatureVersion",
	  "Version of the signature of an S3 request: SigV4, SigV2." },
	{ "addendum",
	  "Says that this record was delivered late or takes the place of "
	  "another one: reason (DELIVERY_DELAY, UPDATED_DATA, SERVICE_OUTAGE), "
	  "originalEventID, updatedFields. trawl puts it in the place of its "
	  "original." },
	{ "annotation", "A note of CloudTrail Lake; not in trails." },
	{ "apiVersion", "Version of the API that was called, often a date." },
	{ "awsRegion",
	  "The region that was called. IAM, Organizations, Route 53, CloudFront "
	  "and the global endpoint of STS say us-east-1." },
	{ "edgeDeviceDetails", "Of S3 on Outposts: which device." },
	{ "errorCode",
	  "Why the call did not succeed; absent when it did. A failed sign-in "
	  "has none, only errorMessage. Client.DryRunOperation means that it "
	  "would have succeeded." },
	{ "errorMessage",
	  "The error in words. A denied AssumeRole names its role here alone; "
	  "its request is null." },
	{ "eventCategory",
	  "Management, Data, NetworkActivity, Insight or Aggregated; missing "
	  "before version 1.07." },
	{ "eventContext",
	  "Tags of resources and principals; only in enriched stores of "
	  "CloudTrail Lake." },
	{ "eventID",
	  "The event's own id, by which copies are found: the same event is "
	  "often delivered more than once." },
	{ "eventName", "The call that was made. Lambda's carry a date: "
		       "CreateFunction20150331." },
	{ "eventSource",
	  "The service that was called: iam.amazonaws.com. CloudWatch is "
	  "monitoring.amazonaws.com." },
	{ "eventTime",
	  "When the request was completed, UTC, to the second. Neither unique "
	  "nor in order inside a file." },
	{ "eventType",
	  "AwsApiCall, AwsConsoleSignIn, AwsConsoleAction, AwsServiceEvent (a "
	  "service did it by itself), AwsVpceEvent, AwsCloudTrailInsight, "
	  "AwsAggregatedEvent." },
	{ "eventVersion",
	  "Version of the record's format. 1.11 is newer than 1.9; records "
	  "write 1.08 for 1.8." },
	{ "insightContext", "Of an Insights event from Lake: its averages." },
	{ "insightDetails",
	  "Of an Insights event: which call was unusually frequent or failed "
	  "unusually often (eventSource, eventName, insightType), Start or End, "
	  "the usual average and the one that was seen." },
	{ "insightErrorCode", "Of an Insights event from Lake: the error." },
	{ "insightEventName", "Of an Insights event from Lake: the call." },
	{ "insightEventSource",
	  "Of an Insights event from Lake: the service." },
	{ "insightSource", "Of an Insights event from Lake: the service." },
	{ "insightState", "Of an Insights event from Lake: Start or End." },
	{ "insightType",
	  "ApiCallRateInsight or ApiErrorRateInsight; of Lake." },
	{ "managementEvent",
	  "True of a management event, false of a data event." },
	{ "readOnly",
	  "True of a call that changes nothing. AssumeRole is readOnly: true, "
	  "so a filter on changes hides who became whom." },
	{ "recipientAccountId",
	  "The account that received the event. A call into another account is "
	  "delivered to both, and then differs from userIdentity.accountId." },
	{ "requestID",
	  "The id that the service gave the request. AssumeRole by EC2 has the "
	  "requestID of the RunInstances that started the machine." },
	{ "requestParameters",
	  "What was asked for, up to 100 KB; null when AssumeRole was denied. "
	  "Secrets are HIDDEN_DUE_TO_SECURITY_REASONS, so what SendCommand ran "
	  "is not in it." },
	{ "resources",
	  "The resources that the call was about: ARN, accountId, type. Not all "
	  "services fill it in." },
	{ "responseElements",
	  "What was answered; null of calls that only read. AssumeRole and "
	  "CreateAccessKey say here which key they issued." },
	{ "responseElements.credentials.accessKeyId",
	  "The temporary key that STS issued. Console sessions go on to use "
	  "other keys of the same session." },
	{ "responseElements.credentials.expiration",
	  "When the issued credentials end." },
	{ "serviceEventDetails",
	  "What a service says of something that it did by itself." },
	{ "sessionCredentialFromConsole",
	  "true when the call was made by a session of the console; absent "
	  "otherwise." },
	{ "sharedEventID",
	  "The same in all copies of an action that was delivered to more than "
	  "one account. An AssumeRole by a service has it in one account, too: "
	  "the other copy went to the service." },
	{ "sourceIPAddress",
	  "Where the call came from: an address, the name of the service that "
	  "called for somebody, or AWS Internal. A private address came through "
	  "a VPC endpoint." },
	{ "tlsDetails",
	  "Version and cipher of the connection, and the host that the client "
	  "asked for; absent when a service calls for you." },
	{ "tlsDetails.clientProvidedHostHeader",
	  "The host name that the client asked for; shows the bucket in "
	  "requests to S3." },
	{ "userAgent",
	  "The program that called, as it calls itself: whoever calls writes it. "
	  "S3 puts it in brackets." },
	{ "userIdentity",
	  "Who called. What is in it depends on its type; see userIdentity.type "
	  "and the parts below it." },
	{ "userIdentity.type",
	  "Root, IAMUser, AssumedRole, FederatedUser, SAMLUser, "
	  "WebIdentityUser, IdentityCenterUser, AWSAccount (somebody of another "
	  "account, or anonymous), AWSService, Directory, Role or Unknown." },
	{ "userIdentity.principalId",
	  "The unique id: AIDA... of a user, AROA...:SESSION of a role's "
	  "session, the account of root. A user that is made again has "
	  "another." },
	{ "userIdentity.arn",
	  "The caller. Of a role's session without the role's path; the role is "
	  "in userIdentity.sessionContext.sessionIssuer.arn." },
	{ "userIdentity.accountId", "The account of the caller." },
	{ "userIdentity.accessKeyId",
	  "The key that signed the request: AKIA... is long-term, ASIA... "
	  "temporary. The console uses a new one for each request." },
	{ "userIdentity.userName",
	  "Name of a user. HIDDEN_DUE_TO_SECURITY_REASONS when somebody signed "
	  "in with a name that does not exist: these are not one user." },
	{ "userIdentity.invokedBy",
	  "The service that called for somebody, or AWS Internal. Not a sign-in "
	  "of its own." },
	{ "userIdentity.onBehalfOf",
	  "The user of Identity Center behind a session: userId and "
	  "identityStoreArn." },
	{ "userIdentity.inScopeOf",
	  "To which machine or function the credentials were issued: "
	  "issuerType, credentialsIssuedTo. The strongest tie between a session "
	  "and what it runs on." },
	{ "userIdentity.credentialId", "Which credential of a user was used." },
	{ "userIdentity.identityProvider",
	  "The provider that vouched for a SAML or web identity." },
	{ "userIdentity.sessionContext",
	  "Of temporary credentials: when they were issued, from which role or "
	  "user, and with MFA or without." },
	{ "userIdentity.sessionContext.attributes.creationDate",
	  "When the session was issued. With principalId it names a session; it "
	  "is the eventTime of the event that issued it, to the second." },
	{ "userIdentity.sessionContext.attributes.mfaAuthenticated",
	  "\"true\" when the session was issued with MFA; a text, not a "
	  "boolean." },
	{ "userIdentity.sessionContext.sessionIssuer",
	  "What issued the session: a role, or the user of a federation token. "
	  "type, principalId, arn (with the path), accountId, userName." },
	{ "userIdentity.sessionContext.sessionIssuer.arn",
	  "The role, with its path, or the user." },
	{ "userIdentity.sessionContext.sourceIdentity",
	  "Who a session really is, where roles ask for it; it stays the same "
	  "over role chains and cannot be changed on the way." },
	{ "userIdentity.sessionContext.ec2RoleDelivery",
	  "\"1.0\" or \"2.0\": by which version of the metadata service a "
	  "machine got its credentials. 1.0 can be asked through a hole in a "
	  "web server." },
	{ "userIdentity.sessionContext.webIdFederationData",
	  "Provider and attributes of a web identity." },
	{ "userIdentity.sessionContext.assumedRoot",
	  "true when the management account took the root of a member "
	  "account." },
	{ "vpcEndpointAccountId", "The account that owns the VPC endpoint." },
	{ "vpcEndpointId", "The VPC endpoint through which the request came." },
	{ 0 },
};

/* Of rows that are no calls: access logs, flows, findings, evidence. */
const struct record_field beside_fields[] = {
	{ "about", "Of a finding: the identities and machines it names." },
	{ "accessKeyId", "Of a finding: the access key that it is about." },
	{ "account-id", "Of a flow: the account of the interface." },
	{ "accountId", "Of a finding: the account it was made in." },
	{ "action",
	  "Of a flow ACCEPT or REJECT; of WAF what was done with the request; "
	  "of a finding what was seen." },
	{ "actions_executed", "Of a load balancer: what its rules did." },
	{ "auth_type",
	  "Of S3's access log: AuthHeader, or QueryString for a presigned "
	  "URL." },
	{ "author", "Of evidence of the case: who noted it." },
	{ "bucket", "Of S3's access log: the bucket." },
	{ "bytes", "Of a flow: bytes of its packets." },
	{ "bytes_sent", "Of S3's access log: bytes of the answer." },
	{ "c-ip", "Of a web request: the client's address." },
	{ "c-port", "Of a web request: the client's port." },
	{ "client",
	  "Of a load balancer or a database: address of the client." },
	{ "configuration",
	  "Of an item of AWS Config: the resource as it was then." },
	{ "configurationItemCaptureTime",
	  "Of an item of AWS Config: when Config looked." },
	{ "configurationItemStatus",
	  "Of an item of AWS Config: OK, ResourceDiscovered, ResourceDeleted "
	  "and so on." },
	{ "configurationStateId",
	  "Of an item of AWS Config: number of that state." },
	{ "connectionid", "Of a database: the connection." },
	{ "count", "Of a finding: how often it was seen." },
	{ "cs-bytes", "Of a web request: its length in bytes." },
	{ "cs-cookie", "Of a web request: its cookies." },
	{ "cs-host", "Of a web request: the host that it asked for." },
	{ "cs-method", "Of a web request: GET, POST and so on." },
	{ "cs-protocol", "Of CloudFront: http, https, ws, wss." },
	{ "cs-protocol-version", "Of CloudFront: version of HTTP." },
	{ "cs-referer", "Of a web request: the page that it came from." },
	{ "cs-uri-query",
	  "Of a web request: what is behind the question mark, as it was sent." },
	{ "cs-uri-stem", "Of a web request: the path." },
	{ "cs-user-agent",
	  "Of a web request: the program, as it calls itself." },
	{ "cs-username", "Of a web request: the user, where one signed in." },
	{ "cs-version", "Of a web request: version of HTTP." },
	{ "database", "Of a database: which of its databases." },
	{ "description", "Of a finding: what it says in full." },
	{ "domain_name", "Of a load balancer: the name TLS was asked for." },
	{ "dstaddr", "Of a flow: address it went to." },
	{ "dstport", "Of a flow: port it went to." },
	{ "elb", "Of a load balancer: its name." },
	{ "end", "Of a flow: when its window ended, seconds since 1970." },
	{ "error_reason", "Of a load balancer: why a rule failed." },
	{ "finding", "The finding as it was written." },
	{ "fle-encrypted-fields", "Of CloudFront: fields it encrypted." },
	{ "fle-status", "Of CloudFront: whether it encrypted fields." },
	{ "flow-direction", "Of a flow: ingress or egress." },
	{ "host", "Of a database: where the client connected from." },
	{ "host_id",
	  "Of S3's access log: the second id of the request, which CloudTrail "
	  "has as additionalEventData.x-amz-id-2." },
	{ "httpRequest", "Of WAF: the request." },
	{ "httpSourceId", "Of WAF: what it stands before." },
	{ "httpSourceName", "Of WAF: kind of what it stands before." },
	{ "instance-id", "Of a flow: the machine." },
	{ "interface-id", "Of a flow: the network interface." },
	{ "labels", "Of WAF: labels that rules put on the request." },
	{ "lastSeen", "Of a finding: when it was last seen." },
	{ "log-status",
	  "Of a flow: OK, NODATA, or SKIPDATA (some were lost)." },
	{ "message", "The line of the log as it was written." },
	{ "metadataAddress",
	  "Of a web request: it names the metadata service of a machine, in "
	  "whatever spelling; this is the spelling." },
	{ "noted", "Of evidence of the case: when it was noted." },
	{ "object", "Of a database: the statement, or the table." },
	{ "objectKey", "Of S3's access log: the object." },
	{ "object_size", "Of S3's access log: the whole object's bytes." },
	{ "operation",
	  "Of S3's access log: such as REST.GET.OBJECT; of a database CONNECT, "
	  "QUERY and so on." },
	{ "packets", "Of a flow: how many." },
	{ "pkt-dst-aws-service", "Of a flow: AWS's service at its end." },
	{ "pkt-dstaddr", "Of a flow: address behind a gateway it went to." },
	{ "pkt-src-aws-service", "Of a flow: AWS's service at its beginning." },
	{ "pkt-srcaddr", "Of a flow: address behind a gateway it came from." },
	{ "protocol", "Of a flow: number of the protocol: 6 TCP, 17 UDP." },
	{ "queryid", "Of a database: number of the statement." },
	{ "relatedEvents",
	  "Of an item of AWS Config: ids of the events that led to it." },
	{ "relationships",
	  "Of an item of AWS Config: resources that it has to do with." },
	{ "request-uri", "Of S3's access log: the request's first line." },
	{ "requester",
	  "Of S3's access log: who asked, an ARN or an account's canonical id; "
	  "absent when anonymous." },
	{ "resourceCreationTime",
	  "Of an item of AWS Config: when the resource was made." },
	{ "resourceId", "Of an item of AWS Config: id of the resource." },
	{ "resourceName", "Of an item of AWS Config: its name." },
	{ "resourceType",
	  "Of an item of AWS Config: such as AWS::EC2::Instance." },
	{ "retcode", "Of a database: 0, or the number of the error." },
	{ "s-ip", "Of a web request: the server's address." },
	{ "sample", "Of a finding: true of one that is a drill." },
	{ "sc-bytes", "Of a web request: bytes of the answer." },
	{ "sc-content-len", "Of CloudFront: length of the answer." },
	{ "sc-content-type", "Of CloudFront: type of the answer." },
	{ "sc-range-end", "Of CloudFront: end of the range of the answer." },
	{ "sc-range-start",
	  "Of CloudFront: start of the range of the answer." },
	{ "sc-status", "Of a web request: the status of the answer." },
	{ "serverhost", "Of a database: its host." },
	{ "severity", "Of a finding: a number, as its service gives it." },
	{ "signature", "Of S3's access log: version of the signature." },
	{ "srcaddr", "Of a flow: address it came from." },
	{ "srcport", "Of a flow: port it came from." },
	{ "ssl-cipher", "Of a web request: cipher of TLS." },
	{ "ssl-protocol", "Of a web request: version of TLS." },
	{ "start", "Of a flow: when its window began, seconds since 1970." },
	{ "subnet-id", "Of a flow: the subnet." },
	{ "supplementaryConfiguration",
	  "Of an item of AWS Config: what stands beside the configuration, "
	  "such as a bucket's policy." },
	{ "tags", "Of an item of AWS Config: tags of the resource." },
	{ "target",
	  "Of a load balancer: address and port of the machine that answered." },
	{ "target_group_arn", "Of a load balancer: the group of targets." },
	{ "target_status_code",
	  "Of a load balancer: status that the machine answered." },
	{ "tcp-flags", "Of a flow: flags of TCP, or-ed." },
	{ "terminatingRuleId", "Of WAF: the rule that decided." },
	{ "terminatingRuleType", "Of WAF: kind of that rule." },
	{ "time-taken", "Of a web request: seconds until the answer's end." },
	{ "time-to-first-byte", "Of CloudFront: seconds until the answer." },
	{ "title", "Of a finding: what it says in short." },
	{ "tls_version", "Of S3's access log: version of TLS." },
	{ "trace_id", "Of a load balancer: id of the request." },
	{ "traffic-path", "Of a flow: number of the way out." },
	{ "type", "Of a finding: its type; of a load balancer the protocol." },
	{ "username", "Of a database: who signed in." },
	{ "version_id", "Of S3's access log: version of the object." },
	{ "vpc-id", "Of a flow: the VPC." },
	{ "webaclId", "Of WAF: the list of rules." },
	{ "where", "Of evidence of the case: where it was seen." },
	{ "x-edge-detailed-result-type", "Of CloudFront: the result, finely." },
	{ "x-edge-location", "Of CloudFront: where it was answered." },
	{ "x-edge-response-result-type", "Of CloudFront: before the answer." },
	{ "x-edge-result-type", "Of CloudFront: Hit, Miss, Error and so on." },
	{ "x-forwarded-for",
	  "Of a web request: addresses that proxies say it came from; the "
	  "client can write it." },
	{ "x-host-header", "Of CloudFront: the host that was asked for." },
	{ 0 },
};

static const struct record_field *find_in(const struct record_field *table,
					  struct str path)
{
	for (; table->name; table++)
		if (str_eq_fold(path, str_of(table->name)))
			return table;
	return NULL;
}

/* "mfaAuthenticated" for a path that ends so. */
static bool ends_path(struct str path, struct str name)
{
	return path.n > name.n && path.p[path.n - name.n - 1] == '.' &&
	       str_ends_fold(path, name);
}

const struct record_field *record_field_find(struct str path)
{
	const struct record_field *f = find_in(cloudtrail_fields, path);

	if (!f)
		f = find_in(beside_fields, path);
	if (f || !path.n)
		return f;
	for (f = cloudtrail_fields; f->name; f++)
		if (ends_path(str_of(f->name), path))
			return f;
	return NULL;
}
