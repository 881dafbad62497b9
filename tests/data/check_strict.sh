#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_strict.sh [TRAWL]
#
# --strict: nothing is printed, and the status is 3, when input was lost;
# what is a whole is printed as without it. --no-input: no workbench. Exits 1
# when anything differs.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"

# Of the samples' hostile files some records cannot be read.
for command in summary events alerts "values eventName" coverage report; do
	# shellcheck disable=SC2086
	"$trawl" $command "$samples/hostile" -q --strict >"$work/out" 2>"$work/err"
	status=$?
	[ $status -eq 3 ] || fail "$command: status $status"
	[ -s "$work/out" ] && fail "$command: something was printed"
	grep -q 'with --strict nothing is printed then' "$work/err" ||
		fail "$command: $(head -1 "$work/err")"
done
# Into a file as well: it is not there.
"$trawl" events "$samples/hostile" -q --strict --format jsonl \
	-o "$work/events.jsonl" 2>/dev/null
[ -e "$work/events.jsonl" ] && fail 'a file was written'

# A rule that cannot run is input that was lost.
printf 'title: broken\n' >"$work/broken.yml"
"$trawl" alerts "$samples/secutter" -q --strict --rules "$work/broken.yml" \
	>"$work/out" 2>/dev/null
[ $? -eq 3 ] && [ ! -s "$work/out" ] || fail 'a broken rule'
mkdir "$work/empty"
"$trawl" summary "$work/empty" -q --strict >"$work/out" 2>/dev/null
[ $? -eq 3 ] && [ ! -s "$work/out" ] || fail 'nothing in it'

# Nothing is lost: the same as without.
for command in summary "events --format jsonl" "alerts --format json"; do
	# shellcheck disable=SC2086
	"$trawl" $command "$samples/secutter" -q --strict >"$work/strict" ||
		fail "$command: status $?"
	# shellcheck disable=SC2086
	"$trawl" $command "$samples/secutter" -q >"$work/out"
	cmp -s "$work/strict" "$work/out" || fail "$command: another result"
done

"$trawl" --no-input "$samples/secutter" >"$work/out" 2>"$work/err" ||
	fail "--no-input: status $?"
"$trawl" triage "$samples/secutter" 2>/dev/null | cmp -s - "$work/out" ||
	fail '--no-input: no triage page'
grep -q 'no terminal' "$work/err" && fail '--no-input: it is told what was asked'
finish
