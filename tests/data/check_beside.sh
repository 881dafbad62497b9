#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_beside.sh [TRAWL]
#
# CloudFront's and WAF's requests, the audit of a MySQL database, and items of
# AWS Config in one folder: what becomes a row of which kind, found by address
# and time beside CloudTrail; which rules for web servers it alerts. Expected
# values are read off the lines below. Exits 1 when anything differs.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
mkdir "$work/in"

# CloudFront, by its header: three requests, the second of a scanner, the third
# names the metadata service as one number.
{
	printf '#Version: 1.0\n#Fields: date time x-edge-location c-ip cs-method cs(Host) cs-uri-stem sc-status cs(User-Agent) cs-uri-query\n'
	printf '2026-01-09\t21:40:00\tNRT57\t198.51.100.7\tGET\td1.cloudfront.net\t/\t200\tMozilla/5.0%%20(X11)\t-\n'
	printf '2026-01-09\t21:41:00\tNRT57\t203.0.113.66\tGET\td1.cloudfront.net\t/.git/config\t404\tsqlmap/1.4\t-\n'
	printf '2026-01-09\t21:42:00\tNRT57\t203.0.113.66\tGET\td1.cloudfront.net\t/profile.php\t200\tMozilla/5.0\turl=http%%3A%%2F%%2F2852039166%%2Flatest\n'
} | gzip >"$work/in/E2EXAMPLE.2026-01-09-21.abcd.gz"

# Standard logging of version 2 as JSON: the same names, by date and time or by a
# timestamp; and S3's access log as CloudWatch Logs has it.
cat >"$work/in/E2EXAMPLE.json" <<'END'
{"date":"2026-01-09","time":"21:47:00","x-edge-location":"NRT57-P1","sc-bytes":"392","c-ip":"198.51.100.8","cs-method":"GET","cs(Host)":"d1.cloudfront.net","cs-uri-stem":"/admin","sc-status":"403","cs(Referer)":"-","cs(User-Agent)":"sqlmap/1.4%20x","cs-uri-query":"id=1","x-edge-request-id":"SOX4xwn4=="}
{"timestamp":"1767995281","x-edge-location":"NRT57-P1","c-ip":"198.51.100.8","cs-method":"GET","cs-uri-stem":"/","sc-status":"200"}
{"bucket_owner":"79a59d","bucket_arn":"arn:aws:s3:::shop","request_time":"2026-01-09T21:48:02Z","remote_ip":"198.51.100.8","requester":"arn:aws:iam::111122223333:user/alice","request_id":"R0000000000000001","operation":"REST.GET.OBJECT","key":"a b.json","request_uri":"GET /a HTTP/1.1","http_status":"200","error_code":"-","bytes_sent":"10","user_agent":"aws-cli/2"}
{"date":"2026-01-09","time":"never","x-edge-location":"NRT57-P1","c-ip":"198.51.100.8","cs-method":"GET"}
END

# WAF: as its JSON lines are described; blocked, allowed, and one that names the
# metadata service in its arguments, behind a load balancer.
waf() # MILLISECONDS ACTION CLIENT URI ARGS AGENT [FORWARDED]
{
	jq -c -n --arg action "$2" --arg ip "$3" --arg uri "$4" \
		--arg args "$5" --arg ua "$6" --arg xff "${7:-}" --argjson t "$1" '
	{timestamp: $t, formatVersion: 1, webaclId:
	"arn:aws:wafv2:ap-northeast-1:111122223333:regional/webacl/shop/e1",
	terminatingRuleId: "Default_Action", terminatingRuleType: "REGULAR",
	action: $action, terminatingRuleMatchDetails: [], httpSourceName: "ALB",
	httpSourceId: "111122223333-app/shop/1", ruleGroupList: [],
	rateBasedRuleList: [], nonTerminatingMatchingRules: [], httpRequest:
	{clientIp: $ip, country: "JP", headers: ([{name: "host", value:
	"shop.example"}, {name: "User-Agent", value: $ua}] + if $xff == "" then
	[] else [{name: "X-Forwarded-For", value: $xff}] end), uri: $uri, args:
	$args, httpVersion: "HTTP/1.1", httpMethod: "GET", requestId: "r1"}}'
}
{
	waf 1767994860000 BLOCK 203.0.113.66 /.env '' 'Mozilla/5.00 (Nikto/2.1.6)'
	waf 1767994861000 ALLOW 198.51.100.7 / 'a=b' 'Mozilla/5.0'
	waf 1767994921500 ALLOW 10.0.0.9 /fetch 'u=http://[fd00:ec2::254]/' \
		'Mozilla/5.0' '192.0.2.1, 203.0.113.66'
} >"$work/in/aws-waf-logs.jsonl"

