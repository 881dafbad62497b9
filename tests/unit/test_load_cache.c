/* SPDX-License-Identifier: MIT */
#include "ingest_help.h"
#include "load_spoil.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "casework/cache_folder.h"

/* A folder with evidence and one for the cache. */
struct place {
	struct folder root;
	char logs[400], cache[400];
	struct cache_terms terms;
};

static void place_make(struct place *p)
{
	folder_make(&p->root);
	snprintf(p->logs, sizeof(p->logs), "%s/logs", p->root.path);
	snprintf(p->cache, sizeof(p->cache), "%s/cache", p->root.path);
	assert_int_equal(mkdir(p->logs, 0777), 0);
	p->terms = (struct cache_terms){ .folder = p->cache,
					 .most_bytes = (uint64_t)1 << 30 };
}

static void place_remove(struct place *p)
{
	folder_remove(&p->root);
}

static void put_log(const struct place *p, const char *name, unsigned first,
		    unsigned n)
{
	char path[800];
	struct strbuf text;

	strbuf_init(&text);
	add_delivery(&text, first, n);
	snprintf(path, sizeof(path), "%s/%s", p->logs, name);
	write_bytes(path, strbuf_str(&text));
	strbuf_release(&text);
}

/* Loads, and says whether it came out of the cache. The dump is replaced. */
static bool load(const struct investigation_options *options,
		 struct strbuf *dump)
{
	struct investigation *inv;
	struct snapshot *s;
	struct err err = ERR_INIT;
	bool restored;

	check(investigation_new(&inv, options, &err) == ERR_OK, "%s", err.msg);
	check(investigation_find(inv, NULL, NULL, &err) == ERR_OK, "%s",
	      err.msg);
	s = investigation_load(inv, NULL, NULL);
	strbuf_clear(dump);
	dump_snapshot(dump, s);
	restored = s->restored;
	snapshot_release(s);
	investigation_free(inv);
	return restored;
}

static struct investigation_options options_of(const struct place *p,
					       const char *const *path)
{
	return (struct investigation_options){ .path = path,
					       .path_n = 1,
					       .threads = 2,
					       .limits = LIMITS_DEFAULT,
					       .cache = &p->terms };
}

static const char *sample(const char *name)
{
	static char path[8][600];
	static unsigned turn;
	char *out = path[turn++ % 8];

	snprintf(out, sizeof(path[0]), "%s/%s", getenv("SAMPLES"), name);
	return out;
}

/* Same, cold and kept ------------------------------------------------------ */

static void same_as_loaded(void **state)
{
	static const char *const samples[] = { "secutter", "hostile",
					       "eight-tactics" };
	static const unsigned threads[] = { 1, 2, 8 };
	struct strbuf cold, dump;
	struct place p;

	(void)state;
	place_make(&p);
	strbuf_init(&cold);
	strbuf_init(&dump);
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		const char *path = sample(samples[i]);
		struct investigation_options o = options_of(&p, &path);

		o.cache = NULL;
		assert_false(load(&o, &cold));
		for (size_t t = 0; t < ARRAY_SIZE(threads); t++) {
			remove_all(p.cache);
			o.threads = threads[t];
			o.cache = &p.terms;
			assert_false(load(&o, &dump));
			assert_str_eq(strbuf_str(&dump), strbuf_str(&cold));
			assert_true(load(&o, &dump));
			assert_str_eq(strbuf_str(&dump), strbuf_str(&cold));
			/* By other numbers of threads, too. */
			o.threads = threads[(t + 1) % ARRAY_SIZE(threads)];
			assert_true(load(&o, &dump));
			assert_str_eq(strbuf_str(&dump), strbuf_str(&cold));
		}
	}
	strbuf_release(&cold);
	strbuf_release(&dump);
	place_remove(&p);
}

