/* SPDX-License-Identifier: MIT */
#include "gen/sets.h"
#include "gen/tactics.h"

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/issue.h"
#include "gen/routine.h"

#define ACCOUNT TACTICS_ACCOUNT
#define OFFICE  "198.51.100.30"
#define CLI     AGENT_CLI("linux#6.8.0-45-generic", "x86_64", "3.12.3")

/* Two hours: the stories begin in the second. */
#define FROM "09:00:00"
#define TO   "11:00:00"

static const struct habit work[] = {
	{ 3, "ec2:DescribeInstances", NULL },
	{ 2, "s3:ListObjects", "bucket=shop-assets-7c21;out=2210" },
	{ 2, "s3:PutObject",
	  "bucket=shop-assets-7c21;key=site/${hex8}.js;in=${digits5}" },
	{ 1, "lambda:GetFunction20150331v2", "function=orders-report" },
	{ 1, "logs:DescribeLogGroups", NULL },
};

static const struct habit clicks[] = {
	{ 1, "ec2:DescribeInstances", NULL },
	{ 1, "ec2:DescribeInstanceStatus", NULL },
	{ 1, "ec2:DescribeVolumes", NULL },
	{ 2, "monitoring:DescribeAlarms", NULL },
	{ 2, "monitoring:GetMetricData", NULL },
	{ 3, "rds:DescribeDBInstances", NULL },
	{ 3, "rds:DescribeEvents", NULL },
};

/* The same people in every story; "thief" has the key of "builder". */
static void cast_people(struct scene *sc)
{
	struct session *s = scene_user(sc, "builder", ACCOUNT, "build-agent",
				       "198.51.100.33", AGENT_BOTO);
	struct session thief = *s;

	thief.label = "thief";
	thief.ip = TACTICS_AWAY;
	thief.agent = AGENT_CLI("linux#6.10.11-amd64", "x86_64", "3.12.6");
	scene_cast(sc, thief);
	scene_console(sc, "olga", ACCOUNT, "olga", OFFICE, AGENT_EDGE);
	scene_service(sc, ACCOUNT, "lambda.amazonaws.com");
	scene_service(sc, ACCOUNT, "ec2.amazonaws.com");
	scene_function(sc, "function", ACCOUNT, "orders-role", "orders-report",
		       "192.0.2.131");
	scene_instance(sc, "agent", ACCOUNT, "web-role", "i-0a9b8c7d6e5f40312",
		       "192.0.2.30", AGENT_SSM);
}

static void ordinary_work(struct scene *sc)
{
	int64_t from = scene_at(sc, FROM), to = scene_at(sc, TO);
	struct session *olga = scene_find(sc, "olga");
	struct session *agent = scene_find(sc, "agent");
	struct event in = { .time = from + 7 * MINUTE, .by = olga };
	struct event boot = { .time = from + MINUTE,
			      .by = scene_find(sc, "ec2.amazonaws.com") };
	struct event start = { .time = from + 2 * MINUTE,
			       .by = scene_find(sc, "lambda.amazonaws.com") };

	issue_console(sc, &in, olga);
	routine_pages(sc, olga, in.time + 20 * SECOND, from + HOUR, 5 * MINUTE,
		      clicks, ARRAY_SIZE(clicks));
	issue_instance(sc, &boot, &agent, 1);
	routine_agent(sc, agent, "i-0a9b8c7d6e5f40312", "10.0.1.20",
		      from + 2 * MINUTE, to, 15 * MINUTE);
	issue_role(sc, &start, scene_find(sc, "function"));
	routine_now_and_then(sc, scene_find(sc, "builder"), from + 3 * MINUTE,
			     to, 9 * MINUTE, work, ARRAY_SIZE(work));
	routine_log_delivery(sc, ACCOUNT, "org-trail-logs-7c21", from, to,
			     30 * MINUTE);
}

static enum err_code write_story(const struct story *st, const char *folder,
				 struct strbuf *truth, struct strbuf *older,
				 struct err *err)
{
	struct delivery d = { .name = st->tactic,
			      .plain = 40,
			      .slot = 15 * MINUTE,
			      .flat = true };
	struct scene sc;
	enum err_code rc;
	struct strbuf set;

	strbuf_init(&set);
	strbuf_addf(&set, "eight-tactics/%s", st->tactic);
	scene_begin(&sc, set.p, st->date, "us-east-1");
	sc.chapter = st->tactic;
	cast_people(&sc);
	if (st->prepare)
		st->prepare(&sc);
	ordinary_work(&sc);
	scene_play(&sc, st->steps, st->n);
	d.folder = scene_format(&sc, "%s/%s", folder, set.p);
	rc = scene_deliver(&sc, &d, err);
	strbuf_add(truth, strbuf_str(&sc.truth));
	strbuf_add(older, strbuf_str(&sc.older));
	scene_end(&sc);
	strbuf_release(&set);
	return rc;
}

enum err_code set_tactics(const char *folder, struct err *err)
{
	enum err_code rc = ERR_OK;
	struct strbuf truth, older;

	strbuf_init(&truth);
	strbuf_init(&older);
	for (size_t i = 0; i < STORIES_IN && rc == ERR_OK; i++)
		rc = write_story(&stories_in[i], folder, &truth, &older, err);
	for (size_t i = 0; i < STORIES_ON && rc == ERR_OK; i++)
		rc = write_story(&stories_on[i], folder, &truth, &older, err);
	if (rc == ERR_OK)
		rc = scene_write_lists(folder, "eight-tactics",
				       strbuf_str(&truth), strbuf_str(&older),
				       err);
	strbuf_release(&truth);
	strbuf_release(&older);
	return rc;
}
