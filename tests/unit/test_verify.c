/* SPDX-License-Identifier: MIT */
/*
 * Names, digests and keys, one by one. What verify makes of whole buckets is
 * in tests/data/check_verify.sh; here are the texts that are refused, and
 * places at which nobody may be misled.
 */
#include "arena_help.h"

#include "base/crypto.h"
#include "base/timefmt.h"
#include "casework/verify.h"
#include "casework/verify_digest.h"
#include "ingest/walk.h"

/* Names ------------------------------------------------------------------- */

static int64_t at(const char *text)
{
	return time_parse(str_of(text), NULL);
}

static void names_of_logs(void **state)
{
	static const char *const none[] = {
		"",
		"x.json.gz",
		"111122223333_CloudTrail_us-east-1",
		"111122223333_CloudTrail_us-east-1_2026-10-03_x.json.gz",
		"11112222333_CloudTrail_us-east-1_20261003T0605Z_x.json.gz",
		"111122223333_Config_us-east-1_20261003T0605Z_x.json.gz",
		"111122223333_CloudTrail_us-east-1_20261303T0605Z_x.json.gz",
		"111122223333_CloudTrail_US_20261003T0605Z_x.json.gz",
		"1_CloudTrail_us-east-1_20261003T0605Z_x.json.gz",
	};
	struct delivery_name n;

	(void)state;
	assert_true(delivery_name_read(
		STR("a/b/111122223333_CloudTrail-Insight_eu-west-1_"
		    "20261003T0605Z_9nYN7gp2eWAJHIfT.json.gz"),
		&n));
	assert_str(n.account, "111122223333");
	assert_str(n.kind, "CloudTrail-Insight");
	assert_str(n.region, "eu-west-1");
	assert_true(n.time == at("2026-10-03T06:05:00Z"));
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		assert_false(delivery_name_read(str_of(none[i]), &n));
	assert_false(delivery_name_read(
		STR("111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_"
		    "20261003T060131Z.json.gz"),
		&n));
	/* What only begins as the name of a log does. */
	assert_false(delivery_name_read(
		STR("111122223333_CloudTrail-Digest_us-east-1_20261003T0605Z_"
		    "x.json.gz"),
		&n));
}

static void names_of_digests(void **state)
{
	struct digest_name n;

	(void)state;
	/* The names of trails may have underscores. */
	assert_true(digest_name_read(
		STR("AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/"
		    "10/03/111122223333_CloudTrail-Digest_us-east-1_my_trail_"
		    "eu-west-1_20261003T060131Z.json.gz"),
		&n));
	assert_str(n.account, "111122223333");
	assert_str(n.region, "us-east-1");
	assert_str(n.trail, "my_trail");
	assert_str(n.home, "eu-west-1");
	assert_str(n.stem, "111122223333_CloudTrail-Digest_us-east-1_my_trail_"
			   "eu-west-1");
	assert_true(n.end == at("2026-10-03T06:01:31Z"));
	assert_false(n.backfill);
	/* Unpacked, and backfill. */
	assert_true(digest_name_read(
		STR("111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_"
		    "20261003T060131Z_backfill.json"),
		&n));
	assert_true(n.backfill);
	assert_str(n.trail, "t");
	assert_true(n.end == at("2026-10-03T06:01:31Z"));
	assert_false(digest_name_read(
		STR("111122223333_CloudTrail-Digest_us-east-1_us-east-1_"
		    "20261003T060131Z.json.gz"),
		&n));
	assert_false(digest_name_read(
		STR("111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_"
		    "20261003.json.gz"),
		&n));
	assert_false(digest_name_read(
		STR("111122223333_CloudTrail-Digest__t_us-east-1_"
		    "20261003T060131Z.json.gz"),
		&n));
}

/* Digests ----------------------------------------------------------------- */

#define NAME                                                           \
	"AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/10/03/" \
	"111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_"        \
	"20261003T060131Z.json.gz"
#define SUM "97fb791cf91ffc440d274f8190dbdd9aa09c34432aba82739df18b6d3c13df2d"
#define HEAD                                                        \
	"{\"digestStartTime\":\"2026-10-03T05:01:31Z\","            \
	"\"digestEndTime\":\"2026-10-03T06:01:31Z\","               \
	"\"digestS3Bucket\":\"b\",\"digestS3Object\":\"" NAME "\"," \
	"\"digestPublicKeyFingerprint\":\"f\","                     \
	"\"digestSignatureAlgorithm\":\"SHA256withRSA\","
