/* SPDX-License-Identifier: MIT */
/*
 * Who is one incident, of graphs as they are drawn: what is expected follows
 * from the graph and from what incident.h says, nothing else.
 */
#include "drawn_graph.h"

#include "base/json.h"
#include "detect/incident.h"

#define U(name)             "P:arn:aws:iam::111122223333:user/" name
#define R(name)             "P:arn:aws:iam::111122223333:role/" name
#define S(role, name, time) "S:AROA-" role ":" name "@2026-10-" time "Z"

static int compare_texts(const void *x, const void *y)
{
	const struct str *a = x, *b = y;

	return str_cmp(*a, *b);
}

/* "a b | c": identities that raised alerts, an incident a group. */
static void write_groups(const struct incident_map *m, struct strbuf *out)
{
	const struct lineage *l = m->lineage;
	struct str *id = mem_alloc(l->node_n * sizeof(*id));

	for (uint32_t g = 1; g <= m->group_n; g++) {
		size_t n = 0;

		for (node_id i = 1; i < l->node_n; i++)
			if (m->group[i] == g)
				id[n++] = lineage_id(l, i);
		qsort(id, n, sizeof(*id), compare_texts);
		for (size_t i = 0; i < n; i++) {
			strbuf_adds(out, i ? " " : g > 1 ? " | " : "");
			strbuf_add(out, id[i]);
		}
	}
	free(id);
}

/* "alerted created, hint exposed_by" */
static void write_links(const struct incident_map *m, struct strbuf *out)
{
	static const char *const whys[] = { "alerted", "day", "hint" };

	for (uint32_t i = 0; i < m->link_start[m->group_n + 1]; i++)
		strbuf_addf(out, "%s%s %s", i ? ", " : "", whys[m->link[i].why],
			    edge_kind_name(m->link[i].edge->kind));
}

static void expect_at(const struct site *site, const char *graph,
		      const char *groups, const char *links)
{
	struct incident_map m;
	struct strbuf text;
	struct drawn d;

	draw(&d, graph);
	incident_map_make(&m, &d.l, &d.marks, site);
	strbuf_init(&text);
	write_groups(&m, &text);
	assert_str_eq(strbuf_str(&text), str_of(groups));
	strbuf_clear(&text);
	write_links(&m, &text);
	assert_str_eq(strbuf_str(&text), str_of(links));
	strbuf_release(&text);
	incident_map_release(&m);
	drawn_release(&d);
}

static void expect(const char *graph, const char *groups, const char *links)
{
	expect_at(NULL, graph, groups, links);
}

/* Origins ------------------------------------------------------------------ */

/* A user's key and the session that it issued are the user's. */
static void test_one_origin(void **state)
{
	(void)state;
	expect("06:00:00 ListUsers owns " U(
		       "eve") " K:AKIA1\n"
			      "06:00:01 AssumeRole issued K:AKIA1 " S(
				      "r", "x",
				      "03T06:00:01") "\n"
						     "06:00:02 ListRoles acts K:AKIA1 low\n"
						     "06:00:03 ListKeys acts " S(
							     "r", "x",
							     "03T06:00:01") " low\n"
									    "06:00:04 ListBuckets acts " U(
										    "bob") " high",
	       U("eve") " | " U("bob"), "");
}

/* What the evidence does not show the issuer of is the user's, if there is
 * one; a service behind a role says nothing of who it is. */
static void test_without_issuer(void **state)
{
	(void)state;
	expect("06:00:00 X session_of S:AIDAEVE@2026-10-03T05:00:00Z " U(
		       "eve") "\n"
			      "06:00:01 Y acts S:AIDAEVE@2026-10-03T05:00:00Z low\n"
			      "06:00:02 Z acts " U("eve") " low",
	       U("eve"), "");
	expect("06:00:00 AssumeRole issued P:config.amazonaws.com " S(
		       "a", "x",
		       "03T06:00:00") "\n"
				      "06:00:00 AssumeRole issued P:config.amazonaws.com " S(
					      "b", "x",
					      "03T06:00:00") "\n"
							     "06:00:01 X session_of " S("a", "x", "03T06:00:00") " " R(
								     "a") " low\n"
									  "06:00:02 X session_of " S(
										  "b",
										  "x",
										  "03T06:00:00") " " R("b") " low",
	       R("a") " | " R("b"), "");
}

