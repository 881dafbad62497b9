/* SPDX-License-Identifier: MIT */
/* What userIdentity says of a user, a role and a session, beside its name. */
#include "identity/fact_private.h"

#include "model/keyid.h"

/* What is asked for, found in one go. */
struct members {
	const struct json *scope, *behalf, *context;
	struct str type, id, portal;
	/* Of sessionContext, and of its sessionIssuer. */
	struct str source, sign;
	struct str issuer_type, issuer_arn, issuer_id;
};

static struct str scalar(const struct json *v)
{
	return json_is_scalar(v) ? v->text : STR_NULL;
}

static void find_issuer(struct members *m, const struct json *issuer)
{
	for (const struct json *v = issuer->child; v; v = v->next)
		if (str_eq(v->key, STR("arn")) && !m->issuer_arn.p)
			m->issuer_arn = scalar(v);
		else if (str_eq(v->key, STR("type")) && !m->issuer_type.p)
			m->issuer_type = scalar(v);
		else if (str_eq(v->key, STR("principalId")) && !m->issuer_id.p)
			m->issuer_id = scalar(v);
}

static void find_in_context(struct members *m)
{
	bool issued = false;

	for (const struct json *v = m->context->child; v; v = v->next)
		switch (v->key.n) {
		case 13:
			if (str_eq(v->key, STR("sessionIssuer")) && !issued) {
				issued = true;
				find_issuer(m, v);
			}
			break;
		case 14:
			if (str_eq(v->key, STR("sourceIdentity")) &&
			    !m->source.p)
				m->source = scalar(v);
			break;
		case 16:
			if (str_eq(v->key, STR("signInSessionArn")) &&
			    !m->sign.p)
				m->sign = scalar(v);
			break;
		default:
			break;
		}
}

static void find_members(struct members *m, const struct json *user)
{
	*m = (struct members){ .scope = NULL };
	/* Of two of one name the first, as everywhere. */
	for (const struct json *v = user->child; v; v = v->next)
		switch (v->key.n) {
		case 4:
			if (str_eq(v->key, STR("type")) && !m->type.p)
				m->type = scalar(v);
			break;
		case 9:
			if (str_eq(v->key, STR("inScopeOf")) && !m->scope)
				m->scope = v;
			break;
		case 10:
			if (str_eq(v->key, STR("onBehalfOf")) && !m->behalf)
				m->behalf = v;
			break;
		case 11:
			if (str_eq(v->key, STR("principalId")) && !m->id.p)
				m->id = scalar(v);
			break;
		case 12:
			if (str_eq(v->key, STR("credentialId")) && !m->portal.p)
				m->portal = scalar(v);
			break;
		case 14:
			if (str_eq(v->key, STR("sessionContext")) &&
			    !m->context)
				m->context = v;
			break;
		default:
			break;
		}
	if (m->context)
		find_in_context(m);
}

/*
 * Callers and sessions repeat: of one that was met before, no earlier than
 * this, nothing is new. They are known by a hash of all that is noted of
 * them, whose key was drawn at the start, so that nobody can prepare two that
 * are taken for one.
 */
uint64_t fact_mix(const struct fact_worker *w, uint64_t h, struct str s)
{
	struct hash_key key = { w->all->key.k0 ^ h, w->all->key.k1 };

	return hash_str(key, s);
}

/* The unique id of the user or role behind the caller. */
static void link_unique_id(struct fact_worker *w, const struct members *m)
{
	const struct event *e = w->e;
	struct str arn, id = m->id, key = STR_NULL;
	uint64_t h;

	if (str_eq(m->type, STR("IAMUser"))) {
		arn = e->column[EVENT_PRINCIPAL];
		/* A session's keys say nothing more of who it is. */
		if (keyid_kind(e->column[EVENT_KEY]) == KEYID_LONG_TERM)
			key = e->column[EVENT_KEY];
	} else {
		/* A role's ARN that stands there for itself has its path; one
		 * that was made of a session's ARN has lost it. */
		arn = m->issuer_arn;
		if (str_eq(m->issuer_type, STR("Root")))
			return;
		if (m->issuer_id.n)
			id = m->issuer_id;
		else if (str_eq(m->type, STR("AssumedRole")))
			id = str_sub(id, 0, str_find_char(id, ':', 0));
	}
	if (!arn.n || !id.n)
		return;
	h = fact_mix(w, fact_mix(w, fact_mix(w, LINK_UID, arn), id), key) | 1;
	if (fact_was_met(w, h, e->time))
		return;
	fact_meet(w, h, e->time);
	fact_link(w, LINK_UID, arn, id);
	fact_link(w, LINK_KEY, key, id);
}

/* What a session's events say of it beside who it is. */
struct sayings {
	struct str scope;        /* inScopeOf.credentialsIssuedTo */
	struct str store, user;  /* onBehalfOf */
	struct str portal;       /* credentialId */
	struct str source, sign; /* sourceIdentity, signInSessionArn */
};

static void find_sayings(struct sayings *s, const struct members *m)
{
	*s = (struct sayings){ .portal = m->portal,
			       .source = m->source,
			       .sign = m->sign };
	if (m->scope)
		s->scope = json_text_at(m->scope, "credentialsIssuedTo");
	if (m->behalf) {
		s->user = json_text_at(m->behalf, "userId");
		s->store = json_text_at(m->behalf, "identityStoreArn");
	}
}

static void link_sayings(struct fact_worker *w, const struct sayings *s,
			 struct str session)
{
	struct str function = fact_function(w, s->scope), user;

	/* The machine that the credentials were made for. */
	if (str_starts(s->scope, STR("arn:")))
		fact_link(w, LINK_SCOPE, session,
			  fact_first(function, s->scope));
	if (s->user.n) {
		user = fact_join(w, STR("idc:"), s->store);
		user = fact_join(w, user, STR("#"));
		fact_link(w, LINK_BEHALF, session, fact_join(w, user, s->user));
	}
	fact_link(w, LINK_SOURCE, session, s->source);
	fact_link(w, LINK_SIGN_IN, session, s->sign);
	fact_link(w, LINK_PORTAL,
		  fact_first(session, w->e->column[EVENT_PRINCIPAL]),
		  s->portal);
}

void fact_read_session(struct fact_worker *w)
{
	struct str session = w->e->column[EVENT_SESSION];
	struct members m;
	struct sayings s;
	uint64_t h;

	if (!w->user)
		return;
	find_members(&m, w->user);
	link_unique_id(w, &m);
	find_sayings(&s, &m);
	if (!(s.scope.n + s.user.n + s.source.n + s.sign.n + s.portal.n))
		return;
	h = fact_mix(w, fact_mix(w, LINK_SCOPE, w->e->column[EVENT_PRINCIPAL]),
		     session);
	h = fact_mix(w, fact_mix(w, fact_mix(w, h, s.scope), s.store), s.user);
	h = fact_mix(w, fact_mix(w, fact_mix(w, h, s.source), s.sign),
		     s.portal) |
	    1;
	if (fact_was_met(w, h, 0))
		return;
	fact_meet(w, h, 0);
	link_sayings(w, &s, session);
}
