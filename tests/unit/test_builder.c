/* SPDX-License-Identifier: MIT */
/*
 * Random deliveries, with copies of every kind, go through several workers in
 * several orders; the stores are compared with a naive model: sort all rows,
 * then look for each among those kept so far.
 */
#include "helpers.h"

#include "base/hash.h"
#include "base/timefmt.h"
#include "store/builder.h"

enum { MOST = 900, WORKERS = 4, BATCHES = 12, KEYS = 6 };

static const char *const paths[] = {
	"a/one.json", "a/two.json", "b/one.json", "c/one.json",
	"c/two.json", "a/one.json", "z.json",
};

enum { FILES = ARRAY_SIZE(paths) };

static const char *const key_names[KEYS] = {
	"",
	"AKIARTX3GSDSREXAMPLE",
	"ASIARTX3GSDSREXAMPL1",
	"ASIARTX3GSDSREXAMPL2",
	"ASIARTX3GSDSREXAMPL3",
	"ASIARTX3GSDSREXAMPL4",
};

/* One record as it was found. */
struct input {
	int64_t time;
	char id[40]; /* empty: none */
	char column[EVENT_COLUMN_COUNT][24];
	char raw[24]; /* what a record without an id holds */
	uint32_t file, record, length;
	uint64_t offset;
	uint32_t flags;
	enum event_kind kind;
	unsigned more[EVENT_MORE_KEYS], more_n; /* of key_names */
	/* In one run. */
	uint32_t batch, arrival;
};

static struct input input[MOST];
static uint32_t inputs;
static uint32_t next_record[FILES];

/* Making ------------------------------------------------------------------ */

static void random_id(struct rng *r, char id[40])
{
	unsigned n = rng_below(r, 60);

	switch (rng_below(r, 8)) {
	case 0:
		snprintf(id, 40, "event-%u", n);
		break;
	case 1: /* in upper case it is no plain UUID */
		snprintf(id, 40, "5E2D8A14-0000-4000-8000-0000000000%02u", n);
		break;
	case 2: /* would be taken for a text's mark */
		snprintf(id, 40, "ffffffff-ffff-ffff-8000-0000000000%02u", n);
		break;
	case 3:
		id[0] = '\0';
		break;
	default:
		snprintf(id, 40, "5e2d8a14-00%02u-4000-8000-00000000000%u",
			 n % 10, n / 10 % 10);
	}
}

/* How it came: delivered, carried by something whole or in part, as what adds
 * to it, or put together with that. */
static void random_way(struct rng *r, struct input *in)
{
	static const uint32_t ways[] = { 0, EVENT_CARRIED,
					 EVENT_CARRIED | EVENT_PARTIAL,
					 EVENT_UPDATES, EVENT_AMENDED };

	in->flags &= ~(uint32_t)(EVENT_CARRIED | EVENT_PARTIAL | EVENT_UPDATES |
				 EVENT_AMENDED);
	if (rng_one_in(r, 3))
		in->flags |= ways[rng_below(r, ARRAY_SIZE(ways))];
}

static void random_event(struct rng *r, struct input *in)
{
	static const int64_t starts[] = { -5000, 0, 1767994927000,
					  1767994928000 };

	memset(in, 0, sizeof(*in));
	in->time = starts[rng_below(r, 4)] + 1000 * rng_below(r, 3);
	if (rng_one_in(r, 12))
		in->time = TIME_NONE;
	random_id(r, in->id);
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		if (!rng_one_in(r, 4))
			snprintf(in->column[c], sizeof(in->column[c]), "%zu-%u",
				 c, rng_below(r, c == 1 ? 40 : 5));
	snprintf(in->column[EVENT_ACCOUNT], 24, "%s",
		 rng_one_in(r, 3) ? "" :
		 rng_one_in(r, 2) ? "111122223333" :
				    "999988887777");
	snprintf(in->column[EVENT_KEY], 24, "%s",
		 key_names[rng_below(r, KEYS)]);
	snprintf(in->raw, sizeof(in->raw), "{\"n\":%u}", rng_below(r, 9));
	in->flags = rng_below(r, 3) | (rng_one_in(r, 2) ? EVENT_READ : 0u);
	random_way(r, in);
	if (in->time == TIME_NONE)
		in->flags |= EVENT_NO_TIME;
	if (!in->id[0])
		in->flags |= EVENT_NO_ID;
	in->kind = (enum event_kind)rng_below(r, EVENT_KIND_COUNT);
	for (unsigned k = 1; k < KEYS; k++)
		if (rng_one_in(r, 6) && in->more_n < EVENT_MORE_KEYS &&
		    strcmp(key_names[k], in->column[EVENT_KEY]) != 0)
			in->more[in->more_n++] = k;
}

