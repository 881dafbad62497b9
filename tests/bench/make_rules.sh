#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# usage: make_rules.sh TRAWL DATA >RULES
#
# Writes 800 rules such as public packs have: two for each call that DATA has,
# one for its success and one for its failure, as many for calls that it does
# not have, and ten that name no call.
set -euo pipefail
trawl=$1
data=$2

rule() { # TITLE DETECTION
	printf -- '---\ntitle: %s\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n%s\n' "$1" "$2"
}

"$trawl" events -q --no-builtin-rules --format jsonl "$data" |
	jq -r '"\(.eventName) \(.eventSource)"' | sort | uniq -c | sort -rn |
	awk '{ print $2, $3 }
		END { for (i = 1; NR + i <= 395; i++)
			printf "DescribeNothing%d nothing%d.amazonaws.com\n",
				i, i % 50 }' | head -n 395 |
	while read -r name source; do
		call="    selection: {eventSource: $source, eventName: $name}
    code: {errorCode|exists: true}
    message: {errorMessage|exists: true}"
		rule "$name" "$call
    condition: selection and not (code or message)"
		rule "$name attempt" "$call
    condition: selection and (code or message)"
	done
rule 'Tool' '    s: {userAgent|contains: [kali, parrot, pentoo]}
    condition: s'
rule 'Another tool' '    s: {userAgent: TruffleHog}
    condition: s'
rule 'Denied' '    s: {errorCode: [AccessDenied, Client.UnauthorizedOperation]}
    condition: s'
rule 'Root' '    s: {userIdentity.type: Root}
    f: {eventType: AwsServiceEvent}
    condition: s and not f'
rule 'Instance elsewhere' "    s: {userIdentity.arn|re: '.+:assumed-role/aws:.+'}
    f: [{eventSource: ssm.amazonaws.com}, {sourceIPAddress: AWS Internal}]
    condition: s and not 1 of f*"
rule 'No second factor' '    s: {additionalEventData.MFAUsed: "No", responseElements.ConsoleLogin: Success}
    condition: s'
rule 'Suspended' '    s: {eventSource: s3.amazonaws.com, requestParameters|contains: Suspended}
    condition: s'
rule 'Administrator' "    s: {requestParameters.policyArn|endswith: AdministratorAccess}
    condition: s"
rule 'Federated' '    s: {userIdentity.type: [SAMLUser, WebIdentityUser]}
    condition: s'
rule 'From nowhere' '    s: {sourceIPAddress|cidr: 203.0.113.0/24, errorCode: null}
    condition: s'
