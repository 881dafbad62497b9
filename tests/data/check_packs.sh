#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_packs.sh [TRAWL [PACKS_DIR [DATA_DIR]]]
#
# Runs the public rule packs that responders bring, which are not part of this
# project: PACKS_DIR (or $TRAWL_RULE_PACKS) holds checkouts of SigmaHQ/sigma as
# `sigma` and of Yamato-Security/suzaku-rules as `suzaku-rules`, at the commits
# named below. All rules have to load. tests/data/packs/rules.tsv has some
# forty of them, and for each a jq filter that was written by hand from the
# rule: what it selects in the samples, in packs/cases.jsonl and in the logs of
# DATA_DIR (or $TRAWL_REAL_DATA, see check_real.sh) has to be what is alerted.
# packs/counts.tsv has the matches of every rule in those logs, as another
# evaluator counted them. Exits 77 without the packs, 1 when anything is wrong,
# and says what.
#
# SigmaHQ/sigma                8eaafff1f2845a696050e05e72ba1140ee190698
# Yamato-Security/suzaku-rules 53068eff1d92c30d04d479f68f7ba3609a28c1b7

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
packs=${2:-${TRAWL_RULE_PACKS:-}}
data=${3:-${TRAWL_REAL_DATA:-}}
[ -n "$packs" ] && [ -d "$packs" ] ||
	skip "no folder with public rule packs was given"
sigmahq=$packs/sigma/rules/cloud/aws/cloudtrail
suzaku=$packs/suzaku-rules/suzaku/aws/cloudtrail

# Loading ----------------------------------------------------------------------

# loads FOLDER RULES CORRELATIONS WARNING...: so many of each load, and nothing
# is said but the warnings, each a part of a line, and notes.
loads()
{
	local folder=$1 rules=$2 correlations=$3 n warning
	shift 3
	"$trawl" rules check --format jsonl -q "$folder" >"$work/problems"
	n=$(jq -rc 'select(.problem != "note")' "$work/problems" | wc -l)
	[ "$n" -eq $# ] || {
		fail "$folder: $n problems"
		jq -rc 'select(.problem != "note")' "$work/problems" |
			head -20 >&2
	}
	for warning; do
		grep -qF "$warning" "$work/problems" ||
			fail "$folder: nothing says \"$warning\""
	done
	"$trawl" rules list --no-builtin-rules --rules "$folder" \
		--format jsonl -q >"$work/list"
	n=$(jq -r 'select(.state == "active" or .state == "silent") | .ruleId' \
		"$work/list" | wc -l)
	[ "$n" -eq $((rules + correlations)) ] ||
		fail "$folder: $n rules run, not $rules and $correlations"
	n=$(find "$folder" -name '*.yml' -exec cat {} + |
		grep -c '^correlation:')
	[ "$n" -eq "$correlations" ] ||
		fail "$folder: $n correlations, not $correlations"
}

# Matches ----------------------------------------------------------------------

# What the rules' modifiers and conditions come to, in jq, whose `contains` ends
# at a NUL.
helpers='
def is(s): . != null and (tostring | ascii_downcase) == (s | ascii_downcase);
def name(n): .eventName | is(n);
def source(s): .eventSource | is(s + ".amazonaws.com");
def ok: .errorCode == null;
def has_text(s): (s | ascii_downcase) as $s | . != null and
	([.. | scalars | select(. != null) | tostring] + [.. | objects | tojson]
	 | any(.[]; ascii_downcase | index($s)));
'

# What is selected by any of several values is selected once.
selected_by()
{
	jq -r "$helpers select(any($1; .)) | .eventID" "$work/records" |
		sort -u
}

# The records of a set of logs, one a line.
records_of()
{
	find "$@" -type f \( -name '*.json' -o -name '*.jsonl' \) \
		-exec cat {} + >"$work/text"
	find "$@" -type f -name '*.json.gz' -exec zcat {} + >>"$work/text"
	jq -c 'if type == "array" then .[] else .Records[]? // . end' \
		"$work/text" >"$work/records"
	[ -s "$work/records" ] || fail "$*: no records"
}

alerts_of()
{
	"$trawl" alerts --each --format jsonl -q --no-builtin-rules \
		--rules "$sigmahq" --rules "$suzaku" "$@" >"$work/alerts.jsonl"
	case $? in
	0 | 3) ;;
	*) fail "alerts of $*" ;;
	esac
	jq -r '.ruleId as $r | .title as $t | .eventIDs[] |
		[$r, $t, .] | @tsv' "$work/alerts.jsonl" |
		sort -u >"$work/alerts"
}

# check_rules COLUMN PATH...: what each filter selects is what is alerted. In
# that column of the table is the number that was counted; none for 0.
check_rules()
{
	local column=$1 id counts title filter n
	shift
	records_of "$@"
	alerts_of "$@"
	while IFS=$'\t' read -r id invictus stratus cases title filter; do
		counts=(0 "$invictus" "$stratus" "$cases")
		selected_by "$filter" >"$work/wanted"
		awk -F'\t' -v id="$id" -v title="$title" \
			'$1 == id && $2 == title { print $3 }' \
			"$work/alerts" >"$work/found"
		cmp -s "$work/wanted" "$work/found" || {
			fail "$title, in $*: $(wc -l <"$work/found") events," \
				"not $(wc -l <"$work/wanted"):"
			comm -3 "$work/wanted" "$work/found" | head -3 >&2
		}
		n=$(wc -l <"$work/wanted")
		[ "$column" -eq 0 ] || [ "$n" -eq "${counts[column]}" ] ||
			fail "$title, in $*: $n are selected," \
				"${counts[column]} were counted"
		[ "$n" -eq 0 ] || echo "$id" >>"$work/fired"
	done <"$root/tests/data/packs/rules.tsv"
}

# check_counts COLUMN: of all rules, in the logs that were checked last.
check_counts()
{
	cut -f "1,$1,4" "$root/tests/data/packs/counts.tsv" |
		awk -F'\t' '$2 > 0' | sort >"$work/wanted"
	jq -r '[.ruleId, .title] | @tsv' "$work/alerts.jsonl" | sort | uniq -c |
		awk '{ n = $1; sub(/^ *[0-9]+ /, ""); split($0, t, "\t");
			print t[1] "\t" n "\t" t[2] }' | sort >"$work/found"
	cmp -s "$work/wanted" "$work/found" || {
		fail "other matches than counted (< counted, > found):"
		diff "$work/wanted" "$work/found" | grep '^[<>]' |
			head -20 >&2
	}
}

loads "$sigmahq" 57 0
loads "$suzaku" 740 5 "the id 978c15f1-3468-42b2-bf0f-bb29ae6168cc is also that"
: >"$work/fired"
check_rules 3 "$root/tests/data/packs/cases.jsonl"
check_rules 0 "$samples/rules" "$samples/secutter/AWSLogs/111122223333/CloudTrail" "$samples/eight-tactics"
if [ -n "$data" ] && [ -d "$data" ]; then
	check_rules 1 "$data/invictus"
	check_counts 2
	check_rules 2 "$data/stratus"
	check_counts 3
else
	echo "SKIP check_packs: no folder with real logs was given"
fi
# A rule that nothing makes fire is not checked.
cut -f 1 "$root/tests/data/packs/rules.tsv" | sort |
	comm -23 - <(sort -u "$work/fired") >"$work/silent"
[ ! -s "$work/silent" ] || fail "nothing fires $(tr '\n' ' ' <"$work/silent")"

finish
