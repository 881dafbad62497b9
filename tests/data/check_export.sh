#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_export.sh [TRAWL]
#
# Machine formats are faithful: what JSON lines say is what the records say,
# read by jq from the files themselves, and CSV says the same by RFC 4180, with
# cells guarded that a spreadsheet would run. Exits 1 when anything is wrong,
# and says what.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq

# The fields that keep CloudTrail's names, of every record of a tree of S3
# deliveries, once each.
check_records()
{
	find "$samples/$1" -name '*.json.gz' -exec gzip -dc {} + |
		jq -c '.Records[] | {eventTime, eventID, eventName, eventSource,
			awsRegion, recipientAccountId, sourceIPAddress,
			userAgent, errorCode, readOnly,
			accessKeyId: .userIdentity.accessKeyId}
			| with_entries(select(.value != null))' |
		sort -u >"$work/want"
	"$trawl" events "$samples/$1" --format jsonl -q |
		jq -c '{eventTime, eventID, eventName, eventSource, awsRegion,
			recipientAccountId, sourceIPAddress, userAgent,
			errorCode, readOnly, accessKeyId}
			| with_entries(select(.value != null))' |
		sort >"$work/got"
	[ -s "$work/want" ] || fail "no records in $1"
	diff "$work/want" "$work/got" >"$work/diff" || {
		fail "$1: events differ from the records:"
		head -6 "$work/diff" >&2
	}
}

# Where a row says its record lies, there it lies.
check_places()
{
	"$trawl" events "$samples/eight-tactics" --format jsonl -q -n 40 |
		jq -r '[.file, .offset, .eventID] | @tsv' >"$work/places"
	while IFS=$'\t' read -r file offset id; do
		case $file in
		*.gz) gzip -dc "$file" ;;
		*) cat "$file" ;;
		esac | tail -c +$((offset + 1)) | head -c 8192 |
			sed -n '1,/eventID/p' | grep -o "$id" | head -1 >"$work/id"
		[ "$(cat "$work/id")" = "$id" ] ||
			fail "$id does not lie at $offset of $file"
	done <"$work/places"
	[ "$(wc -l <"$work/places")" = 40 ] || fail "places"
}

# The same rows as CSV, built from the JSON lines by the rules of RFC 4180: a
# cell with a comma, a quote or a line's end is quoted, quotes are doubled, and
# a cell that begins with one of = + - @, a tab or a line's end gets a quote.
check_csv()
{
	local columns
	"$trawl" "$@" --format jsonl -q >"$work/jsonl"
	"$trawl" "$@" --format csv -q >"$work/csv"
	columns=$(head -1 "$work/csv")
	{
		printf '%s\n' "$columns"
		jq -r --arg columns "$columns" '
		def quoted:
			test("[,\"\r\n\u0000]") as $q
			| if test("^[=+@\t\r\n＝＋－＠-]") then "\u0027" + .
			  else . end
			| gsub("\""; "\"\"")
			| if $q then "\"" + . + "\"" else . end;
		def cell:
			if . == null then ""
			elif type == "number" or type == "boolean" then tostring
			elif type == "array" then join(";") | quoted
			else quoted end;
		. as $row | $columns | split(",") | map($row[.] | cell)
			| join(",")' "$work/jsonl"
	} >"$work/want"
	[ "$(wc -l <"$work/want")" -gt 1 ] || fail "no rows: $*"
	cmp -s "$work/want" "$work/csv" || {
		fail "$*: CSV differs from JSON lines:"
		diff "$work/want" "$work/csv" | head -6 | cat -v >&2
	}
}

# Attackers' text in machine formats: each line is JSON by itself, in plain
# characters that no terminal acts on, and holds what the record holds.
check_hostile()
{
	"$trawl" events "$samples/hostile" --format jsonl -q >"$work/jsonl"
	jq -e . "$work/jsonl" >/dev/null || fail "a line is no JSON"
	if LC_ALL=C grep -qP '[\x00-\x09\x0b-\x1f\x7f]' "$work/jsonl"; then
		fail "control characters in JSON lines"
	fi
	"$trawl" alerts "$samples/hostile" --each --format jsonl -q |
		jq -e . >/dev/null || fail "alerts: a line is no JSON"
	"$trawl" lineage "$samples/hostile" --format json -q |
		jq -e '.nodes | length > 0' >/dev/null || fail "lineage"
	# A name with an escape sequence survives as such.
	jq -r 'select(.file | endswith("escapes.json")) | .userAgent' \
		"$work/jsonl" | LC_ALL=C grep -q $'\033' ||
		fail "an escape character was lost"
	jq -r 'select(.file | endswith("formulas.json")) | .userAgent' \
		"$work/jsonl" | grep -q '^[=+@-]' ||
		fail "a formula was changed in JSON"
}

