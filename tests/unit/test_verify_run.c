/* SPDX-License-Identifier: MIT */
/*
 * Small buckets of unsigned digests, made here: what one digest's word is
 * worth for another and for a log, where it just is and just is not. What was
 * done to whole buckets is in tests/data/check_verify.sh.
 */
#include "ingest_help.h"

#include "base/crypto.h"
#include "base/json.h"
#include "casework/verify.h"
#include "ingest/walk.h"

static struct folder folder;

/* The sum of what a file holds, as digests write it. */
static struct strbuf sum_of(struct str bytes)
{
	struct sha256_sum *s = sha256_new();
	struct strbuf out;
	struct sha256 sum;

	sha256_add(s, bytes);
	sum = sha256_so_far(s);
	sha256_free(s);
	strbuf_init(&out);
	sha256_print(&out, &sum);
	return out;
}

/* Digests ----------------------------------------------------------------- */

/* The digest of the hour that ends at `end`. */
struct made {
	const char *trail;
	unsigned end;
	struct made *before; /* the one that it names, written already */
	const char *log;     /* that it lists, or NULL */
	const char *log_content;
	struct strbuf sum; /* its own, when it has been written */
};

static void add_object(struct strbuf *out, const struct made *m)
{
	strbuf_addf(out,
		    "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/10/"
		    "03/111122223333_CloudTrail-Digest_us-east-1_%s_us-east-1_"
		    "20261003T%02u0000Z.json.gz",
		    m->trail, m->end);
}

static void add_before(struct strbuf *out, const struct made *before)
{
	if (!before)
		return;
	strbuf_adds(out, "\"previousDigestS3Bucket\":\"b\","
			 "\"previousDigestHashAlgorithm\":\"SHA-256\","
			 "\"previousDigestS3Object\":\"");
	add_object(out, before);
	strbuf_addf(out, "\",\"previousDigestHashValue\":\"%s\",",
		    before->sum.p);
}

static void put_digest(const char *file, struct made *m)
{
	struct strbuf text;

	strbuf_init(&text);
	strbuf_addf(&text,
		    "{\"digestStartTime\":\"2026-10-03T%02u:00:00Z\","
		    "\"digestEndTime\":\"2026-10-03T%02u:00:00Z\","
		    "\"digestS3Bucket\":\"b\",\"digestS3Object\":\"",
		    m->end - 1, m->end);
	add_object(&text, m);
	strbuf_adds(&text, "\",");
	add_before(&text, m->before);
	strbuf_adds(&text, "\"logFiles\":[");
	if (m->log) {
		struct strbuf sum = sum_of(str_of(m->log_content));

		strbuf_addf(&text,
			    "{\"s3Bucket\":\"b\",\"s3Object\":\"%s\","
			    "\"hashAlgorithm\":\"SHA-256\",\"hashValue\":"
			    "\"%s\"}",
			    m->log, sum.p);
		strbuf_release(&sum);
	}
	strbuf_adds(&text, "]}");
	put_file(&folder, file, strbuf_str(&text));
	m->sum = sum_of(strbuf_str(&text));
	strbuf_release(&text);
}

/* What was found out ------------------------------------------------------ */

static struct files files;
static struct verify_result result;

static void run(void)
{
	static const struct limits limits = LIMITS_DEFAULT;
	struct verify_options options = { .limits = &limits, .threads = 1 };
	struct err err;

	files_init(&files);
	assert_int_equal(walk_path(&files, folder.path, NULL, &err), ERR_OK);
	walk_finish(&files);
	assert_int_equal(verify_run(&result, &files, &options, &err), ERR_OK);
}

static void done(void)
{
	verify_result_release(&result);
	files_release(&files);
}

/* What was found out about a file. */
static const struct verify_item *item_of(const char *file)
{
	for (size_t i = 0; i < result.n; i++) {
		const struct verify_item *m = &result.item[i];

		if (m->file != VERIFY_NONE &&
		    str_ends(str_of(files.entry[m->file].path), str_of(file)))
			return m;
	}
	fail_msg("nothing was found out about %s", file);
	return NULL;
}

static void assert_state(const char *file, enum verify_state want)
{
	assert_string_equal(verify_state_name(item_of(file)->state),
			    verify_state_name(want));
}

