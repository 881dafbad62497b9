#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_rule_files.sh [TRAWL]
#
# What `trawl rules check` has to say about rules that are wrong, each with its
# file and line, alone and beside evidence; and what `trawl rules list` counts.
# Exits 1 when anything is wrong, and says what.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq

# What the last run printed is what standard input says: problem, file below
# $work, line and text.
problems()
{
	jq -r '"\(.problem) \(.file):\(.line) \(.text)"' "$work/out" |
		sed "s,$work/,,g" >"$work/found"
	diff - "$work/found" >"$work/diff" || {
		fail "$1: other problems (< wanted, > found):"
		cat "$work/diff" >&2
	}
}

# rule NUMBER: the head of a rule with nothing wrong in it.
rule()
{
	cat <<-END
		title: Rule $1
		id: 00000000-0000-4000-8000-00000000000$1
		level: low
		logsource: {product: aws, service: cloudtrail}
	END
}

# Rules ------------------------------------------------------------------------

# Line by line: what each is wrong in says its name.
bad=$work/rules/bad.yml
mkdir "$work/rules"
{
	rule 1 # 1
	cat <<-'END'
		tags: [attack.t1530, attack.t1530.00x, cat.5]
		detection:
		    s:
		        eventName: GetObject
		        requestParameters.bucketName: a
		        requestParameters.bucketNam: b
		        elsewhere.bucketName: c
		    condition: s
		---
	END
	rule 2 # 14
	cat <<-'END'
		detection:
		    s:
		        eventName|containz: GetObject
		    condition: s
		---
	END
	rule 3 # 23
	cat <<-'END'
		detection:
		    s: {eventName: GetObject}
		    condition: s and t
		---
	END
	rule 1 # 31
	cat <<-'END'
		detection:
		    s: {eventName: GetObject}
		    t: {eventName: PutObject}
		    condition: s and t
		---
	END
	rule 4 # 40
	cat <<-'END'
		correlation:
		    type: event_count
		    rules: [Rule 9]
		    timespan: 5m
		    condition: {gte: 3}
		---
	END
	rule 5 # 50
	cat <<-'END'
		correlation:
		    type: value_count
		    rules:
		        - Rule 1
		    group-by:
		        - userIdentity.arnn
		        - who
		    timespan: 5m
		    aliases:
		        who: {Rule 1: elsewhere.who}
		    condition:
		        field: requestParameters.keys
		        lt: 1
		---
	END
	rule 6 # 68
	cat <<-'END'
		filter:
		    rules: [Rule 9]
		    s: {eventName: GetObject}
		    condition: not s
	END
} >"$bad"
cat >"$work/rules/worse.yaml" <<-'END'
	title: x
	detection: [a
END

run 1 rules check "$work/rules" --format jsonl
problems "rules alone" <<'END'
warning rules/bad.yml:5 ATT&CK has no "t1530.00x": a tactic, a technique, a group or software is expected
warning rules/bad.yml:5 tag "cat.5" is of no namespace that Sigma knows
note rules/bad.yml:11 CloudTrail has no field "elsewhere.bucketName"
broken rules/bad.yml:20 unknown modifier "containz"
broken rules/bad.yml:29 condition: there is no selection "t"
warning rules/bad.yml:31 the id 00000000-0000-4000-8000-000000000001 is also that of rules/bad.yml:1; both run
warning rules/bad.yml:38 no event can meet the condition
broken rules/bad.yml:46 there is no rule "Rule 9"
note rules/bad.yml:63 CloudTrail has no field "elsewhere.who"
warning rules/bad.yml:64 no number can meet the condition
warning rules/bad.yml:73 there is no rule "Rule 9"
broken rules/worse.yaml:3 while parsing a flow sequence, did not find expected ',' or ']'
END
grep -q '^trawl: 7 rules, 4 broken, 6 warnings, 2 notes$' "$work/err" ||
	fail "the sums: $(cat "$work/err")"

# Beside evidence: what none of three records has. A path leads through lists
# and into texts that hold JSON; null is there.
cat >"$work/three.jsonl" <<'END'
{"eventTime":"2026-01-09T21:40:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventID":"00000000-0000-4000-9000-000000000001","requestParameters":{"bucketName":"a","list":[{"b":1},{"c":null}]}}
{"eventTime":"2026-01-09T21:41:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventID":"00000000-0000-4000-9000-000000000002","requestParameters":{"policy":"{\"Statement\":[{\"Effect\":\"Allow\"}]}"}}
{"eventTime":"2026-01-09T21:42:00Z","eventSource":"s3.amazonaws.com","eventName":"PutObject","eventID":"00000000-0000-4000-9000-000000000003","errorCode":null}
END
{
	rule 1
	cat <<-'END'
		detection:
		    s:
		        eventName: GetObject
		        requestParameters.bucketName|exists: true
		        requestParameters.list.b|exists: true
		        requestParameters.list.c|exists: true
		        requestParameters.list.d|exists: true
		        requestParameters.policy.Statement.Effect: Allow
		        requestParameters.policy.Statement.Action: Allow
		        errorCode: null
		        errorMessage: null
		        elsewhere: 1
		    condition: s
	END
} >"$work/good.yml"
run 0 rules check "$work/good.yml" "$work/three.jsonl" --format jsonl
problems "beside evidence" <<'END'
note good.yml:11 no event of this data has the field "requestParameters.list.d"
note good.yml:13 no event of this data has the field "requestParameters.policy.Statement.Action"
note good.yml:15 no event of this data has the field "errorMessage"
note good.yml:16 CloudTrail has no field "elsewhere"
END
# Another file of rules is no evidence.
cp "$work/good.yml" "$work/twin.yml"
run 1 rules check "$work/good.yml" "$work/three.jsonl" "$work/twin.yml" \
	--format jsonl
grep -q '"file":"[^"]*/twin.yml","line":1,"text":"the id' "$work/out" ||
	fail "a second file of rules"
run 3 rules check "$work/good.yml" "$work/rules"
grep -q "no CloudTrail event was found" "$work/err" || fail "no evidence"

# Samples ----------------------------------------------------------------------

# Records in the rules' own files: as YAML, as JSON, several as a story.
{
	rule 1
	cat <<-'END'
		detection:
		    s: {eventName: StopLogging, requestParameters.on: false}
		    condition: s
		samples:
		    fire:
		        - {eventName: StopLogging, requestParameters: {on: false}}
		        - |
		            {"eventName": "StopLogging",
		             "requestParameters": {"on": "FALSE"}}
		        - - eventName: DeleteTrail
		          - eventName: StopLogging
		            requestParameters: {on: false}
		    quiet:
		        - {eventName: StopLogging}
		        - '[{"eventName": "DeleteTrail"}]'
		---
	END
	rule 2
	cat <<-'END'
		trawl: {outcome: denied}
		detection:
		    s: {eventName: Decrypt, recipientAccountId|startswith: '0'}
		    condition: s
		samples:
		    fire: {eventName: Decrypt, errorCode: AccessDenied,
		           recipientAccountId: 012345678901}
		    quiet: {eventName: Decrypt, recipientAccountId: 012345678901}
		---
	END
	rule 3
	cat <<-'END'
		correlation:
		    type: event_count
		    rules: [Rule 1]
		    group-by: [sourceIPAddress]
		    timespan: 5m
		    condition: {gte: 2}
		samples:
		    fire:
		        - - &one
		            eventName: StopLogging
		            eventTime: 2026-01-09T21:40:00Z
		            sourceIPAddress: 192.0.2.1
		            requestParameters: {on: false}
		          - eventName: StopLogging
		            eventTime: 2026-01-09T21:44:59Z
		            sourceIPAddress: 192.0.2.1
		            requestParameters: {on: false}
		    quiet:
		        - *one
		        - - *one
		          - eventName: StopLogging
		            eventTime: 2026-01-09T21:45:01Z
		            sourceIPAddress: 192.0.2.1
		            requestParameters: {on: false}
	END
} >"$work/own.yml"
run 0 rules test "$work/own.yml"
grep -q '^trawl: 3 rules with samples: 10 right, 0 wrong' "$work/err" ||
	fail "samples of their own: $(cat "$work/err")"
run 0 rules check "$work/own.yml"
run 0 rules test -v "$work/own.yml" --format jsonl
[ "$(jq -c '[.result, .wanted, .sample]' "$work/out" | head -1)" = \
	'["right","fire","line 10"]' ] || fail "the line of a sample"

# What is not as it should be, each in its way.
{
	rule 1
	cat <<-'END'
		detection:
		    s: {eventName: StopLogging}
		    condition: s
		samples:
		    fire:
		        - {eventName: DeleteTrail}
		        - '{"eventName": '
		        - - eventName: StopLogging
		          - no record
		        - nosuch
		    quiet:
		        - {eventName: stoplogging}
	END
} >"$work/wrong.yml"
run 1 rules test "$work/wrong.yml" --format jsonl
jq -r '"\(.result), \(.wanted), \(.sample)"' "$work/out" >"$work/found"
diff - "$work/found" <<'END' || fail "wrong samples"
did not fire, fire, line 10
no record, fire, line 11
no record, fire, line 12
fired, quiet, line 16
END
grep -q 'named, and not tried without their folder: 1$' "$work/err" ||
	fail "a sample that was not tried: $(cat "$work/err")"
run 1 rules test "$work/wrong.yml" "$samples/rules" --format jsonl
grep -q '"no such sample","wanted":"fire","sample":"nosuch"' "$work/out" ||
	fail "a sample that is nowhere"
run 1 rules check "$work/wrong.yml" --format jsonl
problems "samples that are no records" <<'END'
warning wrong.yml:11 the sample is no record, and no list of them
warning wrong.yml:12 the sample is no record, and no list of them
END
# A rule that does not run has not passed; without samples nothing has.
sed 's/condition: s$/condition: t/' "$work/own.yml" >"$work/broken.yml"
run 1 rules test "$work/broken.yml"
sed '/^samples:/,$d' "$work/wrong.yml" >"$work/none.yml"
run 2 rules test "$work/none.yml"
run 0 rules test "$samples" -r "$root/rules/stealth" --no-builtin-rules

# Hits -------------------------------------------------------------------------

# Each rule has as many hits as matches are alerted, and those that were counted
# in the records.
run 0 rules list "$samples/secutter/AWSLogs/111122223333/CloudTrail" --format jsonl
jq -r 'select(.state == "active" and .hits > 0) | "\(.hits) \(.ruleId)"' \
	"$work/out" | sort >"$work/hits"
"$trawl" alerts --each --format jsonl -q "$samples/secutter/AWSLogs/111122223333/CloudTrail" |
	jq -r .ruleId | sort | uniq -c | sed 's/^ *//' | sort >"$work/matches"
[ -s "$work/matches" ] || fail "no alerts"
cmp -s "$work/hits" "$work/matches" || {
	fail "hits are not the matches that are alerted:"
	diff "$work/hits" "$work/matches" >&2
}
find "$samples/secutter/AWSLogs/111122223333/CloudTrail" -name '*.json*' -exec zcat -f {} + |
	jq -c '.Records[]?' >"$work/records"
# hits TITLE JQ-FILTER: as many records as the filter selects.
hits()
{
	local n wanted
	n=$(jq --arg t "$1" 'select(.title == $t) | .hits' "$work/out")
	wanted=$(jq -r "select($2) | .eventID" "$work/records" | sort -u | wc -l)
	[ "$n" = "$wanted" ] && [ "$wanted" -gt 0 ] ||
		fail "$1: $n hits, of $wanted records"
}
hits "Shell command sent to an instance" '.eventName == "SendCommand" and
	.requestParameters.documentName == "AWS-RunShellScript"'
hits "IAM user created" '.eventName == "CreateUser"'
# What does not alert has none to tell, what found nothing has 0.
jq -e -s 'all(has("hits") == (.state == "active"))' "$work/out" >/dev/null ||
	fail "hits of rules that do not alert"
jq -e -s 'any(.title == "CloudTrail logging stopped" and .hits == 0)' \
	"$work/out" >/dev/null || fail "hits of nothing"
run 0 rules list --format jsonl
jq -e -s 'any(has("hits")) | not' "$work/out" >/dev/null ||
	fail "hits without evidence"

# Some rules alone: old and new names of ATT&CK are one.
for tactic in defense-evasion Stealth TA0112; do
	run 0 rules list --tactic "$tactic" --format jsonl
	jq -r '.tactics | map(select(IN("stealth", "defense-impairment"))) |
		length' "$work/out" | sort -u >"$work/found"
	[ -s "$work/found" ] && ! grep -qx 0 "$work/found" ||
		fail "rules list --tactic $tactic"
done
run 0 rules list --technique T1562.008 --min-level critical --format jsonl
jq -e -s 'length > 3 and all((.techniques | index("T1685.002")) and
	.level == "critical")' "$work/out" >/dev/null ||
	fail "rules list --technique T1562.008"

finish
