#!/bin/bash
# SPDX-License-Identifier: MIT
#
# usage: TRAWL_BINARY=trawl SAMPLES=samples check_incidents.sh
#
# Holds incidents against the stories that the samples tell, and against
# themselves with the same records shuffled and doubled. Exits 1 when anything
# differs.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C
need jq

incidents()
{
	"$trawl" alerts --incidents --format json -q "$@" >"$work/incidents" ||
		fail "alerts --incidents $*: exit status $?"
}

# holds WHAT FILTER: a jq filter says true of the incidents.
holds()
{
	jq -e "$2" "$work/incidents" >/dev/null || fail "$1"
}

# one_of SAMPLE STEPS COUNT: of the events of these steps of a story, those that
# raised alerts are of at least so many steps and all in one incident, whose
# number is in $one then.
one_of()
{
	"$trawl" alerts --each --format jsonl -q "$samples/$1" |
		jq -r '.eventIDs[]' | sort -u >"$work/alerted"
	awk -F '\t' -v steps="$2" '$1 ~ steps { print $4 "\t" $1 }' \
		"$samples/$1.truth.tsv" | sort |
		join -t "$(printf '\t')" - "$work/alerted" >"$work/told"
	[ "$(cut -f2 "$work/told" | sort -u | wc -l)" -ge "$3" ] ||
		fail "$1: too few of the steps $2 have alerts"
	jq -r 'to_entries[] | .key as $k | .value.eventIDs[] | "\(.)\t\($k)"' \
		"$work/incidents" | sort >"$work/numbered"
	join -t "$(printf '\t')" "$work/told" "$work/numbered" >"$work/found"
	[ "$(wc -l <"$work/found")" = "$(wc -l <"$work/told")" ] ||
		fail "$1: alerts of steps $2 are in no incident, or in several"
	one=$(cut -f3 "$work/found" | sort -u)
	case $one in
	[0-9] | [0-9][0-9]) ;;
	*) fail "$1: steps $2 are in the incidents" $one ;;
	esac
}

# samples/secutter: one incident has all that the intruder did, steps 2 to 9 of
# the story; a developer's work is another one. ------------------------------

trail=$samples/secutter/AWSLogs/111122223333/CloudTrail
incidents "$trail" --min-level medium
holds "secutter: two incidents are more than low" 'length == 2'
incidents "$trail"
one_of secutter '^[2-9]$' 8
[ "$one" = 0 ] || fail "secutter: the intruder's incident is not the first"
for who in "read-s3-ec2-role/i-0e6921bc7de8aa9e9" lambda-creator-user \
	"iam-generator-lambda-role/szkpwned_211205b8c508753167ea" \
	backdoorffd0fb5dac5447659914; do
	holds "secutter: $who is in the first incident" \
		".[0].actors | index(\"$who\")"
done
holds "secutter: the developer is none of them" \
	'.[0].actors | index("super-developer") | not'
holds "secutter: from the instance to the key by a hint alone" '
	[.[0].links[] | select(.identities as $i |
		($i | map(test("instance/i-0e6921bc7de8aa9e9$")) | any) and
		($i | map(test("user/lambda-creator-user$")) | any))] |
	length == 1 and .[0].certainty == "hint" and
	.[0].kind == "exposed_by" and (.[0].why | test("^a hint"))'
holds "secutter: the other links are certain" \
	'[.[0].links[] | select(.certainty == "certain")] | length == 3'
holds "secutter: the tactics begin with how they got in" \
	'.[0].tactics[0] == "initial-access" and (.[0].tactics | length) >= 6'
# What only informs came before, and is no step.
holds "secutter: the incident begins with step 2 of the story" "
	.[0] | [.incident, .firstSeen] == $(awk -F '\t' '$1 == 2 {
		printf "[\"%s\",\"%s\"]", $4, $2; exit }' \
		"$samples/secutter.truth.tsv")"