# An audit log, one line of which was cut.
cat >"$work/in/audit.log.0" <<'END'
20260109 21:43:00,ip-10-0-1-5,shop,10.0.30.91,17,0,CONNECT,shop,,0
20260109 21:43:01,ip-10-0-1-5,shop,10.0.30.91,17,90,QUERY,shop,'SELECT name, mail FROM customers WHERE id IN (1,2)',0
20260109 21:43:02,ip-10-0-1-5,root,203.0.113.66,18,0,FAILED_CONNECT,,,1045
20260109 21:43:03,ip-10-0-1-5,shop,10.0.30.91,17,91,QUERY,sh
END

# AWS Config: a history file with two items; a snapshot that has one of them
# again, one that lacks its time, and one without a type; what the command line
# answers about a machine.
cat >"$work/in/config.json" <<'END'
{"fileVersion":"1.0","configurationItems":[
{"configurationItemVersion":"1.3","configurationItemCaptureTime":"2026-01-09T21:44:00.000Z","configurationItemStatus":"OK","resourceType":"AWS::EC2::SecurityGroup","resourceId":"sg-1","awsAccountId":"111122223333","awsRegion":"us-east-1"},
{"configurationItemVersion":"1.3","configurationItemCaptureTime":"2026-01-09T21:45:00.000Z","configurationItemStatus":"ResourceDeleted","resourceType":"AWS::IAM::User","resourceId":"AIDAIOSFODNN7EXAMPLE","resourceName":"alice","ARN":"arn:aws:iam::111122223333:user/alice","awsAccountId":"111122223333","awsRegion":"global"}]}
END
cat >"$work/in/snapshot.json" <<'END'
{"fileVersion":"1.0","configSnapshotId":"00d2a4ff","configurationItems":[{"configurationItemVersion":"1.3","configurationItemStatus":"OK","resourceType":"AWS::S3::Bucket","resourceName":"shop"},{"configurationItemVersion":"1.3","configurationItemCaptureTime":"2026-01-09T21:44:00.000Z","configurationItemStatus":"OK","resourceType":"AWS::EC2::SecurityGroup","resourceId":"sg-1","awsAccountId":"111122223333","awsRegion":"us-east-1"},{"configurationItemVersion":"1.3","configurationItemStatus":"OK"}]}
END
cat >"$work/in/config-history.json" <<'END'
{"configurationItems":[{"version":"1.3","accountId":"111122223333","configurationItemCaptureTime":1767994800.5,"configurationItemStatus":"OK","configurationStateId":"1","arn":"arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0","resourceType":"AWS::EC2::Instance","resourceId":"i-0123456789abcdef0","awsRegion":"us-east-1","configuration":"{\"imageId\":\"ami-1\",\"privateIpAddress\":\"10.0.30.91\"}"}]}
END
# A machine that calls, whose address is in its item alone, and its traffic.
cat >"$work/in/machine.json" <<'END'
{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROAIOSFODNN7EXAMPLE:i-0123456789abcdef0","arn":"arn:aws:sts::111122223333:assumed-role/shop/i-0123456789abcdef0","accountId":"111122223333","accessKeyId":"ASIAIOSFODNN7EXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAIOSFODNN7EXAMPLE","arn":"arn:aws:iam::111122223333:role/shop","accountId":"111122223333","userName":"shop"},"attributes":{"creationDate":"2026-01-09T21:30:00Z","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"}},"eventTime":"2026-01-09T21:46:30Z","eventSource":"sts.amazonaws.com","eventName":"GetCallerIdentity","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.5","userAgent":"aws-cli/2","eventID":"5e2d8a14-0000-4000-8000-000000000002","recipientAccountId":"111122223333"}
END
printf '2 111122223333 eni-0aaa 203.0.113.66 10.0.30.91 4444 51000 6 9 900 1767995100 1767995160 ACCEPT OK\n' \
	>"$work/in/flow.log"
cat >"$work/in/call.json" <<'END'
{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","principalId":"AIDAIOSFODNN7EXAMPLE","arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333","accessKeyId":"AKIAIOSFODNN7EXAMPLE","userName":"alice"},"eventTime":"2026-01-09T21:46:00Z","eventSource":"sts.amazonaws.com","eventName":"GetCallerIdentity","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.66","userAgent":"aws-cli/2","eventID":"5e2d8a14-0000-4000-8000-000000000001","recipientAccountId":"111122223333"}
END

"$trawl" summary -q --no-cache --format json "$work/in" >"$work/summary"
is() # WHAT FILTER EXPECTED
{
	local have
	have=$(jq -c "$2" "$work/summary")
	[ "$have" = "$3" ] || fail "$1: $have, not $3"
}
is kinds '.kinds | to_entries | map("\(.key):\(.value)") | sort | join(" ")' \
	'"cloudfront:5 cloudtrail:2 config:4 flow:1 mysql:3 s3access:1 waf:3"'
is "what is no event is told by kind" '[.others[] | [.reason, .records]]' \
	'[["a line that is no entry of a log",2],["an item of AWS Config without the parts that these have",1]]'
"$trawl" coverage -q --no-cache "$work/in" | tr -s ' \n' ' ' |
	grep -qF 'Not usable: 3 records: 2 a line that is no entry of a log, 1 an item of AWS Config without the parts that these have' ||
	fail "coverage does not tell what is not usable"
is "the cut line" '[.skips[] | select(.reason ==
	"a line that is no entry of a log")] | length' 2
