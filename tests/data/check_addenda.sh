#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_addenda.sh [TRAWL]
#
# What CloudTrail adds to an event later, with the program itself: columns,
# record, rules, identities and filters see the event with it, in whatever file
# it lies and however many threads read, in a load that was kept and in one of
# which a file changed. Expected values are read off the records below. Exits 1
# when anything differs.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
export XDG_CACHE_HOME=$work/cache
call() # NUMBER TIME NAME MORE
{
	jq -c -n --arg id "$1" --arg t "2026-01-09T$2Z" --arg n "$3" \
		--argjson more "$4" '
	{eventVersion: "1.08", eventID: ("00000000-0000-4000-8000-0000000000" +
	$id), eventTime: $t, eventSource: (if $n == "AssumeRole" then
	"sts.amazonaws.com" else "iam.amazonaws.com" end), eventName: $n,
	awsRegion: "us-east-1", sourceIPAddress: "203.0.113.66", userIdentity:
	{type: "IAMUser", principalId: "AIDAEVE", arn:
	"arn:aws:iam::111122223333:user/eve", accountId: "111122223333",
	userName: "eve", accessKeyId: "AKIAEXAMPLEEVE000001"},
	recipientAccountId: "111122223333"} + $more'
}
added() # NUMBER TIME OF FIELDS MEMBERS
{
	jq -c -n --arg id "$1" --arg t "2026-01-09T$2Z" --arg of "$3" \
		--arg fields "$4" --argjson members "$5" '
	{eventVersion: "1.08", eventTime: $t, eventID:
	("00000000-0000-4000-8000-0000000000" + $id)} + $members + {addendum:
	{reason: "UPDATED_DATA", updatedFields: $fields, originalRequestID:
	"r", originalEventID: ("00000000-0000-4000-8000-0000000000" + $of)}}'
}
# A user made, of which it was not known that she was not allowed to; a role
# assumed, whose key was missing, and what that key did.
made=$(call 01 10:00:00 CreateUser '{"requestParameters":{"userName":"bob"}}')
denied=$(added 11 12:00:00 01 errorCode '{"errorCode":"AccessDenied","awsRegion":"eu-west-9"}')
assumed=$(call 02 10:05:00 AssumeRole '{"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/admin","roleSessionName":"s"},"responseElements":null}')
key=$(added 12 12:00:00 02 responseElements '{"responseElements":{"credentials":{"accessKeyId":"ASIAEXAMPLEADMIN0001","expiration":"Jan 9, 2026, 11:05:00 AM"},"assumedRoleUser":{"assumedRoleId":"AROAEXAMPLEADMIN0001:s","arn":"arn:aws:sts::111122223333:assumed-role/admin/s"}}}')
used='{"eventVersion":"1.08","eventID":"00000000-0000-4000-8000-000000000003","eventTime":"2026-01-09T10:06:00Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.9","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLEADMIN0001:s","arn":"arn:aws:sts::111122223333:assumed-role/admin/s","accountId":"111122223333","accessKeyId":"ASIAEXAMPLEADMIN0001","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLEADMIN0001","arn":"arn:aws:iam::111122223333:role/admin","accountId":"111122223333","userName":"admin"},"attributes":{"creationDate":"2026-01-09T10:05:00Z","mfaAuthenticated":"false"}}},"recipientAccountId":"111122223333"}'

# What is said of them must not depend on where they lie: without file, record
# and offset all layouts are one.
said() # FOLDER [OPTION...]
{
	local folder=$1
	shift
	"$trawl" events -q --format jsonl "$@" "$folder" |
		jq -S -c 'del(.file, .record, .offset)'
	"$trawl" alerts -q --each --format jsonl "$@" "$folder" |
		jq -S -c '[.title, .level, .eventIDs]'
	"$trawl" lineage -q --format json "$@" "$folder" | jq -S -c '.edges[]'
	"$trawl" summary -q --format json "$@" "$folder" | jq -S -c .records
}
layout() # NAME: a folder's, with files after it: NAME TEXT...
{
	mkdir -p "$work/$1"
	printf '%s\n' "${@:3}" >"$work/$1/$2"
}
layout one a.jsonl "$made" "$assumed" "$used" "$denied" "$key"
layout before a.jsonl "$denied" "$key" "$made" "$assumed" "$used"
layout apart a.jsonl "$made" "$used"
layout apart b.jsonl "$denied" "$key"
layout apart c.jsonl "$assumed"
layout ahead a.jsonl "$key" "$denied"
layout ahead z.jsonl "$used" "$assumed" "$made"
# Carried: the addenda come through EventBridge.
mkdir "$work/carried"
printf '%s\n' "$made" "$assumed" "$used" >"$work/carried/z.jsonl"
printf '%s\n' "$denied" "$key" | jq -c '{version: "0", id: "x", "detail-type":
	"AWS API Call via CloudTrail", source: "aws.iam", account:
	"111122223333", time: .eventTime, region: "us-east-1", resources: [],
	detail: ({eventName: "X", eventSource: "x.amazonaws.com"} + .)}' \
	>"$work/carried/a.jsonl"