/* Records of a large gzip file are found by its access points. */
static void access_points(void **state)
{
	struct strbuf text, cold, dump;
	struct place p;
	const char *path = p.logs;
	struct investigation_options o;

	(void)state;
	place_make(&p);
	o = options_of(&p, &path);
	strbuf_init(&text);
	strbuf_init(&cold);
	strbuf_init(&dump);
	strbuf_adds(&text, "{\"Records\":[");
	for (unsigned i = 0; i < 24; i++) {
		struct rng r = { i };
		struct strbuf more;

		/* What deflate makes little of, so that 4 MiB stay. */
		strbuf_init(&more);
		strbuf_adds(&more, ",\"x\":\"");
		for (unsigned k = 0; k < 1000000; k++)
			strbuf_addc(&more, (char)('!' + 2 + rng_below(&r, 50)));
		strbuf_adds(&more, "\"");
		strbuf_addc(&text, i ? ',' : ' ');
		add_record(&text, i, more.p);
		strbuf_release(&more);
	}
	strbuf_adds(&text, "]}");
	put_gzip(&p.root, "logs/large.json.gz", strbuf_str(&text));
	o.cache = NULL;
	assert_false(load(&o, &cold));
	assert_true(str_find(strbuf_str(&cold), STR(" 32768:"), 0) != SIZE_MAX);
	o.cache = &p.terms;
	assert_false(load(&o, &dump));
	assert_true(load(&o, &dump));
	assert_str_eq(strbuf_str(&dump), strbuf_str(&cold));
	strbuf_release(&text);
	strbuf_release(&cold);
	strbuf_release(&dump);
	place_remove(&p);
}

/* What makes another load -------------------------------------------------- */

/* Loads anew, then out of the cache; both are what a load without one is. */
static void loads_anew(const struct investigation_options *options)
{
	struct investigation_options o = *options;
	struct strbuf cold, dump;

	strbuf_init(&cold);
	strbuf_init(&dump);
	o.cache = NULL;
	load(&o, &cold);
	o.cache = options->cache;
	assert_false(load(&o, &dump));
	assert_str_eq(strbuf_str(&dump), strbuf_str(&cold));
	assert_true(load(&o, &dump));
	assert_str_eq(strbuf_str(&dump), strbuf_str(&cold));
	strbuf_release(&cold);
	strbuf_release(&dump);
}

static void files_that_changed(void **state)
{
	struct timespec times[2];
	struct stat before;
	char path[800], moved[800];
	const char *logs;
	struct investigation_options o;
	struct place p;
	int fd;

	(void)state;
	place_make(&p);
	logs = p.logs;
	o = options_of(&p, &logs);
	put_log(&p, "a.json", 0, 20);
	put_log(&p, "b.json", 20, 20);
	loads_anew(&o);
	put_log(&p, "c.json", 40, 5); /* one more */
	loads_anew(&o);
	snprintf(path, sizeof(path), "%s/b.json", p.logs);
	unlink(path); /* one less */
	loads_anew(&o);
	put_log(&p, "c.json", 40, 6); /* longer */
	loads_anew(&o);
	/* Other bytes, the same length and the same time. */
	snprintf(path, sizeof(path), "%s/a.json", p.logs);
	assert_int_equal(stat(path, &before), 0);
	put_log(&p, "a.json", 60, 20);
	times[0] = before.st_atim;
	times[1] = before.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	loads_anew(&o);
	/* Another file under the same name, and one with another name. */
	snprintf(moved, sizeof(moved), "%s/moved", p.logs);
	assert_int_equal(rename(path, moved), 0);
	loads_anew(&o);
	/* One that can no longer be read is another, too. */
	fd = open(moved, O_RDONLY);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(truncate(moved, 100), 0);
	loads_anew(&o);
	place_remove(&p);
}