static void random_place(struct rng *r, struct input *in)
{
	in->file = rng_below(r, FILES);
	in->record = ++next_record[in->file];
	in->offset = ((uint64_t)in->record << 33) + rng_below(r, 1000);
	in->length = in->id[0] ? 50 + rng_below(r, 4) :
				 (uint32_t)strlen(in->raw);
}

/* Another delivery of the same event, more or less. */
static void random_copy(struct rng *r, struct input *in, const struct input *of)
{
	*in = *of;
	random_place(r, in);
	random_way(r, in);
	/* Without an id it is the place that tells. */
	if (!in->id[0] && !rng_one_in(r, 3)) {
		while (next_record[in->file] < of->record)
			next_record[in->file]++;
		if (in->file != of->file && in->record < of->record)
			in->record = of->record;
	}
	if (rng_one_in(r, 3))
		in->column[EVENT_ACCOUNT][0] = '\0';
	else if (rng_one_in(r, 4))
		snprintf(in->column[EVENT_ACCOUNT], 24, "222233334444");
	if (rng_one_in(r, 6) && in->time != TIME_NONE)
		in->time += 1000;
	if (rng_one_in(r, 3))
		snprintf(in->column[EVENT_AGENT], 24, "other agent");
}

static void make_inputs(struct rng *r, uint32_t n)
{
	memset(next_record, 0, sizeof(next_record));
	for (inputs = 0; inputs < n; inputs++) {
		struct input *in = &input[inputs];

		if (inputs && rng_one_in(r, 2)) {
			random_copy(r, in, &input[rng_below(r, inputs)]);
		} else {
			random_event(r, in);
			random_place(r, in);
		}
	}
}

/* The model --------------------------------------------------------------- */

/* One row of the store that should come out. */
struct kept {
	const struct input *in;
	const char *account; /* may have been learnt */
	unsigned copies;
};

static struct kept kept[MOST];
static uint32_t kept_n;
static uint32_t model_row[MOST]; /* of each input */
static uint64_t model_dropped;

/* 0: known by its content or a plain UUID, 1: another text. */
static int id_rank(const struct input *in, uint64_t half[2])
{
	half[0] = half[1] = 0;
	if (!in->id[0]) {
		struct hash128 h = hash_content(str_of(in->raw));

		half[0] = h.hi;
		half[1] = h.lo;
		return 0;
	}
	if (strlen(in->id) != 36 || strchr(in->id, 'E') ||
	    strncmp(in->id, "ffffffff-ffff-ffff", 18) == 0)
		return 1;
	for (size_t i = 0, digit = 0; i < 36; i++)
		if (in->id[i] != '-') {
			const char *hex = "0123456789abcdef";
			uint64_t v = (uint64_t)(strchr(hex, in->id[i]) - hex);

			half[digit / 16] = half[digit / 16] * 16 + v;
			digit++;
		}
	return 0;
}

static int in_order(const void *x, const void *y)
{
	const struct input *a = *(const struct input *const *)x;
	const struct input *b = *(const struct input *const *)y;
	uint64_t p[2], q[2];
	int d;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	d = id_rank(a, p) - id_rank(b, q);
	if (d)
		return d;
	for (int i = 0; i < 2; i++)
		if (p[i] != q[i])
			return p[i] < q[i] ? -1 : 1;
	d = strcmp(a->id, b->id);
	if (d)
		return d;
	d = strcmp(a->column[EVENT_ACCOUNT], b->column[EVENT_ACCOUNT]);
	if (d)
		return d;
	d = strcmp(paths[a->file], paths[b->file]);
	if (d)
		return d;
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return a->record < b->record ? -1 : a->record > b->record;
}

static const char *base_of(const struct input *in)
{
	const char *slash = strrchr(paths[in->file], '/');

	return slash ? slash + 1 : paths[in->file];
}

static bool are_one_event(const struct kept *k, const struct input *b)
{
	const struct input *a = k->in;
	const char *other = b->column[EVENT_ACCOUNT];

	if (strcmp(a->id, b->id) != 0)
		return false;
	if (!a->id[0])
		return strcmp(a->raw, b->raw) == 0 && a->record == b->record &&
		       a->file != b->file &&
		       strcmp(base_of(a), base_of(b)) == 0;
	return !k->account[0] || !other[0] || strcmp(k->account, other) == 0;
}

