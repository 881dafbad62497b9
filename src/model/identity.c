/* SPDX-License-Identifier: MIT */
#include "model/identity.h"

#include "base/attr.h"
#include "model/arn.h"
#include "model/keyid.h"

static const struct {
	struct str name;
	enum identity_type type;
} types[] = {
	{ { "Root", sizeof("Root") - 1 }, IDENTITY_ROOT },
	{ { "IAMUser", sizeof("IAMUser") - 1 }, IDENTITY_USER },
	{ { "AssumedRole", sizeof("AssumedRole") - 1 }, IDENTITY_ASSUMED_ROLE },
	{ { "Role", sizeof("Role") - 1 }, IDENTITY_ROLE },
	{ { "FederatedUser", sizeof("FederatedUser") - 1 },
	  IDENTITY_FEDERATED },
	{ { "SAMLUser", sizeof("SAMLUser") - 1 }, IDENTITY_SAML },
	{ { "WebIdentityUser", sizeof("WebIdentityUser") - 1 }, IDENTITY_WEB },
	{ { "AWSAccount", sizeof("AWSAccount") - 1 }, IDENTITY_ACCOUNT },
	{ { "AWSService", sizeof("AWSService") - 1 }, IDENTITY_SERVICE },
	{ { "IdentityCenterUser", sizeof("IdentityCenterUser") - 1 },
	  IDENTITY_CENTER },
	{ { "Directory", sizeof("Directory") - 1 }, IDENTITY_DIRECTORY },
};

#define JOIN(arena, ...)                                             \
	arena_join_all((arena), (const struct str[]){ __VA_ARGS__ }, \
		       sizeof((const struct str[]){ __VA_ARGS__ }) / \
			       sizeof(struct str))

/* What userIdentity has at its top: the first of each name. */
struct said {
	struct str type, arn, account, user, invoked_by, key, principal_id;
	const struct json *session_context, *on_behalf_of;
};

/* A scalar's text, empty for null, once. */
static void take_text(struct str *to, const struct json *v)
{
	if (!to->p && v->kind != JSON_NULL)
		*to = v->text.p ? v->text : STR("");
	else if (!to->p)
		*to = STR("");
}

static void take_part(const struct json **to, const struct json *v)
{
	if (!*to)
		*to = v;
}

static void find_said(struct said *s, const struct json *v)
{
#define IS(name) (memcmp(m->key.p, (name), sizeof(name) - 1) == 0)

	*s = (struct said){ .type = STR_NULL };
	for (const struct json *m = v->child; m; m = m->next) {
		switch (m->key.n) {
		case 3:
			if (IS("arn"))
				take_text(&s->arn, m);
			break;
		case 4:
			if (IS("type"))
				take_text(&s->type, m);
			break;
		case 8:
			if (IS("userName"))
				take_text(&s->user, m);
			break;
		case 9:
			if (IS("accountId"))
				take_text(&s->account, m);
			else if (IS("invokedBy"))
				take_text(&s->invoked_by, m);
			break;
		case 10:
			if (IS("onBehalfOf"))
				take_part(&s->on_behalf_of, m);
			break;
		case 11:
			if (IS("accessKeyId"))
				take_text(&s->key, m);
			else if (IS("principalId"))
				take_text(&s->principal_id, m);
			break;
		case 14:
			if (IS("sessionContext"))
				take_part(&s->session_context, m);
			break;
		default:
			break;
		}
	}
#undef IS
}

static struct str iam_arn(struct arena *arena, struct str account,
			  const char *what, struct str name)
{
	return JOIN(arena, STR("arn:aws:iam::"), account, str_of(what), name);
}

static enum identity_type type_of(const struct said *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (str_eq(s->type, types[i].name))
			return types[i].type;
	/* Records written by a service itself often have no type. */
	if (s->type.n == 0 && s->invoked_by.n)
		return IDENTITY_SERVICE;
	/* Identity Center's records said Unknown before it had a type. */
	if (json_text_at(s->on_behalf_of, "userId").n)
		return IDENTITY_CENTER;
	return IDENTITY_UNKNOWN;
}

/* The role of a session: its issuer, or what the session's ARN tells. */
static struct str role_of(const struct said *s, struct arena *arena)
{
	struct str issuer = json_text_at(s->session_context,
					 "sessionIssuer.arn");
	struct str account, role, session;
	struct arn parts;

