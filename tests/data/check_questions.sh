#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_questions.sh [TRAWL]
#
# What is asked of one identity: whose it is, who may be behind it, what it did,
# what was done to it, what has to be revoked. Expected values are worked out by
# hand from the records of tests/data/walk.jsonl and from the story that
# samples/secutter tells (samples/README.md). Exits 1 when anything is wrong.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
walk=$root/tests/data/walk.jsonl
secutter=$samples/secutter/AWSLogs/111122223333/CloudTrail

# is FILTER WANT: what jq makes of the last answer, on one line.
is()
{
	local got
	got=$(jq -c "$1" "$work/out")
	[ "$got" = "$2" ] || fail "$1 is $got, not $2"
}

key_of_eve=AKIANEW0000000000001
alice=P:arn:aws:iam::111122223333:user/alice

# Origin ------------------------------------------------------------------------

check_origin()
{
	# Audit/far was assumed by Ops/cli, which alice's key assumed.
	run 0 origin ASIAAUDIT00000000001 "$walk" --format json
	is '[.origin, .certainty, .node]' \
		"[\"$alice\",\"certain\",\"K:ASIAAUDIT00000000001\"]"
	is '[.chain[1], (.chain | length)]' '["K:AKIAALICE00000000001",5]'
	is '[.edges[].kind]' '["owns","issued","issued","has_key"]'
	is '.reason' null
	# The key of eve is hers; alice made it, and eve, minutes before.
	for id in $key_of_eve "K:$key_of_eve" \
		c0000000-0000-4000-8000-000000000012; do
		run 0 origin "$id" "$walk" --format json
		is '[.node, .origin]' "[\"K:$key_of_eve\",\"P:arn:aws:iam::111122223333:user/eve\"]"
		is '[.responsible[0] | .node, .via, .certainty, .actor]' \
			"[\"$alice\",\"created\",\"certain\",\"K:AKIAALICE00000000001\"]"
		is '[.responsible[0] | .eventID, .time]' \
			'["c0000000-0000-4000-8000-000000000003","2026-01-09T21:03:00Z"]'
	done
	# Web/lost: nothing in the evidence issued it.
	run 0 origin ASIAWEB0000000000003 "$walk" --format json
	is '.origin == .chain[0] and (.origin | startswith("S:")) and (.reason | length > 10)' true
	run 0 origin ASIAWEB0000000000003 "$walk"
	grep -q 'nothing comes before it: ' "$work/out" || fail "no reason on the page"
	grep -q 'nobody, as far as the evidence goes' "$work/out" || fail "somebody is behind it"
}

# Every id that is printed is taken, and means the node that it is printed for.
check_ids()
{
	run 0 lineage "$walk" --format json
	jq -r '.nodes[].id' "$work/out" >"$work/ids"
	[ "$(wc -l <"$work/ids")" -gt 20 ] || fail "too few nodes"
	while read -r id; do
		run 0 origin "$id" "$walk" --format json
		is .node "\"$id\""
	done <"$work/ids"
	# A name that a user and a role's session have is not guessed.
	jq -c 'if .eventID == "c0000000-0000-4000-8000-000000000001" then
		.userIdentity.userName = "cli" | .userIdentity.accessKeyId =
		"AKIACLI0000000000001" | .userIdentity.principalId =
		"AIDACLI" | .userIdentity.arn =
		"arn:aws:iam::111122223333:user/cli" else . end' \
		"$walk" >"$work/cli.jsonl"
	run 2 origin cli "$work/cli.jsonl"
	[ ! -s "$work/out" ] || fail "something was guessed"
	grep -q 'P:arn:aws:iam::111122223333:user/cli  user cli, 0 events' "$work/err" ||
		fail "the user is not listed: $(cat "$work/err")"
	grep -q 'S:.*:cli@2026-01-09T21:04:00Z  session Ops/cli, 5 events' "$work/err" ||
		fail "the session is not listed: $(cat "$work/err")"
}