/* Many have no name: they are one where their address is. */
static void test_nameless(void **state)
{
	(void)state;
	expect("06:00:00 GetObject acts P:anonymous IP:198.51.100.1 low\n"
	       "06:00:01 GetObject acts P:anonymous IP:198.51.100.2 low\n"
	       "06:00:02 GetObject acts P:anonymous IP:198.51.100.1 low",
	       "IP:198.51.100.1 | IP:198.51.100.2", "");
}

/* Links -------------------------------------------------------------------- */

#define EARLIER(who) "01T00:00:00 Old acts " who "\n"

/* That something was made counts from high on, what else was done from medium
 * on, for what alarms afterwards. */
static void test_alerted(void **state)
{
	(void)state;
	expect(EARLIER(U("bob")) "03T06:00:00 CreateAccessKey created " U(
		       "eve") " " U("bob") " high\n"
					   "03T07:00:00 X acts " U(
						   "bob") " low",
	       U("bob") " " U("eve"), "alerted created");
	expect(EARLIER(U("bob")) "03T06:00:00 CreateAccessKey created " U(
		       "eve") " " U("bob") " medium\n"
					   "03T07:00:00 X acts " U(
						   "bob") " low",
	       U("eve") " | " U("bob"), "");
	expect(EARLIER("C:arn:aws:lambda:r:1:function:f") "03T06:00:00 UpdateFunctionCode controls " U(
		       "eve") " C:arn:aws:lambda:r:1:function:f medium\n"
			      "05T06:00:00 X acts C:arn:aws:lambda:r:1:function:f low",
	       "C:arn:aws:lambda:r:1:function:f " U("eve"), "alerted controls");
	/* What alarmed before is nothing that came of it. */
	expect(EARLIER(U("bob")) "03T05:00:00 X acts " U(
		       "bob") " high\n"
			      "03T06:00:00 AttachUserPolicy modified_auth " U(
				      "eve") " " U("bob") " high",
	       U("bob") " | " U("eve"), "");
}

/* An edge's evidence is its first event; the deed was done again later. */
static void test_again(void **state)
{
	(void)state;
	expect("01T00:00:00 UpdateFunctionCode controls K:AKIA1 "
	       "C:arn:aws:lambda:r:1:function:f\n"
	       "02T00:00:00 Old acts C:arn:aws:lambda:r:1:function:f\n"
	       "05T06:00:00 UpdateFunctionCode on K:AKIA1 "
	       "C:arn:aws:lambda:r:1:function:f medium\n"
	       "05T06:00:01 X acts C:arn:aws:lambda:r:1:function:f low",
	       "C:arn:aws:lambda:r:1:function:f K:AKIA1", "alerted controls");
	expect("01T00:00:00 UpdateFunctionCode controls K:AKIA1 "
	       "C:arn:aws:lambda:r:1:function:f\n"
	       "02T12:00:00 Old acts C:arn:aws:lambda:r:1:function:f\n"
	       "05T06:00:00 UpdateFunctionCode on K:AKIA1 "
	       "C:arn:aws:lambda:r:1:function:f medium denied\n"
	       "05T06:00:01 X acts C:arn:aws:lambda:r:1:function:f low",
	       "K:AKIA1 | C:arn:aws:lambda:r:1:function:f", "");
}

