/* SPDX-License-Identifier: MIT */
/*
 * rule_file.h - YAML as an ordered tree
 *
 * What rules are written in, without what YAML would do to values: a scalar
 * keeps its text, and only an unquoted null (or ~, or nothing) is a null.
 * Keys keep their order and repeat as they do in the file; every node knows
 * its line. Size, depth and what aliases add up to are bounded.
 *
 * Layer: detect. The one file with libyaml. Memory: the arena passed, the
 * tree keeps no pointer into the text. Threads: any, an arena each.
 */
#ifndef TRAWL_RULE_FILE_H
#define TRAWL_RULE_FILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

enum {
	RULE_FILE_MAX = 8 * 1024 * 1024, /* bytes of one file */
	RULE_FILE_DEPTH = 40,            /* levels */
	RULE_FILE_NODES = 500000,        /* with what aliases repeat */
};

enum node_kind { NODE_NULL, NODE_TEXT, NODE_LIST, NODE_MAP };

struct node;

struct node_item {
	struct str key; /* of a map's member */
	unsigned line;  /* where the member begins, from 1 */
	const struct node *value;
};

struct node {
	enum node_kind kind;
	unsigned line;
	struct str text; /* of a scalar; empty for null; NUL-terminated */
	bool plain;      /* of a scalar: without quotes */
	struct node_item *item;
	size_t n;
};

struct rule_documents {
	const struct node **root; /* never NULL */
	size_t n;
};

/*
 * All documents of a text. `name` stands in messages: "NAME:12: ...". On
 * ERR_SYNTAX or ERR_LIMIT the documents before the trouble are in *out all
 * the same.
 */
ATTR_NODISCARD enum err_code rule_file_read(struct arena *a, struct str text,
					    const char *name,
					    struct rule_documents *out,
					    struct err *err);

/* The last member of that key (case matters), or NULL; map may be NULL. */
const struct node_item *node_find(const struct node *map, const char *key);
/* Its value, or NULL. */
const struct node *node_member(const struct node *map, const char *key);
/* A scalar's text; empty for everything else and for NULL. */
struct str node_text(const struct node *n);
/* true, yes, on, false, no, off in any case; false for anything else. */
bool node_bool(const struct node *n, bool *value);

#endif /* TRAWL_RULE_FILE_H */
