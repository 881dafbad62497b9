/* SPDX-License-Identifier: MIT */
/* What userIdentity says of a user, a role and a session, beside its name. */
#include "identity/fact_private.h"

#include <string.h>

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
}

/*
 * Callers and sessions repeat: of one that was met before, no earlier than
 * this, nothing is new. They are known by a mix of all that is read of them,
 * with a number drawn at the start, so that nobody can prepare two that are
 * taken for one.
 */
static uint64_t mix(uint64_t h, struct str s)
{
	uint64_t word;
	size_t i;

	for (i = 0; i + sizeof(word) <= s.n; i += sizeof(word)) {
		memcpy(&word, s.p + i, sizeof(word));
		h = (h ^ word) * 0x9e3779b97f4a7c15u;
		h ^= h >> 32;
	}
	word = s.n + 1;
	if (i < s.n)
		memcpy(&word, s.p + i, s.n - i);
	h = (h ^ word ^ (uint64_t)s.n << 56) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

/* What the event says of its caller's unique id; false when nothing. */
static bool tell_unique_id(struct fact_worker *w, const struct members *m,
			   struct str key)
{
	struct str arn, id = m->id;

	if (str_eq(m->type, STR("IAMUser"))) {
		fact_link(w, LINK_UID, w->e->column[EVENT_PRINCIPAL], id);
		fact_link(w, LINK_KEY, key, id);
		return true;
	}
	/* A role's ARN that stands there for itself has its path; one that was
	 * made of a session's ARN has lost it. */
	arn = json_text_at(m->context, "sessionIssuer.arn");
	if (!arn.n ||
	    str_eq(json_text_at(m->context, "sessionIssuer.type"), STR("Root")))
		return false;
	id = json_text_at(m->context, "sessionIssuer.principalId");
	if (!id.n && str_eq(m->type, STR("AssumedRole")))
		id = str_sub(m->id, 0, str_find_char(m->id, ':', 0));
	fact_link(w, LINK_UID, arn, id);
	return true;
}

/* The unique id of the user or role behind the caller. */
static void link_unique_id(struct fact_worker *w, const struct members *m)
{
	const struct event *e = w->e;
	struct str key = e->column[EVENT_KEY];
	uint64_t who;

	/* A session's keys say nothing more of who it is. */
	if (keyid_kind(key) != KEYID_LONG_TERM)
		key = STR_NULL;
	who = mix(w->all->key.k0, m->id);
	who = mix(mix(who, e->column[EVENT_PRINCIPAL]), key) | 1;
	if (!m->id.n || fact_was_met(w, who, e->time))
		return;
	if (tell_unique_id(w, m, key))
		fact_meet(w, who, e->time);
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
	*s = (struct sayings){ .portal = m->portal };
	if (m->scope)
		s->scope = json_text_at(m->scope, "credentialsIssuedTo");
	if (m->behalf) {
		s->user = json_text_at(m->behalf, "userId");
		s->store = json_text_at(m->behalf, "identityStoreArn");
	}
	if (!m->context)
		return;
	for (const struct json *v = m->context->child; v; v = v->next) {
		if (str_eq(v->key, STR("sourceIdentity")))
			s->source = scalar(v);
		else if (str_eq(v->key, STR("signInSessionArn")))
			s->sign = scalar(v);
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
	h = mix(mix(w->all->key.k1, w->e->column[EVENT_PRINCIPAL]), session);
	h = mix(mix(mix(mix(h, s.scope), s.store), s.user), s.source);
	h = mix(mix(h, s.sign), s.portal) | 1;
	if (fact_was_met(w, h, 0))
		return;
	fact_meet(w, h, 0);
	link_sayings(w, &s, session);
}
