/* SPDX-License-Identifier: MIT */
/*
 * identity.h - who a record's userIdentity says is calling
 *
 * Three names, from the broadest to the narrowest:
 *
 * - principal: the canonical identity: a user's ARN, a role's ARN for all of
 *   its sessions, a service, a foreign caller. The text of node ids "P:...".
 * - actor: what alerts fold on: the user or root; for a role its sessions of
 *   one name. As an ARN where there is one; actor_label shortens it.
 * - session: principalId@creationDate, one set of temporary credentials. The
 *   text of node ids "S:...". Empty for long-term keys.
 *
 * Forms of a principal: an ARN; <service>.amazonaws.com; acct:<account>#<id>
 * for a foreign caller; saml:<id>, web:<id>, idc:<store>#<user>,
 * cognito:<id>; anonymous; unknown. What a policy lets in may be an account as
 * such, acct:<account>, or whoever is of an organization, org:<id>.
 *
 * Source: CloudTrail userIdentity element, AWS CloudTrail User Guide.
 *
 * Layer: model. Memory: the arena passed. Threads: any.
 */
#ifndef TRAWL_IDENTITY_H
#define TRAWL_IDENTITY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

enum identity_type {
	IDENTITY_UNKNOWN,
	IDENTITY_ROOT,
	IDENTITY_USER,
	IDENTITY_ASSUMED_ROLE,
	IDENTITY_ROLE,
	IDENTITY_FEDERATED,
	IDENTITY_SAML,
	IDENTITY_WEB,
	IDENTITY_ACCOUNT, /* another account's caller */
	IDENTITY_ANONYMOUS,
	IDENTITY_SERVICE,
	IDENTITY_CENTER, /* an Identity Center user */
	IDENTITY_DIRECTORY,
};

struct identity {
	enum identity_type type;
	struct str principal;    /* never empty */
	struct str actor;        /* never empty */
	struct str session;      /* or empty */
	struct str account;      /* userIdentity.accountId, or empty */
	struct str key;          /* accessKeyId, or empty */
	struct str principal_id; /* principalId as recorded, or empty */
};

/* `user_identity` may be NULL, null or of the wrong type: unknown. */
void identity_of(struct identity *out, const struct json *user_identity,
		 struct arena *arena);

/* Short texts for people: "ci-deploy", "OrgAdmin/build", "root",
 * "ec2.amazonaws.com", "999988887777/AIDA...". */
struct str actor_label(struct str actor, struct arena *arena);
struct str principal_label(struct str principal, struct arena *arena);
/* Callers without a name, who may be many: "anonymous", "unknown". They are no
 * identity with habits, keys or a place. */
bool principal_is_nobody(struct str principal);
/* "user", "role", "root", "service", "account", "SAML user", ... */
const char *principal_kind(struct str principal);
/* The organization of "org:o-a1b2c3d4e5", else empty. */
struct str principal_organization(struct str principal);
/* The account in a principal's or actor's name, or empty. */
struct str principal_account(struct str principal);

#endif /* TRAWL_IDENTITY_H */
