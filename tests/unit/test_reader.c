/* SPDX-License-Identifier: MIT */
/*
 * Every row of a store is read back as the record that was written, wherever
 * it lies; files that have changed or gone give errors.
 */
#include "ingest_help.h"

#include "ingest/reader.h"
#include "ingest/walk.h"

static const struct limits usual = LIMITS_DEFAULT;

/* The record with a number, of its own length: n bytes of filling. */
static void add_sized(struct strbuf *out, unsigned n, size_t fill)
{
	struct strbuf more;

	strbuf_init(&more);
	strbuf_adds(&more, ",\"requestParameters\":{\"fill\":\"");
	for (size_t i = 0; i < fill; i++)
		strbuf_addc(&more, (char)('a' + (n * 7 + i * i / 3) % 26));
	strbuf_adds(&more, "\"}");
	add_record(out, n, more.p);
	strbuf_release(&more);
}

static size_t fill_of(unsigned n)
{
	return n % 17 == 0 ? 40000 + n * 13 % 9000 : n * 37 % 900;
}

static void add_large(struct strbuf *out, unsigned n)
{
	strbuf_adds(out, "{\"Records\":[");
	for (unsigned i = 0; i < n; i++) {
		if (i)
			strbuf_addc(out, ',');
		add_sized(out, i, fill_of(i));
	}
	strbuf_adds(out, "]}");
}

/* The number in a row's eventID. */
static unsigned number_of(const struct store *s, row_id row)
{
	struct strbuf id;
	unsigned n;

	strbuf_init(&id);
	store_id_text(s, row, &id);
	n = (unsigned)strtoul(id.p + id.n - 12, NULL, 10);
	strbuf_release(&id);
	return n;
}

static void check_row(struct reader *reader, const struct store *s, row_id row)
{
	struct err err = ERR_INIT;
	const struct event *e;
	struct strbuf want;
	struct str raw;
	unsigned n = number_of(s, row);

	strbuf_init(&want);
	add_sized(&want, n, fill_of(n));
	check(reader_raw(reader, row, &raw, &err) == ERR_OK, "%s", err.msg);
	assert_true(str_eq(raw, strbuf_str(&want)));
	assert_int_equal(reader_event(reader, row, &e, &err), ERR_OK);
	assert_int_equal(e->time, s->time[row]);
	assert_str_eq(e->column[EVENT_NAME], store_text(s, EVENT_NAME, row));
	assert_int_equal(json_text_at(e->record, "requestParameters.fill").n,
			 fill_of(n));
	strbuf_release(&want);
}

/* All rows: in order of time, backwards, and at random. */
static void check_all(const struct store *s, unsigned n)
{
	struct reader *reader = reader_new(s, &usual);
	struct rng r = { n };

	assert_int_equal(s->n, n);
	for (row_id row = 0; row < s->n; row++)
		check_row(reader, s, row);
	for (row_id row = s->n; row-- > 0;)
		check_row(reader, s, row);
	for (unsigned i = 0; i < s->n; i++)
		check_row(reader, s, rng_below(&r, s->n));
	reader_free(reader);
}

enum { MANY = 300 };

static void plain_and_packed(void **state)
{
	struct strbuf text, file;
	struct folder f;
	struct loaded l;
	size_t cut;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	strbuf_init(&file);
	add_large(&text, MANY);
	/* Over several blocks of the cache, records across their ends. */
	assert_true(text.n > 3 * READER_BLOCK);
	put_file(&f, "plain.json", strbuf_str(&text));
	put_gzip(&f, "one.json.gz", strbuf_str(&text));
	cut = text.n / 3;
	add_member(&file, str_sub(strbuf_str(&text), 0, cut));
	add_member(&file, STR(""));
	add_member(&file, str_from(strbuf_str(&text), cut));
	put_file(&f, "members.json.gz", strbuf_str(&file));
	load_path(&l, in_folder(&f, "plain.json"), 1);
	check_all(l.store, MANY);
	load_release(&l);
	load_path(&l, in_folder(&f, "one.json.gz"), 1);
	check_all(l.store, MANY);
	load_release(&l);
	load_path(&l, in_folder(&f, "members.json.gz"), 1);
	check_all(l.store, MANY);
	load_release(&l);
	strbuf_release(&text);
	strbuf_release(&file);
	folder_remove(&f);
}

/* Many files, more than are held open, read turn by turn. */
static void many_files(void **state)
{
	enum { FILES = 30, EACH = 9 };
	struct strbuf text;
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	for (unsigned i = 0; i < FILES; i++) {
		char name[32];

		strbuf_clear(&text);
		for (unsigned k = 0; k < EACH; k++) {
			unsigned n = k * FILES + i;

			add_sized(&text, n, fill_of(n));
			strbuf_addc(&text, '\n');
		}
		snprintf(name, sizeof(name), "%u.json", i);
		if (i % 3)
			put_file(&f, name, strbuf_str(&text));
		else
			put_gzip(&f, name, strbuf_str(&text));
	}
	load_path(&l, f.path, 3);
	check_all(l.store, FILES * EACH);
	load_release(&l);
	strbuf_release(&text);
	folder_remove(&f);
}

