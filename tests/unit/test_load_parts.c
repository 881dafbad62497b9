/* SPDX-License-Identifier: MIT */
/* Loads of files some of which were loaded before: random folders in rounds,
 * each held against a load that knows of nothing. */
#include "ingest_help.h"
#include "load_dump.h"
#include "load_spoil.h"

#include <ftw.h>
#include <poll.h>

#include "base/file.h"
#include "base/json.h"

enum { POOL = 700, SHOWN = 120, LINES = 30, SHARED_LINES = 30 };

/* Contents that files may have. */
struct content {
	char name[24]; /* its end says what it is */
	struct str bytes;
};

static struct content pool[POOL];
static uint32_t pool_n, special_n; /* the special ones come first */

static void pool_add(const char *end, struct str bytes)
{
	char *copy = mem_dup(bytes.p, bytes.n);
	struct content *c = &pool[pool_n++];

	assert_true(pool_n < POOL);
	snprintf(c->name, sizeof(c->name), "%s", end);
	c->bytes = (struct str){ copy, bytes.n };
}

static void pool_file(const char *path)
{
	struct str all, line;
	struct strbuf text;
	struct err err;
	size_t begin = 0, end;
	unsigned lines = 0;

	strbuf_init(&text);
	check(file_read(&text, path, 1 << 26, &err) == ERR_OK, "%s", err.msg);
	all = strbuf_str(&text);
	if (str_ends(str_of(path), STR(".json.gz"))) {
		pool_add(".json.gz", all);
	} else if (str_ends(str_of(path), STR(".json"))) {
		pool_add(".json", all);
	} else if (str_ends(str_of(path), STR(".jsonl"))) {
		/* Stories begin anywhere: some in one file, some in two. */
		struct str left = all;

		while (str_next(&left, '\n', &line)) {
			end = (size_t)(line.p - all.p) + line.n;
			if (++lines % LINES)
				continue;
			pool_add(".jsonl", str_sub(all, begin, end));
			begin = end + 1;
		}
		if (begin < all.n)
			pool_add(".jsonl", str_from(all, begin));
	}
	strbuf_release(&text);
}

static int pool_visit(const char *path, const struct stat *st, int type,
		      struct FTW *where)
{
	(void)st;
	(void)where;
	/* Those that are slow here hold nothing but one record. */
	if (type == FTW_F && !strstr(path, "bomb") && !strstr(path, "huge-") &&
	    !strstr(path, "deep-million"))
		pool_file(path);
	return 0;
}

/* A call of a user of that unique id, which may be "". */
static void add_call(struct strbuf *out, unsigned id, unsigned minute,
		     const char *user, const char *uid, const char *more)
{
	strbuf_addf(out,
		    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":"
		    "\"IAMUser\",\"principalId\":\"%s\",\"arn\":\"arn:aws:iam::"
		    "111122223333:user/%s\",\"accountId\":\"111122223333\"},"
		    "\"eventTime\":\"2026-02-01T10:%02u:00Z\",\"eventSource\":"
		    "\"s3.amazonaws.com\",\"eventName\":\"ListBuckets\","
		    "\"sourceIPAddress\":\"198.51.100.7\",\"eventID\":"
		    "\"e0000000-0000-4000-8000-%012u\"%s}\n",
		    uid, user, minute, id, more);
}

/* Two users of one name, one after the other, told by some files and not by
 * others; in each the later call stands first. */
static void pool_users(void)
{
	struct strbuf text;

	strbuf_init(&text);
	for (unsigned i = 0; i < 12; i++) {
		const char *uid = i % 3 == 2 ? "" :
				  i % 3      ? "AIDAEXAMPLETWICE0001" :
					       "AIDAEXAMPLETWICE0002";

		strbuf_clear(&text);
		for (unsigned k = 0; !uid[0] && k < 30; k++)
			add_call(&text, 500200 + k, 2 * k + 1, "twice", uid,
				 "");
		add_call(&text, 500000 + i, 4 * i + 14, "twice", uid, "");
		add_call(&text, 500100 + i, 48 - 4 * i, "twice", uid, "");
		pool_add(".jsonl", strbuf_str(&text));
	}
	strbuf_release(&text);
}

