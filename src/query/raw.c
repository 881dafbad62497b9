/* SPDX-License-Identifier: MIT */
#include "query/raw.h"

/* Deeper parts of a record were kept as text when it was loaded. */
enum { RAW_DEPTH = 100 };

/* A place in the bytes. */
struct cursor {
	const char *p, *end;
	bool broken; /* not JSON, or too deep */
};

struct walk {
	raw_leaf leaf;
	void *context;
	unsigned depth;
};

/* Reading ----------------------------------------------------------------- */

static void skip_blanks(struct cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\n' ||
				 *c->p == '\t' || *c->p == '\r'))
		c->p++;
}

/* The character at the cursor behind blanks, or NUL at the end. */
static char next(struct cursor *c)
{
	skip_blanks(c);
	return c->p < c->end ? *c->p : '\0';
}

/* The string whose opening quote is at the cursor, without its quotes. */
static struct str read_string(struct cursor *c, bool *escaped)
{
	const char *from = ++c->p;

	*escaped = false;
	while (c->p < c->end && *c->p != '"') {
		if (*c->p == '\\') {
			*escaped = true;
			c->p++;
		}
		c->p++;
	}
	if (c->p >= c->end) {
		c->broken = true;
		c->p = c->end;
		return STR_NULL;
	}
	return (struct str){ from, (size_t)(c->p++ - from) };
}

/* Steps over an object or array. */
static void skip_container(struct cursor *c)
{
	unsigned depth = 0;
	bool escaped;

	while (c->p < c->end && !c->broken) {
		switch (*c->p) {
		case '"':
			read_string(c, &escaped);
			continue;
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
			if (--depth == 0) {
				c->p++;
				return;
			}
			break;
		default:
			break;
		}
		c->p++;
	}
	c->broken = true;
}

static bool ends_word(char b)
{
	return b == ',' || b == '}' || b == ']' || b == ' ' || b == '\n' ||
	       b == '\t' || b == '\r';
}

/* A number, true, false or null. */
static void read_word(struct cursor *c, struct raw_value *v)
{
	const char *from = c->p;

	while (c->p < c->end && !ends_word(*c->p))
		c->p++;
	v->text = (struct str){ from, (size_t)(c->p - from) };
	if (v->text.n == 0)
		c->broken = true;
	else if (*from == 'n')
		v->kind = JSON_NULL;
	else
		v->kind = *from == 't' || *from == 'f' ? JSON_TRUE :
							 JSON_NUMBER;
}

/* The value at the cursor; of objects and arrays only where they end. */
static struct raw_value read_value(struct cursor *c)
{
	struct raw_value v = { .kind = JSON_STRING };
	char b = next(c);
	const char *from = c->p;

	switch (b) {
	case '"':
		v.text = read_string(c, &v.escaped);
		break;
	case '{':
	case '[':
		v.kind = b == '{' ? JSON_OBJECT : JSON_ARRAY;
		skip_container(c);
		v.text = (struct str){ from, (size_t)(c->p - from) };
		break;
	default:
		read_word(c, &v);
	}
	return v;
}

/* Steps over a comma, or the bracket that ends the members: then false. */
static bool more(struct cursor *c, char bracket)
{
	char b = next(c);

	if (b != ',' && b != bracket)
		c->broken = true;
	c->p += c->p < c->end;
	return b == ',' && !c->broken;
}

/* Walking ----------------------------------------------------------------- */

static enum answer either(enum answer a, enum answer b)
{
	if (a == ANSWER_YES || b == ANSWER_YES)
		return ANSWER_YES;
	return a == ANSWER_UNSURE || b == ANSWER_UNSURE ? ANSWER_UNSURE :
							  ANSWER_NO;
}

bool raw_is_embedded(const struct raw_value *v)
{
	struct str s = str_trim(v->text);

	return v->kind == JSON_STRING && s.n &&
	       (s.p[0] == '{' || s.p[0] == '[' || s.p[0] == '\\');
}

static enum answer enter(const struct walk *w, struct cursor *c,
			 struct str rest);