#define FIRST                                                         \
	"\"previousDigestS3Bucket\":null,\"previousDigestS3Object\":" \
	"null,\"previousDigestHashValue\":null,"                      \
	"\"previousDigestHashAlgorithm\":null,"                       \
	"\"previousDigestSignature\":null,"
#define BEFORE                                                         \
	"\"previousDigestS3Bucket\":\"c\",\"previousDigestS3Object\":" \
	"\"o\",\"previousDigestHashValue\":\"" SUM "\","               \
	"\"previousDigestHashAlgorithm\":\"SHA-256\","                 \
	"\"previousDigestSignature\":\"0aff\","
#define LOG                                                           \
	"{\"s3Bucket\":\"b\",\"s3Object\":\"x\",\"hashValue\":\"" SUM \
	"\",\"hashAlgorithm\":\"SHA-256\"}"

static const char *parse(struct digest *d, const char *text)
{
	static const struct limits limits = LIMITS_DEFAULT;

	return digest_read(d, &arena, str_of(text), &limits);
}

static void a_digest(void **state)
{
	struct strbuf text;
	struct sha256 sum;
	struct digest d;

	(void)state;
	strbuf_init(&text);
	assert_null(parse(&d, HEAD BEFORE "\"logFiles\":[" LOG "," LOG "]}"));
	assert_false(d.starting);
	assert_true(d.summed);
	assert_int_equal(d.n, 2);
	assert_str(d.entry[1].object, "x");
	sha256_print(&text, &d.entry[1].sum);
	assert_str(strbuf_str(&text), SUM);
	assert_str(d.before_object, "o");
	assert_true(d.end - d.start == 3600000);
	/* As the manual of CloudTrail has it: time, place, sum, signature
	 * before, with line ends between them and none behind. */
	assert_true(sha256_parse(STR(SUM), &sum));
	strbuf_clear(&text);
	digest_add_signed(&text, &d, &sum);
	assert_str(strbuf_str(&text),
		   "2026-10-03T06:01:31Z\nb/" NAME "\n" SUM "\n0aff");
	/* By its name alone, and not by its name. */
	assert_null(parse(&d, HEAD "\"previousDigestS3Bucket\":\"c\","
				   "\"previousDigestS3Object\":\"o\","
				   "\"logFiles\":[]}"));
	assert_false(d.starting);
	assert_false(d.summed);
	assert_null(parse(&d, HEAD "\"previousDigestS3Bucket\":\"c\","
				   "\"previousDigestHashValue\":\"" SUM "\","
				   "\"logFiles\":[]}"));
	assert_true(d.starting);
	assert_false(d.summed);
	assert_null(parse(&d, HEAD FIRST "\"logFiles\":[]}"));
	assert_true(d.starting);
	strbuf_clear(&text);
	digest_add_signed(&text, &d, &sum);
	assert_str(strbuf_str(&text),
		   "2026-10-03T06:01:31Z\nb/" NAME "\n" SUM "\nnull");
	strbuf_release(&text);
}

static void no_digests(void **state)
{
	static const char *const none[] = {
		"",
		"{",
		"[]",
		"{}",
		"1",
		HEAD FIRST "\"logFiles\":[]} {}",
		HEAD FIRST "\"logFiles\":null}",
		HEAD FIRST "\"logFiles\":[{}]}",
		HEAD FIRST "\"logFiles\":[1]}",
		HEAD FIRST "\"logFiles\":[{\"s3Object\":[],\"hashValue\":\"" SUM
			   "\",\"hashAlgorithm\":\"SHA-256\"}]}",
		HEAD FIRST "\"logFiles\":[{\"s3Object\":\"x\",\"hashValue\":"
			   "\"" SUM "\",\"hashAlgorithm\":\"MD5\"}]}",
		HEAD FIRST "\"logFiles\":[{\"s3Object\":\"x\",\"hashValue\":"
			   "\"97fb\",\"hashAlgorithm\":\"SHA-256\"}]}",
		/* Another name than CloudTrail's; time that runs backwards. */
		"{\"digestStartTime\":\"2026-10-03T05:01:31Z\","
		"\"digestEndTime\":\"2026-10-03T06:01:31Z\","
		"\"digestS3Bucket\":\"b\",\"digestS3Object\":\"../etc/x\","
		"\"digestPublicKeyFingerprint\":\"f\",\"logFiles\":[]}",
		"{\"digestStartTime\":\"2026-10-03T07:01:31Z\","
		"\"digestEndTime\":\"2026-10-03T06:01:31Z\","
		"\"digestS3Bucket\":\"b\",\"digestS3Object\":\"" NAME "\","
		"\"digestPublicKeyFingerprint\":\"f\",\"logFiles\":[]}",
	};
	struct digest d;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		if (!parse(&d, none[i]))
			fail_msg("taken for a digest: %s", none[i]);
}

