/* SPDX-License-Identifier: MIT */
#include "gen/scene.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timefmt.h"
#include "gen/calls.h"
#include "gen/fill.h"
#include "gen/files.h"
#include "gen/issue.h"

enum { NEW_KEY_PERCENT = 20 }; /* how often a console changes its key */

void scene_begin(struct scene *sc, const char *set, const char *date,
		 const char *region)
{
	*sc = (struct scene){ .set = set, .date = date, .region = region };
	arena_init(&sc->arena);
	trail_init(&sc->trail);
	strbuf_init(&sc->truth);
	strbuf_init(&sc->older);
	rng_seed(&sc->rng, set);
}

void scene_end(struct scene *sc)
{
	trail_release(&sc->trail);
	strbuf_release(&sc->truth);
	strbuf_release(&sc->older);
	arena_release(&sc->arena);
}

int64_t scene_at(const struct scene *sc, const char *clock)
{
	struct time_zone utc = TIME_ZONE_UTC;
	char text[32];
	int64_t t;

	snprintf(text, sizeof(text), "%sT%s", sc->date, clock);
	t = time_parse(str_of(text), &utc);
	if (t == TIME_NONE) {
		fprintf(stderr, "samplegen: no time: %s\n", text);
		exit(1);
	}
	return t;
}

const char *scene_format(struct scene *sc, const char *fmt, ...)
{
	char text[2048];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(text)) {
		fprintf(stderr, "samplegen: too long: %s\n", text);
		exit(1);
	}
	return arena_dup(&sc->arena, (struct str){ text, (size_t)n }).p;
}

struct session *scene_cast(struct scene *sc, struct session s)
{
	struct session *p = arena_alloc(&sc->arena, sizeof(*p));

	if (sc->cast_n == SCENE_CAST_MAX) {
		fprintf(stderr, "samplegen: the cast is too large\n");
		exit(1);
	}
	*p = s;
	sc->cast[sc->cast_n++] = p;
	return p;
}

static struct session *find(struct scene *sc, struct str label)
{
	for (size_t i = 0; i < sc->cast_n; i++)
		if (str_eq(str_of(sc->cast[i]->label), label))
			return sc->cast[i];
	fprintf(stderr, "samplegen: nobody is called %.*s\n", STR_ARG(label));
	exit(1);
}

struct session *scene_find(struct scene *sc, const char *label)
{
	return find(sc, str_of(label));
}

static struct session of_user(struct scene *sc, const char *label,
			      const char *account, const char *user,
			      const char *ip, const char *agent)
{
	const char *what = strcmp(user, "root") == 0 ?
				   user :
				   scene_format(sc, "user/%s", user);

	return (struct session){
		.label = label,
		.account = account,
		.who = principal_make(&sc->arena, account, what),
		.ip = ip,
		.agent = agent,
	};
}

struct session *scene_user(struct scene *sc, const char *label,
			   const char *account, const char *user,
			   const char *ip, const char *agent)
{
	struct session s = of_user(sc, label, account, user, ip, agent);

	s.kind = SESSION_KEY;
	session_new_key(&s, &sc->rng);
	return scene_cast(sc, s);
}

struct session *scene_console(struct scene *sc, const char *label,
			      const char *account, const char *user,
			      const char *ip, const char *agent)
{
	struct session s = of_user(sc, label, account, user, ip, agent);

	s.kind = SESSION_CONSOLE;
	s.mfa = true;
	return scene_cast(sc, s);
}

struct session *scene_role(struct scene *sc, const char *label,
			   const char *account, const char *role,
			   const char *name, const char *ip, const char *agent)
{
	const char *what = scene_format(sc, "role/%s", role);

	return scene_cast(
		sc, (struct session){
			    .kind = SESSION_ROLE,
			    .label = label,
			    .account = account,
			    .who = principal_make(&sc->arena, account, what),
			    .name = name,
			    .ip = ip,
			    .agent = agent,
		    });
}

struct session *scene_instance(struct scene *sc, const char *label,
			       const char *account, const char *role,
			       const char *instance, const char *ip,
			       const char *agent)
{
	struct session *s = scene_role(sc, label, account, role, instance, ip,
				       agent);

	s->delivery = "2.0";
	s->scope_type = "AWS::EC2::Instance";
	s->scope_arn = scene_format(sc, "arn:aws:ec2:%s:%s:instance/%s",
				    sc->region, account, instance);
	return s;
}

struct session *scene_function(struct scene *sc, const char *label,
			       const char *account, const char *role,
			       const char *function, const char *ip)
{
	struct session *s = scene_role(
		sc, label, account, role, function, ip,
		"Boto3/1.35.36 md/Botocore#1.35.36 ua/2.0 os/linux#5.10.225 "
		"md/arch#x86_64 lang/python#3.12.5 md/pyimpl#CPython "
		"exec-env/AWS_Lambda_python3.12 Botocore/1.35.36");

	s->scope_type = "AWS::Lambda::Function";
	s->scope_arn = scene_format(sc, "arn:aws:lambda:%s:%s:function:%s",
				    sc->region, account, function);
	return s;
}

struct session *scene_service(struct scene *sc, const char *account,
			      const char *name)
{
	return scene_cast(sc, (struct session){
				      .kind = SESSION_SERVICE,
				      .label = name,
				      .account = account,
				      .name = name,
			      });
}

struct session *scene_linked(struct scene *sc, const char *label,
			     const char *account, const char *role,
			     const char *name, const char *service)
{
	struct session *s = scene_role(sc, label, account, role, name, service,
				       service);

	s->invoked_by = service;
	return s;
}

