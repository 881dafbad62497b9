#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Evidence that is opened again says the same, out of the cache, and costs no
# load; what changed is loaded anew.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
set -eo pipefail
mkdir "$work/logs"
export XDG_CACHE_HOME=$work/xdg
mkdir "$XDG_CACHE_HOME"
kept=$XDG_CACHE_HOME/trawl

# So many deliveries of 5,000 events; enough to be worth keeping.
delivery() { # number
	awk -v f="$1" 'BEGIN {
		printf "{\"Records\":["
		for (i = 0; i < 5000; i++) {
			n = f * 5000 + i
			printf "%s{\"eventVersion\":\"1.08\",\"userIdentity\":{" \
				"\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::" \
				"111122223333:user/u%d\",\"accountId\":" \
				"\"111122223333\",\"accessKeyId\":" \
				"\"AKIAIOSFODNN7EXAM%03d\"},\"eventTime\":" \
				"\"2026-01-%02dT%02d:%02d:%02dZ\",\"eventSource\":" \
				"\"iam.amazonaws.com\",\"eventName\":\"%s\"," \
				"\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":" \
				"\"198.51.100.%d\",\"eventID\":" \
				"\"e0000000-0000-4000-8000-%012d\"," \
				"\"recipientAccountId\":\"111122223333\"}",
				i ? "," : "", n % 50, n % 50, 1 + n % 28,
				n % 24, n % 60, n % 59,
				n % 997 ? "ListUsers" : "CreateUser", n % 200, n
		}
		printf "]}"
	}'
}
for f in 0 1 2 3 4 5 6 7 8 9; do
	delivery "$f" | gzip -n >"$work/logs/$f.json.gz"
done

say() { "$trawl" "$@" -q "$work/logs"; }
loads() { find "$kept" -name '*.load' | wc -l; }

for c in 'summary' 'alerts --format jsonl' 'walk u7' 'lineage'; do
	# shellcheck disable=SC2086
	say $c --no-cache >"$work/cold.$c"
done
[ ! -e "$kept" ] || fail '--no-cache made a folder'
# Nothing is kept of what has just been written.
while [ -n "$(find "$work/logs" -newerct '3 seconds ago')" ]; do
	:
done
say summary >"$work/first"
cmp "$work/first" "$work/cold.summary"
[ "$(loads)" = 1 ] || fail 'the load was not kept'
[ "$(stat -c %a "$kept")" = 700 ] || fail 'the folder is not private'
[ "$(stat -c %a "$kept"/*.load)" = 600 ] || fail 'the load is not private'
before=$(stat -c %i "$kept"/*.load)
for threads in 1 2 8; do
	for c in 'summary' 'alerts --format jsonl' 'walk u7' 'lineage'; do
		# shellcheck disable=SC2086
		say $c --threads "$threads" >"$work/again"
		cmp "$work/again" "$work/cold.$c" || fail "$c differs"
	done
done
[ "$(stat -c %i "$kept"/*.load)" = "$before" ] || fail 'it was loaded again'

# Without the rules it is another load, beside the first.
say summary --no-builtin-rules >/dev/null
[ "$(loads)" = 2 ] || fail 'another rule set has no load of its own'

# What is not evidence cannot be in the answer.
delivery 10 | gzip -n >"$work/logs/10.json.gz"
say summary --format json | jq -e '.records.events == 55000' \
	>/dev/null || fail 'a new file is not seen'
rm "$work/logs/10.json.gz"
say summary >"$work/again"
cmp "$work/again" "$work/cold.summary" || fail 'a file that is gone is seen'

# A list that comes by a pipe is read once: no load is kept for it.
listed()
{
	"$trawl" alerts -q "$work/logs" --no-builtin-rules --format jsonl \
		--ioc <(echo "$1") | jq -s 'length'
}
[ "$(listed 198.51.100.7)" -gt 0 ] || fail 'nothing is on the list'
[ "$(listed 203.0.113.200)" = 0 ] || fail 'another list is believed'

# Damage is not told, and not believed.
for f in "$kept"/*.load; do
	printf 'x' | dd of="$f" bs=1 seek=5000 conv=notrunc status=none
done
say summary >"$work/again"
cmp "$work/again" "$work/cold.summary" || fail 'damage is believed'
finish
