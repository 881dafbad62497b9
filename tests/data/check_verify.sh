#!/bin/bash
# SPDX-License-Identifier: MIT
#
# usage: check_verify.sh TRAWL
#
# Holds `trawl verify` against samples/digests: what somebody did to each copy
# is in EXPECT.tsv, written by what did it; nothing else may be found. The
# signatures there were made without libcrypto.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C
need jq gzip
"$trawl" --version | grep -q 'crypto: none' &&
	skip "trawl was built without libcrypto"
set=$samples/digests
keys=$set/public-keys.json

# is WHAT GOT WANT
is()
{
	[ "$2" = "$3" ] || fail "$1: $2 instead of $3"
}

# What is wrong, as lines of EXPECT.tsv.
wrong()
{
	jq -r '.items[] | select(.wrong) | [.state, .kind,
		(if .kind == "gap" then "-" else
			.file // .s3Object | split("/") | last end)] | @tsv' \
		"$work/out" | sort
}

# states: of the whole, as "consistent=13 unconfirmed=3".
states()
{
	jq -r '.states | to_entries | map("\(.key)=\(.value)") | sort |
		join(" ")' "$work/out"
}

# The copies ------------------------------------------------------------------

copies=0
while IFS=$'\t' read -r copy status without; do
	copies=$((copies + 1))
	awk -F '\t' -v c="$copy" '$1 == c && $2 != "-" {
		print $2 "\t" $3 "\t" $4 }' "$set/EXPECT.tsv" |
		sort >"$work/want"
	run "$status" verify --format json --public-keys "$keys" "$set/$copy"
	wrong >"$work/have"
	diff "$work/want" "$work/have" >"$work/diff" || {
		fail "$copy (< wanted, > found):"
		cat "$work/diff" >&2
	}
	run "$without" verify --format json "$set/$copy"
	wrong >"$work/have"
	[ "$without" != 0 ] || : >"$work/want"
	cmp -s "$work/want" "$work/have" || fail "$copy without a key"
	is "$copy: verified without a key" \
		"$(jq .states.verified "$work/out")" null
	is "$copy: result without a key" "$(jq -r .result "$work/out")" \
		"$([ "$without" = 0 ] && echo consistent || echo findings)"
done < <(tail -n +2 "$set/EXPECT.tsv" | cut -f 1,5,6 | sort -u)
is "copies" "$copies" "$(find "$set" -mindepth 1 -maxdepth 1 -type d | wc -l)"

# What is proven, and what is not ---------------------------------------------

# Six digests in each of two Regions; all but the newest of each, and the logs
# in them, which are ten in one and two in the other.
run 0 verify --format json --public-keys "$keys" "$set/untouched"
is "untouched" "$(states)" "unconfirmed=4 unproven=1 verified=20"
is "its result" "$(jq -r .result "$work/out")" partly
is "signed to" "$(jq -r '[.chains[].verifiedTo] | unique | join(" ")' \
	"$work/out")" "2026-10-03T09:01:31Z"
is "the newest log" "$(jq -r '.items[] | select(.state == "unproven") |
	.detail' "$work/out")" \
	"newer than the last digest here: not yet proven"
# Digests of a key that was not saved are known by the sums in those that are
# signed: all but the newest of two chains, and a backfill digest and its log.
run 0 verify --format json --public-keys "$keys" "$set/organization"
is "an older key" "$(states)" "unconfirmed=6 verified=20"
# What follows a digest takes nothing from what it says.
run 1 verify --format json --public-keys "$keys" "$set/appended-digest"
is "an appended digest" "$(states)" "appended=1 unconfirmed=3 verified=12"
# A log that only an added digest lists.
run 1 verify --format json --public-keys "$keys" "$set/added-digest"
is "an added digest" "$(states)" "extra=1 unconfirmed=3 unproven=1 verified=13"
# A digest that slanders a log is worth less than the one that knows it.
run 1 verify --format json --public-keys "$keys" "$set/forged-backfill"
is "forged digests" "$(states)" "changed=1 unconfirmed=5 verified=12"
# With its signature out of S3 the newest is as good as the others.
run 0 verify --format json --public-keys "$keys" "$set/newest-signed"
is "the newest, signed" "$(states)" "verified=16"
run 0 verify "$set/untouched"
grep -q 'consistent, unsigned' "$work/out" || fail "not called unsigned"
grep -q -- '--public-keys' "$work/out" || fail "not told how to sign"