is "all are counted" '.records | [.read, .events, .rejected]' '[23,19,3]'

# One timeline, by address.
"$trawl" events -q --no-cache --format jsonl -f 'ip:203.0.113.66' "$work/in" |
	jq -r '[.eventTime, .kind, .eventName, .errorCode // "-"] | join(" ")' |
	LC_ALL=C sort >"$work/out"
diff - "$work/out" >"$work/diff" <<'END' ||
2026-01-09T21:41:00Z cloudfront GET /.git/config 404
2026-01-09T21:41:00Z waf GET /.env BLOCK
2026-01-09T21:42:00Z cloudfront GET /profile.php -
2026-01-09T21:42:01.500Z waf GET /fetch -
2026-01-09T21:43:02Z mysql FAILED_CONNECT 1045
2026-01-09T21:45:00Z flow ACCEPT tcp/51000 -
2026-01-09T21:46:00Z cloudtrail GetCallerIdentity -
END
	fail "events of the address: $(cat "$work/diff")"

"$trawl" events -q --no-cache --format jsonl -f 'ip:198.51.100.8' "$work/in" |
	jq -r '[.eventTime, .kind, .eventName, .userAgent // "-", .errorCode //
	"-"] | join(" ")' | LC_ALL=C sort >"$work/out"
diff - "$work/out" >"$work/diff" <<'END' ||
2026-01-09T21:47:00Z cloudfront GET /admin sqlmap/1.4 x 403
2026-01-09T21:48:01Z cloudfront GET / - -
2026-01-09T21:48:02Z s3access REST.GET.OBJECT aws-cli/2 -
END
	fail "entries of logs as JSON: $(cat "$work/diff")"