/* One member of an object, whose key has been read. */
static enum answer walk_member(const struct walk *w, struct cursor *c,
			       struct str key, struct str rest)
{
	struct raw_value v;

	if (key.n <= rest.n && (key.n == rest.n || rest.p[key.n] == '.') &&
	    str_starts(rest, key)) {
		if (key.n < rest.n)
			return enter(w, c, str_from(rest, key.n + 1));
		v = read_value(c);
		return c->broken ? ANSWER_UNSURE : w->leaf(w->context, &v);
	}
	read_value(c);
	return ANSWER_NO;
}

static enum answer walk_object(const struct walk *w, struct cursor *c,
			       struct str rest)
{
	enum answer all = ANSWER_NO;
	bool escaped;

	c->p++;
	if (next(c) == '}') {
		c->p++;
		return ANSWER_NO;
	}
	do {
		struct str key;

		if (next(c) != '"') {
			c->broken = true;
			break;
		}
		key = read_string(c, &escaped);
		if (next(c) != ':') {
			c->broken = true;
			break;
		}
		c->p++;
		if (escaped) {
			/* It could be any key. */
			read_value(c);
			all = either(all, ANSWER_UNSURE);
		} else {
			all = either(all, walk_member(w, c, key, rest));
		}
	} while (all != ANSWER_YES && more(c, '}'));
	return c->broken ? either(all, ANSWER_UNSURE) : all;
}

static enum answer walk_array(const struct walk *w, struct cursor *c,
			      struct str rest)
{
	enum answer all = ANSWER_NO;

	c->p++;
	if (next(c) == ']') {
		c->p++;
		return ANSWER_NO;
	}
	do
		all = either(all, enter(w, c, rest));
	while (all != ANSWER_YES && more(c, ']'));
	return c->broken ? either(all, ANSWER_UNSURE) : all;
}

/* A value that the path goes on in. */
static enum answer enter(const struct walk *w, struct cursor *c,
			 struct str rest)
{
	struct walk inner = *w;
	struct raw_value v;
	char b = next(c);

	if (b == '{' || b == '[') {
		if (++inner.depth > RAW_DEPTH) {
			c->broken = true;
			return ANSWER_UNSURE;
		}
		return b == '{' ? walk_object(&inner, c, rest) :
				  walk_array(&inner, c, rest);
	}
	v = read_value(c);
	return c->broken || raw_is_embedded(&v) ? ANSWER_UNSURE : ANSWER_NO;
}

enum answer raw_walk(struct str record, struct str path, raw_leaf leaf,
		     void *context)
{
	struct cursor c = { record.p, record.p + record.n, false };
	struct walk w = { leaf, context, 0 };

	if (next(&c) != '{')
		return ANSWER_UNSURE;
	return enter(&w, &c, path);
}

enum answer raw_members(struct str array, raw_leaf leaf, void *context)
{
	struct cursor c = { array.p, array.p + array.n, false };
	enum answer all = ANSWER_NO;

	c.p++;
	if (next(&c) == ']')
		return ANSWER_NO;
	do {
		struct raw_value v = read_value(&c);

		if (c.broken)
			return ANSWER_UNSURE;
		all = either(all, leaf(context, &v));
	} while (all != ANSWER_YES && more(&c, ']'));
	return c.broken ? either(all, ANSWER_UNSURE) : all;
}

/* One pass over all bytes: keys are the strings that a colon follows. */
enum answer raw_scalars(struct str record, raw_leaf leaf, void *context)
{
	struct cursor c = { record.p, record.p + record.n, false };
	enum answer all = ANSWER_NO;

	while (all != ANSWER_YES && !c.broken) {
		char b = next(&c);
		struct raw_value v;

		if (c.p >= c.end)
			break;
		if (strchr("{}[],:", b)) {
			c.p++;
			continue;
		}
		v = read_value(&c);
		if (v.kind == JSON_STRING && next(&c) == ':')
			continue;
		if (!c.broken)
			all = either(all, leaf(context, &v));
	}
	return c.broken ? either(all, ANSWER_UNSURE) : all;
}
