#!/bin/bash
# SPDX-License-Identifier: MIT
#
# usage: SAMPLEGEN=samplegen check_samples.sh
#
# Checks that samples/ is what the generator writes, and that what it writes
# keeps its promises: sound JSON, unique ids, sessions that somebody issued,
# stories in order. Exits 1 when anything is wrong.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C
need jq
samplegen=${SAMPLEGEN:?the generator}

# What a file holds: gzip that is whole is compared by its content, since
# other versions of zlib may pack it otherwise.
content()
{
	case $1 in
	*.gz)
		if gzip -dc "$1" >"$work/content" 2>/dev/null; then
			cat "$work/content"
			return
		fi
		;;
	esac
	cat "$1"
}

# The files of the sets below a folder, without the generator and README.md.
list()
{
	(cd "$1" && find . -type f ! -path './gen/*' ! -name README.md | sort)
}

check_tree()
{
	list "$work/new" >"$work/new.list"
	list "$root/samples" >"$work/old.list"
	if ! diff "$work/old.list" "$work/new.list" >"$work/diff"; then
		fail "the files differ (< committed, > generated):"
		head -20 "$work/diff" >&2
	fi
	while IFS= read -r file; do
		if ! cmp -s "$work/new/$file" "$root/samples/$file" &&
			! cmp -s <(content "$work/new/$file") \
				<(content "$root/samples/$file"); then
			fail "$file differs"
		fi
	done < <(comm -12 "$work/old.list" "$work/new.list")
}

# All records of a set, one a line, in $work/records.
read_records()
{
	find "$work/new/$1" -type f \( -name '*.json' -o -name '*.json.gz' \) |
		sort | while IFS= read -r file; do
		content "$file" | jq -c '.Records[]' || echo "bad $file" >&2
	done >"$work/records" 2>"$work/errors"
	[ -s "$work/records" ] || fail "$1: no records"
	if [ -s "$work/errors" ]; then
		fail "$1: files that are no JSON:"
		head "$work/errors" >&2
	fi
}

# Copies of an event are equal byte for byte.
check_ids()
{
	local ids records
	records=$(sort -u "$work/records" | wc -l)
	ids=$(jq -r '"\(.eventID) \(.recipientAccountId)"' "$work/records" |
		sort -u | wc -l)
	[ "$ids" = "$records" ] ||
		fail "$1: $records different records have $ids ids"
}

# Sessions in use that no event of the set issued, and that are not listed as
# older than the evidence.
orphans='
def issued:
	select(.errorCode == null) |
	if .eventName | startswith("AssumeRole") then
		(.responseElements.assumedRoleUser.assumedRoleId // empty,
		 "\(.requestParameters.roleArn)|\(.requestParameters.roleSessionName)")
		+ "@" + .eventTime
	elif .eventName == "GetFederationToken" then
		.responseElements.federatedUser.federatedUserId + "@" + .eventTime
	elif .eventName == "ConsoleLogin" or .eventName == "GetSessionToken" then
		.userIdentity.principalId + "@" + .eventTime
	else empty end;
def used:
	.userIdentity | select(.sessionContext) |
	.sessionContext as $c | $c.attributes.creationDate as $t |
	{ id: "\(.principalId)@\($t)",
	  by_role: "\($c.sessionIssuer.arn // "")|\(.principalId |
		split(":")[1:] | join(":"))@\($t)",
	  behind: (.type == "IAMUser" and .invokedBy != null) };
(map(issued) | map({ (.): true }) | add) as $issued |
map(used) | group_by(.id)[] |
select(all(.behind) | not) |
select(($issued[.[0].id] or $issued[.[0].by_role]) | not) | .[0].id'

check_sessions()
{
	local set=$1 lists=$2
	jq -rs "$orphans" "$work/records" | sort -u >"$work/orphans"
	tail -n +2 "$work/new/$lists.older.tsv" |
		awk -F '\t' '{ print $1 "@" $2 }' | sort -u >"$work/older"
	comm -23 "$work/orphans" "$work/older" >"$work/diff"
	if [ -s "$work/diff" ]; then
		fail "$set: sessions that nothing issued:"
		cat "$work/diff" >&2
	fi
}

