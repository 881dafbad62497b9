/* SPDX-License-Identifier: MIT */
/*
 * load_spoil.h - a pack of a load, with what is wrong in it
 *
 * The sections of a real load are changed by what a source of numbers says,
 * sealed again with the right key, and restored: the sums hold, so all that
 * keeps the program from stepping beside an array are the checks. What is
 * restored all the same is dumped.
 */
#ifndef TRAWL_TEST_LOAD_SPOIL_H
#define TRAWL_TEST_LOAD_SPOIL_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/pack.h"
#include "casework/load_parts.h"
#include "load_dump.h"

enum { SPOIL_SECTIONS = 400 };

struct spoil {
	struct ruleset *rules;
	struct ingest_options options;
	/* By number; NULL: none. */
	char *section[SPOIL_SECTIONS];
	size_t bytes[SPOIL_SECTIONS];
	uint32_t number[SPOIL_SECTIONS]; /* of those that are there */
	uint32_t n;
};

static const struct hash_key spoil_key = { 7, 8 };
static const struct pack_mark spoil_mark = { { 1, 1 }, { 2, 2 } };

/* Also where assert does nothing. */
static inline void spoil_must(bool holds)
{
	if (!holds)
		abort();
}

static inline int spoil_file(void)
{
	char path[] = "/tmp/trawl-spoil-XXXXXX";
	int fd = mkstemp(path);

	spoil_must(fd >= 0);
	unlink(path);
	return fd;
}

/* `rules` and the options' paths stay the caller's. */
static inline void spoil_init(struct spoil *x, const struct snapshot *s,
			      struct ruleset *rules, const char *const *path,
			      size_t path_n)
{
	int fd = spoil_file();
	struct pack_writer *w = pack_create(fd, spoil_key, spoil_mark, NULL);
	struct pack *p;

	*x = (struct spoil){ .rules = rules,
			     .options = { .path = path,
					  .path_n = path_n,
					  .threads = 1,
					  .limits = LIMITS_DEFAULT } };
	load_parts_save(s, w);
	spoil_must(pack_finish(w));
	p = pack_open(fd, spoil_key, spoil_mark, 1);
	spoil_must(p != NULL);
	for (uint32_t i = 1; i < SPOIL_SECTIONS; i++) {
		x->section[i] = pack_take(p, i, 1, &x->bytes[i]);
		if (x->section[i])
			x->number[x->n++] = i;
	}
	pack_close(p);
	close(fd);
}

static inline void spoil_release(struct spoil *x)
{
	for (uint32_t i = 0; i < SPOIL_SECTIONS; i++)
		free(x->section[i]);
}

/* Numbers that are asked for. */
typedef uint32_t (*spoil_source)(void *context, uint32_t below);

/* One change of a section's bytes. */
static inline void spoil_once(char **bytes, size_t *n, spoil_source next,
			      void *context)
{
	static const uint32_t odd[] = { 0,          1,          2,
					255,        0x7fffffff, 0x80000000,
					0xfffffffe, 0xffffffff, 1 << 20 };
	size_t at = *n ? next(context, (uint32_t)*n) : 0;
	uint32_t value;

	switch (next(context, 6)) {
	case 0:
		if (*n)
			(*bytes)[at] ^= (char)(1 << next(context, 8));
		break;
	case 1:
		value = odd[next(context, sizeof(odd) / sizeof(*odd))];
		at &= ~(size_t)3;
		if (at + 4 <= *n)
			memcpy(*bytes + at, &value, 4);
		break;
	case 2: /* a little more or less than it was */
		at &= ~(size_t)3;
		if (at + 4 > *n)
			break;
		memcpy(&value, *bytes + at, 4);
		value += next(context, 9) - 4;
		memcpy(*bytes + at, &value, 4);
		break;
	case 3: /* the end is missing */
		*n = at;
		break;
	case 4: /* what is there, once more */
		*bytes = mem_resize(*bytes, *n + at + 1, 1);
		memcpy(*bytes + *n, *bytes, at);
		*n += at;
		break;
	default: /* one place has what another has */
		if (*n >= 16) {
			size_t from = next(context, (uint32_t)(*n / 8)) * 8;
			size_t to = at & ~(size_t)7;

			if (to + 8 <= *n && from + 8 <= *n)
				memmove(*bytes + to, *bytes + from, 8);
		}
	}
}

/* All sections, `changes` of them spoilt, as a file. */
static inline int spoil_pack(const struct spoil *x, unsigned changes,
			     spoil_source next, void *context)
{
	int fd = spoil_file();
	struct pack_writer *w = pack_create(fd, spoil_key, spoil_mark, NULL);
	char *spoilt[SPOIL_SECTIONS] = { NULL };
	size_t n[SPOIL_SECTIONS];

	while (changes--) {
		uint32_t i = x->number[next(context, x->n)];

		if (!spoilt[i]) {
			spoilt[i] = mem_dup(x->section[i], x->bytes[i]);
			n[i] = x->bytes[i];
		}
		spoil_once(&spoilt[i], &n[i], next, context);
	}
	for (uint32_t k = 0; k < x->n; k++) {
		uint32_t i = x->number[k];

		if (spoilt[i])
			pack_array(w, i, spoilt[i], n[i], 1);
		else
			pack_array(w, i, x->section[i], x->bytes[i], 1);
		free(spoilt[i]);
	}
	spoil_must(pack_finish(w));
	return fd;
}

/* Restores a file and, when that worked, dumps it: then true. */
static inline bool spoil_restore(const struct spoil *x, int fd,
				 struct strbuf *dump)
{
	struct snapshot *s = mem_zero(1, sizeof(*s));
	struct ingest *in;
	struct pack *p;
	struct err err;
	bool ok;

	atomic_init(&s->holders, 1);
	spoil_must(ingest_new(&in, &x->options, &err) == ERR_OK);
	spoil_must(ingest_find(in, NULL, NULL, &err) == ERR_OK);
	p = pack_open(fd, spoil_key, spoil_mark, 1);
	ok = p && load_parts_restore(s, ingest_builder(in), x->rules,
				     x->options.limits.max_record, 1, p);
	pack_close(p);
	if (ok) {
		site_init(&s->site);
		alerts_fold(&s->alerts, x->rules, s->store, &s->matches, NULL,
			    1);
		scores_find(&s->scores, &s->alerts, s->store, s->lineage);
		alerts_rank(&s->alerts, &s->scores);
		alerts_mark(&s->marks, x->rules, s->store, &s->matches, NULL);
		dump_snapshot(dump, s);
		snapshot_release(s);
	} else {
		/* As before: it loads as if nothing had been tried. */
		spoil_must(!s->store && !s->lineage &&
			   builder_rows(ingest_builder(in)) == 0);
		free(s);
	}
	ingest_free(in);
	return ok;
}

#endif /* TRAWL_TEST_LOAD_SPOIL_H */
