#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_insights.sh [TRAWL]
#
# Insights as alerts that tell both rates and whose calls they were, and the
# calls that they and findings are about. Expected values are read off the
# records below. Exits 1 when anything differs.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
mkdir "$work/in"

call() # ID TIME USER EVENT REGION ERROR KEY
{
	jq -c -n --arg id "$1" --arg t "2026-01-09T$2Z" --arg u "$3" \
		--arg n "$4" --arg r "$5" --arg e "${6:-}" --arg k "${7:-AKIA}" '
	{eventVersion: "1.11", eventID:
	("00000000-0000-4000-8000-0000000000" + $id), eventTime: $t,
	eventSource: "ec2.amazonaws.com", eventName: $n, awsRegion: $r,
	userAgent: "Boto3/1", sourceIPAddress: "203.0.113.66", userIdentity:
	(if $u == "job" then {type: "AssumedRole", principalId: "AROAJOB:run",
	arn: "arn:aws:sts::111122223333:assumed-role/job/run", accountId:
	"111122223333", accessKeyId: $k, sessionContext: {sessionIssuer: {type:
	"Role", arn: "arn:aws:iam::111122223333:role/job", principalId:
	"AROAJOB"}, attributes: {creationDate: "2026-01-09T05:00:00Z"}}} else
	{type: "IAMUser", arn: ("arn:aws:iam::111122223333:user/" + $u),
	accountId: "111122223333", userName: $u, accessKeyId: $k} end),
	recipientAccountId: "111122223333"} +
	(if $e == "" then {} else {errorCode: $e} end)'
}
insight() # ID TIME STATE MINUTES EVENT CONTEXT [MORE DETAILS]
{
	jq -c -n --arg id "$1" --arg t "2026-01-09T$2Z" --arg s "$3" \
		--argjson d "$4" --arg n "$5" --argjson a "$6" \
		--argjson more "${7:-null}" '
	{eventVersion: "1.09", eventID:
	("00000000-0000-4000-8000-0000000000" + $id), eventTime: $t, awsRegion:
	"us-east-1", eventType: "AwsCloudTrailInsight", eventCategory:
	"Insight", sharedEventID: "5e2d8a14-0000-4000-8000-000000000001",
	recipientAccountId: "111122223333", insightDetails: ({state: $s,
	eventSource: "ec2.amazonaws.com", eventName: $n, insightType:
	"ApiCallRateInsight", insightContext: {statistics: {baseline: {average:
	0.002}, insight: {average: 2.5}, insightDuration: $d, baselineDuration:
	10080}, attributions: $a}} + ($more // {}))}'
}
# Of the identities ann calls as ever, eve and the role do not.
who='[{"attribute":"userIdentityArn","insight":[
{"value":"arn:aws:iam::111122223333:user/ann","average":0.5},
{"value":"arn:aws:iam::111122223333:user/eve","average":1.25},
{"value":"arn:aws:sts::111122223333:assumed-role/job","average":0.75}],
"baseline":[{"value":"arn:aws:iam::111122223333:user/ann","average":0.4}]},
{"attribute":"userAgent","insight":[{"value":"Boto3/1","average":2.5}],
"baseline":[{"value":"Boto3/1","average":0.002}]},
{"attribute":"errorCode","insight":[{"value":"null","average":2.5}],"baseline":[]}]'
{
	call 01 05:58:59 eve RunInstances us-east-1 # a second too early
	call 02 05:59:00 eve RunInstances us-east-1
	call 03 06:00:30 eve RunInstances us-east-1
	call 04 06:01:00 job RunInstances us-east-1
	call 05 06:01:30 ann RunInstances us-east-1
	call 06 06:02:00 eve RunInstances eu-west-1 # elsewhere
	call 07 06:02:30 eve DescribeInstances us-east-1
	call 08 06:05:59 eve RunInstances us-east-1
	call 09 06:06:00 eve RunInstances us-east-1 # too late
	insight 20 06:00:00 Start 5 RunInstances "$who"
	insight 21 06:05:00 End 5 RunInstances "$who"
	call 10 07:00:10 eve DescribeInstances us-east-1 UnauthorizedOperation
	call 11 07:00:20 eve DescribeInstances us-east-1
	call 12 07:00:30 eve DescribeInstances us-east-1 InternalError
	insight 22 07:00:00 Start 1 DescribeInstances '[]' \
		'{"insightType":"ApiErrorRateInsight","errorCode":"UnauthorizedOperation"}'
	call 13 08:00:00 eve ListKeys us-east-1 '' AKIAEVE0000000000001
	call 14 09:30:00 eve ListKeys us-east-1 '' AKIAEVE0000000000001
	printf '{"schemaVersion":"2.0","accountId":"111122223333","region":"us-east-1","id":"f1000000000000000000000000000001","type":"Recon:IAMUser/MaliciousIPCaller","severity":5,"createdAt":"2026-01-09T08:10:00Z","resource":{"resourceType":"AccessKey","accessKeyDetails":{"accessKeyId":"AKIAEVE0000000000001","userType":"IAMUser","userName":"eve"}},"service":{"eventFirstSeen":"2026-01-09T07:59:30Z","eventLastSeen":"2026-01-09T08:01:00Z","action":{"actionType":"AWS_API_CALL","awsApiCallAction":{"api":"ListKeys","remoteIpDetails":{"ipAddressV4":"203.0.113.66"}}}}}\n'
} >"$work/in/calls.jsonl"
# Out of CloudTrail Lake: names of its own, and no identities.
printf '{"eventID":"00000000-0000-4000-8000-000000000030","eventTime":"2026-01-09T06:00:00Z","eventCategory":"Insight","eventType":"AwsCloudTrailInsight","awsRegion":"us-east-1","recipientAccountId":"111122223333","insightState":"Start","insightType":"ApiCallRateInsight","insightEventSource":"ec2.amazonaws.com","insightEventName":"RunInstances","insightContext":{"baselineAverage":"0.002","insightAverage":"2.5","insightDuration":"5"}}\n' \
	>"$work/in/lake.jsonl"

