/* SPDX-License-Identifier: MIT */
#include "identity/policy.h"

#include "base/timefmt.h"

/* IAM's own documents have at most 10 KB, buckets' 20 KB. */
enum { DOCUMENT_MOST = 256 * 1024 };

struct principals {
	void (*each)(void *context, struct str principal);
	void *context;
	unsigned left;
	bool cut;
};

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

static void tell(struct principals *p, const struct json *v)
{
	p->cut |= p->left == 0;
	if (v->kind != JSON_STRING || !v->text.n || p->left == 0)
		return;
	p->left--;
	p->each(p->context, v->text);
}

static void tell_principals(struct principals *p, const struct json *v)
{
	if (v->kind == JSON_STRING) {
		tell(p, v);
		return;
	}
	if (v->kind != JSON_OBJECT)
		return;
	for (const struct json *m = v->child; m; m = m->next) {
		if (str_eq_fold(m->key, STR("Service")))
			continue;
		for (const struct json *i = items(m); i; i = next_item(m, i))
			tell(p, i);
	}
}

bool policy_each_principal(const struct json *document,
			   void (*each)(void *context, struct str principal),
			   void *context)
{
	static const struct json everybody = { .kind = JSON_STRING,
					       .text = { "*", 1 } };
	struct principals p = { each, context, POLICY_PRINCIPALS, false };
	const struct json *all = member(document, STR("Statement")), *s, *v;

	for (s = items(all); s; s = next_item(all, s)) {
		if (!has_effect(s, STR("Allow")))
			continue;
		v = member(s, STR("Principal"));
		if (v)
			tell_principals(&p, v);
		else if (member(s, STR("NotPrincipal")))
			tell(&p, &everybody);
	}
	return items(all) && !p.cut;
}

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
