#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_rules.sh [TRAWL]
#
# Checks the built-in rules: that each is complete and does to its samples what
# it says, that quiet days stay quiet, and that what a single event of the two
# stories can show is seen. Exits 1 when anything is wrong, and says what.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq

# Rules as such ----------------------------------------------------------------

check_files()
{
	"$trawl" rules check "$root/rules" >"$work/out" 2>&1 || {
		fail "rules check:"
		head -20 "$work/out" >&2
	}
	"$trawl" rules test "$samples" >"$work/out" 2>&1 || {
		fail "rules test:"
		head -20 "$work/out" >&2
	}
}

# What the programs cannot do without, in each document that detects something:
# prints "FILE: what is missing".
complete='
function told(what) { print file ": " what; }
function finish() {
	# What has a name is there for the correlations of its file.
	if (!detection || named)
		return;
	if (!n["references"]) told("no references");
	if (!n["falsepositives"]) told("no false positives");
	if (n["ask"] < 3 || n["ask"] > 5) told(n["ask"] + 0 " steps");
	if (n["ask"] != n["answer"]) told("a step without an answer");
	if (!n["fire"]) told("no sample that fires");
	if (!n["quiet"]) told("no sample that is quiet");
	if (title == "" || length(title) > 60) told("title of " length(title));
	if (id !~ /^[0-9a-f-]*-4[0-9a-f]*-[89ab][0-9a-f]*-[0-9a-f]*$/)
		told("id is no random UUID: " id);
	if (level !~ /^(informational|low|medium|high|critical)$/)
		told("level " level);
	if (status !~ /^(stable|test|experimental)$/) told("status " status);
	if (!tactic) told("no tactic");
	if (!technique) told("no technique");
	if (!described) told("no description");
}
function begin() {
	delete n;
	detection = tactic = technique = described = named = 0;
	title = id = level = status = key = part = "";
}
# What is told is of the file that ended.
FNR == 1 && NR > 1 { finish(); begin(); }
{ file = FILENAME; }
/^---/ { finish(); begin(); next; }
/^[a-z]+:/ { key = $1; sub(":", "", key); part = key; }
/^title: / { title = substr($0, 8); gsub(/^\047|\047$/, "", title); }
/^id: / { id = $2; }
/^name: / { named = 1; }
/^level: / { level = $2; }
/^status: / { status = $2; }
# Of findings whose type says nothing that is known.
/^    severity: true/ && FILENAME ~ /\/findings\// { tactic = technique = 1; }
/^(detection|lineage|correlation|baseline):/ { detection = 1; }
/^description:/ { described = 1; }
key == "samples" && /^    (fire|quiet):/ { part = $1; sub(":", "", part); }
key == "samples" && /^        - / { n[part]++; }
(key == "references" || key == "falsepositives") && /^    - / { n[key]++; }
key == "investigate" && /^    - ask: / { n["ask"]++; }
key == "investigate" && /^      (filter|pivot|view|section): / { n["answer"]++; }
key == "tags" && /attack\.t[0-9]/ { technique = 1; }
key == "tags" && /attack\.[a-s]/ { tactic = 1; }
END { finish(); }'

