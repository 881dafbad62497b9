/* SPDX-License-Identifier: MIT */
#include "ingest/struct_text.h"

#include "base/attr.h"

enum { DEEPEST = 4 };

/* CloudTrail's names of what is in userIdentity, tlsDetails and resources. */
static const char *const names[] = {
	"type",
	"principalId",
	"arn",
	"accountId",
	"invokedBy",
	"accessKeyId",
	"userName",
	"sessionContext",
	"attributes",
	"mfaAuthenticated",
	"creationDate",
	"sessionIssuer",
	"webIdFederationData",
	"federatedProvider",
	"sourceIdentity",
	"ec2RoleDelivery",
	"assumedRoot",
	"signInSessionArn",
	"identityProvider",
	"credentialId",
	"onBehalfOf",
	"userId",
	"identityStoreArn",
	"inScopeOf",
	"sourceArn",
	"sourceAccount",
	"issuerType",
	"credentialsIssuedTo",
	"credentialsIssuedToVersion",
	"invokedByDelegate",
	"tlsVersion",
	"cipherSuite",
	"clientProvidedHostHeader",
	"keyExchange",
};

static const char *name_of(struct str key)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_eq_fold(key, str_of(names[i])))
			return names[i];
	return NULL;
}

/* "PATH.NAME" as a C string in the draft's arena. */
static const char *below(struct draft *d, const char *path, const char *name)
{
	const struct str part[] = { str_of(path), STR("."), str_of(name) };
	struct str joined = arena_join_all(d->arena, part, ARRAY_SIZE(part));

	return arena_dup(d->arena, joined).p;
}

static void put_scalar(struct draft *d, const char *path, const char *name,
		       struct str text)
{
	const char *to = below(d, path, name);

	if (str_eq(text, STR("null")))
		return;
	if (str_eq(str_of(name), STR("creationDate")))
		draft_time(d, to, text);
	else
		draft_text(d, to, text);
}

/* A name that is known and "=" at `at`; *next is behind it. */
static const char *name_at(struct str text, size_t at, size_t *next)
{
	struct str seen = str_sub(str_from(text, at), 0, 32);
	size_t end = 0;

	while (end < seen.n && ((seen.p[end] >= 'a' && seen.p[end] <= 'z') ||
				(seen.p[end] >= 'A' && seen.p[end] <= 'Z') ||
				(seen.p[end] >= '0' && seen.p[end] <= '9')))
		end++;
	if (!end || end >= seen.n || seen.p[end] != '=')
		return NULL;
	*next = at + end + 1;
	return name_of(str_sub(seen, 0, end));
}

/* Where a value that begins at `at` ends. */
static size_t value_end(struct str text, size_t at)
{
	for (; at < text.n; at++) {
		size_t next;

		if (text.p[at] == '}' &&
		    (at + 1 == text.n || text.p[at + 1] == '}' ||
		     text.p[at + 1] == ']' ||
		     (text.p[at + 1] == ',' && at + 2 < text.n &&
		      text.p[at + 2] == ' ')))
			return at;
		if (text.p[at] == ',' && at + 1 < text.n &&
		    text.p[at + 1] == ' ' && name_at(text, at + 2, &next))
			return at;
	}
	return at;
}

/* The structure at text.p[at], which is its brace; returns where it ends.
 * Recursion is bounded by DEEPEST. */
static size_t put_struct(struct draft *d, const char *path, struct str text,
			 size_t at, unsigned depth)
{
	at++;
	while (at < text.n && text.p[at] != '}') {
		size_t next, end;
		const char *name = name_at(text, at, &next);

		if (!name) {
			/* One that CloudTrail gained since: passed over. */
			at = value_end(text, at);
		} else if (next < text.n && text.p[next] == '{' &&
			   depth < DEEPEST) {
			at = put_struct(d, below(d, path, name), text, next,
					depth + 1);
		} else {
			end = value_end(text, next);
			put_scalar(d, path, name, str_sub(text, next, end));
			at = end;
		}
		while (at < text.n && (text.p[at] == ',' || text.p[at] == ' '))
			at++;
	}
	return at < text.n ? at + 1 : at;
}

/* The same of a tree. */
static void put_tree(struct draft *d, const char *path, const struct json *v,
		     unsigned depth)
{
	for (const struct json *m = v->child; m; m = m->next) {
		const char *name = name_of(m->key);

		if (!name || m->kind == JSON_NULL)
			continue;
		if (m->kind == JSON_OBJECT && depth < DEEPEST)
			put_tree(d, below(d, path, name), m, depth + 1);
		else if (m->kind == JSON_STRING)
			put_scalar(d, path, name, m->text);
		else
			draft_value(d, below(d, path, name), m);
	}
}

void struct_text_put(struct draft *d, const char *path,
		     const struct json *value)
{
	const struct json *tree = value;
	struct err err;

	if (value->kind == JSON_STRING) {
		tree = json_read(d->arena, value->text, &err);
		if (!tree && value->text.n && value->text.p[0] == '{') {
			put_struct(d, path, value->text, 0, 0);
			return;
		}
	}
	if (tree && tree->kind == JSON_OBJECT)
		put_tree(d, path, tree, 0);
}

static void set_member(struct draft *d, struct json *object, const char *key,
		       struct str text)
{
	struct json *m = arena_zero(d->arena, sizeof(*m));

	if (!text.n || str_eq(text, STR("null")))
		return;
	m->kind = JSON_STRING;
	m->key = str_of(key);
	m->text = text;
	m->next = object->child;
	object->child = m;
	object->n++;
}

/* One resource at text.p[at]; its end. */
static size_t put_resource(struct draft *d, struct json *object,
			   struct str text, size_t at)
{
	at++;
	while (at < text.n && text.p[at] != '}') {
		size_t next, end;
		const char *name = name_at(text, at, &next);

		end = value_end(text, name ? next : at);
		if (name && str_eq(str_of(name), STR("arn")))
			name = "ARN";
		if (name)
			set_member(d, object, name, str_sub(text, next, end));
		at = end;
		while (at < text.n && (text.p[at] == ',' || text.p[at] == ' '))
			at++;
	}
	return at + 1;
}

void struct_text_resources(struct draft *d, const char *path,
			   const struct json *value)
{
	struct json *list = arena_zero(d->arena, sizeof(*list));
	const struct json **tail = &list->child;
	struct str text = value->text;
	const struct json *tree;
	struct err err;

	tree = value->kind == JSON_STRING ? json_read(d->arena, text, &err) :
					    value;
	if (tree || value->kind != JSON_STRING) {
		draft_value(d, path, tree);
		return;
	}
	list->kind = JSON_ARRAY;
	for (size_t at = 0; at < text.n;) {
		struct json *object;

		at = str_find_char(text, '{', at);
		if (at == SIZE_MAX)
			break;
		object = arena_zero(d->arena, sizeof(*object));
		object->kind = JSON_OBJECT;
		at = put_resource(d, object, text, at);
		*tail = object;
		tail = &object->next;
		list->n++;
	}
	if (list->n)
		draft_value(d, path, list);
}
