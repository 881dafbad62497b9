#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Batch commands and a case: what is muted is not told, but counted; nothing is
# written; what is no case is refused.
# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
set -o pipefail

cat >"$work/rules.yml" <<-'END'
	title: List
	id: 11111111-1111-4111-8111-111111111111
	level: low
	detection: {s: {eventName: List*}, condition: s}
	---
	title: Stop
	level: high
	detection: {s: {eventName: StopLogging}, condition: s}
	---
	title: Often
	id: 33333333-3333-4333-8333-333333333333
	level: medium
	correlation:
	    type: event_count
	    rules: [List]
	    group-by: [eventName]
	    timespan: 1h
	    condition: {gte: 2}
	    generate: true
END
user() { # NAME
	printf '{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/%s","accountId":"111122223333","userName":"%s"}' "$1" "$1"
}
event() { # NUMBER MINUTE USER NAME ADDRESS
	printf '{"eventVersion":"1.08","eventID":"e0000000-0000-4000-8000-00000000000%s","eventTime":"2026-01-09T06:%s:00Z","eventSource":"s3.amazonaws.com","eventName":"%s","awsRegion":"eu-west-1","sourceIPAddress":"%s","userAgent":"x","recipientAccountId":"111122223333","userIdentity":%s}\n' \
		"$1" "$2" "$4" "$5" "$(user "$3")"
}
{
	event 1 01 dan ListBuckets 203.0.113.1
	event 2 02 dan ListBuckets 203.0.113.2
	event 3 03 eve ListBuckets 203.0.113.1
	event 4 04 eve StopLogging 203.0.113.3
} >"$work/log.jsonl"

# told CASE ARGUMENT...: title, muted and last digits of the events' ids.
told() {
	"$trawl" alerts "$work/log.jsonl" --no-builtin-rules \
		--rules "$work/rules.yml" --case "$@" --format jsonl \
		>"$work/out" 2>"$work/err" || fail "exit status $?: $(cat "$work/err")"
	jq -r '.title + " " + (.muted | tostring) + " " +
		(.eventIDs | map(.[-1:]) | join(""))' "$work/out" | sort
}

# case_of LINE...: a case with a header before these lines.
case_of() {
	printf '%s\n' '{"trawl":"case","version":1}' "$@" >"$work/a.case"
}

expect() { # WHAT GOT WANTED
	[ "$2" = "$3" ] || fail "$1: got
$2
not
$3"
}

mute() { # MEMBERS [ENTRY]
	printf '{"entry":"%s","time":"2026-01-10T00:00:00Z","author":"js",%s}' "${2:-mute}" "$1"
}
list='"ruleId":"11111111-1111-4111-8111-111111111111","title":"List"'
often='"ruleId":"33333333-3333-4333-8333-333333333333"'

case_of
expect 'nothing is muted' "$(told "$work/a.case")" 'List false 12
List false 3
Often false 123
Stop false 4'
[ ! -s "$work/err" ] || fail "something is said: $(cat "$work/err")"

case_of "$(mute "$list"',"actor":"arn:aws:iam::111122223333:user/dan"')"
expect 'for an actor' "$(told "$work/a.case")" 'List false 3
Often false 123
Stop false 4'
grep -qF "alerts muted by $work/a.case: 1; --muted lists them" "$work/err" ||
	fail "the count is not told: $(cat "$work/err")"
expect 'and with --muted' "$(told "$work/a.case" --muted)" 'List false 3
List true 12
Often false 123
Stop false 4'

case_of "$(mute "$list"',"sourceIPAddress":"203.0.113.1"')"
expect 'for an address' "$(told "$work/a.case" --muted)" 'List false 2
List true 1
List true 3
Often false 123
Stop false 4'
expect 'each' "$(told "$work/a.case" --muted --each)" 'List false 2
List true 1
List true 3
Often false 123
Stop false 4'

case_of "$(mute "$list")" "$(mute '"title":"Stop"')"
expect 'everywhere' "$(told "$work/a.case")" 'Often false 123'
grep -qF 'a.case: 3' "$work/err" || fail "$(cat "$work/err")"

