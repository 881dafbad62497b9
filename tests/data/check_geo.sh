#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_geo.sh [TRAWL]
#
# Where addresses are: the samples' own database, whose places stand in
# samples/gen/places.c, asked over records that are written here; filters,
# values, keys, habits and travel, with what each has to find worked out by
# hand; errors. Exits 1 when anything differs.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
db=$samples/rules/places.mmdb

"$trawl" summary -q --geoip "$db" "$samples/quiet" >/dev/null 2>"$work/err" || {
	grep -q 'built without libmaxminddb' "$work/err" &&
		skip "built without libmaxminddb"
	fail "the samples' database: $(head -1 "$work/err")"
}

# Calls of two users, a second and more apart: NAME TIME ADDRESS [ERROR].
call()
{
	n=$((${n:-0} + 1))
	jq -c -n --arg u "$1" --arg t "$2" --arg ip "$3" --arg e "${4:-}" \
		--arg id "$(printf '5e2d8a14-0000-4000-8000-%012d' "$n")" '
	{eventVersion: "1.08", userIdentity: {type: "IAMUser", principalId:
	("AIDAIOSFODNN7" + $u), arn: ("arn:aws:iam::111122223333:user/" + $u),
	accountId: "111122223333", userName: $u}, eventTime: $t, eventSource:
	"s3.amazonaws.com", eventName: "ListBuckets", awsRegion: "us-east-1",
	sourceIPAddress: $ip, userAgent: "aws-cli/2", eventID: $id,
	recipientAccountId: "111122223333"} + if $e == "" then {} else
	{errorCode: $e} end'
}
{
	# Ashburn, Amsterdam one hour later: 6,200 km, nobody is so fast. And
	# back again, and once more: each way is told once.
	call alice 2026-01-09T10:00:00Z 192.0.2.7
	call alice 2026-01-09T11:00:00Z 2001:db8:1::7
	call alice 2026-01-09T12:00:00Z 192.0.2.7
	call alice 2026-01-09T13:00:00Z 203.0.113.66
	# Eight hours are enough: 775 km/h. What was refused says nothing.
	call bob 2026-01-09T10:00:00Z 192.0.2.7
	call bob 2026-01-09T11:00:00Z 203.0.113.66 AccessDenied
	call bob 2026-01-09T18:00:00Z 203.0.113.66
	call bob 2026-01-09T19:00:00Z 8.8.8.8
	call bob 2026-01-09T19:01:00Z 10.0.0.1
	call bob 2026-01-09T19:02:00Z AWS\ Internal
} >"$work/calls.jsonl"
cat >"$work/ranges.json" <<'END'
{"prefixes":[{"ip_prefix":"203.0.113.0/24","region":"eu-west-1","service":"EC2"}],"ipv6_prefixes":[{"ipv6_prefix":"2001:db8::/32","region":"eu-west-1","service":"AMAZON"}]}
END
with=(--geoip "$db" --ip-ranges "$work/ranges.json")

finds() # EXPECTED FILTER
{
	local have
	have=$("$trawl" events -q --no-cache "${with[@]}" --format jsonl \
		-f "$2" "$work/calls.jsonl" | wc -l)
	[ "$have" = "$1" ] || fail "$2 finds $have, not $1"
}
finds 4 'country:NL'
finds 4 'country:nl'
finds 3 'country:US'
finds 7 'country:*'
finds 3 'not country:*'
finds 4 'asn:64500'
finds 4 'asn:AS64500'
finds 4 'asn:*hosting*'
finds 3 'asn:(AS64501 or AS64496)'
finds 0 'asn:6450'
finds 3 'aws:ec2*'
finds 4 'aws:*'
finds 3 'not aws:* and country:*'
finds 1 'country:NL and ip:2001:db8::/32'

"$trawl" events -q --no-cache "${with[@]}" --format jsonl "$work/calls.jsonl" |
	jq -c 'select(.sourceIPAddress == "203.0.113.66") |
		[.country, .asn, .aws]' | sort -u >"$work/out"
[ "$(cat "$work/out")" = '["NL","AS64500 EXAMPLE-HOSTING","EC2 eu-west-1"]' ] ||
	fail "keys of events: $(cat "$work/out")"
"$trawl" values -q --no-cache "${with[@]}" --format jsonl country \
	"$work/calls.jsonl" | jq -r '"\(.value) \(.count)"' >"$work/out"
[ "$(cat "$work/out")" = $'NL 4\nUS 3' ] || fail "values: $(cat "$work/out")"
"$trawl" walk -q --no-cache "${with[@]}" 203.0.113.66 "$work/calls.jsonl" |
	grep -q '^NL, Amsterdam; AS64500 EXAMPLE-HOSTING; AWS EC2 eu-west-1$' ||
	fail "the page of an address does not say where it is"

# Alice went to Amsterdam (IPv6) at 11, and back at 12: two ways, though three
# flights. Bob had time.
"$trawl" alerts --each -q --no-cache "${with[@]}" --format jsonl \
	"$work/calls.jsonl" >"$work/alerts"
jq -r 'select(.title == "Calls from two places too far apart") |
	[.actor, .firstSeen] | join(" ")' "$work/alerts" | sort >"$work/out"
