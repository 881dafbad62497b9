#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The manual inside the program: its own setter shows the words that mandoc
# shows, in their order.
# Wants TRAWL_SOURCE_DIR, TRAWL_BINARY and TRAWL_WORK_DIR.
set -euo pipefail
cd "$TRAWL_SOURCE_DIR"
status=0

wrong() {
	printf 'help: %s\n' "$*"
	status=1
}

# Everything but blanks, with one kind of quote.
words() {
	tr '`' "'" | tr -d ' \n\f'
}

help_of() {
	"$TRAWL_BINARY" help "$1"
}

pages=0
for page in man/trawl*.[1-9]; do
	name=${page#man/}
	name=${name%.[1-9]}
	ours=$TRAWL_WORK_DIR/help-$name.txt
	theirs=$TRAWL_WORK_DIR/mandoc-$name.txt
	help_of "$name" >"$ours"
	pages=$((pages + 1))
	! grep -nE ' $' "$ours" || wrong "$name: blanks at the end of a line"
	# Displays are as wide as they were written.
	awk 'length > 79' "$ours" | grep . && wrong "$name: too wide for 80 columns"
	[ "$("$TRAWL_BINARY" help "${name#trawl-}" | cksum)" = "$(cksum <"$ours")" ] ||
		wrong "${name#trawl-} is not $name"
	"$TRAWL_BINARY" help | grep -q "^ *$name(${page##*.})  *[a-z]" ||
		wrong "trawl help does not list $name"
	command -v mandoc >/dev/null || continue
	mandoc -T ascii -O width=400 "$page" | sed 's/.\x08//g; 1d; $d' >"$theirs"
	if ! cmp -s <(words <"$ours") <(words <"$theirs"); then
		at=$(cmp <(words <"$ours") <(words <"$theirs") | sed 's/.*byte \([0-9]*\),.*/\1/') || true
		at=$((at > 50 ? at - 50 : 1))
		wrong "$name is not set as mandoc does:"
		words <"$ours" | cut -c "$at-$((at + 100))"
		words <"$theirs" | cut -c "$at-$((at + 100))"
	fi
done
[ "$pages" -ge 3 ] || wrong "no pages"

! "$TRAWL_BINARY" help nosuchtopic >/dev/null 2>&1 || wrong 'help on nosuchtopic'

[ "$status" -ne 0 ] || command -v mandoc >/dev/null || { echo 'SKIP: mandoc is not installed'; exit 77; }
[ "$status" -ne 0 ] || echo "help: $pages pages"
exit "$status"