/* In silence: the day before its first activity, and no longer. */
static void test_day(void **state)
{
	(void)state;
	expect("03T06:00:00 CreateUser created " U("eve") " " U(
		       "bob") "\n"
			      "03T06:00:01 X acts " U(
				      "eve") " low\n"
					     "04T06:00:00 Y acts " U(
						     "bob") " low",
	       U("bob") " " U("eve"), "day created");
	expect("03T06:00:00 CreateUser created " U("eve") " " U(
		       "bob") "\n"
			      "03T06:00:01 X acts " U(
				      "eve") " low\n"
					     "04T06:00:01 Y acts " U(
						     "bob") " low",
	       U("eve") " | " U("bob"), "");
	/* Who made it long ago, and who raised nothing, joins nobody. */
	expect("03T06:00:00 CreateUser created " U("adm") " " U(
		       "bob") "\n"
			      "03T06:00:00 CreateUser created " U("adm") " " U(
				      "eve") "\n"
					     "03T06:00:01 X acts " U(
						     "eve") " low\n"
							    "03T06:00:02 Y acts " U(
								    "bob") " low",
	       U("eve") " | " U("bob"), "");
}

static void test_service(void **state)
{
	(void)state;
	expect("03T06:00:00 CreateUser created P:sso.amazonaws.com " U(
		       "bob") " high\n"
			      "03T06:00:01 CreateUser created P:sso.amazonaws.com " U(
				      "eve") " high\n"
					     "03T06:00:02 X acts " U(
						     "eve") " low\n"
							    "03T06:00:03 Y acts " U(
								    "bob") " low",
	       "P:sso.amazonaws.com | " U("eve") " | " U("bob"), "");
}

/* Eight things in silence make a pipeline, seven do not, nor do those that an
 * alert tells of. */
static void made(struct strbuf *out, unsigned silent, unsigned told)
{
	strbuf_clear(out);
	for (unsigned i = 0; i < silent + told; i++)
		strbuf_addf(out,
			    "06:00:%02u CreateUser created " U("ci") " " U(
				    "u%02u") "%s\n",
			    i, i, i < silent ? "" : " high");
	strbuf_adds(out, "06:01:00 X acts " U("ci") " low\n"
						    "06:01:01 Y acts " U(
							    "u00") " low");
}

static void test_pipeline(void **state)
{
	struct strbuf text;

	(void)state;
	strbuf_init(&text);
	made(&text, 7, 0);
	strbuf_addc(&text, '\0');
	expect(text.p, U("ci") " " U("u00"), "day created");
	made(&text, 8, 0);
	strbuf_addc(&text, '\0');
	expect(text.p, U("ci") " | " U("u00"), "");
	made(&text, 1, 12);
	strbuf_addc(&text, '\0');
	expect(text.p, U("ci") " " U("u00"), "day created");
	strbuf_release(&text);
}

/* Who changed a role stands behind its sessions, unless many share it. */
static void opened(struct strbuf *out, unsigned people)
{
	strbuf_clear(out);
	strbuf_adds(out, "06:00:00 UpdateAssumeRolePolicy modified_auth " U(
				 "eve") " " R("door") " medium\n");
	for (unsigned i = 0; i < people; i++) {
		strbuf_addf(out,
			    "06:01:00 AssumeRole issued "
			    "P:acct:999988887777#AIDA%u "
			    "S:AROA:%u@2026-10-03T06:01:00Z low\n",
			    i, i);
		strbuf_addf(out,
			    "06:02:00 X session_of "
			    "S:AROA:%u@2026-10-03T06:01:00Z " R("door") "\n",
			    i);
	}
	strbuf_addc(out, '\0');
}

static void test_role(void **state)
{
	struct strbuf text;

	(void)state;
	strbuf_init(&text);
	opened(&text, 2);
	expect(text.p,
	       "P:acct:999988887777#AIDA0 P:acct:999988887777#AIDA1 " U("eve"),
	       "alerted modified_auth, alerted modified_auth");
	opened(&text, 5);
	expect(text.p,
	       U("eve") " | P:acct:999988887777#AIDA0 | "
			"P:acct:999988887777#AIDA1 | "
			"P:acct:999988887777#AIDA2 | "
			"P:acct:999988887777#AIDA3 | "
			"P:acct:999988887777#AIDA4",
	       "");
	strbuf_release(&text);
}

