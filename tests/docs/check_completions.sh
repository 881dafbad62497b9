#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Completions, as the shells themselves would offer them.
# Wants TRAWL_WORK_DIR, TRAWL_BINARY and, as its argument, the folder with the
# completions.
set -euo pipefail
folder=$1
work=$TRAWL_WORK_DIR/completions
status=0
skipped=

wrong() {
	printf 'completions: %s\n' "$*"
	status=1
}

rm -rf "$work"
mkdir -p "$work/data/trawl/cases" "$work/here/logs"
touch "$work/data/trawl/cases/night-0badf00d.case" "$work/here/mine.case" "$work/here/rules.yml"
export XDG_DATA_HOME=$work/data
export HOME=$work
cd "$work/here"

# shell | line | what must be offered | what must not
cases() {
	cat <<'END'
trawl al|alerts|events
trawl alerts logs/ --f|--filter --fail-on --format --force|--follow
trawl alerts --format |navigator jsonl|dot
trawl lineage --format |dot|csv
trawl alerts --min-level |informational critical|grave
trawl alerts --fail-on h|high|critical
trawl alerts --tactic p|persistence privilege-escalation|impact
trawl events -f us|user:|ip:
trawl events -f outcome:|denied|admin
trawl events --filter 'user:ci-* and outc|outcome:|zone
trawl walk --section |persist revoke|timeline
trawl values eventN|eventName|alerts
trawl rules |list check tune|walk
trawl help |rules tutorial|readme
trawl alerts -C |mine.case night-0badf00d.case|rules.yml
trawl alerts -r |rules.yml|nothing
trawl alerts --tz |UTC|csv
END
}

# Escapes and runs of blanks do not matter.
holds() { # shell line offered wanted refused
	local word
	for word in $4; do
		grep -qF -- "$word" <<<"$3" || wrong "$1: $2: offers no $word: $(tr '\n' ' ' <<<"$3" | cut -c1-200)"
	done
	for word in $5; do
		! grep -qwF -- "$word" <<<"$3" || wrong "$1: $2: offers $word"
	done
}

ask_bash() {
	bash --norc --noprofile -c '
		source "$1/trawl.bash"
		complete -p trawl >/dev/null || exit 1
		compopt() { :; }
		COMP_LINE=$2 COMP_POINT=${#2}
		_trawl
		printf "%s\n" "${COMPREPLY[@]}"' bash "$folder" "$1"
}

ask_fish() {
	fish --no-config -c "source $folder/trawl.fish; complete -C \"$1\"" 2>&1
}

# The function itself, with what zsh gives it; lists are printed.
cat >"$work/ask.zsh" <<'END'
compdef() { : }
source $1/_trawl
compset() {
	[[ $PREFIX == ${~2}* ]] && PREFIX=${PREFIX##${~2}}
	return 0
}
offer() {
	local w
	for w; do [[ $w == $PREFIX* ]] && print -r -- $w; done
	return 0
}
compadd() {
	while [[ $1 == -* && $1 != -- ]]; do
		[[ $1 == -S ]] && shift
		shift
	done
	[[ $1 == -- ]] && shift
	PREFIX=${1:+$PREFIX} offer "$@"
}
_files() { if [[ $1 == -g ]]; then offer ${~2}(N); else offer *(N); fi }
_describe() { offer "${(@P)@[-1]}" }
_message() { : }
words=("${(z)2}")
[[ $2 == *' ' ]] && words+=('')
CURRENT=$#words
PREFIX=${words[-1]#[\'\"]}
_trawl
END
ask_zsh() {
	zsh -f "$work/ask.zsh" "$folder" "$1"
}

# Tab in a shell on a terminal of its own completes what is unambiguous.
cat >"$work/tab.zsh" <<'END'
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D"
zpty -w shell 'trawl() { print -r -- got:$* }'
zpty -w shell $'trawl aler\t--vers\t'
while zpty -r shell line; do
	print -r -- $line
	[[ $line == got:* ]] && break
done
zpty -d shell
END
tab_zsh() {
	timeout 20 zsh -f "$work/tab.zsh" "$folder" 2>&1
}

ask() { # shell
	local line wanted refused
	while IFS='|' read -r line wanted refused; do
		holds "$1" "$line" "$("ask_$1" "$line")" "$wanted" "$refused"
	done < <(cases)
}

ask bash
if command -v fish >/dev/null; then ask fish; else skipped+=' fish'; fi
if command -v zsh >/dev/null; then
	ask zsh
	tab_zsh | grep -q '^got:alerts --version' || wrong 'zsh: Tab does not complete'
else
	skipped+=' zsh'
fi

[ -z "$skipped" ] || echo "completions: not tried, for there is no$skipped"
[ "$status" -ne 0 ] || echo 'completions: as the tables say'
exit "$status"