grep -q 'newest digest of a chain may have been removed' <(tr '\n' ' ' \
	<"$work/out") || fail "not told that the newest may be gone"

# The key is good until half past seven: of each Region the digests that end at
# 5:01, 6:01 and 7:01 are signed in its time, with six logs and two in them; what
# the later ones say of one another is no more than consistent.
jq '.PublicKeyList[].ValidityEndTime = "2026-10-03T07:30:00Z"' "$keys" \
	>"$work/short.json"
run 0 verify --format json --public-keys "$work/short.json" "$set/untouched"
is "a key of a shorter time" "$(states)" \
	"consistent=6 unconfirmed=4 unproven=1 verified=14"
is "its end" "$(jq -r '[.chains[].verifiedTo] | unique | join(" ")' \
	"$work/out")" "2026-10-03T07:01:31Z"
is "why" "$(jq -r '[.items[] | select(.kind == "digest" and .state ==
	"consistent") | .detail] | unique | join("; ")' "$work/out")" \
	"the public key with its fingerprint was not valid at its time"
# In seconds, as older clients write it: 2026-10-03T07:30:00Z.
jq '.PublicKeyList[].ValidityEndTime = 1791012600.0' "$keys" |
	sed 's/1791012600/1791012600.0/' >"$work/short.json"
run 0 verify --format json --public-keys "$work/short.json" "$set/untouched"
is "a key's time in seconds" "$(states)" \
	"consistent=6 unconfirmed=4 unproven=1 verified=14"

# A key that is not the one.
sed 's/"Fingerprint": "e5/"Fingerprint": "00/' "$keys" >"$work/other.json"
run 0 verify --format json --public-keys "$work/other.json" "$set/untouched"
is "another key" "$(jq .states.verified "$work/out")" null
# The right name, another key: the signatures do not hold.
jq '.PublicKeyList[0].Value = "MIIBCgKCAQEAn11L2YZ9h7onug2ILi1MWyHiMRsTQjfWE'\
'+pHVRLk1QjfWhirG+lpOa8NrwQ/r7Ah5bNL6HepznOU9XTDSfmmnP97mqyc7z/upfZdS/AHhYcG'\
'az7n6Wc/RRBU6VmiPCrAUojuSk6/GjvA8iOPFsYDuBtviXarvuLPlrT9kAd4Lb+rFfR5peEgBEkh'\
'lzc5HuWO7S0y+KunqxX6jQBnXGMtxmPBPP0FylgWGNdFtks/4YSKcgqwH0YDcawP9GGGDAeCIqPW'\
'IXDLG1jOjRRzWfCmD0iJUkz8vTsn4hq/5ZxRFE7UBAUiVcGbdnDdvVfhF9C3dQiDq3k7adQIziLT'\
'0cShgQIDAQAB"' "$keys" >"$work/other.json"
run 1 verify --format json --public-keys "$work/other.json" "$set/untouched"
is "a wrong key" "$(jq '.states."wrong-signature"' "$work/out")" 10

# Copies that somebody made ---------------------------------------------------

copy=$work/copy
take()
{
	rm -rf "$copy"
	cp -r "$set/$1" "$copy"
}

# A part of the evidence: it begins later, and that is no finding.
take untouched
find "$copy" -name '*Digest*T0[56]0131Z*' -delete
find "$copy" -name '*_CloudTrail_*T0[45]*' -delete
run 0 verify --format json "$copy"
is "a later beginning" "$(jq -r '[.items[] | select(.kind == "digest") |
	.detail | select(. != null)] | unique | join("; ")' "$work/out")" \
	"the digest before it is not here: the evidence begins later"
# With logs of the hour before it is one.
take untouched
find "$copy" -name '*Digest*T0[56]0131Z*' -delete
run 1 verify --format json "$copy"
is "the oldest digest" "$(jq -r '.items[] | select(.wrong) | "\(.state) \(.kind
	) \(.s3Object | split("_") | last)"' "$work/out")" \
	"missing digest 20261003T060131Z.json.gz"

# A log is gone, or all of its day: the second may never have been collected.
run 1 verify --format json "$set/removed-log"
is "a log that is gone" "$(jq -r '.items[] | select(.wrong) | .detail' \
	"$work/out")" "deleted, or not collected: its digest lists it"
