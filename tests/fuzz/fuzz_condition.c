/* SPDX-License-Identifier: MIT */
/*
 * Conditions of rules: what the parser takes means the same to a plain reader
 * that shares no code with it, for every combination of what the selections
 * say.
 */
#include "fuzz_help.h"

#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "detect/compile.h"
#include "query/matcher.h"

/* Selection i is true of an event that has a member of its name. */
static const char *const names[] = { "a", "ab", "b", "_c", "1", "of" };

enum { NAMES = ARRAY_SIZE(names), WORLDS = 1 << NAMES, TEXT_MAX = 1000 };

/* The plain reader -------------------------------------------------------- */

struct reader {
	const char *p;
	unsigned world; /* a bit for each selection that is true */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next word into `word`; empty at the end. */
static const char *look(const struct reader *r, char *word)
{
	const char *p = r->p;
	size_t n = 0;

	while (is_blank(*p))
		p++;
	if (*p && strchr("()|", *p))
		word[n++] = *p++;
	else
		while (*p && !is_blank(*p) && !strchr("()|", *p))
			word[n++] = *p++;
	word[n] = '\0';
	return p;
}

static bool skip(struct reader *r, const char *wanted)
{
	char word[TEXT_MAX + 1];
	const char *after = look(r, word);

	if (strcasecmp(word, wanted) != 0)
		return false;
	r->p = after;
	return true;
}

static bool likens(const char *pattern, const char *text)
{
	if (*pattern == '*' && pattern[1] == '*')
		return likens(pattern + 1, text);
	if (*pattern == '*')
		return likens(pattern + 1, text) ||
		       (*text && likens(pattern, text + 1));
	if (*pattern == '\\' && pattern[1])
		return *text == pattern[1] && likens(pattern + 2, text + 1);
	if (!*pattern || !*text)
		return *pattern == *text;
	return (*pattern == '?' || *pattern == *text) &&
	       likens(pattern + 1, text + 1);
}

static bool read_of(struct reader *r, const char *count)
{
	unsigned of = 0, held = 0, wanted = (unsigned)atoi(count);
	char word[TEXT_MAX + 1];
	bool them;

	r->p = look(r, word);
	them = strcasecmp(word, "them") == 0;
	for (unsigned i = 0; i < NAMES; i++) {
		if (them ? names[i][0] == '_' : !likens(word, names[i]))
			continue;
		of++;
		held += r->world >> i & 1;
	}
	if (strcasecmp(count, "all") == 0)
		return held == of;
	return held >= (strcasecmp(count, "any") == 0 ? 1 : wanted);
}

static bool read_or(struct reader *r);

static bool read_one(struct reader *r)
{
	char word[TEXT_MAX + 1];
	struct reader ahead;

	if (skip(r, "(")) {
		bool held = read_or(r);

		check(skip(r, ")"));
		return held;
	}
	if (skip(r, "not"))
		return !read_one(r);
	r->p = look(r, word);
	ahead = *r;
	if ((strcasecmp(word, "all") == 0 || strcasecmp(word, "any") == 0 ||
	     (strlen(word) < 6 &&
	      strspn(word, "0123456789") == strlen(word))) &&
	    skip(&ahead, "of")) {
		*r = ahead;
		return read_of(r, word);
	}
	for (unsigned i = 0; i < NAMES; i++)
		if (strcmp(names[i], word) == 0)
			return r->world >> i & 1;
	abort();
}

static bool read_and(struct reader *r)
{
	bool held = read_one(r);

	while (skip(r, "and"))
		held &= read_one(r);
	return held;
}

static bool read_or(struct reader *r)
{
	bool held = read_and(r);

	while (skip(r, "or"))
		held |= read_and(r);
	return held;
}

/* The parser -------------------------------------------------------------- */

static void compare(const struct expr *e, const char *text, struct arena *a)
{
	struct match_scratch *s = match_scratch_new();
	struct err err = ERR_INIT;
	struct matcher *m;

	check(matcher_new(&m, e, &err) == ERR_OK);
	for (unsigned world = 0; world < WORLDS; world++) {
		struct reader r = { text, world };
		struct strbuf json;
		struct event event;
		bool held;

		strbuf_init(&json);
		strbuf_adds(&json, "{\"x\":0");
		for (unsigned i = 0; i < NAMES; i++)
			if (world >> i & 1)
				strbuf_addf(&json, ",\"f.%s\":1", names[i]);
		strbuf_adds(&json, "}");
		event_extract(&event, json_read(a, strbuf_str(&json), &err), 0,
			      a);
		held = matcher_test(m, &event, NULL, s);
		check(held == read_or(&r));
		while (is_blank(*r.p))
			r.p++;
		check(!*r.p);
		strbuf_release(&json);
	}
	matcher_free(m);
	match_scratch_free(s);
}

/* A rule with the selections and this condition. */
static void compile(struct arena *a, struct str condition)
{
	static const struct node present = { .kind = NODE_TEXT,
					     .text = { "true", 4 } };
	struct node selection[NAMES],
		text = { .kind = NODE_TEXT, .text = condition };
	struct node_item field[NAMES], section[NAMES + 1];
	struct node detection = { .kind = NODE_MAP,
				  .item = section,
				  .n = NAMES + 1 };
	struct rule rule = { .file = "fuzz.yml", .detection = &detection };
	struct err err = ERR_INIT;
	struct sigma sigma;

	for (size_t i = 0; i < NAMES; i++) {
		struct strbuf key;

		strbuf_init(&key);
		strbuf_addf(&key, "f.%s|exists", names[i]);
		field[i] = (struct node_item){
			.key = arena_dup(a, strbuf_str(&key)), .value = &present
		};
		strbuf_release(&key);
		selection[i] = (struct node){ .kind = NODE_MAP,
					      .item = &field[i],
					      .n = 1 };
		section[i] = (struct node_item){ .key = str_of(names[i]),
						 .value = &selection[i] };
	}
	section[NAMES] = (struct node_item){ .key = STR("condition"),
					     .value = &text };
	if (sigma_compile(a, &rule, NULL, &sigma, &err) == ERR_OK)
		compare(sigma.condition, condition.p, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;

	/* A plain reader of a text that ends with a NUL. */
	if (size > TEXT_MAX || memchr(data, 0, size))
		return 0;
	json_init();
	arena_init(&a);
	compile(&a, arena_dup(&a, (struct str){ (const char *)data, size }));
	arena_release(&a);
	return 0;
}
