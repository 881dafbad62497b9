#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Filters by chance, made by the grammar of trawl-query(7) out of words and
# values that the samples have: no command ends otherwise than it should, eight
# threads say what one says, and what a filter leaves and what its contrary
# leaves are all events, each once.
#
# CHANCE_FILTERS=100 CHANCE_SEED=7 for more of them.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
set -o pipefail

RANDOM=${CHANCE_SEED:-20261122}
filters=${CHANCE_FILTERS:-1}
sets=${CHANCE_SETS:-$(cd "$samples" && ls -d -- */)}

# Functions set $out: a subshell would draw the same numbers again.
pick() { # word...
	local n=$((RANDOM % $# + 1))
	out=${!n}
}

value() {
	pick '*' 'Assume*' '*Role*' 'null' 111122223333 '203.0.113.*' \
		'10.0.0.0/8' high ok denied '"a b"' '/^Get|List/i' '(a or b*)' \
		'(Get* and not *Object)' 'exists()' 'null()' 'cased(GetObject)' \
		'cidr(203.0.113.0/24)' '2026-01-09' '"2026-10-03 06"' us-east-1 \
		'arn:aws:iam::*' 'field(eventName)' '"\*"' '?*' T1098 \
		persistence true false "$known"
}

term() {
	local name
	pick eventName event eventSource service awsRegion region \
		recipientAccountId account sourceIPAddress ip country asn aws \
		userAgent ua errorCode error eventID readOnly user principal \
		actor session key resource outcome kind has level rule tactic \
		technique alert origin incident star label note disposition \
		any requestParameters.policyArn requestParameters.bucketName \
		responseElements.credentials.accessKeyId \
		userIdentity.type additionalEventData eventTime nothing.like.it
	name=$out
	case $((RANDOM % 8)) in
	0) pick 'eventTime>=2026-01-09' 'eventTime<"2026-10-03 06:22"' \
		'level>=high' 'level<low' 'requestParameters.maxResults>5' \
		'eventTime:part("hour>=22")' ;;
	1) pick AssumeRole '"access denied"' '/i-[0-9a-f]+/' '*' '"a b"' "$known" ;;
	*) value; out="$name:$out" ;;
	esac
}

expression() { # depth
	local left
	if [ "$1" = 0 ] || [ $((RANDOM % 3)) = 0 ]; then
		term
	else
		expression $(($1 - 1))
		left=$out
		expression $(($1 - 1))
		case $((RANDOM % 4)) in
		0) out="$left and $out" ;;
		1) out="($left) or ($out)" ;;
		2) out="$left $out" ;;
		3) out="not ($left or $out)" ;;
		esac
	fi
}

# run THREADS COMMAND...: 3 is a file that is broken, 2 a filter that is none,
# and nothing else is right.
run() {
	local threads=$1
	shift
	"$trawl" "$@" -q --no-cache --threads "$threads" "$samples/$set" \
		>"$work/$threads" 2>"$work/err"
	status=$?
	case $status in
	0 | 2 | 3) ;;
	*) fail "$set: $*: status $status: $(head -c 500 "$work/err")" ;;
	esac
}

ids() {
	jq -c '[.eventID, .file, .record, .kind]' "$1" | LC_ALL=C sort
}

for set in $sets; do
	set=${set%/}
	known='*'
	run 1 events --format jsonl
	cp "$work/1" "$work/all.jsonl"
	ids "$work/all.jsonl" >"$work/all"
	mapfile -t values < <(jq -r '.eventName, .sourceIPAddress, .eventID
		| select(type == "string" and test("^[A-Za-z0-9.:-]+$"))' \
		"$work/all.jsonl" | LC_ALL=C sort -u)
	for ((i = 0; i < filters; i++)); do
		[ ${#values[@]} = 0 ] || known="\"${values[RANDOM % ${#values[@]}]}\""
		expression $((RANDOM % 4))
		filter=$out
		run 1 events --format jsonl -f "$filter"
		[ $status != 2 ] || continue
		cp "$work/1" "$work/with"
		run 8 events --format jsonl -f "$filter"
		cmp -s "$work/with" "$work/8" ||
			fail "$set: 8 threads differ: $filter"
		run 8 events --format jsonl -f "not ($filter)"
		ids "$work/with" >"$work/ids"
		ids "$work/8" | LC_ALL=C sort - "$work/ids" |
			cmp -s - "$work/all" ||
			fail "$set: it and its contrary are not all: $filter"
		pick 'events --format csv' 'events --format timesketch' \
			'events --format records' 'alerts --format jsonl' \
			'alerts --format csv' 'alerts --incidents' \
			'values eventName' 'values ip --format jsonl' \
			'alerts --format navigator' 'alerts --each'
		# shellcheck disable=SC2086
		run 1 $out -f "$filter"
		# shellcheck disable=SC2086
		run 8 $out -f "$filter"
		cmp -s "$work/1" "$work/8" ||
			fail "$set: 8 threads differ: $out -f $filter"
	done
done
finish
