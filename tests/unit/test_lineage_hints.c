/* SPDX-License-Identifier: MIT */
/* Hints: what speaks for them, what speaks against, how many there can be. */
#include "lineage_rules_help.h"

#include "identity/lineage_hints.h"

#define CLI     "aws-cli/2.17.0 os/linux#6.8.0 md/command#s3.cp"
#define CLI_TOO "[aws-cli/2.17.0 os/linux#6.8.0 md/command#sts.who]"
#define OTHER   "Boto3/1.26"
#define ABROAD  "203.0.113.66"
#define HERE    "198.51.100.30"
#define KEY     "AKIACREATOR000000001"
#define CREATOR USER("creator", KEY)
#define THIEF \
	ROLE("web", "i-0e6921bc7de8aa9e9", "06:00:00", "ASIATHIEF00000000001")
#define THIEF_ID "S:AROA-web:i-0e6921bc7de8aa9e9@2026-01-09T06:00:00Z"
#define OBJECT(key) \
	",\"requestParameters\":{\"bucketName\":\"b\",\"key\":\"" key "\"}"

struct hint_run {
	struct small_world w;
	struct graph g;
};

static void hints_begin(struct hint_run *x)
{
	small_begin(&x->w);
}

static void hints_make(struct hint_run *x)
{
	graph_of(&x->g, x->w.record, x->w.n);
	graph_check(x->g.lineage);
}

static void hints_end(struct hint_run *x)
{
	graph_release(&x->g);
	small_end(&x->w);
}

/* The score of the edge to the creator's key, 0 when there is none. */
static unsigned exposed_score(const struct hint_run *x, const char *reader,
			      unsigned *terms)
{
	const struct lineage *l = x->g.lineage;
	const struct lineage_edge *e = find_edge(l, STR("exposed_by"),
						 str_of(reader), STR("K:" KEY));
	const struct lineage_hint *h;

	*terms = 0;
	if (!e)
		return 0;
	assert_int_equal(e->certainty, HINT);
	h = lineage_hint(l, e);
	assert_non_null(h);
	*terms = h->terms;
	return h->score;
}

/* The score of a world, which is made and released. */
static unsigned score_of(struct hint_run *x, unsigned *terms)
{
	unsigned score;

	hints_make(x);
	score = exposed_score(x, THIEF_ID, terms);
	graph_release(&x->g);
	return score;
}

static void all_that_speaks_for_it(void **state)
{
	struct hint_run x;
	const struct lineage_edge *e;
	struct strbuf text;
	unsigned terms;

	(void)state;
	hints_begin(&x);
	add_event(&x.w, 1, "06:11:05", THIEF, "s3:GetObject", ABROAD, CLI,
		  OBJECT("lambda_creator.py"));
	add_event(&x.w, 2, "06:11:42", CREATOR, "sts:GetCallerIdentity", ABROAD,
		  CLI_TOO, "");
	add_event(&x.w, 3, "06:12:42", CREATOR, "iam:ListUsers", ABROAD,
		  CLI_TOO, "");
	hints_make(&x);
	assert_int_equal(exposed_score(&x, THIEF_ID, &terms), 8);
	assert_int_equal(terms, (1 << HINT_TERM_COUNT) - 1);
	e = find_edge(x.g.lineage, STR("exposed_by"), STR(THIEF_ID),
		      STR("K:" KEY));
	assert_int_equal(e->evidence_n, 2);
	assert_int_equal(lineage_evidence(x.g.lineage, e, 0),
			 row_numbered(x.g.load.store, 1));
	assert_int_equal(lineage_evidence(x.g.lineage, e, 1),
			 row_numbered(x.g.load.store, 2));
	strbuf_init(&text);
	lineage_hint_describe(lineage_hint(x.g.lineage, e), &text);
	assert_str_eq(strbuf_str(&text),
		      STR("score 8: same address +2, same user agent +2, "
			  "within 15 minutes +1, the key was seen from no "
			  "other address +1, a name like code or credentials "
			  "was read +1, its first call there asked who it is "
			  "+1"));
	strbuf_release(&text);
	hints_end(&x);
}

