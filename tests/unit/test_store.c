/* SPDX-License-Identifier: MIT */
/*
 * What a store answers; test_builder.c compares whole stores with a model.
 */
#include "helpers.h"

#include "base/hash.h"
#include "base/timefmt.h"
#include "store/builder.h"

/* A load with one worker and one batch. */
struct load {
	struct files files;
	struct string_tables tables;
	struct batch batch;
	struct store_builder *builder;
	struct store *store;
	row_id *row_of;
};

static void load_start(struct load *l)
{
	*l = (struct load){ .builder = NULL };
	files_init(&l->files);
	string_tables_init(&l->tables);
	batch_init(&l->batch, 0);
}

/* An event of an account at a time; without an id it is known by its raw. */
static void load_add(struct load *l, const char *id, const char *account,
		     int64_t time, file_id file, uint32_t record)
{
	struct str raw = STR("{\"awsRegion\":\"us-east-1\"}");
	struct event e = { .id = str_of(id), .time = time };

	e.column[EVENT_ACCOUNT] = str_of(account);
	e.column[EVENT_NAME] = STR("GetCallerIdentity");
	if (!e.id.n)
		e.flags |= EVENT_NO_ID;
	batch_add(&l->batch, &l->tables, &e,
		  (struct record_place){ file, record, 10, (uint32_t)raw.n },
		  raw);
}

static const struct store *load_end(struct load *l)
{
	batch_seal(&l->batch, &l->tables);
	l->builder = builder_new(&l->files, 1);
	builder_append(l->builder, &l->batch, &l->tables);
	l->store = builder_publish(l->builder, PUBLISH_LAST, &l->row_of);
	return l->store;
}

static void load_release(struct load *l)
{
	store_release(l->store);
	builder_free(l->builder);
	batch_release(&l->batch);
	string_tables_release(&l->tables);
	files_release(&l->files);
	free(l->row_of);
}

static row_id find(const struct store *s, const char *id)
{
	return store_find_id(s, str_of(id), ROW_NONE);
}

/* Ids --------------------------------------------------------------------- */

#define UUID "5e2d8a14-0000-4000-8000-000000000001"

static void ids_of_every_form(void **state)
{
	struct load l;
	const struct store *s;
	struct strbuf id;

	(void)state;
	load_start(&l);
	files_add(&l.files, "a.json", 1);
	load_add(&l, UUID, "111122223333", 1000, 0, 1);
	load_add(&l, UUID, "999988887777", 2000, 0, 2);
	load_add(&l, "5E2D8A14-0000-4000-8000-000000000001", "1", 3000, 0, 3);
	load_add(&l, "h:0123456789abcdef0123456789abcdef", "1", 4000, 0, 4);
	load_add(&l, "", "1", 5000, 0, 5);
	load_add(&l, "", "1", 6000, 0, 6);
	load_add(&l, "an id\x1b[31m", "1", 7000, 0, 7);
	s = load_end(&l);
	assert_int_equal(s->n, 7);

	/* One event that two accounts received. */
	assert_int_equal(find(s, UUID), 0);
	assert_int_equal(store_find_id(s, STR(UUID), 0), 1);
	assert_int_equal(store_find_id(s, STR(UUID), 1), ROW_NONE);
	/* Another text is another id. */
	assert_int_equal(find(s, "5E2D8A14-0000-4000-8000-000000000001"), 2);
	assert_int_equal(find(s, "h:0123456789abcdef0123456789abcdef"), 3);
	assert_int_equal(find(s, "an id\x1b[31m"), 6);
	/* Without an id the content names it, here two records. */
	strbuf_init(&id);
	store_id_text(s, 4, &id);
	assert_int_equal(id.n, 34);
	assert_true(str_starts(strbuf_str(&id), STR("h:")));
	assert_int_equal(find(s, id.p), 4);
	assert_int_equal(store_find_id(s, strbuf_str(&id), 4), 5);
	assert_int_equal(store_find_id(s, strbuf_str(&id), 5), ROW_NONE);
	strbuf_release(&id);

	assert_int_equal(find(s, ""), ROW_NONE);
	assert_int_equal(find(s, "an id"), ROW_NONE);
	assert_int_equal(find(s, "5e2d8a14-0000-4000-8000-000000000002"),
			 ROW_NONE);
	assert_int_equal(find(s, "h:00000000000000000000000000000000"),
			 ROW_NONE);
	load_release(&l);
}

