#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_cli.sh [TRAWL]
#
# What scripts rely on: exit statuses, what goes to which stream, where output
# is written, options in any place, standard input. Exits 1 when anything is
# wrong, and says what.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq
walk=$root/tests/data/walk.jsonl

# said TEXT: the last run told it on standard error, and by the program's name.
said()
{
	grep -qF -- "$1" "$work/err" || fail "'$1' is not in: $(cat "$work/err")"
	grep -q '^trawl: ' "$work/err" || fail "no name before: $(cat "$work/err")"
}

silent()
{
	[ ! -s "$work/err" ] || fail "standard error: $(head -3 "$work/err")"
}

lines()
{
	local got
	got=$(wc -l <"$work/out")
	[ "$got" = "$1" ] || fail "$got lines, not $1: ${*:2}"
}

# Usage ------------------------------------------------------------------------

# Each: a wrong word, and a text that must be in what is said of it.
check_usage()
{
	while IFS='|' read -r words text; do
		# The words are split on purpose.
		# shellcheck disable=SC2086
		run 2 $words
		said "$text"
		[ ! -s "$work/out" ] || fail "output beside an error: $words"
	done <<-END
		nosuch|nosuch: No such file
		events $walk nosuch|nosuch: No such file
		events --nope $walk|unknown option --nope
		events -Z $walk|-Z
		events $walk --filter|--filter
		events $walk --format xml|table jsonl csv
		summary $walk --format csv|table json
		events $walk -f ip:|column 4
		events $walk -f nosuch:1|nosuch
		events $walk --since yesterdayish|--since yesterdayish
		events $walk --tz Nowhere/City|--tz Nowhere/City
		events $walk -n -1|--limit -1
		events $walk -n 1x|--limit 1x
		events $walk --threads 1x|--threads 1x
		events $walk --days 2026-01|--days 2026-01
		events $walk --days 2026-01-09..2026-01-08|--days 2026
		events $walk --around nosuch|nosuch
		alerts $walk --tactic nosuch|--tactic nosuch
		alerts $walk --technique nosuch|--technique nosuch
		alerts $walk --min-level nosuch|--min-level nosuch
		alerts $walk --fail-on nosuch|--fail-on nosuch
		alerts $walk --rules $work/nosuch|nosuch
		alerts $walk --site $work/nosuch|nosuch
		alerts $walk --site $walk|walk.jsonl:1: account, organization
		walk|walk ID PATH
		walk nobody $walk|nobody
		lineage $walk --of nobody|nobody
		values|values FIELD PATH
		values nosuch $walk|nosuch
		rules nosuch|nosuch
		rules check $work/nosuch|nosuch
	END
	run 0 --help
	silent
	run 0 events --help
	grep -q '^usage: trawl events' "$work/out" || fail "help of a command"
	run 0 --version
	grep -q '^trawl [0-9]' "$work/out" || fail "--version"
}

# An option before or behind, joined or not, twice: the same.
check_options()
{
	local form
	run 0 events "$walk" --filter 'event:ListBuckets' --format jsonl -n 2
	cp "$work/out" "$work/first"
	lines 2 "--limit"
	for form in "-n2 --format=jsonl -f event:ListBuckets events $walk" \
		"events --format jsonl $walk -f event:ListBuckets --limit=2" \
		"events -f event:ListBuckets --format jsonl -n 2 -- $walk" \
		"-q events --format csv --format jsonl -f event:ListBuckets -n2 $walk"; do
		# shellcheck disable=SC2086
		run 0 $form
		cmp -s "$work/first" "$work/out" || fail "another result: $form"
	done
}

# A time is in the zone given, however that is named: all of the walk lies in
# the first minutes after 21:00 UTC, which is 22:00 in Berlin and 06:00 of the
# next day in Tokyo; the event without a time is never in a span.
check_zones()
{
	local form
	run 0 events "$walk" --format jsonl --since '2026-01-09 21:05' \
		--until '2026-01-09 21:10'
	cp "$work/out" "$work/first"
	lines 6 "five minutes"
	for form in "--tz +01:00|2026-01-09 22:05|2026-01-09 22:10" \
		"--tz=Europe/Berlin|2026-01-09 22:05|2026-01-09 22:10" \
		"--tz Asia/Tokyo|2026-01-10 06:05|2026-01-10 06:10" \
		"--tz Asia/Tokyo|2026-01-09T21:05Z|2026-01-09T21:10Z"; do
		IFS='|' read -r zone since until <<<"$form"
		# shellcheck disable=SC2086
		run 0 events --since "$since" "$walk" --until "$until" $zone \
			--format jsonl
		cmp -s "$work/first" "$work/out" || fail "times with $zone"
	done
}