# The backdoor user's key: the user is the origin, who made it is behind it.
check_secutter()
{
	local key
	key=$("$trawl" lineage "$secutter" --format json | jq -r \
		'.edges[] | select(.kind == "owns" and (.from | contains("backdoor"))) | .to')
	run 0 origin "$key" "$secutter" --format json
	is '.origin | startswith("P:arn:aws:iam::111122223333:user/backdoor")' true
	is '.responsible[0].node' '"P:arn:aws:iam::111122223333:user/lambda-creator-user"'
	is '[.builtBy[].node]' '[]'
	is '[.responsible[] | select(.certainty == "hint")]' '[]'
	# Before that the key lay in a bucket, and the stolen session of the web
	# server read it, from the address that the key was used from.
	run 0 origin "$key" "$secutter" --hints --format json
	is '.responsible[0].node' '"P:arn:aws:iam::111122223333:user/lambda-creator-user"'
	is '[.responsible[] | select(.via == "exposed_by") | (.node | test("^S:AROA[A-Z0-9]+:i-0e6921bc7de8aa9e9@2026-10-03T")), .certainty]' \
		'[true,"hint"]'
	is '[.responsible[] | select(.via == "runs_as") | (.node | endswith("instance/i-0e6921bc7de8aa9e9")), .certainty]' \
		'[true,"hint"]'
	is '[.responsible[] | select(.via == "used_from") | .node, .certainty]' \
		'["IP:203.0.113.66","hint"]'
	# The function whose session gave its maker all rights: by its name.
	run 0 origin szkpwned_211205b8c508753167ea "$secutter" --format json
	is '.origin | startswith("C:arn:aws:lambda:")' true
	is '[.responsible[] | .node] | unique' '["P:arn:aws:iam::111122223333:user/lambda-creator-user"]'
	# Step 6 of the story, on the user's own page.
	run 0 walk lambda-creator-user "$secutter" --section on --format json
	is '[.on[] | select(.own | not) | .eventName, .outcome, (.by | startswith("S:")), .node]' \
		'["AttachUserPolicy","ok",true,"P:arn:aws:iam::111122223333:user/lambda-creator-user"]'
	run 0 walk lambda-creator-user "$secutter" --section on
	grep -q 'AttachUserPolicy  ok ' "$work/out" || fail "step 6 is not on the page"
	# An address and an account act in nothing: what came from the one, what
	# the other received, as the records have it.
	find "$secutter" -name '*.gz' -print0 | xargs -0 zcat |
		jq -c '.Records[] | [.eventID, .sourceIPAddress,
			.recipientAccountId]' | sort -u >"$work/records"
	run 0 walk 203.0.113.66 "$secutter" --format json
	is '.events' "$(grep -c '"203.0.113.66"' "$work/records")"
	is '[.matrix[].events] | add' "$(grep -c '"203.0.113.66"' "$work/records")"
	run 0 walk 111122223333 "$secutter" --format json
	is '.events' "$(grep -c ',"111122223333"]' "$work/records")"
	run 0 lineage "$secutter" --of backdoorffd0fb5dac5447659914 --up
	grep -q '^  1  user lambda-creator-user ' "$work/out" ||
		fail "--up does not say who may be behind it"
	# What an instance does with the credentials that it was handed is not
	# the service's.
	run 0 walk ec2.amazonaws.com "$secutter" --format json
	is '.events' 8
	# What the story says that the attacker made is still there, and what
	# has to be revoked: two keys, two machines, the function.
	run 0 walk lambda-creator-user "$secutter" --format json
	is '[.revoke[].kind] | group_by(.) | map([.[0], length])' \
		'[["access_key",2],["instance_credentials",2],["workload_credentials",1]]'
	is '[.persist[] | select(.stillThere) | .what]' \
		'["function","user","policy of a user","access key"]'
}