/* The hash has no secret: an eventID can be made that looks like it. */
static void an_id_like_a_hash(void **state)
{
	struct hash128 h = hash_content(STR("{\"awsRegion\":\"us-east-1\"}"));
	struct load l;
	const struct store *s;
	char uuid[40], hash[40];

	(void)state;
	snprintf(uuid, sizeof(uuid), "%08x-%04x-%04x-%04x-%012llx",
		 (unsigned)(h.hi >> 32), (unsigned)(h.hi >> 16 & 0xffff),
		 (unsigned)(h.hi & 0xffff), (unsigned)(h.lo >> 48),
		 (unsigned long long)(h.lo & 0xffffffffffff));
	snprintf(hash, sizeof(hash), "h:%016llx%016llx",
		 (unsigned long long)h.hi, (unsigned long long)h.lo);
	load_start(&l);
	files_add(&l.files, "a/x.json", 1);
	files_add(&l.files, "b/x.json", 1);
	load_add(&l, "", "1", 1000, 0, 1);
	load_add(&l, uuid, "1", 1001, 1, 1);
	s = load_end(&l);
	assert_int_equal(s->n, 2);
	assert_int_equal(find(s, hash), 0);
	assert_int_equal(find(s, uuid), 1);
	assert_int_equal(store_find_id(s, str_of(hash), 0), ROW_NONE);
	assert_int_equal(store_find_id(s, str_of(uuid), 1), ROW_NONE);
	load_release(&l);
}

static void packing_ids(void **state)
{
	static const char *const bad[] = {
		"",
		"5e2d8a14",
		"5e2d8a14-0000-4000-8000-00000000000",
		"5e2d8a14-0000-4000-8000-0000000000011",
		"5e2d8a14_0000-4000-8000-000000000001",
		"5e2d8a140000-4000-8000-0000000000011",
		"5e2d8a14-0000-4000-8000-00000000000g",
		"5E2d8a14-0000-4000-8000-000000000001",
		"ffffffff-ffff-ffff-0000-000000000000",
	};
	struct event_id id = { 0, 0 };

	(void)state;
	assert_true(event_id_pack(STR("01234567-89ab-cdef-fedc-ba9876543210"),
				  &id));
	assert_true(id.hi == 0x0123456789abcdefu);
	assert_true(id.lo == 0xfedcba9876543210u);
	assert_true(event_id_pack(STR("ffffffff-ffff-fffe-0000-000000000000"),
				  &id));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct str s = exact_copy(str_of(bad[i]));

		check(!event_id_pack(s, &id), "%s", bad[i]);
		exact_free(s);
	}
}

/* Any byte at any place of an id: it is one digit's worth, or it is refused. */
static void packing_any_byte(void **state)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t half[2] = { 0, 0 };
	struct event_id id;
	char text[37] = "00000000-0000-0000-0000-000000000000";
	unsigned digit = 0;

	(void)state;
	for (size_t at = 0; at < 36; at++) {
		bool dash = text[at] == '-';
		char was = text[at];

		for (unsigned c = 0; c < 256; c++) {
			const char *d = c ? strchr(digits, (char)c) : NULL;
			bool fine = dash ? c == '-' : d != NULL;

			text[at] = (char)c;
			check(event_id_pack((struct str){ text, 36 }, &id) ==
				      fine,
			      "byte %u at %zu", c, at);
			if (!fine || dash)
				continue;
			half[digit / 16] = (uint64_t)(d - digits)
					   << (60 - digit % 16 * 4);
			assert_true(id.hi == half[0] && id.lo == half[1]);
			half[digit / 16] = 0;
		}
		text[at] = was;
		digit += !dash;
	}
}

/* Times, places ----------------------------------------------------------- */

