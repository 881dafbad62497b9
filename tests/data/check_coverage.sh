#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# check_coverage.sh TRAWL - what the evidence holds and lacks, against counts of
# the records by jq; and one honest line wherever a command finds nothing.
. "$(dirname "$0")/lib.sh"
need jq zcat

# records FOLDER: every record of it, once.
records()
{
	find "$1" -name '*.gz' -exec zcat {} + | jq -c '.Records[]?' |
		jq -sc 'unique_by(.eventID, .recipientAccountId)[]'
}

# Gaps between digests, a column a quarter of an hour from 04:15 on: two of them
# are gone, from 06:01:31 to 08:01:31, in which logs of 06:21, 06:51, 07:21 and
# 07:51 have events nevertheless.
"$trawl" coverage -q "$samples/digests/removed-digests" >"$work/page"
grep -qF '  :.:.:.:dDdDdDdDd....:.:' "$work/page" ||
	fail "digest gaps are not drawn: $(grep us-east-1 "$work/page")"

for set in secutter/AWSLogs/111122223333/CloudTrail quiet org; do
	records "$samples/$set" >"$work/records"
	"$trawl" coverage --format json -q "$samples/$set" >"$work/json" ||
		fail "$set: coverage fails"
	jq -sS '[group_by([.recipientAccountId, .awsRegion])[] |
		{a: .[0].recipientAccountId, r: .[0].awsRegion, n: length,
		d: map(select(.managementEvent == false or
			.eventCategory == "Data")) | length,
		first: (map(.eventTime) | min), last: (map(.eventTime) | max),
		hours: (group_by(.eventTime[:13]) | map({(.[0].eventTime[:13]):
			length}) | add)}]' "$work/records" >"$work/expected"
	jq -S '[.places[] | {a: .recipientAccountId, r: .awsRegion, n: .events,
		d: .dataEvents, first, last,
		hours: (.hours | map({(.hour[:13]): .events}) | add)}]' \
		"$work/json" >"$work/have"
	cmp -s "$work/expected" "$work/have" || {
		diff "$work/expected" "$work/have" | head -20 >&2
		fail "$set: accounts, regions and hours differ"
	}
	jq -s '[.[] | select(.managementEvent == false or
		.eventCategory == "Data") | .eventSource] | unique' \
		"$work/records" >"$work/expected"
	jq '[.dataEvents[].eventSource] | unique' "$work/json" |
		cmp -s - "$work/expected" || fail "$set: data events differ"
	jq -s '[.[] | select(.eventName | test("^(StopLogging|StartLogging|" +
		"(Create|Update|Delete)(Trail|Detector|FlowLogs)|" +
		"PutEventSelectors)$")) | .eventID] | sort' \
		"$work/records" >"$work/expected"
	jq '[.changes[].eventID] | sort' "$work/json" |
		cmp -s - "$work/expected" || fail "$set: changes of logging differ"
	# Lines say the same.
	"$trawl" coverage --format jsonl -q "$samples/$set" >"$work/jsonl"
	for kind in account:accounts place:places hole:holes \
		dataEvents:dataEvents change:changes; do
		[ "$(jq -c "select(.kind == \"${kind%:*}\") | del(.kind)" \
			"$work/jsonl")" = \
			"$(jq -c ".${kind#*:}[]" "$work/json")" ] ||
			fail "$set: ${kind#*:} differ between json and jsonl"
	done
	"$trawl" coverage -q "$samples/$set" >"$work/page" ||
		fail "$set: no page"
	[ "$(grep -c '^  [a-z]*-[a-z]*-[0-9] ' "$work/page")" = \
		"$(jq '.places | length' "$work/json")" ] ||
		fail "$set: a line a region"
done

# A hole that is cut out of a log is found: two hours of the account that has
# events all the time.
mkdir "$work/cut"
records "$samples/quiet" | jq -c 'select(.eventTime < "2026-10-06T09:30" or
	.eventTime >= "2026-10-06T11:30")' >"$work/cut/log.json"
"$trawl" coverage --format json -q "$work/cut" >"$work/json"
before=$(jq -sr '[.[] | select(.awsRegion == "eu-central-1" and
	.recipientAccountId == "444455556666" and
	.eventTime < "2026-10-06T10") | .eventTime] | max' "$work/cut/log.json")
after=$(jq -sr '[.[] | select(.awsRegion == "eu-central-1" and
	.recipientAccountId == "444455556666" and
	.eventTime > "2026-10-06T10") | .eventTime] | min' "$work/cut/log.json")
[ "$(jq -c '[.holes[] | [.recipientAccountId, .awsRegion, .from, .until]]' \
	"$work/json")" = \
	"[[\"444455556666\",\"eu-central-1\",\"$before\",\"$after\"]]" ] ||
	fail "what was cut out is no hole: $(jq -c .holes "$work/json")"

# none COMMAND...: LINE. The command finds nothing and says why that may be.
says()
{
	local line=$1
	shift
	"$trawl" "$@" >"$work/out" 2>"$work/err"
	cat "$work/out" "$work/err" | grep -qF -- "$line" ||
		fail "$*: does not say: $line; $(tail -n 2 -q "$work/out" "$work/err")"
}
quiet=$samples/quiet
says 'none; no CloudTrail log in sa-east-1 is in the evidence' \
	events "$quiet" -f region:sa-east-1
says 'none; no data events of AWS::Lambda::Function are in the evidence' \
	events "$quiet" -f eventName:Invoke --format jsonl
says 'none; nothing of kind flow is in the evidence' \
	events "$quiet" -f kind:flow --format csv
says 'none; no event at all of account 222233334444 before 2026-10-06 01:00 UTC' \
	events "$quiet" -f account:222233334444 --until 2026-10-06T01:00Z
says 'the logs there have 1 hole: eu-central-1 from 2026-10-06 09:' \
	events "$work/cut" -f 'eventName:StopLogging'
says 'none; no event is not no action' alerts "$quiet" --tactic impact \
	-f 'eventName:Nothing'
# The account of this user has no data events, others have.
says '  none; no data events of account 222233334444 are in the evidence' \
	walk P:arn:aws:iam::222233334444:user/maria "$quiet" --section data
[ -z "$("$trawl" events "$quiet" -q -f region:sa-east-1 --format jsonl 2>&1)" ] ||
	fail "--quiet is not quiet"
says '  No data events of account 222233334444, though others have some.' \
	triage "$quiet"

finish
