/* SPDX-License-Identifier: MIT */
/* What single events say about credentials, and how workers hand it over. */
#include "helpers.h"

#include "base/json.h"
#include "base/timefmt.h"
#include "identity/fact.h"

static const char *const kinds[] = {
	[FACT_ISSUED] = "issued",
	[FACT_CONSOLE] = "console",
	[FACT_KEY] = "key",
	[FACT_CREATED] = "created",
};

/* "issued@ROW pid=... time=..." of all facts. */
static void print_facts(struct strbuf *out, const struct facts *f)
{
	static const char *const texts[FACT_TEXTS] = {
		[FACT_PRINCIPAL_ID] = "pid", [FACT_TIME] = "time",
		[FACT_ROLE] = "role",        [FACT_SESSION_NAME] = "name",
		[FACT_ACCESS_KEY] = "key",   [FACT_OWNER] = "owner",
		[FACT_SHARED_ID] = "shared",
	};

	strbuf_clear(out);
	for (size_t i = 0; i < f->n; i++) {
		const struct fact *fact = &f->fact[i];

		strbuf_addf(out, "%s%s@%u", i ? "; " : "", kinds[fact->kind],
			    fact->arrival);
		for (int t = 0; t < FACT_TEXTS; t++)
			if (fact->text[t])
				strbuf_addf(
					out, " %s=%.*s", texts[t],
					STR_ARG(fact_text(f, fact,
							  (enum fact_text)t)));
	}
}

static void see(const struct ingest_visitor *v, void *worker, const char *text,
		uint32_t row)
{
	struct err err = ERR_INIT;
	const struct json *record;
	struct arena arena;
	struct event e;

	arena_init(&arena);
	record = json_read(&arena, str_of(text), &err);
	check(record, "%s: %s", text, err.msg);
	event_extract(&e, record, 0, &arena);
	v->see(worker, &e, row);
	/* Nothing of the record is needed any more. */
	arena_release(&arena);
}

#define STS(name)                                                            \
	"{\"eventSource\":\"sts.amazonaws.com\",\"eventName\":\"" name "\"," \
	"\"eventTime\":\"2026-01-09T21:00:00Z\""
#define IAM(name) \
	"{\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"" name "\""
#define SIGNIN                                       \
	"{\"eventSource\":\"signin.amazonaws.com\"," \
	"\"eventName\":\"ConsoleLogin\",\"eventTime\":\"2026-01-09T21:00:00Z\""
#define CREDENTIALS "\"credentials\":{\"accessKeyId\":\"ASIAX\"}"

static const struct {
	const char *record;
	const char *facts;
} cases[] = {
	{ STS("AssumeRole") ",\"requestParameters\":{\"roleArn\":\"R\","
			    "\"roleSessionName\":\"s\"},\"responseElements\":{" CREDENTIALS
			    ",\"assumedRoleUser\":"
			    "{\"assumedRoleId\":\"AROA:s\"}},"
			    "\"sharedEventID\":\"x\"}",
	  "issued@7 pid=AROA:s time=2026-01-09T21:00:00Z role=R name=s "
	  "key=ASIAX shared=x" },
	{ STS("AssumeRoleWithSAML") ",\"responseElements\":{" CREDENTIALS "}}",
	  "issued@7 time=2026-01-09T21:00:00Z key=ASIAX" },
	{ STS("AssumeRoleWithWebIdentity") "}",
	  "issued@7 time=2026-01-09T21:00:00Z" },
	{ STS("GetSessionToken") ",\"userIdentity\":{\"principalId\":\"AIDA\"},"
				 "\"responseElements\":{" CREDENTIALS "}}",
	  "issued@7 pid=AIDA time=2026-01-09T21:00:00Z key=ASIAX" },
	{ STS("GetFederationToken") ",\"userIdentity\":{\"principalId\":"
				    "\"AIDA\"},\"responseElements\":{" CREDENTIALS
				    ",\"federatedUser\":"
				    "{\"federatedUserId\":\"1:g\"}}}",
	  "issued@7 pid=1:g time=2026-01-09T21:00:00Z key=ASIAX" },
	{ SIGNIN ",\"userIdentity\":{\"principalId\":\"AIDA\"},"
		 "\"responseElements\":{\"ConsoleLogin\":\"Success\"}}",
	  "console@7 pid=AIDA time=2026-01-09T21:00:00Z" },
	{ SIGNIN ",\"responseElements\":{\"ConsoleLogin\":\"Failure\"}}", "" },
	{ SIGNIN "}", "" },
	{ IAM("CreateAccessKey") ",\"requestParameters\":{\"userName\":\"Bob\"},"
				 "\"responseElements\":{\"accessKey\":"
				 "{\"accessKeyId\":\"AKIA\",\"userName\":"
				 "\"bob\"}}}",
	  "key@7 key=AKIA owner=bob" },
	{ IAM("CreateAccessKey") ",\"requestParameters\":{\"userName\":\"bob\"},"
				 "\"responseElements\":{\"accessKey\":"
				 "{\"accessKeyId\":\"AKIA\"}}}",
	  "key@7 key=AKIA owner=bob" },
	{ IAM("CreateUser") ",\"responseElements\":{\"user\":{\"arn\":\"U\"}}}",
	  "created@7 role=U" },
	{ IAM("CreateRole") ",\"responseElements\":{\"role\":{\"arn\":\"R\"}}}",
	  "created@7 role=R" },
	{ IAM("CreateUser") ",\"responseElements\":null}", "" },
	/* What failed, and what others call by the same names. */
	{ STS("AssumeRole") ",\"errorCode\":\"AccessDenied\"}", "" },
	{ IAM("CreateUser") ",\"errorCode\":\"x\",\"responseElements\":"
			    "{\"user\":{\"arn\":\"U\"}}}",
	  "" },
	{ "{\"eventSource\":\"x.amazonaws.com\",\"eventName\":\"AssumeRole\"}",
	  "" },
	{ "{\"eventName\":\"AssumeRole\"}", "" },
	{ STS("assumerole") "}", "" },
	{ STS("AssumeRole2") "}", "" },
	/* Times as sessions have them, or none. */
	{ "{\"eventSource\":\"sts.amazonaws.com\",\"eventName\":\"AssumeRole\","
	  "\"eventTime\":\"2026-01-09T22:00:00.750+01:00\"}",
	  "issued@7 time=2026-01-09T21:00:00Z" },
	{ "{\"eventSource\":\"sts.amazonaws.com\",\"eventName\":\"AssumeRole\","
	  "\"eventTime\":\"yesterday\"}",
	  "issued@7" },
	/* Wrong types say nothing. */
	{ STS("AssumeRole") ",\"requestParameters\":\"HIDDEN\","
			    "\"responseElements\":[1],\"sharedEventID\":{}}",
	  "issued@7 time=2026-01-09T21:00:00Z" },
	{ STS("AssumeRole") ",\"requestParameters\":{\"roleArn\":null},"
			    "\"responseElements\":{\"credentials\":"
			    "{\"accessKeyId\":[\"x\"]}}}",
	  "issued@7 time=2026-01-09T21:00:00Z" },
};

