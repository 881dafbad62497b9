/* SPDX-License-Identifier: MIT */
#include "identity/policy.h"

#include "base/attr.h"
#include "base/timefmt.h"
#include "model/addr.h"
#include "model/arn.h"

/* IAM's own documents have at most 10 KB, buckets' 20 KB. */
enum { DOCUMENT_MOST = 256 * 1024 };

static struct str url_decoded(struct str s, struct arena *arena)
{
	char *to = arena_alloc(arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int high, low;

		if (s.p[i] == '%' && i + 2 < s.n &&
		    (high = str_hex(s.p[i + 1])) >= 0 &&
		    (low = str_hex(s.p[i + 2])) >= 0) {
			to[n++] = (char)(unsigned char)(high << 4 | low);
			i += 2;
		} else {
			to[n++] = s.p[i] == '+' ? ' ' : s.p[i];
		}
	}
	return (struct str){ to, n };
}

const struct json *policy_document(const struct json *value,
				   struct arena *arena)
{
	struct err err = ERR_INIT;
	struct str text;

	if (!value || value->kind == JSON_OBJECT)
		return value;
	if (value->kind != JSON_STRING || value->text.n > DOCUMENT_MOST)
		return NULL;
	text = str_trim(value->text);
	if (str_starts(text, STR("%")))
		text = str_trim(url_decoded(text, arena));
	if (!str_starts(text, STR("{")))
		return NULL;
	value = json_read(arena, text, &err);
	return value && value->kind == JSON_OBJECT ? value : NULL;
}

/* Keys of policies are matched as IAM does for most of them: any case. */
static const struct json *member(const struct json *v, struct str key)
{
	if (!v || v->kind != JSON_OBJECT)
		return NULL;
	for (const struct json *m = v->child; m; m = m->next)
		if (str_eq_fold(m->key, key))
			return m;
	return NULL;
}

static bool has_effect(const struct json *statement, struct str effect)
{
	const struct json *v = member(statement, STR("Effect"));

	return v && str_eq_fold(v->text, effect);
}

/* A value, or the first of an array, of which the others follow. */
static const struct json *items(const struct json *v)
{
	return v && v->kind == JSON_ARRAY ? v->child : v;
}

static const struct json *next_item(const struct json *of,
				    const struct json *item)
{
	return of->kind == JSON_ARRAY ? item->next : NULL;
}

/* Conditions --------------------------------------------------------------- */

/* What a condition says of the caller, the narrower the later. */
enum bound {
	BOUND_NONE,
	BOUND_PLACE, /* from where, or the resource's own: nobody is named */
	BOUND_ACCOUNT,
	BOUND_ORGANIZATION,
};

enum key_form {
	KEY_ORGANIZATION, /* "o-...", or a path that begins with it */
	KEY_ACCOUNT,
	KEY_ARN,
	KEY_NETWORK,
	KEY_ID, /* of a VPC, an endpoint; of a role, up to the colon */
	KEY_TRUE,
};

static const struct {
	const char *key;
	enum key_form form;
} keys[] = {
	{ "aws:PrincipalOrgID", KEY_ORGANIZATION },
	{ "aws:PrincipalOrgPaths", KEY_ORGANIZATION },
	{ "aws:SourceOrgID", KEY_ORGANIZATION },
	{ "aws:SourceOrgPaths", KEY_ORGANIZATION },
	{ "aws:VpceOrgID", KEY_ORGANIZATION },
	{ "aws:VpceOrgPaths", KEY_ORGANIZATION },
	{ "aws:PrincipalAccount", KEY_ACCOUNT },
	{ "aws:SourceAccount", KEY_ACCOUNT },
	{ "aws:SourceOwner", KEY_ACCOUNT },
	{ "aws:VpceAccount", KEY_ACCOUNT },
	{ "kms:CallerAccount", KEY_ACCOUNT },
	{ "s3:DataAccessPointAccount", KEY_ACCOUNT },
	{ "aws:PrincipalArn", KEY_ARN },
	{ "aws:SourceArn", KEY_ARN },
	{ "s3:DataAccessPointArn", KEY_ARN },
	{ "aws:SourceIp", KEY_NETWORK },
	{ "aws:VpcSourceIp", KEY_NETWORK },
	{ "aws:SourceVpc", KEY_ID },
	{ "aws:SourceVpce", KEY_ID },
	{ "aws:userid", KEY_ID },
	{ "aws:PrincipalIsAWSService", KEY_TRUE },
	/* Of the resource, which is known: only compared with the caller's it
	 * says something. */
	{ "aws:ResourceOrgID", KEY_ORGANIZATION },
	{ "aws:ResourceAccount", KEY_ACCOUNT },
};

