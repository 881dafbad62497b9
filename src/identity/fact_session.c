/* SPDX-License-Identifier: MIT */
/* What userIdentity says of a user, a role and a session, beside its name. */
#include "identity/fact_private.h"

#include "model/keyid.h"

/* The members that are asked for, found in one go. */
struct members {
	const struct json *scope, *behalf, *context;
	struct str type, id, portal;
};

static struct str scalar(const struct json *v)
{
	return v->kind == JSON_NULL ? STR_NULL : v->text;
}

static void find_members(struct members *m, const struct json *user)
{
	*m = (struct members){ NULL, NULL, NULL, STR_NULL, STR_NULL, STR_NULL };
	for (const struct json *v = user->child; v; v = v->next) {
		/* Of two of one name the first, as everywhere. */
		if (str_eq(v->key, STR("type")) && !m->type.p)
			m->type = scalar(v);
		else if (str_eq(v->key, STR("principalId")) && !m->id.p)
			m->id = scalar(v);
		else if (str_eq(v->key, STR("inScopeOf")) && !m->scope)
			m->scope = v;
		else if (str_eq(v->key, STR("onBehalfOf")) && !m->behalf)
			m->behalf = v;
		else if (str_eq(v->key, STR("credentialId")) && !m->portal.p)
			m->portal = scalar(v);
		else if (str_eq(v->key, STR("sessionContext")) && !m->context)
			m->context = v;
	}
}

/* The unique id of the user or role behind the caller. */
static void link_unique_id(struct fact_worker *w, const struct members *m)
{
	const struct event *e = w->e;
	struct str key = e->column[EVENT_KEY], arn, id;

	if (str_eq(m->type, STR("IAMUser"))) {
		fact_link(w, LINK_UID, e->column[EVENT_PRINCIPAL], m->id);
		if (keyid_kind(key) == KEYID_LONG_TERM)
			fact_link(w, LINK_KEY, key, m->id);
		return;
	}
	/* A role's ARN that stands there for itself has its path; one that was
	 * made of a session's ARN has lost it. */
	arn = json_text_at(m->context, "sessionIssuer.arn");
	id = json_text_at(m->context, "sessionIssuer.principalId");
	if (!id.n && str_eq(m->type, STR("AssumedRole")))
		id = str_sub(m->id, 0, str_find_char(m->id, ':', 0));
	if (arn.n && !str_eq(json_text_at(m->context, "sessionIssuer.type"),
			     STR("Root")))
		fact_link(w, LINK_UID, arn, id);
}

/* The machine that the credentials were made for. */
static void link_scope(struct fact_worker *w, const struct json *scope,
		       struct str session)
{
	struct str arn = json_text_at(scope, "credentialsIssuedTo");
	struct str function = fact_function(w, arn);

	if (str_starts(arn, STR("arn:")))
		fact_link(w, LINK_SCOPE, session, fact_first(function, arn));
}

static void link_behalf(struct fact_worker *w, const struct json *behalf,
			struct str session)
{
	struct str user = json_text_at(behalf, "userId"), text;

	if (!user.n)
		return;
	text = fact_join(w, STR("idc:"),
			 json_text_at(behalf, "identityStoreArn"));
	text = fact_join(w, fact_join(w, text, STR("#")), user);
	fact_link(w, LINK_BEHALF, session, text);
}

void fact_read_session(struct fact_worker *w)
{
	struct str session = w->e->column[EVENT_SESSION];
	struct members m;

	if (!w->user)
		return;
	find_members(&m, w->user);
	link_unique_id(w, &m);
	if (m.portal.n)
		fact_link(w, LINK_PORTAL,
			  fact_first(session, w->e->column[EVENT_PRINCIPAL]),
			  m.portal);
	if (!session.n)
		return;
	if (m.scope)
		link_scope(w, m.scope, session);
	if (m.behalf)
		link_behalf(w, m.behalf, session);
	if (!m.context)
		return;
	for (const struct json *v = m.context->child; v; v = v->next) {
		if (str_eq(v->key, STR("sourceIdentity")))
			fact_link(w, LINK_SOURCE, session, scalar(v));
		else if (str_eq(v->key, STR("signInSessionArn")))
			fact_link(w, LINK_SIGN_IN, session, scalar(v));
	}
}
