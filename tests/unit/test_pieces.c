/* SPDX-License-Identifier: MIT */
/*
 * Large files in pieces: whatever is in a file and wherever it is cut, several
 * threads find what one finds that reads it front to back. The pieces are a
 * few bytes here, so that every kind of place is a cut once.
 */
#include "ingest_help.h"

#include <dirent.h>

#include "ingest/source.h"

/* A visitor that tells of each name once, as the readers of facts do. ------- */

enum { NAMES = 64 };

struct names {
	uint64_t told; /* a bit a name */
};

struct names_worker {
	uint64_t known, now;
};

/* "Call12" is name 12. */
static uint64_t name_bit(const struct event *e)
{
	struct str name = e->column[EVENT_NAME];
	uint64_t n = 0;

	for (size_t i = 0; i < name.n; i++)
		n = n * 31 + (unsigned char)name.p[i];
	return (uint64_t)1 << n % NAMES;
}

static void *names_worker_new(void *context)
{
	(void)context;
	return calloc(1, sizeof(struct names_worker));
}

static void names_afresh(void *worker)
{
	((struct names_worker *)worker)->known = 0;
}

static void names_see(void *worker, const struct event *e, uint32_t row)
{
	struct names_worker *w = worker;
	uint64_t bit = name_bit(e);

	(void)row;
	w->now |= bit & ~w->known;
	w->known |= bit;
}

static void *names_take(void *worker)
{
	struct names_worker *w = worker;
	uint64_t *part = malloc(sizeof(*part));

	assert_non_null(part);
	*part = w->now;
	w->now = 0;
	return part;
}

static void names_merge(void *context, void *part, uint32_t first)
{
	(void)first;
	((struct names *)context)->told |= *(uint64_t *)part;
	free(part);
}

/* Loads --------------------------------------------------------------------- */

/* All that a load says, as text. */
static void dump_load(struct strbuf *out, const char *path, unsigned threads,
		      uint64_t cut)
{
	struct ingest_options options = load_options(&path, 1, threads);
	struct names names = { 0 };
	struct loaded l;

	options.cut = cut;
	options.visitor[0] = (struct ingest_visitor){
		.context = &names,
		.worker_new = names_worker_new,
		.worker_free = free,
		.afresh = names_afresh,
		.see = names_see,
		.take = names_take,
		.merge = names_merge,
		.drop = free,
	};
	options.visitor_n = 1;
	load_with(&l, &options, NULL, NULL);
	assert_true(l.whole);
	store_dump(out, l.store);
	strbuf_addf(out, "names %" PRIx64 "\n", names.told);
	for (uint32_t f = 0; f < l.store->files->n; f++) {
		const struct file_entry *e = &l.store->files->entry[f];

		strbuf_addf(out,
			    "%d %d records %" PRIu64 " rejected %" PRIu64
			    " unlisted %" PRIu64 " bytes %" PRIu64 "\n",
			    (int)e->format, (int)e->form, e->records,
			    e->rejected, e->unlisted, e->content_bytes);
	}
	load_release(&l);
}

/* Several threads say of the file what one says: two of some files, eight of
 * others, since a thread costs more here than a file does. */
static void check_cut(const char *path, const char *what, uint64_t cut,
		      unsigned turn)
{
	unsigned threads = turn % 2 ? 2 : 8;
	struct strbuf one, more;

	strbuf_init(&one);
	strbuf_init(&more);
	dump_load(&one, path, 1, cut);
	dump_load(&more, path, threads, cut);
	if (!str_eq(strbuf_str(&one), strbuf_str(&more)))
		fprintf(stderr,
			"%s, cut at %" PRIu64 ", %u threads\n%s\nbut:\n%s\n",
			what, cut, threads, one.p, more.p);
	assert_str_eq(strbuf_str(&more), strbuf_str(&one));
	strbuf_release(&one);
	strbuf_release(&more);
}

/* Files by chance ------------------------------------------------------------ */

/* Members that look like what they are not. */
static const char *const disguises[] = {
	"",
	"",
	",\"userAgent\":\"{\\\"eventVersion\\\":\\\"1\\\"},{\"",
	",\"userAgent\":\"},{\"",
	",\"userAgent\":\"\n{\",\"eventVersion\":\"1\"",
	",\"userAgent\":\"\n{\"",
	",\"requestParameters\":{\"Records\":[{\"eventVersion\":\"1\"},"
	"{\"eventVersion\":\"2\",\"eventName\":\"no\"},"
	"{\"eventVersion\":\"3\"}]}",
	",\"requestParameters\":[[],{\"eventVersion\":\"1\",\"eventName\":"
	"\"no\",\"eventID\":\"no\",\"awsRegion\":\"no\"}]",
	",\n\"requestParameters\":\n{\"eventVersion\":\"1\",\"eventName\":"
	"\"no\",\n\"awsRegion\":\"no\",\n\"eventID\":\"no\"\n}\n",
	",\"responseElements\":{\"a\":[1,2,{\"b\":[]}]},\"x\":\"\\u0000\\ud800\"",
	",\"x\":\"\x01\xff\xc3\"",
	",\"a\":\"2026-01-09T21:42:07.000Z {\\\"eventVersion\\\"\"",
};

