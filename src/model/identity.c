/* SPDX-License-Identifier: MIT */
#include "model/identity.h"

#include <stdarg.h>

#include "base/attr.h"
#include "model/arn.h"
#include "model/keyid.h"

static const struct {
	const char *name;
	enum identity_type type;
} types[] = {
	{ "Root", IDENTITY_ROOT },
	{ "IAMUser", IDENTITY_USER },
	{ "AssumedRole", IDENTITY_ASSUMED_ROLE },
	{ "Role", IDENTITY_ROLE },
	{ "FederatedUser", IDENTITY_FEDERATED },
	{ "SAMLUser", IDENTITY_SAML },
	{ "WebIdentityUser", IDENTITY_WEB },
	{ "AWSAccount", IDENTITY_ACCOUNT },
	{ "AWSService", IDENTITY_SERVICE },
	{ "IdentityCenterUser", IDENTITY_CENTER },
	{ "Directory", IDENTITY_DIRECTORY },
};

/* Joins pieces, none of which is STR_NULL, which ends the list. */
static struct str join(struct arena *arena, struct str first, ...)
{
	struct str all = first;
	va_list ap;

	va_start(ap, first);
	for (;;) {
		struct str next = va_arg(ap, struct str);

		if (!next.p)
			break;
		all = arena_join(arena, all, next);
	}
	va_end(ap);
	return all;
}

static struct str iam_arn(struct arena *arena, struct str account,
			  const char *what, struct str name)
{
	return join(arena, STR("arn:aws:iam::"), arena_dup(arena, account),
		    str_of(what), arena_dup(arena, name), STR_NULL);
}

static enum identity_type type_of(const struct json *v)
{
	struct str name = json_text_at(v, "type");

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (str_eq(name, str_of(types[i].name)))
			return types[i].type;
	/* Records written by a service itself often have no type. */
	if (name.n == 0 && json_text_at(v, "invokedBy").n)
		return IDENTITY_SERVICE;
	/* Identity Center's records said Unknown before it had a type. */
	if (json_text_at(v, "onBehalfOf.userId").n)
		return IDENTITY_CENTER;
	return IDENTITY_UNKNOWN;
}

/* The role of a session: its issuer, or what the session's ARN tells. */
static struct str role_of(const struct json *v, struct arena *arena)
{
	struct str issuer = json_text_at(v, "sessionContext.sessionIssuer.arn");
	struct str arn = json_text_at(v, "arn"), account, role, session;
	struct arn parts;

	if (issuer.n)
		return issuer;
	if (!arn_assumed_role(arn, &account, &role, &session) ||
	    !arn_parse(arn, &parts))
		return arn;
	return join(arena, STR("arn:"), parts.partition, STR(":iam::"), account,
		    STR(":role/"), role, STR_NULL);
}

static void name_user(struct identity *id, const struct json *v,
		      struct arena *arena)
{
	struct str name = json_text_at(v, "userName");

	id->principal = json_text_at(v, "arn");
	/* A mistyped user name is hidden: such records are nobody's. */
	if (!id->principal.n && name.n && id->account.n &&
	    !str_starts(name, STR("HIDDEN_DUE_TO_")))
		id->principal = iam_arn(arena, id->account, ":user/", name);
	id->actor = id->principal;
}

static void name_account(struct identity *id, struct arena *arena)
{
	if (str_eq(id->account, STR("ANONYMOUS_PRINCIPAL")) ||
	    str_eq(id->account, STR("anonymous"))) {
		id->type = IDENTITY_ANONYMOUS;
		id->principal = id->actor = STR("anonymous");
		return;
	}
	if (!id->account.n && !id->principal_id.n)
		return;
	id->principal = join(arena, STR("acct:"), arena_dup(arena, id->account),
			     STR_NULL);
	if (id->principal_id.n)
		id->principal = join(arena, id->principal, STR("#"),
				     arena_dup(arena, id->principal_id),
				     STR_NULL);
	id->actor = id->principal;
}

static void name_prefixed(struct identity *id, const char *prefix,
			  struct arena *arena)
{
	if (id->principal_id.n)
		id->principal = arena_join(arena, str_of(prefix),
					   id->principal_id);
	id->actor = id->principal;
}

static void name_center(struct identity *id, const struct json *v,
			struct arena *arena)
{
	struct str user = json_text_at(v, "onBehalfOf.userId");
	struct str store = json_text_at(v, "onBehalfOf.identityStoreArn");

	if (user.n)
		id->principal = join(arena, STR("idc:"),
				     arena_dup(arena, store), STR("#"),
				     arena_dup(arena, user), STR_NULL);
	id->actor = id->principal;
}

/* Which of these credentials are temporary, and since when. */
static void name_session(struct identity *id, const struct json *v,
			 struct arena *arena)
{
	struct str created =
		json_text_at(v, "sessionContext.attributes.creationDate");

