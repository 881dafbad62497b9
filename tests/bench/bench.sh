#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Load time, memory and key latency, beside zcat on the same files in the same
# run. usage: bench.sh [EVENTS] (1000000). Writes bench-data/report.txt and
# bench-data/report.json. Figures depend on the machine: quote the ratios.
set -euo pipefail
cd "$(dirname "$0")/../.."
events=${1:-1000000}
runs=${RUNS:-3}
threads=$(nproc)
samplegen=$(find build -name samplegen -type f | head -n 1)
data=bench-data/$events
mkdir -p bench-data

if [ ! -f "$data/.complete" ]; then
	rm -rf "$data"
	echo "making $events events ..." >&2
	"$samplegen" --bench "$events" "$data"
	touch "$data/.complete"
fi

# Wall seconds and peak memory in KiB of a command, median of the runs.
measure() { # name command...
	local name=$1 i
	shift
	: >bench-data/times
	for ((i = 0; i < runs; i++)); do
		/usr/bin/env time -f '%e %M' -o bench-data/time "$@" >/dev/null 2>&1 || true
		tail -n 1 bench-data/time >>bench-data/times
	done
	sort -n bench-data/times | awk -v name="$name" '
		{ t[NR] = $1; if ($2 > m) m = $2 }
		END { printf "%s\t%.2f\t%.2f\t%.2f\t%d\n", name,
			t[int((NR + 1) / 2)], t[1], t[NR], m }'
}

command -v time >/dev/null && [ -x /usr/bin/time ] || {
	echo "bench: /usr/bin/time is needed (Debian package time)" >&2
	exit 1
}

export data threads
zcat_all() {
	find "$data" -name '*.gz' -print0 | xargs -0 -P "$threads" -n 200 zcat >/dev/null
}
export -f zcat_all

{
	measure zcat bash -c zcat_all
	measure 'load, rules, lineage' build/trawl summary -q "$data"
	measure 'load without rules' build/trawl summary -q --no-builtin-rules "$data"
	measure 'no rules, no lineage' build/lineagebench plain "$data"
	measure 'no rules, lineage' build/lineagebench lineage "$data"
	measure 'one thread' build/trawl summary -q --threads 1 "$data"
	measure 'filter: indexed' build/trawl events -q -f 'service:iam and not outcome:ok' --format jsonl "$data"
	measure 'filter: records' build/trawl events -q -f 'requestParameters.userName:*' --format jsonl "$data"
} >bench-data/measured.tsv
build/keybench "$data" >bench-data/keys.json

zcat_seconds=$(awk -F'\t' '$1 == "zcat" { print $2 }' bench-data/measured.tsv)
files=$(find "$data" -name '*.gz' | wc -l)
{
	printf '%s events in %s files, %s threads, median of %s runs\n\n' \
		"$events" "$files" "$threads" "$runs"
	printf '%-24s %8s %8s %8s %10s %10s\n' what seconds least most 'x zcat' 'peak MB'
	awk -F'\t' -v z="$zcat_seconds" '{
		printf "%-24s %8.2f %8.2f %8.2f %10.2f %10.0f\n",
			$1, $2, $3, $4, $2 / z, $5 / 1024 }' bench-data/measured.tsv
	printf '\nkeys at 120x40, milliseconds from key to frame\n\n'
	printf '%-24s %8s %8s %8s %10s\n' key median p99 worst settled
	jq -r 'to_entries[] | select(.value | type == "object") |
		[.key, .value.median, .value.p99, .value.max, .value.settled] | @tsv' \
		bench-data/keys.json |
		awk -F'\t' '{ printf "%-24s %8.2f %8.2f %8.2f %10.1f\n", $1, $2, $3, $4, $5 }'
	jq -r '"\nfirst rows after \(.first_rows_ms) ms, all after \(.loaded_ms) ms"' bench-data/keys.json
} | tee bench-data/report.txt
jq -n --slurpfile keys bench-data/keys.json --arg events "$events" \
	--arg files "$files" --arg threads "$threads" \
	--rawfile tsv bench-data/measured.tsv '
	{ events: ($events | tonumber), files: ($files | tonumber),
	  threads: ($threads | tonumber),
	  measured: [ $tsv | split("\n")[] | select(length > 0) | split("\t") |
		{ what: .[0], seconds: (.[1] | tonumber), least: (.[2] | tonumber),
		  most: (.[3] | tonumber), peakKiB: (.[4] | tonumber) } ],
	  keys: $keys[0] }' >bench-data/report.json