	if (issuer.n)
		return issuer;
	if (!arn_assumed_role(s->arn, &account, &role, &session) ||
	    !arn_parse(s->arn, &parts))
		return s->arn;
	return JOIN(arena, STR("arn:"), parts.partition, STR(":iam::"), account,
		    STR(":role/"), role);
}

static void name_user(struct identity *id, const struct said *s,
		      struct arena *arena)
{
	id->principal = s->arn;
	/* A mistyped user name is hidden: such records are nobody's. */
	if (!id->principal.n && s->user.n && id->account.n &&
	    !str_starts(s->user, STR("HIDDEN_DUE_TO_")))
		id->principal = iam_arn(arena, id->account, ":user/", s->user);
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
	id->principal = JOIN(arena, STR("acct:"), id->account,
			     id->principal_id.n ? STR("#") : STR(""),
			     id->principal_id);
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

static void name_center(struct identity *id, const struct said *s,
			struct arena *arena)
{
	struct str user = json_text_at(s->on_behalf_of, "userId");
	struct str store = json_text_at(s->on_behalf_of, "identityStoreArn");

	if (user.n)
		id->principal = JOIN(arena, STR("idc:"), store, STR("#"), user);
	id->actor = id->principal;
}

/* Which of these credentials are temporary, and since when. */
static void name_session(struct identity *id, const struct said *s,
			 struct arena *arena)
{
	struct str created;

	if (!id->principal_id.n)
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
	created = json_text_at(s->session_context, "attributes.creationDate");
	if (created.n)
		id->session = JOIN(arena, id->principal_id, STR("@"), created);
}

static void name_all(struct identity *id, const struct said *s,
		     struct arena *arena)
{
	switch (id->type) {
	case IDENTITY_ROOT:
		id->principal = s->arn;
		if (!id->principal.n && id->account.n)
			id->principal = iam_arn(arena, id->account, ":root",
						STR(""));
		id->actor = id->principal;
		break;
	case IDENTITY_USER:
		name_user(id, s, arena);
		break;
	case IDENTITY_ASSUMED_ROLE:
	case IDENTITY_ROLE:
	case IDENTITY_FEDERATED:
		id->principal = role_of(s, arena);
		id->actor = s->arn;
		break;
	case IDENTITY_SAML:
		name_prefixed(id, "saml:", arena);
		break;
	case IDENTITY_WEB:
		name_prefixed(id, "web:", arena);
		break;
	case IDENTITY_ACCOUNT:
		name_account(id, arena);
		break;
	case IDENTITY_SERVICE:
		id->principal = s->invoked_by;
		id->actor = id->principal;
		break;
	case IDENTITY_CENTER:
		name_center(id, s, arena);
		break;
	default:
		break;
	}
	name_session(id, s, arena);
}

void identity_of(struct identity *out, const struct json *v,
		 struct arena *arena)
{
	struct said said;

	*out = (struct identity){ .type = IDENTITY_UNKNOWN };
	if (v && v->kind == JSON_OBJECT) {
		find_said(&said, v);
		out->type = type_of(&said);
		out->account = said.account;
		out->key = said.key;
		out->principal_id = said.principal_id;
		name_all(out, &said, arena);
		/* Of an export that says no more than a name. */
		if (!out->actor.n && !out->principal.n && !said.type.n &&
		    !said.principal_id.n)
			out->actor = said.user;
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

struct str principal_organization(struct str principal)
{
	return str_starts(principal, STR("org:")) ? str_from(principal, 4) :
						    STR_NULL;
}

bool principal_is_nobody(struct str principal)
{
	return str_eq(principal, STR("anonymous")) ||
	       str_eq(principal, STR("unknown"));
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
	/* An account as such, which may be one's own; a caller that only its
	 * account and unique id are known of. */
	if (str_starts(principal, STR("acct:")))
		return str_find_char(principal, '#', 0) == SIZE_MAX ?
			       "account" :
			       "foreign";
	if (principal_organization(principal).n)
		return "organization";
	if (str_starts(principal, STR("saml:")))
		return "SAML user";
	if (str_starts(principal, STR("web:")))
		return "web identity";
	if (str_starts(principal, STR("idc:")))
		return "Identity Center user";
	if (str_starts(principal, STR("cognito:")))
		return "Cognito identity";
	if (principal_is_nobody(principal))
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
			return JOIN(arena, str_sub(principal, 5, hash),
				    STR("/"), str_from(principal, hash + 1));
		}
		if (str_starts(principal, STR("idc:")) && hash != SIZE_MAX)
			return str_from(principal, hash + 1);
		if (principal_organization(principal).n)
			return principal_organization(principal);
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