# An event without a time lies in no span, and that is told.
check_untimed()
{
	run 0 events "$walk" --format jsonl
	lines 19 "all events"
	run 0 events "$walk" --format jsonl --since 2026-01-01
	lines 18 "--since"
	said "without a time that --since and --until leave out: 1"
	run 0 events "$walk" --format jsonl --until 2027-01-01
	lines 18 "--until"
	run 0 events "$walk" --format jsonl -f 'eventTime>=2026-01-01'
	lines 18 "eventTime"
	silent
}

# A folder called like a command is meant with ./ before it.
check_names()
{
	(
		cd "$work" && mkdir -p alerts &&
			cp "$walk" "alerts/-strange name.jsonl" || exit 1
		"$trawl" alerts -q </dev/null >out1 2>&1
		"$trawl" summary ./alerts --format json -q >out2 2>err2
		cd alerts && "$trawl" summary --format json -q -- \
			"-strange name.jsonl" >../out3 2>../err3
	)
	for n in 2 3; do
		[ "$(jq .records.events "$work/out$n" 2>&1)" = 19 ] ||
			fail "a file of an odd name: $(cat "$work/err$n")"
	done
}

# Status -----------------------------------------------------------------------

# Which levels the alerts of secutter and quiet have is checked elsewhere.
check_status()
{
	run 1 alerts "$samples/secutter/AWSLogs/111122223333/CloudTrail" -q --fail-on high
	run 1 alerts "$samples/secutter/AWSLogs/111122223333/CloudTrail" -q --fail-on informational
	run 0 alerts "$samples/quiet" -q --fail-on medium
	run 1 alerts "$samples/quiet" -q --fail-on low
	run 1 triage "$samples/secutter/AWSLogs/111122223333/CloudTrail" -q --fail-on high

	# Broken input outranks findings, and is told in a line even so.
	run 3 alerts "$samples/hostile" -q --fail-on high
	run 3 events "$samples/hostile"
	said "skipped"
	run 3 summary "$samples/hostile" --format json
	[ "$(jq '.skips | length' "$work/out")" -gt 20 ] || fail "skips in json"
	run 3 summary "$samples/hostile" -v
	[ "$(grep -c 'record' "$work/err")" -gt 20 ] || fail "skips with -v"

	# Silence is no answer where nothing could be asked, or of nothing.
	mkdir -p "$work/empty"
	run 3 alerts "$work/empty" --fail-on low
	said "no CloudTrail event was found"
	run 3 alerts "$work/empty" -q --fail-on low
	silent
	printf 'title: x\ndetection: 3\n' >"$work/bad.yml"
	run 3 alerts "$walk" --no-builtin-rules -r "$work/bad.yml"
	said "bad.yml:1: "
	run 3 alerts "$walk" -q --no-builtin-rules -r "$work/bad.yml"
	silent

	run 1 rules check "$work/bad.yml"
	grep -qE "^broken +$work/bad.yml +1 " "$work/out" ||
		fail "file and line of a bad rule"
	run 0 rules check "$root/rules/persistence"
}

# Whoever writes a log can write what a regular expression does not get through;
# that the rule could not decide has to be told.
check_undecided()
{
	cat >"$work/regex.yml" <<-END
		title: Repeats
		level: high
		logsource: {product: aws, service: cloudtrail}
		detection:
		    selection:
		        userAgent|re: '^(a+)+(a+)+\$'
		    condition: selection
	END
	jq -c '.userAgent = "a" * 5000 + "!"' <<-END >"$work/long.jsonl"
		$(head -1 "$walk")
	END
	run 0 alerts "$walk" --no-builtin-rules --rules "$work/regex.yml"
	silent
	run 3 alerts "$work/long.jsonl" --no-builtin-rules \
		--rules "$work/regex.yml"
	said "was given up"
	run 3 alerts "$work/long.jsonl" --no-builtin-rules \
		--rules "$work/regex.yml" -q
	silent
}

