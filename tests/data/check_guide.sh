#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_guide.sh [TRAWL]
#
# The batch command of each question that the guide asks, run on the evidence
# for which tests/panes/questions*.tsv have its answer. That the guide names these
# commands is for the panes' tests to say. Exits 1 when anything is wrong.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq

# answers TABLE ROW-LETTER COMMAND TEXTS: runs COMMAND, its PATH... being $paths,
# and looks for each text; blanks in a row are one.
answers()
{
	local table=$1 letter=$2 command=$3 text texts
	# The only way in which the guide and a shell can agree about quotes.
	eval "${command//PATH.../\"\$\{paths[@]\}\"}" >"$work/out" 2>"$work/err" </dev/null
	case $? in
	0) ;;
	1) [[ $command == *verify* ]] || fail "$table: $letter: exit status 1" ;;
	*) fail "$table: $letter: $command: $(head -1 "$work/err")" ;;
	esac
	tr -s ' \n' ' ' <"$work/out" >"$work/flat"
	IFS='|' read -ra texts <<<"$4"
	[ "${#texts[@]}" -gt 0 ] || fail "$table: $letter: nothing is expected"
	for text in "${texts[@]}"; do
		if [[ $text == =* ]]; then
			[ "$(wc -l <"$work/out")" = $((${text#=} + 1)) ] ||
				fail "$table: $letter: $(($(wc -l <"$work/out") - 1)) lines, not ${text#=}"
		else
			grep -qF -- "$text" "$work/flat" ||
				fail "$table: $letter: $command does not say: $text"
		fi
	done
}

trawl()
{
	"$trawl" "$@"
}

# ask TABLE: all its rows.
ask()
{
	local rows=0 letter start keys texts command batch
	while IFS=$'\t' read -r letter start keys texts command batch; do
		[[ $letter == '#'* ]] && continue
		rows=$((rows + 1))
		answers "$(basename "$1")" "$letter" "trawl $command" "$batch"
	done <"$1"
	[ "$rows" = 15 ] || fail "$1 has $rows questions"
}

paths=("$samples/secutter/AWSLogs/111122223333/CloudTrail" "$samples/secutter/nginx")
ask "$root/tests/panes/questions.tsv"
paths=("$samples/org")
ask "$root/tests/panes/questions-org.tsv"
paths=("$samples/eight-tactics")
ask "$root/tests/panes/questions-tactics.tsv"

# The incident that an event is of, whichever of its events that is.
run 2 report --incident 00000000-0000-4000-8000-000000000000 "$samples/org"
grep -q 'there is no event 00000000-0000-4000-8000-000000000000' "$work/err" ||
	fail "an event that is not there: $(cat "$work/err")"
run 0 report --incident 7eacb649-e987-5a5d-b395-bd02df7864a3 "$samples/org" --format json
[ "$(jq -r '.incidents[0].actors[0]' "$work/out")" = log-shipper ] ||
	fail "not the leak: $(jq -c '.incidents[0].actors' "$work/out")"
# A service's call: services are of no incident.
quiet=$("$trawl" events "$samples/org" -f 'event:PutObject and principal:delivery.logs.amazonaws.com' --limit 1 --format jsonl | jq -r .eventID)
run 2 report --incident "$quiet" "$samples/org"
grep -q "event $quiet is of no incident" "$work/err" || fail "of no incident: $(cat "$work/err")"
run 2 report --incident some "$samples/org"
finish
