/* SPDX-License-Identifier: MIT */
/*
 * Whole loads: what comes of a set of files of every kind does not depend on
 * the number of threads or on the order of the paths; visitors see each row
 * once; a load that is cut short leaves nothing behind.
 */
#include "ingest_help.h"

#include <stdatomic.h>

#include "ingest/ingest.h"

/* A set of files ---------------------------------------------------------- */

enum { SETS = 24, PER_SET = 40 };

/* What the set holds, as it is made. */
struct truth {
	unsigned copies[SETS * PER_SET]; /* by number in the eventID */
	unsigned nameless;               /* records without an eventID */
	uint64_t records, rejected, files, foreign, unreadable;
};

static void expect(struct truth *t, unsigned first, unsigned n)
{
	for (unsigned i = first; i < first + n; i++)
		t->copies[i]++;
	t->records += n;
}

static void cut(struct strbuf *text, size_t n)
{
	strbuf_truncate(text, text->n - n);
}

/* Delivery `i`, in one of the ways in which deliveries come. */
static void make_set(const struct folder *f, struct truth *t, unsigned i)
{
	unsigned first = i * PER_SET;
	struct strbuf text, packed;
	char name[64];

	strbuf_init(&text);
	strbuf_init(&packed);
	snprintf(name, sizeof(name), "%u/%u.json%s", i % 3, i,
		 i % 8 < 3 ? ".gz" : "");
	expect(t, first, PER_SET);
	t->files++;
	switch (i % 8) {
	case 0:
		add_delivery(&text, first, PER_SET);
		put_gzip(f, name, strbuf_str(&text));
		break;
	case 1: /* over two members, the cut in the middle of a record */
		add_delivery(&text, first, PER_SET);
		add_member(&packed, str_sub(strbuf_str(&text), 0, 2000));
		add_member(&packed, str_from(strbuf_str(&text), 2000));
		put_file(f, name, strbuf_str(&packed));
		break;
	case 2: /* the last record is lost with the end */
		add_delivery(&text, first, PER_SET);
		cut(&text, 20);
		t->copies[first + PER_SET - 1]--;
		t->rejected++;
		put_gzip(f, name, strbuf_str(&text));
		break;
	case 3:
		add_delivery(&text, first, PER_SET);
		put_file(f, name, strbuf_str(&text));
		break;
	case 4: /* lines, some of them bad or of another kind */
		for (unsigned k = 0; k < PER_SET; k++) {
			add_record(&text, first + k, "");
			strbuf_adds(&text, k % 2 ? "\r\n" : "\n\n");
			if (k % 16 == 3)
				strbuf_adds(&text, "{\"eventName\":\"x\n");
			if (k % 16 == 5)
				strbuf_adds(&text, "{\"level\":\"info\"}\n");
		}
		/* k is 3, 19 and 35; 5, 21 and 37 */
		t->records += 6;
		t->rejected += 6;
		put_file(f, name, strbuf_str(&text));
		break;
	case 5:
		strbuf_adds(&text, "\xef\xbb\xbf[");
		for (unsigned k = 0; k < PER_SET; k++) {
			strbuf_adds(&text, k ? ",\n  " : "\n  ");
			add_record(&text, first + k, "");
		}
		strbuf_adds(&text, "]");
		put_file(f, name, strbuf_str(&text));
		break;
	case 6: /* broken in the middle, and without eventIDs */
		strbuf_adds(&text, "{\"Records\":[{},{\"awsRegion\":\"r\"},");
		for (unsigned k = 0; k < PER_SET; k++) {
			add_record(&text, first + k, "");
			strbuf_adds(&text, k == 20 ? ",{\"eventName\":no}," :
					   k + 1 < PER_SET ? "," :
							     "]}");
		}
		t->nameless += 2;
		t->records += 3;
		t->rejected++;
		put_file(f, name, strbuf_str(&text));
		break;
	default: /* delivered twice, the other time in another file */
		add_delivery(&text, first, PER_SET);
		put_file(f, name, strbuf_str(&text));
		snprintf(name, sizeof(name), "2/again-%u.json", i);
		put_file(f, name, strbuf_str(&text));
		expect(t, first, PER_SET);
		t->files++;
	}
	strbuf_release(&text);
	strbuf_release(&packed);
}

