/* SPDX-License-Identifier: MIT */
/* Users, roles, groups, keys and identity providers: made, changed, ended. */
#include "identity/fact_private.h"

#include "base/attr.h"
#include "base/timefmt.h"

/* Trust ------------------------------------------------------------------- */

/* Whose trust is being read: an ARN or a name. */
struct trust {
	struct fact_worker *w;
	struct str role;
};

static void note_trust(void *context, const struct policy_guest *guest)
{
	struct trust *t = context;
	struct str who = fact_guest(t->w, guest);

	fact_begin(t->w, FACT_TRUST, 0);
	fact_put(t->w, SLOT_ARN, t->role);
	fact_put(t->w, SLOT_SUBJECT, who);
	fact_end(t->w);
	fact_target(t->w, who);
}

static void note_trusts(struct fact_worker *w, struct str role,
			const struct json *document)
{
	struct trust t = { w, role };

	if (!policy_each_guest(policy_document(document, &w->scratch),
			       note_trust, &t))
		return;
	/* Whom it does not name, the role no longer trusts. */
	fact_begin(w, FACT_TRUST, 0);
	fact_put(w, SLOT_ARN, role);
	fact_end(w);
}

/* Making ------------------------------------------------------------------ */

/* Where the response has what was made. */
static const struct {
	const char *object, *arn, *uid;
} made[] = {
	{ "user", "arn", "userId" },
	{ "role", "arn", "roleId" },
	{ "group", "arn", "groupId" },
	{ NULL, "sAMLProviderArn", NULL },
	{ NULL, "openIDConnectProviderArn", NULL },
	{ "trustAnchor", "trustAnchorArn", NULL },
	{ "profile", "profileArn", NULL },
};

static void read_created(struct fact_worker *w, unsigned how)
{
	const struct json *v = w->response;
	struct str arn;

	if (made[how].object)
		v = json_at(v, made[how].object);
	arn = json_text_at(v, made[how].arn);
	if (!arn.n)
		return;
	fact_begin(w, FACT_CREATED, 0);
	fact_put(w, SLOT_ARN, arn);
	if (made[how].uid)
		fact_put(w, SLOT_UID, json_text_at(v, made[how].uid));
	fact_end(w);
	note_trusts(w, arn, json_at(w->request, "assumeRolePolicyDocument"));
}

static void read_key(struct fact_worker *w, unsigned how)
{
	struct str key = fact_response(w, "accessKey.accessKeyId"), owner;

	(void)how;
	if (!key.n)
		return;
	owner = fact_first(fact_response(w, "accessKey.userName"),
			   fact_request(w, "userName"));
	fact_begin(w, FACT_KEY, 0);
	fact_put(w, SLOT_KEY, key);
	fact_put(w, SLOT_NAME, fact_name(w, 'u', owner));
	fact_end(w);
	/* The request does not know the key yet. */
	fact_target(w, key);
}

static void read_trust_update(struct fact_worker *w, unsigned how)
{
	(void)how;
	note_trusts(w, fact_name(w, 'r', fact_request(w, "roleName")),
		    json_at(w->request, "policyDocument"));
}

/* Giving ------------------------------------------------------------------ */

/* What users are given beside keys and passwords: where the response that
 * gives it, and the request that takes it, have its id. */
static const struct {
	const char *given, *named;
} gifts[] = {
	{ "serviceSpecificCredential.serviceSpecificCredentialId",
	  "serviceSpecificCredentialId" },
	{ "sSHPublicKey.sSHPublicKeyId", "sSHPublicKeyId" },
	{ "certificate.certificateId", "certificateId" },
};

enum { GIFT_SPECIFIC, GIFT_SSH_KEY, GIFT_CERTIFICATE };

static void note_gift(struct fact_worker *w, enum fact_gift how, struct str id)
{
	fact_begin(w, FACT_GIFT, how);
	fact_put(w, SLOT_NAME, fact_name(w, 'u', fact_request(w, "userName")));
	fact_put(w, SLOT_UID, id);
	fact_end(w);
}