/* Hints -------------------------------------------------------------------- */

#define READ(ip, level)                                                        \
	"06:00:00 X owns " U("eve") " K:AKIA1\n"                               \
				    "06:00:00 GetObject exposed_by " U(        \
					    "bob") " K:AKIA1 hint IP:" ip "\n" \
						   "06:00:01 Y acts " U(       \
							   "bob") " IP:" ip    \
								  " " level    \
								  "\n"
#define USED(ip, level)                              \
	"06:05:00 GetCallerIdentity exposed_by " U(  \
		"bob") " K:AKIA1 "                   \
		       "hint by=K:AKIA1 IP:" ip "\n" \
		       "06:05:01 Z acts K:AKIA1 IP:" ip " " level

static void test_hint(void **state)
{
	struct site site;
	struct err err;

	(void)state;
	expect(READ("198.51.100.1", "low") USED("198.51.100.1", "medium"),
	       U("bob") " " U("eve"), "hint exposed_by");
	/* From two places; and nothing grave on either side. */
	expect(READ("198.51.100.1", "low") USED("198.51.100.2", "medium"),
	       U("bob") " | " U("eve"), "");
	expect(READ("198.51.100.1", "low") USED("198.51.100.1", "low"),
	       U("bob") " | " U("eve"), "");
	/* One's own office is no attacker's address. */
	site_init(&site);
	assert_int_equal(site_read(&site,
				   STR("network 198.51.100.0/24 office\n"),
				   "site", &err),
			 ERR_OK);
	expect_at(&site,
		  READ("198.51.100.1", "low") USED("198.51.100.1", "medium"),
		  U("bob") " | " U("eve"), "");
	site_release(&site);
}

/* A hint is told beside a link that is certain: it says what came first. */
static void test_hint_beside(void **state)
{
	(void)state;
	expect(READ("198.51.100.1", "low")
		       USED("198.51.100.1", "medium") "\n06:06:00 UpdateLoginProfile modified_auth " U(
			       "eve") " " U("bob") " high\n"
						   "06:07:00 Y acts " U(
							   "bob") " IP:198.51.100.1 low",
	       U("bob") " " U("eve"), "alerted modified_auth, hint exposed_by");
}

/* What is no call ----------------------------------------------------------- */

#define SEEN(time, who, ip, level) time " X acts " who " IP:" ip " " level "\n"
#define REQUEST(ip, level)         "06:00:00 GET beside IP:" ip " " level "\n"

