#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_joins.sh [TRAWL]
#
# What lies beside CloudTrail's calls, joined to the identities that it names:
# the requester of S3's access log, machines by their addresses inside and their
# interfaces; and S3's reads that no data event has. Expected values are read
# off the records below. Exits 1 when anything differs.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
mkdir "$work/in"

# Records: a caller as JSON, a call, the rest.
record() # ID TIME SOURCE NAME USERIDENTITY MORE
{
	jq -c -n --arg id "$1" --arg t "2026-01-09T$2Z" --arg s "$3" \
		--arg n "$4" --argjson u "$5" --argjson more "$6" '
	{eventVersion: "1.11", eventID:
	("00000000-0000-4000-8000-0000000000" + $id), eventTime: $t,
	eventSource: ($s + ".amazonaws.com"), eventName: $n, awsRegion:
	"eu-west-1", userAgent: "aws-cli/2", userIdentity: $u, sourceIPAddress:
	"198.51.100.7", recipientAccountId: "111122223333"} + $more'
}
ann='{"type":"IAMUser","principalId":"AIDAANN00000000000001","arn":"arn:aws:iam::111122223333:user/ann","accountId":"111122223333","accessKeyId":"AKIAANN0000000000001","userName":"ann"}'
ec2='{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}'
role() # SESSION CREATED KEY
{
	printf '{"type":"AssumedRole","principalId":"AROAWEB00000000000001:%s","arn":"arn:aws:sts::111122223333:assumed-role/web/%s","accountId":"111122223333","accessKeyId":"%s","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAWEB00000000000001","arn":"arn:aws:iam::111122223333:role/app/web","accountId":"111122223333","userName":"web"},"attributes":{"creationDate":"2026-01-09T%sZ","mfaAuthenticated":"false"}}}' \
		"$1" "$1" "$3" "$2"
}
issue() # KEY EXPIRES SESSION
{
	printf '{"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/app/web","roleSessionName":"%s"},"responseElements":{"credentials":{"accessKeyId":"%s","expiration":"Jan 9, 2026, %s"},"assumedRoleUser":{"assumedRoleId":"AROAWEB00000000000001:%s","arn":"arn:aws:sts::111122223333:assumed-role/web/%s"}}}' \
		"$3" "$1" "$2" "$3" "$3"
}
{
	# Two instances; of the first an interface is known, and the address.
	record 01 06:00:00 ec2 RunInstances "$ann" '{"responseElements":{"instancesSet":{"items":[
	{"instanceId":"i-00000000000000001","privateIpAddress":"10.0.0.11","networkInterfaceSet":{"items":[{"networkInterfaceId":"eni-00000000000000001","privateIpAddress":"10.0.0.11"}]}},
	{"instanceId":"i-00000000000000002","privateIpAddress":"10.0.0.12"}]}}}'
	# A third, later, with the address of the second.
	record 02 09:00:00 ec2 RunInstances "$ann" '{"responseElements":{"instancesSet":{"items":[
	{"instanceId":"i-00000000000000003","privateIpAddress":"10.0.0.12"}]}}}'
	# Two sessions of one name: until seven, and until eight.
	record 03 06:00:00 sts AssumeRole "$ann" "$(issue ASIAWEB0000000000001 '7:00:00 AM' job)"
	record 04 06:10:00 s3 ListBuckets "$(role job 06:00:00 ASIAWEB0000000000001)" '{}'
	record 05 06:30:00 sts AssumeRole "$ann" "$(issue ASIAWEB0000000000002 '8:00:00 AM' job)"
	record 06 06:40:00 s3 ListBuckets "$(role job 06:30:00 ASIAWEB0000000000002)" '{}'
	# An instance's session through an endpoint of its network.
	record 07 06:00:30 sts AssumeRole "$ec2" "$(issue ASIAWEB0000000000003 '12:00:00 PM' i-00000000000000004)"
	record 08 06:50:00 s3 ListBuckets "$(role i-00000000000000004 06:00:30 ASIAWEB0000000000003)" \
		'{"sourceIPAddress":"10.0.0.14","vpcEndpointId":"vpce-0a1b"}'
	# A read that data events have; reads of that bucket are recorded.
	record 09 07:00:02 s3 GetObject "$ann" '{"eventCategory":"Data","managementEvent":false,"requestID":"REQ0000000000001","requestParameters":{"bucketName":"shop","key":"a.json"}}'
	record 10 10:00:00 s3 ListBuckets "$ann" '{}'
} >"$work/in/calls.jsonl"