/* Copies that do not say which account received them, with those that do. */
static void pool_accounts(void)
{
	struct strbuf text;

	strbuf_init(&text);
	for (unsigned i = 0; i < 5; i++) {
		strbuf_clear(&text);
		for (unsigned k = 0; k < 6; k++)
			add_call(
				&text, 600000 + k, k, "copied",
				"AIDAEXAMPLECOPIED001",
				(i + k) % 3 ?
					",\"more\":\"bytes bytes bytes bytes bytes\"" :
					",\"recipientAccountId\":"
					"\"444455556666\"");
		pool_add(".jsonl", strbuf_str(&text));
	}
	strbuf_release(&text);
}

/* Events that both sides were told of, each in a file of its own. */
static void pool_shared(void)
{
	struct strbuf text;
	struct str left, line;
	struct err err;
	char path[600];
	unsigned n = 0;

	strbuf_init(&text);
	snprintf(path, sizeof(path), "%s/rules/lineage.jsonl",
		 getenv("SAMPLES"));
	assert_int_equal(file_read(&text, path, 1 << 26, &err), ERR_OK);
	left = strbuf_str(&text);
	while (n < SHARED_LINES && str_next(&left, '\n', &line)) {
		if (str_find(line, STR("\"sharedEventID\""), 0) == SIZE_MAX)
			continue;
		pool_add(".jsonl", line);
		n++;
	}
	strbuf_release(&text);
	assert_int_equal(n, SHARED_LINES);
}

/* More skips than are listed. */
static void pool_skips(void)
{
	struct strbuf text;

	strbuf_init(&text);
	add_record(&text, 7, "");
	strbuf_addc(&text, '\n');
	for (unsigned i = 0; i < SKIPS_PER_FILE + 300; i++)
		strbuf_adds(&text, "{\"eventName\": no}\n");
	for (unsigned i = 0; i < 4; i++)
		pool_add(".jsonl", strbuf_str(&text));
	strbuf_release(&text);
}

static int pool_fill(void **state)
{
	static const char *const sets[] = { "hostile", "rules", "eight-tactics",
					    "secutter" };
	char path[600];

	(void)state;
	pool_users();
	pool_accounts();
	pool_shared();
	pool_skips();
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++) {
		snprintf(path, sizeof(path), "%s/%s", getenv("SAMPLES"),
			 sets[i]);
		assert_int_equal(nftw(path, pool_visit, 16, FTW_PHYS), 0);
		if (i == 0)
			special_n = pool_n;
	}
	assert_true(pool_n > 200);
	return 0;
}

static int pool_empty(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < pool_n; i++)
		free((char *)(uintptr_t)pool[i].bytes.p);
	return 0;
}

/* The evidence ------------------------------------------------------------- */

struct shown {
	char path[500];
	bool touched; /* since the last load */
};

struct evidence {
	struct folder root;
	char logs[300], cache[300], list[300];
	struct cache_terms terms;
	struct shown file[SHOWN];
	uint32_t n;
	unsigned made;
	bool only_one; /* thread */
	struct rng rng;
};

static void evidence_make(struct evidence *e, uint64_t seed)
{
	*e = (struct evidence){ .rng = { seed } };
	folder_make(&e->root);
	snprintf(e->logs, sizeof(e->logs), "%s/logs", e->root.path);
	snprintf(e->cache, sizeof(e->cache), "%s/cache", e->root.path);
	snprintf(e->list, sizeof(e->list), "%s/list", e->root.path);
	assert_int_equal(mkdir(e->logs, 0777), 0);
	for (char c = 'a'; c < 'd'; c++) {
		char path[400];

		snprintf(path, sizeof(path), "%s/%c", e->logs, c);
		assert_int_equal(mkdir(path, 0777), 0);
	}
	write_bytes(e->list, STR("198.51.100.0/24\nAdministratorAccess\n"
				 "agent:aws-cli/2*\n111122223333\n"));
	e->terms = (struct cache_terms){ .folder = e->cache,
					 .most_bytes = (uint64_t)1 << 30 };
}

static struct shown *any_shown(struct evidence *e)
{
	return &e->file[rng_below(&e->rng, e->n)];
}

static struct shown *new_shown(struct evidence *e)
{
	assert_true(e->n < SHOWN);
	e->file[e->n].touched = true;
	return &e->file[e->n++];
}

static char any_folder(struct evidence *e)
{
	return (char)('a' + rng_below(&e->rng, 3));
}

static const struct content *any_content(struct evidence *e)
{
	uint32_t n = rng_one_in(&e->rng, 3) ? pool_n : special_n;

	return &pool[rng_below(&e->rng, n)];
}