/* Where no signature was checked nothing is verified, whoever agrees. */
static void words_without_a_signature(void **state)
{
	struct made first = { .trail = "t", .end = 6 };
	struct made second = { .trail = "t", .end = 7, .before = &first };
	struct made third = { .trail = "t", .end = 8, .before = &second };

	(void)state;
	if (!crypto_exists())
		skip();
	put_digest("1.json", &first);
	put_digest("2.json", &second);
	put_digest("3.json", &third);
	run();
	assert_state("1.json", VERIFY_CONSISTENT);
	assert_state("2.json", VERIFY_CONSISTENT);
	assert_state("3.json", VERIFY_UNCONFIRMED);
	done();
	strbuf_release(&first.sum);
	strbuf_release(&second.sum);
	strbuf_release(&third.sum);
}

/* A digest is told of by a later one: another of the same hour confirms
 * nothing, whichever of them is read first. */
static void words_of_the_same_hour(void **state)
{
	static const char *const names[][2] = { { "1.json", "2.json" },
						{ "2.json", "1.json" } };

	(void)state;
	if (!crypto_exists())
		skip();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct made told = { .trail = "t", .end = 7 };
		struct made teller = { .trail = "u",
				       .end = 7,
				       .before = &told };

		put_digest(names[i][0], &told);
		put_digest(names[i][1], &teller);
		run();
		assert_state("1.json", VERIFY_UNCONFIRMED);
		assert_state("2.json", VERIFY_UNCONFIRMED);
		done();
		strbuf_release(&told.sum);
		strbuf_release(&teller.sum);
	}
}

#define LOG(time) "111122223333_CloudTrail_us-east-1_20261003T" time "Z_x.json"

/* Of two digests that nothing confirms neither is believed when they differ. */
static void words_against_each_other(void **state)
{
	static const char *const content[] = { "{\"Records\":[]}",
					       "{\"Records\":[1]}" };
	const char *log = LOG("0640");

	(void)state;
	if (!crypto_exists())
		skip();
	for (size_t i = 0; i < 3; i++) {
		/* The file is as the first says, as the second, as both. */
		const char *here = content[i % 2];
		struct made first = { .trail = "t",
				      .end = 7,
				      .log = log,
				      .log_content = content[0] };
		struct made second = { .trail = "u",
				       .end = 7,
				       .log = log,
				       .log_content = content[i != 2] };

		put_file(&folder, log, str_of(here));
		put_digest("1.json", &first);
		put_digest("2.json", &second);
		run();
		assert_state(log, i == 2 ? VERIFY_UNCONFIRMED : VERIFY_CHANGED);
		if (i < 2)
			assert_str(item_of(log)->detail,
				   "digests that are worth as much have "
				   "different sums of it");
		done();
		strbuf_release(&first.sum);
		strbuf_release(&second.sum);
	}
}

/* Fifteen minutes before the last digest ends a log may still be in the next;
 * a minute earlier it may not. */
static void logs_of_the_last_minutes(void **state)
{
	struct made only = { .trail = "t", .end = 7 };

	(void)state;
	if (!crypto_exists())
		skip();
	put_digest("1.json", &only);
	put_file(&folder, LOG("0559"), STR("{\"Records\":[]}"));
	put_file(&folder, LOG("0600"), STR("{\"Records\":[]}"));
	put_file(&folder, LOG("0644"), STR("{\"Records\":[]}"));
	put_file(&folder, LOG("0645"), STR("{\"Records\":[]}"));
	run();
	assert_state(LOG("0559"), VERIFY_UNPROVEN);
	assert_str(item_of(LOG("0559"))->detail,
		   "delivered before the first digest here begins");
	assert_state(LOG("0600"), VERIFY_EXTRA);
	assert_state(LOG("0644"), VERIFY_EXTRA);
	assert_state(LOG("0645"), VERIFY_UNPROVEN);
	assert_str(item_of(LOG("0645"))->detail,
		   "newer than the last digest here: not yet proven");
	done();
	strbuf_release(&only.sum);
}

/* Each test has a bucket of its own. */
static int set_up(void **state)
{
	(void)state;
	json_init();
	folder_make(&folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	folder_remove(&folder);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(words_without_a_signature,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(words_of_the_same_hour, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(words_against_each_other,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(logs_of_the_last_minutes,
						set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
