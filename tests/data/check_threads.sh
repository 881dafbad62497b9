#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Eight threads say what one says. In the build of the preset "thread" every
# race that they have with each other is an error.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
set -eo pipefail

say() { # threads, set, command...
	local threads=$1 set=$2

	shift 2
	# Some samples are broken on purpose: then it says so by its status.
	"$trawl" "$@" -q --no-cache --threads "$threads" "$samples/$set" ||
		[ $? = 3 ]
}

for set in eight-tactics hostile secutter rules/persistence.jsonl; do
	for c in 'summary' 'alerts --format jsonl' 'lineage'; do
		# shellcheck disable=SC2086
		say 1 "$set" $c >"$work/one"
		# shellcheck disable=SC2086
		say 8 "$set" $c >"$work/eight"
		cmp "$work/one" "$work/eight" || fail "$c of $set differs"
	done
done
finish
