#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_profile.sh [TRAWL]
#
# The page of every kind of entity, held against jq's own counts in the records
# of samples/secutter, each event once. Exits 1 when anything is wrong.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
secutter=$samples/secutter/AWSLogs/111122223333/CloudTrail
records=$work/records.jsonl
find "$secutter" -name '*.json.gz' -exec zcat {} + |
	jq -c '.Records[]' | sort | jq -cs 'unique_by(.eventID)[]' >"$records"

is()
{
	local got
	got=$(jq -c "$1" "$work/out")
	[ "$got" = "$2" ] || fail "$1 is $got, not $2"
}

# same FILTER ID [OPTION...]: what jq selects is what the page of ID counts.
same()
{
	local filter=$1
	shift
	run 0 profile "$@" "$secutter" --format json
	local got want
	got=$(jq -c '[.events, .denied + .failed, .first,
		([.calls[] | [.eventName, .eventSource, .events, .denied + .failed]] | sort),
		([.sourceIPAddresses[] | [.sourceIPAddress, .events]] | sort),
		([.awsRegions[] | [.awsRegion, .events]] | sort)]' "$work/out")
	want=$(jq -cs "map(select($filter))"' | [length, (map(select(.errorCode)) | length),
		(map(.eventTime) | min),
		(group_by([.eventName, .eventSource]) | map([.[0].eventName, .[0].eventSource, length,
			(map(select(.errorCode)) | length)]) | sort),
		(group_by(.sourceIPAddress) | map([.[0].sourceIPAddress, length]) | sort),
		(group_by(.awsRegion) | map([.[0].awsRegion, length]) | sort)]' "$records")
	[ "$got" = "$want" ] || {
		fail "the page of $1 is not what the records say"
		diff <(jq -c '.[]' <<<"$got") <(jq -c '.[]' <<<"$want") | cut -c1-300 | head >&2
	}
}

user=lambda-creator-user
same ".userIdentity.userName == \"$user\"" "$user"
is '[.kind, .label, .entity]' "[\"principal\",\"user $user\",\"P:arn:aws:iam::111122223333:user/$user\"]"
same '.userIdentity.accessKeyId == "AKIARTX3GSDSXSQW3LGU"' AKIARTX3GSDSXSQW3LGU
same '.sourceIPAddress == "203.0.113.66"' 203.0.113.66
is '[.principals[].events] | sort' '[13,21,28]'
same '.sourceIPAddress == "203.0.113.66"' ip:203.0.113.66
same '.eventName == "GetObject"' GetObject
is '[.kind, (.principals | length)]' '["API",2]'
same '.eventSource == "iam.amazonaws.com"' service:iam
same '.awsRegion == "us-west-2"' us-west-2
same '.errorCode == "AccessDenied"' error:AccessDenied
agent=$(jq -r 'select(.eventName == "CreateUser") | .userAgent' "$records")
same ".userAgent == \"$agent\"" "userAgent:$agent"
is '[.kind, .events]' '["user agent",1]'
same '.recipientAccountId == "111122223333"' 111122223333
# A resource: what names it in the request, or stands in resources.
run 0 profile serverless-codes-4f1c2a "$secutter" --format json
want=$(jq -cs 'map(select((.requestParameters.bucketName // "") == "serverless-codes-4f1c2a"
	or ([.resources[]?.ARN // ""] | any(. == "arn:aws:s3:::serverless-codes-4f1c2a")))) | length' "$records")
is '[.kind, .events]' "[\"resource\",$want]"
[ "$want" -gt 20 ] || fail "$want events name the bucket"
run 2 profile nothing-is-called-that "$secutter"

# Prevalence: how many principals use what it used. Roles count once for all
# their sessions.
run 0 profile "$user" "$secutter" --format json
want=$(jq -r 'select(.sourceIPAddress == "203.0.113.66")
	| .userIdentity | .sessionContext.sessionIssuer.arn // .arn' "$records" | sort -u | wc -l)
is '.sourceIPAddresses[0].principals' "$want"
want=$(jq -r 'select(.eventName == "ListUsers")
	| .userIdentity | .sessionContext.sessionIssuer.arn // .arn' "$records" | sort -u | wc -l)
is '[.calls[] | select(.eventName == "ListUsers")][0].principals' "$want"

# What is new: only against what is loaded before.
is '[.baseline, ([.calls[] | has("new")] | any)]' '[null,false]'
run 0 profile "$user" "$secutter"
grep -q 'nothing is called NEW' "$work/out" || fail "no word about the baseline"
! grep -v '^baseline: ' "$work/out" | grep -q 'NEW$\|new to it$' || fail "something is new of nothing before"
since=2026-10-03T06:20:00Z
run 0 profile "$user" "$secutter" --since "$since" --format json
want=$(jq -cs --arg s $since --arg u $user '
	(map(select(.eventTime < $s) | .eventName) | unique) as $before
	| (map(select(.eventTime < $s and .userIdentity.userName == $u) | .eventName) | unique) as $own
	| map(select(.eventTime >= $s and .userIdentity.userName == $u) | .eventName) | unique
	| map(. as $n | [$n, ($before | index($n) | not), ($own | index($n) | not)])' "$records")
got=$(jq -c '[.calls[] | [.eventName, .new, .newToIt]] | sort' "$work/out")
[ "$got" = "$want" ] || fail "new since $since: $got, not $want"
grep -q 'CreateUser.*true.*true' <<<"$want" || fail "CreateUser is not new by the records"
run 0 profile "$user" "$secutter" --since "$since"
grep -q 'iam CreateUser .* NEW' "$work/out" || fail "CreateUser is not called NEW"
finish