/* An address is nobody's identity; it joins those who alarmed from it. */
static void test_beside(void **state)
{
	static const char *const four[] = { "a", "b", "c", "d" };
	struct strbuf many;
	struct site site;
	struct err err;

	(void)state;
	expect(REQUEST("203.0.113.1", "high")
		       SEEN("06:01:00", "K:AKIA1", "203.0.113.1", "medium"),
	       "IP:203.0.113.1 K:AKIA1", "hint used_from");
	/* Also a part of the day later, and both of two. */
	expect(REQUEST("203.0.113.1", "high")
		       SEEN("06:01:00", U("a"), "203.0.113.1", "medium")
			       SEEN("16:01:00", U("b"), "203.0.113.1", "high"),
	       "IP:203.0.113.1 " U("a") " " U("b"),
	       "hint used_from, hint used_from");
	/* Nothing grave on one side; from elsewhere. */
	expect(REQUEST("203.0.113.1", "low")
		       SEEN("06:01:00", U("a"), "203.0.113.1", "high"),
	       "IP:203.0.113.1 | " U("a"), "");
	expect(REQUEST("203.0.113.1", "high")
		       SEEN("06:01:00", U("a"), "203.0.113.1", "low"),
	       "IP:203.0.113.1 | " U("a"), "");
	expect(REQUEST("203.0.113.1", "high")
		       SEEN("06:01:00", U("a"), "203.0.113.2", "high"),
	       "IP:203.0.113.1 | " U("a"), "");
	/* The office; and one that many alarmed from. */
	site_init(&site);
	assert_int_equal(site_read(&site,
				   STR("network 203.0.113.0/24 office\n"),
				   "site", &err),
			 ERR_OK);
	expect_at(&site,
		  REQUEST("203.0.113.1", "high")
			  SEEN("06:01:00", U("a"), "203.0.113.1", "medium"),
		  "IP:203.0.113.1 | " U("a"), "");
	site_release(&site);
	strbuf_init(&many);
	strbuf_adds(&many, REQUEST("203.0.113.1", "high"));
	for (size_t i = 0; i < 4; i++)
		strbuf_addf(
			&many,
			"06:01:0%zu X acts " U("%s") " IP:203.0.113.1 high\n",
			i, four[i]);
	expect(many.p,
	       "IP:203.0.113.1 " U("a") " " U("b") " " U("c") " " U("d"),
	       "hint used_from, hint used_from, hint used_from, "
	       "hint used_from");
	strbuf_adds(&many, "06:01:05 X acts " U("e") " IP:203.0.113.1 high\n");
	expect(many.p,
	       "IP:203.0.113.1 | " U("a") " | " U("b") " | " U("c") " | " U(
		       "d") " | " U("e"),
	       "");
	strbuf_release(&many);
}

/* A finding is of the key that it names, before a machine, before a role. */
static void test_finding(void **state)
{
	(void)state;
	expect("06:00:00 F finding P:x K:AKIA1 high\n"
	       "06:00:01 X owns " U("a") " K:AKIA1\n"
					 "06:00:02 Y acts K:AKIA1 low",
	       U("a"), "");
	expect("06:00:00 RunInstances created " U(
		       "a") " C:i-1 high\n"
			    "06:10:00 F finding P:x C:i-1 high",
	       "C:i-1 " U("a"), "alerted created");
	expect("06:00:00 F finding P:x " R("r") " high\n"
						"06:00:02 Y acts " U(
							"a") " low",
	       R("r") " | " U("a"), "");
}

/* Size --------------------------------------------------------------------- */

/* A role that many have sessions of, and that many changed: nothing is done
 * for each pair of them, and nobody is joined. */
static void test_size(void **state)
{
	enum { MANY = 5000 };
	struct incident_map m;
	struct strbuf text;
	struct drawn d;

	(void)state;
	strbuf_init(&text);
	for (unsigned i = 0; i < MANY; i++)
		strbuf_addf(
			&text,
			"06:00:00 AssumeRole issued P:acct:a%u "
			"S:AROA:%u@2026-10-03T06:00:00Z\n"
			"06:00:00 X session_of "
			"S:AROA:%u@2026-10-03T06:00:00Z " R(
				"r") " low\n"
				     "06:00:00 Y modified_auth P:acct:b%u " R(
					     "r") " medium\n",
			i, i, i, i);
	strbuf_addc(&text, '\0');
	draw(&d, text.p);
	incident_map_make(&m, &d.l, &d.marks, NULL);
	assert_int_equal(m.group_n, 2 * MANY);
	incident_map_release(&m);
	drawn_release(&d);
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_origin),
		cmocka_unit_test(test_without_issuer),
		cmocka_unit_test(test_nameless),
		cmocka_unit_test(test_alerted),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_day),
		cmocka_unit_test(test_service),
		cmocka_unit_test(test_pipeline),
		cmocka_unit_test(test_role),
		cmocka_unit_test(test_hint),
		cmocka_unit_test(test_hint_beside),
		cmocka_unit_test(test_beside),
		cmocka_unit_test(test_finding),
		cmocka_unit_test(test_size),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