/* What was put together before what was delivered, that before what something
 * carries whole, that before a part; what only adds to it last. */
static int worth_of(const struct input *in)
{
	return in->flags & EVENT_AMENDED ? 4 :
	       in->flags & EVENT_UPDATES ? 0 :
	       in->flags & EVENT_PARTIAL ? 1 :
	       in->flags & EVENT_CARRIED ? 2 :
					   3;
}

/* Is `a` to stay, not `b`, which comes before it? */
static bool is_better(const struct input *a, const struct input *b)
{
	if (worth_of(a) != worth_of(b))
		return worth_of(a) > worth_of(b);
	/* Of findings the last one. */
	return a->kind == KIND_GUARDDUTY || a->kind == KIND_SECURITYHUB ||
	       a->length > b->length;
}

/* A group of copies; `at` is the place of the one that stays. */
struct group {
	struct kept kept;
	uint32_t at;
};

static int by_place(const void *x, const void *y)
{
	const struct group *a = x, *b = y;

	return a->at < b->at ? -1 : a->at > b->at;
}

static void model_inputs(const bool *there)
{
	static const struct input *order[MOST];
	static struct group group[MOST];
	uint32_t n = 0, groups = 0, g;

	for (uint32_t i = 0; i < inputs; i++)
		if (there[i])
			order[n++] = &input[i];
	qsort(order, n, sizeof(*order), in_order);
	for (uint32_t at = 0; at < n; at++) {
		const struct input *in = order[at];
		const char *account = in->column[EVENT_ACCOUNT];
		/* What was put together was not delivered. */
		unsigned copies = in->flags & EVENT_AMENDED ? 0 : 1;

		for (g = 0; g < groups; g++)
			if (are_one_event(&group[g].kept, in))
				break;
		if (g == groups) {
			group[groups++] =
				(struct group){ { in, account, copies }, at };
			continue;
		}
		group[g].kept.copies += copies;
		if (is_better(in, group[g].kept.in)) {
			group[g].kept.in = in;
			group[g].at = at;
			if (account[0])
				group[g].kept.account = account;
		} else if (!group[g].kept.account[0]) {
			group[g].kept.account = account;
		}
	}
	qsort(group, groups, sizeof(*group), by_place);
	kept_n = groups;
	model_dropped = n - groups;
	for (uint32_t i = 0; i < inputs; i++)
		model_row[i] = ROW_NONE;
	for (g = 0; g < groups; g++) {
		kept[g] = group[g].kept;
		model_row[kept[g].in - input] = g;
	}
}

/* Running ----------------------------------------------------------------- */

struct run {
	struct store_builder *builder;
	struct string_tables tables[WORKERS];
	struct batch batch[BATCHES];
	bool there[MOST]; /* inputs that were appended */
};

static void to_event(const struct input *in, struct event *e)
{
	*e = (struct event){ .id = str_of(in->id),
			     .time = in->time,
			     .flags = in->flags,
			     .kind = in->kind,
			     .more_key_count = in->more_n };
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		e->column[c] = str_of(in->column[c]);
	for (unsigned k = 0; k < in->more_n; k++)
		e->more_keys[k] = str_of(key_names[in->more[k]]);
}

static void run_start(struct run *run, struct rng *r)
{
	struct files files;

	files_init(&files);
	for (size_t i = 0; i < FILES; i++)
		files_add(&files, paths[i], 100);
	run->builder = builder_new(&files, WORKERS);
	assert_int_equal(files.n, 0);
	for (size_t w = 0; w < WORKERS; w++)
		string_tables_init(&run->tables[w]);
	for (unsigned b = 0; b < BATCHES; b++)
		batch_init(&run->batch[b], b % WORKERS);
	memset(run->there, 0, sizeof(run->there));
	for (uint32_t i = 0; i < inputs; i++)
		input[i].batch = rng_below(r, BATCHES);
}

/* A worker fills its batches one after the other; the order in which they are
 * appended is random all the same. */