# What came of the attacker's keys is counted from first contact on: by jq over
# the records, what the instance that was taken over did from then on.
check_reach()
{
	local since
	run 0 walk lambda-creator-user "$secutter" --section reach --format json
	since=2026-10-03T06:23:05Z
	is '[.reach[] | select(.via == "controls") | .since[:19]]' '["2026-10-03T06:23:05"]'
	is '[.reach[] | select(.from | endswith("instance/i-0e6921bc7de8aa9e9")) | .events] | add' \
		"$(find "$secutter" -name '*.json.gz' -exec zcat {} + |
			jq -s --arg since "$since" '[.[].Records[] | select(
				(.userIdentity.principalId // "" | endswith(":i-0e6921bc7de8aa9e9")) and
				.eventTime >= $since) | .eventID] | unique | length')"
	is '[.reach[] | select(.from | endswith("instance/i-0e6921bc7de8aa9e9")) | .events] | add' 747
}

# Two intruders in an organization (samples/README.md): what came of the sign-in
# that was phished, up to the stranger whom the trust that it left lets in.
check_org_walks()
{
	local intruder
	intruder=$(jq -r '.incidents[0].root' "$samples/org.truth.json")
	run 0 walk "$intruder" "$samples/org" --format json
	is '[.reach[] | select(.via == "trusts") | .node]' '["P:acct:999988887777"]'
	is '[.reach[] | select(.from | startswith("P:acct:999988887777#")) | .node | split("@")[0]] | unique' \
		'["S:AROAWO645SY5ADH5BUKYY:export"]'
	is '[.revoke[] | select(.kind == "trust_policy") | .node, .letsIn]' \
		'["P:arn:aws:iam::444455556666:role/app/orders-export-role","P:acct:999988887777"]'
	# Whose account it is, the site file says.
	echo 'account 999988887777 lab' >"$work/site"
	run 0 walk "$intruder" "$samples/org" --section revoke --site "$work/site"
	grep -q 'lets in account 999988887777 (own account lab)' "$work/out" ||
		fail "the site file says nothing of who is let in"
	# The thief's change of the function's code stands before the pipelines
	# that change it every day; so it does for the run that followed, where
	# he stands for the role that he opened, too.
	run 0 origin C:arn:aws:lambda:eu-central-1:444455556666:function:orders-export \
		"$samples/org" --format json
	is '.responsible[0].eventID' '"c05a6fe4-b167-568f-a464-031361667410"'
	run 0 origin S:AROAWO645SY5ADH5BUKYY:orders-export@2026-10-16T02:51:31Z \
		"$samples/org" --format json
	is '.responsible[0].eventID' '"c05a6fe4-b167-568f-a464-031361667410"'
	is '[.responsible[] | select(.eventID == "fb022490-3ac5-5322-a081-acefbaa665ad") | .via]' \
		'["modified_auth"]'
	# Who deactivated the key ten hours later is not behind the session.
	run 0 origin S:777788889999:support@2026-10-15T23:01:12Z "$samples/org" --format json
	is '[.responsible[], .builtBy[] | select(.eventID | startswith("06caa977"))]' '[]'
	# A link that points up is told from where one comes.
	run 0 walk P:arn:aws:iam::111122223333:user/sergei "$samples/org" --section reach
	grep -q 'user sergei  *has the session  *console session' "$work/out" ||
		fail "reach turns a link round"
	# One session of the function is known by its name alone.
	run 0 lineage "$samples/org" --of C:arn:aws:lambda:eu-central-1:444455556666:function:orders-export
	grep -q 'runs as orders-export-role  108 sessions, 1 of them probable ' "$work/out" ||
		fail "all sessions are called probable"
	run 0 walk "$intruder" "$samples/org" --format json
	jq -r '.incidents[0].live[]' "$samples/org.truth.json" |
		while read -r id; do
			jq -e --arg id "$id" '[.revoke[] | .node, .sessions[]?] | index($id)' \
				"$work/out" >/dev/null || echo "$id"
		done >"$work/missed"
	[ ! -s "$work/missed" ] || fail "not to be revoked: $(cat "$work/missed")"
	jq -r '.incidents[0].ended[]' "$samples/org.truth.json" |
		while read -r id; do
			jq -e --arg id "$id" '[.revoke[] | select(.kind | test("instance|workload") | not) | .node, .sessions[]?] | index($id)' \
				"$work/out" >/dev/null && echo "$id"
		done >"$work/dead"
	[ ! -s "$work/dead" ] || fail "ended, and to be revoked: $(cat "$work/dead")"
}

