#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_many.sh [TRAWL]
#
# A folder that mixes everything: deliveries, other envelopes, tables, logs of
# every kind, findings, what is broken, empty or no log at all, plain and packed.
# Each file's entries are counted while it is written; what is loaded is counted
# the same, by kind. $MANY_FILES says how many files, 50,000 unless given. Exits 1
# when a count differs.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq awk
files=${MANY_FILES:-50000}
mkdir "$work/in"

# File i is of form i modulo 20; every fifth of most forms is packed. Writes
# "KIND COUNT" lines: what has to be there.
LC_ALL=C awk -v n="$files" -v dir="$work/in" '
function id(k) { return sprintf("%08x-0000-4000-8000-%012d", k, i) }
function at(k) { return sprintf("2026-01-%02dT%02d:%02d:%02dZ", 1 + i % 28,
	int(i / 28) % 24, k % 60, i % 60) }
function call(k) {
	return "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":" \
	"\"IAMUser\",\"principalId\":\"AIDAIOSFODNN7EXAMPLE\",\"arn\":" \
	"\"arn:aws:iam::111122223333:user/u" i % 50 "\",\"accountId\":" \
	"\"111122223333\",\"userName\":\"u" i % 50 "\"},\"eventTime\":\"" \
	at(k) "\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":" \
	"\"ListBuckets\",\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":" \
	"\"198.51.100.7\",\"userAgent\":\"x\",\"eventID\":\"" id(k) \
	"\",\"readOnly\":true,\"recipientAccountId\":\"111122223333\"}"
}
function text(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "\"" s "\"" }
function put(name, s) { file = dir "/" int(i / 1000) "/" i "-" name
	printf "%s", s >file; close(file) }
function count(kind, by) { sum[kind] += by }
function web(path, when) { return "203.0.113." i % 250 " - - [" \
	sprintf("%02d/Jan/2026:%02d:%02d:%02d", 1 + i % 28, i % 24, i % 60,
	when) " +0900] \"GET " path i " HTTP/1.1\" 200 5 \"-\" \"x\"\n" }