static void make_all(const struct folder *f, struct truth *t)
{
	memset(t, 0, sizeof(*t));
	make_folder(f, "0");
	make_folder(f, "1");
	make_folder(f, "2");
	for (unsigned i = 0; i < SETS; i++)
		make_set(f, t, i);
	put_file(f, "0/README", STR("about these files\n"));
	t->foreign++;
	put_file(f, "0/empty.json", STR(""));
	put_file(f, "1/none.json", STR("{\"Records\":[]}"));
	t->files += 2;
}

static void check_truth(const struct store *s, const struct truth *t)
{
	uint64_t copies = 0, kept = t->nameless;

	for (unsigned i = 0; i < SETS * PER_SET; i++) {
		row_id row = row_numbered(s, i);

		check((row != ROW_NONE) == (t->copies[i] > 0), "record %u", i);
		if (row == ROW_NONE)
			continue;
		check(s->copies[row] == t->copies[i], "record %u: %u copies", i,
		      s->copies[row]);
		copies += t->copies[i];
		kept++;
	}
	assert_int_equal(s->n, kept);
	assert_int_equal(s->counts.records, t->records);
	assert_int_equal(s->counts.rejected, t->rejected);
	assert_int_equal(s->counts.duplicates, copies + t->nameless - kept);
	assert_int_equal(s->counts.files_read, t->files);
	assert_int_equal(s->counts.files_skipped, t->foreign + t->unreadable);
	assert_int_equal(s->counts.files_total,
			 t->files + t->foreign + t->unreadable);
	assert_true(s->complete);
	assert_false(s->partial);
}

static void dump_skips(struct strbuf *out, const struct store *s)
{
	for (size_t i = 0; i < s->skips.n; i++) {
		const struct skip *k = &s->skips.skip[i];

		strbuf_addf(out, "skip %s#%" PRIu64 "@%" PRIu64 " %s%s\n",
			    s->files->entry[k->file].path, k->record, k->offset,
			    k->reason, k->foreign ? " foreign" : "");
	}
}

static void dump_files(struct strbuf *out, const struct store *s)
{
	for (uint32_t i = 0; i < s->files->n; i++) {
		const struct file_entry *e = &s->files->entry[i];

		strbuf_addf(out,
			    "file %s %s gzip%d members%u %" PRIu64 " %" PRIu64
			    " %" PRIu64 "\n",
			    e->path, file_format_name(e->format), e->gzip,
			    e->members, e->records, e->rejected,
			    e->content_bytes);
	}
}

static void load_as_text(struct strbuf *out, const char *const *path, size_t n,
			 unsigned threads, const struct truth *t)
{
	struct ingest_options options = load_options(path, n, threads);
	struct loaded l;

	strbuf_clear(out);
	load_with(&l, &options, NULL, NULL);
	assert_true(l.whole);
	assert_int_equal(ingest_threads(l.ingest), threads);
	if (t)
		check_truth(l.store, t);
	store_dump(out, l.store);
	dump_skips(out, l.store);
	dump_files(out, l.store);
	load_release(&l);
}

static void same_for_all_threads_and_orders(void **state)
{
	static const unsigned threads[] = { 1, 2, 3, 8 };
	struct strbuf first, text;
	const char *path[3];
	struct truth truth;
	struct folder f;
	struct rng r = { 1 };

	(void)state;
	folder_make(&f);
	strbuf_init(&first);
	strbuf_init(&text);
	make_all(&f, &truth);
	for (int i = 0; i < 3; i++)
		path[i] = strdup(in_folder(&f, i == 0 ? "0" :
					       i == 1 ? "1" :
							"2"));
	load_as_text(&first, path, 3, 1, &truth);
	for (int run = 0; run < 12; run++) {
		uint32_t order[3] = { 0, 1, 2 };
		const char *shuffled[3];

		rng_shuffle(&r, order, 3);
		for (int i = 0; i < 3; i++)
			shuffled[i] = path[order[i]];
		load_as_text(&text, shuffled, 3, threads[run % 4], &truth);
		assert_str_eq(strbuf_str(&text), strbuf_str(&first));
	}
	for (int i = 0; i < 3; i++)
		free((void *)(uintptr_t)path[i]);
	strbuf_release(&first);
	strbuf_release(&text);
	folder_remove(&f);
}