case_of "$(mute "$list")" "$(mute "$list" unmute)"
expect 'ended' "$(told "$work/a.case")" 'List false 12
List false 3
Often false 123
Stop false 4'

# An episode is muted when all of it is.
case_of "$(mute "$often"',"actor":"arn:aws:iam::111122223333:user/dan"')"
expect 'part of an episode' "$(told "$work/a.case" | grep Often)" 'Often false 123'
case_of "$(mute "$often"',"actor":"arn:aws:iam::111122223333:user/dan"')" \
	"$(mute "$often"',"actor":"arn:aws:iam::111122223333:user/eve"')"
expect 'an episode' "$(told "$work/a.case" --muted | grep Often)" 'Often true 123'

# Without the case nothing is muted, and --fail-on hears what is not.
case_of "$(mute '"title":"Stop"')"
for words in '1' "0 --case $work/a.case"; do
	# shellcheck disable=SC2086
	set -- $words
	want=$1
	shift
	"$trawl" alerts "$work/log.jsonl" --no-builtin-rules --rules "$work/rules.yml" \
		--fail-on high "$@" >/dev/null 2>&1
	got=$?
	[ "$got" = "$want" ] || fail "exit status $got with $*"
done
"$trawl" triage "$work/log.jsonl" --no-builtin-rules --rules "$work/rules.yml" \
	--case "$work/a.case" 2>/dev/null | grep -qF 'muted by the case: 1' ||
	fail 'the triage page does not count'

# What the case says of events stands beside them, in each format that has a
# place for it, and only there.
said() { # ENTRY NUMBER MEMBERS
	printf '{"entry":"%s","time":"2026-01-10T00:00:00Z","author":"js","eventID":"e0000000-0000-4000-8000-00000000000%s"%s}' "$1" "$2" "$3"
}
case_of "$(said star 3 '')" "$(said label 3 ',"label":"=exfil"')" \
	"$(said label 3 ',"label":"two"')" \
	"$(said note 3 ',"id":"n1","text":"seen, on the host"')" \
	"$(said star 2 '')" "$(said unstar 2 '')" \
	'{"entry":"disposition","time":"2026-01-10T00:00:00Z","author":"js","title":"Stop","actor":"arn:aws:iam::111122223333:user/eve","disposition":"true-positive","eventIDs":["e0000000-0000-4000-8000-000000000004"]}'
keys() { # FORMAT, and the lines to standard output
	"$trawl" events "$work/log.jsonl" --no-builtin-rules -q --no-cache \
		--rules "$work/rules.yml" --case "$work/a.case" --format "$1"
}
expect 'keys of events' "$(keys jsonl |
	jq -c '[.eventID[-1:], .star, .labels, .notes, .dispositions]')" \
	'["1",null,null,null,null]
["2",null,null,null,null]
["3",true,["=exfil","two"],["seen, on the host"],null]
["4",null,null,null,["true-positive"]]'
expect 'keys of records' "$(keys records |
	jq -c '.trawl | [.eventID[-1:], .star, .labels, .notes, .dispositions]')" \
	'["1",null,null,null,null]
["2",null,null,null,null]
["3",true,["=exfil","two"],["seen, on the host"],null]
["4",null,null,null,["true-positive"]]'
expect 'columns of CSV' "$(keys csv | sed 's/,where,author$//; s/,,$//; s/.*,,,\(.*,.*,.*,.*,.*\)$/\1/' |
	sed -n '1s/.*\(,star,.*\)/\1/p; 4p; 5p')" \
	',star,labels,notes,dispositions,amended
true,'"'"'=exfil;two,"seen, on the host",,false
,,,true-positive,false'

