#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_real.sh [TRAWL [DATA_DIR]]
#
# Runs the built-in rules over public logs of real accounts, which are not part
# of this project: DATA_DIR (or $TRAWL_REAL_DATA) holds `invictus`, the records
# of invictus-ir/aws_dataset, and `stratus`, the detonation logs of
# DataDog/stratus-red-team, each as found there, and `lineage`, worked examples
# of who became whom. Which events must be alerted is read out of the records
# with jq. Exits 77 where the folder is absent, 1 when anything is wrong, and
# says what.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
data=${2:-${TRAWL_REAL_DATA:-}}
[ -n "$data" ] && [ -d "$data" ] ||
	skip "no folder with real logs was given"

# Lines of "eventID technique" of all alerts, but for those of rules that judge
# by the user agent alone: they name every call that a tool makes.
alerts_of()
{
	"$trawl" alerts --each --format jsonl -q "$1" >"$work/alerts.jsonl"
	case $? in
	0 | 3) ;;
	*) fail "alerts of $1" ;;
	esac
	jq -r 'select(.title | test("attack or audit tool|without an SDK|penetration testing|browse buckets") | not) |
		.eventIDs[] as $e | .techniques[] | "\($e) \(.)"' \
		"$work/alerts.jsonl" | sort -u >"$work/alerts"
}

# invictus ---------------------------------------------------------------------

# must WHAT COUNT "TECHNIQUE..." FILTER: the events that the jq filter selects
# are so many, and each is in an alert that names one of the techniques.
must()
{
	local what=$1 count=$2 techniques=$3 filter=$4 n id t ok
	jq -r "select($filter) | .eventID" "$work/records" | sort -u >"$work/ids"
	n=$(wc -l <"$work/ids")
	[ "$n" -eq "$count" ] ||
		fail "$what: the records hold $n, and $count were known"
	while IFS= read -r id; do
		ok=0
		for t in $techniques; do
			grep -qE "^$id ${t//./\\.}(\\.|\$)" "$work/alerts" &&
				ok=1
		done
		[ "$ok" = 1 ] || fail "$what: $id is in no alert of $techniques"
	done <"$work/ids"
}

# None of these may be alerted under the technique; but they may end a series.
must_not()
{
	local what=$1 technique=$2 filter=$3 id
	jq -r "select($filter) | .eventID" "$work/records" | sort -u >"$work/ids"
	[ -s "$work/ids" ] || fail "$what: the records hold none"
	while IFS= read -r id; do
		jq -e --arg id "$id" --arg t "$technique" 'select(.eventIDs ==
			[$id] and any(.techniques[]; startswith($t)))' \
			"$work/alerts.jsonl" >/dev/null &&
			fail "$what: $id is alerted as $technique"
	done <"$work/ids"
}

# must_rule TITLE COUNT FILTER [NOTE...]: the rule of that title alerts exactly
# the events that the jq filter selects, which are so many; what it notes of
# each has these texts in it.
must_rule()
{
	local title=$1 count=$2 filter=$3 n note
	shift 3
	jq -r "select($filter) | .eventID" "$work/records" | sort -u >"$work/ids"
	n=$(wc -l <"$work/ids")
	[ "$n" -eq "$count" ] ||
		fail "$title: the records hold $n, and $count were known"
	jq -r --arg t "$title" 'select(.title == $t) | .eventIDs[]' \
		"$work/alerts.jsonl" | sort -u >"$work/out"
	cmp -s "$work/ids" "$work/out" ||
		fail "$title: $(wc -l <"$work/out") events, and not those:" \
			"$(comm -3 "$work/ids" "$work/out" | head -3)"
	for note; do
		jq -e -s --arg t "$title" --arg n "$note" 'map(select(.title ==
			$t)) | length > 0 and all(.notes | any(contains($n)))' \
			"$work/alerts.jsonl" >/dev/null ||
			fail "$title: not every note says $note"
	done
}

