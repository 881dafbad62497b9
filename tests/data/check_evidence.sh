#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_evidence.sh [TRAWL [DATA_DIR]]
#
# What is found in public files of every kind, which are no part of this
# project: DATA_DIR (or $TRAWL_REAL_DATA) holds them as found in cloud-custodian
# (eventbridge), plaso (lookup-events, web-logs), datadog-serverless-functions
# (cloudwatch-logs), Security-Datasets (otrf), the AWS user guides
# (docs-samples) and aws-cloudtrail-processing-library (edge-cases). Every file
# is recognised, every sound record shown, every other listed with a reason.
# Everything is counted with jq and grep as well. Exits 77 where the folder is
# absent, 1 when anything is wrong, and says what.

export LC_ALL=C
# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
data=${2:-${TRAWL_REAL_DATA:-}}
[ -n "$data" ] && [ -d "$data/web-logs" ] ||
	skip "no folder with real logs was given"

# is WHAT JQ_FILTER WANTED: of the set at hand.
load()
{
	set=$1
	"$trawl" summary --format json -q "$data/$set" >"$work/summary" \
		2>"$work/err"
	case $? in
	0 | 3) ;;
	*) fail "$set: summary: $(head -1 "$work/err")" ;;
	esac
	"$trawl" events --format jsonl -q "$data/$set" >"$work/events" \
		2>"$work/err"
	# Whatever is read is an event, a copy or a skip; nothing is unnamed.
	jq -e '.records | .read == .events + .duplicates + .rejected' \
		"$work/summary" >/dev/null || fail "$set: records are missing"
	jq -e '[.skips[] | .reason | length > 0] | all' "$work/summary" \
		>/dev/null || fail "$set: a skip without a reason"
	is "events are listed" ".records.events" "$(wc -l <"$work/events")"
}

is()
{
	local have
	have=$(jq -c "$2" "$work/summary")
	[ "$have" = "$3" ] || fail "$set: $1: $have, not $3"
}

# ids FILE...: the ids of the records in JSON that are CloudTrail's, wherever
# they are.
ids()
{
	jq -r '.. | objects | select(has("eventName") and has("eventSource") and
		has("eventID")) | .eventID' "$@" | sort -u
}

shown()
{
	jq -r "select(.kind == \"$1\") | .eventID" "$work/events" | sort -u
}

# EventBridge: details that are CloudTrail's, two findings of GuardDuty, three
# of Security Hub; the others are told by their kind.
load eventbridge
is "files" .files.read "$(find "$data/eventbridge" -type f | wc -l)"
[ "$(shown cloudtrail | grep -v '^h:')" = "$(ids "$data"/eventbridge/*.json)" ] ||
	fail "eventbridge: events: $(shown cloudtrail | diff - <(ids \
		"$data"/eventbridge/*.json) | head -4)"
is "GuardDuty" .kinds.guardduty "$(jq -s '[.[] | select(."detail-type" ==
	"GuardDuty Finding")] | length' "$data"/eventbridge/*.json)"
is "Security Hub" .kinds.securityhub "$(jq -s '[.[] | select(."detail-type" //
	"" | startswith("Security Hub Findings")) | .detail.findings[]] |
	length' "$data"/eventbridge/*.json)"
