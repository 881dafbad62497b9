/* SPDX-License-Identifier: MIT */
#include "gen/session.h"

#include <assert.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/timefmt.h"

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const struct principal *principal_make(struct arena *a, const char *account,
				       const char *what)
{
	struct principal *p = arena_zero(a, sizeof(*p));
	struct strbuf arn;

	p->account = account;
	p->name = last_part(what);
	if (strcmp(what, "root") == 0) {
		p->kind = PRINCIPAL_ROOT;
		memcpy(p->uid, account, 13);
	} else {
		bool role = strncmp(what, "role/", 5) == 0;

		p->kind = role ? PRINCIPAL_ROLE : PRINCIPAL_USER;
		uid_of_name(role ? "AROA" : "AIDA", account, str_of(p->name),
			    p->uid);
	}
	strbuf_init(&arn);
	strbuf_addf(&arn, "arn:aws:iam::%s:%s", account, what);
	p->arn = arena_dup(a, strbuf_str(&arn)).p;
	strbuf_release(&arn);
	return p;
}

bool session_is_internal(const struct session *s)
{
	return s->kind == SESSION_SERVICE || s->kind == SESSION_NOTICE ||
	       s->invoked_by != NULL;
}

bool session_is_console(const struct session *s)
{
	return s->console || s->kind == SESSION_CONSOLE;
}

void session_new_key(struct session *s, struct rng *r)
{
	const char *prefix = s->kind == SESSION_KEY ? "AKIA" : "ASIA";

	key_random(r, prefix, s->account, s->key);
}

void session_principal_id(struct strbuf *out, const struct session *s)
{
	switch (s->kind) {
	case SESSION_ROLE:
		strbuf_adds(out, s->who->uid);
		strbuf_addc(out, ':');
		strbuf_adds(out, s->name);
		break;
	case SESSION_FEDERATED:
		strbuf_addf(out, "%s:%s", s->account, s->name);
		break;
	case SESSION_FOREIGN:
	case SESSION_SAML:
	case SESSION_WEB:
		strbuf_adds(out, s->name);
		break;
	default:
		strbuf_adds(out, s->who ? s->who->uid : s->account);
	}
}

void session_arn(struct strbuf *out, const struct session *s)
{
	switch (s->kind) {
	case SESSION_ROLE:
		/* The role's path is left out here. */
		strbuf_adds(out, "arn:aws:sts::");
		strbuf_adds(out, s->account);
		strbuf_adds(out, ":assumed-role/");
		strbuf_adds(out, s->who->name);
		strbuf_addc(out, '/');
		strbuf_adds(out, s->name);
		break;
	case SESSION_FEDERATED:
		strbuf_addf(out, "arn:aws:sts::%s:federated-user/%s",
			    s->account, s->name);
		break;
	case SESSION_KEY:
	case SESSION_CONSOLE:
	case SESSION_TOKEN:
	case SESSION_ROOT_TASK:
		strbuf_adds(out, s->who->arn);
		break;
	default:
		strbuf_adds(out, s->name);
	}
}

static void pair(struct json_writer *w, const char *key, const char *value)
{
	json_pair(w, key, str_of(value));
}

static const char *type_of(const struct session *s)
{
	switch (s->kind) {
	case SESSION_ROLE:
		return "AssumedRole";
	case SESSION_FEDERATED:
		return "FederatedUser";
	case SESSION_SERVICE:
		return "AWSService";
	case SESSION_FOREIGN:
		return "AWSAccount";
	case SESSION_SAML:
		return "SAMLUser";
	case SESSION_WEB:
		return "WebIdentityUser";
	case SESSION_PORTAL:
		return "IdentityCenterUser";
	case SESSION_NOBODY:
		return "IAMUser";
	case SESSION_UNKNOWN:
		return "Unknown";
	case SESSION_NOTICE:
		return "";
	default:
		return s->who->kind == PRINCIPAL_ROOT ? "Root" : "IAMUser";
	}
}