static void put_new(struct evidence *e)
{
	const struct content *c = any_content(e);
	struct shown *f = new_shown(e);

	snprintf(f->path, sizeof(f->path), "%s/%c/%u%s", e->logs, any_folder(e),
		 e->made++, c->name);
	write_bytes(f->path, c->bytes);
}

/* Another file has the same bytes, and sometimes the same name. */
static void put_copy(struct evidence *e)
{
	struct shown *from = any_shown(e), *f;
	struct strbuf text;
	struct err err;
	char path[500];

	snprintf(path, sizeof(path), "%s/%c/%s", e->logs, any_folder(e),
		 file_base_name(from->path));
	if (access(path, F_OK) == 0)
		return;
	strbuf_init(&text);
	assert_int_equal(file_read(&text, from->path, 1 << 26, &err), ERR_OK);
	f = new_shown(e);
	memcpy(f->path, path, sizeof(path));
	write_bytes(f->path, strbuf_str(&text));
	strbuf_release(&text);
}

static void move_one(struct evidence *e)
{
	struct shown *f = any_shown(e);
	char path[500];

	snprintf(path, sizeof(path), "%s/%c/%u-%s", e->logs, any_folder(e),
		 e->made++, file_base_name(f->path));
	/* What is packed is not read again for that. */
	assert_int_equal(rename(f->path, path), 0);
	memcpy(f->path, path, sizeof(path));
	f->touched |= !str_ends(str_of(path), STR(".gz"));
}

/* Another content, part of the old one, or the old one and more. */
static void change_one(struct evidence *e)
{
	struct shown *f = any_shown(e);
	struct strbuf text;
	struct err err;

	strbuf_init(&text);
	assert_int_equal(file_read(&text, f->path, 1 << 26, &err), ERR_OK);
	switch (rng_below(&e->rng, 3)) {
	case 0:
		strbuf_clear(&text);
		strbuf_add(&text, any_content(e)->bytes);
		break;
	case 1:
		strbuf_add(&text, any_content(e)->bytes);
		break;
	default:
		text.n /= 2;
	}
	write_bytes(f->path, strbuf_str(&text));
	f->touched = true;
	strbuf_release(&text);
}

static void remove_one(struct evidence *e)
{
	struct shown *f = any_shown(e);

	assert_int_equal(unlink(f->path), 0);
	*f = e->file[--e->n];
}

static void do_something(struct evidence *e)
{
	switch (e->n < 4 ? 0 : rng_below(&e->rng, 7)) {
	case 0:
	case 1:
		put_new(e);
		break;
	case 2:
		put_copy(e);
		break;
	case 3:
		move_one(e);
		break;
	case 4:
		change_one(e);
		break;
	default:
		remove_one(e);
	}
}

/* Loads -------------------------------------------------------------------- */

static struct snapshot *load(const struct evidence *e, bool cached,
			     unsigned threads, bool listed)
{
	const char *logs = e->logs, *list = e->list;
	struct investigation_options o = {
		.path = &logs,
		.path_n = 1,
		.threads = threads,
		.limits = LIMITS_DEFAULT,
		.ioc = &list,
		.ioc_n = listed,
		.cache = cached ? &e->terms : NULL,
	};
	struct investigation *inv;
	struct err err = ERR_INIT;
	struct snapshot *s;

	check(investigation_new(&inv, &o, &err) == ERR_OK, "%s", err.msg);
	check(investigation_find(inv, NULL, NULL, &err) == ERR_OK, "%s",
	      err.msg);
	s = investigation_load(inv, NULL, NULL);
	investigation_free(inv);
	return s;
}

/* What was there before was not read again, and only that. */
static void check_kept(struct evidence *e, const struct snapshot *s)
{
	const struct files *files = s->store->files;

	assert_int_equal(files->n, e->n);
	for (uint32_t i = 0; i < e->n; i++) {
		struct shown *f = &e->file[i];
		uint32_t k = 0;

		while (k < files->n &&
		       strcmp(files->entry[k].path, f->path) != 0)
			k++;
		assert_true(k < files->n);
		check(files->entry[k].kept == !f->touched, "%s", f->path);
		f->touched = false;
	}
}

