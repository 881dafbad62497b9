/* SPDX-License-Identifier: MIT */
#include "model/target.h"

#include <string.h>

#include "base/attr.h"
#include "base/strbuf.h"
#include "model/arn.h"

/* What names a thing in requestParameters, the most telling first, and what
 * is put before the name. An empty service is any. */
static const struct {
	const char *service, *path, *prefix;
} names[] = {
	{ "", "bucketName", "s3://" },
	{ "", "userName", "user/" },
	{ "", "roleName", "role/" },
	{ "", "groupName", "group/" },
	{ "sts", "roleArn", "" },
	{ "", "secretId", "secret/" },
	{ "secretsmanager", "name", "secret/" },
	{ "", "functionName", "function/" },
	{ "cloudtrail", "name", "trail/" },
	{ "cloudtrail", "trailName", "trail/" },
	{ "ssm", "name", "parameter/" },
	{ "ssm", "names", "parameter/" },
	{ "ssm", "path", "parameter/" },
	{ "", "instanceIds", "" },
	{ "", "instanceId", "" },
	{ "", "instancesSet.items.instanceId", "" },
	{ "ssm", "target", "" },
	{ "", "accessKeyId", "key/" },
	{ "", "instanceProfileName", "profile/" },
	{ "", "policyName", "policy/" },
	{ "", "policyArn", "" },
	{ "", "tableName", "table/" },
	{ "", "dBInstanceIdentifier", "db/" },
	{ "", "dBClusterIdentifier", "db/" },
	{ "", "dBSnapshotIdentifier", "snapshot/" },
	{ "", "snapshotId", "" },
	{ "", "volumeId", "" },
	{ "", "instanceType", "" },
	{ "", "imageId", "" },
	{ "", "groupId", "" },
	{ "", "keyName", "keypair/" },
	{ "kms", "keyId", "key/" },
	{ "", "detectorId", "detector/" },
	{ "", "configurationRecorderName", "recorder/" },
	{ "", "logGroupName", "log/" },
	{ "", "stackName", "stack/" },
	{ "", "projectName", "project/" },
	{ "", "jobName", "job/" },
	{ "", "clusterName", "cluster/" },
	{ "", "cluster", "cluster/" },
	{ "", "repositoryName", "repository/" },
	{ "", "queueUrl", "" },
	{ "", "topicArn", "" },
	{ "", "sAMLProviderArn", "" },
	{ "", "openIDConnectProviderArn", "" },
	{ "", "resourceArn", "" },
	{ "", "domainName", "domain/" },
	{ "", "name", "" },
};

struct str event_object(const struct event *e)
{
	return json_text_at(e->record, "requestParameters.key");
}

/* The name at the end of an ARN, which tells it from its like. */
static struct str short_name(struct str text)
{
	struct arn arn;

	return arn_parse(text, &arn) ? arn.resource : text;
}

/* What a name is found by: the value at a path, through arrays. */
struct finding {
	struct str first; /* empty: nothing yet */
	size_t more;
};

static void find(struct finding *f, const struct json *v, struct str path)
{
	size_t dot = str_find_char(path, '.', 0);

	if (v->kind == JSON_ARRAY) {
		for (const struct json *m = v->child; m; m = m->next)
			if (m->kind != JSON_ARRAY)
				find(f, m, path);
		return;
	}
	if (v->kind == JSON_OBJECT && path.n) {
		const struct json *m = json_member(v, str_sub(path, 0, dot));

		if (m)
			find(f, m,
			     dot == SIZE_MAX ? STR_NULL :
					       str_from(path, dot + 1));
		return;
	}
	if (v->kind == JSON_NULL || !json_is_scalar(v) || path.n || !v->text.n)
		return;
	if (f->first.n)
		f->more++;
	else
		f->first = v->text;
}

static struct str named(const struct finding *f, const char *prefix,
			struct arena *arena)
{
	struct str name = short_name(f->first);
	struct strbuf more;

	size_t kind = *prefix ? strlen(prefix) - 1 : 0;

	/* An ARN says itself what it names: "function:resize". */
	if (kind && str_starts(name, str_sub(str_of(prefix), 0, kind)) &&
	    name.n > kind && (name.p[kind] == ':' || name.p[kind] == '/'))
		name = str_from(name, kind + 1);
	if (*prefix)
		name = arena_join(arena, str_of(prefix), name);
	if (!f->more)
		return name;
	strbuf_init(&more);
	strbuf_addf(&more, " +%zu", f->more);
	name = arena_join(arena, name, strbuf_str(&more));
	strbuf_release(&more);
	return name;
}

/* Beside the user or role the policy that it got. */
static struct str with_policy(struct str name, const char *path,
			      const struct json *request, struct arena *arena)
{
	struct str policy = json_text_at(request, "policyArn");

	if (!policy.n || str_eq(str_of(path), STR("policyArn")))
		return name;
	name = arena_join(arena, name, STR(" "));
	return arena_join(arena, name, arn_last_segment(short_name(policy)));
}

struct str event_target(const struct event *e, struct arena *arena)
{
	const struct json *request = json_at(e->record, "requestParameters");
	const struct json *resources = json_at(e->record, "resources");
	struct str service = event_service(e->column[EVENT_SOURCE]);
	struct finding f = { STR_NULL, 0 };

	for (size_t i = 0; request && i < ARRAY_SIZE(names); i++) {
		if (*names[i].service &&
		    !str_eq(service, str_of(names[i].service)))
			continue;
		find(&f, request, str_of(names[i].path));
		if (f.first.n)
			return with_policy(named(&f, names[i].prefix, arena),
					   names[i].path, request, arena);
	}
	if (resources)
		find(&f, resources, STR("ARN"));
	return f.first.n ? named(&f, "", arena) : STR_NULL;
}