holds "secutter: events in order of time" '
	.[0] | .firstSeen < .lastSeen and
	(.eventIDs | length) == (.eventIDs | unique | length)'

# The story's attacker comes from there; most events are the victims' own.
holds "secutter: the attacker's address stands first" \
	'.[0].sourceIPs[0] == "203.0.113.66"'

# samples/org: two intruders are two incidents, and the pipeline that made
# most identities is in neither. ---------------------------------------------

incidents "$samples/org"
of()
{
	echo "[.[] | select(.actors | map(test(\"$1\")) | any) | .incident]"
}
holds "org: the intruder of four hops is one incident" "
	$(of '/audit-sync$') | length == 1"
holds "org: the one who took the log shipper's key is one" "
	$(of '^log-shipper$') | length == 1"
one_of org '^1/' 10
first=$one
one_of org '^2/' 5
[ "$first" != "$one" ] || fail "org: two intruders are one incident"
holds "org: these are two" "
	$(of '/audit-sync$') != $(of '^log-shipper$')"
holds "org: who comes in by the door that was left open belongs to it" "
	$(of '^999988887777/') == $(of '/audit-sync$')"
holds "org: the pipeline is in neither" "
	$(of 'landing-zone$') as \$made | (\$made | length) == 1 and
	\$made != $(of '/audit-sync$') and \$made != $(of '^log-shipper$')"
cp "$work/incidents" "$work/in-order"

# The order of records and doubled ones change nothing. -----------------------

find "$samples/org" -name '*.gz' -print0 | sort -z | xargs -0 zcat |
	jq -c '.Records[]' >"$work/records"
for seed in 1 2; do
	mkdir "$work/$seed"
	cat "$work/records" "$work/records" |
		shuf --random-source=<(yes "$seed") >"$work/$seed/log.jsonl"
	incidents "$work/$seed"
	cmp -s "$work/incidents" "$work/in-order" ||
		fail "org, shuffled with seed $seed, is another answer"
done

# Formats ---------------------------------------------------------------------

for format in table jsonl csv; do
	"$trawl" alerts --incidents --format $format -q "$samples/org" \
		>"$work/$format" || fail "format $format"
