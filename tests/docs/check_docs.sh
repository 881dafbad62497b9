#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The manual is in step with the program, and mandoc finds nothing in it.
# Wants TRAWL_SOURCE_DIR, TRAWL_BINARY and, as its argument, docgen.
set -euo pipefail
cd "$TRAWL_SOURCE_DIR"
docgen=$1
status=0

wrong() {
	printf 'docs: %s\n' "$*"
	status=1
}

for page in man/*.in; do
	"$docgen" "$page" | diff -u "${page%.in}" - ||
		wrong "${page%.in} is not what ./dev docs writes"
done

command -v mandoc >/dev/null || { echo 'SKIP: mandoc is not installed'; exit 77; }
for page in man/*.[1-9]; do
	mandoc -T lint -W warning "$page" || wrong "$page does not lint"
	# What a reader sees, not what roff means.
	mandoc -T utf8 "$page" | sed 's/.\x08//g' >"$TRAWL_WORK_DIR/page.txt"
	! grep -n '@[A-Z]*@' "$TRAWL_WORK_DIR/page.txt" ||
		wrong "$page: a table was not filled in"
	# On a terminal without UTF-8 anything else would be a question mark.
	! LC_ALL=C grep -n '[^ -~	]' "$page" || wrong "$page: not ASCII; say it in words"
done

# Each command and each of its options is in the manual, and no line of any
# help ends in blanks or is wider than a terminal.
manual=$(mandoc -T ascii man/trawl.1 | sed 's/.\x08//g')
commands=$("$TRAWL_BINARY" --help | sed -n '/^commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p')
[ "$(wc -w <<<"$commands")" -ge 8 ] || wrong "--help lists no commands"
for command in '' $commands; do
	help=$("$TRAWL_BINARY" $command --help)
	! grep -nE ' $|.{80,}' <<<"$help" || wrong "$command --help: blanks at an end, or too wide"
	grep -q '^usage: trawl' <<<"$help" || wrong "$command --help has no usage"
	for option in $(grep -oE '^  (-[a-zA-Z], )?--[a-z-]+' <<<"$help" | grep -oE -- '--[a-z-]+'); do
		grep -qF -- "$option" <<<"$manual" || wrong "$command $option is not in the manual"
	done
	[ -z "$command" ] || grep -qw -- "$command" <<<"$manual" ||
		wrong "$command is not in the manual"
done

# What a rule may ask after the load, and every setting, is in trawl-rules(5).
rules_page=$(mandoc -T ascii man/trawl-rules.5 | sed 's/.\x08//g')
words=$(sed -n 's/^\t\(LINEAGE(\|BASELINE(\|{ \)"\([a-z-]*-[a-z-]*\)",.*/\2/p' \
	src/detect/lineage_detections.c
	sed -n 's/^\tX(SET_[A-Z_]*, *"\([a-z-]*\)".*/\1/p' src/detect/lineage_rule.h)
[ "$(wc -w <<<"$words")" -ge 40 ] || wrong "detections and settings were not found"
for word in $words; do
	grep -qE -- "(^|[^a-z-])$word([^a-z-]|\$)" <<<"$rules_page" ||
		wrong "$word is not in trawl-rules(5)"
done

# Every other page that a page or the README refers to is there.
for name in $(grep -ohE '^\.Xr trawl[a-z-]* [1-9]' man/*.[1-9] README.md |
	awk '{print $2 "." $3}' | sort -u); do
	[ -f "man/$name" ] || wrong "man/$name is referred to and is missing"
done
[ "$status" -ne 0 ] || echo 'docs: in step'
exit "$status"
