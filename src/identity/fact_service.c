/* SPDX-License-Identifier: MIT */
/* Tasks, builds, jobs, notebooks, stacks, and whatever else runs as a role. */
#include "identity/fact_private.h"

#include "base/attr.h"
#include "model/arn.h"

static void note(struct fact_worker *w, unsigned how, struct str what,
		 struct str role)
{
	if (!what.n)
		return;
	if (role.n)
		how |= COMPUTE_PASSED;
	if (!how)
		return;
	fact_begin(w, FACT_COMPUTE, how);
	fact_put(w, SLOT_ARN, what);
	fact_put(w, SLOT_ROLE, role);
	fact_end(w);
}

/* ECS --------------------------------------------------------------------- */

static void read_task_definition(struct fact_worker *w, unsigned how)
{
	struct str arn = fact_response(w, "taskDefinition.taskDefinitionArn");

	if (!arn.n)
		arn = fact_arn(w, "ecs", "task-definition/",
			       fact_request(w, "family"));
	note(w, how, arn, fact_request(w, "taskRoleArn"));
	if (fact_request(w, "executionRoleArn").n)
		note(w, 0, arn, fact_request(w, "executionRoleArn"));
	if (!arn.n)
		return;
	fact_begin(w, FACT_COMPUTE, how);
	fact_put(w, SLOT_ARN, arn);
	fact_put(w, SLOT_AS_TEMPLATE, arn);
	fact_end(w);
}

static void read_run_task(struct fact_worker *w, unsigned how)
{
	const struct json *tasks = json_at(w->response, "tasks");
	struct str role = fact_request(w, "overrides.taskRoleArn");
	unsigned left = 100;

	for (const struct json *v = tasks ? tasks->child : NULL; v && left--;
	     v = v->next) {
		struct str arn = json_text_at(v, "taskArn");

		if (!arn.n)
			continue;
		fact_begin(w, FACT_COMPUTE,
			   how | (role.n ? (unsigned)COMPUTE_PASSED : 0));
		fact_put(w, SLOT_ARN, arn);
		fact_put(w, SLOT_ROLE, role);
		/* A task's sessions have its id for a name. */
		fact_put(w, SLOT_NAME, arn_last_segment(arn));
		fact_put(w, SLOT_TEMPLATE,
			 json_text_at(v, "taskDefinitionArn"));
		fact_end(w);
	}
}

/* A task by its id, in a cluster by its name or ARN. */
static struct str task_of(struct fact_worker *w)
{
	struct str task = fact_request(w, "task");
	struct str cluster = arn_last_segment(fact_request(w, "cluster"));

	if (!task.n || str_starts(task, STR("arn:")))
		return task;
	cluster = fact_join(w, fact_first(cluster, STR("default")), STR("/"));
	return fact_arn(w, "ecs", "task/", fact_join(w, cluster, task));
}

static void read_task_control(struct fact_worker *w, unsigned how)
{
	note(w, how, task_of(w), STR_NULL);
}

static void read_task_stop(struct fact_worker *w, unsigned how)
{
	struct str task = task_of(w);

	if (!task.n)
		return;
	fact_begin(w, FACT_END, how);
	fact_put(w, SLOT_ARN, task);
	fact_end(w);
}

static void read_ecs_service(struct fact_worker *w, unsigned how)
{
	note(w, how, fact_response(w, "service.serviceArn"),
	     fact_request(w, "role"));
}

/* CodeBuild --------------------------------------------------------------- */

static struct str project_of(struct fact_worker *w)
{
	struct str name = fact_first(fact_request(w, "name"),
				     fact_request(w, "projectName"));

	return fact_first(fact_response(w, "project.arn"),
			  fact_arn(w, "codebuild", "project/", name));
}

static void read_project(struct fact_worker *w, unsigned how)
{
	note(w, how, project_of(w), fact_request(w, "serviceRole"));
}

/* "project:6b2cbd34-...": the build's sessions are AWSCodeBuild-6b2cbd34-... */
static void read_build(struct fact_worker *w, unsigned how)
{
	struct str id = fact_response(w, "build.id");
	struct str role = fact_request(w, "serviceRoleOverride");
	struct str project = project_of(w);

	if (!project.n)
		return;
	fact_begin(w, FACT_COMPUTE,
		   how | (role.n ? (unsigned)COMPUTE_PASSED : 0));
	fact_put(w, SLOT_ARN, project);
	fact_put(w, SLOT_ROLE, role);
	if (id.n)
		fact_put(w, SLOT_NAME,
			 fact_join(w, STR("AWSCodeBuild-"),
				   str_from(id, str_find_last(id, ':') + 1)));
	fact_end(w);
}