	if (!created.n || !id->principal_id.n)
		return;
	switch (id->type) {
	case IDENTITY_USER:
	case IDENTITY_ROOT:
		if (keyid_kind(id->key) == KEYID_LONG_TERM)
			return;
		break;
	case IDENTITY_ASSUMED_ROLE:
	case IDENTITY_FEDERATED:
		break;
	default:
		return;
	}
	id->session = join(arena, arena_dup(arena, id->principal_id), STR("@"),
			   arena_dup(arena, created), STR_NULL);
}

void identity_of(struct identity *out, const struct json *v,
		 struct arena *arena)
{
	*out = (struct identity){ .type = IDENTITY_UNKNOWN };
	if (v && v->kind == JSON_OBJECT) {
		out->type = type_of(v);
		out->account = json_text_at(v, "accountId");
		out->key = json_text_at(v, "accessKeyId");
		out->principal_id = json_text_at(v, "principalId");
		switch (out->type) {
		case IDENTITY_ROOT:
			out->principal = json_text_at(v, "arn");
			if (!out->principal.n && out->account.n)
				out->principal = iam_arn(arena, out->account,
							 ":root", STR(""));
			out->actor = out->principal;
			break;
		case IDENTITY_USER:
			name_user(out, v, arena);
			break;
		case IDENTITY_ASSUMED_ROLE:
		case IDENTITY_ROLE:
			out->principal = role_of(v, arena);
			out->actor = json_text_at(v, "arn");
			break;
		case IDENTITY_FEDERATED:
			out->principal = role_of(v, arena);
			out->actor = json_text_at(v, "arn");
			break;
		case IDENTITY_SAML:
			name_prefixed(out, "saml:", arena);
			break;
		case IDENTITY_WEB:
			name_prefixed(out, "web:", arena);
			break;
		case IDENTITY_ACCOUNT:
			name_account(out, arena);
			break;
		case IDENTITY_SERVICE:
			out->principal = json_text_at(v, "invokedBy");
			out->actor = out->principal;
			break;
		case IDENTITY_CENTER:
			name_center(out, v, arena);
			break;
		default:
			break;
		}
		name_session(out, v, arena);
	}
	if (!out->principal.n)
		out->principal = STR("unknown");
	if (!out->actor.n)
		out->actor = out->principal;
}

/* Labels ------------------------------------------------------------------ */

struct str principal_account(struct str principal)
{
	struct arn arn;

	if (arn_parse(principal, &arn))
		return arn.account;
	if (str_starts(principal, STR("acct:")))
		return str_sub(principal, 5, str_find_char(principal, '#', 0));
	return STR_NULL;
}

const char *principal_kind(struct str principal)
{
	struct arn arn;

	if (arn_parse(principal, &arn)) {
		if (str_eq(arn.resource, STR("root")))
			return "root";
		if (str_starts(arn.resource, STR("user/")))
			return "user";
		if (str_starts(arn.resource, STR("role/")))
			return "role";
		if (str_starts(arn.resource, STR("assumed-role/")))
			return "role session";
		if (str_starts(arn.resource, STR("federated-user/")))
			return "federated user";
		return "principal";
	}
	if (str_starts(principal, STR("acct:")))
		return "foreign";
	if (str_starts(principal, STR("saml:")))
		return "SAML user";
	if (str_starts(principal, STR("web:")))
		return "web identity";
	if (str_starts(principal, STR("idc:")))
		return "Identity Center user";
	if (str_starts(principal, STR("cognito:")))
		return "Cognito identity";
	if (str_eq(principal, STR("anonymous")) ||
	    str_eq(principal, STR("unknown")))
		return "caller";
	return "service";
}

struct str principal_label(struct str principal, struct arena *arena)
{
	struct arn arn;

	if (!arn_parse(principal, &arn)) {
		size_t hash = str_find_char(principal, '#', 0);

		if (str_starts(principal, STR("acct:"))) {
			if (hash == SIZE_MAX)
				return str_from(principal, 5);
			return join(
				arena,
				arena_dup(arena, str_sub(principal, 5, hash)),
				STR("/"),
				arena_dup(arena, str_from(principal, hash + 1)),
				STR_NULL);
		}
		if (str_starts(principal, STR("idc:")) && hash != SIZE_MAX)
			return str_from(principal, hash + 1);
		if (str_starts(principal, STR("saml:")))
			return str_from(principal, 5);
		if (str_starts(principal, STR("web:")))
			return str_from(principal, 4);
		return principal;
	}
	if (str_starts(arn.resource, STR("assumed-role/")))
		return str_from(arn.resource, sizeof("assumed-role/") - 1);
	if (str_starts(arn.resource, STR("user/")) ||
	    str_starts(arn.resource, STR("role/")))
		return arn_last_segment(arn.resource);
	return arn.resource.n ? arn.resource : principal;
}

struct str actor_label(struct str actor, struct arena *arena)
{
	return principal_label(actor, arena);
}