# Addresses, accounts, keys of sessions -----------------------------------------

# records PATH: its records, each once.
records()
{
	find "$1" -type f -name '*.json*' | LC_ALL=C sort | while read -r file; do
		case $file in
		*.gz) gzip -dc "$file" ;;
		*) cat "$file" ;;
		esac
	done | jq -c '.Records[]? // .' | jq -cs 'unique_by(.eventID, .recipientAccountId)[]'
}

# Each such node has the records that say its address, key or account.
check_used_counts()
{
	local path
	for path in "$walk" "$secutter"; do
		records "$path" >"$work/records.jsonl"
		jq -cs '[.[] | {t: .eventTime} + ({n: "IP:\(.sourceIPAddress)"},
			{n: "K:\(.userIdentity.accessKeyId)"},
			({n: "A:\([.recipientAccountId, .userIdentity.accountId] | unique[] | values)"}))]
			| group_by(.n)
			| map({key: .[0].n, value: [length, (map(.t | values) | min, max)]})
			| from_entries' "$work/records.jsonl" >"$work/counts.json"
		run 0 lineage "$path" --format json
		jq -c --slurpfile counts "$work/counts.json" '.nodes[]
			| select(.kind == "ip" or .kind == "account" or
				(.kind == "key" and (.id | startswith("K:ASIA"))))
			| select([.events, .first, .last] !=
				($counts[0][.id] // [0, null, null]))' \
			"$work/out" >"$work/odd"
		[ ! -s "$work/odd" ] ||
			fail "rows of nodes of $path: $(head -3 "$work/odd")"
		[ "$(jq '[.nodes[] | select(.kind == "ip" and .events > 0)] | length' "$work/out")" -gt 1 ] ||
			fail "no address of $path was used"
	done
}

check_used()
{
	local want ip=203.0.113.66 key=ASIARTX3GSDSQFVRE3V4
	check_used_counts
	# The attacker's address of the story: what came from it, by whom, what
	# it left, and whose credentials these were.
	records "$secutter" >"$work/records.jsonl"
	want=$(jq -cs --arg ip $ip '[.[] | select(.sourceIPAddress == $ip)]
		| [length, ([.[].userIdentity.accessKeyId] | unique | length)]' \
		"$work/records.jsonl")
	[ "$want" = '[62,3]' ] || fail "the story has changed: $want"
	run 0 walk $ip "$secutter" --format json
	is '[.events, (.nodes | length) - 1]' "$want"
	is '[([.matrix[].events] | add), ([.did[].events] | add)]' '[62,62]'
	is '[.created[].to | split(":")[-1] | split("/")[-1]] | sort' \
		'["AKIARTX3GSDSXSQW3LGU","backdoorffd0fb5dac5447659914","i-07b1c4e5d2f3a9860","szkpwned_211205b8c508753167ea"]'
	is '[.revoke[].kind] | group_by(.) | map([.[0], length])' \
		'[["access_key",2],["instance_credentials",2],["workload_credentials",1]]'
	run 0 lineage "$secutter" --of $ip
	grep -q "^from $ip .*62 events" "$work/out" || fail "not by address: $(head -1 "$work/out")"
	# The instance's key that was stolen: the calls made with it, and the
	# credentials that have to go.
	want=$(jq -cs --arg key $key '[.[] | select(.userIdentity.accessKeyId == $key)] | length' \
		"$work/records.jsonl")
	run 0 walk $key "$secutter" --format json
	is .events "$want"
	is '[.revoke[] | .kind, (.node | split("/")[-1])]' \
		'["instance_credentials","i-0e6921bc7de8aa9e9"]'
	run 0 walk 111122223333 "$secutter" --format json
	is .events "$(wc -l <"$work/records.jsonl")"
	# What a session issued belongs to its key: Audit/far to that of Ops.
	want=$(jq -s '[.[] | select(.userIdentity.accessKeyId | IN("ASIAOPS0000000000001", "ASIAAUDIT00000000001"))] | length' "$walk")
	run 0 walk ASIAOPS0000000000001 "$walk" --format json
	is .events "$want"
	is '[.revoke[].node]' \
		'["S:AROAOPS:cli@2026-01-09T21:04:00Z","S:AROAAUDIT:far@2026-01-09T21:08:00Z"]'
}

# What a key did is its own in the copy that another account received, too; that
# copy knows its caller by a unique id alone, and is joined by sharedEventID.
check_copies()
{
	local key=AKIAWO645SY5PND3RKEX
	records "$samples/org" >"$work/records.jsonl"
	run 0 lineage "$samples/org" --format json
	is ".nodes[] | select(.id == \"K:$key\") | .events" "$(jq -s --arg key $key '
		[.[] | select(.userIdentity.accessKeyId == $key)] as $own
		| [$own[].sharedEventID | values] as $shared
		| ($own | length) + ([.[] | select(.userIdentity.accessKeyId == null and
			(.sharedEventID | IN($shared[])))] | length)' "$work/records.jsonl")"
	# One call, one actor, whoever received it.
	run 0 walk OrganizationAccountAccessRole "$samples/org" --section on --format json
	is '[.on[] | select(.eventTime == "2026-10-16T02:09:47Z")]
		| [length, ([.[].by] | unique | length), ([.[].actor] | unique)]' \
		'[2,1,["inventory-reader/audit-sync"]]'
	# Revoking a role's sessions names the role, and is done to each that was
	# issued before.
	run 0 walk S:AROAWO645SY5PCRABY77B:audit-sync@2026-10-16T02:09:47Z \
		"$samples/org" --section on --format json
	is '[.on[] | select(.eventName == "PutRolePolicy") | [.eventTime, .node]]' \
		'[["2026-10-16T15:16:12Z","S:AROAWO645SY5PCRABY77B:audit-sync@2026-10-16T02:09:47Z"]]'
}

# Names that nothing is called by, and what they say all the same.
check_unknown()
{
	# The request that made the key is among what was done to it.
	run 0 walk $key_of_eve "$walk" --section on --format json
	is '[.on[].eventName] | index("CreateAccessKey") | . != null' true
	# Objects that were read, not those that were asked about.
	run 0 walk ASIARTX3GSDSQFVRE3V4 "$secutter" --section data --format json
	is '[.data[] | select(.resource | contains("images")) | .objects]' \
		"[$(records "$secutter" | jq -s '[.[] | select(.userIdentity.accessKeyId == "ASIARTX3GSDSQFVRE3V4" and .eventName == "GetObject")
			| .requestParameters | select(.bucketName | contains("images")) | .key] | unique | length')]"
	# Another account's caller by its unique id, as printed.
	run 0 origin AIDA6RU73QDQ4IJE2F47S "$samples/org" --format json
	is .node '"P:acct:999988887777#AIDA6RU73QDQ4IJE2F47S"'
	# The account of a key that nothing in the evidence used: domain's vector.
	run 2 origin AKIA5FLZVX4OPVKKVBMX "$walk"
	grep -q 'of account 904882667292' "$work/err" || fail "no account: $(cat "$work/err")"
}

# The other intruder, and the stranger whom the first one let in.
check_org_used()
{
	run 0 walk 203.0.113.140 "$samples/org" --section revoke --format json
	is '[.revoke[] | .kind, .node]' \
		'["federation_session","S:777788889999:support@2026-10-15T23:01:12Z"]'
	is .events "$(records "$samples/org" | tee "$work/records.jsonl" |
		jq -s '[.[] | select(.sourceIPAddress == "203.0.113.140")] | length')"
	run 0 walk A:999988887777 "$samples/org" --format json
	# Two AssumeRole, delivered to the role's account alone, and what the
	# sessions did that these issued.
	is .events "$(jq -s '[.[] | select(.userIdentity.accountId == "999988887777")] as $in
		| [$in[].responseElements.credentials.accessKeyId] as $key
		| ($in | length) + ([.[] | select(.userIdentity.accessKeyId | IN($key[]))] | length)' \
		"$work/records.jsonl")"
	is '[.matrix[] | .eventSource, .events]' \
		'["s3.amazonaws.com",6,"sts.amazonaws.com",2]'
}