static void signatures(void **state)
{
	static const char *const none[] = { "", "0", "0g", "0a ", "é" };
	struct strbuf out;

	(void)state;
	strbuf_init(&out);
	assert_true(digest_signature(STR("00fFA1"), &out));
	assert_int_equal(out.n, 3);
	assert_memory_equal(out.p, "\x00\xff\xa1", 3);
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		assert_false(digest_signature(str_of(none[i]), &out));
	strbuf_clear(&out);
	strbuf_addn(&out, '0', 10000);
	{
		struct strbuf more;

		strbuf_init(&more);
		assert_false(digest_signature(strbuf_str(&out), &more));
		strbuf_release(&more);
	}
	strbuf_release(&out);
}

/* Sums and keys ----------------------------------------------------------- */

/* FIPS 180-4's examples. */
#define OF_ABC \
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static void sums(void **state)
{
	struct sha256_sum *s = sha256_new();
	struct sha256 want, got;

	(void)state;
	if (!crypto_exists())
		skip();
	assert_true(sha256_parse(STR(OF_ABC), &want));
	sha256_add(s, STR("ab"));
	got = sha256_so_far(s);
	assert_int_not_equal(sha256_cmp(&got, &want), 0);
	sha256_add(s, STR("c"));
	got = sha256_so_far(s);
	assert_int_equal(sha256_cmp(&got, &want), 0);
	sha256_restart(s);
	sha256_add(s, STR("abc"));
	got = sha256_so_far(s);
	assert_int_equal(sha256_cmp(&got, &want), 0);
	sha256_free(s);
}

static void sums_as_text(void **state)
{
	struct sha256 want;

	(void)state;
	assert_false(sha256_parse(STR("ba78"), &want));
	assert_false(sha256_parse(STR("ga7816bf8f01cfea414140de5dae2223b00361a3"
				      "96177a9cb410ff61f20015ad"),
				  &want));
}

/* A key out of the manual of CloudTrail, as RSAPublicKey and as
 * SubjectPublicKeyInfo. */
#define KEY                                                                  \
	"MIIBCgKCAQEAqlzPJbvZJ42UdcmLfPUqXYNfOs6I8lCfao/tOs8CmzPOEdtLWugB9x" \
	"oIUz78qVHdKIqxbaG4jWHfJBiOSSFBM0lt8cdVo4TnRa7oG9io5pysS6DJhBBAeXsi" \
	"cufsiFJR+wrUNh8RSLxL4k6G1+BhLX20tJkZ/erT97tDGBujAelqseGg3vPZbTx9SM" \
	"fOLN65PdLFudLP7Gat0Z9p5jw/rjpclKfo9Bfc3heeBxWGKwBBOKnFAaN9V57pOaos" \
	"CvPKmHd9bg7jsQkI9Xp22IzGLsTFJZYVA3KiTAElDMu80iFXPHEq9hKNbt9e4URFam" \
	"+1utKVEiLkR2disdCmPTK0VQIDAQAB"
#define KEY_INFO "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" KEY
#define ONE(value, fingerprint) \
	"{\"Value\":\"" value "\",\"Fingerprint\":\"" fingerprint "\"}"

