#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# trawl report states what the exercise's own report states, by the records of
# the sample: ten rows of a timeline in this order, what has to be done now, what
# the attacker made; each form of it is what it says that it is, and its JSON has
# the keys that the manual names.

. "$(dirname "$0")/lib.sh"

need jq

run 0 report --no-cache "$samples/secutter"
cp "$work/out" "$work/report.md"
run 0 report --no-cache --format json "$samples/secutter"
cp "$work/out" "$work/report.json"

# section TITLE: the lines of a part of the page.
section()
{
	awk -v title="$1" '/^#+ /{ on = index($0, title) > 0 } on' "$work/report.md"
}

# The timeline, by the exercise: what each row says, when (UTC), and where it is
# seen. Patterns are tried in order, each behind the row that met the one before.
rows=$(section '# Timeline' | grep '^| [0-9]')
at=0
row()
{
	local found
	found=$(tail -n "+$((at + 1))" <<<"$rows" | grep -nE -m1 -- "$1" | cut -d: -f1)
	if [ -n "$found" ]; then
		at=$((at + found))
	else
		fail "no row behind row $at: $1"
	fi
}
# 1: the server is made to ask for its own credentials: a web log has it
row '2026-10-03 06:0[56]:.*203\.0\.113\.66.*/profile\.php\?.*169\.254\.169\.254.*access'
# 2: first use of the machine's credentials elsewhere, and looking around
row '06:06:40.*read-s3-ec2-role/i-0e6921bc7de8aa9e9.*203\.0\.113\.66.*asked whose credentials these are'
# 3: a script with a key in it is read from the bucket
row '06:11:05.*read-s3-ec2-role/i-0e6921bc7de8aa9e9.*read object.*serverless-codes-4f1c2a.*lambda_creator\.py'
# 4: first use of that key, from the same address
row '06:11:42.*lambda-creator-user.*203\.0\.113\.66.*asked whose credentials these are'
# 5: users, roles and functions are explored
row '06:12:.*lambda-creator-user.*looked around.*ListRoles.*ListAttachedRolePolicies'
# 6: a function with a strong role
row '06:17:02.*lambda-creator-user.*made function.*szkpwned_211205b8c508753167ea.*iam-generator-lambda-role'
# 7: which makes its maker an administrator
row '06:17:12.*iam-generator-lambda-role/szkpwned_211205b8c508753167ea.*attached policy.*AdministratorAccess.*lambda-creator-user'
# 8: a user for later, with a key
row '06:22:01.*lambda-creator-user.*made user.*backdoorffd0fb5dac5447659914'
# 9: a command to the web server, which then reads the database's secret
row '06:23:05.*backdoorffd0fb5dac5447659914.*sent command.*AWS-RunShellScript.*i-0e6921bc7de8aa9e9'
row '06:24:12.*read-s3-ec2-role/i-0e6921bc7de8aa9e9.*read secret.*secutter-prd/db'
# 10: a machine in another region, which mines
row '06:27:10.*backdoorffd0fb5dac5447659914.*started instance.*i-07b1c4e5d2f3a9860.*us-west-2'
row '06:35:5[23].*GuardDuty found.*CryptoCurrency:EC2/BitcoinTool'

# Each row names its event and the file that has it; the file's number is that of
# the list of inputs, and its sum is the file's own.
while IFS=$'\t' read -r id file record sum; do
	got=$(zcat -f "$file" | jq -r --argjson n "$record" \
		'.Records[$n - 1].eventID' 2>/dev/null)
	[ "$got" = "$id" ] || fail "$id is not record $record of $file"
	[ "$(sha256sum <"$file" | cut -c1-64)" = "$sum" ] || fail "$file: another sum"
	checked=$((${checked:-0} + 1))
