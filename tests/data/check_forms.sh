#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: check_forms.sh [TRAWL [SAMPLES]]
#
# The same forty events in every form that CloudTrail comes in, made with jq
# from a sample: what `trawl events` says of them is the same from each, but
# for what the form lacks, which stands here beside it. Exits 1 when anything
# differs, and says what.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
need jq

# Forty records of the incident, of as many calls and callers as there are.
find "$samples/secutter" -name '*.json.gz' -print0 | sort -z |
	xargs -0 zcat | jq -c '.Records[]' |
	jq -c -s 'sort_by(.eventTime, .eventID) |
		group_by([.eventName, .userIdentity.type]) |
		map(.[0]) | sort_by(.eventTime, .eventID) | .[0:40][]' \
		>"$work/records"
[ "$(wc -l <"$work/records")" -eq 40 ] || fail "the sample has changed"

# What is said of each event, without where it was found.
said() # FILE [jq filter]
{
	"$trawl" events -q --format jsonl "$1" 2>"$work/err" |
		jq -S -c "del(.file, .record, .offset, .copies) | ${2:-.}"
}

jq -s -c '{Records: .}' "$work/records" >"$work/base.json"
said "$work/base.json" >"$work/base.said"
[ "$(wc -l <"$work/base.said")" -eq 40 ] || fail "S3 delivery: not 40 events"

mkdir "$work/all"

# whole NAME JQ_OPTIONS... FILTER: a form that lacks nothing.
whole()
{
	local name=$1
	shift
	jq "$@" "$work/records" >"$work/all/$name"
	said "$work/all/$name" >"$work/said"
	cmp -s "$work/base.said" "$work/said" ||
		fail "$name:" "$(diff "$work/base.said" "$work/said" | head -4)" \
			"$(head -3 "$work/err")"
}

# lossy NAME LACKS: the same of a file that is there, without the members that
# it lacks, a jq filter; all of its events are marked.
lossy()
{
	local name=$1 lacks=$2
	jq -S -c "$lacks | .partial = true" "$work/base.said" >"$work/want"
	said "$work/all/$name" "$lacks" >"$work/said"
	cmp -s "$work/want" "$work/said" ||
		fail "$name:" "$(diff "$work/want" "$work/said" | head -4)" \
			"$(head -3 "$work/err")"
}

whole lines.jsonl -c .
whole array.json -s .
whole pretty.json .
whole lookup.json -s '{Events: map({EventId: .eventID, EventName: .eventName,
	CloudTrailEvent: tojson}), NextToken: "x"}'
whole lookup.jsonl -c '{EventId: .eventID, CloudTrailEvent: tojson}'
whole export.txt -r '"\(.eventTime[:19]).000Z \(tojson)"'
whole subscription.json -s -c -j '[.[0:20], .[20:]][] | {messageType:
	"DATA_MESSAGE", owner: "1", logGroup: "g", logStream: "s",
	subscriptionFilters: ["f"], logEvents: map({id: "1", timestamp: 1,
	message: tojson})}'
whole filter.json -s '{events: map({timestamp: 1, message: tojson,
	ingestionTime: 2, eventId: "3"}), searchedLogStreams: []}'
whole insights.json -s '{results: map([{field: "@timestamp", value: "t"},
	{field: "@message", value: tojson}, {field: "@ptr", value: "p"}]),
	statistics: {}, status: "Complete"}'
whole bus.jsonl -c '{version: "0", id: "i", "detail-type":
	"AWS API Call via CloudTrail", source: "aws.x", account: "1",
	time: .eventTime, region: .awsRegion, resources: [], detail: .}'
whole topic.jsonl -c '{Type: "Notification", MessageId: "m", TopicArn: "a",
	Message: tojson}'
whole queue.json -s '{Messages: map({MessageId: "m", ReceiptHandle: "r",
	Body: {Type: "Notification", Message: {"detail-type":
	"AWS Service Event via CloudTrail", detail: .} | tojson} | tojson})}'
whole function.json -s '{Records: map({messageId: "m", eventSource: "aws:sqs",
	awsRegion: "eu-west-1", body: tojson})}'
whole firehose.json -c -j .
whole search.json -s '{took: 1, hits: {total: {value: 40}, hits: map({_index:
	"i", _id: "d", _source: .})}}'
