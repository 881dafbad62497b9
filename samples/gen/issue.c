/* SPDX-License-Identifier: MIT */
#include "gen/issue.h"

#include <string.h>

#include "gen/calls.h"
#include "gen/fill.h"

static bool is_service(const struct session *s)
{
	return s->kind == SESSION_SERVICE;
}

/* The child begins now, with a key of its own. */
static void open_session(struct scene *sc, struct session *child, int64_t t)
{
	child->created = t - t % 1000;
	session_new_key(child, &sc->rng);
}

/* Tells the scene's true graph that e->by has opened the child. */
static void note_issued(struct scene *sc, const struct event *e,
			const struct session *by, const struct session *child,
			const char *kind, uint64_t seconds)
{
	struct fill f = { .args = e->args };
	struct str value;

	if (!sc->graph)
		return;
	if (fill_arg(&f, "seconds", &value))
		str_to_u64(value, &seconds);
	true_graph_issued(sc->graph, by, child, kind, (int64_t)seconds);
}

/* What the templates of calls_sts.c ask for. */
static const char *role_args(struct scene *sc, const struct event *e,
			     const struct session *child)
{
	struct strbuf text;
	const char *args;

	strbuf_init(&text);
	strbuf_addf(&text, "role=%s;roleName=%s;session=%s;key=%s;owner=%s;",
		    child->who->arn, child->who->name, child->name, child->key,
		    child->account);
	strbuf_adds(&text, "pid=");
	session_principal_id(&text, child);
	if (child->source_identity)
		strbuf_addf(&text,
			    ";source=,'sourceIdentity':'%s';more=,"
			    "'sourceIdentity':'%s'",
			    child->source_identity, child->source_identity);
	if (e->args)
		strbuf_addf(&text, ";%s", e->args);
	args = arena_dup(&sc->arena, strbuf_str(&text)).p;
	strbuf_release(&text);
	return args;
}

static const char *new_uuid(struct scene *sc)
{
	char uuid[UUID_SIZE];

	uuid_random(&sc->rng, uuid);
	return arena_dup(&sc->arena, str_of(uuid)).p;
}

/* The copy that the role's own account gets: it does not know the caller. */
static void record_foreign_copy(struct scene *sc, const struct event *e,
				const struct session *child)
{
	struct session stranger = {
		.kind = SESSION_FOREIGN,
		.account = e->by->account,
		.ip = e->ip ? e->ip : e->by->ip,
		.agent = e->agent ? e->agent : e->by->agent,
		.invoked_by = e->by->invoked_by,
	};
	struct event copy = *e;
	struct strbuf id;

	strbuf_init(&id);
	session_principal_id(&id, e->by);
	stranger.name = id.p;
	copy.by = &stranger;
	copy.account = child->account;
	copy.id[0] = '\0';
	scene_record(sc, &copy);
	strbuf_release(&id);
}

void issue_role(struct scene *sc, struct event *e, struct session *child)
{
	bool service = is_service(e->by);
	bool compute = service &&
		       (strcmp(e->by->name, "ec2.amazonaws.com") == 0 ||
			strcmp(e->by->name, "lambda.amazonaws.com") == 0);
	bool foreign = strcmp(e->by->account, child->account) != 0;

	open_session(sc, child, e->time);
	e->call = "sts:AssumeRole";
	e->args = role_args(sc, e, child);
	if (compute)
		e->shape = call_find("sts:AssumeRole for compute");
	if (service || foreign)
		e->shared_id = new_uuid(sc);
	if (e->by->kind == SESSION_FOREIGN)
		e->account = child->account;
	scene_record(sc, e);
	if (foreign && e->by->kind != SESSION_FOREIGN)
		record_foreign_copy(sc, e, child);
	note_issued(sc, e, e->by, child, child->console ? NULL : "sts", 3600);
}

void issue_instance(struct scene *sc, struct event *e, struct session *child[],
		    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct event one = *e;

		if (i > 0)
			one.id[0] = '\0';
		one.args = e->args && e->args[0] ? e->args : "seconds=22200";
		issue_role(sc, &one, child[i]);
		memcpy(e->request_id, one.request_id, UUID_SIZE);
	}
}

void issue_console(struct scene *sc, struct event *e, struct session *s)
{
	struct session visitor = *s;
	struct event check = *e;

	/* A sign-in has no key and no session yet. */
	visitor.created = 0;
	visitor.key[0] = '\0';
	e->by = &visitor;
	e->call = "signin:ConsoleLogin";
	if (!s->mfa)
		e->args = "mfa=,'MFAUsed':'No'";
	scene_record(sc, e);
	if (s->mfa) {
		check.by = &visitor;
		check.call = "signin:CheckMfa";
		check.args = NULL;
		check.id[0] = '\0';
		check.time = e->time - 9000;
		scene_record(sc, &check);
	}
	open_session(sc, s, e->time);
	note_issued(sc, e, &visitor, s, "console", 43200);
}