/* Visitors ---------------------------------------------------------------- */

/* A visitor that keeps the eventIDs that it sees, by number of arrival. */
struct witness {
	char (*seen)[48]; /* by arrival */
	size_t cap;
	uint32_t n;
	atomic_int workers, parts; /* that are not freed */
	atomic_uint dropped;
};

struct witness_part {
	struct witness *of;
	char (*id)[48];
	uint32_t n;
	size_t cap;
};

struct witness_worker {
	struct witness *of;
	struct witness_part *part;
};

static void *witness_new(void *context)
{
	struct witness *w = context;
	struct witness_worker *worker = mem_zero(1, sizeof(*worker));

	worker->of = w;
	atomic_fetch_add(&w->workers, 1);
	return worker;
}

static void part_free(struct witness_part *p)
{
	atomic_fetch_sub(&p->of->parts, 1);
	free(p->id);
	free(p);
}

static void witness_free(void *worker)
{
	struct witness_worker *w = worker;

	atomic_fetch_sub(&w->of->workers, 1);
	if (w->part)
		part_free(w->part);
	free(w);
}

static void witness_see(void *worker, const struct event *e, uint32_t row)
{
	struct witness_worker *w = worker;
	struct witness_part *p;

	if (!w->part) {
		w->part = mem_zero(1, sizeof(*w->part));
		w->part->of = w->of;
		atomic_fetch_add(&w->of->parts, 1);
	}
	p = w->part;
	/* Rows of a batch come one after the other. */
	assert_int_equal(row, p->n);
	p->id = mem_grow(p->id, &p->cap, p->n + 1, sizeof(*p->id));
	snprintf(p->id[p->n++], sizeof(*p->id), "%.*s", STR_ARG(e->id));
}

static void *witness_take(void *worker)
{
	struct witness_worker *w = worker;
	struct witness_part *p = w->part;

	w->part = NULL;
	return p;
}

static void witness_merge(void *context, void *part, uint32_t first)
{
	struct witness *w = context;
	struct witness_part *p = part;

	assert_int_equal(first, w->n);
	w->seen = mem_grow(w->seen, &w->cap, w->n + p->n, sizeof(*w->seen));
	memcpy(w->seen + w->n, p->id, p->n * sizeof(*p->id));
	w->n += p->n;
	part_free(p);
}

static void witness_drop(void *part)
{
	struct witness_part *p = part;

	atomic_fetch_add(&p->of->dropped, 1);
	part_free(p);
}

static struct ingest_visitor witness_visitor(struct witness *w)
{
	return (struct ingest_visitor){
		.context = w,
		.worker_new = witness_new,
		.worker_free = witness_free,
		.see = witness_see,
		.take = witness_take,
		.merge = witness_merge,
		.drop = witness_drop,
	};
}

/* What was seen is what is there: each arrival, under its number. */
static void check_witness(const struct witness *w, const struct loaded *l)
{
	uint32_t rows = 0;
	struct strbuf id;

	strbuf_init(&id);
	assert_int_equal(w->workers, 0);
	assert_int_equal(w->parts, 0);
	assert_int_equal(w->n, l->arrivals);
	for (uint32_t a = 0; a < w->n; a++) {
		if (l->row_of[a] == ROW_NONE)
			continue;
		rows++;
		strbuf_clear(&id);
		store_id_text(l->store, l->row_of[a], &id);
		if (w->seen[a][0])
			assert_string_equal(id.p, w->seen[a]);
		else
			assert_true(str_starts(strbuf_str(&id), STR("h:")));
	}
	assert_int_equal(rows, l->store->n);
	strbuf_release(&id);
}

static void visitors_see_each_row_once(void **state)
{
	static const unsigned threads[] = { 1, 3, 8 };
	struct truth truth;
	struct folder f;
	const char *path = f.path;

	(void)state;
	folder_make(&f);
	make_all(&f, &truth);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		struct ingest_options options = load_options(&path, 1,
							     threads[i]);
		struct witness w[2] = { { .n = 0 }, { .n = 0 } };
		struct loaded l;

		options.visitor[options.visitor_n++] = witness_visitor(&w[0]);
		options.visitor[options.visitor_n++] = witness_visitor(&w[1]);
		load_with(&l, &options, NULL, NULL);
		check_truth(l.store, &truth);
		assert_int_equal(l.arrivals, truth.records - truth.rejected);
		for (int v = 0; v < 2; v++) {
			check_witness(&w[v], &l);
			assert_int_equal(w[v].dropped, 0);
			free(w[v].seen);
		}
		load_release(&l);
	}
	folder_remove(&f);
}