check_complete()
{
	find "$root/rules" -name '*.yml' | sort >"$work/files"
	xargs awk "$complete" <"$work/files" >"$work/out"
	if [ -s "$work/out" ]; then
		fail "rules that are not complete:"
		cat "$work/out" >&2
	fi
	sed -n 's/^id: //p' $(cat "$work/files") | sort | uniq -d >"$work/out"
	[ -s "$work/out" ] && fail "ids that repeat: $(cat "$work/out")"
	sed -n 's/^title: //p' $(cat "$work/files") | sort | uniq -d \
		>"$work/out"
	[ -s "$work/out" ] && fail "titles that repeat: $(cat "$work/out")"
	while IFS= read -r file; do
		case $file in */findings/*) continue ;; esac
		grep -q "attack\.$(basename "$(dirname "$file")")\$" "$file" ||
			! grep -qE '^(detection|lineage|correlation|baseline):' "$file" ||
			fail "$file lies in the folder of another tactic"
	done <"$work/files"
}

check_count()
{
	local rules tactics
	"$trawl" rules list --format jsonl -q >"$work/rules" ||
		fail "rules list"
	rules=$(jq -s 'map(select(.state == "active")) | length' "$work/rules")
	tactics=$(jq -r '.tactics[]' "$work/rules" | sort -u | wc -l)
	[ "$rules" -ge 150 ] || fail "only $rules rules"
	[ "$tactics" -ge 12 ] || fail "only $tactics tactics"
	jq -r 'select(.state == "broken") | .title' "$work/rules" >"$work/out"
	[ -s "$work/out" ] && fail "broken: $(cat "$work/out")"
	# The binary holds the rules of this tree.
	jq -r .ruleId "$work/rules" | sort >"$work/have"
	sed -n 's/^id: //p' $(cat "$work/files") | sort >"$work/want"
	comm -13 "$work/have" "$work/want" >"$work/out"
	[ -s "$work/out" ] &&
		fail "not in the program: $(tr '\n' ' ' <"$work/out")"
}

# Alerts -----------------------------------------------------------------------

# Of a folder, one line a match: eventID, level, technique; for each technique.
alerts_of()
{
	"$trawl" alerts --each --format jsonl -q "$1" >"$work/alerts.jsonl" ||
		fail "alerts of $1"
	jq -r '.level as $l | .eventIDs[] as $e | .techniques[] |
		[$e, $l, .] | @tsv' "$work/alerts.jsonl" >"$work/alerts"
}

# A quiet day may leave something to read, and nothing to get up for.
check_quiet()
{
	alerts_of "$samples/quiet"
	jq -r 'select(.level | IN("medium", "high", "critical")) |
		"\(.level) \(.title) \(.eventIDs[0])"' "$work/alerts.jsonl" |
		sort -u >"$work/out"
	if [ -s "$work/out" ]; then
		fail "quiet days are not quiet:"
		head -20 "$work/out" >&2
	fi
}

# In a week of an organization what is high is one of its two intruders, or
# somebody who makes a key for a machine's user.
check_week()
{
	"$trawl" events "$samples/org" -q -f 'level>=high' --format jsonl |
		jq -r --slurpfile truth "$samples/org.truth.json" '
		select(.eventID | IN($truth[0].incidents[].events[]) | not) |
		"\(.eventName) by \(.actor)"' | sort | uniq -c |
		sed 's/^ *//' >"$work/out"
	diff "$work/out" - >"$work/diff" <<-'END' || {
	1 CreateAccessKey by AWSReservedSSO_SecurityOperations_77a6b5c4d3e2f1a0/mira@example.com
	4 CreateAccessKey by landing-zone-exec/landing-zone
	END
		fail "org: other alerts outside of the incidents:"
		cat "$work/diff" >&2
	}
}

# Lines of "step eventName technique": every row of that step and name in the
# set's truth is in an alert that names the technique.
check_story()
{
	local set=$1 step name technique id found
	alerts_of "$samples/$set"
	while read -r step name technique; do
		found=0
		while IFS= read -r id; do
			found=$((found + 1))
			awk -F '\t' -v id="$id" -v want="$technique" '
				$1 == id && index($3, want) == 1 { ok = 1 }
				END { exit !ok }' "$work/alerts" ||
				fail "$set $step: $name $id is not" \
					"alerted as $technique"
		done < <(awk -F '\t' -v step="$step" -v name="$name" '
			$1 == step && $3 == name { print $4 }' \
			"$samples/$set.truth.tsv")
		[ "$found" -gt 0 ] || fail "$set $step: no $name in the truth"
	done
}

# The rule of a title alerts exactly the events of a set that the jq filter
# selects, of which there are some, and notes these texts of each.
check_found()
{
	local set=$1 title=$2 filter=$3 note
	shift 3
	alerts_of "$samples/$set"
	find "$samples/$set" -name '*.json*' -exec zcat -f {} + |
		jq -r ".Records[]? | select($filter) | .eventID" |
		sort -u >"$work/ids"
	[ -s "$work/ids" ] || fail "$set: no records for \"$title\""
	jq -r --arg t "$title" 'select(.title == $t) | .eventIDs[]' \
		"$work/alerts.jsonl" | sort -u >"$work/out"
	cmp -s "$work/ids" "$work/out" ||
		fail "$set: \"$title\" alerts $(wc -l <"$work/out") events," \
			"not these $(wc -l <"$work/ids"):" \
			"$(comm -3 "$work/ids" "$work/out" | head -3)"
	for note; do
		jq -e -s --arg t "$title" --arg n "$note" 'map(select(.title ==
			$t)) | length > 0 and all(.notes | any(contains($n)))' \
			"$work/alerts.jsonl" >/dev/null ||
			fail "$set: \"$title\": not every note says $note"
	done
}

