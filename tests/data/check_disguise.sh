#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# --redact: no account, name or key that a record has is in what is handed on, in
# any command and format; and who is who stays the same wherever it is told.
# --defang: no address, and no link, that anything follows.

. "$(dirname "$0")/lib.sh"

need jq

# Names, by jq out of the records themselves: accounts, users, roles, sessions but
# for those named by machines' ids, buckets, keys, functions, secrets.
names_of()
{
	{
		find "$1" -path '*CloudTrail/*' -name '*.json.gz' -exec gzip -dc {} +
		find "$1" -name '*_CloudTrail_*.json' -exec cat {} +
	} | jq -r '.Records[]
		| .recipientAccountId,
		(.userIdentity | .accountId, .userName, .accessKeyId, .principalId,
			.sessionContext.sessionIssuer.userName, .sessionContext.sessionIssuer.principalId),
		(.requestParameters | objects | .userName, .roleName, .bucketName, .key,
			.functionName, .secretId, .roleSessionName)
		| strings | split(":")[]' | sort -u |
		grep -vE '^(i-[0-9a-f]+|AWSServiceRole.*|aws|arn|.{0,2}|[a-z]{2}-[a-z]+-[0-9]|lambda|iam|sts|s3|ec2|function|secretsmanager|AutoScaling|SLRManagement|HIDDEN_.*|.*\.amazonaws\.com)$'
}

hidden()
{
	"$trawl" "$@" --redact --no-cache -q >"$work/out" 2>"$work/err" </dev/null
	[ -s "$work/out" ] || fail "trawl $* --redact prints nothing: $(cat "$work/err")"
	# As whole words: a name may be part of another word.
	{
		grep -owFf "$work/names" "$work/out"
		# What is known by its form: keys, unique ids, organizations, ARNs
		# of accounts.
		grep -oE '\b(AKIA|ASIA|ABIA|AIDA|AROA|AGPA|AIPA|ANPA|ANVA|APKA)[A-Z0-9]{12,}\b|\bo-[a-z0-9]{10,32}\b|arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:[0-9]{12}:' "$work/out"
	} | sort -u >"$work/found"
	[ ! -s "$work/found" ] || fail "trawl $* --redact tells $(head -5 "$work/found" | tr '\n' ' ')"
}

# report and exports of a set of logs, once each. Its own words, that policies are
# "inline" say, are no names.
all_hidden()
{
	names_of "$1" | grep -vxE 'secret|inline' >"$work/names"
	[ "$(wc -l <"$work/names")" -ge 60 ] || fail "$1: $(wc -l <"$work/names") names"
	local format
	for format in markdown json; do
		hidden report --incident all --format "$format" "$1"
	done
	for format in table jsonl csv timesketch; do
		hidden events --format "$format" "$1"
	done
	for format in table jsonl csv; do
		hidden alerts --format "$format" "$1"
	done
	hidden alerts --each --format jsonl "$1"
	hidden walk '*' --section persist "$1"
	hidden walk '*' --section data "$1"
}

for sample in secutter org; do
	names_of "$samples/$sample" >"$work/names"
	[ "$(wc -l <"$work/names")" -ge 60 ] || fail "$sample: $(wc -l <"$work/names") names"
	hidden report --incident all --format json "$samples/$sample"
	hidden events --format jsonl "$samples/$sample"
done
names_of "$samples/secutter" >"$work/names"
hidden report --format markdown "$samples/secutter"
hidden report --format html "$samples/secutter"
hidden events --format csv "$samples/secutter"
hidden events --format timesketch "$samples/secutter"
hidden alerts "$samples/secutter"
hidden alerts --format jsonl "$samples/secutter"
hidden alerts --incidents --format json "$samples/secutter"
for format in table json; do
	hidden origin K:AKIARTX3GSDSXSQW3LGU --hints --format "$format" "$samples/secutter"
	hidden walk lambda-creator-user --format "$format" "$samples/secutter"
done

# One name, one pseudonym, everywhere; and no two names share one.
"$trawl" events -q --no-cache --format jsonl "$samples/secutter" | jq -r '.actor // ""' >"$work/plain"
"$trawl" events -q --no-cache --redact --format jsonl "$samples/secutter" | jq -r '.actor // ""' >"$work/hidden"
paste "$work/plain" "$work/hidden" | sort -u >"$work/pairs"
[ "$(cut -f1 "$work/pairs" | sort | uniq -d | wc -l)" = 0 ] || fail "a name has two pseudonyms"
[ "$(cut -f2 "$work/pairs" | sort | uniq -d | wc -l)" = 0 ] || fail "two names have one pseudonym"
user=$(awk -F'\t' '$1 == "lambda-creator-user" { print $2 }' "$work/pairs")
[[ $user =~ ^user-[0-9]+$ ]] || fail "lambda-creator-user is $user"
run 0 report --no-cache --redact --format json "$samples/secutter"
jq -e --arg user "$user" '.incidents[0].actors | index($user)' "$work/out" >/dev/null ||
	fail "the report calls $user otherwise"