static void single_events(void **state)
{
	struct strbuf text;

	(void)state;
	strbuf_init(&text);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ingest_visitor v;
		struct facts facts;
		void *worker, *part;

		facts_init(&facts);
		v = fact_visitor(&facts);
		worker = v.worker_new(v.context);
		see(&v, worker, cases[i].record, 3);
		part = v.take(worker);
		assert_int_equal(part != NULL, *cases[i].facts != '\0');
		if (part)
			v.merge(v.context, part, 4);
		v.worker_free(worker);
		print_facts(&text, &facts);
		if (!str_eq(strbuf_str(&text), str_of(cases[i].facts)))
			fprintf(stderr, "%s\n", cases[i].record);
		assert_str_eq(strbuf_str(&text), str_of(cases[i].facts));
		facts_release(&facts);
	}
	strbuf_release(&text);
}

static void handing_over(void **state)
{
	static const char user[] = IAM("CreateUser") ",\"responseElements\":"
						     "{\"user\":{\"arn\":"
						     "\"U\"}}}";
	static const char other[] = IAM("ListUsers") "}";
	struct ingest_visitor v;
	struct strbuf text;
	struct facts facts;
	void *worker[2], *part[3];

	(void)state;
	strbuf_init(&text);
	facts_init(&facts);
	v = fact_visitor(&facts);
	worker[0] = v.worker_new(v.context);
	worker[1] = v.worker_new(v.context);
	/* Nothing seen is nothing to take. */
	assert_null(v.take(worker[0]));
	see(&v, worker[0], other, 0);
	assert_null(v.take(worker[0]));
	see(&v, worker[0], user, 0);
	see(&v, worker[0], other, 1);
	see(&v, worker[0], user, 2);
	see(&v, worker[1], user, 1);
	part[0] = v.take(worker[0]);
	part[1] = v.take(worker[1]);
	/* A part is what was seen since the one before. */
	assert_null(v.take(worker[0]));
	see(&v, worker[0], user, 5);
	part[2] = v.take(worker[0]);
	v.merge(v.context, part[1], 0);
	v.merge(v.context, part[0], 10);
	v.drop(part[2]);
	/* What was never taken goes with its worker. */
	see(&v, worker[1], user, 9);
	v.worker_free(worker[0]);
	v.worker_free(worker[1]);
	print_facts(&text, &facts);
	assert_str(strbuf_str(&text),
		   "created@1 role=U; created@10 role=U; created@12 role=U");
	facts_release(&facts);
	assert_int_equal(facts.n, 0);
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_events),
		cmocka_unit_test(handing_over),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
