/* SPDX-License-Identifier: MIT */
/* Instances: made, given a role, taken over, ended. */
#include "identity/fact_private.h"

/* Most instances that one event is read for. */
enum { INSTANCES_MOST = 1000 };

/* Values that are looked at, at most, and how deep. */
enum { SEARCH_MOST = 4096, SEARCH_DEPTH = 8 };

bool fact_is_instance(struct str s)
{
	size_t at = str_starts(s, STR("mi-")) ? 3 : 2;

	if (!str_starts(s, STR("i-")) && at == 2)
		return false;
	if (s.n < at + 8 || s.n > at + 17)
		return false;
	for (size_t i = at; i < s.n; i++)
		if (str_hex(s.p[i]) < 0)
			return false;
	return true;
}

/* Searching --------------------------------------------------------------- */

/* A walk over some JSON, of bounded size. */
struct search {
	struct fact_worker *w;
	void (*found)(struct search *s, const struct json *v);
	unsigned left, instances;
	unsigned how;             /* for what is noted of instances */
	struct str key;           /* for find_key */
	const struct json *value; /* what that found */
};

static void search(struct search *s, const struct json *v, unsigned depth)
{
	if (!v || s->left == 0 || depth == SEARCH_DEPTH)
		return;
	s->left--;
	s->found(s, v);
	if (v->kind >= JSON_ARRAY)
		for (const struct json *m = v->child; m; m = m->next)
			search(s, m, depth + 1);
}

static void match_key(struct search *s, const struct json *v)
{
	if (!s->value && str_eq_fold(v->key, s->key))
		s->value = v;
}

/* The first value under a key, however deep, or NULL: EC2 wraps some requests
 * twice, and spells their members as it likes. */
static const struct json *find_key(struct fact_worker *w, const struct json *v,
				   struct str key)
{
	struct search s = {
		.w = w, .found = match_key, .left = SEARCH_MOST, .key = key
	};

	search(&s, v, 0);
	return s.value;
}

static struct str find_text(struct fact_worker *w, const struct json *v,
			    struct str key)
{
	v = find_key(w, v, key);
	return v && v->kind == JSON_STRING ? v->text : STR_NULL;
}

/* The instance profile's ARN or name. */
static struct str profile_in(struct fact_worker *w, const struct json *v)
{
	v = find_key(w, v, STR("iamInstanceProfile"));
	if (v && v->kind == JSON_STRING)
		return v->text;
	return fact_first(find_text(w, v, STR("arn")),
			  find_text(w, v, STR("name")));
}

static void find_instances(struct fact_worker *w, const struct json *v,
			   void (*found)(struct search *s,
					 const struct json *v),
			   unsigned how)
{
	struct search s = {
		.w = w, .found = found, .left = SEARCH_MOST, .how = how
	};

	search(&s, v, 0);
}

/* Instances --------------------------------------------------------------- */

static void note_instance(struct search *s, const struct json *v)
{
	if (v->kind != JSON_STRING || !fact_is_instance(v->text) ||
	    s->instances == INSTANCES_MOST)
		return;
	s->instances++;
	fact_begin(s->w, FACT_COMPUTE, s->how);
	fact_put(s->w, SLOT_ARN, v->text);
	fact_end(s->w);
}

/* Every instance that the request names. */
static void read_control(struct fact_worker *w, unsigned how)
{
	find_instances(w, w->request, note_instance, how);
}

static void read_attribute(struct fact_worker *w, unsigned how)
{
	/* Only what it runs at its next start is control. */
	if (json_at(w->request, "userData") ||
	    str_eq_fold(fact_request(w, "attribute"), STR("userData")))
		read_control(w, how);
}

static void read_run(struct fact_worker *w, unsigned how)
{
	const struct json *items = json_at(w->response, "instancesSet.items");
	struct str profile = profile_in(w, w->request), template;
	unsigned left = INSTANCES_MOST;

	template = fact_first(
		fact_request(w, "launchTemplate.launchTemplateId"),
		fact_request(w, "launchTemplate.launchTemplateName"));
	for (const struct json *v = items ? items->child : NULL; v && left--;
	     v = v->next) {
		struct str own = fact_first(
			profile, json_text_at(v, "iamInstanceProfile.arn"));

		fact_begin(w, FACT_COMPUTE,
			   how | (own.n ? (unsigned)COMPUTE_PASSED : 0));
		fact_put(w, SLOT_ARN, json_text_at(v, "instanceId"));
		fact_put(w, SLOT_ROLE, own);
		fact_put(w, SLOT_TEMPLATE, template);
		fact_put_hash(w, SLOT_REQUEST, fact_at(w, "requestID"));
		fact_end(w);
		fact_read_place(w, json_text_at(v, "instanceId"),
				json_text_at(v, "privateIpAddress"));
		fact_read_places(w, json_text_at(v, "instanceId"),
				 json_at(v, "networkInterfaceSet.items"));
	}
}