# A policy's principals of accounts, as a jq filter on a parsed document.
principals='[.Statement] | flatten | map(select(.Effect == "Allow") |
	.Principal | if type == "object" then .AWS // empty else empty end) |
	flatten | map(capture("(?<a>[0-9]{12})").a)'

check_invictus()
{
	local call='.eventName ==' ok='.errorCode == null'
	find "$data/invictus" -name '*.json' -exec jq -c '.Records[]' {} + \
		>"$work/records"
	[ -s "$work/records" ] || {
		fail "invictus: no records"
		return
	}
	alerts_of "$data/invictus"

	must StopLogging 3 T1685.002 "$call \"StopLogging\""
	must DeleteTrail 3 T1685.002 "$call \"DeleteTrail\""
	must PutEventSelectors 2 T1685.002 "$call \"PutEventSelectors\""
	must DeleteFlowLogs 1 T1685.002 "$call \"DeleteFlowLogs\""
	must PutBucketLifecycle 1 "T1685.002 T1485.001" \
		"$call \"PutBucketLifecycle\""
	must LeaveOrganization 1 T1666 "$call \"LeaveOrganization\""
	must GetPasswordData 29 "T1552 T1555" "$call \"GetPasswordData\""
	must GetSecretValue 60 "T1555.006 T1552" "$call \"GetSecretValue\""
	must GetParameters 5 "T1555.006 T1552" "$call \"GetParameters\" and
		.requestParameters.withDecryption"
	must "userData" 19 "T1552" "$call \"DescribeInstanceAttribute\" and
		.requestParameters.attribute == \"userData\""
	must SendCommand 2 T1651 "$call \"SendCommand\""
	must "RunInstances of ten" 2 "T1578.002 T1496.001" \
		"$call \"RunInstances\" and
		.requestParameters.instanceType == \"p2.xlarge\""
	must "shared snapshots and images" 3 T1537 "
		(.requestParameters.valuesToAdd // [] | length > 0) or
		(.requestParameters.createVolumePermission.add != null) or
		(.requestParameters.launchPermission.add != null)"
	must_not "shares taken back" T1537 "
		(.requestParameters.valuesToRemove // [] | length > 0) or
		(.requestParameters.createVolumePermission.remove != null) or
		(.requestParameters.launchPermission.remove != null)"
	must "PutBucketPolicy, foreign account" 1 "T1537 T1098" "
		$call \"PutBucketPolicy\" and (.recipientAccountId as \$me |
		.requestParameters.bucketPolicy | $principals |
		any(. != \$me))"
	must "port 22 from everywhere" 1 T1686.001 "
		$call \"AuthorizeSecurityGroupIngress\" and
		(.requestParameters | tostring |
		test(\"0\\\\.0\\\\.0\\\\.0/0\") and test(\"22\"))"
	must CreateUser 4 T1136.003 "$call \"CreateUser\" and $ok"
	must CreateAccessKey 2 T1098.001 "$call \"CreateAccessKey\" and $ok"
	must AttachUserPolicy 1 T1098.003 "$call \"AttachUserPolicy\" and $ok"
	must CreateLoginProfile 2 "T1098 T1098.001" \
		"$call \"CreateLoginProfile\" and $ok"
	must "UpdateAssumeRolePolicy, foreign account" 1 "T1098.003 T1098" "
		$call \"UpdateAssumeRolePolicy\" and
		(.recipientAccountId as \$me |
		.requestParameters.policyDocument | fromjson | $principals |
		any(. != \$me))"
	must "CreateRole, an account" 5 "T1098.003 T1098" "
		$call \"CreateRole\" and
		(.requestParameters.assumeRolePolicyDocument | fromjson |
		$principals | length > 0)"
	must UpdateFunctionCode 2 "T1546 T1525 T1648" \
		"$call \"UpdateFunctionCode20150331v2\""
	must "AddPermission, everybody" 1 "T1098 T1546" \
		"$call \"AddPermission20150331v2\" and
		.requestParameters.principal == \"*\""
	must CreateTrustAnchor 1 "T1098.001 T1098 T1556" \
		"$call \"CreateTrustAnchor\""
	must CreateProfile 1 "T1098.001 T1098 T1556" "$call \"CreateProfile\""
	must "ConsoleLogin without MFA" 1 T1078.004 "
		$call \"ConsoleLogin\" and
		.additionalEventData.MFAUsed == \"No\" and
		.responseElements.ConsoleLogin == \"Success\""
	# The address from which the instance's agent calls is home.
	must "stolen instance credentials" 2 "T1552.005 T1078.004" "
		(.userIdentity.principalId // \"\" | test(\":i-\")) and
		.sourceIPAddress == \"192.168.10.20\""
	must_rule "Instance's credentials used outside the instance" 2 "
		(.userIdentity.principalId // \"\" | test(\":i-\")) and
		.sourceIPAddress == \"192.168.10.20\"" \
		"session stratus-red-team-ec2-steal-credentials-role/i-0dbc91f429e48eeed: " \
		"key ASIATFQR7NSC36DZQP7P used from 192.168.10.20" \
		"calls from 3.225.16.109 (amazon-ssm-agent)"
	must_rule "One session of an instance used from two addresses" 0 "false"
}

# Who became whom in invictus. What is expected is worked out of the records;
# the numbers beside it were counted by hand once.
check_invictus_lineage()
{
	find "$data/invictus" -name '*.json' -exec jq -c '.Records[]' {} + \
		>"$work/records"
	"$trawl" lineage --format json -q "$data/invictus" >"$work/graph" ||
		fail "lineage of invictus"

	# Sessions that acted, and in how many events: (principalId,
	# creationDate), of users only under keys that are not long-term.
	jq -nr '[inputs | .userIdentity |
		select(.sessionContext.attributes.creationDate) |
		select(.accessKeyId // "" | startswith("AKIA") | not) |
		"S:\(.principalId)@\(.sessionContext.attributes.creationDate)"] |
		group_by(.)[] | "\(.[0]) \(length)"' "$work/records" |
		sort >"$work/want"
	jq -r '.nodes[] | select(.kind == "session" and .events > 0) |
		"\(.id) \(.events)"' "$work/graph" | sort >"$work/out"
	same "sessions that acted" 24

	# Sessions of roles that acted: the first event that issued each. One
	# was issued twice in its second.
	jq -nr '[inputs] | (map(select(.eventName == "AssumeRole" and
		.errorCode == null)) | sort_by(.eventTime, .eventID) | reverse |
		map({key: (.eventTime +
		(.requestParameters.roleArn | sub(".*/"; "")) +
		.requestParameters.roleSessionName), value: .eventID}) |
		from_entries) as $issued |
		map(.userIdentity | select(.type == "AssumedRole" and
		.sessionContext.attributes.creationDate)) |
		unique_by([.principalId, .sessionContext.attributes.creationDate])[] |
		"S:\(.principalId)@\(.sessionContext.attributes.creationDate) " +
		($issued[.sessionContext.attributes.creationDate +
		.sessionContext.sessionIssuer.userName +
		(.principalId | sub(".*:"; ""))] // "none")' "$work/records" |
		sort >"$work/want"
	grep -q none "$work/want" && fail "a role's session without an issuer"
	jq -r '(.nodes | map(select(.kind == "session" and .events > 0) |
		{key: .id, value: 1}) | from_entries) as $acted | .edges[] |
		select(.kind == "issued" and $acted[.to] and
		(.to | startswith("S:AROA"))) |
		"\(.to) \(.evidence[0])"' "$work/graph" | sort >"$work/out"
	same "issued sessions of roles" 13

	# Keys that were issued and used, and in which session each is: of the
	# role and name that were asked for, since the second of the event.
	jq -nr '[inputs] | (map(.userIdentity | {key: (.accessKeyId // ""),
		value: .sessionContext.sessionIssuer.principalId}) |
		from_entries) as $user | .[] | select(.errorCode == null) |
		(.responseElements.credentials.accessKeyId //
		.responseElements.accessKey.accessKeyId // empty) as $key |
		select($user | has($key)) | "K:\($key) S:\($user[$key]):" +
		"\(.requestParameters.roleSessionName)@\(.eventTime)"' \
		"$work/records" | sort >"$work/want"
	jq -nr '[inputs | .responseElements | .credentials.accessKeyId //
		.accessKey.accessKeyId // empty | {key: "K:\(.)", value: 1}] |
		from_entries' "$work/records" >"$work/issued"
	jq -nr '[inputs | {key: "K:\(.userIdentity.accessKeyId)", value: 1}] |
		from_entries' "$work/records" >"$work/used"
	jq -r --slurpfile i "$work/issued" --slurpfile u "$work/used" '
		(.edges | map(select(.kind == "issued") | {key: .to,
		value: 1}) | from_entries) as $came | .edges[] |
		select(.kind == "has_key" and $u[0][.to] and $i[0][.to] and
		$came[.from]) | "\(.to) \(.from)"' "$work/graph" |
		sort >"$work/out"
	same "keys that were issued and used" 8

	# Sessions that nothing issued: not of services, and no sign-in at
	# their beginning.
	jq -nr '[inputs] | (map(select(.eventName == "ConsoleLogin") |
		{key: (.userIdentity.principalId + "@" + .eventTime), value: 1}) |
		from_entries) as $login |
		map(.userIdentity | select(.type == "IAMUser" and
		.sessionContext.attributes.creationDate and
		(.accessKeyId // "" | startswith("AKIA") | not))) |
		group_by([.principalId, .sessionContext.attributes.creationDate])[] |
		select(any(.invokedBy == null)) | .[0] |
		"\(.principalId)@\(.sessionContext.attributes.creationDate)" |
		select($login[.] | not) | "S:\(.)"' "$work/records" |
		sort >"$work/want"
	jq -r '(.edges | map(select(.kind == "issued") | {key: .to, value: 1}) |
		from_entries) as $issued | .nodes[] | select(.kind == "session" and
		.sessionKind != "fas" and ($issued[.id] | not)) | .id' \
		"$work/graph" | sort >"$work/out"
	same "sessions without an origin" 2
	while IFS= read -r id; do
		"$trawl" origin "$id" --format json -q "$data/invictus" |
			jq -e '.reason | test("missing in the evidence")' \
				>/dev/null ||
			fail "no reason why $id has no origin"
	done <"$work/want"
	count=$(jq '[.nodes[] | select(.kind == "session")] | length' \
		"$work/graph")
	[ "$count" -eq 35 ] || fail "invictus: $count sessions, not 35"
}

# same WHAT COUNT: what was worked out is what the program says.
same()
{
	[ "$(wc -l <"$work/want")" -eq "$2" ] ||
		fail "$1: the records hold $(wc -l <"$work/want"), not $2"
	cmp -s "$work/want" "$work/out" ||
		fail "$1: $(diff "$work/want" "$work/out" | head -4)"
}

# worked examples ------------------------------------------------------------------

# What the examples of lineage call an alert, and which rule of ours that is;
# the rest of them is for tests/unit/test_lineage.c.
check_lineage()
{
	local file name rule
	while read -r file name rule; do
		jq -c '.records[]' "$data/lineage/$file.json" \
			>"$work/$file.jsonl"
		jq -e --arg n "$name" '.expect.alerts | index($n)' \
			"$data/lineage/$file.json" >/dev/null ||
			fail "$file: $name is not asked for"
		"$trawl" alerts --format jsonl -q "$work/$file.jsonl" |
			jq -r .title | grep -qxF "$rule" ||
			fail "$file: no alert of \"$rule\""
	done <<'END'
L07 INSTANCE_CREDS_OUTSIDE Instance's credentials used outside the instance
L08 IAM_WRITE_BY_COMPUTE_SESSION Workload changes users, roles or their rights
L08 ADMIN_POLICY_ATTACHED Administrator rights attached
END
	[ "$(jq '.expect.alerts // [] | .[]' "$data"/lineage/*.json | wc -l)" \
		-eq 3 ] || fail "lineage: alerts that are not known here"
}

# stratus ----------------------------------------------------------------------

# The file's name says which technique was tried; here is what ATT&CK calls it.
check_stratus()
{
	local file technique found=0
	while read -r file technique; do
		alerts_of "$data/stratus/aws.$file.json"
		found=$((found + 1))
		cut -d ' ' -f 2 "$work/alerts" | grep -qx "$technique" ||
			fail "stratus: $file is not alerted as $technique"
		jq -r '.[].eventID' "$data/stratus/aws.$file.json" |
			sort >"$work/ids"
		cut -d ' ' -f 1 "$work/alerts" | sort -u |
			comm -23 - "$work/ids" >"$work/out"
		[ -s "$work/out" ] &&
			fail "stratus: $file has alerts on unknown events"
	done <<'END'
credential-access.ec2-get-password-data T1552
credential-access.secretsmanager-batch-retrieve-secrets T1555.006
credential-access.ssm-retrieve-securestring-parameters T1555.006
defense-evasion.cloudtrail-event-selectors T1685.002
defense-evasion.dns-delete-logs T1685.002
defense-evasion.vpc-remove-flow-logs T1685.002
execution.ec2-launch-unusual-instances T1578.002
execution.ssm-send-command T1651
exfiltration.ec2-security-group-open-port-22-ingress T1686.001
exfiltration.ec2-share-ebs-snapshot T1537
impact.bedrock-invoke-model T1496.004
lateral-movement.ec2-instance-connect T1021.004
persistence.iam-backdoor-role T1098
persistence.iam-create-admin-user T1136.003
persistence.iam-create-user-login-profile T1098
persistence.lambda-layer-extension T1546
persistence.rolesanywhere-create-trust-anchor T1098.001
privilege-escalation.iam-update-user-login-profile T1098
END
	[ "$(find "$data/stratus" -name '*.json' | wc -l)" -eq "$found" ] ||
		fail "stratus: files that are not known here"
}

# Of invictus everything that was made was taken away again: of each user, role,
# bucket, function and database snapshot that a call makes the records have the
# call that deletes it. Nothing that the program lists is still there.
check_invictus_left()
{
	jq -cs 'def done(f): [.[] | select(.errorCode == null) | f | strings] | unique;
		done(select(.eventName | test("^Create(User|Role|Bucket|Function|DBSnapshot)")) | .requestParameters
			| .userName // .roleName // .bucketName // .functionName // .dBSnapshotIdentifier) -
		done(select(.eventName | test("^Delete(User|Role|Bucket|Function|DBSnapshot)(2015|$)")) | .requestParameters
			| .userName // .roleName // .bucketName // .functionName // .dBSnapshotIdentifier)' \
		"$work/records" >"$work/left"
	[ "$(cat "$work/left")" = '[]' ] || fail "invictus: the records leave $(cat "$work/left")"
	"$trawl" walk '*' --section persist --format json -q "$data/invictus" |
		jq -c '[(.persist | length > 60), (.persist[] | select(.stillThere) | .name)]' >"$work/left"
	[ "$(cat "$work/left")" = '[true]' ] || fail "invictus: still there: $(cat "$work/left")"
}

for set in invictus stratus lineage; do
	if [ -d "$data/$set" ]; then
		"check_$set"
		[ $set != invictus ] || check_invictus_lineage
		[ $set != invictus ] || check_invictus_left
	else
		echo "SKIP check_real: $set is not there"
	fi
done

finish