static void other_terms(void **state)
{
	static const char rule[] = "title: Calls\n"
				   "id: 11111111-1111-4111-8111-111111111111\n"
				   "level: low\n"
				   "logsource:\n"
				   "    product: aws\n"
				   "    service: cloudtrail\n"
				   "detection:\n"
				   "    a:\n"
				   "        eventName: Call%u\n"
				   "    condition: a\n";
	char rules[800], site[800], text[600];
	const char *logs, *rule_path = rules;
	struct investigation_options o;
	struct place p;

	(void)state;
	place_make(&p);
	logs = p.logs;
	o = options_of(&p, &logs);
	put_log(&p, "a.json", 0, 20);
	loads_anew(&o);
	o.no_builtin_rules = true;
	loads_anew(&o);
	snprintf(rules, sizeof(rules), "%s/rule.yml", p.root.path);
	o.rules = &rule_path;
	o.rules_n = 1;
	for (unsigned i = 1; i < 3; i++) {
		snprintf(text, sizeof(text), rule, i);
		write_bytes(rules, str_of(text));
		loads_anew(&o);
	}
	snprintf(site, sizeof(site), "%s/site", p.root.path);
	write_bytes(site, STR("account 111122223333 Ours\n"));
	o.site = site;
	{
		struct investigation *inv;
		struct err err;

		/* Only if this is how a site file looks. */
		check(investigation_new(&inv, &o, &err) == ERR_OK, "%s",
		      err.msg);
		investigation_free(inv);
	}
	loads_anew(&o);
	o.limits.max_depth = 3;
	loads_anew(&o);
	o.limits.max_record = 5000;
	loads_anew(&o);
	place_remove(&p);
}

static void not_worth_it(void **state)
{
	struct investigation_options o;
	struct strbuf dump;
	struct place p;
	const char *logs;

	(void)state;
	place_make(&p);
	logs = p.logs;
	o = options_of(&p, &logs);
	strbuf_init(&dump);
	put_log(&p, "a.json", 0, 20);
	p.terms.least_events = 21;
	assert_false(load(&o, &dump));
	assert_false(load(&o, &dump));
	p.terms.least_events = 20;
	/* Changed a moment ago. */
	p.terms.settled_ms = 3600 * 1000;
	assert_false(load(&o, &dump));
	assert_false(load(&o, &dump));
	p.terms.settled_ms = 0;
	/* No room. */
	p.terms.most_bytes = 1000;
	assert_false(load(&o, &dump));
	assert_false(load(&o, &dump));
	p.terms.most_bytes = 1 << 30;
	assert_false(load(&o, &dump));
	assert_true(load(&o, &dump));
	strbuf_release(&dump);
	place_remove(&p);
}

/* The folder --------------------------------------------------------------- */

/* The name of the one load that is kept, and its path. */
static void kept_path(const struct place *p, char *out, size_t room)
{
	DIR *dir = opendir(p->cache);
	struct dirent *d;
	unsigned n = 0;

	assert_non_null(dir);
	while ((d = readdir(dir)))
		if (strstr(d->d_name, ".load")) {
			snprintf(out, room, "%s/%s", p->cache, d->d_name);
			n++;
		}
	closedir(dir);
	assert_int_equal(n, 1);
}

