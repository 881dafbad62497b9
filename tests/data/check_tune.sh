#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Mutes as filters of Sigma: what `rules tune` writes silences, as --rules, what
# the case silences; what it cannot say it names.
# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
set -o pipefail

# Rules of correlations: a filter takes their events away, a mute does not.
# shellcheck disable=SC2046
awk '/^---/ || FNR == 1 { id = "" } /^id: / { id = $2 }
	/^correlation:/ { print id }' \
	$(find "$root/rules" -name '*.yml') |
	jq -R . | jq -s . >"$work/correlations"
[ "$(jq length "$work/correlations")" -gt 20 ] || fail 'no correlations found'

alerts() { # SAMPLE ARGUMENT...
	local sample=$1
	shift
	"$trawl" alerts "$samples/$sample" --format jsonl "$@" 2>"$work/err" ||
		fail "alerts: exit status $?: $(cat "$work/err")"
}

# Each event's actor, by the words of identity.h and no line of the program.
actors() { # SAMPLE
	find "$samples/$1" -name '*.json.gz' -exec zcat {} + | jq -c '.Records[] |
		{key: .eventID, value: {address: .sourceIPAddress, actor:
		(.userIdentity |
		if .type == "SAMLUser" then "saml:" + .principalId
		elif .type == "WebIdentityUser" then "web:" + .principalId
		elif .type == "AWSAccount" then
			"acct:" + .accountId + "#" + .principalId
		elif .type == "AWSService" then .invokedBy
		elif .onBehalfOf.userId and .type != "AssumedRole" then
			"idc:" + .onBehalfOf.identityStoreArn + "#" +
			.onBehalfOf.userId
		else .arn // .invokedBy end)}}' | jq -s from_entries
}

# The alerts without what the rest of the data puts in: scores, links.
keys='[.ruleId, .actor, .principal, .eventIDs]'

# A mute of every alert: its rule, and of its first event what the kind says.
case_of() { # SAMPLE KIND
	echo '{"trawl":"case","version":1}'
	jq -c --arg kind "$2" --slurpfile of "$work/$1.actors" '
		$of[0][.eventIDs[0]] as $e |
		{entry: "mute", time: "2026-01-10T00:00:00Z", author: "js",
		ruleId, title} +
		(if $kind == "actor" or $kind == "both" then
			{actor: $e.actor} else {} end) +
		(if $kind == "address" or $kind == "both" then
			{sourceIPAddress: $e.address} else {} end)' \
		"$work/$1.plain"
}

# With the filters: of rules that they name what the case leaves, of others all.
round_trip() { # SAMPLE KIND
	local at=$work/$1.$2 rc
	case_of "$1" "$2" >"$at.case"
	"$trawl" rules tune --case "$at.case" -o "$at.yml" 2>"$at.said"
	rc=$?
	# Every sample has alerts that no filter can say.
	[ "$rc" = 1 ] || fail "$1, $2: exit status $rc: $(cat "$at.said")"
	"$trawl" rules check --rules "$at.yml" >"$at.check" 2>&1
	grep -F "$at.yml" "$at.check" && fail "$1, $2: the filters have problems"
	alerts "$1" --case "$at.case" >"$at.muted"
	alerts "$1" --rules "$at.yml" >"$at.tuned"
	sed -n "/^    rules:/{n;s/.*- '\(.*\)'/\1/p}" "$at.yml" | jq -R . |
		jq -s unique >"$at.rules"
	jq -nc --slurpfile named "$at.rules" --slurpfile plain "$work/$1.plain" \
		--slurpfile muted "$at.muted" \
		--slurpfile series "$work/correlations" '
		[($muted[] | select(.ruleId | IN($named[0][]))),
		($plain[] | select(.ruleId | IN($named[0][]) | not))] |
		.[] | select(.ruleId | IN($series[0][]) | not) | '"$keys" |
		sort >"$at.wanted"
	jq -c --slurpfile series "$work/correlations" \
		'select(.ruleId | IN($series[0][]) | not) | '"$keys" "$at.tuned" |
		sort >"$at.got"
	cmp -s "$at.wanted" "$at.got" ||
		fail "$1, $2: $(diff "$at.wanted" "$at.got")"
	[ "$(wc -l <"$at.got")" -lt "$(wc -l <"$work/$1.plain")" ] ||
		fail "$1, $2: nothing is silenced"
	jq -e 'length > 10' "$at.rules" >/dev/null ||
		fail "$1, $2: few rules are named: $(cat "$at.rules")"
}

for sample in secutter org; do
	alerts "$sample" >"$work/$sample.plain"
	actors "$sample" >"$work/$sample.actors"
	for kind in actor address both everywhere; do
		round_trip "$sample" "$kind"
	done
done
for prefix in arn: acct: idc:; do
	grep -qF "\"actor\":\"$prefix" "$work/org.actor.case" ||
		fail "no actor $prefix is muted"
done

# Messages, statuses, and the case stays what it is.
tune() { # STATUS ARGUMENT...
	local want=$1 got
	shift
	"$trawl" rules tune "$@" >"$work/out" 2>"$work/err"
	got=$?
	[ "$got" = "$want" ] || fail "exit status $got, not $want: $* $(cat "$work/err")"
}
said() {
	grep -qF -- "$1" "$work/err" || fail "not said: $1: $(cat "$work/err")"
}
cat >"$work/a.case" <<-'END'
	{"trawl":"case","version":1}
	{"entry":"mute","ruleId":"02250c50-3513-4d5e-91ef-b36e0a783421","title":"Trust"}
	{"entry":"mute","ruleId":"02250c50-3513-4d5e-91ef-b36e0a783421","actor":"ec2.amazonaws.com"}
	{"entry":"unmute","ruleId":"02250c50-3513-4d5e-91ef-b36e0a783421","actor":"ec2.amazonaws.com"}
END
tune 0 --case "$work/a.case"
[ "$(grep -c '^filter:' "$work/out")" = 1 ] || fail "$(cat "$work/out")"
said 'mutes: 1, written as filters: 1'
tune 0 --case "$work/a.case" -q
[ ! -s "$work/err" ] || fail "$(cat "$work/err")"
tune 1 --case "$work/a.case" --no-builtin-rules
said 'there is no such rule'
[ ! -s "$work/out" ] || fail 'a filter of a rule that is not there'
sum=$(cksum "$work/a.case")
tune 2 --case "$work/a.case" -o "$work/a.case" --force
said 'is the case itself'
[ "$sum" = "$(cksum "$work/a.case")" ] || fail 'the case was overwritten'
tune 2
said 'usage: trawl rules tune --case FILE'
tune 2 --case "$work/a.case" "$samples/secutter/AWSLogs/111122223333/CloudTrail"
tune 2 --case "$work/a.case" --format jsonl
tune 5 --case "$work/nosuch.case"
for wanted in 'a correlation tests no event' 'asks the graph of identities' \
	'measures against what went before' 'lose them: '; do
	grep -qF "$wanted" "$work/org.actor.said" || fail "not said: $wanted"
done

finish