s3() # TIME ADDRESS REQUESTER REQUEST BUCKET KEY STATUS ERROR
{
	printf '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be %s [09/Jan/2026:%s +0000] %s %s %s REST.GET.OBJECT %s "GET /%s HTTP/1.1" %s %s 4120 4120 21 20 "-" "aws-cli/2" - s9lzHYrFp76ZVxRcpX9= SigV4 TLS AuthHeader s3.eu-west-1.amazonaws.com TLSv1.3 - -\n' \
		"$5" "$1" "$2" "$3" "$4" "$6" "$6" "$7" "$8"
}
as() # ROLE/SESSION
{
	printf 'arn:aws:sts::111122223333:assumed-role/%s' "$1"
}
{
	s3 05:00:00 203.0.113.66 "$(as web/job)" REQ0000000000000 shop before.json 200 -
	s3 06:20:00 203.0.113.66 "$(as web/job)" REQ0000000000002 shop one.json 200 -
	s3 07:00:00 198.51.100.7 arn:aws:iam::111122223333:user/ann REQ0000000000001 shop a.json 200 -
	s3 07:30:00 203.0.113.66 "$(as web/job)" REQ0000000000003 shop two.json 200 -
	s3 08:30:00 203.0.113.66 "$(as web/job)" REQ0000000000004 shop late.json 200 -
	s3 08:40:00 203.0.113.66 - REQ0000000000005 site index.html 200 -
	s3 08:41:00 203.0.113.66 "$(as web/job)" REQ0000000000006 dark c.json 200 -
	s3 08:42:00 203.0.113.66 "$(as web/job)" REQ0000000000007 shop d.json 403 AccessDenied
	s3 11:00:00 203.0.113.66 "$(as web/job)" REQ0000000000008 shop after.json 200 -
} >"$work/in/s3access.log"

flow() # ACCOUNT INTERFACE FROM TO TIME
{
	printf '2 %s %s %s %s 40000 443 6 10 840 %s %s ACCEPT OK\n' \
		"$1" "$2" "$3" "$4" "$(date -u -d "2026-01-09 $5" +%s)" \
		"$(date -u -d "2026-01-09 $5" +%s)"
}
{
	flow 111122223333 eni-00000000000000001 192.0.2.9 10.9.9.9 06:05:00
	flow 111122223333 eni-00000000000000009 10.0.0.12 192.0.2.9 07:00:00
	flow 111122223333 eni-00000000000000009 10.0.0.12 192.0.2.9 09:30:00
	flow 444455556666 eni-00000000000000009 10.0.0.12 192.0.2.9 07:00:00
} >"$work/in/flow.log"
printf 'https 2026-01-09T06:55:00.000000Z app/web/50dc 203.0.113.66:40001 10.0.0.14:80 0.001 0.002 0.000 200 200 300 500 "GET https://shop.example:443/ HTTP/1.1" "Mozilla/5.0" ECDHE TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/73e2 "Root=1-1" "shop.example" "-" 0 2026-01-09T06:55:00.000000Z "forward" "-" "-" "10.0.0.14:80" "200" "-" "-"\n' \
	>"$work/in/alb.log"
printf '20260109 06:56:00,db1,shop,10.0.0.11,17,0,CONNECT,shop,,0\n' \
	>"$work/in/audit.log"

