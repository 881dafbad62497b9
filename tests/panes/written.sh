#!/bin/sh
# SPDX-License-Identifier: MIT
# What :report and :export write is what is shown, as the options ask.
# usage: written.sh WORK, with PANEPLAY and SAMPLES
set -u
work=$1
fails=0

fail() {
	echo "FAIL: $*"
	fails=$((fails + 1))
}

rm -rf "$work"
mkdir -p "$work"
ln -s "$(cd ../../rules && pwd)" "$work/rules"
logs=$(cd "../../$SAMPLES" && pwd)/secutter/AWSLogs/111122223333/CloudTrail

cat >"$work/written.pane" <<END
case written/a.case
load $logs
size 120x40
keys :report! markdown --redact --defang $work/all.md<Enter>
expect report written to
keys 1gg<Enter>
expect shown
keys :report! json $work/alert.json<Enter>
expect report written to
keys :export! navigator $work/alert.layer<Enter>
expect alerts written to
keys :export! jsonl $work/alert.jsonl<Enter>
expect events written to
keys [f user:lambda-creator-user<Enter>
expect shown
keys :report! html "$work/one user.html"<Enter>
expect report written to
keys X2Tevent:AttachUserPolicy<Enter>
expect 3 rows selected
keys ye
expect 3 event ids sent to the clipboard, 110 bytes
keys :copy file $work/ids<Enter>
expect 111 bytes written
keys yj
expect 3 records sent to the clipboard
keys :copy file $work/records<Enter>
expect bytes written
END
cat >"$work/asked.pane" <<END
case asked/a.case
load $logs
size 120x40
keys 2/CreateUser<Enter>
keys ar
expect report written to
END
mkdir "$work/asked"
(cd "$work/asked" && LC_ALL=C.UTF-8 TZ=UTC "$PANEPLAY" -w "$work" "$work/asked.pane") ||
	fail "the script that asks"
LC_ALL=C.UTF-8 TZ=UTC "$PANEPLAY" -w "$work" "$work/written.pane" ||
	fail "the script"

# No account, no name of a user or a role, no key; addresses are inert.
for name in 111122223333 lambda-creator-user read-s3-ec2-role \
	iam-generator-lambda-role backdoorffd0fb5dac5447659914 AKIA ASIA \
	203.0.113.66 "$logs"; do
	grep -q "$name" "$work/all.md" && fail "--redact leaves $name"
done
grep -qF '203[.]0[.]113[.]66' "$work/all.md" || fail "--defang of addresses"
grep -qF 'Command: `:report! --redact ...`' "$work/all.md" ||
	fail "the command"

# An alert that was drilled into: its events, and no others, in all of them.
select=$(jq -r .selection "$work/alert.json")
case $select in
"belong to the alert: "?*) ;;
*) fail "selection of the report: $select" ;;
esac
jq -r .description "$work/alert.layer" | grep -qF "Only events that $select" ||
	fail "description of the layer"
jq -r '.incidents[].path[].alerts[].evidence.eventID' "$work/alert.json" |
	sort -u >"$work/of-report"
jq -r .eventID "$work/alert.jsonl" | sort -u >"$work/of-events"
[ -s "$work/of-report" ] || fail "no event in the report"
comm -23 "$work/of-report" "$work/of-events" | grep -q . &&
	fail "the report tells of alerts that were not shown"
jq -e 'all(.level != null)' -s "$work/alert.jsonl" >/dev/null ||
	fail "events without an alert"

grep -q 'Only events that: <code>match user:lambda-creator-user' \
	"$work/one user.html" || fail "selection of the page"
# What is copied is of all that are selected, on one line.
find "$logs" -name '*.gz' -exec gzip -dc {} + |
	jq -r '.Records[] | select(.eventName == "AttachUserPolicy") |
		[.eventTime, .eventID] | @tsv' | sort | cut -f 2 >"$work/want"
tr ' ' '\n' <"$work/ids" | cmp -s - "$work/want" || fail "ids that are copied"
jq -r '.[].eventID' "$work/records" | cmp -s - "$work/want" ||
	fail "records that are copied"
[ "$(wc -l <"$work/records")" = 1 ] || fail "records on more than one line"
# What a guide writes up is the incident of the event: when it was, by whom, what
# to revoke and what they left.
asked=$(find "$work" -name '*report*.md' | head -1)
[ -s "$asked" ] || fail "a r wrote nothing: $(find "$work" -type f | head -20)"
for words in '| When | 2026-10-03 ' 'user lambda-creator-user' \
	'long-term access key `key AKIARTX3GSDSXSQW3LGU`' \
	'backdoorffd0fb5dac5447659914' 'Command: `:report '; do
	grep -qF "$words" "$asked" || fail "a r: the report does not say: $words"
done
exit $((fails > 0))