static void read_gift(struct fact_worker *w, unsigned how)
{
	note_gift(w, GIFT_GIVEN,
		  fact_first(fact_response(w, gifts[how].given),
			     fact_request(w, gifts[how].named)));
}

static void read_gift_taken(struct fact_worker *w, unsigned how)
{
	note_gift(w, GIFT_TAKEN, fact_request(w, gifts[how].named));
}

static void read_gift_status(struct fact_worker *w, unsigned how)
{
	struct str status = fact_request(w, "status");

	if (str_eq_fold(status, STR("Active")))
		read_gift(w, how);
	else if (status.n)
		read_gift_taken(w, how);
}

/* Ending ------------------------------------------------------------------ */

static void note_end(struct fact_worker *w, enum end_kind kind,
		     enum fact_slot slot, struct str what)
{
	if (!what.n)
		return;
	fact_begin(w, FACT_END, kind);
	fact_put(w, slot, what);
	if (slot == SLOT_KEY)
		fact_put(w, SLOT_NAME,
			 fact_name(w, 'u', fact_request(w, "userName")));
	fact_end(w);
}

static void read_key_update(struct fact_worker *w, unsigned how)
{
	struct str status = fact_request(w, "status");
	struct str key = fact_request(w, "accessKeyId");

	(void)how;
	if (str_eq_fold(status, STR("Inactive")) ||
	    str_eq_fold(status, STR("Expired")))
		note_end(w, END_KEY_INACTIVE, SLOT_KEY, key);
	else if (str_eq_fold(status, STR("Active")))
		note_end(w, END_KEY_ACTIVE, SLOT_KEY, key);
}

static void read_key_delete(struct fact_worker *w, unsigned how)
{
	note_end(w, (enum end_kind)how, SLOT_KEY,
		 fact_request(w, "accessKeyId"));
}

static void read_user_end(struct fact_worker *w, unsigned how)
{
	note_end(w, (enum end_kind)how, SLOT_ARN,
		 fact_name(w, 'u', fact_request(w, "userName")));
}

static void read_role_end(struct fact_worker *w, unsigned how)
{
	note_end(w, (enum end_kind)how, SLOT_ARN,
		 fact_name(w, 'r', fact_request(w, "roleName")));
}

/* What signs others in: its ARN is in the request, or its id is. */
static void read_provider_end(struct fact_worker *w, unsigned how)
{
	static const char *const paths[] = { "sAMLProviderArn",
					     "openIDConnectProviderArn" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		note_end(w, (enum end_kind)how, SLOT_ARN,
			 fact_request(w, paths[i]));
}

static void read_anchor_end(struct fact_worker *w, unsigned how)
{
	note_end(w, (enum end_kind)how, SLOT_ARN,
		 fact_response(w, "trustAnchor.trustAnchorArn"));
}

/* An inline policy that denies what older sessions do. */
static void read_inline_policy(struct fact_worker *w, unsigned how)
{
	int64_t before = policy_revokes_before(policy_document(
		json_at(w->request, "policyDocument"), &w->scratch));
	struct str name = how == 'u' ? fact_request(w, "userName") :
				       fact_request(w, "roleName");

	if (before == TIME_NONE || before <= 0 || before / 1000 >= UINT32_MAX ||
	    !name.n)
		return;
	fact_begin(w, FACT_END, END_REVOKED);
	fact_put(w, SLOT_ARN, fact_name(w, (char)how, name));
	fact_put_number(w, SLOT_TIME, (uint32_t)(before / 1000));
	fact_end(w);
}

/* Changing ---------------------------------------------------------------- */

/* What is made has an edge of its own; what only reads may lack readOnly. */
static bool changes_nothing(struct str name)
{
	static const char *const starts[] = {
		"Get",         "List",
		"Simulate",    "Generate",
		"CreateUser",  "CreateRole",
		"CreateGroup", "CreateServiceLinked",
	};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (str_starts(name, str_of(starts[i])))
			return true;
	return false;
}

void fact_read_iam_write(struct fact_worker *w)
{
	static const struct {
		const char *path;
		char kind;
	} named[] = { { "userName", 'u' },
		      { "roleName", 'r' },
		      { "groupName", 'g' } };

	if (!w->request || changes_nothing(w->e->column[EVENT_NAME]))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(named); i++) {
		struct str name = fact_request(w, named[i].path);

		if (!name.n)
			continue;
		fact_begin(w, FACT_MODIFIED, 0);
		fact_put(w, SLOT_ARN, fact_name(w, named[i].kind, name));
		fact_end(w);
	}
}

