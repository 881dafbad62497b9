#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_seen.sh [TRAWL]
#
# Evidence of a case stands among the events: in order of time, found by filters
# as a record is, in all formats, and only as long as the case says it. Exits 1
# when anything is wrong, and says what.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq

event() { # NUMBER MINUTE
	printf '{"eventVersion":"1.08","eventID":"e0000000-0000-4000-8000-00000000000%s","eventTime":"2026-01-09T06:%s:00Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.1","userAgent":"x","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/dan","accountId":"111122223333","userName":"dan"}}\n' "$1" "$2"
}
seen() { # ID TIME WHAT [WHERE]
	jq -cn --arg id "$1" --arg t "$2" --arg what "$3" --arg where "${4-}" \
		'{entry: "evidence", time: "2026-02-01T00:00:00Z", author: "ana"}
		+ (if $id == "" then {} else {id: $id} end)
		+ (if $t == "" then {} else {eventTime: $t} end)
		+ {what: $what}
		+ (if $where == "" then {} else {where: $where} end)'
}
{
	event 1 01
	event 2 02
	event 3 03
} >"$work/log.jsonl"
{
	echo '{"trawl":"case","version":1}'
	seen late 2026-01-09T09:00:00Z 'ssh root@db1' 'db1:auth.log'
	seen first 2026-01-09T05:00:00Z 'curl 169.254.169.254' 'web1:.bash_history'
	seen same 2026-01-09T06:02:00Z 'GET /x AccessDenied' nginx
	seen never '' 'somebody said so'
	seen gone 2026-01-09T06:02:30Z mistaken
	echo '{"entry":"unevidence","time":"2026-02-02T00:00:00Z","author":"bo","id":"gone"}'
} >"$work/a.case"

# ids ARGUMENT...: of the rows, ids of events by their last letter.
ids() {
	"$trawl" events "$work/log.jsonl" -q -C "$work/a.case" "$@" \
		--format jsonl >"$work/out" 2>"$work/err"
	jq -r '.eventID | sub("^e0.*(?<n>.)$"; "\(.n)")' "$work/out" |
		tr '\n' ' '
}
is() { # WANTED ARGUMENT...
	local got want=$1
	shift
	got=$(ids "$@")
	[ "$got" = "$want" ] || fail "$*: '$got' instead of '$want'"
}

# In order of time, before an event of the same second; without a time last.
is 'first 1 same 2 3 late never '
is 'first same late never ' -f kind:evidence
is '1 2 3 ' -f 'not kind:evidence'
is 'first late ' -f 'where:*1*'
is 'same ' -f 'event:*accessdenied'
is 'first ' -f '"169.254.169.254"'
is 'first same late never ' -f author:ana
is '1 same 2 ' --since 2026-01-09T06:00Z --until 2026-01-09T06:02:30Z
is 'late ' -f 'eventTime>="2026-01-09 07:00" and kind:evidence'
# Nobody called, no rule found it, and it did not fail.
is '1 2 3 ' -f 'user:*'
is '' -f 'kind:evidence and (alert:* or star:* or origin:* or ip:* or not outcome:ok)'
# A look around an event has what was seen then, whatever the filter says.
is '1 same 2 3 ' --around e0000000-0000-4000-8000-000000000001 -f kind:web
is 'first 1 ' -n 2
# Four lines, three events: a kind of its own, and beside what logs hold.
"$trawl" summary "$work/log.jsonl" -q -C "$work/a.case" --format json |
	jq -e '.kinds == {cloudtrail: 3, evidence: 4} and .records.events == 3' \
		>/dev/null || fail "summary counts no evidence"
"$trawl" summary "$work/log.jsonl" -q -C "$work/a.case" -f 'where:*1*' |
	grep -q '^kinds  *evidence 2$' || fail "summary of what a filter leaves"
"$trawl" coverage "$work/log.jsonl" -q -C "$work/a.case" |
	grep -qx 'beside the logs: 4 lines of evidence of the case' ||
	fail "coverage does not say what stands beside the logs"