done < <(jq -r '. as $r | .incidents[0].timeline[].evidence
	| select(.file | test("CloudTrail_"))
	| [.eventID, .file, .record, $r.inputs[.input - 1].sha256] | @tsv' "$work/report.json")
[ "${checked:-0}" -ge 15 ] || fail "${checked:-0} rows were held against their records"

# To do now: three things.
todo=$(section '# Revoke these credentials')
grep -q 'i-0e6921bc7de8aa9e9.*read-s3-ec2-role.*aws:TokenIssueTime' <<<"$todo" ||
	fail "active sessions of read-s3-ec2-role are not revoked"
grep -q 'key AKIARTX3GSDSSMYZWOS5.*user lambda-creator-user.*Inactive' <<<"$todo" ||
	fail "the key of lambda-creator-user is not disabled"
grep -q 'key AKIARTX3GSDSXSQW3LGU.*user backdoorffd0fb5dac5447659914.*Inactive' <<<"$todo" ||
	fail "the key of the backdoor is not disabled"
# By whom each was used, the attacker or others too.
jq -e '[.incidents[0].revoke[] | [(.node | split("/") | last), .usedFrom, .usedFromIncidentAlone]]
	== [["K:AKIARTX3GSDSXSQW3LGU", ["203.0.113.66"], true],
		["K:AKIARTX3GSDSSMYZWOS5", ["203.0.113.66"], true],
		["i-0e6921bc7de8aa9e9", ["203.0.113.66", "192.0.2.30"], true],
		["i-07b1c4e5d2f3a9860", ["192.0.2.201"], false],
		["C:arn:aws:lambda:ap-northeast-1:111122223333:function:szkpwned_211205b8c508753167ea",
			["192.0.2.131"], true]]' "$work/report.json" >/dev/null ||
	fail "from where credentials were used: $(jq -c '[.incidents[0].revoke[] | [.node, .usedFrom, .usedFromIncidentAlone]]' "$work/report.json")"

undo=$(section '# Undo what was made')
for made in 'user | `backdoorffd0fb5dac5447659914`.*yes.*DeleteUser' \
	'policy of a user.*lambda-creator-user.*AdministratorAccess.*yes.*DetachUserPolicy' \
	'function.*szkpwned_211205b8c508753167ea.*yes.*DeleteFunction' \
	'instance.*i-07b1c4e5d2f3a9860.*yes.*TerminateInstances'; do
	grep -q "$made" <<<"$undo" || fail "not among what is to be undone: $made"
done

# Before service resumes: the flaw, the metadata service, the key in a script, the
# role that could do more than it should.
mend=$(section '# Mend before service resumes')
for word in 'version 2 of the instance metadata service' 'keys? out of the' 'iam:PassRole' \
	'server.*fetch'; do
	grep -qE "$word" <<<"$mend" || fail "nothing is said to mend: $word"
done

# The secret that was read is an impact, the address an indicator; where GuardDuty
# names a pool, that too.
section '# Impact' | grep -q 'secret.*secutter-prd/db.*192.0.2.30.*read 1 time' ||
	fail "the secret is no impact"
section '# Impact' | grep -q 'secutter-images-4f1c2a`, `awslogs-4f1c2a.*listed 2 times' ||
	fail "buckets that were listed alike are not one row"
section '# Change these secrets' | grep -q '^- secret `secutter-prd/db`' ||
	fail "the secret that was read is not to be changed"
section '# Indicators' | grep -q 'address | `203.0.113.66`.*this incident alone' ||
	fail "the attacker's address is no indicator"
section '# Indicators' | grep -q 'address | `192.0.2.30`.*do not block it' ||
	fail "the machine's own address is not told apart"
for technique in T1552.005 T1078.004 T1098.003 T1136.003 T1098.001 T1651 T1555.006 T1496.001; do
	section '# ATT' | grep -q "^| $technique " || fail "$technique is missing"
done

# What the evidence is not able to show is said.
grep -q 'No digest of CloudTrail' "$work/report.md" || fail "integrity is not spoken of"
grep -q 'No event is not no action' "$work/report.md" || fail "coverage is not spoken of"

# HTML is one document, and nothing in it is live.
run 0 report --no-cache --format html "$samples/secutter"
grep -q "Content-Security-Policy.*default-src 'none'" "$work/out" || fail "HTML has no policy"
! grep -niE '<(script|a|img|iframe|object|form|svg|link|base)\b|\bon[a-z]+=|javascript:' "$work/out" ||
	fail "HTML has something live in it"
# Nothing found is told, and what that does not mean.
mkdir "$work/quiet"
echo '{"eventVersion":"1.08","eventTime":"2026-01-09T21:40:00Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"us-east-1","eventID":"11111111-1111-4111-8111-111111111111","recipientAccountId":"111122223333","readOnly":true,"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ann","accountId":"111122223333","userName":"ann","principalId":"AIDARTX3GSDSREXAMPLEX"}}' \
	>"$work/quiet/log.json"
run 0 report --no-cache --no-builtin-rules "$work/quiet"
grep -q 'No incident was found' "$work/out" || fail "no incident is not told"
grep -q 'no proof that nothing happened' "$work/out" || fail "it is taken for an answer"

# Objects that one after the other are read are one line, which says how many: an
# hour of reads does not push everything else out.
reads=$(find "$samples/org" -path '*CloudTrail/*' -name '*.json.gz' -exec gzip -dc {} + |
	jq -r '.Records[] | select(.eventName == "GetObject" and
		.userIdentity.userName == "log-shipper" and
		.sourceIPAddress == "203.0.113.140") | .eventID' | sort -u | wc -l)
run 0 report --no-cache --format json "$samples/org"
jq -e --argjson reads "$reads" '$reads > 12 and
	([.incidents[0].timeline[] | select((.what | startswith("read object ")) and
		.sourceIPAddress == "203.0.113.140") |
		[.events, (.names | length), (.eventIDs | unique | length)]]
	== [[$reads, 12, $reads]])' "$work/out" >/dev/null || fail "reads of objects are not one line"
run 0 report --no-cache "$samples/org"
grep -q "read object .* and $((reads - 4)) others; $reads events" "$work/out" ||
	fail "reads of objects in words"

# So is whatever differs by one name alone, and the questions between; users that
# are made three minutes apart are told one by one, and of too many lines those of
# lower levels are left out, not the last.
mkdir "$work/alike"
event() # SECONDS SERVICE CALL READ PARAMETERS
{
	printf '{"eventVersion":"1.08","eventTime":"%s","eventSource":"%s.amazonaws.com","eventName":"%s","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","eventID":"%08d-1111-4111-8111-111111111111","recipientAccountId":"111122223333","readOnly":%s,"requestParameters":%s,"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/eve","accountId":"111122223333","userName":"eve","accessKeyId":"AKIARTX3GSDSEXAMPLE1","principalId":"AIDARTX3GSDSREXAMPLEX"}}\n' \
		"$(date -u -d "@$((1767990000 + $1))" +%Y-%m-%dT%H:%M:%SZ)" "$2" "$3" "$1" "$4" "$5"
}
{
	for i in $(seq 30); do
		event $((i * 2)) secretsmanager GetSecretValue true "{\"secretId\":\"s$i\"}"
		event $((i * 2 + 1)) secretsmanager DescribeSecret true "{\"secretId\":\"s$i\"}"
	done
	for i in $(seq 520); do
		event $((i * 180)) iam CreateUser false "{\"userName\":\"u$i\"}"
	done
	event 200000 cloudtrail StopLogging false '{"name":"t"}'
} >"$work/alike/log.json"
run 0 report --no-cache --format json "$work/alike"
jq -e '.incidents[0].timeline | ([.[] | select(.what | startswith("read secret ")) |
		[.what, .events, (.names | length), (.eventIDs | length)]]
	== [["read secret s1", 30, 12, 30]]) and
	([.[] | select(.eventNames == ["DescribeSecret"]) | .events] == [30]) and
	([.[] | select(.what | startswith("made user "))] | length == 520) and
	length == 523' "$work/out" >/dev/null || fail "what is told alike"