BEGIN {
	for (i = 0; i < n; i++) {
		if (i % 1000 == 0)
			system("mkdir -p " dir "/" int(i / 1000))
		f = i % 20; p = int(i / 20) % 5 ? "" : ".pack"
		if (f == 0) {
			put("delivery.json" p, "{\"Records\":[" call(1) "," \
				call(2) "," call(3) "]}"); count("cloudtrail", 3)
		} else if (f == 1) {
			put("lines" p, call(1) "\n" call(2) "\n")
			count("cloudtrail", 2)
		} else if (f == 2) {
			put("bus" p, "{\"detail-type\":\"AWS API Call via " \
				"CloudTrail\",\"detail\":" call(1) "}\n")
			count("cloudtrail", 1)
		} else if (f == 3) {
			put("lake.csv" p, "eventID,eventJson\n" id(1) ",\"" \
				gensub_quotes(call(1)) "\"\n")
			count("cloudtrail", 1)
		} else if (f == 4) {
			put("topic" p, "{\"Type\":\"Notification\",\"Message\":" \
				text(call(1)) "}\n"); count("cloudtrail", 1)
		} else if (f == 5) {
			put("access.log" p, web("/a", 1) web("/b", 2) \
				"cut off here\n"); count("web", 2)
			count("rejected", 1)
		} else if (f == 6) {
			put("alb" p, "https " at(1) " app/x/5 203.0.113.66:46532 " \
				"10.0.30.91:80 0.001 0.002 0.000 200 200 391 812 " \
				"\"GET https://shop.example:443/" i " HTTP/1.1\" " \
				"\"x\" ECDHE TLSv1.2 - \"-\" \"-\" \"-\" 0 " at(1) \
				" \"forward\" \"-\" \"-\"\n"); count("elb", 1)
		} else if (f == 7) {
			put("s3" p, "79a59df900b949e55d96a1e698fbacedfd6e09d98ea" \
				" bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3 - " \
				"3E57" i " REST.GET.OBJECT k \"GET /k HTTP/1.1\" " \
				"200 - 243 1024 7 - \"-\" \"x\" -\n")
			count("s3access", 1)
		} else if (f == 8) {
			put("flow" p, "2 111122223333 eni-1 10.0.30.91 " \
				"203.0.113.66 " i % 60000 " 443 6 20 4249 " \
				1700000000 + i " " 1700000060 + i " ACCEPT OK\n")
			count("flow", 1)
		} else if (f == 9) {
			put("flow-custom" p, "srcaddr dstaddr start action\n" \
				"10.0.0.1 203.0.113.9 " 1700000000 + i \
				" REJECT\n10.0.0.2 203.0.113.9 " 1700000000 + i \
				" ACCEPT\n"); count("flow", 2)
		} else if (f == 10) {
			put("cloudfront" p, "#Version: 1.0\n#Fields: date time " \
				"x-edge-location c-ip cs-method cs-uri-stem " \
				"sc-status\n2026-01-09\t21:40:00\tNRT57\t" \
				"198.51.100.7\tGET\t/" i "\t200\n")
			count("cloudfront", 1)
		} else if (f == 11) {
			put("waf" p, "{\"timestamp\":" 1767994860 + i \
				"000,\"webaclId\":\"arn:aws:wafv2:us-east-1:" \
				"111122223333:regional/webacl/x/y\"," \
				"\"terminatingRuleId\":\"D\",\"action\":\"ALLOW\"," \
				"\"httpRequest\":{\"clientIp\":\"203.0.113.1\"," \
				"\"uri\":\"/" i "\",\"httpMethod\":\"GET\"}}\n")
			count("waf", 1)
		} else if (f == 12) {
			put("audit" p, "20260109 21:43:01,db,shop,10.0.30.91,17," \
				i ",QUERY,shop,\047SELECT a, b FROM t\047,0\n")
			count("mysql", 1)
		} else if (f == 13) {
			put("finding" p, "{\"schemaVersion\":\"2.0\",\"accountId\":" \
				"\"111122223333\",\"region\":\"eu-west-1\",\"id\":\"" \
				id(9) "\",\"type\":\"Recon:IAMUser/TorIPCaller\"," \
				"\"severity\":5,\"title\":\"t\",\"createdAt\":\"" \
				at(1) "\",\"resource\":{},\"service\":{}}\n")
			count("guardduty", 1)
		} else if (f == 14) {
			put("insight" p, "{\"Records\":[{\"eventVersion\":\"1.09\"," \
				"\"eventTime\":\"" at(1) "\",\"awsRegion\":" \
				"\"us-east-1\",\"eventID\":\"" id(1) "\",\"eventType\":" \
				"\"AwsCloudTrailInsight\",\"recipientAccountId\":" \
				"\"111122223333\",\"eventCategory\":\"Insight\"," \
				"\"insightDetails\":{\"eventName\":\"RunInstances\"," \
				"\"insightType\":\"ApiCallRateInsight\"}}]}")
			count("insight", 1)
		} else if (f == 15) {
			put("config" p, "{\"fileVersion\":\"1.0\"," \
				"\"configurationItems\":[{\"configurationItemVersion\":" \
				"\"1.3\",\"configurationItemStatus\":\"OK\"," \
				"\"configurationItemCaptureTime\":\"" at(1) "\"," \
				"\"resourceType\":\"AWS::IAM::User\",\"resourceId\":" \
				"\"AIDA" i "\"},{\"configurationItemVersion\":" \
				"\"1.3\",\"configurationItemStatus\":\"OK\"}]}")
			count("config", 1); count("rejected", 1)
		} else if (f == 16) {
			put("broken.json" p, "{\"Records\":[" call(1) ",{\"eventVersi")
			count("cloudtrail", 1); count("rejected", 1)
		} else if (f == 17) {
			put("README", "What lies here was copied by somebody.\n")
			count("skipped", 1)
		} else if (f == 18) {
			put("empty", "")
		} else {
			# The delivery of the same number again: copies.
			j = i; i = i - 19; s = "{\"Records\":[" call(2) "]}"
			i = j; put("again.json" p, s); count("duplicates", 1)
		}
	}
	for (k in sum)
		print k, sum[k]
}
function gensub_quotes(s) { gsub(/"/, "\"\"", s); return s }
' | sort >"$work/want"
find "$work/in" -name '*.pack' -print0 | xargs -0 gzip -n
find "$work/in" -name '*.pack.gz' | head -1 | grep -q . || fail "nothing packed"

begun=$(date +%s)
"$trawl" summary -q --no-cache --format json "$work/in" >"$work/summary" 2>"$work/err"
seconds=$(($(date +%s) - begun))
jq -r '(.kinds | to_entries[] | "\(.key) \(.value)"),
	"duplicates \(.records.duplicates)", "rejected \(.records.rejected)",
	"skipped \(.files.skipped)"' "$work/summary" | sort >"$work/have"
diff "$work/want" "$work/have" >"$work/diff" ||
	fail "counts (< written, > loaded):" "$(cat "$work/diff")"
[ "$(jq '.files.read + .files.skipped' "$work/summary")" = "$files" ] ||
	fail "files: $(jq -c .files "$work/summary"), not $files"

finish "$files files, $(jq .records.events "$work/summary") rows in ${seconds}s"