/* Progress and an early end ----------------------------------------------- */

struct ticks {
	unsigned n, stop_at;
	struct ingest_progress last;
	const struct ingest *in;
};

static bool check_tick(void *context, const struct ingest_progress *p)
{
	struct ticks *t = context;

	assert_true(p->files >= t->last.files);
	assert_true(p->bytes >= t->last.bytes);
	assert_true(p->records >= t->last.records);
	assert_true(p->rejected >= t->last.rejected);
	assert_true(p->skips >= t->last.skips);
	assert_true(p->content_bytes >= t->last.content_bytes);
	assert_true(p->files <= p->files_total);
	assert_true(p->bytes <= p->bytes_total);
	assert_true(p->rejected <= p->records);
	t->last = *p;
	return ++t->n != t->stop_at;
}

static void time_left_is_told_when_it_means_something(void **state)
{
	struct ingest_progress p = { .bytes_total = 10000000 };
	uint64_t left;

	(void)state;
	assert_false(ingest_seconds_left(&p, 1000, &left));
	p.bytes = 49000; /* half a percent is 50,000 */
	assert_false(ingest_seconds_left(&p, 1000, &left));
	p.bytes = 1000000; /* a tenth in two seconds: nine more */
	assert_true(ingest_seconds_left(&p, 2000, &left));
	assert_int_equal(left, 18);
	p.bytes = 10000000;
	assert_true(ingest_seconds_left(&p, 2000, &left));
	assert_int_equal(left, 0);
	/* Of a few bytes any is enough, of none there is nothing to tell. */
	p = (struct ingest_progress){ .bytes = 1, .bytes_total = 10 };
	assert_true(ingest_seconds_left(&p, 2000, &left));
	assert_int_equal(left, 18);
	p = (struct ingest_progress){ .bytes_total = 0 };
	assert_false(ingest_seconds_left(&p, 2000, &left));
}

static void progress_only_grows(void **state)
{
	struct truth truth;
	struct folder f;
	const char *path = f.path;

	(void)state;
	folder_make(&f);
	make_all(&f, &truth);
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct ingest_options options = load_options(&path, 1, threads);
		struct ticks ticks = { .n = 0 };
		struct loaded l;

		load_with(&l, &options, check_tick, &ticks);
		assert_true(ticks.n > 0);
		assert_int_equal(ticks.last.files, ticks.last.files_total);
		assert_int_equal(ticks.last.files, l.store->counts.files_total);
		assert_int_equal(ticks.last.bytes, ticks.last.bytes_total);
		assert_int_equal(ticks.last.records, truth.records);
		assert_int_equal(ticks.last.rejected, truth.rejected);
		assert_int_equal(ticks.last.skips, l.store->skips.n);
		assert_int_equal(ticks.last.content_bytes,
				 l.store->counts.content_bytes);
		load_release(&l);
	}
	folder_remove(&f);
}

/* Large enough for many batches, packed so that there are access points. */
static void make_large(const struct folder *f)
{
	struct strbuf text;
	char name[32];

	strbuf_init(&text);
	for (unsigned i = 0; i < 12; i++) {
		strbuf_clear(&text);
		add_delivery(&text, i * 2000, 2000);
		snprintf(name, sizeof(name), "%u.json%s", i,
			 i % 2 ? ".gz" : "");
		if (i % 2)
			put_gzip(f, name, strbuf_str(&text));
		else
			put_file(f, name, strbuf_str(&text));
	}
	strbuf_release(&text);
}

