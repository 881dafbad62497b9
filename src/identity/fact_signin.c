/* SPDX-License-Identifier: MIT */
/* Consoles and Identity Center. */
#include "identity/fact_private.h"

static void read_console(struct fact_worker *w, unsigned how)
{
	if (!str_eq(fact_response(w, "ConsoleLogin"), STR("Success")))
		return;
	fact_begin(w, FACT_SIGN_IN, how);
	fact_put(w, SLOT_PID, json_text_at(w->user, "principalId"));
	fact_end(w);
}

static void read_switch(struct fact_worker *w, unsigned how)
{
	struct str from = fact_at(w, "additionalEventData.SwitchFrom");

	if (!str_eq(fact_response(w, "SwitchRole"), STR("Success")))
		return;
	fact_begin(w, FACT_SIGN_IN, how);
	fact_put(w, SLOT_PID, json_text_at(w->user, "principalId"));
	fact_put(w, SLOT_SUBJECT, from);
	fact_end(w);
	fact_target(w, from);
}

static void read_signin_token(struct fact_worker *w, unsigned how)
{
	fact_begin(w, FACT_SIGN_IN, how);
	fact_put(w, SLOT_PID, json_text_at(w->user, "principalId"));
	fact_end(w);
}

static struct str credential_id(struct fact_worker *w)
{
	return fact_first(
		json_text_at(w->user, "credentialId"),
		json_text_at(json_at(w->e->record, "additionalEventData"),
			     "identitycenter:CredentialId"));
}

/* Who it was: older records have no onBehalfOf, but a name. */
static void put_center_user(struct fact_worker *w)
{
	if (!json_at(w->user, "onBehalfOf"))
		fact_put(w, SLOT_SUBJECT, json_text_at(w->user, "userName"));
	fact_put(w, SLOT_PORTAL, credential_id(w));
}

static void read_center_role(struct fact_worker *w, unsigned how)
{
	const struct json *details = json_at(w->e->record,
					     "serviceEventDetails");

	fact_begin(w, FACT_CENTER, how);
	fact_put(w, SLOT_NAME,
		 fact_first(json_text_at(details, "role_name"),
			    fact_request(w, "roleName")));
	fact_put(w, SLOT_ACCOUNT,
		 fact_first(json_text_at(details, "account_id"),
			    fact_request(w, "accountId")));
	put_center_user(w);
	fact_end(w);
}

static void read_center_token(struct fact_worker *w, unsigned how)
{
	fact_begin(w, FACT_CENTER, how);
	put_center_user(w);
	fact_end(w);
}

/* The portal's session is over: by its user, or by an administrator. */
static void read_portal_end(struct fact_worker *w, unsigned how)
{
	fact_begin(w, FACT_END, how);
	fact_put(w, SLOT_PORTAL,
		 fact_first(fact_request(w, "sessionId"), credential_id(w)));
	fact_end(w);
}

const struct fact_handler fact_signin_handlers[] = {
	{ "signin", "ConsoleLogin", read_console, SIGN_CONSOLE },
	{ "signin", "SwitchRole", read_switch, SIGN_SWITCH },
	{ "signin", "GetSigninToken", read_signin_token, SIGN_TOKEN },
	{ "sso", "GetRoleCredentials", read_center_role, CENTER_ROLE },
	{ "sso", "Federate", read_center_role, CENTER_CONSOLE },
	{ "sso", "CreateToken", read_center_token, CENTER_TOKEN },
	{ "sso", "Logout", read_portal_end, END_PORTAL_REVOKED },
	{ "sso-oauth", "CreateToken", read_center_token, CENTER_TOKEN },
	{ "sso-oauth", "CreateTokenWithIAM", read_center_token, CENTER_TOKEN },
	{ NULL, NULL, NULL, 0 },
};