run 0 report --no-cache "$work/alike"
grep -q '^| 1 | .*read secret `s1`, `s2`, `s3`, `s4` and 26 others; 30 events' "$work/out" ||
	fail "what is told alike, in words"
grep -q '^| 523 | .*stopped logging of trail `t` | critical' "$work/out" ||
	fail "the gravest line is left out"
grep -q 'being of lower levels: 23 lines' "$work/out" || fail "how many lines are left out"
[ "$(grep -c '^| [0-9]* | 2026-.*made user' "$work/out")" -lt 520 ] ||
	fail "nothing is left out"

# A share that is taken back is none, and what gave it is undone by that; a trail's
# bucket that lets the service write, and a policy that denies, share nothing.
run 0 report --no-cache --incident all --format json "$samples/quiet"
jq -e '[.incidents[].data[] | select(.shared > 0)] == []' "$work/out" >/dev/null ||
	fail "what nobody was let into is told as shared"
run 0 report --no-cache --format json "$samples/eight-tactics"
cp "$work/out" "$work/eight.json"
jq -e '.incidents[0] | ([.data[] | select(.resource == "nightly-x") | [.shared, .sharedWith]]
	== [[2, "999988887777 all"]]) and
	([.made[] | select(.what == "database snapshot\u0027s sharing") |
		[.name, .stillThere, .gone.eventName]] ==
	[["nightly-x: 999988887777", false, "DeleteDBSnapshot"],
		["nightly-x: all", false, "ModifyDBSnapshotAttribute"],
		["carts-x: 999988887777", true, null]])' "$work/eight.json" >/dev/null ||
	fail "sharing of snapshots, and what ended it"

