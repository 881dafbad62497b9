/* SPDX-License-Identifier: MIT */
/*
 * session.h - who makes calls: principals and their credentials
 *
 * A principal is a user, a role or root. A session is one credential of one
 * of them, or of a service, and writes the userIdentity of each of its
 * records. A session that was issued inside the sample is filled in by the
 * event that issues it (issue.h): key and creation time join the two.
 *
 * Strings belong to the scenario's arena or are constants.
 */
#ifndef SAMPLEGEN_SESSION_H
#define SAMPLEGEN_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "gen/ids.h"
#include "gen/rng.h"

enum principal_kind { PRINCIPAL_ROOT, PRINCIPAL_USER, PRINCIPAL_ROLE };

struct principal {
	enum principal_kind kind;
	const char *account;
	const char *name; /* without its path */
	const char *arn;
	char uid[UID_SIZE]; /* AIDA..., AROA..., root: the account */
};

/* `what` is "root", "user/NAME" or "role/PATH/NAME". */
const struct principal *principal_make(struct arena *a, const char *account,
				       const char *what);

enum session_kind {
	SESSION_KEY,       /* a long-term key of a user or of root */
	SESSION_CONSOLE,   /* a user in the console: keys change all the time */
	SESSION_ROLE,      /* an assumed role, whoever assumed it */
	SESSION_TOKEN,     /* a user's GetSessionToken */
	SESSION_FEDERATED, /* GetFederationToken */
	SESSION_ROOT_TASK, /* AssumeRoot */
	SESSION_SERVICE,   /* an AWS service as itself */
	SESSION_NOTICE,    /* a service's own event: no type at all */
	SESSION_FOREIGN,   /* somebody of an account that is not here */
	SESSION_SAML,      /* the subject of AssumeRoleWithSAML */
	SESSION_WEB,       /* the subject of AssumeRoleWithWebIdentity */
	SESSION_PORTAL,    /* an Identity Center user in the portal */
	SESSION_NOBODY,    /* a sign-in under a name that is no user's */
	SESSION_UNKNOWN,   /* type Unknown */
};

struct session {
	enum session_kind kind;
	const char *label;           /* its name in the scenario's tables */
	const char *account;         /* that its calls are made in */
	const struct principal *who; /* NULL for services and strangers */
	const char *name; /* role session, federated user, service, subject */
	const char *ip;
	const char *agent; /* ends in "md/command#": the call is added */
	char key[KEY_SIZE];
	int64_t created; /* 0: a long-term key */
	bool mfa;
	bool console;           /* a role in the console */
	const char *invoked_by; /* a service acts for it */
	const char *delivery;   /* ec2RoleDelivery, "1.0" or "2.0" */
	const char *scope_type; /* inScopeOf.issuerType */
	const char *scope_arn;  /* inScopeOf.credentialsIssuedTo */
	const char *source_identity;
	const char *idc_user;  /* onBehalfOf.userId */
	const char *idc_store; /* onBehalfOf.identityStoreArn */
	const char *provider;  /* identityProvider of SAML and web */
	const char *subject;   /* userName of SAML and web */
};

/* True when services make the calls: no TLS details, no own address. */
bool session_is_internal(const struct session *s);

/* True for people who click. */
bool session_is_console(const struct session *s);

/* A fresh key for the calls that follow. */
void session_new_key(struct session *s, struct rng *r);

/* The role session's "AROA...:name", the user's "AIDA...". */
void session_principal_id(struct strbuf *out, const struct session *s);
/* The ARN that userIdentity.arn and error messages name. */
void session_arn(struct strbuf *out, const struct session *s);

/* The userIdentity object. */
void session_write(struct strbuf *out, const struct session *s);

#endif /* SAMPLEGEN_SESSION_H */