void scene_issued_before(struct scene *sc, struct session *s, int64_t created)
{
	s->created = created;
	session_new_key(s, &sc->rng);
	session_principal_id(&sc->older, s);
	strbuf_addc(&sc->older, '\t');
	time_format(&sc->older, created, TIME_ISO, NULL);
	strbuf_addc(&sc->older, '\t');
	session_arn(&sc->older, s);
	strbuf_addc(&sc->older, '\n');
	if (sc->graph)
		true_graph_older(sc->graph, s);
}

void scene_record(struct scene *sc, struct event *e)
{
	size_t from = sc->trail.text.n;
	struct session *s = e->by;
	/* CloudTrail's clock has seconds. */
	e->time -= e->time % 1000;
	if (!e->region)
		e->region = sc->region;
	if (session_is_console(s) && s->created &&
	    rng_chance(&sc->rng, NEW_KEY_PERCENT))
		session_new_key(s, &sc->rng);
	event_write(&sc->trail.text, e, &sc->rng);
	trail_added(&sc->trail, from, e->time, event_account(e),
		    event_region(e));
	if (sc->graph)
		true_graph_event(sc->graph, e);
}

void scene_call(struct scene *sc, struct session *by, int64_t time,
		const char *call, const char *args)
{
	struct event e = { .time = time, .by = by, .call = call, .args = args };

	scene_record(sc, &e);
}

static void note_truth(struct scene *sc, const struct step *st, struct event *e)
{
	const char *name = scene_format(sc, "%s/%s/%s/%s", sc->set, st->step,
					st->clock, st->call);

	uuid_of_name(str_of(name), e->id);
	strbuf_addf(&sc->truth, "%s%s%s\t", sc->chapter ? sc->chapter : "",
		    sc->chapter ? "/" : "", st->step);
	time_format(&sc->truth, e->time, TIME_ISO, NULL);
	strbuf_addf(&sc->truth, "\t%s\t%s\n", call_event_name(st->call), e->id);
}

static const char *copy(struct scene *sc, struct str s)
{
	return arena_dup(&sc->arena, s).p;
}

/* The sessions that "to=a,b" names. */
static size_t children(struct scene *sc, struct str labels,
		       struct session *child[8])
{
	struct str label;
	size_t n = 0;

	while (n < 8 && str_next(&labels, ',', &label))
		child[n++] = find(sc, label);
	return n;
}

static void play_issue(struct scene *sc, struct event *e, struct str labels)
{
	struct session *child[8] = { NULL };
	size_t n = children(sc, labels, child);

	if (strcmp(e->call, "sts:AssumeRole") == 0) {
		if (child[0]->delivery)
			issue_instance(sc, e, child, n);
		else
			issue_role(sc, e, child[0]);
	} else if (strcmp(e->call, "signin:ConsoleLogin") == 0) {
		issue_console(sc, e, child[0]);
	} else if (strcmp(e->call, "signin:SwitchRole") == 0) {
		issue_switch(sc, e, child[0]);
	} else if (strcmp(e->call, "sts:AssumeRoleWithSAML") == 0) {
		issue_portal(sc, e, e->by, child[0]);
	} else if (strcmp(e->call, "sts:AssumeRoleWithWebIdentity") == 0) {
		issue_web(sc, e, child[0]);
	} else {
		issue_token(sc, e, child[0]);
	}
}

static void play_step(struct scene *sc, const struct step *st)
{
	struct event e = {
		.time = scene_at(sc, st->clock),
		.by = scene_find(sc, st->who),
		.call = st->call,
		.args = st->args,
		.outcome = st->outcome,
		.region = sc->region,
	};
	struct fill f = { .args = st->args };
	struct str value;

	if (fill_arg(&f, "region", &value))
		e.region = copy(sc, value);
	if (fill_arg(&f, "ip", &value))
		e.ip = copy(sc, value);
	if (fill_arg(&f, "join", &value)) {
		struct strbuf name;

		strbuf_init(&name);
		strbuf_addf(&name, "%s/request/%.*s", sc->set, STR_ARG(value));
		uuid_of_name(strbuf_str(&name), e.request_id);
		strbuf_release(&name);
	}
	if (st->step[0])
		note_truth(sc, st, &e);
	if (fill_arg(&f, "to", &value) && !e.outcome)
		play_issue(sc, &e, value);
	else
		scene_record(sc, &e);
}

void scene_play(struct scene *sc, const struct step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		play_step(sc, &steps[i]);
}

enum err_code scene_deliver(struct scene *sc, const struct delivery *d,
			    struct err *err)
{
	enum err_code rc = files_make_folder(d->folder, err);

	return rc == ERR_OK ? trail_deliver(&sc->trail, d, err) : rc;
}

static enum err_code write_list(const char *folder, const char *set,
				const char *kind, const char *head,
				struct str lines, struct err *err)
{
	struct strbuf path, text;
	enum err_code rc;

	strbuf_init(&path);
	strbuf_init(&text);
	strbuf_addf(&path, "%s/%s.%s.tsv", folder, set, kind);
	strbuf_adds(&text, head);
	strbuf_add(&text, lines);
	rc = files_write(path.p, strbuf_str(&text), err);
	strbuf_release(&path);
	strbuf_release(&text);
	return rc;
}

enum err_code scene_write_lists(const char *folder, const char *set,
				struct str truth, struct str older,
				struct err *err)
{
	enum err_code rc = ERR_OK;

	if (truth.n)
		rc = write_list(folder, set, "truth",
				"step\ttime\teventName\teventID\n", truth, err);
	if (rc == ERR_OK)
		rc = write_list(folder, set, "older",
				"principalId\tcreationDate\twho\n", older, err);
	return rc;
}