whole original.jsonl -c '{_index: "i", _source: {"@timestamp": "t", event:
	{original: tojson, action: "x"}, aws: {cloudtrail: {event_version:
	"1"}}}}'
whole splunk.jsonl -c '{preview: false, offset: 0, result: {_raw: tojson,
	host: "h"}}'
whole lake.json -s '{QueryStatus: "FINISHED", QueryResultRows:
	map([{eventJson: tojson}])}'
whole splunk.csv -r -s '["_time", "_raw"], (.[] | [.eventTime, tojson]) | @csv'
whole lake.csv -r -s '["eventID", "eventJson"], (.[] | [.eventID, tojson]) |
	@csv'
whole insights.csv -r -s '["@timestamp", "@message"], (.[] | [.eventTime,
	tojson]) | @csv'

# Athena prints structures as {a=b, c={d=e}} with names in small letters, and
# what is absent as null.
jq -r -s '
	def low: ascii_downcase;
	def struct: if type == "object" then "{" + ([to_entries[] |
		"\(.key | low)=\(.value | struct)"] | join(", ")) + "}"
		elif type == "array" then "[" + (map(struct) | join(", ")) + "]"
		else tostring end;
	def document: if . == null then null else tojson end;
	def names: ["eventVersion", "userIdentity", "eventTime", "eventSource",
		"eventName", "awsRegion", "sourceIPAddress", "userAgent",
		"errorCode", "errorMessage", "requestParameters",
		"responseElements", "additionalEventData", "requestID",
		"eventID", "readOnly", "resources", "eventType",
		"managementEvent", "recipientAccountId", "eventCategory"];
	def row: . as $r | names | map(. as $n | $r[$n] |
		if $n == "userIdentity" then {invokedby: null} + . | struct
		elif $n == "resources" then (if . then struct else null end)
		elif $n | test("Parameters|Elements|Data$") then document
		elif type == "boolean" then tostring else . end);
	(names | map(low)), (.[] | row) | map(if . == null then ""
		else "\"" + gsub("\""; "\"\"") + "\"" end) | join(",")' \
	"$work/records" >"$work/all/athena.csv"
lossy athena.csv .

# The same in JSON, as converters of Parquet write it.
jq -c 'with_entries(.key |= ascii_downcase)' "$work/records" \
	>"$work/all/parquet.jsonl"
lossy parquet.jsonl .

# The console's table: no session, no caller but a name and a key.
jq -r -s '["Event name", "Event time", "User name", "Event source",
	"AWS access key", "Source IP address", "AWS region", "Error code",
	"Event ID", "Read-only"], (.[] | [.eventName, .eventTime,
	.userIdentity.userName, .eventSource, .userIdentity.accessKeyId,
	.sourceIPAddress, .awsRegion, .errorCode, .eventID,
	(.readOnly | tostring)]) | @csv' "$work/records" \
	>"$work/all/console.csv"
lossy console.csv 'del(.principal, .session, .actor, .recipientAccountId,
	.userAgent, .outcome, .level)'

# OCSF, as Security Lake maps it.
jq -c '{class_uid: 3005, time: (.eventTime | fromdate * 1000), metadata: {uid:
	.eventID, product: {name: "CloudTrail", version: .eventVersion, feature:
	{name: .eventCategory}}, event_code: .eventType}, api: {operation:
	.eventName, service: {name: .eventSource}, request: {uid: .requestID,
	data: .requestParameters}, response: {error: .errorCode, message:
	.errorMessage, data: (.responseElements | if . then tojson else . end)}},
	cloud: {region: .awsRegion}, src_endpoint: (if (.sourceIPAddress // "" |
	test("^[0-9.]+$")) then {ip: .sourceIPAddress} else {domain:
	.sourceIPAddress} end), http_request: {user_agent: .userAgent}, actor: {
	user: {type: .userIdentity.type, uid: .userIdentity.arn, uid_alt:
	.userIdentity.principalId, name: .userIdentity.userName, credential_uid:
	.userIdentity.accessKeyId, account: {uid: .userIdentity.accountId}},
	session: {created_time_dt:
	.userIdentity.sessionContext.attributes.creationDate, issuer:
	.userIdentity.sessionContext.sessionIssuer.arn}, invoked_by:
	.userIdentity.invokedBy}, unmapped: {readOnly, managementEvent,
	recipientAccountId, sharedEventID, additionalEventData, userIdentity:
	{sessionContext: .userIdentity.sessionContext}}}' "$work/records" \
	>"$work/all/ocsf.jsonl"