/* The first line in which two dumps differ: they are long. */
static void check_same(const struct strbuf *dump, const struct strbuf *cold)
{
	struct str a = strbuf_str(dump), b = strbuf_str(cold), x, y;
	bool more_a, more_b;

	if (str_eq(a, b))
		return;
	do {
		x = y = STR("");
		more_a = str_next(&a, '\n', &x);
		more_b = str_next(&b, '\n', &y);
	} while (more_a && more_b && str_eq(x, y));
	print_bytes("kept", str_sub(x, 0, 2000));
	print_bytes("cold", str_sub(y, 0, 2000));
	fail();
}

static void round_of(struct evidence *e, unsigned changes, bool listed)
{
	static const unsigned threads[] = { 1, 2, 8 };
	struct strbuf cold, dump;
	struct snapshot *s;

	for (; changes; changes--)
		do_something(e);
	strbuf_init(&cold);
	strbuf_init(&dump);
	s = load(e, false, threads[rng_below(&e->rng, 3)], listed);
	dump_snapshot(&cold, s);
	snapshot_release(s);
	s = load(e, true, e->only_one ? 1 : threads[rng_below(&e->rng, 3)],
		 listed);
	dump_snapshot(&dump, s);
	check_kept(e, s);
	snapshot_release(s);
	check_same(&dump, &cold);
	strbuf_release(&cold);
	strbuf_release(&dump);
}

static void rounds(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 3; seed++) {
		struct evidence e;

		evidence_make(&e, seed);
		for (unsigned i = 0; i < 50; i++)
			put_new(&e);
		for (unsigned i = 0; i < 5; i++)
			round_of(&e, 1 + rng_below(&e.rng, 1 + i * 4),
				 seed == 2);
		round_of(&e, 0, seed == 2);
		folder_remove(&e.root);
	}
}

/* Which of two users of one name it was is told by when each was first seen,
 * in the files that are left: the second call of a file may be the first one. */
static void first_of_those_left(void **state)
{
	static const struct {
		unsigned minute[2];
		const char *uid;
	} file[] = { { { 1, 2 }, "AIDAEXAMPLETWICE0002" },
		     { { 5, 6 }, "AIDAEXAMPLETWICE0001" },
		     { { 20, 10 }, "AIDAEXAMPLETWICE0001" },
		     { { 15, 16 }, "" } };
	struct evidence e;
	struct strbuf text;

	(void)state;
	evidence_make(&e, 1);
	strbuf_init(&text);
	for (unsigned i = 0; i < ARRAY_SIZE(file); i++) {
		struct shown *f = new_shown(&e);

		snprintf(f->path, sizeof(f->path), "%s/a/%u.jsonl", e.logs, i);
		strbuf_clear(&text);
		for (unsigned k = 0; k < 2; k++)
			add_call(&text, 2 * i + k, file[i].minute[k], "twice",
				 file[i].uid, "");
		write_bytes(f->path, strbuf_str(&text));
	}
	strbuf_release(&text);
	e.only_one = true;
	round_of(&e, 0, false);
	assert_int_equal(unlink(e.file[1].path), 0);
	e.file[1] = e.file[--e.n];
	round_of(&e, 0, false);
	folder_remove(&e.root);
}

/* What events share is known by a keyed hash: old and new ones have one key. */
static void one_key(void **state)
{
	struct pack_mark mark = { { 1, 2 }, { 3, 4 } };
	struct rest_arrived none = { NULL, 0 };
	struct hash_key key = { 5, 6 };
	struct facts before, after;
	int fd = spoil_file();
	struct pack_writer *w = pack_create(fd, key, mark, NULL);
	struct pack *p;

	(void)state;
	facts_init(&before);
	facts_init(&after);
	assert_true(before.key.k0 != after.key.k0);
	facts_save(&before, NULL, w);
	assert_true(pack_finish(w));
	p = pack_open(fd, key, mark, 1);
	assert_non_null(p);
	/* Nothing is there before it is asked for. */
	assert_false(facts_restore(&after, &none, p));
	assert_true(pack_read_later(p, 1));
	assert_true(facts_restore(&after, &none, p));
	assert_true(before.key.k0 == after.key.k0);
	assert_true(before.key.k1 == after.key.k1);
	pack_close(p);
	close(fd);
	facts_release(&before);
	facts_release(&after);
}

/* Evidence that grows ------------------------------------------------------- */

static void wait_for_end(struct investigation *inv,
			 struct investigation_state *state)
{
	struct pollfd news = { investigation_fd(inv), POLLIN, 0 };

