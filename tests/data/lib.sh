# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# lib.sh - what the checks in this folder begin and end with; they source it.
#
# Sets `trawl`, the program: the check's first argument or $TRAWL_BINARY;
# `root`, the checkout; `samples`; `work`, a folder that is gone afterwards.
# A check ends with `finish`.

set -u
check=$(basename "$0" .sh)
trawl=$(realpath "${1:-${TRAWL_BINARY:?usage: $check.sh TRAWL}}")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
samples=${SAMPLES:-$root/samples}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail()
{
	echo "$check: $*" >&2
	failures=$((failures + 1))
}

# skip WHY: this check cannot run here.
skip()
{
	echo "SKIP $check: $*"
	exit 77
}

# need COMMAND...: or the check is skipped.
need()
{
	local command
	for command; do
		command -v "$command" >/dev/null ||
			skip "$command is not installed"
	done
}

# run STATUS ARGUMENT...: leaves $work/out and $work/err.
run()
{
	local want=$1
	shift
	"$trawl" "$@" >"$work/out" 2>"$work/err" </dev/null
	local got=$?
	[ "$got" = "$want" ] || {
		fail "exit status $got, not $want: trawl $*"
		head -3 "$work/err" >&2
	}
}

# finish [WHAT]: says how it went, and how much was checked.
finish()
{
	[ "$failures" -eq 0 ] || {
		echo "$check: $failures failures" >&2
		exit 1
	}
	echo "$check: ${*:-all is well}"
	exit 0
}