static void cut_short(void **state)
{
	static const unsigned stops[] = { 1, 2, 3, 7, 20 };
	struct folder f;
	const char *path = f.path;

	(void)state;
	folder_make(&f);
	make_large(&f);
	for (size_t i = 0; i < ARRAY_SIZE(stops); i++) {
		for (unsigned threads = 1; threads <= 4; threads += 3) {
			struct ingest_options options = load_options(&path, 1,
								     threads);
			struct ticks ticks = { .stop_at = stops[i] };
			struct witness w = { .n = 0 };
			struct loaded l;

			options.visitor[options.visitor_n++] =
				witness_visitor(&w);
			load_with(&l, &options, check_tick, &ticks);
			assert_false(l.whole);
			assert_int_equal(ticks.n, stops[i]);
			/* What was appended is there, and no more. */
			assert_true(l.store->n < 12 * 2000);
			check_witness(&w, &l);
			free(w.seen);
			load_release(&l);
		}
	}
	folder_remove(&f);
}

/* Interim stores, as the screen takes them while it loads. */
struct interim {
	struct ingest *in;
	uint32_t rows;
	unsigned published;
};

static bool publish_interim(void *context, const struct ingest_progress *p)
{
	struct interim *i = context;
	struct store_builder *b = ingest_builder(i->in);
	uint32_t arrivals = builder_rows(b);
	struct store *s;
	row_id *row_of;

	(void)p;
	if (arrivals < i->rows + 3000)
		return true;
	s = builder_publish(b, PUBLISH_INTERIM, &row_of);
	assert_false(s->complete);
	assert_true(s->n > i->rows && s->n <= arrivals);
	i->rows = s->n;
	i->published++;
	free(row_of);
	store_release(s);
	return true;
}

static void interim_stores(void **state)
{
	struct folder f;
	const char *path = f.path;
	struct ingest_options options = load_options(&path, 1, 3);
	struct interim interim = { .rows = 0 };
	struct err err = ERR_INIT;
	struct store *s;
	row_id *row_of;

	(void)state;
	folder_make(&f);
	make_large(&f);
	assert_int_equal(ingest_new(&interim.in, &options, &err), ERR_OK);
	assert_int_equal(ingest_find(interim.in, NULL, NULL, &err), ERR_OK);
	assert_true(ingest_run(interim.in, publish_interim, &interim));
	assert_true(interim.published >= 2);
	s = builder_publish(ingest_builder(interim.in), PUBLISH_LAST, &row_of);
	assert_int_equal(s->n, 12 * 2000);
	store_release(s);
	free(row_of);
	ingest_free(interim.in);
	folder_remove(&f);
}

/* What goes wrong --------------------------------------------------------- */

static void files_that_vanish(void **state)
{
	struct folder f;
	const char *path = f.path;
	struct ingest_options options = load_options(&path, 1, 2);
	struct err err = ERR_INIT;
	struct strbuf text;
	struct ingest *in;
	struct store *s;
	row_id *row_of;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	add_delivery(&text, 0, 3);
	put_file(&f, "a.json", strbuf_str(&text));
	put_file(&f, "b.json", strbuf_str(&text));
	assert_int_equal(ingest_new(&in, &options, &err), ERR_OK);
	assert_int_equal(ingest_find(in, NULL, NULL, &err), ERR_OK);
	unlink(in_folder(&f, "b.json"));
	assert_true(ingest_run(in, NULL, NULL));
	s = builder_publish(ingest_builder(in), PUBLISH_LAST, &row_of);
	assert_int_equal(s->n, 3);
	assert_int_equal(s->counts.files_read, 1);
	assert_int_equal(s->counts.files_skipped, 1);
	assert_int_equal(s->skips.n, 1);
	assert_string_equal(s->skips.skip[0].reason,
			    "the file cannot be opened");
	/* Evidence that was there is lost. */
	assert_int_equal(skips_lost(&s->skips), 1);
	store_release(s);
	free(row_of);
	ingest_free(in);
	strbuf_release(&text);
	folder_remove(&f);
}