"$trawl" coverage "$work/log.jsonl" -q -C "$work/a.case" --format json |
	jq -e '.caseEvidence == 4' >/dev/null || fail "coverage --format json"
"$trawl" coverage "$work/log.jsonl" -q | grep -q 'beside the logs' &&
	fail "evidence without a case"
# Without a case there is none.
[ "$("$trawl" events "$work/log.jsonl" -q --format jsonl | wc -l)" = 3 ] ||
	fail 'events without a case'

"$trawl" events "$work/log.jsonl" -q -C "$work/a.case" -f where:nginx \
	--format jsonl >"$work/got"
[ "$(cat "$work/got")" = '{"eventTime":"2026-01-09T06:02:00Z","eventID":"same","eventName":"GET /x AccessDenied","kind":"evidence","where":"nginx","author":"ana"}' ] ||
	fail "a line: $(cat "$work/got")"
"$trawl" events "$work/log.jsonl" -q -C "$work/a.case" -f where:nginx \
	--format records >"$work/got"
jq -e '.trawl == {eventID: "same", eventTime: "2026-01-09T06:02:00Z",
	kind: "evidence", original: false} and
	.record == {eventName: "GET /x AccessDenied", where: "nginx",
	author: "ana", noted: "2026-02-01T00:00:00Z"}' "$work/got" >/dev/null ||
	fail "a record: $(cat "$work/got")"
"$trawl" events "$work/log.jsonl" -q -C "$work/a.case" -f where:nginx \
	--format timesketch >"$work/got"
jq -e '.message == "GET /x AccessDenied, seen in nginx" and
	.datetime == "2026-01-09T06:02:00Z" and .tag == []' "$work/got" \
	>/dev/null || fail "for Timesketch: $(cat "$work/got")"
"$trawl" events "$work/log.jsonl" -q -C "$work/a.case" -f where:nginx |
	grep -q '^2026-01-09 06:02:00 .*evidence  *GET /x AccessDenied  *nginx' ||
	fail 'a line of the table'
# Each row has as many cells as the header, evidence too.
"$trawl" events "$work/log.jsonl" -q -C "$work/a.case" --format csv |
	awk -F, 'NR == 1 { n = NF } NF != n { exit 1 } END { exit NR != 8 }' ||
	fail 'CSV'

# Whoever wrote the case may be hostile: nothing acts, nothing is lost.
{
	echo '{"trawl":"case","version":1}'
	seen esc 2026-01-09T06:02:30Z "$(printf 'x\033[2J\n=1+1\xe2\x80\xae')" "$(printf 'y\t\a')"
	seen '' 2026-01-09T06:02:31Z 'no id'
	echo '{"entry":"evidence","what":7,"eventTime":[]}'
	echo '{"entry":"evidence","eventTime":"2026-01-09T06:02:32Z"}'
	seen long 2026-01-09T06:02:33Z "$(head -c 100000 /dev/zero | tr '\0' a)"
} >"$work/a.case"
is 'esc ' -f 'kind:evidence and has:control'
is 'esc ' -f 'has:bidi'
is 'long ' -f 'event:aaaaaaaaaa*'
for format in table jsonl csv timesketch records; do
	"$trawl" events "$work/log.jsonl" -q -C "$work/a.case" \
		--format "$format" >"$work/got" ||
		fail "$format: exit status $?"
	# CSV to a file is faithful.
	[ "$format" = csv ] || ! grep -q "$(printf '\033')" "$work/got" ||
		fail "$format: an escape"
	grep -q '06:02:31' "$work/got" || fail "$format: the one without an id"
done
# What a spreadsheet would run is guarded; its line's end is in quotes.
"$trawl" events "$work/log.jsonl" -q -C "$work/a.case" -f has:bidi --format csv |
	tail -n +2 | head -1 | grep -q ',esc,"x' || fail 'CSV of a hostile text'

finish