said "$work/one" --no-cache >"$work/base"
for name in one before apart ahead carried; do
	for threads in 1 3; do
		said "$work/$name" --no-cache --threads "$threads" >"$work/now"
		diff "$work/base" "$work/now" >"$work/diff" ||
			fail "$name, $threads threads: $(head -3 "$work/diff")"
	done
done

is() # WHAT GOT WANTED
{
	[ "$2" = "$3" ] || fail "$1: $2, not $3"
}
events()
{
	"$trawl" events -q --no-cache --format jsonl "$@" | jq -r .eventID |
		sed 's/.*0\([0-9]\)$/\1/' | tr -d '\n'
}
is "the rule's level" "$(jq -r 'select(type == "array" and .[0] == "IAM user created") | .[1]' "$work/base")" low
is "who issued the key" "$(jq -r 'select(type == "object" and .kind == "issued") | [.from, .to, .certainty, .evidence[0][-2:]] | join(" ")' "$work/base")" "K:AKIAEXAMPLEEVE000001 S:AROAEXAMPLEADMIN0001:s@2026-01-09T10:05:00Z certain 02"
is records "$(tail -1 "$work/base")" '{"amended":2,"duplicates":2,"events":3,"read":5,"rejected":0}'
is has:amended "$(events -f has:amended "$work/apart")" 12
is "a path in it" "$(events -f 'responseElements.credentials.accessKeyId:ASIA*' "$work/apart")" 2
is "what was not named" "$(events -f 'awsRegion:eu-west-9' "$work/apart")" ''
is "what it says of itself" "$(events -f 'addendum.updatedFields:errorCode' "$work/apart")" 1
is "the key's calls" "$(events -f 'key:ASIAEXAMPLEADMIN0001' "$work/apart")" 23

# Its record, and where all of it lies; that of nothing else says so.
"$trawl" events -q --no-cache --format records "$work/apart" >"$work/records"
jq -c --arg w "$work/apart/" '[.trawl.file[($w | length):], .trawl.record,
	(.trawl.addenda // [] | map(.file[($w | length):], .record)),
	.trawl.original, .record.errorCode, .record.eventID[-2:]]' \
	"$work/records" >"$work/places"
diff - "$work/places" <<'END' || fail "records"
["a.jsonl",1,["b.jsonl",1],false,"AccessDenied","01"]
["c.jsonl",1,["b.jsonl",2],false,null,"02"]
["a.jsonl",2,[],true,null,"03"]
END

# A load that was kept, one of which a file changed, one that lost a file.
kept() # WHAT WANTED: ids, outcomes and whether amended
{
	"$trawl" events -q --format jsonl -f 'eventTime>=2026-01-09' "$work/kept" \
		>"$work/now"
	is "$1" "$(jq -r '"\(.eventID[-2:])\(if .amended then "+" else "" end)\(.errorCode // "")"' "$work/now" | paste -sd' ')" "$2"
}
cp -r "$work/apart" "$work/kept"
# What is kept has 50,000 events at least.
seq 50100 | awk '{ printf "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-01-08T%02d:%02d:%02dZ\",\"eventSource\":\"s%d.amazonaws.com\",\"eventName\":\"Get%d\",\"eventID\":\"10000000-0000-4000-8000-%012d\",\"recipientAccountId\":\"111122223333\"}\n", $1 % 24, $1 / 24 % 60, $1 / 7 % 60, $1 % 9, $1 % 50, $1 }' \
	>"$work/kept/many.jsonl"
touch -d '1 hour ago' "$work/kept"/*
# What has only just changed is kept by nobody.
while [ -n "$(find "$work/kept" -newerct '3 seconds ago')" ]; do
	:
done
kept "not kept yet" '01+AccessDenied 02+ 03'
ls "$XDG_CACHE_HOME"/*/*.load >/dev/null 2>&1 || fail "the load was not kept"
kept "kept" '01+AccessDenied 02+ 03'
printf '%s\n' "$denied" \
	"$(added 13 13:00:00 01 errorCode '{"errorCode":"Throttling"}')" \
	>"$work/kept/b.jsonl"
touch -d '50 minutes ago' "$work/kept/b.jsonl"
kept "one addendum more, one less" '01+Throttling 02 03'
rm "$work/kept/b.jsonl"
kept "the addenda gone" '01 02 03'
printf '%s\n' "$denied" >"$work/kept/d.jsonl"
rm "$work/kept/a.jsonl"
touch -d '40 minutes ago' "$work/kept/d.jsonl"
kept "the event gone" '02 01AccessDenied'

finish