"$trawl" alerts --each -q --no-cache --format jsonl "$work/in" |
	jq -r 'select(.ruleId == "fe014372-9313-4adf-bba3-fec76ca387b5") |
	.eventIDs[0][-2:] + " " + .notes[0]' | LC_ALL=C sort >"$work/out"
diff - "$work/out" >"$work/diff" <<'END' || fail "alerts: $(cat "$work/diff")"
20 2.5 calls a minute, 0.002 are usual; by arn:aws:iam::111122223333:user/eve (1.25, usual 0), arn:aws:sts::111122223333:assumed-role/job (0.75, usual 0); with Boto3/1 (2.5, usual 0.002); 5 such calls are in the evidence then
22 2.5 failures a minute, 0.002 are usual; UnauthorizedOperation; 1 such call is in the evidence then
30 2.5 calls a minute, 0.002 are usual; 5 such calls are in the evidence then
END

about() # EXPECTED ID
{
	local have
	have=$("$trawl" events -q --no-cache --about "$2" --format jsonl \
		"$work/in" | jq -r '.eventID[-2:]' | tr '\n' ' ')
	[ "$have" = "$1" ] || fail "about $2: $have, not $1"
}
# Those who stand out alone; a role whose session is not said by its name.
about '02 03 04 08 ' 00000000-0000-4000-8000-000000000020
about '02 03 04 08 ' 00000000-0000-4000-8000-000000000021
about '10 ' 00000000-0000-4000-8000-000000000022
about '02 03 04 05 08 ' 00000000-0000-4000-8000-000000000030
about '13 ' f1000000000000000000000000000001
# A call by way of an endpoint, and what the caller's account has of it.
printf '%s\n' '{"eventVersion":"1.09","eventTime":"2026-01-09T09:10:00Z","eventID":"00000000-0000-4000-8000-000000000041","eventType":"AwsVpceEvent","eventCategory":"NetworkActivity","eventSource":"kms.amazonaws.com","eventName":"ListKeys","sourceIPAddress":"10.0.0.9","sharedEventID":"aaaaaaaa-0000-4000-8000-000000000001","recipientAccountId":"444455556666","userIdentity":{"type":"AWSAccount","principalId":"AIDAX","accountId":"111122223333"}}' \
	'{"eventVersion":"1.09","eventTime":"2026-01-09T09:10:00Z","eventID":"00000000-0000-4000-8000-000000000042","eventType":"AwsApiCall","eventSource":"kms.amazonaws.com","eventName":"ListKeys","sourceIPAddress":"10.0.0.9","sharedEventID":"aaaaaaaa-0000-4000-8000-000000000001","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/eve","accountId":"111122223333","userName":"eve"}}' \
	>"$work/in/parts.jsonl"
about '42 ' 00000000-0000-4000-8000-000000000041
run 2 events -q --no-cache --about 00000000-0000-4000-8000-000000000001 "$work/in"
run 2 events -q --no-cache --about nosuch "$work/in"

finish
