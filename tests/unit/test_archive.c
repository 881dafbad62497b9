/* SPDX-License-Identifier: MIT */
/*
 * Archives: what is in them is read, at every depth that is allowed, and read
 * again; what cannot be is told. They are made here byte by byte, so that the
 * expected members are known without an archiver.
 */
#include "ingest_help.h"

#include "ingest/archive.h"
#include "ingest/reader.h"

static void add_le(struct strbuf *out, uint64_t v, unsigned bytes)
{
	while (bytes--) {
		strbuf_addc(out, (char)(v & 0xff));
		v >>= 8;
	}
}

static uint32_t crc_of(struct str s)
{
	uint32_t crc = 0xffffffffu;

	for (size_t i = 0; i < s.n; i++) {
		crc ^= (unsigned char)s.p[i];
		for (unsigned k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

struct member {
	const char *name;
	struct str bytes;
};

/* A zip archive with its members as they are, not packed. */
static void add_zip(struct strbuf *out, const struct member *member, size_t n)
{
	struct strbuf central;
	size_t begin = out->n;

	strbuf_init(&central);
	for (size_t i = 0; i < n; i++) {
		size_t at = out->n - begin, length = strlen(member[i].name);

		for (unsigned c = 0; c < 2; c++) {
			struct strbuf *to = c ? &central : out;

			strbuf_add(to, c ? STR("PK\1\2") : STR("PK\3\4"));
			add_le(to, 20, c ? 4 : 2);
			add_le(to, 0, 2 + 2 + 4);
			add_le(to, crc_of(member[i].bytes), 4);
			add_le(to, member[i].bytes.n, 4);
			add_le(to, member[i].bytes.n, 4);
			add_le(to, length, 2);
			add_le(to, 0, 2);
			if (c) {
				add_le(to, 0, 2 + 2 + 2 + 4);
				add_le(to, at, 4);
			}
			strbuf_adds(to, member[i].name);
		}
		strbuf_add(out, member[i].bytes);
	}
	add_le(&central, 0, 0);
	{
		size_t at = out->n - begin;

		strbuf_add(out, strbuf_str(&central));
		strbuf_add(out, STR("PK\5\6"));
		add_le(out, 0, 4);
		add_le(out, n, 2);
		add_le(out, n, 2);
		add_le(out, central.n, 4);
		add_le(out, at, 4);
		add_le(out, 0, 2);
	}
	strbuf_release(&central);
}

static void add_tar(struct strbuf *out, const struct member *member, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char head[512] = { 0 };
		unsigned sum = 0;

		snprintf(head, 100, "%s", member[i].name);
		memcpy(head + 100, "0000644", 8);
		memcpy(head + 108, "0000000", 8);
		memcpy(head + 116, "0000000", 8);
		snprintf(head + 124, 12, "%011zo", member[i].bytes.n);
		memcpy(head + 136, "00000000000", 12);
		memcpy(head + 148, "        ", 8);
		head[156] = '0';
		memcpy(head + 257, "ustar\00000", 8);
		for (size_t k = 0; k < sizeof(head); k++)
			sum += (unsigned char)head[k];
		snprintf(head + 148, 8, "%06o", sum);
		strbuf_add(out, (struct str){ head, sizeof(head) });
		strbuf_add(out, member[i].bytes);
		strbuf_addn(out, '\0', (512 - member[i].bytes.n % 512) % 512);
	}
	strbuf_addn(out, '\0', 1024);
}

#ifdef HAVE_LIBARCHIVE

struct made {
	struct folder folder;
	struct strbuf plain, packed, archive;
};

static void made_init(struct made *m)
{
	folder_make(&m->folder);
	strbuf_init(&m->plain);
	strbuf_init(&m->packed);
	strbuf_init(&m->archive);
	add_delivery(&m->plain, 0, 3);
	{
		struct strbuf other;

		strbuf_init(&other);
		add_delivery(&other, 3, 2);
		add_member(&m->packed, strbuf_str(&other));
		strbuf_release(&other);
	}
}

static void made_release(struct made *m)
{
	strbuf_release(&m->plain);
	strbuf_release(&m->packed);
	strbuf_release(&m->archive);
	folder_remove(&m->folder);
}

/* Five events, three in one member and two in another, each read again. */
static void check_loaded(const struct made *m, const char *expected)
{
	static const struct limits usual = LIMITS_DEFAULT;
	struct strbuf paths;
	struct loaded l;
	struct reader *r;

	load_path(&l, m->folder.path, 2);
	assert_int_equal(l.store->n, 5);
	strbuf_init(&paths);
	for (uint32_t i = 0; i < l.store->files->n; i++)
		strbuf_addf(&paths, "%s%s", i ? " " : "",
			    l.store->files->entry[i].path +
				    strlen(m->folder.path) + 1);
	check(str_eq(strbuf_str(&paths), str_of(expected)), "%.*s, not %s",
	      STR_ARG(strbuf_str(&paths)), expected);
	r = reader_new(l.store, &usual);
	for (row_id row = 0; row < l.store->n; row++) {
		const struct event *e;
		struct err err = ERR_INIT;

		check(reader_event(r, row, &e, &err) == ERR_OK, "%s", err.msg);
	}
	reader_free(r);
	strbuf_release(&paths);
	load_release(&l);
}

static void zips(void **state)
{
	struct made m;

	(void)state;
	made_init(&m);
	add_zip(&m.archive,
		(struct member[]){ { "a/x.json", strbuf_str(&m.plain) },
				   { "a/y.json.gz", strbuf_str(&m.packed) },
				   { "a/.hidden", STR("x") },
				   { "__MACOSX/a/._x.json", STR("x") } },
		4);
	put_file(&m.folder, "logs.zip", strbuf_str(&m.archive));
	check_loaded(&m, "logs.zip/__MACOSX/a/._x.json logs.zip/a/.hidden "
			 "logs.zip/a/x.json logs.zip/a/y.json.gz");
	made_release(&m);
}

static void tars(void **state)
{
	struct made m;

	(void)state;
	made_init(&m);
	add_tar(&m.archive,
		(struct member[]){
			{ "../../x.json", strbuf_str(&m.plain) },
			{ "/etc/y.json.gz", strbuf_str(&m.packed) } },
		2);
	put_file(&m.folder, "no-name-at-all", strbuf_str(&m.archive));
	check_loaded(&m, "no-name-at-all/../../x.json "
			 "no-name-at-all//etc/y.json.gz");
	made_release(&m);
}

/* As tar writes it with z; gzip of anything else stays a file. */
static void packed_tars(void **state)
{
	char *bytes;
	struct made m;
	size_t n;

	(void)state;
	made_init(&m);
	add_tar(&m.archive,
		(struct member[]){ { "x.json", strbuf_str(&m.plain) },
				   { "y.json.gz", strbuf_str(&m.packed) } },
		2);
	gz_compress(strbuf_str(&m.archive), &bytes, &n);
	put_file(&m.folder, "logs.tar.gz", (struct str){ bytes, n });
	check_loaded(&m, "logs.tar.gz/x.json logs.tar.gz/y.json.gz");
	free(bytes);
	unlink(in_folder(&m.folder, "logs.tar.gz"));
	put_file(&m.folder, "x.log", strbuf_str(&m.plain));
	put_file(&m.folder, "y.log.gz", strbuf_str(&m.packed));
	check_loaded(&m, "x.log y.log.gz");
	made_release(&m);
}

/* A tar archive in a zip archive in a tar archive; one deeper stays shut. */
static void nested(void **state)
{
	struct strbuf tar, zip, outer;
	struct loaded l;
	struct made m;

	(void)state;
	made_init(&m);
	strbuf_init(&tar);
	strbuf_init(&zip);
	strbuf_init(&outer);
	add_tar(&tar,
		(struct member[]){ { "x.json", strbuf_str(&m.plain) },
				   { "y.json.gz", strbuf_str(&m.packed) } },
		2);
	add_zip(&zip, (struct member[]){ { "t", strbuf_str(&tar) } }, 1);
	add_tar(&m.archive, (struct member[]){ { "z", strbuf_str(&zip) } }, 1);
	put_file(&m.folder, "o", strbuf_str(&m.archive));
	check_loaded(&m, "o/z/t/x.json o/z/t/y.json.gz");
	add_tar(&outer, (struct member[]){ { "o", strbuf_str(&m.archive) } },
		1);
	put_file(&m.folder, "o", strbuf_str(&outer));
	load_path(&l, m.folder.path, 1);
	assert_int_equal(l.store->n, 0);
	assert_true(has_skip(l.store,
			     "a tar archive under the name of something else"));
	load_release(&l);
	strbuf_release(&tar);
	strbuf_release(&zip);
	strbuf_release(&outer);
	made_release(&m);
}

/* Cut anywhere, nothing fails, and what came before the cut is there. */
static void cut(void **state)
{
	struct made m;
	size_t whole;

	(void)state;
	made_init(&m);
	add_tar(&m.archive,
		(struct member[]){ { "x.json", strbuf_str(&m.plain) },
				   { "y.json.gz", strbuf_str(&m.packed) } },
		2);
	whole = 512 + (m.plain.n + 511) / 512 * 512;
	for (size_t n = 300; n < m.archive.n; n += 97) {
		struct loaded l;

		put_file(&m.folder, "t", str_sub(strbuf_str(&m.archive), 0, n));
		load_path(&l, m.folder.path, 1);
		check(l.store->n >= (n >= whole ? 3 : 0), "%zu bytes: %u", n,
		      l.store->n);
		if (n < whole)
			assert_true(skips_lost(&l.store->skips) > 0);
		load_release(&l);
	}
	made_release(&m);
}

/* What is no archive inside is not unpacked for ever. */
static void bomb(void **state)
{
	static const struct limits small = { .max_record = 1 << 20,
					     .max_depth = 128,
					     .max_file = 4096,
					     .max_ratio = 200 };
	struct ingest_options options;
	struct loaded l;
	struct made m;
	const char *path;

	(void)state;
	made_init(&m);
	strbuf_addn(&m.plain, ' ', 1 << 20);
	add_tar(&m.archive,
		(struct member[]){ { "x.json", strbuf_str(&m.plain) },
				   { "y.json.gz", strbuf_str(&m.packed) } },
		2);
	put_file(&m.folder, "t", strbuf_str(&m.archive));
	path = m.folder.path;
	options = load_options(&path, 1, 1);
	options.limits = small;
	load_with(&l, &options, NULL, NULL);
	assert_true(has_skip(l.store, "the archive is longer than the limit "
				      "for one file"));
	load_release(&l);
	made_release(&m);
}

#else

static void without(void **state)
{
	struct strbuf zip;
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	strbuf_init(&zip);
	add_zip(&zip, (struct member[]){ { "x", STR("{}") } }, 1);
	put_file(&f, "z", strbuf_str(&zip));
	strbuf_clear(&zip);
	add_tar(&zip, (struct member[]){ { "x", STR("{}") } }, 1);
	put_file(&f, "t", strbuf_str(&zip));
	load_path(&l, f.path, 1);
	assert_true(has_skip(l.store, "an archive, and this program was built "
				      "without libarchive"));
	load_release(&l);
	strbuf_release(&zip);
	folder_remove(&f);
}

#endif

/* Evidence that is not read is no foreign file: it is told as lost. */
static void closed(void **state)
{
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	put_file(&f, "part-0.gz.parquet", STR("PAR1\x15\x04\x15\x10PAR1"));
	put_file(&f, "named.json.gz", STR("PK\3\4 and so on"));
	put_file(&f, "notes", STR("nothing of interest"));
	load_path(&l, f.path, 1);
	assert_true(has_skip(l.store, "Parquet: convert it to JSON lines "
				      "first, as trawl(1) says under FORMS"));
	assert_true(has_skip(l.store,
			     "a zip archive under the name of something else"));
	assert_int_equal(skips_lost(&l.store->skips), 2);
	assert_int_equal(l.store->counts.files_skipped, 3);
	load_release(&l);
	folder_remove(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#ifdef HAVE_LIBARCHIVE
		cmocka_unit_test(zips),   cmocka_unit_test(tars),
		cmocka_unit_test(nested), cmocka_unit_test(cut),
		cmocka_unit_test(bomb),   cmocka_unit_test(packed_tars),
#else
		cmocka_unit_test(without),
#endif
		cmocka_unit_test(closed),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