static void for_the_user_alone(void **state)
{
	char path[800], other[800];
	struct investigation_options o;
	struct strbuf dump;
	struct stat st;
	struct place p;
	const char *logs;

	(void)state;
	place_make(&p);
	logs = p.logs;
	o = options_of(&p, &logs);
	strbuf_init(&dump);
	put_log(&p, "a.json", 0, 20);
	umask(0);
	load(&o, &dump);
	umask(022);
	assert_int_equal(stat(p.cache, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	kept_path(&p, path, sizeof(path));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(load(&o, &dump));
	/* A file that others may write is not ours. */
	assert_int_equal(chmod(path, 0620), 0);
	assert_false(load(&o, &dump));
	assert_true(load(&o, &dump));
	/* Nor is what a link leads to. */
	snprintf(other, sizeof(other), "%s/other", p.root.path);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	assert_false(load(&o, &dump));
	assert_true(load(&o, &dump));
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	/* Nor a folder that others may enter, or that a link names. */
	assert_int_equal(chmod(p.cache, 0750), 0);
	assert_false(load(&o, &dump));
	assert_false(load(&o, &dump));
	assert_int_equal(chmod(p.cache, 0700), 0);
	assert_true(load(&o, &dump));
	assert_int_equal(rename(p.cache, in_folder(&p.root, "real")), 0);
	assert_int_equal(symlink(in_folder(&p.root, "real"), p.cache), 0);
	assert_false(load(&o, &dump));
	assert_false(load(&o, &dump));
	strbuf_release(&dump);
	place_remove(&p);
}

static void put_sized(const struct place *p, const char *name, size_t n,
		      time_t used)
{
	struct timespec times[2] = { { used, 0 }, { used, 0 } };
	char path[800];
	char *bytes = mem_zero(n, 1);

	snprintf(path, sizeof(path), "%s/%s", p->cache, name);
	write_bytes(path, (struct str){ bytes, n });
	chmod(path, 0600);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	free(bytes);
}

static bool is_there(const struct place *p, const char *name)
{
	char path[800];

	snprintf(path, sizeof(path), "%s/%s", p->cache, name);
	return access(path, F_OK) == 0;
}

static void the_oldest_go(void **state)
{
	time_t now = time(NULL);
	struct cache_folder *f;
	struct place p;
	int fd;

	(void)state;
	place_make(&p);
	f = cache_folder_open(p.cache);
	assert_non_null(f);
	put_sized(&p, "a.load", 300, now - 100);
	put_sized(&p, "b.load", 300, now - 300);
	put_sized(&p, "c.load", 300, now - 200);
	put_sized(&p, "new-1", 300, now - 4000); /* left by a crash */
	/* Using one makes it young. */
	fd = cache_folder_read(f, "b.load");
	assert_true(fd >= 0);
	close(fd);
	/* Too much for one. */
	assert_int_equal(cache_folder_write(f, "d.load", 501, 1000), -1);
	assert_true(is_there(&p, "c.load"));
	fd = cache_folder_write(f, "d.load", 400, 1000);
	assert_true(fd >= 0);
	assert_false(is_there(&p, "new-1"));
	assert_false(is_there(&p, "c.load"));
	assert_true(is_there(&p, "a.load"));
	assert_true(is_there(&p, "b.load"));
	assert_int_equal(write(fd, "x", 1), 1);
	cache_folder_keep(f, fd, "d.load", true);
	assert_true(is_there(&p, "d.load"));
	fd = cache_folder_write(f, "e.load", 10, 1000);
	cache_folder_keep(f, fd, "e.load", false);
	assert_false(is_there(&p, "e.load"));
	assert_int_equal(cache_folder_read(f, "e.load"), -1);
	cache_folder_close(f);
	place_remove(&p);
}

static void a_torn_key(void **state)
{
	struct investigation_options o;
	struct strbuf dump;
	struct place p;
	const char *logs;
	char key[800];

	(void)state;
	place_make(&p);
	logs = p.logs;
	o = options_of(&p, &logs);
	snprintf(key, sizeof(key), "%s/key", p.cache);
	strbuf_init(&dump);
	put_log(&p, "a.json", 0, 20);
	load(&o, &dump);
	assert_true(load(&o, &dump));
	assert_int_equal(truncate(key, 7), 0);
	assert_false(load(&o, &dump));
	assert_true(load(&o, &dump));
	strbuf_release(&dump);
	place_remove(&p);
}

/* Damage ------------------------------------------------------------------- */

/* Whatever happened to the file, the answer is that of a load. */
static void damaged_files(void **state)
{
	struct investigation_options o;
	struct strbuf cold, dump, kept;
	struct rng r = { 5 };
	struct place p;
	const char *logs;
	char path[800];
	struct err err;

	(void)state;
	place_make(&p);
	logs = p.logs;
	o = options_of(&p, &logs);
	o.no_builtin_rules = true;
	strbuf_init(&cold);
	strbuf_init(&dump);
	strbuf_init(&kept);
	put_log(&p, "a.json", 0, 20);
	load(&o, &cold);
	kept_path(&p, path, sizeof(path));
	assert_int_equal(file_read(&kept, path, 1 << 30, &err), ERR_OK);
	for (int i = 0; i < 120; i++) {
		struct str bytes = exact_copy(strbuf_str(&kept));
		char *q = (char *)(uintptr_t)bytes.p;

		if (i % 3 == 0)
			bytes.n = rng_below(&r, (uint32_t)bytes.n);
		else
			q[rng_below(&r, (uint32_t)bytes.n)] ^=
				(char)(1 << rng_below(&r, 8));
		write_bytes(path, bytes);
		assert_false(load(&o, &dump));
		assert_str_eq(strbuf_str(&dump), strbuf_str(&cold));
		/* It was written anew. */
		assert_true(load(&o, &dump));
		assert_str_eq(strbuf_str(&dump), strbuf_str(&cold));
		exact_free(bytes);
	}
	strbuf_release(&cold);
	strbuf_release(&dump);
	strbuf_release(&kept);
	place_remove(&p);
}

static uint32_t by_chance(void *context, uint32_t below)
{
	return rng_below(context, below);
}

/* Sealed with the right key, wrong all the same. */
static void hostile_sections(void **state)
{
	const char *path[] = { sample("hostile"),
			       sample("eight-tactics/exfiltration"),
			       sample("rules/credential-access.jsonl") };
	struct investigation_options o = { .path = path,
					   .path_n = ARRAY_SIZE(path),
					   .threads = 2,
					   .limits = LIMITS_DEFAULT };
	unsigned restored = 0, refused = 0, empty = 0;
	struct investigation *inv;
	struct ruleset *rules = ruleset_new();
	struct rng r = { 99 };
	struct snapshot *s;
	struct strbuf cold, dump;
	struct spoil x;
	struct err err;
	int fd;

	(void)state;
	ruleset_add_builtin(rules);
	ruleset_seal(rules);
	strbuf_init(&cold);
	strbuf_init(&dump);
	assert_int_equal(investigation_new(&inv, &o, &err), ERR_OK);
	assert_int_equal(investigation_find(inv, NULL, NULL, &err), ERR_OK);
	s = investigation_load(inv, NULL, NULL);
	dump_snapshot(&cold, s);
	spoil_init(&x, s, rules, path, ARRAY_SIZE(path));
	snapshot_release(s);
	investigation_free(inv);
	/* Nothing wrong: the same. */
	fd = spoil_pack(&x, 0, by_chance, &r);
	assert_true(spoil_restore(&x, fd, &dump));
	assert_str_eq(strbuf_str(&dump), strbuf_str(&cold));
	close(fd);
	for (uint32_t i = 0; i < x.n; i++)
		empty += x.bytes[x.number[i]] == 0;
	/* Access points, odd ids. */
	check(empty <= 10, "%u of %u sections are empty", empty, x.n);
	for (int i = 0; i < 250; i++) {
		fd = spoil_pack(&x, 1 + rng_below(&r, 3), by_chance, &r);
		strbuf_clear(&dump);
		if (spoil_restore(&x, fd, &dump))
			restored++;
		else
			refused++;
		close(fd);
	}
	/* Both happen: times and texts may be any. */
	assert_true(restored > 20);
	assert_true(refused > 20);
	spoil_release(&x);
	ruleset_free(rules);
	strbuf_release(&cold);
	strbuf_release(&dump);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_loaded),
		cmocka_unit_test(access_points),
		cmocka_unit_test(files_that_changed),
		cmocka_unit_test(other_terms),
		cmocka_unit_test(not_worth_it),
		cmocka_unit_test(for_the_user_alone),
		cmocka_unit_test(the_oldest_go),
		cmocka_unit_test(a_torn_key),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(hostile_sections),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