take untouched
rm -r "$copy"/AWSLogs/*/CloudTrail/eu-west-1
run 1 verify --format json "$copy"
is "a day that is gone" "$(jq -r '[.items[] | select(.wrong) | .detail] |
	unique[]' "$work/out")" \
	"not collected, or deleted: no log of its Region and day is here"

# The newest digest has the right signature of the one before it, and a wrong
# sum: with the key it is the newest that is wrong, without it one of both.
take untouched
digest=$(find "$copy" -name '*Digest_us-east-1*T100131Z*')
gzip -dc "$digest" >"$work/digest"
sum=$(jq -r .previousDigestHashValue "$work/digest")
sed "s/$sum/${sum//[0-9]/0}/" "$work/digest" | gzip >"$digest"
run 1 verify --format json --public-keys "$keys" "$copy"
is "a wrong sum" "$(wrong)" \
	"$(printf 'changed\tdigest\t%s' "$(basename "$digest")")"
run 1 verify --format json "$copy"
is "a wrong sum, without a key" "$(wrong | cut -f 1)" changed

# Without a sum the signature is enough.
sed 's/"previousDigestHashValue":"[^"]*"/"previousDigestHashValue":null/' \
	"$work/digest" | gzip >"$digest"
run 0 verify --format json --public-keys "$keys" "$copy"
is "no sum" "$(states)" "unconfirmed=4 unproven=1 verified=20"

# A hundred years that nobody has digests of are told in a thousand lines.
take untouched
digest=$(find "$copy" -name '*Digest_us-east-1*T100131Z*')
gzip -dc "$digest" | sed 's/"digestStartTime":"2026/"digestStartTime":"2126/
	s/"digestEndTime":"2026/"digestEndTime":"2126/
	s/T090131Z.json.gz/T080000Z.json.gz/' >"$work/digest"
gzip <"$work/digest" >"$digest"
run 1 verify --format json "$copy"
is "a hundred years" "$(jq -c '[.items[] | select(.state == "missing") |
	.kind] | group_by(.) | map([.[0], length])' "$work/out")" \
	'[["digest",1001],["gap",1]]'

# Logs that go on for hours after the last digest.
take untouched
find "$copy" -name '*Digest*T0[89]0131Z*' -delete
find "$copy" -name '*Digest*T100131Z*' -delete
run 1 verify --format json "$copy"
is "digests that ended" "$(wrong)" "$(printf 'ended\tgap\t-')"

# Under other names, and twice.
take untouched
mv "$copy"/AWSLogs/*/CloudTrail/us-east-1/2026/10/03/*T0421Z* \
	"$copy/renamed.json.gz"
cp -r "$copy/AWSLogs" "$copy/again"
run 0 verify --format json --public-keys "$keys" "$copy"
is "renamed" "$(jq -r '.items[] | select(.file | endswith("renamed.json.gz")) |
	"\(.state): \(.detail)"' "$work/out")" \
	"verified: under another name than in S3"
is "copies of digests" "$(jq '[.items[] | select(.detail ==
	"a copy of another file here")] | length' "$work/out")" 12

# One log under the name of another.
take untouched
for log in "$copy"/AWSLogs/*/CloudTrail/us-east-1/2026/10/03/*T0[45]21Z*; do
	mv "$log" "$log.x"
	other=${other:-$log}
	last=$log
done
mv "$other.x" "$last" && mv "$last.x" "$other"
run 1 verify --format json "$copy"
is "exchanged" "$(jq .states.changed "$work/out")" 2

# In an archive, where the program opens them.
(cd "$set/untouched" && tar czf "$work/all.tar.gz" AWSLogs)
if "$trawl" summary -q --no-cache "$work/all.tar.gz" >/dev/null; then
	run 0 verify --format json --public-keys "$keys" "$work/all.tar.gz"
	is "an archive" "$(states)" "unconfirmed=4 unproven=1 verified=20"
else
	echo "SKIP part of $check: archives are not read"
fi

# Packed otherwise, the content is the same; anything behind it is not.
take untouched
log=$(find "$copy" -name '*us-east-1*T0421Z*')
gzip -dc "$log" >"$work/log"
{ head -c 100 "$work/log" | gzip; tail -c +101 "$work/log" | gzip; } >"$log"
run 0 verify "$copy"
gzip <"$work/log" >"$log"
printf '\0\0\0\0' >>"$log"
run 1 verify --format json "$copy"
is "padding" "$(jq .states.appended "$work/out")" 1
# Cut off: what it was cannot be told.
head -c 200 "$log" >"$work/cut" && cp "$work/cut" "$log"
run 1 verify --format json "$copy"
is "cut off" "$(jq -r '.items[] | select(.state == "changed") | .detail' \
	"$work/out")" \
	"gzip data is cut off: its sum cannot be the one in its digest"

# What lies behind a limit is no finding: it was not read.
run 3 verify --format json --max-file 3000 "$set/untouched"
is "behind a limit" "$(jq -r '[.items[] | select(.wrong) | .state] | unique |
	join(" ")' "$work/out")" unreadable

# Digests that are none, and none at all.
take untouched
digest=$(find "$copy" -name '*Digest_us-east-1*T060131Z*')
echo '{}' >"$digest"
run 3 verify --format json "$copy"
is "no digest" "$(jq -r '.items[] | select(.state == "unreadable") | .detail' \
	"$work/out")" "no digest: it does not tell where it was delivered"
rm -r "$copy"/AWSLogs/*/CloudTrail-Digest
run 3 verify --format json "$copy"
is "nothing to go by" "$(jq -r '.result' "$work/out") $(states)" \
	"unproven unproven=13"
