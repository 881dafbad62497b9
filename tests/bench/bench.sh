#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Load, search, memory and key latency, beside zcat on the same files in the
# same run. usage: bench.sh [EVENTS] (1000000). PER_FILE=5 makes tiny files,
# RUNS=5 measures oftener, DUCKDB=1 adds DuckDB from npm, GROW="100000 10000000"
# shows how load, memory and keys grow with so many events. Writes
# bench-data/report.txt and bench-data/report.json. Figures depend on the
# machine: quote the ratios.
set -euo pipefail
cd "$(dirname "$0")/../.."
events=${1:-1000000}
runs=${RUNS:-3}
per_file=${PER_FILE:-}
threads=$(nproc)
samplegen=$(find build -name samplegen -type f | head -n 1)
mkdir -p bench-data

make_data() { # events; sets $data
	data=bench-data/$1${per_file:+-by-$per_file}
	[ ! -f "$data/.complete" ] || return 0
	rm -rf "$data"
	echo "making $1 events ..." >&2
	"$samplegen" --bench "$1" "$data" ${per_file:+--per-file "$per_file"}
	touch "$data/.complete"
}
make_data "$events"

# Wall seconds, processor seconds and peak memory in KiB of a command, medians
# of the runs.
measure() { # name command...
	local name=$1 i
	shift
	: >bench-data/times
	for ((i = 0; i < runs; i++)); do
		/usr/bin/env time -f '%e %U %S %M' -o bench-data/time "$@" >/dev/null 2>&1 || true
		tail -n 1 bench-data/time >>bench-data/times
	done
	sort -n bench-data/times | awk -v name="$name" '
		{ t[NR] = $1; c[NR] = $2 + $3; if ($4 > m) m = $4 }
		END { half = int((NR + 1) / 2)
			printf "%s\t%.2f\t%.2f\t%.2f\t%.2f\t%d\n", name,
			t[half], t[1], t[NR], c[half], m }'
}

command -v time >/dev/null && [ -x /usr/bin/time ] || {
	echo "bench: /usr/bin/time is needed (Debian package time)" >&2
	exit 1
}

export data threads
zcat_all() {
	find "$data" -name '*.gz' -print0 | xargs -0 -P "$threads" -n 200 zcat >/dev/null
}
jq_filter() {
	find "$data" -name '*.gz' -print0 | xargs -0 -P "$threads" -n 200 sh -c \
		'zcat "$@" | jq -c ".Records[] | select(.eventSource == \"iam.amazonaws.com\" and .errorCode)"' jq
}
export -f zcat_all jq_filter

# The packs that responders bring, where they are (see check_packs.sh); else as
# many rules of that kind.
rm -rf bench-data/rules
mkdir -p bench-data/rules
if [ -d "${TRAWL_RULE_PACKS:-}/suzaku-rules" ]; then
	cp -r "$TRAWL_RULE_PACKS/sigma/rules/cloud/aws/cloudtrail" bench-data/rules/sigma
	cp -r "$TRAWL_RULE_PACKS/suzaku-rules/suzaku/aws" bench-data/rules/suzaku
else
	tests/bench/make_rules.sh build/trawl "$data" >bench-data/rules/rules.yml
fi

# Ten columns and the record, as a table of DuckDB.
if [ -n "${DUCKDB:-}" ] && command -v npm >/dev/null &&
	[ ! -d bench-data/node_modules/@duckdb ]; then
	npm install --silent --prefix bench-data @duckdb/node-api >&2