# What it did, left and holds ---------------------------------------------------
#
# alice made eve and a key for her; her key assumed Ops, a session of which
# assumed Audit: that session, of a role assumed by a role, lasts an hour at
# most, the other twelve. The evidence ends at 21:26.

check_sections()
{
	run 0 walk alice "$walk" --format json
	is '[.persist[] | [.what, .name, .stillThere]]' \
		'[["user","eve",true],["access key","AKIANEW0000000000001",true]]'
	is '[.persist[].node]' \
		'["P:arn:aws:iam::111122223333:user/eve","K:AKIANEW0000000000001"]'
	is '[.revoke[] | [.kind, .node, .until, .untilIsAtMost]]' \
		'[["access_key","K:AKIANEW0000000000001",null,null],["access_key","K:AKIAALICE00000000001",null,null],["role_session","S:AROAOPS:cli@2026-01-09T21:04:00Z","2026-01-09T22:00:00Z",false],["role_session","S:AROAAUDIT:far@2026-01-09T21:08:00Z","2026-01-09T22:00:00Z",false]]'
	is '[.data[] | [.kind, .events, .read]]' '[["bucket",2,2],["encryption key",1,1]]'
	is '[.did[] | .events] | add' 13
	is '[.matrix[] | .events] | add' 13
	is '[.reach[].node | select(startswith("S:AROA"))]' \
		'["S:AROAOPS:cli@2026-01-09T21:04:00Z","S:AROAAUDIT:far@2026-01-09T21:08:00Z"]'
	# One section alone, and what is always there.
	for section in did on persist data reach revoke; do
		run 0 walk alice "$walk" --section $section --format json
		is "has(\"identity\") and has(\"nodes\") and has(\"events\") and has(\"$section\")" true
		is '[keys[] | select(. == "did" or . == "on" or . == "persist" or . == "data" or . == "reach" or . == "revoke")]' "[\"$section\"]"
		run 0 walk alice "$walk" --section $section
		[ "$(wc -l <"$work/out")" -ge 3 ] || fail "no page of $section"
	done
	run 2 walk alice "$walk" --section nosuch
	# Of the later half of the hour alone.
	run 0 walk alice "$walk" --since 2026-01-09T21:20:00Z --format json
	is '[.events, (.persist | length)]' '[2,0]'
	# The backdoor user and what it may still use; nothing is called.
	run 0 walk lambda-creator-user "$secutter" --format json
	is '[.revoke[] | select(.kind == "access_key")] | length' 2
	is '[.persist[] | select(.what == "policy of a user") | .name]' \
		'["backdoorffd0fb5dac5447659914: arn:aws:iam::aws:policy/AdministratorAccess"]'
}