static void from_a_pipe(void **state)
{
	struct strbuf text;
	struct folder f;
	struct loaded l;
	const char *path;
	pid_t child;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	for (int packed = 0; packed < 2; packed++) {
		struct strbuf file;

		strbuf_init(&file);
		strbuf_clear(&text);
		add_large(&text, 60);
		if (packed)
			add_member(&file, strbuf_str(&text));
		else
			strbuf_add(&file, strbuf_str(&text));
		path = in_folder(&f, packed ? "p1" : "p2");
		assert_int_equal(mkfifo(path, 0666), 0);
		child = fork();
		if (child == 0) {
			int fd = open(path, O_WRONLY);
			size_t done = 0;

			while (done < file.n) {
				ssize_t n = write(fd, file.p + done,
						  file.n - done);

				if (n <= 0)
					_exit(1);
				done += (size_t)n;
			}
			_exit(0);
		}
		load_path(&l, path, 2);
		waitpid(child, NULL, 0);
		unlink(path);
		check_all(l.store, 60);
		load_release(&l);
		strbuf_release(&file);
	}
	strbuf_release(&text);
	folder_remove(&f);
}

/* Large packed files ------------------------------------------------------ */

/* More than 64 MiB, of text that does shrink, with access points. */
static void random_access(void **state)
{
	enum { RECORDS = 1100, FILL = 64 * 1024 };
	struct strbuf text;
	struct folder f;
	struct loaded l;
	struct reader *reader;
	struct rng r = { 9 };
	struct err err = ERR_INIT;
	char *noise = malloc(FILL);
	double begun;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	strbuf_reserve(&text, (size_t)RECORDS * (FILL + 400));
	strbuf_adds(&text, "{\"Records\":[");
	for (unsigned i = 0; i < RECORDS; i++) {
		/* One letter in five is new, so that it shrinks as logs do. */
		for (size_t k = 0; k < FILL; k++)
			noise[k] =
				k % 5 ? 'x' :
					"abcdefghijklmnop"[rng_below(&r, 16)];
		strbuf_adds(&text, i ? "," : "");
		strbuf_addf(&text,
			    "{\"eventVersion\":\"1.08\",\"eventTime\":"
			    "\"2026-01-01T%02u:%02u:%02uZ\",\"eventName\":"
			    "\"N%u\",\"eventID\":\"",
			    i / 3600, i / 60 % 60, i % 60, i);
		add_id(&text, i);
		strbuf_adds(&text, "\",\"x\":\"");
		strbuf_add(&text, (struct str){ noise, FILL });
		strbuf_adds(&text, "\"}");
	}
	strbuf_adds(&text, "]}");
	assert_true(text.n > 64u << 20);
	put_gzip(&f, "large.json.gz", strbuf_str(&text));
	load_path(&l, f.path, 1);
	assert_int_equal(l.store->n, RECORDS);
	assert_int_equal(l.store->skips.n, 0);
	/* One each 16 MiB, or nearly. */
	assert_true(l.store->files->entry[0].points.n >= 3);
	reader = reader_new(l.store, &usual);
	begun = cpu_seconds();
	for (int i = 0; i < 40; i++) {
		row_id row = rng_below(&r, RECORDS);
		struct store_place place = store_place(l.store, row);
		const struct event *e;
		struct str raw;

		assert_int_equal(reader_raw(reader, row, &raw, &err), ERR_OK);
		assert_true(str_eq(raw, str_sub(strbuf_str(&text), place.offset,
						place.offset + place.length)));
		assert_int_equal(reader_event(reader, row, &e, &err), ERR_OK);
		assert_str_eq(e->column[EVENT_NAME],
			      store_text(l.store, EVENT_NAME, row));
	}
	check(cpu_seconds() - begun < 20, "%.1f s", cpu_seconds() - begun);
	reader_free(reader);
	load_release(&l);
	strbuf_release(&text);
	free(noise);
	folder_remove(&f);
}

/* Changes ----------------------------------------------------------------- */