static void read_associate(struct fact_worker *w, unsigned how)
{
	struct str instance =
		fact_first(find_text(w, w->request, STR("instanceId")),
			   find_text(w, w->response, STR("instanceId")));

	if (!fact_is_instance(instance))
		return;
	fact_begin(w, FACT_COMPUTE, how);
	fact_put(w, SLOT_ARN, instance);
	fact_put(w, SLOT_ROLE, profile_in(w, w->request));
	fact_end(w);
}

static void read_template(struct fact_worker *w, unsigned how)
{
	struct str id =
		fact_first(find_text(w, w->response, STR("launchTemplateId")),
			   find_text(w, w->request, STR("launchTemplateId")));
	struct str profile = profile_in(w, w->request);

	if (!id.n)
		return;
	fact_begin(w, FACT_COMPUTE,
		   how | (profile.n ? (unsigned)COMPUTE_PASSED : 0));
	fact_put(w, SLOT_ARN, fact_arn(w, "ec2", "launch-template/", id));
	fact_put(w, SLOT_ROLE, profile);
	fact_put(w, SLOT_AS_TEMPLATE, id);
	fact_end(w);
	/* Instances may name it instead. */
	fact_begin(w, FACT_COMPUTE,
		   how | (profile.n ? (unsigned)COMPUTE_PASSED : 0));
	fact_put(w, SLOT_ARN, fact_arn(w, "ec2", "launch-template/", id));
	fact_put(w, SLOT_AS_TEMPLATE,
		 find_text(w, w->request, STR("launchTemplateName")));
	fact_end(w);
}

static void read_launch_configuration(struct fact_worker *w, unsigned how)
{
	struct str name = fact_request(w, "launchConfigurationName");
	struct str profile = profile_in(w, w->request);

	if (!name.n)
		return;
	fact_begin(w, FACT_COMPUTE,
		   how | (profile.n ? (unsigned)COMPUTE_PASSED : 0));
	fact_put(w, SLOT_ARN, fact_join(w, STR("autoscaling:"), name));
	fact_put(w, SLOT_ROLE, profile);
	fact_end(w);
}

static void note_end(struct search *s, const struct json *v)
{
	if (v->kind != JSON_STRING || !fact_is_instance(v->text) ||
	    s->instances == INSTANCES_MOST)
		return;
	s->instances++;
	fact_begin(s->w, FACT_END, s->how);
	fact_put(s->w, SLOT_ARN, v->text);
	fact_end(s->w);
}

static void read_terminate(struct fact_worker *w, unsigned how)
{
	find_instances(w, w->request, note_end, how);
}

static void read_disassociate(struct fact_worker *w, unsigned how)
{
	find_instances(w, w->response, note_end, how);
}

const struct fact_handler fact_compute_handlers[] = {
	{ "ec2", "RunInstances", read_run, COMPUTE_CREATED },
	{ "ec2", "AssociateIamInstanceProfile", read_associate,
	  COMPUTE_PASSED },
	{ "ec2", "ReplaceIamInstanceProfileAssociation", read_associate,
	  COMPUTE_PASSED },
	{ "ec2", "CreateLaunchTemplate", read_template, COMPUTE_CREATED },
	{ "ec2", "CreateLaunchTemplateVersion", read_template,
	  COMPUTE_CONTROLS },
	{ "autoscaling", "CreateLaunchConfiguration", read_launch_configuration,
	  COMPUTE_CREATED },
	{ "ec2", "ModifyInstanceAttribute", read_attribute, COMPUTE_CONTROLS },
	{ "ec2", "CreateReplaceRootVolumeTask", read_control,
	  COMPUTE_CONTROLS },
	{ "ec2", "GetPasswordData", read_control, COMPUTE_CONTROLS },
	{ "ssm", "SendCommand", read_control, COMPUTE_CONTROLS },
	{ "ssm", "StartSession", read_control, COMPUTE_CONTROLS },
	{ "ssm", "ResumeSession", read_control, COMPUTE_CONTROLS },
	{ "ssm", "CreateAssociation", read_control, COMPUTE_CONTROLS },
	{ "ssm", "StartAutomationExecution", read_control, COMPUTE_CONTROLS },
	{ "ec2-instance-connect", "SendSSHPublicKey", read_control,
	  COMPUTE_CONTROLS },
	{ "ec2-instance-connect", "SendSerialConsoleSSHPublicKey", read_control,
	  COMPUTE_CONTROLS },
	{ "ec2-instance-connect", "OpenTunnel", read_control,
	  COMPUTE_CONTROLS },
	{ "ec2", "DisassociateIamInstanceProfile", read_disassociate,
	  END_PROFILE_REMOVED },
	{ "ec2", "TerminateInstances", read_terminate, END_TERMINATED },
	{ NULL, NULL, NULL, 0 },
};