# The graph ---------------------------------------------------------------------

# A line of DOT as this program writes it, strings closed and escaped.
dot_line='^(digraph lineage \{|\trankdir=LR;|\}|\tn[0-9]+ \[shape=[a-z]+, label="([^"\\]|\\.)*", tooltip="([^"\\]|\\.)*"\];|\tn[0-9]+ -> n[0-9]+ \[label="[a-z_]+", style=[a-z]+\];)$'

dot_is_well_formed()
{
	[ -s "$work/out" ] || fail "no DOT of $1"
	! LC_ALL=C grep -vnP "$dot_line" "$work/out" >"$work/odd" ||
		fail "DOT of $1: $(head -2 "$work/odd")"
}

check_graph()
{
	for set in "$walk" "$samples/hostile" "$secutter"; do
		"$trawl" lineage "$set" --format dot >"$work/out" 2>/dev/null
		dot_is_well_formed "$set"
		if command -v dot >/dev/null; then
			dot -Tdot "$work/out" >/dev/null 2>"$work/err" ||
				fail "Graphviz refuses $set: $(head -2 "$work/err")"
		fi
	done
	# A name that would leave its string.
	jq -c '.userIdentity.arn |= (if . then sub("user/alice";
		"user/a\"]; x\\\\ & \u001b[2J\u202e") else . end)' \
		"$walk" >"$work/names.jsonl"
	run 0 lineage "$work/names.jsonl" --format dot
	dot_is_well_formed "hostile names"
	# Up: what it came from. Down: what came of it.
	run 0 lineage "$walk" --of ASIAOPS0000000000001 --up --format json
	is '[.nodes[].id | select(startswith("K:"))]' '["K:AKIAALICE00000000001","K:ASIAOPS0000000000001"]'
	run 0 lineage "$walk" --of AKIAALICE00000000001 --down --format json
	is '[.nodes[].id | select(startswith("K:"))] | length' 4
	is '[.nodes[].id | select(endswith("user/eve"))] | length' 1
	run 2 lineage "$walk" --up
}