static void fill_batches(struct run *run, struct rng *r)
{
	static uint32_t order[MOST];

	for (uint32_t i = 0; i < inputs; i++)
		order[i] = i;
	rng_shuffle(r, order, inputs);
	for (unsigned b = 0; b < BATCHES; b++) {
		struct batch *batch = &run->batch[b];
		struct string_tables *t = &run->tables[batch->worker];
		uint32_t n = 0;

		for (uint32_t k = 0; k < inputs; k++) {
			struct input *in = &input[order[k]];
			struct event e;

			if (in->batch != b)
				continue;
			to_event(in, &e);
			in->arrival = batch_add(
				batch, t, &e,
				(struct record_place){ in->file, in->record,
						       in->offset, in->length },
				str_of(in->raw));
			assert_int_equal(in->arrival, n++);
		}
		batch_seal(batch, t);
	}
}

static void append(struct run *run, unsigned b)
{
	struct batch *batch = &run->batch[b];
	uint32_t before = builder_rows(run->builder);
	uint32_t first = builder_append(run->builder, batch,
					&run->tables[batch->worker]);

	assert_int_equal(first, before);
	assert_int_equal(builder_rows(run->builder), before + batch->n);
	for (uint32_t i = 0; i < inputs; i++)
		if (input[i].batch == b) {
			input[i].arrival += first;
			run->there[i] = true;
		}
}

static void run_end(struct run *run)
{
	builder_free(run->builder);
	for (size_t w = 0; w < WORKERS; w++)
		string_tables_release(&run->tables[w]);
	for (size_t b = 0; b < BATCHES; b++)
		batch_release(&run->batch[b]);
}

/* Comparing --------------------------------------------------------------- */

static void check_row(const struct store *s, row_id row, const struct kept *k)
{
	const struct input *in = k->in;
	struct store_place place = store_place(s, row);
	struct strbuf id;

	assert_true(s->time[row] == in->time);
	assert_int_equal(s->flags[row], in->flags);
	assert_int_equal(s->kind[row], in->kind);
	assert_int_equal(s->copies[row], k->copies);
	assert_int_equal(place.file, in->file);
	assert_int_equal(place.record, in->record);
	assert_true(place.offset == in->offset);
	assert_int_equal(place.length, in->length);
	assert_string_equal(store_path(s, row), paths[in->file]);
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		assert_str_eq(store_text(s, (enum event_column)c, row),
			      str_of(c == EVENT_ACCOUNT ? k->account :
							  in->column[c]));
	strbuf_init(&id);
	store_id_text(s, row, &id);
	if (in->id[0]) {
		assert_str_eq(strbuf_str(&id), str_of(in->id));
	} else {
		struct hash128 h = hash_content(str_of(in->raw));
		char want[40];

		snprintf(want, sizeof(want), "h:%016llx%016llx",
			 (unsigned long long)h.hi, (unsigned long long)h.lo);
		assert_str_eq(strbuf_str(&id), str_of(want));
	}
	strbuf_release(&id);
}

static void check_store(const struct store *s)
{
	row_id timed = 0;

	assert_int_equal(s->n, kept_n);
	assert_true(s->counts.duplicates == model_dropped);
	for (row_id r = 0; r < s->n; r++) {
		check_row(s, r, &kept[r]);
		assert_true(r == 0 || s->time[r - 1] <= s->time[r]);
		timed += s->time[r] != TIME_NONE;
	}
	assert_int_equal(s->timed, timed);
}

static void check_row_of(const row_id *row_of, const bool *there)
{
	for (uint32_t i = 0; i < inputs; i++)
		if (there[i])
			assert_int_equal(row_of[input[i].arrival],
					 model_row[i]);
}

static bool row_has(row_id row, enum event_column c, const char *text)
{
	const struct input *in = kept[row].in;

	if (c == EVENT_KEY)
		for (unsigned k = 0; k < in->more_n; k++)
			if (strcmp(key_names[in->more[k]], text) == 0)
				return true;
	return strcmp(c == EVENT_ACCOUNT ? kept[row].account : in->column[c],
		      text) == 0;
}

/* Posting lists against a look at every row. */
static void check_postings(const struct store *s)
{
	for (size_t i = 0; i < EVENT_COLUMN_COUNT; i++) {
		enum event_column c = (enum event_column)i;

		if (!store_is_indexed(s, c))
			continue;
		for (uint32_t v = 1; v < s->values[c]; v++) {
			struct rowset rows = store_rows(s, c, v);
			struct str text = store_value(s, c, v);
			size_t k = 0;

			assert_int_equal(store_find_value(s, c, text), v);
			for (row_id r = 0; r < s->n; r++) {
				if (!row_has(r, c, text.p))
					continue;
				assert_true(k < rows.n);
				assert_int_equal(rows.row[k++], r);
			}
			assert_int_equal(rows.n, k);
		}
		assert_int_equal(store_find_value(s, c, STR("no such")), 0);
		assert_int_equal(store_value(s, c, 0).n, 0);
	}
}