is "AWS Config" .kinds.config "$(jq -s '[.[] | select(."detail-type" // "" |
	startswith("Config ")) | .detail.configurationItem // empty] | length' \
	"$data"/eventbridge/*.json)"
is "the rest" .records.rejected "$(jq -s '[.[] | select(
	(."detail-type" // "" | test("via CloudTrail$|^GuardDuty Finding$|^Security Hub Findings") | not)
	and .detail.configurationItem == null and ([.. | objects | select(has("eventName") and has("eventSource"))] |
	length == 0))] | length' "$data"/eventbridge/*.json)"
is "reasons" '[.skips[].reason] | unique | length' 5

# A string in each element; times of +11:00.
load lookup-events
[ "$(shown cloudtrail)" = "$(jq -r '.CloudTrailEvent | fromjson | .eventID' \
	"$data"/lookup-events/*.jsonl | sort)" ] || fail "lookup-events: ids"
is "rejected" .records.rejected 0
[ "$(jq -r .eventTime "$work/events" | sort)" = "$(jq -r '.CloudTrailEvent |
	fromjson | .eventTime' "$data"/lookup-events/*.jsonl | sort)" ] ||
	fail "lookup-events: times"

# No CloudTrail at all: each message is told, by what it is.
load cloudwatch-logs
is "messages" .records.rejected "$(jq -s '[.[].logEvents | length] | add' \
	"$data"/cloudwatch-logs/*.json)"
is "events" .records.events 0
is "kinds" '[.others[].records] | sort' "$(jq -s -c '[.[].logEvents[] |
	.message | if test("^(START|END|REPORT) RequestId: ") then "run" elif
	test("^[0-9-]+T[0-9:.]+Z\t[0-9a-f-]{36}\t") then "function" elif
	startswith("{") then "json" else "other" end] | group_by(.) |
	map(length) | sort' "$data"/cloudwatch-logs/*.json)"

# Logstash has taken eventTime away.
load otrf
is "events" .kinds.cloudtrail "$(jq -c . "$data"/otrf/*.json | wc -l)"
[ "$(jq -r .eventTime "$work/events" | sort)" = "$(jq -r \
	'."@timestamp" | sub("\\.000Z"; "Z")' "$data"/otrf/*.json | sort)" ] ||
	fail "otrf: times are those of @timestamp"
[ "$(jq -c 'select(.partial)' "$work/events" | wc -l)" = \
	"$(wc -l <"$work/events")" ] || fail "otrf: not all are marked"

# Of the user guides: sign-ins, Insights, digests, and what is no JSON.
load docs-samples
is "Insights" .kinds.insight "$(jq '[.Events[] | select(.eventType ==
	"AwsCloudTrailInsight")] | length' \
	"$data"/docs-samples/view-insights-events-cli.2.json)"
is "digests" '[.skips[] | select(.reason == "a CloudTrail digest file")] |
	length' "$(grep -l digestS3Object "$data"/docs-samples/* | wc -l)"
is "broken" '[.skips[] | select(.reason == "a key was expected") | .file |
	split("/") | last] | sort' "$(for f in "$data"/docs-samples/*; do
	jq . "$f" >/dev/null 2>&1 || basename "$f"
done | sort | jq -R . | jq -s -c .)"
[ "$(shown cloudtrail)" = "$(for f in "$data"/docs-samples/*sign-in*; do
	ids "$f"
done | sort -u)" ] || fail "docs-samples: sign-in events"

# Null, missing and new fields; in one file one of two records is broken.
load edge-cases
for f in "$data"/edge-cases/*.json; do
	jq -e '.Records | length' "$f" 2>/dev/null
done | awk '{ n += $1 } END { print n }' >"$work/whole"
is "sound records" '.records.events' "$(($(cat "$work/whole") +
	$(zcat "$data"/edge-cases/*.gz | jq '.Records | length') + 1))"
is "broken" '[.skips[].file | split("/") | last] | unique' \
	'["SerializerTestFileBadJsonFormat.json"]'

# Load balancers and S3, told apart by how their lines begin.
load web-logs
lines=$(cat "$data"/web-logs/alb_raw.log; echo
	cat "$data"/web-logs/aws_elb_access.log; echo
	cat "$data"/web-logs/s3_access_raw.log)
is "S3" .kinds.s3access "$(grep -cE '^[0-9a-f]{64} ' <<<"$lines")"
is "ELB" .kinds.elb \
	"$(grep -cE '^(https?|h2|grpcs|wss?|tls) |^20[0-9-]{8}T' <<<"$lines")"
is "all lines" .records.events "$(grep -c . <<<"$lines")"
is "rejected" .records.rejected 0
[ "$(jq -r 'select(.kind == "elb" and .errorCode == "404") |
	.sourceIPAddress' "$work/events" | sort -u)" = \
	"$(grep -E '^http [^"]* 404 (404|-) ' <<<"$lines" |
		awk '{ sub(":[0-9]*$", "", $4); print $4 }' | sort -u)" ] ||
	fail "web-logs: clients of what was not found"
[ "$(jq -r 'select(.kind == "s3access") | [.eventTime, .eventName] | @tsv' \
	"$work/events" | sort)" = "$(awk '{ print $3, $8 }' \
	"$data"/web-logs/s3_access_raw.log | sed -E \
	's,^\[(..)/Jan/(....):([0-9:]*) ,\2-01-\1T\3Z\t,' | sort)" ] ||
	fail "web-logs: times and operations of S3"

finish
