#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_site.sh [TRAWL]
#
# What the site file decides: break-glass identities, and which organization is
# one's own. Exits 1 when anything is wrong.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq

is()
{
	local got
	got=$(jq -cs "$1" "$work/out")
	[ "$got" = "$2" ] || fail "$1 is $got, not $2"
}

# Break-glass ------------------------------------------------------------------

secutter=$samples/secutter/AWSLogs/111122223333/CloudTrail
used='map(select(.title == "Break-glass identity used") | [.actor, .count, .level])'
user=lambda-creator-user
arn=arn:aws:iam::111122223333:user/$user
echo "break-glass $arn in the safe" >"$work/site"

run 0 alerts "$secutter" --format jsonl
is "$used" '[]'
# Nobody took a role with its key, and no service acts for it.
of_user=$(find "$secutter" -name '*.json.gz' -exec zcat {} + |
	jq -c --arg arn $arn '.Records[] | select(.userIdentity.arn == $arn and
		(.userIdentity | has("invokedBy") | not)) | .eventID' | sort -u | wc -l)
run 0 alerts "$secutter" --site "$work/site" --format jsonl
is "$used" "[[\"$user\",$of_user,\"high\"]]"
run 0 origin $user "$secutter" --site "$work/site"
grep -q "^  user $user is break-glass (in the safe)$" "$work/out" || fail "origin does not say it"
run 0 origin $user "$secutter" --site "$work/site" --format json
is '.[0].breakGlass' "\"P:$arn\""
run 0 profile $user "$secutter" --site "$work/site"
grep -q "^user $user is break-glass (in the safe)$" "$work/out" || fail "profile does not say it"
run 0 profile $user "$secutter" --site "$work/site" --format json
is '.[0].breakGlass' "\"P:$arn\""
run 0 profile 203.0.113.66 "$secutter" --site "$work/site" --format json
is '.[0].breakGlass' null
run 0 triage "$secutter" --site "$work/site"
grep -q "^  $user  .*, user $user is break-glass (in the safe)$" "$work/out" || fail "triage does not say it"
# What it made is somebody else, a user of its own.
run 0 origin backdoorffd0fb5dac5447659914 "$secutter" --site "$work/site" --format json
is '.[0].breakGlass' null

# Organizations ----------------------------------------------------------------

# Two policies for everybody of an organization, ours and another one.
record()
{
	local id
	id=$(awk -v name="exfiltration/bucket-policy/$1" '$1 == name { print $2 }' "$samples/rules/INDEX.tsv")
	jq -c "select(.eventID == \"$id\")" "$samples/rules/exfiltration.jsonl"
}
mine=$work/evidence/AWSLogs/o-abcdefghij/111122223333/CloudTrail
mkdir -p "$mine" "$work/plain"
{
	record quiet-organization
	record fire-organization
} >"$mine/log.jsonl"
[ "$(wc -l <"$mine/log.jsonl")" = 2 ] || fail "the records are not there"
cp "$mine/log.jsonl" "$work/plain"
opened='map(select(.title | test("organization|own account|everybody")) | [.title, .level, .count]) | sort'

# Nothing says whose they are; the folder does; the site file does before it.
run 0 alerts "$work/plain" --format jsonl
is "$opened" '[["Resource opened to a foreign organization","low",2]]'
run 0 alerts "$work/evidence" --format jsonl
is "$opened" '[["Resource opened to a foreign organization","high",1],["Resource opened to another own account","low",1]]'
echo 'organization o-zyxwvutsrq' >"$work/site"
run 0 alerts "$work/evidence" --site "$work/site" --format jsonl
is "$opened" '[["Resource opened to a foreign organization","high",1],["Resource opened to another own account","low",1]]'
is 'map(select(.title | test("organization")) | .notes[] | test("o-abcdefghij, foreign"))' '[true]'
run 0 lineage "$work/evidence" --format json
is '[.[0].nodes[] | select(.id | startswith("P:org:")) | [.id, .label]] | sort' \
	'[["P:org:o-abcdefghij","organization o-abcdefghij"],["P:org:o-zyxwvutsrq","organization o-zyxwvutsrq"]]'
is '[.[0].edges[] | select(.kind == "grants") | .to] | sort' '["P:org:o-abcdefghij","P:org:o-zyxwvutsrq"]'
run 0 profile P:org:o-zyxwvutsrq "$work/evidence" --format json
finish
