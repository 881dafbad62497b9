/* SPDX-License-Identifier: MIT */
/*
 * Digests, logs and keys: the input is a few files, one after the other. A
 * line of "=" ends one; the first line of each is its name. What is named
 * "keys" is read as public keys.
 *
 * Reading ends; everything that was found points to what is there; each
 * digest and each log is told of once, and the order of the files changes
 * nothing that is said of them.
 */
#include "fuzz_help.h"

#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "casework/verify.h"
#include "casework/verify_digest.h"

enum { MOST_FILES = 32 };

static const struct limits small = FUZZ_LIMITS;

struct part {
	struct str name, content;
};

static size_t split(struct str input, struct part part[MOST_FILES])
{
	size_t n = 0;

	while (input.n && n < MOST_FILES) {
		size_t end = str_find(input, STR("\n=\n"), 0);
		struct str one = str_sub(input, 0, end);
		size_t line = str_find_char(one, '\n', 0);

		input = end == SIZE_MAX ? STR_NULL : str_from(input, end + 3);
		if (line == SIZE_MAX)
			continue;
		part[n++] = (struct part){ str_sub(one, 0, line),
					   str_from(one, line + 1) };
	}
	return n;
}

/* The parts as members of an archive are held: in one nameless file. */
static void lay_out(struct files *files, const struct part *part, size_t n,
		    bool backwards)
{
	char path[] = "/tmp/trawl-fuzz-XXXXXX";
	uint64_t at = 0;

	files_init(files);
	files->spool = mkstemp(path);
	check(files->spool >= 0);
	unlink(path);
	for (size_t i = 0; i < n; i++) {
		const struct part *p = &part[backwards ? n - 1 - i : i];
		char *name = mem_alloc(p->name.n + 1);
		struct file_entry *e;
		file_id id;

		memcpy(name, p->name.p, p->name.n);
		name[p->name.n] = '\0';
		id = files_add(files, name, p->content.n);
		e = &files->entry[id];
		free(name);
		e->fd = files->spool;
		e->spooled = true;
		e->part = (struct file_part){ at, p->content.n };
		check(write(files->spool, p->content.p, p->content.n) ==
		      (ssize_t)p->content.n);
		at += p->content.n;
	}
}

static void check_result(const struct verify_result *r,
			 const struct files *files)
{
	uint64_t of[VERIFY_STATE_COUNT] = { 0 }, all = 0;
	unsigned told[MOST_FILES] = { 0 };
	uint64_t here = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct verify_item *m = &r->item[i];

		check(m->state < VERIFY_STATE_COUNT);
		check(m->chain == VERIFY_NONE || m->chain < r->chains);
		check(m->file == VERIFY_NONE || m->file < files->n);
		check(m->file != VERIFY_NONE || m->kind == VERIFY_GAP ||
		      m->state == VERIFY_MISSING);
		of[m->state]++;
		if (m->file != VERIFY_NONE)
			told[m->file]++;
	}
	for (int s = 0; s < VERIFY_STATE_COUNT; s++) {
		check(of[s] == r->of[s]);
		all += of[s];
	}
	check(all == r->n);
	for (uint32_t f = 0; f < files->n; f++) {
		check(told[f] <= 1);
		here += told[f];
	}
	check(here == r->digests + r->logs);
}

static void run(struct verify_result *r, const struct files *files,
		const struct verify_keys *keys)
{
	const struct verify_options o = { .limits = &small,
					  .threads = 1,
					  .keys = keys };
	struct err err;

	check(verify_run(r, files, &o, &err) == ERR_OK);
	check_result(r, files);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct part part[MOST_FILES];
	struct verify_result there, back, gaps;
	struct files files, turned;
	struct verify_keys keys;
	size_t n = split((struct str){ (const char *)data, size }, part);
	struct err err;

	json_init();
	verify_keys_init(&keys);
	for (size_t i = 0; i < n; i++)
		if (str_eq(part[i].name, STR("keys")) &&
		    verify_keys_parse(&keys, part[i].content, &err) == ERR_OK)
			check(keys.n > 0);
	lay_out(&files, part, n, false);
	lay_out(&turned, part, n, true);
	run(&there, &files, &keys);
	run(&back, &turned, &keys);
	check(there.chains == back.chains && there.n == back.n);
	for (int s = 0; s < VERIFY_STATE_COUNT; s++)
		check(there.of[s] == back.of[s]);
	verify_gaps(&gaps, &files, &small);
	for (size_t i = 0; i < gaps.n; i++)
		check(gaps.item[i].kind == VERIFY_GAP &&
		      gaps.item[i].chain < gaps.chains);
	verify_result_release(&there);
	verify_result_release(&back);
	verify_result_release(&gaps);
	files_release(&files);
	files_release(&turned);
	verify_keys_release(&keys);
	return 0;
}