/* What is no record, or breaks what follows. */
static const char *const breaks[] = {
	"{}",
	"[]",
	"7",
	"\"text {\"",
	"null",
	"{\"eventName\":bad}",
	"{\"eventName\":\"x",
	"{\"a\":{\"eventVersion\":\"1\",\"eventName\":\"no\"}",
	"]}",
	"}",
	"]",
	",,",
	"not a line",
	"[",
	"{\"Records\":[",
	"{\"Records\":7,\"x\":{\"Records\":[{\"eventName\":\"in\"}]}}",
	"{\"x\":[1,{\"y\":2}],\"Events\":[{\"eventName\":\"e\"}],\"z\":1}",
	"{\"eventVersion\":\"1\",\"requestParameters\":{\"eventName\":\"no\"},"
	"\"x\":nul}",
	"\n\n  \t\n",
	"                                                                    "
	"                                                                    ",
};

/* One document after another, in this way. */
enum way {
	AS_LINES,
	AS_DELIVERIES,
	AS_DELIVERY_LINES, /* of one record each, now and then more */
	AS_ARRAY,
	AS_PRETTY,
	AS_PREFIXED,
	AS_HITS,
	AS_TABLE,
	AS_LOG,
	WAYS,
};

static void add_any(struct strbuf *out, struct rng *r, unsigned n)
{
	add_record(out, n, disguises[rng_below(r, ARRAY_SIZE(disguises))]);
}

static void add_pretty(struct strbuf *out, struct rng *r, unsigned n)
{
	struct strbuf record;

	strbuf_init(&record);
	add_any(&record, r, n);
	for (size_t i = 0; i < record.n; i++) {
		strbuf_addc(out, record.p[i]);
		if (i + 1 < record.n && strchr("{,", record.p[i]) &&
		    record.p[i + 1] == '"')
			strbuf_adds(out, "\n    ");
	}
	strbuf_release(&record);
}

static void add_one(struct strbuf *out, struct rng *r, enum way way, unsigned n)
{
	bool first = n == 0;

	switch (way) {
	case AS_LINES:
		add_any(out, r, n);
		strbuf_adds(out, rng_one_in(r, 4) ? "\r\n" : "\n");
		break;
	case AS_DELIVERIES:
		if (first)
			strbuf_adds(out, "{\"Records\":[");
		else
			strbuf_adds(out, rng_one_in(r, 8) ? "]}{\"Records\":[" :
							    ",");
		add_any(out, r, n);
		break;
	case AS_DELIVERY_LINES:
		strbuf_adds(out, "{\"Records\":[");
		add_any(out, r, n);
		if (rng_one_in(r, 3)) {
			strbuf_adds(out, ", ");
			add_any(out, r, n + 1000);
		}
		strbuf_adds(out, "]}\n");
		break;
	case AS_ARRAY:
		strbuf_adds(out, first ? "[" : ",\n");
		add_any(out, r, n);
		break;
	case AS_PRETTY:
		strbuf_adds(out, first ? "{\n  \"Records\": [\n   " : ",\n   ");
		add_pretty(out, r, n);
		break;
	case AS_PREFIXED:
		strbuf_addf(out, "2026-01-%02uT21:42:07.000Z ", 1 + n % 28);
		add_any(out, r, n);
		strbuf_adds(out, "\n");
		break;
	case AS_HITS:
		strbuf_adds(out, first ? "{\"took\":3,\"hits\":{\"total\":2,"
					 "\"hits\":[" :
					 ",");
		strbuf_adds(out, "{\"_index\":\"i\",\"_source\":");
		add_any(out, r, n);
		strbuf_adds(out, "}");
		break;
	case AS_TABLE:
		if (first)
			strbuf_adds(out, "eventName,eventID,eventTime,"
					 "awsRegion,userAgent\n");
		strbuf_addf(out, "Call%u,id%u,2026-01-01T00:00:%02uZ,r,", n % 9,
			    n, n % 60);
		strbuf_adds(out, rng_one_in(r, 4) ? "\"a\n\"\"b\",\n\"\n" :
						    "agent\n");
		break;
	default:
		strbuf_addf(out,
			    "198.51.100.%u - - [09/Jan/2026:21:42:%02u +0000] "
			    "\"GET /a%u HTTP/1.1\" 200 %u \"-\" \"agent\"\n",
			    n % 200, n % 60, n, n);
	}
}

