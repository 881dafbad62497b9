#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What filters say of origins and incidents, held against jq and against the
# commands that tell of them.
# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
set -o pipefail

logs=$samples/secutter/AWSLogs/111122223333/CloudTrail
ids() { # FILTER
	"$trawl" events -q --limit 100000 --format jsonl -f "$1" "$logs" |
		jq -r .eventID | sort
}

find "$logs" -name '*.gz' -exec zcat {} + | jq -c '.Records[]' >"$work/all"

# A person's own calls, and those with the keys that they were given.
own='.userIdentity.userName == "ci-deployer"'
jq -c --slurp "
	([.[] | select($own) | .responseElements.credentials.accessKeyId? // empty] | unique) as \$keys
	| .[] | select(($own) or (.userIdentity.accessKeyId as \$k | \$keys | index(\$k)))
	| .eventID" <"$work/all" | jq -r . | sort -u >"$work/wanted"
[ "$(wc -l <"$work/wanted")" -eq 88 ] || fail "jq finds $(wc -l <"$work/wanted") events of ci-deployer"
for name in ci-deployer 'P:arn:aws:iam::111122223333:user/ci-deployer' \
	'"arn:aws:iam::111122223333:user/ci-deployer"' 'ci-dep*' \
	"$(tail -1 "$work/wanted")"; do
	ids "origin:$name" | diff - "$work/wanted" >/dev/null ||
		fail "origin:$name is not what jq finds"
done

# One of the keys on the way: what came of it alone.
key=$(jq -r "select($own) | .responseElements.credentials.accessKeyId? // empty" <"$work/all" | head -1)
jq -r "select(.userIdentity.accessKeyId == \"$key\") | .eventID" <"$work/all" |
	sort -u >"$work/wanted"
[ -s "$work/wanted" ] || fail 'no event has the key'
ids "origin:$key" | diff - "$work/wanted" >/dev/null || fail "origin:$key"

# Each event has one origin or none.
all=$(ids '*' | wc -l)
[ "$(ids 'origin:*' | wc -l)" -eq "$("$trawl" values origin -q --limit 10000 --format jsonl "$logs" |
	jq -s 'map(.count) | add')" ] || fail 'values origin and origin:* differ'
[ "$(($(ids 'origin:*' | wc -l) + $(ids 'origin:null()' | wc -l)))" -eq "$all" ] ||
	fail 'origin:* and origin:null() are not all'
[ -z "$(ids 'origin:nobody-of-that-name')" ] || fail 'a name that nobody has'

# An incident has the events of its alerts, any of which names it, and no
# event is part of two.
"$trawl" alerts --incidents -q --format jsonl "$logs" >"$work/incidents"
[ "$(wc -l <"$work/incidents")" -ge 2 ] || fail 'too few incidents'
: >"$work/taken"
while read -r line; do
	id=$(jq -r .incident <<<"$line")
	ids "incident:$id" >"$work/part"
	cat "$work/part" >>"$work/taken"
	jq -r '.alerts[].firstEventID' <<<"$line" | sort -u >"$work/alerted"
	[ -z "$(comm -23 "$work/alerted" "$work/part")" ] ||
		fail "incident:$id lacks an event of its alerts"
	other=$(tail -1 "$work/part")
	ids "incident:$other" | diff - "$work/part" >/dev/null ||
		fail "incident:$other is another than incident:$id"
done <"$work/incidents"
[ -z "$(sort "$work/taken" | uniq -d)" ] || fail 'an event of two incidents'
ids 'incident:*' | diff - <(sort "$work/taken") >/dev/null ||
	fail 'incident:* is not all incidents'
[ "$(ids 'incident:* and alert:*' | wc -l)" -ge 25 ] || fail 'few of them are alerted'
finish