static void spans_and_times(void **state)
{
	struct load l;
	const struct store *s;
	int64_t first = 0, last = 0;

	(void)state;
	load_start(&l);
	files_add(&l.files, "b.json", 1);
	load_add(&l, "x1", "1", TIME_NONE, 0, 1);
	load_add(&l, "x2", "1", -1000, 0, 2);
	load_add(&l, "x3", "1", 5000, 0, 3);
	load_add(&l, "x4", "1", 5000, 0, 4);
	s = load_end(&l);
	assert_int_equal(s->n, 4);
	assert_int_equal(s->timed, 3);
	assert_true(store_span(s, &first, &last));
	assert_true(first == -1000 && last == 5000);
	assert_int_equal(store_seek_time(s, -1001), 0);
	assert_int_equal(store_seek_time(s, -999), 1);
	assert_int_equal(store_seek_time(s, 5000), 1);
	assert_int_equal(store_seek_time(s, 5001), 3);
	assert_int_equal(store_seek_time(s, TIME_NONE), 3);
	assert_string_equal(store_path(s, 3), "b.json");
	assert_int_equal(store_place(s, 0).record, 2);
	assert_int_equal(store_outcome(s, 0), OUTCOME_OK);
	load_release(&l);

	load_start(&l);
	files_add(&l.files, "b.json", 1);
	load_add(&l, "x1", "1", TIME_NONE, 0, 1);
	s = load_end(&l);
	assert_false(store_span(s, &first, &last));
	assert_int_equal(s->timed, 0);
	load_release(&l);
}

static void values(void **state)
{
	struct load l;
	const struct store *s;
	uint32_t v;

	(void)state;
	load_start(&l);
	files_add(&l.files, "b.json", 1);
	load_add(&l, "x1", "111122223333", 1, 0, 1);
	load_add(&l, "x2", "", 2, 0, 2);
	s = load_end(&l);
	v = store_find_value(s, EVENT_ACCOUNT, STR("111122223333"));
	assert_int_not_equal(v, 0);
	assert_str(store_value(s, EVENT_ACCOUNT, v), "111122223333");
	assert_int_equal(store_value_at(s, EVENT_ACCOUNT, 0), v);
	assert_int_equal(store_find_value(s, EVENT_ACCOUNT, STR("1111")), 0);
	assert_int_equal(store_find_value(s, EVENT_ACCOUNT, STR("")), 0);
	assert_str(store_text(s, EVENT_ACCOUNT, 1), "");
	assert_true(store_is_indexed(s, EVENT_NAME));
	assert_true(store_is_indexed(s, EVENT_IP));
	assert_false(store_is_indexed(s, EVENT_AGENT));
	assert_true(store_memory(s) > 2 * 100);
	load_release(&l);
}

/* Copies ------------------------------------------------------------------ */

static void many_copies(void **state)
{
	struct load l;
	const struct store *s;

	(void)state;
	load_start(&l);
	files_add(&l.files, "a.json", 1);
	for (uint32_t i = 0; i < 1000; i++)
		load_add(&l, UUID, i % 2 ? "" : "111122223333", 1, 0, i + 1);
	s = load_end(&l);
	assert_int_equal(s->n, 1);
	assert_int_equal(s->copies[0], 255);
	assert_true(s->counts.duplicates == 999);
	assert_str(store_text(s, EVENT_ACCOUNT, 0), "111122223333");
	load_release(&l);
}

/* Heartbeats: one record without an id begins many files, and each file was
 * copied. */
static void equal_records_in_many_files(void **state)
{
	enum { N = 600 };
	struct load l;
	const struct store *s;

	(void)state;
	load_start(&l);
	for (int copy = 0; copy < 2; copy++)
		for (uint32_t i = 0; i < N; i++) {
			char path[40];

			snprintf(path, sizeof(path), "%s/%u.json",
				 copy ? "usb" : "disk", i);
			load_add(&l, "", "1", 1000,
				 files_add(&l.files, path, 1), 1);
		}
	s = load_end(&l);
	assert_int_equal(s->n, N);
	for (row_id r = 0; r < s->n; r++)
		assert_int_equal(s->copies[r], 2);
	load_release(&l);
}

/* One record, again and again in one file, and the file was copied: only the
 * place tells the copies from the repetitions. */
static void equal_records_in_one_file(void **state)
{
	enum { N = 2000 };
	struct load l;
	const struct store *s;

	(void)state;
	load_start(&l);
	files_add(&l.files, "disk/x.json", 1);
	files_add(&l.files, "usb/x.json", 1);
	for (uint32_t i = 0; i < 2 * N; i++)
		load_add(&l, "", "1", 1000, i % 2, i / 2 + 1);
	s = load_end(&l);
	assert_int_equal(s->n, N);
	for (row_id r = 0; r < s->n; r++)
		assert_int_equal(s->copies[r], 2);
	load_release(&l);
}

