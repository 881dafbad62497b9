#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every command under EXAMPLES of every page, and each of --help and of the README,
# is run, beside the sample incident as logs/, and has to print something. `.\" status N` before an example says
# with which status it ends when that is not 0; `.\" not run: WHY` that it
# cannot be run here.
# Wants TRAWL_SOURCE_DIR, TRAWL_BINARY and TRAWL_WORK_DIR.
set -euo pipefail
cd "$TRAWL_SOURCE_DIR"
work=$TRAWL_WORK_DIR/examples
status=0
run=0

wrong() {
	printf 'examples: %s\n' "$*"
	status=1
}

# What examples name: evidence, keys, rules, a case with a mute, a site.
mute=$(sed -n 's/^id: *//p' rules/discovery/*.yml | head -n 1)
prepare() {
	rm -rf "$work"
	mkdir -p "$work/bin" "$work/rules" "$work/home"
	ln -s "$TRAWL_BINARY" "$work/bin/trawl"
	cp -r samples/secutter "$work/logs"
	ln -s "$TRAWL_SOURCE_DIR/samples" "$work/samples"
	cp samples/digests/public-keys.json "$work/keys.json"
	cat >"$work/rules/mine.yml" <<-'END'
		title: A user made by hand
		id: 0b1f6f0e-1c5e-4a57-9d0a-6a9f6e0c7f11
		logsource: {product: aws, service: cloudtrail}
		detection:
		    selection: {eventName: CreateUser}
		    condition: selection
		level: low
	END
	local name
	for name in a incident night acme js ak; do
		printf '%s\n' '{"trawl":"case","version":1,"entries":0}' \
			"{\"entry\":\"mute\",\"time\":\"2026-10-04T09:00:00Z\",\"author\":\"js\",\"ruleId\":\"$mute\",\"title\":\"Identities listed\",\"actor\":\"arn:aws:iam::111122223333:user/ci-deployer\"}" \
			>"$work/$name.case"
	done
	printf 'account 111122223333 production\nnetwork 198.51.100.0/24 office\n' >"$work/site"
	printf '203.0.113.66\n' >"$work/iocs.txt"
}

# STATUS TAB COMMAND, a line each; displays of several lines are one command
# where a line ends in a backslash.
commands() {
	awk '
	/^\.Sh / { inside = $2 == "EXAMPLES"; literal = 0 }
	!inside { next }
	/^\.\\" status / { expected = $3; next }
	/^\.\\" not run:/ { skip = 1; next }
	/^\.Pp/ || /^\.El/ { next }
	/^\.Dl / { give(substr($0, 5)); expected = 0; skip = 0; next }
	/^\.Bd -literal/ { literal = 1; text = ""; next }
	/^\.Ed/ { literal = 0; expected = 0; skip = 0; next }
	literal {
		line = $0
		sub(/\\e$/, "", line) ? more = 1 : more = 0
		text = text line
		if (!more) { give(text); text = "" }
	}
	function give(command) {
		# One quoted argument of .Dl.
		if (command ~ /^".*"$/)
			command = substr(command, 2, length(command) - 2)
		gsub(/\\e/, "\\", command)
		gsub(/\\&/, "", command)
		gsub(/\\\(dq/, "\"", command)
		if (!skip && command ~ /^(trawl|jq) /)
			printf "%d\t%s\n", expected, command
	}' "$1"
}

# Runs one: where it stands, its status, the command.
try() {
	local where=$1 expected=$2 command=$3 got=0
	# Pictures are drawn where there is Graphviz.
	command -v dot >/dev/null || command=${command%%| dot*}
	rm -f "$work/rules/muted.yml" "$work"/report.* "$work/both.case" "$work/out"
	(cd "$work" && env PATH="$work/bin:$PATH" HOME="$work/home" \
		XDG_CACHE_HOME="$XDG_CACHE_HOME" bash -c "set -o pipefail; $command") \
		>"$work/out" 2>"$work/err" </dev/null || got=$?
	[ "$got" -eq "$expected" ] ||
		wrong "$where: $command: status $got, not $expected: $(head -n 3 "$work/err")"
	# Rules with which nothing is wrong are no words worth.
	[ -s "$work/out" ] || [[ $command == *' -o '* || $command == *'rules check'* ]] ||
		wrong "$where: $command: prints nothing"
	run=$((run + 1))
}

prepare
for page in man/trawl*.[1-9]; do
	grep -q '^\.Sh EXAMPLES' "$page" || {
		wrong "$page has no EXAMPLES"
		continue
	}
	before=$run
	while IFS=$'\t' read -r expected command; do
		try "$page" "$expected" "$command"
	done < <(commands "$page")
	[ "$run" -gt "$before" ] || wrong "$page: no example is run"
done

# Those of --help, of which every command has one.
for command in '' $(sed -n 's/^\tX(SUB_[A-Z_]*, "\([a-z][a-z]*\)",.*/\1/p' src/command/subcommand.h); do
	n=0
	while read -r line; do
		n=$((n + 1))
		expected=0
		# The sample has no digests.
		[[ $line != *' verify '* ]] || expected=3
		[ -z "$command" ] || try "trawl $command --help" "$expected" "$line"
	done < <("$TRAWL_BINARY" $command --help |
		sed -n '/^examples:/,/^$/s/^  \(trawl .*\)/\1/p' | sed 's/   *.*//')
	[ "$n" -gt 0 ] || wrong "trawl $command --help has no example"
done

# Those of the README, of a key of the sample.
before=$run
while read -r line; do
	expected=0
	[[ $line != *' verify '* ]] || expected=3
	try README.md "$expected" "${line//KEY/AKIARTX3GSDSXSQW3LGU}"
done < <(sed -n 's/^    \(trawl .*\)/\1/p' README.md | sed 's/   *.*//')
[ "$run" -ge $((before + 5)) ] || wrong "README.md: $((run - before)) commands"
[ "$status" -ne 0 ] || echo "examples: $run commands"
exit "$status"
