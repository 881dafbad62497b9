#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What can be checked by reading: includes point down, one library in one
# file, format, sizes, words that say that something is unfinished.
set -uo pipefail
cd "$(dirname "$0")/../.."
status=0

fail() {
	printf 'lint: %s\n' "$1" >&2
	[ $# -gt 1 ] && printf '%s\n' "${@:2}" >&2
	status=1
}

# Layers, from the bottom. An include may name its own layer or a lower one.
layers=(base model store ingest identity query detect casework command cli)
rank() {
	local i
	for i in "${!layers[@]}"; do
		[ "${layers[$i]}" = "$1" ] && { echo "$i"; return; }
	done
	echo -1
}

while IFS=: read -r file _ include; do
	from=$(cut -d/ -f2 <<<"$file")
	to=$(sed -n 's/.*#include "\([a-z_]*\)\/.*/\1/p' <<<"$include")
	[ -n "$to" ] || { fail "$file includes without a layer: $include"; continue; }
	[ "$from" = main.c ] && continue
	if [ "$to" = ui ]; then
		fail "$file includes from ui/"
	elif [ "$(rank "$to")" -gt "$(rank "$from")" ]; then
		fail "$file ($from) includes upwards: $to"
	fi
done < <(grep -n '#include "' -r src --include='*.[ch]')

# One library, one file.
one_file() { # header file
	local found
	found=$(grep -lE "#include <$1>" -r src ui --include='*.[ch]' | sort)
	[ "$found" = "$2" ] || fail "<$1> belongs in $2 alone" "$found"
}
one_file 'curses\.h' ui/term/tty.c
one_file 'cjson/cJSON\.h' src/base/json.c
one_file 'zlib\.h' src/base/gz.c
one_file 'libdeflate\.h' src/base/gz.c
one_file 'archive\.h' src/ingest/archive.c
one_file 'pcre2\.h' src/base/re.c
one_file 'yaml\.h' src/detect/rule_file.c
one_file 'maxminddb\.h' src/base/mmdb.c
one_file 'utf8proc\.h' src/base/unicode.c
one_file 'openssl/[a-z0-9]*\.h' src/base/crypto.c

# Nothing but main.c ends the process; nothing in the libraries prints.
found=$(grep -nE '\b(exit|_exit)\(' -r src ui --include='*.c' |
	grep -v '^src/main\.c:' | grep -v '^ui/term/tty')
[ -z "$found" ] || fail "exit outside main.c" "$found"
found=$(grep -nE '\b(printf|puts|fputs|fprintf|perror)\(' -r src ui --include='*.c' |
	grep -vE '^src/(main|cli/[a-z]*)\.c:|^ui/term/tty|snprintf|vsnprintf')
[ -z "$found" ] || fail "a library prints" "$found"

# Functions that have no bound or no thread.
found=$(grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|gmtime|localtime|asctime|ctime)\(' \
	-r src ui samples/gen --include='*.[ch]')
[ -z "$found" ] || fail "a banned function" "$found"

# Sizes: a file or function that is longer has another one inside.
while read -r lines file; do
	[ "$lines" -gt 800 ] && fail "$file has $lines lines"
done < <(find src ui samples/gen tools -name '*.[ch]' -exec wc -l {} + | grep -v ' total$')

found=$(grep -nE '\b(TODO|FIXME|XXX|HACK)\b' -r src ui rules man tools samples/gen dev 2>/dev/null)
[ -z "$found" ] || fail "unfinished by its own words" "$found"
found=$(grep -nE '\bsleep [0-9]|usleep\(|nanosleep\(' -r tests --include='*.sh' --include='*.c' |
	grep -vE '^tests/(screens/(pty|scrtest)|bench/)')
[ -z "$found" ] || fail "a test that sleeps" "$found"
missing=$(find src ui tools samples/gen -name '*.[ch]' -exec grep -L 'SPDX-License-Identifier: MIT' {} +)
[ -z "$missing" ] || fail "no licence line" "$missing"

if command -v clang-format >/dev/null; then
	bad=$(find src ui tools tests samples/gen -name '*.[ch]' -print0 |
		xargs -0 clang-format --dry-run 2>&1 | grep -E 'warning:' |
		cut -d: -f1 | sort -u)
	[ -z "$bad" ] || fail "not as clang-format has it (clang-format -i)" "$bad"
else
	printf 'lint: SKIP: clang-format is not installed\n' >&2
fi

[ "$status" -eq 0 ] && echo "lint: clean"
exit "$status"