static bool is_of_resource(const char *key)
{
	return str_starts(str_of(key), STR("aws:Resource"));
}

static bool is_account(struct str s)
{
	return s.n == 12 && str_all_digits(s);
}

static bool has_wildcard(struct str s)
{
	return str_find_char(s, '*', 0) != SIZE_MAX ||
	       str_find_char(s, '?', 0) != SIZE_MAX;
}

/* "${aws:PrincipalOrgID}" beside the resource's key, or the other way round. */
static bool is_own(const char *key, struct str value)
{
	static const char *const caller[] = { "${aws:PrincipalOrgID}",
					      "${aws:PrincipalAccount}" };
	static const char *const resource[] = { "${aws:ResourceOrgID}",
						"${aws:ResourceAccount}" };
	const char *const *variable = is_of_resource(key) ? caller : resource;

	for (size_t i = 0; i < ARRAY_SIZE(caller); i++)
		if (str_eq_fold(value, str_of(variable[i])))
			return true;
	return false;
}

/* A network that is more than a large provider's share fixes nothing. */
static bool is_narrow(struct str value)
{
	enum { LEAST_OF_IPV4 = 96 + 8, LEAST_OF_IPV6 = 32 };
	struct network net;

	return network_parse(value, &net) &&
	       net.bits >= (str_find_char(value, ':', 0) == SIZE_MAX ?
				    (unsigned)LEAST_OF_IPV4 :
				    (unsigned)LEAST_OF_IPV6);
}

static enum bound arn_bound(struct str value, struct str *name)
{
	struct arn arn;

	if (!arn_parse(value, &arn))
		return BOUND_NONE;
	*name = arn.account;
	if (is_account(arn.account))
		return BOUND_ACCOUNT;
	/* A bucket's has none. */
	return arn.account.n || has_wildcard(value) ? BOUND_NONE : BOUND_PLACE;
}

/* What a value of a key says, and of whom. */
static enum bound value_bound(size_t key, struct str value, struct str *name)
{
	if (is_own(keys[key].key, value))
		return BOUND_PLACE;
	if (is_of_resource(keys[key].key))
		return BOUND_NONE;
	switch (keys[key].form) {
	case KEY_ORGANIZATION:
		*name = str_sub(value, 0, str_find_char(value, '/', 0));
		return str_starts(*name, STR("o-")) && !has_wildcard(*name) ?
			       BOUND_ORGANIZATION :
			       BOUND_NONE;
	case KEY_ACCOUNT:
		*name = value;
		return is_account(value) ? BOUND_ACCOUNT : BOUND_NONE;
	case KEY_ARN:
		return arn_bound(value, name);
	case KEY_NETWORK:
		return is_narrow(value) ? BOUND_PLACE : BOUND_NONE;
	case KEY_ID:
		value = str_sub(value, 0, str_find_char(value, ':', 0));
		return value.n && !has_wildcard(value) &&
				       !str_starts(value, STR("${")) ?
			       BOUND_PLACE :
			       BOUND_NONE;
	case KEY_TRUE:
		return str_eq_fold(value, STR("true")) ? BOUND_PLACE :
							 BOUND_NONE;
	}
	return BOUND_NONE;
}

/* Does it hold of the key's values, and not where the key is missing? */
static bool fixes(struct str operator)
{
	static const char *const fixing[] = {
		"StringEquals", "StringEqualsIgnoreCase",
		"StringLike",   "ArnEquals",
		"ArnLike",      "IpAddress",
		"Bool",
	};
	struct str any = STR("ForAnyValue:");

	if (str_starts_fold(operator, any))
		operator= str_from(operator, any.n);
	for (size_t i = 0; i < ARRAY_SIZE(fixing); i++)
		if (str_eq_fold(operator, str_of(fixing[i])))
			return true;
	return false;
}

/* The condition of a statement that says most of who calls. */
struct demand {
	enum bound bound;
	size_t key;
	const struct json *values;
};

/* All values have to fix it: any of them lets in. */
static enum bound values_bound(size_t key, const struct json *values)
{
	enum bound bound = BOUND_NONE;

	for (const struct json *v = items(values); v;
	     v = next_item(values, v)) {
		struct str name;
		enum bound one = value_bound(key, v->text, &name);

		if (one == BOUND_NONE)
			return BOUND_NONE;
		bound = one > bound ? one : bound;
	}
	return bound;
}

static void see_condition(struct demand *d, const struct json *condition)
{
	for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
		enum bound bound;

		if (!str_eq_fold(condition->key, str_of(keys[k].key)))
			continue;
		bound = values_bound(k, condition);
		if (bound > d->bound)
			*d = (struct demand){ bound, k, condition };
	}
}