# The files that a case was made on: the same bytes elsewhere are the same; other
# bytes, what is gone and what is new are told.
input() { # FILE BYTES MODIFIED SUM
	printf '{"entry":"inputs","time":"2026-01-10T00:00:00Z","author":"js","files":[{"file":"%s","bytes":%s,"modified":"%s","sha256":"%s"}]}' "$@"
}
other() { # what is said of it
	"$trawl" events "$work/log.jsonl" --no-cache --no-builtin-rules \
		--case "$work/a.case" 2>&1 >/dev/null |
		grep -o 'the case was made on.*' || echo 'the same'
}
log=$work/log.jsonl
bytes=$(wc -c <"$log")
sum=$(sha256sum "$log" | cut -d ' ' -f 1)
none=0000000000000000000000000000000000000000000000000000000000000000
then=2020-01-01T00:00:00Z
case_of
expect 'no input is named' "$(other)" 'the same'
case_of "$(input "$log" "$bytes" "$then" "$sum")"
expect 'another date' "$(other)" 'the same'
case_of "$(input /elsewhere/log "$bytes" "$then" "$sum")"
expect 'moved' "$(other)" 'the same'
case_of "$(input "$log" "$bytes" "$then" "$none")"
expect 'other bytes' "$(other)" \
	"the case was made on other evidence: 1 file has other bytes ($log)"
case_of "$(input "$log" 7 "$then" "$none")" "$(input "$log" "$bytes" "$then" "$sum")"
expect 'the last line holds' "$(other)" 'the same'
case_of "$(input "$work/gone" 7 "$then" "$none")"
expect 'gone and new' "$(other)" \
	'the case was made on other evidence: 1 is not there, 1 is new'
touch -d "$then" "$log"
case_of "$(input "$log" "$bytes" "$then" "$none")"
expect 'path, size and date are enough' "$(other)" 'the same'

# What is muted marks no event: filters do not find it, it is no part of an
# incident, and joins none.
case_of "$(mute '"title":"Stop"')"
found() { # FILTER ARGUMENT...
	"$trawl" events "$work/log.jsonl" --no-builtin-rules -q \
		--rules "$work/rules.yml" --format jsonl -f "$@" |
		jq -r '.eventID[-1:]' | tr -d '\n'
}
expect 'marks' "$(found 'level>=high')" 4
expect 'marks, muted' "$(found 'level>=high' -C "$work/a.case")" ''
expect 'other marks' "$(found 'alert:*' -C "$work/a.case")" 123
incidents() { # ARGUMENT...
	"$trawl" alerts "$work/log.jsonl" --no-builtin-rules -q --incidents \
		--rules "$work/rules.yml" --format jsonl "$@" |
		jq -r '(.eventIDs | map(.[-1:]) | join("")) + " " + .level' |
		sort
}
expect 'incidents' "$(incidents)" "12 medium
34 high"
expect 'incidents, muted' "$(incidents -C "$work/a.case")" "12 medium
3 medium"
expect 'incidents, shown' "$(incidents -C "$work/a.case" --muted)" "$(incidents)"

# What is said of events and alerts: filters find it, values count it.
id='e0000000-0000-4000-8000-00000000000'
said() { # MEMBERS...: entries of js about events 1 and 3
	printf '{"time":"2026-01-10T00:00:00Z","author":"js",%s}\n' "$@"
}
case_of "$(said '"entry":"star","eventID":"'$id'1"' \
	'"entry":"star","eventID":"'$id'3"' \
	'"entry":"unstar","eventID":"'$id'3"' \
	'"entry":"star","eventID":"not in these logs"' \
	'"entry":"label","eventID":"'$id'1","label":"Exfil"' \
	'"entry":"label","eventID":"'$id'3","label":"to ask"' \
	'"entry":"label","eventID":"'$id'1","label":"to ask"' \
	'"entry":"note","id":"1","eventID":"'$id'4","text":"ask Eve: why?"' \
	'"entry":"note","id":"2","text":"of the case"')"
while read -r want filter; do
	expect "filter $filter" "$(found "$filter" -C "$work/a.case")" "${want#-}"
done <<-'END'
	1 star:*
	1 star:js
	- star:ak
	234 not star:*
	1 label:exfil
	13 label:to*
	3 label:*ask and not label:exfil
	4 note:*eve*
	123 not note:*
END
expect 'values of label' "$("$trawl" values label "$work/log.jsonl" -q \
	-C "$work/a.case" --format jsonl | jq -r '"\(.value) \(.count)"')" \
	'to ask 2
Exfil 1'
expect 'without the case' "$(found 'star:* or note:* or label:*')" ''

