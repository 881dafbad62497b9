#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Every key that a machine format has, on three samples, is in trawl-output(5).

. "$(dirname "$0")/lib.sh"

need jq mandoc

mandoc -T ascii "$root/man/trawl-output.5" | sed 's/.\x08//g' >"$work/page"

# documented COMMAND...: the names of the members, but for those of maps whose
# names are values themselves, are words of the page.
documented()
{
	local key keys=0
	"$trawl" "$@" -q >"$work/out" 2>"$work/err" </dev/null
	while IFS= read -r key; do
		keys=$((keys + 1))
		grep -qE "(^|[^A-Za-z])$key([^A-Za-z]|\$)" "$work/page" ||
			fail "trawl $*: $key is not in trawl-output(5)"
	done < <(jq -r 'def drop: if type == "object" then del(.kinds, .forms, .states) | map_values(drop)
			elif type == "array" then map(drop) else . end;
		(if type == "object" and has("record") and (.record | type) == "object"
			then del(.record) else . end) | drop
		| paths | map(strings) | last // empty' "$work/out" | sort -u)
	[ "$keys" -ge 3 ] || fail "trawl $*: only $keys keys"
	checked=$((${checked:-0} + keys))
}

for sample in secutter org; do
	documented alerts --format jsonl "$samples/$sample"
	documented alerts --incidents --format json "$samples/$sample"
	documented events --format jsonl "$samples/$sample"
	documented events --format records -n 300 "$samples/$sample"
	documented events --format timesketch "$samples/$sample"
	documented values user --format jsonl "$samples/$sample"
	documented lineage --format json --hints "$samples/$sample"
	documented summary --format json "$samples/$sample"
	documented coverage --format json "$samples/$sample"
	documented report --incident all --format json "$samples/$sample"
done
documented verify --format json "$samples/digests"
documented origin lambda-creator-user --format json "$samples/secutter"
documented origin K:AKIARTX3GSDSXSQW3LGU --hints --format json "$samples/secutter"
documented walk lambda-creator-user --format json "$samples/secutter"
documented walk 203.0.113.66 --hints --format json "$samples/secutter"

finish "$checked keys are documented"