static void check_ids(const struct store *s)
{
	struct strbuf id, other;

	strbuf_init(&id);
	strbuf_init(&other);
	for (row_id row = 0; row < s->n; row++) {
		row_id found = ROW_NONE;

		strbuf_clear(&id);
		store_id_text(s, row, &id);
		for (row_id r = 0; r < s->n; r++) {
			strbuf_clear(&other);
			store_id_text(s, r, &other);
			if (!str_eq(strbuf_str(&id), strbuf_str(&other)))
				continue;
			found = store_find_id(s, strbuf_str(&id), found);
			assert_int_equal(found, r);
		}
		assert_int_equal(store_find_id(s, strbuf_str(&id), found),
				 ROW_NONE);
	}
	strbuf_release(&id);
	strbuf_release(&other);
}

static void check_times(const struct store *s)
{
	for (row_id k = 0; k < s->n; k++) {
		for (int64_t d = -1; d <= 1; d++) {
			int64_t t = s->time[k];
			row_id want = 0;

			if (t == TIME_NONE && d > 0)
				continue;
			t += d;
			while (want < s->n && s->time[want] < t)
				want++;
			assert_int_equal(store_seek_time(s, t), want);
		}
	}
	assert_int_equal(store_seek_time(s, INT64_MIN), 0);
}

/* Tests ------------------------------------------------------------------- */

/* Any order, any workers: one store, that of the model. */
static void one_store_from_every_order(void **state)
{
	static struct run run;
	static bool all[MOST];

	(void)state;
	memset(all, true, sizeof(all));
	for (uint64_t seed = 1; seed <= 30; seed++) {
		struct rng r = { seed };

		make_inputs(&r, 1 + rng_below(&r, seed % 5 ? 200 : MOST));
		model_inputs(all);
		for (int order = 0; order < 4; order++) {
			uint32_t batches[BATCHES];
			struct store *s;
			row_id *row_of;

			run_start(&run, &r);
			fill_batches(&run, &r);
			for (uint32_t b = 0; b < BATCHES; b++)
				batches[b] = b;
			rng_shuffle(&r, batches, BATCHES);
			for (uint32_t b = 0; b < BATCHES; b++)
				append(&run, batches[b]);
			s = builder_publish(run.builder, PUBLISH_LAST, &row_of);
			assert_true(s->complete);
			check_store(s);
			check_row_of(row_of, all);
			if (order == 0 && seed % 3 == 0) {
				check_postings(s);
				check_ids(s);
				check_times(s);
			}
			free(row_of);
			/* A store outlives its builder. */
			run_end(&run);
			check_row(s, s->n - 1, &kept[s->n - 1]);
			store_release(s);
		}
	}
}

/* While the load runs, and at its end: the same rows give the same. */
static void interim_stores(void **state)
{
	static struct run run;

	(void)state;
	for (uint64_t seed = 100; seed < 110; seed++) {
		struct store *interim[BATCHES];
		static bool seen[BATCHES][MOST];
		struct rng r = { seed };
		row_id *row_of;
		struct store *last;

		make_inputs(&r, 300);
		run_start(&run, &r);
		fill_batches(&run, &r);
		for (unsigned b = 0; b < BATCHES; b++) {
			append(&run, b);
			memcpy(seen[b], run.there, sizeof(seen[b]));
			interim[b] = builder_publish(run.builder,
						     PUBLISH_INTERIM, &row_of);
			assert_false(interim[b]->complete);
			model_inputs(seen[b]);
			check_store(interim[b]);
			check_row_of(row_of, seen[b]);
			free(row_of);
		}
		check_postings(interim[BATCHES - 1]);
		last = builder_publish(run.builder, PUBLISH_LAST, &row_of);
		check_store(last);
		check_postings(last);
		check_ids(last);
		check_row_of(row_of, run.there);
		free(row_of);
		assert_int_equal(builder_rows(run.builder), 0);
		run_end(&run);
		/* Older stores are what they were. */
		for (unsigned b = 0; b < BATCHES; b++) {
			model_inputs(seen[b]);
			check_store(interim[b]);
			if (b == 5)
				check_postings(interim[b]);
			store_release(interim[b]);
		}
		store_release(last);
	}
}

