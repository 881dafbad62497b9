/* SPDX-License-Identifier: MIT */
/*
 * json_agree.h - do the two readers of JSON say the same?
 *
 * Shared by the unit tests and the fuzzer: json_plain is held against
 * json_scan and json_parse on the same bytes.
 */
#ifndef TRAWL_TEST_JSON_AGREE_H
#define TRAWL_TEST_JSON_AGREE_H

#include "base/json_plain.h"

struct json_readers {
	struct arena arena;
	struct json_scan scan;
	struct strbuf clean;
	unsigned plain; /* documents that were plain */
};

static inline void json_readers_init(struct json_readers *r)
{
	arena_init(&r->arena);
	json_scan_init(&r->scan, SIZE_MAX, 128);
	strbuf_init(&r->clean);
	r->plain = 0;
}

static inline void json_readers_release(struct json_readers *r)
{
	arena_release(&r->arena);
	json_scan_release(&r->scan);
	strbuf_release(&r->clean);
}

/* Bounded by the depth of the scan. */
static inline bool json_trees_agree(const struct json *a, const struct json *b)
{
	const struct json *x = a->child, *y = b->child;

	if (a->kind != b->kind || a->n != b->n || !str_eq(a->key, b->key) ||
	    !str_eq(a->text, b->text))
		return false;
	for (; x && y; x = x->next, y = y->next)
		if (!json_trees_agree(x, y))
			return false;
	return !x && !y;
}

/* What is wrong, or NULL. `text` is not empty. */
static inline const char *json_readers_differ(struct json_readers *r,
					      struct str text,
					      unsigned max_depth)
{
	const struct json *plain = NULL, *tree;
	struct err err = ERR_INIT;
	enum json_status st;
	size_t end = 0;

	arena_reset(&r->arena);
	r->scan.max_depth = max_depth;
	switch (json_plain(&r->arena, text, max_depth, &plain, &end)) {
	case JSON_OK:
		break;
	case JSON_MORE:
		st = json_scan(&r->scan, text, false, NULL);
		/* An escape of four digits is read when its string ends. */
		if (st == JSON_BAD && text.p[r->scan.bad_at] == '\\' &&
		    text.p[r->scan.bad_at + 1] == 'u')
			return NULL;
		return st == JSON_MORE ? NULL : "it does not go on";
	case JSON_BAD:
		return NULL;
	default:
		return "no such answer";
	}
	r->plain++;
	for (int last = 0; last < 2; last++)
		if (json_scan(&r->scan, text, last, &r->clean) != JSON_OK)
			return "it is not JSON";
	if (r->scan.end != end)
		return "it ends elsewhere";
	if (r->scan.notes)
		return "it is not plain";
	tree = json_parse(&r->arena, strbuf_str(&r->clean), &err);
	if (!tree)
		return "cJSON refuses it";
	return json_trees_agree(plain, tree) ? NULL : "the trees differ";
}

#endif /* TRAWL_TEST_JSON_AGREE_H */