# The rule of a title alerts these events of a set, which its truth tells of,
# and no others.
check_ids()
{
	local set=$1 title=$2
	shift 2
	alerts_of "$samples/$set"
	printf '%s\n' "$@" | sort >"$work/ids"
	jq -r --arg t "$title" 'select(.title == $t) | .eventIDs[]' \
		"$work/alerts.jsonl" | sort -u >"$work/out"
	cmp -s "$work/ids" "$work/out" ||
		fail "$set: \"$title\" alerts $(tr '\n' ' ' <"$work/out")," \
			"not $(tr '\n' ' ' <"$work/ids")"
}

# Two levels for one call: what failed weighs less, unless the rule says that
# it does not. Lines of "sample level technique".
check_levels()
{
	local name level technique id
	alerts_of "$samples/rules"
	while read -r name level technique; do
		id=$(awk -F '\t' -v name="$name" '$1 == name { print $2 }' \
			"$samples/rules/INDEX.tsv")
		grep -qx "$id	$level	$technique" "$work/alerts" ||
			fail "$name is not $level for $technique"
	done
}

check_files
check_complete
check_count
check_quiet
check_week

# Left out are what takes several events: who used a key for the first time
# (GetCallerIdentity), lists of objects, and what a user reads about itself.
check_story secutter <<'END'
2 GetCallerIdentity T1078.004
2 GetCallerIdentity T1552.005
2 ListBuckets T1580
2 GetUser T1087.004
2 ListUsers T1087.004
2 ListRoles T1087.004
2 ListAttachedRolePolicies T1087.004
2 ListRolePolicies T1087.004
2 ListPolicies T1087.004
2 GetAccountAuthorizationDetails T1087.004
2 DescribeInstances T1580
2 DescribeDBInstances T1580
2 ListFunctions20150331 T1526
2 ListSecrets T1526
2 GetBucketPolicy T1619
3 GetObject T1530
3 GetObject T1552.001
4 AttachUserPolicy T1098.003
5 CreateFunction20150331 T1648
5 Invoke T1648
6 AttachUserPolicy T1098.003
7 CreateUser T1136.003
7 AttachUserPolicy T1098.003
7 CreateAccessKey T1098.001
8 DescribeInstanceInformation T1580
8 SendCommand T1651
8 GetSecretValue T1555.006
9 RunInstances T1578.002
9 RunInstances T1496.001
9 SendCommand T1651
END