# What was refused, and by what name fields are found.
counted() # EXPECTED FILTER
{
	local n
	n=$("$trawl" events -q --no-cache --format jsonl -f "$2" "$work/in" |
		wc -l)
	[ "$n" = "$1" ] || fail "$2 finds $n, not $1"
}
counted 3 'outcome:denied'
counted 1 'outcome:denied and kind:waf'
counted 1 'object:*customers*'
counted 2 'metadataAddress:*'
counted 1 'metadataAddress:"fd00:ec2::254"'
counted 1 'kind:mysql and eventName:"QUERY SELECT"'
counted 3 'account:111122223333 and kind:waf'
counted 3 'httpRequest.country:JP'

# Items of AWS Config by type, and by what they are of; a machine's traffic by
# the address that its item says.
"$trawl" values -q --no-cache --format jsonl -f kind:config eventName \
	"$work/in" | jq -r '"\(.value) \(.count)"' | LC_ALL=C sort >"$work/out"
diff - "$work/out" >"$work/diff" <<'END' ||
AWS::EC2::Instance 1
AWS::EC2::SecurityGroup 1
AWS::IAM::User 1
AWS::S3::Bucket 1
END
	fail "items by type: $(cat "$work/diff")"
counted 1 'kind:config and eventName:"AWS::IAM::User" and configurationItemStatus:ResourceDeleted'
counted 1 'kind:config and resource:*user/alice'
counted 1 'kind:config and configuration.imageId:ami-1'
counted 4 'kind:config and not errorCode:*'
"$trawl" events -q --no-cache --format jsonl -f 'event:"AWS::EC2::SecurityGroup"' \
	"$work/in" | jq -c '[.eventTime, .copies]' >"$work/out"
[ "$(cat "$work/out")" = '["2026-01-09T21:44:00Z",2]' ] ||
	fail "an item of two files: $(cat "$work/out")"
for of in alice i-0123456789abcdef0; do
	"$trawl" walk -q --no-cache --format json "$of" "$work/in" |
		jq -r '.on[].eventName' | LC_ALL=C sort | tr '\n' ' ' >"$work/$of"
done
[ "$(cat "$work/alice")" = 'AWS::IAM::User REST.GET.OBJECT ' ] ||
	fail "what was said of alice: $(cat "$work/alice")"
grep -q 'AWS::EC2::Instance' "$work/i-0123456789abcdef0" &&
	grep -q 'ACCEPT' "$work/i-0123456789abcdef0" ||
	fail "of the machine: $(cat "$work/i-0123456789abcdef0")"

# What S3's log tells of was touched by who asked.
"$trawl" walk -q --no-cache --section data --format json '*' "$work/in" |
	jq -c '.data[] | [.service, .actor, .resource, .read]' >"$work/out"
[ "$(cat "$work/out")" = '["s3access","alice","shop",1]' ] ||
	fail "data that S3's log tells of: $(cat "$work/out")"

# A folder of nothing but Config is no failure.
mkdir "$work/only"
cp "$work/in/config.json" "$work/only"
"$trawl" summary -q --no-cache "$work/only" >"$work/out" ||
	fail "a folder of Config alone exits with $?"
grep -q 'kinds *config 2' "$work/out" || fail "of it: $(cat "$work/out")"

# Rules for web servers see these requests: two of a scanner, two that name the
# metadata service.
for rule in ac3e0b5b-c291-4709-8c1e-26038dabf68e \
	c1b87f1a-7323-491b-99f9-cbef0f69a4d0; do
	"$trawl" events -q --no-cache --format jsonl -f "rule:$rule" \
		"$work/in" | jq -r .kind | sort -u | tr '\n' ' ' >"$work/out"
	[ "$(cat "$work/out")" = "cloudfront waf " ] ||
		fail "rule $rule: $(cat "$work/out")"
done

finish
