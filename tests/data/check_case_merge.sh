#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# trawl case: what is said in a case as a table and as JSON, and two analysts'
# cases as one.
# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
set -o pipefail

cd "$work" || exit 1
header='{"trawl":"case","version":1,"created":"2026-01-10T08:00:00Z"}'
common='{"entry":"star","time":"2026-01-10T09:00:00Z","author":"js","eventID":"e1","eventName":"StopLogging","eventTime":"2026-01-09T06:00:00Z"}'
cat >a.case <<END
$header
$common
{"entry":"note","time":"2026-01-10T09:10:00Z","author":"js","id":"1","eventID":"e1","eventName":"StopLogging","text":"by the owner"}
{"entry":"disposition","time":"2026-01-10T09:11:00Z","author":"js","ruleId":"r","title":"Trail stopped","actor":"arn:aws:iam::111122223333:user/eve","disposition":"false-positive","eventIDs":["e1","e2"]}
{"entry":"mute","time":"2026-01-10T09:12:00Z","author":"js","ruleId":"q","title":"Many reads"}
END
cat >b.case <<END
{"trawl":"case","version":1,"created":"2026-01-10T07:00:00Z"}
$common
{"entry":"note","time":"2026-01-10T09:05:00Z","author":"ak","id":"2","eventID":"e1","eventName":"StopLogging","text":"not planned \u001b[31m"}
{"entry":"disposition","time":"2026-01-10T09:20:00Z","author":"ak","ruleId":"r","title":"Trail stopped","disposition":"true-positive","eventIDs":["e1"]}
{"entry":"evidence","time":"2026-01-10T09:21:00Z","author":"ak","id":"3","eventTime":"2026-01-09T05:59:00Z","what":"curl","where":"web1"}
{"entry":"filter","time":"2026-01-10T09:22:00Z","author":"ak","name":"s3","filter":"service:s3"}
END
cp a.case a.before

"$trawl" case merge a.case b.case -o ab.case 2>err || fail "merge: $? $(cat err)"
"$trawl" case merge b.case a.case -o ba.case 2>err2 || fail "merge: $?"
cmp ab.case ba.case || fail 'it matters who is named first'
cmp err err2 || fail 'conflicts are told otherwise'
cmp a.case a.before || fail 'a case was written to'
want='trawl: conflict: Trail stopped: true positive by ak, 2026-01-10 09:20:00, holds; false positive by js, 2026-01-10 09:11:00: 1 event'
[ "$(cat err)" = "$want" ] || fail "conflicts: $(cat err)"
[ "$(head -1 ab.case | jq -r .created)" = 2026-01-10T07:00:00Z ] || fail 'created'
[ "$(tail -n +2 ab.case | jq -r '.entry + .author' | tr '\n' ' ')" = \
	'starjs noteak notejs dispositionjs mutejs dispositionak evidenceak filterak ' ] ||
	fail "lines: $(cat ab.case)"
"$trawl" case merge ab.case a.case -o again.case -q || fail 'merged again'
cmp ab.case again.case || fail 'merging again changed it'

# Both notes are there, the star once, and of e1 ak's decision holds.
"$trawl" case show ab.case --format json >ab.json || fail 'show'
[ "$(jq -r '[.stars, .labels, .notes, .texts, .dispositions, .evidence, .steps,
	.mutes, .filters] | map(length) | join(" ")' ab.json)" = '1 0 2 0 2 1 0 1 1' ] ||
	fail "json: $(cat ab.json)"
[ "$(jq -r '.notes[0].text' ab.json)" = $'not planned \e[31m' ] || fail 'a note'
[ "$(jq -r '.evidence[0] | .eventTime + .what + .where' ab.json)" = \
	2026-01-09T05:59:00Zcurlweb1 ] || fail 'evidence'
"$trawl" case show ab.case --tz +09:00 >ab.txt || fail 'show'
grep -q $'\e' ab.txt && fail 'an escape sequence'
for text in 'StopLogging' 'by the owner' 'not planned' 'Trail stopped, for eve' \
	'false positive, 2 events' 'true positive, 1 event ' 'Many reads, everywhere' \
	'service:s3' '2026-01-09 15:00:00' 'curl'; do
	grep -qF -- "$text" ab.txt || fail "no \"$text\" in: $(cat ab.txt)"
done

# What is there stays, and nothing but cases is merged.
refused() { # STATUS TEXT ARGUMENT...
	local want=$1 text=$2
	shift 2
	"$trawl" case "$@" >out 2>err
	local got=$?
	[ "$got" = "$want" ] || fail "exit status $got, not $want: $*"
	grep -qF -- "$text" err || fail "$(cat err)"
}
sum=$(cksum <ab.case)
refused 2 'is there already' merge a.case b.case -o ab.case
[ "$sum" = "$(cksum <ab.case)" ] || fail 'overwritten'
"$trawl" case merge a.case b.case -o ab.case --force -q || fail '--force'
refused 2 usage merge a.case -o x.case
refused 2 usage merge a.case b.case
refused 2 usage show
refused 2 'show or merge' frob a.case
refused 5 'no such case' show nosuch.case
echo '{"Records":[]}' >log.json
refused 5 'is no case' merge a.case log.json -o x.case
[ ! -e x.case ] || fail 'a file beside an error'
echo '{"trawl":"journal","journal":"0123456789abcdef","author":"js"}' >x.case.journal
refused 5 'has a journal' merge a.case b.case -o x.case

finish