run 3 verify -q "$copy"
grep -q 'No digest was found' "$work/out" || fail "not told that there is none"

# Other commands tell that there are digests, and do not count them as lost.
run 0 summary --no-cache "$set/untouched"
grep -q '^digests  *12: trawl verify' "$work/out" || fail "not told of digests"
[ ! -s "$work/err" ] || fail "told of digests one by one"
run 0 summary --no-cache --format json "$set/untouched"
is "digests of summary" "$(jq .digests "$work/out")" 12
run 0 summary --no-cache "$set/newest-signed"
run 0 triage --no-cache "$set/untouched"
grep -q 'Digests of CloudTrail: 12; trawl verify' "$work/out" ||
	fail "the triage page does not tell of digests"

# What coverage says of them.
run 0 coverage --no-cache --format json "$set/restarted"
is "coverage" "$(jq -r '.digestGaps[] | "\(.state) \(.awsRegion) \(.from) \(
	.until)"' "$work/out")" \
	"restarted us-east-1 2026-10-03T06:01:31Z 2026-10-03T08:01:31Z"
run 0 coverage --no-cache --format jsonl "$set/removed-digest"
is "coverage's lines" "$(jq -r 'select(.kind == "digestGap") | .state' \
	"$work/out")" missing
run 0 coverage --no-cache "$set/restarted"
grep -q '^2026-10-03 06:01:31  2026-10-03 08:01:31  restarted' "$work/out" ||
	fail "coverage draws no gap"

# The command -----------------------------------------------------------------

run 1 verify --format jsonl "$set/removed-digests"
is "lines" "$(jq -r .kind "$work/out" | sort | uniq -c | tr -s ' \n' ' ')" \
	" 1 chain 6 digest 10 log "
run 2 verify --public-keys "$work/nothing" "$set/untouched"
run 2 verify --public-keys "$set/EXPECT.tsv" "$set/untouched"
run 2 verify --rules rules "$set/untouched"
run 2 verify -o "$log" --force "$copy"
run 0 verify -v --threads 5 --public-keys "$keys" "$set/untouched"
grep -c '^verified  *\(log\|digest\)' "$work/out" >"$work/count"
is "-v" "$(cat "$work/count")" 20
for threads in 1 4; do
	run 1 verify --format json --threads "$threads" "$set/changed-log"
	cp "$work/out" "$work/by$threads"
done
cmp -s "$work/by1" "$work/by4" || fail "threads change the result"

# Digests of the user guides, of two trails: each is all that is here of its
# chain, and one lists a log.
if [ -d "${TRAWL_REAL_DATA:-}/docs-samples" ]; then
	run 1 verify --format json "$TRAWL_REAL_DATA/docs-samples"
	is "the user guides" "$(jq -c '[.items[] | select(.s3Object) |
		[.kind, .state]] | sort' "$work/out")" \
		'[["digest","unconfirmed"],["digest","unconfirmed"],["log","missing"]]'
else
	echo "SKIP part of $check: TRAWL_REAL_DATA names no docs-samples"
fi

finish "$copies copies"