/* Hostile files ----------------------------------------------------------- */

/* Undoes a shift by xor. */
static uint64_t unshift(uint64_t v, unsigned by)
{
	uint64_t x = v;

	for (unsigned done = by; done < 64; done += by)
		x = v ^ x >> by;
	return x;
}

static uint64_t inverse(uint64_t odd)
{
	uint64_t x = odd;

	for (int i = 0; i < 6; i++)
		x *= 2 - odd * x;
	return x;
}

/* The number whose hash_u64 is v: no key, so anybody can compute it. */
static uint64_t unhash(uint64_t v)
{
	v = unshift(v, 33) * inverse(0xc4ceb9fe1a85ec53u);
	v = unshift(v, 33) * inverse(0xff51afd7ed558ccdu);
	return unshift(v, 33);
}

static void ids_made_to_collide(void **state)
{
	enum { N = 60000 };
	double start = cpu_seconds();
	struct load l;
	const struct store *s;

	(void)state;
	assert_true(hash_u64(unhash(12345)) == 12345);
	load_start(&l);
	files_add(&l.files, "a.json", 1);
	for (uint64_t i = 0; i < N; i++) {
		/* Distinct pairs whose combined hash has low zeros. */
		uint64_t lo = i, hi = unhash(i << 32) ^ hash_u64(lo);
		char id[40];

		snprintf(id, sizeof(id), "%08x-%04x-%04x-%04x-%012llx",
			 (unsigned)(hi >> 32), (unsigned)(hi >> 16 & 0xffff),
			 (unsigned)(hi & 0xffff), (unsigned)(lo >> 48),
			 (unsigned long long)(lo & 0xffffffffffff));
		load_add(&l, id, "1", 1, 0, (uint32_t)i + 1);
	}
	s = load_end(&l);
	assert_int_equal(s->n, N);
	assert_true(s->counts.duplicates == 0);
	load_release(&l);
	/* A chain through all of them takes minutes. */
	assert_true(cpu_seconds() - start < 3);
}

/* One eventID claimed by ever more accounts. */
static void an_id_of_many_accounts(void **state)
{
	enum { N = 20000 };
	double start = cpu_seconds();
	struct load l;
	const struct store *s;

	(void)state;
	load_start(&l);
	files_add(&l.files, "a.json", 1);
	for (uint32_t i = 0; i < N; i++) {
		char account[16];

		snprintf(account, sizeof(account), "%012u", i + 1);
		load_add(&l, UUID, account, 1, 0, i + 1);
	}
	s = load_end(&l);
	/* None is lost: they might be as many events. */
	assert_int_equal(s->n, N);
	assert_int_equal(find(s, UUID), 0);
	load_release(&l);
	assert_true(cpu_seconds() - start < 3);
}

/* Life -------------------------------------------------------------------- */

static void it_outlives_its_builder(void **state)
{
	struct load l;
	struct store *s;

	(void)state;
	load_start(&l);
	files_add(&l.files, "a.json", 1);
	load_add(&l, UUID, "1", 1, 0, 1);
	load_end(&l);
	s = l.store;
	builder_free(l.builder);
	l.builder = NULL;
	assert_int_equal(find(s, UUID), 0);
	assert_str(store_text(s, EVENT_ACCOUNT, 0), "1");
	assert_string_equal(store_path(s, 0), "a.json");
	load_release(&l);
	store_release(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_of_every_form),
		cmocka_unit_test(an_id_like_a_hash),
		cmocka_unit_test(packing_ids),
		cmocka_unit_test(packing_any_byte),
		cmocka_unit_test(spans_and_times),
		cmocka_unit_test(values),
		cmocka_unit_test(many_copies),
		cmocka_unit_test(equal_records_in_many_files),
		cmocka_unit_test(equal_records_in_one_file),
		cmocka_unit_test(ids_made_to_collide),
		cmocka_unit_test(an_id_of_many_accounts),
		cmocka_unit_test(it_outlives_its_builder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