lossy ocsf.jsonl .

# Elastic without the original.
jq -c '{_source: {"@timestamp": .eventTime, event: {id: .eventID, action:
	.eventName, provider: .eventSource}, user: {id:
	.userIdentity.principalId, name: .userIdentity.userName}, cloud:
	{region: .awsRegion, account: {id: .userIdentity.accountId}}, source:
	{address: .sourceIPAddress}, "user_agent.original": .userAgent, aws:
	{cloudtrail: {event_version: .eventVersion, event_type: .eventType,
	event_category: .eventCategory, error_code: .errorCode, error_message:
	.errorMessage, request_id: .requestID, read_only: .readOnly,
	management_event: .managementEvent, recipient_account_id:
	.recipientAccountId, flattened: {request_parameters: .requestParameters,
	response_elements: .responseElements, additional_eventdata:
	.additionalEventData}, user_identity: (.userIdentity | {type, arn,
	access_key_id: .accessKeyId, invoked_by: .invokedBy, session_context:
	(.sessionContext | {mfa_authenticated: .attributes.mfaAuthenticated,
	creation_date: .attributes.creationDate, session_issuer:
	(.sessionIssuer | {type, arn, principal_id: .principalId, account_id:
	.accountId})})})}}}}' "$work/records" >"$work/all/ecs.jsonl"
lossy ecs.jsonl .

# All of them in one folder, with the delivery itself: forty events, as
# delivered.
cp "$work/base.json" "$work/all"
said "$work/all" >"$work/said"
cmp -s "$work/base.said" "$work/said" ||
	fail "all in one folder:" "$(diff "$work/base.said" "$work/said" | head -4)"

# What only the record says is found in each of them, by reading it again.
asked() # FILTER JQ_FILTER
{
	local file n
	jq -r "select($2) | .eventID" "$work/records" | sort >"$work/want"
	n=$(wc -l <"$work/want")
	[ "$n" -gt 0 ] && [ "$n" -lt 40 ] || fail "$1 selects $n by jq"
	for file in "$work"/all/*; do
		case $file in */console.csv) continue ;; esac
		"$trawl" events -q --format jsonl -f "$1" "$file" 2>"$work/err" |
			jq -r .eventID | sort >"$work/ids"
		cmp -s "$work/want" "$work/ids" ||
			fail "${file##*/}: $1 finds $(wc -l <"$work/ids")," \
				"not $n" "$(head -2 "$work/err")"
	done
}

asked 'requestParameters.roleArn:*' '.requestParameters.roleArn? != null'
asked 'responseElements.credentials.accessKeyId:ASIA*' \
	'.responseElements.credentials.accessKeyId? != null'

# Alerts and lineage are those of the delivery.
judged() # FILE
{
	"$trawl" alerts --each -q --format jsonl "$1" |
		jq -c '[.ruleId, .level, .eventIDs]' | sort
	"$trawl" lineage -q --format json "$1" | jq -S -c '.edges[] |
		[.kind, .from, .to, .certainty, .evidence]' | sort
}

judged "$work/base.json" >"$work/base.judged"
[ "$(wc -l <"$work/base.judged")" -gt 20 ] || fail "hardly anything is judged"
for name in queue.json subscription.json lake.csv athena.csv ocsf.jsonl \
	ecs.jsonl; do
	judged "$work/all/$name" >"$work/judged"
	cp "$work/base.judged" "$work/want"
	# Elastic has no place for ec2RoleDelivery, which makes certain whose
	# an instance's session is.
	[ "$name" = ecs.jsonl ] && sed -i \
		'/^\["runs_as".*instance/s/"certain"/"probable"/' "$work/want"
	cmp -s "$work/want" "$work/judged" ||
		fail "$name:" "$(diff "$work/want" "$work/judged" | head -6)"
done

finish
