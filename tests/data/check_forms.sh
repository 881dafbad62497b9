#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_forms.sh [TRAWL [SAMPLES]]
#
# samples/forms has the same forty events in every form that CloudTrail comes
# in: what is said of them, alerted and linked is the same from each, but for
# what a form lacks, which stands here beside it. Exits 1 when anything differs,
# and says what.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
forms=$samples/forms

# The delivery, which all others are held against, has the forty records of the
# incident that jq chooses as well: of the first of each call by each kind of
# caller those that issue credentials, and the last ones.
find "$samples/secutter" -name '*.json.gz' -print0 | sort -z |
	xargs -0 zcat | jq -c '.Records[]' |
	jq -S -c -s 'sort_by(.eventTime, .eventID) |
		group_by([.eventName, .userIdentity.type]) |
		map(.[0]) | sort_by(.eventTime, .eventID) |
		(map(select(.responseElements.credentials?)) |
			.[0:40]) as $issuing |
		($issuing + .[($issuing | length) - 40:])[]' \
		>"$work/records"
[ "$(wc -l <"$work/records")" -eq 40 ] || fail "the sample has changed"
zcat "$forms/F01-delivery.json.gz" | jq -S -c '.Records[]' |
	cmp -s - "$work/records" || fail "the delivery has other records"

# What is said of each event, without where it was found.
said() # FILE [jq filter]
{
	"$trawl" events -q --no-cache --format jsonl "$1" 2>"$work/err" |
		jq -S -c "del(.file, .record, .offset, .copies) | ${2:-.}"
}

# What is alerted and how all of it hangs together.
judged() # FILE
{
	"$trawl" alerts --each -q --no-cache --format jsonl "$1" |
		jq -c '[.ruleId, .level, .eventIDs]' | sort
	"$trawl" lineage -q --no-cache --format json "$1" | jq -S -c '.edges[] |
		[.kind, .from, .to, .certainty, .evidence]' | sort
}

said "$forms/F01-delivery.json.gz" >"$work/base.said"
judged "$forms/F01-delivery.json.gz" >"$work/base.judged"
[ "$(jq -r .eventID "$work/base.said")" = \
	"$(jq -r .eventID "$work/records")" ] || fail "S3 delivery: other events"
[ "$(grep -c '^\["[0-9a-f-]\{36\}"' "$work/base.judged")" -gt 20 ] ||
	fail "hardly anything is alerted"
[ "$(jq -r '.[0]' "$work/base.judged" | grep -cx 'issued\|runs_as\|created')" \
	-gt 4 ] || fail "hardly anything is linked"

# What a form lacks: a jq filter over the events that takes it away, and what
# was judged passed through. Nothing: the form is whole, and not marked.
lacks_said() # NAME
{
	case $1 in
	# Name, key, time and address: no session, principal, account or agent;
	# no response, so that a failed sign-in is none.
	F06-*) echo 'del(.principal, .session, .actor, .recipientAccountId,
		.userAgent, .outcome, .level)' ;;
	# There is no place for ec2RoleDelivery, which makes certain whose an
	# instance's session is (so its use elsewhere is a weaker finding), nor
	# for sessionCredentialFromConsole (so a person looks like a program).
	F14-ecs.jsonl) echo 'if .eventName == "GetSecretValue"
		then .level = "medium" elif .eventName == "GetCostAndUsage"
		then .level = "low" else . end' ;;
	F08-* | F14-logstash.jsonl | F16-*) echo . ;;
	esac
}
lacks_judged() # NAME
{
	case $1 in
	F14-ecs.jsonl)
		sed -e '/^\["runs_as".*instance/s/"certain"/"probable"/' \
			-e '/^\["112fe641-.*"9a0b7b27-/d'
		echo '["bd982717-81da-4af9-a8c9-3b6dc6ad565a","medium",["9a0b7b27-d5b6-572c-8755-588cfc642cb7"]]'
		echo '["c8a0cd5a-c767-4563-b42b-0f579afbe1e6","low",["0f2f8fb0-47f7-4a08-946e-165e2617af8f"]]'
		;;
	*) cat ;;
	esac
}