static void each_term(void **state)
{
	static const struct {
		const char *read_at, *agent, *key, *use, *elsewhere;
		unsigned score;
	} cases[] = {
		/* address, new, and two more: shown from four on */
		{ "06:00:00", OTHER, "photo.png", "s3:ListBuckets", NULL, 0 },
		{ "06:00:00", OTHER, "photo.png", "sts:GetCallerIdentity", NULL,
		  4 },
		{ "06:00:00", OTHER, "a/b.TF", "s3:ListBuckets", NULL, 4 },
		{ "06:00:00", OTHER, "my-secrets", "s3:ListBuckets", NULL, 4 },
		{ "06:45:00", OTHER, "photo.png", "s3:ListBuckets", NULL, 4 },
		{ "06:44:59", OTHER, "photo.png", "s3:ListBuckets", NULL, 0 },
		{ "06:00:00", CLI_TOO, "photo.png", "s3:ListBuckets", NULL, 5 },
		/* known from elsewhere before */
		{ "06:00:00", CLI_TOO, "photo.png", "s3:ListBuckets",
		  "05:00:00", 4 },
		/* from elsewhere, but later */
		{ "06:00:00", CLI_TOO, "photo.png", "s3:ListBuckets",
		  "07:30:00", 5 },
		/* an hour, and a second more */
		{ "05:59:59", CLI_TOO, "lambda.py", "s3:ListBuckets", NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char object[200];
		struct hint_run x;
		unsigned terms, score;

		hints_begin(&x);
		snprintf(object, sizeof(object),
			 ",\"requestParameters\":{\"key\":\"%s\"}",
			 cases[i].key);
		add_event(&x.w, 1, cases[i].read_at, THIEF, "s3:GetObject",
			  ABROAD, CLI, object);
		add_event(&x.w, 2, "07:00:00", CREATOR, cases[i].use, ABROAD,
			  cases[i].agent, "");
		if (cases[i].elsewhere)
			add_event(&x.w, 3, cases[i].elsewhere, CREATOR,
				  "s3:ListBuckets", HERE, CLI, "");
		score = score_of(&x, &terms);
		check(score == cases[i].score, "case %zu: %u, not %u", i, score,
		      cases[i].score);
		small_end(&x.w);
	}
}

/* What may hold a key; what was refused, or is something else, holds none. */
static void which_reads(void **state)
{
	static const struct {
		const char *call, *more;
		bool counts;
	} cases[] = {
		{ "s3:GetObject", "", true },
		{ "s3:HeadObject", "", false },
		{ "s3:GetObject", ",\"errorCode\":\"AccessDenied\"", false },
		{ "secretsmanager:GetSecretValue", "", true },
		{ "secretsmanager:BatchGetSecretValue", "", true },
		{ "secretsmanager:ListSecrets", "", false },
		{ "ssm:GetParametersByPath", "", true },
		{ "ssm:GetCommandInvocation", "", true },
		{ "lambda:GetFunction20150331v2", "", true },
		{ "lambda:ListFunctions20150331", "", false },
		{ "ec2:DescribeLaunchTemplateVersions", "", true },
		{ "cloudformation:GetTemplate", "", true },
		{ "codebuild:BatchGetProjects", "", true },
		{ "iam:ListAccessKeys", "", true },
		{ "other:GetObject", "", false },
		{ "ec2:DescribeInstanceAttribute",
		  ",\"requestParameters\":{\"attribute\":\"userData\"}", true },
		{ "ec2:DescribeInstanceAttribute",
		  ",\"requestParameters\":{\"attribute\":\"kernel\"}", false },
		{ "ec2:DescribeInstanceAttribute", "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct hint_run x;
		unsigned terms;

		hints_begin(&x);
		add_event(&x.w, 1, "06:11:05", THIEF, cases[i].call, ABROAD,
			  CLI, cases[i].more);
		add_event(&x.w, 2, "06:11:42", CREATOR, "sts:GetCallerIdentity",
			  ABROAD, CLI_TOO, "");
		check((score_of(&x, &terms) > 0) == cases[i].counts, "%s %s",
		      cases[i].call, cases[i].more);
		small_end(&x.w);
	}
}

/* The read before counts when the last one turns out to have been none. */
static void behind_other_attributes(void **state)
{
	struct hint_run x;
	unsigned terms;

	(void)state;
	hints_begin(&x);
	add_event(&x.w, 1, "06:11:05", THIEF, "s3:GetObject", ABROAD, CLI,
		  OBJECT("a.py"));
	add_event(&x.w, 2, "06:11:06", THIEF, "ec2:DescribeInstanceAttribute",
		  ABROAD, CLI,
		  ",\"requestParameters\":{\"attribute\":\"kernel\"}");
	add_event(&x.w, 3, "06:11:42", CREATOR, "sts:GetCallerIdentity", ABROAD,
		  CLI_TOO, "");
	assert_int_equal(score_of(&x, &terms), 8);
	small_end(&x.w);
}

/* The owner of the key reads in between: what counts is somebody else's. */
static void last_read_by_somebody_else(void **state)
{
	struct hint_run x;
	unsigned terms;

	(void)state;
	hints_begin(&x);
	add_event(&x.w, 1, "06:11:05", THIEF, "s3:GetObject", ABROAD, CLI,
		  OBJECT("a.py"));
	add_event(&x.w, 2, "06:11:06", USER("creator", "AKIACREATOR000000002"),
		  "s3:GetObject", ABROAD, CLI, OBJECT("b.py"));
	add_event(&x.w, 3, "06:11:42", CREATOR, "sts:GetCallerIdentity", ABROAD,
		  CLI_TOO, "");
	assert_int_equal(score_of(&x, &terms), 8);
	small_end(&x.w);
}

/* Events of one second have no order. */
static void in_the_same_second(void **state)
{
	struct hint_run x;
	unsigned terms;

	(void)state;
	hints_begin(&x);
	add_event(&x.w, 1, "06:11:05", CREATOR, "sts:GetCallerIdentity", ABROAD,
		  CLI_TOO, "");
	add_event(&x.w, 2, "06:11:05", THIEF, "s3:GetObject", ABROAD, CLI,
		  OBJECT("a.py"));
	assert_int_equal(score_of(&x, &terms), 8);
	small_end(&x.w);
	hints_begin(&x);
	add_event(&x.w, 1, "06:11:05", CREATOR, "sts:GetCallerIdentity", ABROAD,
		  CLI_TOO, "");
	add_event(&x.w, 2, "06:11:06", THIEF, "s3:GetObject", ABROAD, CLI,
		  OBJECT("a.py"));
	assert_int_equal(score_of(&x, &terms), 0);
	small_end(&x.w);
}

/* A key that its owner uses at home is stolen all the same. */
static void key_that_is_in_use(void **state)
{
	struct hint_run x;
	unsigned terms;

	(void)state;
	hints_begin(&x);
	add_event(&x.w, 1, "06:00:00", CREATOR, "s3:ListBuckets", HERE, OTHER,
		  "");
	add_event(&x.w, 2, "06:11:05", THIEF, "s3:GetObject", ABROAD, CLI,
		  OBJECT("a.py"));
	add_event(&x.w, 3, "06:11:42", CREATOR, "sts:GetCallerIdentity", ABROAD,
		  CLI_TOO, "");
	add_event(&x.w, 4, "06:12:00", CREATOR, "s3:ListBuckets", HERE, OTHER,
		  "");
	assert_int_equal(score_of(&x, &terms), 7);
	assert_false(terms & 1 << HINT_NEW);
	small_end(&x.w);
}

/* What speaks against ------------------------------------------------------ */

static void read_and_used(struct hint_run *x, const char *reader,
			  const char *ip)
{
	hints_begin(x);
	add_event(&x->w, 1, "06:11:05", reader, "s3:GetObject", ip, CLI,
		  OBJECT("a.py"));
	add_event(&x->w, 2, "06:11:42", CREATOR, "sts:GetCallerIdentity", ip,
		  CLI_TOO, "");
}

static void whoever_made_the_key(void **state)
{
	struct hint_run x;
	unsigned terms;

	(void)state;
	/* In the session that read. */
	read_and_used(&x, THIEF, ABROAD);
	assert_int_equal(score_of(&x, &terms), 8);
	add_event(&x.w, 3, "06:05:00", THIEF, "iam:CreateAccessKey", ABROAD,
		  CLI,
		  ",\"responseElements\":{\"accessKey\":{\"accessKeyId\":\"" KEY
		  "\",\"userName\":\"creator\"}}");
	assert_int_equal(score_of(&x, &terms), 0);
	small_end(&x.w);
	/* With the key from which that session came. */
	read_and_used(&x,
		      ROLE("ops", "ann", "06:00:00", "ASIAOPS0000000000001"),
		      ABROAD);
	add_event(&x.w, 3, "05:00:00", USER("ann", "AKIAANN0000000000001"),
		  "iam:CreateAccessKey", HERE, CLI,
		  ",\"responseElements\":{\"accessKey\":{\"accessKeyId\":\"" KEY
		  "\",\"userName\":\"creator\"}}");
	hints_make(&x);
	assert_int_equal(exposed_score(&x,
				       "S:AROA-ops:ann@2026-01-09T06:00:00Z",
				       &terms),
			 8);
	graph_release(&x.g);
	add_event(&x.w, 4, "06:00:00", USER("ann", "AKIAANN0000000000001"),
		  "sts:AssumeRole", ABROAD, CLI,
		  ASSUME("ops", "ann", "ASIAOPS0000000000001"));
	hints_make(&x);
	assert_int_equal(exposed_score(&x,
				       "S:AROA-ops:ann@2026-01-09T06:00:00Z",
				       &terms),
			 0);
	hints_end(&x);
}

/* A key that somebody else made after the read. */
static void not_there_yet(void **state)
{
	struct hint_run x;
	unsigned terms;

	(void)state;
	read_and_used(&x, THIEF, ABROAD);
	add_event(&x.w, 3, "06:11:30", USER("ann", "AKIAANN0000000000001"),
		  "iam:CreateAccessKey", HERE, CLI,
		  ",\"responseElements\":{\"accessKey\":{\"accessKeyId\":\"" KEY
		  "\",\"userName\":\"creator\"}}");
	assert_int_equal(score_of(&x, &terms), 0);
	small_end(&x.w);
}

static void one_origin(void **state)
{
	struct hint_run x;
	unsigned terms;

	(void)state;
	read_and_used(&x, ROLE("ops", "c", "06:00:00", "ASIAOPS0000000000001"),
		      ABROAD);
	hints_make(&x);
	assert_int_equal(exposed_score(&x, "S:AROA-ops:c@2026-01-09T06:00:00Z",
				       &terms),
			 8);
	graph_release(&x.g);
	/* It was the key's own user who took the role. */
	add_event(&x.w, 3, "06:00:00", USER("creator", "AKIACREATOR000000002"),
		  "sts:AssumeRole", ABROAD, CLI,
		  ASSUME("ops", "c", "ASIAOPS0000000000001"));
	hints_make(&x);
	assert_int_equal(exposed_score(&x, "S:AROA-ops:c@2026-01-09T06:00:00Z",
				       &terms),
			 0);
	hints_end(&x);
}

/* Behind an address of five people anybody may have read anything. Roles of
 * one person are no people. */
static void crowds(void **state)
{
	struct hint_run x;
	unsigned terms;

	(void)state;
	read_and_used(&x, THIEF, ABROAD);
	add_event(&x.w, 3, "07:00:00", USER("u1", "AKIAUSER000000000001"),
		  "s3:ListBuckets", ABROAD, OTHER, "");
	add_event(&x.w, 4, "07:00:00", USER("u2", "AKIAUSER000000000002"),
		  "s3:ListBuckets", ABROAD, OTHER, "");
	add_event(&x.w, 5, "07:00:00", USER("u2", "AKIAUSER000000000002"),
		  "sts:AssumeRole", ABROAD, OTHER,
		  ASSUME("ops", "c", "ASIAOPS0000000000001"));
	add_event(&x.w, 6, "07:00:00",
		  ROLE("ops", "c", "07:00:00", "ASIAOPS0000000000001"),
		  "s3:ListBuckets", ABROAD, OTHER, "");
	assert_int_equal(score_of(&x, &terms), 8);
	add_event(&x.w, 7, "07:00:00", USER("u3", "AKIAUSER000000000003"),
		  "s3:ListBuckets", ABROAD, OTHER, "");
	assert_int_equal(score_of(&x, &terms), 0);
	small_end(&x.w);
}

static void places(void **state)
{
	struct hint_run x;
	unsigned terms;

	(void)state;
	/* A network of which nothing is known; an endpoint of a VPC. */
	read_and_used(&x, THIEF, "192.168.10.20");
	assert_int_equal(score_of(&x, &terms), 8);
	small_end(&x.w);
	hints_begin(&x);
	add_event(&x.w, 1, "06:11:05", THIEF, "s3:GetObject", "10.0.0.1", CLI,
		  OBJECT("a.py"));
	add_event(&x.w, 2, "06:11:42", CREATOR, "sts:GetCallerIdentity",
		  "10.0.0.1", CLI_TOO, ",\"vpcEndpointId\":\"vpce-1\"");
	assert_int_equal(score_of(&x, &terms), 0);
	small_end(&x.w);
	/* A service's name is no place. */
	read_and_used(&x, THIEF, "athena.amazonaws.com");
	assert_int_equal(score_of(&x, &terms), 0);
	small_end(&x.w);
	/* Another address. */
	hints_begin(&x);
	add_event(&x.w, 1, "06:11:05", THIEF, "s3:GetObject", HERE, CLI,
		  OBJECT("a.py"));
	add_event(&x.w, 2, "06:11:42", CREATOR, "sts:GetCallerIdentity", ABROAD,
		  CLI_TOO, "");
	assert_int_equal(score_of(&x, &terms), 0);
	small_end(&x.w);
}

/* Keys of sessions are issued, not found. */
static void long_term_keys_alone(void **state)
{
	struct hint_run x;

	(void)state;
	hints_begin(&x);
	add_event(&x.w, 1, "06:11:05", THIEF, "s3:GetObject", ABROAD, CLI,
		  OBJECT("a.py"));
	add_event(&x.w, 2, "06:11:42",
		  ROLE("ops", "c", "06:00:00", "ASIAOPS0000000000001"),
		  "sts:GetCallerIdentity", ABROAD, CLI_TOO, "");
	hints_make(&x);
	for (uint32_t i = 0; i < x.g.lineage->edge_n; i++)
		assert_int_not_equal(x.g.lineage->edge[i].kind,
				     EDGE_EXPOSED_BY);
	hints_end(&x);
}

/* Shared sources ----------------------------------------------------------- */

#define P(name) "P:arn:aws:iam::" ACCOUNT ":user/" name

static const char *user_numbered(struct small_world *w, unsigned n)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "{\"type\":\"IAMUser\",\"principalId\":\"AIDA-u%u\",\"arn\":"
		 "\"arn:aws:iam::" ACCOUNT
		 ":user/u%u\",\"accountId\":\"" ACCOUNT
		 "\",\"accessKeyId\":\"AKIAUSER%012u\",\"userName\":\"u%u\"}",
		 n, n, n, n);
	return arena_dup(&w->arena, str_of(text)).p;
}