static struct demand demand_of(const struct json *statement)
{
	const struct json *all = member(statement, STR("Condition"));
	struct demand d = { BOUND_NONE, 0, NULL };

	if (!all || all->kind != JSON_OBJECT)
		return d;
	for (const struct json *op = all->child; op; op = op->next) {
		if (op->kind != JSON_OBJECT || !fixes(op->key))
			continue;
		for (const struct json *c = op->child; c; c = c->next)
			see_condition(&d, c);
	}
	return d;
}

/* Guests ------------------------------------------------------------------- */

struct guests {
	void (*each)(void *context, const struct policy_guest *guest);
	void *context;
	struct demand demand; /* of the statement at hand */
	unsigned left;
	bool cut;
};

static void tell(struct guests *g, struct str principal,
		 struct str organization)
{
	struct policy_guest guest = { principal, organization };

	g->cut |= g->left == 0;
	if (!principal.n || g->left == 0)
		return;
	g->left--;
	g->each(g->context, &guest);
}

/* Everybody whom the condition lets in, or a principal as far as it does. */
static void tell_demanded(struct guests *g, struct str principal,
			  bool everybody)
{
	const struct json *values = g->demand.values;

	for (const struct json *v = items(values); v;
	     v = next_item(values, v)) {
		struct str name;

		switch (value_bound(g->demand.key, v->text, &name)) {
		case BOUND_ORGANIZATION:
			tell(g, principal, name);
			break;
		case BOUND_ACCOUNT:
			tell(g, name, STR_NULL);
			break;
		case BOUND_PLACE:
		case BOUND_NONE:
			/* Its own organization, beside others. */
			if (!everybody)
				tell(g, principal, STR_NULL);
			break;
		}
	}
}

static void tell_principal(struct guests *g, const struct json *v)
{
	bool everybody = str_eq(v->text, STR("*"));

	if (v->kind != JSON_STRING)
		return;
	if (g->demand.bound == BOUND_ORGANIZATION ||
	    (everybody && g->demand.bound != BOUND_NONE))
		tell_demanded(g, v->text, everybody);
	else
		tell(g, v->text, STR_NULL);
}

static void tell_principals(struct guests *g, const struct json *v)
{
	if (v->kind == JSON_STRING) {
		tell_principal(g, v);
		return;
	}
	if (v->kind != JSON_OBJECT)
		return;
	for (const struct json *m = v->child; m; m = m->next) {
		if (str_eq_fold(m->key, STR("Service")))
			continue;
		for (const struct json *i = items(m); i; i = next_item(m, i))
			tell_principal(g, i);
	}
}

bool policy_each_guest(const struct json *document,
		       void (*each)(void *context,
				    const struct policy_guest *guest),
		       void *context)
{
	static const struct json everybody = { .kind = JSON_STRING,
					       .text = { "*", 1 } };
	struct guests g = { .each = each,
			    .context = context,
			    .left = POLICY_PRINCIPALS };
	const struct json *all = member(document, STR("Statement")), *s, *v;

	for (s = items(all); s; s = next_item(all, s)) {
		if (!has_effect(s, STR("Allow")))
			continue;
		g.demand = demand_of(s);
		v = member(s, STR("Principal"));
		if (v)
			tell_principals(&g, v);
		else if (member(s, STR("NotPrincipal")))
			tell_principal(&g, &everybody);
	}
	return items(all) && !g.cut;
}

/* Revoking ------------------------------------------------------------------ */

/* {"DateLessThan": {"aws:TokenIssueTime": "2026-01-09T21:42:07Z"}} */
static int64_t issue_time(const struct json *condition)
{
	if (!condition || condition->kind != JSON_OBJECT)
		return TIME_NONE;
	for (const struct json *m = condition->child; m; m = m->next) {
		const struct json *v = member(m, STR("aws:TokenIssueTime"));

		if (!str_starts_fold(m->key, STR("DateLessThan")) || !v)
			continue;
		v = items(v);
		return v ? time_parse(v->text, NULL) : TIME_NONE;
	}
	return TIME_NONE;
}

int64_t policy_revokes_before(const struct json *document)
{
	const struct json *all = member(document, STR("Statement")), *s;
	int64_t last = TIME_NONE;

	for (s = items(all); s; s = next_item(all, s)) {
		int64_t time = has_effect(s, STR("Deny")) ?
				       issue_time(member(s, STR("Condition"))) :
				       TIME_NONE;

		if (time != TIME_NONE && (last == TIME_NONE || time > last))
			last = time;
	}
	return last;
}