# What was told of each: "TIME KIND" of the rows that are no calls.
on() # EXPECTED ID
{
	local have
	have=$("$trawl" walk "$2" -q --no-cache --section on --format json \
		"$work/in" | jq -r '[.on[] | select(.eventSource |
		test("amazonaws") | not) | .eventTime[11:16] + " " +
		.eventSource] | join(", ")')
	[ "$have" = "$1" ] || fail "done to $2: $have, not $1"
}
on '06:05 flow, 06:56 mysql' i-00000000000000001
# Before the third had it the address was the second's; afterwards nobody can
# tell, since nothing ended the second.
on '07:00 flow' i-00000000000000002
on '' i-00000000000000003
on '06:55 elb' i-00000000000000004
# The newer session of the two, and none that has expired: then the role.
on '06:20 s3access' 'S:AROAWEB00000000000001:job@2026-01-09T06:00:00Z'
on '07:30 s3access' 'S:AROAWEB00000000000001:job@2026-01-09T06:30:00Z'
# Her own request, and those of the sessions that she was issued.
on '06:20 s3access, 07:00 s3access, 07:30 s3access' \
	arn:aws:iam::111122223333:user/ann
"$trawl" walk arn:aws:iam::111122223333:role/app/web -q --no-cache \
	--section on --format json "$work/in" |
	jq -r '.on[] | select(.eventSource == "s3access") |
	.eventTime[11:16] + " " + .node[0:2]' >"$work/out"
diff - "$work/out" >"$work/diff" <<'END' || fail "the role: $(cat "$work/diff")"
05:00 P:
06:20 S:
07:30 S:
08:30 P:
08:41 P:
08:42 P:
11:00 P:
END

# A row of S3's log is about the session that it names.
id=$("$trawl" events -q --no-cache --format jsonl -f 'objectKey:two.json' \
	"$work/in" | jq -r .eventID)
have=$("$trawl" origin "$id" -q --no-cache --format json "$work/in" |
	jq -r '[.node, .origin] | join(" ")')
[ "$have" = "S:AROAWEB00000000000001:job@2026-01-09T06:30:00Z P:arn:aws:iam::111122223333:user/ann" ] ||
	fail "the origin of a request to S3: $have"

# Which data ann touched: her call by CloudTrail's data event, and by S3's log,
# apart, what she and the two sessions of hers read, 4,120 bytes each.
"$trawl" walk arn:aws:iam::111122223333:user/ann -q --no-cache \
	--section data --format json "$work/in" | jq -r '.data[] |
	[.service, .resource, .read, .objects, .bytesOut, .denied] |
	map(tostring) | join(" ")' | LC_ALL=C sort >"$work/out"
diff - "$work/out" >"$work/diff" <<'END' || fail "data: $(cat "$work/diff")"
s3 shop 1 1 0 0
s3access shop 3 3 12360 0
END
# Of the role what was refused, too, and what no session is known for.
"$trawl" walk arn:aws:iam::111122223333:role/app/web -q --no-cache \
	--section data --format json "$work/in" | jq -r '.data[] |
	[.service, .resource, .read, .objects, .bytesOut, .denied] |
	map(tostring) | join(" ")' | LC_ALL=C sort >"$work/out"
diff - "$work/out" >"$work/diff" <<'END' || fail "data: $(cat "$work/diff")"
s3access dark 1 1 4120 0
s3access shop 5 5 20600 1
END

# Reads that no data event has. Of "shop" one is recorded, so the others should
# be; of "dark" and "site" none is, and who read "site" did not sign. What lies
# before the first call and after the last cannot be lacking.
"$trawl" alerts --each -q --no-cache --format jsonl "$work/in" |
	jq -r 'select(.ruleId == "5c0f3a1e-7d42-4b96-9e18-2f6b0c7a94d3") |
	[.firstSeen[11:16], .level, .notes[0]] | join(" ")' |
	LC_ALL=C sort >"$work/out"
diff - "$work/out" >"$work/diff" <<END ||
06:20 medium $(as web/job) read s3://shop/one.json; no data event has its request id, though reads of the bucket are recorded
07:30 medium $(as web/job) read s3://shop/two.json; no data event has its request id, though reads of the bucket are recorded
08:30 medium $(as web/job) read s3://shop/late.json; no data event has its request id, though reads of the bucket are recorded
08:40 informational anybody read s3://site/index.html; the evidence has no data event of a read of the bucket then
08:41 low $(as web/job) read s3://dark/c.json; the evidence has no data event of a read of the bucket then
END
	fail "reads without data events: $(cat "$work/diff")"

finish