/* How a row of a file that holds something else now is answered. */
static void check_changed(struct str before, struct str after, bool gone)
{
	struct err err = ERR_INIT;
	const struct event *e;
	struct reader *reader;
	struct folder f;
	struct loaded l;
	bool any_error = false;

	folder_make(&f);
	put_file(&f, "log.json", before);
	load_path(&l, f.path, 1);
	assert_true(l.store->n > 0);
	if (gone)
		unlink(in_folder(&f, "log.json"));
	else
		put_file(&f, "log.json", after);
	reader = reader_new(l.store, &usual);
	for (int again = 0; again < 2; again++)
		for (row_id row = 0; row < l.store->n; row++) {
			enum err_code rc = reader_event(reader, row, &e, &err);
			struct strbuf id;

			if (rc != ERR_OK) {
				any_error = true;
				assert_int_equal(rc,
						 gone ? ERR_IO : ERR_FORMAT);
				assert_non_null(strstr(err.msg, "log.json"));
				continue;
			}
			/* What is given is what was there. */
			strbuf_init(&id);
			store_id_text(l.store, row, &id);
			assert_str_eq(e->id, strbuf_str(&id));
			strbuf_release(&id);
		}
	assert_true(any_error);
	reader_free(reader);
	load_release(&l);
	folder_remove(&f);
}

static void files_that_change(void **state)
{
	struct strbuf text, other, packed;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&other);
	strbuf_init(&packed);
	add_delivery(&text, 0, 50);
	check_changed(strbuf_str(&text), STR_NULL, true);
	check_changed(strbuf_str(&text), STR(""), false);
	check_changed(strbuf_str(&text), STR("x"), false);
	check_changed(strbuf_str(&text), str_sub(strbuf_str(&text), 0, 5000),
		      false);
	/* Shifted by a byte. */
	strbuf_addc(&other, ' ');
	strbuf_add(&other, strbuf_str(&text));
	check_changed(strbuf_str(&text), strbuf_str(&other), false);
	/* Other records of the same length at the same places. */
	strbuf_clear(&other);
	add_delivery(&other, 100, 50);
	other.n = text.n;
	check_changed(strbuf_str(&text), strbuf_str(&other), false);
	/* Packed now, or no longer. */
	add_member(&packed, strbuf_str(&text));
	check_changed(strbuf_str(&text), str_sub(strbuf_str(&packed), 0, 300),
		      false);
	check_changed(strbuf_str(&packed), STR("\x1f\x8b\x08 nothing"), false);
	check_changed(strbuf_str(&packed),
		      str_sub(strbuf_str(&packed), 0, packed.n / 2), false);
	strbuf_release(&text);
	strbuf_release(&other);
	strbuf_release(&packed);
}

/* Records without an eventID are known by their bytes. */
static void nameless_records_that_change(void **state)
{
	struct err err = ERR_INIT;
	const struct event *e;
	struct reader *reader;
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	put_file(&f, "log.json",
		 STR("{\"eventName\":\"A\"}\n"
		     "{\"eventName\":\"B\"}\n"));
	load_path(&l, f.path, 1);
	assert_int_equal(l.store->n, 2);
	put_file(&f, "log.json",
		 STR("{\"eventName\":\"A\"}\n"
		     "{\"eventName\":\"C\"}\n"));
	reader = reader_new(l.store, &usual);
	for (row_id row = 0; row < 2; row++) {
		bool a = str_eq(store_text(l.store, EVENT_NAME, row), STR("A"));

		assert_int_equal(reader_event(reader, row, &e, &err),
				 a ? ERR_OK : ERR_FORMAT);
		if (a)
			assert_str(e->column[EVENT_NAME], "A");
	}
	reader_free(reader);
	load_release(&l);
	folder_remove(&f);
}

/* What was noted about bytes while loading is noted again. */
static void hostile_text(void **state)
{
	struct err err = ERR_INIT;
	const struct event *e;
	struct reader *reader;
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	put_file(&f, "log.json",
		 STR("{\"eventName\":\"a\\u0000b\",\"eventID\":\"\\ud800\","
		     "\"userAgent\":\"\xff\x1b[31m\\u202e\"}"));
	load_path(&l, f.path, 1);
	assert_int_equal(l.store->n, 1);
	reader = reader_new(l.store, &usual);
	assert_int_equal(reader_event(reader, 0, &e, &err), ERR_OK);
	assert_str(e->column[EVENT_NAME], "a\0b");
	assert_str(e->column[EVENT_AGENT], "\xff\x1b[31m\xe2\x80\xae");
	assert_int_equal(e->flags, l.store->flags[0]);
	assert_true(e->flags & EVENT_HAS_CONTROL);
	assert_true(e->flags & EVENT_HAS_BIDI);
	assert_true(e->flags & EVENT_HAS_NONASCII);
	reader_free(reader);
	load_release(&l);
	folder_remove(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_and_packed),
		cmocka_unit_test(many_files),
		cmocka_unit_test(from_a_pipe),
		cmocka_unit_test(random_access),
		cmocka_unit_test(files_that_change),
		cmocka_unit_test(nameless_records_that_change),
		cmocka_unit_test(hostile_text),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