[ "$(cat "$work/out")" = $'alice 2026-01-09T11:00:00Z\nalice 2026-01-09T12:00:00Z' ] ||
	fail "travel: $(cat "$work/out")"
# 6,204 km by the haversine formula, less 70 of radius.
jq -r 'select(.title == "Calls from two places too far apart") | .notes[0]' \
	"$work/alerts" | grep -o 'at least [0-9,]* km' | sort -u >"$work/out"
km=$(awk 'BEGIN { d = atan2(0, -1) / 180; a = sin((52.3676 - 39.0438) * d / 2);
	b = sin((4.9041 + 77.4874) * d / 2)
	h = a * a + cos(39.0438 * d) * cos(52.3676 * d) * b * b
	printf "%d", 2 * 6371 * atan2(sqrt(h), sqrt(1 - h)) - 70 }')
[ "$(tr -dc 0-9 <"$work/out")" = "$km" ] ||
	fail "distance: $(cat "$work/out"), not $km"
# Who names the network as his own travels nowhere.
printf 'network 203.0.113.0/24 vpn\nnetwork 2001:db8:1::/48 vpn\n' >"$work/vpn"
"$trawl" alerts --each -q --no-cache "${with[@]}" --site "$work/vpn" --format \
	jsonl "$work/calls.jsonl" | grep -q 'too far apart' &&
	fail "the site's own network is a place"

# Sign-ins from two countries within an hour. At 10:45 the US is not new, an hour
# after the last from the Netherlands nothing is strange, and a sign-in that
# failed says nothing of where anybody is. The key is in Tokyo and Amsterdam
# within half an hour, and in two networks of one city before.
login() # NAME TIME ADDRESS RESULT
{
	n=$((n + 1))
	call "$1" "2026-01-10T$2Z" "$3" | jq -c --arg r "$4" '.eventSource =
		"signin.amazonaws.com" | .eventName = "ConsoleLogin" |
		.responseElements = {ConsoleLogin: $r}'
}
key() # TIME ADDRESS
{
	n=$((n + 1))
	call dave "2026-01-11T$1Z" "$2" |
		jq -c '.userIdentity.accessKeyId = "AKIADAVE000000000001"'
}
n=100
{
	login carol 10:00:00 192.0.2.7 Success
	login carol 10:30:00 203.0.113.66 Success
	login carol 10:45:00 192.0.2.8 Success
	login carol 12:00:00 192.0.2.7 Success
	login carol 12:10:00 203.0.113.66 Failure
	login carol 12:30:00 203.0.113.66 Success
	key 09:00:00 198.51.100.7
	key 09:10:00 198.51.7.7
	key 09:40:00 203.0.113.66
	key 10:30:00 198.51.100.7
} >"$work/places.jsonl"
"$trawl" alerts --each -q --no-cache --geoip "$db" --format jsonl \
	"$work/places.jsonl" | jq -r 'select(.title | test("two countries|two cities")) |
	[.firstSeen[11:16], .notes[0]] | join(" ")' | sort >"$work/out"
diff - "$work/out" >"$work/diff" <<'END' || fail "places: $(cat "$work/diff")"
09:40 AKIADAVE000000000001 from 203.0.113.66 (NL, Amsterdam; AS64500 EXAMPLE-HOSTING), 30m before from 198.51.7.7 (JP, Tokyo; AS64496 EXAMPLE-OFFICE)
10:30 arn:aws:iam::111122223333:user/carol from 203.0.113.66 (NL, Amsterdam; AS64500 EXAMPLE-HOSTING), 30m before from 192.0.2.7 (US, Ashburn; AS64501 EXAMPLE-CLOUD)
12:30 arn:aws:iam::111122223333:user/carol from 203.0.113.66 (NL, Amsterdam; AS64500 EXAMPLE-HOSTING), 30m before from 192.0.2.7 (US, Ashburn; AS64501 EXAMPLE-CLOUD)
END

# The same from a site file, which names the database beside it.
mkdir "$work/site"
cp "$db" "$work/site/places"
printf 'geoip places\nip-ranges %s\n' "$work/ranges.json" >"$work/site/file"
"$trawl" events -q --no-cache --site "$work/site/file" --format jsonl \
	-f 'country:NL and aws:*' "$work/calls.jsonl" | wc -l >"$work/out"
[ "$(cat "$work/out")" = 4 ] || fail "site file: $(cat "$work/out"), not 4"

# Without a database nothing is known, and nothing is new.
"$trawl" events -q --no-cache --format jsonl -f 'country:*' "$work/calls.jsonl" |
	grep -q . && fail "a country without a database"

# What is wrong is said, with the file.
says() # TEXT ARGUMENT...
{
	local text=$1
	shift
	"$trawl" summary -q "$@" "$work/calls.jsonl" >/dev/null 2>"$work/err" &&
		fail "no error: $*"
	grep -qF -- "$text" "$work/err" || fail "$*: $(head -1 "$work/err")"
}
says "calls.jsonl: no database in MaxMind's format" --geoip "$work/calls.jsonl"
says "nothing-there: No such file" --geoip "$work/nothing-there"
says "vpn: " --ip-ranges "$work/vpn"
says "not AWS's ip-ranges.json" --ip-ranges <(printf '{"prefixes":[]}')
printf 'geoip\n' >"$work/bad-site"
says "bad-site:1: a file was expected" --site "$work/bad-site"

finish