static void same_source(void **state)
{
	const struct lineage_edge *e;
	const struct lineage_hint *h;
	struct hint_run x;
	struct strbuf text;

	(void)state;
	hints_begin(&x);
	add_event(&x.w, 1, "06:00:00", user_numbered(&x.w, 1), "s3:ListBuckets",
		  ABROAD, CLI, "");
	add_event(&x.w, 2, "06:01:00", user_numbered(&x.w, 2), "s3:ListBuckets",
		  ABROAD, CLI_TOO, "");
	add_event(&x.w, 3, "06:02:00", user_numbered(&x.w, 3), "s3:ListBuckets",
		  ABROAD, OTHER, "");
	hints_make(&x);
	e = find_edge(x.g.lineage, STR("same_source"), STR(P("u1")),
		      STR(P("u2")));
	assert_non_null(e);
	assert_int_equal(e->certainty, HINT);
	h = lineage_hint(x.g.lineage, e);
	assert_int_equal(h->sharers, 3);
	strbuf_init(&text);
	lineage_hint_describe(h, &text);
	assert_str_eq(strbuf_str(&text), STR("one of 3 on that address"));
	strbuf_release(&text);
	assert_false(has_edge(x.g.lineage, "same_source", P("u2"), P("u3")));
	assert_false(has_edge(x.g.lineage, "same_source", P("u1"), P("u3")));
	hints_end(&x);
}