void issue_switch(struct scene *sc, struct event *e, struct session *child)
{
	struct session behind = *e->by, visitor;
	struct event twin = *e;
	struct strbuf from;

	/* The console assumes the role on the user's behalf. */
	behind.invoked_by = "AWS Internal";
	behind.ip = behind.agent = "AWS Internal";
	twin.by = &behind;
	twin.id[0] = '\0';
	child->console = true;
	issue_role(sc, &twin, child);
	/* The key in use is not the one that was issued. */
	session_new_key(child, &sc->rng);
	visitor = *child;
	visitor.created = 0;
	visitor.key[0] = '\0';
	strbuf_init(&from);
	strbuf_adds(&from, "from=");
	session_arn(&from, e->by);
	e->by = &visitor;
	e->args = from.p;
	scene_record(sc, e);
	strbuf_release(&from);
}

/* From the portal straight into the console. */
static void record_sign_in(struct scene *sc, const struct event *e,
			   const struct session *child)
{
	struct session visitor = *child;
	struct event in = {
		.time = e->time,
		.by = &visitor,
		.call = "signin:ConsoleLogin",
		.args = "mfa=,'MFAUsed':'No'",
		.region = e->region,
	};

	visitor.created = 0;
	visitor.key[0] = '\0';
	visitor.idc_user = NULL;
	scene_record(sc, &in);
}

void issue_portal(struct scene *sc, struct event *e, struct session *portal,
		  struct session *child)
{
	/* "AWSReservedSSO_<permission set>_<16 digits>" */
	const char *set = child->who->name + strlen("AWSReservedSSO_");
	struct session subject = {
		.kind = SESSION_SAML,
		.account = child->account,
		.name = scene_format(sc, "q83vExampleQualifier=:%s",
				     child->name),
		.subject = child->name,
		.provider = "q83vExampleQualifier=",
		.ip = "192.0.2.200",
		.agent = "aws-sdk-java/2.29.14 md/internal io/sync http/Apache "
			 "cfg/retry-mode/standard",
	};
	struct event before = {
		.time = e->time,
		.by = portal,
		.call = child->console ? "sso:Federate" :
					 "sso:GetRoleCredentials",
		.region = e->region,
		.args = scene_format(sc, "permission=%.*s;target=%s",
				     (int)(strlen(set) - 17), set,
				     child->account),
	};

	scene_record(sc, &before);
	open_session(sc, child, e->time);
	e->by = &subject;
	e->call = "sts:AssumeRoleWithSAML";
	e->args = scene_format(sc,
			       "%s;provider=AWSSSO_0f3c19aa8d5be274_"
			       "DO_NOT_DELETE;subject=%s",
			       role_args(sc, e, child), child->name);
	scene_record(sc, e);
	note_issued(sc, e, portal, child, child->console ? "console" : "sts",
		    3600);
	if (sc->graph)
		true_graph_edge(sc->graph, TRUE_ISSUED,
				true_graph_caller(sc->graph, &subject),
				true_graph_caller(sc->graph, child));
	session_new_key(child, &sc->rng);
	child->idc_user = portal->idc_user;
	child->idc_store = portal->idc_store;
	if (child->console)
		record_sign_in(sc, e, child);
}

void issue_web(struct scene *sc, struct event *e, struct session *child)
{
	open_session(sc, child, e->time);
	e->call = "sts:AssumeRoleWithWebIdentity";
	e->args = scene_format(sc, "%s;provider=%s;subject=%s",
			       role_args(sc, e, child), e->by->provider,
			       e->by->subject);
	scene_record(sc, e);
	note_issued(sc, e, e->by, child, "sts", 3600);
}

void issue_token(struct scene *sc, struct event *e, struct session *child)
{
	open_session(sc, child, e->time);
	e->args = scene_format(sc, "key=%s;name=%s%s%s", child->key,
			       child->name ? child->name : "",
			       e->args && e->args[0] ? ";" : "",
			       e->args ? e->args : "");
	scene_record(sc, e);
	if (child->kind == SESSION_FEDERATED)
		note_issued(sc, e, e->by, child, "federated", 129600);
	else
		note_issued(sc, e, e->by, child, "sts", 3600);
}