const struct fact_handler fact_iam_handlers[] = {
	{ "iam", "CreateUser", read_created, 0 },
	{ "iam", "CreateRole", read_created, 1 },
	{ "iam", "CreateServiceLinkedRole", read_created, 1 },
	{ "iam", "CreateGroup", read_created, 2 },
	{ "iam", "CreateSAMLProvider", read_created, 3 },
	{ "iam", "CreateOpenIDConnectProvider", read_created, 4 },
	{ "rolesanywhere", "CreateTrustAnchor", read_created, 5 },
	{ "rolesanywhere", "CreateProfile", read_created, 6 },
	{ "iam", "CreateAccessKey", read_key, 0 },
	{ "iam", "UpdateAssumeRolePolicy", read_trust_update, 0 },
	{ "iam", "CreateServiceSpecificCredential", read_gift, GIFT_SPECIFIC },
	{ "iam", "ResetServiceSpecificCredential", read_gift, GIFT_SPECIFIC },
	{ "iam", "UpdateServiceSpecificCredential", read_gift_status,
	  GIFT_SPECIFIC },
	{ "iam", "DeleteServiceSpecificCredential", read_gift_taken,
	  GIFT_SPECIFIC },
	{ "iam", "UploadSSHPublicKey", read_gift, GIFT_SSH_KEY },
	{ "iam", "UpdateSSHPublicKey", read_gift_status, GIFT_SSH_KEY },
	{ "iam", "DeleteSSHPublicKey", read_gift_taken, GIFT_SSH_KEY },
	{ "iam", "UploadSigningCertificate", read_gift, GIFT_CERTIFICATE },
	{ "iam", "UpdateSigningCertificate", read_gift_status,
	  GIFT_CERTIFICATE },
	{ "iam", "DeleteSigningCertificate", read_gift_taken,
	  GIFT_CERTIFICATE },
	{ "iam", "UpdateAccessKey", read_key_update, 0 },
	{ "iam", "DeleteAccessKey", read_key_delete, END_KEY_DELETED },
	{ "iam", "DeleteUser", read_user_end, END_USER_DELETED },
	{ "iam", "DeleteLoginProfile", read_user_end, END_LOGIN_DELETED },
	{ "iam", "DeleteRole", read_role_end, END_ROLE_DELETED },
	{ "iam", "DeleteServiceLinkedRole", read_role_end, END_ROLE_DELETED },
	{ "iam", "DeleteSAMLProvider", read_provider_end, END_TERMINATED },
	{ "iam", "DeleteOpenIDConnectProvider", read_provider_end,
	  END_TERMINATED },
	{ "rolesanywhere", "DeleteTrustAnchor", read_anchor_end,
	  END_TERMINATED },
	{ "rolesanywhere", "DisableTrustAnchor", read_anchor_end,
	  END_TERMINATED },
	{ "iam", "PutUserPolicy", read_inline_policy, 'u' },
	{ "iam", "PutRolePolicy", read_inline_policy, 'r' },
	{ NULL, NULL, NULL, 0 },
};