run 0 alerts --no-cache --redact --format jsonl -f event:CreateUser "$samples/secutter"
jq -e --arg user "$user" 'select(.actor == $user)' "$work/out" >/dev/null ||
	fail "alerts call $user otherwise"
# Ids of events stay: they lead to the records.
run 0 events --no-cache --redact --format jsonl -f 'kind:guardduty or event:CreateUser' "$samples/secutter"
jq -r .eventID "$work/out" | sort >"$work/ids"
run 0 events --no-cache --format jsonl -f 'kind:guardduty or event:CreateUser' "$samples/secutter"
cmp -s "$work/ids" <(jq -r .eventID "$work/out" | sort) || fail "ids of events are others"

# Defanged: whole addresses and links are nowhere.
for command in 'report --format markdown' 'report --format html' 'events --format jsonl' 'alerts --format jsonl'; do
	# shellcheck disable=SC2086
	"$trawl" $command --defang --no-cache -q "$samples/secutter" >"$work/out"
	! grep -qE '203\.0\.113\.66|169\.254\.169\.254|http://' "$work/out" || fail "$command: something is followed"
	grep -qF '203[.]0[.]113[.]66' "$work/out" || fail "$command: the address is gone"
done
# Whoever is called by a common word, or a letter, is hidden where they stand, and
# nowhere else: sentences stay as they are.
call() { # NUMBER EVENT BY PARAMETERS
	printf '{"eventVersion":"1.08","eventID":"e0000000-0000-4000-8000-00000000000%s","eventTime":"2026-01-09T06:0%s:00Z","eventSource":"iam.amazonaws.com","eventName":"%s","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.1","userAgent":"x","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","principalId":"AIDACKCEVSQ6C2EXAMPL%s","arn":"arn:aws:iam::111122223333:user/%s","accountId":"111122223333","userName":"%s"},"requestParameters":%s}\n' \
		"$1" "$1" "$2" "$1" "$3" "$3" "$4"
}
mkdir "$work/log"
{
	call 1 CreateUser service '{"userName":"the"}'
	call 2 AttachUserPolicy the '{"userName":"a","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}'
	call 3 CreateAccessKey a '{"userName":"of"}'
	call 4 AttachUserPolicy access '{"userName":"external","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}'
	call 5 CreateUser Zork '{"userName":"monitor"}'
	call 6 UpdateAssumeRolePolicy Zork '{"roleName":"report","policyDocument":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-a1b2c3d4e5\"}}}]}"}'
} >"$work/log/a.jsonl"
titles() {
	"$trawl" alerts "$work/log" --no-cache -q --format jsonl "$@" |
		jq -c '[.ruleId, .title, .firstSeen]' | sort
}
[ "$(titles | wc -l)" -ge 3 ] || fail 'common words: alerts'
[ "$(titles --redact)" = "$(titles)" ] || fail 'common words: titles are others'
"$trawl" report "$work/log" --no-cache -q --redact >"$work/report"
for sentence in 'which orders incidents and is no verdict' \
	'Administrator rights attached' 'Access key created for another user' \
	'by a service control policy to all who need them not' \
	'Impact on the service and its data' '| policy of a user |'; do
	grep -qF "$sentence" "$work/report" || fail "common words: not there: $sentence"
done
# By themselves, behind what they are, in an ARN and before a part they are told
# nowhere.
names='(service|the|a|of|access|external|Zork|monitor)'
grep -o '`[^`]*`' "$work/report" |
	grep -E "^\`((user|key|session) )*$names(\`|: )|user/$names\b|Zork" \
		>"$work/found"
[ ! -s "$work/found" ] || fail "common words: told: $(head -3 "$work/found")"
! grep -qE 'o-a1b2c3d4e5' "$work/report" || fail 'the organization is told'
"$trawl" events "$work/log" --no-cache -q --redact --format jsonl >"$work/out"
[ "$(jq -r .actor "$work/out" | grep -cE '^user-[0-9]+$')" = 6 ] ||
	fail 'common words: actors'
# In a sentence, too: what it is stands before it.
[ "$("$trawl" events "$work/log" --no-cache -q --redact --format timesketch |
	jq -r .message | grep -cE '^[A-Za-z]+ of iam by user user-[0-9]+ from 203\.0\.113\.1$')" = 6 ] ||
	fail 'common words: messages'
# Real logs, where there are some.
[ ! -d "${TRAWL_REAL_DATA:-}/invictus" ] || all_hidden "$TRAWL_REAL_DATA/invictus"
# What is written as it is cannot be disguised.
run 2 events --no-cache --redact --format records "$samples/secutter"

finish