# Streams and files ------------------------------------------------------------

check_stdin()
{
	local form
	run 0 events "$walk" --format jsonl
	jq -c 'del(.file)' "$work/out" >"$work/first"
	[ "$(wc -l <"$work/first")" = 19 ] || fail "events of walk.jsonl"
	for form in cat "gzip -c" "jq -s ." "jq -s {Records:.}"; do
		# shellcheck disable=SC2086
		$form "$walk" >"$work/in"
		"$trawl" events - --format jsonl <"$work/in" >"$work/out" \
			2>"$work/err" || fail "standard input by $form: $?"
		# What lies where differs; what lies there does not.
		if ! jq -c 'del(.file, .offset)' "$work/out" |
			cmp -s - <(jq -c 'del(.offset)' "$work/first"); then
			fail "another result by $form"
		fi
	done
}

check_output()
{
	run 0 events "$walk" --format jsonl
	cp "$work/out" "$work/first"

	run 0 events "$walk" --format jsonl -o "$work/new"
	[ ! -s "$work/out" ] || fail "-o and standard output"
	cmp -s "$work/new" "$work/first" || fail "-o writes something else"

	echo kept >"$work/old"
	run 2 events "$walk" -o "$work/old"
	said "--force"
	[ "$(cat "$work/old")" = kept ] || fail "a file was overwritten"
	run 0 events "$walk" --format jsonl -o "$work/old" --force
	cmp -s "$work/old" "$work/first" || fail "--force writes something else"

	# Evidence is never written to, whatever is asked.
	cp "$walk" "$work/evidence.jsonl"
	run 2 events "$work/evidence.jsonl" --force -o "$work/evidence.jsonl"
	cmp -s "$walk" "$work/evidence.jsonl" || fail "evidence was written to"

	run 2 events "$walk" -o "$work/no/such/folder"
	said "No such file"
	"$trawl" events "$walk" >/dev/full 2>"$work/err" </dev/null &&
		fail "a full disk is no error"
	said "No space left"
	"$trawl" rules test "$samples" -v >/dev/full 2>"$work/err" </dev/null
	[ $? = 2 ] || fail "rules test: a full disk is no error"
	said "No space left"
	"$trawl" --help >/dev/full 2>"$work/err" </dev/null &&
		fail "help: a full disk is no error"
	said "could not be written"
	"$trawl" events "$samples/secutter/AWSLogs/111122223333/CloudTrail" -q 2>"$work/err" | head -1 >/dev/null
	[ ! -s "$work/err" ] || fail "a closed pipe: $(cat "$work/err")"
}

# No escape sequence and no progress where no terminal is.
check_plain()
{
	local command
	for command in triage summary events alerts lineage "values userAgent"; do
		# shellcheck disable=SC2086
		run 3 $command "$samples/hostile"
		for f in out err; do
			if LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' "$work/$f"; then
				fail "$command: control characters in $f"
			fi
			iconv -f UTF-8 -t UTF-8 <"$work/$f" >/dev/null 2>&1 ||
				fail "$command: $f is not UTF-8"
		done
	done
	run 0 alerts "$samples/secutter/AWSLogs/111122223333/CloudTrail" --color always
	grep -q $'\033\[' "$work/out" || fail "--color always has no colours"
	run 0 triage "$samples/secutter/AWSLogs/111122223333/CloudTrail"
	cp "$work/out" "$work/first"
	run 0 "$samples/secutter/AWSLogs/111122223333/CloudTrail"
	cmp -s "$work/out" "$work/first" || fail "without a terminal: not triage"
}

# What one identity did --------------------------------------------------------
#
# walk.jsonl, by hand: alice's key is used five times (minutes 1 to 4 and 26) and
# a service acts for her once (25); she becomes Ops/cli (minutes 5 to 8),
# that becomes Audit/far of another account (9 and one without a time), which is
# told in that account as well, and she makes eve with a key, who is another
# identity (10).

