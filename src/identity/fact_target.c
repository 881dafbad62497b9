/* SPDX-License-Identifier: MIT */
/* Identities that an event's parameters name, whatever came of it. */
#include "identity/fact_private.h"

#include "base/attr.h"
#include "model/arn.h"
#include "model/keyid.h"

/* Values that are looked at in one event, at most, and how deep. */
enum { VALUES_MOST = 200, DEEPEST = 5 };

/* An ARN of something that can be a node. */
static bool names_identity(struct str text)
{
	struct arn arn;

	if (!arn_parse(text, &arn))
		return false;
	if (str_eq(arn.service, STR("iam")) || str_eq(arn.service, STR("sts")))
		return str_starts(arn.resource, STR("user/")) ||
		       str_starts(arn.resource, STR("role/")) ||
		       str_starts(arn.resource, STR("group/")) ||
		       str_starts(arn.resource, STR("assumed-role/")) ||
		       str_starts(arn.resource, STR("saml-provider/")) ||
		       str_starts(arn.resource, STR("oidc-provider/")) ||
		       str_eq(arn.resource, STR("root"));
	if (str_eq(arn.service, STR("ec2")))
		return str_starts(arn.resource, STR("instance/"));
	return str_eq(arn.service, STR("ecs")) ?
		       str_starts(arn.resource, STR("task/")) :
		       str_eq(arn.service, STR("codebuild")) ||
			       str_eq(arn.service, STR("glue"));
}

static void note_arn(struct fact_worker *w, struct str text)
{
	struct str function;

	/* What is shorter is neither an ARN nor an instance; most texts are
	 * nothing of the kind, and most ARNs are of objects in buckets. */
	if (text.n < 10 ||
	    (text.p[0] != 'a' && text.p[1] != '-' && text.p[2] != '-') ||
	    memcmp(text.p, "arn:aws:s3", 10) == 0)
		return;
	if (!str_starts(text, STR("arn:"))) {
		if (fact_is_instance(text))
			fact_target(w, text);
		return;
	}
	function = fact_function(w, text);
	if (function.n && str_find(text, STR(":lambda:"), 0) != SIZE_MAX)
		fact_target(w, function);
	else if (names_identity(text))
		fact_target(w, text);
}

/* IAM's users, roles and groups; others have their own of these names. */
static bool note_name(struct fact_worker *w, const struct json *v)
{
	char kind = '\0';

	if (str_eq(v->key, STR("userName")))
		kind = 'u';
	else if (str_eq(v->key, STR("roleName")))
		kind = 'r';
	else if (str_eq(v->key, STR("groupName")))
		kind = 'g';
	if (kind)
		fact_target(w, fact_name(w, kind, v->text));
	return kind != '\0';
}

/* A member that names an identity; others do so as an ARN or as an instance's
 * id. */
static void note_member(struct fact_worker *w, const struct json *v)
{
	switch (v->key.n) {
	case 8:
	case 9:
		if (w->iam && note_name(w, v))
			return;
		break;
	case 11:
		if (str_eq(v->key, STR("accessKeyId"))) {
			if (keyid_is_access_key(v->text))
				fact_target(w, v->text);
			return;
		}
		break;
	case 12:
		if (str_eq(v->key, STR("functionName"))) {
			fact_target(w, fact_function(w, v->text));
			return;
		}
		break;
	default:
		break;
	}
	note_arn(w, v->text);
}

static void look(struct fact_worker *w, const struct json *v, unsigned *left,
		 unsigned depth)
{
	if (depth == DEEPEST)
		return;
	for (const struct json *m = v->child; m && *left; m = m->next) {
		--*left;
		if (m->kind == JSON_STRING)
			note_member(w, m);
		else if (m->kind >= JSON_ARRAY)
			look(w, m, left, depth + 1);
	}
}

/* IAM's calls that mean the caller when they name nobody. */
static bool means_caller(const struct fact_worker *w)
{
	static const char *const names[] = {
		"CreateAccessKey", "ListAccessKeys",  "UpdateAccessKey",
		"DeleteAccessKey", "ChangePassword",  "GetUser",
		"ListMFADevices",  "GetLoginProfile",
	};
	struct str name = w->e->column[EVENT_NAME];

	if (!w->iam || fact_request(w, "userName").n)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	return false;
}

/* "User: ... is not authorized to perform: sts:AssumeRole on resource:
 * arn:...": a denied AssumeRole says it nowhere else. */
static void note_denied(struct fact_worker *w)
{
	struct str text = fact_at(w, "errorMessage"),
		   word = STR("on resource: ");
	size_t at = str_find(text, word, 0), end;

	if (at == SIZE_MAX)
		return;
	text = str_from(text, at + word.n);
	end = str_find_char(text, ' ', 0);
	note_arn(w, str_sub(text, 0, end));
}

static struct str member_text(const struct json *v, struct str key)
{
	v = json_member(v, key);
	return v && v->kind == JSON_STRING ? v->text : STR_NULL;
}

/* What a finding or an Insight is about, as it was put together for that. */
void fact_read_named(struct fact_worker *w)
{
	unsigned left = VALUES_MOST;
	const struct json *about = json_member(w->e->record, STR("about"));

	if (!about)
		about = json_at(w->e->record, "insightDetails.insightContext");
	if (!about)
		return;
	/* A user's name is IAM's there. */
	w->iam = true;
	look(w, about, &left, 0);
}

void fact_read_targets(struct fact_worker *w)
{
	unsigned left = VALUES_MOST;

	if (w->request)
		look(w, w->request, &left, 0);
	if (w->resources)
		for (const struct json *v = w->resources->child; v && left;
		     v = v->next, left--)
			note_arn(w, member_text(v, STR("ARN")));
	if (means_caller(w))
		note_arn(w, w->e->column[EVENT_PRINCIPAL]);
	if ((w->e->flags & EVENT_OUTCOME_MASK) == OUTCOME_DENIED &&
	    w->e->flags & EVENT_ERROR_MESSAGE)
		note_denied(w);
}