# What is gone again is told apart from what is there, and what one kind of call took
# away is one row; the earliest sign is the first of the timeline.
run 0 report --no-cache "$samples/eight-tactics"
awk '/^### Undo/ { on = 1 } /^## Mend/ { on = 0 } on' "$work/out" >"$work/undo"
[ "$(grep -c '| \*\*yes\*\* |' "$work/undo")" = "$(jq '[.incidents[0].made[] |
	select(.stillThere)] | length' "$work/eight.json")" ] || fail "what is still there"
grep -q 'trail changed | `org-trail` | `build-agent` | 2026-09-23 10:04:40 | `DeleteTrail`' \
	"$work/undo" || fail "what is gone again"
grep -q '^| Earliest sign in the evidence | 2026-10-03 06:05:20 Web request names a local file' \
	"$work/report.md" || fail "the earliest sign is another"
grep -q '^| Identities.*sergei`, `ShopOperator/sergei` |$' <("$trawl" report --no-cache --incident all \
	"$samples/org" 2>/dev/null) || fail "whoever is told in two accounts is told twice"

# Which incident.
run 0 report --no-cache --incident all --format json "$samples/secutter"
[ "$(jq '.incidents | length' "$work/out")" -ge 3 ] || fail "--incident all writes one"
run 0 report --no-cache --incident 2 --format json "$samples/secutter"
[ "$(jq -c '[.incidents[].number]' "$work/out")" = '[2]' ] || fail "--incident 2 is another"
run 0 report --no-cache "$samples/org"
grep -q '^\*\*Not all incidents are written up here\.\*\* Left out of level high or above: 2, of level medium: 0, the first of them number 2' \
	"$work/out" || fail "that grave incidents are left out is not told"
awk '/^## Mend/ { on = 1 } /^## Timeline/ { on = 0 } on' "$work/out" >"$work/mend"
for word in 'sts:GetFederationToken' 'aws:SourceIp'; do
	grep -q "$word" "$work/mend" || fail "the leak of a key: nothing is said to mend: $word"
done
run 0 report --no-cache --incident all "$samples/org"
! grep -q 'Not all incidents' "$work/out" || fail "all are written up, and it says otherwise"
run 2 report --no-cache --incident 99 "$samples/secutter"
run 2 report --no-cache --incident 0 "$samples/secutter"

finish "${checked} events held against their records"