check_walk()
{
	run 0 walk alice "$walk" --format json
	[ "$(jq -c '[.identity, .events]' "$work/out")" = \
		'["P:arn:aws:iam::111122223333:user/alice",13]' ] ||
		fail "walk of alice: $(jq -c '[.identity, .events]' "$work/out")"
	cat >"$work/want" <<-END
		{"recipientAccountId":null,"eventSource":"s3.amazonaws.com","events":1,"denied":0,"failed":0}
		{"recipientAccountId":"111122223333","eventSource":"iam.amazonaws.com","events":3,"denied":0,"failed":1}
		{"recipientAccountId":"111122223333","eventSource":"kms.amazonaws.com","events":1,"denied":0,"failed":0}
		{"recipientAccountId":"111122223333","eventSource":"s3.amazonaws.com","events":2,"denied":1,"failed":0}
		{"recipientAccountId":"111122223333","eventSource":"sts.amazonaws.com","events":3,"denied":0,"failed":0}
		{"recipientAccountId":"444455556666","eventSource":"s3.amazonaws.com","events":2,"denied":0,"failed":0}
		{"recipientAccountId":"444455556666","eventSource":"sts.amazonaws.com","events":1,"denied":0,"failed":0}
	END
	jq -c '.matrix[] | {recipientAccountId, eventSource, events, denied,
		failed}' "$work/out" >"$work/got"
	diff "$work/want" "$work/got" || fail "the matrix of alice"
}

# Why a rule matches, and which part fails of one that does not: the record is
# a RunInstances of a p3.8xlarge that failed by Client.VcpuLimitExceeded.
check_explain()
{
	local id made listed
	id=$(jq -r 'select(.eventName == "RunInstances" and .errorCode != null)
		| .eventID' <("$trawl" events "$samples/secutter/AWSLogs/111122223333/CloudTrail" -q \
		--format jsonl) | head -1)
	run 0 rules explain "Instances suited for mining launched" "$id" \
		"$samples/secutter/AWSLogs/111122223333/CloudTrail" --format jsonl
	[ "$(jq -c '[.met, (.selections[] | [.name, .met])]' "$work/out")" = \
		'[true,["selection",true],["notebook",false],["dry_run",false],["filter_service",false]]' ] ||
		fail "explain: $(cat "$work/out")"
	run 0 rules explain "IAM user created" "$id" "$samples/secutter/AWSLogs/111122223333/CloudTrail" \
		--format jsonl
	[ "$(jq -c '[.met, (.selections[0].parts[]
		| select(.kind == "test") | [.field, .met, .found])]' \
		"$work/out")" = '[false,["eventSource",false,["ec2.amazonaws.com"]],["eventName",false,["RunInstances"]]]' ] ||
		fail "explain of a silent rule: $(cat "$work/out")"
	# Rules that are decided after the load: the user is made by this call,
	# the rights and the key come with the next two; a listing is no part of
	# it, and nobody's graph says anything of it.
	made=$("$trawl" events "$samples/secutter" -q --format jsonl \
		-f 'event:CreateUser and key:AKIA*' | jq -r .eventID | head -1)
	listed=$("$trawl" events "$samples/secutter" -q --format jsonl \
		-f 'event:ListBuckets' | jq -r .eventID | head -1)
	run 0 rules explain "User made, given rights and a key within minutes" \
		"$made" "$samples/secutter" --format jsonl
	[ "$(jq -c '[.found, .foundElsewhere, (.rules[] | .met)]' \
		"$work/out")" = '[true,0,true,false,false]' ] ||
		fail "explain of a correlation: $(cat "$work/out")"
	run 0 rules explain "User made, given rights and a key within minutes" \
		"$listed" "$samples/secutter" --format jsonl
	[ "$(jq -c '[.found, .foundElsewhere, (.rules[] | .met), .notes]' \
		"$work/out")" = '[false,1,false,false,false,[]]' ] ||
		fail "explain of a silent correlation: $(cat "$work/out")"
	run 0 rules explain 106f62f9-c0eb-4dde-84e8-2117498341a5 "$listed" \
		"$samples/secutter" --format jsonl
	[ "$(jq -c '[.found, .notes]' "$work/out")" = '[false,[]]' ] ||
		fail "explain of a rule of the graph: $(cat "$work/out")"
	run 0 rules explain 106f62f9-c0eb-4dde-84e8-2117498341a5 "$listed" \
		"$samples/secutter"
	grep -q "not at this event" "$work/out" ||
		fail "explain in words: $(cat "$work/out")"
	run 2 rules explain nosuch "$id" "$samples/secutter/AWSLogs/111122223333/CloudTrail"
	said "nosuch"
	run 2 rules explain "IAM user created" nosuch "$samples/secutter/AWSLogs/111122223333/CloudTrail"
	said "nosuch"
	run 2 rules explain "IAM user created"
	said "explain RULE EVENTID PATH"
}