	for (;;) {
		investigation_poll(inv, state);
		if (!state->loading)
			return;
		poll(&news, 1, -1);
	}
}

static void dump_cold(const struct evidence *e, struct strbuf *out)
{
	struct snapshot *s = load(e, false, 2, true);

	strbuf_clear(out);
	dump_snapshot(out, s);
	snapshot_release(s);
}

/* A load that goes on: each time what is new appears at once, and only then;
 * who holds what was there before still has it. */
static void renewed(void **state)
{
	struct investigation_state load_state;
	const char *logs, *list;
	struct investigation_options o = {
		.path_n = 1, .threads = 2, .limits = LIMITS_DEFAULT, .ioc_n = 1
	};
	struct strbuf cold, dump, first_dump;
	struct snapshot *first, *s;
	struct investigation *inv;
	struct err err = ERR_INIT;
	struct evidence e;
	uint64_t version;
	char gone[400];

	(void)state;
	evidence_make(&e, 6);
	logs = e.logs;
	list = e.list;
	o.path = &logs;
	o.ioc = &list;
	o.cache = &e.terms;
	strbuf_init(&cold);
	strbuf_init(&dump);
	strbuf_init(&first_dump);
	for (unsigned i = 0; i < 12; i++)
		put_new(&e);
	check(investigation_new(&inv, &o, &err) == ERR_OK, "%s", err.msg);
	assert_false(investigation_renew(inv)); /* nothing was begun */
	assert_int_equal(investigation_start(inv, &err), ERR_OK);
	wait_for_end(inv, &load_state);
	first = investigation_latest(inv);
	dump_snapshot(&first_dump, first);
	for (uint32_t i = 0; i < e.n; i++)
		e.file[i].touched = false;
	/* Nothing is new. */
	version = load_state.version;
	assert_true(investigation_renew(inv));
	wait_for_end(inv, &load_state);
	assert_true(load_state.version == version);
	for (unsigned i = 0; i < 5; i++) {
		do_something(&e);
		put_new(&e);
		assert_true(investigation_renew(inv));
		wait_for_end(inv, &load_state);
		assert_int_equal(load_state.failed.code, ERR_OK);
		assert_true(load_state.version > version);
		version = load_state.version;
		s = investigation_latest(inv);
		check_kept(&e, s);
		strbuf_clear(&dump);
		dump_snapshot(&dump, s);
		dump_cold(&e, &cold);
		check_same(&dump, &cold);
		snapshot_release(s);
	}
	/* One that was cut short leaves what there was, and the next one loads
	 * what it would have. */
	put_new(&e);
	assert_true(investigation_renew(inv));
	investigation_cancel(inv);
	wait_for_end(inv, &load_state);
	assert_int_equal(load_state.failed.code, ERR_OK);
	if (load_state.version == version) {
		assert_true(investigation_renew(inv));
		wait_for_end(inv, &load_state);
		assert_true(load_state.version > version);
	}
	version = load_state.version;
	/* A path that is not there any more takes nothing away. */
	snprintf(gone, sizeof(gone), "%s-gone", e.logs);
	assert_int_equal(rename(e.logs, gone), 0);
	assert_true(investigation_renew(inv));
	wait_for_end(inv, &load_state);
	assert_int_equal(load_state.failed.code, ERR_IO);
	assert_true(load_state.version == version);
	assert_int_equal(rename(gone, e.logs), 0);
	assert_true(investigation_renew(inv));
	wait_for_end(inv, &load_state);
	assert_int_equal(load_state.failed.code, ERR_OK);
	strbuf_clear(&dump);
	dump_snapshot(&dump, first);
	check_same(&dump, &first_dump);
	snapshot_release(first);
	investigation_free(inv);
	strbuf_release(&cold);
	strbuf_release(&dump);
	strbuf_release(&first_dump);
	folder_remove(&e.root);
}

/* Damage ------------------------------------------------------------------- */

/* The one load that is kept, and what it is sealed with. */
struct sealed {
	char path[800];
	struct hash_key key;
	struct pack_mark mark;
	char *section[SPOIL_SECTIONS];
	size_t bytes[SPOIL_SECTIONS];
	uint32_t later[SPOIL_SECTIONS], later_n;
};

enum { MARK_AT = 48 }; /* in the head of a pack */