# Left out are lists and descriptions that only their number makes suspicious,
# a share that was taken back, and roles assumed inside the account.
check_story eight-tactics <<'END'
initial-access/2 UpdateFunctionConfiguration20150331v2 T1648
initial-access/3 ListUsers T1087.004
initial-access/3 ListRoles T1087.004
initial-access/3 GetAccountAuthorizationDetails T1087.004
initial-access/3 ListPolicies T1087.004
initial-access/3 ListAttachedRolePolicies T1087.004
initial-access/3 ListAccounts T1087.004
initial-access/4 CreateUser T1136.003
initial-access/4 AttachUserPolicy T1098.003
execution/2 DescribeInstanceInformation T1580
execution/3 SendCommand T1651
execution/5 SendCommand T1651
execution/7 StartSession T1021.007
privilege-escalation/2 PutUserPolicy T1098.003
privilege-escalation/3 CreatePolicy T1098.003
privilege-escalation/4 AttachUserPolicy T1098.003
privilege-escalation/5 PutUserPolicy T1098.003
privilege-escalation/6 CreatePolicyVersion T1098.003
privilege-escalation/7 SetDefaultPolicyVersion T1098.003
privilege-escalation/8 AddUserToGroup T1098.003
privilege-escalation/9 UpdateAssumeRolePolicy T1098.003
persistence/1 CreateAccessKey T1098.001
persistence/2 CreateUser T1136.003
persistence/2 AttachUserPolicy T1098.003
persistence/2 CreateLoginProfile T1098
persistence/2 CreateAccessKey T1098.001
persistence/4 UpdateAssumeRolePolicy T1098.003
persistence/5 CreateSAMLProvider T1484.002
persistence/5 CreateOpenIDConnectProvider T1484.002
persistence/5 CreateTrustAnchor T1098.001
persistence/6 UpdateFunctionCode20150331v2 T1546
persistence/6 AddPermission20150331v2 T1546
persistence/6 CreateFunctionUrlConfig T1546
persistence/7 PutRule T1546
persistence/7 PutTargets T1546
persistence/8 ModifyInstanceAttribute T1546
persistence/9 CreateAccount T1136.003
discovery/2 GetAccountAuthorizationDetails T1087.004
discovery/2 SimulatePrincipalPolicy T1069.003
discovery/2 GetAccountPasswordPolicy T1201
discovery/3 DescribeInstanceAttribute T1552
discovery/5 DescribeTrails T1654
discovery/5 GetTrailStatus T1654
discovery/5 LookupEvents T1654
discovery/5 ListDetectors T1518.001
discovery/6 ListHostedZones T1580
discovery/6 ListResourceRecordSets T1580
discovery/7 GetCostAndUsage T1526
discovery/8 DescribeOrganization T1087.004
discovery/8 ListAccounts T1087.004
lateral-movement/1 DescribeInstanceInformation T1580
lateral-movement/2 StartSession T1021.007
lateral-movement/3 SendSSHPublicKey T1021.004
lateral-movement/4 SendCommand T1021.007
lateral-movement/6 AssumeRole T1550.001
lateral-movement/6 GetSecretValue T1555.006
lateral-movement/7 RunInstances T1496.001
exfiltration/2 CreateDBSnapshot T1578.001
exfiltration/2 CopyDBSnapshot T1578.001
exfiltration/3 ModifyDBSnapshotAttribute T1537
exfiltration/3 ModifyDBClusterSnapshotAttribute T1537
exfiltration/4 PutKeyPolicy T1537
exfiltration/4 CreateGrant T1537
exfiltration/5 CreateSnapshot T1578.001
exfiltration/5 ModifySnapshotAttribute T1537
exfiltration/6 CreateImage T1578.001
exfiltration/6 ModifyImageAttribute T1537
exfiltration/7 SharedSnapshotVolumeCreated T1537
exfiltration/7 CopySnapshot T1074.002
exfiltration/8 DeleteDBSnapshot T1485
defense-evasion/1 DescribeTrails T1654
defense-evasion/2 UpdateTrail T1685.002
defense-evasion/3 PutEventSelectors T1685.002
defense-evasion/3 PutInsightSelectors T1685.002
defense-evasion/4 StopLogging T1685.002
defense-evasion/4 DeleteTrail T1685.002
defense-evasion/5 PutRetentionPolicy T1685.002
defense-evasion/5 DeleteLogStream T1685.002
defense-evasion/5 DeleteLogGroup T1685.002
defense-evasion/6 PutBucketLifecycle T1485.001
defense-evasion/6 PutBucketLogging T1685.002
defense-evasion/6 DeleteBucket T1685.002
defense-evasion/7 CreateFilter T1685
defense-evasion/7 UpdateDetector T1685
defense-evasion/7 DisassociateFromMasterAccount T1685
defense-evasion/7 DeleteDetector T1685
defense-evasion/8 StopConfigurationRecorder T1685
defense-evasion/8 DeleteDeliveryChannel T1685
defense-evasion/9 DeleteFlowLogs T1685.002
defense-evasion/9 DisableSecurityHub T1685
defense-evasion/9 LeaveOrganization T1666
END