# Days of S3's folders, and what memory would not hold.
check_selection()
{
	local logs=$work/days day
	for day in 05 06 07; do
		mkdir -p "$logs/2026/01/$day"
		head -n 1 "$walk" | sed "s/-000000000001\"/-0000000000$day\"/" \
			>"$logs/2026/01/$day/a.jsonl"
	done
	run 0 summary --format json "$logs" --days 2026-01-06..2026-01-07
	[ "$(jq -c '[.files.read, .files.leftOut]' "$work/out")" = "[2,1]" ] ||
		fail "--days: $(cat "$work/out")"
	run 0 summary --format json "$logs"
	[ "$(jq -c '[.files.read, .files.leftOut]' "$work/out")" = "[3,null]" ] ||
		fail "without --days: $(cat "$work/out")"
	# By name: a folder's, a file's, a way's; what is named is read anyway.
	run 0 summary --format json "$logs" --exclude 06 --exclude "*/07/*"
	[ "$(jq -c '[.files.read, .files.leftOut]' "$work/out")" = "[1,2]" ] ||
		fail "--exclude: $(cat "$work/out")"
	run 0 summary --format json "$logs" --include "*.gz" \
		--include "*/05/*.jsonl"
	[ "$(jq -c '[.files.read, .files.leftOut]' "$work/out")" = "[1,2]" ] ||
		fail "--include: $(cat "$work/out")"
	run 0 summary --format json "$logs/2026/01/05/a.jsonl" --include "*.gz"
	[ "$(jq -c '[.files.read, .files.leftOut]' "$work/out")" = "[1,0]" ] ||
		fail "--include of what is named: $(cat "$work/out")"
	run 0 coverage "$logs" --include "*/05/*"
	grep -qF "Left unread because of their days or names: 2" "$work/out" ||
		fail "--include in the coverage: $(cat "$work/out")"
	# Nobody has the memory for a petabyte of events; none of it is read.
	truncate -s 1P "$work/huge.json" 2>/dev/null ||
		truncate -s 15T "$work/huge.json" || return
	run 2 summary "$work/huge.json"
	said "--force loads it all the same"
	rm "$work/huge.json"
}

# A signal ends a load; while a pipe is waited for, too.
check_signal()
{
	local got reader
	mkfifo "$work/pipe"
	# Open for writing as well: it never ends.
	exec 9<>"$work/pipe"
	"$trawl" summary - <"$work/pipe" >"$work/out" 2>"$work/err" &
	reader=$!
	# Until it catches SIGTERM and SIGINT.
	SECONDS=0
	until grep -q 'SigCgt:.*4..2$' "/proc/$reader/status" ||
		[ $SECONDS -gt 30 ]; do :; done
	kill -TERM $reader
	wait $reader
	got=$?
	exec 9>&-
	[ $got = 143 ] || fail "exit status $got after SIGTERM"
	said "stopped"
}

check_usage
check_selection
check_signal
check_options
check_zones
check_untimed
check_names
check_status
check_undecided
check_stdin
check_output
check_explain
check_plain
check_walk
# A technique that no rule looks for is told; one that some do is not.
"$trawl" alerts $walk --technique T9999 >"$work/out" 2>"$work/err"
grep -q 'no rule names T9999, which the table' "$work/err" ||
	fail "--technique T9999: $(cat "$work/err")"
"$trawl" alerts $walk --technique T9999 -q >"$work/out" 2>"$work/err"
[ ! -s "$work/err" ] || fail "--technique T9999 -q: $(cat "$work/err")"
"$trawl" alerts $walk --technique T1098 >"$work/out" 2>"$work/err"
! grep -q 'no rule names' "$work/err" || fail '--technique T1098 is told'

finish