# A disposition is of the matches that it was given for.
dispose() { # DISPOSITION RULE-MEMBERS EVENT...
	local what=$1 rule=$2 ids
	shift 2
	ids=$(printf '"%s",' "${@/#/$id}")
	said '"entry":"disposition","disposition":"'"$what"'",'"$rule"',"eventIDs":['"${ids%,}]"
}
disposed() { # ARGUMENT...: title, events, disposition, matches undecided
	told "$work/a.case" "$@" >/dev/null
	jq -r '.title + " " + (.eventIDs | map(.[-1:]) | join("")) + " " +
		.disposition + " " + (.undecided | tostring)' "$work/out" | sort
}
case_of "$(dispose benign "$list" 1)" "$(dispose true-positive '"title":"Stop"' 4)"
expect 'dispositions' "$(disposed)" 'List 12 new 1
List 3 new 1
Often 123 new 3
Stop 4 true-positive 0'
expect 'dispositions, each' "$(disposed --each | grep List)" 'List 1 benign 0
List 2 new 1
List 3 new 1'
while read -r want filter; do
	expect "filter $filter" "$(found "$filter" -C "$work/a.case")" "${want#-}"
done <<-'END'
	1 disposition:benign
	4 disposition:true-positive
	4 disposition:true*
	123 disposition:new
	14 disposition:(benign or true-positive)
	1 disposition:benign and disposition:new
	1234 disposition:*
END
case_of "$(dispose benign "$list" 1)" "$(dispose false-positive "$list" 1 2)" \
	"$(dispose new "$list" 3)" "$(dispose acknowledged "$often" 1 2 3)"
expect 'the last holds' "$(disposed)" 'List 12 false-positive 0
List 3 new 1
Often 123 acknowledged 0
Stop 4 new 1'
case_of "$(dispose benign "$list" 1 2)" "$(dispose new "$list" 1 2)"
expect 'taken back' "$(disposed | head -1)" 'List 12 new 2'
"$trawl" alerts "$work/log.jsonl" --no-builtin-rules --rules "$work/rules.yml" \
	-f disposition:maybe -C "$work/a.case" >/dev/null 2>"$work/err"
[ $? = 2 ] || fail 'a disposition that there is not'
grep -qF 'true-positive' "$work/err" || fail "$(cat "$work/err")"
[ "$("$trawl" alerts "$work/log.jsonl" -q --format jsonl --rules "$work/rules.yml" |
	jq -r .disposition | sort -u)" = null ] || fail 'a disposition without a case'

# What is in the journal of somebody who is writing counts, and stays.
case_of
printf '%s\n' '{"trawl":"journal","journal":"0123456789abcdef","author":"js"}' \
	"$(mute '"title":"Stop"')" '{"entry":"mu' >"$work/a.case.journal"
sum=$(cat "$work"/a.case* | cksum)
expect 'the journal' "$(told "$work/a.case" | grep Stop)" ''
[ "$sum" = "$(cat "$work"/a.case* | cksum)" ] || fail 'a batch command wrote'
rm "$work/a.case.journal"

refused() { # TEXT ARGUMENT...
	local text=$1
	shift
	"$trawl" alerts "$work/log.jsonl" "$@" >"$work/out" 2>"$work/err"
	local got=$?
	[ "$got" = 5 ] || fail "exit status $got, not 5: $*"
	grep -qF -- "$text" "$work/err" || fail "$(cat "$work/err")"
	[ ! -s "$work/out" ] || fail 'output beside an error'
}
refused 'there is no such case' --case "$work/nosuch.case"
refused 'is no case' --case "$work/log.jsonl"
refused 'is no plain file' --case "$work"
echo '{"trawl":"case","version":2}' >"$work/new.case"
refused 'newer' -C "$work/new.case"
"$trawl" alerts "$work/log.jsonl" --muted >/dev/null 2>"$work/err"
[ $? = 2 ] || fail '--muted without a case'

# Lines that cannot be read are told.
case_of 'no JSON' "$(mute '"title":"Stop"')"
expect 'damaged' "$(told "$work/a.case" | grep Stop)" ''
grep -qF 'lines that cannot be read: 1' "$work/err" || fail "$(cat "$work/err")"

finish
