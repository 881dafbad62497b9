/* SPDX-License-Identifier: MIT */
/*
 * disguise_private.h - the parts of disguise.h that know each other
 *
 * Layer: casework, inside.
 */
#ifndef TRAWL_DISGUISE_PRIVATE_H
#define TRAWL_DISGUISE_PRIVATE_H

#include "base/intern.h"
#include "casework/disguise.h"

enum { DISGUISE_SIEVE = 1 << 22 }; /* bits */

/* Code, and what its pseudonyms begin with. */
#define DISGUISE_KINDS(X)              \
	X(NAME_ACCOUNT, "account")     \
	X(NAME_KEY, "key")             \
	X(NAME_ID, "id")               \
	X(NAME_USER, "user")           \
	X(NAME_ROLE, "role")           \
	X(NAME_SESSION, "session")     \
	X(NAME_GROUP, "group")         \
	X(NAME_POLICY, "policy")       \
	X(NAME_BUCKET, "bucket")       \
	X(NAME_OBJECT, "object")       \
	X(NAME_FUNCTION, "function")   \
	X(NAME_SECRET, "secret")       \
	X(NAME_RESOURCE, "resource")   \
	X(NAME_PERSON, "person")       \
	X(NAME_ADDRESS, "own-address") \
	X(NAME_SITE, "site")           \
	X(NAME_EVIDENCE, "evidence")

enum name_kind {
#define X(code, word) code,
	DISGUISE_KINDS(X)
#undef X
		NAME_KIND_COUNT
};

const char *disguise_kind_name(enum name_kind kind);

struct disguise_name {
	enum name_kind kind;
	uint64_t first;  /* where the evidence has it first */
	uint32_t number; /* of its kind, from 1 */
	bool vague;      /* a word or two letters: a name only where nothing
			    else can be meant */
};

struct disguise {
	bool redact, defang;
	struct text_filter filter;
	struct intern names;        /* in lower case */
	struct disguise_name *name; /* by number there */
	size_t name_cap;
	struct intern words;  /* that are no names, in lower case */
	struct intern common; /* of sentences: names that are one are vague */
	uint8_t *sieve;       /* bits of the hashes of names */
	size_t longest;
};

/* disguise_words.c: what words there are, and a text in lower case. */
void disguise_words(struct disguise *d, const struct snapshot *snap);
void disguise_fold(struct strbuf *out, struct str s);
/* What is no name, whatever names it. */
void disguise_add_word(struct disguise *d, struct str word);
void disguise_sieve_add(struct disguise *d, struct str name);
/* Ends of what begins at a place, or 0. */
size_t disguise_account_at(struct str s, size_t at);
size_t disguise_id_at(struct str s, size_t at, bool *key);
size_t disguise_mail_at(struct str s, size_t at);

enum err_code disguise_learn(struct disguise *d, const struct snapshot *snap,
			     const char *const *evidence, size_t evidence_n,
			     const struct scan_options *options,
			     struct err *err);

#endif /* TRAWL_DISGUISE_PRIVATE_H */