done
# What lies beside CloudTrail of the same incident: it begins with the request
# that asked the web server for its credentials, and ends with the findings; who
# only scanned is no part of it. Lines are counted by grep.
logs=$work/logs
mkdir "$logs"
cp -r "$samples"/secutter/nginx "$logs"
find "$samples"/secutter/AWSLogs/*/* -maxdepth 0 ! -name CloudTrail \
	-exec cp -r {} "$logs" \;
lines=$(find "$logs" -name '*.gz' -exec zcat {} + | cat - "$logs/nginx/access.log")
count()
{
	grep -c "$@" <<<"$lines"
}
"$trawl" summary --format json -q "$logs" >"$work/summary"
[ "$(jq -c '[.kinds.web, .kinds.elb, .kinds.flow, .kinds.guardduty,
	.records.rejected]' "$work/summary")" = "[$(count ' +0900\] '),$(
	count '^https '),$(count '^2 111122223333 '),$(
	count '^{"schemaVersion"'),0]" ] ||
	fail "secutter, beside the trail: $(jq -c .kinds "$work/summary")"
# Findings and flows say whose they are; a web server's lines do not.
"$trawl" alerts --format jsonl -q "$logs" >"$work/beside"
[ "$(jq -c 'select(.title | test("^GuardDuty|^Flow|flow")) | .accounts' \
	"$work/beside" | sort -u)" = '["111122223333"]' ] ||
	fail "secutter, beside the trail: accounts of findings and flows"
[ "$(jq -c 'select(.title | test("^Web request")) | .accounts' \
	"$work/beside" | sort -u)" = '[]' ] ||
	fail "secutter, beside the trail: a web request has an account"
[ "$(jq -r .first "$work/summary")" = 2026-10-03T04:30:00Z ] ||
	fail "secutter, beside the trail: the first line is of 13:30 in Japan"
incidents "$samples/secutter"
one_of secutter '^[2-9]$' 7
[ "$one" = 0 ] || fail "secutter with logs: the incident is not the gravest"
"$trawl" events --format jsonl -q -f 'kind:guardduty or metadataAddress:*' \
	"$logs" | jq -r '[.eventTime[11:16], .kind, .eventID] | @tsv' >"$work/ends"
[ "$(cut -f1,2 "$work/ends" | sort -u | paste -sd ' ' | tr '\t' ' ')" = \
	"06:05 elb 06:05 web 06:06 elb 06:06 guardduty 06:06 web 06:35 guardduty" ] ||
	fail "secutter, beside the trail: requests and findings: $(cat "$work/ends")"
while IFS=$'\t' read -r _ kind id; do
	holds "secutter with logs: the $kind $id is part of it" \
		".[0].eventIDs | index(\"$id\")"
done <"$work/ends"
"$trawl" events --format jsonl -q -f 'ip:203.0.113.181' "$logs" |
	jq -r .eventID >"$work/scanned"
[ "$(wc -l <"$work/scanned")" -gt 80 ] || fail "secutter, beside the trail: no scan"
jq -r '.[].eventIDs[]' "$work/incidents" | sort >"$work/in"
[ -z "$(sort "$work/scanned" | comm -12 - "$work/in")" ] ||
	fail "secutter with logs: a scan is part of an incident"
holds "secutter with logs: an address joins as a hint" \
	'[.[0].links[] | select(.kind == "used_from")] |
		length > 0 and all(.certainty == "hint" and
		.to == "IP:203.0.113.66")'

[ "$(jq -c . "$work/jsonl")" = "$(jq -c '.[]' "$work/in-order")" ] ||
	fail "jsonl and json differ"
[ "$(wc -l <"$work/csv")" = $(($(jq length "$work/in-order") + 1)) ] ||
	fail "csv: a line an incident, and its header"
[ "$(grep -c '^[a-z]' "$work/table")" = "$(jq length "$work/in-order")" ] ||
	fail "table: a block an incident"
grep -q '^    joined, hint: ' <("$trawl" alerts --incidents -q \
	"$trail") || fail "table: a hint is called so"
[ "$("$trawl" alerts --incidents --format json -q "$samples/quiet" \
	--min-level critical)" = "$(printf '[\n]')" ] ||
	fail "json: none is an empty list"

# The triage page has the five heaviest of them, and how many more there are.
incidents "$samples/org"
jq -r '.[:5][] | "\(.level[:1] | ascii_upcase) \(.score) \(.alerts | length)"' \
	"$work/incidents" >"$work/wanted"
"$trawl" triage -q "$samples/org" | sed -n '/^Incidents$/,/^$/p' >"$work/page"
sed -nE 's/^  ([CHMLI]) +([0-9]+)  .* -> [^ ]+ [^ ]+  ([0-9]+) alerts?$/\1 \2 \3/p' \
	"$work/page" >"$work/brief"
[ -s "$work/brief" ] && cmp -s "$work/wanted" "$work/brief" ||
	fail "triage: $(cat "$work/page")"
grep -qx "  and $(($(jq length "$work/incidents") - 5)) more: trawl alerts --incidents" \
	"$work/page" || fail "triage: how many more incidents"
# Of nine names, three: a session is called what its own account calls it.
"$trawl" alerts --incidents --format json -q "$samples/org" |
	jq -r '.[1].actors | "          by \(.[:3] | join(" > ")) and \(length - 3) more"' \
		>"$work/by"
grep -q ' and 6 more$' "$work/by" || fail "the second incident has other names"
[ "$(grep '^ *by ' "$work/page" | sed -n 2p)" = \
	"$(cat "$work/by")" ] || fail "triage: $(cat "$work/page")"
# What it says to look at first is a command that works; of a log whose names a shell
# would take for more there is none with a name in it.
"$trawl" triage -q "$samples/org" | sed -n 's/^  trawl \(report\|events\|walk\) /\1 /p' \
	>"$work/commands"
[ "$(wc -l <"$work/commands")" = 3 ] || fail "triage: what to look at first"
while read -r -a words; do
	"$trawl" "${words[@]}" -q >/dev/null 2>"$work/err" </dev/null ||
		fail "triage: trawl ${words[*]}: $(cat "$work/err")"
done <"$work/commands"
printf '{"eventVersion":"1.08","eventTime":"2026-01-09T21:40:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","eventID":"11111111-1111-4111-8111-111111111111","recipientAccountId":"111122223333","readOnly":false,"requestParameters":{"name":"t"},"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/$(id);x","accountId":"111122223333","userName":"$(id);x","principalId":"AIDARTX3GSDSREXAMPLEX"}}\n' \
	>"$work/shell.json"
"$trawl" triage -q "$work/shell.json" >"$work/page"
[ "$(grep -c '^  trawl ' "$work/page")" = 2 ] && ! grep '^  trawl .*\$(' "$work/page" ||
	fail "triage: a command with a name that a shell reads: $(cat "$work/page")"
# Two of one name are told apart by their accounts.
"$trawl" triage -q "$samples/org" | grep -q '^  landing-zone-exec/landing-zone of 444455556666  3 alerts' ||
	fail "triage: who shares a name"

# What only informs is no first step: ann reads a function, changes bob, and an
# hour later bob stops the log. Nothing but the reading alarms of ann.
call() { # NUMBER HOUR SERVICE EVENT WHO PARAMETERS
	printf '{"eventVersion":"1.08","eventID":"e0000000-0000-4000-8000-00000000000%s","eventTime":"2026-01-09T0%s:00:00Z","eventSource":"%s.amazonaws.com","eventName":"%s","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.1","userAgent":"aws-cli/2.17.0","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","principalId":"AIDACKCEVSQ6C2EXAM%s","arn":"arn:aws:iam::111122223333:user/%s","accountId":"111122223333","userName":"%s","accessKeyId":"AKIA%s0000000000001"},"requestParameters":%s}\n' \
		"$1" "$2" "$3" "$4" "${5^^}" "$5" "$5" "${5^^}" "$6"
}
mkdir "$work/early"
{
	call 1 5 lambda GetFunction20150331v2 ann '{"functionName":"orders"}'
	call 2 6 iam AttachUserPolicy ann '{"userName":"bob","policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}'
	call 3 7 cloudtrail StopLogging bob '{"name":"trail"}'
} >"$work/early/log.jsonl"
run 0 alerts "$work/early" --no-cache --incidents --format json
got=$(jq -c '.[] | [.level, .firstSeen, .actors, [.alerts[].level]]' "$work/out")
[ "$got" = '["critical","2026-01-09T07:00:00Z",["bob","ann"],["critical","informational"]]' ] ||
	fail "what only informs comes first: $got"
run 0 report "$work/early" --no-cache --format json
got=$(jq -c '[.incidents[0].path[] | [.step, .identity, .begun]]' "$work/out")
[ "$got" = '[[1,"P:arn:aws:iam::111122223333:user/bob","2026-01-09T07:00:00Z"],[2,"P:arn:aws:iam::111122223333:user/ann","2026-01-09T05:00:00Z"]]' ] ||
	fail "the report's path: $got"
# Nor is it told in the path of an incident that has more, whatever its level.
for set in secutter org eight-tactics; do
	run 0 report "$samples/$set" --no-cache --incident all --format json
	jq -r '.incidents[] | select(.level != "informational") | .incident' "$work/out" |
		while read -r id; do
			"$trawl" report "$samples/$set" --no-cache -q --incident "$id" |
				grep '^- .* (informational, T' | sed "s/^/$set $id: /"
		done
done >"$work/told"
[ ! -s "$work/told" ] || fail "what only informs is a step: $(head -2 "$work/told")"
finish
