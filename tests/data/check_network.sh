#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_network.sh [TRAWL]
#
# Network activity: a call through an endpoint of a VPC that two events tell of
# is two rows, and one call for rules that count, for habits and alerts; what
# the endpoint refused is told by it alone. Exits 1 when anything differs.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq

# record KIND NUMBER HH:MM:SS NAME [ERROR]: a call of alice's, as the service or
# the endpoint tells it. The two of a number share an id.
record()
{
	jq -c -n --arg kind "$1" --arg n "$(printf %012d "$2")" --arg t "$3" \
		--arg name "$4" --arg error "${5:-}" '
	{eventVersion: "1.11", userIdentity: {type: "IAMUser", principalId:
	"AIDAIOSFODNN7EXAMPLE", arn: "arn:aws:iam::111122223333:user/alice",
	accountId: "111122223333", accessKeyId: "AKIAIOSFODNN7EXAMPLE",
	userName: "alice"}, eventTime: "2026-01-09T\($t)Z", eventSource:
	"secretsmanager.amazonaws.com", eventName: $name, awsRegion: "us-east-1",
	sourceIPAddress: "10.0.30.91", recipientAccountId: "111122223333",
	sharedEventID: "5e2d8a14-0000-4000-a000-\($n)", vpcEndpointId:
	"vpce-0123456789abcdef0"} + if $kind == "call" then
	{eventID: "5e2d8a14-0000-4000-8000-\($n)", eventType: "AwsApiCall",
	eventCategory: "Management", readOnly: true, userAgent: "aws-cli/2",
	requestParameters: {secretId: $n}} else
	{eventID: "5e2d8a14-0000-4000-9000-\($n)", eventType: "AwsVpceEvent",
	eventCategory: "NetworkActivity"} end + if $error == "" then {} else
	{errorCode: $error} end'
}

# counting LEAST: a rule on each call, and one on so many of them.
counting()
{
	cat >"$work/rules.yml" <<END
title: One secret read
id: 00000000-0000-4000-8000-000000000001
name: one
logsource: {product: aws, service: cloudtrail}
detection:
    call: {eventName: GetSecretValue}
    condition: call
level: low
---
title: Many secrets read
id: 00000000-0000-4000-8000-000000000002
correlation:
    type: event_count
    rules: [one]
    group-by: [actor]
    timespan: 10m
    condition: {gte: $1}
generate: true
level: high
---
title: An API that is new to a caller
id: 00000000-0000-4000-8000-000000000003
logsource: {product: aws, service: cloudtrail}
baseline:
    detect: first-seen
    of: event
    by: actor
    baseline-hours: 1
    baseline-events: $1
    least-events: $1
level: medium
END
}

# alerts: "TITLE: EVENTS" of each.
alerts()
{
	"$trawl" alerts -q --no-cache --no-builtin-rules --rules \
		"$work/rules.yml" --format json "$work/in" |
		jq -r '.[] | "\(.title): \(.count)"' | LC_ALL=C sort |
		tr '\n' ';'
}

has() # WHAT EXPECTED
{
	local have
	have=$(alerts)
	[ "$have" = "$2" ] || fail "$1: $have, not $2"
}

# Five calls, each told twice; the endpoint's row is up to two seconds off, and
# comes first or last. Then one of another name.
mkdir "$work/in"
for i in 1 2 3 4 5; do
	record call $i "21:4$i:0$((i + 1))" GetSecretValue
	record endpoint $i "21:4$i:0$((2 * i % 3 + i))" GetSecretValue
done >"$work/in/calls.jsonl"
record call 9 22:59:00 ListSecrets >>"$work/in/calls.jsonl"

one='One secret read'
many='Many secrets read: 1;'
first='An API that is new to a caller: 1;'

counting 5
has "five calls" "$first$many$one: 5;"
counting 6
has "five calls, which are not six" "$one: 5;"
"$trawl" events -q --no-cache --format jsonl -f kind:network "$work/in" |
	wc -l | grep -qx 5 || fail "rows of the endpoint are not there"

# A sixth is told by the endpoint alone, and one it refused.
record endpoint 6 21:46:30 GetSecretValue >"$work/in/endpoint.jsonl"
has "the endpoint alone tells of one" "$first$many$one: 6;"
record endpoint 7 21:45:06 GetSecretValue VpceAccessDenied \
	>"$work/in/endpoint.jsonl"
has "the endpoint refused one" "$first$many$one: 6;"

# Two within a second are two, when the endpoint tells of both.
{
	record endpoint 6 21:45:06 GetSecretValue
	record endpoint 7 21:45:06 GetSecretValue
} >"$work/in/endpoint.jsonl"
counting 7
has "three at once, of which one is told twice" "$first$many$one: 7;"
finish