# The rows of a truth file are there, with time and name, in order of time.
check_truth()
{
	local truth="$work/new/$1.truth.tsv"
	sort -u "$work/records" |
		jq -r '[.eventTime, .eventName, .eventID] | @tsv' |
		sort >"$work/have"
	tail -n +2 "$truth" | grep "^$2" | cut -f 2- >"$work/rows"
	sort "$work/rows" | comm -23 - "$work/have" >"$work/diff"
	if [ -s "$work/diff" ]; then
		fail "$1: rows of the truth that are no records:"
		cat "$work/diff" >&2
	fi
	cut -f 1 "$work/rows" | sort -c || fail "$1: the story is not in order"
}

# Of a set in several accounts: a role that is assumed from another account is
# told twice, with one sharedEventID, request and key; ids of an account begin
# alike, and its services and people write into its own trail.
check_accounts()
{
	jq -s -r --argjson own "$1" '
		map(select(.eventName == "AssumeRole" and .errorCode == null and
			.userIdentity.type != "AWSService")) |
		map(select(.resources[0].accountId as $to |
			.userIdentity.accountId | . != $to and
			IN($own[]))) |
		if length == 0 then "no role is assumed across accounts" else
		group_by(.sharedEventID)[] |
		select(length != 2 or
			(map(.recipientAccountId) | unique | length) != 2 or
			(map(.userIdentity.type == "AWSAccount") | sort) !=
				[false, true] or
			(map([.requestID, .eventTime, .sourceIPAddress,
				.responseElements]) | unique | length) != 1) |
		"copies of \(.[0].sharedEventID) do not agree" end
		' "$work/unique" >"$work/diff"
	[ ! -s "$work/diff" ] || fail "org: $(head -3 "$work/diff")"
	jq -r '.userIdentity | select(.type != "AWSService" and
			.type != "SAMLUser" and .type != "WebIdentityUser") |
		select(.accountId != null) | .accountId as $a |
		(.accessKeyId // empty | .[4:12]),
		(.principalId // empty | select(test("^A(IDA|ROA)")) | .[4:12]) |
		"\($a) \(.)"' "$work/unique" | sort -u >"$work/have"
	[ "$(cut -d ' ' -f 1 "$work/have" | uniq -d)" = "" ] ||
		fail "org: ids of an account do not begin alike"
}

# The true graph is about these records: as many of them; each session that is
# used and each key is in it; the intruders did what they are said to have done
# and nothing else came from their addresses.
check_graph()
{
	local graph="$work/new/$1.truth.json"
	[ "$(jq .expect.events_kept "$graph")" = "$(wc -l <"$work/unique")" ] ||
		fail "$1: the truth counts other events"
	jq -r '.expect.edges[] | .[1], .[2] | select(test("^[SK]:"))' \
		"$graph" | sort -u >"$work/have"
	jq -r '.userIdentity | (select(.accessKeyId // "" != "") |
			"K:" + .accessKeyId),
		(select(.sessionContext) | "S:\(.principalId)@\(
			.sessionContext.attributes.creationDate)")' \
		"$work/unique" | sort -u | comm -23 - "$work/have" >"$work/diff"
	[ ! -s "$work/diff" ] ||
		fail "$1: not in the truth: $(head -3 "$work/diff")"
	jq -r '.expect.edges[] | @json' "$graph" | sort | uniq -d >"$work/diff"
	[ ! -s "$work/diff" ] || fail "$1: edges that are told twice"
	jq -r '.complete[]' "$graph" | sort >"$work/have"
	jq -r '.expect | .edges[], .open_edges[] | .[0]' "$graph" | sort -u |
		cmp -s - "$work/have" || fail "$1: kinds of edges without an edge"
	jq -r '.incidents[].events[]' "$graph" | sort >"$work/have"
	jq -r .eventID "$work/unique" | sort |
		comm -13 - "$work/have" >"$work/diff"
	[ ! -s "$work/diff" ] || fail "$1: the intruders' events are missing"
	[ "$(uniq -d "$work/have")" = "" ] || fail "$1: two intruders, one event"
	jq -r '.incidents[].addresses[]' "$graph" >"$work/rows"
	jq -r '[.sourceIPAddress, .eventID] | @tsv' "$work/unique" |
		grep -Ff "$work/rows" | cut -f 2 | sort |
		comm -23 - "$work/have" >"$work/diff"
	[ ! -s "$work/diff" ] || fail "$1: an intruder's address does more"
}