static void sealed_open(struct sealed *x, const struct evidence *e)
{
	DIR *dir = opendir(e->cache);
	struct dirent *d;
	char key[400];
	struct pack *p;
	int fd;

	*x = (struct sealed){ .later_n = 0 };
	assert_non_null(dir);
	while ((d = readdir(dir)))
		if (strstr(d->d_name, ".load"))
			snprintf(x->path, sizeof(x->path), "%s/%s", e->cache,
				 d->d_name);
	closedir(dir);
	snprintf(key, sizeof(key), "%s/key", e->cache);
	fd = open(key, O_RDONLY);
	assert_int_equal(read(fd, &x->key, sizeof(x->key)), sizeof(x->key));
	close(fd);
	fd = open(x->path, O_RDONLY);
	assert_int_equal(pread(fd, &x->mark, sizeof(x->mark), MARK_AT),
			 sizeof(x->mark));
	p = pack_open(fd, x->key, x->mark, 1);
	assert_non_null(p);
	assert_true(pack_read_later(p, 1));
	for (uint32_t i = 1; i < SPOIL_SECTIONS; i++) {
		x->section[i] = pack_take(p, i, 1, &x->bytes[i]);
		if (x->section[i] && i >= PACK_LATER && x->bytes[i])
			x->later[x->later_n++] = i;
	}
	pack_close(p);
	close(fd);
	assert_true(x->later_n > 20);
}

static uint32_t by_chance(void *context, uint32_t below)
{
	return rng_below(context, below);
}

/* The load again, with something wrong in what is read later. */
static void spoil(const struct sealed *x, struct rng *r, unsigned changes)
{
	uint32_t wrong[3] = { 0 };
	struct pack_writer *w;
	int fd = open(x->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	w = pack_create(fd, x->key, x->mark, NULL);
	for (unsigned k = 0; k < changes; k++)
		wrong[k] = x->later[rng_below(r, x->later_n)];
	for (uint32_t i = 1; i < SPOIL_SECTIONS; i++) {
		size_t n = x->bytes[i];
		char *bytes;

		if (!x->section[i])
			continue;
		bytes = mem_dup(x->section[i], n);
		for (unsigned k = 0; k < changes; k++)
			if (wrong[k] == i)
				spoil_once(&bytes, &n, by_chance, r);
		pack_array(w, i, bytes, n, 1);
		free(bytes);
	}
	assert_true(pack_finish(w));
	close(fd);
}

static bool any_kept(const struct snapshot *s)
{
	for (uint32_t f = 0; f < s->store->files->n; f++)
		if (s->store->files->entry[f].kept)
			return true;
	return false;
}

/* Sealed with the right key, wrong all the same: refused, and then loaded as
 * if nothing had been tried; or else wrong answers, no step beside an array. */
static void hostile_sections(void **state)
{
	unsigned kept = 0, refused = 0;
	struct strbuf cold, dump;
	struct evidence e;
	struct sealed x;
	struct snapshot *s;

	(void)state;
	evidence_make(&e, 4);
	strbuf_init(&cold);
	strbuf_init(&dump);
	for (unsigned i = 0; i < 16; i++)
		put_new(&e);
	snapshot_release(load(&e, true, 2, true));
	sealed_open(&x, &e);
	remove_one(&e);
	s = load(&e, false, 2, true);
	dump_snapshot(&cold, s);
	snapshot_release(s);
	for (unsigned i = 0; i < 60; i++) {
		unsigned changes = i ? 1 + rng_below(&e.rng, 3) : 0;

		spoil(&x, &e.rng, changes);
		s = load(&e, true, 2, true);
		strbuf_clear(&dump);
		dump_snapshot(&dump, s);
		if (any_kept(s))
			kept++;
		else
			refused++;
		if (!changes)
			assert_int_equal(kept, 1);
		if (!changes || !any_kept(s))
			check_same(&dump, &cold);
		snapshot_release(s);
	}
	/* Both happen: times and texts may be any. */
	assert_true(kept > 5);
	assert_true(refused > 5);
	for (uint32_t i = 0; i < SPOIL_SECTIONS; i++)
		free(x.section[i]);
	strbuf_release(&cold);
	strbuf_release(&dump);
	folder_remove(&e.root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_key),
		cmocka_unit_test(first_of_those_left),
		cmocka_unit_test(rounds),
		cmocka_unit_test(renewed),
		cmocka_unit_test(hostile_sections),
	};

	json_init();
	return cmocka_run_group_tests(tests, pool_fill, pool_empty);
}
