#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_values.sh [TRAWL]
#
# What values are new in a window: held against jq over the records, for a
# column, a path into the record, an alias with several values and one that not
# all events have; without anything before nothing is said. Exits 1 when
# anything differs.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
logs=$samples/secutter/AWSLogs/111122223333/CloudTrail

# Each event once.
find "$logs" -name '*.json.gz' -exec zcat {} + | jq -c '.Records[]' |
	jq -c -s 'unique_by(.eventID)[]' >"$work/all"

# FIELD PATH SINCE: value and new, as jq has it.
wanted()
{
	jq -r -s --arg since "$3" "def of: [$2] | map(select(. != null) |
		tostring) | unique[];"'
		([.[] | select(.eventTime < $since) | of] | unique) as $had |
		[.[] | select(.eventTime >= $since) | of] | unique[] |
		. as $v | "\($v)\t\($had | index([$v]) == null)"' "$work/all"
}

found()
{
	"$trawl" values "$1" "$logs" -q --since "$2" --limit 10000 \
		--format jsonl | jq -r '"\(.value)\t\(.new)"' | LC_ALL=C sort
}

check()
{
	diff <(wanted "$@" | LC_ALL=C sort) <(found "$1" "$3") ||
		fail "values of $1 since $3: new differs"
}

check sourceIPAddress .sourceIPAddress 2026-10-03T06:00:00Z
check eventName .eventName 2026-10-03T06:00:00Z
check errorCode .errorCode 2026-10-03T05:30:00Z
check requestParameters.bucketName .requestParameters.bucketName \
	2026-10-03T06:30:00Z
[ "$(found sourceIPAddress 2026-10-03T06:00:00Z | grep -c 'true$')" -gt 3 ] ||
	fail 'next to no address is new: nothing was compared'

# Nothing is loaded before the first event.
"$trawl" values ip "$logs" -q --format jsonl | jq -e -s 'all(has("new") | not)' \
	>/dev/null || fail 'new without a window'
"$trawl" values ip "$logs" -q --since 2020-01-01 --format jsonl |
	jq -e -s 'length > 0 and all(has("new") | not)' >/dev/null ||
	fail 'new with nothing before the window'

# Nobody acts in a web request: none is counted as somebody.
"$trawl" values eventName "$samples/secutter" -q -f 'not kind:cloudtrail' \
	--format jsonl |
	jq -e -s 'length > 0 and all(.principals == 0)' >/dev/null ||
	fail 'what is no call has principals'
finish
