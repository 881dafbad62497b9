/* SPDX-License-Identifier: MIT */
/* What userIdentity says of a user, a role and a session, beside its name. */
#include "identity/fact_private.h"

#include <string.h>

#include "base/mem.h"
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
 * Callers repeat: of one that was met lately, no earlier than this, nothing is
 * new. What tells callers apart is the id with the name and a long-term key.
 */
enum { CALLERS = 1024, CALLER_MOST = 240, CALLER_PARTS = 3 };

struct fact_caller {
	int64_t first; /* met at the earliest, ms */
	uint32_t n;
	char text[CALLER_MOST];
};

struct fact_caller *fact_callers_new(void)
{
	return mem_zero(CALLERS, sizeof(struct fact_caller));
}

/* The last bytes differ most; any mix will do, what is there is compared. */
static uint64_t mix(uint64_t h, struct str s)
{
	uint64_t last = s.n;

	if (s.n >= sizeof(last))
		memcpy(&last, s.p + s.n - sizeof(last), sizeof(last));
	return (h ^ last) * 0x9e3779b97f4a7c15u;
}

static struct fact_caller *caller_at(struct fact_worker *w,
				     const struct str part[CALLER_PARTS])
{
	uint64_t at = mix(mix(0, part[0]), part[2]);

	return &w->caller[(at >> 32) % CALLERS];
}

static bool is_caller(const struct fact_caller *c,
		      const struct str part[CALLER_PARTS])
{
	const char *at = c->text;

	if (c->n != part[0].n + part[1].n + part[2].n)
		return false;
	for (int i = 0; i < CALLER_PARTS; at += part[i++].n)
		if (part[i].n && memcmp(at, part[i].p, part[i].n) != 0)
			return false;
	return true;
}

static void remember(struct fact_caller *c, const struct str part[CALLER_PARTS],
		     int64_t time)
{
	char *at = c->text;

	if (part[0].n + part[1].n + part[2].n > CALLER_MOST)
		return;
	for (int i = 0; i < CALLER_PARTS; at += part[i++].n)
		if (part[i].n)
			memcpy(at, part[i].p, part[i].n);
	c->n = (uint32_t)(at - c->text);
	c->first = time;
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
	struct str part[CALLER_PARTS] = { m->id, e->column[EVENT_PRINCIPAL],
					  STR_NULL };
	struct fact_caller *c;

	/* A session's keys say nothing more of who it is. */
	if (keyid_kind(key) == KEYID_LONG_TERM)
		part[2] = key;
	c = caller_at(w, part);
	if (!m->id.n || (is_caller(c, part) && c->first <= e->time))
		return;
	if (tell_unique_id(w, m, part[2]))
		remember(c, part, e->time);
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