/* A day later, another address, one person, too many: nothing. */
static void no_same_source(void **state)
{
	struct hint_run x;

	(void)state;
	hints_begin(&x);
	add_event(&x.w, 1, "06:00:00", user_numbered(&x.w, 1), "s3:ListBuckets",
		  ABROAD, OTHER, "");
	add_event(&x.w, 2, "06:01:00", user_numbered(&x.w, 2), "s3:ListBuckets",
		  HERE, OTHER, "");
	add_event(&x.w, 3, "06:02:00", user_numbered(&x.w, 1), "sts:AssumeRole",
		  ABROAD, OTHER, ASSUME("ops", "c", "ASIAOPS0000000000001"));
	add_event(&x.w, 4, "06:03:00",
		  ROLE("ops", "c", "06:02:00", "ASIAOPS0000000000001"),
		  "s3:ListBuckets", ABROAD, OTHER, "");
	for (unsigned i = 0; i <= HINT_SHARERS; i++)
		add_event(&x.w, 5 + i, "06:04:00", user_numbered(&x.w, 10 + i),
			  "s3:ListBuckets", "192.0.2.1", OTHER, "");
	hints_make(&x);
	assert_int_equal(x.g.lineage->hint_n, 0);
	hints_end(&x);
}

/* As many edges as people, not as pairs of them. */
static void a_full_address(void **state)
{
	struct hint_run x;

	(void)state;
	hints_begin(&x);
	for (unsigned i = 0; i < HINT_SHARERS; i++)
		add_event(&x.w, 1 + i, "06:04:00", user_numbered(&x.w, 10 + i),
			  "s3:ListBuckets", "192.0.2.1", OTHER, "");
	hints_make(&x);
	assert_int_equal(x.g.lineage->hint_n, HINT_SHARERS - 1);
	hints_end(&x);
}