static void write_issuer(struct json_writer *w, const struct session *s)
{
	static const char *const types[] = { "Root", "IAMUser", "Role" };

	json_key(w, "sessionIssuer");
	json_begin_object(w);
	pair(w, "type", types[s->who->kind]);
	pair(w, "principalId", s->who->uid);
	pair(w, "arn", s->who->arn);
	pair(w, "accountId", s->who->account);
	pair(w, "userName", s->who->name);
	json_end_object(w);
}

static void write_context(struct json_writer *w, const struct session *s)
{
	json_key(w, "sessionContext");
	json_begin_object(w);
	if (s->kind == SESSION_ROLE || s->kind == SESSION_FEDERATED)
		write_issuer(w, s);
	json_key(w, "attributes");
	json_begin_object(w);
	json_pair_time(w, "creationDate", s->created);
	pair(w, "mfaAuthenticated", s->mfa ? "true" : "false");
	json_end_object(w);
	pair(w, "sourceIdentity", s->source_identity);
	pair(w, "ec2RoleDelivery", s->delivery);
	pair(w, "assumedRoot", s->kind == SESSION_ROOT_TASK ? "true" : NULL);
	json_end_object(w);
}

static void write_origin(struct json_writer *w, const struct session *s)
{
	if (s->idc_user) {
		json_key(w, "onBehalfOf");
		json_begin_object(w);
		pair(w, "userId", s->idc_user);
		pair(w, "identityStoreArn", s->idc_store);
		json_end_object(w);
	}
	if (s->scope_type) {
		json_key(w, "inScopeOf");
		json_begin_object(w);
		pair(w, "issuerType", s->scope_type);
		pair(w, "credentialsIssuedTo", s->scope_arn);
		json_end_object(w);
	}
}

/* Users, roles and root: those with a principal. */
static void write_principal(struct json_writer *w, const struct session *s)
{
	struct strbuf text;

	strbuf_init(&text);
	session_principal_id(&text, s);
	json_pair(w, "principalId", strbuf_str(&text));
	strbuf_clear(&text);
	session_arn(&text, s);
	json_pair(w, "arn", strbuf_str(&text));
	strbuf_release(&text);
	pair(w, "accountId", s->account);
	pair(w, "accessKeyId", s->key);
	if (s->who->kind == PRINCIPAL_USER && s->kind != SESSION_FEDERATED)
		pair(w, "userName", s->who->name);
	if (s->created)
		write_context(w, s);
	pair(w, "invokedBy", s->invoked_by);
	write_origin(w, s);
}

void session_write(struct strbuf *out, const struct session *s)
{
	struct json_writer w;

	json_writer_init(&w, out);
	json_begin_object(&w);
	pair(&w, "type", type_of(s));
	switch (s->kind) {
	case SESSION_SERVICE:
		pair(&w, "invokedBy", s->name);
		break;
	case SESSION_NOTICE:
		pair(&w, "accountId", s->account);
		pair(&w, "invokedBy", s->name);
		break;
	case SESSION_FOREIGN:
		/* Empty, but there, for anonymous requests. */
		json_key(&w, "principalId");
		json_string(&w, str_of(s->name));
		pair(&w, "accountId", s->account);
		break;
	case SESSION_SAML:
	case SESSION_WEB:
		pair(&w, "principalId", s->name);
		pair(&w, "userName", s->subject);
		pair(&w, "identityProvider", s->provider);
		break;
	case SESSION_PORTAL:
		pair(&w, "accountId", s->account);
		write_origin(&w, s);
		pair(&w, "credentialId", s->name);
		break;
	case SESSION_NOBODY:
		pair(&w, "accountId", s->account);
		json_key(&w, "accessKeyId");
		json_string(&w, STR_NULL);
		pair(&w, "userName", s->name);
		break;
	case SESSION_UNKNOWN:
		break;
	default:
		write_principal(&w, s);
	}
	json_end_object(&w);
}
