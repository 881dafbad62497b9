/* SPDX-License-Identifier: MIT */
/*
 * indicator.h - lists of what is known to be an attacker's
 *
 * A list has one indicator a line; a line that begins with # is a comment.
 * What a line is, is seen by its form:
 *
 *	203.0.113.66 seen at Acme		an address; words may follow
 *	198.51.100.0/24				a network
 *	2001:db8::/32				likewise
 *	AKIAIOSFODNN7EXAMPLE			an access key, or another id
 *	arn:aws:iam::999988887777:user/x	an ARN
 *	999988887777				an account
 *	evil.example				a name, with all below it
 *	0f343b0931126a20f133d67c2b018a3b	a hash: MD5, SHA-1 or SHA-256
 *	aws-cli/1.16* Kali			anything else: a user agent
 *	agent:evil.example			one that looks like a name
 *
 * A user agent is all that userAgent says, * and ? are wildcards. Everything
 * else is found wherever a record has it as a text or as a part of one that
 * blanks, quotes, slashes or colons set apart: in a policy, a URL, an answer.
 * Case is ignored; "[.]" is read as a dot.
 *
 * Cost: a lookup is a hash, of an address one for each length of prefix in
 * the list; wildcards are tried for each distinct user agent. Nothing is
 * linear in the list.
 *
 * Layer: detect. Threads: when read, any number may look up.
 */
#ifndef TRAWL_INDICATOR_H
#define TRAWL_INDICATOR_H

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "model/addr.h"

/* Kind, its name in rules. */
#define INDICATOR_KINDS(X)                \
	X(INDICATOR_ADDRESS, "address")   \
	X(INDICATOR_KEY, "key")           \
	X(INDICATOR_IDENTITY, "identity") \
	X(INDICATOR_NAME, "name")         \
	X(INDICATOR_HASH, "hash")         \
	X(INDICATOR_AGENT, "agent")

enum indicator_kind {
#define X(code, name) code,
	INDICATOR_KINDS(X)
#undef X
		INDICATOR_KIND_COUNT
};

enum {
	INDICATOR_FILE_MAX = 64 * 1024 * 1024,
	INDICATORS_MAX = 2 * 1000 * 1000,
	INDICATOR_LINE_MAX = 1024,
	INDICATOR_WILDCARDS = 1000,
};

#define INDICATOR_NONE UINT32_MAX

struct indicator {
	enum indicator_kind kind;
	struct str line; /* as it stands in the list, without blanks around */
	const char *path;
	unsigned number; /* of the line */
};

struct indicators;

struct indicators *indicators_new(void);
void indicators_free(struct indicators *x);

/* ERR_SYNTAX "PATH:LINE: what is wrong", ERR_IO, ERR_LIMIT. */
ATTR_NODISCARD enum err_code indicators_read(struct indicators *x,
					     struct str text, const char *path,
					     struct err *err);
ATTR_NODISCARD enum err_code indicators_read_file(struct indicators *x,
						  const char *path,
						  struct err *err);

/* Of the texts that were read and their names, in their order. */
struct hash128 indicators_digest(const struct indicators *x);

size_t indicators_count(const struct indicators *x);
const struct indicator *indicators_at(const struct indicators *x, uint32_t i);
const char *indicator_kind_name(enum indicator_kind k);

/* Looking up: the number of an indicator, or INDICATOR_NONE. --------------- */

/* Tells each indicator that is in a text, as a whole or as a part. False ends
 * it. */
typedef bool (*indicator_told)(void *context, uint32_t indicator, size_t from,
			       size_t to);
void indicators_in(const struct indicators *x, struct str text,
		   indicator_told told, void *context);
/* The one that a whole userAgent is. */
uint32_t indicators_agent(const struct indicators *x, struct str agent);
/* The one that an address is, or that it lies in. */
uint32_t indicators_address(const struct indicators *x, const struct addr *a);

#endif /* TRAWL_INDICATOR_H */