check_rules()
{
	local folder="$work/new/rules"
	cat "$folder"/*.jsonl | jq -r .eventID >"$work/have" ||
		fail "rules: not JSON"
	[ -z "$(sort "$work/have" | uniq -d)" ] || fail "rules: ids repeat"
	# Lines of an access log have no id; the index calls them by a hash.
	tail -n +2 "$folder/INDEX.tsv" | cut -f 2 | grep -v '^h:' >"$work/rows"
	[ "$(grep -c 's3access.log$' "$folder/INDEX.tsv")" = \
		"$(wc -l <"$folder/s3access.log")" ] ||
		fail "rules: INDEX.tsv does not list the requests"
	cmp -s <(sort "$work/have") <(sort "$work/rows") ||
		fail "rules: INDEX.tsv does not list the events"
}

# Each line of EXPECT.tsv has its file, with the events that must be there.
check_hostile()
{
	local folder="$work/new/hostile" file ids id
	cut -f 1 "$folder/EXPECT.tsv" | tail -n +2 | sort >"$work/rows"
	(cd "$folder" && find . -type f ! -name EXPECT.tsv |
		sed 's:^./::' | sort) >"$work/have"
	cmp -s "$work/rows" "$work/have" ||
		fail "hostile: EXPECT.tsv does not list the files"
	while IFS=$'\t' read -r file _ _ ids _; do
		gzip -dc "$folder/$file" >"$work/content" 2>/dev/null
		case $file in
		*.gz) [ -s "$work/content" ] || content "$folder/$file" \
			>"$work/content" ;;
		*) cp "$folder/$file" "$work/content" ;;
		esac
		for id in ${ids//,/ }; do
			[ "$id" = - ] || grep -aq "$id" "$work/content" ||
				fail "hostile: $file has no event $id"
		done
	done < <(tail -n +2 "$folder/EXPECT.tsv")
}

# Load data: as many events as asked for, the same each time.
check_bench()
{
	local ids
	"$samplegen" --bench 3000 "$work/new/bench" --duplicates 0.2 &&
		"$samplegen" --bench 3000 "$work/again" --duplicates 0.2 ||
		fail "bench: the generator failed"
	diff -r "$work/new/bench" "$work/again" >/dev/null ||
		fail "bench: two runs differ"
	read_records bench
	check_ids bench
	ids=$(jq -r .eventID "$work/records" | sort -u | wc -l)
	[ "$ids" = 3000 ] || fail "bench: $ids events instead of 3000"
	: >"$work/new/bench.older.tsv"
	check_sessions bench bench
}

"$samplegen" --self-test || fail "the generator fails its own test"
if ! "$samplegen" "$work/new"; then
	fail "the generator failed"
	exit 1
fi
check_tree

read_records secutter
check_ids secutter
check_sessions secutter secutter
check_truth secutter ''
tail -n +2 "$work/new/secutter.truth.tsv" | cut -f 4 |
	while IFS= read -r id; do
		grep -q "$id" "$root/samples/README.md" || echo "$id"
	done >"$work/diff"
[ ! -s "$work/diff" ] || fail "README.md lacks events of the story"

read_records quiet
check_ids quiet
check_sessions quiet quiet

read_records org
check_ids org
check_sessions org org
check_truth org 1/
check_truth org 2/
sort -u "$work/records" >"$work/unique"
check_accounts '["111122223333", "444455556666", "777788889999"]'
check_graph org

for tactic in "$work"/new/eight-tactics/*; do
	tactic=${tactic##*/}
	read_records "eight-tactics/$tactic"
	check_ids "eight-tactics/$tactic"
	check_sessions "eight-tactics/$tactic" eight-tactics
	check_truth eight-tactics "$tactic/"
done

check_rules
check_hostile
check_bench

finish "$(wc -l <"$work/new.list") files are as generated"