# A machine with 40 sessions, of which the 31st is used from an address that
# nobody used before: it alone is a line beside the one for all.
check_folds()
{
	jq -c 'select(.userIdentity.accessKeyId == "ASIAWEB0000000000001") |
		. as $r | range(40) | (100 + . | tostring) as $n |
		(1767996000 + . * 600 | todate) as $t | . as $i | $r |
		.eventTime = $t | .eventID = "d0000000-0000-4000-8000-000000000" + $n |
		.userIdentity.accessKeyId = "ASIAFOLD000000000" + $n |
		.userIdentity.sessionContext.attributes.creationDate = $t |
		.sourceIPAddress = if $i == 30 then "203.0.113.30" else "198.51.100.7" end' \
		"$walk" >"$work/folds.jsonl"
	[ "$(wc -l <"$work/folds.jsonl")" = 40 ] || fail "there are not 40 sessions"
	machine=$("$trawl" lineage "$work/folds.jsonl" --format json |
		jq -r '.nodes[] | select(.kind == "compute") | .id')
	run 0 lineage "$work/folds.jsonl" --no-builtin-rules --of "$machine"
	[ "$(grep -c 'runs as session' "$work/out")" = 1 ] || fail "not one session is told"
	grep -q 'runs as session .*from 203.0.113.30  FIRST SEEN' "$work/out" ||
		fail "the new address is not told"
	grep -q 'runs as Web  40 sessions  first 2026-01-09 22:00  last 2026-01-10 04:30  40 events' "$work/out" ||
		fail "no line for all: $(cat "$work/out")"
	grep -q 'runs as 39 more sessions  first 2026-01-09 22:00  last 2026-01-10 04:30  39 events' "$work/out" ||
		fail "no line for the others: $(cat "$work/out")"
	grep -q -- '--unfold' "$work/out" || fail "nothing says how to unfold"
	run 0 lineage "$work/folds.jsonl" --no-builtin-rules --of "$machine" --unfold
	[ "$(grep -c 'runs as session' "$work/out")" = 40 ] || fail "not all is unfolded"
	! grep -q -- '--unfold' "$work/out" || fail "something is folded"
	# One that is asked for is unfolded.
	run 0 lineage "$work/folds.jsonl" --no-builtin-rules --of ASIAFOLD000000000105
	grep -q 'runs as session .*ASIAFOLD000000000105' "$work/out" || fail "the one asked for is folded"
	grep -q 'runs as 38 more sessions' "$work/out" || fail "the others are not folded"
	run 0 lineage "$work/folds.jsonl" --no-builtin-rules --of "$machine" --format json
	is '[.nodes[] | select(.kind == "session")] | length' 40
	# The page of a long story: what was taken over last is on it.
	run 0 walk 'S:AROAWO645SY5NFQQHGCKG:dana@example.com@2026-10-16T01:40:12Z' "$samples/org"
	grep -q '02:50:09 took control of function orders-export  16 sessions since, 92 before.*92 events' "$work/out" ||
		fail "the poisoned function is cut off"
	grep -q 'used from 203.0.113.81  FIRST SEEN 2026-10-15 14:21 ' "$work/out" ||
		fail "the address of the thief is usual"
	! grep -q '203.0.113.81  usual' "$work/out" || fail "the address of the thief is usual"
}

