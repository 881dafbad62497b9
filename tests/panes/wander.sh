#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The workbench with the built-in rules, under keys by chance, at sizes from one
# cell on.
#
# usage: wander.sh WORK
#
# $PANEPLAY plays; $SAMPLES and, where it is given, $TRAWL_REAL_DATA hold
# folders of evidence. It is a defect when the program ends, reads what is not
# its own, loses memory or never comes back.
set -eu

work=$1
failures=0
# Keys for each set and size, and how long they may take at most. That is no
# measure: it is what tells a loop without end from a slow machine.
keys=${WANDER_KEYS:-50}
patience=${WANDER_PATIENCE:-300}
seed=${WANDER_SEED:-7}

wander() {
	local name=$1 path=$2 script=$work/${1//\//-}.pane

	mkdir -p "$work/$name"
	{
		echo "rules builtin"
		echo "case wander.case"
		echo "load $path"
		echo "size 120x40"
		echo "wander $seed $keys"
		echo "size 80x24"
		echo "keys <Esc><Esc>0X1"
		echo "late 20"
		echo "wander $((seed + 1)) $keys"
	} >"$script"
	timeout "$patience" "$PANEPLAY" -w "$work/$name" "$script" || {
		echo "wander: $name: status $?; the keys are in" \
			"$work/$name/wander.keys" >&2
		failures=$((failures + 1))
	}
}

mkdir -p "$work"
for set in "$SAMPLES"/*/; do
	wander "samples/$(basename "$set")" "$set"
done
if [ -d "${TRAWL_REAL_DATA:-}" ]; then
	for set in "$TRAWL_REAL_DATA"/*/; do
		wander "real/$(basename "$set")" "$set"
	done
else
	echo "SKIP wander: no folder with real logs was given"
fi
[ "$failures" -eq 0 ]