static void same_tool(void **state)
{
	struct hint_run x;

	(void)state;
	hints_begin(&x);
	add_event(&x.w, 1, "06:00:00", user_numbered(&x.w, 1), "s3:ListBuckets",
		  ABROAD, CLI, "");
	add_event(&x.w, 2, "06:01:00", user_numbered(&x.w, 2), "s3:ListBuckets",
		  HERE, CLI_TOO, "");
	/* What everybody has. */
	add_event(&x.w, 3, "06:02:00", user_numbered(&x.w, 3), "s3:ListBuckets",
		  ABROAD, OTHER, "");
	add_event(&x.w, 4, "06:03:00", user_numbered(&x.w, 4), "s3:ListBuckets",
		  HERE, OTHER, "");
	hints_make(&x);
	assert_true(has_edge(x.g.lineage, "same_tool", P("u1"), P("u2")));
	assert_int_equal(x.g.lineage->hint_n, 1);
	graph_release(&x.g);
	/* Three more have it: it is not rare. */
	for (unsigned i = 5; i < 8; i++)
		add_event(&x.w, i, "06:04:00", user_numbered(&x.w, i),
			  "s3:ListBuckets", i % 2 ? HERE : "192.0.2.1", CLI,
			  "");
	hints_make(&x);
	assert_false(has_edge(x.g.lineage, "same_tool", P("u1"), P("u2")));
	hints_end(&x);
}

