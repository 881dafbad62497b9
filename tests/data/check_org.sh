#!/bin/bash
# SPDX-License-Identifier: MIT
#
# usage: TRAWL_BINARY=trawl SAMPLES=samples check_org.sh
#
# Holds the graph that trawl finds in samples/org against the true one, which
# the generator wrote from what it meant: edge by edge, then what is derived
# of them. Exits 1 when anything differs.

# shellcheck source=tests/data/lib.sh
. "$(dirname "$0")/lib.sh"
export LC_ALL=C
need jq
org=$samples/org
truth=$samples/org.truth.json

# Lines of two sorted files that are in the first alone.
only_first()
{
	local what=$1
	comm -23 "$2" "$3" >"$work/diff"
	[ -s "$work/diff" ] || return 0
	fail "$what: $(wc -l <"$work/diff")"
	head -10 "$work/diff" >&2
}

ask()
{
	"$trawl" "$@" "$org" -q --format json >"$work/answer" || {
		fail "trawl $*: exit status $?"
		echo '{}' >"$work/answer"
	}
}

# No edge too few, of no other certainty, and of the kinds that are complete
# none too many, but for those on which people may differ.
check_edges()
{
	jq -r '.edges[] | [.kind, .from, .to, .certainty] | @json' \
		"$work/graph" | sort >"$work/have"
	jq -r '.expect.edges[] | @json' "$truth" | sort >"$work/want"
	only_first "edges that trawl does not find" "$work/want" "$work/have"
	jq -r --slurpfile truth "$truth" '$truth[0] as $truth | .edges[] |
		select(.kind | IN($truth.complete[])) |
		select([.kind, .from, .to] |
			IN($truth.expect.open_edges[]) | not) |
		[.kind, .from, .to, .certainty] | @json' "$work/graph" |
		sort >"$work/have"
	only_first "edges that are not true" "$work/have" "$work/want"
	jq -r '.edges[] | [.kind, .from, .to] | @json' "$work/graph" |
		sort | uniq -d >"$work/diff"
	[ ! -s "$work/diff" ] || fail "edges that are listed twice"
	[ "$(jq '[.edges[] | select(.evidence | length == 0 or
		length > 4)] | length' "$work/graph")" = 0 ] ||
		fail "edges without evidence, or with too much"
}

# Sessions, keys and machines: those of the edges, and no others.
check_nodes()
{
	jq -r '.nodes[] | select(.kind | IN("session", "key", "compute")) |
		.id' "$work/graph" | sort >"$work/have"
	jq -r '.expect.edges[] | .[1], .[2] | select(test("^[SKC]:"))' \
		"$truth" | sort -u >"$work/want"
	only_first "nodes that trawl does not find" "$work/want" "$work/have"
	jq -r '.expect | .edges[], .open_edges[] | .[1], .[2] |
		select(test("^[SKC]:"))' "$truth" | sort -u >"$work/want"
	only_first "nodes that there are not" "$work/have" "$work/want"
	jq -r '.nodes[] | select(.kind == "session") |
		"\(.id) \(.sessionKind)"' "$work/graph" | sort >"$work/have"
	jq -r '.expect.kind_of | to_entries[] | "\(.key) \(.value)"' "$truth" |
		sort >"$work/want"
	only_first "sessions of another kind" "$work/want" "$work/have"
}

# "trawl origin": the chain from the origin; who made it long before, which is
# no suspicion; who is behind it before anybody else.
check_origins()
{
	local node
	while IFS= read -r node; do
		ask origin "$node"
		jq -r --slurpfile truth "$truth" --arg node "$node" '
			$truth[0].expect as $expect |
			$expect.chain[$node] as $chain |
			$expect.built_by_of[$node] as $built |
			$expect.responsible_first_of[$node] as $first |
			(select($chain and (.chain != $chain or
				.origin != $chain[0])) |
				"comes of \(.chain)"),
			(select($built and (any(.builtBy[]?;
				.node | IN($built[])) | not)) |
				"was built by \(.builtBy)"),
			(select($built and any(.responsible[]?;
				.node | IN($built[]))) |
				"has a builder behind it: \(.responsible)"),
			(select($first and .responsible[0].node != $first) |
				"has behind it \(.responsible)")' \
			"$work/answer" >"$work/diff" || fail "no origin of $node"
		[ ! -s "$work/diff" ] || fail "$node $(cat "$work/diff")"
	done < <(jq -r '.expect | .chain + .built_by_of +
		.responsible_first_of | keys[]' "$truth")
}

# "trawl walk" of the two whose credentials were misused: all their sessions in
# all accounts, and of what the intruder had what is still worth something.
check_walks()
{
	local root
	while IFS= read -r root; do
		ask walk "$root"
		jq -r '.nodes[] | .id? // .' "$work/answer" | sort >"$work/have"
		jq -r --arg root "$root" '.expect.sessions_of[$root][]' \
			"$truth" | sort >"$work/want"
		only_first "sessions of $root" "$work/want" "$work/have"
		jq -r '.matrix[].recipientAccountId' "$work/answer" |
			sort -u >"$work/have"
		jq -r --arg root "$root" '.expect.accounts_of[$root][]' \
			"$truth" | sort >"$work/want"
		only_first "accounts of $root" "$work/want" "$work/have"
		only_first "not accounts of $root" "$work/have" "$work/want"
		jq -r '.revoke[] | .node // .id' "$work/answer" |
			sort >"$work/have"
		jq -r --arg root "$root" '.incidents[] |
			select(.root == $root) | .ended[]' "$truth" |
			sort >"$work/want"
		comm -12 "$work/have" "$work/want" >"$work/diff"
		[ ! -s "$work/diff" ] ||
			fail "not worth revoking: $(head -3 "$work/diff")"
		jq -r --arg root "$root" '.expect as $expect | .incidents[] |
			select(.root == $root) | .live[] | . as $node |
			select($expect.origin_of[$node] == $root or
				any($expect.edges[]; .[0] == "created" and
				.[2] == $node and
				$expect.origin_of[.[1]] == $root))' \
			"$truth" | sort >"$work/want"
		only_first "to be revoked" "$work/want" "$work/have"
	done < <(jq -r '.incidents[].root' "$truth")
}

ask lineage
mv "$work/answer" "$work/graph"
check_edges
check_nodes
check_origins
check_walks

finish "$(jq '.expect.edges | length' "$truth") edges are as meant"