/* Resources that are known by a name in the request ------------------------- */

/* Where their names are, and what they are called. */
static const struct named {
	const char *service, *prefix;
	const char *name[2]; /* paths in the request */
	const char *role[2];
	const char *arn; /* in the response, or NULL */
} named[] = {
	{ "glue",
	  "job/",
	  { "name", "jobName" },
	  { "role", "jobUpdate.role" },
	  NULL },
	{ "glue",
	  "devEndpoint/",
	  { "endpointName", NULL },
	  { "roleArn", NULL },
	  NULL },
	{ "glue", "session/", { "id", "sessionId" }, { "role", NULL }, NULL },
	{ "sagemaker",
	  "notebook-instance/",
	  { "notebookInstanceName", NULL },
	  { "roleArn", NULL },
	  NULL },
	{ "cloudformation",
	  "stack/",
	  { "stackName", NULL },
	  { "roleARN", NULL },
	  "stackId" },
};

enum { GLUE_JOB, GLUE_ENDPOINT, GLUE_SESSION, NOTEBOOK, STACK };

#define NAMED(index, how) ((index) << 4 | (how))

static struct str first_of(struct fact_worker *w, const char *const path[2])
{
	struct str text = fact_request(w, path[0]);

	return text.n || !path[1] ? text : fact_request(w, path[1]);
}

static struct str named_arn(struct fact_worker *w, const struct named *n)
{
	struct str name = first_of(w, n->name), arn = STR_NULL;

	if (n->arn)
		arn = fact_response(w, n->arn);
	if (!arn.n && str_starts(name, STR("arn:")))
		arn = name;
	return fact_first(arn, fact_arn(w, n->service, n->prefix, name));
}

static void read_named(struct fact_worker *w, unsigned how)
{
	const struct named *n = &named[how >> 4];
	struct str role = first_of(w, n->role);

	/* Without a role a stack does what its caller may do. */
	if (n == &named[STACK] && !role.n)
		return;
	note(w, how & 15, named_arn(w, n), role);
}

static void read_named_end(struct fact_worker *w, unsigned how)
{
	const struct named *n = &named[how >> 4];
	struct str arn = named_arn(w, n);

	if (!arn.n)
		return;
	fact_begin(w, FACT_END, END_TERMINATED);
	fact_put(w, SLOT_ARN, arn);
	fact_end(w);
}

/* Anything that is handed a role ------------------------------------------- */

enum { VALUES_MOST = 256, DEEPEST = 5, ROLES_MOST = 8 };

struct roles {
	struct str role[ROLES_MOST];
	size_t n;
	unsigned left;
};

static bool is_role_arn(struct str s)
{
	struct arn arn;

	return arn_parse(s, &arn) && str_eq(arn.service, STR("iam")) &&
	       str_starts(arn.resource, STR("role/"));
}

static void find_roles(struct roles *r, const struct json *v, unsigned depth)
{
	if (r->left == 0 || depth == DEEPEST)
		return;
	r->left--;
	if (v->kind == JSON_STRING &&
	    (str_ends_fold(v->key, STR("role")) ||
	     str_ends_fold(v->key, STR("roleArn"))) &&
	    is_role_arn(v->text) && r->n < ROLES_MOST)
		r->role[r->n++] = v->text;
	if (v->kind >= JSON_ARRAY)
		for (const struct json *m = v->child; m; m = m->next)
			find_roles(r, m, depth + 1);
}

enum { OWN_DEPTH = 3 };

/* The ARN that an object gives the thing: "arn", "clusterArn", ... */
static struct str own_arn(const struct json *v, unsigned depth)
{
	struct str arn = STR_NULL;
	struct arn parts;

	if (!v || v->kind != JSON_OBJECT || depth == OWN_DEPTH)
		return STR_NULL;
	for (const struct json *m = v->child; m && !arn.n; m = m->next)
		if (m->kind == JSON_STRING &&
		    (str_ends_fold(m->key, STR("arn")) ||
		     str_ends(m->key, STR("Id"))) &&
		    arn_parse(m->text, &parts) &&
		    !str_eq(parts.service, STR("iam")))
			arn = m->text;
	for (const struct json *m = v->child; m && !arn.n; m = m->next)
		arn = own_arn(m, depth + 1);
	return arn;
}

/* "service:name", of the first member that looks like a name. */
static struct str own_name(struct fact_worker *w)
{
	struct str service = event_service(w->e->column[EVENT_SOURCE]);

