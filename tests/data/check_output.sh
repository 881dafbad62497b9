#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Every key that a machine format has, on the samples, is a key of trawl-output(5);
# and what the page lists as a key, some output of its command has.

. "$(dirname "$0")/lib.sh"

need jq mandoc

page=$root/man/trawl-output.5
# Whatever the page calls a key.
awk '/^\.(It )?Ic |^\.P[oq] Ic | Ic / {
	for (i = 1; i <= NF; i++)
		if ($i !~ /^[.,]/ && $i !~ /^[A-Z][a-z]$/)
			print $i
}' "$page" | sort -u >"$work/page"
# Keys of lists.
awk '/^\.Sh / { section = $2 }
	section ~ /^(EVENTS|ALERTS|IDENTITIES|VALUES|EVIDENCE|REPORT)$/ &&
		$1 == ".It" && $2 == "Ic" {
	for (i = 3; i <= NF; i++)
		if ($i != "," && $i !~ /^[A-Z][a-z]$/)
			print $i
}' "$page" | sort -u >"$work/listed"
[ "$(wc -l <"$work/listed")" -ge 120 ] || fail "only $(wc -l <"$work/listed") keys are listed"
: >"$work/seen"

# documented COMMAND...: the names of the members, but for those of maps whose
# names are values themselves, are keys of the page.
documented()
{
	local key keys=0
	"$trawl" "$@" -q >"$work/out" 2>"$work/err" </dev/null
	while IFS= read -r key; do
		keys=$((keys + 1))
		grep -qxF -e "$key" "$work/page" ||
			fail "trawl $*: $key is not in trawl-output(5)"
	done < <(jq -r 'def drop: if type == "object" then del(.kinds, .forms, .states) | map_values(drop)
			elif type == "array" then map(drop) else . end;
		(if type == "object" and has("record") and (.record | type) == "object"
			then del(.record) else . end) | drop
		| paths | map(strings) | last // empty' "$work/out" | sort -u)
	jq -r 'paths | map(strings) | last // empty' "$work/out" |
		sort -u >>"$work/seen"
	[ "$keys" -ge 3 ] || fail "trawl $*: only $keys keys"
	checked=$((${checked:-0} + keys))
}

for sample in secutter org; do
	documented alerts --format jsonl "$samples/$sample"
	documented alerts --incidents --format json "$samples/$sample"
	documented events --format jsonl "$samples/$sample"
	documented events --format records -n 300 "$samples/$sample"
	documented events --format timesketch "$samples/$sample"
	documented values user --format jsonl "$samples/$sample"
	documented lineage --format json --hints "$samples/$sample"
	documented summary --format json "$samples/$sample"
	documented coverage --format json "$samples/$sample"
	documented report --incident all --format json "$samples/$sample"
done
documented verify --format json "$samples/digests"
documented origin lambda-creator-user --format json "$samples/secutter"
documented origin K:AKIARTX3GSDSXSQW3LGU --hints --format json "$samples/secutter"
documented walk lambda-creator-user --format json "$samples/secutter"
documented walk 203.0.113.66 --hints --format json "$samples/secutter"

# What the site file says of somebody.
arn=$("$trawl" origin lambda-creator-user --format json -q "$samples/secutter" | jq -r '.node')
echo "break-glass ${arn#P:}" >"$work/site"
documented origin lambda-creator-user --site "$work/site" --format json "$samples/secutter"

# What a case says, what was left out by a filter, and what was added later.
alert=$("$trawl" alerts --format jsonl -q "$samples/secutter" | head -1)
{
	echo '{"trawl":"case","version":1}'
	jq -c '{entry: "star", author: "a", eventID: .eventIDs[0]},
		{entry: "label", author: "a", eventID: .eventIDs[0], label: "l"},
		{entry: "note", author: "a", id: "n", eventID: .eventIDs[0], text: "t"},
		{entry: "disposition", author: "a", ruleId, title, actor,
			disposition: "benign", eventIDs: .eventIDs[:1]}' <<<"$alert"
	echo '{"entry":"evidence","author":"a","id":"e","eventTime":"2026-10-03T06:06:02Z","what":"x","where":"y"}'
} >"$work/a.case"
documented alerts --format jsonl -C "$work/a.case" "$samples/secutter"
documented events --format jsonl -C "$work/a.case" "$samples/secutter"
documented coverage --format json -C "$work/a.case" "$samples/secutter"
documented events --format records -f 'star:* or kind:evidence' -C "$work/a.case" "$samples/secutter"
documented report --format json -f 'not event:ListUsers' -C "$work/a.case" "$samples/secutter"

# Those of a database of addresses (check_geo), of addenda (check_addenda) and of
# records that went away meanwhile are seen elsewhere.
printf '%s\n' addenda asn aws country dataUnread whereabouts >"$work/elsewhere"
sort -u "$work/seen" "$work/elsewhere" >"$work/known"
comm -23 "$work/listed" "$work/known" >"$work/missing"
[ ! -s "$work/missing" ] ||
	fail "listed in trawl-output(5), and nowhere seen: $(tr '\n' ' ' <"$work/missing")"

finish "$checked keys are documented"