/* A file of a few kilobytes; `broken`: what is in one is in it as well. */
static void make_file(struct strbuf *out, struct rng *r, bool broken)
{
	enum way way = (enum way)rng_below(r, WAYS);
	unsigned n = 4 + rng_below(r, 24);

	for (unsigned i = 0; i < n; i++) {
		if (broken && rng_one_in(r, 6)) {
			strbuf_adds(out,
				    breaks[rng_below(r, ARRAY_SIZE(breaks))]);
			if (rng_one_in(r, 2))
				strbuf_addc(out, rng_one_in(r, 2) ? ',' : '\n');
		}
		if (broken && rng_one_in(r, 20))
			way = (enum way)rng_below(r, WAYS);
		add_one(out, r, way, i);
	}
	for (unsigned i = rng_below(r, 3); broken && i; i--)
		out->p[rng_below(r, (uint32_t)out->n)] = rng_byte(r);
	if (broken && rng_one_in(r, 3))
		strbuf_truncate(out, 1 + rng_below(r, (uint32_t)out->n));
}

static void files_by_chance(void **state)
{
	struct rng r = { 20261122 };
	struct folder f;

	(void)state;
	folder_make(&f);
	for (unsigned i = 0; i < 400; i++) {
		struct strbuf text;

		strbuf_init(&text);
		make_file(&text, &r, i % 4 != 0);
		put_file(&f, "file.json", strbuf_str(&text));
		check_cut(in_folder(&f, "file.json"), text.p,
			  1 + rng_below(&r, i % 3 ? 3000 : 100), i / 4);
		strbuf_release(&text);
	}
	folder_remove(&f);
}

/* More complaints than are listed of a file: the first ones are, wherever it is
 * cut. */
static void skips_are_limited_by_file(void **state)
{
	struct strbuf text;
	struct folder f;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	for (unsigned i = 0; i < SKIPS_PER_FILE + 300; i++) {
		strbuf_adds(&text, "{\"level\":\"info\"}\n");
		if (i % 50 == 0) {
			add_record(&text, i, "");
			strbuf_adds(&text, "\n");
		}
	}
	put_file(&f, "lines.json", strbuf_str(&text));
	for (unsigned turn = 0; turn < 2; turn++) {
		check_cut(in_folder(&f, "lines.json"), "complaints", 700, turn);
		check_cut(in_folder(&f, "lines.json"), "complaints", 9000,
			  turn);
	}
	strbuf_release(&text);
	folder_remove(&f);
}

/* Samples ------------------------------------------------------------------- */

/* The content of a file, packed or not; false when it is a large one. */
static bool content_of(struct strbuf *out, const char *path)
{
	static const struct limits limits = LIMITS_DEFAULT;
	struct err err = ERR_INIT;
	struct source *source;
	char buf[4096];
	size_t n;

	if (source_open(&source, path, -1, NULL, &limits, NULL, &err))
		return false;
	while (out->n < 400000 && (n = source_read(source, buf, sizeof(buf))))
		strbuf_add(out, (struct str){ buf, n });
	source_close(source);
	return out->n > 1 && out->n < 400000;
}

/* `n` were cut before; returns how many with these. */
static unsigned cut_samples(const struct folder *f, struct rng *r,
			    const char *path, unsigned n)
{
	struct strbuf child, text;
	struct dirent *d;
	struct stat st;
	DIR *dir;

	if (stat(path, &st) != 0)
		return n;
	strbuf_init(&text);
	if (S_ISREG(st.st_mode) && content_of(&text, path)) {
		put_file(f, "sample.json", strbuf_str(&text));
		check_cut(in_folder(f, "sample.json"), path,
			  1 + rng_below(r, (uint32_t)text.n / 2), n);
		n++;
	}
	strbuf_release(&text);
	dir = S_ISDIR(st.st_mode) ? opendir(path) : NULL;
	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		strbuf_init(&child);
		strbuf_addf(&child, "%s/%s", path, d->d_name);
		n = cut_samples(f, r, child.p, n);
		strbuf_release(&child);
	}
	if (dir)
		closedir(dir);
	return n;
}

static void samples(void **state)
{
	static const char *const below[] = { "hostile", "forms", "quiet" };
	const char *all = getenv("SAMPLES");
	struct rng r = { 7 };
	struct strbuf path;
	struct folder f;
	unsigned n = 0;

	(void)state;
	assert_non_null(all);
	folder_make(&f);
	strbuf_init(&path);
	for (size_t i = 0; i < ARRAY_SIZE(below); i++) {
		strbuf_clear(&path);
		strbuf_addf(&path, "%s/%s", all, below[i]);
		n = cut_samples(&f, &r, path.p, n);
	}
	/* What the fuzzers have found worth keeping. */
	strbuf_clear(&path);
	strbuf_addf(&path, "%s/../tests/fuzz/corpus/form", all);
	n = cut_samples(&f, &r, path.p, n);
	strbuf_clear(&path);
	strbuf_addf(&path, "%s/../tests/fuzz/corpus/json", all);
	n = cut_samples(&f, &r, path.p, n);
	assert_true(n > 100);
	strbuf_release(&path);
	folder_remove(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_by_chance),
		cmocka_unit_test(skips_are_limited_by_file),
		cmocka_unit_test(samples),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