# A layer of the ATT&CK Navigator: every technique of the alerts is in it, with
# no fewer alerts than name it and that tactic, and no more than name it; every
# alert is under some tactic.
check_navigator()
{
	"$trawl" alerts "$@" --format jsonl -q >"$work/jsonl"
	"$trawl" alerts "$@" --format navigator -q >"$work/layer"
	jq -e '.versions.attack == "19" and .versions.layer == "4.5" and
		.domain == "enterprise-attack"' "$work/layer" >/dev/null ||
		fail "the layer of $* does not say what it is"
	jq -r '.techniques[]' "$work/jsonl" | sort -u >"$work/wanted"
	jq -r '.techniques[] | select(.score) | .techniqueID' "$work/layer" |
		sort -u >"$work/found"
	cmp -s "$work/wanted" "$work/found" ||
		fail "the layer of $* has other techniques than its alerts"
	jq -e '[.techniques[] | [.techniqueID, .tactic]] |
		length == (unique | length)' "$work/layer" >/dev/null ||
		fail "the layer of $* says a technique twice"
	jq -n --slurpfile alert "$work/jsonl" --slurpfile layer "$work/layer" '
		def having(f): [$alert[] | select(f)] | length;
		$layer[0].techniques[] | select(.score) | . as $t |
		having(any(.techniques[]; . == $t.techniqueID)) as $all |
		having(any(.techniques[]; . == $t.techniqueID) and
			any(.tactics[]; . == $t.tactic)) as $least |
		([$layer[0].techniques[] | select(.techniqueID ==
			$t.techniqueID) | .score // 0] | add) as $sum |
		select(.score < $least or .score > $all or $sum < $all) |
		"\(.techniqueID) \(.tactic): \(.score) of \($all)"' \
		>"$work/differ"
	[ ! -s "$work/differ" ] ||
		fail "the layer of $* has other scores:" \
			"$(head -3 "$work/differ")"
	jq -e '[.techniques[] | select(.score)] | length > 10' \
		"$work/layer" >/dev/null || fail "the layer of $* is empty"
	# Each is unfolded for its sub-techniques, under the same tactic.
	jq -e '.techniques as $all | [$all[] | select(.techniqueID |
		contains(".")) | [(.techniqueID | split(".")[0]), .tactic]] |
		unique | all(.[]; . as [$id, $tactic] | any($all[];
			.techniqueID == $id and .tactic == $tactic and
			.showSubtechniques))' "$work/layer" >/dev/null ||
		fail "the layer of $* hides sub-techniques"
}

check_records secutter/AWSLogs/111122223333/CloudTrail
check_records quiet
check_navigator "$samples/eight-tactics"
check_navigator "$samples/rules" --min-level medium
check_places
check_csv events "$samples/secutter/AWSLogs/111122223333/CloudTrail"
check_csv events "$samples/hostile"
check_csv alerts "$samples/secutter/AWSLogs/111122223333/CloudTrail"
check_csv alerts "$samples/hostile" --each
check_csv values userAgent "$samples/hostile"
check_hostile
# Records: the bytes are those of the file, so sums of them match.
run 0 events --no-cache --format records -f 'event:CreateUser or event:SendCommand or kind:web and ip:203.0.113.66' "$samples/secutter"
lines=0
while IFS= read -r line; do
	file=$(jq -r .trawl.file <<<"$line")
	at=$(jq .trawl.offset <<<"$line")
	if [ "$(jq .trawl.original <<<"$line")" = true ]; then
		record=${line#*\},\"record\":}
		record=${record%\}}
		[ "$(zcat -f "$file" | tail -c "+$((at + 1))" | head -c "${#record}")" = "$record" ] ||
			fail "the record at $at of $file has other bytes"
	else
		[ "$(jq -r '.trawl.kind + " " + .record.sourceIPAddress' <<<"$line")" = 'web 203.0.113.66' ] ||
			fail "a record is not the original: $line"
	fi
	lines=$((lines + 1))
done <"$work/out"
[ "$lines" -ge 8 ] || fail "$lines records"

# Timesketch: what it asks for is there, in both forms, in files of its names.
run 0 events --no-cache --format timesketch -f 'event:CreateUser' "$samples/secutter"
[ "$(jq -r '[.message, .datetime, .timestamp_desc, (.tag | index("T1136.003") != null)] | @tsv' "$work/out")" = \
	"$(printf 'CreateUser of iam by user lambda-creator-user from 203.0.113.66\t2026-10-03T06:22:01Z\tEvent Time\ttrue')" ] ||
	fail "Timesketch: $(cat "$work/out")"
run 0 events --no-cache --format timesketch -o "$work/t.csv" "$samples/secutter"
head -1 "$work/t.csv" | grep -q '^message,datetime,timestamp_desc,tag,' || fail "Timesketch's CSV has no header"
run 2 events --no-cache --format timesketch -o "$work/t.txt" "$samples/secutter"
[ ! -e "$work/t.txt" ] || fail "a file that Timesketch does not take was made"
# What is there is not overwritten.
run 2 events --no-cache --format timesketch -o "$work/t.csv" "$samples/secutter"
run 0 events --no-cache --format timesketch -o "$work/t.csv" --force "$samples/secutter"

# A cell that a spreadsheet would run is quoted, but not for programs.
mkdir "$work/formula"
for cell in '=1+1' '+1' '-1' '@x' '\uff1d1' '\t=1' plain; do
	echo '{"eventVersion":"1.08","eventTime":"2026-01-09T21:40:00Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"us-east-1","eventID":"'"$cell"'","recipientAccountId":"111122223333","userAgent":"'"$cell"'","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ann","accountId":"111122223333","userName":"ann"}}'
done >"$work/formula/log.json"
run 0 events --no-cache --format csv "$work/formula"
[ "$(grep -c ",'" "$work/out")" = 6 ] || fail "formulas are not quoted"
run 0 events --no-cache --format csv --csv-raw "$work/formula"
! grep -q ",'" "$work/out" || fail "--csv-raw quotes"

finish