fi
duckdb_load() {
	NODE_PATH=bench-data/node_modules node -e '
		const sql = `create table t as select r->>"$.eventTime" a,
			r->>"$.eventName" b, r->>"$.eventSource" c,
			r->>"$.awsRegion" d, r->>"$.recipientAccountId" e,
			r->>"$.sourceIPAddress" f, r->>"$.userAgent" g,
			r->>"$.errorCode" h, r->>"$.eventID" i,
			r->>"$.userIdentity.arn" j, r
			from (select unnest(Records) r from read_json(
			"${process.env.data}/**/*.gz", columns = {Records: "JSON[]"},
			maximum_object_size = 1000000000))`;
		require("@duckdb/node-api").DuckDBInstance.create(":memory:")
			.then(db => db.connect())
			.then(c => c.run(sql.replace(/"/g, "\u0027")))
			.catch(e => { console.error(e); process.exit(1); });'
}
export -f duckdb_load

{
	# A cache of its own, so that no load of before is found.
	rm -rf bench-data/cache
	mkdir bench-data/cache
	export XDG_CACHE_HOME=$PWD/bench-data/cache
	measure zcat bash -c zcat_all
	measure 'load, rules, lineage' build/trawl summary -q --no-cache "$data"
	measure 'load without rules' build/trawl summary -q --no-cache --no-builtin-rules "$data"
	measure 'load, 800 rules' build/trawl summary -q --no-cache --no-builtin-rules -r bench-data/rules "$data"
	measure 'no rules, no lineage' build/lineagebench plain "$data"
	measure 'no rules, lineage' build/lineagebench lineage "$data"
	measure 'one thread' build/trawl summary -q --no-cache --threads 1 "$data"
	measure 'load, filter: indexed' build/trawl events -q --no-cache -f 'service:iam and not outcome:ok' --format jsonl "$data"
	measure 'load, filter: records' build/trawl events -q --no-cache -f 'requestParameters.userName:*' --format jsonl "$data"
	measure 'load, full text' build/trawl events -q --no-cache -f '"no such text"' --format jsonl "$data"
	measure 'load, regex' build/trawl events -q --no-cache -f 'requestParameters.userName:/^no[0-9]such$/' --format jsonl "$data"
	measure 'load, values' build/trawl values -q --no-cache eventName "$data"
	build/trawl summary -q "$data" >/dev/null # which keeps it
	measure 'reopening' build/trawl summary -q "$data"
	measure 'reopening, one thread' build/trawl summary -q --threads 1 "$data"
	if command -v jq >/dev/null; then
		measure 'jq: filter' bash -c jq_filter
	fi
	if [ -n "${DUCKDB:-}" ] && [ -d bench-data/node_modules/@duckdb ]; then
		measure 'DuckDB: load' bash -c duckdb_load
	fi
} >bench-data/measured.tsv
build/keybench "$data" >bench-data/keys.json
build/rulebench bench-data/rules "$data" >bench-data/rules.json

# All of it as one file, packed and not: records are read again from anywhere.
one=$data.one
mkdir -p "$one"
if [ ! -e "$one/all.json.gz" ]; then
	find "$data" -name '*.gz' -print0 | sort -z | xargs -0 zcat >"$one/all.json"
	gzip -1c "$one/all.json" >"$one/new" && mv "$one/new" "$one/all.json.gz"
fi
{
	build/readbench "$data" | jq -c '. + {from: "a delivery"}'
	build/readbench "$one/all.json.gz" | jq -c '. + {from: "one large gzip file"}'
	build/readbench "$one/all.json" | jq -c '. + {from: "one large plain file"}'
} >bench-data/reads.json

files=$(find "$data" -name '*.gz' | wc -l)

# What grows faster than the data? Keys to the frame that answers them.
: >bench-data/grown.tsv
whole=$data
for n in $(printf '%s\n' ${GROW:+$GROW $events} | sort -n); do
	make_data "$n"
	{
		measure zcat bash -c zcat_all
		measure load build/trawl summary -q --no-cache "$data"
	} >bench-data/grown
	build/keybench "$data" | jq -r '[.["all keys"].p99, .["filter: indexed"].p99] | @tsv' >>bench-data/grown
	awk -F'\t' -v n="$n" 'NR == 1 { z = $2 } NR == 2 { t = $2; m = $6 }
		NR == 3 { printf "%d\t%.2f\t%.2f\t%.2f\t%.2f\t%d\t%.0f\t%.2f\t%.2f\n", n,
			z, t, t / z, t / n * 1e6, m / 1024, m * 1024 / n, $1, $2 }' \
		bench-data/grown >>bench-data/grown.tsv
done
data=$whole

{
	printf '%s events in %s files, %s threads, median of %s runs\n\n' \
		"$events" "$files" "$threads" "$runs"
	printf '%-24s %8s %8s %8s %8s %8s %10s %8s %8s\n' what seconds least most \
		cpu 'x zcat' 'x its cpu' 'peak MB' 'B/event'
	awk -F'\t' -v n="$events" 'NR == 1 { z = $2; c = $5 } {
		printf "%-24s %8.2f %8.2f %8.2f %8.2f %8.2f %10.2f %8.0f %8.0f\n",
			$1, $2, $3, $4, $5, $2 / z, $5 / c, $6 / 1024,
			$6 * 1024 / n }' bench-data/measured.tsv
	awk -F'\t' '{ least[$1] = $3; cpu[$1] = $5 } END {
		a = "load, 800 rules"; b = "load without rules"
		printf "\n800 rules add %.0f %% of time (least runs), %.0f %% of cpu\n",
			100 * (least[a] / least[b] - 1),
			100 * (cpu[a] / cpu[b] - 1) }' bench-data/measured.tsv
	jq -r '"\(.rules) rules on \(.events) events, one thread: " +
		"\(.eventsPerSecond) events/s, \(.testedPerSecond) rules/s, " +
		"\(.tested / .events * 100 | round / 100) rules an event, " +
		"\(.matches) matches"' bench-data/rules.json
	printf '\nkeys at 120x40, milliseconds from key to frame\n\n'
	printf '%-24s %8s %8s %8s %8s %8s %10s\n' key median p99 worst cpu slice settled
	jq -r 'to_entries[] | select(.value | type == "object") |
		[.key, .value.median, .value.p99, .value.max, .value.cpu,
			.value.slice, .value.settled] | @tsv' bench-data/keys.json |
		awk -F'\t' '{ printf "%-24s %8.2f %8.2f %8.2f %8.2f %8.2f %10.1f\n",
			$1, $2, $3, $4, $5, $6, $7 }'
	jq -r '[to_entries[] | select(.value | type == "object")] |
		max_by(.value.p99) | "\nslowest: \(.key)"' bench-data/keys.json
	printf '\na raw record read again, milliseconds (targets: 5 from a delivery, 50)\n\n'
	printf '%-24s %8s %8s %8s\n' from median p99 worst
	jq -r '[.from, .median_ms, .p99_ms, .worst_ms] | @tsv' bench-data/reads.json |
		awk -F'\t' '{ printf "%-24s %8.2f %8.2f %8.2f\n", $1, $2, $3, $4 }'
	if [ -s bench-data/grown.tsv ]; then
		printf '\nas it grows (load: with rules and lineage; keys: 99th percentile, ms)\n\n'
		printf '%10s %8s %8s %8s %9s %8s %8s %8s %8s\n' events zcat load 'x zcat' \
			us/event 'peak MB' B/event keys filter
		awk -F'\t' '{ printf "%10d %8.2f %8.2f %8.2f %9.2f %8d %8d %8.2f %8.2f\n",
			$1, $2, $3, $4, $5, $6, $7, $8, $9 }' bench-data/grown.tsv
	fi
	jq -r '"\nfirst rows after \(.first_rows_ms) ms, all after \(.loaded_ms) ms"' bench-data/keys.json
} | tee bench-data/report.txt
jq -n --slurpfile keys bench-data/keys.json --arg events "$events" \
	--arg files "$files" --arg threads "$threads" \
	--slurpfile rules bench-data/rules.json \
	--slurpfile reads bench-data/reads.json \
	--rawfile tsv bench-data/measured.tsv --rawfile grown bench-data/grown.tsv '
	{ events: ($events | tonumber), files: ($files | tonumber),
	  threads: ($threads | tonumber),
	  measured: [ $tsv | split("\n")[] | select(length > 0) | split("\t") |
		{ what: .[0], seconds: (.[1] | tonumber), least: (.[2] | tonumber),
		  most: (.[3] | tonumber), cpu: (.[4] | tonumber),
		  peakKiB: (.[5] | tonumber) } ],
	  grown: [ $grown | split("\n")[] | select(length > 0) | split("\t") |
		map(tonumber) | { events: .[0], zcat: .[1], load: .[2],
		  peakMB: .[5], keysP99: .[7], filterP99: .[8] } ],
	  rules: $rules[0], reads: $reads, keys: $keys[0] }' >bench-data/report.json