# What persists and which data was touched, of everybody: the same as jq counts
# in the records, each event once.
check_everybody()
{
	local records=$work/records.jsonl
	find "$secutter" -name '*.json.gz' -exec zcat {} + |
		jq -c '.Records[]' | sort | jq -cs 'unique_by(.eventID)[]' >"$records"
	run 0 walk '*' "$secutter" --section persist --format json
	jq -c '[.persist[] | [.eventID, .stillThere]] | sort' "$work/out" >"$work/got"
	jq -cs '[.[] | select(.errorCode == null and (.eventName | test(
		"^(CreateUser|CreateAccessKey|CreateFunction20150331|CreateSecurityGroup|RunInstances|AttachUserPolicy|AuthorizeSecurityGroupIngress|UpdateFunctionCode20150331v2)$"
		))) | [.eventID, true]] | sort' "$records" >"$work/want"
	cmp -s "$work/got" "$work/want" || fail "what persists is not what the records say"
	is '.persist | length' 10
	is '[.persist[] | select(.eventName == "RunInstances") | .by]' \
		'["K:AKIARTX3GSDSXSQW3LGU"]'
	run 0 walk '*' "$secutter" --section data --format json
	jq -c '[.data[] | select(.kind == "bucket") | [.resource, .actor, .bytesOut, .events]] | sort' \
		"$work/out" >"$work/got"
	jq -cs 'map(select(.eventSource == "s3.amazonaws.com" and
		(.eventName | test("^(Get|Put|Head|List|Delete|Copy)Objects?(V2)?$")) and
		.requestParameters.bucketName != null))
		| group_by([.requestParameters.bucketName, .userIdentity.principalId // .userIdentity.invokedBy])
		| map([.[0].requestParameters.bucketName,
			(.[0].userIdentity | .userName // .invokedBy //
				(.arn | sub(".*:assumed-role/"; ""))),
			(map(select(.errorCode == null) | .additionalEventData.bytesTransferredOut // 0) | add),
			length]) | sort' "$records" >"$work/want"
	cmp -s "$work/got" "$work/want" || {
		fail "bytes out of buckets are not those of the records"
		diff <(jq -c '.[]' "$work/got") <(jq -c '.[]' "$work/want") | head >&2
	}
	# The two files that the stolen session read: 1,502 and 3,187 bytes.
	is '[.data[] | select(.resource == "serverless-codes-4f1c2a" and (.actor | test("read-s3"))) | .objects, .read]' '[2,2]'
	run 0 walk '*' "$secutter" --section persist
	grep -q 'RunInstances  *yes  *backdoorffd0fb5dac5447659914' "$work/out" ||
		fail "the table does not say who started the instance"
	run 2 walk '*' "$secutter"
	grep -q 'section persist or data' "$work/err" || fail "walk of everybody is not refused"
}

check_folds
check_origin
check_ids
check_secutter
check_reach
check_org_walks
check_used
check_org_used
check_copies
check_unknown
check_sections
check_everybody
check_graph
# A session of a function has expired, and has nothing to revoke: the function has.
run 0 walk f98f7ae3-ce98-5f55-9a0e-8adf01beee98 "$secutter" --section revoke
grep -qx '  none of its own; of its origin, function szkpwned_211205b8c508753167ea:' "$work/out" &&
	grep -q '^credentials of a workload: ' "$work/out" ||
	fail "nothing is said to be revoked of what a session came of: $(cat "$work/out")"

finish