	for (const struct json *m = w->request->child; m; m = m->next)
		if (m->kind == JSON_STRING &&
		    (str_ends_fold(m->key, STR("name")) ||
		     str_ends_fold(m->key, STR("identifier"))))
			return fact_join(w, fact_join(w, service, STR(":")),
					 m->text);
	return STR_NULL;
}

void fact_read_role_passed(struct fact_worker *w)
{
	struct roles roles = { .left = VALUES_MOST };
	struct str name = w->e->column[EVENT_NAME], what = STR_NULL;
	unsigned how = 0;

	if (!w->request ||
	    str_eq(w->e->column[EVENT_SOURCE], STR("sts.amazonaws.com")))
		return;
	find_roles(&roles, w->request, 0);
	if (!roles.n)
		return;
	if (str_starts(name, STR("Create")) ||
	    str_starts(name, STR("Register")) || str_starts(name, STR("Run")))
		how = COMPUTE_CREATED;
	else if (str_starts(name, STR("Update")) ||
		 str_starts(name, STR("Start")) || str_starts(name, STR("Put")))
		how = COMPUTE_CONTROLS;
	/* What is there already may be named by its ARN: beside other ARNs, as
	 * those of targets, which lie deeper. */
	if (how == COMPUTE_CONTROLS)
		what = own_arn(w->request, OWN_DEPTH - 1);
	what = fact_first(what, own_arn(w->response, 0));
	what = fact_first(what, own_name(w));
	for (size_t i = 0; i < roles.n; i++)
		note(w, how, what, roles.role[i]);
}

const struct fact_handler fact_service_handlers[] = {
	{ "ecs", "RegisterTaskDefinition", read_task_definition,
	  COMPUTE_CREATED },
	{ "ecs", "RunTask", read_run_task, COMPUTE_CREATED },
	{ "ecs", "StartTask", read_run_task, COMPUTE_CREATED },
	{ "ecs", "ExecuteCommand", read_task_control, COMPUTE_CONTROLS },
	{ "ecs", "StopTask", read_task_stop, END_TERMINATED },
	{ "ecs", "CreateService", read_ecs_service, COMPUTE_CREATED },
	{ "ecs", "UpdateService", read_ecs_service, COMPUTE_CONTROLS },
	{ "codebuild", "CreateProject", read_project, COMPUTE_CREATED },
	{ "codebuild", "UpdateProject", read_project, COMPUTE_CONTROLS },
	{ "codebuild", "StartBuild", read_build, COMPUTE_CONTROLS },
	{ "glue", "CreateJob", read_named, NAMED(GLUE_JOB, COMPUTE_CREATED) },
	{ "glue", "UpdateJob", read_named, NAMED(GLUE_JOB, COMPUTE_CONTROLS) },
	{ "glue", "StartJobRun", read_named,
	  NAMED(GLUE_JOB, COMPUTE_CONTROLS) },
	{ "glue", "DeleteJob", read_named_end, NAMED(GLUE_JOB, 0) },
	{ "glue", "CreateDevEndpoint", read_named,
	  NAMED(GLUE_ENDPOINT, COMPUTE_CREATED) },
	{ "glue", "UpdateDevEndpoint", read_named,
	  NAMED(GLUE_ENDPOINT, COMPUTE_CONTROLS) },
	{ "glue", "DeleteDevEndpoint", read_named_end,
	  NAMED(GLUE_ENDPOINT, 0) },
	{ "glue", "CreateSession", read_named,
	  NAMED(GLUE_SESSION, COMPUTE_CREATED) },
	{ "glue", "RunStatement", read_named,
	  NAMED(GLUE_SESSION, COMPUTE_CONTROLS) },
	{ "sagemaker", "CreateNotebookInstance", read_named,
	  NAMED(NOTEBOOK, COMPUTE_CREATED) },
	{ "sagemaker", "UpdateNotebookInstance", read_named,
	  NAMED(NOTEBOOK, COMPUTE_CONTROLS) },
	{ "sagemaker", "CreatePresignedNotebookInstanceUrl", read_named,
	  NAMED(NOTEBOOK, COMPUTE_CONTROLS) },
	{ "sagemaker", "DeleteNotebookInstance", read_named_end,
	  NAMED(NOTEBOOK, 0) },
	{ "cloudformation", "CreateStack", read_named,
	  NAMED(STACK, COMPUTE_CREATED) },
	{ "cloudformation", "UpdateStack", read_named,
	  NAMED(STACK, COMPUTE_CONTROLS) },
	{ "cloudformation", "CreateChangeSet", read_named,
	  NAMED(STACK, COMPUTE_CONTROLS) },
	{ "cloudformation", "DeleteStack", read_named_end, NAMED(STACK, 0) },
	{ NULL, NULL, NULL, 0 },
};