/* A README is nothing lost in a folder, and not what was asked for outside. */
static void what_is_no_log(void **state)
{
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	make_folder(&f, "d");
	put_file(&f, "d/README", STR("about these files\n"));
	put_file(&f, "d/picture", STR("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"));
	load_path(&l, in_folder(&f, "d"), 1);
	assert_int_equal(l.store->n, 0);
	assert_int_equal(l.store->counts.records, 0);
	assert_int_equal(l.store->counts.files_skipped, 2);
	assert_int_equal(l.store->skips.n, 2);
	assert_int_equal(skips_lost(&l.store->skips), 0);
	load_release(&l);
	load_path(&l, in_folder(&f, "d/README"), 1);
	assert_int_equal(skips_lost(&l.store->skips), 1);
	load_release(&l);
	/* Packed things that are damaged may have been logs. */
	put_file(&f, "d/bad.gz", STR("\x1f\x8b\x08 nothing of the kind"));
	load_path(&l, in_folder(&f, "d"), 1);
	assert_int_equal(l.store->skips.n, 3);
	assert_int_equal(skips_lost(&l.store->skips), 1);
	load_release(&l);
	folder_remove(&f);
}

/* Objects without a mark of CloudTrail's are records in a delivery alone. */
static void other_objects(void **state)
{
	struct strbuf text;
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	strbuf_adds(&text, "{\"a\":1}\n{\"eventName\":\"x\"}\n{\"Records\":["
			   "{\"b\":2},{\"c\":3}]}\n{\"d\":4}\n[{\"e\":5}]\n");
	put_file(&f, "mixed.json", strbuf_str(&text));
	load_path(&l, f.path, 1);
	assert_int_equal(l.store->counts.records, 6);
	assert_int_equal(l.store->counts.rejected, 3);
	assert_int_equal(l.store->n, 3);
	for (size_t i = 0; i < l.store->skips.n; i++)
		assert_string_equal(l.store->skips.skip[i].reason,
				    "not a CloudTrail record");
	assert_int_equal(l.store->skips.skip[0].record, 1);
	assert_int_equal(l.store->skips.skip[1].record, 5);
	assert_int_equal(l.store->skips.skip[2].record, 6);
	load_release(&l);
	strbuf_release(&text);
	folder_remove(&f);
}

static void many_complaints(void **state)
{
	enum { BAD = SKIPS_PER_FILE + 500 };
	struct strbuf text;
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	for (unsigned i = 0; i < BAD; i++)
		strbuf_adds(&text, "{\"eventName\": bad}\n");
	add_record(&text, 1, "");
	put_file(&f, "bad.jsonl", strbuf_str(&text));
	put_file(&f, "worse.jsonl", strbuf_str(&text));
	load_path(&l, f.path, 2);
	assert_int_equal(l.store->n, 1);
	assert_int_equal(l.store->counts.rejected, 2 * BAD);
	assert_int_equal(l.store->counts.records, 2 * BAD + 2);
	assert_int_equal(l.store->skips.n, 2 * SKIPS_PER_FILE);
	assert_int_equal(l.store->skips.unlisted, 2 * (BAD - SKIPS_PER_FILE));
	assert_int_equal(skips_lost(&l.store->skips), 2 * BAD);
	load_release(&l);
	strbuf_release(&text);
	folder_remove(&f);
}

/* More texts than a worker's tables keep: new tables take over, and each row
 * has its own all the same. */
static void texts_without_end(void **state)
{
	enum { ROWS = 6000 };
	struct strbuf text, agent;
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	strbuf_init(&agent);
	for (unsigned i = 0; i < ROWS; i++) {
		strbuf_clear(&agent);
		strbuf_addf(&agent, ",\"userAgent\":\"%0400u\"", i / 2);
		add_record(&text, i, agent.p);
	}
	put_file(&f, "a.jsonl", strbuf_str(&text));
	for (unsigned threads = 1; threads <= 2; threads++) {
		load_path(&l, f.path, threads);
		assert_int_equal(l.store->n, ROWS);
		assert_int_equal(l.store->values[EVENT_AGENT], ROWS / 2 + 1);
		for (unsigned i = 0; i < ROWS; i++) {
			row_id row = row_numbered(l.store, i);

			strbuf_clear(&agent);
			strbuf_addf(&agent, "%0400u", i / 2);
			assert_str_eq(store_text(l.store, EVENT_AGENT, row),
				      strbuf_str(&agent));
			strbuf_clear(&agent);
			strbuf_addf(&agent, "Call%u", i % 7);
			assert_str_eq(store_text(l.store, EVENT_NAME, row),
				      strbuf_str(&agent));
		}
		load_release(&l);
	}
	strbuf_release(&agent);
	strbuf_release(&text);
	folder_remove(&f);
}