static void keys_of_files(void **state)
{
	static const char *const good[] = {
		"{\"PublicKeyList\":[" ONE(KEY, "a") "," ONE(KEY, "b") "]}",
		"{\"publicKeyList\":[" ONE(KEY_INFO, "a") "," ONE(KEY,
								  "b") "]}",
		"{\"PublicKeyList\":[" ONE(KEY, "b") "]}\n"
						     "{\"PublicKeyList\":[" ONE(
							     KEY, "a") "]}\n",
		"[" ONE(KEY, "a") "," ONE(KEY, "b") "]",
		ONE(KEY, "a") ONE(KEY, "b"),
	};
	static const char *const bad[] = {
		"",
		"{}",
		"[]",
		"{\"PublicKeyList\":[]}",
		"{\"PublicKeyList\":[" ONE("AAAA", "a") "]}",
		"{\"PublicKeyList\":[" ONE(KEY, "") "]}",
		"{\"PublicKeyList\":[" ONE(KEY, "a") "]} x",
		"111122223333",
	};
	struct verify_keys k;
	struct err err;

	(void)state;
	if (!crypto_exists())
		skip();
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		verify_keys_init(&k);
		assert_int_equal(verify_keys_parse(&k, str_of(good[i]), &err),
				 ERR_OK);
		assert_non_null(verify_keys_find(&k, STR("a"), 0));
		assert_non_null(verify_keys_find(&k, STR("b"), 0));
		assert_null(verify_keys_find(&k, STR("c"), 0));
		verify_keys_release(&k);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		verify_keys_init(&k);
		assert_int_equal(verify_keys_parse(&k, str_of(bad[i]), &err),
				 ERR_SYNTAX);
		verify_keys_release(&k);
	}
}

/* States ------------------------------------------------------------------ */

/* The worst of a chain is the one with the highest number. */
static void states_are_in_order(void **state)
{
	bool wrong = false;

	(void)state;
	for (int s = 0; s < VERIFY_STATE_COUNT; s++) {
		assert_true(!wrong ||
			    verify_state_is_wrong((enum verify_state)s));
		wrong = verify_state_is_wrong((enum verify_state)s);
		assert_true(*verify_state_help((enum verify_state)s));
	}
}

/* Gaps -------------------------------------------------------------------- */

static void add_gaps_of(const char *copy, struct files *files)
{
	const char *samples = getenv("SAMPLES");
	struct strbuf path;
	struct err err;

	files_init(files);
	strbuf_init(&path);
	strbuf_addf(&path, "%s/digests/%s", samples ? samples : "samples",
		    copy);
	assert_int_equal(walk_path(files, path.p, NULL, &err), ERR_OK);
	walk_finish(files);
	strbuf_release(&path);
}

/* Without a sum of anything: where chains begin anew, and hours that digests
 * leave out. */
static void gaps_alone(void **state)
{
	static const struct {
		const char *copy;
		size_t n;
		enum verify_state as;
	} cases[] = {
		{ "untouched", 0, VERIFY_VERIFIED },
		{ "organization", 0, VERIFY_VERIFIED },
		{ "restarted", 1, VERIFY_RESTARTED },
		{ "removed-digests", 1, VERIFY_MISSING },
		{ "changed-log", 0, VERIFY_VERIFIED },
	};
	static const struct limits limits = LIMITS_DEFAULT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct verify_result r;
		struct files files;

		add_gaps_of(cases[i].copy, &files);
		verify_gaps(&r, &files, &limits);
		assert_int_equal(r.n, cases[i].n);
		if (r.n) {
			assert_int_equal(r.item[0].state, cases[i].as);
			assert_true(r.item[0].first ==
				    at("2026-10-03T06:01:31Z"));
			assert_true(r.item[0].last ==
				    at("2026-10-03T08:01:31Z"));
			assert_str(r.chain[r.item[0].chain].region,
				   "us-east-1");
			assert_str(r.chain[r.item[0].chain].account,
				   "111122223333");
		}
		verify_result_release(&r);
		files_release(&files);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_logs),
		cmocka_unit_test(names_of_digests),
		cmocka_unit_test(a_digest),
		cmocka_unit_test(no_digests),
		cmocka_unit_test(signatures),
		cmocka_unit_test(sums),
		cmocka_unit_test(sums_as_text),
		cmocka_unit_test(keys_of_files),
		cmocka_unit_test(states_are_in_order),
		cmocka_unit_test(gaps_alone),
	};

	return run_arena_tests(tests);
}