check_found secutter "Instance's credentials used outside the instance" '
	(.userIdentity.principalId // "" | endswith(":i-0e6921bc7de8aa9e9")) and
	.sourceIPAddress == "203.0.113.66"' \
	"session read-s3-ec2-role/i-0e6921bc7de8aa9e9: key ASIARTX3GSDSQFVRE3V4 " \
	"used from 203.0.113.66 (aws-cli)" \
	"the instance calls from 192.0.2.30 (amazon-ssm-agent)"
check_found secutter "Key used where somebody else had just read a file" '
	.eventName == "GetCallerIdentity" and
	.userIdentity.userName == "lambda-creator-user"' \
	"used from 203.0.113.66" "score 8"
# The intruder of the organization goes from role to role over accounts; the
# second hop there is one that its scanner makes every day.
check_ids org "Role takes a role that it never took before" \
	f3305776-e1c4-51de-b0e8-8aaebc902196 \
	c9732390-ee28-5ef6-a45e-e31d935da65a
check_ids org "Chain of roles over several accounts" \
	6129a7f2-6f9b-5760-b774-0dc73da78c57 \
	c9732390-ee28-5ef6-a45e-e31d935da65a
# A call of the stolen key is one of two networks when another one, of which
# the address begins otherwise, came at most 15 minutes before it.
find "$samples/org" -name '*.json*' -exec zcat -f {} + |
	jq -c '.Records[]? | select(.userIdentity.userName == "log-shipper" and
		(.userIdentity.accessKeyId // "" | startswith("AKIA"))) |
		{id: .eventID, t: (.eventTime | fromdate),
		net: (.sourceIPAddress | split(".")[0:2])}' |
	jq -rs 'unique_by(.id) | . as $all | .[] | . as $x | select(any($all[];
		.net != $x.net and (.t < $x.t or .t == $x.t and .id < $x.id) and
		$x.t - .t <= 900)) | .id' >"$work/ids.networks"
[ -s "$work/ids.networks" ] || fail "org: nobody is on two networks"
check_ids org "Credentials used on two networks within minutes" \
	$(cat "$work/ids.networks")

# Whoever had the instance's credentials read the key of the next user; nobody
# read the one that was made afterwards.
"$trawl" lineage --hints --format json -q "$samples/secutter/AWSLogs/111122223333/CloudTrail" |
	jq -r '.edges[] | select(.kind == "exposed_by") |
		"\(.from) \(.score) \(.evidence | join(" "))"' >"$work/out"
[ "$(cat "$work/out")" = "S:AROARTX3GSDSSYQXSZQV5:i-0e6921bc7de8aa9e9@2026-10-03T05:40:52Z 8 c964361b-0a5b-54cd-84c0-7d8ca2196961 fe63e87b-2c50-597a-997d-3b2dd25b40a2" ] ||
	fail "secutter: exposed_by: $(cat "$work/out")"
"$trawl" lineage --format json -q "$samples/secutter/AWSLogs/111122223333/CloudTrail" |
	jq -e '.edges | all(.certainty != "hint")' >/dev/null ||
	fail "secutter: hints without --hints"

# A share that is taken back is no alert.
if grep -q "^f5b1c4a3-ac89-5886-a206-ffa7d78bf2e5" "$work/alerts"; then
	fail "eight-tactics: a share that was taken back is alerted"
fi

# Left out is what somebody does every day.
check_story org <<'END'
1/1 CreateToken T1528
1/4 AssumeRole T1550.001
1/5 AssumeRole T1550.001
1/5 ListAccounts T1087.004
1/6 AssumeRole T1550.001
1/6 GetSecretValue T1555.006
1/7 UpdateAssumeRolePolicy T1098.003
1/8 CreateAccessKey T1098.001
1/8 AttachUserPolicy T1098.003
1/10 SendCommand T1651
1/10 GetSecretValue T1552.005
1/11 UpdateFunctionCode20150331v2 T1525
1/12 AssumeRole T1199
1/15 AssumeRole T1199
2/4 CreateUser T1136.003
2/4 CreateAccessKey T1098.001
2/5 GetFederationToken T1550.001
2/5 GetSigninToken T1550.001
END

check_levels <<'END'
defense-impairment/stop-logging/fire critical T1685.002
defense-impairment/stop-logging/denied high T1685.002
defense-impairment/stop-logging/failed medium T1685.002
credential-access/get-password-data/fire medium T1555
credential-access/get-password-data/denied low T1555
persistence/create-user/failed informational T1136.003
impact/run-instances/fire-gpu high T1496.001
impact/run-instances/failed high T1496.001
privilege-escalation/put-user-policy/denied medium T1098.003
initial-access/console-login-failure/fire-root medium T1110.001
END

finish