/* Whatever is asked of it, a graph does not follow them. */
static void not_followed(void **state)
{
	enum certainty certainty;
	struct hint_run x;
	node_id key;

	(void)state;
	read_and_used(&x, THIEF, ABROAD);
	hints_make(&x);
	key = node_of(x.g.lineage, "K:" KEY);
	assert_int_equal(lineage_origin(x.g.lineage, key, &certainty),
			 node_of(x.g.lineage, P("creator")));
	assert_int_equal(certainty, CERTAIN);
	hints_end(&x);
}

/* Many keys of two users from one address, each use a read as well. */
static void many_keys(void **state)
{
	enum { KEYS = 20000 };
	struct strbuf text;
	struct folder f;
	struct graph g;
	const char *path = f.path;
	double begun;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	for (unsigned i = 0; i < KEYS; i++) {
		strbuf_addf(&text,
			    "{\"eventVersion\":\"1.08\",\"userIdentity\":"
			    "{\"type\":\"IAMUser\",\"principalId\":\"AIDA-%s\","
			    "\"arn\":\"arn:aws:iam::" ACCOUNT ":user/%s\","
			    "\"accountId\":\"" ACCOUNT "\",\"accessKeyId\":"
			    "\"AKIA%016u\"},\"eventTime\":\"2026-01-09T06:%02u:"
			    "%02uZ\",\"eventSource\":\"ec2.amazonaws.com\","
			    "\"eventName\":\"DescribeInstanceAttribute\","
			    "\"sourceIPAddress\":\"" ABROAD "\",\"eventID\":\"",
			    i % 2 ? "a" : "b", i % 2 ? "a" : "b", i,
			    i / 60 % 60, i % 60);
		add_id(&text, i);
		strbuf_adds(&text, "\",\"recipientAccountId\":\"" ACCOUNT
				   "\",\"requestParameters\":{\"attribute\":"
				   "\"kernel\"}}\n");
	}
	put_file(&f, "log.json", strbuf_str(&text));
	strbuf_release(&text);
	begun = cpu_seconds();
	graph_of_paths(&g, &path, 1, 1);
	/* Generous: what is quadratic takes minutes. */
	assert_true(cpu_seconds() - begun < 20);
	graph_release(&g);
	folder_remove(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_speaks_for_it),
		cmocka_unit_test(each_term),
		cmocka_unit_test(which_reads),
		cmocka_unit_test(behind_other_attributes),
		cmocka_unit_test(last_read_by_somebody_else),
		cmocka_unit_test(in_the_same_second),
		cmocka_unit_test(key_that_is_in_use),
		cmocka_unit_test(whoever_made_the_key),
		cmocka_unit_test(not_there_yet),
		cmocka_unit_test(one_origin),
		cmocka_unit_test(crowds),
		cmocka_unit_test(places),
		cmocka_unit_test(long_term_keys_alone),
		cmocka_unit_test(same_source),
		cmocka_unit_test(no_same_source),
		cmocka_unit_test(a_full_address),
		cmocka_unit_test(same_tool),
		cmocka_unit_test(not_followed),
		cmocka_unit_test(many_keys),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