/* The builder is empty after the last store, and can go on. */
static void after_the_last(void **state)
{
	static struct run run;
	static bool none[MOST];
	struct rng r = { 200 };
	struct store *first, *second, *empty;
	row_id *row_of;

	(void)state;
	make_inputs(&r, 200);
	run_start(&run, &r);
	fill_batches(&run, &r);
	for (unsigned b = 0; b < BATCHES / 2; b++)
		append(&run, b);
	first = builder_publish(run.builder, PUBLISH_LAST, &row_of);
	free(row_of);
	empty = builder_publish(run.builder, PUBLISH_LAST, &row_of);
	free(row_of);
	assert_int_equal(empty->n, 0);
	memcpy(none, run.there, sizeof(none));
	memset(run.there, 0, sizeof(run.there));
	for (unsigned b = BATCHES / 2; b < BATCHES; b++)
		append(&run, b);
	second = builder_publish(run.builder, PUBLISH_LAST, &row_of);
	model_inputs(run.there);
	check_store(second);
	check_postings(second);
	check_row_of(row_of, run.there);
	free(row_of);
	model_inputs(none);
	check_store(first);
	store_release(first);
	store_release(second);
	store_release(empty);
	run_end(&run);
}

static void nothing_at_all(void **state)
{
	static struct run run;
	struct rng r = { 1 };
	int64_t from = 1, to = 2;
	row_id *row_of;
	struct store *s;

	(void)state;
	inputs = 0;
	run_start(&run, &r);
	s = builder_publish(run.builder, PUBLISH_INTERIM, &row_of);
	assert_non_null(row_of);
	free(row_of);
	assert_int_equal(s->n, 0);
	assert_int_equal(s->timed, 0);
	assert_int_equal(store_seek_time(s, 0), 0);
	assert_false(store_span(s, &from, &to));
	assert_int_equal(store_find_id(s, STR("x"), ROW_NONE), ROW_NONE);
	assert_int_equal(
		store_find_id(s, STR("5e2d8a14-0000-4000-8000-000000000001"),
			      ROW_NONE),
		ROW_NONE);
	assert_int_equal(store_find_value(s, EVENT_NAME, STR("x")), 0);
	run_end(&run);
	store_release(s);
}

/* Skips and counts -------------------------------------------------------- */

static void skips_and_counts(void **state)
{
	static struct run run;
	struct rng r = { 300 };
	struct store *interim, *last;
	row_id *row_of;
	uint64_t wanted = 0;

	(void)state;
	make_inputs(&r, 50);
	run_start(&run, &r);
	fill_batches(&run, &r);
	for (unsigned b = 0; b < BATCHES; b++) {
		for (uint32_t i = 0; i < 7; i++, wanted++)
			skips_add(&run.batch[b].skips,
				  (struct skip){ .file = rng_below(&r, FILES),
						 .record = rng_below(&r, 5),
						 .offset = rng_below(&r, 100),
						 .reason = "bad" });
		run.batch[b].unlisted = b;
		append(&run, b);
	}
	builder_skip(run.builder, (struct skip){ .reason = "the file" });
	builder_counts(run.builder)->records = 77;
	assert_int_equal(builder_counts(run.builder)->files_total, FILES);
	interim = builder_publish(run.builder, PUBLISH_INTERIM, &row_of);
	free(row_of);
	builder_mark_partial(run.builder);
	last = builder_publish(run.builder, PUBLISH_LAST, &row_of);
	free(row_of);
	assert_false(interim->partial);
	assert_true(last->partial);
	for (int k = 0; k < 2; k++) {
		const struct skips *s = k ? &last->skips : &interim->skips;

		assert_int_equal(s->n, wanted + 1);
		assert_true(s->unlisted == BATCHES * (BATCHES - 1) / 2);
		assert_string_equal(s->skip[0].reason, "the file");
		for (size_t i = 1; i < s->n; i++) {
			const struct skip *a = &s->skip[i - 1];
			const struct skip *b = &s->skip[i];

			assert_true(a->file < b->file ||
				    (a->file == b->file &&
				     (a->record < b->record ||
				      (a->record == b->record &&
				       a->offset <= b->offset))));
		}
	}
	assert_true(last->counts.records == 77);
	assert_int_equal(last->counts.files_total, FILES);
	store_release(interim);
	store_release(last);
	run_end(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_store_from_every_order),
		cmocka_unit_test(interim_stores),
		cmocka_unit_test(after_the_last),
		cmocka_unit_test(nothing_at_all),
		cmocka_unit_test(skips_and_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
