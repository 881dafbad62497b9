#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Plays trawl-tutorial(7): every key that it names is pressed, and every screen
# that it shows is the one that appears. UPDATE=1 writes the screens anew.
# Wants TRAWL_SOURCE_DIR, TRAWL_WORK_DIR, SAMPLES and, as its argument, paneplay.
set -euo pipefail
cd "$TRAWL_SOURCE_DIR"
paneplay=$1
page=man/trawl-tutorial.7
work=$TRAWL_WORK_DIR/tutorial
rm -rf "$work"
mkdir -p "$work"

# The page as a script for the player, tutorial.pane, and its screens, as
# sN.part beside it.
awk -v work="$work" '
function script(line) { print line > (work "/tutorial.pane") }
# What roff reads in a literal display.
function plain(line) {
	sub(/^\\&/, "", line)
	gsub(/\\e/, "\\", line)
	return line
}
# "Enter" and the like are keys, as is one letter; other words are typed.
function press(words,   n, w, i, keys) {
	n = split(words, w, " ")
	for (i = 1; i <= n; i++) {
		sub(/^\\&/, "", w[i])
		if (w[i] ~ /^(Enter|Esc|Tab|S-Tab|Space|Backspace|Up|Down|Left|Right|Home|End|PgUp|PgDn|F1|F5)$/)
			keys = keys "<" w[i] ">"
		else
			keys = keys (typed ? " " : "") w[i]
		typed = length(w[i]) > 1 && w[i] !~ /^(Enter|Esc|Tab|PgDn|PgUp|\^.)$/
	}
	typed = 0
	script("keys " keys)
}
/^\.\\" play: / { script(substr($0, 11)); next }
/^\.It Ic / { press(substr($0, 8)); steps++; next }
/^\.\\" screen: / {
	screens++
	script("part s" screens " " substr($0, 13) (NF == 3 ? " " : ""))
	wanted = 1
	next
}
wanted && /^\.Bd / {
	file = work "/s" screens ".part"
	printf "" > file
	inside = 1
	wanted = 0
	next
}
inside && /^\.Ed/ { inside = 0; close(file); next }
inside { print plain($0) > file }
END {
	if (steps < 20 || screens < 15) {
		print "tutorial: " steps + 0 " steps, " screens + 0 " screens: too few" > "/dev/stderr"
		exit 1
	}
}' "$page"

"$paneplay" -w "$work" "$work/tutorial.pane" || {
	echo "tutorial: $page does not show what appears; see above"
	exit 1
}
[ -n "${UPDATE:-}" ] || { echo "tutorial: $(grep -c ^keys "$work/tutorial.pane") steps, $(grep -c ^part "$work/tutorial.pane") screens"; exit 0; }

awk -v work="$work" '
/^\.\\" screen: / { screens++; print; wanted = 1; next }
wanted && /^\.Bd / {
	print
	while ((getline line < (work "/s" screens ".part")) > 0) {
		gsub(/\\/, "\\e", line)
		if (line ~ /^[.'"'"']/)
			line = "\\&" line
		print line
	}
	skipping = 1
	wanted = 0
	next
}
/^\.Ed/ { skipping = 0 }
!skipping' "$page" >"$work/page"
cat "$work/page" >"$page"