check_form() # FILE
{
	local name=${1##*/} lacks
	lacks=$(lacks_said "$name")
	if [ -n "$lacks" ]; then
		jq -S -c "$lacks | .partial = true" "$work/base.said"
	else
		cat "$work/base.said"
	fi >"$work/want"
	said "$1" "${lacks:-.}" >"$work/said"
	cmp -s "$work/want" "$work/said" ||
		fail "$name:" "$(diff "$work/want" "$work/said" | head -4)" \
			"$(head -3 "$work/err")"
	judged "$1" >"$work/judged"
	case $name in F06-*) check_console "$work/judged"; return ;; esac
	lacks_judged "$name" <"$work/base.judged" | sort >"$work/want"
	sort -o "$work/judged" "$work/judged"
	cmp -s "$work/want" "$work/judged" ||
		fail "$name:" "$(diff "$work/want" "$work/judged" | head -6)"
}

# Of the console's table there are calls, names and keys alone: what is alerted
# is alerted from the delivery as well, by the same events, but for what follows
# from what is not there: callers without a name count as one (two correlations
# by actor), nothing tells a machine from a person (a secret's reader), or the
# console from a program (costs). The keys that called are linked to nothing but
# their addresses.
check_console() # JUDGED
{
	grep '^\["[0-9a-f-]\{36\}"' "$1" | grep -v -e \
		'"0b54f079-24c0-471d-b616-5e693bb050de"' -e \
		'"93ede44c-851d-400d-afc0-d9d3bc3b7048"' -e \
		'"52cd3d3f-7e08-440d-9dff-717204176e5e"' -e \
		'"c8a0cd5a-c767-4563-b42b-0f579afbe1e6"' |
		sort -u >"$work/alerts"
	jq -r '[.[0], (.[2] | sort | join(","))] | join(" ")' "$work/alerts" |
		sort -u >"$work/have"
	grep '^\["[0-9a-f-]\{36\}"' "$work/base.judged" |
		jq -r '[.[0], (.[2] | sort | join(","))] | join(" ")' |
		sort -u >"$work/want"
	[ -s "$work/have" ] || fail "the console's table alerts nothing"
	[ -z "$(comm -23 "$work/have" "$work/want")" ] ||
		fail "F06: alerts that the delivery has not:" \
			"$(comm -23 "$work/have" "$work/want" | head -3)"
	jq -r '.[0]' <(grep -v '^\["[0-9a-f-]\{36\}"' "$1") | sort -u |
		grep -vx 'used_from\|owns\|in_account' >"$work/kinds"
	[ -s "$work/kinds" ] && fail "F06: links without evidence:" \
		"$(cat "$work/kinds")"
}

for n in $(seq -w 1 16); do
	ls "$forms/F$n-"* >/dev/null 2>&1 || fail "no file of form F$n"
done
for file in "$forms"/*; do
	check_form "$file"
done

# All of them in one folder: forty events, as delivered. Each file has forty
# records, and the subscription's control message is told.
said "$forms" >"$work/said"
cmp -s "$work/base.said" "$work/said" ||
	fail "all in one folder:" "$(diff "$work/base.said" "$work/said" | head -4)"
"$trawl" summary -q --no-cache --format json "$forms" >"$work/summary"
files=$(find "$forms" -type f | wc -l)
[ "$(jq -c '.records | [.read, .events, .duplicates, .rejected]' \
	"$work/summary")" = "[$((files * 40 + 1)),40,$((files * 40 - 40)),1]" ] ||
	fail "all in one folder: $(jq -c .records "$work/summary")"

# What only the record says is found in each of them, by reading it again.
asked() # FILTER JQ_FILTER
{
	local file n
	jq -r "select($2) | .eventID" "$work/records" | sort >"$work/want"
	n=$(wc -l <"$work/want")
	[ "$n" -gt 0 ] && [ "$n" -lt 40 ] || fail "$1 selects $n by jq"
	for file in "$forms"/*; do
		case $file in */F06-*) continue ;; esac
		"$trawl" events -q --no-cache --format jsonl -f "$1" "$file" \
			2>"$work/err" | jq -r .eventID | sort >"$work/ids"
		cmp -s "$work/want" "$work/ids" ||
			fail "${file##*/}: $1 finds $(wc -l <"$work/ids")," \
				"not $n" "$(head -2 "$work/err")"
	done
}

asked 'requestParameters.roleArn:*' '.requestParameters.roleArn? != null'
asked 'responseElements.credentials.accessKeyId:ASIA*' \
	'.responseElements.credentials.accessKeyId? != null'

finish "$files files"