/* Sizes alone: a record of add_record takes 400 bytes, so there are more
 * events than one in 900 bytes; what is packed is worth more. */
static void estimates(void **state)
{
	const char *path;
	struct ingest_options options;
	struct err err = ERR_INIT;
	struct ingest *in;
	struct folder f;
	char *zeros = mem_zero(1, 9000000);

	(void)state;
	folder_make(&f);
	path = f.path;
	options = load_options(&path, 1, 1);
	put_file(&f, "a.json", (struct str){ zeros, 9000000 });
	put_file(&f, "b.json.gz", (struct str){ zeros, 1200000 });
	assert_int_equal(ingest_new(&in, &options, &err), ERR_OK);
	assert_int_equal(ingest_find(in, NULL, NULL, &err), ERR_OK);
	assert_int_equal(ingest_estimate(in).events, 10000 + 10000);
	/* 100 MiB, and 165 bytes an event. */
	assert_int_equal(ingest_estimate(in).memory, 104857600 + 20000 * 165);
	ingest_free(in);
	free(zeros);
	folder_remove(&f);
}

static void limits_reach_the_files(void **state)
{
	struct strbuf text;
	struct folder f;
	const char *path = f.path;
	struct ingest_options options;
	struct loaded l;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	add_delivery(&text, 0, 20);
	put_file(&f, "a.json", strbuf_str(&text));
	options = load_options(&path, 1, 1);
	options.limits.max_file = text.n - 10;
	load_with(&l, &options, NULL, NULL);
	assert_int_equal(l.store->n, 19);
	assert_true(has_skip(l.store, "longer than the limit for one file"));
	load_release(&l);
	options = load_options(&path, 1, 1);
	options.limits.max_record = 100;
	load_with(&l, &options, NULL, NULL);
	assert_int_equal(l.store->n, 0);
	assert_int_equal(l.store->counts.rejected, 20);
	assert_true(has_skip(l.store, "longer than the limit for one record"));
	load_release(&l);
	strbuf_release(&text);
	folder_remove(&f);
}

static void nothing_to_read(void **state)
{
	struct folder f;
	struct loaded l;
	const char *path[2];
	struct ingest_options options;
	struct err err = ERR_INIT;
	struct ingest *in = NULL;

	(void)state;
	folder_make(&f);
	load_path(&l, f.path, 4);
	assert_true(l.whole);
	assert_int_equal(l.store->n, 0);
	assert_int_equal(l.store->counts.files_total, 0);
	load_release(&l);
	/* One path that is not there is an error, whatever the others are. */
	path[0] = f.path;
	path[1] = in_folder(&f, "none");
	options = load_options(path, 2, 1);
	assert_int_equal(ingest_new(&in, &options, &err), ERR_IO);
	assert_null(in);
	assert_non_null(strstr(err.msg, "none"));
	ingest_free(NULL);
	folder_remove(&f);
}

static void thread_counts(void **state)
{
	static const unsigned asked[] = { 0, 1, 256, 100000 };
	struct folder f;
	const char *path = f.path;

	(void)state;
	folder_make(&f);
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		struct ingest_options options = load_options(&path, 1,
							     asked[i]);
		struct err err = ERR_INIT;
		struct ingest *in;
		unsigned n;

		assert_int_equal(ingest_new(&in, &options, &err), ERR_OK);
		n = ingest_threads(in);
		if (asked[i] == 0)
			assert_true(n >= 1 && n <= 256);
		else
			assert_int_equal(n, asked[i] > 256 ? 256 : asked[i]);
		ingest_free(in);
	}
	folder_remove(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_for_all_threads_and_orders),
		cmocka_unit_test(visitors_see_each_row_once),
		cmocka_unit_test(time_left_is_told_when_it_means_something),
		cmocka_unit_test(progress_only_grows),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(interim_stores),
		cmocka_unit_test(files_that_vanish),
		cmocka_unit_test(what_is_no_log),
		cmocka_unit_test(other_objects),
		cmocka_unit_test(many_complaints),
		cmocka_unit_test(texts_without_end),
		cmocka_unit_test(estimates),
		cmocka_unit_test(limits_reach_the_files),
		cmocka_unit_test(nothing_to_read),
		cmocka_unit_test(thread_counts),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
