#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Lists of indicators on the samples, held against what jq finds in the records.
# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
set -o pipefail

find "$samples/secutter/AWSLogs/111122223333/CloudTrail" -name '*.json.gz' -exec zcat {} + | jq -c '.Records[]' |
	sort -u >"$work/records"

# found LIST-LINE JQ: the ids of the events that the list has alerts on are
# those of the records for which jq says true.
found() {
	printf '# a comment\n\n%s\n' "$1" >"$work/list"
	"$trawl" alerts "$samples/secutter/AWSLogs/111122223333/CloudTrail" --no-builtin-rules --ioc "$work/list" \
		--format jsonl >"$work/out" 2>"$work/err" || fail "exit status $?: $(cat "$work/err")"
	jq -r '.eventIDs[]' "$work/out" | sort >"$work/got"
	jq -r "select($2) | .eventID" "$work/records" | sort -u >"$work/want"
	[ -s "$work/want" ] || fail "jq finds nothing for $1"
	cmp -s "$work/got" "$work/want" ||
		fail "$1: $(wc -l <"$work/got") events, not $(wc -l <"$work/want")"
	# Each note names the line.
	jq -e 'all(.notes[]; contains("list:3: "))' "$work/out" >/dev/null ||
		fail "$1: a note without its line"
}

# Wherever in the record, and as a part: jq's way of saying that is crude.
anywhere() { # TEXT
	printf '[.. | strings | ascii_downcase | select(contains("%s"))] | length > 0' "$1"
}
found '203.0.113.66 seen by another team' '.sourceIPAddress == "203.0.113.66"'
found '203.0.113.64/30' '.sourceIPAddress | test("^203\\.0\\.113\\.6[4567]$")'
found 'AKIARTX3GSDSSMYZWOS5' "$(anywhere akiartx3gsdssmyzwos5)"
found 'arn:aws:iam::aws:policy/AdministratorAccess' "$(anywhere policy/administratoraccess)"
found 'agent:aws-cli/2.17*' '.userAgent // "" | startswith("aws-cli/2.17")'
found 'autoscaling.amazonaws.com' "$(anywhere autoscaling.amazonaws.com)"

# Rules of one's own run beside; a filter leaves what it leaves.
printf '203.0.113.66\n' >"$work/list"
got=$("$trawl" alerts "$samples/secutter/AWSLogs/111122223333/CloudTrail" --ioc "$work/list" -f 'event:CreateUser' \
	--format jsonl 2>/dev/null | jq -r .title | sort | tr '\n' '|')
case $got in
'Address on a list of indicators|IAM user created|'*) ;;
*) fail "with a filter: $got" ;;
esac
got=$("$trawl" events "$samples/secutter/AWSLogs/111122223333/CloudTrail" --ioc "$work/list" --format jsonl \
	-f 'rule:"Address on a list of indicators"' 2>/dev/null | wc -l)
[ "$got" = 62 ] || fail "the rule as a filter: $got"

# What lines were taken for is told: a quoted address is none.
printf '"203.0.113.66"\n203.0.113.66\n198.51.100.0/24\n' >"$work/quoted"
"$trawl" events "$samples/secutter/AWSLogs/111122223333/CloudTrail" -n 1 --ioc "$work/quoted" >/dev/null 2>"$work/err"
grep -qF 'address 2, key 0, identity 0, name 0, hash 0, agent 1' "$work/err" ||
	fail "$(cat "$work/err")"

printf '203.0.113.66\n203.0.113.660\n' >"$work/bad"
"$trawl" alerts "$samples/secutter/AWSLogs/111122223333/CloudTrail" --ioc "$work/bad" >"$work/out" 2>"$work/err"
[ $? = 2 ] || fail 'a bad line is no error'
grep -qF "$work/bad:2: 203.0.113.660: no address" "$work/err" || fail "$(cat "$work/err")"
"$trawl" alerts "$samples/secutter/AWSLogs/111122223333/CloudTrail" --ioc "$work/nosuch" >/dev/null 2>"$work/err"
[ $? = 2 ] || fail 'a missing list is no error'

finish
