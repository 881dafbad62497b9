/* SPDX-License-Identifier: MIT */
#include "gen/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"
#include "base/timefmt.h"
#include "gen/calls.h"
#include "gen/fill.h"

/* Everything that the parts of a record need to know. */
struct writer {
	struct strbuf *out;
	struct event *e;
	const struct call *call; /* may be NULL */
	struct str service;
	const char *name;
	struct fill fill;
	char host[160];
	bool read;
	bool denied;
	bool failed;
};

const char *event_account(const struct event *e)
{
	return e->account ? e->account : e->by->account;
}

static bool is_global(struct str service)
{
	static const char *const names[] = { "iam",
					     "organizations",
					     "route53",
					     "route53domains",
					     "ce",
					     "cloudfront",
					     "account",
					     "support",
					     "trustedadvisor" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_eq(service, str_of(names[i])))
			return true;
	return false;
}

const char *event_region(const struct event *e)
{
	const struct call *c = e->shape ? e->shape : call_find(e->call);

	if ((c && (c->flags & CALL_GLOBAL)) || is_global(call_service(e->call)))
		return "us-east-1";
	return e->region;
}

/* Services write different minor versions at the same time. */
static const char *version_of(struct str service)
{
	static const struct {
		const char *service;
		const char *version;
	} older[] = {
		{ "autoscaling", "1.10" }, { "config", "1.09" },
		{ "ec2", "1.10" },         { "elasticloadbalancing", "1.09" },
		{ "guardduty", "1.09" },   { "health", "1.08" },
		{ "logs", "1.09" },        { "monitoring", "1.09" },
		{ "rds", "1.10" },         { "securityhub", "1.08" },
		{ "signin", "1.09" },      { "sts", "1.08" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(older); i++)
		if (str_eq(service, str_of(older[i].service)))
			return older[i].version;
	return "1.11";
}

static void find_host(struct writer *w, const char *region)
{
	struct str bucket;

	if (str_eq(w->service, STR("s3")) &&
	    fill_arg(&w->fill, "bucket", &bucket)) {
		struct strbuf name;

		strbuf_init(&name);
		fill_text(&name, bucket, &w->fill);
		snprintf(w->host, sizeof(w->host), "%s.s3.%s.amazonaws.com",
			 name.p, region);
		strbuf_release(&name);
	} else if (str_eq(w->service, STR("signin"))) {
		snprintf(w->host, sizeof(w->host), "%s.signin.aws.amazon.com",
			 region);
	} else if (str_eq(w->service, STR("iam")) ||
		   (str_eq(w->service, STR("sts")) &&
		    strcmp(region, "us-east-1") == 0)) {
		snprintf(w->host, sizeof(w->host), "%.*s.amazonaws.com",
			 STR_ARG(w->service));
	} else {
		snprintf(w->host, sizeof(w->host), "%.*s.%s.amazonaws.com",
			 STR_ARG(w->service), region);
	}
}

static void member(struct writer *w, const char *key, const char *value)
{
	strbuf_adds(w->out, ",\"");
	strbuf_adds(w->out, key);
	strbuf_adds(w->out, "\":\"");
	strbuf_adds(w->out, value);
	strbuf_addc(w->out, '"');
}

/* A value that may need escaping. */
static void text_member(struct writer *w, const char *key, struct str value)
{
	strbuf_adds(w->out, ",\"");
	strbuf_adds(w->out, key);
	strbuf_adds(w->out, "\":");
	json_print_string(w->out, value);
}

static void flag_member(struct writer *w, const char *key, bool value)
{
	strbuf_adds(w->out, ",\"");
	strbuf_adds(w->out, key);
	strbuf_adds(w->out, value ? "\":true" : "\":false");
}

/* A template; without one null or, where `optional`, nothing. */
static void json_member_of(struct writer *w, const char *key,
			   const char *template, bool optional)
{
	if (!template && optional)
		return;
	strbuf_adds(w->out, ",\"");
	strbuf_adds(w->out, key);
	strbuf_adds(w->out, "\":");
	fill_text(w->out, template ? str_of(template) : STR("null"), &w->fill);
}

/* "CreateFunction20150331" is create-function to the command line. */
static void add_command(struct strbuf *out, struct str service,
			const char *name)
{
	strbuf_add(out, str_eq(service, STR("s3")) ? STR("s3api") : service);
	strbuf_addc(out, '.');
	for (const char *p = name; *p && !(*p >= '0' && *p <= '9'); p++) {
		bool upper = *p >= 'A' && *p <= 'Z';

		if (upper && p > name && !(p[-1] >= 'A' && p[-1] <= 'Z'))
			strbuf_addc(out, '-');
		strbuf_addc(out, str_lower(*p));
	}
}

#define S3_CONSOLE                                              \
	"[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.750 " \
	"Linux/5.10.224-190.876.amzn2int.x86_64 "               \
	"OpenJDK_64-Bit_Server_VM/25.412-b09 java/1.8.0_412 "   \
	"vendor/Oracle_Corporation cfg/retry-mode/standard]"

static void write_agent(struct writer *w)
{
	const struct session *by = w->e->by;
	const char *agent = w->e->agent ? w->e->agent : by->agent;
	struct strbuf text;
	bool brackets;

	if (!agent)
		agent = by->name;
	if (!w->e->agent && str_eq(w->service, STR("s3")) &&
	    session_is_console(by) && !by->invoked_by)
		agent = S3_CONSOLE;
	brackets = str_eq(w->service, STR("s3")) && !session_is_internal(by) &&
		   agent[0] != '[';
	strbuf_init(&text);
	if (brackets)
		strbuf_addc(&text, '[');
	strbuf_adds(&text, agent);
	if (str_ends(str_of(agent), STR("md/command#")))
		add_command(&text, w->service, w->name);
	if (brackets)
		strbuf_addc(&text, ']');
	text_member(w, "userAgent", strbuf_str(&text));
	strbuf_release(&text);
}

/* The permission that a call needs is not always called like it. */
static void add_action(struct strbuf *out, struct writer *w)
{
	static const struct {
		const char *call, *action;
	} other[] = {
		{ "s3:ListBuckets", "s3:ListAllMyBuckets" },
		{ "s3:ListObjects", "s3:ListBucket" },
		{ "s3:HeadBucket", "s3:ListBucket" },
		{ "s3:HeadObject", "s3:GetObject" },
		{ "s3:DeleteObjects", "s3:DeleteObject" },
		{ "s3:PutBucketLifecycle", "s3:PutLifecycleConfiguration" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(other); i++) {
		if (strcmp(other[i].call, w->e->call) == 0) {
			strbuf_adds(out, other[i].action);
			return;
		}
	}
	strbuf_add(out, w->service);
	strbuf_addc(out, ':');
	for (const char *p = w->name; *p && !(*p >= '0' && *p <= '9'); p++)
		strbuf_addc(out, *p);
}

static void write_denial(struct writer *w)
{
	bool ec2 = str_eq(w->service, STR("ec2"));
	struct strbuf action, text;
	struct str on;

	strbuf_init(&action);
	strbuf_init(&text);
	add_action(&action, w);
	if (ec2)
		strbuf_adds(&text, "You are not authorized to perform this "
				   "operation. ");
	strbuf_adds(&text, "User: ");
	session_arn(&text, w->e->by);
	strbuf_addf(&text, " is not authorized to perform: %s", action.p);
	if (fill_arg(&w->fill, "on", &on)) {
		strbuf_adds(&text, " on resource: ");
		fill_text(&text, on, &w->fill);
	} else if (!ec2 && !str_eq(w->service, STR("s3"))) {
		strbuf_adds(&text, " on resource: *");
	}
	strbuf_addf(&text,
		    " because no identity-based policy allows the %s action",
		    action.p);
	if (ec2 && !w->read)
		fill_text(&text,
			  STR(". Encoded authorization failure message: "
			      "${base64440}"),
			  &w->fill);
	member(w, "errorCode",
	       ec2 ? "Client.UnauthorizedOperation" : "AccessDenied");
	text_member(w, "errorMessage", strbuf_str(&text));
	strbuf_release(&action);
	strbuf_release(&text);
}

static void write_outcome(struct writer *w)
{
	struct str outcome = str_of(w->e->outcome), message;
	struct strbuf text;
	size_t colon;

	if (w->denied) {
		write_denial(w);
		return;
	}
	if (!w->failed)
		return;
	strbuf_init(&text);
	colon = str_find(outcome, STR(": "), 0);
	strbuf_add(&text, str_sub(outcome, 0, colon));
	/* Sign-in failures have a message only. */
	if (text.n)
		member(w, "errorCode", text.p);
	message = colon == SIZE_MAX ? STR_NULL : str_from(outcome, colon + 2);
	strbuf_clear(&text);
	w->fill.text = true;
	fill_text(&text, message, &w->fill);
	w->fill.text = false;
	if (text.n)
		text_member(w, "errorMessage", strbuf_str(&text));
	strbuf_release(&text);
}

/* IAM, STS and Organizations do not say what was asked in a denied call. */
static bool hides_request(const struct writer *w)
{
	return w->denied && (str_eq(w->service, STR("iam")) ||
			     str_eq(w->service, STR("sts")) ||
			     str_eq(w->service, STR("organizations")));
}

#define S3_DETAILS                                                        \
	"{'SignatureVersion':'SigV4','CipherSuite':"                      \
	"'TLS_AES_128_GCM_SHA256','bytesTransferredIn':${in|0},"          \
	"'AuthenticationMethod':'AuthHeader','x-amz-id-2':'${base6475}='" \
	",'bytesTransferredOut':${out|0}}"

static void write_parameters(struct writer *w)
{
	const struct call *c = w->call;
	bool s3 = str_eq(w->service, STR("s3"));
	bool signin = c && (c->flags & CALL_SIGNIN);
	const char *request = c ? c->request : NULL;

	if (!request && s3)
		request = "{'Host':'${host}'}";
	json_member_of(w, "requestParameters",
		       hides_request(w) ? NULL : request, false);
	json_member_of(w, "responseElements",
		       c && (!w->failed || signin) ? c->response : NULL, false);
	json_member_of(w, "additionalEventData",
		       c && c->additional ? c->additional :
		       s3                 ? S3_DETAILS :
					    NULL,
		       true);
}

static void write_ids(struct writer *w)
{
	struct event *e = w->e;

	/* There is none for sign-ins. */
	if (!w->call || !(w->call->flags & CALL_SIGNIN))
		member(w, "requestID", e->request_id);
	member(w, "eventID", e->id);
	flag_member(w, "readOnly", w->read);
}

#define OBJECT_RESOURCES                                            \
	"[{'type':'AWS::S3::Object','ARN':'arn:aws:s3:::${bucket}/" \
	"${key}'},{'accountId':'${owner|${account}}','type':"       \
	"'AWS::S3::Bucket','ARN':'arn:aws:s3:::${bucket}'}]"
#define BUCKET_RESOURCES                              \
	"[{'accountId':'${owner|${account}}','type':" \
	"'AWS::S3::Bucket','ARN':'arn:aws:s3:::${bucket}'}]"

static void write_resources(struct writer *w)
{
	const struct call *c = w->call;
	const char *resources = c ? c->resources : NULL;
	struct str bucket;

	if (c && (c->flags & CALL_OBJECT))
		resources = OBJECT_RESOURCES;
	else if (!resources && str_eq(w->service, STR("s3")) &&
		 fill_arg(&w->fill, "bucket", &bucket))
		resources = BUCKET_RESOURCES;
	/* What was asked for is not known to the service either. */
	if (!hides_request(w))
		json_member_of(w, "resources", resources, true);
}

static void write_kind(struct writer *w)
{
	unsigned flags = w->call ? w->call->flags : 0;
	const struct session *by = w->e->by;

	if (flags & CALL_SIGNIN)
		member(w, "eventType", "AwsConsoleSignIn");
	else
		member(w, "eventType",
		       by->kind == SESSION_NOTICE ? "AwsServiceEvent" :
						    "AwsApiCall");
	if (str_eq(w->service, STR("logs")))
		member(w, "apiVersion", "20140328");
	flag_member(w, "managementEvent", !(flags & CALL_DATA));
	member(w, "recipientAccountId", w->fill.account);
	if (w->e->shared_id)
		member(w, "sharedEventID", w->e->shared_id);
	if (w->call)
		json_member_of(w, "serviceEventDetails", w->call->details,
			       true);
	member(w, "eventCategory", flags & CALL_DATA ? "Data" : "Management");
}

static void write_transport(struct writer *w)
{
	const struct session *by = w->e->by;
	bool console = session_is_console(by);

	if (w->call && (w->call->flags & CALL_SIGNIN))
		console = false;
	if (!session_is_internal(by) && !console) {
		strbuf_adds(w->out, ",\"tlsDetails\":{\"tlsVersion\":"
				    "\"TLSv1.3\",\"cipherSuite\":"
				    "\"TLS_AES_128_GCM_SHA256\"");
		member(w, "clientProvidedHostHeader", w->host);
		strbuf_addc(w->out, '}');
	}
	if (console && by->key[0] && !by->invoked_by)
		member(w, "sessionCredentialFromConsole", "true");
}

static void write_head(struct writer *w, const char *region)
{
	struct event *e = w->e;
	const char *ip = e->ip ? e->ip : e->by->ip;

	strbuf_adds(w->out, "{\"eventVersion\":\"");
	strbuf_adds(w->out, version_of(w->service));
	strbuf_adds(w->out, "\",\"userIdentity\":");
	session_write(w->out, e->by);
	strbuf_adds(w->out, ",\"eventTime\":\"");
	time_format(w->out, e->time, TIME_ISO, NULL);
	strbuf_adds(w->out, "\",\"eventSource\":\"");
	strbuf_add(w->out, w->service);
	strbuf_adds(w->out, ".amazonaws.com\"");
	member(w, "eventName", w->name);
	member(w, "awsRegion", region);
	text_member(w, "sourceIPAddress", str_of(ip ? ip : e->by->name));
	write_agent(w);
}

static void choose_ids(struct event *e, struct str service, struct rng *r)
{
	if (!e->id[0])
		uuid_random(r, e->id);
	if (e->request_id[0])
		return;
	if (str_eq(service, STR("s3"))) {
		rng_upper(r, e->request_id, 16);
		e->request_id[16] = '\0';
	} else {
		uuid_random(r, e->request_id);
	}
}

/* Chance in the arguments is drawn once, wherever they are used. */
static void settle_args(struct strbuf *out, struct fill *f)
{
	if (!f->args || !strstr(f->args, "${"))
		return;
	f->text = true;
	fill_text(out, str_of(f->args), f);
	f->text = false;
	f->args = out->p;
}

void event_write(struct strbuf *out, struct event *e, struct rng *r)
{
	const char *region = event_region(e);
	struct strbuf args;
	struct writer w = {
		.out = out,
		.e = e,
		.call = e->shape ? e->shape : call_find(e->call),
		.service = call_service(e->call),
		.name = call_event_name(e->call),
		.failed = e->outcome && e->outcome[0],
	};

	w.read = call_is_read(w.call, e->call);
	if (!w.call && !w.read) {
		fprintf(stderr, "samplegen: no shape for %s\n", e->call);
		exit(1);
	}
	w.denied = w.failed && strcmp(e->outcome, "denied") == 0;
	choose_ids(e, w.service, r);
	w.fill = (struct fill){
		.args = e->args,
		.by = e->by,
		.account = event_account(e),
		.region = region,
		.host = w.host,
		.request_id = e->request_id,
		.time = e->time,
		.rng = r,
	};
	strbuf_init(&args);
	settle_args(&args, &w.fill);
	find_host(&w, region);
	write_head(&w, region);
	write_outcome(&w);
	write_parameters(&w);
	write_ids(&w);
	write_resources(&w);
	write_kind(&w);
	write_transport(&w);
	strbuf_addc(out, '}');
	strbuf_release(&args);
}
